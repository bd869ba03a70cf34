package ironclad_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pactloop/pactloop/simulator/ironclad"
	"github.com/pactloop/pactloop/simulator/stage"
)

const seed = `{
 "workflows":[{"id":"wf1","title":"Acme MSA","template":"tpl1","step":"Review","status":"active","lastUpdated":"2026-03-01T08:00:00.000Z",
   "schema":{"counterpartyName":{"type":"string","displayName":"Counterparty"}},"attributes":{"counterpartyName":"Acme Corp"}}],
 "records":[
  {"id":"rec1","ironcladId":"IC-1","type":"msa","name":"Acme MSA","source":{"type":"workflow","workflowId":"wf1"},"properties":{"counterpartyName":{"type":"string","value":"Acme Corp"}}},
  {"id":"rec2","ironcladId":"IC-2","type":"nda","name":"Beta NDA","lastUpdated":"2026-01-01T00:00:00.000Z","properties":{"counterpartyName":{"type":"string","value":"Beta \"B\" Ltd"},"contractValue":{"type":"monetary_amount","value":{"amount":1500.50,"currency":"EUR"}}}}],
 "attachments":[{"record_id":"rec1","key":"signedCopy","file":"acme.pdf","content_type":"application/pdf"}]}`

type site struct {
	t    *testing.T
	sim  *ironclad.Simulator
	url  string
	auth string
}

func open(t *testing.T, cfg ironclad.Config) *site {
	t.Helper()
	cfg.Clock = stage.NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	cfg.AllowHTTP, cfg.Seed = true, []byte(seed)
	cfg.Files = fstest.MapFS{"acme.pdf": {Data: []byte("%PDF-1.7 acme")}}
	if cfg.RetryBase == 0 {
		cfg.RetryBase = time.Millisecond
	}
	sim, err := ironclad.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(sim)
	t.Cleanup(func() { srv.Close(); _ = sim.Close() })
	s := &site{t: t, sim: sim, url: srv.URL}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	resp, err := http.PostForm(srv.URL+"/oauth/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {"pactloop"}, "client_secret": {"ironclad-secret"}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil {
		t.Fatal(err)
	}
	s.auth = "Bearer " + token.AccessToken
	return s
}

func (s *site) call(method, path, body string) (int, map[string]any) {
	s.t.Helper()
	status, raw := s.raw(method, ironclad.Base+path, "application/json", body)
	var out map[string]any
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &out); err != nil {
			s.t.Fatalf("%s %s: %v: %s", method, path, err, raw)
		}
	}
	return status, out
}

func (s *site) raw(method, path, contentType, body string) (int, []byte) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", s.auth)
	req.Header.Set("x-as-user-email", "jane.doe@example.com")
	if body != "" {
		req.Header.Set("Content-Type", contentType)
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
	return resp.StatusCode, raw
}

// receiver keeps what arrives and answers the statuses it is given, then 200.
type receiver struct {
	mu       sync.Mutex
	answers  []int
	requests []*http.Request
	bodies   [][]byte
	arrived  chan struct{}
	url      string
}

func receive(t *testing.T, answers ...int) *receiver {
	t.Helper()
	r := &receiver{answers: answers, arrived: make(chan struct{}, 100)}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		status := 200
		if len(r.answers) > 0 {
			status, r.answers = r.answers[0], r.answers[1:]
		}
		r.requests, r.bodies = append(r.requests, req), append(r.bodies, body)
		r.mu.Unlock()
		w.WriteHeader(status)
		r.arrived <- struct{}{}
	}))
	t.Cleanup(srv.Close)
	r.url = srv.URL
	return r
}

func (r *receiver) wait(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		select {
		case <-r.arrived:
		case <-time.After(2 * time.Minute):
			t.Fatalf("only %d of %d deliveries arrived", i, n)
		}
	}
}

func verify(t *testing.T, key []byte, req *http.Request, body []byte) error {
	t.Helper()
	block, _ := pem.Decode(key)
	pub, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ Nonce, SignAlgorithm, Signature, Encoding string }
	if err := json.Unmarshal([]byte(req.Header.Get("X-Ironclad-Webhook-Verification")), &v); err != nil {
		return err
	}
	signature, err := base64.StdEncoding.DecodeString(v.Signature)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(req.Header.Get("X-Ironclad-Webhook-Event-Id") + string(body) + v.Nonce))
	return rsa.VerifyPKCS1v15(pub.(*rsa.PublicKey), crypto.SHA256, sum[:], signature)
}

