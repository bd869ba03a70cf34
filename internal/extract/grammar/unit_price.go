package grammar

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Unit prices: what one of something costs, in price lists ("Item | Unit | Rate"), in lines ("Base Fee: $118,400.00 per month") and in
// sentences ("$185.00 per hour for consultants and $235.00 per hour for principal consultants"). All of a contract are one obligation,
// against which the lines of its invoices are held; bands of a volume are prices of another kind (tier.go).

// maxPrices bounds the rows of one obligation.
const maxPrices = 200

// priced is one price with the place that says it.
type priced struct {
	row obligation.PriceRow
	at  wording.Span
}

var (
	// priceColumn is the head of a column of prices, and sumHead that of one whose amounts are multiplied, added up, or no prices.
	priceColumn = expression.MustCompile(`(?i)\b(?:prices?|rates?|fees?|charges?|tariffs?|hire|rental|costs?|hourly|daily|weekly|monthly|quarterly|yearly|annual|per \w+|each|day|week|month|hour)\b|[/€£$]|\b(?:EUR|USD|GBP|CHF|CAD|AUD|INR)\b`)
	sumHead     = expression.MustCompile(`(?i)\b(?:total|amount|extended|extension|value|sum|subtotal|limit|aggregate|occurrence|deductible|discount|instalments?|installments?|payments?|payable|milestones?|budget|cap|maximum|minimum|estimated?|credits?|deposit|year \d+|\d{4}|over \d+|from \d+|above|below|up to|more than|annual (?:fee|charge|cost|price|value))\b`)
	// noPrices is a table of something else.
	noPrices     = expression.MustCompile(`(?i)\b(?:milestones?|instal+ments?|insurance|coverage|limits? of|policy|uptime|availability|credits?|severity|priority|response|due date|payment date|deadline|shares?|stock|salary|wages?|principal|royalt(?:y|ies)|commission|competitors?|depreciation|book value)\b`)
	itemHead     = expression.MustCompile(`(?i)\b(?:items?|articles?|parts?(?: (?:no|number))?|sku|codes?|products?|services?|descriptions?|roles?|positions?|grades?|categor(?:y|ies)|machines?|equipment|materials?|models?|types?|units? of equipment|resources?|personnel|works?|sites?|locations?|warehouses?|ratings?|goods|names?)\b`)
	codeHead     = expression.MustCompile(`(?i)\b(?:articles?|parts?(?: (?:no|number)\.?)?|sku|codes?|(?:item|product|material|model|catalogue|order) (?:no|number|code)\.?)\b`)
	quantityHead = expression.MustCompile(`(?i)\b(?:quantit(?:y|ies)|qty|number|nos?|units|count|volume)\b`)
	numberHead   = expression.MustCompile(`(?i)^(?:nos?|numbers?)\.?$`)
	serialHead   = expression.MustCompile(`(?i)\b(?:items?|parts?|articles?|products?|materials?|models?|catalogue|order|serial|line|lot|position|pos|ref(?:erence)?|sr|sl|s|s[ck]u|code|contract|asset|tag|drawing|stock)\b\.?[ /]?(?:nos?|numbers?)\b\.?`)
	unitHead     = expression.MustCompile(`(?i)^(?:units?(?: of (?:measure|measurement|sale))?|uom|per|basis|charged? (?:per|by)|pricing unit|measure)$`)
	totalRow     = expression.MustCompile(`(?i)^(?:sub-?|grand )?totals?\b|^sum\b|^vat\b|^tax\b`)
	yearRow      = expression.MustCompile(`(?i)^(?:(?:contract |lease |rental |fiscal |calendar )?years? \d|\d{4}\b|\d{1,2}(?:st|nd|rd|th) year|(?:first|second|third|fourth|fifth) year|q[1-4]\b|january|february|march|april|may \d|june|july|august|september|october|november|december|months? \d|phase \d)`)
	headUnit     = expression.MustCompile(`(?i)\b(?:per|each|every|/) ?(?:one )?([a-z]+(?: and [a-z]+)?)\b|/ ?([a-z]+)\b|\b(hour|dai|week|month|quarter|year|annual)(?:ly|y)\b|^(day|week|month|hour|year)(?: rates?| hire| price)?$|\b(day|hour|week|month) rates?\b`)

	// moneyInHead are the signs of a currency in a head: "Day (£)", "EUR per kg".
	moneyInHead = expression.MustCompile(`(?i)\([^)]*\)|[€£$]|\b(?:EUR|USD|GBP|CHF|CAD|AUD|INR|SEK|NOK|DKK|PLN)\b`)

	// perUnit is what may stand behind a price, and names what it is for: "per hour", "for each statement page", "a quarter", "/ton".
	perUnit = expression.MustCompile(`(?i)^(?: ?(?:\((?:plus|excluding|excl\.|exclusive of|net of) [^)]{2,20}\)|,? (?:plus|excluding|exclusive of) (?:vat|gst|tax(?:es)?)))? ?(?:/ ?|(?:,? ?payable |,? )?(?:per|for each|for every|for one|each|every) (?:per )?(?:full |started |additional |further |extra |single |such |one )?|(?:a|an) )([a-z][a-z-]*(?: and (?:per |each |for each )?[a-z][a-z-]*)?)\b`)
	// units are the words for what is sold, behind "a" or "an", that need no other sign.
	units = expression.MustCompile(`(?i)^(?:hours?|days?|weeks?|months?|quarters?|years?|annum|night|shift|visit|call|unit|piece|item|page|seat|user|licen[cs]e|device|site|ton|tonne|kg|kilo|kilogram|kilogramme|lit(?:re|er)|gallon|barrel|metre|meter|foot|mile|kilomet(?:re|er)|km|kwh|mwh|gb|tb|terabyte|gigabyte|set|box|pallet|case|pack|head|person|employee|word|copy|test|sample|transaction|order|shipment|container|clinic|bottle|bag|load|trip|room)s?\b`)
	// notUnit is what follows "per" or "each" where no price is told.
	notUnit = expression.MustCompile(`(?i)^(?:one\b|occurrence|claims?|accident|event|incident|cent|annum in|share|diem|stock|warrant|contract|breach|violation|instance|infraction|offence|party|of|such|and|per|remaining|missing|outstanding|pending|resulting|(?:start|commenc|calculat|follow|includ|exclud|begin)n?ing|\w+-(?:month|week|year)|(?:thirty|sixty|ninety|\d+)-day|returned|estimated|calendar|delay|failure|default|policy|loss|cause|the|started|full|commenced|part|time|other|case|transgression|aggregate|sub|half|additional|further|late|minute of)\b`)
	// noUnitPrice is what sentences speak of whose amounts are no prices of anything sold.
	noUnitPrice = expression.MustCompile(`(?i)\b(?:insur\w+|liabilit\w+|liable|indemn\w+|penalt\w+|damages|fines?|credits?|interest|deposits?|bonds?|escrow|budget|ceiling|not exceed(?:ing)?|in excess of|royalt\w+|shares?|stock|warrants?|options?|salary|wages|severance|bonus|principal amount|loan|dividend|exercise price|purchase price of|overdue|excess|fails?|failure|breakdown|difference|cancels?|cancell?ed|whereas|previously|formerly|used to be|had been|(?:prices?|rates?|fees?|charges?|costs?|it) (?:was|were)|(?:was|were) (?:charged|priced|paid|invoiced|billed|sold|at)|existing vendor|former|allowances?|subsid\w+|market price|scrap value|holds? over|competitors?|depreciation|range[sd]? from|instead of|falls? short|shortfall|breach\w*|dispute\w*|rebate|refund\w*|aggregate|turnover|revenue|equity|capital|investment|reimburse\w*|compensation of|market value)\b`)
	// nearNoPrice is what may not stand beside an amount that is a price.
	nearNoPrice = expression.MustCompile(`(?i)\b(?:less than|minimum|at least|not less than|no less than|no more than|not more than|at most|up to|capped|late|delay\w*|cover|discount|reduc\w+|deduct\w*|audit)\b`)
	bandWords   = expression.MustCompile(`(?i)\b(?:(?:the )?(?:first|next) \d|(?:over|above|beyond|more than|exceeding|up to|from) \d|first \w+ \w+s?\b,? (?:and )?\$)`) // of several prices

	// itemBehind names the item behind the unit, or right behind the price: "for a senior consultant", "of archive access", "(architect)".
	itemBehind = expression.MustCompile(`^(?: ?\(([A-Za-z][\w /-]{2,40})\)|,? (?:for|of) (?:(?:an?|the|each|any|every|our|its) )?([A-Za-z][\w/-]*(?: [\w/-]+){0,5}?)(?:[,.;:)]| and\b| or\b| at\b| plus\b| from\b| in\b| during\b| under\b| that\b| which\b| beyond\b| ?[$€£]|$))`)
	// itemBefore names the item in front of the price: "architect $195", "Base Fee: $118,400.00", "The hosting charge is US$11,400.00".
	itemBefore = expression.MustCompile(`(?:^|[.;:,(\n\t] ?|\band |\bor |\ban? |\b[Tt]he |\b[Ee]ach |\b[Ee]xtra |\bof |\bfor |\bare )([A-Za-z][\w'/-]*(?: (?:of |for |and )?[A-Za-z0-9][\w'/-]*){0,5}?)(?:,)?(?::| [-–—]| ?\.{3,}|,? (?:is|are|costs?|shall be|will be|at|is charged at|are charged at|charged at|being|shall cost|will cost|is billed at|are billed at|billed at|amounts? to|comes? to|fixed at|is fixed at|in the amount of|of))?(?: (?:a|the) (?:rate|price|fee|charge|sum|amount) of)? ?$`)
	// soldVerb is what stands before the name of what is sold.
	soldVerb = expression.MustCompile(`(?i)^(?:sells?|suppl(?:y|ies)|offers?|provides?|delivers?|rents?|leases?|hires?) `)
	// paysOut is who pays people of its own; anotherSays begins what another says or does.
	paysOut     = expression.MustCompile(`\b((?:[Tt]he )?[A-Z][\w&-]*(?: [A-Z][\w&-]*){0,2}) pays (?:its|their)\b`)
	anotherSays = expression.MustCompile(`, (?:and|but|while|whereas) `)
	// noItem is no name of what is sold.
	noItem     = expression.MustCompile(`(?i)^(?:thereafter|demand|advance|arrears|invoices?|consideration|the|an?|it|they|this|these|those|that|which|shall|will|must|may|is|are|be|to|and|or|by|at|of|for|in|on|per|each|every|customer|client|buyer|supplier|provider|party|parties|amount|sum|price|rate|rates|total|following|pay|pays|paid|respectively|plus|then|sixth|another|extra|further|other|others|them|one|us|term|agreement|contract|renewal|this agreement|year of the term|year of the contract|term of this agreement|initial|difference|free|charge|beyond|above|that|where|year|month|week|day|hour|quarter|amounts|charges|estimated|commencing|less|additional|our|your|their|its)$|^.$|^(?:right to|whatever|prorated|less and|amounts? )|\b(?:less and)\b`)
	chargeNoun = expression.MustCompile(`(?i)\b((?:[a-z][a-z-]*[ -]){0,3}(?:fees?|charges?|rates?|rent|rental|retainer|price|premium|subscription|hire|tariff))\b`)
)

