package obligation

import (
	"bytes"
	"fmt"
	"math/big"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// divides cuts a commitment by the days of each version, where only the commitment differs; pro rata it says so itself.
func (MinimumCommitment) divides(parts []part) (ways []string, plain bool) {
	var first *pact.Obligation
	plain = true
	for _, one := range parts {
		if one.days.From == "" || one.days.Until == "" {
			return nil, false
		}
		if one.version == nil {
			continue
		}
		var p CommitmentParams
		if decode(one.version.Params, &p) != nil {
			return nil, false
		}
		plain = plain && p.prorated()
		if first == nil {
			first = one.version
		}
		if !bytes.Equal(without(first.Params, "amount", "quantity", "mid_period"), without(one.version.Params, "amount", "quantity", "mid_period")) || !p.measuredAs(*first) {
			return nil, false
		}
	}
	return []string{midParts}, plain
}

// measuredAs tells whether a commitment is in the same unit as that of another version.
func (p CommitmentParams) measuredAs(o pact.Obligation) bool {
	var other CommitmentParams
	if decode(o.Params, &other) != nil || (p.Amount == nil) != (other.Amount == nil) || (p.Quantity == nil) != (other.Quantity == nil) {
		return false
	}
	return p.Amount == nil || p.Amount.Currency == other.Amount.Currency
}

// owedWhole tells whether the commitment of a period that ends early is not cut by itself.
func (MinimumCommitment) owedWhole(o pact.Obligation) bool {
	var p CommitmentParams
	return decode(o.Params, &p) == nil && !p.prorated()
}

// committedByParts adds up the commitments of the versions, each for its days.
func (m commitment) committedByParts(whole calendar.Period, parts []part, say bool) *big.Rat {
	sum, of := new(big.Rat), whole.From.DaysUntil(whole.Until)
	for _, one := range parts {
		var p CommitmentParams
		if one.version == nil || decode(one.version.Params, &p) != nil {
			continue
		}
		full := new(big.Rat)
		if p.Amount != nil {
			full = p.Amount.Ratio()
		} else if p.Quantity != nil {
			full.Set(p.Quantity.Rat())
		}
		days := one.days.From.DaysUntil(one.days.Until)
		share := mul(full, big.NewRat(int64(days), int64(of)))
		sum = plus(sum, share)
		if say {
			m.s.add("commitment of "+one.by, fmt.Sprintf("%s to %s: %s × %d / %d days", one.days.From, one.days.Until.AddDays(-1), m.shown(full), days, of), m.shown(share))
		}
	}
	if say {
		m.s.add("commitment of the period", "", m.shown(sum))
	}
	return sum
}

// divides holds each purchase to the ceiling of its day, where only the ceiling differs.
func (SpendCeiling) divides(parts []part) (ways []string, plain bool) {
	var first []byte
	for _, one := range parts {
		var p CeilingParams
		if one.version == nil || decode(one.version.Params, &p) != nil {
			return nil, false
		}
		rest := append(without(one.version.Params, "amount", "thresholds", "mid_period", "raised"), p.Amount.Currency...)
		if first != nil && !bytes.Equal(first, rest) {
			return nil, false
		}
		first = rest
	}
	return []string{midParts}, true
}
