package insight

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Replay asks what follows from a registered contract and what was reported under it, as it stands or with other terms.
type Replay struct {
	From, To calendar.Date
	AsOf     time.Time // zero is now
	Changes  []Changed
	// Answered is the one obligation that is changed, of all that have the key, as an answer changes it: what it left open is settled. ""
	// changes every document that states the key.
	Answered pact.ObligationID
	// Without leaves amendments out, of the contract or of one above it: what would have followed had they not been made.
	Without []pact.ContractID
}

// Changed is an obligation with other parameters.
type Changed struct {
	Obligation string          `json:"obligation" minLength:"1" doc:"Key of the obligation."`
	Params     json.RawMessage `json:"params" doc:"The members that are other than registered; null takes one out (JSON merge patch)."`
}

// Replayed is what follows, and how it differs from what follows as registered.
type Replayed struct {
	Report      backtest.Evaluation `json:"report"`
	Differences []Deviation         `json:"differences" doc:"Against the terms as they are registered; empty where nothing was changed."`
	Events      int                 `json:"events" doc:"How many events were looked at."`
	Unused      int                 `json:"unused" doc:"How many events of the period no obligation looked at; the report lists the first 200 with the reason."`
	Passed      []PassedOn          `json:"passed" doc:"What contracts above pass to this one: it is judged with the rest, from what names this contract."`
}

// PassedOn is an obligation that a contract has from one above it.
type PassedOn struct {
	Obligation string          `json:"obligation" doc:"Key of the obligation."`
	Title      string          `json:"title"`
	ContractID pact.ContractID `json:"contract_id" doc:"The contract it comes from."`
	Contract   string          `json:"contract" doc:"Title of that contract."`
	Own        bool            `json:"own,omitempty" doc:"This contract states the same itself: it is judged once, by whichever governs."`
}

// Deviation is an occurrence that is judged otherwise.
type Deviation struct {
	Obligation string            `json:"obligation"`
	Kind       string            `json:"kind"`
	Key        string            `json:"key"`
	Subject    string            `json:"subject,omitempty"`
	Registered *backtest.Verdict `json:"registered,omitempty" doc:"Absent where there is no such occurrence as registered."`
	Changed    *backtest.Verdict `json:"changed,omitempty" doc:"Absent where there is none any more."`
	Delta      *money.Amount     `json:"delta,omitempty"`
}

// mostUnused bounds the events that one replay lists as not used.
const mostUnused = 200

// Backtest replays a contract. It changes nothing. fault.Invalid names what can not be changed as asked, or tells that there is too much
// to replay in one request.
func (v *View) Backtest(ctx context.Context, id pact.ContractID, ask Replay) (Replayed, error) {
	bound, cancel := context.WithTimeout(ctx, v.ReplayTime)
	defer cancel()
	out, err := v.replay(bound, id, ask)
	if err != nil && ctx.Err() == nil && bound.Err() != nil {
		return Replayed{}, fault.Wrap(fault.Invalid, err, "The replay took longer than the %s that one may take, and was ended; it changes nothing. Ask for a shorter period (from, to), or use pactloop backtest with a file of events, which has no limit; the setting replay_time allows more.", v.ReplayTime)
	}
	return out, err
}

