package wording

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// TierTable is a table of credits as read, worst measurement last.
type TierTable struct {
	Span
	Tiers       []pact.Tier
	Ambiguities []pact.Ambiguity
	Unpicked    bool // gaps or overlaps: a person must say what holds there
}

type band struct {
	Span
	low, high         *decimal.Decimal
	lowIn, highIn     bool // bound belongs to the band
	lowSaid, highSaid bool // the text says whether it does ("at least", "less than"); a bare "99.0 - 99.89" does not
	credit            decimal.Decimal
}

var (
	below   = expression.MustCompile(`(?i)(?:less than|below|lower than|under|<|fewer than|falls below|drops below|and up to but not including|to but excluding|but not including|but less than|up to, but not including)[ (]*$`)
	atMost  = expression.MustCompile(`(?i)(?:less than or equal to|equal to or less than|equal to or below|at or below|no more than|not more than|<=|up to(?: and including)?|or equal to or less than)[ (]*$`)
	atLeast = expression.MustCompile(`(?i)(?:greater than or equal to|equal to or greater than|equal or greater than|equal to or above|at or above|at least|not less than|no less than|>=|equal to or more than|more than or equal to|equal to or higher than|equal to or exceeding|from|between|greater or equal to)[ (]*$`)
	above   = expression.MustCompile(`(?i)(?:greater than|more than|above|higher than|over|exceeding|exceeds|>)[ (]*$`)
	andLess = expression.MustCompile(`(?i)^[ )]*(?:or (?:less|lower|below)|and (?:below|lower|less))\b`)
	andMore = expression.MustCompile(`(?i)^[ )]*(?:or (?:better|more|higher|greater|above|better)|and (?:above|higher|more))\b`)
	dash    = expression.MustCompile(`^ ?(?:-|to|through|and|until) ?(?:but )?(?:excluding )?$`)
)

// TiersOf reads a table of credits from the flat text of its rows, or from prose: "less than 99.9% but at least 99.0%:
// 10%". It answers false where no row gives both a band and a credit. Rows become half-open tiers; a gap, an overlap or
// bounds that belong to nobody become an ambiguity and nothing is picked.
func TiersOf(s string) (TierTable, bool) {
	bands := readBands(s)
	if len(bands) == 0 {
		return TierTable{}, false
	}
	t := TierTable{Span: Span{bands[0].Start, bands[len(bands)-1].End}}
	sortBands(bands)
	closed := make([]pact.Tier, len(bands))
	for i, b := range bands {
		tier := pact.Tier{Credit: b.credit}
		if b.low != nil {
			v := *b.low
			tier.From = &v
		}
		if b.high != nil {
			v := *b.high
			tier.Below = &v
		}
		closed[i] = tier
	}
	t.Tiers = closed
	t.check(bands)
	return t, true
}

