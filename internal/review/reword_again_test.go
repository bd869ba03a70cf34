package review_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// An amendment of an amendment: the words that the second one changes stand in the first one, which replaced or inserted the clause.
func TestAnAmendmentChangesWordsThatAnEarlierOnePutThere(t *testing.T) {
	t.Parallel()
	const head = "AMENDMENT NO. 1\n\nThis Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. (\"Supplier\") and Borealis Foods LLC (\"Customer\") and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.\n\n1. Change\n"
	numbered := func(n, day, text string) string {
		return strings.NewReplacer("NO. 1", "NO. "+n, "No. 1", "No. "+n, "November 15, 2025", day).Replace(head) + text
	}
	const replaced = "Section 2 of the Agreement is deleted in its entirety and replaced with the following:\n\"2. Payment. Customer shall pay each invoice within forty-five (45) days of the invoice date.\"\n"
	for name, c := range map[string]struct {
		early bool // the second amendment is read before the first one is published
		want  map[calendar.Date]string
	}{
		"in order":        {false, map[calendar.Date]string{"2025-12-01": "net 45", "2026-03-01": "net 60", "2026-08-01": "net 75"}},
		"read beforehand": {true, map[calendar.Date]string{"2025-12-01": "net 45", "2026-03-01": "net 60", "2026-08-01": "net 75"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := apitest.Build(t, apitest.Options{})
			h.Work(t)
			var master, first, second, third pact.Contract
			acceptAll(t, h, written(t, h, &master, services))
			for _, con := range []*pact.Contract{&first, &second, &third} {
				con.ParentID, con.FamilyID, con.Relation = master.ID, master.ID, "amendment"
			}
			second2 := numbered("2", "January 15, 2026", "In Section 2 (as amended by Amendment No. 1), \"forty-five (45) days\" is replaced by \"sixty (60) days\".\n")
			var rev pact.Review
			if c.early {
				rev = written(t, h, &second, second2)
			}
			acceptAll(t, h, written(t, h, &first, head+replaced))
			h.Settle(t)
			if !c.early {
				rev = written(t, h, &second, second2)
			}
			if op := candidate(t, h, rev, "operation/1"); len(op.Ambiguities) != 0 || !op.Value.Operation.Settled {
				t.Fatalf("%s %+v", op.Value, op.Ambiguities)
			}
			acceptAll(t, h, rev)
			acceptAll(t, h, written(t, h, &third, numbered("3", "July 15, 2026", "In Section 2, \"sixty (60) days\" is replaced by \"seventy-five (75) days\".\n")))
			line := family(t, h, master.ID)
			for on, want := range c.want {
				if got := inForce(line, "payment_terms", on); got != want {
					t.Errorf("on %s %s, want %s", on, got, want)
				}
				if r := line.Obligation("payment/invoices", on); r.Winner == nil || !strings.Contains(string(r.Winner.Obligation.Params), strings.TrimPrefix(want, "net ")) {
					t.Errorf("on %s the obligation is %+v", on, r.Winner)
				}
			}
		})
	}
}

// The limit of an insurance that an amendment inserted is raised by the next one, and the first insurance stays.
func TestAnAmendmentChangesAValueOfAnInsertedClause(t *testing.T) {
	t.Parallel()
	const read = "certificate/insurance"
	h := apitest.Build(t, apitest.Options{})
	ctx := storetest.As(t, pact.Reviewer, "north")
	var head, con, next pact.Contract
	acceptAll(t, h, written(t, h, &head, insuredServices))
	con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
	next = con
	rev := written(t, h, &con, addingCover)
	if err := accept(ctx, t, h, rev, read, review.Choice{Kind: "accept", Another: true}); err != nil {
		t.Fatal(err)
	}
	acceptAll(t, h, rev)
	raising := strings.NewReplacer("NO. 1", "NO. 2", "No. 1", "No. 2", "November 15, 2025", "January 15, 2026").Replace(addingCover[:strings.Index(addingCover, "1. Cyber")]) +
		"1. Cyber cover\nSection 5A of the Agreement is amended so that the limit of the cyber liability insurance is USD 9,000,000 per claim.\n"
	rev = written(t, h, &next, raising)
	acceptAll(t, h, rev)
	line := family(t, h, head.ID)
	for key, want := range map[string]string{read: "1000000", read + "-5a": "9000000"} {
		if r := line.Obligation(key, "2026-06-01"); r.Winner == nil || !strings.Contains(string(r.Winner.Obligation.Params), want) {
			t.Errorf("%s: %+v", key, r.Winner)
		}
	}
	if got := inForce(line, "insurance_limits", "2026-06-01"); !strings.Contains(got, "1,000,000") || !strings.Contains(got, "9,000,000") || strings.Contains(got, "2,000,000") {
		t.Errorf("in force: %s", got)
	}
	all, err := h.Store.Reads().Candidates.All(ctx, store.Where(store.Eq("review_id", rev.ID)))
	if err != nil || slices.ContainsFunc(all, func(c pact.Candidate) bool { return len(c.Ambiguities) > 0 }) {
		t.Errorf("asked, %v", err)
	}
}
