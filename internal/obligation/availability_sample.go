package obligation

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// sampled is a period measured by samples and not by minutes.
type sampled struct {
	ends      []time.Time // of the intervals, in order; of scores when they were taken
	values    []*big.Rat  // error rate in percent, or score
	weights   []*big.Rat  // score: how many requests a sample stands for
	intervals int64       // mean_error_rate: of the whole period
	score     bool
	ids       []pact.EventID
}

// checkDefinition asks for what a definition of availability needs.
func (p AvailabilityParams) checkDefinition(q *questions) {
	q.oneOf("definition", p.Definition, "", "minutes", "threshold_minute", "mean_error_rate", "score")
	q.decimals("error_threshold", 0, 100, p.ErrorThreshold)
	if p.Definition == "threshold_minute" && p.ErrorThreshold == nil {
		q.ask("error_threshold", "Above which error rate is a minute down?")
	}
	if p.SampleMinutes < 0 || p.SampleMinutes > 1440 {
		q.ask("sample_minutes", "An interval of %d minutes is out of range.", p.SampleMinutes)
	}
	if p.FastMS < 0 || p.SlowMS < p.FastMS || (p.FastMS > 0) != (p.SlowMS > 0) {
		q.ask("fast_ms", "Up to which latency is a request fast, and up to which slow?")
	}
}

func (p AvailabilityParams) interval() time.Duration {
	switch {
	case p.SampleMinutes > 0:
		return time.Duration(p.SampleMinutes) * time.Minute
	case p.Definition == "mean_error_rate":
		return 5 * time.Minute
	}
	return time.Minute
}

// shownSamples bounds the events a trace names.
const shownSamples = 50

// sampledAt is a sample of the period. One of maintenance counts as far as the allowance does not leave it out.
type sampledAt struct {
	e           pact.Event
	of          calendar.Span
	maintenance bool
}

