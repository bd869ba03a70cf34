package wording

import (
	"slices"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Sum is an amount of money that a text names. Where the text leaves two readings (words against figures, "12.500"),
// Readings has both and Amount is not set.
type Sum struct {
	Span
	Amount   money.Amount
	Readings []money.Amount
}

const (
	currencySign = `US ?\$|U\.S\. ?\$|CDN ?\$|CAD ?\$|CA\$|C\$|AUD ?\$|AU\$|A\$|HK ?\$|NZ\$|S\$|R\$|USD ?\$?|EUR|GBP|CAD|AUD|CHF|JPY|CNY|RMB|INR|SGD|HKD|NZD|SEK|NOK|DKK|PLN|CZK|ILS|NIS|ZAR|BRL|MXN|KRW|Rs\.?|\x{20b9}|\$|\x{20ac}|\x{a3}|\x{a5}`
	currencyName = `U\.?S\.? dollars?|United States dollars?|Canadian dollars?|Australian dollars?|Hong Kong dollars?|Singapore dollars?|dollars?(?: \(?(?:US|U\.S\.)\)?)?|euros?|pounds(?: sterling)?|yen|Swiss francs?|yuan|renminbi|rupees|USD|EUR|GBP|CAD|AUD|CHF|JPY|CNY|RMB|INR|SGD|HKD|NZD|SEK|NOK|DKK|PLN`
	// scaleUnit is what a figure counts in; a lakh is 100,000 and a crore 10,000,000, in the contracts of South Asia
	scaleUnit = `million|billion|thousand|crores?|lakhs?|lacs?`
	digits    = `0[.,]\d{1,6}|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?|\d{1,3}(?:[,.' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?`
)

var (
	signFirst = expression.MustCompile(`(?i)(` + currencySign + `) ?(` + digits + `)(?:[ -]?(` + scaleUnit + `|mm|m|k|bn)\b)?`)
	signLast  = expression.MustCompile(`(?i)\b(` + digits + `)(?: (` + scaleUnit + `))? ?(` + currencyName + `|\x{20ac}|\x{a3})(?:\b|$)`)
	// smallCoins are parts of a currency in front of what is sold: "24.6p per kWh", "185 cents each", "3.5¢/page".
	smallCoins = expression.MustCompile(`(?i)\b(\d{1,4}(?:\.\d{1,6})?) ?(p|pence|\x{a2}|euro[ -]?cents?|(?:US )?cents?)(?: ?(?:/|per\b|each\b|a (?:unit|kwh|minute|page|mile|litre|piece|copy)\b|for (?:each|every)\b))`)
	wordsAfter = expression.MustCompile(`(?i)^ ?[(\[] ?(?:in words:? |say:? )?(` + numberWord + `)(?: (?:U\.?S\.? )?(?:` + currencyName + `))?(?: only)? ?[)\]]`)
	wordsSum   = expression.MustCompile(`(?i)\b(` + numberWord + `)(?:,? and (no|\d{1,2})/100(?:ths?)?)? (` + currencyName + `)\b(?: ?[(\[] ?(` + currencySign + `) ?(` + digits + `)(?: ?(` + scaleUnit + `))? ?(?:` + currencySign + `)? ?[)\]])?`)
)

// Sums finds every amount in a normal form, in order.
func Sums(s string) []Sum {
	var found []Sum
	for _, w := range around(s, moneyAnchors(s), 90, 64) {
		for _, sum := range sumsIn(s[w.Start:w.End]) {
			sum.Start, sum.End = sum.Start+w.Start, sum.End+w.Start
			found = append(found, sum)
		}
	}
	return found
}

// moneyAnchors are the places where a currency stands.
func moneyAnchors(s string) []int {
	var anchors []int
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '$' || c == 0xe2 && strings.HasPrefix(s[i:], "€") || c == 0xc2 && (strings.HasPrefix(s[i:], "£") || strings.HasPrefix(s[i:], "¥")):
			anchors = append(anchors, i)
		case c == 0xc2 && strings.HasPrefix(s[i:], "¢") || c == 0xe2 && strings.HasPrefix(s[i:], "₹"):
			anchors = append(anchors, i)
		case letters[c]:
			from := i
			for i+1 < len(s) && letters[s[i+1]] {
				i++
			}
			if !beginsMoney[c] || i-from >= len("eurocents") {
				continue
			}
			if moneyWord(s[from:i+1]) || from > 0 && coinWord(s[from:i+1]) && (s[from-1] >= '0' && s[from-1] <= '9' || s[from-1] == ' ') {
				anchors = append(anchors, from)
			}
		}
	}
	return anchors
}

