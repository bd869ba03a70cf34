package backtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/docs"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// one makes a file of terms with one obligation.
func one(kind string, params any, inForce calendar.Period) backtest.Terms {
	raw := must(json.Marshal(params))
	return backtest.Terms{Document: backtest.Document{Obligations: []pact.Obligation{{Key: kind, Kind: kind, Params: raw, InForce: inForce}}}}
}

func report(t interface {
	Fatal(args ...any)
	Context() context.Context
}, in backtest.Input,
) backtest.Evaluation {
	r, err := backtest.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func sumOf(a pact.Assessment, prefix string) decimal.Decimal {
	sum := decimal.Zero
	for _, l := range a.Amounts {
		if strings.HasPrefix(l.Name, prefix) {
			sum = sum.Add(l.Amount.Value)
		}
	}
	return sum
}

func amount(v decimal.Decimal) object { return object{"value": v.String(), "currency": "USD"} }

func event(n int, kind, subject string, at time.Time, data pact.EventData) pact.Event {
	id := "e" + strconv.Itoa(n)
	return pact.Event{ID: pact.EventID(id), ExternalID: id, Kind: kind, Subject: subject, OccurredAt: at, Data: data}
}

func at(s string) time.Time {
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return v
}

func TestEventsInAnyOrderGiveTheSameReport(t *testing.T) {
	t.Parallel()
	all := inputs(t)
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SampledFrom(all).Draw(t, "scenario")
		want := must(json.Marshal(report(t, in)))
		in.Events = rapid.Permutation(in.Events).Draw(t, "order")
		if got := must(json.Marshal(report(t, in))); string(got) != string(want) {
			t.Fatalf("another order, another report:\n%s\n%s", want, got)
		}
	})
}

// What a nightly import brings has one time of receipt: that the list of such events came in another order says nothing. Every
// scenario once, with all its events or some of them received together after the last of them.
func TestEventsReceivedTogetherInAnyOrderGiveTheSameReport(t *testing.T) {
	t.Parallel()
	for _, in := range inputs(t) {
		r := rand.New(rand.NewPCG(20261128, uint64(len(in.Events))))
		night := in.Events[0].OccurredAt
		for _, e := range in.Events {
			if e.OccurredAt.After(night) {
				night = e.OccurredAt
			}
		}
		in.Events = slices.Clone(in.Events)
		for i := range in.Events {
			if i < 2 || r.IntN(3) > 0 {
				in.Events[i].ReceivedAt = night.Add(time.Hour)
			}
		}
		want := must(json.Marshal(report(t, in)))
		for range 2 {
			r.Shuffle(len(in.Events), func(i, j int) { in.Events[i], in.Events[j] = in.Events[j], in.Events[i] })
			if got := must(json.Marshal(report(t, in))); string(got) != string(want) {
				t.Errorf("%s: another order, another report:\n%s\n%s", in.Terms.Obligations[0].Title, want, got)
				break
			}
		}
	}
}

// inputs are those of every scenario that is judged from two events or more.
func inputs(t *testing.T) []backtest.Input {
	t.Helper()
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	var all []backtest.Input
	for _, file := range files {
		s := read(t, file)
		if s.Refused != "" || len(s.Events) < 2 {
			continue
		}
		if s.Kind == "" {
			s.Kind = filepath.Base(filepath.Dir(file))
		}
		in, err := s.input()
		if err != nil {
			t.Fatal(err)
		}
		in.AsOf = moment(t, s.AsOf)
		all = append(all, in)
	}
	return all
}

