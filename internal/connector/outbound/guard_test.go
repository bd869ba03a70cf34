package outbound_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pactloop/pactloop/internal/connector/outbound"
)

// names is a resolver of our own. Each look-up of a name gives the next of its answers, the last one for ever.
type names struct {
	answers map[string][][]string
	asked   atomic.Int32
}

func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	i := int(n.asked.Add(1)) - 1
	lists := n.answers[host]
	if len(lists) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	var out []netip.Addr
	for _, s := range lists[min(i, len(lists)-1)] {
		out = append(out, netip.MustParseAddr(s))
	}
	return out, nil
}

// libc is what a C library makes of the odd spellings of 127.0.0.1 and 169.254.169.254.
func libc() *names {
	return &names{answers: map[string][][]string{
		"2130706433": {{"127.0.0.1"}}, "0177.0.0.1": {{"127.0.0.1"}}, "0x7f.0.0.1": {{"127.0.0.1"}}, "0x7f000001": {{"127.0.0.1"}}, "127.1": {{"127.0.0.1"}},
		"localhost": {{"::1", "127.0.0.1"}}, "internal.evil.test": {{"10.0.0.7"}}, "mixed.evil.test": {{"8.8.8.8", "10.0.0.7"}}, "2852039166": {{"169.254.169.254"}},
		"metadata.evil.test": {{"169.254.169.254"}}, "LOCALHOST.": {{"127.0.0.1"}},
	}}
}

func TestNoFormOfAnInternalAddressIsDialled(t *testing.T) {
	t.Parallel()
	guard, err := outbound.NewGuard(nil, libc())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{
		"127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.254",
		"0.0.0.0", "0.1.2.3", "192.0.0.1", "198.18.0.1", "198.19.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "203.0.113.9",
		"::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1",
		"fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "100::1",
		"2130706433", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "127.1", "localhost", "internal.evil.test", "mixed.evil.test", "2852039166", "metadata.evil.test", "LOCALHOST.",
	} {
		conn, err := guard.DialContext(t.Context(), "tcp", net.JoinHostPort(host, "80"))
		if conn != nil {
			_ = conn.Close()
		}
		if !errors.Is(err, outbound.ErrForbidden) {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestOnlyUsableAddressesAreAsked(t *testing.T) {
	t.Parallel()
	guard, err := outbound.NewGuard([]string{"erp.corp.test", "127.0.0.1:8443", "10.20.0.0/16"}, libc())
	if err != nil {
		t.Fatal(err)
	}
	for address, ok := range map[string]bool{
		"https://example.com/":       true,
		"http://example.com/":        false,
		"http://erp.corp.test/":      true,
		"https://erp.corp.test/":     true,
		"http://ERP.corp.test./":     true,
		"http://127.0.0.1:8443/":     true,
		"http://127.0.0.1:8444/":     false,
		"https://127.0.0.1/":         false,
		"http://10.20.3.4/":          true,
		"http://10.21.3.4/":          false,
		"https://user:pw@erp.test/":  false,
		"file:///etc/passwd":         false,
		"gopher://erp.corp.test/":    false,
		"ftp://erp.corp.test/":       false,
		"https:///nohost":            false,
		"https://[::ffff:127.0.0.1]": false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if err := guard.CheckURL(u); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAListedNameDoesNotOpenTheMetadataAddress(t *testing.T) {
	t.Parallel()
	guard, err := outbound.NewGuard([]string{"metadata.evil.test"}, libc())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := guard.DialContext(t.Context(), "tcp", "metadata.evil.test:80"); !errors.Is(err, outbound.ErrForbidden) {
		t.Fatal(err)
	}
}

func TestAnAllowListThatCanNotBeReadIsRefused(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"", "*", "*.corp.test", "http://erp.test", "erp.test/path", "a b", "erp.test:99999", "erp.test:x", "10.0.0.0/99"} {
		if _, err := outbound.NewGuard([]string{line}, nil); err == nil {
			t.Errorf("%q accepted", line)
		}
	}
}

// canary counts the requests that must not come.
func canary(t *testing.T) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var hits atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	t.Cleanup(s.Close)
	return s, &hits
}

func client(t *testing.T, allow ...string) *http.Client {
	t.Helper()
	c, err := outbound.NewClient(outbound.Config{Name: "test", AllowHosts: allow})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func hostOf(s *httptest.Server) string { return strings.TrimPrefix(s.URL, "http://") }

func TestANameThatTurnsInternalAtTheSecondLookUpIsRefused(t *testing.T) {
	t.Parallel()
	// The first address stands for a public one: it is allowed. The second is the canary's, which is not.
	bad, hits := canary(t)
	_, port, _ := net.SplitHostPort(hostOf(bad))
	l, err := net.Listen("tcp", "127.0.0.2:"+port)
	if err != nil {
		t.Fatal(err)
	}
	good := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") }))
	_ = good.Listener.Close()
	good.Listener = l
	good.Start()
	t.Cleanup(good.Close)
	resolver := &names{answers: map[string][][]string{"rebind.test": {{"127.0.0.2"}, {"127.0.0.1"}}}}
	c, err := outbound.NewClient(outbound.Config{AllowHosts: []string{"127.0.0.2/32", "rebind.test:1"}, Resolver: resolver})
	if err != nil {
		t.Fatal(err)
	}
	guard, err := outbound.NewGuard([]string{"127.0.0.2"}, resolver)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := guard.DialContext(t.Context(), "tcp", "rebind.test:"+port)
	if err != nil || conn.RemoteAddr().String() != "127.0.0.2:"+port {
		t.Fatalf("first dial: %v", err)
	}
	_ = conn.Close()
	if _, err := guard.DialContext(t.Context(), "tcp", "rebind.test:"+port); !errors.Is(err, outbound.ErrForbidden) {
		t.Errorf("second dial: %v", err)
	}
	if _, err := c.Get("http://rebind.test:" + port); err == nil {
		t.Error("the client reached it")
	}
	if hits.Load() != 0 {
		t.Errorf("the canary was reached %d times", hits.Load())
	}
}

func TestRedirectsAreCheckedAndCredentialsStayBehind(t *testing.T) {
	t.Parallel()
	bad, hits := canary(t)
	var seen http.Header
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.Header.Clone() }))
	t.Cleanup(other.Close)
	target := ""
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, target, http.StatusTemporaryRedirect)
	}))
	t.Cleanup(first.Close)
	c := client(t, hostOf(first), hostOf(other))
	get := func(to, method string) error {
		target = to
		r, err := http.NewRequestWithContext(t.Context(), method, first.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range []string{"Authorization", "Cookie", "X-As-User-Email", "X-Api-Key"} {
			r.Header.Set(h, "canary")
		}
		res, err := c.Do(r)
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode >= 300 {
				return errors.New(res.Status)
			}
		}
		return err
	}
	for _, to := range []string{bad.URL, "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "gopher://127.0.0.1:70/", "http://[::ffff:127.0.0.1]:1/", "//localhost:1/"} {
		if err := get(to, http.MethodGet); err == nil {
			t.Errorf("redirect to %s was followed", to)
		}
	}
	if err := get(other.URL, http.MethodGet); err != nil {
		t.Fatalf("redirect to a listed host: %v", err)
	}
	for name, values := range seen {
		if strings.Contains(strings.Join(values, ""), "canary") {
			t.Errorf("header %s went to another host", name)
		}
	}
	seen = nil
	if err := get(other.URL, http.MethodPost); err == nil || seen != nil {
		t.Errorf("a write followed a redirect: %v", err)
	}
	if hits.Load() != 0 {
		t.Errorf("the canary was reached %d times", hits.Load())
	}
}
