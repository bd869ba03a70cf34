package obligation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
)

// AnyItem as the item of an obligation means every item: the figures of all of them count together.
const AnyItem = "item"

// sameItem tells whether an event is about an item, or names none.
func sameItem(e pact.Event, item string) bool {
	return item == "" || e.Data.Item == "" || sameWord(item, AnyItem) || sameWord(item, e.Data.Item)
}

// figureEvents are the kinds of event that a measure takes its figure from; none of those that count tickets.
func (p ServiceLevelParams) figureEvents() []string {
	switch p.Measure {
	case "satisfaction", "satisfied_share":
		return []string{"survey"}
	case "reported":
		return []string{"measurement"}
	case "error_rate", "ratio":
		return []string{"sample", "measurement"}
	}
	return nil
}

// whichItem asks of what the figures of the period are, where nothing tells: the clause names no item and they are of several, or they name
// none and several levels of the service name theirs. nil where it is plain.
func (l level) whichItem() *pact.Ambiguity {
	kinds := l.p.figureEvents()
	if len(kinds) == 0 || sameWord(l.p.Item, AnyItem) {
		return nil
	}
	figures := l.figuresOf(kinds)
	if l.p.Item != "" {
		return l.unnamedItem(figures)
	}
	var items []string
	for _, e := range figures {
		if e.Data.Item != "" && !has(items, e.Data.Item) {
			items = append(items, strings.TrimSpace(e.Data.Item))
		}
	}
	if len(items) < 2 {
		return nil
	}
	slices.Sort(items)
	q := &pact.Ambiguity{Code: "item", Question: fmt.Sprintf("What was measured in %s is of %s, and the clause does not say of what it is (item). Which is meant?", l.s.in.Occurrence.Key, quoted(items[:min(len(items), shownWords)]))}
	for _, item := range items[:min(len(items), shownWords)] {
		q.Outcomes = append(q.Outcomes, pact.Outcome{Reading: item, Set: member("item", item)})
	}
	if l.p.Measure != "reported" {
		q.Outcomes = append(q.Outcomes, pact.Outcome{Reading: "all of them together", Set: member("item", AnyItem)})
	}
	return q
}

// figuresOf are the events of the service whose figures are of the period, whatever their item.
func (l level) figuresOf(kinds []string) []pact.Event {
	var list []pact.Event
	for _, e := range l.s.given("", kinds...) {
		if l.p.Service == "" || sameService(e, l.p.Service) {
			list = append(list, e)
		}
	}
	if l.p.Measure != "reported" {
		return slices.DeleteFunc(list, func(e pact.Event) bool { return !l.ofPeriod(e) })
	}
	known := l.s.reportsOf(l.p.cycle(), l.whole, list, func(e pact.Event) bool { return l.span().Contains(e.OccurredAt) })
	return append(known.of, known.doubtful...)
}

// unnamedItem asks of what a figure is that names no item, where another level of the service that is measured in the same way has an item
// of its own.
func (l level) unnamedItem(figures []pact.Event) *pact.Ambiguity {
	i := slices.IndexFunc(figures, func(e pact.Event) bool { return e.Data.Item == "" })
	if i < 0 {
		return nil
	}
	items := []string{l.p.Item}
	for _, key := range l.s.in.Timeline.Keys() {
		o, _ := l.s.in.firstWithin(key, l.covered)
		var p ServiceLevelParams
		if key == l.s.in.Obligation.Key || o == nil || o.Kind != l.s.in.Obligation.Kind || decode(o.Params, &p) != nil || sameWord(p.Item, AnyItem) {
			continue
		}
		if p.Item != "" && !has(items, p.Item) && slices.Equal(p.figureEvents(), l.p.figureEvents()) && sameService(figures[i], p.Service) {
			items = append(items, p.Item)
		}
	}
	if len(items) < 2 {
		return nil
	}
	slices.Sort(items)
	return &pact.Ambiguity{Code: "unnamed_item", Question: fmt.Sprintf("What was measured in %s names no item (%s), and it may be of %s. Of which is it? Report it with its item (data.item), in place of this (replaces).", l.s.in.Occurrence.Key, idOf(figures[i]), quoted(items[:min(len(items), shownWords)]))}
}
