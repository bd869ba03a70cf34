// Package dossier writes the evidence of a finding as a PDF that can be handed to the other party: the clause in its own words, the
// events, every step of the computation, dates and amount, and the hash of the document the clause stands in. Each step names the clauses and
// events it rests on by their numbers in the pack, so that it can be checked without this product.
//
// It owns the layout, the fonts and how text is set. It does not own what belongs into the pack (insight collects it) nor the figures:
// it prints what the assessment says and computes nothing. Invariants: no I/O, no clock; the same pack gives the same bytes; all text can be
// selected and searched; a character that no font has is named by its number, never dropped or shown as a box.
package dossier

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Pack is what the dossier of a finding is made from.
type Pack struct {
	Finding    pact.Finding
	Contract   pact.Contract
	Obligation *pact.Obligation
	Occurrence *pact.Occurrence
	Events     []pact.Event                      // in order of time: those that the finding rests on, and those that they correct
	Documents  map[pact.DocumentID]pact.Document // that clauses are quoted from
	// Sources are the names of the connections that events came by.
	Sources map[pact.ConnectionID]string
}

// Write makes the PDF. It is set twice: how many pages it has is known after the first time.
func Write(p Pack) ([]byte, error) {
	draft, err := p.set(0)
	if err != nil {
		return nil, err
	}
	s, err := p.set(draft.pdf.PageNo())
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := s.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("writing the evidence of %s: %w", p.Finding.ID, err)
	}
	return out.Bytes(), nil
}

func (p Pack) set(pages int) (*sheet, error) {
	s, err := newSheet(fmt.Sprintf("Finding %s, version %d", p.Finding.ID, p.Finding.Version), p.Finding.Title, made(p.Finding), pages)
	if err != nil {
		return nil, err
	}
	s.title("Evidence: " + p.Finding.Title)
	s.text(grouped(p.Finding.Message))
	p.facts(s)
	clauses := p.clauses(s)
	events := p.events(s)
	p.trace(s, clauses, events)
	p.amounts(s)
	p.questions(s)
	p.corrections(s)
	return s, nil
}

// made is the date in the file: the instant of the judgement, so that the same version of a finding gives the same file.
func made(f pact.Finding) time.Time {
	if !f.Assessment.At.IsZero() {
		return f.Assessment.At.UTC()
	}
	return f.OccurredAt.UTC()
}

// zone is that in which the days of the obligation begin.
func (p Pack) zone() *time.Location {
	if p.Obligation == nil {
		return time.UTC
	}
	return obligation.ZoneOf(*p.Obligation)
}

func (p Pack) facts(s *sheet) {
	f, a := p.Finding, p.Finding.Assessment
	rows := [][2]string{
		{"Contract", strings.TrimSpace(p.Contract.Title + " " + bracketed(p.Contract.Number))},
		{"Other party", p.Contract.Customer},
	}
	if o := p.Obligation; o != nil {
		rows = append(rows, [][2]string{{"Obligation", o.Title}, {"Owed by", p.named(o.Bearer, o.Side == "theirs")}, {"Owed to", p.named(o.Beneficiary, o.Side == "ours")}}...)
	}
	rows = append(rows, [2]string{"About", f.Subject})
	if o := p.Occurrence; o != nil {
		rows = append(rows, period(o.Period, p.zone()))
	}
	rows = append(rows, [][2]string{
		{"Judgement", strings.ReplaceAll(string(a.Status), "_", " ")},
		{"Due", until(a.DueAt, p.zone())},
		{"Missed", instant(a.BreachedAt, p.zone())},
		{"Done, or ended", until(a.EndedAt, p.zone())},
		{"Time counted", lasted(a.Elapsed)},
	}...)
	for _, m := range obligation.Measures(p.judged(), a) {
		rows = append(rows, [2]string{m[0], grouped(lasted(m[1]))})
	}
	rows = append(rows, [][2]string{
		{"Amount", amount(f.Amount)},
		{"Claim by", date(f.ClaimBy)},
		{"Judged as of", instant(a.At, p.zone())},
		{"Finding", fmt.Sprintf("%s, version %d", f.ID, f.Version)},
	}...)
	s.facts(rows)
}

