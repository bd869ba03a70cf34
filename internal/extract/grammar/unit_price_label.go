package grammar

import (
	"cmp"
	"strings"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Prices in lines that say what they are: "Item: Crushed stone", "Unit: tonne", "Rate: £14.50 per tonne", as order forms have them.

var (
	priceLabel = expression.MustCompile(`(?i)^(?:(?:unit|net|agreed|contract|hourly|daily|weekly|monthly|yearly|annual|day|hour) )*(?:price|rate|fee|charge|cost|tariff)(?: (?:per|each) [a-z]+)?(?: ?\([^)]{1,20}\))? ?: ?`)
	itemLabel  = expression.MustCompile(`(?i)^(?:item|product|service|material|article|goods|role|position|equipment|resource|description|subscription|plan|module)(?: name| description)? ?: ?(\S.*)$`)
	unitLabel  = expression.MustCompile(`(?i)^unit(?: of (?:measure|sale))? ?: ?([A-Za-z][A-Za-z ]{0,20})$`)
	otherLabel = expression.MustCompile(`^[A-Z][\w /().-]{1,30}: ?\S`)
)

// labelSpan is how many lines with labels may stand between an item and its price.
const labelSpan = 6

// pricesInLabels reads the price of the line n where it is labelled as one, and the lines before it say of what. What is one of several
// prices of the item keeps its label.
func (r *reading) pricesInLabels(n int) []priced {
	sp := r.sentences[n]
	s := r.cut(sp)
	label := priceLabel.FindString(s)
	if label == "" {
		return nil
	}
	sum, rest, ok := cellSum(s[len(label):], label, nil)
	if !ok {
		return nil
	}
	p := obligation.PriceRow{Price: sum.Amount}
	p.Unit, _, _ = unitBehind(rest)
	unit := unitIn(strings.TrimRight(label, ": "))
	for k := n - 1; k >= max(0, n-labelSpan) && p.Item == ""; k-- {
		line := strings.TrimSpace(r.cut(r.sentences[k]))
		m, u := itemLabel.FindStringSubmatch(line), unitLabel.FindStringSubmatch(line)
		switch {
		case m != nil && len(m[1]) <= 90 && strings.ContainsFunc(m[1], letterRune):
			p.Item, sp.Start = strings.TrimRight(m[1], " .,;"), r.sentences[k].Start
		case u != nil:
			unit = cmp.Or(unit, unitName(u[1]))
		case !otherLabel.MatchString(line) || priceLabel.MatchString(line):
			return nil // of something else, or one of several
		}
	}
	if p.Item == "" {
		return nil
	}
	p.Unit = cmp.Or(p.Unit, unit)
	return []priced{{row: p, at: sp}}
}
