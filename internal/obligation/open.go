package obligation

import (
	"cmp"
	"slices"

	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// Opened is an occurrence with the version of the obligation under which it was opened.
type Opened struct {
	Obligation pact.Obligation
	Occurrence pact.Occurrence
}

// Open lists what events open under all versions of all obligations of a family: one occurrence per key and ticket, by
// the version in force on the day the ticket was opened. Amendments so change a clock and do not make a second one.
func Open(t effective.Timeline, events []pact.Event) []Opened {
	var out []Opened
	for _, key := range t.Keys() {
		for _, s := range t.Segments(key) {
			if s.Resolution.Winner == nil {
				continue // undecided between documents: the ambiguity is shown with the obligation
			}
			o := *s.Resolution.Winner.Obligation
			kind, err := KindOf(o.Kind)
			if err != nil {
				continue
			}
			opener, ok := kind.(Opener)
			if !ok {
				continue
			}
			within := o
			within.InForce = s.Period
			for _, occ := range opener.Opened(within, events) {
				out = append(out, Opened{Obligation: o, Occurrence: occ})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Opened) int {
		return cmp.Or(cmp.Compare(a.Obligation.Key, b.Obligation.Key), cmp.Compare(a.Occurrence.Key, b.Occurrence.Key))
	})
	return out
}
