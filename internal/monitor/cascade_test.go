package monitor_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func monthlyReport(key string, day int) pact.Obligation {
	return pact.Obligation{
		Key: key, Kind: "recurring_duty", Title: fmt.Sprintf("Report by the %dth", day), Bearer: "supplier", Side: "theirs",
		Params: json.RawMessage(fmt.Sprintf(`{"item":"report","period":"month","day":%d}`, day)), InForce: calendar.Period{From: "2026-01-01"},
	}
}

func TestAMasterAgreementPassesItsObligationsOn(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Clock.Set(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		master := register(t, h, "MSA-1", backtest.Document{Obligations: []pact.Obligation{monthlyReport("report", 5), monthlyReport("audit", 20)}})
		below := func(number, relation string, list ...pact.Obligation) pact.Contract {
			return register(t, h, number, backtest.Document{EffectiveFrom: "2026-02-01", Obligations: list}, func(c *pact.Contract) {
				c.FamilyID, c.ParentID, c.Relation = master.ID, master.ID, relation
			})
		}
		plain, own := below("SOW-1", "sow"), below("SOW-2", "sow", monthlyReport("report", 10))
		order := below("ORD-1", "order_form")
		look := func() {
			t.Helper()
			if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: master.ID}); err != nil {
				t.Fatal(err)
			}
		}
		look()
		if n := registered(t, h, master.ID); len(n) != 3 {
			t.Fatalf("nothing passes without a rule, and there is %v", n)
		}

		report := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", master.ID), store.Eq("key", "report"))
		ctx := person(t)
		if _, err := h.Review.SetCascade(ctx, report.ID, &pact.Cascade{To: []string{"amendment"}}, report.Revision); !fault.Is(err, fault.Invalid) {
			t.Errorf("an amendment is part of what it amends: %v", err)
		}
		report, err := h.Review.SetCascade(ctx, report.ID, &pact.Cascade{To: []string{"sow"}}, report.Revision)
		if err != nil {
			t.Fatal(err)
		}
		look()
		want := []string{"MSA-1 audit", "MSA-1 report", "SOW-1 report from Agreement MSA-1", "SOW-2 report"}
		if got := registered(t, h, master.ID); !slices.Equal(got, want) {
			t.Fatalf("the register of the family is\n%v, want\n%v", got, want)
		}
		look() // twice is harmless
		if got := registered(t, h, master.ID); !slices.Equal(got, want) {
			t.Fatalf("the second look changed it: %v", got)
		}
		if n := apitest.All(t, h.Store.Reads().Obligations, store.Eq("contract_id", order.ID)); len(n) != 0 {
			t.Errorf("the rule names no order forms, and %v stand there", n)
		}

		// What names a contract below is of that one alone; what names none is of the master.
		done := func(n, contract string) pact.Event {
			return pact.Event{ExternalID: n, Kind: "done", Subject: "report", OccurredAt: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), Data: pact.EventData{Contract: contract, Month: "2026-02", Item: "report"}}
		}
		hear(t, h, master, done("1", "SOW-1"))
		h.Clock.Set(time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC))
		h.Fire(t, time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC))
		state := func(con pact.Contract) pact.Status {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Occurrences, store.Eq("contract_id", con.ID), store.Eq("key", "2026-02"), store.In("obligation_id", reportsOf(t, h, con))).Status
		}
		if a, b, c := state(plain), state(master), state(own); a != pact.Met || b != pact.Breached || c != pact.OnTrack {
			t.Errorf("SOW-1 is %s, MSA-1 %s, SOW-2 (by the 10th) %s; want met, breached, on_track", a, b, c)
		}

		// What the contract below states may not override, where the master says so.
		report = apitest.One(t, h.Store.Reads().Obligations, store.Eq("id", report.ID))
		if report, err = h.Review.SetCascade(ctx, report.ID, &pact.Cascade{To: []string{"sow"}, Override: "forbidden"}, report.Revision); err != nil {
			t.Fatal(err)
		}
		look()
		if got := state(own); got != pact.Breached {
			t.Errorf("SOW-2 may not state another day, and is %s", got)
		}

		// Taken back, it ends; what it judged stays.
		if _, err = h.Review.SetCascade(ctx, report.ID, nil, report.Revision); err != nil {
			t.Fatal(err)
		}
		look()
		want = []string{"MSA-1 audit", "MSA-1 report", "SOW-2 report"}
		if got := registered(t, h, master.ID); !slices.Equal(got, want) {
			t.Errorf("after the rule was taken back the register is %v, want %v", got, want)
		}
		if got := state(plain); got != pact.Met {
			t.Errorf("what was judged is gone: %s", got)
		}
	})
}

