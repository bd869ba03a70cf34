package grammar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// confidenceOperation: no labelled amendments exist, so a person sees every operation.
const confidenceOperation = "0.80"

var (
	changesOthers = expression.MustCompile(`(?i)\b(?:amend|addendum|waiver|restat|supplement|side letter|extension|renewal letter|change order)`)
	restatedTitle = expression.MustCompile(`(?i)^(?:[\w ]{0,30} )?(?:amended and restated|restated and amended)\b`)
)

// readOperations reads an amendment as operations on the contract it amends, before anything else is read in it. A paper whose
// title says nothing of the kind changes nothing: a master agreement that provides for its own amendment is no amendment.
//
// The words that go, and by how much a term is extended, say nothing of the amendment itself: they are taken out of what the other
// finders read. Passages are cut from the source, so that quotes keep them.
func readOperations(r *reading) {
	if !r.changesAnother() {
		return
	}
	title := ""
	if v := r.value("title"); v != nil {
		title = v.Text
	}
	if c := r.get("title"); c != nil && restatedTitle.MatchString(title) {
		r.operation(wording.Operation{Operation: pact.Operation{Kind: pact.Restate}}, c.Evidence)
	}
	for _, s := range r.sentences {
		if s.End-s.Start > 4000 {
			continue
		}
		if condition, at, ok := wording.Awaited(r.cut(s)); ok {
			r.awaits, r.awaitsAt = condition, wording.Span{Start: s.Start + at.Start, End: s.Start + at.End}
			break
		}
	}
	var gone []wording.Span
	restates := len(r.operations) > 0
	news := false // the new words of a clause follow
	for _, s := range r.sentences {
		if s.End-s.Start > 4000 || r.inTable(s.Start) {
			continue
		}
		said := strings.TrimSpace(r.cut(s))
		ops := wording.Operations(r.cut(s))
		switch at, target, changes := wording.MayChange(r.cut(s)); {
		case len(ops) == 0 && changes && !news && wording.Once(r.cut(s)):
			r.operation(wording.Operation{Operation: pact.Operation{Kind: pact.Waive, Target: target}, Blank: "This is said of one case, and " + onceOf(target) + " stays as it is. For which time does it not hold? Reject the change where nothing follows for what is tracked."}, r.evidence(r.clauseSpan(s.Start+at.Start, s.Start+at.End)))
			gone = append(gone, s)
		case len(ops) > 0:
			news = strings.HasSuffix(said, ":")
		case changes && !news && !restates && strings.Count(r.s[:s.Start], `"`)%2 == 0:
			r.unread = append(r.unread, unreadChange{target, wording.Span{Start: s.Start + at.Start, End: s.Start + at.End}})
		}
		news = news && !strings.HasSuffix(said, `"`)
		for _, op := range ops {
			at := r.withWords(r.clauseSpan(s.Start+op.Start, s.Start+op.End))
			evidence := r.evidence(at)
			if strings.HasSuffix(said, ":") { // the new words follow
				if n := r.sentenceAt(s.End + 1); n >= 0 && r.sentences[n].Start >= s.End && r.sentences[n].End-r.sentences[n].Start <= 1200 {
					evidence = append(evidence, r.evidence(r.withWords(r.sentences[n]))...)
				}
			}
			r.operation(op, evidence)
			switch {
			case op.OldAt.End > op.OldAt.Start:
				gone = append(gone, wording.Span{Start: s.Start + op.OldAt.Start, End: s.Start + op.OldAt.End})
			case op.Kind == pact.Extend && op.By != nil:
				gone = append(gone, wording.Span{Start: s.Start + op.Start, End: s.Start + op.End})
			}
		}
	}
	r.blank(gone)
}

// numberLast is the number of a new clause, behind which its words go on: "… as follows: "4A."
var numberLast = expression.MustCompile(`(?:^|[:\s])"\(?\d[\w.]{0,6}\)?\.?$`)

// withWords gives a passage that ends with the number of a new clause the sentence that follows, which is what the clause says.
func (r *reading) withWords(at wording.Span) wording.Span {
	if !numberLast.MatchString(strings.TrimSpace(r.s[at.Start:at.End])) {
		return at
	}
	if n := r.sentenceAt(at.End + 1); n >= 0 && r.sentences[n].Start >= at.End && r.sentences[n].End-r.sentences[n].Start <= 1200 {
		at.End = r.sentences[n].End
	}
	return at
}

