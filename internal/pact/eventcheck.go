package pact

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// EventProblem is what an event lacks, or a contradiction within it, and the member where it shows: "data.end_at".
type EventProblem struct {
	Path    string
	Message string
}

// Problems tells why an event can not be used, whoever reports it: the one check of the API, of tables and of files.
func (e *Event) Problems() []EventProblem {
	return append(e.Missing(), e.Contradictions()...)
}

// needs are the members a kind of event can not do without, each with its alternatives.
var needs = sync.OnceValue(func() map[string][][]string {
	out := map[string][][]string{}
	for _, k := range EventKinds() {
		for _, n := range k.Needs {
			out[k.Kind] = append(out[k.Kind], strings.Split(n, "|"))
		}
	}
	return out
})

// Missing tells what an event lacks, and what to give. Of a certificate that says nothing Contradictions tells.
func (e *Event) Missing() []EventProblem {
	var out []EventProblem
	lacks := func(paths ...string) {
		words := make([]string, len(paths))
		for i, p := range paths {
			words[i] = p + " (" + e.meaning(p) + ")"
		}
		out = append(out, EventProblem{paths[0], e.Kind + " needs " + strings.Join(words, " or ")})
	}
	if e.OccurredAt.IsZero() {
		lacks("occurred_at")
	}
	for _, paths := range needs()[e.Kind] {
		if !slices.ContainsFunc(paths, e.says) && (e.Data.Certificate != nil || !strings.HasPrefix(paths[0], "data.certificate")) {
			lacks(paths...)
		}
	}
	d := &e.Data
	switch e.Kind {
	case "sample", "measurement":
		if d.Total != nil && !d.Total.IsZero() && d.Failed == nil && d.Value == nil && d.State == "" {
			lacks("data.failed")
		}
	case "outage":
		if d.EndAt.IsZero() && slices.Contains([]string{"resolved", "closed", "over", "ended", "restored"}, strings.ToLower(strings.TrimSpace(d.State))) {
			out = append(out, EventProblem{"data.end_at", fmt.Sprintf("the outage is %s and does not say when it ended; give data.end_at, or leave data.state out while it goes on", strings.TrimSpace(d.State))})
		}
	}
	return out
}

// meaning says what to give for a member.
func (e *Event) meaning(path string) string {
	switch path {
	case "occurred_at":
		if strings.HasPrefix(e.Kind, "ticket_") {
			return "the instant at which it happened to the ticket, such as 2026-03-31T09:00:00Z"
		}
		return "when it happened, such as 2026-03-31T09:00:00Z"
	case "subject":
		if k, ok := EventKindOf(e.Kind); ok {
			return "the " + k.Subject
		}
	}
	return map[string]string{
		"data.amount":              `the sum with its currency, such as {"value":"500.00","currency":"USD"}`,
		"data.certificate.expires": "the last day of cover, such as 2026-12-31",
		"data.certificate.kind":    "what it proves, such as general_liability",
		"data.failed":              "how many of data.total failed",
		"data.item":                "the name of what it is about",
		"data.lines":               "its lines, each with item, quantity and price",
		"data.month":               "the month, such as 2026-03",
		"data.priority":            "the new priority",
		"data.quantity":            "how many, as a text such as \"12\"",
		"data.reference":           "the number of what it belongs to",
		"data.service":             "the service as the contract names it",
		"data.state":               "the state as a word, such as missed",
		"data.total":               "how many cases there were, with data.failed",
		"data.until":               "the last day, such as 2026-03-31",
		"data.value":               "the figure as a text, such as \"99.95\"",
		"replaces_external":        "the external_id of the event that it takes back",
		"subject":                  "the number of what it is about",
	}[path]
}

