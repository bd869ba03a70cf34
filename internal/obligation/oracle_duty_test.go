package obligation_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

type (
	words map[string]any

	// clauseCase is a clause and what happened, in the words of terms and events; the engine and oracle_duty.py read the same.
	clauseCase struct {
		Kind    string          `json:"kind"`
		Params  words           `json:"params"`
		InForce calendar.Period `json:"in_force"`
		Events  []words         `json:"events"`
		Keys    []string        `json:"keys"`
		At      string          `json:"at"`
	}
)

func usd(s string) words { return words{"value": s, "currency": "USD"} }

func (c *clauseCase) add(kind, subject string, at time.Time, data words) {
	c.Events = append(c.Events, words{"kind": kind, "subject": subject, "occurred_at": at.UTC().Format(time.RFC3339), "data": data})
}

func (c clauseCase) input(t *testing.T, set calendar.Set) obligation.Input {
	t.Helper()
	params, err := json.Marshal(c.Params)
	if err != nil {
		t.Fatal(err)
	}
	in := obligation.Input{Obligation: pact.Obligation{Key: "clause", Kind: c.Kind, Params: params, InForce: c.InForce}, Calendars: set, Compiled: obligation.NewCompiled()}
	in.At, _ = time.Parse(time.RFC3339, c.At)
	for i, e := range c.Events {
		raw, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var event pact.Event
		if err := json.Unmarshal(raw, &event); err != nil {
			t.Fatal(err)
		}
		event.ID, event.ReceivedAt = pact.EventID(fmt.Sprintf("evt_%03d", i)), event.OccurredAt
		in.Events = append(in.Events, event)
	}
	return in
}

// judged has the answers of the engine, one for each key, in the words of the oracle.
func (c clauseCase) judged(t *testing.T, set calendar.Set) []pact.Assessment {
	t.Helper()
	in, out := c.input(t, set), []pact.Assessment{}
	for _, key := range c.Keys {
		in.Occurrence = pact.Occurrence{Key: key}
		a, err := obligation.Assess(in)
		if err != nil {
			raw, _ := json.Marshal(c)
			t.Fatalf("%s: %v\n%s", key, err, raw)
		}
		out = append(out, a)
	}
	return out
}

func paidOf(a pact.Assessment) string {
	if a.Amount == nil || a.Amount.Value.IsZero() {
		return ""
	}
	return amountOf(a)
}

func line(a pact.Assessment, name string) string {
	for _, l := range a.Amounts {
		if l.Name == name && !l.Amount.Value.IsZero() {
			return l.Amount.Value.StringFixed(2)
		}
	}
	return ""
}

func open(a pact.Assessment) string {
	if a.Status == pact.OnTrack || a.Status == pact.AtRisk || a.Status == pact.Pending {
		return "open"
	}
	return string(a.Status)
}

func stateOf(a pact.Assessment) string {
	if a.Status == pact.Met {
		return ""
	}
	return a.AmountState
}

// agreeOnDuties compares member by member of what the oracle says of each key.
func agreeOnDuties(t *testing.T, n int, seed uint64, draw func(*rand.Rand) clauseCase, statuses []string, tell func(pact.Assessment, words) words) {
	t.Helper()
	set, r := emptySet(t), rand.New(rand.NewPCG(20261129, seed))
	given := make([]any, n)
	for i := range given {
		given[i] = draw(r)
	}
	seen, wrong := map[string]int{}, 0
	for i, raw := range ask(t, "oracle_duty.py", given) {
		var want []words
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		c := given[i].(clauseCase)
		for k, a := range c.judged(t, set) {
			got := tell(a, want[k])
			seen[fmt.Sprint(want[k]["status"])]++
			for member, value := range want[k] {
				if got[member] == value {
					continue
				}
				text, _ := json.Marshal(c)
				t.Errorf("case %d, %s: %s is %q, the oracle says %q\n%v\n%v\n%s\n%v", i, c.Keys[k], member, got[member], value, got, want[k], text, traceOf(a))
				wrong++
				break
			}
		}
		if wrong >= 10 {
			t.Fatal("and more")
		}
	}
	for _, s := range statuses {
		if seen[s] == 0 {
			t.Errorf("no case was %s: the cases are too tame: %v", s, seen)
		}
	}
	t.Logf("%d cases, %d disagreements, %v", n, wrong, seen)
}

