package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// EscalatorParams are the parameters of price_escalator: a price that follows an index, or a percentage.
type EscalatorParams struct {
	BasePrice money.Amount `json:"base_price"` // the price before the first adjustment, above 0
	// FirstAdjustment is the first day of the first new price; EveryMonths later (default 12) there is another.
	FirstAdjustment calendar.Date `json:"first_adjustment"`
	EveryMonths     int           `json:"every_months,omitempty"` // number of months from one adjustment to the next; absent: 12
	// Index is the series (data.item of events index_value, with data.month and data.value): "CPI-U, US city average, all items, NSA".
	Index string `json:"index,omitempty"`
	// BaseMonth is the month of the index the base price stands for. LagMonths is how many months before an adjustment the month lies
	// whose index counts, 0 for that of the adjustment itself; ReferenceMonth names one ("06") instead, the last one before the
	// adjustment. With neither it is asked.
	BaseMonth string `json:"base_month,omitempty"`
	// LagMonths: number of months before an adjustment in which the index month lies; 0 is the month of the adjustment; absent, and without
	// reference_month: asked.
	LagMonths *int `json:"lag_months,omitempty"`
	// ReferenceMonth: month of the year whose index counts (06), the last one before the adjustment; goes before lag_months.
	ReferenceMonth string `json:"reference_month,omitempty"`
	// Revised: of a month that was published again with another value, latest takes the last value, first the one that was published first.
	// Absent: it is asked where the price hangs on it.
	Revised string `json:"revised,omitempty" enum:"latest,first"`
	// Successor is the series that stands in place of Index where that was discontinued, or put on another base.
	Successor *Successor `json:"successor,omitempty"`
	// Fallback percentage by which the price changes where the index was discontinued (event index_value with data.state discontinued, of its last
	// month) before the month that counts, and there is no Successor. Share, margin and fixed percentage do not touch it; cap and floor do.
	// Absent: it is asked.
	Fallback *decimal.Decimal `json:"fallback_percent,omitempty"`
	// Fixed percentage, alone or with the index as Combine says: max, min or sum.
	Fixed *decimal.Decimal `json:"fixed_percent,omitempty"`
	// Combine: which counts where index and fixed_percent are both given: the higher, the lower, or both added; absent: it is asked.
	Combine string `json:"combine,omitempty" enum:"max,min,sum"`
	// Share takes only so many percent of the change of the index; Margin adds percentage points to it.
	Share *decimal.Decimal `json:"share_percent,omitempty"`
	// Margin: percentage points added to the change of the index, after share_percent; absent: none.
	Margin *decimal.Decimal `json:"margin_percent,omitempty"`
	Cap    *decimal.Decimal `json:"cap_percent,omitempty"`   // of one adjustment
	Floor  *decimal.Decimal `json:"floor_percent,omitempty"` // of one adjustment; "0": the price never falls
	// BasePolicy: previous_price (default) compares with the adjustment before, on its capped price; from_base compares with the base
	// month, and Cap and Floor bound the whole change, compounded over the adjustments (an index above the cap is banked).
	BasePolicy string `json:"base_policy,omitempty" enum:"previous_price,from_base"`
	// Falling says what becomes of a price that is compared with the base month, has no floor and would be lower than the one before: falls, or
	// stays. Absent: it is asked.
	Falling string `json:"falling,omitempty" enum:"falls,stays"`
	// Places the new price is rounded to, half up; default those of the currency, or of the base price where that has more. The next adjustment starts from the rounded price.
	Places *int `json:"places,omitempty"`
	// NoticeDays: the uplift takes effect only if notice (event notice_sent, subject the date of the adjustment) was sent at least so
	// many days before. MissedNotice: lost (the change of that year is lost), or catch_up (the next adjustment compares with the last
	// one that took effect). Absent: it is asked after a missed notice of a price that follows an index from year to year.
	NoticeDays int `json:"notice_days,omitempty"`
	// MissedNotice: what becomes of the change of the index whose notice was missed: lost, or caught up by the next adjustment; absent: it is
	// asked where it matters.
	MissedNotice string `json:"missed_notice,omitempty" enum:"lost,catch_up"`
	Zone         string `json:"zone,omitempty"` // IANA name of the zone in which days begin; absent: UTC
}

