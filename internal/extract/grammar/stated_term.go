package grammar

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// How long a contract runs, renews and is given notice of, where a line or a sentence says it outright and the ranking, which knows long
// American contracts, gives nothing.

var (
	termLabel    = expression.MustCompile(`(?i)^(?:the )?(?:(?:initial|minimum|subscription|contract|hire|rental|lease|service|agreement|fixed|support|licen[cs]e|commitment) )*(?:term|period|duration)(?: of (?:the |this )?(?:agreement|contract|hire|lease|subscription|services?))?:?$`)
	renewalLabel = expression.MustCompile(`(?i)^(?:the )?(?:(?:automatic|each|subsequent) )*(?:renewal|extension|successive)s? (?:terms?|periods?|duration|length)(?: of (?:the |this )?(?:agreement|contract|subscription))?:?$`)
	noticeLabel  = expression.MustCompile(`(?i)^(?:the )?(?:(?:notice(?: period)? (?:of|for|to prevent|against) (?:the )?(?:non-?renewal|renewal))|(?:non-?renewal|cancellation) notice(?: period)?|notice period)(?: \([^)]{0,20}\))?:?$`)
	termAsked    = expression.MustCompile(`(?i)^[\d.() \x{a7}]*(?:how long|term|duration|length|period|contract (?:term|period|time))(?: of (?:the |this )?(?:agreement|contract|hire|lease|engagement))?[.:?]?$`)
	termRuns     = expression.MustCompile(`(?i)\b(?:this|the|our) (?:[\w-]+ ){0,3}?(?:agreement|contract|hire|lease|engagement|appointment|arrangement|subscription|order|licen[cs]e)\b[^.;]{0,170}?\b(?:runs|lasts|is (?:concluded|made|fixed)|(?:shall|will) (?:run|last))(?: from [^.;]{3,60}?)? for (?:a |an )?(?:(?:fixed|initial|minimum|first) )?(?:(?:term|period) of )?$`)
	termMore     = expression.MustCompile(`(?i)\b(?:renew\w*|exten\w+|further|additional|successive|another|thereafter|after that|again|warrant\w*|confidential\w*|notice)\b`)
	noticeHas    = expression.MustCompile(`(?i)\bnotice(?: period)? of (?:at least |not less than )?$`)
	ofPolicy     = expression.MustCompile(`(?i)\b(?:polic(?:y|ies)|certificates?|insur\w+|registrations?|permits?)\b`)
	ofTheDeal    = expression.MustCompile(`(?i)\b(?:agreement|contract|terms?|lease|subscription|order|sow|hire)\b`)
	soLong       = expression.AnyOf("runs", "lasts", "run for", "last for", "concluded", "is made for", "fixed for")
)

// saidTerm takes the length that a form, a line or a short sentence gives as that of the contract.
func (r *reading) saidTerm() {
	d, at, ok := r.labelledTerm()
	if !ok && r.get("term") == nil {
		d, at, ok = r.spokenTerm()
	}
	if !ok && r.get("term") == nil {
		var p period
		p, ok = r.saidPeriod()
		d, at = p.length, p.at
	}
	if !ok || r.insurance() || len(d.Readings) > 0 || !termUnit(d.Duration.Unit) {
		return
	}
	v := pact.Value{Kind: pact.DurationValue, Duration: &d.Duration}
	c := r.get("term")
	switch {
	case c == nil:
		r.term("term", &v, "0.76", at)
	case c.Value != nil && !c.Value.Equal(v):
		old := *c.Value
		c.Value, c.Evidence, c.Confidence, c.Derivation = &v, r.evidence(at), sure("0.76"), nil
		rival(c, old, "0.20", c.Evidence)
	}
}

// labelledTerm reads "Subscription term | 36 months" in a form and "Minimum hire period: sixty (60) months" on a line.
func (r *reading) labelledTerm() (wording.Duration, wording.Span, bool) { return r.labelled(termLabel) }

