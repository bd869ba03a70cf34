package wording

import (
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Operation is a change that a sentence of an amendment makes, with its span. Blank says that the words leave open what a
// reviewer must fill in: a waiver without an end, for one.
type Operation struct {
	Span
	pact.Operation
	OldAt Span // where Old stands: words that go are no value of the amendment
	Blank string
}

const (
	// clauseRef is one reference: "Section 7.2(a) of Exhibit B", "Exhibit B, Section 2", "Schedule 5", "§ 4".
	attachmentWord = `(?:exhibit|schedule|annexure|annex|appendix|attachment|addendum)`
	clauseWord     = `(?:sub-?sections?|sections?|sub-?clauses?|clauses?|articles?|paragraphs?|sec\.|§)`
	attachmentRef  = attachmentWord + ` (?:no\. ?)?"?(?:[a-z]{1,2}|[0-9]{1,2}|[ivx]{1,5})(?:-[0-9]{1,2})?\b"?`
	// movedWord is a value that becomes another one without being called changed: a period is shortened, a day put off.
	movedWord    = `shorten(?:s|ed|ing)?|lengthen(?:s|ed|ing)?|mov(?:ed?|es|ing)|postpon(?:ed?|es|ing)|(?:put|pushed|brought) (?:off|back|forward)|deferred|cut|(?:goes|go|going|gone) (?:up|down)|ris(?:es?|ing)|falls?`
	clauseNumber = `(?:[0-9]{1,3}(?:\.[0-9]{1,3}){0,5}(?:[a-z]\b)?|[ivxl]{1,7}\b|[a-z]\b)(?: ?\((?:[a-z]{1,2}[0-9]?|[ivxl]{1,6}|[0-9]{1,3})\)){0,4}`
)

var (
	clauseRefs   = expression.MustCompile(`(?i)\b(?:` + clauseWord + ` ?(` + clauseNumber + `)(?:(?:,? ?and|,|,? or) (?:` + clauseWord + ` )?(` + clauseNumber + `))?(?: ?\([^()]{1,80}\))?(?:,? (?:of|to|in) (?:the )?(` + attachmentRef + `))?|(` + attachmentRef + `)(?: ?\([^()]{1,80}\))?(?:,? (?:` + clauseWord + `) ?(` + clauseNumber + `))?)`)
	wholePaper   = expression.MustCompile(`(?i)\b(?:the|this|said|such|original|existing|master|services?|license|lease|loan|credit|supply|distribution) agreement\b|\bthe (?:contract|lease|msa|sow|statement of work|order form|terms)\b`)
	partOf       = expression.MustCompile(`(?i)\b(?:rows?|columns?|lines?|table|sentences?|words?|phrases?|references?|numbers?|figures?|amounts?|percentages?|prices?|rates?|dates?|definitions?|terms?|items?|sub-?paragraphs?|bullets?|entry|entries|name|address)\b[^.;]{0,80}$`)
	deletedNew   = expression.MustCompile(`(?i)\b(?:is|are|shall be|will be)(?: hereby)?(?: further)? (?:(?:deleted|removed|struck|cancelled)(?: in (?:its|their) entirety)?,? and(?: is| are| shall be)?(?: hereby)? )?(?:replaced|substituted|superseded|restated)\b|\b(?:is|are|shall be|will be)(?: hereby)?(?: further)? (?:amended and restated|amended(?: in (?:its|their) entirety)? (?:so as )?to (?:read|provide)|amended by (?:deleting (?:it|the same|such (?:section|clause|paragraph|exhibit|schedule))|replacing (?:it|the same)))\b|\b(?:shall|will)(?: now| hereafter)? read(?: in (?:its|their) entirety)? as follows|\b(?:(?:shall|will) )?(?:henceforth|hereafter|from now on|now)(?: (?:shall|will))? reads?(?: in full)?(?: as follows)?(?: ?:| ?")|\bthere (?:is|are|shall be|will be)(?: hereby)? substituted\b`)
	deleted      = expression.MustCompile(`(?i)\b(?:is|are|shall be|will be)(?: hereby)?(?: further)?(?: amended by being)? (?:deleted|removed|struck|cancelled|repealed|eliminated|(?:intentionally )?omitted)\b|\bshall (?:have|be of) no (?:further )?(?:force|effect)|\b(?:is|are) (?:of )?no (?:further|longer) (?:force|effect|applicable)`)
	inserted     = expression.MustCompile(`(?i)\b(?:is|are|shall be|will be)(?: hereby)?(?: further)? (?:added|inserted|appended|included)\b|\bamended (?:by|to) (?:add(?:ing)?|insert(?:ing)?|includ(?:e|ing)|append(?:ing)?)\b`)
	restated     = expression.MustCompile(`(?i)\b(?:amends? and restates?|amended and restated|superseded and replaced|supersedes and replaces)\b[^.;]{0,60}\bin (?:its|their) entirety`)
	changed      = expression.MustCompile(`(?i)\b(?:amend(?:s|ed|ing)?|chang(?:ed?|es|ing)|modif(?:y|ies|ied|ying)|revis(?:ed?|es|ing)|increas(?:ed?|es|ing)|decreas(?:ed?|es|ing)|reduc(?:ed?|es|ing)|rais(?:ed?|es|ing)|lower(?:s|ed|ing)?|adjust(?:s|ed|ing)?|correct(?:s|ed|ing)?|becomes?|` + movedWord + `)\b|\b(?:replac(?:ed|ing)|substitut(?:ed|ing)|delet(?:ed|ing)|rather than|instead of)\b|" (?:(?:shall|will|is to)(?: now)? (?:be )?read|(?:now |henceforth )?reads)\b`)
	quotedSwap   = expression.MustCompile(`(?i)(?:delet(?:ing|ed)|replac(?:ing|e)|strik(?:ing|e out)|substitut(?:ing|ed)|references? to|the (?:words?|phrase|number|figure|term|date|amount|percentage)s?)[^"“.;]{0,40}"([^"]{1,300})"(?:[^".;]|\.\d){0,80}?(?:with|by|and (?:replac|substitut|insert)\w+(?: it)?(?: with| by| therefor| in (?:its|lieu)[^"]{0,30})?|shall (?:be|read)|is (?:hereby )?(?:changed to|replaced (?:with|by))|are (?:hereby )?(?:changed to|replaced (?:with|by))|there (?:is|are|shall be|will be) (?:hereby )?substituted)[^".;]{0,60}"([^"]{1,300})"`)
	plainSwap    = expression.MustCompile(`(?i)"([^"]{1,300})"(?: in [^".;]{0,60}(?:\.\d[^".;]{0,20})?)? (?:becomes?|(?:is|are|shall be|will be)(?: hereby)? (?:(?:deleted|struck out),? and (?:is |are )?)?(?:(?:replaced|substituted|superseded) (?:by|with)|(?:changed|amended|revised|corrected|modified) to(?: read)?)|(?:shall|will|is to)(?: now)? (?:be )?read(?: as)?|(?:now |henceforth )?reads(?: as)?) (?:(?:a|the) references? to |the (?:words?|phrases?|numbers?|figures?|terms?|dates?|amounts?|percentages?) )?"([^"]{1,300})"`)
	fromTo       = expression.MustCompile(`(?i)\b(?:chang(?:ed?|es|ing)|increas(?:ed?|es|ing)|decreas(?:ed?|es|ing)|reduc(?:ed?|es|ing)|rais(?:ed?|es|ing)|lower(?:s|ed|ing)?|extend(?:s|ed|ing)?|amend(?:s|ed|ing)?|modif(?:y|ies|ied|ying)|revis(?:ed?|es|ing)|adjust(?:s|ed|ing)?|correct(?:s|ed|ing)?|` + movedWord + `)\b((?:[^".;:]|\.\d){0,100}?) from "?((?:[^".;]|\.\d){1,80}?)"? to "?`)
	valueTail    = expression.MustCompile(`(?i),? (?:effective|with effect|as of|as from|beginning|starting|commencing|from and after|for the|in (?:section|clause|article|exhibit|schedule)|and (?:the|all|shall|is|are))\b`)
	yearNext     = expression.MustCompile(`^, ?(?:19|20)\d\d\b`)
	extension    = expression.MustCompile(`(?i)\b(?:initial |current |renewal |lease |license |subscription )?(?:term|expiration date|expiry date|termination date|end date|period of (?:performance|the agreement)|duration)\b[^.;]{0,120}\b(?:is|are|shall be|will be)(?: hereby)?(?: further)? (?:extended|prolonged|renewed)\b|\bhereby (?:agree to )?(?:extends?|renews?|prolongs?) (?:the )?(?:initial |current |renewal )?(?:term|agreement|contract|lease)\b|\b(?:agreement|contract|lease)(?:'s)? (?:is|shall be|will be)(?: hereby)? (?:extended|renewed|prolonged)\b|\b(?:agreement|contract|lease|term) (?:(?:shall|will) )?now (?:ends?|expires?|terminates?|runs|lasts) (?:on|until|to|through)\b|\b(?:agreement|contract|lease|term|term of (?:the|this) (?:agreement|contract|lease)) (?:shall|will) (?:end|expire|terminate) on\b[^.;]{0,40}\binstead of\b`)
	extendedTo   = expression.MustCompile(`(?i)\b(?:to and including|through and including|up to and including|until|through|to|expir(?:es?|ing) on|end(?:s|ing)? on|terminat(?:es?|ing) on)(?: (?:the close of business|midnight|11:59 p\.m\.)[^.;]{0,20} on)? $`)
	newName      = expression.MustCompile(`(?i)\b(` + attachmentRef + `)[^.;]{0,60}\b(?:is|(?:shall|will)(?: henceforth| hereafter| from then on)? be)(?: hereby| henceforth| hereafter| now)? (?:re-?named|re-?titled|re-?lettered|re-?numbered|re-?designated|referred to) (?:as |to )?(?:the )?"?(` + attachmentRef + `)`)
	waived       = expression.MustCompile(`(?i)\b(?:hereby |agrees? to |does )?waives?\b|\b(?:is|are|shall be) (?:hereby )?(?:waived|suspended)\b`)
	restsUntil   = expression.MustCompile(`(?i)\b(?:shall|will) not apply (?:during|for|until|from|in)\b`)
	neverTracked = expression.MustCompile(`(?i)\b(?:jury|presentment|protest|immunit(?:y|ies)|inconvenient forum|forum non conveniens|objections?|defen[cs]es?|moral rights|subrogation|claims? against)\b`)
	keepsRight   = expression.MustCompile(`(?i)\b(?:no|neither|nor|not|nothing|none)\b[^.;]{0,60}$`)
	fromThat     = expression.MustCompile(`(?i)\b(?:with effect (?:from|as of|on)|effective(?: as of| from| on| beginning)?|as of|from and after|commencing(?: on)?|beginning(?: on)?|starting(?: on)?)(?: the)? $`)
	waivedDue    = expression.MustCompile(`(?i)\b(?:late (?:fees?|charges?|payments?)|interest|penalt(?:y|ies)|(?:service )?credits?|liquidated damages|shortfalls?|minimums?|surcharges?|fees?|reports?|audits?|deliver(?:y|ies)|certificates?)\b`)
	someTime     = expression.MustCompile(`(?i)\b(?:for|during|in|from) (?:the )?(?:(?:calendar )?(?:months?|quarters?|years?|period) (?:of |from |ending )?)?(?:january|february|march|april|may|june|july|august|september|october|november|december|q[1-4]|20\d\d)\b`)
	monthsOf     = expression.MustCompile(`(?i)\b(?:for|during|in|from)(?: (?:the )?(?:calendar )?months? (?:of|from))? (january|february|march|april|may|june|july|august|september|october|november|december)(?:,? ?(\d{4}))?(?:,? (?:february|march|april|may|june|july|august|september|october|november),?)*? ?(?:to|through|until|and|-) ?(january|february|march|april|may|june|july|august|september|october|november|december),? ?(\d{4})\b`)
	monthOf      = expression.MustCompile(`(?i)\bfor (?:the )?(?:calendar )?(?:month|months) (?:of |ending )?(january|february|march|april|may|june|july|august|september|october|november|december),? ?(\d{4})`)
	quarterOf    = expression.MustCompile(`(?i)\bfor the (?:calendar )?(first|second|third|fourth|1st|2nd|3rd|4th) (?:calendar )?quarter (?:of )?(\d{4})`)
	yearOf       = expression.MustCompile(`(?i)\b(?:for|during|in) (?:the )?(?:calendar )?year (20\d\d)\b`)
	untilThat    = expression.MustCompile(`(?i)\b(?:until|through|up to)(?: and including)?(?: the)? $`)
	toThat       = expression.MustCompile(`(?i)\bnew (` + clauseWord + ` ?` + clauseNumber + `) (?:is|are|shall be|will be)(?: hereby)? (?:added|inserted|appended) to (?:it|that (?:` + clauseWord + `|` + attachmentWord + `)|the same)\b`)
	spanOf       = expression.MustCompile(`(?i)\b(?:from|between|period)\b`)
)

// Operations reads what a sentence of an amendment does to the contract it amends. The sentence is in
// normal form. A sentence that names a clause but only speaks of a part of it ("the rows for P1 in the table of Section
// 2.2 are replaced") changes a value: the rest of the clause stays.
func Operations(s string) []Operation {
	lower := strings.ToLower(s)
	if !strings.ContainsAny(lower, "abcdefghijklmnopqrstuvwxyz") {
		return nil
	}
	if m := newName.FindStringSubmatchIndex(s); m != nil {
		named := canonical("", s[m[2]:m[3]])
		var ops []Operation
		if other := attachments.FindAllStringIndex(s[m[3]:m[4]], -1); len(other) > 0 { // "Exhibit B is deleted and Exhibit C shall be referred to as Exhibit B"
			at := other[len(other)-1]
			ops = clauseChanges(s[:m[3]+at[0]])
			named, m[0] = canonical("", s[m[3]+at[0]:m[3]+at[1]]), m[3]+at[0]
		}
		ops = append(ops, Operation{Span: Span{m[0], m[1]}, Operation: pact.Operation{Kind: pact.Retitle, Target: named, NewTarget: canonical("", s[m[4]:m[5]]), From: changeDate(s)}})
		if n := toThat.FindStringSubmatchIndex(s); n != nil && n[0] > m[1] { // "and a new paragraph 4 is added to it"
			if t := targets(s[n[2]:n[3]]); len(t) == 1 {
				ops = append(ops, Operation{Span: Span{n[0], n[1]}, Operation: pact.Operation{Kind: pact.Insert, Target: named + " " + t[0].name, From: changeDate(s)}})
			}
		}
		return ops
	}
	if beside, ok := withoutHeading(s); ok {
		if !strings.ContainsAny(beside, "0123456789") || len(unquoted(targets(beside), beside)) == 0 {
			return nil
		}
		s = beside
	}
	if ops, ok := commanded(s); ok {
		return ops
	}
	if op, ok := extensionOf(s); ok {
		return []Operation{op}
	}
	if op, ok := endOf(s); ok {
		return []Operation{op}
	}
	if ops := clauseEnds(s); len(ops) > 0 {
		return ops
	}
	if m := waived.FindStringIndex(s); m != nil && !precedes(deletedNew.FindStringIndex(s), m) { // the new words of a clause may waive
		if keepsRight.MatchString(s[:m[0]]) {
			return nil // "Nothing in this Amendment waives": it gives nothing up
		}
		return waiver(s, m)
	}
	if m := restsUntil.FindStringIndex(s); m != nil && deletedNew.FindStringIndex(s) == nil {
		if _, known := periodOf(s); known {
			return waiver(s, m)
		}
	}
	if m := restated.FindStringIndex(s); m != nil && len(targets(s[:m[0]])) == 0 && len(targets(s[m[0]:m[1]])) == 0 && wholePaper.MatchString(s) {
		return []Operation{{Span: Span{m[0], m[1]}, Operation: pact.Operation{Kind: pact.Restate, From: changeDate(s)}}}
	}
	if ops := clauseChanges(s); len(ops) > 0 {
		return ops
	}
	return ofAmendment(s)
}

func precedes(a, b []int) bool { return a != nil && a[0] < b[0] }

// clauseChanges reads changes of named clauses: of each target that stands before the verb. Words that are changed may be told
// without a clause ("the liability cap is raised from … to …"): then the subject tells which term it is.
func clauseChanges(s string) []Operation {
	if ops := amendedSoThat(s); ops != nil {
		return ops
	}
	verb, kind := verbOf(s)
	if verb == nil {
		return onlyNew(s)
	}
	sw, swapped := swapIn(s)
	var named []target
	for _, t := range targets(s) {
		switch {
		case swapped && (sw.old.holds(t.Span) || sw.now.holds(t.Span)): // the words that change are references themselves
		case t.End <= verb[0]+1, kind == pact.Insert && len(named) == 0, swapped && inClause.MatchString(s[:t.Start]):
			named = append(named, t)
		}
	}
	old, now := sw.words(s)
	gone := sw.old
	if swapped {
		if by := raisedBy.FindStringIndex(s[:gone.Start]); by != nil { // "is increased by USD 8,000 from USD 40,000": neither is a value of the amendment
			gone.Start = by[0]
		}
	}
	if len(named) == 0 {
		if !swapped {
			return nil
		}
		op := pact.Operation{Kind: pact.ChangeValue, Terms: subjectsOf(s, sw), Old: old, New: now, From: changeDate(s)}
		return []Operation{{Span: sw.around(verb), Operation: op, OldAt: gone}}
	}
	var out []Operation
	for _, t := range named {
		k := kind
		switch {
		case k == pact.Insert:
		case swapped, partOf.MatchString(s[max(0, t.Start-90):t.Start]):
			k = pact.ChangeValue
		}
		op := Operation{Span: Span{min(t.Start, verb[0]), max(t.End, verb[1])}, Operation: pact.Operation{Kind: k, Target: t.name, From: changeDate(s)}}
		if k == pact.ChangeValue {
			op.Old, op.New, op.OldAt = old, now, gone
		}
		out = append(out, op)
		if k == pact.Insert {
			break // "a new Section 7.5 is added after Section 7.4": one clause comes in
		}
	}
	return out
}

// verbOf finds what is done: the most telling verb first.
func verbOf(s string) ([]int, pact.OperationKind) {
	if w, ok := turned(s); ok {
		return []int{min(w.old.Start, w.now.Start), max(w.old.End, w.now.End)}, pact.ChangeValue
	}
	if m := deletedNew.FindStringIndex(s); m != nil {
		if _, ok := exchanged(s); ok {
			return m, pact.ChangeValue
		}
		return m, pact.Replace
	}
	if m := inserted.FindStringIndex(s); m != nil {
		if d := deleted.FindStringIndex(s); d == nil || d[0] > m[0] {
			return m, pact.Insert
		}
	}
	if m := deleted.FindStringIndex(s); m != nil {
		if _, ok := swapIn(s); ok {
			return m, pact.ChangeValue
		}
		return m, pact.Delete
	}
	if m := changed.FindStringIndex(s); m != nil {
		if _, ok := swapIn(s); ok {
			return m, pact.ChangeValue
		}
	}
	if m := ordered.FindStringIndex(s); m != nil {
		if _, ok := swapIn(s); ok {
			return m, pact.ChangeValue
		}
	}
	return nil, ""
}

// swap is where the words stand that go, and those that come.
type swap struct{ old, now Span }

func (w swap) words(s string) (old, now string) {
	return strings.TrimSpace(s[w.old.Start:w.old.End]), strings.TrimSpace(s[w.now.Start:w.now.End])
}

// around is the stretch of a sentence from its verb to both words.
func (w swap) around(verb []int) Span {
	return Span{min(verb[0], w.old.Start), max(verb[1], w.now.End)}
}

func (sp Span) holds(o Span) bool { return sp.Start <= o.Start && o.End <= sp.End }

// swapIn finds the words that go and the words that come, where both are quoted or stand as "from X to Y".
func swapIn(s string) (swap, bool) {
	if w, ok := turned(s); ok {
		return w, true
	}
	for _, e := range []*expression.Expression{quotedSwap, plainSwap} {
		if m := e.FindStringSubmatchIndex(s); m != nil {
			return swap{Span{m[2], m[3]}, Span{m[4], m[5]}}, true
		}
	}
	if w, ok := exchanged(s); ok {
		return w, true
	}
	m := fromTo.FindStringSubmatchIndex(s)
	if m == nil || strings.EqualFold(s[m[4]:m[5]], "time") || newWords.MatchString(s[m[2]:m[3]]) { // "as amended from time to time"
		return swap{}, false
	}
	if _, ok := valueAt(s[m[4]:m[5]]); !ok && moves.MatchString(s[m[0]:]) { // "moves from the first floor to the second"
		return swap{}, false
	}
	end := m[1] + valueEnd(s[m[1]:])
	if v, ok := valueAt(s[m[1]:end]); ok {
		if k := underClause.FindStringIndex(s[m[1]+v.End : end]); k != nil {
			end = m[1] + v.End + k[0]
		}
	}
	if strings.TrimSpace(s[m[1]:end]) == "" || end-m[1] > 120 {
		return swap{}, false
	}
	return swap{Span{m[4], m[5]}, Span{m[1], end}}, true
}

// valueEnd is where a value that stands without quotes ends: at a comma or stop that is no part of a number or a date ("$12,500.50",
// "December 31, 2027"), or where the sentence goes on to say when or where.
func valueEnd(s string) int {
	digit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	end := len(s)
	for i := 0; i < len(s) && end == len(s); i++ {
		switch s[i] {
		case '"', ';', '\n':
			end = i
		case '.', ',':
			if digit(i-1) && (digit(i+1) || yearNext.MatchString(s[i:])) {
				continue
			}
			end = i
		}
	}
	if m := valueTail.FindStringIndex(s[:end]); m != nil {
		end = m[0]
	}
	return end
}

// underClause stands behind a new value, and tells which clause states it.
var underClause = expression.MustCompile(`(?i),? (?:under|pursuant to|of|(?:as )?(?:set out|set forth|stated) in) (?:the )?` + clauseWord + ` `)

// raisedBy stands before the value that goes, where the sentence says by how much it changes.
var raisedBy = expression.MustCompile(`(?i)\bby (?:[^".;]|\.\d){1,60}? from "?$`)

// newWords stands before the new words of a clause, in which something may run from Monday to Friday.
var newWords = expression.MustCompile(`(?i)\b(?:read|add|insert|includ|follow|replac|delet|provid|restat|stat)\w*\b`)

// inClause is what stands before a clause that the sentence names behind its verb: "is replaced by … in Section 3.2".
var inClause = expression.MustCompile(`(?i)\b(?:in|of|under|within|throughout|at)(?: the)?(?: (?:first|second|third|last|opening) (?:sentence|paragraph) of)? $`)

// subjects are the terms that a sentence may name instead of a clause.
var subjects = []struct {
	term string
	said *expression.Expression
}{
	{"liability_cap", expression.MustCompile(`(?i)\b(?:liability cap|cap on (?:\w+ ){0,3}liability|limit(?:ation)? (?:of|on) (?:\w+ ){0,3}liability|(?:aggregate|maximum|total) liability)\b`)},
	{"uptime_target", expression.MustCompile(`(?i)\b(?:uptime|availability)\b`)},
	{"notice_period", expression.MustCompile(`(?i)\b(?:notice period|period of notice)\b`)},
	{"payment_terms", expression.MustCompile(`(?i)\b(?:payment (?:terms?|period)|terms? of payment)\b`)},
	{"governing_law", expression.MustCompile(`(?i)\b(?:governing law|law that governs)\b`)},
	{"minimum_commitment", expression.MustCompile(`(?i)\bminimum (?:\w+ ){0,2}(?:commitment|purchases?|spend|volume)\b`)},
	{"renewal_term", expression.MustCompile(`(?i)\brenewal (?:term|period)\b`)},
	{"expiration_date", expression.MustCompile(`(?i)\b(?:expir(?:ation|y) date|end date)\b`)},
	{"annual_contract_value", expression.MustCompile(`(?i)\bannual (?:(?:subscription|licen[cs]e|service|support|maintenance) )?(?:contract value|fees?)\b`)},
	{"total_contract_value", expression.MustCompile(`(?i)\b(?:total contract value|contract price)\b`)},
	{"claim_window", expression.MustCompile(`(?i)\bclaim (?:window|period)\b`)},
}

// subjectsOf gives the one term that a sentence names outside the words that change; nil where it names none, or several.
func subjectsOf(s string, sw swap) []string {
	first, second := sw.old, sw.now
	if second.Start < first.Start {
		first, second = second, first
	}
	return termsNamed(s[:first.Start] + " " + s[first.End:second.Start] + " " + s[second.End:])
}

// insuredLimit tells that the limit a sentence speaks of is one of an insurance, and caps nobody's liability.
var insuredLimit = expression.MustCompile(`(?i)\b(?:insurance|indemnity cover|policy limits?)\b`)

func termsNamed(s string) []string {
	var out []string
	for _, x := range subjects {
		if x.said.MatchString(s) && (x.term != "liability_cap" || !insuredLimit.MatchString(s)) {
			out = append(out, x.term)
		}
	}
	if len(out) != 1 {
		return nil
	}
	return out
}

type target struct {
	Span
	name string
}

// targets finds the clauses and attachments a sentence names, in the way Passage.Clause numbers them.
func targets(s string) []target {
	var out []target
	for _, m := range clauseRefs.FindAllStringSubmatchIndex(s, 12) {
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return s[m[2*i]:m[2*i+1]]
		}
		if otherPaper.MatchString(s[m[1]:]) {
			continue
		}
		at := Span{m[0], m[1]}
		if attachment := group(4); attachment != "" {
			out = append(out, target{at, canonical(group(5), attachment)})
			continue
		}
		if !numbered(group(1)) {
			continue // "section a party" is no reference
		}
		out = append(out, target{at, canonical(group(1), group(3))})
		if second := group(2); second != "" && numbered(second) {
			out = append(out, target{at, canonical(second, group(3))})
		}
	}
	return out
}

