package wording

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

var (
	// command is an order to the reader of an amendment, at the beginning of a sentence or behind the clause that it is about: "Delete
	// Section 7.3", "Section 7.3: delete in its entirety". Its first group is what stands before the verb, its second the verb.
	command = expression.MustCompile(`(?i)^(?:\(?(?:[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}|[a-z]|[ivx]{1,5})[.)] ?)?(?:(?:the )?parties(?: hereby| now)? agree to )?([^":;]{0,80}: ?)?(delete|strike(?: out)?|remove|omit|replace|substitute|insert|add|append)\b`)
	// comesIn is what a command puts in the place of what it names, or does beside it.
	comesIn   = expression.MustCompile(`(?i)\b(?:with|by|and|for)\b`)
	asNew     = expression.MustCompile(`(?i)\b(?:new|as(?: an?)?(?: new)?) $`)
	newClause = expression.MustCompile(`(?i)\bnew $`)
	putsNew   = expression.MustCompile(`(?i)\band (?:replace|substitute|insert)\b`)
	// rather stands between a value that comes and the one that goes: "five (5) Business Days rather than ten (10) Business Days".
	rather = expression.MustCompile(`(?i)\b(?:shall be|will be|shall (?:end|expire) on|is|are|be|ends on|expires on|to) "?((?:[^".;]|\.\d){1,80}?)"?,? (?:rather than|instead of|in place of|and not) "?`)
	// given is a value with the clause that states it, before the one that takes its place: "the fee of USD 18,000 stated in Section 3.1 is
	// substituted by a fee of USD 17,250". Behind "increased by" stands how much it changes, and the new value behind "to".
	given = expression.MustCompile(`(?i)\b(?:is|are|shall be|will be)(?: hereby)?(?: (?:deleted|struck)(?: out)?,? and)? (?:(?:replaced|substituted|superseded) (?:with|by)|(?:changed|amended|revised|increased|reduced|raised|lowered|decreased|moved|postponed|corrected)( by (?:[^".;:]|\.\d){1,60}?)? to)\b`)
)

// commanded reads a sentence that tells what to do with the clauses of the amended contract, and whether it is one.
func commanded(s string) ([]Operation, bool) {
	m := command.FindStringSubmatchIndex(s)
	if m == nil || m[2] >= 0 && len(targets(s[m[2]:m[3]])) == 0 {
		return nil, false
	}
	at := Span{m[4], m[5]}
	if sw, ok := swapIn(s); ok {
		op := pact.Operation{Kind: pact.ChangeValue, From: changeDate(s)}
		op.Old, op.New = sw.words(s)
		for _, t := range targets(s) {
			if !sw.old.holds(t.Span) && !sw.now.holds(t.Span) {
				op.Target = t.name
				break
			}
		}
		if op.Target == "" {
			op.Terms = subjectsOf(s, sw)
		}
		return []Operation{{Span: sw.around([]int{at.Start, at.End}), Operation: op, OldAt: sw.old}}, true
	}
	var named []target
	if m[2] >= 0 {
		named = targets(s[:m[3]])
	}
	verb := strings.ToLower(s[at.Start:at.End])
	if verb == "insert" || verb == "add" || verb == "append" {
		for _, t := range targets(s) {
			if t.Start > at.End && (len(named) == 0 || asNew.MatchString(s[:t.Start])) {
				named = []target{t}
			}
		}
		if len(named) == 0 {
			return nil, false
		}
		op := pact.Operation{Kind: pact.Insert, Target: named[0].name, From: changeDate(s)}
		return []Operation{{Span: Span{min(at.Start, named[0].Start), max(at.End, named[0].End)}, Operation: op}}, true
	}
	kind := pact.Delete
	if verb == "replace" || verb == "substitute" || putsNew.MatchString(s[at.End:]) {
		kind = pact.Replace
	}
	var comes *target // "remove Section 7.3 and insert a new Section 7.4"
	if put := putsNew.FindStringIndex(s[at.End:]); put != nil && verb != "replace" && verb != "substitute" {
		for _, t := range targets(s) {
			if t.Start > at.End+put[1] && t.Start < at.End+put[1]+40 && newClause.MatchString(s[:t.Start]) {
				comes = &t
				break
			}
		}
	}
	if len(named) == 0 {
		named = targets(s)
		for _, c := range comesIn.FindAllStringIndex(s[at.End:], -1) { // "Sections 4 and 5" goes on behind the word
			from := at.End + c[0]
			if len(named) > 0 && from > named[0].End && !within(named, from) {
				for len(named) > 0 && named[len(named)-1].Start > from {
					named = named[:len(named)-1]
				}
				break
			}
		}
	}
	var out []Operation
	if comes != nil && (len(named) == 0 || named[0].name != comes.name) {
		kind = pact.Delete
	} else {
		comes = nil
	}
	for _, t := range named {
		k := kind
		if partOf.MatchString(s[at.End:max(at.End, t.Start)]) {
			k = pact.ChangeValue
		}
		out = append(out, Operation{Span: Span{min(at.Start, t.Start), max(at.End, t.End)}, Operation: pact.Operation{Kind: k, Target: t.name, From: changeDate(s)}})
	}
	if comes != nil {
		out = append(out, Operation{Span: comes.Span, Operation: pact.Operation{Kind: pact.Insert, Target: comes.name, From: changeDate(s)}})
	}
	return out, len(out) > 0
}

