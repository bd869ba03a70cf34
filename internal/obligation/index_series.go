package obligation

import (
	"cmp"
	"fmt"
	"math/big"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// series are the names of those that a price follows: the index, and what stands in its place.
func (p EscalatorParams) series() []string {
	if p.Successor != nil {
		return []string{p.Index, p.Successor.Index}
	}
	return []string{p.Index}
}

// ofBaseMonth tells whether an event is the index of the month that the base price of an obligation stands for.
func ofBaseMonth(o pact.Obligation, e *pact.Event) bool {
	var p EscalatorParams
	return e.Kind == "index_value" && e.Data.Month != "" && o.Kind == PriceEscalator{}.Name() && decode(o.Params, &p) == nil && p.BaseMonth == e.Data.Month
}

// succeeded tells whether the successor stands in place of the index in a month.
func (p EscalatorParams) succeeded(month string) bool {
	return p.Successor != nil && month >= p.Successor.From
}

// value is the index of a month: as it was published, or that of its successor, brought onto it. Where it is compared with another month of the
// successor, and nothing brings the one onto the other, it is in points of the successor: the factor would cancel.
func (e *escalation) value(month, compared string) (value *big.Rat, ids []pact.EventID, ok bool) {
	next := e.p.Successor
	if !e.p.succeeded(month) {
		return e.known(e.p.Index, month)
	}
	points, ids, ok := e.known(next.Index, month)
	if !ok {
		return nil, nil, false
	}
	if next.Factor == nil && e.p.succeeded(compared) && e.common() == "" {
		e.s.add("successor of "+e.p.Index, fmt.Sprintf("%s of %s, compared with %s of it", next.Index, month, compared), exactNumber(points, 0)+", no factor is needed", ids...)
		return points, ids, true
	}
	factor, words, more, ok := e.link()
	if !ok {
		return nil, nil, false
	}
	ids = append(ids, more...)
	value = mul(points, factor)
	e.s.add("successor of "+e.p.Index, fmt.Sprintf("%s of %s is %s, × %s", next.Index, month, exactNumber(points, 0), words), exactNumber(value, 0), ids...)
	return value, ids, true
}

// link is how many points of the index one of its successor is.
func (e *escalation) link() (factor *big.Rat, words string, ids []pact.EventID, ok bool) {
	next := e.p.Successor
	if next.Factor != nil {
		return next.Factor.Rat(), next.Factor.String(), nil, true
	}
	month := e.common()
	if month == "" {
		e.s.ask("successor", fmt.Sprintf("There is no month until %s of which both %s and %s are published. By which factor is %s brought onto %s (successor.factor)?", next.From, e.p.Index, next.Index, next.Index, e.p.Index))
		return nil, "", nil, false
	}
	old, was, ok := e.known(e.p.Index, month)
	if !ok {
		return nil, "", nil, false
	}
	now, is, ok := e.known(next.Index, month)
	if !ok {
		return nil, "", nil, false
	}
	factor = quo(old, now)
	return factor, fmt.Sprintf("%s / %s of %s, the last month of both", exactNumber(old, 0), exactNumber(now, 0), month), append(was, is...), true
}

// common is the last month, not after that from which the successor counts, of which both are published; "" where there is none.
func (e *escalation) common() (month string) {
	next := e.p.Successor
	for ev := range e.s.counts.each("index_value") {
		if m := ev.Data.Month; m > month && m <= next.From && e.of(ev, next.Index, m) && e.published(e.p.Index, m) != nil {
			month = m
		}
	}
	return month
}

// named is the series that an event is of: the one that it names, as its item or else as its subject. One that names none is of the index.
func (p EscalatorParams) named(ev *pact.Event) string {
	if p.Successor != nil && ev.Data.Item == "" && sameWord(p.Successor.Index, ev.Subject) {
		return ev.Subject
	}
	return cmp.Or(ev.Data.Item, p.Index)
}

// of tells whether an event gives a usable value of a series in a month.
func (e *escalation) of(ev *pact.Event, series, month string) bool {
	d := &ev.Data
	return d.Month == month && d.Value != nil && d.Value.IsPositive() && money.Sane(*d.Value) && sameWord(e.p.named(ev), series)
}

// published are the values of a series in a month, in the order of their publication; nil where there is none.
func (e *escalation) published(series, month string) []*pact.Event {
	var out []*pact.Event
	for ev := range e.s.counts.each("index_value") {
		if e.of(ev, series, month) {
			out = append(out, ev)
		}
	}
	return out
}

// known is the value of a series in a month, the first or the last that was published of it.
func (e *escalation) known(series, month string) (value *big.Rat, ids []pact.EventID, ok bool) {
	list := e.published(series, month)
	if len(list) == 0 {
		why := "no value of " + series + " for " + month + " is published"
		for ev := range e.s.counts.each("index_value") {
			if d := &ev.Data; d.Month == month && d.Value != nil && sameWord(e.p.named(ev), series) {
				e.s.use(*ev)
				why = "what is published of " + series + " for " + month + ", " + d.Value.String() + ", is no value above zero"
			}
		}
		e.s.waits("needs_index", "index of "+month, why)
		return nil, nil, false
	}
	first, last := list[0], list[len(list)-1]
	if e.p.Revised == "" && !first.Data.Value.Equal(*last.Data.Value) {
		e.s.use(*first)
		e.s.use(*last)
		e.s.ask("revised", fmt.Sprintf("%s of %s was published as %s and revised to %s. Which of the two counts?", series, month, first.Data.Value, last.Data.Value),
			pact.Outcome{Reading: "the last value", Set: member("revised", "latest")}, pact.Outcome{Reading: "the value that was published first", Set: member("revised", "first")})
		return nil, nil, false
	}
	found := last
	if e.p.Revised == "first" {
		found = first
	}
	e.s.use(*found)
	return found.Data.Value.Rat(), []pact.EventID{idOf(*found)}, true
}

// discontinued is the event that says with which month the index ended, with or without its value; nil where none does. Of several the last month
// counts.
func (e *escalation) discontinued() (last *pact.Event) {
	for ev := range e.s.counts.each("index_value") {
		if sameWord(e.p.named(ev), e.p.Index) && sameWord(ev.Data.State, "discontinued") && (last == nil || ev.Data.Month > last.Data.Month) {
			last = ev
		}
	}
	return last
}

// ended asks what holds in place of an index that was discontinued.
func (e *escalation) ended(month string, last pact.Event) {
	stays := money.Amount{Value: e.rounded(e.price), Currency: e.p.BasePrice.Currency}
	e.s.ask("discontinued_index", fmt.Sprintf("%s was discontinued with %s, and the clause does not say what holds for %s. Which series stands in its place (successor: index, from, factor), or by which percentage does the price change (fallback_percent)?", e.p.Index, last.Data.Month, month),
		pact.Outcome{Reading: "the price stays", Amount: &stays, Set: `"fallback_percent": "0"`})
}
