package extract

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// Verify makes the mechanical check of a candidate against its document and writes the result into it.
//
// Each quote must stand in the text at its offsets (verified), or be found after white space, hyphens, quotes and
// ligatures are made alike; then the source text is put in its place (repaired). The value must follow from the quotes
// alone by the grammars of package wording, and a derivation must give the value when it is computed again. Anything
// else is unverified and always goes to a person. Twice is harmless.
func Verify(c *pact.Candidate, d *document.Document) {
	if c == nil || d == nil {
		return
	}
	v := verifier{d: d}
	v.verify(c)
}

func (v *verifier) verify(c *pact.Candidate) {
	c.Verification = v.candidate(c)
	if c.Obligation != nil {
		c.Obligation.Evidence, c.Obligation.Verification = c.Evidence, c.Verification
	}
	for i := range c.Rivals {
		rival := &c.Rivals[i]
		rival.Verification = v.candidate(rival)
	}
}

// VerifyAll checks every candidate of a document; it does the work on the text once.
func VerifyAll(list []pact.Candidate, d *document.Document) {
	if d == nil {
		return
	}
	v := verifier{d: d}
	for i := range list {
		v.verify(&list[i])
	}
}

type verifier struct {
	d       *document.Document
	text    *document.Points // of d, once it was counted
	written int              // how fractions are written: 0 not looked, 1 with a stop or in both ways, 2 with a comma
}

// commas tells, and looks once, whether the text writes fractions with a comma.
func (v *verifier) commas() bool {
	if v.written == 0 {
		v.written = 1
		if wording.CommaFractions(v.d.Text) {
			v.written = 2
		}
	}
	return v.written == 2
}

func (v *verifier) candidate(c *pact.Candidate) pact.Verification {
	result := pact.Verified
	var quotes []string
	for i := range c.Evidence {
		p := c.Evidence[i].Passage
		if p == nil {
			continue
		}
		// The passage may be shared with another candidate; it is checked on a copy.
		checked := *p
		checked.Verification = v.passage(&checked)
		c.Evidence[i].Passage = &checked
		result = Worse(result, checked.Verification)
		quotes = append(quotes, checked.Quote)
	}
	if len(quotes) == 0 {
		return pact.Unverified
	}
	if result == pact.Unverified {
		return result
	}
	if v.commas() {
		for i := range quotes {
			quotes[i] = wording.SpacedThousands(quotes[i])
		}
	}
	if c.Value != nil && !v.follows(c, quotes) || c.Obligation != nil && !obligationFollows(c.Obligation, quotes) {
		return pact.Unverified
	}
	return result
}

// Worse gives the weaker of two results; an empty one says nothing.
func Worse(a, b pact.Verification) pact.Verification {
	for _, v := range []pact.Verification{pact.Unverified, pact.Repaired} {
		if a == v || b == v {
			return v
		}
	}
	return pact.Verified
}

// passage checks that a quote stands in the text, and repairs it where only its form differs.
func (v *verifier) passage(p *pact.Passage) pact.Verification {
	if p.TextID != "" && v.d.TextID != "" && p.TextID != v.d.TextID {
		return pact.Unverified
	}
	if strings.TrimSpace(p.Quote) == "" {
		return pact.Unverified
	}
	if v.text == nil {
		text := document.NewPoints(v.d.Text)
		v.text = &text
	}
	if p.Start >= 0 && p.Start < p.End && p.End <= v.text.Len() && v.text.Cut(p.Start, p.End) == p.Quote {
		return pact.Verified
	}
	start, end, ok := v.locate(p.Quote, p.Start)
	if !ok {
		return pact.Unverified
	}
	found := v.text.Cut(start, end)
	exact := found == p.Quote
	p.Start, p.End, p.Quote = start, end, found
	p.Places, p.TextID = v.d.Places(start, end), v.d.TextID
	p.Clause = ""
	if s := v.d.SectionAt(start); s != nil {
		p.Clause = s.Number
	}
	if exact {
		return pact.Verified // the words are right, only the offsets were not
	}
	return pact.Repaired
}

