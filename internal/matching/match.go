// Package matching finds which account, of those another system has, is the company a contract names, and says why.
//
// It owns the normal form of company names and addresses, their comparison, and the decision matched, ambiguous or not
// found with its explanation. It does not own where candidates come from, and it never makes an account. Invariants:
// pure; the order of the options has no influence; an exact identifier wins; two candidates within a margin, letters of
// confusable scripts, a different country or a different legal form go to a person.
package matching

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Company is a company as one side names it. Only Name is needed.
type Company struct {
	ID         string            `json:"id,omitempty"` // in the system it comes from
	Name       string            `json:"name"`
	Aliases    []string          `json:"aliases,omitempty"` // trading and former names
	Address    string            `json:"address,omitempty"` // free text, or the street where the parts below are given
	City       string            `json:"city,omitempty"`
	PostalCode string            `json:"postal_code,omitempty"`
	Country    string            `json:"country,omitempty"`     // name or ISO code
	IDs        map[string]string `json:"identifiers,omitempty"` // tax, duns, crm …
}

// State is what was decided.
type State string

// The decisions; the words of pact.Link.
const (
	Matched   State = "matched"
	Ambiguous State = "ambiguous"
	NotFound  State = "not_found"
)

// Result is the decision with the options a person can choose from.
type Result struct {
	State       State    `json:"state"`
	Best        *Option  `json:"best,omitempty"`    // set where matched
	Options     []Option `json:"options,omitempty"` // best first, at most ten
	Margin      string   `json:"margin,omitempty"`  // distance of the best two
	Explanation []string `json:"explanation"`
}

// Option is a candidate with its scores from 0 to 1, as text with four decimals.
type Option struct {
	Company      Company  `json:"company"`
	Score        string   `json:"score"`
	NameScore    string   `json:"name_score"`
	AddressScore string   `json:"address_score,omitempty"` // "" where an address is missing on one side
	Explanation  []string `json:"explanation"`

	total, name int
	exactID     bool
	doubts      []string // why it can not be taken without a person
}

// Scores are integers of 1/10 000 so that they compare exactly.
const (
	one          = 10_000
	sureName     = 8_800 // a name below is never matched without a person
	sureTotal    = 8_500
	worthShowing = 6_500
	closeMargin  = 500
	maxOptions   = 10
	nameWeight   = 85 // percent; the address has the rest, where both sides have one
)

// Match compares a company with the options.
func Match(want Company, options []Company) Result {
	if strings.TrimSpace(want.Name) == "" && len(want.IDs) == 0 {
		return Result{State: NotFound, Explanation: []string{"The contract names no company."}}
	}
	wanted := profileOf(want)
	var scored []Option
	for _, c := range options {
		o := compare(wanted, profileOf(c))
		if o.exactID || o.total >= worthShowing || o.name >= sureName {
			scored = append(scored, o)
		}
	}
	slices.SortFunc(scored, func(a, b Option) int {
		return cmp.Or(compareBool(b.exactID, a.exactID), cmp.Compare(b.total, a.total), cmp.Compare(a.Company.ID, b.Company.ID), cmp.Compare(a.Company.Name, b.Company.Name),
			cmp.Compare(a.Company.Address, b.Company.Address), cmp.Compare(a.Company.City, b.Company.City))
	})
	r := decide(want, scored)
	if len(scored) > maxOptions {
		scored = scored[:maxOptions]
	}
	r.Options = scored
	if r.State == Matched {
		r.Best = &scored[0]
	}
	return r
}

func decide(want Company, scored []Option) Result {
	if len(scored) == 0 {
		return Result{State: NotFound, Explanation: []string{fmt.Sprintf("No account resembles %q.", clip(want.Name))}}
	}
	best := scored[0]
	r := Result{State: Ambiguous}
	if len(scored) > 1 {
		r.Margin = points(best.total - scored[1].total)
	}
	if best.exactID {
		if len(scored) > 1 && scored[1].exactID {
			r.Explanation = []string{fmt.Sprintf("%q and %q carry the same identifier: a person has to choose.", clip(best.Company.Name), clip(scored[1].Company.Name))}
			return r
		}
		r.State = Matched
		r.Explanation = append([]string{fmt.Sprintf("%q has the same identifier.", clip(best.Company.Name))}, best.Explanation...)
		return r
	}
	var why []string
	if best.name < sureName {
		why = append(why, fmt.Sprintf("The best name, %q, scores %s; %s is needed.", clip(best.Company.Name), percent(best.name), percent(sureName)))
	} else if best.total < sureTotal {
		why = append(why, fmt.Sprintf("Name and address of %q together score %s; %s is needed.", clip(best.Company.Name), percent(best.total), percent(sureTotal)))
	}
	why = append(why, best.doubts...)
	if len(scored) > 1 && best.total-scored[1].total < closeMargin {
		why = append(why, fmt.Sprintf("%q (%s) and %q (%s) are within %s of each other.", label(best.Company), percent(best.total), label(scored[1].Company), percent(scored[1].total), percent(closeMargin)))
	}
	if len(why) > 0 {
		r.Explanation = append(why, "A person has to choose.")
		return r
	}
	r.State = Matched
	r.Explanation = append([]string{fmt.Sprintf("%q is the only good match, with %s.", clip(best.Company.Name), percent(best.total))}, best.Explanation...)
	return r
}

