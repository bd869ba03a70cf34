package grammar_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/pact"
)

const (
	withoutDay  = "SERVICES AGREEMENT\n\nThis Services Agreement is made between Alpha Robotics, Inc. (\"Customer\") and Beta Hosting LLC (\"Supplier\").\n\n"
	signedLater = "\n\nSIGNED by the parties\n\nAlpha Robotics, Inc.\nBy: John Doe\nDate: 10 March 2026\n\nBeta Hosting LLC\nBy: Jane Roe\nDate: 17 March 2026\n"
)

// onFirst is a contract that states its first day and its length.
const onFirst = madeBetween + "2. Term. This Agreement commences on 1 February 2026 and continues for three (3) years.\n"

// Days that a contract gives by another one, worked by hand: the last hand signs on 17 March 2026.
func TestDaysThatAContractGivesByAnotherOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ words, start, end string }{
		{withoutDay + "2. Term. This Agreement takes effect on the first day of the month following the date of the last signature and continues for two years." + signedLater, "2026-04-01", "2028-03-31"},
		{withoutDay + "2. Term. This Agreement shall commence on the first day of the calendar month following the date of last signature below and shall remain in force for an initial term of three (3) years." + signedLater, "2026-04-01", "2029-03-31"},
		{withoutDay + "2. Term. This Agreement commences on the day after the date of the last signature and continues for one year." + signedLater, "2026-03-18", "2027-03-17"},
		{madeBetween + "2. Term. This Agreement takes effect on the first day of the month following the date of this Agreement and continues for one year.\n", "2026-04-01", "2027-03-31"},
		{madeBetween + "2. Term. This Agreement takes effect on 1 May 2026 (the \"Effective Date\") and remains in force until 31 December of the year in which the third anniversary of the Effective Date falls.\n", "2026-05-01", "2029-12-31"},
		{madeBetween + "2. Term. This Agreement takes effect on 1 May 2026 and runs until 31 December of the following year.\n", "2026-05-01", "2027-12-31"},
		{madeBetween + "2. Term. This Agreement takes effect on 15 May 2026 and continues until the end of the month in which the second anniversary of the Effective Date falls.\n", "2026-05-15", "2028-05-31"},
		{madeBetween + "2. Term. This Agreement takes effect on 1 May 2026 and runs until 31 December of the year in which it is signed.\n", "2026-05-01", "2026-12-31"},
		// the first day and the end of something else leave those of the contract as they are
		{onFirst + "\n3. The Services begin on the first day of the month following the date of the last signature.\n" + signedLater, "2026-02-01", "2029-01-31"},
		{onFirst + "\n3. The \"Billing Commencement Date\" is the first day of the month following the date of this Agreement.\n", "2026-02-01", "2029-01-31"},
		{onFirst + "\n3. Billing under this Agreement begins on the first day of the month following the date of this Agreement.\n", "2026-02-01", "2029-01-31"},
		{madeBetween + "2. The \"Billing Commencement Date\" is the first day of the month following the date of this Agreement.\n", "", ""},
		{onFirst + "\n3. The confidentiality obligations of this Agreement continue until the end of the year in which the third anniversary of the Effective Date falls.\n", "2026-02-01", "2029-01-31"},
		{onFirst + "\n3. The Supplier shall keep its prices valid until the end of the following year.\n", "2026-02-01", "2029-01-31"},
		{onFirst + "\n3. The rates of this Agreement remain in force until 31 December of the following year.\n", "2026-02-01", "2029-01-31"},
		{onFirst + "\n3. The Supplier shall retain the records of this Agreement until the end of the year in which the sixth anniversary of the Effective Date falls.\n", "2026-02-01", "2029-01-31"},
		// the years of account of the contract, and those of something else
		{madeBetween + "2. Term. This Agreement is effective as of 1 July 2026 and continues until the end of Supplier's fiscal year ending 30 June 2028.\n", "2026-07-01", "2028-06-30"},
		{madeBetween + "2. Reports. Supplier shall report its sales for its fiscal year ending 30 June 2028 within ten days.\n", "", ""},
		// a fee or a shift that begins then does not begin the contract
		{madeBetween + "2. Fees. The new fees apply from the first day of the month following the date of this Agreement.\n", "", ""},
	} {
		d := fileOf(t, c.words)
		read, err := (&extract.Pipeline{Extractors: []extract.Extractor{grammar.New()}}).Read(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"effective_date": c.start, "expiration_date": c.end} {
			x, got := named(read.Candidates, name), ""
			if x != nil && x.Value != nil {
				got = x.Value.String()
			}
			if got != want {
				t.Errorf("%s\n  %s is %q, want %q", c.words, name, got, want)
			}
			if want != "" && got == want && x.Verification != pact.Verified {
				t.Errorf("%s\n  %s is %s: it does not follow from its quotes", c.words, name, x.Verification)
			}
		}
	}
}
