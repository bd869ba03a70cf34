package obligation

import (
	"cmp"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// version is a run of days of the life of an obligation with the parameters that are in force on them.
type version[P any] struct {
	days  calendar.Period
	terms P
	by    string // the document that governs, for the trace; "" where there is but one
	// What is open in it: a question between documents, or parameters that can not be used or leave something undecided. Then terms are
	// those that govern the judgement.
	unclear []pact.Ambiguity
	err     error
}

// versions are the life of an obligation, in the order of their days. Terms bind the part of the contract's life in which they are
// in force (domain.md 4.5, 4.9): what a judgement carries over from other days than its own is judged by those of these days, and no
// amendment rewrites what was before it. There is at least one version.
type versions[P any] []version[P]

// versionsOf reads the versions of an obligation from the timeline. Without one the clause stands alone: governing are its parameters.
func versionsOf[P checked](in Input, governing P) versions[P] {
	segments := in.Timeline.Segments(in.Obligation.Key)
	if len(segments) == 0 {
		return versions[P]{{days: in.Obligation.InForce, terms: governing}}
	}
	out := make(versions[P], 0, len(segments))
	for _, s := range segments {
		v := version[P]{days: s.Period, terms: governing, unclear: s.Resolution.Ambiguities}
		if w := s.Resolution.Winner; w != nil {
			if w.Obligation.Kind != in.Obligation.Kind {
				continue // it was something else then
			}
			var own P
			if v.err = decode(w.Obligation.Params, &own); v.err == nil {
				v.err = stopped(own.check())
			}
			if v.err == nil {
				v.terms = own
			}
			if len(segments) > 1 {
				v.by = cmp.Or(w.Source.Title, string(w.Source.VersionID), "the contract")
			}
		}
		out = append(out, v)
	}
	if len(out) == 0 {
		return versions[P]{{days: in.Obligation.InForce, terms: governing}}
	}
	return out
}

// on is the version in force on a day. Where none holds, holds is false, and it is the last one before the day, or the first of all.
func (l versions[P]) on(day calendar.Date) (v version[P], holds bool) {
	v = l[0]
	for _, one := range l {
		if one.days.Contains(day) {
			return one, true
		}
		if one.days.From <= day {
			v = one
		}
	}
	return v, false
}
