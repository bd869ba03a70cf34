package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// purchaseOf is the purchase or usage that an invoice, or a line of it, refers to; "" where it refers to none that counts.
func (s *sheet) purchaseOf(el Eligible, e pact.Event, line string) string {
	if e.Kind != "invoice" {
		return ""
	}
	for _, ref := range []string{line, e.Data.Reference} {
		order, _, _ := strings.Cut(ref, "/")
		for _, name := range []string{ref, order} {
			if name != "" && slices.ContainsFunc(s.of(name, "purchase", "usage"), func(x pact.Event) bool { return x.Subject == name && el.counts(x) }) {
				return name
			}
		}
	}
	return ""
}

// partsOf are the parts of an invoice or purchase: its lines, or all of it as one.
func partsOf(e pact.Event) []pact.EventLine {
	if len(e.Data.Lines) > 0 {
		return e.Data.Lines
	}
	d := e.Data
	return []pact.EventLine{{Item: d.Item, Quantity: d.Quantity, Unit: d.Unit, Price: d.Price, Amount: untaxed(d)}}
}

// boughtElsewhere names the invoices of the period that count in that of an earlier purchase, with the purchases.
func (s *sheet) boughtElsewhere(ids []pact.EventID) {
	if ids = eachOnce(ids); len(ids) > 0 {
		s.add("invoiced in the period, and bought in another", "an invoice counts in the period of its purchase", "not counted here", ids...)
	}
}

// invoicedFor lists the invoices of some days that are for purchases of other days, with those.
func invoicedFor(list []bought, days calendar.Period) (ids []pact.EventID) {
	for _, b := range list {
		if b.event.Kind == "invoice" && days.Contains(b.on) && !days.Contains(b.day) {
			ids = append(append(ids, idOf(b.event)), b.also...)
		}
	}
	return ids
}

// samePart is what all parts of an invoice have in common of the reference, item and day by which one may be for an earlier purchase.
func samePart(e pact.Event) pact.EventLine {
	parts := partsOf(e)
	same := pact.EventLine{Reference: parts[0].Reference, Item: parts[0].Item, Date: parts[0].Date}
	for _, l := range parts[1:] {
		if l.Reference != same.Reference {
			same.Reference = ""
		}
		if !sameWord(l.Item, same.Item) || l.Date != same.Date {
			same.Item = ""
		}
	}
	return same
}

// report is what was reported of one thing: as a purchase or usage, and on invoices.
type report struct {
	what      string // in words
	referred  bool   // the invoices refer to the purchase
	billed    bool   // it was bought in one period, and invoiced in a later one without a reference
	purchases []bought
	invoices  []bought
	whole     []bought       // of both sides, where a part of it is reported on other days than are looked at; else nil
	beside    []pact.EventID // the other side of what is billed
}

// once leaves out what is reported twice, as a purchase or usage and on an invoice; false where it is asked which of them counts. An invoice
// that refers to a purchase of an earlier period, or of the same sum, is left out; where invoices count only when they were paid, the purchase is.
func (s *sheet) once(el Eligible, in measure, list []bought) (kept []bought, ok bool) {
	reports := s.reports(el, in, list)
	var open []string
	var openIDs []pact.EventID
	var drop passedOver
	var boughtIDs []pact.EventID // the purchases that invoices refer to
	dropped := map[string]map[pact.EventID]bool{"purchases": {}, "invoices": {}}
	var otherDays []string // purchases that are invoiced on other days, for the same
	var otherIDs []pact.EventID
	both := false
	for _, r := range reports {
		by := el.CountedBy
		switch {
		case el.PaidWithinDays > 0 && (r.referred || r.billed && by == ""):
			by = "invoices"
		case r.referred && (by == "both" || by == "" && (len(r.purchases) == 0 || r.same())):
			by = "purchases"
		case by == "both":
			continue
		case by == "":
			both = both || !r.referred
			open = append(open, r.what)
			openIDs = slices.Concat(openIDs, idsOfBought(slices.Concat(r.purchases, r.invoices, r.whole)), r.beside)
			continue
		}
		if r.whole != nil && el.CountedBy == "" {
			otherDays, otherIDs = append(otherDays, r.what), append(otherIDs, idsOfBought(r.whole)...)
		}
		side, gone, other := "invoices", r.invoices, "purchase"
		if by == "invoices" {
			side, gone, other = "purchases", r.purchases, "invoice"
		}
		for _, b := range gone {
			if id := idOf(b.event); !dropped[side][id] {
				dropped[side][id] = true
				drop.add(b.event, "counts as "+other+" ("+r.what+")")
				boughtIDs = append(boughtIDs, r.beside...)
				if r.referred && side == "invoices" {
					for _, x := range s.of(r.what, "purchase", "usage") {
						boughtIDs = append(boughtIDs, idOf(x))
					}
				}
			}
		}
		list = slices.DeleteFunc(list, func(b bought) bool {
			return slices.ContainsFunc(gone, func(g bought) bool {
				return idOf(g.event) == idOf(b.event) && g.item == b.item && g.of == b.of && g.bills == b.bills
			})
		})
	}
	if len(otherDays) > 0 {
		s.add("invoiced on other days", firstOf(otherDays)+", for the same in all", thatCount(len(otherDays), "purchase")+" once", eachOnce(otherIDs)...)
	}
	if drop.many > 0 {
		s.add("reported twice", drop.text(), fmt.Sprintf("%d counted once", drop.many), eachOnce(boughtIDs)...)
	}
	if len(open) == 0 {
		return list, true
	}
	readings := []pact.Outcome{
		{Reading: "purchases and usage count", Set: member("eligible", map[string]string{"counted_by": "purchases"})},
		{Reading: "invoices count", Set: member("eligible", map[string]string{"counted_by": "invoices"})},
	}
	if both {
		readings = append(readings, pact.Outcome{Reading: "both count, as different purchases", Set: member("eligible", map[string]string{"counted_by": "both"})})
	}
	s.add("reported as bought and as invoiced", firstOf(open), "the clause does not say which counts", eachOnce(openIDs)...)
	s.ask("counted_by", fmt.Sprintf("The same seems to be reported as bought and as invoiced (%s). Which of the two counts (eligible: counted_by)?", firstOf(open)), readings...)
	return list, false
}

