package bench_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// What an installation with ten thousand contracts holds after a year.
const (
	contracts   = 10_000
	occurrences = 60_000 // six for each contract, spread over the year: about 5,700 in the 35 days the overview shows
	findings    = 4_000
	requests    = 100 // of one round
)

// BenchmarkOverview measures GET /api/v1/overview over HTTP, one request after the other, with 10,000 contracts on SQLite. The
// minimal way reads the same rows of the same file by prepared statements, and makes no answer of them.
func BenchmarkOverview(b *testing.B) {
	cfg := settings(b, "")
	fill(b, cfg)
	b.Run("minimal", func(b *testing.B) {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(cfg.Data, "pactloop.db")+"?_pragma=busy_timeout(10000)&_pragma=query_only(1)")
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		db.SetMaxOpenConns(1)
		queries := prepared(b, db)
		percentiles(b, func() {
			for _, q := range queries {
				q.read(b)
			}
		})
	})
	h := start(b, cfg)
	b.Run("pactloop", func(b *testing.B) { percentiles(b, func() { h.overview(b) }) })
}

func percentiles(b *testing.B, one func()) {
	b.Helper()
	one() // prepares statements, warms the cache
	var took []time.Duration
	b.ResetTimer()
	for range b.N {
		for range requests {
			began := time.Now()
			one()
			took = append(took, time.Since(began))
		}
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(milliseconds(took[len(took)/2]), "p50-ms")
	b.ReportMetric(milliseconds(took[len(took)*95/100]), "p95-ms")
}

// bare is one query of the overview by hand: what any program has to read from this database to show the same figures.
type bare struct {
	stmt *sql.Stmt
	args []any
}

// read takes every row and forgets it.
func (q bare) read(b *testing.B) {
	b.Helper()
	rows, err := q.stmt.QueryContext(b.Context(), q.args...)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		b.Fatal(err)
	}
	cells := make([]any, len(columns))
	for i := range cells {
		cells[i] = new(sql.RawBytes)
	}
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			b.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
}

func prepared(b *testing.B, db *sql.DB) []bare {
	b.Helper()
	now := time.Now().UTC()
	day := func(n int) string { return now.AddDate(0, 0, n).Format(time.DateOnly) }
	instant := func(n int) string { return now.AddDate(0, 0, n).Format("2006-01-02T15:04:05.000000Z") }
	const stuck, failed = "('needs_ocr','encrypted','damaged','unsupported','rejected','quarantined')", "('denied','unmapped','invalid','conflict','unavailable','needs_check')"
	var out []bare
	for _, q := range []bare{
		{args: []any{"SELECT COUNT(*) FROM reviews WHERE state IN ('waiting','in_review')"}},
		{args: []any{"SELECT COUNT(*) FROM reviews WHERE state IN ('waiting','in_review') AND due_at < ?", instant(1)}},
		{args: []any{"SELECT COUNT(*) FROM findings WHERE state IN ('open','confirmed')"}},
		{args: []any{"SELECT COUNT(*) FROM occurrences WHERE status = 'at_risk'"}},
		{args: []any{"SELECT COUNT(*) FROM findings WHERE state IN ('open','confirmed') AND severity = 'breach'"}},
		{args: []any{"SELECT COUNT(*) FROM contracts"}},
		{args: []any{"SELECT COUNT(*) FROM documents WHERE state IN " + stuck}},
		{args: []any{"SELECT COUNT(*) FROM actions WHERE state IN " + failed}},
		{args: []any{"SELECT COUNT(*) FROM approvals WHERE state = 'waiting'"}},
		{args: []any{"SELECT COUNT(*) FROM links WHERE state = 'ambiguous'"}},
		{args: []any{"SELECT COUNT(*) FROM events WHERE contract_id = '' AND ignored = ''"}},
		{args: []any{"SELECT credit, amount FROM findings WHERE credit > '' AND state <> 'waived'"}},
		{args: []any{"SELECT ended_on, COUNT(*) FROM occurrences WHERE status = 'met' AND ended_on >= ? GROUP BY ended_on", day(-34)}},
		{args: []any{"SELECT ended_on, COUNT(*) FROM occurrences WHERE status = 'breached' AND ended_on >= ? GROUP BY ended_on", day(-34)}},
		{args: []any{"SELECT updated_at FROM occurrences WHERE status = 'at_risk' AND updated_at >= ?", instant(-34)}},
		{args: []any{"SELECT * FROM contracts WHERE state = 'active' AND send_by >= ? AND renewal_date <= ? ORDER BY send_by, id LIMIT 20", day(-30), day(180)}},
		{args: []any{"SELECT * FROM approvals WHERE state = 'waiting' ORDER BY created_at, id LIMIT 5"}},
		{args: []any{"SELECT * FROM findings WHERE state = 'open' ORDER BY occurred_at DESC, id LIMIT 8"}},
		{args: []any{"SELECT r.*, c.* FROM (SELECT * FROM reviews WHERE state IN ('waiting','in_review') ORDER BY due_at, id LIMIT 5) AS r JOIN contracts AS c ON c.id = r.contract_id"}},
		{args: []any{"SELECT * FROM documents WHERE state IN " + stuck + " ORDER BY created_at DESC, id LIMIT 5"}},
		{args: []any{"SELECT * FROM links WHERE state = 'ambiguous' ORDER BY created_at DESC, id LIMIT 5"}},
		{args: []any{"SELECT * FROM connections ORDER BY name"}},
		{args: []any{"SELECT * FROM policies WHERE kind = 'review' AND active"}},
	} {
		stmt, err := db.PrepareContext(b.Context(), q.args[0].(string))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = stmt.Close() })
		out = append(out, bare{stmt, q.args[1:]})
	}
	return out
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (h house) overview(b *testing.B) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, h.url+"/api/v1/overview", nil)
	if err != nil {
		b.Fatal(err)
	}
	res, err := h.http.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		b.Fatalf("%s %s %v", res.Status, body, err)
	}
	var got struct {
		Counts struct {
			Contracts int `json:"contracts"`
		} `json:"counts"`
	}
	if err := json.Unmarshal(body, &got); err != nil || got.Counts.Contracts != contracts {
		b.Fatalf("%d contracts: %v", got.Counts.Contracts, err)
	}
}

