package exchange_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// reporting makes an active contract with a monthly report and a duty that a change of control starts, both looked after by ow@example.com.
func reporting(t *testing.T, h *apitest.House, change ...func(*pact.Obligation)) pact.Contract {
	t.Helper()
	var con pact.Contract
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		con = pact.Contract{ID: id, BusinessUnit: "north", FamilyID: id, Number: "D-1", Title: "Hosting", Customer: "Acme Corp", State: pact.ContractActive, Phase: "full", CurrentVersion: 1, SourceKey: string(id), Owner: "ow@example.com"}
		v := pact.Version{BusinessUnit: "north", ContractID: id, Number: 1, PublishedBy: "test", PublishedAt: tx.Now}
		for _, o := range []pact.Obligation{
			{ID: "obl_report", Key: "report", Kind: "recurring_duty", Title: "Monthly report", Params: json.RawMessage(`{"period":"month","day":5,"late":{"fixed":{"value":"100.00","currency":"USD"}}}`), InForce: calendar.Period{From: "2026-02-01"}},
			{ID: "obl_inform", Key: "inform", Kind: "conditional_duty", Title: "Inform after a change of control", Params: json.RawMessage(`{"trigger":"change","within":{"value":10,"unit":"day"}}`)},
			{ID: "obl_consent", Key: "consent", Kind: "conditional_duty", Title: "Ask for consent after a change of control", Params: json.RawMessage(`{"trigger":"change","within":{"value":10,"unit":"day"}}`)},
		} {
			o.BusinessUnit, o.ContractID, o.Verification = "north", id, pact.Verified
			for _, c := range change {
				c(&o)
			}
			v.Obligations = append(v.Obligations, o)
			if err := tx.Obligations.Insert(ctx, &o); err != nil {
				return err
			}
		}
		for id, email := range map[pact.UserID]string{"usr_ow": "Ow@example.com", "usr_no": "no@example.com"} {
			if err := tx.Users.Insert(ctx, &pact.User{ID: id, Email: email, Name: string(id), Role: pact.Viewer, Units: []string{"north"}}); err != nil {
				return err
			}
		}
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		return tx.Versions.Insert(ctx, &v)
	})
	if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: con.ID, Version: 1}); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	return con
}

func viewer(t *testing.T, id string) context.Context {
	t.Helper()
	return pact.WithActor(t.Context(), pact.Actor{ID: id, Kind: "person", Name: id, Role: pact.Viewer, Units: []string{"north"}})
}

