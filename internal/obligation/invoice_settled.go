package obligation

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// overdue keeps what is open past its day, one line for all of an invoice; its day is the first of them.
func (s *sheet) overdue(open *big.Rat, currency string, since calendar.Date) {
	for i := range s.a.Amounts {
		if l := &s.a.Amounts[i]; l.Name == "overdue" {
			l.Amount, l.Exact = money.FromRatio(plus(l.Amount.Ratio(), open), currency), ""
			return
		}
	}
	s.sum("overdue", open, currency, since)
}

// nothing tells whether an open sum is none: less than half of the smallest coin can not be paid.
func (inv *invoice) nothing(open *big.Rat) bool {
	return money.FromRatio(open, inv.currency).Ratio().Sign() <= 0
}

// settle follows payments against discounts and the due date.
func (inv *invoice) settle() {
	s := inv.s
	owed := minus(inv.total, inv.held)
	base := inv.total
	if inv.p.DiscountBase == "goods" {
		base = inv.goods
	}
	open := owed
	var full calendar.Date  // the day it was paid in full
	var again calendar.Date // the day it was open again, since a payment was taken back
	free := inv.nothing(owed)
	if free {
		full = inv.date
	}
	taken := false
	paidSum, earned, settled := new(big.Rat), new(big.Rat), new(big.Rat)
	for _, pay := range inv.payments {
		paidSum = plus(paidSum, pay.amount)
		open = minus(minus(owed, paidSum), earned)
		if !pay.credit {
			s.add("payment", "on "+dayText(pay.on), exactText(pay.amount, inv.currency), idOf(pay.event))
		}
		if full != "" && pay.amount.Sign() < 0 && (taken || !inv.nothing(open)) { // taken back: a discount it earned is gone, too
			full, taken, again, earned = "", false, pay.on, new(big.Rat)
			s.a.Amounts = slices.DeleteFunc(s.a.Amounts, func(l pact.AmountLine) bool { return l.Name == "discount taken" })
			open = minus(owed, paidSum)
		}
		if off := inv.keptDiscount(pay, open, base); off != nil && full == "" && !taken {
			taken, full, settled = true, pay.on, minus(owed, off)
			continue
		}
		if full == "" && inv.nothing(open) {
			full = pay.on
		}
		if pay.amount.Sign() < 0 {
			continue
		}
		if full == "" && !taken && inv.p.PartialDiscount {
			part := inv.partDiscount(pay, owed, base, open)
			earned, open = plus(earned, part), minus(open, part)
			if part.Sign() > 0 && inv.nothing(open) {
				full = pay.on
			}
			continue
		}
		if full == "" && !taken {
			taken = inv.discountTaken(pay, open, base)
			if taken {
				full, settled = pay.on, paidSum
			}
		}
	}
	if !free {
		inv.explainDiscounts(base, taken || earned.Sign() > 0, full)
	}
	if taken {
		open = new(big.Rat)
	}
	if !taken && !inv.p.PartialDiscount && len(inv.terms.discounts) > 0 && open.Sign() > 0 && len(inv.payments) > 0 {
		inv.tooMuch(owed, base)
		inv.unearned(open, base)
	}
	mine := minus(owed, earned) // what the invoice itself takes of the payments
	if taken {
		mine = settled
	}
	claim := mine
	for _, t := range inv.tranches {
		claim = plus(claim, t.sum)
	}
	if claim.Sign() < 0 {
		credit := s.sum("credit of the payer", minus(new(big.Rat), claim), inv.currency, inv.cleared)
		s.add("credited beyond what was invoiced", exactText(claim, inv.currency)+" remain", credit.String()+" in favour of the payer")
		claim = new(big.Rat)
	}
	if over := minus(paidSum, claim); over.Sign() > 0 {
		over := s.sum(overpaid, over, inv.currency, "")
		s.add("more was paid than was owed", exactText(paidSum, inv.currency)+" of "+exactText(claim, inv.currency), over.String())
	}
	switch {
	case free:
		s.a.Status, s.a.EndedAt = pact.Met, s.end(inv.cleared)
		s.add("nothing is owed", exactText(owed, inv.currency)+" since "+dayText(inv.cleared), string(pact.Met))
	case full != "" && full <= inv.due:
		s.a.Status, s.a.EndedAt = pact.Met, s.end(full)
		s.add("paid in full", dayText(full)+" against due "+dayText(inv.due), string(pact.Met))
	case full == "" && !s.over(inv.due):
		s.a.Status = pact.OnTrack
		if due := s.end(inv.due); s.a.NextAt.IsZero() || due.Before(s.a.NextAt) {
			s.a.NextAt = due // before it the last day of a discount may pass
		}
		s.add("open", exactText(open, inv.currency)+" is due on "+dayText(inv.due), string(pact.OnTrack))
	default:
		since := max(inv.due, again)
		s.a.Status, s.a.BreachedAt = pact.Breached, s.end(since)
		if full != "" {
			s.a.EndedAt = s.end(full)
			s.add("paid late", fmt.Sprintf("%s, %s after %s", dayText(full), dayCount(inv.due.DaysUntil(full)), dayText(inv.due)), string(pact.Breached))
		} else {
			s.overdue(open, inv.currency, since)
			s.add("overdue", fmt.Sprintf("%s since %s", exactText(open, inv.currency), dayText(since)), string(pact.Breached))
		}
		inv.interest(minus(owed, earned), full)
	}
	inv.release(mine)
}

