// Package effective finds which terms and obligations are in force on a date.
//
// It owns the timeline of a contract family: versions of the register, amendments, statements of work, each with the
// dates it holds from and until and its rank, the carrying out of what amendments do (replace, delete, extend, restate,
// retitle, waive), and the rule that picks one of several values. It does not own how a version is
// made (review) or what an obligation means (obligation). Invariants: pure; the same entries in any order give the same
// answer; where the rules leave two different values, there is an ambiguity and no winner.
package effective

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// Source is a document of the family, as far as precedence needs it.
type Source struct {
	ContractID pact.ContractID `json:"contract_id,omitempty"`
	VersionID  pact.VersionID  `json:"version_id,omitempty"`
	Title      string          `json:"title"` // "Amendment No. 1", shown in the trace
	// Rank is the place in an explicit order of precedence: 1 governs over 2. 0, for master and amendments, is "no order
	// stated"; a source with a rank governs over those without.
	Rank int `json:"rank,omitempty"`
	// From is the date the document holds from; where it states none, the day it was published.
	From calendar.Date `json:"from,omitempty"`
	// DatedBy says which day of an amendment From is, in words: "its effective date".
	DatedBy string `json:"dated_by,omitempty"`
	// Until ends it, half-open; "" = until another takes its place.
	Until       calendar.Date `json:"until,omitempty"`
	PublishedAt time.Time     `json:"published_at,omitzero"`
	// Amends says that the document changes an earlier one. Where it is known, it decides how undated entries are dated.
	Amends bool `json:"amends,omitempty"`
	// Inherited says that a master agreement passes it to the contract; Firm, that the contract can not state it otherwise.
	Inherited bool `json:"inherited,omitempty"`
	Firm      bool `json:"firm,omitempty"`
	// Order is the clause that says which of the two governs, where one does: document, number and words.
	Order string `json:"order,omitempty"`
	// Unplaced is such a clause that does not name both of them, so that it decides nothing here.
	Unplaced string `json:"unplaced,omitempty"`
}

// Entry is what one document says of one thing. Exactly one of Term, Obligation and Change is set.
type Entry struct {
	Source     Source                  `json:"source"`
	Term       *pact.Term              `json:"term,omitempty"`
	Obligation *pact.Obligation        `json:"obligation,omitempty"`
	Change     *pact.ReviewedOperation `json:"change,omitempty"` // what an amendment does to what other documents say

	ended   *Change       // the change that ends it
	waived  []Change      // the changes that put it out of force for a while
	changed []Change      // changes of its words of which nobody said what they come to
	begins  calendar.Date // of the change that states it, where that has a day of its own
	end     *End          // of the contract it stands in
}

var utc = time.UTC

// name under which entries compete.
func (e Entry) name() string {
	if e.Term != nil {
		return "term " + e.Term.Name
	}
	if e.Obligation != nil {
		return "obligation " + e.Obligation.Key
	}
	return ""
}

// from is the first date the entry is in force: its own date where the clause states one, else the document's; "" is the
// beginning. An explicit date always beats publication.
func (e Entry) from() calendar.Date {
	if e.Obligation != nil && e.Obligation.InForce.From != "" {
		return e.Obligation.InForce.From
	}
	if e.begins != "" {
		return e.begins
	}
	return e.Source.From
}

// From is the first day on which the entry holds; "" is the beginning.
func (e Entry) From() calendar.Date { return e.from() }

// Later tells whether the entry holds from a later day than another, or from the same one and was published later.
func (e Entry) Later(than Entry) bool {
	return cmp.Or(cmp.Compare(e.from(), than.from()), e.Source.PublishedAt.Compare(than.Source.PublishedAt)) > 0
}

func (e Entry) until() calendar.Date {
	until := e.Source.Until
	if e.Obligation != nil && e.Obligation.InForce.Until != "" && (until == "" || e.Obligation.InForce.Until < until) {
		until = e.Obligation.InForce.Until
	}
	if e.ended != nil && (until == "" || e.ended.Begins() < until) {
		until = e.ended.Begins()
	}
	if e.end != nil && (until == "" || e.end.after() < until) {
		until = e.end.after()
	}
	return until
}

