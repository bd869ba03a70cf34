package grammar

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// pricePart is a sum of a sentence with what the words around it say of it.
type pricePart struct {
	unit, item string    // "" where the sum has none of its own
	told       bool      // what it is for stands behind the price, by "for" or "of"
	own        bool      // what it is for is said, and is no unit
	of         string    // narrower than the item: "(Monday to Friday)" or "to Canada", behind the unit
	during     priceTime // holds then
}

// pricesInSentence reads the prices of a sentence, each with its unit and what it is for. One that is told for several, once, serves all
// of the list: "$110.00 (consultant) and $140.00 (senior consultant) an hour".
func (r *reading) pricesInSentence(sp wording.Span) []priced {
	s := r.cut(sp)
	if strings.Contains(s, ";") && noUnitPrice.MatchString(s) { // what one part speaks of is nothing to the others
		return r.pricesBetweenSemicolons(sp, s)
	}
	sums := wording.Sums(s)
	if len(sums) == 0 || len(sums) > 16 || noUnitPrice.MatchString(s) || forBonus(s) || r.sellerPays(s, sums[0].Start) {
		return nil
	}
	parts, ok := r.priceParts(s, sums)
	if !ok {
		return nil
	}
	shared := sharedUnit(parts, s[:sums[0].Start])
	if shared == "" || len(sums) > 1 && ofBands(s, parts) {
		return nil
	}
	whole, leads := subjectOf(s[:sums[0].Start]), r.leadPeriod(s[:sums[0].Start])
	var out []priced
	for i, x := range parts {
		before := s[:sums[i].Start]
		if nearNoPrice.MatchString(before[r.safeIn(s, max(0, len(before)-45)):]) || overSum.MatchString(before[r.safeIn(s, max(0, len(before)-60)):]) || totalBehind.MatchString(s[sums[i].End:]) {
			continue
		}
		if x.unit == "" {
			if !chained(s, sums) || x.own {
				continue
			}
			x.unit = shared // as the rest of the list
		}
		if whole != "" && !x.told && (i == 0 || x.item == "") {
			x.item = whole
		}
		if i > 0 && x.item == "" && len(out) > 0 {
			x.item = sameThing(s, sums[i-1:i+1], parts[i-1], x, out[len(out)-1].row)
		}
		if m := forEachPays.FindStringSubmatch(s[:sums[i].Start]); m != nil && i == 0 {
			x.item = m[1]
		}
		r.nameSold(&x, s, s[:sums[i].Start])
		if x.item == "" || noItem.MatchString(x.item) || r.isParty(x.item) {
			continue
		}
		if words := strings.Fields(x.item); len(words) > 1 && r.isParty(words[0]) {
			x.item = strings.Join(words[1:], " ") // "pay to Lessor rent"
		}
		if m := soldVerb.FindString(x.item); len(m) < len(x.item) {
			x.item = x.item[len(m):]
		}
		if x.of != "" && !strings.HasSuffix(x.item, x.of) {
			x.item += ", " + x.of
		}
		if x.during == (priceTime{}) {
			x.during = leads
		}
		price := sums[i].Amount
		if c := r.value("currency"); c != nil && bareCoins.MatchString(s[sums[i].Start:sums[i].End]) && c.Text != "GBP" {
			price.Currency = c.Text // "185 cents" are of the currency of the contract
		}
		out = append(out, priced{row: obligation.PriceRow{Item: x.item, Price: price, Unit: x.unit, From: x.during.from, Until: x.during.until}, at: sp})
	}
	return slices.DeleteFunc(out, func(x priced) bool { // of two prices for the same thing at the same time none holds
		return slices.ContainsFunc(out, func(y priced) bool {
			return strings.EqualFold(x.row.Item, y.row.Item) && x.row.Unit == y.row.Unit && x.row.From == y.row.From && x.row.Until == y.row.Until && x.row.Price.Currency == y.row.Price.Currency && !x.row.Price.Equal(y.row.Price)
		})
	})
}

// pricesBetweenSemicolons reads the parts of a sentence, each for itself.
func (r *reading) pricesBetweenSemicolons(sp wording.Span, s string) []priced {
	var out []priced
	for from := 0; from < len(s); {
		end := len(s)
		if k := strings.IndexByte(s[from:], ';'); k >= 0 {
			end = from + k
		}
		begin := end - len(strings.TrimLeft(s[from:end], " "))
		if end > begin {
			out = append(out, r.pricesInSentence(wording.Span{Start: sp.Start + begin, End: sp.Start + end})...)
		}
		from = end + 1
	}
	return out
}

