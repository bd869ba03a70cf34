package obligation

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// credit computes the money that follows, in the order of domain.md 4.3: band, raw credit, cap of the month, minimum
// payable, rounding, claim date. The exact ratio is looked up, never a rounded one.
func (p AvailabilityParams) credit(a *pact.Assessment, in Input, m month, tr tracer) {
	if len(p.Tiers) == 0 {
		tr.add("service credit", "the clause has no credit table", "no credit")
		return
	}
	ratio := m.ratio(m.downUntil(p, m.covered.End))
	rows := tiersAt(p.Tiers, ratio)
	if len(rows) != 1 {
		a.AmountState = "ambiguous"
		q := pact.Ambiguity{Code: "tier_gap", Question: fmt.Sprintf("%s %% falls in no row of the credit table. Which credit is due?", a.Measured)}
		if len(rows) > 1 {
			q = pact.Ambiguity{Code: "tier_overlap", Question: fmt.Sprintf("%s %% falls in several rows of the credit table. Which credit is due?", a.Measured)}
			for _, t := range rows {
				q.Texts = append(q.Texts, t.String())
			}
		}
		a.Ambiguities = append(a.Ambiguities, q)
		tr.add("band of the credit table", a.Measured+" %", "ambiguous: "+q.Question)
		return
	}
	tier := rows[0]
	tr.add("band of the credit table", a.Measured+" %", tier.String())
	if p.ClaimDays > 0 || p.ClaimAnchor == "second_month_end" {
		a.ClaimBy = p.claimBy(m.first)
	}
	if !tier.Credit.IsPositive() {
		a.ClaimBy = ""
		tr.add("service credit", "the row gives none", "no credit")
		return
	}
	base, ids, problem := chargeOf(in, p.Service, string(m.first[:7]))
	if problem != "" {
		a.AmountState = "needs_charge"
		tr.add("base of the credit", "the charge for "+p.Service+" in "+string(m.first[:7]), problem, ids...)
		p.explainClaim(a, m, tr)
		return
	}
	a.EventIDs = append(a.EventIDs, ids...)
	base2 := "the charge for " + p.Service + " in " + string(m.first[:7])
	if p.FeeBase != "" {
		base2 += " (" + p.FeeBase + ")"
	}
	tr.add("base of the credit", base2, base.String(), ids...)
	exact := base.Percent(tier.Credit)
	tr.add("credit", tier.Credit.String()+" % of "+base.String(), exact.String())
	if p.CapPercent != nil {
		limit := base.Percent(*p.CapPercent)
		if limit.Value.LessThan(exact.Value) {
			exact = limit
			tr.add("cap of the month", p.CapPercent.String()+" % of "+base.String(), "cut to "+exact.String())
		} else {
			tr.add("cap of the month", p.CapPercent.String()+" % of "+base.String()+" = "+limit.String(), "not reached")
		}
	}
	if m := p.MinimumPayable; m != nil {
		if m.Currency != base.Currency {
			a.AmountState = "ambiguous"
			a.Ambiguities = append(a.Ambiguities, pact.Ambiguity{
				Code:     "minimum_payable",
				Question: fmt.Sprintf("The minimum payable is in %s, the charge in %s. What is the minimum in %s?", m.Currency, base.Currency, base.Currency),
			})
			tr.add("minimum payable", m.String(), "ambiguous: another currency than the charge")
			return
		}
		if exact.Value.LessThan(m.Value) {
			tr.add("minimum payable, compared before rounding", exact.String()+" < "+m.String(), "no credit")
			a.ClaimBy = ""
			return
		}
		tr.add("minimum payable, compared before rounding", exact.String()+" >= "+m.String(), "payable")
	}
	amount := exact.Round()
	a.Amount = &amount
	tr.add("rounding, half up, once", exact.String(), amount.String())
	p.explainClaim(a, m, tr)
}

func (p AvailabilityParams) explainClaim(a *pact.Assessment, m month, tr tracer) {
	if a.ClaimBy == "" {
		return
	}
	from := "the end of the month, " + string(m.first.AddMonths(1).AddDays(-1))
	if p.ClaimAnchor == "second_month_end" {
		from = "the end of the second month after it, " + string(m.first.AddMonths(3).AddDays(-1))
	}
	tr.add("claim by", fmt.Sprintf("%d days after %s", p.ClaimDays, from), string(a.ClaimBy))
}

