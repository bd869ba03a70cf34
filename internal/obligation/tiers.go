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

// TieredParams are the parameters of volume_price and rebate: what a volume costs, or earns.
type TieredParams struct {
	// Mode: graduated prices each part of the volume by its own tier; all_units prices all of it by the tier it reaches, so that
	// crossing a bound re-rates what was bought before.
	Mode string `json:"mode" enum:"graduated,all_units"`
	// Basis of the tiers: quantity, or amount (default where the tiers give percentages).
	Basis string       `json:"basis,omitempty" enum:"quantity,amount"`
	Tiers []VolumeTier `json:"tiers"` // the table, 1 to 100 rows in their order, without overlap
	// Bounds decides on whose side a volume exactly on a bound is, and one between two tiers (250.5 with "0-250, 251-"):
	// upper_inclusive (up to and including), or lower_inclusive (from).
	Bounds string `json:"bounds,omitempty" enum:"upper_inclusive,lower_inclusive"`
	// Period: the time it is counted over; absent: month; a rolling_year is asked about.
	Period string        `json:"period,omitempty" enum:"month,quarter,half_year,year,rolling_year,term"`
	Anchor calendar.Date `json:"anchor,omitempty"` // first day of one of the periods; absent: they are those of the calendar
	// MidPeriod says which terms govern a period within which an amendment changes them, or ends the obligation: those at its start (start),
	// those after the change (amended), or each for what is bought in its days, at its place in the volume of the whole period (parts) or with
	// its volume counted by itself (alone). The version that the change gives says it. Absent: it is asked, where it matters.
	MidPeriod string `json:"mid_period,omitempty" enum:"start,amended,parts,alone"`
	Zone      string `json:"zone,omitempty"` // IANA name of the zone in which days begin; absent: UTC
	// Currency: ISO 4217 code in which amounts are counted; absent: that of the tiers, else of the first purchase.
	Currency string   `json:"currency,omitempty"`
	Eligible Eligible `json:"eligible,omitzero"` // which purchases count; absent: all
	// PriceBasis: net counts amounts as invoiced, list counts price times quantity, what was taken off the price left aside. Absent: it is
	// asked where an invoice or purchase charges something else than its price times its quantity, and money hangs on it.
	PriceBasis string `json:"price_basis,omitempty" enum:"net,list"`
	// Returns says where a credit note counts: in the period of the purchase that it names (purchase), in that in which it came (return), or not at
	// all, where the clause counts what was bought and not what was kept (none). Absent: purchase. One that names no purchase counts when it came.
	Returns string `json:"returns,omitempty" enum:"purchase,return,none"`
	// LifetimeCeiling: what is bought over the whole life of the clause beyond it earns nothing.
	LifetimeCeiling *decimal.Decimal `json:"lifetime_ceiling,omitempty"`
	// OnDefault: what becomes of a rebate when the one who earns it is in default (event default, until cured): suspended while it
	// is open (the days of payment stand still, too), or forfeited: what was earned until it is cured and not paid before it began is lost for good,
	// or payable: a default changes nothing. Absent: it is asked when one is reported, where money hangs on it.
	OnDefault string `json:"on_default,omitempty" enum:"suspended,forfeited,payable"`
	PayDays   int    `json:"pay_days,omitempty"` // rebate: to be paid within so many days after the period

	below bool // the first of Tiers stands for what lies below the table
}

func (p TieredParams) zoneName() string { return p.Zone }
func (p TieredParams) cycle() cycle     { return cycle{p.Period, p.Anchor} }

// currencies are those of the prices and flat sums, in order.
func (p TieredParams) currencies() []string {
	var out []string
	for _, t := range p.Tiers {
		for _, sum := range []*money.Amount{t.Price, t.Flat} {
			if sum != nil && !slices.Contains(out, sum.Currency) {
				out = append(out, sum.Currency)
			}
		}
	}
	return out
}