// named is a role with the name of the other party where it has that role.
func (p Pack) named(role string, other bool) string {
	if role == "" || !other || p.Contract.Customer == "" {
		return role
	}
	return role + " " + bracketed(p.Contract.Customer)
}

// judged is the obligation, of which the kind is always known.
func (p Pack) judged() pact.Obligation {
	if p.Obligation == nil {
		return pact.Obligation{Kind: p.Finding.Kind}
	}
	return *p.Obligation
}

// quoted numbers the clauses, so that the computation can name them.
type quoted struct {
	number  int
	passage *pact.Passage
}

func (p Pack) clauses(s *sheet) []quoted {
	s.heading("The clauses")
	var out []quoted
	for _, doc := range p.quotedFrom() {
		s.room(40)
		s.strong(p.filename(doc))
		s.facts([][2]string{{"SHA-256", p.hash(doc)}})
		for _, e := range p.Finding.Clause {
			if e.Passage == nil || e.Passage.DocumentID != doc || p.repeated(*e.Passage) {
				continue
			}
			q := quoted{len(out) + 1, e.Passage}
			out = append(out, q)
			s.quote(fmt.Sprintf("C%d", q.number), e.Passage.Quote, source(*e.Passage))
		}
	}
	said := 0
	for _, e := range p.Finding.Clause {
		switch {
		case e.Record != nil:
			said++
			s.text(fmt.Sprintf("%s %s: %s = %s", e.Record.Object, e.Record.ExternalID, e.Record.Field, e.Record.Value))
		case e.Statement != nil:
			said++
			word, st := "Entered", e.Statement.Public()
			if strings.Contains(st.Text, " Answer: ") {
				word = "Decided"
			}
			s.text(fmt.Sprintf("%s on %s by %s: %s", word, date(calendar.DateIn(st.At, time.UTC)), st.By, st.Text))
		}
	}
	if len(out)+said == 0 {
		s.text("No passage is recorded for this obligation.")
	}
	return out
}

// repeated tells whether another passage shows what one does: it is a part of it, or it begins with it and little more follows, such as the
// heading of the next clause.
func (p Pack) repeated(q pact.Passage) bool {
	return slices.ContainsFunc(p.Finding.Clause, func(e pact.Evidence) bool {
		o := e.Passage
		if o == nil || o.DocumentID != q.DocumentID || o.Clause != q.Clause || o.End <= o.Start || q.End <= q.Start || o.Start == q.Start && o.End == q.End {
			return false
		}
		shorter, longer := o.End-o.Start, q.End-q.Start
		if o.Start == q.Start && shorter < longer && 4*shorter >= 3*longer {
			return true
		}
		within := q.Start >= o.Start && q.End <= o.End
		return within && !(o.Start == q.Start && 4*longer >= 3*shorter)
	})
}

// quotedFrom lists the documents in the order in which they are quoted.
func (p Pack) quotedFrom() []pact.DocumentID {
	var out []pact.DocumentID
	for _, e := range p.Finding.Clause {
		if e.Passage != nil && !slices.Contains(out, e.Passage.DocumentID) {
			out = append(out, e.Passage.DocumentID)
		}
	}
	return out
}

func (p Pack) filename(id pact.DocumentID) string {
	if doc, known := p.Documents[id]; known {
		return doc.Filename
	}
	return "A document that is not kept here"
}

func (p Pack) hash(id pact.DocumentID) string {
	if doc, known := p.Documents[id]; known {
		return doc.SHA256
	}
	return "not known"
}

// source says where a passage stands, and how it was found there.
func source(q pact.Passage) string {
	var parts, pages []string
	for _, pl := range q.Places {
		if no := fmt.Sprint(pl.Page); pl.Page > 0 && !slices.Contains(pages, no) {
			pages = append(pages, no)
		}
	}
	if q.Clause != "" {
		parts = append(parts, "Clause "+q.Clause)
	}
	switch len(pages) {
	case 0:
	case 1:
		parts = append(parts, "page "+pages[0])
	default:
		parts = append(parts, "pages "+strings.Join(pages, ", "))
	}
	if q.End > q.Start {
		parts = append(parts, fmt.Sprintf("characters %d to %d of the text", q.Start, q.End))
	}
	how := map[pact.Verification]string{pact.Verified: "stands in the document word for word", pact.Repaired: "stands in the document; spaces and hyphens were put right", pact.Unverified: "was not found in the document word for word"}[q.Verification]
	if how != "" {
		parts = append(parts, how)
	}
	return strings.Join(parts, "; ")
}

