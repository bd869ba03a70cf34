package obligation

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// feeds are the reports of what was bought, as purchases or usage and on invoices, with what of them stands for the same over the edge of two
// periods: usage of one month is invoiced at the beginning of the next.
type feeds struct {
	s       *sheet
	el      Eligible
	refers  map[string][]pact.EventID // invoices that refer to each purchase
	arrears map[invoicePart]*billed
	billed  map[invoicePart]*billed // by the purchases
}

// invoicePart is what of an invoice or purchase is of one item, and with lines of one day.
type invoicePart struct {
	id   pact.EventID
	item string // in lower case
	date calendar.Date
}

// billed is what was bought in one period, and invoiced in a later one.
type billed struct {
	on        calendar.Date // of the last purchase of it
	purchases []pact.EventID
	invoice   pact.EventID
}

// beside names the other side of what is billed.
func (b *billed) beside(x bought) []pact.EventID {
	if x.event.Kind == "invoice" {
		return b.purchases
	}
	return []pact.EventID{b.invoice}
}

// stated is what a part says was bought.
type stated struct {
	part     invoicePart
	on       calendar.Date // of the event
	single   bool          // a purchase or invoice, and no usage, of which one report is a part of what is invoiced
	quantity *big.Rat      // nil where a line gives none
	unit     string
	amount   *big.Rat // without tax and freight; nil where a line gives none
	currency string
}

// untaxed is what an event charges, without its tax and freight.
func untaxed(d pact.EventData) *money.Amount {
	if d.Amount == nil {
		return nil
	}
	net := *d.Amount
	for _, part := range []*money.Amount{d.Tax, d.Freight} {
		if part != nil && part.Currency == net.Currency {
			net.Value = net.Value.Sub(part.Value)
		}
	}
	return &net
}

// statedBy is what a line says.
func statedBy(l pact.EventLine) (x stated) {
	if l.Quantity != nil && money.Sane(*l.Quantity) {
		x.quantity, x.unit = l.Quantity.Rat(), strings.ToLower(strings.TrimSpace(l.Unit))
	}
	if sum := cmp.Or(l.Amount, product(l.Quantity, l.Price)); sum != nil && money.Sane(sum.Value) {
		x.amount, x.currency = sum.Ratio(), sum.Currency
	}
	return x
}

// with adds what another part says; what one of them does not say, or in another unit, is not known of both.
func (x stated) with(y stated) stated {
	if x.quantity == nil || y.quantity == nil || x.unit != y.unit {
		x.quantity = nil
	} else {
		x.quantity = plus(x.quantity, y.quantity)
	}
	if x.amount == nil || y.amount == nil || x.currency != y.currency {
		x.amount = nil
	} else {
		x.amount = plus(x.amount, y.amount)
	}
	return x
}

// same tells whether two say the same quantity, or the same amount.
func (x stated) same(y stated) bool {
	return x.quantity != nil && y.quantity != nil && x.unit == y.unit && x.quantity.Cmp(y.quantity) == 0 ||
		x.amount != nil && y.amount != nil && x.currency == y.currency && x.amount.Cmp(y.amount) == 0
}

// total is what all parts of a list, which is not empty, say together.
func total(list []stated) stated {
	sum := list[0]
	for _, x := range list[1:] {
		sum = sum.with(x)
	}
	return sum
}

// feeds finds what is invoiced in a later period than it was bought in, without a reference: an invoice of the next period over the quantity or amount
// that was bought of the item in all, or by one purchase, or a line that is dated in the period of the purchase. What is invoiced in its own period is
// not looked for in the next.
func (s *sheet) feeds(el Eligible) feeds {
	f := feeds{s: s, el: el, refers: s.referring(el), arrears: map[invoicePart]*billed{}, billed: map[invoicePart]*billed{}}
	bought, invoices := f.unreferred()
	for item, list := range bought {
		if len(invoices[item]) == 0 {
			continue
		}
		open := map[calendar.Date][]stated{} // invoices by the first day of their period
		var periods []calendar.Period
		ofPeriod := map[calendar.Date][]stated{}
		for _, x := range list {
			p := s.periods.containing(x.on, calendar.Period{})
			if ofPeriod[p.From] == nil {
				periods = append(periods, p)
			}
			ofPeriod[p.From] = append(ofPeriod[p.From], x)
		}
		for _, v := range invoices[item] {
			from := s.periods.containing(v.on, calendar.Period{}).From
			if dated := s.periods.containing(v.part.date, calendar.Period{}).From; dated < from && ofPeriod[dated] != nil {
				f.bill(ofPeriod[dated], v)
				continue
			}
			open[from] = append(open[from], v)
		}
		slices.SortFunc(periods, func(a, b calendar.Period) int { return cmp.Compare(a.From, b.From) })
		for _, p := range periods {
			if p.Until == "" {
				break
			}
			next := s.periods.containing(p.Until, calendar.Period{}).From
			rest, left := settle(ofPeriod[p.From], open[p.From], func([]stated, stated) {})
			open[p.From] = left
			_, open[next] = settle(rest, open[next], f.bill)
		}
	}
	return f
}