// numbered refuses a small letter alone, which is a word as often as a clause.
func numbered(number string) bool {
	return number != "" && (number[0] >= '0' && number[0] <= '9' || number == strings.ToUpper(number) && len(number) > 0)
}

// canonical is a clause as documents number it: "Exhibit B 2.1", "7.2(a)".
func canonical(number, attachment string) string {
	number = strings.ReplaceAll(number, " ", "")
	if attachment == "" {
		return number
	}
	fields := strings.Fields(strings.NewReplacer(`"`, "", "No.", "", "no.", "").Replace(attachment))
	if len(fields) < 2 {
		return strings.TrimSpace(number + " " + attachment)
	}
	name := strings.ToUpper(fields[0][:1]) + strings.ToLower(fields[0][1:]) + " " + strings.ToUpper(fields[1])
	if number != "" {
		name += " " + number
	}
	return name
}

// extensionOf reads "the term is extended by 12 months", "until 31 December 2027".
func extensionOf(s string) (Operation, bool) {
	m := extension.FindStringIndex(s)
	if m == nil {
		return Operation{}, false
	}
	op := Operation{Span: Span{m[0], len(s)}, Operation: pact.Operation{Kind: pact.Extend}}
	rest := s[m[0]:]
	for _, d := range Dates(rest) {
		if d.Date != "" && extendedTo.MatchString(rest[:d.Start]) {
			op.To, op.End = d.Date, m[0]+d.End
		}
	}
	if op.To == "" {
		for _, d := range Durations(rest) {
			if len(d.Readings) > 0 {
				op.Blank = "How much longer does the term run? Words and figures differ."
				continue
			}
			if d.Start < m[1]-m[0] {
				continue // the length of the term before
			}
			length := d.Duration
			op.By, op.End = &length, m[0]+d.End
			break
		}
	}
	if op.By == nil && op.To == "" && op.Blank == "" {
		op.Blank = "Until when, or by how much, is the term extended?"
	}
	op.From = changeDate(s[:m[1]])
	return op, true
}

