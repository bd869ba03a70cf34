package grammar

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Some contracts begin or end on a day that they give by another one: "the first day of the month following the last signature", "31
// December of the year in which the third anniversary of the Effective Date falls".

// shiftedStart is where a contract begins some time after a day that stands elsewhere.
type shiftedStart struct {
	date, from calendar.Date
	at         []wording.Span // the words, and the day they count from
	rule       string
}

var startsShifted = expression.MustCompile(`\b(?:(?:is|be|becomes?|made) effective|effective(?: date)?|takes? effect|(?:comes?|enters?) into (?:force|effect)|commenc(?:e|es|ing)|(?:commencement|start) date|begin(?:s|ning)?|starts?|starting)"?(?: (?:is|means|shall be|will be|on|as of|from|upon))*(?: the)? $`)

var (
	// startsAgreement stands before the words of startsShifted where they are said of the contract.
	startsAgreement = expression.MustCompile(`\b(?:agreement|contract|amendment|addendum|lease|licen[cs]e|term|it)\b[^.;]{0,60}$`)
	// ownFirstDay is what a contract calls its first day, with its article.
	ownFirstDay = expression.MustCompile(`(?:^|["\n:]|\b(?:the|its|this|agreement|contract|lease|term)(?:'s)? )"?(?:effective|commencement|start) date"?[^.;]{0,30}$`)
	// startsOther is something else that begins.
	startsOther = expression.MustCompile(`\b(?:billing|invoic\w+|rent|rental|payments?|warrant(?:y|ies)|fees?|charges|services? (?:shall |will )?(?:be|is|are|commence|begin|start|take)s?)\b`)
)

// startAfter takes the day on which the contract takes effect where it is the first of the month, or the day, after the last signature or
// after its own date.
func (r *reading) startAfter() {
	for _, h := range r.hitsOf("first of the", "first day of", "1st day of", "first (1st) day of", "day after the", "day following", "day immediately") {
		near := r.s[h:r.safe(min(len(r.s), h+140))]
		all := wording.Shifts(near)
		if len(all) == 0 || all[0].Start > 0 {
			continue
		}
		x := all[0]
		before := r.clauseBefore(h, 160)
		m := startsShifted.FindStringIndex(before)
		if m == nil || !startsAgreement.MatchString(before[:m[0]]) && !ownFirstDay.MatchString(before) || startsOther.MatchString(before) || signedOnly.MatchString(before) {
			continue
		}
		day, at, from, ok := r.countsFromOwn(lowerASCII(near[x.End:]))
		if !ok || r.statesStart(day) {
			continue
		}
		s := shiftedStart{date: x.From(day), from: day, rule: x.Rule() + " " + from, at: []wording.Span{r.clauseSpan(h, h+x.End), r.clauseSpan(at.Start, at.End)}}
		r.begins = &s
		v := pact.OnDate(s.date)
		r.drop("effective_date")
		c := r.term("effective_date", &v, "0.78", s.at...)
		c.Derivation = &pact.Derivation{Rule: s.rule, Inputs: map[string]string{from: string(day)}}
		return
	}
}

// statesStart tells whether the contract states a first day other than its own date and the one that another day counts from.
func (r *reading) statesStart(from calendar.Date) bool {
	c, made := r.get("effective_date"), r.get("agreement_date")
	if c == nil || c.Value == nil || c.Value.Date == "" || c.Value.Date == from || made != nil && made.Value != nil && c.Value.Equal(*made.Value) {
		return false
	}
	last, ok := r.lastHand()
	return !ok || r.dayOf(last) != c.Value.Date
}

// countsFromOwn is the day that words behind "following" or "after" mean: the last signature, or the contract's own date.
func (r *reading) countsFromOwn(words string) (calendar.Date, wording.Span, string, bool) {
	words = strings.TrimPrefix(words, "the ")
	if byLastHand.MatchString(words) {
		if d, ok := r.lastHand(); ok {
			return r.dayOf(d), d.Span, "last signature", true
		}
		return "", wording.Span{}, "", false
	}
	c := r.get("agreement_date")
	if !ownDay.MatchString(words) || c == nil || c.Value == nil || c.Value.Date == "" {
		return "", wording.Span{}, "", false
	}
	for _, d := range r.facts.dates {
		if r.dayOf(d) == c.Value.Date {
			return c.Value.Date, d.Span, "agreement_date", true
		}
	}
	return "", wording.Span{}, "", false
}

