package obligation

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// Feed says how a kind is followed while things happen: from which events it is judged, how they belong to its
// occurrences, and whether time alone changes its judgements. Whoever watches obligations asks it, and has no list of
// kinds of his own. That it is true of every kind is tested over all scenarios of package backtest.
type Feed struct {
	// Events are the kinds of event it is judged from. Corrections belong to whatever they correct.
	Events []string
	By     Belonging
	// Wide are those of Events that may change every occurrence: a rate, the milestone that lets retention go.
	Wide []string
	// Timers: its judgements change as time passes, without an event.
	Timers bool
	// Early is how many months before it begins an occurrence is opened, so that nothing falls due between two looks.
	Early int
}

// Belonging is how events belong to an occurrence.
type Belonging string

// ByTicket: the occurrence is a subject, and its events are those of that subject. ByMatter: events open it, and those of
// the same invoice, order or trigger belong to it, by subject, by reference, or by the reference of a line. ByPeriod: it is
// a period, and events belong to it by their dates; of which days other than its own it reads the events, a Reader says. ByContract: every event of the contract
// may belong to every occurrence; there are few.
const (
	ByTicket   Belonging = "ticket"
	ByMatter   Belonging = "matter"
	ByPeriod   Belonging = "period"
	ByContract Belonging = "contract"
)

func ticketEvents() []string {
	return []string{"ticket_opened", "ticket_responded", "ticket_paused", "ticket_resumed", "ticket_resolved", "ticket_reopened", "ticket_cancelled", "ticket_priority", "ticket_state", "ticket_reassigned", "ticket_contact"}
}

func measuredEvents() []string {
	return slices.Concat([]string{"sample", "measurement", "charge"}, ticketEvents())
}

func spendEvents() []string {
	return []string{"invoice", "purchase", "usage", "credit_note", "payment", "rate"}
}

// FeedOf tells how a kind is followed; nothing where this build does not know it.
func FeedOf(name string) Feed {
	for _, r := range table() {
		if r.kind.Name() == name {
			return r.feed
		}
	}
	return Feed{}
}

// FeedIn tells how an obligation is followed under all its versions. Credits that count towards a cap on liability depend on those
// of the other obligations.
func FeedIn(t effective.Timeline, o pact.Obligation) Feed {
	f := FeedOf(o.Kind)
	versions := []pact.Obligation{o}
	for _, s := range governed(t, o) {
		if s.Resolution.Winner != nil {
			versions = append(versions, *s.Resolution.Winner.Obligation)
		}
	}
	for _, v := range versions {
		rule, _, _, ok := creditRuleOf(v)
		if !ok {
			continue
		}
		if rule.LiabilityCap != nil {
			f.Events = slices.Concat(f.Events, measuredEvents(), []string{"survey", "outage"})
		}
	}
	f.Events = slices.Compact(slices.Sorted(slices.Values(f.Events))) // the list of the kind stays as it is
	return f
}

// Takes tells whether events of a kind matter to a feed. A correction matters to everybody: what it corrects tells.
func (f Feed) Takes(e pact.Event) bool {
	return e.Kind == "correction" || e.Replaces != "" || slices.Contains(f.Events, e.Kind)
}

// KindsFor lists the kinds that are judged from a kind of event.
func KindsFor(event string) []string {
	var out []string
	for _, r := range table() {
		if slices.Contains(r.feed.Events, event) {
			out = append(out, r.kind.Name())
		}
	}
	return out
}

// OfTicket tells whether the subject of a kind of event is an occurrence: a ticket with its clocks.
func OfTicket(event string) bool {
	for _, r := range table() {
		if r.feed.By == ByTicket && slices.Contains(r.feed.Events, event) {
			return true
		}
	}
	return false
}

// names are the matters an event is about.
func names(e pact.Event) []string {
	var out []string
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	add(e.Subject)
	add(e.Data.Reference)
	for _, l := range e.Data.Lines {
		add(l.Reference)
	}
	if e.Kind == "invoice" || e.Kind == "delivery" { // "PO-1/2" is line 2 of the order PO-1
		for _, n := range slices.Clone(out) {
			if n != e.Subject || e.Kind == "delivery" {
				for _, order := range matters(n) {
					add(order)
				}
			}
		}
	}
	if e.Subject == "" {
		add(e.ExternalID)
	}
	return out
}

