package grammar

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// pricesInGrid reads a price list.
func (r *reading) pricesInGrid(g *grid) []priced {
	heads := g.headRows()
	if heads == 0 && len(g.rows) > 1 && len(wording.Sums(rowText(g.rows[0]))) == 0 && (len(wording.Sums(rowText(g.rows[1]))) > 0 || g.priceForm()) {
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
		return r.pricesByYear(g, heads, before)
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
		pence := penceHead.MatchString(head)
		words, during, ok := r.headPeriod(head, before)
		switch {
		case k == item || k == unit || !ok || k == product || each >= 0 && k != each && listPrice.MatchString(head) || g.discounted(heads, k):
			continue
		case !priceColumn.MatchString(words) && !pence && during.from == "" && !(listLead.MatchString(before) && valuedColumn(g, heads, k)) || sumHead.MatchString(words):
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
			other, both := secondSum(row[k].text)
			if both {
				sum, ok = other[0], true
			}
			if pence && numberAlone.MatchString(row[k].text) {
				sum, rest, ok = cellSum(row[k].text, "GBP", nil)
				sum.Amount.Value = sum.Amount.Value.Shift(-2)
			}
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
			x := listed{priced: priced{row: p, at: rowSpan(row)}, line: n, head: strings.TrimSpace(moneyInHead.ReplaceAllString(words, " ")), fullHead: strings.TrimSpace(words)}
			if pence {
				x.head, x.under = "", rowSpan(g.rows[heads-1])
			}
			if onceHead.MatchString(x.head) {
				x.row.Item += ", " + x.head // a set-up fee beside the fee of each month
			} else if quantities && each < 0 && slices.ContainsFunc(out, x.rivals) {
				continue // it multiplies the price of one
			}
			out = append(out, x)
			if both {
				x.row.Price = other[1].Amount
				out = append(out, x)
			}
		}
	}
	return namedApart(out)
}

// secondSum reads a cell that has a price in two currencies: "€4.00 / $4.30".
func secondSum(cell string) ([]wording.Sum, bool) {
	if !strings.ContainsAny(cell, "/(") {
		return nil, false
	}
	s := wording.Sums(cell)
	if len(s) != 2 || s[0].Start != 0 || len(s[0].Readings)+len(s[1].Readings) > 0 || s[0].Amount.Currency == s[1].Amount.Currency {
		return nil, false
	}
	return s, otherMoney.MatchString(cell[s[0].End:s[1].Start]) && strings.Trim(cell[s[1].End:], " )") == ""
}

// priceForm tells whether two columns are names and bare numbers under a head that says of what: "Role | Day rate (GBP)".
func (g *grid) priceForm() bool {
	head := g.rows[0]
	if len(head) != 2 || !priceColumn.MatchString(head[1].text) && !penceHead.MatchString(head[1].text) || !penceHead.MatchString(head[1].text) && len(wording.Currencies(head[1].text)) == 0 {
		return false
	}
	return !slices.ContainsFunc(g.rows[1:], func(row []cell) bool { return len(row) != 2 || !numberAlone.MatchString(row[1].text) })
}

// listed is a price of a list with its line, counted from the first below the heads, and the head of its column, short and in full.
type listed struct {
	priced
	line           int
	head, fullHead string
}

// rivals tells whether two prices of one line would be for the same thing.
func (x listed) rivals(y listed) bool { return x.line == y.line && samePrice(x.row, y.row) }

// ownPriceHead is the head of what the item itself costs, and not of something that goes with it: "Price" beside "Delivery charge".
var ownPriceHead = expression.MustCompile(`(?i)^(?:(?:unit|net|basic|base|standard|list|item|agreed|contract|current|hourly|daily|weekly|monthly|quarterly|yearly|annual) )*(?:prices?|rates?|fees?|charges?|costs?|tariffs?|hire|rental|mrc)(?: (?:each|per [a-z]+))?$`)

