package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// performed is what somebody answered of an occurrence: whether it was done.
type performed struct {
	OccurrenceID pact.OccurrenceID `json:"occurrence_id"`
	Event        pact.Event        `json:"event" doc:"done, or the decision that it was not (data.state: not_done, not_yet); data.approved_by is who said so. Another answer names it in corrects."`
}

// performances is what the page of a contract knows of who was asked whether a duty was done, read once for all its obligations.
type performances struct {
	reporting *store.Reporting // of systems
	reports   []pact.Event     // of systems, that a duty was done
	standing  map[pact.OccurrenceID]pact.Event
	triggers  []pact.Event // statements that stand of what started duties
}

func (s *Server) performedUnder(ctx context.Context, head pact.Contract, obs []pact.Obligation) (performances, error) {
	asked := func(o pact.Obligation) bool { return obligation.SelfReports(o) }
	if !slices.ContainsFunc(obs, asked) {
		return performances{}, nil
	}
	r := s.Store.Reads()
	reporting := store.NewReporting(r.Contracts, r.Events, head)
	reports, err := reporting.Reports(ctx, obligation.PerformanceKinds())
	if err != nil {
		return performances{}, err
	}
	said, err := store.Answers(ctx, r.Events, head.FamilyID)
	if err != nil {
		return performances{}, err
	}
	standing, err := store.Standing(ctx, r.Events, said)
	if err != nil {
		return performances{}, err
	}
	started, err := store.StatedTriggers(ctx, r.Events, head.FamilyID)
	if err != nil {
		return performances{}, err
	}
	started, err = store.Stand(ctx, r.Events, started)
	return performances{reporting: reporting, reports: reports, standing: standing, triggers: started}, err
}

// showTriggers adds who says what starts a conditional duty, and what was said.
func (p performances) showTriggers(ctx context.Context, view *obligationView) error {
	o := view.Obligation
	if o.Kind != (obligation.ConditionalDuty{}).Name() {
		return nil
	}
	reports, err := p.reporting.Reports(ctx, obligation.TriggerKinds(o))
	if err != nil {
		return err
	}
	view.TriggerAsked, view.TriggerTime = !obligation.TriggerReported(o, reports), obligation.TriggerOf(o).Instant
	view.Triggers, err = p.reporting.Triggers(ctx, p.triggers, o.Key)
	slices.Reverse(view.Triggers)
	return err
}

// show adds who is asked, and what they said. judged are the latest occurrences, also those that are not shown.
func (p performances) show(view *obligationView, judged []pact.Occurrence) {
	o := view.Obligation
	if !obligation.SelfReports(o) {
		return
	}
	keys := make([]string, 0, len(judged))
	for _, occ := range judged {
		keys = append(keys, occ.Key)
	}
	view.SelfReported, view.AskedTime = !obligation.Reported(o, keys, p.reports), obligation.PerformanceOf(o).Instant
	for _, occ := range view.Occurrences {
		if e, answered := p.standing[occ.ID]; answered {
			view.Performed = append(view.Performed, performed{OccurrenceID: occ.ID, Event: e})
		}
	}
}

// checkInMail is a mail about a check-in that is due or was missed, with what it was about.
type checkInMail struct {
	Mail          pact.Notification `json:"mail"`
	Obligation    string            `json:"obligation" doc:"Its title; empty where the register has it no more."`
	ContractTitle string            `json:"contract_title" doc:"Empty, as customer is, where the contract can not be read."`
	Customer      string            `json:"customer"`
}

func (s *Server) checkInMailRoutes() {
	performance := op(http.MethodPost, "/obligations/{id}/performance", "answerPerformance", "Say whether a duty was done that no system reports on: its owner, or a reviewer", "Obligations", anyone)
	performance.DefaultStatus = http.StatusCreated
	huma.Register(s.api, performance, func(ctx context.Context, in *struct {
		ByID
		Body exchange.Performance
	},
	) (*answer[pact.Event], error) {
		e, err := s.Exchange.AnswerPerformance(ctx, pact.ObligationID(in.ID), in.Body)
		return respondWith(ctx, s, e, err)
	})
	trigger := op(http.MethodPost, "/obligations/{id}/trigger", "stateTrigger", "Say that something started a duty, where no system reports it, or take that back: its owner, or a reviewer", "Obligations", anyone)
	trigger.DefaultStatus = http.StatusCreated
	huma.Register(s.api, trigger, func(ctx context.Context, in *struct {
		ByID
		Body exchange.Trigger
	},
	) (*answer[pact.Event], error) {
		e, err := s.Exchange.StateTrigger(ctx, pact.ObligationID(in.ID), in.Body)
		return respondWith(ctx, s, e, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/check-in-mails", "listCheckInMails", "Mails about check-ins that are due or were missed, newest first: to whom, and what became of it", "Obligations", pact.Viewer), func(ctx context.Context, in *struct {
		Paging
		ObligationID string   `query:"obligation_id"`
		ContractID   string   `query:"contract_id"`
		CheckIn      []string `query:"check_in" enum:"due,overdue,answered,dropped" doc:"What became of the check-in, separated by commas. dropped: it is asked no more, or by another day."`
		State        []string `query:"state" enum:"pending,sent,possibly_sent,failed" doc:"States of the mail, separated by commas."`
		Recipient    string   `query:"recipient" maxLength:"254"`
	},
	) (*answer[page[checkInMail]], error) {
		became := listed(in.CheckIn)
		if became == "" {
			became = "due,overdue,answered,dropped"
		}
		r := s.Store.Reads()
		p, err := r.Notifications.List(ctx, storeQuery(in.Paging, "-created_at", "obligation_id", in.ObligationID, "contract_id", in.ContractID, "check_in", became, "state", listed(in.State), "recipient", in.Recipient))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		out := page[checkInMail]{Items: []checkInMail{}, Next: p.Next}
		var obligations, contracts []string
		for _, n := range p.Items {
			obligations, contracts = append(obligations, string(n.ObligationID)), append(contracts, string(n.ContractID))
		}
		duties, err := r.Obligations.All(ctx, store.Where(store.In("id", obligations)))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		cons, err := r.Contracts.All(ctx, store.Where(store.In("id", contracts)))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		for _, n := range p.Items { // what is gone, or stands in another unit by now, leaves its words empty
			row := checkInMail{Mail: n}
			if i := slices.IndexFunc(duties, func(o pact.Obligation) bool { return o.ID == n.ObligationID }); i >= 0 {
				row.Obligation = duties[i].Title
			}
			if i := slices.IndexFunc(cons, func(c pact.Contract) bool { return c.ID == n.ContractID }); i >= 0 {
				row.ContractTitle, row.Customer = cons[i].Title, cons[i].Customer
			}
			out.Items = append(out.Items, row)
		}
		return &answer[page[checkInMail]]{Body: out}, nil
	})
}