// endOf reads that the agreement ends early, "is hereby terminated as of December 31, 2026": the last day moves, as with an extension. A
// person says which day is the last one, and that nothing renews any more.
func endOf(s string) (Operation, bool) {
	m := endsEarly.FindStringIndex(s)
	if m == nil || mayEnd.MatchString(s[:m[1]]) {
		return Operation{}, false
	}
	for _, d := range Dates(s[m[0]:]) {
		if d.Date != "" && m[0]+d.Start <= m[1]+1 {
			return Operation{
				Span: Span{m[0], m[0] + d.End}, Operation: pact.Operation{Kind: pact.Extend, To: d.Date},
				Blank: "The agreement ends early. Is " + string(d.Date) + " its last day? Correct the day, and state that it does not renew any more where it did.",
			}, true
		}
	}
	return Operation{}, false
}

// newWordsBefore tells whether a place stands in the new words of a clause: what these say of an end is not said of the old ones.
func newWordsBefore(s string, at int) bool {
	for _, verb := range []*expression.Expression{deletedNew, inserted} {
		if m := verb.FindStringIndex(s); m != nil && m[1] <= at && strings.ContainsAny(s[m[1]:at], ":\"") {
			return true
		}
	}
	return false
}

// clauseEnds reads that a clause, or the one term that the sentence names, ends on a day: "Section 9 shall cease to apply from 1 July 2027". Where
// a duty of the clause ends, a person says whether all of it does.
func clauseEnds(s string) []Operation {
	for _, d := range Dates(s) {
		m := ceases.FindStringSubmatchIndex(s[:d.Start])
		if d.Date == "" || m == nil || onlyIf.MatchString(s[:m[0]]) || newWordsBefore(s, m[0]) {
			continue
		}
		op := pact.Operation{Kind: pact.Delete, From: d.Date}
		if m[2] >= 0 && itsLast.MatchString(s[m[4]:m[5]]) {
			op.From = d.Date.AddDays(1) // "ends on 30 June": that is its last day
		}
		var out []Operation
		for _, t := range targets(s[:m[0]]) {
			op.Target = t.name
			one := Operation{Span: Span{t.Start, d.End}, Operation: op}
			if ofDuty.MatchString(s[:t.Start]) {
				one.Blank = "Does all of " + t.name + " end, or which of its terms and obligations do?"
			}
			out = append(out, one)
		}
		if op.Terms = termsNamed(s[:m[0]]); len(out) == 0 && len(op.Terms) > 0 {
			out = append(out, Operation{Span: Span{m[0], d.End}, Operation: op})
		}
		return out
	}
	return nil
}

