package wording

import (
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Where a text writes fractions with a comma, a stop in a sum parts thousands: EUR 250.000 beside 99,9 % is a quarter of a million, and
// not 250 with three places.

var (
	commaFraction = expression.MustCompile(`\d,\d{1,2} ?%|\d,-|\d{1,3}(?:\.\d{3})+,\d{2}\b|(?:EUR|CHF|DKK|SEK|NOK|PLN|CZK|\x{20ac}) ?\d{1,3},\d{2}\b`)
	stopFraction  = expression.MustCompile(`\d\.\d{1,2} ?%|\b\d{1,3}(?:,\d{3})+\b|(?:EUR|GBP|USD|CHF|DKK|SEK|NOK|PLN|CZK|\x{20ac}|\$|\x{a3}) ?\d{1,3}(?:[ ']\d{3})*\.\d{2}\b`)
	stoppedSum    = expression.MustCompile(`(?:EUR|CHF|DKK|SEK|NOK|PLN|CZK|\x{20ac}) ?(\d{1,3}(?:\.\d{3})+)(?:$|[^\d.,]|[.,](?:$|[^\d]))|\b(\d{1,3}(?:\.\d{3})+) ?(?:EUR|CHF|DKK|SEK|NOK|PLN|CZK|euros?|\x{20ac})`)
)

// CommaFractions tells whether a text writes fractions with a comma, and none with a stop.
func CommaFractions(s string) bool {
	return groupStop(s) && commaFraction.MatchString(s) && !stopFraction.MatchString(s)
}

// groupStop tells whether a stop stands between figures as one that parts thousands may.
func groupStop(s string) bool {
	for i := 1; i+3 < len(s); i++ {
		if s[i] == '.' && digit(s[i-1]) && digit(s[i+1]) && digit(s[i+2]) && digit(s[i+3]) {
			return true
		}
	}
	return false
}

// SpacedThousands puts spaces for the stops that part the thousands of a sum; every byte keeps its place.
func SpacedThousands(s string) string {
	all := stoppedSum.FindAllStringSubmatchIndex(s, -1)
	if all == nil {
		return s
	}
	b := []byte(s)
	for _, m := range all {
		from, to := m[2], m[3]
		if from < 0 {
			from, to = m[4], m[5]
		}
		for i := from; i < to; i++ {
			if b[i] == '.' {
				b[i] = ' '
			}
		}
	}
	return string(b)
}
