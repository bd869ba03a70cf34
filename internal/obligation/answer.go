package obligation

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// Settled gives the members of the parameters that decide for a reading of a question (Outcome.Set), to be merged with Patch.
// ok is false where the question has no such reading, or where choosing it decides nothing by itself.
func Settled(q pact.Ambiguity, reading string) (patch json.RawMessage, ok bool) {
	for _, o := range q.Outcomes {
		if o.Reading == reading && o.Set != "" {
			patch = json.RawMessage("{" + o.Set + "}")
			return patch, json.Valid(patch)
		}
	}
	return nil, false
}

// Patch changes the members of parameters that a patch names; null takes one out (RFC 7386).
func Patch(params, patch json.RawMessage) (json.RawMessage, error) {
	read := func(raw json.RawMessage) (map[string]any, error) {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		var out map[string]any
		return out, cmp.Or(d.Decode(&out), notNil(out))
	}
	have, err := read(params)
	if err != nil {
		have = map[string]any{}
	}
	want, err := read(patch)
	if err != nil {
		return nil, err
	}
	patchInto(have, want)
	return json.Marshal(have)
}

func notNil(m map[string]any) error {
	if m == nil {
		return errors.New("no object")
	}
	return nil
}

func patchInto(have, want map[string]any) {
	for name, v := range want {
		inner, isObject := v.(map[string]any)
		old, wasObject := have[name].(map[string]any)
		switch {
		case v == nil:
			delete(have, name)
		case isObject && wasObject:
			patchInto(old, inner)
		default:
			have[name] = v
		}
	}
}

// member writes a parameter as an Outcome sets it. What it writes are structs of parameters, which can always be written.
func member(name string, value any) string {
	raw, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return `"` + name + `": ` + string(raw)
}

// answered is a row that may be meant, and the table in which it is the only one that holds.
type answered struct {
	tier  CreditTier
	table []CreditTier
}

// answers lists the rows that may be meant where the table has none or several for the measured value. A row that is chosen over
// others keeps its bounds, and the others lose what lies within; one beside a gap is widened up to the row on the other side.
func (c creditCase) answers() []answered {
	var holding []int
	below, above := -1, -1
	rows := c.rule.Tiers
	for i, t := range rows {
		switch {
		case t.bounds().Above(c.measured):
			if below < 0 || upper(t).GreaterThan(*upper(rows[below])) || upper(t).Equal(*upper(rows[below])) && t.UpTo != nil {
				below = i
			}
		case t.bounds().Under(c.measured):
			if above < 0 || lower(t).LessThan(*lower(rows[above])) || lower(t).Equal(*lower(rows[above])) && t.Over == nil {
				above = i
			}
		default:
			holding = append(holding, i)
		}
	}
	var out []answered
	for _, i := range holding {
		a := answered{tier: rows[i]}
		for j, t := range rows {
			if i == j {
				a.table = append(a.table, t)
				continue
			}
			a.table = append(a.table, outside(t, rows[i])...)
		}
		out = append(out, a)
	}
	if len(holding) > 0 {
		return out
	}
	widen := func(i int, change func(*CreditTier)) {
		a := answered{tier: rows[i], table: append([]CreditTier(nil), rows...)}
		change(&a.table[i])
		out = append(out, a)
	}
	if below >= 0 {
		widen(below, func(t *CreditTier) {
			t.Below, t.UpTo = nil, nil
			if above >= 0 {
				t.Below, t.UpTo = rows[above].From, rows[above].Over
			}
		})
	}
	if above >= 0 {
		widen(above, func(t *CreditTier) {
			t.From, t.Over = nil, nil
			if below >= 0 {
				t.From, t.Over = rows[below].Below, rows[below].UpTo
			}
		})
	}
	if below >= 0 && above < 0 {
		out = append(out, c.nothing(CreditTier{From: rows[below].Below, Over: rows[below].UpTo}))
	}
	if above >= 0 && below < 0 {
		out = append(out, c.nothing(CreditTier{Below: rows[above].From, UpTo: rows[above].Over}))
	}
	return out
}

// nothing reads a table that ends before the measure as one that gives no credit beyond its end.
func (c creditCase) nothing(t CreditTier) answered {
	if a := c.rule.Tiers[0].Amount; a != nil {
		none := money.New(decimal.Zero, a.Currency)
		t.Amount = &none
	} else {
		none := decimal.Zero
		t.Percent = &none
	}
	return answered{tier: t, table: append(slices.Clone(c.rule.Tiers), t)}
}

func upper(t CreditTier) *decimal.Decimal {
	bound, _ := t.bounds().Upper()
	return bound
}

func lower(t CreditTier) *decimal.Decimal {
	bound, _ := t.bounds().Lower()
	return bound
}

