package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/outbox"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// planned is an action before it is stored.
type planned struct {
	action  pact.Action
	object  pact.ObjectMapping
	sources map[string]string // field -> term, for the dry run
}

// PlanWrites turns a published version into actions for every connection of its business unit that takes writes, or for the
// one that is named.
func (o *Office) PlanWrites(ctx context.Context, args job.PlanWrites) error {
	con, v, err := o.version(ctx, args.ContractID, args.Version)
	if err != nil {
		return err
	}
	if con.CurrentVersion != args.Version {
		return nil // a newer version plans its own
	}
	where := []store.Cond{store.Eq("business_unit", con.BusinessUnit), store.Eq("enabled", true)}
	if args.ConnectionID != "" {
		where = append(where, store.Eq("id", args.ConnectionID))
	}
	connections, err := o.Store.Reads().Connections.All(ctx, store.Where(where...))
	if err != nil {
		return err
	}
	var failures []error
	for _, c := range connections {
		if err := o.planFor(ctx, c, con, v); err != nil {
			failures = append(failures, fmt.Errorf("planning the writes to %s: %w", c.Name, err))
		}
	}
	return errors.Join(failures...)
}

func (o *Office) version(ctx context.Context, id pact.ContractID, number int) (pact.Contract, pact.Version, error) {
	con, err := o.Store.Reads().Contracts.Get(ctx, string(id))
	if err != nil {
		return con, pact.Version{}, err
	}
	v, err := o.Store.Reads().Versions.One(ctx, store.Where(store.Eq("contract_id", id), store.Eq("number", number)))
	return con, v, err
}

func (o *Office) planFor(ctx context.Context, c pact.Connection, con pact.Contract, v pact.Version) error {
	mapping, err := o.mapping(ctx, c)
	if err != nil || len(mapping.Objects) == 0 {
		return err
	}
	plan, err := o.plan(ctx, c, con, v, mapping)
	if err != nil {
		return err
	}
	since, err := o.since(ctx, c, mapping)
	if err != nil {
		return err
	}
	for i := range plan { // the same version in another phase, or by another mapping, writes other fields: another effect
		key := outbox.Key(plan[i].action.Key, con.Phase)
		if v := since[targetOf(plan[i].object)]; v > 0 {
			key = outbox.Key(key, fmt.Sprint("mapping ", v))
		}
		if plan[i].action.Key, err = o.again(ctx, plan[i].action, key); err != nil {
			return err
		}
	}
	return o.Store.Change(ctx, store.Act{Name: "writes.plan", Subject: string(con.ID), Unit: con.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Contracts.Lock(ctx, string(con.ID))
		if err != nil {
			return err
		}
		if now.CurrentVersion != v.Number || now.Phase != con.Phase {
			return nil // a newer version was published meanwhile, or the phase moved; each plans its own
		}
		if last, err := lastMapping(ctx, tx.Mappings, c.ID); err != nil || last.Version != mapping.Version {
			return err // so does a mapping that was replaced meanwhile
		}
		if err := withdrawOlder(ctx, tx, c, con, plan); err != nil {
			return err
		}
		for _, p := range plan {
			if err := outbox.Put(ctx, tx, p.action); err != nil {
				return err
			}
		}
		return nil
	})
}

// withdrawOlder takes back what an earlier version wanted to write and could not yet.
func withdrawOlder(ctx context.Context, tx store.Tx, c pact.Connection, con pact.Contract, plan []planned) error {
	open, err := tx.Actions.All(ctx, store.Where(store.Eq("contract_id", con.ID), store.Eq("connection_id", c.ID), store.Eq("finding_id", ""),
		store.In("state", []string{"pending", "denied", "unmapped", "invalid", "conflict", "unavailable"})))
	if err != nil {
		return err
	}
	for _, a := range open {
		if isFlag(a) || slices.ContainsFunc(plan, func(p planned) bool { return p.action.Key == a.Key }) {
			continue
		}
		a.State, a.Reason = pact.ActionWithdrawn, "a newer version, another phase or another mapping replaced it"
		if err := tx.Actions.Update(ctx, &a); err != nil {
			return err
		}
	}
	return nil
}

