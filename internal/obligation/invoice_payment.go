package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// InvoicePaymentParams are the parameters of invoice_payment.
type InvoicePaymentParams struct {
	// Terms as usually written: "2/10 net 30", "1/10, 0.5/20, n/60", "net 30 EOM", "EOM + 15", "15 MFI", "10th prox", "due on
	// receipt", "COD", "CBD", "CIA", "net monthly"; days may say what they count from: "net 30 from receipt", "60 days after acceptance".
	Terms string `json:"terms"`
	// Start is the day the terms count from; it is not counted itself. later_of_receipt_and_acceptance counts from each and
	// takes the later.
	Start string `json:"start,omitempty" enum:"invoice_date,receipt,delivery,acceptance,month_end,later_of_receipt_and_acceptance"`
	// EOMReading decides "net 30 EOM": 30 days after the end of the month, or the end of the month that 30 days lead to.
	EOMReading string `json:"eom_reading,omitempty" enum:"after_month_end,end_of_due_month"`
	// NetReading decides terms such as "2% 10th prox net 30": 30 days, or the 30th of the month in which the discount ends.
	NetReading string `json:"net_reading,omitempty" enum:"days,day_of_next_month"`
	// DiscountStart decides from when the discount of "2/10 net 30 EOM" runs: from where the term does (start), or from the end of
	// the month (month_end).
	DiscountStart string `json:"discount_start,omitempty" enum:"start,month_end"`
	// CutoffDay: with terms that name a day of the next month or count from the end of the month, what starts after that day of the
	// month counts as of the next.
	CutoffDay int `json:"cutoff_day,omitempty"`
	// ConstructiveAcceptanceDays: without acceptance goods count as accepted so many days after delivery.
	ConstructiveAcceptanceDays int `json:"constructive_acceptance_days,omitempty"`
	// ReturnDays: an improper invoice returned within so many days counts from its corrected receipt; the days over them shorten
	// the term.
	ReturnDays int `json:"return_days,omitempty"`
	// Roll of a due date that is no business day; only where the clause says so.
	Roll  calendar.Roll  `json:"roll,omitempty" enum:"following,modified_following,preceding,none"`
	Hours calendar.Hours `json:"hours,omitzero"` // whose business days; Monday to Friday where absent
	Zone  string         `json:"zone,omitempty"` // IANA name of the zone in which days begin; absent: UTC
	// DiscountBase: total (default), or goods: the amount without tax and freight.
	DiscountBase string `json:"discount_base,omitempty" enum:"total,goods"`
	// PartialDiscount: a part that is paid in time earns its part of the discount, where the contract grants that.
	PartialDiscount bool `json:"partial_discount,omitempty"`
	// PaidWhen says which report of a payment counts as its date, where payments carry a state: sent, received, settled. Absent:
	// every report counts, whatever its state; where one payment is reported in several states it is asked which counts.
	PaidWhen  string           `json:"paid_when,omitempty" enum:"sent,received,settled"`
	Late      *LateInterest    `json:"late,omitempty"`      // interest and charges for late payment; absent: none
	Retention *RetentionParams `json:"retention,omitempty"` // the part of each invoice that is held back for a time; absent: none
	// CreditNotes says from when a credit note of after the due day lowers the debt: from the beginning, as if less had been invoiced
	// (invoice), or from its own day, as a payment does (own_date). Absent: it is asked where it matters.
	CreditNotes string `json:"credit_notes,omitempty" enum:"invoice,own_date"`
	// DiscountAfterCredit says what is left of a discount that was taken in time where a credit note lowers the invoice later: it is that of the
	// rest (rest), or stays as it was deducted (full). Absent: it is asked where the two differ.
	DiscountAfterCredit string `json:"discount_after_credit,omitempty" enum:"rest,full"`
	// Waiver says what a waiver of some days lets go of: the interest of these days (due), or what they are about, so that an invoice of before
	// costs interest on them all the same (about). Absent: it is asked where the two differ.
	Waiver string `json:"waiver,omitempty" enum:"due,about"`
	// ReversedPayments says what a payment that is taken back (a payment below zero: a cheque that bounced, a debit returned) after the due
	// day was until then: never_paid, or paid until the day on which it was taken back (own_date). Absent: it is asked where it matters.
	ReversedPayments string `json:"reversed_payments,omitempty" enum:"never_paid,own_date"`
	// Eligible says which invoices the terms are for, where a contract has several: by items, or by services. Absent: all that no other terms
	// of the contract are for. Where an invoice may be under several it is asked which govern it.
	Eligible *Scope `json:"eligible,omitempty"`
}

