package obligation

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// lineCredit is what a credit note takes off a line: a sum, and of goods that came back their quantity.
type lineCredit struct {
	e        pact.Event
	sum      *big.Rat
	quantity *big.Rat // nil where it gives none: a correction of the price, or goods that came back
	unclear  bool     // it names neither the line nor its item, and the invoice has several lines
}

// credits lists what credit notes of the invoice take off the line.
func (c comparison) credits(currency string) (list []lineCredit) {
	s := c.s
	for _, e := range s.of(c.e.Subject, "credit_note") {
		add := func(quantity, price, amount *big.Rat, unclear bool) {
			if amount == nil && quantity != nil && price != nil {
				amount = mul(quantity, price)
			}
			if amount != nil && amount.Sign() != 0 {
				list = append(list, lineCredit{e, new(big.Rat).Abs(amount), quantity, unclear})
			}
		}
		sumOf := func(a *money.Amount) *big.Rat {
			if a == nil || a.Currency != currency {
				return nil
			}
			return a.Ratio()
		}
		for _, l := range e.Data.Lines {
			mine := l.Line == c.l.Line && (l.Item == "" || sameWord(l.Item, c.l.Item)) || l.Line == "" && sameWord(l.Item, c.l.Item)
			if !mine && sameWord(l.Item, c.l.Item) {
				mine = c.onlyOf(l.Item)
			}
			if mine {
				add(ratioOf(l.Quantity), sumOf(l.Price), sumOf(l.Amount), false)
			}
		}
		d := e.Data
		if len(d.Lines) > 0 || d.Line != "" && d.Line != c.l.Line || d.Item != "" && !sameWord(d.Item, c.l.Item) {
			continue
		}
		add(ratioOf(d.Quantity), sumOf(d.Price), sumOf(d.Amount), d.Line == "" && len(linesOf(c.e)) > 1 && !c.onlyOf(d.Item))
	}
	return list
}

// onlyOf tells whether the line is the only one of the invoice with an item.
func (c comparison) onlyOf(item string) bool {
	n := 0
	for _, l := range linesOf(c.e) {
		if sameWord(l.Item, item) {
			n++
		}
	}
	return n == 1
}

// credited is what is left of an overcharge after the credit notes of its invoice, with the last of them: one that gives no quantity corrects
// the price, one with a quantity takes that quantity back, charge and price. known is false where it is asked which of the two it is.
func (c comparison) credited(diff, invoiced, want *big.Rat, currency string) (left *big.Rat, last *pact.Event, known bool) {
	s := c.s
	if diff.Sign() <= 0 || invoiced.Sign() <= 0 {
		return diff, nil, true
	}
	left = diff
	list := c.credits(currency)
	for i := range list {
		one := &list[i]
		last = &one.e
		s.use(one.e)
		cents := func(r *big.Rat) money.Amount { return money.FromRatio(r, currency) }
		share := minus(left, mul(diff, quo(one.sum, invoiced))) // goods came back: their part of the overcharge with them
		switch {
		case one.quantity != nil && one.quantity.Sign() != 0 && c.l.Quantity.Sign() != 0:
			part := new(big.Rat).Abs(one.quantity)
			left = minus(left, minus(one.sum, mul(want, quo(part, c.l.Quantity.Rat()))))
		case !one.unclear && one.quantity != nil, cents(one.sum).Equal(cents(left)):
			left = minus(left, one.sum)
		default:
			corrected, back := cents(maxRat(new(big.Rat), minus(left, one.sum))), cents(share)
			readings := []pact.Outcome{{Reading: "it corrects the price of the line", Amount: &corrected}, {Reading: "goods of the line came back", Amount: &back}}
			if one.unclear {
				other := cents(left)
				readings = append(readings, pact.Outcome{Reading: "it is of another line", Amount: &other})
			}
			s.add("credit note", "of "+dayText(s.dateOf(one.e)), exactText(one.sum, currency)+", for what it does not say", idOf(one.e))
			s.ask("credited_for", fmt.Sprintf("%s was charged too much, and a credit note over %s does not say what for. Report it again with its line, and the quantity that came back (0 where it corrects the price).", exactText(left, currency), exactText(one.sum, currency)), readings...)
			return left, last, false
		}
		left = maxRat(new(big.Rat), left)
		s.add("credit note", "of "+dayText(s.dateOf(one.e))+", "+exactText(one.sum, currency), "leaves "+exactText(left, currency), idOf(one.e))
	}
	return left, last, true
}

// ratioOf is an exact number; nil where there is none that can be used.
func ratioOf(d *decimal.Decimal) *big.Rat {
	if d == nil || !money.Sane(*d) {
		return nil
	}
	return d.Rat()
}
