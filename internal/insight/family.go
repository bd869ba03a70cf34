package insight

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// family is what the register holds of a family: its contracts, what each with its amendments says, and its obligations.
type family struct {
	members  []pact.Contract
	register []pact.Obligation
	lines    map[pact.ContractID]effective.Timeline
	begins   map[pact.ContractID]calendar.Date
	states   map[pact.ContractID][]string // keys that a contract or its amendments state
}

// family reads it. Where no obligation passes on, and every is false, the timelines are left out: nobody needs them.
func (v *View) family(ctx context.Context, members []pact.Contract, every bool) (family, error) {
	f := family{members: members, lines: map[pact.ContractID]effective.Timeline{}, begins: map[pact.ContractID]calendar.Date{}, states: map[pact.ContractID][]string{}}
	ids := make([]string, 0, len(members))
	for _, m := range members {
		ids = append(ids, string(m.ID))
	}
	reads := v.Store.Reads()
	var err error
	if f.register, err = reads.Obligations.All(ctx, store.Where(store.In("contract_id", ids)).By("key")); err != nil {
		return f, err
	}
	passing := slices.ContainsFunc(f.register, func(o pact.Obligation) bool { return o.Cascade != nil && o.InheritedFrom == "" })
	if !passing && !every {
		return f, nil
	}
	for _, con := range members {
		if con.Relation == "amendment" && con.ParentID != "" {
			continue
		}
		line, versions, err := v.ofContract(ctx, con, members)
		if err != nil {
			return f, err
		}
		if len(versions) == 0 {
			continue
		}
		f.lines[con.ID] = line
		if con.CurrentVersion > 0 {
			f.begins[con.ID] = versions[0].EffectiveFrom
		}
		for _, x := range versions {
			for _, o := range x.Obligations {
				f.states[con.ID] = append(f.states[con.ID], o.Key)
			}
		}
	}
	return f, nil
}

// ofContract is the timeline of a contract with its amendments among the members of its family, and their published versions.
func (v *View) ofContract(ctx context.Context, con pact.Contract, members []pact.Contract) (effective.Timeline, []pact.Version, error) {
	return obligation.OfContract(con, members, func(part pact.Contract) (pact.Version, error) {
		x, err := v.Store.Reads().Versions.One(ctx, store.Where(store.Eq("contract_id", part.ID), store.Eq("number", part.CurrentVersion)))
		if err != nil {
			return x, fmt.Errorf("reading version %d of %s: %w", part.CurrentVersion, part.ID, err)
		}
		return x, nil
	})
}

// inherited is what contracts above pass to one.
func (f family) inherited(con pact.Contract) []effective.Inheritance {
	if _, published := f.lines[con.ID]; !published {
		return nil
	}
	return effective.Inherited(f.members, con, f.register, f.lines, f.begins[con.ID])
}

func (f family) title(id pact.ContractID) string {
	for _, m := range f.members {
		if m.ID == id {
			return m.Title
		}
	}
	return string(id)
}

// Reached is what a rule would do to one contract under that of the obligation.
type Reached struct {
	ContractID pact.ContractID `json:"contract_id"`
	Title      string          `json:"title"`
	Number     string          `json:"number"`
	Relation   string          `json:"relation"`
	Outcome    string          `json:"outcome" enum:"passes,governs,own,nearer,over,unpublished,not_named" doc:"passes: it gets a line of its own in the register; governs: the contract states the same, and the master's holds in its place; own: the contract states it itself, and that holds; nearer: a contract between passes the same; over: it no longer holds when the contract begins; unpublished: it passes once the contract is reviewed; not_named: the rule does not name such contracts."`
	From       calendar.Date   `json:"from,omitempty" doc:"From when it holds there."`
	Owner      string          `json:"owner,omitempty" doc:"Who looks after it there."`
	Unknown    bool            `json:"unknown_owner,omitempty" doc:"Nobody who may sign in here has the e-mail of the owner."`
	CheckIn    calendar.Date   `json:"check_in,omitempty" doc:"By when the first check-in is due there."`
	Already    bool            `json:"already,omitempty" doc:"It passes there now."`
}

// PreviewCascade tells what a rule would do, contract by contract. It keeps nothing. It fails with fault.Invalid for a rule that can not
// hold, with its fields; nil is the rule that passes nothing.
func (v *View) PreviewCascade(ctx context.Context, id pact.ObligationID, rule *pact.Cascade) ([]Reached, error) {
	o, err := v.Store.Reads().Obligations.Get(ctx, string(id))
	if err != nil {
		return nil, err
	}
	if rule != nil {
		if wrong := obligation.UnusableCascade(o, *rule); len(wrong) > 0 {
			f := fault.New(fault.Invalid, "%s", wrong[0].Message)
			for _, w := range wrong {
				f.Details = append(f.Details, fault.Detail{Field: "body.cascade." + w.Field, Message: w.Message})
			}
			return nil, f
		}
	}
	con, err := v.Store.Reads().Contracts.Get(ctx, string(o.ContractID))
	if err != nil {
		return nil, err
	}
	members, err := v.Store.Reads().Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID)).By("created_at"))
	if err != nil {
		return nil, err
	}
	f, err := v.family(ctx, members, true)
	if err != nil {
		return nil, err
	}
	was := slices.Clone(f.register)
	for i := range f.register {
		if f.register[i].ID == id {
			f.register[i].Cascade = rule
		}
	}
	here, err := v.usersHere(ctx)
	if err != nil {
		return nil, err
	}
	today := calendar.DateIn(v.Now(), time.UTC)
	out := []Reached{}
	for _, m := range members {
		if m.Relation == "amendment" || !slices.ContainsFunc(effective.Above(members, m), func(a pact.Contract) bool { return a.ID == o.ContractID }) {
			continue
		}
		r := f.reach(o, m, rule)
		var line pact.Obligation // as the register has it there
		for _, row := range was {
			if row.ContractID == m.ID && row.InheritedFrom == o.ID {
				line = row
				r.Already = r.Already || row.InForce.Until == "" || row.InForce.Until > today
			}
		}
		if r.Outcome == "passes" { // what somebody set for the line by hand is kept, as it is when the rule is
			next := pact.Obligation{InForce: calendar.Period{From: r.From}}
			effective.Follow(&next, line, *rule, today)
			r.Owner, r.CheckIn = cmp.Or(next.Owner, m.Owner), next.CheckInDue
			r.Unknown = !here(r.Owner)
		}
		out = append(out, r)
	}
	return out, nil
}

// reach tells what becomes of an obligation in one contract below, by the rule that stands in the register of the family.
func (f family) reach(o pact.Obligation, m pact.Contract, rule *pact.Cascade) Reached {
	r := Reached{ContractID: m.ID, Title: m.Title, Number: m.Number, Relation: m.Relation, Outcome: "not_named"}
	if !rule.Reaches(m) {
		return r
	}
	if _, published := f.lines[m.ID]; !published {
		r.Outcome = "unpublished"
		return r
	}
	r.Outcome = "over"
	for _, p := range f.inherited(m) {
		switch {
		case p.Obligation.Key != o.Key:
			continue
		case p.Obligation.ID != o.ID:
			r.Outcome = "nearer"
			return r
		}
		r.From = p.Entries[0].Obligation.InForce.From
		switch own := slices.Contains(f.states[m.ID], o.Key); {
		case own && rule.Override == "forbidden":
			r.Outcome = "governs"
		case own:
			r.Outcome = "own"
		default:
			r.Outcome = "passes"
		}
	}
	return r
}
