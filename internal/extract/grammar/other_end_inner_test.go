package grammar

import (
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
)

func TestTheLastDayByItsName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1.4 \"Expiration Date\" means March 31, 2027.":                                "2027-03-31",
		"1.4 \"Scheduled Termination Date\" shall mean 30 June 2028.":                  "2028-06-30",
		"1.4 \"Expiration Date\" has the meaning given on March 31, 2027.":             "",
		"1.4 Notice shall be given before the Expiration Date, not on March 31, 2027.": "",
	} {
		r := newReading(extracttest.Plain(text))
		v, _, ok := r.definedEnd()
		got := ""
		if ok {
			got = string(v.Date)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestADurationThatIsCountedFromAnEvent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"This Agreement will continue for two (2) years following the Launch Date.":                                               true,
		"The term is three (3) years from the date on which the site is first opened to the public.":                              true,
		"The term shall be ten (10) years which shall commence on the date upon which the Company delivers the last sample.":      true,
		"The term commences upon acceptance of the first machine and continues for two (2) years.":                                true,
		"This Agreement ends on the fifth (5th) anniversary of the Closing Date.":                                                 true,
		"This Agreement ends on the fifth (5th) anniversary of the Effective Date.":                                               false,
		"The term is three (3) years from the date of this Agreement.":                                                            false,
		"The term is three (3) years commencing on the date first above written.":                                                 false,
		"The term is three (3) years from the date on which this Agreement is signed.":                                            false,
		"The term commences on the Effective Date and continues for two (2) years.":                                               false,
		"\"Launch Date\" means June 1, 2025. This Agreement will continue for two (2) years following the Launch Date.":           false,
		"\"Launch Date\" means the day the site opens. This Agreement will continue for two (2) years following the Launch Date.": true,
	} {
		r := newReading(extracttest.Plain(text))
		r.scan()
		if len(r.facts.lengths) != 1 {
			t.Fatalf("%q has %d durations", text, len(r.facts.lengths))
		}
		if got := r.fromEvent(r.facts.lengths[0]); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestADayThatATermCountedFromAnEventMayNotPass(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"This Agreement shall end two (2) years following the launch, but in no event later than June 30, 2028.": "2028-06-30",
		"This Agreement shall end two (2) years following the launch, which is planned for June 30, 2028.":       "",
	} {
		r := newReading(extracttest.Plain(text))
		r.scan()
		last, _ := r.notLater(r.facts.lengths[0])
		if string(last.Date) != want {
			t.Errorf("%q: %q, want %q", text, last.Date, want)
		}
	}
}

func TestADurationThatIsNoNoticeOfRenewal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Either party may terminate this Agreement at any time without cause upon ninety (90) days' written notice.": true,
		"It renews unless a party gives notice at least ninety (90) days before the end of the term.":                false,
		"This Agreement continues until terminated by either party upon ninety (90) days' written notice.":           false,
		"The term is extended by notice given no earlier than twelve (12) months before its end.":                    true,
		"The term is extended by notice given not later than twelve (12) months before its end.":                     false,
		"Customer may renew by notice given nor more than twelve (12) months before the end of the initial term.":    true,
	} {
		r := newReading(extracttest.Plain(text))
		r.scan()
		if got := r.notOfNotice(r.facts.lengths[0]); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestHowLongSomethingElseLasts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Customer shall keep it secret for five (5) years after termination of this Agreement.":                          true,
		"During the term of this Agreement and for a period of two (2) years thereafter, Customer shall keep it secret.": true,
		"Section 5.3 of the Agreement is amended by deleting \"thirty (30) days\" from its first sentence.":              true,
		"The term of this Agreement is three (3) years from the Effective Date.":                                         false,
		"After the initial term it continues for one (1) year following the expiration of the initial term.":             false,
	} {
		r := newReading(extracttest.Plain(text))
		r.scan()
		if got := r.outlasts(r.facts.lengths[0]); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
