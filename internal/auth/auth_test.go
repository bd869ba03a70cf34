package auth_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/alexedwards/argon2id"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

const password = "a long password"

func ptr[T any](v T) *T { return &v }

func TestTheFirstAdministratorIsMadeOnce(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		made := make(chan string, 8)
		var wg sync.WaitGroup
		for range 8 { // as many nodes starting at once
			wg.Go(func() {
				p, err := h.Gate.EnsureAdmin(t.Context(), "Admin@Example.com", "")
				if err != nil {
					t.Error(err)
				}
				if p != "" {
					made <- p
				}
			})
		}
		wg.Wait()
		if len(made) != 1 {
			t.Fatalf("%d passwords were told", len(made))
		}
		u := apitest.One(t, h.Store.Reads().Users)
		if u.Email != "admin@example.com" || u.Role != pact.Admin || u.Units[0] != "*" {
			t.Errorf("%+v", u)
		}
		if p := <-made; len(p) < 12 || strings.Contains(u.PasswordHash, p) {
			t.Errorf("the password %q is kept as %q", p, u.PasswordHash)
		}
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		ctx := storetest.System(t)
		if _, err := h.Gate.EnsureAdmin(ctx, "a@example.com", password); err != nil {
			t.Fatal(err)
		}
		last := apitest.One(t, h.Store.Reads().Users)
		for name, ch := range map[string]auth.UserChange{"disabled": {Disabled: ptr(true)}, "demoted": {Role: ptr(pact.Viewer)}} {
			ch.Revision = last.Revision
			if _, err := h.Gate.ChangeUser(ctx, last.ID, ch); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "last administrator") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if u := apitest.One(t, h.Store.Reads().Users); u.Disabled || u.Role != pact.Admin {
			t.Errorf("%+v", u)
		}
		second, err := h.Gate.AddUser(ctx, auth.NewUser{Email: "b@example.com", Name: "B", Role: pact.Admin, Units: []string{"*"}, Password: password})
		if err != nil || second.PasswordHash != "" {
			t.Fatalf("%+v %v", second, err)
		}
		if _, err := h.Gate.ChangeUser(ctx, last.ID, auth.UserChange{Disabled: ptr(true), Revision: last.Revision}); err != nil {
			t.Errorf("the first of two: %v", err)
		}
		if _, err := h.Gate.ChangeUser(ctx, second.ID, auth.UserChange{Role: ptr(pact.Reviewer), Revision: second.Revision}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the last enabled one: %v", err)
		}
	})
}

func TestTwoAdministratorsCanNotDisableEachOtherAtOnce(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		ctx := storetest.System(t)
		var ids []pact.User
		for _, email := range []string{"a@example.com", "b@example.com"} {
			u, err := h.Gate.AddUser(ctx, auth.NewUser{Email: email, Name: "A", Role: pact.Admin, Units: []string{"*"}, Password: password})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, u)
		}
		var wg sync.WaitGroup
		for _, u := range ids {
			wg.Go(func() {
				_, err := h.Gate.ChangeUser(ctx, u.ID, auth.UserChange{Disabled: ptr(true), Revision: u.Revision})
				if err != nil && !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := len(apitest.All(t, h.Store.Reads().Users, store.Eq("disabled", false))); n != 1 {
			t.Errorf("%d administrators are left", n)
		}
	})
}

