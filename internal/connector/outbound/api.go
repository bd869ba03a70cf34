package outbound

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
)

// Retries and waits.
const (
	attempts    = 3
	firstWait   = 200 * time.Millisecond
	longestWait = 5 * time.Second // a Retry-After beyond this goes to the caller, who has a queue for it
	jsonLimit   = 32 << 20
)

// Auth puts credentials on a request. Token is what it used, to be handed to Expired when the other system refuses it.
type Auth interface {
	// Authorize sets the headers and tells which token it used ("" where there is nothing to renew).
	Authorize(ctx context.Context, h http.Header) (token string, err error)
	// Expired says that the token was refused. It tells whether trying again with another one makes sense.
	Expired(token string) bool
}

// APIConfig of an API. HTTP, System and Base are required.
type APIConfig struct {
	HTTP    *http.Client
	System  string // "Salesforce": the subject of sentences for the operator
	Base    string // without a slash at the end
	Auth    Auth   // nil sends no credentials
	Header  http.Header
	Secrets *Redactor             // nil knows none
	Limits  map[string]rate.Limit // calls a second by bucket; what names no bucket is not held back
	// Explain reads the vendor's error body. It returns "" as class where it does not know better than the status.
	Explain func(status int, body []byte) (connector.Failure, string)
	// Wait is the waiting between attempts; nil waits on the wall clock. Tests put theirs.
	Wait func(ctx context.Context, d time.Duration) error
}

// API makes calls to one system.
type API struct {
	config   APIConfig
	limiters map[string]*rate.Limiter
}

// NewAPI makes an API. Nothing is sent yet.
func NewAPI(c APIConfig) *API {
	if c.Secrets == nil {
		c.Secrets = NewRedactor()
	}
	if c.Wait == nil {
		c.Wait = wait
	}
	a := &API{config: c, limiters: map[string]*rate.Limiter{}}
	for bucket, limit := range c.Limits {
		// Limits are counted by the minute there; ten seconds' worth may go at once.
		a.limiters[bucket] = rate.NewLimiter(limit, max(1, int(10*limit)))
	}
	return a
}

// Call is one request.
type Call struct {
	Method string
	Path   string // below Base, escaped; or a full address on the same host (nextRecordsUrl)
	Query  url.Values
	Body   any // sent as JSON; nil sends none
	Form   url.Values
	Header http.Header
	Bucket string // of the rate limit
	// Repeatable says that doing it twice is the same as doing it once. Reads always are.
	Repeatable bool
	Accept     []int // statuses beyond 2xx that are answers, not failures
	Limit      int64 // of the answer's bytes; 0 is 32 MiB
}

// Answer is what came back, read completely.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do makes the call. Every failure is a *connector.Error with its class; the outcome of a write that was sent and not
// answered is "unavailable", which leads the caller back to its own look-up before the next try.
func (a *API) Do(ctx context.Context, c Call) (Answer, error) {
	body, contentType, err := encode(c)
	if err != nil {
		return Answer{}, fmt.Errorf("encoding request to %s: %w", a.config.System, err)
	}
	target, err := a.address(c)
	if err != nil {
		return Answer{}, err
	}
	renewed := false
	for attempt := 1; ; attempt++ {
		answer, token, err := a.once(ctx, c, target, body, contentType)
		if err == nil && answer.Status == http.StatusUnauthorized && !renewed && a.config.Auth != nil && a.config.Auth.Expired(token) {
			renewed = true // refused before anything was done: safe for every call
			attempt--
			continue
		}
		if err == nil && (answer.Status < 300 && answer.Status >= 200 || slices.Contains(c.Accept, answer.Status)) {
			return answer, nil
		}
		if err == nil {
			err = a.failure(answer)
		}
		pause, again := a.pause(c, answer, err, attempt)
		if !again || ctx.Err() != nil {
			return answer, err
		}
		if a.config.Wait(ctx, pause) != nil {
			return answer, err
		}
	}
}

// JSON makes the call and decodes its answer, numbers kept exact when into holds any.
func (a *API) JSON(ctx context.Context, c Call, into any) (Answer, error) {
	answer, err := a.Do(ctx, c)
	if err != nil {
		return answer, err
	}
	d := json.NewDecoder(bytes.NewReader(answer.Body))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		e := connector.Fail(connector.FailUnavailable, "%s answered with something that is not the JSON it describes.", a.config.System)
		e.Status, e.Err = answer.Status, a.config.Secrets.cause(err)
		return answer, e
	}
	return answer, nil
}

// System is the name used in sentences.
func (a *API) System() string { return a.config.System }

// Redact takes the connection's secrets out of a text.
func (a *API) Redact(s string) string { return a.config.Secrets.Excerpt(s) }

