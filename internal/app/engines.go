package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/pactloop/pactloop/internal/api"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/extract/llm"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/privacy"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/store"
)

// BuiltIn is the engine that always reads.
func BuiltIn() []extract.Extractor { return []extract.Extractor{grammar.New()} }

// EnginesConfig of Engines. All fields are required; Observe and Images may be nil.
type EnginesConfig struct {
	Settings config.Config
	Cache    llm.Cache
	Ledger   llm.Ledger
	Now      func() time.Time
	Log      *slog.Logger
	Observe  func(outbound.Observation)
	// Images makes the pictures of pages that the settings allow a language model to see.
	Images func(ctx context.Context, d *document.Document, pages []int) ([]document.PageImage, error)
}

// Engines makes the extractors that policies ask for. The server and the command line share it.
type Engines struct {
	cfg    EnginesConfig
	client *llm.Client // nil where no language model is set up
	key    privacy.Key
}

// NewEngines makes them; nothing is asked yet.
func NewEngines(cfg EnginesConfig) (*Engines, error) {
	s := cfg.Settings
	e := &Engines{cfg: cfg}
	if s.LLMProvider == "" {
		return e, nil
	}
	key, err := keyFile(s.Data, "privacy.key", "privacy key")
	if err != nil {
		return nil, err
	}
	e.key = key
	client, err := outbound.NewClient(outbound.Config{
		Name: "language model", AllowHosts: words(s.LLMAllow, ","), Timeout: s.LLMTimeout + 10*time.Second, Answer: s.LLMTimeout + 5*time.Second, Log: cfg.Log, Observe: cfg.Observe,
	})
	if err != nil {
		return nil, err
	}
	prices := llm.Prices{}
	if s.LLMPriceIn != "" {
		prices = llm.Prices{In: decimalOf(s.LLMPriceIn), Out: decimalOf(s.LLMPriceOut), Currency: s.LLMCurrency}
	}
	e.client, err = llm.NewClient(llm.ClientConfig{
		Provider: s.LLMProvider, BaseURL: s.LLMBaseURL, APIVersion: s.LLMAPIVersion, Key: s.LLMKey, HTTP: client, Cache: cfg.Cache, Ledger: cfg.Ledger, Prices: prices,
		MaxInput: s.LLMMaxInput, MaxOutput: s.LLMMaxOutput, Temperature: s.LLMTemp, PerMinute: s.LLMRate, Timeout: s.LLMTimeout, Patience: s.LLMPatience, Now: cfg.Now, Log: cfg.Log,
	})
	return e, err
}

// decimalOf reads a setting that was checked when it was loaded.
func decimalOf(s string) money.Decimal {
	d, err := money.ParseDecimal(s)
	if err != nil {
		return money.Decimal{}
	}
	return d
}

// Budget is what the settings allow in a day.
func Budget(s config.Config) llm.Budget {
	return llm.Budget{Tokens: s.LLMTokens, Money: decimalOf(s.LLMCost)}
}

// LLM gives the extractor for a choice of engines, nil where the choice has none.
func (e *Engines) LLM(choice read.Engines, policy privacy.Policy) (*llm.Extractor, error) {
	if !choice.LLM {
		return nil, nil //nolint:nilnil // none is a choice
	}
	if e.client == nil {
		return nil, fault.New(fault.Invalid, "The chosen engines include a language model, but the setting llm_provider is empty. Set it up, or choose the built-in engine alone.")
	}
	prompt, err := llm.Shipped(choice.Prompt)
	if choice.PromptText != "" {
		prompt, err = llm.Own(choice.PromptText)
	}
	if err != nil {
		return nil, err
	}
	model := choice.Model
	if model == "" {
		model = e.cfg.Settings.LLMModel
	}
	cfg := llm.Config{Client: e.client, Model: model, Prompt: prompt, Privacy: policy, PrivacyKey: e.key, Derive: grammar.New()}
	if choice.Examples > 0 {
		cfg.Examples = &llm.Examples{Each: choice.Examples}
	}
	if e.cfg.Settings.LLMSendPages {
		cfg.Images = e.cfg.Images
	}
	return llm.New(cfg), nil
}

// For gives the engines of a choice that may read one document, with the passages that may go along as examples. A document of a
// unit that keeps its contracts is read by the built-in engine alone.
func (e *Engines) For(choice read.Engines, policy privacy.Policy, shelf *Precedents) ([]extract.Accountable, error) {
	if choice.Keeps(shelf.For.BusinessUnit) {
		return nil, nil
	}
	x, err := e.LLM(choice, policy)
	if err != nil || x == nil {
		return nil, err
	}
	if x.Examples != nil {
		x.Examples.Accepted, x.Examples.Whole = shelf.Accepted, shelf.Whole
	}
	return []extract.Accountable{x}, nil
}

