package obligation

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
)

// cycle is the run of dates a promise or a price is counted over. Calendar cycles have keys such as "2026-03", "2026-Q1",
// "2026-H1" and "2026"; those that begin on a date of the contract (Anchor) have the first day as key. A rolling year ends
// with the month that is its key. Weeks begin on Monday, or on the weekday of Anchor, and have their first day as key. "term" is the
// whole life of the clause.
type cycle struct {
	unit   string
	anchor calendar.Date
}

func (c cycle) months() int {
	switch c.unit {
	case "quarter":
		return 3
	case "half_year":
		return 6
	case "year":
		return 12
	}
	return 1
}

// same is the cycle by one name: without a unit it is months.
func (c cycle) same() cycle { return cycle{cmp.Or(c.unit, "month"), c.anchor} }

// word is the cycle in words: "quarter", "month from 2026-01-15".
func (c cycle) word() string {
	out := strings.ReplaceAll(cmp.Or(c.unit, "month"), "_", " ")
	if c.anchor != "" {
		out += " from " + string(c.anchor)
	}
	return out
}

// ofCalendar says that a year without a first day of its own is one of the calendar, where the clause begins on another day: whether years of the
// calendar or of the contract are meant, the words of a contract often leave open.
func (c cycle) ofCalendar(in Input, whole calendar.Period, tr tracer) {
	since := in.since()
	if c.unit != "year" || c.anchor != "" || since == "" || strings.HasSuffix(string(since), "-01-01") {
		return
	}
	tr.add("a year is one of the calendar", "no anchor is given, and the clause is in force from "+string(since),
		fmt.Sprintf("%s to %s; years of the contract need anchor %s", whole.From, whole.Until.AddDays(-1), since))
}

// days is the length of a cycle of weeks; 0 is none.
func (c cycle) days() int {
	switch c.unit {
	case "week":
		return 7
	case "two_weeks":
		return 14
	}
	return 0
}

func (q *questions) cycle(unit string, anchor calendar.Date) {
	q.oneOf("period", unit, "", "month", "quarter", "half_year", "year", "rolling_year", "term")
	if anchor != "" && (unit == "rolling_year" || unit == "term") {
		q.ask("anchor", "A %s has no first day of its own.", unit)
	}
}

// cycleOnce is cycle of what is counted in one period alone: windows of a rolling year overlap, and what is bought or missed in a month would be
// charged in up to twelve of them (the shortfall of a period, a difference booked once).
func (q *questions) cycleOnce(unit string, anchor calendar.Date) {
	if unit == "rolling_year" {
		q.ask("period", "Rolling years overlap: what is bought in one month lies in twelve of them, and would be counted in each. Over which periods that do not overlap is it counted: calendar years (\"period\": \"year\"), or years from a day of the contract (with \"anchor\")?")
		return
	}
	q.cycle(unit, anchor)
}

// containing is the cycle a date lies in; inForce bounds a term.
func (c cycle) containing(d calendar.Date, inForce calendar.Period) calendar.Period {
	if d == "" {
		return calendar.Period{}
	}
	n := c.months()
	switch {
	case c.unit == "term":
		return inForce
	case c.days() > 0:
		first := c.anchor
		if first == "" {
			first = "2001-01-01" // a Monday
		}
		from := first.AddDays(floorInt(first.DaysUntil(d), c.days()) * c.days())
		return calendar.Period{From: from, Until: from.AddDays(c.days())}
	case c.unit == "rolling_year":
		first := d[:8] + "01"
		return calendar.Period{From: first.AddMonths(-11), Until: first.AddMonths(1)}
	case c.anchor == "":
		year, month := d.Time().Year(), int(d.Time().Month())
		first := calendar.DateOf(year, d.Time().Month(), 1).AddMonths(-((month - 1) % n))
		return calendar.Period{From: first, Until: first.AddMonths(n)}
	}
	// From the anchor, so that a clamped month end does not move all later cycles.
	guess := (d.Time().Year()-c.anchor.Time().Year())*12 + int(d.Time().Month()) - int(c.anchor.Time().Month())
	i := floorInt(guess, n) - 1
	for c.anchor.AddMonths((i+1)*n) <= d && c.anchor.AddMonths((i+1)*n) != "" {
		i++
	}
	return calendar.Period{From: c.anchor.AddMonths(i * n), Until: c.anchor.AddMonths((i + 1) * n)}
}

