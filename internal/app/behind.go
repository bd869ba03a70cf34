package app

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/matching"
	"github.com/pactloop/pactloop/internal/monitor"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/respond"
	"github.com/pactloop/pactloop/internal/store"
)

// handlers binds every job to the function that does it, with the longest time it may take.
func (a *App) handlers() []job.Handler {
	const quick, slow, scans = time.Minute, 10 * time.Minute, 20 * time.Minute
	return []job.Handler{
		job.Handle(quick, patient(a.desk.ProcessDelivery)),
		job.Handle(quick, patient(a.desk.FetchRecord)),
		job.Handle(slow, patient(a.desk.FetchFile)),
		job.Handle(scans, patient(a.reader.ReadDocument)),
		job.Handle(slow, a.desk.TakeEnclosures),
		job.Handle(quick, a.review.OpenReview),
		job.Handle(quick, a.review.TieReferences),
		job.Handle(slow, a.review.ApplyPhases),
		job.Handle(slow, a.office.ApplyMapping),
		job.Handle(quick, patient(a.office.PlanWrites)),
		job.Handle(quick, patient(a.office.FlagReview)),
		job.Handle(quick, a.office.Write),
		job.Handle(slow, a.office.Poll),
		job.Handle(quick, a.office.CheckConnection),
		job.Handle(quick, a.office.MatchEvents),
		job.Handle(slow, a.watch.Monitor),
		job.Handle(quick, a.watch.Assess),
		job.Handle(quick, a.respond.Respond),
		job.Handle(quick, a.respond.ExpireClaim), job.Handle(quick, a.respond.Escalate), job.Handle(quick, a.respond.CheckIn),
		job.Handle(quick, a.respond.Send),
	}
}

// outageWait is how long work waits for another system that is away. It waits without counting attempts, however long: what
// was accepted is not given up because somebody else is down.
const outageWait = 30 * time.Second

// patient makes a job wait for another system that does not answer, instead of using up its attempts.
func patient[A job.Args](fn func(context.Context, A) error) func(context.Context, A) error {
	return func(ctx context.Context, args A) error {
		err := fn(ctx, args)
		var e *connector.Error
		switch {
		case errors.As(err, &e) && e.Class == connector.FailUnavailable:
			return job.Snooze(max(e.RetryAfter, outageWait))
		case fault.Is(err, fault.Unavailable):
			return job.Snooze(outageWait)
		}
		return err
	}
}

// timerJobs gives the jobs of a fired timer.
func (a *App) timerJobs(t pact.Timer) []job.Queued {
	reached("timers:commit")
	switch t.Kind {
	case "poll":
		return []job.Queued{exchange.PollJob(t.Ref)}
	case monitor.ScheduleTimer:
		return []job.Queued{{Args: job.Monitor{ContractID: pact.ContractID(t.Ref)}, Options: job.Options{Queue: "monitor", Unique: true}}}
	case monitor.TimerKind:
		return []job.Queued{monitor.TimerJob(t)}
	case respond.ClaimTimer:
		return []job.Queued{{Args: job.ExpireClaim{FindingID: pact.FindingID(t.Ref)}}}
	case respond.CheckInTimer:
		return []job.Queued{{Args: job.CheckIn{ObligationID: pact.ObligationID(t.Ref)}}}
	case respond.EscalationTimer:
		return []job.Queued{{Args: job.Escalate{FindingID: pact.FindingID(t.Ref)}}}
	}
	a.log.Error("a timer of an unknown kind fired", "kind", t.Kind, "ref", t.Ref)
	return nil
}

// sweepEvery is the safety net behind the wake-up of an earlier timer.
const sweepEvery = 30 * time.Second

// schedule sleeps until the earliest timer is due, by the product's clock, and enqueues what is due.
func (a *App) schedule(ctx context.Context) {
	ctx = pact.WithActor(ctx, pact.System("scheduler"))
	s := a.store.Schedule()
	for ctx.Err() == nil {
		wait := sweepEvery
		n, err := s.Claim(ctx, a.clock.Now(), 200, a.timerJobs)
		if err == nil && n > 0 {
			reached("timers:claimed")
			continue
		}
		if err == nil {
			var due time.Time
			var ok bool
			if due, ok, err = s.Next(ctx); err == nil && ok {
				wait = min(wait, max(0, due.Sub(a.clock.Now())))
			}
		}
		if err != nil && ctx.Err() == nil {
			a.log.Warn("reading the timers; trying again", "error", err)
			wait = time.Second
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-s.Woken():
		case <-a.clock.Moved():
		}
		timer.Stop()
	}
}