func traceOf(a pact.Assessment) string {
	var out []string
	for _, s := range a.Trace {
		out = append(out, fmt.Sprintf("%s: %s -> %s", s.Rule, s.Inputs, s.Result))
	}
	return strings.Join(out, "\n")
}

func TestDeliveriesAgreeWithTheDutyOracle(t *testing.T) {
	t.Parallel()
	agreeOnDuties(t, cases(400), 41, randomDeliveries, []string{"met", "breached", "on_track"}, func(a pact.Assessment, _ words) words {
		return words{"status": string(a.Status), "damages": line(a, "liquidated damages"), "bonus": line(a, "bonus for early delivery")}
	})
}

func TestRecurringDutiesAgreeWithTheDutyOracle(t *testing.T) {
	t.Parallel()
	agreeOnDuties(t, cases(400), 42, randomRecurring, []string{"met", "breached", "on_track", "none"}, func(a pact.Assessment, want words) words {
		if want["status"] == "none" {
			status := string(a.Status)
			if a.Status == pact.Excused || len(a.Trace) == 0 {
				status = "none"
			}
			return words{"status": status, "due": "", "late": paidOf(a)}
		}
		return words{"status": string(a.Status), "due": a.Measured, "late": paidOf(a)}
	})
}

func TestConditionalDutiesAgreeWithTheDutyOracle(t *testing.T) {
	t.Parallel()
	agreeOnDuties(t, cases(400), 43, randomConditional, []string{"met", "breached", "open", "excused", "pending"}, func(a pact.Assessment, want words) words {
		got := words{"status": open(a), "due": "", "late": paidOf(a)}
		if want["status"] == "pending" {
			got["status"] = string(a.Status)
		}
		if want["due"] != "" && !a.DueAt.IsZero() {
			got["due"] = a.DueAt.UTC().Format(time.RFC3339)
		}
		return got
	})
}

func TestPoolsAgreeWithTheDutyOracle(t *testing.T) {
	t.Parallel()
	agreeOnDuties(t, cases(300), 44, randomPool, []string{"met", "breached", "pending", "open"}, func(a pact.Assessment, want words) words {
		got := words{"status": string(a.Status), "amount": paidOf(a), "state": stateOf(a)}
		if want["status"] == "open" {
			got["status"] = open(a)
		}
		return got
	})
}

func TestLevelsAgreeWithTheDutyOracle(t *testing.T) {
	t.Parallel()
	agreeOnDuties(t, cases(400), 45, randomLevel, []string{"met", "breached", "excused", "open"}, func(a pact.Assessment, want words) words {
		got := words{"status": string(a.Status), "measured": a.Measured, "amount": paidOf(a), "state": stateOf(a)}
		if want["status"] == "open" {
			got["status"], got["measured"] = open(a), ""
		}
		if want["status"] == "excused" {
			got["measured"] = ""
		}
		return got
	})
}

func TestSamplesAgreeWithTheDutyOracle(t *testing.T) {
	t.Parallel()
	agreeOnDuties(t, cases(300), 46, randomSamples, []string{"met", "breached"}, func(a pact.Assessment, want words) words {
		got := words{"status": string(a.Status), "measured": a.Measured, "amount": paidOf(a), "state": stateOf(a), "down": ""}
		if want["down"] != "" {
			down, _ := time.ParseDuration(cmp.Or(a.Elapsed, "0s"))
			got["down"] = fmt.Sprint(int(down / time.Minute))
		}
		return got
	})
}

var zones = []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"}

// someInstant is some second of a day in UTC, more often one near midnight or on the hour.
func someInstant(r *rand.Rand, d calendar.Date) time.Time {
	return d.Time().Add(pick(r, time.Duration(r.IntN(86400))*time.Second, time.Duration(r.IntN(24))*time.Hour, time.Duration(r.IntN(24))*time.Hour-time.Second))
}

