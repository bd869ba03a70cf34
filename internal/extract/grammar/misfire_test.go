package grammar_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Sentences of other clauses in the words of purchases, rebates, insurance and price rises, beside near ones that do mean them: who owes
// what to whom, and what it costs.
func TestWordsOfOtherClausesGiveNoTypedObligation(t *testing.T) {
	t.Parallel()
	const toSupplier, toCustomer = " customer>supplier", " supplier>customer"
	for _, c := range []struct {
		words string
		want  []string
	}{
		// what one costs is no minimum
		{"The Customer shall purchase 100,000 Shares at a price of EUR 42.00 per Share.", nil},
		// what the seller does is no purchase
		{"The Supplier shall process at least 10,000 transactions in each calendar month.", nil},
		{"The Provider shall use at least 5 qualified technicians for the installation.", nil},
		{"The Supplier must send at least 12 newsletters in each year.", nil},
		{"If Net Cash is less than USD 500,000, the Seller shall pay the shortfall to the Buyer.", nil},
		{"In consideration of the services, the Customer agrees to pay the Provider (i) a retainer of $50,000, payable upon execution of this Agreement, and (ii) a success fee equal to 2.5% of the Transaction Value, payable at closing.", nil},
		{"We will use at least 4 certified welders on the volumes of each month.", nil},
		{"The Seller guarantees the Buyer a yearly volume of 40,000 units from its own plant.", nil},
		{"Where fewer than 90 orders are shipped in a month, the Supplier shall pay the difference of EUR 4,000.", nil},
		{"The Supplier shall invoice, and the Customer shall take, at least 300 crates per month.", []string{"commitment 300 month" + toSupplier}},
		{"The Supplier will charge for at least 30 users each month.", []string{"commitment 30 month" + toSupplier}},

		{"(2) The Buyer must in each Contract Year take, or pay for if not taken, the Take or Pay Quantity.", nil},
		// what is expected, what secures a payment, what is billed less
		{"The Customer expects, without undertaking to do so, to place orders worth about EUR 3,000,000 in each Contract Year.", nil},
		{"The Buyer must deliver a parent company guarantee of GBP 600,000 before 1 September 2026.", nil},
		{"The Customer shall place with the Supplier a bank guarantee of at least EUR 80,000 in each year.", nil},
		{"The Customer must take the machine out of service if the charges of a year are below EUR 4,000.", nil},
		{"If the total of all fees for a Contract Year is below EUR 900,000, the Supplier may terminate.", nil},
		{"If the fees of a month are below EUR 50,000, the Supplier shall pay the difference.", nil},
		{"If the total of all fees that the Supplier may invoice for a Contract Year is below EUR 900,000, the Customer shall pay the difference.", []string{"commitment 900000.00 EUR year" + toSupplier}},
		{"\"Take or Pay Quantity\" means, for a Contract Year, 28,500 MWh, being 80% of the quantity expected.", []string{"commitment 28500 year" + toSupplier}},
		{"Distributor shall purchase Products for at least the following amounts:\n\nContract Year\tPeriod\tMinimum (US$)\n1\t1 April 2026 - 31 March 2027\t700,000\n2\t1 April 2027 - 31 March 2028\t950,000", []string{"commitment 700000.00 USD year" + toSupplier, "commitment 950000.00 USD year" + toSupplier}},
		{"Each machine has these tolerances:\n\nYear\tPeriod\tMinimum (mm)\n1\t1 April 2026 - 31 March 2027\t700\n2\t1 April 2027 - 31 March 2028\t950", nil},
		{"The Supplier shall be insured for at least the following amounts:\n\nYear\tPeriod\tMinimum (US$)\n1\t1 April 2026 - 31 March 2027\t700,000\n2\t1 April 2027 - 31 March 2028\t950,000", nil},

		// what a list of years promises that nobody buys
		{"The Supplier guarantees the following minimum savings for the Customer:\n\n- Year 1: USD 100,000\n\n- Year 2: USD 150,000", nil},
		{"The parties agree on the following minimum availability of staff:\n\n- Year 1: 40 persons\n\n- Year 2: 50 persons", nil},
		{"The Supplier undertakes to provide capacities as follows:\n\n- Year 1: 4,000 tonnes\n\n- Year 2: 5,000 tonnes", nil},

		// what a missing unit costs, and what a lump sum costs
		{"Buyer shall buy at least 1,200 tonnes a year. If there is a shortfall, the Customer shall pay a lump sum of EUR 25,000.", []string{"commitment 1200 year" + toSupplier}},
		{"Buyer shall buy at least 1,300 tonnes a year. In case of a shortfall, a contribution of EUR 9,000 a year is due.", []string{"commitment 1300 year" + toSupplier}},
		{"Buyer shall buy at least 1,400 tonnes a year. A shortfall is settled in January by a payment of EUR 8,000 to the Supplier.", []string{"commitment 1400 year" + toSupplier}},
		{"Buyer shall buy at least 1,500 tonnes a year. If there is a shortfall, the Buyer shall pay EUR 30 per missing tonne.", []string{"commitment 1500 year price 30.00 EUR" + toSupplier}},
		{"Buyer shall buy at least 1,600 tonnes a year. For each missing tonne the Buyer shall pay EUR 35.", []string{"commitment 1600 year price 35.00 EUR" + toSupplier}},
		{"Buyer shall buy goods for at least EUR 90,000 a year. If it buys less, it pays 20 % of the shortfall.", []string{"commitment 90000.00 EUR year fee 20" + toSupplier}},

		// pounds of money, pounds of weight
		{"The Customer shall place at least 10,000 pounds of orders each year.", []string{"commitment 10000.00 GBP year" + toSupplier}},
		{"The Customer shall purchase at least 20,000 pounds of services in each year.", []string{"commitment 20000.00 GBP year" + toSupplier}},
		{"The Customer commits to spend at least 5,000 pounds of consultancy fees in each year.", []string{"commitment 5000.00 GBP year" + toSupplier}},
		{"The Customer shall purchase at least 20,000 pounds of green coffee in each year.", []string{"commitment 20000 year" + toSupplier}},

		// who must be insured, and for how much
		{"The Customer shall maintain the following insurance:\n\nPolicy\tLimit\nPublic liability\tEUR 5,000,000\nEmployers' liability\tEUR 10,000,000", []string{"cover general_liability 5000000.00 EUR/" + toSupplier, "cover employers_liability 10000000.00 EUR/" + toSupplier}},
		{"Insurance to be kept by the Customer:\n\nPolicy\tLimit\nPublic liability\tEUR 2,000,000\nProduct recall\tEUR 1,000,000", []string{"cover general_liability 2000000.00 EUR/" + toSupplier, "cover product_recall 1000000.00 EUR/" + toSupplier}},
		{"The Supplier shall maintain the following insurance:\n\nPolicy\tDeductible\tLimit\tPremium\nPublic liability\tEUR 5,000\tEUR 3,000,000\tEUR 900\nCyber\tEUR 25,000\tEUR 1,000,000\tEUR 700", []string{"cover general_liability 3000000.00 EUR/" + toCustomer, "cover cyber 1000000.00 EUR/" + toCustomer}},
		{"The Supplier shall maintain the following insurance:\n\nPolicy\tExcess\nPublic liability\tEUR 5,000\nCyber\tEUR 25,000", nil},
		{"The monthly fee covers the following vehicles:\n\nItem\tFee\nVehicle 1\tEUR 500\nVehicle 2\tEUR 450", nil},
		{"The maintenance charge covers the machines below:\n\nMachine\tCharge\nMotor A\tEUR 120\nMotor B\tEUR 140", nil},
		{"The hire covers these cars:\n\nCar\tRate\nAuto 1\tEUR 90\nAuto 2\tEUR 80", nil},

		// refunds for faults, bonuses of agents, conditions
		{"If the technician misses an appointment, the Supplier refunds 10 % of the monthly fees.", nil},
		{"If the Customer is not satisfied, the Supplier shall refund 20 % of the fees paid in that month.", nil},
		{"The Agent receives an annual bonus of 5 % of all sales.", nil},
		{"Where a course is cancelled, the Supplier refunds 15 % of the fees of the month.", nil},
		{"The Supplier grants the Customer a bonus of 2 % on all purchases of a year, unless an invoice was overdue.", nil},
		{"The sales representative is paid a yearly bonus of 3 % of all orders.", nil},
		{"The Supplier grants the Customer a bonus of 2 % on all purchases of a calendar year.", []string{"rebate 0: 2 all_units" + toCustomer}},

		// rent and royalties
		{"Tenant shall pay as percentage rent six percent (6%) of the amount by which annual Gross Sales exceed $2,000,000.", nil},
		{"Licensee shall pay a royalty of 5% of the amount by which Net Sales in a year exceed USD 1,000,000.", nil},
		{"The Customer shall pay the Supplier 3 % of the amount by which its annual turnover exceeds EUR 400,000.", nil},
		{"The Agent is credited a commission of 4 % where yearly orders exceed EUR 100,000.", nil},
		{"Seller will pay Buyer three percent of the amount by which Buyer's orders in a Contract Year exceed $400,000.", []string{"rebate 0: 0; 400000: 3 graduated" + toCustomer}},

		// what costs more at odd hours
		{"Rates of the Supplier\tAgreed\nWeekend uplift\t50 % on the hourly rate\nOvertime uplift\t25 %", nil},
		{"Escalation\tWhen\nEscalation level 1\tat 50 % of the target time elapsed\nEscalation level 2\tat 75 % of the target time elapsed", nil},
		{"Rates of the Supplier\tAgreed\nNight uplift\t30 %\nUplift for holidays\t100 %", nil},
		{"Key terms\tAgreed\nPrice increase\t4 % each year", []string{"escalator 4" + toSupplier}},
	} {
		t.Run(c.words, func(t *testing.T) {
			t.Parallel()
			got := owedIn(t, "made on 3 May 2026 ", c.words)
			slices.Sort(got)
			slices.Sort(c.want)
			if strings.Join(got, "; ") != strings.Join(c.want, "; ") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A minimum of a year whose days nobody knows would hold in all years at once.
func TestYearsOfAContractWithoutBeginningAreNotRead(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"The Customer commits to purchase the following amounts:\n\n(a) $100,000 in the first Contract Year;\n\n(b) $150,000 in the second Contract Year.",
		"The minimum volumes are as follows:\n\n- Year 1: 4,000 tonnes\n\n- Year 2: 5,000 tonnes\n\n- each year thereafter: 6,000 tonnes",
		"The Customer shall buy as follows.\n\nContract Year\tMinimum Annual Commitment (EUR)\nYear 1\t90,000\nYear 2\t120,000",
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			if got := owedIn(t, "", words); len(got) > 0 {
				t.Errorf("got %q", got)
			}
		})
	}
}

// The limit of a policy limits nobody's liability, and a limit of liability for what a policy may cover is still one.
func TestLimitsOfLiabilityBesideLimitsOfPolicies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ words, want string }{
		{"Maximum liability for cyber incidents: EUR 5,000,000.", "5000000.00 EUR"},
		{"The aggregate liability for product recall is limited to EUR 750,000.", "750000.00 EUR"},
		{"Liability for damage by motor vehicles: up to EUR 300,000 in total liability.", "300000.00 EUR"},
		{"Employers' liability: up to GBP 10,000,000 each and every claim.", ""},
		{"Public liability insurance: maximum GBP 5,000,000 any one occurrence.", ""},
		{"Professional indemnity: up to GBP 2,000,000 per claim, under a policy of the Supplier.", ""},
	} {
		t.Run(c.words, func(t *testing.T) {
			t.Parallel()
			list, _ := readIn(t, "made on 3 May 2026 ", c.words)
			got := ""
			for _, x := range list {
				if x.Subject == "term" && x.Name == "liability_cap" && x.Value != nil && x.Value.Cap != nil {
					got = sumText(x.Value.Cap.Amount)
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// owedIn reads the typed obligations of a contract of one clause, each with who owes it to whom.
func owedIn(t *testing.T, made, words string) []string {
	t.Helper()
	list, d := readIn(t, made, words)
	extracttest.Sound(t, d, list)
	var got []string
	for _, x := range list {
		if x.Obligation != nil {
			got = append(got, typedWords(t, x.Obligation)...)
		}
	}
	return got
}

func typedWords(t *testing.T, o *pact.Obligation) []string {
	t.Helper()
	sides := " " + o.Bearer + ">" + o.Beneficiary
	switch o.Kind {
	case "minimum_commitment":
		var p obligation.CommitmentParams
		decode(t, o.Params, &p)
		words := "commitment " + sumText(p.Amount)
		if p.Quantity != nil {
			words = "commitment " + p.Quantity.String()
		}
		words += " " + p.Period
		if p.Price != nil {
			words += " price " + p.Price.String()
		}
		if p.FeePercent != nil {
			words += " fee " + p.FeePercent.String()
		}
		return []string{words + sides}
	case "rebate":
		var p obligation.TieredParams
		decode(t, o.Params, &p)
		var bands []string
		for _, b := range p.Tiers {
			bands = append(bands, fmt.Sprintf("%s: %s", b.From, b.Percent))
		}
		return []string{strings.TrimSpace("rebate "+strings.Join(bands, "; ")+" "+p.Mode) + sides}
	case "certificate":
		var p obligation.CertificateParams
		decode(t, o.Params, &p)
		var out []string
		for _, c := range p.Required {
			out = append(out, fmt.Sprintf("cover %s %s/%s", c.Kind, sumText(c.PerOccurrence), sumText(c.Aggregate))+sides)
		}
		return out
	case "price_escalator":
		var p obligation.EscalatorParams
		decode(t, o.Params, &p)
		words := "escalator"
		if p.Fixed != nil {
			words += " " + p.Fixed.String()
		}
		return []string{words + sides}
	}
	return nil
}
