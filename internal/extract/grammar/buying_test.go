package grammar_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/obligation"
)

// What must be bought at least, and what is given back for volume, in sentences by many hands.
func TestPurchasesAndRebatesInManyWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		words string
		want  []string
	}{
		{"The Buyer commits to purchase at least 40,000 kilograms of Resin in each Contract Year.", []string{"commitment 40000 year"}},
		{"During every calendar quarter, Reseller's orders shall in aggregate be worth no less than USD 250,000.", []string{"commitment 250000.00 USD quarter"}},
		{"Customer's annual spend under this Agreement will not drop below €1.2 million.", []string{"commitment 1200000.00 EUR year"}},
		{"Take or pay: if in any year Offtaker takes fewer than 90,000 MMBtu, it pays for 90,000 MMBtu nonetheless.", []string{"commitment 90000 year"}},
		{"The Licensee guarantees a yearly turnover of GBP 300,000; any gap is invoiced in January.", []string{"commitment 300000.00 GBP year"}},
		{"Distributor must buy a minimum of five hundred (500) units per quarter.", []string{"commitment 500 quarter"}},
		{"We reserve capacity for 1,000 pallets a month, which you pay for whether or not you use it.", []string{"commitment 1000 month"}},
		{"Annual Purchase Commitment: 12,000 litres", []string{"commitment 12000 year"}},
		{"The minimum quantity that Purchaser is obliged to call off in a Contract Year amounts to 8,000 tonnes.", []string{"commitment 8000 year"}},
		{"The Client undertakes that its payments to the Agency shall reach CHF 90,000 in every half-year.", []string{"commitment 90000.00 CHF half_year"}},
		{"If the Buyer's purchases in a calendar year exceed EUR 500,000, Supplier grants a rebate of 3 % on all purchases of that year.", []string{"rebate 500000..: 3"}},
		{"Supplier shall pay Customer 2.5 percent of Net Sales once annual orders pass $1,000,000.", []string{"rebate 1000000..: 2.5"}},
		{"A year-end bonus of 1.5% is credited on turnover above GBP 250,000 and of 2.5% on turnover above GBP 500,000.", []string{"rebate 250000..500000: 1.5", "rebate 500000..: 2.5"}},
		{"For each year in which at least 20,000 units are bought, the Manufacturer refunds four per cent of the price paid.", []string{"rebate 20000..: 4"}},
		{"Upon reaching a volume of 10,000 units, Buyer receives a retroactive discount of 5% on all units of that year.", []string{"rebate 10000..: 5"}},
		{"Kickback: 2 % from EUR 100,000, 3 % from EUR 200,000, 4 % from EUR 300,000 of annual turnover.", []string{"rebate 100000..200000: 2", "rebate 200000..300000: 3", "rebate 300000..: 4"}},
		{"Purchases of more than $2 million in any Contract Year earn Customer a credit note equal to 3% of the excess.", []string{"rebate 2000000..: 3"}},
		{"A rebate of 2 % is due on annual purchases above EUR 1.25 million.", []string{"rebate 1250000..: 2"}},
		{"The loyalty bonus amounts to 1 % of annual net turnover up to EUR 1 million and to 2 % of the part above EUR 1 million.", []string{"rebate 0..1000000: 1", "rebate 1000000..: 2"}},
		{"Where aggregate invoices for a Contract Year are between $750,000 and $1,500,000, a rebate of 2% applies; where they exceed $1,500,000, the rebate is 3.5%.", []string{"rebate 750000..1500000: 2", "rebate 1500000..: 3.5"}},
		{"Should yearly call-offs come to EUR 80,000 or more, the Contractor credits 2 % of them to the Principal in January.", []string{"rebate 80000..: 2"}},
		{"The monthly charge shall never be less than GBP 2,400, whatever the number of calls.", []string{"commitment 2400.00 GBP month"}},
		{"If fewer than 60 meals are ordered in a month, 60 meals will be invoiced.", []string{"commitment 60 month"}},
		{"The Charterer shall tender not less than 2,000 tonnes of cargo in each quarter.", []string{"commitment 2000 quarter"}},
		{"Purchaser shall call off 9,000 valves in each Contract Year.", []string{"commitment 9000 year"}},
		{"Buyer shall take, or pay for if not taken, a quantity of propane equal to 55,000 gallons in each calendar year.", []string{"commitment 55000 year"}},
		{"Fees are charged at EUR 12 per seat and month, subject to a minimum of EUR 900 per month.", []string{"commitment 900.00 EUR month"}},
		{"We bill for at least 25 users each month.", []string{"commitment 25 month"}},
		{"Offtaker agrees to purchase and pay for at least 250,000 pounds of coffee during each calendar year.", []string{"commitment 250000 year"}},
		{"The Customer's minimum annual spend is $75,000.", []string{"commitment 75000.00 USD year"}},
		{"Over each period of twelve months the Dealer will place orders worth EUR 180,000 or more.", []string{"commitment 180000.00 EUR year"}},
		{"The parties agree on a yearly minimum turnover of EUR 65,000, otherwise the difference is payable.", []string{"commitment 65000.00 EUR year"}},
		{"The Client will in every month assign translations of no fewer than 40,000 words.", []string{"commitment 40000 month"}},
		{"Should the yearly quantity fall short of 1,200 tonnes, the Buyer shall pay EUR 30 for each missing tonne.", []string{"commitment 1200 year"}},
		{"Supplier shall set aside two percent of Dealer's quarterly net purchases for a co-operative advertising fund.", []string{"rebate 0..: 2"}},
		{"On all purchases made in a calendar year the Buyer receives a bonus of 1.5 % of their net value.", []string{"rebate 0..: 1.5"}},
		{"Seller will pay Buyer three percent of the amount by which Buyer's orders in a Contract Year exceed $400,000.", []string{"rebate 400000..: 3"}},
		{"When your bills for a year add up to more than £20,000 we give back 4% of what is above £20,000.", []string{"rebate 20000..: 4"}},
		{"At an annual throughput of 10,000 pallets the Contractor refunds 3 % of the charges, at 15,000 pallets 5 %.", []string{"rebate 10000..15000: 3", "rebate 15000..: 5"}},
		{"If fewer than 60 meals are ordered in a month, a surcharge of EUR 40 is invoiced.", nil},
		{"The annual refund is 2% of the fees if the turnover is EUR 40,000 or more but less than EUR 80,000, and 3% if it is EUR 80,000 or more.", []string{"rebate 40000..80000: 2", "rebate 80000..: 3"}},
		{"Provided that annual purchases total at least CHF 300,000, a volume bonus of 2% is payable.", []string{"rebate 300000..: 2"}},
		{"Min. monthly billing: EUR 1,500", []string{"commitment 1500.00 EUR month"}},
		{"The Agency guarantees the Translator a yearly volume of 120,000 words.", []string{"commitment 120000 year"}},
		{"No matter how much of it you use, the bill for a month comes to at least £150.", []string{"commitment 150.00 GBP month"}},
		{"Monthly minimum: $2,000", []string{"commitment 2000.00 USD month"}},
		{"The Hospital shall send to the laundry no less than 1,200 kg of linen in each month.", []string{"commitment 1200 month"}},
		{"If the invoices of a calendar year total less than EUR 48,000, the Client pays the difference in January.", []string{"commitment 48000.00 EUR year"}},
		{"The Grower delivers and the Buyer accepts a minimum of 250,000 bulbs per year.", []string{"commitment 250000 year"}},
		{"Customer is obliged to draw at least 70,000 litres a year from the Supplier.", []string{"commitment 70000 year"}},
		{"The parties assume that 500 tonnes will be bought in the year; this is an estimate and binds nobody.", nil},
		{"Distributor shall spend at least 3% of its annual net sales on advertising the Products.", nil},
		{"The loyalty bonus is forfeited if the Customer terminates within 12 months.", nil},
		{"The Customer may order at least 10 days before delivery.", nil},
		{"The Supplier shall maintain insurance of at least USD 2,000,000 per occurrence in each year.", nil},
		{"The Customer pays interest of 3 % if an invoice of more than EUR 10,000 is overdue.", nil},
		{"Orders of less than EUR 500 bear a handling charge of EUR 25.", nil},
		{"A retention of 5 % is kept from payments above EUR 100,000 until acceptance.", nil},
	} {
		t.Run(c.words, func(t *testing.T) {
			t.Parallel()
			list := checked(t, extracttest.Plain("SUPPLY AGREEMENT\n\nThis agreement is made on 3 May 2026 between Aster Foods Ltd (\"Customer\") and Brill Chemicals GmbH (\"Supplier\").\n\n4. Volumes\n\n"+c.words+"\n"))
			var got []string
			for _, x := range list {
				if x.Obligation == nil {
					continue
				}
				who, owed := x.Obligation.Bearer, map[string]string{"minimum_commitment": "customer>supplier", "rebate": "supplier>customer"}[x.Obligation.Kind]
				if sides := who + ">" + x.Obligation.Beneficiary; owed != "" && sides != owed {
					t.Errorf("owed by %s, want %s", sides, owed)
				}
				switch x.Obligation.Kind {
				case "minimum_commitment":
					var p obligation.CommitmentParams
					decode(t, x.Obligation.Params, &p)
					switch {
					case p.Amount != nil:
						got = append(got, fmt.Sprintf("commitment %s %s", p.Amount, p.Period))
					case p.Quantity != nil:
						got = append(got, fmt.Sprintf("commitment %s %s", p.Quantity, p.Period))
					}
				case "rebate":
					var p obligation.TieredParams
					decode(t, x.Obligation.Params, &p)
					for _, band := range p.Tiers {
						if band.Percent == nil || band.Percent.IsZero() {
							continue
						}
						to := ""
						if band.To != nil {
							to = band.To.String()
						}
						got = append(got, fmt.Sprintf("rebate %s..%s: %s", band.From, to, band.Percent))
					}
				}
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if strings.Join(got, "; ") != strings.Join(c.want, "; ") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