// findUnitPrices makes the obligation of what the contract charges for one of each thing.
func findUnitPrices(r *reading) {
	if r.paper == "nda" {
		return
	}
	var list []priced
	for i := range r.grids {
		list = append(list, r.pricesInGrid(&r.grids[i])...)
	}
	for _, n := range r.sentencesWith(300, "$", "€", "£", "usd", "eur", "gbp", " dollars", "pounds", "inr", "chf", "cad", "aud", "pence", "p per ", "cents", "¢") {
		sp := r.sentences[n]
		if sp.End-sp.Start > 1200 || r.inTable(sp.Start) || r.toldBefore("minimum_commitment", sp) || r.toldBefore("milestone", sp) {
			continue
		}
		if (r.toldBefore("volume_price", sp) || r.toldBefore("rebate", sp)) && (len(wording.Sums(r.cut(sp))) > 1 || firstNext.MatchString(r.cut(sp))) {
			continue // the bands themselves, and not what is said behind their table
		}
		list = append(list, r.pricesInSentence(sp)...)
	}
	list = succeeded(distinct(list))
	if len(list) == 0 {
		return
	}
	list = list[:min(len(list), maxPrices)]
	var p obligation.UnitPriceParams
	var at []wording.Span
	for _, x := range list {
		p.Prices = append(p.Prices, x.row)
		if !slices.Contains(at, x.at) {
			at = append(at, x.at)
		}
	}
	title := "Price: " + list[0].row.Item
	if len(list) > 1 {
		title = "Prices: " + list[0].row.Item + ", " + list[1].row.Item
		if len(list) > 2 {
			title += " …"
		}
	}
	slices.SortFunc(at, func(a, b wording.Span) int { return cmp.Compare(a.Start, b.Start) })
	o := pact.Obligation{Kind: "unit_price", Key: r.freeKey("unit_price"), Title: short110(title), Bearer: r.side("supplier"), Beneficiary: r.side("customer"), Deliverable: r.quoteWords(list[0].at)}
	r.obligation(o, p, "0.70", at...)
}