// A rule gives what it passes on an owner and check-ins; what somebody set for one line stays, the rest follows the rule.
func TestWhatIsPassedOnHasTheOwnerAndTheCheckInsOfTheRule(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Clock.Set(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		master := register(t, h, "MSA-1", backtest.Document{Obligations: []pact.Obligation{monthlyReport("report", 5)}})
		below := func(number, relation string, list ...pact.Obligation) pact.Contract {
			return register(t, h, number, backtest.Document{EffectiveFrom: "2026-02-01", Obligations: list}, func(c *pact.Contract) {
				c.FamilyID, c.ParentID, c.Relation, c.Owner = master.ID, master.ID, relation, "sow@example.com"
			})
		}
		one, two, own, order := below("SOW-1", "sow"), below("SOW-2", "sow"), below("SOW-3", "sow", monthlyReport("report", 10)), below("ORD-1", "order_form")
		ctx := person(t)
		report := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", master.ID))
		rule := &pact.Cascade{To: []string{"sow"}, Owner: "lee@example.com", CheckIn: &pact.CheckInPlan{Every: "month", First: "2026-03-31"}}

		preview, err := h.Insight.PreviewCascade(ctx, report.ID, rule)
		if err != nil {
			t.Fatal(err)
		}
		got := map[pact.ContractID]insight.Reached{}
		for _, r := range preview {
			got[r.ContractID] = r
		}
		if r := got[one.ID]; r.Outcome != "passes" || r.Owner != "lee@example.com" || r.CheckIn != "2026-03-31" || r.From != "2026-02-01" || r.Already {
			t.Errorf("SOW-1: %+v", r)
		}
		if len(got) != 4 || got[own.ID].Outcome != "own" || got[order.ID].Outcome != "not_named" {
			t.Errorf("the preview is %+v", preview)
		}
		if n := apitest.All(t, h.Store.Reads().Obligations, store.Is("inherited_from", "!=", "")); len(n) != 0 {
			t.Errorf("a preview kept %v", n)
		}
		_, err = h.Insight.PreviewCascade(ctx, report.ID, &pact.Cascade{To: []string{"sow"}, Owner: "lee", CheckIn: &pact.CheckInPlan{Every: "often"}})
		if f := fault.Of(err); f == nil || len(f.Details) != 2 || f.Details[0].Field != "body.cascade.owner" || f.Details[1].Field != "body.cascade.check_in.every" {
			t.Errorf("a rule that can not hold: %v", err)
		}

		set := func(rule *pact.Cascade) {
			t.Helper()
			report = apitest.One(t, h.Store.Reads().Obligations, store.Eq("id", report.ID))
			if _, err := h.Review.SetCascade(ctx, report.ID, rule, report.Revision); err != nil {
				t.Fatal(err)
			}
			if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: master.ID}); err != nil {
				t.Fatal(err)
			}
		}
		line := func(con pact.Contract) pact.Obligation {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", con.ID), store.Eq("inherited_from", report.ID))
		}
		set(rule)
		for _, con := range []pact.Contract{one, two} {
			if o := line(con); o.Owner != "lee@example.com" || o.CheckInDue != "2026-03-31" || o.CheckIn == nil {
				t.Errorf("%s: %+v", con.Number, o)
			}
		}
		o := line(one)
		if _, err := h.Review.SetOwner(ctx, o.ID, "kim@example.com", o.Revision); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Review.CheckIn(ctx, line(two).ID, "at_risk", "The supplier asks for more time."); err != nil {
			t.Fatal(err)
		}
		next := &pact.Cascade{To: []string{"sow"}, Owner: "max@example.com", CheckIn: rule.CheckIn}
		shown, err := h.Insight.PreviewCascade(ctx, report.ID, next)
		if err != nil {
			t.Fatal(err)
		}
		set(next)
		for _, r := range shown { // as it is when the rule is kept
			if con := map[pact.ContractID]pact.Contract{one.ID: one, two.ID: two}[r.ContractID]; con.ID != "" && (r.Owner != line(con).Owner || r.CheckIn != line(con).CheckInDue) {
				t.Errorf("%s was shown with %s and %s, and has %s and %s", con.Number, r.Owner, r.CheckIn, line(con).Owner, line(con).CheckInDue)
			}
		}
		if a, b := line(one), line(two); a.Owner != "kim@example.com" || b.Owner != "max@example.com" || b.CheckInState != "at_risk" || b.CheckInDue != "2026-04-02" {
			t.Errorf("after another owner: %+v and %+v", a, b)
		}
		set(&pact.Cascade{To: []string{"sow"}, CheckIn: &pact.CheckInPlan{Every: "week"}})
		if a, b := line(one), line(two); a.Owner != "kim@example.com" || b.Owner != "" || b.CheckInDue != "2026-03-09" || a.CheckInDue != "2026-03-09" {
			t.Errorf("after other check-ins: %+v and %+v", a, b)
		}
		set(&pact.Cascade{To: []string{"sow"}})
		if a := line(one); a.CheckIn != nil || a.CheckInDue != "" || a.Cascade != nil {
			t.Errorf("without check-ins: %+v", a)
		}

		// A rule that comes back plans anew: nobody is asked for days that passed meanwhile.
		set(&pact.Cascade{To: []string{"sow"}, CheckIn: &pact.CheckInPlan{Every: "week"}})
		set(nil)
		if a := line(one); a.CheckInDue != "" || a.InForce.Until != "2026-03-02" {
			t.Errorf("after the rule was taken away: %+v", a)
		}
		h.Clock.Set(time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC))
		set(&pact.Cascade{To: []string{"sow"}, CheckIn: &pact.CheckInPlan{Every: "week"}})
		if a := line(one); a.CheckInDue != "2026-06-08" || a.InForce.Until != "" || a.Owner != "kim@example.com" {
			t.Errorf("after it came back: %+v", a)
		}
	})
}

