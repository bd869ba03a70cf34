package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// Eligible says which purchases count.
type Eligible struct {
	Items   []string `json:"items,omitempty"`   // only these; absent: all
	Exclude []string `json:"exclude,omitempty"` // not these
	// Services narrows by data.service, where purchases carry one.
	Services []string `json:"services,omitempty"`
	// Buyer is the company that is party to the contract, as purchases name it (data.buyer), in any spelling. Absent: it is that of purchases which name none.
	Buyer string `json:"buyer,omitempty"`
	// Affiliates says whether what other companies than Buyer bought counts. Absent: it is asked where purchases name several, and money hangs
	// on it.
	Affiliates string `json:"affiliates,omitempty" enum:"included,excluded"`
	// PaidWithinDays: only invoices that were paid within so many days count.
	PaidWithinDays int `json:"paid_within_days,omitempty"`
	// WithoutTax takes tax and freight out. Absent: they count, and the trace says so.
	WithoutTax bool `json:"without_tax,omitempty"`
	// CountedBy says which report counts of an item that comes as a purchase or usage and on invoices of one period, or on an invoice of the
	// next period over the same quantity or amount, or on a line dated in that of the purchase: purchases (usage too), invoices, which count in the
	// period of the purchase then, or both, which are different purchases. Absent: it is asked, where it matters. An invoice that refers to a
	// purchase is the same purchase, and counts once, in the period of the purchase; where the two differ in sum it is asked.
	CountedBy string `json:"counted_by,omitempty" enum:"purchases,invoices,both"`
	// Unit is the unit in which quantities count. It is asked for where purchases come in several; Conversions bring them into it.
	Unit string `json:"unit,omitempty"`
	// Conversions: how other units are brought into unit; one that is needed and missing is asked about.
	Conversions []Conversion `json:"conversions,omitempty"`
}

// eligible asks about what can not say which purchases count.
func (q *questions) eligible(el Eligible) {
	q.oneOf("affiliates", el.Affiliates, "", "included", "excluded")
	q.oneOf("counted_by", el.CountedBy, "", "purchases", "invoices", "both")
	q.conversions(el.Conversions)
}

// leavesOut says why an item of a service does not count; "" where it does.
func (el Eligible) leavesOut(item, service string) string {
	switch {
	case len(el.Items) > 0 && !has(el.Items, item) || has(el.Exclude, item):
		return "by item " + cmp.Or(item, "(none)")
	case len(el.Services) > 0 && !has(el.Services, service):
		return "by service " + cmp.Or(service, "(none)")
	}
	return ""
}

// counts tells whether anything of a purchase counts.
func (el Eligible) counts(e pact.Event) bool {
	if len(e.Data.Lines) == 0 {
		return el.leavesOut(e.Data.Item, e.Data.Service) == ""
	}
	return slices.ContainsFunc(e.Data.Lines, func(l pact.EventLine) bool { return el.leavesOut(l.Item, e.Data.Service) == "" })
}

// conversions asks about conversions that convert nothing.
func (q *questions) conversions(list []Conversion) {
	for i, c := range list {
		if j := slices.IndexFunc(list[:i], c.contradicts); j >= 0 {
			q.ask("conversions", "One %s is given as %s and as %s %s. Which of the two holds?", c.From, list[j].Factor, c.Factor, c.To)
		}
		if c.From == "" || c.To == "" || !c.Factor.IsPositive() || !money.Sane(c.Factor) {
			q.ask("conversions", "A conversion needs two units and a factor above zero.")
		}
	}
}

// contradicts tells whether another conversion gives the same units of the same item another factor.
func (c Conversion) contradicts(x Conversion) bool {
	return (c.Item == x.Item || sameWord(c.Item, x.Item)) && sameUnit(c.From, x.From) && sameUnit(c.To, x.To) && !c.Factor.Equal(x.Factor)
}

