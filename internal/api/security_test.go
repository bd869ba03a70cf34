package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/intake"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

const password = "a long password"

// browser gives a client that is signed in with a cookie.
func browser(t *testing.T, h *apitest.House, role pact.Role) *http.Client {
	t.Helper()
	h.Key(t, pact.Admin)
	email := string(role) + "@example.com"
	if a := send(t, h, h.Key(t, pact.Admin), http.MethodPost, "/api/v1/users", object{"email": email, "name": "B", "role": role, "units": []string{"*"}, "password": password}); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	if a := post(t, c, h.URL+"/api/v1/session", object{"email": email, "password": password}); a.status != http.StatusOK {
		t.Fatalf("signing in: %d %s", a.status, a.body)
	}
	return c
}

func post(t *testing.T, c *http.Client, url string, body any, header ...string) reply {
	t.Helper()
	reader, kind := encode(t, body)
	return do(t, c, http.MethodPost, url, reader, append([]string{"Content-Type", kind}, header...)...)
}

func TestWritesFromAnotherSiteAreRefused(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := browser(t, h, pact.Admin)
	key := object{"name": "k", "role": "viewer", "units": []string{"*"}}
	for name, header := range map[string][]string{
		"cross-site fetch":         {"Sec-Fetch-Site", "cross-site"},
		"same-site, other origin":  {"Sec-Fetch-Site", "same-site"},
		"old browser, only origin": {"Origin", "https://evil.example"},
	} {
		a := post(t, c, h.URL+"/api/v1/keys", key, header...)
		if a.status != http.StatusForbidden || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		form := do(t, c, http.MethodPost, h.URL+"/api/v1/keys", strings.NewReader(`{"name":"k","role":"viewer","units":["*"]}`), append([]string{"Content-Type", "text/plain"}, header...)...)
		if form.status != http.StatusForbidden {
			t.Errorf("%s, as a form would send it: %d", name, form.status)
		}
	}
	if a := post(t, c, h.URL+"/api/v1/keys", key, "Sec-Fetch-Site", "same-origin"); a.status != http.StatusCreated {
		t.Errorf("our own page: %d %s", a.status, a.body)
	}
}

func TestTheCookieAndTheHeaders(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"http://pactloop.test", "https://pactloop.test"} {
		t.Run(base[:5], func(t *testing.T) {
			t.Parallel()
			secure := strings.HasPrefix(base, "https")
			h := apitest.Build(t, apitest.Options{BaseURL: base})
			if _, err := h.Gate.EnsureAdmin(t.Context(), "admin@example.com", password); err != nil {
				t.Fatal(err)
			}
			a := send(t, h, "", http.MethodPost, "/api/v1/session", object{"email": "admin@example.com", "password": password})
			cookie := a.header.Get("Set-Cookie")
			for _, want := range []string{"pactloop_session=", "HttpOnly", "SameSite=Strict", "Path=/"} {
				if !strings.Contains(cookie, want) {
					t.Errorf("the cookie %q lacks %s", cookie, want)
				}
			}
			if strings.Contains(cookie, "Secure") != secure {
				t.Errorf("%s: the cookie is %q", base, cookie)
			}
			seen := map[string]bool{}
			for _, path := range []string{"/", "/docs", "/api/v1/session", "/api/v1/contracts", "/healthz", "/hooks/none", "/api/openapi.json"} {
				a := send(t, h, "", http.MethodGet, path, nil)
				csp := strings.Join(a.header.Values("Content-Security-Policy"), "|")
				if strings.Contains(csp, "unsafe-inline") || strings.Contains(csp, "'unsafe-eval'") || !strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "object-src 'none'") || strings.Contains(csp, "|") {
					t.Errorf("%s: CSP %q", path, csp)
				}
				if seen[csp] {
					t.Errorf("%s: the nonce was used before", path)
				}
				seen[csp] = true
				if a.header.Get("X-Frame-Options") != "DENY" || a.header.Get("X-Content-Type-Options") != "nosniff" {
					t.Errorf("%s: %v", path, a.header)
				}
				if hsts := a.header.Get("Strict-Transport-Security"); (hsts != "") != secure {
					t.Errorf("%s with %s: HSTS %q", path, base, hsts)
				}
				if strings.HasPrefix(path, "/api/") && a.header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s may be cached: %q", path, a.header.Get("Cache-Control"))
				}
			}
		})
	}
}