func TestAccountsThatCanNotBe(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	ctx := storetest.System(t)
	good := auth.NewUser{Email: "x@example.com", Name: "X", Role: pact.Viewer, Units: []string{"north"}, Password: password}
	for name, change := range map[string]func(*auth.NewUser){
		"no address":         func(n *auth.NewUser) { n.Email = "nobody" },
		"an unknown role":    func(n *auth.NewUser) { n.Role = "root" },
		"no units":           func(n *auth.NewUser) { n.Units = nil },
		"a short password":   func(n *auth.NewUser) { n.Password = "ninechars" },
		"a boundless one":    func(n *auth.NewUser) { n.Password = strings.Repeat("x", 1025) },
		"no password at all": func(n *auth.NewUser) { n.Password = "" },
	} {
		n := good
		change(&n)
		if _, err := h.Gate.AddUser(ctx, n); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := h.Gate.AddUser(ctx, good); err != nil {
		t.Fatal(err)
	}
	good.Email = "X@Example.com"
	if _, err := h.Gate.AddUser(ctx, good); !fault.Is(err, fault.Conflict) {
		t.Errorf("the same address again: %v", err)
	}
	for _, role := range []pact.Role{pact.Viewer, pact.Reviewer, pact.Approver, pact.Connector} {
		as := storetest.As(t, role, "*")
		if _, err := h.Gate.AddUser(as, good); !fault.Is(err, fault.Denied) {
			t.Errorf("%s adds people: %v", role, err)
		}
		if _, _, err := h.Gate.AddKey(as, "k", pact.Viewer, []string{"*"}); !fault.Is(err, fault.Denied) {
			t.Errorf("%s makes keys: %v", role, err)
		}
	}
}

func TestARevokedKeyIsOutAtOnce(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	key, row, err := h.Gate.AddKey(storetest.System(t), "machine", pact.Connector, []string{"north"})
	if err != nil || row.Hash != "" || !strings.HasPrefix(key, row.Hint) || len(row.Hint) > 10 {
		t.Fatalf("%+v %v", row, err)
	}
	who := func() (pact.Actor, bool) {
		t.Helper()
		var a pact.Actor
		var ok bool
		handler := h.Gate.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { a, ok = pact.ActorFrom(r.Context()) }))
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+key)
		handler.ServeHTTP(httptest.NewRecorder(), r)
		return a, ok
	}
	if a, ok := who(); !ok || a.ID != string(row.ID) || a.Role != pact.Connector || a.Kind != "key" || a.CorrelationID == "" {
		t.Errorf("%+v", a)
	}
	if err := h.Gate.RevokeKey(storetest.System(t), row.ID); err != nil {
		t.Fatal(err)
	}
	if a, ok := who(); ok {
		t.Errorf("a revoked key is %+v", a)
	}
}

func TestRequestIDsOfCallersAreTakenOverOnlyWhenTheyAreSane(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	for given, kept := range map[string]bool{"trace-12345": true, "short": false, "": false, "with space 1": false, "line\tbreak00": false, strings.Repeat("x", 65): false, "<script>alert": false} {
		var got string
		handler := h.Gate.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = auth.RequestID(r.Context()) }))
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header.Set("X-Request-Id", given)
		handler.ServeHTTP(httptest.NewRecorder(), r)
		if (got == given) != kept || got == "" {
			t.Errorf("%q becomes %q", given, got)
		}
	}
}

// What ships costs whoever guesses passwords at least what OWASP asks of argon2id: 46 MiB with one pass, or 19 MiB with two.
// The houses of other tests hash cheaply.
func TestPasswordsAreHashedDearly(t *testing.T) {
	t.Parallel()
	kept := storetest.SQLite(t)
	g, err := auth.New(auth.Config{Store: kept, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.AddUser(storetest.System(t), auth.NewUser{Email: "a@example.com", Name: "A", Role: pact.Viewer, Units: []string{"*"}, Password: password}); err != nil {
		t.Fatal(err)
	}
	row := apitest.One(t, kept.Reads().Users, store.Eq("email", "a@example.com"))
	params, salt, key, err := argon2id.DecodeHash(row.PasswordHash)
	if err != nil {
		t.Fatal(err)
	}
	if cost := params.Memory * params.Iterations; cost < 46<<10 || params.Memory < 19<<10 || len(salt) < 16 || len(key) < 32 {
		t.Errorf("a password is hashed with %+v, a salt of %d and a key of %d bytes", *params, len(salt), len(key))
	}
}

// A browser that goes away while its session is kept leaves no line in the log, and no second answer.
func TestACancelledRequestIsNotReported(t *testing.T) {
	t.Parallel()
	for name, goesAway := range map[string]bool{"the browser goes away": true, "the store fails": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := apitest.Build(t, apitest.Options{})
			if _, err := h.Gate.EnsureAdmin(storetest.System(t), "a@example.com", password); err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			gate, err := auth.New(auth.Config{Store: h.Store, Log: slog.New(slog.NewTextHandler(&log, nil)), Params: argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w := &counting{ResponseRecorder: httptest.NewRecorder()}
			gate.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if _, err := gate.SignIn(r.Context(), "192.0.2.1", "a@example.com", password); err != nil {
					t.Error(err)
				}
				if goesAway {
					cancel()
				} else if err := h.Store.Close(); err != nil {
					t.Error(err)
				}
				w.WriteHeader(http.StatusOK)
				_, _ = io.WriteString(w, "signed in")
			})).ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/api/v1/session", nil))
			if w.headers != 1 || w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "signed in") {
				t.Errorf("%d answers, %d %q", w.headers, w.Code, w.Body)
			}
			if said := log.String(); goesAway != (said == "") || strings.Count(said, "level=ERROR") > 1 || (!goesAway && !strings.Contains(said, "keeping a session")) {
				t.Errorf("the log says %q", said)
			}
		})
	}
}

type counting struct {
	*httptest.ResponseRecorder
	headers int
}

func (c *counting) WriteHeader(status int) {
	c.headers++
	c.ResponseRecorder.WriteHeader(status)
}
