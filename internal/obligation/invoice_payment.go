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
	// CutoffDay: with terms that name a day of the next month, what starts after that day of the month counts as of the next.
	CutoffDay int `json:"cutoff_day,omitempty"`
	// ConstructiveAcceptanceDays: without acceptance goods count as accepted so many days after delivery.
	ConstructiveAcceptanceDays int `json:"constructive_acceptance_days,omitempty"`
	// ReturnDays: an improper invoice returned within so many days counts from its corrected receipt; the days over them shorten
	// the term.
	ReturnDays int `json:"return_days,omitempty"`
	// Roll of a due date that is no business day; only where the clause says so.
	Roll  calendar.Roll  `json:"roll,omitempty" enum:"following,modified_following,preceding,none"`
	Hours calendar.Hours `json:"hours,omitzero"` // whose business days; Monday to Friday where absent
	Zone  string         `json:"zone,omitempty"`
	// DiscountBase: total (default), or goods: the amount without tax and freight.
	DiscountBase string `json:"discount_base,omitempty" enum:"total,goods"`
	// PartialDiscount: a part that is paid in time earns its part of the discount, where the contract grants that.
	PartialDiscount bool `json:"partial_discount,omitempty"`
	// PaidWhen says which report of a payment counts as its date, where payments carry a state: sent, received, settled. Absent:
	// every report counts, whatever its state.
	PaidWhen  string           `json:"paid_when,omitempty" enum:"sent,received,settled"`
	Late      *LateInterest    `json:"late,omitempty"`
	Retention *RetentionParams `json:"retention,omitempty"`
}

// LateInterest is what late payment costs.
type LateInterest struct {
	// Method: contract; uk_statute: simple, the Bank Rate (events rate, item boe_bank_rate) of 30 June or 31 December before
	// interest begins plus 8, fixed for the debt, plus 40, 70 or 100 by its size; us_prompt_payment: the rate (item
	// prompt_payment_rate) of the day after the due date, compounded every 30 days on 360, less than one dollar is not paid, a
	// year at most.
	Method  string           `json:"method" enum:"contract,uk_statute,us_prompt_payment"`
	Percent *decimal.Decimal `json:"percent,omitempty"` // contract
	Per     string           `json:"per,omitempty" enum:"year,month,day"`
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
	Percent  decimal.Decimal    `json:"percent"`
	Releases []RetentionRelease `json:"releases"`
}

// RetentionRelease lets Share percent of what is held go, Days after the milestone Event (data.item of events milestone or
// accepted), or on a date.
type RetentionRelease struct {
	Share decimal.Decimal `json:"share"`
	Event string          `json:"event,omitempty"`
	Days  int             `json:"days,omitempty"`
	On    calendar.Date   `json:"on,omitempty"`
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
	return opened(o, p.Zone, events, bySubject, "invoice")
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
		q.ask("net_eom", "%q has two readings: %d days after the end of the month, or the end of the month that %d days lead to. Which one is meant?", p.Terms, terms.days, terms.days)
	}
	q.oneOf("net_reading", p.NetReading, "", "days", "day_of_next_month")
	if terms.proxAndDays() && p.NetReading == "" {
		q.ask("net_prox", "%q has two readings: %d days, or day %d of the next month. Which one is meant?", p.Terms, terms.days, terms.days)
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
	if l := p.Late; l != nil {
		l.check(&q)
	}
	if r := p.Retention; r != nil {
		q.decimals("retention", 0, 100, &r.Percent)
		sum := decimal.Zero
		for _, one := range r.Releases {
			q.decimals("retention", 0, 100, &one.Share)
			sum = sum.Add(one.Share)
			if (one.Event == "") == (one.On == "") {
				q.ask("retention", "Each release of the retention needs either an event or a date.")
			}
		}
		if sum.GreaterThan(decimal.NewFromInt(100)) {
			q.ask("retention", "The releases of the retention add up to %s %%.", sum)
		}
	}
	return q
}

