package backtest_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// What a kind says of its feed is what monitor goes by. Over every scenario: events the feed does not name change nothing,
// a kind that says it has no timers sets none, and whatever a single event changes is among what it touches. A file whose
// kind says too little fails here, and not as a breach that nobody noticed.
func TestFeedsAreTrue(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	seen := map[string]bool{}
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
		in.AsOf = moment(t, s.AsOf)
		line := lineOf(t, in.Terms, in.AsOf)
		for _, key := range line.Keys() {
			for _, segment := range line.Segments(key) {
				if segment.Resolution.Winner != nil {
					o := *segment.Resolution.Winner.Obligation
					seen[o.Kind] = true
					feedIsTrue(t, file, line, o, in)
				}
			}
		}
	}
	for _, k := range obligation.All() {
		if !seen[k.Name()] && k.Name() != "response_time" { // it is judged as resolution_time is
			t.Errorf("no scenario shows the feed of %s", k.Name())
		}
	}
}

// lineOf puts the terms together as a server does that has published each of them as a version.
func lineOf(t *testing.T, terms backtest.Terms, known time.Time) effective.Timeline {
	t.Helper()
	var entries []effective.Entry
	for i, d := range append([]backtest.Document{terms.Document}, terms.Documents...) {
		if d.PublishedAt.After(known) {
			continue
		}
		v := pact.Version{ContractID: d.ContractID, Terms: d.Terms, Obligations: d.Obligations, Operations: d.Operations, EffectiveFrom: d.EffectiveFrom, PublishedAt: d.PublishedAt}
		own := effective.FromVersion(v, fmt.Sprint("Document ", i), d.Rank)
		for j := range own {
			own[j].Source.Amends = i > 0
		}
		entries = append(entries, own...)
	}
	return effective.New(entries)
}

func feedIsTrue(t *testing.T, file string, line effective.Timeline, o pact.Obligation, in backtest.Input) {
	t.Helper()
	feed := obligation.FeedIn(line, o)
	today := calendar.DateIn(in.AsOf, time.UTC)
	of := func(events []pact.Event) []pact.Event {
		return slices.DeleteFunc(slices.Clone(events), func(e pact.Event) bool { return !feed.Takes(e) })
	}
	all := func(string) bool { return true }
	judged := func(events []pact.Event) map[string]string {
		out := map[string]string{}
		for _, occ := range obligation.Standing(line, o, obligation.Asked{Log: events, Fresh: in.Events, Today: today}) {
			mine := events
			if feed.By == obligation.ByTicket {
				mine = slices.DeleteFunc(slices.Clone(events), func(e pact.Event) bool { return e.Subject != occ.Key })
			}
			a, err := obligation.Assess(obligation.Input{Obligation: o, Timeline: line, Occurrence: occ, Events: mine, Calendars: set(t, in.Terms), Charges: in.Terms.Charges, At: in.AsOf})
			if err != nil {
				a.Ambiguities = []pact.Ambiguity{{Question: err.Error()}}
			}
			if !feed.Timers && !a.NextAt.IsZero() {
				t.Errorf("%s: %s says that it has no timers, and %s changes at %s", file, o.Kind, occ.Key, a.NextAt)
			}
			a.Trace = nil
			out[occ.Key] = string(must(json.Marshal(a)))
		}
		return out
	}
	log := of(in.Events)
	whole, own := judged(in.Events), judged(log)
	for key, a := range whole {
		if own[key] != a {
			t.Errorf("%s: %s: events that the feed of %s does not name change it:\n%s\n%s", file, key, o.Kind, a, own[key])
		}
	}
	if feed.By == obligation.ByTicket {
		return
	}
	for i, e := range log {
		fresh := []pact.Event{e}
		for _, x := range log {
			if x.ID == e.Replaces && e.Replaces != "" {
				fresh = append(fresh, x)
			}
		}
		var touched []string
		for _, occ := range obligation.Touched(line, o, obligation.Asked{Log: log, Fresh: fresh, Today: today, Known: all}) {
			touched = append(touched, occ.Key)
		}
		before := judged(slices.Delete(slices.Clone(log), i, i+1))
		for key, a := range own {
			if before[key] != a && !slices.Contains(touched, key) {
				t.Errorf("%s: %s of %s on %s changes %s, and is not said to: it touches %v", file, e.Kind, e.Subject, e.OccurredAt, key, touched)
			}
		}
	}
}

func set(t *testing.T, terms backtest.Terms) calendar.Set {
	t.Helper()
	s, err := calendar.NewSet(terms.Calendars...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
