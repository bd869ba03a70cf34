package monitor_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/docs"
	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// example is the complete example of a kind in docs/backtest.
type example struct {
	terms  backtest.Terms
	events []pact.Event
	asOf   time.Time
}

func exampleOf(t *testing.T, kind string) example {
	t.Helper()
	e, err := docs.BacktestExample(kind)
	if err != nil {
		t.Fatal(err)
	}
	var out example
	if out.terms, err = backtest.ReadTerms("terms.json", []byte(e.Terms)); err != nil {
		t.Fatal(err)
	}
	if out.events, err = backtest.ReadEvents("events.jsonl", []byte(e.Events)); err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(e.Command)
	i := slices.Index(fields, "--as-of")
	if i < 0 {
		t.Fatalf("the command of %s has no instant: %s", kind, e.Command)
	}
	if d, err := calendar.ParseDate(fields[i+1]); err == nil {
		out.asOf = d.Time()
	} else if out.asOf, err = time.Parse(time.RFC3339, fields[i+1]); err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(out.events, func(a, b pact.Event) int { return toldAt(a).Compare(toldAt(b)) })
	return out
}

func toldAt(e pact.Event) time.Time {
	if e.ReceivedAt.After(e.OccurredAt) {
		return e.ReceivedAt
	}
	return e.OccurredAt
}

// register publishes terms as the version of a contract.
func register(t *testing.T, h *apitest.House, number string, d backtest.Document, change ...func(*pact.Contract)) pact.Contract {
	t.Helper()
	var con pact.Contract
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		con = pact.Contract{ID: id, BusinessUnit: "north", FamilyID: id, Number: number, Title: "Agreement " + number, Customer: "Acme Corp", State: pact.ContractActive, CurrentVersion: 1, SourceKey: string(id)}
		for _, c := range change {
			c(&con)
		}
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		v := pact.Version{ID: pact.NewID[pact.VersionID]("ver", tx.Now), BusinessUnit: "north", ContractID: id, Number: 1, PublishedBy: "usr_1", PublishedAt: tx.Now, EffectiveFrom: d.EffectiveFrom, Terms: d.Terms}
		for _, o := range d.Obligations {
			o.ID, o.BusinessUnit, o.ContractID = pact.NewID[pact.ObligationID]("obl", tx.Now), "north", id
			o.Confidence = decimal.NewFromInt(1)
			if err := tx.Obligations.Insert(ctx, &o); err != nil {
				return err
			}
			v.Obligations = append(v.Obligations, o)
		}
		return tx.Versions.Insert(ctx, &v)
	})
	return con
}

// hear delivers events by the way of machines, and does the jobs that follow.
func hear(t *testing.T, h *apitest.House, con pact.Contract, events ...pact.Event) []pact.Event {
	t.Helper()
	for i := range events {
		if events[i].Data.Contract == "" {
			events[i].Data.Contract = con.Number
		}
	}
	out, err := h.Exchange.TakeEvents(storetest.System(t), "north", events)
	if err != nil {
		t.Fatal(err)
	}
	var ids []pact.EventID
	for _, e := range out.Events {
		if e.ContractID != con.FamilyID {
			t.Fatalf("%s falls under %q: %s", e.ExternalID, e.ContractID, e.MatchedBy)
		}
		ids = append(ids, e.ID)
	}
	if len(ids) > 0 {
		if err := h.Watch.Assess(storetest.System(t), job.Assess{ContractID: con.FamilyID, EventIDs: ids}); err != nil {
			t.Fatal(err)
		}
	}
	return out.Events
}

// Each kind is followed as its page says: the events of the example come one by one at their instants, timers fire in
// between, and in the end every occurrence stands as `pactloop backtest` computes it from the whole log at once.
func TestEveryKindIsFollowed(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		for i, k := range obligation.All() {
			x := exampleOf(t, k.Name())
			begin := x.asOf
			for _, e := range x.events {
				if toldAt(e).Before(begin) {
					begin = toldAt(e)
				}
			}
			for _, o := range x.terms.Obligations {
				if from := o.InForce.From; from != "" && from.Time().Before(begin) {
					begin = from.Time()
				}
			}
			h.Clock.Set(begin)
			con := register(t, h, fmt.Sprintf("K-%02d", i), x.terms.Document)
			watch(t, h, con)
			for _, e := range x.events {
				if toldAt(e).After(x.asOf) {
					break
				}
				pass(t, h, con, toldAt(e))
				e.ID, e.ReceivedAt = "", time.Time{}
				e.ExternalID = fmt.Sprint(i, "-", e.ExternalID)
				if e.Replaces != "" && e.ReplacesExternal == "" {
					e.ReplacesExternal = string(e.Replaces)
				}
				if e.ReplacesExternal != "" {
					e.ReplacesExternal = fmt.Sprint(i, "-", e.ReplacesExternal)
				}
				hear(t, h, con, e)
			}
			pass(t, h, con, x.asOf)
			watch(t, h, con) // as a monthly look does: sums that only grow with time
			compareWithBacktest(t, h, k.Name(), con, x)
			for _, o := range apitest.All(t, h.Store.Reads().Timers) { // the next example begins earlier
				h.Do(t, func(ctx context.Context, tx store.Tx) error { return tx.DropTimer(ctx, o.Kind, o.Ref) })
			}
		}
	})
}

