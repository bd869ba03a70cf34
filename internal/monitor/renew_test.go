package monitor_test

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/monitor"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func renewing(c *pact.Contract) {
	c.Phase, c.RenewalDate, c.SendBy = "full", "2026-09-01", "2026-07-31"
}

// look does what the monthly timer of a family asks for, at an instant.
func look(t *testing.T, h *apitest.House, con pact.Contract, at time.Time) pact.Contract {
	t.Helper()
	h.Clock.Set(at)
	if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: con.ID}); err != nil {
		t.Fatal(err)
	}
	return apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID))
}

func TestTheRegisterMovesToTheNextRenewalOnceOneIsOver(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Connection(t, "north", "CRM")
		h.Fake.Set(func(f *apitest.Fake) {
			f.Accounts = []connector.MatchCandidate{{Object: "Account", ExternalID: "A1", Name: "Acme Corp"}}
		})
		h.Work(t)
		con := publish(t, h, "renewal_notice", renewal, renewing)
		for _, day := range []calendar.Date{"2026-08-10", "2026-08-31", "2026-09-01"} {
			if got := look(t, h, con, day.Time()); got.RenewalDate != "2026-09-01" || got.SendBy != "2026-07-31" {
				t.Errorf("on %s the renewal is on %s", day, got.RenewalDate)
			}
		}
		timer := apitest.One(t, h.Store.Reads().Timers, store.Eq("kind", monitor.ScheduleTimer))
		if want := calendar.Date("2026-09-02").Time(); timer.DueAt.After(want) {
			t.Errorf("it is looked at again on %s, want at the latest when the renewal is over, %s", timer.DueAt, want)
		}
		got := look(t, h, con, calendar.Date("2026-09-02").Time())
		if got.RenewalDate != "2027-09-01" || got.SendBy <= "2027-07-01" || got.SendBy >= "2027-08-31" || got.CurrentVersion != 1 {
			t.Errorf("after the renewal: %s, notice by %s, version %d", got.RenewalDate, got.SendBy, got.CurrentVersion)
		}
		h.Settle(t)
		var tasks []any
		for _, a := range h.Fake.Written() {
			if a.Object == "Todo" {
				tasks = append(tasks, a.Fields["Due"])
			}
		}
		if !slices.Equal(tasks, []any{string(got.SendBy)}) {
			t.Errorf("the tasks of the next renewal are due on %v, want once %s", tasks, got.SendBy)
		}
		writes := len(h.Fake.Written())
		after := look(t, h, con, calendar.Date("2026-09-03").Time())
		h.Settle(t)
		if after.RenewalDate != "2027-09-01" || len(h.Fake.Written()) != writes {
			t.Errorf("a day later: %s, %d further writes", after.RenewalDate, len(h.Fake.Written())-writes)
		}
	})
}

// notify reports a notice as another system would, and judges what it touches.
func notify(t *testing.T, h *apitest.House, con pact.Contract, e pact.Event) pact.Event {
	t.Helper()
	e.Kind, e.Data.Contract = cmp.Or(e.Kind, "notice_sent"), con.Number
	out, err := h.Exchange.TakeEvents(storetest.As(t, pact.Connector, "north"), "north", []pact.Event{e})
	if err != nil || len(out.Events) != 1 {
		t.Fatal(out, err)
	}
	if got := out.Events[0]; got.ContractID != con.FamilyID {
		t.Fatalf("the notice falls under %q: %s", got.ContractID, got.MatchedBy)
	}
	if err := h.Watch.Assess(storetest.System(t), job.Assess{ContractID: con.FamilyID, Subject: e.Subject}); err != nil {
		t.Fatal(err)
	}
	return out.Events[0]
}

