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
	below   = expression.MustCompile(`(?i)(?:less than|below|lower than|under|<|fewer than|falls below|drops below|short of|worse than|and up to but not including|to but excluding|but not including|but less than|up to, but not including|\(but not including\)|\(excluding\)|just under)[ (]*$`)
	atMost  = expression.MustCompile(`(?i)(?:less than or equal to|equal to or less than|equal to or below|at or below|no more than|not more than|<=|up to(?: and including)?|or equal to or less than)[ (]*$`)
	atLeast = expression.MustCompile(`(?i)(?:greater than or equal to|equal to or greater than|equal or greater than|equal to or above|at or above|at least|not less than|no less than|not fewer than|no fewer than|not (?:below|under|lower than|worse than)|no lower than|>=|equal to or more than|more than or equal to|equal to or higher than|equal to or exceeding|from|between|greater or equal to)[ (]*$`)
	above   = expression.MustCompile(`(?i)(?:greater than|more than|above|higher than|better than|over|exceeding|exceeds|>)[ (]*$`)
	andLess = expression.MustCompile(`(?i)^[ )]*(?:or (?:less|lower|below)|and (?:below|lower|less))\b`)
	andMore = expression.MustCompile(`(?i)^[ )]*(?:or (?:better|more|higher|greater|above|better)|and (?:above|higher|more))\b`)
	dash    = expression.MustCompile(`^ ?(?:-|to|through|and|until) ?(?:but )?(?:excluding )?$`)
)

// TiersOf reads a table of credits from the flat text of its rows, or from prose: "less than 99.9% but at least 99.0%:
// 10%". It answers false where no row gives both a band and a credit. Rows become half-open tiers; a gap, an overlap or
// bounds that belong to nobody become an ambiguity and nothing is picked.
func TiersOf(s string) (TierTable, bool) {
	bands := readBands(s)
	if len(bands) < 3 && linear.MatchString(s) {
		return TierTable{}, false // so much for each point: no bands
	}
	if len(bands) == 0 {
		return TierTable{}, false
	}
	t := TierTable{Span: Span{bands[0].Start, bands[len(bands)-1].End}}
	if len(bareCells(s)) > 0 {
		t.Start = 0 // the head says what the numbers are
	}
	sortBands(bands)
	if first := bands[0]; first.high == nil && first.credit.IsZero() && len(bands) > 1 {
		bands = bands[1:] // what must be reached gives nothing
	}
	closed := make([]pact.Tier, len(bands))
	for i, b := range bands {
		tier := pact.Tier{Credit: b.credit}
		if b.low != nil {
			v := *b.low
			tier.From = &v
		}
		if b.high != nil {
			v := *b.high
			// A bound at which the better row begins ends before it, unless the text says that it belongs to this one.
			if meets := i > 0 && bands[i-1].low != nil && bands[i-1].low.Equal(v); b.highIn && !meets {
				tier.UpTo = &v
			} else {
				tier.Below = &v
			}
		}
		closed[i] = tier
	}
	t.Tiers = closed
	t.check(bands)
	return t, true
}

// linear is a credit that grows with the shortfall: "for each full 0.1 percentage point below 99.9 %".
var linear = expression.MustCompile(`(?i)\b(?:each|every|per) (?:full |started |further |additional |whole |commenced )?(?:\d+(?:[.,]\d+)? ?(?:%|per ?cent(?:age)?(?: points?)?)|(?:percentage )?point|tenth|hour|minute)`)

// mark is a percentage of a text: a bound of a band, or a credit.
type mark struct {
	Percent
	bound, high, in, said bool
}

// readBands walks the percentages of a text: bounds are told from credits by the words around them. A row gives its band first and then
// its credit, or its credit first; of the two ways to read a text that which gives more rows is taken.
func readBands(s string) []band {
	marks := marksIn(s)
	first, second := bandsFirst(s, marks), creditsFirst(s, marks)
	if len(second) > len(first) || len(second) > 1 && len(marks) > 0 && !marks[0].bound {
		return second
	}
	return first
}

var upUnder = expression.MustCompile(`(?i)^ ?(?:up )?(?:to|-) (?:just |but )?(?:under|below|less than|excluding) $`)

// bareBound is a bound whose sign stands with the next one: "under 99.5 and not under 99 per cent".
var bareBound = expression.MustCompile(`(?i)\b(?:under|below|less than|from|at least|between|not less than) (\d{2,3}(?:[.,]\d{1,3})?)(?: (?:and|but|to|or)\b|-)|\b(\d{2,3}(?:[.,]\d{1,3})?) ?- ?\d{2,3}(?:[.,]\d{1,3})? ?%`)

