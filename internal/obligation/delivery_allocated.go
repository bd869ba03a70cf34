package obligation

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// A delivery counts once. One that names a line is of that line. One that names an item, of which several lines are promised, fills them in the
// order of their promised days, the oldest first, each up to what it promises; what is too much is of the last. What of it is sent back comes
// from the last line that has any. One that names only an order of several items is of no line in particular, and it is asked of which.

// ofLine and ofOther are the readings of a delivery that names only its order.
const (
	ofLine  = "line"
	ofOther = "other"
)

// sharer is a line that deliveries may be of.
type sharer struct {
	PromisedLine
	order string // "" where the clause promises it
}

// key is how the line is named in the report.
func (l sharer) key() string {
	if l.order == "" {
		return l.Line
	}
	return l.order + "/" + l.Line
}

// takes tells whether a delivery may be of the line; alone: it names the line, and is of no other.
func (l sharer) takes(e *pact.Event) (mine, alone bool) {
	d := &e.Data
	if l.order == "" {
		if d.Line != "" {
			return d.Line == l.Line || e.Subject == l.Line, d.Line == l.Line
		}
		alone = e.Subject == l.Line || d.Reference == l.Line
		return alone || d.Item != "" && sameWord(d.Item, l.Item), alone
	}
	if key := l.key(); e.Subject == key || d.Reference == key {
		return true, true
	}
	if e.Subject != l.order && d.Reference != l.order {
		return false, false
	}
	if d.Line != "" {
		return d.Line == l.Line, true
	}
	return d.Item == "" || sameWord(d.Item, l.Item), false
}

func (d *deliveryLine) sharer() sharer { return sharer{d.line, d.order} }

// sharers are the lines that share deliveries with this one: those of its item, in the order of their promised days, and whether the order has
// lines of other items, or of none that is named. of tells the place of the line itself.
func (d *deliveryLine) sharers() (list []sharer, of int, others bool) {
	all := d.p.Lines
	if d.placed != nil {
		all = promisedBy(*d.placed)
	}
	for _, l := range all {
		switch {
		case l.Line == d.line.Line:
			of = len(list)
			list = append(list, d.sharer())
		case l.Item != "" && sameWord(l.Item, d.line.Item):
			list = append(list, sharer{l, d.order})
		default:
			others = true
		}
	}
	mine := list[of].Line
	slices.SortStableFunc(list, func(a, b sharer) int { return strings.Compare(string(a.Due), string(b.Due)) })
	return list, slices.IndexFunc(list, func(l sharer) bool { return l.Line == mine }), others
}

// promisedBy lists the lines that an order promises, of one name the first.
func promisedBy(order pact.Event) []PromisedLine {
	var out []PromisedLine
	for _, l := range linesOf(order) {
		if l.Date != "" && l.Quantity != nil && !slices.ContainsFunc(out, func(x PromisedLine) bool { return x.Line == l.Line }) {
			out = append(out, PromisedLine{Line: l.Line, Item: l.Item, Quantity: *l.Quantity, Due: l.Date, Price: l.Price})
		}
	}
	return out
}

// brought is what a delivery brings to the line.
type brought struct {
	of       *pact.Event
	quantity *big.Rat
	how      string // why it is not all of the delivery; "" where it is
}

// shares allocates the deliveries in order of their days. open are those that may be of the line or of another one.
func (d *deliveryLine) shares() (out []brought, open []*pact.Event) {
	lines, own, others := d.sharers()
	filled := make([]*big.Rat, len(lines))
	for i := range filled {
		filled[i] = new(big.Rat)
	}
	list := d.deliveries(lines)
	for i := range list {
		e := &list[i]
		may, alone := d.takenBy(lines, e)
		if len(may) == 0 {
			continue
		}
		whole := e.Data.Quantity == nil || !money.Sane(*e.Data.Quantity)
		if d.order != "" && !alone && e.Data.Item == "" && others && !whole && slices.Contains(may, own) {
			open = append(open, e)
			if d.reading != ofLine {
				continue
			}
			may, alone = []int{own}, true
		}
		var parts []*big.Rat
		switch {
		case whole && (alone || e.Data.Item == ""): // without a quantity it is the whole line, or all lines of the order
			for _, at := range may {
				parts = append(parts, lines[at].Quantity.Rat())
			}
		case whole:
			parts = allocate(lines, filled, may, nil)
		default:
			parts = allocate(lines, filled, may, e.Data.Quantity.Rat())
		}
		for k, at := range may {
			filled[at] = plus(filled[at], parts[k])
			if at == own && (parts[k].Sign() != 0 || len(may) > 1) { // what fills another line leaves less, or more, for this one
				out = append(out, brought{e, parts[k], d.shared(lines, may, e)})
			}
		}
	}
	return out, open
}

// takenBy are the places of the lines that a delivery may be of; alone: it names one.
func (d *deliveryLine) takenBy(lines []sharer, e *pact.Event) (may []int, alone bool) {
	for at, l := range lines {
		mine, only := l.takes(e)
		switch {
		case !mine:
		case only:
			return []int{at}, true
		default:
			may = append(may, at)
		}
	}
	return may, false
}

