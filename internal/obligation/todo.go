package obligation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// ToDo is the severity of a judgement that nothing is wrong with and that asks for something to be done: what a milestone made payable is there
// to be invoiced, a new price has to reach the price list. Nobody is in breach, and no money differs from what was agreed. A month of revenue is
// none: it is a line of a schedule that finance books by, and asks nobody for an act of its own.
const ToDo = "info"

// finisher is a kind that can tell that what it asked for was done.
type finisher interface {
	finished(a pact.Assessment) string
}

// Finished says in words that what a judgement asked for (ToDo) was done; "" where it was not, or where nothing tells.
func Finished(kind string, a pact.Assessment) string {
	if w, ok := wordsOf(kind).(finisher); ok {
		return w.finished(a)
	}
	return ""
}

// SumName is what the sum of a finding is called, by what it is about.
func SumName(kind, severity string, a pact.Assessment) string {
	switch {
	case severity == ToDo && kind == (PriceEscalator{}).Name():
		return "New price"
	case severity == ToDo:
		return "To invoice"
	case severity == "variance" && kind == (Milestone{}).Name() && tooMuch(a) != nil:
		return "Invoiced too much"
	case severity == "variance" && kind == (Milestone{}).Name():
		return "Invoiced too early"
	case severity == "variance" && a.Amount == nil:
		return "Lost"
	}
	return "Credit"
}

// milestoneWords: what a milestone makes payable is not owed because it came late. It is there to be invoiced until it was.
type milestoneWords struct{}

func (milestoneWords) severity(_ pact.Obligation, a pact.Assessment) string {
	switch s := byStatus(a); {
	case s != "":
		return s
	case toInvoice(a) != nil:
		return ToDo
	case tooEarly(a) != nil, tooMuch(a) != nil:
		return "variance"
	}
	return ""
}

// stake is what is left to be invoiced, or what was invoiced before there was a right to, or beyond it.
func (milestoneWords) stake(a pact.Assessment) *money.Amount {
	if a.Status == pact.Breached || a.Status == pact.AtRisk {
		return nil
	}
	if left := toInvoice(a); left != nil {
		return left
	}
	return cmp.Or(tooEarly(a), tooMuch(a))
}

// toInvoice is what a milestone made payable less what was invoiced for it; nil where nothing is left.
func toInvoice(a pact.Assessment) *money.Amount {
	payable, charged := line(a, milestonePayable), line(a, milestoneInvoiced)
	if payable == nil || a.EndedAt.IsZero() {
		return nil
	}
	left := *payable
	if charged != nil && charged.Currency == left.Currency {
		left.Value = left.Value.Sub(charged.Value)
	}
	if !left.Value.IsPositive() {
		return nil
	}
	return &left
}

// tooEarly is what was invoiced for a milestone that is not reached. An instalment that its date makes payable may be invoiced ahead of it: its
// invoices are counted from that day on.
func tooEarly(a pact.Assessment) *money.Amount {
	if !a.EndedAt.IsZero() || a.Status == pact.Excused {
		return nil
	}
	return line(a, milestoneInvoiced)
}

// tooMuch is what was invoiced for a milestone beyond what it made payable; nil where nothing was.
func tooMuch(a pact.Assessment) *money.Amount {
	payable, charged := line(a, milestonePayable), line(a, milestoneInvoiced)
	if payable == nil || charged == nil || a.EndedAt.IsZero() || a.Status == pact.Excused || charged.Currency != payable.Currency || !charged.Value.GreaterThan(payable.Value) {
		return nil
	}
	over := money.New(charged.Value.Sub(payable.Value), payable.Currency)
	return &over
}

func (milestoneWords) finished(a pact.Assessment) string {
	if a.Status == pact.Met && line(a, milestonePayable) != nil && toInvoice(a) == nil && tooMuch(a) == nil {
		return "It is invoiced."
	}
	return ""
}

func (w milestoneWords) tell(c Case) (title, message string) {
	a, name := c.Occurrence.Assessment, cmp.Or(c.Occurrence.Subject, c.Occurrence.Key)
	left := toInvoice(a)
	switch early := tooEarly(a); {
	case a.Status == pact.Met && left != nil:
		return w.demand(c, *left), "It was reached on " + c.last(a.EndedAt) + "." + w.invoicing(c)
	case a.Status == pact.Met && tooMuch(a) != nil:
		return fmt.Sprintf("Invoiced more than is payable: %s for %s", tooMuch(a), name), "It was reached on " + c.last(a.EndedAt) + "." + w.invoicing(c)
	case a.Status == pact.Met && w.finished(a) != "":
		return "Invoiced: " + name, "It was reached on " + c.last(a.EndedAt) + "." + w.invoicing(c)
	case early != nil && byStatus(a) == "":
		return "Invoiced before it is reached: " + name, fmt.Sprintf("%s is invoiced, and %s is not reached: nothing is payable for it yet.", early, name)
	}
	title = byStatusWords(a.Status, "Milestone missed: ", "Milestone at risk: ", "Milestone: ") + name
	message = fmt.Sprintf("%s: %s.", c.Occurrence.Key, strings.ReplaceAll(string(a.Status), "_", " "))
	if a.Status == pact.Breached && !a.BreachedAt.IsZero() {
		message = fmt.Sprintf("%s was due by %s.", c.Occurrence.Key, c.last(a.BreachedAt))
	}
	switch done := !a.EndedAt.IsZero(); {
	case !done && (a.Status == pact.Breached || a.Status == pact.AtRisk):
		if charged := line(a, milestoneInvoiced); charged != nil {
			message += " It is invoiced all the same: " + charged.String() + "."
		}
		return title, message // nothing is payable for what is not accepted
	case done && a.Status == pact.Breached:
		message += " It was reached on " + c.last(a.EndedAt) + "." + w.invoicing(c)
	}
	return title, message
}

