package grammar_test

import (
	"encoding/json"
	"testing"
)

// TestATableOfTiersNeedsNoHead reads all bands of a table whose first row is one of them.
func TestATableOfTiersNeedsNoHead(t *testing.T) {
	t.Parallel()
	head := "SUPPLY AGREEMENT\n\nThis Supply Agreement (the \"Agreement\") is entered into as of November 3, 2025 " + twoNames
	for name, c := range map[string]struct {
		clauses, kind, first string
		rows                 int
	}{
		"prices":      {"3. Prices. The price of each pump depends on the quantity bought in a calendar year:\n\nUp to 200 pumps | $412.50 per pump\n201 to 800 pumps | $398.00 per pump\nAbove 800 pumps | $385.00 per pump", "volume_price", "0", 3},
		"with a head": {"3. Prices. The price of each pump depends on the quantity bought in a calendar year:\n\nQuantity | Price\nUp to 200 pumps | $412.50 per pump\n201 to 800 pumps | $398.00 per pump\nAbove 800 pumps | $385.00 per pump", "volume_price", "0", 3},
		"a rebate":    {"3. Rebate. At the end of each calendar year Provider pays a rebate on the purchases of the year:\n\n$0 - $100,000 | 1 %\n$100,000 - $300,000 | 2 %\nover $300,000 | 3 %", "rebate", "0", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, x := range textIn(t, paperOf(head, c.clauses, twoHands)) {
				if x.Obligation == nil || x.Obligation.Kind != c.kind {
					continue
				}
				var p struct {
					Tiers    []struct{ From string }
					Eligible struct{ Items []string }
				}
				if err := json.Unmarshal(x.Obligation.Params, &p); err != nil || len(p.Tiers) != c.rows || p.Tiers[0].From != c.first || len(p.Eligible.Items) > 0 && p.Eligible.Items[0][0] == '$' {
					t.Errorf("%s, want %d tiers from %s", x.Obligation.Params, c.rows, c.first)
				}
				return
			}
			t.Errorf("no %s was read", c.kind)
		})
	}
}
