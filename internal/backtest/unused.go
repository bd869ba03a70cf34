package backtest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Unused is an event that no judgement looked at, and why. Left out, it would change nothing.
type Unused struct {
	EventID    pact.EventID `json:"event_id"`
	ExternalID string       `json:"external_id,omitempty"`
	Kind       string       `json:"kind"`
	Subject    string       `json:"subject,omitempty"`
	On         string       `json:"on"` // when it happened
	// Why: kind (no obligation asks for such events), name (none is about what it names), matter (the invoice, order or ticket it is about is
	// not known), not_in_force (on its day the obligations it would be for do not hold), period (it lies outside the period asked for),
	// later (it was not known at the instant of the judgement), impossible (no calendar reaches its time).
	Why     string `json:"why" enum:"kind,name,matter,not_in_force,period,later,impossible"`
	Message string `json:"message"`
	Meant   string `json:"meant,omitempty"` // the name that was probably meant; looked for in the first 200
}

// version is an obligation in a run of days.
type version struct {
	o     pact.Obligation
	feed  obligation.Feed
	holds calendar.Period
}

// overlooked is what is needed to tell why an event was not used.
type overlooked struct {
	r        *run
	versions []version
	used     map[pact.EventID]bool
	replaced map[pact.EventID]bool
	tickets  map[string]bool // keys of clocks
	opened   map[string]bool // tickets of which an opening is known
	matters  map[string]map[string]bool
	names    map[string][]word // by obligation, the matters it judges
	guess    *guess            // nil: not what was meant
}

// mostMeant bounds, in order of time, the events of which is told what was probably meant: nobody reads further.
const mostMeant = 200

// unused lists the events that nothing rests on, in order of time.
func (r *run) unused(all []pact.Event) []Unused {
	l := overlooked{r: r, used: make(map[pact.EventID]bool, len(all)), matters: map[string]map[string]bool{}, names: map[string][]word{}}
	for _, key := range r.timeline.Keys() {
		for _, s := range r.timeline.Segments(key) {
			if s.Resolution.Winner != nil {
				o := *s.Resolution.Winner.Obligation
				l.versions = append(l.versions, version{o, obligation.FeedOf(o.Kind), s.Period})
			}
		}
	}
	l.note(all)
	var out []Unused
	seen := map[pact.EventID]*pact.Event{}
	for i := range all {
		e := &all[i]
		if r.ctx.Err() != nil {
			return nil
		}
		if l.used[idOf(e)] && !knownAt(e).After(r.AsOf) && !obligation.Impossible(e) {
			continue
		}
		if seen[idOf(e)] != nil || e.Kind == "correction" || l.replaced[e.ID] {
			continue // a repeat, or what a correction took back and the trace tells
		}
		l.noteTickets(all)
		if u, left := l.judge(e); left && !l.takesBack(e) {
			seen[idOf(e)] = e
			u.EventID, u.ExternalID, u.Kind, u.Subject, u.On = idOf(e), e.ExternalID, e.Kind, e.Subject, stamp(e.OccurredAt)
			out = append(out, u)
		}
	}
	out = r.shown(out)
	slices.SortFunc(out, func(a, b Unused) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.EventID, b.EventID)) })
	l.guess = &guess{}
	for i := range out[:min(len(out), mostMeant)] {
		if u, left := l.judge(seen[out[i].EventID]); left {
			out[i].Message, out[i].Meant = u.Message, u.Meant
		}
	}
	return out
}

// takesBack tells whether an event replaces one that would count: left out, that would count again.
func (l *overlooked) takesBack(e *pact.Event) bool {
	if e.Replaces == "" || knownAt(e).After(l.r.AsOf) {
		return false
	}
	return slices.ContainsFunc(l.r.own.byID()[e.Replaces], func(i int) bool {
		_, left := l.judge(&l.r.own.events[i])
		return !left
	})
}

// shown keeps of the events outside the period that was asked for those of which judging again without them shows that they change
// nothing: a rolling cap looks back, a ticket that is reopened next month counts in this one.
func (r *run) shown(list []Unused) []Unused {
	outside := map[pact.EventID]bool{}
	for _, u := range list {
		if u.Why == "period" {
			outside[u.EventID] = true
		}
	}
	if len(outside) == 0 || r.without(outside) {
		return list
	}
	if len(outside) > shownOneByOne {
		return slices.DeleteFunc(list, func(u Unused) bool { return u.Why == "period" })
	}
	ended := r.ctx.Err() != nil // of a run that ended nothing comes out: nothing is judged for it any more
	return slices.DeleteFunc(list, func(u Unused) bool {
		if ended || u.Why != "period" {
			return ended
		}
		stays := r.without(map[pact.EventID]bool{u.EventID: true})
		ended = !stays && r.ctx.Err() != nil
		return !stays
	})
}

// shownOneByOne bounds the judgements that are made again for single events.
const shownOneByOne = 16

func idOf(e *pact.Event) pact.EventID {
	return cmp.Or(e.ID, pact.EventID(e.ExternalID))
}