// sellerPays tells whether a sentence says before its first sum that the seller pays it.
func (r *reading) sellerPays(s string, firstSum int) bool {
	for _, pays := range []*expression.Expression{payer, paysOut} {
		if m := pays.FindStringSubmatchIndex(s); m != nil && m[1] < firstSum && !anotherSays.MatchString(s[m[1]:firstSum]) {
			if who, ok := r.bearerOf(s[m[2]:m[3]]); ok && who == r.side("supplier") {
				return true
			}
		}
	}
	return false
}

// priceParts tells of each sum of a sentence what stands around it. It is refused where a sum reads in two ways, or when a price holds is
// not known.
func (r *reading) priceParts(s string, sums []wording.Sum) ([]pricePart, bool) {
	parts := make([]pricePart, len(sums))
	for i, sum := range sums {
		if len(sum.Readings) > 0 {
			return nil, false
		}
		end, begin := len(s), 0
		if i+1 < len(sums) {
			end = sums[i+1].Start
		}
		if i > 0 {
			begin = sums[i-1].End
		}
		x, after, before := &parts[i], s[sum.End:end], s[begin:sum.Start]
		if m := itemBehind.FindStringSubmatchIndex(after); m != nil {
			x.item = namedGroup(after, m, 1, 2)
			if rest := after[m[1]:]; x.item != "" && m[2] >= 0 {
				after = rest // "(senior consultant) an hour"
			} else if in := unitInItem.FindStringIndex(x.item); in != nil && m[4] >= 0 {
				after, x.item = after[m[4]+in[0]:], x.item[:in[0]] // "for a partner per hour"
			}
		}
		if eachAlone.MatchString(after) {
			x.unit = "each"
		} else if unit, tail, article := unitBehind(after); unit != "" {
			m := perUnit.FindStringSubmatchIndex(after)
			switch {
			case notUnit.MatchString(after[m[2]:]) || article && !units.MatchString(after[m[2]:m[3]]):
				x.own = !article // "per half day": it has not the unit of the others
			default:
				x.unit = unit
				if b := itemBehind.FindStringSubmatchIndex(tail); b != nil && b[2] >= 0 {
					x.of, tail = namedGroup(tail, b, 1), tail[b[1]:] // a bracket behind the unit
				} else if b != nil && x.item == "" {
					x.item = namedGroup(tail, b, 2)
				} else if b := narrower.FindStringSubmatchIndex(tail); b != nil {
					x.of = namedGroup(tail, b, 1)
				}
				x.during = r.periodBehind(tail)
			}
		}
		if x.during == (priceTime{}) {
			x.during = r.periodBehind(after)
		}
		if m := nthBefore.FindStringSubmatch(before); m != nil && x.during == (priceTime{}) {
			t, ok := r.contractYear(strings.ToLower(m[1]))
			if !ok {
				return nil, false // when it holds is not known
			}
			x.during = t
		}
		if i > 0 && fromThenOn.MatchString(after) && x.during == (priceTime{}) {
			x.during.from = parts[i-1].during.until
		}
		if brackets.MatchString(x.of) {
			x.of = ""
		}
		if noItem.MatchString(x.item) || generic.MatchString(x.item) {
			x.item = ""
		}
		x.told = x.item != ""
		if x.item == "" || !strings.ContainsFunc(x.item, letterRune) {
			x.item = soldBefore(before)
		}
	}
	return parts, true
}

// sharedUnit is the unit of the prices that have none of their own: the last that the list gives, or the one before its first sum.
func sharedUnit(parts []pricePart, before string) string {
	for _, x := range slices.Backward(parts) {
		if x.unit != "" {
			return x.unit
		}
	}
	if unit := unitIn(strings.ToLower(ratesOf.FindString(before))); unit != "" {
		return unit
	}
	if m := timedFee.FindStringSubmatch(before); m != nil {
		return unitName(m[1]) // "the monthly gateway fee is $15.00"
	}
	return ""
}