// plan computes the actions of a version for one connection; it reads links, and stores nothing but those.
func (o *Office) plan(ctx context.Context, c pact.Connection, con pact.Contract, v pact.Version, m pact.Mapping) ([]planned, error) {
	conn, err := o.Connections.Open(ctx, c)
	if err != nil {
		return nil, err
	}
	publisher, err := store.NameOf(ctx, o.Store.Reads().Users, o.Store.Reads().Keys, v.PublishedBy)
	if err != nil {
		return nil, err
	}
	base := contractFacts(con, v, publisher)
	cause := causeOf(con, v)
	var out []planned
	for _, om := range m.Objects {
		if !reaches(con.Phase, om.Phase) {
			continue
		}
		switch om.For {
		case "contract":
			if con.Relation == "amendment" && (con.Source == nil || con.Source.ConnectionID != c.ID) {
				continue // an amendment has no deal of its own; writing its terms over its contract's would be wrong
			}
			l, err := o.link(ctx, c, conn, con, om.Object)
			if err != nil {
				return nil, err
			}
			p := o.compose(c, con, om, base, cause+"/"+l.ExternalID, con.Phase)
			p.action.ExternalID = l.ExternalID
			if p.action.Before, err = o.lastWritten(ctx, p.action); err != nil {
				return nil, err
			}
			if err := o.empty(ctx, &p, om, base, con.Phase); err != nil {
				return nil, err
			}
			if l.ExternalID == "" {
				p.action.State = pact.ActionUnmapped
				p.action.Reason = fmt.Sprintf("No %s is settled for %q: %s.", om.Object, con.Customer, first(l.Explanation))
			}
			if len(p.action.Fields) > 0 {
				out = append(out, p)
			}
		case "obligation":
			related, err := o.related(ctx, c, conn, con, m)
			if err != nil {
				return nil, err
			}
			for _, ob := range v.Obligations {
				p := o.compose(c, con, om, merge(base, related, obligationFacts(ob, con)), string(v.ID)+"/"+ob.Key+hangingOn(related), con.Phase)
				p.action.TargetKey = string(ob.ID)
				out = append(out, p)
			}
		case "renewal_task":
			if con.SendBy == "" {
				continue
			}
			related, err := o.related(ctx, c, conn, con, m)
			if err != nil {
				return nil, err
			}
			p := o.compose(c, con, om, merge(base, related, renewalFacts(con)), cause+"/renewal"+hangingOn(related), con.Phase)
			p.action.TargetKey = string(con.ID) + "/renewal/" + string(con.SendBy)
			out = append(out, p)
		}
	}
	return out, nil
}

// causeOf names the version with the dates that the register has since: after a renewal, and where an amendment changed the notice or the
// term, the same version is written with other dates.
func causeOf(con pact.Contract, v pact.Version) string {
	cause := string(v.ID)
	for _, d := range []struct {
		term, why string
		now       calendar.Date
	}{{"renewal_date", "/renewed/", con.RenewalDate}, {"notice_send_by", "/notice/", con.SendBy}, {"expiration_date", "/extended/", con.ExpirationDate}} {
		if d.now != dateOf(v, d.term) {
			cause += d.why + string(d.now)
		}
	}
	return cause
}

// again gives the key of an action whose values were written before and others since: what an amendment changed and was taken back is
// written once more. Any other action has its key.
func (o *Office) again(ctx context.Context, a pact.Action, key string) (string, error) {
	if a.ExternalID == "" {
		return key, nil
	}
	done, err := o.Store.Reads().Actions.All(ctx, store.Where(store.Eq("connection_id", a.ConnectionID), store.Eq("contract_id", a.ContractID), store.Eq("object", a.Object),
		store.Eq("external_id", a.ExternalID), store.Eq("kind", a.Kind), store.Eq("state", string(pact.ActionDone))).By("-updated_at"))
	if err != nil || len(done) == 0 || done[0].Key == key || !slices.ContainsFunc(done, func(d pact.Action) bool { return d.Key == key }) {
		return key, err
	}
	for field, value := range a.Fields {
		if last, ok := done[0].Fields[field]; ok && !same(last, value) {
			return outbox.Key(key, "after", string(done[0].ID)), nil
		}
	}
	return key, nil
}

func dateOf(v pact.Version, name string) calendar.Date {
	t, _ := v.Term(name)
	return t.Value.Date
}

// lastWritten gives what we left standing at a target. A value there that is neither that nor the wanted one was written by
// a person since, and makes the action a conflict instead of being written over.
func (o *Office) lastWritten(ctx context.Context, a pact.Action) (map[string]any, error) {
	if a.ExternalID == "" {
		return nil, nil //nolint:nilnil // nothing was written yet
	}
	q := o.doneAt(a)
	q.Limit = 1
	done, err := o.Store.Reads().Actions.List(ctx, q)
	if err != nil || len(done.Items) == 0 || done.Items[0].Receipt == nil {
		return nil, err
	}
	return done.Items[0].Receipt.Values, nil
}

