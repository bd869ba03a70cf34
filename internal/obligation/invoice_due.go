package obligation

import (
	"cmp"
	"fmt"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

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
