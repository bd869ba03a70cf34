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
// notice, moves the renewal and the last day to send notice with it, though it says nothing of them. See Chained.
func OfContract(con pact.Contract, members []pact.Contract, version func(pact.Contract) (pact.Version, error)) (effective.Timeline, []pact.Version, error) {
	line, versions, err := effective.OfContract(con, members, version)
	if err != nil {
		return line, versions, err
	}
	return Chained(line.With(withTerms(line))), versions, nil
}

// withTerms lists what the notice of a renewal is from each day on which another document changes a term that it follows, and the
// renewal date and the day to send notice that come of it, where those were derived.
func withTerms(line effective.Timeline) []effective.Entry {
	var out []effective.Entry
	days := line.Days(renewalTerms...)
	for _, key := range line.Keys() {
		for _, s := range line.Segments(key) {
			w := s.Resolution.Winner
			if w == nil || w.Obligation.Kind != (RenewalNotice{}).Name() || w.Source.Inherited {
				continue
			}
			last := string(w.Obligation.Params)
			for _, day := range days {
				if !s.Period.Contains(day) {
					continue
				}
				o, by, ok := following(line, *w, day)
				if !ok || string(o.Params) == last {
					continue
				}
				last = string(o.Params)
				by.Source.From, by.Source.Amends = day, true
				o.InForce = calendar.Period{From: day, Until: s.Period.Until}
				out = append(out, effective.Entry{Source: by.Source, Obligation: &o})
				out = append(out, datesFollowed(line, o, *by, day)...)
			}
		}
	}
	return out
}

// following is the obligation with the terms in force on a day that other documents than its own state, and the last of those; ok is
// false where there is none.
func following(line effective.Timeline, w effective.Entry, day calendar.Date) (o pact.Obligation, by *effective.Entry, ok bool) {
	o = *w.Obligation
	for _, name := range renewalTerms {
		r := line.Term(name, day)
		if r.Winner == nil || r.Winner.Source.ContractID == w.Source.ContractID {
			continue
		}
		if name == "expiration_date" {
			o = withoutRenewalDate(o)
		}
		with, taken := WithTerm(o, name, r.Winner.Term.Value)
		if !taken {
			continue
		}
		o = with
		o.Evidence = append(slices.Clone(o.Evidence), r.Winner.Term.Evidence...)
		if by == nil || r.Winner.Source.From > by.Source.From {
			by = r.Winner
		}
	}
	return o, by, by != nil
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
		t.Evidence = by.Term.Evidence
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
	renewals, err := p.Renewals(set, calendar.Period{From: from})
	if err != nil || len(renewals) == 0 {
		return Renewal{}, false
	}
	return renewals[0], true
}
