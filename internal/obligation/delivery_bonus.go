package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// early adds the bonus for what came before the promised day, part by part as damages are. A sum, or a share of the whole line, that
// does not grow with the part is earned by the line as a whole, on the day on which it is complete.
func (d *deliveryLine) early(batches []batch, need *big.Rat) {
	r, s := d.p.Bonus, d.s
	if r == nil || !d.bonusDay(batches, need) {
		return
	}
	whole := r.ofLine()
	var parts []batch
	left, came := d.line.Quantity.Rat(), new(big.Rat)
	for _, b := range batches {
		part := minRat(b.quantity, left)
		came = plus(came, b.quantity)
		if part.Sign() > 0 {
			left = minus(left, part)
		}
		switch {
		case b.on >= d.earlyBefore(b.on):
		case whole && len(parts) == 0 && came.Cmp(need) >= 0:
			parts = []batch{{on: b.on, at: b.at, quantity: minRat(came, d.line.Quantity.Rat()), id: b.id}}
		case !whole && part.Sign() > 0:
			parts = append(parts, batch{on: b.on, at: b.at, quantity: part, id: b.id})
		}
	}
	if len(parts) == 0 {
		return
	}
	cur := d.currency(r)
	if cur == "" {
		s.waits("needs_price", "bonus", "the value of the line is not known")
		return
	}
	if d.mixed(r, "bonus", cur) {
		return
	}
	count := d.bonusCount()
	if count == "" && slices.ContainsFunc(parts, func(b batch) bool {
		return r.steps(d.daysEarly(b), "started").Cmp(r.steps(d.daysEarly(b), "full")) != 0
	}) {
		started := money.FromRatio(d.add(r, parts, "started", false, "bonus", d.daysEarly), cur)
		full := money.FromRatio(d.add(r, parts, "full", false, "bonus", d.daysEarly), cur)
		if !started.Equal(full) {
			s.ask("bonus_steps", fmt.Sprintf("Does the bonus count each %s that has begun, or only full ones?", cmp.Or(r.Step, "day")),
				pact.Outcome{Reading: "started", Amount: &started, Set: `"bonus": {"count": "started"}`}, pact.Outcome{Reading: "full", Amount: &full, Set: `"bonus": {"count": "full"}`})
			return
		}
	}
	if count != r.Count {
		s.add("steps of the bonus", "not said", count+" ones, as of the damages")
	}
	exact := d.add(r, parts, cmp.Or(count, "full"), true, "bonus", d.daysEarly)
	if exact.Sign() <= 0 {
		return
	}
	sum := s.sum("bonus for early delivery", exact, cur, "")
	s.owe(sum)
	s.add("bonus for early delivery", fmt.Sprintf("before %s, %s", dayText(d.due), exactText(exact, cur)), sum.String())
}

// earlyBefore is the day before which what came on a day is early.
func (d *deliveryLine) earlyBefore(on calendar.Date) calendar.Date {
	if d.p.BonusFrom == "promised" {
		return d.line.Due
	}
	return d.dueBy(on)
}

// bonusDay asks whether an excused delay makes a delivery early: it takes lateness away, and whether it earns a bonus no rule says. False where
// it is asked.
func (d *deliveryLine) bonusDay(batches []batch, need *big.Rat) bool {
	if d.p.BonusFrom != "" || len(d.excused) == 0 {
		return true
	}
	readings := []pact.Outcome{
		{Reading: "before the promised day", Set: member("bonus_from", "promised")},
		{Reading: "before that day with the excused days", Set: member("bonus_from", "excused")},
	}
	for i, from := range []string{"promised", "excused"} {
		quiet := *d
		quiet.p.BonusFrom, quiet.s = from, d.s.quiet()
		quiet.s.a.Amount, quiet.s.a.Amounts, quiet.s.a.Ambiguities, quiet.s.a.AmountState = nil, nil, nil, ""
		if quiet.early(batches, need); len(quiet.s.a.Ambiguities) > 0 || quiet.s.a.AmountState != "" {
			return true // something else is open first
		}
		if readings[i].Amount = quiet.s.a.Amount; readings[i].Amount == nil {
			readings[i].Result = "no bonus"
		}
	}
	if sameAmount(readings[0].Amount, readings[1].Amount) {
		return true
	}
	d.s.ask("bonus_from", "A delay was excused. Is a delivery early before the promised day, or before that day with the excused days?", readings...)
	return false
}

// bonusCount is which steps of a bonus count: where it does not say, those that count of the damages by the same step, whose mirror image it is;
// "" where neither says.
func (d *deliveryLine) bonusCount() string {
	r, of := d.p.Bonus, d.p.Damages
	if r.Count != "" || of == nil || cmp.Or(of.Step, "day") != cmp.Or(r.Step, "day") {
		return r.Count
	}
	return of.Count
}

// daysEarly counts the days from a part to the promised day, as daysLate counts those after it.
func (d *deliveryLine) daysEarly(b batch) *big.Rat {
	due := d.earlyBefore(b.on)
	switch d.p.Days {
	case "business":
		n := 0
		for day := b.on.AddDays(1); day <= due && n < 10_000; day = day.AddDays(1) {
			if d.days.IsBusinessDay(day) {
				n++
			}
		}
		return ratOf(n)
	case "hours24":
		return big.NewRat(int64(max(0, d.s.end(due).Sub(b.at))), int64(24*time.Hour))
	}
	return ratOf(max(0, b.on.DaysUntil(due)))
}