func (p TieredParams) check() []pact.Ambiguity {
	var q questions
	q.midPeriod(p.MidPeriod, midParts, midAlone)
	q.oneOf("mode", p.Mode, "", "graduated", "all_units")
	if p.Mode == "" {
		q.choose("mode", "Does each part of the volume have its own price, or all of it the price of the tier it reaches?",
			pact.Outcome{Reading: "each part its own", Set: member("mode", "graduated")}, pact.Outcome{Reading: "all units that of the tier", Set: member("mode", "all_units")})
	}
	q.currency(p.Currency)
	q.oneOf("basis", p.Basis, "", "quantity", "amount")
	q.oneOf("bounds", p.Bounds, "", "upper_inclusive", "lower_inclusive")
	q.oneOf("on_default", p.OnDefault, "", "suspended", "forfeited", "payable")
	q.oneOf("price_basis", p.PriceBasis, "", "net", "list")
	q.oneOf("returns", p.Returns, "", "purchase", "return", "none")
	q.cycleOnce(p.Period, p.Anchor)
	q.zone(p.Zone)
	q.days("pay_days", p.PayDays)
	q.days("paid_within_days", p.Eligible.PaidWithinDays)
	q.between("lifetime_ceiling", "lifetime_ceiling", 0, 1_000_000_000_000_000, p.LifetimeCeiling)
	q.eligible(p.Eligible)
	if len(p.Tiers) == 0 || len(p.Tiers) > 100 {
		q.ask("tiers", "The table needs 1 to 100 tiers.")
		return q
	}
	if p.Mode == "graduated" && p.Basis == "quantity" && p.percents() {
		q.ask("basis", "Each part of the quantity has its own percentage, but of which amount? Give prices for each unit, or tiers by amount.")
	}
	if several := p.currencies(); len(several) > 1 {
		q.ask("currency", "The tiers are in %s. In which currency is the whole computed, and which of the sums are meant?", strings.Join(several, " and "))
	}
	for i, t := range p.Tiers {
		q.between("tiers", sprintf("tiers[%d].from", i), 0, 1_000_000_000_000_000, &t.From)
		q.between("tiers", sprintf("tiers[%d].to", i), 0, 1_000_000_000_000_000, t.To)
		q.between("tiers", sprintf("tiers[%d].percent", i), 0, 10_000, t.Percent)
		q.amount("tiers", sprintf("tiers[%d].price", i), t.Price)
		q.amount("tiers", sprintf("tiers[%d].flat", i), t.Flat)
		if t.Price != nil && t.Percent != nil {
			price, percent := slices.Clone(p.Tiers), slices.Clone(p.Tiers)
			price[i].Percent, percent[i].Price = nil, nil
			q.choose("tiers", sprintf("Tier %d gives a price for each unit and a percentage of the amount. Which of the two is meant?", i+1),
				pact.Outcome{Reading: t.Price.String() + " for each unit", Set: member("tiers", price)}, pact.Outcome{Reading: t.Percent.String() + " % of the amount", Set: member("tiers", percent)})
		}
		if t.Price == nil && t.Percent == nil && t.Flat == nil {
			q.ask("tiers", "Tier %d gives neither a price, a percentage nor a flat sum.", i+1)
		}
		if t.To != nil && t.To.LessThanOrEqual(t.From) {
			q.ask("tiers", "Tier %d ends at %s, where it begins.", i+1, t.To)
		}
		if i > 0 {
			before := p.Tiers[i-1]
			switch {
			case before.To == nil:
				q.ask("tiers", "Tier %d has no end, and another follows.", i)
			case t.From.LessThan(*before.To):
				q.choose("tiers", sprintf("Tiers %d and %d overlap between %s and %s. Which one governs?", i, i+1, t.From, before.To), p.meeting(i, t.From, *before.To)...)
			case t.From.Sub(*before.To).GreaterThan(decimal.NewFromInt(1)):
				q.choose("tiers", sprintf("Between %s and %s there is no tier. What holds there?", before.To, t.From), p.meeting(i, *before.To, t.From)...)
			}
		}
	}
	return q
}

