package review_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

const (
	insuredServices = services + "\n5. Insurance\nSupplier shall maintain commercial general liability insurance with a limit of USD 1,000,000 per occurrence.\n"
	addingCover     = `AMENDMENT NO. 1

This Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. ("Supplier") and Borealis Foods LLC ("Customer") and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.

1. Cyber cover
Insert after Section 5 the following new Section 5A:
"5A. Supplier shall also maintain cyber liability insurance with a limit of USD 2,000,000 per claim."
`
	addingCoverBelow = `AMENDMENT NO. 1

This Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. ("Supplier") and Borealis Foods LLC ("Customer") and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.

1. Cyber cover
Insert after Section 5 the following new Section 5A:
(a) Supplier shall also maintain cyber liability insurance with a limit of USD 2,000,000 per claim.
`
	exchangingCover = `AMENDMENT NO. 1

This Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. ("Supplier") and Borealis Foods LLC ("Customer") and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.

1. Cover
Section 5 of the Agreement is deleted and replaced with the following:
"Supplier shall maintain cyber liability insurance with a limit of USD 2,000,000 per claim."
`
)

// A second insurance beside the first is asked about, and took its place without a word.
func TestAnObligationOfAnInsertedClauseIsAnotherOneOrTheSame(t *testing.T) {
	t.Parallel()
	const read = "certificate/insurance"
	for name, c := range map[string]struct {
		text   string
		choice review.Choice
		asked  bool
		want   map[string]string // what is in force of each key in the year after
	}{
		"another":   {addingCover, review.Choice{Kind: "accept", Another: true}, true, map[string]string{read: "general_liability", read + "-5a": "cyber"}},
		"in a part": {addingCoverBelow, review.Choice{Kind: "accept", Another: true}, true, map[string]string{read: "general_liability", read + "-5a": "cyber"}},
		"same":      {addingCover, review.Choice{Kind: "accept", SameAs: read}, true, map[string]string{read: "cyber", read + "-5a": ""}},
		"instead":   {exchangingCover, review.Choice{Kind: "accept"}, false, map[string]string{read: "cyber", read + "-5a": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := apitest.Build(t, apitest.Options{})
			ctx := storetest.As(t, pact.Reviewer, "north")
			var head, con pact.Contract
			acceptAll(t, h, written(t, h, &head, insuredServices))
			con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
			rev := written(t, h, &con, c.text)
			duty := candidate(t, h, rev, read)
			all, err := h.Store.Reads().Candidates.All(ctx, store.Where(store.Eq("review_id", rev.ID)).By("order"))
			if err != nil {
				t.Fatal(err)
			}
			tracked, err := h.Review.Tracked(ctx, rev, all)
			if err != nil {
				t.Fatal(err)
			}
			if list := tracked[duty.ID]; c.asked != (len(list) == 1 && list[0].Key == read && list[0].Why == "inserted") || c.asked != slices.Contains(duty.Reasons, "already_tracked") {
				t.Errorf("%s looks like %+v (%q)", duty.Obligation.Key, list, duty.Reasons)
			}
			if err := accept(ctx, t, h, rev, read, review.Choice{Kind: "accept"}); c.asked != fault.Is(err, fault.Invalid) {
				t.Errorf("accepted without a word on which it is: %v", err)
			}
			if c.asked {
				if err := accept(ctx, t, h, rev, read, c.choice); err != nil {
					t.Fatal(err)
				}
			}
			acceptAll(t, h, rev)
			line := family(t, h, head.ID)
			for key, kind := range c.want {
				got := ""
				if r := line.Obligation(key, "2026-06-01"); r.Winner != nil {
					got = string(r.Winner.Obligation.Params)
				}
				if kind == "" && got != "" || !strings.Contains(got, kind) {
					t.Errorf("%s has %q in force, want %q", key, got, kind)
				}
			}
		})
	}
}

// The order in which papers are read changes nothing, and what was said once is not asked again, also where a later amendment changes the
// inserted clause.
func TestWhatWasInsertedStaysAnotherOne(t *testing.T) {
	t.Parallel()
	const read = "certificate/insurance"
	h := apitest.Build(t, apitest.Options{})
	ctx := storetest.As(t, pact.Reviewer, "north")
	var head, con, next pact.Contract
	first := written(t, h, &head, insuredServices)
	con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
	rev := written(t, h, &con, addingCover)
	acceptAll(t, h, first) // after the amendment was read
	if err := accept(ctx, t, h, rev, read, review.Choice{Kind: "accept"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("accepted without a word on which it is: %v", err)
	}
	if err := accept(ctx, t, h, rev, read, review.Choice{Kind: "accept", Another: true}); err != nil {
		t.Fatal(err)
	}
	acceptAll(t, h, rev)

	again := filed(t, h, con, addingCover)
	if key := candidate(t, h, again, read).Obligation.Key; key != read+"-5a" {
		t.Errorf("read again as %s", key)
	}
	acceptAll(t, h, again)

	next.ParentID, next.FamilyID, next.Relation = head.ID, head.ID, "amendment"
	second := strings.NewReplacer("NO. 1", "NO. 2", "No. 1", "No. 2", "November 15, 2025", "January 15, 2026", "Section 5 of", "Section 5A of", "2,000,000", "3,000,000").Replace(exchangingCover)
	third := written(t, h, &next, second)
	if key := candidate(t, h, third, read).Obligation.Key; key != read+"-5a" {
		t.Errorf("the new words of 5A are read as %s", key)
	}
	acceptAll(t, h, third, "operation/1")
	line := family(t, h, head.ID)
	for key, want := range map[string]string{read: "general_liability", read + "-5a": "3000000"} {
		if r := line.Obligation(key, "2026-06-01"); r.Winner == nil || !strings.Contains(string(r.Winner.Obligation.Params), want) {
			t.Errorf("%s: %+v", key, r.Winner)
		}
	}
}
