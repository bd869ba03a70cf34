package layout_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/pact"
)

// printed sets lines on a letter page, each at its height from the top.
func printed(number int, lines map[float64]string) *layout.Page {
	p := &layout.Page{Number: number, Width: 612, Height: 792}
	for top := 0.0; top < 792; top++ {
		l, ok := lines[top]
		if !ok {
			continue
		}
		at := 72.0
		for _, w := range strings.Fields(l) {
			p.Words = append(p.Words, layout.Word{Text: w, Box: pact.Box{Left: at, Right: at + 5*float64(len(w)), Top: top, Bottom: top + 10}})
			at += 5*float64(len(w)) + 5
		}
	}
	return p
}

func furnitureOf(pages ...*layout.Page) (furniture, body string) {
	d := layout.Assemble([]byte("furniture"), "layout/test", pages)
	var f, b []string
	for _, block := range d.Blocks {
		if block.Kind == document.Header || block.Kind == document.Footer {
			f = append(f, d.Slice(block.Start, block.End))
			continue
		}
		b = append(b, d.Slice(block.Start, block.End))
	}
	return strings.Join(f, "¦"), strings.Join(b, "¦")
}

// What differs from page to page only by figures is a clause, not a header, where the figures are what it says.
func TestClausesThatLookAlikeAreNoFurniture(t *testing.T) {
	t.Parallel()
	fees := []string{"$5,000", "$3,000", "$1,000"}
	for name, c := range map[string]struct {
		page func(n int) map[float64]string
		want []string // in the body
	}{
		"a duty on each page": {func(n int) map[float64]string {
			return map[float64]string{
				72:  fmt.Sprintf("Priority %d incidents shall be resolved by Supplier within %d hours for a fee of %s.", n, 4*n, fees[n-1]),
				400: "This is the body of page " + string(rune('A'+n)) + " and of no other.",
			}
		}, []string{"Priority 1 incidents", "Priority 2 incidents", "within 12 hours for a fee of $1,000"}},
		"a page that begins with a numbered clause": {func(n int) map[float64]string {
			return map[float64]string{
				20:  "Corvid Cloud Ltd. - Confidential",
				72:  fmt.Sprintf("%d.1 Clause. The Supplier shall do its work number %d with care and skill, and the", n, n),
				86:  "Customer shall pay for it as agreed in the order and so on and so forth until the",
				100: "end of the month.",
				750: fmt.Sprintf("Page %d of 3", n),
			}
		}, []string{"1.1 Clause.", "2.1 Clause.", "3.1 Clause.", "Customer shall pay for it"}},
		"numbered schedules": {func(n int) map[float64]string {
			return map[float64]string{72: fmt.Sprintf("Schedule %d", n), 300: "Goods of kind " + string(rune('A'+n)) + " are delivered to the mill."}
		}, []string{"Schedule 1", "Schedule 2", "Schedule 3"}},
		"a list of prices over pages": {func(n int) map[float64]string {
			return map[float64]string{72: fmt.Sprintf("Valve size %d, box of %d", 7*n*n, 3+5*n*n), 300: "Goods of kind " + string(rune('A'+n)) + " are delivered to the mill."}
		}, []string{"Valve size 7, box of 8", "Valve size 28, box of 23", "Valve size 63"}},
		"the same sentence": {func(n int) map[float64]string {
			return map[float64]string{72: "The Supplier shall comply with the policies of the Customer.", 300: "Goods of kind " + string(rune('A'+n)) + " are delivered."}
		}, []string{"The Supplier shall comply"}},
		"the end of a sentence": {func(n int) map[float64]string {
			return map[float64]string{
				300: "Goods of kind " + string(rune('A'+n)) + " are delivered to the mill.",
				690: "The report of kind " + string(rune('A'+n)) + " is sent to all users of the service by the",
				702: "end of the following quarter",
			}
		}, []string{"by the end of the following quarter"}},
	} {
		furniture, body := furnitureOf(printed(1, c.page(1)), printed(2, c.page(2)), printed(3, c.page(3)))
		for _, s := range c.want {
			if !strings.Contains(body, s) {
				t.Errorf("%s: %q is not in the body %q but in %q", name, s, body, furniture)
			}
		}
	}
}

func TestRunningHeadersAndFooters(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]func(n int) string{
		"a title":                   func(int) string { return "Harbour Mills LLC - Supply Agreement" },
		"a page of pages":           func(n int) string { return fmt.Sprintf("Supply Agreement Page %d of 4", n) },
		"a number beside the title": func(n int) string { return fmt.Sprintf("%d Supply Agreement", n+10) },
		"a number behind it":        func(n int) string { return fmt.Sprintf("Harbour Mills v2.1 | %d", n) },
		"a stamped number":          func(n int) string { return fmt.Sprintf("HM-%06d", 417+n) },
		"a page in German":          func(n int) string { return fmt.Sprintf("Rahmenvertrag 2026-%d Seite %d", n*n, n) },
		"a notice in the margin":    func(int) string { return "Confidential. This document may not be copied." },
		"a reference":               func(int) string { return "nyc/1138.4" },
	} {
		for _, top := range []float64{30, 752} {
			var pages []*layout.Page
			for n := 1; n <= 4; n++ {
				pages = append(pages, printed(n, map[float64]string{top: line(n), 300: "Goods of kind " + string(rune('A'+n)) + " are delivered to the mill at the harbour."}))
			}
			if furniture, body := furnitureOf(pages...); strings.Count(furniture, "¦") != 3 || strings.Contains(body, line(2)) {
				t.Errorf("%s at %.0f: furniture %q, body %q", name, top, furniture, body)
			}
		}
	}
}

func TestFurnitureIsNeverMostOfAPage(t *testing.T) {
	t.Parallel()
	page := func(n int) *layout.Page {
		return printed(n, map[float64]string{30: "Harbour Mills", 60: "Supply of grain to the mills of the harbour", 72: "Kind: winter wheat, cleaned", 84: "Place: the upper quay", 300: "Lot " + string(rune('A'+n))})
	}
	furniture, body := furnitureOf(page(1), page(2), page(3))
	if furniture != "Harbour Mills¦Harbour Mills¦Harbour Mills" || !strings.Contains(body, "winter wheat") {
		t.Errorf("furniture %q, body %q", furniture, body)
	}
}

func TestAClauseOnTheNextPageIsAParagraphOfItsOwn(t *testing.T) {
	t.Parallel()
	const full = "The Supplier shall do its work with care and skill, and the Customer shall pay for it as it is agreed until the"
	for second, want := range map[string]int{"2.1 Clause. The Supplier shall do its work.": 2, "end of the month.": 1} {
		_, body := furnitureOf(printed(1, map[float64]string{300: "1.1 Clause. " + full}), printed(2, map[float64]string{72: second}))
		if got := strings.Count(body, "¦") + 1; got != want {
			t.Errorf("%q: %d paragraphs: %q", second, got, body)
		}
	}
	_, body := furnitureOf(printed(1, map[float64]string{300: "1.1 Clause. " + full + " end that is told in Section"}), printed(2, map[float64]string{72: "2.1 The Schedule of this agreement."}))
	if strings.Contains(body, "¦") {
		t.Errorf("a reference was cut: %q", body)
	}
}