// says tells whether an event has a member that some kind can not do without.
func (e *Event) says(path string) bool {
	d := &e.Data
	switch path {
	case "subject":
		return strings.TrimSpace(e.Subject) != ""
	case "replaces_external":
		return e.ReplacesExternal != "" || e.Replaces != ""
	case "data.amount":
		return d.Amount != nil
	case "data.certificate.kind":
		return d.Certificate != nil && d.Certificate.Kind != ""
	case "data.certificate.expires":
		return d.Certificate != nil && d.Certificate.Expires != ""
	case "data.item":
		return strings.TrimSpace(d.Item) != ""
	case "data.lines":
		return len(d.Lines) > 0
	case "data.month":
		return d.Month != ""
	case "data.priority":
		return strings.TrimSpace(d.Priority) != ""
	case "data.quantity":
		return d.Quantity != nil
	case "data.reference":
		return d.Reference != ""
	case "data.service":
		return strings.TrimSpace(d.Service) != ""
	case "data.state":
		return strings.TrimSpace(d.State) != ""
	case "data.total":
		return d.Total != nil
	case "data.until":
		return d.Until != ""
	case "data.value":
		return d.Value != nil
	}
	return false
}

// Contradictions tells what an event says that can not be. What it only lacks is told by Missing.
func (e *Event) Contradictions() []EventProblem {
	var out []EventProblem
	say := func(path, format string, args ...any) {
		out = append(out, EventProblem{path, fmt.Sprintf(format, args...)})
	}
	d := &e.Data
	if e.Kind == "outage" && !d.EndAt.IsZero() && d.EndAt.Before(e.OccurredAt) {
		say("data.end_at", "an outage can not end before it begins")
	}
	if d.Date != "" && d.Until != "" && d.Until < d.Date {
		say("data.until", "it can not end on %s, before it begins on %s", d.Until, d.Date)
	}
	if c := d.Certificate; c != nil && c.From != "" && c.Expires != "" && c.Expires < c.From {
		say("data.certificate.expires", "a certificate can not expire on %s, before its cover begins on %s", c.Expires, c.From)
	}
	if d.Total != nil && d.Failed != nil && d.Failed.GreaterThan(*d.Total) {
		say("data.failed", "%.40s of %.40s can not have failed", d.Failed, d.Total)
	}
	switch e.Kind {
	case "charge", "index_value": // elsewhere the month may be the name of another period
		if !isMonth(d.Month) {
			say("data.month", "%.40q is not a month of the form 2026-03", d.Month)
		}
		if e.Kind == "index_value" && d.Value == nil && d.State != "" && !strings.EqualFold(strings.TrimSpace(d.State), "discontinued") {
			say("data.value", "index_value needs the figure as a text, such as \"112.4\"; only one with data.state discontinued can go without")
		}
	case "measurement":
		if !isMonth(d.Month) && !isPeriod(d.Month) {
			say("data.month", "%.40q is not a month of the form 2026-03, and no other period: 2026-Q1, 2026-H1, 2026, the first day of one such as 2026-03-15, or term", d.Month)
		}
	case "sample":
		if d.Total == nil && d.Failed == nil && d.Value == nil && d.State == "" && d.Excluded == "" {
			say("data.value", "a sample needs what was read: data.total and data.failed, data.value, or data.state")
		}
	case "progress":
		if d.Value != nil && (d.Value.IsNegative() || d.Value.GreaterThan(decimal.NewFromInt(100))) {
			say("data.value", "progress is a percentage between 0 and 100, and not %.40s", d.Value)
		}
	case "certificate":
		if d.Certificate == nil {
			say("data.certificate", "a certificate needs what it says")
		}
	}
	e.sums(func(path string, a *money.Amount) {
		switch {
		case a.Check() != nil:
			say(path, "this is no sum with a currency of ISO 4217, three letters such as USD")
		case !money.Sane(a.Value):
			say(path+".value", "the number is too large or too long: a sum has at most 77 digits, and an exponent of at most 60")
		}
	})
	return out
}

// ahead is how far what has happened may lie ahead of the clock: a day, for zones and for clocks that differ. planned is how far what is
// announced may: nobody plans further.
const (
	ahead   = 1
	planned = 2 * 366
)

