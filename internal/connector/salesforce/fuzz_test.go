package salesforce_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/connector/salesforce"
	"github.com/pactloop/pactloop/internal/pact"
)

// FuzzAnswers gives every question the same answer, whatever it holds: no panic, no endless reading, no more records than were
// asked for, no receipt of what is not there, and no request to anybody else.
func FuzzAnswers(f *testing.F) {
	var answer atomic.Value
	answer.Store([2]any{200, ""})
	var asked atomic.Int32
	var left atomic.Value // the address of a request to somebody else
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/services/oauth2/token" {
			_ = json.NewEncoder(w).Encode(object{"access_token": "tok", "instance_url": "http://" + r.Host, "token_type": "Bearer"})
			return
		}
		asked.Add(1)
		a := answer.Load().([2]any)
		w.WriteHeader(a[0].(int))
		_, _ = io.WriteString(w, a[1].(string))
	}))
	f.Cleanup(server.Close)
	client, err := outbound.NewClient(outbound.Config{AllowHosts: []string{"127.0.0.1"}})
	if err != nil {
		f.Fatal(err)
	}
	send := client.Transport
	client.Transport = sender(func(r *http.Request) (*http.Response, error) {
		if "http://"+r.URL.Host != server.URL || r.URL.User != nil {
			left.Store(r.URL.String())
		}
		return send.RoundTrip(r)
	})
	open, err := salesforce.Connector().Open(f.Context(), values(server.URL), connector.Env{HTTP: client})
	if err != nil {
		f.Fatal(err)
	}
	c := open.(*salesforce.Connection)
	f.Add(true, `{"totalSize":1,"done":false,"nextRecordsUrl":"/services/data/v62.0/query/x","records":[{"Id":"001000000000001AAA","Name":"Acme","BillingCity":"Cork","IsClosed":false,"Amount":1e400,"SystemModstamp":"m"}]}`)
	f.Add(true, `{"done":false,"nextRecordsUrl":"@example.com/","records":[{"Id":{"a":[]},"Name":7}]}`)
	f.Add(true, `{"done":false,"nextRecordsUrl":"https://example.com/services","records":[null]}`)
	f.Add(true, `{"fields":[{"name":"Amount","label":"Amount","type":"currency","updateable":true,"picklistValues":[{"value":"a","active":true}]}]}`)
	f.Add(false, `[{"errorCode":"INVALID_FIELD","message":"No such column","fields":["a"]}]`)
	f.Add(false, `[null]`)
	f.Add(false, `<html>`)
	f.Fuzz(func(t *testing.T, good bool, body string) {
		status := http.StatusBadRequest
		if good {
			status = http.StatusOK
		}
		answer.Store([2]any{status, body})
		asked.Store(0)
		for _, kind := range []string{"Account", "Opportunity"} {
			list, err := c.Candidates(t.Context(), kind, "Acme Corporation")
			if len(list) > 200 || err != nil && len(list) > 0 {
				t.Errorf("%d candidates, %v", len(list), err)
			}
			if _, err := c.Describe(t.Context(), kind); err != nil && strings.TrimSpace(err.Error()) == "" {
				t.Error("a failure without words")
			}
		}
		_ = c.Check(t.Context())
		for _, a := range []pact.Action{update, upsert} {
			_, _ = c.Current(t.Context(), a)
			if receipt, err := c.Write(t.Context(), a); err == nil && receipt.ExternalID == "" {
				t.Errorf("a receipt without a record: %+v", receipt)
			}
		}
		if at := left.Load(); at != nil {
			t.Errorf("a request left for %s", at)
		}
		if n := asked.Load(); n > 2000 {
			t.Errorf("%d requests", n)
		}
	})
}

type sender func(*http.Request) (*http.Response, error)

func (s sender) RoundTrip(r *http.Request) (*http.Response, error) { return s(r) }