// A sample is of its clock minute, or of its interval: at which second of it, and in how many samples, makes no difference.
func TestSamplesAtAnySecondAgreeWithThoseOnTheMinute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		definition := rapid.SampledFrom([]string{"threshold_minute", "mean_error_rate"}).Draw(t, "definition")
		params := object{"service": "S", "target": "99.9", "zone": rapid.SampledFrom([]string{"UTC", "Asia/Kathmandu", "America/New_York"}).Draw(t, "zone"), "definition": definition, "error_threshold": "5"}
		length := time.Minute
		if definition == "mean_error_rate" {
			length = 5 * time.Minute
		}
		in := backtest.Input{Terms: one("availability", params, calendar.Period{From: "2026-01-01"}), From: "2026-03-01", To: "2026-04-01", AsOf: at("2026-04-02T00:00:00Z")}
		exact, moved := in, in
		id := 0
		sample := func(list *[]pact.Event, on time.Time, total, failed int64) {
			id++
			all, bad := decimal.NewFromInt(total), decimal.NewFromInt(failed)
			*list = append(*list, event(id, "sample", "S", on, pact.EventData{Total: &all, Failed: &bad}))
		}
		for range rapid.IntRange(1, 20).Draw(t, "samples") {
			on := at("2026-03-08T05:00:00Z").Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "interval")) * length)
			total := rapid.Int64Range(1, 40).Draw(t, "total")
			failed := rapid.Int64Range(0, total).Draw(t, "failed")
			sample(&exact.Events, on, total, failed)
			later := func() time.Time {
				return on.Add(time.Duration(rapid.Int64Range(0, int64(length/time.Second)-1).Draw(t, "seconds")) * time.Second)
			}
			sample(&moved.Events, later(), failed, failed) // what failed and what did not, each in a sample of its own
			sample(&moved.Events, later(), total-failed, 0)
		}
		a, b := report(t, exact).Occurrences[0].Assessment, report(t, moved).Occurrences[0].Assessment
		if a.Measured != b.Measured || a.Elapsed != b.Elapsed || a.Status != b.Status {
			t.Fatalf("on the minute %s %s %s, at any second %s %s %s", a.Status, a.Measured, a.Elapsed, b.Status, b.Measured, b.Elapsed)
		}
	})
}

// Whatever the damages are of, a line that comes in parts never costs more than all of it on the last of these days.
func TestPartsNeverCostMoreThanTheWholeLineOnTheLastDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		damages := rapid.SampledFrom([]object{
			{"amount": amount(dec("100"))}, {"amount": amount(dec("3.33")), "per_unit": true}, {"percent": "1.37"}, {"percent": "1.37", "base": "line"},
		}).Draw(t, "damages")
		rule := object{"step": rapid.SampledFrom([]string{"day", "week"}).Draw(t, "step"), "count": rapid.SampledFrom([]string{"started", "full"}).Draw(t, "count")}
		for name, v := range damages {
			rule[name] = v
		}
		if rapid.Bool().Draw(t, "capped") {
			rule["cap_percent"] = "10"
		}
		quantity, last := int64(100), 0
		params := object{"zone": "UTC", "lines": []object{{"line": "L", "quantity": "100", "due": "2026-03-10", "price": amount(dec("33.33"))}}, "damages": rule}
		in := backtest.Input{Terms: one("delivery_schedule", params, calendar.Period{}), AsOf: at("2026-06-01T00:00:00Z")}
		parts, whole := in, in
		came := func(list *[]pact.Event, n int64, late int) {
			q := decimal.NewFromInt(n)
			*list = append(*list, event(len(*list), "delivery", "L", at("2026-03-10T12:00:00Z").AddDate(0, 0, late), pact.EventData{Quantity: &q}))
		}
		for left := quantity; left > 0; {
			n, late := rapid.Int64Range(1, left).Draw(t, "part"), rapid.IntRange(-3, 40).Draw(t, "late")
			came(&parts.Events, n, late)
			left, last = left-n, max(last, late)
		}
		came(&whole.Events, quantity, last)
		owed := func(in backtest.Input) decimal.Decimal {
			if a := report(t, in).Occurrences[0].Assessment.Amount; a != nil {
				return a.Value
			}
			return decimal.Zero
		}
		if a, b := owed(parts), owed(whole); a.GreaterThan(b) {
			t.Fatalf("in parts it costs %s, as a whole on the last day %s", a, b)
		}
	})
}

func TestCreditsNeverExceedTheirCaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		window, limit := rapid.IntRange(1, 4).Draw(t, "window"), decimal.NewFromInt(rapid.Int64Range(0, 900).Draw(t, "cap"))
		monthly := rapid.IntRange(1, 60).Draw(t, "monthly cap")
		params := object{"service": "S", "target": "99.9", "zone": "UTC", "credit": object{
			"tiers":       []object{{"from": "99", "below": "99.9", "percent": "10"}, {"from": "95", "below": "99", "percent": "30"}, {"below": "95", "percent": "100"}},
			"cap_percent": strconv.Itoa(monthly), "rolling_cap": object{"months": window, "amount": amount(limit)},
		}}
		in := backtest.Input{Terms: one("availability", params, calendar.Period{From: "2026-01-01"}), AsOf: at("2026-07-01T00:00:00Z"), To: "2026-07-01"}
		for m := range 6 {
			first := calendar.Date("2026-01-01").AddMonths(m)
			charge := pact.Charge{Service: "S", Month: string(first[:7])}
			charge.Amount.Value, charge.Amount.Currency = decimal.NewFromInt(1000), "USD"
			in.Terms.Charges = append(in.Terms.Charges, charge)
			down := time.Duration(rapid.IntRange(0, 60*50).Draw(t, "down")) * time.Minute
			start := first.AddDays(3).Time()
			in.Events = append(in.Events, event(m, "outage", "S", start, pact.EventData{EndAt: start.Add(down)}))
		}
		var credits []decimal.Decimal
		for _, res := range report(t, in).Occurrences {
			v := decimal.Zero
			if a := res.Assessment.Amount; a != nil {
				v = a.Value
			}
			if v.IsNegative() || v.GreaterThan(decimal.NewFromInt(int64(monthly*10))) {
				t.Fatalf("%s: %s is above the cap of the month", res.Key, v)
			}
			credits = append(credits, v)
		}
		for i := range credits {
			sum := decimal.Zero
			for j := i; j < min(i+window, len(credits)); j++ {
				sum = sum.Add(credits[j])
			}
			if sum.GreaterThan(limit) {
				t.Fatalf("%d months from %d on have %s, above %s: %v", window, i, sum, limit, credits)
			}
		}
	})
}

// tiersOf draws a table of tiers with touching bounds and falling prices.

// Credits that count towards a cap on liability never pass it, and what is set off, carried and lapsed adds up to the credit.
func TestCreditsStopAtTheLiabilityAndAreUsedOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limit := decimal.NewFromInt(rapid.Int64Range(0, 900).Draw(t, "cap"))
		carry := object{"percent": rapid.SampledFrom([]string{"100", "50", "33.3"}).Draw(t, "share"), "months": rapid.IntRange(0, 3).Draw(t, "months"), "then": "lapses"}
		params := func(service string) object {
			return object{"service": service, "target": "99.9", "zone": "UTC", "credit": object{
				"tiers":         []object{{"from": "99", "below": "99.9", "percent": "12.5"}, {"below": "99", "percent": "41.7"}},
				"liability_cap": object{"amount": amount(limit)}, "carry_forward": carry,
			}}
		}
		in := backtest.Input{AsOf: at("2026-05-01T00:00:00Z"), To: "2026-04-01", Final: true}
		charged := map[string]decimal.Decimal{}
		for n, service := range []string{"Cloud", "Portal"} {
			terms := one("availability", params(service), calendar.Period{From: "2026-01-01"})
			terms.Obligations[0].Key = "availability/" + service
			in.Terms.Obligations = append(in.Terms.Obligations, terms.Obligations...)
			for m := range 4 {
				month := at("2026-01-01T00:00:00Z").AddDate(0, m, 0)
				down := time.Duration(rapid.IntRange(0, 900).Draw(t, "down")) * time.Minute
				in.Events = append(in.Events, event(n*100+m*2, "outage", service, month.AddDate(0, 0, 3), pact.EventData{Service: service, EndAt: month.AddDate(0, 0, 3).Add(down + time.Minute)}))
				v := decimal.New(rapid.Int64Range(0, 60_000).Draw(t, "charge"), -2)
				charge := money.New(v, "USD")
				in.Events = append(in.Events, event(n*100+m*2+1, "charge", service, month.AddDate(0, 0, 27), pact.EventData{Service: service, Month: month.Format("2006-01"), Amount: &charge}))
				charged[service+month.Format("2006-01")] = v
			}
		}
		sum, used := decimal.Zero, map[string]decimal.Decimal{}
		for _, occ := range report(t, in).Occurrences {
			a := occ.Assessment
			if a.Amount == nil {
				continue
			}
			sum = sum.Add(a.Amount.Value)
			went := decimal.Zero
			for _, l := range a.Amounts {
				went = went.Add(l.Amount.Value)
				if month, ok := strings.CutPrefix(l.Name, "set off "); ok {
					used[occ.Subject[:strings.Index(occ.Subject, " ")]+month] = used[occ.Subject[:strings.Index(occ.Subject, " ")]+month].Add(l.Amount.Value)
				}
			}
			if !went.Equal(a.Amount.Value) {
				t.Fatalf("%s %s: %s went somewhere, of %s: %v", occ.Obligation, occ.Key, went, a.Amount, a.Amounts)
			}
		}
		if sum.GreaterThan(limit) {
			t.Fatalf("credits of %s pass the cap of %s", sum, limit)
		}
		for month, v := range used {
			if v.GreaterThan(charged[month]) {
				t.Fatalf("%s: %s were set off against a charge of %s", month, v, charged[month])
			}
		}
	})
}

