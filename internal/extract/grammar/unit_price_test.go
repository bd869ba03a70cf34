package grammar_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/obligation"
)

// pricesIn reads a text as its file would be read, and writes what it charges for one of each thing.
func pricesIn(t *testing.T, text string) string {
	t.Helper()
	d, err := plain.New(plain.Config{}).Read(t.Context(), []byte(supportHead+text+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	list, err := grammar.New().Extract(t.Context(), d, extract.FullSchema())
	if err != nil {
		t.Fatal(err)
	}
	extracttest.Sound(t, d, list)
	extract.VerifyAll(list, d)
	var out []string
	for _, c := range list {
		if c.Obligation == nil || c.Obligation.Kind != "unit_price" {
			continue
		}
		var p obligation.UnitPriceParams
		if err := json.Unmarshal(c.Obligation.Params, &p); err != nil {
			t.Fatal(err)
		}
		for _, row := range p.Prices {
			out = append(out, row.Item+" "+row.Price.String()+" "+row.Unit)
		}
		if c.Verification != "verified" || c.Obligation.Bearer != "supplier" {
			t.Errorf("%q: %s, borne by %s", text, c.Verification, c.Obligation.Bearer)
		}
	}
	return strings.Join(out, "; ")
}

// What one of something costs, as sentences, lines and price lists say it.
func TestUnitPricesAsManyHousesWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		// sentences
		"3.2 Other work is charged at $185.00 per hour for consultants and $235.00 per hour for principal consultants.": "consultants 185.00 USD hour; principal consultants 235.00 USD hour",
		"Our day rates are £620 for a partner, £480 for a senior designer and £340 for a designer.":                     "partner 620.00 GBP day; senior designer 480.00 GBP day; designer 340.00 GBP day",
		"The Customer pays $110.00 (consultant) and $140.00 (senior consultant) an hour.":                               "consultant 110.00 USD hour; senior consultant 140.00 USD hour",
		"The hosting charge is US$11,400.00 per month.":                                                                 "hosting charge 11400.00 USD month",
		"For each further line Customer shall pay four thousand eight hundred dollars ($4,800) per year.":               "further line 4800.00 USD year",
		"Work outside the scope of Article I is charged at $175 per hour if the Customer has approved it.":              "Work outside the scope of Article I 175.00 USD hour",
		"The price is $0.0375 for each statement page and $0.52 for each envelope.":                                     "statement page 0.0375 USD statement page; envelope 0.52 USD envelope",
		"Plates beyond 10,200 cost £8.90 each.":                                                                         "Plates beyond 10,200 8.90 GBP each",
		"Traffic above 40 terabytes in a month is charged at US$38.00 per terabyte begun.":                              "Traffic above 40 terabytes in a month 38.00 USD terabyte",
		"The fee is EUR 9,600.00 per month, that is EUR 345,600.00 in total over the initial term.":                     "fee 9600.00 EUR month",
		// lines
		"Base Fee: $118,400.00 per month.": "Base Fee 118400.00 USD month",
		// lists
		"| Role | Rate |\n|---|---|\n| Consultant | £95.00 per hour |\n| Senior consultant | £165.00 per hour |":                                                                           "Consultant 95.00 GBP hour; Senior consultant 165.00 GBP hour",
		"| Item | Unit | Rate (€) |\n|---|---|---|\n| Burst repair crew | call | 612.00 |\n| Leak survey | kilometre | 181.00 |":                                                           "Burst repair crew 612.00 EUR call; Leak survey 181.00 EUR kilometre",
		"| Machine | Week | Day | Over 10 weeks, per week |\n|---|---|---|---|\n| 21 t excavator | £2,480 | £590 | £2,290 |\n| Weed boat | £1,960 | £470 | £1,960 |":                       "21 t excavator 2480.00 GBP week; Weed boat 1960.00 GBP week; 21 t excavator 590.00 GBP day; Weed boat 470.00 GBP day",
		"| Sr. | Rating | Qty. (Nos.) | Unit rate (Rs.) | Amount (Rs.) |\n|---|---|---|---|---|\n| 1 | 25 kVA | 300 | 58,000 | 1,74,00,000 |\n| 2 | 63 kVA | 180 | 96,500 | 1,73,70,000 |": "25 kVA 58000.00 INR ; 63 kVA 96500.00 INR ",
		"| Part No. | Description | Price per piece |\n|---|---|---|\n| KR-17 | V-belt | EUR 11.40 |\n| KR-22 | V-belt, wide | EUR 18.75 |\n| Total | | EUR 30.15 |":                       "KR-17 11.40 EUR piece; KR-22 18.75 EUR piece",
		// what a stranger's contracts say
		"| Plant | Day (£) | Week (£) |\n|---|---|---|\n| Dumper | 120 | 360 |\n| Roller | 80 | 240 |":                                  "Dumper 120.00 GBP day; Roller 80.00 GBP day; Dumper 360.00 GBP week; Roller 240.00 GBP week",
		"| Role | Onshore rate per hour | Offshore rate per hour |\n|---|---|---|\n| Developer | $165 | $95 |\n| Tester | $120 | $70 |": "Developer 165.00 USD hour; Tester 120.00 USD hour; Developer, Offshore rate per hour 95.00 USD hour; Tester, Offshore rate per hour 70.00 USD hour",
		"Interpreting costs EUR 640 per day per interpreter, or EUR 380 per half day.":                                                  "Interpreting 640.00 EUR day",
		"The Supplier sells gadgets at $6.50 each and gizmos at $9.00 per dozen.":                                                       "gizmos 9.00 USD dozen",
		"Rock excavation is priced at $48.00 per cubic yard and imported fill at $22.50 per cubic yard.":                                "Rock excavation 48.00 USD cubic yard; imported fill 22.50 USD cubic yard",
		"Catering costs $24.00 per person.":      "Catering 24.00 USD person",
		"Calls are charged at $0.05 per minute.": "Calls 0.05 USD minute",
		// no prices of what is sold
		"The Supplier shall pay its drivers $25.00 per hour.":                                                     "",
		"Prices were $90.00 per seat before 2026.":                                                                "",
		"The market price was $40.00 per tonne.":                                                                  "",
		"The Supplier's liability is limited to $500,000 per claim.":                                              "",
		"The Supplier shall carry insurance of at least $1,000,000 per occurrence.":                               "",
		"If the Supplier fails to answer in time, it pays £100 for each hour.":                                    "",
		"The Customer may deduct EUR 480.00 for each such incident.":                                              "",
		"The holders receive $4.20 per share.":                                                                    "",
		"The Supplier shall pay liquidated damages of $2,000 per day of delay.":                                   "",
		"Whereas the handling fee now stands at USD 9.85 per tonne.":                                              "",
		"The annual fee shall be at least $40,000 per year.":                                                      "",
		"| Milestone | Payment |\n|---|---|\n| Design accepted | $10,000 |\n| Go-live | $30,000 |":                "",
		"| Contract year | Monthly fee |\n|---|---|\n| Year 1 | $10,000 |\n| Year 2 | $10,500 |":                  "",
		"| Units in a year | Price per unit |\n|---|---|\n| 1 to 499 | $212.00 |\n| 500 and more | $198.50 |":     "",
		"| Cover | Limit per occurrence |\n|---|---|\n| General liability | $1,000,000 |\n| Cyber | $2,000,000 |": "",
	} {
		if got := pricesIn(t, text); got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
}
