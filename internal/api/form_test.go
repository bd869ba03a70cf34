package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

type located struct {
	Detail string `json:"detail"`
	Errors []struct{ Message, Location string }
}

func TestEveryKindGivesTheSchemaOfItsForm(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	var got struct {
		Items []struct {
			Kind, Title string
			Schema      map[string]any
		}
	}
	send(t, h, h.Key(t, pact.Viewer), http.MethodGet, "/api/v1/obligation-kinds", nil).into(t, &got)
	var names []string
	for _, k := range got.Items {
		names = append(names, k.Kind)
		if k.Title == "" || k.Schema["$defs"] == nil {
			t.Errorf("%s: %v", k.Kind, k.Schema)
		}
	}
	for _, k := range obligation.All() {
		if !slices.Contains(names, k.Name()) {
			t.Errorf("the kind %s has no schema: run make generate", k.Name())
		}
	}
}

func TestAWrongParameterIsNamedAtItsField(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	s := h.Seed(t, "north", "n")
	key := h.Key(t, pact.Reviewer, "north")
	clock := func(params any) object {
		return object{"key": "resolution_time/P2", "kind": "resolution_time", "title": "Resolve P2", "params": params, "in_force": object{}, "confidence": "1"}
	}
	for what, c := range map[string]struct {
		params object
		want   []string
	}{
		"a target without a unit, and a threshold in words": {object{"target": object{"value": 4}, "thresholds": []string{"most"}}, []string{"body.obligation.params.target.unit", "body.obligation.params.thresholds.0"}},
		"a word that is no choice":                          {object{"target": object{"value": 4, "unit": "hour"}, "on_reopen": "never"}, []string{"body.obligation.params.on_reopen"}},
		"a parameter nobody knows":                          {object{"target": object{"value": 4, "unit": "hour"}, "colour": "red"}, []string{"body.obligation.params.colour"}},
		"a target of nothing":                               {object{"target": object{"value": 0, "unit": "hour"}, "hours": object{"zone": "UTC", "always": true}}, []string{"body.obligation.params.target"}},
		"a zone that is none":                               {object{"target": object{"value": 4, "unit": "hour"}, "hours": object{"zone": "Mars/Olympus", "always": true}}, []string{"body.obligation.params.hours"}},
	} {
		a := send(t, h, key, http.MethodPost, "/api/v1/reviews/"+string(s.Review.ID)+"/candidates", object{"subject": "obligation", "name": "resolution_time/P2", "obligation": clock(c.params)})
		var p located
		a.into(t, &p)
		var at []string
		for _, e := range p.Errors {
			at = append(at, e.Location)
		}
		slices.Sort(at)
		if a.status != http.StatusUnprocessableEntity || !slices.Equal(at, c.want) || p.Detail == "" {
			t.Errorf("%s: %d %v, want %v; %s", what, a.status, at, c.want, a.body)
		}
	}
	if n := len(apitest.All(t, h.Store.Reads().Candidates, store.Eq("review_id", s.Review.ID))); n != 1 {
		t.Errorf("%d candidates, want the one that was there", n)
	}
	// While it is typed: what is wrong, and what is only open.
	var check struct {
		Problems, Questions []struct{ Field, Message string }
	}
	send(t, h, key, http.MethodPost, "/api/v1/obligations/check", object{"obligation": clock(object{"target": object{"value": 2, "unit": "business_hour"}})}).into(t, &check)
	if len(check.Problems) != 0 || len(check.Questions) != 1 || check.Questions[0].Field != "hours" {
		t.Errorf("%+v", check)
	}
	a := send(t, h, key, http.MethodPost, "/api/v1/reviews/"+string(s.Review.ID)+"/candidates", object{"subject": "obligation", "name": "resolution_time/P2", "obligation": clock(object{"target": object{"value": 4, "unit": "hour"}, "hours": object{"zone": "UTC", "always": true}})})
	if a.status != http.StatusCreated {
		t.Errorf("a clock that runs: %d %s", a.status, a.body)
	}
}

