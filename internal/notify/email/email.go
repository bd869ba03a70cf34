// Package email sends messages by SMTP.
//
// It owns the settings of a mail server, the form of a message (plain text with an HTML alternative) and how the end of a
// sending is told apart: sent, refused for good, possibly sent, or worth another try. It does not own when a message is
// sent nor what it says (respond). Invariants: the Message-ID comes from the message's key; nothing in a message can add a
// header or a recipient; a message whose answer was lost after it was handed over is never reported as unsent.
package email

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/notify"
)

// The ways to protect the connection.
const (
	StartTLS = "starttls" // required: no fall-back to plain text
	Implicit = "tls"
	None     = "none" // for a relay on the same machine
)

// Config of the mail server. Host, From and Domain are required.
type Config struct {
	Host       string
	Port       int    // 0 is 587, 465 or 25 by Security
	Security   string // StartTLS (also ""), Implicit, None
	Username   string // "" sends without signing in
	Password   string
	From       string   // "Pactloop <pactloop@example.com>"
	Domain     string   // right side of the Message-ID: the host of this installation
	AllowHosts []string // internal addresses that may be reached
	Resolver   outbound.Resolver
	RootCAs    *x509.CertPool // nil is the system's
	Timeout    time.Duration  // of each step; 0 is 30 s
}

// Sender sends by one mail server.
type Sender struct {
	config  Config
	guard   *outbound.Guard
	secrets *outbound.Redactor
}

// New checks the settings; nothing is sent yet.
func New(c Config) (*Sender, error) {
	if c.Host == "" || strings.ContainsAny(c.Host, " /\r\n") {
		return nil, fault.New(fault.Invalid, "The mail server needs a host name.")
	}
	if c.Security == "" {
		c.Security = StartTLS
	}
	if c.Port == 0 {
		c.Port = map[string]int{StartTLS: 587, Implicit: 465, None: 25}[c.Security]
	}
	if c.Security != StartTLS && c.Security != Implicit && c.Security != None || c.Port < 1 || c.Port > 65535 {
		return nil, fault.New(fault.Invalid, "The security of the mail server is one of starttls, tls and none, and its port is between 1 and 65535.")
	}
	if _, err := mail.ParseAddress(c.From); err != nil {
		return nil, fault.New(fault.Invalid, "The sender's address is not of the form name@example.com.")
	}
	if c.Domain == "" || strings.ContainsFunc(c.Domain, notInDomain) {
		return nil, fault.New(fault.Invalid, "The mail settings need the host name of this installation.")
	}
	if c.Timeout == 0 {
		c.Timeout = 30 * time.Second
	}
	guard, err := outbound.NewGuard(c.AllowHosts, c.Resolver)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The allow-list of the mail server can not be read.")
	}
	return &Sender{config: c, guard: guard, secrets: outbound.NewRedactor(c.Password)}, nil
}

// Name of the channel.
func (s *Sender) Name() string { return "email" }

// Send hands the message to the mail server. notify.ErrRefused: the server will never take it. notify.ErrPossiblySent: it
// may have been taken. Any other error: it was not taken, and another try is harmless.
func (s *Sender) Send(ctx context.Context, m notify.Message) error {
	message, err := s.compose(m)
	if err != nil {
		return err
	}
	line := &line{}
	client, err := s.client(line)
	if err != nil {
		return err
	}
	// A server that says nothing more is not waited for: the end of the context closes the connection.
	defer line.close()
	defer context.AfterFunc(ctx, line.close)()
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("connecting to the mail server: %w", s.clean(err))
	}
	defer func() { _ = client.CloseWithSMTPClient(connection) }() // how the goodbye ends says nothing about the message
	err = client.SendWithSMTPClient(connection, message)
	if message.IsDelivered() {
		return nil
	}
	return s.outcome(err)
}

// line is the connection of one sending, so that it can be closed from outside the mail library, which leaves it open
// when signing in goes wrong.
type line struct {
	mu   sync.Mutex
	conn net.Conn
}

func (l *line) hold(conn net.Conn, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil {
		l.conn = conn
	}
}

func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		_ = l.conn.Close()
	}
}