// LateInterest is what late payment costs.
type LateInterest struct {
	// Method: contract; uk_statute: simple, the Bank Rate (events rate, item boe_bank_rate) of 30 June or 31 December before
	// interest begins plus 8, fixed for the debt, plus 40, 70 or 100 by what is open when interest begins; us_prompt_payment: the rate (item
	// prompt_payment_rate) of the day after the due date, compounded every 30 days on 360, less than one dollar is not paid, a
	// year at most.
	Method  string           `json:"method" enum:"contract,uk_statute,us_prompt_payment"`
	Percent *decimal.Decimal `json:"percent,omitempty"`                   // the rate of the contract, for the time of per; of a statute none is given
	Per     string           `json:"per,omitempty" enum:"year,month,day"` // the time that percent is for; needed where method is contract
	// DayCount is the year a rate per year is divided by: 365 (default), 360, or actual (366 in leap years).
	DayCount string `json:"day_count,omitempty" enum:"365,360,actual"`
	// MonthCount decides a rate per month: pro_rata (12/365 a day), started or full months, which run on from the
	// due date whatever is paid in between.
	MonthCount string `json:"month_count,omitempty" enum:"pro_rata,started,full"`
	// MonthBalance is the sum on which a started or full month counts in which a part was paid: what is open when it begins
	// (opening), or what still is when it ends (closing). It is asked where it matters.
	MonthBalance string           `json:"month_balance,omitempty" enum:"opening,closing"`
	GraceDays    int              `json:"grace_days,omitempty"`      // paid within them costs nothing; later, interest runs from the due date
	Maximum      *decimal.Decimal `json:"maximum_percent,omitempty"` // of the invoice
	Fixed        *money.Amount    `json:"fixed,omitempty"`           // once, beside the interest
	// Compounding adds interest that is not paid to the debt at the end of each such period after the due date, for a rate per year.
	Compounding string `json:"compounding,omitempty" enum:"none,month,quarter,half_year,year"`
}

// RetentionParams hold a part of each invoice back until something happens.
type RetentionParams struct {
	Percent  decimal.Decimal    `json:"percent"`  // of the invoice without tax and freight, less credit notes
	Releases []RetentionRelease `json:"releases"` // when parts of it become due; their shares add up to at most 100
	// Rest says what becomes of what the releases leave, where their shares add up to less than 100: last_release (released with the
	// last of them) or kept. Absent: it is asked.
	Rest string `json:"rest,omitempty" enum:"last_release,kept"`
}

// RetentionRelease lets Share percent of what is held go, Days after the milestone Event (data.item of events milestone or
// accepted), or on a date.
type RetentionRelease struct {
	Share decimal.Decimal `json:"share"`           // percent of what is held
	Event string          `json:"event,omitempty"` // name of the milestone that releases it; either this or on
	// Days: number of days from the event until it is due; absent: the day of the event.
	Days int `json:"days,omitempty"`
	// On: the day on which it is due, instead of event; nothing is due before the invoice itself.
	On calendar.Date `json:"on,omitempty"`
}

// InvoicePayment judges invoices: when they are due, discounts taken, missed and unearned, what late payment costs. Occurrences
// are invoices (event invoice, the subject is its number). Events: invoice, invoice_received, invoice_returned, delivery,
// accepted, payment, credit_note, rate, milestone.
type InvoicePayment struct{}

// Name is invoice_payment.
func (InvoicePayment) Name() string { return "invoice_payment" }