func (l LateInterest) check(q *questions) {
	q.oneOf("late", l.Method, "", "contract", "uk_statute", "us_prompt_payment")
	q.oneOf("per", l.Per, "", "year", "month", "day")
	q.oneOf("day_count", l.DayCount, "", "365", "360", "actual")
	q.oneOf("compounding", l.Compounding, "", "none", "month", "quarter", "half_year", "year")
	if l.Compounding != "" && l.Compounding != "none" && (l.Method != "contract" || l.Per != "year") {
		q.ask("compounding", "Interest is compounded of a rate per year. Which rate is it?")
	}
	q.oneOf("month_count", l.MonthCount, "", "pro_rata", "started", "full")
	q.oneOf("month_balance", l.MonthBalance, "", "opening", "closing")
	q.decimals("late", 0, 1000, l.Percent, l.Maximum)
	q.amounts("late", l.Fixed)
	q.days("late", l.GraceDays)
	if l.Method == "" || l.Method == "contract" && (l.Percent == nil || l.Per == "") {
		q.ask("late", "Which interest does late payment cost: a percentage per year, month or day, or that of a statute?")
	}
}

// invoice is what the log says of one.
type invoice struct {
	p        InvoicePaymentParams
	s        *sheet
	terms    paymentTerms
	event    pact.Event
	date     calendar.Date
	total    *big.Rat // less credit notes
	goods    *big.Rat // of it without tax and freight
	currency string
	payments []paid
	due      calendar.Date
	start    calendar.Date
	held     *big.Rat // retention
	tranches []tranche
	cost     lateCost
	part     string // the release of the retention that is the debt; "" is the invoice
}

type paid struct {
	on     calendar.Date
	amount *big.Rat
	event  pact.Event
}

