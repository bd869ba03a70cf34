package servicenow_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/simulator/servicenow"
	"github.com/pactloop/pactloop/simulator/stage"
)

const seed = `{"tables":{
 "core_company":[{"sys_id":"c0000000000000000000000000000001","name":"Acme Corp"},{"sys_id":"c0000000000000000000000000000002","name":"Beta^Ltd"}],
 "cmdb_ci_service":[{"sys_id":"50000000000000000000000000000001","name":"Portal","company":"c0000000000000000000000000000001","comments":"a plain column"}],
 "incident":[
  {"sys_id":"10000000000000000000000000000001","number":"INC0010001","short_description":"Portal down","priority":1,"state":2,"company":"c0000000000000000000000000000001","opened_at":"2026-03-02 08:00:00","cmdb_ci":"50000000000000000000000000000001"},
  {"sys_id":"10000000000000000000000000000002","number":"INC0010002","short_description":"Slow","priority":"3","state":"1","company":"c0000000000000000000000000000002","opened_at":"2026-03-01 08:00:00"},
  {"sys_id":"10000000000000000000000000000003","number":"INC0010003","short_description":"Typo","priority":"5","state":"7","opened_at":"2026-02-01 08:00:00","resolved_at":"2026-02-02 08:00:00","closed_at":"2026-02-03 08:00:00"}]}}`

type site struct {
	t   *testing.T
	sim *servicenow.Simulator
	url string
}

func open(t *testing.T, cfg servicenow.Config) *site {
	t.Helper()
	cfg.Clock = stage.NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	cfg.Seed = []byte(seed)
	sim, err := servicenow.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(sim)
	t.Cleanup(srv.Close)
	return &site{t, sim, srv.URL}
}

func (s *site) do(method, path, body string, change func(*http.Request)) (*http.Response, []byte) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.SetBasicAuth("pactloop", "servicenow-secret")
	req.Header.Set("Accept", "application/json")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(req)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, raw
}

func (s *site) rows(path string) []map[string]any {
	s.t.Helper()
	resp, raw := s.do("GET", path, "", nil)
	var out struct{ Result []map[string]any }
	if err := json.Unmarshal(raw, &out); err != nil || resp.StatusCode != 200 {
		s.t.Fatalf("%s: %d %s", path, resp.StatusCode, raw)
	}
	return out.Result
}

func (s *site) row(method, path, body string) (int, map[string]any) {
	s.t.Helper()
	resp, raw := s.do(method, path, body, nil)
	var out struct{ Result map[string]any }
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &out); err != nil {
			s.t.Fatalf("%s", raw)
		}
	}
	return resp.StatusCode, out.Result
}

func TestEncodedQueries(t *testing.T) {
	t.Parallel()
	s := open(t, servicenow.Config{})
	cases := []struct{ query, want string }{
		{"", "1 2 3"},
		{"priority=1", "1"},
		{"priority!=1", "2 3"},
		{"priority<=3^ORDERBYDESCpriority", "2 1"},
		{"state=2^ORstate=7^ORDERBYnumber", "1 3"},
		{"short_descriptionLIKEPORTAL", "1"},
		{"short_descriptionSTARTSWITHs", "2"},
		{"priorityIN1,5", "1 3"},
		{"companyISEMPTY", "3"},
		{"companyISNOTEMPTY^priority=3", "2"},
		{"priority=1^NQpriority=5", "1 3"},
		{"opened_at>2026-03-01 00:00:00", "1 2"},
		{"sys_updated_on>=2026-03-01 08:00:00^ORDERBYsys_updated_on", "2 1"},
		{"company.name=Acme Corp", "1"},
		{"company.name=Beta^^Ltd", "2"},
		{"no_such_field=1", "1 2 3"},
		{"priority=1^no_such_field=1", "1"},
		{"priority=1^no_such_field=1^ORstate=2", "1"},
		{"priority=javascript:gs.now()", "1 2 3"},
		{"active=true", "1 2"},
		{strings.Repeat("^OR", 500), "1 2 3"},
	}
	for _, c := range cases {
		var got []string
		for _, r := range s.rows("/api/now/table/incident?sysparm_fields=number&sysparm_query=" + url.QueryEscape(c.query)) {
			got = append(got, strings.TrimPrefix(r["number"].(string), "INC001000"))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%.60s: got %v, want %s", c.query, got, c.want)
		}
	}
	strict := open(t, servicenow.Config{InvalidQueryReturnsNoRows: true})
	if got := strict.rows("/api/now/table/incident?sysparm_query=no_such_field%3D1"); len(got) != 0 {
		t.Errorf("a strict instance answered %d rows", len(got))
	}
}

