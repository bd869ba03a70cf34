package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// CommitmentParams are the parameters of minimum_commitment: so much is bought in each period, or paid for.
type CommitmentParams struct {
	// Amount is the least to be spent in a period; or Quantity with the Price at which missing units are paid.
	Amount   *money.Amount    `json:"amount,omitempty"`
	Quantity *decimal.Decimal `json:"quantity,omitempty"` // the least number of units to be bought in a period, instead of amount
	Price    *money.Amount    `json:"price,omitempty"`    // what each missing unit costs; needed with quantity
	// FeePercent of the shortfall is owed; default 100 (take or pay).
	FeePercent *decimal.Decimal `json:"fee_percent,omitempty"`
	// Period: the time it is counted over; absent: month; a rolling_year is asked about.
	Period string        `json:"period,omitempty" enum:"month,quarter,half_year,year,rolling_year,term"`
	Anchor calendar.Date `json:"anchor,omitempty"` // first day of one of the periods; absent: they are those of the calendar
	Zone   string        `json:"zone,omitempty"`   // IANA name of the zone in which days begin; absent: UTC
	// Prorate says whether the commitment of a period the clause holds only in part is cut by days (true), or owed in full (false). Absent: it is
	// owed in full, and of a period within which the clause begins or ends it is asked where it matters.
	Prorate *bool `json:"prorate,omitempty"`
	// CarryForward counts what was bought beyond the commitment for the next periods: none (default), next, or all. CarryPercent
	// limits it, in percent of the commitment.
	CarryForward string `json:"carry_forward,omitempty" enum:"none,next,all"`
	// CarryPercent: the most that a period may carry forward, in percent of its commitment; absent: no limit.
	CarryPercent *decimal.Decimal `json:"carry_percent,omitempty"`
	// MakeUpPeriods: what was paid for and not taken may be taken in so many following periods. What is bought beyond the commitment
	// of such a period is set against it, the oldest first, and its part of the fee is given back.
	MakeUpPeriods int `json:"make_up_periods,omitempty"`
	// MidPeriod says which terms govern a period within which an amendment changes them, or ends the obligation: those at its start (start),
	// those after the change (amended), or each for its days (parts, as it is with Prorate). The version that the change gives says it.
	// Absent: it is asked, where it matters.
	MidPeriod string `json:"mid_period,omitempty" enum:"start,amended,parts"`
	// Returns says in which period what is returned is taken out: that of its purchase, or that of the return. Absent: it is asked where it
	// matters. What names no purchase that is known is taken out when it is returned.
	Returns  string   `json:"returns,omitempty" enum:"purchase,return"`
	Eligible Eligible `json:"eligible,omitzero"` // which purchases count; absent: all
}

// MinimumCommitment judges take-or-pay and minimum spend. Occurrences are periods; the amount is what is owed for the shortfall.
type MinimumCommitment struct{}

// Name is minimum_commitment.
func (MinimumCommitment) Name() string { return "minimum_commitment" }

// Params gives empty CommitmentParams.
func (MinimumCommitment) Params() any { return CommitmentParams{} }

// Check asks for what the shortfall needs.
func (MinimumCommitment) Check(o pact.Obligation) []pact.Ambiguity { return ask[CommitmentParams](o) }

func (p CommitmentParams) zoneName() string { return p.Zone }
func (p CommitmentParams) cycle() cycle     { return cycle{p.Period, p.Anchor} }

// prorated tells whether a part of a period owes its days alone.
func (p CommitmentParams) prorated() bool { return p.Prorate != nil && *p.Prorate }

// carries tells whether what is bought beyond the commitment counts for later periods.
func (p CommitmentParams) carries() bool { return p.CarryForward != "" && p.CarryForward != "none" }

// looksBack tells whether what earlier periods bought matters.
func (p CommitmentParams) looksBack() bool { return p.carries() || p.MakeUpPeriods > 0 }