// ActiveEngines reads the active choice and privacy policy.
func ActiveEngines(ctx context.Context, s store.Store) (choice read.Engines, policy privacy.Policy, version int, err error) {
	choice, policy = read.DefaultEngines(), privacy.DefaultPolicy()
	body, version, err := activePolicy(ctx, s, "engines")
	if err == nil && body != nil {
		choice, err = read.ParseEngines(body)
	}
	if err != nil {
		return choice, policy, version, err
	}
	if body, _, err = activePolicy(ctx, s, "privacy"); err == nil && body != nil {
		policy, err = privacy.ParsePolicy(body)
	}
	return choice, policy, version, err
}

func activePolicy(ctx context.Context, s store.Store, kind string) (json.RawMessage, int, error) {
	row, err := s.Reads().Policies.One(pact.WithActor(ctx, pact.System("app")), store.Where(store.Eq("kind", kind), store.Eq("active", true)).By("-version"))
	if fault.Is(err, fault.NotFound) {
		return nil, 0, nil
	}
	return row.Body, row.Version, err
}

// external gives the engines that the active policy adds to the reading of a document. A choice that can not be followed (a provider that
// was taken out of the settings) does not stop reading.
func (a *App) external(ctx context.Context, doc pact.Document) ([]extract.Accountable, error) {
	choice, policy, _, err := ActiveEngines(ctx, a.store)
	if err != nil {
		return nil, err
	}
	external, err := a.engines.For(choice, policy, &Precedents{Review: a.review, Store: a.store, Blobs: a.blobs, For: doc, Keeps: choice.Keeps})
	if err != nil {
		a.log.WarnContext(ctx, "the chosen engines can not be used; the built-in engine reads alone", "error", err)
		return nil, nil
	}
	return external, nil
}

// engineState is what people are told of the engines.
func (a *App) engineState(ctx context.Context) (api.EngineState, error) {
	s := api.EngineState{Provider: a.cfg.LLMProvider, DailyTokens: a.cfg.LLMTokens, DailyCost: a.cfg.LLMCost, SendsPages: a.cfg.LLMProvider != "" && a.cfg.LLMSendPages}
	for _, x := range BuiltIn() {
		s.BuiltIn = append(s.BuiltIn, x.Name()+"/"+x.Version())
	}
	choice, policy, version, err := ActiveEngines(ctx, a.store)
	if err != nil {
		return s, err
	}
	s.Version = version
	switch x, err := a.engines.LLM(choice, policy); {
	case err != nil:
		s.Problem = err.Error()
		if f := fault.Of(err); f != nil {
			s.Problem = f.Message
		}
	case x != nil:
		s.LanguageModel = x.Name() + "/" + x.Version()
	}
	if s.Spent, err = a.ledger.Spent(ctx, calendar.DateIn(a.clock.Now(), time.UTC)); err != nil {
		return s, err
	}
	b := a.ledger.Budget
	// A call of the smallest size takes its whole answer into account.
	s.BudgetExhausted = a.cfg.LLMProvider != "" && (b.Tokens > 0 && s.Spent.Tokens+a.cfg.LLMMaxOutput >= b.Tokens || b.Money.IsPositive() && s.Spent.Cost.GreaterThanOrEqual(b.Money))
	return s, nil
}

// images makes pictures of the pages of a document that was read.
func (a *App) images(ctx context.Context, d *document.Document, pages []int) ([]document.PageImage, error) {
	file, err := a.blobs.Get(ctx, d.Hash)
	if err != nil {
		return nil, err
	}
	return a.parser.Images(ctx, file, "", pages)
}

// weights is what decisions tell of the engines.
func (a *App) weights(ctx context.Context) (extract.Weights, error) {
	return a.review.Weights(pact.WithActor(ctx, pact.System("read")))
}

// ShippedPolicy is the body of a policy before anybody changed it.
func ShippedPolicy(kind string) (json.RawMessage, error) {
	switch kind {
	case "engines":
		return json.Marshal(read.DefaultEngines())
	case "privacy":
		return json.Marshal(privacy.DefaultPolicy())
	}
	return nil, fault.New(fault.Invalid, "%q is neither engines nor privacy.", kind)
}