// locate finds a quote in the text after both are made alike; of several places the one nearest to near.
func (v *verifier) locate(quote string, near int) (start, end int, ok bool) {
	for _, form := range []func(string) wording.Text{wording.Normal, wording.Squeeze} {
		text, want := form(v.d.Text), strings.TrimSpace(form(quote).S)
		if len(want) < 3 {
			return 0, 0, false
		}
		best := -1
		for i := 0; i < len(text.S); {
			k := strings.Index(text.S[i:], want)
			if k < 0 {
				break
			}
			s, e := text.Source(wording.Span{Start: i + k, End: i + k + len(want)})
			if best < 0 || abs(s-near) < best {
				start, end, best, ok = s, e, abs(s-near), true
			}
			i += k + 1
		}
		if ok {
			return start, end, true
		}
	}
	return 0, 0, false
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// follows tells whether a term's value follows from its quotes, or from its derivation, whose inputs do.
func (v *verifier) follows(c *pact.Candidate, quotes []string) bool {
	if c.Value.Check() != nil && len(c.Ambiguities) == 0 {
		return false
	}
	if c.Derivation != nil {
		return derives(c, quotes)
	}
	return valueFollows(c.Name, *c.Value, quotes)
}

func valueFollows(name string, v pact.Value, quotes []string) bool {
	if v.Kind == pact.PartiesValue {
		return namesStand(v.Parties, quotes)
	}
	for _, q := range quotes {
		if follows(name, v, wording.Normal(q).S) {
			return true
		}
	}
	// The interest on late payment may stand in a note that hangs in the clause.
	return v.Kind == pact.PaymentValue && len(quotes) > 1 && follows(name, v, wording.Normal(strings.Join(quotes, " ")).S)
}

// follows reads the quote again and compares. A value that is only one of two readings does not follow: the text leaves
// it open, and picking is a person's work.
func follows(name string, v pact.Value, q string) bool {
	switch v.Kind {
	case pact.DateValue:
		return hasDate(q, v.Date)
	case pact.DurationValue:
		return hasDuration(q, *v.Duration)
	case pact.MoneyValue:
		for _, s := range wording.Sums(q) {
			if len(s.Readings) == 0 && s.Amount.Equal(*v.Money) {
				return true
			}
		}
	case pact.PercentageValue:
		for _, p := range wording.Percents(q) {
			if len(p.Readings) == 0 && p.Value.Equal(*v.Percentage) {
				return true
			}
		}
	case pact.NumberValue:
		return hasNumber(q, *v.Number)
	case pact.FlagValue:
		auto, known := wording.AutoRenewal(q)
		return known && auto == *v.Flag
	case pact.EvergreenValue:
		return len(wording.OpenEnded(q)) > 0
	case pact.PaymentValue:
		p, ok := wording.PaymentOf(q)
		return ok && !p.Unpicked && len(p.Ambiguities) == 0 && samePayment(p.Terms, *v.Payment)
	case pact.TiersValue:
		for _, q := range []string{q, bareShare.ReplaceAllString(q, "$1 $2% ")} {
			if t, ok := wording.TiersOf(q); ok && !t.Unpicked && (pact.Value{Kind: pact.TiersValue, Tiers: t.Tiers}).Equal(v) {
				return true
			}
		}
		return false
	case pact.CapValue:
		return hasCap(q, *v.Cap)
	case pact.OperationValue:
		return operationFollows(*v.Operation, q)
	case pact.ContractValue:
		ref, _, ok := wording.References(q)
		return ok && ref.Number == v.Contract.Number && ref.Date == v.Contract.Date && ref.Title == v.Contract.Title
	case pact.TextValue:
		return textFollows(name, v.Text, q)
	}
	return false
}

// bareShare is a number in a column of percentages, beside its band: "below 99.5 % 20".
var bareShare = regexp.MustCompile(`(\d ?%) (\d{1,3}(?:[.,]\d{1,2})?)(?: |$)`)

// figures are numbers in digits, with separators of thousands.
var figures = regexp.MustCompile(`(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?`)

// hasNumber compares whole numbers: "15" and "1.5" do not say 5, and neither do "v5" and "5th".
func hasNumber(q string, want decimal.Decimal) bool {
	for _, m := range figures.FindAllStringIndex(q, -1) {
		before, _ := utf8.DecodeLastRuneInString(q[:m[0]])
		after, size := utf8.DecodeRuneInString(q[m[1]:])
		beyond, _ := utf8.DecodeRuneInString(q[m[1]+size:])
		joined := (before == '.' || before == ',') && m[0] > 1 && q[m[0]-2] >= '0' && q[m[0]-2] <= '9' ||
			(after == '.' || after == ',') && unicode.IsDigit(beyond)
		if joined || wordRune(before) || wordRune(after) {
			continue
		}
		n, err := decimal.NewFromString(strings.ReplaceAll(q[m[0]:m[1]], ",", ""))
		if err != nil {
			continue
		}
		signed := before == '-' && (m[0] < 2 || q[m[0]-2] == ' ' || q[m[0]-2] == '(')
		if signed {
			n = n.Neg()
		}
		if n.Equal(want) {
			return true
		}
	}
	return false
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

// operationFollows reads the operation from its sentence again. A restatement may stand in the title alone.
func operationFollows(want pact.Operation, q string) bool {
	for _, op := range wording.Operations(q) {
		if (pact.Value{Kind: pact.OperationValue, Operation: &op.Operation}).Equal(pact.Value{Kind: pact.OperationValue, Operation: &want}) {
			return true
		}
	}
	return want.Kind == pact.Restate && want.Target == "" && strings.Contains(wording.Fold(q), "amended and restated")
}

func hasDate(q string, want calendar.Date) bool {
	for _, d := range wording.Dates(q) {
		if d.Date == want && want != "" {
			return true
		}
	}
	return false
}

// hasReading tells whether a date may be read in a text in one of two ways.
func hasReading(q string, want calendar.Date) bool {
	for _, d := range wording.Dates(q) {
		if slices.Contains(d.Readings, want) {
			return true
		}
	}
	return false
}

// firstReading tells whether a date means the day where the month is written first.
func firstReading(q string, want calendar.Date) bool {
	for _, d := range wording.Dates(q) {
		if len(d.Readings) > 0 && d.Readings[0] == want {
			return true
		}
	}
	return false
}

// orderHolds tells whether another date of the text writes day and month in the order in which want was read.
func orderHolds(q string, want calendar.Date) bool {
	order := byte(0)
	month := -1
	for _, d := range wording.Dates(q) {
		if o := d.Order(q); o != 0 {
			order = o
		}
		if k := slices.Index(d.Readings, want); k >= 0 {
			month = k
		}
	}
	return order == 'm' && month == 0 || order == 'd' && month == 1
}

// hasTarget is hasDuration with the ways to name a limit that are no counted duration: "by noon on the next business day".
func hasTarget(q string, want calendar.Duration) bool {
	for _, t := range wording.Targets(q) {
		if len(t.Readings) == 0 && t.Duration.Duration == want {
			return true
		}
	}
	if want.Unit == calendar.Minute && want.Value%30 == 0 && hasNumber(q, decimal.NewFromInt(int64(want.Value)).Div(decimal.NewFromInt(60))) {
		return true // "0.5" in a column of hours
	}
	return hasDuration(q, want) || hasNumber(q, decimal.NewFromInt(int64(want.Value)))
}

// hasDayEnd tells whether a passage names a time that ends with a day: "by the end of the next working day" is one business day.
func hasDayEnd(q string, want calendar.Duration) bool {
	return slices.ContainsFunc(wording.Targets(q), func(t wording.Target) bool {
		return t.DayEnd && len(t.Readings) == 0 && t.Duration.Duration == want
	})
}

// hasPercent tells whether a passage names a percentage.
func hasPercent(q string, want decimal.Decimal) bool {
	for _, p := range wording.Percents(q) {
		if len(p.Readings) == 0 && p.Value.Equal(want) {
			return true
		}
	}
	for _, m := range ofHundred.FindAllStringSubmatch(q, -1) {
		if n, err := decimal.NewFromString(m[1]); err == nil && n.Equal(want) {
			return true
		}
	}
	return false
}

// ofHundred is a percentage in other words: "90 out of 100 tickets".
var ofHundred = regexp.MustCompile(`(?i)\b(\d{1,3}) (?:out of|of|in) (?:every |each )?(?:100|(?:one |a )?hundred)\b`)

func hasDuration(q string, want calendar.Duration) bool {
	for _, d := range append(wording.Durations(q), wording.Anniversaries(q)...) {
		if len(d.Readings) == 0 && d.Duration == want {
			return true
		}
	}
	d, ok := wording.Periodic(q)
	return ok && d.Duration == want
}

func samePayment(a, b pact.PaymentTerms) bool {
	if (a.NetDays == nil) != (b.NetDays == nil) || a.NetDays != nil && *a.NetDays != *b.NetDays {
		return false
	}
	if a.NetDays == nil && !a.OnReceipt && a.Text != b.Text {
		return false
	}
	if a.EOM != b.EOM || a.OnReceipt != b.OnReceipt || len(a.Discounts) != len(b.Discounts) {
		return false
	}
	for i := range a.Discounts {
		if a.Discounts[i].Days != b.Discounts[i].Days || !a.Discounts[i].Percent.Equal(b.Discounts[i].Percent) {
			return false
		}
	}
	return (b.Late == nil || a.Late != nil && a.Late.Equal(*b.Late)) && a.LateOver == b.LateOver && (b.Basis == "" || a.Basis == b.Basis)
}

func hasCap(q string, want pact.Cap) bool {
	c, ok := wording.LiabilityCap(q)
	if !ok || c.Unpicked {
		return false
	}
	return pact.Value{Kind: pact.CapValue, Cap: &c.Cap}.Equal(pact.Value{Kind: pact.CapValue, Cap: &want})
}

func textFollows(name, want, q string) bool {
	switch name {
	case "governing_law":
		for _, p := range wording.Places(q) {
			if strings.EqualFold(p.Name, want) {
				return true
			}
		}
		p, ok := wording.GoverningLaw(q)
		return ok && strings.EqualFold(p.Name, want)
	case pact.PrecedenceTerm:
		list, _ := wording.ListedOrder(q)
		return strings.Join(wording.Order(q), " > ") == want || strings.Join(list, " > ") == want
	case "key_contacts": // a row of a table, whose cells stand in any order
		return !slices.ContainsFunc(strings.Split(want, ", "), func(part string) bool { return !strings.Contains(wording.Fold(q), wording.Fold(part)) })
	case "contract_type":
		return wording.ContractType(q) == want
	case "insurance_limits":
		return strings.Contains(wording.Fold(q), wording.Fold(want)) || policiesFollow(want, q)
	case "currency":
		for _, c := range wording.Currencies(q) {
			if c == want {
				return true
			}
		}
		return false
	case "zone":
		for _, z := range wording.Zones(q) {
			if z.Name == want {
				return true
			}
		}
		return false
	}
	return strings.Contains(wording.Fold(q), wording.Fold(want))
}

// policiesFollow reads the quote of a certificate of insurance again: each policy that was listed must have its kind and number in the quote as they
// are written, and its limits and days among those that are read there.
func policiesFollow(want, q string) bool {
	sums, days := wording.Sums(q), wording.Dates(q)
	for _, policy := range strings.Split(want, "; ") {
		kind, rest, ok := strings.Cut(policy, ":")
		if !ok || !strings.Contains(wording.Fold(q), wording.Fold(kind)) {
			return false
		}
		if _, number, ok := strings.Cut(rest, ", policy "); ok && !strings.Contains(q, number) {
			return false
		}
		for _, sum := range wording.Sums(rest) {
			if !slices.ContainsFunc(sums, func(s wording.Sum) bool { return s.Amount.Equal(sum.Amount) }) {
				return false
			}
		}
		for _, day := range wording.Dates(rest) {
			if !slices.ContainsFunc(days, func(d wording.Date) bool { return d.Date == day.Date || slices.Contains(d.Readings, day.Date) }) {
				return false
			}
		}
	}
	return true
}

func namesStand(parties []pact.Party, quotes []string) bool {
	all := wording.Fold(strings.Join(quotes, " "))
	for _, p := range parties {
		if !strings.Contains(all, wording.Fold(p.Name)) {
			return false
		}
	}
	return true
}

// derives computes a derived value again from inputs that must themselves stand in the quotes.
func derives(c *pact.Candidate, quotes []string) bool {
	all := wording.Normal(strings.Join(quotes, " \n ")).S
	in := c.Derivation.Inputs
	switch rule := c.Derivation.Rule; rule {
	case "agreement_date":
		return in[rule] == string(c.Value.Date) && hasDate(all, c.Value.Date)
	case "day and month as in another date":
		return in["date"] == string(c.Value.Date) && hasReading(all, c.Value.Date) && orderHolds(all, c.Value.Date)
	case "month first, as in the United States":
		_, american := wording.AmericanAddress(all)
		return american && in["date"] == string(c.Value.Date) && firstReading(all, c.Value.Date)
	case "the day that the contract writes out":
		return in["date"] == string(c.Value.Date) && hasReading(all, c.Value.Date) && hasDate(all, c.Value.Date)
	case "as long as the term":
		return c.Value.Duration != nil && c.Value.Duration.String() == in["term"] && hasDuration(all, *c.Value.Duration)
	case "term without end":
		return len(wording.OpenEnded(all)) > 0 && c.Value.Kind == pact.EvergreenValue
	case "end of the year or month of effective_date":
		from := calendar.Date(in["effective_date"])
		return standsOrFollows(all, from) && slices.ContainsFunc(wording.YearEnds(all), func(e wording.YearEnd) bool { return e.From(from) == c.Value.Date })
	default:
		for _, x := range wording.Shifts(all) {
			if from, shifted := strings.CutPrefix(rule, x.Rule()+" "); shifted {
				day := calendar.Date(in[from])
				return hasDay(all, day) && x.From(day) == c.Value.Date
			}
		}
		name, plus := strings.CutSuffix(rule, " + term - 1 day")
		if !plus {
			return false
		}
		from := calendar.Date(in[name])
		if !standsOrFollows(all, from) {
			return false
		}
		for _, d := range append(wording.Durations(all), wording.Anniversaries(all)...) {
			if len(d.Readings) > 0 || d.Duration.String() != in["term"] {
				continue
			}
			if end, ok := d.Duration.After(from); ok && end.AddDays(-1) == c.Value.Date {
				return true
			}
		}
	}
	return false
}

// standsOrFollows tells whether a text names a day, or one that its words put it after: "the first day of the month following 17 March 2026".
func standsOrFollows(q string, day calendar.Date) bool {
	if hasDate(q, day) {
		return true
	}
	for _, x := range wording.Shifts(q) {
		for _, d := range wording.Dates(q) {
			if d.Date != "" && x.From(d.Date) == day || slices.ContainsFunc(d.Readings, func(o calendar.Date) bool { return x.From(o) == day }) {
				return true
			}
		}
	}
	return false
}

// hasDay tells whether a text names a day, or may name it.
func hasDay(q string, day calendar.Date) bool { return hasDate(q, day) || hasReading(q, day) }

// typed tells the kinds whose parameters are figures of a table or a clause.
func typed(kind string) bool {
	switch kind {
	case "volume_price", "rebate", "minimum_commitment", "price_escalator", "certificate", "delivery_schedule", "milestone", "invoice_payment":
		return true
	}
	return false
}

// figuresFollow checks that each sum, percentage and date among the parameters stands in the quotes. Bounds of tiers are whole
// numbers that may be written in words or thousands; a sum needs its figure.
func figuresFollow(kind obligation.Kind, o *pact.Obligation, all string) bool {
	p := reflect.New(reflect.TypeOf(kind.Params()))
	if json.Unmarshal(o.Params, p.Interface()) != nil {
		return false
	}
	sums, shares, dates := wording.Sums(all), wording.Percents(all), wording.Dates(all)
	if o.Kind == "milestone" { // "half on signing and the remainder on delivery"
		for _, part := range wording.Instalments(all) {
			if part.Percent != nil {
				shares = append(shares, wording.Percent{Value: *part.Percent})
			}
		}
	}
	ok, pence := true, inPence.MatchString(all)
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch x := v.Interface().(type) {
		case money.Amount:
			ok = ok && (x.Value.IsZero() || pence && x.Currency == "GBP" && hasFigure(all, x.Value.Shift(2)) || slices.ContainsFunc(sums, func(s wording.Sum) bool { return len(s.Readings) == 0 && s.Amount.Equal(x) }) || hasFigure(all, x.Value))
			return
		case calendar.Date:
			ok = ok && (x == "" || slices.ContainsFunc(dates, func(d wording.Date) bool { return d.Date == x }) || o.Kind == "price_escalator" && yearlyFrom(all, x, dates))
			return
		case decimal.Decimal:
			return
		}
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					if d, is := v.Field(i).Interface().(*decimal.Decimal); is && d != nil && strings.Contains(strings.ToLower(f.Name), "percent") && !d.IsZero() {
						ok = ok && (slices.ContainsFunc(shares, func(s wording.Percent) bool { return len(s.Readings) == 0 && s.Value.Equal(*d) }) || strings.Contains(wording.Fold(all), "a tenth"))
					}
					walk(v.Field(i))
				}
			}
		}
	}
	walk(p.Elem())
	return ok
}

