package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// RecurringParams are the parameters of recurring_duty: "a monthly report by the 5th".
type RecurringParams struct {
	Item   string `json:"item,omitempty"`                                                      // what is due, as data.item of events done and submitted names it
	Period string `json:"period,omitempty" enum:"week,two_weeks,month,quarter,half_year,year"` // how often it is due; absent: each month
	// Anchor: first day of one of the periods, needed for two_weeks; absent: those of the calendar, weeks from Monday.
	Anchor calendar.Date `json:"anchor,omitempty"`
	// Of weeks, Day is the day of the week (or of the two weeks) after it (1 is the first; -1 the last), and with InPeriod of the week itself.
	// One of: Day of the month after the period (5; -1 is the last day; a day the month does not have is its last), BusinessDay of it
	// (the fifth; -1 the last, as is one it does not have), or After the end of the period. With InPeriod the day lies in the last month of
	// the period itself.
	Day int `json:"day,omitempty"`
	// BusinessDay: number of the business day of the month or week after the period on which it is due; -1 is the last; instead of day.
	BusinessDay int `json:"business_day,omitempty"`
	// After: time from the last day of the period: days, business days, weeks or months; instead of day.
	After *calendar.Duration `json:"after,omitempty"`
	// InPeriod: day and business_day lie in the period itself, in its last month; absent: after it.
	InPeriod bool `json:"in_period,omitempty"`
	// Roll: where a due day goes that is no business day; absent or none: it stays.
	Roll  calendar.Roll  `json:"roll,omitempty" enum:"following,modified_following,preceding,none"`
	Hours calendar.Hours `json:"hours,omitzero"` // whose business days count; absent: Monday to Friday
	// Zone: IANA name of the zone in which days begin; absent: that of hours, else UTC.
	Zone string `json:"zone,omitempty"`
	// Survives: what was to come is still due after the clause has ended.
	Survives bool         `json:"survives,omitempty"`
	Late     *LatePenalty `json:"late,omitempty"` // what it costs to be late; absent: nothing
	// MidPeriod says which terms govern a period within which an amendment changes them: those at its start (start), or those after the
	// change (amended). The version that the change gives says it. Absent: it is asked, where it matters.
	MidPeriod string `json:"mid_period,omitempty" enum:"start,amended"`
	// Waiver says what a waiver of some days lets go of: what falls due on them (due), or what they are about, so that what falls due on them
	// from before is still due (about). Absent: it is asked, where it matters.
	Waiver string `json:"waiver,omitempty" enum:"due,about"`
}

// LatePenalty is what a late or missing performance costs.
type LatePenalty struct {
	Fixed  *money.Amount `json:"fixed,omitempty"`   // a sum once, however late it is
	PerDay *money.Amount `json:"per_day,omitempty"` // a sum for each day of the calendar that it is late
	Cap    *money.Amount `json:"cap,omitempty"`     // the most in all; absent: no cap
}

// RecurringDuty judges what is due again and again: reports, reviews, certificates of compliance. Occurrences are periods. Done by
// events done or submitted, of the period they name (data.month), or of the last one that had ended.
type RecurringDuty struct{}

// Name is recurring_duty.
func (RecurringDuty) Name() string { return "recurring_duty" }

// Params gives empty RecurringParams.
func (RecurringDuty) Params() any { return RecurringParams{} }

// Check asks for what the due day needs.
func (RecurringDuty) Check(o pact.Obligation) []pact.Ambiguity { return ask[RecurringParams](o) }

func (p RecurringParams) zoneName() string { return cmp.Or(p.Zone, p.Hours.Zone) }
func (p RecurringParams) cycle() cycle     { return cycle{p.Period, p.Anchor} }