// ofBands tells whether the prices are those of the bands of a volume: two of one unit.
func ofBands(s string, parts []pricePart) bool {
	if !bandWords.MatchString(withoutTimes(s)) {
		return false
	}
	seen := map[string]bool{"": true}
	for _, x := range parts {
		if seen[x.unit] || firstNext.MatchString(s) {
			return true
		}
		seen[x.unit] = true
	}
	return false
}

// sameThing names what a price is for by the one before it: the same at another time or place, or in another currency.
func sameThing(s string, sums []wording.Sum, last, x pricePart, row obligation.PriceRow) string {
	item := ""
	if (x.during != (priceTime{}) || x.of != "") && row.Unit == x.unit {
		item = strings.TrimSuffix(row.Item, ", "+last.of)
	}
	if item == "" && otherMoney.MatchString(s[sums[0].End:sums[1].Start]) && sums[1].Amount.Currency != sums[0].Amount.Currency {
		item = row.Item // "EUR 4.00 / USD 4.30"
	}
	return item
}

// nameSold gives a price what it is for by the words before it and by its unit, where nothing better names it.
func (r *reading) nameSold(x *pricePart, s, before string) {
	if x.item == "" || wordy.MatchString(x.item) && !costs.MatchString(before) || noItem.MatchString(x.item) || r.isParty(x.item) || !x.told && timeUnits[x.unit] != "" && x.unit != "day" && chargeBefore(before) != "" {
		if x.item = chargeBefore(before); noItem.MatchString(x.item) {
			x.item = ""
		}
	}
	if x.item == "" && timeUnits[x.unit] == "" && x.unit != "each" && !units.MatchString(x.unit) {
		x.item, _, _ = strings.Cut(x.unit, " per ") // a price "for each statement page"
	}
	if own := ratesOf.FindString(before); x.item == "" && own != "" {
		x.item = strings.ToLower(own)
	}
	if x.item == "" && timeUnits[x.unit] != "" && charged.MatchString(s) {
		x.item = timeUnits[x.unit] + " fee"
	}
	if thing, _, _ := strings.Cut(x.unit, " per "); x.item == "" && soldThings.MatchString(thing) && (charged.MatchString(s) || pricedAt.MatchString(before)) {
		x.item = thing // "samples at $4.00 per sample"
	}
	if x.item == "" && x.of != "" {
		x.item, x.of = x.of, ""
	}
}

// unitInItem is the unit behind what a price is for.
var unitInItem = expression.MustCompile(`(?i) (?:per|each|an?) (?:hour|day|week|month|quarter|year|annum|unit|piece|item|person|user|visit)\b`)

// chained tells whether the amounts of a sentence are a list, with but a few words between them.
func chained(s string, sums []wording.Sum) bool {
	for i := 1; i < len(sums); i++ {
		if between := s[sums[i-1].End:sums[i].Start]; len(between) > 60 || onTop.MatchString(between) {
			return false
		}
	}
	return true
}

// compound takes the further nouns of a unit: "statement page", "standard cubic foot", of which the first was read.
func compound(word, tail string) (string, string) {
	if units.MatchString(word) || strings.Contains(word, " and ") {
		return word, tail
	}
	m := withNext.FindStringSubmatchIndex(tail)
	if m == nil || noCompound.MatchString(tail[:m[3]]) {
		return word, tail
	}
	return word + tail[:m[3]], tail[m[3]:]
}

// noCompound are words behind a unit that are no part of it.
var noCompound = expression.MustCompile(`(?i)\b(?:to|for|of|in|at|on|and|or|per|each|applies|apply|applied|is|are|be|being|will|shall|may|must|unless|until|if|the|an?|its|within|during|by|with|from|plus|thereafter|beyond|above|over|used|sold|delivered|supplied|started|begun|payable|due|only)\b`)

// namedGroup is the first group of a match that took part.
func namedGroup(s string, m []int, groups ...int) string {
	for _, n := range groups {
		if m[2*n] >= 0 {
			return strings.TrimSpace(s[m[2*n]:m[2*n+1]])
		}
	}
	return ""
}