func TestAContractIsSignedAndTheWebhookLeadsToItsRecordAndBytes(t *testing.T) {
	t.Parallel()
	s := open(t, ironclad.Config{})
	hook := receive(t)
	if status, out := s.call("POST", "/webhooks", fmt.Sprintf(`{"events":["workflow_completed"],"targetURL":%q}`, hook.url)); status != 201 || out["status"] != "enabled" {
		t.Fatalf("%d %v", status, out)
	}
	if status, out := s.call("GET", "/records/rec1", ""); status != 400 || out["code"] != "NOT_FOUND" {
		t.Errorf("the record exists before its workflow is completed: %d %v", status, out)
	}
	s.raw("POST", "/_sim/workflows/wf1/complete", "application/json", "{}")
	hook.wait(t, 1)
	_, key := s.raw("GET", ironclad.Base+"/webhooks/verification-key", "", "")
	if err := verify(t, key, hook.requests[0], hook.bodies[0]); err != nil {
		t.Errorf("the signature does not hold: %v", err)
	}
	var event struct {
		Payload struct{ Event, WorkflowID, TemplateID string }
	}
	if err := json.Unmarshal(hook.bodies[0], &event); err != nil || event.Payload.WorkflowID != "wf1" || event.Payload.Event != "workflow_completed" {
		t.Fatalf("%s %v", hook.bodies[0], err)
	}
	_, flow := s.call("GET", "/workflows/wf1", "")
	if fmt.Sprint(flow["recordIds"]) != "[rec1]" || flow["isComplete"] != true {
		t.Fatalf("%v", flow)
	}
	_, rec := s.call("GET", "/records/IC-1", "")
	href := rec["attachments"].(map[string]any)["signedCopy"].(map[string]any)["href"].(string)
	if _, data := s.raw("GET", strings.TrimPrefix(href, s.url), "", ""); string(data) != "%PDF-1.7 acme" {
		t.Errorf("the attachment holds %q", data)
	}
	if rec["lastUpdated"] != "2026-03-02T09:00:00.000Z" {
		t.Errorf("lastUpdated %v", rec["lastUpdated"])
	}
	if ids, err := s.sim.Complete("wf1", false); err != nil || len(ids) != 1 {
		t.Errorf("completing twice: %v %v", ids, err)
	}
}

func TestDeliveriesAreRetriedCountedAndStopAtGone(t *testing.T) {
	t.Parallel()
	s := open(t, ironclad.Config{})
	hook := receive(t, 500, 404, 200, 410)
	_, created := s.call("POST", "/webhooks", fmt.Sprintf(`{"events":["*"],"targetURL":%q}`, hook.url))
	sent, err := s.sim.Fire(ironclad.Fire{Event: "workflow_updated", Payload: stage.Object{"workflowID": "wf1"}, Wait: true})
	if err != nil || len(sent) != 1 {
		t.Fatalf("%v %v", sent, err)
	}
	hook.wait(t, 3)
	first := hook.requests[0].Header.Get("X-Ironclad-Webhook-Event-Id")
	if first == "" || first != hook.requests[2].Header.Get("X-Ironclad-Webhook-Event-Id") {
		t.Error("a retry has another event id")
	}
	if hook.requests[0].Header.Get("X-Ironclad-Webhook-Verification") == hook.requests[2].Header.Get("X-Ironclad-Webhook-Verification") {
		t.Error("a retry has the same nonce")
	}
	if _, h := s.call("GET", "/webhooks/"+created["id"].(string), ""); h["consecutiveFailureCount"] != 0.0 {
		t.Errorf("a success did not reset the count: %v", h)
	}
	if _, err := s.sim.Fire(ironclad.Fire{Event: "workflow_updated", Wait: true}); err != nil {
		t.Fatal(err)
	}
	if _, h := s.call("GET", "/webhooks/"+created["id"].(string), ""); h["status"] != "disabledBySystem" {
		t.Errorf("410 left the webhook %v", h["status"])
	}
}