// demand is the task: what is to be invoiced, or whose invoice is to be expected.
func (milestoneWords) demand(c Case, left money.Amount) string {
	name := cmp.Or(c.Occurrence.Subject, c.Occurrence.Key)
	switch invoicer(c.Obligation) {
	case "ours":
		return fmt.Sprintf("Invoice %s for %s", left, name)
	case "theirs":
		return fmt.Sprintf("Expect an invoice of %s for %s", left, name)
	}
	return fmt.Sprintf("To be invoiced: %s for %s", left, name)
}

// invoicing says what may be invoiced, what was, and when payment is due.
func (milestoneWords) invoicing(c Case) string {
	a := c.Occurrence.Assessment
	i := slices.IndexFunc(a.Amounts, func(l pact.AmountLine) bool { return l.Name == milestonePayable })
	if i < 0 {
		return ""
	}
	out := " Payable: " + a.Amounts[i].Amount.String()
	if on := a.Amounts[i].On; string(on) > a.Measured {
		out += ", by " + civil(on)
	}
	out += "."
	charged, left := line(a, milestoneInvoiced), toInvoice(a)
	if charged != nil {
		out += " Invoiced: " + charged.String() + "."
	}
	if over := tooMuch(a); over != nil {
		out += " That is " + over.String() + " more than is payable"
		if slices.ContainsFunc(a.Trace, func(t pact.TraceStep) bool { return t.Rule == perhapsTax }) {
			out += ", unless it is tax or freight, which the invoice does not report"
		}
		out += "."
	}
	switch who := invoicer(c.Obligation); {
	case left == nil:
	case who == "ours":
		out += " We may invoice " + left.String() + "."
	case who == "theirs":
		out += " An invoice over " + left.String() + " is to be expected."
	default:
		out += " " + left.String() + " may be invoiced."
	}
	return out
}

// invoicer tells who invoices what a milestone makes payable: ours, theirs, unknown. Its bearer carries it out and is paid; where the bearer
// is the side that pays, as in a plan of payments, it is the other one.
func invoicer(o pact.Obligation) string {
	pays := slices.Contains([]string{"customer", "client", "buyer", "purchaser", "licensee", "subscriber", "lessee", "tenant", "user", "principal", "employer"}, strings.ToLower(strings.TrimSpace(o.Bearer)))
	switch {
	case o.Side == "ours" && !pays, o.Side == "theirs" && pays:
		return "ours"
	case o.Side == "ours" || o.Side == "theirs":
		return "theirs"
	}
	return "unknown"
}

func civil(d calendar.Date) string { return d.Time().Format("2 Jan 2006") }

// newPriceWords: a new price matters from the day on which it holds; one that did not change asks for nothing.
type newPriceWords struct{}

func (newPriceWords) severity(_ pact.Obligation, a pact.Assessment) string {
	if s := byStatus(a); s != "" {
		return s
	}
	if a.Status == pact.Met && a.Amount != nil && a.Measured != "" && a.Measured != "0" {
		return ToDo
	}
	return ""
}

func (newPriceWords) tell(c Case) (title, message string) {
	a := c.Occurrence.Assessment
	if a.Amount == nil || a.Status != pact.Met {
		return plainWords{}.tell(c)
	}
	from := c.on(a.EndedAt)
	if a.Measured == "" || a.Measured == "0" {
		return "Price as before: " + cmp.Or(c.Obligation.Title, c.Obligation.Key), fmt.Sprintf("The price stays %s from %s.", a.Amount, from)
	}
	return fmt.Sprintf("Adapt the price: %s from %s", a.Amount, from),
		fmt.Sprintf("%s: from %s the price is %s (%s %%). Adapt the price list, or what invoices are held against.", cmp.Or(c.Obligation.Title, "New price"), from, a.Amount, signed(shortly(a.Measured)))
}

// signed writes a change with its sign.
func signed(percent string) string {
	if strings.HasPrefix(percent, "-") {
		return percent
	}
	return "+" + percent
}
