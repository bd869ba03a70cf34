package mailbox_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/simulator/mailbox"
	"github.com/pactloop/pactloop/simulator/stage"
)

func open(t *testing.T, cfg mailbox.Config) (*mailbox.Simulator, string) {
	t.Helper()
	cfg.Clock = stage.NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	s, err := mailbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	t.Cleanup(func() {
		_ = s.Close()
		if err := <-served; err != nil {
			t.Errorf("serving: %v", err)
		}
	})
	return s, ln.Addr().String()
}

const message = "From: Pactloop <no-reply@pactloop.example>\r\nTo: owner@example.com\r\nSubject: =?utf-8?q?At_risk=3A_4=C2=A0h?=\r\nMessage-ID: <fnd_1.v1@pactloop.example>\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nTicket =E2=82=AC 5\r\n" +
	"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Ticket</p>\r\n--b--\r\n"

func send(addr string) error {
	auth := smtp.PlainAuth("", "pactloop", "mail-secret", "127.0.0.1")
	return smtp.SendMail(addr, auth, "no-reply@pactloop.example", []string{"owner@example.com"}, []byte(message))
}

func TestAMessageIsTakenReadAndNeverMerged(t *testing.T) {
	t.Parallel()
	s, addr := open(t, mailbox.Config{RequireAuth: true})
	for range 2 {
		if err := send(addr); err != nil {
			t.Fatal(err)
		}
	}
	got := s.Messages()
	if len(got) != 2 {
		t.Fatalf("%d messages", len(got))
	}
	m := got[0]
	if m.Subject != "At risk: 4\u00a0h" || m.MessageID != "<fnd_1.v1@pactloop.example>" || strings.TrimSpace(m.Text) != "Ticket € 5" || !strings.Contains(m.HTML, "<p>Ticket</p>") || m.User != "pactloop" || m.To[0] != "owner@example.com" {
		t.Errorf("%+v", m)
	}
	if e := s.Effects(); len(e) != 1 || e[0].Count != 2 {
		t.Errorf("effects %v", e)
	}
	srv := httptest.NewServer(s)
	defer srv.Close()
	resp, err := http.Get(srv.URL + "/_sim/messages")
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("%v %v", resp, err)
	}
	resp.Body.Close()
}

func TestStartTLSAndSignIn(t *testing.T) {
	t.Parallel()
	s, addr := open(t, mailbox.Config{RequireAuth: true, StartTLS: true})
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.Certificate())
	c, err := smtp.Dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.StartTLS(&tls.Config{RootCAs: pool, ServerName: "localhost"}); err != nil {
		t.Fatal(err)
	}
	if err := c.Mail("a@example.com"); err == nil {
		t.Error("MAIL was accepted before AUTH")
	}
	if err := c.Auth(smtp.PlainAuth("", "pactloop", "wrong", "127.0.0.1")); err == nil {
		t.Error("a wrong password was accepted")
	}
}

func TestAuthLogin(t *testing.T) {
	t.Parallel()
	_, addr := open(t, mailbox.Config{})
	c, err := smtp.Dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Auth(loginAuth{"pactloop", "mail-secret"}); err != nil {
		t.Errorf("AUTH LOGIN: %v", err)
	}
}

type loginAuth struct{ user, password string }

func (l loginAuth) Start(*smtp.ServerInfo) (string, []byte, error) { return "LOGIN", nil, nil }

func (l loginAuth) Next(from []byte, more bool) ([]byte, error) {
	switch {
	case !more:
		return nil, nil
	case strings.HasPrefix(string(from), "User"):
		return []byte(l.user), nil
	}
	return []byte(l.password), nil
}

func TestFaultsOfAMailServer(t *testing.T) {
	t.Parallel()
	rule := func(kind, command string, status int) stage.Fault {
		f := stage.Fault{Kind: kind, Status: status, Count: 1}
		f.Match.Method = command
		return f
	}
	cases := []struct {
		name string
		rule stage.Fault
		kept int
		says string
	}{
		{"try later", rule(stage.FaultStatus, "RCPT", 451), 0, "451"},
		{"refused", rule(stage.FaultStatus, "DATA", 554), 0, "554"},
		{"cut before", rule(stage.FaultDropBefore, "DATA", 0), 0, ""},
		{"cut after", rule(stage.FaultDropAfterApply, "DATA", 0), 1, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, addr := open(t, mailbox.Config{})
			if err := s.Faults().Add(c.rule); err != nil {
				t.Fatal(err)
			}
			err := send(addr)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("the sender saw %v", err)
			}
			if n := len(s.Messages()); n != c.kept {
				t.Errorf("%d messages kept", n)
			}
			if err := send(addr); err != nil {
				t.Errorf("the next message: %v", err)
			}
		})
	}
}

func TestAMessageThatCannotBeReadIsKept(t *testing.T) {
	t.Parallel()
	s, addr := open(t, mailbox.Config{})
	if err := smtp.SendMail(addr, nil, "a@example.com", []string{"b@example.com"}, []byte("no header at all")); err != nil {
		t.Fatal(err)
	}
	if got := s.Messages(); len(got) != 1 || !strings.Contains(got[0].Raw, "no header at all") {
		t.Errorf("%+v", got)
	}
}
