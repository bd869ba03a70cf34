package obligation

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// ServiceLevelParams are the parameters of service_level: a level measured over many cases of a period, with credits.
type ServiceLevelParams struct {
	// Measure: within_target is the share of clocks (Clock, or the obligations Clocks of this contract) that were met, of those
	// decided in the period; first_contact is the share of tickets resolved in it without a second contact, a reassignment or a
	// reopening; error_rate is failed by total of the samples and measurements; satisfaction is the mean of the surveys;
	// satisfied_share the share of surveys of at least SatisfiedFrom; ratio is 100 less the error rate; reported is the value of
	// the measurement that was reported for the period.
	Measure string `json:"measure" enum:"within_target,first_contact,error_rate,satisfaction,satisfied_share,ratio,reported"`
	// Target: 95 means 95 %; for satisfaction and reported it is in the unit of the value. Of a reported level of at least 90 to 100 the
	// figures are percentages: one below 0 or above 100 is no report.
	Target decimal.Decimal `json:"target"`
	// AtMost: the level must not be above the target. Without it, it must not be below. An error rate is always at most.
	AtMost bool `json:"at_most,omitempty"`
	// Strict: a level exactly on the target is missed.
	Strict bool   `json:"strict,omitempty"`
	Period string `json:"period,omitempty" enum:"month,quarter,half_year,year,rolling_year,term"` // the time the level is measured over; absent: month
	// Anchor: first day of one of the periods; absent: they are those of the calendar; a term and a rolling_year have none.
	Anchor calendar.Date `json:"anchor,omitempty"`
	// MidPeriod says which terms govern a period within which an amendment changes them, or ends the obligation: those at its start (start),
	// those after the change (amended), or each part its own (parts), its credit then for its share of the days. The version that the change
	// gives says it. Absent: it is asked, where it matters.
	MidPeriod string `json:"mid_period,omitempty" enum:"start,amended,parts"`
	Zone      string `json:"zone,omitempty"` // UTC where absent
	// Service narrows samples, measurements, surveys, tickets and charges; "service" or absent is all of the contract. What names no service
	// counts; of a ticket it is asked, where other levels count the tickets of other services.
	Service string `json:"service,omitempty"`
	// Item is what is measured, as data.item of samples, measurements and surveys names it ("calls answered"), where several levels of a
	// service are measured; those that name none count, too. "item" counts those of all items together. Absent: where those of a period name
	// several, it is asked.
	Item string `json:"item,omitempty"`
	// Clock is the clock whose cases are counted. Clocks names obligations of this contract by key instead.
	Clock         *ClockParams `json:"clock,omitempty"`
	ClockResponse bool         `json:"clock_response,omitempty"` // Clock is a time of response and not of resolution
	// Clocks: keys of obligations (response_time, resolution_time) of this contract whose cases are counted, instead of clock.
	Clocks []string `json:"clocks,omitempty"`
	// Priority narrows the tickets of within_target and first_contact to those of one priority: "1", "P1" and "1 - Critical" are the
	// same. It is that which a ticket had when it was decided; one whose priority no event tells does not count, and is asked about.
	Priority string `json:"priority,omitempty"`
	// ReopenDays: of first_contact, a ticket that is opened again within so many days of its resolution was not resolved at first
	// contact (days of the calendar in Zone, the day of the resolution not counted); with 0 a reopening does not count. Absent: it is asked,
	// where it matters.
	ReopenDays *int `json:"reopen_days,omitempty"`
	// SatisfiedFrom: least value of a survey that counts as satisfied; needed for satisfied_share.
	SatisfiedFrom *decimal.Decimal `json:"satisfied_from,omitempty"`
	// MinimumCases: with fewer cases there is no judgement.
	MinimumCases int `json:"minimum_cases,omitempty"`
	// ReportDays: a level that is not reported within so many days after the period is deemed failed. A report counts on the later of
	// the day it names and that on which it was given. DeemedValue is then its
	// value; without it the worst row of the credit table counts.
	ReportDays int `json:"report_days,omitempty"`
	// DeemedValue: the level that counts where report_days passed without a report; absent: the worst row of the credit table.
	DeemedValue *decimal.Decimal `json:"deemed_value,omitempty"`
	Credit      *CreditParams    `json:"credit,omitempty"` // what is owed where the level is missed; absent: nothing
}

