package backtest_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/docs"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/obligation"
)

// Dates at the ends of time and numbers of any size are refused, asked about or left out; nothing panics.
func TestDatesAndNumbersAtTheEdges(t *testing.T) {
	t.Parallel()
	edges := []string{"9999-12-31", "0001-01-01", "2189-12-31", "1900-01-01"}
	numbers := []string{`"0"`, `"-1"`, `"99999999999999999999999999999999999999"`, `"1` + strings.Repeat("0", 500) + `"`, `"0.0000000000000000000001"`}
	for _, k := range obligation.All() {
		t.Run(k.Name(), func(t *testing.T) {
			t.Parallel()
			e, err := docs.BacktestExample(k.Name())
			if err != nil {
				t.Fatal(err)
			}
			var tries [][2]string
			for _, edge := range edges {
				for _, known := range datesIn(e.Terms + e.Events) {
					tries = append(tries, [2]string{strings.ReplaceAll(e.Terms, known, edge), strings.ReplaceAll(e.Events, known, edge)})
				}
			}
			for _, n := range numbers {
				for _, known := range numbersIn(e.Terms + e.Events) {
					tries = append(tries, [2]string{strings.ReplaceAll(e.Terms, known, n), strings.ReplaceAll(e.Events, known, n)})
				}
			}
			for _, try := range tries {
				in, err := input([]byte(try[0]), []byte(try[1]))
				if err != nil {
					continue
				}
				for _, asOf := range []string{"2026-06-01T00:00:00Z", "2200-01-01T00:00:00Z"} {
					in.AsOf, in.From, in.To = at(asOf), "2025-01-01", "2027-01-01"
					if _, err := backtest.Run(t.Context(), in); err != nil {
						t.Errorf("%v", err)
					}
				}
			}
		})
	}
}

// datesIn lists the dates of a text, numbersIn its quoted decimals.
func datesIn(s string) []string   { return distinct(s, `\d{4}-\d{2}-\d{2}`) }
func numbersIn(s string) []string { return distinct(s, `"\d+(\.\d+)?"`) }

func distinct(s, pattern string) []string {
	found := regexp.MustCompile(pattern).FindAllString(s, -1)
	slices.Sort(found)
	return slices.Compact(found)
}
