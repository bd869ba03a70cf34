package obligation

import (
	"cmp"
	"strings"

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

// decided puts into an assessment what was decided about its renewal, and tells whether that settles it. The last decision counts; one made
// after the last day to send notice changes nothing, and neither does one that the terms in force do not bring about.
func (p RenewalParams) decided(a *pact.Assessment, in Input, r Renewal, tr tracer) bool {
	var last pact.Event
	var lastOn calendar.Date
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
		last, lastOn = *e, on
		last.Data.State = state
	}
	if lastOn == "" {
		return false
	}
	a.EventIDs = append(a.EventIDs, idOf(last))
	if last.Data.State == Negotiate {
		tr.add("it is being negotiated", "since "+dayText(lastOn), "nothing is settled by that: the last day to send notice stands", idOf(last))
		return false
	}
	a.Status, a.EndedAt = pact.Excused, last.OccurredAt.UTC()
	tr.add("decided to send no notice", "on "+dayText(lastOn), p.withoutNotice(r), idOf(last))
	return true
}
