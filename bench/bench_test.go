// Package bench_test measures what the product promises to be fast at, beside the plain way of doing the same work.
//
// It owns webhooks accepted per second, pages read per second, what a document that kills its reader costs the others, the
// time of the overview with 10,000 contracts, how late an alert is and what open occurrences cost; the clock's transitions stand beside their rule, in internal/obligation. It does not own the comparison (tools/ratio) nor any
// limit: a slow machine fails nothing. Invariants: what is measured is the product as it ships, over HTTP or through its own
// reader processes; both sides of a ratio run in the same process on the same machine, one after the other.
package bench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"os"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/document/sandbox"
)

// TestMain also is the reader process: the pool starts this program again as parse-worker, as the product starts itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "parse-worker" {
		if err := sandbox.Main(context.Background(), &mortal{from: os.Stdin}, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const (
	adminEmail    = "admin@bench.example"
	adminPassword = "a long password of the benchmark"
)

// settings of an installation in a folder of its own. It answers and keeps, and works on nothing: jobs wait, so that what
// is measured is the request.
func settings(b *testing.B, databaseURL string) config.Config {
	b.Helper()
	cfg, err := config.Load(nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	cfg.Address, cfg.BaseURL, cfg.Data, cfg.DatabaseURL = "127.0.0.1:0", "http://pactloop.bench.example", b.TempDir(), databaseURL
	cfg.Roles, cfg.AdminEmail, cfg.AdminPassword = "api", adminEmail, adminPassword
	return cfg
}

// house is a running installation, and its administrator signed in.
type house struct {
	url  string
	http *http.Client
}

func start(b *testing.B, cfg config.Config) house {
	b.Helper()
	a, err := app.New(b.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(b.Context()), 30*time.Second) // the context of b ends before its cleanup
		defer cancel()
		if err := a.Shutdown(ctx); err != nil {
			b.Errorf("stopping: %v", err)
		}
	})
	if _, err := a.EnsureAdmin(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := a.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	h := house{url: "http://" + a.Address, http: &http.Client{Jar: jar, Timeout: time.Minute}}
	h.post(b, "/session", map[string]string{"email": adminEmail, "password": adminPassword}, nil)
	return h
}

// post sends JSON to the API and reads JSON.
func (h house) post(b *testing.B, path string, body, into any) {
	b.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		b.Fatal(err)
	}
	h.do(b, http.MethodPost, path, "application/json", sent, into)
}

func (h house) do(b *testing.B, method, path, kind string, sent []byte, into any) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), method, h.url+"/api/v1"+path, bytes.NewReader(sent))
	if err != nil {
		b.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := h.http.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		b.Fatalf("%s %s: %s %s %v", method, path, res.Status, answer, err)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			b.Fatal(err)
		}
	}
}
