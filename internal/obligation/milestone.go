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

// MilestoneParams are the parameters of milestone.
type MilestoneParams struct {
	Milestones []MilestoneRow `json:"milestones"` // the milestones, each with a name of its own
	// ContractValue is what percentages of milestones are of.
	ContractValue *money.Amount  `json:"contract_value,omitempty"`
	Roll          calendar.Roll  `json:"roll,omitempty" enum:"following,modified_following,preceding,none"` // where a payment day goes that is no business day; absent: it stays
	Hours         calendar.Hours `json:"hours,omitzero"`                                                    // whose business days count; absent: Monday to Friday
	Zone          string         `json:"zone,omitempty"`                                                    // IANA name of the zone in which days begin; absent: UTC
}

// MilestoneRow is one milestone, what proves it, and what it makes payable.
type MilestoneRow struct {
	Name string        `json:"name"`          // as data.item of events milestone, submitted, accepted and rejected names it
	Due  calendar.Date `json:"due,omitempty"` // last day to reach it; absent: it is never late
	// ByDate: an instalment. It is reached on Due by itself, without an event.
	ByDate bool `json:"by_date,omitempty"`
	// Acceptance is needed; without it the event milestone is enough. Review is the time to accept or reject after submission: when
	// it is over without either, it counts as accepted on its last day.
	Acceptance bool `json:"acceptance,omitempty"`
	// Review: time to accept or reject after submission; when it is over without either, it counts as accepted; absent: acceptance must be
	// reported.
	Review *calendar.Duration `json:"review,omitempty"`
	// Amount: a sum that it makes payable, instead of percent; with neither it makes nothing payable.
	Amount  *money.Amount    `json:"amount,omitempty"`
	Percent *decimal.Decimal `json:"percent,omitempty"` // it makes so many percent of contract_value payable
	// PayWithin is the time from the milestone until what it makes payable is due.
	PayWithin *calendar.Duration `json:"pay_within,omitempty"`
}

// Milestone judges milestones with acceptance, by silence too, and what they make payable. A milestone that is not reached makes
// nothing due, and nothing overdue. What is payable is there to be invoiced, until invoices that name the milestone come to it. Occurrences are milestones: those of a schedule are known by their names, a duty that is due on a day by
// the key of its obligation, whatever it is called.
type Milestone struct{}

// Name is milestone.
func (Milestone) Name() string { return "milestone" }

// Params gives empty MilestoneParams.
func (Milestone) Params() any { return MilestoneParams{} }

// Check asks for what the milestones need.
func (Milestone) Check(o pact.Obligation) []pact.Ambiguity { return ask[MilestoneParams](o) }

func (p MilestoneParams) zoneName() string { return p.Zone }

func (p MilestoneParams) check() []pact.Ambiguity {
	var q questions
	if len(p.Milestones) == 0 {
		q.ask("milestones", "Which milestones are there?")
	}
	q.amount("contract_value", "contract_value", p.ContractValue)
	q.zone(p.Zone)
	if err := p.Roll.Check(); err != nil {
		q.ask("roll", "%v", err)
	}
	seen := map[string]bool{}
	var shares decimal.Decimal
	for i, m := range p.Milestones {
		if m.Percent != nil {
			shares = shares.Add(*m.Percent)
		}
		if m.Name == "" || seen[m.Name] {
			q.ask("milestones", "Each milestone needs a name of its own.")
		}
		seen[m.Name] = true
		if m.ByDate && (m.Due == "" || m.Acceptance) {
			q.ask("milestones", "%s is reached by its date. Which date is it (due), and without acceptance?", short(m.Name))
		}
		q.amount("milestones", sprintf("milestones[%d].amount", i), m.Amount)
		q.between("milestones", sprintf("milestones[%d].percent", i), 0, 100, m.Percent)
		if m.Amount != nil && m.Percent != nil {
			amount, percent := slices.Clone(p.Milestones), slices.Clone(p.Milestones)
			amount[i].Percent, percent[i].Amount = nil, nil
			q.choose("milestones", sprintf("What %s makes payable is given twice. Which one is meant?", short(m.Name)),
				pact.Outcome{Reading: m.Amount.String(), Set: member("milestones", amount)}, pact.Outcome{Reading: m.Percent.String() + " % of the contract value", Set: member("milestones", percent)})
		}
		if m.Percent != nil && p.ContractValue == nil {
			q.ask("contract_value", "%s %% of which amount?", m.Percent)
		}
		for _, d := range []*calendar.Duration{m.Review, m.PayWithin} {
			if d != nil && (d.Check() != nil || d.Value > 36_600 || !slices.Contains([]calendar.Unit{calendar.Day, calendar.Week, calendar.UnitMonth, calendar.BusinessDay}, d.Unit)) {
				q.ask("milestones", "A time of %s can not be counted in days.", d)
			}
		}
	}
	if shares.GreaterThan(decimal.NewFromInt(100)) {
		q.ask("milestones", "The milestones make %s %% of the contract value payable. Which share is meant?", shares)
	}
	return q
}

