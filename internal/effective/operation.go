package effective

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// Change is an operation of an amendment, as the timeline carries it out.
type Change struct {
	Source Source
	pact.ReviewedOperation
}

// Begins is the first day of the change: its own, or that of the document that makes it.
func (c Change) Begins() calendar.Date {
	if c.From != "" {
		return c.From
	}
	if c.Source.From != "" || c.Source.PublishedAt.IsZero() {
		return c.Source.From
	}
	return calendar.DateIn(c.Source.PublishedAt, utc)
}

func (c Change) clause() string {
	for _, e := range c.Evidence {
		if e.Passage != nil && e.Passage.Clause != "" {
			return e.Passage.Clause
		}
	}
	return ""
}

// says is the change in words, for the trace: "Amendment No. 1, 3.1: Exhibit B 2 is deleted".
func (c Change) says() string {
	s := c.Source.Title
	if s == "" {
		s = "an amendment"
	}
	if clause := c.clause(); clause != "" {
		s += ", " + clause
	}
	op := c.Operation
	op.From, op.Until = "", "" // told beside it
	return s + ": " + op.String()
}

// order puts changes in the order in which they take effect; the rest only makes it complete.
func order(a, b Change) int {
	return cmp.Or(
		cmp.Compare(a.Begins(), b.Begins()),
		a.Source.PublishedAt.Compare(b.Source.PublishedAt),
		cmp.Compare(a.Source.VersionID, b.Source.VersionID),
		cmp.Compare(a.Operation.String(), b.Operation.String()),
		cmp.Compare(strings.Join(a.Terms, "\x00"), strings.Join(b.Terms, "\x00")),
	)
}

// apply carries the changes out on the entries of the documents they amend: what is deleted, replaced or
// restated ends on the day before the change, what is waived is out of force for its period, and references follow a new
// title. An entry of the amendment itself is never touched by its own change, nor one that takes effect after it.
func (t *Timeline) apply(changes []Change) {
	slices.SortStableFunc(changes, order)
	names := aliases{}
	for _, c := range changes {
		if c.Kind == pact.Retitle {
			names.add(c.Target, c.NewTarget)
			continue
		}
		switch c.Kind {
		case pact.ChangeValue:
			t.reword(c, names, changes)
		case pact.Replace, pact.Delete, pact.Restate, pact.Waive:
			for _, entries := range t.byName {
				for i := range entries {
					if c.touches(entries[i], names, changes) {
						entries[i].limit(c)
					}
				}
			}
		}
	}
}

// reword marks the entries whose words a change takes, where the amendment does not say itself what they come to: from then on there is
// a question, and not the old value. What a review settled touches the terms that it names and no other.
func (t *Timeline) reword(c Change, names aliases, changes []Change) {
	if c.Old == "" && (c.New == "" || c.Target == "") && len(c.Terms) == 0 || c.Settled && len(c.Terms) == 0 {
		return
	}
	var standing, holding []*Entry
	for _, entries := range t.byName {
		if slices.ContainsFunc(entries, func(e Entry) bool { return sameDocument(c.Source, e.Source) }) {
			continue
		}
		for i := range entries {
			e := &entries[i]
			if e.Source.Inherited || identifies(*e) || e.from() > c.Begins() {
				continue
			}
			if len(c.Terms) > 0 {
				if slices.Contains(c.Terms, e.key()) {
					holding = append(holding, e)
				}
				continue
			}
			in, has := e.words(c, names, changes)
			if in {
				standing = append(standing, e)
			}
			if has {
				holding = append(holding, e)
			}
		}
	}
	if len(holding) == 0 { // the clause is known, and its words are others
		holding = standing
	}
	for _, e := range holding {
		e.changed = append(e.changed, c)
	}
}

// words tells whether a passage of the entry stands in the clause that a change names, and whether one that may be meant has the words
// that go.
func (e Entry) words(c Change, names aliases, changes []Change) (in, has bool) {
	target := names.old(c.Target)
	for _, ev := range e.evidence() {
		if ev.Passage == nil {
			continue
		}
		here := c.Target == ""
		for _, clause := range e.standing(ev, changes) {
			here = here || within(names.old(clause), target)
		}
		in = in || here && c.Target != ""
		has = has || here && SaysWords(ev.Passage.Quote, c.Old)
	}
	return in, has
}

