package pact

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// ValueKind says which member of a Value is set.
type ValueKind string

// The kinds of value.
const (
	TextValue       ValueKind = "text"
	DateValue       ValueKind = "date"
	DurationValue   ValueKind = "duration"
	MoneyValue      ValueKind = "money"
	PercentageValue ValueKind = "percentage"
	NumberValue     ValueKind = "number"
	FlagValue       ValueKind = "flag"
	PartiesValue    ValueKind = "parties"
	PaymentValue    ValueKind = "payment_terms"
	TiersValue      ValueKind = "tiers"
	CapValue        ValueKind = "cap"
	EvergreenValue  ValueKind = "evergreen" // a term without end, or "until terminated"; Text may say more
	OperationValue  ValueKind = "operation" // what an amendment does to the contract it amends
	ContractValue   ValueKind = "contract"  // another contract that this one refers to
)

// Value is a typed value; Kind names the member that is set.
type Value struct {
	Kind       ValueKind          `json:"kind"`
	Text       string             `json:"text,omitempty"`
	Date       calendar.Date      `json:"date,omitempty"`
	Duration   *calendar.Duration `json:"duration,omitempty"`
	Money      *money.Amount      `json:"money,omitempty"`
	Percentage *decimal.Decimal   `json:"percentage,omitempty"` // 99.9 means 99.9 %
	Number     *decimal.Decimal   `json:"number,omitempty"`
	Flag       *bool              `json:"flag,omitempty"`
	Parties    []Party            `json:"parties,omitempty"`
	Payment    *PaymentTerms      `json:"payment_terms,omitempty"`
	Tiers      []Tier             `json:"tiers,omitempty"`
	Cap        *Cap               `json:"cap,omitempty"`
	Operation  *Operation         `json:"operation,omitempty"`
	Contract   *ContractRef       `json:"contract,omitempty"`
}

// Party is who is bound by the contract.
type Party struct {
	Name         string   `json:"name"`
	Role         string   `json:"role,omitempty"` // customer, supplier, discloser, …; "" where the text gives none
	Aliases      []string `json:"aliases,omitempty"`
	Address      string   `json:"address,omitempty"`
	Jurisdiction string   `json:"jurisdiction,omitempty"`
}

// PaymentTerms is the reviewed form of a payment clause.
type PaymentTerms struct {
	Text      string           `json:"text,omitempty"` // as usually written: "2/10 net 30"
	NetDays   *int             `json:"net_days,omitempty"`
	Basis     string           `json:"basis,omitempty"` // invoice_date, receipt_of_invoice, delivery, acceptance, month_end
	Discounts []Discount       `json:"discounts,omitempty"`
	EOM       bool             `json:"eom,omitempty"`
	OnReceipt bool             `json:"on_receipt,omitempty"`
	Late      *decimal.Decimal `json:"late_interest_percent,omitempty"`
	LatePer   string           `json:"late_interest_per,omitempty"` // month, year
	// LateOver is the rate to which the percentage is added, as the contract names it: "Bank of England base rate". Absent: it stands alone.
	LateOver string `json:"late_interest_over,omitempty"`
}

// Discount is an early-payment discount: Percent off when paid within Days.
type Discount struct {
	Percent decimal.Decimal `json:"percent"`
	Days    int             `json:"days"`
}

// Tier gives Credit (percent of the fee base) where From <= measured < Below, or measured <= UpTo in its place, as a table writes its
// rows: "below 99 %", or "98.99 % or less". Over stands in the place of From where the bound itself is not in the row: a gap above a row
// that includes its bound was given to the next one. An absent bound is open. A table with gaps or overlaps gives an ambiguity.
type Tier struct {
	From   *decimal.Decimal `json:"from,omitempty"`  // the row begins at this level, in percent, itself included; absent: open
	Over   *decimal.Decimal `json:"over,omitempty"`  // or it begins above this level, itself not included
	Below  *decimal.Decimal `json:"below,omitempty"` // the row ends below this level, itself not included; absent: open
	UpTo   *decimal.Decimal `json:"up_to,omitempty"` // or it ends at this level, itself included
	Credit decimal.Decimal  `json:"credit"`          // percent of the fee base; 0 gives none
}

// Cap limits liability: an amount, a multiple of fees, or both.
type Cap struct {
	Amount   *money.Amount      `json:"amount,omitempty"`
	Multiple *decimal.Decimal   `json:"multiple,omitempty"` // 1 = the fees of Window
	Window   *calendar.Duration `json:"window,omitempty"`
	Basis    string             `json:"basis,omitempty"` // fees_paid, fees_payable
	Text     string             `json:"text,omitempty"`
}

// String shows the value to a person, exact and short.
func (v Value) String() string {
	switch {
	case v.Kind == DateValue:
		return string(v.Date)
	case v.Duration != nil:
		return v.Duration.String()
	case v.Money != nil:
		return v.Money.String()
	case v.Percentage != nil:
		return v.Percentage.String() + " %"
	case v.Number != nil:
		return v.Number.String()
	case v.Flag != nil && *v.Flag:
		return "yes"
	case v.Flag != nil:
		return "no"
	case v.Kind == PartiesValue:
		names := make([]string, len(v.Parties))
		for i, p := range v.Parties {
			names[i] = p.Name
			if p.Role != "" {
				names[i] += " (" + p.Role + ")"
			}
		}
		return strings.Join(names, "; ")
	case v.Payment != nil:
		return v.Payment.Text
	case v.Kind == TiersValue:
		rows := make([]string, len(v.Tiers))
		for i, t := range v.Tiers {
			rows[i] = t.String()
		}
		return strings.Join(rows, "; ")
	case v.Cap != nil:
		return v.Cap.String()
	case v.Operation != nil:
		return v.Operation.String()
	case v.Contract != nil:
		return v.Contract.String()
	case v.Kind == EvergreenValue && v.Text == "":
		return "until terminated"
	}
	return v.Text
}

