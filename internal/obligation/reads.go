package obligation

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// Reader is a kind that judges periods and says of which days it reads the events. What happens on no such day changes no judgement: it
// is not judged again because of it. A kind without it reads every event of its feed. That it is true is tested over all scenarios of
// package backtest, as its feed is.
type Reader interface {
	// Reads gives the days that the judgement of a period looks at under one version of the obligation: those of the period, of earlier
	// ones that its credits build on, of later ones that give something back. The zero period is all days. Events that name the period
	// are read besides, whenever they happen, and those of Feed.Wide.
	Reads(t effective.Timeline, o pact.Obligation, occ pact.Occurrence) calendar.Period
}

// Reads are the days of which the judgement of an occurrence reads the events, under all versions of its obligation.
func Reads(t effective.Timeline, o pact.Obligation, occ pact.Occurrence) calendar.Period {
	versions := []pact.Obligation{o}
	for _, s := range governed(t, o) {
		if s.Resolution.Winner != nil {
			v := *s.Resolution.Winner.Obligation
			v.InForce = s.Period
			versions = append(versions, v)
		}
	}
	var out calendar.Period
	for i, v := range versions {
		k, err := KindOf(v.Kind)
		r, ok := k.(Reader)
		if err != nil || !ok {
			return calendar.Period{}
		}
		days := r.Reads(t, v, occ)
		if i > 0 {
			days = hull(out, days)
		}
		out = days
	}
	return out
}

// hull is the least run of days with both; a bound that one of them lacks is none.
func hull(a, b calendar.Period) calendar.Period {
	p := calendar.Period{From: min(a.From, b.From)} // "" is before every day
	if a.Until != "" && b.Until != "" {
		p.Until = max(a.Until, b.Until)
	}
	return p
}

// Affected tells of which occurrences, by key and by the days that they read, the judgement may rest on one of some events. The feed takes
// the events; subject gives every event about a ticket.
func (f Feed) Affected(events []*pact.Event, subject func(name string) []pact.Event) func(key string, reads calendar.Period) bool {
	named := map[string]bool{}
	var days []calendar.Period
	tickets := map[string]bool{}
	for _, e := range events {
		if slices.Contains(f.Wide, e.Kind) || slices.Contains(f.Wide, "credit_note") && refers(e) || e.Data.Buyer != "" { // who bought decides over every period whether affiliates are asked about
			return func(string, calendar.Period) bool { return true }
		}
		named[e.Data.Month] = true
		for _, n := range names(*e) {
			named[n] = true
		}
		if strings.HasPrefix(e.Kind, "ticket_") {
			if tickets[e.Subject] {
				continue
			}
			tickets[e.Subject] = true
			days = append(days, ticketDays(e, subject))
			continue
		}
		days = append(days, openDays(e))
	}
	days = joinedDays(days)
	return func(key string, reads calendar.Period) bool {
		return named[key] || slices.ContainsFunc(days, reads.Overlaps)
	}
}

// refers tells whether an invoice is for purchases that may lie in earlier periods: what comes back of it comes back of those.
func refers(e *pact.Event) bool {
	return e.Kind == "invoice" && (e.Data.Reference != "" || slices.ContainsFunc(e.Data.Lines, func(l pact.EventLine) bool { return l.Reference != "" || l.Date != "" }))
}

// openDays are the days on which an event may count: without end where an outage is not over yet, and any where it is of a period that is
// no month.
func openDays(e *pact.Event) calendar.Period {
	p := datesOf(*e)
	if _, err := calendar.ParseDate(e.Data.Month + "-01"); e.Data.Month != "" && err != nil {
		return calendar.Period{}
	}
	if e.Kind == "outage" && e.Data.EndAt.IsZero() {
		p.Until = ""
	}
	return p
}

// ticketDays are those from the first thing that happened to a ticket on: what is told of it later changes where and how it counts.
func ticketDays(e *pact.Event, subject func(name string) []pact.Event) calendar.Period {
	if e.Subject == "" {
		return calendar.Period{} // it counts with every ticket
	}
	p := calendar.Period{From: datesOf(*e).From}
	for _, x := range subject(e.Subject) {
		p.From = min(p.From, datesOf(x).From)
	}
	return p
}

// joinedDays are runs of days in order, those that touch as one.
func joinedDays(list []calendar.Period) []calendar.Period {
	slices.SortFunc(list, func(a, b calendar.Period) int { return cmp.Compare(a.From, b.From) })
	var out []calendar.Period
	for _, p := range list {
		if last := len(out) - 1; last >= 0 && (out[last].Until == "" || p.From <= out[last].Until) {
			out[last] = hull(out[last], p)
			continue
		}
		out = append(out, p)
	}
	return out
}

// read are the days of a period.
func (c cycle) read(o pact.Obligation, occ pact.Occurrence) calendar.Period {
	p, err := c.of(occ.Key, o.InForce)
	if err != nil {
		return calendar.Period{} // of a version with other periods
	}
	return p
}

// reads adds to the days of a period those that its credit looks at.
func (r CreditParams) reads(t effective.Timeline, o pact.Obligation, c cycle, days calendar.Period) calendar.Period {
	if r.looksBack() {
		if r.LiabilityCap != nil || (Input{Timeline: t, Obligation: o}).since() == "" {
			return calendar.Period{} // credits of other obligations; a clause without a beginning begins with the first event
		}
		days.From = ""
	}
	if r.RollingCap != nil && r.RollingCap.Percent != nil && days.Until != "" {
		days.Until = days.Until.AddMonths(r.RollingCap.Months - 1) // the charges of the windows that end later
	}
	if r.CarryForward != nil {
		days.Until = "" // the charges it is set off against
	}
	if r.EarnBack != nil {
		if after := c.next(days, r.EarnBack.Periods); len(after) > 0 {
			days.Until = after[len(after)-1].Until
		}
	}
	return days
}

