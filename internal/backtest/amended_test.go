package backtest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/backtest"
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
