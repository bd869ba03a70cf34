package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
)

// EngineState says who reads, and what the language model used today.
type EngineState struct {
	BuiltIn         []string      `json:"built_in" doc:"Extractors that always read, with their versions."`
	Provider        string        `json:"provider,omitempty" doc:"Of the language model; absent where none is set up."`
	LanguageModel   string        `json:"language_model,omitempty" doc:"Extractor and version, where the active choice has one."`
	Version         int           `json:"version" doc:"Of the active choice of engines; 0 is the shipped one."`
	Problem         string        `json:"problem,omitempty" doc:"Why the active choice can not be followed."`
	Spent           pact.Spending `json:"spent" doc:"Today (UTC), calls under way with the most they may use."`
	DailyTokens     int           `json:"daily_tokens,omitempty"`
	DailyCost       string        `json:"daily_cost,omitempty"`
	SendsPages      bool          `json:"sends_pages,omitempty" doc:"Pictures of recognised pages go to the language model, unmasked (setting llm_send_pages)."`
	BudgetExhausted bool          `json:"budget_exhausted,omitempty" doc:"Nothing more is asked today."`
}

type rollback struct {
	Kind   string `json:"kind" enum:"review,approval,engines,privacy,escalation"`
	Reason string `json:"reason" minLength:"1" maxLength:"500"`
}

func (s *Server) engineRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/quality", "quality", "How often people agreed with each version of an extractor, per field and type", "Settings", pact.Viewer), func(ctx context.Context, _ *struct{}) (*answer[items[review.Score]], error) {
		scores, err := s.Review.Quality(ctx)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(scores), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/calibration", "calibration", "What people's decisions make of the confidences of each version of an extractor, per field", "Settings", pact.Viewer), func(ctx context.Context, _ *struct{}) (*answer[items[review.Calibration]], error) {
		rows, err := s.Review.Calibration(ctx)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(rows), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/thresholds", "suggestThresholds", "Thresholds of confidence that people's decisions suggest, per field and version of an extractor; nothing is changed", "Settings", pact.Viewer), func(ctx context.Context, in *struct {
		Target string `query:"target" maxLength:"8" doc:"Share that must have been right, such as 0.97 (default)."`
	},
	) (*answer[items[review.Suggestion]], error) {
		target := review.DefaultTarget()
		if in.Target != "" {
			var err error
			if target, err = money.ParseDecimal(in.Target); err != nil {
				return nil, s.fail(ctx, fault.New(fault.Invalid, "%.20q is not a share such as 0.97.", in.Target))
			}
		}
		found, err := s.Review.Suggest(ctx, target)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(found), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/engines", "engines", "Which engines read, and what they used today", "Settings", pact.Viewer), func(ctx context.Context, _ *struct{}) (*answer[EngineState], error) {
		if s.Engines == nil {
			return nil, s.fail(ctx, fault.New(fault.Unsupported, "This installation does not tell its engines."))
		}
		state, err := s.Engines(s.system(ctx))
		return respondWith(ctx, s, state, err)
	})
	back := op(http.MethodPost, "/policies/rollback", "rollBackPolicy", "Make the version before the active one active again", "Settings", pact.Admin)
	back.DefaultStatus = http.StatusCreated
	huma.Register(s.api, back, func(ctx context.Context, in *struct{ Body rollback }) (*answer[pact.Policy], error) {
		shipped, err := shippedPolicy(in.Body.Kind)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		p, err := s.Review.Rollback(ctx, in.Body.Kind, shipped, in.Body.Reason)
		return respondWith(ctx, s, p, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/documents/{id}/extractions", "listExtractions", "The runs of the extractors over a document", "Documents", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[items[pact.Extraction]], error) {
		if _, err := s.Store.Reads().Documents.Get(ctx, in.ID); err != nil {
			return nil, s.fail(ctx, err)
		}
		runs, err := s.Store.Reads().Extractions.All(ctx, store.Where(store.Eq("document_id", in.ID)).By("-started_at"))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		for i := range runs {
			runs[i].Request, runs[i].Output = "", "" // the raw record is long; it has its own address
		}
		return list(runs), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/extractions/{id}", "getExtraction", "One run with what was asked and answered, raw", "Documents", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[pact.Extraction], error) {
		x, err := s.Store.Reads().Extractions.Get(ctx, in.ID)
		return respondWith(ctx, s, x, err)
	})
}
