package insight

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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
	// Without leaves amendments out: what would have followed had they not been made.
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

// mostReplayed bounds the events of one replay.
const mostReplayed = 20_000

// Backtest replays a contract. It changes nothing. fault.Invalid names what can not be changed as asked.
func (v *View) Backtest(ctx context.Context, id pact.ContractID, ask Replay) (Replayed, error) {
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
	events, err := v.reported(ctx, con, members, terms, ask)
	if err != nil {
		return Replayed{}, err
	}
	in := backtest.Input{Terms: terms, Events: events, From: ask.From, To: ask.To, AsOf: ask.AsOf, Final: true}
	as, err := backtest.Run(in)
	if err != nil {
		return Replayed{}, err
	}
	out := Replayed{Report: as, Differences: []Deviation{}, Events: len(events)}
	if len(ask.Changes) == 0 && len(ask.Without) == 0 {
		return out, nil
	}
	if in.Terms, err = changed(terms, ask); err != nil {
		return Replayed{}, err
	}
	if out.Report, err = backtest.Run(in); err != nil {
		return Replayed{}, err
	}
	out.Differences = differ(as, out.Report)
	return out, nil
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

// reported reads what the obligations are judged from. Events that name another contract of the family belong to that one.
func (v *View) reported(ctx context.Context, con pact.Contract, members []pact.Contract, terms backtest.Terms, ask Replay) ([]pact.Event, error) {
	kinds := []string{"correction"}
	for _, d := range append([]backtest.Document{terms.Document}, terms.Documents...) {
		for _, o := range d.Obligations {
			kinds = append(kinds, obligation.FeedOf(o.Kind).Events...)
		}
	}
	slices.Sort(kinds)
	where := []store.Cond{store.Eq("contract_id", con.FamilyID), store.Eq("business_unit", con.BusinessUnit), store.In("kind", slices.Compact(kinds))}
	if ask.From != "" { // what counts in a year's period and its report lies within
		where = append(where, store.Is("occurred_at", ">=", ask.From.AddMonths(-15).Time()))
	}
	own := []string{con.Number}
	for _, part := range effective.Amending(members, con.ID) {
		own = append(own, part.Number)
	}
	others := map[string]bool{}
	for _, m := range members {
		if m.Number != "" && !slices.Contains(own, m.Number) {
			others[m.Number] = true
		}
		others[string(m.ID)] = m.ID != con.ID // how an event names a contract without a number of its own
	}
	tooMany := errors.New("too many")
	var out []pact.Event
	err := v.Store.Reads().Events.Each(ctx, store.Where(where...), func(e pact.Event) error {
		if others[e.Data.Contract] {
			return nil
		}
		if out = append(out, e); len(out) > mostReplayed {
			return tooMany
		}
		return nil
	})
	if errors.Is(err, tooMany) {
		return nil, fault.New(fault.Invalid, "More than %d events would have to be looked at. Ask for a later beginning (from), or use pactloop backtest with a file of events.", mostReplayed)
	}
	return out, err
}

// changed applies what was asked to a copy of the terms.
func changed(terms backtest.Terms, ask Replay) (backtest.Terms, error) {
	found := map[string]bool{}
	var wrong []fault.Detail
	apply := func(d backtest.Document) backtest.Document {
		d.Obligations = slices.Clone(d.Obligations)
		for i := range d.Obligations {
			o := &d.Obligations[i]
			for n, c := range ask.Changes {
				if c.Obligation != o.Key {
					continue
				}
				found[c.Obligation] = true
				merged, err := merge(o.Params, c.Params)
				if err != nil {
					wrong = append(wrong, fault.Detail{Field: fmt.Sprintf("body.changes[%d].params", n), Message: "This must be an object with the members to change."})
					continue
				}
				o.Params = merged
				for _, u := range obligation.Unusable(*o) {
					wrong = append(wrong, fault.Detail{Field: fmt.Sprintf("body.changes[%d].params.%s", n, u.Field), Message: u.Message})
				}
			}
		}
		return d
	}
	terms.Document = apply(terms.Document)
	var kept []backtest.Document
	for _, d := range terms.Documents {
		if !slices.Contains(ask.Without, d.ContractID) {
			kept = append(kept, apply(d))
		}
	}
	for i, id := range ask.Without {
		if !slices.ContainsFunc(terms.Documents, func(d backtest.Document) bool { return d.ContractID == id }) {
			wrong = append(wrong, fault.Detail{Field: fmt.Sprintf("body.without[%d]", i), Message: "This is no published amendment of the contract."})
		}
	}
	terms.Documents = kept
	for i, c := range ask.Changes {
		if !found[c.Obligation] {
			wrong = append(wrong, fault.Detail{Field: fmt.Sprintf("body.changes[%d].obligation", i), Message: "The contract has no obligation of this key."})
		}
	}
	if len(wrong) > 0 {
		f := fault.New(fault.Invalid, "The terms can not be changed like this: %s", wrong[0].Message)
		f.Details = wrong
		return terms, f
	}
	return terms, nil
}

// merge changes the members of a JSON object that a patch names (RFC 7386).
func merge(old, patch json.RawMessage) (json.RawMessage, error) {
	read := func(raw json.RawMessage) (map[string]any, error) {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		var out map[string]any
		return out, cmp.Or(d.Decode(&out), notNil(out))
	}
	have, err := read(old)
	if err != nil {
		have = map[string]any{}
	}
	want, err := read(patch)
	if err != nil {
		return nil, err
	}
	patchInto(have, want)
	return json.Marshal(have)
}

func notNil(m map[string]any) error {
	if m == nil {
		return errors.New("no object")
	}
	return nil
}

func patchInto(have, want map[string]any) {
	for name, v := range want {
		inner, isObject := v.(map[string]any)
		old, wasObject := have[name].(map[string]any)
		switch {
		case v == nil:
			delete(have, name)
		case isObject && wasObject:
			patchInto(old, inner)
		default:
			have[name] = v
		}
	}
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
		d.Delta = backtest.Delta(before, after)
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
