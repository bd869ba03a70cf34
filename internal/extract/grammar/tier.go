package grammar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Prices by volume, rebates and discounts: bands of a quantity or an amount, each with a price or a percentage. What the text does
// not say (whether a price holds for all units, over which time they are counted) is left to the questions of the kind.

// maxTierSets bounds what one contract may give.
const maxTierSets = 40

// banded is one row of a table of bands.
type banded struct {
	band  wording.Band
	price *wording.Sum
	share *decimal.Decimal
	at    wording.Span
}

var (
	gradual    = expression.MustCompile(`(?i)\b(?:only (?:to|for|on) (?:the |those )?(?:units|quantit\w+|pieces|part|volume|amount|purchases|turnover)|within (?:its|the|that|each) (?:own )?(?:band|tier|range|step)|(?:part|portion|amount|quantity|everything|fees|charges|turnover|volume|spend|sums?|value)[^.;]{0,24} (?:above|over|in excess|beyond|exceeding)|in excess (?:of (?:that|this|the|such|which)|thereof)|(?:the )?excess\b|above (?:that|this|it)\b|for the quantity above|(?:amount|sum|extent|part) by which|the next|first\b[^.;]{0,120}\b(?:further|next|rest|remainder|beyond|additional|thereafter)|marginal\w*|incremental\w*|graduated|progressive\w*|each (?:part|tier|band|slice))\b`)
	retroact   = expression.MustCompile(`(?i)\b(?:all (?:bottles|units|pieces|quantit\w+|purchases|goods|orders|items|products|licen[cs]es|users|seats|of (?:them|it))|(?:entire|whole|total|full) (?:quantity|volume|order|amount|turnover|purchases|value|spend|year|contract)|retroactiv\w+|retrospectiv\w+|from the first|back to the (?:first|beginning)|applies to all|of the (?:total|whole|entire|year's)|on (?:total|all)|all-units)\b`)
	rebateWord = expression.MustCompile(`(?i)\b(?:rebates?|discounts?|bonus(?:es)?|kick-?back|refund(?:s|ed)?|credits?|knock|bonus payment|reduction|allows?|off\b|deduct\w*|price break|malus|(?:get|receive|paid|gets|receives|give|gives|given|pays?)\b[^.;]{0,50} back|returned)\b`)
	rebateNot  = expression.MustCompile(`(?i)\b(?:service (?:level )?credits?|availability|uptime|unavailab\w+|downtime|late|delay\w*|overdue|paid within|if paid|payment within|early payment|prompt payment|cash discount|skonto|insur\w+|liabilit\w+|liable|audit|overcharge|interest|response|resol\w+|defect\w*|(?:shall|will|may|must) not exceed|incident|termination)\b`)
	// a share of somebody's sales that is rent or a royalty
	byWhich    = expression.MustCompile(`(?i)\b(?:amount|sum|extent|part) by which\b`) // a share of it is given back where the seller pays it
	payNotBack = expression.MustCompile(`(?i)\b(?:percentage rent|additional rent|royalt(?:y|ies)|commissions?|earn-?out|profit share)\b`)
	paidBack   = expression.MustCompile(`(?i)\b(?:supplier|seller|manufacturer|vendor|contractor|licensor|provider|producer|company|we)(?: (?:shall|will|must|then))?(?: (?:pay|grant|return|reimburse|give)s?)(?: back)?(?: to)?(?: the)? (?:customer|buyer|purchaser|distributor|reseller|dealer|client|you|principal)\b`)
	earnedBy   = expression.MustCompile(`(?i)\b(?:spend\w*|buys?|bought|purchas\w+|orders?|ordered|turnover|volume|fees|charges|invoiced|sales|releases?|quantit\w+|units|pieces|work worth|takes?|amounts? paid|hire|rentals?|spend|revenues?|call[- ]?offs?|invoices|bills?|billed|throughput|off-?take|tonnage|business|consumption|usage)\b`)
	threshold  = expression.MustCompile(`(?i)\b(?:exceeds?|exceeding|more than|over|above|at least|in excess of|reach(?:es|ed|ing)?|worth|of|from|up to|between|beyond|not less than|(?:sur)?pass(?:es|ed)?|at|(?:the )?first|(?:the )?next|on|comes? to|amounts? to|totals?|is|are|stands at)\b ?`)
)