// soldBefore is what stands right before a price and names what it is for.
func soldBefore(before string) string {
	before = nthBefore.ReplaceAllString(before, " $3")
	if endsList.MatchString(before) {
		return "" // "and $6.00": what stands before "and" is of the price before
	}
	m := itemBefore.FindStringSubmatch(before)
	if m == nil {
		return ""
	}
	words := strings.Fields(m[1])
	for len(words) > 0 && noItem.MatchString(words[0]) {
		words = words[1:]
	}
	for len(words) > 0 && noItem.MatchString(words[len(words)-1]) {
		if n := len(words); n > 1 && len(words[n-1]) == 1 && words[n-1] >= "A" && words[n-1] <= "Z" {
			break // "Widget A"
		}
		if n := len(words); n > 1 && ofCharge.MatchString(words[n-1]) && !noItem.MatchString(words[n-2]) {
			break // "the standing charge", "the hourly rate"
		}
		words = words[:len(words)-1]
	}
	if item := strings.Join(words, " "); len(wording.Dates(item)) == 0 && strings.ContainsFunc(item, letterRune) {
		return item
	}
	return ""
}

// ofCharge is a charge that is known by the word before it.
var ofCharge = expression.MustCompile(`(?i)^(?:charges?|price|rates?)$`)

// nthBefore is a year of the contract between what is charged and its price: "base rent in the second lease year shall be".
var nthBefore = expression.MustCompile(`(?i),? (?:in|during|for) the (first|second|third|fourth|fifth) ((?:contract|lease|agreement|rental|service) )?year,? ((?:is|are|shall be|will be|amounts? to) )$`)

var endsList = expression.MustCompile(`(?i)\b(?:and|or|plus|then) ?$`)

// isParty tells whether words are what the paper calls a party.
func (r *reading) isParty(s string) bool {
	v := r.value("parties")
	if v == nil {
		return false
	}
	s = lowerASCII(s)
	return slices.ContainsFunc(v.Parties, func(p pact.Party) bool { return slices.Contains(callings(p), s) })
}

// subjectOf is what a sentence begins with, up to its price: "Plates beyond 10,200", of which each costs so much.
func subjectOf(before string) string {
	before = nthBefore.ReplaceAllString(before, " $3")
	if leadFrom.MatchString(before) {
		if _, _, to, ok := periodIn(before); ok && to < 60 {
			before = strings.TrimLeft(before[to:], " ,")
		}
	}
	m := costSubject.FindStringSubmatch(before)
	if m == nil {
		return ""
	}
	return strings.Trim(m[1], " ,:")
}

// chargeBefore is the last charge that the words before a price name: "a monthly charge of", "the hosting charge".
func chargeBefore(before string) string {
	all := chargeNoun.FindAllStringSubmatch(before, -1)
	if len(all) == 0 {
		return ""
	}
	words := strings.Fields(all[len(all)-1][1])
	for k := len(words) - 2; k >= 0; k-- { // "the Consultant a fixed fee"
		if noItem.MatchString(words[k]) {
			words = words[k+1:]
			break
		}
	}
	return strings.Join(words, " ")
}

var (
	// narrower is what limits a price behind its unit: "per minute to Canada".
	narrower   = expression.MustCompile(`^ ((?:to|in|within|on|outside|during) (?:the )?(?:[A-Z][\w-]*|[a-z]+ [A-Z][\w-]*)(?: [A-Z][\w-]*){0,3})(?:[,.;)]| and\b| or\b|$)`)
	brackets   = expression.MustCompile(`(?i)\b(?:minimum|maximum|plus|excl\w*|incl\w*|net|gross|in total|vat|gst|tax(?:es)?|usd|eur|gbp|capped|rounded|as of|see|section|clause|schedule)\b|\d`)
	fromThenOn = expression.MustCompile(`(?i)^[^.;$€£]{0,40}\b(?:thereafter|afterwards|from then on|after that)\b`)
	timedFee   = expression.MustCompile(`(?i)\b(hourly|daily|weekly|monthly|quarterly) (?:[a-z][a-z-]* ){0,3}(?:fees?|charges?|rates?|rent|rental|retainer|premium|hire|subscription)(?: (?:for|of) [^.;,]{2,40})?,? (?:is|are|of|shall be|will be|amounts? to|comes? to|at)(?: currently)? $`)
	pricedAt   = expression.MustCompile(`(?i)\bat (?:an? |the )?(?:(?:fixed |flat |agreed )?(?:rate|price|fee|charge) of )?$`)
	soldThings = expression.MustCompile(`^(?:visit|call|seat|user|licen[cs]e|site|set|pack|box|pallet|case|person|participant|employee|word|copy|test|sample|transaction|order|shipment|container|clinic|bottle|bag|load|trip|room|terminal|space|vehicle|student|device|elevator|report|delivery|meal|ticket)$`)
	otherMoney = expression.MustCompile(`(?i)^ ?(?:/|\(|or|=) ?$`) // between a price and the same in another currency
	bareCoins  = expression.MustCompile(`(?i)^[\d.]+ ?cents?$`)
	inYear     = expression.MustCompile(`(?i)^,? (?:in|during|for) (?:the )?(?:calendar year |year )?(20\d\d)\b`)
	nthYear    = expression.MustCompile(`(?i)^,? ?(?:\([^)]{0,30}\) ?)?(?:in|during|for|over) (?:the )?(?:(?:contract |agreement |service )?year (\d|one|two|three|four|five)|(first|second|third|fourth|fifth) (?:contract |agreement |service )?year)\b`)
	leadFrom   = expression.MustCompile(`(?i)^(?:[\d.()]+ )?(?:with effect |effective )?(?:from|as from|as of|until|up to)\b`)
)

