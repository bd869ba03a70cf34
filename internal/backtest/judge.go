package backtest

import (
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// facts are what one judgement rests on: the events of a ticket, or a log that all occurrences share.
type facts struct {
	events []pact.Event
	log    *obligation.Log
}

// judge judges occurrences, several at a time: each is a pure function of the log. They stand in the report in their order.
func (r *run) judge(p *planned) {
	all := make([]int, len(p.list))
	for i := range all {
		all[i] = i
	}
	p.results = r.judged(p, all)
	o, results := p.o, p.results
	if p.withdrawn { // and nothing is asked of it
		for i := range results {
			if len(results[i].Corrections) > 0 {
				r.report.Occurrences = append(r.report.Occurrences, results[i])
			}
		}
		return
	}
	if slices.ContainsFunc(results, toldElsewhere) {
		results = slices.DeleteFunc(slices.Clone(results), toldElsewhere)
	}
	asked := map[string]bool{} // of the clause itself: the same question stands in each judgement that it stops
	for _, q := range r.report.Questions {
		asked[q.Ambiguity.Question] = asked[q.Ambiguity.Question] || q.Obligation == o.Key && q.Occurrence == ""
	}
	for i := range results {
		res := &results[i]
		for _, q := range res.Assessment.Ambiguities {
			weighed := slices.ContainsFunc(q.Outcomes, func(o pact.Outcome) bool { return o.Amount != nil || o.Result != "" })
			if asked[q.Question] && !weighed { // what each reading comes to is of the occurrence
				continue
			}
			r.report.Questions = append(r.report.Questions, Question{Obligation: o.Key, Occurrence: res.Key, Ambiguity: q})
		}
	}
	if len(r.report.Occurrences) == 0 {
		r.report.Occurrences = results
		return
	}
	r.report.Occurrences = append(r.report.Occurrences, results...)
}

// judged judges some of what is planned, by their places. The others have no result.
func (r *run) judged(p *planned, places []int) []Result {
	results := make([]Result, len(p.list))
	r.each(len(places), func(n int) { results[places[n]] = r.judgeOne(p.o, p.list[places[n]]) })
	if !r.Final && obligation.FeedOf(p.o.Kind).By != obligation.ByTicket {
		r.replay(p, places, results)
		if obligation.FeedOf(p.o.Kind).By == obligation.ByPeriod {
			list, log := r.later(p), r.from(p.o.Key).log()
			r.each(len(places), func(n int) {
				r.turned(p, places[n], &results[places[n]], func(until time.Time) facts {
					return facts{log: log.Known(func(e *pact.Event) bool { return !knownAt(e).After(until) })}
				})
				r.afterwards(p, places[n], &results[places[n]], list, func(until time.Time, with bool) facts {
					return facts{log: log.Known(func(e *pact.Event) bool { return knownAt(e).Before(until) || with && knownAt(e).Equal(until) })}
				})
			})
		}
	}
	return results
}

// each does something for every number below n, several at a time, until the context ends.
func (r *run) each(n int, do func(i int)) {
	var hands sync.WaitGroup
	size := max(1, (n+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	for from := 0; from < n; from += size {
		hands.Go(func() {
			for i := from; i < min(from+size, n) && r.ctx.Err() == nil; i++ {
				do(i)
			}
		})
	}
	hands.Wait()
}

func (r *run) judgeOne(o pact.Obligation, occ pact.Occurrence) Result {
	known := r.facts(o, occ)
	a := r.assess(o, occ, r.timeline, known, r.AsOf)
	res := Result{Obligation: o.Key, Kind: o.Kind, Key: occ.Key, Subject: occ.Subject, Period: occ.Period, Assessment: a, DueOn: obligation.LastDay(o, a.DueAt)}
	if !r.Final && obligation.FeedOf(o.Kind).By == obligation.ByTicket {
		res.Corrections = r.replayTicket(o, occ, known.events)
	}
	res.Claim = r.claim(o, occ, a)
	return res
}

// facts narrows what is known to one ticket where the kind follows tickets; everything else needs all of it.
func (r *run) facts(o pact.Obligation, occ pact.Occurrence) facts {
	from := r.from(o.Key)
	if obligation.FeedOf(o.Kind).By != obligation.ByTicket {
		return facts{log: from.log()}
	}
	by := from.bySubject()
	mine := obligation.OfTicketIn(by, occ.Key)
	if wide := by[""]; len(wide) > 0 {
		return facts{events: slices.Concat(mine, wide)}
	}
	return facts{events: mine}
}

// assess turns parameters that can not be used into a question, as monitor does.
func (r *run) assess(o pact.Obligation, occ pact.Occurrence, line effective.Timeline, known facts, at time.Time) pact.Assessment {
	a, err := obligation.Assess(obligation.Input{Obligation: o, Timeline: line, Occurrence: occ, Events: known.events, Log: known.log, Calendars: r.set, Charges: r.Terms.Charges, At: at, Compiled: r.compiled})
	if err == nil {
		return a
	}
	code, message := "invalid", err.Error()
	if f := fault.Of(err); f != nil {
		code, message = string(f.Kind), f.Message
	}
	return pact.Assessment{Status: pact.Pending, At: at.UTC(), Ambiguities: []pact.Ambiguity{{Code: code, Question: message}}}
}

// toldElsewhere tells whether an occurrence says nothing but that another clause judges the matter: it is told there.
func toldElsewhere(r Result) bool {
	return obligation.OfAnother(r.Assessment) && len(r.Corrections) == 0
}
