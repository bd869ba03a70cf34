package backtest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// amendedTerms are a level of a year and a half with amendments, each from a day on with parameters of its own.
func amendedTerms(t *rapid.T, amendments []object) backtest.Input {
	level := func(more object) object {
		p := object{"measure": "satisfaction", "target": "4"}
		for k, v := range more {
			if k != "from" {
				p[k] = v
			}
		}
		return object{"key": "s", "kind": "service_level", "title": "Satisfaction", "confidence": "1", "params": p}
	}
	own := level(object{"period": "month"})
	own["in_force"] = object{"from": "2026-01-01", "until": "2027-07-01"}
	terms := object{"effective_from": "2026-01-01", "published_at": "2025-12-01T00:00:00Z", "obligations": []object{own}}
	var documents []object
	for i, a := range amendments {
		o := level(a)
		o["in_force"] = object{"from": a["from"], "until": "2027-07-01"}
		documents = append(documents, object{"title": fmt.Sprintf("A%d", i+1), "effective_from": a["from"], "published_at": fmt.Sprintf("2025-12-%02dT00:00:00Z", i+2), "obligations": []object{o}})
	}
	terms["documents"] = documents
	var lines []string
	for day := at("2026-01-01T12:00:00Z"); day.Before(at("2027-07-01T00:00:00Z")); day = day.AddDate(0, 0, 1) {
		name := day.Format("2006-01-02")
		lines = append(lines, string(must(json.Marshal(object{"kind": "survey", "external_id": name, "occurred_at": day, "data": object{"value": "5"}}))))
	}
	in, err := input(must(json.Marshal(terms)), []byte(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	in.AsOf, in.Final = at("2028-07-01T00:00:00Z"), true
	return in
}

// drawAmendments draws amendments of the periods, in the order of their days.
func drawAmendments(t *rapid.T) []object {
	var out []object
	days := rapid.SliceOfNDistinct(rapid.IntRange(5, 500), 1, 3, rapid.ID[int]).Draw(t, "days")
	slices.Sort(days)
	units := rapid.Permutation([]string{"quarter", "half_year", "year"}).Draw(t, "periods") // none comes back within a period of its own
	for i, n := range days {
		a := object{
			"from":       at("2026-01-01T00:00:00Z").AddDate(0, 0, n).Format("2006-01-02"),
			"period":     units[i],
			"mid_period": rapid.SampledFrom([]string{"start", "amended", "parts"}).Draw(t, "mid_period"),
			"target":     rapid.SampledFrom([]string{"4", "3"}).Draw(t, "target"),
		}
		if rapid.Bool().Draw(t, "anchored") {
			a["anchor"] = fmt.Sprintf("2025-%02d-%02d", i+3, 3+7*i)
		}
		out = append(out, a)
	}
	return out
}

func TestEachDayIsJudgedOnceWhateverIsAmended(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := amendedTerms(t, drawAmendments(t))
		times := map[string]int{}
		for _, r := range report(t, in).Occurrences {
			for _, id := range r.Assessment.EventIDs {
				times[string(id)]++
			}
		}
		for _, e := range in.Events {
			if n := times[e.ExternalID]; n != 1 {
				t.Fatalf("%s counts %d times", e.ExternalID, n)
			}
		}
	})
}

// numbered is an input that prints short.
type numbered struct {
	in backtest.Input
	n  int
}

func (x numbered) String() string { return x.in.Terms.Obligations[0].Title }

// GoString is String: rapid prints what it draws so.
func (x numbered) GoString() string { return x.String() }

// unamended are the scenarios that no document amends.
func unamended(t *testing.T) (out []numbered) {
	t.Helper()
	for i, in := range inputs(t) {
		if len(in.Terms.Documents) == 0 && len(in.Terms.Obligations) > 0 && len(in.Terms.Operations) == 0 {
			out = append(out, numbered{in, i})
		}
	}
	return out
}

// restated is a document that states obligations again as they are, from a day on.
func restated(day calendar.Date, list ...pact.Obligation) backtest.Document {
	d := backtest.Document{Title: "A1", EffectiveFrom: day, PublishedAt: at("2000-01-02T00:00:00Z")}
	for _, o := range list {
		o.InForce.From = day
		d.Obligations = append(d.Obligations, o)
	}
	return d
}

// untraced is a report without the words of its traces.
func untraced(r backtest.Evaluation) string {
	for i := range r.Occurrences {
		r.Occurrences[i].Assessment.Trace = nil
	}
	return string(must(json.Marshal(r)))
}

// apart shows where two reports differ.
func apart(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	from := max(0, n-200)
	return a[from:min(len(a), n+200)] + "\n" + b[from:min(len(b), n+200)]
}

// drawDay draws a day on which an obligation is amended: within the days in which it holds and something happens.
func drawDay(t *rapid.T, in backtest.Input) calendar.Date {
	first := calendar.DateIn(in.AsOf, time.UTC)
	for _, e := range in.Events {
		first = min(first, calendar.DateIn(e.OccurredAt, time.UTC))
	}
	day := first.AddDays(rapid.IntRange(1, max(2, min(1000, first.DaysUntil(calendar.DateIn(in.AsOf, time.UTC))))).Draw(t, "day"))
	for _, o := range in.Terms.Obligations {
		if o.InForce.Until != "" && day >= o.InForce.Until {
			day = o.InForce.Until.AddDays(-1)
		}
	}
	for _, o := range in.Terms.Obligations {
		day = max(day, o.InForce.From.AddDays(1))
	}
	return max(day, in.Terms.EffectiveFrom.AddDays(1))
}

func TestAnAmendmentThatChangesNothingChangesNoJudgement(t *testing.T) {
	t.Parallel()
	all := unamended(t)
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SampledFrom(all).Draw(t, "scenario").in
		in.Terms.PublishedAt = at("2000-01-01T00:00:00Z")
		want := untraced(report(t, in))
		in.Terms.Documents = []backtest.Document{restated(drawDay(t, in), in.Terms.Obligations...)}
		if got := untraced(report(t, in)); got != want {
			t.Fatalf("it changed: %s", apart(want, got))
		}
	})
}

func TestTwoAmendmentsOfOneDayAreLikeOne(t *testing.T) {
	t.Parallel()
	all := slices.DeleteFunc(unamended(t), func(x numbered) bool { return len(x.in.Terms.Obligations) < 2 })
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SampledFrom(all).Draw(t, "scenario").in
		in.Terms.PublishedAt = at("2000-01-01T00:00:00Z")
		day := drawDay(t, in)
		in.Terms.Documents = []backtest.Document{restated(day, in.Terms.Obligations...)}
		want := string(must(json.Marshal(report(t, in))))
		in.Terms.Documents = nil
		for _, o := range in.Terms.Obligations {
			in.Terms.Documents = append(in.Terms.Documents, restated(day, o))
		}
		in.Terms.Documents = rapid.Permutation(in.Terms.Documents).Draw(t, "order")
		if got := string(must(json.Marshal(report(t, in)))); got != want {
			t.Fatalf("two papers, another report: %s", apart(want, got))
		}
	})
}