func (p RecurringParams) check() []pact.Ambiguity {
	var q questions
	q.midPeriod(p.MidPeriod)
	q.waiver(p.Waiver)
	q.oneOf("period", p.Period, "", "week", "two_weeks", "month", "quarter", "half_year", "year")
	if n := p.cycle().days(); n > 0 && (p.Day > n || p.BusinessDay > n) {
		q.ask("day", "There is no such day of a week.")
	}
	if p.Period == "two_weeks" && p.Anchor == "" {
		q.ask("anchor", "On which day does one of the runs of two weeks begin?")
	}
	rules := 0
	for _, set := range []bool{p.Day != 0, p.BusinessDay != 0, p.After != nil} {
		if set {
			rules++
		}
	}
	if rules != 1 {
		q.ask("day", "By when is it due: a day of the month, a business day of it, or a time after the period?")
	}
	if p.Day < -1 || p.Day > 31 || p.BusinessDay < -1 || p.BusinessDay > 23 {
		q.ask("day", "There is no such day of a month.")
	}
	if p.After != nil && (p.After.Check() != nil || p.After.Value > 3660 || !slices.Contains([]calendar.Unit{calendar.Day, calendar.Week, calendar.UnitMonth, calendar.BusinessDay}, p.After.Unit)) {
		q.ask("after", "A time of %s after the period can not be counted in days.", p.After)
	}
	if err := p.Roll.Check(); err != nil {
		q.ask("roll", "%v", err)
	}
	q.zone(p.zoneName())
	p.Late.check(&q)
	return q
}

func (l *LatePenalty) check(q *questions) {
	if l == nil {
		return
	}
	q.amount("late", "late.fixed", l.Fixed)
	q.amount("late", "late.per_day", l.PerDay)
	q.amount("late", "late.cap", l.Cap)
	if l.Fixed == nil && l.PerDay == nil {
		q.ask("late", "What does it cost: once, or for each day?")
	}
	q.oneCurrency("late", "The sums for being late and their cap", l.Fixed, l.PerDay, l.Cap)
}

// sum is what it costs to be late: once, and for each day. What was due at a time of the day can be late by no day.
func (l *LatePenalty) sum(s *sheet, days int) {
	if l == nil {
		return
	}
	exact, cur := new(big.Rat), ""
	if l.Fixed != nil {
		exact, cur = l.Fixed.Ratio(), l.Fixed.Currency
		s.add("sum for being late", "once", l.Fixed.String())
	}
	if l.PerDay != nil {
		part := mul(l.PerDay.Ratio(), ratOf(days))
		cur = l.PerDay.Currency
		exact = plus(exact, part)
		s.add("sum for each day late", fmt.Sprintf("%s × %d", l.PerDay, days), exactText(part, cur))
	}
	if l.Cap != nil && l.Cap.Ratio().Cmp(exact) < 0 {
		exact = l.Cap.Ratio()
		s.add("cap", l.Cap.String(), "cut to "+l.Cap.String())
	}
	s.owe(s.sum("for being late", exact, cur, ""))
}

// Occurrences lists the periods whose end lies in the time asked for. After the end of the clause there are none, unless it survives.
func (RecurringDuty) Occurrences(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	var p RecurringParams
	if decode(o.Params, &p) != nil || len(p.check()) > 0 {
		return nil
	}
	zone := zoneOf(p.zoneName())
	var out []pact.Occurrence
	for _, one := range p.cycle().within(period, o.InForce) {
		if !p.Survives && o.InForce.Until != "" && one.Until > o.InForce.Until {
			continue // its period is not over when the clause ends
		}
		occ := occurrence(o, p.cycle().key(one), cmp.Or(p.Item, o.Title)+" for "+p.cycle().key(one), calendar.Span{Start: one.From.In(zone).UTC(), End: one.Until.In(zone).UTC()})
		out = append(out, occ)
	}
	return out
}

