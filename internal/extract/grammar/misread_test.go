package grammar_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// registerOf are the keys of the obligations of a text, in order.
func registerOf(t *testing.T, words string) string {
	t.Helper()
	var keys []string
	for _, c := range readText(t, madeBetween+words+"\n") {
		if c.Obligation != nil {
			keys = append(keys, c.Obligation.Key)
		}
	}
	slices.Sort(keys)
	return strings.Join(keys, " ")
}

func TestARightToTerminateSaysNothingOfTheTerm(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"3. Termination. Customer may terminate this Agreement for convenience on 60 days notice.",
		"8. Ending. Customer is entitled to terminate this Agreement at any time by giving 45 days' notice to Supplier.",
	} {
		list := readText(t, madeBetween+words+"\n")
		if c := named(list, "term"); c != nil {
			t.Errorf("%s: a term of %v", words, c.Value)
		}
		if got := registerOf(t, words); strings.Contains(got, "renewal_notice") {
			t.Errorf("%s: %s", words, got)
		}
	}
	if c := named(readText(t, madeBetween+"3. Term. This Agreement starts on April 1, 2026 and remains in force indefinitely until terminated by either party on three months notice.\n"), "term"); c == nil || c.Value.Kind != pact.EvergreenValue {
		t.Errorf("until terminated: %+v", c)
	}
}

func TestAStepOfAPlanIsNoDeliveryBesideIt(t *testing.T) {
	t.Parallel()
	for name, words := range map[string]string{
		"a table":        "1. Milestones. Customer shall pay as follows:\n\nMilestone | Due date | Amount\nDesign accepted | April 30, 2026 | $20,000\nPilot handed over | July 31, 2026 | $50,000\nFinal acceptance | September 30, 2026 | $30,000",
		"lines of steps": "3. Milestones and payments\n\nM1: Delivery of the data model by 15 April 2026, upon which the Customer pays $20,000.\nM2: Delivery of the pilot by 30 June 2026, upon which the Customer pays $40,000.",
		"deliverables":   "3. Deliverables\n\nDeliverable | Due date\nSurvey of all sites | 15 April 2026\nReport on the survey | 30 June 2026",
	} {
		if got := registerOf(t, words); got != "milestone" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := registerOf(t, "3. Delivery. Supplier shall deliver the spare pumps by 15 April 2026."); !strings.HasPrefix(got, "delivery/") {
		t.Errorf("a delivery of its own: %s", got)
	}
}

func TestWhatEarnsABonusIsNoDuty(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"4.1 If the Supplier resolves at least 98% of Priority 1 incidents within 4 hours in a calendar quarter, the Customer shall pay a bonus of $5,000.": "",
		"4.2 If the Supplier resolves a Priority 1 incident within 1 hour, a bonus of $200 is payable.":                                                     "",
		"4.3 The Supplier earns a reward of $300 for each Priority 2 incident that it answers within 10 minutes.":                                           "",
		"4.4 Should availability in a month reach 99.99%, the Supplier is entitled to an incentive payment of 1% of the monthly fee.":                       "",
		"4.5 The Supplier shall resolve each Priority 1 incident within 4 hours. Where it does so within 1 hour, it receives a bonus of $200.":              "resolution_time/P1",
	} {
		if got := registerOf(t, words); got != want {
			t.Errorf("%s: %s", words, got)
		}
	}
}

func TestTheLimitOfAnUmbrellaIsAskedAboutWhereItIsNotSaid(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"1. Insurance. Supplier shall maintain: (a) Commercial General Liability: $1,000,000 per occurrence / $2,000,000 aggregate; (b) Umbrella: $5,000,000.":                                                                            "limit_unclear",
		"1. Insurance. Supplier shall maintain umbrella liability insurance of not less than $5,000,000 per occurrence.":                                                                                                                  "",
		"1. Insurance. Supplier shall maintain umbrella liability insurance with an aggregate limit of $4,000,000.":                                                                                                                       "",
		"1. Insurance. Supplier shall carry umbrella insurance of $5,000,000 each occurrence. The umbrella policy of $5,000,000 must be in place before the insured work begins.":                                                         "",
		"1. Insurance. Supplier shall maintain professional liability insurance of $3,000,000 and commercial general liability insurance of $1,000,000 per occurrence. Supplier shall show evidence of both policies before work starts.": "",
	} {
		var codes []string
		for _, c := range readText(t, madeBetween+words+"\n") {
			if c.Obligation != nil && c.Obligation.Kind == "certificate" {
				var p obligation.CertificateParams
				if err := json.Unmarshal(c.Obligation.Params, &p); err != nil || len(p.Required) == 0 {
					t.Errorf("%s: %v %v", words, p.Required, err)
				}
				for _, a := range c.Ambiguities {
					codes = append(codes, a.Code)
				}
			}
		}
		if got := strings.Join(codes, " "); got != want {
			t.Errorf("%s: asks %q", words, got)
		}
	}
}
