package obligation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// RenewalNotice is the last day on which notice can be given before a contract renews or ends. Occurrences are renewals,
// keyed by the renewal date; an evergreen contract has one, "evergreen", without a due time. Parameters: RenewalParams.
//
// Notice is a right, not a duty: a day that passes without notice is excused, not breached. Pending until the first
// alert, on track until the last, then at risk until the send-by day is over; met where notice was recorded in time by an
// event notice_sent. A contract that renews by itself ends then, on the last day of its term: its later renewals are excused,
// and nothing is due of them any more. Where it was decided in time to send none (event renewal_decided), the renewal is excused from then
// on, and nobody is reminded; notice in time counts all the same.
type RenewalNotice struct{}

// Name is renewal_notice.
func (RenewalNotice) Name() string { return "renewal_notice" }

// Params gives empty RenewalParams.
func (RenewalNotice) Params() any { return RenewalParams{} }

// Check asks for what the dates need, and refuses alerts that would come too late.
func (RenewalNotice) Check(o pact.Obligation) []pact.Ambiguity {
	var p RenewalParams
	if err := decode(o.Params, &p); err != nil {
		return []pact.Ambiguity{{Code: "params", Question: sentence(err)}}
	}
	return p.check(calendar.Set{})
}

// check lists what is missing or unclear.
func (p RenewalParams) check(set calendar.Set) []pact.Ambiguity {
	var q questions
	q.oneOf("count_from", p.CountFrom, "", "expiration_date", "renewal_date")
	q.waiver(p.Waiver)
	if err := p.Roll.Check(); err != nil {
		q.ask("roll", "%v", err)
	}
	if err := p.Delivery.Check(); err != nil {
		q.ask("delivery", "%v", err)
	}
	if p.Zone != "" {
		if _, err := calendar.LoadZone(p.Zone); err != nil {
			q.ask("zone", "%v", err)
		}
	}
	if h := set.Resolve(p.Hours); !h.IsZero() && h.Check() != nil {
		q.ask("hours", "The business days can not be used: %v.", h.Check())
	}
	if p.Notice != nil && (p.Notice.Check() != nil || p.Notice.Value > 10_000) {
		q.ask("notice", "A notice period of %s can not be used. How long is it?", p.Notice)
	}
	for _, d := range []*calendar.Duration{p.Term, p.RenewalTerm} {
		if d != nil && (d.Check() != nil || d.Value > 10_000 || d.Value == 0) {
			q.ask("term", "A term of %s can not be used. How long is it?", d)
		}
	}
	q.oneOf("end_of", p.EndOf, "", "month", "quarter", "half_year", "year")
	if e := p.Earliest; e != nil {
		if _, ok := e.Before("2026-01-01"); !ok || e.Check() != nil || e.Value > 10_000 {
			q.ask("earliest", "From when on does a notice count? %s can not be counted in days.", e)
		}
	}
	if p.Notice == nil && !p.lapses() {
		q.ask("notice_missing", "How long before the end must notice be given?")
	}
	if len(p.Alerts)+len(p.RenewalAlerts) > 50 {
		q.ask("alerts", "There are more than 50 alerts.")
	}
	for _, days := range p.Alerts {
		if days < 0 || days > 3660 {
			q.ask("alerts", "An alert %d days before the send-by day is out of range.", days)
		}
	}
	p.checkHoldover(&q)
	if p.MaxRenewals < 0 {
		q.ask("max_renewals", "%d renewals can not be meant. How often does the contract renew at most?", p.MaxRenewals)
	}
	if p.EndOf != "" && !p.Evergreen && (p.ExpirationDate != "" || p.RenewalDate != "" || p.StartDate != "" && p.Term != nil) {
		q.ask("end_of", "Notice to the end of a %s ends a contract without a term, and this one has a term. Does it end with its term, or is it a contract without a term?", strings.ReplaceAll(p.EndOf, "_", " "))
	}
	if p.Evergreen || len(q) > 0 {
		return q
	}
	if p.AutoRenewal == nil && !p.Option { // an option says that it ends unless it is extended
		q.choose("auto_renewal", "Does the contract renew by itself, or end unless it is extended?",
			pact.Outcome{Reading: "it renews by itself", Set: member("auto_renewal", true)}, pact.Outcome{Reading: "it ends", Set: member("auto_renewal", false)})
	}
	if p.renews() && p.RenewalTerm == nil {
		q.ask("renewal_term", "For how long does the contract renew?")
	}
	if p.ExpirationDate != "" && p.RenewalDate != "" && p.ExpirationDate.AddDays(1) != p.RenewalDate {
		q.choose("renewal_date", sprintf("The term ends on %s, but the renewal is on %s. Which one is right?", p.ExpirationDate, p.RenewalDate),
			pact.Outcome{Reading: sprintf("it ends on %s", p.ExpirationDate), Set: `"renewal_date": null`}, pact.Outcome{Reading: sprintf("it renews on %s", p.RenewalDate), Set: `"expiration_date": null`})
	}
	first, err := p.firstRenewal()
	if err != nil {
		q.ask("renewal_date_missing", "Neither the renewal date nor the expiration date is known. When does the current term end?")
		return q
	}
	r, err := p.renewal(set, 1, first)
	if err != nil {
		q.ask("notice", "%s", sentence(err))
		return q
	}
	if r.Notice == nil {
		return q
	}
	if opens := p.opens(r.Anchor); opens > r.Notice.ReceiveBy {
		q.ask("earliest", "Notice counts from %s on, %s before %s, and has to be given by %s: none could be in time. From when on does it count?", opens, p.Earliest, r.Anchor, r.Notice.ReceiveBy)
	}
	for _, days := range p.RenewalAlerts {
		if days < 0 || days > 3660 {
			q.ask("renewal_alerts", "An alert %d days before the renewal is out of range.", days)
			continue
		}
		if on := first.AddDays(-days); on == "" || on > r.Notice.SendBy {
			q.ask("renewal_alerts", "A task %d days before the renewal falls on %s, after %s, the last day to send notice. It would come too late: choose at least %d days, or count from the send-by day.",
				days, on, r.Notice.SendBy, r.Notice.SendBy.DaysUntil(first))
		}
	}
	return q
}

