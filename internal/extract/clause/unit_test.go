package clause

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/document"
)

func documentOf(lines ...string) *document.Document {
	var b document.Builder
	for _, l := range lines {
		b.Start(document.Block{Kind: document.Paragraph})
		b.Write(l)
	}
	return b.Document([]byte("x"), "plain/test")
}

// shown gives the units of a text: headings in brackets.
func shown(lines ...string) []string {
	d := documentOf(lines...)
	var out []string
	for _, u := range cut(prepare(d)).units {
		s := d.Text[u.start:u.end]
		if u.title {
			s = "[" + s + "]"
		}
		out = append(out, s)
	}
	return out
}

func TestATextIsCutWhereALawyerWouldMark(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want []string }{
		"a number and a heading stand apart": {
			[]string{"14.1 Governing Law. This Agreement is governed by the laws of Ohio."},
			[]string{"[Governing Law.]", "This Agreement is governed by the laws of Ohio."},
		},
		"numbers in running text begin a new sentence": {
			[]string{"The parties agree to this. 5. Term. This Agreement is for two years."},
			[]string{"The parties agree to this.", "[Term.]", "This Agreement is for two years."},
		},
		"a company's dot ends nothing": {
			[]string{"Acme Inc. and Beta Co. Ltd. agree with Mr. J. Smith of the U.S. Department. They sign."},
			[]string{"Acme Inc. and Beta Co. Ltd. agree with Mr. J. Smith of the U.S. Department.", "They sign."},
		},
		"a company's dot ends a sentence where the next begins like one": {
			[]string{"The services are given by Acme Inc. The fee is paid monthly."},
			[]string{"The services are given by Acme Inc.", "The fee is paid monthly."},
		},
		"capitals before a sentence are its heading": {
			[]string{"LIMITATION OF LIABILITY In no event is anyone liable for more than the fees."},
			[]string{"[LIMITATION OF LIABILITY]", "In no event is anyone liable for more than the fees."},
		},
		"points of a list stand alone, with what leads them in": {
			[]string{"The Supplier shall keep the following insurance:", "(a) general liability of one million dollars;", "(b) workers' compensation as the law asks."},
			[]string{"The Supplier shall keep the following insurance:", "general liability of one million dollars;", "workers' compensation as the law asks."},
		},
		"an amount is no number of a paragraph": {
			[]string{"3.5 million dollars are due. 99.9% of calls are answered."},
			[]string{"3.5 million dollars are due.", "99.9% of calls are answered."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, shown(c.in...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPointsKnowWhatLeadsThemIn(t *testing.T) {
	t.Parallel()
	l := cut(prepare(documentOf("The Supplier shall keep the following insurance:", "(a) general liability;", "(b) workers' compensation.", "The Buyer pays.")))
	var leads []int32
	for _, u := range l.units {
		leads = append(leads, u.lead)
	}
	if diff := cmp.Diff([]int32{-1, 0, 0, -1}, leads); diff != "" {
		t.Error(diff)
	}
}

func TestDatesAreFoundAsContractsWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"made as of March 1, 2026 between":           "March 1, 2026",
		"dated the 7th day of September, 1999 by":    "7th day of September, 1999",
		"effective 1 October 2019 and":               "1 October 2019",
		"signed on 03/24/06 in":                      "03/24/06",
		"commencing January 2004 for a year":         "January 2004",
		"This may be given in writing, and may not.": "",
	} {
		l := cut(prepare(documentOf(text)))
		got := ""
		for t := range l.tokens {
			if from, to, _ := dateAt(l, t, &l.units[0]); to > t {
				got = text[l.tokens[from].start:l.tokens[to-1].end]
				break
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Whatever the text is: units stand in order, do not overlap, lie in one block, and no letter of a block is in none unless it
// numbers one.
func TestUnitsNeverOverlapAndStayInTheirBlock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringMatching(`[A-Za-z0-9 .,;:()"é–-]{0,60}`), 1, 6).Draw(t, "lines")
		d := documentOf(lines...)
		l := cut(prepare(d))
		end := 0
		for _, u := range l.units {
			b := l.blocks[u.block]
			if u.start < end || u.end < u.start || u.start < b.start || u.end > b.end || u.first > u.last {
				t.Fatalf("unit [%d, %d) after %d in block [%d, %d)", u.start, u.end, end, b.start, b.end)
			}
			end = u.end
			if strings.Contains(d.Text[u.start:u.end], "\n") {
				t.Fatal("a unit runs over the end of its block")
			}
		}
	})
}