// pass lets time go on, with the looks at the beginning of each month.
func pass(t *testing.T, h *apitest.House, con pact.Contract, until time.Time) {
	t.Helper()
	for {
		now := calendar.DateIn(h.Clock.Now(), time.UTC)
		look := (now[:8] + "01").AddMonths(1).Time()
		if look.After(until) {
			h.Fire(t, until)
			return
		}
		h.Fire(t, look)
		watch(t, h, con)
	}
}

func watch(t *testing.T, h *apitest.House, con pact.Contract) {
	t.Helper()
	if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: con.ID, Version: 1}); err != nil {
		t.Fatal(err)
	}
}

func compareWithBacktest(t *testing.T, h *apitest.House, kind string, con pact.Contract, x example) {
	t.Helper()
	report, err := backtest.Run(t.Context(), backtest.Input{Terms: x.terms, Events: x.events, AsOf: x.asOf})
	if err != nil {
		t.Fatal(err)
	}
	keys := map[pact.ObligationID]string{}
	for _, o := range apitest.All(t, h.Store.Reads().Obligations, store.Eq("contract_id", con.ID)) {
		keys[o.ID] = o.Key
	}
	have := map[string]pact.Occurrence{}
	for _, occ := range apitest.All(t, h.Store.Reads().Occurrences, store.Eq("contract_id", con.ID)) {
		have[keys[occ.ObligationID]+" "+occ.Key] = occ
	}
	said := func(a pact.Assessment) string {
		raw, err := json.Marshal(pact.Assessment{Status: a.Status, DueAt: a.DueAt, BreachedAt: a.BreachedAt, Amount: a.Amount, AmountState: a.AmountState, Amounts: a.Amounts, Measured: a.Measured, ClaimBy: a.ClaimBy})
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	compared := 0
	for _, res := range report.Occurrences {
		occ, ok := have[res.Obligation+" "+res.Key]
		if !ok {
			t.Errorf("%s: %s %s is not watched; backtest says %s", kind, res.Obligation, res.Key, res.Assessment.Status)
			continue
		}
		compared++
		if got, want := said(occ.Assessment), said(res.Assessment); got != want {
			t.Errorf("%s: %s %s stands as\n%s\nbacktest says\n%s", kind, res.Obligation, res.Key, got, want)
		}
		findings := apitest.All(t, h.Store.Reads().Findings, store.Eq("occurrence_id", occ.ID))
		o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("id", occ.ObligationID))
		severity := obligation.Severity(o, res.Assessment)
		switch {
		case severity == "" && len(findings) > 0 && findings[0].State != pact.FindingClosed && findings[0].State != pact.FindingCorrected:
			t.Errorf("%s: %s matters to nobody, and its finding is %s: %s", kind, res.Key, findings[0].State, findings[0].Title)
		case severity != "" && (len(findings) != 1 || findings[0].Severity != severity || findings[0].Title == "" || findings[0].Subject == ""):
			t.Errorf("%s: %s is a %s, and has the findings %+v", kind, res.Key, severity, findings)
		case severity != "":
			stake := obligation.Stake(o.Kind, res.Assessment)
			if got := findings[0].Amount; fmt.Sprint(got) != fmt.Sprint(stake) {
				t.Errorf("%s: %s is about %v, and its finding about %v", kind, res.Key, stake, got)
			}
			t.Logf("%-20s %-8s %s | %s", kind, severity, findings[0].Title, findings[0].Message)
		}
	}
	if compared == 0 {
		t.Errorf("%s: nothing is compared (%s)", kind, cmp.Or(x.terms.Title, "its example"))
	}
}
