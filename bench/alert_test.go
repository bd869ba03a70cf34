package bench_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/mail"
	gosmtp "net/smtp"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/monitor"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

const (
	alerts   = 20 // breaches of a round that come one after the other
	apart    = 400 * time.Millisecond
	crowd    = 100              // breaches of a round that come in the same instant
	ahead    = 5 * time.Second  // from the delivery of the tickets to the first breach
	watched  = 1_000_000        // open occurrences beside them, each with its timer
	watchers = 1_000            // obligations those belong to
	quiet    = 10 * time.Second // how long nothing happens
	clock    = `{"target":{"value":4,"unit":"hour"},"hours":{"always":true,"zone":"UTC"},"thresholds":["100"]}`
)

// BenchmarkAlert measures how long after the instant of a breach its mail has been taken by the mail server: the timer fires, the
// clock is judged from the event log, the finding, its audit entry and the mail are committed, and the mail is sent. "single" has
// breaches 400 ms apart, "crowd" a hundred in one instant; "beside 1000000" has as many other clocks open, each with its timer.
// baseline sleeps until the same instants and sends as many mails.
//
// An alert is promised within one second of its breach.
func BenchmarkAlert(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, open := range []int{0, watched} {
			b.Run(fmt.Sprintf("%s/beside %d", engine, open), func(b *testing.B) {
				post := listen(b)
				cfg := installation(b, engine, post)
				watch(b, cfg, open)
				h := start(b, cfg)
				round := func(name string, due func() []time.Time) {
					b.Run(name+"/baseline", func(b *testing.B) { late(b, post, due, func(due []time.Time) { sleepers(post, due) }) })
					b.Run(name+"/pactloop", func(b *testing.B) { late(b, post, due, func(due []time.Time) { h.tickets(b, due) }) })
				}
				round("single", func() []time.Time { return instants(alerts, apart) })
				round("crowd", func() []time.Time { return instants(crowd, 0) })
			})
		}
	}
}

