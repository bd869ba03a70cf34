package store

import (
	"context"
	"slices"
	"strings"

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

// Reporting is what systems report under one contract, for many obligations: each question is read once, and the family once. It keeps
// what it read, so it is made for one page or one decision.
type Reporting struct {
	contracts Reading[pact.Contract]
	events    Reading[pact.Event]
	con       pact.Contract
	family    []pact.Contract
	read      map[string][]pact.Event
}

// NewReporting makes one. An amendment is one with what it amends.
func NewReporting(contracts Reading[pact.Contract], events Reading[pact.Event], con pact.Contract) *Reporting {
	return &Reporting{contracts: contracts, events: events, con: con, read: map[string][]pact.Event{}}
}

// Reports are the latest events of some kinds that systems reported under the contract, for obligation.Reported and
// obligation.TriggerReported. The caller keeps them as they are.
func (r *Reporting) Reports(ctx context.Context, kinds []string) ([]pact.Event, error) {
	key := strings.Join(kinds, ",")
	if found, known := r.read[key]; known {
		return found, nil
	}
	page, err := r.events.List(ctx, Query{
		Where: []Cond{Eq("contract_id", r.con.FamilyID), Is("connection_id", "not_null", nil), In("kind", kinds)},
		Order: []string{"-occurred_at"}, Limit: latestReports,
	})
	if err != nil {
		return nil, err
	}
	if r.read[key], err = r.under(ctx, page.Items); err != nil {
		return nil, err
	}
	return r.read[key], nil
}

// Triggers are the statements about one obligation of the contract, by its key, among those of the family.
func (r *Reporting) Triggers(ctx context.Context, said []pact.Event, key string) ([]pact.Event, error) {
	return r.under(ctx, slices.DeleteFunc(slices.Clone(said), func(e pact.Event) bool { return e.Data.Reference != key }))
}

func (r *Reporting) under(ctx context.Context, events []pact.Event) ([]pact.Event, error) {
	if len(events) == 0 {
		return nil, nil
	}
	if r.family == nil {
		var err error
		if r.family, err = r.contracts.All(ctx, Where(Eq("family_id", r.con.FamilyID))); err != nil {
			return nil, err
		}
	}
	return under(r.family, r.con, events), nil
}

// Reports are those of a Reporting that is asked once.
func Reports(ctx context.Context, contracts Reading[pact.Contract], events Reading[pact.Event], con pact.Contract, kinds []string) ([]pact.Event, error) {
	return NewReporting(contracts, events, con).Reports(ctx, kinds)
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
	if said, err = NewReporting(contracts, events, con).under(ctx, said); err != nil {
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
func under(family []pact.Contract, con pact.Contract, events []pact.Event) []pact.Event {
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
	})
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
