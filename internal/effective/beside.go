package effective

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// document is a contract of the family with its amendments, as it stands beside another.
type document struct {
	con  pact.Contract
	line Timeline
}

// Among gives the timeline of a contract that knows the documents beside it in its family: those above it, the nearest first, and the
// exhibits of it and of those. version is asked for what they say, as in OfContract.
//
// Where one of them states a term otherwise than the contract, a reviewed order of precedence decides which value is in force.
// Without one that names both there is a question with the readings, and no value. What a contract does not state itself it does not
// take from them, and each keeps what is of its own life: its dates, its parties, what is bought.
func (t Timeline) Among(con pact.Contract, members []pact.Contract, version func(pact.Contract) (pact.Version, error)) (Timeline, error) {
	if !t.states(shared) {
		return t, nil // nothing that could be contradicted
	}
	above := Above(members, con)
	for _, m := range append([]pact.Contract{con}, above...) {
		for _, x := range members {
			if x.Relation == "exhibit" && x.ParentID == m.ID && x.ID != con.ID && !slices.ContainsFunc(above, func(a pact.Contract) bool { return a.ID == x.ID }) {
				above = append(above, x)
			}
		}
	}
	t.of, t.beside = con, nil
	for _, m := range above {
		line, versions, err := OfContract(m, members, version)
		if err != nil {
			return t, err
		}
		if len(versions) > 0 {
			t.beside = append(t.beside, document{m, line})
		}
	}
	return t, nil
}

// states tells whether some document of the timeline states such a term.
func (t Timeline) states(such func(term string) bool) bool {
	for _, entries := range t.byName {
		if e := entries[0]; e.Term != nil && such(e.Term.Name) {
			return true
		}
	}
	return false
}

// shared tells whether a term is one that two documents of a family can contradict each other in.
func shared(term string) bool {
	switch term {
	case "governing_law", "payment_terms", "liability_cap", "uptime_target", "service_credits", "claim_window":
		return true
	}
	return ofRenewal(term)
}

// ofRenewal tells whether a term is about how a document renews.
func ofRenewal(term string) bool {
	return term == "auto_renewal" || term == "renewal_term" || term == "notice_period"
}

// voice is what one document says of a term on a day.
type voice struct {
	document
	said Entry
}

// weigh lets the order of precedence decide between what a contract says of a term and what the documents beside it do.
func (t Timeline) weigh(r Resolution, name string, on calendar.Date) Resolution {
	if r.Winner == nil || !shared(name) || len(t.beside) == 0 {
		return r
	}
	voices := []voice{{document{t.of, t}, *r.Winner}}
	for _, d := range t.beside {
		if m := d.line.own(name, on); m.Winner != nil && !(ofRenewal(name) && d.con.Relation != "exhibit" && ofItself(*m.Winner)) {
			voices = append(voices, voice{d, *m.Winner})
		}
	}
	if !slices.ContainsFunc(voices, func(v voice) bool { return differ(v.said.Term.Value, r.Winner.Term.Value) }) {
		return r
	}
	var orders []documentOrder
	for _, d := range append(slices.Clone(t.beside), voices[0].document) {
		if o, ok := orderOf(d.line, d.con, on); ok {
			orders = append(orders, o)
		}
	}
	for i, v := range voices {
		if rule, at, lost := v.over(voices, orders); lost != nil {
			if v := v.said; i > 0 {
				r.Winner = &v
			}
			r.Rule, r.Order, r.Losers = rule, at, append(lost, r.Losers...)
			r.Trace = nil
			r.trace("term "+name, on)
			return r
		}
	}
	return undecided(r, name, on, voices, orders)
}

// over tells whether a document governs over all those that say otherwise: by which clause, and what loses; nil where it does not.
func (v voice) over(voices []voice, orders []documentOrder) (rule string, at []pact.Evidence, lost []Loser) {
	for _, o := range voices {
		if !differ(o.said.Term.Value, v.said.Term.Value) {
			continue
		}
		first, by, known := compare(orders, v.placed(orders), o.placed(orders))
		if !known || !first {
			return "", nil, nil
		}
		why := "the order of precedence puts " + title(v.said) + " above " + title(o.said) + ". " + by.says
		if rule == "" {
			rule, at = why, by.at
		}
		lost = append(lost, Loser{Entry: o.said, Why: why, By: title(v.said)})
	}
	return rule, at, lost
}

