package monitor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// finding opens, raises or corrects the finding of an occurrence, and queues the response to each new version of it. stale: it came under watch
// long after it happened, and nobody reported it since; what was to be done then is not asked for any more.
func (w *Watch) finding(ctx context.Context, tx store.Tx, s scope, o pact.Obligation, occ pact.Occurrence, events []pact.Event, stale bool) error {
	f, err := tx.Findings.One(ctx, store.Where(store.Eq("occurrence_id", occ.ID)))
	isNew := fault.Is(err, fault.NotFound)
	if err != nil && !isNew {
		return err
	}
	a := occ.Assessment
	severity := obligation.Severity(o, a)
	if isNew {
		if severity == "" || severity == obligation.ToDo && stale {
			return nil
		}
		f = pact.Finding{
			ID: pact.NewID[pact.FindingID]("fnd", tx.Now), BusinessUnit: occ.BusinessUnit, ContractID: s.contract.ID, ObligationID: o.ID, OccurrenceID: occ.ID,
			Kind: o.Kind, State: pact.FindingOpen, Severity: severity, Version: 1,
		}
		describe(&f, s, o, occ, events)
		if err := tx.Findings.Insert(ctx, &f); err != nil {
			return err
		}
		return respond(ctx, tx, f)
	}
	if !changed(f, o, a, severity) {
		if alike(f.Assessment, a) {
			return nil
		}
		describe(&f, s, o, occ, events) // the figures moved, the judgement did not
		return tx.Findings.Update(ctx, &f)
	}
	if ripened(f, o, a, severity) {
		f.Version++ // the day to claim by is known now, or a question arose: who acts on it is told
	} else {
		correct(&f, o, a, severity, tx.Now)
	}
	describe(&f, s, o, occ, events)
	if err := tx.Findings.Update(ctx, &f); err != nil {
		return err
	}
	return respond(ctx, tx, f)
}

func respond(ctx context.Context, tx store.Tx, f pact.Finding) error {
	return tx.EnqueueWith(ctx, job.Queued{Args: job.Respond{FindingID: f.ID, Version: f.Version}, Options: job.Options{Queue: "exchange"}})
}

// changed tells whether the finding says something else now: another severity or threshold, other money, another verdict.
func changed(f pact.Finding, o pact.Obligation, a pact.Assessment, severity string) bool {
	if severity != obligation.Severity(o, f.Assessment) || a.Threshold != f.Assessment.Threshold && severity == "at_risk" {
		return true
	}
	if len(a.Ambiguities) != len(f.Assessment.Ambiguities) {
		return true
	}
	return !sameMoney(f.Amount, obligation.Stake(o.Kind, a)) || f.Assessment.AmountState != a.AmountState || f.ClaimBy != a.ClaimBy
}

// ripened tells whether nothing but the passing of time made a judgement another one: it said itself from when it would be, nothing was
// learned or taken back since, and verdict and sum stand. Nothing that was said is corrected by that.
func ripened(f pact.Finding, o pact.Obligation, a pact.Assessment, severity string) bool {
	next := f.Assessment.NextAt
	return !next.IsZero() && !a.At.Before(next) && severity != "at_risk" && severity == obligation.Severity(o, f.Assessment) && sameMoney(f.Amount, obligation.Stake(o.Kind, a)) &&
		len(newEvents(f.EventIDs, a.EventIDs)) == 0 && len(newEvents(a.EventIDs, f.EventIDs)) == 0
}

func sameMoney(a, b *money.Amount) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

// correct keeps the earlier judgement beside the new one, with the difference in money.
func correct(f *pact.Finding, o pact.Obligation, a pact.Assessment, severity string, at time.Time) {
	c := pact.Correction{At: at, Earlier: f.Assessment, Severity: f.Severity, EventIDs: newEvents(f.EventIDs, a.EventIDs)}
	c.Earlier.Trace = nil
	before := obligation.Severity(o, f.Assessment)
	c.Reason = reason(f, a, before, severity, len(c.EventIDs) > 0)
	if !waits(o.Kind, a) { // a sum that hangs on a question has no difference yet
		c.Delta = delta(lastSum(*f, o.Kind), obligation.Stake(o.Kind, a))
	}
	f.Corrections = append(f.Corrections, c)
	f.Version++
	switch {
	case f.State == pact.FindingWaived || f.State == pact.FindingClosed && severity == "":
	case severity == "" && before != "" && undecided(a): // the answer tells whether it is taken back
		f.State = pact.FindingOpen
	case severity == "" && (before == "at_risk" || before == obligation.ToDo && obligation.Finished(o.Kind, a) != ""):
		f.State = pact.FindingClosed
	case severity == "": // it is taken back
		f.State = pact.FindingCorrected
	default: // whoever confirmed it confirmed something else
		f.State = pact.FindingOpen
	}
	if severity != "" {
		f.Severity = severity
	}
}

// waits tells whether the sum of a judgement hangs on a question.
func waits(kind string, a pact.Assessment) bool {
	return a.AmountState == "ambiguous" && obligation.Stake(kind, a) == nil
}

// undecided tells whether a question hangs over the judgement itself, and not only over its sum.
func undecided(a pact.Assessment) bool {
	return a.Status == pact.Pending && a.AmountState == "ambiguous"
}

// lastSum is the sum of a finding, or, while it hangs on a question, the one before that.
func lastSum(f pact.Finding, kind string) *money.Amount {
	if !waits(kind, f.Assessment) {
		return f.Amount
	}
	for _, c := range slices.Backward(f.Corrections) {
		if !waits(kind, c.Earlier) {
			return obligation.Stake(kind, c.Earlier)
		}
	}
	return nil
}

