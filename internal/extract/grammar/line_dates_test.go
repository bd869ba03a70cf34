package grammar_test

import "testing"

// TestALineMayHoldSeveralDates takes no last day of a form for the day of the contract, wherever in its line it stands.
func TestALineMayHoldSeveralDates(t *testing.T) {
	t.Parallel()
	const text = "EQUIPMENT RENTAL AGREEMENT NO. R-5107\n" +
		"\n" +
		"Owner: Gray Fox Hoists, Inc. (a Wyoming corporation)\n" +
		"Renter: Plainview Solar Partners, LP\n" +
		"\n" +
		"Agreement Date: 06/15/2025     Rental Start: 07/01/2025     Rental End: 12/31/2025\n" +
		"\n" +
		"Rental Rate: $14,500 per week, or $52,000 per four-week period, whichever yields the lower total\n" +
		"Mobilization: $22,750 (one time)\n" +
		"Deposit: $50,000\n" +
		"\n" +
		"TERMS\n" +
		"A. PAYMENT. Renter shall pay Owner weekly in arrears, each payment due on the Friday following the week billed. A late fee of five percent (5%) of the amount due is charged if payment is more than ten (10) days late.\n" +
		"B. RENEWAL. If Renter keeps the Equipment past the Rental End, this Agreement continues on a week-to-week basis until either party gives seven (7) days' written notice.\n" +
		"C. INSURANCE. Renter shall furnish, before delivery, evidence of commercial general liability insurance ($2,000,000 combined single limit), and property insurance in the amount of the replacement value of $1,850,000, naming Owner as loss payee.\n" +
		"D. INSPECTION. Owner shall inspect the Equipment every 250 operating hours and at least monthly.\n" +
		"E. BREAKDOWN. Owner shall dispatch a technician within 6 hours of Renter's call and, if the Equipment cannot be returned to service within 48 hours, furnish a replacement. Rent abates for each full day the Equipment is out of service.\n" +
		"F. LAW. Wyoming law applies. Suit shall be brought only in Laramie County.\n" +
		"G. LIABILITY. Owner's liability is limited to rent received for the month in which the loss occurs, not to exceed $60,000.\n" +
		"\n" +
		"Signed June 17, 2025\n"
	if got := termIn(t, "agreement_date", text); got != "2025-06-15" {
		t.Errorf("the agreement is dated %q", got)
	}
}
