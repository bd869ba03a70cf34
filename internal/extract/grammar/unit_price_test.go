package grammar_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
)

// pricesIn reads a text as its file would be read, and writes what it charges for one of each thing.
func pricesIn(t *testing.T, text string) string {
	t.Helper()
	list := checked(t, fileOf(t, supportHead+text+"\n"))
	var out []string
	for c, p := range obligationsOf[obligation.UnitPriceParams](t, list, "unit_price") {
		for _, row := range p.Prices {
			said := row.Item + " " + row.Price.String() + " " + row.Unit
			if row.From != "" || row.Until != "" {
				said += " " + string(row.From) + ".." + string(row.Until)
			}
			out = append(out, said)
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
		"| Role | Onshore rate per hour | Offshore rate per hour |\n|---|---|---|\n| Developer | $165 | $95 |\n| Tester | $120 | $70 |": "Developer, Onshore rate per hour 165.00 USD hour; Tester, Onshore rate per hour 120.00 USD hour; Developer, Offshore rate per hour 95.00 USD hour; Tester, Offshore rate per hour 70.00 USD hour",
		"Interpreting costs EUR 640 per day per interpreter, or EUR 380 per half day.":                                                  "Interpreting 640.00 EUR day",
		"The Supplier sells gadgets at $6.50 each and gizmos at $9.00 per dozen.":                                                       "gadgets 6.50 USD each; gizmos 9.00 USD dozen",
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

// Wrong money is worse than none: of a list the right column, in its own currency and for its own time, of a sentence the right unit.
func TestUnitPricesOfTheRightColumnUnitAndTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		// the column whose prices make the totals
		"| Product | Quantity | Price | Amount |\n|---|---|---|---|\n| Desk | 10 | $210.00 | $2,100.00 |\n| Chair | 25 | $80.00 | $2,000.00 |":                                                                  "Desk 210.00 USD ; Chair 80.00 USD ",
		"| Product | Quantity | List price (EUR) | Net price (EUR) | Term total (EUR) |\n|---|---|---|---|---|\n| Core seat | 50 | 40.00 | 34.00 | 40,800.00 |\n| Viewer seat | 20 | 10.00 | 8.50 | 4,080.00 |": "Core seat 34.00 EUR ; Viewer seat 8.50 EUR ",
		"| Product | Quantity | Price |\n|---|---|---|\n| Desk | 10 | $2,100.00 |\n| Chair | 25 | $2,000.00 |":                                                                                                  "",
		// a currency for each column
		"| Resin | EUR per kg | USD per kg |\n|---|---|---|\n| R-10 | 4.85 | 5.30 |\n| R-20 | 11.20 | 12.25 |":  "R-10 4.85 EUR kg; R-20 11.20 EUR kg; R-10 5.30 USD kg; R-20 12.25 USD kg",
		"| Item | Price (EUR / USD) |\n|---|---|\n| Resin A | €4.00 / $4.30 |\n| Resin B | €6.00 / $6.50 |":     "Resin A 4.00 EUR ; Resin A 4.30 USD ; Resin B 6.00 EUR ; Resin B 6.50 USD ",
		"Resin A - EUR 4.00 / USD 4.30 per piece.":                                                              "Resin A 4.00 EUR piece; Resin A 4.30 USD piece",
		"Schedule of rates\n\n| Service | Weekday | Weekend |\n|---|---|---|\n| Attendance | £65.00 | £97.50 |": "Attendance, Weekday 65.00 GBP ; Attendance, Weekend 97.50 GBP ",
		"Deliveries\n\n| Service | Weekday | Weekend |\n|---|---|---|\n| Attendance | £65.00 | £97.50 |":        "",
		// another kind of fee of the same thing
		"| Service | Setup fee | Monthly fee |\n|---|---|---|\n| Line | $500.00 | $95.00 |\n| Trunk | $100.00 | $18.50 |":              "Line, Setup fee 500.00 USD ; Trunk, Setup fee 100.00 USD ; Line 95.00 USD month; Trunk 18.50 USD month",
		"| Post | Hourly rate | Overtime rate |\n|---|---|---|\n| Guard | $24.00 | $36.00 |\n| Lead | $31.00 | $46.50 |":               "Guard 24.00 USD hour; Lead 31.00 USD hour; Guard, Overtime rate 36.00 USD ; Lead, Overtime rate 46.50 USD ",
		"| Language | Translation (EUR/word) | Revision (EUR/word) |\n|---|---|---|\n| DE-EN | 0.14 | 0.05 |\n| IT-EN | 0.12 | 0.04 |": "DE-EN, Translation 0.14 EUR word; IT-EN, Translation 0.12 EUR word; DE-EN, Revision 0.05 EUR word; IT-EN, Revision 0.04 EUR word",
		"The following rates apply per trip:\n\n| Lane | Rate |\n|---|---|\n| Lyon - Turin | €680.00 |\n| Lyon - Milan | €920.00 |":    "Lyon - Turin 680.00 EUR trip; Lyon - Milan 920.00 EUR trip",
		// years
		"| Item | Price 2027 | Price 2028 |\n|---|---|---|\n| Gadget | $4.00 | $4.20 |\n| Gizmo | $6.00 | $6.30 |":                                               "Gadget 4.00 USD  2027-01-01..2028-01-01; Gizmo 6.00 USD  2027-01-01..2028-01-01; Gadget 4.20 USD  2028-01-01..2029-01-01; Gizmo 6.30 USD  2028-01-01..2029-01-01",
		"| Item | Unit | Rate from 1 May 2027 |\n|---|---|---|\n| Sand | tonne | $24.00 |\n| Grit | tonne | $31.00 |":                                            "Sand 24.00 USD tonne 2027-05-01..; Grit 31.00 USD tonne 2027-05-01..",
		"| Article | Unit | From 1 May 2027 (EUR) | From 1 May 2028 (EUR) |\n|---|---|---|---|\n| Clip | piece | 1.84 | 1.91 |\n| Plate | piece | 7.20 | 7.45 |": "Clip 1.84 EUR piece 2027-05-01..2028-05-01; Plate 7.20 EUR piece 2027-05-01..2028-05-01; Clip 1.91 EUR piece 2028-05-01..; Plate 7.45 EUR piece 2028-05-01..",
		"Travel is charged at $0.50 per mile from 1 April 2027 to 31 March 2028 and $0.60 per mile thereafter.":                                                  "Travel 0.50 USD mile 2027-04-01..2028-04-01; Travel 0.60 USD mile 2028-04-01..",
		"From 1 January 2028 support is charged at $90.00 per hour.":                                                                                             "support 90.00 USD hour 2028-01-01..",
		"The hosting fee is $900.00 per month in 2027 and $950.00 per month in 2028.":                                                                            "hosting fee 900.00 USD month 2027-01-01..2028-01-01; hosting fee 950.00 USD month 2028-01-01..2029-01-01",
		"The hosting fee is $900.00 per month in the low season and $950.00 per month in the high season.":                                                       "",
		// a line for each year
		"| Year | Price per tonne |\n|---|---|\n| 2027 | £55.00 |\n| 2028 | £57.00 |":       "tonne 55.00 GBP tonne 2027-01-01..2028-01-01; tonne 57.00 GBP tonne 2028-01-01..2029-01-01",
		"| Contract year | Annual fee |\n|---|---|\n| 1 | $48,000.00 |\n| 2 | $50,400.00 |": "",
		// lines that say what they are
		"Item: Crushed stone 0/32\n\nRate: £14.50 per tonne\n\nItem: Sand\n\nUnit: tonne\n\nRate: £11.20": "Crushed stone 0/32 14.50 GBP tonne; Sand 11.20 GBP tonne",
		"Product: Northlake Core\n\nQuantity: 250 users\n\nPrice: $35.70 per user per month":              "Northlake Core 35.70 USD user per month",
		"Item: Desk\n\nThe Customer shall pay in advance.\n\nPrice: $400.00":                              "",
		// coins
		"| Tariff | p/kWh |\n|---|---|\n| Day | 24.60 |\n| Night | 16.10 |":                                 "Day 0.246 GBP kwh; Night 0.161 GBP kwh",
		"Day units are charged at 24.6p per kWh and night units at 16.1p per kWh.":                          "Day units 0.246 GBP kwh; night units 0.161 GBP kwh",
		"| Charge | Rate |\n|---|---|\n| Day units | 24.60p per kWh |\n| Standing charge | £1.42 per day |": "Day units 0.246 GBP kwh; Standing charge 1.42 GBP day",
		"The standing charge is 31.5 pence per day.":                                                        "standing charge 0.315 GBP day",
		// units
		"Base rent is $24.50 per square foot per annum.":                                                            "Base rent 24.50 USD square foot per year",
		"Parking spaces are available at $150.00 per space per month.":                                              "Parking spaces 150.00 USD space per month",
		"Fitters are charged at EUR 98.00 per hour, travel at EUR 0.70 per km and lodging at EUR 130.00 per night.": "Fitters 98.00 EUR hour; travel 0.70 EUR km; lodging 130.00 EUR night",
		"A stop charge of $12.00 per delivery applies on Sundays.":                                                  "stop charge 12.00 USD delivery",
		"Extra hours: £17.50 per hour (Monday to Friday), £24.00 per hour (weekends).":                              "Extra hours, Monday to Friday 17.50 GBP hour; Extra hours, weekends 24.00 GBP hour",
		"Call-outs at night are charged at $285.00 per hour (minimum two hours).":                                   "Call-outs at night 285.00 USD hour",
		"Calls are charged at $0.02 per minute in the United Kingdom and $0.06 per minute to Canada.":               "Calls, in the United Kingdom 0.02 USD minute; Calls, to Canada 0.06 USD minute",
		"Guards: $24.00 per hour. Vehicle - $90.00 per day. K-9 unit ............ $55.00 per hour.":                 "Guards 24.00 USD hour; Vehicle 90.00 USD day; K-9 unit 55.00 USD hour",
		"The Customer may buy samples from the Supplier at $4.00 per sample.":                                       "sample 4.00 USD sample",
		"Our day rate is £900.":              "day rate 900.00 GBP day",
		"The monthly gateway fee is $15.00.": "monthly gateway fee 15.00 USD month",
		"The Customer pays a hosting fee of $1,250.00 per month, plus $0.09 per GB of traffic exceeding 5 TB.": "hosting fee 1250.00 USD month; traffic exceeding 5 TB 0.09 USD gb",
		"Overdue sums bear interest of $20.00 per month; consultants are charged at $90.00 per hour.":          "consultants 90.00 USD hour",
		// no prices
		"The fee is $365.00 per pump and month for the first ten pumps and $310.00 for each further one.": "",
		"If the Customer cancels less than 60 days before the event, it shall pay $150.00 per room.":      "",
		"| Competitor | Price per unit |\n|---|---|\n| Acme | $4.00 |\n| Zenith | $5.00 |":                "",
		"| Asset | Monthly depreciation charge |\n|---|---|\n| Press | $100.00 |\n| Lathe | $200.00 |":    "",
	} {
		if got := pricesIn(t, text); got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
}

// Who sells is told by what the parties are called: who lends, grants a franchise or hires out what it owns is paid.
func TestTheSideThatIsPaid(t *testing.T) {
	t.Parallel()
	for roles, want := range map[[2]string]string{
		{"Lender", "Borrower"}:       "lender>borrower",
		{"Franchisor", "Franchisee"}: "franchisor>franchisee",
		{"Owner", "Hirer"}:           "owner>customer",
		{"Contractor", "Owner"}:      "supplier>customer",
		{"Licensor", "Licensee"}:     "licensor>licensee",
		{"Supplier", "Customer"}:     "supplier>customer",
	} {
		got := ""
		for _, c := range textIn(t, "SERVICES AGREEMENT\n\nThis Services Agreement is made on 3 May 2026 between Alder Works Ltd (the \""+roles[0]+"\") and Beta Foods Inc (the \""+roles[1]+"\").\n\n1. The administration fee is $500.00 per month.\n") {
			if c.Obligation != nil && c.Obligation.Kind == "unit_price" {
				got = c.Obligation.Bearer + ">" + c.Obligation.Beneficiary
			}
		}
		if got != want {
			t.Errorf("%v: got %q, want %q", roles, got, want)
		}
	}
}

// A line with several prices has no price that stands for all of them, and a total, a tax or a number is none.
func TestUnitPricesOfListsThatHaveSeveral(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		// heads that tell them apart, by what stands in brackets too
		"| Post | Rate (weekday) | Rate (weekend) |\n|---|---|---|\n| Guard | $24.00 | $36.00 |": "Guard, Rate (weekday) 24.00 USD ; Guard, Rate (weekend) 36.00 USD ",
		// and heads that do not: which one governs is asked
		"| Post | Rate per hour | Rate per hour |\n|---|---|---|\n| Guard | $24.00 | $36.00 |": "Guard 24.00 USD hour; Guard 36.00 USD hour",
		// what is a number times the price
		"| Item | Hours | Rate | Cost |\n|---|---|---|---|\n| Consultant | 100 | $185.00 | $18,500.00 |":                                     "Consultant 185.00 USD ",
		"| Item | Days | Rate (£) | Fee (£) |\n|---|---|---|---|\n| Design | 1 | 640.00 | 640.00 |\n| Review | 2.5 | 700.00 | 1,750.00 |":    "Design 640.00 GBP ; Review 700.00 GBP ",
		"| Goods | Tonnes | Price | Charge |\n|---|---|---|---|\n| Sand | 12.345 | $24.30 | $299.98 |\n| Grit | 20 | $31.00 | $620.00 |":     "Sand 24.30 USD ; Grit 31.00 USD ",
		"| Plant | Fewest days | Day (£) | Week (£) |\n|---|---|---|---|\n| Dumper | 3 | 120 | 360 |\n| Roller | 3 | 80 | 240 |":             "Dumper 120.00 GBP day; Roller 80.00 GBP day; Dumper 360.00 GBP week; Roller 240.00 GBP week",
		"| Post | Guards | Weekday rate | Weekend rate |\n|---|---|---|---|\n| Gate | 1 | $24.00 | $24.00 |\n| Yard | 1 | $26.00 | $26.00 |": "Gate, Weekday rate 24.00 USD ; Yard, Weekday rate 26.00 USD ; Gate, Weekend rate 24.00 USD ; Yard, Weekend rate 26.00 USD ",
		// numbers that are no quantities
		"| No. | Role | Onshore rate per hour | Offshore rate per hour |\n|---|---|---|---|\n| 1 | Developer | $165.00 | $95.00 |": "Developer, Onshore rate per hour 165.00 USD hour; Developer, Offshore rate per hour 95.00 USD hour",
		"| Item No. | Role | Onshore rate | Offshore rate |\n|---|---|---|---|\n| 10 | Developer | $165.00 | $95.00 |":             "Developer, Onshore rate 165.00 USD ; Developer, Offshore rate 95.00 USD ",
		"| Part number | Weekday price | Weekend price |\n|---|---|---|\n| KR-17 | $11.00 | $14.00 |":                              "KR-17, Weekday price 11.00 USD ; KR-17, Weekend price 14.00 USD ",
		"| Desk | No. | Price | Cost |\n|---|---|---|---|\n| Oak | 10 | $210.00 | $2,000.00 |":                                     "Oak 210.00 USD ",
		// the same thing in several lines
		"| Role | Site | Rate per hour |\n|---|---|---|\n| Consultant | London | $185.00 |\n| Consultant | Leeds | $150.00 |\n| Consultant | York | $140.00 |\n| Fitter | York | $90.00 |": "Consultant, London 185.00 USD hour; Consultant, Leeds 150.00 USD hour; Consultant, York 140.00 USD hour; Fitter 90.00 USD hour",
		"| Role | Site | Shift | Rate per hour |\n|---|---|---|---|\n| Guard | Leeds | Day | $24.00 |\n| Guard | Leeds | Late | $30.00 |\n| Guard | York | Day | $22.00 |":                 "Guard, Leeds, Day 24.00 USD hour; Guard, Leeds, Late 30.00 USD hour; Guard, York, Day 22.00 USD hour",
		"| Role | Site | Rate per hour |\n|---|---|---|\n| Fitter | York | $90.00 |\n| Fitter | York | $90.00 |":                                                                           "Fitter 90.00 USD hour",
		"| Role | Site | Rate per hour |\n|---|---|---|\n| Fitter | York | $90.00 |\n| Fitter | York | $95.00 |":                                                                           "Fitter 90.00 USD hour; Fitter 95.00 USD hour",
		"| Role | Site | Rate per hour |\n|---|---|---|\n| Fitter | York | $90.00 |\n| Fitter | Leeds | $95.00 |\n| Fitter | York | $90.00 |":                                              "Fitter, York 90.00 USD hour; Fitter, Leeds 95.00 USD hour",
		"| Machine | Unit | Site | Rate |\n|---|---|---|---|\n| Dumper | day | York | $120.00 |\n| Dumper | week | Leeds | $360.00 |":                                                      "Dumper 120.00 USD day; Dumper 360.00 USD week",
		// the price of the item, beside those of what goes with it
		"| Item | Price | Delivery charge |\n|---|---|---|\n| Desk | $400.00 | $35.00 |":                                            "Desk 400.00 USD ; Desk, Delivery charge 35.00 USD ",
		"| Item | Unit | Price | Loss charge |\n|---|---|---|---|\n| Towel | piece | $0.62 | $6.50 |":                               "Towel 0.62 USD piece; Towel, Loss charge 6.50 USD piece",
		"| Service | NRC | MRC |\n|---|---|---|\n| Trunk | $500.00 | $18.50 |":                                                      "Trunk, NRC 500.00 USD ; Trunk 18.50 USD month",
		"| Product | Qty | Unit price | Discount | Net unit price |\n|---|---|---|---|---|\n| Core | 100 | €50.00 | 10% | €45.00 |": "Core 45.00 EUR ",
		"| Item | Hours | Cost |\n|---|---|---|\n| Design | 40 | $6,000.00 |\n| Build | 120 | $15,600.00 |":                         "",
		// taxes
		"| Item | Net price | VAT 20% | Gross price |\n|---|---|---|---|\n| Desk | £400.00 | £80.00 | £480.00 |\n| Chair | £5.00 | £1.00 | £6.00 |": "Desk 400.00 GBP ; Chair 5.00 GBP ",
		"| Item | Price (excl. VAT) | Price (incl. VAT) |\n|---|---|---|\n| Widget | $40.00 | $48.00 |":                                             "Widget 40.00 USD ",
		"| Item | Price inc VAT | Price |\n|---|---|---|\n| Widget | $48.00 | $40.00 |":                                                             "Widget 40.00 USD ",
		"| Item | Price (incl. VAT) |\n|---|---|\n| Widget | $48.00 |":                                                                              "Widget 48.00 USD ",
		"| Item | Net price excl. VAT | Gross price incl. VAT |\n|---|---|---|\n| Widget | $40.00 | $48.00 |":                                       "Widget 40.00 USD ",
		"| Item | Setup fee (excl. VAT) | Monthly fee (incl. VAT) |\n|---|---|---|\n| Line | $10.00 | $12.00 |":                                     "Line, Setup fee 10.00 USD ; Line 12.00 USD month",
		"| Item | Price | VAT charge |\n|---|---|---|\n| Widget | $40.00 | $8.00 |":                                                                 "Widget 40.00 USD ",
		"| Client | Tax return fee | Bookkeeping fee |\n|---|---|---|\n| Shop | $400.00 | $80.00 |":                                                 "Shop, Tax return fee 400.00 USD ; Shop, Bookkeeping fee 80.00 USD ",
	} {
		if got := pricesIn(t, text); got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
}
