package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// A contract speaks of many ends that are not its own: of what outlives it, of a year of account, of a notary's commission. What is
// told here is never offered as the end of the contract, however much the words around it are those of a term clause.

var (
	outlives    = expression.MustCompile(`(?i)^[ )]*(?:calendar )?(?:period )?(?:after|following|from|subsequent to|beyond)(?: and after)? (?:the |its |any |such |either |this )*(?:(?:effective )?date of (?:the |its |any |such )*)?(?:expir|terminat|cancel|cessation|disclos|receipt of (?:the |such )?(?:confid|inform)|final payment|last payment)`)
	struckOut   = expression.MustCompile(`(?i)\b(?:delet|replac|substitut|insert|strik)\w*\b[^.;]{0,80}"$`)
	thereafter  = expression.MustCompile(`(?i)^[ )]*(?:period )?(?:thereafter|afterwards?|after that)\b`)
	duringIt    = expression.MustCompile(`(?i)\b(?:during|throughout|while|so long as|in force|in effect)\b[^.;]{0,160}\band(?: continuing)?(?: for)?(?: (?:a|an|the|any))?(?: (?:additional|further|subsequent))?(?: (?:period|term) of)?(?: (?:at least|not less than|up to))? ?\(?$`)
	ofAccount   = expression.MustCompile(`(?i)\b(?:first|initial|last|final|each|such|calendar|fiscal|contract|licen[cs]e|agreement|commercial|accounting)(?: (?:calendar|fiscal|contract|licen[cs]e|royalty|agreement|commercial|accounting))? (?:years?|quarters?)\b[^.;]{0,140}\b(?:end(?:s|ing|ed)?|through|conclud\w+|clos\w+)(?: and including)?(?: (?:on|at|in|as of))?(?: the)? $`)
	ownYears    = expression.MustCompile(`(?i)\b(?:agreement|contract|term|lease|licen[cs]e)\b[^.;]{0,120}(?:\b(?:continues?|remains?|runs?|in (?:full )?(?:force|effect)|valid|effective|lasts?)\b[^.;]{0,60}\b(?:until|through|to)(?: and including)?(?: the)? (?:end|close|last day|conclusion) of|\bfor (?:(?:a|the) (?:\w+ )?(?:term|period) of )?(?:[a-z]+(?: \(\d+\))?|\d+)) (?:(?:the|its|a|[A-Z][\w]*'s?) )?(?:full )?(?:fiscal|financial|calendar|contract|licen[cs]e) years?\b[^.;]{0,140}$`)
	commission  = expression.MustCompile(`(?i)\bcommission(?: number [\w-]+)?(?: expires?| exp\.?| expiration(?: date)?)[:.]?(?: on)? *$`)
	definesOne  = expression.MustCompile(`^[\dIVXivx.()a-z \x{a7}]{0,12}"([^"]{2,60})"[^.;]{0,40}? (?:shall )?means?\b`)
	pricesHeld  = expression.MustCompile(`(?i)\b(?:rates?|prices?|fees?|charges|tariffs?|discounts?)\b[^.;]{0,30}\b(?:fixed|firm|frozen|held|unchanged|guaranteed)\b[^.;]{0,20}$`)
	reviewedOn  = expression.MustCompile(`(?i)\b(?:rent|prices?|rates?|fees?|charges)\b[^.;]{0,30}\b(?:reviewed|adjusted|revised|increased|re-?set|re-?based)\b[^.;]{0,30} (?:on|as of|from|with effect from)(?: the)? $`)
	severable   = expression.MustCompile(`\b(?:invalid|unenforceable|void|illegal)\b`)
	perpetual   = expression.MustCompile(`\b(?:perpet|indefinit)`)
	afterEnd    = expression.MustCompile(`\b(?:surviv\w*|(?:following|after|notwithstanding|beyond) (?:the |any |such |its )*(?:expir\w+|terminat\w+))\b`)
	endElse     = expression.MustCompile(`\b(?:until|through|thru|ending|ends? (?:on|upon)|expires?|for (?:the|an?|its) (?:\w+ ){0,3}(?:period|term|duration|life)|for (?:the )?life of|first anniversary|anniversary of)\b`)
	endDateName = expression.MustCompile(`^(?:until|unless)\b[^.;]*\btermination date\b`)
	untilEvent  = expression.MustCompile(`^until (?:the )?(?:expir\w+|later|latest|earlier|earliest|first|last|end|completion|sale|closing)\b`)
	thenOnward  = expression.MustCompile(`\b(?:thereafter|after that|after (?:such|the|that|its) (?:initial |primary |first |original )*(?:term|period)|following (?:such|the|that) (?:initial |primary |first )*(?:term|period))\b`)
)