func TestANoticeThatWasSentSettlesTheRenewalItIsFor(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := publish(t, h, "renewal_notice", renewal, renewing)
		other := publish(t, h, "renewal_notice", renewal, renewing, func(c *pact.Contract) { c.Number = "SA-OTHER" })
		day := calendar.Date("2026-07-25").Time()
		look(t, h, con, day)
		look(t, h, other, day)
		sent := notify(t, h, con, pact.Event{ExternalID: "n", Subject: "2026-09-01", OccurredAt: calendar.Date("2026-07-24").Time()})
		standing := func(con pact.Contract, key string) pact.Occurrence {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Occurrences, store.Eq("contract_id", con.ID), store.Eq("key", key))
		}
		if occ := standing(con, "2026-09-01"); occ.Status != pact.Met || !slices.Equal(occ.Assessment.EventIDs, []pact.EventID{sent.ID}) {
			t.Errorf("the renewal it is for is %s by %v", occ.Status, occ.Assessment.EventIDs)
		}
		if occ := standing(con, "2027-09-01"); occ.Status == pact.Met {
			t.Error("the renewal after it is met too")
		}
		if occ := standing(other, "2026-09-01"); occ.Status == pact.Met {
			t.Error("the renewal of another contract on the same day is met too")
		}
	})
}

func TestNoticeInTimeEndsTheContractUntilItIsTakenBack(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		yes := true
		con := publish(t, h, "renewal_notice", renewal, renewing, func(c *pact.Contract) { c.AutoRenewal = &yes })
		look(t, h, con, calendar.Date("2026-07-25").Time())
		register := func() pact.Contract {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", con.ID))
		}
		later := func() pact.Occurrence {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Occurrences, store.Eq("contract_id", con.ID), store.Eq("key", "2027-09-01"))
		}
		outlook := func() []insight.RenewalRow {
			t.Helper()
			rows, err := h.Insight.WholeOutlook(storetest.As(t, pact.Viewer, "north"), insight.RenewalFilter{Days: 1000})
			if err != nil {
				t.Fatal(err)
			}
			return rows
		}
		if rows := outlook(); len(rows) < 2 || rows[0].EndsOn != "" {
			t.Fatalf("before the notice: %+v", rows)
		}
		notify(t, h, con, pact.Event{ExternalID: "n", Subject: "2026-09-01", OccurredAt: calendar.Date("2026-07-24").Time()})
		if got := register(); got.RenewalDate != "" || got.SendBy != "" || got.AutoRenewal == nil || *got.AutoRenewal || got.ExpirationDate != "2026-08-31" {
			t.Errorf("the register has renewal %q, notice by %q, end %q, by itself %v", got.RenewalDate, got.SendBy, got.ExpirationDate, got.AutoRenewal)
		}
		if occ := later(); occ.Status != pact.Excused || !occ.Assessment.DueAt.IsZero() || !occ.Assessment.NextAt.IsZero() || occ.DueOn != "" {
			t.Errorf("the renewal after it is %s, next looked at %s", occ.Status, occ.Assessment.NextAt)
		}
		if rows := outlook(); len(rows) != 1 || rows[0].EndsOn != "2026-08-31" || rows[0].Notice != insight.NoticeSent {
			t.Errorf("after the notice: %+v", rows)
		}
		look(t, h, con, calendar.Date("2026-07-26").Time())
		if got := register(); got.RenewalDate != "" || got.ExpirationDate != "2026-08-31" {
			t.Errorf("looked at again, the register has renewal %q, end %q", got.RenewalDate, got.ExpirationDate)
		}
		notify(t, h, con, pact.Event{ExternalID: "n/back", Subject: "2026-09-01", OccurredAt: calendar.Date("2026-07-26").Time(), ReplacesExternal: "n", Kind: "correction"})
		if got := register(); got.RenewalDate != "2026-09-01" || got.SendBy != "2026-07-31" || got.AutoRenewal == nil || !*got.AutoRenewal || got.ExpirationDate != "" {
			t.Errorf("taken back, the register has renewal %q, notice by %q, end %q, by itself %v", got.RenewalDate, got.SendBy, got.ExpirationDate, got.AutoRenewal)
		}
		if occ := later(); occ.Status != pact.Pending || occ.DueOn != "2027-08-02" {
			t.Errorf("taken back, the renewal after it is %s, by %s", occ.Status, occ.DueOn)
		}
		if rows := outlook(); len(rows) < 2 || rows[0].EndsOn != "" || rows[0].Notice != insight.NoticeOpen {
			t.Errorf("taken back: %+v", rows)
		}
	})
}

