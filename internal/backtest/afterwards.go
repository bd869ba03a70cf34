package backtest

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// told is an event with what is needed to know which periods it may change after they are over.
type told struct {
	at   time.Time // when it was known
	e    *pact.Event
	days calendar.Period
	wide bool
}

// later are the events that a period obligation is judged from, in the order in which they became known.
func (r *run) later(p *planned) []told {
	from, feed := r.from(p.o.Key), obligation.FeedIn(r.timeline, p.o)
	first := map[string]calendar.Date{} // of a ticket
	var out []told
	for i := range from.events {
		e := &from.events[i]
		if !feed.Takes(*e) {
			continue
		}
		days := obligation.DatesOf(*e)
		if strings.HasPrefix(e.Kind, "ticket_") {
			if d, known := first[e.Subject]; !known || days.From < d {
				first[e.Subject] = days.From
			}
		}
		out = append(out, told{at: knownAt(e), e: e, days: days, wide: slices.Contains(feed.Wide, e.Kind)})
	}
	for i := range out {
		if d, ticket := first[out[i].e.Subject]; ticket && strings.HasPrefix(out[i].e.Kind, "ticket_") {
			out[i].days.From = d // what is told of it later changes where it counts
		}
	}
	slices.SortFunc(out, func(a, b told) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(idOf(a.e), idOf(b.e))) })
	return out
}

// firstLooks bounds the instants at which the first decision on a period is looked for, and mostFlips those that are told of one period.
const (
	firstLooks = 8
	mostFlips  = 20
)

// afterwards tells what happened after a period, in its own time, and made what had been decided of it another: a ticket that was opened
// again, a charge that fills a run of months under a cap. What came late is told by replay. The period is judged when it ended and as it
// stands; only where the corrections do not lead from one to the other is it looked for.
func (r *run) afterwards(p *planned, i int, res *Result, list []told, known func(until time.Time, with bool) facts) {
	occ := p.list[i]
	end := occ.Period.End
	if end.IsZero() || !end.Before(r.AsOf) {
		return
	}
	reads := p.reads()[i]
	var instants []time.Time
	learned := map[time.Time][]pact.EventID{}
	for _, t := range list[sort.Search(len(list), func(n int) bool { return list[n].at.After(end) }):] {
		if t.wide || reads.Overlaps(t.days) || t.e.Data.Month == occ.Key || obligation.Concerns(*t.e, occ.Key) {
			if n := len(instants); n == 0 || !instants[n-1].Equal(t.at) {
				instants = append(instants, t.at)
			}
			learned[t.at] = append(learned[t.at], t.e.ID)
		}
	}
	if len(instants) == 0 {
		return
	}
	judged := func(at time.Time) pact.Assessment { return r.assess(p.o, occ, r.known(at), known(at, true), at) }
	was, next := judged(end), 0
	for ; !final(was) && next < min(firstLooks, len(instants)); next++ {
		was = judged(instants[next])
	}
	for range mostFlips {
		if r.ctx.Err() != nil || !final(was) || next >= len(instants) || !moved(was, res.Assessment, end) {
			break
		}
		n := next + sort.Search(len(instants)-next, func(n int) bool { return moved(was, judged(instants[next+n]), end) })
		if n == len(instants) {
			break // time alone changed it
		}
		at := instants[n]
		before, is := r.assess(p.o, occ, r.known(at.Add(-1)), known(at, false), at), judged(at)
		told := slices.ContainsFunc(res.Corrections, func(c Revised) bool { return c.At.Equal(at) })
		if final(before) && moved(before, is, end) && !told {
			ids := learned[at]
			slices.Sort(ids)
			res.Corrections = append(res.Corrections, Revised{
				At: at.UTC(), Before: verdict(before), After: verdict(is), Delta: Delta(before.Amount, is.Amount), Events: ids,
				Reason: "what happened after the period changed what had been decided of it",
			})
		}
		was, next = is, n+1
	}
	slices.SortStableFunc(res.Corrections, func(a, b Revised) int { return a.At.Compare(b.At) })
}

// moved tells whether a decision on a period that ended is another now. A sum that a dated line of its own tells, such as what is earned
// back or taken back by a return, is none; nor is one that waits.
func moved(was, is pact.Assessment, end time.Time) bool {
	if was.Status != is.Status {
		return true
	}
	if is.AmountState != "" || slices.ContainsFunc(is.Amounts, func(l pact.AmountLine) bool {
		return l.On != "" && !l.On.Time().Before(end) && !slices.Contains(was.Amounts, l)
	}) {
		return false
	}
	return !same(was, is)
}
