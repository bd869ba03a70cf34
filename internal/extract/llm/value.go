package llm

import (
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// valueOf makes the typed value of an answer. Where the quote has the value that was said, the quote's own reading is
// taken; what was said and does not stand there is kept as said, and the check after this finds it unverified. What the
// quote leaves open comes as an ambiguity. ok is false where what was said is no value of the kind.
func valueOf(spec pact.TermSpec, t answerTerm, quote string) (v *pact.Value, open []pact.Ambiguity, ok bool) {
	said := strings.TrimSpace(clip(strings.ToValidUTF8(t.Value, "\ufffd"), maxValue))
	plain, q := wording.Normal(said).S, wording.Normal(quote).S
	for _, kind := range append([]pact.ValueKind{spec.Kind}, spec.Also...) {
		if got, found := valueAs(kind, spec.Name, said, plain, q, t.Parties); found {
			return &got, ambiguities(kind, q), got.Check() == nil
		}
	}
	open = ambiguities(spec.Kind, q) // a clause that contradicts itself has readings and no value
	return nil, open, len(open) > 0
}

// agrees tells whether what was said is what the quote gave, for the values that are read out of the quote alone: a clause
// backed by a claim that contradicts it is not believed, whatever the clause says.
func agrees(name string, v *pact.Value, said, quote string) bool {
	if v == nil {
		return true
	}
	switch v.Kind {
	case pact.PaymentValue, pact.TiersValue, pact.CapValue:
		shown := quote + " " + v.String()
		for _, f := range figures.FindAllString(said, -1) {
			if !slices.Contains(figures.FindAllString(shown, -1), f) {
				return false
			}
		}
	case pact.TextValue:
		return name != "contract_type" || strings.EqualFold(said, v.Text) || stands(said, quote)
	}
	return true
}

var figures = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

func valueAs(kind pact.ValueKind, name, said, plain, q string, parties []answerParty) (pact.Value, bool) {
	switch kind {
	case pact.DateValue:
		if d, err := calendar.ParseDate(said); err == nil {
			return pact.OnDate(d), true
		}
		for _, d := range wording.Dates(plain) {
			if d.Date != "" {
				return pact.OnDate(d.Date), true
			}
		}
	case pact.DurationValue:
		return duration(plain, q)
	case pact.MoneyValue:
		for _, s := range wording.Sums(plain) {
			if len(s.Readings) == 0 {
				return pact.Sum(s.Amount), true
			}
		}
	case pact.PercentageValue:
		for _, p := range wording.Percents(plain) {
			if len(p.Readings) == 0 {
				return pact.Percent(p.Value), true
			}
		}
		if d, err := money.ParseDecimal(strings.TrimSpace(strings.TrimSuffix(plain, "%"))); err == nil {
			return pact.Percent(d), true
		}
	case pact.NumberValue:
		if d, err := money.ParseDecimal(plain); err == nil {
			return pact.Value{Kind: pact.NumberValue, Number: &d}, true
		}
	case pact.FlagValue:
		switch strings.ToLower(strings.Trim(plain, ".")) {
		case "yes", "true":
			return pact.Yes(true), true
		case "no", "false":
			return pact.Yes(false), true
		}
	case pact.EvergreenValue:
		low := strings.ToLower(plain)
		for _, w := range []string{"until terminated", "perpetual", "evergreen", "indefinite", "no end", "without end"} {
			if strings.Contains(low, w) {
				return pact.Value{Kind: pact.EvergreenValue}, true
			}
		}
	case pact.PartiesValue:
		return partiesOf(parties, q)
	case pact.PaymentValue:
		if p, ok := wording.PaymentOf(q); ok {
			return pact.Value{Kind: pact.PaymentValue, Payment: &p.Terms}, !p.Unpicked
		}
		return pact.Value{Kind: pact.PaymentValue, Payment: &pact.PaymentTerms{Text: said}}, said != ""
	case pact.TiersValue:
		if t, ok := wording.TiersOf(q); ok && len(t.Tiers) > 0 && !t.Unpicked {
			return pact.Value{Kind: pact.TiersValue, Tiers: t.Tiers}, true
		}
	case pact.CapValue:
		if c, ok := wording.LiabilityCap(q); ok {
			return pact.Value{Kind: pact.CapValue, Cap: &c.Cap}, !c.Unpicked
		}
		return pact.Value{Kind: pact.CapValue, Cap: &pact.Cap{Text: said}}, said != ""
	case pact.TextValue:
		return text(name, said, q)
	}
	return pact.Value{}, false
}

// duration takes the quote's reading where it means what was said: "one year" for "12 months".
func duration(said, q string) (pact.Value, bool) {
	var want *calendar.Duration
	for _, d := range append(wording.Durations(said), wording.Anniversaries(said)...) {
		if len(d.Readings) == 0 {
			want = &d.Duration
			break
		}
	}
	if want == nil {
		p, ok := wording.Periodic(said)
		if !ok {
			return pact.Value{}, false
		}
		want = &p.Duration
	}
	months, whole := want.Months()
	for _, d := range append(wording.Durations(q), wording.Anniversaries(q)...) {
		if m, ok := d.Duration.Months(); len(d.Readings) == 0 && whole && ok && m == months {
			return pact.Lasting(d.Duration.Value, d.Duration.Unit), true
		}
	}
	return pact.Lasting(want.Value, want.Unit), true
}

// partiesOf keeps a role only where the quote says it: roles decide who owes, and a model is not asked for that.
func partiesOf(parties []answerParty, q string) (pact.Value, bool) {
	v := pact.Value{Kind: pact.PartiesValue}
	for _, p := range parties[:min(len(parties), 20)] {
		name := strings.TrimSpace(clip(strings.ToValidUTF8(p.Name, "\ufffd"), 200))
		if name == "" {
			continue
		}
		party := pact.Party{Name: name}
		if stands(p.Role, q) {
			party.Role = strings.ToLower(strings.TrimSpace(clip(p.Role, 40)))
		}
		v.Parties = append(v.Parties, party)
	}
	return v, len(v.Parties) > 0
}

// stands tells whether words stand in a quote.
func stands(words, quote string) bool {
	w := wording.Fold(words)
	return len(w) > 1 && strings.Contains(wording.Fold(quote), w)
}

// text brings a text value to our form where the quote gives one: the place of a governing law, the type of a contract.
func text(name, said, q string) (pact.Value, bool) {
	switch name {
	case "governing_law":
		if p, ok := wording.GoverningLaw(q); ok && strings.Contains(strings.ToLower(said), strings.ToLower(p.Name)) {
			return pact.Text(p.Name), true
		}
	case "contract_type":
		if kind := wording.ContractType(q); kind != "" {
			return pact.Text(kind), true
		}
	case "currency":
		for _, c := range wording.Currencies(q) {
			if strings.Contains(strings.ToUpper(said), c) {
				return pact.Text(c), true
			}
		}
	case "zone":
		for _, z := range wording.Zones(q) {
			if strings.EqualFold(z.Name, said) || strings.Contains(wording.Fold(q), wording.Fold(said)) {
				return pact.Text(z.Name), true
			}
		}
	}
	return pact.Text(said), said != ""
}

// several tells whether a quote holds more than one value of a kind.
func several(kind pact.ValueKind, quote string) bool {
	found := map[string]bool{}
	q := wording.Normal(quote).S
	switch kind {
	case pact.DateValue:
		for _, d := range wording.Dates(q) {
			found[string(d.Date)] = true
		}
	case pact.DurationValue:
		for _, d := range wording.Durations(q) {
			found[d.Duration.String()] = true
		}
	case pact.MoneyValue:
		for _, s := range wording.Sums(q) {
			found[s.Amount.String()] = true
		}
	case pact.PercentageValue:
		for _, p := range wording.Percents(q) {
			found[p.Value.String()] = true
		}
	}
	return len(found) > 1
}

// ambiguities are the readings that a quote leaves open: they are a person's to choose from.
func ambiguities(kind pact.ValueKind, q string) []pact.Ambiguity {
	against := func(readings []pact.Value) []pact.Ambiguity {
		return []pact.Ambiguity{{Code: "two_readings", Question: "The passage can be read in more than one way. Which is meant?", Readings: readings}}
	}
	switch kind {
	case pact.DurationValue:
		for _, d := range wording.Durations(q) {
			if len(d.Readings) > 1 {
				return against(values(d.Readings, func(r calendar.Duration) pact.Value { return pact.Lasting(r.Value, r.Unit) }))
			}
		}
	case pact.MoneyValue:
		for _, s := range wording.Sums(q) {
			if len(s.Readings) > 1 {
				return against(values(s.Readings, pact.Sum))
			}
		}
	case pact.PercentageValue:
		for _, p := range wording.Percents(q) {
			if len(p.Readings) > 1 {
				return against(values(p.Readings, func(d decimal.Decimal) pact.Value { return pact.Percent(d) }))
			}
		}
	case pact.PaymentValue:
		if p, ok := wording.PaymentOf(q); ok {
			return p.Ambiguities
		}
	case pact.CapValue:
		if c, ok := wording.LiabilityCap(q); ok {
			return c.Ambiguities
		}
	case pact.TiersValue:
		if t, ok := wording.TiersOf(q); ok {
			return t.Ambiguities
		}
	}
	return nil
}

func values[T any](readings []T, as func(T) pact.Value) []pact.Value {
	out := make([]pact.Value, len(readings))
	for i, r := range readings {
		out[i] = as(r)
	}
	return out
}