// findTiers reads tables of bands, then sentences and lists of them.
func findTiers(r *reading) {
	sets := 0
	for i := range r.grids {
		if sets >= maxTierSets {
			break
		}
		g := &r.grids[i]
		if len(g.rows) < 2 {
			continue
		}
		sets += r.tiersInRows(g) + r.tiersInColumns(g, maxTierSets-sets) + r.tiersInCells(g)
	}
	r.tiersInLines(maxTierSets - sets)
	r.tiersInSentences(maxTierSets - sets)
}

// tiersInCells reads a cell that gives bands with their prices one after another: "0-50 TB $22; 51-200 TB $19; over 200 TB $16".
func (r *reading) tiersInCells(g *grid) int {
	made := 0
	for _, row := range g.rows {
		for k, c := range row {
			if k > 0 && len(c.text) >= 20 && rebateWord.MatchString(row[0].text) && !rebateNot.MatchString(row[0].text+c.text) {
				if list := earnedParts(c.text, c.Span); len(list) >= 2 {
					r.addTiers(list, "", row[0].text+" "+c.text, rowSpan(row))
					made++
					continue
				}
			}
			if k == 0 || len(c.text) < 20 || !priceWord.MatchString(row[0].text) && !priceWord.MatchString(g.headOver(g.headRows(), k)) {
				continue
			}
			if list := pricedParts(c.text, c.Span); len(list) >= 2 {
				r.addTiers(list, itemIn(c.text), c.text, c.Span)
				made++
			}
		}
	}
	return made
}

// aroundGrid is the text before and after a table that may say what its bands mean.
func (r *reading) aroundGrid(g *grid) wording.Span {
	n := r.sentenceAt(g.Start)
	start := max(0, g.Start-1)
	for k := n; k >= 0 && k >= n-2; k-- {
		if g.Start-r.sentences[k].Start < 700 {
			start = min(start, r.sentences[k].Start)
		}
	}
	end := g.End
	if k := r.sentenceAt(min(len(r.s)-1, g.End+2)); k >= 0 && r.sentences[k].End-g.End < 400 {
		end = max(end, r.sentences[k].End)
	}
	return wording.Span{Start: r.safe(start), End: r.safe(end)}
}

// trimBand reads the band of a cell: "251 - 1,999", "Orders of 50 to 199 pieces", "Each pallet over 1,000".
func trimBand(s string) (wording.Band, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 70 || len(wording.Dates(s)) > 0 {
		return wording.Band{}, false // "From 1 February 2027" is a time
	}
	if b, ok := wording.BandAt(s); ok && (b.From != nil || b.To != nil || b.Rest) {
		return b, true
	}
	if len(wording.Sums(s)) > 0 && wording.Sums(s)[0].Start == 0 || len(wording.Percents(s)) > 0 {
		return wording.Band{}, false
	}
	for _, k := range wordBegins(s) {
		if b, ok := wording.BandAt(s[k:]); k > 0 && ok && (b.From != nil || b.To != nil) {
			return b, true
		}
	}
	return wording.Band{}, false
}

// tiersInRows reads a table whose rows are bands.
func (r *reading) tiersInRows(g *grid) int {
	head := strings.ToLower(rowText(g.rows[0]))
	if holds(head, "uptime", "availab", "service level", "credit", "response", "priority", "severity") {
		return 0
	}
	bandCol, counts, heads := -1, map[int]int{}, 1
	if opensWithBand(g.rows[0]) {
		heads = 0
	}
	for _, row := range g.rows[heads:] {
		for col, c := range row {
			if _, ok := trimBand(c.text); ok && len(c.text) < 60 {
				counts[col]++
			}
		}
	}
	for col, n := range counts {
		if n >= 2 && n*2 > len(g.rows)-heads && (bandCol < 0 || n > counts[bandCol] || n == counts[bandCol] && col < bandCol) {
			bandCol = col
		}
	}
	steps, ends := false, -1
	if from, to := g.rangeColumns(); from >= 0 {
		bandCol, ends = from, to
	} else if bandCol < 0 {
		if bandCol = g.stepColumn(); bandCol < 0 {
			return 0
		}
		steps = true
	}
	around := r.aroundGrid(g)
	text := r.cut(around)
	if holds(strings.ToLower(text), "service credit", "availab", "uptime", "service level") && strings.Contains(r.cut(g.Span), "%") {
		return 0
	}
	before := text[:max(0, min(len(text), g.Start-around.Start))]
	made := 0
	for col := range g.rows[0] {
		if col == ends {
			continue
		}
		list := r.bandsInColumn(g, heads, bandCol, ends, col, text, steps)
		if len(list) < 2 || list[0].share != nil && !rebateWord.MatchString(text) {
			continue
		}
		item := r.pricedItem(before)
		if h := g.headOver(heads, col); made > 0 && measured.MatchString(h) {
			continue // the same in another unit
		} else if !measured.MatchString(h) && h != "" {
			item = h // a column for each item
		}
		r.addTiers(list, item, text, around)
		made++
		if list[0].share != nil {
			break
		}
	}
	return made
}

