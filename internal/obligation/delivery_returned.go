package obligation

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// What sent_back says of goods that were delivered and sent back (a delivery below zero). What was sent back is taken from what came last; what
// comes later replaces it. As long as all of it happens before the last day, or after it to goods that were late anyway, the readings agree.
const (
	backUndelivered = "undelivered"   // they count as never delivered: what replaced them came when it came
	backMissing     = "missing_since" // they were there, and miss from the day they were sent back
	backDelivered   = "delivered"     // what was there at the end of the last day was delivered in time, whatever became of it
)

// stay is a time during which a part of the quantity was there; gone is "" while it still is.
type stay struct {
	batch
	gone   calendar.Date
	goneAt time.Time
}

// layer is a part of the quantity with the times during which it was there, in order.
type layer struct {
	quantity *big.Rat
	stays    []stay
}

func (l layer) here() bool { return len(l.stays) > 0 && l.stays[len(l.stays)-1].gone == "" }

// split parts a layer: the first has a quantity, the second the rest.
func (l layer) split(quantity *big.Rat) (low, high layer) {
	return layer{quantity, slices.Clone(l.stays)}, layer{minus(l.quantity, quantity), slices.Clone(l.stays)}
}

// layersOf stacks what came, and takes what was sent back from the top, which came last. What comes fills the lowest gap first. moves are in
// order of their days, on one day what came before what was sent back.
func layersOf(moves []batch) []layer {
	var out []layer
	owed := new(big.Rat) // sent back before it came
	for _, m := range moves {
		left := m.quantity
		if left.Sign() < 0 {
			left = new(big.Rat).Neg(left)
			for i := len(out) - 1; i >= 0 && left.Sign() > 0; i-- {
				if !out[i].here() {
					continue
				}
				if out[i].quantity.Cmp(left) > 0 {
					low, high := out[i].split(minus(out[i].quantity, left))
					out = slices.Insert(out, i+1, high)
					out[i] = low
					i++
				}
				last := &out[i].stays[len(out[i].stays)-1]
				last.gone, last.goneAt = m.on, m.at
				left = minus(left, out[i].quantity)
			}
			owed = plus(owed, left)
			continue
		}
		settled := minRat(left, owed)
		owed, left = minus(owed, settled), minus(left, settled)
		for i := 0; i < len(out) && left.Sign() > 0; i++ {
			if out[i].here() {
				continue
			}
			if out[i].quantity.Cmp(left) > 0 {
				low, high := out[i].split(left)
				out = slices.Insert(out, i+1, high)
				out[i] = low
			}
			out[i].stays = append(out[i].stays, stay{batch: batch{on: m.on, at: m.at, id: m.id}})
			left = minus(left, out[i].quantity)
		}
		if left.Sign() > 0 {
			out = append(out, layer{left, []stay{{batch: batch{on: m.on, at: m.at, id: m.id}}}})
		}
	}
	return out
}

// kept is what came with what was sent back taken off, as a reading has it, in order of days.
func (d *deliveryLine) kept(moves []batch, reading string) []batch {
	var out []batch
	for _, l := range layersOf(moves) {
		l.stays = slices.DeleteFunc(l.stays, func(s stay) bool { return s.gone == s.on }) // it was there at the end of no day
		if b, ok := d.came(l, reading); ok {
			b.quantity = l.quantity
			out = append(out, b)
		}
	}
	return out
}

// came is when a part came, as a reading has it; false where it did not.
func (d *deliveryLine) came(l layer, reading string) (batch, bool) {
	if len(l.stays) == 0 {
		return batch{}, false
	}
	last := l.stays[len(l.stays)-1]
	if reading == backDelivered {
		if i := slices.IndexFunc(l.stays, func(s stay) bool { return d.inTime(s.batch) && (s.gone == "" || s.gone > d.lastDay(s.on)) }); i >= 0 {
			return l.stays[i].batch, true
		}
	}
	if reading != backMissing {
		return last.batch, last.gone == ""
	}
	stays := slices.DeleteFunc(slices.Clone(l.stays), func(s stay) bool { return s.gone != "" && s.gone <= d.lastDay(s.on) })
	if len(stays) == 0 {
		return batch{}, false
	}
	b := stays[0].batch
	for i, s := range stays {
		if s.gone == "" {
			break
		}
		gap := batch{since: s.gone, sinceAt: s.goneAt, at: d.s.a.At}
		if i+1 < len(stays) {
			next := stays[i+1]
			gap.on, gap.at, gap.id = next.on, next.at, next.id
		}
		if gap.on != gap.since {
			b.gaps = append(b.gaps, gap)
		}
	}
	return b, true
}

// lastDay is the last day on which what came on a day was in time.
func (d *deliveryLine) lastDay(on calendar.Date) calendar.Date {
	return d.dueBy(on).AddDays(d.p.GraceDays)
}

// back takes what was sent back from what came. Where the clause does not say how it counts, it is asked, and ok is false; the readings are
// weighed where it matters.
func (d *deliveryLine) back(moves []batch) (kept []batch, ok bool) {
	var ids []pact.EventID
	for _, m := range moves {
		if m.quantity.Sign() < 0 {
			ids = append(ids, m.id)
		}
	}
	if len(ids) == 0 {
		return moves, true
	}
	words := map[string]string{
		backUndelivered: "as never delivered", backMissing: "as missing from the day they were sent back",
		backDelivered: "as delivered, where they were there at the end of the last day",
	}
	if d.p.SentBack == "" {
		var readings []pact.Outcome
		for _, name := range []string{backUndelivered, backMissing, backDelivered} {
			readings = append(readings, pact.Outcome{Reading: words[name], Set: member("sent_back", name)})
		}
		d.s.ask("sent_back", "How do goods count that came and were sent back?", readings...)
		return nil, false
	}
	d.s.add("goods that were sent back", "taken from what came last", "they count "+words[d.p.SentBack], ids...)
	return d.kept(moves, d.p.SentBack), true
}

// wholeLine is when the line as a whole was late: until the last part of it came, and after that while any part was missing again. Times that
// overlap count once. late is in order of days, gaps apart.
func wholeLine(late []batch) []batch {
	var out, gaps []batch
	for _, b := range late {
		if b.since != "" {
			gaps = append(gaps, b)
			continue
		}
		out = []batch{b}
	}
	slices.SortStableFunc(gaps, func(a, b batch) int { return cmp.Compare(a.since, b.since) })
	for _, gap := range gaps {
		if n := len(out); n > 0 {
			before := out[n-1]
			switch {
			case before.on == "" || gap.on != "" && gap.on <= before.on:
				continue
			case gap.since <= before.on:
				gap.since, gap.sinceAt = before.on, before.at
			}
		}
		out = append(out, gap)
	}
	return out
}