// Occurrences lists the renewals whose send-by day or renewal date lies in the period.
func (k RenewalNotice) Occurrences(o pact.Obligation, period calendar.Period) []pact.Occurrence {
	var p RenewalParams
	if err := decode(o.Params, &p); err != nil {
		return nil
	}
	base := pact.Occurrence{BusinessUnit: o.BusinessUnit, ContractID: o.ContractID, ObligationID: o.ID, Status: pact.Pending}
	if p.Evergreen {
		base.Key, base.Subject = EvergreenKey, "Runs until ended by notice"
		return []pact.Occurrence{base}
	}
	wide := period
	if wide.Until != "" {
		wide.Until = wide.Until.AddMonths(36) // the send-by day lies before the renewal
	}
	renewals, err := p.Renewals(calendar.Set{}, wide)
	if err != nil {
		return nil
	}
	zone := p.zone()
	var out []pact.Occurrence
	for _, r := range renewals {
		if r.Notice == nil || !period.Contains(r.RenewalDate) && !period.Contains(r.Notice.SendBy) {
			continue
		}
		due := r.Notice.SendBy.AddDays(1).In(zone).UTC()
		occ := base
		occ.Key, occ.Subject = string(r.RenewalDate), "Renewal on "+string(r.RenewalDate)
		occ.DueAt = due
		occ.Period = calendar.Span{Start: r.Notice.SendBy.AddDays(-365).In(zone).UTC(), End: due}
		out = append(out, occ)
	}
	return out
}

func (p RenewalParams) zone() *time.Location {
	for _, name := range []string{p.Zone, p.Hours.Zone} {
		if zone, err := calendar.LoadZone(name); err == nil {
			return zone
		}
	}
	return time.UTC
}

