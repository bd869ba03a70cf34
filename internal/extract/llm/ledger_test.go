package llm_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/llm"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func TestTheBudgetOfADayHolds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		for name, c := range map[string]struct {
			budget llm.Budget
			says   string
		}{
			"tokens": {llm.Budget{Tokens: 9000}, "raise llm_daily_tokens"},
			"money":  {llm.Budget{Money: decimal.RequireFromString("0.0500")}, "raise llm_daily_cost"},
		} {
			day := map[string]time.Time{"tokens": time.Date(2026, 3, 2, 23, 0, 0, 0, time.UTC), "money": time.Date(2026, 4, 2, 23, 0, 0, 0, time.UTC)}[name]
			ledger := llm.StoreLedger{Store: s, Budget: c.budget, Currency: "USD"}
			r := newRig(t, "openai", func(cfg *llm.ClientConfig) { cfg.Ledger = ledger })
			r.now = day
			first := r.run(t, contract())
			if first.State != extract.RunDone {
				t.Fatalf("%s: %s %s", name, first.State, first.Reason)
			}
			second := r.run(t, extracttest.Plain("Another agreement, governed by the laws of Ohio, made as of May 1, 2026."))
			if second.State != extract.RunDone && second.State != extract.RunStopped {
				t.Errorf("%s: %s %s", name, second.State, second.Reason)
			}
			var last extract.Run
			for i := range 12 {
				last = r.run(t, extracttest.Plain(strings.Repeat("x ", i)+"Another agreement, governed by the laws of Ohio."))
			}
			if last.State != extract.RunStopped || !strings.Contains(last.Reason, c.says) || last.Calls != 0 {
				t.Errorf("%s: %s %q after %d calls", name, last.State, last.Reason, last.Calls)
			}
			spent, err := ledger.Spent(t.Context(), "2026-03-02")
			if name == "money" {
				spent, err = ledger.Spent(t.Context(), "2026-04-02")
			}
			if err != nil || c.budget.Tokens > 0 && spent.Tokens > c.budget.Tokens || c.budget.Money.IsPositive() && spent.Cost.GreaterThan(c.budget.Money) || spent.Tokens == 0 {
				t.Errorf("%s: spent %+v, %v", name, spent, err)
			}
			r.now = day.Add(2 * time.Hour) // the next day
			if run := r.run(t, contract()); run.State != extract.RunDone {
				t.Errorf("%s: on the next day it is still %s", name, run.State)
			}
		}
	})
}

func TestCallsAtOnceDoNotPassTheBudgetTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		ledger := llm.StoreLedger{Store: s, Budget: llm.Budget{Tokens: 1000}, Currency: "USD"}
		most := llm.Use{Tokens: 300, Money: decimal.RequireFromString("0.003")}
		var allowed atomic.Int32
		var group sync.WaitGroup
		for range 12 {
			group.Go(func() {
				refused, err := ledger.Reserve(t.Context(), "2026-03-02", most)
				if err != nil {
					t.Error(err)
				}
				if refused == "" && err == nil {
					allowed.Add(1)
				}
			})
		}
		group.Wait()
		if allowed.Load() != 3 {
			t.Errorf("%d calls of 300 were allowed of 1000", allowed.Load())
		}
		if err := ledger.Settle(t.Context(), "2026-03-02", most, llm.Use{Tokens: 10, Money: decimal.RequireFromString("0.0001")}); err != nil {
			t.Fatal(err)
		}
		row, err := ledger.Spent(t.Context(), "2026-03-02")
		if err != nil || row.Tokens != 610 || row.Cost.String() != "0.0061" || row.Calls != 3 {
			t.Errorf("%+v, %v", row, err)
		}
	})
}
