// Package connectortest is the suite every connector passes: the port's specification.
//
// It owns the questions and the faults it puts between a connector and the connector's own stand-in of its system. It does
// not own the stand-ins. Invariants: effects are counted at the stand-in, which must not deduplicate; everything goes over
// real HTTP through the shared outbound stack.
package connectortest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// Canary stands in every secret; it must come out nowhere.
const Canary = "canary-9c1f-secret"

// Case is one connector with a stand-in of its system.
type Case struct {
	Connector connector.Connector
	// Values are valid settings for a system at the address, with Canary in each secret.
	Values func(base string) connector.Values
	// System makes a fresh stand-in. Effects counts what writes have left behind, with no deduplication there.
	System func() (handler http.Handler, effects func() int)
	// Sign tells the requests of signing in, which faults leave alone. Nil: there are none.
	Sign func(*http.Request) bool
	// Stream is a stream with at least one record; "" where the connector reads nothing.
	Stream string
	// Actions are writes with one effect each; empty where the connector writes nothing.
	Actions []pact.Action
}

// Now is the product's clock in the suite.
func Now() time.Time { return time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC) }

// Open opens a connection to a server through the shared outbound stack.
func Open(t *testing.T, c connector.Connector, v connector.Values, base string) connector.Connection {
	t.Helper()
	client, err := outbound.NewClient(outbound.Config{Name: c.Name, AllowHosts: []string{strings.TrimPrefix(base, "http://")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	open, err := c.Open(t.Context(), v, connector.Env{ConnectionID: "cnn_test", HTTP: client, Now: Now, BaseURL: "https://pactloop.test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = open.Close() })
	return open
}

// Run asks everything.
func Run(t *testing.T, c Case) {
	t.Run("the description is complete", func(t *testing.T) { t.Parallel(); described(t, c.Connector) })
	t.Run("settings are validated and masked", func(t *testing.T) { t.Parallel(); settings(t, c) })
	t.Run("the check passes, and tells each failure", func(t *testing.T) { t.Parallel(); checks(t, c) })
	t.Run("secrets are in no error", func(t *testing.T) { t.Parallel(); secretless(t, c) })
	if c.Stream != "" {
		t.Run("the same cursor gives the same records", func(t *testing.T) { t.Parallel(); cursors(t, c) })
	}
	for _, a := range c.Actions {
		t.Run("twice is once: "+a.Kind, func(t *testing.T) { t.Parallel(); twice(t, c, a) })
		t.Run("a lost answer is no second effect: "+a.Kind, func(t *testing.T) { t.Parallel(); lostAnswers(t, c, a) })
	}
}

func described(t *testing.T, c connector.Connector) {
	if c.Name == "" || c.Title == "" || c.Category == "" || strings.TrimSpace(c.Guide) == "" || c.Open == nil {
		t.Error("name, title, category, guide and Open are needed")
	}
	reference := connector.Reference(c)
	names := map[string]bool{}
	for _, s := range c.Settings {
		if names[s.Name] || !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(s.Name) || s.Title == "" {
			t.Errorf("setting %q: name or title", s.Name)
		}
		names[s.Name] = true
		if _, err := regexp.Compile(s.Pattern); err != nil {
			t.Errorf("setting %q: %v", s.Name, err)
		}
		if s.Kind == connector.KindChoice && s.Default != "" && !slices.Contains(s.Choices, s.Default) {
			t.Errorf("setting %q: the default is no choice", s.Name)
		}
		if s.Secret() && s.Default != "" {
			t.Errorf("setting %q: a secret has no default", s.Name)
		}
		if other, _, ok := strings.Cut(s.When, "="); s.When != "" && (!ok || !names[other]) {
			t.Errorf("setting %q: %q names no setting before it", s.Name, s.When)
		}
		if !strings.Contains(reference, "`"+s.Name+"`") {
			t.Errorf("setting %q is not on the reference page", s.Name)
		}
	}
	for _, s := range c.Streams {
		if s.Name == "" || s.Title == "" || s.Object == "" || s.Every < time.Second {
			t.Errorf("stream %q is not complete", s.Name)
		}
	}
	for _, a := range c.Actions {
		if a.Kind == "" || a.Title == "" || a.Object == "" {
			t.Errorf("action %q is not complete", a.Kind)
		}
	}
	for _, p := range c.CheckMapping(c.Mapping) {
		t.Errorf("the shipped mapping: %s", p)
	}
}

func settings(t *testing.T, c Case) {
	if _, err := c.Connector.Validate(connector.Values{}); !fault.Is(err, fault.Invalid) || len(fault.Of(err).Details) == 0 {
		t.Errorf("no settings: %v", err)
	}
	values := c.Values("https://system.test")
	if _, err := c.Connector.Validate(values); err != nil {
		t.Errorf("valid settings: %v", err)
	}
	values["no_such_setting"] = Canary
	if _, err := c.Connector.Validate(values); !fault.Is(err, fault.Invalid) || strings.Contains(fmt.Sprint(err, fault.Of(err).Details), Canary) {
		t.Errorf("an unknown setting: %v", err)
	}
	masked := c.Connector.Masked(values)
	plain, sealed := c.Connector.Split(values)
	if strings.Contains(fmt.Sprint(masked, plain), Canary) || len(sealed) == 0 {
		t.Error("a secret is shown, or not told apart")
	}
}

// faults stands between the connector and the stand-in.
type faults struct {
	next http.Handler
	sign func(*http.Request) bool

	mu     sync.Mutex
	before http.HandlerFunc // answers instead of the stand-in
	after  bool             // drops the answer of the next write, after the stand-in has done it
}

func (f *faults) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	before, after := f.before, f.after && r.Method != http.MethodGet
	free := f.sign != nil && f.sign(r)
	if after && !free {
		f.after = false
	}
	f.mu.Unlock()
	switch {
	case free:
		f.next.ServeHTTP(w, r)
	case before != nil:
		before(w, r)
	case after:
		f.next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	default:
		f.next.ServeHTTP(w, r)
	}
}

func (f *faults) set(before http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.before = before
}

func (c Case) start(t *testing.T) (connector.Connection, *faults, func() int) {
	t.Helper()
	handler, effects := c.System()
	f := &faults{next: handler, sign: c.Sign}
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return Open(t, c.Connector, c.Values(s.URL), s.URL), f, effects
}

func checks(t *testing.T, c Case) {
	open, f, _ := c.start(t)
	if err := open.Check(t.Context()); err != nil {
		t.Fatalf("a healthy system: %v", err)
	}
	for _, want := range []struct {
		status int
		class  connector.Failure
	}{{401, connector.FailDenied}, {403, connector.FailDenied}, {429, connector.FailUnavailable}, {503, connector.FailUnavailable}} {
		f.set(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "77")
			w.WriteHeader(want.status)
		})
		err := open.Check(t.Context())
		class, after := connector.FailureOf(err)
		if err == nil || class != want.class || class == connector.FailUnavailable && after != 77*time.Second {
			t.Errorf("status %d: class %q after %v (%v)", want.status, class, after, err)
		}
	}
	f.set(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>sleeping</html>") })
	if err := open.Check(t.Context()); err == nil {
		t.Error("a page of HTML passes for an answer")
	}
}

func secretless(t *testing.T, c Case) {
	open, f, _ := c.start(t)
	f.set(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusBadRequest)
		text, _ := json.Marshal(fmt.Sprint(Canary, r.Header, string(body)))
		_, _ = fmt.Fprintf(w, `{"code":"X","message":%[1]s,"error":{"message":%[1]s,"detail":%[1]s}}`, text)
	})
	errs := []error{open.Check(t.Context())}
	if w, ok := open.(connector.Writer); ok {
		for _, a := range c.Actions {
			_, err := w.Write(t.Context(), a)
			errs = append(errs, err)
		}
	}
	for _, err := range errs {
		if err == nil || strings.Contains(fmt.Sprintf("%+v %#v", err, err), Canary) {
			t.Errorf("no error, or a secret in it: %v", err)
		}
	}
}

// ReadAll reads a stream from a cursor to its end.
func ReadAll(ctx context.Context, t *testing.T, r connector.Reader, stream string, cursor pact.Cursor) ([]pact.Record, pact.Cursor) {
	t.Helper()
	var out []pact.Record
	for range 1000 {
		page, err := r.Read(ctx, stream, cursor)
		if err != nil {
			t.Fatal(err)
		}
		out, cursor = append(out, page.Records...), page.Next
		if !page.More {
			return out, cursor
		}
	}
	t.Fatal("the stream does not end")
	return nil, ""
}

func cursors(t *testing.T, c Case) {
	open, _, _ := c.start(t)
	r, ok := open.(connector.Reader)
	if !ok {
		t.Fatal("the connection reads nothing")
	}
	first, after := ReadAll(t.Context(), t, r, c.Stream, "")
	again, afterAgain := ReadAll(t.Context(), t, r, c.Stream, "")
	if len(first) == 0 || !reflect.DeepEqual(first, again) || after != afterAgain {
		t.Errorf("%d records, then %d; cursors %q and %q", len(first), len(again), after, afterAgain)
	}
	if rest, _ := ReadAll(t.Context(), t, r, c.Stream, after); len(rest) != 0 {
		t.Errorf("%d records again from the end", len(rest))
	}
	if _, err := r.Read(t.Context(), c.Stream, "not a cursor"); err == nil {
		t.Error("a cursor that is not ours was taken")
	}
	if _, err := r.Read(t.Context(), "no_such_stream", ""); err == nil {
		t.Error("an unknown stream was read")
	}
}

func twice(t *testing.T, c Case, a pact.Action) {
	open, _, effects := c.start(t)
	w := open.(connector.Writer)
	first, err := w.Write(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	done := effects()
	again, err := w.Write(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if done != 1 || effects() != 1 {
		t.Errorf("%d effects, then %d", done, effects())
	}
	if first.ExternalID == "" || first.ExternalID != again.ExternalID || first.Found || !again.Found {
		t.Errorf("receipts %+v and %+v", first, again)
	}
	if _, err := w.Write(t.Context(), pact.Action{Kind: "no_such_action", Key: "k"}); err == nil {
		t.Error("an unknown action was done")
	}
}

func lostAnswers(t *testing.T, c Case, a pact.Action) {
	open, f, effects := c.start(t)
	f.mu.Lock()
	f.after = true
	f.mu.Unlock()
	w := open.(connector.Writer)
	_, err := w.Write(t.Context(), a)
	if err != nil {
		if class, _ := connector.FailureOf(err); class != connector.FailUnavailable {
			t.Errorf("class %q: %v", class, err)
		}
		if _, err := w.Write(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Write(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if effects() != 1 {
		t.Errorf("%d effects", effects())
	}
}
