package grammar_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

const dutiesHead = `SERVICES AGREEMENT

This Services Agreement is made as of March 1, 2026 (the "Effective Date") by and between Northwind Tools, Inc., a Delaware corporation ("Supplier"), and Fabrikam LLC, an Ohio limited liability company ("Customer").

`

// duties reads the duties that the grammar keeps without judging them.
func duties(t *testing.T, sentence string) []pact.Obligation {
	t.Helper()
	list := checked(t, extracttest.Plain(dutiesHead+sentence))
	var out []pact.Obligation
	for _, c := range list {
		if c.Subject != "obligation" {
			continue
		}
		if _, err := obligation.KindOf(c.Obligation.Kind); err == nil {
			continue
		}
		if c.Verification != pact.Verified {
			t.Errorf("%s is %s", c.Name, c.Verification)
		}
		out = append(out, *c.Obligation)
	}
	return out
}

func TestDutiesWithTheirTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, kind, bearer, beneficiary, frequency string
		days, byDay                                int
		before                                     bool
	}{
		{"The Supplier shall submit to the Customer a written service report within 10 Business Days after each calendar quarter.", "reporting", "supplier", "customer", "quarterly", 10, 0, false},
		{"Supplier shall deliver a monthly SLA report by the 5th of each month.", "reporting", "supplier", "customer", "monthly", 0, 5, false},
		{"Customer shall notify Supplier of any defect within thirty (30) days after delivery.", "notice", "customer", "supplier", "on event", 30, 0, false},
		{"The Supplier shall give the Customer notice of planned work at least five (5) days prior to the work.", "notice", "supplier", "customer", "on event", 5, 0, true},
		{"Upon termination of this Agreement, Supplier shall return all Customer data to Customer.", "return_of_data", "supplier", "customer", "on event", 0, 0, false},
		{"Supplier shall maintain insurance customary in its trade throughout the term.", "insurance", "supplier", "customer", "", 0, 0, false},
		{"The Supplier delivers a performance report to the Customer within 15 days after each quarter.", "reporting", "supplier", "customer", "quarterly", 15, 0, false},
		{"The Supplier shall pay to the Customer its share of advertising revenues within forty-five (45) days after the end of each calendar quarter.", "payment", "supplier", "customer", "quarterly", 45, 0, false},
		{"Customer shall give Supplier, not later than the 20th day of each month, a forecast of its requirements for the following three months.", "reporting", "customer", "supplier", "monthly", 0, 20, false},
		{"Supplier shall provide Customer with its SOC 2 Type II report annually.", "security_attestation", "supplier", "customer", "yearly", 0, 0, false},
	} {
		got := duties(t, c.text)
		if len(got) != 1 {
			t.Errorf("%q gives %d duties: %+v", c.text, len(got), got)
			continue
		}
		o := got[0]
		var p obligation.DutyParams
		decode(t, o.Params, &p)
		days := 0
		if p.Due != nil {
			days = p.Due.Value
		}
		if o.Kind != c.kind || o.Bearer != c.bearer || o.Beneficiary != c.beneficiary || o.Frequency != c.frequency || days != c.days || p.ByDay != c.byDay || p.Before != c.before {
			t.Errorf("%q gives %s, %s to %s, %q, %d days, day %d, before %v", c.text, o.Kind, o.Bearer, o.Beneficiary, o.Frequency, days, p.ByDay, p.Before)
		}
	}
}

// The time often stands between the one for whom something is done and the thing itself.
func TestWhatIsGivenStandsBehindItsTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Supplier shall deliver to Customer, within ten (10) days following the end of each calendar month, a point of sale report.":              "Deliver to Customer, within ten (10) days following the end of each calendar month, a point of sale report",
		"Customer shall give Supplier, not later than the 20th day of each month, a forecast of its requirements for the following three months.": "Give Supplier, not later than the 20th day of each month, a forecast of its requirements for the following…",
		"Supplier shall notify Customer within two (2) business days of any inspection.":                                                          "Notify Customer within two (2) business days of any inspection",
	} {
		got := duties(t, text)
		if len(got) != 1 || got[0].Title != want {
			t.Errorf("%q gives %+v, want %q", text, got, want)
		}
	}
}

func TestWhatIsNoDuty(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Customer may terminate this Agreement within thirty (30) days after notice.",
		"Supplier shall not disclose the report within 10 days after receipt.",
		"\"Business Day\" shall mean any day other than a Saturday.",
		"Supplier shall be entitled to submit invoices each month.",
		"Supplier shall have the right to audit Customer each year.",
		"This Agreement shall be governed by the laws of the State of Ohio.",
		"The term shall commence upon the Effective Date.",
		"EACH PARTY SHALL COMPLY WITH APPLICABLE LAW.",
		"Supplier shall perform the Services.",
	} {
		if got := duties(t, text); len(got) != 0 {
			t.Errorf("%q is no duty to track, got %+v", text, got)
		}
	}
}

