//go:build conform

package simulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/simulator"
	"github.com/pactloop/pactloop/simulator/conform"
)

// shared is the folder with the vendors' descriptions, named by SHARED. Without it nothing can be said, so that is a failure.
func shared(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SHARED")
	if dir == "" {
		t.Fatal("SHARED must name the folder that holds specs/")
	}
	return dir
}

// caller makes requests through a checker.
type caller struct {
	t      *testing.T
	client *http.Client
	base   string
	sign   func(*http.Request)
}

func (c caller) send(method, path, contentType, body string) (int, map[string]any) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if body == "" {
		req.Body = nil
	} else {
		req.Header.Set("Content-Type", contentType)
	}
	req.Header.Set("Accept", "application/json")
	c.sign(req)
	resp, err := c.client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	var out map[string]any
	_ = json.Unmarshal(raw, &out) // attachments and lists of bytes are not JSON
	return resp.StatusCode, out
}

func (c caller) call(method, path, body string, want int) map[string]any {
	c.t.Helper()
	status, out := c.send(method, path, "application/json", body)
	if status != want {
		c.t.Errorf("%s %s answered %d, want %d: %v", method, path, status, want, out)
	}
	return out
}

func TestIroncladAnswersAsDescribed(t *testing.T) {
	checker, err := conform.Ironclad(shared(t))
	if err != nil {
		t.Fatal(err)
	}
	cfg := config()
	town, err := simulator.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer town.Close()
	c := caller{t, &http.Client{Transport: checker.Transport(nil)}, town.URLs.Ironclad + "/public/api/v1", func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer ironclad-legacy-token")
		r.Header.Set("x-as-user-email", "jane.doe@example.com")
	}}

	hook := c.call("POST", "/webhooks", `{"events":["workflow_completed","record_contract_status_changed"],"targetURL":"https://receiver.example/hook","status":"disabled"}`, 201)
	c.call("POST", "/webhooks", `{"events":["workflow_completed"],"targetURL":"https://receiver.example/hook"}`, 400)
	c.call("GET", "/webhooks?page=0&pageSize=10", "", 200)
	c.call("GET", "/webhooks/"+hook["id"].(string), "", 200)
	c.call("PATCH", "/webhooks/"+hook["id"].(string), `{"events":["*"]}`, 200)
	c.call("DELETE", "/webhooks/"+hook["id"].(string), "", 204)
	c.call("GET", "/webhooks/none", "", 400)
	c.call("GET", "/webhooks/verification-key", "", 200)

	c.call("GET", "/workflows", "", 200)
	c.call("GET", "/workflows?status=active&status=completed&page=0&pageSize=5&lastUpdated=2026-01-01T00:00:00Z", "", 200)
	c.call("GET", "/workflows/wf1", "", 200)
	c.call("GET", "/workflows/none", "", 400)
	c.call("PATCH", "/workflows/wf1/attributes", `{"updates":[{"action":"set","path":"nope","value":"x"}]}`, 400)
	c.call("PATCH", "/workflows/none/attributes", `{"updates":[{"action":"remove","path":"nope"}]}`, 404)
	comment := c.call("POST", "/workflows/wf1/comments", `{"comment":"SLA at risk"}`, 200)
	c.call("GET", "/workflows/wf1/comments", "", 200)
	c.call("GET", "/workflows/wf1/comments/"+comment["id"].(string), "", 200)
	c.call("GET", "/workflows/none/comments", "", 404)
	c.call("GET", "/workflows/wf1/documents", "", 200)
	if _, err := town.Ironclad.Complete("wf1", false); err != nil {
		t.Fatal(err)
	}
	c.call("GET", "/workflows/wf1", "", 200)

	c.call("GET", "/records?filter="+url.QueryEscape("Equals([counterpartyName], 'Acme')")+"&sortField=lastUpdated&sortDirection=ASC", "", 200)
	c.call("GET", "/records?filter=nonsense", "", 400)
	c.call("GET", "/records/metadata", "", 200)
	c.call("GET", "/records/rec1", "", 200)
	c.call("GET", "/records/none", "", 400)
	made := c.call("POST", "/records", `{"type":"amendment","name":"Amendment","properties":{"agreementDate":{"type":"date","value":"2026-01-01T00:00:00Z"}},"parent":{"recordId":"rec1","parentLinkType":"amendment"}}`, 200)
	id := made["id"].(string)
	c.call("POST", "/records", `{"type":"nope","name":"x","properties":{}}`, 400)
	c.call("PUT", "/records/"+id, `{"type":"amendment","name":"Amendment 1","properties":{"counterpartyName":{"type":"string","value":"Acme"}}}`, 200)
	c.call("PATCH", "/records/"+id, `{"addProperties":{"effectiveDate":{"type":"date","value":"2026-02-01T00:00:00Z"},"autoRenewal":{"type":"boolean","value":true},"noticeDays":{"type":"number","value":90},
		"noticePeriod":{"type":"duration","value":"P90D"},"contractValue":{"type":"monetary_amount","value":{"amount":12.5,"currency":"USD"}},"ownerEmail":{"type":"email","value":"a@example.com"},
		"tags":{"type":"array","value":["a"]},"counterpartyAddress":{"type":"address","value":{"lines":["1 Main St"],"country":"US"}}},"removeProperties":["counterpartyName"],"addLinks":[{"recordId":"rec1"}]}`, 200)
	c.call("PATCH", "/records/"+id, `{"properties":{}}`, 400)
	c.call("PATCH", "/records/none", `{"name":"x"}`, 404)
	c.call("GET", "/records/"+id, "", 200)
	c.call("POST", "/records/"+id+"/actions", `{"type":"terminate","properties":{"standard_terminatedDate":{"type":"date","value":"2026-03-01T00:00:00Z"},"standard_terminationEffectiveDate":{"type":"date","value":"2026-04-01T00:00:00Z"}}}`, 200)
	c.call("POST", "/records/"+id+"/actions", `{"type":"explode"}`, 400)
	c.call("GET", "/records/rec1/attachments/signedCopy", "", 200)
	c.call("GET", "/records/rec1/attachments/none", "", 400)
	upload(c, "/records/"+id+"/attachments/report")
	c.call("DELETE", "/records/"+id+"/attachments/report", "", 204)
	c.call("DELETE", "/records/"+id+"/attachments/report", "", 404)

	ob := c.call("POST", "/obligations", `{"name":"SLA Risk","parentId":"rec1","obligationTypeKey":["slaRisk"],"properties":{"pactloopKey":{"type":"string","value":"k"}}}`, 201)
	c.call("POST", "/obligations", `{"name":"x"}`, 400)
	c.call("GET", "/obligations?page=0&pageSize=5", "", 200)
	c.call("GET", "/obligations/"+ob["id"].(string), "", 200)
	c.call("GET", "/obligations/none", "", 404)
	c.call("PATCH", "/obligations/"+ob["id"].(string), `{"addProperties":{"pactloopStatus":{"type":"string","value":"met"}}}`, 200)
	c.call("DELETE", "/records/"+id, "", 204)
	finish(t, checker)
}