// bought is a purchase that counts, or a return of one.
type bought struct {
	on       calendar.Date
	day      calendar.Date // it counts in the period of this day: of a return that of its purchase, where asked for
	quantity *big.Rat
	amount   *big.Rat
	list     *big.Rat // at list price, where price and quantity are known; else 0
	unlisted bool     // they are not known
	event    pact.Event
	also     []pact.EventID // why it counts: the purchase it returns, the payments in time
	item     string
	unit     string      // of quantity; "" where it is not given
	paid     *pact.Event // with which it was paid, where it counts only then
	of       string      // of an invoice, the purchase it refers to
	bills    *billed     // what is bought in one period and invoiced in a later one without a reference; else nil
	priced   bool        // an amount of money is known
	counted  bool        // a quantity is known
	differs  bool        // what was charged, with or without its tax and freight, is not price times quantity, to the cent
}

// measure is in what purchases count: units, or money. Sums of money are in its currency in any case.
type measure struct {
	currency string
	units    bool
}

// lacks says what a report needs to count in a measure, and does not give; "" where it gives it.
func (m measure) lacks(quantity *decimal.Decimal, amount, price *money.Amount) string {
	switch {
	case m.units && quantity == nil:
		return "gives no quantity"
	case !m.units && amount == nil && (price == nil || quantity == nil):
		return "gives no amount of money"
	}
	return ""
}

// lacking says what a whole report does not give; "" where at least a line gives it.
func (m measure) lacking(e pact.Event) string {
	why := m.lacks(e.Data.Quantity, e.Data.Amount, e.Data.Price)
	for _, l := range e.Data.Lines {
		if why = m.lacks(l.Quantity, l.Amount, l.Price); why == "" {
			break
		}
	}
	return why
}

// purchases lists what counts of a run of dates, in their order: invoices, purchases and usage, less credit notes. Amounts are in one
// currency; ok is false where a rate is missing. A return counts on its own day, or with backDated on that of its purchase.
func (s *sheet) purchases(el Eligible, in measure, within calendar.Period, backDated bool) (list []bought, ok bool) {
	return s.purchasesOf(el, in, backDated, within.Until, func(_, counts calendar.Date) bool { return within.Contains(counts) })
}

// purchasesOf lists what counts, of which it is asked whether it is wanted by the day on which it happened and by that on which it counts. Which
// companies bought before, of what is not wanted, is looked at until a day: "" is any.
// What is not given in the measure of the obligation does not count, and is told.
func (s *sheet) purchasesOf(el Eligible, in measure, backDated bool, until calendar.Date, wanted func(on, counts calendar.Date) bool) (list []bought, ok bool) {
	if list, ok = s.reported(el, in, backDated, until, wanted); !ok {
		return list, ok
	}
	return s.once(el, in, list)
}

