package obligation

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// EndEvents are the kinds of event on which the end of a contract may hang.
func EndEvents() []string { return FeedOf((RenewalNotice{}).Name()).Events }

// Ending is the timeline of a contract in which its obligations end with it, as far as its end is certain at in.At: with the
// term, where it does not renew, or the option to extend it is lost; with the term before a renewal that notice in time prevented; on the day
// on which notice ends a contract without a term. Without a notice of renewal among its obligations, on the expiration date, where the terms
// say that it does not renew. Where a question about that is open, nothing is suppressed, and what would be waits for it (perEnd).
//
// What survives goes on, and what states its own last day keeps it; so does what is owed for the time before, and is only settled after it:
// invoices are paid and their prices checked. in needs Timeline, the notices as Events or Log, Calendars and At.
func Ending(in Input) effective.Timeline {
	end, open := in.contractEnd()
	return in.Timeline.Ending(end, goesOn).EndOpen(open)
}

// goesOn tells whether what an entry says holds after the contract has ended.
func goesOn(e effective.Entry) bool {
	return survives(*e.Obligation) || e.Obligation.InForce.Until != "" && !e.Source.Inherited
}

// survives tells whether an obligation goes on after the contract has ended.
func survives(o pact.Obligation) bool {
	switch o.Kind {
	case (RenewalNotice{}).Name(), (InvoicePayment{}).Name(), (UnitPrice{}).Name(), (RevenueSchedule{}).Name():
		return true
	}
	var p struct {
		Survives bool `json:"survives"`
	}
	return json.Unmarshal(o.Params, &p) == nil && p.Survives
}

// contractEnd is the end of the contract; nil where it has none that is certain. open is the question on which it hangs, where there is one.
func (in Input) contractEnd() (end *effective.End, open *effective.OpenEnd) {
	renewals := in.renewals()
	if len(renewals) == 0 {
		return in.statedEnd(), nil
	}
	in.Log = in.log()
	for i, o := range renewals {
		in.Obligation = o
		own, asked := in.endByRenewal()
		switch {
		case asked != nil && len(renewals) == 1:
			return in.endUnderEach(*asked)
		case own == nil || i > 0 && own.Last != end.Last:
			return nil, nil // of two that say otherwise none is certain
		case i == 0:
			end = own
		}
	}
	return end, nil
}

// renewals are the notices of renewal of the contract itself, as they govern on the day of the judgement, or as listed where documents
// differ about them: then their judgement asks.
func (in Input) renewals() []pact.Obligation {
	today := calendar.DateIn(calendar.Clamp(in.At), time.UTC)
	var out []pact.Obligation
	for _, key := range in.Timeline.Keys() {
		r := in.Timeline.Obligation(key, today)
		switch w := r.Winner; {
		case w != nil && isRenewal(*w.Obligation) && !w.Source.Inherited:
			out = append(out, *w.Obligation)
		case w == nil && len(r.Losers) > 0 && len(r.Ambiguities) > 0 && isRenewal(*r.Losers[0].Entry.Obligation) && !r.Losers[0].Entry.Source.Inherited:
			out = append(out, *r.Losers[0].Entry.Obligation)
		}
	}
	return out
}

// statedEnd is the end by the terms alone: an expiration date, with the extensions that were agreed, of a contract that does not renew.
func (in Input) statedEnd() *effective.End {
	const last = calendar.Date("9999-12-31")
	expires, renews := in.Timeline.Term("expiration_date", last).Winner, in.Timeline.Term("auto_renewal", last).Winner
	if expires == nil || expires.Term.Value.Kind != pact.DateValue || renews == nil || renews.Term.Value.Flag == nil || *renews.Term.Value.Flag {
		return nil
	}
	if in.Timeline.Any(isRenewal) {
		return nil // one that does not govern today, or that a master passes on
	}
	return &effective.End{Last: expires.Term.Value.Date, By: "its expiration date, without renewal"}
}

