package obligation

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// clock is compiled ClockParams: ready to measure tickets.
type clock struct {
	params     ClockParams
	response   bool // ends at the first response; otherwise at the resolution
	cal        *calendar.Calendar
	rule       holdRule
	priority   string
	thresholds []decimal.Decimal
	days       *calendar.Calendar // whose business days a relative target counts; cal is then always open
	siblings   map[string]sibling // the clocks of other priorities, for changes of priority
	described  string             // the target and the hours in words, for the trace
	runsOn     string
}

// sibling is what a priority change needs of the clock before it.
type sibling struct {
	clock *clock
	key   string
}

// run is the measurement of one ticket.
type run struct {
	legs      []leg
	mine      int // index of the last leg with this clock's priority; -1 = never
	start     time.Time
	from      time.Time // since when this priority applies
	left      leg       // the leg after, where the ticket went to another priority
	pieces    []piece   // what counts, as if the clock never ended
	ended     moment
	cancelled moment
	target    time.Duration
	deadline  time.Time // zero where a hold without end comes first
	oldTarget string    // stricter: the key of the clock whose deadline governs
}

// leg is a run of a ticket's life under one priority.
type leg struct {
	from     time.Time
	priority string
	said     string // the priority as the event says it
	id       pact.EventID
	told     time.Time // when the priority was first told, where that is after the opening
}

// unknown tells that a priority decides and nobody told it.
func (r *run) unknown() bool { return r.mine < 0 && r.legs[0].priority == "" }

// newClock checks and compiles parameters.
func newClock(o pact.Obligation, set calendar.Set, response bool) (*clock, error) {
	var p ClockParams
	if err := decode(o.Params, &p); err != nil {
		return nil, err
	}
	c := &clock{params: p, response: response, rule: holdRule{p.Pauses, p.PauseStates}, priority: priority(p.Priority)}
	if err := stopped(p.check(set)); err != nil {
		return nil, err
	}
	hours := set.Resolve(p.Hours)
	if hours.IsZero() {
		hours = calendar.AllHours("UTC")
	}
	var err error
	if c.cal, err = set.Get(hours); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The hours of the obligation can not be used: %v.", err)
	}
	if p.By != nil {
		c.days = c.cal
		if c.cal, err = set.Get(calendar.AllHours(hours.Zone)); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "The zone of the obligation can not be used: %v.", err)
		}
		c.rule.all = p.Pauses && p.ByHolds == "shift"
	}
	if p.Conditions != nil {
		c.rule.all, c.rule.states = p.By == nil || p.ByHolds == "shift", nil // the states decided already
	}
	c.thresholds = slices.Clone(p.Thresholds)
	if len(c.thresholds) == 0 {
		c.thresholds = []decimal.Decimal{decimal.NewFromInt(90)}
	}
	slices.SortFunc(c.thresholds, decimal.Decimal.Cmp)
	c.described, c.runsOn = c.describe(), c.calendarWords()
	return c, nil
}

// legsOf lists the priorities of a ticket until an instant. The first that anything tells holds from the opening: to be triaged
// is no change of priority. Where nothing tells one, the only leg has none.
func (t *ticket) legsOf(until time.Time) []leg {
	legs := make([]leg, 1, len(t.changes)+1)
	legs[0] = leg{from: t.opened, id: t.openedBy}
	for _, ch := range t.changes {
		if ch.priority == "" {
			continue
		}
		if !ch.at.After(t.opened) {
			legs[0] = leg{from: t.opened, priority: ch.priority, said: ch.said, id: ch.id}
			continue
		}
		if legs[0].priority == "" {
			legs[0] = leg{from: t.opened, priority: ch.priority, said: ch.said, id: ch.id, told: ch.at}
			continue
		}
		if !until.IsZero() && !ch.at.Before(until) {
			break
		}
		if last := legs[len(legs)-1]; !samePriority(last.said, ch.said) {
			legs = append(legs, leg{from: ch.at, priority: ch.priority, said: ch.said, id: ch.id})
		}
	}
	return legs
}

func (c *clock) is(l leg) bool {
	return c.priority == "" || c.priority == l.priority || samePriority(c.params.Priority, l.said)
}