// BenchmarkIdle measures what open occurrences cost while nothing happens: processor time of the product in each second of ten, with
// a million of them and their timers, beside none (baseline). On PostgreSQL also the rows that its server read.
func BenchmarkIdle(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, open := range []int{0, watched} {
			name := map[int]string{0: "baseline", watched: "pactloop"}[open]
			b.Run(engine+"/"+name, func(b *testing.B) {
				cfg := installation(b, engine, listen(b))
				watch(b, cfg, open)
				start(b, cfg)
				read := rowsRead(b, cfg)
				<-time.After(quiet) // what follows a start is over
				began, rows := spent(b), read()
				b.ResetTimer()
				for range b.N {
					<-time.After(quiet)
				}
				b.StopTimer()
				seconds := float64(b.N) * quiet.Seconds()
				b.ReportMetric(float64((spent(b)-began).Microseconds())/1000/seconds, "cpu-ms/idle-s")
				if cfg.DatabaseURL != "" {
					b.ReportMetric(float64(read()-rows)/seconds, "rows/idle-s")
				}
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// instants gives n instants in the future, to the microsecond as the product keeps them.
func instants(n int, apart time.Duration) []time.Time {
	first := time.Now().UTC().Add(ahead).Truncate(time.Microsecond)
	out := make([]time.Time, n)
	for i := range out {
		out[i] = first.Add(time.Duration(i) * apart)
	}
	return out
}

// late reports how long after their instants the mails came, of b.N rounds.
func late(b *testing.B, post *mailServer, due func() []time.Time, begin func([]time.Time)) {
	b.Helper()
	var took []time.Duration
	for range b.N {
		round := due()
		post.expect(round)
		begin(round)
		took = append(took, post.wait(b)...)
	}
	slices.Sort(took)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(milliseconds(took[len(took)/2]), "p50-ms")
	b.ReportMetric(milliseconds(took[len(took)*95/100]), "p95-ms")
	b.ReportMetric(milliseconds(took[len(took)-1]), "max-ms")
}

// sleepers send the mail of each instant when it comes.
func sleepers(post *mailServer, due []time.Time) {
	for i, at := range due {
		time.AfterFunc(time.Until(at), func() {
			message := fmt.Sprintf("Subject: Breach: ticket INC%d-%d\r\n\r\nThe ticket is past its agreed resolution window.\r\n", at.UnixMicro(), i)
			if err := gosmtp.SendMail(post.address, nil, "bench@bench.example", []string{"owner@bench.example"}, []byte(message)); err != nil {
				post.failed <- err
			}
		})
	}
}

// tickets delivers tickets that were opened four hours before their instants, in one request.
func (h house) tickets(b *testing.B, due []time.Time) {
	b.Helper()
	events := make([]map[string]any, len(due))
	for i, at := range due {
		name := fmt.Sprintf("INC%d-%d", at.UnixMicro(), i)
		events[i] = map[string]any{
			"external_id": name, "kind": "ticket_opened", "subject": name, "occurred_at": at.Add(-4 * time.Hour), "data": map[string]any{"contract": "SA-000000"},
		}
	}
	h.post(b, "/events", map[string]any{"events": events}, nil)
	if left := time.Until(due[0]); left <= 0 {
		b.Fatalf("the tickets were delivered %s after the first breach: the figures would be of the delivery", -left)
	}
}

// installation is one that does all it does in use, and sends its mail to a server.
func installation(b *testing.B, engine string, post *mailServer) config.Config {
	b.Helper()
	at := ""
	if engine == "postgres" {
		at = storetest.PostgresURL(b)
	}
	cfg := settings(b, at)
	cfg.Roles, cfg.SMTPAddress, cfg.SMTPTLS, cfg.SMTPAllow, cfg.DefaultOwner = "api,worker,scheduler", post.address, "none", "127.0.0.1", "owner@bench.example"
	return cfg
}

// watch makes contracts with a clock of four hours: the first for the tickets to come, the others with open occurrences and their
// timers, which fall due over the next year. Contracts and obligations are written as the product writes them; the occurrences are
// copies of one that it wrote, made in the database, since a million of its changes would take an hour.
func watch(b *testing.B, cfg config.Config, open int) {
	b.Helper()
	s, err := app.OpenStore(b.Context(), cfg, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	ctx := pact.WithActor(b.Context(), pact.System("bench"))
	n := 1
	if open > 0 {
		n += watchers
	}
	for i := range n {
		if err := s.Change(ctx, store.Act{Name: "bench.fill"}, func(ctx context.Context, tx store.Tx) error { return clocked(ctx, tx, i, i > 0) }); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	if open > 0 {
		multiply(b, cfg, open/watchers-1)
	}
}

// clocked writes one contract with its clock, and an open occurrence of it where it is asked for.
func clocked(ctx context.Context, tx store.Tx, i int, occurrence bool) error {
	today := calendar.DateIn(tx.Now, time.UTC)
	c := pact.Contract{
		ID: contractID(i), FamilyID: contractID(i), BusinessUnit: "default", Number: fmt.Sprintf("SA-%06d", i), Title: fmt.Sprintf("Support Agreement %d", i), ContractType: "sla",
		Customer: fmt.Sprintf("Customer %d Holdings Inc.", i), State: pact.ContractActive, Phase: "assisted", SourceKey: fmt.Sprintf("cnn_1/rec-%d", i), CurrentVersion: 1, EffectiveDate: today.AddDays(-30),
	}
	o := pact.Obligation{
		ID: pact.ObligationID(fmt.Sprintf("obl_%06d", i)), BusinessUnit: c.BusinessUnit, ContractID: c.ID, Key: "resolution_time", Kind: "resolution_time", Title: "Resolution time",
		Params: json.RawMessage(clock), InForce: calendar.Period{From: c.EffectiveDate},
	}
	v := pact.Version{
		ID: pact.VersionID(fmt.Sprintf("ver_%06d", i)), BusinessUnit: c.BusinessUnit, ContractID: c.ID, Number: 1, PublishedBy: "usr_1", PublishedAt: tx.Now, EffectiveFrom: c.EffectiveDate,
		Obligations: []pact.Obligation{o}, Terms: []pact.Term{{Name: "effective_date", Value: pact.OnDate(c.EffectiveDate), Verification: pact.Verified}},
	}
	err := errors.Join(tx.Contracts.Insert(ctx, &c), tx.Obligations.Insert(ctx, &o), tx.Versions.Insert(ctx, &v))
	if err != nil || !occurrence {
		return err
	}
	name := fmt.Sprintf("OLD%06d", i)
	due := tx.Now.Add(24 * time.Hour)
	occ := pact.Occurrence{
		ID: pact.OccurrenceID("occ_" + name), BusinessUnit: c.BusinessUnit, ContractID: c.ID, ObligationID: o.ID, Key: name, Subject: name, DueAt: due, NextAt: due, Status: pact.OnTrack,
		Assessment: pact.Assessment{Status: pact.OnTrack, At: tx.Now, DueAt: due, Target: "4h0m0s", EventIDs: []pact.EventID{"evt_1"}},
	}
	if err := tx.Occurrences.Insert(ctx, &occ); err != nil {
		return err
	}
	return tx.SetTimer(ctx, monitor.TimerKind, string(occ.ID), due)
}

// multiply makes so many copies of each occurrence and of its timer.
func multiply(b *testing.B, cfg config.Config, copies int) {
	b.Helper()
	db, series, later := plainly(b, cfg), fmt.Sprintf("generate_series(1, %d) AS n(i)", copies), `TIMESTAMPTZ 'now' + INTERVAL '1 day' + n.i * INTERVAL '8 hours'`
	if cfg.DatabaseURL == "" {
		series = fmt.Sprintf("(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n) AS n", copies)
		later = `strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now', '+1 day', '+' || (n.i * 8) || ' hours')`
	}
	for table, other := range map[string]map[string]string{
		"occurrences": {"id": `t."id" || '-' || n.i`, "key": `t."key" || '-' || n.i`, "subject": `t."subject" || '-' || n.i`, "due_at": later, "next_at": later},
		"timers":      {"id": `t."id" || '-' || n.i`, "ref": `t."ref" || '-' || n.i`, "due_at": later},
	} {
		names := columns(b, db, table)
		values := make([]string, len(names))
		for i, name := range names {
			names[i], values[i] = `"`+name+`"`, `t."`+name+`"`
			if v, ok := other[name]; ok {
				values[i] = v
			}
		}
		statement := fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s AS t CROSS JOIN %s", table, strings.Join(names, ", "), strings.Join(values, ", "), table, series)
		if _, err := db.ExecContext(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := db.ExecContext(b.Context(), "ANALYZE"); err != nil { // as a database that grew in a year has done by itself
		b.Fatal(err)
	}
}

func columns(b *testing.B, db *sql.DB, table string) []string {
	b.Helper()
	rows, err := db.QueryContext(b.Context(), "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err = errors.Join(err, rows.Err()); err != nil {
		b.Fatal(err)
	}
	return names
}

// plainly opens the database of an installation beside it.
func plainly(b *testing.B, cfg config.Config) *sql.DB {
	b.Helper()
	driver, at := "pgx", cfg.DatabaseURL
	if at == "" {
		driver, at = "sqlite", "file:"+filepath.Join(cfg.Data, "pactloop.db")+"?_pragma=busy_timeout(10000)&_pragma=synchronous(OFF)"
	}
	db, err := sql.Open(driver, at)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return db
}

// rowsRead counts the rows that PostgreSQL read for this database so far; 0 with SQLite, whose work is in our own processor time.
func rowsRead(b *testing.B, cfg config.Config) func() int64 {
	b.Helper()
	if cfg.DatabaseURL == "" {
		return func() int64 { return 0 }
	}
	db := plainly(b, cfg)
	return func() (n int64) {
		if err := db.QueryRowContext(b.Context(), "SELECT tup_returned + tup_fetched FROM pg_stat_database WHERE datname = current_database()").Scan(&n); err != nil {
			b.Fatal(err)
		}
		return n
	}
}

// mailServer takes mail and tells when each was taken.
type mailServer struct {
	address string
	failed  chan error

	mu     sync.Mutex
	due    map[string]time.Time // ticket: the instant of its breach
	took   []time.Duration
	all    int
	filled chan struct{}
}

func listen(b *testing.B) *mailServer {
	b.Helper()
	m := &mailServer{failed: make(chan error, crowd)}
	server := smtp.NewServer(m)
	server.Domain = "bench.example"
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	m.address = at.Addr().String()
	go func() { _ = server.Serve(at) }() // ends with Close
	b.Cleanup(func() { _ = server.Close() })
	return m
}

func (m *mailServer) expect(due []time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.due, m.took, m.all, m.filled = map[string]time.Time{}, nil, len(due), make(chan struct{})
	for i, at := range due {
		m.due[fmt.Sprintf("INC%d-%d", at.UnixMicro(), i)] = at
	}
}

// wait gives the delays once every mail came.
func (m *mailServer) wait(b *testing.B) []time.Duration {
	b.Helper()
	select {
	case <-m.filled:
	case err := <-m.failed:
		b.Fatal(err)
	case <-time.After(2 * time.Minute):
		m.mu.Lock()
		defer m.mu.Unlock()
		b.Fatalf("after two minutes %d of %d mails came", len(m.took), m.all)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.took
}

// NewSession takes a connection.
func (m *mailServer) NewSession(*smtp.Conn) (smtp.Session, error) { return envelope{m}, nil }

type envelope struct{ server *mailServer }

func (envelope) Mail(string, *smtp.MailOptions) error { return nil }
func (envelope) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (envelope) Reset()                               {}
func (envelope) Logout() error                        { return nil }

var ticketNumber = regexp.MustCompile(`INC\d+-\d+`)

// Data takes a message: it is there when its last byte is.
func (e envelope) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	now := time.Now()
	subject := m.Header.Get("Subject")
	if err != nil || !strings.HasPrefix(subject, "Breach: ") {
		return err
	}
	s := e.server
	s.mu.Lock()
	defer s.mu.Unlock()
	name := ticketNumber.FindString(subject + " " + strings.ReplaceAll(string(body), "=\r\n", ""))
	at, ok := s.due[name]
	if !ok {
		return nil // of an earlier round, or a second attempt
	}
	delete(s.due, name)
	if s.took = append(s.took, now.Sub(at)); len(s.took) == s.all {
		close(s.filled)
	}
	return nil
}
