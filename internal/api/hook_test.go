package api_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// repeats of one event id (reliability 28): 1,000 with PACTLOOP_SOAK=1.
const (
	repeats     = 200
	soakRepeats = 1000
)

func TestTheSameEventManyTimesAtOnceIsOneDelivery(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "CLM")
		n := repeats
		if os.Getenv("PACTLOOP_SOAK") == "1" {
			n = soakRepeats
		}
		var fresh, failed atomic.Int64
		var wg sync.WaitGroup
		gate := make(chan struct{}, 50)
		for range n {
			wg.Go(func() {
				gate <- struct{}{}
				defer func() { <-gate }()
				a := hook(t, h, c, "evt_1", `{"records":[]}`)
				if a.status/100 != 2 {
					failed.Add(1)
				}
				if a.header.Get("X-Pactloop-Repeated") == "false" {
					fresh.Add(1)
				}
			})
		}
		wg.Wait()
		d := apitest.One(t, h.Store.Reads().Deliveries)
		b, err := h.Store.Backlog(system())
		if err != nil {
			t.Fatal(err)
		}
		if failed.Load() != 0 || fresh.Load() != 1 || d.Repeats != n-1 || b.JobsAvailable != 1 {
			t.Errorf("of %d: %d failed, %d told as new, %d repeats counted, %d jobs", n, failed.Load(), fresh.Load(), d.Repeats, b.JobsAvailable)
		}
	})
}

func hook(t *testing.T, h *apitest.House, c pact.Connection, event, body string) reply {
	t.Helper()
	return do(t, http.DefaultClient, http.MethodPost, h.URL+"/hooks/"+string(c.ID), strings.NewReader(body), "X-Fake-Signature", "good", "X-Fake-Event", event)
}

// Reliability 29: neither age nor the clock makes a delivery new or void; its event id does.
func TestADeliveryOfYearsAgoIsARepeatByItsEventID(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CLM")
	body := `{"records":[],"timestamp":"2022-04-07T21:36:52.776Z"}`
	if a := hook(t, h, c, "evt_1", body); a.status != http.StatusOK || a.header.Get("X-Pactloop-Repeated") != "false" {
		t.Fatalf("the first: %d %s", a.status, a.body)
	}
	h.Clock.Set(h.Clock.Now().AddDate(3, 0, 0))
	if a := hook(t, h, c, "evt_1", body); a.status != http.StatusOK || a.header.Get("X-Pactloop-Repeated") != "true" {
		t.Errorf("the same three years later: %d %v", a.status, a.header)
	}
	if a := hook(t, h, c, "evt_2", body); a.status != http.StatusOK || a.header.Get("X-Pactloop-Repeated") != "false" {
		t.Errorf("an old one that never came: %d %v", a.status, a.header)
	}
	if n := len(apitest.All(t, h.Store.Reads().Deliveries)); n != 2 {
		t.Errorf("%d deliveries", n)
	}
}

func TestAWebhookThatCanNotBeToldForgedIsAskedForAgain(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CLM")
	h.Fake.Set(func(f *apitest.Fake) {
		f.Verdict = &connector.Error{Class: connector.FailUnavailable, Message: "The key is not known.", RetryAfter: 41 * time.Second}
	})
	if a := hook(t, h, c, "evt_1", `{"records":[]}`); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") != "41" {
		t.Errorf("%d, %v", a.status, a.header)
	}
	if n := len(apitest.All(t, h.Store.Reads().Deliveries)); n != 0 {
		t.Errorf("%d deliveries were kept", n)
	}
}

