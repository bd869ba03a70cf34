package outbound_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// api makes an API on a handler, with a Wait that notes instead of waiting.
func api(t *testing.T, handler http.HandlerFunc, change func(*outbound.APIConfig)) (*outbound.API, *[]time.Duration) {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	var waits []time.Duration
	c := outbound.APIConfig{
		HTTP: client(t, hostOf(s)), System: "Testsystem", Base: s.URL,
		Wait: func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil },
	}
	if change != nil {
		change(&c)
	}
	return outbound.NewAPI(c), &waits
}

// replies answers each call with the next of its answers.
func replies(count *atomic.Int32, list ...func(http.ResponseWriter)) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		n := int(count.Add(1))
		list[min(n, len(list))-1](w)
	}
}

func status(code int, header ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "{}")
	}
}

func drop(http.ResponseWriter) { panic(http.ErrAbortHandler) }

func TestOnlyHarmlessCallsAreRepeated(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method     string
		repeatable bool
		first      func(http.ResponseWriter)
		calls      int32
		class      connector.Failure // "" where it ends well
	}{
		"read after 500":                  {http.MethodGet, false, status(500), 2, ""},
		"read after a dropped connection": {http.MethodGet, false, drop, 2, ""},
		"create after 500":                {http.MethodPost, false, status(500), 1, connector.FailUnavailable},
		"create after a lost answer":      {http.MethodPost, false, drop, 1, connector.FailUnavailable},
		"create after 429":                {http.MethodPost, false, status(429, "Retry-After", "1"), 2, ""},
		"marked write after 503":          {http.MethodPatch, true, status(503), 2, ""},
		"marked write after lost answer":  {http.MethodPatch, true, drop, 2, ""},
		"read after 403":                  {http.MethodGet, false, status(403), 1, connector.FailDenied},
		"write after 400":                 {http.MethodPatch, true, status(400), 1, connector.FailInvalid},
		"write after 404":                 {http.MethodPatch, true, status(404), 1, connector.FailUnmapped},
		"write after 409":                 {http.MethodPatch, true, status(409), 1, connector.FailConflict},
		"create after a busy 409":         {http.MethodPost, false, status(409, "Retry-After", "1"), 2, ""},
		"write after 412":                 {http.MethodPatch, true, status(412), 1, connector.FailConflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			a, _ := api(t, replies(&calls, c.first, status(200)), nil)
			_, err := a.Do(t.Context(), outbound.Call{Method: c.method, Path: "/x", Repeatable: c.repeatable, Body: map[string]any{"a": 1}})
			var class connector.Failure
			if err != nil {
				class, _ = connector.FailureOf(err)
			}
			if calls.Load() != c.calls || class != c.class {
				t.Errorf("%d calls, class %q (%v); want %d, %q", calls.Load(), class, err, c.calls, c.class)
			}
		})
	}
}

func TestRetryAfterIsKeptWithinASecondOrHandedOn(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	a, waits := api(t, replies(&calls, status(429, "Retry-After", "3"), status(409, "Retry-After", "2"), status(200)), nil)
	if _, err := a.Do(t.Context(), outbound.Call{Method: http.MethodGet, Path: "/"}); err != nil {
		t.Fatal(err)
	}
	if w := *waits; len(w) != 2 || w[0] < 3*time.Second || w[0] > 4*time.Second || w[1] < 2*time.Second || w[1] > 3*time.Second {
		t.Errorf("waited %v, want 3 s and 2 s, and not a second more", w)
	}
	for _, header := range []string{"120", time.Now().Add(2 * time.Minute).UTC().Format(http.TimeFormat)} {
		var calls atomic.Int32
		a, waits := api(t, replies(&calls, status(503, "Retry-After", header)), nil)
		_, err := a.Do(t.Context(), outbound.Call{Method: http.MethodGet, Path: "/"})
		class, after := connector.FailureOf(err)
		if class != connector.FailUnavailable || after < 118*time.Second || after > 122*time.Second || calls.Load() != 1 || len(*waits) != 0 {
			t.Errorf("Retry-After %s: class %s, after %v, %d calls, waits %v", header, class, after, calls.Load(), *waits)
		}
	}
	for _, header := range []string{"", "-5", "soon", "99999999999999999999"} {
		var calls atomic.Int32
		a, _ := api(t, replies(&calls, status(503, "Retry-After", header), status(200)), nil)
		if _, err := a.Do(t.Context(), outbound.Call{Method: http.MethodGet, Path: "/"}); err != nil {
			t.Errorf("Retry-After %q: %v", header, err)
		}
	}
}