// VolumePrice is what a volume costs by graduated or all-units tiers. Occurrences are periods.
type VolumePrice struct{}

// Name is volume_price.
func (VolumePrice) Name() string { return "volume_price" }

// Params gives empty TieredParams.
func (VolumePrice) Params() any { return TieredParams{} }

// Check asks for what the price needs.
func (VolumePrice) Check(o pact.Obligation) []pact.Ambiguity { return ask[TieredParams](o) }

// Occurrences lists the periods.
func (VolumePrice) Occurrences(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	return tierPeriods(o, period)
}

// Assess prices one period.
func (VolumePrice) Assess(in Input) (pact.Assessment, error) { return assessTiers(in, false) }

// Rebate is what a volume earns, booked purchase by purchase: crossing a bound re-rates what was bought before, as a difference.
// Occurrences are periods.
type Rebate struct{}

// Name is rebate.
func (Rebate) Name() string { return "rebate" }

// Params gives empty TieredParams.
func (Rebate) Params() any { return TieredParams{} }

// Check asks for what the rebate needs.
func (Rebate) Check(o pact.Obligation) []pact.Ambiguity { return ask[TieredParams](o) }

// Occurrences lists the periods.
func (Rebate) Occurrences(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	return tierPeriods(o, period)
}

// Assess computes the rebate of one period.
func (Rebate) Assess(in Input) (pact.Assessment, error) { return assessTiers(in, true) }

func tierPeriods(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	var p TieredParams
	if decode(o.Params, &p) != nil {
		return nil
	}
	return periods(o, p.cycle(), zoneOf(p.Zone), period, "")
}

type tierCase struct {
	p       TieredParams
	s       *sheet
	rebate  bool
	covered calendar.Period
	cur     string
	parts   []tierPart // nil: the table of p is that of the whole period
	alone   bool       // the volume of each part is counted by itself
}

func assessTiers(in Input, rebate bool) (pact.Assessment, error) {
	p, s, whole, done, err := beginCycle[TieredParams](in)
	if err != nil || done {
		return *s.a, err
	}
	c := tierCase{p: p.fromZero(), s: s, rebate: rebate, covered: subscribed(whole, in.held(whole)), cur: p.Currency}
	for _, t := range p.Tiers {
		for _, a := range []*money.Amount{t.Price, t.Flat} {
			if c.cur == "" && a != nil {
				c.cur = a.Currency
			}
		}
	}
	c.cur = s.currencyOf(c.cur)
	if err := c.divide(whole); err != nil {
		return pact.Assessment{}, err
	}
	return c.judge(), nil
}