func (p CommitmentParams) check() []pact.Ambiguity {
	var q questions
	q.midPeriod(p.MidPeriod, midParts)
	if (p.Amount == nil) == (p.Quantity == nil) {
		q.ask("amount", "How much is to be bought in each period: an amount, or a quantity with its price?")
	}
	if p.Quantity != nil && p.Price == nil {
		q.ask("price", "At which price are missing units paid?")
	}
	q.amount("amount", "amount", p.Amount)
	q.amount("amount", "price", p.Price)
	q.decimals("quantity", 0, 1_000_000_000_000, p.Quantity)
	q.between("fee_percent", "fee_percent", 0, 1000, p.FeePercent)
	q.between("fee_percent", "carry_percent", 0, 1000, p.CarryPercent)
	q.oneOf("carry_forward", p.CarryForward, "", "none", "next", "all")
	q.oneOf("returns", p.Returns, "", "purchase", "return")
	switch {
	case p.MakeUpPeriods < 0 || p.MakeUpPeriods > 1000:
		q.ask("make_up_periods", "%d periods to make up in are out of range.", p.MakeUpPeriods)
	case p.MakeUpPeriods > 0 && p.carries():
		q.choose("make_up_periods", "What is bought beyond the commitment may make up what was paid for before, and may be carried over. Which of the two is it used for?",
			pact.Outcome{Reading: "it makes up", Set: member("carry_forward", "none")}, pact.Outcome{Reading: "it is carried over", Set: member("make_up_periods", 0)})
	}
	q.cycleOnce(p.Period, p.Anchor)
	q.zone(p.Zone)
	q.eligible(p.Eligible)
	return q
}

// Occurrences lists the periods.
func (MinimumCommitment) Occurrences(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	var p CommitmentParams
	if decode(o.Params, &p) != nil {
		return nil
	}
	return periods(o, p.cycle(), zoneOf(p.Zone), period, "")
}

// Assess judges one period. What is carried over is computed from the first period on, each under the version that governs it.
func (MinimumCommitment) Assess(in Input) (pact.Assessment, error) {
	p, s, whole, done, err := beginCycle[CommitmentParams](in)
	if err != nil || done {
		return *s.a, err
	}
	run, done, err := s.commitments(p, whole)
	if err != nil {
		return pact.Assessment{}, err
	}
	if done {
		return s.done(pact.Pending), nil
	}
	left, ok := s.balanceOf(run)
	if !ok {
		return s.done(pact.Pending), nil
	}
	return run[len(run)-1].judge(left), nil
}

// commitments are a period, as the last, and those before it that may leave something to it, each under the version that governs it. done
// is true where the judgement waits for something.
func (s *sheet) commitments(p CommitmentParams, whole calendar.Period) (run []commitment, done bool, err error) {
	life := versionsOf(s.in, p)
	covered := life.covered(p.cycle(), whole)
	begins := whole.From
	if life.several() {
		begins = max(whole.From, covered.From)
	}
	var list []ran[CommitmentParams]
	if slices.ContainsFunc(life, func(v version[CommitmentParams]) bool { return v.terms.looksBack() }) {
		list = before(life, begins, s.firstBought())
		for _, r := range list {
			if stop, err := r.version.open(s); stop {
				return nil, true, err
			}
		}
	}
	governing, _ := life.on(max(whole.From, covered.From))
	list = append(list, ran[CommitmentParams]{whole, covered, governing})
	for len(list) > 0 {
		n := 1 // those under one version
		for n < len(list) && list[n].version.days == list[0].version.days {
			n++
		}
		m := commitment{p: list[0].version.terms, s: s, by: list[0].version.by}
		if m.cur = m.p.currency(); !m.buys(calendar.Period{From: list[0].covered.From, Until: list[n-1].covered.Until}, len(run)+len(list) > 1) {
			return nil, true, nil
		}
		for _, r := range list[:n] {
			m.whole, m.covered = r.period, r.covered
			if open := m.openPart(); open != "" {
				s.ask("prorate", open,
					pact.Outcome{Reading: "the whole", Set: member("prorate", false)}, pact.Outcome{Reading: "for its days", Set: member("prorate", true)})
				return nil, true, nil
			}
			run = append(run, m)
		}
		list = list[n:]
	}
	return run, false, nil
}