// reported is purchasesOf, with what is reported twice.
func (s *sheet) reported(el Eligible, in measure, backDated bool, until calendar.Date, wanted func(on, counts calendar.Date) bool) (list []bought, ok bool) {
	ok = true
	feeds := s.feeds(el)
	currency := in.currency
	var taxed passedOver
	var of string
	var bills *billed
	var foreign passedOver
	spellings, by := companiesBeside(el.Buyer), purchasers{}
	var company string
	var named []string
	var namedIDs []pact.EventID
	var left passedOver
	var day calendar.Date
	var also []pact.EventID
	var paid *pact.Event
	var late []paidInTime        // by credit notes of after the days to pay
	var elsewhere []pact.EventID // invoices that count in the period of an earlier purchase, with that
	var untaxed *big.Rat         // of a purchase without lines: its amount without tax and freight; nil where there is neither
	add := func(e pact.Event, item, unit string, quantity, amount, listed *big.Rat) {
		if why := el.leavesOut(item, e.Data.Service); why != "" {
			left.add(e, why)
			return
		}
		if amount == nil && !in.units || quantity == nil && in.units {
			left.add(e, map[bool]string{true: "gives no quantity", false: "gives no amount of money"}[in.units])
			return
		}
		priced, counted := amount != nil, quantity != nil
		quantity, amount = cmp.Or(quantity, new(big.Rat)), cmp.Or(amount, new(big.Rat))
		foreigner := company != "" && el.Affiliates == "excluded"
		by.add(company, &e, !foreigner)
		if foreigner {
			foreign.add(e, "by "+company)
			namedIDs = append(namedIDs, idOf(e))
			return
		}
		if company != "" {
			named, namedIDs = append(named, cmp.Or(e.Subject, e.Data.Reference)), append(namedIDs, idOf(e))
		}
		unlisted := listed == nil
		if unlisted {
			listed = new(big.Rat)
		}
		differs := listed.Sign() != 0
		for _, charged := range []*big.Rat{amount, untaxed} {
			differs = differs && (charged == nil || !money.FromRatio(listed, currency).Equal(money.FromRatio(charged, currency)))
		}
		list = append(list, bought{s.dateOf(e), day, quantity, amount, listed, unlisted, e, also, item, unit, paid, of, bills, priced, counted, differs})
	}
	for one := range s.counts.each("invoice", "purchase", "usage", "credit_note") {
		e := *one
		day, also = s.dateOf(e), nil
		returned, isReturn := s.returned(e)
		if isReturn {
			also = []pact.EventID{idOf(returned)}
			e.Data.Service = cmp.Or(e.Data.Service, returned.Data.Service)
		}
		if isReturn && backDated {
			var of []pact.EventID
			day, of = feeds.boughtOn(returned, samePart(returned))
			also = append(also, of...)
		}
		company = spellings.of(cmp.Or(e.Data.Buyer, returned.Data.Buyer))
		on := s.dateOf(e)
		if !slices.ContainsFunc(partsOf(e), func(part pact.EventLine) bool {
			counts := day
			if !isReturn {
				counts, _ = feeds.countsOn(e, part)
			}
			return wanted(on, counts)
		}) {
			if !isReturn && wanted(on, on) {
				for _, part := range partsOf(e) {
					_, ids := feeds.countsOn(e, part)
					elsewhere = append(append(elsewhere, idOf(e)), ids...)
				}
			}
			if !isReturn && (until == "" || on < until) && !slices.Contains(by.all, company) && el.counts(e) && s.in.heldOn(on) {
				by.add(company, one, false)
			}
			continue
		}
		paid, untaxed = nil, nil
		if invoice := map[bool]pact.Event{true: returned, false: e}[isReturn]; el.PaidWithinDays > 0 && (invoice.Kind == "invoice" || invoice.Kind != "" && invoice.Kind != "credit_note" && !feeds.invoiced(invoice)) {
			x := s.paidWithin(el, invoice)
			if paid, also = x.with, append(also, x.by...); x.asked != "" || len(x.late) > 0 {
				late = append(late, x)
			}
			if !x.paid {
				why := map[bool]string{false: "not invoiced, and "}[invoice.Kind == "invoice"] + "not paid within " + dayCount(el.PaidWithinDays)
				if last := s.dateOf(invoice).AddDays(el.PaidWithinDays); !s.over(last) {
					s.payableUntil, s.payableIDs = max(s.payableUntil, last), append(s.payableIDs, idOf(invoice))
					why = "not paid yet, counts if paid by " + dayText(last)
				}
				left.add(e, why)
				continue
			}
		}
		sign := big.NewRat(1, 1)
		if e.Kind == "credit_note" {
			sign = big.NewRat(-1, 1)
		}
		own := also
		if len(e.Data.Lines) > 0 {
			for _, l := range e.Data.Lines {
				if !isReturn {
					var of []pact.EventID
					day, of = feeds.countsOn(e, l)
					if also = slices.Concat(own, of); !wanted(on, day) {
						if wanted(on, on) {
							elsewhere = append(append(elsewhere, idOf(e)), of...)
						}
						continue
					}
				}
				var q, a, p *big.Rat
				if l.Quantity != nil && money.Sane(*l.Quantity) {
					q = mul(l.Quantity.Rat(), sign)
				}
				sum := l.Amount
				if of := product(l.Quantity, l.Price); sum == nil && of != nil && (!in.units || of.Currency == currency) {
					sum = of
				}
				of, bills = s.purchaseOf(el, e, l.Reference), feeds.bills(e, l)
				if sum != nil {
					var fine bool
					if a, fine = s.convert(*sum, currency, s.dateOf(e), "the line"); !fine {
						ok = false
						continue
					}
					a = mul(a, sign)
				}
				if l.Price != nil && l.Price.Currency == currency && q != nil {
					p = mul(q, l.Price.Ratio())
				}
				add(e, l.Item, l.Unit, q, a, p)
			}
			continue
		}
		whole := partsOf(e)[0]
		of, bills = s.purchaseOf(el, e, ""), feeds.bills(e, whole)
		if !isReturn {
			var ids []pact.EventID
			day, ids = feeds.countsOn(e, whole)
			also = slices.Concat(own, ids)
		}
		var q, a, p *big.Rat
		d := e.Data
		if isReturn {
			var known bool
			if d.Item, known = el.itemOf(returned, d.Item); !known {
				left.add(e, "names no item, and some of its invoice count and others do not")
				continue
			}
		}
		if of := product(d.Quantity, d.Price); d.Amount == nil && of != nil && (!in.units || of.Currency == currency) {
			d.Amount, d.Tax, d.Freight = of, nil, nil // a price is without them
		}
		if d.Quantity != nil && money.Sane(*d.Quantity) {
			q = d.Quantity.Rat()
		}
		if d.Amount != nil && d.Amount.Check() == nil && money.Sane(d.Amount.Value) {
			net := *d.Amount
			for _, part := range []*money.Amount{d.Tax, d.Freight} {
				if el.WithoutTax && part != nil && part.Currency == net.Currency {
					net.Value = net.Value.Sub(part.Value)
				}
			}
			var fine bool
			if a, fine = s.convert(net, currency, s.dateOf(e), "the purchase"); !fine {
				ok = false
				continue
			}
		}
		if e.Kind == "credit_note" {
			for _, x := range []*big.Rat{a, q} {
				if x != nil {
					x.Neg(x.Abs(x))
				}
			}
		}
		if d.Price != nil && d.Price.Currency == currency && q != nil {
			p = mul(q, d.Price.Ratio())
		} else if isReturn && q == nil && a != nil {
			p = listOfAll(returned, new(big.Rat).Abs(a), currency)
		}
		if a != nil && d.Amount.Currency == currency && !el.WithoutTax {
			for _, part := range []*money.Amount{d.Tax, d.Freight} {
				if part != nil && part.Currency == currency {
					untaxed = minus(cmp.Or(untaxed, a), mul(part.Ratio(), sign))
				}
			}
			if untaxed != nil && !in.units && el.leavesOut(d.Item, e.Data.Service) == "" {
				taxed.add(e, exactText(new(big.Rat).Abs(minus(a, untaxed)), currency))
			}
		}
		add(e, d.Item, d.Unit, q, a, p)
	}
	slices.SortStableFunc(list, func(x, y bought) int {
		switch {
		case x.on < y.on:
			return -1
		case x.on > y.on:
			return 1
		}
		return 0
	})
	if ok && foreign.many > 0 && el.Buyer == "" && len(list) == 0 && !slices.Contains(by.all, "") { // whoever is excluded: nobody is left who may be meant
		s.askAffiliates(el, by.all, by.all, append(namedIDs, by.before()...))
		return list, false
	}
	if foreign.many > 0 {
		s.add("bought by other companies", foreign.text()+"; affiliates are excluded", fmt.Sprintf("%d "+setAside, foreign.many))
	}
	if ok && el.Affiliates == "" && by.several(el) {
		if el.Buyer == "" {
			namedIDs = append(namedIDs, by.before()...)
		}
		s.askAffiliates(el, by.all, slices.Compact(named), namedIDs)
		return list, false
	}
	if left.many > 0 {
		s.add("purchases that do not count", left.text(), fmt.Sprintf("%d "+setAside, left.many))
	}
	ok = s.creditedLate(late) && ok
	s.boughtElsewhere(elsewhere)
	if taxed.many > 0 {
		s.add("tax and freight", taxed.text(), "they are part of the amounts, and count: eligible.without_tax does not take them out")
	}
	return list, ok
}