func tiersOf(t *rapid.T) []object {
	var out []object
	low, price := int64(0), rapid.Int64Range(50, 100).Draw(t, "price")
	n := rapid.IntRange(1, 5).Draw(t, "tiers")
	for i := range n {
		tier := object{"from": strconv.FormatInt(low, 10), "price": amount(decimal.New(price, -2))}
		if i < n-1 {
			low += rapid.Int64Range(1, 500).Draw(t, "width")
			tier["to"] = strconv.FormatInt(low, 10)
		}
		price -= rapid.Int64Range(0, 12).Draw(t, "cut")
		out = append(out, tier)
	}
	return out
}

func priceOf(t *rapid.T, mode string, tiers []object, quantity decimal.Decimal) pact.Assessment {
	in := backtest.Input{
		Terms: one("volume_price", object{"mode": mode, "bounds": "upper_inclusive", "tiers": tiers}, calendar.Period{}),
		From:  "2026-03-01", To: "2026-04-01", AsOf: at("2026-04-01T00:00:00Z"),
		Events: []pact.Event{event(1, "usage", "u", at("2026-03-05T00:00:00Z"), pact.EventData{Quantity: &quantity})},
	}
	return report(t, in).Occurrences[0].Assessment
}

func TestTiersAreMonotoneOrFlagged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tiers := tiersOf(t)
		q := decimal.NewFromInt(rapid.Int64Range(1, 2500).Draw(t, "quantity"))
		more := q.Add(decimal.NewFromInt(1))
		if a, b := priceOf(t, "graduated", tiers, q), priceOf(t, "graduated", tiers, more); b.Amount.Value.LessThan(a.Amount.Value) {
			t.Fatalf("graduated: %s cost %s, one more %s", q, a.Amount, b.Amount)
		}
		a, b := priceOf(t, "all_units", tiers, q), priceOf(t, "all_units", tiers, more)
		flagged := false
		for _, s := range a.Trace {
			flagged = flagged || s.Rule == "cliff"
		}
		// One unit more may reach the next tier only beyond its bound: the flag looks at the bound itself.
		if b.Amount.Value.Add(dec("1.00")).LessThan(a.Amount.Value) && !flagged {
			t.Fatalf("all units: %s cost %s, one more %s, and nothing is flagged: %v", q, a.Amount, b.Amount, tiers)
		}
	})
}

func TestBookingsAddUpToTheRebate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := backtest.Input{AsOf: at("2027-01-01T00:00:00Z"), From: "2026-01-01", To: "2027-01-01"}
		bound := rapid.Int64Range(100, 5000).Draw(t, "bound")
		in.Terms = one("rebate", object{"mode": rapid.SampledFrom([]string{"graduated", "all_units"}).Draw(t, "mode"), "period": "year", "bounds": "lower_inclusive", "currency": "USD", "tiers": []object{
			{"from": "0", "to": strconv.FormatInt(bound, 10), "percent": "1.37"}, {"from": strconv.FormatInt(bound, 10), "percent": "3.3333"},
		}}, calendar.Period{})
		for i := range rapid.IntRange(1, 90).Draw(t, "purchases") {
			v := decimal.New(rapid.Int64Range(1, 90_000).Draw(t, "cents"), -2)
			kind := rapid.SampledFrom([]string{"invoice", "invoice", "invoice", "credit_note"}).Draw(t, "kind")
			day := at("2026-01-02T00:00:00Z").AddDate(0, 0, rapid.IntRange(0, 360).Draw(t, "day"))
			in.Events = append(in.Events, event(i, kind, "i"+strconv.Itoa(i), day, pact.EventData{Amount: &money.Amount{Value: v, Currency: "USD"}}))
		}
		a := report(t, in).Occurrences[0].Assessment
		if got := sumOf(a, "booked"); !got.Equal(a.Amount.Value) {
			t.Fatalf("booked %s, earned %s", got, a.Amount)
		}
	})
}

