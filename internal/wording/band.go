package wording

import (
	"cmp"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Band is a stretch of quantities or amounts for which something holds: "251 – 1,999", "over EUR 50,000", "500 or more".
type Band struct {
	Span
	From     *decimal.Decimal // nil: from the beginning
	To       *decimal.Decimal // nil: without end
	After    bool             // begins above From ("over 500"), not at it
	Before   bool             // ends before To ("under 500"), not with it
	Currency string           // of amounts; "" for quantities
	Next     bool             // "the next 400": counted from the end of the band before
	Rest     bool             // "the rest": all that the bands before leave
}

const (
	bandSign   = `(?:US ?\$|USD|EUR|GBP|CHF|Rs\.?|INR|SEK|NOK|DKK|PLN|CZK|JPY|SGD|CAD|AUD|NZD|ZAR|C\$|A\$|\$|\x{20ac}|\x{a3})`
	bandNumber = `(` + bandSign + `)? ?(\d{1,3}(?:[ ,.\x{a0}]\d{3})+|\d+(?:\.\d{1,2})?)(?: ?(thousand|million|k|m)\b)?(?: ?(` + bandSign + `))?`
)

var (
	bandRange = expression.MustCompile(`(?i)^(?:from |between |over |above |more than |exceed(?:s|ing)? |in excess of |at least |not less than )?` + bandNumber + `(?: [a-z.]{1,14})? ?(?:-|–|—|(?:and|but) (?:do(?:es)? not exceed(?:ing)?|not (?:exceeding|above|over|more than)|less than|no more than|under|below|up to) |(?:up )?to,?(?: but)? (?:less than|under|below|not (?:more than|exceeding|including))|to|and|up to(?: and including)?|until|through|but (?:not more than|less than|under)|,? but not exceeding) ?` + bandNumber)
	bandOver  = expression.MustCompile(`(?i)^(?:from(?: an? (?:[a-z]+ )?(?:volume|turnover|total|spend|quantity|amount|value|throughput|tonnage|level|sum|figure) of)?|over|above|more than|in excess of|exceeding|exceeds?|(?:go(?:es)?|went) (?:beyond|above|over)|(?:sur)?pass(?:es|ed)?|reach(?:es|ed|ing)?(?: an? (?:[a-z]+ )?(?:volume|turnover|total|spend|quantity|amount|value|throughput|tonnage|level|sum|figure) of)?|beyond|at least|minimum(?: of)?|no less than|not less than|starting at|>=?|≥) ?` + bandNumber)
	bandUnder = expression.MustCompile(`(?i)^(?:(?:the )?first|up ?to(?: and including)?|under|below|less than|fewer than|not (?:more than|exceeding)|no more than|until|<=?|≤|max(?:imum)?(?: of)?) ?` + bandNumber)
	bandPlus  = expression.MustCompile(`(?i)^` + bandNumber + ` ?(?:\+|(?:[a-z]{1,12}(?: (?:a|per) (?:year|month|quarter|order))? )?(?:and|or) (?:more|above|over|up|greater|upwards?))`)
	bandInto  = expression.MustCompile(`(?i)^` + bandNumber + ` ?(?:[a-z]{2,12} )?(?:and|or) (?:more|above|over|up|greater|upwards?),? (?:but|and) (?:less than|under|below|fewer than|not (?:more than|exceeding|above)|no more than|up to) ?` + bandNumber)
	bandNext  = expression.MustCompile(`(?i)^(?:the )?(?:next|following|second|another) (?:(?:ones )?(up to) )?` + bandNumber)
	bandRest  = expression.MustCompile(`(?i)^(?:the |any )?(?:rest|remainder|balance|thereafter|all (?:others|further)|further (?:units|pieces|quantities)|any (?:more|excess)|above(?: (?:that|this))?[.,;]|above (?:that|this)|(?:every|each|any|all|for)(?: the)? (?:further|additional|extra) [a-z]{2,14}|further seats|beyond (?:that|this)|all above|every(?:thing| \w+) (?:above|beyond))(?:\b|$)`)
	bandNot   = expression.MustCompile(`(?i)%|\b(?:percent|per cent|hours?|minutes?|days?|january|february|march|april|may|june|july|august|september|october|november|december|km|miles?|clause|section|20[0-4]\d)\b`)
)

// BandAt reads the band that a text begins with.
func BandAt(s string) (Band, bool) {
	s = s[:min(len(s), 90)]
	if !strings.ContainsAny(s, "0123456789") && !bandRest.MatchString(s) {
		return Band{}, false
	}
	low := strings.ToLower(s)
	if m := bandRange.FindStringSubmatchIndex(s); m != nil {
		from, cf, ok := bandValue(s, m, 1)
		to, ct, okTo := bandValue(s, m, 5)
		if word := strings.ToLower(part(s, m, 7)); ok && okTo && word != "" && part(s, m, 3) == "" {
			// "3 000 up to 6 000 thousand": the word holds for both.
			shift := int32(3)
			if strings.HasPrefix(word, "m") {
				shift = 6
			}
			if more := from.Shift(shift); more.LessThan(*to) {
				from = &more
			}
		}
		if !ok || !okTo {
			return Band{}, false
		}
		if !from.LessThan(*to) {
			return openBand(s, low) // "above £300,000 and 5%": no range
		}
		b := Band{Span: Span{0, m[1]}, From: from, To: to, Currency: cf}
		if cf == "" {
			b.Currency = ct
		}
		b.After = strings.HasPrefix(low, "over") || strings.HasPrefix(low, "above") || strings.HasPrefix(low, "more than") || strings.HasPrefix(low, "exceed") || strings.HasPrefix(low, "in excess")
		middle := low[m[5]:m[1]]
		b.Before = strings.Contains(middle, "less than") || strings.Contains(middle, "under") || strings.Contains(middle, "below") || strings.Contains(middle, "not including")
		return b, !bandNot.MatchString(s[:m[1]])
	}
	return openBand(s, low)
}

// openBand reads a band with one bound.
func openBand(s, low string) (Band, bool) {
	if m := bandNext.FindStringSubmatchIndex(s); m != nil {
		to, c, ok := bandValue(s, m, 2)
		return Band{Span: Span{0, m[1]}, To: to, Currency: c, Next: part(s, m, 1) == ""}, ok && !bandNot.MatchString(s[:m[1]])
	}
	if m := bandUnder.FindStringSubmatchIndex(s); m != nil {
		to, c, ok := bandValue(s, m, 1)
		before := strings.HasPrefix(low, "under") || strings.HasPrefix(low, "below") || strings.HasPrefix(low, "less") || strings.HasPrefix(low, "fewer") || strings.HasPrefix(low, "<") && !strings.HasPrefix(low, "<=")
		return Band{Span: Span{0, m[1]}, To: to, Currency: c, Before: before}, ok && !bandNot.MatchString(s[:m[1]])
	}
	if m := bandInto.FindStringSubmatchIndex(s); m != nil {
		from, cf, ok := bandValue(s, m, 1)
		to, ct, okTo := bandValue(s, m, 5)
		if ok && okTo && from.LessThan(*to) {
			middle := low[m[5]:m[1]]
			before := strings.Contains(middle, "less than") || strings.Contains(middle, "under") || strings.Contains(middle, "below") || strings.Contains(middle, "fewer")
			return Band{Span: Span{0, m[1]}, From: from, To: to, Currency: cmp.Or(cf, ct), Before: before}, !bandNot.MatchString(s[:m[1]])
		}
	}
	if m := bandPlus.FindStringSubmatchIndex(s); m != nil {
		from, c, ok := bandValue(s, m, 1)
		return Band{Span: Span{0, m[1]}, From: from, Currency: c}, ok && !bandNot.MatchString(s[:m[1]])
	}
	if m := bandOver.FindStringSubmatchIndex(s); m != nil {
		from, c, ok := bandValue(s, m, 1)
		at := strings.HasPrefix(low, "from") || strings.HasPrefix(low, "reach") || strings.HasPrefix(low, "at least") || strings.HasPrefix(low, "minimum") || strings.HasPrefix(low, "no less") || strings.HasPrefix(low, "not less") || strings.HasPrefix(low, "starting") || strings.HasPrefix(low, ">=") || strings.HasPrefix(low, "≥")
		return Band{Span: Span{0, m[1]}, From: from, Currency: c, After: !at}, ok && !bandNot.MatchString(s[:m[1]])
	}
	if m := bandRest.FindStringIndex(s); m != nil {
		return Band{Span: Span{0, m[1]}, Rest: true}, true
	}
	return Band{}, false
}

// decimals tells whether the only point of a number parts decimals, not thousands.
func decimals(s string) bool {
	k := strings.IndexByte(s, '.')
	return k > 0 && len(s)-k-1 < 3 && k == strings.LastIndexByte(s, '.')
}

// bandValue reads a number of bandNumber: sign, digits, thousand or million, sign.
func bandValue(s string, m []int, group int) (*decimal.Decimal, string, bool) {
	digits := strings.NewReplacer(",", "", " ", "", ".", "", "\u00a0", "").Replace(strings.TrimSuffix(part(s, m, group+1), ".00"))
	if written := strings.TrimSuffix(part(s, m, group+1), ".00"); decimals(written) { // "1.2 million"
		digits = written
	}
	n, err := decimal.NewFromString(digits)
	if err != nil || len(digits) > 15 {
		return nil, "", false
	}
	switch strings.ToLower(part(s, m, group+2)) {
	case "thousand", "k":
		n = n.Shift(3)
	case "million", "m":
		n = n.Shift(6)
	}
	sign := part(s, m, group)
	if sign == "" {
		sign = part(s, m, group+3)
	}
	currency := ""
	if sign != "" {
		if sums := Sums(sign + " 1"); len(sums) > 0 {
			currency = sums[0].Amount.Currency
		}
	}
	return &n, currency, true
}