// distinct drops what is said twice.
func distinct(list []priced) []priced {
	var out []priced
	for _, x := range list {
		if !slices.ContainsFunc(out, func(y priced) bool {
			return strings.EqualFold(x.row.Item, y.row.Item) && x.row.Unit == y.row.Unit && x.row.Price.Equal(y.row.Price) && x.row.From == y.row.From
		}) {
			out = append(out, x)
		}
	}
	return out
}

// succeeded ends a price without an end where another one of the same thing begins.
func succeeded(list []priced) []priced {
	for i, x := range list {
		for _, y := range list {
			same := strings.EqualFold(x.row.Item, y.row.Item) && x.row.Unit == y.row.Unit && x.row.Price.Currency == y.row.Price.Currency
			if end := list[i].row.Until; same && x.row.Until == "" && y.row.From > x.row.From && (end == "" || y.row.From < end) {
				list[i].row.Until = y.row.From
			}
		}
	}
	return list
}

// pricesInGrid reads a price list.
func (r *reading) pricesInGrid(g *grid) []priced {
	heads := g.headRows()
	if heads == 0 && len(g.rows) > 1 && len(wording.Sums(rowText(g.rows[0]))) == 0 && len(wording.Sums(rowText(g.rows[1]))) > 0 {
		heads = 1 // "Over 10 weeks, per week" is a head, though it has a number
	}
	if heads == 0 || len(g.rows) < 2 || r.toldBefore("volume_price", g.Span) || r.toldBefore("rebate", g.Span) || r.toldBefore("milestone", g.Span) {
		return nil
	}
	before := r.cut(wording.Span{Start: r.safe(max(0, g.Start-240)), End: g.Start})
	all := rowText(g.rows[heads-1])
	if noPrices.MatchString(all) {
		return nil
	}
	item := g.itemColumn(heads)
	if item < 0 {
		return nil
	}
	unit, width := -1, 0
	for k, c := range g.rows[heads-1] {
		if unitHead.MatchString(strings.TrimSpace(c.text)) {
			unit = k
		}
		width = k + 1
	}
	around := before + " " + all
	quantities := g.quantityColumn(heads) >= 0
	sums := wording.Sums(r.cut(g.Span))
	each, product := g.ordered(heads)
	per := r.pricesPer(g.Span)
	apart := g.linesApart(heads, item, unit)
	var out []listed
	for k := range width {
		head := g.headOver(heads, k)
		words, during, ok := r.headPeriod(head, before)
		switch {
		case k == item || k == unit || !ok || k == product || each >= 0 && k != each && listPrice.MatchString(head):
			continue
		case !priceColumn.MatchString(words) && during.from == "" || sumHead.MatchString(words):
			continue
		case k != each && g.multiplied(heads, k) || g.calculated(heads, k) || g.taxed(heads, k):
			continue
		}
		for n, row := range g.rows[heads:] {
			if k >= len(row) || item >= len(row) || slices.ContainsFunc(row, func(c cell) bool { return totalRow.MatchString(c.text) }) {
				continue
			}
			name := nameIn(row, item)
			if name == "" || len(name) > 90 || yearRow.MatchString(name) || !strings.ContainsFunc(name, letterRune) {
				continue
			}
			if b, ok := trimBand(name); ok && (b.From != nil || b.To != nil) {
				return nil // bands of a volume
			}
			where := head + " " + around
			if len(slices.Compact(wording.Currencies(head))) == 1 {
				where = head // a column for each currency
			}
			sum, rest, ok := cellSum(row[k].text, where, sums)
			if !ok {
				continue
			}
			p := obligation.PriceRow{Item: name + apart[n], Price: sum.Amount, From: during.from, Until: during.until}
			switch {
			case unit >= 0 && unit < len(row) && row[unit].text != "":
				p.Unit = unitName(row[unit].text)
			case rest != "":
				p.Unit, _, _ = unitBehind(rest)
			default:
				p.Unit = cmp.Or(unitIn(head), per)
			}
			x := listed{priced: priced{p, rowSpan(row)}, line: n, head: strings.TrimSpace(moneyInHead.ReplaceAllString(words, " ")), fullHead: strings.TrimSpace(words)}
			if onceHead.MatchString(x.head) {
				x.row.Item += ", " + x.head // a set-up fee beside the fee of each month
			} else if quantities && each < 0 && slices.ContainsFunc(out, x.rivals) {
				continue // it multiplies the price of one
			}
			out = append(out, x)
		}
	}
	return namedApart(out)
}

// listed is a price of a list with its line, counted from the first below the heads, and the head of its column, short and in full.
type listed struct {
	priced
	line           int
	head, fullHead string
}

// rivals tells whether two prices of one line would be for the same thing.
func (x listed) rivals(y listed) bool { return x.line == y.line && samePrice(x.row, y.row) }

// namedApart names each of several prices of a line by its head: "Developer, Onshore rate" and "Developer, Offshore rate", since neither
// is the price of every developer. Where the heads do not tell them apart all stand for the item, which one governs is asked.
func namedApart(list []listed) []priced {
	out := make([]priced, len(list))
	for i, x := range list {
		out[i] = x.priced
		rivals, heads, fullHeads := 0, 0, 0
		for j, y := range list {
			if i == j || !x.rivals(y) {
				continue
			}
			rivals++
			if strings.EqualFold(x.head, y.head) {
				heads++
			}
			if strings.EqualFold(x.fullHead, y.fullHead) {
				fullHeads++
			}
		}
		switch {
		case rivals > 0 && heads == 0 && x.head != "":
			out[i].row.Item += ", " + x.head
		case rivals > 0 && fullHeads == 0 && x.fullHead != "":
			out[i].row.Item += ", " + x.fullHead
		}
	}
	return out
}

// nameIn is what a cell says as a part of a name, nothing where the line has no such cell.
func nameIn(row []cell, k int) string {
	if k < 0 || k >= len(row) {
		return ""
	}
	return strings.Trim(row[k].text, " .:*")
}