// product is what a quantity costs at a price; nil where one of them is not known.
func product(quantity *decimal.Decimal, price *money.Amount) *money.Amount {
	if quantity == nil || price == nil || !money.Sane(*quantity) || !money.Sane(price.Value) {
		return nil
	}
	return &money.Amount{Value: price.Value.Mul(*quantity), Currency: price.Currency}
}

// itemOf is the item of a credit note: the one it names, or else that of the invoice it is about. Of an invoice of which some items count and
// others do not it is not known.
func (el Eligible) itemOf(of pact.Event, named string) (item string, known bool) {
	if named != "" || len(of.Data.Lines) == 0 {
		return cmp.Or(named, of.Data.Item), true
	}
	first := of.Data.Lines[0].Item
	counts := func(item string) bool { return el.leavesOut(item, of.Data.Service) == "" }
	mixed := slices.ContainsFunc(of.Data.Lines, func(l pact.EventLine) bool { return counts(l.Item) != counts(first) })
	return first, !mixed
}

// askAffiliates asks whether what other companies bought counts, of which purchases name some.
func (s *sheet) askAffiliates(el Eligible, companies, names []string, ids []pact.EventID) {
	companies = slices.Sorted(slices.Values(companies))
	s.add("bought by several companies", firstOf(names), "the clause does not say whether affiliates count", ids...)
	only := func(reading, buyer string) pact.Outcome {
		set := map[string]string{"affiliates": "excluded"}
		if buyer != "" {
			set["buyer"] = buyer
		}
		return pact.Outcome{Reading: reading, Set: member("eligible", set)}
	}
	readings := []pact.Outcome{{Reading: "all of them count", Set: member("eligible", map[string]string{"affiliates": "included"})}}
	switch {
	case el.Buyer != "":
		readings = append(readings, only("only what "+short(el.Buyer)+" bought", ""))
	case companies[0] == "": // what names nobody is the party's own
		readings = append(readings, only("only what names no other company", ""))
	case len(companies) <= 6: // of more the buyer has to be named
		for _, c := range companies {
			readings = append(readings, only("only what "+short(c)+" bought", c))
		}
	}
	var who []string
	for _, c := range companies {
		who = append(who, cmp.Or(c, el.Buyer, "the party itself"))
	}
	s.ask("affiliates", fmt.Sprintf("Purchases name several companies (%s). Does what affiliates bought count, and who is the buyer (eligible: affiliates, buyer)?", firstOf(who)), readings...)
}

