package obligation_test

import (
	"encoding/json"
	"testing"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestADutyThatIsReadIsJudgedByItsRhythmItsDayOrWhatStartsIt(t *testing.T) {
	t.Parallel()
	lasting := func(n int, unit calendar.Unit) *calendar.Duration { return &calendar.Duration{Value: n, Unit: unit} }
	for _, c := range []struct {
		clause    string
		duty      string
		frequency string
		what      string
		trigger   string
		params    obligation.DutyParams
		kind      string // the same as duty: it is kept and not judged
		want      string
		asks      string
	}{
		{"a report by the 5th of each month", "reporting", "monthly", "deliver a report", "", obligation.DutyParams{ByDay: 5}, "recurring_duty", `{"item":"X","period":"month","day":5}`, ""},
		{"a report by the last day of each month", "reporting", "monthly", "deliver a report", "", obligation.DutyParams{ByDay: 31}, "recurring_duty", `{"item":"X","period":"month","day":-1,"in_period":true}`, ""},
		{"a report every Friday", "reporting", "weekly", "issue a status report every Friday", "", obligation.DutyParams{}, "recurring_duty", `{"item":"X","period":"week","day":5,"in_period":true}`, ""},
		{"each Monday a report on the previous week", "reporting", "weekly", "send each Monday a report on the previous week", "", obligation.DutyParams{}, "recurring_duty", `{"item":"X","period":"week","day":1}`, ""},
		{"a report every Tuesday and on Fridays", "reporting", "weekly", "send a report every Tuesday and on Fridays", "", obligation.DutyParams{}, "recurring_duty", `{"item":"X","period":"week"}`, "day"},
		{"rent by the 3rd of each month", "payment", "monthly", "pay the rent", "", obligation.DutyParams{ByDay: 3}, "recurring_duty", `{"item":"X","period":"month","day":3,"in_period":true}`, ""},
		{"a statement of the preceding month by the 3rd", "delivery", "monthly", "send a statement for the preceding month", "", obligation.DutyParams{ByDay: 3}, "recurring_duty", `{"item":"X","period":"month","day":3}`, ""},
		{"within 10 business days after each calendar quarter", "reporting", "quarterly", "report", "", obligation.DutyParams{Due: lasting(10, calendar.BusinessDay), Anchor: "each calendar quarter"}, "recurring_duty", `{"item":"X","period":"quarter","after":{"value":10,"unit":"business_day"}}`, ""},
		{"within 20 days after the end of every second half-year", "reporting", "half-yearly", "report", "", obligation.DutyParams{Due: lasting(20, calendar.Day), Anchor: "the end of each half-year"}, "recurring_duty", `{"item":"X","period":"half_year","after":{"value":20,"unit":"day"}}`, ""},
		{"each year by 31 March", "reporting", "yearly", "provide accounts", "", obligation.DutyParams{ByMonth: 3, ByDay: 31}, "recurring_duty", `{"item":"X","period":"year","anchor":"2025-04-01","day":31,"in_period":true}`, ""},
		{"each year by the end of December", "meeting", "yearly", "hold a review", "", obligation.DutyParams{ByMonth: 12}, "recurring_duty", `{"item":"X","period":"year","anchor":"2026-01-01","day":-1,"in_period":true}`, ""},
		{"access is reviewed quarterly", "meeting", "quarterly", "review the access rights", "", obligation.DutyParams{}, "recurring_duty", `{"item":"X","period":"quarter","day":-1,"in_period":true}`, ""},
		{"monthly reports, no day named", "reporting", "monthly", "send reports", "", obligation.DutyParams{}, "recurring_duty", `{"item":"X","period":"month"}`, "day"},
		{"every two weeks, and no week named", "meeting", "every two weeks", "meet", "", obligation.DutyParams{}, "recurring_duty", `{"item":"X","period":"two_weeks","day":-1,"in_period":true}`, "anchor"},
		{"within 30 days after each change of control", "notice", "on event", "notify", "", obligation.DutyParams{Due: lasting(30, calendar.Day), Anchor: "each change of control of Provider"}, "conditional_duty", `{"trigger":"change of control of Provider","within":{"value":30,"unit":"day"}}`, ""},
		{"if an incident happens, within 72 hours", "notice", "on event", "notify", "if a security incident happens", obligation.DutyParams{Due: lasting(72, calendar.Hour)}, "conditional_duty", `{"trigger":"security incident happens","within":{"value":72,"unit":"hour"}}`, ""},
		{"within 10 business days after delivery", "acceptance", "on event", "accept or reject", "", obligation.DutyParams{Due: lasting(10, calendar.BusinessDay), Anchor: "delivery"}, "conditional_duty", `{"trigger":"delivery","within":{"value":10,"unit":"business_day"}}`, ""},
		{"monthly invoices are checked within 5 days after receipt of one", "acceptance", "monthly", "check", "", obligation.DutyParams{Due: lasting(5, calendar.Day), Anchor: "receipt of the invoice"}, "conditional_duty", `{"trigger":"receipt of the invoice","within":{"value":5,"unit":"day"}}`, ""},
		{"by 15 March 2026", "delivery", "once", "complete the migration", "", obligation.DutyParams{ByDate: "2026-03-15"}, "milestone", `{"milestones":[{"name":"X","due":"2026-03-15"}]}`, ""},
		{"within one month after the Effective Date, which is 31 January", "delivery", "once", "deliver a plan", "", obligation.DutyParams{Due: lasting(1, calendar.UnitMonth), Anchor: "the Effective Date"}, "milestone", `{"milestones":[{"name":"X","due":"2026-02-28"}]}`, ""},
		{"promptly upon request", "notice", "on event", "inform", "upon request", obligation.DutyParams{}, "notice", "", ""},
		{"30 days before a change", "notice", "on event", "notify", "", obligation.DutyParams{Due: lasting(30, calendar.Day), Anchor: "any change", Before: true}, "notice", "", ""},
		{"a claim within 30 days after the end of the month is a right", "delivery", "monthly", "submit a claim in writing", "", obligation.DutyParams{Due: lasting(30, calendar.Day), Anchor: "the end of the month"}, "delivery", "", ""},
		{"within 30 minutes", "response", "on event", "respond", "", obligation.DutyParams{Due: lasting(30, calendar.Minute), Anchor: "each call"}, "response", "", ""},
		{"each day", "performance", "daily", "empty the bins", "", obligation.DutyParams{}, "performance", "", ""},
	} {
		raw, err := json.Marshal(c.params)
		if err != nil {
			t.Fatal(err)
		}
		o := pact.Obligation{Kind: c.duty, Title: "X", Deliverable: c.what, Trigger: c.trigger, Frequency: c.frequency, Params: raw, InForce: calendar.Period{From: "2026-01-31"}}
		got, ok := obligation.AsJudged(o, nil)
		if ok != (c.kind != c.duty) || got.Kind != c.kind {
			t.Errorf("%s: judged %v as %s with %s, want %s", c.clause, ok, got.Kind, got.Params, c.kind)
			continue
		}
		if !ok {
			if string(got.Params) != string(raw) || got.Duty != "" {
				t.Errorf("%s: what is not judged stays as it was read: %s, %q", c.clause, got.Params, got.Duty)
			}
			continue
		}
		if string(got.Params) != c.want || got.Duty != c.duty {
			t.Errorf("%s: %s (%s), want %s", c.clause, got.Params, got.Duty, c.want)
		}
		var asks string
		for _, q := range obligation.Check(got) {
			asks += q.Code
		}
		if asks != c.asks {
			t.Errorf("%s: asks %q, want %q", c.clause, asks, c.asks)
		}
	}
}

func TestWhatADutyCostsAndWhichRegulationNamesItStaysBesideItsParameters(t *testing.T) {
	t.Parallel()
	o, ok := obligation.AsJudged(pact.Obligation{
		Kind: "reporting", Title: "Monthly report", Frequency: "monthly",
		Params: json.RawMessage(`{"by_day":5,"metric":"accuracy of 98 %","remedy":"failing which USD 100","regulations":["GDPR"]}`),
	}, nil)
	if !ok || o.Metric != "accuracy of 98 %" || o.Remedy != "failing which USD 100" || len(o.Regulations) != 1 || o.Regulations[0] != "GDPR" {
		t.Errorf("lost: %v %+v", ok, o)
	}
	if again, ok := obligation.AsJudged(o, nil); ok || again.Kind != o.Kind {
		t.Errorf("what is judged already was made something else: %+v", again)
	}
}

func TestAShareIsALevelOverItsPeriod(t *testing.T) {
	t.Parallel()
	clocks := []pact.Obligation{
		{Key: "response_time/P1", Kind: "response_time"}, {Key: "response_time/P2", Kind: "response_time"}, {Key: "resolution_time/P1", Kind: "resolution_time"},
	}
	for _, c := range []struct{ clause, share, params, kind, want, asks string }{
		{"95 % of tickets are answered in their time", "within_target", `{"target":"95","measure":"response targets","period":"month"}`, "service_level", `{"measure":"within_target","target":"95","period":"month","clocks":["response_time/P1","response_time/P2"]}`, ""},
		{"of P1", "within_target", `{"priority":"P1","target":"95","measure":"resolved in time","period":"calendar quarter"}`, "service_level", `{"measure":"within_target","target":"95","period":"quarter","clocks":["resolution_time/P1"],"priority":"P1"}`, ""},
		{"calls, which no ticket is", "within_target", `{"target":"90","measure":"calls answered in 30 seconds","period":"month"}`, "service_level", `{"measure":"reported","target":"90","period":"month"}`, ""},
		{"a priority without a clock of its own", "within_target", `{"priority":"P2","target":"95","measure":"tickets resolved in time","period":"month"}`, "service_level", `{"measure":"within_target","target":"95","period":"month","priority":"P2"}`, "clock"},
		{"orders that leave on time", "within_target", `{"target":"98.5","measure":"despatched on time","period":"month"}`, "service_level", `{"measure":"reported","target":"98.5","period":"month"}`, ""},
		{"first call", "first_call_resolution", `{"target":"74","period":"month"}`, "service_level", `{"measure":"first_contact","target":"74","period":"month"}`, "reopen_window"},
		{"errors, with a credit", "error_rate", `{"priority":"K7","target":"3","period":"month","tiers":[{"from":"3","below":"5","credit":"2"},{"from":"5","credit":"4"}]}`, "service_level", `{"measure":"error_rate","target":"3","period":"month","credit":{"tiers":[{"from":"3","below":"5","percent":"2"},{"from":"5","percent":"4"}]}}`, ""},
		{"how content people are", "satisfaction", `{"target":"90","period":"month"}`, "service_level", `{"measure":"","target":"90","period":"month"}`, "measure"},
		{"of a week", "within_target", `{"target":"90","period":"week"}`, "within_target", `{"target":"90","period":"week"}`, ""},
	} {
		got, ok := obligation.AsJudged(pact.Obligation{Kind: c.share, Params: json.RawMessage(c.params)}, clocks)
		if ok != (c.kind != c.share) || got.Kind != c.kind || string(got.Params) != c.want || ok && got.Duty != c.share {
			t.Errorf("%s:\n got %s %s\nwant %s %s", c.clause, got.Kind, got.Params, c.kind, c.want)
			continue
		}
		var asks string
		for _, q := range obligation.Check(got) {
			asks += q.Code
		}
		if asks != c.asks {
			t.Errorf("%s: asks %q, want %q", c.clause, asks, c.asks)
		}
	}
}

func TestADayThatIsAMilestoneIsJudgedOnce(t *testing.T) {
	t.Parallel()
	schedule := pact.Obligation{Kind: "milestone", Params: json.RawMessage(`{"milestones":[{"name":"the design","due":"2026-03-15"}]}`)}
	duty := pact.Obligation{Kind: "delivery", Title: "The design", Frequency: "once", Params: json.RawMessage(`{"by_date":"2026-03-15"}`)}
	if got, ok := obligation.AsJudged(duty, []pact.Obligation{schedule}); ok {
		t.Errorf("judged beside the schedule that has it: %s", got.Params)
	}
	if _, ok := obligation.AsJudged(duty, nil); !ok {
		t.Error("without a schedule it is judged by itself")
	}
}