// dueOf is the day a period's performance is due.
func (p RecurringParams) dueOf(s *sheet, one calendar.Period, days *calendar.Calendar) (calendar.Date, error) {
	first := (one.Until[:8] + "01")
	if p.InPeriod {
		first = (one.Until.AddDays(-1)[:8] + "01")
	}
	last, named := first.AddMonths(1).AddDays(-1), string(first[:7])
	if n := p.cycle().days(); n > 0 {
		first = one.Until
		if p.InPeriod {
			first = one.From
		}
		last, named = first.AddDays(n-1), map[int]string{7: "the week from ", 14: "the two weeks from "}[n]+string(first)
	}
	var due calendar.Date
	var words string
	switch {
	case p.After != nil:
		var err error
		if due, err = s.after(one.Until.AddDays(-1), *p.After, days); err != nil {
			return "", err
		}
		words = fmt.Sprintf("%s after the end of the period, %s", p.After, one.Until.AddDays(-1))
	case p.BusinessDay != 0:
		d, ok := days.Roll(last, calendar.Preceding)
		if !ok {
			return "", fault.New(fault.Invalid, "There is no business day near %s.", last)
		}
		due, words = d, "last business day of "+named
		if n := p.BusinessDay; n > 0 {
			words = ordinal(n) + " business day of " + named
			if d, ok := days.AddBusinessDays(first.AddDays(-1), n); ok && d <= last {
				due = d
			} else {
				words += ", which has fewer: the last"
			}
		}
	case p.Day == -1:
		due, words = last, "last day of "+named
	default:
		due, words = min(first.AddDays(p.Day-1), last), fmt.Sprintf("day %d of %s", p.Day, named)
	}
	s.add("due", words, dayText(due))
	return s.roll(due, p.Roll, days)
}

// Assess judges one period.
func (k RecurringDuty) Assess(in Input) (pact.Assessment, error) {
	a, unclear, err := k.assess(in, unnamedAsked)
	if err != nil || unclear == nil {
		return a, err
	}
	return in.underWhich(*unclear, "Several duties are due for "+short(in.Occurrence.Key), func(whose string) (pact.Assessment, error) {
		a, _, err := k.assess(in, whose)
		return a, err
	})
}

// assess judges one period; unclear is what was done of which nothing tells which of several duties it does. What names none is taken as whose
// says.
func (RecurringDuty) assess(in Input, whose string) (a pact.Assessment, unclear *unclear, err error) {
	p, s, one, done, err := beginCycle[RecurringParams](in)
	if err != nil || done {
		return *s.a, nil, err
	}
	days, err := s.business(p.Hours)
	if err != nil {
		return pact.Assessment{}, nil, err
	}
	due, err := p.dueOf(s, one, days)
	if err != nil {
		return pact.Assessment{}, nil, err
	}
	s.a.DueAt, s.a.Measured = s.end(due), string(due)
	if why := in.waived(due); why != "" {
		still := s.quiet()
		still.tracer.clause, still.passages, still.decided = s.clause, s.passages, s.decided
		e, ok, unclear := still.doneFor(p, one, days, whose)
		if unclear != nil {
			return *s.a, unclear, nil
		}
		if still.perform(due, e, ok, p.Late); still.a.Status != pact.Met {
			return s.waivedDue(due, why, p.Waiver, *still.a), nil, nil
		}
		*s.a = *still.a
		return *s.a, nil, nil
	}
	if held := in.heldBy(calendar.Period{From: one.From, Until: due.AddDays(1)}, func(pact.Obligation) bool { return true }); !p.Survives && held.Until != "" && due >= held.Until {
		s.a.Status = pact.Excused
		s.add("falls due after the end", fmt.Sprintf("the clause holds until %s and does not survive", dayText(held.Until.AddDays(-1))), "not due any more")
		return *s.a, nil, nil
	}
	e, ok, unclear := s.doneFor(p, one, days, whose)
	if unclear != nil {
		return *s.a, unclear, nil
	}
	s.perform(due, e, ok, p.Late)
	s.undone(in.Obligation.Key, in.Occurrence.Key)
	return *s.a, nil, nil
}

