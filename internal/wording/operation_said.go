package wording

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

const theWords = `(?:(?:a|the) (?:words?|phrases?|numbers?|figures?|terms?|dates?|amounts?|percentages?) )?`

var (
	// comesFor names what comes before what goes: "substituting "4 hours" for "8 hours"", ""4 hours" is substituted for "8 hours"".
	comesFor = expression.MustCompile(`(?i)(?:\bsubstitut(?:es?|ing) ` + theWords + `"([^"]{1,300})"|"([^"]{1,300})" (?:is|are|shall be|will be)(?: hereby)? substituted)(?: in [^".;]{0,60}(?:\.\d[^".;]{0,20})?)? for ` + theWords + `"([^"]{1,300})"`)
	// raisedTo is two quoted values without a "from": "by increasing "USD 1,000,000" to "USD 2,000,000"".
	raisedTo = expression.MustCompile(`(?i)\b(?:chang|increas|decreas|reduc|rais|lower|amend|revis|adjust|correct|extend|shorten)(?:es|e|s|ing)? ` + theWords + `"([^"]{1,300})" to (?:read )?"([^"]{1,300})"`)
	// swapped words tell that something is done with them, also as an order behind the clause: "In Section 2.2, replace "x" with "y"".
	ordered = expression.MustCompile(`(?i)\b(?:replac|substitut|delet)es?\b`)
	// soThat stands before what an amended clause is to say while the rest of it stays, or before the one value it is to have.
	soThat = expression.MustCompile(`(?i)\b(?:is|are|shall be|will be)(?: hereby)?(?: further)? (?:amended|changed|modified|revised|varied) (?:(?:so that|such that|to the effect that|(?:so as )?to (?:provide|state|require|specify) that)\b|(?:so as )?to (?:increase|decrease|reduce|raise|lower|extend|shorten|change|set|fix)\b[^".;:]{0,100} (?:to|at) )`)
	// headingOf stands before the heading of a clause, which says nothing that is tracked.
	headingOf = expression.MustCompile(`(?i)\b(?:headings?|headlines?|captions?|titles?) (?:of|to|for|in) (?:the )?` + clauseWord + ` ?(?:[0-9][0-9A-Z]*(?:\.[0-9A-Z]+)*|[ivxl]+\b)`)
	// furtherThat begins a second thing that an amended clause is to say.
	furtherThat = expression.MustCompile(`(?i)[,;]? and (?:further )?that\b`)
)

// withoutHeading gives a sentence without the headings it speaks of, and tells whether there are any: every place in it stays what it was.
func withoutHeading(s string) (string, bool) {
	at := headingOf.FindAllStringIndex(s, 4)
	for _, m := range at {
		s = s[:m[0]] + strings.Repeat(" ", m[1]-m[0]) + s[m[1]:]
	}
	return s, len(at) > 0
}

// unquoted leaves out the clauses that only new or old words name.
func unquoted(list []target, s string) []target {
	return slices.DeleteFunc(list, func(t target) bool { return strings.Count(s[:t.Start], `"`)%2 == 1 })
}

// turned finds two quoted stretches of which the first takes the place of the second, or becomes it.
func turned(s string) (swap, bool) {
	if m := comesFor.FindStringSubmatchIndex(s); m != nil {
		now := Span{m[2], m[3]}
		if m[2] < 0 {
			now = Span{m[4], m[5]}
		}
		return swap{old: Span{m[6], m[7]}, now: now}, true
	}
	if m := raisedTo.FindStringSubmatchIndex(s); m != nil {
		return swap{old: Span{m[2], m[3]}, now: Span{m[4], m[5]}}, true
	}
	return swap{}, false
}

// amendedSoThat reads the one value that a clause is to have from then on, "Section 4A is amended so that the limit is USD 10,000,000": the rest
// of the clause stays. Where the sentence gives several values, or one on a condition, a person says what each is.
func amendedSoThat(s string) []Operation {
	m := soThat.FindStringIndex(s)
	if m == nil || strings.ContainsAny(s[m[1]:], `":`) {
		return nil
	}
	named := targets(s[:m[0]])
	if len(named) != 1 {
		return nil
	}
	if w, ok := swapIn(s); ok && w.old.Start > m[0] {
		return nil // "so that the cap is raised from X to Y": both are known
	}
	var said []value
	for _, v := range values(s[m[1]:]) {
		v.Start, v.End = v.Start+m[1], v.End+m[1]
		if v.kind != 'd' || !fromThat.MatchString(s[:v.Start]) {
			said = append(said, v)
		}
	}
	if len(said) == 0 {
		return nil
	}
	v, from := said[0], changeDate(s)
	if v.End == len(s) {
		v.End = v.Start + len(strings.TrimSuffix(s[v.Start:], "."))
	}
	one := Operation{Span: Span{min(named[0].Start, m[0]), v.End}, Operation: pact.Operation{Kind: pact.ChangeValue, Target: named[0].name, From: from}}
	if len(said) > 1 || conditional.MatchString(s[m[1]:v.Start]) || furtherThat.MatchString(s[m[1]:]) {
		one.End = len(s)
		one.Blank = "The sentence gives more than one value, or one on a condition. Which of them does " + one.Target + " have from then on? Correct the change, and state what else holds as a term of this review."
		return []Operation{one}
	}
	one.New, one.Terms = s[v.Start:v.End], termsNamed(s[m[0]:v.Start])
	return []Operation{one}
}