func TestWhatTheOwnerSaysOfADutyIsJudgedTracedAndCorrected(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) { // it is 2 March 2026
		h.Work(t)
		con := reporting(t, h)
		occ := func() pact.Occurrence {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Occurrences, store.Eq("obligation_id", "obl_report"), store.Eq("key", "2026-02"))
		}
		owner := viewer(t, "usr_ow")
		if o := occ(); o.Status != pact.OnTrack {
			t.Fatalf("the report of February before the 5th of March: %s", o.Status)
		}
		id := occ().ID
		say := func(p exchange.Performance, want pact.Status) pact.Event {
			t.Helper()
			p.OccurrenceID = id
			e, err := h.Exchange.AnswerPerformance(owner, "obl_report", p)
			if err != nil {
				t.Fatalf("%+v: %v", p, err)
			}
			h.Settle(t)
			o := occ()
			if o.Status != want {
				t.Errorf("after %+v it is %s, want %s: %+v", p, o.Status, want, o.Assessment.Trace)
			}
			if p.Answer != "take_back" && !slices.Contains(o.Assessment.EventIDs, e.ID) {
				t.Errorf("the judgement after %s rests on %v, not on the answer %s", p.Answer, o.Assessment.EventIDs, e.ID)
			}
			return e
		}
		notYet := say(exchange.Performance{Answer: "not_yet", Note: "Wednesday"}, pact.OnTrack)
		no := say(exchange.Performance{Answer: "no", Corrects: notYet.ID}, pact.AtRisk)
		if no.Data.ApprovedBy != "usr_ow" || no.MatchedBy != "said by usr_ow" || no.ReceivedAt.IsZero() {
			t.Errorf("who said it, and when: %+v", no)
		}
		h.Fire(t, time.Date(2026, 3, 10, 8, 0, 0, 0, time.UTC))
		h.Settle(t)
		if o := occ(); o.Status != pact.Breached || o.Assessment.Amount == nil || o.Assessment.Amount.String() != "100.00 USD" {
			t.Fatalf("missed: %s %+v", o.Status, o.Assessment)
		}
		var asked bool
		for _, n := range apitest.All(t, h.Store.Reads().Notifications) {
			asked = asked || strings.Contains(n.Body, "Did it happen?") && n.Recipient == "ow@example.com"
		}
		if !asked {
			t.Error("the owner is not asked by mail whether it happened")
		}
		late := say(exchange.Performance{Answer: "yes", On: "2026-03-07", Corrects: no.ID}, pact.Breached)
		if o := occ(); o.Assessment.EndedAt.IsZero() {
			t.Errorf("done late, and not ended: %+v", o.Assessment)
		}
		inTime := say(exchange.Performance{Answer: "yes", On: "2026-03-04", Note: "The mail went on the 4th.", Corrects: late.ID}, pact.Met)
		f := apitest.One(t, h.Store.Reads().Findings, store.Eq("obligation_id", "obl_report"), store.Eq("severity", "breach"))
		if f.State != pact.FindingCorrected || len(f.Corrections) == 0 {
			t.Errorf("the finding after the correction: %s, %d corrections", f.State, len(f.Corrections))
		}
		say(exchange.Performance{Answer: "take_back", Corrects: inTime.ID}, pact.Breached)
		again := say(exchange.Performance{Answer: "yes", On: "2026-03-05"}, pact.Met)

		moments, err := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now}).Timeline(storetest.As(t, pact.Viewer, "north"), con.ID)
		var lines []string
		for _, m := range moments {
			if m.Kind == "answer" {
				lines = append(lines, m.Title+" / "+m.Detail)
			}
		}
		if err != nil || len(lines) != 6 || !slices.Contains(lines, "Monthly report (2026-02): done on 2026-03-04 / said by usr_ow. The mail went on the 4th.") {
			t.Errorf("the timeline has %q %v", lines, err)
		}
		for name, c := range map[string]struct {
			by   context.Context
			p    exchange.Performance
			kind fault.Kind
		}{
			"by somebody else":          {viewer(t, "usr_no"), exchange.Performance{Answer: "no", Corrects: again.ID}, fault.Denied},
			"beside one that stands":    {owner, exchange.Performance{Answer: "no"}, fault.Conflict},
			"instead of one that fell":  {owner, exchange.Performance{Answer: "no", Corrects: late.ID}, fault.Conflict},
			"of a day ahead":            {owner, exchange.Performance{Answer: "yes", On: "2026-04-01", Corrects: again.ID}, fault.Invalid},
			"of no day":                 {owner, exchange.Performance{Answer: "yes", Corrects: again.ID}, fault.Invalid},
			"of a day, though it is no": {owner, exchange.Performance{Answer: "no", On: "2026-03-04", Corrects: again.ID}, fault.Invalid},
		} {
			c.p.OccurrenceID = id
			if _, err := h.Exchange.AnswerPerformance(c.by, "obl_report", c.p); !fault.Is(err, c.kind) {
				t.Errorf("an answer %s: %v, want %s", name, err, c.kind)
			}
		}
		if o := occ(); o.Status != pact.Met {
			t.Errorf("refused answers changed it to %s", o.Status)
		}
	})
}

// One trigger starts two duties: what is said of one says nothing of the other.
func TestAnAnswerIsAboutOneOfTheDutiesThatATriggerStarted(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	con := reporting(t, h)
	at := time.Date(2026, 2, 25, 15, 0, 0, 0, time.UTC)
	if _, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{{ExternalID: "coc", Kind: "trigger", Subject: "C-1", OccurredAt: at, Data: pact.EventData{Item: "change", Contract: con.Number}}}); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	of := func(id string) pact.Occurrence {
		t.Helper()
		return apitest.One(t, h.Store.Reads().Occurrences, store.Eq("obligation_id", id))
	}
	by := storetest.As(t, pact.Reviewer, "north")
	if _, err := h.Exchange.AnswerPerformance(by, "obl_inform", exchange.Performance{OccurrenceID: of("obl_inform").ID, Answer: "yes", On: "2026-02-24"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("done before it began: %v", err)
	}
	// On the day of the trigger itself, which came in the afternoon.
	if _, err := h.Exchange.AnswerPerformance(by, "obl_inform", exchange.Performance{OccurrenceID: of("obl_inform").ID, Answer: "yes", On: "2026-02-25"}); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	if a, b := of("obl_inform"), of("obl_consent"); a.Status != pact.Met || b.Status != pact.OnTrack {
		t.Errorf("informed: %s, consent: %s", a.Status, b.Status)
	}
}

