package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// ledger is what is booked of a period, one purchase after the other. What was booked stands: what is learned later is booked when it is,
// as the difference.
type ledger struct {
	c        tierCase
	booked   money.Amount
	lastTier int
}

// stage is what was known of the purchases of a period until something of them was corrected, or the terms were amended back in time.
type stage struct {
	c      tierCase // the terms that were known
	list   []bought // in the order in which they became known, each with the day of its booking
	before *big.Rat // the volume before the period
	known  int      // how many of the list were known when the stage began
	began  *revision
	on     calendar.Date // on which it began
}

// revision is what changes what was booked: the correction of a purchase, or an amendment that holds back in time.
type revision struct {
	at     time.Time
	event  *pact.Event // the correction
	before *tierCase   // the terms until the amendment was published
	by     string      // title of the amendment
	room   *pact.Event // of an earlier period, that changes what that leaves of a ceiling over the life of the clause
}

// stages lists what was known of the purchases before each correction and after the last. all, mine and before are what is known now, all with
// what earlier periods bought.
func (c tierCase) stages(all, mine []bought, before *big.Rat) []stage {
	var out []stage
	begun := stage{}
	revisions := c.revisions(all, mine)
	for i, at := range revisions {
		terms := c
		if j := slices.IndexFunc(revisions[i:], func(r revision) bool { return r.before != nil }); j >= 0 {
			terms = *revisions[i+j].before
		}
		next := terms.asKnown(func(e *pact.Event) bool { return known(e).Before(at.at) })
		if next == nil { // it could not be told what it came to
			continue
		}
		begun.c, begun.list, begun.before = terms, next.list, next.before
		out = append(out, c.counted(begun))
		begun = stage{began: &at, on: calendar.DateIn(at.at, c.s.zone)}
	}
	begun.c, begun.list, begun.before = c, mine, before
	return append(out, c.counted(begun))
}

// revisions are the corrections of purchases, what was learned of earlier periods, and the amendment that holds back in time, in the order in
// which they became known.
func (c tierCase) revisions(all, mine []bought) (out []revision) {
	for _, e := range c.corrections() {
		out = append(out, revision{at: known(e), event: e})
	}
	out = append(out, c.roomChanged(all, mine)...)
	if r := c.amendedBack(); r != nil {
		out = append(out, *r)
	}
	slices.SortStableFunc(out, func(a, b revision) int { return a.at.Compare(b.at) })
	return out
}

// roomChanged is what was learned of earlier periods after something was booked of this one, and changes what they leave of a ceiling over the
// life of the clause: credit notes, mostly.
func (c tierCase) roomChanged(all, mine []bought) (out []revision) {
	if c.p.LifetimeCeiling == nil {
		return nil
	}
	for _, b := range all {
		at := known(&b.event)
		earlier := func(m bought) bool { return m.known().Before(at) }
		if b.day < c.covered.From && b.paid == nil && slices.ContainsFunc(mine, earlier) {
			out = append(out, revision{at: at, room: &b.event})
		}
	}
	slices.SortStableFunc(out, func(a, b revision) int { return a.at.Compare(b.at) })
	out = slices.CompactFunc(out, func(a, b revision) bool { return a.at.Equal(b.at) })
	return out[max(0, len(out)-maxBookings):]
}

// amendedBack is the publication of the document that governs the period, with the terms that were in force until then (a
// retroactive amendment is a difference, and edits nothing); nil where there was none, or parts of the period have terms of their own.
func (c tierCase) amendedBack() *revision {
	in := c.s.in
	if c.parts != nil {
		return nil
	}
	r := in.Timeline.Obligation(in.Obligation.Key, c.covered.From)
	if r.Winner == nil || r.Winner.Source.PublishedAt.IsZero() {
		return nil
	}
	at := r.Winner.Source.PublishedAt
	var old *effective.Entry
	for i := range r.Losers {
		e := &r.Losers[i].Entry
		if e.Obligation == nil || e.Obligation.Kind != in.Obligation.Kind || !e.Source.PublishedAt.Before(at) || e.Source.From > c.covered.From || !e.Obligation.InForce.Contains(c.covered.From) {
			continue
		}
		if old == nil || e.Source.PublishedAt.After(old.Source.PublishedAt) {
			old = e
		}
	}
	before := c
	before.p = TieredParams{}
	if old == nil || decode(old.Obligation.Params, &before.p) != nil || stopped(before.p.check()) != nil || before.p.byAmount() != c.p.byAmount() || !slices.Equal(before.p.currencies(), c.p.currencies()) {
		return nil
	}
	before.p = before.p.fromZero()
	return &revision{at: at, before: &before, by: cmp.Or(r.Winner.Source.Title, "the amendment")}
}

