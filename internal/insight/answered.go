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
	said, err := r.Events.All(ctx, store.Where(store.Eq("contract_id", con.FamilyID), store.Eq("connection_id", ""), store.In("kind", []string{"done", "decision", "correction"})).By("occurred_at"))
	if err != nil {
		return nil, err
	}
	var out []Moment
	for _, e := range said {
		if e.Data.ApprovedBy == "" || e.Data.Contract != con.Number && e.Data.Contract != string(con.ID) {
			continue
		}
		for _, o := range duties {
			key := e.Data.Reference
			if o.Kind == (obligation.ConditionalDuty{}).Name() {
				key = e.Subject
			}
			about := obligation.AnswerEvent(o, key, "")
			if e.Subject != about.Subject || e.Data.Reference != about.Data.Reference {
				continue
			}
			title := fmt.Sprintf("%s (%s): %s", o.Title, key, answerOf(e))
			out = append(out, Moment{At: e.ReceivedAt, Kind: "answer", Title: title, Detail: strings.TrimSpace(e.MatchedBy + ". " + e.Data.Reason), ID: string(e.ID)})
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