// sample reads the samples of a period by the definition of the clause. What was reported as maintenance uses up the allowance, whether an
// outage says so or a sample.
func (m *month) sample(in Input, counts *view, p AvailabilityParams, tr tracer) {
	var down []calendar.Span
	excluded := m.waived(in, tr)
	var downIDs, upIDs []pact.EventID // of the minutes that were down, and of those with some errors
	var work maintenance
	if h, ok := p.maintenanceHours(); ok && p.MaintenanceHoursAny {
		if c, err := in.Calendars.Get(h); err == nil {
			windows := c.OpenSpans(m.covered.Start, m.covered.End, maxMaintenanceWindows)
			excluded = append(excluded, windows...)
			tr.excluding("maintenance").add("readings within the maintenance hours do not count", p.hoursText(), fmt.Sprintf("%d %s", len(windows), plural(len(windows) == 1, "window")))
		}
	}
	var samples []sampledAt
	s := &sampled{score: p.Definition == "score", intervals: int64(m.covered.Length() / p.interval())}
	n, skipped := 0, 0
	var unread []pact.EventID // the first of those without a usable value
	for event := range counts.each("sample", "outage") {
		e := *event
		if !sameService(e, p.Service) {
			continue
		}
		if e.Kind == "outage" { // only to take excluded time out
			span := calendar.Span{Start: e.OccurredAt, End: e.Data.EndAt.UTC()}
			if e.Data.EndAt.IsZero() {
				span.End = time.Time{}
			}
			whole, touches := span.Clip(m.covered)
			if !touches {
				continue
			}
			m.told = true
			for _, rest := range m.part(in, p, e, whole, &work, tr) {
				why, out := p.leftOut(in, e, rest, m.zone)
				switch {
				case out && sameWord("maintenance", e.Data.Excluded):
					work.add(idOf(e), rest)
				case out:
					excluded = append(excluded, rest)
				}
				if why != "" {
					tr.excluding(e.Data.Excluded).add("exclusion", "from "+local(rest.Start, m.zone), why, idOf(e))
				}
			}
			continue
		}
		one := sampledAt{e: e, of: m.clock(p, e)}
		if _, touches := one.of.Clip(m.covered); !touches {
			continue
		}
		m.told = true
		switch out := p.leftOutOf(in, e, one.of, m.zone); {
		case p.MaintenanceAllowance != nil && sameWord("maintenance", e.Data.Excluded): // how much of it is left out tells the allowance
			work.add(idOf(e), calendar.ClipAll(out, m.covered)...)
			one.maintenance = true
		case len(out) > 0:
			excluded = append(excluded, out...)
			if out[0].Start.Equal(one.of.Start) && out[0].End.Equal(one.of.End) {
				skipped++
				continue
			}
		}
		if !s.score || m.covered.Contains(e.OccurredAt) {
			samples = append(samples, one)
		}
	}
	left, _ := m.allow(p, work, tr)
	excluded = append(excluded, left...)
	allowed, out := calendar.Union(left), calendar.Union(excluded)
	var readings []reading
	for _, one := range samples {
		if one.maintenance && len(calendar.Subtract(calendar.ClipAll([]calendar.Span{one.of}, m.covered), allowed)) == 0 {
			skipped++
			continue
		}
		value, weight, ok := p.valueOf(one.e)
		taken := func(x calendar.Span) bool { return x.Contains(one.e.OccurredAt) }
		if !ok || s.score && slices.ContainsFunc(out, taken) {
			skipped++
			if !ok {
				unread = someOf(unread, idsOfEvents(one.e))
			}
			continue
		}
		n++
		if !s.score {
			readings = append(readings, m.reads(p, one.e, one.of, value, weight))
			continue
		}
		// It is of the instant at which it was taken, however long it is said to be.
		s.ends, s.values, s.weights = append(s.ends, one.e.OccurredAt.UTC()), append(s.values, value), append(s.weights, weight)
		if len(s.ids) < shownSamples {
			s.ids = append(s.ids, idOf(one.e))
		}
	}
	minutes := int64(0)
	for _, one := range together(readings) {
		if p.Definition == "threshold_minute" {
			if over := one.rate.Cmp(p.ErrorThreshold.Rat()); over > 0 || over == 0 && p.ErrorInclusive {
				down, minutes = append(down, m.span(p, one)), minutes+one.until-one.from
				downIDs = someOf(downIDs, one.ids)
				for _, id := range one.ids {
					m.runs = append(m.runs, runPart{m.span(p, one), id})
				}
			} else if over < 0 && one.rate.Sign() > 0 {
				upIDs = someOf(upIDs, one.ids)
			}
			continue
		}
		for i := one.from; i < min(one.until, s.intervals); i++ {
			s.ends, s.values, s.weights = append(s.ends, m.span(p, ratedRun{from: i, until: i + 1}).End), append(s.values, one.rate), append(s.weights, big.NewRat(1, 1))
		}
		if one.rate.Sign() > 0 {
			s.ids = someOf(s.ids, one.ids)
		}
	}
	if p.Definition == "threshold_minute" {
		sign := ">"
		if p.ErrorInclusive {
			sign = ">="
		}
		m.down = calendar.Subtract(down, excluded)
		m.ids = append(m.ids, downIDs...)
		tr.add("a minute is down by its error rate", fmt.Sprintf("%d %s, error rate %s %s %%; a minute without requests is up", n, plural(n == 1, "sample"), sign, p.ErrorThreshold), fmt.Sprintf("%d min above", minutes), someOf(downIDs, upIDs)...)
		return
	}
	if len(out) > 0 && !s.score { // intervals within excluded time do not count
		keep := &sampled{intervals: s.intervals, ids: s.ids}
		for i, end := range s.ends {
			if slices.ContainsFunc(out, func(x calendar.Span) bool { return x.Contains(end.Add(-1)) }) {
				skipped++
				continue
			}
			keep.ends, keep.values, keep.weights = append(keep.ends, end), append(keep.values, s.values[i]), append(keep.weights, s.weights[i])
		}
		s = keep
	}
	if skipped > 0 {
		tr.add("samples that do not count", "excluded with an approver, or without a usable value", fmt.Sprintf("%d left out", skipped), unread...)
	}
	for _, one := range samples { // a mean is made of the good ones, too
		s.ids = someOf(s.ids, idsOfEvents(one.e))
	}
	m.sampled = s
	m.ids = append(m.ids, s.ids...)
}