// outside is what of a row lies outside another: nothing, itself, or up to two parts of it.
func outside(t, other CreditTier) []CreditTier {
	var out []CreditTier
	if b, included := other.bounds().Lower(); b != nil {
		part := t // before the other begins
		if end, closed := t.bounds().Upper(); end == nil || end.GreaterThan(*b) || end.Equal(*b) && closed && included {
			part.Below, part.UpTo = nil, nil
			if included {
				part.Below = b
			} else {
				part.UpTo = b
			}
		}
		out = append(out, filled(part)...)
	}
	if b, included := other.bounds().Upper(); b != nil {
		part := t // after the other ends
		if begin, closed := t.bounds().Lower(); begin == nil || begin.LessThan(*b) || begin.Equal(*b) && closed && included {
			part.From, part.Over = nil, nil
			if included {
				part.Over = b
			} else {
				part.From = b
			}
		}
		out = append(out, filled(part)...)
	}
	return out
}

// filled is a row, or nothing where it holds no value.
func filled(t CreditTier) []CreditTier {
	begin, from := t.bounds().Lower()
	end, to := t.bounds().Upper()
	if begin != nil && end != nil && (begin.GreaterThan(*end) || begin.Equal(*end) && !(from && to)) {
		return nil
	}
	return []CreditTier{t}
}

// outcome is what a reading comes to: the whole way to the amount, over the table in which it holds.
func (c creditCase) outcome(x answered, in Input) pact.Outcome {
	o := pact.Outcome{Reading: x.tier.in(c.unit)}
	if c.table != nil {
		o.Set = c.table(x.table)
	}
	one := c
	one.rule.Tiers = x.table
	scratch := pact.Assessment{}
	var steps []pact.TraceStep
	quiet := tracer{steps: &steps}
	exact, base := one.raw(&scratch, in, quiet)
	if exact != nil {
		one.finishFrom(&scratch, in, exact, base, c.past, quiet)
	}
	switch {
	case scratch.AmountState == "needs_charge":
		o.Result = "waits for the charge"
	case scratch.AmountState != "":
		o.Result = "asks again"
	case scratch.Amount != nil:
		o.Amount = scratch.Amount
	default:
		o.Result = "no credit"
		months, _ := in.charged(c.cycle, c.period)
		if sum, _, problem := chargesOf(in, c.service, months); problem == "" {
			zero := money.New(decimal.Zero, sum.Currency)
			o.Amount, o.Result = &zero, ""
		}
	}
	return o
}

// shortTable writes a credit table in the short form that availability has.
func shortTable(table []CreditTier) string {
	rows := make([]pact.Tier, 0, len(table))
	for _, t := range table {
		row := t.bounds()
		if t.Percent != nil {
			row.Credit = *t.Percent
		}
		rows = append(rows, row)
	}
	return member("tiers", rows)
}

// fullTable writes a credit table in the form of CreditParams.
func fullTable(table []CreditTier) string { return `"credit": {` + member("tiers", table) + `}` }

// governing gives the prices in which the row of a number governs on each of its days: the others keep their days before and after.
func governing(prices []PriceRow, chosen PriceRow) []PriceRow {
	held := calendar.Period{From: chosen.From, Until: chosen.Until}
	var out []PriceRow
	taken := false
	for _, r := range prices {
		if !taken && r == chosen {
			taken = true
			out = append(out, r)
			continue
		}
		if !sameWord(r.Item, chosen.Item) {
			out = append(out, r)
			continue
		}
		if held.From != "" && (r.From == "" || r.From < held.From) {
			part := r
			if part.Until == "" || part.Until > held.From {
				part.Until = held.From
			}
			out = append(out, part)
		}
		if held.Until != "" && (r.Until == "" || r.Until > held.Until) {
			part := r
			if part.From < held.Until {
				part.From = held.Until
			}
			out = append(out, part)
		}
	}
	return out
}

// Charged lists the months of a service whose charges are the base of what an occurrence owes; none for a kind without such a base.
func Charged(o pact.Obligation, occ pact.Occurrence) (service string, months []string) {
	var p struct {
		Service string        `json:"service"`
		Period  string        `json:"period"`
		Anchor  calendar.Date `json:"anchor"`
	}
	switch o.Kind {
	case Availability{}.Name(), ServiceLevel{}.Name(), CreditPool{}.Name():
	default:
		return "", nil
	}
	if json.Unmarshal(o.Params, &p) != nil {
		return "", nil
	}
	if sameWord(p.Service, AnyService) {
		p.Service = ""
	}
	c := cycle{p.Period, p.Anchor}
	period, err := c.of(occ.Key, o.InForce)
	if err != nil {
		return p.Service, nil
	}
	return p.Service, c.chargedWhile(o.InForce.Overlaps, period)
}