func TestWhatFellDueAfterTheEndIsTakenBackWithTheNoticeThatEndedIt(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := publish(t, h, "renewal_notice", renewal, renewing)
		alsoSays(t, h, con, pact.Obligation{Key: "report", Kind: "recurring_duty", Title: "Report", Params: json.RawMessage(eachMonth), InForce: calendar.Period{From: "2026-01-01"}})
		of := func(month string) pact.Occurrence {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Occurrences, store.Eq("contract_id", con.ID), store.Eq("key", month))
		}
		for _, day := range []calendar.Date{"2026-07-20", "2026-08-05", "2026-09-02", "2026-10-05"} {
			look(t, h, con, day.Time())
		}
		if of("2026-08").Status != pact.Breached || of("2026-09").Status != pact.Breached {
			t.Fatalf("before the notice: %s, %s", of("2026-08").Status, of("2026-09").Status)
		}
		finding := func() pact.Finding {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Findings, store.Eq("occurrence_id", of("2026-09").ID))
		}
		ahead := func() (last calendar.Date, ends, next string) {
			t.Helper()
			plan, err := h.Insight.Schedule(storetest.As(t, pact.Viewer, "north"), of("2026-08").ObligationID, "2026-06-01", 12)
			if err != nil || len(plan.Items) == 0 {
				t.Fatal(plan, err)
			}
			return plan.Items[len(plan.Items)-1].DueOn, plan.Ends, string(plan.Next)
		}
		if last, ends, next := ahead(); last != "2027-05-31" || ends != "" || next != "2027-06-01" {
			t.Errorf("before the notice the schedule leads to %s, %q, and on from %s", last, ends, next)
		}
		notify(t, h, con, pact.Event{ExternalID: "n", Subject: "2026-09-01", OccurredAt: calendar.Date("2026-07-24").Time()})
		says := func(occ pact.Occurrence) bool {
			return slices.ContainsFunc(occ.Assessment.Trace, func(s pact.TraceStep) bool {
				return s.Result == "the contract ended on 2026-08-31, by notice sent on Fri 2026-07-24"
			})
		}
		if occ := of("2026-09"); occ.Status != pact.Excused || !says(occ) {
			t.Errorf("after the end: %s, %+v", occ.Status, occ.Assessment.Trace)
		}
		if last, ends, next := ahead(); last != "2026-08-31" || ends != "the contract ended on 2026-08-31, by notice sent on Fri 2026-07-24" || next != "" {
			t.Errorf("after the notice the schedule leads to %s, %q, and on from %q", last, ends, next)
		}
		if f := finding(); len(f.Corrections) != 1 {
			t.Errorf("the finding has the corrections %+v", f.Corrections)
		}
		if occ := of("2026-08"); occ.Status != pact.Breached {
			t.Errorf("before the end: %s", occ.Status)
		}
		notify(t, h, con, pact.Event{ExternalID: "n/back", Subject: "2026-09-01", OccurredAt: calendar.Date("2026-07-26").Time(), ReplacesExternal: "n", Kind: "correction"})
		if occ := of("2026-09"); occ.Status != pact.Breached || says(occ) {
			t.Errorf("with the notice taken back: %s", occ.Status)
		}
		if last, ends, _ := ahead(); last != "2027-05-31" || ends != "" {
			t.Errorf("with the notice taken back the schedule leads to %s, %q", last, ends)
		}
	})
}

// eachMonth is a duty of each month.
const eachMonth = `{"item":"report","period":"month","day":-1,"in_period":true,"zone":"UTC"}`

// alsoSays publishes another version of a contract, which has more obligations.
func alsoSays(t *testing.T, h *apitest.House, con pact.Contract, more ...pact.Obligation) {
	t.Helper()
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		v, err := tx.Versions.One(ctx, store.Where(store.Eq("contract_id", con.ID)))
		if err != nil {
			return err
		}
		for _, o := range more {
			o.ID, o.BusinessUnit, o.ContractID = pact.NewID[pact.ObligationID]("obl", tx.Now), con.BusinessUnit, con.ID
			if err := tx.Obligations.Insert(ctx, &o); err != nil {
				return err
			}
			v.Obligations = append(v.Obligations, o)
		}
		v.ID, v.Number = pact.NewID[pact.VersionID]("ver", tx.Now), 2
		if err := tx.Versions.Insert(ctx, &v); err != nil {
			return err
		}
		row, err := tx.Contracts.Lock(ctx, string(con.ID))
		if err != nil {
			return err
		}
		row.CurrentVersion = 2
		return tx.Contracts.Update(ctx, &row)
	})
}

