package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
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

// scrape gives the figures by name and labels, as Prometheus reads them.
func scrape(t *testing.T, m *metrics) map[string]string {
	t.Helper()
	w := httptest.NewRecorder()
	m.handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	out := map[string]string{}
	for line := range strings.Lines(w.Body.String()) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok && !strings.HasPrefix(line, "#") {
			out[name] = value
		}
	}
	return out
}

// has compares figures; every one that is named must be there.
func has(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %q, want %q", name, got[name], value)
		}
	}
}

func TestMetricsTellWhatWaits(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		at := time.Now().UTC()
		m := newMetrics()
		m.registry.MustRegister(newStanding(s, func() time.Time { return at.Add(time.Hour) }, slog.New(slog.DiscardHandler)))
		has(t, scrape(t, m), map[string]string{
			"pactloop_database_answers": "1", "pactloop_audit_unsealed": "0", "pactloop_outbox_oldest_seconds": "0", "pactloop_timers_late_seconds": "0",
			`pactloop_jobs{state="available"}`: "0", `pactloop_jobs{state="retrying"}`: "0", `pactloop_jobs{state="discarded"}`: "0",
			`pactloop_outbox_actions{state="pending"}`: "0", `pactloop_deliveries{state="received"}`: "0",
		})
		storetest.Must(storetest.System(t), t, s, func(ctx context.Context, tx store.Tx) error {
			for i, state := range []pact.ActionState{pact.ActionPending, pact.ActionPending, pact.ActionDenied, pact.ActionConflict, pact.ActionDone} {
				if err := tx.Actions.Insert(ctx, &pact.Action{BusinessUnit: "north", Key: fmt.Sprint("k", i), State: state, Fields: map[string]any{}}); err != nil {
					return err
				}
			}
			for i, state := range []string{"received", "failed", "processed"} {
				if err := tx.Deliveries.Insert(ctx, &pact.Delivery{BusinessUnit: "north", ConnectionID: "cnn_1", EventKey: fmt.Sprint("e", i), Body: "{}", State: state, ReceivedAt: at}); err != nil {
					return err
				}
			}
			if err := tx.EnqueueWith(ctx, job.Queued{Args: job.Write{ActionID: "act_1"}}, job.Queued{Args: job.Write{ActionID: "act_2"}, Options: job.Options{NotBefore: at.Add(time.Hour)}}); err != nil {
				return err
			}
			return errors.Join(tx.SetTimer(ctx, "occurrence", "occ_1", at.Add(-30*time.Second)), tx.SetTimer(ctx, "occurrence", "occ_2", at.Add(time.Hour)))
		})
		got := scrape(t, m)
		has(t, got, map[string]string{
			"pactloop_database_answers": "1", "pactloop_audit_unsealed": "1", `pactloop_jobs{state="available"}`: "1", `pactloop_jobs{state="retrying"}`: "1",
			`pactloop_outbox_actions{state="pending"}`: "2", `pactloop_outbox_actions{state="denied"}`: "1", `pactloop_outbox_actions{state="conflict"}`: "1", `pactloop_outbox_actions{state="unavailable"}`: "0",
			`pactloop_deliveries{state="received"}`: "1", `pactloop_deliveries{state="failed"}`: "1",
		})
		// The database keeps microseconds.
		if late := got["pactloop_timers_late_seconds"]; !strings.HasPrefix(late, "3630") && !strings.HasPrefix(late, "3629.99") {
			t.Errorf("the earliest timer is late by %q, want 3630 s", late)
		}
		if age := got["pactloop_outbox_oldest_seconds"]; age == "0" || age == "" {
			t.Errorf("the oldest write waits %q", age)
		}
	})
}

func TestMetricsWithoutADatabase(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t)
	m := newMetrics()
	m.registry.MustRegister(newStanding(s, time.Now, slog.New(slog.DiscardHandler)))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	got := scrape(t, m)
	if _, ok := got[`pactloop_jobs{state="available"}`]; got["pactloop_database_answers"] != "0" || ok {
		t.Errorf("without a database: %v", got)
	}
}