func TestARepeatedEventArrivesAsOftenAsItIsFired(t *testing.T) {
	t.Parallel()
	s := open(t, ironclad.Config{})
	hook := receive(t)
	s.call("POST", "/webhooks", fmt.Sprintf(`{"events":["workflow_completed"],"targetURL":%q}`, hook.url))
	s.raw("POST", "/_sim/fire", "application/json", `{"event":"workflow_completed","payload":{"workflowID":"wf1"},"times":3,"wait":true}`)
	hook.wait(t, 3)
	for i, r := range hook.requests {
		if r.Header.Get("X-Ironclad-Webhook-Event-Id") != hook.requests[0].Header.Get("X-Ironclad-Webhook-Event-Id") || !bytes.Equal(hook.bodies[i], hook.bodies[0]) {
			t.Error("a repetition is not the same event")
		}
	}
}

func TestForgedEventsDoNotVerify(t *testing.T) {
	t.Parallel()
	s := open(t, ironclad.Config{})
	hook := receive(t, 401, 401, 401, 401)
	s.call("POST", "/webhooks", fmt.Sprintf(`{"events":["*"],"targetURL":%q}`, hook.url))
	_, key := s.raw("GET", ironclad.Base+"/webhooks/verification-key", "", "")
	for _, mode := range []string{"signature", "body", "missing", "garbage"} {
		status, out := s.raw("POST", "/_sim/forge", "application/json", fmt.Sprintf(`{"mode":%q,"payload":{"workflowID":"wf1"}}`, mode))
		if status != 200 || !strings.Contains(string(out), `"status":401`) {
			t.Errorf("%s: %d %s", mode, status, out)
		}
	}
	for i, r := range hook.requests {
		if verify(t, key, r, hook.bodies[i]) == nil {
			t.Error("a forged event verifies")
		}
	}
}

func TestPatchAcceptsOnlyWhatIsDescribed(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, body string
		status     int
		param      string
	}{
		{"typed properties", `{"addProperties":{"effectiveDate":{"type":"date","value":"2026-01-01T00:00:00Z"},"pactloopKey":{"type":"string","value":"k1"},"totalContractValue":{"type":"monetary_amount","value":{"amount":120000.25,"currency":"USD"}},"noticePeriod":{"type":"duration","value":"P90D"}}}`, 200, ""},
		{"the tempting properties member", `{"properties":{"effectiveDate":{"type":"date","value":"2026-01-01T00:00:00Z"}}}`, 400, "properties"},
		{"another case of a name", `{"AddProperties":{}}`, 400, "AddProperties"},
		{"unknown property", `{"addProperties":{"nope":{"type":"string","value":"x"}}}`, 400, "addProperties.nope"},
		{"wrong type", `{"addProperties":{"effectiveDate":{"type":"string","value":"x"}}}`, 400, "addProperties.effectiveDate"},
		{"date without time", `{"addProperties":{"effectiveDate":{"type":"date","value":"2026-01-01"}}}`, 400, "addProperties.effectiveDate"},
		{"amount as text", `{"addProperties":{"contractValue":{"type":"monetary_amount","value":{"amount":"5","currency":"USD"}}}}`, 400, "addProperties.contractValue"},
		{"fraction in a number", `{"addProperties":{"noticeDays":{"type":"number","value":1.5}}}`, 400, "addProperties.noticeDays"},
		{"no value", `{"addProperties":{"noticeDays":{"type":"number"}}}`, 400, "addProperties.noticeDays.value"},
		{"remove an unknown one", `{"removeProperties":["nope"]}`, 400, "removeProperties"},
		{"its own parent", `{"setParent":{"recordId":"rec2"}}`, 400, "setParent"},
		{"not JSON", `{`, 400, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, ironclad.Config{})
			status, out := s.call("PATCH", "/records/rec2", c.body)
			if status != c.status || (c.param != "" && out["param"] != c.param) {
				t.Errorf("%d %v", status, out)
			}
			if applied := len(s.sim.Effects()) == 1; applied != (c.status == 200) {
				t.Errorf("effects %v", s.sim.Effects())
			}
		})
	}
}