func (c tierCase) judge() pact.Assessment {
	s := c.s
	over := c.covered.Until != "" && s.today >= c.covered.Until
	status := pact.OnTrack
	if c.covered.Until != "" {
		s.a.DueAt = s.start(c.covered.Until)
	}
	all, ok := c.purchases(s)
	if over && s.payableUntil != "" {
		over = false
		s.add("not final yet", "invoices of the period may still be paid in time", "until "+dayText(s.payableUntil), s.payableIDs...)
		s.a.EventIDs = eachOnce(s.a.EventIDs, s.payableIDs)
		s.a.NextAt = s.end(s.payableUntil)
	} else if over {
		status, s.a.EndedAt = pact.Met, s.start(c.covered.Until)
	} else {
		s.a.NextAt = s.a.DueAt
	}
	if !ok {
		return s.done(status)
	}
	before, mine := c.earlier(all), withinPeriod(all, c.covered)
	past := idsOfBought(slices.DeleteFunc(slices.Clone(all), func(b bought) bool { return b.day >= c.covered.From }))
	for _, b := range mine {
		s.use(b.event)
	}
	volume, amount, later := new(big.Rat), new(big.Rat), new(big.Rat)
	var after, invoiced []bought
	for _, b := range mine {
		volume, amount = plus(volume, c.volume(b)), plus(amount, c.amount(b))
		switch {
		case c.covered.Until == "" || b.on < c.covered.Until:
		case b.event.Kind == "invoice":
			invoiced = append(invoiced, b)
		default:
			later = plus(later, c.volume(b))
			after = append(after, b)
		}
	}
	unit := map[bool]string{true: " " + c.cur}[c.p.byAmount()]
	s.add("volume of the period", fmt.Sprintf("%s to before %s, %s, %s", c.covered.From, cmp.Or(string(c.covered.Until), "the end"), counts(len(mine), "purchase"), c.p.returnsWord()), exactNumber(volume, 0)+unit, idsOfBought(mine)...)
	if len(invoiced) > 0 {
		s.add("of it, invoiced after the period", "an invoice counts in the period of its purchase", counts(len(invoiced), "invoice"), idsOfBought(invoiced)...)
	}
	if later.Sign() != 0 {
		s.add("of it, returned after the period", "a return counts in the period of its purchase, and is booked when it comes", exactNumber(later, 0)+unit, idsOfBought(after)...)
	}
	if l := c.p.LifetimeCeiling; l != nil {
		left := maxRat(new(big.Rat), minus(l.Rat(), before))
		if left.Cmp(volume) < 0 {
			s.add("lifetime ceiling", fmt.Sprintf("%s, reached before %s", l, exactNumber(before, 0)), exactNumber(left, 0)+" count, "+exactNumber(minus(volume, left), 0)+" earn nothing", past...)
			if c.p.byAmount() {
				amount = left
			} else if volume.Sign() > 0 {
				amount = mul(amount, quo(left, volume))
			}
			volume = left
		} else {
			s.add("lifetime ceiling", fmt.Sprintf("%s, reached before %s", l, exactNumber(before, 0)), "not reached", past...)
		}
	}
	s.a.Measured = exactNumber(volume, 0)
	say := func(rule, inputs, result string) { s.add(rule, inputs, result+" "+c.cur) }
	if c.beyond(volume, amount, mine) {
		return s.done(status)
	}
	total, between := c.whole(volume, amount, mine, say)
	if between != nil {
		c.undecided(volume, amount, between)
		return s.done(status)
	}
	if volume.Sign() < 0 {
		s.add("more was returned than bought", exactNumber(volume, 0)+unit, map[bool]string{
			true: "nothing is earned, and what was earned in earlier periods is not taken back", false: "nothing is charged, and nothing is given back",
		}[c.rebate]+c.p.returnsCounted(), idsOfBought(mine)...)
	}
	sum := money.FromRatio(total, c.cur)
	s.add("rounding, half up, once", exactText(total, c.cur), sum.String())
	c.book(all, mine, before, sum)
	c.cliff(volume, amount, total)
	if !c.rebate {
		s.owe(sum)
		return s.done(status)
	}
	return c.payable(mine, before, sum, over)
}

// purchases lists what counts of the period, and of the life of the clause before it where that uses up a ceiling: each by the version of
// its day. false where that waits for something.
func (c tierCase) purchases(s *sheet) (all []bought, ok bool) {
	if c.p.LifetimeCeiling == nil {
		all, ok = s.purchases(c.p.Eligible, c.measure(), c.covered, c.p.Returns != "return")
	} else {
		all, ok = c.lifetime(s)
	}
	if c.p.Returns == "none" {
		all = slices.DeleteFunc(all, func(b bought) bool { return b.event.Kind == "credit_note" })
	}
	return all, ok && (c.p.byAmount() || s.inOneUnit(all, c.p.Eligible)) && c.priced(s, all)
}