func TestADocumentIsNeverRunAsAPage(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	out, err := h.Intake.Upload(system(), intake.Upload{BusinessUnit: "north", Filename: "x.html", Body: []byte("<script>alert(1)</script>")})
	if err != nil {
		t.Fatal(err)
	}
	a := send(t, h, h.Key(t, pact.Viewer), http.MethodGet, "/api/v1/documents/"+string(out.Document.ID)+"/file", nil)
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %v", a.status, a.header)
	}
	if csp := a.header.Values("Content-Security-Policy"); len(csp) != 1 || !strings.HasPrefix(csp[0], "sandbox") {
		t.Errorf("CSP of a file: %q", csp)
	}
}

func TestTheEleventhSignInOfAMinuteWaits(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	if _, err := h.Gate.EnsureAdmin(t.Context(), "admin@example.com", password); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		a := send(t, h, "", http.MethodPost, "/api/v1/session", object{"email": "admin@example.com", "password": "wrong password"})
		if a.status != http.StatusUnauthorized || !strings.Contains(a.body, "wrong") {
			t.Fatalf("sign-in %d: %d %s", i+1, a.status, a.body)
		}
	}
	a := send(t, h, "", http.MethodPost, "/api/v1/session", object{"email": "admin@example.com", "password": password})
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("the eleventh, though with the right password: %d %v %s", a.status, a.header, a.body)
	}
}

func TestAnUnknownAddressAndAWrongPasswordLookAlike(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	if _, err := h.Gate.EnsureAdmin(t.Context(), "admin@example.com", password); err != nil {
		t.Fatal(err)
	}
	wrong := send(t, h, "", http.MethodPost, "/api/v1/session", object{"email": "admin@example.com", "password": "wrong password"})
	unknown := send(t, h, "", http.MethodPost, "/api/v1/session", object{"email": "nobody@example.com", "password": "wrong password"})
	but := func(r reply) string { return strings.ReplaceAll(r.body, r.header.Get("X-Request-Id"), "") } // each request has its own
	if wrong.status != unknown.status || but(wrong) != but(unknown) {
		t.Errorf("%s\n%s", wrong.body, unknown.body)
	}
}

func TestSigningInAndOutIsAudited(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := browser(t, h, pact.Viewer)
	me := apitest.One(t, h.Store.Reads().Users, store.Eq("email", "viewer@example.com"))
	before := trail(t, h)
	if a := do(t, c, http.MethodDelete, h.URL+"/api/v1/session", nil, "X-Request-Id", "sign-out-1"); a.status != http.StatusNoContent {
		t.Fatalf("signing out: %d %s", a.status, a.body)
	}
	fresh := since(before, trail(t, h))
	if len(fresh) != 1 || fresh[0].Act != "session.end" || fresh[0].ActorID != string(me.ID) || fresh[0].CorrelationID != "sign-out-1" {
		t.Errorf("signing out leaves %+v", fresh)
	}
	if a := do(t, c, http.MethodGet, h.URL+"/api/v1/session", nil); a.status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d", a.status)
	}
	begun := 0
	for _, e := range trail(t, h) {
		if e.Act == "session.begin" && e.Subject == string(me.ID) {
			begun++
		}
	}
	if begun != 1 {
		t.Errorf("signing in leaves %d entries", begun)
	}
}

func TestADisabledAccountIsOutAtOnce(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := browser(t, h, pact.Viewer)
	me := apitest.One(t, h.Store.Reads().Users, store.Eq("email", "viewer@example.com"))
	admin := h.Key(t, pact.Admin)
	if a := send(t, h, admin, http.MethodPut, "/api/v1/users/"+string(me.ID), object{"disabled": true, "revision": me.Revision}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := do(t, c, http.MethodGet, h.URL+"/api/v1/contracts", nil); a.status != http.StatusUnauthorized {
		t.Errorf("a disabled account still reads: %d", a.status)
	}
}

func TestKeysAndPasswordsAreKeptAsHashes(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		admin := h.Key(t, pact.Admin)
		made := send(t, h, admin, http.MethodPost, "/api/v1/keys", object{"name": "machine", "role": "viewer", "units": []string{"*"}}, "Idempotency-Key", "make-key")
		var out struct {
			Key string `json:"key"`
		}
		made.into(t, &out)
		if !strings.HasPrefix(out.Key, "plk_") || send(t, h, out.Key, http.MethodGet, "/api/v1/contracts", nil).status != http.StatusOK {
			t.Fatalf("the new key does not work: %s", made.body)
		}
		again := send(t, h, admin, http.MethodPost, "/api/v1/keys", object{"name": "machine", "role": "viewer", "units": []string{"*"}}, "Idempotency-Key", "make-key")
		if strings.Contains(again.body, out.Key) {
			t.Errorf("the key is shown twice: %s", again.body)
		}
		if list := send(t, h, admin, http.MethodGet, "/api/v1/keys", nil); strings.Contains(list.body, out.Key) || strings.Contains(list.body, `"hash"`) {
			t.Errorf("the list shows the key or its hash: %s", list.body)
		}
		if n := len(apitest.All(t, h.Store.Reads().Keys, store.Eq("name", "machine"))); n != 1 {
			t.Errorf("%d keys were made", n)
		}
		if a := send(t, h, admin, http.MethodPost, "/api/v1/users", object{"email": "p@example.com", "name": "P", "role": "viewer", "units": []string{"*"}, "password": password}); strings.Contains(a.body, "argon2id") {
			t.Errorf("the answer shows the hash: %s", a.body)
		}
		u := apitest.One(t, h.Store.Reads().Users, store.Eq("email", "p@example.com"))
		if !strings.HasPrefix(u.PasswordHash, "$argon2id$") {
			t.Errorf("the password is kept as %q", u.PasswordHash)
		}
		for _, secret := range []string{out.Key, password} {
			if rows := everything(t, h); strings.Contains(rows, secret) {
				t.Errorf("%q stands in the store in the clear", secret)
			}
		}
	})
}

