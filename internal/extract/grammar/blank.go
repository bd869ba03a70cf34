package grammar

import (
	"slices"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Places that somebody was to fill in, or that were taken out before the paper was handed on: "______", "[***]", "[●]". What stands there is
// asked for, and nothing that is said elsewhere is put in its place.

const blankSign = `(?:\[ ?[_*.\x{25cf}\x{2022}\- ]{0,16} ?\]|_{2,}|\*{3,}|\x{25cf}|\[ ?(?i:redacted|omitted|insert[^\]]{0,40}|to be [^\]]{0,40}|tbd|date|amount) ?\])`

// blankField is a term with the words that lead to its place where that is blank.
type blankField struct {
	name, what string
	words      *expression.Expression
}

var blankFields = []blankField{
	{"effective_date", "day on which the contract takes effect", expression.MustCompile(`(?i:\b(?:(?:agreement|contract|lease|term|subscription|licen[cs]e|it) (?:shall |will )?(?:takes? effect|becomes? effective|comes? into (?:force|effect)|enters? into (?:force|effect)|is effective|commences?|begins?|starts?)(?: (?:on|as of|from|with effect from))*(?: the)?|effective date(?: of this \w+)?"? ?(?:is|means|shall be|:)(?: the)?)) ?(?:\d{0,2} ?(?:day )?(?:of )?)?` + blankSign)},
	{"expiration_date", "last day of the contract", expression.MustCompile(`(?i:\b(?:(?:agreement|contract|lease|term|subscription|licen[cs]e|it|and) (?:shall |will )?(?:(?:then |automatically )?(?:ends?|expires?|terminates?))(?: (?:on|at|as of))*(?: the)?|(?:expir(?:y|ation)|end|termination) date"? ?(?:is|means|shall be|:)(?: the)?|(?:remains? in (?:force|effect)|continues?|valid) (?:until|through)(?: the)?)) ?(?:\d{0,2} ?(?:day )?(?:of )?)?` + blankSign)},
	{"term", "length of the term", expression.MustCompile(`(?i:\b(?:(?:initial )?term|period|duration) (?:of|is|shall be|of this \w+ (?:is|shall be))(?: the)?) ?` + blankSign + `(?: ?\(` + blankSign + `\))? ?(?i:years?|months?)`)},
	{"notice_period", "notice that ends the contract", expression.MustCompile(`(?i:\b(?:terminat\w+|renew\w*|cancel\w*)\b)[^.;]{0,90}? ` + blankSign + `(?: ?\(` + blankSign + `\))? ?(?i:(?:calendar |business )?(?:days|months)['\x{2019}]? ?(?:prior |advance |written )*notice)`)},
	{"governing_law", "law that governs", expression.MustCompile(`(?i:\blaws? of (?:the )?(?:state of |commonwealth of |province of )?)` + blankSign)},
	{"annual_contract_value", "sum of a year", expression.MustCompile(`(?i:\b(?:annual|yearly) (?:\w+ ){0,2}(?:fees?|charges?|price|value|subscription)"? ?(?:is|are|of|shall be|:)) ?(?:[$€£]|[A-Z]{3} )? ?` + blankSign)},
	{"total_contract_value", "whole price", expression.MustCompile(`(?i:\b(?:total (?:\w+ ){0,2}(?:fees?|charges?|price|value|amount)|contract (?:price|sum|value)|(?:fixed|lump[- ]sum) (?:price|fee))"? ?(?:is|are|of|shall be|:)) ?(?:[$€£]|[A-Z]{3} )? ?` + blankSign)},
	{"liability_cap", "cap of the liability", expression.MustCompile(`(?i:\bliabilit(?:y|ies)\b)[^.;]{0,120}?(?i:\b(?:exceed|limited to|capped at|maximum of)) ?(?:[$€£]|[A-Z]{3} )? ?` + blankSign)},
}

// takesEffect are words that say from when a contract holds; a day on which it was made says so by custom alone.
var takesEffect = expression.MustCompile(`(?i)\b(?:effect\w*|commenc\w+|begin\w*|start\w*|in force|into force)\b`)

// findBlanks asks for the terms whose place is blank and that nothing else in the contract says.
func findBlanks(r *reading) {
	var blank []wording.Span // the sentences with a blank
	for n, sp := range r.sentences {
		if r.shows(n, signBlank) && sp.End-sp.Start <= 3000 && wording.Blank(r.cut(sp)) {
			blank = append(blank, sp)
		}
	}
	for _, f := range blankFields {
		for _, sp := range blank {
			m := f.words.FindStringIndex(r.cut(sp))
			if m == nil {
				continue
			}
			if had := r.get(f.name); had != nil {
				if f.name == "effective_date" && r.calledOnly(had) && r.leavesOwnStart(sp, m) {
					r.askCalled(had, r.clauseSpan(sp.Start+m[0], sp.Start+m[1]))
					break
				}
				if f.name != "effective_date" || !r.byCustom(had) {
					break
				}
				r.found = slices.DeleteFunc(r.found, func(c pact.Candidate) bool { return c.Subject == "term" && c.Name == f.name })
			}
			c := r.term(f.name, nil, "0.40", r.clauseSpan(sp.Start+m[0], sp.Start+m[1]))
			c.Ambiguities = []pact.Ambiguity{{Code: "blank", Question: "The place for the " + f.what + " is blank, or was taken out. What stands there?"}}
			break
		}
	}
}

// byCustom tells whether a day was read where nothing says that the contract takes effect.
func (r *reading) byCustom(c *pact.Candidate) bool {
	return c.Value != nil && !slices.ContainsFunc(c.Evidence, func(e pact.Evidence) bool { return e.Passage != nil && takesEffect.MatchString(e.Passage.Quote) })
}

// calledOnly tells whether a day is the effective date because it is called so, and no sentence says that the contract takes effect on it.
func (r *reading) calledOnly(c *pact.Candidate) bool {
	if c.Value == nil || c.Value.Date == "" {
		return false
	}
	called := false
	for _, d := range r.facts.dates {
		if d.Date == c.Value.Date {
			called = called || calledStart.MatchString(r.lower[d.End:min(len(r.lower), d.End+90)])
			if ownEffect.MatchString(r.s[max(0, d.Start-200):d.Start]) {
				return false
			}
		}
	}
	return called
}

var blankPlace = expression.MustCompile(blankSign)

// leavesOwnStart tells whether a sentence of the contract itself, and of no form or case in it, leaves the day blank on which it takes effect.
func (r *reading) leavesOwnStart(sentence wording.Span, match []int) bool {
	at := blankPlace.FindStringIndex(r.s[sentence.Start+match[0] : sentence.Start+match[1]])
	if at == nil || r.signs >= 0 && sentence.Start >= r.signs {
		return false
	}
	return ownEffect.MatchString(r.s[sentence.Start:sentence.Start+match[0]+at[0]]) && !otherCase.MatchString(r.cut(sentence))
}

// askCalled takes back a day that is called the effective date where the contract leaves blank when it takes effect.
func (r *reading) askCalled(c *pact.Candidate, blank wording.Span) {
	c.Ambiguities = append(c.Ambiguities, pact.Ambiguity{
		Code: "blank", Question: "The place for the day on which the contract takes effect is blank, or was taken out, and another day is called the effective date. Which is it?", Readings: []pact.Value{*c.Value},
	})
	c.Value, c.Rivals, c.Confidence = nil, nil, sure("0.40")
	c.Evidence = append(r.evidence(blank), c.Evidence...)
}