// priced tells whether what counts of an amount is known: that which was charged, or that at list prices; false where it is asked, or where a
// purchase has no list price.
func (c tierCase) priced(s *sheet, all []bought) bool {
	if !c.p.byAmount() && !c.p.percents() {
		return true
	}
	switch c.p.PriceBasis {
	case "":
		names, ids := namesWhere(all, func(b bought) bool { return b.differs })
		if len(names) == 0 {
			return true
		}
		s.add("charged at another price than the list", firstOf(names), "the clause does not say which of the two counts", ids...)
		s.ask("price_basis", sprintf("What was charged, tax and freight left aside, is not price times quantity (%s). Does the amount that was charged count, or that at list prices?", firstOf(names)),
			pact.Outcome{Reading: "what was charged", Set: member("price_basis", "net")}, pact.Outcome{Reading: "list prices", Set: member("price_basis", "list")})
		return false
	case "list":
		unlisted := func(credit bool) func(bought) bool {
			return func(b bought) bool {
				return b.unlisted && b.amount.Sign() != 0 && (b.event.Kind == "credit_note") == credit
			}
		}
		if names, ids := namesWhere(all, unlisted(true)); len(names) > 0 {
			s.add("credit note without a list price", firstOf(names), "what it takes back at list prices is not known", ids...)
			s.ask("list_price", fmt.Sprintf("%s has no price and quantity in %s. At list prices goods that came back take back theirs, and a discount takes back nothing: which was it? Report it again with quantity and list price (data.quantity, data.price), of a discount with the quantity 0.", firstOf(names), c.cur))
			return false
		}
		if names, ids := namesWhere(all, unlisted(false)); len(names) > 0 {
			s.waits("needs_list_price", "list price", fmt.Sprintf("%s has no price and quantity in %s, and counts at its list price", firstOf(names), c.cur))
			s.a.Trace[len(s.a.Trace)-1].EventIDs = ids
			return false
		}
	}
	return true
}

// measure is in what the volume is counted.
func (c tierCase) measure() measure { return measure{c.cur, !c.p.byAmount()} }

// returnsWord says what became of returns in a volume.
func (p TieredParams) returnsWord() string {
	if p.Returns == "none" {
		return "returns do not count"
	}
	return "returns taken out"
}

// returnsCounted says by which word of the clause a return lowers the volume of the period in which it came.
func (p TieredParams) returnsCounted() string {
	if p.Returns == "return" {
		return ": returns count when they come (returns: return); with returns: purchase they count in the period of their purchase"
	}
	return ""
}

// lifetime lists the purchases of the period and of the life of the clause before it.
func (c tierCase) lifetime(s *sheet) (all []bought, ok bool) {
	life := versionsOf(s.in, c.p)
	if governing, _ := life.on(c.covered.From); len(life) == 1 {
		return s.purchases(c.p.Eligible, c.measure(), calendar.Period{From: governing.days.From, Until: c.covered.Until}, c.p.Returns != "return")
	}
	for _, v := range life {
		days := v.days
		if days.From >= c.covered.From {
			break
		}
		if days.Until == "" || days.Until > c.covered.From {
			days.Until = c.covered.From
		}
		if stop, _ := v.open(s); stop {
			return nil, false
		}
		list, ok := s.purchases(v.terms.Eligible, c.measure(), days, v.terms.Returns != "return")
		if !ok {
			return nil, false
		}
		all = append(all, list...)
	}
	mine, ok := s.purchases(c.p.Eligible, c.measure(), c.covered, c.p.Returns != "return")
	return append(all, mine...), ok
}

// earlier is the volume of what was bought before the period.
func (c tierCase) earlier(all []bought) *big.Rat {
	before := new(big.Rat)
	for _, b := range all {
		if b.day < c.covered.From {
			before = plus(before, c.volume(b))
		}
	}
	return before
}

func (c tierCase) amount(b bought) *big.Rat {
	if c.p.PriceBasis == "list" {
		return b.list
	}
	return b.amount
}

func (c tierCase) volume(b bought) *big.Rat {
	if c.p.byAmount() {
		return c.amount(b)
	}
	return b.quantity
}

