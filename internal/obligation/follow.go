package obligation

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// renewalTerms are the terms that a renewal follows.
var renewalTerms = []string{"expiration_date", "auto_renewal", "renewal_term", "notice_period"}

// OfContract is effective.OfContract with renewals that follow the terms in force: an amendment that extends the term, or changes the
// notice, moves the renewal and the last day to send notice with it, though it says nothing of them. See Chained. What other documents of the
// family state otherwise is weighed by their order of precedence: see effective.Timeline.Among.
func OfContract(con pact.Contract, members []pact.Contract, version func(pact.Contract) (pact.Version, error)) (effective.Timeline, []pact.Version, error) {
	line, versions, err := effective.OfContract(con, members, version)
	if err != nil {
		return line, versions, err
	}
	if whole, changed := withContract(line, con, versions); changed {
		versions = whole
		line, _, err = effective.OfContract(con, members, func(part pact.Contract) (pact.Version, error) {
			return whole[slices.IndexFunc(whole, func(v pact.Version) bool { return v.ContractID == part.ID })], nil
		})
	}
	if err != nil {
		return line, versions, err
	}
	line, err = line.Among(con, members, version)
	return Following(line), versions, err
}

// Following is a timeline in which renewals follow the terms in force.
func Following(line effective.Timeline) effective.Timeline {
	if !line.Any(isRenewal) {
		return line
	}
	return Chained(line.With(withTerms(line)))
}

func isRenewal(o pact.Obligation) bool { return o.Kind == (RenewalNotice{}).Name() }

// ownTerm lists the end of the term as the notice of a renewal states it, with its beginning and length, where no term of the contract
// does: that is what an amendment extends then.
func ownTerm(line effective.Timeline) []effective.Entry {
	stated := func(name string) bool {
		r := line.Term(name, "0001-01-01")
		return r.Winner != nil || len(r.Losers) > 0 || len(r.Ambiguities) > 0
	}
	if stated("expiration_date") {
		return nil
	}
	for _, key := range line.Keys() {
		for _, s := range line.Segments(key) {
			w := s.Resolution.Winner
			var p RenewalParams
			if w == nil || !isRenewal(*w.Obligation) || w.Source.Inherited || decode(w.Obligation.Params, &p) != nil || p.Evergreen {
				continue
			}
			first, err := p.firstRenewal()
			if err != nil {
				continue
			}
			out := []effective.Entry{{Source: w.Source, Term: &pact.Term{Name: "expiration_date", Value: pact.OnDate(first.AddDays(-1)), Evidence: w.Obligation.Evidence}}}
			if p.StartDate != "" && p.Term != nil && !stated("effective_date") && !stated("term") {
				out = append(out, effective.Entry{Source: w.Source, Term: &pact.Term{Name: "effective_date", Value: pact.OnDate(p.StartDate)}},
					effective.Entry{Source: w.Source, Term: &pact.Term{Name: "term", Value: pact.Value{Kind: pact.DurationValue, Duration: p.Term}}})
			}
			return out
		}
	}
	return nil
}

// withContract gives the versions with notices of renewal that an amendment states anew completed by what the contract says of the renewal
// on that day: an amendment that makes the notice 90 days does not repeat when the term ends.
func withContract(line effective.Timeline, con pact.Contract, versions []pact.Version) (out []pact.Version, changed bool) {
	out = slices.Clone(versions)
	for i, v := range versions {
		if v.ContractID == con.ID {
			continue
		}
		for j, o := range v.Obligations {
			if !isRenewal(o) {
				continue
			}
			day := o.InForce.From
			if day == "" {
				day, _ = effective.Begins(v)
			}
			var terms []pact.Term
			for _, name := range append([]string{"effective_date", "term"}, renewalTerms...) {
				if r := line.Term(name, day); r.Winner != nil {
					terms = append(terms, *r.Winner.Term)
				}
			}
			if whole := Complete(o, terms); string(whole.Params) != string(o.Params) {
				if !changed || &out[i].Obligations[0] == &v.Obligations[0] {
					out[i].Obligations = slices.Clone(v.Obligations)
				}
				out[i].Obligations[j], changed = whole, true
			}
		}
	}
	return out, changed
}