func TestRegulationsAndRemediesAreTagged(t *testing.T) {
	t.Parallel()
	got := duties(t, "Supplier shall notify Customer within 72 hours after it becomes aware of a personal data breach under the GDPR, failing which Customer may claim a service credit.")
	if len(got) != 1 || got[0].Kind != "breach_notification" {
		t.Fatalf("%+v", got)
	}
	var p obligation.DutyParams
	if err := json.Unmarshal(got[0].Params, &p); err != nil || len(p.Regulations) != 1 || p.Regulations[0] != "GDPR" || p.Remedy == "" || p.Due == nil || p.Due.Value != 72 {
		t.Errorf("%+v (%v)", p, err)
	}
}

func TestWhoOwesWhatInManyWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, bearer, frequency, what string }{
		{"Customer is to be told in writing at least ten days before any planned work.", "supplier", "on event", "told"},
		{"It is the Supplier's duty to renew the certificate every year.", "supplier", "yearly", "renew the certificate"},
		{"Minutes of each meeting are to be circulated by the Supplier within five days.", "supplier", "on event", "Minutes"},
		{"Not less than once in every six months the Supplier shall carry out a disaster recovery test.", "supplier", "half-yearly", "disaster recovery test"},
		{"Upon expiry the Supplier hands over all passwords and documentation, at the latest fourteen days after the last day.", "supplier", "once", "hands over all passwords"},
		{"Rejected goods are taken back by the Supplier within ten days.", "supplier", "on event", "Rejected goods"},
		{"The Supplier ensures that all staff are trained in data protection once a year.", "supplier", "yearly", "trained"},
		{"Should personal data be lost, the Supplier informs the Customer within 36 hours.", "supplier", "on event", "informs the Customer"},
		{"Each month the Customer returns signed time sheets.", "customer", "monthly", "returns signed time sheets"},
		{"Supplier to provide a weekly status report every Friday.", "supplier", "weekly", "status report"},
		{"Forecasts covering twelve weeks shall be issued by the Customer on the first Monday of each month.", "customer", "monthly", "Forecasts"},
		{"Supplier processes personal data only on instructions and shall notify the Customer of a personal data breach within 24 hours.", "supplier", "on event", "notify the Customer"},
		{"Each year by March 31 the Supplier delivers its SOC 2 report.", "supplier", "yearly", "SOC 2 report"},
		{"Within 10 days of a request, copies of the policies are to be given to the Customer.", "supplier", "on event", "copies of the policies"},
		{"If an examination finds a weakness the Supplier answers with a plan in fifteen (15) Business Days.", "supplier", "on event", "answers with a plan"},
		{"Customer has five (5) business days from delivery in which to accept or reject.", "customer", "on event", "business days"},
		{"Supplier shall return or destroy all Customer data within thirty (30) days after termination.", "supplier", "once", "destroy all Customer data"},
		{"The Supplier shall, within five days of the end of every quarter, deliver a summary of incidents.", "supplier", "quarterly", "summary of incidents"},
	} {
		found := false
		for _, o := range duties(t, c.text) {
			found = found || o.Bearer == c.bearer && o.Frequency == c.frequency && strings.Contains(o.Deliverable, c.what)
		}
		if !found {
			t.Errorf("%q gives %+v", c.text, duties(t, c.text))
		}
	}
}

func TestItemsUnderAPartyAreItsDuties(t *testing.T) {
	t.Parallel()
	got := duties(t, "The Supplier shall:\n\n(a) submit a progress report each month;\n\n(b) attend a review meeting every quarter; and\n\n(c) notify the Customer within one day of any accident.\n\nThe premises stay open every day.")
	if len(got) != 3 || got[0].Bearer != "supplier" || got[2].Bearer != "supplier" {
		t.Errorf("%+v", got)
	}
}

// Whatever stands in a text, reading its duties ends and quotes the text.
func FuzzDuties(f *testing.F) {
	for _, s := range []string{"Supplier shall and will be it, to who: ;", "We'll to be shall; and Customer: must within 5 days tell us", "If it, then (a) shall (b) and is responsible for backing", "Supplier's duty to to to send it within of each month by 31 March and, within 5 days, wipes"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checked(t, extracttest.Plain(dutiesHead+s))
	})
}