// whole is the exact result of the period, or the tiers on whose bound the volume lies.
func (c tierCase) whole(volume, amount *big.Rat, mine []bought, say func(rule, inputs, result string)) (*big.Rat, []int) {
	if c.parts != nil {
		return c.totalOfParts(c.tally(mine), say)
	}
	return c.p.total(volume, amount, -1, say)
}

// beyond asks about a volume that goes beyond the last tier, where that has an end; false where it does not.
func (c tierCase) beyond(volume, amount *big.Rat, mine []bought) bool {
	passed := func(p TieredParams, v *big.Rat) bool {
		end := p.Tiers[len(p.Tiers)-1].To
		return end != nil && v.Cmp(end.Rat()) > 0
	}
	if c.parts != nil {
		low, whole := new(big.Rat), new(big.Rat)
		list := c.tally(mine)
		for _, one := range list {
			whole = plus(whole, one.volume)
		}
		for i, one := range list {
			part := c.parts[i]
			reached := plus(low, one.volume)
			switch {
			case part.none || one.volume.Sign() == 0:
				continue
			case c.alone:
				reached = one.volume
			case part.p.Mode == "all_units":
				reached = whole
			}
			if low = plus(low, one.volume); passed(part.p, reached) {
				c.s.ask("tier_beyond", fmt.Sprintf("The tiers of %s end before %s. Which price or percentage holds beyond the last of them?", part.by, exactNumber(reached, 0)))
				return true
			}
		}
		return false
	}
	if !passed(c.p, volume) {
		return false
	}
	n := len(c.p.Tiers) - 1
	last, nothing := c.p.Tiers[n], decimal.Zero
	further := VolumeTier{From: *last.To}
	if last.Percent != nil {
		further.Percent = &nothing
	} else {
		none := money.New(nothing, c.cur)
		further.Price = &none
	}
	goesOn := last
	goesOn.To = nil
	what := map[bool]string{true: "nothing is earned", false: "nothing is charged"}[c.rebate]
	what += map[bool]string{true: ", of the whole volume", false: " for what is beyond"}[c.p.Mode == "all_units"]
	reading := func(words string, tail ...VolumeTier) pact.Outcome {
		p := c.p
		p.Tiers = slices.Concat(c.p.Tiers[:n], tail)
		stated := p.Tiers
		if p.below {
			stated = stated[1:]
		}
		o := pact.Outcome{Reading: words, Set: member("tiers", stated)}
		if total, between := p.total(volume, amount, -1, nil); between == nil {
			a := money.FromRatio(total, c.cur)
			o.Amount = &a
		}
		return o
	}
	c.s.ask("tier_beyond", fmt.Sprintf("The table ends at %s, and %s go beyond it. What holds there?", last.To, exactNumber(volume, 0)),
		reading(c.p.tierName(n)+" goes on: "+goesOn.words(), goesOn), reading(what, last, further))
	return true
}

// undecided asks on which side of a bound the volume is.
func (c tierCase) undecided(volume, amount *big.Rat, between []int) {
	if c.parts != nil {
		c.s.ask("tier_bounds", "In the parts of the period a volume lies on the bound between two tiers. Which of them holds?")
		return
	}
	var outcomes []pact.Outcome
	for i, n := range between {
		total, _ := c.p.total(volume, amount, n, nil)
		a := money.FromRatio(total, c.cur)
		t := c.p.Tiers[between[0]]
		on := t.To != nil && t.To.Rat().Cmp(volume) == 0
		set := [2]string{"upper_inclusive", "lower_inclusive"}[i]
		if !on {
			set = [2]string{"lower_inclusive", "upper_inclusive"}[i]
		}
		outcomes = append(outcomes, pact.Outcome{Reading: c.p.tierName(n) + ": " + c.p.Tiers[n].words(), Amount: &a, Set: `"bounds": "` + set + `"`})
	}
	lower, upper := c.p.Tiers[between[0]], c.p.Tiers[between[1]]
	where := sprintf("on the bound between tiers %d and %d", between[0]+1, between[1]+1)
	if c.p.below {
		where = sprintf("on the bound of tier %d", between[1])
	}
	if lower.To != nil && lower.To.Rat().Cmp(volume) < 0 {
		where = sprintf("between %s, which ends at %s, and %s, which begins at %s", c.p.tierName(between[0]), lower.To, c.p.tierName(between[1]), upper.From)
	}
	c.s.ask("tier_bounds", fmt.Sprintf("%s lies %s. Which one holds?", exactNumber(volume, 0), where), outcomes...)
}