func (e Entry) inForce(on calendar.Date) bool {
	return calendar.Period{From: e.from(), Until: e.until()}.Contains(on) && e.waivedBy(on) == nil
}

// waivedBy gives the change that puts the entry out of force on a date, or nil.
func (e Entry) waivedBy(on calendar.Date) *Change {
	for i := range e.waived {
		if (calendar.Period{From: e.waived[i].Begins(), Until: e.waived[i].Until}).Contains(on) {
			return &e.waived[i]
		}
	}
	return nil
}

// Timeline is what is known of a family, ready to be asked. The zero value knows nothing.
type Timeline struct {
	byName     map[string][]Entry
	changes    []Change
	extensions []Change
	as         map[string][]asOn // by name
	of         pact.Contract     // whose timeline it is, where documents are beside it
	beside     []document
	end        *End     // of the contract, where that is certain
	open       *OpenEnd // where its end hangs on a question
}

// asOn has something read on all days of a period as it does on one day.
type asOn struct {
	period calendar.Period
	day    calendar.Date
}

// New makes a timeline of entries in any order. Give it the current version of each contract of a family: an earlier
// reading of the same document is replaced, not amended, by a later one.
//
// An entry without any date holds from the beginning, unless it amends something: then it holds from the day of its
// publication. Where no entry says that it amends, the first that was published is taken as the original.
func New(entries []Entry) Timeline {
	t := Timeline{byName: map[string][]Entry{}}
	for _, e := range entries {
		if e.Change != nil {
			t.changes = append(t.changes, Change{Source: e.Source, ReviewedOperation: *e.Change})
			continue
		}
		if n := e.name(); n != "" {
			t.byName[n] = append(t.byName[n], e)
		}
	}
	for n, competing := range t.byName {
		for i := range competing {
			competing[i].begins = competing[i].stated(t.changes)
		}
		datePublished(competing)
		slices.SortStableFunc(t.byName[n], precedence)
	}
	t.apply(t.changes)
	for _, c := range t.changes {
		if c.Kind == pact.Extend {
			t.extensions = append(t.extensions, c)
		}
	}
	return t
}

// datePublished dates what has no date of its own by its publication, except what was published first.
func datePublished(entries []Entry) {
	if len(entries) < 2 {
		return
	}
	var first time.Time
	told := false
	for _, e := range entries {
		if e.Source.Inherited {
			continue // it has the dates of the master
		}
		if first.IsZero() || e.Source.PublishedAt.Before(first) {
			first = e.Source.PublishedAt
		}
		told = told || e.Source.Amends
	}
	for i, e := range entries {
		amends := e.Source.Amends || !told && e.Source.PublishedAt.After(first)
		if e.from() == "" && amends && !e.Source.Inherited && !e.Source.PublishedAt.IsZero() {
			entries[i].Source.From, entries[i].Source.DatedBy = calendar.DateIn(e.Source.PublishedAt, time.UTC), byPublication
		}
	}
}

// FromVersion lists the entries of a published version.
func FromVersion(v pact.Version, title string, rank int) []Entry {
	source := Source{ContractID: v.ContractID, VersionID: v.ID, Title: title, Rank: rank, From: v.EffectiveFrom, PublishedAt: v.PublishedAt}
	entries := make([]Entry, 0, len(v.Terms)+len(v.Obligations)+len(v.Operations))
	for _, term := range v.Terms {
		entries = append(entries, Entry{Source: source, Term: &term})
	}
	for _, o := range v.Obligations {
		entries = append(entries, Entry{Source: source, Obligation: &o})
	}
	for _, c := range v.Operations {
		entries = append(entries, Entry{Source: source, Change: &c})
	}
	return entries
}

// FromAmendment lists the entries of a published version of an amendment: it holds from the day that Begins gives, and its own name,
// number and dates do not take the place of the contract's.
func FromAmendment(v pact.Version, title string, rank int) []Entry {
	own := slices.DeleteFunc(FromVersion(v, title, rank), func(e Entry) bool { return e.Term != nil && !Amendable(e.Term.Name) })
	from, by := Begins(v)
	for i := range own {
		own[i].Source.Amends, own[i].Source.From, own[i].Source.DatedBy = true, from, by
	}
	return own
}