func randomWorkdays(r *rand.Rand, near calendar.Date, within int) words {
	return words{"zone": "UTC", "week": []any{words{"days": []string{"mon", "tue", "wed", "thu", "fri"}, "from": "00:00", "until": "24:00"}}, "holidays": randomDays(r, near, within)}
}

func randomDeliveries(r *rand.Rand) clauseCase {
	near := pick(r, calendar.Date("2026-03-20"), "2026-10-18", "2026-06-10", "2027-12-20").AddDays(r.IntN(12))
	c := clauseCase{Kind: "delivery_schedule", Events: []words{}, Params: words{"zone": pick(r, zones...)}}
	p := c.Params
	days := pick(r, "calendar", "calendar", "business", "hours24")
	p["days"] = days
	if days == "business" {
		p["hours"] = randomWorkdays(r, near, 20)
	}
	if r.IntN(3) == 0 {
		p["grace_days"] = 1 + r.IntN(4)
		p["grace_counts"] = r.IntN(2) == 0
	}
	if r.IntN(3) == 0 {
		p["under_percent"] = pick(r, "5", "2.5", "10")
	}
	if r.IntN(3) == 0 {
		p["over_percent"] = pick(r, "5", "0")
	}
	rule := func(early bool) words {
		out := words{"step": "day"}
		switch r.IntN(4) {
		case 0:
			out["percent"] = pick(r, "0.5", "1", "0.333")
		case 1:
			out["percent"], out["base"] = pick(r, "0.5", "1", "0.333"), "line"
		case 2:
			out["amount"] = usd(centsOf(1 + r.Int64N(50_000)))
		case 3:
			out["amount"], out["per_unit"] = usd(centsOf(1+r.Int64N(300))), true
		}
		if days != "business" && r.IntN(4) == 0 {
			out["step"] = "week"
		}
		if out["step"] == "week" || days == "hours24" || early {
			out["count"] = pick(r, "started", "full")
		}
		if r.IntN(3) == 0 {
			out["cap_percent"] = pick(r, "5", "10", "2.5")
		}
		if r.IntN(4) == 0 {
			out["cap_amount"] = usd(centsOf(r.Int64N(50_000)))
		}
		return out
	}
	p["damages"] = rule(false)
	if days == "calendar" && r.IntN(3) == 0 {
		p["bonus"], p["bonus_from"] = rule(true), pick(r, "promised", "excused") // without it, it is asked
	}
	lines := []any{}
	for i := range 1 + r.IntN(2) {
		key := fmt.Sprintf("L%d", i+1)
		c.Keys = append(c.Keys, key)
		quantity := 1 + r.IntN(200)
		due := near.AddDays(r.IntN(10))
		lines = append(lines, words{"line": key, "item": "pump", "quantity": fmt.Sprint(quantity), "due": due, "price": usd(centsOf(1 + r.Int64N(20_000)))})
		left, day := quantity, due.AddDays(-r.IntN(8))
		for range r.IntN(5) {
			part := pick(r, left, 1+r.IntN(max(1, left)), 1+r.IntN(max(1, left)), left+r.IntN(10))
			if part > 0 {
				c.add("delivery", key, someInstant(r, day), words{"quantity": fmt.Sprint(part)})
			}
			left = max(0, left-part)
			day = day.AddDays(r.IntN(9))
		}
		for range r.IntN(8) / 6 * (1 + r.IntN(2)) {
			from := due.AddDays(-r.IntN(10))
			data := words{"date": from, "reason": "site closed"}
			data["until"] = min(from.AddDays(r.IntN(5)), due)
			if r.IntN(4) > 0 {
				data["approved_by"] = "ann@example.com"
			}
			c.add("delay_excused", key, from.Time(), data)
		}
	}
	p["lines"] = lines
	c.At = someInstant(r, near.AddDays(r.IntN(50))).Format(time.RFC3339)
	c.Events = slices.DeleteFunc(c.Events, func(e words) bool { return e["occurred_at"].(string) > c.At })
	return c
}