func TestABodyThatIsTooLongIsRefused(t *testing.T) {
	t.Parallel()
	for _, chunked := range []bool{false, true} {
		a, _ := api(t, func(w http.ResponseWriter, _ *http.Request) {
			if !chunked {
				w.Header().Set("Content-Length", "1001")
			}
			_, _ = io.WriteString(w, strings.Repeat("x", 1001))
		}, nil)
		_, err := a.Do(t.Context(), outbound.Call{Method: http.MethodGet, Path: "/", Limit: 1000})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("chunked %v: %v", chunked, err)
		}
		if answer, err := a.Do(t.Context(), outbound.Call{Method: http.MethodGet, Path: "/", Limit: 1001}); err != nil || len(answer.Body) != 1001 {
			t.Errorf("exactly the limit: %d bytes, %v", len(answer.Body), err)
		}
	}
}

func TestSecretsAreInNoError(t *testing.T) {
	t.Parallel()
	const canary = `canary/p@ss+word "1"`
	secrets := outbound.NewRedactor(canary)
	echo := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, "%s %s %s", canary, r.Header.Get("Authorization"), r.URL.RawQuery)
	}
	a, _ := api(t, echo, func(c *outbound.APIConfig) {
		c.Secrets, c.Auth = secrets, outbound.Bearer(canary)
		c.Explain = func(_ int, body []byte) (connector.Failure, string) { return "", string(body) }
	})
	_, err := a.Do(t.Context(), outbound.Call{Method: http.MethodGet, Path: "/", Query: map[string][]string{"q": {canary}}})
	var gone *outbound.API
	gone, _ = api(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, func(c *outbound.APIConfig) { c.Secrets = secrets })
	_, lost := gone.Do(t.Context(), outbound.Call{Method: http.MethodGet, Path: "/", Query: map[string][]string{"q": {canary}}})
	for _, e := range []error{err, lost} {
		for _, text := range []string{e.Error(), fmt.Sprintf("%+v", e), fmt.Sprintf("%#v", errors.Unwrap(e))} {
			if strings.Contains(text, "canary") {
				t.Errorf("secret in %q", text)
			}
		}
	}
}

func TestATokenIsFetchedOnceAndRenewedOnce(t *testing.T) {
	t.Parallel()
	var tokens, refused, calls atomic.Int32
	valid := atomic.Value{}
	valid.Store("token-1")
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if r.Form.Get("grant_type") != "client_credentials" || r.Form.Get("client_secret") != "hidden" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error":"invalid_client","error_description":"hidden is wrong"}`)
			return
		}
		_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":3600,"instance_url":"x"}`, tokens.Add(1))
	})
	mux.HandleFunc("/api", func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if r.Header.Get("Authorization") != "Bearer "+valid.Load().(string) {
			refused.Add(1)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, "{}")
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	http1 := client(t, hostOf(s))
	auth := outbound.NewOAuth(outbound.OAuthConfig{HTTP: http1, System: "Testsystem", TokenURL: s.URL + "/token", Form: outbound.ClientCredentials("id", "hidden", "")})
	a := outbound.NewAPI(outbound.APIConfig{HTTP: http1, System: "Testsystem", Base: s.URL, Auth: auth})
	post := outbound.Call{Method: http.MethodPost, Path: "/api", Body: map[string]any{}}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := a.Do(t.Context(), post); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if tokens.Load() != 1 {
		t.Errorf("%d tokens for 20 calls at once", tokens.Load())
	}
	valid.Store("token-2") // the other side ended our token early
	if _, err := a.Do(t.Context(), post); err != nil || tokens.Load() != 2 {
		t.Errorf("renewal: %v, %d tokens", err, tokens.Load())
	}
	valid.Store("never")
	before := calls.Load()
	_, err := a.Do(t.Context(), post)
	if class, _ := connector.FailureOf(err); class != connector.FailDenied || calls.Load()-before != 2 {
		t.Errorf("401 after a fresh token: %v, %d calls", err, calls.Load()-before)
	}
	wrong := outbound.NewOAuth(outbound.OAuthConfig{HTTP: http1, System: "Testsystem", TokenURL: s.URL + "/token", Secrets: outbound.NewRedactor("other-hidden"), Form: outbound.ClientCredentials("id", "other-hidden", "")})
	_, err = wrong.Authorize(t.Context(), http.Header{})
	if class, _ := connector.FailureOf(err); class != connector.FailDenied || strings.Contains(err.Error(), "other-hidden") {
		t.Errorf("refused client: %v", err)
	}
}

