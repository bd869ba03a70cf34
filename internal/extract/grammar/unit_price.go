package grammar

import (
	"cmp"
	"slices"
	"strings"

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
	row   obligation.PriceRow
	at    wording.Span
	under wording.Span // the heads that its amount can not be read without: "p/kWh"
}

var (
	// priceColumn is the head of a column of prices, and sumHead that of one whose amounts are multiplied, added up, or no prices.
	priceColumn = expression.MustCompile(`(?i)\b(?:prices?|rates?|fees?|charges?|tariffs?|hire|rental|costs?|hourly|daily|weekly|monthly|quarterly|yearly|annual|per \w+|each|day|week|month|hour|[nm]rc)\b|[/€£$]|\b(?:EUR|USD|GBP|CHF|CAD|AUD|INR)\b`)
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
	headUnit     = expression.MustCompile(`(?i)\b(?:per|each|every|/) ?(?:one )?([a-z]+(?: and [a-z]+)?)\b|/ ?([a-z]+)\b|\b(hour|dai|week|month|quarter|year|annual)(?:ly|y)\b|^(day|week|month|hour|year)(?: rates?| hire| price)?$|\b(day|hour|week|month) rates?\b|\b(mrc)\b`)

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
	nearNoPrice = expression.MustCompile(`(?i)\b(?:less than|minimum|at least|not less than|no less than|no more than|not more than|at most|up to|capped|late|delay\w*|cover|discount|reduc\w+|deduct\w*|audit|against|compared (?:with|to))\b`)
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
	for _, n := range r.sentencesWith(300, "$", "€", "£", "usd", "eur", "gbp", " dollars", "pounds", "inr", "chf", "cad", "aud", "nok", "sek", "dkk", "pln", "pence", "p per ", "cents", "¢") {
		sp := r.sentences[n]
		if sp.End-sp.Start > 1200 || r.inTable(sp.Start) || r.toldBefore("minimum_commitment", sp) || r.toldBefore("milestone", sp) {
			continue
		}
		if (r.toldBefore("volume_price", sp) || r.toldBefore("rebate", sp)) && (len(wording.Sums(r.cut(sp))) > 1 || firstNext.MatchString(r.cut(sp))) {
			continue // the bands themselves, and not what is said behind their table
		}
		labelled := r.pricesInLabels(n)
		if list = append(list, labelled...); len(labelled) == 0 {
			list = append(list, r.pricesInSentence(sp)...)
		}
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
		for _, sp := range []wording.Span{x.at, x.under} {
			if sp.End > 0 && !slices.Contains(at, sp) {
				at = append(at, sp)
			}
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

func letterRune(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c > 0x7f }

// unitIn is the unit that a head names: "Price per tonne", "Hourly rate", "Week".
func unitIn(head string) string {
	if m := unitInParens.FindStringSubmatch(head); m != nil && len(wording.Currencies(m[1])) == 0 {
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
	} else if two && !strings.Contains(second, " ") && !endsUnit.MatchString(tail) {
		word, tail = first, after[m[2]+len(first):] // "per kWh and night units at"
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

// endsUnit is what may follow two units: "per day and person, …".
var endsUnit = expression.MustCompile(`(?i)^(?:[.,;:)/\n]| ?$| (?:for|of|per|each|in|at|from|plus|during|which|that|if|when|where|until|to|is|are|on|under|and|or)\b)`)

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
	case "mrc":
		return "month"
	case "pc", "pcs", "pieces", "ea", "ea.", "each", "nos", "no", "nr":
		return "each"
	}
	if len(s) > 4 && strings.HasSuffix(s, "s") && !strings.HasSuffix(s, "ss") && !strings.Contains(s, " ") {
		s = strings.TrimSuffix(s, "s")
	}
	return s
}