// Assess judges one renewal.
func (k RenewalNotice) Assess(in Input) (pact.Assessment, error) {
	var p RenewalParams
	if err := decode(in.Obligation.Params, &p); err != nil {
		return pact.Assessment{}, err
	}
	return in.perNotice(k, aboutRenewal, p.zone(), k.assess)
}

func (k RenewalNotice) assess(in Input) (pact.Assessment, error) {
	in.Log = in.log()
	var base RenewalParams
	if err := decode(in.Obligation.Params, &base); err != nil {
		return pact.Assessment{}, err
	}
	a := pact.Assessment{Status: pact.Pending, At: in.At.UTC()}
	today := calendar.DateIn(calendar.Clamp(in.At), base.zone())
	version, holds, choice, unclear := in.inForce(today)
	a.Trace = append(a.Trace, choice...)
	if len(unclear) > 0 {
		a.Ambiguities = unclear
		return a, nil
	}
	if !holds {
		a.Status = pact.Excused
		a.Trace = append(a.Trace, pact.TraceStep{Rule: "not in force", Inputs: "on " + string(today), Result: "no version of the clause holds"})
		return a, nil
	}
	var p RenewalParams
	if err := decode(version.Params, &p); err != nil {
		return pact.Assessment{}, err
	}
	a.GovernedBy = version.ID
	tr := newTracer(version, p.zone(), &a)
	if p.Evergreen {
		err := p.evergreen(&a, in, today, tr)
		return a, err
	}
	for _, question := range p.check(in.Calendars) {
		if question.Code != "renewal_alerts" { // refused where it is set, and not placed
			return pact.Assessment{}, fault.New(fault.Invalid, "%s", question.Question)
		}
	}
	date, err := calendar.ParseDate(in.Occurrence.Key)
	if err != nil {
		return pact.Assessment{}, fault.New(fault.Invalid, "%.20q is not the date of a renewal.", in.Occurrence.Key)
	}
	renewals, err := p.Renewals(in.Calendars, calendar.Period{From: date, Until: date.AddDays(1)})
	if err != nil {
		return pact.Assessment{}, err
	}
	if len(renewals) == 0 {
		a.Status = pact.Excused
		tr.add("renewals of the clause", "", "there is no renewal on "+string(date)+" any more")
		return a, nil
	}
	if p.EndsByNotice() {
		if ended, sent, err := p.endedBefore(in, date, tr.zone); err != nil || ended.RenewalDate != "" {
			a.Status, a.EventIDs = pact.Excused, []pact.EventID{idOf(sent)}
			on, word, _ := ended.given(sent, tr.zone)
			tr.add("ended by notice", word+" on "+dayText(on)+" ahead of the renewal on "+string(ended.RenewalDate), "the contract ends on "+string(ended.LastDay)+": there is no renewal on "+string(date)+" any more", idOf(sent))
			return a, err
		}
	}
	if p.Option {
		if lost, err := p.optionBefore(&a, in, date, today, tr); err != nil || lost {
			return a, err
		}
	}
	p.judge(&a, in, renewals[0], today, tr)
	return a, nil
}

// optionBefore tells whether an option ahead of a later one is lost: then there is no later one. One that can still be taken up is named.
func (p RenewalParams) optionBefore(a *pact.Assessment, in Input, date, today calendar.Date, tr tracer) (lost bool, err error) {
	earlier, err := p.renewalsOf(in, calendar.Period{Until: date})
	if err != nil {
		return false, err
	}
	for _, r := range earlier {
		notices := noticesFor(in, string(r.RenewalDate), tr.zone)
		with := slices.IndexFunc(notices, func(e pact.Event) bool { return p.counts(in, r, e, tr.zone) })
		switch {
		case with >= 0:
			id := idOf(notices[with])
			a.EventIDs = append(a.EventIDs, id)
			tr.add("the option before it is taken up", "of "+string(r.RenewalDate), "this one is reached", id)
			continue
		case today > r.Notice.SendBy:
			a.Status = pact.Excused
			tr.add("the option before it is lost", "no notice in time ahead of "+string(r.RenewalDate)+", by "+string(r.Notice.SendBy), "the contract ends on "+string(r.LastDay)+": there is no option on "+string(date)+" any more")
			return true, nil
		}
		tr.add("hangs on the option before it", "of "+string(r.RenewalDate), "only if it is taken up, by "+dayText(r.Notice.SendBy))
		return false, nil
	}
	return false, nil
}

