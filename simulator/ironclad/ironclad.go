// Package ironclad stands in for the Ironclad CLM public API, written from the vendor's description (base /public/api/v1).
//
// It owns: OAuth client credentials and legacy bearer tokens; webhooks with signed deliveries, retries and system disabling; workflows (list, get,
// attributes, comments, documents); records (list with formula filters, get, create, replace, patch, delete, attachments, actions, metadata); obligations.
//
// It does not own: launching and signing workflows through the API, approvals, entities, exports, smart import. Those answer 501 and say so.
//
// Invariants: a write that the description does not allow is refused with the described error and changes nothing; nothing is deduplicated for the caller
// (two equal POSTs make two objects, two fires make two deliveries); lastUpdated moves with the stage clock at every write; a record whose source
// workflow is not completed does not exist yet.
//
// Where the description gives only 400 for a missing object (GET of a record or workflow), the simulator answers 400 with code NOT_FOUND, as described.
package ironclad

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/pactloop/pactloop/simulator/stage"
)

// Base is the path below which the public API lives.
const Base = "/public/api/v1"

// Config describes one company account.
type Config struct {
	Clock        *stage.Clock
	ClientID     string            // default "pactloop"
	ClientSecret string            // default "ironclad-secret"
	BearerToken  string            // the legacy token; default "ironclad-legacy-token"
	CompanyID    string            // default made up
	TokenLife    time.Duration     // default one hour
	PrivateKey   []byte            // PEM of the webhook key; nil: a new one each start
	AllowHTTP    bool              // accept http webhook targets; the real API demands https
	RetryBase    time.Duration     // first wait between deliveries, doubled ten times; the real one is about 48 s, the default 48 ms
	Limits       map[string]int    // requests per minute by bucket; missing ones as described, 0 for none
	Transport    http.RoundTripper // for deliveries; nil: the default one
	Seed         []byte
	Files        fs.FS
	Log          *slog.Logger
}

// Simulator is one running account.
type Simulator struct {
	*stage.Server
	cfg    Config
	key    *rsa.PrivateKey
	tokens stage.Tokens
	limits map[string]*stage.Limiter
	client *http.Client

	ctx    context.Context // ends the deliveries; kept because they outlive the request that caused them
	cancel context.CancelFunc
	wg     sync.WaitGroup
	slots  chan struct{}

	mu sync.Mutex
	world
}

// New builds the simulator. Close stops its deliveries.
func New(cfg Config) (*Simulator, error) {
	cfg.ClientID = or(cfg.ClientID, "pactloop")
	cfg.ClientSecret = or(cfg.ClientSecret, "ironclad-secret")
	cfg.BearerToken = or(cfg.BearerToken, "ironclad-legacy-token")
	cfg.CompanyID = or(cfg.CompanyID, "6013609108b8f070cee94fc1")
	if cfg.TokenLife <= 0 {
		cfg.TokenLife = time.Hour
	}
	if cfg.RetryBase <= 0 {
		cfg.RetryBase = 48 * time.Millisecond
	}
	key, err := signingKey(cfg.PrivateKey)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Simulator{cfg: cfg, key: key, limits: buckets(cfg.Limits), ctx: ctx, cancel: cancel, slots: make(chan struct{}, 64)}
	s.client = &http.Client{
		Transport:     cfg.Transport,
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	s.world.reset()
	s.Server, err = stage.New(stage.Config{
		Name: "ironclad", Title: "Ironclad", Clock: cfg.Clock, World: (*state)(s), API: s.api(), Admin: s.admin(),
		Error: func(status int, code, message string) any {
			return failure{Code: or(code, codeOf(status)), Message: message}
		},
		Seed: cfg.Seed, Files: cfg.Files, Log: cfg.Log,
	})
	if err != nil {
		cancel()
		return nil, err
	}
	return s, nil
}

// Close ends the deliveries that are still under way.
func (s *Simulator) Close() error {
	s.cancel()
	s.wg.Wait()
	return nil
}

func signingKey(raw []byte) (*rsa.PrivateKey, error) {
	if raw == nil {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, fmt.Errorf("making the webhook key: %w", err)
		}
		return key, nil
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, errors.New("the webhook key is not PEM")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("reading the webhook key: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the webhook key is not an RSA key")
	}
	return key, nil
}

// buckets are the described quotas per minute; writes to records have no figure here and are not limited unless configured.
func buckets(override map[string]int) map[string]*stage.Limiter {
	out := map[string]*stage.Limiter{}
	for name, n := range map[string]int{"workflows:read": 400, "workflows:write": 40, "records:read": 600, "records:write": 0, "obligations:read": 0, "obligations:write": 0, "webhooks:read": 0, "webhooks:write": 0} {
		if v, ok := override[name]; ok {
			n = v
		}
		out[name] = &stage.Limiter{Limit: n, Window: time.Minute}
	}
	return out
}

// failure is the described error body.
type failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Param   string `json:"param,omitempty"`
	status  int
}

func (f failure) Error() string { return f.Code + ": " + f.Message }

func invalid(param, format string, args ...any) failure {
	return failure{status: http.StatusBadRequest, Code: "INVALID_PARAM", Message: fmt.Sprintf(format, args...), Param: param}
}

func missing(param string) failure {
	return failure{status: http.StatusBadRequest, Code: "MISSING_PARAM", Message: "missing " + param, Param: param}
}

func notFound(status int, format string, args ...any) failure {
	return failure{status: status, Code: "NOT_FOUND", Message: fmt.Sprintf(format, args...)}
}

func codeOf(status int) string {
	switch status {
	case http.StatusTooManyRequests:
		return "TOO_MANY_REQUESTS"
	case http.StatusUnauthorized:
		return "UNAUTHORIZED"
	case http.StatusForbidden:
		return "FORBIDDEN"
	case http.StatusNotFound:
		return "NOT_FOUND"
	}
	return strings.ToUpper(strings.ReplaceAll(http.StatusText(status), " ", "_"))
}

func or(v, fallback string) string {
	if v == "" {
		return fallback
	}
	return v
}
