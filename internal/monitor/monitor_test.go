package monitor_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/monitor"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

const (
	fourHours = `{"priority":"1","target":{"value":4,"unit":"hour"},"hours":{"always":true,"zone":"UTC"},"pauses":true}`
	uptime    = `{"service":"Cloud","target":"99.9","zone":"UTC","tiers":[{"credit":"10","from":"99.0","below":"99.9"},{"credit":"25","below":"99.0"}],"claim_days":15}`
	renewal   = `{"renewal_date":"2026-09-01","auto_renewal":true,"renewal_term":{"value":1,"unit":"year"},"notice":{"value":30,"unit":"day"},"zone":"UTC","alerts":[90,60]}`
)

// publish makes a contract whose version holds one obligation.
func publish(t *testing.T, h *apitest.House, kind, params string, change ...func(*pact.Contract)) pact.Contract {
	t.Helper()
	var con pact.Contract
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		con = pact.Contract{ID: id, BusinessUnit: "north", FamilyID: id, Number: "SA-2023-789", Title: "Support", Customer: "Acme Corp", State: pact.ContractActive, CurrentVersion: 1, SourceKey: string(id)}
		for _, c := range change {
			c(&con)
		}
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		from := con.EffectiveDate
		if from == "" {
			from = "2026-01-01"
		}
		o := pact.Obligation{ID: pact.NewID[pact.ObligationID]("obl", tx.Now), BusinessUnit: "north", ContractID: id, Key: kind, Kind: kind, Title: "Duty", Params: json.RawMessage(params), InForce: calendar.Period{From: from}}
		if err := tx.Obligations.Insert(ctx, &o); err != nil {
			return err
		}
		v := pact.Version{ID: pact.NewID[pact.VersionID]("ver", tx.Now), BusinessUnit: "north", ContractID: id, Number: 1, PublishedBy: "usr_1", PublishedAt: tx.Now, EffectiveFrom: from, Obligations: []pact.Obligation{o}, Terms: []pact.Term{
			{Name: "effective_date", Value: pact.OnDate(from), Confidence: decimal.NewFromInt(1), Verification: pact.Verified},
		}}
		return tx.Versions.Insert(ctx, &v)
	})
	return con
}

// tell delivers events as their sources would, and judges what they touch.
func tell(t *testing.T, h *apitest.House, con pact.Contract, events ...pact.Event) {
	t.Helper()
	ctx := storetest.System(t)
	for i := range events {
		events[i].Data.Contract = con.Number
	}
	out, err := h.Exchange.TakeEvents(ctx, "north", events)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range out.Events {
		if e.ContractID == "" {
			t.Fatalf("%s falls under no contract: %s", e.ExternalID, e.MatchedBy)
		}
		if err := h.Watch.Assess(ctx, job.Assess{ContractID: e.ContractID, Subject: e.Subject}); err != nil {
			t.Fatal(err)
		}
	}
}

func ticket(id, kind string, at time.Time) pact.Event {
	return pact.Event{ExternalID: id, Kind: kind, Subject: "1234", OccurredAt: at, Data: pact.EventData{Priority: "1", Lead: "Dana"}}
}

func finding(t *testing.T, h *apitest.House) pact.Finding {
	t.Helper()
	return apitest.One(t, h.Store.Reads().Findings)
}

func at(hours time.Duration) time.Time { return apitest.Start().Add(hours) }

func TestAClockRunsFromOnTrackToBreachByTimersAlone(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := publish(t, h, "resolution_time", fourHours)
		tell(t, h, con, ticket("o", "ticket_opened", at(0)))
		if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
			t.Fatalf("%d findings at once", n)
		}
		timer := apitest.One(t, h.Store.Reads().Timers, store.Eq("kind", monitor.TimerKind))
		if !timer.DueAt.Equal(at(216 * time.Minute)) {
			t.Errorf("the next transition is at %s, want 90 %% of four hours", timer.DueAt)
		}
		h.Fire(t, at(216*time.Minute-time.Second))
		if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
			t.Errorf("%d findings a second too early", n)
		}
		h.Fire(t, at(216*time.Minute))
		f := finding(t, h)
		if f.Severity != "at_risk" || f.Version != 1 || f.Lead != "Dana" || f.Message != "Ticket #1234 is at 90% of agreed 4-hour resolution window. Customer: Acme Corp. Contract: SA-2023-789." {
			t.Errorf("at risk: %+v", f)
		}
		h.Fire(t, at(4*time.Hour))
		h.Fire(t, at(5*time.Hour))
		f = finding(t, h)
		if f.Severity != "breach" || f.State != pact.FindingOpen || f.Version != 2 || len(f.Corrections) != 1 || len(f.Assessment.Trace) == 0 {
			t.Errorf("breached: %+v", f)
		}
		if len(apitest.All(t, h.Store.Reads().Timers, store.Eq("kind", monitor.TimerKind))) != 0 {
			t.Error("a timer is left though nothing can change by itself")
		}
	})
}