// Occurrences lists the milestones that hold at all; one without a due day is shown from the beginning.
func (Milestone) Occurrences(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	var p MilestoneParams
	if decode(o.Params, &p) != nil {
		return nil
	}
	zone := zoneOf(p.Zone)
	var out []pact.Occurrence
	for _, m := range p.Milestones {
		occ := occurrence(o, p.keyOf(o, m), m.Name, calendar.Span{})
		if m.Due != "" {
			occ.DueAt = m.Due.AddDays(1).In(zone).UTC()
		}
		if m.Due == "" || period.Until == "" || m.Due < period.Until || o.InForce.Contains(m.Due) {
			out = append(out, occ)
		}
	}
	return out
}

// Assess judges one milestone: by the version in force on the day on which it was reached, an instalment by that of its day. What was
// reached is payable as it was agreed then. While it is not reached the version of today governs.
func (Milestone) Assess(in Input) (pact.Assessment, error) {
	var life milestoneLife
	p, s, done, err := begin(in, func(p MilestoneParams, s *sheet) calendar.Date {
		life = milestoneLife{versionsOf(s.in, p), in.Obligation, in.Occurrence.Key}
		return s.quiet().milestoneDay(life)
	})
	if err != nil || done {
		return *s.a, err
	}
	i := slices.IndexFunc(p.Milestones, func(m MilestoneRow) bool { return p.keyOf(s.in.Obligation, m) == in.Occurrence.Key })
	if i < 0 {
		s.add("the milestone is no longer part of the clause", "", "nothing to judge")
		return s.done(pact.Excused), nil
	}
	days, err := s.business(p.Hours)
	if err != nil {
		return pact.Assessment{}, err
	}
	m := p.Milestones[i]
	if m.Due != "" {
		s.a.DueAt = s.end(m.Due)
	}
	if m.ByDate {
		return s.instalment(p, m, days, life.named())
	}
	reached, open, err := s.reached(life)
	if err != nil {
		return pact.Assessment{}, err
	}
	late, let := m.Due != "", ""
	if late {
		let = s.in.waived(m.Due)
		late = let == ""
	}
	if reached == "" && let != "" && s.over(m.Due) {
		s.add("it fell due on a waived day", dayText(m.Due)+", "+let, "not missed")
		s.invoiced(life.named(), p.currency(m), nil)
		return s.done(pact.Excused), nil
	}
	if reached == "" {
		s.unreached(m, open)
		s.invoiced(life.named(), p.currency(m), nil)
		if early := tooEarly(*s.a); early != nil {
			s.add("invoiced before it is reached", early.String(), "there is no right to it yet")
		}
		s.undone(in.Occurrence.Key, in.Obligation.Key)
		return *s.a, nil
	}
	s.a.Measured, s.a.EndedAt = string(reached), s.end(reached)
	if err := s.payable(p, m, reached, days); err != nil {
		return pact.Assessment{}, err
	}
	s.invoiced(life.named(), p.currency(m), s.a.Amount)
	if let != "" && reached > m.Due {
		s.add("it fell due on a waived day", dayText(m.Due)+", "+let, "not late")
	}
	if late && reached > m.Due {
		s.a.BreachedAt = s.end(m.Due)
		s.add("reached late", fmt.Sprintf("%s, %s after %s", dayText(reached), dayCount(m.Due.DaysUntil(reached)), dayText(m.Due)), string(pact.Breached))
		return s.done(pact.Breached), nil
	}
	s.add("reached", dayText(reached), string(pact.Met))
	return s.done(pact.Met), nil
}

