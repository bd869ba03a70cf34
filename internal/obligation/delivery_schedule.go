package obligation

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// DeliveryParams are the parameters of delivery_schedule.
type DeliveryParams struct {
	// Lines that were promised. With FromOrders the lines of purchase orders (date of the line: promised) are promised too.
	Lines []PromisedLine `json:"lines,omitempty"`
	// FromOrders: lines of purchase orders that name a day and a quantity are promised, too; absent: only lines are.
	FromOrders bool `json:"from_orders,omitempty"`
	// GraceDays: a delivery so many days of the calendar late is still in time. Once they are exceeded, days count from the end of the grace, or
	// with GraceCounts from the promised day.
	GraceDays int `json:"grace_days,omitempty"`
	// GraceCounts: once the grace is exceeded, late days count from the promised day; absent: from the end of the grace.
	GraceCounts bool `json:"grace_counts,omitempty"`
	// UnderPercent and OverPercent: quantity that may be missing or too much.
	UnderPercent *decimal.Decimal `json:"under_percent,omitempty"`
	// OverPercent: quantity that may come beyond the promised one, in percent of it; more is named in the trace and costs nothing; absent: 0.
	OverPercent *decimal.Decimal `json:"over_percent,omitempty"`
	Damages     *DamagesParams   `json:"damages,omitempty"` // liquidated damages for what is late; absent: none
	// Bonus for early delivery, in the same form; its count, where absent, is that of the damages by the same step.
	Bonus *DamagesParams `json:"bonus,omitempty"`
	// BonusFrom is the day before which a delivery is early, where a delay was excused: the promised day (promised), or that with the excused
	// days (excused). Absent: it is asked, where it matters.
	BonusFrom string `json:"bonus_from,omitempty" enum:"promised,excused"`
	// SentBack says how goods count that came and were sent back (a delivery below zero): as never delivered (undelivered), as missing from the
	// day they were sent back (missing_since), or as delivered where they were there at the end of the last day (delivered). Absent: it is asked,
	// where it matters.
	SentBack string `json:"sent_back,omitempty" enum:"undelivered,missing_since,delivered"`
	// Days that count: calendar (default), business (those of Hours), or hours24: runs of 24 hours from the end of the promised day.
	Days string `json:"days,omitempty" enum:"calendar,business,hours24"`
	// Hours: whose business days count where days is business; absent: Monday to Friday.
	Hours calendar.Hours `json:"hours,omitzero"`
	// Zone: IANA name of the zone in which days begin; absent: that of hours, else UTC.
	Zone string `json:"zone,omitempty"`
	// Eligible says which lines of orders are meant, with from_orders, where a contract has several schedules of orders: by items, or by services.
	// Absent: all that no other schedule is for. Where a line may be under several it is asked which governs it.
	Eligible *Scope `json:"eligible,omitempty"`
	// Waiver says what a waiver of some days lets go of: what falls due on them, damages of being late on them included (due), or what they are
	// about, so that a line that was promised before costs damages on them all the same (about). Absent: it is asked, where it matters.
	Waiver string `json:"waiver,omitempty" enum:"due,about"`
}

// PromisedLine is what is to be delivered until the end of a day.
type PromisedLine struct {
	Line     string          `json:"line"`            // a name of its own, by which deliveries name the line
	Item     string          `json:"item,omitempty"`  // what is delivered, as data.item of deliveries names it
	Quantity decimal.Decimal `json:"quantity"`        // number of units promised, above 0
	Due      calendar.Date   `json:"due"`             // last day to deliver, its end included
	Price    *money.Amount   `json:"price,omitempty"` // of one unit: the value of what is late
}

// DeliverySchedule judges deliveries against a schedule, with damages for what is late. Occurrences are lines. Events: delivery
// (subject the order, or the line itself; data.line, data.quantity), purchase_order, delay_excused (data.date to data.until, with
// an approver).
type DeliverySchedule struct{}

