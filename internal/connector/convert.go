package connector

import (
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// Conversions are the names a mapping may use.
func Conversions() []string {
	return []string{"date", "days", "months", "duration_months", "duration", "yes_no", "number", "currency", "currency_code", "money", "text", "html"}
}

// Convert turns a term's value into what a field there takes, as a JSON value. It never rounds and never guesses: three
// months are no number of days, and a sum in one currency is not silently a sum in another. What does not fit gives
// fault.Invalid, which makes the action "invalid" with the sentence as its reason.
//
// date: "2026-03-31". days: whole days of a duration in days or weeks. months (also duration_months): whole months of a
// duration in months, quarters or years. duration: ISO 8601, "P90D". yes_no: true or false. number: an exact JSON
// number. currency: the number of a sum. currency_code: its ISO 4217 code. money: {"amount","currency"}. text: as shown
// to people. html: the same, escaped, for a rich-text field.
func Convert(v pact.Value, convert string) (any, error) {
	switch convert {
	case "date":
		return convertDate(v)
	case "days":
		return convertDays(v)
	case "months", "duration_months":
		return convertMonths(v)
	case "duration":
		return convertDuration(v)
	case "yes_no":
		if v.Kind != pact.FlagValue || v.Flag == nil {
			return nil, unfit(v, convert)
		}
		return *v.Flag, nil
	case "number":
		return convertNumber(v)
	case "currency", "currency_code", "money":
		return convertMoney(v, convert)
	case "text":
		return v.String(), nil
	case "html":
		return convertHTML(v.String()), nil
	}
	return nil, fault.New(fault.Invalid, "The mapping asks for the conversion %q, which does not exist; use one of %s.", short(convert), strings.Join(Conversions(), ", "))
}

// KnownConversion tells whether a mapping may name the conversion.
func KnownConversion(name string) bool { return slices.Contains(Conversions(), name) }

func unfit(v pact.Value, convert string) error {
	return fault.New(fault.Invalid, "A value of kind %s can not be written as %s.", v.Kind, convert)
}

func convertDate(v pact.Value) (any, error) {
	if v.Kind != pact.DateValue {
		return nil, unfit(v, "date")
	}
	d, err := calendar.ParseDate(string(v.Date))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The value is not a date.")
	}
	return string(d), nil
}

func convertDays(v pact.Value) (any, error) {
	if v.Kind != pact.DurationValue || v.Duration == nil || v.Duration.Check() != nil {
		return nil, unfit(v, "days")
	}
	switch v.Duration.Unit {
	case calendar.Day:
		return v.Duration.Value, nil
	case calendar.Week:
		return 7 * v.Duration.Value, nil
	}
	return nil, fault.New(fault.Invalid, "%s is not a fixed number of days; map it to a field for months or text, or let a person enter the days.", v.Duration)
}

func convertMonths(v pact.Value) (any, error) {
	if v.Kind != pact.DurationValue || v.Duration == nil || v.Duration.Check() != nil {
		return nil, unfit(v, "months")
	}
	months, ok := v.Duration.Months()
	if !ok {
		return nil, fault.New(fault.Invalid, "%s is not a whole number of months.", v.Duration)
	}
	return months, nil
}

func convertDuration(v pact.Value) (any, error) {
	if v.Kind != pact.DurationValue || v.Duration == nil || v.Duration.Check() != nil {
		return nil, unfit(v, "duration")
	}
	n := strconv.Itoa(v.Duration.Value)
	switch v.Duration.Unit {
	case calendar.Minute:
		return "PT" + n + "M", nil
	case calendar.Hour:
		return "PT" + n + "H", nil
	case calendar.Day:
		return "P" + n + "D", nil
	case calendar.Week:
		return "P" + n + "W", nil
	case calendar.UnitMonth:
		return "P" + n + "M", nil
	case calendar.Quarter:
		return "P" + strconv.Itoa(3*v.Duration.Value) + "M", nil
	case calendar.Year:
		return "P" + n + "Y", nil
	}
	return nil, fault.New(fault.Invalid, "%s has no ISO 8601 form.", v.Duration)
}

