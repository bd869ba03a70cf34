package pact

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
)

// EventKind describes a kind of event for whoever reports it: a form, the columns of a table, a check.
type EventKind struct {
	Kind    string `json:"kind"`
	Title   string `json:"title"`
	Subject string `json:"subject"` // what its subject is
	// Fields it carries beside those that every event has, as paths: "data.amount".
	Fields []string `json:"fields"`
	// Needs are those it can not do without; "data.amount|data.lines" is one or the other.
	Needs []string `json:"needs,omitempty"`
}

// EventField is one value of an event that a column can hold. A sum is two: its value and its currency.
type EventField struct {
	Path string `json:"path"` // "subject", "data.amount.value", "data.lines.item"
	// Type: text, number, whole, date (2026-03-31), instant (2026-03-31T09:00:00Z), flag, currency, list (words between semicolons).
	Type     string `json:"type" enum:"text,number,whole,date,instant,flag,currency,list"`
	Required bool   `json:"required,omitempty"`
	// Line: it belongs to a line of an order or invoice; rows of one external id make one event with several lines.
	Line bool `json:"line,omitempty"`
}

// EventKinds lists every kind of event, in the order of Event.Kind.
func EventKinds() []EventKind {
	const ticket, service, invoice, order, period, trigger = "number of the ticket", "name of the service", "number of the invoice", "number of the order", "the contract, or what is bought", "what it is about"
	bought := []string{"data.amount", "data.date", "data.item", "data.quantity", "data.unit", "data.price", "data.tax", "data.freight", "data.reference", "data.service", "data.buyer", "data.lines"}
	clock := func(kind, title string, needs ...string) EventKind {
		return EventKind{Kind: kind, Title: title, Subject: ticket, Fields: []string{"data.priority", "data.title", "data.service", "data.lead", "data.lead_email", "data.reason", "data.state", "data.excluded", "data.approved_by", "data.record_id", "data.url"}, Needs: append([]string{"subject"}, needs...)}
	}
	paused := clock("ticket_paused", "Ticket on hold")
	paused.Fields = append(paused.Fields, "data.end_at") // where the hold is told with its end
	return []EventKind{
		clock("ticket_opened", "Ticket opened"),
		clock("ticket_responded", "Ticket answered"),
		paused,
		clock("ticket_resumed", "Ticket goes on"),
		clock("ticket_resolved", "Ticket resolved"),
		clock("ticket_reopened", "Ticket reopened"),
		clock("ticket_cancelled", "Ticket cancelled"),
		clock("ticket_priority", "Priority of a ticket changed", "data.priority"),
		clock("ticket_state", "State of a ticket changed", "data.state"),
		clock("ticket_reassigned", "Ticket given to somebody else"),
		clock("ticket_contact", "Another contact about a ticket"),
		{"outage", "Outage", service, []string{"data.service", "data.end_at", "data.reason", "data.excluded", "data.approved_by", "data.announced_at"}, []string{"data.service|subject"}},
		{"sample", "Reading of a service", service, []string{"data.service", "data.item", "data.total", "data.failed", "data.value", "data.state", "data.end_at", "data.reason", "data.excluded", "data.approved_by", "data.announced_at"}, nil},
		{"measurement", "Measured or reported figure", service, []string{"data.service", "data.item", "data.month", "data.value", "data.total", "data.failed", "data.state", "data.date"}, []string{"data.value|data.total|data.state"}},
		{"survey", "Answer to a survey", "number of the answer, or the ticket", []string{"data.service", "data.item", "data.value", "data.date"}, []string{"data.value"}},
		{"charge", "Charge of a service and month", service, []string{"data.service", "data.month", "data.amount", "data.item"}, []string{"data.service", "data.month", "data.amount"}},
		{"invoice", "Invoice", invoice, bought, []string{"subject", "data.amount|data.lines|data.item"}},
		{"invoice_received", "Invoice came in", invoice, []string{"data.date"}, []string{"subject"}},
		{"invoice_returned", "Improper invoice sent back", invoice, []string{"data.date", "data.reason"}, []string{"subject"}},
		{"purchase_order", "Purchase order", order, bought, []string{"subject", "data.lines|data.item"}},
		{"purchase", "Purchase", period, bought, []string{"data.amount|data.quantity|data.lines"}},
		{"usage", "Usage", period, bought, []string{"data.amount|data.quantity|data.lines"}},
		{"credit_note", "Credit note", invoice, bought, []string{"subject", "data.amount|data.quantity|data.lines"}},
		{"payment", "Payment", invoice, []string{"data.amount", "data.date", "data.reference", "data.state", "data.item", "data.month"}, []string{"subject|data.reference", "data.amount"}},
		{"delivery", "Delivery", "number of the order, or name of the line", []string{"data.line", "data.item", "data.quantity", "data.unit", "data.date", "data.reference"}, []string{"subject|data.item"}},
		{"delay_excused", "Excused delay", "the order or line, or empty for all", []string{"data.date", "data.until", "data.reason", "data.approved_by", "data.line", "data.item", "data.reference"}, []string{"data.until"}},
		{"submitted", "Submitted", trigger, []string{"data.item", "data.month", "data.service", "data.date", "data.reference"}, []string{"subject|data.item"}},
		{"accepted", "Accepted", trigger, []string{"data.item", "data.date", "data.reference", "data.approved_by"}, []string{"subject|data.item"}},
		{"rejected", "Rejected", trigger, []string{"data.item", "data.date", "data.reference", "data.reason"}, []string{"subject|data.item"}},
		{"milestone", "Milestone reached", "name of the milestone, or its project", []string{"data.item", "data.date", "data.reference", "data.approved_by"}, []string{"subject|data.item"}},
		{"trigger", "Something that starts a duty", trigger, []string{"data.item", "data.date", "data.reference", "data.approved_by", "data.url"}, []string{"data.item"}},
		{"done", "Done", trigger, []string{"data.item", "data.month", "data.date", "data.reference"}, []string{"subject|data.item"}},
		{"breach", "Breach noticed", trigger, []string{"data.item", "data.date", "data.reason"}, []string{"subject"}},
		{"cured", "Cured", trigger, []string{"data.item", "data.date", "data.reference"}, []string{"subject"}},
		{"notice_sent", "Notice sent", "date of the renewal or adjustment, period of the credit that is claimed (item: claim), or what the notice is about", []string{"data.contract", "data.date", "data.item", "data.state", "data.service", "data.month", "data.reference"}, []string{"subject"}},
		{"notice_received", "Notice received", "date of the renewal or adjustment, or what the notice is about", []string{"data.contract", "data.date", "data.item", "data.state", "data.service", "data.month", "data.reference"}, []string{"subject"}},
		{"renewal_decided", "Renewal decided: it goes on, ends or is negotiated, without notice", "date of the renewal", []string{"data.contract", "data.state", "data.date", "data.reason", "data.reference", "data.approved_by"}, []string{"subject", "data.state"}},
		{"default", "Default", trigger, []string{"data.date", "data.reason"}, nil},
		{"index_value", "Value of an index", "name of the index", []string{"data.item", "data.month", "data.value", "data.state"}, []string{"data.month", "data.value|data.state"}},
		{"rate", "Rate of exchange or interest", "name of the rate", []string{"data.item", "data.value", "data.date"}, []string{"data.item", "data.value"}},
		{"certificate", "Certificate", "number of the certificate", []string{"data.certificate", "data.date"}, []string{"data.certificate.kind", "data.certificate.expires"}},
		{"certificate_cancelled", "Certificate cancelled", "number of the certificate", []string{"data.date", "data.reason"}, []string{"subject"}},
		{"modification", "Modification of the contract", trigger, []string{"data.item", "data.date", "data.amount", "data.value", "data.state"}, []string{"data.amount"}},
		{"progress", "Progress", "name of the promise", []string{"data.item", "data.value", "data.amount", "data.total", "data.state", "data.date"}, []string{"data.value|data.amount|data.total", "subject|data.item"}},
		{"decision", "Decision", trigger, []string{"data.item", "data.value", "data.state", "data.date", "data.reference", "data.approved_by"}, nil},
		{"correction", "Correction: what it replaces no longer counts", trigger, []string{"data.reason"}, []string{"replaces_external"}},
	}
}

