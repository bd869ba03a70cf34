package grammar_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestTheResellersTableHasAllItsBandsAndTheSellerOwesTheDiscount(t *testing.T) {
	t.Parallel()
	list := sampleIn(t, "nordlicht-reseller-agreement.docx")
	c := named(list, "rebate")
	if c == nil {
		t.Fatal("no rebate is read")
	}
	var p obligation.TieredParams
	decode(t, c.Obligation.Params, &p)
	var rows []string
	for _, tier := range p.Tiers {
		row := tier.From.String() + "-"
		if tier.To != nil {
			row += tier.To.String()
		}
		rows = append(rows, row+" "+tier.Percent.String())
	}
	if got := strings.Join(rows, ", "); got != "0-150000 18, 150000-400000 24, 400000- 30" || p.Bounds != "lower_inclusive" {
		t.Errorf("the tiers are %s (%s)", got, p.Bounds)
	}
	if len(c.Ambiguities) > 0 {
		t.Errorf("asked: %+v", c.Ambiguities)
	}
	if o := c.Obligation; o.Bearer != "Halden Systems, Inc." || o.Beneficiary != "reseller" {
		t.Errorf("the rebate is owed by %q to %q", o.Bearer, o.Beneficiary)
	}
	if o := named(list, "minimum_commitment").Obligation; o.Bearer != "reseller" || o.Beneficiary != "Halden Systems, Inc." {
		t.Errorf("the minimum is owed by %q to %q", o.Bearer, o.Beneficiary)
	}
}

func TestADayThatTheTextStatesWinsOverComputedOnes(t *testing.T) {
	t.Parallel()
	list := sampleIn(t, "solvane-subscription-agreement-redline.docx")
	c := named(list, "expiration_date")
	if c == nil || c.Value == nil || c.Value.Date != "2027-02-28" || len(c.Rivals) > 0 || c.Derivation != nil || !strings.Contains(c.Evidence[0].Passage.Quote, "28 February 2027") {
		t.Fatalf("the contract ends: %+v", c)
	}
	const head = "SUBSCRIPTION AGREEMENT\n\nThis Subscription Agreement is made on 25 February 2026 between Halden Systems, Inc. (\"Halden\") and Solvane Ltd (\"Solvane\").\n\n\"Commencement Date\" means 1 March 2026.\n\n"
	list = textIn(t, head+"This Agreement starts on the Commencement Date and continues for an initial term of twelve (12) months, ending on 30 June 2027.\n")
	if c = named(list, "expiration_date"); c == nil || !slices.ContainsFunc(append(c.Rivals, *c), func(x pact.Candidate) bool { return x.Value != nil && x.Value.Date == "2027-06-30" }) {
		t.Errorf("a stated day that contradicts the term is not among the readings: %+v", c)
	}
}

func TestAnOpenInsertionOfTheRedlinedSampleIsAsked(t *testing.T) {
	t.Parallel()
	c := named(sampleIn(t, "solvane-subscription-agreement-redline.docx"), "price_escalator")
	if c == nil {
		t.Fatal("no escalator is read")
	}
	asked := map[string][]string{}
	for _, a := range c.Ambiguities {
		asked[a.Code] = a.Texts
	}
	if x := asked["tracked_change"]; len(x) != 2 || !strings.Contains(x[0], "cap 4 %") || !strings.Contains(x[1], "no cap") {
		t.Errorf("asked about the cap: %v", x)
	}
	for _, code := range []string{"base_price", "first_adjustment"} {
		if _, ok := asked[code]; !ok {
			t.Errorf("the text gives no %s, and it is not asked for", code)
		}
	}
}

func TestTheNumberOfTheAmendedContractIsNotTheAmendmentsOwn(t *testing.T) {
	t.Parallel()
	const body = "This Amendment No. 1 is made as of March 12, 2026 between Halden Systems, Inc. (\"Halden\") and Acme Corporation (the \"Customer\"), and amends the Master Subscription Agreement between them, Contract No. SA-2023-789, made on December 18, 2023.\n"
	for _, c := range []struct{ title, head, want string }{
		{"only the contract's", "AMENDMENT NO. 1 TO MASTER SUBSCRIPTION AGREEMENT\n\nContract No. SA-2023-789\n\n", ""},
		{"a line of its own", "AMENDMENT NO. 1 TO MASTER SUBSCRIPTION AGREEMENT\n\nAMD-2026-004\n\n", "AMD-2026-004"},
		{"the contract's, in a line of its own", "AMENDMENT NO. 1 TO MASTER SUBSCRIPTION AGREEMENT\n\nSA-2023-789\n\n", ""},
		{"called the amendment's", "AMENDMENT NO. 1 TO MASTER SUBSCRIPTION AGREEMENT\n\nAmendment Ref. SA-2023-789-A1\n\n", "SA-2023-789-A1"},
	} {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			list := textIn(t, c.head+body)
			got := ""
			if n := named(list, "contract_number"); n != nil {
				got = n.Value.Text
			}
			if got != c.want {
				t.Errorf("the number is %q, want %q", got, c.want)
			}
			if ref := named(list, "belongs_to"); ref == nil || ref.Value.Contract.Number != "SA-2023-789" {
				t.Errorf("it belongs to %+v", ref)
			}
		})
	}
}
