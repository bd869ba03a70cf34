package grammar_test

import (
	"strings"
	"testing"
)

// What is said of another thing, or is only a name, is no term of the contract.
func TestWhatIsSaidOfAnotherThingIsNoTerm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		servicesHead + "4. The Supplier is to hold Cyber Essentials, renewed annually.":                                                 "title=SERVICES AGREEMENT",
		servicesHead + "4. The Customer shall order at least 400 tonnes in each Contract Year (the \"Minimum Volume\").":                "title=SERVICES AGREEMENT, minimum_commitment=order at least 400 tonnes in each Contract Year",
		"Confidentiality Deed (Mutual)\n\nDate: 4 March 2026\n\n1.1 Each Recipient must keep the Discloser's information confidential.": "title=Confidentiality Deed (Mutual)",
	} {
		var got []string
		for _, name := range []string{"title", "renewal_term", "minimum_commitment"} {
			c := named(textIn(t, text), name)
			if c != nil && c.Subject == "term" && c.Value != nil {
				got = append(got, name+"="+c.Value.String())
			}
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// What a miss of an indicator costs stands beside it, and is no price.
func TestTheDeductionOfAnIndicatorIsAsked(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, c := range textIn(t, servicesHead+"2. Performance\n\nKPI | Target | Deduction\nCall-outs attended within 2 hours | 95% | £250 per missed call-out\nPlanned maintenance done on schedule | 98% | 2% of the monthly charge\nMonthly report received by 7th working day | 100% | £500\n") {
		if c.Obligation == nil {
			continue
		}
		if c.Obligation.Kind == "unit_price" {
			t.Errorf("a deduction is a price: %s", c.Obligation.Params)
		}
		for _, a := range c.Ambiguities {
			if a.Code == "tiers" && c.Obligation.Kind == "service_level" {
				asked++
			}
		}
	}
	if asked != 3 {
		t.Errorf("%d deductions are asked, not 3", asked)
	}
}