// beginsMoney are the first letters of the words of moneyWord and coinWord.
var beginsMoney = setOf("depyfrugcDEPYFRUGCAJISHNZBMK")

// coinWord tells whether a word behind a number may be a part of a currency.
func coinWord(w string) bool {
	switch w {
	case "p", "pence", "cent", "cents", "eurocent", "eurocents", "Cent", "Cents", "Pence":
		return true
	}
	return false
}

func moneyWord(w string) bool {
	if len(w) == 3 && w[0] <= 'Z' && w[2] <= 'Z' {
		switch w {
		case "USD", "EUR", "GBP", "CAD", "AUD", "CHF", "JPY", "CNY", "RMB", "INR", "SGD", "HKD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "ILS", "NIS", "ZAR", "BRL", "MXN", "KRW", "YEN":
			return true
		}
	}
	if len(w) < 2 || len(w) > 8 {
		return false
	}
	switch strings.ToLower(w) {
	case "dollar", "dollars", "euro", "euros", "pound", "pounds", "yen", "franc", "francs", "yuan", "renminbi", "rupees", "rs", "eur", "usd", "gbp", "cdn":
		return true
	}
	return false
}

func sumsIn(s string) []Sum {
	var found []Sum
	for _, m := range wordsSum.FindAllStringSubmatchIndex(s, -1) {
		n, ok := Number(part(s, m, 1))
		if !ok {
			continue
		}
		inWords, cents := decimal.NewFromInt(n), part(s, m, 2)
		if c, err := decimal.NewFromString(cents); err == nil { // "and 50/100"; "no/100" is none
			inWords = inWords.Add(c.Shift(-2))
		}
		currency := currencyOf(part(s, m, 3))
		sum := Sum{Span: Span{m[0], m[1]}, Amount: money.New(inWords, currency)}
		if figures := part(s, m, 5); figures != "" {
			if c := currencyOf(part(s, m, 4)); currency == "USD" && c != "USD" {
				currency = c
			}
			for _, f := range figure(figures) {
				f = scaled(f, part(s, m, 6))
				sum.Amount = money.New(f, currency)
				// Words without a fraction may leave the cents to the figures.
				if cents == "" && !f.Truncate(0).Equal(inWords) || cents != "" && !f.Equal(inWords) {
					sum.Readings = []money.Amount{money.New(inWords, currency), sum.Amount}
					sum.Amount = money.Amount{}
				}
			}
		}
		found = append(found, sum)
	}
	for _, m := range signFirst.FindAllStringSubmatchIndex(s, -1) {
		sign := part(s, m, 1)
		if isWordByte(s, m[0]-1) && isWordByte(s, m[0]) {
			if !strings.HasSuffix(sign, "$") {
				continue
			}
			m[0], sign = m[3]-1, "$" // "plus $0.09" names no US$
		}
		found = appendSum(found, Span{m[0], m[1]}, part(s, m, 2), part(s, m, 3), currencyOf(sign))
	}
	for _, m := range signLast.FindAllStringSubmatchIndex(s, -1) {
		found = appendSum(found, Span{m[0], m[1]}, part(s, m, 1), part(s, m, 2), currencyOf(part(s, m, 3)))
	}
	for i := range found {
		found[i].spelledOut(s)
	}
	for _, m := range smallCoins.FindAllStringSubmatchIndex(s, -1) {
		n, err := decimal.NewFromString(part(s, m, 1))
		if err != nil {
			continue
		}
		currency := "USD"
		switch coin := strings.ToLower(part(s, m, 2)); {
		case coin[0] == 'p':
			currency = "GBP"
		case coin[0] == 'e':
			currency = "EUR"
		}
		found = append(found, Sum{Span: Span{m[0], m[5]}, Amount: money.New(n.Shift(-2), currency)})
	}
	sort.SliceStable(found, func(i, j int) bool {
		if found[i].Start != found[j].Start {
			return found[i].Start < found[j].Start
		}
		return found[i].End > found[j].End
	})
	kept := found[:0]
	end := 0
	for _, f := range found {
		if f.Start >= end {
			kept, end = append(kept, f), f.End
		}
	}
	return kept
}

// spelledOut compares figures with the words behind them: "USD 100,000 (one hundred thousand US dollars)". Words without a fraction may
// leave the cents to the figures.
func (f *Sum) spelledOut(s string) {
	m := wordsAfter.FindStringSubmatchIndex(s[f.End:min(len(s), f.End+160)])
	if m == nil || len(f.Readings) > 0 {
		return
	}
	n, ok := Number(part(s[f.End:], m, 1))
	if !ok {
		return
	}
	f.End += m[1]
	if words := decimal.NewFromInt(n); !f.Amount.Value.Truncate(0).Equal(words) {
		f.Readings = []money.Amount{money.New(words, f.Amount.Currency), f.Amount}
		f.Amount = money.Amount{}
	}
}

