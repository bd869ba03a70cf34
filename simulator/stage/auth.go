package stage

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Tokens issues and checks bearer tokens. They live on wall time (see Clock).
type Tokens struct {
	mu   sync.Mutex
	live map[string]token
}

type token struct {
	subject string
	until   time.Time
}

// Issue makes a token that ends after ttl.
func (t *Tokens) Issue(subject string, ttl time.Duration) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.live == nil {
		t.live = map[string]token{}
	}
	for k, v := range t.live { // expired ones are kept a while so that they can be told apart from invented ones
		if time.Since(v.until) > time.Hour {
			delete(t.live, k)
		}
	}
	id := NewHex(20)
	t.live[id] = token{subject: subject, until: time.Now().Add(ttl)}
	return id
}

// Check returns whom a token was issued to. Known is true for a token that was valid once.
func (t *Tokens) Check(id string) (subject string, ok, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	v, known := t.live[id]
	return v.subject, known && time.Now().Before(v.until), known
}

// ExpireAll ends every token at once, as an administrator of the other system can.
func (t *Tokens) ExpireAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k, v := range t.live {
		v.until = time.Now().Add(-time.Second)
		t.live[k] = v
	}
}

// Bearer is the token of the Authorization header, or empty.
func Bearer(r *http.Request) string {
	scheme, rest, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !(strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "OAuth")) {
		return ""
	}
	return strings.TrimSpace(rest)
}

// Same compares secrets in constant time.
func Same(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// TokenForm reads the parameters of a token request from a form or a JSON body, and the client from the Authorization header when it is there.
func TokenForm(r *http.Request, body []byte) (url.Values, error) {
	form := url.Values{}
	switch {
	case len(body) == 0:
		form = r.URL.Query()
	case strings.Contains(r.Header.Get("Content-Type"), "json"):
		var m map[string]string
		if err := json.Unmarshal(body, &m); err != nil {
			return nil, fmt.Errorf("reading the token request: %w", err)
		}
		for k, v := range m {
			form.Set(k, v)
		}
	default:
		var err error
		if form, err = url.ParseQuery(string(body)); err != nil {
			return nil, fmt.Errorf("reading the token request: %w", err)
		}
	}
	if id, secret, ok := r.BasicAuth(); ok {
		// RFC 6749 §2.3.1 has both form-encoded inside the header; clients differ, so both readings are accepted.
		form.Set("client_id", unescape(id))
		form.Set("client_secret", unescape(secret))
	}
	return form, nil
}

func unescape(s string) string {
	if u, err := url.QueryUnescape(s); err == nil && !strings.Contains(s, "+") {
		return u
	}
	return s
}

// NewHex returns n random bytes in hexadecimal.
func NewHex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // crypto/rand.Read never fails
	return hex.EncodeToString(b)
}

// Limiter is a fixed window over wall time, the way the vendors count.
type Limiter struct {
	Limit  int // 0: no limit
	Window time.Duration

	mu    sync.Mutex
	start time.Time
	used  int
}

// Take uses one request of the window. It reports whether it was allowed, how many are left and when the window ends.
func (l *Limiter) Take() (ok bool, left int, reset time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if now.Sub(l.start) >= l.Window {
		l.start, l.used = now.Truncate(l.Window), 0
	}
	reset = l.start.Add(l.Window)
	if l.Limit > 0 && l.used >= l.Limit {
		return false, 0, reset
	}
	l.used++
	return true, max(0, l.Limit-l.used), reset
}

// Used is the number of requests of the present window.
func (l *Limiter) Used() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.used
}