// half parts the percentages that availability has from those that credits have, where the words do not.
var half = decimal.NewFromInt(50)

func marksIn(s string) []mark {
	all := Percents(s)
	for _, m := range bareBound.FindAllStringSubmatchIndex(s, -1) {
		if m[2] < 0 {
			m = m[2:] // "98.5 - 99.4 %"
		}
		v, err := decimal.NewFromString(strings.Replace(s[m[2]:m[3]], ",", ".", 1))
		free := err == nil && v.GreaterThan(decimal.NewFromInt(50)) && v.LessThanOrEqual(decimal.NewFromInt(100))
		for _, p := range all {
			free = free && (m[3] <= p.Start || m[2] >= p.End)
		}
		if free {
			all = append(all, Percent{Span: Span{m[2], m[3]}, Value: v})
		}
	}
	all = append(all, bareCells(s)...)
	for i := 1; i < len(all); i++ {
		for j := i; j > 0 && all[j].Start < all[j-1].Start; j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	var marks []mark
	for i, p := range all {
		if len(p.Readings) > 0 {
			continue
		}
		from := max(0, p.Start-44)
		if i > 0 {
			from = max(from, all[i-1].End)
		}
		m := mark{Percent: p}
		before, after := s[from:p.Start], s[p.End:min(len(s), p.End+24)]
		m.bound, m.high, m.in, m.said = boundOf(before, after)
		if n := len(marks); m.bound && m.high && n > 0 && !marks[n-1].bound && upUnder.MatchString(before) && marks[n-1].Value.GreaterThanOrEqual(half) {
			marks[n-1].bound, marks[n-1].in, marks[n-1].said = true, true, true // "99 % to just under 99.9 %"
		}
		if n := len(marks); !m.bound && n > 0 && dash.MatchString(before) {
			switch last := &marks[n-1]; {
			case last.Value.GreaterThanOrEqual(half) && p.Value.IsPositive() && p.Value.LessThan(half):
				// "5 % if below 99.5 % and 10 % if below 99 %": the next credit, and no other end of the band
			case last.bound && !last.high && !last.said, last.bound && last.high:
				m.bound, m.high, m.in = true, !last.high, true
			case !last.bound && last.Value.GreaterThanOrEqual(half) && p.Value.GreaterThanOrEqual(half):
				last.bound, last.in = true, true // "99.0% - 99.89%"
				m.bound, m.high, m.in = true, true, true
			}
		}
		marks = append(marks, m)
	}
	return marks
}

var (
	percentHead = expression.MustCompile(`(?i)%|\bper ?cent(?:age)?\b`)
	bareCell    = expression.MustCompile(`^ *(\d{1,3}(?:[.,]\d{1,2})?) *$`)
)

// bareCells are the numbers that stand in the cell after a band, in a table whose head says that they are percentages: "Credit (% of
// the fee)".
func bareCells(s string) []Percent {
	var out []Percent
	headed, banded := false, false
	for at := 0; at < len(s); {
		end := strings.IndexAny(s[at:], "\t\n")
		if end < 0 {
			end = len(s) - at
		}
		c := s[at : at+end]
		m := bareCell.FindStringSubmatchIndex(c)
		switch shares := strings.Contains(c, "%") && len(Percents(c)) > 0; {
		case m != nil && headed && banded:
			if v, err := decimal.NewFromString(strings.Replace(c[m[2]:m[3]], ",", ".", 1)); err == nil {
				out = append(out, Percent{Span: Span{at + m[2], at + m[3]}, Value: v})
			}
			banded = false
		case shares:
			banded = true
		default:
			headed, banded = headed || percentHead.MatchString(c) && len(c) < 90, false
		}
		at += end + 1
	}
	return out
}

// add puts a bound into a band; ok is false where it has one on that side.
func (b *band) add(m mark) bool {
	v := m.Value
	if m.high {
		if b.high != nil {
			return false
		}
		b.high, b.highIn, b.highSaid = &v, m.in, m.said
		return true
	}
	if b.low != nil {
		return false
	}
	b.low, b.lowIn, b.lowSaid = &v, m.in, m.said
	return true
}

// turn puts the bounds of a band in order, where a text names the higher one first.
func (b *band) turn() {
	if b.low != nil && b.high != nil && b.low.GreaterThan(*b.high) {
		b.low, b.high, b.lowIn, b.highIn, b.lowSaid, b.highSaid = b.high, b.low, b.highIn, b.lowIn, b.highSaid, b.lowSaid
	}
}

func (b *band) empty() bool { return b.low == nil && b.high == nil }

// otherLimit stands between a band and the percentage of another sentence that limits all credits together: "… Total credits in a year may
// not exceed 15 %".
var otherLimit = expression.MustCompile(`(?i)[.;\n][^.;\n%]*\b(?:(?:not|never|no event) (?:to )?(?:exceed|(?:be )?(?:more|greater|higher) than)|limited to|capped at|at most|(?:cap|maximum|limit|ceiling) of)\b[^.;%]{0,60}$`)

// bandsFirst reads rows that name the band before the credit: "less than 99.9% but at least 99.0%: 10%".
func bandsFirst(s string, marks []mark) []band {
	var bands []band
	var open *band
	taken := -1
	for i, m := range marks {
		if i <= taken {
			continue
		}
		if m.bound {
			if open == nil || !open.add(m) {
				first := m
				if i > 0 && open != nil && marks[i-1].bound && marks[i-1].high != m.high && !strings.Contains(s[marks[i-1].End:m.Start], ". ") {
					first = marks[i-1] // "at least 99.9 %. If it is less than 99.9 % but at least 99 %": the first was the target
				}
				open = &band{Span: Span{first.Start - cueLength(s[max(0, first.Start-44):first.Start]), m.End}}
				open.add(first)
				open.add(m)
			}
			open.End = m.End
			continue
		}
		if open == nil {
			if b, next := creditBefore(s, marks, i); next > i {
				bands = append(bands, b) // "…, and 25 % if it is under 99 %"
				taken = next
			}
			continue
		}
		if m.Start-open.End > 260 || open.empty() || otherLimit.MatchString(s[open.End:m.Start]) {
			open = nil
			continue
		}
		open.credit, open.End = m.Value, m.End
		if tail := andLess.FindStringIndex(s[m.End:min(len(s), m.End+24)]); tail != nil {
			open.End += tail[1]
		}
		open.turn()
		if open.low == nil || open.high == nil || !open.low.Equal(*open.high) {
			bands = append(bands, *open)
		}
		open = nil
	}
	return bands
}

// creditThen is what may stand between a credit and the band it is for.
var creditThen = expression.MustCompile(`(?i)^[^%;\n]{0,120}\b(?:where|when|if|for|should|in case|availab\w*|uptime|percentage)\b[^%;\n]{0,70}$|^[ )]*\((?:[^%();\n]{0,50})$|^ ?\t[^%\n]{0,40}$|^ (?:below|under|at less than|less than) $`)

// creditsFirst reads rows that name the credit before the band: "10 % of the fee where uptime is below 99.9 % but is 99.0 % or better".
func creditsFirst(s string, marks []mark) []band {
	var bands []band
	for i := 0; i+1 < len(marks); i++ {
		if marks[i].bound || !marks[i+1].bound || !creditThen.MatchString(s[marks[i].End:marks[i+1].Start]) {
			continue
		}
		var b band
		b, i = creditBefore(s, marks, i)
		bands = append(bands, b)
	}
	if len(bands) < 2 {
		return nil
	}
	return bands
}

// creditBefore reads the band behind the credit at i; it gives the last mark of the band, or i where there is none.
func creditBefore(s string, marks []mark, i int) (band, int) {
	b := band{Span: marks[i].Span, credit: marks[i].Value}
	if i+1 >= len(marks) || !marks[i+1].bound || !creditThen.MatchString(s[marks[i].End:marks[i+1].Start]) {
		return b, i
	}
	k := i + 1
	for ; k < len(marks) && k <= i+2 && marks[k].bound; k++ {
		if k > i+1 && strings.ContainsAny(s[marks[k-1].End:marks[k].Start], ";\n") || !b.add(marks[k]) {
			break
		}
		b.End = marks[k].End + len(andMore.FindString(s[marks[k].End:min(len(s), marks[k].End+24)]))
	}
	b.turn()
	return b, k - 1
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
			gaps = append(gaps, "exactly "+top.high.String()+" % gives a credit")
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
		case b.high != nil && b.highIn:
			v := *b.high
			out[i].UpTo = &v
		case b.high != nil:
			v := *b.high
			out[i].Below = &v
		}
	}
	return out
}
