package obligation

import (
	"cmp"
	"slices"

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
// in force: what a judgement carries over from other days than its own is judged by those of these days, and no
// amendment rewrites what was before it. There is at least one version.
type versions[P any] []version[P]

// versionsOf reads the versions of an obligation from the timeline. Without one the clause stands alone: governing are its parameters.
func versionsOf[P checked](in Input, governing P) versions[P] {
	segments := governed(in.Timeline, in.Obligation)
	if len(segments) == 0 {
		return versions[P]{{days: in.Obligation.InForce, terms: governing}}
	}
	out := make(versions[P], 0, len(segments))
	for _, s := range segments {
		v := version[P]{days: s.Period, terms: governing, unclear: s.Resolution.Ambiguities}
		if w := s.Resolution.Winner; w != nil {
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
	return out
}

// open stops a judgement that needs the version, where something is open in it.
func (v version[P]) open(s *sheet) (stop bool, err error) {
	if len(v.unclear) > 0 {
		s.a.Ambiguities = v.unclear
	}
	return len(v.unclear) > 0 || v.err != nil, v.err
}

// lastDay is today, or when all versions have ended before it the last day on which one held: what was until then is judged by it.
func (l versions[P]) lastDay(today calendar.Date) calendar.Date {
	if until := l[len(l)-1].days.Until; until != "" && today >= until {
		return until.AddDays(-1)
	}
	return today
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

// covered are the days of a period on which any version holds. An amendment within the period does not end the period of the version
// before it; one that changes the periods themselves does.
func (l versions[P]) covered(c cycle, one calendar.Period) calendar.Period {
	var held calendar.Period
	found := false
	for _, v := range l {
		switch {
		case !v.days.Overlaps(one) || l.several() && v.cycle().same() != c.same():
		case !found:
			held, found = v.days, true
		default:
			held.Until = v.days.Until
		}
	}
	return subscribed(one, held)
}

// cycle is that of the periods of a version; the zero one where it has none.
func (v version[P]) cycle() cycle {
	if p, ok := any(v.terms).(interface{ cycle() cycle }); ok {
		return p.cycle()
	}
	return cycle{}
}

// several tells whether versions differ in their periods.
func (l versions[P]) several() bool {
	if slices.ContainsFunc(l, func(v version[P]) bool { return v.cycle().unit == "term" || v.cycle().unit == "rolling_year" }) {
		return false
	}
	return slices.ContainsFunc(l, func(v version[P]) bool { return v.cycle().same() != l[0].cycle().same() })
}

// cycled are parameters that count over the periods of a cycle.
type cycled interface {
	checked
	cycle() cycle
}

// ran is a period of the life of a clause with the version that governs it, and the days of it on which the clause holds.
type ran[P any] struct {
	period, covered calendar.Period
	version         version[P]
}

// before lists the periods that are over by a day, in their order, each under the version in force on the first day on which the clause
// holds in it. A clause without a beginning begins on the day since; "" is never.
func before[P cycled](l versions[P], day, since calendar.Date) []ran[P] {
	var out []ran[P]
	for _, v := range l {
		days, c := v.days, v.terms.cycle()
		days.From = cmp.Or(days.From, since)
		if days.Until == "" || days.Until > day {
			days.Until = day
		}
		if c.unit == "term" {
			continue
		}
		for _, one := range c.within(days, calendar.Period{}) {
			covered := l.covered(c, one)
			if one.From < day && (one.Until <= day || l.several() && covered.Until <= day || c.unit == "rolling_year") && v.days.Contains(max(one.From, covered.From)) {
				out = append(out, ran[P]{one, covered, v})
			}
		}
	}
	return out
}
