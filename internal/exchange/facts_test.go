package exchange

import (
	"testing"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// Other systems show what an obligation is about, and not by which rule it is judged here.
func TestAnObligationIsWrittenAsWhatItIsAbout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o    pact.Obligation
		want string
	}{
		{pact.Obligation{Kind: "recurring_duty", Duty: "reporting", Bearer: "supplier"}, "reporting"},
		{pact.Obligation{Kind: "resolution_time", Bearer: "supplier"}, "resolution_time"},
	} {
		f := obligationFacts(c.o, pact.Contract{})
		if got := f["obligation.type"].value.Text; got != c.want {
			t.Errorf("type %q, want %q", got, c.want)
		}
		if got := f["obligation.description"].value.Text; got != "Type: "+c.want+". Responsible: supplier." {
			t.Errorf("described as %q", got)
		}
	}
}

// Whatever date of the register is another than the version's is written, and as an effect of its own: also one that the version does not
// have, and a notice that changed after a renewal.
func TestEveryDateThatTheRegisterHasOtherwiseIsWritten(t *testing.T) {
	t.Parallel()
	v := pact.Version{ID: "ver_1", Terms: []pact.Term{
		{Name: "expiration_date", Value: pact.OnDate("2026-08-31")}, {Name: "renewal_date", Value: pact.OnDate("2026-09-01")}, {Name: "notice_send_by", Value: pact.OnDate("2026-06-02")},
	}}
	bare := pact.Version{ID: "ver_1"}
	first := pact.Contract{ExpirationDate: "2026-08-31", RenewalDate: "2026-09-01", SendBy: "2026-06-02"}
	if cause := causeOf(first, v); cause != "ver_1" {
		t.Errorf("as it was published: %s", cause)
	}
	seen := map[string]string{}
	for name, x := range map[string]struct {
		con  pact.Contract
		v    pact.Version
		want map[string]calendar.Date
	}{
		"renewed":                           {pact.Contract{ExpirationDate: "2026-08-31", RenewalDate: "2027-09-01", SendBy: "2027-06-02"}, v, map[string]calendar.Date{"renewal_date": "2027-09-01", "notice_send_by": "2027-06-02"}},
		"renewed, and another notice":       {pact.Contract{ExpirationDate: "2026-08-31", RenewalDate: "2027-09-01", SendBy: "2027-08-01"}, v, map[string]calendar.Date{"renewal_date": "2027-09-01", "notice_send_by": "2027-08-01"}},
		"renewed, and no notice":            {pact.Contract{ExpirationDate: "2026-08-31", RenewalDate: "2027-09-01"}, v, map[string]calendar.Date{"renewal_date": "2027-09-01", "notice_send_by": ""}},
		"without an end":                    {pact.Contract{RenewalDate: "2026-09-01", SendBy: "2026-06-02"}, v, map[string]calendar.Date{"expiration_date": ""}},
		"an end that the version has not":   {pact.Contract{ExpirationDate: "2028-08-31"}, bare, map[string]calendar.Date{"expiration_date": "2028-08-31"}},
		"a notice that the version has not": {pact.Contract{SendBy: "2028-06-02"}, bare, map[string]calendar.Date{"notice_send_by": "2028-06-02"}},
	} {
		cause := causeOf(x.con, x.v)
		if other, twice := seen[cause]; twice || cause == "ver_1" {
			t.Errorf("%s: the cause %s is that of %q too", name, cause, other)
		}
		seen[cause] = name
		facts := contractFacts(x.con, x.v, "Ann")
		for term, want := range x.want {
			if got := facts[term].value.Date; got != want {
				t.Errorf("%s: %s is written as %q, want %q", name, term, got, want)
			}
		}
	}
}
