package obligation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// found is what is known of a level in the period.
type found struct {
	state   string
	points  decimal.Decimal
	words   string
	ids     []pact.EventID
	nothing bool           // there was nothing to measure
	own     *money.Amount  // the credit that its own clause gives; nil is none
	asked   pact.Ambiguity // what must be decided before the level is anything, also missed or kept for want of a report; "" is nothing
	differ  []pact.Event   // the reports that contradict each other, in the order of the readings of asked
}

// state judges one level in the period: by its obligation, or by what was reported.
func (c creditPool) state(l PoolLevel) found {
	s, points := c.s, orZero(l.Points)
	if held, known := s.in.firstWithin(l.Level, c.whole); known {
		if held == nil {
			return found{state: levelKept, points: points, words: "not in force in the period", nothing: true}
		}
		o := *held
		in := s.in
		in.Obligation, in.Occurrence.Key = o, s.in.Occurrence.Key
		if of, ok := cycleOf(o); ok {
			if in.Occurrence.Key, ok = c.keyIn(of); !ok {
				return found{state: levelUnknown, points: points, words: "judged by " + of.word(), asked: pact.Ambiguity{
					Code:     "level_period",
					Question: fmt.Sprintf("%s is judged by %s, the pool by %s. Which of its results counts in %s?", l.Level, of.word(), c.p.cycle().word(), s.in.Occurrence.Key),
				}}
			}
		}
		a, err := Assess(in)
		if err != nil {
			return found{state: levelUnknown, points: points, words: "not judged: " + sentence(err)}
		}
		s.a.AlsoBy = alsoBy(*s.a, a)
		state, words := levelUnknown, strings.TrimSpace(fmt.Sprintf("%s %s", strings.TrimSpace(a.Measured), a.Status))
		switch {
		case a.Status == pact.Breached:
			state = levelMissed
		case a.Status == pact.Met, a.Status == pact.Excused && !isReported(o):
			state = levelKept // without cases nothing was missed
		case s.today < c.whole.Until:
			state = levelKept // so far
		}
		f := found{state: state, points: points, words: words, ids: restsOn(a), nothing: a.Status == pact.Excused, own: a.Amount}
		if a.AmountState == "ambiguous" && len(a.Ambiguities) > 0 {
			f.asked = pact.Ambiguity{Code: "level_open", Question: fmt.Sprintf("Whether %s is missed in %s is not decided: %s It is answered there.", l.Level, s.in.Occurrence.Key, a.Ambiguities[0].Question)}
		}
		return f
	}
	return c.reported(l, points)
}

// keyIn names the period of a level that is the period of the pool, or ends with it where the level looks back over a year; ok is false
// where there is none.
func (c creditPool) keyIn(of cycle) (key string, ok bool) {
	p := of.containing(c.whole.Until.AddDays(-1), c.s.in.held(c.whole))
	if of.unit == "rolling_year" {
		return of.key(p), c.p.cycle().months() == 1 && p.Until == c.whole.Until
	}
	return of.key(p), p == c.whole
}

// cycleOf is the cycle by which an obligation of some kinds is judged.
func cycleOf(o pact.Obligation) (cycle, bool) {
	var p struct {
		Period string        `json:"period"`
		Anchor calendar.Date `json:"anchor"`
	}
	switch o.Kind {
	case Availability{}.Name(), ServiceLevel{}.Name(), CreditPool{}.Name():
		err := json.Unmarshal(o.Params, &p)
		return cycle{p.Period, p.Anchor}, err == nil
	}
	return cycle{}, false
}

// reported is what the reports say of a level; points are those of the clause. Of what came in time the last counts; where several at once
// differ it is asked. What came too late
// counts where it says worse, and never lowers what was reported or is deemed.
func (c creditPool) reported(l PoolLevel, points decimal.Decimal) found {
	s, last := c.s, c.lastReport()
	var inTime, late []pact.Event
	for _, e := range s.given("", "measurement") {
		switch {
		case !sameWord(l.Level, e.Data.Item):
		case c.p.ReportDays > 0 && s.came(e) > last:
			late = append(late, e)
		default:
			inTime = append(inTime, e)
		}
	}
	during := func(e pact.Event) bool { return c.whole.Contains(s.dateOf(e)) }
	known, after := s.reportsOf(c.p.cycle(), c.whole, inTime, during), s.reportsOf(c.p.cycle(), c.whole, late, during)
	s.use(slices.Concat(known.of, known.doubtful, after.of)...)
	if len(known.doubt) > 0 {
		return found{state: levelUnknown, points: points, words: "reports of " + joined(known.doubt), asked: pact.Ambiguity{Code: "report_period", Question: known.question(s.in.Occurrence.Key)}}
	}
	state, most, words := levelUnknown, points, "nothing reported"
	var ids []pact.EventID
	counts, differ := counting(known.of, c.chosen, func(a, b pact.Event) bool {
		says, of := c.said(a, points)
		other, with := c.said(b, points)
		return says == other && (says != levelMissed || of.Equal(with))
	})
	if len(differ) > 0 && s.today >= c.whole.Until {
		q := s.contradiction(fmt.Sprintf("%s in %s", l.Level, s.in.Occurrence.Key), differ, func(e pact.Event) string {
			says, of := c.said(e, points)
			if says == levelMissed && len(c.p.Points) > 0 {
				says += ", " + of.String() + " points"
			}
			return says
		})
		return found{state: levelUnknown, points: points, words: q.Question, asked: q, differ: differ}
	}
	if counts != nil {
		e := *counts
		state, most = c.said(e, points)
		words, ids = "reported on "+string(s.dateOf(e)), []pact.EventID{idOf(e)}
		if n := e.Data.Month; n != "" && n != s.in.Occurrence.Key {
			words += " of " + n
		}
		if state == levelUnknown {
			words += fmt.Sprintf(" as %q, which is neither missed nor met", short(e.Data.State))
		}
	}
	for _, e := range after.of {
		told := fmt.Sprintf("%s, after the last day %s", s.reportedOn(e), last)
		says, counted := c.said(e, points)
		switch {
		case says == levelMissed && (state != levelMissed || counted.GreaterThan(most)):
			if state != levelKept {
				counted = decimal.Max(most, counted)
			}
			state, most, words, ids = says, counted, told, []pact.EventID{idOf(e)}
		case len(ids) == 0:
			words = told
		case says != levelMissed:
			words += "; " + told + ", lowers nothing"
		}
	}
	return found{state: state, points: most, words: words, ids: ids}
}

// said is what one report says of a level, and with how many points.
func (c creditPool) said(e pact.Event, points decimal.Decimal) (string, decimal.Decimal) {
	d := e.Data
	if d.Value != nil && money.Sane(*d.Value) && len(c.p.Points) > 0 {
		points = *d.Value
	}
	switch {
	case sameWord(levelMissed, d.State), d.State == "" && d.Value != nil && d.Value.IsPositive():
		return levelMissed, points
	case sameWord("met", d.State), sameWord("kept", d.State), d.State == "" && d.Value != nil:
		return levelKept, points
	}
	return levelUnknown, points
}

// isReported tells whether an obligation is a level whose figure somebody reports: without a report nothing is known of it.
func isReported(o pact.Obligation) bool {
	var p ServiceLevelParams
	return o.Kind == "service_level" && decode(o.Params, &p) == nil && p.Measure == "reported"
}

// lastReport is the last day on which a level can be reported in time.
func (c creditPool) lastReport() calendar.Date { return c.whole.Until.AddDays(c.p.ReportDays - 1) }