// milestoneLife is a milestone in all versions of the clause.
type milestoneLife struct {
	versions versions[MilestoneParams]
	o        pact.Obligation
	key      string
}

func (l milestoneLife) in(v version[MilestoneParams]) (MilestoneRow, bool) {
	i := slices.IndexFunc(v.terms.Milestones, func(m MilestoneRow) bool { return v.terms.keyOf(l.o, m) == l.key })
	if i < 0 {
		return MilestoneRow{}, false
	}
	return v.terms.Milestones[i], true
}

// on is the milestone as it is on a day: by the version in force, or where that does not have it by the next one that does, else the last.
func (l milestoneLife) on(day calendar.Date) (v version[MilestoneParams], m MilestoneRow, ok bool) {
	for _, one := range l.versions {
		row, has := l.in(one)
		if !has {
			continue
		}
		if v, m, ok = one, row, true; one.days.Until == "" || day < one.days.Until {
			break
		}
	}
	return v, m, ok
}

// named are the words by which an event may name the milestone in any version.
func (l milestoneLife) named() []string {
	words := []string{l.key}
	for _, v := range l.versions {
		for _, w := range v.terms.named(l.o, l.key) {
			if !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	return words
}

// milestoneDay is the day whose version governs a milestone; "" is today.
func (s *sheet) milestoneDay(l milestoneLife) calendar.Date {
	within := func(v version[MilestoneParams], day calendar.Date) calendar.Date { // reached before it was agreed, or after the end
		if day = max(day, v.days.From); v.days.Until != "" && day >= v.days.Until {
			day = v.days.Until.AddDays(-1)
		}
		return day
	}
	if reached, _, err := s.reached(l); err == nil && reached != "" {
		v, _, _ := l.on(reached)
		return within(v, reached)
	}
	for _, v := range l.versions { // an instalment, or what was missed before the clause ended
		m, ok := l.in(v)
		_, holds := l.versions.on(s.today)
		if ok && m.Due != "" && v.days.Contains(m.Due) && (m.ByDate && s.today >= m.Due || !holds && s.over(m.Due)) {
			return m.Due
		}
	}
	return ""
}

// keyOf is the key of the occurrence of a milestone: of a duty that is due on a day that of its obligation, since what it is called may
// change; otherwise its name.
func (p MilestoneParams) keyOf(o pact.Obligation, m MilestoneRow) string {
	if o.Duty != "" && len(p.Milestones) == 1 {
		return o.Key
	}
	return m.Name
}

// named are the words by which an event may name the milestone of an occurrence: its key, and what it is called.
func (p MilestoneParams) named(o pact.Obligation, key string) []string {
	words := []string{key}
	for _, m := range p.Milestones {
		if p.keyOf(o, m) == key && m.Name != key {
			words = append(words, m.Name)
		}
	}
	return words
}

// ofMilestone tells whether an event names a milestone by one of its words.
func ofMilestone(e pact.Event, words ...string) bool {
	return has(words, e.Data.Item) || has(words, e.Subject)
}

// milestoneDone are the kinds of event that say one was reached.
func milestoneDone() []string { return []string{"milestone", "accepted", "done"} }

// instalment is payable by the calendar, from its date on.
func (s *sheet) instalment(p MilestoneParams, m MilestoneRow, days *calendar.Calendar, words []string) (pact.Assessment, error) {
	if s.today < m.Due {
		s.a.NextAt = s.start(m.Due)
		s.add("instalment", "of "+dayText(m.Due), "nothing is payable yet")
		return s.done(pact.OnTrack), nil
	}
	s.a.Measured, s.a.EndedAt = string(m.Due), s.start(m.Due)
	if err := s.payable(p, m, m.Due, days); err != nil {
		return pact.Assessment{}, err
	}
	s.invoiced(words, p.currency(m), s.a.Amount)
	s.add("instalment", "of "+dayText(m.Due), string(pact.Met))
	return s.done(pact.Met), nil
}

// reached follows submissions, rejections and acceptances, each by the version of its day. open is the day on which silence will be
// acceptance.
func (s *sheet) reached(l milestoneLife) (reached, open calendar.Date, err error) {
	words := l.named()
	events := s.of("", "milestone", "submitted", "accepted", "rejected", "done")
	for at, e := range events {
		on := s.dateOf(e)
		v, m, ok := l.on(on)
		if !ok || m.ByDate || !ofMilestone(e, words...) || elsewhere(e, s.in.Obligation, s.in.Occurrence.Key) || e.Kind == "done" && m.Acceptance {
			continue
		}
		if open != "" && on > open && e.Kind != "submitted" { // too late to reject
			s.add("accepted by silence", "neither accepted nor rejected by "+dayText(open), dayText(open))
			s.rejectedAfter(events[at:], words)
			return open, "", nil
		}
		s.use(e)
		switch {
		case (e.Kind == "milestone" || e.Kind == "done") && !m.Acceptance, e.Kind == "accepted":
			s.add(e.Kind, cmpOr(e.Data.ApprovedBy, "reported"), dayText(on), idOf(e))
			s.rejectedAfter(events[at+1:], words)
			return on, "", nil
		case e.Kind == "rejected":
			open = ""
			s.add("rejected", short(e.Data.Reason), dayText(on), idOf(e))
		case e.Kind == "milestone":
			s.add("reported, and must be accepted", dayText(on), "the time to accept or reject begins with the submission", idOf(e))
		default:
			if open != "" && on > open {
				s.add("accepted by silence", "neither accepted nor rejected by "+dayText(open), dayText(open))
				return open, "", nil
			}
			open = ""
			s.add("submitted", "", dayText(on), idOf(e))
			if m.Review != nil {
				days, err := s.business(v.terms.Hours)
				if err != nil {
					return "", "", err
				}
				if open, err = s.after(on, *m.Review, days); err != nil {
					return "", "", err
				}
				s.add("time to accept or reject", m.Review.String()+" after "+dayText(on), "until the end of "+dayText(open))
			}
		}
	}
	if open != "" && s.over(open) {
		s.add("accepted by silence", "neither accepted nor rejected by "+dayText(open), dayText(open))
		return open, "", nil
	}
	return "", open, nil
}

// rejectedAfter names the rejections that came after a milestone was reached.
func (s *sheet) rejectedAfter(events []pact.Event, words []string) {
	for _, e := range events {
		if e.Kind == "rejected" && ofMilestone(e, words...) {
			s.use(e)
			s.add("rejected after that", dayText(s.dateOf(e)), "does not count", idOf(e))
		}
	}
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (s *sheet) unreached(m MilestoneRow, open calendar.Date) {
	if open != "" {
		s.a.NextAt = s.end(open)
	}
	switch {
	case m.Due != "" && s.over(m.Due):
		s.a.BreachedAt = s.end(m.Due)
		s.add("not reached", "due by "+dayText(m.Due), string(pact.Breached))
		s.a.Status = pact.Breached
	case m.Due != "":
		if s.a.NextAt.IsZero() || s.end(m.Due).Before(s.a.NextAt) {
			s.a.NextAt = s.end(m.Due)
		}
		s.add("not reached yet", "due by "+dayText(m.Due), "nothing is payable, not overdue")
		s.a.Status = pact.OnTrack
	default:
		s.add("not reached yet", "no day is set", "nothing is payable, not overdue")
		s.a.Status = pact.Pending
	}
}

// share is what a percentage of the contract value comes to, rounded so that the percentages of all milestones add up to their rounded sum: each
// is cut to whole cents, and what is left goes to the largest remainders, the earlier first.
func (p MilestoneParams) share(m MilestoneRow) money.Amount {
	cur := p.ContractValue.Currency
	coin := decimal.New(1, -money.MinorUnits(cur))
	type part struct {
		name string
		cut  decimal.Decimal
		rest *big.Rat
	}
	var parts []part
	whole, cut := new(big.Rat), decimal.Zero
	for _, one := range p.Milestones {
		if one.Percent == nil {
			continue
		}
		exact := percentOf(p.ContractValue.Ratio(), *one.Percent)
		coins := quo(exact, coin.Rat())
		down := decimal.NewFromBigInt(new(big.Int).Quo(coins.Num(), coins.Denom()), 0).Mul(coin)
		parts = append(parts, part{one.Name, down, minus(exact, down.Rat())})
		whole, cut = plus(whole, exact), cut.Add(down)
	}
	left := money.FromRatio(whole, cur).Value.Sub(cut)
	slices.SortStableFunc(parts, func(a, b part) int { return b.rest.Cmp(a.rest) })
	for _, one := range parts {
		if left.IsPositive() {
			left, one.cut = left.Sub(coin), one.cut.Add(coin)
		}
		if one.name == m.Name {
			return money.New(one.cut, cur)
		}
	}
	return money.FromRatio(percentOf(p.ContractValue.Ratio(), *m.Percent), cur)
}

// payable says what the milestone makes payable, and when.
func (s *sheet) payable(p MilestoneParams, m MilestoneRow, reached calendar.Date, days *calendar.Calendar) error {
	var sum money.Amount
	due := reached
	if m.PayWithin != nil {
		var err error
		if due, err = s.after(reached, *m.PayWithin, days); err != nil {
			return err
		}
		if due, err = s.roll(due, p.Roll, days); err != nil {
			return err
		}
	}
	switch {
	case m.Amount != nil:
		sum = s.sum(milestonePayable, m.Amount.Ratio(), m.Amount.Currency, due)
	case m.Percent != nil:
		exact := percentOf(p.ContractValue.Ratio(), *m.Percent)
		part := p.share(m)
		sum = s.sum(milestonePayable, part.Ratio(), part.Currency, due)
		words := ""
		if !part.Equal(money.FromRatio(exact, part.Currency)) {
			words = ", rounded with the other milestones, so that they add up"
		}
		s.add("share of the contract value", m.Percent.String()+" % of "+p.ContractValue.String()+words, exactText(exact, p.ContractValue.Currency))
	default:
		return nil
	}
	s.owe(sum)
	s.add("may be invoiced", fmt.Sprintf("reached on %s", dayText(reached)), fmt.Sprintf("%s, due %s", sum, dayText(due)))
	return nil
}

// currency is that of what the milestone makes payable; "" where the terms have none.
func (p MilestoneParams) currency(m MilestoneRow) string {
	if sum := cmp.Or(m.Amount, p.ContractValue); sum != nil {
		return sum.Currency
	}
	return ""
}

// Names of the sums of a milestone.
const (
	milestonePayable  = "payable"
	milestoneInvoiced = "invoiced"
)

// perhapsTax is the step of a milestone for which more is invoiced than is payable by invoices that say nothing of their tax.
const perhapsTax = "invoiced beyond what is payable"

// invoiced adds what invoices charge for a milestone that is called so: all of an invoice that names it, or the lines of it that do. payable is
// the sum that it makes payable, nil where none is yet: an invoice that names it and says no sum at all is for what is left of that. What names
// no milestone is not guessed to be for one, and what is charged in another currency than that of the terms, or where they have none of the first
// invoice, is named and not counted.
func (s *sheet) invoiced(words []string, currency string, payable *money.Amount) {
	var charged *money.Amount
	events := s.of("", "invoice", "credit_note")
	slices.SortStableFunc(events, func(a, b pact.Event) int { // a credit note of the same day comes after its invoice
		return cmp.Or(cmp.Compare(s.dateOf(a), s.dateOf(b)), cmp.Compare(rank(a), rank(b)))
	})
	invoices := map[string]invoiceLeft{}
	var bare []pact.Event // invoices of which a sum as a whole counts, without a word of its tax
	var gross []string
	for _, e := range events {
		if e.Kind == "credit_note" {
			charged = s.credited(e, words, currency, charged, invoices)
			continue
		}
		c := chargedFor(e, words)
		if !c.mine {
			continue
		}
		s.use(e)
		switch {
		case c.open && payable == nil:
			s.add("invoiced", e.Subject, "without a sum", idOf(e))
		case c.open:
			left := *payable
			if charged != nil {
				left.Value = decimal.Max(left.Value.Sub(charged.Value), decimal.Zero)
			}
			c.sums = []money.Amount{left}
		case c.silent > 0:
			s.add("a line gives no sum", e.Subject, "what it charges is not known, and not counted", idOf(e))
		}
		for _, sum := range c.sums {
			sum = sum.Round()
			counted := sum
			if currency = cmp.Or(currency, sum.Currency); sum.Currency != currency {
				s.add("invoiced in another currency", e.Subject, sum.String()+" is not counted", idOf(e))
				continue
			}
			s.add("invoiced", e.Subject+c.beside, sum.String()+" on "+dayText(s.dateOf(e)), idOf(e))
			if charged != nil {
				sum.Value = sum.Value.Add(charged.Value)
			}
			charged = &sum
			if e.Data.Amount != nil && e.Data.Tax == nil && e.Data.Freight == nil {
				bare, gross = append(bare, e), append(gross, e.Subject)
			}
			if e.Subject != "" {
				invoices[e.Subject] = invoices[e.Subject].with(e, c.whole, counted)
			}
		}
	}
	if charged == nil || charged.IsZero() {
		return
	}
	s.a.Amounts = append(s.a.Amounts, pact.AmountLine{Name: milestoneInvoiced, Amount: *charged})
	if payable != nil && charged.Currency == payable.Currency && charged.Value.GreaterThan(payable.Value) && len(gross) > 0 {
		over := money.New(charged.Value.Sub(payable.Value), charged.Currency)
		s.add(perhapsTax, firstOf(gross)+" reports no tax and no freight (data.tax, data.freight)", over.String()+" more than is payable, unless that is tax or freight", idsOfEvents(bare...)...)
	}
}

// invoiceLeft is what the invoices of a number charge for a milestone, less what credit notes took back of it.
type invoiceLeft struct {
	left  *money.Amount
	whole bool          // they are for nothing else
	gross *money.Amount // what the one invoice is over
}

// with adds what an invoice charges.
func (i invoiceLeft) with(e pact.Event, whole bool, sum money.Amount) invoiceLeft {
	if i.left == nil {
		return invoiceLeft{&sum, whole, e.Data.Amount}
	}
	sum.Value = sum.Value.Add(i.left.Value)
	return invoiceLeft{&sum, whole && i.whole, nil}
}

// credited takes off what a credit note takes back of what is invoiced: one that names the milestone, or that gives the number of an invoice
// for it as its subject or reference. It never takes back more than was invoiced.
func (s *sheet) credited(e pact.Event, words []string, currency string, charged *money.Amount, invoices map[string]invoiceLeft) *money.Amount {
	number := e.Subject
	of, refers := invoices[number]
	if !refers {
		number = e.Data.Reference
		of, refers = invoices[number]
	}
	c := chargedFor(e, words)
	if !c.mine && !refers {
		return charged
	}
	s.use(e)
	switch a := e.Data.Amount; {
	case c.mine:
	case of.whole:
		c = chargedIn(e, words, true)
	case a != nil && of.gross != nil && a.Currency == of.gross.Currency && a.Value.Abs().Equal(of.gross.Value): // all of the invoice
		c.sums = []money.Amount{*of.left}
	default:
		c.open = true
	}
	if c.open || c.silent > 0 {
		s.add("credit note", e.Subject, "what it takes back for the milestone is not known, and not counted", idOf(e))
	}
	for _, sum := range c.sums {
		sum.Value = sum.Round().Value.Abs()
		if charged == nil || sum.Currency != currency {
			s.add("credit note", e.Subject, sum.String()+" is not counted", idOf(e))
			continue
		}
		most := charged.Value
		if refers {
			most = decimal.Min(most, of.left.Value)
		}
		sum.Value = decimal.Max(decimal.Min(sum.Value, most), decimal.Zero)
		if refers {
			of.left = &money.Amount{Value: of.left.Value.Sub(sum.Value), Currency: currency}
			invoices[number] = of
		}
		charged = &money.Amount{Value: charged.Value.Sub(sum.Value), Currency: currency}
		s.add("credit note", e.Subject+c.beside, sum.String()+" is taken back on "+dayText(s.dateOf(e)), idOf(e))
	}
	return charged
}

// charge is what an invoice charges for a milestone.
type charge struct {
	mine   bool           // it names the milestone
	whole  bool           // all of it is for the milestone
	sums   []money.Amount // what it says, one for each currency
	silent int            // lines for the milestone that give no sum, beside sums that are said
	open   bool           // no sum is said at all
	beside string         // in words, what the invoice charges beside that: tax, freight
}

// chargedFor is what an invoice charges for a milestone that is called so. Where its header names the milestone, what the header charges is for
// it, or where that says no sum all lines are; otherwise the lines that name it.
func chargedFor(e pact.Event, words []string) charge {
	return chargedIn(e, words, has(words, e.Data.Item) || has(words, e.Data.Reference) || has(words, e.Subject))
}

// chargedIn is what an invoice or a credit note charges, all of it or what its lines for a milestone do.
func chargedIn(e pact.Event, words []string, all bool) charge {
	d := e.Data
	header := lineSum(pact.EventLine{Amount: d.Amount, Price: d.Price, Quantity: d.Quantity})
	gross := ""
	if header != nil {
		gross = withoutTax(header, d)
	}
	c := charge{mine: all, whole: all}
	if all && header != nil {
		c.sums, c.beside = []money.Amount{*header}, gross
		return c
	}
	own := 0
	for _, l := range d.Lines {
		if !all && !has(words, l.Item) && !has(words, l.Reference) {
			continue
		}
		own++
		if part := lineSum(l); part != nil {
			c.add(*part)
		} else {
			c.silent++
		}
	}
	c.mine, c.whole = all || own > 0, all || own == len(d.Lines)
	switch {
	case !c.mine || len(c.sums) > 0:
	case header == nil:
		c.open = true
	case own == len(d.Lines): // what the header charges is for its lines
		c.sums, c.silent, c.beside = []money.Amount{*header}, 0, gross
	}
	return c
}

// withoutTax takes tax and freight off the sum of an invoice, of which they are part, and says so in words; "" where there are none. The sums
// of lines are without them.
func withoutTax(sum *money.Amount, d pact.EventData) string {
	whole, parts := sum.String(), []string{}
	for i, part := range []*money.Amount{d.Tax, d.Freight} {
		if d.Amount != nil && part != nil && part.Currency == sum.Currency && !part.Value.IsZero() {
			sum.Value = sum.Value.Sub(part.Value)
			parts = append(parts, part.String()+[]string{" tax", " freight"}[i])
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ", " + whole + " with " + strings.Join(parts, " and ")
}

// add adds a sum to those of its currency.
func (c *charge) add(sum money.Amount) {
	i := slices.IndexFunc(c.sums, func(a money.Amount) bool { return a.Currency == sum.Currency })
	if i < 0 {
		c.sums = append(c.sums, sum)
		return
	}
	c.sums[i].Value = c.sums[i].Value.Add(sum.Value)
}

// lineSum is what a line of an invoice charges; nil where it does not say.
func lineSum(l pact.EventLine) *money.Amount {
	switch {
	case l.Amount != nil:
		sum := *l.Amount
		return &sum
	case l.Price != nil && l.Quantity != nil:
		return &money.Amount{Value: l.Price.Value.Mul(*l.Quantity), Currency: l.Price.Currency}
	}
	return nil
}