// everything is what the store holds of people, keys, sessions, remembered answers and the trail, as text.
func everything(t *testing.T, h *apitest.House) string {
	t.Helper()
	var all []any
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		keys, err := tx.Keys.All(ctx, store.Query{})
		if err != nil {
			return err
		}
		users, err := tx.Users.All(ctx, store.Query{})
		if err != nil {
			return err
		}
		answers, err := tx.Idempotency.All(ctx, store.Query{})
		all = append(all, keys, users, answers)
		return err
	})
	all = append(all, trail(t, h), apitest.All(t, h.Store.Reads().Sessions))
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestARepeatedWriteHasOneEffect(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		key := h.Key(t, pact.Connector, "north")
		body := object{"events": []any{sample("e1"), sample("e2")}}
		first := send(t, h, key, http.MethodPost, "/api/v1/events", body, "Idempotency-Key", "batch-1")
		second := send(t, h, key, http.MethodPost, "/api/v1/events", body, "Idempotency-Key", "batch-1")
		if first.status != http.StatusAccepted || second.status != first.status || second.body != first.body || second.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("%d %s\n%d %s", first.status, first.body, second.status, second.body)
		}
		other := send(t, h, key, http.MethodPost, "/api/v1/events", object{"events": []any{sample("e3")}}, "Idempotency-Key", "batch-1")
		if other.status != http.StatusUnprocessableEntity {
			t.Errorf("the same key for another request: %d %s", other.status, other.body)
		}
		if n := len(apitest.All(t, h.Store.Reads().Events)); n != 2 {
			t.Errorf("%d events were kept", n)
		}
		bad := object{"events": []any{object{"external_id": "e9", "kind": "nonsense", "subject": "S", "occurred_at": "2026-03-01T00:00:00Z", "data": object{}}}}
		refused := send(t, h, key, http.MethodPost, "/api/v1/events", bad, "Idempotency-Key", "bad")
		repeated := send(t, h, key, http.MethodPost, "/api/v1/events", bad, "Idempotency-Key", "bad")
		if repeated.status != refused.status || repeated.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("a repeated refusal: %d %s", repeated.status, repeated.header.Get("Content-Type"))
		}
		nonsense := object{"external_id": "e10", "kind": "nonsense", "occurred_at": "2026-03-01T00:00:00Z", "data": object{}}
		if a := send(t, h, key, http.MethodPost, "/api/v1/events", object{"events": []any{sample("e2"), nonsense}}); a.status != http.StatusMultiStatus || !strings.Contains(a.body, `"rejections":[{"line":2,`) || !strings.Contains(a.body, "kind: ") {
			t.Errorf("a batch of which one event is no event: %d %s", a.status, a.body)
		}
		h.Do(t, func(ctx context.Context, tx store.Tx) error { // as a request that has not ended yet
			row, err := tx.Idempotency.All(ctx, store.Query{})
			if err != nil {
				return err
			}
			for _, r := range row {
				r.Status = 0
				r.CreatedAt = wall()
				if err := tx.Idempotency.Update(ctx, &r); err != nil {
					return err
				}
			}
			return nil
		})
		if a := send(t, h, key, http.MethodPost, "/api/v1/events", body, "Idempotency-Key", "batch-1"); a.status != http.StatusConflict {
			t.Errorf("while the first is under way: %d %s", a.status, a.body)
		}
	})
}

