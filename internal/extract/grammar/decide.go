package grammar

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// decide adds the likeliest reading of a field, with the others as rivals, if enough speaks for it.
func (r *reading) decide(name string, choices []choice) *pact.Candidate {
	w := r.rank.fields[name]
	if w == nil || len(choices) == 0 {
		return nil
	}
	q := question{name: name, choices: choices, doc: r.docFeatures(name, len(choices)), claims: r.claims}
	picks, given := w.answer(q)
	if !given {
		return nil
	}
	lead := picks[0]
	if lead.choice.value.Kind == "" && len(lead.choice.readings) == 0 {
		return nil // a date that nobody filled in: the contract has none
	}
	if name == "term" && lead.choice.value.Kind == pact.EvergreenValue && r.rightToEnd(lead.choice.at[len(lead.choice.at)-1]) {
		return nil // it may be ended early, which does not say how long it runs
	}
	at := r.quotes(lead.choice)
	if name == "effective_date" && !lead.stated && r.startsAt > 0 {
		at = append(at, r.clauseSpan(r.startsAt, r.startsAt+len("date"))) // what makes its own date the day on which it takes effect
	}
	if len(lead.choice.readings) > 0 {
		c := r.term(name, nil, "0.40", at...)
		a := lead.choice.asks
		if a.Code == "" {
			a = pact.Ambiguity{Code: "day_or_month", Question: "The date can be read with the day or with the month first. Which is meant?", Readings: lead.choice.readings}
		}
		c.Ambiguities = append(c.Ambiguities, a)
		return c
	}
	v := lead.choice.value
	c := r.term(name, &v, sureness(name, w.curve.confidence(lead.belief, q.signals(lead))), at...)
	c.Derivation = lead.choice.derivation
	if lead.choice.asks.Code != "" {
		c.Confidence = decimal.Min(c.Confidence, sure("0.40"))
		c.Ambiguities = append(c.Ambiguities, lead.choice.asks)
	}
	if lead.choice.other.Kind != "" { // custom is not the contract's word: a person sees it, with the other reading
		c.Confidence = decimal.Min(c.Confidence, sure(confidenceAsked))
		rival(c, lead.choice.other, "0.05", r.evidence(at...))
	}
	for _, p := range picks[1:] {
		if p.belief >= 0.15 && len(p.choice.readings) == 0 && p.choice.value.Kind != "" {
			rival(c, p.choice.value, sureness(name, w.curve.confidence(p.belief, q.signals(p))), r.evidence(r.quotes(p.choice)...))
			if n := len(c.Rivals); n > 0 && c.Rivals[n-1].Value.Equal(p.choice.value) {
				c.Rivals[n-1].Derivation = p.choice.derivation
			}
		}
	}
	return c
}

// quotes are the clauses that a choice follows from.
func (r *reading) quotes(c *choice) []wording.Span {
	out := make([]wording.Span, 0, len(c.at))
	for _, sp := range c.at {
		q := r.clauseSpan(sp.Start, sp.End)
		covered := false
		for _, o := range out {
			covered = covered || o.Start <= q.Start && q.End <= o.End
		}
		if !covered {
			out = append(out, q)
		}
	}
	return out
}

// sureness writes a confidence with two digits, cut and not rounded, between 0.01 and 0.99, and below 0.85 for a field
// without labelled data.
func sureness(name string, p float64) string {
	top := 99
	if !extract.Labelled(name) {
		top = 84
	}
	n := min(max(int(p*100), 1), top)
	s := strconv.Itoa(n)
	return "0." + strings.Repeat("0", 2-len(s)) + s
}

// shortPaper is the length up to which a paper is one that states its days in so many words; a longer contract speaks of many days
// that are not its own.
const shortPaper = 12000

// findDates decides the agreement date and the effective date among the dates of the text.
func findDates(r *reading) {
	if r.certificate() {
		r.certificateDays()
		return
	}
	r.decide("agreement_date", r.dateChoices())
	r.notTheDayAbove()
	r.findStart()
	r.startAfter()
	r.dayOfChange()
	r.askFirstOf("effective_date")
	r.contradictStart()
	r.askAwaited()
}

