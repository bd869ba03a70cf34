package obligation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// Sums of a clause may be in another currency than the charges, and charges in several. They are never compared or added as numbers: what
// is meant is asked, with what the amount comes to under each reading, and CreditParams.Convert keeps the answer.

// inCurrency is a sum of the clause in the currency of the charges, exact. ok is false where it is asked what is meant, or a rate is missing.
func (c creditCase) inCurrency(a *pact.Assessment, in Input, what string, given money.Amount, currency string, tr tracer) (sum *big.Rat, ok bool) {
	if given.Currency == currency {
		return given.Ratio(), true
	}
	switch c.rule.Convert {
	case "number":
		tr.add("currency of the "+what, fmt.Sprintf("%s, meant in %s", given, currency), money.New(given.Value, currency).String())
		return given.Ratio(), true
	case "rate":
		return c.exchanged(a, in, given, currency, "the "+what, tr)
	}
	q := c.whichCurrency(what, given, currency)
	a.AmountState = "ambiguous"
	a.Ambiguities = append(a.Ambiguities, q)
	tr.add(what, given.String(), "ambiguous: another currency than the charge")
	return nil, false
}

// whichCurrency asks what a sum of the clause is in the currency of the charges.
func (c creditCase) whichCurrency(what string, given money.Amount, currency string) pact.Ambiguity {
	code, short := "cap_currency", what
	if what == "minimum payable" {
		code, short = "minimum_payable", "minimum"
	}
	return pact.Ambiguity{
		Code:     code,
		Question: fmt.Sprintf("The %s is in %s, the charge in %s. What is the %s in %s?", what, given.Currency, currency, short, currency),
		Outcomes: []pact.Outcome{
			{Reading: money.New(given.Value, currency).String() + " is meant", Set: c.setting(member("convert", "number"))},
			{Reading: given.String() + " at the rate of the last day of the period", Set: c.setting(member("convert", "rate"))},
		},
	}
}

// exchanged converts a sum at the last rate known for the last day of the period, and says so.
func (c creditCase) exchanged(a *pact.Assessment, in Input, given money.Amount, currency, purpose string, tr tracer) (sum *big.Rat, ok bool) {
	on := c.period.Until.AddDays(-1)
	rate, e := in.log().at(in.At).rate(given.Currency, currency, on, tr.zone)
	if e == nil {
		a.AmountState = "needs_rate"
		tr.add("exchange rate for "+purpose, given.String(), fmt.Sprintf("no rate %s/%s of %s or before is known", given.Currency, currency, on))
		return nil, false
	}
	sum = mul(given.Ratio(), rate)
	a.EventIDs = append(a.EventIDs, eventID(e))
	tr.add("exchange rate for "+purpose, fmt.Sprintf("%s at %s = %s of %s", given, e.Data.Item, e.Data.Value, dayOf(*e, tr.zone)), exactText(sum, currency), eventID(e))
	return sum, true
}

// setting writes members of the credit as parameters of the clause. A credit in the short form becomes one in the full form.
func (c creditCase) setting(members string) string {
	if !c.short {
		return `"credit": {` + members + `}`
	}
	rule, err := json.Marshal(c.rule)
	if err != nil {
		return ""
	}
	if rule, err = Patch(rule, json.RawMessage("{"+members+"}")); err != nil {
		return ""
	}
	return `"tiers": null, "cap_percent": null, "minimum_payable": null, "claim_days": null, "claim_anchor": null, "fee_base": null, "credit": ` + string(rule)
}

