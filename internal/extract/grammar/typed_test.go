package grammar_test

import (
	"encoding/json"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

var sumOfMoney = regexp.MustCompile(`\{currency:(\w+),value:([\d.]+)\}`)

// typedIn reads the obligations of a kind from a text, as the product reads files, and gives their parameters and questions.
func typedIn(t *testing.T, kind, text string) []string {
	t.Helper()
	list := checked(t, fileOf(t, supportHead+text+"\n"))
	var out []string
	for _, c := range list {
		if c.Obligation == nil || c.Obligation.Kind != kind {
			continue
		}
		if c.Verification != pact.Verified {
			t.Errorf("%q: %s is %s", text, c.Name, c.Verification)
		}
		var params map[string]any
		decode(t, c.Obligation.Params, &params)
		delete(params, "base_price")
		delete(params, "first_adjustment")
		raw, err := json.Marshal(params)
		if err != nil {
			t.Fatal(err)
		}
		line := sumOfMoney.ReplaceAllString(strings.ReplaceAll(string(raw), `"`, ""), "$2 $1")
		for _, a := range c.Obligation.Ambiguities {
			line += " asks " + a.Code
		}
		for _, a := range obligation.Check(*c.Obligation) {
			if a.Code == "mode" || a.Code == "tiers" {
				line += " checks " + a.Code
			}
		}
		out = append(out, line)
	}
	sort.Strings(out)
	return out
}

func TestObligationsWithFigures(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ kind, text, holds string }{
		"prices by band, each for its own units": {
			"volume_price", "The unit price of valve V-12 depends on the quantity ordered in the contract year; each price applies only to the units within its band.\n\nUnits | Price\n1 – 250 | EUR 3.15\n251 – 1999 | EUR 2.95\nover 1999 | EUR 2.60", "mode:graduated",
		},
		"bands as columns, the price reached holds for all": {
			"volume_price", "Prices in euro per unit. When a step is reached its price applies to all units of the year.\n\nType | up to 300 | over 300 up to 600 | over 600\nSmall | 148.50 | 144.00 | 138.20\nLarge | 153.00 | 149.10 | 143.75", "mode:all_units",
		},
		"a table that does not say how it is meant is asked about": {
			"volume_price", "Prices of the goods are these.\n\nUnits | Price\n1 – 250 | EUR 3.15\n251 – 1999 | EUR 2.95", "checks mode",
		},
		"bands that meet on a number are asked about": {
			"volume_price", "Prices of the goods are these.\n\nUnits | Price\n0 – 250 | EUR 3.15\n250 – 500 | EUR 2.95", "asks tier_overlap",
		},
		"bands with a hole are asked about": {
			"volume_price", "Prices of the goods are these.\n\nUnits | Price\n0 – 250 | EUR 3.15\n300 – 500 | EUR 2.95", "asks tier_gap",
		},
		"prices by band in a sentence": {
			"volume_price", "The first 100 pieces of sensor S4 are priced at $3.15, the next ones up to 2500 at $2.95, the rest at $2.60.", "{from:100,price:2.95 USD,to:2500}",
		},
		"a rebate on what is above": {
			"rebate", "If the Customer spends more than $100,000 in a calendar year, the Supplier grants a rebate of 2% on the part above.", "{from:0,percent:0,to:100000},{from:100000,percent:2}",
		},
		"a list of rebates": {
			"rebate", "On the charges of a year the Supplier gives a rebate:\n\n• more than £150,000: 2 per cent\n\n• more than £300,000: 3.5 per cent", "percent:3.5",
		},
		"a minimum in money": {
			"minimum_commitment", "The Customer shall buy goods worth not less than $90,000 in each contract year.", "{amount:90000.00 USD,anchor:2026-03-01,period:year}",
		},
		"a minimum in units": {
			"minimum_commitment", "The Customer undertakes to take at least 4,200 pallets in each calendar year.", "{period:year,quantity:4200}",
		},
		"an index with a cap, once a year, on notice": {
			"price_escalator", "The Supplier may increase the fees once a year, on not less than ninety days' prior written notice, by the rise of the CPI-U, but by no more than 3%.", "{cap_percent:3,every_months:12,index:CPI-U,notice_days:90}",
		},
		"a fixed rise": {
			"price_escalator", "The fees increase by 2.5% on each anniversary of the Effective Date.", "{every_months:12,fixed_percent:2.5}",
		},
		"insurance with limits": {
			"certificate", "The Supplier shall maintain commercial general liability insurance of not less than $1,000,000 per occurrence and $2,000,000 in the aggregate, and professional indemnity of $5,000,000 per claim.", "{aggregate:2000000.00 USD,kind:general_liability,per_occurrence:1000000.00 USD},{kind:professional_liability,per_occurrence:5000000.00 USD}",
		},
		"limits that stand before the kind": {
			"certificate", "The insurances of the Supplier shall be no lower than: EUR 2,000,000 any one occurrence for public liability; EUR 3,000,000 any one claim for professional negligence.", "{kind:general_liability,per_occurrence:2000000.00 EUR},{kind:professional_liability,per_occurrence:3000000.00 EUR}",
		},
		"late delivery": {
			"delivery_schedule", "If delivery is late the Customer may claim as liquidated damages 0.75 % of the value of the late quantity for each commenced week, at most 9 %.", "{base:late,cap_percent:9,count:started,percent:0.75,step:week}",
		},
		"milestones in a table": {
			"milestone", "The Supplier shall complete these milestones.\n\nMilestone | Due | Fee\nDesign package | 29 August 2025 | $38,500\nPilot completed | 30 January 2026 | $54,250", "{amount:38500.00 USD,due:2025-08-29,name:Design package}",
		},
	} {
		got := strings.Join(typedIn(t, c.kind, c.text), "\n")
		if !strings.Contains(got, c.holds) {
			t.Errorf("%s: got %q, which has no %q", name, got, c.holds)
		}
	}
}

func TestFiguresThatOblige(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ kind, text string }{
		"a limit of liability is no insurance":       {"certificate", "The Supplier's liability is limited to the professional indemnity insurance limit of £1,000,000."},
		"a minimum order is no commitment":           {"minimum_commitment", "The minimum order value is $500 per order."},
		"a price list is no list of milestones":      {"milestone", "Prices.\n\nItem | Price\nBrake lever | $41.15\nCenter pin | $18.60"},
		"interest on late payment is no late supply": {"delivery_schedule", "Late payments bear interest of 1% for each month."},
		"service credits are no rebate":              {"rebate", "If availability is below 99%, the Supplier credits 5% of the fees in excess of $1,000."},
		"a cash discount is no rebate":               {"rebate", "A discount of 2% is allowed on invoices over $1,000 if paid within ten days."},
	} {
		if got := typedIn(t, c.kind, c.text); len(got) > 0 {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestRolesFollowFromWhatAPartyDoes(t *testing.T) {
	t.Parallel()
	text := "SERVICES AGREEMENT\n\nThis Agreement is made on 1 March 2026 between Corrib Light Limited (\"Corrib\") and Ballyfinnan Contact Limited (\"BCL\").\n\nBCL shall provide the call centre. BCL invoices monthly. Corrib shall pay each invoice within 30 days of receipt. Corrib may order more seats.\n"
	list := proposed(t, extracttest.Plain(text))
	got := ""
	for _, c := range list {
		if c.Name == "parties" && c.Value != nil {
			got = c.Value.String()
		}
	}
	if want := "Corrib Light Limited (customer); Ballyfinnan Contact Limited (supplier)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