func (r *reading) findStart() {
	if r.decide("effective_date", r.startChoices()) != nil || len(r.s) < shortPaper && r.saidEffective() {
		return
	}
	if p, ok := r.saidPeriod(); ok {
		v := pact.OnDate(p.from)
		r.term("effective_date", &v, "0.76", p.at)
		return
	}
	if r.paper != "nda" {
		return
	}
	// A confidentiality agreement protects what is disclosed from its date on, whether it says so or not. Of other
	// contracts nothing is said here: a day on which they take effect that they do not name is not named.
	agreed := r.get("agreement_date")
	if agreed == nil || agreed.Value == nil {
		return
	}
	v := *agreed.Value
	c := r.term("effective_date", &v, confidenceEffectiveByDate)
	c.Evidence = r.get("agreement_date").Evidence
	c.Derivation = &pact.Derivation{Rule: "agreement_date", Inputs: map[string]string{"agreement_date": string(v.Date)}}
}

// findTerm decides how long the contract runs: a duration, or until somebody ends it.
func findTerm(r *reading) {
	if r.certificate() {
		return
	}
	r.decide("term", r.termChoices())
	r.dropRenewedTerm()
	r.saidTerm()
	r.askSeveralTerms()
}

// findExpiration decides the last day: said, or computed from the start and the term.
func findExpiration(r *reading) {
	if r.certificate() {
		return
	}
	if r.endOfPeriod() {
		return
	}
	starts := r.starts0()
	if c := r.decide("expiration_date", r.expirationChoices(starts)); c == nil {
		r.saidExpiration()
	} else {
		r.preferStated(c)
	}
	r.endsWithYear()
	r.contradictEnd()
	r.askEndWithTerm()
	r.endlessTerm()
}

// askEndWithTerm asks for the last day where it hangs on a term that is asked: another time of the text, such as that of a
// renewal, was counted from the first day in its place.
func (r *reading) askEndWithTerm() {
	c, term := r.get("expiration_date"), r.get("term")
	if c == nil || c.Value == nil || c.Derivation == nil || c.Derivation.Inputs["term"] == "" || term == nil || term.Value != nil || len(term.Ambiguities) == 0 {
		return
	}
	from, _, _ := strings.Cut(c.Derivation.Rule, " ")
	question := pact.Ambiguity{Code: term.Ambiguities[0].Code, Question: "The contract ends with its term, which can be read in two ways. Which is its last day?"}
	for _, v := range term.Ambiguities[0].Readings {
		if v.Duration == nil || v.Duration.String() == c.Derivation.Inputs["term"] && question.Code != severalTermsCode {
			return
		}
		end, ok := v.Duration.After(calendar.Date(c.Derivation.Inputs[from]))
		if !ok {
			return
		}
		question.Readings = append(question.Readings, pact.OnDate(end.AddDays(-1)))
	}
	if len(question.Readings) < 2 {
		return
	}
	c.Evidence = append(slices.Clone(term.Evidence), c.Evidence[min(1, len(c.Evidence)):]...)
	c.Value, c.Derivation, c.Rivals, c.Confidence = nil, nil, nil, sure("0.40")
	c.Ambiguities = append(c.Ambiguities, question)
}

// preferStated settles an expiration date that was computed, or has computed rivals, by the day that the text states outright. Where
// the computed ones all differ from it the text contradicts itself, and every reading stays for a person.
func (r *reading) preferStated(c *pact.Candidate) {
	v, at, ok := r.statedEnd()
	if !ok || c.Value == nil || c.Derivation == nil && !c.Value.Equal(*v) {
		return
	}
	agrees := c.Value.Equal(*v)
	for _, x := range c.Rivals {
		agrees = agrees || x.Value != nil && x.Value.Equal(*v)
	}
	if !agrees {
		rival(c, *v, "0.76", r.evidence(at))
		c.Confidence = decimal.Min(c.Confidence, sure(confidenceAsked))
		return
	}
	// Said and computed are two ways to the same day: the doubt of both together is left.
	one := decimal.NewFromInt(1)
	both := one.Sub(one.Sub(c.Confidence).Mul(one.Sub(sure("0.76")))).Truncate(2)
	if c.Derivation == nil || !c.Value.Equal(*v) {
		both = decimal.Max(c.Confidence, sure("0.76"))
	}
	c.Rivals = slices.DeleteFunc(c.Rivals, func(x pact.Candidate) bool {
		return x.Derivation != nil || x.Value != nil && x.Value.Equal(*v)
	})
	c.Value, c.Derivation, c.Evidence, c.Confidence = v, nil, r.evidence(at), both
}

// starts0 are the days from which the contract may run: those that were found.
func (r *reading) starts0() []started {
	if b := r.begins; b != nil {
		return []started{{name: "effective_date", date: b.date, at: b.at[1], by: b.at[0]}}
	}
	return r.startsBy(r.rank)
}