// placed is the contract whose place an order of precedence tells. An amendment has one of its own only where an order names amendments.
func (v voice) placed(orders []documentOrder) pact.Contract {
	amendments := func(o documentOrder) bool {
		return slices.ContainsFunc(o.names, func(name string) bool { return sortOf(name) == "amendment" })
	}
	if v.said.Source.Amends && slices.ContainsFunc(orders, amendments) {
		return pact.Contract{ID: v.said.Source.ContractID, ParentID: v.con.ID, Relation: "amendment", Title: v.said.Source.Title}
	}
	return v.con
}

// undecided is the question which of the documents governs, with what each says.
func undecided(r Resolution, name string, on calendar.Date, voices []voice, orders []documentOrder) Resolution {
	label := strings.ReplaceAll(name, "_", " ")
	if spec, ok := pact.TermSpecOf(name); ok {
		label = strings.ToLower(spec.Label)
	}
	var says []string
	q := pact.Ambiguity{Code: "precedence"}
	for _, v := range voices {
		if slices.ContainsFunc(q.Readings, func(o pact.Value) bool { return !differ(o, v.said.Term.Value) }) {
			continue
		}
		q.Readings = append(q.Readings, v.said.Term.Value)
		says = append(says, fmt.Sprintf("%s (%s)", title(v.said), v.said.Term.Value))
		r.Undecided = append(r.Undecided, v.said)
	}
	why := "No reviewed clause says which of them comes first."
	if len(orders) > 0 {
		why = "The order of precedence does not tell: it does not name both, or another one says the contrary. " + orders[0].says
	}
	q.Question = fmt.Sprintf("%s state the %s differently. Which one governs? %s State the order of precedence in a review of one of them.", strings.Join(says, " and "), label, strings.TrimSuffix(why, ".")+".")
	r.Ambiguities = append(r.Ambiguities, q)
	r.Winner, r.Rule, r.Trace = nil, "not decided: documents of the family differ, and no order of precedence places them", nil
	r.trace("term "+name, on)
	return r
}

// ofItself tells whether a document speaks of its own renewal, and not of that of the orders under it: "this Agreement renews".
func ofItself(e Entry) bool {
	quote := strings.ToLower(quoteOf(e.Term.Evidence))
	for _, below := range []string{"order", "statement of work", "statements of work", "sow", "subscription", "schedule"} {
		if strings.Contains(quote, below) {
			return false
		}
	}
	return strings.Contains(quote, "agreement") || strings.Contains(quote, "contract")
}

// differ tells whether two values of a term can not both hold. Terms of payment are compared in what both state, lengths in months where both
// are, and caps by sum, count of fees and their time.
func differ(a, b pact.Value) bool {
	switch {
	case a.Kind == pact.TextValue && b.Kind == pact.TextValue:
		return !strings.EqualFold(strings.Join(strings.Fields(a.Text), " "), strings.Join(strings.Fields(b.Text), " "))
	case a.Payment != nil && b.Payment != nil && a.Payment.NetDays != nil && b.Payment.NetDays != nil:
		x, y := a.Payment, b.Payment
		return *x.NetDays != *y.NetDays || x.EOM != y.EOM || x.Basis != y.Basis && x.Basis != "" && y.Basis != ""
	case a.Percentage != nil && b.Percentage != nil:
		return !a.Percentage.Equal(*b.Percentage)
	case a.Duration != nil && b.Duration != nil:
		return inMonths(*a.Duration) != inMonths(*b.Duration)
	case (a.Cap != nil || a.Money != nil) && (b.Cap != nil || b.Money != nil):
		return !limitOf(a).Equal(limitOf(b))
	}
	return !a.Equal(b)
}

// inMonths writes a length that is whole months as such: a year is twelve.
func inMonths(d calendar.Duration) calendar.Duration {
	if n, ok := d.Months(); ok {
		return calendar.Duration{Value: n, Unit: calendar.UnitMonth}
	}
	return d
}

// limitOf is what a cap comes to, however it is written.
func limitOf(v pact.Value) pact.Value {
	out := pact.Cap{Amount: v.Money}
	if c := v.Cap; c != nil {
		out = *c
		if out.Basis = ""; c.Amount != nil || c.Multiple != nil {
			out.Text = ""
		}
		if c.Window != nil {
			window := inMonths(*c.Window)
			out.Window = &window
		}
	}
	return pact.Value{Kind: pact.CapValue, Cap: &out}
}
