package wording

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// The pieces that the grammars are put together from. Compiled once, never changed.
const (
	unitWord   = `(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)`
	scaleWord  = `(?:hundred|thousand|million|billion)`
	numberWord = unitWord + `(?:[ -]+(?:and[ -]+)?(?:` + unitWord + `|` + scaleWord + `))*`
	blankMark  = `_{2,}|\[ ?[_*.\x{25cf}\x{2022}\- ]{0,12} ?\]|\[ ?(?i:redacted|date|amount|name|insert[^\]]{0,40}|to be [^\]]{0,40}|tbd) ?\]|\*{3,}|\.{5,}|\x{25cf}`
)

var blank = expression.MustCompile(blankMark)

var smallNumbers = map[string]int64{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
	"eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
	"seventy": 70, "eighty": 80, "ninety": 90,
}

var ordinals = map[string]int64{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
	"tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
	"seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}

// Number reads a number in words: "one hundred and twenty", "twenty-four", "two thousand twenty".
func Number(words string) (int64, bool) {
	var total, group int64
	any := false
	for _, w := range strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return r == ' ' || r == '-' || r == ',' }) {
		if n, ok := smallNumbers[w]; ok {
			group, any = group+n, true
			continue
		}
		switch w {
		case "and":
			continue
		case "hundred":
			group *= 100
		case "thousand", "million", "billion":
			scale := map[string]int64{"thousand": 1e3, "million": 1e6, "billion": 1e9}[w]
			if group == 0 || group > 999 || total > 999_999_999_999 {
				return 0, false
			}
			total, group = total+group*scale, 0
		default:
			return 0, false
		}
		if group > 999_999 {
			return 0, false
		}
	}
	return total + group, any
}

func ordinal(words string) (int64, bool) {
	words = strings.ToLower(strings.TrimSpace(words))
	if n, ok := ordinals[words]; ok {
		return n, true
	}
	i := strings.LastIndexAny(words, " -")
	if i < 0 {
		return 0, false
	}
	tens, ok := smallNumbers[strings.TrimSpace(words[:i])]
	if !ok || tens < 20 {
		return 0, false
	}
	last, ok := ordinals[words[i+1:]]
	return tens + last, ok && last < 10
}

// figure reads digits with thousands separators: "1,250,000.00", "12.500,00", "1 250 000". Where a single separator
// leaves two readings ("12.500"), both are given, the one with thousands first.
func figure(s string) []decimal.Decimal {
	s = strings.TrimRight(s, ".,' ")
	lastDot, lastComma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	point := byte(0)
	open := false
	switch {
	case lastDot >= 0 && lastComma >= 0:
		point = s[max(lastDot, lastComma)]
	case lastDot >= 0:
		point, open = '.', strings.Count(s, ".") == 1 && len(s)-lastDot == 4 && lastDot <= 3 && s[0] != '0'
		if strings.Count(s, ".") > 1 {
			point = 0
		}
	case lastComma >= 0:
		if strings.Count(s, ",") == 1 && len(s)-lastComma != 4 {
			point = ','
		}
	}
	read := func(point byte) (decimal.Decimal, bool) {
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			switch c := s[i]; {
			case c >= '0' && c <= '9':
				b.WriteByte(c)
			case point != 0 && c == point && i == max(lastDot*btoi(point == '.'), lastComma*btoi(point == ',')):
				b.WriteByte('.')
			}
		}
		if b.Len() == 0 || b.Len() > 40 {
			return decimal.Decimal{}, false
		}
		d, err := decimal.NewFromString(b.String())
		return d, err == nil
	}
	var out []decimal.Decimal
	if open {
		if d, ok := read(0); ok {
			out = append(out, d)
		}
	}
	if d, ok := read(point); ok {
		out = append(out, d)
	}
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