// alter changes a row as a part of the product does.
func alter[T any](t *testing.T, h *apitest.House, of func(store.Tx) store.Table[T], id string, how func(*T)) {
	t.Helper()
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		row, err := of(tx).Get(ctx, id)
		if err != nil {
			return err
		}
		how(&row)
		return of(tx).Update(ctx, &row)
	})
}

func TestAnAnswerIsFoundByItsOccurrenceAndJudgedFromTheEvents(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	con := reporting(t, h)
	by := storetest.As(t, pact.Reviewer, "north")
	occ := apitest.One(t, h.Store.Reads().Occurrences, store.Eq("obligation_id", "obl_report"), store.Eq("key", "2026-02"))
	say := func(p exchange.Performance) pact.Event {
		t.Helper()
		p.OccurrenceID = occ.ID
		e, err := h.Exchange.AnswerPerformance(by, "obl_report", p)
		if err != nil {
			t.Fatalf("%+v: %v", p, err)
		}
		h.Settle(t)
		return e
	}
	first := say(exchange.Performance{Answer: "yes", On: "2026-03-01"})
	alter(t, h, func(tx store.Tx) store.Table[pact.Contract] { return tx.Contracts }, string(con.ID), func(c *pact.Contract) { c.Number = "D-2" })
	back := exchange.Performance{OccurrenceID: occ.ID, Answer: "take_back", Corrects: first.ID}
	if _, err := h.Exchange.AnswerPerformance(by, "obl_report", back); err != nil {
		t.Fatalf("an answer under the contract's old number can not be corrected: %v", err)
	}
	h.Settle(t)
	// The judgement is behind: it says that the duty ended, and no event does any more.
	alter(t, h, func(tx store.Tx) store.Table[pact.Occurrence] { return tx.Occurrences }, string(occ.ID), func(o *pact.Occurrence) { o.Assessment.EndedAt = first.OccurredAt })
	again := say(exchange.Performance{Answer: "yes", On: "2026-03-02"})
	moments, err := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now}).Timeline(storetest.As(t, pact.Viewer, "north"), con.ID)
	seen := 0
	for _, m := range moments {
		if m.Kind == "answer" {
			seen++
		}
	}
	if err != nil || seen != 3 {
		t.Errorf("the timeline has %d of 3 answers %v", seen, err)
	}
	for on, want := range map[calendar.Date]string{"2026-01-30": "2026-02-01", "2025-02-28": "2026-02-01"} {
		_, err := h.Exchange.AnswerPerformance(by, "obl_report", exchange.Performance{OccurrenceID: occ.ID, Answer: "yes", On: on, Corrects: again.ID})
		if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || len(f.Details) == 0 || !strings.Contains(f.Details[0].Message, want) {
			t.Errorf("the report of February, given on %s: %v", on, err)
		}
	}
}

