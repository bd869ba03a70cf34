package monitor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// finding opens, raises or corrects the finding of an occurrence, and queues the response to each new version of it.
func (w *Watch) finding(ctx context.Context, tx store.Tx, s scope, o pact.Obligation, occ pact.Occurrence, events []pact.Event) error {
	f, err := tx.Findings.One(ctx, store.Where(store.Eq("occurrence_id", occ.ID)))
	isNew := fault.Is(err, fault.NotFound)
	if err != nil && !isNew {
		return err
	}
	a := occ.Assessment
	severity := severityOf(o.Kind, a)
	if isNew {
		if severity == "" {
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
	if !changed(f, a, severity) {
		if alike(f.Assessment, a) {
			return nil
		}
		describe(&f, s, o, occ, events) // the figures moved, the judgement did not
		return tx.Findings.Update(ctx, &f)
	}
	correct(&f, a, severity, tx.Now)
	describe(&f, s, o, occ, events)
	if err := tx.Findings.Update(ctx, &f); err != nil {
		return err
	}
	return respond(ctx, tx, f)
}

func respond(ctx context.Context, tx store.Tx, f pact.Finding) error {
	return tx.EnqueueWith(ctx, job.Queued{Args: job.Respond{FindingID: f.ID, Version: f.Version}, Options: job.Options{Queue: "exchange"}})
}

// severityOf says how much a judgement matters; "" is not at all. A renewal matters from its first alert on.
func severityOf(kind string, a pact.Assessment) string {
	if kind == "renewal_notice" && a.Status == pact.OnTrack && a.Threshold != "" {
		return "at_risk"
	}
	switch a.Status {
	case pact.AtRisk:
		return "at_risk"
	case pact.Breached:
		return "breach"
	}
	return ""
}

// changed tells whether the finding says something else now: another severity or threshold, other money, another verdict.
func changed(f pact.Finding, a pact.Assessment, severity string) bool {
	if severity != severityOf(f.Kind, f.Assessment) || a.Threshold != f.Assessment.Threshold && severity == "at_risk" {
		return true
	}
	if len(a.Ambiguities) != len(f.Assessment.Ambiguities) {
		return true
	}
	return !sameMoney(f.Amount, a.Amount) || f.Assessment.AmountState != a.AmountState || f.ClaimBy != a.ClaimBy
}

func sameMoney(a, b *money.Amount) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

// correct keeps the earlier judgement beside the new one, with the difference in money.
func correct(f *pact.Finding, a pact.Assessment, severity string, at time.Time) {
	c := pact.Correction{At: at, Earlier: f.Assessment, Severity: f.Severity, EventIDs: newEvents(f.EventIDs, a.EventIDs)}
	c.Earlier.Trace = nil
	before := severityOf(f.Kind, f.Assessment)
	switch {
	case severity == "breach" && before == "at_risk":
		c.Reason = "The time ran out: at risk, then breached."
	case severity == "at_risk" && before == "at_risk" && f.Kind == "renewal_notice":
		c.Reason = fmt.Sprintf("The next alert is due: %s days before the last day to send notice.", a.Threshold)
	case severity == "at_risk" && before == "at_risk":
		c.Reason = fmt.Sprintf("The next threshold was reached: %s %%.", a.Threshold)
	case severity == "" && before == "at_risk" && f.Kind == "renewal_notice" && a.Status == pact.Excused:
		c.Reason = "The last day to send notice is over."
	case severity == "" && before == "breach":
		c.Reason = "Later facts show that there was no breach; it is retracted."
	case severity == "" && before == "at_risk":
		c.Reason = "It ended in time."
	case severity == "breach" && before == "":
		c.Reason = "Later facts show a breach."
	default:
		c.Reason = "Later facts changed the judgement."
	}
	c.Delta = delta(f.Amount, a.Amount)
	f.Corrections = append(f.Corrections, c)
	f.Version++
	switch {
	case f.State == pact.FindingWaived || f.State == pact.FindingClosed && severity == "":
	case severity == "" && before == "at_risk":
		f.State = pact.FindingClosed
	case before == "breach":
		f.State = pact.FindingCorrected
	default:
		f.State = pact.FindingOpen
	}
	if severity != "" {
		f.Severity = severity
	}
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
	f.Assessment, f.EventIDs, f.Amount, f.ClaimBy, f.Clause = a, a.EventIDs, a.Amount, a.ClaimBy, o.Evidence
	f.Subject = occ.Key
	f.OccurredAt = a.At
	if !a.BreachedAt.IsZero() {
		f.OccurredAt = a.BreachedAt
	}
	for _, e := range events {
		if e.Data.Lead != "" && e.Subject == occ.Key {
			f.Lead = e.Data.Lead
		}
		if e.Data.RecordID != "" && e.Subject == occ.Key && e.ConnectionID != "" {
			f.RecordRef = &pact.RecordRef{ConnectionID: e.ConnectionID, Object: "incident", ExternalID: e.Data.RecordID, URL: e.Data.URL}
		}
	}
	tail := fmt.Sprintf("Customer: %s. Contract: %s.", strings.TrimSuffix(s.contract.Customer, "."), contractName(s.contract)) // "P.C." ends the sentence itself
	switch o.Kind {
	case "response_time", "resolution_time":
		describeClock(f, o, a, tail)
	case "availability":
		describeMonth(f, occ, a, tail)
	case "renewal_notice":
		f.Title = fmt.Sprintf("Notice for %s by %s", s.contract.Title, a.Measured)
		f.Message = fmt.Sprintf("The last day to send notice is %s; the contract renews or ends on %s. %s", a.Measured, occ.Key, tail)
		f.Subject = occ.Subject
	default:
		f.Title, f.Message = o.Title, o.Title+". "+tail
	}
}

func describeClock(f *pact.Finding, o pact.Obligation, a pact.Assessment, tail string) {
	what := strings.TrimSuffix(o.Kind, "_time")
	ticket := "Ticket #" + strings.TrimPrefix(f.Subject, "#")
	window := fmt.Sprintf("agreed %s %s window", windowOf(a.Target), what)
	switch a.Status {
	case pact.AtRisk:
		f.Title = fmt.Sprintf("%s at %s%% of its %s time", ticket, whole(a), what)
		f.Message = fmt.Sprintf("%s is at %s%% of %s. %s", ticket, whole(a), window, tail)
	case pact.Breached:
		f.Title = fmt.Sprintf("%s breached its %s time", ticket, what)
		f.Message = fmt.Sprintf("%s has breached the %s at %s. %s", ticket, window, a.BreachedAt.UTC().Format("2 Jan 2006 15:04 MST"), tail)
	default:
		f.Title = fmt.Sprintf("%s kept its %s time", ticket, what)
		if f.State == pact.FindingClosed { // it was only at risk: nothing is taken back
			f.Message = fmt.Sprintf("%s ended in time: %s of the %s. %s", ticket, a.Elapsed, window, tail)
			return
		}
		f.Message = fmt.Sprintf("Correction: %s is now judged as %s (%s of the %s). %s", ticket, strings.ReplaceAll(string(a.Status), "_", " "), a.Elapsed, window, tail)
	}
}

func describeMonth(f *pact.Finding, occ pact.Occurrence, a pact.Assessment, tail string) {
	f.Subject = occ.Subject
	switch a.Status {
	case pact.Breached:
		f.Title = "Availability missed: " + occ.Subject
	case pact.AtRisk:
		f.Title = "Availability at risk: " + occ.Subject
	default:
		f.Title = "Availability kept: " + occ.Subject
	}
	f.Message = fmt.Sprintf("%s: measured %s %%, promised %s %%. %s", occ.Subject, cut(a.Measured), a.Target, tail)
	switch {
	case a.Amount != nil:
		f.Message += " Credit: " + a.Amount.String() + "."
	case a.AmountState == "needs_charge":
		f.Message += " The credit needs the charge of that month."
	}
}

// cut shows at most four decimals, without rounding up to a promise that was not kept.
func cut(s string) string {
	if i := strings.IndexByte(s, '.'); i >= 0 && len(s) > i+5 {
		return s[:i+5]
	}
	return s
}

func contractName(c pact.Contract) string {
	if c.Number != "" {
		return c.Number
	}
	return c.Title
}

// whole is the percentage without decimals; never rounded up.
func whole(a pact.Assessment) string {
	p, _, _ := strings.Cut(a.Percent, ".")
	if p == "" {
		return a.Threshold
	}
	return p
}

// windowOf writes "4h0m0s" as "4-hour".
func windowOf(target string) string {
	d, err := time.ParseDuration(target)
	switch {
	case err != nil:
		return target
	case d%time.Hour == 0:
		return fmt.Sprintf("%d-hour", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d-minute", d/time.Minute)
	}
	return d.String()
}