// linesApart is, for each line of a price list, what its name needs behind it where other lines have the same name and unit: the words of
// the first column that differ in all of them, ", London" and ", Leeds", or of all columns that differ in some. A line that says the same
// as another one needs nothing, and is told once.
func (g *grid) linesApart(heads, item, unit int) []string {
	lines := g.rows[heads:]
	out := make([]string, len(lines))
	same := map[string][]int{}
	for n, row := range lines {
		key := strings.ToLower(nameIn(row, item) + "\n" + nameIn(row, unit))
		same[key] = append(same[key], n)
	}
	for _, of := range same {
		first := slices.DeleteFunc(slices.Clone(of), func(n int) bool { // without exact repeats
			return slices.ContainsFunc(of, func(m int) bool { return m < n && strings.EqualFold(rowText(lines[m]), rowText(lines[n])) })
		})
		if len(first) < 2 {
			continue
		}
		kinds := func(columns ...int) int {
			seen := map[string]bool{}
			for _, n := range first {
				var b strings.Builder
				for _, k := range columns {
					b.WriteString(strings.ToLower(nameIn(lines[n], k)) + "\n")
				}
				seen[b.String()] = true
			}
			return len(seen)
		}
		var differ []int
		for k := range g.rows[heads-1] {
			if k == item || k == unit || slices.ContainsFunc(first, func(n int) bool { return !tellsApart(nameIn(lines[n], k)) }) || kinds(k) < 2 {
				continue
			}
			if kinds(k) == len(first) {
				differ = []int{k}
				break
			}
			differ = append(differ, k)
		}
		if kinds(differ...) < len(first) {
			continue
		}
		for _, n := range of {
			for _, k := range differ {
				out[n] += ", " + nameIn(lines[n], k)
			}
		}
	}
	return out
}

// tellsApart tells whether a cell can be part of a name: words, and no amount, time or band of a volume.
func tellsApart(cell string) bool {
	_, band := trimBand(cell)
	return strings.ContainsFunc(cell, letterRune) && len(cell) <= 60 && !band && !yearRow.MatchString(cell) && len(wording.Sums(cell)) == 0 && len(wording.Dates(cell)) == 0
}

// samePrice tells whether two rows of a list would price the same thing twice, which is not so in another currency, for another unit of
// time or at another time.
func samePrice(a, b obligation.PriceRow) bool {
	return strings.EqualFold(a.Item, b.Item) && a.Price.Currency == b.Price.Currency && a.From == b.From && a.Until == b.Until &&
		(a.Unit == b.Unit || !(onlyTime.MatchString(a.Unit) && onlyTime.MatchString(b.Unit)))
}

var (
	onlyTime = expression.MustCompile(`^(?:hour|half day|day|night|week|weekend|month|quarter|year)$`)
	// onceHead is the head of what is paid once for each thing.
	onceHead = expression.MustCompile(`(?i)\b(?:set-?up|one-?(?:time|off)|installation|activation|connection|non-?recurring|nrc|initial)\b`)
	// listPrice is the price before what was agreed.
	listPrice = expression.MustCompile(`(?i)\b(?:list|gross|standard|catalogue|retail|regular|before discount|rrp|msrp)\b`)
	perWords  = expression.MustCompile(`(?i)\b(?:prices?|rates?|charges?|fees?|tariffs?)\b[^.;|\n]{0,40}? per ([a-z]+(?: per (?:day|week|month|quarter|year|annum))?)\b`)
)

// pricesPer is the unit that the words around a price list name for all of it: "Prices are per unit per month", "the rates apply per trip".
func (r *reading) pricesPer(at wording.Span) string {
	for _, sp := range []wording.Span{{Start: r.safe(max(0, at.Start-160)), End: at.Start}, {Start: at.End, End: r.safe(min(len(r.s), at.End+110))}} {
		if m := perWords.FindStringSubmatch(r.cut(sp)); m != nil && len(wording.Sums(m[0])) == 0 && !strings.EqualFold(m[1], "cent") && !strings.EqualFold(m[1], "annum") {
			return unitName(m[1])
		}
	}
	return ""
}

// priceTime is when a price holds: from a day until before another.
type priceTime struct{ from, until calendar.Date }

var (
	yearInHead  = expression.MustCompile(`(?i)[,(]? ?\b(?:(?:in|for|from|of) )?(?:the )?(?:calendar year |year )?(20\d\d)\b\)?`)
	rangeInHead = expression.MustCompile(`\b20\d\d ?[-/–] ?(?:20)?\d\d\b`)
	nthInHead   = expression.MustCompile(`(?i)[,(]? ?\b(?:in |during |for )?(?:the )?(?:(?:contract |agreement |service )?year (\d|one|two|three|four|five)|(first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th) (?:contract |agreement |service )?year)\b\)?`)
	priceLead   = expression.MustCompile(`(?i)\b(?:prices?|rates?|fees?|charges?|tariffs?)\b`)
	yearNumbers = map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}
)

// headPeriod gives the time for which the prices of a column hold, and the head without it: "Price 2027", "Rate from 1 May 2026", "Year 2".
// It fails where a time is named and its days are not known.
func (r *reading) headPeriod(head, before string) (string, priceTime, bool) {
	switch dates := wording.Dates(head); {
	case len(dates) > 0:
		t, from, to, ok := periodIn(head)
		if !ok || from > 0 && !priceColumn.MatchString(head[:from]) {
			return head, t, false
		}
		return head[:from] + head[to:], t, true
	case rangeInHead.MatchString(head):
		return head, priceTime{}, !priceColumn.MatchString(head)
	}
	if m := yearInHead.FindStringSubmatchIndex(head); m != nil {
		words := head[:m[0]] + head[m[1]:]
		if !priceColumn.MatchString(words) && (strings.TrimSpace(words) != "" || !priceLead.MatchString(before)) {
			return head, priceTime{}, true // the head of something else
		}
		return words, yearOf(head[m[2]:m[3]]), true
	}
	if m := nthInHead.FindStringSubmatchIndex(head); m != nil && priceLead.MatchString(head+before) {
		t, ok := r.contractYear(strings.ToLower(namedGroup(head, m, 1, 2)))
		return head[:m[0]] + head[m[1]:], t, ok
	}
	return head, priceTime{}, true
}

func yearOf(year string) priceTime {
	first := calendar.Date(year + "-01-01")
	next, ok := calendar.Duration{Value: 1, Unit: calendar.Year}.After(first)
	if !ok {
		return priceTime{}
	}
	return priceTime{first, next}
}

