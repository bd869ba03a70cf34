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

// value is the index of a month: as it was published, or that of its successor, brought onto it.
func (e *escalation) value(month string) (value *big.Rat, ids []pact.EventID, ok bool) {
	next := e.p.Successor
	if next == nil || month < next.From {
		return e.known(e.p.Index, month)
	}
	points, ids, ok := e.known(next.Index, month)
	if !ok {
		return nil, nil, false
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
	month := ""
	for ev := range e.s.counts.each("index_value") {
		if m := ev.Data.Month; m > month && m <= next.From && e.of(ev, next.Index, m) && e.published(e.p.Index, m) != nil {
			month = m
		}
	}
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

// of tells whether an event gives a usable value of a series in a month. One without a name is of the index.
func (e *escalation) of(ev *pact.Event, series, month string) bool {
	d := &ev.Data
	return d.Month == month && d.Value != nil && d.Value.IsPositive() && money.Sane(*d.Value) && sameWord(cmp.Or(d.Item, e.p.Index), series)
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
		e.s.waits("needs_index", "index of "+month, "no value of "+series+" for "+month+" is published")
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

// discontinued is the event that says with which month the index ended; nil where none does. Of several the last month counts.
func (e *escalation) discontinued() (last *pact.Event) {
	for ev := range e.s.counts.each("index_value") {
		if e.of(ev, e.p.Index, ev.Data.Month) && sameWord(ev.Data.State, "discontinued") && (last == nil || ev.Data.Month > last.Data.Month) {
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