// EndsByNotice tells whether notice ends the contract: it renews by itself unless somebody gives notice. Notice that takes up an option
// extends it instead.
func (p RenewalParams) EndsByNotice() bool { return p.renews() && !p.Option && !p.Evergreen }

// endedBefore is the first renewal before a day that notice in time prevented, with that notice; nothing where there is none.
func (p RenewalParams) endedBefore(in Input, date calendar.Date, zone *time.Location) (Renewal, pact.Event, error) {
	if len(noticesFor(in, "", zone)) == 0 {
		return Renewal{}, pact.Event{}, nil
	}
	earlier, err := p.renewalsOf(in, calendar.Period{Until: date})
	if err != nil {
		return Renewal{}, pact.Event{}, err
	}
	for _, r := range earlier {
		for _, sent := range noticesFor(in, string(r.RenewalDate), zone) {
			if p.counts(in, r, sent, zone) {
				return r, sent, nil
			}
		}
	}
	return Renewal{}, pact.Event{}, nil
}

// given is the day of a notice, whether it was sent or received then, and the last day that would have been in time.
func (r Renewal) given(e pact.Event, zone *time.Location) (on calendar.Date, word string, last calendar.Date) {
	on = dayOf(e, zone)
	if e.Kind == "notice_received" {
		return on, "received", r.Notice.ReceiveBy
	}
	return on, "sent", r.Notice.SendBy
}

// arrives is the day on which a notice given on a day is received: of one that was sent, where the clause says when that is; else the day
// itself. known is false where the receipt has to be shown.
func (p RenewalParams) arrives(in Input, r Renewal, e pact.Event, on calendar.Date) (day calendar.Date, known bool) {
	if e.Kind == "notice_received" {
		return on, true
	}
	if p.Delivery.Shown() {
		return on, false
	}
	if day, ok := in.Calendars.Received(p.notice(r.Anchor), on); ok {
		return day, true
	}
	return on, true
}

// counts tells whether a notice is in time: not after the last day, and not received before the first day on which it is possible.
func (p RenewalParams) counts(in Input, r Renewal, e pact.Event, zone *time.Location) bool {
	on, _, last := r.given(e, zone)
	arrived, known := p.arrives(in, r, e, on)
	return known && on <= last && arrived >= p.opens(r.Anchor)
}

