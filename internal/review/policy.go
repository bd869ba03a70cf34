package review

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/strict"
)

// Policy says what a person must look at and how far write-back may go. It is data, versioned; a
// decision names the version it was taken under.
type Policy struct {
	// Threshold: a candidate below it is held; one exactly at it passes.
	Threshold decimal.Decimal `json:"threshold"`
	// Thresholds of single fields, in the place of Threshold: by the name of the term, or "obligation/" and what the obligation is about.
	Thresholds map[string]decimal.Decimal `json:"thresholds,omitempty"`
	// FirstN obligations of each contract type and extractor version are held, whatever their confidence.
	FirstN int `json:"first_n"`
	// ValueLimits hold every candidate of a contract whose total value is above the limit of its currency.
	ValueLimits []money.Amount `json:"value_limits"`
	// NamedFields are always held.
	NamedFields []string `json:"named_fields"`
	// Phases by contract type: assisted, conditional or full; "default" for the rest.
	Phases map[string]string `json:"phases"`
}

// DefaultPolicy is the brief's: 85 %, the first 100 obligations, contracts above 100,000, high-stakes fields, assisted.
func DefaultPolicy() Policy {
	var named []string
	for _, s := range pact.TermSpecs() {
		if s.HighStakes {
			named = append(named, s.Name)
		}
	}
	limit := func(c string) money.Amount { return money.New(decimal.NewFromInt(100_000), c) }
	return Policy{
		Threshold: decimal.RequireFromString("0.85"), FirstN: 100, ValueLimits: []money.Amount{limit("USD"), limit("EUR"), limit("GBP")},
		NamedFields: named, Phases: map[string]string{"default": "assisted"},
	}
}

// ParsePolicy reads and checks a review policy that is to be set. What can not hold is named by its field, for a form; unknown members are refused.
func ParsePolicy(body []byte) (Policy, error) {
	var p Policy
	wrong := strict.Decode(body, &p)
	if len(wrong) > 0 {
		return p, pact.RefusePolicy("review policy", wrong)
	}
	say := func(field, format string, args ...any) {
		wrong = append(wrong, fault.Detail{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	var given struct {
		Threshold *decimal.Decimal `json:"threshold"`
	}
	if json.Unmarshal(body, &given) == nil && given.Threshold == nil { // read as 0, at which nothing is held for its confidence
		say("threshold", "This is needed: below which confidence a person looks.")
	}
	if !money.Sane(p.Threshold) || p.Threshold.IsNegative() || p.Threshold.GreaterThan(decimal.NewFromInt(1)) {
		say("threshold", "The threshold must lie between 0 and 1.")
	}
	for _, k := range slices.Sorted(maps.Keys(p.Thresholds)) {
		at, t := "thresholds."+k, p.Thresholds[k]
		duty, isDuty := strings.CutPrefix(k, "obligation/")
		switch _, isTerm := pact.TermSpecOf(k); {
		case isDuty && !plainName.MatchString(duty):
			say(at, "%.80q names no kind of obligation.", k)
		case !isDuty && !isTerm:
			say(at, "There is no term named %.80q; a kind of obligation is written as obligation/response_time.", k)
		case !money.Sane(t) || t.IsNegative() || t.GreaterThan(decimal.NewFromInt(1)):
			say(at, "The threshold must lie between 0 and 1.")
		}
	}
	if p.FirstN < 0 {
		say("first_n", "The number must not be negative.")
	}
	wrong = append(wrong, pact.UnusableLimits("value_limits", p.ValueLimits)...)
	for i, f := range p.NamedFields {
		if _, ok := pact.TermSpecOf(f); !ok {
			say(fmt.Sprintf("named_fields[%d]", i), "There is no term named %.80q.", f)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(p.Phases)) {
		if v := p.Phases[k]; v != "assisted" && v != "conditional" && v != "full" {
			say("phases."+k, "%.40q is no phase; use assisted, conditional or full.", v)
		}
	}
	return p, pact.RefusePolicy("review policy", wrong)
}

var plainName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,79}$`)

// ThresholdOf is below which a candidate is held.
func (p Policy) ThresholdOf(c pact.Candidate) decimal.Decimal {
	if t, ok := p.Thresholds[thresholdKey(c)]; ok {
		return t
	}
	return p.Threshold
}

// thresholdKey is the name of a field in Policy.Thresholds.
func thresholdKey(c pact.Candidate) string {
	if c.Subject == "obligation" {
		return "obligation/" + extract.FieldOf(c)
	}
	return c.Name
}

// Phase of a contract type.
func (p Policy) Phase(contractType string) string {
	if v, ok := p.Phases[contractType]; ok {
		return v
	}
	if v, ok := p.Phases["default"]; ok {
		return v
	}
	return "assisted"
}

// situation is what the gates look at beside the candidate.
type situation struct {
	value    *money.Amount  // total contract value as read, if any
	decided  map[string]int // obligations decided by people, by extractor version, of this contract type
	warnings []string
}

// reasons says why a person must look at a candidate; none means that it passes every gate.
func (p Policy) reasons(c pact.Candidate, s situation) []string {
	var out []string
	if c.State == pact.CandidateNotFound {
		return []string{"not_found"}
	}
	if c.Verification == pact.Unverified || c.Verification == "" {
		out = append(out, "unverified")
	}
	if len(c.Ambiguities) > 0 {
		out = append(out, "ambiguous")
	}
	if len(c.Rivals) > 0 {
		out = append(out, "disagreement")
	}
	if c.Confidence.LessThan(p.ThresholdOf(c)) {
		out = append(out, "low_confidence")
	}
	if c.Subject == "term" && slices.Contains(p.NamedFields, c.Name) {
		out = append(out, "high_stakes")
	}
	if c.Subject == "obligation" && s.decided[c.Extractor] < p.FirstN {
		out = append(out, "first_obligations")
	}
	if s.value != nil && p.aboveLimit(*s.value) {
		out = append(out, "contract_value")
	}
	if len(s.warnings) > 0 {
		out = append(out, "document_warning")
	}
	return out
}

func (p Policy) aboveLimit(a money.Amount) bool {
	known := false
	for _, l := range p.ValueLimits {
		if l.Currency == a.Currency {
			known = true
			if a.Value.GreaterThan(l.Value) {
				return true
			}
		}
	}
	return !known && len(p.ValueLimits) > 0 // a currency without a limit is looked at
}

// Weight orders candidates for a reviewer: disagreement, high stakes, missing, then lowest confidence.
func weight(c pact.Candidate) string {
	rank := 3
	switch {
	case len(c.Reasons) == 0:
		rank = 9
	case slices.Contains(c.Reasons, "disagreement") || slices.Contains(c.Reasons, "ambiguous"):
		rank = 0
	case slices.Contains(c.Reasons, "high_stakes"):
		rank = 1
	case slices.Contains(c.Reasons, "not_found"):
		rank = 2
	}
	return fmt.Sprintf("%d/%s/%s", rank, c.Confidence.StringFixed(6), c.Name)
}