// opensWithBand tells whether the first row of a table is one of its bands with its value, so that nothing names the columns.
func opensWithBand(row []cell) bool {
	if len(row) < 2 {
		return false
	}
	b, ok := trimBand(row[0].text)
	if !ok || b.From == nil && b.To == nil {
		return false
	}
	return slices.ContainsFunc(row[1:], func(c cell) bool {
		if _, band := trimBand(c.text); band || len(c.text) > 60 {
			return false
		}
		return len(wording.Sums(c.text)) == 1 || len(wording.Percents(c.text)) == 1
	})
}

// shareUnder reads a bare number in a column whose head says that it holds percentages.
func shareUnder(c, head string) (decimal.Decimal, bool) {
	if !strings.Contains(head, "%") && !strings.Contains(lowerASCII(head), "per cent") || !bareShare.MatchString(c) {
		return decimal.Zero, false
	}
	v, err := decimal.NewFromString(strings.Replace(c, ",", ".", 1))
	return v, err == nil
}

var bareShare = expression.MustCompile(`^\d{1,2}(?:[.,]\d{1,2})?$`)

var stepHead = expression.MustCompile(`(?i)\b(?:quantit\w+|order size|volume|units|pieces|pcs|from|qty|turnover|spend|purchases)\b`)

// stepColumn is a first column of rising numbers under a head that counts: each is where a price begins.
func (g *grid) stepColumn() int {
	if len(g.rows) < 3 || len(g.rows[0]) == 0 || !stepHead.MatchString(g.rows[0][0].text) {
		return -1
	}
	last := decimal.Zero
	for _, row := range g.rows[1:] {
		if !bareNumber.MatchString(row[0].text) && !bareCount.MatchString(row[0].text) {
			return -1
		}
		b, ok := wording.BandAt("from " + row[0].text)
		if !ok || b.From == nil || !b.From.GreaterThan(last) {
			return -1
		}
		last = *b.From
	}
	return 0
}

var (
	fromHead = expression.MustCompile(`(?i)(?:^|\b)(?:from|above|over|at least|lower(?: limit| bound)?|min(?:imum|\.)?|more than|exceeding|start)(?:\b|$)`)
	toHead   = expression.MustCompile(`(?i)(?:^|\b)(?:to|up to|until|upper(?: limit| bound)?|max(?:imum|\.)?|below|less than|not exceeding|end)(?:\b|$)`)
	noEnd    = expression.MustCompile(`(?i)^(?:-|–|—|and (?:above|over|more|up)|no (?:limit|maximum|upper limit)|unlimited|open|without limit|n/?a|\+|∞)?$`)
)

// rangeColumns finds two columns side by side that hold where a band begins and where it ends: "Turnover from | Turnover to | Bonus".
func (g *grid) rangeColumns() (from, to int) {
	head := g.rows[0]
	for col := 0; col+1 < len(head); col++ {
		a, b := head[col].text, head[col+1].text
		if len(a) > 50 || len(b) > 50 || !fromHead.MatchString(a) || !toHead.MatchString(b) || strings.ContainsAny(a+b, "0123456789") {
			continue
		}
		figures := 0
		for _, row := range g.rows[1:] {
			if col+1 < len(row) {
				if _, ok := trimBand(rangeText(row[col].text, row[col+1].text)); ok {
					figures++
				}
			}
		}
		if figures >= 2 && figures >= len(g.rows)-2 {
			return col, col + 1
		}
	}
	return -1, -1
}

func rangeText(from, to string) string {
	switch {
	case noEnd.MatchString(to):
		return "from " + from
	case noEnd.MatchString(from):
		return "up to " + to
	}
	return "from " + from + " to " + to
}