// counted puts the list of a stage in order, and counts what of it was known at its beginning.
func (c tierCase) counted(st stage) stage {
	st.list = c.asBooked(st.list, st.on)
	for _, b := range st.list {
		if st.began != nil && !b.known().After(st.began.at) {
			st.known++
		}
	}
	return st
}

// known is when an event was known: when it was received, or where nobody says, when it happened.
func known(e *pact.Event) time.Time { return later(e.OccurredAt, e.ReceivedAt) }

// purchaseKinds are the kinds of event that purchases are made of.
func purchaseKinds() []string { return []string{"invoice", "purchase", "usage", "credit_note"} }

// corrections are the latest events, in the order in which they were known, that replace a purchase that may count in the period.
func (c tierCase) corrections() []*pact.Event {
	s := c.s
	var out []*pact.Event
	for _, place := range s.log.book.replacers {
		e := s.log.book.order[place]
		if !s.log.has(place) || known(e).After(s.in.At) {
			continue
		}
		old := s.event(e.Replaces)
		if old == nil || !slices.Contains(purchaseKinds(), old.Kind) {
			continue
		}
		if old.Kind == "credit_note" || c.covered.Contains(s.dateOf(*old)) || c.covered.Contains(s.dateOf(*e)) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b *pact.Event) int {
		return cmp.Or(known(a).Compare(known(b)), cmp.Compare(idOf(*a), idOf(*b)))
	})
	out = slices.CompactFunc(out, func(a, b *pact.Event) bool { return known(a).Equal(known(b)) })
	return out[max(0, len(out)-maxBookings):]
}

// asKnown are the purchases of the period from those events alone that were known; nil where that waits for something.
func (c tierCase) asKnown(keep func(e *pact.Event) bool) *stage {
	q := c.s.quiet()
	q.log = c.s.log.Known(func(e *pact.Event) bool {
		return keep(e) || e.Replaces == "" && !slices.Contains(purchaseKinds(), e.Kind)
	})
	q.counts = q.log.at(q.in.At)
	all, ok := c.purchases(q)
	if !ok {
		return nil
	}
	return &stage{list: withinPeriod(all, c.covered), before: c.earlier(all)}
}

// book keeps what each purchase added when it came: round(new exact total) less what was booked, so that the bookings add up to
// the rounded total, and what was booked earlier stands, also what of it was corrected since.
func (c tierCase) book(all, mine []bought, before *big.Rat, final money.Amount) {
	l := ledger{c: c, booked: money.New(orZero(nil), c.cur), lastTier: -1}
	for _, st := range c.stages(all, mine, before) {
		l.c = st.c
		l.stage(st)
	}
	if len(mine) > 0 && !l.booked.Equal(final) {
		c.s.a.Amounts = append(c.s.a.Amounts, pact.AmountLine{Name: "booked at the end", Amount: money.New(final.Value.Sub(l.booked.Value), c.cur)})
	}
}