// Unlikely tells what of an event may well be a slip, at the instant now: what happened lies ahead, or the day that it names; an invoice is
// over less than nothing. It is kept: a document may be dated ahead, and some systems write a credit note as an invoice. What can not be at
// all, Problems tells.
func (e *Event) Unlikely(now time.Time) []EventProblem {
	today := calendar.DateIn(now, time.UTC)
	limit, but := today.AddDays(ahead), ""
	switch {
	case e.Kind == "outage" && e.Data.Excluded != "" || e.Kind == "delay_excused" || e.Kind == "modification" || e.Kind == "notice_received" || e.Kind == "notice_sent":
		limit = today.AddDays(planned) // maintenance is announced, and what is agreed may begin later
	case e.Kind == "outage":
		but = " An outage that was announced as maintenance says so in data.excluded, with data.approved_by."
	}
	var out []EventProblem
	if a := e.Data.Amount; a != nil && a.Value.IsNegative() && (e.Kind == "invoice" || e.Kind == "purchase_order") {
		out = append(out, EventProblem{"data.amount.value", fmt.Sprintf("It is over %.40s, less than nothing. What is given back is a credit_note, with its sum as a positive number.", a)})
	}
	if v := e.Data.Value; v != nil && v.IsNegative() && e.Kind == "rate" {
		out = append(out, EventProblem{"data.value", fmt.Sprintf("It is a rate of %.40s, less than nothing. Is that right? It counts as it is.", v)})
	}
	say := func(path string, day calendar.Date) {
		if day > limit {
			out = append(out, EventProblem{path, fmt.Sprintf("It is dated %s, which lies %s ahead of today, %s. Is that day right? Until then it does not count.%s", day, distance(today, day), today, but)})
		}
	}
	happened := calendar.DateIn(calendar.Clamp(e.OccurredAt), time.UTC)
	if e.Data.Date == "" || e.Data.Date <= limit { // a table gives both from one cell
		say("occurred_at", happened)
	}
	say("data.date", e.Data.Date)
	if month, err := calendar.ParseDate(e.Data.Month + "-01"); err == nil && happened <= limit && slices.Contains([]string{"measurement", "index_value"}, e.Kind) && month > limit {
		out = append(out, EventProblem{"data.month", fmt.Sprintf("The month %s has not begun, today is %s. Is it right?", e.Data.Month, today)})
	}
	return out
}

// distance is how far a day lies ahead, in words.
func distance(from, to calendar.Date) string {
	days := from.DaysUntil(to)
	switch years := days / 365; {
	case years > 1:
		return fmt.Sprintf("%d years", years)
	case days > 60:
		return fmt.Sprintf("%d months", days/30)
	}
	return fmt.Sprintf("%d days", days)
}

// sums calls with every sum of the event.
func (e *Event) sums(each func(path string, a *money.Amount)) {
	given := func(a *money.Amount, format string, args ...any) {
		if a != nil {
			each(fmt.Sprintf(format, args...), a)
		}
	}
	d := &e.Data
	given(d.Amount, "data.amount")
	given(d.Price, "data.price")
	given(d.Tax, "data.tax")
	given(d.Freight, "data.freight")
	for i := range d.Lines {
		given(d.Lines[i].Price, "data.lines.%d.price", i)
		given(d.Lines[i].Amount, "data.lines.%d.amount", i)
	}
	if c := d.Certificate; c != nil {
		given(c.PerOccurrence, "data.certificate.per_occurrence")
		given(c.Aggregate, "data.certificate.aggregate")
	}
}

// HasZeroSum tells whether a sum of the event is zero, which is also what a sum without a value reads as.
func (e *Event) HasZeroSum() bool {
	zero := false
	e.sums(func(_ string, a *money.Amount) { zero = zero || a.IsZero() })
	return zero
}

// isPeriod tells whether a text is the name of a period that a figure is reported for.
func isPeriod(s string) bool {
	_, named := calendar.Named(s)
	_, err := calendar.ParseDate(s)
	return named || err == nil || s == "term"
}

func isMonth(s string) bool {
	if s == "" {
		return true
	}
	_, err := calendar.ParseDate(s + "-01")
	return err == nil
}
