package backtest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// A judgement rests on every event without which it would be another: the assessment lists it, and a step of the trace names it. Tried by
// leaving out one event after the other, over every scenario. So whoever is handed the computation of a sum can check where each figure
// came from.
func TestAJudgementNamesEveryEventItRestsOn(t *testing.T) {
	t.Parallel()
	tried, owed := map[string]int{}, map[string]int{}
	for name, in := range restingScenarios(t) {
		in.NoUnused, in.Final = true, true
		all := restingOf(t, in)
		for key, a := range all {
			tried[a.kind]++
			if a.Amount != nil {
				owed[a.kind]++
			}
			for _, s := range a.Trace {
				for _, id := range s.EventIDs {
					if !slices.Contains(a.EventIDs, id) && !strings.HasSuffix(s.Result, "left out") {
						t.Errorf("%s: %s names %s in %q and does not list it", name, key, id, s.Rule)
					}
				}
			}
		}
		for i, e := range in.Events {
			if gone(in.Events, e) {
				continue
			}
			less := in
			less.Events = slices.Delete(slices.Clone(in.Events), i, i+1)
			without := restingOf(t, less)
			for key, was := range all {
				if was.asks() || was.says() == without[key].says() || countsElsewhere(in.Events, e, was) {
					continue
				}
				if !slices.Contains(was.EventIDs, e.ID) || !was.traces(e.ID) {
					t.Errorf("%s: %s rests on %s (%s, %s): listed %v, named by a step %v\nwith it    %s\nwithout it %s", name, key, e.ID, e.Kind, e.Subject, slices.Contains(was.EventIDs, e.ID), was.traces(e.ID), was.says(), without[key].says())
				}
			}
		}
	}
	for _, k := range obligation.All() {
		if tried[k.Name()] == 0 {
			t.Errorf("no judgement of %s was tried", k.Name())
		}
	}
	t.Logf("judgements %v, with an amount %v", tried, owed)
}

// A sum that follows from a clause names it, and so does every step that comes to money: by the clause, or by the events whose figures it
// takes.
func TestASumNamesItsClause(t *testing.T) {
	t.Parallel()
	sums := map[string]int{}
	for name, in := range restingScenarios(t) {
		in.NoUnused, in.Final = true, true
		withClauses(&in.Terms.Document)
		in.Terms.Documents = slices.Clone(in.Terms.Documents)
		for i := range in.Terms.Documents {
			withClauses(&in.Terms.Documents[i])
		}
		for key, a := range restingOf(t, in) {
			if a.Amount == nil {
				continue
			}
			sums[a.kind]++
			if !slices.ContainsFunc(a.Trace, func(s pact.TraceStep) bool { return s.Clause != "" }) {
				t.Errorf("%s: no step of %s names a clause", name, key)
			}
			for _, s := range a.Trace {
				if inMoney.MatchString(s.Result) && s.Clause == "" && len(s.EventIDs) == 0 {
					t.Errorf("%s: the step %q of %s comes to %q by no clause and no event", name, s.Rule, key, s.Result)
				}
			}
		}
	}
	for _, kind := range []string{"availability", "service_level", "credit_pool", "invoice_payment", "unit_price", "volume_price", "rebate", "minimum_commitment", "spend_ceiling", "price_escalator", "delivery_schedule", "milestone", "conditional_duty", "recurring_duty"} {
		if sums[kind] == 0 {
			t.Errorf("no sum of %s was looked at", kind)
		}
	}
}

var inMoney = regexp.MustCompile(`\d (?:USD|EUR|GBP|CHF|JPY)\b`)

// withClauses gives each obligation of a document a passage of its own.
func withClauses(d *backtest.Document) {
	d.Obligations = slices.Clone(d.Obligations)
	for i := range d.Obligations {
		o := &d.Obligations[i]
		o.Evidence = []pact.Evidence{{Passage: &pact.Passage{Clause: "of " + o.Key, Quote: o.Title}}}
	}
}