// Name is delivery_schedule.
func (DeliverySchedule) Name() string { return "delivery_schedule" }

// Params gives empty DeliveryParams.
func (DeliverySchedule) Params() any { return DeliveryParams{} }

// Check asks for what the schedule needs.
func (DeliverySchedule) Check(o pact.Obligation) []pact.Ambiguity { return ask[DeliveryParams](o) }

func (p DeliveryParams) zoneName() string { return cmp.Or(p.Zone, p.Hours.Zone) }

func (p DeliveryParams) check() []pact.Ambiguity {
	var q questions
	if len(p.Lines) == 0 && !p.FromOrders {
		q.ask("lines", "What is to be delivered, and until when?")
	}
	seen := map[string]bool{}
	for i, l := range p.Lines {
		q.decimals("quantity", 0, 1_000_000_000_000, &l.Quantity)
		q.amount("price", sprintf("lines[%d].price", i), l.Price)
		if l.Line == "" || l.Due == "" || seen[l.Line] || !l.Quantity.IsPositive() {
			q.ask("lines", "A line needs a name of its own, a quantity and the day until which it is promised.")
		}
		seen[l.Line] = true
	}
	q.days("grace_days", p.GraceDays)
	q.between("under_percent", "under_percent", 0, 100, p.UnderPercent)
	q.between("under_percent", "over_percent", 0, 100, p.OverPercent)
	q.oneOf("days", p.Days, "", "calendar", "business", "hours24")
	q.zone(p.zoneName())
	q.oneOf("sent_back", p.SentBack, "", backUndelivered, backMissing, backDelivered)
	q.waiver(p.Waiver)
	q.oneOf("bonus_from", p.BonusFrom, "", "promised", "excused")
	for name, d := range map[string]*DamagesParams{"damages": p.Damages, "bonus": p.Bonus} {
		if d == nil {
			continue
		}
		switch {
		case d.Percent != nil && d.Amount != nil:
			q.choose(name, "How much for each step: a percentage of the value, or an amount?",
				pact.Outcome{Reading: d.Percent.String() + " % of the value", Set: `"` + name + `": {"amount": null}`}, pact.Outcome{Reading: d.Amount.String(), Set: `"` + name + `": {"percent": null}`})
		case d.Percent == nil && d.Amount == nil:
			q.ask(name, "How much for each step: a percentage of the value, or an amount?")
		}
		q.oneOf("step", d.Step, "", "day", "week")
		q.oneOf("count", d.Count, "", "started", "full")
		q.oneOf("base", d.Base, "", "late", "line")
		q.between(name, name+".percent", 0, 1000, d.Percent)
		q.between(name, name+".cap_percent", 0, 1000, d.CapPercent)
		q.amount(name, name+".amount", d.Amount)
		q.amount(name, name+".cap_amount", d.CapAmount)
	}
	slices.SortFunc(q, func(a, b pact.Ambiguity) int { return cmp.Compare(a.Code, b.Code) })
	return q
}

// Occurrences lists the lines of the schedule that are due before the end of the period.
func (DeliverySchedule) Occurrences(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	var p DeliveryParams
	if decode(o.Params, &p) != nil {
		return nil
	}
	zone := zoneOf(p.zoneName())
	var out []pact.Occurrence
	for _, l := range p.Lines {
		if l.Due == "" || period.Until != "" && l.Due >= period.Until {
			continue
		}
		occ := occurrence(o, l.Line, strings.TrimSpace(l.Item+" due "+string(l.Due)), calendar.Span{Start: l.Due.In(zone).UTC(), End: l.Due.AddDays(1).In(zone).UTC()})
		occ.DueAt = l.Due.AddDays(1).In(zone).UTC()
		out = append(out, occ)
	}
	return out
}