func onceOf(target string) string {
	if target == "" {
		return "the contract"
	}
	return target
}

// askAwaited asks for the day of an amendment that takes effect on a condition: what it states and changes has no day before. A day that was
// read beside it is one of the readings.
func (r *reading) askAwaited() {
	if r.awaits == "" {
		return
	}
	a := pact.Ambiguity{Code: "open_event", Question: "The amendment takes effect " + r.awaits + ". On which day did it, or will it? What it states and changes holds from then; leave the review open until the day is known.", Texts: []string{r.awaits}}
	c := r.get("effective_date")
	if c == nil {
		c = r.term("effective_date", nil, "0.40", r.awaitsAt)
	} else if c.Value != nil {
		a.Readings = []pact.Value{*c.Value}
	}
	c.Value, c.Rivals, c.Derivation, c.Confidence = nil, nil, nil, sure("0.40")
	c.Ambiguities, c.Evidence = append(c.Ambiguities, a), r.evidence(r.awaitsAt)
}

// unreadChange is a sentence that seems to change the amended contract in a way that is not read.
type unreadChange struct {
	target string
	at     wording.Span
}

// findOperations adds what readOperations read, in its place among the candidates. A sentence that seems to change a clause, and of which neither a
// change nor a value was read, is asked about: it would change nothing, and nobody would see that.
func findOperations(r *reading) {
	for _, u := range r.unread {
		evidence := r.evidence(r.clauseSpan(u.at.Start, u.at.End))
		if slices.ContainsFunc(r.found, func(c pact.Candidate) bool {
			return (c.Subject == "obligation" || c.Subject == "term" && effective.Amendable(c.Name) && c.Name != "currency") && overlap(c.Evidence, evidence)
		}) {
			continue
		}
		what := u.target
		if what == "" {
			what = "the contract"
		}
		r.operation(wording.Operation{
			Operation: pact.Operation{Kind: pact.ChangeValue, Target: u.target},
			Blank:     "The sentence seems to change " + what + ", and how is not clear. Correct the change, or reject it where it changes nothing; state a new value as a term of this review.",
		}, evidence)
	}
	r.found = append(r.found, r.operations...)
}

// blank takes words out of the text that is read, and leaves every other word where it stands.
func (f *flow) blank(spans []wording.Span) {
	if len(spans) == 0 {
		return
	}
	s, lower := []byte(f.s), []byte(f.lower)
	for _, sp := range spans {
		for i := sp.Start; i < sp.End; i++ {
			s[i], lower[i] = ' ', ' '
		}
	}
	f.s, f.lower = string(s), string(lower)
}

func (r *reading) inTable(at int) bool {
	for _, t := range r.tables {
		if t.Start <= at && at < t.End {
			return true
		}
	}
	return false
}

func (r *reading) operation(op wording.Operation, evidence []pact.Evidence) {
	n := 1
	for _, c := range r.operations {
		if c.Value.Equal(pact.Value{Kind: pact.OperationValue, Operation: &op.Operation}) {
			return
		}
		n++
	}
	c := pact.Candidate{
		Subject: "operation", Name: fmt.Sprintf("operation/%d", n), Label: "Change " + fmt.Sprint(n),
		Value: &pact.Value{Kind: pact.OperationValue, Operation: &op.Operation}, Evidence: evidence,
		Confidence: sure(confidenceOperation), Verification: pact.Verified, Extractor: source,
	}
	if op.Blank != "" {
		c.Confidence = decimal.New(5, -1)
		c.Ambiguities = []pact.Ambiguity{{Code: "blank", Question: op.Blank}}
	}
	r.operations = append(r.operations, c)
}