// What is passed on ends with the contract it passes to, in the register, in what is judged, and in a backtest.
func TestNothingIsPassedOnToAContractThatHasExpired(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Clock.Set(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		master := register(t, h, "MSA-1", backtest.Document{Obligations: []pact.Obligation{monthlyReport("report", 5)}})
		sow := register(t, h, "SOW-1", backtest.Document{EffectiveFrom: "2026-02-01", Terms: []pact.Term{{Name: "expiration_date", Value: pact.OnDate("2026-08-31")}}}, func(c *pact.Contract) {
			c.FamilyID, c.ParentID, c.Relation = master.ID, master.ID, "sow"
		})
		ctx := person(t)
		report := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", master.ID))
		if _, err := h.Review.SetCascade(ctx, report.ID, &pact.Cascade{To: []string{"sow"}}, report.Revision); err != nil {
			t.Fatal(err)
		}
		if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: master.ID}); err != nil {
			t.Fatal(err)
		}
		line := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", sow.ID))
		if line.InForce != (calendar.Period{From: "2026-02-01", Until: "2026-09-01"}) {
			t.Errorf("the line is in force %+v", line.InForce)
		}
		for month := time.April; month <= time.December; month++ {
			h.Clock.Set(time.Date(2026, month, 28, 0, 0, 0, 0, time.UTC))
			if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: master.ID}); err != nil {
				t.Fatal(err)
			}
		}
		out, err := h.Insight.Backtest(ctx, sow.ID, insight.Replay{From: "2026-02-01", To: "2026-12-01"})
		if err != nil {
			t.Fatal(err)
		}
		months := func(keys []string) string { slices.Sort(keys); return fmt.Sprint(slices.Compact(keys)) }
		var kept, replayed []string
		for _, o := range apitest.All(t, h.Store.Reads().Occurrences, store.Eq("obligation_id", line.ID)) {
			kept = append(kept, o.Key)
		}
		for _, v := range out.Report.Occurrences {
			replayed = append(replayed, v.Key)
		}
		for name, keys := range map[string][]string{"monitor": kept, "backtest": replayed} {
			if got := months(keys); got != "[2026-02 2026-03 2026-04 2026-05 2026-06 2026-07 2026-08]" {
				t.Errorf("%s judges %s", name, got)
			}
		}
	})
}

