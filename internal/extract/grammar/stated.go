package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Some papers state a day in so many words: order forms in a line of their own, amendments and continental contracts in a short
// sentence. The ranking, which was learned from long American contracts, knows few of them; where it gives nothing, these words decide.

var (
	startsOn = expression.MustCompile(`(?i)(?:\b(?:takes? effect|becomes? effective|(?:is|are|shall be|be) effective|(?:comes?|enters?|is|are|shall be) (?:in|into) force|starts?|begins?|commences?|with effect|binds (?:[\w-]+ ){1,3}|running|(?:shall )?(?:run|runs|apply|applies|hold|holds)|valid|(?:are|is) bound|effective(?: date)?|in force)(?:,? (?:retroactively|retrospectively))?(?:,? (?:on|from|as from|as of|with effect from|at))?(?: and including)?(?: the)?|\b(?:(?:subscription|contract|service|sow|order|term|agreement|project|initial term|support|policy|lease) (?:start|begin(?:ning)?|commencement)(?: date)?|commencement(?: date)?|start(?: date)?|effective(?: date| from| as of)?|valid(?: from)?|term begins?|in force(?: from)?|(?:start|beginning|commencement) of (?:the )?(?:hire|rental|term|contract|agreement|lease|services?|subscription|support|work))["']?(?: (?:is|means|of))? ?[:\t])[ \t"']*$`)
	endsOn   = expression.MustCompile(`(?i)(?:\b(?:ends?|expires?|terminates?|runs?|continues?|valid|in force|extended|ending|lasts?|prolonged|remains? in (?:force|effect)|now ends)\b[^.;]{0,60}?\b(?:on|until|to|through|till|up to|to the end of)(?: and including)?(?: the)?|\b(?:through|until|up to and including)|\b(?:(?:subscription|contract|service|sow|order|term|agreement|project|initial term|support|lease) (?:end|expiry|expiration)(?: date)?|(?:end|expiry|expiration|termination)(?: date)?|term ends?|valid (?:until|to))["']?(?: (?:is|means))? ?[:\t])[ \t"']*$`)
	ownPaper = expression.MustCompile(`(?i)\b(?:agreement|contract|amendment|addendum|variations?|order(?: form)?|sow|statement of work|schedule|annex|subscription|term|rates|prices|plans?|engagement|it|we|parties|changes?|lease|licen[cs]e|work|services?|letter|offer|this|maintenance|appointment|duration)\b|^(?:valid|in force|effective|start|begin|commencement|end|expiry|period)`)
	otherDay = expression.MustCompile(`(?i)\b(?:dated|made on|entered into on|signed|original agreement|invoice|first payment|instal+ment|milestone|policy|polic(?:y|ies)|insur\w+|certificate|terminated|notice|index|price increase|increase|fees? (?:change|increase)|born|released?|version|regulation|act|directive|first time|at the earliest|not (?:before|earlier)|holiday|maintenance window|acceptance|delivered|delivery|phase|stage|would|except(?:ing)?(?: for)?(?: that| those)?)\b`)
)

// stated looks for a date right after words that say what it is. Sentences that speak of another day or paper are passed over.
func (r *reading) stated(cue *expression.Expression, words ...string) (*pact.Value, wording.Span, bool) {
	for _, n := range r.sentencesWith(80, words...) {
		sp := r.sentences[n]
		if sp.End-sp.Start > 700 || r.signs >= 0 && sp.Start >= r.signs {
			continue
		}
		s := r.cut(sp)
		for _, d := range wording.Dates(s) {
			before := partBefore(s, d.Start, 110)
			in := d
			in.Start, in.End = d.Start+sp.Start, d.End+sp.Start
			if d.Date == "" || len(d.Readings) > 0 || r.ofOther(in) || !cue.MatchString(before) || !ownPaper.MatchString(before) && !ownPaper.MatchString(s[:min(len(s), 40)]) || otherDay.MatchString(before) {
				continue
			}
			v := pact.OnDate(d.Date)
			return &v, r.clauseSpan(sp.Start+d.Start, sp.Start+d.End), true
		}
	}
	return nil, wording.Span{}, false
}