// firstBought is the day of the first purchase that was reported; "" where none was.
func (s *sheet) firstBought() calendar.Date {
	first := calendar.Date("")
	for e := range s.counts.each("invoice", "purchase", "usage") {
		if d := s.dateOf(*e); first == "" || d < first {
			first = d
		}
	}
	return first
}

// currency is that of the commitment.
func (p CommitmentParams) currency() string {
	cur := ""
	for _, a := range []*money.Amount{p.Amount, p.Price} {
		if a != nil {
			cur = a.Currency
		}
	}
	return cur
}

// commitment is one period under the version that governs it.
type commitment struct {
	p       CommitmentParams
	s       *sheet
	cur     string
	by      string   // the document of the version, where there are several
	all     []bought // under the version, those of the period and perhaps of others
	whole   calendar.Period
	covered calendar.Period // the days of the period on which the clause holds
}

// buys finds what counts on some days; chained says that what one period leaves matters for the next. false where that waits for something.
func (m *commitment) buys(days calendar.Period, chained bool) (ok bool) {
	s, p := m.s, m.p
	m.all, ok = s.purchasesOf(p.Eligible, measure{m.cur, p.Quantity != nil}, p.Returns != "return", days.Until, func(on, counts calendar.Date) bool {
		return days.Contains(counts) || p.Returns == "" && days.Contains(on)
	})
	if !ok || p.Quantity != nil && !s.inOneUnit(m.all, p.Eligible) {
		return false
	}
	s.boughtElsewhere(invoicedFor(m.all, days))
	names, ids := m.moved(days, chained)
	return s.takenBack(p.Returns, names, ids)
}

// takenBack says in which period what was returned in another than that of its purchase is taken out; false where it is asked.
func (s *sheet) takenBack(returns string, moved []string, ids []pact.EventID) bool {
	switch {
	case len(moved) == 0:
	case returns == "":
		s.add("returned in another period", firstOf(moved), "the clause does not say in which it is taken out", ids...)
		s.ask("returns", sprintf("What was bought in one period was returned in another (%s). In which of them is it taken out?", firstOf(moved)),
			pact.Outcome{Reading: "in that of its purchase", Set: member("returns", "purchase")}, pact.Outcome{Reading: "in that of the return", Set: member("returns", "return")})
		return false
	case returns == "purchase":
		s.add("returned in another period", firstOf(moved), "taken out of the period of its purchase", ids...)
	}
	return true
}

