package backtest

import (
	"context"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Apart judges what Run judges, each occurrence at each instant from a copy of the events of its own: nothing is ordered, looked up or
// left out for several at once. It is slow, and what Run must agree with.
func Apart(ctx context.Context, in Input) ([]Result, error) {
	set, err := calendar.NewSet(in.Terms.Calendars...)
	if err != nil {
		return nil, err
	}
	r := newRun(ctx, in, set, in.known(in.AsOf), obligation.NewCompiled())
	var out []Result
	for _, p := range r.planned {
		for i, occ := range p.list {
			mine := slices.Clone(r.from(p.o.Key).events)
			if obligation.FeedOf(p.o.Kind).By == obligation.ByTicket {
				mine = r.facts(p.o, occ).events
			}
			res := Result{Obligation: p.o.Key, Kind: p.o.Kind, Key: occ.Key, Subject: occ.Subject, Period: occ.Period}
			res.Assessment = r.assess(p.o, occ, r.timeline, facts{events: mine}, r.AsOf)
			if !r.Final {
				res.Corrections = r.replayTicket(p.o, occ, mine)
			}
			res.Claim, res.DueOn = r.claim(p.o, occ, res.Assessment), obligation.LastDay(p.o, res.Assessment.DueAt)
			if !r.Final && obligation.FeedOf(p.o.Kind).By == obligation.ByPeriod {
				res.Corrections = slices.DeleteFunc(res.Corrections, func(c Revised) bool { return c.At.Before(occ.Period.Start) })
				if len(res.Corrections) == 0 {
					res.Corrections = nil
				}
				r.turned(&p, i, &res, func(until time.Time) facts {
					return facts{events: slices.DeleteFunc(slices.Clone(mine), func(e pact.Event) bool { return knownAt(&e).After(until) })}
				})
				r.afterwards(&p, i, &res, r.later(&p), func(until time.Time, with bool) facts {
					return facts{events: slices.DeleteFunc(slices.Clone(mine), func(e pact.Event) bool {
						return knownAt(&e).After(until) || !with && knownAt(&e).Equal(until)
					})}
				})
			}
			if p.withdrawn && len(res.Corrections) == 0 || toldElsewhere(res) {
				continue
			}
			out = append(out, res)
		}
	}
	return out, nil
}

// Judged counts how many occurrences a run lists, and how many of them it judges again without some events.
func Judged(ctx context.Context, in Input, gone func(external string) bool) (all, again int) {
	set, err := calendar.NewSet(in.Terms.Calendars...)
	if err != nil {
		return 0, 0
	}
	r := newRun(ctx, in, set, in.known(in.AsOf), obligation.NewCompiled())
	for i := range r.planned {
		p := &r.planned[i]
		r.judge(p)
		changed := r.changedBy(p, r, func(e *pact.Event) bool { return gone(e.ExternalID) })
		for j := range p.list {
			all++
			if changed(j) {
				again++
			}
		}
	}
	return all, again
}
