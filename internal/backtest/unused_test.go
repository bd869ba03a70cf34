package backtest_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// What is listed as unused changes nothing where it is left out, over every scenario.
func TestUnusedEventsChangeNothing(t *testing.T) {
	t.Parallel()
	listed := map[string]int{}
	everyScenario(t, func(file string, in backtest.Input) {
		in.Final = true
		whole := report(t, in)
		without := func(names ...string) {
			less := in
			less.Events = slices.DeleteFunc(slices.Clone(in.Events), func(e pact.Event) bool { return slices.Contains(names, string(e.ID)) })
			if was, is := judged(whole), judged(report(t, less)); was != is {
				t.Errorf("%s: without the unused events %v the report is another:\n%s\n%s", file, names, was, is)
			}
		}
		var all []string
		for _, u := range whole.Unused {
			listed[u.Why]++
			all = append(all, string(u.EventID))
		}
		if len(all) > 0 {
			without(all...)
		}
	})
	for _, why := range []string{"kind", "name", "matter", "not_in_force", "period", "later"} {
		if listed[why] == 0 {
			t.Errorf("no scenario has an event that is unused because of its %s", why)
		}
	}
}

// A name that is written with one letter too many is found, and the name that was meant beside it, over every scenario whose clause is
// about a service, a milestone, an index or a level.
func TestAMistypedNameIsFound(t *testing.T) {
	t.Parallel()
	tried := 0
	everyScenario(t, func(file string, in backtest.Input) {
		in.Final = true
		for i, e := range in.Events {
			wrong := e
			for _, name := range []*string{&wrong.Data.Service, &wrong.Data.Item, &wrong.Subject} {
				if *name != "" {
					*name += "q"
				}
			}
			if wrong.Replaces != "" || slices.ContainsFunc(in.Events, func(x pact.Event) bool { return x.Replaces == e.ID }) {
				continue
			}
			named := false // every obligation that takes it takes it by name
			for _, o := range in.Terms.Obligations {
				was, is := obligation.Picks(o, e), obligation.Picks(o, wrong)
				if is.Taken {
					named = false
					break
				}
				named = named || was.Taken && is.What != "" && is.What != "priority"
			}
			if !named || len(in.Terms.Documents) > 0 || e.OccurredAt.After(in.AsOf) || e.ReceivedAt.After(in.AsOf) {
				continue
			}
			tried++
			in := in
			in.Events = slices.Clone(in.Events)
			in.Events[i] = wrong
			out := report(t, in)
			at := slices.IndexFunc(out.Unused, func(u backtest.Unused) bool { return u.EventID == e.ID })
			if at < 0 || out.Unused[at].Why != "name" || out.Unused[at].Meant == "" || !strings.Contains(out.Unused[at].Message, "Perhaps") {
				t.Errorf("%s: %s %s with a wrong name is not found: %+v", file, e.Kind, e.ID, out.Unused)
			}
		}
	})
	if tried < 100 {
		t.Errorf("only %d names were tried", tried)
	}
}

// judged is a report without what it did not use, and without the notes about events that do not count yet.
func judged(r backtest.Evaluation) string {
	r.Unused, r.Unlikely = nil, nil
	r.Occurrences = slices.Clone(r.Occurrences)
	for i := range r.Occurrences {
		a := &r.Occurrences[i].Assessment
		a.Trace = slices.DeleteFunc(slices.Clone(a.Trace), func(s pact.TraceStep) bool { return strings.HasSuffix(s.Result, "left out") })
	}
	return string(must(json.Marshal(r)))
}

// everyScenario calls with the input of each scenario that is judged.
func everyScenario(t *testing.T, each func(file string, in backtest.Input)) {
	t.Helper()
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		s := read(t, file)
		if s.Refused != "" {
			continue
		}
		if s.Kind == "" {
			s.Kind = filepath.Base(filepath.Dir(file))
		}
		in, err := s.input()
		if err != nil {
			t.Fatal(err)
		}
		in.AsOf, in.From, in.To = moment(t, s.AsOf), date(s.From), date(s.To)
		each(file, in)
	}
}

// Where documents differ, each reading is told by what differs alone, and what waits for the answer is not said to be out of force.
func TestDocumentsThatDifferSayInWhat(t *testing.T) {
	t.Parallel()
	seen := false
	everyScenario(t, func(file string, in backtest.Input) {
		if filepath.Base(file) != "two_amendments_of_one_day.yaml" {
			return
		}
		seen = true
		r := report(t, in)
		if len(r.Questions) == 0 || !slices.Equal(r.Questions[0].Ambiguity.Texts, []string{`A1: "terms": "net 45"`, `A2: "terms": "net 60"`}) {
			t.Errorf("the readings are %+v", r.Questions)
		}
		if len(r.Unused) != 1 || !strings.Contains(r.Unused[0].Message, "the documents differ about pay") {
			t.Errorf("the invoice of that day: %+v", r.Unused)
		}
	})
	if !seen {
		t.Error("the scenario is gone")
	}
}
