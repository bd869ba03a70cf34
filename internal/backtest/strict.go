package backtest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/strict"
)

// Problem is one thing that is wrong in what was given, and where.
type Problem struct {
	Pointer string `json:"pointer"` // JSON pointer (RFC 6901); "" is the whole document
	Message string `json:"message"`
}

func (p Problem) String() string {
	if p.Pointer == "" {
		return p.Message
	}
	return p.Pointer + ": " + p.Message
}

// maxProblems bounds what is told at once.
const maxProblems = 20

// wrong makes one fault of problems; place is "terms.json" or "events, line 3".
func wrong(place string, problems []Problem) error {
	f := fault.New(fault.Invalid, "%s: %s", place, problems[0])
	if n := len(problems) - 1; n > 0 {
		f.Message += fmt.Sprintf(" (and %d more)", n)
	}
	for _, p := range problems {
		f.Details = append(f.Details, fault.Detail{Field: p.Pointer, Message: p.Message})
	}
	return f
}

// unfit tells where JSON differs from the type it is meant for; at is where in the file it stands. What is told follows the place and a
// colon, so that it is no sentence of its own.
func unfit(at string, raw json.RawMessage, t reflect.Type) []Problem {
	var out []Problem
	for _, w := range strict.Compare(raw, t, members{}, maxProblems) {
		first, size := utf8.DecodeRuneInString(w.Message)
		out = append(out, Problem{at + w.Place.Pointer(), strings.TrimSuffix(string(unicode.ToLower(first))+w.Message[size:], ".")})
	}
	return out
}

// members are the rules for objects of terms and events: a sum has a value and a currency, a choice is one of those there are, a number is a
// text.
type members struct{}

// Object judges an object by its members.
func (members) Object(t reflect.Type, all map[string]json.RawMessage) []strict.Wrong {
	var out []strict.Wrong
	say := func(message string, place ...any) { out = append(out, strict.Wrong{Place: place, Message: message}) }
	if t == reflect.TypeFor[money.Amount]() {
		for _, name := range []string{"value", "currency"} {
			if _, ok := all[name]; !ok {
				say("A sum needs its "+name+", such as {\"value\":\"500.00\",\"currency\":\"USD\"}.", name)
			}
		}
	}
	if raw, ok := all["currency"]; ok {
		// A sum has its currency, and a clause may name that in which it is computed. Nothing of no currency is how a sum that is not known is printed.
		var code string
		sum := t == reflect.TypeFor[money.Amount]() && string(all["value"]) != `"0.00"`
		if json.Unmarshal(raw, &code) == nil && !money.IsCurrency(code) && (code != "" || sum) {
			say(fmt.Sprintf("%q is no currency of ISO 4217, such as USD.", short(code)), "currency")
		}
	}
	if raw, ok := all["confidence"]; ok {
		var share decimal.Decimal
		if json.Unmarshal(raw, &share) == nil && money.Sane(share) && (share.IsNegative() || share.GreaterThan(decimal.NewFromInt(1))) {
			say(fmt.Sprintf("A confidence of %.40s does not lie between 0 and 1.", share), "confidence")
		}
	}
	if raw, ok := all["credit"]; ok && t == reflect.TypeFor[pact.Tier]() {
		// A band gives back a share of what was paid; multiples of it are fee_multiple.
		var credit decimal.Decimal
		if json.Unmarshal(raw, &credit) == nil && money.Sane(credit) && (credit.IsNegative() || credit.GreaterThan(decimal.NewFromInt(100))) {
			say(fmt.Sprintf("A credit of %.40s %% does not lie between 0 and 100 %%.", credit), "credit")
		}
	}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		allowed := f.Tag.Get("enum")
		if raw, ok := all[name]; ok && allowed != "" {
			choose(raw, strings.Split(allowed, ","), func(message string, more ...any) { say(message, append([]any{name}, more...)...) })
		}
	}
	return out
}

// Value holds a number against the one form in which files give it: a text of digits, with a minus and a point where needed. A bare 5 is a
// binary fraction to many programs before it comes here, and "+5", ".5" or "1e3" are what no contract says.
func (members) Value(t reflect.Type, raw json.RawMessage) string {
	if t != reflect.TypeFor[decimal.Decimal]() || string(raw) == "null" {
		return ""
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return fmt.Sprintf("A number is given as a text, %q and not %.40s.", short(string(raw)), raw)
	}
	if !money.Plain(text) {
		return fmt.Sprintf("%q is no number as files give it: digits, with a minus before them and a point between them where needed, such as \"-12.50\".", short(text))
	}
	return ""
}

// choose holds a text, or each text of a list, against the values its field allows.
func choose(raw json.RawMessage, values []string, say func(message string, more ...any)) {
	check := func(v string, more ...any) {
		if v != "" && !slices.Contains(values, v) {
			perhaps := ""
			if meant := strict.Nearest(v, values); meant != "" {
				perhaps = "; perhaps " + meant + " is meant"
			}
			say(fmt.Sprintf("%q is not known here%s; use one of %s.", short(v), perhaps, strings.Join(values, ", ")), more...)
		}
	}
	var one string
	var many []string
	if json.Unmarshal(raw, &one) == nil {
		check(one)
	} else if json.Unmarshal(raw, &many) == nil {
		for i, v := range many {
			check(v, i)
		}
	}
}

func short(s string) string {
	letters := 0
	for at := range s {
		if letters == 60 {
			return s[:at] + "…"
		}
		letters++
	}
	return s
}