// siblingOf is the clock of the priority of a leg.
func (c *clock) siblingOf(l leg) (sibling, bool) {
	if s, ok := c.siblings[l.priority]; ok {
		return s, true
	}
	for _, name := range slices.Sorted(maps.Keys(c.siblings)) {
		if s := c.siblings[name]; samePriority(s.clock.params.Priority, l.said) {
			return s, true
		}
	}
	return sibling{}, false
}

// lastLeg lists the priorities of a ticket until an instant, and which of them is the last with this clock's; -1 = none.
func (c *clock) lastLeg(t *ticket, until time.Time) ([]leg, int) {
	if c.priority == "" {
		return []leg{{from: t.opened, id: t.openedBy}}, 0
	}
	legs, mine := t.legsOf(until), -1
	for i, l := range legs {
		if c.is(l) {
			mine = i
		}
	}
	return legs, mine
}

// judges tells whether a ticket ever had the priority of this clock, or may have: of one whose priority nobody told it must be asked.
func (c *clock) judges(t *ticket) bool {
	if c.priority == "" {
		return true
	}
	ended, cancelled := c.end(t)
	until := ended.at
	if until.IsZero() {
		until = cancelled.at
	}
	legs, mine := c.lastLeg(t, until)
	return mine >= 0 || legs[0].priority == ""
}

// measure applies the clause to a ticket.
func (c *clock) measure(t *ticket) run {
	r := run{start: t.opened, mine: -1}
	r.ended, r.cancelled = c.end(t)
	until := r.ended.at
	if until.IsZero() {
		until = r.cancelled.at
	}
	if r.legs, r.mine = c.lastLeg(t, until); r.mine < 0 {
		return r
	}
	r.from = r.legs[r.mine].from
	if r.mine+1 < len(r.legs) {
		r.left = r.legs[r.mine+1]
	}
	changed := r.mine > 0
	if changed && c.params.OnPriorityChange == "restart" {
		r.start = r.from
	}
	if c.params.OnReopen == "restart" && !c.response {
		for _, m := range t.reopened {
			r.start = later(r.start, m.at)
		}
	}
	r.target = c.target(r.start)
	without := c.without(t, &r, changed)
	stretches := make([]stretch, 0, 4)
	for _, l := range r.legs[:r.mine] {
		stretches = append(stretches, stretch{l.from, c.calendarOf(l)})
	}
	r.pieces = cut(r.start, append(stretches, stretch{r.from, c.cal}), without)
	if at, ok := reach(r.pieces, r.target); ok {
		r.deadline = at
	}
	if !changed {
		return r
	}
	if c.params.OnPriorityChange == "stricter" {
		c.stricter(&r, stretches, without)
	}
	if !r.deadline.IsZero() {
		r.deadline = later(r.deadline, r.from) // never before the moment of the change
	}
	return r
}

// end finds when the clock stops: the response (or the resolution of a ticket nobody responded to), or the resolution
// that the re-open policy lets stand.
func (c *clock) end(t *ticket) (ended, cancelled moment) {
	for i, s := range t.stops {
		final := i == len(t.closed)-1 && t.closed[i].End.IsZero()
		switch {
		case s.cancelled && final:
			cancelled = s.moment
		case s.cancelled:
		case c.response || c.params.OnReopen == "first_cycle_final" || final:
			ended = s.moment
		}
		if !ended.at.IsZero() {
			break
		}
	}
	if c.response && !t.responded.at.IsZero() && (ended.at.IsZero() || !ended.at.Before(t.responded.at)) {
		ended = t.responded
	}
	if !ended.at.IsZero() && !cancelled.at.IsZero() && !cancelled.at.Before(ended.at) {
		cancelled = moment{} // it had ended before
	}
	return ended, cancelled
}

