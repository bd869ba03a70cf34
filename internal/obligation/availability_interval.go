package obligation

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// reading is a sample, in the intervals of the clock it is of: whole minutes (threshold_minute) or intervals (mean_error_rate) since the
// period began, whatever the second it was taken at.
type reading struct {
	from, until int64    // half-open
	rate        *big.Rat // percent
	weight      *big.Rat // requests in one interval; nil where only a rate was reported
	id          pact.EventID
}

// ratedRun is a run of intervals of one error rate.
type ratedRun struct {
	from, until int64
	rate        *big.Rat
	ids         []pact.EventID // some of the samples
}

// grid is the length of the intervals of the clock into which samples fall.
func (p AvailabilityParams) grid() time.Duration {
	if p.Definition == "threshold_minute" {
		return time.Minute
	}
	return p.interval()
}

// clock is the time of a sample in intervals of the clock: from that in which it was taken, so many as its length begins. A sample of a
// score stands for itself.
func (m *month) clock(p AvailabilityParams, e pact.Event) calendar.Span {
	start, length := e.OccurredAt.UTC(), p.interval()
	if end := e.Data.EndAt.UTC(); end.After(start) {
		length = end.Sub(start)
	}
	if p.Definition == "score" {
		return calendar.Span{Start: start, End: start.Add(length)}
	}
	grid := p.grid()
	first := time.Duration(floorDiv(int64(start.Sub(m.covered.Start)), int64(grid))) * grid
	count := time.Duration(-floorDiv(-int64(length), int64(grid)))
	return calendar.Span{Start: m.covered.Start.Add(first), End: m.covered.Start.Add(first + count*grid)}
}

// reads is a sample with its error rate, as far as it lies in the period; weight are the requests it stands for, in all of its time.
func (m *month) reads(p AvailabilityParams, e pact.Event, of calendar.Span, rate, weight *big.Rat) reading {
	grid := p.grid()
	r := reading{from: int64(of.Start.Sub(m.covered.Start) / grid), until: int64(of.End.Sub(m.covered.Start) / grid), rate: rate, weight: weight, id: idOf(e)}
	if n := r.until - r.from; n > 1 && weight != nil {
		r.weight = quo(weight, big.NewRat(n, 1))
	}
	r.from, r.until = max(r.from, 0), min(r.until, -floorDiv(-int64(m.covered.Length()), int64(grid)))
	return r
}

// span is a run of intervals in time, as far as it lies in the period.
func (m *month) span(p AvailabilityParams, s ratedRun) calendar.Span {
	at := func(n int64) time.Time { return earlier(m.covered.Start.Add(time.Duration(n)*p.grid()), m.covered.End) }
	return calendar.Span{Start: at(s.from), End: at(s.until)}
}

// together puts the samples of each interval together: all that failed of all requests. Where one of them is only a rate, nobody knows
// how many requests it stands for, and the rate is the mean of those that had any.
func together(list []reading) []ratedRun {
	type edge struct {
		at int64
		i  int
	}
	edges := make([]edge, 0, 2*len(list))
	for i, r := range list {
		edges = append(edges, edge{r.from, i}, edge{r.until, i})
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.i, b.i)) })
	var out []ratedRun
	failed, requests, rates := new(big.Rat), new(big.Rat), new(big.Rat)
	var bare, busy int64
	var now []int // the samples of the interval
	for k, e := range edges {
		r := list[e.i]
		sign, entered := int64(1), e.at == r.from
		if !entered {
			sign = -1
		}
		times := big.NewRat(sign, 1)
		switch {
		case r.weight == nil:
			bare, busy, rates = bare+sign, busy+sign, plus(rates, mul(times, r.rate))
		case r.weight.Sign() > 0:
			failed, requests = plus(failed, mul(times, mul(r.rate, r.weight))), plus(requests, mul(times, r.weight))
			busy, rates = busy+sign, plus(rates, mul(times, r.rate))
		}
		if entered {
			now = append(now, e.i)
		} else if at := slices.Index(now, e.i); at >= 0 {
			now = slices.Delete(now, at, at+1)
		}
		if len(now) == 0 || k+1 == len(edges) || edges[k+1].at == e.at {
			continue
		}
		s := ratedRun{from: e.at, until: edges[k+1].at, rate: new(big.Rat)}
		switch {
		case bare > 0:
			s.rate = quo(rates, big.NewRat(busy, 1))
		case requests.Sign() > 0:
			s.rate = quo(failed, requests)
		}
		for _, i := range now[:min(len(now), shownSamples)] {
			s.ids = append(s.ids, list[i].id)
		}
		out = append(out, s)
	}
	return out
}

// someOf adds events to those that a trace names, each once, up to shownSamples.
func someOf(list, more []pact.EventID) []pact.EventID {
	for _, id := range more {
		if len(list) < shownSamples && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}