// lastHand is the latest day beside the signatures.
func (r *reading) lastHand() (last wording.Date, ok bool) {
	signs := r.signs
	if signs < 0 {
		signs = r.signedWithout()
	}
	for _, d := range r.facts.dates {
		if signs >= 0 && d.Start >= signs && d.Start < signs+4000 && r.dayOf(d) != "" && (!ok || r.dayOf(d) > r.dayOf(last)) {
			last, ok = d, true
		}
	}
	return last, ok
}

var (
	// itRuns stands before the verb of an end where it is said of the contract itself: "this Agreement takes effect on 1 May 2026 and".
	itRuns = expression.MustCompile(`(?i)(?:^|[\n.:;,"] ?|\bterm of |\b(?:and|that|then|whereupon) )(?:(?:this|the|its) (?:(?:initial|services?|supply|lease|licen[cs]e|maintenance|framework|master) )?(?:agreement|contract|lease|term)|it)(?: \([^()]{1,80}\))?(?: of this agreement)?(?: (?:takes? effect|is effective|shall be effective|becomes? effective|(?:shall )?(?:commences?|begins?|starts?)|(?:comes?|enters?) into (?:force|effect))[^.;]{1,110}?,? (?:and|it))?(?: (?:shall|will|then|thereafter|is|be|remains?|automatically|initially))* $`)
	// lastsOther is something else that lasts.
	lastsOther = expression.MustCompile(`(?i)\b(?:confidential\w*|obligations?|records?|retain\w*|retention|prices?|rates?|surviv\w+)\b`)
)

// endsWithYear takes the last day where the contract ends with the year or the month of its beginning, or of an anniversary of it. An end
// that another sentence gives stays, with this one as its rival.
func (r *reading) endsWithYear() {
	start := r.startDate()
	by := r.get("effective_date")
	if by == nil {
		by = r.get("agreement_date")
	}
	if start == "" || by == nil || by.Value == nil || by.Value.Date != start {
		return
	}
	for _, n := range r.sentencesWith(80, "year in which", "month in which", "year during which", "month during which", "following year", "following calendar", "next year", "same year", "current year") {
		sp := r.sentences[n]
		if sp.End-sp.Start > 900 || r.signs >= 0 && sp.Start >= r.signs {
			continue
		}
		s := r.cut(sp)
		for _, e := range wording.YearEnds(s) {
			before := partBefore(s, e.Start, 220)
			m := endsOn.FindStringIndex(before)
			if m == nil || !itRuns.MatchString(before[:m[0]]) || lastsOther.MatchString(before) || otherDay.MatchString(before) || expireBad.MatchString(before) {
				continue
			}
			v, at := pact.OnDate(e.From(start)), r.clauseSpan(sp.Start+e.Start, sp.Start+e.End)
			c := r.get("expiration_date")
			if c != nil && c.Value != nil && !overlap(c.Evidence, r.evidence(sp)) {
				rival(c, v, "0.20", r.evidence(at))
				return
			}
			old := (*pact.Candidate)(nil)
			if c != nil && c.Value != nil && !c.Value.Equal(v) {
				kept := *c
				old = &kept
			}
			r.drop("expiration_date")
			c = r.term("expiration_date", &v, "0.76", at)
			c.Confidence = decimal.Min(c.Confidence, by.Confidence)
			c.Evidence = append(c.Evidence, by.Evidence...)
			c.Derivation = &pact.Derivation{Rule: "end of the year or month of effective_date", Inputs: map[string]string{"effective_date": string(start)}}
			if old != nil {
				rival(c, *old.Value, "0.20", old.Evidence)
			}
			return
		}
	}
}