// Opened lists the promised lines of orders.
func (DeliverySchedule) Opened(o pact.Obligation, events []pact.Event) []pact.Occurrence {
	var p DeliveryParams
	if decode(o.Params, &p) != nil || !p.FromOrders {
		return nil
	}
	kept, _ := tidy(events, "", calendar.Latest())
	zone := zoneOf(p.zoneName())
	seen := map[string]bool{}
	var out []pact.Occurrence
	for _, e := range kept {
		if e.Kind != "purchase_order" || !o.InForce.Contains(calendar.DateIn(e.OccurredAt, zone)) {
			continue
		}
		for _, l := range linesOf(e) {
			key := e.Subject + "/" + l.Line
			if l.Date != "" && l.Quantity != nil && !seen[key] && p.Eligible.fit(subjectOf(e, l.Item)) != fitsNot {
				seen[key] = true
				occ := occurrence(o, key, strings.TrimSpace(l.Item+" due "+string(l.Date)), calendar.Span{Start: e.OccurredAt})
				occ.DueAt = l.Date.AddDays(1).In(zone).UTC()
				out = append(out, occ)
			}
		}
	}
	return out
}

func (DeliverySchedule) scope(o pact.Obligation) (*Scope, bool) {
	var p DeliveryParams
	err := decode(o.Params, &p)
	return p.Eligible, err == nil && p.FromOrders
}

// promised finds the line of an occurrence, and the order it is of.
func (s *sheet) promised(p DeliveryParams, key string) (PromisedLine, *pact.Event, bool) {
	for _, l := range p.Lines {
		if l.Line == key {
			return l, nil, true
		}
	}
	if !p.FromOrders {
		return PromisedLine{}, nil, false
	}
	var out PromisedLine
	var order *pact.Event
	for e := range s.counts.about(matters(key), "purchase_order") {
		for _, l := range slices.Backward(linesOf(*e)) { // of the last order the first such line
			if e.Subject+"/"+l.Line == key && l.Date != "" && l.Quantity != nil {
				out = PromisedLine{Line: l.Line, Item: l.Item, Quantity: *l.Quantity, Due: l.Date, Price: l.Price}
				order = e
			}
		}
	}
	return out, order, order != nil
}

// Assess judges one line. Where a delivery may be of it or of another line of its order, it is judged both ways.
func (DeliverySchedule) Assess(in Input) (pact.Assessment, error) { return in.delivered("") }

// delivered judges one line; reading says of which line a delivery is that names only its order, "" is both.
func (in Input) delivered(reading string) (pact.Assessment, error) {
	p, s, done, err := begin(in, func(p DeliveryParams, s *sheet) calendar.Date {
		l, order, ok := s.promised(p, in.Occurrence.Key)
		if !ok {
			return ""
		}
		if order != nil {
			for _, e := range s.of(order.Subject, "purchase_order") {
				return s.dateOf(e)
			}
		}
		return l.Due
	})
	if err != nil || done {
		return *s.a, err
	}
	l, order, ok := s.promised(p, in.Occurrence.Key)
	if !ok {
		s.add("the line is no longer promised", "", "nothing to judge")
		return s.done(pact.Excused), nil
	}
	if order != nil {
		if a, done, err := s.shared(DeliverySchedule{}, "the line "+short(in.Occurrence.Key), *order, subjectOf(*order, l.Item), s.dateOf(*order)); done || err != nil {
			return a, err
		}
	}
	days, err := s.business(p.Hours)
	if err != nil {
		return pact.Assessment{}, err
	}
	if !money.Sane(l.Quantity) || l.Price != nil && !money.Sane(l.Price.Value) {
		return pact.Assessment{}, fault.New(fault.Invalid, "The line %s has a quantity or price out of range.", in.Occurrence.Key)
	}
	d := deliveryLine{p: p, s: s, line: l, days: days, due: l.Due, reading: reading}
	if order != nil {
		d.order, d.placed = order.Subject, order
	}
	if due, from := in.moved(l); order == nil && due != "" && !slices.Contains(in.decided, movedDay) {
		return in.underBothDays(l, due, from)
	}
	if reading == "" {
		if _, open := d.shares(); len(open) > 0 {
			return in.ofWhichLine(open)
		}
	}
	a := d.judge()
	if why := in.waived(l.Due); why != "" && a.Status == pact.Breached { // of an order from before
		s.a.BreachedAt, s.a.EndedAt = time.Time{}, time.Time{}
		return s.waivedDue(l.Due, why, p.Waiver, a), nil
	}
	return a, nil
}

