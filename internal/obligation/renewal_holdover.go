package obligation

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
)

// checkHoldover asks for what the time after the last term needs.
func (p RenewalParams) checkHoldover(q *questions) {
	q.between("renewal_price_percent", "renewal_price_percent", 0, 10_000, p.RenewalPrice)
	q.aboveZero("renewal_price_percent", "renewal_price_percent", p.RenewalPrice)
	h := p.Holdover
	if h == nil {
		return
	}
	q.between("holdover", "holdover.price_percent", 0, 10_000, h.PricePercent)
	q.aboveZero("holdover", "holdover.price_percent", h.PricePercent)
	switch {
	case p.Evergreen:
		q.ask("holdover", "A contract that runs until ended by notice has no term after which it could hold over. Which of the two is meant?")
	case h.Notice == nil:
		q.ask("holdover", "With which notice does the contract end while it goes on from month to month (holdover.notice)?")
	case h.Notice.Check() != nil || h.Notice.Value > 10_000 || h.Notice.Value == 0:
		q.ask("holdover", "holdover.notice: a notice of %s can not end a contract that goes on from month to month. How long is it?", h.Notice)
	}
}

// endsOn says what becomes of the contract after its last term.
func (p RenewalParams) endsOn(last calendar.Date) string {
	h := p.Holdover
	if h == nil {
		return "the contract ends on " + string(last)
	}
	words := fmt.Sprintf("the term ends on %s, and the contract goes on from month to month from %s, until ended by notice of %s", last, last.AddDays(1), h.Notice)
	if h.PricePercent != nil {
		words += fmt.Sprintf(", at %s %% of the price", h.PricePercent)
	}
	return words + "; that notice is not judged"
}

// aboveZero asks about a percentage of a price that would be none; nil is absent.
func (q *questions) aboveZero(code, member string, percent *decimal.Decimal) {
	if percent != nil && percent.IsZero() {
		q.ask(code, "%s is 0, and nothing would be paid. Which percentage of the price is meant? Leave it out where the price stays.", member)
	}
}

// holdsOver is the first day on which the contract goes on from month to month where this renewal is the last there is, or does not come about;
// "" where it does not hold over then.
func (p RenewalParams) holdsOver(r Renewal) calendar.Date {
	switch {
	case p.Holdover == nil || p.renews() && !p.isLast(r):
		return ""
	case p.renews():
		return r.NextLastDay.AddDays(1)
	}
	return r.RenewalDate
}

// isLast tells whether there can be no renewal after this one.
func (p RenewalParams) isLast(r Renewal) bool {
	return !p.goesOn() || p.MaxRenewals > 0 && r.Number >= p.MaxRenewals
}

// renewedAt is what the clause says of the price of a renewed term.
func (p RenewalParams) renewedAt() string {
	if p.RenewalPrice == nil {
		return ""
	}
	return fmt.Sprintf(", at %s %% of the price before", p.RenewalPrice)
}

// afterLast says what follows the last renewal there can be.
func (p RenewalParams) afterLast(r Renewal) string {
	if !p.isLast(r) {
		return ""
	}
	return ", for the last time: then " + p.endsOn(r.NextLastDay)
}

// heldOver tells whether a day lies behind all terms there can be, where the contract goes on from month to month.
func (p RenewalParams) heldOver(day calendar.Date) bool {
	all, err := p.Renewals(calendar.Set{}, calendar.Period{Until: day.AddDays(1)})
	if err != nil || len(all) == 0 {
		return false
	}
	over := p.holdsOver(all[len(all)-1])
	return over != "" && day >= over
}