// stage books what a correction made of what was booked, and then the purchases that followed.
func (l *ledger) stage(st stage) {
	c := l.c
	volume, amount := new(big.Rat), new(big.Rat)
	name := func(b bought) string { return string(b.on) + " " + b.event.Subject }
	if len(st.list) > maxBookings {
		name = func(b bought) string { return string(b.on[:7]) }
	}
	parts := c.tally(nil)
	if st.began != nil && st.known == 0 {
		l.corrected(st, volume, amount, parts)
	}
	for i, b := range st.list {
		step := c.volume(b)
		volume, amount = plus(volume, step), plus(amount, c.amount(b))
		c.count(parts, b)
		switch {
		case i+1 < st.known:
		case i+1 == st.known:
			l.corrected(st, volume, amount, parts)
		case i+1 < len(st.list) && name(st.list[i+1]) == name(b):
		default:
			delta := l.to(c.bookable(volume, amount, st.before, parts))
			c.rerated(c.below(volume, st.before), step, &l.lastTier, b)
			c.s.a.Amounts = append(c.s.a.Amounts, pact.AmountLine{Name: "booked " + name(b), Amount: delta, On: b.on})
		}
	}
}

// corrected books the difference that a correction makes.
func (l *ledger) corrected(st stage, volume, amount *big.Rat, parts []tallied) {
	c, e := l.c, st.began.event
	was := l.booked
	delta := l.to(c.bookable(volume, amount, st.before, parts))
	if tier, between := c.p.tierOf(c.below(volume, st.before)); between == nil {
		l.lastTier = tier
	}
	if delta.IsZero() {
		return
	}
	if room := st.began.room; room != nil {
		name := cmp.Or(room.Subject, room.Data.Reference)
		c.s.add("lifetime ceiling, changed after it was booked", fmt.Sprintf("%s on %s, of an earlier period: %s became %s", name, st.on, was, l.booked), moreOrLess(delta.Ratio(), c.cur)+", booked now; what was booked before stands", idOf(*room))
		c.s.a.Amounts = append(c.s.a.Amounts, pact.AmountLine{Name: "booked " + string(st.on) + " " + name, Amount: delta, On: st.on})
		return
	}
	if e == nil {
		c.s.add("amended after it was booked", fmt.Sprintf("%s, published on %s: %s became %s", st.began.by, st.on, was, l.booked), moreOrLess(delta.Ratio(), c.cur)+", booked now; what was booked before stands")
		c.s.a.Amounts = append(c.s.a.Amounts, pact.AmountLine{Name: "booked " + string(st.on) + " " + st.began.by, Amount: delta, On: st.on})
		return
	}
	name := e.Subject
	if old := c.s.event(e.Replaces); name == "" && old != nil {
		name = old.Subject
	}
	c.s.add("corrected after it was booked", strings.TrimSpace(name+" on "+string(st.on))+fmt.Sprintf(": %s became %s", was, l.booked), moreOrLess(delta.Ratio(), c.cur)+", booked now; what was booked before stands", e.Replaces, idOf(*e))
	c.s.a.Amounts = append(c.s.a.Amounts, pact.AmountLine{Name: "booked " + string(st.on) + " " + name + ", corrected", Amount: delta, On: st.on})
}

// to moves what is booked, and gives the difference.
func (l *ledger) to(now money.Amount) money.Amount {
	delta, _ := now.Sub(l.booked) // one currency
	l.booked = now
	return delta
}

// known is when it was known that a purchase counts: with its payment, where it counts only when it was paid.
func (b bought) known() time.Time {
	if b.paid != nil {
		return later(known(&b.event), known(b.paid))
	}
	return known(&b.event)
}

// asBooked puts purchases in the order in which it became known that they count, each with the day of its booking: its own, or that of its
// payment where it counts only when it was paid, unless later ones were booked before it was known. Then it is booked when it came, and
// their entries stay. last is the day of the last booking so far.
func (c tierCase) asBooked(mine []bought, last calendar.Date) []bought {
	out := slices.Clone(mine)
	slices.SortStableFunc(out, func(a, b bought) int { return a.known().Compare(b.known()) })
	for i := range out {
		if b := &out[i]; b.paid != nil {
			b.on = max(b.on, c.s.dateOf(*b.paid))
		}
		if out[i].on < last {
			out[i].on = max(last, calendar.DateIn(out[i].known(), c.s.zone))
		}
		last = out[i].on
	}
	return out
}