// reports finds what comes as a purchase and on invoices: by the purchase that an invoice refers to, by the item in one period, and by what is
// invoiced in a later one.
func (s *sheet) reports(el Eligible, in measure, list []bought) []*report {
	isInvoice := func(b bought) bool { return b.event.Kind == "invoice" }
	if !slices.ContainsFunc(list, func(b bought) bool {
		return b.of != "" || b.bills != nil || b.event.Kind == "purchase" || b.event.Kind == "usage"
	}) {
		return nil
	}
	referring := s.referring(el)
	if len(referring) == 0 && !slices.ContainsFunc(list, func(b bought) bool { return isInvoice(b) || b.bills != nil }) {
		return nil
	}
	period := func(d calendar.Date) calendar.Date { return s.periods.containing(d, calendar.Period{}).From }
	found := map[string]*report{}
	var order []string
	at := func(key string, r report) *report {
		if found[key] == nil {
			found[key] = &r
			order = append(order, key)
		}
		return found[key]
	}
	for _, b := range list {
		name := cmp.Or(b.event.Subject, b.event.ExternalID)
		r, item := &report{}, PlainName(b.item)
		switch {
		case b.event.Kind == "credit_note":
		case isInvoice(b) && b.of != "":
			r = at("ref "+b.of, report{what: b.of, referred: true})
		case !isInvoice(b) && len(referring[name]) > 0:
			r = at("ref "+name, report{what: name, referred: true})
		case b.bills != nil:
			from := string(period(b.bills.on))
			r = at("billed "+item+" "+from, report{what: b.item + " in the period from " + from, billed: true})
			r.beside = append(r.beside, b.bills.beside(b)...)
		case b.item != "":
			from := string(period(b.day))
			r = at("item "+item+" "+from, report{what: b.item + " in the period from " + from})
		}
		if isInvoice(b) {
			r.invoices = append(r.invoices, b)
		} else {
			r.purchases = append(r.purchases, b)
		}
	}
	var out []*report
	for _, key := range order {
		if r := found[key]; len(r.purchases) > 0 && len(r.invoices) > 0 || r.referred || r.billed {
			out = append(out, r)
		}
	}
	if el.CountedBy == "" && el.PaidWithinDays == 0 {
		s.whole(el, in, out, referring)
	}
	return out
}

// referring are the invoices that refer to each purchase.
func (s *sheet) referring(el Eligible) map[string][]pact.EventID {
	out := map[string][]pact.EventID{}
	for e := range s.counts.each("invoice") {
		if e.Data.Reference == "" && len(e.Data.Lines) == 0 {
			continue
		}
		for _, l := range partsOf(*e) {
			if of := s.purchaseOf(el, *e, l.Reference); of != "" && !slices.Contains(out[of], idOf(*e)) {
				out[of] = append(out[of], idOf(*e))
			}
		}
	}
	return out
}

// whole finds for purchases of the days that are looked at what invoices of other days refer to them.
func (s *sheet) whole(el Eligible, in measure, reports []*report, referring map[string][]pact.EventID) {
	var all []bought
	for _, r := range reports {
		if !r.referred || len(r.purchases) == 0 {
			continue
		}
		ids := idsOfBought(r.invoices)
		if !slices.ContainsFunc(referring[r.what], func(id pact.EventID) bool { return !slices.Contains(ids, id) }) {
			continue
		}
		if all == nil {
			all, _ = s.quiet().reported(el, in, false, "", func(_, _ calendar.Date) bool { return true })
		}
		var list []bought
		for _, b := range all {
			if b.of == r.what || b.event.Kind != "invoice" && b.event.Kind != "credit_note" && cmp.Or(b.event.Subject, b.event.ExternalID) == r.what {
				list = append(list, b)
			}
		}
		if slices.ContainsFunc(list, func(b bought) bool { return b.event.Kind == "invoice" && !slices.Contains(ids, idOf(b.event)) }) {
			r.whole = list
		}
	}
}

// same tells whether both sides come to the same, as far as both say it.
func (r report) same() bool {
	total := func(list []bought, of func(bought) (*big.Rat, bool)) (*big.Rat, bool) {
		sum := new(big.Rat)
		for _, b := range list {
			v, known := of(b)
			if !known {
				return nil, false
			}
			sum = plus(sum, v)
		}
		return sum, true
	}
	purchases, invoices := r.purchases, r.invoices
	if r.whole != nil {
		purchases, invoices = nil, nil
		for _, b := range r.whole {
			if b.event.Kind == "invoice" {
				invoices = append(invoices, b)
			} else {
				purchases = append(purchases, b)
			}
		}
	}
	if len(purchases) == 0 || len(invoices) == 0 { // nothing beside it that counts
		return true
	}
	for _, of := range []func(bought) (*big.Rat, bool){
		func(b bought) (*big.Rat, bool) { return b.amount, b.priced },
		func(b bought) (*big.Rat, bool) { return b.quantity, b.counted },
	} {
		x, known := total(purchases, of)
		y, too := total(invoices, of)
		if known && too && x.Cmp(y) != 0 {
			return false
		}
	}
	return true
}