// Awaited finds the condition on which an amendment takes effect, "upon receipt of the Board's approval", where the sentence gives no day.
func Awaited(s string) (condition string, at Span, ok bool) {
	m := awaited.FindStringSubmatchIndex(s)
	if m == nil {
		return "", Span{}, false
	}
	if m[2] < 0 {
		m[2], m[3] = m[4], m[5]
	}
	for _, d := range Dates(s[m[2]:]) {
		if d.Date != "" {
			return "", Span{}, false
		}
	}
	condition = strings.TrimSpace(s[m[2]:m[3]])
	for _, until := range []string{"unless and until ", "until "} { // "shall not take effect until it is approved": when it is
		if after, ok := strings.CutPrefix(condition, until); ok {
			condition = "when " + after
		}
	}
	return condition, Span{m[0], m[1]}, true
}

var (
	attachments = expression.MustCompile(`(?i)\b` + attachmentRef)
	endsEarly   = expression.MustCompile(`(?i)\b(?:agreement|contract|lease|msa|sow|statement of work|order form) (?:is|shall be|will be)(?: hereby)?(?: mutually)? (?:terminated|ended|cancelled)(?: by mutual (?:agreement|consent))?,?(?: with effect| effective)? (?:as of|as from|on|from)(?: the)?\b`)
	mayEnd      = expression.MustCompile(`(?i)\b(?:if|unless|once|when|whenever|after|may|in the event|(?:any|each|an|another|other|such) (?:agreement|contract|lease|msa|sow|statement of work|order form))\b`)
	// ceases stands before the day on which something ends; its first group is an end whose day may be the last one
	ceases  = expression.MustCompile(`(?i)\b(?:(?:(?:shall|will)(?: hereby)? )?ceases? to (?:apply|bind|(?:be|have|remain)\b[\w ]{0,30}?\b(?:force|effect|effective|applicable))|(?:shall|will) no longer (?:apply|be (?:in (?:force|effect)|effective|applicable))|((?:(?:shall|will) )?(?:ends?|terminates?|expires?|lapses?)|(?:is|are|shall be|will be)(?: hereby)? (?:terminated|discontinued|revoked|withdrawn)))(?: and (?:shall )?(?:be|is|are) of no [\w ]{3,30})?,? ((?:with effect|effective)(?: from| on| as of)?|as from|from and after|from|beginning|as of|on|at the end of|at (?:the )?close of(?: business on)?)(?: the)? $`)
	itsLast = expression.MustCompile(`(?i)^(?:as of|on|at )`)
	onlyIf  = expression.MustCompile(`(?i)\b(?:if|unless|once|when|whenever|until|in the event|to the extent)\b`)
	ofDuty  = expression.MustCompile(`(?i)\b(?:dut(?:y|ies)|obligations?|requirements?|rights?|services?|licen[cs]es?|commitments?|reports?)\b[^.;]{0,120}$`)
	awaited = expression.MustCompile(`(?i)\b(?:this|the) (?:amendment|addendum|restatement|waiver|letter|agreement|change order)\b(?:(?: no\.? ?\d+)? to the [^.;]{1,240}?)?(?: no\.? ?\d+)? (?:` +
		`(?:(?:shall|will|does|is|are) )?(?:not )?(?:(?:only )?(?:takes? effect|becomes? effective|be effective|is effective|effective|come into (?:force|effect)|comes into (?:force|effect)|enters? into (?:force|effect)))(?: only)? ((?:upon|on|subject to|conditional (?:up)?on|once|when|after|unless and until|until)\b[^.;]{0,80}\b(?:approvals?|approv(?:ed?|es)|consents?|consented|ratif\w+|authori[sz]ed|satisf\w+|receipt|receives?|received|payments?|pays|paid|closing|completion|clearances?|conditions?)\b[^.;]{0,80})` +
		`|(?:is|are|shall be) (?:(?:expressly|strictly) )?((?:subject to|conditional (?:up)?on|conditioned (?:up)?on|contingent (?:up)?on)\b[^.;]{0,80}\b(?:approvals?|consents?|ratification|receipt|payment|clearances?)\b[^.;]{0,80}))`)
)