// perform judges a performance against the end of a day.
func (s *sheet) perform(due calendar.Date, e pact.Event, done bool, late *LatePenalty) {
	switch {
	case done && s.dateOf(e) <= due:
		s.use(e)
		s.a.Status, s.a.EndedAt = pact.Met, s.instant(e)
		s.add("done in time", dayText(s.dateOf(e))+" against "+dayText(due), string(pact.Met), idOf(e))
	case done:
		s.use(e)
		n := due.DaysUntil(s.dateOf(e))
		s.a.Status, s.a.BreachedAt, s.a.EndedAt = pact.Breached, s.end(due), s.instant(e)
		s.add("done late", fmt.Sprintf("%s, %s after %s", dayText(s.dateOf(e)), dayCount(n), dayText(due)), string(pact.Breached), idOf(e))
		late.sum(s, n)
	case s.over(due):
		s.a.Status, s.a.BreachedAt = pact.Breached, s.end(due)
		s.add("not done", "due by "+dayText(due), string(pact.Breached))
		late.sum(s, due.DaysUntil(s.today))
	default:
		s.a.Status, s.a.NextAt = pact.OnTrack, s.end(due)
		s.add("open", "due by "+dayText(due), string(pact.OnTrack))
	}
}

// ConditionalParams are the parameters of conditional_duty: "within 30 days after a change of control".
type ConditionalParams struct {
	// Item is what is due, as data.item of events done and cured names it, where one trigger starts several duties: what names an item does that
	// duty only. Where several wait on one trigger and nothing tells which was done, it is asked.
	Item string `json:"item,omitempty"`
	// Trigger is what starts it: data.item of events trigger; events breach and default start it too where OnKinds names them.
	Trigger string `json:"trigger,omitempty"`
	// OnKinds: kinds of events that start the duty; absent: trigger alone.
	OnKinds []string `json:"on_kinds,omitempty" enum:"trigger,breach,default,delivery,accepted,rejected,milestone,notice_received,certificate_cancelled"`
	// Within is the time from the trigger, its day not counted; hours run from its instant.
	Within calendar.Duration `json:"within"`
	Roll   calendar.Roll     `json:"roll,omitempty" enum:"following,modified_following,preceding,none"` // where the last day goes if it is no business day; absent: it stays
	Hours  calendar.Hours    `json:"hours,omitzero"`                                                    // whose business days count; absent: Monday to Friday
	// Zone: IANA name of the zone in which days begin; absent: that of hours, else UTC.
	Zone string `json:"zone,omitempty"`
	// EvidenceRequired: a trigger without data.approved_by or data.url is not proven; nothing is due, and it is asked about.
	EvidenceRequired bool `json:"evidence_required,omitempty"`
	// Cure: who is late is only in breach if it is not cured (event done or cured) within this time after notice (event notice_sent or
	// notice_received about the same subject).
	Cure *calendar.Duration `json:"cure,omitempty"`
	Late *LatePenalty       `json:"late,omitempty"` // what it costs to be late; absent: nothing
	// Waiver says what a waiver of some days lets go of: what falls due on them (due), or what they are about, so that what falls due on them
	// from before is still due (about). Absent: it is asked, where it matters.
	Waiver string `json:"waiver,omitempty" enum:"due,about"`
}

// ConditionalDuty judges duties that something starts, with periods to cure. Occurrences are triggers, keyed by their subject.
type ConditionalDuty struct{}

// Name is conditional_duty.
func (ConditionalDuty) Name() string { return "conditional_duty" }

// Params gives empty ConditionalParams.
func (ConditionalDuty) Params() any { return ConditionalParams{} }

// Check asks for what the duty needs.
func (ConditionalDuty) Check(o pact.Obligation) []pact.Ambiguity { return ask[ConditionalParams](o) }

// Occurrences lists none: triggers open them.
func (ConditionalDuty) Occurrences(pact.Obligation, calendar.Period) []pact.Occurrence { return nil }

func (p ConditionalParams) zoneName() string { return cmp.Or(p.Zone, p.Hours.Zone) }

func (p ConditionalParams) check() []pact.Ambiguity {
	var q questions
	q.waiver(p.Waiver)
	if p.Trigger == "" && len(p.OnKinds) == 0 {
		q.ask("trigger", "What starts the duty?")
	}
	for _, d := range []*calendar.Duration{&p.Within, p.Cure} {
		if d == nil {
			continue
		}
		if d.Check() != nil || d.Value > 36_600 || !slices.Contains([]calendar.Unit{calendar.Hour, calendar.Day, calendar.Week, calendar.UnitMonth, calendar.Year, calendar.BusinessDay}, d.Unit) {
			q.ask("within", "Within which time? %s can not be counted.", d)
		}
	}
	if err := p.Roll.Check(); err != nil {
		q.ask("roll", "%v", err)
	}
	q.zone(p.zoneName())
	p.Late.check(&q)
	return q
}