func randomLate(r *rand.Rand, daily bool) words {
	out := words{}
	if r.IntN(2) == 0 || !daily {
		out["fixed"] = usd(centsOf(1 + r.Int64N(50_000)))
	}
	if daily && (len(out) == 0 || r.IntN(2) == 0) {
		out["per_day"] = usd(centsOf(1 + r.Int64N(10_000)))
	}
	if r.IntN(3) == 0 {
		out["cap"] = usd(centsOf(1 + r.Int64N(60_000)))
	}
	return out
}

func randomRecurring(r *rand.Rand) clauseCase {
	c := clauseCase{Kind: "recurring_duty", Events: []words{}, Params: words{"item": "report", "zone": pick(r, zones...), "period": pick(r, "month", "month", "quarter", "half_year", "year", "week", "two_weeks")}}
	p, period := c.Params, ""
	period = p["period"].(string)
	first := pick(r, calendar.Date("2026-01-01"), "2027-01-01", "2028-01-01")
	step := map[string]int{"month": 1, "quarter": 3, "half_year": 6, "year": 12}[period]
	size := map[string]int{"week": 7, "two_weeks": 14}[period]
	if size > 0 {
		first = pick(r, calendar.Date("2026-03-02"), "2026-10-19", "2027-12-20")
		if period == "two_weeks" {
			p["anchor"] = first
		}
	}
	starts := first
	c.InForce.From = first
	for range 4 {
		switch {
		case size > 0:
			c.Keys = append(c.Keys, string(starts))
			starts = starts.AddDays(size)
			continue
		case step == 1:
			c.Keys = append(c.Keys, string(starts[:7]))
		case step == 3:
			c.Keys = append(c.Keys, fmt.Sprintf("%s-Q%d", starts[:4], (len(c.Keys)%4)+1))
		case step == 6:
			c.Keys = append(c.Keys, fmt.Sprintf("%s-H%d", starts[:4], (len(c.Keys)%2)+1))
		default:
			c.Keys = append(c.Keys, string(starts[:4]))
		}
		starts = starts.AddMonths(step)
	}
	last := starts
	within := cmp.Or(size, 31)
	switch r.IntN(4) {
	case 0, 1:
		p["day"] = pick(r, 1+r.IntN(within), -1)
		p["in_period"] = r.IntN(2) == 0
	case 2:
		p["business_day"] = pick(r, 1+r.IntN(4), 1+r.IntN(within*3/4), -1)
		p["in_period"] = r.IntN(2) == 0
	case 3:
		p["after"] = words{"value": 1 + r.IntN(20), "unit": pick(r, "day", "business_day")}
		if r.IntN(3) == 0 {
			p["after"] = words{"value": 1 + r.IntN(3), "unit": pick(r, "week", "month")}
		}
	}
	if roll := pick(r, "", "none", "following", "preceding", "modified_following", "following"); roll != "" {
		p["roll"] = roll
	}
	span := first.DaysUntil(last) + 60
	hours := randomWorkdays(r, first, span)
	if size > 0 { // a week without any business day has no second one
		hours["holidays"] = hours["holidays"].([]calendar.Date)[:min(1, len(hours["holidays"].([]calendar.Date)))]
	} else {
		for range r.IntN(12) {
			hours["holidays"] = append(hours["holidays"].([]calendar.Date), first.AddDays(r.IntN(span)))
		}
	}
	p["hours"] = hours
	if r.IntN(2) == 0 {
		c.InForce.Until = first.AddDays(r.IntN(span))
		if r.IntN(2) == 0 {
			p["survives"] = true
		}
	}
	if r.IntN(2) == 0 {
		p["late"] = randomLate(r, true)
	}
	at := first.AddDays(r.IntN(span))
	c.At = someInstant(r, at).Format(time.RFC3339)
	starts = first
	for _, key := range c.Keys {
		next := starts.AddDays(size)
		if size == 0 {
			next = starts.AddMonths(step)
		}
		for range r.IntN(3) {
			c.add("done", "report", someInstant(r, next.AddDays(r.IntN(40)-8)), words{"item": "report", "month": key})
		}
		starts = next
	}
	c.Events = slices.DeleteFunc(c.Events, func(e words) bool { return e["occurred_at"].(string) > c.At })
	return c
}