// Successor is a series in place of another.
type Successor struct {
	Index string `json:"index"` // its name, as events index_value have it in data.item
	From  string `json:"from"`  // the first month of which its value counts: "2027-01"
	// Factor brings it onto the index before: one point of it is so many of that. Absent: the quotient of the two in the last month, not after
	// from, of which both are published.
	Factor *decimal.Decimal `json:"factor,omitempty"`
}

// PriceEscalator computes adjusted prices. Occurrences are adjustments, keyed by their date; the amount is the new price.
type PriceEscalator struct{}

// Name is price_escalator.
func (PriceEscalator) Name() string { return "price_escalator" }

// Params gives empty EscalatorParams.
func (PriceEscalator) Params() any { return EscalatorParams{} }

// Check asks for what the new price needs.
func (PriceEscalator) Check(o pact.Obligation) []pact.Ambiguity { return ask[EscalatorParams](o) }

func (p EscalatorParams) zoneName() string { return p.Zone }

func (p EscalatorParams) check() []pact.Ambiguity {
	var q questions
	if !p.BasePrice.Value.IsPositive() || p.BasePrice.Currency == "" {
		q.ask("base_price", "Which price does the first adjustment start from? It is an amount above zero with a currency.")
	} else {
		q.amount("base_price", "base_price", &p.BasePrice)
	}
	if p.FirstAdjustment == "" {
		q.ask("first_adjustment", "From which day does the first new price hold?")
	}
	if p.EveryMonths < 0 || p.EveryMonths > 240 || p.lag() < 0 || p.lag() > 60 {
		q.ask("every_months", "The months between adjustments, or of the lag, are out of range.")
	}
	if p.Index == "" && p.Fixed == nil {
		q.ask("index", "Which index does the price follow, or by which percentage does it rise?")
	}
	if p.Index != "" {
		if _, err := calendar.ParseDate(p.BaseMonth + "-01"); err != nil {
			q.ask("base_month", "For which month of the index does the base price stand?")
		}
		if p.ReferenceMonth != "" {
			if _, err := calendar.ParseDate("2026-" + p.ReferenceMonth + "-01"); err != nil {
				q.ask("reference_month", "%q is no month such as 06.", short(p.ReferenceMonth))
			}
		}
		if p.LagMonths != nil && p.ReferenceMonth != "" {
			q.choose("index_month", sprintf("The month of the index is given twice: %d months before an adjustment, and month %s. Which one counts?", *p.LagMonths, short(p.ReferenceMonth)),
				pact.Outcome{Reading: "so many months before", Set: `"reference_month": null`}, pact.Outcome{Reading: "that month of the year", Set: `"lag_months": null`})
		}
		if p.LagMonths == nil && p.ReferenceMonth == "" && p.FirstAdjustment != "" && len(q) == 0 {
			q.choose("index_month", "The index of which month counts for an adjustment? The base price stands for that of "+p.BaseMonth+".", p.indexMonths()...)
		}
		if p.Fixed != nil && p.Combine == "" {
			q.choose("combine", "There are an index and a fixed percentage. Does the higher count, the lower, or both together?",
				pact.Outcome{Reading: "the higher", Set: member("combine", "max")}, pact.Outcome{Reading: "the lower", Set: member("combine", "min")}, pact.Outcome{Reading: "both together", Set: member("combine", "sum")})
		}
	}
	if x := p.Successor; x != nil {
		if _, err := calendar.ParseDate(x.From + "-01"); err != nil || strings.TrimSpace(x.Index) == "" || p.Index == "" {
			q.ask("successor", "Which series stands in place of which index, and of which month on does it count? It needs index, and from, such as 2027-01.")
		}
		if sameWord(x.Index, p.Index) {
			q.ask("successor", "successor.index is %s, as index is, and nothing can stand in place of itself. By which name is the new series published?", short(x.Index))
		}
		if x.Factor != nil && (!x.Factor.IsPositive() || !money.Sane(*x.Factor)) {
			q.ask("successor", "The factor of the successor must lie above zero. How many points of %s is one of %s?", short(p.Index), short(x.Index))
		}
	}
	q.oneOf("revised", p.Revised, "", "latest", "first")
	q.oneOf("combine", p.Combine, "", "max", "min", "sum")
	q.oneOf("base_policy", p.BasePolicy, "", "previous_price", "from_base")
	q.oneOf("missed_notice", p.MissedNotice, "", "lost", "catch_up")
	q.oneOf("falling", p.Falling, "", "falls", "stays")
	for _, one := range []struct {
		member string
		value  *decimal.Decimal
	}{{"fixed_percent", p.Fixed}, {"fallback_percent", p.Fallback}, {"share_percent", p.Share}, {"margin_percent", p.Margin}, {"cap_percent", p.Cap}, {"floor_percent", p.Floor}} {
		q.between("percent", one.member, -1000, 10_000, one.value)
	}
	if p.Cap != nil && p.Floor != nil && p.Floor.GreaterThan(*p.Cap) {
		q.ask("floor_percent", "The floor of %s %% lies above the cap of %s %%.", p.Floor, p.Cap)
	}
	if p.Places != nil && (*p.Places < 0 || *p.Places > 12) {
		q.ask("places", "A price can not be rounded to %d places.", *p.Places)
	}
	q.days("notice_days", p.NoticeDays)
	q.zone(p.Zone)
	return q
}