func convertNumber(v pact.Value) (any, error) {
	switch {
	case v.Kind == pact.NumberValue && v.Number != nil:
		return exact(*v.Number), nil
	case v.Kind == pact.PercentageValue && v.Percentage != nil:
		return exact(*v.Percentage), nil
	}
	return nil, unfit(v, "number")
}

func convertMoney(v pact.Value, convert string) (any, error) {
	if v.Kind != pact.MoneyValue || v.Money == nil || v.Money.Check() != nil {
		return nil, unfit(v, convert)
	}
	switch convert {
	case "currency":
		return exact(v.Money.Value), nil
	case "currency_code":
		return v.Money.Currency, nil
	}
	return map[string]any{"amount": exact(v.Money.Value), "currency": v.Money.Currency}, nil
}

// exact is a JSON number with every digit of the decimal; a float64 would lose some.
func exact(d decimal.Decimal) json.Number { return json.Number(d.String()) }

func convertHTML(s string) string {
	lines := strings.Split(html.EscapeString(s), "\n")
	return "<p>" + strings.Join(lines, "<br>") + "</p>"
}

// SameValue tells whether two JSON values mean the same: numbers by value (12 = 12.00 = "12"), dates by their day when
// one side has no time (2026-03-31 = 2026-03-31T00:00:00Z), absent = null = "". It is how a connector knows that a field
// there holds already what is to be written.
func SameValue(a, b any) bool {
	if a == nil || a == "" {
		return b == nil || b == ""
	}
	if b == nil || b == "" {
		return false
	}
	// Two texts compare as texts: contract number 012 is not 12.
	s, aText := a.(string)
	t, bText := b.(string)
	if aText && bText {
		return s == t || sameDay(s, t)
	}
	if x, ok := decimalOf(a); ok {
		y, ok := decimalOf(b)
		return ok && x.Equal(y)
	}
	ja, errA := json.Marshal(a)
	jb, errB := json.Marshal(b)
	return errA == nil && errB == nil && sameJSON(ja, jb)
}

func sameJSON(a, b []byte) bool {
	if string(a) == string(b) {
		return true
	}
	var x, y map[string]any
	if decodeNumbers(a, &x) != nil || decodeNumbers(b, &y) != nil || len(x) != len(y) {
		return false
	}
	for k, v := range x {
		w, ok := y[k]
		if !ok || !SameValue(v, w) {
			return false
		}
	}
	return true
}

func decodeNumbers(b []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	return d.Decode(into)
}

func sameDay(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) != len("2006-01-02") || len(b) <= len(a) || b[len(a)] != 'T' {
		return false
	}
	if _, err := calendar.ParseDate(a); err != nil {
		return false
	}
	return strings.HasPrefix(b, a)
}

func decimalOf(v any) (decimal.Decimal, bool) {
	switch n := v.(type) {
	case json.Number:
		d, err := parseDecimal(n.String())
		return d, err == nil
	case float64:
		return decimal.NewFromFloat(n), true
	case int:
		return decimal.NewFromInt(int64(n)), true
	case int64:
		return decimal.NewFromInt(n), true
	case decimal.Decimal:
		return n, true
	case string:
		d, err := parseDecimal(n)
		return d, err == nil
	}
	return decimal.Decimal{}, false
}

// parseDecimal refuses long exponents: "1e999999999" would take all memory when written out.
func parseDecimal(s string) (decimal.Decimal, error) {
	if len(s) > 40 || strings.ContainsAny(s, "eE") && len(s) > 24 {
		return decimal.Decimal{}, fmt.Errorf("number of %d characters", len(s))
	}
	d, err := decimal.NewFromString(s)
	if err != nil || d.Exponent() > 40 || d.Exponent() < -40 {
		return decimal.Decimal{}, fmt.Errorf("%.40q is no usable number", s)
	}
	return d, nil
}