// The UI sends a key with every write, so an upload of any size that is allowed takes one too: a repeat is the same form, though
// a client that tries again puts another boundary between its parts.
func TestALargeUploadTakesAnIdempotencyKey(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{MaxFile: 7 << 20})
	key := h.Key(t, pact.Reviewer, "north")
	large := form{"file": strings.Repeat("This Agreement goes on and on. ", 5<<20/31), "title": "A large one"}
	first := send(t, h, key, http.MethodPost, "/api/v1/contracts", large, "Idempotency-Key", "large")
	second := send(t, h, key, http.MethodPost, "/api/v1/contracts", large, "Idempotency-Key", "large")
	if first.status != http.StatusCreated || second.status != first.status || second.body != first.body || second.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%d %.300s\n%d %.300s", first.status, first.body, second.status, second.body)
	}
	for name, other := range map[string]form{
		"another file": {"file": large["file"] + "!", "title": "A large one"}, "another title": {"file": large["file"], "title": "Another"},
	} {
		if a := send(t, h, key, http.MethodPost, "/api/v1/contracts", other, "Idempotency-Key", "large"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "used for another request") {
			t.Errorf("%s under the same key: %d %s", name, a.status, a.body)
		}
	}
	if docs := apitest.All(t, h.Store.Reads().Documents); len(docs) != 1 || docs[0].Size != int64(len(large["file"])) {
		t.Errorf("%d documents were kept", len(docs))
	}
	for name, x := range map[string]struct {
		path string
		body any
		key  string
		code int
		says string
	}{
		"a file over the limit":           {"/api/v1/contracts", form{"file": strings.Repeat("x", 9<<20)}, "over", http.StatusRequestEntityTooLarge, "max_file_mib"},
		"anything else over its limit":    {"/api/v1/events", object{"events": []any{object{"subject": strings.Repeat("x", 5<<20)}}}, "events", http.StatusRequestEntityTooLarge, "larger than 4 MiB"},
		"a key that is too long":          {"/api/v1/events", object{}, strings.Repeat("k", 201), http.StatusUnprocessableEntity, "at most 200 characters."},
		"a form that can not be read":     {"/api/v1/contracts", object{"file": "x"}, "json", http.StatusUnprocessableEntity, "multipart/form-data"},
		"a large upload without a key":    {"/api/v1/contracts", form{"file": large["file"] + "."}, "", http.StatusCreated, ""},
		"a small upload with its own key": {"/api/v1/contracts", form{"file": "A small agreement."}, "small", http.StatusCreated, ""},
	} {
		header := []string{"Idempotency-Key", x.key}
		if x.key == "" {
			header = nil
		}
		if a := send(t, h, key, http.MethodPost, x.path, x.body, header...); a.status != x.code || !strings.Contains(a.body, x.says) {
			t.Errorf("%s: %d %.300s", name, a.status, a.body)
		}
	}
}

// What is refused before a handler runs says its kind and the request id, as every other refusal does.
func TestWhatDoesNotFitTheDescriptionIsAProblemLikeEveryOther(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	key := h.Key(t, pact.Admin)
	for name, x := range map[string]struct {
		key, method, path string
		body              any
		status            int
		kind              string
	}{
		"a field that is missing":     {key, http.MethodPost, "/api/v1/keys", object{"role": "viewer"}, http.StatusUnprocessableEntity, "invalid"},
		"text instead of an object":   {key, http.MethodPost, "/api/v1/keys", "{", http.StatusUnprocessableEntity, "invalid"},
		"a parameter that is none":    {key, http.MethodGet, "/api/v1/contracts?limit=many", nil, http.StatusUnprocessableEntity, "invalid"},
		"nobody":                      {"", http.MethodGet, "/api/v1/contracts", nil, http.StatusUnauthorized, "denied"},
		"somebody without the rights": {h.Key(t, pact.Viewer), http.MethodGet, "/api/v1/audit/verify", nil, http.StatusForbidden, "denied"},
	} {
		a := send(t, h, x.key, x.method, x.path, x.body, "X-Request-Id", "asked-by-me")
		var p struct {
			Kind      string `json:"kind"`
			RequestID string `json:"request_id"`
			Status    int    `json:"status"`
		}
		if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.status != x.status || p.Status != x.status || p.Kind != x.kind || p.RequestID != "asked-by-me" ||
			a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s %s", name, a.status, a.header.Get("Content-Type"), a.body)
		}
	}
}