// namedApart names each of several prices of a line by its head: "Developer, Onshore rate" and "Developer, Offshore rate", since neither
// is the price of every developer. One with a plain head is that of the item, where the others are for what goes with it. Where the heads
// do not tell them apart all stand for the item, which one governs is asked.
func namedApart(list []listed) []priced {
	out := make([]priced, len(list))
	for i, x := range list {
		out[i] = x.priced
		rivals, heads, fullHeads, plain := 0, 0, 0, 0
		for j, y := range list {
			if i == j || !x.rivals(y) {
				continue
			}
			rivals++
			if ownPriceHead.MatchString(y.head) {
				plain++
			}
			if strings.EqualFold(x.head, y.head) {
				heads++
			}
			if strings.EqualFold(x.fullHead, y.fullHead) {
				fullHeads++
			}
		}
		switch {
		case plain == 0 && ownPriceHead.MatchString(x.head):
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

// discounted tells whether a column has the prices before a discount that the line names, beside those after it.
func (g *grid) discounted(heads, k int) bool {
	if netHead.MatchString(g.headOver(heads, k)) {
		return false
	}
	discount, net := false, false
	for j := range g.rows[heads-1] {
		head := g.headOver(heads, j)
		discount = discount || strings.Contains(strings.ToLower(head), "discount")
		net = net || j != k && netHead.MatchString(head) && priceColumn.MatchString(head) && !sumHead.MatchString(strings.ReplaceAll(strings.ToLower(head), "discount", ""))
	}
	return discount && net
}

// withTaxAdded tells whether the amounts of a column are those of another one and of a column of taxes together.
func (g *grid) withTaxAdded(heads, k int) bool {
	for tax := range g.rows[heads-1] {
		if tax == k || !taxHead.MatchString(moneyInHead.ReplaceAllString(g.headOver(heads, tax), "")) {
			continue
		}
		for net := range g.rows[heads-1] {
			rows, fits := 0, net != k && net != tax
			for _, row := range g.rows[heads:] {
				all, ok := numberIn(row, k)
				one, okOne := numberIn(row, net)
				taxes, okTax := numberIn(row, tax)
				if ok && okOne && okTax {
					rows++
					fits = fits && one.Add(taxes).Equal(all)
				}
			}
			if fits && rows > 0 {
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
	if g.withTaxAdded(heads, k) {
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

// ones tells whether all quantities are one, so that any two columns of amounts would fit.
func (g *grid) ones(heads, quantity int) bool {
	return !slices.ContainsFunc(g.rows[heads:], func(row []cell) bool { return quantity < len(row) && row[quantity].text != "1" })
}

var cellNumber = expression.MustCompile(`^(?:[A-Z]{1,3}\$?|[€£$])? ?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?: ?(?:[A-Z]{3}|€|£))?$`)

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
		quantity = quantity || j != k && (holds(head, "quantity", "qty", "number of", "units ordered") || timeSpent.MatchString(head))
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

// pricesPer is the unit that the words around a price list name for all of it: "Prices are per unit per month", "the rates apply per trip".
func (r *reading) pricesPer(at wording.Span) string {
	for _, sp := range []wording.Span{{Start: r.safe(max(0, at.Start-160)), End: at.Start}, {Start: at.End, End: r.safe(min(len(r.s), at.End+110))}} {
		if m := perWords.FindStringSubmatch(r.cut(sp)); m != nil && len(wording.Sums(m[0])) == 0 && !strings.EqualFold(m[1], "cent") && !strings.EqualFold(m[1], "annum") {
			return unitName(m[1])
		}
	}
	return ""
}

var (
	// timeSpent is the head of how long something takes: "Hours", "Est. days", "Person-days".
	timeSpent = expression.MustCompile(`(?i)^(?:(?:est(?:imated|\.)?|no\.? of|number of|total|planned|budgeted|person|man|work(?:ing)?)[ -])*(?:hours|days|weeks|months)$`)
	// listLead is right before a list of nothing but prices.
	listLead    = expression.MustCompile(`(?i)\b(?:price list|prices|(?:schedule|table) of (?:rates|prices|charges|fees)|rates|tariffs?|charges)\b[^.;]{0,30}[.:]?\s*$`)
	netHead     = expression.MustCompile(`(?i)\b(?:net|discounted|reduced|special|your|after discount)\b`)
	penceHead   = expression.MustCompile(`(?i)(?:^|\()(?:p|pence)(?: per |/ ?|\)|$)|\bpence\b`)
	numberAlone = expression.MustCompile(`^\d[\d,]*(?:\.\d+)?$`)
	bareTime    = expression.MustCompile(`(?i)^(?:half day|(?:hour|day|night|week|weekend|month|quarter|year)(?: rate| hire| price)?|hourly|daily|weekly|monthly|quarterly|yearly)(?: ?\(.{1,5}\))?$`)
	// taxHead is the head of a column of taxes: "VAT", "VAT charge", "Sales tax at 20%".
	taxHead = expression.MustCompile(`(?i)^\s*(?:vat|gst|hst|(?:sales |value added |consumption )?tax(?:es)?)(?: (?:charges?|amounts?|rates?|costs?|fees?|prices?|due|payable))?(?: (?:at|@))?[ \d.,%]*$`)
	// withTax is in the head of prices with taxes, and withoutTax in that of prices without.
	withTax    = expression.MustCompile(`(?i)\(?\b(?:inc(?:l(?:uding|usive(?: of)?)?)?\.?|with) ?(?:vat|gst|hst|(?:sales )?tax(?:es)?)\b\)?|\(?\b(?:vat|gst|hst|tax(?:es)?)[ -]?(?:incl\w*\b\.?)\)?`)
	netGross   = expression.MustCompile(`(?i)\b(?:net|gross)\b`)
	withoutTax = expression.MustCompile(`(?i)(?:\b(?:exc(?:l(?:uding|usive(?: of)?)?)?\.?|ex\.?|without|before|net of|plus)|\+) ?(?:vat|gst|hst|(?:sales )?tax(?:es)?)\b|\b(?:vat|gst|hst|tax(?:es)?)[ -]?(?:excl|free)`)
)
