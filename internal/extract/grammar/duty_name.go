package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// A duty is told in the words of its clause, and listed far from them. Where these begin with a pronoun, its title names what the pronoun
// stands for, if the words before say that plainly; otherwise the heading of the clause stands before them: "Customer Data: delete it".

var (
	onPronoun = expression.MustCompile(`(?i)^([a-z]+(?:-[a-z]+)?(?: (?:back|out|over|off|up))?) (it|them|these|those)\b(.*)$`)
	onNothing = expression.MustCompile(`(?i)^[a-z]+(?:-[a-z]+)?(?: (?:or|and) [a-z]+)*(?: in writing| promptly)?(?:$| (?:within|no later than|not later than|by the|at the latest|at least|on the|once|twice|(?:every|each) (?:day|night|week|month|quarter|year|working|business|calendar)|daily|weekly|monthly|quarterly|yearly|annually)\b)`)
	// captionLine is a heading, or the heading in front of a clause.
	captionLine = expression.MustCompile(`^(?:(?:[A-Z][a-z]+ )?[\dIVXA-Z]{1,4}(?:\.\d{1,2})*[.)]? (?:[-\x{2013}] )?|§ ?\d+ )?([A-Z][\w'/&-]*(?:,? [\w'/&-]+){0,5})\.?$`)
	// thingOf is what a clause before speaks of: the thing that its subject is, and what its verb is done to.
	thingSubject = expression.MustCompile(`^(?:[\d.]+ )?((?:The|Each|Every|All|Any|An?) (?:[\w'-]+ ){0,3}?[\w'-]+) (?:is|are|has|have|remains?|belongs?|shall|will|must|may|consists?|covers?|was|were)\b`)
	thingObject  = expression.MustCompile(`(?:shall|may|must|will|can|let [\w' ]{3,30}?) (?:not )?(?:[a-z]+ (?:or|and) )?(?:export|use|keep|hold|store|install|provide|deliver|make|receive|supply|lend|give|issue|hand over|take|download|copy|process|retain|collect) ((?:the|its|their|all|any|an?|each) [\w'-]+(?: [\w'-]+){0,3}?|[A-Z][\w-]+ [A-Z][\w-]+)(?: (?:for|within|at|in|on|when|until|to|by|from|every|once|and)\b|[,;.]|$)`)
	ifThing      = expression.MustCompile(`(?i)^(?:if|when|where|once|should|whenever) ((?:the|an?|any|each|its) (?:[\w'-]+ ){0,3}?[\w'-]+) (?:falls?|is|are|has|have|does|do|can|cannot|fails?|shows?|contains?|proves?|becomes?|needs?|breaks?|comes?|departs?)\b`)
	ownTimeOf    = expression.MustCompile(`(?i) (?:for (?:at least |a period of )?(?:[\w-]+ )?(?:\(?\d+\)? )?(?:days|months|years|hours)|(?:every|each) (?:day|night|week|month|quarter|year|two|three|six|twelve|twenty)|once|twice|within|in accordance|who|which|that|when|where|at|until|on)\b.*$`)
)

// titled gives the title of a duty: its words, with the thing that a pronoun in them stands for, or the heading of the clause before words
// that name no thing.
func (r *reading) titled(what, s string, n int, limbs []limb, i int) string {
	if limbs[i].said != "" {
		return limbs[i].said + " " + what
	}
	if m := startsAnd.FindStringSubmatch(what); m != nil && limbs[i].passive {
		return m[1] + " " + what[len(m[0])-len(m[2]):]
	}
	if m := onPronoun.FindStringSubmatch(what); m != nil {
		if thing := r.standsFor(strings.ToLower(m[2]), s, n, limbs, i); thing != "" {
			return m[1] + " " + thing + m[3]
		}
		return r.underCaption(what, n)
	}
	if l := limbs[i]; l.word == "meet" && l.verb == l.verbEnd {
		return r.underCaption(what, n)
	}
	if l := limbs[i]; tells(l.word) && !l.passive {
		if thing := about(l.word, s[l.verbEnd:l.to]); thing != "" && !strings.Contains(what, thing) && len(what)+len(thing) < 100 {
			return strings.TrimRight(what, ",") + " of " + thing
		}
	}
	if !onNothing.MatchString(what) {
		return what
	}
	for i > 0 && limbs[i].joined {
		i--
	}
	if m := aboutWhich.FindStringSubmatch(s[:limbs[i].subject]); m != nil {
		return what + " " + m[1] // "the Landlord's consent, which it shall give or refuse"
	}
	return r.underCaption(what, n)
}

// startsAnd is a subject of which another thing is said first: "the work begins on 2 March and shall be completed".
var startsAnd = expression.MustCompile(`^((?:The|This|All) [\w ]{2,40}?) (?:begins?|starts?|commences?) [^;.]{3,40}? and ((?:shall|must|will|is|are) )`)

