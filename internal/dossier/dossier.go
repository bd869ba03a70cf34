// Package dossier writes the evidence of a finding as a PDF that can be handed to the other party: the clause in its own words, the
// events, every step of the computation, dates and amount, and the hash of the document the clause stands in.
//
// It owns the layout, the fonts and how text is set. It does not own what belongs into the pack (insight collects it) nor the figures:
// it prints what the assessment says and computes nothing. Invariants: no I/O, no clock; the same pack gives the same bytes; all text can be
// selected and searched; a character that no font has is named by its number, never dropped or shown as a box.
package dossier

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Pack is what the dossier of a finding is made from.
type Pack struct {
	Finding    pact.Finding
	Contract   pact.Contract
	Obligation *pact.Obligation
	Occurrence *pact.Occurrence
	Events     []pact.Event
	Documents  map[pact.DocumentID]pact.Document // that clauses are quoted from
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
	s.text(p.Finding.Message)
	p.facts(s)
	p.clauses(s)
	numbers := p.events(s)
	p.trace(s, numbers)
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

func (p Pack) facts(s *sheet) {
	f, a := p.Finding, p.Finding.Assessment
	rows := [][2]string{
		{"Contract", strings.TrimSpace(p.Contract.Title + " " + bracketed(p.Contract.Number))},
		{"Other party", p.Contract.Customer},
		{"About", f.Subject},
		{"Judgement", strings.ReplaceAll(string(a.Status), "_", " ")},
		{"Happened", instant(f.OccurredAt)},
		{"Due", instant(a.DueAt)},
		{"Ended", instant(a.EndedAt)},
		{"Counted", obligation.Length(a.Elapsed)},
		{"Measured", a.Measured},
		{"Agreed", a.Target},
		{"Amount", amount(f.Amount)},
		{"Claim by", string(f.ClaimBy)},
		{"Judged as of", instant(a.At)},
		{"Finding", fmt.Sprintf("%s, version %d", f.ID, f.Version)},
	}
	if p.Obligation != nil {
		rows = append(rows[:2:2], append([][2]string{{"Obligation", p.Obligation.Title}, {"Owed by", p.Obligation.Bearer}, {"Owed to", p.Obligation.Beneficiary}}, rows[2:]...)...)
	}
	if p.Occurrence != nil && !p.Occurrence.Period.Start.IsZero() {
		rows = append(rows, [2]string{"Period", instant(p.Occurrence.Period.Start) + " until before " + instant(p.Occurrence.Period.End)})
	}
	s.facts(rows)
}

func (p Pack) clauses(s *sheet) {
	s.heading("The clause")
	n := 0
	for _, e := range p.Finding.Clause {
		switch {
		case e.Passage != nil:
			n++
			s.quote(e.Passage.Quote)
			s.facts(p.source(*e.Passage))
		case e.Record != nil:
			n++
			s.text(fmt.Sprintf("%s %s: %s = %s", e.Record.Object, e.Record.ExternalID, e.Record.Field, e.Record.Value))
		case e.Statement != nil:
			n++
			s.text(fmt.Sprintf("%s, %s: %s", e.Statement.By, instant(e.Statement.At), e.Statement.Text))
		}
	}
	if n == 0 {
		s.text("No passage is recorded for this obligation.")
	}
}

func (p Pack) source(q pact.Passage) [][2]string {
	doc, known := p.Documents[q.DocumentID]
	name, hash := doc.Filename, doc.SHA256
	if !known {
		name, hash = string(q.DocumentID), "not known"
	}
	var pages []string
	for _, pl := range q.Places {
		if no := fmt.Sprint(pl.Page); pl.Page > 0 && (len(pages) == 0 || pages[len(pages)-1] != no) {
			pages = append(pages, no)
		}
	}
	return [][2]string{
		{"Document", name},
		{"Clause", q.Clause},
		{"Page", strings.Join(pages, ", ")},
		{"Characters", fmt.Sprintf("%d to %d of the text", q.Start, q.End)},
		{"Quote", map[pact.Verification]string{pact.Verified: "stands in the document word for word", pact.Repaired: "stands in the document; spaces and hyphens were put right", pact.Unverified: "was not found in the document word for word"}[q.Verification]},
		{"SHA-256", hash},
	}
}

// events lists them and gives the number of each, by which the computation names it.
func (p Pack) events(s *sheet) map[pact.EventID]int {
	s.heading("The events")
	numbers := map[pact.EventID]int{}
	if len(p.Events) == 0 {
		s.text("No event belongs to this finding.")
	}
	for i, e := range p.Events {
		numbers[e.ID] = i + 1
		s.step(fmt.Sprintf("E%d", i+1), instant(e.OccurredAt)+"  "+strings.ReplaceAll(e.Kind, "_", " ")+"  "+e.Subject, reported(e))
	}
	return numbers
}

// reported is what an event says, in one line.
func reported(e pact.Event) string {
	d := e.Data
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+value)
		}
	}
	add("", d.Title)
	add("service ", d.Service)
	add("priority ", d.Priority)
	add("state ", d.State)
	add("until ", instant(d.EndAt))
	add("excluded: ", d.Excluded)
	add("approved by ", d.ApprovedBy)
	add("announced ", instant(d.AnnouncedAt))
	add("month ", d.Month)
	add("amount ", amount(d.Amount))
	if d.Value != nil {
		add("value ", d.Value.String())
	}
	if d.Quantity != nil {
		add("quantity ", strings.TrimSpace(d.Quantity.String()+" "+d.Unit))
	}
	add("price ", amount(d.Price))
	add("item ", d.Item)
	add("line ", d.Line)
	add("date ", string(d.Date))
	add("reference ", d.Reference)
	add("", d.Reason)
	add("reported as ", e.ExternalID)
	add("received ", instant(e.ReceivedAt))
	return strings.Join(parts, "; ")
}

