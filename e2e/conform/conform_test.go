//go:build conform

// Package conform_test holds the product against what others wrote: connectors and stand-ins against the vendors' own
// descriptions, reading against labelled contracts.
//
// It owns: driving each connector through all it can do against its stand-in while every request and every answer is
// validated, the list of operations that must have been seen, and the least that reading must reach.
//
// It does not own: the descriptions and the labelled contracts. They are not ours to ship; SHARED names the folder that
// has them in specs/ and data/.
//
// Invariants: a missing folder is a failure, never a silence; the connectors are the ones that ship, behind the client
// that ships; what the description does not have is listed by name, and anything beyond that list fails.
//
//	make conform SHARED=folder
package conform_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/catalog"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/samples"
	"github.com/pactloop/pactloop/simulator"
	"github.com/pactloop/pactloop/simulator/conform"
)

// shared is the folder with specs/ and data/.
func shared(t *testing.T, below ...string) string {
	t.Helper()
	dir := os.Getenv("SHARED")
	if dir == "" {
		t.Fatal("SHARED must name the folder that holds specs/ and data/")
	}
	dir = filepath.Join(append([]string{dir}, below...)...)
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("SHARED has no %s: %v", filepath.Join(below...), err)
	}
	return dir
}

// limited bounds every wait of a test.
func limited(t *testing.T) context.Context {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(stop)
	return ctx
}

// start opens the town of the samples, with everybody of the story able to sign in to ServiceNow.
func start(t *testing.T, story samples.Story) *simulator.Town {
	t.Helper()
	cfg := simulator.Config{Start: story.StartsAt, AllowHTTP: true, RetryBase: time.Millisecond, Files: samples.Files, ServiceNowUsers: map[string]string{"system": password}}
	for system, seed := range map[string]*[]byte{"ironclad": &cfg.IroncladSeed, "salesforce": &cfg.SalesforceSeed, "servicenow": &cfg.ServiceNowSeed} {
		raw, err := samples.Seed(system)
		if err != nil {
			t.Fatal(err)
		}
		*seed = raw
	}
	for _, s := range story.Steps {
		if s.As != "" {
			cfg.ServiceNowUsers[s.As] = password
		}
	}
	town, err := simulator.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = town.Close() }) // a town that does not stop shows in its own tests
	return town
}

const password = "demo"

func story(t *testing.T) samples.Story {
	t.Helper()
	s, err := samples.LoadStory()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// full is what both connectors can do; Ironclad's can do more.
type full interface {
	connector.Connection
	connector.Reader
	connector.Fetcher
	connector.Writer
	connector.Previewer
}

// open opens the connector as the product does, with the checker between its client and the wire.
func open(t *testing.T, name string, town *simulator.Town, checker *conform.Checker, settings connector.Values) full {
	t.Helper()
	client, err := outbound.NewClient(outbound.Config{Name: name, AllowHosts: []string{"127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	client.Transport = checker.Transport(client.Transport)
	c, ok := catalog.Find(name)
	if !ok {
		t.Fatalf("the catalog has no connector %s", name)
	}
	conn, err := c.Open(t.Context(), settings, connector.Env{ConnectionID: "con_" + pact.ConnectionID(name), HTTP: client, Now: town.Clock.Now, BaseURL: "https://pactloop.example"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	f, ok := conn.(full)
	if !ok {
		t.Fatalf("the connection %T can do less than it should", conn)
	}
	return f
}

// readAll reads a stream to its present end.
func readAll(ctx context.Context, t *testing.T, r connector.Reader, stream string, from pact.Cursor) ([]pact.Record, pact.Cursor) {
	t.Helper()
	var all []pact.Record
	for range 100 {
		page, err := r.Read(ctx, stream, from)
		if err != nil {
			t.Fatalf("reading %s: %v", stream, err)
		}
		all, from = append(all, page.Records...), page.Next
		if !page.More {
			return all, from
		}
	}
	t.Fatalf("the stream %s does not end", stream)
	return nil, ""
}

// write performs an action twice: the first time with an effect, the second time without.
func write(ctx context.Context, t *testing.T, conn full, a pact.Action) pact.Receipt {
	t.Helper()
	r, err := conn.Write(ctx, a)
	if err != nil {
		t.Fatalf("%s with the key %s: %v", a.Kind, a.Key, err)
	}
	if r.Found {
		t.Errorf("%s with the key %s found its effect before it was made", a.Kind, a.Key)
	}
	again, err := conn.Write(ctx, a)
	if err != nil || !again.Found || again.ExternalID != r.ExternalID {
		t.Errorf("%s with the key %s again: %+v, %v", a.Kind, a.Key, again, err)
	}
	now, err := conn.Current(ctx, a)
	if err != nil || len(now) == 0 {
		t.Errorf("what stands there after %s with the key %s: %v, %v", a.Kind, a.Key, now, err)
	}
	return r
}

func refused(t *testing.T, what string, err error, want connector.Failure) {
	t.Helper()
	if class, _ := connector.FailureOf(err); err == nil || class != want {
		t.Errorf("%s: got %q (%v), want %q", what, class, err, want)
	}
}

func absent(t *testing.T, what string, err error) {
	t.Helper()
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("%s: %v", what, err)
	}
}

// finish prints what was found, and fails on anything that is not as described, that the description does not have
// beyond what is listed, or that was to be seen and was not. It judges by the report, so what is printed is what counts.
func finish(t *testing.T, checker *conform.Checker, must, beside []string) {
	t.Helper()
	report := checker.Report()
	t.Log("\n" + report)
	if n := len(checker.Problems()); n > 0 {
		t.Errorf("%d exchanges are not as described", n)
	}
	covered := map[string]bool{}
	for line := range strings.Lines(report) {
		words := strings.Fields(line)
		if len(words) == 5 && words[4] == "covered" { // GET /records 4 calls covered
			covered[words[0]+" "+words[1]] = true
		}
		if r, ok := strings.CutPrefix(strings.TrimSpace(line), "not described: "); ok && !slices.Contains(beside, r) {
			t.Errorf("%s is not described", r)
		}
	}
	for _, op := range must {
		if !covered[op] {
			t.Errorf("%s was not covered", op)
		}
	}
}

// as sends JSON past the checker: what other people do there is no matter of the connector.
func as(ctx context.Context, t *testing.T, sign func(*http.Request), method, address string, in, out any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	sign(req)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		t.Fatalf("%s %s answered %s", method, address, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		t.Fatal(fmt.Errorf("reading the answer to %s %s: %w", method, address, err))
	}
}