const byPublication = "the day it was published"

// Begins is the first day of an amendment and which of its days that is: its effective date, else the day of its agreement, else that
// of its signature, else the day it was published.
func Begins(v pact.Version) (calendar.Date, string) {
	if t, ok := v.Term("effective_date"); ok && t.Value.Date != "" {
		return t.Value.Date, "its effective date"
	}
	agreed, ok := v.Term("agreement_date")
	by := "the day it was agreed"
	if ok && signed(agreed.Evidence) {
		by = "the day it was signed"
	}
	switch {
	case ok && agreed.Value.Date != "" && (v.EffectiveFrom == "" || v.EffectiveFrom == agreed.Value.Date):
		return agreed.Value.Date, by
	case v.EffectiveFrom != "":
		return v.EffectiveFrom, ""
	case v.PublishedAt.IsZero():
		return "", ""
	}
	return calendar.DateIn(v.PublishedAt, utc), byPublication
}

// signed tells whether a day was read beside a signature: "Date: January 10, 2027".
func signed(evidence []pact.Evidence) bool {
	for _, e := range evidence {
		if e.Passage == nil {
			continue
		}
		quote := strings.ToLower(strings.TrimSpace(e.Passage.Quote))
		for _, mark := range []string{"date:", "date signed", "date of signature", "dated:", "signed", "signature"} {
			if strings.HasPrefix(quote, mark) {
				return true
			}
		}
	}
	return false
}

// precedence orders entries, the governing one first: (a) an explicit rank, (b) what a master forbids to override, then what the
// contract states itself, then what the master passes on, (c) the later effective date, (d) the later publication. The rest only makes the order complete, so that the answer never depends on the order of input.
func precedence(a, b Entry) int {
	return cmp.Or(
		cmp.Compare(rank(a), rank(b)),
		cmp.Compare(standing(a), standing(b)),
		cmp.Compare(b.from(), a.from()),
		b.Source.PublishedAt.Compare(a.Source.PublishedAt),
		cmp.Compare(a.Source.Title, b.Source.Title),
		cmp.Compare(a.Source.VersionID, b.Source.VersionID),
		cmp.Compare(fingerprint(a), fingerprint(b)),
	)
}

func rank(e Entry) int {
	if e.Source.Rank <= 0 {
		return 1 << 30
	}
	return e.Source.Rank
}

// standing is the place of what a master passes on beside what the contract says itself.
func standing(e Entry) int {
	switch {
	case e.Source.Inherited && e.Source.Firm:
		return 0
	case e.Source.Inherited:
		return 2
	}
	return 1
}

// Resolution is which entry governs on a date, and why.
type Resolution struct {
	Winner      *Entry           `json:"winner,omitempty"` // nil where none is in force, or the rules do not decide
	Losers      []Loser          `json:"losers,omitempty"`
	Rule        string           `json:"rule"`
	Trace       []pact.TraceStep `json:"trace"`
	Ambiguities []pact.Ambiguity `json:"ambiguities,omitempty"`
	Undecided   []Entry          `json:"undecided,omitempty"` // those that differ, where the rules do not decide between them
	Order       []pact.Evidence  `json:"order,omitempty"`     // the clause that decided between documents, where one did
}

// Loser is an entry that does not govern, with why.
type Loser struct {
	Entry Entry  `json:"entry"`
	Why   string `json:"why"`
	By    string `json:"by,omitempty"` // title of the document that took its place
}

// Term resolves a term by name. The expiration date and the length of the term come with the extensions that amendments agreed. Where
// another document of the family states a shared term otherwise (see Among), the order of precedence decides.
func (t Timeline) Term(name string, on calendar.Date) Resolution {
	return t.weigh(t.own(name, on), name, on)
}

