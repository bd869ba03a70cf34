package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// payable decides what becomes of an earned rebate.
func (c tierCase) payable(mine []bought, before *big.Rat, sum money.Amount, over bool) pact.Assessment {
	s := c.s
	paid := c.paid()
	if len(paid) > 0 && c.p.OnDefault == "forfeited" {
		s.add("paid of the rebate", "what is paid before a default is not forfeited", counts(len(paid), "payment"), idsOfEvents(paid...)...)
	}
	began, cured := c.lastDefault()
	kept, keptIDs := c.paidBefore(began, paid)
	switch {
	case began == nil || c.p.OnDefault == "payable":
	case c.p.OnDefault != "forfeited" && sum.Value.Sign() <= 0: // nothing to hold back
	case c.p.OnDefault != "forfeited" && kept.Cmp(sum.Ratio()) >= 0: // what was paid is not taken back by what comes later
		s.use(*began)
		s.add("default", "since "+string(s.dateOf(*began)), "the rebate was paid before", append(keptIDs, idOf(*began))...)
	case c.p.OnDefault == "":
		return c.askDefault(*began)
	case c.p.OnDefault == "forfeited":
		left := c.forfeit(mine, before, sum, paid, began, cured)
		if cured == nil && !left.Equal(sum) {
			s.owe(left)
			return s.done(pact.OnTrack)
		}
		sum = left
	case c.p.OnDefault == "suspended" && cured == nil:
		held := money.FromRatio(minus(sum.Ratio(), kept), c.cur)
		s.a.Amounts = append(s.a.Amounts, pact.AmountLine{Name: c.p.OnDefault, Amount: held})
		s.owe(money.FromRatio(kept, c.cur))
		s.use(*began)
		words := "nothing payable"
		if kept.Sign() > 0 {
			words = exactText(kept, c.cur) + " was paid before"
		}
		s.add("default is open", "since "+string(s.dateOf(*began)), held.String()+" "+c.p.OnDefault+", "+words, append(keptIDs, idOf(*began))...)
		return s.done(pact.OnTrack)
	}
	s.owe(sum)
	if cured != nil && c.p.OnDefault == "suspended" && sum.Value.Sign() > 0 && kept.Cmp(sum.Ratio()) < 0 {
		s.add("default is cured", fmt.Sprintf("it began on %s and was cured on %s", s.dateOf(*began), s.dateOf(*cured)), sum.String()+" payable again", idsOfEvents(s.of("", "default", "cured")...)...)
	}
	if !over {
		return s.done(pact.OnTrack)
	}
	if c.p.PayDays == 0 {
		return s.done(pact.Met)
	}
	return c.paidInTime(sum, paid)
}

// askDefault asks what a default does to a rebate whose clause says nothing of it.
func (c tierCase) askDefault(began pact.Event) pact.Assessment {
	s := c.s
	s.use(began)
	s.add("default", "since "+string(s.dateOf(began)), "the clause does not say what becomes of the rebate", idOf(began))
	s.ask("on_default", fmt.Sprintf("A default of %s is reported. What does it do to the rebate?", s.dateOf(began)),
		pact.Outcome{Reading: "nothing", Set: member("on_default", "payable")},
		pact.Outcome{Reading: "it is held back while the default is open", Set: member("on_default", "suspended")},
		pact.Outcome{Reading: "what was not paid before is lost", Set: member("on_default", "forfeited")})
	return s.done(pact.OnTrack)
}

// paidInTime judges the payments of a rebate against their last day.
func (c tierCase) paidInTime(sum money.Amount, paid []pact.Event) pact.Assessment {
	s := c.s
	due := c.payBy()
	s.a.DueAt = s.end(due)
	open, late := sum.Ratio(), new(big.Rat)
	var full calendar.Date
	if open.Sign() <= 0 {
		full = c.covered.Until
	}
	ids := idsOfEvents(paid...)
	for _, e := range paid {
		s.use(e)
		on := s.dateOf(e)
		if on > due && open.Sign() > 0 {
			late = plus(late, minRat(open, e.Data.Amount.Ratio()))
		}
		if open = minus(open, e.Data.Amount.Ratio()); full == "" && open.Sign() <= 0 {
			full = on
		}
	}
	if open.Sign() < 0 {
		over := s.sum(overpaid, minus(new(big.Rat), open), c.cur, "")
		s.add("more was paid than was earned", "", over.String(), ids...)
	}
	const rule = "payment of the rebate"
	switch {
	case full != "" && full <= max(due, c.covered.Until):
		s.add(rule, "due by "+dayText(due), "paid", ids...)
		return s.done(pact.Met)
	case full == "" && !s.over(due):
		s.a.NextAt = s.end(due)
		s.add(rule, "due by "+dayText(due), exactText(open, c.cur)+" open", ids...)
		return s.done(pact.OnTrack)
	}
	s.a.BreachedAt = s.end(due)
	if full != "" {
		s.a.EndedAt = s.end(full)
		s.add(rule, "due by "+dayText(due), fmt.Sprintf("%s paid late, the last of it on %s, %s after", exactText(late, c.cur), dayText(full), dayCount(due.DaysUntil(full))), ids...)
	} else {
		s.add(rule, "due by "+dayText(due), exactText(open, c.cur)+" not paid in time", ids...)
	}
	return s.done(pact.Breached)
}

