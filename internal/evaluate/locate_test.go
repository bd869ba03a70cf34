package evaluate

import (
	"strings"
	"testing"
)

const clauseText = "1. Fees\n\n1.1 The Customer (“Client”) pays within thirty (30) days.\n\nBand\tCredit\nbelow 99.9%\t5%\n\n1.2 The Customer pays within thirty (30) days."

func TestAQuoteIsPlacedByItsWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		quote      string
		occurrence int
		want       string
		fault      string
	}{
		"layout and quotation marks do not count": {quote: `Customer ("client") pays`, want: "Customer (“Client”) pays"},
		"marks at the edges belong where quoted":  {quote: "Band | Credit | below 99.9% | 5%", want: "Band\tCredit\nbelow 99.9%\t5%"},
		"an ellipsis runs over paragraphs":        {quote: "Band … pays within thirty (30) days.", want: "Band\tCredit\nbelow 99.9%\t5%\n\n1.2 The Customer pays within thirty (30) days."},
		"the second place":                        {quote: "thirty (30) days", occurrence: 2, want: "thirty (30) days"},
		"a quote that stands twice":               {quote: "thirty (30) days", fault: "stands 2 times"},
		"a quote that does not stand":             {quote: "forty days", fault: "does not stand"},
		"more places than there are":              {quote: "thirty (30) days", occurrence: 3, fault: "stands 2 times, not 3"},
	} {
		q := Quoted{Quote: c.quote, Occurrence: c.occurrence}
		err := q.place(clauseText, tokensOf(clauseText))
		if c.fault != "" {
			if err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || q.Quote != c.want {
			t.Errorf("%s: %q, %v", name, q.Quote, err)
		}
		if got := string([]rune(clauseText)[q.Start:q.End]); got != c.want {
			t.Errorf("%s: offsets give %q", name, got)
		}
	}
}

func TestAQuoteIsLocatedInARenderingThatDiffers(t *testing.T) {
	t.Parallel()
	scan := "Page 1 of 2 Header\nThe Custorner shall pay each invoice within thirty days of\nPage 2 of 2 its receipt. Other words follow here."
	start, end, ok := Locate(scan, "The Customer shall pay each invoice within thirty days of its receipt and at no time later than that day.", 1)
	if ok {
		t.Errorf("too different, but found %q", string([]rune(scan)[start:end]))
	}
	start, end, ok = Locate("Intro. The Custorner shall pay each invoice within thirty days of its receipt. More.", "The Customer shall pay each invoice within thirty days of its receipt.", 1)
	if got := "The Custorner shall pay each invoice within thirty days of its receipt"; !ok || string([]rune("Intro. The Custorner shall pay each invoice within thirty days of its receipt. More.")[start:end]) != got {
		t.Errorf("misread letter: %v %d %d", ok, start, end)
	}
	if _, _, ok := Locate(scan, "insurance certificates are renewed yearly", 1); ok {
		t.Error("found words that do not stand")
	}
}