// fill writes a year through the store, as the product does: with audit entries, in changes of many rows.
func fill(b *testing.B, cfg config.Config) {
	b.Helper()
	end := time.Now().UTC()
	at := end
	s, err := app.OpenStore(b.Context(), cfg, func() time.Time { return at }, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	ctx := pact.WithActor(b.Context(), pact.System("bench"))
	const batch = 250
	year := 365 * 24 * time.Hour
	many := func(n int, insert func(ctx context.Context, tx store.Tx, i int) error) {
		b.Helper()
		for from := 0; from < n; from += batch {
			at = end.Add(-year + time.Duration(from)*(year/time.Duration(n)))
			if err := s.Change(ctx, store.Act{Name: "bench.fill"}, func(ctx context.Context, tx store.Tx) error {
				for i := from; i < min(n, from+batch); i++ {
					if err := insert(ctx, tx, i); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
		}
	}
	many(contracts, func(ctx context.Context, tx store.Tx, i int) error { return contract(ctx, tx, i, end) })
	many(occurrences, occurrence)
	many(findings, finding)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

func contractID(i int) pact.ContractID { return pact.ContractID(fmt.Sprintf("con_%06d", i%contracts)) }

func unit(i int) string { return []string{"default", "emea", "apac"}[i%contracts%3] }

// contract with its document, review, link and an action: one in 25 is in review, one in 100 has a document that is stuck.
func contract(ctx context.Context, tx store.Tx, i int, end time.Time) error {
	ends := calendar.DateIn(end, time.UTC).AddDays(i % 900)
	value := money.New(decimal.NewFromInt(int64(5_000+i*37%900_000)), "USD")
	renews := i%3 == 0
	c := pact.Contract{
		ID: contractID(i), FamilyID: contractID(i), BusinessUnit: unit(i), Number: fmt.Sprintf("SA-%06d", i), Title: fmt.Sprintf("Subscription Agreement %d", i),
		ContractType: "msa", Customer: fmt.Sprintf("Customer %d Holdings Inc.", i%3_000), State: pact.ContractActive, Phase: "assisted", SourceKey: fmt.Sprintf("cnn_1/rec-%d", i),
		CurrentVersion: 1, EffectiveDate: ends.AddDays(-730), ExpirationDate: ends, RenewalDate: ends, SendBy: ends.AddDays(-90), AutoRenewal: &renews, TotalValue: &value,
		Owner: "owner@halden.example", Facts: map[string]string{"counterparty": "Customer"},
	}
	d := pact.Document{
		ID: pact.DocumentID(fmt.Sprintf("doc_%06d", i)), BusinessUnit: c.BusinessUnit, ContractID: c.ID, Filename: fmt.Sprintf("agreement-%d.pdf", i),
		MediaType: "application/pdf", Size: 200_000, SHA256: fmt.Sprintf("%064d", i), State: pact.DocumentRead, Pages: 12,
	}
	r := pact.Review{
		ID: pact.ReviewID(fmt.Sprintf("rev_%06d", i)), BusinessUnit: c.BusinessUnit, ContractID: c.ID, DocumentID: d.ID, State: pact.ReviewFinished, Phase: "assisted",
		Total: 24, DueAt: tx.Now.Add(72 * time.Hour), MinConfidence: decimal.RequireFromString("0.71"),
	}
	if i%25 == 0 {
		c.State, c.CurrentVersion, r.State, r.Open = pact.ContractInReview, 0, pact.ReviewWaiting, 9
	}
	if i%100 == 7 {
		d.State, d.Reason = pact.DocumentNeedsOCR, "The pages are pictures."
	}
	l := pact.Link{BusinessUnit: c.BusinessUnit, ContractID: c.ID, ConnectionID: "cnn_2", Object: "Account", ExternalID: fmt.Sprintf("001%06d", i), State: "linked"}
	if i%200 == 3 {
		l.State, l.ExternalID, l.Explanation = "ambiguous", "", []string{"Two accounts have this name."}
	}
	a := pact.Action{
		BusinessUnit: c.BusinessUnit, Key: fmt.Sprintf("ver_%d/Account/1", i), ConnectionID: "cnn_2", ContractID: c.ID, Kind: "update", Object: "Account",
		Fields: map[string]any{"Contract_Effective_Date__c": string(c.EffectiveDate)}, State: "done",
	}
	if i%250 == 9 {
		a.State, a.Reason = "denied", "The user may not edit this field."
	}
	for _, insert := range []func() error{
		func() error { return tx.Contracts.Insert(ctx, &c) }, func() error { return tx.Documents.Insert(ctx, &d) }, func() error { return tx.Reviews.Insert(ctx, &r) },
		func() error { return tx.Links.Insert(ctx, &l) }, func() error { return tx.Actions.Insert(ctx, &a) },
	} {
		if err := insert(); err != nil {
			return err
		}
	}
	return nil
}

// occurrence of a ticket's clock: most are met, one in 15 breached, a few at risk or open.
func occurrence(ctx context.Context, tx store.Tx, i int) error {
	o := pact.Occurrence{
		ID: pact.OccurrenceID(fmt.Sprintf("occ_%06d", i)), BusinessUnit: unit(i), ContractID: contractID(i), ObligationID: pact.ObligationID(fmt.Sprintf("obl_%06d", i%contracts)),
		Key: fmt.Sprintf("INC%07d", i), Subject: fmt.Sprintf("INC%07d", i), DueAt: tx.Now.Add(4 * time.Hour), Status: pact.Met,
	}
	switch {
	case i%15 == 0:
		o.Status = pact.Breached
	case i%211 == 0:
		o.Status = pact.AtRisk
	case i%40 == 0:
		o.Status = pact.OnTrack
	}
	o.Assessment = assessment(tx.Now, o.Status)
	o.EndedOn = o.Assessment.EndedOn()
	return tx.Occurrences.Insert(ctx, &o)
}

func assessment(at time.Time, status pact.Status) pact.Assessment {
	a := pact.Assessment{
		Status: status, At: at, DueAt: at.Add(4 * time.Hour), EndedAt: at, Elapsed: "3h36m0s", Target: "4h0m0s", Percent: "90",
		EventIDs: []pact.EventID{"evt_1", "evt_2", "evt_3", "evt_4"},
	}
	for i := range 6 {
		a.Trace = append(a.Trace, pact.TraceStep{
			Rule: "count business time from the first event to the last", Inputs: fmt.Sprintf("from %s, Monday to Friday 09:00 to 17:00, step %d", at.Format(time.RFC3339), i),
			Result: "3 h 36 min of 4 h", Clause: "5.2", EventIDs: []pact.EventID{"evt_1"},
		})
	}
	return a
}

// finding of a breach: one in five is still open, four in ten carry a credit.
func finding(ctx context.Context, tx store.Tx, i int) error {
	amount := money.New(decimal.NewFromInt(int64(100+i%4_000)), []string{"USD", "EUR"}[i%2])
	n := i * 15 // the breached ones
	f := pact.Finding{
		ID: pact.FindingID(fmt.Sprintf("fnd_%06d", i)), BusinessUnit: unit(n), ContractID: contractID(n), ObligationID: pact.ObligationID(fmt.Sprintf("obl_%06d", n%contracts)),
		OccurrenceID: pact.OccurrenceID(fmt.Sprintf("occ_%06d", n)), Kind: "resolution_time", Severity: "breach", State: pact.FindingClosed, Title: "Resolution time breached",
		Message: "Ticket is past its agreed 4-hour resolution window.", Subject: fmt.Sprintf("INC%07d", n), OccurredAt: tx.Now, Assessment: assessment(tx.Now, pact.Breached),
		EventIDs: []pact.EventID{"evt_1", "evt_2"}, Version: 1,
	}
	if i%5 == 0 {
		f.State = pact.FindingOpen
	}
	if i%10 < 4 {
		f.Amount, f.Credit = &amount, []pact.CreditState{pact.CreditDue, pact.CreditWaiting, pact.CreditSettled, pact.CreditNeedsCharge}[i%4]
	}
	if err := tx.Findings.Insert(ctx, &f); err != nil || f.Credit != pact.CreditWaiting || f.State != pact.FindingOpen {
		return err
	}
	p := pact.Approval{BusinessUnit: f.BusinessUnit, ContractID: f.ContractID, FindingID: f.ID, Kind: "credit", Amount: f.Amount, State: "waiting"}
	return tx.Approvals.Insert(ctx, &p)
}
