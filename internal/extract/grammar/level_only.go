package grammar

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// A time that is promised for a share of the cases is owed as a level over its period, and not ticket by ticket.

var (
	// shareBefore is a share that a time after it belongs to: "95 % of Priority 1 incidents shall be resolved within ".
	shareBefore = expression.MustCompile(`(?i)(?:\d ?(?:%|per ?cent\b)(?: \([^)]{0,30}\))? ?(?:of\b[^.;%]{3,160}|\)?)?|\b\d{1,3} (?:out of|in|of) (?:every |each )?(?:100|(?:one |a )?hundred)\b[^.;%]{3,160})\b(?:within|in|inside|under|less than|no (?:later|more) than|by)(?: (?:less than|under|at most|the))? $`)
	// newPromise tells that behind a first time another promise begins, which holds for every case.
	newPromise = expression.MustCompile(`(?i)\b(?:and|but|while|whereas) (?:it |the \w+ |we |he )?(?:shall|will|must|in (?:every|each|any) (?:case|event)|every|each|all|any|no)\b`)
	// shareBehind is a share that the time before it belongs to: " in at least 95 % of cases".
	shareBehind = expression.MustCompile(`(?i)^[^.;%]{0,60}?,? (?:in|for) (?:at least |not less than |no less than |no fewer than |a minimum of )?(?:\d{1,3}(?:\.\d{1,3})? ?(?:%|per ?cent\b)(?: \([^)]{0,30}\))?|` + outOfHundred + `)(?: of (?:all |the |such |those |its )?| )(?:[\w-]+ ){0,2}(?:cases|incidents|tickets|calls|requests|instances|faults|occasions)\b`)
	// verbAhead is what is done with a share, said before it: "resolve at least 95 % of".
	verbAhead = expression.MustCompile(`(?i)\b(?:resolv|restor|repair|fix|clos|clear|answer|respond to|acknowledg|react to)\w*(?: (?:to|at least|not less than|no less than|a minimum of|no fewer than))* $`)
)

// forShare tells whether a time of a sentence is promised for a share of the cases.
func forShare(s string, t wording.Target) bool {
	if t.Start > len(s) || t.End > len(s) || !strings.Contains(s, "%") && !holds(strings.ToLower(s), "cent", "hundred", "100") {
		return false
	}
	if shareBehind.MatchString(s[t.End:]) {
		return true
	}
	before := s[:t.Start]
	at := shareBefore.FindStringIndex(before)
	return at != nil && !(len(wording.Targets(before[at[0]:])) > 0 && newPromise.MatchString(before[at[0]:]))
}

// markShared says of the clocks of a row of a table that they count for a level alone: its share stands beside its one time.
func (r *reading) markShared(label string, row wording.Span) {
	for i := range r.found {
		o := r.found[i].Obligation
		var p obligation.ClockParams
		if o == nil || o.Kind != "response_time" && o.Kind != "resolution_time" || json.Unmarshal(o.Params, &p) != nil || p.Priority != label {
			continue
		}
		if !slices.ContainsFunc(r.evidence(row), func(e pact.Evidence) bool {
			return len(o.Evidence) > 0 && o.Evidence[0].Passage != nil && e.Passage != nil && o.Evidence[0].Passage.Start < e.Passage.End && e.Passage.Start < o.Evidence[0].Passage.End
		}) {
			continue
		}
		p.LevelOnly = true
		if raw, err := json.Marshal(p); err == nil {
			o.Params = raw
		}
	}
}

// withVerb adds to what a share measures the verb that stands before it: whether its clock is that of the response or of the resolution.
func withVerb(measure, before string, value string) string {
	if verb := strings.TrimSpace(verbAhead.FindString(before)); verb != "" && strings.HasPrefix(strings.TrimLeft(measure, "% "), "of ") {
		return verb + " " + value + " " + measure
	}
	return measure
}

// sharedLine is forShare of a line of a list or of a form, whose value was read by itself.
func sharedLine(s string, of wording.Target) bool {
	return slices.ContainsFunc(wording.Targets(s), func(t wording.Target) bool {
		return t.Duration.Duration == of.Duration.Duration && forShare(s, t)
	})
}