// shared says how a delivery of an item was allocated; "" where only one line takes it.
func (d *deliveryLine) shared(lines []sharer, may []int, e *pact.Event) string {
	if len(may) < 2 || e.Data.Quantity == nil {
		return ""
	}
	var names []string
	for _, at := range may {
		names = append(names, lines[at].key())
	}
	return fmt.Sprintf("%s of %s, for %s in the order of their promised days", e.Data.Quantity, short(d.line.Item), strings.Join(names[:min(len(names), shownWords)], ", "))
}

// allocate divides a quantity among lines; nil is what the oldest line still misses.
func allocate(lines []sharer, filled []*big.Rat, may []int, quantity *big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(may))
	for k := range out {
		out[k] = new(big.Rat)
	}
	last := len(may) - 1
	missing := func(k int) *big.Rat {
		return maxRat(new(big.Rat), minus(lines[may[k]].Quantity.Rat(), filled[may[k]]))
	}
	if quantity == nil {
		for k := range may {
			if out[k] = missing(k); out[k].Sign() > 0 {
				return out
			}
		}
		out[last] = lines[may[last]].Quantity.Rat()
		return out
	}
	left := quantity
	if quantity.Sign() < 0 { // the last line that has any gives back first
		for k := last; k > 0; k-- {
			out[k] = maxRat(left, new(big.Rat).Neg(maxRat(new(big.Rat), filled[may[k]])))
			left = minus(left, out[k])
		}
		out[0] = left
		return out
	}
	for k := range last {
		out[k] = minRat(left, missing(k))
		left = minus(left, out[k])
	}
	out[last] = left
	return out
}

// deliveries are those that may be of some lines, in order of their days; on one day what came stands before what was sent back.
func (d *deliveryLine) deliveries(lines []sharer) []pact.Event {
	var out []pact.Event
	if d.order == "" {
		out = slices.DeleteFunc(slices.Clone(d.s.of("", "delivery")), func(e pact.Event) bool { return d.ofAnOrder(&e) })
	} else {
		about := []string{d.order}
		for _, l := range lines {
			about = append(about, l.key())
		}
		for e := range d.s.counts.about(about, "delivery") {
			out = append(out, *e)
		}
	}
	slices.SortStableFunc(out, func(a, b pact.Event) int {
		if c := strings.Compare(string(d.s.dateOf(a)), string(d.s.dateOf(b))); c != 0 {
			return c
		}
		return sentBackLast(&a) - sentBackLast(&b)
	})
	return out
}

func sentBackLast(e *pact.Event) int {
	if e.Data.Quantity != nil && e.Data.Quantity.IsNegative() {
		return 1
	}
	return 0
}

// ofAnOrder tells whether a delivery that names an item is of an order whose lines are promised, and not of the schedule of the clause.
func (d *deliveryLine) ofAnOrder(e *pact.Event) bool {
	if !d.p.FromOrders || e.Data.Item == "" || e.Subject == d.line.Line {
		return false
	}
	for o := range d.s.counts.about([]string{e.Subject, e.Data.Reference}, "purchase_order") {
		if o.Subject != "" && len(promisedBy(*o)) > 0 {
			return true
		}
	}
	return false
}

// lacksLine says why a delivery, or an excused delay, is of no line of the orders that are known; "" where it is of one, or nobody can tell.
func lacksLine(o pact.Obligation, e *pact.Event, log []pact.Event) string {
	var p DeliveryParams
	if o.Kind != (DeliverySchedule{}).Name() || e.Kind != "delivery" && e.Kind != "delay_excused" || decode(o.Params, &p) != nil || !p.FromOrders {
		return ""
	}
	if e.Kind == "delay_excused" && (e.Subject == "" || e.Subject == o.Key) {
		return ""
	}
	for _, l := range p.Lines {
		if mine, _ := (sharer{l, ""}).takes(e); mine {
			return ""
		}
	}
	orders := 0
	var keys []string
	for i := range log {
		order := &log[i]
		if order.Kind != "purchase_order" || order.Subject == "" {
			continue
		}
		orders++
		named := slices.Contains(names(*e), order.Subject)
		for _, l := range promisedBy(*order) {
			one := sharer{l, order.Subject}
			if mine, _ := one.takes(e); mine {
				return ""
			}
			if named {
				keys = append(keys, strings.TrimSpace(one.key()+" "+l.Item))
			}
		}
	}
	switch {
	case len(keys) > 0 && e.Data.Line != "":
		return fmt.Sprintf("The order promises no line %s; there is %s.", quoted([]string{e.Data.Line}), quoted(keys[:min(len(keys), shownWords)]))
	case len(keys) > 0:
		return fmt.Sprintf("The order promises no such line or item; there is %s.", quoted(keys[:min(len(keys), shownWords)]))
	case orders > 0 && e.Kind == "delay_excused":
		return "It names no order that is known: one about an order names the order (subject or data.reference), and where it is about one line that line (data.line)."
	}
	return ""
}
