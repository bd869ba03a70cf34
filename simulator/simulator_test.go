package simulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/smtp"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/pactloop/pactloop/simulator"
)

func config() simulator.Config {
	return simulator.Config{
		Start: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), AllowHTTP: true, RetryBase: time.Millisecond,
		IroncladSeed:   []byte(`{"workflows":[{"id":"wf1","title":"Acme"}],"records":[{"id":"rec1","name":"Acme","source":{"type":"workflow","workflowId":"wf1"}}],"attachments":[{"record_id":"rec1","key":"signedCopy","file":"a.pdf"}]}`),
		SalesforceSeed: []byte(`{"sobjects":{"Account":[{"Name":"Acme <b>Corp</b>"}]}}`),
		ServiceNowSeed: []byte(`{"tables":{"incident":[{"short_description":"Down"}]}}`),
		Files:          fstest.MapFS{"a.pdf": {Data: []byte("%PDF")}},
	}
}

func TestTheTownSharesOneClockAndStopsCleanly(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"), goleak.IgnoreCurrent())
	town, err := simulator.Start(t.Context(), config())
	if err != nil {
		t.Fatal(err)
	}
	post(t, town.URLs.Clock+"/_sim/clock", `{"advance":"90m"}`)
	for name, base := range map[string]string{"ironclad": town.URLs.Ironclad, "salesforce": town.URLs.Salesforce, "servicenow": town.URLs.ServiceNow, "mailbox": town.URLs.Mailbox} {
		if got := get(t, base+"/_sim/clock"); !strings.Contains(got, "2026-03-02T10:30:00Z") {
			t.Errorf("%s says %s", name, got)
		}
		if page := get(t, base+"/"); !strings.Contains(page, "its clock: Mon 2 Mar 2026 10:30:00 UTC") || strings.Contains(page, "<b>Corp") {
			t.Errorf("the page of %s: %.300s", name, page)
		}
	}
	c := simulator.MailboxCredentials()
	if err := smtp.SendMail(town.URLs.SMTP, smtp.PlainAuth("", c.Username, c.Password, "127.0.0.1"), "a@example.com", []string{"b@example.com"}, []byte("Subject: hi\r\n\r\nx")); err != nil {
		t.Fatal(err)
	}
	if m := town.Mailbox.Messages(); len(m) != 1 || m[0].ReceivedAt.Hour() != 10 {
		t.Errorf("%+v", m)
	}
	if err := town.Close(); err != nil {
		t.Error(err)
	}
	if _, err := net.DialTimeout("tcp", town.URLs.SMTP, time.Second); err == nil {
		t.Error("the mailbox still listens")
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestTheTownStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	town, err := simulator.Start(ctx, config())
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := town.Close(); err != nil { // waits for the same end
		t.Error(err)
	}
}

func TestASimulatorIsNeverReachableFromOutside(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", "192.0.2.1:0", "example.com:80", "nonsense"} {
		cfg := config()
		cfg.SalesforceAddr = addr
		if town, err := simulator.Start(t.Context(), cfg); err == nil {
			town.Close()
			t.Errorf("%s was accepted", addr)
		}
	}
}

func TestABadSeedNamesTheSystem(t *testing.T) {
	t.Parallel()
	cfg := config()
	cfg.ServiceNowSeed = []byte(`{"tables":{"nope":[]}}`)
	if _, err := simulator.Start(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "servicenow") {
		t.Errorf("%v", err)
	}
}

// The same hostile input goes to every path of every system; the answer may be any error, the town must stay up.
func TestHostileInputIsAnsweredAndNeverStalls(t *testing.T) {
	t.Parallel()
	town, err := simulator.Start(t.Context(), config())
	if err != nil {
		t.Fatal(err)
	}
	defer town.Close()
	deep := strings.Repeat("[", 100_000)
	bodies := []string{"", "{", "null", "[]", `"x"`, "5", deep, `{"a":` + deep, `{"addProperties":{"x":null}}`, `{"records":[null]}`, `{"compositeRequest":[{"referenceId":"a","method":"POST","url":"/services/data/v62.0/sobjects/Task","body":[]}]}`, "\x00\xff"}
	targets := []struct{ base, path string }{}
	for _, p := range []string{"/webhooks", "/records", "/records/rec1", "/records/rec1/attachments/x", "/records/rec1/actions", "/workflows/wf1/attributes", "/workflows/wf1/comments", "/obligations", "/obligations/x"} {
		targets = append(targets, struct{ base, path string }{town.URLs.Ironclad, "/public/api/v1" + p})
	}
	for _, p := range []string{"/sobjects/Account", "/sobjects/Account/x", "/sobjects/Account/Pactloop_Key__c/x", "/sobjects/%zz", "/composite", "/composite/sobjects", "/composite/sobjects/Account/Pactloop_Key__c", "/composite/sobjects/Account", "/query?q=" + url.QueryEscape(strings.Repeat("NOT ", 20000))} {
		targets = append(targets, struct{ base, path string }{town.URLs.Salesforce, "/services/data/v62.0" + p})
	}
	for _, p := range []string{"/incident", "/incident/x", "/incident?sysparm_query=" + url.QueryEscape(strings.Repeat("^OR^NQ", 3000)) + "&sysparm_limit=-1&sysparm_offset=99999999999"} {
		targets = append(targets, struct{ base, path string }{town.URLs.ServiceNow, "/api/now/table" + p})
	}
	client := &http.Client{Timeout: 10 * time.Second}
	token := salesforceToken(t, town.URLs.Salesforce)
	for _, target := range targets {
		for _, method := range []string{"GET", "POST", "PATCH", "PUT", "DELETE"} {
			for _, body := range bodies {
				req, err := http.NewRequestWithContext(t.Context(), method, target.base+target.path, strings.NewReader(body))
				if err != nil {
					continue // the client itself refuses the address
				}
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("Accept", "application/json")
				switch target.base {
				case town.URLs.Ironclad:
					req.Header.Set("Authorization", "Bearer ironclad-legacy-token")
				case town.URLs.Salesforce:
					req.Header.Set("Authorization", "Bearer "+token)
				default:
					c := simulator.ServiceNowCredentials()
					req.SetBasicAuth(c.Username, c.Password)
				}
				resp, err := client.Do(req)
				if err != nil {
					t.Fatalf("%s %.80s with %.20q: %v", method, target.path, body, err)
				}
				if resp.StatusCode == http.StatusInternalServerError {
					t.Errorf("%s %.80s with %.20q: 500", method, target.path, body)
				}
				resp.Body.Close()
			}
		}
	}
}

func salesforceToken(t *testing.T, base string) string {
	t.Helper()
	c := simulator.SalesforceCredentials()
	resp, err := http.PostForm(base+"/services/oauth2/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {c.ClientID}, "client_secret": {c.ClientSecret}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out.AccessToken
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(fmt.Sprint(resp.StatusCode, err))
	}
	return string(raw)
}

func post(t *testing.T, url, body string) {
	t.Helper()
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 {
		t.Fatal(resp.StatusCode)
	}
}