func TestATermThatWasNotFoundComesWithWhereItMayBeSaid(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	s := h.Seed(t, "north", "governed by the laws of Ruritania")
	key := h.Key(t, pact.Viewer, "north")
	var got struct {
		Pages, Blocks int
		Passages      []struct {
			Passage pact.Passage
			Words   []string
		}
	}
	send(t, h, key, http.MethodGet, "/api/v1/reviews/"+string(s.Review.ID)+"/nearest?name=governing_law", nil).into(t, &got)
	if len(got.Passages) != 1 || !strings.Contains(got.Passages[0].Passage.Quote, "laws of Ruritania") || got.Passages[0].Passage.DocumentID != s.Read.ID || !slices.Contains(got.Passages[0].Words, "governed by") {
		t.Errorf("%+v", got)
	}
	if a := send(t, h, key, http.MethodGet, "/api/v1/reviews/"+string(s.Review.ID)+"/nearest?name=shoe_size", nil); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a term there is not: %d %s", a.status, a.body)
	}
}

func TestTheWebhookSaysHowItStands(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	s := h.Seed(t, "north", "n")
	admin := h.Key(t, pact.Admin, "north")
	path := "/api/v1/connections/" + string(s.Connection.ID)
	type state struct {
		State, Problem, Address string
		Registrable             bool
		RegisteredBy            string         `json:"registered_by"`
		RegisteredAt            string         `json:"registered_at"`
		KeyFetchedAt            string         `json:"key_fetched_at"`
		LastEventAt             string         `json:"last_event_at"`
		Deliveries              map[string]int `json:"deliveries"`
	}
	ask := func() state {
		t.Helper()
		var v state
		send(t, h, admin, http.MethodGet, path+"/webhook", nil).into(t, &v)
		return v
	}
	if v := ask(); v.State != "missing" || !v.Registrable || v.RegisteredAt != "" || v.LastEventAt == "" || v.Deliveries["failed"] != 1 {
		t.Errorf("before: %+v", v)
	}
	if a := send(t, h, admin, http.MethodPost, path+"/register-webhook", object{}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if v := ask(); v.State != "registered" || v.RegisteredBy == "" || v.RegisteredAt == "" || v.KeyFetchedAt == "" || !strings.HasSuffix(v.Address, "/hooks/"+string(s.Connection.ID)) {
		t.Errorf("after: %+v", v)
	}
	h.Fake.Set(func(f *apitest.Fake) { f.Down = fault.New(fault.Unavailable, "It is closed on Sundays.") })
	if v := ask(); v.State != "unknown" || v.Problem != "It is closed on Sundays." || v.RegisteredBy == "" {
		t.Errorf("while it is down: %+v", v)
	}
	if a := send(t, h, admin, http.MethodPost, path+"/register-webhook", object{}); a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "closed on Sundays") {
		t.Errorf("registering while it is down: %d %s", a.status, a.body)
	}
}