func (v *View) replay(ctx context.Context, id pact.ContractID, ask Replay) (Replayed, error) {
	if ask.AsOf.IsZero() {
		ask.AsOf = v.Now()
	}
	con, err := v.Store.Reads().Contracts.Get(ctx, string(id))
	if err != nil {
		return Replayed{}, err
	}
	members, err := v.Store.Reads().Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID)).By("created_at"))
	if err != nil {
		return Replayed{}, err
	}
	terms, err := v.termsOf(ctx, con, members, ask)
	if err != nil {
		return Replayed{}, err
	}
	in := backtest.Input{Terms: terms, From: ask.From, To: ask.To, AsOf: ask.AsOf, Final: true, Names: []string{con.Number, string(con.ID)}, NoUnused: ask.Answered != ""}
	kin, err := v.family(ctx, members, false)
	if err != nil {
		return Replayed{}, err
	}
	out := Replayed{Differences: []Deviation{}, Passed: []PassedOn{}}
	for _, p := range kin.inherited(con) {
		own := slices.Contains(kin.states[con.ID], p.Obligation.Key)
		in.Passed = append(in.Passed, backtest.Passed{Key: p.Obligation.Key, Entries: p.Entries, Own: own})
		out.Passed = append(out.Passed, PassedOn{Obligation: p.Obligation.Key, Title: p.Obligation.Title, ContractID: p.Obligation.ContractID, Contract: kin.title(p.Obligation.ContractID), Own: own})
	}
	for _, part := range effective.Amending(members, con.ID) {
		in.Names = append(in.Names, part.Number)
	}
	in.Names = slices.DeleteFunc(in.Names, func(n string) bool { return n == "" })
	if err = v.reported(ctx, con, kin, &in, ask); err != nil {
		return Replayed{}, err
	}
	as, err := backtest.Run(ctx, in)
	if err != nil {
		return Replayed{}, err
	}
	out.Report, out.Events = as, len(in.Events)
	if len(ask.Changes) == 0 && len(ask.Without) == 0 {
		return out.short(), nil
	}
	above := publishedAbove(members, con)
	if in.Passed, err = v.passedWithout(ctx, con, members, in.Passed, intersect(ask.Without, above)); err != nil {
		return Replayed{}, err
	}
	if in.Terms, in.Passed, err = changed(terms, in.Passed, above, ask); err != nil {
		return Replayed{}, err
	}
	if out.Report, err = backtest.Run(ctx, in); err != nil {
		return Replayed{}, err
	}
	out.Differences = differ(as, out.Report)
	return out.short(), nil
}

// short bounds the list of events that were not used.
func (r Replayed) short() Replayed {
	r.Unused = len(r.Report.Unused)
	r.Report.Unused = r.Report.Unused[:min(r.Unused, mostUnused)]
	r.Report.Unlikely = r.Report.Unlikely[:min(len(r.Report.Unlikely), mostUnused)]
	return r
}

// termsOf gives the published terms of a contract and its amendments as a file of terms. A document that was registered
// after the instant of the judgement held then all the same.
func (v *View) termsOf(ctx context.Context, con pact.Contract, members []pact.Contract, ask Replay) (backtest.Terms, error) {
	var terms backtest.Terms
	if con.Relation == "amendment" && con.ParentID != "" {
		return terms, fault.New(fault.Invalid, "An amendment is judged with the contract it amends. Ask that one, and leave the amendment out to see what it changed.")
	}
	if con.CurrentVersion == 0 {
		return terms, fault.New(fault.Invalid, "Nothing of %s is published yet: finish its review first.", con.Title)
	}
	for i, part := range append([]pact.Contract{con}, effective.Amending(members, con.ID)...) {
		if part.CurrentVersion == 0 {
			continue
		}
		x, err := v.Store.Reads().Versions.One(ctx, store.Where(store.Eq("contract_id", part.ID), store.Eq("number", part.CurrentVersion)))
		if err != nil {
			return terms, fmt.Errorf("reading version %d of %s: %w", part.CurrentVersion, part.ID, err)
		}
		d := backtest.Document{ContractID: part.ID, Title: part.Title, EffectiveFrom: x.EffectiveFrom, PublishedAt: x.PublishedAt, Terms: x.Terms, Obligations: x.Obligations, Operations: x.Operations}
		if i == 0 || d.PublishedAt.After(ask.AsOf) {
			d.PublishedAt = time.Time{}
		}
		if i == 0 {
			terms.Document = d
			continue
		}
		terms.Documents = append(terms.Documents, d)
	}
	return terms, nil
}