func TestTheAssertionIsSignedAndShortLived(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	form, err := outbound.JWTBearer("id", "user@acme.test", "https://login.salesforce.com", text)()
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(form.Get("assertion"), ".")
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Iss, Sub, Aud string
		Exp           int64
	}
	if err := json.Unmarshal(raw, &claims); err != nil || claims.Iss != "id" || claims.Sub != "user@acme.test" || time.Until(time.Unix(claims.Exp, 0)) > 3*time.Minute {
		t.Errorf("claims %s, %v", raw, err)
	}
	for _, bad := range []string{"", "x", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"} {
		if _, err := outbound.JWTBearer("id", "u", "a", bad)(); err == nil {
			t.Errorf("key %q accepted", bad)
		}
	}
}

func TestTheCircuitOpensAndLeavesTheOtherSideAlone(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	s := httptest.NewServer(replies(&calls, status(500)))
	t.Cleanup(s.Close)
	var seen atomic.Int32
	c, err := outbound.NewClient(outbound.Config{Name: "x", AllowHosts: []string{hostOf(s)}, BreakAfter: 3, BreakFor: time.Minute, Observe: func(o outbound.Observation) {
		if o.Connection == "x" && o.Status == 500 && o.Error {
			seen.Add(1)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	a := outbound.NewAPI(outbound.APIConfig{HTTP: c, System: "Testsystem", Base: s.URL})
	for range 10 {
		_, err = a.Do(t.Context(), outbound.Call{Method: http.MethodPost, Path: "/"})
	}
	class, after := connector.FailureOf(err)
	if calls.Load() != 3 || class != connector.FailUnavailable || after <= 50*time.Second || seen.Load() != 3 {
		t.Errorf("%d calls, class %s, after %v, %d observed", calls.Load(), class, after, seen.Load())
	}
}

func TestCallsCarryTheCorrelationID(t *testing.T) {
	t.Parallel()
	var got string
	a, _ := api(t, func(w http.ResponseWriter, r *http.Request) { got = r.Header.Get(outbound.CorrelationHeader) }, nil)
	ctx := pact.WithActor(t.Context(), pact.Actor{ID: "monitor", CorrelationID: "cor_1"})
	if _, err := a.Do(ctx, outbound.Call{Method: http.MethodGet, Path: "/"}); err != nil || got != "cor_1" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestALinkToAnotherHostIsNotFollowed(t *testing.T) {
	t.Parallel()
	a, _ := api(t, func(http.ResponseWriter, *http.Request) { t.Error("called") }, nil)
	for _, path := range []string{"https://evil.test/next", "http://127.0.0.1:1/x", "@evil.test/", "://", ".evil.test/"} {
		if _, err := a.Do(t.Context(), outbound.Call{Method: http.MethodGet, Path: path}); err == nil {
			t.Errorf("%q was followed", path)
		}
	}
}

func TestTheRateLimitHoldsBack(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	a, _ := api(t, replies(&calls, status(200)), func(c *outbound.APIConfig) { c.Limits = map[string]rate.Limit{"slow": 0.1} })
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, first := a.Do(ctx, outbound.Call{Method: http.MethodGet, Path: "/", Bucket: "slow"})
	_, second := a.Do(ctx, outbound.Call{Method: http.MethodGet, Path: "/", Bucket: "slow"})
	if class, _ := connector.FailureOf(second); first != nil || class != connector.FailUnavailable || calls.Load() != 1 {
		t.Errorf("first %v, second %v, %d calls", first, second, calls.Load())
	}
}
