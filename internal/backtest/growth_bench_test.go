package backtest_test

import (
	"fmt"
	"testing"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/pact"
)

// BenchmarkInvoicesJudged measures how the cost of a backtest of invoices, each with its delivery, receipt and payment, grows with how
// many there are: invoices/cpu-s should stay what it is. baseline is the least any of it needs: events grouped by what they are about.
func BenchmarkInvoicesJudged(b *testing.B) {
	for _, invoices := range []int{1_000, 10_000, 30_000} {
		in := grown(b, "invoice_payment", 4*invoices)
		in.Final = true
		rate := func(b *testing.B) func() {
			b.Helper()
			started := processor(b)
			return func() {
				b.ReportMetric(float64(b.N*invoices)/b.Elapsed().Seconds(), "invoices/s")
				b.ReportMetric(float64(b.N*invoices)/(processor(b)-started).Seconds(), "invoices/cpu-s")
			}
		}
		b.Run(fmt.Sprintf("%d/baseline", invoices), func(b *testing.B) {
			defer rate(b)()
			for b.Loop() {
				by := map[string][]pact.Event{}
				for _, e := range in.Events {
					by[e.Subject] = append(by[e.Subject], e)
				}
				if len(by) != 2*invoices { // with their orders
					b.Fatal(len(by))
				}
			}
		})
		b.Run(fmt.Sprintf("%d/pactloop", invoices), func(b *testing.B) {
			defer rate(b)()
			for b.Loop() {
				r, err := backtest.Run(b.Context(), in)
				if err != nil || len(r.Occurrences) != invoices {
					b.Fatal(len(r.Occurrences), err)
				}
			}
		})
	}
}