func randomConditional(r *rand.Rand) clauseCase {
	near := pick(r, calendar.Date("2026-03-20"), "2026-10-18", "2026-01-28", "2027-12-20", "2028-02-25").AddDays(r.IntN(10))
	c := clauseCase{Kind: "conditional_duty", Events: []words{}, Keys: []string{"C1"}, Params: words{"trigger": "change", "zone": pick(r, zones...)}}
	p := c.Params
	span := func() words {
		unit := pick(r, "day", "business_day", "day", "business_day", "week", "month", "year", "hour")
		value := map[string]int{"day": 30, "business_day": 15, "week": 4, "month": 6, "year": 1, "hour": 200}[unit]
		return words{"value": 1 + r.IntN(value), "unit": unit}
	}
	p["within"] = span()
	p["hours"] = randomWorkdays(r, near, 60)
	if r.IntN(2) == 0 {
		p["cure"] = span()
	}
	if roll := pick(r, "", "none", "following", "preceding", "modified_following"); roll != "" {
		p["roll"] = roll
	}
	p["evidence_required"] = r.IntN(4) == 0
	if r.IntN(2) == 0 {
		hourly := false
		for _, s := range []any{p["within"], p["cure"]} {
			if w, ok := s.(words); ok && w["unit"] == "hour" {
				hourly = true
			}
		}
		p["late"] = randomLate(r, !hourly)
	}
	at := someInstant(r, near)
	if r.IntN(8) > 0 {
		data := words{"item": "change"}
		switch r.IntN(4) {
		case 0:
			data["approved_by"] = "ann@example.com"
		case 1:
			data["url"] = "https://example.com/1"
		}
		if r.IntN(4) == 0 {
			data["date"] = near
		}
		c.add("trigger", "C1", at, data)
	}
	later := func() time.Time {
		at = at.Add(time.Duration(1+r.IntN(pick(r, 2, 20, 60))) * 24 * time.Hour).Add(time.Duration(r.IntN(86400)) * time.Second)
		return at
	}
	began := at
	for range r.IntN(3) {
		c.add(pick(r, "notice_sent", "notice_received"), "C1", later(), words{})
	}
	if r.IntN(3) > 0 {
		if r.IntN(3) == 0 {
			at = began
		}
		done := later()
		if w := p["within"].(words); r.IntN(3) == 0 && w["unit"] == "hour" {
			done = began.Add(time.Duration(w["value"].(int)) * time.Hour)
		}
		c.add("done", "C1", done, words{})
	}
	c.At = someInstant(r, near.AddDays(1+r.IntN(150))).Format(time.RFC3339)
	c.Events = slices.DeleteFunc(c.Events, func(e words) bool { return e["occurred_at"].(string) > c.At })
	return c
}