// waiver reads what is given up and for how long. A waiver whose end the sentence does not say is asked; so is what is waived
// where the sentence names no clause, and no term the register knows. What nobody tracks (a jury, presentment) is none.
func waiver(s string, verb []int) []Operation {
	period, known := periodOf(s)
	var out []Operation
	for _, t := range targets(s) {
		op := Operation{Span: Span{min(verb[0], t.Start), max(verb[1], t.End)}, Operation: pact.Operation{Kind: pact.Waive, Target: t.name, From: period.From, Until: period.Until}}
		if !known {
			op.Blank = "For which time is " + t.name + " waived?"
		}
		out = append(out, op)
	}
	if len(out) > 0 || neverTracked.MatchString(s) {
		return out
	}
	terms := termsNamed(s)
	if !known && len(terms) == 0 && !waivedDue.MatchString(s) && !someTime.MatchString(s) {
		return nil
	}
	op := Operation{Span: Span{verb[0], len(s)}, Operation: pact.Operation{Kind: pact.Waive, Terms: terms, From: period.From, Until: period.Until}}
	switch what := "Which clause, term or obligation is waived?"; {
	case len(terms) == 0 && !known:
		op.Blank = what + " And for which time?"
	case len(terms) == 0:
		op.Blank = what
	case !known:
		op.Blank = "For which time is it waived?"
	}
	return []Operation{op}
}

