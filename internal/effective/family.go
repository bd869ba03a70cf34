package effective

import (
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// Amending lists the amendments of a contract among the members of its family, and the amendments of those, in the order of
// the list. A list that runs in a circle ends.
func Amending(members []pact.Contract, of pact.ContractID) []pact.Contract {
	var out []pact.Contract
	seen := map[pact.ContractID]bool{of: true}
	var walk func(pact.ContractID)
	walk = func(id pact.ContractID) {
		for _, m := range members {
			if m.ParentID == id && m.Relation == "amendment" && !seen[m.ID] {
				seen[m.ID] = true
				out = append(out, m)
				walk(m.ID)
			}
		}
	}
	walk(of)
	return out
}

// Amended is the contract that an amendment changes, also through other amendments; any other contract is itself.
func Amended(con pact.Contract, members []pact.Contract) pact.Contract {
	for range members {
		i := slices.IndexFunc(members, func(c pact.Contract) bool { return c.ID == con.ParentID })
		if con.Relation != "amendment" || i < 0 {
			break
		}
		con = members[i]
	}
	return con
}

// OfContract makes the timeline of a contract with its amendments. version gives the published version of a member; it is
// asked only for those that have one, the contract itself first. An amendment's own name, number and dates do not take the
// place of the contract's.
func OfContract(con pact.Contract, members []pact.Contract, version func(pact.Contract) (pact.Version, error)) (Timeline, []pact.Version, error) {
	var entries []Entry
	var versions []pact.Version
	for _, part := range append([]pact.Contract{con}, Amending(members, con.ID)...) {
		if part.CurrentVersion == 0 {
			continue
		}
		v, err := version(part)
		if err != nil {
			return Timeline{}, nil, err
		}
		versions = append(versions, v)
		if part.ID == con.ID {
			entries = append(entries, FromVersion(v, part.Title, 0)...)
		} else {
			entries = append(entries, FromAmendment(v, part.Title, 0)...)
		}
	}
	return New(entries), versions, nil
}

// Above lists the contracts above one, the nearest first: its parent, and the parents of that. What an amendment amends stands in
// its place. A list that runs in a circle ends.
func Above(members []pact.Contract, of pact.Contract) []pact.Contract {
	var out []pact.Contract
	seen := map[pact.ContractID]bool{of.ID: true}
	for id := of.ParentID; id != "" && !seen[id]; {
		seen[id] = true
		i := slices.IndexFunc(members, func(m pact.Contract) bool { return m.ID == id })
		if i < 0 {
			break
		}
		if members[i].Relation != "amendment" {
			out = append(out, members[i])
		}
		id = members[i].ParentID
	}
	return out
}

// Passed lists what the timeline of a master says of an obligation that it passes on, as entries for the timeline of a contract below
// it that holds from a date ("" is the beginning).
func Passed(master Timeline, key string, rule pact.Cascade, from calendar.Date) []Entry {
	var out []Entry
	for _, s := range master.Segments(key) {
		if s.Resolution.Winner == nil || s.Period.Until != "" && s.Period.Until <= from {
			continue
		}
		e := *s.Resolution.Winner
		o := *e.Obligation
		o.InForce = calendar.Period{From: max(s.Period.From, from), Until: s.Period.Until}
		e = Entry{Source: e.Source, Obligation: &o}
		e.Source.From, e.Source.Until, e.Source.Rank, e.Source.Amends = o.InForce.From, "", 0, false
		e.Source.Inherited, e.Source.Firm = true, rule.Override == "forbidden"
		out = append(out, e)
	}
	return out
}

// With gives a timeline that has more entries beside those of another.
func (t Timeline) With(more []Entry) Timeline {
	if len(more) == 0 {
		return t
	}
	var all []Entry
	for _, entries := range t.byName {
		for _, e := range entries {
			e.ended, e.waived, e.changed = nil, nil, nil
			all = append(all, e)
		}
	}
	for _, c := range t.changes {
		all = append(all, Entry{Source: c.Source, Change: &c.ReviewedOperation})
	}
	out := New(append(all, more...))
	out.of, out.beside = t.of, t.beside
	return out
}

// Any tells whether an obligation of the timeline, in whatever version, is one.
func (t Timeline) Any(is func(pact.Obligation) bool) bool {
	for _, entries := range t.byName {
		for _, e := range entries {
			if e.Obligation != nil && is(*e.Obligation) {
				return true
			}
		}
	}
	return false
}

// Changed gives a timeline in which every version of some obligations is another one, of the same dates: "what if the clause said so".
func (t Timeline) Changed(which func(pact.Obligation) bool, change func(pact.Obligation) pact.Obligation) Timeline {
	out := t
	out.byName = make(map[string][]Entry, len(t.byName))
	for name, entries := range t.byName {
		entries = slices.Clone(entries)
		for i, e := range entries {
			if e.Obligation != nil && which(*e.Obligation) {
				o := change(*e.Obligation)
				entries[i].Obligation = &o
			}
		}
		out.byName[name] = entries
	}
	return out
}

// Inheritance is an obligation of a contract above one, as it holds there.
type Inheritance struct {
	Obligation pact.Obligation // as the register has it above
	Entries    []Entry         // for the timeline of the contract below
}

// Inherited lists what the contracts above one pass to it by the rules of the register; of several that pass the same key the nearest
// does. lines are the timelines of the members by themselves; the contract below holds from begins ("" is the beginning), and until its
// term with the extensions that were agreed is over: nothing is passed on to what has expired. One that renews by itself has no such end.
// Which of the two governs where both state the same key, an order of precedence in their text decides, if a reviewer confirmed one that
// names both.
func Inherited(members []pact.Contract, of pact.Contract, register []pact.Obligation, lines map[pact.ContractID]Timeline, begins calendar.Date) []Inheritance {
	var out []Inheritance
	seen, ends := map[string]bool{}, ends(lines[of.ID])
	for _, above := range Above(members, of) {
		line, ok := lines[above.ID]
		if !ok {
			continue
		}
		first, says, known := between(lines, above, of)
		for _, o := range register {
			if o.ContractID != above.ID || o.InheritedFrom != "" || !o.Cascade.Reaches(of) || seen[o.Key] {
				continue
			}
			if list := until(Passed(line, o.Key, *o.Cascade, begins), ends); len(list) > 0 {
				for i := range list {
					switch s := &list[i].Source; {
					case o.Cascade.Override == "forbidden": // what a person set in the register stands
					case known:
						s.Firm, s.Order = first, says
					default:
						s.Unplaced = says
					}
				}
				seen[o.Key] = true
				out = append(out, Inheritance{Obligation: o, Entries: list})
			}
		}
	}
	return out
}

// ends is the first day after the term of a contract; "" where it has no known last day, or renews by itself.
func ends(line Timeline) calendar.Date {
	const last = calendar.Date("9999-12-31") // all that was agreed
	if r := line.Term("auto_renewal", last); r.Winner != nil && r.Winner.Term.Value.Flag != nil && *r.Winner.Term.Value.Flag {
		return ""
	}
	r := line.Term("expiration_date", last)
	if r.Winner == nil || r.Winner.Term.Value.Kind != pact.DateValue || r.Winner.Term.Value.Date >= last {
		return ""
	}
	return r.Winner.Term.Value.Date.AddDays(1)
}

// until cuts what is passed on at the end of the contract it passes to; "" is no end.
func until(entries []Entry, end calendar.Date) []Entry {
	if end == "" {
		return entries
	}
	var out []Entry
	for _, e := range entries {
		o := *e.Obligation
		if o.InForce.From >= end {
			continue
		}
		if o.InForce.Until == "" || o.InForce.Until > end {
			o.InForce.Until = end
		}
		e.Obligation = &o
		out = append(out, e)
	}
	return out
}

// Follow gives what is passed on the owner and the check-ins of the rule, unless somebody set others for this line: what the rule said
// before is kept with the line, and what equals it was never set by anybody.
func Follow(o *pact.Obligation, row pact.Obligation, rule pact.Cascade, today calendar.Date) {
	said := &pact.Cascade{Owner: rule.Owner, CheckIn: rule.CheckIn}
	var before pact.Cascade
	if row.Cascade != nil {
		before = *row.Cascade
	}
	if o.Cascade = said; SameRule(said, nil) {
		o.Cascade = nil
	}
	if o.Owner = row.Owner; row.Owner == before.Owner {
		o.Owner = rule.Owner
	}
	o.CheckIn, o.CheckInDue, o.CheckInState = row.CheckIn, row.CheckInDue, row.CheckInState
	if pact.SamePlan(row.CheckIn, before.CheckIn) && !pact.SamePlan(row.CheckIn, rule.CheckIn) {
		if o.CheckIn, o.CheckInDue = rule.CheckIn, ""; rule.CheckIn != nil {
			o.CheckInDue = rule.CheckIn.Begin(max(today, o.InForce.From)) // nobody is asked before it holds
		}
	}
}

// SameRule compares what a rule gives to what it passes on; none is a rule that gives nothing.
func SameRule(a, b *pact.Cascade) bool {
	var x, y pact.Cascade
	if a != nil {
		x = *a
	}
	if b != nil {
		y = *b
	}
	return x.Owner == y.Owner && pact.SamePlan(x.CheckIn, y.CheckIn)
}
