package grammar_test

import "testing"

// What a sentence says beside the price decides whether it is one: who pays, since when, and for what.
func TestPricesOfSentencesThatSpeakOfOtherThingsToo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Gadgets cost $6.50 each and gizmos cost $9.00 each.":                                                    "Gadgets 6.50 USD each; gizmos 9.00 USD each",
		"The Customer shall pay in advance $4.50 per transcript.":                                                "transcript 4.50 USD transcript",
		"The Customer shall pay $75.00 for each missing pallet.":                                                 "",
		"On early termination the Customer shall pay $2,000 for each remaining month.":                           "",
		"Services that were not foreseen are charged at $185.00 per hour.":                                       "Services that were not foreseen 185.00 USD hour",
		"The price used to be $90.00 per seat.":                                                                  "",
		"Until 2025 the price had been $90.00 per seat.":                                                         "",
		"Small order surcharge: USD 75 for each order below USD 1,000.":                                          "Small order surcharge 75.00 USD order",
		"Orders above USD 500 cost USD 12 per parcel and orders below USD 500 cost USD 15 per parcel.":           "",
		"The rates rise or fall by 0.3% for each full 1% change in the diesel price against EUR 1.45 per litre.": "",
		"The price was $90.00 per seat.":                                                                         "",
		"The Supplier pays its drivers $25.00 per hour.":                                                         "",
		"The Supplier shall pay all travel costs, and the Customer is charged $95.00 per hour of consulting.":    "consulting 95.00 USD hour",
	} {
		if got := pricesIn(t, text); got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
}