func appendSum(found []Sum, at Span, figures, scale, currency string) []Sum {
	values := figure(figures)
	if len(values) == 0 || currency == "" {
		return found
	}
	if len(values) == 1 || currency == "USD" || currency == "GBP" {
		// The English point is a decimal point: $1.250 is a unit price, not a thousand.
		return append(found, Sum{Span: at, Amount: money.New(scaled(values[len(values)-1], scale), currency)})
	}
	if scale != "" {
		return append(found, Sum{Span: at, Amount: money.New(scaled(values[1], scale), currency)})
	}
	return append(found, Sum{Span: at, Readings: []money.Amount{money.New(values[0], currency), money.New(values[1], currency)}})
}

func scaled(d decimal.Decimal, scale string) decimal.Decimal {
	switch strings.ToLower(scale) {
	case "thousand", "k":
		return d.Shift(3)
	case "million", "m", "mm":
		return d.Shift(6)
	case "billion", "bn":
		return d.Shift(9)
	case "lakh", "lakhs", "lac", "lacs":
		return d.Shift(5)
	case "crore", "crores":
		return d.Shift(7)
	}
	return d
}

var spacesAndStops = strings.NewReplacer(" ", "", ".", "")

// currencyOf gives the ISO code of a sign, code or name; a bare dollar sign counts as US dollars.
func currencyOf(s string) string {
	up := strings.ToUpper(spacesAndStops.Replace(s))
	switch {
	case up == "":
		return ""
	case up == "€" || strings.HasPrefix(up, "EUR"):
		return "EUR"
	case up == "£" || up == "GBP" || strings.HasPrefix(up, "POUND"):
		return "GBP"
	case up == "¥" || up == "YEN" || up == "JPY":
		return "JPY"
	case strings.HasPrefix(up, "CDN") || strings.HasPrefix(up, "CA$") || strings.HasPrefix(up, "C$") || strings.HasPrefix(up, "CAD") || strings.HasPrefix(up, "CANADIAN"):
		return "CAD"
	case strings.HasPrefix(up, "AU") || up == "A$":
		return "AUD"
	case strings.HasPrefix(up, "HK") || strings.HasPrefix(up, "HONGKONG"):
		return "HKD"
	case up == "NZ$":
		return "NZD"
	case up == "S$" || strings.HasPrefix(up, "SINGAPORE"):
		return "SGD"
	case up == "R$":
		return "BRL"
	case up == "RMB" || up == "YUAN" || up == "RENMINBI":
		return "CNY"
	case up == "RS" || up == "RUPEES" || up == "₹":
		return "INR"
	case up == "NIS":
		return "ILS"
	case strings.HasPrefix(up, "SWISS"):
		return "CHF"
	case up == "$" || strings.HasPrefix(up, "US") || strings.HasPrefix(up, "DOLLAR") || strings.HasPrefix(up, "UNITEDSTATES"):
		return "USD"
	case len(up) == 3:
		return up
	}
	return ""
}

var currencies = expression.MustCompile(`(?i)\b(` + currencyName + `|(?:U\.?S\.?|United States|Canadian|Australian) (?:funds|currency))\b|(US\$|C\$|A\$|\$|\x{20ac}|\x{a3}|\bRs\b)`)

// Currencies finds every currency a normal form names, by sign, code or name.
func Currencies(s string) []string {
	var found []string
	for _, m := range currencies.FindAllStringSubmatch(s, -1) {
		if c := currencyOf(m[1] + m[2]); c != "" {
			found = append(found, c)
		}
	}
	return found
}

// Percent is a percentage that a text names; 99.9 means 99.9 %.
type Percent struct {
	Span
	Value    decimal.Decimal
	Readings []decimal.Decimal // words against figures
}

var percents = expression.MustCompile(`(?i)\b(?:(` + numberWord + `(?: and one[ -]half| and (?:one|two|three|four|five|six|seven|eight|nine)[ -](?:tenths?|hundredths?)| point ` + unitWord + `(?: ` + unitWord + `)*)?)(?: ?(?:percent|per cent|per centum))? ?\( ?(\d{1,4}(?:[.,]\d{1,6})?) ?(?:%|percent|per cent)? ?\)(?: ?(?:%|percent|per cent|per centum))?|(\d{1,4}(?:[.,]\d{1,6})?) ?(?:%|percent\b|per cent\b|per centum\b|pct\b)|(` + numberWord + `(?: and one[ -]half| and (?:one|two|three|four|five|six|seven|eight|nine)[ -](?:tenths?|hundredths?)| point ` + unitWord + `(?: ` + unitWord + `)*)?) (?:percent|per cent|per centum)\b)`)