func (p ConditionalParams) starts(e pact.Event) bool {
	return slices.Contains(p.onKinds(), e.Kind) && (p.Trigger == "" || sameWord(p.Trigger, e.Data.Item) || e.Kind != "trigger" && e.Data.Item == "")
}

func (p ConditionalParams) onKinds() []string {
	if len(p.OnKinds) == 0 {
		return []string{"trigger"}
	}
	return p.OnKinds
}

func triggerKey(e pact.Event) string { return cmp.Or(e.Subject, e.ExternalID) }

// Opened lists the triggers.
func (ConditionalDuty) Opened(o pact.Obligation, events []pact.Event) []pact.Occurrence {
	var p ConditionalParams
	if decode(o.Params, &p) != nil {
		return nil
	}
	var mine []pact.Event
	for _, e := range events {
		if p.startedBy(e, o.Key) || e.Replaces != "" {
			mine = append(mine, e)
		}
	}
	key := func(e pact.Event) string {
		if StatedTrigger(e) && !p.startedBy(e, o.Key) {
			return "" // a word about another duty, which replaces one
		}
		return triggerKey(e)
	}
	return opened(o, p.zoneName(), mine, key, "trigger", "breach", "default", "delivery", "accepted", "rejected", "milestone", "notice_received", "certificate_cancelled")
}

// Assess judges one trigger.
func (k ConditionalDuty) Assess(in Input) (pact.Assessment, error) {
	a, unclear, err := k.assess(in, unnamedAsked)
	if err != nil || unclear == nil {
		return a, err
	}
	return in.underWhich(*unclear, "Several duties wait on "+short(in.Occurrence.Key), func(whose string) (pact.Assessment, error) {
		a, _, err := k.assess(in, whose)
		return a, err
	})
}

// assess judges one trigger; open is what was done of which nothing tells which of several duties it does. What names none is taken as whose says.
func (ConditionalDuty) assess(in Input, whose string) (a pact.Assessment, open *unclear, err error) {
	all := func(p ConditionalParams, s *sheet) []pact.Event {
		var all []pact.Event
		for e := range s.counts.about([]string{in.Occurrence.Key}, append(slices.Clone(p.onKinds()), "trigger")...) {
			if p.startedBy(*e, in.Obligation.Key) && triggerKey(*e) == in.Occurrence.Key {
				all = append(all, *e)
			}
		}
		return inDays(all, s.zone)
	}
	find := func(p ConditionalParams, s *sheet) (pact.Event, bool) {
		if list := all(p, s); len(list) > 0 {
			return list[0], true
		}
		return pact.Event{}, false
	}
	p, s, done, err := begin(in, func(p ConditionalParams, s *sheet) calendar.Date {
		if e, ok := find(p, s); ok {
			return s.dateOf(e)
		}
		return ""
	})
	if err != nil || done {
		return *s.a, nil, err
	}
	trigger, ok := find(p, s)
	if !ok {
		s.add("nothing has started it", "", "the trigger is not known at this instant")
		return s.done(pact.Pending), nil, nil
	}
	s.use(trigger)
	s.add("started by", cmp.Or(trigger.Data.Item, trigger.Kind), dayText(s.dateOf(trigger)), idOf(trigger))
	if p.EvidenceRequired && trigger.Data.ApprovedBy == "" && trigger.Data.URL == "" {
		s.ask("trigger_evidence", fmt.Sprintf("%s was reported without evidence. Did it happen?", cmp.Or(trigger.Data.Item, trigger.Kind)))
		return s.done(pact.Pending), nil, nil
	}
	if p.Within.Unit == calendar.Hour && enteredLater(trigger, s.zone) {
		s.ask("trigger_time", fmt.Sprintf("%s was entered for %s without its time, and %s run from it. At what time was it? Report it at that time.", cmp.Or(trigger.Data.Item, trigger.Kind), dayText(s.dateOf(trigger)), p.Within))
		return s.done(pact.Pending), nil, nil
	}
	days, err := s.business(p.Hours)
	if err != nil {
		return pact.Assessment{}, nil, err
	}
	c := conditional{p: p, s: s, trigger: trigger, days: days, whose: whose}
	c.others = c.rivals()
	if _, err := c.judge(); err != nil {
		return pact.Assessment{}, nil, err
	}
	if c.unclear != nil {
		return *s.a, &unclear{*c.unclear, c.others}, nil
	}
	due := calendar.Date(s.a.Measured)
	if why := in.waived(due); why != "" && s.a.Status != pact.Met && s.a.Status != pact.Excused {
		still := *s.a
		s.a.BreachedAt, s.a.EndedAt = time.Time{}, time.Time{}
		return s.waivedDue(due, why, p.Waiver, still), nil, nil
	}
	s.undone(in.Occurrence.Key, in.Obligation.Key)
	s.startedAgain(trigger, all(p, s))
	return *s.a, nil, nil
}