func TestATimeInHoursIsAskedForTheTimeAndNotForADay(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	con := reporting(t, h, func(o *pact.Obligation) {
		if o.Key == "inform" {
			o.Params = json.RawMessage(`{"trigger":"change","within":{"value":72,"unit":"hour"}}`)
		}
	})
	began := time.Date(2026, 2, 25, 8, 0, 0, 0, time.UTC)
	if _, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{{ExternalID: "coc", Kind: "trigger", Subject: "C-1", OccurredAt: began, Data: pact.EventData{Item: "change", Contract: con.Number}}}); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	of := func() pact.Occurrence {
		t.Helper()
		return apitest.One(t, h.Store.Reads().Occurrences, store.Eq("obligation_id", "obl_inform"))
	}
	by := storetest.As(t, pact.Reviewer, "north")
	say := func(p exchange.Performance) (pact.Event, error) {
		p.OccurrenceID, p.Answer = of().ID, "yes"
		return h.Exchange.AnswerPerformance(by, "obl_inform", p)
	}
	for name, p := range map[string]exchange.Performance{
		"a day alone":            {On: "2026-02-28"},
		"a day and a time":       {On: "2026-02-28", At: began.Add(time.Hour)},
		"a time before it":       {At: began.Add(-time.Minute)},
		"a time that lies ahead": {At: h.Clock.Now().Add(time.Hour)},
	} {
		if _, err := say(p); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	e, err := say(exchange.Performance{At: began.Add(71 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	if o := of(); o.Status != pact.Met || e.Data.Date != "2026-02-28" {
		t.Errorf("after 71 of 72 hours: %s on %s %+v", o.Status, e.Data.Date, o.Assessment.Trace)
	}
	if _, err := say(exchange.Performance{At: began.Add(73 * time.Hour), Corrects: e.ID}); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	if o := of(); o.Status != pact.Breached {
		t.Errorf("after 73 of 72 hours: %s %+v", o.Status, o.Assessment.Trace)
	}
}

// A milestone that a system reports says nothing of the monthly report; the report of another month says that nobody is asked.
func TestNobodyAnswersWhatASystemReports(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	con := reporting(t, h)
	by := storetest.As(t, pact.Reviewer, "north")
	occ := apitest.One(t, h.Store.Reads().Occurrences, store.Eq("obligation_id", "obl_report"), store.Eq("key", "2026-02"))
	tell := func(id pact.EventID, subject string) {
		t.Helper()
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			return tx.Events.Insert(ctx, &pact.Event{ID: id, BusinessUnit: "north", ConnectionID: "cnn_1", ContractID: con.FamilyID, ExternalID: string(id), Kind: "submitted", Subject: subject, OccurredAt: tx.Now, ReceivedAt: tx.Now})
		})
	}
	tell("evt_milestone", "M-1")
	e, err := h.Exchange.AnswerPerformance(by, "obl_report", exchange.Performance{OccurrenceID: occ.ID, Answer: "not_yet"})
	if err != nil {
		t.Fatalf("a milestone of a system stops the answer about a report: %v", err)
	}
	tell("evt_january", "2026-01")
	if _, err := h.Exchange.AnswerPerformance(by, "obl_report", exchange.Performance{OccurrenceID: occ.ID, Answer: "take_back", Corrects: e.ID}); err != nil {
		t.Errorf("what stands can not be taken back: %v", err)
	}
	if _, err := h.Exchange.AnswerPerformance(by, "obl_report", exchange.Performance{OccurrenceID: occ.ID, Answer: "no"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("answered beside a system that reports: %v", err)
	}
}

func TestADutyThatIsDueOnADayAsksWhetherItHappened(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) { // it is 2 March 2026
		h.Work(t)
		reporting(t, h, func(o *pact.Obligation) {
			if o.ID == "obl_report" { // "deliver a plan by 5 March 2026", as it is read
				o.Kind, o.Duty, o.Title, o.Params = "milestone", "delivery", "Deliver a plan", json.RawMessage(`{"milestones":[{"name":"Deliver a plan","due":"2026-03-05"}]}`)
			}
		})
		occ := func() pact.Occurrence {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Occurrences, store.Eq("obligation_id", "obl_report"))
		}
		if o := occ(); o.Status != pact.OnTrack || o.Subject != "Deliver a plan" {
			t.Fatalf("before its day: %s %s", o.Key, o.Status)
		}
		h.Fire(t, time.Date(2026, 3, 7, 8, 0, 0, 0, time.UTC))
		h.Settle(t)
		if o := occ(); o.Status != pact.Breached {
			t.Fatalf("after its day: %s", o.Status)
		}
		if !slices.ContainsFunc(apitest.All(t, h.Store.Reads().Notifications), func(n pact.Notification) bool {
			return strings.Contains(n.Body, "Did it happen?") && n.Recipient == "ow@example.com"
		}) {
			t.Error("the owner is not asked by mail whether it happened")
		}
		e, err := h.Exchange.AnswerPerformance(viewer(t, "usr_ow"), "obl_report", exchange.Performance{OccurrenceID: occ().ID, Answer: "yes", On: "2026-03-04"})
		if err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		if o := occ(); o.Status != pact.Met || !slices.Contains(o.Assessment.EventIDs, e.ID) {
			t.Errorf("done on the 4th: %s by %v", o.Status, o.Assessment.EventIDs)
		}
		f := apitest.One(t, h.Store.Reads().Findings, store.Eq("obligation_id", "obl_report"))
		if f.State != pact.FindingCorrected {
			t.Errorf("the finding stays %s", f.State)
		}
		if _, err := h.Exchange.AnswerPerformance(viewer(t, "usr_no"), "obl_report", exchange.Performance{OccurrenceID: occ().ID, Answer: "take_back", Corrects: e.ID}); !fault.Is(err, fault.Denied) {
			t.Errorf("somebody else took it back: %v", err)
		}
	})
}
