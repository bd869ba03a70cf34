package evaluate

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/pact"
)

// sameValue compares as a reviewer would: what the label does not fix is not asked for.
func sameValue(name string, gold, got pact.Value) bool {
	switch {
	case name == "governing_law":
		return sameLaw(got.Text, gold.Text)
	case name == "title":
		return sameTitle(got.Text, gold.Text)
	case gold.Kind != got.Kind:
		return false
	case gold.Kind == pact.EvergreenValue:
		return true
	case gold.Kind == pact.TextValue:
		return strings.EqualFold(strings.TrimSpace(got.Text), strings.TrimSpace(gold.Text))
	case gold.Kind == pact.DateValue:
		return got.Date == gold.Date
	case gold.Duration != nil && got.Duration != nil:
		return sameDuration(*got.Duration, *gold.Duration)
	case gold.Money != nil && got.Money != nil:
		return got.Money.Value.Equal(gold.Money.Value) && got.Money.Currency == gold.Money.Currency
	case gold.Percentage != nil && got.Percentage != nil:
		return got.Percentage.Equal(*gold.Percentage)
	case gold.Number != nil && got.Number != nil:
		return got.Number.Equal(*gold.Number)
	case gold.Flag != nil && got.Flag != nil:
		return *got.Flag == *gold.Flag
	case gold.Payment != nil && got.Payment != nil:
		return samePayment(*gold.Payment, *got.Payment)
	case gold.Cap != nil && got.Cap != nil:
		return sameCap(*gold.Cap, *got.Cap)
	case gold.Kind == pact.TiersValue:
		return len(gold.Tiers) == len(got.Tiers) && commonTiers(gold.Tiers, got.Tiers) == len(gold.Tiers)
	case gold.Kind == pact.PartiesValue:
		return sameNames(gold.Parties, got.Parties)
	}
	return false
}

func samePayment(gold, got pact.PaymentTerms) bool {
	if (gold.NetDays == nil) != (got.NetDays == nil) || gold.NetDays != nil && *gold.NetDays != *got.NetDays {
		return false
	}
	if fromMonthEnd(gold) != fromMonthEnd(got) || gold.OnReceipt != got.OnReceipt || len(gold.Discounts) != len(got.Discounts) {
		return false
	}
	for i, d := range gold.Discounts {
		if !d.Percent.Equal(got.Discounts[i].Percent) || d.Days != got.Discounts[i].Days {
			return false
		}
	}
	if gold.Basis != "" && got.Basis != "" && gold.Basis != got.Basis {
		return false
	}
	return gold.Late == nil || got.Late != nil && gold.Late.Equal(*got.Late) && gold.LatePer == got.LatePer
}

// fromMonthEnd tells whether days run from the end of a month: labels write it as EOM, readings of "after the end of the month" as a basis.
func fromMonthEnd(p pact.PaymentTerms) bool { return p.EOM || p.Basis == "month_end" }

func sameCap(gold, got pact.Cap) bool {
	if gold.Amount != nil && (got.Amount == nil || !gold.Amount.Value.Equal(got.Amount.Value) || gold.Amount.Currency != got.Amount.Currency) {
		return false
	}
	if gold.Multiple != nil && (got.Multiple == nil || !gold.Multiple.Equal(*got.Multiple)) {
		return false
	}
	if gold.Window != nil && got.Window != nil && !sameDuration(*gold.Window, *got.Window) {
		return false
	}
	// A second limit that the text does not have is a wrong reading.
	return (gold.Amount != nil) == (got.Amount != nil) && (gold.Multiple != nil) == (got.Multiple != nil)
}

func commonTiers(gold, got []pact.Tier) int {
	n := 0
	for _, g := range gold {
		for _, t := range got {
			if sameBound(g.From, t.From) && sameUpper(g, t) && g.Credit.Equal(t.Credit) {
				n++
				break
			}
		}
	}
	return n
}

// sameUpper compares bounds above. The labels write the figure of the table, whether or not it belongs to the row.
func sameUpper(a, b pact.Tier) bool {
	x, _ := a.Upper()
	y, _ := b.Upper()
	return sameBound(x, y)
}

func sameBound(a, b *decimal.Decimal) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

func sameNames(gold, got []pact.Party) bool {
	names := map[string]bool{}
	for _, p := range got {
		names[nameKey(p.Name)] = true
	}
	for _, p := range gold {
		if !names[nameKey(p.Name)] {
			return false
		}
	}
	return len(names) == len(gold)
}