// Upper is the bound above, and whether it belongs to the row; nil where the row is open.
func (t Tier) Upper() (bound *decimal.Decimal, included bool) {
	if t.UpTo != nil {
		return t.UpTo, true
	}
	return t.Below, false
}

// Lower is the bound below, and whether it belongs to the row; nil where the row is open.
func (t Tier) Lower() (bound *decimal.Decimal, included bool) {
	if t.Over != nil {
		return t.Over, false
	}
	return t.From, true
}

// Under tells whether a measurement lies before the lower bound.
func (t Tier) Under(measured *big.Rat) bool {
	bound, included := t.Lower()
	if bound == nil {
		return false
	}
	sign := measured.Cmp(bound.Rat())
	return sign < 0 || sign == 0 && !included
}

// Above tells whether a measurement lies beyond the upper bound.
func (t Tier) Above(measured *big.Rat) bool {
	bound, included := t.Upper()
	if bound == nil {
		return false
	}
	sign := measured.Cmp(bound.Rat())
	return sign > 0 || sign == 0 && !included
}

func (t Tier) String() string {
	var words []string
	switch {
	case t.Over != nil:
		words = append(words, fmt.Sprintf("over %s %%", t.Over))
	case t.From != nil:
		words = append(words, fmt.Sprintf("from %s %%", t.From))
	}
	switch {
	case t.UpTo != nil && len(words) > 0:
		words = append(words, fmt.Sprintf("to %s %%", t.UpTo))
	case t.UpTo != nil:
		words = append(words, fmt.Sprintf("%s %% or less", t.UpTo))
	case t.Below != nil && len(words) > 0:
		words = append(words, fmt.Sprintf("to below %s %%", t.Below))
	case t.Below != nil:
		words = append(words, fmt.Sprintf("below %s %%", t.Below))
	}
	if len(words) == 0 {
		words = append(words, "always")
	}
	return fmt.Sprintf("%s: %s %%", strings.Join(words, " "), t.Credit)
}

func (c Cap) String() string {
	if c.Amount != nil && c.Multiple == nil {
		return c.Amount.String()
	}
	if c.Multiple != nil {
		s := c.Multiple.String() + " × fees"
		if c.Window != nil {
			s += " of " + c.Window.String()
		}
		if c.Amount != nil {
			s += " or " + c.Amount.String()
		}
		return s
	}
	return c.Text
}

// Equal compares two values by their canonical JSON.
func (v Value) Equal(w Value) bool {
	a, errA := json.Marshal(v)
	b, errB := json.Marshal(w)
	return errA == nil && errB == nil && string(a) == string(b)
}

// Check reports a value whose kind and members do not fit.
func (v Value) Check() error {
	var ok bool
	switch v.Kind {
	case TextValue:
		ok = strings.TrimSpace(v.Text) != ""
	case EvergreenValue:
		ok = true
	case DateValue:
		_, err := calendar.ParseDate(string(v.Date))
		ok = err == nil
	case DurationValue:
		ok = v.Duration != nil && v.Duration.Check() == nil
	case MoneyValue:
		ok = v.Money != nil && v.Money.Check() == nil
	case PercentageValue:
		ok = v.Percentage != nil
	case NumberValue:
		ok = v.Number != nil
	case FlagValue:
		ok = v.Flag != nil
	case PartiesValue:
		ok = len(v.Parties) > 0
		for _, p := range v.Parties {
			ok = ok && strings.TrimSpace(p.Name) != ""
		}
	case PaymentValue:
		ok = v.Payment != nil
	case TiersValue:
		ok = len(v.Tiers) > 0
	case CapValue:
		ok = v.Cap != nil
	case OperationValue:
		if v.Operation != nil {
			return v.Operation.Check()
		}
	case ContractValue:
		ok = v.Contract != nil && v.Contract.Relation != ""
	default:
		return fmt.Errorf("unknown kind of value %q", v.Kind)
	}
	if !ok {
		return fmt.Errorf("a value of kind %q needs its member %q", v.Kind, v.Kind)
	}
	return nil
}

// Constructors for the common kinds.

// Text makes a text value.
func Text(s string) Value { return Value{Kind: TextValue, Text: s} }

// OnDate makes a date value.
func OnDate(d calendar.Date) Value { return Value{Kind: DateValue, Date: d} }

// Lasting makes a duration value.
func Lasting(n int, u calendar.Unit) Value {
	return Value{Kind: DurationValue, Duration: &calendar.Duration{Value: n, Unit: u}}
}

// Sum makes a money value.
func Sum(a money.Amount) Value { return Value{Kind: MoneyValue, Money: &a} }

// Yes makes a flag value.
func Yes(b bool) Value { return Value{Kind: FlagValue, Flag: &b} }

// Percent makes a percentage value.
func Percent(d decimal.Decimal) Value { return Value{Kind: PercentageValue, Percentage: &d} }