func TestRecordsAreFoundByFormulaAndByChange(t *testing.T) {
	t.Parallel()
	s := open(t, ironclad.Config{})
	s.raw("POST", "/_sim/workflows/wf1/complete", "application/json", "")
	cases := []struct{ query, want string }{
		{"", "[IC-2 IC-1]"},
		{"sortField=name&sortDirection=ASC", "[IC-1 IC-2]"},
		{"lastUpdated=2026-03-01T00:00:00Z", "[IC-1]"},
		{"types=nda", "[IC-2]"},
		{"filter=" + url.QueryEscape(`Equals([counterpartyName], 'Acme Corp')`), "[IC-1]"},
		{"filter=" + url.QueryEscape(`Contains([counterpartyName], 'acme')`), "[IC-1]"},
		{"filter=" + url.QueryEscape(`And(GreaterThan([contractValue], '1500'), NotEqual([counterpartyName], "Acme Corp"))`), "[IC-2]"},
		{"filter=" + url.QueryEscape(`Or(IsEmpty([contractValue]), Equals([name], 'Beta NDA'))`), "[IC-2 IC-1]"},
		{"filter=" + url.QueryEscape(`Equals([counterpartyName], 'Beta "B" Ltd')`), "[IC-2]"},
		{"filter=" + url.QueryEscape(`LessThan([lastUpdated], Date('2026-02-01'))`), "[IC-2]"},
		{"page=1&pageSize=1", "[IC-1]"},
	}
	for _, c := range cases {
		status, out := s.call("GET", "/records?"+c.query, "")
		if status != 200 {
			t.Errorf("%s: %d %v", c.query, status, out)
			continue
		}
		var got []string
		for _, r := range out["list"].([]any) {
			got = append(got, r.(map[string]any)["ironcladId"].(string))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, want %s", c.query, got, c.want)
		}
	}
	for _, bad := range []string{
		"pageSize=101", "page=-1", "sortField=id", "lastUpdated=yesterday", "filter=Equals(", "filter=" + url.QueryEscape(`Equals([nope],'x')`),
		"filter=" + url.QueryEscape(strings.Repeat("And(", 1000)), "filter=" + url.QueryEscape(`Equals([name],'x') or 1`),
	} {
		if status, out := s.call("GET", "/records?"+bad, ""); status != 400 || out["code"] != "INVALID_PARAM" {
			t.Errorf("%.40s: %d %v", bad, status, out)
		}
	}
}

func TestFamiliesAndObligations(t *testing.T) {
	t.Parallel()
	s := open(t, ironclad.Config{})
	status, child := s.call("POST", "/records", `{"type":"amendment","name":"Amendment 1","properties":{},"parent":{"recordId":"IC-2","parentLinkType":"amendment"}}`)
	if status != 200 || child["parentId"] != "rec2" || child["ironcladId"] != "IC-3" {
		t.Fatalf("%d %v", status, child)
	}
	if _, up := s.call("GET", "/records/rec2", ""); fmt.Sprint(up["childIds"]) != fmt.Sprintf("[%s]", child["id"]) {
		t.Errorf("childIds %v", up["childIds"])
	}
	status, ob := s.call("POST", "/obligations", `{"name":"SLA Risk","parentId":"rec2","obligationTypeKey":["slaRisk"],"properties":{"pactloopKey":{"type":"string","value":"fnd_1/v1"}}}`)
	if status != 201 || ob["parentReadableId"] != "IC-2" || ob["ironcladId"] != "OB-1" {
		t.Fatalf("%d %v", status, ob)
	}
	if status, out := s.call("POST", "/obligations", `{"name":"x","parentId":"rec2"}`); status != 400 || out["param"] != "obligationTypeKey" {
		t.Errorf("%d %v", status, out)
	}
	if status, out := s.call("GET", "/obligations?filter="+url.QueryEscape(`Equals([pactloopKey], 'fnd_1/v1')`), ""); status != 200 || out["count"] != 1.0 {
		t.Errorf("%d %v", status, out)
	}
	if status, out := s.call("PATCH", "/obligations/OB-1", `{"name":"SLA Breach"}`); status != 200 || out["name"] != "SLA Breach" {
		t.Errorf("%d %v", status, out)
	}
	if status, _ := s.call("GET", "/obligations/OB-9", ""); status != 404 {
		t.Errorf("a missing obligation answered %d", status)
	}
	if got := s.sim.Effects(); len(got) != 3 || got[0].Object != "obligation" || got[0].ExternalID != "fnd_1/v1" || got[0].Kind != "create" || got[0].Count != 1 {
		t.Errorf("effects %v", got)
	}
}