// passedOver are purchases that do not count: how many, and the first of them with the reason. They are named and not cited: the judgement does
// not rest on them.
type passedOver struct {
	many  int
	words []string
}

func (l *passedOver) add(e pact.Event, why string) {
	l.many++
	if len(l.words) < shownWords {
		l.words = append(l.words, short(cmp.Or(e.Subject, e.ExternalID))+" "+why)
	}
}

func (l *passedOver) text() string {
	if l.many > len(l.words) {
		return strings.Join(l.words, "; ") + "; …"
	}
	return strings.Join(l.words, "; ")
}

// inOneUnit brings the quantities of purchases into one unit; false where that is not possible: then it is asked. What gives no unit is
// in that of the others.
func (s *sheet) inOneUnit(list []bought, el Eligible) bool {
	unit := el.Unit
	var units, unknown []string
	for i := range list {
		b := &list[i]
		if b.unit == "" || b.quantity.Sign() == 0 {
			continue
		}
		if !slices.ContainsFunc(units, func(u string) bool { return sameWord(u, b.unit) }) {
			units = append(units, b.unit)
		}
	}
	slices.Sort(units)
	if unit == "" && len(units) > 0 {
		unit = units[0]
	}
	told := map[string]bool{}
	for i := range list {
		b := &list[i]
		if b.unit == "" || b.quantity.Sign() == 0 || sameWord(b.unit, unit) {
			continue
		}
		factor, words, ok := factorOf(el.Conversions, b.item, b.unit, unit)
		if !ok || el.Unit == "" {
			if !slices.Contains(unknown, b.unit) {
				unknown = append(unknown, b.unit)
			}
			continue
		}
		b.quantity = mul(b.quantity, factor)
		if !told[words] {
			told[words] = true
			s.add("unit of measure", b.unit+" to "+unit, words)
		}
	}
	if len(unknown) == 0 {
		s.severalItems(list, el)
		return true
	}
	slices.Sort(unknown)
	question := fmt.Sprintf("Quantities come in %s. In which unit do they count, and how much of it is one of the others (eligible: unit, conversions)?", strings.Join(units, " and "))
	if el.Unit != "" {
		question = fmt.Sprintf("Quantities count in %s, and some come in %s. How many %s are one %s (eligible.conversions)?", el.Unit, strings.Join(unknown, " and "), el.Unit, unknown[0])
	}
	s.a.AmountState = "needs_conversion"
	s.a.Ambiguities = append(s.a.Ambiguities, pact.Ambiguity{Code: "conversion", Question: question})
	s.add("unit of measure", strings.Join(units, ", "), "they can not be added up")
	return false
}