func floorInt(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// key names a cycle.
func (c cycle) key(p calendar.Period) string {
	switch {
	case c.unit == "term":
		return "term"
	case c.unit == "rolling_year":
		return string(p.Until.AddDays(-1)[:7])
	case c.anchor != "" || c.days() > 0:
		return string(p.From)
	case c.unit == "quarter":
		return fmt.Sprintf("%s-Q%d", p.From[:4], (int(p.From.Time().Month())+2)/3)
	case c.unit == "half_year":
		return fmt.Sprintf("%s-H%d", p.From[:4], (int(p.From.Time().Month())+5)/6)
	case c.unit == "year":
		return string(p.From[:4])
	}
	return string(p.From[:7])
}

// called names a cycle in a sentence.
func (c cycle) called(p calendar.Period) string {
	switch {
	case c.unit == "term":
		return "the term"
	case c.anchor != "" || c.days() > 0:
		return "the " + strings.ReplaceAll(cmp.Or(c.unit, "month"), "_", " ") + " from " + string(p.From)
	case c.unit == "rolling_year":
		return "the year to " + c.key(p)
	}
	return c.key(p)
}

// names tells whether what an event gives as its month is the cycle of a key: by the key itself, or by a month that begins in it.
func (c cycle) names(month, key string) bool {
	first, err := calendar.ParseDate(month + "-01")
	if month == "" || month == key || err != nil || c.days() > 0 {
		return month != "" && month == key
	}
	return c.key(c.containing(first, calendar.Period{})) == key
}

// of finds the cycle of a key.
func (c cycle) of(key string, inForce calendar.Period) (calendar.Period, error) {
	var first calendar.Date
	switch {
	case c.unit == "term":
		return inForce, nil
	case c.anchor != "" && c.unit != "rolling_year", c.days() > 0:
		first = calendar.Date(key)
	default:
		named, _ := calendar.Named(key)
		first = named.From
	}
	if _, err := calendar.ParseDate(string(first)); err != nil {
		return calendar.Period{}, fault.New(fault.Invalid, "%.20q is not a month of the form 2026-03, or another period of the clause.", key)
	}
	p := c.containing(first, inForce)
	if c.key(p) != key {
		return calendar.Period{}, fault.New(fault.Invalid, "%.20q is not a period of the clause.", key)
	}
	return p, nil
}

// within lists the cycles that touch a period of dates with both bounds.
func (c cycle) within(p, inForce calendar.Period) []calendar.Period {
	from, until := p.From, p.Until
	if inForce.From > from {
		from = inForce.From
	}
	if until == "" || inForce.Until != "" && inForce.Until < until {
		until = inForce.Until
	}
	if c.unit == "term" {
		return []calendar.Period{inForce}
	}
	if from == "" || until == "" || from >= until {
		return nil // without bounds there is no end to them
	}
	var out []calendar.Period
	for one := c.containing(from, inForce); one.From != "" && one.Until != "" && len(out) < maxMonths; {
		begins := one.From
		if c.unit == "rolling_year" {
			begins = one.Until.AddMonths(-1)
		}
		if begins >= until {
			break
		}
		out = append(out, one)
		one = c.containing(one.Until, inForce)
	}
	return out
}

// charged lists the months whose charges are the fees of a cycle.
func (c cycle) charged(p calendar.Period) []string {
	if c.unit == "rolling_year" {
		return []string{string(p.Until.AddDays(-1)[:7])}
	}
	var out []string
	for m := p.From; m != "" && (p.Until == "" || m < p.Until) && len(out) < maxMonths; m = p.From.AddMonths(len(out)) {
		out = append(out, string(m[:7]))
	}
	return out
}

// chargedWhile is charged without the months in which the clause did not hold; all of them, where it held in none.
func (c cycle) chargedWhile(holds func(days calendar.Period) bool, p calendar.Period) []string {
	all := c.charged(p)
	if len(all) < 2 {
		return all
	}
	var out []string
	for i, name := range all {
		if holds(calendar.Period{From: p.From.AddMonths(i), Until: p.From.AddMonths(i + 1)}) {
			out = append(out, name)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

// monthsText names months for the trace.
func monthsText(months []string) string {
	switch len(months) {
	case 0:
		return "no month"
	case 1:
		return months[0]
	}
	return months[0] + " to " + months[len(months)-1] + " (" + strconv.Itoa(len(months)) + " months)"
}