// without lists the spans that do not count.
func (c *clock) without(t *ticket, r *run, changed bool) []calendar.Span {
	if len(t.holds) == 0 && len(t.reopened) == 0 {
		return nil
	}
	spans := make([]calendar.Span, 0, len(t.holds)+len(t.closed))
	for _, h := range t.holds {
		s := h.span
		if changed && c.params.OnPriorityChange == "carry" && s.Start.Before(r.from) {
			clipped, ok := s.Clip(calendar.Span{Start: r.from}) // "carry" counts the holds before the change
			if !ok {
				continue
			}
			s = clipped
		}
		spans = append(spans, s)
	}
	if c.params.OnReopen == "total" {
		return spans
	}
	for _, s := range t.closed {
		if !s.End.IsZero() && (r.ended.at.IsZero() || s.Start.Before(r.ended.at)) { // what follows the end has no influence
			spans = append(spans, s)
		}
	}
	return spans
}

// calendarOf is the calendar of another priority; this clock's own where that one is not known.
func (c *clock) calendarOf(l leg) *calendar.Calendar {
	if s, ok := c.siblingOf(l); ok {
		return s.clock.cal
	}
	return c.cal
}

// stricter keeps the deadline of the target before the change where it is the earlier one.
func (c *clock) stricter(r *run, before []stretch, without []calendar.Span) {
	old, ok := c.siblingOf(r.legs[r.mine-1])
	if !ok {
		return
	}
	at, ok := reach(cut(r.start, before, without), old.clock.target(r.start))
	if ok && (r.deadline.IsZero() || at.Before(r.deadline)) {
		r.deadline, r.oldTarget = at, old.key
	}
}

// target is the time that may count, from the unit of the clause. Units that need a start (the closing of the next
// business day, the same time tomorrow) are measured from the start of the clock, so that holds still move the deadline.
func (c *clock) target(start time.Time) time.Duration {
	if c.params.By != nil {
		// A due time that is already over is due at once: the next second, so that it is not met before it began.
		if at, ok := c.params.By.due(c.days, start); ok {
			return max(at.Sub(start), time.Second)
		}
		return time.Duration(maxTarget) * time.Hour
	}
	n := c.params.Target.Value
	switch c.params.Target.Unit {
	case calendar.Minute:
		return time.Duration(n) * time.Minute
	case calendar.Hour, calendar.BusinessHour:
		return time.Duration(n) * time.Hour
	case calendar.Day, calendar.Week:
		if c.params.Target.Unit == calendar.Week {
			n *= 7
		}
		t := start.In(c.cal.Zone())
		return time.Date(t.Year(), t.Month(), t.Day()+n, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), c.cal.Zone()).Sub(start)
	case calendar.BusinessDay:
		if c.params.DayRule != "end_of_day" {
			day, _ := c.cal.WorkingDay() // checked
			return time.Duration(n) * day
		}
		last, ok := c.cal.AddBusinessDays(calendar.DateIn(start, c.cal.Zone()), n)
		if !ok {
			return time.Duration(n) * 24 * time.Hour
		}
		closing, _ := c.cal.Closing(last)
		return c.cal.Between(start, closing)
	}
	return 0
}

// share is the least counted time at which a percentage of the target is reached.
func share(target time.Duration, percent decimal.Decimal) time.Duration {
	if n, places := percent.CoefficientInt64(), -percent.Exponent(); target > 0 && n > 0 && places >= 0 && places <= 6 && percent.Coefficient().IsInt64() {
		hundred := uint64(100)
		for range places {
			hundred *= 10
		}
		if high, low := bits.Mul64(uint64(target), uint64(n)); high < hundred {
			whole, rest := bits.Div64(high, low, hundred)
			if rest > 0 {
				whole++
			}
			return time.Duration(whole)
		}
	}
	exact := new(big.Rat).Mul(percent.Rat(), big.NewRat(int64(target), 100))
	up := new(big.Int).Add(exact.Num(), new(big.Int).Sub(exact.Denom(), big.NewInt(1)))
	return time.Duration(new(big.Int).Quo(up, exact.Denom()).Int64())
}

// maxTarget bounds targets: longer ones are a mistake in reading.
const maxTarget = 20 * 365 * 24