// own resolves a term among the contract and its amendments.
func (t Timeline) own(name string, on calendar.Date) Resolution {
	if adds(name) {
		return t.together(name, on)
	}
	r := t.resolve("term "+name, on)
	if name == "term" && r.Winner != nil && r.Winner.Term.Value.Duration != nil {
		return t.lengthened(r, on)
	}
	if name != "expiration_date" || r.Winner == nil || r.Winner.Term.Value.Kind != pact.DateValue {
		return r
	}
	stated := *r.Winner
	e, trace := t.extended(stated, on)
	if len(trace) > 0 {
		r.Losers = append([]Loser{{Entry: *r.Winner, Why: trace[len(trace)-1].Inputs, By: title(e)}}, r.Losers...)
		r.Winner, r.Rule = &e, "the last day with its extensions"
		r.Trace = append(r.Trace, trace...)
	}
	last := r.Winner.Term.Value.Date
	for _, c := range t.extensions { // agreed, and in force from a later day
		if c.Begins() <= on {
			continue
		}
		if next, _ := t.extended(stated, c.Begins()); next.Term.Value.Date != last {
			last = next.Term.Value.Date
			r.Losers = append(r.Losers, Loser{Entry: next, Why: notInForce(next, on)})
		}
	}
	return r
}

// Obligation resolves an obligation by key.
func (t Timeline) Obligation(key string, on calendar.Date) Resolution {
	return t.resolve("obligation "+key, on)
}

