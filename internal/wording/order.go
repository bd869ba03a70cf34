package wording

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// OtherDocuments stands in an order of precedence for whatever the clause does not name.
const OtherDocuments = "other documents"

// Order reads which document governs where several differ: "In the event of any conflict, the Order Form shall prevail over
// these Terms", "in the following order of precedence: (a) the Order Form, (b) the Schedules, (c) this Agreement". It gives their names as the
// clause has them without the article, the one that governs first; none where the sentence states no order, or names no document that is
// told apart.
func Order(sentence string) []string {
	if names, _ := ListedOrder(sentence); len(names) > 1 {
		return names
	}
	m := orderVerb.FindStringIndex(sentence)
	if m == nil || !orderCue.MatchString(sentence) || orderNot.MatchString(sentence[m[0]:m[1]]) {
		return nil
	}
	named := document.FindAllStringIndex(sentence[:m[0]], -1)
	before := documents(sentence[:m[0]])
	if len(before) == 0 || !orderSubject.MatchString(sentence[named[len(named)-1][1]:m[0]]) {
		return nil // something else prevails: "between the Rules and this Agreement, the Rules shall prevail"
	}
	names := before[len(before)-1:]
	below := documents(upTo(sentence[m[1]:]))
	if len(below) == 0 {
		below = before[:len(before)-1]
	}
	if !slices.ContainsFunc(below, func(n string) bool { return !sameDocument(n, names[0]) }) {
		if below = []string{"this Agreement"}; ownDocument(names[0]) {
			below = []string{OtherDocuments}
		}
	}
	names = slices.Clone(names)
	for _, n := range below {
		if !slices.ContainsFunc(names, func(o string) bool { return sameDocument(n, o) }) {
			names = append(names, n)
		}
	}
	return names
}

// ListedOrder reads an order of precedence that is given as a list, and where the list ends in the text.
func ListedOrder(text string) (names []string, end int) {
	m := orderList.FindStringIndex(text)
	if m == nil {
		return nil, 0
	}
	names, end = listed(text[m[1]:])
	return names, m[1] + end
}

var (
	orderList = expression.MustCompile(`(?i)\b(?:following |descending )*(?:order of (?:precedence|priority)|precedence (?:in|shall be given in) the following order|prevail in the following order|in the following order)\b[^:.]{0,80}:`)
	orderVerb = expression.MustCompile(`(?i)\b(?:shall |will |must )?(?:prevails?|takes? precedence|governs?|controls?|supersedes?)\b(?: over| and control| to the extent| in all respects)?`)
	// orderSubject may stand between the document that prevails and its verb.
	orderSubject = expression.MustCompile(`(?i)^(?:'s (?:terms|provisions))?(?: ?\([^)]{0,80}\)| ?")?,?(?: (?:itself|alone|then|always|(?:shall|will|must)(?: [a-z]+){1,4}))? ?$`)
	orderNot     = expression.MustCompile(`(?i)\bnot\b`)
	orderCue     = expression.MustCompile(`(?i)\b(?:conflict|inconsisten|discrepanc|contradict|differ|precedence)\w*`)
	document     = expression.MustCompile(`(?i)\b((?:this|these) )?((?:master |framework |main |general |standard |special |supplemental )?(?:order forms?|purchase orders?|orders\b|statements? of work|sows?|work orders?|schedules?(?: \d+| [A-Z]\b)?|exhibits?(?: [A-Z]\b)?|appendi(?:x|ces)|annex(?:es)?|attachments?|addend(?:um|a)|amendments?|service level agreements?|slas?|data processing (?:agreement|addendum)|dpa|(?:services? |subscription |supply |purchase |licen[cs]e )?agreements?|terms and conditions|terms of (?:service|use)|terms|conditions|contract|msa|quot(?:ation|e)s?|proposals?))\b`)
	item         = expression.MustCompile(`(?i)^[\s,;]*(?:(?:and|then|thirdly,?|secondly,?|firstly,?|lastly,?|finally,?)\s+)*(?:\(?[a-z0-9ivx]{1,4}[).]|first,?|second,?|third,?|fourth,?)\s*`)
)

// documents lists what documents a text names, in its order.
func documents(text string) []string {
	var out []string
	for _, m := range document.FindAllStringSubmatchIndex(text, -1) {
		name := text[m[4]:m[5]]
		if strings.ToLower(name) == name && m[2] < 0 {
			continue // "terms" and "conditions" in lower case are no document
		}
		if m[2] >= 0 {
			name = text[m[2]:m[3]] + name
		}
		out = append(out, strings.Join(strings.Fields(name), " "))
	}
	return out
}

// listed reads the items of an enumeration, and how far it goes.
func listed(text string) (names []string, end int) {
	for rest := text; ; {
		m := item.FindStringIndex(rest)
		if m == nil {
			break
		}
		body := rest[m[1]:]
		stop := strings.IndexAny(body, ",;.\n")
		if stop < 0 {
			stop = len(body)
		}
		found := documents(body[:stop])
		if len(found) == 0 {
			break
		}
		names = append(names, found[0])
		end = len(text) - len(body) + stop
		rest = body[stop:]
		if strings.HasPrefix(rest, ".") {
			break
		}
	}
	return names, end
}

// upTo is a text up to the end of its part of the sentence.
func upTo(text string) string {
	if i := strings.IndexAny(text, ".;"); i >= 0 {
		return text[:i]
	}
	return text
}

func ownDocument(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "this ") || strings.HasPrefix(name, "these ")
}

func sameDocument(a, b string) bool {
	plain := func(s string) string {
		s = strings.ToLower(s)
		for _, lead := range []string{"this ", "these "} {
			s = strings.TrimPrefix(s, lead)
		}
		return strings.TrimSuffix(s, "s")
	}
	return plain(a) == plain(b)
}
