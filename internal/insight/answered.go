package insight

import (
	"context"
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// answered lists what people said of duties that no system reports on: whether they were done. Answers that others replaced stay.
func (v *View) answered(ctx context.Context, con pact.Contract) ([]Moment, error) {
	r := v.Store.Reads()
	duties, err := r.Obligations.All(ctx, store.Where(store.Eq("contract_id", con.ID), store.In("kind", obligation.SelfReported())))
	if err != nil || len(duties) == 0 {
		return nil, err
	}
	out, err := v.started(ctx, con, duties)
	if err != nil {
		return nil, err
	}
	said, err := store.Answers(ctx, r.Events, con.FamilyID)
	if err != nil || len(said) == 0 {
		return out, err
	}
	titles, about := map[pact.ObligationID]string{}, map[pact.OccurrenceID]pact.Occurrence{}
	ids := make([]string, 0, len(duties))
	for _, o := range duties {
		titles[o.ID] = o.Title
		ids = append(ids, string(o.ID))
	}
	named := make([]string, 0, len(said))
	for _, e := range said {
		named = append(named, string(obligation.AnsweredOccurrence(e)))
	}
	occs, err := r.Occurrences.All(ctx, store.Where(store.In("id", named), store.In("obligation_id", ids)))
	if err != nil {
		return nil, err
	}
	for _, occ := range occs {
		about[occ.ID] = occ
	}
	for _, e := range said {
		occ, known := about[obligation.AnsweredOccurrence(e)]
		if !known {
			continue
		}
		title := fmt.Sprintf("%s (%s): %s", titles[occ.ObligationID], occ.Key, answerOf(e))
		out = append(out, Moment{At: e.ReceivedAt, Kind: "answer", Title: title, Detail: strings.TrimSpace(e.MatchedBy + ". " + e.Data.Reason), ID: string(e.ID)})
	}
	return out, nil
}

// started lists what people said of what started duties.
func (v *View) started(ctx context.Context, con pact.Contract, duties []pact.Obligation) ([]Moment, error) {
	r := v.Store.Reads()
	said, err := store.StatedTriggers(ctx, r.Events, con.FamilyID)
	if err != nil || len(said) == 0 {
		return nil, err
	}
	reporting := store.NewReporting(r.Contracts, r.Events, con)
	var out []Moment
	for _, o := range duties {
		mine, err := reporting.Triggers(ctx, said, o.Key)
		if err != nil {
			return nil, err
		}
		for _, e := range mine {
			what := "started on " + string(e.Data.Date)
			if e.Kind == "correction" {
				what = "what started it was taken back"
			}
			out = append(out, Moment{At: e.ReceivedAt, Kind: "answer", Title: fmt.Sprintf("%s (%s): %s", o.Title, e.Subject, what), Detail: strings.TrimSpace(e.MatchedBy + ". " + e.Data.Reason), ID: string(e.ID)})
		}
	}
	return out, nil
}

func answerOf(e pact.Event) string {
	switch {
	case e.Kind == "correction":
		return "an answer was taken back"
	case e.Data.State == obligation.NotYetDone:
		return "not done yet"
	case e.Data.State == obligation.NotDone:
		return "not done"
	}
	return "done on " + string(e.Data.Date)
}