// empty takes out of a record the dates of the register that no longer exist, where we wrote them: an amendment made the contract
// perpetual, or notice ended it. What a person put there since is a conflict, and what we never wrote is left alone.
func (o *Office) empty(ctx context.Context, p *planned, om pact.ObjectMapping, fs facts, phase string) error {
	gone := map[string]string{} // field -> term
	for _, f := range om.Fields {
		fact := fs[f.Term]
		if !slices.Contains(registerDates(), f.Term) || !fact.isZero() && fact.value.Kind != pact.EvergreenValue {
			continue
		}
		if f.Field != "" && riskAllowed(phase, f.Risk) {
			gone[f.Field] = f.Term
		}
		if f.Source != "" {
			gone[f.Source] = f.Term
		}
	}
	if len(gone) == 0 || p.action.ExternalID == "" {
		return nil
	}
	return o.Store.Reads().Actions.Each(ctx, o.doneAt(p.action), func(a pact.Action) error {
		if a.Receipt == nil {
			return nil
		}
		for field, term := range gone {
			value, told := a.Receipt.Values[field]
			if !told {
				continue
			}
			delete(gone, field) // the latest word of ours
			if value == nil || value == "" {
				continue
			}
			p.action.Fields[field], p.sources[field] = nil, term
			before := map[string]any{field: value}
			maps.Copy(before, p.action.Before)
			p.action.Before = before
		}
		return nil
	})
}

// doneAt asks for our writes to the target of an action, the latest first.
func (o *Office) doneAt(a pact.Action) store.Query {
	return store.Query{Where: []store.Cond{
		store.Eq("connection_id", a.ConnectionID), store.Eq("object", a.Object), store.Eq("external_id", a.ExternalID), store.Eq("kind", a.Kind), store.Eq("state", string(pact.ActionDone)),
	}, Order: []string{"-updated_at"}}
}

// related gives the ids of the objects a new object hangs on: "link.Account", "link.Opportunity".
func (o *Office) related(ctx context.Context, c pact.Connection, conn connector.Connection, con pact.Contract, m pact.Mapping) (facts, error) {
	out := facts{}
	for _, om := range m.Objects {
		for _, f := range om.Fields {
			object, ok := strings.CutPrefix(f.Term, "link.")
			if !ok || !out[f.Term].isZero() {
				continue
			}
			l, err := o.link(ctx, c, conn, con, object)
			if err != nil {
				return nil, err
			}
			if l.ExternalID != "" {
				out[f.Term] = fact{value: pact.Text(l.ExternalID)}
			}
		}
	}
	return out, nil
}

// hangingOn is the part of a cause that says what an object hangs on: when a person settles a link later, it is written again with it.
func hangingOn(related facts) string {
	var out strings.Builder
	for _, name := range sortedKeys(related) {
		out.WriteString("/" + related[name].value.Text)
	}
	return out.String()
}

// cut shortens a text to so many characters, at a word where one ends in the second half.
func cut(text string, length int) string {
	r := []rune(text)
	if length <= 0 || len(r) <= length {
		return text
	}
	head := string(r[:length-1])
	if i := strings.LastIndexByte(head, ' '); i > len(head)/2 {
		head = head[:i]
	}
	return strings.TrimRight(head, " ,;:.-–") + "…"
}

// compose fills the fields of an object from facts by its mapping, as far as the phase allows.
func (o *Office) compose(c pact.Connection, con pact.Contract, om pact.ObjectMapping, fs facts, cause, phase string) planned {
	p := planned{object: om, sources: map[string]string{}, action: pact.Action{
		BusinessUnit: con.BusinessUnit, ConnectionID: c.ID, ContractID: con.ID, Kind: om.Action, Object: om.Object, State: pact.ActionPending, Fields: map[string]any{},
		Key: outbox.Key(string(c.ID), om.For, om.Object, cause),
	}}
	for _, f := range om.Fields {
		if f.Const != "" {
			if riskAllowed(phase, f.Risk) {
				p.action.Fields[f.Field] = f.Const
				p.sources[f.Field] = "(fixed)"
			}
			continue
		}
		fact, ok := fs[f.Term]
		if !ok || fact.isZero() {
			continue
		}
		if fact.value.Kind == pact.EvergreenValue && f.Convert == "date" {
			continue // there is no such date
		}
		value, err := connector.Convert(fact.value, f.Convert)
		if err != nil { // the rest is written; the action says what was left out
			p.action.Reason = leftOut + fmt.Sprintf("%s does not fit the field %s: %s", f.Term, f.Field, message(err))
			continue
		}
		if text, ok := value.(string); ok {
			value = cut(text, f.Length)
		}
		if riskAllowed(phase, f.Risk) {
			p.action.Fields[f.Field] = value
			p.sources[f.Field] = f.Term
		}
		if f.Source != "" && fact.extracted { // the sibling keeps what the machine read, in every phase
			p.action.Fields[f.Source] = value
			p.sources[f.Source] = f.Term
		}
	}
	return p
}

// reaches tells whether a phase is at or past another.
func reaches(phase, needed string) bool {
	order := []string{"", "assisted", "conditional", "full"}
	return slices.Index(order, phase) >= slices.Index(order, needed)
}