// contractYear gives the days of a year of the contract, where it is known when it takes effect.
func (r *reading) contractYear(n string) (priceTime, bool) {
	v := r.get("effective_date")
	if v == nil || v.Value == nil || v.Value.Date == "" || yearNumbers[n] == 0 {
		return priceTime{}, false
	}
	from, until := v.Value.Date, calendar.Date("")
	ok := true
	if k := yearNumbers[n] - 1; k > 0 {
		from, ok = calendar.Duration{Value: k, Unit: calendar.Year}.After(v.Value.Date)
	}
	if ok {
		until, ok = calendar.Duration{Value: yearNumbers[n], Unit: calendar.Year}.After(v.Value.Date)
	}
	return priceTime{from, until}, ok
}

var (
	fromDate  = expression.MustCompile(`(?i)(?:^|[ ,(])(?:from|as from|as of|effective|starting|beginning|since|on and after)(?: and including)?(?: the)? $`)
	toDate    = expression.MustCompile(`(?i)^ ?(?:to|until|till|through|up to|and until|-|–)(?: and including)?(?: the)? $`)
	untilDate = expression.MustCompile(`(?i)(?:^|[ ,(])(?:until|till|through|up to)(?: and including)?(?: the)? $`)
)

// periodIn reads the days from and until which words say that something holds, and where they say so.
func periodIn(s string) (priceTime, int, int, bool) {
	dates := wording.Dates(s)
	if len(dates) == 0 || len(dates) > 2 || dates[0].Date == "" || len(dates[0].Readings) > 0 {
		return priceTime{}, 0, 0, false
	}
	first := dates[0]
	if m := fromDate.FindStringIndex(s[:first.Start]); m != nil || len(dates) == 2 && strings.TrimSpace(s[:first.Start]) == "" {
		start := first.Start
		if m != nil {
			start = m[0]
		}
		if len(dates) == 1 {
			return priceTime{from: first.Date}, start, first.End, true
		}
		if last := dates[1]; last.Date > first.Date && len(last.Readings) == 0 && toDate.MatchString(s[first.End:last.Start]) {
			return priceTime{first.Date, last.Date.AddDays(1)}, start, last.End, true
		}
		return priceTime{}, 0, 0, false
	}
	if m := untilDate.FindStringIndex(s[:first.Start]); m != nil && len(dates) == 1 {
		return priceTime{until: first.Date.AddDays(1)}, m[0], first.End, true
	}
	return priceTime{}, 0, 0, false
}

// ordered finds in the list of an order the column of what one costs and that of what all of it costs: the one times the quantity, and
// times the same number of months in each row; -1 where the figures do not show it.
func (g *grid) ordered(heads int) (each, product int) {
	quantity := g.quantityColumn(heads)
	if quantity < 0 {
		return -1, -1
	}
	width := len(g.rows[heads-1])
	for j := range width {
		for k := range width {
			if j == k || j == quantity || k == quantity || !priceColumn.MatchString(g.headOver(heads, k)) && !strings.Contains(g.headLower(heads, k), "amount") {
				continue
			}
			var factor *decimal.Decimal
			rows, fits := 0, true
			for _, row := range g.rows[heads:] {
				q, okQ := numberIn(row, quantity)
				one, okOne := numberIn(row, k)
				all, okAll := numberIn(row, j)
				if !okQ || !okOne || !okAll {
					continue
				}
				f := all.DivRound(q.Mul(one), 12)
				fits = fits && f.Equal(f.Truncate(0)) && f.IsPositive() && q.Mul(one).Mul(f).Equal(all) && (factor == nil || factor.Equal(f))
				factor = &f
				rows++
			}
			if fits && (rows > 1 || rows == 1 && factor.Equal(decimal.NewFromInt(1))) && !(g.ones(heads, quantity) && !strings.Contains(g.headLower(heads, j), "total") && !strings.Contains(g.headLower(heads, j), "amount")) {
				return k, j
			}
		}
	}
	return -1, -1
}

// quantityColumn is the first column of quantities, and not of the numbers by which lines or parts go: a leading "No.", "Item No.",
// "Part number"; -1 where there is none.
func (g *grid) quantityColumn(heads int) int {
	for k, c := range g.rows[heads-1] {
		head := strings.TrimSpace(c.text)
		if quantityHead.MatchString(head) && !serialHead.MatchString(head) && (k > 0 || !numberHead.MatchString(head)) {
			return k
		}
	}
	return -1
}

// numberIn is the figure of a cell, with or without a currency, where it is more than none.
func numberIn(row []cell, k int) (decimal.Decimal, bool) {
	if k >= len(row) {
		return decimal.Decimal{}, false
	}
	m := cellNumber.FindStringSubmatch(row[k].text)
	if m == nil {
		return decimal.Decimal{}, false
	}
	n, err := decimal.NewFromString(strings.ReplaceAll(m[1], ",", ""))
	return n, err == nil && n.IsPositive()
}

// calculated tells whether the amounts of a column are, in most of its rows, a bare number of the row times the price in another
// column, to the places they are written with: "Hours 100, Rate $185.00, Cost $18,500.00". A number of one proves nothing.
func (g *grid) calculated(heads, k int) bool {
	if bareTime.MatchString(g.headOver(heads, k)) {
		return false // what a week costs may well be that of three days
	}
	width := len(g.rows[heads-1])
	for number := range width {
		for price := range width {
			if number == k || price == k || number == price || !priceColumn.MatchString(g.headOver(heads, price)) {
				continue
			}
			rows, products, proof := 0, 0, false
			for _, row := range g.rows[heads:] {
				all, ok := numberIn(row, k)
				one, okOne := numberIn(row, price)
				n, okN := numberIn(row, number)
				if !ok || !okOne || totalRow.MatchString(row[0].text) {
					continue
				}
				rows++
				if okN && numberAlone.MatchString(row[number].text) && n.Mul(one).Round(-all.Exponent()).Equal(all) {
					products++
					proof = proof || !n.Equal(decimal.NewFromInt(1))
				}
			}
			if proof && products*2 > rows {
				return true
			}
		}
	}
	return false
}

