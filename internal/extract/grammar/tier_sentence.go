package grammar

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// tiersInSentences reads "The first 100 pieces are priced at $3.15, the next ones up to 2,500 at $2.95, the rest at $2.60", and what is
// earned from a threshold on.
func (r *reading) tiersInSentences(room int) {
	for _, n := range r.sentencesWith(80, "rebate", "discount", "bonus", "the first ", "knock", "allows", "turnover", "volume", " off ", "refund", "unit price", "per piece", "credit", "purchases", "kickback", "kick-back", "tier 1", "up to", "thereafter", "percent of", "per cent of", "% of ", "amount by which", "give you back", "gives back", "pay back", "pays back", "returns", "threshold", "reaching") {
		sp := r.sentences[n]
		if room <= 0 || sp.End-sp.Start > 900 || r.inTable(sp.Start) || sp.End-sp.Start < 30 {
			continue
		}
		s := r.cut(sp)
		if !strings.ContainsAny(s, "0123456789") || rebateNot.MatchString(s) || defines.MatchString(s) {
			continue
		}
		if list := pricedParts(s, sp); len(list) >= 2 {
			r.addTiers(list, itemIn(s), s, sp)
			room--
			continue
		}
		if payNotBack.MatchString(s) || !rebateWord.MatchString(s) && !paidBack.MatchString(s) && !r.sharesExcess(s) {
			continue
		}
		if list := earnedParts(s, sp); len(list) > 0 {
			wide := sp
			if n+1 < len(r.sentences) && r.sentences[n+1].End-sp.Start < 700 && len(list) == 1 { // "If it is more than £120,000 …"
				next := r.cut(r.sentences[n+1])
				if more := earnedParts(next, r.sentences[n+1]); len(more) == 1 && (rebateWord.MatchString(next) || paidBack.MatchString(next)) && more[0].band.From != nil && list[0].band.From != nil && more[0].band.From.GreaterThan(*list[0].band.From) {
					list[0].band.To = more[0].band.From
					list = append(list, more...)
					wide.End = r.sentences[n+1].End
				}
			}
			if r.toldBefore("rebate", wide) {
				continue
			}
			r.addTiers(list, "", r.cut(wide), wide)
			room--
		}
	}
}

// sharesExcess tells whether the seller pays a share of "the amount by which" something exceeds a threshold. A buyer who pays it owes rent
// or a royalty.
func (r *reading) sharesExcess(s string) bool {
	m := byWhich.FindStringIndex(s)
	return m != nil && r.sellerOwes(s, m[0])
}

var piecesOf = expression.MustCompile(`(?i)\bfirst [\d.,]+ (?:pieces|units|items|pcs|copies|licen[cs]es)? ?(?:of )?(?:the )?([a-z][\w &/-]{2,40}?) (?:are|is|cost|at)\b`)

