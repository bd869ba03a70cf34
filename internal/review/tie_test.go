package review_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// A restatement, a waiver and an amendment by a recital belong to the contract that they name.
func TestWhatChangesAnotherContractIsTiedToIt(t *testing.T) {
	t.Parallel()
	const parties = `between Halden Systems, Inc. ("Supplier") and Borealis Foods LLC ("Customer")`
	for _, text := range []string{
		"AMENDED AND RESTATED MASTER SERVICES AGREEMENT\n\nThis Amended and Restated Master Services Agreement is made on October 1, 2026 " + parties + ", and amends and restates in its entirety the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.\n\n1. Payment\nCustomer shall pay each invoice net 45 from the invoice date.\n",
		"WAIVER LETTER\n\nThis waiver is made on November 1, 2026 " + parties + " and amends the Master Services Agreement, Contract No. MSA-1. Customer waives Section 2 of the Agreement for the months of November and December 2026.\n",
		"AMENDMENT NO. 2\n\nThe parties entered into a Master Services Agreement on March 1, 2025 (the \"MSA\"). This Amendment No. 2 is made on October 1, 2026 " + parties + ".\n\n1. Section 2 of the MSA is deleted.\n",
	} {
		t.Run(text[:20], func(t *testing.T) {
			t.Parallel()
			h := apitest.Build(t, apitest.Options{})
			var head, con pact.Contract
			acceptAll(t, h, written(t, h, &head, services))
			rev := written(t, h, &con, text)
			if c := candidate(t, h, rev, "belongs_to"); c.Value == nil || c.Value.Contract == nil || c.Value.Contract.ContractID != head.ID || c.Value.Contract.Relation != "amendment" || len(c.Ambiguities) > 0 {
				t.Errorf("it is proposed to belong to %+v", c.Value)
			}
			acceptAll(t, h, rev)
			if now := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID)); now.ParentID != head.ID || now.Number == "MSA-1" {
				t.Errorf("it is tied to %q, under the number %q", now.ParentID, now.Number)
			}
		})
	}
}

// What changes another contract and does not say which is not finished before a person said it.
func TestAChangeOfNoContractIsAsked(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	var con pact.Contract
	rev := written(t, h, &con, "WAIVER LETTER\n\nNovember 1, 2026\n\nHalden Systems, Inc. waives Section 2 of the Agreement for the months of November and December 2026.\n")
	c := candidate(t, h, rev, "belongs_to")
	if c.State != pact.CandidateOpen || len(c.Ambiguities) != 1 || c.Ambiguities[0].Code != "no_contract" {
		t.Fatalf("%+v", c)
	}
	if err := accept(storetest.As(t, pact.Reviewer, "north"), t, h, rev, "belongs_to", review.Choice{Kind: "accept"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("accepting it gives %v", err)
	}
}

// A second contract of a number is not filed without a word.
func TestASecondContractOfANumberIsShown(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	for i, number := range []string{"MSA-2025-001", "MSA-2025-001", "MSA-2025-002"} {
		var con pact.Contract
		rev := written(t, h, &con, fmt.Sprintf("MASTER SERVICES AGREEMENT\n\nContract No. %s\n\nThis Master Services Agreement is made on March 1, 2025 by and between Halden Systems, Inc. (\"Supplier\") and Borealis Foods LLC (\"Customer\").\n", number))
		if c := candidate(t, h, rev, "contract_number"); c.Value == nil || slices.Contains(c.Reasons, "same_number") != (i == 1) {
			t.Errorf("contract %d: %v %q", i+1, c.Value, c.Reasons)
		}
		acceptAll(t, h, rev)
	} // An amendment that repeats the number is asked to which of the two it belongs, and not about the number, which it does not take.
	var con pact.Contract
	rev := read(t, h, &con, nil, append(sure(), term("contract_number", pact.Text("MSA-2025-001"), "0.99"), amends(pact.ContractRef{Number: "MSA-2025-001"}))...)
	if c := candidate(t, h, rev, "contract_number"); slices.Contains(c.Reasons, "same_number") {
		t.Errorf("the amendment: %q", c.Reasons)
	}
	if c := candidate(t, h, rev, "belongs_to"); len(c.Ambiguities) != 1 || c.Ambiguities[0].Code != "several_contracts" {
		t.Errorf("the amendment belongs to %+v", c)
	}
}