func TestAForgedWebhookLeavesOnlyAnAuditEntry(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Work(t)
		c := h.Connection(t, "north", "CLM")
		before := trail(t, h)
		a := do(t, http.DefaultClient, http.MethodPost, h.URL+"/hooks/"+string(c.ID), strings.NewReader(`{"records":["r1"]}`), "X-Fake-Signature", "forged", "X-Fake-Event", "e1")
		fresh := since(before, trail(t, h))
		if a.status != http.StatusUnauthorized || len(fresh) != 1 || fresh[0].Act != "delivery.refuse" || fresh[0].Subject != string(c.ID) || fresh[0].BusinessUnit != "north" {
			t.Errorf("%d, the trail has %+v", a.status, fresh)
		}
		if id := a.header.Get("X-Request-Id"); id == "" || fresh[0].CorrelationID != id || !strings.Contains(a.body, id) {
			t.Errorf("the answer has the request id %q (%s), the entry %q", id, a.body, fresh[0].CorrelationID)
		}
		h.Settle(t)
		if n := len(apitest.All(t, h.Store.Reads().Deliveries)); n != 0 || len(h.Fake.Fetched()) != 0 {
			t.Errorf("%d deliveries were kept, %v fetched", n, h.Fake.Fetched())
		}
	})
}

func TestAWebhookNobodyWaitsFor(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CLM")
	if a := hook(t, h, pact.Connection{ID: "cnn_none"}, "e", "{}"); a.status != http.StatusNotFound {
		t.Errorf("an unknown address: %d", a.status)
	}
	if a := send(t, h, h.Key(t, pact.Admin), http.MethodPut, "/api/v1/connections/"+string(c.ID), object{"connector": "fake", "name": "CLM", "enabled": false, "settings": object{"endpoint": "https://fake.example"}, "revision": 1}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := hook(t, h, c, "e", "{}"); a.status != http.StatusNotFound {
		t.Errorf("a connection that is switched off: %d", a.status)
	}
}

// endless counts what the server takes of a body that never ends.
type endless struct{ sent atomic.Int64 }

func (e *endless) Read(b []byte) (int, error) {
	e.sent.Add(int64(len(b)))
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func TestAWebhookOverTheLimitIsRefusedWithoutReadingItAll(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CLM")
	if a := hook(t, h, c, "e1", strings.Repeat("x", apitest.MaxHook)); a.status != http.StatusOK {
		t.Errorf("exactly at the limit: %d %s", a.status, a.body)
	}
	if a := hook(t, h, c, "e2", strings.Repeat("x", apitest.MaxHook+1)); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("one byte over the limit: %d", a.status)
	}
	body := &endless{} // its length is not told beforehand
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+"/hooks/"+string(c.ID), body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Fake-Signature", "good")
	res, err := http.DefaultClient.Do(req)
	if err == nil {
		if res.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("an endless body: %d", res.StatusCode)
		}
		_ = res.Body.Close()
	}
	if sent := body.sent.Load(); sent > apitest.MaxHook+(16<<20) {
		t.Errorf("the server took %d bytes", sent)
	}
	if n := len(apitest.All(t, h.Store.Reads().Deliveries)); n != 1 {
		t.Errorf("%d deliveries were kept, want the one at the limit", n)
	}
}

func TestASlowWebhookIsCutOff(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{HookTime: 200 * time.Millisecond})
	c := h.Connection(t, "north", "CLM")
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(h.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := fmt.Fprintf(conn, "POST /hooks/%s HTTP/1.1\r\nHost: x\r\nX-Fake-Signature: good\r\nX-Fake-Event: e1\r\nContent-Length: 1000\r\n\r\n{", c.ID); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn) // ends when the server closes the connection
	if err != nil {
		t.Fatalf("the server holds on to a body that does not come: %v (%q)", err, answer)
	}
	if !strings.HasPrefix(string(answer), "HTTP/1.1 400") {
		t.Errorf("%q", answer)
	}
	if n := len(apitest.All(t, h.Store.Reads().Deliveries)); n != 0 {
		t.Errorf("%d deliveries were kept", n)
	}
}

func TestCredentialsOfAWebhookAreNotKept(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CLM")
	a := do(t, http.DefaultClient, http.MethodPost, h.URL+"/hooks/"+string(c.ID), strings.NewReader("{}"), "X-Fake-Signature", "good", "X-Fake-Event", "e1", "Authorization", "Basic c2VjcmV0", "Cookie", "a=secret")
	d := apitest.One(t, h.Store.Reads().Deliveries, store.Eq("event_key", "e1"))
	if a.status != http.StatusOK || d.Headers["authorization"] != "" || d.Headers["cookie"] != "" || d.Headers["x-fake-event"] != "e1" {
		t.Errorf("%d, kept: %v", a.status, d.Headers)
	}
}