// aboutWhich is what a relative clause speaks of whose verb has no other object.
var aboutWhich = expression.MustCompile(`((?:[A-Z][\w-]*'s |the |its |such )[a-z][\w-]*), which (?:the )?$`)

// underCaption puts the heading of a clause before words that name no thing.
func (r *reading) underCaption(what string, n int) string {
	if c := r.caption(n); c != "" && len(c)+len(what) < 100 {
		return c + ": " + lowerFirst(what)
	}
	return what
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// standsFor is what "it" or "them" in a limb stands for: the object of the limb before, the thing of the condition that leads into it, or
// what the clause or the sentence before speaks of; "" where none of these is plain.
func (r *reading) standsFor(pronoun, s string, n int, limbs []limb, i int) string {
	l := limbs[i]
	if l.joined && i > 0 && !limbs[i-1].passive && limbs[i-1].verbEnd <= limbs[i-1].to {
		if thing := agreeing(pronoun, ownTimeOf.ReplaceAllString(strings.TrimSpace(deliverable(s[limbs[i-1].verbEnd:limbs[i-1].to])), "")); thing != "" {
			return thing
		}
	}
	before := s[:min(l.lead, len(s))]
	if l.lead < l.subject {
		if thing := r.thingIn(pronoun, s[l.lead:l.subject]); thing != "" {
			return thing
		}
	}
	if k := strings.LastIndex(strings.TrimRight(before, "; "), "; "); k >= 0 {
		before = before[k+2:]
	}
	if thing := r.thingIn(pronoun, before); thing != "" {
		return thing
	}
	if n > 0 {
		return r.thingIn(pronoun, r.cut(r.sentences[n-1]))
	}
	return ""
}

// thingIn is what a clause speaks of, if a pronoun may stand for it.
func (r *reading) thingIn(pronoun, clause string) string {
	clause = strings.TrimSpace(clause[min(len(clause), afterNumber(clause)):])
	for _, find := range []*expression.Expression{ifThing, thingSubject, thingObject} {
		m := find.FindStringSubmatch(clause)
		if m == nil {
			continue
		}
		if _, party := r.bearerOf(m[1]); party {
			continue
		}
		if thing := agreeing(pronoun, m[1]); thing != "" {
			return thing
		}
	}
	return ""
}

// agreeing gives a thing as it is spoken of the second time, if its number agrees with a pronoun: "a full copy" is "the full copy".
func agreeing(pronoun, thing string) string {
	thing = strings.Trim(thing, " ,.;:")
	words := strings.Fields(thing)
	if len(words) == 0 || len(words) > 8 || pronounNext(thing+" ") {
		return ""
	}
	if pronoun != "it" {
		if k := strings.LastIndex(thing, " of "); k > 0 && !many(words[max(0, indexOf(words, "of")-1)]) {
			thing = thing[k+4:] // "the background of staff": them
			words = strings.Fields(thing)
		}
	}
	head := words[len(words)-1]
	if k := indexOf(words, "of"); k > 0 {
		head = words[k-1]
	}
	if both := head == "data" || head == "Data" || head == "information"; !both && many(head) == (pronoun == "it") {
		return ""
	}
	switch first := strings.ToLower(words[0]); first {
	case "a", "an", "the", "its", "their", "each", "every", "any", "all":
		if len(words) == 1 {
			return ""
		}
		return "the " + strings.Join(words[1:], " ")
	}
	return thing
}

func indexOf(words []string, w string) int {
	for i := range words {
		if words[i] == w {
			return i
		}
	}
	return -1
}

// many tells whether a noun is one of several.
func many(noun string) bool {
	low := strings.ToLower(noun)
	return low == "staff" || low == "people" || low == "data" || strings.HasSuffix(low, "s") && !strings.HasSuffix(low, "ss") && !strings.HasSuffix(low, "us") && !strings.HasSuffix(low, "is")
}

// caption is the heading that sentence n stands under, its number left out; "" where none is near.
var clauseDigits = expression.MustCompile(`^(\d{1,2})\.(?:\d| )`)

func (r *reading) caption(n int) string {
	for k := n - 1; k >= 0 && k >= n-8; k-- {
		line := r.cut(r.sentences[k])
		if own, other := clauseDigits.FindStringSubmatch(r.cut(r.sentences[n])), clauseDigits.FindStringSubmatch(line); own != nil && other != nil && own[1] != other[1] {
			return "" // that of another clause
		}
		if len(line) > 70 || r.sentences[k].Start < r.starts || r.inTable(r.sentences[k].Start) {
			continue
		}
		m := captionLine.FindStringSubmatch(line)
		if m == nil || len(line) == len(m[1]) && !titleCased(line) || strings.HasSuffix(line, ".") && (len(strings.Fields(m[1])) > 4 || line[0] > '9') {
			continue
		}
		if m[1] == strings.ToUpper(m[1]) {
			return m[1][:1] + strings.ToLower(m[1][1:])
		}
		return m[1]
	}
	return ""
}
