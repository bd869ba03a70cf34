package ironclad_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/ironclad"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/fault"
)

// FuzzWebhook throws headers and bodies at verification and parsing: no panic, nothing accepted, every refusal named.
func FuzzWebhook(f *testing.F) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.Fatal(err)
	}
	s := newSystem()
	s.key = key
	server := httptest.NewServer(s.handler())
	f.Cleanup(server.Close)
	client, err := outbound.NewClient(outbound.Config{AllowHosts: []string{"127.0.0.1"}})
	if err != nil {
		f.Fatal(err)
	}
	open, err := ironclad.Connector().Open(f.Context(), values(server.URL), connector.Env{HTTP: client})
	if err != nil {
		f.Fatal(err)
	}
	c := open.(*ironclad.Connection)
	signature := base64.StdEncoding.EncodeToString(make([]byte, 256))
	f.Add("evt", `{"nonce":"n","signAlgorithm":"RSA-SHA256","signature":"`+signature+`","encoding":"base64"}`, string(delivery))
	f.Add("evt", `{"nonce":"n","signAlgorithm":"SHA512","signature":"00","encoding":"hex"}`, `{"payload":{"event":"workflow_completed","workflowID":"../x"}}`)
	f.Add("", `[]`, `null`)
	f.Fuzz(func(t *testing.T, id, text, body string) {
		header := http.Header{"X-Ironclad-Webhook-Event-Id": {id}, "X-Ironclad-Webhook-Verification": {text}}
		if _, err := c.Verify(t.Context(), header, []byte(body)); !fault.Is(err, fault.Denied) {
			t.Fatalf("not denied: %v", err)
		}
		if _, err := c.Parse(t.Context(), nil, []byte(body)); err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatalf("not named: %v", err)
		}
	})
}
