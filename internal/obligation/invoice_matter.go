package obligation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// What a term counts from is found as the kinds find it that judge it: a delivery as delivery_schedule finds that of a line of an order, an
// acceptance as milestone finds that of a milestone.

// first is the date of the first of the events of a kind about the invoice, of those about its orders, or of acceptances of what it charges; and
// all of them, in order.
func (inv *invoice) first(kind string) (calendar.Date, []pact.Event, bool) {
	for _, find := range []func(string) []pact.Event{inv.named, inv.ofOrders, inv.ofItems} {
		if list := find(kind); len(list) > 0 {
			return inv.s.dateOf(list[0]), list, true
		}
	}
	return "", nil, false
}

// named are the events that name the invoice.
func (inv *invoice) named(kind string) []pact.Event {
	if inv.event.Subject == "" {
		return nil
	}
	return inv.s.of(inv.event.Subject, kind)
}

// ofOrders are the events about what the invoice refers to, as a whole or line by line: an order, or a line of one ("PO-1/1"). Of those of an
// order some may name what the invoice charges; then the ones that name something else are not among them.
func (inv *invoice) ofOrders(kind string) []pact.Event {
	d := inv.event.Data
	references, items := []string{d.Reference}, []string{d.Item}
	for _, l := range d.Lines {
		references, items = append(references, l.Reference), append(items, l.Item)
	}
	references = slices.DeleteFunc(references, func(r string) bool { return r == "" })
	about := slices.Clone(references)
	for _, r := range references {
		about = append(about, matters(r)...)
	}
	var list, same []pact.Event
	for e := range inv.s.counts.about(about, kind) {
		if !slices.ContainsFunc(references, func(r string) bool { return ofReference(e, r) }) {
			continue
		}
		list = append(list, *e)
		if e.Data.Item == "" || has(items, e.Data.Item) {
			same = append(same, *e)
		}
	}
	if len(same) > 0 {
		list = same
	}
	return inDays(list, inv.s.zone)
}

// ofReference tells whether a delivery or an acceptance is of an order, or of the line of one, that a reference names.
func ofReference(e *pact.Event, reference string) bool {
	if e.Subject == reference || e.Data.Reference == reference || slices.Contains(ordersOf(e), reference) {
		return true
	}
	return slices.ContainsFunc(matters(reference), func(order string) bool {
		line := sharer{PromisedLine{Line: strings.TrimPrefix(reference, order+"/"), Item: e.Data.Item}, order}
		mine, _ := line.takes(e)
		return mine
	})
}

// ofItems are the acceptances of what the invoice charges by its name, as the milestone that it is of. Where it is no milestone of the contract,
// and was accepted on several days, nothing tells which of them is of this invoice.
func (inv *invoice) ofItems(kind string) []pact.Event {
	s := inv.s
	if kind != "accepted" {
		return nil
	}
	var list []pact.Event
	known := false
	for _, e := range s.of("", kind) {
		if inv.ofAnother(e) {
			continue
		}
		if chargedFor(inv.event, []string{e.Data.Item, e.Subject}).mine {
			list, known = append(list, e), known || inv.ofClause(e)
		}
	}
	if len(list) > 0 && !known && s.dateOf(list[0]) != s.dateOf(list[len(list)-1]) {
		s.use(list...)
		s.add("accepted by its name", fmt.Sprintf("%s to %s, %d times", s.dateOf(list[0]), s.dateOf(list[len(list)-1]), len(list)), "none says of which invoice it is (data.reference)", idsOfEvents(list...)...)
		return nil
	}
	return list
}

// ofAnother tells whether an acceptance names another order than the invoice: those of the invoice and its orders are found by that.
func (inv *invoice) ofAnother(e pact.Event) bool {
	refers := inv.event.Data.Reference != "" || slices.ContainsFunc(inv.event.Data.Lines, func(l pact.EventLine) bool { return l.Reference != "" })
	return refers && e.Data.Reference != "" || len(matters(e.Subject)) > 0 || len(inv.s.of(e.Subject, "purchase_order")) > 0
}

// ofClause tells whether an acceptance is of a milestone of the contract.
func (inv *invoice) ofClause(e pact.Event) bool {
	return slices.ContainsFunc(inv.s.in.Timeline.Obligations(inv.s.dateOf(e)), func(o pact.Obligation) bool {
		var p MilestoneParams
		return o.Kind == (Milestone{}).Name() && decode(o.Params, &p) == nil && slices.ContainsFunc(p.Milestones, func(m MilestoneRow) bool {
			return ofMilestone(e, p.named(o, p.keyOf(o, m))...)
		})
	})
}

// theFirst says in words that only the first of some events counts; "" where there is one alone.
func (inv *invoice) theFirst(list []pact.Event) string {
	last := list[len(list)-1]
	if inv.s.dateOf(list[0]) == inv.s.dateOf(last) {
		return ""
	}
	return fmt.Sprintf("the first of %d, until %s", len(list), dayText(inv.s.dateOf(last)))
}

// fromDelivery tells whether a delivery may begin the term.
func (p InvoicePaymentParams) fromDelivery() bool {
	terms, err := parsePaymentTerms(p.Terms)
	switch start := cmp.Or(p.Start, terms.start); start {
	case "acceptance", "later_of_receipt_and_acceptance":
		return p.ConstructiveAcceptanceDays > 0
	default:
		return err != nil || start == "delivery"
	}
}