func randomPool(r *rand.Rand) clauseCase {
	first := calendar.Date("2026-01-01")
	c := clauseCase{Kind: "credit_pool", Events: []words{}, InForce: calendar.Period{From: first}, Params: words{"zone": pick(r, zones...)}}
	p := c.Params
	months := 1
	if r.IntN(4) == 0 {
		months = 3
		p["period"] = "quarter"
		c.Keys = []string{"2026-Q1", "2026-Q2"}
	} else {
		c.Keys = []string{"2026-01", "2026-02", "2026-03", "2026-04"}
	}
	points := r.IntN(3) == 0
	levels := []any{}
	names := []string{"a", "b", "c"}[:1+r.IntN(3)]
	for _, name := range names {
		level := words{"level": name}
		if points {
			level["points"] = fmt.Sprint(5 * (1 + r.IntN(4)))
		} else {
			level["weight"] = pick(r, "12", "8", "60", "33.3", "70", fmt.Sprint(1+r.IntN(60)))
		}
		levels = append(levels, level)
	}
	p["levels"] = levels
	if points {
		p["points"] = []any{words{"points": "5", "percent": "0"}, words{"points": "10", "percent": "2"}, words{"points": "15", "percent": "4"}, words{"points": "20", "percent": "6.5"}, words{"points": "25", "percent": "10", "at_least": true}}
	}
	switch r.IntN(3) {
	case 0:
		p["at_risk_amount"] = usd(centsOf(r.Int64N(2_000_000)))
	case 1:
		p["at_risk_percent"] = pick(r, "15", "10", "12.5")
		p["next_period"] = r.IntN(3) == 0
	case 2:
		if !points {
			p["at_risk_percent"] = "100"
		}
		p["next_period"] = r.IntN(3) == 0
	}
	switch r.IntN(3) {
	case 0:
		p["report_days"] = 5 + r.IntN(15)
	case 1:
		p["unreported"] = pick(r, "missed", "kept")
	}
	if r.IntN(2) == 0 {
		credit := words{}
		if r.IntN(2) == 0 {
			credit["cap_percent"] = pick(r, "5", "10", "1.25")
		}
		if r.IntN(3) == 0 {
			credit["cap_amount"] = usd(centsOf(1 + r.Int64N(200_000)))
		}
		if months == 1 && r.IntN(2) == 0 {
			credit["rolling_cap"] = words{"months": 2 + r.IntN(2), "amount": usd(centsOf(1 + r.Int64N(300_000)))}
		}
		if r.IntN(2) == 0 {
			credit["minimum_payable"] = usd(centsOf(1 + r.Int64N(50_000)))
			credit["minimum_exclusive"] = r.IntN(2) == 0
		}
		if len(credit) > 0 {
			p["credit"] = credit
		}
	}
	if r.IntN(3) == 0 {
		p["service"] = "Desk"
	}
	starts := first
	for i, key := range c.Keys {
		next := first.AddMonths((i + 1) * months)
		for _, name := range names {
			for range pick(r, 1, 1, 1, 2, 0) {
				given := next.AddDays(r.IntN(28))
				data := words{"item": name, "month": key, "state": pick(r, "met", "met", "missed")}
				if points && data["state"] == "missed" && r.IntN(2) == 0 {
					data["value"] = fmt.Sprint(pick(r, 5, 10, 15, 25, 7))
				}
				if r.IntN(5) == 0 {
					data["date"] = next.AddDays(r.IntN(12))
				}
				c.add("measurement", "report", given.Time().Add(time.Duration(r.IntN(86400))*time.Second), data)
			}
		}
		for m := range months + 1 {
			month := starts.AddMonths(m)
			if m == months && i < len(c.Keys)-1 {
				break
			}
			for _, service := range []string{"Desk", "Cloud"} {
				if r.IntN(12) > 0 {
					c.add("charge", service, month.AddDays(27).Time(), words{"service": service, "month": string(month[:7]), "amount": usd(centsOf(1 + r.Int64N(5_000_000)))})
				}
			}
		}
		starts = next
	}
	c.At = someInstant(r, first.AddDays(20+r.IntN(240))).Format(time.RFC3339)
	if r.IntN(2) == 0 {
		c.At = "2026-12-01T00:00:00Z"
	}
	c.Events = slices.DeleteFunc(c.Events, func(e words) bool { return e["occurred_at"].(string) > c.At })
	return c
}

