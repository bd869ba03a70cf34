package grammar

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

var (
	// "(a) 30 % on order", "- 30 % on order", "30 % on order;"
	partLabel = expression.MustCompile(`(?i)^[\s\x{2022}*-]*(?:\(?(?:[a-h]|i{1,3}|iv|v|vi|\d)[.)] ?)?`)
	partsLead = expression.MustCompile(`(?i)\b(?:pay(?:s|able|ments?)?|paid|price|fees?|instal+ments?|milestones?)\b[^.]{0,160}(?::|follows|stages|instal+ments|parts)[:.]?$`)
)

const (
	maxInstalments = 20
	maxPlans       = 6
)

// findInstalments reads a price that is paid in parts, in one sentence or in a list under one: "50 % on signing and 50 % within 30 days
// after acceptance". Who pays owes them.
func (r *reading) findInstalments() {
	made := 0
	for n := range r.sentences {
		sp := r.sentences[n]
		if sp.End-sp.Start > 1500 || r.inTable(sp.Start) || !r.shows(n, signParts) {
			continue
		}
		parts, wide := wording.Instalments(r.cut(sp)), sp
		if len(parts) == 0 && partsLead.MatchString(r.cut(sp)) {
			parts, wide = r.listedParts(n)
		}
		if len(parts) == 0 || len(parts) > maxInstalments || r.toldBefore("milestone", wide) {
			continue
		}
		if wide == sp {
			r.addInstalments(parts, wide, unreadParts(r.cut(sp), parts))
		} else {
			parts[0].Start, parts[0].End = sp.End-sp.Start, sp.End-sp.Start // behind the sentence that leads into the list
			r.addInstalments(parts, wide, false)
		}
		if made++; made == maxPlans {
			return
		}
	}
}

// planLead is in the head of a table in which a price is paid in parts, or before it.
var planLead = expression.MustCompile(`(?i)\b(?:pay(?:able|ments?)?|paid|instal+ments?|milestones?|stages?|due)\b`)

// planTable reads a table whose every row has a figure and a step: "Upon order | 30%", "30% | Upon order". What has days is a plan of
// deliveries and is read as such.
func (r *reading) planTable(g *grid) bool {
	lead := rowText(g.rows[0]) + " " + r.s[r.safe(max(0, g.Start-120)):g.Start]
	if len(g.rows) < 3 || len(g.rows) > maxInstalments+2 || !planLead.MatchString(lead) {
		return false
	}
	var parts []wording.Instalment
	for n, cells := range g.rows[1:] {
		figure, step, summed := "", "", false
		for col, c := range cells {
			sum, ok := bareSum(c.text, g.headOver(1, col), nil)
			share := len(c.text) < 24 && strings.ContainsAny(c.text, "%$€£")
			switch {
			case len(c.text) < 4 && !share:
			case ok && !summed:
				figure, summed = sum.Amount.String(), true
			case share && figure == "":
				figure = c.text
			case step == "" && !share:
				step = c.text
			case !share:
				return false
			}
		}
		part, ok := wording.ListedInstalment(lead, figure+" "+step)
		if !ok {
			part, ok = wording.ListedInstalment(lead, step+": "+figure)
		}
		if !ok && len(parts) > 1 && n == len(g.rows)-2 && totalRow.MatchString(step) {
			break
		}
		if !ok || part.Due != "" {
			return false
		}
		part.Start, part.End = 0, 0
		parts = append(parts, part)
	}
	if parts = wording.WithRest(parts); len(parts) < 2 || r.toldBefore("milestone", g.Span) {
		return false
	}
	r.addInstalments(parts, g.Span, false)
	return true
}

// listedParts reads the items of the list that follows the sentence n, a part each.
func (r *reading) listedParts(n int) ([]wording.Instalment, wording.Span) {
	wide, lead := r.sentences[n], r.cut(r.sentences[n])
	var parts []wording.Instalment
	for k := n + 1; k < len(r.sentences) && k <= n+maxInstalments; k++ {
		sp := r.sentences[k]
		s := r.cut(sp)
		item, ok := wording.ListedInstalment(lead, s[partLabel.FindStringIndex(s)[1]:])
		if !ok || len(s) > 300 {
			break
		}
		parts, wide.End = append(parts, item), sp.End
	}
	if parts = wording.WithRest(parts); len(parts) < 2 {
		return nil, wide
	}
	return parts, wide
}

// leftOver is a rest behind the parts of which neither a figure nor a day was understood.
var leftOver = expression.MustCompile(`(?i)\b(?:balance|remainder|rest of the (?:price|fee|sum|amount))\b`)

// unreadParts tells whether a sum or a rest stands after the first part that is in none: the sentence says more than was understood.
func unreadParts(s string, parts []wording.Instalment) bool {
	if last := parts[len(parts)-1]; !last.Rest && leftOver.MatchString(s[last.End:]) {
		return true
	}
	return slices.ContainsFunc(wording.Sums(s), func(sum wording.Sum) bool {
		return sum.Start > parts[0].End && !slices.ContainsFunc(parts, func(p wording.Instalment) bool { return p.Start <= sum.Start && sum.Start < p.End })
	})
}

