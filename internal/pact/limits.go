package pact

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/strict"
)

// Limits is the approval policy: from which sums on money needs more than one person's word.
type Limits struct {
	// CreditLimits: a credit above the limit of its currency waits for an approver. A currency without a limit always waits.
	CreditLimits []money.Amount `json:"credit_limits"`
	// ChargeLimits: a charge that a person states, for one service and month, is refused above the limit of its currency. A currency
	// without a limit has UnlistedCharge.
	ChargeLimits []money.Amount `json:"charge_limits,omitempty"`
}

// UnlistedCharge bounds a stated charge in a currency whose limit nobody set: a sum beyond it is a slip in any currency.
const UnlistedCharge = 1_000_000_000

// DefaultLimits is what holds where no approval policy was stored.
func DefaultLimits() Limits {
	var l Limits
	for _, currency := range []string{"USD", "EUR", "GBP"} {
		l.CreditLimits = append(l.CreditLimits, money.New(decimal.NewFromInt(1_000), currency))
		l.ChargeLimits = append(l.ChargeLimits, money.New(decimal.NewFromInt(10_000_000), currency))
	}
	return l
}

// ParseLimits reads and checks an approval policy that is to be set. What can not hold is named by its field, for a form.
func ParseLimits(body []byte) (Limits, error) {
	var l Limits
	wrong := strict.Decode(body, &l)
	if len(wrong) == 0 {
		wrong = append(UnusableLimits("credit_limits", l.CreditLimits), UnusableLimits("charge_limits", l.ChargeLimits)...)
	}
	return l, RefusePolicy("approval policy", wrong)
}

// UnusableLimits tells which of some limits can not hold: no sum, below zero, or of a currency that has one already.
func UnusableLimits(field string, limits []money.Amount) []fault.Detail {
	var out []fault.Detail
	seen := map[string]bool{}
	for i, a := range limits {
		at := fmt.Sprintf("%s[%d]", field, i)
		switch {
		case a.Check() != nil:
			out = append(out, fault.Detail{Field: at + ".currency", Message: fmt.Sprintf("%.20q is no currency; write its three letters (ISO 4217), such as EUR.", a.Currency)})
		case !money.Sane(a.Value) || a.Value.IsNegative():
			out = append(out, fault.Detail{Field: at + ".value", Message: "This is no limit; write a sum of zero or more."})
		case seen[a.Currency]:
			out = append(out, fault.Detail{Field: at + ".currency", Message: a.Currency + " has a limit already."})
		}
		seen[a.Currency] = true
	}
	return out
}

// RefusePolicy makes one fault of what is wrong in a policy; nil where nothing is.
func RefusePolicy(name string, wrong []fault.Detail) error {
	if len(wrong) == 0 {
		return nil
	}
	first := wrong[0].Message
	if wrong[0].Field != "" {
		first = wrong[0].Field + ": " + first
	}
	f := fault.New(fault.Invalid, "The %s can not be used: %s The policy in force stays.", name, first)
	f.Details = wrong
	return f
}

// Credit is the limit of credits in a currency; nil where there is none.
func (l Limits) Credit(currency string) *money.Amount { return limitOf(l.CreditLimits, currency) }

// Charge is the most that a person may state as charged.
func (l Limits) Charge(currency string) money.Amount {
	if a := limitOf(l.ChargeLimits, currency); a != nil {
		return *a
	}
	if a := limitOf(DefaultLimits().ChargeLimits, currency); a != nil && l.ChargeLimits == nil {
		return *a // a policy from before there were limits of charges
	}
	return money.New(decimal.NewFromInt(UnlistedCharge), currency)
}

func limitOf(limits []money.Amount, currency string) *money.Amount {
	for i := range limits {
		if limits[i].Currency == currency {
			return &limits[i]
		}
	}
	return nil
}
