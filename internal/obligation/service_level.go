package obligation

import (
	"cmp"
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
	Measure string          `json:"measure" enum:"within_target,first_contact,error_rate,satisfaction,satisfied_share,ratio,reported"`
	Target  decimal.Decimal `json:"target"` // 95 means 95 %; for satisfaction and reported in the unit of the value
	// AtMost: the level must not be above the target. Without it, it must not be below. An error rate is always at most.
	AtMost bool `json:"at_most,omitempty"`
	// Strict: a level exactly on the target is missed.
	Strict bool          `json:"strict,omitempty"`
	Period string        `json:"period,omitempty" enum:"month,quarter,half_year,year,rolling_year,term"`
	Anchor calendar.Date `json:"anchor,omitempty"`
	// MidPeriod says which terms govern a period within which an amendment changes them, or ends the obligation: those at its start (start),
	// those after the change (amended), or each part its own (parts), its credit then for its share of the days. The version that the change
	// gives says it. Absent: it is asked, where it matters.
	MidPeriod string `json:"mid_period,omitempty" enum:"start,amended,parts"`
	Zone      string `json:"zone,omitempty"` // UTC where absent
	// Service narrows samples, measurements, surveys and charges; "service" or absent is all of the contract.
	Service string `json:"service,omitempty"`
	// Clock is the clock whose cases are counted. Clocks names obligations of this contract by key instead.
	Clock         *ClockParams `json:"clock,omitempty"`
	ClockResponse bool         `json:"clock_response,omitempty"` // Clock is a time of response and not of resolution
	Clocks        []string     `json:"clocks,omitempty"`
	// Priority narrows the tickets of within_target and first_contact to those of one priority: "1", "P1" and "1 - Critical" are the
	// same. It is that which a ticket had when it was decided; one whose priority no event tells does not count, and is asked about.
	Priority string `json:"priority,omitempty"`
	// ReopenDays: of first_contact, a ticket that is opened again within so many days of its resolution was not resolved at first
	// contact (days of the calendar in Zone, the day of the resolution not counted); with 0 a reopening does not count. Absent: it is asked,
	// where it matters.
	ReopenDays    *int             `json:"reopen_days,omitempty"`
	SatisfiedFrom *decimal.Decimal `json:"satisfied_from,omitempty"`
	// MinimumCases: with fewer cases there is no judgement.
	MinimumCases int `json:"minimum_cases,omitempty"`
	// ReportDays: a level that is not reported within so many days after the period is deemed failed. A report counts on the later of
	// the day it names and that on which it was given. DeemedValue is then its
	// value; without it the worst row of the credit table counts.
	ReportDays  int              `json:"report_days,omitempty"`
	DeemedValue *decimal.Decimal `json:"deemed_value,omitempty"`
	Credit      *CreditParams    `json:"credit,omitempty"`
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
func (p ServiceLevelParams) cycle() cycle     { return cycle{p.Period, p.Anchor} }

func (p ServiceLevelParams) worse() bool { return p.AtMost || p.Measure == "error_rate" }

func (p ServiceLevelParams) unit() string {
	if p.Measure == "satisfaction" || p.Measure == "reported" {
		return ""
	}
	return " %"
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
	return l.judge(), nil
}

// level is one period of a service level.
type level struct {
	p       ServiceLevelParams
	s       *sheet
	whole   calendar.Period
	covered calendar.Period
}

// figure is a measured level. value is nil where there is nothing to measure.
type figure struct {
	value   *big.Rat
	cases   int
	failed  int // of cases, those that missed their target
	words   string
	ids     []pact.EventID
	deemed  bool
	waiting bool            // a report is still expected
	asked   *pact.Ambiguity // what decides which figure it is
	open    time.Time       // until then a ticket may still be opened again, and the promise be missed with it
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

func (l level) judge() pact.Assessment {
	s, p, span := l.s, l.p, l.span()
	over := !span.End.IsZero() && !s.a.At.Before(span.End)
	s.a.DueAt, s.a.Target = span.End, p.Target.String()
	s.add("period", fmt.Sprintf("%s to before %s, %s", l.covered.From, l.covered.Until, s.zone), l.measureWords())
	if s.a.At.Before(span.Start) {
		s.add("the period has not begun", "", string(pact.Pending))
		s.a.NextAt = span.Start
		return s.done(pact.Pending)
	}
	for _, w := range s.in.waivedIn(l.whole) {
		s.add("waived days do not count", w.words(), dayCount(w.days.From.DaysUntil(w.days.Until)))
	}
	f := l.measure()
	s.a.EventIDs = append(s.a.EventIDs, f.ids...)
	if !over {
		s.a.NextAt = span.End
	}
	if f.value == nil {
		switch {
		case f.waiting:
			s.a.NextAt = s.end(l.covered.Until.AddDays(p.ReportDays - 1))
			s.add("not reported yet", f.words, "the level waits for the report until "+string(l.covered.Until.AddDays(p.ReportDays-1)))
			return s.done(pact.Pending)
		case f.asked != nil:
			s.ask(f.asked.Code, f.asked.Question, f.asked.Outcomes...)
			return s.done(pact.Pending)
		case f.deemed:
			s.add("deemed failure", f.words, "missed")
		case over:
			s.add("nothing to measure", f.words, "no judgement: no cases are not 100 %")
			s.a.EndedAt = span.End
			return s.done(pact.Excused)
		default:
			s.add("nothing to measure so far", f.words, string(pact.OnTrack))
			return s.done(pact.OnTrack)
		}
	}
	missed := f.deemed
	if f.value != nil {
		s.a.Measured = money.RatioString(f.value, 12, 6)
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
		return s.done(status)
	}
	if !missed && !f.open.IsZero() {
		s.a.NextAt = f.open.Add(time.Second)
		s.add("not final yet", "tickets of the period may be opened again until "+local(f.open, s.zone), "the promise may still be missed")
		return s.done(pact.OnTrack)
	}
	s.a.EndedAt = span.End
	if !missed {
		return s.done(pact.Met)
	}
	s.a.BreachedAt = span.End
	if p.Credit != nil {
		c := l.creditCase(f)
		c.settle(s.a, s.in, s.tracer)
	}
	return s.done(pact.Breached)
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
	c := l.p.cycle()
	from := l.s.in.since()
	if from == "" {
		for _, e := range l.s.counts.events {
			if d := l.s.dateOf(*e); from == "" || d < from {
				from = d
			}
		}
	}
	var out []pastCredit
	for _, one := range c.within(calendar.Period{From: from, Until: l.whole.From}, calendar.Period{}) {
		if one.From >= l.whole.From || len(out) >= 120 {
			break
		}
		in := l.s.in
		in.Occurrence.Key = c.key(one)
		past := pastCredit{key: in.Occurrence.Key, period: one}
		p, s, done, err := begin[ServiceLevelParams](in, func(ServiceLevelParams, *sheet) calendar.Date { return max(one.From, in.held(one).From) })
		if err == nil && !done {
			e := level{p: p, s: s, whole: one, covered: subscribed(one, in.held(one))}
			f := e.measure()
			past.missed = f.deemed || f.value != nil && e.missed(f.value)
			past.unknown = p.Credit != nil && (f.asked != nil || f.waiting)
			if past.missed && p.Credit != nil {
				if f.value != nil {
					s.a.Measured = money.RatioString(f.value, 12, 6)
				}
				one := e.creditCase(f)
				if exact, base := one.raw(s.a, in, s.tracer); exact != nil {
					if exact, ok := one.capped(s.a, in, exact, base, out, s.tracer); ok {
						past.exact, past.cur = exact, base.Currency
					}
				}
				past.unknown = past.unknown || past.exact == nil && s.a.AmountState != ""
			}
		}
		out = append(out, past)
	}
	return out
}

// measure finds the level of the period as it is known.
func (l level) measure() figure {
	switch l.p.Measure {
	case "within_target":
		return l.withinTarget()
	case "first_contact":
		return l.firstContact()
	case "satisfaction", "satisfied_share":
		return l.surveys()
	case "reported":
		return l.reported()
	}
	return l.errorRate()
}

func (l level) about(e pact.Event) bool {
	return l.p.Service == "" || sameService(e, l.p.Service)
}

// about a period: a figure that names one is of that one, whenever it was reported.
func (l level) ofPeriod(e pact.Event) bool {
	if named := e.Data.Month; named != "" {
		p, ok := calendar.Named(named)
		return named == l.s.in.Occurrence.Key || ok && l.covered.Contains(p.From) && (p.Until == p.From.AddMonths(1) || enclosed(p, l.covered))
	}
	return l.contains(e.OccurredAt)
}

func (l level) errorRate() figure {
	total, failed := new(big.Rat), new(big.Rat)
	var f figure
	for _, e := range l.s.of("", "sample", "measurement") {
		d := e.Data
		if !l.about(e) || !l.ofPeriod(e) || d.Total == nil || d.Failed == nil || !money.Sane(*d.Total) || !money.Sane(*d.Failed) || d.Failed.IsNegative() {
			continue
		}
		total.Add(total, d.Total.Rat())
		failed.Add(failed, d.Failed.Rat())
		f.cases++
		f.ids = append(f.ids, idOf(e))
	}
	f.words = fmt.Sprintf("%s failed of %s, in %d reports", exactNumber(failed, 0), exactNumber(total, 0), f.cases)
	if total.Sign() <= 0 || l.few(&f, total) {
		return l.expect(f)
	}
	f.value = mul(quo(failed, total), big.NewRat(100, 1))
	if l.p.Measure == "ratio" {
		f.value = minus(big.NewRat(100, 1), f.value)
	}
	return f
}

// few tells whether there are too few cases to judge.
func (l level) few(f *figure, cases *big.Rat) bool {
	if cases.Cmp(ratOf(l.p.MinimumCases)) >= 0 {
		return false
	}
	f.words += fmt.Sprintf("; fewer than %d cases are not judged", l.p.MinimumCases)
	return true
}

func (l level) surveys() figure {
	sum, n, satisfied := new(big.Rat), 0, 0
	var f figure
	for _, e := range l.s.of("", "survey") {
		if !l.about(e) || !l.ofPeriod(e) || e.Data.Value == nil || !money.Sane(*e.Data.Value) {
			continue
		}
		n++
		sum.Add(sum, e.Data.Value.Rat())
		if l.p.SatisfiedFrom != nil && e.Data.Value.GreaterThanOrEqual(*l.p.SatisfiedFrom) {
			satisfied++
		}
		f.ids = append(f.ids, idOf(e))
	}
	f.cases = n
	f.words = fmt.Sprintf("mean of %s, sum %s", counts(n, "answer"), exactNumber(sum, 0))
	if l.p.Measure == "satisfied_share" {
		f.words = fmt.Sprintf("%d of %d answers are at least %s", satisfied, n, l.p.SatisfiedFrom)
	}
	if n == 0 || l.few(&f, ratOf(n)) {
		return l.expect(f)
	}
	f.value = quo(sum, ratOf(n))
	if l.p.Measure == "satisfied_share" {
		f.value = big.NewRat(int64(satisfied)*100, int64(n))
	}
	return f
}

// reported takes the last figure that was reported for the period. One that came too late counts where it is worse than what was
// reported in time.
func (l level) reported() figure {
	var f figure
	var inTime, late []pact.Event
	for _, e := range l.s.of("", "measurement") {
		d := e.Data
		if !l.about(e) || d.Value == nil || !money.Sane(*d.Value) {
			continue
		}
		if l.p.ReportDays > 0 && l.s.came(e) >= l.covered.Until.AddDays(l.p.ReportDays) {
			late = append(late, e)
			continue
		}
		inTime = append(inTime, e)
	}
	during := func(e pact.Event) bool { return l.span().Contains(e.OccurredAt) }
	known := l.s.reportsOf(l.p.cycle(), l.whole, inTime, during)
	for _, e := range known.of {
		f.value, f.cases, f.ids = e.Data.Value.Rat(), 1, []pact.EventID{idOf(e)}
		f.words = "reported on " + string(l.s.dateOf(e))
		if n := e.Data.Month; n != "" && n != l.s.in.Occurrence.Key {
			f.words += " of " + n
		}
	}
	if len(known.doubt) > 0 {
		f.words = "reports of " + joined(known.doubt)
		for _, e := range known.doubtful {
			f.ids = append(f.ids, idOf(e))
		}
		f = l.expect(f)
		if !f.waiting {
			return figure{words: f.words, ids: f.ids, asked: &pact.Ambiguity{Code: "report_period", Question: known.question(l.s.in.Occurrence.Key), Outcomes: l.figures(known.doubtful)}}
		}
		return f
	}
	for _, e := range l.s.reportsOf(l.p.cycle(), l.whole, late, during).of {
		told := fmt.Sprintf("%s, after the last day %s", l.s.reportedOn(e), l.covered.Until.AddDays(l.p.ReportDays-1))
		switch {
		case f.value == nil:
			f.words = told
		case l.p.worse() == (e.Data.Value.Rat().Cmp(f.value) > 0) && e.Data.Value.Rat().Cmp(f.value) != 0:
			f.value, f.ids, f.words = e.Data.Value.Rat(), []pact.EventID{idOf(e)}, told
		}
	}
	if f.value == nil {
		if f.words == "" {
			f.words = "no report of " + l.s.in.Occurrence.Key
		}
		return l.expect(f)
	}
	return f
}

// expect decides what a missing figure means: still expected, deemed failed, or nothing to measure.
func (l level) expect(f figure) figure {
	if l.p.ReportDays == 0 || l.covered.Until == "" {
		return f
	}
	last := l.covered.Until.AddDays(l.p.ReportDays - 1)
	if !l.s.over(last) {
		f.waiting = l.s.today >= l.covered.Until
		return f
	}
	f.deemed = true
	f.words += "; nothing in time by " + string(last)
	if l.p.DeemedValue != nil {
		f.value = l.p.DeemedValue.Rat()
		f.words += ", deemed to be " + l.p.DeemedValue.String()
	}
	return f
}

// withinTarget counts clocks once, in the period of their breach or of their end, whichever comes first.
func (l level) withinTarget() figure {
	type counted struct {
		o        pact.Obligation
		response bool
	}
	var clocks []counted
	if c := l.p.Clock; c != nil && l.takes(c.Priority) {
		raw, err := marshal(c)
		if err != nil {
			return figure{words: err.Error()}
		}
		o := pact.Obligation{Key: l.s.in.Obligation.Key + "/clock", Kind: "resolution_time", Params: raw, Evidence: l.s.in.Obligation.Evidence}
		if l.p.ClockResponse {
			o.Kind = "response_time"
		}
		clocks = append(clocks, counted{o, l.p.ClockResponse})
	}
	for _, key := range l.p.Clocks {
		if held, _ := l.s.in.firstWithin(key, l.covered); held != nil && (held.Kind == "response_time" || held.Kind == "resolution_time") {
			o := *held
			var p ClockParams
			if decode(o.Params, &p) == nil && !l.takes(p.Priority) {
				continue
			}
			clocks = append(clocks, counted{o, o.Kind == "response_time"})
		}
	}
	met, missed, span := 0, 0, l.span()
	var f figure
	var untold []string // tickets whose priority decides and is not known
	for _, c := range clocks {
		events, bySubject := l.s.log.bySubject()
		open := c.o
		open.InForce = calendar.Period{}
		for _, occ := range openedClocks(open, events) {
			in := Input{Obligation: c.o, Occurrence: occ, Events: slices.Concat(OfTicketIn(bySubject, occ.Key), bySubject[""]), Calendars: l.s.in.Calendars, At: l.s.in.At, Compiled: l.s.in.Compiled}
			if l.p.Clock == nil {
				in.Timeline = l.s.in.Timeline
			}
			a, err := assessClock(in, c.response)
			if err != nil {
				continue
			}
			if span.Contains(occ.Period.Start) && slices.ContainsFunc(a.Trace, func(t pact.TraceStep) bool { return t.Rule == noPriority }) {
				untold = append(untold, occ.Key)
			}
			at := a.EndedAt
			if a.Status == pact.Breached {
				at = a.BreachedAt
			}
			if a.Status != pact.Met && a.Status != pact.Breached || !l.contains(at) {
				continue
			}
			if l.p.Priority != "" {
				of, told := priorityOf(in.Events, at)
				if !told {
					untold = append(untold, occ.Key)
				}
				if !told || !l.takes(of) {
					continue
				}
			}
			if a.Status == pact.Met {
				met++
			} else {
				missed++
			}
			if len(f.ids) < shownSamples {
				f.ids = append(f.ids, a.EventIDs[:min(1, len(a.EventIDs))]...)
			}
		}
	}
	f.cases, f.failed = met+missed, missed
	f.words = fmt.Sprintf("%d met of %d decided in the period", met, f.cases)
	l.askPriorities(&f, untold)
	if f.cases == 0 || l.few(&f, ratOf(f.cases)) {
		return l.expect(f)
	}
	f.value = big.NewRat(int64(met)*100, int64(f.cases))
	return f
}

// figures are what a period comes to under each of several reports.
func (l level) figures(reports []pact.Event) (out []pact.Outcome) {
	for _, e := range reports {
		v := e.Data.Value.Rat()
		judged := "kept"
		if l.missed(v) {
			judged = "missed"
		}
		out = append(out, pact.Outcome{Reading: fmt.Sprintf("%s of %s (%s)", e.Data.Value, cmp.Or(e.Data.Month, string(l.s.dateOf(e))), idOf(e)), Result: judged})
	}
	return out
}

// takes tells whether the level is about tickets of a priority; "" is any.
func (l level) takes(of string) bool {
	return l.p.Priority == "" || of == "" || priority(of) == priority(l.p.Priority)
}

// priorityOf is the priority that a ticket had at an instant: the one told last, or first, where none was told until then.
func priorityOf(events []pact.Event, at time.Time) (of string, told bool) {
	slices.SortStableFunc(events, func(a, b pact.Event) int { return a.OccurredAt.Compare(b.OccurredAt) })
	for _, e := range events {
		if e.Data.Priority != "" && strings.HasPrefix(e.Kind, "ticket_") && (!told || !e.OccurredAt.After(at)) {
			of, told = e.Data.Priority, true
		}
	}
	return of, told
}

// askPriorities leaves tickets out whose priority nobody told, and asks for it. The figure of the others stands.
func (l level) askPriorities(f *figure, tickets []string) {
	slices.Sort(tickets)
	tickets = slices.Compact(tickets) // each under several clocks
	if len(tickets) == 0 {
		return
	}
	names := strings.Join(tickets[:min(len(tickets), 5)], ", ")
	if len(tickets) > 5 {
		names += ", …"
	}
	f.words += fmt.Sprintf("; left out, because no event tells the priority: %s", names)
	l.s.a.Ambiguities = append(l.s.a.Ambiguities, pact.Ambiguity{
		Code: "priority", Question: fmt.Sprintf("Which priority have the tickets of which no event tells it (%d: %s)? They do not count.", len(tickets), names),
	})
}

// firstContact counts tickets by the day they were first resolved.
func (l level) firstContact() figure {
	type ticketCase struct {
		opened, resolved   time.Time
		contacts, reassign int
		reopened           []time.Time
		out                string
		id                 pact.EventID
		of                 string // priority, when it was first resolved; the first that was told, where that was later
	}
	tickets := map[string]*ticketCase{}
	var order []string
	for _, e := range l.s.counts.events {
		if !strings.HasPrefix(e.Kind, "ticket_") || e.Subject == "" {
			continue
		}
		t := tickets[e.Subject]
		if t == nil {
			t = &ticketCase{}
			tickets[e.Subject] = t
			order = append(order, e.Subject)
		}
		if e.Data.Priority != "" && (t.of == "" || t.resolved.IsZero()) {
			t.of = e.Data.Priority
		}
		switch e.Kind {
		case "ticket_opened":
			t.opened = e.OccurredAt
		case "ticket_cancelled":
			t.out = "cancelled"
		case "ticket_resolved":
			if t.resolved.IsZero() {
				t.resolved, t.id = e.OccurredAt, eventID(e)
			}
			if sameWord("duplicate", e.Data.State) || sameWord("duplicate", e.Data.Reason) {
				t.out = "duplicate"
			}
		case "ticket_contact":
			if !e.OccurredAt.Equal(t.opened) {
				t.contacts++ // the opening was the first
			}
		case "ticket_reassigned":
			t.reassign++
		case "ticket_reopened":
			t.reopened = append(t.reopened, e.OccurredAt)
		}
	}
	slices.Sort(order)
	var f figure
	first, second, reassigned, left := 0, 0, 0, 0
	var untold []string       // tickets whose priority decides and is not known
	var again []int           // days from resolution until opened again, of those that would be resolved at first contact otherwise
	var mayReopen []time.Time // until when those may be opened again of which nothing was heard
	for _, name := range order {
		t := tickets[name]
		if t.resolved.IsZero() || !l.contains(t.resolved) || !l.takes(t.of) {
			continue
		}
		if l.p.Priority != "" && t.of == "" {
			if t.out == "" {
				untold = append(untold, name)
			}
			continue
		}
		if t.out != "" {
			left++
			continue
		}
		f.cases++
		if len(f.ids) < shownSamples {
			f.ids = append(f.ids, t.id)
		}
		switch {
		case t.reassign > 0:
			reassigned++
		case t.contacts > 0:
			second++
		default:
			first++
			// At the very second of the resolution it is opened again, too, in whatever order the two were told.
			if i := slices.IndexFunc(t.reopened, func(at time.Time) bool { return !at.Before(t.resolved) }); i >= 0 {
				again = append(again, calendar.DateIn(t.resolved, l.s.zone).DaysUntil(calendar.DateIn(t.reopened[i], l.s.zone)))
			} else if days := l.p.ReopenDays; days != nil && *days > 0 {
				if last := calendar.DateIn(t.resolved, l.s.zone).AddDays(*days + 1).In(l.s.zone).Add(-time.Second).UTC(); !l.s.a.At.After(last) {
					mayReopen = append(mayReopen, last)
				}
			}
		}
	}
	reopened := func(days int) (n int) {
		for _, d := range again {
			if days > 0 && d <= days {
				n++
			}
		}
		return n
	}
	within, count := "at all", 0
	if days := l.p.ReopenDays; days != nil {
		within, count = "within "+dayCount(*days), reopened(*days)
	}
	f.words = fmt.Sprintf("%d of %d resolved at first contact (%d reassigned, %d contacted again, %d reopened %s; %d cancelled or duplicate do not count)", first-count, f.cases, reassigned, second, count, within, left)
	l.askPriorities(&f, untold)
	if f.cases == 0 || l.few(&f, ratOf(f.cases)) {
		return l.expect(f)
	}
	share := func(n int) *big.Rat { return big.NewRat(int64(n)*100, int64(f.cases)) }
	if l.p.ReopenDays == nil && len(again) > 0 {
		f.asked = &pact.Ambiguity{Code: "reopen_window", Question: fmt.Sprintf("%s opened again after it was resolved. Within how many days does that count against the first contact?", map[bool]string{true: "1 ticket was", false: counts(len(again), "ticket") + " were"}[len(again) == 1])}
		for _, days := range []int{0, 7, 30} {
			reading := "within " + dayCount(days)
			if days == 0 {
				reading = "it does not count"
			}
			v := share(first - reopened(days))
			result := money.RatioString(v, 12, 6) + " %, " + map[bool]string{true: "missed", false: "kept"}[l.missed(v)]
			f.asked.Outcomes = append(f.asked.Outcomes, pact.Outcome{Reading: reading, Result: result, Set: member("reopen_days", days)})
		}
		return f
	}
	f.value = share(first - count)
	slices.SortFunc(mayReopen, time.Time.Compare)
	if n := len(mayReopen); n > 0 && !l.missed(f.value) && l.missed(share(first-count-n)) {
		for n > 0 && l.missed(share(first-count-n)) { // the one after which those that are left can not miss it
			n--
			f.open = mayReopen[len(mayReopen)-1-n]
		}
	}
	return f
}
