package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// tranche is a part of the retention that is released on a day of its own; due is "" while it waits for its event.
type tranche struct {
	name string
	sum  *big.Rat
	due  calendar.Date
}

// retain takes the retention out of what is due with the invoice, and splits what is held, once, into its releases: each stays what it
// is, whatever became due or was paid before it.
func (inv *invoice) retain() {
	r := inv.p.Retention
	if r == nil || !r.Percent.IsPositive() || inv.goods.Sign() <= 0 {
		return
	}
	s := inv.s
	exact := percentOf(inv.goods, r.Percent)
	held := s.sum("retention held", exact, inv.currency, "")
	s.add("retention", fmt.Sprintf("%s %% of %s", r.Percent, exactText(inv.goods, inv.currency)), held.String()+" is held back", idOf(inv.event))
	inv.held = held.Ratio()
	share, before := decimal.Zero, new(big.Rat)
	for i, one := range r.Releases {
		on := one.On
		var released pact.EventID
		if one.Event != "" {
			for _, e := range s.of("", "milestone", "accepted", "trigger") {
				if !StatedTrigger(e) && (sameWord(one.Event, e.Data.Item) || sameWord(one.Event, e.Subject)) {
					on = s.dateOf(e).AddDays(one.Days)
					s.use(e)
					released = idOf(e)
					break
				}
			}
		}
		rest := decimal.NewFromInt(100).Sub(share).Sub(one.Share)
		if i == len(r.Releases)-1 && r.Rest == "last_release" && rest.IsPositive() {
			s.add("rest of the retention", fmt.Sprintf("%s %% that no release names", rest), "released with the last release")
			one.Share = one.Share.Add(rest)
		}
		share = share.Add(one.Share)
		until := money.FromRatio(percentOf(inv.held, share), inv.currency).Ratio() // rounded together, the releases add up to what is held
		part := minus(until, before)
		before = until
		name := fmt.Sprintf("retention release %d", i+1)
		if on == "" {
			s.add(name, fmt.Sprintf("%s %% after %q", one.Share, one.Event), "waits: it has not happened")
			continue
		}
		on = max(on, inv.due) // nothing of an invoice is due before it
		sum := s.sum(name, part, inv.currency, on)
		s.add(name, fmt.Sprintf("%s %% of %s", one.Share, held), fmt.Sprintf("%s due on %s", sum, dayText(on)), released)
		inv.tranches = append(inv.tranches, tranche{name, part, on})
	}
	if rest := decimal.NewFromInt(100).Sub(share); rest.IsPositive() {
		why := "nothing says when it is released"
		if r.Rest == "kept" {
			why = "never released"
		}
		s.add("rest of the retention", fmt.Sprintf("%s %% of %s", rest, held), exactText(minus(inv.held, before), inv.currency)+" stays held back: "+why)
	}
	slices.SortStableFunc(inv.tranches, func(a, b tranche) int { return cmp.Compare(a.due, b.due) })
}

// release judges each release that is due on its own day, by what was paid beyond the invoice: the oldest is paid first. beyond is what
// the invoice itself took of the payments.
func (inv *invoice) release(beyond *big.Rat) {
	s := inv.s
	lower := beyond
	made := s.a.EndedAt
	missed := s.a.Status == pact.Breached
	open := missed && made.IsZero()
	for _, t := range inv.tranches {
		upper := plus(lower, t.sum)
		one := *inv // the same invoice, with this release for its debt
		one.due, one.payments, one.part = t.due, nil, t.name
		paidSum, full := new(big.Rat), calendar.Date("")
		if t.sum.Sign() <= 0 {
			continue
		}
		for _, pay := range inv.payments {
			before := paidSum
			paidSum = plus(paidSum, pay.amount)
			within := func(sum *big.Rat) *big.Rat { return maxRat(lower, minRat(sum, upper)) }
			if part := minus(within(paidSum), within(before)); part.Sign() != 0 {
				one.payments = append(one.payments, paid{on: pay.on, amount: part, event: pay.event})
			}
			switch {
			case paidSum.Cmp(upper) < 0:
				full = ""
			case full == "":
				full = pay.on
			}
		}
		left := maxRat(new(big.Rat), minus(upper, maxRat(paidSum, lower)))
		lower = upper
		switch {
		case full != "" && full <= t.due:
			s.add(t.name, "paid on "+dayText(full)+" against due "+dayText(t.due), string(pact.Met))
			if s.end(full).After(made) {
				made = s.end(full)
			}
			continue
		case full == "" && !s.over(t.due):
			s.add(t.name, exactText(left, inv.currency)+" is due on "+dayText(t.due), string(pact.OnTrack))
			if due := s.end(t.due); s.a.NextAt.IsZero() || due.Before(s.a.NextAt) {
				s.a.NextAt = due
			}
			continue
		}
		if !missed {
			missed = true
			s.a.Status, s.a.BreachedAt = pact.Breached, s.end(t.due)
			s.a.DueAt, s.a.Measured = s.end(t.due), string(t.due)
		}
		if full != "" {
			if s.end(full).After(made) {
				made = s.end(full)
			}
			s.add(t.name+" paid late", fmt.Sprintf("%s, %s after %s", dayText(full), dayCount(t.due.DaysUntil(full)), dayText(t.due)), string(pact.Breached))
		} else {
			open = true
			s.overdue(left, inv.currency, t.due)
			s.add(t.name+" overdue", fmt.Sprintf("%s since %s", exactText(left, inv.currency), dayText(t.due)), string(pact.Breached))
		}
		if s.a.AmountState == "" {
			one.interest(t.sum, full)
		}
		inv.cost = one.cost
	}
	switch {
	case !missed:
	case open:
		s.a.EndedAt = time.Time{}
	default:
		s.a.EndedAt = made
	}
}
