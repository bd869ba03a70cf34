package llm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/time/rate"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
)

// Cache keeps answers under a name; store.Blobs does.
type Cache interface {
	GetNamed(ctx context.Context, name string) ([]byte, error)
	PutNamed(ctx context.Context, name string, b []byte) error
}

// Prices of a million tokens, in and out. An empty currency means that nothing is known of prices: cost is not counted.
type Prices struct {
	In, Out  decimal.Decimal
	Currency string
}

// cost is exact: tokens times price, by a million.
func (p Prices) cost(in, out int) decimal.Decimal {
	million := decimal.New(1, -6)
	return p.In.Mul(decimal.NewFromInt(int64(in))).Add(p.Out.Mul(decimal.NewFromInt(int64(out)))).Mul(million)
}

// ClientConfig of a Client. All fields are required unless their comment says otherwise.
type ClientConfig struct {
	Provider    string // openai, azure, ollama, vllm or anthropic
	BaseURL     string // "" is the provider's own address, where it has one
	APIVersion  string // of Azure
	Key         string // "" sends none: local servers
	HTTP        *http.Client
	Cache       Cache // nil keeps nothing
	Ledger      Ledger
	Prices      Prices
	MaxInput    int           // tokens of the passages of one request
	MaxOutput   int           // tokens of one answer
	Temperature string        // "" sends none: some models refuse it
	PerMinute   int           // calls; 0 is no limit
	Timeout     time.Duration // of one call
	Patience    time.Duration // of one document, waiting included; what is not asked by then is not asked
	Now         func() time.Time
	Log         *slog.Logger
	// After is a timer; nil is the wall clock's. Tests put their own.
	After func(d time.Duration) (fired <-chan time.Time, stop func())
}

// Client makes calls to one provider, within its limits. It is shared: limits hold for all.
type Client struct {
	ClientConfig
	api      *outbound.API
	protocol protocol
	limiter  *rate.Limiter
}

// NewClient makes a Client. Nothing is sent yet.
func NewClient(cfg ClientConfig) (*Client, error) {
	if cfg.After == nil {
		cfg.After = func(d time.Duration) (<-chan time.Time, func()) {
			t := time.NewTimer(d)
			return t.C, func() { t.Stop() }
		}
	}
	p, err := protocolOf(&cfg)
	if err != nil {
		return nil, err
	}
	c := &Client{ClientConfig: cfg, protocol: p}
	if cfg.PerMinute > 0 {
		c.limiter = rate.NewLimiter(rate.Limit(float64(cfg.PerMinute)/60), max(1, cfg.PerMinute/6))
	}
	c.api = outbound.NewAPI(outbound.APIConfig{
		HTTP: cfg.HTTP, System: "The language model", Base: cfg.BaseURL, Header: p.headers(), Secrets: outbound.NewRedactor(cfg.Key), Explain: explain, Wait: c.wait,
	})
	return c, nil
}

// question is one call before its protocol's form.
type question struct {
	document string // hash
	prompt   string // version
	model    string
	system   string
	user     string
	schema   map[string]any
	images   []picture // of pages, where they are sent
}

// Answer is what one call brought.
type Answer struct {
	Content   string          // JSON, as the model wrote it
	Request   json.RawMessage // pictures are named by their hash
	TokensIn  int
	TokensOut int
	Calls     int
	Cost      money.Amount
	Cached    bool
}

// Stop is a call that brought no answer to read. Reason is a sentence.
type Stop struct {
	Reason string
	Cut    bool // the answer was longer than allowed: ask for less
	Final  bool // further calls will fare the same
	Budget bool
	Open   bool // whether it was answered in the end, and what it cost, nobody knows
}

func (s *Stop) Error() string { return s.Reason }

// answerLimit is the largest body that is taken; an answer of 16,000 tokens has about 64 kB.
const answerLimit = 4 << 20

// errTimeout ends a call that takes too long.
var errTimeout = errors.New("no answer in time")