func (p AvailabilityParams) claimBy(first calendar.Date) calendar.Date {
	end := first.AddMonths(1).AddDays(-1)
	if p.ClaimAnchor == "second_month_end" {
		end = first.AddMonths(3).AddDays(-1)
	}
	return end.AddDays(p.ClaimDays)
}

// chargeOf adds up the charges of a service and month, each once. Charges may be given as such or as events.
func chargeOf(in Input, service, month string) (sum money.Amount, ids []pact.EventID, problem string) {
	charges := slices.Clone(in.Charges)
	events, _ := tidy(in.Events, "", in.At)
	for _, e := range events {
		if e.Kind == "charge" && e.Data.Amount != nil {
			charges = append(charges, pact.Charge{EventID: idOf(e), Service: e.Data.Service, Month: e.Data.Month, Amount: *e.Data.Amount})
		}
	}
	slices.SortStableFunc(charges, func(a, b pact.Charge) int {
		switch {
		case a.EventID < b.EventID:
			return -1
		case a.EventID > b.EventID:
			return 1
		}
		return 0
	})
	seen := map[pact.EventID]bool{}
	for _, c := range charges {
		if c.Month != month || !sameWord(service, AnyService) && !sameWord(c.Service, service) || c.EventID != "" && seen[c.EventID] {
			continue
		}
		if c.Amount.Check() != nil || !money.Sane(c.Amount.Value) {
			return money.Amount{}, ids, "a charge is no amount; correct it"
		}
		seen[c.EventID] = true
		if len(ids) == 0 && sum.Currency == "" {
			sum = money.New(decimal.Zero, c.Amount.Currency)
		}
		var err error
		if sum, err = sum.Add(c.Amount); err != nil {
			return money.Amount{}, ids, "charges in several currencies are known; one is needed"
		}
		if c.EventID != "" {
			ids = append(ids, c.EventID)
		}
	}
	if sum.Currency == "" {
		return sum, nil, "no charge of this month and service is known; the credit waits for it"
	}
	if sum.Value.IsNegative() {
		return money.Amount{}, ids, "the charges add up to less than nothing; correct them"
	}
	return sum, ids, ""
}

// tiersAt lists the rows a measured percentage falls in.
func tiersAt(tiers []pact.Tier, measured *money.Ratio) []pact.Tier {
	var rows []pact.Tier
	for _, t := range tiers {
		if t.From != nil && measured.Cmp(t.From.Rat()) < 0 || t.Below != nil && measured.Cmp(t.Below.Rat()) >= 0 {
			continue
		}
		rows = append(rows, t)
	}
	return rows
}

// CheckTiers finds what a credit table leaves open below the promise: percentages in no row, and percentages in two rows.
func CheckTiers(tiers []pact.Tier, target decimal.Decimal) []pact.Ambiguity {
	if len(tiers) == 0 {
		return nil
	}
	var out []pact.Ambiguity
	low := func(t pact.Tier) decimal.Decimal {
		if t.From == nil {
			return decimal.NewFromInt(-1)
		}
		return *t.From
	}
	rows := slices.Clone(tiers)
	slices.SortStableFunc(rows, func(a, b pact.Tier) int { return low(a).Cmp(low(b)) })
	reached := decimal.Zero
	for _, t := range rows {
		if t.From != nil && t.Below != nil && t.From.GreaterThanOrEqual(*t.Below) {
			out = append(out, pact.Ambiguity{Code: "tiers", Question: fmt.Sprintf("The row %q of the credit table is empty. What are its bounds?", t)})
			continue
		}
		switch from := low(t); {
		case from.GreaterThan(reached) && reached.LessThan(target):
			until := decimal.Min(from, target)
			out = append(out, pact.Ambiguity{Code: "tier_gap", Question: fmt.Sprintf("No row of the credit table holds from %s %% to below %s %%. Which credit is due there?", reached, until)})
		case from.LessThan(reached) && !reached.IsZero():
			out = append(out, pact.Ambiguity{Code: "tier_overlap", Question: fmt.Sprintf("Two rows of the credit table hold from %s %% to below %s %%. Which one governs?", decimal.Max(from, decimal.Zero), reached)})
		}
		if t.Below == nil {
			reached = decimal.NewFromInt(1000)
			continue
		}
		reached = decimal.Max(reached, *t.Below)
	}
	if reached.LessThan(target) {
		out = append(out, pact.Ambiguity{Code: "tier_gap", Question: fmt.Sprintf("No row of the credit table holds from %s %% to below the promised %s %%. Is there no credit?", reached, target)})
	}
	return out
}