// A backtest takes what is passed on into account, as monitor judges it, and says so.
func TestABacktestTakesWhatIsPassedOnIntoAccount(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Clock.Set(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		master := register(t, h, "MSA-1", backtest.Document{Obligations: []pact.Obligation{monthlyReport("report", 5)}})
		sow := register(t, h, "SOW-1", backtest.Document{EffectiveFrom: "2026-02-01", Obligations: []pact.Obligation{monthlyReport("audit", 20)}}, func(c *pact.Contract) {
			c.FamilyID, c.ParentID, c.Relation = master.ID, master.ID, "sow"
		})
		ctx := person(t)
		report := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", master.ID))
		if _, err := h.Review.SetCascade(ctx, report.ID, &pact.Cascade{To: []string{"sow"}}, report.Revision); err != nil {
			t.Fatal(err)
		}
		if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: master.ID}); err != nil {
			t.Fatal(err)
		}
		done := func(n, contract string) pact.Event {
			return pact.Event{ExternalID: n, Kind: "done", Subject: "report", OccurredAt: time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC), Data: pact.EventData{Contract: contract, Month: "2026-02", Item: "report"}}
		}
		h.Clock.Set(time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC))
		hear(t, h, master, done("1", "")) // names none: it is the master's alone
		h.Fire(t, time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC))
		verdict := func(con pact.Contract, ask insight.Replay) (pact.Status, insight.Replayed) {
			t.Helper()
			ask.From, ask.To = "2026-02-01", "2026-03-01"
			out, err := h.Insight.Backtest(ctx, con.ID, ask)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range out.Report.Occurrences {
				if r.Obligation == "report" && r.Key == "2026-02" {
					return r.Assessment.Status, out
				}
			}
			return "", out
		}
		judged := func(con pact.Contract) pact.Status {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Occurrences, store.Eq("contract_id", con.ID), store.Eq("key", "2026-02"), store.In("obligation_id", reportsOf(t, h, con))).Status
		}
		got, out := verdict(sow, insight.Replay{})
		if got != pact.Breached || got != judged(sow) {
			t.Errorf("nothing names SOW-1: the replay says %q, monitor %q", got, judged(sow))
		}
		if len(out.Passed) != 1 || out.Passed[0].Obligation != "report" || out.Passed[0].ContractID != master.ID || out.Passed[0].Contract != "Agreement MSA-1" || out.Passed[0].Own {
			t.Errorf("it does not say what is passed on: %+v", out.Passed)
		}
		if got, out := verdict(master, insight.Replay{}); got != pact.Met || got != judged(master) || len(out.Passed) != 0 {
			t.Errorf("the master: %q, passed %+v", got, out.Passed)
		}
		hear(t, h, master, done("2", "SOW-1"))
		if got, _ := verdict(sow, insight.Replay{}); got != pact.Met || got != judged(sow) {
			t.Errorf("done for SOW-1: the replay says %q, monitor %q", got, judged(sow))
		}
		// What if the master said the 2nd: what is passed on changes with it.
		got, out = verdict(sow, insight.Replay{Changes: []insight.Changed{{Obligation: "report", Params: json.RawMessage(`{"day":2}`)}}})
		if got != pact.Breached || len(out.Differences) != 1 || out.Differences[0].Obligation != "report" {
			t.Errorf("by the 2nd it is %q: %+v", got, out.Differences)
		}
	})
}

// A clause of the master that puts it above order forms was confirmed: below an order form the report is judged as the master has it, though
// the order form states another day.
func TestAnOrderOfPrecedenceIsJudgedBy(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Clock.Set(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		first := pact.Term{Name: pact.PrecedenceTerm, Value: pact.Text("this Agreement > Order Form"), Evidence: []pact.Evidence{{Passage: &pact.Passage{Clause: "14.2", Quote: "this Agreement shall prevail over any Order Form"}}}}
		duty := monthlyReport("report", 5)
		duty.Cascade = &pact.Cascade{To: []string{"order_form"}}
		master := register(t, h, "MSA-1", backtest.Document{Terms: []pact.Term{first}, Obligations: []pact.Obligation{duty}})
		below := register(t, h, "ORD-1", backtest.Document{EffectiveFrom: "2026-01-01", Obligations: []pact.Obligation{monthlyReport("report", 10)}}, func(c *pact.Contract) {
			c.FamilyID, c.ParentID, c.Relation = master.ID, master.ID, "order_form"
		})
		if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: master.ID}); err != nil {
			t.Fatal(err)
		}
		occ := apitest.One(t, h.Store.Reads().Occurrences, store.Eq("contract_id", below.ID), store.Eq("key", "2026-03"))
		quoted := slices.ContainsFunc(occ.Assessment.Trace, func(s pact.TraceStep) bool {
			return strings.Contains(s.Result, "14.2: “this Agreement shall prevail over any Order Form”")
		})
		if due := calendar.DateIn(occ.DueAt, time.UTC); due > "2026-04-06" || !quoted {
			t.Errorf("due on %s: %+v", due, occ.Assessment.Trace)
		}
	})
}

func person(t *testing.T) context.Context {
	t.Helper()
	return pact.WithActor(t.Context(), pact.Actor{ID: "usr_9", Kind: "person", Name: "Rita", Role: pact.Reviewer, Units: []string{"north"}})
}

func reportsOf(t *testing.T, h *apitest.House, con pact.Contract) []string {
	t.Helper()
	var out []string
	for _, o := range apitest.All(t, h.Store.Reads().Obligations, store.Eq("contract_id", con.ID), store.Eq("key", "report")) {
		out = append(out, string(o.ID))
	}
	return out
}

func registered(t *testing.T, h *apitest.House, family pact.ContractID) []string {
	t.Helper()
	page, err := h.Insight.Register(storetest.System(t), insight.DutyFilter{FamilyID: family}, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range page.Items {
		s := d.ContractNumber + " " + d.Key
		if d.InheritedFrom != "" {
			s += " from " + d.InheritedContractTitle
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}