// yearlyFrom tells whether a day follows from words that name a day of each year: "on each anniversary", "on 1 January of each year".
func yearlyFrom(all string, day calendar.Date, dates []wording.Date) bool {
	if strings.Contains(strings.ToLower(all), "anniversary") {
		return slices.ContainsFunc(dates, func(d wording.Date) bool { return d.Date != "" && d.Date.AddMonths(12) == day })
	}
	at := day.Time()
	return regexp.MustCompile(fmt.Sprintf(`(?i)\b%d(?:st|nd|rd|th)?(?: day)?(?: of)? %[2]s\b|\b%[2]s %[1]d\b`, at.Day(), at.Month())).MatchString(all)
}

// inPence is the head of a column of prices in pence.
var inPence = regexp.MustCompile(`(?i)(?:^|\s)\(?(?:p|pence) ?(?:/|per )|\(p\)|\bpence\b`)

var unspaced = strings.NewReplacer(" ", "", "\u00a0", "")

// hasFigure tells whether a number stands in a text, whatever separates its thousands and cents: "148,50" in a column whose currency
// stands in the words around the table.
func hasFigure(q string, want decimal.Decimal) bool {
	for _, m := range anyFigure.FindAllString(q, -1) {
		plain := unspaced.Replace(m)
		for _, form := range []string{strings.ReplaceAll(plain, ",", ""), strings.ReplaceAll(strings.ReplaceAll(plain, ".", ""), ",", ".")} {
			if n, err := decimal.NewFromString(form); err == nil && n.Equal(want) {
				return true
			}
		}
	}
	return false
}

