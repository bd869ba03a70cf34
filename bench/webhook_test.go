package bench_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/pactloop/pactloop/internal/store/storetest"
)

// clients that send webhooks at the same time.
const clients = 32

// BenchmarkWebhooks measures webhooks accepted per second: over HTTP, from 32 clients, each answered after its commit. Ours
// checks the signature, keeps the request, writes its audit entry and queues its work, in one transaction. The minimal
// handler keeps the same bytes in one row, in a transaction of its own, on the same kind of database with the same
// durability: both wait for the disk, and scripts/bench starts PostgreSQL with fsync.
func BenchmarkWebhooks(b *testing.B) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	vendor := ironclad(b, key)
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine+"/minimal", func(b *testing.B) {
			b.StopTimer() // starting is not what is measured
			send(b, key, minimal(b, engine))
		})
		b.Run(engine+"/pactloop", func(b *testing.B) {
			b.StopTimer()
			send(b, key, door(b, engine, vendor))
		})
	}
}

// ironclad answers what the connector asks before it can check a signature: the public key.
func ironclad(b *testing.B, key *rsa.PrivateKey) string {
	b.Helper()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		b.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write(text)
	}))
	b.Cleanup(s.Close)
	return s.URL + "/public/api/v1"
}

// door starts the product with a connection to Ironclad, and gives the address of its webhooks.
func door(b *testing.B, engine, vendor string) string {
	b.Helper()
	at := ""
	if engine == "postgres" {
		at = storetest.PostgresURL(b)
	}
	h := start(b, settings(b, at))
	var made struct {
		Connection struct {
			ID string `json:"id"`
		} `json:"connection"`
	}
	h.post(b, "/connections", map[string]any{
		"connector": "ironclad", "name": "Ironclad", "enabled": true, "allow_hosts": []string{"127.0.0.1"},
		"settings": map[string]string{"base_url": vendor, "auth": "bearer", "token": "t"},
	}, &made)
	return h.url + "/hooks/" + made.Connection.ID
}

// minimal is the least one can do: read the request, insert it, commit, answer.
func minimal(b *testing.B, engine string) string {
	b.Helper()
	db, insert := plain(b, engine)
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = keep(r.Context(), db, insert, n.Add(1), r.Header.Get(eventID), r.Header.Get(signed), string(body))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, "kept\n")
	}))
	b.Cleanup(s.Close)
	return s.URL
}

func keep(ctx context.Context, db *sql.DB, insert string, args ...any) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if _, err := tx.ExecContext(ctx, insert, args...); err != nil {
		return err
	}
	return tx.Commit()
}

// plain opens a database with one table: SQLite with the pragmas of the product and one writer, PostgreSQL with a pool of
// the product's default size.
func plain(b *testing.B, engine string) (*sql.DB, string) {
	b.Helper()
	driver, insert, connections := "sqlite", "INSERT INTO kept VALUES (?, ?, ?, ?)", 1
	at := "file:" + filepath.Join(b.TempDir(), "minimal.db") +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate"
	if engine == "postgres" {
		driver, at, insert, connections = "pgx", storetest.PostgresURL(b), "INSERT INTO kept VALUES ($1, $2, $3, $4)", 16
	}
	db, err := sql.Open(driver, at)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	if _, err := db.ExecContext(b.Context(), "CREATE TABLE kept (id BIGINT PRIMARY KEY, event_key TEXT NOT NULL UNIQUE, headers TEXT NOT NULL, body TEXT NOT NULL)"); err != nil {
		b.Fatal(err)
	}
	return db, insert
}

const (
	eventID = "X-Ironclad-Webhook-Event-Id"
	signed  = "X-Ironclad-Webhook-Verification"
)

// send posts b.N webhooks, signed before the timer starts, and reports how many were accepted per second.
func send(b *testing.B, key *rsa.PrivateKey, address string) {
	b.Helper()
	requests := sign(b, key, address)
	client := &http.Client{Transport: &http.Transport{MaxIdleConns: clients, MaxIdleConnsPerHost: clients}, Timeout: time.Minute}
	defer client.CloseIdleConnections()
	if err := deliver(client, requests[0]); err != nil { // fetches the vendor's key, prepares statements
		b.Fatal(err)
	}
	requests = requests[1:]
	var next atomic.Int64
	var failed sync.Map
	var group sync.WaitGroup
	b.StartTimer()
	began := time.Now()
	for range clients {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(requests)); i = next.Add(1) - 1 {
				if err := deliver(client, requests[i]); err != nil {
					failed.Store("error", err)
				}
			}
		})
	}
	group.Wait()
	took := time.Since(began)
	b.StopTimer()
	if err, ok := failed.Load("error"); ok {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/took.Seconds(), "webhooks/s")
	b.ReportMetric(0, "ns/op")
}

func deliver(client *http.Client, r *http.Request) error {
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", res.Status, answer)
	}
	return err
}

// sign makes one request more than b.N, each an event of its own.
func sign(b *testing.B, key *rsa.PrivateKey, address string) []*http.Request {
	b.Helper()
	out := make([]*http.Request, b.N+1)
	series := rand.Text()
	for i := range out {
		id := fmt.Sprintf("evt-%s-%d", series, i)
		body := fmt.Appendf(nil, `{"payload":{"event":"workflow_completed","workflowID":"wf-%s-%d","templateID":"tpl-1","recordID":"rec-%d"},"timestamp":"2026-03-02T10:00:00Z","companyID":"company","webhookID":"hook"}`, series, i, i)
		sum := sha256.Sum256(append(append([]byte(id), body...), "nonce"...))
		signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		if err != nil {
			b.Fatal(err)
		}
		header, err := json.Marshal(map[string]string{"nonce": "nonce", "signAlgorithm": "RSA-SHA256", "encoding": "base64", "signature": base64.StdEncoding.EncodeToString(signature)})
		if err != nil {
			b.Fatal(err)
		}
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, address, bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(eventID, id)
		r.Header.Set(signed, string(header))
		out[i] = r
	}
	return out
}