// taxed tells whether a column has taxes, or prices with them beside those without.
func (g *grid) taxed(heads, k int) bool {
	head := g.headOver(heads, k)
	if taxHead.MatchString(moneyInHead.ReplaceAllString(head, "")) {
		return true
	}
	bare := func(head string) string {
		for _, tax := range []*expression.Expression{withTax, withoutTax, netGross, moneyInHead} {
			head = tax.ReplaceAllString(head, " ")
		}
		return strings.ToLower(strings.Join(strings.Fields(head), " "))
	}
	return withTax.MatchString(head) && slices.ContainsFunc(g.rows[heads-1], func(c cell) bool {
		return !withTax.MatchString(c.text) && (withoutTax.MatchString(c.text) || priceColumn.MatchString(c.text)) && bare(c.text) == bare(head)
	})
}

var (
	numberAlone = expression.MustCompile(`^\d[\d,]*(?:\.\d+)?$`)
	bareTime    = expression.MustCompile(`(?i)^(?:half day|(?:hour|day|night|week|weekend|month|quarter|year)(?: rate| hire| price)?|hourly|daily|weekly|monthly|quarterly|yearly)(?: ?\(.{1,5}\))?$`)
	// taxHead is the head of a column of taxes: "VAT", "VAT charge", "Sales tax at 20%".
	taxHead = expression.MustCompile(`(?i)^\s*(?:vat|gst|hst|(?:sales |value added |consumption )?tax(?:es)?)(?: (?:charges?|amounts?|rates?|costs?|fees?|prices?|due|payable))?(?: (?:at|@))?[ \d.,%]*$`)
	// withTax is in the head of prices with taxes, and withoutTax in that of prices without.
	withTax    = expression.MustCompile(`(?i)\(?\b(?:inc(?:l(?:uding|usive(?: of)?)?)?\.?|with) ?(?:vat|gst|hst|(?:sales )?tax(?:es)?)\b\)?|\(?\b(?:vat|gst|hst|tax(?:es)?)[ -]?(?:incl\w*\b\.?)\)?`)
	netGross   = expression.MustCompile(`(?i)\b(?:net|gross)\b`)
	withoutTax = expression.MustCompile(`(?i)(?:\b(?:exc(?:l(?:uding|usive(?: of)?)?)?\.?|ex\.?|without|before|net of|plus)|\+) ?(?:vat|gst|hst|(?:sales )?tax(?:es)?)\b|\b(?:vat|gst|hst|tax(?:es)?)[ -]?(?:excl|free)`)
)

// ones tells whether all quantities are one, so that any two columns of amounts would fit.
func (g *grid) ones(heads, quantity int) bool {
	return !slices.ContainsFunc(g.rows[heads:], func(row []cell) bool { return quantity < len(row) && row[quantity].text != "1" })
}

var cellNumber = expression.MustCompile(`^(?:[A-Z]{1,3}\$?|[€£$])? ?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?: ?(?:[A-Z]{3}|€|£))?$`)

func letterRune(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c > 0x7f }

// itemColumn is the column that names what is sold: its number where there is one, otherwise its description; -1 where none does.
func (g *grid) itemColumn(heads int) int {
	worded := func(k int) bool { // not by serial numbers
		letters, cells := 0, 0
		for _, row := range g.rows[heads:] {
			if k < len(row) && row[k].text != "" {
				cells++
				if strings.ContainsFunc(row[k].text, letterRune) {
					letters++
				}
			}
		}
		return cells > 0 && letters*2 > cells
	}
	best, rank := -1, 0
	for k, c := range g.rows[heads-1] {
		score := 0
		switch {
		case !worded(k) || valuedColumn(g, heads, k):
			continue
		case codeHead.MatchString(c.text):
			score = 3
		case itemHead.MatchString(c.text):
			score = 2
		case k == 0:
			score = 1
		}
		if score > rank {
			best, rank = k, score
		}
	}
	return best
}

// valuedColumn tells whether most cells of a column are amounts.
func valuedColumn(g *grid, heads, k int) bool {
	sums, cells := 0, 0
	for _, row := range g.rows[heads:] {
		if k < len(row) && row[k].text != "" {
			cells++
			if s := wording.Sums(row[k].text); len(s) > 0 && s[0].Start < 3 {
				sums++
			}
		}
	}
	return sums*2 > cells
}

// multiplied tells whether the amounts of a column are those of another one times a quantity: a column of quantities stands beside it,
// and another one gives the price of one.
func (g *grid) multiplied(heads, k int) bool {
	quantity, each := false, false
	for j := range g.rows[heads-1] {
		head := strings.ToLower(g.headOver(heads, j))
		quantity = quantity || j != k && holds(head, "quantity", "qty", "number of", "units ordered")
		each = each || holds(g.headLower(heads, k), "unit", "each", "per ", "rate", "/")
	}
	return quantity && !each
}

func (g *grid) headLower(heads, k int) string { return strings.ToLower(g.headOver(heads, k)) }

// cellSum reads the amount that a cell begins with, and what stands behind it.
func cellSum(cell, around string, sums []wording.Sum) (wording.Sum, string, bool) {
	cell = strings.TrimSpace(cell)
	if found := wording.Sums(cell); len(found) == 1 && found[0].Start == 0 && len(found[0].Readings) == 0 {
		rest := cell[found[0].End:]
		if strings.TrimSpace(rest) == "" || perUnit.MatchString(rest) {
			return found[0], rest, true
		}
		return wording.Sum{}, "", false
	}
	if len(cell) > 16 || strings.ContainsFunc(cell, letterRune) || strings.ContainsAny(cell, "%|-–") {
		return wording.Sum{}, "", false
	}
	s, ok := bareSum(cell, around, sums)
	return s, "", ok
}

// unitIn is the unit that a head names: "Price per tonne", "Hourly rate", "Week".
func unitIn(head string) string {
	if m := unitInParens.FindStringSubmatch(head); m != nil {
		return unitName(m[1])
	}
	head = strings.TrimSpace(moneyInHead.ReplaceAllString(head, " "))
	m := headUnit.FindStringSubmatch(head)
	if m == nil {
		return ""
	}
	for _, u := range m[1:] {
		if u != "" {
			return unitName(u)
		}
	}
	return ""
}

// unitInParens is a unit beside the currency of a head: "Revision (EUR per word)", "Offshore (GBP/hour)".
var unitInParens = expression.MustCompile(`(?i)\([^()]{0,12}?(?:\bper |/ ?|\beach )([a-z]+(?: per [a-z]+)?)\)`)

