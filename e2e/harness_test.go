//go:build demo

// Package e2e drives the real program against stand-ins of the other systems, over HTTP and in a browser, as people and
// systems would.
//
// It owns the promises that can only be seen from outside: the month of the samples comes out as worked by hand, every
// accepted webhook gives one contract and one set of writes whatever is killed or lost, hostile input is answered and
// nothing else suffers. It does not own what a package can prove alone. Invariants: no test reaches into the product; each
// has a town, a server and a data folder of its own; every wait ends with the context of its test.
//
//	go test -tags demo ./e2e/...
//
// PACTLOOP_E2E_BINARY uses a demo build that is there; PACTLOOP_SOAK=1 takes the full counts and builds the server with the
// race detector (CGO_ENABLED=1); PACTLOOP_SHOTS=DIR keeps pictures of the workbench and the overview,
// PACTLOOP_TOUR_SHOTS=DIR those of every page in both themes, on a desk and on a phone.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pactloop/pactloop/demo"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/simulator/stage"
)

// binary is the demo build under test.
var binary string

func TestMain(m *testing.M) {
	code, err := build(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func build(m *testing.M) (int, error) {
	if binary = os.Getenv("PACTLOOP_E2E_BINARY"); binary != "" {
		return m.Run(), nil
	}
	dir, err := os.MkdirTemp("", "pactloop-e2e-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary = filepath.Join(dir, "pactloop-demo")
	args := []string{"build", "-tags", "demo", "-o", binary}
	if soak() { // a race of the server under test is as much a failure as one of the tests
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, "../cmd/pactloop")...).CombinedOutput()
	if err != nil {
		return 1, fmt.Errorf("building the demo: %w\n%s", err, out)
	}
	return m.Run(), nil
}

// soak is true for the full counts.
func soak() bool { return os.Getenv("PACTLOOP_SOAK") == "1" }

// long is the time one test may take.
func long(t *testing.T) context.Context {
	t.Helper()
	limit := 8 * time.Minute
	if soak() {
		limit = 110 * time.Minute
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// town starts a town with a product in it, on SQLite unless the configuration says otherwise.
func town(ctx context.Context, t *testing.T, cfg demo.Config) *demo.Demo {
	t.Helper()
	if cfg.Data == "" {
		cfg.Data = t.TempDir()
	}
	cfg.Binary, cfg.Address, cfg.Quiet = binary, "127.0.0.1:0", true
	if cfg.Out == nil {
		cfg.Out = io.Discard
	}
	d, err := demo.New(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if raced(filepath.Join(cfg.Data, "server.log")) {
			t.Errorf("the server has a data race; its log says where:\n%s", tail(filepath.Join(cfg.Data, "server.log"), 20_000))
		}
		if t.Failed() {
			t.Log("the end of the server's log:\n" + tail(filepath.Join(cfg.Data, "server.log"), 4000))
		}
	})
	if err := d.Setup(ctx); err != nil {
		t.Fatal(err)
	}
	return d
}

// raced tells whether the race detector, where it is built in, has spoken. A server that is killed does not tell at its end.
func raced(log string) bool {
	raw, err := os.ReadFile(log)
	return err == nil && bytes.Contains(raw, []byte("WARNING: DATA RACE"))
}

func tail(file string, n int) string {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	return string(raw[max(0, len(raw)-n):])
}

// postgres makes an empty database on the server that the tests were given.
func postgres(ctx context.Context, t *testing.T) string {
	t.Helper()
	server := os.Getenv("PACTLOOP_TEST_POSTGRES")
	if server == "" {
		t.Fatal("PACTLOOP_TEST_POSTGRES is not set; run the tests under scripts/with-postgres")
	}
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	name := "e2e_" + strings.ToLower(stage.NewHex(6))
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := conn.Exec(context.WithoutCancel(ctx), "DROP DATABASE "+name+" WITH (FORCE)")
		if err := errors.Join(err, conn.Close(context.WithoutCancel(ctx))); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

var errEnough = errors.New("played far enough")

// play plays the story up to a step, or to its end when upTo is 0. between runs after each step.
func play(ctx context.Context, t *testing.T, d *demo.Demo, upTo int, between func(step int) error) {
	t.Helper()
	err := d.Play(ctx, func(step, _ int) error {
		if between != nil {
			if err := between(step); err != nil {
				return err
			}
		}
		if step == upTo {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	settled(ctx, t, d)
}

func settled(ctx context.Context, t *testing.T, d *demo.Demo) {
	t.Helper()
	if _, err := d.Admin.Settled(ctx, d.Town.Clock.Now()); err != nil {
		t.Fatal(err)
	}
}

// as signs in.
func as(ctx context.Context, t *testing.T, d *demo.Demo, email string) *demo.Client {
	t.Helper()
	c := demo.NewClient(d.Base, "")
	if err := c.SignIn(ctx, email, demo.Password); err != nil {
		t.Fatal(err)
	}
	return c
}

// get reads one thing of the API.
func get[T any](ctx context.Context, t *testing.T, c *demo.Client, path string) T {
	t.Helper()
	var out T
	if err := c.Do(ctx, http.MethodGet, path, nil, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// all reads every page of a list.
func all[T any](ctx context.Context, t *testing.T, c *demo.Client, path string) []T {
	t.Helper()
	join := "?"
	if strings.Contains(path, "?") {
		join = "&"
	}
	var out []T
	for after := ""; ; {
		var page struct {
			Items []T    `json:"items"`
			Next  string `json:"next"`
		}
		if err := c.Do(ctx, http.MethodGet, path+join+"limit=200&after="+url.QueryEscape(after), nil, &page); err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Items...)
		if page.Next == "" {
			return out
		}
		after = page.Next
	}
}

// refusal is the status with which a request was refused, 0 where it was not.
func refusal(err error) int {
	var p *demo.Problem
	if errors.As(err, &p) {
		return p.Status
	}
	return 0
}

// sim reads the administration of a stand-in.
func sim[T any](ctx context.Context, t *testing.T, base, path string) T {
	t.Helper()
	var out T
	if err := demo.NewClient("", "").Raw(ctx, http.MethodGet, base+path, nil, "", &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func simPost(ctx context.Context, t *testing.T, base, path string, body any) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.NewClient("", "").Raw(ctx, http.MethodPost, base+path, bytes.NewReader(raw), "application/json", nil); err != nil {
		t.Fatal(err)
	}
}

func effects(ctx context.Context, t *testing.T, base string) []stage.Effect {
	t.Helper()
	return sim[struct {
		Effects []stage.Effect `json:"effects"`
	}](ctx, t, base, "/_sim/effects").Effects
}

func requests(ctx context.Context, t *testing.T, base string) []stage.Request {
	t.Helper()
	return sim[struct {
		Requests []stage.Request `json:"requests"`
	}](ctx, t, base, "/_sim/requests").Requests
}

// contractOf finds a contract by its number; an amendment carries the number of what it amends.
func contractOf(contracts []pact.Contract, number string) (pact.Contract, bool) {
	for _, c := range contracts {
		if c.Number == number && c.Relation != "amendment" {
			return c, true
		}
	}
	return pact.Contract{}, false
}
