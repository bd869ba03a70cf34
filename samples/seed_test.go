package samples_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/samples"
	"github.com/pactloop/pactloop/simulator/ironclad"
	"github.com/pactloop/pactloop/simulator/salesforce"
	"github.com/pactloop/pactloop/simulator/servicenow"
	"github.com/pactloop/pactloop/simulator/stage"
)

// The seeds must load into the stand-ins, and the month of tickets must be acceptable to a service desk as it is.

func start(t *testing.T, system string) (samples.Story, *stage.Clock, []byte) {
	t.Helper()
	story, err := samples.LoadStory()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := samples.Seed(system)
	if err != nil {
		t.Fatal(err)
	}
	return story, stage.NewClock(story.StartsAt), raw
}

func TestContractsAppearInTheCLMAsTheyAreSigned(t *testing.T) {
	t.Parallel()
	story, clock, raw := start(t, "ironclad")
	clm, err := ironclad.New(ironclad.Config{Clock: clock, Seed: raw, Files: samples.Files})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = clm.Close() })
	server := httptest.NewServer(clm)
	t.Cleanup(server.Close)
	count := func() int {
		var page struct {
			Count int `json:"count"`
		}
		send(t, http.MethodGet, server.URL+ironclad.Base+"/records?pageSize=100", nil, func(r *http.Request) { r.Header.Set("Authorization", "Bearer ironclad-legacy-token") }, &page)
		return page.Count
	}
	if n := count(); n != 2 {
		t.Errorf("%d records before anything is signed, want the two imported ones", n)
	}
	signed := 0
	for _, step := range story.Steps {
		if step.Do != "ironclad.complete" && step.Do != "ironclad.lose" {
			continue
		}
		if _, err := clm.Complete(step.Workflow, true); err != nil {
			t.Error(err)
		}
		signed++
	}
	if n := count(); n != 2+signed || n != 15 {
		t.Errorf("%d records when %d workflows are signed", n, signed)
	}
}

func TestAccountsLoadIntoTheCRM(t *testing.T) {
	t.Parallel()
	_, clock, raw := start(t, "salesforce")
	if _, err := salesforce.New(salesforce.Config{Clock: clock, Seed: raw}); err != nil {
		t.Fatal(err)
	}
}

func TestServiceDeskTakesTheWholeMonth(t *testing.T) {
	t.Parallel()
	story, clock, raw := start(t, "servicenow")
	var people struct {
		Tables struct {
			Users []struct {
				Name string `json:"user_name"`
			} `json:"sys_user"`
		} `json:"tables"`
	}
	if err := json.Unmarshal(raw, &people); err != nil {
		t.Fatal(err)
	}
	users := map[string]string{"system": "pass"}
	for _, u := range people.Tables.Users {
		users[u.Name] = "pass"
	}
	desk, err := servicenow.New(servicenow.Config{Clock: clock, Seed: raw, Users: users})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(desk)
	t.Cleanup(server.Close)
	made := map[string]string{} // our handle -> sys_id there
	for _, step := range story.Steps {
		if !strings.HasPrefix(step.Do, "servicenow.") {
			continue
		}
		if err := clock.Set(step.At, false); err != nil {
			t.Fatal(err)
		}
		method, url := http.MethodPost, server.URL+"/api/now/table/"+step.Table
		if step.Do == "servicenow.update" {
			method, url = http.MethodPatch, url+"/"+made[step.Table+step.ID]
		}
		var row struct {
			Result map[string]any `json:"result"`
		}
		send(t, method, url, step.Fields, func(r *http.Request) { r.SetBasicAuth(step.As, "pass") }, &row)
		made[step.Table+step.ID], _ = row.Result["sys_id"].(string)
		for field, want := range step.Fields {
			if field == "comments" || field == "work_notes" {
				continue // a journal: kept beside the row
			}
			got := row.Result[field]
			if ref, ok := got.(map[string]any); ok {
				got = ref["value"]
			}
			if got != want {
				t.Errorf("%s: %s is %v, sent %q", step.ID, field, got, want)
			}
		}
	}
}

func send(t *testing.T, method, url string, body any, sign func(*http.Request), into any) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	sign(request)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode > 299 {
		t.Fatalf("%s %s: %s: %s", method, url, response.Status, answer)
	}
	if err := json.Unmarshal(answer, into); err != nil {
		t.Fatal(err)
	}
}
