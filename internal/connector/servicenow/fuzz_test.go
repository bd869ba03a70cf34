package servicenow_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/connector/servicenow"
	"github.com/pactloop/pactloop/internal/pact"
)

// FuzzRows gives every table the same answer: no panic and no endless reading, whatever a row holds.
func FuzzRows(f *testing.F) {
	var answer atomic.Value
	answer.Store("")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer.Load().(string))) }))
	f.Cleanup(server.Close)
	client, err := outbound.NewClient(outbound.Config{AllowHosts: []string{"127.0.0.1"}})
	if err != nil {
		f.Fatal(err)
	}
	open, err := servicenow.Connector().Open(f.Context(), values(server.URL), connector.Env{HTTP: client})
	if err != nil {
		f.Fatal(err)
	}
	c := open.(*servicenow.Connection)
	row := `{"result":[{"sys_id":"` + id(1) + `","documentkey":"` + id(1) + `","element_id":"` + id(1) + `","tablename":"incident","fieldname":"state","oldvalue":"1","newvalue":"6","opened_at":"2026-03-01 10:00:00","sys_created_on":"2026-03-01 10:00:00","sys_updated_on":"2026-03-01 10:00:00","begin":"2026-03-01 10:00:00"}]}`
	f.Add(row, "")
	f.Add(`{"result":[{"sys_id":{"value":[]}}]}`, `{"sweep":"{}","told":[{}]}`)
	f.Add(`<html>`, `x`)
	f.Fuzz(func(t *testing.T, body, cursor string) {
		answer.Store(body)
		for _, stream := range []string{"incidents", "outages"} {
			_, _ = c.Read(t.Context(), stream, pact.Cursor(cursor))
		}
		_, _ = c.Write(t.Context(), comment)
	})
}