// bandsInColumn pairs the bands of a table with the values of one column.
func (*reading) bandsInColumn(g *grid, heads, bandCol, ends, col int, text string, steps bool) []banded {
	var list []banded
	if col == bandCol {
		return nil
	}
	for _, row := range g.rows[heads:] {
		if bandCol >= len(row) || col >= len(row) || row[col].text == "" {
			continue
		}
		from := row[bandCol].text
		if steps {
			from = "from " + from
		}
		if ends >= 0 && ends < len(row) {
			from = rangeText(from, row[ends].text)
		}
		b, ok := trimBand(from)
		if !ok {
			continue
		}
		one := banded{band: b, at: rowSpan(row)}
		c := row[col].text
		if p := wording.Percents(c); len(p) == 1 && len(p[0].Readings) == 0 {
			one.share = &p[0].Value
		} else if v, ok := shareUnder(c, g.headOver(heads, col)); ok {
			one.share = &v
		} else if sums := wording.Sums(c); len(sums) == 1 && len(sums[0].Readings) == 0 {
			one.price = &sums[0]
		} else if v, ok := bareSum(c, g.headOver(heads, col)+" "+text, nil); ok && priceWord.MatchString(g.headOver(heads, col)+" "+text) {
			one.price = &v
		} else {
			continue
		}
		if len(list) > 0 && (list[0].share == nil) != (one.share == nil) {
			continue
		}
		list = append(list, one)
	}
	return list
}

func rowText(row []cell) string {
	var b strings.Builder
	for _, c := range row {
		b.WriteString(c.text)
		b.WriteByte(' ')
	}
	return b.String()
}

// tiersInColumns reads a table whose columns are bands and whose rows are items.
func (r *reading) tiersInColumns(g *grid, room int) int {
	bands := map[int]wording.Band{}
	for col, c := range g.rows[0] {
		t := c.text
		if b, ok := trimBand(t); ok {
			bands[col] = b
			continue
		}
		if k := strings.IndexAny(t, "(:,"); k > 0 {
			if b, ok := trimBand(t[k+1:]); ok {
				bands[col] = b
			}
		}
	}
	if len(bands) < 2 {
		return 0
	}
	around := r.aroundGrid(g)
	text := r.cut(around)
	sum := wording.Sums(text)
	made := 0
	for _, row := range g.rows[1:] {
		if made >= room {
			break
		}
		var list []banded
		for col, c := range row {
			b, ok := bands[col]
			if !ok || c.text == "" {
				continue
			}
			one := banded{band: b, at: rowSpan(row)}
			if s := wording.Sums(c.text); len(s) == 1 && len(s[0].Readings) == 0 {
				one.price = &s[0]
			} else if v, ok := bareSum(c.text, text, sum); ok {
				one.price = &v
			} else {
				continue
			}
			list = append(list, one)
		}
		if len(list) < 2 || len(list) != len(bands) || len(row) == 0 || row[0].text == "" {
			continue
		}
		slices.SortStableFunc(list, func(a, b banded) int { return low(a.band).Cmp(low(b.band)) })
		r.addTiers(list, row[0].text, text, around)
		made++
	}
	return made
}

// bareSum reads a number of a table whose currency stands in the words around it: "The prices in euro per thousand bottles".
func bareSum(cell, around string, sums []wording.Sum) (wording.Sum, bool) {
	names := wording.Currencies(around)
	if len(names) == 0 {
		for _, s := range sums {
			names = append(names, s.Amount.Currency)
		}
	}
	names = slices.Compact(names)
	if len(names) != 1 || !strings.ContainsAny(cell, "0123456789") {
		return wording.Sum{}, false
	}
	found := wording.Sums(names[0] + " " + strings.TrimSpace(cell))
	if len(found) != 1 || len(found[0].Readings) > 0 || found[0].End != len(names[0])+1+len(strings.TrimSpace(cell)) {
		return wording.Sum{}, false
	}
	return found[0], true
}

func low(b wording.Band) decimal.Decimal {
	if b.From != nil {
		return *b.From
	}
	return decimal.Zero
}

var itemOf = expression.MustCompile(`(?i)\b(?:(?:unit )?prices? (?:of|for|per)|per|price of each) (?:an?|the|each|one)? ?([A-Za-z][\w &/-]{2,40}?)(?: depends?| is| are| by| per| as| in|[.,:;\n]|$)`)

