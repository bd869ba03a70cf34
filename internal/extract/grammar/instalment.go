package grammar

import (
	"slices"
	"strings"

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
		if sp.End-sp.Start > 1500 || r.inTable(sp.Start) || !r.says(partWords(), sp) {
			continue
		}
		parts, wide := wording.Instalments(r.cut(sp)), sp
		if len(parts) == 0 && partsLead.MatchString(r.cut(sp)) {
			parts, wide = r.listedParts(n)
		}
		if len(parts) == 0 || len(parts) > maxInstalments || r.toldBefore("milestone", wide) {
			continue
		}
		r.addInstalments(parts, wide, wide == sp && unreadParts(r.cut(sp), parts))
		if made++; made == maxPlans {
			return
		}
	}
}

// listedParts reads the items of the list that follows the sentence n, a part each.
func (r *reading) listedParts(n int) ([]wording.Instalment, wording.Span) {
	wide := r.sentences[n]
	var parts []wording.Instalment
	for k := n + 1; k < len(r.sentences) && k <= n+maxInstalments; k++ {
		sp := r.sentences[k]
		s := r.cut(sp)
		item, ok := wording.ListedInstalment(s[partLabel.FindStringIndex(s)[1]:])
		if !ok || len(s) > 300 {
			break
		}
		parts, wide.End = append(parts, item), sp.End
	}
	if len(parts) < 2 {
		return nil, wide
	}
	return parts, wide
}

// unreadParts tells whether a sum stands after the first part that is in none: the sentence says more than was understood.
func unreadParts(s string, parts []wording.Instalment) bool {
	return slices.ContainsFunc(wording.Sums(s), func(sum wording.Sum) bool {
		return sum.Start > parts[0].End && !slices.ContainsFunc(parts, func(p wording.Instalment) bool { return p.Start <= sum.Start && sum.Start < p.End })
	})
}

func (r *reading) addInstalments(parts []wording.Instalment, at wording.Span, unread bool) {
	var p obligation.MilestoneParams
	shares := false
	for _, x := range parts {
		row := obligation.MilestoneRow{Name: x.Event, Percent: x.Percent, Amount: x.Amount, PayWithin: x.Within}
		if x.Due != "" {
			row.Name, row.Due, row.ByDate = "instalment of "+string(x.Due), x.Due, true
		}
		row.Acceptance = onAccept.MatchString(x.Event)
		if slices.ContainsFunc(p.Milestones, func(m obligation.MilestoneRow) bool { return m.Name == row.Name }) {
			return // two parts of one event are no plan that could be followed
		}
		shares = shares || x.Percent != nil
		p.Milestones = append(p.Milestones, row)
	}
	if total := r.get("total_contract_value"); shares && total != nil && total.Value != nil && len(total.Ambiguities) == 0 && len(total.Evidence) > 0 && total.Evidence[0].Passage != nil {
		p.ContractValue = total.Value.Money
	}
	o := pact.Obligation{Kind: "milestone", Key: r.freeKey("milestone"), Title: "Payment in instalments", Bearer: r.side("customer"), Beneficiary: r.side("supplier"), Deliverable: r.quoteWords(at), Frequency: "once"}
	if len(parts) == 1 {
		o.Title = short110("Payment with " + strings.TrimPrefix(p.Milestones[0].Name, "the "))
	}
	if m := payer.FindStringSubmatch(r.cut(at)); m != nil {
		if who, ok := r.bearerOf(m[1]); ok && who != o.Bearer {
			o.Bearer, o.Beneficiary = who, r.otherParty(who, "")
		}
	}
	if unread {
		o.Ambiguities = append(o.Ambiguities, pact.Ambiguity{Code: "milestones", Question: "The passage names further sums. What else is payable, and when?"})
	}
	r.obligation(o, p, "0.70", at)
	if p.ContractValue != nil {
		c := &r.found[len(r.found)-1]
		c.Evidence = append(slices.Clip(c.Evidence), r.get("total_contract_value").Evidence...)
		c.Obligation.Evidence = c.Evidence
	}
}

var partWords = anyWord("pay", "paid", "instalment", "installment", "milestone", "invoice", "price", "due")