// payBy is the last day on which a rebate is paid in time. While a default suspends it nothing is payable, and the days stand still: they
// go on with the day of the cure.
func (c tierCase) payBy() calendar.Date {
	s, due := c.s, c.covered.Until.AddDays(c.p.PayDays-1)
	if c.p.OnDefault != "suspended" {
		return due
	}
	var began *pact.Event
	for _, e := range s.of("", "default", "cured") {
		if e.Kind == "default" && began == nil {
			began = &e
		}
		if e.Kind != "cured" || began == nil {
			continue
		}
		from, until := max(s.dateOf(*began), c.covered.Until), s.dateOf(e)
		if from <= due && from < until {
			s.use(*began)
			s.use(e)
			due = due.AddDays(from.DaysUntil(until))
			s.add("suspended by a default", fmt.Sprintf("from %s until it was cured on %s, %s of the time to pay", s.dateOf(*began), until, dayCount(from.DaysUntil(until))), "due by "+dayText(due), idOf(*began), idOf(e))
		}
		began = nil
	}
	return due
}

// paid lists the payments of the rebate of this period, in order of their days: those that name it, or a month of it.
func (c tierCase) paid() []pact.Event {
	s, key := c.s, c.s.in.Occurrence.Key
	var out []pact.Event
	for _, e := range s.of("", "payment") {
		d := e.Data
		names := e.Subject == key || d.Reference == key || c.p.cycle().names(d.Month, key)
		if names && sameWord("rebate", d.Item) && d.Amount != nil && d.Amount.Currency == c.cur && d.Amount.Check() == nil && money.Sane(d.Amount.Value) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b pact.Event) int { return cmp.Compare(s.dateOf(a), s.dateOf(b)) })
	return out
}

// paidBefore is what of a rebate was paid before a default began, and by which payments.
func (c tierCase) paidBefore(began *pact.Event, paid []pact.Event) (kept *big.Rat, ids []pact.EventID) {
	kept = new(big.Rat)
	if began == nil {
		return kept, nil
	}
	for _, e := range paid {
		if c.s.dateOf(e) < c.s.dateOf(*began) {
			kept = plus(kept, e.Data.Amount.Ratio())
			c.s.use(e)
			ids = append(ids, idOf(e))
		}
	}
	return kept, ids
}

// forfeit leaves of an earned rebate what the last default did not take: all that was earned until it was cured is lost, but for
// what had been paid before it began. What is bought from the day of the cure on earns again.
func (c tierCase) forfeit(mine []bought, before *big.Rat, sum money.Amount, paid []pact.Event, began, cured *pact.Event) money.Amount {
	s := c.s
	earned, until := sum, "it is open"
	if cured != nil {
		end := s.dateOf(*cured)
		until = "cured on " + string(end)
		earned = c.earned(slices.DeleteFunc(slices.Clone(mine), func(b bought) bool { return b.day >= end }), before)
	}
	kept, paidBefore := c.paidBefore(began, paid)
	lost := money.FromRatio(minRat(sum.Ratio(), maxRat(new(big.Rat), minus(earned.Ratio(), kept))), c.cur)
	if lost.Value.Sign() <= 0 {
		return sum
	}
	left, _ := sum.Sub(lost) // one currency
	s.a.Amounts = append(s.a.Amounts, pact.AmountLine{Name: "forfeited", Amount: lost})
	ids := append([]pact.EventID{idOf(*began)}, paidBefore...)
	s.use(*began)
	if cured != nil {
		s.use(*cured)
		ids = append(ids, idOf(*cured))
	}
	words := fmt.Sprintf("since %s, %s: %s earned until then", s.dateOf(*began), until, earned)
	if kept.Sign() > 0 {
		words += ", " + exactText(kept, c.cur) + " of it paid before"
	}
	s.add("default", words, lost.String()+" forfeited, "+left.String()+" payable", ids...)
	return left
}

// earned is what some purchases of the period earn by themselves.
func (c tierCase) earned(list []bought, before *big.Rat) money.Amount {
	volume, amount := new(big.Rat), new(big.Rat)
	for _, b := range list {
		volume, amount = plus(volume, c.volume(b)), plus(amount, c.amount(b))
	}
	return c.bookable(volume, amount, before, c.tally(list))
}

// lastDefault is the last default that was reported and, where it was, its cure.
func (c tierCase) lastDefault() (began, cured *pact.Event) {
	for _, e := range c.s.of("", "default", "cured") {
		switch {
		case e.Kind == "cured" && began != nil:
			cured = &e
		case e.Kind == "default" && (began == nil || cured != nil):
			began, cured = &e, nil
		}
	}
	return began, cured
}
