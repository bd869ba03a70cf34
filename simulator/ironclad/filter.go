package ironclad

import (
	"encoding/json"
	"math/big"
	"strings"
	"time"

	"github.com/pactloop/pactloop/simulator/stage"
)

// A filter is a formula such as And(Equals([counterpartyName], 'Acme'), GreaterThan([contractValue], '1000')).
type filter func(o stage.Object) bool

const (
	maxFilter = 8 << 10
	maxDepth  = 16
)

// parseFilter reads a formula. known says whether a property may be named.
func parseFilter(src string, known func(string) bool, now time.Time) (filter, error) {
	if len(src) > maxFilter {
		return nil, invalid("filter", "the filter is too long")
	}
	p := &parser{src: src, known: known, now: now}
	f, err := p.condition(0)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.at < len(p.src) {
		return nil, p.wrong("something follows the formula")
	}
	return f, nil
}

type parser struct {
	src   string
	at    int
	known func(string) bool
	now   time.Time
}

func (p *parser) wrong(why string) error {
	return invalid("filter", "the filter is not valid at position %d: %s", p.at, why)
}

func (p *parser) space() {
	for p.at < len(p.src) && (p.src[p.at] == ' ' || p.src[p.at] == '\n' || p.src[p.at] == '\t' || p.src[p.at] == '\r') {
		p.at++
	}
}