// startedAgain asks about what started the duty on a later day under the same name: one name is one matter, and only the first is judged.
func (s *sheet) startedAgain(first pact.Event, all []pact.Event) {
	for _, e := range all {
		if s.dateOf(e) == s.dateOf(first) {
			continue
		}
		s.use(e)
		s.add("started again", dayText(s.dateOf(e)), "not judged: it is about the same matter", idOf(e))
		s.a.Ambiguities = append(s.a.Ambiguities, pact.Ambiguity{Code: "started_again", Question: fmt.Sprintf("%s was started again on %s. Where that is a matter of its own, report it with a subject of its own.", short(s.in.Occurrence.Key), dayText(s.dateOf(e)))})
	}
}

type conditional struct {
	p       ConditionalParams
	s       *sheet
	trigger pact.Event
	days    *calendar.Calendar
	others  []pact.Obligation // that the same event started
	whose   string            // what was done and names none of them is taken for this one, for others, or asked about
	unclear *pact.Event       // what is asked about
}

// until is the instant at which a time after an event is over.
func (c conditional) until(e pact.Event, within calendar.Duration, what string) (time.Time, calendar.Date, error) {
	s := c.s
	if within.Unit == calendar.Hour {
		at := e.OccurredAt.Add(time.Duration(within.Value) * time.Hour)
		s.add(what, fmt.Sprintf("%s after %s", within, local(e.OccurredAt, s.zone)), local(at, s.zone), idOf(e))
		return at.UTC(), calendar.DateIn(at, s.zone), nil
	}
	on, err := s.after(s.dateOf(e), within, c.days)
	if err != nil {
		return time.Time{}, "", err
	}
	s.add(what, fmt.Sprintf("%s after %s, the day itself not counted", within, dayText(s.dateOf(e))), dayText(on), idOf(e))
	if on, err = s.roll(on, c.p.Roll, c.days); err != nil {
		return time.Time{}, "", err
	}
	return s.end(on), on, nil
}

// inTime tells whether something came in time. A time in hours ends at an instant, and what is done at that very instant is done within
// it; one in days ends with its last day, and the day that an event stands for counts, whatever instant it carries.
func (c conditional) inTime(within calendar.Duration, e pact.Event, end time.Time, last calendar.Date) bool {
	if within.Unit == calendar.Hour {
		return !e.OccurredAt.After(end)
	}
	return c.s.dateOf(e) <= last
}

// performed finds the first event that does it, from the trigger on.
func (c *conditional) performed() (pact.Event, bool) {
	var unnamed *pact.Event
	for _, e := range c.s.of(c.s.in.Occurrence.Key, conditionalDone()...) {
		if e.Data.ApprovedBy != "" && e.Data.Reference != "" && e.Data.Reference != c.s.in.Obligation.Key {
			continue // somebody's answer about another duty that the same trigger started
		}
		if elsewhere(e, c.s.in.Obligation, c.s.in.Occurrence.Key) {
			continue
		}
		mine, unclear := c.does(e, c.others)
		if !mine && !unclear || unclear && c.whose == unnamedOthers {
			continue
		}
		if c.s.order(e, c.trigger) >= 0 {
			if !unclear {
				return e, true
			}
			if unnamed == nil {
				unnamed = &e
			}
			continue
		}
		if c.s.dateOf(e) == c.s.dateOf(c.trigger) {
			c.s.use(e)
			c.s.add("done before it was started", c.s.moment(e), "does not count", idOf(e))
		}
	}
	if unnamed == nil {
		return pact.Event{}, false
	}
	if c.whose == unnamedAsked {
		c.unclear = unnamed
	}
	return *unnamed, true
}