func (p EscalatorParams) lag() int {
	if p.LagMonths == nil {
		return 0
	}
	return *p.LagMonths
}

// indexMonths are the months whose index a clause that names none most likely means: the month of the base, which keeps the distance
// between them whole years, and those just before an adjustment, as far as an index is published by then.
func (p EscalatorParams) indexMonths() []pact.Outcome {
	name := func(lag int) string {
		month := (p.FirstAdjustment[:8] + "01").AddMonths(-lag)
		return fmt.Sprintf("%s (%s for the first)", []string{"that of the adjustment", "the month before it", "two months before it", "three months before it"}[lag], month[:7])
	}
	base := p.BaseMonth[5:7]
	out := []pact.Outcome{{Reading: "the same month as the base, month " + base, Set: member("reference_month", base)}}
	for lag := range 4 {
		out = append(out, pact.Outcome{Reading: name(lag), Set: member("lag_months", lag)})
	}
	return out
}

func (p EscalatorParams) date(n int) calendar.Date {
	every := p.EveryMonths
	if every == 0 {
		every = 12
	}
	return p.FirstAdjustment.AddMonths(n * every)
}

// maxAdjustments bounds the chain of prices.
const maxAdjustments = 200

// Occurrences lists the adjustments before the end of the period; each starts from the one before it.
func (PriceEscalator) Occurrences(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	var p EscalatorParams
	if decode(o.Params, &p) != nil || p.FirstAdjustment == "" {
		return nil
	}
	var out []pact.Occurrence
	for n := range maxAdjustments {
		d := p.date(n)
		if d == "" || period.Until != "" && d >= period.Until || o.InForce.Until != "" && d >= o.InForce.Until {
			break
		}
		if o.InForce.Contains(d) {
			at := d.In(zoneOf(p.Zone)).UTC()
			occ := occurrence(o, string(d), "Price from "+string(d), calendar.Span{Start: at, End: p.date(n + 1).In(zoneOf(p.Zone)).UTC()})
			occ.DueAt = at
			out = append(out, occ)
		}
	}
	return out
}

// Assess computes one adjustment, from the first one on: each starts from the price before it.
func (k PriceEscalator) Assess(in Input) (pact.Assessment, error) {
	var p EscalatorParams
	if err := decode(in.Obligation.Params, &p); err != nil {
		return pact.Assessment{}, err
	}
	return in.perNotice(k, aboutPrice, zoneOf(p.Zone), k.assess)
}