func TestPagesCarryTotalsAndLinks(t *testing.T) {
	t.Parallel()
	s := open(t, servicenow.Config{})
	next, pages, seen := s.url+"/api/now/table/incident?sysparm_limit=1&sysparm_fields=number", 0, 0
	for next != "" {
		resp, raw := s.do("GET", strings.TrimPrefix(next, s.url), "", nil)
		if resp.Header.Get("X-Total-Count") != "3" {
			t.Errorf("total %q", resp.Header.Get("X-Total-Count"))
		}
		var out struct{ Result []map[string]any }
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatal(err)
		}
		pages, seen, next = pages+1, seen+len(out.Result), ""
		for link := range strings.SplitSeq(resp.Header.Get("Link"), ",") {
			if at, ok := strings.CutSuffix(link, `>;rel="next"`); ok {
				next = strings.TrimPrefix(at, "<")
			}
		}
	}
	if pages != 3 || seen != 3 {
		t.Errorf("%d pages, %d rows", pages, seen)
	}
}

func TestReferencesAndDisplayValues(t *testing.T) {
	t.Parallel()
	s := open(t, servicenow.Config{})
	get := func(q string) string {
		_, row := s.row("GET", "/api/now/table/incident/10000000000000000000000000000001?sysparm_fields=company,priority,company.name&"+q, "")
		raw, _ := json.Marshal(row)
		return strings.ReplaceAll(string(raw), s.url, "")
	}
	id := "c0000000000000000000000000000001"
	link := `"link":"/api/now/table/core_company/` + id + `"`
	for q, want := range map[string]string{
		"":                                    `{"company":{` + link + `,"value":"` + id + `"},"company.name":"Acme Corp","priority":"1"}`,
		"sysparm_exclude_reference_link=true": `{"company":"` + id + `","company.name":"Acme Corp","priority":"1"}`,
		"sysparm_display_value=true":          `{"company":{"display_value":"Acme Corp",` + link + `},"company.name":"Acme Corp","priority":"1 - Critical"}`,
		"sysparm_display_value=all&sysparm_exclude_reference_link=true": `{"company":{"display_value":"Acme Corp","value":"` + id + `"},"company.name":{"display_value":"Acme Corp","value":"Acme Corp"},"priority":{"display_value":"1 - Critical","value":"1"}}`,
	} {
		if got := get(q); got != want {
			t.Errorf("%s:\n got %s\nwant %s", q, got, want)
		}
	}
}

func TestAnIncidentLivesAndItsHistoryCanBeRebuilt(t *testing.T) {
	t.Parallel()
	s := open(t, servicenow.Config{})
	status, row := s.row("POST", "/api/now/v2/table/incident", `{"short_description":"Reported late","impact":1,"urgency":"1","opened_at":"2026-03-01 22:15:00","correlation_id":"k1","sys_created_on":"1999-01-01 00:00:00"}`)
	if status != 201 || row["number"] != "INC0010004" || row["priority"] != "1" || row["opened_at"] != "2026-03-01 22:15:00" || row["sys_created_on"] != "2026-03-02 09:00:00" || row["sys_mod_count"] != "0" {
		t.Fatalf("%d %v", status, row)
	}
	path := "/api/now/table/incident/" + row["sys_id"].(string)
	step := func(after time.Duration, body string) map[string]any {
		if _, err := s.sim.Clock().Advance(after); err != nil {
			t.Fatal(err)
		}
		status, row := s.row("PATCH", path, body)
		if status != 200 {
			t.Fatalf("%s: %d", body, status)
		}
		return row
	}
	step(time.Hour, `{"state":"2"}`)
	step(time.Hour, `{"urgency":"3"}`)
	done := step(time.Hour, `{"state":"6","close_notes":"fixed"}`)
	if done["resolved_at"] != "2026-03-02 12:00:00" || done["priority"] != "3" || done["sys_mod_count"] != "3" {
		t.Errorf("%v", done)
	}
	again := step(time.Hour, `{"state":"6"}`)
	if again["sys_mod_count"] != "3" || again["sys_updated_on"] != "2026-03-02 12:00:00" {
		t.Errorf("a PATCH without change was counted: %v", again)
	}
	back := step(time.Hour, `{"state":"2"}`)
	if back["reopen_count"] != "1" || back["resolved_at"] != "" {
		t.Errorf("%v", back)
	}
	var history []string
	for _, a := range s.rows("/api/now/table/sys_audit?sysparm_query=" + url.QueryEscape("documentkey="+row["sys_id"].(string)+"^fieldnameINstate,priority^ORDERBYsys_created_on")) {
		history = append(history, fmt.Sprintf("%s %s %s>%s", a["sys_created_on"].(string)[11:16], a["fieldname"], a["oldvalue"], a["newvalue"]))
	}
	want := "09:00 priority >1, 09:00 state >1, 10:00 state 1>2, 11:00 priority 1>3, 12:00 state 2>6, 14:00 state 6>2"
	if strings.Join(history, ", ") != want {
		t.Errorf("history %v", history)
	}
}