// ofWhichLine judges a line with deliveries that name only its order, as its own and as those of other lines.
func (in Input) ofWhichLine(open []*pact.Event) (pact.Assessment, error) {
	var ids []string
	for _, e := range open {
		ids = append(ids, string(idOf(*e)))
	}
	q := pact.Ambiguity{
		Code:     "delivery_line",
		Question: fmt.Sprintf("The order has several items, and a delivery names none (%s). Is it of this line? Name its item or its line (data.item, data.line).", joined(ids)),
		Outcomes: []pact.Outcome{{Reading: "of this line"}, {Reading: "of another line"}},
	}
	var list []pact.Assessment
	for i, reading := range []string{ofLine, ofOther} {
		a, err := in.delivered(reading)
		if err != nil {
			return pact.Assessment{}, err
		}
		list = append(list, a)
		if q.Outcomes[i].Amount = a.Amount; a.Amount == nil {
			q.Outcomes[i].Result = resultOf(a)
		}
	}
	out := compared("the deliveries leave open", q, list)
	if n := len(out.Trace); n > 0 {
		for _, e := range open {
			if id := idOf(*e); !slices.Contains(out.Trace[n-1].EventIDs, id) {
				out.Trace[n-1].EventIDs = append(out.Trace[n-1].EventIDs, id)
			}
		}
	}
	return out, nil
}

type deliveryLine struct {
	p     DeliveryParams
	s     *sheet
	line  PromisedLine
	order string
	// placed is the event of the order; nil where the clause itself promises the line.
	placed *pact.Event
	days   *calendar.Calendar
	due    calendar.Date // with excused delay
	// excused are the days of approved delays, in order. What had come before one was not held up by it.
	excused []calendar.Date
	free    []calendar.Period // waived days that cost no damages
	// reading says of which line a delivery is that names only its order: line, other; "" is not said.
	reading string
}

// batch is a part of the quantity and the day it came; "" where it has not.
type batch struct {
	on       calendar.Date
	at       time.Time
	quantity *big.Rat
	id       pact.EventID
	// gaps are the times during which it was missing again, each from since until it came; since is "" of what had never come before.
	gaps    []batch
	since   calendar.Date
	sinceAt time.Time
}

// last is the day from which on it was there for good; "" where it is missing.
func (b batch) last() (calendar.Date, time.Time) {
	if n := len(b.gaps); n > 0 {
		return b.gaps[n-1].on, b.gaps[n-1].at
	}
	return b.on, b.at
}

func (d *deliveryLine) mine(e pact.Event) bool {
	mine, _ := d.sharer().takes(&e)
	return mine
}