var anyFigure = regexp.MustCompile(`\d[\d.,]*\d|\d`)

// obligationFollows checks the numbers of an obligation's parameters against its quotes.
func obligationFollows(o *pact.Obligation, quotes []string) bool {
	all := wording.Normal(strings.Join(quotes, " \n ")).S
	switch o.Kind {
	case "response_time", "resolution_time":
		var p obligation.ClockParams
		if json.Unmarshal(o.Params, &p) != nil {
			return false
		}
		return p.Target.Value == 0 && len(o.Ambiguities) > 0 || hasTarget(all, p.Target)
	case "availability":
		var p obligation.AvailabilityParams
		if json.Unmarshal(o.Params, &p) != nil {
			return false
		}
		target := pact.Percent(p.Target)
		return valueFollows("uptime_target", target, quotes) && (len(p.Tiers) == 0 || valueFollows("service_credits", pact.Value{Kind: pact.TiersValue, Tiers: p.Tiers}, quotes))
	case "first_call_resolution", "within_target", "error_rate", "satisfaction":
		var p obligation.ShareParams
		return json.Unmarshal(o.Params, &p) == nil && hasPercent(all, p.Target)
	case "renewal_notice":
		var p obligation.RenewalParams
		if json.Unmarshal(o.Params, &p) != nil {
			return false
		}
		return p.Notice == nil && len(o.Ambiguities) > 0 || p.Notice != nil && hasDuration(all, *p.Notice)
	}
	if kind, err := obligation.KindOf(o.Kind); err == nil && typed(o.Kind) {
		return figuresFollow(kind, o, all)
	}
	var p obligation.DutyParams
	if len(o.Params) > 0 && json.Unmarshal(o.Params, &p) != nil || p.Due != nil && !hasDuration(all, *p.Due) && !hasDayEnd(all, *p.Due) ||
		p.ByDate != "" && !slices.ContainsFunc(wording.Dates(all), func(d wording.Date) bool { return d.Date == p.ByDate }) {
		return false
	}
	return len(quotes) > 0 && (o.Deliverable == "" || strings.Contains(wording.Fold(all), wording.Fold(o.Deliverable)))
}