// reads adds to the days of a period those of invoices and payments that decide which purchases count, and those before it where it is open who
// the buyer is.
func (el Eligible) reads(c cycle, days calendar.Period) calendar.Period {
	if el.CountedBy == "invoices" || el.PaidWithinDays > 0 {
		return calendar.Period{} // a purchase counts by its invoice, whenever that comes
	}
	if el.CountedBy != "both" { // what was bought before may be invoiced now, and what is bought now in the next period
		for _, next := range c.next(days, 1) {
			days = calendar.Period{Until: next.Until}
		}
	}
	if el.Buyer == "" && el.Affiliates != "included" {
		days.From = ""
	}
	return days
}

// Reads gives the period, and what its credit looks at.
func (Availability) Reads(t effective.Timeline, o pact.Obligation, occ pact.Occurrence) calendar.Period {
	var p AvailabilityParams
	if decode(o.Params, &p) != nil {
		return calendar.Period{}
	}
	days := p.cycle().read(o, occ)
	if p.averages() {
		days.From = "" // those it is averaged with
	}
	return p.creditRule().reads(t, o, p.cycle(), days)
}

// Reads gives the period, and what its credit looks at. A ticket may have been opened long before it is decided.
func (ServiceLevel) Reads(t effective.Timeline, o pact.Obligation, occ pact.Occurrence) calendar.Period {
	var p ServiceLevelParams
	if decode(o.Params, &p) != nil {
		return calendar.Period{}
	}
	days := p.cycle().read(o, occ)
	if p.Credit == nil {
		return days
	}
	return p.Credit.reads(t, o, p.cycle(), days)
}

// Reads gives the period, what its levels read, and what its credit looks at.
func (CreditPool) Reads(t effective.Timeline, o pact.Obligation, occ pact.Occurrence) calendar.Period {
	var p CreditPoolParams
	if decode(o.Params, &p) != nil {
		return calendar.Period{}
	}
	days := p.cycle().read(o, occ)
	if p.NextPeriod {
		for _, next := range p.cycle().next(days, 1) {
			days.Until = next.Until
		}
	}
	for _, l := range p.Levels {
		for _, s := range t.Segments(l.Level) {
			if s.Resolution.Winner == nil {
				continue
			}
			level := *s.Resolution.Winner.Obligation
			if level.Kind == o.Kind { // pools of pools are not followed
				return calendar.Period{}
			}
			days = hull(days, Reads(t, level, occ))
		}
	}
	if p.Credit == nil {
		return days
	}
	if p.Credit.EarnBack != nil {
		days.Until = "" // what the levels read of the periods after it
	}
	return p.Credit.reads(t, o, p.cycle(), days)
}

// reads gives the period, and what was bought before where that uses up a ceiling. Without a currency of the clause the first purchase
// gives it.
func (p TieredParams) reads(o pact.Obligation, occ pact.Occurrence) calendar.Period {
	if p.Currency == "" && !slices.ContainsFunc(p.Tiers, func(t VolumeTier) bool { return t.Price != nil || t.Flat != nil }) {
		return calendar.Period{}
	}
	days := p.cycle().read(o, occ)
	if p.LifetimeCeiling != nil {
		days.From = ""
	}
	return p.Eligible.reads(p.cycle(), days)
}

func readTiered(o pact.Obligation, occ pact.Occurrence) calendar.Period {
	var p TieredParams
	if decode(o.Params, &p) != nil {
		return calendar.Period{}
	}
	days := p.reads(o, occ)
	days.From = "" // a return counts with its purchase, whenever that was
	return days
}

// Reads gives what its tiers are reached by.
func (VolumePrice) Reads(_ effective.Timeline, o pact.Obligation, occ pact.Occurrence) calendar.Period {
	return readTiered(o, occ)
}

// Reads gives what its tiers are reached by. Payments of the rebate name its period.
func (Rebate) Reads(_ effective.Timeline, o pact.Obligation, occ pact.Occurrence) calendar.Period {
	return readTiered(o, occ)
}

// Reads gives the period, and all before it where what was bought, or not, is carried over, or a return counts with its purchase.
func (MinimumCommitment) Reads(_ effective.Timeline, o pact.Obligation, occ pact.Occurrence) calendar.Period {
	var p CommitmentParams
	if decode(o.Params, &p) != nil {
		return calendar.Period{}
	}
	days := p.cycle().read(o, occ)
	if p.looksBack() || p.Returns != "return" {
		days.From = ""
	}
	return p.Eligible.reads(p.cycle(), days)
}

// Reads gives the period.
func (SpendCeiling) Reads(_ effective.Timeline, o pact.Obligation, occ pact.Occurrence) calendar.Period {
	var p CeilingParams
	if decode(o.Params, &p) != nil {
		return calendar.Period{}
	}
	days := p.cycle().read(o, occ)
	if p.Returns != "return" {
		days.From = "" // what is returned may have been bought before
	}
	return p.Eligible.reads(p.cycle(), days)
}

// Reads gives the period, and the one after it, in which it is done. What is done later names its period.
func (RecurringDuty) Reads(_ effective.Timeline, o pact.Obligation, occ pact.Occurrence) calendar.Period {
	var p RecurringParams
	if decode(o.Params, &p) != nil {
		return calendar.Period{}
	}
	days := p.cycle().read(o, occ)
	if p.InPeriod {
		return days
	}
	for _, next := range p.cycle().next(days, 1) {
		days.Until = next.Until
	}
	return days
}