func (PriceEscalator) assess(in Input) (pact.Assessment, error) {
	date, err := calendar.ParseDate(in.Occurrence.Key)
	if err != nil {
		return pact.Assessment{}, fault.New(fault.Invalid, "%.20q is not the date of an adjustment.", in.Occurrence.Key)
	}
	p, s, done, err := begin(in, func(EscalatorParams, *sheet) calendar.Date { return date })
	if err != nil || done {
		return *s.a, err
	}
	e := escalation{p: p, s: s, price: p.BasePrice.Value.Rat(), lastMonth: p.BaseMonth}
	s.a.DueAt = s.start(date)
	for _, a := range in.adjustments(p, date) {
		e.under(a.terms)
		if !e.adjust(a.on) {
			return s.done(pact.Pending), nil
		}
	}
	sum := money.Amount{Value: e.rounded(e.price), Currency: p.BasePrice.Currency}
	s.a.Amounts = append(s.a.Amounts, pact.AmountLine{Name: "new price", Amount: sum, On: date})
	s.owe(sum)
	s.a.Measured = exactNumber(e.change, 0)
	if s.today < date {
		s.a.NextAt = s.start(date)
		return s.done(pact.OnTrack), nil
	}
	s.a.EndedAt = s.start(date)
	return s.done(pact.Met), nil
}

// adjustment is a day of an escalator, with the terms that govern it.
type adjustment struct {
	on    calendar.Date
	terms EscalatorParams
}

// adjustments lists those until a day, each under the version in force on it: an amendment changes those from its day on, and none
// before. Before the first version they are those of the first; without versions those of the clause itself.
func (in Input) adjustments(p EscalatorParams, until calendar.Date) (list []adjustment) {
	days := func(terms EscalatorParams, from, before calendar.Date) {
		for n := range maxAdjustments {
			d := terms.date(n)
			if d == "" || d > until || before != "" && d >= before {
				break
			}
			if d >= from {
				list = append(list, adjustment{d, terms})
			}
		}
	}
	for i, v := range versionsOf(in, p) {
		from := v.days.From
		if i == 0 {
			from = ""
		}
		days(v.terms, from, v.days.Until)
	}
	if len(list) == 0 {
		days(p, "", "")
	}
	return list
}

// under goes on with the terms of a version; from another price than the version before they begin anew.
func (e *escalation) under(terms EscalatorParams) {
	before := e.p
	e.p = terms
	if e.begun && terms.BasePrice.Equal(before.BasePrice) {
		if !sameWord(before.Index, terms.Index) && terms.Index != "" {
			e.lastMonth = terms.BaseMonth
		}
		return
	}
	e.begun, e.price, e.lastMonth = true, terms.BasePrice.Value.Rat(), terms.BaseMonth
	e.top, e.bottom = big.NewRat(1, 1), big.NewRat(1, 1)
}

// escalation is the price on its way from adjustment to adjustment.
type escalation struct {
	p         EscalatorParams
	s         *sheet
	price     *big.Rat
	lastMonth string        // of the index the price stands for
	begun     bool          // an adjustment was carried out
	missed    calendar.Date // the first adjustment without notice of which the clause does not say what becomes of its change
	change    *big.Rat      // of the last adjustment, in percent
	fell      bool          // the adjustment falls back on a percentage, since the index was discontinued
	// top and bottom are the greatest and the least that the base price may have grown to under from_base, as a factor: each adjustment
	// compounds them by the cap and the floor of its own version.
	top, bottom *big.Rat
}

func (e *escalation) places() int32 {
	if e.p.Places != nil {
		return int32(*e.p.Places) //nolint:gosec // checked: at most 12
	}
	return max(money.MinorUnits(e.p.BasePrice.Currency), -e.p.BasePrice.Value.Exponent())
}

