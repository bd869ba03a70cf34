package app

import (
	"crypto/subtle"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/job"
)

// metrics are what an operator watches, for Prometheus.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	jobs     *prometheus.HistogramVec
	waited   *prometheus.HistogramVec
	calls    *prometheus.HistogramVec
	refused  *prometheus.CounterVec
	webhooks *prometheus.CounterVec
}

func newMetrics() *metrics {
	buckets := []float64{.001, .005, .01, .05, .1, .5, 1, 5, 30, 120}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "pactloop_http_request_seconds", Help: "Time to answer a request.", Buckets: buckets}, []string{"method", "area", "status"}),
		jobs:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "pactloop_job_seconds", Help: "Time to run a job.", Buckets: buckets}, []string{"kind", "result"}),
		waited:   prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "pactloop_job_wait_seconds", Help: "Time a job waited since it was due.", Buckets: buckets}, []string{"kind"}),
		calls:    prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "pactloop_outbound_seconds", Help: "Time of an exchange with another system.", Buckets: buckets}, []string{"connection", "method", "status"}),
	}
	m.refused = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pactloop_webhooks_refused_total", Help: "Webhooks with a missing or wrong signature."}, []string{"connection"})
	m.webhooks = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pactloop_webhooks_total", Help: "Webhooks by outcome: new, repeated, refused (signature), unknown (address), too_large, invalid, failed (asked to come again)."}, []string{"outcome"})
	for _, outcome := range outcomes {
		m.webhooks.WithLabelValues(outcome) // a rate needs the zero before the first
	}
	m.registry.MustRegister(m.refused, m.webhooks, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), m.requests, m.jobs, m.waited, m.calls)
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// guarded lets through who knows the token; without a token, only who asks from this machine and through no proxy: behind
// one on the same machine everybody would come from here.
func guarded(token string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token != "" {
			given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			if !ok || subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
				w.Header().Set("WWW-Authenticate", `Bearer realm="metrics"`)
				http.Error(w, "Metrics need the bearer token of the setting metrics_token.", http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
			return
		}
		from, err := netip.ParseAddrPort(r.RemoteAddr)
		forwarded := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" || r.Header.Get("X-Real-IP") != "" || r.Header.Get("Via") != ""
		if err != nil || !from.Addr().Unmap().IsLoopback() || forwarded {
			http.Error(w, "Metrics answer this machine only. Set metrics_token, and send it as a bearer token, to read them from elsewhere.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (m *metrics) job(kind string, queued, took time.Duration, err error) {
	result := "ok"
	switch {
	case job.Snoozed(err):
		result = "waits" // for another system; no attempt is counted
	case err != nil:
		result = "failed"
	}
	m.jobs.WithLabelValues(kind, result).Observe(took.Seconds())
	m.waited.WithLabelValues(kind).Observe(queued.Seconds())
}

func (m *metrics) outbound(o outbound.Observation) {
	status := strconv.Itoa(o.Status)
	if o.Status == 0 {
		status = "none"
	}
	m.calls.WithLabelValues(o.Connection, o.Method, status).Observe(o.Duration.Seconds())
}

func (m *metrics) http(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		at := area(r.URL.Path)
		m.requests.WithLabelValues(r.Method, at, strconv.Itoa(rec.status)).Observe(time.Since(start).Seconds())
		if at == "hooks" && r.Method == http.MethodPost {
			m.webhooks.WithLabelValues(outcome(rec.status, rec.Header().Get("X-Pactloop-Repeated"))).Inc()
		}
	})
}

var outcomes = []string{"new", "repeated", "refused", "unknown", "too_large", "invalid", "failed"} //nolint:gochecknoglobals // a table

// outcome is what became of a webhook, by its answer.
func outcome(status int, repeated string) string {
	switch {
	case status/100 == 2 && repeated == "true":
		return "repeated"
	case status/100 == 2:
		return "new"
	case status == http.StatusUnauthorized:
		return "refused"
	case status == http.StatusNotFound:
		return "unknown"
	case status == http.StatusRequestEntityTooLarge:
		return "too_large"
	case status/100 == 4:
		return "invalid"
	}
	return "failed"
}

// area keeps the label small: the first word after the version, or the first word.
func area(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) >= 3 && parts[0] == "api" {
		switch parts[2] {
		case "session", "overview", "system", "reviews", "candidates", "contracts", "documents", "findings", "approvals", "connectors", "connections", "actions", "deliveries", "links", "events", "audit", "users", "keys", "policies", "live":
			return parts[2]
		}
		return "api"
	}
	if parts[0] == "hooks" {
		return "hooks"
	}
	return "ui"
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush lets live streams through.
func (w *statusWriter) Flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}