// pricedItem is what a table of bands prices, in the words before it.
func (r *reading) pricedItem(before string) string {
	all := itemOf.FindAllStringSubmatch(before, -1)
	if len(all) == 0 {
		return ""
	}
	return strings.TrimSpace(all[len(all)-1][1])
}

// headCurrency is the head of a column of sums: "Annual purchases (£)".
var headCurrency = expression.MustCompile(`(?i)\b(?:purchases?|spend|turnover|sales|revenues?|value|volume|orders)\b[^.;()\n\d]{0,24}\((?:in )?(US\$|\$|€|£|USD|EUR|GBP|CAD|AUD|CHF)\)`)

// addTiers makes the obligation of a list of bands in order.
func (r *reading) addTiers(list []banded, item, text string, around wording.Span) {
	p := obligation.TieredParams{Basis: "quantity", Period: periodOf(text)}
	kind, what := "volume_price", "Price by volume"
	if list[0].share != nil {
		kind, what = "rebate", "Rebate by volume"
	}
	switch {
	case gradual.MatchString(text) && !retroact.MatchString(text):
		p.Mode = "graduated"
	case retroact.MatchString(text) && !gradual.MatchString(text):
		p.Mode = "all_units"
	}
	if m := headCurrency.FindStringSubmatch(text); m != nil {
		if found := wording.Currencies(m[1]); len(found) == 1 {
			p.Basis, p.Currency = "amount", found[0]
		}
	}
	closeBands(list)
	var asks []pact.Ambiguity
	var last *decimal.Decimal
	after := false
	for i, one := range list {
		b := one.band
		t := obligation.VolumeTier{Percent: one.share}
		if b.From != nil {
			t.From = *b.From
		} else if last != nil {
			t.From = *last
		}
		if i == 0 && t.From.Equal(decimal.NewFromInt(1)) {
			t.From = decimal.Zero // from the first piece on
		}
		if b.To != nil {
			to := *b.To
			if b.Next && last != nil {
				to = last.Add(to)
			}
			t.To = &to
		}
		if one.price != nil {
			amount := one.price.Amount
			t.Price = &amount
		}
		if b.Currency != "" {
			p.Basis, p.Currency = "amount", b.Currency
		}
		after = after || b.After
		if i > 0 && last != nil {
			asks = append(asks, doubtBetween(list[i-1].band, b, *last, t.From)...)
		}
		last = t.To
		if i == 0 && t.From.IsPositive() {
			p.Tiers = append(p.Tiers, r.tierBefore(t, kind)...)
		}
		p.Tiers = append(p.Tiers, t)
	}
	switch {
	case after:
		p.Bounds = "upper_inclusive"
	case slices.ContainsFunc(list, func(x banded) bool { return x.band.Before }):
		p.Bounds = "lower_inclusive"
	}
	if item != "" && kind == "volume_price" {
		p.Eligible.Items = []string{item}
	}
	key := kind
	if item != "" {
		key += "/" + slug(strings.Join(firstWords(item, 5), " "))
		what += ": " + item
	}
	key = r.freeKey(key)
	o := pact.Obligation{Kind: kind, Key: key, Title: short110(what), Bearer: r.side("supplier"), Beneficiary: r.side("customer"), Deliverable: r.quoteWords(list[0].at), Ambiguities: asks}
	if p.Period != "" {
		o.Frequency = frequencyWord(p.Period)
	}
	at := []wording.Span{}
	for _, one := range list {
		if len(at) == 0 || at[len(at)-1] != one.at {
			at = append(at, one.at)
		}
	}
	// One passage for a table, with the words that say how it is meant.
	if len(list) > 1 && around.End-around.Start < 3000 {
		at = []wording.Span{around}
	}
	r.obligation(o, p, "0.72", at...)
}

// closeBands lets a band without an end end where the next begins, and puts the lowest first.
func closeBands(list []banded) {
	if !slices.ContainsFunc(list, func(x banded) bool { return x.band.Next || x.band.Rest || x.band.From == nil }) {
		slices.SortStableFunc(list, func(a, b banded) int { return low(a.band).Cmp(low(b.band)) })
	}
	for i := range list {
		b := &list[i].band
		if i+1 < len(list) && b.To == nil && b.From != nil && list[i+1].band.From != nil && b.From.LessThan(*list[i+1].band.From) {
			b.To = list[i+1].band.From
			b.Before = !list[i+1].band.After
		}
	}
}