// ServiceLevel is a level over a period: percentage within target, first-contact resolution, error rate, satisfaction, or a
// reported figure. Occurrences are periods. Exactly on target is met unless the clause says otherwise.
type ServiceLevel struct{}

// Name is service_level.
func (ServiceLevel) Name() string { return "service_level" }

// Params gives empty ServiceLevelParams.
func (ServiceLevel) Params() any { return ServiceLevelParams{} }

// Check asks for what the level needs.
func (ServiceLevel) Check(o pact.Obligation) []pact.Ambiguity { return ask[ServiceLevelParams](o) }

func (p ServiceLevelParams) zoneName() string { return p.Zone }

func (p ServiceLevelParams) cycle() cycle { return cycle{p.Period, p.Anchor} }

func (p ServiceLevelParams) worse() bool { return p.AtMost || p.Measure == "error_rate" }

func (p ServiceLevelParams) unit() string {
	if p.Measure == "satisfaction" || p.Measure == "reported" {
		return ""
	}
	return " %"
}

// impossible says why a reported figure is none; "" where it may be one. A promise near one hundred is of a share in percent. One near 1 may be
// of a ratio that goes beyond 1, as an index of performance does, and not of one that is ten times what was promised: that is a percentage.
func (p ServiceLevelParams) impossible(v *decimal.Decimal) string {
	if p.Measure != "reported" || p.AtMost || v == nil {
		return ""
	}
	one, ten, hundred := decimal.NewFromInt(1), decimal.NewFromInt(10), decimal.NewFromInt(100)
	within := func(v, low, high decimal.Decimal) bool { return !v.LessThan(low) && !v.GreaterThan(high) }
	switch {
	case within(p.Target, decimal.NewFromInt(90), hundred) && !within(*v, decimal.Zero, hundred):
		return fmt.Sprintf("promises %s %%, and a share of %.40s %% can not be", p.Target, v)
	case within(p.Target, decimal.New(5, -1), one) && !p.Target.Equal(one) && within(*v, ten, hundred):
		return fmt.Sprintf("promises a ratio of %s, and %s is a percentage: as a ratio it is %s, or %s %% is promised", p.Target, v, v.Shift(-2), p.Target.Shift(2))
	}
	return ""
}

func (p ServiceLevelParams) check() []pact.Ambiguity {
	var q questions
	q.midPeriod(p.MidPeriod, midParts)
	q.oneOf("measure", p.Measure, "", "within_target", "first_contact", "error_rate", "satisfaction", "satisfied_share", "ratio", "reported")
	if p.Measure == "" {
		q.ask("measure", "What is measured?")
	}
	q.decimals("target", 0, 1_000_000_000, &p.Target)
	if p.unit() == " %" && p.Target.GreaterThan(decimal.NewFromInt(100)) {
		q.ask("target", "A share of %s %% is more than all. Which percentage is promised?", p.Target)
	}
	if p.unit() == " %" && !p.worse() {
		q.share(p.Target)
	}
	q.cycle(p.Period, p.Anchor)
	q.zone(p.Zone)
	q.days("report_days", p.ReportDays)
	if p.ReopenDays != nil {
		q.days("reopen_days", *p.ReopenDays)
	} else if p.Measure == "first_contact" {
		q.ask("reopen_window", "Within how many days of its resolution does a ticket that is opened again no longer count as resolved at first contact?")
	}
	if p.Measure == "within_target" {
		if (p.Clock == nil) == (len(p.Clocks) == 0) {
			q.ask("clock", "Which clocks are counted: a clock of its own, or obligations of this contract?")
		}
		if p.Clock != nil {
			q = append(q, p.Clock.check(calendar.Set{})...)
		}
	}
	if p.Measure == "satisfied_share" && p.SatisfiedFrom == nil {
		q.ask("satisfied_from", "From which answer on is somebody satisfied?")
	}
	if p.Credit != nil {
		p.Credit.check(&q, p.Target, p.worse() || p.unit() == "")
		if s := p.Credit.PerStep; s != nil && s.Of == "missed_cases" && p.Measure != "within_target" {
			q.ask("per_step", "Missed cases are counted by the measure within_target. What is counted here?")
		}
		if p.Credit.FeeMultiple != nil {
			q.ask("fee_multiple", "A multiple of the fees for the time of a failure needs a time that was down, and what is measured here (%s) has none. What is the credit?", strings.ReplaceAll(p.Measure, "_", " "))
		}
		if p.ReportDays > 0 && len(p.Credit.Tiers) == 0 && p.DeemedValue == nil && p.Credit.AtRisk == nil {
			q.ask("deemed_value", "A level that is not reported is deemed failed. Which value counts then?")
		}
	}
	return q
}