// partDiscount is what a payment earns by itself: whoever pays the whole less the discount settles the whole, and whoever pays a
// part of that settles that part.
func (inv *invoice) partDiscount(pay paid, owed, base, open *big.Rat) *big.Rat {
	for _, d := range inv.terms.discounts {
		last := inv.until(d)
		off := percentOf(base, d.percent)
		net := minus(owed, off)
		if pay.on > last || net.Sign() <= 0 {
			continue
		}
		exact := minRat(mul(pay.amount, quo(off, net)), maxRat(new(big.Rat), open))
		sum := inv.s.sum("discount taken", exact, inv.currency, pay.on)
		inv.s.add("discount for a part", fmt.Sprintf("%s %% of %s, %s paid by %s", d.percent, exactText(base, inv.currency), exactText(pay.amount, inv.currency), dayText(last)), sum.String())
		return sum.Ratio()
	}
	return new(big.Rat)
}

// discountTaken tells whether a payment settles the invoice less a discount it came in time for.
func (inv *invoice) discountTaken(pay paid, open, base *big.Rat) bool {
	for _, d := range inv.terms.discounts {
		last := inv.until(d)
		off := percentOf(base, d.percent)
		if pay.on > last || open.Cmp(money.FromRatio(off, inv.currency).Ratio()) > 0 {
			continue
		}
		sum, words := inv.s.sum("discount taken", minRat(off, open), inv.currency, pay.on), ""
		if allowed := money.FromRatio(off, inv.currency); !sum.Equal(allowed) {
			words = " = " + allowed.String() + " allowed, less was deducted"
		}
		inv.s.add("discount taken", fmt.Sprintf("%s %% of %s, paid by %s", d.percent, exactText(base, inv.currency), dayText(last))+words, sum.String())
		return true
	}
	return false
}

// tooMuch says where a discount was deducted in time, but more than was allowed: that it is not taken, and what was missing for it.
func (inv *invoice) tooMuch(owed, base *big.Rat) {
	s := inv.s
	paidSum := new(big.Rat)
	for _, pay := range inv.payments {
		paidSum = plus(paidSum, pay.amount)
		deducted := minus(owed, paidSum)
		if deducted.Sign() <= 0 || deducted.Cmp(mul(percentOf(base, inv.terms.discounts[0].percent), ratOf(2))) > 0 {
			continue // a part, and not the whole less a discount
		}
		for _, d := range inv.terms.discounts {
			off := money.FromRatio(percentOf(base, d.percent), inv.currency).Ratio()
			if over := minus(deducted, off); pay.on <= inv.until(d) && over.Sign() > 0 {
				s.add("more was deducted than the discount", fmt.Sprintf("%s deducted on %s, %s %% of %s = %s was allowed until %s", exactText(deducted, inv.currency), dayText(pay.on), d.percent, exactText(base, inv.currency), exactText(off, inv.currency), dayText(inv.until(d))), exactText(over, inv.currency)+" too much: the discount is not taken")
				break
			}
		}
	}
}

// explainDiscounts says until when which discount holds, or that it was missed and what that cost by the year.
func (inv *invoice) explainDiscounts(base *big.Rat, taken bool, full calendar.Date) {
	s := inv.s
	for i, d := range inv.terms.discounts {
		last := inv.until(d)
		off := money.FromRatio(percentOf(base, d.percent), inv.currency)
		pay := minus(minus(inv.total, inv.held), off.Ratio())
		switch {
		case taken:
		case !s.over(last) && full == "":
			s.sum("pay with discount until "+string(last), pay, inv.currency, last)
			s.add("discount", fmt.Sprintf("%s %% of %s until %s", d.percent, exactText(base, inv.currency), dayText(last)), "pay "+exactText(pay, inv.currency))
			if s.a.NextAt.IsZero() {
				s.a.NextAt = s.end(last)
			}
		case i == 0:
			s.sum(discountMissed, off.Ratio(), inv.currency, last)
			text := off.String()
			if n := last.DaysUntil(inv.due); n > 0 {
				hundred := decimal.NewFromInt(100)
				yearly := mul(quo(d.percent.Rat(), hundred.Sub(d.percent).Rat()), big.NewRat(365*100, int64(n)))
				text += fmt.Sprintf("; forgoing it costs %s %% a year", money.RoundRatio(yearly, 2))
			}
			s.add("discount missed", fmt.Sprintf("%s %% of %s until %s", d.percent, exactText(base, inv.currency), dayText(last)), text)
		}
	}
}

// unearned finds a discount that was deducted too late: what is open is not more than the discount.
func (inv *invoice) unearned(open, base *big.Rat) {
	s := inv.s
	best := inv.terms.discounts[0]
	off := money.FromRatio(percentOf(base, best.percent), inv.currency)
	last := inv.payments[len(inv.payments)-1]
	if open.Cmp(off.Ratio()) > 0 {
		return
	}
	sum := s.sum(discountUnearned, open, inv.currency, last.on)
	s.owe(sum)
	s.add("unearned discount", fmt.Sprintf("paid on %s, the discount held until %s", dayText(last.on), dayText(inv.until(best))), sum.String()+" is still owed")
}
