package storetest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// duties fills contracts with obligations and occurrences.
func duties(ctx context.Context, t *testing.T, s Store) {
	t.Helper()
	yes := true
	value := money.New(decimal.RequireFromString("1200.50"), "EUR")
	due := func(day int, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC) }
	add(ctx, t, s,
		&pact.Contract{ID: "con_a", FamilyID: "con_a", Title: "Support", Number: "SA-1", Customer: "Acme", State: pact.ContractActive, Owner: "boss@example.com", AutoRenewal: &yes, TotalValue: &value, SourceKey: "a"},
		&pact.Contract{ID: "con_b", FamilyID: "con_a", ParentID: "con_a", Relation: "amendment", Title: "Amendment", State: pact.ContractActive, SourceKey: "b"},
		&pact.Contract{ID: "con_c", FamilyID: "con_c", Title: "Held", State: pact.ContractInReview, SourceKey: "c"},
		&pact.Contract{ID: "con_d", FamilyID: "con_d", Title: "Far", State: pact.ContractActive, BusinessUnit: "apac", RenewalDate: "2026-09-01", SendBy: "2026-06-01", SourceKey: "d"})
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		for _, o := range []pact.Obligation{
			{ID: "obl_1", ContractID: "con_a", Key: "resolution_time/P1", Kind: "resolution_time", Title: "Resolve P1", Bearer: "supplier", Side: "theirs", Owner: "own@example.com"},
			{ID: "obl_2", ContractID: "con_a", Key: "report", Kind: "reporting", Title: "Monthly report", Side: "ours", InForce: calendar.Period{From: "2026-01-01", Until: "2026-06-01"}},
			{ID: "obl_3", ContractID: "con_b", Key: "report", Kind: "reporting", Title: "Report, as amended", Side: "ours"},
			{ID: "obl_4", ContractID: "con_b", Key: "audit", Kind: "reporting", Title: "Yearly audit", Side: "ours"},
			{ID: "obl_5", ContractID: "con_c", Key: "report", Kind: "reporting", Title: "Not in force"},
			{ID: "obl_6", ContractID: "con_a", Key: "renewal_notice", Kind: "renewal_notice", Title: "Notice"},
			{ID: "obl_7", ContractID: "con_d", Key: "report", Kind: "reporting", Title: "Elsewhere", BusinessUnit: "apac"},
		} {
			if o.BusinessUnit == "" {
				o.BusinessUnit = "emea"
			}
			o.Params = json.RawMessage(`{}`)
			if err := tx.Obligations.Insert(ctx, &o); err != nil {
				return err
			}
		}
		for i, o := range []pact.Occurrence{
			{ObligationID: "obl_1", Key: "INC1", Subject: "INC1", Status: pact.OnTrack, DueAt: due(20, 10)},
			{ObligationID: "obl_1", Key: "INC2", Subject: "INC2", Status: pact.AtRisk, DueAt: due(12, 10)},
			{ObligationID: "obl_1", Key: "INC3", Subject: "INC3", Status: pact.OnTrack},                                                                       // paused: nobody knows when it is due
			{ObligationID: "obl_1", Key: "INC0", Subject: "INC0", Status: pact.Breached, DueAt: due(1, 10), Assessment: pact.Assessment{EndedAt: due(2, 10)}}, // late, and done
			{ObligationID: "obl_4", Key: "2025", Subject: "Audit of 2025", Status: pact.Breached, DueAt: due(1, 10)},                                          // late, and still owed
			{ObligationID: "obl_4", Key: "2026", Subject: "Audit of 2026", Status: pact.Pending, DueAt: due(1, 10).AddDate(1, 0, 0)},
			{ObligationID: "obl_2", Key: "2026-01", Subject: "January", Status: pact.Met, DueAt: due(5, 0)},
			{ObligationID: "obl_6", Key: "2026-09-01", Subject: "Renewal", Status: pact.OnTrack, DueAt: due(4, 5), Assessment: pact.Assessment{Measured: "2026-03-03"}},
			{ObligationID: "obl_6", Key: "2027-09-01", Subject: "Renewal", Status: pact.Pending, DueAt: due(4, 5).AddDate(1, 0, 0), Assessment: pact.Assessment{Measured: "2027-03-03"}},
		} {
			o.ID = pact.OccurrenceID(fmt.Sprintf("occ_%d", i))
			o.BusinessUnit, o.ContractID = "emea", "con_a"
			o.Assessment.Status = o.Status
			o.Open = o.Assessment.Open()
			if !o.DueAt.IsZero() {
				o.DueOn = cmp.Or(calendar.Date(o.Assessment.Measured), calendar.DateIn(o.DueAt.Add(-time.Second), time.UTC))
			}
			if err := tx.Occurrences.Insert(ctx, &o); err != nil {
				return err
			}
		}
		return nil
	})
}

