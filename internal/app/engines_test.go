package app_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/llm"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/privacy"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store/blob"
	"github.com/pactloop/pactloop/internal/store/storetest"
	sim "github.com/pactloop/pactloop/simulator/llm"
	"github.com/pactloop/pactloop/simulator/stage"
)

// settings are as they come from the environment.
func settings(t *testing.T, environ ...string) config.Config {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	config.AddFlags(flags)
	cfg, err := config.Load(flags, append(environ, "PACTLOOP_DATA="+t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func engines(t *testing.T, cfg config.Config) *app.Engines {
	t.Helper()
	blobs, err := blob.New(filepath.Join(cfg.Data, "documents"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := app.NewEngines(app.EnginesConfig{Settings: cfg, Cache: blobs, Ledger: &llm.Meter{Budget: app.Budget(cfg), Currency: cfg.LLMCurrency}, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func server(t *testing.T) (*sim.Simulator, []string) {
	t.Helper()
	s, err := sim.New(sim.Config{Clock: stage.NewWallClock(), Key: "secret-key"})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return s, []string{"PACTLOOP_LLM_PROVIDER=vllm", "PACTLOOP_LLM_BASE_URL=" + h.URL + "/v1", "PACTLOOP_LLM_MODEL=small", "PACTLOOP_LLM_KEY=secret-key", "PACTLOOP_LLM_ALLOW=127.0.0.1", "PACTLOOP_LLM_PRICE_IN=1", "PACTLOOP_LLM_PRICE_OUT=4"}
}

func TestNothingIsAskedWithoutSettingsAndAChoice(t *testing.T) {
	t.Parallel()
	s, environ := server(t)
	off := engines(t, settings(t))
	if x, err := off.LLM(read.DefaultEngines(), privacy.DefaultPolicy()); x != nil || err != nil {
		t.Errorf("off by default: %v, %v", x, err)
	}
	if _, err := off.LLM(read.Engines{LLM: true}, privacy.DefaultPolicy()); !fault.Is(err, fault.Invalid) {
		t.Errorf("a choice without a provider: %v", err)
	}
	on := engines(t, settings(t, environ...))
	if x, err := on.LLM(read.DefaultEngines(), privacy.DefaultPolicy()); x != nil || err != nil {
		t.Errorf("settings without a choice: %v, %v", x, err)
	}
	if len(s.Seen()) > 0 {
		t.Error("something was asked")
	}
}

func TestPagesLeaveOnlyWhereTheSettingStatesIt(t *testing.T) {
	t.Parallel()
	_, environ := server(t)
	for stated, want := range map[string]bool{"false": false, "true": true} {
		cfg := settings(t, append(environ, "PACTLOOP_LLM_SEND_PAGES="+stated)...)
		e, err := app.NewEngines(app.EnginesConfig{
			Settings: cfg, Ledger: &llm.Meter{Currency: cfg.LLMCurrency}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
			Images: func(context.Context, *document.Document, []int) ([]document.PageImage, error) { return nil, nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		x, err := e.LLM(read.Engines{LLM: true}, privacy.DefaultPolicy())
		if err != nil || (x.Images != nil) != want {
			t.Errorf("stated %s: pages leave: %v, %v", stated, x.Images != nil, err)
		}
	}
}

func TestWeightsOfAChoiceAreOpened(t *testing.T) {
	t.Parallel()
	shipped, err := os.ReadFile("../extract/clause/weights.bin")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"aa": shipped, "bb": []byte("no weights")}
	e, err := app.NewEngines(app.EnginesConfig{Settings: settings(t), Ledger: &llm.Meter{}, Now: time.Now, Log: slog.New(slog.DiscardHandler), Weights: func(_ context.Context, sum string) ([]byte, error) {
		if f, ok := files[sum]; ok {
			return f, nil
		}
		return nil, fault.New(fault.NotFound, "no such file")
	}})
	if err != nil {
		t.Fatal(err)
	}
	built, clauses, err := e.BuiltIn(t.Context(), read.DefaultEngines())
	if err != nil || len(built) != 1 || clauses == nil {
		t.Fatalf("%v, %v", built, err)
	}
	if _, same, err := e.BuiltIn(t.Context(), read.Engines{Clauses: "aa"}); err != nil || same.Version() != clauses.Version() {
		t.Errorf("what ships, opened from a file: %v", err)
	}
	for _, choice := range []read.Engines{{Clauses: "bb"}, {Ranking: "bb"}} {
		if _, _, err := e.BuiltIn(t.Context(), choice); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", choice, err)
		}
	}
	if _, _, err := e.BuiltIn(t.Context(), read.Engines{Ranking: "cc"}); !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "backup") {
		t.Errorf("a file that is gone: %v", err)
	}
}

func TestSettingsReachTheModel(t *testing.T) {
	t.Parallel()
	s, environ := server(t)
	cfg := settings(t, environ...)
	x, err := engines(t, cfg).LLM(read.Engines{LLM: true, Model: "large"}, privacy.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	run, err := x.Run(t.Context(), extracttest.Plain(extracttest.Contracts()[0]), extract.FullSchema())
	if err != nil || run.State != extract.RunDone || run.Cost == nil || len(run.Candidates) < 8 {
		t.Fatalf("%+v, %v", run, err)
	}
	if seen := s.Seen(); len(seen) != 1 || seen[0].Model != "large" || seen[0].Max != 4000 {
		t.Errorf("asked %d times", len(seen))
	}
	if info, err := os.Stat(filepath.Join(cfg.Data, "privacy.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key of the tokens: %v, %v", info, err)
	}
	again, err := engines(t, cfg).LLM(read.Engines{LLM: true, Model: "large"}, privacy.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	if run, err := again.Run(t.Context(), extracttest.Plain(extracttest.Contracts()[0]), extract.FullSchema()); err != nil || run.Calls != 0 || run.State != extract.RunDone {
		t.Errorf("after a restart the same was asked again: %+v, %v", run, err)
	}
	if strings.Contains(cfg.Print(), "secret-key") {
		t.Error("the key is printed")
	}
	blocked, err := engines(t, settings(t, append(environ, "PACTLOOP_LLM_ALLOW=")...)).LLM(read.Engines{LLM: true}, privacy.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	if run, err := blocked.Run(t.Context(), extracttest.Plain("The law of Ohio governs."), extract.FullSchema()); err != nil || run.State != extract.RunFailed || !strings.Contains(run.Reason, "may not be reached") {
		t.Errorf("an internal server that is not allowed: %s %s, %v", run.State, run.Reason, err)
	}
}

func TestEachChangeIsAnotherVersion(t *testing.T) {
	t.Parallel()
	_, environ := server(t)
	e := engines(t, settings(t, environ...))
	version := func(choice read.Engines, policy privacy.Policy) string {
		x, err := e.LLM(choice, policy)
		if err != nil {
			t.Fatal(err)
		}
		return x.Version()
	}
	open := privacy.DefaultPolicy()
	open.Kinds[privacy.Email] = privacy.Keep
	first := version(read.Engines{LLM: true}, privacy.DefaultPolicy())
	for name, other := range map[string]string{
		"model":   version(read.Engines{LLM: true, Model: "large/2+x"}, privacy.DefaultPolicy()),
		"prompt":  version(read.Engines{LLM: true, PromptText: "Read between {{mark}}."}, privacy.DefaultPolicy()),
		"privacy": version(read.Engines{LLM: true}, open),
	} {
		if other == first || strings.ContainsAny(other, "/+ ") {
			t.Errorf("%s: %s", name, other)
		}
	}
	if version(read.Engines{LLM: true, Prompt: "1"}, privacy.DefaultPolicy()) != first {
		t.Error("the same again is another version")
	}
	for name, choice := range map[string]read.Engines{"a prompt that is not shipped": {LLM: true, Prompt: "99"}, "a prompt without marks": {LLM: true, PromptText: "Read."}} {
		if _, err := e.LLM(choice, privacy.DefaultPolicy()); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheActivePoliciesDecide(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t)
	ctx := storetest.System(t)
	desk := review.New(review.Config{Store: s, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	active := func(ctx context.Context) (read.Engines, string, int) {
		choice, policy, version, err := app.ActiveEngines(ctx, s)
		if err != nil {
			t.Fatal(err)
		}
		return choice, policy.Version(), version
	}
	if choice, _, version := active(ctx); choice.LLM || version != 0 {
		t.Errorf("shipped: %+v %d", choice, version)
	}
	if _, err := desk.Promote(ctx, review.Promotion{Kind: "engines", Body: json.RawMessage(`{"llm":true,"model":"m"}`), Reason: "a pilot of ours"}); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.SetPolicy(ctx, "privacy", json.RawMessage(`{"kinds":{"email":"keep"}}`), "mail addresses are public here"); err != nil {
		t.Fatal(err)
	}
	choice, policy, version := active(ctx)
	if !choice.LLM || choice.Model != "m" || version != 1 || policy == privacy.DefaultPolicy().Version() {
		t.Errorf("%+v %s %d", choice, policy, version)
	}
	shipped, err := app.ShippedPolicy("engines")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Rollback(ctx, "engines", shipped, "enough"); err != nil {
		t.Fatal(err)
	}
	if choice, _, version := active(ctx); choice.LLM || version != 2 {
		t.Errorf("rolled back: %+v %d", choice, version)
	}
}
