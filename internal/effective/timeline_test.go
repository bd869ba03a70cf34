package effective_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func target(title string, hours string, from calendar.Date, published string) effective.Entry {
	return effective.Entry{
		Source:     effective.Source{Title: title, From: from, PublishedAt: at(published)},
		Obligation: &pact.Obligation{Key: "resolution_time/P1", Kind: "resolution_time", Params: json.RawMessage(`{"target":` + hours + `}`)},
	}
}

func TestAnAmendmentGovernsFromItsDate(t *testing.T) {
	t.Parallel()
	line := effective.New([]effective.Entry{
		target("Master agreement", "8", "2025-01-01", "2026-03-01T00:00:00Z"),
		target("Amendment No. 1", "4", "2026-03-16", "2026-03-02T00:00:00Z"),
	})
	for on, want := range map[calendar.Date]string{"2026-03-15": "Master agreement", "2026-03-16": "Amendment No. 1", "2027-01-01": "Amendment No. 1"} {
		r := line.Obligation("resolution_time/P1", on)
		if r.Winner == nil || r.Winner.Source.Title != want {
			t.Errorf("on %s: %+v, want %s", on, r.Winner, want)
		}
		if len(r.Losers) != 1 || len(r.Trace) != 2 {
			t.Errorf("on %s: the loser and why must be told: %+v", on, r)
		}
	}
	if r := line.Obligation("resolution_time/P1", "2024-12-31"); r.Winner != nil || r.Rule != "nothing is in force on this date" {
		t.Errorf("before the beginning: %+v", r)
	}
	segments := line.Segments("resolution_time/P1")
	if len(segments) != 2 || segments[0].Period.Until != "2026-03-16" || segments[1].Period.From != "2026-03-16" || segments[1].Period.Until != "" {
		t.Errorf("segments %+v", segments)
	}
}

// A month may be read as on one of its days: the segments follow, the days around it stay, and the timeline itself is as it was.
func TestAPeriodIsReadAsOnOneDay(t *testing.T) {
	t.Parallel()
	const key = "resolution_time/P1"
	line := effective.New([]effective.Entry{
		target("Master agreement", "8", "2025-01-01", "2026-03-01T00:00:00Z"),
		target("Amendment No. 1", "4", "2026-03-16", "2026-03-02T00:00:00Z"),
	})
	march := calendar.Period{From: "2026-03-01", Until: "2026-04-01"}
	for day, want := range map[calendar.Date][]string{
		"2026-03-01": {"Master agreement", "Master agreement", "Amendment No. 1"},
		"2026-03-16": {"Master agreement", "Amendment No. 1", "Amendment No. 1"},
		"2024-12-31": {"Master agreement", "", "Amendment No. 1"}, // nothing held then
	} {
		read := line.AsOn(key, march, day)
		for i, on := range []calendar.Date{"2026-02-28", "2026-03-20", "2026-04-01"} {
			got := ""
			if r := read.Obligation(key, on); r.Winner != nil {
				got = r.Winner.Title()
			}
			if got != want[i] {
				t.Errorf("as on %s, %s holds on %s, want %s", day, got, on, want[i])
			}
		}
		if segments := read.Segments(key); len(segments) != 2 || segments[0].Period.Until == "2026-03-16" {
			t.Errorf("as on %s the segments are %+v", day, segments)
		}
	}
	if r := line.Obligation(key, "2026-03-01"); r.Winner.Title() != "Master agreement" || len(line.Turns(key)) != 2 {
		t.Errorf("the timeline itself: %+v, %v", r.Winner, line.Turns(key))
	}
}

func TestAnExplicitDateBeatsPublication(t *testing.T) {
	t.Parallel()
	line := effective.New([]effective.Entry{
		target("Amendment No. 1", "4", "2026-03-16", "2026-03-10T00:00:00Z"),
		target("Amendment No. 2", "6", "2026-03-01", "2026-03-20T00:00:00Z"),
	})
	r := line.Obligation("resolution_time/P1", "2026-03-21")
	if r.Winner == nil || r.Winner.Source.Title != "Amendment No. 1" {
		t.Errorf("the later effective date governs, not the later publication: %+v", r)
	}
	if !strings.Contains(r.Rule, "later over earlier") {
		t.Errorf("rule %q", r.Rule)
	}
}

func TestAnOrderOfPrecedenceBeatsDates(t *testing.T) {
	t.Parallel()
	order := target("Order form", "2", "2025-01-01", "2026-01-01T00:00:00Z")
	order.Source.Rank = 1
	line := effective.New([]effective.Entry{order, target("Amendment No. 1", "4", "2026-03-16", "2026-03-10T00:00:00Z")})
	r := line.Obligation("resolution_time/P1", "2026-06-01")
	if r.Winner == nil || r.Winner.Source.Title != "Order form" || !strings.Contains(r.Rule, "order of precedence") {
		t.Errorf("%+v", r)
	}
}