// ordersOf are the orders that a delivery, or an acceptance, is of by a line that it names: "PO-1/2" is line 2 of the order PO-1.
func ordersOf(e *pact.Event) []string {
	if e.Kind != "delivery" && e.Kind != "accepted" {
		return nil
	}
	return append(matters(e.Subject), matters(e.Data.Reference)...)
}

// Concerns tells whether an event names the matter of an occurrence: its key, or the part of it before a line.
func Concerns(e pact.Event, key string) bool {
	return slices.ContainsFunc(names(e), func(n string) bool { return n == key || strings.HasPrefix(key, n+"/") })
}

// Asked is what is known when occurrences are listed.
type Asked struct {
	// Log has every event of the feed under the contract; Fresh are those of it that are new, with what they replace.
	Log, Fresh []pact.Event
	Today      calendar.Date
	// Known tells whether an occurrence is watched already.
	Known func(key string) bool
}

// lookBack is how far before the first new event, or before today, the calendar is asked: a year's period and its time
// to report.
const lookBack = 15

// Standing lists every occurrence of an obligation under all its versions: what the calendar gives around today, and what
// the log opens.
func Standing(t effective.Timeline, o pact.Obligation, a Asked) []pact.Occurrence {
	list, _ := a.falling(t, o)
	return list
}

// Touched lists the occurrences of an obligation that fresh events may change, those they open included. Kinds that follow
// tickets are not asked: there the subject is the occurrence.
func Touched(t effective.Timeline, o pact.Obligation, a Asked) []pact.Occurrence {
	feed := FeedIn(t, o)
	fresh := slices.DeleteFunc(slices.Clone(a.Fresh), func(e pact.Event) bool { return !feed.Takes(e) })
	if len(fresh) == 0 {
		return nil
	}
	a.Fresh = fresh
	list, opened := a.falling(t, o)
	switch feed.By {
	case ByMatter:
		return a.ofMatter(list, opened, feed)
	case ByPeriod:
		return a.ofPeriod(t, o, list, feed)
	}
	return list
}

// falling lists the occurrences under every version of an obligation: one for each key, whose period is that of all
// versions together. opened are the keys that events opened.
func (a Asked) falling(t effective.Timeline, o pact.Obligation) (list []pact.Occurrence, opened map[string]bool) {
	return a.fallingIn(t, o, a.horizon(FeedOf(o.Kind)))
}

// fallingIn lists what falls due in a run of dates by the calendar, and what the log opens.
func (a Asked) fallingIn(t effective.Timeline, o pact.Obligation, period calendar.Period) (list []pact.Occurrence, opened map[string]bool) {
	opened = map[string]bool{}
	at := map[string]int{}
	add := func(occ pact.Occurrence) {
		i, known := at[occ.Key]
		if !known {
			at[occ.Key] = len(list)
			list = append(list, occ)
			return
		}
		if p := &list[i].Period; !p.End.IsZero() && occ.Period.End.After(p.End) {
			p.End = occ.Period.End
		}
		if !list[i].DueAt.IsZero() && occ.DueAt.After(list[i].DueAt) {
			list[i].DueAt = occ.DueAt
		}
	}
	segments := slices.DeleteFunc(Segments(t, o.Key), func(s effective.Segment) bool {
		return s.Resolution.Winner != nil && s.Resolution.Winner.Obligation.Kind != o.Kind
	})
	if len(segments) == 0 && len(t.Segments(o.Key)) == 0 {
		segments = []effective.Segment{{Period: o.InForce, Resolution: effective.Resolution{Winner: &effective.Entry{Obligation: &o}}}}
	}
	for _, s := range segments {
		if s.Resolution.Winner == nil {
			continue // undecided between documents: the ambiguity is shown with the obligation
		}
		version := *s.Resolution.Winner.Obligation
		kind, err := KindOf(version.Kind)
		if err != nil {
			continue
		}
		version.InForce = s.Period
		for _, occ := range kind.Occurrences(version, period) {
			add(occ)
		}
		if opener, ok := kind.(Opener); ok {
			for _, occ := range opener.Opened(version, a.Log) {
				opened[occ.Key] = true
				add(occ)
			}
		}
	}
	return list, opened
}