// readReference reads which contract a paper that hangs on another one belongs to, before its own dates are read: the day of the
// contract that is amended is not the amendment's. Review looks for the contract in the register and a person confirms the tie.
func readReference(r *reading) {
	changes := r.changesAnother()
	if !changes && !r.hangs() {
		return
	}
	named, from := "", 0 // an amended contract of which a sentence says no day and no number
	for _, s := range r.sentences {
		if s.Start > 12000 {
			break
		}
		if s.End-s.Start > 4000 {
			continue
		}
		ref, at, ok := wording.References(r.cut(s))
		if ok && (r.hangs() || ref.Relation == "amendment") {
			r.belongs(ref, wording.Span{Start: s.Start + at.Start, End: s.Start + at.End})
			return
		}
		if named == "" && ref.Relation == "amendment" {
			named, from = ref.Title, s.End
		}
	}
	if day, at, ok := r.datedElsewhere(named, from); ok {
		r.belongs(pact.ContractRef{Title: named, Relation: "amendment", Date: day}, at)
		return
	}
	if !changes {
		return
	}
	for _, s := range r.sentences {
		if s.Start > 12000 {
			break
		}
		if s.End-s.Start > 4000 {
			continue
		}
		if ref, at, ok := wording.Recited(r.cut(s)); ok {
			r.belongs(ref, wording.Span{Start: s.Start + at.Start, End: s.Start + at.End})
			return
		}
	}
}

// hangs tells whether the paper is of a type that hangs on another one by itself.
func (r *reading) hangs() bool {
	switch r.paper {
	case "amendment", "sow", "order_form", "dpa", "sla":
		return true
	}
	return false
}

// changesAnother tells whether the paper changes another one: by its type, or by its title ("Waiver Letter", "Amended and Restated …").
func (r *reading) changesAnother() bool {
	v := r.value("title")
	return r.paper == "amendment" || v != nil && changesOthers.MatchString(v.Text)
}

// belongs keeps which contract the paper hangs on, as said at a place.
func (r *reading) belongs(ref pact.ContractRef, at wording.Span) {
	if ref.Relation != "amendment" && (r.paper == "sow" || r.paper == "order_form") {
		ref.Relation = r.paper
	}
	r.reference = &pact.Candidate{
		Subject: "reference", Name: "belongs_to", Label: "Belongs to", Value: &pact.Value{Kind: pact.ContractValue, Contract: &ref},
		Evidence: r.evidence(at), Confidence: sure(confidenceOperation), Verification: pact.Verified, Extractor: source,
	}
	if ref.Relation == "amendment" && ref.Date != "" && r.changesAnother() {
		r.blankDay(ref.Date)
	}
	if ref.Relation != "amendment" {
		r.aboveAt = at
	}
}

// notTheDayAbove takes an agreement date back that is only said of the contract above: "under the Services Agreement dated 15 May 2023".
func (r *reading) notTheDayAbove() {
	c := r.get("agreement_date")
	if c == nil || c.Value == nil || r.reference == nil || r.aboveAt.End == 0 || c.Value.Date != r.reference.Value.Contract.Date {
		return
	}
	r.scan()
	for _, d := range r.facts.dates {
		if d.Date == c.Value.Date && (d.Start < r.aboveAt.Start || d.End > r.aboveAt.End) {
			return
		}
	}
	r.drop("agreement_date")
}

// datedElsewhere is the day of a contract by its title where it is named again: "that certain Services Agreement dated as of January 1, 2004".
func (r *reading) datedElsewhere(title string, from int) (day calendar.Date, at wording.Span, ok bool) {
	head := r.s[from:max(from, r.safe(min(len(r.s), 12000)))]
	low, name := strings.ToLower(head), strings.ToLower(title)
	if len(low) != len(head) || name == "" {
		return "", at, false
	}
	for i := strings.Index(low, name); i >= 0; {
		end := i + len(name)
		behind := head[end : r.safe(from+min(len(head), end+60))-from]
		if dates := wording.Dates(behind); len(dates) > 0 && dates[0].Date != "" && namedDated.MatchString(behind[:dates[0].Start]) {
			return dates[0].Date, wording.Span{Start: from + i, End: from + end + dates[0].End}, true
		}
		next := strings.Index(low[end:], name)
		if next < 0 {
			break
		}
		i = end + next
	}
	return "", at, false
}

var namedDated = expression.MustCompile(`(?i)^"?,? (?:dated|made|entered into|effective)(?: (?:as of|on|effective as of))? ?$`)

// blankDay takes a day out of the head of the text that is read.
func (r *reading) blankDay(day calendar.Date) {
	var gone []wording.Span
	for _, d := range wording.Dates(r.s[:r.safe(min(len(r.s), 12000))]) {
		if d.Date == day {
			gone = append(gone, d.Span)
		}
	}
	r.blank(gone)
}

// findReference adds what readReference read, in its place among the candidates.
func findReference(r *reading) {
	if r.reference != nil {
		r.found = append(r.found, *r.reference)
	}
}
