package monitor_test

import (
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// inRegister is the only line of the register.
func inRegister(t *testing.T, h *apitest.House, where ...store.Cond) pact.RegisterEntry {
	t.Helper()
	p, err := h.Store.Reads().Register.List(storetest.System(t), store.Where(where...))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Items) != 1 {
		t.Fatalf("%d lines of the register", len(p.Items))
	}
	return p.Items[0]
}

// What is overdue is owed until it is done, whatever falls due after it.
func TestTheRegisterShowsWhatIsOverdueFirst(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := register(t, h, "P-1", of("invoice_payment", `{"terms":"net 30"}`))
		hear(t, h, con, on("2026-03-02", "i1", "invoice", "INV-OLD", pact.EventData{Amount: dollars("100.00")}))
		h.Fire(t, calendar.Date("2026-04-03").Time()) // due by 1 April
		hear(t, h, con, on("2026-04-02", "i2", "invoice", "INV-NEW", pact.EventData{Amount: dollars("200.00")}))
		if e := inRegister(t, h, store.Eq("status", string(pact.Breached))); e.Subject != "INV-OLD" || e.DueOn != "2026-04-01" {
			t.Errorf("%s %s, due on %s", e.Subject, e.Status, e.DueOn)
		}
		hear(t, h, con, on("2026-04-02", "p", "payment", "INV-OLD", pact.EventData{Amount: dollars("100.00")}))
		if e := inRegister(t, h); e.Subject != "INV-NEW" || e.Status != string(pact.OnTrack) || e.DueOn != "2026-05-02" {
			t.Errorf("after it was paid late: %s %s, due on %s", e.Subject, e.Status, e.DueOn)
		}
	})
}

// A day begins and ends where the contract says: what is due before 10 March begins in New York is due on 9 March.
func TestTheDayDueIsOneOfTheContract(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]calendar.Date{"America/New_York": "2026-03-31", "Europe/Berlin": "2026-03-31", "UTC": "2026-03-31"} {
		apitest.Each(t, func(t *testing.T, h *apitest.House) {
			con := register(t, h, "P-1", of("invoice_payment", `{"terms":"net 30","zone":"`+zone+`"}`))
			hear(t, h, con, on("2026-03-01", "i", "invoice", "INV-1", pact.EventData{Amount: dollars("100.00"), Date: "2026-03-01"}))
			if e := inRegister(t, h); e.DueOn != want {
				t.Errorf("in %s it is due on %s (%s), want %s", zone, e.DueOn, e.DueAt, want)
			}
		})
	}
}

// That a month ends is no fact that came late: nothing of what was said is corrected.
func TestTimeThatPassesCorrectsNothing(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := publish(t, h, "availability", uptime)
		h.Clock.Set(at(4 * time.Hour))
		tell(t, h, con, outage("d1", at(time.Hour), at(3*time.Hour))) // 120 minutes, and 44.64 are allowed
		before := finding(t, h)
		h.Fire(t, calendar.Date("2026-04-01").Time())
		f := finding(t, h)
		if before.Severity != "breach" || f.Severity != "breach" || f.ClaimBy != "2026-04-15" || f.Version != before.Version+1 {
			t.Fatalf("%s, then %s, version %d", before.Severity, f.Severity, f.Version)
		}
		for _, c := range f.Corrections {
			t.Errorf("corrected: %s", c.Reason)
		}
	})
}
