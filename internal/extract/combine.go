package extract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// unlabelledCap is the highest confidence of a field for which no labelled contracts exist: just below the usual limit,
// so that a person always sees it.
var unlabelledCap = decimal.New(84, -2)

// Labelled tells whether precision was measured on labelled contracts for a field.
func Labelled(name string) bool {
	switch name {
	case "title", "parties", "agreement_date", "effective_date", "expiration_date", "renewal_term", "notice_period", "governing_law":
		return true
	}
	return false
}

// Combine puts the candidates of several extractors together, one per term or obligation, as each rates itself.
func Combine(lists ...[]pact.Candidate) []pact.Candidate { return Weights(nil).Combine(lists...) }

// Combine puts the candidates of several extractors together, one per term or obligation.
//
// Each confidence is first corrected by what people decided on readings of that extractor for that field (Curve). Equal
// readings of different extractors count as independent witnesses: 1 - (1-a)(1-b), never above 0.99, nor above 0.84 for
// fields without labelled data. An unverified reading is no witness. Where readings differ, the better verified, then the
// surer leads with the share that is left to it when each other reading may be the right one, or none is: s × Π(1-other) / (Σ over all readings of the same + Π(1-all)); it does not pass 0.84, since a conflict
// is for a person. Every other reading stays as a rival with its own extractors and score. A single list comes back as it
// was, duplicates and decisions apart.
func (w Weights) Combine(lists ...[]pact.Candidate) []pact.Candidate {
	var order []string
	groups := map[string][]pact.Candidate{}
	for _, list := range lists {
		for _, c := range list {
			key := c.Subject + "\x00" + c.Name
			if _, ok := groups[key]; !ok {
				order = append(order, key)
			}
			groups[key] = append(groups[key], w.Tune(c))
		}
	}
	out := make([]pact.Candidate, 0, len(order))
	for _, key := range order {
		c := merge(groups[key])
		c.Order = len(out)
		out = append(out, c)
	}
	return out
}

// reading is one value with all who read it.
type reading struct {
	lead      pact.Candidate
	witnesses pact.Confidences
	own       pact.Confidences // of the same
	score     decimal.Decimal
}

func merge(group []pact.Candidate) pact.Candidate {
	sort.SliceStable(group, func(i, j int) bool { return better(group[i], group[j]) })
	var readings []*reading
	for _, c := range group {
		i := slices.IndexFunc(readings, func(r *reading) bool { return same(r.lead, c) })
		if i < 0 {
			readings = append(readings, &reading{lead: c, witnesses: pact.Confidences{}, own: pact.Confidences{}})
			i = len(readings) - 1
		}
		readings[i].hear(c)
	}
	everyone := map[string]bool{}
	for _, r := range readings {
		r.close()
		for name := range r.witnesses {
			everyone[name] = true
		}
	}
	sort.SliceStable(readings, func(i, j int) bool { return better(readings[i].lead, readings[j].lead) })
	lead := readings[0].lead
	lead.Rivals = append([]pact.Candidate(nil), lead.Rivals...)
	for _, r := range readings[1:] {
		lead.Rivals = addRival(lead.Rivals, r.lead)
	}
	limit := decimal.New(99, -2)
	if len(readings) > 1 || !Labelled(lead.Name) {
		limit = unlabelledCap
	}
	if len(readings) > 1 && len(everyone) > 1 {
		lead.Confidence = share(readings)
	}
	if lead.Confidence.GreaterThan(limit) {
		lead.Confidence = limit
	}
	return lead
}

// hear adds a witness. What is unverified is heard only where nobody better is: it raises nothing.
func (r *reading) hear(c pact.Candidate) {
	if c.Verification == pact.Unverified && r.lead.Verification != pact.Unverified {
		return
	}
	if c.Value != nil && c.Value.Kind == pact.PartiesValue && rank(c.Verification) >= rank(r.lead.Verification) && len(c.Value.String()) > len(r.lead.Value.String()) {
		keep := r.lead
		r.lead = c // the same parties, with more of their roles
		r.lead.Rivals, r.lead.Confidence = append(keep.Rivals, c.Rivals...), decimal.Max(keep.Confidence, c.Confidence)
	}
	for _, name := range Parts(c.Extractor) {
		if had, ok := r.witnesses[name]; !ok || c.Confidence.GreaterThan(had) {
			r.witnesses[name] = c.Confidence
			if own, ok := c.OwnConfidence[name]; ok {
				r.own[name] = own
			}
		}
	}
}

// close counts the witnesses. The names are sorted, so that the same extractors are one name whoever led: decisions are
// counted by it.
func (r *reading) close() {
	names := slices.Sorted(maps.Keys(r.witnesses))
	if len(names) < 2 || r.lead.Verification == pact.Unverified || strings.Contains(r.lead.Extractor, "+") {
		r.score = r.lead.Confidence
		return
	}
	r.score = decimal.Decimal{}
	for _, n := range names {
		r.score = together(r.score, r.witnesses[n])
	}
	r.lead.Extractor, r.lead.Confidence = strings.Join(names, "+"), r.score
	if len(r.own) > 0 {
		r.lead.OwnConfidence = r.own
	}
}

// Parts gives the extractors behind a candidate.
func Parts(extractor string) []string { return strings.Split(extractor, "+") }