// note gathers what the judgements rest on.
func (l *overlooked) note(all []pact.Event) {
	var claimed []*pact.Event
	for i := range all {
		if sayClaimed(&all[i]) {
			claimed = append(claimed, &all[i])
		}
	}
	for i := range l.r.report.Occurrences {
		res := &l.r.report.Occurrences[i]
		for _, id := range res.Assessment.EventIDs {
			l.used[id] = true
		}
		for j := range res.Assessment.Trace {
			for _, id := range res.Assessment.Trace[j].EventIDs {
				l.used[id] = true
			}
		}
		if res.Claim != nil {
			for j := range claimed {
				if claims(claimed[j], res.Key) {
					l.used[idOf(claimed[j])] = true
				}
			}
		}
	}
	l.replaced = obligation.Replaced(func(yield func(*pact.Event) bool) {
		for i := range all {
			if all[i].Replaces != "" && !yield(&all[i]) {
				return
			}
		}
	})
}

// noteTickets gathers, once and where it is asked for, which tickets are judged and which were opened.
func (l *overlooked) noteTickets(all []pact.Event) {
	if l.tickets != nil {
		return
	}
	l.tickets, l.opened = map[string]bool{}, map[string]bool{}
	for i := range l.r.report.Occurrences {
		if res := &l.r.report.Occurrences[i]; obligation.FeedOf(res.Kind).By == obligation.ByTicket {
			l.tickets[res.Key], l.tickets[obligation.TicketOf(res.Key)] = true, true
		}
	}
	for i := range all {
		if e := &all[i]; e.Kind == "ticket_opened" {
			l.opened[e.Subject] = true
		}
	}
}

// judge tells why an event is not used; false where it is.
func (l *overlooked) judge(e *pact.Event) (Unused, bool) {
	switch {
	case l.r.Within && !obligation.DatesOf(*e).Overlaps(calendar.Period{From: l.r.From, Until: l.r.To}):
		return Unused{}, false
	case knownAt(e).After(l.r.AsOf):
		return Unused{Why: "later", Message: fmt.Sprintf("It was not known on %s, the instant of the judgement.", stamp(l.r.AsOf))}, true
	case obligation.Impossible(e):
		return Unused{Why: "impossible", Message: "No calendar reaches the time it gives. Correct occurred_at or data.date."}, true
	case l.used[idOf(e)]:
		return Unused{}, false
	}
	mine := l.feeding(e)
	if len(mine) == 0 {
		return Unused{Why: "kind", Message: fmt.Sprintf("No obligation of these terms is judged from events of the kind %s.%s", e.Kind, l.asks())}, true
	}
	var picked []version
	var refused []obligation.Pick
	for _, v := range mine {
		p := l.pick(v, e)
		if p.Taken {
			picked = append(picked, v)
			continue
		}
		refused = append(refused, p)
	}
	if len(picked) == 0 {
		return l.misnamed(refused, mine), true
	}
	return l.outside(e, picked)
}

// feeding are the versions that are judged from such events.
func (l *overlooked) feeding(e *pact.Event) []version {
	var out []version
	for _, v := range l.versions {
		if slices.Contains(v.feed.Events, e.Kind) {
			out = append(out, v)
		}
	}
	return out
}

func (l *overlooked) pick(v version, e *pact.Event) obligation.Pick {
	if l.r.passed[v.o.Key] && !slices.Contains(l.r.Names, e.Data.Contract) {
		return obligation.Pick{Why: "is passed on by a contract above and is judged from events that name this contract (data.contract) alone"}
	}
	if v.feed.By == obligation.ByTicket {
		if l.tickets[e.Subject] {
			return obligation.Pick{Taken: true}
		}
		if !l.opened[e.Subject] {
			return obligation.Pick{Why: "needs to know when the ticket was opened (ticket_opened), and nobody reported it"}
		}
	}
	return obligation.Picks(v.o, *e)
}

// asks lists the kinds of event that these terms are judged from.
func (l *overlooked) asks() string {
	var kinds []string
	for _, v := range l.versions {
		kinds = append(kinds, v.feed.Events...)
	}
	if len(kinds) == 0 {
		return ""
	}
	slices.Sort(kinds)
	return " They are judged from " + strings.Join(slices.Compact(kinds), ", ") + "."
}

// misnamed explains an event that no obligation picked.
func (l *overlooked) misnamed(refused []obligation.Pick, of []version) Unused {
	what, said := "", ""
	var words, why []string
	mine := slices.ContainsFunc(refused, func(p obligation.Pick) bool { return p.Mine })
	for i, p := range refused {
		switch {
		case mine && !p.Mine: // another thing is no reason where one is about it
		case p.What != "":
			what, said = cmp.Or(what, p.What), cmp.Or(said, p.Said)
			words = append(words, p.Words...)
		case p.Why != "":
			why = append(why, of[i].o.Key+" "+p.Why)
		}
	}
	slices.Sort(why)
	why = slices.Compact(why)
	if what == "" {
		if len(why) > shownWords {
			why = append(why[:shownWords], "and so on")
		}
		u := Unused{Why: "name", Message: "It is not counted: " + strings.Join(why, "; ") + "."}
		if strings.Contains(u.Message, "ticket_opened") {
			u.Why = "matter"
		}
		return u
	}
	slices.Sort(words)
	words = slices.Compact(words)
	u := Unused{Why: "name"}
	if l.guess != nil && what != "priority" { // P2 is no slip for P1
		u.Meant = l.guess.nearest(said, wordsOf(words))
	}
	list := words
	if len(list) > shownWords {
		list = append(slices.Clone(list[:shownWords]), "…")
	}
	u.Message = fmt.Sprintf("No obligation is about the %s %q; there is %s.", what, short(said), quoted(list))
	if said == "" {
		u.Message = fmt.Sprintf("It names no %s; there is %s.", what, quoted(list))
	}
	if u.Meant != "" {
		u.Message += fmt.Sprintf(" Perhaps %q is meant.", short(u.Meant))
	}
	return u
}