func (a *API) once(ctx context.Context, c Call, target string, body []byte, contentType string) (Answer, string, error) {
	if l := a.limiters[c.Bucket]; l != nil {
		if err := l.Wait(ctx); err != nil {
			return Answer{}, "", a.unreachable(fmt.Errorf("waiting for the rate limit: %w", err))
		}
	}
	r, err := http.NewRequestWithContext(ctx, c.Method, target, bytes.NewReader(body))
	if err != nil {
		return Answer{}, "", a.unreachable(err)
	}
	if len(body) == 0 {
		r.Body, r.GetBody, r.ContentLength = nil, nil, 0
	}
	r.Header.Set("Accept", "application/json")
	for _, h := range []http.Header{a.config.Header, c.Header} {
		for name, values := range h {
			r.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	token := ""
	if a.config.Auth != nil {
		if token, err = a.config.Auth.Authorize(ctx, r.Header); err != nil {
			return Answer{}, "", err
		}
	}
	res, err := a.config.HTTP.Do(r)
	if err != nil {
		return Answer{}, token, a.unreachable(err)
	}
	defer func() { _ = res.Body.Close() }()
	limit := c.Limit
	if limit <= 0 {
		limit = jsonLimit
	}
	content, err := io.ReadAll(&limited{body: res.Body, left: limit})
	if errors.Is(err, errTooLong) {
		f := fault.New(fault.Invalid, "%s sent more than the %d bytes that are taken.", a.config.System, limit)
		return Answer{}, token, &connector.Error{Class: connector.FailInvalid, Message: f.Message, Status: res.StatusCode, Err: f}
	}
	if err != nil {
		return Answer{}, token, a.unreachable(err)
	}
	return Answer{Status: res.StatusCode, Header: res.Header, Body: content}, token, nil
}

// unreachable is a failure without an answer.
func (a *API) unreachable(err error) error {
	var own *connector.Error
	if errors.As(err, &own) {
		return own
	}
	if errors.Is(err, ErrForbidden) {
		return &connector.Error{Class: connector.FailDenied, Message: "The address of " + a.config.System + " may not be reached.", Err: a.config.Secrets.cause(err)}
	}
	return &connector.Error{Class: connector.FailUnavailable, Message: connector.FailUnavailable.Sentence(a.config.System), Err: a.config.Secrets.cause(err)}
}

// failure reads an answer that is none of those wanted.
func (a *API) failure(answer Answer) error {
	e := &connector.Error{Class: connector.ClassOfStatus(answer.Status), Status: answer.Status, RetryAfter: retryAfter(answer.Header)}
	detail := ""
	if a.config.Explain != nil {
		class, message := a.config.Explain(answer.Status, answer.Body)
		if class != "" {
			e.Class = class
		}
		detail = a.config.Secrets.Excerpt(message)
	}
	if answer.Status == http.StatusConflict && e.Class == connector.FailConflict && e.RetryAfter > 0 {
		e.Class = connector.FailUnavailable // who says when to come back is busy with the record; nothing was done, and nobody has to decide
	}
	e.Message = e.Class.Sentence(a.config.System) + " (HTTP " + strconv.Itoa(answer.Status) + ")"
	if detail != "" {
		e.Message += " " + a.config.System + " says: " + detail
	}
	return e
}

// pause tells whether to try again here, and after how long. 429 and a busy record (409 with Retry-After) did nothing, so any
// call may follow them; other failures are repeated only for repeatable calls.
func (a *API) pause(c Call, answer Answer, err error, attempt int) (time.Duration, bool) {
	class, after := connector.FailureOf(err)
	var e *connector.Error
	if !errors.As(err, &e) || class != connector.FailUnavailable || attempt >= attempts {
		return 0, false
	}
	harmless := c.Repeatable || c.Method == http.MethodGet || c.Method == http.MethodHead || answer.Status == http.StatusTooManyRequests || answer.Status == http.StatusConflict
	if !harmless || after > longestWait {
		return 0, false
	}
	if after > 0 {
		// A little later than asked, never earlier, and within a second.
		return after + rand.N(300*time.Millisecond), true
	}
	ceiling := firstWait << (attempt - 1)
	return ceiling/2 + rand.N(ceiling/2), true
}

// retryAfter reads seconds or a date. The date is compared with the server's own clock where it sent one.
func retryAfter(h http.Header) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if n, err := strconv.ParseInt(value, 10, 32); err == nil {
		return time.Duration(min(max(n, 0), 86_400)) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now := time.Now()
	if there, err := http.ParseTime(h.Get("Date")); err == nil {
		now = there
	}
	return min(max(at.Sub(now), 0), 24*time.Hour)
}

// address joins base and path, and refuses a full address on another host: a "next page" link must not lead elsewhere.
func (a *API) address(c Call) (string, error) {
	base, err := url.Parse(a.config.Base)
	if err != nil {
		return "", connector.Fail(connector.FailDenied, "The address of %s in the settings can not be read.", a.config.System)
	}
	target := a.config.Base + c.Path
	if strings.HasPrefix(c.Path, "http://") || strings.HasPrefix(c.Path, "https://") {
		target = c.Path
	}
	u, err := url.Parse(target)
	if err != nil || u.Host != base.Host || u.Scheme != base.Scheme {
		return "", connector.Fail(connector.FailDenied, "%s named an address on another host; it is not followed.", a.config.System)
	}
	if len(c.Query) > 0 {
		u.RawQuery = c.Query.Encode()
	}
	return u.String(), nil
}

func encode(c Call) ([]byte, string, error) {
	switch {
	case c.Form != nil:
		return []byte(c.Form.Encode()), "application/x-www-form-urlencoded", nil
	case c.Body != nil:
		body, err := json.Marshal(c.Body)
		return body, "application/json", err
	}
	return nil, "", nil
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
