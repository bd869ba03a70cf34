package monitor_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// What the register says is replayed as monitor judged it, and a changed term shows what it would have been worth.
func TestAContractIsReplayedAndWhatIfItHadSaidSomethingElse(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		doc := of("invoice_payment", `{"terms":"net 30","late":{"method":"contract","percent":"12","per":"year"}}`)
		con := register(t, h, "P-1", doc)
		hear(t, h, con, on("2026-03-02", "i", "invoice", "INV-1", pact.EventData{Amount: dollars("1000.00")}))
		h.Clock.Set(calendar.Date("2026-04-11").Time())
		hear(t, h, con, on("2026-04-06", "p", "payment", "INV-1", pact.EventData{Amount: dollars("1000.00")}))
		ctx := storetest.As(t, pact.Viewer, "north")
		as, err := h.Insight.Backtest(ctx, con.ID, insight.Replay{})
		if err != nil {
			t.Fatal(err)
		}
		// Due on 1 April, paid 5 days late: 1000 × 12 % × 5 / 365 = 1.6438…
		f := theFinding(t, h, "INV-1")
		if len(as.Differences) != 0 || len(as.Report.Occurrences) != 1 || as.Report.Occurrences[0].Assessment.Amount.String() != "1.64 USD" || f.Amount.String() != "1.64 USD" || as.Events != 2 {
			t.Errorf("as registered: %+v, the finding says %v", as, f.Amount)
		}
		// Net 45: due on 16 April, and paid in time.
		other, err := h.Insight.Backtest(ctx, con.ID, insight.Replay{Changes: []insight.Changed{{Obligation: "invoice_payment", Params: json.RawMessage(`{"terms":"net 45"}`)}}})
		if err != nil {
			t.Fatal(err)
		}
		if len(other.Differences) != 1 {
			t.Fatalf("%+v", other.Differences)
		}
		if d := other.Differences[0]; d.Key != "INV-1" || d.Registered.Status != pact.Breached || d.Changed.Status != pact.Met || d.Delta.String() != "-1.64 USD" {
			t.Errorf("%+v", d)
		}
		if again := theFinding(t, h, "INV-1"); again.Revision != f.Revision {
			t.Error("a replay changed the finding")
		}
		for name, x := range map[string]struct {
			ask  insight.Replay
			want string
		}{
			"an unknown obligation": {insight.Replay{Changes: []insight.Changed{{Obligation: "other", Params: json.RawMessage(`{}`)}}}, "no obligation of this key"},
			"terms nobody can read": {insight.Replay{Changes: []insight.Changed{{Obligation: "invoice_payment", Params: json.RawMessage(`{"terms":"whenever"}`)}}}, "When is an invoice due"},
			"no object":             {insight.Replay{Changes: []insight.Changed{{Obligation: "invoice_payment", Params: json.RawMessage(`[]`)}}}, "must be an object"},
			"no amendment":          {insight.Replay{Without: []pact.ContractID{"con_other"}}, "no published amendment"},
		} {
			if _, err := h.Insight.Backtest(ctx, con.ID, x.ask); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), x.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := h.Insight.Backtest(storetest.As(t, pact.Viewer, "south"), con.ID, insight.Replay{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("another unit: %v", err)
		}
	})
}

func TestWhatAnAmendmentChangedIsSeenWithoutIt(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con := register(t, h, "P-1", of("invoice_payment", `{"terms":"net 30"}`))
	amendment := of("invoice_payment", `{"terms":"net 10"}`)
	amendment.EffectiveFrom, amendment.Obligations[0].InForce = "2026-02-01", calendar.Period{From: "2026-02-01"}
	part := register(t, h, "P-1-A1", amendment, func(c *pact.Contract) {
		c.ParentID, c.FamilyID, c.Relation = con.ID, con.ID, "amendment"
	})
	hear(t, h, con, on("2026-03-02", "i", "invoice", "INV-1", pact.EventData{Amount: dollars("1000.00")}))
	h.Fire(t, calendar.Date("2026-03-20").Time())
	ctx := storetest.As(t, pact.Viewer, "north")
	out, err := h.Insight.Backtest(ctx, con.ID, insight.Replay{Without: []pact.ContractID{part.ID}})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Differences) != 1 || out.Differences[0].Registered.Status != pact.Breached || out.Differences[0].Changed.Status != pact.OnTrack {
		t.Errorf("%+v", out.Differences)
	}
	if _, err := h.Insight.Backtest(ctx, part.ID, insight.Replay{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an amendment by itself: %v", err)
	}
}

