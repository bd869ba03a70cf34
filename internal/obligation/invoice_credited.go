package obligation

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// creditedAfter is what credit notes of after a day took off the invoice.
func (inv *invoice) creditedAfter(on calendar.Date) *big.Rat {
	sum := new(big.Rat)
	for _, c := range inv.credits {
		if c.on > on && (c.on <= inv.due || inv.p.CreditNotes != "own_date") {
			sum = plus(sum, c.amount)
		}
	}
	return sum
}

// creditedOnOrder names the credit notes on the purchase or order that the invoice refers to: which of its invoices they lower is not known.
func (inv *invoice) creditedOnOrder() {
	s := inv.s
	var left passedOver
	var ids []pact.EventID
	for _, l := range append([]pact.EventLine{{Reference: inv.event.Data.Reference}}, inv.event.Data.Lines...) {
		if l.Reference == "" || l.Reference == inv.event.Subject {
			continue
		}
		for _, e := range s.of(l.Reference, "credit_note") {
			if e.Subject != inv.event.Subject && e.Data.Reference != inv.event.Subject && !slices.Contains(ids, idOf(e)) {
				ids = append(ids, idOf(e))
				left.add(e, "of "+string(s.dateOf(e))+" names "+short(l.Reference)+" and no invoice")
			}
		}
	}
	if left.many > 0 {
		s.add("credit note on what the invoice refers to", left.text()+"; it lowers an invoice that it names", fmt.Sprintf("%d "+setAside, left.many), ids...)
	}
}

// keptDiscount is the discount of a payment that settled the invoice of its day less a discount in time, where a credit note lowered the
// invoice after it: what was earned is not missed by that. nil where it is none. Of which amount the discount is then, of the
// rest or of what was owed when it was paid, is asked.
func (inv *invoice) keptDiscount(pay paid, open, base *big.Rat) *big.Rat {
	s, after := inv.s, inv.creditedAfter(pay.on)
	if after.Sign() <= 0 || pay.credit || pay.amount.Sign() <= 0 || inv.p.PartialDiscount || inv.nothing(plus(open, after)) {
		return nil
	}
	deducted := plus(open, after)
	for _, d := range inv.terms.discounts {
		last := inv.until(d)
		if pay.on > last || deducted.Cmp(money.FromRatio(percentOf(plus(base, after), d.percent), inv.currency).Ratio()) > 0 {
			continue
		}
		off, of := minRat(deducted, percentOf(base, d.percent)), base
		if inv.p.DiscountAfterCredit == "full" {
			off, of = deducted, plus(base, after)
		}
		sum := s.sum("discount taken", off, inv.currency, pay.on)
		s.add("discount taken", fmt.Sprintf("%s %% of %s, paid by %s before the credit note", d.percent, exactText(of, inv.currency), dayText(last)), sum.String())
		if inv.p.DiscountAfterCredit == "" && !sum.Equal(money.FromRatio(deducted, inv.currency)) {
			s.ask("discount_after_credit", sprintf("%s was deducted in time, and a credit note over %s came after it. Is the discount that of the rest, or does it stay as it was deducted?", exactText(deducted, inv.currency), exactText(after, inv.currency)),
				pact.Outcome{Reading: "the discount of the rest", Set: member("discount_after_credit", "rest")},
				pact.Outcome{Reading: "as it was deducted", Set: member("discount_after_credit", "full")})
		}
		return sum.Ratio()
	}
	return nil
}