// unitBehind reads the unit behind a price, "per square foot per annum", where it ends, and whether it stands behind an article: "an hour".
func unitBehind(after string) (unit string, tail string, article bool) {
	m := perUnit.FindStringSubmatchIndex(after)
	if m == nil {
		return "", after, false
	}
	word, tail := after[m[2]:m[3]], after[m[3]:]
	if first, second, two := strings.Cut(word, " and "); two && !strings.HasPrefix(second, "per ") && !strings.HasPrefix(second, "each ") && !strings.HasPrefix(second, "for each ") && !units.MatchString(second) {
		word, tail = first, after[m[2]+len(first):] // "per km and lodging"
	}
	lead := strings.ToLower(strings.TrimSpace(after[:m[2]]))
	article = strings.HasSuffix(lead, " a") || lead == "a" || strings.HasSuffix(lead, " an") || lead == "an"
	word, tail = compound(word, tail)
	unit = unitName(word)
	if m := perTime.FindStringSubmatch(tail); m != nil && !strings.Contains(unit, " per ") {
		unit, tail = unit+" per "+unitName(m[1]), tail[len(m[0]):]
	}
	return unit, tail, article
}

// perTime is the time behind a unit: "per space per month".
var perTime = expression.MustCompile(`(?i)^(?:,? per |,? each |/| an? )(hour|day|night|week|month|quarter|year|annum)\b`)

// unitName writes a unit in the singular and in small letters.
func unitName(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(strings.Trim(s, " .,:()")), " "))
	s = strings.NewReplacer("and per ", "and ", "and each ", "and ", "and for each ", "and ").Replace(s)
	switch s {
	case "dai", "days", "daily":
		return "day"
	case "annual", "annum", "years", "yearly":
		return "year"
	case "hourly":
		return "hour"
	case "weekly":
		return "week"
	case "monthly":
		return "month"
	case "pc", "pcs", "pieces", "ea", "ea.", "each", "nos", "no", "nr":
		return "each"
	}
	if len(s) > 4 && strings.HasSuffix(s, "s") && !strings.HasSuffix(s, "ss") && !strings.Contains(s, " ") {
		s = strings.TrimSuffix(s, "s")
	}
	return s
}