// Params gives empty InvoicePaymentParams.
func (InvoicePayment) Params() any { return InvoicePaymentParams{} }

// Check asks for what the due date needs.
func (InvoicePayment) Check(o pact.Obligation) []pact.Ambiguity { return ask[InvoicePaymentParams](o) }

// Occurrences lists none: invoices open them.
func (InvoicePayment) Occurrences(pact.Obligation, calendar.Period) []pact.Occurrence { return nil }

// Opened lists the invoices.
func (InvoicePayment) Opened(o pact.Obligation, events []pact.Event) []pact.Occurrence {
	var p InvoicePaymentParams
	if decode(o.Params, &p) != nil {
		return nil
	}
	mine := func(e pact.Event) string {
		if p.Eligible.fit(subjectOf(e)) == fitsNot {
			return ""
		}
		return e.Subject
	}
	return opened(o, p.Zone, events, mine, "invoice")
}

func (InvoicePayment) scope(o pact.Obligation) (*Scope, bool) {
	var p InvoicePaymentParams
	err := decode(o.Params, &p)
	return p.Eligible, err == nil
}

func (p InvoicePaymentParams) zoneName() string { return p.Zone }

func (p InvoicePaymentParams) check() []pact.Ambiguity {
	var q questions
	terms, err := parsePaymentTerms(p.Terms)
	if err != nil {
		q.ask("terms", "When is an invoice due? %v.", err)
	}
	q.oneOf("start", p.Start, "", "invoice_date", "receipt", "delivery", "acceptance", "month_end", "later_of_receipt_and_acceptance")
	if p.Start != "" && terms.base == "net" && terms.start != "" && p.Start != terms.start {
		q.ask("start", "The terms %q count from the %s, and start says %s. Which one holds?", p.Terms, strings.ReplaceAll(terms.start, "_", " "), strings.ReplaceAll(p.Start, "_", " "))
	}
	q.oneOf("eom_reading", p.EOMReading, "", "after_month_end", "end_of_due_month")
	if terms.base == "net_eom" && p.EOMReading == "" {
		q.choose("net_eom", sprintf("%q has two readings: %d days after the end of the month, or the end of the month that %d days lead to. Which one is meant?", p.Terms, terms.days, terms.days), p.ways(terms)...)
	}
	q.oneOf("net_reading", p.NetReading, "", "days", "day_of_next_month")
	if terms.proxAndDays() && p.NetReading == "" {
		q.choose("net_prox", sprintf("%q has two readings: %d days, or day %d of the next month. Which one is meant?", p.Terms, terms.days, terms.days), p.ways(terms)...)
	}
	q.oneOf("discount_start", p.DiscountStart, "", "start", "month_end")
	if err == nil && terms.discountAndEOM() && p.DiscountStart == "" {
		q.choose("discount_eom", sprintf("Does the discount of %q run from where the term does, or from the end of the month?", p.Terms), p.ways(terms)...)
	}
	q.zone(p.Zone)
	q.days("return_days", p.ReturnDays, p.ConstructiveAcceptanceDays)
	if p.CutoffDay < 0 || p.CutoffDay > 31 {
		q.ask("cutoff_day", "There is no day %d of a month.", p.CutoffDay)
	}
	if err := p.Roll.Check(); err != nil {
		q.ask("roll", "%v", err)
	}
	q.oneOf("discount_base", p.DiscountBase, "", "total", "goods")
	q.oneOf("paid_when", p.PaidWhen, "", "sent", "received", "settled")
	q.oneOf("credit_notes", p.CreditNotes, "", "invoice", "own_date")
	q.waiver(p.Waiver)
	q.oneOf("discount_after_credit", p.DiscountAfterCredit, "", "rest", "full")
	q.oneOf("reversed_payments", p.ReversedPayments, "", "never_paid", "own_date")
	if l := p.Late; l != nil {
		l.check(&q)
	}
	if r := p.Retention; r != nil {
		q.between("retention", "retention.percent", 0, 100, &r.Percent)
		sum := decimal.Zero
		for i, one := range r.Releases {
			q.between("retention", sprintf("retention.releases[%d].share", i), 0, 100, &one.Share)
			sum = sum.Add(one.Share)
			if (one.Event == "") == (one.On == "") {
				q.ask("retention", "Each release of the retention needs either an event or a date.")
			}
		}
		q.oneOf("rest", r.Rest, "", "last_release", "kept")
		if rest := decimal.NewFromInt(100).Sub(sum); rest.IsPositive() && r.Percent.IsPositive() && len(r.Releases) > 0 && r.Rest == "" && len(q) == 0 {
			q.choose("retention_rest", sprintf("The releases of the retention add up to %s %%. When are the other %s %% released?", sum, rest),
				pact.Outcome{Reading: "with the last release", Set: `"retention": {` + member("rest", "last_release") + `}`},
				pact.Outcome{Reading: "never: they are kept", Set: `"retention": {` + member("rest", "kept") + `}`})
		}
		if sum.GreaterThan(decimal.NewFromInt(100)) {
			q.ask("retention", "The releases of the retention add up to %s %%.", sum)
		}
	}
	return q
}