// check lists what is missing or unclear.
func (p ClockParams) check(set calendar.Set) []pact.Ambiguity {
	var q questions
	hours := set.Resolve(p.Hours)
	if p.Conditions != nil {
		p.Conditions.check(&q)
	}
	if p.By != nil {
		if p.Target.Value != 0 {
			q.choose("by", sprintf("There are a target of %s and a due time. Which one governs?", p.Target),
				pact.Outcome{Reading: "the target, " + p.Target.String(), Set: `"by": null`}, pact.Outcome{Reading: "the due time", Set: `"target": null`})
		}
		p.By.check(hours, &q)
		if (p.Pauses || p.Conditions != nil && len(p.Conditions.Pause) > 0) && p.ByHolds == "" {
			q.choose("by_holds", "A hold stops the clock, but the target is a due time. Does a hold move the due time by as long as it lasted, or does it stand?",
				pact.Outcome{Reading: "it stands", Set: member("by_holds", "ignore")}, pact.Outcome{Reading: "a hold moves it", Set: member("by_holds", "shift")})
		}
		q.oneOf("by_holds", p.ByHolds, "", "ignore", "shift")
	} else if err := p.Target.Check(); err != nil || p.Target.Value == 0 {
		q.ask("target", "The target has no usable length (%s). How long may it take?", p.Target)
	} else if p.Target.Value > maxTarget && p.Target.Unit != calendar.Minute || p.Target.Value > maxTarget*60 {
		q.ask("target", "A target of %s is out of range. How long may it take?", p.Target)
	}
	if !hours.IsZero() {
		if _, err := set.Get(hours); err != nil { // checks, and keeps the compiled calendar
			q.ask("hours", "The hours can not be used: %v. When does the clock run?", err)
			return q
		}
	}
	switch p.Target.Unit {
	case calendar.Minute, calendar.Hour:
	case "":
		if p.By == nil && p.Target.Value != 0 {
			q.ask("unit", "A target in %ss can not run on a clock. How many hours or days are meant?", p.Target.Unit)
		}
	case calendar.BusinessHour, calendar.BusinessDay:
		if hours.IsZero() {
			q.ask("hours_missing", "The target is %s, but no business hours are stated. Which hours and which zone count?", p.Target)
			return q
		}
		if hours.Always {
			running := p.Target
			running.Unit = map[calendar.Unit]calendar.Unit{calendar.BusinessHour: calendar.Hour, calendar.BusinessDay: calendar.Day}[p.Target.Unit]
			q.choose("unit", sprintf("The target is %s, and the hours are always open. Is it running time, or within which business hours is it counted?", p.Target),
				pact.Outcome{Reading: "running time, " + running.String(), Set: member("target", running)})
		}
		if p.Target.Unit == calendar.BusinessDay && p.DayRule != "end_of_day" {
			cal, err := set.Get(hours)
			if err == nil {
				if _, ok := cal.WorkingDay(); !ok && p.DayRule == "working_time" {
					q.choose("business_day", sprintf("The target is %s of working time, but working days differ in length (%s). How many business hours are meant (a target in business hours), or is it the closing time of that day (day_rule end_of_day)?", p.Target, lengths(cal.WorkingDays())), p.businessDays(cal.WorkingDays())...)
				} else if !ok {
					q.choose("business_day", sprintf("The target is %s, but working days differ in length (%s). Is it so much working time, or the closing time of that day?", p.Target, lengths(cal.WorkingDays())), p.businessDays(cal.WorkingDays())...)
				}
			}
		}
		if p.Target.Unit == calendar.BusinessDay && p.Target.Value > 5000 {
			q.ask("target", "A target of %s is out of range. How long may it take?", p.Target)
		}
	case calendar.Day, calendar.Week:
		if !hours.IsZero() && !hours.Always {
			q.choose("day_meaning", sprintf("The target is %s on a calendar that closes. Does a day mean a business day, or a calendar day?", p.Target), p.days(hours)...)
		}
		if p.Target.Value > 5000 {
			q.ask("target", "A target of %s is out of range. How long may it take?", p.Target)
		}
	default:
		q.ask("unit", "A target in %ss can not run on a clock. How many hours or days are meant?", p.Target.Unit)
	}
	if !p.Pauses && len(p.PauseStates) > 0 && p.Conditions == nil {
		q.choose("pauses", sprintf("States that hold the clock are named (%s), and it is not said that holds stop it. Do they?", strings.Join(p.PauseStates[:min(len(p.PauseStates), 5)], ", ")),
			pact.Outcome{Reading: "they stop the clock", Set: member("pauses", true)}, pact.Outcome{Reading: "no hold stops it", Set: `"pause_states": null`})
	}
	q.oneOf("day_rule", p.DayRule, "", "working_time", "end_of_day")
	q.oneOf("on_priority_change", p.OnPriorityChange, "", "carry_minus_pauses", "carry", "restart", "stricter")
	q.oneOf("on_reopen", p.OnReopen, "", "resume", "restart", "total", "first_cycle_final")
	q.thresholds(p.Thresholds)
	return q
}

