package salesforce_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/simulator/salesforce"
	"github.com/pactloop/pactloop/simulator/stage"
)

const seed = `{"sobjects":{
 "Account":[{"Id":"001000000000001AAA","Name":"Acme Corporation","BillingCity":"Berlin"},{"Id":"001000000000002AAA","Name":"Beta's Ltd"}],
 "Opportunity":[
  {"Id":"006000000000001AAA","Name":"Acme MSA","AccountId":"001000000000001AAA","StageName":"Contract Sent","CloseDate":"2026-03-31","Amount":120000.50},
  {"Id":"006000000000002AAA","Name":"Beta NDA","AccountId":"001000000000002AAA","StageName":"Closed Won","CloseDate":"2026-02-28"},
  {"Id":"006000000000003AAA","Name":"Orphan","StageName":"Prospecting","CloseDate":"2026-03-02","Amount":5}]}}`

type site struct {
	t     *testing.T
	sim   *salesforce.Simulator
	url   string
	token string
}

func open(t *testing.T, cfg salesforce.Config) *site {
	t.Helper()
	cfg.Clock = stage.NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	cfg.Seed = []byte(seed)
	sim, err := salesforce.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(sim)
	t.Cleanup(srv.Close)
	s := &site{t: t, sim: sim, url: srv.URL}
	_, out := s.form(url.Values{"grant_type": {"client_credentials"}, "client_id": {"pactloop"}, "client_secret": {"salesforce-secret"}})
	s.token, _ = out["access_token"].(string)
	if out["instance_url"] != srv.URL {
		t.Fatalf("%v", out)
	}
	return s
}

func (s *site) form(v url.Values) (int, map[string]any) {
	s.t.Helper()
	resp, err := http.PostForm(s.url+"/services/oauth2/token", v)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, out
}

