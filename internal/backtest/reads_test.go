package backtest_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// A period is judged the same from the events of the days that its kind says it reads as from all events: over every scenario, and an
// example of each kind, with events that came late, were corrected or were reported twice. A kind that says too little fails here.
func TestAPeriodIsJudgedFromTheDaysItReads(t *testing.T) {
	t.Parallel()
	all := judgedScenarios(t)
	for _, k := range obligation.All() {
		all["an example of "+k.Name()] = grown(t, k.Name(), 40)
	}
	compared, less := map[string]int{}, map[string]int{}
	for name, in := range all {
		for _, in := range []backtest.Input{in, disturbed(in)} {
			line, calendars := lineOf(t, in.Terms, in.AsOf), set(t, in.Terms)
			for _, key := range line.Keys() {
				for _, s := range line.Segments(key) {
					if s.Resolution.Winner == nil || obligation.FeedOf(s.Resolution.Winner.Obligation.Kind).By != obligation.ByPeriod {
						continue
					}
					o := *s.Resolution.Winner.Obligation
					o.InForce = s.Period
					kind, err := obligation.KindOf(o.Kind)
					if err != nil {
						t.Fatal(err)
					}
					judged := func(occ pact.Occurrence, events []pact.Event) string {
						a, err := obligation.Assess(obligation.Input{Obligation: o, Timeline: line, Occurrence: occ, Events: events, Calendars: calendars, Charges: in.Terms.Charges, At: in.AsOf})
						if err != nil {
							return err.Error()
						}
						a.Trace = slices.DeleteFunc(a.Trace, func(s pact.TraceStep) bool { return strings.HasSuffix(s.Result, "left out") })
						return string(must(json.Marshal(a)))
					}
					for _, occ := range kind.Occurrences(o, around(in)) {
						read := readBy(line, o, occ, in.Events)
						compared[o.Kind]++
						if len(read) < len(in.Events) {
							less[o.Kind]++
						}
						if was, is := judged(occ, in.Events), judged(occ, read); was != is {
							t.Errorf("%s: %s of %s reads %v, %d of %d events, and is judged otherwise by them:\n%s\n%s", name, occ.Key, key, obligation.Reads(line, o, occ), len(read), len(in.Events), was, is)
						}
					}
				}
			}
		}
	}
	for _, k := range obligation.All() {
		if obligation.FeedOf(k.Name()).By == obligation.ByPeriod && less[k.Name()] == 0 {
			t.Errorf("of %d periods of %s none is judged from less than all events", compared[k.Name()], k.Name())
		}
	}
}

// What happens long after a period is no reason to judge it again, whichever kind judges it; nor what happened long before, where nothing
// looks back.
func TestWhatLiesOutsideThePeriodIsNotAReasonToJudgePeriodsAgain(t *testing.T) {
	t.Parallel()
	for _, k := range obligation.All() {
		feed := obligation.FeedOf(k.Name())
		if feed.By != obligation.ByPeriod {
			continue
		}
		in := grown(t, k.Name(), 40)
		in.Final = true
		days := around(in)
		far := 0
		for _, e := range slices.Clone(in.Events) {
			if slices.Contains(feed.Wide, e.Kind) {
				continue
			}
			far++
			e.ID, e.ExternalID, e.Subject = "far-"+e.ID, "far-"+e.ExternalID, strings.Replace(e.Subject, "INC", "FAR", 1)
			e.OccurredAt = e.OccurredAt.AddDate(5, 0, 0)
			if !e.Data.EndAt.IsZero() {
				e.Data.EndAt = e.Data.EndAt.AddDate(5, 0, 0)
			}
			e.Data.Month, e.Data.Date, e.Data.Reference = "", "", ""
			in.Events = append(in.Events, e)
		}
		in.From, in.To = days.From, days.Until
		in.AsOf = in.AsOf.AddDate(6, 0, 0)
		all, again := backtest.Judged(t.Context(), in, func(external string) bool { return strings.HasPrefix(external, "far-") })
		if all == 0 || far == 0 || again > 0 {
			t.Errorf("%s: %d of %d occurrences are judged again because of %d events five years later", k.Name(), again, all, far)
		}
	}
}

// readBy are the events that the judgement of an occurrence reads, with what they correct and what corrects them.
func readBy(line effective.Timeline, o pact.Obligation, occ pact.Occurrence, events []pact.Event) []pact.Event {
	feed, reads, bySubject := obligation.FeedIn(line, o), obligation.Reads(line, o, occ), obligation.BySubject(events)
	mine := map[pact.EventID]bool{}
	var out []pact.Event
	for i := range events {
		if feed.Affected([]*pact.Event{&events[i]}, func(name string) []pact.Event { return bySubject[name] })(occ.Key, reads) {
			mine[events[i].ID] = true
		}
	}
	for range 3 { // a correction of a correction of a correction
		for i := range events {
			if e := &events[i]; mine[e.ID] && e.Replaces != "" {
				mine[e.Replaces] = true
			} else if mine[e.Replaces] {
				mine[e.ID] = true
			}
		}
	}
	for _, e := range events {
		if mine[e.ID] {
			out = append(out, e)
		}
	}
	return out
}

// around are the days from half a year before the first event until the judgement.
func around(in backtest.Input) calendar.Period {
	p := calendar.Period{From: calendar.DateIn(in.AsOf, time.UTC), Until: calendar.DateIn(in.AsOf, time.UTC).AddDays(1)}
	for i := range in.Events {
		if d := calendar.DateIn(in.Events[i].OccurredAt, time.UTC); d > "1950-01-01" {
			p.From = min(p.From, d)
		}
	}
	p.From = max(p.From.AddMonths(-6), p.Until.AddMonths(-60))
	return p
}