func (l LateInterest) check(q *questions) {
	q.oneOf("late", l.Method, "", "contract", "uk_statute", "us_prompt_payment")
	if l.Percent != nil && (l.Method == "uk_statute" || l.Method == "us_prompt_payment") {
		q.choose("late", sprintf("The contract names %s %%, beside the rate of the statute. Which one is meant?", l.Percent),
			pact.Outcome{Reading: l.Percent.String() + " % of the contract", Set: `"late": {"method": "contract"}`}, pact.Outcome{Reading: "the rate of the statute", Set: `"late": {"percent": null, "per": null}`})
	}
	q.oneOf("per", l.Per, "", "year", "month", "day")
	q.oneOf("day_count", l.DayCount, "", "365", "360", "actual")
	q.oneOf("compounding", l.Compounding, "", "none", "month", "quarter", "half_year", "year")
	if l.Compounding != "" && l.Compounding != "none" && (l.Method != "contract" || l.Per != "year") {
		q.ask("compounding", "Interest is compounded of a rate per year. Which rate is it?")
	}
	q.oneOf("month_count", l.MonthCount, "", "pro_rata", "started", "full")
	q.oneOf("month_balance", l.MonthBalance, "", "opening", "closing")
	q.between("late", "late.percent", 0, 1000, l.Percent)
	q.between("late", "late.maximum_percent", 0, 1000, l.Maximum)
	q.amount("late", "late.fixed", l.Fixed)
	q.days("late", l.GraceDays)
	if l.Method == "" || l.Method == "contract" && (l.Percent == nil || l.Per == "") {
		q.ask("late", "Which interest does late payment cost: a percentage per year, month or day, or that of a statute?")
	}
}

// invoice is what the log says of one.
type invoice struct {
	credits  []paid // credit notes, in order
	p        InvoicePaymentParams
	s        *sheet
	terms    paymentTerms
	event    pact.Event
	date     calendar.Date
	total    *big.Rat // less credit notes
	goods    *big.Rat // of it without tax and freight
	currency string
	payments []paid
	reversed []takenBack
	unplaced []paid // taken back, and no payment that it was is known
	due      calendar.Date
	start    calendar.Date
	cleared  calendar.Date // the day since which it has been as low as it is: its own, or that of the last credit note
	held     *big.Rat      // retention
	tranches []tranche
	cost     lateCost
	part     string // the release of the retention that is the debt; "" is the invoice
}

type paid struct {
	on     calendar.Date
	amount *big.Rat
	event  pact.Event
	credit bool // a credit note, which counts from its own day
}

