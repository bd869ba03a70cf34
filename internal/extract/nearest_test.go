package extract_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

func spec(t interface{ Fatalf(string, ...any) }, name string) pact.TermSpec {
	s, ok := pact.TermSpecOf(name)
	if !ok {
		t.Fatalf("there is no term %s", name)
	}
	return s
}

// paragraphs makes a document whose paragraphs are blocks.
func paragraphs(blocks ...string) *document.Document {
	d := &document.Document{}
	at := 0
	for _, p := range blocks {
		d.Text += p + "\n"
		n := len([]rune(p))
		d.Blocks = append(d.Blocks, document.Block{Kind: document.Paragraph, Start: at, End: at + n})
		at += n + 1
	}
	return d
}

func TestThePassageThatSpeaksMostOfTheTermComesFirst(t *testing.T) {
	t.Parallel()
	d := paragraphs(
		"Müller 😀 grants a licence. The licence ends with this agreement.",
		"All notices are in writing. Each party sends them to the address above.",
		"This agreement is governed by the laws of the place where the supplier sits, and its courts decide.",
	)
	near := extract.Nearest(d, spec(t, "governing_law"), 3)
	if len(near) == 0 || !strings.Contains(d.Slice(near[0].Start, near[0].End), "governed by the laws") {
		t.Fatalf("%+v", near)
	}
	if got := d.Slice(near[0].Start, near[0].End); strings.Contains(got, "\n") || !strings.HasSuffix(got, "courts decide.") {
		t.Errorf("the passage is %q", got)
	}
}

func TestARowOfATableIsOnePassage(t *testing.T) {
	t.Parallel()
	d := &document.Document{Text: "Uptime\n99.9 %\nOther\nnone"}
	for i, span := range [][2]int{{0, 6}, {7, 13}, {14, 19}, {20, 24}} {
		d.Blocks = append(d.Blocks, document.Block{Kind: document.Cell, Start: span[0], End: span[1], Table: 1, Row: i / 2, Col: i % 2})
	}
	near := extract.Nearest(d, spec(t, "uptime_target"), 3)
	if len(near) != 1 || d.Slice(near[0].Start, near[0].End) != "Uptime\n99.9 %" {
		t.Fatalf("%+v", near)
	}
}

func TestWhereNothingSpeaksOfTheTermNothingIsOffered(t *testing.T) {
	t.Parallel()
	d := paragraphs("The quick brown fox jumps over the lazy dog.")
	if near := extract.Nearest(d, spec(t, "liability_cap"), 3); len(near) != 0 {
		t.Errorf("%+v", near)
	}
	// "renewable" is no "renew": a part of a word is another word.
	if near := extract.Nearest(paragraphs("Renewable energy."), spec(t, "auto_renewal"), 3); len(near) != 0 {
		t.Errorf("%+v", near)
	}
}

func TestATermWithoutCuesIsLookedForByItsLabel(t *testing.T) {
	t.Parallel()
	d := paragraphs("Nothing here.", "The insurance certificate is renewed each year.")
	near := extract.Nearest(d, pact.TermSpec{Name: "insurance_certificate", Label: "Insurance certificate"}, 3)
	if len(near) != 1 || near[0].Start != 14 {
		t.Errorf("%+v", near)
	}
}

func TestNearestPassagesLieInTheTextAndDoNotOverlap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := paragraphs(rapid.SliceOfN(rapid.StringMatching(`[ a-zé😀.;]{0,80}(notice|renew|term|days)?[ .;]{0,3}`), 0, 12).Draw(t, "paragraphs")...)
		names := pact.TermSpecs()
		s := names[rapid.IntRange(0, len(names)-1).Draw(t, "term")]
		n := rapid.IntRange(0, 4).Draw(t, "n")
		near := extract.Nearest(d, s, n)
		if len(near) > n {
			t.Fatalf("%d of %d", len(near), n)
		}
		for i, a := range near {
			if a.Start < 0 || a.End > len([]rune(d.Text)) || a.Start >= a.End || len(a.Words) == 0 {
				t.Fatalf("%+v", a)
			}
			for _, b := range near[:i] {
				if a.Start < b.End && b.Start < a.End {
					t.Fatalf("%+v and %+v overlap", a, b)
				}
			}
		}
	})
}