// businessDays are the ways to count a target in business days that differ in length.
func (p ClockParams) businessDays(lengths []time.Duration) []pact.Outcome {
	out := []pact.Outcome{{Reading: "the closing time of that day", Set: member("day_rule", "end_of_day")}}
	for _, one := range lengths {
		if target := one * time.Duration(p.Target.Value); target%time.Hour == 0 {
			hours := calendar.Duration{Value: int(target / time.Hour), Unit: calendar.BusinessHour}
			out = append(out, pact.Outcome{Reading: hours.String() + " of working time", Set: member("target", hours)})
		}
	}
	return out
}

// days are what a target in days or weeks may mean on a calendar that closes.
func (p ClockParams) days(hours calendar.Hours) []pact.Outcome {
	set := func(target calendar.Duration, more string) string { return member("target", target) + more }
	business := calendar.Duration{Value: p.Target.Value, Unit: calendar.BusinessDay}
	if p.Target.Unit == calendar.Week {
		days := map[string]bool{}
		for _, w := range hours.Week {
			for _, d := range w.Days {
				days[d] = true
			}
		}
		business.Value *= max(1, len(days))
	}
	always := `, "hours": {"always": true, "week": null, "holidays": null, "holiday_region": null, ` + member("zone", cmp.Or(hours.Zone, "UTC")) + `, "name": "24x7"}`
	return []pact.Outcome{
		{Reading: business.String() + ", as working time", Set: set(business, `, "day_rule": "working_time"`)},
		{Reading: business.String() + ", until the closing time of that day", Set: set(business, `, "day_rule": "end_of_day"`)},
		{Reading: p.Target.String() + " of the calendar", Set: set(p.Target, always)},
	}
}

// lengths writes lengths of days: "8 h, 4 h 30 min".
func lengths(list []time.Duration) string {
	var out []string
	for _, d := range list {
		s := fmt.Sprintf("%d h", int(d.Hours()))
		if m := d % time.Hour; m > 0 {
			s += fmt.Sprintf(" %d min", int(m.Minutes()))
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

// questions collects what a reviewer must answer.
type questions []pact.Ambiguity

func (q *questions) ask(code, format string, args ...any) {
	*q = append(*q, pact.Ambiguity{Code: code, Question: sprintf(format, args...)})
}

// share asks about a promise of at least a share, in percent, that was given as a ratio: 0.85 is 85 %, and nobody
// promises at least 0.85 %.
func (q *questions) share(target decimal.Decimal) {
	if target.IsPositive() && money.Sane(target) && target.LessThanOrEqual(decimal.NewFromInt(1)) {
		q.ask("target", "At least %s %% promises next to nothing. If the target was given as a ratio, it is %s %%. Which percentage is promised?", target, target.Shift(2))
	}
}

func (q *questions) oneOf(name, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		q.ask(name, "%q is not a known value of %s; use one of %s.", short(value), name, allowed[1:])
	}
}

func (q *questions) thresholds(list []decimal.Decimal) {
	if len(list) > 20 {
		q.ask("thresholds", "There are more than 20 thresholds.")
		return
	}
	for _, t := range list {
		if !money.Sane(t) || !t.IsPositive() || t.GreaterThan(decimal.NewFromInt(100)) {
			q.ask("thresholds", "A threshold of %s %% can not be meant: it must lie above 0, and 100 is the breach itself.", t)
			return
		}
	}
}
