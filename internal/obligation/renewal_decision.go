package obligation

import (
	"cmp"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// RenewalDecided is the kind of event that says what was decided about a renewal without sending notice. Its subject is the date of the
// renewal, and data.state the decision.
const RenewalDecided = "renewal_decided"

// The decisions about a renewal that send no notice, as data.state of the event renewal_decided has them.
const (
	LetRenew  = "renew"     // no notice is sent: a contract that renews by itself goes on
	LetEnd    = "end"       // no notice is sent: an option is not taken up, and the contract ends
	Negotiate = "negotiate" // nothing is settled: it is being negotiated, and the reminders go on
)

// WithoutNotice is the decision by which no notice is sent under an obligation of the kind renewal_notice: to let the contract renew, or to
// let it end. "" for a contract that runs until ended by notice, and for any other obligation: there is nothing to decide.
func WithoutNotice(o pact.Obligation) string {
	var p RenewalParams
	if o.Kind != (RenewalNotice{}).Name() || decode(o.Params, &p) != nil || p.Evergreen {
		return ""
	}
	return p.letGo()
}

func (p RenewalParams) letGo() string {
	if p.EndsByNotice() {
		return LetRenew
	}
	return LetEnd
}

// TooEarly tells whether notice sent on a day ahead of a renewal under an obligation of the kind renewal_notice comes before notice is possible,
// and does not count. What is received only once it is signed for can not be too early by the day on which it was sent.
func TooEarly(o pact.Obligation, renewal, sent calendar.Date) bool {
	var p RenewalParams
	if o.Kind != (RenewalNotice{}).Name() || decode(o.Params, &p) != nil || p.Evergreen {
		return false
	}
	all, err := p.Renewals(calendar.Set{}, calendar.Period{From: renewal, Until: renewal.AddDays(1)})
	if err != nil || len(all) == 0 || all[0].Notice == nil {
		return false
	}
	arrived, known := p.arrives(Input{}, all[0], pact.Event{Kind: "notice_sent"}, sent)
	return known && arrived < p.opens(all[0].Anchor)
}

// decision is the event of a decision about a renewal that stands; the zero one where there is none.
type decision struct{ event pact.Event }

// yes tells whether the decision settles the renewal.
func (d decision) yes() bool {
	return d.event.Data.State == LetRenew || d.event.Data.State == LetEnd
}

// after tells whether a decision of a day was made after something else happened: of one day, by the instants.
func (d decision) after(e pact.Event, on calendar.Date, zone *time.Location) bool {
	if day := dayOf(e, zone); day != on {
		return on > day
	}
	return d.event.OccurredAt.After(e.OccurredAt)
}

// decided finds the decision about a renewal that stands, with its day, and says which do not count. The last decision counts; one made
// after the last day to send notice changes nothing, and neither does one that the terms in force do not bring about.
func (p RenewalParams) decided(in Input, r Renewal, tr tracer) (lastOn calendar.Date, last decision) {
	for e := range in.log().at(in.At).each(RenewalDecided) {
		if e.Subject != in.Occurrence.Key {
			continue
		}
		on := cmp.Or(e.Data.Date, calendar.DateIn(e.OccurredAt, tr.zone))
		state := strings.TrimSpace(e.Data.State)
		why := ""
		switch {
		case on > r.Notice.SendBy:
			why = "it came after the last day to send notice, " + dayText(r.Notice.SendBy)
		case state == LetRenew && p.letGo() != LetRenew:
			why = "the contract does not renew by itself"
		case state == LetEnd && p.letGo() != LetEnd:
			why = "the contract renews unless notice is sent"
		case state != LetRenew && state != LetEnd && state != Negotiate:
			why = sprintf("%.20q is no decision: use renew, end or negotiate", state)
		}
		if why != "" {
			tr.add("a decision of "+dayText(on), why, "does not count", idOf(*e))
			continue
		}
		last.event, lastOn = *e, on
		last.event.Data.State = state
	}
	return lastOn, last
}

// apply puts a decision of a day into an assessment, and tells whether it settles the renewal. Notice of before whose receipt is not shown counts
// all the same once it is, as any notice in time does; until then nobody waits for it.
func (d decision) apply(a *pact.Assessment, p RenewalParams, r Renewal, on calendar.Date, tr tracer) bool {
	if d.event.Kind == "" {
		return false
	}
	a.EventIDs = append(a.EventIDs, idOf(d.event))
	if !d.yes() {
		tr.add("it is being negotiated", "since "+dayText(on), "nothing is settled by that: the last day to send notice stands", idOf(d.event))
		return false
	}
	a.Status, a.EndedAt = pact.Excused, d.event.OccurredAt.UTC()
	tr.add("decided to send no notice", "on "+dayText(on), p.withoutNotice(r), idOf(d.event))
	return true
}