func TestWhatFellDueAfterAnEndThatIsOpenIsNoSureBreach(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := publish(t, h, "renewal_notice", renewal, renewing)
		alsoSays(t, h, con,
			pact.Obligation{Key: "report", Kind: "recurring_duty", Title: "Report", Params: json.RawMessage(eachMonth), InForce: calendar.Period{From: "2026-01-01"}},
			pact.Obligation{Key: "price", Kind: "price_escalator", Title: "Price", Params: json.RawMessage(`{"base_price":{"value":"100","currency":"USD"},"first_adjustment":"2026-09-01","fixed_percent":"3","notice_days":30}`), InForce: calendar.Period{From: "2025-09-01"}})
		of := func(month string) pact.Occurrence {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Occurrences, store.Eq("contract_id", con.ID), store.Eq("key", month))
		}
		found := func(severity, month string) int {
			t.Helper()
			n, err := h.Store.Reads().Findings.Count(storetest.System(t), store.Where(store.Eq("occurrence_id", of(month).ID), store.Eq("severity", severity)))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		look(t, h, con, calendar.Date("2026-07-20").Time())
		notify(t, h, con, pact.Event{ExternalID: "n", Subject: "2026-09-01", OccurredAt: calendar.Date("2026-07-24").Time()})
		for _, day := range []calendar.Date{"2026-08-05", "2026-09-02", "2026-10-05"} {
			look(t, h, con, day.Time())
		}
		if occ := of("2026-08"); occ.Status != pact.Breached || found("breach", "2026-08") != 1 {
			t.Errorf("before the end: %s", occ.Status)
		}
		asks := func(occ pact.Occurrence) bool {
			return slices.ContainsFunc(occ.Assessment.Ambiguities, func(q pact.Ambiguity) bool { return q.Code == "contract_end" && len(q.Outcomes) == 2 })
		}
		if occ := of("2026-09"); occ.Status != pact.Pending || !asks(occ) || found("breach", "2026-09") != 0 {
			t.Errorf("after the end that is open: %s, %+v, %d breaches found", occ.Status, occ.Assessment.Ambiguities, found("breach", "2026-09"))
		}
		notify(t, h, con, pact.Event{ExternalID: "n/said", Subject: "2026-09-01", OccurredAt: calendar.Date("2026-07-24").Time(), ReplacesExternal: "n", Data: pact.EventData{Item: "price increase"}})
		if occ := of("2026-09"); occ.Status != pact.Breached || asks(occ) || found("breach", "2026-09") != 1 {
			t.Errorf("once it is decided that it renewed: %s, %d breaches found", occ.Status, found("breach", "2026-09"))
		}
	})
}

func TestAContractThatEndsKeepsItsDates(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		params string
	}{
		"it does not renew by itself":   {`{"renewal_date":"2026-09-01","auto_renewal":false,"notice":{"value":30,"unit":"day"},"zone":"UTC"}`},
		"the renewal term is not known": {`{"renewal_date":"2026-09-01","auto_renewal":true,"notice":{"value":30,"unit":"day"},"zone":"UTC"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := apitest.Build(t, apitest.Options{})
			con := publish(t, h, "renewal_notice", x.params, renewing)
			look(t, h, con, calendar.Date("2026-07-01").Time())
			look(t, h, con, calendar.Date("2026-07-20").Time())
			if got := look(t, h, con, calendar.Date("2026-09-05").Time()); got.RenewalDate != "2026-09-01" || got.SendBy != "2026-07-31" {
				t.Errorf("the register moved to %s, notice by %s", got.RenewalDate, got.SendBy)
			}
		})
	}
}
