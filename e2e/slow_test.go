//go:build demo

package e2e

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/demo"
)

// Clients that are slow on purpose (reliability 31): a third never ends its header, a third never ends the body of a webhook,
// a third asks for much and reads nothing. Everybody else is answered, the server stays small, and it lets go of those whose
// header does not come.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	total := 200
	if soak() {
		total = 1000
	}
	d := town(ctx, t, demo.Config{})
	usual := answered(ctx, t, d)
	before := peak(t, d)
	host := strings.TrimPrefix(d.Base, "http://")
	hook := "/hooks/" + d.State.Connections["ironclad"]
	starts := []string{
		"GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nX-Slow: ",
		"POST " + hook + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n{",
		strings.Repeat("GET /api/openapi.json HTTP/1.1\r\nHost: "+host+"\r\n\r\n", 100),
	}
	var headers []net.Conn
	for i := range total {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
		if err != nil {
			t.Fatalf("slow client %d of %d is not let in: %v", i, total, err)
		}
		defer func() { _ = conn.Close() }()
		if i%3 == 2 { // a small window: what the system keeps for the reader is not much
			if err := conn.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := io.WriteString(conn, starts[i%3]); err != nil {
			t.Fatal(err)
		}
		if i%3 == 0 {
			headers = append(headers, conn)
		}
	}
	answered(ctx, t, d) // while the server still writes for those who do not read
	beside := answered(ctx, t, d)
	if grown := peak(t, d) - before; grown > 256<<10 {
		t.Errorf("the server grew by %d KiB for %d slow clients", grown, total)
	} else {
		t.Logf("%d slow clients: %d KiB more, p99 of everybody else %s, before %s", total, grown, beside, usual)
	}
	if soak() && beside > 2*usual+50*time.Millisecond { // time is judged where the machine is ours alone
		t.Errorf("everybody else waits %s beside slow clients, %s without", beside, usual)
	}
	for i, conn := range headers {
		if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(conn); err != nil && strings.Contains(err.Error(), "timeout") {
			t.Fatalf("the server still waits for header %d after a minute", i)
		}
	}
	answered(ctx, t, d)
}

// answered asks what people and probes ask, a hundred times, fails where anything but the answer comes, and gives the 99th of
// a hundred waits.
func answered(ctx context.Context, t *testing.T, d *demo.Demo) time.Duration {
	t.Helper()
	client := &http.Client{Timeout: 2 * time.Minute}
	var waits []time.Duration
	for i := range 100 {
		path := []string{"/healthz", "/readyz", "/api/openapi.json", "/"}[i%4]
		start := time.Now()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.Base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err != nil {
			t.Fatalf("%s is not answered: %v", path, err)
		}
		_, err = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s is answered with %s, %v", path, res.Status, err)
		}
		waits = append(waits, time.Since(start))
	}
	var overview struct {
		AsOf time.Time `json:"as_of"`
	}
	if err := d.Admin.Do(ctx, http.MethodGet, "/overview", nil, &overview); err != nil || overview.AsOf.IsZero() {
		t.Fatalf("the overview is not answered: %v", fmt.Sprint(err))
	}
	slices.Sort(waits)
	return waits[98]
}