func (e *escalation) rounded(r *big.Rat) decimal.Decimal { return money.RoundRatio(r, e.places()) }

func (e *escalation) shown(r *big.Rat) string { return exactText(r, e.p.BasePrice.Currency) }

// adjust carries out the next adjustment; false where it waits for something or for a decision.
func (e *escalation) adjust(d calendar.Date) bool {
	s, p := e.s, e.p
	e.compound()
	e.change = new(big.Rat)
	month := e.month(d)
	if !e.noticed(d) {
		if last := d.AddDays(-p.NoticeDays); !s.over(last) {
			s.waits("needs_notice", "notice of the adjustment of "+string(d), "to be sent by "+dayText(last)+"; without it there is no uplift")
			s.a.NextAt = s.end(last)
			return false
		}
		switch {
		case p.MissedNotice == "lost" || p.BasePolicy == "from_base" || p.Index == "":
			e.lastMonth = month
		case p.MissedNotice == "":
			e.missed = cmp.Or(e.missed, d)
		}
		if p.contradicts() {
			e.missed = cmp.Or(e.missed, d)
		}
		s.add("adjustment of "+string(d), fmt.Sprintf("no notice at least %s before", dayCount(p.NoticeDays)), "no uplift, stays "+e.shown(e.price))
		return true
	}
	switch {
	case e.missed == "" || !p.contradicts():
	case p.Index == "":
		s.ask("missed_notice", fmt.Sprintf("Notice of the adjustment of %s was missed, and a fixed percentage is caught up. Is it added twice, or compounded, at the adjustment of %s? Nothing here computes that: give the percentage of that adjustment in a version of its own, or say lost.", e.missed, d))
		return false
	default:
		s.ask("missed_notice", fmt.Sprintf("Notice of the adjustment of %s was missed. A price that is compared with the base month catches up what it lost. Is it lost (each adjustment compares with the one before), or does the adjustment of %s catch it up?", e.missed, d),
			pact.Outcome{Reading: "it is lost", Set: member("base_policy", "previous_price")}, pact.Outcome{Reading: "it is caught up", Set: member("missed_notice", "catch_up")})
		return false
	}
	if e.missed != "" && p.MissedNotice == "" {
		s.ask("missed_notice", fmt.Sprintf("Notice of the adjustment of %s was missed. Is the change of the index of that time lost, or does the adjustment of %s catch it up?", e.missed, d),
			pact.Outcome{Reading: "it is lost", Set: member("missed_notice", "lost")}, pact.Outcome{Reading: "it is caught up", Set: member("missed_notice", "catch_up")})
		return false
	}
	change, words, ids, ok := e.changeOf(month)
	if !ok {
		return false
	}
	base := e.price
	if p.BasePolicy == "from_base" {
		base = p.BasePrice.Ratio()
		if e.fell { // it is a change of the price before, where the index would be one of the base
			change = mul(minus(mul(quo(e.price, base), plus(big.NewRat(1, 1), quo(change, ratOf(100)))), big.NewRat(1, 1)), ratOf(100))
			words += fmt.Sprintf(" on %s = %s %% of the base", e.shown(e.price), exactNumber(change, 0))
		}
	}
	bounded, note := e.bound(change)
	if p.Index != "" && !e.fell && p.Floor == nil && bounded.Sign() < 0 && p.BasePolicy != "from_base" {
		e.negative(d, base, bounded)
		return false
	}
	exact := mul(base, plus(big.NewRat(1, 1), quo(bounded, ratOf(100))))
	if p.Index != "" && !e.fell && p.Floor == nil && p.BasePolicy == "from_base" && exact.Cmp(e.price) < 0 && p.Falling != "falls" {
		if p.Falling == "" {
			e.lower(d, exact)
			return false
		}
		s.add("adjustment of "+string(d), words+note+": less than the price before", "the price stays "+e.shown(e.price), ids...)
		e.lastMonth = month
		return true
	}
	price := e.rounded(exact)
	s.add("adjustment of "+string(d), words+note, exactNumber(bounded, 0)+" %", ids...)
	s.add("new price, rounded half up to "+fmt.Sprint(e.places())+" places", e.shown(base)+" × (1 + "+exactNumber(bounded, 0)+" %) = "+e.shown(exact), money.Amount{Value: price, Currency: p.BasePrice.Currency}.String())
	e.change = bounded
	e.price = price.Rat()
	e.lastMonth = month
	return true
}