// labelled reads the length that a form or a line gives under a label. Two that differ give none.
func (r *reading) labelled(name *expression.Expression) (wording.Duration, wording.Span, bool) {
	var found wording.Duration
	var at wording.Span
	n := 0
	take := func(label, value string, sp wording.Span) {
		if len(label) > 60 || len(value) > 60 || !name.MatchString(strings.TrimSpace(label)) {
			return
		}
		list := wording.Durations(value)
		if len(list) != 1 || strings.Trim(value[:list[0].Start]+value[list[0].End:], " .:\t") != "" {
			return
		}
		if n == 0 || list[0].Duration != found.Duration {
			n++
		}
		found, at = list[0], sp
	}
	for i := range r.grids {
		for _, row := range r.grids[i].rows {
			if len(row) == 2 {
				take(row[0].text, row[1].text, rowSpan(row))
			}
		}
	}
	for k, sp := range r.sentences {
		if sp.End-sp.Start > 120 || !r.shows(k, signUnit|signSpan) || r.inTable(sp.Start) {
			continue
		}
		s := r.cut(sp)
		if c := strings.IndexAny(s, ":\t"); c > 0 {
			take(s[:c], strings.TrimLeft(s[c+1:], " \t"), sp)
		}
	}
	return found, at, n == 1
}

// spokenTerm reads "This Agreement … runs for five (5) years", and a length that is all a sentence says under a heading that asks for it:
// "How long. Two years."
func (r *reading) spokenTerm() (wording.Duration, wording.Span, bool) {
	for n, sp := range r.sentences {
		if sp.End-sp.Start > 600 || !r.shows(n, signUnit|signSpan) {
			continue
		}
		asked := sp.End-sp.Start < 40 && n > 0 && termAsked.MatchString(strings.TrimSpace(r.cut(r.sentences[n-1])))
		if !asked && !soLong.MatchString(r.lower[sp.Start:sp.End]) {
			continue
		}
		s := r.cut(sp)
		for _, d := range wording.Durations(s) {
			alone := asked && strings.Trim(s[:d.Start]+s[d.End:], " .") == ""
			if alone || termRuns.MatchString(s[:d.Start]) && !termMore.MatchString(s[:d.Start]) && !termTail.MatchString(s[d.End:]) {
				return d, r.clauseSpan(sp.Start+d.Start, sp.Start+d.End), true
			}
		}
	}
	return wording.Duration{}, wording.Span{}, false
}

// endlessTerm gives a contract whose last day is open, as it runs until somebody ends it, that for a term too.
func (r *reading) endlessTerm() {
	c := r.get("expiration_date")
	if c == nil || c.Value == nil || c.Value.Kind != pact.EvergreenValue || r.get("term") != nil || !slices.ContainsFunc(c.Evidence, func(e pact.Evidence) bool {
		return e.Passage != nil && untilEnded.MatchString(wording.Normal(e.Passage.Quote).S)
	}) {
		return
	}
	v := *c.Value
	t := r.term("term", &v, "0.76")
	t.Evidence, t.Confidence, t.Derivation = c.Evidence, decimal.Min(c.Confidence, sure("0.76")), c.Derivation
}

// untilEnded is a contract that is in force until somebody ends it.
var untilEnded = expression.MustCompile(`(?i)\b(?:agreement|contract|term|lease|licen[cs]e|engagement|appointment|subscription|it)\b[^.;]{0,160}\b(?:continues?|remains?|runs?|lasts?|(?:in (?:full )?(?:force|effect))|concluded|made|valid)\b[^.;]{0,80}\b(?:until[^.;]{0,40} (?:terminat\w+|cancel\w*|ended)|indefinite|unlimited|perpetu)`)

// endlessNotice takes the only notice on which a party may end a contract that runs until then, to the end of a month, a quarter or a year,
// from the sentence that leaves its end open or the one behind it.
func (r *reading) endlessNotice() {
	t := r.get("term")
	if t == nil || t.Value == nil || t.Value.Kind != pact.EvergreenValue || r.get("notice_period") != nil || len(r.s) >= shortPaper || r.insurance() {
		return
	}
	for _, at := range r.facts.open {
		first := r.sentenceAt(at.Start)
		if first < 0 || !untilEnded.MatchString(r.cut(r.sentences[first])) {
			continue
		}
		for k := first; k <= first+1 && k < len(r.sentences); k++ {
			s := r.cut(r.sentences[k])
			if len(s) > 700 || !toEndOf.MatchString(s) || !endedByNotice.MatchString(s) || otherNotice.MatchString(s) {
				continue
			}
			if d := onlyNotice(s); d != nil {
				from := r.sentences[k].Start
				c := r.term("notice_period", &pact.Value{Kind: pact.DurationValue, Duration: &d.Duration}, "0.74", r.clauseSpan(from+d.Start, from+d.End))
				r.renewal.notice, r.renewal.evidence = c.Value.Duration, c.Evidence
				return
			}
		}
	}
}