// unreferred lists by item what purchases and invoices say of what no reference joins.
func (f feeds) unreferred() (bought, invoices map[string][]stated) {
	s := f.s
	bought, invoices = map[string][]stated{}, map[string][]stated{}
	for e := range s.counts.each("invoice", "purchase", "usage") {
		isInvoice := e.Kind == "invoice"
		into := bought
		if isInvoice {
			into = invoices
		} else if f.referred(*e) {
			continue
		}
		for _, l := range partsOf(*e) {
			if l.Item == "" || f.el.leavesOut(l.Item, e.Data.Service) != "" || isInvoice && s.purchaseOf(f.el, *e, l.Reference) != "" {
				continue
			}
			x := statedBy(l)
			x.part, x.on, x.single = f.part(*e, l), s.dateOf(*e), e.Kind != "usage"
			list := into[x.part.item]
			i := len(list) - 1
			for i >= 0 && list[i].part.id == x.part.id && list[i].part != x.part { // the parts of an event stand together
				i--
			}
			if i >= 0 && list[i].part == x.part {
				list[i] = list[i].with(x)
			} else {
				into[x.part.item] = append(list, x)
			}
		}
	}
	return bought, invoices
}

// part is that of an event which a line belongs to.
func (f feeds) part(e pact.Event, l pact.EventLine) invoicePart {
	p := invoicePart{id: idOf(e), item: PlainName(l.Item)}
	if e.Kind == "invoice" {
		p.date = l.Date
	}
	return p
}

// settle takes out of two lists what says the same: one invoice or all over all that was bought, or one over one purchase.
func settle(bought, invoices []stated, do func(bought []stated, invoice stated)) (restOfBought, restOfInvoices []stated) {
	if len(bought) == 0 || len(invoices) == 0 {
		return bought, invoices
	}
	if i := slices.IndexFunc(invoices, total(bought).same); i >= 0 {
		do(bought, invoices[i])
		return nil, slices.Delete(slices.Clone(invoices), i, i+1)
	}
	if total(bought).same(total(invoices)) {
		for _, v := range invoices {
			do(bought, v)
		}
		return nil, nil
	}
	bought = slices.Clone(bought)
	for _, v := range invoices {
		i := slices.IndexFunc(bought, func(x stated) bool { return x.single && x.same(v) })
		if i < 0 {
			restOfInvoices = append(restOfInvoices, v)
			continue
		}
		do(bought[i:i+1], v)
		bought = slices.Delete(bought, i, i+1)
	}
	return bought, restOfInvoices
}

// bill notes that an invoice is for earlier purchases.
func (f feeds) bill(bought []stated, invoice stated) {
	b := &billed{invoice: invoice.part.id}
	for _, x := range bought {
		b.on = max(b.on, x.on)
		b.purchases = append(b.purchases, x.part.id)
	}
	for _, x := range bought {
		f.billed[x.part] = b
	}
	f.arrears[invoice.part] = b
}

// bills is what a part of a purchase or invoice is bought and billed in two periods with; nil where it is not.
func (f feeds) bills(e pact.Event, l pact.EventLine) *billed {
	if e.Kind == "invoice" {
		return f.arrears[f.part(e, l)]
	}
	return f.billed[f.part(e, l)]
}

// referred tells whether an invoice refers to a purchase or usage.
func (f feeds) referred(e pact.Event) bool { return len(f.refers[cmp.Or(e.Subject, e.ExternalID)]) > 0 }

// invoiced tells whether an invoice is known for a purchase or usage, in this or a later period.
func (f feeds) invoiced(e pact.Event) bool {
	return f.referred(e) || f.el.CountedBy != "purchases" && f.el.CountedBy != "both" && !slices.ContainsFunc(partsOf(e), func(l pact.EventLine) bool { return f.bills(e, l) == nil })
}

// countsOn is the day on which a part of an invoice or purchase counts. Where invoices count in the place of purchases, a part that stands for a
// purchase counts on the day of that, which is named: it is the same purchase, and its period may be over when the invoice comes.
func (f feeds) countsOn(e pact.Event, l pact.EventLine) (day calendar.Date, purchase []pact.EventID) {
	if f.el.PaidWithinDays == 0 && f.el.CountedBy != "invoices" {
		return f.s.dateOf(e), nil
	}
	return f.boughtOn(e, l)
}

// boughtOn is the day of the purchase that a part of an invoice stands for, which is named; else that of the event itself.
func (f feeds) boughtOn(e pact.Event, l pact.EventLine) (day calendar.Date, purchase []pact.EventID) {
	if of := f.s.purchaseOf(f.el, e, l.Reference); of != "" {
		for _, x := range f.s.of(of, "purchase", "usage") {
			if x.Subject == of && f.el.counts(x) {
				return f.s.dateOf(x), []pact.EventID{idOf(x)}
			}
		}
	}
	if b := f.bills(e, l); b != nil && f.el.CountedBy != "both" && (f.el.CountedBy != "" || f.el.PaidWithinDays > 0) {
		return b.on, b.purchases
	}
	return f.s.dateOf(e), nil
}