func (s *site) do(method, path, body string) (int, string) {
	s.t.Helper()
	if !strings.HasPrefix(path, "/services") {
		path = "/services/data/v62.0" + path
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
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
	return resp.StatusCode, strings.TrimSpace(string(raw))
}

func (s *site) object(method, path, body string) (int, map[string]any) {
	s.t.Helper()
	status, raw := s.do(method, path, body)
	var out map[string]any
	if raw != "" {
		if err := json.Unmarshal([]byte(raw), &out); err != nil {
			s.t.Fatalf("%s %s: %s", method, path, raw)
		}
	}
	return status, out
}

const opportunity = "/sobjects/Opportunity/006000000000001AAA"

func TestMappedFieldsAreWrittenAndStamped(t *testing.T) {
	t.Parallel()
	s := open(t, salesforce.Config{})
	if _, err := s.sim.Clock().Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	status, raw := s.do("PATCH", opportunity, `{"Contract_Renewal_Date__c":"2027-03-01","AI_Extracted_Renewal_Date__c":"2027-03-01","Auto_Renew__c":true,"Term_Notice_Days__c":90,"Annual_Contract_Value__c":120000.25,
		"StageName":"Contract Executed","Contract_Terms__c":"<p>terms</p>"}`)
	if status != 204 || raw != "" {
		t.Fatalf("%d %s", status, raw)
	}
	_, row := s.object("GET", opportunity, "")
	if row["Contract_Renewal_Date__c"] != "2027-03-01" || row["Auto_Renew__c"] != true || row["SystemModstamp"] != "2026-03-02T10:00:00.000+0000" || row["IsClosed"] != false || row["Pactloop_Needs_Review__c"] != false {
		t.Errorf("%v", row)
	}
	if _, raw := s.do("GET", opportunity+"?fields=Amount", ""); !strings.Contains(raw, "120000.50") {
		t.Errorf("the amount lost its digits: %s", raw)
	}
	// null empties a field; what is not named stands.
	if status, raw := s.do("PATCH", opportunity, `{"Contract_Renewal_Date__c":null}`); status != 204 || raw != "" {
		t.Fatalf("%d %s", status, raw)
	}
	if _, row := s.object("GET", opportunity, ""); row["Contract_Renewal_Date__c"] != nil || row["AI_Extracted_Renewal_Date__c"] != "2027-03-01" {
		t.Errorf("emptied: %v", row)
	}
}

func TestValidationSpeaksAsSalesforceDoes(t *testing.T) {
	t.Parallel()
	s := open(t, salesforce.Config{})
	s.do("PATCH", opportunity, `{"Pactloop_Key__c":"k1"}`)
	cases := []struct{ name, method, path, body, code string }{
		{"unknown column", "PATCH", opportunity, `{"Nope__c":1}`, "INVALID_FIELD"},
		{"read-only column", "PATCH", opportunity, `{"IsClosed":true}`, "INVALID_FIELD_FOR_INSERT_UPDATE"},
		{"restricted picklist", "PATCH", opportunity, `{"StageName":"Signed"}`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"},
		{"a date with time", "PATCH", opportunity, `{"CloseDate":"2026-03-02T00:00:00Z"}`, "JSON_PARSER_ERROR"},
		{"a number as text", "PATCH", opportunity, `{"Amount":"5"}`, "JSON_PARSER_ERROR"},
		{"too large a number", "PATCH", opportunity, `{"Amount":10000000000000000}`, "NUMBER_OUTSIDE_VALID_RANGE"},
		{"text too long", "PATCH", opportunity, `{"Contract_Number__c":"` + strings.Repeat("x", 81) + `"}`, "STRING_TOO_LONG"},
		{"required emptied", "PATCH", opportunity, `{"Name":null}`, "REQUIRED_FIELD_MISSING"},
		{"required missing", "POST", "/sobjects/Opportunity", `{"Name":"x"}`, "REQUIRED_FIELD_MISSING"},
		{"dangling reference", "PATCH", opportunity, `{"AccountId":"001000000000009AAA"}`, "INVALID_CROSS_REFERENCE_KEY"},
		{"not an id", "PATCH", opportunity, `{"AccountId":"acme"}`, "MALFORMED_ID"},
		{"duplicate key", "PATCH", "/sobjects/Opportunity/006000000000002AAA", `{"Pactloop_Key__c":"K1"}`, "DUPLICATE_VALUE"},
		{"id in the body", "PATCH", opportunity, `{"Id":"006000000000001AAA"}`, "INVALID_FIELD"},
		{"unknown object", "GET", "/sobjects/Nope", ``, "NOT_FOUND"},
		{"unknown row", "GET", "/sobjects/Account/001000000000009AAA", ``, "NOT_FOUND"},
		{"not JSON", "PATCH", opportunity, `{`, "JSON_PARSER_ERROR"},
		{"method", "PUT", opportunity, `{}`, "METHOD_NOT_ALLOWED"},
	}
	before := len(s.sim.Effects())
	for _, c := range cases {
		status, raw := s.do(c.method, c.path, c.body)
		var list []struct{ ErrorCode string }
		if err := json.Unmarshal([]byte(raw), &list); err != nil || len(list) != 1 || list[0].ErrorCode != c.code || status < 400 {
			t.Errorf("%s: %d %s, want %s", c.name, status, raw, c.code)
		}
	}
	if len(s.sim.Effects()) != before {
		t.Errorf("a refused write had an effect")
	}
}

func TestUpsertByExternalIDMakesOneRowAndPostMakesAsManyAsAsked(t *testing.T) {
	t.Parallel()
	s := open(t, salesforce.Config{})
	path := "/sobjects/Contract_Obligation__c/Pactloop_Key__c/obl_1%2Fv1"
	body := `{"Name":"Uptime","Account__r":{"Pactloop_Key__c":"acme"},"Status__c":"Pending","Due_Date__c":"2026-04-01"}`
	s.do("PATCH", "/sobjects/Account/001000000000001AAA", `{"Pactloop_Key__c":"acme"}`)
	status, first := s.object("PATCH", path, body)
	if status != 201 || first["created"] != true {
		t.Fatalf("%d %v", status, first)
	}
	status, again := s.object("PATCH", path, body)
	if status != 200 || again["created"] != false || again["id"] != first["id"] {
		t.Errorf("%d %v", status, again)
	}
	if _, row := s.object("GET", path, ""); row["Account__c"] != "001000000000001AAA" || row["Pactloop_Key__c"] != "obl_1/v1" {
		t.Errorf("%v", row)
	}
	if status, raw := s.do("PATCH", path, `{"Pactloop_Key__c":"x"}`); status != 400 || !strings.Contains(raw, "should not be specified") {
		t.Errorf("%d %s", status, raw)
	}
	if status, _ := s.do("PATCH", "/sobjects/Task/Pactloop_Key__c/none?updateOnly=true", `{"Subject":"x"}`); status != 404 {
		t.Errorf("updateOnly made a row: %d", status)
	}
	if status, _ := s.do("PATCH", "/sobjects/Task/Subject/x", `{}`); status != 404 {
		t.Errorf("an ordinary column was taken as external id: %d", status)
	}
	for range 2 {
		s.do("POST", "/sobjects/Task", `{"Subject":"Renewal","WhatId":"006000000000001AAA"}`)
	}
	if _, out := s.object("GET", "/query?q="+url.QueryEscape("SELECT COUNT() FROM Task WHERE Subject='Renewal'"), ""); out["totalSize"] != 2.0 {
		t.Errorf("two POSTs made %v tasks", out["totalSize"])
	}
	i := slices.IndexFunc(s.sim.Effects(), func(e stage.Effect) bool { return e.ExternalID == "obl_1/v1" && e.Kind == "create" })
	if i < 0 || s.sim.Effects()[i].Count != 1 {
		t.Errorf("effects %v", s.sim.Effects())
	}
}

func TestSOQL(t *testing.T) {
	t.Parallel()
	s := open(t, salesforce.Config{})
	cases := []struct{ where, want string }{
		{"", "1 2 3"},
		{"WHERE Name = 'acme msa'", "1"},
		{"WHERE Account.Name = 'Beta\\'s Ltd'", "2"},
		{"WHERE Account.Name LIKE 'acme%'", "1"},
		{"WHERE Name LIKE '_eta%' OR Name LIKE '%phan'", "2 3"},
		{"WHERE NOT Name LIKE '%a%'", ""},
		{"WHERE AccountId = null", "3"},
		{"WHERE AccountId != null AND (StageName = 'Closed Won' OR Amount > 100000)", "1 2"},
		{"WHERE StageName IN ('Closed Won','Prospecting')", "2 3"},
		{"WHERE Id NOT IN ('006000000000001')", "2 3"},
		{"WHERE Amount >= 120000.50", "1"},
		{"WHERE CloseDate > 2026-03-01 ORDER BY CloseDate DESC", "1 3"},
		{"WHERE CloseDate = TODAY", "3"},
		{"WHERE CloseDate = NEXT_N_DAYS:30", "1"},
		{"WHERE CloseDate < TODAY", "2"},
		{"WHERE SystemModstamp >= 2026-03-02T08:00:00Z", "1 2 3"},
		{"WHERE SystemModstamp > 2026-03-02T09:00:00.000+0000", ""},
		{"WHERE IsClosed = true", "2"},
		{"ORDER BY Amount NULLS LAST", "3 1 2"},
		{"ORDER BY Amount DESC NULLS FIRST LIMIT 2", "2 1"},
		{"ORDER BY Name OFFSET 2", "3"},
	}
	for _, c := range cases {
		status, out := s.object("GET", "/query?q="+url.QueryEscape("SELECT Id, Account.Name FROM Opportunity "+c.where), "")
		if status != 200 {
			t.Errorf("%s: %d", c.where, status)
			continue
		}
		var got []string
		for _, r := range out["records"].([]any) {
			got = append(got, strings.TrimLeft(strings.TrimSuffix(r.(map[string]any)["Id"].(string), "AAA")[3:], "0"))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %q", c.where, got, c.want)
		}
	}
	bad := map[string]string{
		"SELECT Id FROM Nope": "INVALID_TYPE", "SELECT Nope FROM Account": "INVALID_FIELD", "SELECT Id FROM Account WHERE Name = Acme": "INVALID_FIELD",
		"SELECT Id FROM Opportunity WHERE CloseDate = '2026-01-01'": "INVALID_FIELD", "SELECT Id FROM Opportunity WHERE Contract_Terms__c LIKE '%x%'": "INVALID_FIELD",
		"SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'": "MALFORMED_QUERY", "SELECT FROM Account": "MALFORMED_QUERY", "SELECT Id FROM Account WHERE": "MALFORMED_QUERY",
		"SELECT Id FROM Account WHERE Name = 'a": "MALFORMED_QUERY", "SELECT MAX(Name) FROM Account": "MALFORMED_QUERY", "": "MALFORMED_QUERY",
		"SELECT Id FROM Account WHERE " + strings.Repeat("(", 5000): "MALFORMED_QUERY",
	}
	for q, code := range bad {
		req := "/query?q=" + url.QueryEscape(q)
		if status, raw := s.do("GET", req, ""); status != 400 || !strings.Contains(raw, `"errorCode":"`+code+`"`) {
			t.Errorf("%.60s: %d %s", q, status, raw)
		}
	}
}

func TestPagesShowTheMomentOfTheQuery(t *testing.T) {
	t.Parallel()
	s := open(t, salesforce.Config{PageSize: 2})
	_, first := s.object("GET", "/query?q="+url.QueryEscape("SELECT Id, Name FROM Opportunity"), "")
	if first["done"] != false || first["totalSize"] != 3.0 {
		t.Fatalf("%v", first)
	}
	s.do("DELETE", "/sobjects/Opportunity/006000000000003AAA", "")
	_, second := s.object("GET", first["nextRecordsUrl"].(string), "")
	if second["done"] != true || len(second["records"].([]any)) != 1 {
		t.Errorf("%v", second)
	}
	if _, live := s.object("GET", "/query?q="+url.QueryEscape("SELECT COUNT() FROM Opportunity"), ""); live["totalSize"] != 2.0 {
		t.Errorf("%v", live)
	}
	if _, all := s.object("GET", "/queryAll?q="+url.QueryEscape("SELECT COUNT() FROM Opportunity WHERE IsDeleted = true"), ""); all["totalSize"] != 1.0 {
		t.Errorf("%v", all)
	}
	if status, _ := s.do("GET", "/query/01gnothing-2", ""); status != 400 {
		t.Errorf("an invented cursor answered %d", status)
	}
}

func TestCompositeRefersBackAndRollsBack(t *testing.T) {
	t.Parallel()
	s := open(t, salesforce.Config{})
	part := func(bad bool) string {
		subject := `"Renewal"`
		if bad {
			subject = `5`
		}
		return fmt.Sprintf(`{"allOrNone":true,"compositeRequest":[
		 {"method":"POST","url":"/services/data/v62.0/sobjects/Account","referenceId":"acc","body":{"Name":"New"}},
		 {"method":"GET","url":"/services/data/v62.0/query?q=SELECT+Id+FROM+Account+WHERE+Name='New'","referenceId":"found"},
		 {"method":"POST","url":"/services/data/v62.0/sobjects/Task","referenceId":"task","body":{"Subject":%s,"WhatId":"@{acc.id}","Description":"@{found.records[0].Id}"}}]}`, subject)
	}
	_, raw := s.do("POST", "/composite", part(true))
	if strings.Count(raw, "PROCESSING_HALTED") != 2 || !strings.Contains(raw, "JSON_PARSER_ERROR") {
		t.Errorf("%s", raw)
	}
	if len(s.sim.Effects()) != 0 {
		t.Errorf("a rolled back composite left effects: %v", s.sim.Effects())
	}
	if _, out := s.object("GET", "/query?q="+url.QueryEscape("SELECT COUNT() FROM Account"), ""); out["totalSize"] != 2.0 {
		t.Errorf("a rolled back composite left a row: %v", out)
	}
	if _, raw = s.do("POST", "/composite", part(false)); strings.Count(raw, `"httpStatusCode":201`) != 2 {
		t.Errorf("%s", raw)
	}
	_, out := s.object("GET", "/query?q="+url.QueryEscape("SELECT What.Name, WhatId, Description FROM Task"), "")
	task := out["records"].([]any)[0].(map[string]any)
	if task["WhatId"] != task["Description"] || task["What"].(map[string]any)["Name"] != "New" {
		t.Errorf("%v", task)
	}
	if status, _ := s.do("POST", "/composite", `{"compositeRequest":[`+strings.TrimSuffix(strings.Repeat(`{"method":"GET","url":"/services/data/v62.0/limits","referenceId":"a"},`, 26), ",")+`]}`); status != 400 {
		t.Errorf("26 parts answered %d", status)
	}
}

func TestCollectionsReportEachRow(t *testing.T) {
	t.Parallel()
	s := open(t, salesforce.Config{})
	body := `{"allOrNone":%t,"records":[{"attributes":{"type":"Account"},"Name":"A"},{"attributes":{"type":"Account"}}]}`
	_, raw := s.do("POST", "/composite/sobjects", fmt.Sprintf(body, false))
	if strings.Count(raw, `"success":true`) != 1 || !strings.Contains(raw, "REQUIRED_FIELD_MISSING") {
		t.Errorf("%s", raw)
	}
	_, raw = s.do("POST", "/composite/sobjects", fmt.Sprintf(body, true))
	if strings.Contains(raw, `"success":true`) || !strings.Contains(raw, "ALL_OR_NONE_OPERATION_ROLLED_BACK") {
		t.Errorf("%s", raw)
	}
	_, raw = s.do("PATCH", "/composite/sobjects/Task/Pactloop_Key__c", `{"records":[{"attributes":{"type":"Task"},"Pactloop_Key__c":"t1","Subject":"x"}]}`)
	if !strings.Contains(raw, `"created":true`) {
		t.Errorf("%s", raw)
	}
}

func TestFilesKeepTheirBytes(t *testing.T) {
	t.Parallel()
	s := open(t, salesforce.Config{})
	_, out := s.object("POST", "/sobjects/ContentVersion", `{"PathOnClient":"msa.pdf","VersionData":"`+base64.StdEncoding.EncodeToString([]byte("%PDF"))+`","FirstPublishLocationId":"006000000000001AAA"}`)
	if _, raw := s.do("GET", "/sobjects/ContentVersion/"+out["id"].(string)+"/VersionData", ""); raw != "%PDF" {
		t.Errorf("%q", raw)
	}
	if _, q := s.object("GET", "/query?q="+url.QueryEscape("SELECT ContentDocumentId, ContentDocument.Title FROM ContentDocumentLink WHERE LinkedEntityId='006000000000001AAA'"), ""); q["totalSize"] != 1.0 {
		t.Errorf("%v", q)
	}
}

func TestSessionsAndLimits(t *testing.T) {
	t.Parallel()
	s := open(t, salesforce.Config{DailyLimit: 2})
	if status, raw := s.do("GET", "/limits", ""); status != 200 || !strings.Contains(raw, `"DailyApiRequests":{"Max":2,"Remaining":1}`) {
		t.Errorf("%d %s", status, raw)
	}
	s.do("GET", "/sobjects", "")
	if status, raw := s.do("GET", "/sobjects", ""); status != 403 || !strings.Contains(raw, "REQUEST_LIMIT_EXCEEDED") {
		t.Errorf("%d %s", status, raw)
	}
	resp, err := http.Post(s.url+"/_sim/tokens/expire", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if status, raw := s.do("GET", "/sobjects", ""); status != 401 || !strings.Contains(raw, "INVALID_SESSION_ID") {
		t.Errorf("%d %s", status, raw)
	}
	if status, out := s.form(url.Values{"grant_type": {"client_credentials"}, "client_id": {"pactloop"}, "client_secret": {"no"}}); status != 400 || out["error"] != "invalid_client" {
		t.Errorf("%d %v", status, out)
	}
}

func TestARowCanBeLockedByAFault(t *testing.T) {
	t.Parallel()
	s := open(t, salesforce.Config{})
	if err := s.sim.Faults().Add(stage.Fault{Kind: stage.FaultStatus, Status: 400, Code: "UNABLE_TO_LOCK_ROW", Count: 1}); err != nil {
		t.Fatal(err)
	}
	if status, raw := s.do("PATCH", opportunity, `{}`); status != 400 || !strings.Contains(raw, `[{"message":"injected by the simulator","errorCode":"UNABLE_TO_LOCK_ROW"}]`) {
		t.Errorf("%d %s", status, raw)
	}
}

func TestJWTBearerAssertionsAreVerified(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, salesforce.Config{Certificate: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})})
	sign := func(claims string, by *rsa.PrivateKey) url.Values {
		head := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
		sum := sha256.Sum256([]byte(head))
		sig, err := rsa.SignPKCS1v15(rand.Reader, by, crypto.SHA256, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {head + "." + base64.RawURLEncoding.EncodeToString(sig)}}
	}
	claims := func(after time.Duration) string {
		return fmt.Sprintf(`{"iss":"pactloop","sub":"integration@pactloop.example","aud":"https://login.salesforce.com","exp":%d}`, time.Now().Add(after).Unix())
	}
	if status, out := s.form(sign(claims(3*time.Minute), key)); status != 200 || out["access_token"] == "" {
		t.Errorf("%d %v", status, out)
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, form := range map[string]url.Values{"another key": sign(claims(3*time.Minute), other), "expired": sign(claims(-time.Minute), key), "too long": sign(claims(time.Hour), key), "not a JWT": {"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {"x"}}} {
		if status, out := s.form(form); status != 400 || out["error"] != "invalid_grant" {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
}

func TestDescribeNamesEveryMappedField(t *testing.T) {
	t.Parallel()
	s := open(t, salesforce.Config{})
	_, out := s.object("GET", "/sobjects/Opportunity/describe", "")
	kinds := map[string]any{}
	for _, f := range out["fields"].([]any) {
		kinds[f.(map[string]any)["name"].(string)] = f.(map[string]any)["type"]
	}
	for name, kind := range map[string]string{
		"Contract_Effective_Date__c": "date", "Contract_Expiration_Date__c": "date", "Contract_Renewal_Date__c": "date", "Renewal_Alert_Date__c": "date", "Term_Notice_Days__c": "double",
		"Auto_Renew__c": "boolean", "Annual_Contract_Value__c": "currency", "Total_Contract_Value__c": "currency", "ACV__c": "currency", "AI_Extracted_Renewal_Date__c": "date", "AI_Extracted_ACV__c": "currency",
		"Contract_Terms__c": "textarea", "Contract_Number__c": "string", "Pactloop_Key__c": "string", "Pactloop_Needs_Review__c": "boolean",
	} {
		if kinds[name] != kind {
			t.Errorf("%s is %v, want %s", name, kinds[name], kind)
		}
	}
}