func within(named []target, at int) bool {
	for _, t := range named {
		if t.Start <= at && at < t.End {
			return true
		}
	}
	return false
}

var moves = expression.MustCompile(`(?i)^(?:` + movedWord + `)\b`)

// exchanged finds two values without quotes of which one takes the place of the other.
func exchanged(s string) (swap, bool) {
	if m := rather.FindStringSubmatchIndex(s); m != nil && len(targets(s)) > 0 && !atRenewal.MatchString(s) {
		end := m[1] + valueEnd(s[m[1]:])
		if v, ok := valueAt(s[m[1]:end]); ok && v.Start == 0 {
			if w, ok := valueAt(s[m[2]:m[3]]); ok && w.kind == v.kind {
				return swap{old: Span{m[1], m[1] + v.End}, now: Span{m[2] + w.Start, m[2] + w.End}}, true
			}
		}
	}
	m := given.FindStringSubmatchIndex(s)
	if m == nil {
		return swap{}, false
	}
	come, ok := valueAt(s[m[1]:])
	if !ok || strings.ContainsAny(s[m[1]:m[1]+come.Start], `";:`) || m[2] >= 0 && come.Start > len(" a total of ") {
		return swap{}, false
	}
	var gone []value
	for _, v := range values(s[:m[0]]) {
		if v.kind == come.kind {
			gone = append(gone, v)
		}
	}
	if len(gone) != 1 || !ofValue.MatchString(s[:gone[0].Start]) {
		return swap{}, false
	}
	return swap{old: gone[0].Span, now: Span{m[1] + come.Start, m[1] + come.End}}, true
}

// atRenewal is a value that comes with a renewal alone, and not with the amendment.
var atRenewal = expression.MustCompile(`(?i)\b(?:for|during|in|upon|on|at|from) (?:a|an|any|each|every|the)? ?(?:first |next |following )?renewal\b`)

var ofValue = expression.MustCompile(`(?i)\b(?:of|at|on|by)(?: (?:a|an|the))? "?$`)

// comeTo stands before a value that a clause is to have, whatever it had before: "the fee in Section 3.1 is increased to".
var comeTo = expression.MustCompile(`(?i)\b(?:(?:is|are|shall be|will be|be)(?: hereby| now| further)? (?:increased|decreased|raised|reduced|lowered|changed|amended|revised|adjusted|corrected|extended|shortened|lengthened|set|fixed|moved|postponed|deferred|put (?:off|back)|brought forward)|(?:shall |will )?(?:go(?:es)? (?:up|down)|rises?|falls?|increases?|decreases?|moves?)|(?:agree to|hereby|shall|will) (?:increases?|decreases?|raises?|reduces?|lowers?|changes?|extends?|shortens?)\b[^".;:]{0,80}(?:\.\d[^".;:]{0,60})?) to(?: be| read)? (?:(?:a|an|the)(?: (?:total|amount|sum|rate|period|maximum|minimum)(?: of)?)? )?$|\b(?:shall|will|is to)(?: henceforth| hereafter| now| from now on| from then on| instead)? be (?:(?:a|an|the)(?: (?:total|amount|sum|rate|period)(?: of)?)? )?$|\b(?:shall |will )?(?:henceforth|hereafter|from now on|now) (?:is|are|be|provides for|amounts to) $|\bbecomes? $`)

// statedIn stands before the clause that states a value: "the payment period set out in Section 3.2".
var statedIn = expression.MustCompile(`(?i)\b(?:in|of|under|at|by)(?: the)? $`)