// EventKindOf finds a kind of event by name.
func EventKindOf(name string) (EventKind, bool) {
	all := EventKinds()
	i := slices.IndexFunc(all, func(k EventKind) bool { return k.Kind == name })
	if i < 0 {
		return EventKind{}, false
	}
	return all[i], true
}

// CommonEventFields are those that every event can carry.
func CommonEventFields() []string {
	return []string{"external_id", "subject", "occurred_at", "replaces_external", "data.contract", "data.customer", "data.customer_id"}
}

// Columns lists what a column can hold for a kind of event.
func (k EventKind) Columns() []EventField {
	var out []EventField
	for _, path := range append(CommonEventFields(), k.Fields...) {
		for _, f := range leavesOf(path) {
			if slices.ContainsFunc(out, func(x EventField) bool { return x.Path == f.Path }) {
				continue
			}
			f.Required = f.Path == "external_id" || f.Path == "occurred_at" || slices.ContainsFunc(k.Needs, func(n string) bool {
				return n == f.Path || n+".value" == f.Path || n+".currency" == f.Path
			})
			out = append(out, f)
		}
	}
	return out
}

// leavesOf takes a path of Event apart into what a column can hold, by the types of the structs.
func leavesOf(path string) []EventField {
	t := reflect.TypeFor[Event]()
	line := false
	for _, part := range strings.Split(path, ".") {
		t = memberType(t, part)
		if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct {
			t, line = t.Elem(), true
		}
	}
	return leaves(path, t, line)
}

func memberType(t reflect.Type, name string) reflect.Type {
	for i := range t.NumField() {
		if tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); tag == name {
			ft := t.Field(i).Type
			if ft.Kind() == reflect.Pointer {
				ft = ft.Elem()
			}
			return ft
		}
	}
	panic("pact: an event has no field " + name)
}

func leaves(path string, t reflect.Type, line bool) []EventField {
	one := func(kind string) []EventField { return []EventField{{Path: path, Type: kind, Line: line}} }
	switch {
	case t == reflect.TypeFor[calendar.Date]():
		return one("date")
	case t == reflect.TypeFor[decimal.Decimal]():
		return one("number")
	case t.String() == "time.Time":
		return one("instant")
	case t.String() == "money.Amount":
		return []EventField{{Path: path + ".value", Type: "number", Line: line}, {Path: path + ".currency", Type: "currency", Line: line}}
	case t.Kind() == reflect.Bool:
		return one("flag")
	case t.Kind() == reflect.Int:
		return one("whole")
	case t.Kind() == reflect.Slice:
		return one("list")
	case t.Kind() != reflect.Struct || opaque(t):
		return one("text")
	}
	var out []EventField
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		ft := t.Field(i).Type
		if ft.Kind() == reflect.Pointer {
			ft = ft.Elem()
		}
		out = append(out, leaves(path+"."+name, ft, line)...)
	}
	return out
}

func opaque(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