// within bounds the work of ctx by the client's timer. release must be called.
func (c *Client) within(ctx context.Context, d time.Duration) (bounded context.Context, release func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	fired, stop := c.After(d)
	go func() {
		select {
		case <-fired:
			cancel(errTimeout)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { stop(); cancel(nil) }
}

func (c *Client) wait(ctx context.Context, d time.Duration) error {
	fired, stop := c.After(d)
	defer stop()
	select {
	case <-fired:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// longestWait is the longest Retry-After that is waited out while a document is read.
const longestWait = 90 * time.Second

// Ask makes one call, or finds its answer in the cache. The error is a *Stop, or the end of ctx, or a fault of ours.
func (c *Client) Ask(ctx context.Context, q question) (Answer, error) {
	body, err := json.Marshal(c.protocol.body(q))
	if err != nil {
		return Answer{}, fmt.Errorf("writing a request to a language model: %w", err)
	}
	told := body
	if len(q.images) > 0 {
		if told, err = json.Marshal(c.protocol.body(q.told())); err != nil {
			return Answer{}, fmt.Errorf("writing down a request to a language model: %w", err)
		}
	}
	got := Answer{Request: told}
	if content, ok := c.cached(ctx, q, told); ok {
		got.Content, got.Cached = content, true
		return got, nil
	}
	if err := c.pace(ctx); err != nil {
		return got, c.ended(ctx, err)
	}
	in := tokens(len(told))
	for _, p := range q.images {
		in += c.protocol.look(p.width, p.height)
	}
	most := Use{Tokens: in + c.MaxOutput, Money: c.Prices.cost(in, c.MaxOutput)}
	day := dayOf(c.Now())
	refused, err := c.Ledger.Reserve(ctx, day, most)
	if err != nil {
		return got, err
	}
	if refused != "" {
		return got, &Stop{Reason: refused, Final: true, Budget: true}
	}
	r, err := c.call(ctx, q.model, body)
	got.Calls, got.TokensIn, got.TokensOut = 1, r.in, r.out
	got.Cost = money.New(c.Prices.cost(r.in, r.out), c.Prices.Currency)
	used := Use{Tokens: r.in + r.out, Money: got.Cost.Value}
	if err != nil && r.content == "" && used.Tokens == 0 && answered(err) {
		got.Calls = 0 // refused before anything was computed
	} else if err != nil && used.Tokens == 0 {
		used = most // nobody knows what it cost: the most is counted
	}
	if err := c.Ledger.Settle(ctx, day, most, used); err != nil {
		return got, err
	}
	got.Content = r.content
	return got, err
}

// answered tells whether the other side answered, so that a call without usage cost nothing.
func answered(err error) bool {
	var s *Stop
	return errors.As(err, &s) && !s.Open
}

// pace waits for the rate limit.
func (c *Client) pace(ctx context.Context) error {
	if c.limiter == nil {
		return nil
	}
	now := c.Now()
	if d := c.limiter.ReserveN(now, 1).DelayFrom(now); d > 0 {
		return c.wait(ctx, d)
	}
	return nil
}

const tooSlow = "The language model did not answer in time. The built-in reading stands; read the document again later, or raise llm_timeout."

// call sends the request; it waits out what the other side asks to wait, up to a limit.
func (c *Client) call(ctx context.Context, model string, body json.RawMessage) (reply, error) {
	path, query := c.protocol.path(model)
	for attempt := 1; ; attempt++ {
		bounded, release := c.within(ctx, c.Timeout)
		answer, err := c.api.Do(bounded, outbound.Call{Method: http.MethodPost, Path: path, Query: query, Body: body, Repeatable: true, Limit: answerLimit})
		expired := errors.Is(context.Cause(bounded), errTimeout)
		release()
		if err == nil {
			return c.protocol.answer(answer.Body)
		}
		if expired || ctx.Err() != nil {
			return reply{}, c.ended(ctx, err)
		}
		class, after := connector.FailureOf(err)
		if class == connector.FailUnavailable && after > 0 && after <= longestWait && attempt < 3 {
			if c.wait(ctx, after+time.Second) == nil {
				continue
			}
			return reply{}, c.ended(ctx, err)
		}
		return reply{}, refusedBy(err, class)
	}
}

// ended says why a call ended early: our own limit is a Stop, the caller's end is the caller's.
func (c *Client) ended(ctx context.Context, err error) error {
	if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errTimeout) {
		return fmt.Errorf("asking a language model: %w", ctx.Err())
	}
	if ctx.Err() != nil {
		return &Stop{Reason: "Asking the language model took longer than llm_patience allows for one document. What was answered until then is used; the built-in reading stands.", Final: true, Open: true}
	}
	c.Log.Warn("a language model did not answer in time", "provider", c.Provider, "error", err)
	return &Stop{Reason: tooSlow, Open: true}
}

// refusedBy makes a Stop of a failure of the other side.
func refusedBy(err error, class connector.Failure) error {
	var e *connector.Error
	reason := "The language model could not be asked."
	if errors.As(err, &e) {
		reason = e.Message
	}
	if f := fault.Of(err); f != nil {
		reason = f.Message
	}
	final := class == connector.FailDenied || class == connector.FailUnmapped || class == connector.FailUnavailable
	return &Stop{Reason: reason + " The built-in reading stands.", Final: final}
}

// explain reads the error bodies of both protocols.
func explain(_ int, body []byte) (connector.Failure, string) {
	var e struct {
		Error   json.RawMessage `json:"error"`
		Message string          `json:"message"`
	}
	if json.Unmarshal(body, &e) != nil {
		return "", ""
	}
	var inner struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(e.Error, &inner) == nil && inner.Message != "" {
		return "", inner.Message
	}
	var text string
	if json.Unmarshal(e.Error, &text) == nil && text != "" {
		return "", text
	}
	return "", e.Message
}

// cacheName is under what an answer is kept: the document, the prompt's version, the model, and everything that was sent.
// The text in it is masked already.
func (c *Client) cacheName(q question, body []byte) string {
	h := sha256.New()
	for _, part := range []string{q.document, q.prompt, q.model, c.Provider, c.BaseURL} {
		h.Write([]byte(part + "\x00"))
	}
	h.Write(body)
	return "llm-" + hex.EncodeToString(h.Sum(nil))
}

func (c *Client) cached(ctx context.Context, q question, body []byte) (string, bool) {
	if c.Cache == nil {
		return "", false
	}
	content, err := c.Cache.GetNamed(ctx, c.cacheName(q, body))
	return string(content), err == nil && len(content) > 0
}

// keep stores an answer that could be read. A cache that fails only costs another call.
func (c *Client) keep(ctx context.Context, q question, got Answer) {
	if c.Cache == nil {
		return
	}
	if err := c.Cache.PutNamed(ctx, c.cacheName(q, got.Request), []byte(got.Content)); err != nil {
		c.Log.WarnContext(ctx, "an answer of a language model could not be kept; it will be asked for again", "error", err)
	}
}

// tokens is an upper estimate of the tokens of a text of so many bytes.
func tokens(bytes int) int { return (bytes + 2) / 3 }
