package backtest

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// turned tells what the day on which other terms begin changed of what was decided before it: a ceiling that is raised may cover what had
// been told to lie above the one before. Of all that judges periods only ceilings go by the terms of the day.
func (r *run) turned(p *planned, places []int, results []Result) {
	if p.o.Kind != (obligation.SpendCeiling{}).Name() {
		return
	}
	log := r.from(p.o.Key).log()
	for _, day := range r.timeline.Turns(p.o.Key) {
		at := day.In(zoneOf(p.o)).UTC()
		if at.After(r.AsOf) {
			return
		}
		known := facts{log: log.Known(func(e *pact.Event) bool { return !knownAt(e).After(at) })}
		said, says := r.known(at.Add(-1)), r.known(at)
		r.each(len(places), func(n int) {
			occ, res := p.list[places[n]], &results[places[n]]
			if !at.After(occ.Period.Start) || !occ.Period.End.IsZero() && !at.Before(occ.Period.End) {
				return
			}
			was := r.assess(p.o, occ, said, known, at.Add(-1))
			is := r.assess(p.o, occ, says, known, at)
			told := slices.ContainsFunc(res.Corrections, func(c Revised) bool { return c.At.Equal(at) })
			if !decided(was) || told || is.AmountState != "" {
				return // what waits for a decision changed nothing yet
			}
			if c, changed := revised(at, was, is, nil); changed {
				c.Reason = "the terms that hold from then on changed it"
				res.Corrections = append(res.Corrections, c)
				slices.SortStableFunc(res.Corrections, func(a, b Revised) int { return a.At.Compare(b.At) })
			}
		})
	}
}

// zoneOf is the zone in which the days of an obligation begin.
func zoneOf(o pact.Obligation) *time.Location {
	var p struct {
		Zone string `json:"zone"`
	}
	if json.Unmarshal(o.Params, &p) == nil {
		if z, err := calendar.LoadZone(p.Zone); err == nil {
			return z
		}
	}
	return time.UTC
}