// charged adds up the charges that the credit is of, in one currency; rule and about name them in the trace. ok is false where they are not known, or it is asked in which they
// count.
func (c creditCase) charged(a *pact.Assessment, in Input, months []string, rule, about string, tr tracer) (sum money.Amount, ids []pact.EventID, ok bool) {
	if !c.oneTimeFees(a, in, months, tr) {
		return sum, ids, false
	}
	in = c.rule.fees(in)
	sum, ids, problem := chargesOf(in, c.service, months)
	if problem == "" && (c.rule.Currency == "" || sum.Currency == c.rule.Currency) {
		return sum, ids, true
	}
	list := chargesFor(in, c.service, months)
	named := currenciesOf(list)
	switch {
	case problem != "" && problem != severalCurrencies:
		a.AmountState = "needs_charge"
		tr.add(rule, about, problem, ids...)
		return sum, ids, false
	case c.rule.Currency == "":
		q := pact.Ambiguity{Code: "charge_currency", Question: fmt.Sprintf("The charges of %s are in %s. In which currency is the credit computed?", monthsText(months), strings.Join(named, " and "))}
		for _, currency := range named {
			q.Outcomes = append(q.Outcomes, pact.Outcome{Reading: "in " + currency + ", the others at the rate of the last day of the period", Set: c.setting(member("currency", currency) + ", " + member("convert", "rate"))})
		}
		a.AmountState = "ambiguous"
		a.Ambiguities = append(a.Ambiguities, q)
		tr.add(rule, about, "ambiguous: charges in "+strings.Join(named, " and "))
		return sum, ids, false
	}
	total := new(big.Rat)
	ids = nil
	for _, one := range list {
		part := one.Amount.Ratio()
		if one.Amount.Currency != c.rule.Currency {
			if part, ok = c.exchanged(a, in, one.Amount, c.rule.Currency, "the charge of "+one.Month, tr); !ok {
				return sum, ids, false
			}
		}
		total = plus(total, part)
		if one.EventID != "" {
			ids = append(ids, one.EventID)
		}
	}
	return money.FromRatio(total, c.rule.Currency), ids, true
}

// chargesFor lists the charges of a service in some months, each once, in the order of their ids.
func chargesFor(in Input, service string, months []string) []pact.Charge {
	charges := slices.Clone(in.Charges)
	for e := range in.log().at(in.At).each("charge") {
		if e.Data.Amount != nil {
			charges = append(charges, pact.Charge{EventID: eventID(e), Service: e.Data.Service, Month: e.Data.Month, Amount: *e.Data.Amount, Item: e.Data.Item})
		}
	}
	slices.SortStableFunc(charges, func(a, b pact.Charge) int { return strings.Compare(string(a.EventID), string(b.EventID)) })
	seen := map[pact.EventID]bool{}
	return slices.DeleteFunc(charges, func(c pact.Charge) bool {
		if !slices.Contains(months, c.Month) || !sameWord(service, AnyService) && !sameWord(c.Service, service) || c.EventID != "" && seen[c.EventID] || in.noFee != nil && in.noFee(c.Item) {
			return true
		}
		seen[c.EventID] = true
		return false
	})
}

func currenciesOf(list []pact.Charge) []string {
	var out []string
	for _, c := range list {
		if !slices.Contains(out, c.Amount.Currency) {
			out = append(out, c.Amount.Currency)
		}
	}
	slices.Sort(out)
	return out
}

// rate is the last exchange rate reported on or before a day, with its event; nil where there is none. One reported later about an earlier
// day does not replace it.
func (v *view) rate(from, to string, on calendar.Date, zone *time.Location) (*big.Rat, *pact.Event) {
	var best *pact.Event
	var inverse bool
	for e := range v.each("rate") {
		direct := strings.EqualFold(e.Data.Item, from+"/"+to)
		back := strings.EqualFold(e.Data.Item, to+"/"+from)
		if !direct && !back || e.Data.Value == nil || !e.Data.Value.IsPositive() || !money.Sane(*e.Data.Value) || dayOf(*e, zone) > on {
			continue
		}
		if best != nil && dayOf(*e, zone) < dayOf(*best, zone) {
			continue
		}
		best, inverse = e, back
	}
	if best == nil {
		return nil, nil
	}
	rate := best.Data.Value.Rat()
	if inverse {
		rate = new(big.Rat).Inv(rate)
	}
	return rate, best
}

// dayOf is the civil date an event stands for in a zone.
func dayOf(e pact.Event, zone *time.Location) calendar.Date {
	if e.Data.Date != "" {
		return e.Data.Date
	}
	return calendar.DateIn(e.OccurredAt, cmp.Or(zone, time.UTC))
}

// quietly brings a sum of the clause into a currency for a day, without a question; ok is false where that needs an answer or a rate.
func (c creditCase) quietly(in Input, given money.Amount, currency string, on calendar.Date) (sum *big.Rat, ok bool) {
	switch {
	case given.Currency == currency, c.rule.Convert == "number":
		return given.Ratio(), true
	case c.rule.Convert == "rate":
		if rate, e := in.log().at(in.At).rate(given.Currency, currency, on, time.UTC); e != nil {
			return mul(given.Ratio(), rate), true
		}
	}
	return nil, false
}
