package grammar

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Who acts in a sentence. The rules for typed obligations look for what is promised; the same words promise something else where the other
// side says them: "the Supplier shall process at least 10,000 transactions" buys nothing.

var (
	actorActs = expression.MustCompile(`\b((?:[Tt]he |[Ee]ach )?(?:[A-Z][\w&-]*(?: [A-Z][\w&-]*){0,3}|supplier|seller|provider|service provider|contractor|vendor|licensor|carrier|landlord|customer|client|buyer|purchaser|licensee|distributor|tenant)|[Ww]e|[Yy]ou),? (?:(?:also|further|hereby|then|each|in turn) )?(?:(?:shall|will|must|agrees? to|undertakes? to|commits? to|promises? to|ha(?:s|ve) to|(?:is|are) (?:to|obliged to|required to|bound to))(?: (?:[a-z]+ly|also|at all times|then|in turn|in every \w+|in each \w+),?)? ([a-z]+)|([a-z]{3,}s|use|send|process|keep|guarantee|promise|assure)\b)`)
	byActor   = expression.MustCompile(`\bby ((?:the )?(?:[A-Z][\w&-]*(?: [A-Z][\w&-]*){0,3}|supplier|seller|provider|contractor|vendor|customer|client|buyer|purchaser))\b`)
	noSubject = expression.MustCompile(`(?i)\b(?:of|by|to|from|with|in|against|for|on|at|between|than) (?:the )?$`)
	// what a seller does about a minimum that the buyer owes
	billsIt = expression.MustCompile(`^(?:bill|charge|invoice|be|reserve|accept|grant)(?:s|d|ed)?$`)
	paysIt  = expression.MustCompile(`^(?:pay|refund|credit|compensate|reimburse|make|grant|contribute|cover)s?$`)
)

// act is one party with what it does.
type act struct {
	who  string
	verb string
	at   int
}

// actsIn are the parties that act in a sentence, in order.
func (r *reading) actsIn(s string) []act {
	var out []act
	for _, m := range actorActs.FindAllStringSubmatchIndex(s, 12) {
		if noSubject.MatchString(s[:m[2]]) {
			continue
		}
		name, verb := s[m[2]:m[3]], ""
		switch {
		case m[4] >= 0:
			verb = s[m[4]:m[5]]
		case m[6] >= 0:
			verb = s[m[6]:m[7]]
		}
		who := ""
		switch low := lowerASCII(name); low {
		case "we", "you":
			who = r.side(r.speaker(low))
		default:
			if who, _ = r.bearerOf(name); r.hasRole(wording.RoleOf(name)) {
				who = wording.RoleOf(name) // the word says it, whatever short names were read for the parties
			}
		}
		if who != "" && who != eachParty {
			out = append(out, act{who, verb, m[2]})
		}
	}
	return out
}

func (r *reading) hasRole(role string) bool {
	v := r.value("parties")
	return role != "" && v != nil && slices.ContainsFunc(v.Parties, func(p pact.Party) bool { return p.Role == role })
}

// sells tells whether a party is the side that supplies.
func (r *reading) sells(who string) bool {
	return who == "supplier" || who != "" && who == r.side("supplier")
}

// sellerOwes tells whether what stands at a place of a sentence is promised or paid by the side that supplies.
func (r *reading) sellerOwes(s string, at int) bool {
	acts := r.actsIn(s)
	last := -1
	for i, a := range acts {
		if a.at < at {
			last = i
		}
	}
	if last >= 0 {
		return r.sells(acts[last].who) && !billsIt.MatchString(acts[last].verb)
	}
	return len(acts) > 0 && r.sells(acts[0].who) && paysIt.MatchString(acts[0].verb)
}

// leadActor is who acts last in the sentence that leads into a table or a list: "The Customer shall maintain the following insurance:", "Insurance
// to be kept by the Customer". It is empty where nobody is named.
func (r *reading) leadActor(lead string) string {
	acts := r.actsIn(lead)
	who := ""
	if len(acts) > 0 {
		who = acts[len(acts)-1].who
	}
	for _, m := range byActor.FindAllStringSubmatch(lead, 4) {
		if named, ok := r.bearerOf(m[1]); ok && named != eachParty && who == "" {
			who = named
		}
	}
	return who
}

// leadSentence is the sentence right before a place, if it is near.
func (r *reading) leadSentence(at int) string {
	lead := strings.TrimSpace(r.leadOf(at))
	n := r.sentenceAt(max(0, at-1))
	for n >= 0 && r.sentences[n].Start >= at {
		n--
	}
	if lead == "" || n < 0 {
		return ""
	}
	return r.cut(r.sentences[n])
}