// SaysWords tells whether a text has these words, whole, however they are spaced, quoted and written large or small, and however
// an amount in them is written.
func SaysWords(text, words string) bool {
	words = loose(words)
	if words == "" {
		return false
	}
	text = loose(text)
	for from := 0; ; {
		i := strings.Index(text[from:], words)
		if i < 0 {
			return len(wording.SameAmount(text, words)) > 0
		}
		start, end := from+i, from+i+len(words)
		if wording.Whole(text, start, end) {
			return true
		}
		from = start + 1
	}
}

var plainMarks = strings.NewReplacer("“", `"`, "”", `"`, "’", "'", "‘", "'", "–", "-", "—", "-", "\u00a0", " ")

func loose(s string) string {
	return strings.Trim(strings.Join(strings.Fields(strings.ToLower(plainMarks.Replace(s))), " "), ` "'.,;`)
}

// stated is the day from which an amendment's change of a value has the entry hold, where it is another than the amendment's own.
func (e Entry) stated(changes []Change) calendar.Date {
	if !e.Source.Amends {
		return ""
	}
	for _, c := range changes {
		if c.Kind == pact.ChangeValue && c.Settled && c.From != "" && sameDocument(c.Source, e.Source) && slices.Contains(c.Terms, e.key()) {
			return c.From
		}
	}
	return ""
}

// changedBy gives the change of its words that leaves open what the entry says on a date, or nil.
func (e Entry) changedBy(on calendar.Date) *Change {
	for i := range e.changed {
		if e.changed[i].Begins() <= on {
			return &e.changed[i]
		}
	}
	return nil
}

// asks is the question that such a change leaves.
func (e Entry) asks(c Change) pact.Ambiguity {
	q := pact.Ambiguity{Code: "changed_value", Question: fmt.Sprintf("%s. What %s from %s on? State it in a review of %s.", c.says(), isThe(strings.ReplaceAll(e.key(), "_", " ")), c.Begins(), cmp.Or(c.Source.Title, "the amendment"))}
	if e.Term != nil {
		q.Readings = []pact.Value{e.Term.Value}
	}
	return q
}

// isThe puts a verb before a name: "is the notice period", "are the payment terms".
func isThe(name string) string {
	if strings.HasSuffix(name, "s") {
		return "are the " + name
	}
	return "is the " + name
}

// endedBy is the title of the document that ended the entry, or put it out of force.
func (e Entry) endedBy(on calendar.Date) string {
	if c := e.waivedBy(on); c != nil {
		return c.Source.Title
	}
	if e.ended != nil && e.until() == e.ended.Begins() && on >= e.ended.Begins() {
		return e.ended.Source.Title
	}
	return ""
}

// limit ends the entry by the change, or adds a gap to it.
func (e *Entry) limit(c Change) {
	if c.Kind == pact.Waive {
		e.waived = append(e.waived, c)
		return
	}
	if e.ended == nil || c.Begins() < e.ended.Begins() {
		e.ended = &c
	}
}

// touches tells whether the change is about the entry.
func (c Change) touches(e Entry, names aliases, changes []Change) bool {
	if e.Source.Inherited { // what changed it there has been carried out there
		return false
	}
	if sameDocument(c.Source, e.Source) || e.from() > c.Begins() && c.Kind != pact.Waive {
		return false
	}
	if c.Kind != pact.Waive && e.Source.Amends && e.from() == c.Begins() && !c.Source.PublishedAt.After(e.Source.PublishedAt) {
		return false // two amendments of one day would end each other
	}
	if c.Kind == pact.Restate && c.Target == "" {
		return !identifies(e)
	}
	if len(c.Terms) > 0 {
		return slices.Contains(c.Terms, e.key())
	}
	if c.Target == "" {
		return false
	}
	// Every passage of the entry must stand in the target: a value that another clause supports too does not go with it.
	target := names.old(c.Target)
	standing := e.clauses(changes)
	for _, clause := range standing {
		if !within(names.old(clause), target) {
			return false
		}
	}
	return len(standing) > 0
}

// clauses says where in the amended contract an entry stands. What an amendment itself says stands in the clause that its
// operation there changes, not in the amendment's own clause of that number.
func (e Entry) clauses(changes []Change) []string {
	var out []string
	for _, ev := range e.evidence() {
		out = append(out, e.standing(ev, changes)...)
	}
	return out
}