// outlasts tells whether a duration is how long something goes on after the contract: "during the term and for two years thereafter",
// "five years after termination of this Agreement".
func (r *reading) outlasts(d wording.Duration) bool {
	if struckOut.MatchString(r.s[r.safe(max(0, d.Start-110)):d.Start]) {
		return true // of an amendment: by deleting "thirty (30) days" and replacing it with "sixty (60) days"
	}
	after := r.s[d.End:min(len(r.s), d.End+120)]
	if outlives.MatchString(after) && !strings.Contains(lowerASCII(after[:min(len(after), 70)]), "term") {
		return true
	}
	if outlives.MatchString(after) {
		return holds(lowerASCII(after[:min(len(after), 90)]), "terminat")
	}
	return thereafter.MatchString(after) && duringIt.MatchString(r.s[r.safe(max(0, d.Start-240)):d.Start])
}

// ofOther tells whether a date ends something else: the first year of account, the commission of a notary.
func (r *reading) ofOther(d wording.Date) bool {
	before := r.s[r.safe(max(0, d.Start-220)):d.Start]
	if k := strings.LastIndex(before, ". "); k >= 0 {
		before = before[k+2:]
	}
	return commission.MatchString(before) || ofAccount.MatchString(before) && !ownYears.MatchString(before) || pricesHeld.MatchString(before) || reviewedOn.MatchString(before)
}

// endlessOther tells whether words that may leave an end open, at a place in sentence n, speak of another thing than the term of the
// contract: of a clause that is held invalid, of a definition, of what survives, of a date of that name; or whether the sentence names
// an end beside them.
func (r *reading) endlessOther(n int, at wording.Span) bool {
	sp := r.sentences[n]
	low := r.lower[max(sp.Start, r.safe(at.Start-700)):max(at.End, min(sp.End, r.safe(at.End+300)))]
	said := r.lower[at.Start:at.End]
	if perpetual.MatchString(said) && (severable.MatchString(low) && holds(low, "provision", "clause", "section", "article", "part") || afterEnd.MatchString(low)) {
		return true
	}
	if severable.MatchString(low) && holds(low, "enforce", "invalid") && !holds(low, "this agreement shall continue", "this agreement shall remain") {
		return true
	}
	if m := definesOne.FindStringSubmatch(r.s[sp.Start:min(sp.End, sp.Start+140)]); m != nil && !holds(strings.ToLower(m[1]), "term", "period", "duration") {
		return true
	}
	return endDateName.MatchString(said) || untilEvent.MatchString(said) && !holds(said, "it is terminated", "is terminated by", "is terminated in")
}

// endsOtherwise tells whether the sentence gives the contract an end of its own before or after words that only keep it from ending
// sooner: "for the Service Period, unless terminated earlier", "for one year; thereafter it continues until terminated".
func (r *reading) endsOtherwise(n int, at wording.Span) bool {
	sp := r.sentences[n]
	before, said := r.lower[max(sp.Start, r.safe(at.Start-300)):at.Start], r.lower[at.Start:at.End]
	after := r.lower[at.End:max(at.End, min(sp.End, r.safe(at.End+160)))]
	if k := strings.LastIndex(before, "; provided"); k >= 0 {
		before = before[k:]
	}
	if strings.HasPrefix(said, "unless") && !holds(said, " until ") {
		return endElse.MatchString(before) || len(r.lengthsIn(wording.Span{Start: at.Start - len(before), End: at.Start})) > 0 && holds(before, "term", "period") || endElse.MatchString(after) && holds(said, "earlier", "sooner", "previously", "otherwise")
	}
	return strings.HasPrefix(said, "until") && thenOnward.MatchString(before+said) && (len(r.lengthsIn(wording.Span{Start: at.Start - len(before), End: at.Start})) > 0 || len(r.datesIn(wording.Span{Start: at.Start - len(before), End: at.Start})) > 0 || holds(before, "primary term", "initial term"))
}

