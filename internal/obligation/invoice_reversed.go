package obligation

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/pactloop/pactloop/internal/pact"
)

// takenBack is a part of a payment that was taken back later: a cheque that bounced, a debit that was returned.
type takenBack struct{ payment, by paid }

// takeBack takes out of the payments what payments below zero took back: of the payment with the same reference, else of the same sum before it,
// else of the last before it. What none of these accounts for is kept (unplaced).
func (inv *invoice) takeBack(reversals []paid) {
	s := inv.s
	slices.SortStableFunc(reversals, func(a, b paid) int { return cmp.Compare(a.on, b.on) })
	for _, by := range reversals {
		left := new(big.Rat).Neg(by.amount)
		for _, like := range []func(paid) bool{
			func(p paid) bool {
				return by.event.Data.Reference != "" && p.event.Data.Reference == by.event.Data.Reference
			},
			func(p paid) bool { return p.amount.Cmp(left) == 0 },
			func(paid) bool { return true },
		} {
			for i, p := range slices.Backward(inv.payments) {
				if part := minRat(left, p.amount); p.on <= by.on && part.Sign() > 0 && like(p) {
					inv.payments[i].amount, left = minus(p.amount, part), minus(left, part)
					p.amount, by.amount = part, new(big.Rat).Neg(part)
					inv.reversed = append(inv.reversed, takenBack{p, by})
					s.add("payment taken back", "on "+dayText(by.on), exactText(part, inv.currency)+" of the payment of "+dayText(p.on), idOf(by.event), idOf(p.event))
				}
			}
		}
		for i, p := range inv.payments { // booked before its payment was, and names it
			part := minRat(left, p.amount)
			if p.on <= by.on || part.Sign() <= 0 || by.event.Data.Reference == "" || p.event.Data.Reference != by.event.Data.Reference {
				continue
			}
			inv.payments[i].amount, left = minus(p.amount, part), minus(left, part)
			p.amount = part
			inv.reversed = append(inv.reversed, takenBack{p, paid{on: p.on, amount: new(big.Rat).Neg(part), event: by.event}})
			s.add("payment taken back", "on "+dayText(by.on), exactText(part, inv.currency)+" of the payment of "+dayText(p.on)+", as its reference says", idOf(by.event), idOf(p.event))
		}
		if left.Sign() > 0 {
			s.add("payment taken back", "on "+dayText(by.on), "no payment of "+exactText(left, inv.currency)+" is known before it", idOf(by.event))
			by.amount = left
			inv.unplaced = append(inv.unplaced, by)
		}
	}
	inv.payments = slices.DeleteFunc(inv.payments, func(p paid) bool { return len(reversals) > 0 && p.amount.Sign() == 0 })
}

// reversedLate decides what payments that were taken back after the due day were until then: none, or payments. False where that is asked.
func (inv *invoice) reversedLate() bool {
	s := inv.s
	var late []takenBack
	for _, r := range inv.reversed {
		if r.by.on > inv.due {
			late = append(late, r)
		}
	}
	switch {
	case len(late) == 0 || inv.p.ReversedPayments == "never_paid":
		return true
	case inv.p.ReversedPayments == "":
		s.ask("reversed_payments", sprintf("A payment was taken back on %s, after the due day, %s. Was it never paid, or paid until then?", late[0].by.on, inv.due),
			pact.Outcome{Reading: "it was never paid", Set: member("reversed_payments", "never_paid")},
			pact.Outcome{Reading: "it was paid until then", Set: member("reversed_payments", "own_date")})
		return false
	}
	for _, r := range late {
		inv.payments = append(inv.payments, r.payment, r.by)
		s.add("paid until it was taken back", "from "+dayText(r.payment.on)+" to "+dayText(r.by.on), exactText(r.payment.amount, inv.currency))
	}
	inv.inOrder()
	return true
}

// reversedBefore asks which payment was taken back before any that could be meant: a later one, or one that nobody reported. False where it is
// asked. Where nothing was paid later it makes no difference.
func (inv *invoice) reversedBefore() bool {
	s := inv.s
	for _, by := range inv.unplaced {
		i := slices.IndexFunc(inv.payments, func(p paid) bool { return p.on > by.on && p.amount.Sign() > 0 })
		if i < 0 {
			continue
		}
		later := inv.payments[i]
		sum := exactText(minRat(by.amount, later.amount), inv.currency)
		s.ask("payment_taken_back", sprintf("%s was taken back on %s, and no payment before it is known. Which payment was it? Give it the reference of that payment, or report the payment that is missing.", exactText(by.amount, inv.currency), by.on),
			pact.Outcome{Reading: sprintf("that of %s", later.on), Result: sum + " of it was never paid"},
			pact.Outcome{Reading: "one that nobody reported", Result: sprintf("that of %s stands", later.on)})
		return false
	}
	return true
}
