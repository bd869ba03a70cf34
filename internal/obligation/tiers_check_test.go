package obligation_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestACreditTableIsAskedWhereItsRowsDoNotMeet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		title, rows string
		asks        []string // words of each question
	}{
		{"rows that meet", `[{"from":"99","below":"99.9","credit":"5"},{"below":"99","credit":"10"}]`, nil},
		{"rows that include their bound leave a gap behind it", `[{"from":"99","up_to":"99.89","credit":"5"},{"up_to":"98.99","credit":"10"}]`, []string{"above 98.99 % to below 99 %", "above 99.89 % to below the promised 99.9 %"}},
		{"a bound that two rows include", `[{"from":"99","below":"99.9","credit":"5"},{"up_to":"99","credit":"10"}]`, []string{"Exactly 99 % lies in two rows"}},
		{"a row of one point", `[{"from":"99","below":"99.9","credit":"5"},{"below":"99","credit":"10"},{"from":"99.9","up_to":"99.9","credit":"1"}]`, nil},
		{"a row with two ends", `[{"from":"99","below":"99.9","up_to":"99.8","credit":"5"},{"below":"99","credit":"10"}]`, []string{"Which is its bound?", "from 99 % to below the promised"}},
	} {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			var rows []pact.Tier
			if err := json.Unmarshal([]byte(c.rows), &rows); err != nil {
				t.Fatal(err)
			}
			got := obligation.CheckTiers(rows, decimal.RequireFromString("99.9"))
			if len(got) != len(c.asks) {
				t.Fatalf("asked %+v", got)
			}
			for i, a := range got {
				if !strings.Contains(a.Question, c.asks[i]) {
					t.Errorf("asked %q, want %q", a.Question, c.asks[i])
				}
			}
		})
	}
}