// month is the month of the index that counts for an adjustment.
func (e *escalation) month(d calendar.Date) string {
	if r := e.p.ReferenceMonth; r != "" {
		m := calendar.Date(string(d[:5]) + r + "-01")
		if m >= d {
			m = m.AddMonths(-12)
		}
		return string(m[:7])
	}
	return string((d[:8] + "01").AddMonths(-e.p.lag())[:7])
}

func (e *escalation) noticed(d calendar.Date) bool {
	if e.p.NoticeDays == 0 {
		return true
	}
	last := d.AddDays(-e.p.NoticeDays)
	for _, ev := range e.s.of("", "notice_sent", "notice_received") {
		if !e.s.in.countsFor(aboutPrice, &ev) {
			continue
		}
		on := e.s.dateOf(ev)
		if on <= last && (ev.Subject == string(d) || ev.Data.Reference == string(d)) {
			e.s.use(ev)
			e.s.add("notice of the adjustment of "+string(d), "to be sent by "+dayText(last), "sent on "+dayText(on), idOf(ev))
			return true
		}
		if ev.Subject == string(d) || ev.Data.Reference == string(d) {
			e.s.use(ev)
			e.s.add("notice of the adjustment of "+string(d)+" was late", "to be sent by "+dayText(last)+", sent on "+dayText(on), "does not count", idOf(ev))
		}
	}
	return false
}

// changeOf is the change in percent before it is bounded, with the figures of the index that it is made of.
func (e *escalation) changeOf(month string) (change *big.Rat, words string, ids []pact.EventID, ok bool) {
	p := e.p
	if p.Index == "" {
		return p.Fixed.Rat(), "fixed " + p.Fixed.String() + " %", nil, true
	}
	e.fell = false
	if last := e.discontinued(); last != nil && p.Successor == nil && month > last.Data.Month {
		e.s.use(*last)
		if p.Fallback == nil {
			e.ended(month, *last)
			return nil, "", nil, false
		}
		e.fell = true
		return p.Fallback.Rat(), fmt.Sprintf("%s was discontinued with %s: fallback %s %%", p.Index, last.Data.Month, p.Fallback), []pact.EventID{idOf(*last)}, true
	}
	from := e.lastMonth
	if p.BasePolicy == "from_base" {
		from = p.BaseMonth
	}
	old, was, ok := e.value(from, month)
	if !ok {
		return nil, "", nil, false
	}
	now, is, ok := e.value(month, from)
	if !ok {
		return nil, "", nil, false
	}
	change = mul(minus(quo(now, old), big.NewRat(1, 1)), ratOf(100))
	words = fmt.Sprintf("%s of %s / %s of %s - 1 = %s %%", exactNumber(now, 0), month, exactNumber(old, 0), from, exactNumber(change, 0))
	if p.Share != nil {
		change = percentOf(change, *p.Share)
		words += fmt.Sprintf(", %s %% of it = %s %%", p.Share, exactNumber(change, 0))
	}
	if p.Margin != nil {
		change = plus(change, p.Margin.Rat())
		words += fmt.Sprintf(", plus %s = %s %%", p.Margin, exactNumber(change, 0))
	}
	if p.Fixed != nil {
		switch p.Combine {
		case "max":
			change = maxRat(change, p.Fixed.Rat())
		case "min":
			change = minRat(change, p.Fixed.Rat())
		default:
			change = plus(change, p.Fixed.Rat())
		}
		words += fmt.Sprintf(", %s with fixed %s %% = %s %%", p.Combine, p.Fixed, exactNumber(change, 0))
	}
	return change, words, append(is, was...), true
}