func TestMetricsCountWhatHappens(t *testing.T) {
	t.Parallel()
	m := newMetrics()
	server := m.http(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var status int
		if _, err := fmt.Sscan(r.Header.Get("Answer"), &status); err != nil {
			t.Error(err)
		}
		w.Header().Set("X-Pactloop-Repeated", r.Header.Get("Repeated"))
		w.WriteHeader(status)
	}))
	for _, x := range []struct{ method, path, answer, repeated string }{
		{"POST", "/hooks/cnn_1", "200", "false"},
		{"POST", "/hooks/cnn_1", "200", "true"},
		{"POST", "/hooks/cnn_1", "200", "true"},
		{"POST", "/hooks/cnn_1", "401", ""},
		{"POST", "/hooks/cnn_1", "404", ""},
		{"POST", "/hooks/cnn_1", "413", ""},
		{"POST", "/hooks/cnn_1", "400", ""},
		{"POST", "/hooks/cnn_1", "503", ""},
		{"GET", "/hooks/cnn_1", "405", ""},
		{"GET", "/api/v1/contracts/con_1", "404", ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), x.method, x.path, nil)
		r.Header.Set("Answer", x.answer)
		r.Header.Set("Repeated", x.repeated)
		server.ServeHTTP(httptest.NewRecorder(), r)
	}
	m.job("write", time.Second, time.Millisecond, nil)
	m.job("write", time.Second, time.Millisecond, errors.New("no"))
	m.job("write", time.Second, time.Millisecond, job.Snooze(time.Minute))
	m.outbound(outbound.Observation{Connection: "cnn_1", Method: "PATCH", Status: 204, Duration: time.Millisecond})
	m.outbound(outbound.Observation{Connection: "cnn_1", Method: "PATCH", Duration: time.Millisecond})
	m.refused.WithLabelValues("cnn_1").Inc()
	has(t, scrape(t, m), map[string]string{
		`pactloop_webhooks_total{outcome="new"}`: "1", `pactloop_webhooks_total{outcome="repeated"}`: "2", `pactloop_webhooks_total{outcome="refused"}`: "1", `pactloop_webhooks_total{outcome="unknown"}`: "1",
		`pactloop_webhooks_total{outcome="too_large"}`: "1", `pactloop_webhooks_total{outcome="invalid"}`: "1", `pactloop_webhooks_total{outcome="failed"}`: "1",
		`pactloop_webhooks_refused_total{connection="cnn_1"}`:  "1",
		`pactloop_job_seconds_count{kind="write",result="ok"}`: "1", `pactloop_job_seconds_count{kind="write",result="failed"}`: "1", `pactloop_job_seconds_count{kind="write",result="waits"}`: "1",
		`pactloop_job_wait_seconds_count{kind="write"}`:                                   "3",
		`pactloop_outbound_seconds_count{connection="cnn_1",method="PATCH",status="204"}`: "1", `pactloop_outbound_seconds_count{connection="cnn_1",method="PATCH",status="none"}`: "1",
		`pactloop_http_request_seconds_count{area="contracts",method="GET",status="404"}`: "1",
	})
}

// The page of the metrics names each, and nothing else: a dashboard is written from it.
func TestTheMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/reference/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for _, found := range regexp.MustCompile("`(pactloop_[a-z_]+)").FindAllStringSubmatch(string(raw), -1) {
		documented[found[1]] = true
	}
	m := newMetrics()
	m.registry.MustRegister(newStanding(storetest.SQLite(t), time.Now, slog.New(slog.DiscardHandler)))
	m.job("write", 0, 0, nil)
	m.outbound(outbound.Observation{Connection: "c"})
	m.refused.WithLabelValues("c").Inc()
	m.requests.WithLabelValues("GET", "ui", "200").Observe(1)
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if name := f.GetName(); strings.HasPrefix(name, "pactloop_") {
			if !documented[name] {
				t.Errorf("docs/reference/metrics.md does not name %s", name)
			}
			delete(documented, name)
		}
	}
	for name := range documented {
		t.Errorf("docs/reference/metrics.md names %s, which there is not", name)
	}
}