func (p RenewalParams) judge(a *pact.Assessment, in Input, r Renewal, today calendar.Date, tr tracer) {
	tr.add("renewal "+strconv.Itoa(r.Number), "term ends on "+string(r.LastDay), "renews or ends on "+string(r.RenewalDate))
	for _, s := range r.Notice.Trace {
		tr.add(s.Rule, s.Inputs, s.Result)
	}
	bound := r.Notice.SendBy
	r, why := p.unbound(in, r)
	sendBy := r.Notice.SendBy
	if why != "" {
		tr.add("the last day for notice is waived", dayText(bound)+", "+why, "notice counts until the term is over, as waiver says: "+dayText(sendBy))
	}
	a.DueAt = sendBy.AddDays(1).In(tr.zone).UTC()
	a.Measured = string(sendBy)
	opens := p.opens(r.Anchor)
	if opens != "" {
		tr.add("notice is possible from", p.Earliest.String()+" before "+string(r.Anchor), string(opens))
	}
	over := p.holdsOver(r)
	var unshown []pact.Event // what was sent in time, and nobody said when it was received
	for _, sent := range notices(in, tr.zone) {
		on, word, last := r.given(sent, tr.zone)
		when := dayText(on)
		if sent.Data.Date == "" {
			when = local(sent.OccurredAt, tr.zone)
		}
		arrived, known := p.arrives(in, r, sent, on)
		switch {
		case known && opens != "" && arrived < opens:
			early := string(on)
			if arrived != on {
				early += ", deemed received on " + dayText(arrived)
			}
			tr.add("notice was "+word+" too early", early, "does not count", idOf(sent))
			continue
		case over != "" && on >= over:
			tr.add("notice was "+word+" while the contract goes on from month to month", when+", its last term ended on "+string(over.AddDays(-1)), "too late for this renewal; whether it ends the contract ("+p.Holdover.Notice.String()+") is not judged", idOf(sent))
			a.EventIDs = append(a.EventIDs, idOf(sent))
			continue
		case on > last:
			words := fmt.Sprintf("%s on %s, was due on %s", word, when, dayText(last))
			if word == "sent" {
				arrived := "on the day it was sent"
				if day, ok := in.Calendars.Received(p.notice(r.Anchor), on); ok {
					arrived = "on " + dayText(day)
				}
				words = fmt.Sprintf("given on %s, deemed received %s, was due to be sent by %s and received by %s", when, arrived, dayText(sendBy), dayText(r.Notice.ReceiveBy))
			}
			tr.add("notice was late", words, "does not count", idOf(sent))
			a.EventIDs = append(a.EventIDs, idOf(sent)) // it is shown, as late
			continue
		case !known:
			tr.add("notice was sent, and its receipt is not shown", when+", "+p.Delivery.String(), "counts if it was received by "+dayText(r.Notice.ReceiveBy), idOf(sent))
			a.EventIDs = append(a.EventIDs, idOf(sent))
			unshown = append(unshown, sent)
			continue
		}
		a.Status, a.EndedAt, a.EventIDs = pact.Met, instantOf(sent, tr.zone), append(a.EventIDs, idOf(sent))
		tr.add("notice was "+word+" in time", when, string(pact.Met), idOf(sent))
		if p.Option && r.NextLastDay != "" {
			then := ""
			if p.Holdover != nil {
				then = p.afterLast(r)
			}
			tr.add("the contract is extended by this notice", dayText(on), "until "+string(r.NextLastDay)+then, idOf(sent))
		}
		if p.EndsByNotice() {
			tr.add("the contract ends by this notice", dayText(on), "ends on "+string(r.LastDay), idOf(sent))
		}
		p.besides(a, in, sent, tr)
		return
	}
	p.besides(a, in, pact.Event{}, tr)
	on, settled := p.decided(in, r, tr)
	if last := len(unshown) - 1; last >= 0 && today <= r.Notice.ReceiveBy && (!settled.yes() || !settled.after(unshown[last], on, tr.zone)) {
		if settled.yes() {
			tr.add("notice was sent after that was decided", dayText(on), "waits for its receipt", idOf(settled.event))
		} else {
			settled.apply(a, p, r, on, tr)
		}
		p.awaitReceipt(a, r, unshown, tr)
		return
	}
	if settled.apply(a, p, r, on, tr) {
		return
	}
	if why := in.waived(sendBy); why != "" && p.Waiver == "" && today > sendBy {
		a.Status = pact.Pending
		tr.add("the last day for notice is waived", dayText(sendBy)+", "+why, "asked")
		a.Ambiguities = append(a.Ambiguities, pact.Ambiguity{
			Code: "waived_due", Question: fmt.Sprintf("The last day for notice is %s, and the clause is %s. What holds of the renewal on %s?", dayText(sendBy), why, r.RenewalDate),
			Outcomes: []pact.Outcome{
				{Reading: "notice was due all the same", Result: p.withoutNotice(r), Set: member("waiver", waivesAbout)},
				{Reading: "that day is let go of: notice counts until the term is over", Result: "notice by " + dayText(r.LastDay), Set: member("waiver", waivesDue)},
			},
		})
		return
	}
	if today > sendBy {
		a.Status, a.EndedAt = pact.Excused, a.DueAt
		if len(unshown) > 0 {
			tr.add("the last day for its receipt is over", "by "+string(r.Notice.ReceiveBy)+" nobody reported it", p.withoutNotice(r)+"; received by then, it counts once that is reported")
			return
		}
		tr.add("the last day for notice is over", "no notice in time, by "+string(sendBy), p.withoutNotice(r))
		return
	}
	last := len(r.Alerts) - 1
	for i, alert := range r.Alerts {
		if today < alert.On {
			a.NextAt = alert.On.In(tr.zone).UTC()
			break
		}
		a.Threshold, a.ThresholdAt = alert.threshold(), alert.On.In(tr.zone).UTC()
		a.Status = pact.OnTrack
		if i == last {
			a.Status = pact.AtRisk
		}
	}
	for _, alert := range r.Alerts {
		before := string(sendBy)
		if alert.OfRenewal {
			before = "the renewal on " + string(r.RenewalDate)
		}
		tr.add("alert", fmt.Sprintf("%s before %s, on or before a business day", dayCount(alert.Ahead), before), string(alert.On))
	}
	for _, alert := range r.TooLate {
		tr.add("alert left out", fmt.Sprintf("%s before the renewal is %s, after %s", dayCount(alert.Ahead), alert.On, sendBy), "it would come too late")
	}
	if a.NextAt.IsZero() {
		a.NextAt = a.DueAt
	}
	tr.add("days left to send notice", string(today), strconv.Itoa(today.DaysUntil(sendBy)))
}