func (d *deliveryLine) judge() pact.Assessment {
	s := d.s
	d.ordered()
	s.add("promised", strings.TrimSpace(d.line.Item+" "+d.line.Quantity.String()), "by the end of "+dayText(d.line.Due), d.source()...)
	d.excuse()
	batches, got := d.read()
	batches, ok := d.back(batches)
	if !ok {
		return s.done(pact.Pending)
	}
	d.promise(batches)
	last := d.due.AddDays(d.p.GraceDays)
	if d.p.GraceDays > 0 {
		s.add("grace", dayCount(d.p.GraceDays), "in time until "+dayText(last))
	}
	s.a.DueAt = s.end(last)
	need := d.line.Quantity.Rat()
	if u := d.p.UnderPercent; u != nil {
		need = minus(need, percentOf(need, *u))
		s.add("tolerance below", u.String()+" %", exactNumber(need, 0)+" are enough")
	}
	s.a.Target, s.a.Measured = d.line.Quantity.String(), exactNumber(got, 0)
	inTime, complete := new(big.Rat), calendar.Date("")
	sum := new(big.Rat)
	for _, b := range batches {
		sum = plus(sum, b.quantity)
		if d.inTime(b) && len(b.gaps) == 0 {
			inTime = plus(inTime, b.quantity)
		}
		if on, at := b.last(); complete == "" && sum.Cmp(need) >= 0 {
			complete = on
			s.a.EndedAt = at
		}
	}
	d.over(got)
	switch {
	case inTime.Cmp(need) >= 0:
		s.add("delivered in time", exactNumber(inTime, 0)+" by "+dayText(last), string(pact.Met))
		d.early(batches, need)
		return s.done(pact.Met)
	case !s.over(last):
		s.a.EndedAt = time.Time{}
		s.a.NextAt = s.end(last)
		d.early(batches, need)
		s.add("open", exactNumber(minus(need, got), 0)+" still to come", string(pact.OnTrack))
		return s.done(pact.OnTrack)
	}
	s.a.BreachedAt = s.end(last)
	if complete == "" {
		s.a.EndedAt = time.Time{}
	}
	late := d.late(batches, need)
	if len(late) > 0 && !slices.ContainsFunc(late, func(b batch) bool { return b.since == "" }) { // it was complete in time, and then sent back
		s.a.BreachedAt = s.end(slices.MinFunc(late, func(a, b batch) int { return cmp.Compare(a.since, b.since) }).since)
	}
	s.add("late", fmt.Sprintf("%s of %s came by %s", exactNumber(inTime, 0), exactNumber(need, 0), dayText(last)), string(pact.Breached))
	d.early(batches, need) // first: the amount of a breach is that of its damages
	s.a.Amount = nil
	if d.p.Damages != nil {
		d.damages(late)
	}
	return s.done(pact.Breached)
}

// ordered says which order promises the line, of which day it is and at which price.
func (d *deliveryLine) ordered() {
	if d.placed == nil {
		return
	}
	d.s.use(*d.placed)
	words := strings.TrimSpace("line " + d.line.Line + ": " + d.line.Quantity.String() + " " + d.line.Item)
	if d.line.Price != nil {
		words += " at " + d.line.Price.String()
	}
	d.s.add("order "+d.order+" of "+dayText(d.s.dateOf(*d.placed)), words, "to be delivered by "+dayText(d.line.Due), idOf(*d.placed))
}

// source is the event that promises the line; none where the clause does.
func (d *deliveryLine) source() []pact.EventID {
	if d.placed == nil {
		return nil
	}
	return []pact.EventID{idOf(*d.placed)}
}

// excuse finds the days of approved delays.
func (d *deliveryLine) excuse() {
	days := map[calendar.Date]bool{}
	for _, e := range d.excuses() {
		if !d.mine(e) && e.Subject != "" && e.Subject != d.s.in.Obligation.Key {
			continue
		}
		from, until := d.s.dateOf(e), e.Data.Until
		if strings.TrimSpace(e.Data.ApprovedBy) == "" || until == "" || until < from || from.DaysUntil(until) > 3660 {
			d.s.add("excused delay", string(from)+" to "+string(until), "counts: it has no approver or no end", idOf(e))
			continue
		}
		for day := from; day <= until; day = day.AddDays(1) {
			days[day] = true // overlapping delays count once
		}
		d.s.use(e)
		d.s.add("excused delay", fmt.Sprintf("%s to %s (%s), approved by %s", from, until, short(e.Data.Reason), short(e.Data.ApprovedBy)), dayCount(len(days))+" so far", idOf(e))
	}
	d.excused = slices.Sorted(maps.Keys(days))
}