// valueOf is the error rate in percent of a sample, or its score, with how many requests it stands for; nil where nobody knows.
func (p AvailabilityParams) valueOf(e pact.Event) (value, weight *big.Rat, ok bool) {
	d := e.Data
	usable := func(x *decimal.Decimal) bool { return x != nil && money.Sane(*x) && !x.IsNegative() }
	weight = big.NewRat(1, 1)
	if p.Definition == "score" {
		if usable(d.Total) && d.Total.IsPositive() {
			weight = d.Total.Rat()
		}
		switch {
		case p.FastMS > 0 && sameWord("error", d.State):
			return new(big.Rat), weight, true
		case !usable(d.Value):
			return nil, nil, false
		case p.FastMS == 0:
			return d.Value.Rat(), weight, d.Value.LessThanOrEqual(decimal.NewFromInt(1))
		case d.Value.LessThanOrEqual(decimal.NewFromInt(int64(p.FastMS))):
			return big.NewRat(1, 1), weight, true
		case d.Value.LessThanOrEqual(decimal.NewFromInt(int64(p.SlowMS))):
			return big.NewRat(1, 2), weight, true
		}
		return new(big.Rat), weight, true
	}
	switch {
	case usable(d.Total) && d.Total.IsZero():
		return new(big.Rat), new(big.Rat), true // without requests it is up
	case usable(d.Total) && usable(d.Failed) && d.Failed.LessThanOrEqual(*d.Total):
		return mul(quo(d.Failed.Rat(), d.Total.Rat()), big.NewRat(100, 1)), d.Total.Rat(), true
	case usable(d.Value) && d.Total == nil:
		return d.Value.Rat(), nil, d.Value.LessThanOrEqual(decimal.NewFromInt(100))
	}
	return nil, nil, false
}

// until is how many samples are over at an instant.
func (s *sampled) until(t time.Time) int {
	return sort.Search(len(s.ends), func(i int) bool { return s.ends[i].After(t) })
}

// nothing tells whether there is no score until an instant, since no sample was taken.
func (s *sampled) nothing(t time.Time) bool { return s != nil && s.score && s.until(t) == 0 }

// ratio is the availability in percent with the samples until an instant. A mean of error rates counts intervals nobody
// reported as free of errors; a score knows only what was reported.
func (s *sampled) ratio(t time.Time) *big.Rat {
	n := s.until(t)
	hundred := big.NewRat(100, 1)
	if s.score {
		parts := make([]*big.Rat, n)
		for i := range n {
			parts[i] = mul(s.values[i], s.weights[i])
		}
		total := sumOf(s.weights[:n])
		if total.Sign() == 0 {
			return hundred
		}
		return mul(quo(sumOf(parts), total), hundred)
	}
	if s.intervals == 0 {
		return hundred
	}
	return minus(hundred, quo(sumOf(s.values[:n]), big.NewRat(s.intervals, 1)))
}

// sumOf adds pairwise: thousands of fractions with their own denominators would otherwise make ever larger numbers early.
func sumOf(list []*big.Rat) *big.Rat {
	switch len(list) {
	case 0:
		return new(big.Rat)
	case 1:
		return list[0]
	}
	half := len(list) / 2
	return plus(sumOf(list[:half]), sumOf(list[half:]))
}

func (s *sampled) words(t time.Time) string {
	n := s.until(t)
	if s.score {
		return fmt.Sprintf("sum of the scores of %s by their number", counts(n, "sample"))
	}
	return fmt.Sprintf("100 %% less the mean of the error rates of %d %s, %d of them reported", s.intervals, plural(s.intervals == 1, "interval"), n)
}

// earliest is the end of the first sample with which a condition holds that, once true, stays true.
func (s *sampled) earliest(until time.Time, holds func(time.Time) bool) (time.Time, bool) {
	n := s.until(until)
	i := sort.Search(n, func(i int) bool { return holds(s.ends[i]) })
	if i == n {
		return until, false
	}
	return s.ends[i], true
}