// timeUnits are the units of time, as a fee is called by them.
var timeUnits = map[string]string{"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "yearly"}

var (
	charged     = expression.MustCompile(`(?i)\b(?:pays?|payable|charges?|charged|costs?|bills?|billed|invoices?|invoiced|fees?|prices?|rates?)\b`)
	generic     = expression.MustCompile(`(?i)^(?:services?|works?|goods|products?|any|all)$`)
	totalBehind = expression.MustCompile(`(?i)^(?: ?\([^)]{0,40}\))?(?: per \w+(?: per \w+)?)?,? (?:in (?:total|all)|altogether|over the|for the (?:whole|entire|initial))\b`)
	forEachPays = expression.MustCompile(`^(?:[\d.()]+ )?For (?:each|every|an?|any) ((?:[a-z][\w-]* ){0,3}?[a-z][\w-]*),? (?:[A-Z]\w+|the \w+|it|you|we) (?:(?:shall|will|must) )?(?:pays?|owes?)\b`)
	costs       = expression.MustCompile(`(?i)(?:\bcosts?|\b(?:charged|billed|invoiced|priced|payable) (?:at|with)|:) $`)
	costSubject = expression.MustCompile(`^(?:[\d.()]+ )?(?:The |An? |Each |Any )?([A-Z]?[A-Za-z][\w ,'/-]{2,60}?)(?::|,? (?:costs?|(?:is|are|shall be|will be) (?:charged|billed|invoiced|priced|payable|available|offered|sold|rented|leased|hired|supplied|provided) (?:at|with|for))) $`)
	wordy       = expression.MustCompile(`(?i)\b(?:is|are|was|shall|will|must|may|now|stands|such|which|that|whereas|cost|costs|pay|pays|than|if|where|when|beyond|above)\b`)
	onTop       = expression.MustCompile(`(?i)\b(?:plus|as well as|in addition|set-?up|one-time|once|total)\b`)
	firstNext   = expression.MustCompile(`(?i)\b(?:first|next|for those|within the band)\b`)
	eachAlone   = expression.MustCompile(`(?i)^ (?:each|apiece|a piece)(?:[.,;)]| and\b| or\b|$)`)
	ratesOf     = expression.MustCompile(`(?i)\b(?:(?:hourly|daily|weekly|monthly|day|hour|week|month) (?:rates?|fees?|charges?|prices?|hire))\b`)
	withNext    = expression.MustCompile(`(?i)^((?: (?:[a-z][a-z-]*)){1,2}?)(?:[.,;:)/]| (?:per|each|for|of|in|at|to|plus|from|during|which|that|beyond|above|or|on|under|by|as|is|are|if|when|where|and|excluding|exclusive)\b|$)`)
)

// overSum stands before a sum that is no price but says for what the price before it is paid: "USD 75 for each order below USD 1,000".
var overSum = expression.MustCompile(`(?i)\b(?:orders?|purchases?|invoices?|deliver(?:y|ies)|consignments?|shipments?|transactions?|claims?|payments?|(?:net |total |order )?values?)(?: [a-z]+){0,3} (?:below|under|over|above|less than|more than|exceeding|in excess of|up to|of at least) $`)