func (p Pack) trace(s *sheet, numbers map[pact.EventID]int) {
	s.heading("The computation")
	steps := p.Finding.Assessment.Trace
	if len(steps) == 0 {
		s.text("No step was recorded.")
	}
	for i, t := range steps {
		var from []string
		if t.Inputs != "" {
			from = append(from, t.Inputs)
		}
		if t.Clause != "" {
			from = append(from, "clause "+t.Clause)
		}
		for _, id := range t.EventIDs {
			if n := numbers[id]; n > 0 {
				from = append(from, fmt.Sprintf("E%d", n))
			} else {
				from = append(from, string(id))
			}
		}
		line := "= " + t.Result
		if len(from) > 0 {
			line = "from " + strings.Join(from, "; ") + "\n" + line
		}
		s.step(fmt.Sprint(i+1), t.Rule, line)
	}
}

func (p Pack) amounts(s *sheet) {
	if len(p.Finding.Assessment.Amounts) == 0 {
		return
	}
	s.heading("The amounts")
	var rows [][2]string
	for _, a := range p.Finding.Assessment.Amounts {
		value := a.Amount.String()
		if a.Exact != "" {
			value += ", before rounding " + a.Exact
		}
		if a.On != "" {
			value += ", on " + string(a.On)
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
		s.text(a.Question)
		for _, t := range a.Texts {
			s.text("– " + t)
		}
	}
}

func (p Pack) corrections(s *sheet) {
	if len(p.Finding.Corrections) == 0 {
		return
	}
	s.heading("Corrections")
	for i, c := range p.Finding.Corrections {
		line := "was " + strings.ReplaceAll(string(c.Earlier.Status), "_", " ")
		if c.Earlier.Amount != nil {
			line += ", " + c.Earlier.Amount.String()
		}
		if c.Delta != nil {
			line += "; difference " + c.Delta.String()
		}
		s.step(fmt.Sprint(i+1), instant(c.At)+"  "+c.Reason, line)
	}
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 Jan 2006 15:04:05 MST")
}

func amount(a *money.Amount) string {
	if a == nil {
		return ""
	}
	return a.String()
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}