// endByRenewal is the end that a notice of renewal leads to, as its renewals are judged one after the other. asked is what stops that.
func (in Input) endByRenewal() (end *effective.End, asked *pact.Ambiguity) {
	var p RenewalParams
	if decode(in.Obligation.Params, &p) != nil {
		return nil, nil
	}
	if p.Evergreen {
		a, sent, ids := in.renewalOf(EvergreenKey)
		switch {
		case len(a.Ambiguities) > 0:
			return nil, &a.Ambiguities[0]
		case a.Status != pact.Met || sent == "":
			return nil, nil
		}
		return &effective.End{Last: calendar.Date(a.Measured), By: sent, EventIDs: ids}, nil
	}
	if p.lapses() {
		first, err := p.firstRenewal()
		if err != nil {
			return nil, nil
		}
		return p.ends(first.AddDays(-1), "the end of its term, without renewal"), nil
	}
	for _, q := range p.check(in.Calendars) {
		if q.Code != "renewal_alerts" { // about reminders alone
			return nil, &q
		}
	}
	told := slices.ContainsFunc(EndEvents(), func(kind string) bool {
		for range in.Log.at(in.At).each(kind) {
			return true
		}
		return false
	})
	if p.EndsByNotice() && p.MaxRenewals == 0 && !told {
		return nil, nil
	}
	today := calendar.DateIn(calendar.Clamp(in.At), p.zone())
	all, err := p.Renewals(in.Calendars, calendar.Period{Until: today.AddMonths(12 * yearsAhead)})
	if err != nil {
		return nil, nil
	}
	for i, r := range all {
		a, sent, ids := in.renewalOf(string(r.RenewalDate))
		last := p.MaxRenewals > 0 && r.Number >= p.MaxRenewals || !p.goesOn()
		over := a.Status == pact.Excused && !a.DueAt.IsZero() && !in.At.Before(a.DueAt)
		switch {
		case len(a.Ambiguities) > 0:
			return nil, &a.Ambiguities[0]
		case a.Status == pact.Pending && a.DueAt.IsZero():
			return nil, nil
		case p.EndsByNotice() && a.Status == pact.Met:
			return &effective.End{Last: r.LastDay, By: sent, EventIDs: ids}, nil
		case p.EndsByNotice() && !last:
			continue
		case p.EndsByNotice() && over, p.Option && a.Status == pact.Met && last: // for the last time
			return p.ends(r.NextLastDay, "the end of its last renewal"), nil
		case p.Option && a.Status == pact.Met && i+1 < len(all):
			continue
		case p.Option && a.Status == pact.Excused && slices.ContainsFunc(a.EventIDs, in.decidedTo(LetEnd)):
			return p.ends(r.LastDay, "the end of its term: it was decided to let it end", a.EventIDs...), nil // notice in time revives it
		case p.Option && over:
			return p.ends(r.LastDay, "the end of its term: the option to extend it is lost"), nil
		case !p.EndsByNotice() && !p.Option && a.Status != pact.Met: // notice may have extended it
			return p.ends(r.LastDay, "the end of its term, without renewal"), nil
		}
		return nil, nil
	}
	return nil, nil
}

// yearsAhead is how long ahead of a renewal notice is looked for.
const yearsAhead = 15

// ends is the end with a term, unless the contract goes on from month to month then.
func (p RenewalParams) ends(last calendar.Date, by string, events ...pact.EventID) *effective.End {
	if last == "" || p.Holdover != nil {
		return nil
	}
	return &effective.End{Last: last, By: by, EventIDs: events}
}

// decidedTo tells of the name of an event whether it is that decision about a renewal.
func (in Input) decidedTo(state string) func(pact.EventID) bool {
	return func(id pact.EventID) bool {
		for e := range in.Log.at(in.At).each(RenewalDecided) {
			if idOf(*e) == id && strings.TrimSpace(e.Data.State) == state {
				return true
			}
		}
		return false
	}
}

// renewalOf judges a renewal, and names the notice in time, where there is one; one that can not be judged is pending.
func (in Input) renewalOf(key string) (a pact.Assessment, notice string, ids []pact.EventID) {
	in.Occurrence = pact.Occurrence{Key: key, ContractID: in.Obligation.ContractID, ObligationID: in.Obligation.ID}
	a, err := RenewalNotice{}.Assess(in)
	if err != nil {
		return pact.Assessment{Status: pact.Pending}, "", nil
	}
	for e := range in.Log.at(in.At).each("notice_sent", "notice_received") {
		var p RenewalParams
		if slices.Contains(a.EventIDs, idOf(*e)) && decode(in.Obligation.Params, &p) == nil && instantOf(*e, p.zone()).Equal(a.EndedAt) {
			return a, "notice " + givenAs(*e) + " on " + dayText(dayOf(*e, p.zone())), []pact.EventID{idOf(*e)}
		}
	}
	return a, "", nil
}

// notedEnd says in the judgement of what the end of the contract cuts, or lets fall away, that it did.
func (in Input) notedEnd(a pact.Assessment) pact.Assessment {
	end := in.Timeline.End(in.Obligation.Key)
	if end == nil {
		return a
	}
	over, period := end.Last.AddDays(1).Time(), in.Occurrence.Period
	cut := !period.End.IsZero() && period.Start.Before(over) && period.End.After(over.Add(-oneDay))
	said := slices.IndexFunc(a.Trace, func(s pact.TraceStep) bool { return strings.HasPrefix(s.Result, "the contract ended on ") })
	switch {
	case said >= 0:
		a.Trace = slices.Clone(a.Trace)
		a.Trace[said].EventIDs = eachOnce(slices.Clone(a.Trace[said].EventIDs), end.EventIDs)
	case !cut && (a.DueAt.IsZero() || !a.DueAt.After(over.Add(oneDay))):
		return a
	default:
		step := pact.TraceStep{Rule: "the end of the contract", Inputs: in.Obligation.Key + " holds until then", Result: end.Says(calendar.DateIn(calendar.Clamp(in.At), time.UTC)), EventIDs: end.EventIDs}
		a.Trace = slices.Insert(a.Trace, min(1, len(a.Trace)), step)
	}
	a.EventIDs = eachOnce(a.EventIDs, end.EventIDs)
	return a
}

const oneDay = 24 * time.Hour
