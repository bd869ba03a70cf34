package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// What starts a duty to tell of something is that thing, and what starts a duty to answer something is that it comes. A time that runs
// from "it" runs from what the limb speaks of.

var (
	toldOf = expression.MustCompile(`(?i)\b(?:of|about) ((?:(?:an?|any|each|every|the|all|such|actual|suspected|or|possible|planned) )*[a-z][\w'-]*(?: [\w'-]+){0,9}?)(?:$|[,;.]| (?:within|no later|not later|without|promptly|immediately|forthwith|as soon|at least|at the latest|in writing|by|and|so that|before|after)\b)`)
	// notToldOf is what follows "of" without being an event.
	notToldOf = expression.MustCompile(`(?i)^(?:it|them|this|that|these|its|their|his|the (?:reasons?|names?|outcome|results?|identity|intention|decision|number|amount|day|date|time|latter|same|contrary))\b`)
	reported  = expression.MustCompile(`(?i)^ ((?:an?|any|each|every|all|actual|suspected) [\w'-]+(?: [\w'-]+){0,7}?)(?:$|[,;.]| (?:to|that|which|who|within|no later|not later|without|promptly|immediately|forthwith|as soon|at the latest|in writing|by|and)\b)`)
	answered  = expression.MustCompile(`(?i)^(?:,? (?:or|and) [a-z]+)?(?: to)? ((?:(?:an?|any|each|every|all) [\w'-]+(?: [\w'-]+){0,5}?|(?:reports|requests|questions|calls|cases|queries|orders|complaints|tickets|enquiries|inquiries|e-mails|messages|invoices)(?: [\w'-]+){0,7}?))(?:$|[,;.]| (?:a|within|no later|not later|without|promptly|immediately|at the latest|in writing|by|on)\b)`)
	eachThing = expression.MustCompile(`(?i)^ ((?:each|every) (?:[\w'-]+ ){0,3}?[\w'-]+)(?: (?:an?|within|no later|not later)\b)`)
	// ofIt is a moment of something that stands as a pronoun, as a time runs from it.
	ofIt   = expression.MustCompile(`(?i)^((?:first )?(?:becoming|being|having become) aware of|learning of|learning about|discovering|detecting|noticing|knowledge of|discovery of|receiving|receipt of|occurrence of|the occurrence of) (?:it|them|this|these|that)\b`)
	bareIt = expression.MustCompile(`(?i)^(?:it|this|that|the same)$`)
	itsOf  = expression.MustCompile(`(?i)^(?:its|their) (discovery|detection|occurrence|receipt|arrival|publication|release|issue|delivery|appearance)\b`)
)

// tells tells whether a verb is one of telling somebody of something.
func tells(verb string) bool {
	switch verb {
	case "notify", "inform", "tell", "advise", "warn", "alert":
		return true
	}
	return false
}

// about is what a limb tells of, reports or answers; rest are its words behind the verb.
func about(verb, rest string) string {
	var find *expression.Expression
	switch {
	case tells(verb):
		find = toldOf
	case verb == "report":
		find = reported
	case holds(verb, "answer", "respond", "reply", "acknowledge", "confirm", "accept", "reject", "approve"):
		find = answered
	default:
		find = eachThing
	}
	for from := 0; from < len(rest); {
		m := find.FindStringSubmatchIndex(rest[from:])
		if m == nil {
			return ""
		}
		if thing := rest[from+m[2] : from+m[3]]; !notToldOf.MatchString(thing) {
			return strings.TrimSpace(thing)
		}
		if from += m[3]; find != toldOf {
			return ""
		}
	}
	return ""
}

// begin puts what a time runs from in the place of a pronoun, and gives a time that runs from nothing named what it is about. led tells
// whether the clause that leads into the limb itself names what starts it.
func (t *timing) begin(verb, rest string, led bool) {
	thing := about(verb, rest)
	object := thing
	if object == "" && !tells(verb) {
		object = firstObject(rest)
	}
	if m := ofIt.FindStringSubmatch(t.params.Anchor); m != nil && object != "" {
		t.params.Anchor = m[1] + " " + object
	} else if m := itsOf.FindStringSubmatch(t.params.Anchor); m != nil && object != "" {
		t.params.Anchor = m[1] + " of " + withArticle(object)
	}
	if t.params.Due != nil && strings.HasPrefix(strings.ToLower(t.trigger), "without ") {
		t.trigger = "" // how fast, and not from when
	}
	if bareIt.MatchString(t.params.Anchor) {
		t.params.Anchor = "" // the event that the sentence begins with
	}
	if thing == "" || t.params.Before || led {
		return
	}
	if t.params.Due != nil && t.params.Anchor == "" || t.params.Due == nil && tells(verb) && (t.trigger == "" || strings.HasPrefix(strings.ToLower(t.trigger), "without ")) && t.frequency != "once" {
		t.trigger = thing
		if t.frequency == "" {
			t.frequency = "on event"
		}
	}
}

var plainObject = expression.MustCompile(`(?i)^ ((?:an?|the|any|each|every|all|its|such) [\w'-]+(?: [\w'-]+){0,3}?|[a-z][\w'-]*(?: [a-z][\w'-]*){0,2}?)(?:$|[,;.]| (?:within|to|no later|not later|at|by|for|in|on|after|from)\b)`)

// firstObject is what a verb is done to, where it stands right behind it.
func firstObject(rest string) string {
	m := plainObject.FindStringSubmatch(rest)
	if m == nil || pronounNext(rest) {
		return ""
	}
	return strings.TrimSpace(m[1])
}

// withArticle leaves a thing as it is named; "any breach" is "the breach" once it is there.
func withArticle(thing string) string {
	for _, w := range []string{"any ", "each ", "every "} {
		if rest, ok := strings.CutPrefix(thing, w); ok {
			return "the " + rest
		}
	}
	return thing
}

var (
	afterThat  = expression.MustCompile(`(?i)^(?:after (?:that|this|which)|thereafter)$`)
	whenItEnds = expression.MustCompile(`(?i)\b(?:when|once|if) ((?:this|the) (?:agreement|contract|term|lease|order) (?:ends|has ended|expires|is over))\b`)
)

// timeBefore is the time that "after that" points at, told before it in its sentence or in the sentence before: "thirty (30) days after
// this Agreement ends"; "" where none is told.
func (r *reading) timeBefore(words string, n int) string {
	kept := keptFor.FindStringSubmatch(" " + words)
	if kept == nil && n > 0 {
		words = r.cut(r.sentences[n-1])
		kept = keptFor.FindStringSubmatch(" " + words)
	}
	if kept == nil {
		return ""
	}
	if n > 0 {
		words = r.cut(r.sentences[n-1]) + " " + words
	}
	if end := whenItEnds.FindStringSubmatch(words); end != nil {
		return kept[1] + " after " + end[1]
	}
	return "after " + kept[1]
}