// pricesInSentence reads the prices of a sentence, each with its unit and what it is for. One that is told for several, once, serves all
// of the list: "$110.00 (consultant) and $140.00 (senior consultant) an hour".
func (r *reading) pricesInSentence(sp wording.Span) []priced {
	s := r.cut(sp)
	if strings.Contains(s, ";") && noUnitPrice.MatchString(s) { // what one part speaks of is nothing to the others
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
	sums := wording.Sums(s)
	if len(sums) == 0 || len(sums) > 16 || noUnitPrice.MatchString(s) {
		return nil
	}
	for _, pays := range []*expression.Expression{payer, paysOut} {
		if m := pays.FindStringSubmatchIndex(s); m != nil && m[1] < sums[0].Start && !anotherSays.MatchString(s[m[1]:sums[0].Start]) {
			if who, ok := r.bearerOf(s[m[2]:m[3]]); ok && who == r.side("supplier") {
				return nil // what the seller pays
			}
		}
	}
	whole, leads := subjectOf(s[:sums[0].Start]), r.leadPeriod(s[:sums[0].Start])
	type part struct {
		unit, item string
		told       bool      // behind the price, by "for" or "of"
		own        bool      // what it is for is said, and is no unit
		of         string    // narrower than the item: "(Monday to Friday)" or "to Canada", behind the unit
		during     priceTime // holds then
	}
	parts := make([]part, len(sums))
	any := ""
	for i, sum := range sums {
		if len(sum.Readings) > 0 {
			return nil
		}
		end, begin := len(s), 0
		if i+1 < len(sums) {
			end = sums[i+1].Start
		}
		if i > 0 {
			begin = sums[i-1].End
		}
		after, before := s[sum.End:end], s[begin:sum.Start]
		if m := itemBehind.FindStringSubmatchIndex(after); m != nil {
			parts[i].item = namedGroup(after, m, 1, 2)
			if rest := after[m[1]:]; parts[i].item != "" && m[2] >= 0 {
				after = rest // "(senior consultant) an hour"
			} else if in := unitInItem.FindStringIndex(parts[i].item); in != nil && m[4] >= 0 {
				after, parts[i].item = after[m[4]+in[0]:], parts[i].item[:in[0]] // "for a partner per hour"
			}
		}
		if eachAlone.MatchString(after) {
			parts[i].unit = "each"
		} else if unit, tail, article := unitBehind(after); unit != "" {
			m := perUnit.FindStringSubmatchIndex(after)
			switch {
			case notUnit.MatchString(after[m[2]:]) || article && !units.MatchString(after[m[2]:m[3]]):
				parts[i].own = !article // "per half day": it has not the unit of the others
			default:
				parts[i].unit = unit
				if b := itemBehind.FindStringSubmatchIndex(tail); b != nil && b[2] >= 0 {
					parts[i].of, tail = namedGroup(tail, b, 1), tail[b[1]:] // a bracket behind the unit
				} else if b != nil && parts[i].item == "" {
					parts[i].item = namedGroup(tail, b, 2)
				} else if b := narrower.FindStringSubmatchIndex(tail); b != nil {
					parts[i].of = namedGroup(tail, b, 1)
				}
				parts[i].during = r.periodBehind(tail)
			}
		}
		if parts[i].during == (priceTime{}) {
			parts[i].during = r.periodBehind(after)
		}
		if m := nthBefore.FindStringSubmatch(before); m != nil && parts[i].during == (priceTime{}) {
			t, ok := r.contractYear(strings.ToLower(m[1]))
			if !ok {
				return nil // when it holds is not known
			}
			parts[i].during = t
		}
		if i > 0 && fromThenOn.MatchString(after) && parts[i].during == (priceTime{}) {
			parts[i].during.from = parts[i-1].during.until
		}
		if parts[i].unit != "" {
			any = parts[i].unit
		}
		if brackets.MatchString(parts[i].of) {
			parts[i].of = ""
		}
		if noItem.MatchString(parts[i].item) || generic.MatchString(parts[i].item) {
			parts[i].item = ""
		}
		parts[i].told = parts[i].item != ""
		if parts[i].item == "" || !strings.ContainsFunc(parts[i].item, letterRune) {
			parts[i].item = soldBefore(before)
		}
	}
	if any == "" {
		any = unitIn(strings.ToLower(ratesOf.FindString(s[:sums[0].Start])))
		if m := timedFee.FindStringSubmatch(s[:sums[0].Start]); any == "" && m != nil {
			any = unitName(m[1]) // "the monthly gateway fee is $15.00"
		}
		if any == "" {
			return nil
		}
	}
	if len(sums) > 1 && bandWords.MatchString(withoutTimes(s)) {
		seen := map[string]bool{"": true}
		for _, x := range parts {
			if seen[x.unit] || firstNext.MatchString(s) {
				return nil // the bands of a volume: two prices of one unit
			}
			seen[x.unit] = true
		}
	}
	var out []priced
	for i, x := range parts {
		if nearNoPrice.MatchString(s[r.safeIn(s, max(0, sums[i].Start-45)):sums[i].Start]) {
			continue
		}
		if x.unit == "" {
			if !chained(s, sums) || x.own {
				continue
			}
			x.unit = any // as the rest of the list
		}
		before := s[:sums[i].Start]
		if totalBehind.MatchString(s[sums[i].End:]) {
			continue
		}
		if whole != "" && !x.told && (i == 0 || x.item == "") {
			x.item = whole
		}
		if i > 0 && x.item == "" && (x.during != (priceTime{}) || x.of != "") && len(out) > 0 && out[len(out)-1].row.Unit == x.unit {
			x.item = strings.TrimSuffix(out[len(out)-1].row.Item, ", "+parts[i-1].of) // the same thing, at another time or place
		}
		if m := forEachPays.FindStringSubmatch(before); m != nil && i == 0 {
			x.item = m[1]
		}
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
		out = append(out, priced{obligation.PriceRow{Item: x.item, Price: price, Unit: x.unit, From: x.during.from, Until: x.during.until}, sp})
	}
	return slices.DeleteFunc(out, func(x priced) bool { // of two prices for the same thing at the same time none holds
		return slices.ContainsFunc(out, func(y priced) bool {
			return strings.EqualFold(x.row.Item, y.row.Item) && x.row.Unit == y.row.Unit && x.row.From == y.row.From && x.row.Until == y.row.Until && !x.row.Price.Equal(y.row.Price)
		})
	})
}

var (
	// narrower is what limits a price behind its unit: "per minute to Canada".
	narrower   = expression.MustCompile(`^ ((?:to|in|within|on|outside|during) (?:the )?(?:[A-Z][\w-]*|[a-z]+ [A-Z][\w-]*)(?: [A-Z][\w-]*){0,3})(?:[,.;)]| and\b| or\b|$)`)
	brackets   = expression.MustCompile(`(?i)\b(?:minimum|maximum|plus|excl\w*|incl\w*|net|gross|in total|vat|gst|tax(?:es)?|usd|eur|gbp|capped|rounded|as of|see|section|clause|schedule)\b|\d`)
	fromThenOn = expression.MustCompile(`(?i)^[^.;$€£]{0,40}\b(?:thereafter|afterwards|from then on|after that)\b`)
	timedFee   = expression.MustCompile(`(?i)\b(hourly|daily|weekly|monthly|quarterly) (?:[a-z][a-z-]* ){0,3}(?:fees?|charges?|rates?|rent|rental|retainer|premium|hire|subscription)(?: (?:for|of) [^.;,]{2,40})?,? (?:is|are|of|shall be|will be|amounts? to|comes? to|at)(?: currently)? $`)
	pricedAt   = expression.MustCompile(`(?i)\bat (?:an? |the )?(?:(?:fixed |flat |agreed )?(?:rate|price|fee|charge) of )?$`)
	soldThings = expression.MustCompile(`^(?:visit|call|seat|user|licen[cs]e|site|set|pack|box|pallet|case|person|participant|employee|word|copy|test|sample|transaction|order|shipment|container|clinic|bottle|bag|load|trip|room|terminal|space|vehicle|student|device|elevator|report|delivery|meal|ticket)$`)
	bareCoins  = expression.MustCompile(`(?i)^[\d.]+ ?cents?$`)
	inYear     = expression.MustCompile(`(?i)^,? (?:in|during|for) (?:the )?(?:calendar year |year )?(20\d\d)\b`)
	nthYear    = expression.MustCompile(`(?i)^,? ?(?:\([^)]{0,30}\) ?)?(?:in|during|for|over) (?:the )?(?:(?:contract |agreement |service )?year (\d|one|two|three|four|five)|(first|second|third|fourth|fifth) (?:contract |agreement |service )?year)\b`)
	leadFrom   = expression.MustCompile(`(?i)^(?:[\d.()]+ )?(?:with effect |effective )?(?:from|as from|as of|until|up to)\b`)
)

// unitInItem is the unit behind what a price is for.
var unitInItem = expression.MustCompile(`(?i) (?:per|each|an?) (?:hour|day|week|month|quarter|year|annum|unit|piece|item|person|user|visit)\b`)

var yearWords = expression.MustCompile(`(?i)\b(?:in|during|for) the (?:first|second|third|fourth|fifth) (?:contract |lease |agreement |service )?year\b`)

// withoutTimes leaves dates and numbered years out, which are no bounds of a volume: "from 1 April", "in the first year".
func withoutTimes(s string) string {
	s = yearWords.ReplaceAllString(s, " ")
	for _, d := range slices.Backward(wording.Dates(s)) {
		s = s[:d.Start] + s[d.End:]
	}
	return s
}

// periodBehind reads when a price holds from the words behind it: "from 1 April 2026 to 31 March 2027", "in 2027", "in the second year".
func (r *reading) periodBehind(tail string) priceTime {
	if m := inYear.FindStringSubmatch(tail); m != nil {
		return yearOf(m[1])
	}
	if m := nthYear.FindStringSubmatchIndex(tail); m != nil {
		if t, ok := r.contractYear(strings.ToLower(namedGroup(tail, m, 1, 2))); ok {
			return t
		}
	}
	if t, from, _, ok := periodIn(tail); ok && from < 24 {
		return t
	}
	return priceTime{}
}

// leadPeriod reads when prices hold from the beginning of their sentence: "From 1 January 2027 travel is charged at".
func (r *reading) leadPeriod(before string) priceTime {
	if !leadFrom.MatchString(before) {
		return priceTime{}
	}
	if t, _, to, ok := periodIn(before); ok && to < 60 {
		return t
	}
	return priceTime{}
}

// chained tells whether the amounts of a sentence are a list, with but a few words between them.
func chained(s string, sums []wording.Sum) bool {
	for i := 1; i < len(sums); i++ {
		if between := s[sums[i-1].End:sums[i].Start]; len(between) > 60 || onTop.MatchString(between) {
			return false
		}
	}
	return true
}

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