// Assess judges one invoice.
func (k InvoicePayment) Assess(in Input) (pact.Assessment, error) {
	find := func(s *sheet) (pact.Event, bool) {
		list := s.invoices(in.Occurrence.Key)
		if len(list) == 0 {
			return pact.Event{}, false
		}
		return list[len(list)-1], true
	}
	p, s, done, err := begin(in, func(_ InvoicePaymentParams, s *sheet) calendar.Date {
		if e, ok := find(s); ok {
			return s.dateOf(e)
		}
		return ""
	})
	if err != nil || done {
		return *s.a, err
	}
	e, ok := find(s)
	if !ok {
		s.add("no invoice", "", "no invoice of this number is known at this instant")
		return s.done(pact.Pending), nil
	}
	if a, done, err := s.shared(k, "the invoice "+short(e.Subject), e, subjectOf(e), s.dateOf(e)); done || err != nil {
		return a, err
	}
	if e.Data.Amount == nil || e.Data.Amount.Check() != nil || !money.Sane(e.Data.Amount.Value) {
		return pact.Assessment{}, fault.New(fault.Invalid, "The invoice %s has no amount.", e.Subject)
	}
	terms, err := parsePaymentTerms(p.Terms)
	if err != nil {
		return pact.Assessment{}, fault.New(fault.Invalid, "When is an invoice due? %v.", err)
	}
	if list := s.invoices(in.Occurrence.Key); len(list) > 1 {
		return s.sameNumber(p, list), nil
	}
	inv := invoice{p: p, s: s, terms: terms, event: e, date: s.dateOf(e), currency: e.Data.Amount.Currency}
	return inv.judge()
}

// invoiced is the sum of an invoice or credit note: its amount, or where it gives none that of its lines or its price times quantity, with the
// tax and freight beside them. nil where it is not known.
func invoiced(e pact.Event) *money.Amount {
	d := e.Data
	if d.Amount != nil {
		return d.Amount
	}
	sum := product(d.Quantity, d.Price)
	for i, l := range d.Lines {
		one := l.Amount
		if one == nil {
			one = product(l.Quantity, l.Price)
		}
		switch {
		case one == nil || !money.Sane(one.Value):
			return nil
		case i == 0:
			sum = one
			continue
		}
		total, err := sum.Add(*one)
		if err != nil {
			return nil
		}
		sum = &total
	}
	for _, part := range []*money.Amount{d.Tax, d.Freight} {
		if sum == nil || part == nil {
			continue
		}
		total, err := sum.Add(*part)
		if err != nil {
			return nil
		}
		sum = &total
	}
	return sum
}

// invoices are those of a number, each with its sum. One that only repeats another counts once.
func (s *sheet) invoices(number string) []pact.Event {
	var out []pact.Event
	for _, e := range s.of(number, "invoice") {
		if sum := invoiced(e); e.Data.Amount == nil && sum != nil {
			e.Data.Amount = sum
		}
		repeats := func(x pact.Event) bool {
			a, b := x.Data.Amount, e.Data.Amount
			return s.dateOf(x) == s.dateOf(e) && (a == nil) == (b == nil) && (a == nil || a.Equal(*b))
		}
		if e.Subject == number && !slices.ContainsFunc(out, repeats) {
			out = append(out, e)
		}
	}
	return out
}

// sameNumber asks which of several invoices of one number is owed: none of them may be left out without a word.
func (s *sheet) sameNumber(p InvoicePaymentParams, list []pact.Event) pact.Assessment {
	var which []string
	for _, e := range list {
		s.use(e)
		sum := "no amount"
		if e.Data.Amount != nil {
			sum = e.Data.Amount.String()
		}
		which = append(which, sum+" of "+string(s.dateOf(e)))
		s.add("invoice", "dated "+dayText(s.dateOf(e)), sum, idOf(e))
	}
	s.ask("same_number", fmt.Sprintf("Different invoices have the number %s: %s. Does the later one correct the earlier one (replaces), or is the number of one of them wrong?", short(s.in.Occurrence.Key), strings.Join(which, ", ")), s.oneOf(p, list)...)
	return s.done(pact.Pending)
}

