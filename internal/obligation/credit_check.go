package obligation

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// check asks for what the credit needs. worse tells whether a level is worse where it is higher.
func (r CreditParams) check(q *questions, target decimal.Decimal, worse bool) {
	q.oneOf("one_time_fees", r.OneTimeFees, "", "included", "excluded")
	var rules []string
	for name, set := range map[string]bool{"tiers": len(r.Tiers) > 0, "linear": r.Linear != nil, "per_step": r.PerStep != nil, "fee_multiple": r.FeeMultiple != nil} {
		if set {
			rules = append(rules, name)
		}
	}
	if slices.Sort(rules); len(rules) > 1 {
		var readings []pact.Outcome
		for _, governs := range rules {
			var others []string
			for _, name := range rules {
				if name != governs {
					others = append(others, `"`+name+`": null`)
				}
			}
			readings = append(readings, pact.Outcome{Reading: "that by " + governs, Set: `"credit": {` + strings.Join(others, ", ") + `}`})
		}
		q.choose("credit", "The clause gives the credit by more than one of tiers, linear, per_step and fee_multiple. Which one governs?", readings...)
	}
	if len(r.Tiers) > 100 {
		q.ask("tiers", "The credit table has more than 100 rows.")
		return
	}
	rows := make([]pact.Tier, 0, len(r.Tiers))
	for i, t := range r.Tiers {
		for _, d := range []*decimal.Decimal{t.From, t.Over, t.Below, t.UpTo, t.Percent} {
			if d != nil && !money.Sane(*d) {
				q.ask("tiers", "The credit table has a number out of range.")
				return
			}
		}
		if t.Percent == nil && t.Amount == nil {
			q.ask("tiers", "A row of the credit table gives neither a percentage nor an amount.")
			return
		}
		q.between("tiers", sprintf("tiers[%d].percent", i), 0, 10_000, t.Percent)
		q.amount("tiers", sprintf("tiers[%d].amount", i), t.Amount)
		rows = append(rows, t.bounds())
	}
	r.eitherInRow(q)
	if !worse && target.IsPositive() {
		*q = append(*q, CheckTiers(rows, target)...)
	}
	if r.Linear != nil {
		q.between("linear", "linear.percent_per_point", 0, 10_000, &r.Linear.PercentPerPoint)
	}
	if s := r.PerStep; s != nil {
		q.oneOf("per_step", s.Of, "", "shortfall", "downtime_minutes", "missed_cases")
		if s.Of == "" || !s.Step.IsPositive() || !money.Sane(s.Step) || (s.Percent == nil) == (s.Amount == nil) {
			q.ask("per_step", "For which step, and how much for each: a percentage or an amount?")
		}
		q.oneOf("count", s.Count, "", "full", "started")
		q.between("per_step", "per_step.percent", 0, 10_000, s.Percent)
		q.amount("per_step", "per_step.amount", s.Amount)
	}
	q.decimals("fee_multiple", 0, 10_000, r.FeeMultiple)
	q.decimals("cap_percent", 0, 100_000, r.CapPercent)
	q.currency(r.Currency)
	q.amount("cap_amount", "cap_amount", r.CapAmount)
	q.amount("minimum_payable", "minimum_payable", r.MinimumPayable)
	q.oneOf("claim_anchor", r.ClaimAnchor, "", "month_end", "second_month_end")
	q.days("claim_days", r.ClaimDays)
	if a := r.AtRisk; a != nil {
		q.between("at_risk", "at_risk.percent", 0, 10_000, a.Percent)
		q.between("at_risk", "at_risk.weight", 0, 10_000, &a.Weight)
		q.amount("at_risk", "at_risk.amount", a.Amount)
		if a.Percent != nil && a.Amount != nil {
			q.choose("at_risk", "The amount at risk is given twice, as a percentage and as an amount. Which one governs?",
				pact.Outcome{Reading: "the percentage", Set: `"credit": {"at_risk": {"amount": null}}`}, pact.Outcome{Reading: "the amount", Set: `"credit": {"at_risk": {"percent": null}}`})
		}
	}
	if c := r.RollingCap; c != nil {
		if c.Months < 1 || c.Months > 120 || (c.Percent == nil) == (c.Amount == nil) {
			q.ask("rolling_cap", "The rolling cap needs its months and either a percentage or an amount.")
		}
		q.between("rolling_cap", "rolling_cap.percent", 0, 100_000, c.Percent)
		q.amount("rolling_cap", "rolling_cap.amount", c.Amount)
	}
	if f := r.Repeat; f != nil {
		q.between("repeat", "repeat.factor", 0, 1000, &f.Factor)
		if f.Misses < 1 {
			q.ask("repeat", "From which miss in a row does the factor hold?")
		}
	}
	if t := r.Termination; t != nil && (t.Misses < 1 || t.Within < t.Misses || t.Within > 120) {
		q.ask("termination", "The right to terminate needs a number of misses and the periods within which they fall.")
	}
	r.checkAfter(q)
}

// eitherInRow asks about rows that give a percentage and an amount: which of them is owed.
func (r CreditParams) eitherInRow(q *questions) {
	both := func(t CreditTier) bool { return t.Percent != nil && t.Amount != nil }
	if !slices.ContainsFunc(r.Tiers, both) {
		return
	}
	table := func(keep func(*CreditTier)) string {
		rows := slices.Clone(r.Tiers)
		for i := range rows {
			if both(rows[i]) {
				keep(&rows[i])
			}
		}
		return `"credit": {` + member("tiers", rows) + `}`
	}
	q.choose("tiers", "A row of the credit table gives a percentage and an amount. Which one is owed?",
		pact.Outcome{Reading: "the percentage", Set: table(func(t *CreditTier) { t.Amount = nil })}, pact.Outcome{Reading: "the amount", Set: table(func(t *CreditTier) { t.Percent = nil })})
}