// awaitReceipt is a renewal of which notice was sent, and its receipt is to be shown: until the last day on which it can be received.
func (p RenewalParams) awaitReceipt(a *pact.Assessment, r Renewal, unshown []pact.Event, tr tracer) {
	a.Status, a.NextAt = pact.AtRisk, r.Notice.ReceiveBy.AddDays(1).In(tr.zone).UTC()
	for _, sent := range unshown {
		a.Ambiguities = append(a.Ambiguities, pact.Ambiguity{Code: "receipt", Question: fmt.Sprintf("Notice was sent on %s. When was it signed for? Report it as an event notice_received; it must have been received by %s.", dayText(dayOf(sent, tr.zone)), dayText(r.Notice.ReceiveBy))})
	}
}

// withoutNotice says what becomes of the contract where no notice is given.
func (p RenewalParams) withoutNotice(r Renewal) string {
	switch {
	case p.renews() && r.NextLastDay != "":
		return "the contract renews on " + string(r.RenewalDate) + " until " + string(r.NextLastDay) + p.renewedAt() + p.afterLast(r)
	case p.renews():
		return "the contract renews on " + string(r.RenewalDate) + p.renewedAt()
	case p.Option:
		return "the option to extend is lost, " + p.endsOn(r.LastDay)
	}
	return p.endsOn(r.LastDay)
}

// opens is the first day on which a notice counts; "" where any day does.
func (p RenewalParams) opens(anchor calendar.Date) calendar.Date {
	if p.Earliest == nil {
		return ""
	}
	d, _ := p.Earliest.Before(anchor) // checked
	return d
}

// notices lists the events that say notice went out or arrived, in order of their days.
func notices(in Input, zone *time.Location) []pact.Event {
	return noticesFor(in, in.Occurrence.Key, zone)
}

// noticesFor lists those about one renewal, by its key, or about none in particular; without a key, all of them. What says that it is about
// something else is none of them, and neither is the word that one is withdrawn.
func noticesFor(in Input, key string, zone *time.Location) []pact.Event {
	return slices.DeleteFunc(aboutRenewalOf(in, key, zone), withdraws)
}

// aboutRenewalOf lists them with those that withdraw one.
func aboutRenewalOf(in Input, key string, zone *time.Location) []pact.Event {
	var out []pact.Event
	for e := range in.log().at(in.At).each("notice_sent", "notice_received") {
		if (key == "" || e.Subject == "" || e.Subject == key || e.Subject == string(in.Occurrence.ContractID)) && in.countsFor(aboutRenewal, e) {
			out = append(out, *e)
		}
	}
	return inDays(out, zone)
}