// endedByNotice is a right of each party to end the contract by notice.
var endedByNotice = expression.MustCompile(`(?i)\b(?:terminat\w*|cancel\w*|determin\w*|end(?:ed|s)?|stop\w*)\b[^.;]{0,80}\b(?:either|any|each|both|one|the other)(?: of the)? part(?:y|ies)|\b(?:either|any|each)(?: of the)? part(?:y|ies)\b[^.;]{0,60}\b(?:terminate|cancel|determine|end)\b`)

// dropRenewedTerm takes back a term that is how long a renewal lasts: "shall be extended for additional periods of one year each".
func (r *reading) dropRenewedTerm() {
	c := r.get("term")
	if c == nil || c.Value == nil || c.Value.Duration == nil || len(c.Evidence) == 0 || c.Evidence[0].Passage == nil {
		return
	}
	s := wording.Normal(c.Evidence[0].Passage.Quote).S
	if auto, _ := wording.AutoRenewal(s); !auto {
		return
	}
	d, other := renewalPeriod(s), false
	for _, x := range wording.Durations(s) { // "for three years, renewing for three years each"
		other = other || d != nil && x.Start != d.Start && x.Duration == *c.Value.Duration && !noticeNear.MatchString(s[x.End:min(len(s), x.End+40)])
	}
	if d != nil && !other && d.Duration == *c.Value.Duration && renewWord.MatchString(s[:d.Start]) {
		r.drop("term")
	}
}

// severalTerms counts terms of one length that a contract has from the beginning: "two consecutive three-year terms".
var severalTerms = expression.MustCompile(`(?i)\b(two|three|four|five|six|[2-6])(?: ?\((?:two|three|four|five|six|[2-6])\))? (?:(?:consecutive|successive|separate|equal) )*((?:[a-z]+ ?(?:\(\d+\))?|\d+)[ -](?:year|month)) (?:terms|periods)\b`)

// severalTermsCode is the code of the question about them.
const severalTermsCode = "several_terms"

// askSeveralTerms asks for the term where several of one length follow each other: whether the contract lasts for one of them or for all is
// what the words leave open. Terms that somebody may add are those of a renewal.
func (r *reading) askSeveralTerms() {
	c := r.get("term")
	if c == nil || c.Value == nil || c.Value.Duration == nil || len(c.Evidence) == 0 || c.Evidence[0].Passage == nil {
		return
	}
	s := wording.Normal(c.Evidence[0].Passage.Quote).S
	m := severalTerms.FindStringSubmatchIndex(s)
	if m == nil || addedTerms.MatchString(s[:m[0]]) {
		return
	}
	count, ok := wording.Number(s[m[2]:m[3]])
	if !ok {
		count = int64(s[m[2]] - '0') // one figure, by the expression
	}
	if list := wording.Durations(s[m[4]:m[5]]); len(list) != 1 || list[0].Duration != *c.Value.Duration {
		return
	}
	one := *c.Value.Duration
	c.Ambiguities = append(c.Ambiguities, pact.Ambiguity{
		Code: severalTermsCode, Question: "The contract has several terms of one length. Does it last for one of them or for all?",
		Readings: []pact.Value{pact.Lasting(one.Value, one.Unit), pact.Lasting(one.Value*int(count), one.Unit)},
	})
	c.Value, c.Derivation, c.Rivals, c.Confidence = nil, nil, nil, sure("0.40")
}

// addedTerms stands before terms that follow the first one, or that somebody may add.
var addedTerms = expression.MustCompile(`(?i)\b(?:renew\w*|exten(?:d\w*|sions?)|prolong\w*|options?|may|right|entitled|additional(?:ly)?|further|thereafter|then)\b`)

// dropOfPolicy takes back a renewal or a notice that is one of a policy, a certificate or another thing than the contract.
func (r *reading) dropOfPolicy(name string) {
	c := r.get(name)
	if c == nil || len(c.Evidence) == 0 || c.Evidence[0].Passage == nil {
		return
	}
	if s := c.Evidence[0].Passage.Quote; ofPolicy.MatchString(s) && !ofTheDeal.MatchString(s) || wording.RenewsThing(s) {
		r.drop(name)
	}
}

func (r *reading) drop(name string) {
	kept := r.found[:0]
	for _, c := range r.found {
		if c.Subject != "term" || c.Name != name {
			kept = append(kept, c)
		}
	}
	r.found = kept
}