var (
	countsFrom = expression.MustCompile(`(?i)^[ )]*(?:\([^()]{0,40}\))?[ ,]*(?:from|after|following|of|beginning|commencing|starting|(?:which|that|to)(?: shall| will)? (?:commence|begin|start)s?|(?:shall|will) (?:commence|begin|start)|and (?:commencing|beginning))(?: (?:and after|on|upon|with|as of|from|at))* `)
	startsThen = expression.MustCompile(`(?i)\b(?:commenc(?:e|es|ing)|begin(?:s|ning)?|starts?|starting|effective)(?: (?:on|upon|with|as of|from|at))+ `)
	lastDay    = expression.MustCompile(`(?i)\b(?:until|through|thru|ending|ends?|expir\w*|terminat\w*|conclud\w*|(?:later|after|beyond) than|later than|past|beyond)(?: (?:on|at|in|of|and including))*(?: the)? $`)
	ownStart   = expression.MustCompile(`(?i)^(?:(?:the|its|such) )*(?:(?:later|earlier|last|latest)\b|(?:[\w-]+ )?(?:effective|commencement|start|agreement|contract|signing|execution|signature) date|(?:date|day) (?:hereof|first|and|set|above|below|of (?:this|(?:agreement|contract)\b|the (?:agreement|contract|amendment|last)|its|last|full|final|execution|signing|signature|mutual)|(?:it|this \w+) (?:is|was|has)|last|signed|executed|indicated|stated|written|shown|noted|listed|(?:on|upon) which (?:it|this|the agreement|both|all|the last|the parties))|execution|signing|signature|hereof|this|closing of this)`)
	otherStart = expression.MustCompile(`(?i)^(?:(?:the|its|such|any|each) )*(?:(?:date|day|time|moment) (?:on|upon|in|of|that|when|the|at|such|any|it|[a-z]+ )|(?:[\w'-]+ ){0,5}?(?:launch|delivery|acceptance|completion|approval|installation|opening|release|go[- ]live|in[- ]service|commissioning|shipment|sale|availability|activation|roll-?out|conversion|implementation|cut-?over|closing|expir\w+|terminat\w+)\b)`)
	namedStart = expression.MustCompile(`^(?:the )?([A-Z][\w-]+(?: [A-Z][\w-]+){0,3} Date)\b`)
)

// countedFromEvent asks for the day that a contract leaves open from which its term is counted.
func countedFromEvent(v pact.Value) pact.Ambiguity {
	return pact.Ambiguity{
		Code:     "start_unknown",
		Question: "The contract counts its term from an event and gives no day for it. When was it? The day shown is counted from the contract's own date.",
		Readings: []pact.Value{v},
	}
}

// fromEvent tells whether a duration is counted from something that the text gives no day of: "two years following the Launch Date",
// "the first anniversary of the date on which the site is opened". It can not be added to the day the contract begins.
func (r *reading) fromEvent(d wording.Duration) bool {
	after := r.s[d.End:r.safe(min(len(r.s), d.End+140))]
	if m := countsFrom.FindStringIndex(after); m != nil {
		return r.unknownDay(after[m[1]:])
	}
	n := r.sentenceAt(d.Start)
	if n < 0 {
		return false
	}
	from := r.safe(max(r.sentences[n].Start, d.Start-260))
	all := startsThen.FindAllStringIndex(r.s[from:d.Start], -1)
	return len(all) > 0 && r.unknownDay(r.s[from+all[len(all)-1][1]:r.safe(min(len(r.s), from+all[len(all)-1][1]+90))])
}

var noLater = expression.MustCompile(`(?i)\b(?:in no event|no|not|never)\b[^.;]{0,24}\b(?:later than|beyond|after|past|exceed)(?: on)?(?: the)? $`)

// notLater is the day that a term counted from an event may not pass: "two years following the Launch Date, but in no event later than
// March 31, 2027".
func (r *reading) notLater(d wording.Duration) (wording.Date, bool) {
	n := r.sentenceAt(d.Start)
	if n < 0 {
		return wording.Date{}, false
	}
	for _, x := range r.datesIn(wording.Span{Start: d.End, End: min(r.sentences[n].End, d.End+260)}) {
		if x.Date != "" && noLater.MatchString(r.s[r.safe(max(d.End, x.Start-60)):x.Start]) {
			return x, true
		}
	}
	return wording.Date{}, false
}

// unknownDay tells whether words name a day that is not the contract's own and that it does not date.
func (r *reading) unknownDay(s string) bool {
	if all := wording.Shifts(s); len(all) > 0 && all[0].Start <= len("the ") {
		s = s[all[0].End:] // "the day after the last signature"
	}
	if ownStart.MatchString(s) {
		return false
	}
	if m := namedStart.FindStringSubmatch(s); m != nil {
		return !r.dated(m[1])
	}
	return otherStart.MatchString(s)
}

// dated tells whether the contract gives the day that it calls by a name: `"Launch Date" means June 1, 2024`.
func (r *reading) dated(name string) bool {
	for from := 0; from < len(r.s); {
		k := strings.Index(r.s[from:], `"`+name+`"`)
		if k < 0 {
			return false
		}
		at := from + k
		from = at + len(name) + 2
		near := wording.Span{Start: max(0, at-60), End: min(len(r.s), from+60)}
		if len(r.datesIn(near)) > 0 || holds(r.lower[near.Start:r.safe(near.End)], "date hereof", "date of this", "effective date", "first above", "first written") {
			return true
		}
	}
	return false
}

