package exchange_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func TestWhatStartsADutyIsSaidCorrectedAndTakenBack(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) { // it is 2 March 2026
		h.Work(t)
		con := reporting(t, h, func(o *pact.Obligation) {
			if o.Key == "inform" {
				o.InForce = calendar.Period{From: "2026-02-01"}
			}
		})
		owner := viewer(t, "usr_ow")
		say := func(p exchange.Trigger) pact.Event {
			t.Helper()
			e, err := h.Exchange.StateTrigger(owner, "obl_inform", p)
			if err != nil {
				t.Fatalf("%+v: %v", p, err)
			}
			h.Settle(t)
			return e
		}
		occ := func() pact.Occurrence {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Occurrences, store.Eq("obligation_id", "obl_inform"))
		}
		first := say(exchange.Trigger{Answer: "yes", On: "2026-02-25", Note: "The register says so."})
		if o := occ(); o.Status != pact.OnTrack || o.Key != "change" || !o.DueAt.Equal(time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC)) || !slices.Contains(o.Assessment.EventIDs, first.ID) {
			t.Fatalf("started on 25 February, ten days: %s %q due %s by %v", o.Status, o.Key, o.DueAt, o.Assessment.EventIDs)
		}
		if first.Data.ApprovedBy != "usr_ow" || first.MatchedBy != "said by usr_ow" || first.Data.Reason == "" {
			t.Errorf("who said it: %+v", first)
		}
		if n := len(apitest.All(t, h.Store.Reads().Occurrences, store.Eq("obligation_id", "obl_consent"))); n != 0 {
			t.Errorf("what was said of one duty started another one %d times", n)
		}
		// What is done on the day itself is done after it.
		done, err := h.Exchange.AnswerPerformance(owner, "obl_inform", exchange.Performance{OccurrenceID: occ().ID, Answer: "yes", On: "2026-02-25"})
		if err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		if o := occ(); o.Status != pact.Met {
			t.Errorf("done on its day: %s", o.Status)
		}
		if _, err := h.Exchange.AnswerPerformance(owner, "obl_inform", exchange.Performance{OccurrenceID: occ().ID, Answer: "take_back", Corrects: done.ID}); err != nil {
			t.Fatal(err)
		}
		earlier := say(exchange.Trigger{Answer: "yes", On: "2026-02-10", Corrects: first.ID})
		if o := occ(); o.Status != pact.Breached || o.Key != "change" {
			t.Fatalf("started on 10 February: %s %+v", o.Status, o.Assessment.Trace)
		}
		finding := func() pact.Finding {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Findings, store.Eq("obligation_id", "obl_inform"))
		}
		if f := finding(); f.Severity != "breach" || f.State != pact.FindingOpen {
			t.Fatalf("the finding: %s %s", f.Severity, f.State)
		}
		say(exchange.Trigger{Answer: "take_back", Note: "It was a rumour.", Corrects: earlier.ID})
		if o, f := occ(), finding(); o.Status != pact.Pending || !o.DueAt.IsZero() || f.State != pact.FindingCorrected {
			t.Errorf("after it was taken back: %s due %s, the finding is %s", o.Status, o.DueAt, f.State)
		}
		again := say(exchange.Trigger{Answer: "yes", On: "2026-03-01"})
		if o := occ(); o.Status != pact.OnTrack || o.Key != "change" {
			t.Errorf("said again: %s %q", o.Status, o.Key)
		}
		second := say(exchange.Trigger{Answer: "yes", On: "2026-02-28"})
		if second.Subject != "change 2" {
			t.Errorf("a second one is called %q", second.Subject)
		}

		moments, err := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now}).Timeline(storetest.As(t, pact.Viewer, "north"), con.ID)
		var lines []string
		for _, m := range moments {
			if m.Kind == "answer" {
				lines = append(lines, m.Title+" / "+m.Detail)
			}
		}
		for _, want := range []string{
			"Inform after a change of control (change): started on 2026-02-25 / said by usr_ow. The register says so.",
			"Inform after a change of control (change): what started it was taken back / said by usr_ow. It was a rumour.",
		} {
			if err != nil || !slices.Contains(lines, want) {
				t.Errorf("the timeline lacks %q: %q %v", want, lines, err)
			}
		}
		for name, c := range map[string]struct {
			by   context.Context
			of   pact.ObligationID
			p    exchange.Trigger
			kind fault.Kind
		}{
			"by somebody else":              {viewer(t, "usr_no"), "obl_inform", exchange.Trigger{Answer: "yes", On: "2026-02-20"}, fault.Denied},
			"of a duty nobody knows":        {viewer(t, "usr_no"), "obl_none", exchange.Trigger{Answer: "yes", On: "2026-02-20"}, fault.Denied},
			"of the same day once more":     {owner, "obl_inform", exchange.Trigger{Answer: "yes", On: "2026-03-01"}, fault.Conflict},
			"instead of one that fell":      {owner, "obl_inform", exchange.Trigger{Answer: "yes", On: "2026-02-20", Corrects: first.ID}, fault.Conflict},
			"taking back nothing":           {owner, "obl_inform", exchange.Trigger{Answer: "take_back"}, fault.Invalid},
			"taking back with a day":        {owner, "obl_inform", exchange.Trigger{Answer: "take_back", On: "2026-03-01", Corrects: again.ID}, fault.Invalid},
			"of a day ahead":                {owner, "obl_inform", exchange.Trigger{Answer: "yes", On: "2026-03-05"}, fault.Invalid},
			"of no day":                     {owner, "obl_inform", exchange.Trigger{Answer: "yes"}, fault.Invalid},
			"of a day before it held":       {owner, "obl_inform", exchange.Trigger{Answer: "yes", On: "2026-01-20"}, fault.Invalid},
			"of a duty that nothing starts": {owner, "obl_report", exchange.Trigger{Answer: "yes", On: "2026-02-20"}, fault.Unsupported},
		} {
			if _, err := h.Exchange.StateTrigger(c.by, c.of, c.p); !fault.Is(err, c.kind) {
				t.Errorf("a statement %s: %v, want %s", name, err, c.kind)
			}
		}
	})
}

