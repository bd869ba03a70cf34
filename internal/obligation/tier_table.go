package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// VolumeTier holds from From up to To ("" is without end). Price is for each unit, Percent of the amount; Flat is added once where
// the tier is entered. What lies below the first tier costs and earns nothing: "2 % of what is above 100000".
type VolumeTier struct {
	From decimal.Decimal `json:"from"` // where the tier begins, as a number of units or an amount (basis)
	// To: where it ends; absent: without end, which only the last may be; bounds decides on a volume exactly there.
	To      *decimal.Decimal `json:"to,omitempty"`
	Price   *money.Amount    `json:"price,omitempty"`   // for each unit
	Percent *decimal.Decimal `json:"percent,omitempty"` // of the amount, instead of price
	Flat    *money.Amount    `json:"flat,omitempty"`    // a sum added once where the tier is entered; absent: none
}

// fromZero puts a tier that gives nothing below a table that begins later ("2 % of what is above 100000"). One that begins with the first
// unit ("1-250, 251-") begins at nothing.
func (p TieredParams) fromZero() TieredParams {
	if p.below || len(p.Tiers) == 0 || p.Tiers[0].From.LessThanOrEqual(decimal.NewFromInt(1)) {
		return p
	}
	first := p.Tiers[0].From
	p.Tiers, p.below = append([]VolumeTier{{To: &first}}, p.Tiers...), true
	return p
}

// tierName is what a tier is called, by the table of the clause.
func (p TieredParams) tierName(i int) string {
	switch {
	case !p.below:
		return fmt.Sprintf("tier %d", i+1)
	case i == 0:
		return "below tier 1"
	}
	return fmt.Sprintf("tier %d", i)
}

// meeting are the readings of two neighbouring tiers that overlap, or leave a gap, between two bounds: they meet at one or the other.
func (p TieredParams) meeting(i int, low, high decimal.Decimal) []pact.Outcome {
	at := func(bound decimal.Decimal) string {
		list := slices.Clone(p.Tiers)
		list[i-1].To, list[i].From = &bound, bound
		return member("tiers", list)
	}
	return []pact.Outcome{
		{Reading: sprintf("tier %d, up to %s", i, high), Set: at(high)},
		{Reading: sprintf("tier %d, from %s on", i+1, low), Set: at(low)},
	}
}

// tierOf finds the tier a volume reaches: its index, or the two it lies between.
func (p TieredParams) tierOf(v *big.Rat) (one int, between []int) {
	last := len(p.Tiers) - 1
	for i, t := range p.Tiers {
		if t.To == nil || v.Cmp(t.To.Rat()) < 0 || i == last {
			return i, nil
		}
		next := p.Tiers[i+1].From.Rat()
		switch on := v.Cmp(t.To.Rat()) == 0; {
		case on && t.To.LessThan(p.Tiers[i+1].From): // "0-250, 251-": 250 is of the first
			return i, nil
		case on || v.Cmp(next) < 0:
			switch p.Bounds {
			case "upper_inclusive":
				if on {
					return i, nil
				}
				return i + 1, nil // above 250 is beyond it
			case "lower_inclusive":
				if on {
					return i + 1, nil
				}
				return i, nil // below 251 is not there yet
			}
			return -1, []int{i, i + 1}
		}
	}
	return last, nil
}

// rate is what one tier gives for a part of the volume.
func (t VolumeTier) rate(part, amount *big.Rat) *big.Rat {
	out := new(big.Rat)
	if t.Price != nil {
		out = mul(part, t.Price.Ratio())
	}
	if t.Percent != nil {
		out = plus(out, percentOf(amount, *t.Percent))
	}
	return out
}

// total is the exact result for a volume. tier forces the tier that it reaches; -1 finds it. between names the tiers of which a
// decision must choose, where they come to different sums.
func (p TieredParams) total(volume, amount *big.Rat, tier int, say func(rule, inputs, result string)) (total *big.Rat, between []int) {
	if volume.Sign() <= 0 {
		return new(big.Rat), nil
	}
	if say == nil {
		say = func(string, string, string) {}
	}
	if tier < 0 {
		if tier, between = p.tierOf(volume); between != nil {
			tier = between[0]
			first, _ := p.total(volume, amount, between[0], nil)
			second, _ := p.total(volume, amount, between[1], nil)
			if p.Mode == "all_units" || first.Cmp(second) != 0 {
				return nil, between
			}
		}
	}
	if p.Mode == "all_units" {
		t := p.Tiers[tier]
		total = t.rate(volume, amount)
		if t.Flat != nil {
			total = plus(total, t.Flat.Ratio())
		}
		say(p.tierName(tier)+" for all units", exactNumber(volume, 0)+" at "+t.words(), exactNumber(total, 0))
		return total, nil
	}
	total = new(big.Rat)
	low := new(big.Rat)
	for i, t := range p.Tiers[:tier+1] {
		high := volume
		if t.To != nil && (i < tier || i == len(p.Tiers)-1) { // the tier that is reached has what lies before the next one
			high = minRat(volume, t.To.Rat())
		}
		part := minus(high, low)
		sum := t.rate(part, part)
		if t.Flat != nil {
			sum = plus(sum, t.Flat.Ratio())
		}
		say(p.tierName(i), exactNumber(part, 0)+" at "+t.words(), exactNumber(sum, 0))
		total = plus(total, sum)
		low = high
	}
	return total, nil
}

func (t VolumeTier) words() string {
	var s string
	if t.Price != nil {
		s = t.Price.String()
	}
	if t.Percent != nil {
		s += t.Percent.String() + " %"
	}
	if t.Flat != nil {
		s += " + " + t.Flat.String() + " flat"
	}
	return cmp.Or(s, "nothing")
}

// byAmount tells whether the tiers count money and not units.
func (p TieredParams) byAmount() bool {
	return p.Basis == "amount" || p.Basis == "" && p.percents()
}

func (p TieredParams) percents() bool {
	return slices.ContainsFunc(p.Tiers, func(t VolumeTier) bool { return t.Percent != nil })
}