// percentWord stands, or its sign does, in every percentage.
var percentWord = expression.MustCompile(`(?i)cent|pct`)

// Percents finds every percentage in a normal form, in order.
func Percents(s string) []Percent {
	if strings.IndexByte(s, '%') < 0 && !percentWord.MatchString(s) {
		return nil
	}
	return percentsIn(s)
}

func percentsIn(s string) []Percent {
	found := fractionsOf(s)
	for _, m := range percents.FindAllStringSubmatchIndex(s, -1) {
		if slices.ContainsFunc(found, func(f Percent) bool { return f.Start < m[1] && m[0] < f.End }) {
			continue
		}
		p := Percent{Span: Span{m[0], m[1]}}
		whole := strings.ToLower(s[m[0]:m[1]])
		if part(s, m, 2) != "" && !strings.Contains(whole, "%") && !strings.Contains(whole, "per") {
			continue // "thirty (30)" is no percentage
		}
		words, figures := part(s, m, 1)+part(s, m, 4), part(s, m, 2)+part(s, m, 3)
		inWords, okWords := percentWords(words)
		if figures == "" {
			if !okWords {
				continue
			}
			p.Value = inWords
			found = append(found, p)
			continue
		}
		inFigures, err := decimal.NewFromString(strings.Replace(figures, ",", ".", 1))
		if err != nil {
			continue
		}
		p.Value = inFigures
		if okWords && !inWords.Equal(inFigures) {
			p.Value, p.Readings = decimal.Decimal{}, []decimal.Decimal{inWords, inFigures}
		}
		found = append(found, p)
	}
	return found
}

var fractionOf = expression.MustCompile(`(?i)\b(?:(?:(half)|(one half|a half|one-half)|(one quarter|a quarter)|(three quarters)|(one|two|three|four|five|six|seven|eight|nine|a) (tenths?|hundredths?)) of (?:one|a|1) ?(?:percent\b|per cent\b|%)|(half) an? per ?cent\b)`)

// fractionsOf reads parts of one percent: "two tenths of one percent", "half a percent". The last words of these are no percentage
// of their own.
func fractionsOf(s string) []Percent {
	if !strings.Contains(s, " of one ") && !strings.Contains(s, " of a ") && !strings.Contains(s, " of 1") && !strings.Contains(s, "alf a per") {
		return nil
	}
	var found []Percent
	for _, m := range fractionOf.FindAllStringSubmatchIndex(s, -1) {
		p := Percent{Span: Span{m[0], m[1]}, Value: decimal.New(5, -1)}
		switch {
		case m[6] >= 0:
			p.Value = decimal.New(25, -2)
		case m[8] >= 0:
			p.Value = decimal.New(75, -2)
		case m[10] >= 0:
			n := int64(1)
			if w := strings.ToLower(part(s, m, 5)); w != "a" {
				n = smallNumbers[w]
			}
			places := int32(-1)
			if strings.HasPrefix(strings.ToLower(part(s, m, 6)), "hundredth") {
				places = -2
			}
			p.Value = decimal.New(n, places)
		}
		found = append(found, p)
	}
	return found
}

var inParts = expression.MustCompile(` and (one|two|three|four|five|six|seven|eight|nine)[ -](tenths?|hundredths?)$`)

func percentWords(s string) (decimal.Decimal, bool) {
	s = strings.ToLower(s)
	if s == "" {
		return decimal.Decimal{}, false
	}
	half := false
	for _, tail := range []string{" and one-half", " and one half"} {
		if strings.HasSuffix(s, tail) {
			s, half = strings.TrimSuffix(s, tail), true
		}
	}
	parts := decimal.Decimal{}
	if m := inParts.FindStringSubmatch(s); m != nil { // "ninety-nine and nine-tenths"
		s = s[:len(s)-len(m[0])]
		places := int32(-1)
		if strings.HasPrefix(m[2], "hundredth") {
			places = -2
		}
		parts = decimal.New(smallNumbers[m[1]], places)
	}
	whole, fraction, _ := strings.Cut(s, " point ")
	n, ok := Number(whole)
	if !ok {
		return decimal.Decimal{}, false
	}
	d := decimal.NewFromInt(n).Add(parts)
	if half {
		d = d.Add(decimal.New(5, -1))
	}
	for i, w := range strings.Fields(fraction) {
		d = d.Add(decimal.New(smallNumbers[w], -int32(i)-1))
	}
	return d, true
}

func isWordByte(s string, i int) bool {
	if i < 0 || i >= len(s) {
		return false
	}
	c := s[i]
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
