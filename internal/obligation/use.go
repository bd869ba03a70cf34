package obligation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// Known is what is known beside the terms of those whom an event may be of use to.
type Known interface {
	// Ticket tells whether a ticket is judged, and whether its opening was reported.
	Ticket(subject string) (judged, opened bool)
	// Judges tells fast, where it can, that an event is about a matter that an obligation judges; false tells nothing.
	Judges(o pact.Obligation, e *pact.Event) bool
	// Matters are the keys of the occurrences of an obligation: invoices, orders, milestones, periods.
	Matters(key string) []string
	// Log are the events that lead from one matter to another: the order of an invoice, what came for the order.
	Log() []pact.Event
	// Leaves says why an obligation has nothing to do with an event before its kind is asked; "" where it may.
	Leaves(o pact.Obligation, e *pact.Event) string
}

// Uses knows of which use events are to the obligations of a family: the one place that replays, tables and deliveries of events ask. It is
// for one caller at a time.
type Uses struct {
	Known Known
	// Period bounds what is asked for; the zero period asks for all.
	Period calendar.Period
	// Meant: the name that was probably meant is looked for. Of many events that takes time.
	Meant bool

	versions []held
	unclear  []held                     // runs of days of which the documents differ, by key
	led      map[string]map[string]bool // by obligation and kind of event, whether the events of a name are taken; nil where nobody can tell
	about    map[string]map[string]bool // by obligation, its matters and what they refer to
	words    map[string][]word          // by obligation, its matters
	services map[string]*pact.Event     // by ticket, what told its service last
	guess    guess
}

// held is an obligation in a run of days.
type held struct {
	o     pact.Obligation
	feed  Feed
	holds calendar.Period
}

// Unused is why an event counts for nothing.
type Unused struct {
	// Why: kind (no obligation asks for such events), name (none is about what it names), matter (the invoice, order or ticket it is about is
	// not known), not_in_force (on its day the obligations it would be for do not hold), period (it lies outside the period asked for),
	// impossible (it says what can not be).
	Why string
	// Field is the member to look at: "data.service"; "" where it is none alone.
	Field   string
	Message string
	Meant   string // the name that was probably meant
}

// NewUses takes the obligations of timelines under all their versions.
func NewUses(known Known, lines ...effective.Timeline) *Uses {
	u := &Uses{Known: known, led: map[string]map[string]bool{}, about: map[string]map[string]bool{}, words: map[string][]word{}}
	for _, line := range lines {
		for _, key := range line.Keys() {
			for _, s := range line.Segments(key) {
				if s.Resolution.Winner != nil {
					o := *s.Resolution.Winner.Obligation
					u.versions = append(u.versions, held{o, FeedOf(o.Kind), s.Period})
				} else if len(s.Resolution.Ambiguities) > 0 {
					for _, l := range s.Resolution.Losers { // by the kinds that the documents give it
						if o := l.Entry.Obligation; o != nil {
							u.unclear = append(u.unclear, held{o: *o, feed: FeedOf(o.Kind), holds: s.Period})
						}
					}
				}
			}
		}
	}
	return u
}

// Of tells why an event is of no use; false where it may be of use.
func (u *Uses) Of(e *pact.Event) (Unused, bool) {
	if Impossible(e) {
		return Unused{Why: "impossible", Field: "occurred_at", Message: "No calendar reaches the time it gives. Correct occurred_at or data.date."}, true
	}
	mine := u.feeding(e)
	if key := u.undecided(e); len(mine) == 0 && key != "" {
		return documentsDiffer(key), true
	}
	if len(mine) == 0 {
		out := Unused{Why: "kind", Field: "kind", Message: fmt.Sprintf("No obligation of these terms is judged from events of the kind %s.%s", e.Kind, u.asks())}
		if judged, opened := u.Known.Ticket(e.Subject); e.Kind == "delay_excused" && (judged || opened) {
			out.Message = "It excuses deliveries. A ticket is excluded by data.excluded, with data.approved_by, of one of its own events."
		}
		return out, true
	}
	var picked, others []held
	var refused []Pick
	for _, v := range mine {
		p := u.pick(v, e)
		if p.Taken {
			picked = append(picked, v)
			continue
		}
		others, refused = append(others, v), append(refused, p)
	}
	if len(picked) == 0 {
		return u.misnamed(e, refused, others), true
	}
	out, left := u.outside(e, picked)
	if left && out.Why == "matter" { // a duty that comes again may be meant by what no condition is about
		if other := u.misnamed(e, refused, others); other.Meant != "" {
			return other, true
		}
	}
	return out, left
}