// compound goes on with what cap and floor allow of the whole change. Behind an adjustment without one it goes on from the price.
func (e *escalation) compound() {
	grow := func(factor **big.Rat, percent *decimal.Decimal) {
		if percent == nil {
			*factor = nil
			return
		}
		if *factor == nil {
			*factor = quo(e.price, e.p.BasePrice.Ratio())
		}
		*factor = mul(*factor, plus(big.NewRat(1, 1), quo(percent.Rat(), ratOf(100))))
	}
	grow(&e.top, e.p.Cap)
	grow(&e.bottom, e.p.Floor)
}

// bound applies cap and floor: of this adjustment, or compounded since the base.
func (e *escalation) bound(change *big.Rat) (*big.Rat, string) {
	limit := func(percent decimal.Decimal, compounded *big.Rat) *big.Rat {
		if e.p.BasePolicy != "from_base" {
			return percent.Rat()
		}
		return mul(minus(compounded, big.NewRat(1, 1)), ratOf(100))
	}
	if e.p.Cap != nil {
		if top := limit(*e.p.Cap, e.top); change.Cmp(top) > 0 {
			return top, fmt.Sprintf(", cap %s %%", exactNumber(top, 0))
		}
	}
	if e.p.Floor != nil {
		if bottom := limit(*e.p.Floor, e.bottom); change.Cmp(bottom) < 0 {
			return bottom, fmt.Sprintf(", floor %s %%", exactNumber(bottom, 0))
		}
	}
	return change, ""
}

// contradicts tells whether what the clause says of a missed notice can not be done with the rest of it: a price that is compared with the base
// month loses nothing, and how a fixed percentage is caught up is not said.
func (p EscalatorParams) contradicts() bool {
	return p.Index != "" && p.BasePolicy == "from_base" && p.MissedNotice == "lost" || p.Index == "" && p.MissedNotice == "catch_up"
}

// lower asks about a price that is compared with the base month and would be lower than the one before.
func (e *escalation) lower(d calendar.Date, exact *big.Rat) {
	cur := e.p.BasePrice.Currency
	falls := money.Amount{Value: e.rounded(exact), Currency: cur}
	stays := money.Amount{Value: e.rounded(e.price), Currency: cur}
	e.s.ask("negative_index", fmt.Sprintf("The index fell before %s, and the clause has no floor. Does the price fall from %s, or does it stay?", d, stays),
		e.priced(d, pact.Outcome{Reading: "the price falls", Amount: &falls, Set: member("falling", "falls")}),
		e.priced(d, pact.Outcome{Reading: "the price stays", Amount: &stays, Set: member("falling", "stays")}))
}

// priced is a reading with the price from the adjustment of a day. Of a later price, of which that day alone decides nothing, it says since when.
func (e *escalation) priced(d calendar.Date, o pact.Outcome) pact.Outcome {
	if string(d) != e.s.in.Occurrence.Key {
		o.Amount, o.Result = nil, o.Amount.String()+" from "+string(d)+" on"
	}
	return o
}

// negative asks what a falling index does where the clause says nothing.
func (e *escalation) negative(d calendar.Date, base, change *big.Rat) {
	cur := e.p.BasePrice.Currency
	falls := money.Amount{Value: e.rounded(mul(base, plus(big.NewRat(1, 1), quo(change, ratOf(100))))), Currency: cur}
	stays := money.Amount{Value: e.rounded(base), Currency: cur}
	e.s.ask("negative_index", fmt.Sprintf("The index fell by %s %% before %s, and the clause has no floor. Does the price fall, or does it stay?", exactNumber(new(big.Rat).Neg(change), 0), d),
		e.priced(d, pact.Outcome{Reading: "the price falls", Amount: &falls, Set: `"floor_percent": "-100"`}),
		e.priced(d, pact.Outcome{Reading: "the price stays", Amount: &stays, Set: `"floor_percent": "0"`}))
}