// profile is a company made ready for comparison.
type profile struct {
	company Company
	names   []name
	place   place
}

func profileOf(c Company) profile {
	p := profile{company: c, place: placeOf(c)}
	given := append([]string{c.Name}, c.Aliases...)
	if len(given) > 20 {
		given = given[:20]
	}
	for i, g := range given {
		for j, part := range splitTradingNames(clipTo(g, maxName)) {
			n := normalise(part)
			n.alias = i > 0 || j > 0
			if len(n.tokens) > 0 {
				p.names = append(p.names, n)
			}
		}
	}
	return p
}

func compare(want, have profile) Option {
	o := Option{Company: have.company}
	o.exactID = sharedID(want.company.IDs, have.company.IDs, &o)
	var bestWant, bestHave name
	o.name = -1
	for _, a := range want.names {
		for _, b := range have.names {
			if s := nameScore(a, b); s > o.name {
				o.name, bestWant, bestHave = s, a, b
			}
		}
	}
	o.name = max(o.name, 0)
	o.explainName(bestWant, bestHave)
	o.total = o.name
	address, known := placeScore(want.place, have.place, &o)
	if known {
		o.total = (o.name*nameWeight + address*(100-nameWeight)) / 100
		o.AddressScore = points(address)
	}
	if bestWant.form != "" && bestHave.form != "" && bestWant.form != bestHave.form && (!known || address < 8_000) {
		o.doubts = append(o.doubts, fmt.Sprintf("The legal forms differ: %s here, %s there.", bestWant.formText, bestHave.formText))
	}
	if o.exactID {
		o.total = one
	}
	o.Score, o.NameScore = points(o.total), points(o.name)
	return o
}

// sharedID tells whether an identifier of the same kind is equal. A different one is a doubt: same name, other company.
func sharedID(want, have map[string]string, o *Option) bool {
	kinds := make([]string, 0, len(want))
	for k := range want {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	equal := false
	for _, k := range kinds {
		a, b := plainID(want[k]), plainID(have[k])
		switch {
		case a == "" || b == "":
		case a == b:
			equal = true
			o.Explanation = append(o.Explanation, fmt.Sprintf("The %s identifier is the same: %s.", clip(k), clip(want[k])))
		default:
			o.doubts = append(o.doubts, fmt.Sprintf("The %s identifiers differ: %s here, %s there.", clip(k), clip(want[k]), clip(have[k])))
		}
	}
	return equal
}

func (o *Option) explainName(a, b name) {
	switch {
	case o.name == 0:
		o.Explanation = append(o.Explanation, "The names have nothing in common.")
		return
	case a.raw == b.raw:
		o.Explanation = append(o.Explanation, fmt.Sprintf("The name is the same: %q.", clip(a.raw)))
	case o.name == one:
		o.Explanation = append(o.Explanation, fmt.Sprintf("%q and %q are the same name without legal form, accents and punctuation: %q.", clip(a.raw), clip(b.raw), clip(a.core())))
	default:
		o.Explanation = append(o.Explanation, fmt.Sprintf("%q and %q resemble each other with %s.", clip(a.raw), clip(b.raw), percent(o.name)))
	}
	if b.alias || a.alias {
		o.Explanation = append(o.Explanation, "A trading or former name was compared.")
	}
	if a.mixed || b.mixed {
		o.doubts = append(o.doubts, "A word mixes letters of several scripts that look alike.")
	} else if a.script != "" && b.script != "" && a.script != b.script && o.name >= worthShowing {
		o.doubts = append(o.doubts, fmt.Sprintf("The names look alike, but one is written in %s letters, the other in %s.", a.script, b.script))
	}
	if a.hidden || b.hidden {
		o.doubts = append(o.doubts, "A name holds invisible characters.")
	}
}

// percent writes a score for people.
func percent(n int) string {
	const hundredth = one / 100
	return strings.TrimSuffix(fmt.Sprintf("%d.%02d", n/hundredth, n%hundredth), ".00") + " %"
}

// points writes a score with four decimals.
func points(n int) string { return fmt.Sprintf("%d.%04d", n/one, n%one) }

func plainID(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, clipTo(s, 100))
}

func label(c Company) string {
	if c.City != "" {
		return clip(c.Name) + ", " + clip(c.City)
	}
	return clip(c.Name)
}

// clip shortens text for an explanation.
func clip(s string) string { return clipTo(s, 80) }

func clipTo(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
