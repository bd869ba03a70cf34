package email_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http/httptest"
	"net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/notify"
	"github.com/pactloop/pactloop/internal/notify/email"
)

// server is a small mail server. answer may give another reply to a command, or "drop" to close the connection.
type server struct {
	t       *testing.T
	listen  net.Listener
	tls     *tls.Config
	implied bool
	starts  bool // offers STARTTLS
	answer  func(command string) string

	mu       sync.Mutex
	messages []string
	rcpts    []string
	signedIn bool
}

func (s *server) serve() {
	for {
		conn, err := s.listen.Accept()
		if err != nil {
			return
		}
		go s.talk(conn)
	}
}

func (s *server) talk(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	if s.implied {
		conn = tls.Server(conn, s.tls)
	}
	in := bufio.NewReader(conn)
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(conn, format+"\r\n", args...) }
	say("220 mail.test ESMTP")
	for {
		text, err := in.ReadString('\n')
		if err != nil {
			return
		}
		command := strings.TrimRight(text, "\r\n")
		verb := strings.ToUpper(strings.SplitN(command, " ", 2)[0])
		if s.answer != nil {
			if reply := s.answer(verb); reply == "drop" {
				return
			} else if reply != "" {
				say("%s", reply)
				continue
			}
		}
		switch verb {
		case "EHLO", "HELO":
			say("250-mail.test")
			if s.starts {
				say("250-STARTTLS")
			}
			say("250 AUTH PLAIN LOGIN")
		case "STARTTLS":
			say("220 go ahead")
			conn = tls.Server(conn, s.tls)
			in = bufio.NewReader(conn)
			s.mu.Lock()
			s.starts = false
			s.mu.Unlock()
		case "AUTH":
			s.mu.Lock()
			s.signedIn = true
			s.mu.Unlock()
			say("235 welcome")
		case "RCPT":
			s.mu.Lock()
			s.rcpts = append(s.rcpts, command)
			s.mu.Unlock()
			say("250 ok")
		case "DATA":
			say("354 go on")
			if !s.data(in, say) {
				return
			}
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *server) data(in *bufio.Reader, say func(string, ...any)) bool {
	var b strings.Builder
	for {
		text, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if text == ".\r\n" {
			break
		}
		b.WriteString(text)
	}
	s.mu.Lock()
	s.messages = append(s.messages, b.String())
	s.mu.Unlock()
	if s.answer != nil {
		if reply := s.answer("."); reply == "drop" {
			return false
		} else if reply != "" {
			say("%s", reply)
			return true
		}
	}
	say("250 queued")
	return true
}

func start(t *testing.T, s *server) (string, int) {
	t.Helper()
	s.t = t
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.listen = l
	t.Cleanup(func() { _ = l.Close() })
	go s.serve()
	host, port, _ := net.SplitHostPort(l.Addr().String())
	n, _ := strconv.Atoi(port)
	return host, n
}

// certificate borrows the one of httptest, made for 127.0.0.1.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	web := httptest.NewTLSServer(nil)
	t.Cleanup(web.Close)
	pool := x509.NewCertPool()
	pool.AddCert(web.Certificate())
	return &tls.Config{Certificates: web.TLS.Certificates}, pool
}

func sender(t *testing.T, s *server, change func(*email.Config)) *email.Sender {
	t.Helper()
	host, port := start(t, s)
	c := email.Config{Host: host, Port: port, Security: email.None, From: "Pactloop <pactloop@acme.test>", Domain: "pactloop.acme.test", AllowHosts: []string{"127.0.0.1"}, Timeout: time.Minute}
	if change != nil {
		change(&c)
	}
	out, err := email.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var message = notify.Message{Key: "fnd_1/v1", To: "owner@acme.test", Subject: "SLA at risk", Text: "Ticket at 90 %", HTML: "<p>Ticket at 90 %</p>"}

func TestAMessageArrivesWithTextHtmlAndTheIDOfItsKey(t *testing.T) {
	t.Parallel()
	s := &server{}
	if err := sender(t, s, nil).Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	if len(s.messages) != 1 {
		t.Fatalf("%d messages", len(s.messages))
	}
	got, err := mail.ReadMessage(strings.NewReader(s.messages[0]))
	if err != nil {
		t.Fatal(err)
	}
	if id := got.Header.Get("Message-Id"); id != "<fnd_1/v1@pactloop.acme.test>" {
		t.Errorf("Message-ID is %q", id)
	}
	if !strings.HasPrefix(got.Header.Get("Content-Type"), "multipart/alternative") || !strings.Contains(s.messages[0], "text/html") {
		t.Errorf("content type %q", got.Header.Get("Content-Type"))
	}
}

func TestTheWaysToProtectAndSignIn(t *testing.T) {
	t.Parallel()
	for _, security := range []string{email.StartTLS, email.Implicit, email.None} {
		t.Run(security, func(t *testing.T) {
			t.Parallel()
			config, pool := certificate(t)
			s := &server{tls: config, implied: security == email.Implicit, starts: security == email.StartTLS}
			out := sender(t, s, func(c *email.Config) {
				c.Security, c.RootCAs, c.Username, c.Password = security, pool, "user", "canary-pass"
			})
			if err := out.Send(t.Context(), message); err != nil {
				t.Fatal(err)
			}
			if !s.signedIn || len(s.messages) != 1 {
				t.Errorf("signed in %v, %d messages", s.signedIn, len(s.messages))
			}
		})
	}
}

func TestStartTLSDoesNotFallBackToPlainText(t *testing.T) {
	t.Parallel()
	s := &server{}
	err := sender(t, s, func(c *email.Config) { c.Security = email.StartTLS }).Send(t.Context(), message)
	if err == nil || len(s.messages) != 0 {
		t.Fatalf("error %v, %d messages", err, len(s.messages))
	}
}

func TestTheEndsOfASendingAreToldApart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		verb, reply string
		want        error // nil: an error worth another try
	}{
		"recipient refused for good":       {"RCPT", "550 no such user", notify.ErrRefused},
		"sender refused for good":          {"MAIL", "553 not allowed", notify.ErrRefused},
		"content refused for good":         {".", "554 spam", notify.ErrRefused},
		"greylisted":                       {"RCPT", "451 try later", nil},
		"busy after the content":           {".", "452 full", nil},
		"dropped before the content":       {"DATA", "drop", nil},
		"answer lost after the content":    {".", "drop", notify.ErrPossiblySent},
		"signing in is not asked for here": {"EHLO", "drop", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &server{answer: func(verb string) string {
				if verb == c.verb {
					return c.reply
				}
				return ""
			}}
			err := sender(t, s, nil).Send(t.Context(), message)
			switch {
			case err == nil:
				t.Fatal("no error")
			case c.want != nil && !errors.Is(err, c.want):
				t.Fatalf("got %v, want %v", err, c.want)
			case c.want == nil && (errors.Is(err, notify.ErrRefused) || errors.Is(err, notify.ErrPossiblySent)):
				t.Fatalf("got %v, want an error worth another try", err)
			}
		})
	}
}