// standing says the same of one passage.
func (e Entry) standing(ev pact.Evidence, changes []Change) []string {
	if ev.Passage == nil || ev.Passage.Clause == "" {
		return nil
	}
	if !e.Source.Amends {
		return []string{ev.Passage.Clause}
	}
	var out []string
	for _, c := range changes {
		if sameDocument(c.Source, e.Source) && c.Target != "" && c.Kind != pact.Retitle && within(ev.Passage.Clause, c.clause()) {
			out = append(out, c.Target)
		}
	}
	return out
}

// identifies tells whether an entry says which contract it is; a restatement does not end that.
func identifies(e Entry) bool { return e.Term != nil && !Amendable(e.Term.Name) }

// SameDocument tells whether two sources are one document.
func SameDocument(a, b Source) bool { return sameDocument(a, b) }

func sameDocument(a, b Source) bool {
	if a.ContractID != "" || b.ContractID != "" {
		return a.ContractID == b.ContractID
	}
	return a.VersionID == b.VersionID && a.Title == b.Title
}

func (e Entry) key() string {
	if e.Term != nil {
		return e.Term.Name
	}
	if e.Obligation != nil {
		return e.Obligation.Key
	}
	return ""
}

func (e Entry) evidence() []pact.Evidence {
	if e.Term != nil {
		return e.Term.Evidence
	}
	if e.Obligation != nil {
		return e.Obligation.Evidence
	}
	return nil
}

// Within tells whether a clause is the target or a part of it, as amendments name them.
func Within(clause, target string) bool { return within(clause, target) }

// within tells whether a clause is the target or a part of it: "7.2(a)" of "7.2", "Exhibit B 2.1" of "Exhibit B", and "7.2"
// of "Article 7"; "7.21" is no part of "7.2".
func within(clause, target string) bool {
	clause, target = plain(clause), plain(target)
	rest, ok := strings.CutPrefix(clause, target)
	if !ok {
		return false
	}
	return rest == "" || strings.ContainsRune(" .(", rune(rest[0]))
}

// plain is a clause number without the words in front of it that name no attachment.
func plain(number string) string {
	s := strings.Join(strings.Fields(strings.ToLower(number)), " ")
	for _, word := range []string{"section ", "clause ", "article ", "paragraph ", "subsection ", "sub-clause "} {
		s = strings.ReplaceAll(s, word, "")
	}
	return strings.TrimRight(s, ". ")
}

// aliases knows what attachments are called now, and what they were called in the document they stand in.
type aliases map[string]string

func (a aliases) add(old, now string) { a[plain(now)] = a.old(old) }

// old gives the name in the original document: "Schedule 5 2.1" was "Exhibit A 2.1".
func (a aliases) old(name string) string {
	name = plain(name)
	longest := "" // the most exact of several names that fit, so that the answer is one
	for now := range a {
		if within(name, now) && len(now) > len(longest) {
			longest = now
		}
	}
	if longest == "" {
		return name
	}
	return a[longest] + strings.TrimPrefix(name, longest)
}

// extended gives the expiration date with the extensions in force: each moves the last day, in order. A term in months
// ends n months after the original start, less a day, also when it is extended, so that a clamped month end does not
// drift; without a known start the months count from the day after the last day.
func (t Timeline) extended(e Entry, on calendar.Date) (Entry, []pact.TraceStep) {
	var trace []pact.TraceStep
	var by Change // the last that moved it
	last := e.Term.Value.Date
	start, months := t.originalTerm(last, on)
	for _, c := range t.extensions {
		if sameDocument(c.Source, e.Source) || c.Begins() > on || e.from() > c.Begins() {
			continue
		}
		was := last
		switch {
		case c.To != "":
			last, start = c.To, ""
		case c.By != nil:
			n, inMonths := c.By.Months()
			if inMonths && start != "" {
				months += n
				last = start.AddMonths(months).AddDays(-1)
				break
			}
			next, ok := c.By.After(last.AddDays(1))
			if !ok {
				continue // business days and hours extend no term
			}
			last = next.AddDays(-1)
		}
		by = c
		trace = append(trace, pact.TraceStep{Rule: "the term is extended", Inputs: fmt.Sprintf("%s; last day %s", c.says(), was), Result: "last day " + string(last), Clause: c.clause()})
	}
	if len(trace) == 0 {
		return e, nil
	}
	term := *e.Term
	term.Value = pact.OnDate(last)
	term.Derivation = &pact.Derivation{Rule: "expiration_date + extensions", Inputs: map[string]string{"expiration_date": string(e.Term.Value.Date)}}
	term.Evidence = append(slices.Clone(term.Evidence), by.Evidence...)
	e.Term, e.Source = &term, by.Source
	if e.Source.From != by.Begins() {
		e.Source.From, e.Source.DatedBy = by.Begins(), ""
	}
	return e, trace
}