// oneOf is what each of several invoices of one number comes to, where it is the one that is owed.
func (s *sheet) oneOf(p InvoicePaymentParams, list []pact.Event) (out []pact.Outcome) {
	terms, err := parsePaymentTerms(p.Terms)
	if err != nil {
		return nil
	}
	for _, e := range list {
		if a := e.Data.Amount; a == nil || a.Check() != nil || !money.Sane(a.Value) {
			continue
		}
		quiet := s.quiet()
		quiet.a.Amounts, quiet.a.Ambiguities, quiet.a.AmountState = nil, nil, ""
		one := invoice{p: p, s: quiet, terms: terms, event: e, date: s.dateOf(e), currency: e.Data.Amount.Currency}
		a, err := one.judge()
		if err != nil {
			continue
		}
		o := pact.Outcome{Reading: fmt.Sprintf("%s of %s (%s) is owed", e.Data.Amount, s.dateOf(e), idOf(e)), Amount: a.Amount, Result: resultOf(a)}
		if sums := sumsOf(a); sums != "" {
			o.Result += ", " + sums
		}
		out = append(out, o)
	}
	return out
}

func (inv *invoice) judge() (pact.Assessment, error) {
	s := inv.s
	s.use(inv.event)
	s.add("invoice", "dated "+dayText(inv.date), inv.event.Data.Amount.String(), idOf(inv.event))
	if !inv.read() {
		return s.done(pact.Pending), nil
	}
	days, err := s.business(inv.p.Hours)
	if err != nil {
		return pact.Assessment{}, err
	}
	if code, question, readings := inv.readings(); len(readings) > 0 {
		return inv.undecided(days, code, question, readings)
	}
	if inv.p.NetReading == "day_of_next_month" && inv.terms.proxAndDays() {
		inv.terms.base = inv.p.NetReading
	}
	ok, err := inv.findDue(days, inv.p.EOMReading)
	if err != nil || !ok {
		return *s.a, err
	}
	s.a.DueAt, s.a.Measured = s.end(inv.due), string(inv.due)
	if !inv.creditLate() || !inv.reversedBefore() || !inv.reversedLate() {
		return s.done(pact.Pending), nil
	}
	inv.retain()
	inv.settle()
	return *s.a, nil
}

// creditLate sets credit notes of after the due day against the debt from the day the clause says: as if less had been invoiced, or as a
// payment of their own day. False where that is asked.
func (inv *invoice) creditLate() bool {
	s := inv.s
	var late []paid
	for _, c := range inv.credits {
		if c.on > inv.due {
			late = append(late, c)
		}
	}
	if len(late) == 0 {
		return true
	}
	switch inv.p.CreditNotes {
	case "":
		s.ask("credit_notes", sprintf("The credit note of %s came after the due day, %s. Was less owed from the beginning, or only from the day of the credit note on?", late[0].on, inv.due),
			pact.Outcome{Reading: "less was owed from the beginning", Set: member("credit_notes", "invoice")},
			pact.Outcome{Reading: "from the day of the credit note on", Set: member("credit_notes", "own_date")})
		return false
	case "own_date":
		for _, c := range late {
			inv.total, inv.goods = plus(inv.total, c.amount), plus(inv.goods, c.amount)
			c.credit = true
			inv.payments = append(inv.payments, c)
			s.add("credit note after the due day", "of "+string(c.on), exactText(c.amount, inv.currency)+" less are owed from then on", idOf(c.event))
		}
		inv.inOrder()
	default:
		s.add("credit note after the due day", "of "+string(late[0].on), "less was owed from the beginning")
	}
	return true
}

// inOrder puts payments in the order of their days.
func (inv *invoice) inOrder() {
	slices.SortStableFunc(inv.payments, func(a, b paid) int { return cmp.Compare(a.on, b.on) })
}