// share is what is left to the first reading when each may be the right one, or none.
func share(readings []*reading) decimal.Decimal {
	most := decimal.New(9999, -4)
	scores := make([]decimal.Decimal, len(readings))
	for i, r := range readings {
		scores[i] = decimal.Min(decimal.Max(r.score, decimal.Decimal{}), most)
	}
	alone := func(which int) decimal.Decimal { // which is right and all others are wrong; -1: all are
		p := one
		for i, s := range scores {
			if i == which {
				p = p.Mul(s)
			} else {
				p = p.Mul(one.Sub(s))
			}
		}
		return p
	}
	total := alone(-1)
	for i := range scores {
		total = total.Add(alone(i))
	}
	return alone(0).DivRound(total, 8).Truncate(4)
}

// better puts verified before repaired before unverified, a value before none, then the surer.
func better(a, b pact.Candidate) bool {
	if ra, rb := rank(a.Verification), rank(b.Verification); ra != rb {
		return ra > rb
	}
	if (a.Value == nil && a.Obligation == nil) != (b.Value == nil && b.Obligation == nil) {
		return b.Value == nil && b.Obligation == nil
	}
	return a.Confidence.GreaterThan(b.Confidence)
}

func rank(v pact.Verification) int {
	switch v {
	case pact.Verified:
		return 2
	case pact.Repaired:
		return 1
	}
	return 0
}

func same(a, b pact.Candidate) bool {
	switch {
	case a.Value != nil && b.Value != nil:
		return SameMeaning(*a.Value, *b.Value)
	case a.Obligation != nil && b.Obligation != nil:
		return string(a.Obligation.Params) == string(b.Obligation.Params)
	}
	return a.Value == nil && b.Value == nil && a.Obligation == nil && b.Obligation == nil
}

// SameMeaning tells whether two values say the same, however much they say beside it: case and spacing of text, twelve
// months for a year, parties of the same names whatever is known of their roles, a payment term in other words.
func SameMeaning(a, b pact.Value) bool {
	if a.Equal(b) {
		return true
	}
	switch {
	case a.Kind != b.Kind:
		return false
	case a.Kind == pact.TextValue:
		return wording.Fold(a.Text) == wording.Fold(b.Text)
	case a.Duration != nil && b.Duration != nil:
		m, okM := a.Duration.Months()
		n, okN := b.Duration.Months()
		return okM && okN && m == n
	case a.Money != nil && b.Money != nil:
		return a.Money.Equal(*b.Money)
	case a.Percentage != nil && b.Percentage != nil:
		return a.Percentage.Equal(*b.Percentage)
	case a.Kind == pact.PartiesValue:
		return slices.Equal(partyKeys(a.Parties), partyKeys(b.Parties))
	case a.Payment != nil && b.Payment != nil:
		x, y := *a.Payment, *b.Payment
		x.Text, y.Text = "", ""
		return pact.Value{Kind: pact.PaymentValue, Payment: &x}.Equal(pact.Value{Kind: pact.PaymentValue, Payment: &y})
	case a.Cap != nil && b.Cap != nil:
		x, y := *a.Cap, *b.Cap
		x.Text, y.Text = "", ""
		return (x.Amount != nil || x.Multiple != nil) && pact.Value{Kind: pact.CapValue, Cap: &x}.Equal(pact.Value{Kind: pact.CapValue, Cap: &y})
	}
	return a.Kind == pact.EvergreenValue
}

// SameDuty tells whether two obligations are judged alike: the same kind with the same parameters, in whatever order they are written. A
// member without a value is as good as none.
func SameDuty(a, b pact.Obligation) bool {
	if a.Kind != b.Kind {
		return false
	}
	if string(a.Params) == string(b.Params) {
		return true
	}
	x, errA := plainParams(a.Params)
	y, errB := plainParams(b.Params)
	return errA == nil && errB == nil && reflect.DeepEqual(x, y)
}

func plainParams(raw json.RawMessage) (any, error) {
	if len(raw) == 0 {
		return map[string]any{}, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // figures are compared as they are written
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("reading parameters: %w", err)
	}
	return pruned(v), nil
}

// pruned takes members without a value out.
func pruned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			switch m := pruned(member).(type) {
			case nil:
				delete(v, name)
			case string:
				if m == "" {
					delete(v, name)
				}
			case []any:
				if len(m) == 0 {
					delete(v, name)
				}
			case map[string]any:
				if len(m) == 0 {
					delete(v, name)
				}
			}
		}
	case []any:
		for i := range v {
			v[i] = pruned(v[i])
		}
	}
	return v
}

func partyKeys(parties []pact.Party) []string {
	out := make([]string, 0, len(parties))
	for _, p := range parties {
		out = append(out, strings.Trim(wording.Fold(p.Name), ".,"))
	}
	slices.Sort(out)
	return out
}

func addRival(rivals []pact.Candidate, c pact.Candidate) []pact.Candidate {
	nested := c.Rivals
	c.Rivals = nil
	for _, r := range append([]pact.Candidate{c}, nested...) {
		known := false
		for _, x := range rivals {
			known = known || same(x, r)
		}
		if !known {
			rivals = append(rivals, r)
		}
	}
	return rivals
}

// together is 1 - (1-a)(1-b), cut to four decimals.
func together(a, b decimal.Decimal) decimal.Decimal {
	return one.Sub(one.Sub(a).Mul(one.Sub(b))).Truncate(4)
}
