package obligation

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
)

// tierPart is a part of a period with the table of its version; none where nothing holds.
type tierPart struct {
	days calendar.Period
	by   string
	p    TieredParams
	none bool
}

// tallied is what was bought in a part.
type tallied struct{ volume, amount *big.Rat }

// Divides prices what is bought in each part by the table of its days; where a volume reaches further tiers in the whole period than in its
// part alone, these are two ways. A table that is graduated, or has one tier, prices each purchase by itself.
func (VolumePrice) divides(parts []part) ([]string, bool) { return divideTiers(parts) }

// Divides is that of VolumePrice.
func (Rebate) divides(parts []part) ([]string, bool) { return divideTiers(parts) }

// divideTiers cuts no period whose versions differ in more than their tables, and none with flat sums or a ceiling over the life of the
// clause: whose they are is not plain.
func divideTiers(parts []part) (ways []string, plain bool) {
	plain = true
	var first *TieredParams
	var said []byte
	for _, one := range parts {
		if one.version == nil {
			plain = false
			continue
		}
		var p TieredParams
		if decode(one.version.Params, &p) != nil || p.LifetimeCeiling != nil || slices.ContainsFunc(p.Tiers, func(t VolumeTier) bool { return t.Flat != nil }) {
			return nil, false
		}
		rest := without(one.version.Params, "tiers", "mode", "bounds", "mid_period")
		if first == nil {
			first, said = &p, rest
		}
		if !bytes.Equal(said, rest) || p.byAmount() != first.byAmount() || !slices.Equal(p.currencies(), first.currencies()) {
			return nil, false
		}
		plain = plain && (p.Mode == "graduated" || len(p.Tiers) == 1)
	}
	return []string{midParts, midAlone}, plain
}

// divide takes the tables of the parts of a period that has several.
func (c *tierCase) divide(whole calendar.Period) error {
	parts, way := c.s.in.partsOf(whole)
	for _, one := range parts {
		next := tierPart{days: one.days, by: one.by, none: one.version == nil}
		if !next.none {
			if err := decode(one.version.Params, &next.p); err != nil {
				return err
			}
			if err := stopped(next.p.check()); err != nil {
				return err
			}
			next.p = next.p.fromZero()
		}
		c.parts = append(c.parts, next)
	}
	c.alone = way == midAlone
	return nil
}

// tally counts purchases by the parts in which they count.
func (c tierCase) tally(list []bought) []tallied {
	out := make([]tallied, len(c.parts))
	for i := range out {
		out[i] = tallied{new(big.Rat), new(big.Rat)}
	}
	for _, b := range list {
		c.count(out, b)
	}
	return out
}

func (c tierCase) count(parts []tallied, b bought) {
	for i, one := range c.parts {
		if !one.none && one.days.Contains(b.day) {
			parts[i] = tallied{plus(parts[i].volume, c.volume(b)), plus(parts[i].amount, c.amount(b))}
		}
	}
}

// totalOfParts is the exact result of what was bought in each part. A volume on a bound is in the lower tier; between tells that it
// matters there.
func (c tierCase) totalOfParts(list []tallied, say func(rule, inputs, result string)) (total *big.Rat, between []int) {
	if say == nil {
		say = func(string, string, string) {}
	}
	total = new(big.Rat)
	low, whole := new(big.Rat), new(big.Rat)
	for _, one := range list {
		whole = plus(whole, one.volume)
	}
	for i, one := range list {
		part := c.parts[i]
		if part.none || one.volume.Sign() == 0 {
			continue
		}
		days := fmt.Sprintf("%s to before %s", part.days.From, part.days.Until)
		var sum *big.Rat
		var on []int
		switch {
		case c.alone:
			sum, on = part.p.settledTotal(one.volume, one.amount)
		case part.p.Mode == "all_units":
			sum, on = part.p.rateAt(whole, one)
			days += fmt.Sprintf(", of %s in the period", exactNumber(whole, 0))
		default:
			upTo, first := part.p.settledTotal(plus(low, one.volume), nil)
			below, second := part.p.settledTotal(low, nil)
			sum, on = minus(upTo, below), append(first, second...)
			days += fmt.Sprintf(", from %s on", exactNumber(low, 0))
		}
		between = append(between, on...)
		say("by the tiers of "+part.by, days+": "+exactNumber(one.volume, 0), exactNumber(sum, 0))
		total, low = plus(total, sum), plus(low, one.volume)
	}
	return total, between
}

// settledTotal is total with the lower of two tiers on whose bound a volume lies; of a graduated table the amount is its volume.
func (p TieredParams) settledTotal(volume, amount *big.Rat) (*big.Rat, []int) {
	if amount == nil {
		amount = volume
	}
	total, between := p.total(volume, amount, -1, nil)
	if between != nil {
		total, _ = p.total(volume, amount, between[0], nil)
	}
	return total, between
}

// rateAt prices what was bought in a part by the tier that the whole volume reaches.
func (p TieredParams) rateAt(whole *big.Rat, one tallied) (*big.Rat, []int) {
	tier, between := p.tierOf(whole)
	if between != nil {
		tier = between[0]
	}
	return p.Tiers[tier].rate(one.volume, one.amount), between
}
