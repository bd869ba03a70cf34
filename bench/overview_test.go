package bench_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
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

// BenchmarkOverview measures GET /api/v1/overview over HTTP, one request after the other, with 10,000 contracts on SQLite.
func BenchmarkOverview(b *testing.B) {
	cfg := settings(b, "")
	fill(b, cfg)
	h := start(b, cfg)
	b.Run(fmt.Sprintf("%d contracts", contracts), func(b *testing.B) {
		h.overview(b) // prepares statements
		var took []time.Duration
		b.ResetTimer()
		for range b.N {
			for range requests {
				began := time.Now()
				h.overview(b)
				took = append(took, time.Since(began))
			}
		}
		b.StopTimer()
		slices.Sort(took)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(milliseconds(took[len(took)/2]), "p50-ms")
		b.ReportMetric(milliseconds(took[len(took)*95/100]), "p95-ms")
	})
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