func TestATicketThatOnlyCountsForALevelIsMissedAndOpensNoFinding(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := publish(t, h, "resolution_time", strings.Replace(fourHours, `{`, `{"level_only":true,`, 1))
		tell(t, h, con, ticket("o", "ticket_opened", at(0)))
		h.Fire(t, at(216*time.Minute))
		h.Fire(t, at(5*time.Hour))
		tell(t, h, con, ticket("r", "ticket_resolved", at(6*time.Hour)))
		if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
			t.Errorf("%d findings", n)
		}
		if occ := apitest.One(t, h.Store.Reads().Occurrences); occ.Status != pact.Breached || occ.Assessment.Elapsed != "6h0m0s" && occ.Assessment.Elapsed != "5h0m0s" {
			t.Errorf("the clock: %s after %s", occ.Status, occ.Assessment.Elapsed)
		}
	})
}

func TestATicketResolvedInTimeLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := publish(t, h, "resolution_time", fourHours)
		tell(t, h, con, ticket("o", "ticket_opened", at(0)))
		h.Clock.Set(at(time.Hour))
		tell(t, h, con, ticket("r", "ticket_resolved", at(time.Hour)))
		h.Fire(t, at(100*time.Hour))
		occ := apitest.One(t, h.Store.Reads().Occurrences)
		if occ.Status != pact.Met || len(apitest.All(t, h.Store.Reads().Findings)) != 0 || len(apitest.All(t, h.Store.Reads().Timers, store.Eq("kind", monitor.TimerKind))) != 0 {
			t.Errorf("%+v", occ)
		}
	})
}

func TestALateFactRetractsABreachAndKeepsTheEarlierJudgement(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := publish(t, h, "resolution_time", fourHours)
		tell(t, h, con, ticket("o", "ticket_opened", at(0)))
		h.Fire(t, at(6*time.Hour))
		if f := finding(t, h); f.Severity != "breach" {
			t.Fatalf("%+v", f)
		}
		tell(t, h, con, ticket("r", "ticket_resolved", at(2*time.Hour))) // reported four hours late
		f := finding(t, h)
		last := f.Corrections[len(f.Corrections)-1]
		if f.State != pact.FindingCorrected || f.Assessment.Status != pact.Met || f.Version != 3 || last.Earlier.Status != pact.Breached || !strings.Contains(last.Reason, "retracted") || len(last.EventIDs) != 1 {
			t.Errorf("%+v", f)
		}
		tell(t, h, con, ticket("r", "ticket_resolved", at(2*time.Hour))) // the same again changes nothing
		if again := finding(t, h); again.Version != 3 || again.Revision != f.Revision {
			t.Errorf("a repeat gives version %d", again.Version)
		}
	})
}

func TestTheOrderInWhichEventsComeDoesNotMatter(t *testing.T) {
	t.Parallel()
	events := []pact.Event{ticket("o", "ticket_opened", at(0)), ticket("p", "ticket_paused", at(time.Hour)), ticket("q", "ticket_resumed", at(2*time.Hour)), ticket("r", "ticket_resolved", at(4*time.Hour+30*time.Minute))}
	var want string
	for i, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}, {1, 3, 0, 2}} {
		h := apitest.Build(t, apitest.Options{})
		con := publish(t, h, "resolution_time", fourHours)
		h.Clock.Set(at(10 * time.Hour))
		for _, j := range order {
			tell(t, h, con, events[j])
		}
		occ := apitest.One(t, h.Store.Reads().Occurrences)
		a := occ.Assessment
		a.EventIDs, a.GovernedBy, a.Trace = nil, "", slices.Clone(a.Trace)
		for k := range a.Trace {
			a.Trace[k].EventIDs = nil
		}
		raw, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			want = string(raw)
		}
		if occ.Status != pact.Met || string(raw) != want {
			t.Errorf("order %v: %s\nwant %s", order, raw, want)
		}
	}
}

