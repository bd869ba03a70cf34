package obligation

import (
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// EvergreenKey is the occurrence of a contract that runs until ended by notice.
const EvergreenKey = "evergreen"

// evergreen has no due day: it tells when the contract would end if notice went out today.
func (p RenewalParams) evergreen(a *pact.Assessment, in Input, today calendar.Date, tr tracer) error {
	if p.Notice == nil {
		return fault.New(fault.Invalid, "How long is the notice that ends the contract?")
	}
	if p.Notice.Check() != nil || p.Notice.Value > 10_000 {
		return fault.New(fault.Invalid, "A notice period of %s can not be used.", p.Notice)
	}
	if _, ok := p.Notice.After(today); !ok {
		return fault.New(fault.Unsupported, "A notice period of %s can not be counted in days.", p.Notice)
	}
	a.Status = pact.OnTrack
	if from, words, known := p.runsFrom(in, today); known {
		end := p.endAfter(from)
		if p.EndOf != "" {
			words += ", to the end of the " + p.EndOf
		}
		a.Measured = string(end)
		tr.add("runs until ended by notice", p.Notice.String()+" from "+words, "notice sent today ends it on "+string(end))
	} else {
		tr.add("runs until ended by notice", p.Notice.String()+" from its receipt, "+p.Delivery.String(), "when notice sent today would end it hangs on its receipt")
	}
	var counts pact.Event
	for _, e := range notices(in, tr.zone) {
		on, rule := dayOf(e, tr.zone), "notice was "+givenAs(e)
		when := dayText(on)
		if e.Data.Date == "" {
			when = local(e.OccurredAt, tr.zone)
		}
		a.EventIDs = append(a.EventIDs, idOf(e))
		if a.Status == pact.Met {
			tr.add(rule+" too", when, "the one before it counts", idOf(e))
			continue
		}
		from, words, known := on, "", true
		if e.Kind == "notice_sent" {
			if from, words, known = p.runsFrom(in, on); from != on {
				when += ", " + words
			}
		}
		if !known {
			tr.add(rule, when+", "+p.Delivery.String(), "counts from its receipt, which nobody reported (event notice_received)", idOf(e))
			continue
		}
		ends := p.endAfter(from)
		a.Status, a.Measured, a.EndedAt, counts = pact.Met, string(ends), instantOf(e, tr.zone), e
		tr.add(rule, when, "ends on "+string(ends), idOf(e))
	}
	p.besides(a, in, counts, tr)
	return nil
}

// runsFrom is the day from which the period of a notice sent on a day runs: that on which it is deemed received, where the clause has a
// rule of receipt. known is false where the clause lets it count from a receipt that has to be shown.
func (p RenewalParams) runsFrom(in Input, sent calendar.Date) (from calendar.Date, words string, known bool) {
	if p.Delivery.Shown() {
		return sent, "", false
	}
	if day, ok := in.Calendars.Received(p.notice(sent), sent); ok {
		return day, string(day) + ", when what was sent on " + string(sent) + " is deemed received (" + p.Delivery.String() + ")", true
	}
	return sent, string(sent), true
}

// endAfter is the last day of a contract whose notice runs from a day.
func (p RenewalParams) endAfter(from calendar.Date) calendar.Date {
	end, _ := p.Notice.After(from) // counted before
	if p.ClearDays {
		end = end.AddDays(1)
	}
	return p.monthEnd(end)
}

// givenAs says whether a notice was sent or received.
func givenAs(e pact.Event) string {
	if e.Kind == "notice_received" {
		return "received"
	}
	return "sent"
}

// monthEnd moves a day to the end of its month, quarter, half year or year.
func (p RenewalParams) monthEnd(d calendar.Date) calendar.Date {
	if p.EndOf == "" || d == "" {
		return d
	}
	return cycle{unit: p.EndOf}.containing(d, calendar.Period{}).Until.AddDays(-1)
}
