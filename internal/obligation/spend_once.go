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

// countsOn is the day on which a part of an invoice or purchase counts, ref being the reference of the line. Where invoices count in the place
// of purchases, a part that refers to a purchase counts on the day of that, which is named: it is the same purchase, and its period may be over
// when the invoice comes.
func (s *sheet) countsOn(el Eligible, e pact.Event, ref string) (day calendar.Date, purchase []pact.EventID) {
	if el.PaidWithinDays == 0 && el.CountedBy != "invoices" {
		return s.dateOf(e), nil
	}
	return s.boughtOn(el, e, ref)
}

// boughtOn is the day of the purchase that a part of an invoice refers to, which is named; else that of the event itself.
func (s *sheet) boughtOn(el Eligible, e pact.Event, ref string) (day calendar.Date, purchase []pact.EventID) {
	if of := s.purchaseOf(el, e, ref); of != "" {
		for _, x := range s.of(of, "purchase", "usage") {
			if x.Subject == of && el.counts(x) {
				return s.dateOf(x), []pact.EventID{idOf(x)}
			}
		}
	}
	return s.dateOf(e), nil
}

// partsOf are the references by which the parts of an invoice may refer to purchases: of its lines, or "" of the whole.
func partsOf(e pact.Event) []string {
	if len(e.Data.Lines) == 0 {
		return []string{""}
	}
	refs := make([]string, len(e.Data.Lines))
	for i, l := range e.Data.Lines {
		refs[i] = l.Reference
	}
	return refs
}

// boughtElsewhere names the invoices of the period that count in that of an earlier purchase, with the purchases.
func (s *sheet) boughtElsewhere(ids []pact.EventID) {
	if ids = eachOnce(ids); len(ids) > 0 {
		s.add("invoiced in the period, and bought in another", "an invoice counts in the period of the purchase that it refers to", "not counted here", ids...)
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

// sameRef is the reference that all lines of an invoice share; "" where they share none, or it has no lines.
func sameRef(e pact.Event) string {
	refs := partsOf(e)
	if slices.ContainsFunc(refs, func(r string) bool { return r != refs[0] }) {
		return ""
	}
	return refs[0]
}

// report is what was reported of one thing: as a purchase or usage, and on invoices.
type report struct {
	what      string // in words
	referred  bool   // the invoices refer to the purchase
	purchases []bought
	invoices  []bought
}

// once leaves out what is reported twice, as a purchase or usage and on an invoice; false where it is asked which of them counts. An invoice
// that refers to a purchase of an earlier period, or of the same sum, is left out; where invoices count only when they were paid, the purchase is.
func (s *sheet) once(el Eligible, list []bought) (kept []bought, ok bool) {
	reports := s.reports(el, list)
	var open []string
	var openIDs []pact.EventID
	var drop passedOver
	var boughtIDs []pact.EventID // the purchases that invoices refer to
	dropped := map[string]map[pact.EventID]bool{"purchases": {}, "invoices": {}}
	both := false
	for _, r := range reports {
		by := el.CountedBy
		switch {
		case r.referred && el.PaidWithinDays > 0:
			by = "invoices"
		case r.referred && (by == "both" || by == "" && (len(r.purchases) == 0 || r.same())):
			by = "purchases"
		case by == "both":
			continue
		case by == "":
			both = both || !r.referred
			open = append(open, r.what)
			openIDs = append(openIDs, idsOfBought(slices.Concat(r.purchases, r.invoices))...)
			continue
		}
		side, gone, other := "invoices", r.invoices, "purchase"
		if by == "invoices" {
			side, gone, other = "purchases", r.purchases, "invoice"
		}
		for _, b := range gone {
			if id := idOf(b.event); !dropped[side][id] {
				dropped[side][id] = true
				drop.add(b.event, "counts as "+other+" ("+r.what+")")
				if r.referred && side == "invoices" {
					for _, x := range s.of(r.what, "purchase", "usage") {
						boughtIDs = append(boughtIDs, idOf(x))
					}
				}
			}
		}
		list = slices.DeleteFunc(list, func(b bought) bool {
			return slices.ContainsFunc(gone, func(g bought) bool { return idOf(g.event) == idOf(b.event) && g.item == b.item && g.of == b.of })
		})
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

// reports finds what comes as a purchase and on invoices: by the purchase that an invoice refers to, and by the item in one period.
func (s *sheet) reports(el Eligible, list []bought) []*report {
	isInvoice := func(b bought) bool { return b.event.Kind == "invoice" }
	if !slices.ContainsFunc(list, func(b bought) bool { return b.of != "" || b.event.Kind == "purchase" || b.event.Kind == "usage" }) {
		return nil
	}
	invoiced := map[string]bool{} // purchases that invoices refer to
	for e := range s.counts.each("invoice") {
		refs := []string{""}
		for _, l := range e.Data.Lines {
			refs = append(refs, l.Reference)
		}
		if e.Data.Reference == "" && len(refs) == 1 {
			continue
		}
		for _, ref := range refs {
			if of := s.purchaseOf(el, *e, ref); of != "" {
				invoiced[of] = true
			}
		}
	}
	if len(invoiced) == 0 && !slices.ContainsFunc(list, isInvoice) {
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
		switch {
		case b.event.Kind == "credit_note":
		case isInvoice(b) && b.of != "":
			r := at("ref "+b.of, report{what: b.of, referred: true})
			r.invoices = append(r.invoices, b)
		case !isInvoice(b) && invoiced[name]:
			r := at("ref "+name, report{what: name, referred: true})
			r.purchases = append(r.purchases, b)
		case b.item != "":
			r := at("item "+PlainName(b.item)+" "+string(period(b.day)), report{what: b.item + " in the period from " + string(period(b.day))})
			if isInvoice(b) {
				r.invoices = append(r.invoices, b)
			} else {
				r.purchases = append(r.purchases, b)
			}
		}
	}
	var out []*report
	for _, key := range order {
		if r := found[key]; len(r.purchases) > 0 && len(r.invoices) > 0 || r.referred && (len(r.invoices) > 0 || el.CountedBy == "invoices" || el.PaidWithinDays > 0) {
			out = append(out, r)
		}
	}
	return out
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
	for _, of := range []func(bought) (*big.Rat, bool){
		func(b bought) (*big.Rat, bool) { return b.amount, b.priced },
		func(b bought) (*big.Rat, bool) { return b.quantity, b.counted },
	} {
		x, known := total(r.purchases, of)
		y, too := total(r.invoices, of)
		if known && too && x.Cmp(y) != 0 {
			return false
		}
	}
	return true
}