func (r *reading) addInstalments(parts []wording.Instalment, at wording.Span, unread bool) {
	var p obligation.MilestoneParams
	var o pact.Obligation
	var total decimal.Decimal
	shares, rest := false, unread
	for _, x := range parts {
		row := obligation.MilestoneRow{Name: x.Event, Percent: x.Percent, Amount: x.Amount, PayWithin: x.Within}
		if x.Due != "" {
			row.Name, row.Due, row.ByDate = "instalment of "+string(x.Due), x.Due, true
		}
		row.Acceptance = onAccept.MatchString(x.Event)
		if x.Latest != "" {
			o.Ambiguities = append(o.Ambiguities, pact.Ambiguity{Code: "milestones", Question: "What is payable with " + x.Event + " is payable no later than " + x.Latest + ". Is it due then without it?"})
		}
		if hasStep(p, row.Name) && x.Within != nil {
			row.Name += ", within " + x.Within.String() // a part with the event, and another one later
		}
		if hasStep(p, row.Name) {
			return // two parts of one event are no plan that could be followed
		}
		if x.Percent != nil {
			shares, total = true, total.Add(*x.Percent)
		} else if x.Rest {
			o.Ambiguities = append(o.Ambiguities, pact.Ambiguity{Code: "milestones", Question: "How much is the rest, which is payable with " + x.Event + "?"})
			rest = false
		}
		p.Milestones = append(p.Milestones, row)
	}
	whole, told := wholeOf(r.cut(wording.Span{Start: at.Start, End: at.Start + parts[0].Start}), r.cut(at), parts[0])
	if shares && whole != nil {
		p.ContractValue = whole
	}
	value := r.get("total_contract_value")
	ofTotal := shares && !told && value != nil && value.Value != nil && len(value.Ambiguities) == 0 && len(value.Evidence) > 0 && value.Evidence[0].Passage != nil
	if ofTotal {
		p.ContractValue = value.Value.Money
	}
	o.Kind, o.Key, o.Title, o.Bearer, o.Beneficiary = "milestone", r.freeKey("milestone"), "Payment in instalments", r.side("customer"), r.side("supplier")
	o.Deliverable, o.Frequency = r.quoteWords(at), "once"
	if len(parts) == 1 {
		o.Title = short110("Payment with " + strings.TrimPrefix(p.Milestones[0].Name, "the "))
	}
	if m := planPayer.FindStringSubmatch(r.cut(at)); m != nil {
		if who, ok := r.bearerOf(m[1]); ok && who != o.Bearer {
			o.Bearer, o.Beneficiary = who, r.otherParty(who, "")
		}
	}
	switch left := decimal.NewFromInt(100).Sub(total); {
	case shares && left.IsPositive() && len(o.Ambiguities) == 0:
		o.Ambiguities = append(o.Ambiguities, pact.Ambiguity{Code: "milestones", Question: "The parts come to " + total.String() + " % of the price. When is the rest payable?"})
	case rest:
		o.Ambiguities = append(o.Ambiguities, pact.Ambiguity{Code: "milestones", Question: "The passage names further sums. What else is payable, and when?"})
	}
	r.obligation(o, p, "0.70", at)
	if ofTotal {
		c := &r.found[len(r.found)-1]
		c.Evidence = append(slices.Clip(c.Evidence), value.Evidence...)
		c.Obligation.Evidence = c.Evidence
	}
}

// hasStep tells whether a plan has a milestone of a name.
func hasStep(p obligation.MilestoneParams, name string) bool {
	return slices.ContainsFunc(p.Milestones, func(m obligation.MilestoneRow) bool { return m.Name == name })
}

// planPayer is who is said to pay in parts, or to lend.
var planPayer = expression.MustCompile(`\b((?:[Tt]he )?[A-Z][\w&-]*(?: [A-Z][\w&-]*){0,2}) (?:shall|will|must|agrees to) (?:pay|settle|remit|advance|lend|disburse|refund|repay|return)\b`)

var (
	// priceNoun is a price with the words that say of what.
	priceNoun = expression.MustCompile(`(?i)\b((?:[\w'-]+ ){0,5})(price|fees?|sum|amount|value|charges?|costs?|consideration|bonus|remuneration|budget|compensation|retainer|premium|loan|deposit|commission|grant)\b`)
	// ownPrice are words before a price that leave it that of the whole contract.
	ownPrice = expression.MustCompile(`(?i)^(?:contract|contractual|total|purchase|agreed|whole|entire|overall|fixed|net|gross|lump|aggregate|full|basic|project|contract's|agreement|above|said|stated|due|payable|order)$`)
	// endsPrice are words that stand before the words of a price and say nothing of it.
	endsPrice = expression.MustCompile(`(?i)^(?:the|an?|this|that|its|their|such|of|to|and|or|in|for|on|pay|pays|paid|shall|will|must|be|is|are|by|as|which|following|each|supplier|customer|client|buyer|seller|contractor|provider|purchaser|owner|(?:\w+)'s?|\w+s')$`)
)

// wholeOf is the sum whose shares are paid, where the words before the first share name one, and whether the shares are of something that
// the sentence names: "the set-up fee of $30,000 is payable 40 % on signing" is told of another sum than the contract's.
func wholeOf(before, s string, first wording.Instalment) (*money.Amount, bool) {
	var sums []money.Amount
	for _, sum := range wording.Sums(before) {
		if len(sum.Readings) > 0 || otherUnit.MatchString(before[sum.End:]) {
			return nil, true
		}
		sums = append(sums, sum.Amount)
	}
	if len(sums) > 1 {
		return nil, true // which of them is not told
	}
	if len(sums) == 1 {
		return &sums[0], true
	}
	behind := s[min(len(s), first.Start):min(len(s), first.End)]
	for _, words := range []string{behind, before} {
		all := priceNoun.FindAllStringSubmatch(words, -1)
		if len(all) == 0 {
			continue
		}
		of := strings.Fields(all[len(all)-1][1])
		for k := len(of) - 1; k >= 0 && !endsPrice.MatchString(of[k]); k-- {
			if !ownPrice.MatchString(of[k]) {
				return nil, true
			}
		}
		return nil, false
	}
	return nil, false
}