// reason says why a judgement became another.
func reason(f *pact.Finding, a pact.Assessment, before, severity string, learned bool) string {
	switch {
	case undecided(a) && before != "":
		return "A question is open, and it decides what becomes of this."
	case undecided(f.Assessment) && a.AmountState == "":
		return "The question is answered."
	case severity == "breach" && before == "at_risk":
		return "The time ran out: at risk, then breached."
	case severity == "breach" && before == "variance":
		return "The time ran out."
	case severity == "at_risk" && before == "at_risk":
		return obligation.Reached(f.Kind, a.Threshold)
	case severity == "" && before == "at_risk" && a.Status == pact.Excused && obligation.Lapsed(f.Kind, a) != "":
		return obligation.Lapsed(f.Kind, a)
	case severity == "" && before == "breach":
		return "Later facts show that there was no breach; it is retracted."
	case severity == "" && before == obligation.ToDo:
		return cmp.Or(obligation.Finished(f.Kind, a), "Later facts take it back: there is nothing to be done.")
	case severity == "" && before == "variance":
		return "Later facts settle it: nothing is open or lost any more."
	case severity == "" && before == "at_risk":
		return "It ended in time."
	case severity == "breach" && (before == "" || before == obligation.ToDo):
		return "Later facts show a breach."
	case severity == before && f.Assessment.AmountState == "needs_charge" && a.AmountState == "":
		return "The charge is known now, and with it the amount."
	case severity == before && f.Assessment.AmountState == "ambiguous" && a.AmountState == "":
		return "The question is answered, and with it the amount."
	case severity == before && f.Amount == nil && obligation.Stake(f.Kind, a) != nil:
		return "The amount is known now."
	case severity == "breach" && before == "breach" && !learned && a.EndedAt.IsZero():
		return "It is still not done, and the sum grows with time."
	}
	return "Later facts changed the judgement."
}

func newEvents(before, now []pact.EventID) []pact.EventID {
	known := map[pact.EventID]bool{}
	for _, id := range before {
		known[id] = true
	}
	var out []pact.EventID
	for _, id := range now {
		if !known[id] {
			out = append(out, id)
		}
	}
	return out
}

// delta is new minus old; nil where there is no money on either side or the currencies differ.
func delta(before, now *money.Amount) *money.Amount {
	switch {
	case before == nil && now == nil:
		return nil
	case before == nil:
		d := *now
		return &d
	case now == nil:
		d := money.New(before.Value.Neg(), before.Currency)
		return &d
	}
	d, err := now.Sub(*before)
	if err != nil {
		return nil
	}
	return &d
}

// describe fills what people read, from the assessment as it stands.
func describe(f *pact.Finding, s scope, o pact.Obligation, occ pact.Occurrence, events []pact.Event) {
	a := occ.Assessment
	if governing, ok := s.stated[a.GovernedBy]; ok {
		o.Title, o.Evidence = governing.Title, governing.Evidence
	}
	f.OccurredAt = occurredAt(*f, a)
	f.Assessment, f.EventIDs, f.Amount, f.ClaimBy, f.Clause = a, a.EventIDs, obligation.Stake(o.Kind, a), a.ClaimBy, s.clauses(o, a)
	ticket := obligation.TicketOf(occ.Key)
	for _, e := range events {
		if e.Subject != occ.Key && e.Subject != ticket {
			continue
		}
		if e.Data.Lead != "" {
			f.Lead = e.Data.Lead
		}
		if e.Data.RecordID != "" && e.ConnectionID != "" {
			f.RecordRef = &pact.RecordRef{ConnectionID: e.ConnectionID, Object: "incident", ExternalID: e.Data.RecordID, URL: e.Data.URL}
		}
	}
	told := obligation.Tell(obligation.Case{Obligation: o, Occurrence: occ, Contract: s.contract, Closed: f.State == pact.FindingClosed})
	tail := fmt.Sprintf("Customer: %s. Contract: %s.", strings.TrimSuffix(s.contract.Customer, "."), contractName(s.contract)) // "P.C." ends the sentence itself
	f.Subject, f.Title, f.Message = told.Subject, told.Title, strings.TrimSpace(told.Message+" "+tail)
}

// clauses are the evidence of the obligation that governs a judgement, and of the others whose clauses it names, each passage once.
func (s scope) clauses(o pact.Obligation, a pact.Assessment) []pact.Evidence {
	out := slices.Clone(o.Evidence)
	for _, id := range a.AlsoBy {
		for _, e := range s.stated[id].Evidence {
			known := func(x pact.Evidence) bool {
				return e.Passage != nil && x.Passage != nil && x.Passage.DocumentID == e.Passage.DocumentID && x.Passage.Quote == e.Passage.Quote && x.Passage.Start == e.Passage.Start
			}
			if !slices.ContainsFunc(out, known) {
				out = append(out, e)
			}
		}
	}
	return out
}

// occurredAt is when what the finding tells of happened: never when somebody looked, unless nothing else is known.
func occurredAt(f pact.Finding, a pact.Assessment) time.Time {
	switch {
	case !a.BreachedAt.IsZero():
		return a.BreachedAt
	case !a.EndedAt.IsZero():
		return a.EndedAt
	case !a.ThresholdAt.IsZero():
		return a.ThresholdAt
	case !f.OccurredAt.IsZero():
		return f.OccurredAt
	}
	return a.At
}

func contractName(c pact.Contract) string {
	if c.Number != "" {
		return c.Number
	}
	return c.Title
}
