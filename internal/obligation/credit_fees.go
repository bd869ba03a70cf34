package obligation

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
)

var (
	oneTime       = regexp.MustCompile(`(?i)\b(?:one[- ]?(?:time|off)|up[- ]?front|set[- ]?up|installation|onboarding|activation|non[- ]?recurring)\b`)
	leavesOneTime = regexp.MustCompile(`(?i)\b(?:exclu\w+|without|minus|less|other than|net of|except\w*|not includ\w+)\b.{0,80}?\b(?:one[- ]?(?:time|off)|up[- ]?front|set[- ]?up|installation|onboarding|activation|non[- ]?recurring)\b`)
)

// leavesOneTime tells whether one-time fees are no part of the fees a credit is of (scope of fees); decided is false where
// neither the parameter nor the words of the clause say it.
func (r CreditParams) leavesOneTime() (out, decided bool) {
	if r.OneTimeFees != "" {
		return r.OneTimeFees == "excluded", true
	}
	out = leavesOneTime.MatchString(r.FeeBase)
	return out, out
}

// noFee tells whether a charge of an item is no part of the fees the credit is of.
func (r CreditParams) noFee(item string) bool {
	out, _ := r.leavesOneTime()
	return item != "" && (has(r.ExcludeItems, item) || out && oneTime.MatchString(item))
}

// fees is the input with the charges alone that the credit is of.
func (r CreditParams) fees(in Input) Input {
	in.noFee = r.noFee
	return in
}

// oneTimeFees says which charges are no part of the fees; false where it is asked whether one-time fees are.
func (c creditCase) oneTimeFees(a *pact.Assessment, in Input, months []string, tr tracer) bool {
	var left, open []string
	var ids, openIDs []pact.EventID
	_, decided := c.rule.leavesOneTime()
	for _, one := range chargesFor(in, c.service, months) {
		words := fmt.Sprintf("%s (%s)", one.Amount, short(one.Item))
		switch {
		case one.Item == "":
		case c.rule.noFee(one.Item):
			left, ids = append(left, words), append(ids, one.EventID)
		case !decided && oneTime.MatchString(one.Item):
			open, openIDs = append(open, words), append(openIDs, one.EventID)
		}
	}
	list := func(words []string) string { return strings.Join(words[:min(len(words), shownWords)], ", ") }
	if len(left) > 0 {
		ids = slices.DeleteFunc(ids, func(id pact.EventID) bool { return id == "" })
		tr.add("no part of the fees", list(left), "of what the credit is, these charges are no part", ids...)
		a.EventIDs = eachOnce(a.EventIDs, ids)
	}
	if len(open) == 0 {
		return true
	}
	q := pact.Ambiguity{Code: "one_time_fees", Question: fmt.Sprintf("Among the charges of %s are one-time fees, by their item: %s. Are they part of the fees that the credit is a percentage of?", monthsText(months), list(open)), Outcomes: []pact.Outcome{
		{Reading: "they are no part of them", Set: c.setting(member("one_time_fees", "excluded"))},
		{Reading: "they are part of them", Set: c.setting(member("one_time_fees", "included"))},
	}}
	a.AmountState = "ambiguous"
	a.Ambiguities = append(a.Ambiguities, q)
	openIDs = slices.DeleteFunc(openIDs, func(id pact.EventID) bool { return id == "" })
	a.EventIDs = eachOnce(a.EventIDs, openIDs)
	tr.add("one-time fees", list(open), "asked", openIDs...)
	return false
}