// readBands walks the percentages of a text: bounds are told from credits by the words around them and by size.
func readBands(s string) []band {
	if bands := amountFirst(s); bands != nil {
		return bands
	}
	var bands []band
	var open *band
	all := Percents(s)
	for i, p := range all {
		if len(p.Readings) > 0 {
			continue
		}
		before := s[max(0, p.Start-44):p.Start]
		if i > 0 {
			before = s[max(all[i-1].End, p.Start-44):p.Start]
		}
		after := s[p.End:min(len(s), p.End+24)]
		v := p.Value
		isBound, isHigh, in, said := boundOf(before, after)
		if !isBound && open != nil && open.low != nil && open.high == nil && !open.lowSaid && dash.MatchString(before) {
			isBound, isHigh, in = true, true, true
		}
		if !isBound && open != nil && open.high != nil && open.low == nil && dash.MatchString(before) {
			isBound, in = true, true
		}
		if !isBound && open == nil && v.GreaterThanOrEqual(decimal.NewFromInt(50)) && i+1 < len(all) && dash.MatchString(s[p.End:all[i+1].Start]) {
			isBound, in = true, true // "99.0% - 99.89%"
		}
		switch {
		case isBound:
			if open == nil || (isHigh && open.high != nil) || (!isHigh && open.low != nil) {
				open = &band{Span: Span{p.Start - cueLength(before), p.End}}
			}
			if isHigh {
				open.high, open.highIn, open.highSaid = &v, in, said
			} else {
				open.low, open.lowIn, open.lowSaid = &v, in, said
			}
		case open != nil && (open.low != nil || open.high != nil):
			if s[open.Start:p.Start] == "" || p.Start-open.End > 260 {
				open = nil
				continue
			}
			open.credit, open.End = v, p.End
			if m := andLess.FindStringIndex(after); m != nil {
				open.End += m[1]
			}
			if open.low != nil && open.high != nil && open.low.GreaterThan(*open.high) {
				open.low, open.high, open.lowIn, open.highIn, open.lowSaid, open.highSaid = open.high, open.low, open.highIn, open.lowIn, open.highSaid, open.lowSaid
			}
			bands = append(bands, *open)
			open = nil
		}
	}
	return bands
}

var creditThen = expression.MustCompile(`(?i)^[ )]*(?:of|off)\b[^%;\n]{3,90}?\b(?:where|when|if|for|should)\b[^%;\n]{2,70}$`)

// amountFirst reads rows that name the credit before the band: "10 % of the fee where uptime is below 99.9 % but is 99.0 % or
// better". Every credit must be followed by a bound; otherwise the text is not of this form.
func amountFirst(s string) []band {
	var bands []band
	all := Percents(s)
	for i := 0; i < len(all); i++ {
		p := all[i]
		if len(p.Readings) > 0 || i+1 >= len(all) {
			continue
		}
		next := all[i+1]
		if isBound, _, _, _ := boundOf(s[max(0, p.Start-44):p.Start], s[p.End:min(len(s), p.End+24)]); isBound || !creditThen.MatchString(s[p.End:next.Start]) {
			continue
		}
		b := band{Span: Span{p.Start, p.End}, credit: p.Value}
		for k := i + 1; k < len(all) && k <= i+2; k++ {
			q := all[k]
			if k > i+1 && strings.ContainsAny(s[all[k-1].End:q.Start], ";\n") {
				break
			}
			isBound, isHigh, in, said := boundOf(s[max(all[k-1].End, q.Start-44):q.Start], s[q.End:min(len(s), q.End+24)])
			if !isBound {
				break
			}
			v := q.Value
			if isHigh {
				b.high, b.highIn, b.highSaid = &v, in, said
			} else {
				b.low, b.lowIn, b.lowSaid = &v, in, said
			}
			b.End = q.End + len(andMore.FindString(s[q.End:min(len(s), q.End+24)]))
			i = k
		}
		if b.low != nil || b.high != nil {
			bands = append(bands, b)
		}
	}
	if len(bands) < 2 {
		return nil
	}
	return bands
}

// cueLength is how far the words that make a bound reach in front of it, so that a quote of the table has them.
func cueLength(before string) int {
	for _, cue := range []*expression.Expression{atMost, atLeast, below, above} {
		if m := cue.FindStringIndex(before); m != nil {
			return len(before) - m[0]
		}
	}
	return 0
}

func boundOf(before, after string) (isBound, isHigh, in, said bool) {
	switch {
	case atMost.MatchString(before):
		return true, true, true, true
	case atLeast.MatchString(before):
		low := strings.TrimRight(strings.ToLower(before), " (")
		return true, false, true, !strings.HasSuffix(low, "from") && !strings.HasSuffix(low, "between")
	case below.MatchString(before):
		return true, true, false, true
	case above.MatchString(before):
		return true, false, false, true
	case andLess.MatchString(after):
		return true, true, true, true
	case andMore.MatchString(after):
		return true, false, true, true
	}
	return false, false, false, false
}

