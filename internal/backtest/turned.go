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
// been told to lie above the one before. Of all that judges periods only ceilings go by the terms of the day. Known gives what was known until an
// instant.
func (r *run) turned(p *planned, place int, res *Result, known func(until time.Time) facts) {
	occ := p.list[place]
	if p.o.Kind != (obligation.SpendCeiling{}).Name() {
		return
	}
	for _, day := range r.timeline.Turns(p.o.Key) {
		at := day.In(zoneOf(p.o)).UTC()
		if at.After(r.AsOf) || r.ctx.Err() != nil {
			return
		}
		if !at.After(occ.Period.Start) || !occ.Period.End.IsZero() && !at.Before(occ.Period.End) {
			continue
		}
		was := r.assess(p.o, occ, r.known(at.Add(-1)), known(at), at.Add(-1))
		is := r.assess(p.o, occ, r.known(at), known(at), at)
		told := slices.ContainsFunc(res.Corrections, func(c Revised) bool { return c.At.Equal(at) })
		if !decided(was) || told || is.AmountState != "" {
			continue // what waits for a decision changed nothing yet
		}
		if c, changed := revised(at, was, is, nil); changed {
			c.Reason = "the terms that hold from then on changed it"
			res.Corrections = append(res.Corrections, c)
			slices.SortStableFunc(res.Corrections, func(a, b Revised) int { return a.At.Compare(b.At) })
		}
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
