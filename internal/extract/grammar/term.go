package grammar

import (
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

func wordsAgainstFigures(what string, d wording.Duration) pact.Ambiguity {
	a := pact.Ambiguity{Code: "words_against_figures", Question: "The words and the figures of the " + what + " differ. Which is right?"}
	for _, x := range d.Readings {
		a.Readings = append(a.Readings, pact.Lasting(x.Value, x.Unit))
	}
	return a
}

// hasTerm is how plainly the text gives the contract a duration: 9 where it calls it its term, 5 where it says that the
// contract lasts as long, 0 where it does neither.
func (r *reading) hasTerm() int {
	if r.facts.term == nil {
		best := 0
		for _, d := range r.facts.lengths {
			if termUnit(firstUnit(d)) {
				best = max(best, r.termScore(d))
			}
		}
		r.facts.term = &best
	}
	return *r.facts.term
}

// termScore tells by the words before a duration whether it is that of the contract.
func (r *reading) termScore(d wording.Duration) int {
	n := r.sentenceAt(d.Start)
	if n < 0 {
		return 0
	}
	before := r.lower[max(r.sentences[n].Start, d.Start-150):d.Start]
	after := r.lower[d.End:min(len(r.lower), d.End+50)]
	if holds(before[max(0, len(before)-70):], "notice", "renew", "additional", "successive", "surviv", "confiden", "warrant", "within", "at least", "less than", "prior to", "cure", "audit", "records", "employ") || holds(after, "notice", "prior", "before", "after the expir", "after term", "following") {
		return 0
	}
	score := 0
	switch {
	case holds(before, "initial term", "term of this", "the term of", "term shall", "term is", "term will") || holds(after, "initial term", `"term"`, "(the term"):
		score = 9
	case holds(before, "this agreement", "this contract", "the agreement", "term") && holds(before, "effect", "force", "continue", "remain", "period of", "term of", "expire", "terminate", "commenc"):
		score = 5
	}
	if u := firstUnit(d); score > 0 && (u == calendar.Day || u == calendar.Week) {
		score -= 3
	}
	return score
}

func firstUnit(d wording.Duration) calendar.Unit {
	if len(d.Readings) > 0 {
		return d.Readings[0].Unit
	}
	return d.Duration.Unit
}

func (r *reading) safeIn(s string, i int) int {
	for i > 0 && i < len(s) && s[i]&0xc0 == 0x80 {
		i--
	}
	return i
}

func (r *reading) startDate() calendar.Date {
	for _, name := range []string{"effective_date", "agreement_date"} {
		if v := r.value(name); v != nil && v.Kind == pact.DateValue {
			return v.Date
		}
	}
	return ""
}