// A replay tells which events of the period nothing used, and why; what another contract of the family is judged from is not among them.
func TestAReplayTellsWhatNothingUsed(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := register(t, h, "P-1", of("availability", `{"service":"Portal","target":"99.9","zone":"UTC"}`))
		register(t, h, "P-1-S1", of("certificate", `{"required":[{"kind":"cyber"}]}`), func(c *pact.Contract) {
			c.ParentID, c.FamilyID, c.Relation = con.ID, con.ID, "sow"
		})
		minutes := func(day, id, service string) pact.Event {
			e := on(calendar.Date(day), id, "outage", service, pact.EventData{Service: service})
			e.Data.EndAt = e.OccurredAt.Add(time.Hour)
			return e
		}
		hear(t, h, con, minutes("2026-03-03", "right", "Portal"))
		hear(t, h, con, minutes("2026-03-04", "wrong", "Protal"))
		hear(t, h, con, minutes("2026-01-04", "before", "Protal"))
		hear(t, h, con, on("2026-03-05", "order", "purchase_order", "PO-1", pact.EventData{Item: "steel"}))
		hear(t, h, con, on("2026-03-06", "proof", "certificate", "C-1", pact.EventData{Certificate: &pact.Certificate{Kind: "cyber", Expires: "2026-12-31"}}))
		h.Clock.Set(calendar.Date("2026-04-02").Time())
		out, err := h.Insight.Backtest(storetest.As(t, pact.Viewer, "north"), con.ID, insight.Replay{From: "2026-03-01", To: "2026-04-01"})
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, u := range out.Report.Unused {
			told = append(told, strings.TrimSpace(u.ExternalID+" "+u.Why+" "+u.Meant))
		}
		if want := []string{"wrong name Portal", "order kind"}; !slices.Equal(told, want) || out.Unused != 2 || out.Events != 3 {
			t.Errorf("unused %q of %d events, want %q", told, out.Events, want)
		}
	})
}

// What an amendment of the master agreement changed for a statement of work is seen without it.
func TestAnAmendmentOfTheMasterIsLeftOutOfAReplayBelow(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Clock.Set(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		master := register(t, h, "MSA-1", backtest.Document{Obligations: []pact.Obligation{monthlyReport("report", 5)}})
		later := backtest.Document{EffectiveFrom: "2026-04-01", Obligations: []pact.Obligation{monthlyReport("report", 20)}}
		later.Obligations[0].InForce = calendar.Period{From: "2026-04-01"}
		part := register(t, h, "MSA-1-A1", later, func(c *pact.Contract) {
			c.FamilyID, c.ParentID, c.Relation = master.ID, master.ID, "amendment"
		})
		sow := register(t, h, "SOW-1", backtest.Document{EffectiveFrom: "2026-02-01"}, func(c *pact.Contract) {
			c.FamilyID, c.ParentID, c.Relation = master.ID, master.ID, "sow"
		})
		ctx := person(t)
		report := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", master.ID), store.Eq("key", "report"))
		if _, err := h.Review.SetCascade(ctx, report.ID, &pact.Cascade{To: []string{"sow"}}, report.Revision); err != nil {
			t.Fatal(err)
		}
		h.Clock.Set(time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC))
		out, err := h.Insight.Backtest(ctx, sow.ID, insight.Replay{From: "2026-05-01", To: "2026-06-01", Without: []pact.ContractID{part.ID}})
		if err != nil {
			t.Fatal(err)
		}
		// The report of May: due on 20 June with the amendment, and on the 5th without, which is over.
		at := slices.IndexFunc(out.Differences, func(d insight.Deviation) bool { return d.Key == "2026-05" })
		if at < 0 || out.Differences[at].Registered.Status != pact.OnTrack || out.Differences[at].Changed.Status != pact.Breached {
			t.Errorf("%+v", out.Differences)
		}
		if _, err := h.Insight.Backtest(ctx, master.ID, insight.Replay{Without: []pact.ContractID{sow.ID}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a statement of work as an amendment: %v", err)
		}
	})
}

// A replay that would be too much for one request ends, and says what to do instead.
func TestAReplayHasABound(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := register(t, h, "P-1", of("invoice_payment", `{"terms":"net 30"}`))
		hear(t, h, con, on("2026-03-02", "i", "invoice", "INV-1", pact.EventData{Amount: dollars("1000.00")}))
		h.Clock.Set(calendar.Date("2026-04-11").Time())
		hear(t, h, con, on("2026-04-06", "p", "payment", "INV-1", pact.EventData{Amount: dollars("1000.00")}))
		ctx := storetest.As(t, pact.Viewer, "north")
		for name, x := range map[string]struct {
			bound insight.Config
			ask   insight.Replay
			want  string // "" is none
		}{
			"as many events as may be":        {insight.Config{ReplayEvents: 2}, insight.Replay{}, ""},
			"more":                            {insight.Config{ReplayEvents: 1}, insight.Replay{}, "More than 1 events would have to be looked at. Ask for a later beginning (from), or use pactloop backtest"},
			"more, of which a period has few": {insight.Config{ReplayEvents: 1}, insight.Replay{From: "2027-07-01"}, ""},
			"longer than it may take":         {insight.Config{ReplayTime: time.Nanosecond}, insight.Replay{}, "The replay took longer than the 1ns that one may take, and was ended; it changes nothing. Ask for a shorter period (from, to), or use pactloop backtest"},
		} {
			x.bound.Store, x.bound.Now = h.Store, h.Clock.Now
			_, err := insight.New(x.bound).Backtest(ctx, con.ID, x.ask)
			if x.want == "" && err != nil || x.want != "" && (!fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), x.want)) {
				t.Errorf("%s: %v", name, err)
			}
		}
		gone, leave := context.WithCancel(ctx)
		leave()
		if _, err := h.Insight.Backtest(gone, con.ID, insight.Replay{}); !errors.Is(err, context.Canceled) || fault.Of(err) != nil {
			t.Errorf("whoever asked went away: %v", err)
		}
	})
}