func TestTheTermsOfADayNameWhatTheySuperseded(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	s := h.Seed(t, "north", "n")
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		a := pact.Contract{BusinessUnit: "north", FamilyID: s.Contract.FamilyID, ParentID: s.Contract.ID, Relation: "amendment", Title: "Amendment 1", State: pact.ContractActive, CurrentVersion: 1, SourceKey: "amendment"}
		if err := tx.Contracts.Insert(ctx, &a); err != nil {
			return err
		}
		v, err := tx.Versions.One(ctx, store.Where(store.Eq("contract_id", s.Contract.ID)))
		if err != nil {
			return err
		}
		v.ID, v.Number, v.Obligations = "", 2, []pact.Obligation{}
		v.Terms = []pact.Term{{Name: "effective_date", Value: pact.OnDate("2025-01-01"), Verification: pact.Verified}, {Name: "governing_law", Value: pact.Text("England"), Verification: pact.Verified}}
		v.EffectiveFrom = "2025-01-01"
		if err := tx.Versions.Insert(ctx, &v); err != nil {
			return err
		}
		con := s.Contract
		if con, err = tx.Contracts.Lock(ctx, string(con.ID)); err != nil {
			return err
		}
		con.CurrentVersion = 2
		if err := tx.Contracts.Update(ctx, &con); err != nil {
			return err
		}
		amended := pact.Version{BusinessUnit: "north", ContractID: a.ID, Number: 1, PublishedBy: "seed", PublishedAt: tx.Now, EffectiveFrom: "2026-03-15", Obligations: []pact.Obligation{}, Terms: []pact.Term{
			{Name: "effective_date", Value: pact.OnDate("2026-03-15"), Verification: pact.Verified}, {Name: "governing_law", Value: pact.Text("Scotland"), Verification: pact.Verified},
		}}
		return tx.Versions.Insert(ctx, &amended)
	})
	key := h.Key(t, pact.Viewer, "north")
	law := func(on string) (value string, superseded []string) {
		t.Helper()
		var p struct {
			On    string
			Items []struct {
				Name       string
				Value      pact.Value
				Superseded []struct{ Value pact.Value }
			}
		}
		send(t, h, key, http.MethodGet, "/api/v1/contracts/"+string(s.Contract.ID)+"/in-force?on="+on, nil).into(t, &p)
		for _, i := range p.Items {
			if i.Name == "governing_law" {
				value = i.Value.Text
				for _, l := range i.Superseded {
					superseded = append(superseded, l.Value.Text)
				}
			}
		}
		return value, superseded
	}
	if v, old := law("2026-03-14"); v != "England" || len(old) != 0 {
		t.Errorf("the day before: %s %v", v, old)
	}
	if v, old := law("2026-03-15"); v != "Scotland" || !slices.Equal(old, []string{"England"}) {
		t.Errorf("from the day on: %s %v", v, old)
	}
	if a := send(t, h, key, http.MethodGet, "/api/v1/contracts/"+string(s.Contract.ID)+"/in-force?on=2026-13-1", nil); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no date: %d %s", a.status, a.body)
	}
}

// The words that a reviewer adds an obligation with are evidence with a place where they stand in the document; others are that person's word.
func TestWordsOfTheDocumentAreFoundInIt(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	s := h.Seed(t, "north", "governed by the laws of Ruritania")
	key := h.Key(t, pact.Reviewer, "north")
	for i, c := range []struct {
		words string
		found bool
	}{{"governed by the laws of Ruritania", true}, {"governed by the laws of Freedonia", false}, {"laws", false}} {
		name := []string{"P1", "P2", "P3"}[i]
		a := send(t, h, key, http.MethodPost, "/api/v1/reviews/"+string(s.Review.ID)+"/candidates", object{
			"subject": "obligation", "name": "resolution_time/" + name, "evidence": []any{object{"statement": object{"by": "", "at": "2026-03-01T00:00:00Z", "text": c.words}}},
			"obligation": object{"key": "resolution_time/" + name, "kind": "resolution_time", "title": "Resolve", "params": object{"target": object{"value": 4, "unit": "hour"}, "hours": object{"zone": "UTC", "always": true}}, "in_force": object{}, "confidence": "1"},
		})
		var out struct{ Candidate pact.Candidate }
		a.into(t, &out)
		if a.status != http.StatusCreated || len(out.Candidate.Evidence) != 1 {
			t.Fatalf("%q: %d %s", c.words, a.status, a.body)
		}
		e := out.Candidate.Evidence[0]
		switch {
		case !c.found:
			if e.Statement == nil || e.Statement.Text != c.words {
				t.Errorf("%q became %+v", c.words, e)
			}
		case e.Passage == nil || e.Passage.Quote != c.words || e.Passage.DocumentID != s.Read.ID || e.Passage.Verification != pact.Verified:
			t.Errorf("%q was not found in the document: %+v", c.words, e)
		}
	}
}
