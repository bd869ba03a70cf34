package evaluate

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// factKind tells the kinds of obligation whose parameters are labelled as facts.
func factKind(o *pact.Obligation) bool {
	if o.Duty != "" {
		return false // a duty of the register, whatever judges it
	}
	switch o.Kind {
	case "volume_price", "rebate", "minimum_commitment", "price_escalator", "certificate", "delivery_schedule", "milestone", "invoice_payment":
		return true
	}
	return false
}

// addFacts counts what the typed obligations say against the labelled facts: a fact is right when each figure that the label gives is
// the same; what the label does not give is not asked for.
func (s *Score) addFacts(d *LabelledDocument, got []pact.Candidate) {
	given := map[string][]map[string]string{}
	for _, c := range got {
		if c.Obligation == nil {
			continue
		}
		for kind, list := range factsOf(*c.Obligation) {
			given[kind] = append(given[kind], list...)
		}
	}
	gold := map[string][]map[string]string{}
	for _, f := range d.Labels.Facts {
		if f.Kind == "change" {
			continue
		}
		if len(figuresOfFact(f.Kind)) == 0 {
			s.Formless++
			continue
		}
		gold[f.Kind] = append(gold[f.Kind], f.Fields)
	}
	discountsAsTiers(gold, given)
	for kind := range factFields() {
		if len(gold[kind])+len(given[kind]) == 0 || len(figuresOfFact(kind)) == 0 {
			continue
		}
		if d.Labels.Kind == "insurance_certificate" && kind == "insurance" {
			s.Formless += len(gold[kind]) // what is held, not what is required
			continue
		}
		n := at(s.Facts, kind)
		n.Gold += len(gold[kind])
		n.Given += len(given[kind])
		same := pairs(gold[kind], given[kind], func(a, b map[string]string) (float64, bool) { return sameFact(kind, a, b) })
		n.Right += len(same)
		s.missFacts(d, kind, given[kind], same)
	}
}

// discountsAsTiers counts a discount by quantity, which the product holds as a rebate (percentages by volume) and the labels as a price
// tier in percent, where it was labelled.
func discountsAsTiers(gold, given map[string][]map[string]string) {
	same := pairs(gold["rebate"], given["rebate"], func(a, b map[string]string) (float64, bool) { return sameFact("rebate", a, b) })
	used := map[int]bool{}
	for _, j := range same {
		used[j] = true
	}
	var kept []map[string]string
	for j, g := range given["rebate"] {
		tier := !used[j] && slices.ContainsFunc(gold["price_tier"], func(f map[string]string) bool {
			_, same := sameFact("price_tier", f, g)
			return same && f["percent"] != ""
		})
		if tier {
			given["price_tier"] = append(given["price_tier"], g)
			continue
		}
		kept = append(kept, g)
	}
	given["rebate"] = kept
}

// missFacts keeps the labelled facts that were not found, and those found that nobody labelled, for who tunes.
func (s *Score) missFacts(d *LabelledDocument, kind string, given []map[string]string, same map[int]int) {
	if s.misses == 0 {
		return
	}
	used, i := map[int]bool{}, -1
	for _, f := range d.Labels.Facts {
		if f.Kind != kind {
			continue
		}
		i++
		if j, ok := same[i]; ok {
			used[j] = true
			continue
		}
		s.FactMisses = append(s.FactMisses, Miss{d.Name, kind + " " + fieldsOf(f.Fields), "", f.Quote})
	}
	for j, g := range given {
		if !used[j] {
			s.FactMisses = append(s.FactMisses, Miss{d.Name, "", kind + " " + fieldsOf(g), ""})
		}
	}
}

func fieldsOf(f map[string]string) string {
	var out []string
	for _, k := range sortedKeys(f) {
		if f[k] != "" {
			out = append(out, k+"="+f[k])
		}
	}
	return strings.Join(out, " ")
}

// figuresOfFact are the fields of a kind that are compared.
func figuresOfFact(kind string) []string {
	return map[string][]string{
		"price": {"price"}, "price_tier": {"from", "until", "price", "percent"}, "rebate": {"from", "until", "percent"}, "minimum_commitment": {"amount", "quantity"},
		"escalator": {"percent", "floor", "cap"}, "insurance": {"per_occurrence", "aggregate"}, "milestone": {"date", "amount", "percent"}, "delay_damages": {"percent", "amount", "cap"},
	}[kind]
}

