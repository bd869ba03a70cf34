package store

import (
	"context"
	"slices"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Answers are all answers to "did it happen?" in a family, in the order in which they were given: also those that others replaced or
// took back, and what took them back.
func Answers(ctx context.Context, events Reading[pact.Event], family pact.ContractID) ([]pact.Event, error) {
	said, err := events.All(ctx, Query{
		Where:  []Cond{Eq("contract_id", family), Eq("connection_id", ""), In("kind", []string{"done", "decision", "correction"})},
		Search: obligation.AnswerPrefix, // spares reading events that were brought in as files
		Order:  []string{"received_at"},
	})
	return slices.DeleteFunc(said, func(e pact.Event) bool { return obligation.AnsweredOccurrence(e) == "" }), err
}

// AnswersAbout are all answers about one occurrence.
func AnswersAbout(ctx context.Context, events Reading[pact.Event], family pact.ContractID, occ pact.OccurrenceID) ([]pact.Event, error) {
	said, err := Answers(ctx, events, family)
	return slices.DeleteFunc(said, func(e pact.Event) bool { return obligation.AnsweredOccurrence(e) != occ }), err
}

// Standing gives the answer that stands, by occurrence: what nothing replaced. Whatever replaces one is looked for among all events.
func Standing(ctx context.Context, events Reading[pact.Event], said []pact.Event) (map[pact.OccurrenceID]pact.Event, error) {
	stand, err := Stand(ctx, events, said)
	out := map[pact.OccurrenceID]pact.Event{}
	for _, e := range stand {
		out[obligation.AnsweredOccurrence(e)] = e
	}
	return out, err
}

// Stand leaves out statements that another one replaced, and those that only take one back. Whatever replaces one is looked for among all
// events.
func Stand(ctx context.Context, events Reading[pact.Event], said []pact.Event) ([]pact.Event, error) {
	if len(said) == 0 {
		return nil, nil
	}
	ids := make([]string, 0, len(said))
	for _, e := range said {
		ids = append(ids, string(e.ID))
	}
	gone := map[pact.EventID]bool{}
	after, err := events.All(ctx, Query{Where: []Cond{In("replaces", ids)}, Only: []string{"replaces"}})
	for _, e := range after {
		gone[e.Replaces] = true
	}
	return slices.DeleteFunc(slices.Clone(said), func(e pact.Event) bool { return e.Kind == "correction" || gone[e.ID] }), err
}

// latestReports is how many events of systems are looked at to tell whether one reports on a duty: one that does, did so lately.
const latestReports = 500

// Reports are the latest events of some kinds that systems reported under a contract, for obligation.Reported and
// obligation.TriggerReported.
func Reports(ctx context.Context, contracts Reading[pact.Contract], events Reading[pact.Event], con pact.Contract, kinds []string) ([]pact.Event, error) {
	page, err := events.List(ctx, Query{
		Where: []Cond{Eq("contract_id", con.FamilyID), Is("connection_id", "not_null", nil), In("kind", kinds)},
		Order: []string{"-occurred_at"}, Limit: latestReports,
	})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return under(ctx, contracts, con, page.Items)
}

// DoneBy is the event, other than somebody's answer, that says an occurrence was done, and that nothing replaced. It is looked for among
// the events themselves: the judgement that is kept may be behind them. by is the obligation that governs.
func DoneBy(ctx context.Context, contracts Reading[pact.Contract], events Reading[pact.Event], con pact.Contract, by pact.Obligation, occ pact.Occurrence) (*pact.Event, error) {
	said, err := events.All(ctx, Where(Eq("contract_id", con.FamilyID), In("kind", obligation.PerformanceKinds())).By("occurred_at"))
	if err != nil {
		return nil, err
	}
	said = slices.DeleteFunc(said, func(e pact.Event) bool {
		return obligation.AnsweredOccurrence(e) != "" || !obligation.Performs(e, by, occ)
	})
	if said, err = under(ctx, contracts, con, said); err != nil {
		return nil, err
	}
	for _, e := range said {
		if n, err := events.Count(ctx, Where(Eq("replaces", e.ID))); err != nil || n == 0 {
			return &e, err
		}
	}
	return nil, nil
}

// under leaves out events that name another contract of the family. An amendment is one with what it amends.
func under(ctx context.Context, contracts Reading[pact.Contract], con pact.Contract, events []pact.Event) ([]pact.Event, error) {
	family, err := contracts.All(ctx, Where(Eq("family_id", con.FamilyID)))
	if err != nil {
		return nil, err
	}
	byID := map[pact.ContractID]pact.Contract{}
	for _, c := range family {
		byID[c.ID] = c
	}
	head := func(c pact.Contract) pact.ContractID {
		for range family {
			above, known := byID[c.ParentID]
			if c.Relation != "amendment" || !known {
				break
			}
			c = above
		}
		return c.ID
	}
	mine, others := map[string]bool{}, map[string]bool{}
	for _, c := range family {
		names := others
		if head(c) == head(con) {
			names = mine
		}
		names[c.Number], names[string(c.ID)] = true, true
	}
	return slices.DeleteFunc(events, func(e pact.Event) bool {
		return e.Data.Contract != "" && others[e.Data.Contract] && !mine[e.Data.Contract]
	}), nil
}

// OccurrenceKeys are the keys of the latest occurrences of an obligation that triggers open, or milestones; none of one that comes again.
func OccurrenceKeys(ctx context.Context, occurrences Reading[pact.Occurrence], o pact.Obligation) ([]string, error) {
	if o.Kind == (obligation.RecurringDuty{}).Name() {
		return nil, nil
	}
	page, err := occurrences.List(ctx, Query{Where: []Cond{Eq("obligation_id", o.ID)}, Order: []string{"-updated_at"}, Limit: latestReports})
	keys := make([]string, 0, len(page.Items))
	for _, occ := range page.Items {
		keys = append(keys, occ.Key)
	}
	return keys, err
}