// Occurrences lists the periods.
func (ServiceLevel) Occurrences(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	var p ServiceLevelParams
	if decode(o.Params, &p) != nil {
		return nil
	}
	return periods(o, p.cycle(), zoneOf(p.Zone), period, p.Service)
}

// periods makes occurrences of the cycles in a period.
func periods(o pact.Obligation, c cycle, zone *time.Location, period calendar.Period, subject string) []pact.Occurrence {
	var out []pact.Occurrence
	for _, one := range c.within(period, o.InForce) {
		covered := subscribed(one, o.InForce)
		span := calendar.Span{Start: covered.From.In(zone).UTC()}
		if covered.Until != "" {
			span.End = covered.Until.In(zone).UTC()
		}
		key := c.key(one)
		occ := occurrence(o, key, strings.TrimSpace(subject+" "+key), span)
		occ.DueAt = span.End
		out = append(out, occ)
	}
	return out
}

// Assess judges one period.
func (ServiceLevel) Assess(in Input) (pact.Assessment, error) {
	p, s, whole, done, err := beginCycle[ServiceLevelParams](in)
	if err != nil || done {
		return *s.a, err
	}
	l := level{p: p, s: s, whole: whole, covered: subscribed(whole, in.held(whole))}
	return l.judge()
}

// level is one period of a service level.
type level struct {
	p       ServiceLevelParams
	s       *sheet
	whole   calendar.Period
	covered calendar.Period
	chosen  []pact.EventID // of reports that contradict each other, those that count
}

// underEach judges the period by each of the reports that contradict each other.
func (l level) underEach(f figure) (pact.Assessment, error) {
	return underReports(*f.asked, f.differ, func(chosen pact.EventID) (pact.Assessment, error) {
		p, s, whole, done, err := beginCycle[ServiceLevelParams](l.s.in)
		if err != nil || done {
			return *s.a, err
		}
		return level{p: p, s: s, whole: whole, covered: l.covered, chosen: append(slices.Clone(l.chosen), chosen)}.judge()
	})
}

// contains tells whether an instant lies in the period, on no day on which the level is waived.
func (l level) contains(at time.Time) bool {
	return l.span().Contains(at) && !l.s.in.isWaived(calendar.DateIn(at, l.s.zone))
}

// divides judges each part by its own promise, where its figure is made of what has a day.
func (k ServiceLevel) divides(parts []part) (ways []string, plain bool) {
	for _, one := range parts {
		var p ServiceLevelParams
		if one.version == nil || one.days.From == "" || one.days.Until == "" || decode(one.version.Params, &p) != nil || !k.leavesOut(*one.version) || p.Credit != nil && !p.Credit.parted() {
			return nil, false
		}
	}
	return []string{midParts}, false
}

func (ServiceLevel) inParts() string { return creditsInParts }