// factsOf writes the parameters of an obligation as the labels write facts.
func factsOf(o pact.Obligation) map[string][]map[string]string {
	out := map[string][]map[string]string{}
	if o.Duty != "" {
		return out // labelled among the duties
	}
	add := func(kind string, f map[string]string) { out[kind] = append(out[kind], f) }
	number := func(d *decimal.Decimal) string {
		if d == nil {
			return ""
		}
		return d.String()
	}
	sum := func(a *money.Amount) string {
		if a == nil {
			return ""
		}
		return a.Value.String() + " " + a.Currency
	}
	switch o.Kind {
	case "volume_price", "rebate":
		var p obligation.TieredParams
		if json.Unmarshal(o.Params, &p) != nil {
			return nil
		}
		for _, t := range p.Tiers {
			in := ""
			if p.Currency != "" {
				in = " " + p.Currency
			}
			until := number(t.To)
			if until != "" {
				until += in
			}
			f := map[string]string{"from": t.From.String() + in, "until": until, "price": sum(t.Price), "percent": number(t.Percent)}
			switch {
			case o.Kind == "rebate" && t.Percent != nil && t.Percent.IsZero():
			case o.Kind == "rebate":
				add("rebate", f)
			default:
				add("price_tier", f)
			}
		}
	case "unit_price":
		var p obligation.UnitPriceParams
		if json.Unmarshal(o.Params, &p) == nil {
			for _, x := range p.Prices {
				add("price", map[string]string{"item": x.Item, "price": sum(&x.Price), "unit": x.Unit})
			}
		}
	case "minimum_commitment":
		var p obligation.CommitmentParams
		if json.Unmarshal(o.Params, &p) == nil {
			add("minimum_commitment", map[string]string{"amount": sum(p.Amount), "quantity": number(p.Quantity)})
		}
	case "price_escalator":
		var p obligation.EscalatorParams
		if json.Unmarshal(o.Params, &p) == nil {
			percent := p.Fixed
			if percent == nil {
				percent = p.Share
			}
			if percent == nil {
				percent = p.Margin // labels write the points on top of an index there, too
			}
			add("escalator", map[string]string{"index": p.Index, "percent": number(percent), "floor": number(p.Floor), "cap": number(p.Cap)})
		}
	case "certificate":
		var p obligation.CertificateParams
		if json.Unmarshal(o.Params, &p) == nil {
			for _, c := range p.Required {
				if c.PerOccurrence != nil || c.Aggregate != nil {
					add("insurance", map[string]string{"cover": c.Kind, "per_occurrence": sum(c.PerOccurrence), "aggregate": sum(c.Aggregate)})
				}
			}
		}
	case "delivery_schedule":
		var p obligation.DeliveryParams
		if json.Unmarshal(o.Params, &p) == nil && p.Damages != nil {
			add("delay_damages", map[string]string{"percent": number(p.Damages.Percent), "amount": sum(p.Damages.Amount), "cap": number(p.Damages.CapPercent) + sum(p.Damages.CapAmount)})
		}
	case "milestone":
		var p obligation.MilestoneParams
		if json.Unmarshal(o.Params, &p) == nil {
			for _, m := range p.Milestones {
				add("milestone", map[string]string{"name": m.Name, "date": string(m.Due), "amount": sum(m.Amount), "percent": number(m.Percent)})
			}
		}
	}
	return out
}

// sameFact compares each figure that the label gives. A band from 251 and one from above 250 are the same band of whole numbers.
func sameFact(kind string, label, got map[string]string) (float64, bool) {
	same := 0
	for _, name := range figuresOfFact(kind) {
		if label[name] == "" {
			continue
		}
		switch {
		case (name == "from" || name == "until") && nearNumber(label[name], got[name]):
		case figure(label[name]) != "" && figure(label[name]) == figure(got[name]):
		case name == "date" && label[name] == got[name]:
		case kind == "milestone" && name == "percent" && got[name] == "" && label["amount"] != "" && figure(label["amount"]) == figure(got["amount"]):
			continue // the product keeps the amount alone, of which the share says the same
		default:
			return 0, false
		}
		same++
	}
	if kind == "escalator" && same == 0 { // only an index: its words
		j := jaccardOf(content(label["index"]), content(got["index"]))
		return j, j >= 0.3
	}
	if same == 0 {
		return 0, false
	}
	if kind == "price" && !sharesWord(label["item"], got["item"]) {
		return 0, false
	}
	like := float64(same)
	if wording.Fold(label["name"]) != "" && strings.Contains(wording.Fold(got["name"]), wording.Fold(label["name"])) {
		like += 0.5
	}
	return like, true
}

// sharesWord tells whether two names of an item have a word in common, in the singular: "engineer" and "Engineers".
func sharesWord(a, b string) bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(wording.Fold(a)) {
		words[singular(w)] = true
	}
	for _, w := range strings.Fields(wording.Fold(b)) {
		if words[singular(w)] {
			return true
		}
	}
	return false
}

func singular(w string) string {
	w = strings.Trim(w, ",.;:()")
	if strings.HasSuffix(w, "smen") {
		return strings.TrimSuffix(w, "men") + "man"
	}
	return strings.TrimSuffix(w, "s")
}

// nearNumber compares bounds. A label may write one as money ("250000.00 EUR"); the currency of the bands is compared where both have one.
func nearNumber(a, b string) bool {
	x, inX := boundOf(a)
	y, inY := boundOf(b)
	if x == nil || y == nil || inX != "" && inY != "" && inX != inY {
		return false
	}
	return x.Sub(*y).Abs().LessThanOrEqual(decimal.NewFromInt(1))
}

func boundOf(s string) (*decimal.Decimal, string) {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 2 {
		return nil, ""
	}
	n, err := decimal.NewFromString(words[0])
	if err != nil {
		return nil, ""
	}
	return &n, strings.Join(words[1:], "")
}

// figure is the number of a value such as "10 percent" or "212.00 USD", with its currency.
func figure(s string) string {
	words := strings.Fields(s)
	if len(words) == 0 {
		return ""
	}
	n, err := decimal.NewFromString(words[0])
	if err != nil {
		return ""
	}
	if len(words) > 1 && len(words[1]) == 3 && strings.ToUpper(words[1]) == words[1] {
		return n.String() + " " + words[1]
	}
	return n.String()
}