// namesWhere names the purchases and returns for which something matters: in which period a return counts, at which price.
func namesWhere(list []bought, matters func(bought) bool) (names []string, ids []pact.EventID) {
	for _, b := range list {
		if !matters(b) {
			continue
		}
		ids = append(ids, idOf(b.event))
		if name := cmp.Or(b.event.Subject, b.event.Data.Reference); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, ids
}

// moved names what was returned in another period than that of its purchase, as far as it matters for the days in which it counts.
func (m commitment) moved(days calendar.Period, chained bool) (names []string, ids []pact.EventID) {
	return namesWhere(m.all, func(b bought) bool {
		return b.event.Kind == "credit_note" && (days.Contains(b.day) != days.Contains(b.on) || chained && m.p.cycle().containing(b.day, m.covered) != m.p.cycle().containing(b.on, m.covered))
	})
}

// committed is the commitment of the period, in money or units.
func (m commitment) committed(say bool) *big.Rat {
	full := new(big.Rat)
	if m.p.Amount != nil {
		full = m.p.Amount.Ratio()
	} else {
		full.Set(m.p.Quantity.Rat())
	}
	whole, covered := m.whole, m.covered
	if parts, _ := m.s.in.partsOf(whole); parts != nil {
		return m.committedByParts(whole, parts, say)
	}
	byDays := m.p.prorated()
	if s := m.s.in.stub(m.p.cycle(), whole); s != nil {
		byDays = byDays || s.days.Until != whole.Until || m.p.MidPeriod == midParts
	}
	if !byDays || covered == whole || whole.Until == "" || covered.Until == "" {
		if say {
			m.s.add("commitment", fmt.Sprintf("%s to before %s", covered.From, cmp.Or(string(covered.Until), "the end")), m.shown(full))
		}
		return full
	}
	days, of := covered.From.DaysUntil(covered.Until), whole.From.DaysUntil(whole.Until)
	part := mul(full, big.NewRat(int64(days), int64(of)))
	if say {
		m.s.add("commitment, for the days it holds", fmt.Sprintf("%s × %d / %d days", m.shown(full), days, of), m.shown(part))
	}
	return part
}

// openPart asks what of the commitment is owed for a period within which the clause begins or ends; "" where it says so, or holds all of it.
func (m commitment) openPart() string {
	begins := m.whole.From != "" && m.covered.From > m.whole.From
	ends := m.covered.Until != "" && m.covered.Until < m.whole.Until
	if m.p.Prorate != nil || m.whole.Until == "" || !begins && !ends {
		return ""
	}
	if parts, _ := m.s.in.partsOf(m.whole); parts != nil || m.s.in.stub(m.p.cycle(), m.whole) != nil {
		return ""
	}
	period := sprintf("within the period from %s to %s. Is the commitment of that period owed whole, or for the days", m.whole.From, m.whole.Until.AddDays(-1))
	const anchor = "Or does a period run from the beginning of the contract (anchor)?"
	switch {
	case begins && ends:
		return sprintf("The clause holds from %s to %s, %s it holds? %s", m.covered.From, m.covered.Until.AddDays(-1), period, anchor)
	case begins:
		return sprintf("The clause begins on %s, %s from then on? %s", m.covered.From, period, anchor)
	}
	return sprintf("The clause ends on %s, %s until then?", m.covered.Until.AddDays(-1), period)
}

func (m commitment) shown(r *big.Rat) string {
	if m.p.Amount != nil {
		return exactText(r, m.cur)
	}
	return exactNumber(r, 0) + " units"
}

// measure is in what the commitment is counted: a currency, or units.
func (m commitment) measure() string {
	if m.p.Amount != nil {
		return m.cur
	}
	return "units"
}

func (m commitment) bought() *big.Rat {
	sum := new(big.Rat)
	for _, b := range withinPeriod(m.all, m.covered) {
		if m.p.Amount != nil {
			sum = plus(sum, b.amount)
		} else {
			sum = plus(sum, b.quantity)
		}
	}
	return sum
}

// ids are the events of what was bought in the period.
func (m commitment) ids() []pact.EventID { return idsOfBought(withinPeriod(m.all, m.covered)) }

// key names the period.
func (m commitment) key() string { return m.p.cycle().key(m.whole) }

// remnant is what a period leaves to later ones: what it bought beyond its commitment, or paid for and did not take.
type remnant struct {
	of   commitment
	left *big.Rat
	last int // number of the last period in which it counts; 0 is without end
}

// balance is what periods leave to those after them, by the terms of the period that leaves it.
type balance struct {
	n     int            // periods so far
	over  []remnant      // bought beyond a commitment; what ends first is used first
	under []remnant      // paid for and not taken, and may still be
	taken []remnant      // of under, what the last period made up
	ids   []pact.EventID // of the purchases of all periods so far
}

// carried is what earlier periods bought beyond their commitments and still counts, and in words of which.
func (b balance) carried() (sum *big.Rat, from string) {
	sum = new(big.Rat)
	var words []string
	for _, r := range b.over {
		sum = plus(sum, r.left)
		word := r.of.shown(r.left) + " of " + r.of.named()
		if r.last > 0 {
			word += " for the next period"
		}
		words = append(words, word)
	}
	return sum, joined(words[max(0, len(words)-12):])
}

// giveBack is the fee of earlier shortfalls that a period has made up, as it was owed.
func (m commitment) giveBack(b balance, on calendar.Date) {
	sum := new(big.Rat)
	for _, r := range b.taken {
		fee := r.of.fee(r.left)
		m.s.add("makes up what was paid for before", fmt.Sprintf("%s of the shortfall from %s to before %s%s", m.shown(r.left), r.of.whole.From, r.of.whole.Until, r.of.under()), exactText(fee, r.of.cur)+" is given back", b.ids...)
		sum = minus(sum, fee)
	}
	if sum.Sign() != 0 {
		m.s.owe(m.s.sum("given back for what was made up", sum, m.cur, on))
	}
}

// named is a period for the trace, with the version that governs it where there are several.
func (m commitment) named() string { return m.key() + m.under() }

func (m commitment) under() string {
	if m.by == "" {
		return ""
	}
	return fmt.Sprintf(" (%s by %s)", m.shown(m.committed(false)), m.by)
}

// balanceOf is what the periods before the last one leave to it. It asks, and ok is false, where that is not counted in what a commitment
// after it is; one that says that nothing is carried over ends it.
func (s *sheet) balanceOf(run []commitment) (b balance, ok bool) {
	for i, m := range run {
		foreign := func(r remnant) bool { return r.of.measure() != m.measure() }
		for _, r := range slices.Concat(b.over, b.under) {
			if foreign(r) && m.p.CarryForward != "none" {
				s.ask("carry_forward", sprintf("From %s on the commitment is counted in %s, and %s of %s is left in %s. How much of it counts? Give both commitments in one of them, or carry nothing over.", m.covered.From, m.measure(), r.of.shown(r.left), r.of.named(), r.of.measure()),
					pact.Outcome{Reading: "nothing of it counts", Set: member("carry_forward", "none")})
				return b, false
			}
			if foreign(r) {
				s.add("not carried over", fmt.Sprintf("%s of %s, and the commitment is counted in %s from %s on", r.of.shown(r.left), r.of.named(), m.measure(), m.covered.From), "nothing of it counts")
			}
		}
		b.over, b.under = slices.DeleteFunc(b.over, foreign), slices.DeleteFunc(b.under, foreign)
		if i < len(run)-1 {
			b.pass(m)
		}
	}
	return b, true
}

// pass goes on with the next period: what it uses and makes up, and what it leaves.
func (b *balance) pass(m commitment) {
	b.n++
	b.taken = nil
	b.ids = eachOnce(b.ids, m.ids())
	need, spent := m.committed(false), m.bought()
	short := minus(need, spent)
	for _, ends := range []bool{true, false} {
		for i := range b.over {
			r := &b.over[i]
			if part := minRat(r.left, short); (r.last > 0) == ends && part.Sign() > 0 {
				r.left, short = minus(r.left, part), minus(short, part)
			}
		}
	}
	b.over = slices.DeleteFunc(b.over, func(r remnant) bool { return r.left.Sign() == 0 || r.last == b.n })
	excess := maxRat(new(big.Rat), minus(spent, need))
	for i := range b.under {
		r := &b.under[i]
		if part := minRat(r.left, excess); part.Sign() > 0 {
			b.taken = append(b.taken, remnant{of: r.of, left: part})
			r.left, excess = minus(r.left, part), minus(excess, part)
		}
	}
	b.under = slices.DeleteFunc(b.under, func(r remnant) bool { return r.left.Sign() == 0 || r.last <= b.n })
	if m.p.MakeUpPeriods > 0 && short.Sign() > 0 {
		b.under = append(b.under, remnant{of: m, left: short, last: b.n + m.p.MakeUpPeriods})
	}
	if m.p.CarryPercent != nil {
		excess = minRat(excess, percentOf(need, *m.p.CarryPercent))
	}
	if r := (remnant{of: m, left: excess}); excess.Sign() > 0 && m.p.carries() {
		if m.p.CarryForward == "next" {
			r.last = b.n + 1
		}
		b.over = append(b.over, r)
	}
}

// fee is what a shortfall costs.
func (m commitment) fee(short *big.Rat) *big.Rat {
	fee := short
	if m.p.Price != nil {
		fee = mul(fee, m.p.Price.Ratio())
	}
	if m.p.FeePercent != nil {
		fee = percentOf(fee, *m.p.FeePercent)
	}
	return fee
}

func (m commitment) judge(left balance) pact.Assessment {
	s, covered := m.s, m.covered
	if covered.Until != "" {
		s.a.DueAt = s.start(covered.Until)
	}
	need := m.committed(true)
	mine := withinPeriod(m.all, covered)
	for _, b := range mine {
		s.use(b.event)
	}
	spent := m.bought()
	s.add("bought in the period", thatCount(len(mine), "purchase")+", returns taken out", m.shown(spent), idsOfBought(mine)...)
	counted := spent
	if carry, from := left.carried(); carry.Sign() > 0 {
		counted = plus(counted, carry)
		s.add("carried over from earlier periods", from, m.shown(carry), left.ids...)
	}
	s.a.Target, s.a.Measured = exactNumber(need, 0), exactNumber(counted, 0)
	if need.Sign() > 0 {
		s.a.Percent = money.RatioString(mul(quo(counted, need), ratOf(100)), 12, 6)
	}
	over := covered.Until != "" && s.today >= covered.Until
	next := s.a.DueAt
	short := minus(need, counted)
	if over && s.payableUntil != "" && short.Sign() > 0 {
		over, next = false, s.end(s.payableUntil)
		s.add("not final yet", "invoices of the period may still be paid in time", "until "+dayText(s.payableUntil), s.payableIDs...)
		s.a.EventIDs = eachOnce(s.a.EventIDs, s.payableIDs)
	}
	if short.Sign() <= 0 {
		s.add("commitment reached", m.shown(counted)+" of "+m.shown(need), string(pact.Met))
		if excess := new(big.Rat).Neg(short); excess.Sign() > 0 {
			s.add("beyond the commitment", "", m.shown(excess))
		}
		if over {
			s.a.EndedAt = s.a.DueAt
			before := left.ids
			left.pass(m)
			if m.p.MakeUpPeriods > 0 && len(left.taken) == 0 && len(before) > 0 {
				s.add("earlier shortfalls that may still be made up", "", "none", before...)
			}
			m.giveBack(left, covered.Until)
		}
		return s.done(pact.Met)
	}
	if !over {
		s.a.NextAt = next
		s.add("still to be bought", m.shown(counted)+" of "+m.shown(need), m.shown(short))
		return s.done(pact.OnTrack)
	}
	s.a.BreachedAt, s.a.EndedAt = s.a.DueAt, s.a.DueAt
	s.add("shortfall", m.shown(need)+" - "+m.shown(counted), m.shown(short))
	fee := short
	if m.p.Price != nil {
		fee = mul(short, m.p.Price.Ratio())
		s.add("price of missing units", m.shown(short)+" × "+m.p.Price.String(), exactText(fee, m.cur))
	}
	if f := m.p.FeePercent; f != nil {
		fee = percentOf(fee, *f)
		s.add("fee on the shortfall", f.String()+" %", exactText(fee, m.cur))
	}
	sum := s.sum("shortfall fee", fee, m.cur, covered.Until)
	s.owe(sum)
	s.add("rounding, half up, once", exactText(fee, m.cur), sum.String())
	if m.p.MakeUpPeriods > 0 {
		s.add("may be taken later", fmt.Sprintf("in the following %s, beyond what is committed there", counts(m.p.MakeUpPeriods, "period")), m.shown(short))
	}
	return s.done(pact.Breached)
}
