package obligation

import (
	"cmp"
	"fmt"
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

// UnitPriceParams are the parameters of unit_price.
type UnitPriceParams struct {
	Prices []PriceRow `json:"prices,omitempty"` // the prices that were agreed; needed unless against is order
	// Against says what an invoice line is compared with: contract (default; Prices), order (the line of the order it names), or
	// lower (whichever is less).
	Against string `json:"against,omitempty" enum:"contract,order,lower"`
	// Conversions: how units of invoice lines are brought into those of prices; one that is needed and missing is asked about.
	Conversions []Conversion `json:"conversions,omitempty"`
	// DateBasis says which day finds the price: invoice (default), order, or line (the date of the line: of service, of delivery).
	DateBasis string `json:"date_basis,omitempty" enum:"invoice,order,line"`
	// TolerancePercent and ToleranceAmount: a difference of a line up to either of them is let pass. Absent: none is.
	TolerancePercent *decimal.Decimal `json:"tolerance_percent,omitempty"`
	ToleranceAmount  *money.Amount    `json:"tolerance_amount,omitempty"` // a difference of a line up to this sum is let pass; absent: none is
	Zone             string           `json:"zone,omitempty"`             // IANA name of the zone in which days begin; absent: UTC
}

// PriceRow is the price of an item from From until before Until.
type PriceRow struct {
	Item  string        `json:"item"`            // as invoice lines name it
	Price money.Amount  `json:"price"`           // for one unit
	Unit  string        `json:"unit,omitempty"`  // the price is for one of it
	From  calendar.Date `json:"from,omitempty"`  // first day on which the price holds; absent: from the beginning
	Until calendar.Date `json:"until,omitempty"` // first day on which it holds no longer; absent: until further notice
	// Follows is the key of the price_escalator of the contract whose new prices take the place of this one from its adjustments on; none:
	// this price does not follow any. Absent: where one has this very base price, it is asked.
	Follows string           `json:"follows,omitempty"`
	Pack    *decimal.Decimal `json:"pack,omitempty"` // sold in packs of so many units; a started pack is a full one
}

// Conversion says that one From is Factor To: {"from":"box","to":"each","factor":"12"}.
type Conversion struct {
	Item string `json:"item,omitempty"` // only for this item
	From string `json:"from"`           // the unit of which one is converted
	To   string `json:"to"`             // the unit it is given in
	// Factor: how many of the unit to make one of the unit from, above 0; used in either direction.
	Factor decimal.Decimal `json:"factor"`
}

// UnitPrice compares what invoice lines charge with what was agreed. Occurrences are lines, keyed "invoice/line". The amount is
// what was charged too much, negative where too little.
type UnitPrice struct{}

// Name is unit_price.
func (UnitPrice) Name() string { return "unit_price" }

// Params gives empty UnitPriceParams.
func (UnitPrice) Params() any { return UnitPriceParams{} }

// Check asks for what the comparison needs.
func (UnitPrice) Check(o pact.Obligation) []pact.Ambiguity { return ask[UnitPriceParams](o) }

// Occurrences lists none: invoices open them.
func (UnitPrice) Occurrences(pact.Obligation, calendar.Period) []pact.Occurrence { return nil }

func (p UnitPriceParams) zoneName() string { return p.Zone }

func (p UnitPriceParams) check() []pact.Ambiguity {
	var q questions
	q.oneOf("against", p.Against, "", "contract", "order", "lower")
	q.oneOf("date_basis", p.DateBasis, "", "invoice", "order", "line")
	q.decimals("tolerance_percent", 0, 1000, p.TolerancePercent)
	q.amount("tolerance_amount", "tolerance_amount", p.ToleranceAmount)
	q.zone(p.Zone)
	if len(p.Prices) == 0 && p.Against != "order" {
		q.ask("prices", "Which prices were agreed?")
	}
	for i, r := range p.Prices {
		q.amount("prices", sprintf("prices[%d].price", i), &r.Price)
		if strings.TrimSpace(r.Item) == "" || r.From != "" && r.Until != "" && r.From >= r.Until {
			q.ask("prices", "A price names no item, or holds on no day.")
		}
		if r.Pack != nil && (!r.Pack.IsPositive() || !money.Sane(*r.Pack)) {
			q.ask("prices", "A pack of %s can not be sold.", r.Pack)
		}
	}
	q.conversions(p.Conversions)
	return q
}

// linesOf gives the lines of an order or invoice; one made of the event itself where it has none.
func linesOf(e pact.Event) []pact.EventLine {
	if len(e.Data.Lines) > 0 {
		return e.Data.Lines
	}
	d := e.Data
	if d.Item == "" {
		return nil
	}
	return []pact.EventLine{{Line: cmp.Or(d.Line, "1"), Item: d.Item, Quantity: d.Quantity, Unit: d.Unit, Price: d.Price, Amount: d.Amount, Reference: d.Reference}}
}

// Opened lists the lines of the invoices.
func (UnitPrice) Opened(o pact.Obligation, events []pact.Event) []pact.Occurrence {
	var p UnitPriceParams
	if decode(o.Params, &p) != nil {
		return nil
	}
	kept, _ := tidy(events, "", calendar.Latest())
	zone := zoneOf(p.Zone)
	seen := map[string]bool{}
	var out []pact.Occurrence
	for _, e := range kept {
		on := e.Data.Date
		if on == "" {
			on = calendar.DateIn(e.OccurredAt, zone)
		}
		if e.Kind != "invoice" || !o.InForce.Contains(on) {
			continue
		}
		for _, l := range linesOf(e) {
			key := e.Subject + "/" + l.Line
			if !seen[key] && (p.Against == "order" || slices.ContainsFunc(p.Prices, func(r PriceRow) bool { return sameWord(r.Item, l.Item) })) {
				seen[key] = true
				out = append(out, occurrence(o, key, l.Item+" on invoice "+e.Subject, calendar.Span{Start: e.OccurredAt}))
			}
		}
	}
	slices.SortFunc(out, func(a, b pact.Occurrence) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// findLine finds an invoice line by the key of its occurrence.
func (s *sheet) findLine(key string) (pact.Event, pact.EventLine, bool) {
	var invoice *pact.Event
	var line pact.EventLine
	for e := range s.counts.about(matters(key), "invoice") {
		for _, l := range slices.Backward(linesOf(*e)) { // of the last invoice the first such line
			if e.Subject+"/"+l.Line == key {
				invoice, line = e, l
			}
		}
	}
	if invoice == nil {
		return pact.Event{}, line, false
	}
	return *invoice, line, true
}

// invoiceLine is a line with its invoice.
type invoiceLine struct {
	e pact.Event
	l pact.EventLine
}

// linesOfKey are the lines of one key, of several invoices of one number. One that only repeats another counts once.
func (s *sheet) linesOfKey(key string) (out []invoiceLine) {
	for e := range s.counts.about(matters(key), "invoice") {
		for _, l := range linesOf(*e) {
			if e.Subject+"/"+l.Line != key {
				continue
			}
			repeats := func(x invoiceLine) bool { return s.dateOf(x.e) == s.dateOf(*e) && slices.Equal(textOf(x.l), textOf(l)) }
			if !slices.ContainsFunc(out, repeats) {
				out = append(out, invoiceLine{*e, l})
			}
			break // of one invoice the first such line
		}
	}
	return out
}

// textOf is what a line says, with its figures as they are written.
func textOf(l pact.EventLine) []string {
	text := []string{l.Item, l.Unit, l.Reference, string(l.Date)}
	if l.Quantity != nil {
		text = append(text, l.Quantity.String())
	}
	for _, a := range []*money.Amount{l.Price, l.Amount} {
		if a != nil {
			text = append(text, a.String())
		}
	}
	return text
}

// sameLine asks which of several invoices of one number has the line: what one of them charges too much must not vanish.
func (s *sheet) sameLine(p UnitPriceParams, key string, list []invoiceLine) pact.Assessment {
	var outcomes []pact.Outcome
	var which []string
	for _, one := range list {
		s.use(one.e)
		which = append(which, "of "+string(s.dateOf(one.e)))
		s.add("invoice", "dated "+dayText(s.dateOf(one.e)), "has the line "+key, idOf(one.e))
		if l := one.l; l.Quantity == nil || l.Amount == nil && l.Price == nil || !money.Sane(*l.Quantity) {
			continue
		}
		quiet := s.quiet()
		quiet.a.Amounts, quiet.a.Ambiguities, quiet.a.AmountState = nil, nil, ""
		a := comparison{p: p, s: quiet, e: one.e, l: one.l}.judge()
		outcomes = append(outcomes, pact.Outcome{Reading: fmt.Sprintf("the line of %s (%s)", s.dateOf(one.e), idOf(one.e)), Amount: a.Amount, Result: resultOf(a)})
	}
	s.ask("same_number", fmt.Sprintf("Different invoices have the line %s: %s. Does the later one correct the earlier one (replaces), or is the number of one of them wrong?", short(key), strings.Join(which, ", ")), outcomes...)
	return s.done(pact.Pending)
}

// matters are the subjects of which the key of a line may be: what stands before each of its slashes.
func matters(key string) []string {
	var out []string
	for i := range key {
		if key[i] == '/' {
			out = append(out, key[:i])
		}
	}
	return out
}

// Assess compares one line.
func (UnitPrice) Assess(in Input) (pact.Assessment, error) {
	p, s, done, err := begin(in, func(_ UnitPriceParams, s *sheet) calendar.Date {
		if e, _, ok := s.findLine(in.Occurrence.Key); ok {
			return s.dateOf(e)
		}
		return ""
	})
	if err != nil || done {
		return *s.a, err
	}
	e, l, ok := s.findLine(in.Occurrence.Key)
	if !ok {
		s.add("no invoice line", "", "it is not known at this instant")
		return s.done(pact.Pending), nil
	}
	if list := s.linesOfKey(in.Occurrence.Key); len(list) > 1 {
		return s.sameLine(p, in.Occurrence.Key, list), nil
	}
	s.use(e)
	if l.Quantity == nil || l.Amount == nil && l.Price == nil || !money.Sane(*l.Quantity) {
		return pact.Assessment{}, fault.New(fault.Invalid, "The line %s has no quantity, or neither price nor amount.", in.Occurrence.Key)
	}
	c := comparison{p: p, s: s, e: e, l: l}
	return c.judge(), nil
}

type comparison struct {
	p UnitPriceParams
	s *sheet
	e pact.Event
	l pact.EventLine
	// order is the one line of an order that is compared with, where several may be meant.
	order *invoiceLine
}

func (c comparison) judge() pact.Assessment {
	s := c.s
	var invoiced *big.Rat
	var currency string
	if c.l.Amount != nil {
		invoiced, currency = c.l.Amount.Ratio(), c.l.Amount.Currency
	} else {
		invoiced, currency = mul(c.l.Quantity.Rat(), c.l.Price.Ratio()), c.l.Price.Currency
	}
	s.add("invoiced", fmt.Sprintf("%s %s %s", c.l.Quantity, c.l.Unit, c.l.Item), exactText(invoiced, currency), idOf(c.e))
	rows, on, ok := c.agreed(currency, invoiced)
	if !ok {
		return s.done(pact.Pending)
	}
	if len(rows) == 0 {
		question, result := c.unpriced(on)
		s.a.AmountState = "no_price"
		s.a.Ambiguities = append(s.a.Ambiguities, pact.Ambiguity{Code: "no_price", Question: question})
		s.add("agreed price", c.l.Item+" on "+string(on), result)
		return s.done(pact.Pending)
	}
	if len(rows) > 1 {
		var outcomes []pact.Outcome
		for _, r := range rows {
			quiet := *s
			scratch := pact.Assessment{}
			quiet.a, quiet.steps = &scratch, &scratch.Trace
			o := pact.Outcome{Reading: fmt.Sprintf("%s %s from %s", r.Price, forOne(r.Unit), cmp.Or(string(r.From), "the beginning")), Set: member("prices", governing(c.p.Prices, r))}
			if want, ok := (comparison{p: c.p, s: &quiet, e: c.e, l: c.l}).expected(r, currency, on); ok {
				a := money.FromRatio(minus(invoiced, want), currency)
				o.Amount = &a
			}
			outcomes = append(outcomes, o)
		}
		s.ask("two_prices", fmt.Sprintf("Several prices of %q hold on %s. Which one governs?", short(c.l.Item), on), outcomes...)
		return s.done(pact.Pending)
	}
	if rows[0], ok = c.followed(rows[0], invoiced, currency, on); !ok {
		return s.done(pact.Pending)
	}
	want, ok := c.expected(rows[0], currency, on)
	if !ok {
		return s.done(pact.Pending)
	}
	if diff := minus(invoiced, want); c.unitOpen(rows[0]) && diff.Sign() != 0 {
		c.askUnit(rows[0], money.FromRatio(diff, currency))
		return s.done(pact.Pending)
	}
	diff := minus(invoiced, want)
	expected := s.sum("expected", want, currency, "")
	s.a.Target = expected.String()
	s.a.Measured = exactNumber(diff, 2)
	within, ok := c.within(diff, want, invoiced, currency, on)
	if !ok {
		return s.done(pact.Pending)
	}
	if within {
		s.a.EndedAt = c.e.OccurredAt.UTC()
		return s.done(pact.Met)
	}
	name := "overcharged"
	if diff.Sign() < 0 {
		name = "undercharged"
	}
	sum := s.sum(name, diff, currency, s.dateOf(c.e))
	s.add("difference, rounded half up once", exactText(invoiced, currency)+" - "+exactText(want, currency), sum.String()+" "+name)
	s.a.BreachedAt = c.e.OccurredAt.UTC()
	left, last, known := c.credited(diff, invoiced, want, currency)
	switch {
	case !known:
		return s.done(pact.Breached)
	case last != nil && money.FromRatio(left, currency).IsZero():
		s.a.BreachedAt, s.a.EndedAt = time.Time{}, later(last.OccurredAt, c.e.OccurredAt).UTC()
		s.add("left to claim", "", "nothing")
		return s.done(pact.Met)
	case last != nil:
		sum = s.sum("left to claim", left, currency, s.dateOf(*last))
		s.add("left to claim", "", sum.String())
	}
	s.owe(sum)
	return s.done(pact.Breached)
}

// within applies the tolerance. What is the agreed sum in whole cents is no difference. known is false where a tolerance in another
// currency has no rate.
func (c comparison) within(diff, want, invoiced *big.Rat, currency string, on calendar.Date) (within, known bool) {
	s := c.s
	size := new(big.Rat).Abs(diff)
	switch cents := money.FromRatio(want, currency); {
	case size.Sign() == 0:
		s.add("difference", "", "none")
		return true, true
	case money.FromRatio(invoiced, currency).Equal(cents), money.FromRatio(size, currency).Value.IsZero():
		s.add("difference", exactText(want, currency)+" rounded half up is "+cents.String(), "none in whole cents")
		return true, true
	}
	if t := c.p.TolerancePercent; t != nil {
		limit := percentOf(new(big.Rat).Abs(want), *t)
		if size.Cmp(limit) <= 0 {
			s.add("tolerance", fmt.Sprintf("%s of %s %% = %s", exactText(size, currency), t, exactText(limit, currency)), "let pass")
			return true, true
		}
		s.add("tolerance", fmt.Sprintf("%s %% = %s", t, exactText(limit, currency)), "exceeded: the whole difference counts")
	}
	if t := c.p.ToleranceAmount; t != nil {
		limit, ok := s.convert(*t, currency, on, "the tolerance")
		if !ok {
			return false, false
		}
		if size.Cmp(limit) <= 0 {
			s.add("tolerance", exactText(size, currency)+" of "+t.String(), "let pass")
			return true, true
		}
		s.add("tolerance", t.String(), "exceeded: the whole difference counts")
	}
	return false, true
}

// agreed finds the price rows that hold, and the day that found them; ok is false where it is asked which order, or which line of it, counts.
func (c comparison) agreed(currency string, invoiced *big.Rat) (rows []PriceRow, on calendar.Date, ok bool) {
	s := c.s
	on = s.dateOf(c.e)
	orders := c.orders()
	ref, _ := c.ordered()
	byOrder := c.p.DateBasis == "order"
	if ref != "" && (byOrder || c.p.Against == "lower") && len(s.of(ref, "purchase_order")) == 0 {
		c.askOrder(ref)
		return nil, on, false
	}
	if len(orders) > 1 && (byOrder || c.p.Against == "order" || c.p.Against == "lower") {
		if !c.askLine(orders, currency, invoiced) {
			return nil, on, false
		}
		orders = orders[:1] // by each of them it comes to the same
		s.add("line of the order", orders[0].e.Subject, "several name the item, and the line comes to the same by each", idOf(orders[0].e))
	}
	switch {
	case c.p.DateBasis == "line" && c.l.Date != "":
		on = c.l.Date
	case byOrder && len(orders) == 1:
		on = s.dateOf(orders[0].e)
		s.use(orders[0].e)
		s.add("day whose price counts", "that of the order "+orders[0].e.Subject, dayText(on), idOf(orders[0].e))
	}
	if c.p.Against != "order" {
		for _, r := range c.p.Prices {
			if sameWord(r.Item, c.l.Item) && (calendar.Period{From: r.From, Until: r.Until}).Contains(on) {
				rows = append(rows, r)
			}
		}
		rows = ofUnit(c.inCurrency(rows), c.l.Unit)
	}
	if len(orders) != 1 || orders[0].l.Price == nil || c.p.Against != "order" && c.p.Against != "lower" {
		return rows, on, true
	}
	own := PriceRow{Item: c.l.Item, Price: *orders[0].l.Price, Unit: orders[0].l.Unit}
	if c.p.Against == "lower" {
		if len(rows) != 1 {
			return rows, on, true
		}
		if alikeIn(own.Unit, rows[0].Unit) {
			own.Pack = rows[0].Pack
		}
		less, known := c.costsLess(own, rows[0], currency, on)
		if !known {
			return rows, on, false
		}
		if !less {
			s.use(orders[0].e)
			s.add("price of the order", orders[0].e.Subject+"/"+orders[0].l.Line+", "+own.Price.String()+" "+forOne(own.Unit), "not less than that of the contract", idOf(orders[0].e))
			return rows, on, true
		}
	}
	s.use(orders[0].e)
	s.add("price of the order", orders[0].e.Subject+"/"+orders[0].l.Line, own.Price.String()+" "+forOne(own.Unit), idOf(orders[0].e))
	return []PriceRow{own}, on, true
}

// costsLess tells whether the line costs less by one price than by another, each for its own unit; known is false where that waits for a
// conversion or a rate.
func (c comparison) costsLess(a, b PriceRow, currency string, on calendar.Date) (less, known bool) {
	var sums [2]*big.Rat
	for i, r := range []PriceRow{a, b} {
		quiet := c
		quiet.s = c.s.quiet()
		if sums[i], known = quiet.expected(r, currency, on); !known {
			c.expected(r, currency, on) // says what is missing
			return false, false
		}
	}
	return sums[0].Cmp(sums[1]) < 0, true
}

// askOrder asks for an order that is not known and counts.
func (c comparison) askOrder(ref string) {
	c.s.a.AmountState = "no_price"
	c.s.a.Ambiguities = append(c.s.a.Ambiguities, pact.Ambiguity{Code: "no_price", Question: fmt.Sprintf("Order %s is not known, and counts for the price of %q. Report it (event purchase_order), or correct the reference.", short(ref), short(c.l.Item))})
	c.s.add("agreed price", c.l.Item, "order "+ref+" is not known")
}

// askLine asks which of several lines of an order, or of several orders of one number, a line is about. It is no question where the line comes
// to the same by each; then same is true.
func (c comparison) askLine(orders []invoiceLine, currency string, invoiced *big.Rat) (same bool) {
	s := c.s
	var outcomes []pact.Outcome
	for _, one := range orders {
		s.use(one.e)
		o := pact.Outcome{Reading: fmt.Sprintf("line %s of the order of %s", one.l.Line, s.dateOf(one.e)), Result: "no price"}
		if one.l.Price != nil {
			o.Reading += fmt.Sprintf(", %s %s", one.l.Price, forOne(one.l.Unit))
		}
		quiet := c
		quiet.s, quiet.order = s.quiet(), &one
		if rows, on, ok := quiet.agreed(currency, invoiced); ok && len(rows) == 1 {
			if want, ok := quiet.expected(rows[0], currency, on); ok {
				a := money.FromRatio(minus(invoiced, want), currency)
				o.Amount, o.Result = &a, ""
			}
		}
		outcomes = append(outcomes, o)
	}
	first := outcomes[0].Amount
	if first != nil && !slices.ContainsFunc(outcomes, func(o pact.Outcome) bool { return o.Amount == nil || !o.Amount.Equal(*first) }) {
		return true
	}
	s.ask("order_line", fmt.Sprintf("Order %s has %q more than once, with different prices. Which line is meant? The invoice line says it with the line in its reference (%s). A later order corrects an earlier one where it says so (replaces).", short(orders[0].e.Subject), short(c.l.Item), short(orders[0].e.Subject+"/"+orders[0].l.Line)), outcomes...)
	return false
}

// unitOpen tells whether the line or the price gives a unit and the other none, and the one given is not the only unit in which the item can
// be counted: it comes in packs, or the clause converts it. Two hours are hours whether the line says so or not.
func (c comparison) unitOpen(r PriceRow) bool {
	unit := cmp.Or(c.l.Unit, r.Unit)
	if (c.l.Unit == "") == (r.Unit == "") {
		return false
	}
	return slices.ContainsFunc([]string{"box", "pack", "package", "case", "carton", "crate", "pallet", "bundle", "dozen", "set", "pair", "roll", "drum"}, func(w string) bool { return sameUnit(w, unit) }) ||
		slices.ContainsFunc(c.p.Conversions, func(x Conversion) bool {
			return (x.Item == "" || sameWord(x.Item, c.l.Item)) && (sameUnit(x.From, unit) || sameUnit(x.To, unit))
		})
}

// askUnit asks what a quantity, or a price, without a unit counts. It is no question where the line is right as it stands.
func (c comparison) askUnit(r PriceRow, diff money.Amount) {
	question := fmt.Sprintf("The line gives no unit, and the price is %s. What does it count?", forOne(r.Unit))
	if r.Unit == "" {
		question = fmt.Sprintf("The line counts %s, and the price gives no unit. Of what is it?", c.l.Unit)
	}
	c.s.ask("line_unit", question, pact.Outcome{Reading: "the same unit", Amount: &diff})
}

// ofUnit keeps of several prices of an item those for the unit of the line, where there are any: 120 a day and 360 a week are two prices of
// one thing, and a line of two days means the first.
func ofUnit(rows []PriceRow, unit string) []PriceRow {
	if len(rows) < 2 || unit == "" {
		return rows
	}
	same := slices.DeleteFunc(slices.Clone(rows), func(r PriceRow) bool { return !sameUnit(r.Unit, unit) })
	if len(same) == 0 {
		return rows
	}
	return same
}

// sameUnit tells whether two words are one unit of measure, in the singular or the plural: "day" and "days", "box" and "boxes".
func sameUnit(a, b string) bool {
	one := func(s string) string {
		s = strings.ToLower(strings.TrimSpace(s))
		for _, end := range []string{"xes", "ches", "shes"} {
			if strings.HasSuffix(s, end) {
				return strings.TrimSuffix(s, "es")
			}
		}
		if len(s) > 3 && !strings.HasSuffix(s, "ss") {
			return strings.TrimSuffix(s, "s")
		}
		return s
	}
	return sameWord(one(a), one(b))
}

// alikeIn tells whether two things are counted alike: in one unit, or both without one.
func alikeIn(a, b string) bool { return a == "" && b == "" || sameUnit(a, b) }

// inCurrency leaves of prices that are agreed in several currencies those in the one of the line, where there are any.
func (c comparison) inCurrency(rows []PriceRow) []PriceRow {
	line := c.l.Price
	if c.l.Amount != nil {
		line = c.l.Amount
	}
	own := slices.DeleteFunc(slices.Clone(rows), func(r PriceRow) bool { return line == nil || r.Price.Currency != line.Currency })
	if len(own) == 0 {
		return rows
	}
	return own
}

// unpriced says why there is no price to compare with: an order that is not known, or none that names the item, is another matter than a
// price nobody agreed.
func (c comparison) unpriced(on calendar.Date) (question, result string) {
	ref, _ := c.ordered()
	item := short(c.l.Item)
	if c.p.Against == "order" {
		switch {
		case ref == "":
			return fmt.Sprintf("The line of %q names no order (reference), and its price is that of the order. Which order is it?", item), "no order is named"
		case len(c.s.of(ref, "purchase_order")) == 0:
			return fmt.Sprintf("Order %s is not known, and its price of %q counts. Report it (event purchase_order), or correct the reference.", short(ref), item), "order " + ref + " is not known"
		default:
			return fmt.Sprintf("Order %s has no price of %q. Which price holds?", short(ref), item), "order " + ref + " has none"
		}
	}
	return fmt.Sprintf("No price is agreed for %q on %s. Which price holds?", item, on), "none is agreed"
}

// orders finds the order lines an invoice line may be about: those of its item, of one price and unit once, and of several units those for its
// own. Where the day of the order counts, orders of several days are several.
func (c comparison) orders() (out []invoiceLine) {
	if c.order != nil {
		return []invoiceLine{*c.order}
	}
	ref, line := c.ordered()
	if ref == "" {
		return nil
	}
	for _, e := range c.s.of(ref, "purchase_order") {
		for _, l := range linesOf(e) {
			if line != "" && l.Line != line {
				continue
			}
			alike := func(x invoiceLine) bool {
				return (x.l.Price == nil) == (l.Price == nil) && (l.Price == nil || x.l.Price.Equal(*l.Price)) && alikeIn(x.l.Unit, l.Unit) && (c.p.DateBasis != "order" || c.s.dateOf(x.e) == c.s.dateOf(e))
			}
			if sameWord(l.Item, c.l.Item) && !slices.ContainsFunc(out, alike) {
				out = append(out, invoiceLine{e, l})
			}
		}
	}
	if own := slices.DeleteFunc(slices.Clone(out), func(x invoiceLine) bool { return !sameUnit(x.l.Unit, c.l.Unit) }); len(own) > 0 {
		return own
	}
	return out
}

// ordered is the order that an invoice line names, and the line of it where it names that, too: "PO-1/2" is line 2 of PO-1, unless an order has
// that very number.
func (c comparison) ordered() (order, line string) {
	ref := cmp.Or(c.l.Reference, c.e.Data.Reference)
	if ref == "" || len(c.s.of(ref, "purchase_order")) > 0 {
		return ref, ""
	}
	for _, order := range slices.Backward(matters(ref)) {
		line := ref[len(order)+1:]
		if slices.ContainsFunc(c.s.of(order, "purchase_order"), func(e pact.Event) bool {
			return slices.ContainsFunc(linesOf(e), func(l pact.EventLine) bool { return l.Line == line })
		}) {
			return order, line
		}
	}
	return ref, ""
}

// expected is what the line should have cost.
func (c comparison) expected(r PriceRow, currency string, on calendar.Date) (*big.Rat, bool) {
	s := c.s
	quantity := c.l.Quantity.Rat()
	if c.l.Unit != "" && r.Unit != "" && !sameUnit(c.l.Unit, r.Unit) {
		factor, words, ok := factorOf(c.p.Conversions, c.l.Item, c.l.Unit, r.Unit)
		if !ok {
			s.a.AmountState = "needs_conversion"
			s.a.Ambiguities = append(s.a.Ambiguities, pact.Ambiguity{Code: "conversion", Question: fmt.Sprintf("The line counts %s, the price is %s. How many %s one %s?", c.l.Unit, forOne(r.Unit), map[bool]string{true: "are", false: r.Unit + " are"}[sameWord(r.Unit, "each")], c.l.Unit)})
			s.add("unit of measure", c.l.Unit+" to "+r.Unit, "no conversion is known")
			return nil, false
		}
		quantity = mul(quantity, factor)
		s.add("unit of measure", words, exactNumber(quantity, 0)+" "+r.Unit)
	}
	if r.Pack != nil {
		packs := new(big.Rat).SetInt(wholeSteps(quo(quantity, r.Pack.Rat()), true))
		quantity = mul(packs, r.Pack.Rat())
		s.add("packs", fmt.Sprintf("of %s; a started pack is a full one", r.Pack), exactNumber(packs, 0)+" packs, "+exactNumber(quantity, 0))
	}
	want := mul(quantity, r.Price.Ratio())
	words := fmt.Sprintf("%s × %s, in force on %s", exactNumber(quantity, 0), r.Price, on)
	if r.From != "" || r.Until != "" {
		words += fmt.Sprintf(" (from %s until before %s)", cmp.Or(string(r.From), "the beginning"), cmp.Or(string(r.Until), "further notice"))
	}
	s.stating(r.Price.Value.String(), r.Item, r.Unit).add("agreed price", words, exactText(want, r.Price.Currency))
	if r.Price.Currency == currency {
		return want, true
	}
	rate, e, ok := s.rateOn(on, r.Price.Currency+"/"+currency)
	if !ok {
		s.waits("needs_rate", "exchange rate", "no rate "+r.Price.Currency+"/"+currency+" is known on "+string(on))
		return nil, false
	}
	s.use(e)
	want = mul(want, rate)
	s.add("exchange rate for the price", fmt.Sprintf("%s of %s", e.Data.Value, s.dateOf(e)), exactText(want, currency), idOf(e))
	return want, true
}

// factorOf finds how many of one unit another is, in either direction; what is said of the item goes before.
func factorOf(list []Conversion, item, from, to string) (*big.Rat, string, bool) {
	for _, own := range []bool{true, false} {
		for _, x := range list {
			if own != (x.Item != "") || x.Item != "" && !sameWord(x.Item, item) {
				continue
			}
			switch {
			case sameUnit(x.From, from) && sameUnit(x.To, to):
				return x.Factor.Rat(), fmt.Sprintf("1 %s = %s %s", from, x.Factor, to), true
			case sameUnit(x.From, to) && sameUnit(x.To, from):
				return new(big.Rat).Inv(x.Factor.Rat()), fmt.Sprintf("1 %s = %s %s", to, x.Factor, from), true
			}
		}
	}
	return nil, "", false
}

// forOne says of what a price is: "each", "a box".
func forOne(unit string) string {
	if sameWord(unit, "each") {
		return "each"
	}
	return "a " + cmp.Or(unit, "unit")
}