func TestAStartInHoursIsSaidWithItsTime(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	reporting(t, h, func(o *pact.Obligation) {
		if o.Key == "inform" {
			o.Params = json.RawMessage(`{"trigger":"breach of data","within":{"value":72,"unit":"hour"}}`)
		}
	})
	by := storetest.As(t, pact.Reviewer, "north")
	at := h.Clock.Now().Add(-71 * time.Hour).Truncate(time.Minute)
	for name, p := range map[string]exchange.Trigger{
		"a day alone":            {On: "2026-02-28"},
		"a day and a time":       {On: "2026-02-28", At: at},
		"a time that lies ahead": {At: h.Clock.Now().Add(time.Hour)},
	} {
		p.Answer = "yes"
		if _, err := h.Exchange.StateTrigger(by, "obl_inform", p); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := h.Exchange.StateTrigger(by, "obl_inform", exchange.Trigger{Answer: "yes", At: at}); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	occ := apitest.One(t, h.Store.Reads().Occurrences, store.Eq("obligation_id", "obl_inform"))
	if occ.Key != "breach of data" || !occ.DueAt.Equal(at.Add(72*time.Hour)) {
		t.Errorf("%q is due at %s, want 72 hours after %s", occ.Key, occ.DueAt, at)
	}
}

// Where a system reports what starts the duty nobody is asked; what was said before can still be taken back.
func TestNobodySaysWhatASystemReportsTheStartOf(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	con := reporting(t, h)
	by := storetest.As(t, pact.Reviewer, "north")
	tell := func(id pact.EventID, item string) {
		t.Helper()
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			return tx.Events.Insert(ctx, &pact.Event{ID: id, BusinessUnit: "north", ConnectionID: "cnn_1", ContractID: con.FamilyID, ExternalID: string(id), Kind: "trigger", Subject: string(id), OccurredAt: tx.Now, ReceivedAt: tx.Now, Data: pact.EventData{Item: item}})
		})
	}
	tell("evt_other", "insolvency")
	e, err := h.Exchange.StateTrigger(by, "obl_inform", exchange.Trigger{Answer: "yes", On: "2026-02-25"})
	if err != nil {
		t.Fatalf("another trigger of a system stops it: %v", err)
	}
	tell("evt_same", "change")
	if _, err := h.Exchange.StateTrigger(by, "obl_inform", exchange.Trigger{Answer: "yes", On: "2026-02-26"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("said beside a system that reports: %v", err)
	}
	if _, err := h.Exchange.StateTrigger(by, "obl_inform", exchange.Trigger{Answer: "take_back", Corrects: e.ID}); err != nil {
		t.Errorf("what stands can not be taken back: %v", err)
	}
}