// Assess judges one invoice.
func (InvoicePayment) Assess(in Input) (pact.Assessment, error) {
	find := func(s *sheet) (pact.Event, bool) {
		list := s.of(in.Occurrence.Key, "invoice")
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
	if e.Data.Amount == nil || e.Data.Amount.Check() != nil || !money.Sane(e.Data.Amount.Value) {
		return pact.Assessment{}, fault.New(fault.Invalid, "The invoice %s has no amount.", e.Subject)
	}
	terms, err := parsePaymentTerms(p.Terms)
	if err != nil {
		return pact.Assessment{}, fault.New(fault.Invalid, "When is an invoice due? %v.", err)
	}
	inv := invoice{p: p, s: s, terms: terms, event: e, date: s.dateOf(e), currency: e.Data.Amount.Currency}
	return inv.judge()
}

func (inv *invoice) judge() (pact.Assessment, error) {
	s := inv.s
	s.use(inv.event)
	s.add("invoice", "dated "+dayText(inv.date), inv.event.Data.Amount.String(), idOf(inv.event))
	inv.read()
	days, err := s.business(inv.p.Hours)
	if err != nil {
		return pact.Assessment{}, err
	}
	if inv.terms.base == "net_eom" && inv.p.EOMReading == "" || inv.terms.proxAndDays() && inv.p.NetReading == "" {
		return inv.undecided(days)
	}
	if inv.p.NetReading == "day_of_next_month" && inv.terms.proxAndDays() {
		inv.terms.base = inv.p.NetReading
	}
	ok, err := inv.findDue(days, inv.p.EOMReading)
	if err != nil || !ok {
		return *s.a, err
	}
	s.a.DueAt, s.a.Measured = s.end(inv.due), string(inv.due)
	inv.retain()
	inv.settle()
	return *s.a, nil
}

// read collects credit notes and payments.
func (inv *invoice) read() {
	s, d := inv.s, inv.event.Data
	inv.total = d.Amount.Ratio()
	inv.goods = new(big.Rat).Set(inv.total)
	for _, part := range []*money.Amount{d.Tax, d.Freight} {
		if part != nil && part.Currency == inv.currency && money.Sane(part.Value) {
			inv.goods = minus(inv.goods, part.Ratio())
		}
	}
	for _, e := range s.of(inv.event.Subject, "credit_note") {
		if a := e.Data.Amount; a != nil && a.Check() == nil && a.Currency == inv.currency && money.Sane(a.Value) {
			off := new(big.Rat).Abs(a.Ratio())
			inv.total, inv.goods = minus(inv.total, off), minus(inv.goods, off)
			s.use(e)
			s.add("credit note", "of "+string(s.dateOf(e)), "leaves "+exactText(inv.total, inv.currency), idOf(e))
		}
	}
	inv.held = new(big.Rat)
	for _, e := range s.of(inv.event.Subject, "payment") {
		a := e.Data.Amount
		if a == nil || a.Check() != nil || !money.Sane(a.Value) || inv.p.PaidWhen != "" && e.Data.State != "" && !sameWord(inv.p.PaidWhen, e.Data.State) {
			continue
		}
		on := s.dateOf(e)
		value, ok := s.convert(*a, inv.currency, on, "payment")
		if !ok {
			continue
		}
		inv.payments = append(inv.payments, paid{on, value, e})
		s.use(e)
	}
	slices.SortStableFunc(inv.payments, func(a, b paid) int {
		if a.on < b.on {
			return -1
		}
		if a.on > b.on {
			return 1
		}
		return 0
	})
}

// first is the date of the first event of a kind about the invoice, or of its order.
func (inv *invoice) first(kind string) (calendar.Date, pact.Event, bool) {
	for _, subject := range []string{inv.event.Subject, inv.event.Data.Reference} {
		if subject == "" {
			continue
		}
		if list := inv.s.of(subject, kind); len(list) > 0 {
			return inv.s.dateOf(list[0]), list[0], true
		}
	}
	return "", pact.Event{}, false
}

// accepted is the day of acceptance, formal or by silence.
func (inv *invoice) accepted() (calendar.Date, bool) {
	s := inv.s
	delivered, delivery, isDelivered := inv.first("delivery")
	on, e, ok := inv.first("accepted")
	if n := inv.p.ConstructiveAcceptanceDays; n > 0 && isDelivered {
		silent := delivered.AddDays(n)
		if !ok || silent < on {
			if !ok && silent > s.today {
				s.add("acceptance", fmt.Sprintf("delivered on %s, not accepted yet", delivered), "counts as accepted on "+string(silent)+" at the latest", idOf(delivery))
			} else {
				s.add("constructive acceptance", fmt.Sprintf("%s after the delivery on %s", dayCount(n), delivered), dayText(silent), idOf(delivery))
			}
			s.use(delivery)
			return silent, true
		}
	}
	if ok {
		s.use(e)
		s.add("acceptance", "", dayText(on), idOf(e))
	}
	return on, ok
}

// received is the day a proper invoice came in, and by how many days the term is shortened because an improper one went back late.
func (inv *invoice) received() (calendar.Date, int) {
	s := inv.s
	on, late := inv.date, 0
	list := s.of(inv.event.Subject, "invoice_received")
	if len(list) == 0 {
		s.add("receipt of the invoice", "no receipt is recorded", "the date of the invoice counts, "+dayText(on))
		return on, 0
	}
	on = s.dateOf(list[0])
	used := list[0]
	for _, back := range s.of(inv.event.Subject, "invoice_returned") {
		for _, again := range list {
			if again.OccurredAt.After(back.OccurredAt) {
				if taken := on.DaysUntil(s.dateOf(back)); inv.p.ReturnDays > 0 && taken > inv.p.ReturnDays {
					late += taken - inv.p.ReturnDays
					s.add("improper invoice returned late", fmt.Sprintf("%s after receipt, %d were allowed", dayCount(taken), inv.p.ReturnDays), fmt.Sprintf("the term is %s shorter", dayCount(taken-inv.p.ReturnDays)), idOf(back))
				}
				on, used = s.dateOf(again), again
				break
			}
		}
		s.use(back)
	}
	s.use(used)
	s.add("receipt of a proper invoice", "", dayText(on), idOf(used))
	return on, late
}

// findDue computes the due date; ok is false where what it counts from has not happened: then it is not overdue.
func (inv *invoice) findDue(days *calendar.Calendar, reading string) (bool, error) {
	s := inv.s
	shorter := 0
	start := cmp.Or(inv.p.Start, inv.terms.start)
	waiting := func(what string) (bool, error) {
		s.add("due", "the term counts from the "+what+", which has not happened", "no due date, not overdue")
		s.a.Status = pact.Pending
		return false, nil
	}
	switch start {
	case "receipt":
		inv.start, shorter = inv.received()
	case "delivery":
		on, e, ok := inv.first("delivery")
		if !ok {
			return waiting("delivery")
		}
		s.use(e)
		s.add("delivery", "", dayText(on), idOf(e))
		inv.start = on
	case "acceptance":
		on, ok := inv.accepted()
		if !ok {
			return waiting("acceptance")
		}
		inv.start = on
	case "month_end":
		inv.start = (inv.date[:8] + "01").AddMonths(1).AddDays(-1)
	case "later_of_receipt_and_acceptance":
		on, ok := inv.accepted()
		if !ok {
			return waiting("acceptance")
		}
		inv.start, shorter = inv.received()
		if on > inv.start {
			inv.start, shorter = on, 0
		}
		s.add("the later of both", "", dayText(inv.start))
	default:
		inv.start = inv.date
	}
	due, words := inv.terms.due(inv.start, reading, inv.p.CutoffDay)
	if due = due.AddDays(-shorter); due == "" {
		return false, fault.New(fault.Invalid, "The due date leaves the calendar.")
	}
	s.add("due", inv.p.Terms+": "+words, dayText(due))
	var err error
	inv.due, err = s.roll(due, inv.p.Roll, days)
	return err == nil, err
}

// undecided computes each reading of "net 30 EOM" and asks.
func (inv *invoice) undecided(days *calendar.Calendar) (pact.Assessment, error) {
	s := inv.s
	var outcomes []pact.Outcome
	code, member := "net_eom", "eom_reading"
	readings := []struct{ reading, words string }{
		{"after_month_end", fmt.Sprintf("%d days after the end of the month", inv.terms.days)},
		{"end_of_due_month", fmt.Sprintf("end of the month that %d days lead to", inv.terms.days)},
	}
	if inv.terms.proxAndDays() {
		code, member = "net_prox", "net_reading"
		readings[0].reading, readings[0].words = "days", fmt.Sprintf("%d days", inv.terms.days)
		readings[1].reading, readings[1].words = "day_of_next_month", fmt.Sprintf("day %d of the next month", inv.terms.days)
	}
	for _, r := range readings {
		scratch := *inv
		if r.reading == "day_of_next_month" {
			scratch.terms.base = r.reading
		}
		a := pact.Assessment{At: s.a.At}
		quiet := *s
		quiet.a, quiet.steps = &a, &a.Trace
		scratch.s = &quiet
		ok, err := scratch.findDue(days, r.reading)
		if err != nil {
			return pact.Assessment{}, err
		}
		o := pact.Outcome{Reading: r.words, Result: "no due date yet", Set: `"` + member + `": "` + r.reading + `"`}
		if ok {
			scratch.retain()
			scratch.settle()
			o.Result = "due " + dayText(scratch.due)
			o.Amount = a.Amount
		}
		outcomes = append(outcomes, o)
	}
	s.a.Status = pact.Pending
	s.ask(code, fmt.Sprintf("%q has two readings. Which one is meant?", inv.p.Terms), outcomes...)
	return *s.a, nil
}

// tranche is a part of the retention that is released on a day of its own; due is "" while it waits for its event.
type tranche struct {
	name string
	sum  *big.Rat
	due  calendar.Date
}

// retain takes the retention out of what is due with the invoice, and splits what is held, once, into its releases: each stays what it
// is, whatever became due or was paid before it.
func (inv *invoice) retain() {
	r := inv.p.Retention
	if r == nil || !r.Percent.IsPositive() {
		return
	}
	s := inv.s
	exact := percentOf(inv.goods, r.Percent)
	held := s.sum("retention held", exact, inv.currency, "")
	s.add("retention", fmt.Sprintf("%s %% of %s", r.Percent, exactText(inv.goods, inv.currency)), held.String()+" is held back")
	inv.held = held.Ratio()
	share, before := decimal.Zero, new(big.Rat)
	for i, one := range r.Releases {
		on := one.On
		if one.Event != "" {
			for _, e := range s.of("", "milestone", "accepted", "trigger") {
				if sameWord(one.Event, e.Data.Item) || sameWord(one.Event, e.Subject) {
					on = s.dateOf(e).AddDays(one.Days)
					s.use(e)
					break
				}
			}
		}
		share = share.Add(one.Share)
		until := money.FromRatio(percentOf(inv.held, share), inv.currency).Ratio() // rounded together, the releases add up to what is held
		part := minus(until, before)
		before = until
		name := fmt.Sprintf("retention release %d", i+1)
		if on == "" {
			s.add(name, fmt.Sprintf("%s %% after %q", one.Share, one.Event), "waits: it has not happened")
			continue
		}
		on = max(on, inv.due) // nothing of an invoice is due before it
		sum := s.sum(name, part, inv.currency, on)
		s.add(name, fmt.Sprintf("%s %% of %s", one.Share, held), fmt.Sprintf("%s due on %s", sum, dayText(on)))
		inv.tranches = append(inv.tranches, tranche{name, part, on})
	}
	slices.SortStableFunc(inv.tranches, func(a, b tranche) int { return cmp.Compare(a.due, b.due) })
}

// release judges each release that is due on its own day, by what was paid beyond the invoice: the oldest is paid first. beyond is what
// the invoice itself took of the payments.
func (inv *invoice) release(beyond *big.Rat) {
	s := inv.s
	lower := beyond
	made := s.a.EndedAt
	missed := s.a.Status == pact.Breached
	open := missed && made.IsZero()
	for _, t := range inv.tranches {
		upper := plus(lower, t.sum)
		one := *inv // the same invoice, with this release for its debt
		one.due, one.payments, one.part = t.due, nil, t.name
		paidSum, full := new(big.Rat), calendar.Date("")
		if t.sum.Sign() <= 0 {
			continue
		}
		for _, pay := range inv.payments {
			before := paidSum
			paidSum = plus(paidSum, pay.amount)
			if part := minus(minRat(paidSum, upper), maxRat(before, lower)); part.Sign() > 0 {
				one.payments = append(one.payments, paid{pay.on, part, pay.event})
			}
			if full == "" && paidSum.Cmp(upper) >= 0 {
				full = pay.on
			}
		}
		left := maxRat(new(big.Rat), minus(upper, maxRat(paidSum, lower)))
		lower = upper
		switch {
		case full != "" && full <= t.due:
			s.add(t.name, "paid on "+dayText(full)+" against due "+dayText(t.due), string(pact.Met))
			if s.end(full).After(made) {
				made = s.end(full)
			}
			continue
		case full == "" && !s.over(t.due):
			s.add(t.name, exactText(left, inv.currency)+" is due on "+dayText(t.due), string(pact.OnTrack))
			if due := s.end(t.due); s.a.NextAt.IsZero() || due.Before(s.a.NextAt) {
				s.a.NextAt = due
			}
			continue
		}
		if !missed {
			missed = true
			s.a.Status, s.a.BreachedAt = pact.Breached, s.end(t.due)
			s.a.DueAt, s.a.Measured = s.end(t.due), string(t.due)
		}
		if full != "" {
			if s.end(full).After(made) {
				made = s.end(full)
			}
			s.add(t.name+" paid late", fmt.Sprintf("%s, %s after %s", dayText(full), dayCount(t.due.DaysUntil(full)), dayText(t.due)), string(pact.Breached))
		} else {
			open = true
			s.overdue(left, inv.currency, t.due)
			s.add(t.name+" overdue", fmt.Sprintf("%s since %s", exactText(left, inv.currency), dayText(t.due)), string(pact.Breached))
		}
		if s.a.AmountState == "" {
			one.interest(t.sum, full)
		}
		inv.cost = one.cost
	}
	switch {
	case !missed:
	case open:
		s.a.EndedAt = time.Time{}
	default:
		s.a.EndedAt = made
	}
}

// overdue keeps what is open past its day, one line for all of an invoice; its day is the first of them.
func (s *sheet) overdue(open *big.Rat, currency string, since calendar.Date) {
	for i := range s.a.Amounts {
		if l := &s.a.Amounts[i]; l.Name == "overdue" {
			l.Amount, l.Exact = money.FromRatio(plus(l.Amount.Ratio(), open), currency), ""
			return
		}
	}
	s.sum("overdue", open, currency, since)
}

// settle follows payments against discounts and the due date.
func (inv *invoice) settle() {
	s := inv.s
	owed := minus(inv.total, inv.held)
	base := inv.total
	if inv.p.DiscountBase == "goods" {
		base = inv.goods
	}
	open := owed
	var full calendar.Date // the day it was paid in full
	taken := false
	paidSum, earned, settled := new(big.Rat), new(big.Rat), new(big.Rat)
	for _, pay := range inv.payments {
		paidSum = plus(paidSum, pay.amount)
		open = minus(minus(owed, paidSum), earned)
		s.add("payment", "on "+dayText(pay.on), exactText(pay.amount, inv.currency), idOf(pay.event))
		if full == "" && open.Sign() <= 0 {
			full = pay.on
		}
		if full == "" && !taken && inv.p.PartialDiscount {
			part := inv.partDiscount(pay, owed, base, open)
			earned, open = plus(earned, part), minus(open, part)
			if part.Sign() > 0 && open.Sign() <= 0 {
				full = pay.on
			}
			continue
		}
		if full == "" && !taken {
			taken = inv.discountTaken(pay, open, base)
			if taken {
				full, settled = pay.on, paidSum
			}
		}
	}
	inv.explainDiscounts(base, taken || earned.Sign() > 0, full)
	if taken {
		open = new(big.Rat)
	}
	if !taken && !inv.p.PartialDiscount && len(inv.terms.discounts) > 0 && open.Sign() > 0 && len(inv.payments) > 0 {
		inv.unearned(open, base)
	}
	mine := minus(owed, earned) // what the invoice itself takes of the payments
	if taken {
		mine = settled
	}
	claim := mine
	for _, t := range inv.tranches {
		claim = plus(claim, t.sum)
	}
	if over := minus(paidSum, claim); over.Sign() > 0 {
		over := s.sum(overpaid, over, inv.currency, "")
		s.add("more was paid than was owed", exactText(paidSum, inv.currency)+" of "+exactText(claim, inv.currency), over.String())
	}
	switch {
	case full != "" && full <= inv.due:
		s.a.Status, s.a.EndedAt = pact.Met, s.end(full)
		s.add("paid in full", dayText(full)+" against due "+dayText(inv.due), string(pact.Met))
	case full == "" && !s.over(inv.due):
		s.a.Status = pact.OnTrack
		if due := s.end(inv.due); s.a.NextAt.IsZero() || due.Before(s.a.NextAt) {
			s.a.NextAt = due // before it the last day of a discount may pass
		}
		s.add("open", exactText(open, inv.currency)+" is due on "+dayText(inv.due), string(pact.OnTrack))
	default:
		s.a.Status, s.a.BreachedAt = pact.Breached, s.end(inv.due)
		if full != "" {
			s.a.EndedAt = s.end(full)
			s.add("paid late", fmt.Sprintf("%s, %s after %s", dayText(full), dayCount(inv.due.DaysUntil(full)), dayText(inv.due)), string(pact.Breached))
		} else {
			s.overdue(open, inv.currency, inv.due)
			s.add("overdue", fmt.Sprintf("%s since %s", exactText(open, inv.currency), dayText(inv.due)), string(pact.Breached))
		}
		inv.interest(minus(owed, earned), full)
	}
	inv.release(mine)
}

// partDiscount is what a payment earns by itself: whoever pays the whole less the discount settles the whole, and whoever pays a
// part of that settles that part.
func (inv *invoice) partDiscount(pay paid, owed, base, open *big.Rat) *big.Rat {
	for _, d := range inv.terms.discounts {
		last := d.until(inv.start, inv.p.CutoffDay)
		off := percentOf(base, d.percent)
		net := minus(owed, off)
		if pay.on > last || net.Sign() <= 0 {
			continue
		}
		exact := minRat(mul(pay.amount, quo(off, net)), maxRat(new(big.Rat), open))
		sum := inv.s.sum("discount taken", exact, inv.currency, pay.on)
		inv.s.add("discount for a part", fmt.Sprintf("%s %% of %s, %s paid by %s", d.percent, exactText(base, inv.currency), exactText(pay.amount, inv.currency), dayText(last)), sum.String())
		return sum.Ratio()
	}
	return new(big.Rat)
}

// discountTaken tells whether a payment settles the invoice less a discount it came in time for.
func (inv *invoice) discountTaken(pay paid, open, base *big.Rat) bool {
	for _, d := range inv.terms.discounts {
		last := d.until(inv.start, inv.p.CutoffDay)
		off := percentOf(base, d.percent)
		if pay.on > last || open.Cmp(money.FromRatio(off, inv.currency).Ratio()) > 0 {
			continue
		}
		sum := inv.s.sum("discount taken", off, inv.currency, pay.on)
		inv.s.add("discount taken", fmt.Sprintf("%s %% of %s, paid by %s", d.percent, exactText(base, inv.currency), dayText(last)), sum.String())
		return true
	}
	return false
}

// explainDiscounts says until when which discount holds, or that it was missed and what that cost by the year.
func (inv *invoice) explainDiscounts(base *big.Rat, taken bool, full calendar.Date) {
	s := inv.s
	for i, d := range inv.terms.discounts {
		last := d.until(inv.start, inv.p.CutoffDay)
		off := money.FromRatio(percentOf(base, d.percent), inv.currency)
		pay := minus(minus(inv.total, inv.held), off.Ratio())
		switch {
		case taken:
		case !s.over(last) && full == "":
			s.sum("pay with discount until "+string(last), pay, inv.currency, last)
			s.add("discount", fmt.Sprintf("%s %% of %s until %s", d.percent, exactText(base, inv.currency), dayText(last)), "pay "+exactText(pay, inv.currency))
			if s.a.NextAt.IsZero() {
				s.a.NextAt = s.end(last)
			}
		case i == 0:
			s.sum(discountMissed, off.Ratio(), inv.currency, last)
			text := off.String()
			if n := last.DaysUntil(inv.due); n > 0 {
				hundred := decimal.NewFromInt(100)
				yearly := mul(quo(d.percent.Rat(), hundred.Sub(d.percent).Rat()), big.NewRat(365*100, int64(n)))
				text += fmt.Sprintf("; forgoing it costs %s %% a year", money.RoundRatio(yearly, 2))
			}
			s.add("discount missed", fmt.Sprintf("%s %% of %s until %s", d.percent, exactText(base, inv.currency), dayText(last)), text)
		}
	}
}

// unearned finds a discount that was deducted too late: what is open is not more than the discount.
func (inv *invoice) unearned(open, base *big.Rat) {
	s := inv.s
	best := inv.terms.discounts[0]
	off := money.FromRatio(percentOf(base, best.percent), inv.currency)
	last := inv.payments[len(inv.payments)-1]
	if open.Cmp(off.Ratio()) > 0 {
		return
	}
	sum := s.sum(discountUnearned, open, inv.currency, last.on)
	s.owe(sum)
	s.add("unearned discount", fmt.Sprintf("paid on %s, the discount held until %s", dayText(last.on), dayText(best.until(inv.start, inv.p.CutoffDay))), sum.String()+" is still owed")
}