func randomLevel(r *rand.Rand) clauseCase {
	first := calendar.Date("2026-02-01")
	c := clauseCase{Kind: "service_level", Events: []words{}, Keys: []string{"2026-02", "2026-03", "2026-04"}, InForce: calendar.Period{From: "2026-01-01"}}
	c.Params = words{"zone": pick(r, zones...), "measure": pick(r, "within_target", "first_contact", "error_rate", "ratio", "satisfaction", "satisfied_share"), "target": pick(r, "50", "75", "66.666666", "90", "60")}
	p := c.Params
	at := func() time.Time { return someInstant(r, first.AddDays(r.IntN(92))) }
	switch p["measure"] {
	case "within_target":
		target := pick(r, 4, 24, 72)
		p["clock"] = words{"target": words{"value": target, "unit": "hour"}}
		for i := range r.IntN(10) {
			key, opened := fmt.Sprintf("INC%d", i), at()
			c.add("ticket_opened", key, opened, words{})
			end := opened.Add(pick(r, time.Duration(target)*time.Hour, time.Duration(r.IntN(target*120))*time.Minute, time.Duration(r.IntN(target*60))*time.Minute))
			switch r.IntN(6) {
			case 0:
			case 1:
				c.add("ticket_cancelled", key, end, words{})
			default:
				c.add("ticket_resolved", key, end, words{})
			}
		}
	case "first_contact":
		p["reopen_days"] = r.IntN(9)
		for i := range r.IntN(10) {
			key, opened := fmt.Sprintf("INC%d", i), at()
			c.add("ticket_opened", key, opened, words{})
			end := opened.Add(time.Duration(10+r.IntN(20_000)) * time.Minute)
			if k := r.IntN(8); k < 2 {
				c.add([]string{"ticket_reassigned", "ticket_contact"}[k], key, opened.Add(end.Sub(opened)/2), words{})
			}
			switch r.IntN(8) {
			case 0:
				c.add("ticket_cancelled", key, end, words{})
			case 1:
				c.add("ticket_resolved", key, end, words{"state": "duplicate"})
			case 2:
			default:
				c.add("ticket_resolved", key, end, words{})
				if r.IntN(3) == 0 {
					again := end.Add(pick(r, time.Duration(r.IntN(14*1440))*time.Minute, time.Duration(r.IntN(10))*24*time.Hour))
					c.add("ticket_reopened", key, again, words{})
				}
			}
		}
	case "error_rate", "ratio":
		p["target"] = pick(r, "0.5", "1", "2.25")
		if p["measure"] == "ratio" {
			p["target"] = pick(r, "99.5", "97", "98.123")
		}
		for range r.IntN(12) {
			when, total := at(), r.IntN(2000)
			data := words{"total": fmt.Sprint(total), "failed": fmt.Sprint(r.IntN(total/30 + 1))}
			kind := pick(r, "sample", "measurement")
			if kind == "measurement" {
				data["month"] = pick(r, c.Keys...)
			}
			c.add(kind, pick(r, "Desk", "Cloud"), when, data)
		}
		if r.IntN(2) == 0 {
			p["service"] = "Desk"
		}
	default:
		p["target"] = pick(r, "3.5", "4", "2")
		if p["measure"] == "satisfied_share" {
			p["satisfied_from"], p["target"] = pick(r, "4", "3.5"), pick(r, "50", "66.666666", "80")
		}
		for range r.IntN(12) {
			c.add("survey", "Desk", at(), words{"value": pick(r, "1", "2", "3", "3.5", "4", "5")})
		}
	}
	if r.IntN(4) == 0 {
		p["minimum_cases"] = 1 + r.IntN(4)
	}
	p["strict"] = r.IntN(3) == 0
	if r.IntN(5) == 0 {
		p["at_most"] = true
	}
	if r.IntN(3) > 0 {
		credit := words{"linear": words{"percent_per_point": pick(r, "1", "2.5", "0.1")}}
		if r.IntN(2) == 0 {
			credit = words{"per_step": words{"of": "shortfall", "step": pick(r, "0.5", "1", "3"), "count": pick(r, "full", "started"), "amount": usd(centsOf(1 + r.Int64N(50_000)))}}
		}
		if r.IntN(2) == 0 {
			credit["cap_percent"] = pick(r, "5", "15")
		}
		if r.IntN(3) == 0 {
			credit["minimum_payable"] = usd(centsOf(1 + r.Int64N(50_000)))
		}
		p["credit"] = credit
	}
	for _, key := range c.Keys {
		if r.IntN(8) > 0 {
			c.add("charge", "Desk", calendar.Date(key+"-27").Time(), words{"service": "Desk", "month": key, "amount": usd(centsOf(r.Int64N(5_000_000)))})
		}
	}
	c.At = someInstant(r, first.AddDays(20+r.IntN(100))).Format(time.RFC3339)
	if r.IntN(2) == 0 {
		c.At = "2026-06-01T00:00:00Z"
	}
	c.Events = slices.DeleteFunc(c.Events, func(e words) bool { return e["occurred_at"].(string) > c.At })
	return c
}

