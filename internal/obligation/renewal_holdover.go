package obligation

import (
	"fmt"

	"github.com/pactloop/pactloop/internal/calendar"
)

// checkHoldover asks for what the time after the last term needs.
func (p RenewalParams) checkHoldover(q *questions) {
	q.between("renewal_price_percent", "renewal_price_percent", 0, 10_000, p.RenewalPrice)
	h := p.Holdover
	if h == nil {
		return
	}
	q.between("holdover", "holdover.price_percent", 0, 10_000, h.PricePercent)
	switch {
	case p.Evergreen:
		q.ask("holdover", "A contract that runs until ended by notice has no term after which it could hold over. Which of the two is meant?")
	case h.Notice == nil:
		q.ask("holdover", "With which notice does the contract end while it goes on from month to month (holdover.notice)?")
	case h.Notice.Check() != nil || h.Notice.Value > 10_000:
		q.ask("holdover", "A notice of %s can not end a contract that goes on from month to month. How long is it?", h.Notice)
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
	return words
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
	if p.MaxRenewals == 0 || r.Number < p.MaxRenewals {
		return ""
	}
	return ", for the last time: then " + p.endsOn(r.NextLastDay)
}