// withTerms lists what the notice of a renewal is from each day on which another document changes a term that it follows, and the
// renewal date and the day to send notice that come of it, where those were derived.
func withTerms(line effective.Timeline) []effective.Entry {
	var out []effective.Entry
	terms := line.With(ownTerm(line))
	days := terms.Days(renewalTerms...)
	for _, key := range line.Keys() {
		for _, s := range line.Segments(key) {
			w := s.Resolution.Winner
			if w == nil || !isRenewal(*w.Obligation) || w.Source.Inherited {
				continue
			}
			last, rank := string(w.Obligation.Params), w.Source.Rank
			for _, day := range append([]calendar.Date{s.Period.From}, days...) { // a document above may state it from before
				if day == "" || !s.Period.Contains(day) {
					continue
				}
				o, by, ordered := following(terms, *w, day)
				if string(o.Params) == last { // also where nothing differs from what the obligation says itself
					continue
				}
				last = string(o.Params)
				if by.Source.From != day {
					by.Source.From, by.Source.DatedBy = day, ""
				}
				if ordered {
					rank = 1 // it stands above what the contract says from the same day, and so does what follows it
				}
				by.Source.Amends, by.Source.Rank = true, rank
				o.InForce = calendar.Period{From: day, Until: s.Period.Until}
				out = append(out, effective.Entry{Source: by.Source, Obligation: &o})
				out = append(out, datesFollowed(terms, o, by, day)...)
			}
		}
	}
	return out
}

// following is the obligation with the terms in force on a day that other documents state later than it was stated, or that an order of
// precedence puts above it (ordered), and the last of those; where there are none it is what it says itself.
func following(line effective.Timeline, w effective.Entry, day calendar.Date) (o pact.Obligation, by effective.Entry, ordered bool) {
	o, by = *w.Obligation, w
	for _, name := range renewalTerms {
		r := line.Term(name, day)
		if r.Winner == nil || effective.SameDocument(r.Winner.Source, w.Source) || !r.Winner.Later(w) && len(r.Order) == 0 {
			continue // an older document does not take back what a later one says of the renewal
		}
		if name == "expiration_date" {
			o = withoutRenewalDate(o)
		}
		with, taken := WithTerm(o, name, r.Winner.Term.Value)
		if !taken {
			continue
		}
		o, ordered = with, ordered || len(r.Order) > 0
		o.Evidence = append(slices.Clone(o.Evidence), r.Winner.Term.Evidence...)
		if effective.SameDocument(by.Source, w.Source) || r.Winner.Later(by) {
			by = *r.Winner
		}
	}
	return o, by, ordered
}

// withoutRenewalDate drops a renewal date that was said for the end of the term before.
func withoutRenewalDate(o pact.Obligation) pact.Obligation {
	var p RenewalParams
	if decode(o.Params, &p) != nil || p.RenewalDate == "" {
		return o
	}
	p.RenewalDate = ""
	if raw, err := json.Marshal(p); err == nil {
		o.Params = raw
	}
	return o
}

// datesFollowed are the derived dates of the register by an obligation that holds from a day.
func datesFollowed(line effective.Timeline, o pact.Obligation, by effective.Entry, day calendar.Date) []effective.Entry {
	from := day
	if !by.Source.PublishedAt.IsZero() {
		from = max(from, calendar.DateIn(by.Source.PublishedAt, time.UTC))
	}
	next, ok := NextRenewal(o, calendar.Set{}, from)
	if !ok {
		return nil
	}
	dates := map[string]calendar.Date{"renewal_date": next.RenewalDate}
	if next.Notice != nil {
		dates["notice_send_by"] = next.Notice.SendBy
	}
	var out []effective.Entry
	for _, name := range []string{"renewal_date", "notice_send_by"} {
		r := line.Term(name, day)
		if dates[name] == "" || r.Winner == nil || r.Winner.Term.Derivation == nil {
			continue // the contract states it itself
		}
		t := *r.Winner.Term
		t.Value = pact.OnDate(dates[name])
		t.Derivation = &pact.Derivation{Rule: "the renewal by the terms in force", Inputs: map[string]string{"from": string(from)}}
		if t.Evidence = o.Evidence; by.Term != nil {
			t.Evidence = by.Term.Evidence
		}
		out = append(out, effective.Entry{Source: by.Source, Term: &t})
	}
	return out
}

// NextRenewal is the first renewal on or after a day by the parameters of an obligation; ok is false where there is none, or where they can
// not be used.
func NextRenewal(o pact.Obligation, set calendar.Set, from calendar.Date) (Renewal, bool) {
	var p RenewalParams
	if json.Unmarshal(o.Params, &p) != nil {
		return Renewal{}, false // the assessment asks what is wrong with them
	}
	if p.Option && !p.renews() {
		p.MaxRenewals = 1 // whether there is a second option hangs on the first being taken up
	}
	renewals, err := p.Renewals(set, calendar.Period{From: from})
	if err != nil || len(renewals) == 0 {
		return Renewal{}, false
	}
	return renewals[0], true
}
