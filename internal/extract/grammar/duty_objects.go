package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// What one verb is done to may be several things that are due at different times: "deliver an estimate by December 1 of each year and a
// statement within 120 days after the end of each year". Each thing with a time of its own is a limb of its own.

var (
	// ownObject begins a thing that has its time behind it; ownTimeFirst one that has it in front.
	ownObject    = expression.MustCompile(`(?i)^(?:an?|the|its|their|all|any|each|every|other|monthly|quarterly|weekly|daily|annual|yearly)(?: [\w'/&-]+){1,9}? (?:within|by|no later than|not later than|on or before|each|every|on the|once|twice|at the end of|daily|weekly|monthly|quarterly|annually|yearly)\b|^(?:[a-z][\w'-]+ ){1,3}[a-z][\w'-]*s (?:within|by|no later than|not later than|on or before) `)
	ownTimeFirst = expression.MustCompile(`(?i)^,? ?(?:within|no later than|not later than|by) [^,;.]{4,50}? ((?:an?|the|its|their) (?:[\w'-]+ ){0,4}[\w'-]+)[,.]?$`)
	// timeWord are nouns of times: what begins with them goes on with the time before it.
	timeWord = expression.MustCompile(`(?i)^(?:an?|the|its|each|every|any|all|other) (?:[a-z]+ly |calendar |contract |following |next |first |last |second |third )*(?:end|beginning|start|close|date|day|days|week|month|quarter|half-year|year|time|term|period|latest|earliest|first|last|second|third|fourth|receipt|expiry|expiration|termination|completion|effective)\b`)
	// included are parts of what is provided: "including alarms, weekly reports and a quarterly review".
	included = expression.MustCompile(`(?i)\b(?:including|such as|in particular|among them|comprising|consisting of) ([^;.]+)`)
	// comesAgain tells of a part how often it comes.
	comesAgain = expression.MustCompile(`(?i)^(?:an? |the |its )?(?:[\w-]+ ){0,2}?(?:daily|weekly|fortnightly|monthly|quarterly|half-yearly|semi-annual|annual|yearly) [a-z][\w-]*|\b(?:at least )?once (?:a|in a|each|every|in each|in every|per) \w+`)
)

// apart parts limbs whose objects have times of their own, and makes limbs of their parts that come again.
func (r *reading) apart(s string, n int, limbs []limb) []limb {
	out := make([]limb, 0, len(limbs))
	for _, l := range limbs {
		if l.dead || l.passive || l.bearer == "" || l.verbEnd >= l.to {
			out = append(out, l)
			continue
		}
		parts := r.parts(s, n, &l)
		for {
			second, ok := r.secondObject(s, n, &l)
			out = append(out, l)
			if !ok {
				break
			}
			l = second
		}
		out = append(out, parts...)
	}
	return out
}

// secondObject cuts a limb before a second object with a time of its own, and gives the limb of that object.
func (r *reading) secondObject(s string, n int, l *limb) (limb, bool) {
	rest := s[l.verbEnd:l.to]
	for from := 0; ; {
		k := strings.Index(rest[from:], " and ")
		if k < 0 {
			return limb{}, false
		}
		k += from
		from = k + 5
		left, right := rest[:k], rest[k+5:]
		if !ownObject.MatchString(right) && !ownTimeFirst.MatchString(right) || timeWord.MatchString(right) {
			continue
		}
		if !r.dueAlone(n, left) && !r.dueAlone(n, s[min(l.lead, l.subject):l.subject]) || !r.dueAlone(n, right) {
			continue
		}
		at := l.verbEnd + k + 5
		second := *l
		second.lead, second.subject, second.verb, second.verbEnd, second.joined = at, at, at, at, true
		if m := ownTimeFirst.FindStringSubmatchIndex(right); m != nil {
			second.verb, second.verbEnd = at+m[2], at+m[2]
		}
		if second.said = strings.TrimSpace(l.said + " " + s[l.verb:l.verbEnd]); l.word == "meet" {
			second.said = "" // "the managers meet every week, and the sponsors once a month"
		}
		l.to = l.verbEnd + len(strings.TrimRight(left, " ,"))
		return second, true
	}
}

// dueAlone tells whether words name a time of their own.
func (r *reading) dueAlone(n int, words string) bool {
	t := timingOf(r.flow.signs[n], "", words)
	return t.timed && (t.params.Due != nil || t.params.ByDay != 0 || t.params.ByMonth != 0 || t.params.ByDate != "" || t.frequency != "" && t.frequency != "on event")
}

// parts are the parts of what is provided that come again. They are taken out of the limb, whose own rhythm they do not tell.
func (r *reading) parts(s string, n int, l *limb) []limb {
	m := included.FindStringSubmatchIndex(s[l.verbEnd:l.to])
	if m == nil || !r.shows(n, signRhythm) {
		return nil
	}
	var out []limb
	from, to := l.verbEnd+m[2], l.verbEnd+m[3]
	for from < to {
		item := s[from:to]
		step := len(item)
		for _, mark := range []string{", and ", ", ", " and "} {
			if k := strings.Index(item, mark); k >= 0 && k < len(item) {
				item, step = item[:k], min(step, k+len(mark))
			}
		}
		if comesAgain.MatchString(item) {
			out = append(out, limb{lead: from, subject: from, verb: from, verbEnd: from, to: from + len(item), word: l.word, bearer: l.bearer, joined: true, part: true})
			l.without = append(l.without, [2]int{from, from + len(item)})
		}
		from += step
	}
	return out
}

// withoutParts are the words [from, to) of a limb without what is told of its parts.
func (l *limb) withoutParts(s string, from, to int) string {
	if len(l.without) == 0 {
		return s[from:to]
	}
	words := []byte(s[from:to])
	for _, part := range l.without {
		for i := max(part[0], from); i < min(part[1], to); i++ {
			words[i-from] = ' '
		}
	}
	return string(words)
}

// partKind is the kind of duty that a part of what is provided is.
func partKind(item string) string {
	low := strings.ToLower(item)
	switch {
	case holds(low, "report", "statement", "summary", "statistics"):
		return "reporting"
	case holds(low, "audit", "examination", "assessment", "inspection", "test", "scan"):
		return "audit"
	case holds(low, "review", "meeting", "call"):
		return "meeting"
	case holds(low, "training"):
		return "training"
	case holds(low, "back-up", "backup", "maintenance", "cleaning", "check", "calibration", "visit", "service"):
		return "performance"
	}
	return "delivery"
}
