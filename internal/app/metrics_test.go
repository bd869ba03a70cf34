package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestMetricsAnswerThisMachineOrTheToken(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		token, from, header, value string
		want                       int
	}{
		"this machine":                  {"", "127.0.0.1:5000", "", "", 200},
		"this machine, IPv6":            {"", "[::1]:5000", "", "", 200},
		"this machine, mapped":          {"", "[::ffff:127.0.0.1]:5000", "", "", 200},
		"another machine":               {"", "10.0.0.7:5000", "", "", 403},
		"no address":                    {"", "", "", "", 403},
		"a proxy on this machine":       {"", "127.0.0.1:5000", "X-Forwarded-For", "203.0.113.9", 403},
		"a proxy, by the standard":      {"", "127.0.0.1:5000", "Forwarded", "for=203.0.113.9", 403},
		"a made-up token, none is set":  {"", "10.0.0.7:5000", "Authorization", "Bearer ", 403},
		"the token":                     {"s3cret", "10.0.0.7:5000", "Authorization", "Bearer s3cret", 200},
		"another token":                 {"s3cret", "10.0.0.7:5000", "Authorization", "Bearer s3cre", 401},
		"the token as a password":       {"s3cret", "10.0.0.7:5000", "Authorization", "Basic s3cret", 401},
		"no token":                      {"s3cret", "10.0.0.7:5000", "", "", 401},
		"no token, this machine":        {"s3cret", "127.0.0.1:5000", "", "", 401},
		"the token, through a proxy":    {"s3cret", "127.0.0.1:5000", "Authorization", "Bearer s3cret", 200},
		"an empty token where one must": {"s3cret", "127.0.0.1:5000", "Authorization", "Bearer ", 401},
	} {
		m := newMetrics()
		m.refused.WithLabelValues("cnn_1").Inc()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
		r.RemoteAddr = x.from
		if x.header != "" {
			r.Header.Set(x.header, x.value)
		}
		w := httptest.NewRecorder()
		guarded(x.token, m.handler()).ServeHTTP(w, r)
		if w.Code != x.want {
			t.Errorf("%s: %d, want %d", name, w.Code, x.want)
		}
	}
}