func TestAccessIsRefusedInTheDescribedWays(t *testing.T) {
	t.Parallel()
	s := open(t, ironclad.Config{Limits: map[string]int{"records:read": 2}})
	get := func(auth, as string) int {
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.url+ironclad.Base+"/records", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", auth)
		req.Header.Set("x-as-user-email", as)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if got := get("Bearer wrong", "a@example.com"); got != 401 {
		t.Errorf("a wrong token answered %d", got)
	}
	if got := get(s.auth, ""); got != 400 {
		t.Errorf("no acting user answered %d", got)
	}
	if got := get("Bearer ironclad-legacy-token", ""); got != 200 {
		t.Errorf("the legacy token answered %d", got)
	}
	if got := get(s.auth, "a@example.com"); got != 200 {
		t.Errorf("a good call answered %d", got)
	}
	if got := get(s.auth, "a@example.com"); got != 429 {
		t.Errorf("over the quota answered %d", got)
	}
	s.sim.Close()
	if status, out := s.call("POST", "/workflows", `{}`); status != 501 {
		t.Errorf("an operation that is not covered answered %d %v", status, out)
	}
	if status, out := s.call("POST", "/webhooks", `{"events":["workflow_done"],"targetURL":"https://x.example"}`); status != 400 || out["param"] != "events" {
		t.Errorf("%d %v", status, out)
	}
}

func TestAttributesOnlyInReviewAndCommentsAppend(t *testing.T) {
	t.Parallel()
	s := open(t, ironclad.Config{})
	if status, out := s.call("PATCH", "/workflows/wf1/attributes", `{"updates":[{"action":"set","path":"counterpartyName","value":"Acme Inc"}]}`); status != 200 || out["attributes"].(map[string]any)["counterpartyName"] != "Acme Inc" {
		t.Errorf("%d %v", status, out)
	}
	for range 2 {
		if status, out := s.call("POST", "/workflows/wf1/comments", `{"comment":"at risk"}`); status != 200 || out["commentMessage"] != "at risk" {
			t.Errorf("%d %v", status, out)
		}
	}
	if _, out := s.call("GET", "/workflows/wf1/comments", ""); out["count"] != 2.0 {
		t.Errorf("two equal comments became %v", out["count"])
	}
	s.raw("POST", "/_sim/workflows/wf1/complete", "application/json", "")
	if status, out := s.call("PATCH", "/workflows/wf1/attributes", `{"updates":[{"action":"set","path":"counterpartyName","value":"X"}]}`); status != 400 || out["code"] != "INVALID_STATE" {
		t.Errorf("%d %v", status, out)
	}
}

func TestAttachmentsAreUploadedOnce(t *testing.T) {
	t.Parallel()
	s := open(t, ironclad.Config{})
	upload := func(name string) (int, []byte) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		p, err := m.CreateFormFile("attachment", "x")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = p.Write([]byte("report"))
		_ = m.WriteField("metadata", fmt.Sprintf(`{"filename":%q}`, name))
		m.Close()
		return s.raw("POST", ironclad.Base+"/records/rec2/attachments/report", m.FormDataContentType(), b.String())
	}
	if status, out := upload("report"); status != 400 || !strings.Contains(string(out), "accepted extension") {
		t.Errorf("%d %s", status, out)
	}
	if status, out := upload("report.txt"); status != 200 {
		t.Errorf("%d %s", status, out)
	}
	if status, out := upload("report.txt"); status != 400 || !strings.Contains(string(out), "existing file") {
		t.Errorf("%d %s", status, out)
	}
	if _, out := s.raw("GET", ironclad.Base+"/records/rec2/attachments/report", "", ""); string(out) != "report" {
		t.Errorf("%s", out)
	}
}