// partBefore is what stands before a place in a sentence, back to the last semicolon, at most so many bytes.
func partBefore(s string, at, most int) string {
	before := s[max(0, at-most):at]
	return before[strings.LastIndexByte(before, ';')+1:]
}

// saidEffective takes the date that the contract says in so many words to take effect on.
func (r *reading) saidEffective() bool {
	v, at, ok := r.stated(startsOn, "takes effect", "take effect", "effective", "into force", "in force", "starts", "start", "begins", "begin", "commence", "with effect", "valid", "bound from", "binds ", "run", "appl", "hold")
	if !ok || r.insurance() {
		return false
	}
	r.term("effective_date", v, "0.78", at)
	return true
}

var endMeans = expression.MustCompile(`^"(?:(?:scheduled|contract|agreement|term) )?(?:expiration|expiry|end|termination) date" (?:shall |will )?(?:means?|is|be) (?:the )?$`)

var endLabel = expression.MustCompile(`^(?:(?:subscription|contract|service|services|sow|order|term|initial term|agreement|project|support|lease|licen[cs]e|rental|hire|policy) )?(?:(?:end|expiry|expiration|termination)(?: date)?|ends?(?: on)?|(?:valid|in force) (?:until|to))[:.]?$`)

// labelledEnd reads "Subscription End Date: | 12/31/2027" in a form. Two that differ give none.
func (r *reading) labelledEnd() (*pact.Value, wording.Span, bool) {
	var found *pact.Value
	var at wording.Span
	for i := range r.grids {
		for _, row := range r.grids[i].rows {
			if len(row) != 2 || !endLabel.MatchString(strings.ToLower(strings.TrimSpace(row[0].text))) {
				continue
			}
			sp := rowSpan(row)
			list := r.datesIn(sp)
			if len(list) != 1 || r.dayOf(list[0]) == "" {
				continue
			}
			v := pact.OnDate(r.dayOf(list[0]))
			if found != nil && !found.Equal(v) {
				return nil, wording.Span{}, false
			}
			found, at = &v, sp
		}
	}
	return found, at, found != nil
}

// definedEnd finds the last day where the contract defines it by that name: `"Expiration Date" means March 31, 2027`.
func (r *reading) definedEnd() (*pact.Value, wording.Span, bool) {
	for _, h := range r.hitsOf("expiration date", "expiry date", "end date", "termination date") {
		from := strings.LastIndexByte(r.lower[:h], '"')
		if from < 0 || h-from > 20 {
			continue
		}
		for _, d := range r.datesIn(wording.Span{Start: h, End: min(len(r.s), h+70)}) {
			if d.Date == "" || !endMeans.MatchString(r.lower[from:d.Start]) {
				continue
			}
			v := pact.OnDate(d.Date)
			return &v, r.clauseSpan(from, d.End), true
		}
	}
	return nil, wording.Span{}, false
}

// saidExpiration takes the last day that the contract states.
func (r *reading) saidExpiration() {
	if r.get("expiration_date") != nil || r.insurance() {
		return
	}
	if v, at, ok := r.statedEnd(); ok {
		r.term("expiration_date", v, "0.76", at)
	}
}

// statedEnd finds the last day that the contract states.
func (r *reading) statedEnd() (*pact.Value, wording.Span, bool) {
	v, at, ok := r.definedEnd()
	if !ok {
		v, at, ok = r.labelledEnd()
	}
	if !ok {
		v, at, ok = r.stated(endsOn, "ends", "end", "expir", "until", "through", "valid", "in force", "extended", "terminates", "prolonged", "runs", "run ")
	}
	if start := r.startDate(); ok && start != "" && v.Date <= start {
		ok = false
	}
	return v, at, ok
}

// insurance tells whether the paper is a certificate: its policies have days of their own.
func (r *reading) insurance() bool {
	v := r.get("title")
	return v != nil && v.Value != nil && holds(strings.ToLower(v.Value.Text), "insurance")
}