func outage(id string, from, until time.Time) pact.Event {
	return pact.Event{ExternalID: id, Kind: "outage", Subject: "Cloud", OccurredAt: from, Data: pact.EventData{Service: "Cloud", EndAt: until}}
}

func charge(id, amount string) pact.Event {
	a := money.New(decimal.RequireFromString(amount), "USD")
	return pact.Event{ExternalID: id, Kind: "charge", Subject: "Cloud", OccurredAt: at(0), Data: pact.EventData{Service: "Cloud", Month: "2026-03", Amount: &a}}
}

func TestAMissedMonthNeedsItsChargeAndIsCorrectedWithADelta(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := publish(t, h, "availability", uptime)
		tell(t, h, con, outage("d1", at(time.Hour), at(3*time.Hour))) // 120 of 44,640 minutes: 99.73 %
		april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
		h.Fire(t, april)
		f := finding(t, h)
		if f.Severity != "breach" || f.Assessment.AmountState != "needs_charge" || f.Amount != nil || f.ClaimBy != "2026-04-15" {
			t.Fatalf("without the charge: %+v", f)
		}
		tell(t, h, con, charge("c1", "5000.00"))
		f = finding(t, h)
		if f.Amount == nil || f.Amount.String() != "500.00 USD" {
			t.Fatalf("with the charge: %v %+v", f.Amount, f.Assessment)
		}
		version := f.Version
		tell(t, h, con, outage("d2", at(24*time.Hour), at(34*time.Hour))) // told late: 720 minutes in all, 98.4 %
		f = finding(t, h)
		last := f.Corrections[len(f.Corrections)-1]
		if f.Amount.String() != "1250.00 USD" || f.Version != version+1 || last.Delta == nil || last.Delta.String() != "750.00 USD" || f.State != pact.FindingOpen {
			t.Errorf("corrected: %v, delta %v, %s, version %d", f.Amount, last.Delta, f.State, f.Version)
		}
		less := outage("d3", at(24*time.Hour), at(24*time.Hour+time.Minute))
		less.ReplacesExternal = "d2"
		tell(t, h, con, less)
		f = finding(t, h)
		if last := f.Corrections[len(f.Corrections)-1]; f.Amount.String() != "500.00 USD" || last.Delta.String() != "-750.00 USD" {
			t.Errorf("replaced: %v, delta %v", f.Amount, last.Delta)
		}
	})
}

func day(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, time.UTC) }

func TestRenewalAlertsComeBeforeTheNoticeDay(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := publish(t, h, "renewal_notice", renewal)
		if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: con.ID, Version: 1}); err != nil {
			t.Fatal(err)
		}
		occ := apitest.All(t, h.Store.Reads().Occurrences)
		if len(occ) == 0 {
			t.Fatal("no renewal is watched")
		}
		// 30 days before 1 September is Sunday, 2 August: Friday before it. 90 days before that is Saturday, 2 May: Friday again.
		if sendBy := occ[0].Assessment.Measured; sendBy != "2026-07-31" {
			t.Fatalf("the last day to send notice is %q", sendBy)
		}
		of := func() []pact.Finding {
			return apitest.All(t, h.Store.Reads().Findings, store.Eq("occurrence_id", occ[0].ID))
		}
		h.Fire(t, day(time.April, 30))
		if n := len(of()); n != 0 {
			t.Errorf("%d alerts too early", n)
		}
		h.Fire(t, day(time.May, 1))
		if fs := of(); len(fs) != 1 || fs[0].Severity != "at_risk" || fs[0].Version != 1 || !strings.Contains(fs[0].Message, "2026-07-31") {
			t.Fatalf("90 days ahead: %+v", fs)
		}
		h.Fire(t, day(time.June, 1))
		if fs := of(); len(fs) != 1 || fs[0].Version != 2 {
			t.Errorf("60 days ahead: %+v", fs)
		}
		version := of()[0].Version
		for range 3 { // judged again and again, as a restart does: no alert twice
			if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: con.ID, Version: 1}); err != nil {
				t.Fatal(err)
			}
		}
		if fs := of(); fs[0].Version != version {
			t.Errorf("judging again gives version %d, after %d", fs[0].Version, version)
		}
	})
}

