package wording

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// written finds amounts of money and percentages as a text writes them; a number without either is none, since "3.2" and "3.20" may be
// two clauses.
var written = expression.MustCompile(`(?i)(?:(?:[$€£¥]|\b[a-z]{3}) ?([0-9][0-9,]*(?:\.[0-9]+)?)|\b([0-9][0-9,]*(?:\.[0-9]+)?)(?: ?%| per ?cent\b| (?:usd|eur|gbp|dollars|euros?|pounds)\b))`)

// SameAmount finds words that hold an amount of money or a percentage in a text that writes the number otherwise: "$120,000" in
// "$120,000.00", "99.9%" in "99.90%". All other letters must stand as they are. Both texts are in normal form.
func SameAmount(s, words string) []Span {
	if !strings.ContainsAny(words, "0123456789") {
		return nil
	}
	words, plain := shortened(words)
	if !plain {
		return nil
	}
	short, at := shorten(s)
	var out []Span
	for from := 0; ; {
		i := strings.Index(short[from:], words)
		if i < 0 {
			return out
		}
		start, end := from+i, from+i+len(words)
		from = end
		if Whole(short, start, end) {
			out = append(out, Span{at[start], at[end]})
		}
	}
}

// shortened is a text with each amount in its shortest writing, and whether it has one.
func shortened(s string) (string, bool) {
	short, _ := shorten(s)
	return short, written.MatchString(s)
}

// shorten writes each amount of a text as short as it can be: without commas and without zeros at the end. at gives for each byte of it,
// and for its end, where it stands in the text.
func shorten(s string) (short string, at []int) {
	var b strings.Builder
	from := 0
	keep := func(until int) {
		for ; from < until; from++ {
			b.WriteByte(s[from])
			at = append(at, from)
		}
	}
	for _, m := range written.FindAllStringSubmatchIndex(s, -1) {
		start, end := m[2], m[3]
		if start < 0 {
			start, end = m[4], m[5]
		}
		n, err := decimal.NewFromString(strings.ReplaceAll(s[start:end], ",", ""))
		if err != nil {
			continue
		}
		keep(start)
		for _, c := range []byte(n.String()) {
			b.WriteByte(c)
			at = append(at, start)
		}
		from = end
	}
	keep(len(s))
	return b.String(), append(at, len(s))
}
