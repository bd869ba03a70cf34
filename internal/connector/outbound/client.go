// Package outbound is the only way from Pactloop to other systems.
//
// It owns the HTTP client of a connection (which addresses may be reached, time and size limits, circuit breaker,
// correlation id, measurements), and the calls on it (retries with jitter, Retry-After, rate limits, OAuth 2.0, reading
// of failures, redaction). It does not own any vendor's API or settings. Invariants: no internal address is reached that
// the connection's allow-list does not name, by whatever name, redirect or encoding; a secret is in no error and no log;
// a call that may have had an effect is repeated only when its caller said that repeating is harmless.
package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/pact"
)

// CorrelationHeader carries the correlation id to the other system, so that its log and ours can be laid side by side.
const CorrelationHeader = "X-Correlation-Id"

// Limits of every exchange.
const (
	maxRedirects      = 5
	maxResponse       = 512 << 20 // backstop; calls set far lower limits
	maxResponseHeader = 64 << 10
)

// Config of a connection's client.
type Config struct {
	Name       string         // of the connection, for logs and measurements
	AllowHosts []string       // see NewGuard; empty allows public addresses only
	Resolver   Resolver       // nil is the system's
	RootCAs    *x509.CertPool // nil is the system's; a private CA of an on-premises system
	Timeout    time.Duration  // of one exchange with its body; 0 is two minutes
	Answer     time.Duration  // how long the first byte of an answer may take; 0 is one minute
	Log        *slog.Logger   // nil is silent
	// Observe is told of every exchange, for metrics. Nil is allowed.
	Observe func(Observation)
	// BreakAfter failures in a row the circuit opens for BreakFor: calls fail at once and the other system is left
	// alone. 0 is 10 and 15 s.
	BreakAfter uint
	BreakFor   time.Duration
}

// Observation is one exchange as measured.
type Observation struct {
	Connection string
	Method     string
	Host       string
	Status     int // 0 where no answer came
	Duration   time.Duration
	Error      bool
}

// NewClient makes the HTTP client of one connection. It follows redirects of reads only, checks each hop, and takes
// credentials off when a hop leaves the host. It uses no proxy of the environment: a proxy would resolve names itself.
func NewClient(c Config) (*http.Client, error) {
	guard, err := NewGuard(c.AllowHosts, c.Resolver)
	if err != nil {
		return nil, err
	}
	if c.Timeout == 0 {
		c.Timeout = 2 * time.Minute
	}
	if c.Answer == 0 {
		c.Answer = time.Minute
	}
	if c.BreakAfter == 0 {
		c.BreakAfter = 10
	}
	if c.BreakFor == 0 {
		c.BreakFor = 15 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	base := &http.Transport{
		Proxy:                  nil,
		DialContext:            guard.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs},
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  c.Answer,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConnsPerHost:    8,
		MaxConnsPerHost:        16,
		MaxResponseHeaderBytes: maxResponseHeader,
		ForceAttemptHTTP2:      true,
	}
	w := &wire{base: base, guard: guard, config: c}
	w.breaker = circuitbreaker.NewBuilder[*http.Response]().
		WithFailureThreshold(c.BreakAfter).
		WithDelay(c.BreakFor).
		OnOpen(func(circuitbreaker.StateChangedEvent) {
			c.Log.Warn("the other system keeps failing; calls are held back for a while", "connection", c.Name, "for", c.BreakFor)
		}).
		Build()
	return &http.Client{Transport: w, CheckRedirect: w.checkRedirect, Timeout: c.Timeout}, nil
}

// wire is the transport of a connection.
type wire struct {
	base    *http.Transport
	guard   *Guard
	breaker circuitbreaker.CircuitBreaker[*http.Response]
	config  Config
}

// RoundTrip checks the address, asks the circuit breaker, and measures.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := w.guard.CheckURL(r.URL); err != nil {
		return nil, err
	}
	if !w.breaker.TryAcquirePermit() {
		e := connector.Fail(connector.FailUnavailable, "%s failed several times in a row and is left alone for a moment.", r.URL.Hostname())
		e.RetryAfter = max(w.breaker.RemainingDelay(), time.Second)
		return nil, e
	}
	r = r.Clone(r.Context())
	if actor, ok := pact.ActorFrom(r.Context()); ok && actor.CorrelationID != "" && r.Header.Get(CorrelationHeader) == "" {
		r.Header.Set(CorrelationHeader, actor.CorrelationID)
	}
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", "Pactloop/1")
	}
	start := time.Now()
	res, err := w.base.RoundTrip(r)
	w.record(r, res, err, time.Since(start))
	if err != nil {
		return nil, err
	}
	if res.ContentLength > maxResponse {
		_ = res.Body.Close()
		return nil, connector.Fail(connector.FailInvalid, "%s sends %d bytes, more than is ever taken.", r.URL.Hostname(), res.ContentLength)
	}
	res.Body = &limited{body: res.Body, left: maxResponse}
	return res, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections through.
func (w *wire) CloseIdleConnections() { w.base.CloseIdleConnections() }

// record tells breaker and metrics. Our own refusals and a caller that went away say nothing about the other system;
// neither does 429, which says "later", not "broken".
func (w *wire) record(r *http.Request, res *http.Response, err error, took time.Duration) {
	status := 0
	if res != nil {
		status = res.StatusCode
	}
	failed := err != nil || status >= 500
	if errors.Is(err, ErrForbidden) || errors.Is(err, context.Canceled) || !failed {
		w.breaker.RecordSuccess()
	} else {
		w.breaker.RecordFailure()
	}
	if w.config.Observe != nil {
		w.config.Observe(Observation{Connection: w.config.Name, Method: r.Method, Host: r.URL.Host, Status: status, Duration: took, Error: failed})
	}
}

// checkRedirect follows reads only, a few hops, each checked; credentials stay with the host they were given for.
func (w *wire) checkRedirect(r *http.Request, via []*http.Request) error {
	first := via[0]
	if first.Method != http.MethodGet && first.Method != http.MethodHead {
		return http.ErrUseLastResponse // a write is not sent to a place its caller did not name
	}
	if len(via) > maxRedirects {
		return fmt.Errorf("%w: more than %d redirects", ErrForbidden, maxRedirects)
	}
	if err := w.guard.CheckURL(r.URL); err != nil {
		return err
	}
	left := false
	for _, hop := range append(via[1:len(via):len(via)], r) {
		left = left || hop.URL.Host != first.URL.Host || hop.URL.Scheme != first.URL.Scheme
	}
	if left {
		stripCredentials(r.Header)
	}
	return nil
}

// stripCredentials leaves only what any host may see. A list of what to keep is safer than one of what to drop: a
// vendor's own credential header is unknown here.
func stripCredentials(h http.Header) {
	for name := range h {
		switch name {
		case "Accept", "Accept-Encoding", "User-Agent", CorrelationHeader:
		default:
			delete(h, name)
		}
	}
}

// limited ends a body that is longer than allowed with an error, never by cutting it silently.
type limited struct {
	body io.ReadCloser
	left int64
}

var errTooLong = errors.New("the answer is longer than allowed")

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, errTooLong
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.body.Read(p)
	l.left -= int64(n)
	if l.left < 0 {
		return n, errTooLong
	}
	return n, err
}

func (l *limited) Close() error { return l.body.Close() }