func TestAnAmendmentMovesTheClockOfOpenTickets(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con := publish(t, h, "resolution_time", fourHours)
	tell(t, h, con, ticket("o", "ticket_opened", at(0)))
	first := apitest.One(t, h.Store.Reads().Timers, store.Eq("kind", monitor.TimerKind))
	publish(t, h, "resolution_time", strings.Replace(fourHours, `"value":4`, `"value":2`, 1), func(c *pact.Contract) {
		c.ParentID, c.FamilyID, c.Relation, c.Number = con.ID, con.ID, "amendment", "SA-2023-789-A1"
		c.EffectiveDate = "2026-02-01"
	})
	if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: con.ID, Version: 1}); err != nil {
		t.Fatal(err)
	}
	if n := len(apitest.All(t, h.Store.Reads().Occurrences)); n != 1 {
		t.Errorf("%d clocks for one ticket", n)
	}
	now := apitest.One(t, h.Store.Reads().Timers, store.Eq("kind", monitor.TimerKind))
	if !now.DueAt.Before(first.DueAt) {
		t.Errorf("the timer stays at %s", now.DueAt)
	}
}

func TestATimerOfAnObligationThatLeftTheRegisterIsDropped(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con := publish(t, h, "resolution_time", fourHours)
	tell(t, h, con, ticket("o", "ticket_opened", at(0)))
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		v := pact.Version{ID: pact.NewID[pact.VersionID]("ver", tx.Now), BusinessUnit: "north", ContractID: con.ID, Number: 2, PublishedAt: tx.Now, Terms: []pact.Term{}, Obligations: []pact.Obligation{}}
		con.CurrentVersion = 2
		if err := tx.Versions.Insert(ctx, &v); err != nil {
			return err
		}
		return tx.Contracts.Update(ctx, &con)
	})
	h.Fire(t, at(10*time.Hour))
	if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
		t.Errorf("%d findings of what is not promised any more", n)
	}
	if n := len(apitest.All(t, h.Store.Reads().Timers, store.Eq("kind", monitor.TimerKind))); n != 0 {
		t.Errorf("%d timers are left", n)
	}
}

func TestAnotherUnitsEventsAreNotJudged(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con := publish(t, h, "resolution_time", fourHours)
	tell(t, h, con, ticket("o", "ticket_opened", at(0)))
	h.Do(t, func(ctx context.Context, tx store.Tx) error { // as if one had got in
		e := ticket("x", "ticket_resolved", at(time.Minute))
		e.ID, e.BusinessUnit, e.ContractID = pact.NewID[pact.EventID]("evt", tx.Now), "south", con.ID
		return tx.Events.Insert(ctx, &e)
	})
	h.Fire(t, at(5*time.Hour))
	if f := finding(t, h); f.Severity != "breach" {
		t.Errorf("%+v", f)
	}
}

