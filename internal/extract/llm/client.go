package llm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
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
		HTTP: cfg.HTTP, System: theModel, Base: cfg.BaseURL, Header: p.headers(), Secrets: outbound.NewRedactor(cfg.Key), Explain: explain, Wait: c.wait,
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
	free   bool // it was refused before anything was computed: it cost nothing. Otherwise, without usage, nobody knows what it cost
	busy   bool // the same with the prospect of an answer: asking again costs nothing
	lost   bool // the connection or a gateway broke off: asking again may bring the answer, and is another call to pay
}

func (s *Stop) Error() string { return s.Reason }

// answerLimit is the largest body that is taken; an answer of 16,000 tokens has about 64 kB.
const answerLimit = 4 << 20

// theModel is who is asked, in sentences.
const theModel = "The language model"

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
	for lost := 1; ; lost++ {
		err := c.charged(ctx, &got, q.model, body, in)
		var s *Stop
		if !errors.As(err, &s) || !s.lost || lost >= attempts {
			return got, err
		}
		if c.wait(ctx, pauseAfter(lost)) != nil {
			return got, c.ended(ctx, err)
		}
	}
}

// charged makes one call between a reservation of the most that it can use and the settlement with what it did use, and adds it to the account.
func (c *Client) charged(ctx context.Context, got *Answer, model string, body json.RawMessage, in int) error {
	most := Use{Tokens: in + c.MaxOutput, Money: c.Prices.cost(in, c.MaxOutput)}
	day := dayOf(c.Now())
	refused, err := c.Ledger.Reserve(ctx, day, most)
	if err != nil {
		return err
	}
	if refused != "" {
		return &Stop{Reason: refused, Final: true, Budget: true}
	}
	r, err := c.call(ctx, model, body)
	if err == nil && r.in+r.out == 0 { // not every server tells: counted is what was sent and answered, estimated high
		r.in, r.out = in, tokens(len(r.content))
	}
	used := Use{Tokens: r.in + r.out, Money: c.Prices.cost(r.in, r.out)}
	var s *Stop
	switch {
	case used.Tokens > 0 || err == nil:
		got.Calls++
	case errors.As(err, &s) && s.free: // refused before anything was computed
	default: // nobody knows what it cost: the most is counted
		got.Calls++
		used = most
	}
	got.TokensIn, got.TokensOut, got.Content = got.TokensIn+r.in, got.TokensOut+r.out, r.content
	got.Cost = money.New(got.Cost.Value.Add(c.Prices.cost(r.in, r.out)), c.Prices.Currency)
	if err := c.Ledger.Settle(ctx, day, most, used); err != nil {
		return err
	}
	return err
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

// repeatedBelow is the wait up to which package outbound has repeated a 429 itself.
const repeatedBelow = 5 * time.Second

// attempts at one question, and how long before the next where the other side asks for no wait.
const attempts = 3

func pauseAfter(attempt int) time.Duration { return 250 * time.Millisecond << (attempt - 1) }

// call sends the request; it waits out what the other side asks to wait, up to a limit, and repeats what was refused before anything was computed.
func (c *Client) call(ctx context.Context, model string, body json.RawMessage) (reply, error) {
	path, query := c.protocol.path(model)
	for attempt := 1; ; attempt++ {
		bounded, release := c.within(ctx, c.Timeout)
		answer, err := c.api.Do(bounded, outbound.Call{Method: http.MethodPost, Path: path, Query: query, Body: body, Limit: answerLimit})
		expired := errors.Is(context.Cause(bounded), errTimeout)
		release()
		if err == nil {
			return c.protocol.answer(answer.Body)
		}
		if expired || ctx.Err() != nil {
			return reply{}, c.ended(ctx, err)
		}
		stop, after := refusedBy(err)
		if !stop.busy || after > longestWait || attempt >= attempts {
			return reply{}, stop
		}
		pause := pauseAfter(attempt)
		if after > 0 {
			pause = after + time.Second
		}
		if c.wait(ctx, pause) != nil {
			return reply{}, c.ended(ctx, err)
		}
	}
}

// ended says why a call ended early: our own limit is a Stop, the caller's end is the caller's.
func (c *Client) ended(ctx context.Context, err error) error {
	if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errTimeout) {
		return fmt.Errorf("asking a language model: %w", ctx.Err())
	}
	if ctx.Err() != nil {
		return &Stop{Reason: "Asking the language model took longer than llm_patience allows for one document. What was answered until then is used; the built-in reading stands.", Final: true}
	}
	c.Log.Warn("a language model did not answer in time", "provider", c.Provider, "error", err)
	return &Stop{Reason: tooSlow}
}

// refusedBy makes a Stop of a failure of the other side, and tells how long it asks to wait.
func refusedBy(err error) (*Stop, time.Duration) {
	var e *connector.Error
	if !errors.As(err, &e) {
		e = connector.Fail(connector.FailUnavailable, "The language model could not be asked.")
	}
	if f := fault.Of(err); f != nil {
		e.Message = f.Message
	}
	s := &Stop{free: true}
	says := ""
	if _, detail, ok := strings.Cut(e.Message, theModel+" says: "); ok {
		says = " It says: " + strings.TrimRight(detail, ". ") + "."
	}
	switch {
	case errors.Is(err, outbound.ErrForbidden):
		s.Reason, s.Final = "The address of the language model may not be reached; where it is internal, name its host in llm_allow.", true
	case e.Class == connector.FailDenied && e.Status > 0:
		s.Reason, s.Final = "The language model refused our right to do this; check llm_key.", true
	case e.Class == connector.FailUnmapped:
		s.Reason, s.Final = "The language model's server does not know the model or the address; check llm_model and llm_base_url.", true
	case e.Status >= 300 && e.Status < 400:
		s.Reason, s.Final = "The language model's server sends to another address, which is not followed; check llm_base_url.", true
	case e.Status >= 400 && e.Class != connector.FailUnavailable:
		s.Reason = "The language model's server refused the request."
	case e.Class == connector.FailUnavailable:
		s.Reason, s.Final = "The language model can not be reached or is busy.", true
		s.lost = e.Status == http.StatusBadGateway || e.Status == http.StatusGatewayTimeout || e.Status == 0 && e.RetryAfter == 0 && !neverSent(err)
		s.free = !s.lost
		s.busy = s.free && (e.Status != http.StatusTooManyRequests || e.RetryAfter > repeatedBelow)
	default: // what came back was no answer that is taken
		s.Reason, s.free = e.Message, false
	}
	if e.Status >= 300 {
		s.Reason += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	s.Reason += says + " The built-in reading stands."
	return s, e.RetryAfter
}

// neverSent tells of a connection that was never made.
func neverSent(err error) bool {
	var o *net.OpError
	return errors.As(err, &o) && o.Op == "dial"
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