// reported reads what the obligations are judged from, and aside what nothing in the family asks for. Events that name another contract
// of the family belong to that one.
func (v *View) reported(ctx context.Context, con pact.Contract, kin family, in *backtest.Input, ask Replay) error {
	kinds := []string{"correction"}
	for _, p := range in.Passed {
		for _, e := range p.Entries {
			kinds = append(kinds, obligation.FeedOf(e.Obligation.Kind).Events...)
		}
	}
	for _, d := range append([]backtest.Document{in.Terms.Document}, in.Terms.Documents...) {
		for _, o := range d.Obligations {
			kinds = append(kinds, obligation.FeedOf(o.Kind).Events...)
		}
	}
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	own := []string{con.Number}
	for _, part := range effective.Amending(kin.members, con.ID) {
		own = append(own, part.Number)
	}
	others := map[string]bool{}
	for _, m := range kin.members {
		if m.Number != "" && !slices.Contains(own, m.Number) {
			others[m.Number] = true
		}
		others[string(m.ID)] = m.ID != con.ID // how an event names a contract without a number of its own
	}
	enough := errors.New("enough")
	read := func(kinds []string, since calendar.Date, most int) (out []pact.Event, err error) {
		where := []store.Cond{store.Eq("contract_id", con.FamilyID), store.Eq("business_unit", con.BusinessUnit), store.In("kind", kinds)}
		if since != "" {
			where = append(where, store.Is("occurred_at", ">=", since.Time()))
		}
		err = v.Store.Reads().Events.Each(ctx, store.Where(where...), func(e pact.Event) error {
			if others[e.Data.Contract] {
				return nil
			}
			if out = append(out, e); len(out) > most {
				return enough
			}
			return nil
		})
		return out, err
	}
	var err error
	// What counts in a year's period and its report lies within fifteen months.
	if in.Events, err = read(kinds, ask.From.AddMonths(-15), v.ReplayEvents); err != nil {
		if errors.Is(err, enough) {
			return fault.New(fault.Invalid, "More than %d events would have to be looked at. Ask for a later beginning (from), or use pactloop backtest with a file of events, which has no limit; the setting replay_events allows more.", v.ReplayEvents)
		}
		return err
	}
	in.Within = true
	if unasked := kin.unasked(kinds); len(unasked) > 0 {
		if in.Aside, err = read(unasked, ask.From.AddDays(-1), v.ReplayEvents); errors.Is(err, enough) {
			err = nil
		}
	}
	return err
}

// unasked are the kinds of event that neither some kinds have nor any contract of the family is judged from.
func (f family) unasked(kinds []string) []string {
	for _, o := range f.register {
		kinds = append(kinds, obligation.FeedOf(o.Kind).Events...)
	}
	var out []string
	for _, k := range pact.EventKinds() {
		if !slices.Contains(kinds, k.Kind) {
			out = append(out, k.Kind)
		}
	}
	return out
}

// publishedAbove are the published amendments of the contracts above one.
func publishedAbove(members []pact.Contract, con pact.Contract) []pact.ContractID {
	var out []pact.ContractID
	for _, a := range effective.Above(members, con) {
		for _, part := range effective.Amending(members, a.ID) {
			if part.CurrentVersion > 0 {
				out = append(out, part.ID)
			}
		}
	}
	return out
}

func intersect(a, b []pact.ContractID) []pact.ContractID {
	return slices.DeleteFunc(slices.Clone(a), func(id pact.ContractID) bool { return !slices.Contains(b, id) })
}

// passedWithout is what is passed on as if amendments above had not been made; what amends one of them amends what it amended.
func (v *View) passedWithout(ctx context.Context, con pact.Contract, members []pact.Contract, as []backtest.Passed, without []pact.ContractID) ([]backtest.Passed, error) {
	if len(without) == 0 {
		return as, nil
	}
	parent := map[pact.ContractID]pact.ContractID{}
	for _, m := range members {
		parent[m.ID] = m.ParentID
	}
	var left []pact.Contract
	for _, m := range members {
		if slices.Contains(without, m.ID) {
			continue
		}
		for range members { // a list that runs in a circle ends
			if !slices.Contains(without, m.ParentID) {
				break
			}
			m.ParentID = parent[m.ParentID]
		}
		left = append(left, m)
	}
	kin, err := v.family(ctx, left, false)
	if err != nil {
		return nil, err
	}
	var out []backtest.Passed
	for _, p := range kin.inherited(con) {
		out = append(out, backtest.Passed{Key: p.Obligation.Key, Entries: p.Entries, Own: slices.Contains(kin.states[con.ID], p.Obligation.Key)})
	}
	return out, nil
}

