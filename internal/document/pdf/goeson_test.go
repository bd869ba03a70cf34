package pdf_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
)

// tabled is rows of a table whose first baseline stands at top, with drawn lines where ruled.
func tabled(top float64, xs []float64, ruled bool, rows ...string) string {
	var s strings.Builder
	foot := top + 14 - 20*float64(len(rows))
	for i, r := range rows {
		y := top - 20*float64(i)
		for c, text := range strings.Split(r, "|") {
			s.WriteString(at(xs[c]+8, y, text))
		}
		if ruled {
			fmt.Fprintf(&s, "%g %g m %g %g l S ", xs[0], y+14, xs[len(xs)-1], y+14)
		}
	}
	if ruled {
		fmt.Fprintf(&s, "%g %g m %g %g l S ", xs[0], foot, xs[len(xs)-1], foot)
		for _, x := range xs {
			fmt.Fprintf(&s, "%g %g m %g %g l S ", x, top+14, x, foot)
		}
	}
	return s.String()
}

// grid is the cells of a document as "table.row page: words|words", in the order of the text.
func grid(d *document.Document) []string {
	var out []string
	last := ""
	for _, b := range d.Blocks {
		if b.Kind != document.Cell {
			continue
		}
		head := fmt.Sprintf("%d.%d p%d: ", b.Table, b.Row, b.Page)
		if head == last {
			out[len(out)-1] += "|" + d.Slice(b.Start, b.End)
			continue
		}
		out, last = append(out, head+d.Slice(b.Start, b.End)), head
	}
	return out
}

func TestATableGoesOnOverThePageBreak(t *testing.T) {
	t.Parallel()
	xs := []float64{72, 222, 372, 522}
	page := func(n int, body string) string {
		return at(72, 760, "Harbour Mills LLC - Supply Agreement") + at(290, 30, fmt.Sprintf("Page %d of 2", n)) + body
	}
	head := at(72, 700, "1. Prices. The following prices per unit hold by units bought in a calendar year:")
	law := at(72, 500, "2. Law. The law of Maine applies to this agreement.")
	first := []string{"Tier|Units|Price", "A|1 - 100|$10.00", "B|101 - 500|$9.00"}
	joined := []string{"1.0 p1: Tier|Units|Price", "1.1 p1: A|1 - 100|$10.00", "1.2 p1: B|101 - 500|$9.00", "1.3 p2: C|501 - 900|$8.00", "1.4 p2: D|901 - 5,000|$7.50"}
	for name, c := range map[string]struct {
		ruled  bool
		second string
		want   []string
	}{
		"ruled":                {true, tabled(700, xs, true, "C|501 - 900|$8.00", "D|901 - 5,000|$7.50") + law, joined},
		"the head is repeated": {true, tabled(700, xs, true, "Tier|Units|Price", "C|501 - 900|$8.00", "D|901 - 5,000|$7.50") + law, joined},
		"without lines":        {false, tabled(700, xs, false, "C|501 - 900|$8.00", "D|901 - 5,000|$7.50") + law, joined},
		"other columns": {
			true, tabled(700, []float64{72, 182, 302, 522}, true, "C|501 - 900|$8.00", "D|901 - 5,000|$7.50") + law,
			[]string{"1.0 p1: Tier|Units|Price", "1.1 p1: A|1 - 100|$10.00", "1.2 p1: B|101 - 500|$9.00", "2.0 p2: C|501 - 900|$8.00", "2.1 p2: D|901 - 5,000|$7.50"},
		},
		"another head": {
			true, tabled(700, xs, true, "Level|Response|Repair", "P1|1 hour|4 hours", "P2|2 hours|8 hours") + law,
			[]string{"1.0 p1: Tier|Units|Price", "1.1 p1: A|1 - 100|$10.00", "1.2 p1: B|101 - 500|$9.00", "2.0 p2: Level|Response|Repair", "2.1 p2: P1|1 hour|4 hours", "2.2 p2: P2|2 hours|8 hours"},
		},
		"text between": {
			true, at(72, 700, "Other prices hold for what is bought later in that year, as set out in this table:") + tabled(660, xs, true, "C|501 - 900|$8.00", "D|901 - 5,000|$7.50") + law,
			[]string{"1.0 p1: Tier|Units|Price", "1.1 p1: A|1 - 100|$10.00", "1.2 p1: B|101 - 500|$9.00", "2.0 p2: C|501 - 900|$8.00", "2.1 p2: D|901 - 5,000|$7.50"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := read(t, documenttest.PDF(page(1, head+tabled(160, xs, c.ruled, first...)), page(2, c.second)))
			documenttest.Lines(t, grid(d), c.want...)
			from := strings.Index(d.Text, "$7.50")
			if from < 0 {
				return
			}
			if p := d.Places(from, from+5); len(p) != 1 || p[0].Page != 2 {
				t.Errorf("places %+v", p)
			} else if s, e, ok := d.Offsets(p); !ok || s != from || e != from+5 {
				t.Errorf("the place is [%d, %d), not [%d, %d)", s, e, from, from+5)
			}
		})
	}
}