// docs/decisions/resolved-exactly-on-target.md: met by the log that has the resolution, breached by the log that does not,
// and corrected when it is read.
func TestATicketResolvedExactlyOnTarget(t *testing.T) {
	t.Parallel()
	resolved := ticket("r", "ticket_resolved", at(4*time.Hour))
	t.Run("told before the timer is worked", func(t *testing.T) {
		t.Parallel()
		h := apitest.Build(t, apitest.Options{})
		con := publish(t, h, "resolution_time", fourHours)
		tell(t, h, con, ticket("o", "ticket_opened", at(0)))
		h.Fire(t, at(4*time.Hour-time.Second))
		h.Clock.Set(at(4 * time.Hour)) // the source pushes at the instant, and is quicker than the timer
		tell(t, h, con, resolved)
		h.Fire(t, at(5*time.Hour))
		f, occ := finding(t, h), apitest.One(t, h.Store.Reads().Occurrences)
		if occ.Status != pact.Met || !occ.Assessment.BreachedAt.IsZero() || f.State != pact.FindingClosed {
			t.Errorf("%s, finding %s", occ.Status, f.State)
		}
		for _, c := range f.Corrections {
			if c.Earlier.Status == pact.Breached {
				t.Errorf("a breach was found in between: %s", c.Reason)
			}
		}
	})
	t.Run("read after the timer found the breach", func(t *testing.T) {
		t.Parallel()
		h := apitest.Build(t, apitest.Options{})
		con := publish(t, h, "resolution_time", fourHours)
		tell(t, h, con, ticket("o", "ticket_opened", at(0)))
		h.Fire(t, at(4*time.Hour))
		if f := finding(t, h); f.Severity != "breach" || !f.OccurredAt.Equal(at(4*time.Hour)) {
			t.Fatalf("open at the instant the target is reached: %s at %s", f.Severity, f.OccurredAt)
		}
		h.Clock.Set(at(4*time.Hour + 30*time.Second)) // the next poll
		tell(t, h, con, resolved)
		f := finding(t, h)
		last := f.Corrections[len(f.Corrections)-1]
		if f.State != pact.FindingCorrected || f.Assessment.Status != pact.Met || !last.Earlier.BreachedAt.Equal(at(4*time.Hour)) || !strings.Contains(last.Reason, "retracted") {
			t.Errorf("%s, %s: %s", f.State, f.Assessment.Status, last.Reason)
		}
	})
	t.Run("a second later is a breach, whenever it is told", func(t *testing.T) {
		t.Parallel()
		h := apitest.Build(t, apitest.Options{})
		con := publish(t, h, "resolution_time", fourHours)
		tell(t, h, con, ticket("o", "ticket_opened", at(0)))
		h.Clock.Set(at(5 * time.Hour))
		tell(t, h, con, ticket("r", "ticket_resolved", at(4*time.Hour+time.Second)))
		if f := finding(t, h); f.Severity != "breach" || !f.OccurredAt.Equal(at(4*time.Hour)) {
			t.Errorf("%s at %s", f.Severity, f.OccurredAt)
		}
	})
}

// A reset completes a clock, which stays what it was, and starts another; a correction that takes the reset back joins them again.
func TestAResetStartsAClockOfItsOwn(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := publish(t, h, "resolution_time", `{"target":{"value":4,"unit":"hour"},"conditions":{"start":["open","again"],"stop":["done"],"cancel":["void"],"reset":["again"]}}`)
		state := func(id, name string, when time.Time) pact.Event {
			e := ticket(id, "ticket_state", when)
			e.Data.State = name
			return e
		}
		tell(t, h, con, state("o", "open", at(0)))
		h.Fire(t, at(5*time.Hour)) // breached at four hours
		tell(t, h, con, state("a", "again", at(5*time.Hour)))
		h.Fire(t, at(6*time.Hour))
		tell(t, h, con, state("d", "done", at(6*time.Hour)))
		clocks := func() (out []string) {
			for _, occ := range apitest.All(t, h.Store.Reads().Occurrences) {
				out = append(out, occ.Key+" "+string(occ.Status))
			}
			slices.Sort(out)
			return out
		}
		if got, want := clocks(), []string{"1234 breached", "1234/run 2 met"}; !slices.Equal(got, want) {
			t.Errorf("clocks %q, want %q", got, want)
		}
		if f := finding(t, h); f.Severity != "breach" || f.Lead != "Dana" || f.Assessment.Elapsed != "5h0m0s" {
			t.Errorf("%+v", f)
		}
		back := pact.Event{ExternalID: "c", Kind: "correction", Subject: "1234", ReplacesExternal: "a", OccurredAt: at(6 * time.Hour)}
		tell(t, h, con, back)
		if got, want := clocks(), []string{"1234 breached", "1234/run 2 pending"}; !slices.Equal(got, want) {
			t.Errorf("without the reset: clocks %q, want %q", got, want)
		}
		if f := finding(t, h); f.Assessment.Elapsed != "6h0m0s" {
			t.Errorf("%+v", f.Assessment)
		}
	})
}

