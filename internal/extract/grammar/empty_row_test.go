package grammar_test

import (
	"encoding/json"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
)

// TestAnEmptyRowOfATableEndsNothing reads tables whose second row is empty or hidden, so that no cell of it is left.
func TestAnEmptyRowOfATableEndsNothing(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string][][]string{
		"steps": {{"Quantity", "Price"}, nil, {"1", "$412.50 per pump"}, {"201", "$398.00 per pump"}, {"801", "$385.00 per pump"}},
		"bands": {{"Quantity", "Price"}, {"Up to 200 pumps", "$412.50 per pump"}, nil, nil, {"201 to 800 pumps", "$398.00 per pump"}, {"Above 800 pumps", "$385.00 per pump"}},
		"first": {nil, {"Quantity", "Price"}, {"1", "$412.50 per pump"}, {"201", "$398.00 per pump"}, {"801", "$385.00 per pump"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b document.Builder
			paragraph := func(text string) {
				b.Start(document.Block{Kind: document.Paragraph})
				b.Write(text)
				b.End()
			}
			paragraph("SUPPLY AGREEMENT")
			paragraph("This Supply Agreement (the \"Agreement\") is entered into as of November 3, 2025 " + twoNames)
			paragraph("3. Prices. The price of each pump depends on the quantity bought in a calendar year:")
			for i, row := range rows {
				for j, text := range row {
					b.Start(document.Block{Kind: document.Cell, Table: 1, Row: i, Col: j})
					b.Write(text)
					b.End()
				}
			}
			d := b.Document([]byte(name), "grammar/test")
			list := through(t, d)
			extracttest.Sound(t, d, list)
			for _, x := range list {
				if x.Obligation == nil || x.Obligation.Kind != "volume_price" {
					continue
				}
				var p struct{ Tiers []struct{ From string } }
				if err := json.Unmarshal(x.Obligation.Params, &p); err != nil || len(p.Tiers) != 3 {
					t.Errorf("%s, want 3 tiers", x.Obligation.Params)
				}
				return
			}
			t.Error("no price by volume was read")
		})
	}
}
