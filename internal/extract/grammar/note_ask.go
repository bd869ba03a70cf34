package grammar

import (
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// notePeriod is before the time that a note gives for what the clause above it says: "In 2026 the period is".
var notePeriod = expression.MustCompile(`(?i)\b(?:period|term|notice|deadline|time|payment)s?\b[^.;]{0,40}\b(?:is|are|be|of|to|within)(?: only| then)? $`)

// askOfNotes asks where a foot- or endnote gives another period than the clause in which it hangs. The clause itself is not wrong, and
// neither is the note: which of them holds, and when, a person knows.
func askOfNotes(r *reading) {
	for _, note := range r.notes {
		if note.Start < 2 || note.End-note.Start > 600 {
			continue
		}
		from := strings.LastIndexByte(r.s[:note.Start-1], '\n') + 1
		start, end := r.text.Source(wording.Span{Start: from, End: note.Start - 1})
		words := r.cut(note)
		for _, d := range wording.Durations(words) {
			if len(d.Readings) == 0 && notePeriod.MatchString(words[:d.Start]) {
				r.askOfNote(d, note, start, end)
				break
			}
		}
	}
}

// askOfNote asks of the periods that stand in [start, end) of the document whether that of a note holds instead.
func (r *reading) askOfNote(d wording.Duration, note wording.Span, start, end int) {
	days, counted := wording.Days(d.Duration)
	for i := range r.found {
		c := &r.found[i]
		if c.Value == nil || len(c.Evidence) == 0 || c.Evidence[0].Passage == nil || c.Evidence[0].Passage.Start >= end || c.Evidence[0].Passage.End <= start {
			continue
		}
		other := *c.Value
		switch v := c.Value; {
		case v.Payment != nil && v.Payment.NetDays != nil && counted && *v.Payment.NetDays != days:
			terms := *v.Payment
			terms.NetDays, terms.Text = &days, "net "+strconv.Itoa(days)
			other.Payment = &terms
		case v.Kind == pact.DurationValue && v.Duration != nil && v.Duration.Unit == d.Duration.Unit && v.Duration.Value != d.Duration.Value:
			other = pact.Lasting(d.Duration.Value, d.Duration.Unit)
		default:
			continue
		}
		a := pact.Ambiguity{Code: "contradiction", Question: "The note “" + short110(r.cut(note)) + "” gives another time than the clause in which it hangs. Which holds?", Readings: []pact.Value{*c.Value, other}}
		c.Value, c.Rivals, c.Derivation = nil, nil, nil
		c.Ambiguities, c.Confidence, c.Evidence = append(c.Ambiguities, a), sure("0.40"), append(c.Evidence, r.evidence(note)...)
		if c.Name == "payment_terms" {
			r.askOfPayment(a)
		}
	}
}

// askOfPayment puts a question on the terms of payment to the obligation that follows from them.
func (r *reading) askOfPayment(a pact.Ambiguity) {
	for i := range r.found {
		c := &r.found[i]
		if c.Obligation == nil || c.Name != "payment/invoices" {
			continue
		}
		c.Ambiguities = append(c.Ambiguities, a)
		c.Obligation.Ambiguities, c.Obligation.Confidence, c.Confidence = c.Ambiguities, sure("0.50"), sure("0.50")
	}
}