func register(t *testing.T, s Store) {
	ctx := System(t)
	duties(ctx, t, s)
	for _, c := range []struct {
		ctx  context.Context
		q    store.Query
		want string
	}{
		{ctx, store.Where().By("due_order"), "Yearly audit:breached:2026-03-01 Notice:on_track:2026-03-03 Resolve P1:at_risk:2026-03-12 Elsewhere:: Monthly report:met:2026-03-04"},
		{As(t, pact.Viewer, "apac"), store.Where().By("due_order"), "Elsewhere::"},
		{As(t, pact.Viewer), store.Where().By("due_order"), ""},
		{ctx, store.Where(store.Eq("side", "ours")).By("due_order"), "Yearly audit:breached:2026-03-01 Monthly report:met:2026-03-04"},
		{ctx, store.Where(store.Is("ends_on", ">", "2026-06-01"), store.Eq("kind", "reporting")).By("due_order"), "Yearly audit:breached:2026-03-01 Elsewhere::"},
		{ctx, store.Where(store.Eq("owner", "boss@example.com"), store.Eq("kind", "reporting")).By("due_order"), "Monthly report:met:2026-03-04"},
		{ctx, store.Where(store.Eq("owner", "own@example.com")), "Resolve P1:at_risk:2026-03-12"},
		{ctx, store.Where(store.Is("due_on", ">=", "2026-03-04"), store.Is("due_on", "<=", "2026-03-11"), store.Is("due_on", "!=", "")), "Monthly report:met:2026-03-04"},
		{ctx, store.Where(store.In("status", []string{"at_risk"})), "Resolve P1:at_risk:2026-03-12"},
		{ctx, store.Where(store.Eq("status", "breached")), "Yearly audit:breached:2026-03-01"},
		{ctx, store.Query{Search: "acme p1"}, "Resolve P1:at_risk:2026-03-12"},
	} {
		var got []string
		q := c.q
		q.Limit = 2
		for {
			p, err := s.Reads().Register.List(c.ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range p.Items {
				got = append(got, e.Title+":"+e.Status+":"+string(e.DueOn))
			}
			if q.After = p.Next; q.After == "" {
				break
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v gives\n%q, want\n%q", c.q, strings.Join(got, " "), c.want)
		}
	}
	days, err := s.Reads().Register.CountBy(ctx, store.Where(store.Is("due_on", "!=", "")), "due_on")
	if err != nil || len(days) != 4 || days["2026-03-12"] != 1 {
		t.Errorf("due on %v, %v", days, err)
	}
}

// settledLast: what is settled comes after all that is due, unless it still asks somebody for something.
func settledLast(t *testing.T, s Store) {
	ctx := System(t)
	duties(ctx, t, s)
	f := pact.Finding{ID: "fnd_1", BusinessUnit: "emea", ContractID: "con_a", ObligationID: "obl_8", OccurrenceID: "occ_m", Kind: "milestone", Severity: "info", State: pact.FindingOpen, Version: 1}
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		o := pact.Obligation{ID: "obl_8", BusinessUnit: "emea", ContractID: "con_a", Key: "milestone", Kind: "milestone", Title: "Go-live", Params: json.RawMessage(`{}`)}
		if err := tx.Obligations.Insert(ctx, &o); err != nil {
			return err
		}
		occ := pact.Occurrence{ID: "occ_m", BusinessUnit: "emea", ContractID: "con_a", ObligationID: "obl_8", Key: "Go-live", Status: pact.Met, DueOn: "2026-03-02", DueAt: time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)}
		if err := tx.Occurrences.Insert(ctx, &occ); err != nil {
			return err
		}
		return tx.Findings.Insert(ctx, &f)
	})
	order := func() string {
		p, err := s.Reads().Register.List(ctx, store.Where(store.Is("due_on", "!=", "")).By("due_order"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range p.Items {
			got = append(got, e.Title)
		}
		return strings.Join(got, ", ")
	}
	if got, want := order(), "Yearly audit, Go-live, Notice, Resolve P1, Monthly report"; got != want {
		t.Errorf("with something to do: %s, want %s", got, want)
	}
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		f.State = pact.FindingClosed
		return tx.Findings.Update(ctx, &f)
	})
	if got, want := order(), "Yearly audit, Notice, Resolve P1, Go-live, Monthly report"; got != want {
		t.Errorf("done: %s, want %s", got, want)
	}
}

func renewals(t *testing.T, s Store) {
	ctx := System(t)
	duties(ctx, t, s)
	p, err := s.Reads().Renewals.List(ctx, store.Where(store.Eq("form", "dated"), store.Is("outlook_on", "<=", "2026-12-31")).By("outlook_on"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range p.Items {
		got = append(got, fmt.Sprintf("%s %s %s %s", r.ContractTitle, r.SendBy, r.RenewalDate, r.Status))
	}
	if want := "Support 2026-03-03 2026-09-01 on_track, Far 2026-06-01 2026-09-01 "; strings.Join(got, ", ") != want {
		t.Errorf("%q, want %q", strings.Join(got, ", "), want)
	}
	if r := p.Items[0]; r.TotalValue == nil || r.TotalValue.String() != "1200.50 EUR" && r.TotalValue.Value.String() != "1200.5" || r.AutoRenewal == nil || !*r.AutoRenewal || r.Owner != "boss@example.com" {
		t.Errorf("%+v", r)
	}
	if n, err := s.Reads().Renewals.Count(As(t, pact.Viewer, "apac"), store.Where()); err != nil || n != 1 {
		t.Errorf("another unit sees %d, %v", n, err)
	}
}