// outcome tells the ends of a sending apart.
func (s *Sender) outcome(err error) error {
	if err == nil {
		return nil
	}
	var e *gomail.SendError
	if !errors.As(err, &e) {
		return fmt.Errorf("sending mail: %w", s.clean(err))
	}
	switch {
	case e.ErrorCode() >= 500:
		return fmt.Errorf("%w: %s", notify.ErrRefused, s.secrets.Excerpt(err.Error()))
	case e.Reason == gomail.ErrSMTPDataClose && e.ErrorCode() == 0:
		// The whole message was handed over and the answer did not come.
		return fmt.Errorf("%w: %s", notify.ErrPossiblySent, s.secrets.Excerpt(err.Error()))
	}
	return fmt.Errorf("sending mail: %w", s.clean(err))
}

func (s *Sender) clean(err error) error {
	if text := s.secrets.Excerpt(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

func (s *Sender) client(l *line) (*gomail.Client, error) {
	c := s.config
	options := []gomail.Option{
		gomail.WithPort(c.Port),
		gomail.WithTimeout(c.Timeout),
		gomail.WithHELO(c.Domain),
		gomail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := s.dial(ctx, network, address)
			l.hold(conn, err)
			return conn, err
		}),
		gomail.WithTLSConfig(&tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs}),
	}
	switch c.Security {
	case Implicit:
		options = append(options, gomail.WithSSL())
	case None:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if c.Username != "" {
		auth := gomail.SMTPAuthAutoDiscover
		switch c.Security {
		case Implicit:
			auth = gomail.SMTPAuthPlain // discovery does not see the encryption of a dialler of ours
		case None:
			auth = gomail.SMTPAuthPlainNoEnc // the library refuses plain sign-in without encryption otherwise
		}
		options = append(options, gomail.WithSMTPAuth(auth), gomail.WithUsername(c.Username), gomail.WithPassword(c.Password))
	}
	client, err := gomail.NewClient(c.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("preparing the mail client: %w", s.clean(err))
	}
	return client, nil
}

// dial goes through the filter of internal addresses. The library hands TLS to the dialler when it is implicit.
func (s *Sender) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := s.guard.DialContext(ctx, network, address)
	if err != nil || s.config.Security != Implicit {
		return conn, err
	}
	secure := tls.Client(conn, &tls.Config{ServerName: s.config.Host, MinVersion: tls.VersionTLS12, RootCAs: s.config.RootCAs})
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secure, nil
}

// compose makes the message. Addresses are parsed, never pasted; a subject loses its line breaks.
func (s *Sender) compose(m notify.Message) (*gomail.Msg, error) {
	to, err := mail.ParseAddress(m.To)
	if err != nil || strings.ContainsAny(m.To, "\r\n") {
		return nil, fmt.Errorf("%w: the recipient's address is not of the form name@example.com", notify.ErrRefused)
	}
	if m.Key == "" {
		return nil, errors.New("composing mail: the message has no key")
	}
	message := gomail.NewMsg()
	if err := message.From(s.config.From); err != nil {
		return nil, fmt.Errorf("composing mail: %w", err)
	}
	if err := message.To(to.String()); err != nil {
		return nil, fmt.Errorf("%w: the recipient's address is not usable", notify.ErrRefused)
	}
	message.Subject(oneLine(m.Subject))
	message.SetMessageIDWithValue(MessageID(m.Key, s.config.Domain))
	message.SetDate()
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		message.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return message, nil
}

// MessageID makes the id of a key, without the brackets. A key with characters that an id can not hold is made safe with
// a hash, so that two keys never share an id.
func MessageID(key, domain string) string {
	safe := strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-./", r)) {
			return r
		}
		return '-'
	}, key)
	safe = strings.ReplaceAll(strings.Trim(safe, "."), "..", "-.")
	if safe != key || len(safe) > 120 {
		sum := sha256.Sum256([]byte(key))
		safe = safe[:min(len(safe), 80)] + "-" + hex.EncodeToString(sum[:8])
	}
	return safe + "@" + domain
}

func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

func notInDomain(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '.' && r != '-'
}

var _ notify.Sender = (*Sender)(nil)