// onlyNew reads a value that a clause is to have where the sentence does not say which one it had: "the monthly fee in Section 3.1 is increased to
// USD 19,500". Which words go, the amended clause says. Where another value of the kind follows, a person says what each is.
func onlyNew(s string) []Operation {
	all := values(s)
	for i, v := range all {
		m := comeTo.FindStringIndex(s[:v.Start])
		if m == nil || conditional.MatchString(s[:m[0]]) || atRenewal.MatchString(s) {
			continue
		}
		for _, t := range targets(s[:m[1]]) {
			if t.Start == 0 || !statedIn.MatchString(s[:t.Start]) {
				continue
			}
			op := pact.Operation{Kind: pact.ChangeValue, Target: t.name, Terms: termsNamed(s[:v.Start]), New: s[v.Start:v.End], From: changeDate(s)}
			one := Operation{Span: Span{min(t.Start, m[0]), v.End}, Operation: op}
			if slices.ContainsFunc(all[i+1:], func(o value) bool { return o.kind == v.kind && (v.kind != 'd' || !fromThat.MatchString(s[:o.Start])) }) {
				one.New, one.End = "", len(s)
				one.Blank = "The sentence gives more than one value. Which of them does " + t.name + " have from then on, and does another clause change? Correct the change, and state what else holds as a term of this review."
			}
			return []Operation{one}
		}
		return nil
	}
	return nil
}

var conditional = expression.MustCompile(`(?i)\b(?:if|unless|whenever|in the event|to the extent|provided that|in accordance with|pursuant to|subject to|calculated|determined)\b`)

// OfKind finds the values of a text that are of the kind that words are, such as the one amount of money of a clause; nil where the words are no
// value alone.
func OfKind(s, words string) []Span {
	as := values(words)
	if len(as) != 1 || strings.TrimSpace(words[:as[0].Start]+words[as[0].End:]) != "" {
		return nil
	}
	var out []Span
	for _, v := range values(s) {
		if v.kind == as[0].kind {
			out = append(out, v.Span)
		}
	}
	return out
}

// value is a stretch that says an amount of money, a percentage, a length of time or a day.
type value struct {
	Span
	kind byte // '$', '%', 'n' or 'd'
}

// values finds the values of a text, in their order; what lies inside another one is none.
func values(s string) []value {
	var out []value
	add := func(at Span, kind byte) {
		for _, v := range out {
			if v.Start < at.End && at.Start < v.End {
				return
			}
		}
		out = append(out, value{at, kind})
	}
	for _, d := range Dates(s) {
		add(d.Span, 'd')
	}
	for _, m := range Sums(s) {
		add(m.Span, '$')
	}
	for _, p := range Percents(s) {
		add(p.Span, '%')
	}
	for _, d := range Durations(s) {
		add(d.Span, 'n')
	}
	slices.SortFunc(out, func(a, b value) int { return a.Start - b.Start })
	return out
}

func valueAt(s string) (value, bool) {
	if v := values(s); len(v) > 0 {
		return v[0], true
	}
	return value{}, false
}

// otherPaper stands behind a clause that is none of the amended contract: "Paragraph 2 of Amendment No. 1", "Section 4 of this Amendment".
var otherPaper = expression.MustCompile(`(?i)^(?: ?\([^()]{1,80}\))?,? (?:of|to|in) ((?:the |said |our )?(?:(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|prior|previous|earlier|\d{1,2}(?:st|nd|rd|th)) )?(?:amendment|addendum|side letter|change order)\b(?: (?:no\.?|number|nr\.?|#) ?[a-z0-9]{1,8}\b)?|this (?:amendment|addendum|letter|change order|instrument|deed)\b)`)

// ofAmendment is a sentence that changes what an earlier amendment said. Whether that is a clause of the contract, or a change that was made to
// one, only a person can say.
func ofAmendment(s string) []Operation {
	for _, m := range clauseRefs.FindAllStringIndex(s, 12) {
		p := otherPaper.FindStringSubmatch(s[m[1]:])
		if p == nil || strings.HasPrefix(strings.ToLower(p[1]), "this") {
			continue
		}
		if verb, _ := verbOf(s); verb == nil && !changed.MatchString(s) && !command.MatchString(s) {
			continue
		}
		return []Operation{{
			Span: Span{m[0], m[1] + len(p[0])}, Operation: pact.Operation{Kind: pact.ChangeValue, From: changeDate(s)},
			Blank: "This changes " + s[m[0]:m[1]] + " of " + p[1] + ". Which clause of the contract does it change, and how? Correct the change, or reject it and state what holds from then on as a term of this review.",
		}}
	}
	return nil
}
