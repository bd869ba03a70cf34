package grammar

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/wording"
)

func TestWordsOfARenewalNearAPlaceShowTheirSign(t *testing.T) {
	t.Parallel()
	pieces := rapid.SampledFrom([]string{"This Agreement ", "renews", "extended", "an extension ", "year to year ", "year-to-year ", "month to month ", "month-to-\n", "month ", "prolonged ", "for three years. ", "The parties ", "shall. ", "\n\n", "4.2 ", "it ends ", "within 30 days; ", strings.Repeat("and so on ", 30)})
	rapid.Check(t, func(t *rapid.T) {
		text := "Agreement. " + strings.Join(rapid.SliceOfN(pieces, 1, 24).Draw(t, "text"), "")
		d, err := plain.New(plain.Config{}).Read(t.Context(), []byte(text))
		if err != nil {
			return
		}
		r := newReading(d)
		r.readSigns()
		if len(r.s) == 0 {
			return
		}
		n := rapid.IntRange(0, len(r.sentences)-1).Draw(t, "sentence")
		at := r.sentences[n]
		at.End = min(at.End, at.Start+rapid.IntRange(1, 12).Draw(t, "length"))
		before, after := rapid.IntRange(0, 300).Draw(t, "before"), rapid.IntRange(0, 300).Draw(t, "after")
		if r.near(at, before, after, renewsOnly) && !r.showsNear(at, before, after, signRenew) {
			t.Fatalf("around %v of %q stands a word of a renewal, and no sign shows it", at, r.s)
		}
		// Far from the words no sign is shown: the sentence behind the last one that has it is alone.
		alone := wording.Span{Start: at.Start, End: at.Start + 1}
		if shown := r.showsNear(alone, 0, 0, signRenew); shown != r.shows(n, signRenew) {
			t.Fatalf("sentence %d of %q shows %v, alone %v", n, r.s, r.shows(n, signRenew), shown)
		}
	})
}

// A long paper without the sign is not read for service levels: what a short one gives must show it.
func TestServiceLevelsOfALongPaperAreThoseOfAShortOne(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat("The goods are packed in wooden crates and carried to the yard of the buyer at the cost of the seller.\n\n", 1+readWhole/100)
	for _, words := range []string{
		"The Supplier shall respond to priority 1 incidents within 30 minutes and resolve them within 4 hours.",
		"Severity 2 tickets are answered within two hours.",
		"Faults are repaired within 8 hours of being reported.",
		"A technician is on site within six hours of a breakdown.",
		"Alarms are taken up within 10 minutes.",
		"Complaints are answered within two working days.",
		"The help desk replies within one hour.",
		"The reaction time is 4 hours.",
		"Response time: 2 hours",
		"When a machine stands still, the Supplier is at work within 5 hours.",
		"The Supplier shall restore service within 12 hours of an outage.",
		"A failed disk is replaced within one day.",
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			short, long := levelKeys(t, words), levelKeys(t, words+"\n\n"+filler)
			if short == "" || short != long {
				t.Errorf("a short paper gives %q, a long one %q", short, long)
			}
		})
	}
	if got := levelKeys(t, filler); got != "" {
		t.Errorf("goods in crates give %q", got)
	}
}

func levelKeys(t *testing.T, words string) string {
	t.Helper()
	d, err := plain.New(plain.Config{}).Read(t.Context(), []byte("SUPPLY AGREEMENT\n\nThis Agreement is made on 1 March 2026 between Alder Systems Ltd (the \"Supplier\") and Birch Retail plc (the \"Customer\").\n\n"+words+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	list, err := New().Extract(t.Context(), d, extract.FullSchema())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range list {
		if c.Obligation != nil && (c.Obligation.Kind == "response_time" || c.Obligation.Kind == "resolution_time") {
			out = append(out, c.Name+" "+string(c.Obligation.Params))
		}
	}
	return strings.Join(out, "; ")
}