// shownWords bounds the names in one sentence.
const shownWords = 8

func quoted(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w
		if w != "…" {
			out[i] = fmt.Sprintf("%q", short(w))
		}
	}
	return strings.Join(out, ", ")
}

// outside explains an event that an obligation would look at, had it happened on another day or to something else. It is used, as far as
// can be told, where none of that holds.
func (l *overlooked) outside(e *pact.Event, picked []version) (Unused, bool) {
	days := obligation.DatesOf(*e)
	var held []version
	for _, v := range picked {
		if days.Overlaps(v.holds) {
			held = append(held, v)
		}
	}
	if len(held) == 0 {
		var when []string
		for _, v := range picked {
			when = append(when, v.o.Key+" holds "+periodText(v.holds))
		}
		return Unused{Why: "not_in_force", Message: fmt.Sprintf("On its day no obligation for it is in force: %s.", strings.Join(when[:min(len(when), shownWords)], "; "))}, true
	}
	wide := slices.ContainsFunc(held, func(v version) bool { return slices.Contains(v.feed.Wide, e.Kind) })
	if of, ok := calendar.Named(e.Data.Month); ok && e.Kind != "index_value" {
		days = of // what it is about, whenever it was told
	}
	if p := (calendar.Period{From: l.r.From, Until: l.r.To}); !wide && !days.Overlaps(p) {
		return Unused{Why: "period", Message: fmt.Sprintf("It lies outside the period that was asked for, %s.", periodText(p))}, true
	}
	for _, v := range held {
		if v.feed.By != obligation.ByMatter || slices.Contains(v.feed.Wide, e.Kind) || l.concerned(v, e) {
			return Unused{}, false
		}
	}
	about := obligation.Names(*e)
	if len(about) == 0 {
		return Unused{Why: "matter", Message: "It names no invoice, order or matter that it belongs to (subject, data.reference)."}, true
	}
	u := Unused{Why: "matter", Message: fmt.Sprintf("Nothing of the name %s is judged here.", quoted(about[:min(len(about), shownWords)]))}
	if l.guess == nil {
		return u, true
	}
	var keys []word
	told := map[string]bool{}
	for _, v := range held {
		if !told[v.o.Key] {
			told[v.o.Key] = true
			keys = append(keys, l.namesOf(v.o.Key)...)
		}
	}
	if u.Meant = l.guess.nearest(about[0], keys); u.Meant != "" {
		u.Message += fmt.Sprintf(" Perhaps %q is meant.", short(u.Meant))
	}
	return u, true
}

// namesOf are the matters that an obligation judges.
func (l *overlooked) namesOf(obligation string) []word {
	words, known := l.names[obligation]
	if known {
		return words
	}
	var names []string
	for i := range l.r.report.Occurrences {
		if res := &l.r.report.Occurrences[i]; res.Obligation == obligation {
			name, _, _ := strings.Cut(res.Key, "/")
			names = append(names, name)
		}
	}
	words = wordsOf(slices.Compact(names))
	l.names[obligation] = words
	return words
}

// concerned tells whether an event is about a matter that an obligation judges, or about what that refers to.
func (l *overlooked) concerned(v version, e *pact.Event) bool {
	about := l.matters[v.o.Key]
	if about == nil {
		about = map[string]bool{}
		for i := range l.r.report.Occurrences {
			if res := &l.r.report.Occurrences[i]; res.Obligation == v.o.Key {
				about[res.Key] = true
				for at := range res.Key {
					if res.Key[at] == '/' {
						about[res.Key[:at]] = true
					}
				}
			}
		}
		// The order of an invoice, and what came for the order.
		for range 2 {
			more := map[string]bool{}
			for i := range l.r.Events {
				own := obligation.Names(l.r.Events[i])
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
		l.matters[v.o.Key] = about
	}
	return slices.ContainsFunc(obligation.Names(*e), func(n string) bool { return about[n] })
}

func periodText(p calendar.Period) string {
	switch {
	case p.From == "" && p.Until == "":
		return "always"
	case p.From == "":
		return fmt.Sprintf("before %s", p.Until)
	case p.Until == "":
		return fmt.Sprintf("from %s on", p.From)
	}
	return fmt.Sprintf("from %s to before %s", p.From, p.Until)
}