func TestCommentsAppendAndAreNeverMerged(t *testing.T) {
	t.Parallel()
	s := open(t, servicenow.Config{})
	path := "/api/now/table/incident/10000000000000000000000000000001"
	for range 2 {
		s.row("PATCH", path, `{"work_notes":"at risk [fnd_1/v1]"}`)
	}
	s.row("PATCH", path, `{"comments":"hello"}`)
	notes := s.rows("/api/now/table/sys_journal_field?sysparm_query=" + url.QueryEscape("element_id=10000000000000000000000000000001^element=work_notes^valueLIKE[fnd_1/v1]"))
	if len(notes) != 2 {
		t.Errorf("%d notes", len(notes))
	}
	if _, row := s.row("GET", path, ""); row["work_notes"] != "" || row["sys_mod_count"] != "3" {
		t.Errorf("%v %v", row["work_notes"], row["sys_mod_count"])
	}
	if _, row := s.row("GET", path+"?sysparm_display_value=true", ""); !strings.Contains(row["comments"].(string), "pactloop (Additional comments)\nhello") {
		t.Errorf("%v", row["comments"])
	}
	effects := s.sim.Effects()
	if len(effects) != 2 || effects[1].Kind != "work_notes" || effects[1].Count != 2 {
		t.Errorf("%v", effects)
	}
	if _, svc := s.row("GET", "/api/now/table/cmdb_ci_service/50000000000000000000000000000001", ""); svc["comments"] != "a plain column" {
		t.Errorf("%v", svc["comments"])
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t, servicenow.Config{})
	cases := []struct {
		name, method, path, body string
		change                   func(*http.Request)
		status                   int
	}{
		{"no credentials", "GET", "/api/now/table/incident", "", func(r *http.Request) { r.Header.Del("Authorization") }, 401},
		{"wrong password", "GET", "/api/now/table/incident", "", func(r *http.Request) { r.SetBasicAuth("pactloop", "x") }, 401},
		{"no Accept", "GET", "/api/now/table/incident", "", func(r *http.Request) { r.Header.Del("Accept") }, 400},
		{"no Content-Type", "POST", "/api/now/table/incident", "{}", func(r *http.Request) { r.Header.Del("Content-Type") }, 400},
		{"another Content-Type", "POST", "/api/now/table/incident", "{}", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415},
		{"unknown table", "GET", "/api/now/table/nope", "", nil, 400},
		{"unknown record", "GET", "/api/now/table/incident/ffffffffffffffffffffffffffffffff", "", nil, 404},
		{"not JSON", "POST", "/api/now/table/incident", "{", nil, 400},
		{"a date in another form", "POST", "/api/now/table/incident", `{"opened_at":"2026-03-01T00:00:00Z"}`, nil, 400},
		{"no rows in v1", "GET", "/api/now/v1/table/incident?sysparm_query=number%3DX", "", nil, 404},
		{"no rows in v2", "GET", "/api/now/v2/table/incident?sysparm_query=number%3DX", "", nil, 200},
		{"another API", "GET", "/api/now/import/x", "", nil, 400},
	}
	for _, c := range cases {
		resp, raw := s.do(c.method, c.path, c.body, c.change)
		if resp.StatusCode != c.status {
			t.Errorf("%s: %d %s", c.name, resp.StatusCode, raw)
		}
		if c.status >= 400 && !strings.Contains(string(raw), `"status":"failure"`) {
			t.Errorf("%s: not the described error: %s", c.name, raw)
		}
	}
	if len(s.sim.Effects()) != 0 {
		t.Errorf("a refused call had an effect: %v", s.sim.Effects())
	}
}

func TestHourlyRuleAndOAuth(t *testing.T) {
	t.Parallel()
	s := open(t, servicenow.Config{HourlyLimit: 1})
	resp, err := http.PostForm(s.url+"/oauth_token.do", url.Values{"grant_type": {"client_credentials"}, "client_id": {"pactloop"}, "client_secret": {"servicenow-secret"}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil || token.AccessToken == "" {
		t.Fatal("no token", err)
	}
	bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token.AccessToken) }
	if resp, _ := s.do("GET", "/api/now/table/incident", "", bearer); resp.StatusCode != 200 || resp.Header.Get("X-RateLimit-Limit") != "1" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	if resp, raw := s.do("GET", "/api/now/table/incident", "", bearer); resp.StatusCode != 429 || resp.Header.Get("Retry-After") == "" || !strings.Contains(string(raw), "Rate limit exceeded") {
		t.Errorf("%d %s", resp.StatusCode, raw)
	}
}

func TestDisplayInputAndDeleting(t *testing.T) {
	t.Parallel()
	s := open(t, servicenow.Config{})
	status, row := s.row("POST", "/api/now/table/incident?sysparm_input_display_value=true&sysparm_exclude_reference_link=true", `{"company":"Acme Corp","state":"On Hold"}`)
	if status != 201 || row["state"] != "3" || row["company"] != "c0000000000000000000000000000001" {
		t.Errorf("%d %v", status, row)
	}
	path := "/api/now/table/incident/" + row["sys_id"].(string)
	if resp, _ := s.do("DELETE", path, "", nil); resp.StatusCode != 204 {
		t.Errorf("%d", resp.StatusCode)
	}
	if status, _ := s.row("GET", path, ""); status != 404 {
		t.Errorf("%d", status)
	}
}