func upload(c caller, path string) {
	c.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	p, err := m.CreateFormFile("attachment", "report.txt")
	if err != nil {
		c.t.Fatal(err)
	}
	_, _ = p.Write([]byte("report"))
	meta, err := m.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="metadata"`}, "Content-Type": {"application/json"}})
	if err != nil {
		c.t.Fatal(err)
	}
	_, _ = meta.Write([]byte(`{"filename":"report.txt"}`))
	m.Close()
	if status, out := c.send("POST", path, m.FormDataContentType(), b.String()); status != 200 {
		c.t.Errorf("upload answered %d %v", status, out)
	}
}

func TestServiceNowAnswersAsDescribed(t *testing.T) {
	checker, err := conform.ServiceNow(shared(t))
	if err != nil {
		t.Fatal(err)
	}
	town, err := simulator.Start(t.Context(), config())
	if err != nil {
		t.Fatal(err)
	}
	defer town.Close()
	creds := simulator.ServiceNowCredentials()
	signed := true
	c := caller{t, &http.Client{Transport: checker.Transport(nil)}, town.URLs.ServiceNow + "/api/now", func(r *http.Request) {
		if signed {
			r.SetBasicAuth(creds.Username, creds.Password)
		}
	}}
	made := c.call("POST", "/table/incident?sysparm_exclude_reference_link=true", `{"short_description":"Down","priority":"1"}`, 201)
	id := made["result"].(map[string]any)["sys_id"].(string)
	c.call("POST", "/table/incident", `[]`, 400)
	c.call("GET", "/table/incident?sysparm_query="+url.QueryEscape("active=true^ORDERBYsys_updated_on")+"&sysparm_limit=1&sysparm_offset=0&sysparm_fields=number,state,sys_updated_on", "", 200)
	c.call("GET", "/v2/table/incident?sysparm_display_value=all", "", 200)
	c.call("GET", "/table/incident/"+id+"?sysparm_display_value=true", "", 200)
	c.call("GET", "/table/incident/ffffffffffffffffffffffffffffffff", "", 404)
	c.call("PATCH", "/table/incident/"+id, `{"work_notes":"at risk","state":"2"}`, 200)
	c.call("PUT", "/table/incident/"+id, `{"state":"6"}`, 200)
	c.call("PATCH", "/table/incident/"+id, `{"opened_at":"nonsense"}`, 400)
	c.call("GET", "/table/sys_audit?sysparm_limit=2", "", 200)
	c.call("DELETE", "/table/incident/"+id, "", 204)
	c.call("DELETE", "/table/incident/"+id, "", 404)
	signed = false
	c.call("GET", "/table/incident", "", 401)
	finish(t, checker)
}

func finish(t *testing.T, checker *conform.Checker) {
	t.Helper()
	t.Log("\n" + checker.Report())
	if n := len(checker.Problems()); n > 0 {
		t.Errorf("%d exchanges are not as described", n)
	}
}

func TestTheCheckerSeesWhatIsWrong(t *testing.T) {
	checker, err := conform.Ironclad(shared(t))
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"rec1"}`) // a record without what is required of it
	}))
	defer srv.Close()
	c := caller{t, &http.Client{Transport: checker.Transport(nil)}, srv.URL + "/public/api/v1", func(*http.Request) {}}
	c.send("GET", "/records/rec1", "", "")
	c.send("PATCH", "/records/rec1", "application/json", `{"properties":{}}`)
	c.send("GET", "/invented", "", "")
	var seen []string
	for _, p := range checker.Problems() {
		seen = append(seen, p.Operation+" "+p.Direction)
	}
	want := "GET /records/{id} response, PATCH /records/{id} request, PATCH /records/{id} response"
	if got := strings.Join(seen, ", "); got != want || !strings.Contains(checker.Report(), "not described: GET /public/api/v1/invented") {
		t.Errorf("the checker saw %s\n%s", got, checker.Report())
	}
}