// seal chains the audit entries that were committed since.
func (a *App) seal(ctx context.Context) {
	tick := time.NewTicker(a.cfg.SealEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := a.store.Audit().Seal(pact.WithActor(ctx, pact.System("sealer"))); err != nil && ctx.Err() == nil {
				a.log.Warn("sealing the audit trail; trying again", "error", err)
			}
		}
	}
}

// refusals writes what was only counted of forged webhooks, each minute and at the end.
func (a *App) refusals(ctx context.Context) {
	system := pact.WithActor(ctx, pact.System("intake"))
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for over := false; !over; {
		select {
		case <-ctx.Done():
			over = true
		case <-tick.C:
		}
		if err := a.desk.CountRefusals(context.WithoutCancel(system), over); err != nil {
			a.log.Warn("writing the number of refused webhooks; trying again", "error", err)
		}
	}
}

// sweep forgets what has run out: sessions, and answers kept for repeated requests.
func (a *App) sweep(ctx context.Context) {
	ctx = pact.WithActor(ctx, pact.System("sweeper"))
	tick := time.NewTicker(10 * time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := a.forget(ctx); err != nil && ctx.Err() == nil {
				a.log.Warn("forgetting old sessions", "error", err)
			}
		}
	}
}

func (a *App) forget(ctx context.Context) error {
	return a.store.Change(ctx, store.Act{Name: "session.forget"}, func(ctx context.Context, tx store.Tx) error {
		old, err := tx.Sessions.List(ctx, store.Query{Where: []store.Cond{store.Is("expires_at", "<", time.Now().UTC())}, Limit: 500})
		if err != nil {
			return err
		}
		for _, s := range old.Items {
			if err := tx.Sessions.Delete(ctx, string(s.ID)); err != nil {
				return err
			}
		}
		keys, err := tx.Idempotency.List(ctx, store.Query{Where: []store.Cond{store.Is("created_at", "<", time.Now().UTC().Add(-48*time.Hour))}, Limit: 500})
		if err != nil {
			return err
		}
		for _, k := range keys.Items {
			if err := tx.Idempotency.Delete(ctx, k.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// discarded shows a job that was given up where a person sees it: on the action, the document or the delivery it was for.
func (a *App) discarded(ctx context.Context, kind string, args json.RawMessage, cause error) {
	var err error
	switch kind {
	case "write":
		var x job.Write
		if err = json.Unmarshal(args, &x); err == nil {
			err = a.office.GiveUp(ctx, x, cause)
		}
	case "read_document":
		var x job.ReadDocument
		if err = json.Unmarshal(args, &x); err == nil {
			err = a.reader.GiveUp(ctx, x, cause)
		}
	case "send":
		var x job.Send
		if err = json.Unmarshal(args, &x); err == nil {
			err = a.respond.GiveUp(ctx, x)
		}
	default:
		reason := "it failed on our side"
		if f := fault.Of(cause); f != nil {
			reason = f.Message
		}
		err = a.store.Change(ctx, store.Act{Name: "job.give_up", Subject: kind}, func(ctx context.Context, tx store.Tx) error {
			tx.Note(ctx, "kind", kind)
			tx.Note(ctx, "arguments", string(args))
			tx.Note(ctx, "reason", reason)
			return a.lookAgain(ctx, tx, kind, args)
		})
	}
	if err != nil {
		a.log.Error("showing a job that was given up", "kind", kind, "error", err)
	}
}

// lookAgain arms the timer of an occurrence whose judging was given up, so that an open clock is never forgotten.
func (a *App) lookAgain(ctx context.Context, tx store.Tx, kind string, args json.RawMessage) error {
	var x job.Assess
	if kind != x.Kind() || json.Unmarshal(args, &x) != nil || x.OccurrenceID == "" {
		return nil
	}
	return tx.SetTimer(ctx, monitor.TimerKind, string(x.OccurrenceID), tx.Now.Add(time.Hour))
}

// ours tells our own names from those of the other party.
func ours(names string) func(string) bool {
	var own []matching.Company
	for i, n := range words(names, ";") {
		own = append(own, matching.Company{ID: strings.Repeat("x", i+1), Name: n})
	}
	return func(name string) bool {
		return matching.Match(matching.Company{Name: name}, own).State == matching.Matched
	}
}
