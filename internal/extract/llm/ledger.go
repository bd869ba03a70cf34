package llm

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Budget of one day, counted in UTC. Zero members have no limit.
type Budget struct {
	Tokens int             // in and out together
	Money  decimal.Decimal // in the currency of the prices
}

// Use is tokens and money.
type Use struct {
	Tokens int
	Money  decimal.Decimal
}

// Ledger counts what is used in a day. A call is reserved with the most it can use before it is made, and settled with
// what it used: several at once, on several nodes, can not pass the budget together.
type Ledger interface {
	// Reserve takes a share of the day's budget, or answers with a sentence why not.
	Reserve(ctx context.Context, day calendar.Date, most Use) (refused string, err error)
	// Settle gives back what was not used of a reservation.
	Settle(ctx context.Context, day calendar.Date, most, used Use) error
}

// refusal says in a sentence that a budget does not reach.
func (b Budget) refusal(day calendar.Date, spent, most Use, currency string) string {
	switch {
	case b.Tokens > 0 && spent.Tokens+most.Tokens > b.Tokens:
		return fmt.Sprintf("The budget of %d tokens for language models on %s is used up (%d used or reserved, this call may take %d). The built-in reading stands; asking goes on at 00:00 UTC, or raise llm_daily_tokens.", b.Tokens, day, spent.Tokens, most.Tokens)
	case b.Money.IsPositive() && spent.Money.Add(most.Money).GreaterThan(b.Money):
		return fmt.Sprintf("The budget of %s %s for language models on %s is used up (%s used or reserved, this call may take %s). The built-in reading stands; asking goes on at 00:00 UTC, or raise llm_daily_cost.", b.Money, currency, day, spent.Money, most.Money)
	}
	return ""
}

// StoreLedger keeps the count in the database, for all nodes.
type StoreLedger struct {
	Store    store.Store
	Budget   Budget
	Currency string
}

// Reserve adds the most a call can use to the row of the day, unless that passes the budget.
func (l StoreLedger) Reserve(ctx context.Context, day calendar.Date, most Use) (refused string, err error) {
	err = l.change(ctx, day, func(row *pact.Spending) bool {
		refused = l.Budget.refusal(day, Use{row.Tokens, row.Cost}, most, l.Currency)
		if refused != "" {
			return false
		}
		row.Tokens, row.Cost, row.Calls = row.Tokens+most.Tokens, row.Cost.Add(most.Money), row.Calls+1
		return true
	})
	return refused, err
}

// Settle puts what was used in the place of what was reserved.
func (l StoreLedger) Settle(ctx context.Context, day calendar.Date, most, used Use) error {
	return l.change(ctx, day, func(row *pact.Spending) bool {
		row.Tokens, row.Cost = row.Tokens-most.Tokens+used.Tokens, row.Cost.Sub(most.Money).Add(used.Money)
		return true
	})
}

// Spent is the count of a day, with what is reserved.
func (l StoreLedger) Spent(ctx context.Context, day calendar.Date) (pact.Spending, error) {
	row, err := l.Store.Reads().Spendings.One(pact.WithActor(ctx, pact.System("llm")), store.Where(store.Eq("day", string(day))))
	if fault.Is(err, fault.NotFound) {
		return pact.Spending{Day: day, Currency: l.Currency}, nil
	}
	return row, err
}

func (l StoreLedger) change(ctx context.Context, day calendar.Date, edit func(*pact.Spending) bool) error {
	// A call that is under way is counted even where its job was cancelled meanwhile.
	ctx = pact.WithActor(context.WithoutCancel(ctx), pact.System("llm"))
	var err error
	for range 5 { // two nodes that make the day's first row, or change it at once, meet in a conflict
		err = l.Store.Change(ctx, store.Act{Name: "llm.spend", Subject: string(day)}, func(ctx context.Context, tx store.Tx) error {
			row, err := tx.Spendings.One(ctx, store.Where(store.Eq("day", string(day))))
			if fault.Is(err, fault.NotFound) {
				row = pact.Spending{Day: day, Currency: l.Currency}
				if !edit(&row) {
					return nil
				}
				return tx.Spendings.Insert(ctx, &row)
			}
			if err != nil {
				return err
			}
			if row, err = tx.Spendings.Lock(ctx, string(row.ID)); err != nil {
				return err
			}
			if !edit(&row) {
				return nil
			}
			return tx.Spendings.Update(ctx, &row)
		})
		if !fault.Is(err, fault.Conflict) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("counting what language models use: %w", err)
	}
	return nil
}

// Meter keeps the count in memory, for one run of the command line.
type Meter struct {
	Budget   Budget
	Currency string

	mu    sync.Mutex
	spent map[calendar.Date]Use
}

// Reserve adds the most a call can use, unless that passes the budget.
func (m *Meter) Reserve(_ context.Context, day calendar.Date, most Use) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.spent == nil {
		m.spent = map[calendar.Date]Use{}
	}
	s := m.spent[day]
	if refused := m.Budget.refusal(day, s, most, m.Currency); refused != "" {
		return refused, nil
	}
	m.spent[day] = Use{s.Tokens + most.Tokens, s.Money.Add(most.Money)}
	return "", nil
}

// Settle puts what was used in the place of what was reserved.
func (m *Meter) Settle(_ context.Context, day calendar.Date, most, used Use) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.spent[day]
	m.spent[day] = Use{s.Tokens - most.Tokens + used.Tokens, s.Money.Sub(most.Money).Add(used.Money)}
	return nil
}

// Spent is the count of a day.
func (m *Meter) Spent(day calendar.Date) Use {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.spent[day]
}

func dayOf(at time.Time) calendar.Date { return calendar.DateIn(at, time.UTC) }