func (p *parser) take(c byte) bool {
	p.space()
	if p.at < len(p.src) && p.src[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *parser) word() string {
	p.space()
	from := p.at
	for p.at < len(p.src) && (p.src[p.at]|0x20 >= 'a' && p.src[p.at]|0x20 <= 'z') {
		p.at++
	}
	return p.src[from:p.at]
}

func (p *parser) condition(depth int) (filter, error) {
	if depth > maxDepth {
		return nil, p.wrong("nested too deeply")
	}
	name := p.word()
	if !p.take('(') {
		return nil, p.wrong("expected an operation")
	}
	switch name {
	case "And", "Or":
		return p.combine(name, depth)
	case "IsEmpty", "IsNotEmpty":
		prop, err := p.property()
		if err != nil {
			return nil, err
		}
		if !p.take(')') {
			return nil, p.wrong("expected )")
		}
		want := name == "IsEmpty"
		return func(o stage.Object) bool { return (valueOf(o, prop) == nil) == want }, nil
	case "Equals", "NotEqual", "Contains", "LessThan", "LessThanOrEqual", "GreaterThan", "GreaterThanOrEqual":
		prop, err := p.property()
		if err != nil {
			return nil, err
		}
		if !p.take(',') {
			return nil, p.wrong("expected a comma")
		}
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		if !p.take(')') {
			return nil, p.wrong("expected )")
		}
		return compare(name, prop, value), nil
	}
	return nil, p.wrong("unknown operation " + name)
}

func (p *parser) combine(name string, depth int) (filter, error) {
	var parts []filter
	for {
		f, err := p.condition(depth + 1)
		if err != nil {
			return nil, err
		}
		parts = append(parts, f)
		if p.take(',') {
			continue
		}
		if !p.take(')') {
			return nil, p.wrong("expected )")
		}
		break
	}
	if len(parts) < 2 {
		return nil, p.wrong(name + " needs two or more conditions")
	}
	all := name == "And"
	return func(o stage.Object) bool {
		for _, f := range parts {
			if f(o) != all {
				return !all
			}
		}
		return all
	}, nil
}

func (p *parser) property() (string, error) {
	if !p.take('[') {
		return "", p.wrong("a property stands in brackets")
	}
	end := strings.IndexByte(p.src[p.at:], ']')
	if end < 0 {
		return "", p.wrong("the bracket is not closed")
	}
	name := strings.TrimSpace(p.src[p.at : p.at+end])
	p.at += end + 1
	if !p.known(name) {
		return "", invalid("filter", "unknown property %s", name)
	}
	return name, nil
}

// value is a quoted text, a bare number or word, or Date('…') / Today().
func (p *parser) value() (string, error) {
	p.space()
	if p.at >= len(p.src) {
		return "", p.wrong("a value is missing")
	}
	if q := p.src[p.at]; q == '\'' || q == '"' {
		return p.quoted(q)
	}
	from := p.at
	for p.at < len(p.src) && !strings.ContainsRune(",()", rune(p.src[p.at])) {
		p.at++
	}
	word := strings.TrimSpace(p.src[from:p.at])
	if !p.take('(') {
		if word == "" {
			return "", p.wrong("a value is missing")
		}
		return word, nil
	}
	switch word {
	case "Today":
		if !p.take(')') {
			return "", p.wrong("Today takes nothing")
		}
		return p.now.Format("2006-01-02"), nil
	case "Date":
		v, err := p.value()
		if err != nil {
			return "", err
		}
		if !p.take(')') {
			return "", p.wrong("expected )")
		}
		if _, ok := parseTime(v); !ok {
			return "", p.wrong("not a date: " + v)
		}
		return v, nil
	}
	return "", p.wrong("this simulator does not know " + word)
}

func (p *parser) quoted(q byte) (string, error) {
	p.at++
	var b strings.Builder
	for p.at < len(p.src) {
		c := p.src[p.at]
		if c == '\\' && p.at+1 < len(p.src) {
			b.WriteByte(p.src[p.at+1])
			p.at += 2
			continue
		}
		p.at++
		if c == q {
			return b.String(), nil
		}
		b.WriteByte(c)
	}
	return "", p.wrong("the quote is not closed")
}

// valueOf is a property's value, or one of the record's own fields; nil when empty.
func valueOf(o stage.Object, name string) any {
	props, _ := o["properties"].(stage.Object)
	if p, ok := props[name].(stage.Object); ok {
		if v := p["value"]; v != "" {
			return v
		}
		return nil
	}
	if v, ok := o[name]; ok && v != "" {
		return v
	}
	return nil
}

func compare(op, prop, want string) filter {
	return func(o stage.Object) bool {
		have := valueOf(o, prop)
		if op == "NotEqual" {
			return have == nil || order(have, want) != 0
		}
		if have == nil {
			return false
		}
		if op == "Contains" {
			return contains(have, want)
		}
		c := order(have, want)
		switch op {
		case "Equals":
			return c == 0
		case "LessThan":
			return c == -1
		case "LessThanOrEqual":
			return c == -1 || c == 0
		case "GreaterThan":
			return c == 1
		}
		return c == 1 || c == 0
	}
}

func contains(have any, want string) bool {
	switch v := have.(type) {
	case string:
		return strings.Contains(strings.ToLower(v), strings.ToLower(want))
	case []any:
		for _, item := range v {
			if item == want {
				return true
			}
		}
	}
	return false
}

const incomparable = 2

// order compares by the kind of the value: numbers and amounts as numbers, dates as moments, all else as text.
func order(have any, want string) int {
	switch v := have.(type) {
	case json.Number:
		return orderNumber(v.String(), want)
	case bool:
		if (want == "true") == v {
			return 0
		}
		return incomparable
	case stage.Object:
		if n, ok := v["amount"].(json.Number); ok {
			return orderNumber(n.String(), want)
		}
		if id := text(v["recordId"]); id != "" && (id == want || text(v["readableId"]) == want) {
			return 0
		}
		return incomparable
	case string:
		if a, ok := parseTime(v); ok {
			if b, ok := parseTime(want); ok {
				return a.Compare(b)
			}
		}
		return strings.Compare(v, want)
	}
	return incomparable
}

func orderNumber(have, want string) int {
	if len(want) > 40 || strings.ContainsAny(have+want, "eE") { // an exponent could ask for a number with a billion digits
		return incomparable
	}
	a, ok1 := new(big.Rat).SetString(have)
	b, ok2 := new(big.Rat).SetString(strings.TrimSpace(want))
	if !ok1 || !ok2 {
		return incomparable
	}
	return a.Cmp(b)
}