// renewsOwn is a sentence in which nothing but the contract itself renews, and by itself.
var renewsOwn = expression.MustCompile(`(?i)\b(?:this|the) (?:\w+ ){0,4}?(?:agreement|contract|lease|licen[cs]e|term)\b[^.;]{0,160}\b(?:(?:automatic(?:ally)?|tacitly)[ ,]+(?:be |and |then )*(?:successively )?(?:renew|exten|continu|roll|prolong)\w*|(?:renew|extend|prolong|extension|renewal)\w*[ ,]+(?:or \w+ )*automatically)`)

// keptOff is an extension that makes up for what was kept off.
var keptOff = expression.MustCompile(`(?i)\b(?:force majeure|delay\w*|fail(?:s|ure) to (?:supply|deliver|perform)|toll\w*|suspen\w+)\b`)

// surely tells whether a sentence renews the contract so plainly that no words around it are needed: short papers say it in many ways, and
// in long ones much else is extended, such as a delay or a warranty.
func (r *reading) surely(f *renewalFind) bool {
	return len(r.s) < shortPaper || renewsOwn.MatchString(f.text) && !keptOff.MatchString(f.text)
}

// saidRenewal takes how long a renewal lasts from the sentence that renews the contract by itself.
func (r *reading) saidRenewal(f *renewalFind) {
	if f == nil || !f.auto || f.period == nil || len(f.period.Readings) > 0 || r.get("renewal_term") != nil || !r.surely(f) || r.insurance() {
		return
	}
	if u := f.period.Duration.Unit; u != calendar.UnitMonth && u != calendar.Year && u != calendar.Quarter {
		return
	}
	v := pact.Value{Kind: pact.DurationValue, Duration: &f.period.Duration}
	r.term("renewal_term", &v, "0.74", r.clauseSpan(f.period.Start, f.period.End))
}

// labelledRenewal takes how long a renewal lasts, and its notice, from a form or from lines that label them, in a contract that renews by
// itself and of which nothing else says so.
func (r *reading) labelledRenewal() {
	v := r.value("auto_renewal")
	if v == nil || v.Flag == nil || !*v.Flag || r.insurance() {
		return
	}
	for _, x := range []struct {
		name  string
		label *expression.Expression
	}{{"renewal_term", renewalLabel}, {"notice_period", noticeLabel}} {
		d, at, ok := r.labelled(x.label)
		if !ok || len(d.Readings) > 0 || r.get(x.name) != nil {
			continue
		}
		c := r.term(x.name, &pact.Value{Kind: pact.DurationValue, Duration: &d.Duration}, "0.76", at)
		if x.name == "notice_period" {
			r.renewal.notice, r.renewal.evidence = c.Value.Duration, c.Evidence
		}
	}
}

// saidNotice takes the only notice that is named where the contract renews by itself: in the same sentence, or in the next one that speaks of
// not renewing.
func (r *reading) saidNotice(f *renewalFind) {
	if f == nil || !f.auto || r.get("notice_period") != nil || !r.surely(f) || r.insurance() {
		return
	}
	found, n := onlyNotice(f.text), f.n
	for k := f.n + 1; found == nil && k <= f.n+2 && k < len(r.sentences) && r.renewal.ambiguous == nil; k++ {
		if s := r.cut(r.sentences[k]); len(s) < 700 && againstRenewal.MatchString(s) && !otherNotice.MatchString(s) {
			found, n = onlyNotice(s), k
		}
	}
	if found == nil {
		return
	}
	from := r.sentences[n].Start
	v := pact.Value{Kind: pact.DurationValue, Duration: &found.Duration}
	c := r.term("notice_period", &v, "0.74", r.clauseSpan(from+found.Start, from+found.End))
	r.renewal.notice, r.renewal.evidence = v.Duration, c.Evidence
}

// againstRenewal is a notice that keeps a contract from renewing.
var againstRenewal = expression.MustCompile(`(?i)\bnon-?renew\w*|\bnot (?:to |be |wish to |intend to |want to )?(?:renew|extend|continue|be renewed|be extended)\w*|\b(?:prevent|stop|avoid|object to|opt out of|oppose)\w* (?:\w+ ){0,3}(?:renewal|extension|prolongation)`)