// Of a ticket that nobody triaged yet no clock runs out; one clock asks. Once it is triaged, the others leave it alone.
func TestATicketWithoutAPriorityIsAskedAboutUntilItIsTriaged(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		one, three := of("resolution_time", `{"priority":"1","target":{"value":1,"unit":"hour"}}`).Obligations[0], of("resolution_time", `{"priority":"3","target":{"value":24,"unit":"hour"}}`).Obligations[0]
		one.Key, three.Key = "resolution_time/P1", "resolution_time/P3"
		con := register(t, h, "P-1", backtest.Document{Obligations: []pact.Obligation{one, three}})
		opened := ticket("o", "ticket_opened", at(0))
		opened.Data.Priority = ""
		tell(t, h, con, opened)
		h.Fire(t, at(2*time.Hour))
		questions := func() (asked int, clocks []string) {
			for _, occ := range apitest.All(t, h.Store.Reads().Occurrences) {
				asked += len(occ.Assessment.Ambiguities)
				clocks = append(clocks, string(occ.Status))
			}
			slices.Sort(clocks)
			return asked, clocks
		}
		if asked, clocks := questions(); asked != 1 || !slices.Equal(clocks, []string{"pending", "pending"}) || len(apitest.All(t, h.Store.Reads().Findings)) != 0 {
			t.Errorf("%d questions, clocks %q", asked, clocks)
		}
		triaged := ticket("p", "ticket_priority", at(2*time.Hour))
		triaged.Data.Priority = "3"
		tell(t, h, con, triaged)
		if asked, clocks := questions(); asked != 0 || !slices.Equal(clocks, []string{"excused", "on_track"}) || len(apitest.All(t, h.Store.Reads().Findings)) != 0 {
			t.Errorf("triaged: %d questions, clocks %q", asked, clocks)
		}
	})
}

// An alert some days before the renewal is made as one before the last day for notice is, and says which it is.
func TestAnAlertSomeDaysBeforeTheRenewalIsMade(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		// 60 days before 6 July is 7 May; 20 days before that is Friday, 17 April. 75 days before 6 July is Wednesday, 22 April.
		con := publish(t, h, "renewal_notice", `{"zone":"UTC","renewal_date":"2026-07-06","auto_renewal":false,"notice":{"value":60,"unit":"day"},"count_from":"renewal_date","roll":"none","alerts":[20],"renewal_alerts":[75]}`)
		if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: con.ID, Version: 1}); err != nil {
			t.Fatal(err)
		}
		h.Fire(t, day(time.April, 16))
		if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
			t.Errorf("%d alerts too early", n)
		}
		h.Fire(t, day(time.April, 17))
		h.Fire(t, day(time.April, 21))
		if f := finding(t, h); f.Severity != "at_risk" || f.Version != 1 || f.Assessment.Status != pact.OnTrack {
			t.Errorf("20 days before the last day: %+v", f)
		}
		h.Fire(t, day(time.April, 22))
		f := finding(t, h)
		if f.Version != 2 || f.Assessment.Status != pact.AtRisk || len(f.Corrections) != 1 || f.Corrections[0].Reason != "The next alert is due: 75 days before the renewal." {
			t.Errorf("75 days before the renewal: %+v", f)
		}
	})
}

// A ticket that is deleted was never under the clause: its breach is retracted. So it is where the correction names another ticket, or
// nothing: what it replaces no longer counts.
func TestWhatIsTakenBackUnderAnotherNameNoLongerCounts(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := publish(t, h, "resolution_time", fourHours)
		tell(t, h, con, ticket("o", "ticket_opened", at(0)), ticket("r", "ticket_resolved", at(2*time.Hour)))
		h.Fire(t, at(6*time.Hour))
		if n := len(apitest.All(t, h.Store.Reads().Findings)); n != 0 {
			t.Fatalf("%d findings of a ticket that was resolved in time", n)
		}
		moved := ticket("m", "ticket_resolved", at(2*time.Hour))
		moved.Subject, moved.ReplacesExternal = "5678", "r"
		tell(t, h, con, moved)
		if f := finding(t, h); f.Severity != "breach" || f.State != pact.FindingOpen || !f.Assessment.BreachedAt.Equal(at(4*time.Hour)) {
			t.Errorf("the resolution was of another ticket: %+v", f)
		}
		tell(t, h, con, pact.Event{ExternalID: "d", Kind: "correction", Subject: "a note", ReplacesExternal: "o", OccurredAt: at(6 * time.Hour)})
		f := finding(t, h)
		if f.State != pact.FindingCorrected || f.Assessment.Status != pact.Pending || !strings.Contains(f.Corrections[len(f.Corrections)-1].Reason, "retracted") {
			t.Errorf("the ticket was deleted: %+v", f)
		}
	})
}
