package review_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

const (
	hosted = `MASTER SERVICES AGREEMENT

Contract No. MSA-9

This Master Services Agreement is made on September 7, 2025 by and between Brightwater Logistics, Inc. ("Customer") and Sunder Cloud Works LLC ("Provider").

1. Term
The term of this Agreement begins on September 7, 2025 (the "Effective Date") and continues for two (2) years.

2. Fees
Customer shall pay Provider an annual fee of $120,000.00.

3. Service Levels

3.1 Provider shall make the Service available at least 99.9% of each calendar month.

3.2 If availability in a month falls below the target, Provider shall credit Customer as follows:

Availability | Credit
99.0% to below 99.9% | 5% of the monthly fee
98.0% to below 99.0% | 10% of the monthly fee
below 98.0% | 25% of the monthly fee
`
	amendingHosted = `AMENDMENT NO. 1

This Amendment No. 1 is made on January 15, 2027 by and between Brightwater Logistics, Inc. ("Customer") and Sunder Cloud Works LLC ("Provider"), and amends the Master Services Agreement, Contract No. MSA-9, dated September 7, 2025.

1. In Section 3.1 the figure "99.9%" is replaced with "99.95%".
`
)

// What the reviewer decided of a clause stays where its words stay, and what the changed clause leaves open is asked.
func TestAChangedClauseKeepsWhatWasDecidedAndAsksWhatIsOpen(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		ctx := storetest.As(t, pact.Reviewer, "north")
		type params struct {
			Zone   string `json:"zone"`
			Target string `json:"target"`
		}
		for _, answered := range []bool{true, false} {
			var head, con pact.Contract
			rev := written(t, h, &head, hosted)
			o := *candidate(t, h, rev, "availability/service").Obligation
			var said map[string]any
			if err := json.Unmarshal(o.Params, &said); err != nil {
				t.Fatal(err)
			}
			if answered {
				said["zone"] = "America/New_York"
			}
			o.Params, _ = json.Marshal(said)
			o.Title = "Keep the hosting up"
			if err := accept(ctx, t, h, rev, "availability/service", review.Choice{Kind: "correct", Obligation: &o, Reason: "as a test"}); err != nil {
				t.Fatal(err)
			}
			acceptAll(t, h, rev)
			con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
			rev = written(t, h, &con, amendingHosted)
			c := candidate(t, h, rev, "availability/service")
			var now params
			if err := json.Unmarshal(c.Obligation.Params, &now); err != nil {
				t.Fatal(err)
			}
			if now.Target != "99.95" || (now.Zone == "America/New_York") != answered {
				t.Errorf("it is proposed as %s", c.Obligation.Params)
			}
			var codes []string
			for _, q := range c.Ambiguities {
				codes = append(codes, q.Code)
			}
			if !slices.Contains(codes, "tier_gap") || slices.Contains(codes, "zone") == answered {
				t.Errorf("answered %v: it asks %q", answered, codes)
			}
			if err := accept(ctx, t, h, rev, "availability/service", review.Choice{Kind: "accept"}); !fault.Is(err, fault.Invalid) {
				t.Errorf("accepting it with its questions gives %v", err)
			}
		}
	})
}
