package dossier

import (
	"fmt"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// events lists them and gives the number of each, by which the computation names it.
func (p Pack) events(s *sheet) map[pact.EventID]int {
	s.heading("The events")
	numbers, replacedBy := map[pact.EventID]int{}, map[pact.EventID]int{}
	if len(p.Events) == 0 {
		s.text("No event belongs to this finding.")
	}
	for i, e := range p.Events {
		numbers[e.ID] = i + 1
		if e.Replaces != "" {
			replacedBy[e.Replaces] = i + 1
		}
	}
	for i, e := range p.Events {
		var corrected string
		if n := replacedBy[e.ID]; n > 0 {
			corrected = fmt.Sprintf("Corrected by E%d, and does not count.", n)
		} else if n := numbers[e.Replaces]; e.Replaces != "" && n > 0 {
			corrected = fmt.Sprintf("Corrects E%d.", n)
		}
		s.step(fmt.Sprintf("E%d", i+1), instant(e.OccurredAt, p.zone())+"  "+strings.TrimSpace(strings.ReplaceAll(e.Kind, "_", " ")+" "+e.Subject), p.reported(e), corrected, p.origin(e))
	}
	return numbers
}

// stated tells whether an event is what a person said here, and no other system.
func stated(e pact.Event) bool {
	return e.ConnectionID == "" && (strings.HasPrefix(e.Data.ApprovedBy, "usr_") || obligation.ReservedName(e.ExternalID))
}

// origin says where an event came from: the system and its name there, or who said it here.
func (p Pack) origin(e pact.Event) string {
	var parts []string
	switch source := p.Sources[e.ConnectionID]; {
	case stated(e):
		if e.MatchedBy != "" {
			parts = append(parts, e.MatchedBy)
		}
	case source != "":
		parts = append(parts, "from "+source)
	}
	if e.ExternalID != "" && !stated(e) {
		parts = append(parts, "reported as "+e.ExternalID)
	}
	if e.ReceivedAt.Sub(e.OccurredAt).Abs() >= time.Minute && !e.ReceivedAt.IsZero() {
		parts = append(parts, "received "+instant(e.ReceivedAt, p.zone()))
	}
	return strings.Join(parts, "; ")
}

// reported is what an event says. Why a person said it here is not part of it.
func (p Pack) reported(e pact.Event) string {
	d, zone := e.Data, p.zone()
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+value)
		}
	}
	add("", d.Title)
	add("service ", d.Service)
	add("priority ", d.Priority)
	add("state ", d.State)
	if e.Kind == "outage" || !d.EndAt.IsZero() {
		add("until ", orOpen(instant(d.EndAt, zone)))
	}
	add("excluded as ", strings.ReplaceAll(d.Excluded, "_", " "))
	if !stated(e) {
		add("approved by ", d.ApprovedBy)
	}
	add("announced ", instant(d.AnnouncedAt, zone))
	add("for ", d.Month)
	add("dated ", date(d.Date))
	add("until ", date(d.Until))
	add("amount ", amount(d.Amount))
	add("tax ", amount(d.Tax))
	add("freight ", amount(d.Freight))
	if d.Value != nil {
		add("value ", d.Value.String())
	}
	if d.Failed != nil && d.Total != nil {
		add("failed ", d.Failed.String()+" of "+d.Total.String())
	}
	if d.Quantity != nil {
		add("quantity ", strings.TrimSpace(d.Quantity.String()+" "+d.Unit))
	}
	add("price ", amount(d.Price))
	add("item ", d.Item)
	add("line ", d.Line)
	add("bought by ", d.Buyer)
	add("reference ", d.Reference)
	if !stated(e) {
		add("", d.Reason)
	}
	if c := d.Certificate; c != nil {
		add("", certified(*c))
	}
	for _, l := range d.Lines {
		add("line ", ordered(l))
	}
	return strings.Join(parts, "; ")
}

func orOpen(end string) string {
	if end == "" {
		return "further notice"
	}
	return end
}

// ordered is a line of an order or an invoice.
func ordered(l pact.EventLine) string {
	words := l.Line + ":"
	if l.Quantity != nil {
		words += " " + strings.TrimSpace(l.Quantity.String()+" "+l.Unit)
	}
	words += " " + l.Item
	if l.Price != nil {
		words += " at " + amount(l.Price)
	}
	if l.Amount != nil {
		words += ", " + amount(l.Amount)
	}
	if l.Date != "" {
		words += ", for " + date(l.Date)
	}
	if l.Reference != "" {
		words += ", of " + l.Reference
	}
	return words
}

// certified is what a certificate says.
func certified(c pact.Certificate) string {
	parts := []string{strings.ReplaceAll(c.Kind, "_", " ")}
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+value)
		}
	}
	add("of ", c.Holder)
	add("by ", c.Issuer)
	add("rated ", c.Rating)
	add("per occurrence ", amount(c.PerOccurrence))
	add("in all ", amount(c.Aggregate))
	add("from ", date(c.From))
	add("to ", date(c.Expires))
	add("additional insured ", strings.Join(c.AdditionalInsured, ", "))
	return strings.Join(parts, ", ")
}

// period is the time that is judged: days, or the instant from which it runs where it has no end.
func period(span calendar.Span, zone *time.Location) [2]string {
	switch {
	case span.Start.IsZero():
		return [2]string{}
	case span.End.IsZero():
		return [2]string{"Opened", instant(span.Start, zone)}
	case midnight(span.Start, zone) && midnight(span.End, zone):
		first, last := calendar.DateIn(span.Start, zone), calendar.DateIn(span.End, zone).AddDays(-1)
		if first >= last {
			return [2]string{"Day", date(first) + " (" + zone.String() + ")"}
		}
		return [2]string{"Period", date(first) + " to " + date(last) + " (" + zone.String() + ")"}
	}
	return [2]string{"Period", instant(span.Start, zone) + " to before " + instant(span.End, zone)}
}
