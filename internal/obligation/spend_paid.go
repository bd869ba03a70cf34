package obligation

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// paidInTime is whether what is owed of an invoice was paid within the days of the clause that counts only such invoices.
type paidInTime struct {
	paid bool
	with *pact.Event    // what made it so, the last in the order in which it became known; nil where nothing was owed
	by   []pact.EventID // the payments and credit notes
	// late are credit notes of after those days without which it is not paid, and what is asked of them: whether less was owed from the beginning,
	// which the payment clause of this key leaves open; "" where it says so, or there is none.
	late  []pact.Event
	asked string
}

// paidWithin looks for the payments within the days, and the credit notes. One of after them counts as the payment terms of the contract say:
// from the beginning, or from its own day on, which is too late. Without payment terms less was owed from the beginning.
func (s *sheet) paidWithin(el Eligible, invoice pact.Event) (x paidInTime) {
	owed := invoiced(invoice)
	if owed == nil {
		return x
	}
	last := s.dateOf(invoice).AddDays(el.PaidWithinDays)
	var inTime, late []pact.Event
	notes := s.of(invoice.Subject, "payment", "credit_note")
	if ref := samePart(invoice).Reference; s.purchaseOf(el, invoice, ref) != "" {
		for _, e := range s.of(s.purchaseOf(el, invoice, ref), "credit_note") { // what came back of the purchase is not owed
			if !slices.ContainsFunc(notes, func(x pact.Event) bool { return idOf(x) == idOf(e) }) {
				notes = append(notes, e)
			}
		}
	}
	for _, e := range notes {
		switch sum := invoiced(e); {
		case sum == nil || sum.Currency != owed.Currency:
		case s.dateOf(e) <= last:
			inTime = append(inTime, e)
		case e.Kind == "credit_note":
			late = append(late, e)
		}
	}
	open := owed.Ratio()
	x.paid = open.Sign() <= 0
	take := func(e *pact.Event, settled func() bool) {
		x.by = append(x.by, idOf(*e))
		sum := invoiced(*e).Ratio()
		if e.Kind == "credit_note" {
			sum = new(big.Rat).Abs(sum)
		}
		open = minus(open, sum)
		switch now := open.Sign() <= 0 || settled(); {
		case now && !x.paid:
			x.with, x.paid = e, true
		case !now:
			x.with, x.paid = nil, false
		}
	}
	for _, list := range [][]pact.Event{inTime, late} {
		slices.SortStableFunc(list, func(a, b pact.Event) int { return known(&a).Compare(known(&b)) })
	}
	for i := range inTime {
		take(&inTime[i], func() bool { return s.settledBy(invoice, last, known(&inTime[i])) })
	}
	if !x.paid && len(inTime) > 0 && len(late) == 0 && s.settledBy(invoice, last, s.in.At) { // by what became known after the payment
		x.paid, x.with = true, &inTime[len(inTime)-1]
	}
	if x.paid || len(late) == 0 {
		return x
	}
	before := x
	for i := range late {
		take(&late[i], func() bool { return s.settledBy(invoice, last, s.in.At) })
	}
	if !x.paid {
		return before
	}
	x.late = late
	for _, o := range s.paymentClauses(invoice) {
		var p InvoicePaymentParams
		if decode(o.Params, &p) != nil || p.CreditNotes == "invoice" {
			continue
		}
		if p.CreditNotes == "own_date" {
			return before
		}
		if a, err := s.paymentOf(o, invoice, s.in.At); err == nil && slices.ContainsFunc(a.Ambiguities, func(q pact.Ambiguity) bool { return q.Code == "credit_notes" }) {
			x.asked = o.Key
		}
	}
	return x
}

// creditedLate says of invoices that are paid in time by credit notes of after the days to pay from when those hold; false where it is asked.
func (s *sheet) creditedLate(list []paidInTime) bool {
	asked := ""
	var names []string
	var ids []pact.EventID
	for _, x := range list {
		for _, e := range x.late {
			names = append(names, cmp.Or(e.Subject, e.Data.Reference)+" of "+string(s.dateOf(e)))
			ids = append(ids, idOf(e))
		}
		asked = cmp.Or(asked, x.asked)
	}
	if len(names) == 0 {
		return true
	}
	slices.Sort(names)
	names, ids = slices.Compact(names), eachOnce(ids)
	if asked == "" {
		s.add("credit note after the days to pay", firstOf(names), "less was owed from the beginning, and the rest was paid in time", ids...)
		return true
	}
	s.waits("ambiguous", "credit note after the days to pay", firstOf(names)+": whether less was owed from the beginning is asked under "+asked+", and this waits with it")
	s.a.Trace[len(s.a.Trace)-1].EventIDs = ids
	return false
}

// paymentClauses are the payment terms of the contract that an invoice falls under.
func (s *sheet) paymentClauses(invoice pact.Event) (list []pact.Obligation) {
	for _, o := range s.in.Timeline.Obligations(s.dateOf(invoice)) {
		var p InvoicePaymentParams
		if o.Kind == (InvoicePayment{}).Name() && decode(o.Params, &p) == nil && p.Eligible.fit(subjectOf(invoice)) != fitsNot {
			list = append(list, o)
		}
	}
	return list
}

// paymentOf judges an invoice by payment terms, from what was known at an instant.
func (s *sheet) paymentOf(o pact.Obligation, invoice pact.Event, at time.Time) (pact.Assessment, error) {
	log := s.log
	if at.Before(s.in.At) {
		log = log.Known(func(e *pact.Event) bool { return !known(e).After(at) })
	}
	return InvoicePayment{}.Assess(Input{Obligation: o, Timeline: s.in.Timeline, Occurrence: occurrence(o, invoice.Subject, "", calendar.Span{}), Log: log, Calendars: s.in.Calendars, At: s.in.At})
}

// settledBy tells whether an invoice was paid in full by a day as the payment terms of the contract have it, less a discount that was taken in
// time, or what they hold back: from what was known at an instant.
func (s *sheet) settledBy(invoice pact.Event, last calendar.Date, at time.Time) bool {
	return slices.ContainsFunc(s.paymentClauses(invoice), func(o pact.Obligation) bool {
		a, err := s.paymentOf(o, invoice, at)
		return err == nil && !a.EndedAt.IsZero() && !a.EndedAt.After(s.end(last)) && (a.Status == pact.Met || a.Status == pact.Breached)
	})
}