func (c *conditional) judge() (pact.Assessment, error) {
	s := c.s
	due, on, err := c.until(c.trigger, c.p.Within, "due")
	if err != nil {
		return pact.Assessment{}, err
	}
	s.a.DueAt, s.a.Measured = due, string(on)
	e, done := c.performed()
	switch {
	case done && c.inTime(c.p.Within, e, due, on):
		s.use(e)
		s.a.EndedAt = s.instant(e)
		s.add("done in time", s.moment(e), string(pact.Met), idOf(e))
		return s.done(pact.Met), nil
	case s.a.At.Before(due):
		s.a.NextAt = due
		s.add("open", "due until "+local(due, s.zone), string(pact.OnTrack))
		return s.done(pact.OnTrack), nil
	}
	if c.p.Cure != nil {
		return c.cure(due, e, done)
	}
	return c.breached(due, on, e, done), nil
}

func (c conditional) breached(at time.Time, on calendar.Date, e pact.Event, done bool) pact.Assessment {
	s := c.s
	s.a.BreachedAt = at
	until := s.today
	if done {
		s.use(e)
		until = s.dateOf(e)
		s.a.EndedAt = s.instant(e)
		s.add("done late", s.moment(e), string(pact.Breached), idOf(e))
	} else {
		s.add("not done", "until "+local(s.a.At, s.zone), string(pact.Breached))
	}
	c.p.Late.sum(s, on.DaysUntil(until))
	return s.done(pact.Breached)
}

// missed tells whether an event came after the time to do it was over, at an instant. One that names a day alone came before, where that
// day began before.
func (c conditional) missed(e pact.Event, due time.Time) bool {
	if e.Data.Date != "" {
		return !c.s.start(e.Data.Date).Before(due)
	}
	return !e.OccurredAt.Before(due)
}

// cure stacks the period to cure on the missed day: it begins with notice, and without notice there is no breach yet.
func (c conditional) cure(due time.Time, e pact.Event, done bool) (pact.Assessment, error) {
	s := c.s
	s.add("not done in time", "due until "+local(due, s.zone), "to be cured within "+c.p.Cure.String()+" after notice")
	var notice pact.Event
	for _, n := range s.of(s.in.Occurrence.Key, "notice_sent", "notice_received") {
		if c.missed(n, due) {
			notice = n
			break
		}
		s.use(n)
		s.add("notice before the default", s.moment(n), "starts no time to cure", idOf(n))
	}
	if notice.Kind == "" {
		if done {
			s.use(e)
			s.a.EndedAt = s.instant(e)
			s.add("cured before notice", s.moment(e), string(pact.Excused), idOf(e))
			return s.done(pact.Excused), nil
		}
		s.add("no notice", "", "the time to cure has not begun")
		return s.done(pact.AtRisk), nil
	}
	s.use(notice)
	end, day, err := c.until(notice, *c.p.Cure, "to be cured by")
	if err != nil {
		return pact.Assessment{}, err
	}
	s.a.DueAt = end
	switch {
	case done && c.inTime(*c.p.Cure, e, end, day):
		s.use(e)
		s.a.EndedAt = s.instant(e)
		s.add("cured in time", s.moment(e), string(pact.Excused), idOf(e))
		return s.done(pact.Excused), nil
	case s.a.At.Before(end):
		s.a.NextAt = end
		s.add("time to cure is running", "", string(pact.AtRisk))
		return s.done(pact.AtRisk), nil
	}
	return c.breached(end, day, e, done), nil
}