func randomSamples(r *rand.Rand) clauseCase {
	month := pick(r, "2026-02", "2026-03", "2026-04", "2026-10", "2028-02")
	zone := pick(r, zones...)
	c := clauseCase{Kind: "availability", Events: []words{}, Keys: []string{month}, InForce: calendar.Period{From: "2025-01-01"}, At: string(calendar.Date(month+"-01").AddMonths(2)) + "T00:00:00Z"}
	c.Params = words{"service": "Cloud", "zone": zone, "definition": pick(r, "threshold_minute", "threshold_minute", "mean_error_rate", "score"), "target": pick(r, "99.9", "99.95", "99.99")}
	p, size := c.Params, 1
	place, err := calendar.LoadZone(zone)
	if err != nil {
		panic(err)
	}
	begins := calendar.Date(month + "-01").In(place)
	ends := calendar.Date(month + "-01").AddMonths(1).In(place)
	switch p["definition"] {
	case "threshold_minute":
		p["error_threshold"], p["error_inclusive"] = pick(r, "5", "10", "33.3"), r.IntN(2) == 0
		if r.IntN(3) == 0 {
			p["minimum_span_minutes"] = pick(r, 2, 5, 10)
		}
	case "mean_error_rate":
		size = pick(r, 5, 5, 15, 60)
		if size != 5 {
			p["sample_minutes"] = size
		}
	case "score":
		if r.IntN(2) == 0 {
			p["fast_ms"], p["slow_ms"] = 500, 2000
		}
		p["target"] = pick(r, "75", "99.5", "50")
	}
	if r.IntN(3) == 0 {
		p["exclusions"] = []string{"maintenance"}
	}
	low := decimal.RequireFromString(p["target"].(string)).Sub(decimal.RequireFromString("0.2")).String()
	p["tiers"] = []any{words{"from": low, "below": p["target"], "credit": "10"}, words{"below": low, "credit": pick(r, "25", "33.333")}}
	at := begins.Add(time.Duration(r.IntN(int(ends.Sub(begins)/time.Second))) * time.Second)
	if r.IntN(4) == 0 {
		at = pick(r, begins, ends).Add(-time.Duration(r.IntN(600)) * time.Second)
	}
	for range r.IntN(60) {
		n := pick(r, 1, 1, 1, 1, 2, 6, 30)
		data := words{}
		if total := pick(r, 0, 10, 20, 100, 60); r.IntN(4) > 0 {
			data["total"], data["failed"] = fmt.Sprint(total), fmt.Sprint(pick(r, 0, total/20, total/10, total))
		} else {
			data["value"] = pick(r, "0", "5", "10", "70", "33.3", "5.01")
		}
		if p["definition"] == "score" {
			data = words{"value": pick(r, "0", "1", "0.5")}
			if p["fast_ms"] != nil {
				data["value"] = pick(r, "10", "500", "501", "2000", "2001")
				if r.IntN(5) == 0 {
					data["state"] = "error"
				}
			}
			if r.IntN(2) == 0 {
				data["total"] = fmt.Sprint(1 + r.IntN(20))
			}
		} else if n > 1 || r.IntN(2) == 0 {
			data["end_at"] = at.Add(time.Duration(n*size) * time.Minute).UTC().Format(time.RFC3339)
		}
		if r.IntN(6) == 0 {
			data["excluded"] = "maintenance"
			if r.IntN(3) > 0 {
				data["approved_by"] = "ops@example.com"
			}
		}
		c.add("sample", "Cloud", at, data)
		at = at.Add(pick(r, time.Duration(r.IntN(90))*time.Second, time.Duration(size)*time.Minute, time.Duration(n*size)*time.Minute, time.Duration(r.IntN(86400))*time.Second))
	}
	if r.IntN(8) > 0 {
		c.add("charge", "Cloud", ends.Add(-time.Hour), words{"service": "Cloud", "month": month, "amount": usd(centsOf(r.Int64N(5_000_000)))})
	}
	c.Events = slices.DeleteFunc(c.Events, func(e words) bool { return e["occurred_at"].(string) > c.At })
	return c
}