// TestErrorsAreProblems: whatever is wrong, the answer is problem+json with its status, and never our own error text.
func TestErrorsAreProblems(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	s := h.Seed(t, "north", "m")
	admin := h.Key(t, pact.Admin)
	for _, c := range []struct {
		name, method, path, body, key string
		status                        int
	}{
		{"not signed in", http.MethodGet, "/api/v1/contracts", "", "", 401},
		{"a wrong key", http.MethodGet, "/api/v1/contracts", "", "plk_WRONG", 401},
		{"no such row", http.MethodGet, "/api/v1/contracts/con_x", "", admin, 404},
		{"no such route", http.MethodGet, "/api/v1/nonsense", "", admin, 404},
		{"no such route, not signed in", http.MethodPost, "/api/v1/nonsense", "{}", "", 404},
		{"no such method", http.MethodPatch, "/api/v1/contracts", "{}", admin, 405},
		{"no JSON", http.MethodPost, "/api/v1/events", "{", admin, 400},
		{"wrong type", http.MethodPost, "/api/v1/events", `{"events": 1}`, admin, 422},
		{"unknown member", http.MethodPost, "/api/v1/keys", `{"name":"x","role":"viewer","units":["*"],"hash":"mine"}`, admin, 422},
		{"unknown role", http.MethodPost, "/api/v1/keys", `{"name":"x","role":"root","units":["*"]}`, admin, 422},
		{"stale revision", http.MethodPost, "/api/v1/candidates/" + string(s.Candidate.ID) + "/decisions", `{"kind":"accept","revision":99}`, admin, 409},
		{"a cursor that is none", http.MethodGet, "/api/v1/contracts?after=%21%21", "", admin, 422},
		{"a limit out of range", http.MethodGet, "/api/v1/contracts?limit=100000", "", admin, 422},
		{"a body over the limit", http.MethodPost, "/api/v1/keys", `{"name":"` + strings.Repeat("x", 5<<20) + `"}`, admin, 413},
		{"a file over the limit", http.MethodPost, "/api/v1/contracts", strings.Repeat("x", apitest.MaxFile+2<<20), admin, 413},
		{"a forged webhook", http.MethodPost, "/hooks/" + string(s.Connection.ID), "{}", "", 401},
		{"an unknown webhook", http.MethodPost, "/hooks/cnn_none", "{}", "", 404},
	} {
		a := do(t, http.DefaultClient, c.method, h.URL+c.path, strings.NewReader(c.body), "Content-Type", "application/json", "Authorization", "Bearer "+c.key)
		var p struct {
			Status int    `json:"status"`
			Title  string `json:"title"`
			Detail string `json:"detail"`
		}
		if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.status != c.status || p.Status != c.status || p.Title == "" || p.Detail == "" || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d (want %d) %s %s", c.name, a.status, c.status, a.header.Get("Content-Type"), a.body)
		}
		if a.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: no request id", c.name)
		}
	}
	a := send(t, h, admin, http.MethodPost, "/api/v1/candidates/"+string(s.Candidate.ID)+"/decisions", object{"kind": "accept", "revision": 99})
	if !strings.Contains(a.body, `"current":{"id":"`+string(s.Candidate.ID)) {
		t.Errorf("a conflict does not show the row: %s", a.body)
	}
}

func TestHTMLStaysText(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	reviewer := h.Key(t, pact.Reviewer, "north")
	const title = `<img src=x onerror=alert(1)>"'&` + "\u202e=cmd|' /C calc'!A0"
	a := send(t, h, reviewer, http.MethodPost, "/api/v1/contracts", form{"title": title, "file": "text"})
	if a.status != http.StatusCreated || a.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var out struct {
		Contract pact.Contract `json:"contract"`
	}
	a.into(t, &out)
	for _, path := range []string{"/contracts/" + string(out.Contract.ID), "/contracts", "/contracts?q=onerror", "/audit"} {
		a := send(t, h, reviewer, http.MethodGet, "/api/v1"+path, nil)
		if a.header.Get("Content-Type") != "application/json" || a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(decoded(t, a), title) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if out.Contract.BusinessUnit != "north" {
		t.Errorf("an upload of a machine of one unit landed in %q", out.Contract.BusinessUnit)
	}
}

// decoded gives every string of a JSON answer.
func decoded(t *testing.T, a reply) string {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader([]byte(a.body)))
	var all []string
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			return strings.Join(all, "\n")
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprint(tok))
	}
}
