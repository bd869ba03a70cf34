package api

import (
	"cmp"
	"context"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// inForce asks the timeline of the contract and its amendments for the terms of a day, for what changes them, and for its end in words.
func (s *Server) inForce(ctx context.Context, con pact.Contract, family []pact.Contract, on calendar.Date) (items []inForce, changes []familyChange, ends string, err error) {
	line, _, err := obligation.OfContract(con, family, func(part pact.Contract) (pact.Version, error) {
		return s.Store.Reads().Versions.One(ctx, store.Where(store.Eq("contract_id", part.ID), store.Eq("number", part.CurrentVersion)))
	})
	if err == nil && effective.Amended(con, family).ID == con.ID { // an amendment by itself does not know the end of what it amends
		line, err = s.Insight.Ending(ctx, con, family, line)
	}
	if err != nil {
		return nil, nil, "", err
	}
	items = []inForce{}
	for _, spec := range pact.TermSpecs() {
		r := line.Term(spec.Name, on)
		if r.Winner == nil && len(r.Losers)+len(r.Undecided) == 0 {
			continue
		}
		f := inForce{Name: spec.Name, Label: spec.Label, Rule: r.Rule, Order: r.Order, Superseded: []superseded{}, Coming: []superseded{}}
		if len(r.Ambiguities) > 0 {
			f.Question = r.Ambiguities[0].Question
		}
		if r.Winner != nil {
			f.Value, f.ContractID, f.From = &r.Winner.Term.Value, r.Winner.Source.ContractID, r.Winner.From()
		}
		for _, e := range r.Undecided {
			f.Readings = append(f.Readings, otherValue(effective.Loser{Entry: e, Why: r.Rule}))
		}
		for _, l := range r.Losers {
			switch other := otherValue(l); {
			case slices.ContainsFunc(f.Readings, func(x superseded) bool { return x.ContractID == other.ContractID && x.Value.Equal(other.Value) }):
			case other.From > on:
				f.Coming = append(f.Coming, other)
			default:
				f.Superseded = append(f.Superseded, other)
			}
		}
		f.onlyChanges()
		if r.Winner != nil && f.ContractID != con.ID && f.ContractID == r.Winner.Source.ContractID {
			f.Evidence = r.Winner.Term.Evidence
		}
		items = append(items, f)
	}
	renewed(items, con, line, on)
	if end := line.Ends(); end != nil {
		ends = end.Says(on)
		notRenewed(items, *end, ends)
	}
	changes = []familyChange{}
	for _, c := range line.Changes() {
		changes = append(changes, familyChange{ContractID: c.Source.ContractID, Title: c.Source.Title, From: c.Begins(), Says: c.Operation.String(), Operation: c.ReviewedOperation})
	}
	return items, changes, ends, nil
}

// notRenewed takes out the days of a renewal that the end of the contract prevents.
func notRenewed(items []inForce, end effective.End, why string) {
	renews := slices.ContainsFunc(items, func(f inForce) bool {
		return f.Name == "renewal_date" && f.Value != nil && f.Value.Date > end.Last
	})
	for i, f := range items {
		if f.Value != nil && renews && (f.Name == "renewal_date" || f.Name == "notice_send_by") {
			items[i].Superseded = append([]superseded{{Value: *f.Value, ContractID: f.ContractID, From: f.From, Why: why}}, f.Superseded...)
			items[i].Value, items[i].Rule = nil, why
		}
	}
}

func otherValue(l effective.Loser) superseded {
	src := l.Entry.Source
	return superseded{Value: l.Entry.Term.Value, ContractID: src.ContractID, Title: src.Title, From: l.Entry.From(), Why: l.Why, By: l.By}
}

// onlyChanges leaves out what states the same value: an amendment that repeats it takes the place of nothing, and the document that stated
// it first governs on.
func (f *inForce) onlyChanges() {
	if f.Value == nil {
		return
	}
	same := func(o superseded) bool { return o.Value.Equal(*f.Value) }
	if slices.IndexFunc(f.Superseded, func(o superseded) bool { return !same(o) }) < 0 {
		for _, o := range f.Superseded {
			if o.From <= f.From {
				f.ContractID, f.From, f.Rule = o.ContractID, o.From, "every document that is in force states the same"
			}
		}
	}
	f.Superseded = slices.DeleteFunc(f.Superseded, same)
	slices.SortStableFunc(f.Coming, func(a, b superseded) int { return cmp.Compare(a.From, b.From) })
	for len(f.Coming) > 0 && same(f.Coming[0]) {
		f.Coming = f.Coming[1:]
	}
}

// renewed moves the derived dates of a renewal that is over on a day to the next one, unless notice ended the contract.
func renewed(items []inForce, con pact.Contract, line effective.Timeline, on calendar.Date) {
	was := line.Term("renewal_date", on).Winner
	if was == nil || was.Term.Derivation == nil || was.Term.Value.Date >= on || con.RenewalDate == "" {
		return
	}
	for _, o := range line.Obligations(on) {
		next, ok := obligation.NextRenewal(o, calendar.Set{}, on)
		if o.Kind != (obligation.RenewalNotice{}).Name() || !ok {
			continue
		}
		dates := map[string]calendar.Date{"renewal_date": next.RenewalDate}
		if next.Notice != nil {
			dates["notice_send_by"] = next.Notice.SendBy
		}
		for i, f := range items {
			if day := dates[f.Name]; day != "" && f.Value != nil {
				value := pact.OnDate(day)
				items[i].Superseded = append([]superseded{{Value: *f.Value, ContractID: f.ContractID, From: f.From, Why: "the renewal of " + string(was.Term.Value.Date) + " is over"}}, f.Superseded...)
				items[i].Value, items[i].From, items[i].Rule = &value, was.Term.Value.Date, "the next renewal by the terms in force"
			}
		}
		return
	}
}