// dueBy is the promised day of what came on a day, with the excused days until then; "" is what has not come.
func (d *deliveryLine) dueBy(on calendar.Date) calendar.Date {
	n := len(d.excused)
	if on != "" {
		n, _ = slices.BinarySearch(d.excused, on.AddDays(1))
	}
	return d.line.Due.AddDays(n)
}

// inTime tells whether a part came in time.
func (d *deliveryLine) inTime(b batch) bool { return b.on <= d.dueBy(b.on).AddDays(d.p.GraceDays) }

// promise is the promised day with the excused days; those after the whole line had come excuse nothing.
func (d *deliveryLine) promise(batches []batch) {
	complete, sum := calendar.Date(""), new(big.Rat)
	for _, b := range batches {
		if sum = plus(sum, b.quantity); complete == "" && sum.Cmp(d.line.Quantity.Rat()) >= 0 {
			complete = b.on
		}
	}
	d.due = d.dueBy(complete)
	n := d.line.Due.DaysUntil(d.due)
	if n > 0 {
		d.s.add("promised day, excused days added", fmt.Sprintf("%s + %d", d.line.Due, n), dayText(d.due))
	}
	if after := len(d.excused) - n; after > 0 {
		d.s.add("excused days after the delivery", dayCount(after)+" after "+dayText(complete), "excuse nothing")
	}
}

// excuses are the delays that may be its own: those of its order, of the whole schedule, or of nothing.
func (d *deliveryLine) excuses() []pact.Event {
	if d.order == "" {
		return d.s.of("", "delay_excused")
	}
	var out []pact.Event
	for e := range d.s.counts.about([]string{d.order, d.sharer().key(), d.s.in.Obligation.Key, ""}, "delay_excused") {
		out = append(out, *e)
	}
	return out
}

// read lists the deliveries of the line in order of days.
func (d *deliveryLine) read() (list []batch, got *big.Rat) {
	got = new(big.Rat)
	shares, _ := d.shares()
	for _, c := range shares {
		b := batch{on: d.s.dateOf(*c.of), at: c.of.OccurredAt.UTC(), quantity: c.quantity, id: idOf(*c.of)}
		if b.quantity.Sign() != 0 {
			list = append(list, b)
		}
		got = plus(got, c.quantity)
		d.s.use(*c.of)
		inputs := dayText(b.on)
		if c.how != "" {
			inputs += ", " + c.how
		}
		d.s.add(map[bool]string{true: "sent back", false: "delivery"}[b.quantity.Sign() < 0], inputs, exactNumber(c.quantity, 0), b.id)
	}
	return list, got
}

func (d *deliveryLine) over(got *big.Rat) {
	limit := d.line.Quantity.Rat()
	if o := d.p.OverPercent; o != nil {
		limit = plus(limit, percentOf(limit, *o))
	}
	if got.Cmp(limit) > 0 {
		d.s.add("more than was ordered", fmt.Sprintf("%s of %s, %s are tolerated", exactNumber(got, 0), d.line.Quantity, exactNumber(limit, 0)), exactNumber(minus(got, limit), 0)+" too many")
	}
}

// late splits what was needed and did not come in time by the day it came.
func (d *deliveryLine) late(batches []batch, need *big.Rat) []batch {
	left := need
	var out []batch
	for _, b := range batches {
		part := minRat(b.quantity, left)
		if part.Sign() <= 0 {
			break
		}
		left = minus(left, part)
		if !d.inTime(b) {
			out = append(out, batch{on: b.on, at: b.at, quantity: part, id: b.id})
		}
		for _, gap := range b.gaps {
			gap.quantity = part
			out = append(out, gap)
		}
	}
	if left.Sign() > 0 {
		out = append(out, batch{quantity: left, at: d.s.a.At})
	}
	return out
}