func TestOccurrencesNeverOverlap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]string{"month", "quarter", "half_year", "year"}).Draw(t, "period")
		params := object{"measure": "reported", "target": "1", "period": unit, "zone": rapid.SampledFrom([]string{"UTC", "America/New_York", "Australia/Lord_Howe"}).Draw(t, "zone")}
		if rapid.Bool().Draw(t, "anchored") {
			params["anchor"] = string(calendar.Date("2024-01-01").AddDays(rapid.IntRange(0, 900).Draw(t, "anchor")))
		}
		in := backtest.Input{Terms: one("service_level", params, calendar.Period{From: "2025-01-17", Until: "2027-06-03"}), AsOf: at("2027-07-01T00:00:00Z")}
		list := report(t, in).Occurrences
		if len(list) < 3 {
			t.Fatalf("only %d periods", len(list))
		}
		for i, res := range list {
			if !res.Period.Start.Before(res.Period.End) {
				t.Fatalf("%s is empty", res.Key)
			}
			if i > 0 && !list[i-1].Period.End.Equal(res.Period.Start) {
				t.Fatalf("%s ends at %s, %s begins at %s", list[i-1].Key, list[i-1].Period.End, res.Key, res.Period.Start)
			}
		}
	})
}

// A year of days, each judged once: every threshold of a renewal is reached exactly once, and in order.
func TestEachRenewalThresholdFiresOnce(t *testing.T) {
	t.Parallel()
	set, err := calendar.NewSet() // keeps what it compiled: every judgement asks for the same business days
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(20261128, 1)) // a dozen years: each is 365 judgements
	for range 12 {
		alerts := []int{91 + r.IntN(30), 31 + r.IntN(50), 1 + r.IntN(20)}
		end := calendar.Date("2026-09-01").AddDays(r.IntN(100))
		params := object{"expiration_date": string(end), "auto_renewal": true, "renewal_term": object{"value": 1, "unit": "year"}, "notice": object{"value": 1 + r.IntN(60), "unit": "day"}, "alerts": alerts}
		o := one("renewal_notice", params, calendar.Period{}).Obligations[0]
		occ := pact.Occurrence{Key: string(end.AddDays(1))}
		fired := map[string]int{}
		last := ""
		for day := at("2026-01-01T12:00:00Z"); day.Before(at("2027-01-01T00:00:00Z")); day = day.AddDate(0, 0, 1) {
			a, err := obligation.Assess(obligation.Input{Obligation: o, Occurrence: occ, Calendars: set, At: day})
			if err != nil {
				t.Fatal(err)
			}
			if a.Threshold != last && a.Threshold != "" {
				fired[a.Threshold]++
			}
			last = a.Threshold
		}
		for _, n := range alerts {
			if fired[strconv.Itoa(n)] != 1 {
				t.Fatalf("the alert %d days ahead fired %d times: %v", n, fired[strconv.Itoa(n)], fired)
			}
		}
	}
}

func TestRevenueAddsUpToThePrice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int64Range(1, 5_000_000).Draw(t, "price")
		var list []object
		for i := range rapid.IntRange(1, 6).Draw(t, "promises") {
			from := calendar.Date("2026-01-01").AddDays(rapid.IntRange(0, 200).Draw(t, "from"))
			list = append(list, object{
				"name": fmt.Sprintf("P%d", i), "ssp": strconv.FormatInt(rapid.Int64Range(1, 100_000).Draw(t, "ssp"), 10), "method": "straight_line",
				"by": rapid.SampledFrom([]string{"days", "months"}).Draw(t, "by"), "from": string(from), "until": string(from.AddDays(rapid.IntRange(1, 700).Draw(t, "days"))),
			})
		}
		in := backtest.Input{Terms: one("revenue_schedule", object{"price": amount(decimal.New(cents, -2)), "performance": list}, calendar.Period{}), AsOf: at("2030-01-01T00:00:00Z")}
		a := report(t, in).Occurrences[0].Assessment
		months := decimal.Zero
		for _, l := range a.Amounts {
			if l.On != "" {
				months = months.Add(l.Amount.Value)
			}
		}
		if want := decimal.New(cents, -2); !months.Equal(want) || !a.Amount.Value.Equal(want) {
			t.Fatalf("months add up to %s, recognised %s, price %s", months, a.Amount, want)
		}
	})
}

func FuzzReadTerms(f *testing.F) {
	for _, k := range obligation.All() {
		e, err := docs.BacktestExample(k.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(e.Terms, e.Events)
	}
	f.Fuzz(func(t *testing.T, terms, events string) {
		in, err := input([]byte(terms), []byte(events))
		if err != nil {
			return
		}
		in.AsOf, in.From, in.To = at("2026-06-01T00:00:00Z"), "2026-01-01", "2026-07-01"
		_, _ = backtest.Run(t.Context(), in) // it may refuse; it must not panic
	})
}