var (
	saysRenewal = expression.MustCompile(`(?i)\b(?:renew\w*|non-?renew\w*|exten(?:d|ds|ded|ding|sion|sions)|prolong\w*|rolls?|rolling|thereafter|after that|continu\w*|carr(?:y|ies) on|(?:successive|additional|further|subsequent|consecutive|another|new|more|option) (?:[\w()-]+ ){0,5}?(?:terms?|periods?|years?|annual)|(?:year|month) to (?:year|month)|(?:year|month)-to-(?:year|month))\b`)
	byAgreement = expression.MustCompile(`(?i)\b(?:mutual\w*(?: \w+){0,3} (?:agree\w*|consent)|mutual\w* (?:written )?(?:agree\w*|consent)|(?:upon|by|subject to|with) (?:the )?(?:written |prior )*(?:agreement|consent) (?:of|between) (?:the|both) parties|(?:if|as|unless) (?:\w+ ){0,4}(?:the parties|both parties|parties) (?:\w+ ){0,2}agree|\bonly (?:be )?(?:renewed?|extend(?:ed)?)\b[^.;]{0,80}\bagree(?:s|d)? in writing)`)
	bySelf      = expression.MustCompile(`(?i)\b(?:automatic\w*|shall (?:be )?(?:deemed )?(?:to be )?renew|unless (?:either|a|one|any|notice|the|terminat\w+ by))`)
	noSooner    = expression.MustCompile(`(?i)\b(?:no|not|nor)(?: (?:sooner|earlier|more)) than (?:[a-z-]+ )?\(?$`)
	endsAnyTime = expression.MustCompile(`(?i)\b(?:(?:may|right to|entitled to|can|be) (?:be )?(?:terminated?|cancel+(?:ed)?)|at any time|without cause|with(?:out)? (?:or without )?cause|for convenience|sooner terminated|earlier terminated|withdraw)\b`)
	goesFurther = expression.MustCompile(`(?i)\b(?:renew\w*|exten(?:d|ds|ded|sion)\w*|prolong\w*|continu\w*|until|rolls?|rolling|remain\w*|thereafter|end of (?:the|any|each|such|its)|expir\w*|current term|year to year|indefinit\w*|perpet\w*)\b`)
)

// notOfRenewal tells whether a duration is no length of a renewal: no word of its sentence, nor the heading before it, is one of
// renewal, it is a notice or how long something outlives the contract, or the parties would have to agree anew.
func (r *reading) notOfRenewal(d wording.Duration) bool {
	n := r.sentenceAt(d.Start)
	if n < 0 {
		return false
	}
	sp := r.sentences[n]
	near := r.s[r.safe(max(sp.Start, d.Start-500)):r.safe(max(d.End, min(sp.End, d.End+400)))]
	lead := r.s[r.safe(max(0, d.Start-90)):d.Start]
	if !saysRenewal.MatchString(near) && !renewsOnly.MatchString(lowerASCII(lead)) {
		return true
	}
	if byAgreement.MatchString(near) && !bySelf.MatchString(near) {
		return true
	}
	if !ofTheDeal.MatchString(near) && !renewsOnly.MatchString(lowerASCII(strings.ReplaceAll(near, "year to year", ""))) {
		return true // "the fee increases from year to year", "maintained for an additional month"
	}
	return r.outlasts(d) || r.firstOfEndless(d)
}

// firstOfEndless tells whether a duration is the first term of a contract that then runs on until somebody ends it: "for one year; thereafter it
// continues until terminated". What follows is no renewal for as long again.
func (r *reading) firstOfEndless(d wording.Duration) bool {
	n := r.sentenceAt(d.Start)
	if n < 0 {
		return false
	}
	after := r.lower[d.End:max(d.End, min(r.sentences[n].End, r.safe(d.End+300)))]
	m := goesOnAfter.FindStringIndex(after)
	if m == nil || renewsOnly.MatchString(after[:m[1]]) || renewsOnly.MatchString(r.lower[max(r.sentences[n].Start, d.Start-160):d.Start]) {
		return false
	}
	return len(r.lengthsIn(wording.Span{Start: d.End, End: d.End + m[1]})) == 0
}

// notOfNotice tells whether a duration is the earliest and not the latest that notice may be given, or a notice on which the contract
// may be ended at any time, with no word of how long it runs.
func (r *reading) notOfNotice(d wording.Duration) bool {
	if noSooner.MatchString(r.s[r.safe(max(0, d.Start-40)):d.Start]) {
		return true
	}
	n := r.sentenceAt(d.Start)
	if n < 0 {
		return false
	}
	sp := r.sentences[n]
	near := r.s[r.safe(max(sp.Start, d.Start-400)):r.safe(max(d.End, min(sp.End, d.End+300)))]
	if byAgreement.MatchString(near) && !bySelf.MatchString(near) && renewsOnly.MatchString(lowerASCII(near)) {
		return true
	}
	return endsAnyTime.MatchString(near) && !goesFurther.MatchString(near)
}