// originalTerm gives start and length in months of the term that ends on last, where the contract states both and they fit.
func (t Timeline) originalTerm(last, on calendar.Date) (calendar.Date, int) {
	start, length := t.resolve("term effective_date", on), t.resolve("term term", on)
	if start.Winner == nil || length.Winner == nil || start.Winner.Term.Value.Date == "" || length.Winner.Term.Value.Duration == nil {
		return "", 0
	}
	from := start.Winner.Term.Value.Date
	n, ok := length.Winner.Term.Value.Duration.Months()
	if !ok || from.AddMonths(n).AddDays(-1) != last {
		return "", 0
	}
	return from, n
}

// lengthened gives the length of the term with the extensions in force. One that is told by its last day leaves the length as it was agreed
// first: the rule says so.
func (t Timeline) lengthened(r Resolution, on calendar.Date) Resolution {
	e := *r.Winner
	months, whole := e.Term.Value.Duration.Months()
	var by *Change
	for i, c := range t.extensions {
		if sameDocument(c.Source, e.Source) || c.Begins() > on || e.from() > c.Begins() || c.By == nil && c.To == "" {
			continue
		}
		by = &t.extensions[i]
		n, inMonths := 0, false
		if c.By != nil {
			n, inMonths = c.By.Months()
		}
		months, whole = months+n, whole && inMonths
	}
	if by == nil {
		return r
	}
	if !whole {
		r.Rule = "as it was agreed first; its last day moved. " + by.says()
		return r
	}
	length := calendar.Duration{Value: months, Unit: calendar.UnitMonth}
	term := *e.Term
	term.Value.Duration = &length
	term.Derivation = &pact.Derivation{Rule: "term + extensions", Inputs: map[string]string{"term": e.Term.Value.Duration.String()}}
	term.Evidence = append(slices.Clone(term.Evidence), by.Evidence...)
	now := e
	now.Term, now.Source = &term, by.Source
	if now.Source.From != by.Begins() {
		now.Source.From, now.Source.DatedBy = by.Begins(), ""
	}
	step := pact.TraceStep{Rule: "the term is extended", Inputs: by.says() + "; " + e.Term.Value.Duration.String(), Result: length.String(), Clause: by.clause()}
	r.Losers = append([]Loser{{Entry: e, Why: by.says(), By: title(now)}}, r.Losers...)
	r.Winner, r.Rule = &now, "the length of the term with its extensions"
	r.Trace = append(r.Trace, step)
	return r
}

// Extensions lists the changes that extend the term in their order. One of which nobody says how long it is extends nothing.
func (t Timeline) Extensions() []Change { return slices.Clone(t.extensions) }

// Says tells the change in words, with its document: "A1, 7.2: the term is extended by 12 months".
func (c Change) Says() string { return c.says() }

// Idle lists the changes that are about nothing the other documents say, as far as the timeline knows that: no term or obligation stands
// in their clause or has a name of theirs. What adds something, extends the term or gives a new title is not among them.
func (t Timeline) Idle() []Change {
	var out []Change
	names := aliases{}
	for _, c := range t.changes {
		if c.Kind == pact.Retitle {
			names.add(c.Target, c.NewTarget)
		}
	}
	for _, c := range t.changes {
		switch c.Kind {
		case pact.Replace, pact.Delete, pact.Restate, pact.Waive:
		default:
			continue
		}
		touched := false
		for _, entries := range t.byName {
			touched = touched || slices.ContainsFunc(entries, func(e Entry) bool { return c.touches(e, names, t.changes) })
		}
		if !touched {
			out = append(out, c)
		}
	}
	return out
}

// Changes lists what amendments of the family do, in the order in which it takes effect.
func (t Timeline) Changes() []Change { return t.changes }
