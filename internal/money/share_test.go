package money_test

import (
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/money"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestAllocateGivesWhatIsLeftByLargestRemainder(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, total, currency string
		weights, want         []string
	}{
		{"thirds of a hundred", "100.00", "USD", []string{"1", "1", "1"}, []string{"33.34", "33.33", "33.33"}},
		{"ties go to the earlier part", "0.01", "USD", []string{"1", "1"}, []string{"0.01", "0.00"}},
		{"largest remainder first", "1.00", "USD", []string{"1", "5", "3"}, []string{"0.11", "0.56", "0.33"}},
		{"a currency without cents", "100", "JPY", []string{"1", "2"}, []string{"33", "67"}},
		{"a negative amount", "-100.00", "USD", []string{"1", "1", "1"}, []string{"-33.34", "-33.33", "-33.33"}},
		{"a weight of zero", "10.00", "EUR", []string{"0", "1"}, []string{"0.00", "10.00"}},
		{"standalone selling prices 50, 25, 75 of 100", "100.00", "USD", []string{"50", "25", "75"}, []string{"33.33", "16.67", "50.00"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var weights []decimal.Decimal
			for _, w := range c.weights {
				weights = append(weights, dec(w))
			}
			parts, err := money.Allocate(money.New(dec(c.total), c.currency), weights)
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range parts {
				if !p.Value.Equal(dec(c.want[i])) {
					t.Errorf("part %d is %s, want %s", i, p, c.want[i])
				}
			}
		})
	}
}

func TestPartsAlwaysAddUpToTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := money.New(decimal.New(rapid.Int64Range(-1e12, 1e12).Draw(t, "cents"), -2), "USD")
		var weights []decimal.Decimal
		for _, w := range rapid.SliceOfN(rapid.Int64Range(0, 1e6), 1, 20).Draw(t, "weights") {
			weights = append(weights, decimal.New(w, -3))
		}
		weights = append(weights, dec("1"))
		parts, err := money.Allocate(total, weights)
		if err != nil {
			t.Fatal(err)
		}
		sum := money.New(decimal.Zero, "USD")
		for i, p := range parts {
			if sum, err = sum.Add(p); err != nil {
				t.Fatal(err)
			}
			if weights[i].IsZero() && !p.IsZero() {
				t.Fatalf("a weight of zero got %s", p)
			}
		}
		if !sum.Equal(total) {
			t.Fatalf("parts add up to %s, not %s", sum, total)
		}
	})
}

func TestAllocateRefusesWhatHasNoAnswer(t *testing.T) {
	t.Parallel()
	ten := money.New(dec("10"), "USD")
	for name, weights := range map[string][]decimal.Decimal{
		"no parts": nil, "all zero": {dec("0")}, "negative": {dec("-1"), dec("2")},
		"hostile exponent": {decimal.New(1, 999999999)},
	} {
		if _, err := money.Allocate(ten, weights); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := money.Split(ten, 0); err == nil {
		t.Error("split into 0 parts: no error")
	}
}

func TestRatiosAreShownExactOrRoundedOntoNoLevel(t *testing.T) {
	t.Parallel()
	cases := []struct{ a, b, want string }{
		{"1875", "100", "18.75"},
		{"99999999", "1000000", "99.999999"},
		{"999999999", "10000003", "99.999970"},
		{"90", "1", "90"},
		{"2", "3", "0.666667"},
		{"-2", "3", "-0.666667"},
		{"1", "1024", "0.0009765625"},
		{"9999999951", "100000003", "99.999997"},
		{"299999999", "3000000", "99.999999"},   // 99.99999966…, and not 100
		{"15000001", "3000000", "5.000001"},     // 5.00000033…, and not 5
		{"2996999999", "30000000", "99.899999"}, // 99.89999996…, and not 99.9
	}
	for _, c := range cases {
		r, _ := new(big.Rat).SetString(c.a + "/" + c.b)
		if got := money.RatioString(r, 12, 6); got != c.want {
			t.Errorf("%s/%s shown as %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

func TestPercentAndRoundAreHalfUpAtTheEndOnly(t *testing.T) {
	t.Parallel()
	got := money.New(dec("42500.25"), "USD").Percent(dec("10.1")).Round()
	if got.String() != "4292.53 USD" {
		t.Errorf("got %s", got)
	}
	if half := money.New(dec("0.125"), "USD").Round(); half.String() != "0.13 USD" {
		t.Errorf("half goes up: got %s", half)
	}
}

// What is shown never contradicts the judgement: it lies on the same side of a level as the ratio itself, and no further from the ratio than
// one unit of its last place.
func TestWhatIsShownLiesOnTheSameSideOfALevel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		level := decimal.New(rapid.Int64Range(0, 100_000_000).Draw(t, "level"), int32(-rapid.IntRange(0, 6).Draw(t, "places"))).Rat()
		denominator := rapid.SampledFrom([]int64{3, 7, 44_640, 43_200, 999_999_999, 3_000_000_000_000}).Draw(t, "denominator")
		away := big.NewRat(rapid.Int64Range(-5, 5).Draw(t, "away"), denominator)
		r := new(big.Rat).Add(level, away)
		shown := dec(money.RatioString(r, 12, 6, level)).Rat()
		if shown.Cmp(level) != r.Cmp(level) {
			t.Fatalf("%s is shown as %s beside %s", r.FloatString(15), shown.FloatString(6), level.FloatString(6))
		}
		if off := new(big.Rat).Sub(shown, r); off.Abs(off).Cmp(big.NewRat(1, 1_000_000)) > 0 {
			t.Fatalf("%s is shown as %s", r.FloatString(15), shown.FloatString(6))
		}
	})
}