// horizon is the run of dates the calendar is asked for.
func (a Asked) horizon(f Feed) calendar.Period {
	from := a.Today
	for _, e := range a.Fresh {
		from = min(from, cmp.Or(datesOf(e).From, from))
	}
	return calendar.Period{From: from.AddMonths(-lookBack), Until: a.Today.AddDays(1).AddMonths(f.Early)}
}

// datesOf are the dates an event may count on, a day wider on each side for zones.
func datesOf(e pact.Event) calendar.Period {
	day := calendar.DateIn(calendar.Clamp(e.OccurredAt), time.UTC)
	first, last := day, day
	widen := func(d calendar.Date) {
		if d != "" {
			first, last = min(first, d), max(last, d)
		}
	}
	widen(e.Data.Date)
	widen(e.Data.Until)
	if e.Data.EndAt.After(e.OccurredAt) {
		widen(calendar.DateIn(calendar.Clamp(e.Data.EndAt), time.UTC))
	}
	if p, ok := calendar.Named(e.Data.Month); ok {
		widen(p.From)
		widen(p.Until.AddDays(-1))
	}
	for _, l := range e.Data.Lines {
		widen(l.Date)
	}
	return calendar.Period{From: first.AddDays(-1), Until: last.AddDays(2)}
}

// ofMatter takes what the calendar gives, and of what events opened the matters that the fresh events lead to.
func (a Asked) ofMatter(list []pact.Occurrence, opened map[string]bool, f Feed) []pact.Occurrence {
	if slices.ContainsFunc(a.Fresh, func(e pact.Event) bool { return slices.Contains(f.Wide, e.Kind) }) {
		return list
	}
	about := map[string]bool{}
	for _, e := range a.Fresh {
		for _, n := range names(e) {
			about[n] = true
		}
	}
	// A delivery of an order leads to the invoices of the order, and an invoice to its orders.
	for range 2 {
		more := map[string]bool{}
		for _, e := range a.Log {
			own := names(e)
			if slices.ContainsFunc(own, func(n string) bool { return about[n] }) {
				for _, n := range own {
					more[n] = true
				}
			}
		}
		for n := range more {
			about[n] = true
		}
	}
	return slices.DeleteFunc(list, func(occ pact.Occurrence) bool {
		return opened[occ.Key] && !Among(about, occ.Key)
	})
}

// Among tells whether the matter of an occurrence is one of some: its key, or the part of it before a line.
func Among(about map[string]bool, key string) bool {
	if about[key] {
		return true
	}
	for i := range key {
		if key[i] == '/' && about[key[:i]] {
			return true
		}
	}
	return false
}

// ofPeriod takes the periods that the fresh events lie in or name, and of the others that are watched those that read their days.
func (a Asked) ofPeriod(t effective.Timeline, o pact.Obligation, list []pact.Occurrence, f Feed) []pact.Occurrence {
	slices.SortStableFunc(list, func(x, y pact.Occurrence) int {
		return cmp.Or(x.Period.Start.Compare(y.Period.Start), cmp.Compare(x.Key, y.Key))
	})
	fresh := make([]*pact.Event, len(a.Fresh))
	for i := range a.Fresh {
		fresh[i] = &a.Fresh[i]
	}
	bySubject := sync.OnceValue(func() map[string][]pact.Event { return BySubject(a.Log) })
	affected := f.Affected(fresh, func(name string) []pact.Event { return bySubject()[name] })
	return slices.DeleteFunc(list, func(occ pact.Occurrence) bool {
		if a.Known != nil && a.Known(occ.Key) {
			return !affected(occ.Key, Reads(t, o, occ))
		}
		return !slices.ContainsFunc(a.Fresh, func(e pact.Event) bool { return within(e, occ) })
	})
}

// within tells whether an event lies in the period of an occurrence, or names it.
func within(e pact.Event, occ pact.Occurrence) bool {
	d := datesOf(e)
	return (occ.Period.End.IsZero() || d.From.Time().Before(occ.Period.End)) && d.Until.Time().After(occ.Period.Start) ||
		e.Data.Month == occ.Key || slices.Contains(names(e), occ.Key)
}
