package obligation

import (
	"fmt"
	"net/mail"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// UnusableCascade tells what of a rule can not hold, by member ("to", "owner", "check_in.every"), for a form.
func UnusableCascade(o pact.Obligation, rule pact.Cascade) []fault.Detail {
	var out []fault.Detail
	wrong := func(field, format string, args ...any) {
		out = append(out, fault.Detail{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	if o.InheritedFrom != "" {
		wrong("", "The obligation came from a contract above this one; say it there.")
	}
	if o.Kind == (RenewalNotice{}).Name() {
		wrong("", "Each contract renews by its own terms.")
	}
	if len(rule.To) == 0 {
		wrong("to", "The rule names no contracts; name sow, order_form, exhibit or child, or take the rule away.")
	}
	for _, to := range rule.To {
		if !slices.Contains([]string{"sow", "order_form", "exhibit", "child"}, to) {
			wrong("to", "%.40q is no contract that an obligation can pass to; name sow, order_form, exhibit or child.", to)
		}
	}
	if x := rule.Override; x != "" && x != "allowed" && x != "forbidden" {
		wrong("override", "%.40q is no rule for overriding; it is allowed or forbidden.", x)
	}
	if rule.Owner != "" && !address(rule.Owner) {
		wrong("owner", "%.80q is no e-mail address; write it as name@example.com, or leave it empty for the owner of each contract.", rule.Owner)
	}
	if rule.CheckIn != nil {
		for _, d := range UnusablePlan(*rule.CheckIn) {
			wrong("check_in."+d.Field, "%s", d.Message)
		}
	}
	return out
}

// UnusablePlan tells what of a plan of check-ins can not hold, by member.
func UnusablePlan(p pact.CheckInPlan) []fault.Detail {
	var out []fault.Detail
	if !slices.Contains(p.Intervals(), p.Every) {
		out = append(out, fault.Detail{Field: "every", Message: fmt.Sprintf("%.40q is no interval; it is week, two_weeks, month or quarter.", p.Every)})
	}
	if p.First == "" {
		return out
	}
	if d, err := calendar.ParseDate(string(p.First)); err != nil || d < "2000-01-01" || d > "2100-12-31" {
		out = append(out, fault.Detail{Field: "first", Message: fmt.Sprintf("%.20q is no day between 2000 and 2100; write it as 2026-03-31.", string(p.First))})
	}
	return out
}

func address(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}