// leavesOut: cases, tickets and answers have a day. Figures are reported for the whole period.
func (ServiceLevel) leavesOut(o pact.Obligation) bool {
	var p ServiceLevelParams
	return decode(o.Params, &p) == nil && slices.Contains([]string{"within_target", "first_contact", "satisfaction", "satisfied_share"}, p.Measure)
}

func (l level) span() calendar.Span {
	out := calendar.Span{Start: l.covered.From.In(l.s.zone).UTC()}
	if l.covered.Until != "" {
		out.End = l.covered.Until.In(l.s.zone).UTC()
	}
	return out
}

func (l level) judge() (pact.Assessment, error) {
	s, p, span := l.s, l.p, l.span()
	over := !span.End.IsZero() && !s.a.At.Before(span.End)
	s.a.DueAt, s.a.Target = span.End, p.Target.String()
	s.add("period", fmt.Sprintf("%s to before %s, %s", l.covered.From, l.covered.Until, s.zone), l.measureWords())
	if s.a.At.Before(span.Start) {
		s.add("the period has not begun", "", string(pact.Pending))
		s.a.NextAt = span.Start
		return s.done(pact.Pending), nil
	}
	for _, w := range s.in.waivedIn(l.whole) {
		s.add("waived days do not count", w.words(), dayCount(w.days.From.DaysUntil(w.days.Until)))
	}
	f := l.measure()
	if len(f.differ) > 0 {
		return l.underEach(f)
	}
	s.a.EventIDs = append(s.a.EventIDs, f.ids...)
	if !over {
		s.a.NextAt = span.End
	}
	if f.value == nil {
		switch {
		case f.waiting:
			s.a.NextAt = s.end(l.covered.Until.AddDays(p.ReportDays - 1))
			s.add("not reported yet", f.words, "the level waits for the report until "+string(l.covered.Until.AddDays(p.ReportDays-1)))
			return s.done(pact.Pending), nil
		case f.asked != nil:
			s.ask(f.asked.Code, f.asked.Question, f.asked.Outcomes...)
			return s.done(pact.Pending), nil
		case f.deemed:
			s.add("deemed failure", f.words, "missed")
		case over:
			s.add("nothing to measure", f.words, "no judgement: no cases are not 100 %")
			s.a.EndedAt = span.End
			return s.done(pact.Excused), nil
		default:
			s.add("nothing to measure so far", f.words, string(pact.OnTrack))
			return s.done(pact.OnTrack), nil
		}
	}
	missed := f.deemed
	if f.value != nil {
		s.a.Measured = money.RatioString(f.value, 12, 6, p.Target.Rat())
		s.add("measured", f.words, s.a.Measured+p.unit(), f.ids...)
		missed = l.missed(f.value)
		sign := map[bool]string{false: ">=", true: "<="}[p.worse()]
		if p.Strict {
			sign = sign[:1]
		}
		if missed {
			s.add("promise", fmt.Sprintf("%s%s against %s %s%s", s.a.Measured, p.unit(), sign, p.Target, p.unit()), "missed")
		} else {
			s.add("promise", fmt.Sprintf("%s%s against %s %s%s, compared before rounding", s.a.Measured, p.unit(), sign, p.Target, p.unit()), "kept")
		}
	}
	if !over {
		status := pact.OnTrack
		if missed {
			status = pact.AtRisk
		}
		return s.done(status), nil
	}
	if !missed && !f.open.IsZero() {
		s.a.NextAt = f.open.Add(time.Second)
		s.add("not final yet", "tickets of the period may be opened again until "+local(f.open, s.zone), "the promise may still be missed")
		return s.done(pact.OnTrack), nil
	}
	s.a.EndedAt = span.End
	if !missed {
		return s.done(pact.Met), nil
	}
	s.a.BreachedAt = span.End
	if p.Credit != nil {
		c := l.creditCase(f)
		c.settle(s.a, s.in, s.tracer)
	}
	return s.done(pact.Breached), nil
}

func (l level) missed(v *big.Rat) bool {
	sign := v.Cmp(l.p.Target.Rat())
	if l.p.worse() {
		sign = -sign
	}
	return sign < 0 || sign == 0 && l.p.Strict
}

