package insight_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// A contract whose anniversary is 15 June 2026: 17 December 2025 is 180 days before it, and 17 March 2026 is 90. Its notice has to be sent by
// 14 May, which moves neither. Of another the renewal lies half a year further, and its notice is due sooner.
func TestTheOutlookCountsFromTheRenewal(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			for _, c := range []pact.Contract{
				{Title: "Anniversary", RenewalDate: "2026-06-15", SendBy: "2026-05-14"},
				{Title: "Half a year of notice", RenewalDate: "2026-12-01", SendBy: "2026-05-31"},
				{Title: "No notice known", ExpirationDate: "2026-06-15"},
			} {
				c.ID, c.BusinessUnit, c.State, c.SourceKey = pact.NewID[pact.ContractID]("con", tx.Now), "north", pact.ContractActive, c.Title
				c.FamilyID = c.ID
				if err := tx.Contracts.Insert(ctx, &c); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range []struct {
			on          calendar.Date
			days        int
			ahead, soon string
		}{
			{"2025-12-16", 180, "", "Anniversary, Half a year of notice"}, // the day before: notice within 180 days, of a renewal in 181
			{"2025-12-17", 180, "Anniversary, No notice known", "Half a year of notice"},
			{"2026-03-16", 90, "", "Anniversary, Half a year of notice"},
			{"2026-03-17", 90, "Anniversary, No notice known", "Half a year of notice"},
			{"2026-06-15", 90, "Anniversary, No notice known", "Half a year of notice"}, // its deadline is over, and its renewal is ahead
			{"2026-06-16", 180, "Half a year of notice", ""},
		} {
			at := c.on.Time()
			view := insight.New(insight.Config{Store: h.Store, Now: func() time.Time { return at }})
			titles := func(f insight.RenewalFilter) string {
				t.Helper()
				p, err := view.Outlook(storetest.As(t, pact.Viewer, "north"), f, 10, "")
				if err != nil {
					t.Fatal(err)
				}
				var out []string
				for _, r := range p.Items {
					out = append(out, r.ContractTitle)
				}
				return strings.Join(out, ", ")
			}
			if got := titles(insight.RenewalFilter{Days: c.days}); got != c.ahead {
				t.Errorf("on %s, %d days ahead: %q, want %q", c.on, c.days, got, c.ahead)
			}
			if got := titles(insight.RenewalFilter{Days: c.days, EarlyNotice: true}); got != c.soon {
				t.Errorf("on %s, notice within %d days of what renews later: %q, want %q", c.on, c.days, got, c.soon)
			}
		}
	})
}

// What has to be sent within 30 days needs attention also where it renews after the 180 days of the overview.
func TestALongNoticeNeedsAttentionBeforeItsRenewalIsNear(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{}) // it is 2 March 2026
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		con := pact.Contract{ID: pact.NewID[pact.ContractID]("con", tx.Now), BusinessUnit: "north", State: pact.ContractActive, Title: "A year of notice", SourceKey: "one", RenewalDate: "2027-04-01", SendBy: "2026-04-01"}
		con.FamilyID = con.ID
		return tx.Contracts.Insert(ctx, &con)
	})
	o, err := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now}).Overview(storetest.As(t, pact.Viewer, "north"))
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Notices) != 0 || len(o.Attention) != 1 || o.Attention[0].Kind != "notice" || o.Attention[0].Detail != "send notice by 2026-04-01 (30 days left)" {
		t.Errorf("notices %+v, attention %+v", o.Notices, o.Attention)
	}
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		f := pact.Finding{ID: pact.NewID[pact.FindingID]("fnd", tx.Now), BusinessUnit: "north", ContractID: o.Attention[0].ContractID, Severity: "breach", State: pact.FindingOpen, OccurredAt: tx.Now, Title: "Late"}
		return tx.Findings.Insert(ctx, &f)
	})
	last := func() time.Time { return calendar.Date("2026-04-01").Time() }
	o, err = insight.New(insight.Config{Store: h.Store, Now: last}).Overview(storetest.As(t, pact.Viewer, "north"))
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Attention) != 2 || o.Attention[0].Detail != "send notice by 2026-04-01 (today is the last day)" || o.Attention[1].Kind != "finding" {
		t.Errorf("on the last day, before all findings: %+v", o.Attention)
	}
}