// tierBefore is the stretch before the first band of rebates, which earns nothing. A price before the first band is not told.
func (*reading) tierBefore(first obligation.VolumeTier, kind string) []obligation.VolumeTier {
	if kind != "rebate" {
		return nil
	}
	zero := decimal.Zero
	to := first.From
	return []obligation.VolumeTier{{To: &to, Percent: &zero}}
}

// doubtBetween asks where two bands leave a stretch out or share one.
func doubtBetween(a, b wording.Band, end, begin decimal.Decimal) []pact.Ambiguity {
	one := decimal.NewFromInt(1)
	switch gap := begin.Sub(end); {
	case gap.IsNegative():
		return []pact.Ambiguity{{Code: "tier_overlap", Question: fmt.Sprintf("Between %s and %s two bands hold. Which one governs?", begin, end), Texts: []string{"the band up to " + end.String(), "the band from " + begin.String()}}}
	case gap.IsZero() && !a.Before && !b.After && a.To != nil && b.From != nil:
		return []pact.Ambiguity{{Code: "tier_overlap", Question: fmt.Sprintf("Exactly %s lies in two bands. Which one governs?", end), Texts: []string{"the band up to " + end.String(), "the band from " + begin.String()}}}
	case gap.GreaterThan(one):
		return []pact.Ambiguity{{Code: "tier_gap", Question: fmt.Sprintf("Between %s and %s no band holds. What holds there?", end, begin), Texts: []string{"the band below", "the band above", "neither"}}}
	}
	return nil
}

// toldBefore tells whether an obligation of a kind stands on the same words already.
func (r *reading) toldBefore(kind string, at wording.Span) bool {
	start, end := r.text.Source(at)
	for i := range r.found {
		c := &r.found[i]
		if c.Obligation == nil || c.Obligation.Kind != kind {
			continue
		}
		for _, e := range c.Evidence {
			if e.Passage != nil && e.Passage.Start < end && start < e.Passage.End {
				return true
			}
		}
	}
	return false
}

// freeKey gives a key that no obligation has yet.
func (r *reading) freeKey(key string) string {
	taken := func(k string) bool {
		return slices.ContainsFunc(r.found, func(c pact.Candidate) bool { return c.Obligation != nil && c.Obligation.Key == k })
	}
	if !taken(key) {
		return key
	}
	for n := 2; ; n++ {
		if k := key + "-" + strconv.Itoa(n); !taken(k) {
			return k
		}
	}
}

// quoteWords are the words of a place, short enough to name what is owed.
func (r *reading) quoteWords(at wording.Span) string {
	s := strings.Join(strings.Fields(r.cut(at)), " ")
	if len(s) > 160 {
		s = s[:strings.LastIndexByte(s[:r.safeIn(s, 160)]+" ", ' ')]
	}
	return s
}

func short110(s string) string {
	if len(s) <= 110 {
		return s
	}
	if k := strings.LastIndexByte(s[:107], ' '); k > 40 {
		return s[:k] + "…"
	}
	return strings.ToValidUTF8(s[:107], "") + "…"
}

// periodOf is over which time a volume or a commitment is counted, as a parameter; "" where the text does not say.
func periodOf(s string) string {
	low := lowerASCII(s)
	switch {
	case holds(low, "any twelve", "any 12", "rolling twelve", "rolling 12", "rolling year"):
		return "rolling_year"
	case holds(low, "calendar year", "contract year", "each year", "a year", "per annum", "every year", "any year"):
		return "year"
	case holds(low, "calendar month", "per month", "each month", "a month", "every month", "monthly"):
		return "month"
	case holds(low, "quarter"):
		return "quarter"
	case holds(low, "half-year", "half year", "six months"):
		return "half_year"
	case holds(low, "contract year", "calendar year", "per year", "each year", "a year", "every year", "annual", "in the year", "of the year", "per annum", "yearly", "twelve-month", "twelve months", "12 months", "12-month"):
		return "year"
	case holds(low, "over the term", "during the term", "term of this", "while it is valid", "whole term", "life of this", "of this contract"):
		return "term"
	}
	return ""
}

func frequencyWord(period string) string {
	switch period {
	case "month":
		return "monthly"
	case "quarter":
		return "quarterly"
	case "half_year":
		return "half-yearly"
	case "year", "rolling_year":
		return "yearly"
	}
	return "once"
}
