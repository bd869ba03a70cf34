package grammar_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/pact"
)

// agreementDate reads the agreement date of a contract, checked against its quotes.
func agreementDate(t *testing.T, text string) *pact.Candidate {
	t.Helper()
	list := checked(t, extracttest.Plain(text))
	for i := range list {
		if list[i].Name == "agreement_date" {
			return &list[i]
		}
	}
	return nil
}

func TestADateOfTwoReadingsIsDecidedByAnotherDateOrAsked(t *testing.T) {
	t.Parallel()
	const text = "SUPPLY AGREEMENT\n\nThis Agreement is made as of 04/05/2024 by and between Acme Tools, Inc. (\"Supplier\") and Borel LLC (\"Buyer\").\n\n"
	c := agreementDate(t, text+"The first delivery is due on 04/25/2024.")
	if c == nil || c.Value == nil || c.Value.Date != "2024-04-05" || c.Verification != pact.Verified {
		t.Errorf("month first: %+v", c)
	}
	c = agreementDate(t, text+"The first delivery is due on 25/04/2024.")
	if c == nil || c.Value == nil || c.Value.Date != "2024-05-04" || c.Verification != pact.Verified {
		t.Errorf("day first: %+v", c)
	}
	c = agreementDate(t, text+"The first delivery is due on 25/04/2024 and the second on 06/30/2024.")
	if c == nil || c.Value != nil || len(c.Ambiguities) == 0 {
		t.Errorf("both orders: %+v", c)
	}
}