func TestTwoDocumentsOfOneDateThatDifferAreAQuestion(t *testing.T) {
	t.Parallel()
	line := effective.New([]effective.Entry{
		target("Exhibit A", "4", "2026-01-01", "2026-01-01T00:00:00Z"),
		target("Exhibit B", "8", "2026-01-01", "2026-01-01T00:00:00Z"),
	})
	r := line.Obligation("resolution_time/P1", "2026-02-01")
	if r.Winner != nil || len(r.Ambiguities) != 1 || r.Ambiguities[0].Code != "precedence" {
		t.Errorf("%+v", r)
	}
	same := effective.New([]effective.Entry{
		target("Exhibit A", "4", "2026-01-01", "2026-01-01T00:00:00Z"),
		target("Exhibit B", " 4", "2026-01-01", "2026-01-01T00:00:00Z"),
	})
	if r := same.Obligation("resolution_time/P1", "2026-02-01"); r.Winner == nil || len(r.Ambiguities) != 0 {
		t.Errorf("the same value twice is no question: %+v", r)
	}
}

func TestWithoutDatesTheFirstHoldsFromTheBeginningAndTheLaterFromItsPublication(t *testing.T) {
	t.Parallel()
	line := effective.New([]effective.Entry{
		target("Second reading", "4", "", "2026-03-20T10:00:00Z"),
		target("First reading", "8", "", "2026-03-01T10:00:00Z"),
	})
	for on, want := range map[calendar.Date]string{"2020-01-01": "First reading", "2026-03-19": "First reading", "2026-03-20": "Second reading"} {
		if r := line.Obligation("resolution_time/P1", on); r.Winner == nil || r.Winner.Source.Title != want {
			t.Errorf("on %s: %+v", on, r.Winner)
		}
	}
}

func TestTheClausesOwnDateNarrowsTheDocuments(t *testing.T) {
	t.Parallel()
	e := target("Amendment No. 1", "4", "2026-03-01", "2026-02-01T00:00:00Z")
	e.Obligation.InForce = calendar.Period{From: "2026-03-16", Until: "2026-04-01"}
	line := effective.New([]effective.Entry{target("Master agreement", "8", "2025-01-01", "2026-01-01T00:00:00Z"), e})
	for on, want := range map[calendar.Date]string{"2026-03-15": "Master agreement", "2026-03-31": "Amendment No. 1", "2026-04-01": "Master agreement"} {
		if r := line.Obligation("resolution_time/P1", on); r.Winner == nil || r.Winner.Source.Title != want {
			t.Errorf("on %s: %+v", on, r.Winner)
		}
	}
	if n := len(line.Segments("resolution_time/P1")); n != 3 {
		t.Errorf("%d segments", n)
	}
}

func TestTheOrderOfEntriesDoesNotMatter(t *testing.T) {
	t.Parallel()
	entries := []effective.Entry{
		target("A", "8", "2025-01-01", "2026-01-01T00:00:00Z"), target("B", "4", "2026-03-16", "2026-03-02T00:00:00Z"),
		target("C", "6", "2026-03-16", "2026-03-02T00:00:00Z"), target("D", "5", "", "2026-04-01T00:00:00Z"),
	}
	want := effective.New(entries).Segments("resolution_time/P1")
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		random.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
		if got := effective.New(entries).Segments("resolution_time/P1"); !reflect.DeepEqual(got, want) {
			t.Fatalf("another order, another answer:\n%+v\n%+v", got, want)
		}
	}
}

func TestAVersionBecomesEntriesAndTermsResolve(t *testing.T) {
	t.Parallel()
	v := pact.Version{
		ID: "ver_1", EffectiveFrom: "2026-01-01", PublishedAt: at("2026-01-02T00:00:00Z"),
		Terms:       []pact.Term{{Name: "zone", Value: pact.Text("UTC")}, {Name: "title", Value: pact.Text("MSA")}},
		Obligations: []pact.Obligation{{Key: "b"}, {Key: "a"}},
	}
	line := effective.New(effective.FromVersion(v, "MSA", 0))
	if r := line.Term("zone", "2026-02-01"); r.Winner == nil || r.Winner.Term.Value.Text != "UTC" {
		t.Errorf("%+v", r)
	}
	if got := line.Obligations("2026-02-01"); len(got) != 2 || got[0].Key != "a" {
		t.Errorf("%+v", got)
	}
	if got := line.Obligations("2025-02-01"); len(got) != 0 {
		t.Errorf("not in force yet: %+v", got)
	}
	if got := line.Keys(); !reflect.DeepEqual(got, []string{"a", "b"}) {
		t.Errorf("%v", got)
	}
}

func TestAnAmendmentPublishedBeforeItsUndatedMasterStillAmendsIt(t *testing.T) {
	t.Parallel()
	amendment := target("Amendment No. 1", "4", "2026-03-16", "2026-03-02T00:00:00Z")
	amendment.Source.Amends = true
	line := effective.New([]effective.Entry{amendment, target("Master agreement", "8", "", "2026-03-20T00:00:00Z")})
	for on, want := range map[calendar.Date]string{"2025-01-01": "Master agreement", "2026-03-16": "Amendment No. 1", "2026-03-25": "Amendment No. 1"} {
		if r := line.Obligation("resolution_time/P1", on); r.Winner == nil || r.Winner.Source.Title != want {
			t.Errorf("on %s: %+v", on, r.Winner)
		}
	}
}
