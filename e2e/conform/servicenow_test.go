//go:build conform

package conform_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/samples"
	"github.com/pactloop/pactloop/simulator"
	"github.com/pactloop/pactloop/simulator/conform"
)

func serviceNowSettings(town *simulator.Town, more connector.Values) connector.Values {
	c := simulator.ServiceNowCredentials()
	v := connector.Values{"base_url": town.URLs.ServiceNow, "auth": "basic", "username": c.Username, "password": c.Password}
	maps.Copy(v, more)
	return v
}

func TestConformServiceNowConnectorAndSimulatorKeepTheDescription(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	checker, err := conform.ServiceNow(shared(t))
	if err != nil {
		t.Fatal(err)
	}
	month := story(t)
	town := start(t, month)
	conn := open(t, "servicenow", town, checker, serviceNowSettings(town, nil))
	if err := conn.Check(ctx); err != nil {
		t.Fatal(err)
	}
	latest, handles := serviceNowMonth(ctx, t, town, conn, month)
	serviceNowHistory(ctx, t, conn, latest, handles)
	serviceNowComments(ctx, t, conn, handles["acme-parts-search"])
	oauth := open(t, "servicenow", town, checker, connector.Values{
		"base_url": town.URLs.ServiceNow, "auth": "oauth",
		"client_id": simulator.ServiceNowCredentials().ClientID, "client_secret": simulator.ServiceNowCredentials().ClientSecret, "incident_query": "companyISNOTEMPTY", "start": "2026-03-15",
	})
	if list, _ := readAll(ctx, t, oauth, "incidents", ""); len(list) == 0 {
		t.Error("no incident since the middle of the month is read")
	}
	serviceNowRefusals(ctx, t, town, conn, checker)
	finish(t, checker, []string{"GET /table/{tableName}", "GET /table/{tableName}/{sys_id}", "PATCH /table/{tableName}/{sys_id}"}, []string{"POST /oauth_token.do"}) // the description has no signing in
}

// serviceNowMonth plays the tickets and outages of the story, and polls both streams after each step. It gives the last
// reading of each row, and the ids of the story's handles.
func serviceNowMonth(ctx context.Context, t *testing.T, town *simulator.Town, conn full, month samples.Story) (map[string]pact.Record, map[string]string) {
	t.Helper()
	latest, handles, at := map[string]pact.Record{}, map[string]string{}, map[string]pact.Cursor{}
	for _, s := range month.Steps {
		if !strings.HasPrefix(s.Do, "servicenow.") {
			continue
		}
		if err := town.Clock.Set(s.At, false); err != nil {
			t.Fatal(err)
		}
		play(ctx, t, town, s, handles)
		for _, stream := range []string{"incidents", "outages"} {
			list, next := readAll(ctx, t, conn, stream, at[stream])
			at[stream] = next
			for _, r := range list {
				latest[r.ExternalID] = r
			}
		}
	}
	for handle, id := range handles {
		if _, ok := latest[id]; !ok {
			t.Errorf("%s was never read", handle)
		}
	}
	return latest, handles
}

func play(ctx context.Context, t *testing.T, town *simulator.Town, s samples.Step, handles map[string]string) {
	t.Helper()
	method, address := http.MethodPost, town.URLs.ServiceNow+"/api/now/table/"+s.Table
	if s.Do == "servicenow.update" {
		method, address = http.MethodPatch, address+"/"+handles[s.ID]
	}
	who := s.As
	if who == "" {
		who = "system"
	}
	var out struct {
		Result struct {
			SysID string `json:"sys_id"`
		} `json:"result"`
	}
	as(ctx, t, func(r *http.Request) { r.SetBasicAuth(who, password) }, method, address, s.Fields, &out)
	handles[s.ID] = out.Result.SysID
}

// serviceNowHistory: one ticket fetched alone tells the same as the poll did, and the history is told, not only the state.
func serviceNowHistory(ctx context.Context, t *testing.T, conn full, latest map[string]pact.Record, handles map[string]string) {
	t.Helper()
	kinds := map[string]int{}
	for _, r := range latest {
		for _, e := range r.Events {
			kinds[e.Kind]++
		}
	}
	t.Logf("events read from the month: %v", kinds)
	for _, kind := range []string{"ticket_opened", "ticket_responded", "ticket_paused", "ticket_resumed", "ticket_resolved", "ticket_reopened", "ticket_cancelled", "outage"} {
		if kinds[kind] == 0 {
			t.Errorf("no event of the kind %s is read from the month", kind)
		}
	}
	id := handles["acme-parts-search"]
	one, err := conn.Fetch(ctx, pact.RecordRef{Object: "incident", ExternalID: id})
	if err != nil {
		t.Fatal(err)
	}
	ids := func(r pact.Record) []string {
		var out []string
		for _, e := range r.Events {
			out = append(out, e.ExternalID)
		}
		return out
	}
	if !slices.Equal(ids(one), ids(latest[id])) {
		t.Errorf("fetched alone the incident tells %v, polled %v", ids(one), ids(latest[id]))
	}
}

func serviceNowComments(ctx context.Context, t *testing.T, conn full, incident string) {
	t.Helper()
	for _, visibility := range []string{"work_notes", "comments"} {
		write(ctx, t, conn, pact.Action{Kind: "add_comment", Object: "incident", ExternalID: incident, Key: "act_" + visibility, Fields: map[string]any{visibility: "Resolution is due at 14:00 (SA-2023-789, Exhibit B)."}})
	}
}

// serviceNowRefusals: the answers to what is wrong are described too.
func serviceNowRefusals(ctx context.Context, t *testing.T, town *simulator.Town, conn full, checker *conform.Checker) {
	t.Helper()
	_, err := conn.Fetch(ctx, pact.RecordRef{Object: "incident", ExternalID: strings.Repeat("f", 32)})
	refused(t, "an incident that does not exist", err, connector.FailUnmapped)
	_, err = conn.Write(ctx, pact.Action{Kind: "add_comment", ExternalID: strings.Repeat("f", 32), Key: "act_none", Fields: map[string]any{"work_notes": "x"}})
	refused(t, "a comment on it", err, connector.FailUnmapped)
	stranger := open(t, "servicenow", town, checker, serviceNowSettings(town, connector.Values{"password": "wrong"}))
	refused(t, "a wrong password", stranger.Check(ctx), connector.FailDenied)
}
