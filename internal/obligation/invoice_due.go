package obligation

import (
	"cmp"
	"fmt"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// accepted is the day of acceptance, formal or by silence.
func (inv *invoice) accepted() (calendar.Date, bool) {
	s := inv.s
	delivered, deliveries, isDelivered := inv.first("delivery")
	on, list, ok := inv.first("accepted")
	if n := inv.p.ConstructiveAcceptanceDays; n > 0 && isDelivered {
		silent, delivery := delivered.AddDays(n), deliveries[0]
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
		s.use(list...)
		s.add("acceptance", inv.theFirst(list), dayText(on), idsOfEvents(list...)...)
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
	used, ids := list[0], idsOfEvents(list[0])
	for _, back := range s.of(inv.event.Subject, "invoice_returned") {
		for at, again := range list {
			if at > 0 && s.order(used, back) <= 0 && s.order(again, back) >= 0 && idOf(again) != idOf(used) {
				if taken := on.DaysUntil(s.dateOf(back)); inv.p.ReturnDays > 0 && taken > inv.p.ReturnDays {
					late += taken - inv.p.ReturnDays
					s.add("improper invoice returned late", fmt.Sprintf("%s after receipt, %d were allowed", dayCount(taken), inv.p.ReturnDays), fmt.Sprintf("the term is %s shorter", dayCount(taken-inv.p.ReturnDays)), idOf(used), idOf(back))
				}
				on, used = s.dateOf(again), again
				ids = append(ids, idOf(back), idOf(again))
				break
			}
		}
		s.use(back)
	}
	s.use(used)
	s.add("receipt of a proper invoice", "", dayText(on), eachOnce(ids)...)
	return on, late
}

// findDue computes the due date; ok is false where what it counts from has not happened: then it is not overdue.
func (inv *invoice) findDue(days *calendar.Calendar, reading string) (bool, error) {
	s := inv.s
	shorter := 0
	start := cmp.Or(inv.p.Start, inv.terms.start)
	waiting := func(what string) (bool, error) {
		s.add("due", "the term counts from the "+what+", which is not known to have happened", "no due date, not overdue")
		s.a.Status = pact.Pending
		return false, nil
	}
	switch start {
	case "receipt":
		inv.start, shorter = inv.received()
	case "delivery":
		on, list, ok := inv.first("delivery")
		if !ok {
			return waiting("delivery")
		}
		s.use(list...)
		s.add("delivery", inv.theFirst(list), dayText(on), idsOfEvents(list...)...)
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
	if shorter > 0 && due != "" {
		words += ", " + dayText(due) + ", and " + dayCount(shorter) + " less"
	}
	if due = due.AddDays(-shorter); due == "" {
		return false, fault.New(fault.Invalid, "The due date leaves the calendar.")
	}
	s.add("due", inv.p.Terms+": "+words, dayText(due))
	var err error
	inv.due, err = s.roll(due, inv.p.Roll, days)
	return err == nil, err
}

// until is the last day on which a discount holds.
func (inv *invoice) until(d discount) calendar.Date {
	start := inv.start
	if inv.p.DiscountStart == "month_end" && !d.prox {
		start, _ = monthEnd(start, inv.p.CutoffDay)
	}
	return d.until(start, inv.p.CutoffDay)
}

// termsReading is one way to read the terms.
type termsReading struct {
	words, member, value string
	take                 func(*invoice)
}

// readings are those between which the terms leave the choice; none where they do not.
func (inv *invoice) readings() (code, question string, list []termsReading) {
	n := inv.terms.days
	switch {
	case inv.terms.base == "net_eom" && inv.p.EOMReading == "":
		take := func(which string) termsReading {
			return termsReading{member: "eom_reading", value: which, take: func(x *invoice) { x.p.EOMReading = which }}
		}
		list = []termsReading{take("after_month_end"), take("end_of_due_month")}
		list[0].words = fmt.Sprintf("%d days after the end of the month", n)
		list[1].words = fmt.Sprintf("end of the month that %d days lead to", n)
		return "net_eom", fmt.Sprintf("%q has two readings. Which one is meant?", inv.p.Terms), list
	case inv.terms.proxAndDays() && inv.p.NetReading == "":
		return "net_prox", fmt.Sprintf("%q has two readings. Which one is meant?", inv.p.Terms), []termsReading{
			{words: fmt.Sprintf("%d days", n), member: "net_reading", value: "days", take: func(*invoice) {}},
			{words: fmt.Sprintf("day %d of the next month", n), member: "net_reading", value: "day_of_next_month", take: func(x *invoice) { x.terms.base = "day_of_next_month" }},
		}
	case inv.terms.discountAndEOM() && inv.p.DiscountStart == "":
		return "discount_eom", fmt.Sprintf("From when does the discount of %q run?", inv.p.Terms), []termsReading{
			{words: "from where the term does", member: "discount_start", value: "start", take: func(x *invoice) { x.p.DiscountStart = "start" }},
			{words: "from the end of the month", member: "discount_start", value: "month_end", take: func(x *invoice) { x.p.DiscountStart = "month_end" }},
		}
	}
	return "", "", nil
}

// ways are the readings of the terms by themselves.
func (p InvoicePaymentParams) ways(terms paymentTerms) (out []pact.Outcome) {
	_, _, list := (&invoice{p: p, terms: terms}).readings()
	for _, r := range list {
		out = append(out, pact.Outcome{Reading: r.words, Set: member(r.member, r.value)})
	}
	return out
}

// undecided computes each reading and asks.
func (inv *invoice) undecided(days *calendar.Calendar, code, question string, list []termsReading) (pact.Assessment, error) {
	s := inv.s
	var outcomes []pact.Outcome
	for _, r := range list {
		scratch := *inv
		r.take(&scratch)
		a := pact.Assessment{At: s.a.At}
		quiet := *s
		quiet.a, quiet.steps = &a, &a.Trace
		scratch.s = &quiet
		ok, err := scratch.findDue(days, scratch.p.EOMReading)
		if err != nil {
			return pact.Assessment{}, err
		}
		o := pact.Outcome{Reading: r.words, Result: "no due date yet", Set: `"` + r.member + `": "` + r.value + `"`}
		if ok {
			scratch.retain()
			scratch.settle()
			o.Result = "due " + dayText(scratch.due)
			if code == "discount_eom" {
				o.Result = "discount until " + dayText(scratch.until(scratch.terms.discounts[0])) + ", " + o.Result
			}
			o.Amount = a.Amount
		}
		outcomes = append(outcomes, o)
	}
	if a, same, err := s.in.sameUnderEach(InvoicePayment{}, pact.Ambiguity{Code: code, Question: question, Outcomes: outcomes}); same || err != nil {
		return a, err
	}
	s.a.Status = pact.Pending
	s.ask(code, question, outcomes...)
	return *s.a, nil
}
