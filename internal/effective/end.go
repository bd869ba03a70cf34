package effective

import (
	"fmt"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// End is the end of a contract: its last day, and what ends it, in words.
type End struct {
	Last calendar.Date
	By   string // "notice sent on Mon 2026-04-20"
	// EventIDs are the notices that bring it.
	EventIDs []pact.EventID
}

// after is the first day after the end.
func (e End) after() calendar.Date { return e.Last.AddDays(1) }

// Says tells on a day when the contract ends or ended, and by what: "the contract ended on 2026-06-30, by notice sent on Mon 2026-04-20".
func (e End) Says(on calendar.Date) string {
	word := "ends"
	if on > e.Last {
		word = "ended"
	}
	return fmt.Sprintf("the contract %s on %s, by %s", word, e.Last, e.By)
}

// OpenEnd is an end of a contract that hangs on a question that nobody decided yet.
type OpenEnd struct {
	// Asked is the question, with whose it is.
	Asked    string
	Readings []EndReading
}

// EndReading is the end under one reading of the question; nil where the contract goes on under it.
type EndReading struct {
	Reading string
	End     *End
}

// First is the earliest day on which the contract may have ended.
func (o OpenEnd) First() (last calendar.Date) {
	for _, r := range o.Readings {
		if r.End != nil && (last == "" || r.End.Last < last) {
			last = r.End.Last
		}
	}
	return last
}

// EndOpen gives a timeline of which it is known that its end is open: nothing is suppressed, and what is judged of the days after it may ask.
func (t Timeline) EndOpen(open *OpenEnd) Timeline {
	t.open = open
	return t
}

// OpenEnd is the question on which the end of the contract hangs; nil where it hangs on none.
func (t Timeline) OpenEnd() *OpenEnd { return t.open }

// Ending gives a timeline in which the obligations of a contract hold until its end, in the same way as one that states its own last day
// (what falls due after expiry is suppressed); nil is no end, also where another was given before. Those that go on after it
// are left as they are.
func (t Timeline) Ending(end *End, goesOn func(Entry) bool) Timeline {
	t.open, t.end = nil, end
	if end == nil && !t.ending() {
		return t
	}
	out := t
	out.byName = make(map[string][]Entry, len(t.byName))
	for name, entries := range t.byName {
		entries = slices.Clone(entries)
		for i, e := range entries {
			entries[i].end = nil
			if e.Obligation != nil && end != nil && !goesOn(e) {
				entries[i].end = end
			}
		}
		out.byName[name] = entries
	}
	return out
}

// Ends is the end of the contract that Ending gave; nil where there is none.
func (t Timeline) Ends() *End { return t.end }

func (t Timeline) ending() bool {
	for _, entries := range t.byName {
		if slices.ContainsFunc(entries, func(e Entry) bool { return e.end != nil }) {
			return true
		}
	}
	return false
}

// End is the end of the contract, where it is what ends an obligation; nil where it does not.
func (t Timeline) End(key string) *End {
	for _, e := range t.byName["obligation "+key] {
		if e.end != nil && e.until() == e.end.after() {
			return e.end
		}
	}
	return nil
}

// endsWith tells whether the entry is over on a day because its contract is.
func (e Entry) endsWith(on calendar.Date) bool {
	return e.end != nil && on >= e.end.after() && e.until() == e.end.after()
}