func TestAServerThatFallsSilentAfterTheContentIsPossiblySent(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := &server{answer: func(verb string) string {
		if verb == "." {
			cancel()
			<-t.Context().Done()
		}
		return ""
	}}
	if err := sender(t, s, nil).Send(ctx, message); !errors.Is(err, notify.ErrPossiblySent) {
		t.Fatalf("got %v", err)
	}
}

func TestNothingInAMessageAddsAHeaderOrARecipient(t *testing.T) {
	t.Parallel()
	for _, attack := range []notify.Message{
		{Key: "k1", To: "owner@acme.test", Subject: "x\r\nBcc: evil@evil.test\r\n\r\nbody", Text: "t"},
		{Key: "k2\r\nBcc: evil@evil.test", To: "owner@acme.test", Subject: "x", Text: "t"},
		{Key: "k3", To: "owner@acme.test", Subject: "x\u2028Bcc: evil@evil.test", Text: ".\r\nMAIL FROM:<evil@evil.test>"},
		{Key: "k4", To: "\"a\r\nBcc: evil@evil.test\" <owner@acme.test>", Subject: "x", Text: "t"},
		{Key: "k5", To: "owner@acme.test, evil@evil.test", Subject: "x", Text: "t"},
	} {
		s := &server{}
		err := sender(t, s, nil).Send(t.Context(), attack)
		for _, r := range s.rcpts {
			if strings.Contains(r, "evil") {
				t.Errorf("%q reached another recipient", attack.Key)
			}
		}
		if err != nil {
			continue
		}
		got, readErr := mail.ReadMessage(strings.NewReader(s.messages[0]))
		if readErr != nil || got.Header.Get("Bcc") != "" || len(s.messages) != 1 {
			t.Errorf("%q: headers %v, %v", attack.Key, got.Header, readErr)
		}
	}
}

func TestInternalMailServersNeedTheAllowList(t *testing.T) {
	t.Parallel()
	s := &server{}
	err := sender(t, s, func(c *email.Config) { c.AllowHosts = nil }).Send(t.Context(), message)
	if err == nil || !strings.Contains(err.Error(), "allow-list") {
		t.Fatalf("got %v", err)
	}
}

func TestThePasswordIsInNoError(t *testing.T) {
	t.Parallel()
	s := &server{answer: func(verb string) string {
		if verb == "AUTH" {
			return "535 no: canary-pass"
		}
		return ""
	}}
	err := sender(t, s, func(c *email.Config) { c.Username, c.Password = "user", "canary-pass" }).Send(t.Context(), message)
	if err == nil || strings.Contains(fmt.Sprintf("%+v", err), "canary-pass") {
		t.Fatalf("got %v", err)
	}
}

func TestKeysMakeDifferentUsableMessageIDs(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, key := range []string{"a", "a b", "a-b", "ä", "ö", "..", ".", "a..b", strings.Repeat("x", 300), strings.Repeat("x", 301), "<a>", "a@b"} {
		id := email.MessageID(key, "h.test")
		if other, ok := seen[id]; ok {
			t.Errorf("%q and %q share %q", key, other, id)
		}
		seen[id] = key
		if _, err := mail.ParseAddress("<" + id + ">"); err != nil {
			t.Errorf("%q gives %q: %v", key, id, err)
		}
	}
}