// restingScenarios are those of this package and of package obligation.
func restingScenarios(t *testing.T) map[string]backtest.Input {
	t.Helper()
	all := judgedScenarios(t)
	files, err := filepath.Glob("../obligation/testdata/*/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		var s struct {
			Obligation pact.Obligation
			Timeline   json.RawMessage
			Calendars  []calendar.Hours
			Events     []pact.Event
			Charges    []pact.Charge
			Cases      []struct{ At, Fault string }
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if last := s.Cases[len(s.Cases)-1]; last.Fault == "" && s.Timeline == nil && s.Obligation.Key != "" {
			in := backtest.Input{Events: s.Events, AsOf: moment(t, last.At)}
			in.Terms.Obligations, in.Terms.Calendars, in.Terms.Charges = []pact.Obligation{s.Obligation}, s.Calendars, s.Charges
			in.To = calendar.DateIn(in.AsOf, in.AsOf.Location()).AddDays(1)
			in.From = in.To.AddMonths(-3)
			all[file] = in
		}
	}
	return all
}

type resting struct {
	pact.Assessment
	kind string
	key  string
}

// asks tells whether the judgement waits for a decision or a figure: then a question stands in the place of its steps.
func (r resting) asks() bool { return r.AmountState != "" || len(r.Ambiguities) > 0 }

func (r resting) says() string {
	a := r.Assessment
	return string(must(json.Marshal([]any{a.Status, a.Amount, a.Amounts, a.AmountState, a.Measured, a.ClaimBy, a.DueAt, a.BreachedAt})))
}

func (r resting) traces(id pact.EventID) bool {
	return slices.ContainsFunc(r.Trace, func(s pact.TraceStep) bool { return slices.Contains(s.EventIDs, id) })
}

func restingOf(t *testing.T, in backtest.Input) map[string]resting {
	t.Helper()
	r, err := backtest.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]resting{}
	for _, o := range r.Occurrences {
		out[o.Obligation+" "+o.Key] = resting{o.Assessment, o.Kind, o.Key}
	}
	return out
}

// gone tells whether an event says what no longer is: it was corrected, or it corrects what was said of another matter, or takes it back.
func gone(events []pact.Event, e pact.Event) bool {
	replaces := func(x, old pact.Event) bool {
		return x.Replaces != "" && x.Replaces == old.ID || x.ReplacesExternal != "" && x.ReplacesExternal == old.ExternalID
	}
	return e.Kind == "correction" || slices.ContainsFunc(events, func(x pact.Event) bool {
		return replaces(x, e) || replaces(e, x) && e.Subject != x.Subject
	})
}

// countsElsewhere tells whether an event matters to a judgement only in that something else does not count in it: of a purchase that was
// returned, and its return, only one period takes the return out.
func countsElsewhere(events []pact.Event, e pact.Event, was resting) bool {
	if slices.Contains(was.EventIDs, e.ID) {
		return false
	}
	about := func(note, purchase pact.Event) bool {
		return note.Kind == "credit_note" && purchase.Kind != "credit_note" && (note.Subject == purchase.Subject || note.Data.Reference == purchase.Subject)
	}
	return slices.ContainsFunc(events, func(x pact.Event) bool { return about(x, e) || about(e, x) })
}

// Of one thing the words of a judgement speak as of one: "1 purchase that counts", and not "1 purchases" or "1 purchase that count".
func TestOneThingIsSpokenOfAsOne(t *testing.T) {
	t.Parallel()
	several := regexp.MustCompile(`(?:^|[\s(])1 (?:[a-z]+ that (?:count|are|were|have)|(?:[a-z]+ )?(?:answers|cases|days|events|exceptions|hours|intervals|invoices|lines|minutes|misses|months|orders|outages|parts|payments|periods|purchases|readings|reports|samples|tickets|units|weeks|windows|years))\b`)
	steps := 0
	for name, in := range restingScenarios(t) {
		in.NoUnused, in.Final = true, true
		for key, a := range restingOf(t, in) {
			for _, s := range a.Trace {
				steps++
				for _, text := range []string{s.Rule, s.Inputs, s.Result} {
					if wrong := several.FindString(text); wrong != "" {
						t.Errorf("%s: %s says %q: %s", name, key, wrong, text)
					}
				}
			}
			for _, q := range a.Ambiguities {
				if wrong := several.FindString(q.Question); wrong != "" {
					t.Errorf("%s: %s asks %q: %s", name, key, wrong, q.Question)
				}
			}
		}
	}
	if steps == 0 {
		t.Error("no step was read")
	}
}