// changed applies what was asked to a copy of the terms, and of what is passed on.
func changed(terms backtest.Terms, passed []backtest.Passed, above []pact.ContractID, ask Replay) (backtest.Terms, []backtest.Passed, error) {
	found := map[string]bool{}
	var wrong []fault.Detail
	say := func(field, message string) { // an amendment may state the obligation again: what is wrong is said once
		if d := (fault.Detail{Field: strings.TrimSuffix(field, "."), Message: message}); !slices.Contains(wrong, d) {
			wrong = append(wrong, d)
		}
	}
	change := func(o *pact.Obligation) {
		for n, c := range ask.Changes {
			if c.Obligation != o.Key || ask.Answered != "" && ask.Answered != o.ID {
				continue
			}
			found[c.Obligation] = true
			merged, err := obligation.Patch(o.Params, c.Params)
			if err != nil {
				say(fmt.Sprintf("body.changes[%d].params", n), "This must be an object with the members to change.")
				continue
			}
			o.Params = merged
			if ask.Answered != "" {
				o.Ambiguities = nil
			}
			for _, u := range obligation.Unusable(*o) {
				say(fmt.Sprintf("body.changes[%d].params.%s", n, u.Field), u.Message)
			}
		}
	}
	apply := func(d backtest.Document) backtest.Document {
		d.Obligations = slices.Clone(d.Obligations)
		for i := range d.Obligations {
			change(&d.Obligations[i])
		}
		return d
	}
	passed = slices.Clone(passed)
	for i := range passed {
		passed[i].Entries = slices.Clone(passed[i].Entries)
		for j := range passed[i].Entries {
			o := *passed[i].Entries[j].Obligation
			change(&o)
			passed[i].Entries[j].Obligation = &o
		}
	}
	terms.Document = apply(terms.Document)
	var kept []backtest.Document
	for _, d := range terms.Documents {
		if !slices.Contains(ask.Without, d.ContractID) {
			kept = append(kept, apply(d))
		}
	}
	for i, id := range ask.Without {
		if !slices.Contains(above, id) && !slices.ContainsFunc(terms.Documents, func(d backtest.Document) bool { return d.ContractID == id }) {
			say(fmt.Sprintf("body.without[%d]", i), "This is no published amendment of the contract, or of one above it.")
		}
	}
	terms.Documents = kept
	for i, c := range ask.Changes {
		if !found[c.Obligation] {
			say(fmt.Sprintf("body.changes[%d].obligation", i), "The contract has no obligation of this key.")
		}
	}
	if len(wrong) > 0 {
		f := fault.New(fault.Invalid, "The terms can not be changed like this: %s", wrong[0].Message)
		f.Details = wrong
		return terms, passed, f
	}
	return terms, passed, nil
}

// differ lists the occurrences of two reports that are judged otherwise.
func differ(registered, changed backtest.Evaluation) []Deviation {
	type both struct{ was, is *backtest.Result }
	all := map[string]*both{}
	var order []string
	at := func(r *backtest.Result) *both {
		key := r.Obligation + "\x00" + r.Key
		if all[key] == nil {
			all[key] = &both{}
			order = append(order, key)
		}
		return all[key]
	}
	for i := range registered.Occurrences {
		at(&registered.Occurrences[i]).was = &registered.Occurrences[i]
	}
	for i := range changed.Occurrences {
		at(&changed.Occurrences[i]).is = &changed.Occurrences[i]
	}
	out := []Deviation{}
	for _, key := range order {
		b := all[key]
		some := cmp.Or(b.is, b.was)
		d := Deviation{Obligation: some.Obligation, Kind: some.Kind, Key: some.Key, Subject: some.Subject, Registered: verdictOf(b.was), Changed: verdictOf(b.is)}
		if alike(d.Registered, d.Changed) {
			continue
		}
		var before, after *money.Amount
		if d.Registered != nil {
			before = d.Registered.Amount
		}
		if d.Changed != nil {
			after = d.Changed.Amount
		}
		if after != nil || d.Changed == nil || d.Changed.AmountState != "ambiguous" { // a sum that hangs on a question has no difference yet
			d.Delta = backtest.Delta(before, after)
		}
		out = append(out, d)
	}
	return out
}

func verdictOf(r *backtest.Result) *backtest.Verdict {
	if r == nil {
		return nil
	}
	return &backtest.Verdict{Status: r.Assessment.Status, Amount: r.Assessment.Amount, AmountState: r.Assessment.AmountState}
}

func alike(a, b *backtest.Verdict) bool {
	if a == nil || b == nil {
		return a == b
	}
	same := a.Amount == nil && b.Amount == nil || a.Amount != nil && b.Amount != nil && a.Amount.Equal(*b.Amount)
	return a.Status == b.Status && a.AmountState == b.AmountState && same
}