// severalItems says that quantities of several items are added up, where the clause does not say which count.
func (s *sheet) severalItems(list []bought, el Eligible) {
	if len(el.Items) > 0 {
		return
	}
	var items []string
	for _, b := range list {
		if b.quantity.Sign() != 0 && b.item != "" && !has(items, b.item) {
			items = append(items, b.item)
		}
	}
	if len(items) > 1 {
		slices.Sort(items)
		s.add("quantities of several items", quoted(items[:min(len(items), shownWords)]), "added up: the clause names none that count alone (eligible.items)")
	}
}

// returned is what a credit note is about: the one invoice or purchase of the number it gives, as its subject or reference, that is not
// of a later day.
func (s *sheet) returned(e pact.Event) (of pact.Event, ok bool) {
	if e.Kind != "credit_note" {
		return of, false
	}
	for _, name := range []string{e.Subject, e.Data.Reference} {
		if name == "" {
			continue
		}
		var found []pact.Event
		for _, x := range s.of(name, "invoice", "purchase") {
			if x.Subject == name {
				found = append(found, x)
			}
		}
		if len(found) == 1 && s.dateOf(found[0]) <= s.dateOf(e) {
			return found[0], true
		}
	}
	return of, false
}

// listOfAll is what a credit note over all that was charged of a purchase takes back at list prices; nil where it is over another sum, or the
// list prices are not known.
func listOfAll(of pact.Event, back *big.Rat, currency string) *big.Rat {
	whole := of.Data.Amount
	if len(of.Data.Lines) > 0 || whole == nil || whole.Currency != currency || whole.Ratio().Cmp(back) != 0 {
		return nil
	}
	price, quantity := of.Data.Price, of.Data.Quantity
	if price == nil || price.Currency != currency || quantity == nil || !money.Sane(*quantity) {
		return nil
	}
	return mul(mul(quantity.Rat(), price.Ratio()), big.NewRat(-1, 1))
}

// withinPeriod takes the purchases that count in a period.
func withinPeriod(list []bought, p calendar.Period) []bought {
	var out []bought
	for _, b := range list {
		if p.Contains(b.day) {
			out = append(out, b)
		}
	}
	return out
}

// currencyOf is the currency purchases are counted in: that of the clause, or that of the first purchase.
func (s *sheet) currencyOf(given string) string {
	if given != "" {
		return given
	}
	for _, e := range s.counts.events {
		if slices.Contains([]string{"invoice", "purchase", "usage"}, e.Kind) {
			if sum := cmp.Or(e.Data.Amount, e.Data.Price); sum != nil {
				return sum.Currency
			}
		}
		for _, l := range e.Data.Lines {
			if l.Amount != nil {
				return l.Amount.Currency
			}
			if l.Price != nil {
				return l.Price.Currency
			}
		}
	}
	return "USD"
}

func orZero(d *decimal.Decimal) decimal.Decimal {
	if d == nil || !money.Sane(*d) {
		return decimal.Zero
	}
	return *d
}