// onlyNotice is the one notice that a sentence names, or nil.
func onlyNotice(s string) *wording.Duration {
	var found *wording.Duration
	for _, d := range wording.Durations(s) {
		if len(d.Readings) > 0 || renewsFor.MatchString(s[:d.Start]) || !noticeHas.MatchString(s[:d.Start]) && !noticeNear.MatchString(s[d.End:min(len(s), d.End+60)]) {
			continue
		}
		if found != nil {
			return nil
		}
		v := d
		found = &v
	}
	return found
}

var (
	soLongThen = expression.MustCompile(`(?i)^,? (?:starting|beginning|commencing|effective|from|with effect from)(?: (?:on|from|as of))?(?: the)? $`)
	servedFrom = expression.MustCompile(`(?i)\b(?:agreement|contract|services?|support|supplies|goods|maintenance|hire|lease|arrangement|engagement)\b[^.;]{0,120}\b(?:from|with effect from|as from)(?: and including)? $`)
	// besideIt is what runs for its own time beside a contract.
	besideIt    = expression.MustCompile(`(?i)\b(?:training|transition|hypercare|trial|pilot|warranty|spares?|records|kept|keeps?|stored?|stores|retain(?:ed|s)?)\b`)
	forAtLeast  = expression.MustCompile(`(?i)^(?: \((?:the )?"[^"]{1,40}"\))?,? for (?:a|an) (?:(?:minimum|initial|fixed|first) )+(?:period|term|duration) of (?:at least )?$`)
	beforeTheDo = expression.MustCompile(`(?i)^(?:for )?(?:(?:a|an|the) (?:(?:initial|fixed|minimum|first) )?(?:term|period) (?:of|is) )?$`)
)

// period is a day and a length that are said in one breath.
type period struct {
	from   calendar.Date
	length wording.Duration
	at     wording.Span
	headed bool // under a heading that asks for the term
}

// saidPeriod reads a day and a length in one breath, where a short paper has them nowhere else: "Two years starting November 1, 2024" under
// a heading that asks for the term, and "shall provide the services from 1 July 2025 for a minimum period of two years".
func (r *reading) saidPeriod() (period, bool) {
	if len(r.s) >= shortPaper || r.insurance() {
		return period{}, false
	}
	for n, sp := range r.sentences {
		if sp.End-sp.Start > 500 || !r.shows(n, signUnit|signSpan) || r.signs >= 0 && sp.Start >= r.signs {
			continue
		}
		s := r.cut(sp)
		asked := n > 0 && r.sentences[n-1].End-r.sentences[n-1].Start < 40 && termAsked.MatchString(strings.TrimSpace(r.cut(r.sentences[n-1])))
		if !asked && !holds(s, "from ", "From ") {
			continue
		}
		for _, l := range wording.Durations(s) {
			if len(l.Readings) > 0 || !termUnit(l.Duration.Unit) || termMore.MatchString(s[:l.Start]) {
				continue
			}
			for _, d := range wording.Dates(s) {
				day := r.dayOf(d)
				first, last := min(l.Start, d.Start), max(l.End, d.End)
				switch {
				case day == "":
				case asked && l.End <= d.Start && beforeTheDo.MatchString(s[:l.Start]) && soLongThen.MatchString(s[l.End:d.Start]),
					d.End <= l.Start && servedFrom.MatchString(s[:d.Start]) && !besideIt.MatchString(s[:d.Start]) && forAtLeast.MatchString(s[d.End:l.Start]):
					return period{day, l, r.clauseSpan(sp.Start+first, sp.Start+last), l.End <= d.Start}, true
				}
			}
		}
	}
	return period{}, false
}

// endOfPeriod gives the last day of a period under a heading that asks for the term, and tells whether it did: the length of an extension
// beside it is not counted from the same day.
func (r *reading) endOfPeriod() bool {
	start, term := r.get("effective_date"), r.get("term")
	if start == nil || start.Value == nil || term == nil || term.Value == nil || term.Value.Duration == nil {
		return false
	}
	p, ok := r.saidPeriod()
	if !ok || !p.headed || start.Value.Date != p.from || *term.Value.Duration != p.length.Duration {
		return false
	}
	end, ok := p.length.Duration.After(p.from)
	if !ok {
		return false
	}
	v := pact.OnDate(end.AddDays(-1))
	c := r.term("expiration_date", &v, "0.76", p.at)
	c.Derivation = &pact.Derivation{Rule: "effective_date + term - 1 day", Inputs: map[string]string{"effective_date": string(p.from), "term": p.length.Duration.String()}}
	return true
}
