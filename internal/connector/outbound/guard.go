package outbound

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrForbidden is the refusal to reach an address; the wrapping error says which and what to change.
var ErrForbidden = errors.New("address not allowed")

// Resolver looks up addresses; net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Guard decides which addresses may be dialled. It is asked at dial time, with the address that will really be used, so
// a name that resolves differently the second time (DNS rebinding) gains nothing. Public addresses are always allowed;
// everything else only where the connection's allow-list names it.
type Guard struct {
	allow    []rule
	resolver Resolver
	dialer   net.Dialer
}

// rule is one line of the allow-list.
type rule struct {
	host   string       // lower case; "" where the line is an address or a network
	prefix netip.Prefix // invalid where the line is a name
	port   string       // "" is every port
}

// NewGuard reads an allow-list: names (erp.corp.example), addresses (10.1.2.3), networks (10.1.0.0/16), each but networks
// with an optional port (127.0.0.1:8443). A nil resolver is the system's.
func NewGuard(allowHosts []string, resolver Resolver) (*Guard, error) {
	g := &Guard{resolver: resolver, dialer: net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}}
	if resolver == nil {
		g.resolver = net.DefaultResolver
	}
	// A second look at the connected address, below any resolver: it holds even if a change above forgets to ask.
	g.dialer.ControlContext = g.control
	for _, line := range allowHosts {
		r, err := parseRule(line)
		if err != nil {
			return nil, err
		}
		g.allow = append(g.allow, r)
	}
	return g, nil
}

func parseRule(line string) (rule, error) {
	line = strings.ToLower(strings.TrimSpace(line))
	if p, err := netip.ParsePrefix(line); err == nil {
		return rule{prefix: p.Masked()}, nil
	}
	host, port := line, ""
	if h, p, err := net.SplitHostPort(line); err == nil {
		host, port = h, p
	}
	if a, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		a = a.Unmap()
		return rule{prefix: netip.PrefixFrom(a, a.BitLen()), port: port}, nil
	}
	if host == "" || strings.ContainsAny(host, "/*@ ?#:") {
		return rule{}, fmt.Errorf("%.80q in the allow-list is no host name, address or network", line)
	}
	if port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return rule{}, fmt.Errorf("%.80q in the allow-list has no usable port", line)
		}
	}
	return rule{host: strings.TrimSuffix(host, "."), port: port}, nil
}

// CheckURL refuses what is wrong before anything is resolved: other schemes than https (http only for hosts of the
// allow-list), credentials in the address, literal addresses that are not allowed.
func (g *Guard) CheckURL(u *url.URL) error {
	if u.User != nil {
		return fmt.Errorf("%w: the address of %s holds a user name or password", ErrForbidden, u.Hostname())
	}
	host := u.Hostname()
	if host == "" {
		return fmt.Errorf("%w: the address has no host", ErrForbidden)
	}
	port := portOf(u)
	switch u.Scheme {
	case "https":
	case "http":
		if !g.listed(host, port) {
			return fmt.Errorf("%w: %s must be reached by https, or be on the allow-list of the connection", ErrForbidden, host)
		}
	default:
		return fmt.Errorf("%w: %.20q is not a scheme that is used", ErrForbidden, u.Scheme)
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return g.checkAddr(host, a, port)
	}
	return nil
}

// DialContext resolves, checks every address the name has, and connects to a checked one. One forbidden address refuses
// the name as a whole: an honest public name has none.
func (g *Guard) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("reading address %.80q: %w", address, err)
	}
	addrs, err := g.lookup(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("looking up %s: %w", host, err)
	}
	for _, a := range addrs {
		if err := g.checkAddr(host, a, port); err != nil {
			return nil, err
		}
	}
	ctx = context.WithValue(ctx, hostKey{}, host)
	var last error
	for _, a := range addrs {
		conn, err := g.dialer.DialContext(ctx, network, net.JoinHostPort(a.String(), port))
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, last
}

func (g *Guard) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	addrs, err := g.resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	if len(addrs) == 0 {
		return nil, errors.New("the name has no address")
	}
	return addrs, nil
}

type hostKey struct{}

// control sees the address of the socket itself, after every resolution.
func (g *Guard) control(ctx context.Context, _, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("reading address %.80q: %w", address, err)
	}
	host, _ := ctx.Value(hostKey{}).(string)
	return g.checkAddr(host, ap.Addr(), strconv.Itoa(int(ap.Port())))
}

// checkAddr decides on one address that belongs to a host name.
func (g *Guard) checkAddr(host string, a netip.Addr, port string) error {
	a = embedded(a.WithZone("").Unmap())
	if public(a) {
		return nil
	}
	for _, r := range g.allow {
		if r.port != "" && r.port != port {
			continue
		}
		if r.prefix.IsValid() && r.prefix.Contains(a) {
			return nil
		}
		// A listed name may be internal, but never reaches link-local addresses: cloud machines give out their
		// credentials there (169.254.169.254), and no ERP lives there.
		if r.host != "" && r.host == plain(host) && !a.IsLinkLocalUnicast() {
			return nil
		}
	}
	return fmt.Errorf("%w: %s is at the internal address %s; an administrator can put it on the allow-list of the connection", ErrForbidden, plain(host), a)
}

// listed tells whether the allow-list names the host itself, or the address it is.
func (g *Guard) listed(host, port string) bool {
	a, err := netip.ParseAddr(host)
	for _, r := range g.allow {
		if r.port != "" && r.port != port {
			continue
		}
		if r.host != "" && r.host == plain(host) || err == nil && r.prefix.IsValid() && r.prefix.Contains(a.WithZone("").Unmap()) {
			return true
		}
	}
	return false
}

func plain(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "http" {
		return "80"
	}
	return "443"
}

// reserved is what is not public though Go's own predicates do not name it.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // carrier-grade NAT
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"), // and broadcast
	netip.MustParsePrefix("::/96"),       // unspecified, loopback, IPv4-compatible
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"), // Teredo and other protocol assignments
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("3fff::/20"),
	netip.MustParsePrefix("5f00::/16"),
	netip.MustParsePrefix("fec0::/10"), // site-local
}

func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

var (
	nat64     = netip.MustParsePrefix("64:ff9b::/96")
	sixToFour = netip.MustParsePrefix("2002::/16")
)

// embedded gives the IPv4 address that a translated IPv6 address leads to, so that it is judged by where it ends.
func embedded(a netip.Addr) netip.Addr {
	if !a.Is6() {
		return a
	}
	b := a.As16()
	if nat64.Contains(a) {
		return netip.AddrFrom4([4]byte(b[12:16]))
	}
	if sixToFour.Contains(a) {
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return a
}