// read collects credit notes and payments. It is false where what is owed or paid is not known: a part of it is in a currency without a rate.
func (inv *invoice) read() bool {
	s, d := inv.s, inv.event.Data
	inv.total, inv.cleared = d.Amount.Ratio(), inv.date
	inv.goods = new(big.Rat).Set(inv.total)
	for _, part := range []*money.Amount{d.Tax, d.Freight} {
		if part == nil || !money.Sane(part.Value) || part.Currency != inv.currency && inv.p.DiscountBase != "goods" && inv.p.Retention == nil {
			continue
		}
		value, ok := s.convert(*part, inv.currency, inv.date, "tax and freight")
		if !ok {
			return false
		}
		inv.goods = minus(inv.goods, value)
	}
	for _, e := range s.of(inv.event.Subject, "credit_note") {
		if a := invoiced(e); a != nil && a.Check() == nil && money.Sane(a.Value) {
			value, ok := s.convert(*a, inv.currency, s.dateOf(e), "credit note")
			if !ok {
				return false
			}
			off := new(big.Rat).Abs(value)
			inv.total, inv.goods = minus(inv.total, off), minus(inv.goods, off)
			inv.cleared = max(inv.cleared, s.dateOf(e))
			inv.credits = append(inv.credits, paid{on: s.dateOf(e), amount: off, event: e})
			s.use(e)
			s.add("credit note", "of "+string(s.dateOf(e)), "leaves "+exactText(inv.total, inv.currency), idOf(e))
		}
	}
	inv.creditedOnOrder()
	inv.held = new(big.Rat)
	var reversals []paid
	if states := s.statesOf(inv.event.Subject, inv.paysMore()); inv.p.PaidWhen == "" && len(states) > 1 {
		var readings []pact.Outcome
		for _, state := range states {
			readings = append(readings, pact.Outcome{Reading: "the day on which it was " + state, Set: member("paid_when", state)})
		}
		s.ask("paid_when", sprintf("A payment was reported as %s. On which of these days was it paid?", strings.Join(states, " and as ")), readings...)
		return false
	}
	for _, e := range s.of(inv.event.Subject, "payment") {
		a := e.Data.Amount
		if a == nil || a.Check() != nil || !money.Sane(a.Value) || inv.p.PaidWhen != "" && e.Data.State != "" && !sameWord(inv.p.PaidWhen, e.Data.State) {
			continue
		}
		on := s.dateOf(e)
		value, ok := s.convert(*a, inv.currency, on, "payment")
		if !ok {
			return false
		}
		if coins := money.FromRatio(value, inv.currency); coins.Ratio().Cmp(value) != 0 && a.Currency != inv.currency {
			s.add("payment in the currency of the invoice, rounded half up", exactText(value, inv.currency), coins.String())
			value = coins.Ratio()
		}
		one := paid{on: on, amount: value, event: e}
		if value.Sign() < 0 {
			reversals = append(reversals, one)
		} else {
			inv.payments = append(inv.payments, one)
		}
		s.use(e)
	}
	inv.inOrder()
	inv.takeBack(reversals)
	return true
}

// statesOf are the states in which one payment of an invoice was reported, where there are several: the same sum, and the same reference where
// both have one. Without references they are one payment only where two would pay more than is owed.
func (s *sheet) statesOf(number string, more bool) (states []string) {
	list := s.of(number, "payment")
	for _, state := range []string{"sent", "received", "settled"} {
		if slices.ContainsFunc(list, func(e pact.Event) bool {
			return sameWord(state, e.Data.State) && slices.ContainsFunc(list, func(x pact.Event) bool {
				return x.Data.State != "" && !sameWord(x.Data.State, e.Data.State) && samePayment(x.Data, e.Data, more)
			})
		}) {
			states = append(states, state)
		}
	}
	return states
}

func samePayment(a, b pact.EventData, more bool) bool {
	return a.Amount != nil && b.Amount != nil && a.Amount.Equal(*b.Amount) && (a.Reference == b.Reference && a.Reference != "" || more && (a.Reference == "" || b.Reference == ""))
}

// paysMore tells whether all payments together are more than is owed, as far as they are in the currency of the invoice.
func (inv *invoice) paysMore() bool {
	sum := new(big.Rat)
	for _, e := range inv.s.of(inv.event.Subject, "payment") {
		if a := e.Data.Amount; a != nil && a.Currency == inv.currency && a.Value.IsPositive() {
			sum = plus(sum, a.Ratio())
		}
	}
	return sum.Cmp(inv.total) > 0
}