func (p Pack) trace(s *sheet, clauses []quoted, events map[pact.EventID]int) {
	s.heading("The computation")
	steps := p.Finding.Assessment.Trace
	if len(steps) == 0 {
		s.text("No step was recorded.")
	}
	for i, t := range steps {
		s.step(fmt.Sprint(i+1), grouped(t.Rule), grouped(p.inputs(t)), "= "+grouped(t.Result), restsOn(t, clauses, events))
	}
}

// inputs are those of a step, with the title of the obligation in the place of its key.
func (p Pack) inputs(t pact.TraceStep) string {
	if o := p.Obligation; o != nil && o.Key != "" && o.Title != "" {
		return strings.Replace(t.Inputs, "obligation "+o.Key+" on ", "“"+o.Title+"” on ", 1)
	}
	return t.Inputs
}

// restsOn names what a step rests on, by the numbers of the pack.
func restsOn(t pact.TraceStep, clauses []quoted, events map[pact.EventID]int) string {
	var parts []string
	if t.Clause != "" {
		var at []string
		for _, q := range clauses {
			if number, _, _ := strings.Cut(t.Clause, ", as decided"); q.passage.Clause == number {
				at = append(at, fmt.Sprintf("C%d", q.number))
			}
		}
		parts = append(parts, strings.TrimSpace("clause "+t.Clause+" "+bracketed(strings.Join(at, ", "))))
	}
	var numbers []int
	for _, id := range t.EventIDs {
		if n := events[id]; n > 0 && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	if len(numbers) > 0 {
		parts = append(parts, "events "+runs(numbers))
	}
	return strings.Join(parts, "; ")
}

// runs writes numbers with those that follow one another as one: E1–E4, E7.
func runs(numbers []int) string {
	var out []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		switch {
		case j > i+1:
			out = append(out, fmt.Sprintf("E%d–E%d", numbers[i], numbers[j]))
		case j == i+1:
			out = append(out, fmt.Sprintf("E%d", numbers[i]), fmt.Sprintf("E%d", numbers[j]))
		default:
			out = append(out, fmt.Sprintf("E%d", numbers[i]))
		}
		i = j + 1
	}
	return strings.Join(out, ", ")
}

func (p Pack) amounts(s *sheet) {
	if len(p.Finding.Assessment.Amounts) == 0 {
		return
	}
	s.heading("The amounts")
	var rows [][2]string
	for _, a := range p.Finding.Assessment.Amounts {
		value := amount(&a.Amount)
		if a.Exact != "" {
			value += ", before rounding " + grouped(a.Exact+" "+a.Amount.Currency)
		}
		if a.On != "" {
			value += ", on " + date(a.On)
		}
		rows = append(rows, [2]string{a.Name, value})
	}
	s.facts(rows)
}

func (p Pack) questions(s *sheet) {
	if len(p.Finding.Assessment.Ambiguities) == 0 {
		return
	}
	s.heading("Open questions")
	for _, a := range p.Finding.Assessment.Ambiguities {
		s.text(grouped(a.Question))
		for _, t := range a.Texts {
			s.text("– " + t)
		}
	}
}

func (p Pack) corrections(s *sheet) {
	if len(p.Finding.Corrections) == 0 {
		return
	}
	s.heading("Corrections of this finding")
	for i, c := range p.Finding.Corrections {
		line := "It was " + strings.ReplaceAll(string(c.Earlier.Status), "_", " ")
		if c.Earlier.Amount != nil {
			line += ", " + amount(c.Earlier.Amount)
		}
		if c.Delta != nil {
			line += "; difference " + amount(c.Delta)
		}
		s.step(fmt.Sprint(i+1), instant(c.At, p.zone())+"  "+c.Reason, line, "", "")
	}
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}