// riskAllowed tells what may be written in a phase: a summary in every phase, low-risk fields from conditional on, core fields in full.
func riskAllowed(phase, risk string) bool {
	switch risk {
	case "summary":
		return true
	case "low":
		return reaches(phase, "conditional")
	}
	return phase == "full"
}

// Difference is one line of a dry run.
type Difference struct {
	Object     string `json:"object"`
	ExternalID string `json:"external_id"`
	Field      string `json:"field"`
	Term       string `json:"term"`
	Before     any    `json:"before"`
	After      any    `json:"after"`
	Change     bool   `json:"change"`
	Note       string `json:"note,omitempty"`
}

// DryRun shows what the current version of a contract would write through a connection, beside what stands there now.
// Nothing is written, here or there. A contract without a version has nothing to write, which is no failure. It shows every field in phase full, with a note where the phase holds it back.
func (o *Office) DryRun(ctx context.Context, id pact.ConnectionID, contract pact.ContractID) ([]Difference, []string, error) {
	c, err := o.Store.Reads().Connections.Get(ctx, string(id))
	if err != nil {
		return nil, nil, err
	}
	con, err := o.Store.Reads().Contracts.Get(ctx, string(contract))
	if err != nil {
		return nil, nil, err
	}
	if con.CurrentVersion == 0 {
		return nil, []string{"The contract has no published version yet, so nothing of it would be written, except that it needs review. Finish its review first."}, nil
	}
	_, v, err := o.version(ctx, contract, con.CurrentVersion)
	if err != nil {
		return nil, nil, err
	}
	m, err := o.mapping(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	dry := &Office{Config: o.Config, dry: true}
	allowed, err := dry.plan(ctx, c, con, v, m)
	if err != nil {
		return nil, nil, err
	}
	full := con
	full.Phase = "full"
	plan, err := dry.plan(ctx, c, full, v, m)
	if err != nil {
		return nil, nil, err
	}
	conn, err := o.Connections.Open(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	var diffs []Difference
	problems := tooLong(ctx, conn, plan)
	for _, p := range plan {
		if p.action.Reason != "" {
			problems = append(problems, p.action.Reason)
		}
		d, err := o.differences(ctx, conn, p)
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: %s", p.action.Object, message(err)))
		}
		diffs = append(diffs, heldBack(d, p, allowed, con.Phase)...)
	}
	return diffs, problems, nil
}

// tooLong names texts that the fields do not take, as the other system describes them; one that describes nothing is asked nothing.
func tooLong(ctx context.Context, conn connector.Connection, plan []planned) []string {
	d, ok := conn.(connector.Describer)
	if !ok {
		return nil
	}
	var out []string
	lengths := map[string]map[string]int{}
	for _, p := range plan {
		object := p.action.Object
		if lengths[object] == nil {
			lengths[object] = map[string]int{}
			schema, err := d.Describe(ctx, object)
			if err != nil {
				out = append(out, fmt.Sprintf("%s: %s", object, message(err)))
			}
			for _, f := range schema.Fields {
				lengths[object][f.Name] = f.Length
			}
		}
		for _, field := range sortedKeys(p.action.Fields) {
			text, ok := p.action.Fields[field].(string)
			if most := lengths[object][field]; ok && most > 0 && len([]rune(text)) > most {
				out = append(out, fmt.Sprintf("%s of %s takes %d characters, and this one has %d: %.60q… Give the field a length in the mapping, or shorten the value.", field, object, most, len([]rune(text)), text))
			}
		}
	}
	return out
}

// heldBack says on each line what the phase of the contract does not let be written.
func heldBack(lines []Difference, p planned, allowed []planned, phase string) []Difference {
	i := slices.IndexFunc(allowed, func(a planned) bool { return a.action.Key == p.action.Key })
	for j := range lines {
		if i >= 0 {
			if _, ok := allowed[i].action.Fields[lines[j].Field]; ok {
				continue
			}
		}
		lines[j].Note, lines[j].Change = "not written in phase "+phase, false
	}
	return lines
}

func (o *Office) differences(ctx context.Context, conn connector.Connection, p planned) ([]Difference, error) {
	var now map[string]any
	var problem error
	if pre, ok := conn.(connector.Previewer); ok && p.action.State != pact.ActionUnmapped {
		now, problem = pre.Current(ctx, p.action)
	}
	var out []Difference
	for _, field := range sortedKeys(p.action.Fields) {
		after := p.action.Fields[field]
		d := Difference{Object: p.action.Object, ExternalID: p.action.ExternalID, Field: field, Term: p.sources[field], Before: now[field], After: after}
		d.Change = !same(d.Before, after)
		out = append(out, d)
	}
	return out, problem
}

func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// message is the part of an error that a person may see.
func message(err error) string {
	_, m, _ := classify(err)
	return m
}

func first(lines []string) string {
	if len(lines) == 0 {
		return "nothing was found"
	}
	return lines[0]
}