// periodOf reads the time a sentence speaks of: a month, a quarter, or from one date to another (both included).
func periodOf(s string) (calendar.Period, bool) {
	if m := monthOf.FindStringSubmatch(s); m != nil {
		first := makeDate(m[2], month(m[1]), "1")
		return calendar.Period{From: first, Until: first.AddMonths(1)}, true
	}
	if m := monthsOf.FindStringSubmatch(s); m != nil { // "for January to March 2027"
		year := m[2]
		if year == "" {
			year = m[4]
		}
		first, last := makeDate(year, month(m[1]), "1"), makeDate(m[4], month(m[3]), "1")
		if first != "" && last != "" && first <= last {
			return calendar.Period{From: first, Until: last.AddMonths(1)}, true
		}
	}
	if m := quarterOf.FindStringSubmatch(s); m != nil {
		n := map[byte]int{'f': 0, '1': 0, 's': 1, '2': 1, 't': 2, '3': 2, '4': 3}[strings.ToLower(m[1])[0]]
		if strings.HasPrefix(strings.ToLower(m[1]), "fo") {
			n = 3
		}
		first := makeDate(m[2], 1+3*n, "1")
		return calendar.Period{From: first, Until: first.AddMonths(3)}, true
	}
	if m := yearOf.FindStringSubmatch(s); m != nil {
		first := makeDate(m[1], 1, "1")
		return calendar.Period{From: first, Until: first.AddMonths(12)}, true
	}
	dates := Dates(s)
	if len(dates) == 2 && dates[0].Date != "" && dates[0].Date <= dates[1].Date && spanOf.MatchString(s[:dates[0].Start]) {
		return calendar.Period{From: dates[0].Date, Until: dates[1].Date.AddDays(1)}, true
	}
	if len(dates) == 1 && dates[0].Date != "" && untilThat.MatchString(s[:dates[0].Start]) { // from the day of the amendment
		return calendar.Period{Until: dates[0].Date.AddDays(1)}, true
	}
	return calendar.Period{}, false
}

// changeDate reads the day of the change where the sentence states it.
func changeDate(s string) calendar.Date {
	for _, d := range Dates(s) {
		if d.Date != "" && fromThat.MatchString(s[:d.Start]) {
			return d.Date
		}
	}
	return ""
}