func (l level) measureWords() string {
	words := strings.ReplaceAll(l.p.Measure, "_", " ")
	if l.p.Service != "" {
		words += " of " + l.p.Service
	}
	if l.p.Item != "" && !sameWord(l.p.Item, AnyItem) {
		words += ", " + l.p.Item
	}
	if l.p.Priority != "" {
		words += ", tickets of priority " + l.p.Priority
	}
	return words
}

func (l level) creditCase(f figure) creditCase {
	p := l.p
	rule := *p.Credit
	value := f.value
	if value == nil { // deemed failed without a value: the worst row counts
		value = p.Target.Rat()
		if len(rule.Tiers) > 0 {
			worst := slices.MaxFunc(rule.Tiers, func(a, b CreditTier) int { return l.worth(a).Cmp(l.worth(b)) })
			worst.From, worst.Over, worst.Below, worst.UpTo = nil, nil, nil, nil
			rule.Tiers = []CreditTier{worst}
			l.s.a.Measured = "not reported"
		}
	}
	service := p.Service
	if service == "" {
		service = AnyService
	}
	return creditCase{
		rule: rule, measured: value, failed: f.failed, target: p.Target.Rat(), unit: p.unit(), service: service, cycle: p.cycle(), period: l.whole, key: l.s.in.Occurrence.Key,
		history: l.history, following: l.following, worse: p.worse(), table: fullTable,
	}
}

func (l level) worth(t CreditTier) decimal.Decimal {
	switch {
	case t.Percent != nil:
		return *t.Percent
	case t.Amount != nil:
		return t.Amount.Value
	}
	return decimal.Zero
}

// history judges the earlier periods.
func (l level) history() []pastCredit {
	from := l.s.in.since()
	if from == "" {
		for _, e := range l.s.counts.events {
			if d := l.s.dateOf(*e); from == "" || d < from {
				from = d
			}
		}
	}
	var out []pastCredit
	for _, d := range l.s.in.earlier(l.p.cycle(), l.whole, from) {
		in, one := d.occurrence(l.s.in), d.period
		past := pastCredit{key: in.Occurrence.Key, period: one, other: d.cycle.same() != l.p.cycle().same()}
		p, s, done, err := begin[ServiceLevelParams](in, func(ServiceLevelParams, *sheet) calendar.Date { return max(one.From, in.held(one).From) })
		if err == nil && !done {
			e := level{p: p, s: s, whole: one, covered: subscribed(one, in.held(one))}
			f := e.measure()
			if p.Credit != nil {
				past.rule = *p.Credit
			}
			past.missed = f.deemed || f.value != nil && e.missed(f.value)
			past.unknown = p.Credit != nil && (f.asked != nil || f.waiting)
			if past.missed && p.Credit != nil {
				if f.value != nil {
					s.a.Measured = money.RatioString(f.value, 12, 6, p.Target.Rat())
				}
				one := e.creditCase(f)
				if exact, base := one.raw(s.a, in, s.tracer); exact != nil {
					if exact, ok := one.capped(s.a, in, exact, base, out, s.tracer); ok {
						past.exact, past.cur = exact, base.Currency
					}
				}
				past.unknown = past.unknown || past.exact == nil && s.a.AmountState != ""
			}
			past.ids = eachOnce(restsOn(*s.a), f.ids)
		}
		out = append(out, past)
	}
	return out
}

func (l level) about(e pact.Event) bool {
	return (l.p.Service == "" || sameService(e, l.p.Service)) && sameItem(e, l.p.Item)
}

// about a period: a figure that names one is of that one, whenever it was reported.
func (l level) ofPeriod(e pact.Event) bool {
	if named := e.Data.Month; named != "" {
		p, ok := calendar.Named(named)
		return named == l.s.in.Occurrence.Key || ok && l.covered.Contains(p.From) && (p.Until == p.From.AddMonths(1) || enclosed(p, l.covered))
	}
	return l.contains(e.OccurredAt)
}
