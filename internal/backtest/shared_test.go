package backtest_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// sharedAndApart compares a run, in which all occurrences share one log, with judgements that share nothing, byte for byte; and tells
// whether the events that were given are still what they were.
func sharedAndApart(t interface {
	Fatalf(format string, args ...any)
	Helper()
}, run func() (backtest.Evaluation, error), apart func() ([]backtest.Result, error), in backtest.Input,
) {
	t.Helper()
	given := must(json.Marshal(in.Events))
	report, err := run()
	if err != nil {
		t.Fatalf("%v", err)
	}
	if now := must(json.Marshal(in.Events)); string(now) != string(given) {
		t.Fatalf("the run changed the events it was given:\n%s\n%s", given, now)
	}
	list, err := apart()
	if err != nil {
		t.Fatalf("%v", err)
	}
	if len(list) != len(report.Occurrences) {
		t.Fatalf("%d occurrences, %d apart", len(report.Occurrences), len(list))
	}
	want := map[string]string{}
	for _, res := range list {
		want[res.Obligation+"\x00"+res.Kind+"\x00"+res.Key] = string(must(json.Marshal(res)))
	}
	for _, res := range report.Occurrences {
		if got := string(must(json.Marshal(res))); got != want[res.Obligation+"\x00"+res.Kind+"\x00"+res.Key] {
			t.Fatalf("%s, %s is judged otherwise when events are shared:\n%s\n%s", res.Obligation, res.Key, got, want[res.Obligation+"\x00"+res.Kind+"\x00"+res.Key])
		}
	}
}

// Late, corrected, deleted and repeated events included, every scenario and an example of each kind give the same with one log for all.
func TestOneLogForAllGivesWhatEachOfItsOwnGives(t *testing.T) {
	t.Parallel()
	compare := func(t *testing.T, in backtest.Input) {
		t.Helper()
		sharedAndApart(t, func() (backtest.Evaluation, error) { return backtest.Run(t.Context(), in) }, func() ([]backtest.Result, error) { return backtest.Apart(t.Context(), in) }, in)
	}
	for name, in := range judgedScenarios(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compare(t, in)
			compare(t, disturbed(in))
		})
	}
	for _, k := range obligation.All() {
		t.Run(k.Name(), func(t *testing.T) {
			t.Parallel()
			in := disturbed(grown(t, k.Name(), 40))
			compare(t, in)
			in.AsOf = in.AsOf.AddDate(0, -1, 0) // some of it is not known yet
			compare(t, in)
		})
	}
}

func TestOneLogForAllOfAnyHistoryGivesWhatEachOfItsOwnGives(t *testing.T) {
	t.Parallel()
	all := judgedScenarios(t)
	for _, k := range obligation.All() {
		all[k.Name()] = grown(t, k.Name(), 12)
	}
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		in := all[rapid.SampledFrom(names).Draw(t, "scenario")]
		in.Events = slices.Clone(in.Events)
		if len(in.Events) == 0 {
			return
		}
		for range rapid.IntRange(1, 4).Draw(t, "disturbances") {
			i := rapid.IntRange(0, len(in.Events)-1).Draw(t, "event")
			wait := time.Duration(rapid.IntRange(1, 2000).Draw(t, "hours")) * time.Hour
			more := in.Events[i]
			more.ID, more.ExternalID = pact.EventID("more-"+strconv.Itoa(len(in.Events))), "more-"+strconv.Itoa(len(in.Events))
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0: // late
				in.Events[i].ReceivedAt = in.Events[i].OccurredAt.Add(wait)
				continue
			case 1: // corrected
				more.Replaces, more.ReceivedAt = in.Events[i].ID, in.Events[i].OccurredAt.Add(wait)
				more.OccurredAt = more.OccurredAt.Add(time.Duration(rapid.IntRange(-48, 48).Draw(t, "moved")) * time.Hour)
			case 2: // deleted
				more.Kind, more.Replaces, more.OccurredAt = "correction", in.Events[i].ID, in.Events[i].OccurredAt.Add(wait)
				more.ReceivedAt = time.Time{}
			case 3: // reported once more, later
				more.ID, more.ExternalID, more.ReceivedAt = in.Events[i].ID, in.Events[i].ExternalID, in.Events[i].OccurredAt.Add(wait)
			}
			in.Events = append(in.Events, more)
		}
		in.Events = rapid.Permutation(in.Events).Draw(t, "order")
		sharedAndApart(t, func() (backtest.Evaluation, error) { return backtest.Run(t.Context(), in) }, func() ([]backtest.Result, error) { return backtest.Apart(t.Context(), in) }, in)
	})
}

// judgedScenarios are the scenarios that are judged, by file.
func judgedScenarios(t *testing.T) map[string]backtest.Input {
	t.Helper()
	out := map[string]backtest.Input{}
	everyScenario(t, func(file string, in backtest.Input) { out[strings.TrimPrefix(file, "testdata/")] = in })
	return out
}

// Whether an event outside the period counts is found by judging without it. Of invoices, lines, duties and tickets only those are judged
// again that it can be about.
func TestWhatLiesOutsideThePeriodIsNotAReasonToJudgeAllAgain(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"invoice_payment", "unit_price", "delivery_schedule", "conditional_duty", "resolution_time"} {
		in := grown(t, kind, 200)
		in.Final = true
		last := in.Events[len(in.Events)-1].Subject
		mine := map[string]bool{}
		for _, e := range in.Events {
			if e.Subject == last {
				mine[e.ExternalID] = true
			}
		}
		all, again := backtest.Judged(t.Context(), in, func(external string) bool { return mine[external] })
		if all < 20 || again == 0 || again > 3 {
			t.Errorf("%s: %d of %d occurrences are judged again", kind, again, all)
		}
	}
}
