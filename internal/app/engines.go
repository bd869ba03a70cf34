package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/api"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/extract/llm"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/privacy"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/store"
)

// BuiltIn is the engine that always reads, with the weights that the program carries.
func BuiltIn() []extract.Extractor { return []extract.Extractor{grammar.New()} }

// BuiltIn is the engine that always reads, with the weights of a choice. It fails with fault.NotFound where they are not here, and
// with fault.Invalid where this program can not use them.
func (e *Engines) BuiltIn(ctx context.Context, choice read.Engines) ([]extract.Extractor, extract.ClauseFinder, error) {
	e.opening.Lock()
	defer e.opening.Unlock()
	if choice.Ranking != "" && e.grammars[choice.Ranking] == nil {
		file, err := e.cfg.Weights(ctx, choice.Ranking)
		if err != nil {
			return nil, nil, missing(err, "ranking", choice.Ranking)
		}
		if e.grammars[choice.Ranking], err = OpenRanking(file); err != nil {
			return nil, nil, err
		}
	}
	if e.finders[choice.Clauses] == nil {
		finder, err := clause.New()
		if choice.Clauses != "" {
			var file []byte
			if file, err = e.cfg.Weights(ctx, choice.Clauses); err != nil {
				return nil, nil, missing(err, "clauses", choice.Clauses)
			}
			finder, err = OpenClauses(file)
		}
		if err != nil {
			return nil, nil, err
		}
		e.finders[choice.Clauses] = finder
	}
	x := grammar.New()
	if choice.Ranking != "" {
		x = e.grammars[choice.Ranking]
	}
	return []extract.Extractor{x}, e.finders[choice.Clauses], nil
}

func missing(err error, what, sum string) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(fault.NotFound, err, "The weights that the active choice of engines names (%s %.12s…) are not in the documents folder. Restore it from a backup, or roll the choice back.", what, sum)
	}
	return fmt.Errorf("reading weights: %w", err)
}

// OpenRanking opens what `pactloop evaluate --learn` writes, OpenClauses what `pactloop train` writes. A file that this program can not use gives
// fault.Invalid.
func OpenRanking(file []byte) (*grammar.Extractor, error) {
	x, err := grammar.Open(file)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The ranking can not be used: %v.", err)
	}
	return x, nil
}

// OpenClauses is described with OpenRanking.
func OpenClauses(file []byte) (*clause.Finder, error) {
	f, err := clause.Open(file)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The weights of clauses can not be used: %v.", err)
	}
	return f, nil
}

// EnginesConfig of Engines. All fields are required; Observe and Images may be nil.
type EnginesConfig struct {
	// Weights gives a file of weights by its SHA-256, or fault.NotFound.
	Weights  func(ctx context.Context, sum string) ([]byte, error)
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

	opening  sync.Mutex
	grammars map[string]*grammar.Extractor // by the sum of their ranking
	finders  map[string]*clause.Finder     // by the sum of their weights; "" are the carried ones
}

// NewEngines makes them; nothing is asked yet.
func NewEngines(cfg EnginesConfig) (*Engines, error) {
	s := cfg.Settings
	e := &Engines{cfg: cfg, grammars: map[string]*grammar.Extractor{}, finders: map[string]*clause.Finder{}}
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
	choice, policy, version, err := ActiveEngines(ctx, a.store)
	if err != nil {
		return s, err
	}
	s.Version = version
	built, clauses, err := a.engines.BuiltIn(ctx, choice)
	if err != nil {
		s.Problem = sentence(err)
		if built, clauses, err = a.engines.BuiltIn(ctx, read.DefaultEngines()); err != nil {
			return s, err
		}
	}
	p := extract.Pipeline{Extractors: built, Clauses: clauses}
	s.BuiltIn = p.Engines()
	switch x, err := a.engines.LLM(choice, policy); {
	case err != nil:
		s.Problem = sentence(err)
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

// sentence is what people are told of an error.
func sentence(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Message
	}
	return err.Error()
}

// builtIn is the built-in engine as the active policy has it. Weights that can not be used (their file is gone, another program made
// them) do not stop reading.
func (a *App) builtIn(ctx context.Context) ([]extract.Extractor, extract.ClauseFinder, error) {
	choice, _, _, err := ActiveEngines(ctx, a.store)
	if err != nil {
		return nil, nil, err
	}
	extractors, clauses, err := a.engines.BuiltIn(ctx, choice)
	if fault.Of(err) != nil {
		a.log.WarnContext(ctx, "the chosen weights can not be used; the built-in engine reads with its own", "error", err)
		return a.engines.BuiltIn(ctx, read.DefaultEngines())
	}
	return extractors, clauses, err
}

// images makes pictures of the pages of a document that was read.
func (a *App) images(ctx context.Context, d *document.Document, pages []int) ([]document.PageImage, error) {
	file, err := a.blobs.Get(ctx, d.Hash)
	if err != nil {
		return nil, err
	}
	return a.parser.Images(ctx, file, "", pages)
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