// Obligations lists the obligations in force on a date, ordered by key. Those the rules do not decide are left out; ask
// Obligation for the ambiguity.
func (t Timeline) Obligations(on calendar.Date) []pact.Obligation {
	var out []pact.Obligation
	for name, entries := range t.byName {
		if entries[0].Obligation == nil {
			continue
		}
		if r := t.resolve(name, on); r.Winner != nil {
			out = append(out, *r.Winner.Obligation)
		}
	}
	slices.SortFunc(out, func(a, b pact.Obligation) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// Keys lists the keys of all obligations ever in force, ordered.
func (t Timeline) Keys() []string {
	var keys []string
	for _, entries := range t.byName {
		if o := entries[0].Obligation; o != nil {
			keys = append(keys, o.Key)
		}
	}
	slices.Sort(keys)
	return keys
}

// Once tells whether one document alone states an obligation, so that nothing amends it.
func (t Timeline) Once(key string) bool { return len(t.byName["obligation "+key]) < 2 }

// Segment is a run of dates under one resolution.
type Segment struct {
	Period     calendar.Period `json:"period"`
	Resolution Resolution      `json:"resolution"`
}

// Segments cuts the time of an obligation into runs with one governing entry each; runs where nothing is in force are
// left out.
func (t Timeline) Segments(key string) []Segment {
	name := "obligation " + key
	bounds := append([]calendar.Date{""}, t.Turns(key)...)
	var out []Segment
	for i, from := range bounds {
		until := calendar.Date("")
		if i+1 < len(bounds) {
			until = bounds[i+1]
		}
		on := from
		if from == "" {
			on = "0001-01-01"
		}
		r := t.resolve(name, on)
		if r.Winner == nil && len(r.Ambiguities) == 0 {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Period.Until == from && sameWinner(out[n-1].Resolution, r) {
			out[n-1].Period.Until = until
			continue
		}
		out = append(out, Segment{Period: calendar.Period{From: from, Until: until}, Resolution: r})
	}
	return out
}

// Turns lists the days on which something about an obligation begins or ends, in order: between two of them one resolution holds.
func (t Timeline) Turns(key string) []calendar.Date {
	name := "obligation " + key
	var days []calendar.Date
	for _, e := range t.byName[name] {
		days = append(days, e.from(), e.until())
		for _, w := range e.waived {
			days = append(days, w.Begins(), w.Until)
		}
		for _, c := range e.changed {
			days = append(days, c.Begins())
		}
	}
	for _, a := range t.as[name] {
		days = append(days, a.period.From, a.period.Until)
	}
	days = slices.DeleteFunc(days, func(d calendar.Date) bool { return d == "" })
	slices.Sort(days)
	return slices.Compact(days)
}

// AsOn gives a timeline in which an obligation reads on all days of a period as it does on one day: "what if the change within the
// period had come with its beginning, or after its end".
func (t Timeline) AsOn(key string, p calendar.Period, day calendar.Date) Timeline {
	name := "obligation " + key
	out := t
	out.as = maps.Clone(t.as)
	if out.as == nil {
		out.as = map[string][]asOn{}
	}
	out.as[name] = append(slices.Clone(t.as[name]), asOn{p, day})
	return out
}

// Title names the document of an entry as the trace does.
func (e Entry) Title() string { return title(e) }

func sameWinner(a, b Resolution) bool {
	return a.Winner != nil && b.Winner != nil && precedence(*a.Winner, *b.Winner) == 0
}

func (t Timeline) resolve(name string, on calendar.Date) Resolution {
	for _, a := range slices.Backward(t.as[name]) {
		if a.period.Contains(on) {
			on = a.day
		}
	}
	var r Resolution
	var live []Entry
	for _, e := range t.byName[name] {
		if e.inForce(on) {
			live = append(live, e)
			continue
		}
		r.Losers = append(r.Losers, Loser{Entry: e, Why: notInForce(e, on), By: e.endedBy(on)})
	}
	if len(live) == 0 {
		r.Rule = "nothing is in force on this date"
		for _, e := range t.byName[name] {
			if c := e.waivedBy(on); c != nil {
				r.Rule = "waived. " + c.says()
			}
		}
		r.trace(name, on)
		return r
	}
	winner := live[0]
	r.Rule = "the only one in force"
	for i, e := range live[1:] {
		why, decides := reason(winner, e)
		if i == 0 && decides {
			r.Rule = why
		}
		if !decides && fingerprint(winner) != fingerprint(e) {
			r.Ambiguities = append(r.Ambiguities, conflict(name, on, winner, e))
			if r.Undecided = append(r.Undecided, e); len(r.Undecided) == 1 {
				r.Undecided = []Entry{winner, e}
			}
		}
		r.Losers = append(r.Losers, Loser{Entry: e, Why: why, By: title(winner)})
	}
	if c := winner.changedBy(on); c != nil && len(r.Ambiguities) == 0 {
		r.Rule = "not decided: " + c.says()
		r.Ambiguities = append(r.Ambiguities, winner.asks(*c))
		r.Losers = append([]Loser{{Entry: winner, Why: r.Rule, By: c.Source.Title}}, r.Losers...)
		r.trace(name, on)
		return r
	}
	if len(r.Ambiguities) > 0 {
		r.Rule = "not decided: two documents of the same rank and date differ"
		r.trace(name, on)
		return r
	}
	r.Winner = &winner
	r.trace(name, on)
	return r
}

// reason says why a governs over b; decides is false where only the tie-breaker of the sort put a first.
func reason(a, b Entry) (why string, decides bool) {
	switch {
	case rank(a) != rank(b):
		return "the order of precedence puts " + title(a) + " above " + title(b), true
	case standing(a) != standing(b) && a.Source.Order+b.Source.Order != "":
		return "the order of precedence puts " + title(a) + " above " + title(b) + ". " + cmp.Or(a.Source.Order, b.Source.Order), true
	case standing(a) == 0 && standing(b) > 0:
		return title(a) + " passes it on and does not let it be overridden", true
	case standing(a) < standing(b):
		why = "specific over general: " + title(a) + " states it itself, " + title(b) + " only passes it on"
		if clause := cmp.Or(a.Source.Unplaced, b.Source.Unplaced); clause != "" {
			why += ". The order of precedence does not tell: it names not both of them. " + clause
		}
		return why, true
	case a.from() != b.from():
		return fmt.Sprintf("later over earlier: %s holds from %s, %s from %s", title(a), since(a), title(b), since(b)), true
	case !a.Source.PublishedAt.Equal(b.Source.PublishedAt):
		return fmt.Sprintf("same effective date: %s was published later than %s", title(a), title(b)), true
	}
	return "the same rank and the same dates as " + title(a), false
}

func conflict(name string, on calendar.Date, a, b Entry) pact.Ambiguity {
	q := pact.Ambiguity{Code: "precedence", Question: fmt.Sprintf("%s and %s both fix the %s on %s, differently. Which one governs?", title(a), title(b), name, on)}
	for i, e := range []Entry{a, b} {
		if e.Term != nil {
			q.Readings = append(q.Readings, e.Term.Value)
		} else {
			q.Texts = append(q.Texts, title(e)+": "+apart(e.Obligation.Params, []Entry{b, a}[i].Obligation.Params))
		}
	}
	return q
}

// apart writes the parameters in which an obligation differs from another, in one line: "terms": "net 45".
func apart(own, other json.RawMessage) string {
	var mine, theirs map[string]json.RawMessage
	if json.Unmarshal(own, &mine) != nil || json.Unmarshal(other, &theirs) != nil {
		return string(own)
	}
	compact := func(raw json.RawMessage) string {
		var out bytes.Buffer
		if json.Compact(&out, raw) != nil {
			return string(raw)
		}
		return out.String()
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(mine)) {
		if _, has := theirs[name]; !has || compact(mine[name]) != compact(theirs[name]) {
			out = append(out, fmt.Sprintf("%q: %s", name, compact(mine[name])))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(theirs)) {
		if _, has := mine[name]; !has {
			out = append(out, "no "+strconv.Quote(name))
		}
	}
	if len(out) == 0 {
		return compact(own) // they differ in something else
	}
	return strings.Join(out, ", ")
}

func notInForce(e Entry, on calendar.Date) string {
	if e.from() != "" && on < e.from() {
		return fmt.Sprintf("not yet in force: holds from %s", e.from())
	}
	if c := e.waivedBy(on); c != nil && (e.until() == "" || on < e.until()) {
		return fmt.Sprintf("waived until %s. %s", c.Until, c.says())
	}
	if e.endsWith(on) {
		return e.end.Says(on)
	}
	if e.ended != nil && e.until() == e.ended.Begins() {
		return fmt.Sprintf("ended before %s. %s", e.ended.Begins(), e.ended.says())
	}
	return fmt.Sprintf("no longer in force: ended before %s", e.until())
}

func (r *Resolution) trace(name string, on calendar.Date) {
	step := pact.TraceStep{Rule: "which version governs", Inputs: fmt.Sprintf("%s on %s", name, on), Result: r.Rule}
	if r.Winner != nil {
		step.Result = fmt.Sprintf("%s, in force from %s: %s", title(*r.Winner), since(*r.Winner), r.Rule)
		step.Clause = clause(*r.Winner)
	}
	r.Trace = append(r.Trace, step)
	for _, l := range r.Losers {
		r.Trace = append(r.Trace, pact.TraceStep{Rule: "does not govern", Inputs: title(l.Entry), Result: l.Why, Clause: clause(l.Entry)})
	}
}

func title(e Entry) string {
	if e.Source.Title != "" {
		return e.Source.Title
	}
	if e.Source.VersionID != "" {
		return "version " + string(e.Source.VersionID)
	}
	return "an untitled document"
}

func since(e Entry) string {
	switch from := e.from(); {
	case from == "":
		return "the beginning"
	case from == e.Source.From && e.Source.DatedBy != "":
		return fmt.Sprintf("%s (%s)", from, e.Source.DatedBy)
	default:
		return string(from)
	}
}

func clause(e Entry) string {
	var evidence []pact.Evidence
	if e.Term != nil {
		evidence = e.Term.Evidence
	} else if e.Obligation != nil {
		evidence = e.Obligation.Evidence
	}
	for _, ev := range evidence {
		if ev.Passage != nil && ev.Passage.Clause != "" {
			return ev.Passage.Clause
		}
	}
	return ""
}

// Days lists the days on which something about these terms begins or ends, in order.
func (t Timeline) Days(names ...string) []calendar.Date {
	var days []calendar.Date
	for _, name := range names {
		for _, e := range t.byName["term "+name] {
			days = append(days, e.from(), e.until())
			for _, c := range slices.Concat(e.waived, e.changed) {
				days = append(days, c.Begins(), c.Until)
			}
		}
	}
	for _, c := range t.extensions {
		days = append(days, c.Begins())
	}
	for _, d := range t.beside {
		days = append(days, d.line.Days(append(slices.Clone(names), pact.PrecedenceTerm)...)...)
	}
	days = slices.DeleteFunc(days, func(d calendar.Date) bool { return d == "" })
	slices.Sort(days)
	return slices.Compact(days)
}