// sortBands puts the best measurement first, as such tables are printed.
func sortBands(bands []band) {
	key := func(b band) decimal.Decimal {
		if b.high != nil {
			return *b.high
		}
		return decimal.NewFromInt(1000)
	}
	for i := 1; i < len(bands); i++ {
		for j := i; j > 0 && key(bands[j]).GreaterThan(key(bands[j-1])); j-- {
			bands[j], bands[j-1] = bands[j-1], bands[j]
		}
	}
}

// check compares neighbours and closes what the text leaves unsaid.
func (t *TierTable) check(bands []band) {
	var gaps []string
	for i := range bands {
		b := &bands[i]
		if i+1 == len(bands) {
			break
		}
		lower := bands[i+1]
		switch {
		case b.low == nil && lower.high == nil:
			gaps = append(gaps, "two rows have no bound between them")
		case b.low == nil:
			// "below 99.9 %: 10 %; below 99.0 %: 25 %": the next row takes over where it begins.
			v := *lower.high
			t.Tiers[i].From = &v
		case lower.high == nil:
			gaps = append(gaps, "the row below "+b.low.String()+" % has no upper bound")
		case b.low.Equal(*lower.high):
			if b.lowSaid && lower.highSaid && b.lowIn == lower.highIn {
				word := " % falls in no row"
				if b.lowIn {
					word = " % falls in two rows"
				}
				gaps = append(gaps, "exactly "+b.low.String()+word)
			} else if !b.lowSaid && !lower.highSaid {
				gaps = append(gaps, "it is not said to which row exactly "+b.low.String()+" % belongs")
			} else if b.lowSaid && !b.lowIn || lower.highSaid && lower.highIn {
				gaps = append(gaps, "exactly "+b.low.String()+" % belongs to the lower row, which a half-open tier cannot say")
			}
		case b.low.GreaterThan(*lower.high):
			gaps = append(gaps, "between "+lower.high.String()+" % and "+b.low.String()+" % there is no row")
		default:
			gaps = append(gaps, "between "+b.low.String()+" % and "+lower.high.String()+" % two rows hold")
		}
	}
	if len(bands) > 0 {
		top := bands[0]
		if top.high != nil && top.highSaid && top.highIn && top.high.LessThan(decimal.NewFromInt(100)) {
			gaps = append(gaps, "exactly "+top.high.String()+" % gives a credit, which a half-open tier cannot say")
		}
		last := bands[len(bands)-1]
		if last.low != nil && last.low.IsPositive() && len(bands) > 1 {
			gaps = append(gaps, "below "+last.low.String()+" % there is no row")
		}
	}
	if len(gaps) == 0 {
		return
	}
	t.Unpicked = true
	code := "tier_gap"
	for _, g := range gaps {
		if strings.Contains(g, "two rows") {
			code = "tier_overlap"
		}
	}
	t.Ambiguities = append(t.Ambiguities, pact.Ambiguity{
		Code: code, Question: "The rows of the credit table do not meet: " + strings.Join(gaps, "; ") + ". What holds there?",
		Readings: []pact.Value{{Kind: pact.TiersValue, Tiers: closeGaps(bands)}},
	})
}

// closeGaps is the reading most people mean: each row reaches up to where the next better one begins.
func closeGaps(bands []band) []pact.Tier {
	out := make([]pact.Tier, len(bands))
	for i, b := range bands {
		out[i].Credit = b.credit
		if b.low != nil && i+1 < len(bands) {
			v := *b.low
			out[i].From = &v
		} else if b.low == nil && i+1 < len(bands) && bands[i+1].high != nil {
			v := *bands[i+1].high
			out[i].From = &v
		}
		switch {
		case i > 0 && out[i-1].From != nil:
			v := *out[i-1].From
			out[i].Below = &v
		case b.high != nil:
			v := *b.high
			out[i].Below = &v
		}
	}
	return out
}