func itemIn(s string) string {
	if m := piecesOf.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// pricedParts pairs bands with the prices behind them.
func pricedParts(s string, sp wording.Span) []banded {
	sums := wording.Sums(s)
	if len(sums) < 2 || len(sums) > 12 || !holds(strings.ToLower(s), "first ", "next ", "rest", "up to", "over ", "above ") {
		return nil
	}
	var out []banded
	from := 0
	lead := false
	for _, k := range wordBegins(s[:sums[0].Start]) {
		if b, ok := wording.BandAt(s[k:sums[0].Start]); ok && b.Currency == "" {
			lead = true
			break
		}
	}
	for i := range sums {
		if len(sums[i].Readings) > 0 {
			return nil
		}
		part := s[from:sums[i].Start]
		if !lead { // "$3.15 for the first 100 units, $2.95 for those from 101 to 2,500"
			end := len(s)
			if i+1 < len(sums) {
				end = sums[i+1].Start
			}
			part = s[sums[i].End:end]
		}
		var band *wording.Band
		for _, k := range wordBegins(part) {
			if b, ok := wording.BandAt(part[k:]); ok && b.Currency == "" {
				band = &b
				break
			}
		}
		if band == nil {
			return nil
		}
		out = append(out, banded{band: *band, price: &sums[i], at: sp})
		from = sums[i].End
	}
	return out
}

// wordBegins are the places where words begin.
func wordBegins(s string) []int {
	var at []int
	for i := 0; i < len(s) && len(at) < 60; i++ {
		if wordByte(s[i]) || s[i] >= 0x80 || s[i] == '$' {
			if i == 0 || s[i-1] == ' ' || s[i-1] == '(' || s[i-1] == '\t' {
				at = append(at, i)
			}
		}
	}
	return at
}

var volumeOf = expression.MustCompile(`(?i)\b(?:volume|turnover|total|spend|quantity|amount|value|throughput|tonnage|level|sum|figure) of\b`)

var percentNext = expression.MustCompile(`(?i)^ ?(?:\([^)]{0,8}\) ?)?(?:%|per ?cent)`)

// earnedParts pairs each threshold with its percentage.
func earnedParts(s string, sp wording.Span) []banded {
	if strings.Count(s, "%") <= 1 && !earnedBy.MatchString(s) {
		if shares := wording.Percents(s); len(shares) == 1 {
			return nil
		}
	}
	return thresholdParts(s, sp)
}

// thresholdParts does so in the lines of a list as well, whose head says what is counted.
func thresholdParts(s string, sp wording.Span) []banded {
	shares := wording.Percents(s)
	if len(shares) == 0 || len(shares) > 6 {
		return nil
	}
	var bands []wording.Band
	end := -1
	for _, m := range threshold.FindAllStringIndex(s, 24) {
		if m[0] < end {
			continue
		}
		b, ok := wording.BandAt(s[m[0]:])
		if !ok && m[1] > m[0] && m[1] < len(s) { // "on orders of 50 to 199 pieces"
			if b, ok = wording.BandAt(s[m[1]:]); ok {
				b.End += m[1] - m[0]
				ok = b.To != nil && b.From != nil || b.From != nil && !b.After
			}
		}
		if !ok && strings.HasPrefix(lowerASCII(s[m[0]:]), "at ") { // "2 per cent from £500,000; at £750,000, 3 per cent"
			const longer = len("from") - len("at")
			b, ok = wording.BandAt("from" + s[m[0]+2:])
			b.End -= longer
			ok = ok && (b.Currency != "" || volumeOf.MatchString(s[m[0]:m[0]+max(0, b.End)]) || len(bands) > 0)
		}
		if ok && len(bands) == 0 && len(shares) > 1 && b.From == nil && b.To != nil && !b.Next { // "1 % up to EUR 1 million and 2 % above"
			b.From = &decimal.Decimal{}
		}
		if !ok || b.Rest || b.From == nil || percentNext.MatchString(s[min(len(s), m[0]+b.End):]) {
			continue
		}
		if len(bands) > 0 && bands[len(bands)-1].From.Equal(*b.From) { // the threshold is named again
			continue
		}
		end = m[0] + b.End
		b.Start, b.End = m[0], end
		bands = append(bands, b)
	}
	if len(bands) > 1 && bands[0].From.IsZero() && (bands[0].To == nil || !bands[0].To.Equal(*bands[1].From)) {
		bands = bands[1:] // "up to" something else
	}
	if len(bands) == 0 || len(bands) != len(shares) {
		return nil
	}
	var out []banded
	for i := range bands {
		if len(shares[i].Readings) > 0 {
			return nil
		}
		v := shares[i].Value
		if i+1 < len(bands) && bands[i].To == nil { // ends where the next begins
			bands[i].To = bands[i+1].From
			bands[i].Before = !bands[i+1].After
		}
		out = append(out, banded{band: bands[i], share: &v, at: sp})
	}
	return out
}

// tiersInLines reads lists of bands, a line each, under words that say what they are: "• from £150,000 to £300,000: 2 per cent".
func (r *reading) tiersInLines(room int) {
	for n := 0; n < len(r.sentences) && room > 0; n++ {
		one, ok := r.bandLine(n)
		if !ok {
			continue
		}
		list := []banded{one}
		k := n + 1
		for ; k < len(r.sentences) && len(list) < 20; k++ {
			next, ok := r.bandLine(k)
			if !ok || (next.share == nil) != (one.share == nil) {
				break
			}
			list = append(list, next)
		}
		from := n
		n = k - 1
		if len(list) < 2 || from == 0 {
			continue
		}
		head := r.sentences[from-1]
		lead := r.lower[max(head.Start, head.End-500):head.End]
		around := wording.Span{Start: max(head.Start, head.End-500), End: r.sentences[k-1].End}
		around.Start = r.safe(around.Start)
		text := r.cut(around)
		if k < len(r.sentences) && r.sentences[k].End-around.End < 300 {
			text = r.s[around.Start:r.sentences[k].End]
		}
		if rebateNot.MatchString(text) || one.share != nil && !rebateWord.MatchString(text) || one.share == nil && !holds(lead, "price", "fee", "rate", "charge", "cost", "per ", "tariff") {
			continue
		}
		kind := "volume_price"
		if one.share != nil {
			kind = "rebate"
		}
		if r.toldBefore(kind, around) {
			continue
		}
		r.addTiers(list, r.pricedItem(r.s[around.Start:head.End]), text, around)
		room--
	}
}

// bandLine reads a line that begins with a band and has one price or one percentage.
func (r *reading) bandLine(n int) (banded, bool) {
	sp := r.sentences[n]
	if sp.End-sp.Start > 180 || sp.End-sp.Start < 8 || r.inTable(sp.Start) {
		return banded{}, false
	}
	line := r.cut(sp)
	if !strings.ContainsAny(line, "0123456789") {
		return banded{}, false
	}
	i := 0
	if m := listItem.FindStringIndex(line); m != nil {
		i = m[1]
	}
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	b, ok := wording.BandAt(line[i:])
	if !ok && i > 0 {
		i = 0
		b, ok = wording.BandAt(line)
	}
	if !ok {
		if k := strings.Index(line, ": "); k > 0 && k < 50 {
			if b, ok = trimBand(line[:k]); ok { // "Tier 1 (1-10 users): $15"
				i, b.End = k, 0
			}
		}
	}
	if !ok {
		// "(a) 1 % of all purchases, if they exceed EUR 3,000,000"
		if list := thresholdParts(line, sp); len(list) == 1 {
			return list[0], true
		}
		return banded{}, false
	}
	rest := line[i+b.End:]
	one := banded{band: b, at: sp}
	if p := wording.Percents(rest); len(p) == 1 && len(p[0].Readings) == 0 {
		one.share = &p[0].Value
		return one, true
	}
	if s := wording.Sums(rest); len(s) == 1 && len(s[0].Readings) == 0 {
		one.price = &s[0]
		return one, true
	}
	return banded{}, false
}
