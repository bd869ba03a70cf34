package pact

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
)

// OperationKind is what an amendment does to the contract it amends.
type OperationKind string

// The kinds of operation. Replace and Delete end what stood in their target; the others end nothing by themselves.
const (
	Replace     OperationKind = "replace"      // a whole clause or attachment gets new words
	Delete      OperationKind = "delete"       // a whole clause or attachment goes
	Insert      OperationKind = "insert"       // a clause, or words, come in
	ChangeValue OperationKind = "change_value" // words, a number, rows inside a clause change; the rest of it stays
	Extend      OperationKind = "extend"       // the term runs longer: until To, or longer by By
	Restate     OperationKind = "restate"      // the whole contract gets new words; rights that accrued under the old ones stay
	Retitle     OperationKind = "retitle"      // a clause or attachment gets the name NewTarget; references follow
	Waive       OperationKind = "waive"        // what the target asks is given up for From to Until, and stands again after
)

// OperationKinds lists them in the order in which forms show them.
func OperationKinds() []OperationKind {
	return []OperationKind{Replace, Delete, Insert, ChangeValue, Extend, Restate, Retitle, Waive}
}

// Operation is one change that an amendment makes to the contract it amends. From may precede the signature.
type Operation struct {
	Kind OperationKind `json:"kind" enum:"replace,delete,insert,change_value,extend,restate,retitle,waive"`
	// Target is what is changed, numbered as Passage.Clause numbers it: "7.2", "Exhibit B 2.1", "Article IV"; "" is the
	// whole contract.
	Target string `json:"target,omitempty"`
	// Terms narrows the target to the names of terms and the keys of obligations; a waiver or deletion without a target
	// needs them.
	Terms     []string           `json:"terms,omitempty"`
	NewTarget string             `json:"new_target,omitempty"` // retitle: the name from now on
	Old       string             `json:"old,omitempty"`        // change_value: the words that go, where they are quoted
	New       string             `json:"new,omitempty"`        // the words that come, where they are quoted
	By        *calendar.Duration `json:"by,omitempty"`         // extend: longer by
	To        calendar.Date      `json:"to,omitempty"`         // extend: the new last day
	From      calendar.Date      `json:"from,omitempty"`       // first day of the change; "" = the amendment's own effective date
	Until     calendar.Date      `json:"until,omitempty"`      // waive: half-open end
	// Settled says of a change_value that the clause was read with the new words: terms are all whose values change.
	Settled bool `json:"settled,omitempty"`
}

// Check reports an operation that can not be carried out, with what is missing.
func (o Operation) Check() error {
	if _, why := o.Wrong(); why != "" {
		return errors.New(why)
	}
	return nil
}

// Wrong is the member by which an operation can not be carried out, and why; both are empty where it can.
func (o Operation) Wrong() (member, why string) {
	switch o.Kind {
	case Replace, Insert, ChangeValue, Restate:
	case Delete:
		if o.Target == "" && len(o.Terms) == 0 {
			return "terms", "a deletion needs a target or the terms that go"
		}
	case Extend:
		if (o.By == nil) == (o.To == "") {
			return "to", "an extension needs either how much longer (by) or the new last day (to)"
		}
	case Retitle:
		if o.Target == "" {
			return "target", "a new title needs the old name (target)"
		}
		if o.NewTarget == "" {
			return "new_target", "a new title needs the new name (new_target)"
		}
	case Waive:
		if o.Target == "" && len(o.Terms) == 0 {
			return "terms", "a waiver needs a target or the terms it is about"
		}
		if o.Until == "" {
			return "until", "a waiver needs the day it ends (until): what is given up for ever is a deletion"
		}
	default:
		return "kind", fmt.Sprintf("unknown kind of operation %q", o.Kind)
	}
	if o.By != nil {
		if err := o.By.Check(); err != nil {
			return "by", err.Error()
		}
	}
	for _, d := range []struct {
		member string
		day    calendar.Date
	}{{"to", o.To}, {"from", o.From}, {"until", o.Until}} {
		if d.day == "" {
			continue
		}
		if _, err := calendar.ParseDate(string(d.day)); err != nil {
			return d.member, err.Error()
		}
	}
	if o.From != "" && o.Until != "" && o.Until <= o.From {
		return "until", fmt.Sprintf("the change ends on %s, before it begins on %s", o.Until, o.From)
	}
	return "", ""
}

// String says the operation in words, short.
func (o Operation) String() string {
	target := o.Target
	if target == "" {
		target = "the contract"
		if len(o.Terms) > 0 {
			target = strings.Join(o.Terms, ", ")
		}
	}
	var s string
	switch o.Kind {
	case Replace:
		s = target + " is replaced"
	case Delete:
		s = target + " is deleted"
	case Insert:
		s = "added to " + target
	case ChangeValue:
		s = target + " is changed"
		if o.Old == "" && o.New != "" && o.Target != "" {
			s = fmt.Sprintf("%s: “%s” from then on", target, short(o.New))
		}
		if o.Old != "" && o.New != "" {
			s = fmt.Sprintf("%s: “%s” becomes “%s”", target, short(o.Old), short(o.New))
		}
	case Extend:
		s = "the term is extended"
		if o.By != nil {
			s += " by " + o.By.String()
		}
		if o.To != "" {
			s += " to " + string(o.To)
		}
	case Restate:
		s = target + " is amended and restated"
	case Retitle:
		s = target + " becomes " + o.NewTarget
	case Waive:
		if o.Target == "" && len(o.Terms) == 0 {
			target = "a right" // which one is asked
		}
		s = target + " is waived"
	default:
		s = string(o.Kind) + " " + target
	}
	if o.From != "" {
		s += " from " + string(o.From)
	}
	if o.Until != "" {
		s += " until " + string(o.Until)
	}
	return s
}

func short(s string) string {
	r := []rune(s)
	if len(r) <= 40 {
		return s
	}
	return string(r[:39]) + "…"
}

// ContractRef names a contract as another document refers to it, and the contract of the register it was tied to.
type ContractRef struct {
	ContractID ContractID    `json:"contract_id,omitempty"` // "" while none of the register fits
	Relation   string        `json:"relation"`              // what the referring document is to it: amendment, sow, order_form, exhibit, child
	Title      string        `json:"title,omitempty"`       // as written
	Number     string        `json:"number,omitempty"`      // as written
	Date       calendar.Date `json:"date,omitempty"`        // of the contract referred to
	Why        string        `json:"why,omitempty"`         // how it was recognised, or why not; "" while nobody looked
}

// String says the reference in words.
func (c ContractRef) String() string {
	s := c.Title
	if s == "" {
		s = "an earlier contract"
	}
	if c.Number != "" {
		s += " " + c.Number
	}
	if c.Date != "" {
		s += " of " + string(c.Date)
	}
	if c.ContractID == "" && c.Why != "" {
		s += " (not in the register)"
	}
	return s
}