// maxBookings bounds the lines of a period; more are booked by the month.
const maxBookings = 60

// below is what of a volume lies below the ceiling over the life of the clause, where there is one.
func (c tierCase) below(volume, before *big.Rat) *big.Rat {
	if l := c.p.LifetimeCeiling; l != nil {
		return minRat(volume, maxRat(new(big.Rat), minus(l.Rat(), before)))
	}
	return volume
}

// bookable is what a volume comes to on the way to that of the whole period; parts is what of it was bought in each.
func (c tierCase) bookable(volume, amount, before *big.Rat, parts []tallied) money.Amount {
	if c.parts != nil {
		total, _ := c.totalOfParts(parts, nil)
		return money.FromRatio(total, c.cur)
	}
	if left := c.below(volume, before); left.Cmp(volume) < 0 {
		volume, amount = left, left
	}
	total, between := c.p.total(volume, amount, -1, nil)
	if between != nil { // on a bound on the way: the lower tier until it is passed
		total, _ = c.p.total(volume, amount, between[0], nil)
	}
	return money.FromRatio(total, c.cur)
}

// rerated says what crossing a bound does to what was bought before.
func (c tierCase) rerated(volume, step *big.Rat, last *int, b bought) {
	if c.p.Mode != "all_units" || c.parts != nil {
		return
	}
	tier, between := c.p.tierOf(volume)
	if between != nil {
		tier = between[0]
	}
	was := *last
	*last = tier
	if was < 0 || was == tier {
		return
	}
	prior := minus(volume, step)
	old, _ := c.p.total(prior, prior, was, nil)
	again, _ := c.p.total(prior, prior, tier, nil)
	if c.p.byAmount() || c.p.Tiers[tier].Price != nil {
		c.s.add("re-rating of what was bought before", fmt.Sprintf("with %s on %s %s became %s for %s", b.event.Subject, b.on, c.p.tierName(was), c.p.tierName(tier), exactNumber(prior, 0)), moreOrLess(minus(again, old), c.cur)+", booked now for the time before", idOf(b.event))
	}
}

// moreOrLess writes a difference in words.
func moreOrLess(diff *big.Rat, currency string) string {
	if diff.Sign() < 0 {
		return exactText(new(big.Rat).Abs(diff), currency) + " less"
	}
	return exactText(diff, currency) + " more"
}

// cliff flags a volume just below a bound that costs more than reaching it. Where the bound still belongs to the tier below, reaching it
// means going beyond it, by how little ever.
func (c tierCase) cliff(volume, amount, total *big.Rat) {
	if c.rebate || c.parts != nil || c.p.Mode != "all_units" || c.p.byAmount() || volume.Sign() <= 0 {
		return
	}
	tier, between := c.p.tierOf(volume)
	if between != nil || tier+1 >= len(c.p.Tiers) {
		return
	}
	next := c.p.Tiers[tier+1]
	reach := next.From.Rat()
	there, _ := c.p.total(reach, mul(amount, quo(reach, volume)), tier+1, nil)
	words := exactNumber(reach, 0) + " would cost "
	if at, _ := c.p.tierOf(reach); at == tier {
		words = "more than " + exactNumber(reach, 0) + " would cost from "
	}
	if there.Cmp(total) < 0 {
		c.s.add("cliff", words+exactText(there, c.cur), exactText(minus(total, there), c.cur)+" less than "+exactNumber(volume, 0)+": flagged")
	}
}