// undecided is the key of an obligation that is judged from such events, and about which the documents differ on the day of an event; "" where
// there is none.
func (u *Uses) undecided(e *pact.Event) string {
	days := datesOf(*e)
	for _, v := range u.unclear {
		if days.Overlaps(v.holds) && slices.Contains(v.feed.Events, e.Kind) {
			return v.o.Key
		}
	}
	return ""
}

func documentsDiffer(key string) Unused {
	return Unused{Why: "not_in_force", Field: "occurred_at", Message: fmt.Sprintf("On its day the documents differ about %s. It counts once that question is answered.", key)}
}

// Ahead are the kinds of event that an event whose matter is not known may be waiting for: a payment waits for its invoice.
func (u *Uses) Ahead(e *pact.Event) []string {
	var out []string
	for _, v := range u.feeding(e) {
		k, err := KindOf(v.o.Kind)
		if err != nil {
			continue
		}
		if _, opens := k.(Opener); !opens {
			continue
		}
		for _, kind := range []string{"ticket_opened", "invoice", "purchase_order", "trigger"} {
			if kind != e.Kind && slices.Contains(v.feed.Events, kind) {
				out = append(out, kind)
				break
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// feeding are the versions that are judged from such events.
func (u *Uses) feeding(e *pact.Event) []held {
	var out []held
	for _, v := range u.versions {
		if slices.Contains(v.feed.Events, e.Kind) {
			out = append(out, v)
		}
	}
	return out
}

// Takes tells whether an obligation takes an event by the name it gives. A charge that none takes may still be one of all charges, which a cap
// on liability is of.
func (u *Uses) Takes(e *pact.Event) bool {
	return slices.ContainsFunc(u.feeding(e), func(v held) bool { return u.pick(v, e).Taken })
}

func (u *Uses) pick(v held, e *pact.Event) Pick {
	if why := u.Known.Leaves(v.o, e); why != "" {
		return Pick{Why: why}
	}
	if v.feed.By == ByTicket {
		judged, opened := u.Known.Ticket(e.Subject)
		if judged {
			if p := Picks(v.o, *e); p.Why != "" {
				return p
			}
			return Pick{Taken: true}
		}
		if !opened {
			return Pick{Why: "needs to know when the ticket was opened (ticket_opened), and nobody reported it"}
		}
	}
	p := Picks(v.o, *e)
	if other, is := u.ofOtherService(v.o, e); is && p.Taken {
		return other
	}
	if p.Taken && p.Of != "" && !u.refers(v, e, p.Of) {
		p.Taken = false
	}
	return p
}

// refers tells whether an event refers to one of a kind that an obligation takes, also where nobody can tell.
func (u *Uses) refers(v held, e *pact.Event, kind string) bool {
	key := v.o.Key + "/" + kind
	names, known := u.led[key]
	if !known {
		log := u.Known.Log()
		if len(log) > 0 {
			names = map[string]bool{}
		}
		for i := range log {
			if log[i].Kind != kind || log[i].Subject == "" {
				continue
			}
			takes := func(x held) bool { return x.o.Key == v.o.Key && Picks(x.o, log[i]).Taken }
			names[log[i].Subject] = names[log[i].Subject] || slices.ContainsFunc(u.versions, takes)
		}
		u.led[key] = names
	}
	return names == nil || names[e.Subject] || names[e.Data.Reference]
}

// asks lists the kinds of event that these terms are judged from.
func (u *Uses) asks() string {
	var kinds []string
	for _, v := range u.versions {
		kinds = append(kinds, v.feed.Events...)
	}
	if len(kinds) == 0 {
		return ""
	}
	slices.Sort(kinds)
	return " They are judged from " + strings.Join(slices.Compact(kinds), ", ") + "."
}

// misnamed explains an event that no obligation picked.
func (u *Uses) misnamed(e *pact.Event, refused []Pick, of []held) Unused {
	what, said := "", ""
	var words, why []string
	mine := slices.ContainsFunc(refused, func(p Pick) bool { return p.Mine })
	wrong := ""
	for i, p := range refused {
		switch {
		case mine && !p.Mine: // another thing is no reason where one is about it
		case p.What != "":
			what, said = cmp.Or(what, p.What), cmp.Or(said, p.Said)
			words = append(words, p.Words...)
		case p.Why != "" && !otherVersionSays(of, refused, i):
			why, wrong = append(why, of[i].o.Key+" "+p.Why), cmp.Or(wrong, p.Wrong)
		}
	}
	slices.Sort(why)
	why = slices.Compact(why)
	if what == "" {
		if len(why) > shownWords {
			why = append(why[:shownWords], "and so on")
		}
		out := Unused{Why: "name", Field: wrong, Message: "It is not counted: " + strings.Join(why, "; ") + "."}
		switch {
		case wrong != "":
			out.Why = "impossible"
		case strings.Contains(out.Message, "ticket_opened"):
			out.Why, out.Field = "matter", "subject"
		}
		return out
	}
	return u.Misnamed(e, what, said, words)
}

// Misnamed explains an event that names what nothing is about; words are the names that are looked for.
func (u *Uses) Misnamed(e *pact.Event, what, said string, words []string) Unused {
	slices.Sort(words)
	words = slices.Compact(words)
	out := Unused{Why: "name", Field: memberSaying(e, what, said)}
	if u.Meant && what != "priority" { // P2 is no slip for P1
		out.Meant = u.guess.nearest(said, lettered(words))
	}
	if u.Meant && what == certificateKind {
		out.Meant = cmp.Or(out.Meant, sharing(said, words))
	}
	list := words
	if what == "adjustment" || what == "renewal" { // of each version the next ones are told, and of all of them no more
		list = list[:min(len(list), shownNotices)]
	}
	if len(list) > shownWords {
		list = append(slices.Clone(list[:shownWords]), "…")
	}
	out.Message = fmt.Sprintf("No obligation is about the %s %q; there is %s.", what, short(said), quoted(list))
	if said == "" {
		out.Message = fmt.Sprintf("It names no %s; there is %s.", what, quoted(list))
	}
	out.Message += perhaps(out.Meant)
	return out
}

// otherVersionSays tells whether a version does not hold in the period of an event, and another of the same obligation says more of it.
func otherVersionSays(of []held, refused []Pick, i int) bool {
	if !strings.HasPrefix(refused[i].Why, heldNotIn) {
		return false
	}
	for j, p := range refused {
		if of[j].o.Key == of[i].o.Key && p.Why != "" && !strings.HasPrefix(p.Why, heldNotIn) {
			return true
		}
	}
	return false
}

func perhaps(meant string) string {
	if meant == "" {
		return ""
	}
	return fmt.Sprintf(" Perhaps %q is meant.", short(meant))
}

// memberSaying is the member of an event that says something, or would say what it lacks.
func memberSaying(e *pact.Event, what, said string) string {
	d := &e.Data
	for _, m := range []struct{ path, value string }{{"data.service", d.Service}, {"data.item", d.Item}, {"data.line", d.Line}, {"data.priority", d.Priority}, {"data.reference", d.Reference}, {"subject", e.Subject}} {
		if said != "" && strings.TrimSpace(m.value) == strings.TrimSpace(said) {
			return m.path
		}
	}
	if c := d.Certificate; c != nil && c.Kind == said {
		return "data.certificate.kind"
	}
	if slices.ContainsFunc(d.Lines, func(l pact.EventLine) bool { return said != "" && l.Item == said }) {
		return "data.lines.item"
	}
	if what == "service" {
		return "data.service"
	}
	return "data.item"
}

// shownWords bounds the names in one sentence.
const shownWords = 8

// Quoted lists the first of some names in quotes.
func Quoted(words []string) string {
	if len(words) > shownWords {
		words = append(slices.Clone(words[:shownWords]), "…")
	}
	return quoted(words)
}

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

// inARow are versions with those of an obligation that follow one another as one.
func inARow(list []held) []held {
	var out []held
	for _, v := range list {
		if n := len(out); n > 0 && out[n-1].o.Key == v.o.Key && out[n-1].holds.Until != "" && out[n-1].holds.Until == v.holds.From {
			out[n-1].holds.Until = v.holds.Until
			continue
		}
		out = append(out, v)
	}
	return out
}

// outside explains an event that an obligation would look at, had it happened on another day or to something else. It is used, as far as
// can be told, where none of that holds.
func (u *Uses) outside(e *pact.Event, picked []held) (Unused, bool) {
	days := datesOf(*e)
	var holding []held
	for _, v := range picked {
		if ofBaseMonth(v.o, e) {
			return Unused{}, false // the base of a price lies before the clause, as a rule
		}
		if days.Overlaps(v.holds) {
			holding = append(holding, v)
		}
	}
	if len(holding) == 0 {
		if slices.ContainsFunc(picked, func(v held) bool { return u.Known.Judges(v.o, e) }) {
			return Unused{}, false // a payment after the end of an invoice before it
		}
		for _, v := range u.unclear {
			if days.Overlaps(v.holds) && slices.ContainsFunc(picked, func(x held) bool { return x.o.Key == v.o.Key }) {
				return documentsDiffer(v.o.Key), true
			}
		}
		if before := func(v held) bool { return v.holds.From == "" || days.From >= v.holds.From }; e.Kind == "rate" && !slices.ContainsFunc(picked, before) {
			return Unused{Why: "period", Field: "occurred_at", Message: "A rate counts from its day until the next of its name, also from before the contract. On none of the days that were looked at is it the one that counts."}, true
		}
		var when []string
		for _, v := range inARow(picked) {
			when = append(when, v.o.Key+" holds "+PeriodText(v.holds))
		}
		return Unused{Why: "not_in_force", Field: "occurred_at", Message: fmt.Sprintf("On its day no obligation for it is in force: %s.", strings.Join(when[:min(len(when), shownWords)], "; "))}, true
	}
	wide := slices.ContainsFunc(holding, func(v held) bool { return slices.Contains(v.feed.Wide, e.Kind) })
	if of, ok := calendar.Named(e.Data.Month); ok && e.Kind != "index_value" {
		days = of // what it is about, whenever it was told
	}
	if !wide && !days.Overlaps(u.Period) {
		return Unused{Why: "period", Message: fmt.Sprintf("It lies outside the period that was asked for, %s.", PeriodText(u.Period))}, true
	}
	noLine := ""
	for _, v := range holding {
		if why := lacksLine(v.o, e, u.Known.Log()); why != "" {
			noLine = why
			continue
		}
		if v.feed.By != ByMatter || slices.Contains(v.feed.Wide, e.Kind) || u.concerned(v, e) {
			return Unused{}, false
		}
	}
	if noLine != "" {
		return Unused{Why: "matter", Field: memberSaying(e, "", cmp.Or(e.Data.Line, e.Data.Item)), Message: noLine}, true
	}
	about := names(*e)
	if len(about) == 0 {
		return Unused{Why: "matter", Field: "subject", Message: "It names no invoice, order or matter that it belongs to (subject, data.reference)."}, true
	}
	out := Unused{Why: "matter", Field: memberSaying(e, "", about[0]), Message: fmt.Sprintf("Nothing of the name %s is judged here.", quoted(about[:min(len(about), shownWords)]))}
	if e.Kind == "delivery" && slices.ContainsFunc(holding, func(v held) bool { return v.o.Kind == DeliverySchedule{}.Name() }) {
		out.Message += " A delivery of an order names the order (subject or data.reference), and its line or item (data.line, data.item)."
	}
	if !u.Meant {
		return out, true
	}
	var keys []word
	told := map[string]bool{}
	for _, v := range holding {
		if !told[v.o.Key] {
			told[v.o.Key] = true
			keys = append(keys, u.namesOf(v.o.Key)...)
		}
	}
	out.Meant = u.guess.nearest(about[0], keys)
	out.Message += perhaps(out.Meant)
	return out, true
}

// namesOf are the matters that an obligation judges.
func (u *Uses) namesOf(key string) []word {
	words, known := u.words[key]
	if known {
		return words
	}
	var list []string
	for _, matter := range u.Known.Matters(key) {
		name, _, _ := strings.Cut(matter, "/")
		list = append(list, name)
	}
	words = lettered(slices.Compact(list))
	u.words[key] = words
	return words
}

// concerned tells whether an event is about a matter that an obligation judges, or about what that refers to.
func (u *Uses) concerned(v held, e *pact.Event) bool {
	if u.Known.Judges(v.o, e) {
		return true
	}
	about := u.about[v.o.Key]
	if about == nil {
		about = map[string]bool{}
		for _, key := range u.Known.Matters(v.o.Key) {
			about[key] = true
			for at := range key {
				if key[at] == '/' {
					about[key[:at]] = true
				}
			}
		}
		// The order of an invoice, and what came for the order.
		log := u.Known.Log()
		for range 2 {
			more := map[string]bool{}
			for i := range log {
				own := names(log[i])
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
		u.about[v.o.Key] = about
	}
	return slices.ContainsFunc(names(*e), func(n string) bool { return about[n] })
}

// PeriodText is a run of days in words: "from 2026-01-01 on".
func PeriodText(p calendar.Period) string {
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
