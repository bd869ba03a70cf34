// Package mailbox is a mail server that keeps what it is given and sends nothing on: SMTP with STARTTLS and AUTH on one side, a page and JSON to read the
// messages on the other.
//
// It owns: taking messages, reading them (headers, text, HTML, attachments), and the faults a mail server has: a 4xx or 5xx at MAIL, RCPT or DATA, a
// connection lost before or after the message was taken.
//
// It does not own: delivery, addresses, spam. Every recipient exists.
//
// Invariants: a message taken twice is kept twice, whatever its Message-ID; a message that was answered with an error is not kept; a connection dropped
// after DATA has kept the message, which is the case a sender cannot tell from a loss.
package mailbox

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/pactloop/pactloop/simulator/stage"
)

// Config describes one mail server.
type Config struct {
	Clock       *stage.Clock
	Username    string // default "pactloop"
	Password    string // default "mail-secret"
	RequireAuth bool   // refuse MAIL before AUTH
	StartTLS    bool   // offer STARTTLS with a certificate made at the start; see Certificate
	Log         *slog.Logger
}

// Simulator is one running mail server. Serve takes SMTP connections; the embedded server answers HTTP.
type Simulator struct {
	*stage.Server
	cfg  Config
	smtp *smtp.Server
	cert []byte

	mu       sync.Mutex
	messages []Message
}

// Message is one message as it was taken.
type Message struct {
	ID          string              `json:"id"`
	From        string              `json:"from"` // of the envelope
	To          []string            `json:"to"`   // of the envelope
	Subject     string              `json:"subject"`
	MessageID   string              `json:"message_id"`
	Headers     map[string][]string `json:"headers"`
	Text        string              `json:"text"`
	HTML        string              `json:"html"`
	Attachments []Attachment        `json:"attachments"`
	ReceivedAt  time.Time           `json:"received_at"` // stage clock
	TLS         bool                `json:"tls"`
	User        string              `json:"user"` // who signed in; empty without AUTH
	Raw         string              `json:"raw"`
	Unreadable  string              `json:"unreadable,omitempty"` // why the content could not be read; it is kept all the same
}

// Attachment is a file in a message.
type Attachment struct {
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	Size        int    `json:"size"`
}

const maxMessage = 32 << 20

// New builds the simulator.
func New(cfg Config) (*Simulator, error) {
	if cfg.Username == "" {
		cfg.Username = "pactloop"
	}
	if cfg.Password == "" {
		cfg.Password = "mail-secret"
	}
	s := &Simulator{cfg: cfg}
	var err error
	s.Server, err = stage.New(stage.Config{
		Name: "mailbox", Title: "Mailbox", Clock: cfg.Clock, World: (*state)(s), Log: cfg.Log,
		API: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			stage.WriteJSON(w, http.StatusNotFound, map[string]string{"error": "the mailbox speaks SMTP; read it at /_sim/messages"})
		}),
		Admin: map[string]http.Handler{
			"GET /_sim/messages":    http.HandlerFunc(s.list),
			"DELETE /_sim/messages": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { (*state)(s).Reset(); w.WriteHeader(http.StatusNoContent) }),
		},
	})
	if err != nil {
		return nil, err
	}
	s.smtp = smtp.NewServer(s)
	s.smtp.Domain = "mailbox.example"
	s.smtp.AllowInsecureAuth = !cfg.StartTLS
	s.smtp.MaxMessageBytes = maxMessage
	s.smtp.MaxRecipients = 100
	s.smtp.MaxLineLength = 8 << 10
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = 30*time.Second, 30*time.Second
	s.smtp.ErrorLog = quiet{}
	if cfg.StartTLS {
		if s.smtp.TLSConfig, s.cert, err = selfSigned(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// quiet drops the library's notes about connections that were cut, which here is the point.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// Certificate is the PEM certificate of STARTTLS, nil without it. It is valid for localhost and 127.0.0.1.
func (s *Simulator) Certificate() []byte { return s.cert }

// Serve takes SMTP connections until Close.
func (s *Simulator) Serve(ln net.Listener) error {
	err := s.smtp.Serve(ln)
	if errors.Is(err, smtp.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Close stops SMTP and cuts open connections.
func (s *Simulator) Close() error {
	err := s.smtp.Close()
	if errors.Is(err, smtp.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Messages are the messages taken so far, oldest first.
func (s *Simulator) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message{}, s.messages...)
}

func (s *Simulator) list(w http.ResponseWriter, _ *http.Request) {
	stage.WriteJSON(w, http.StatusOK, map[string]any{"messages": s.Messages()})
}

func selfSigned() (*tls.Config, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("making the mail key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "mailbox.example"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		DNSNames: []string{"localhost", "mailbox.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, nil, fmt.Errorf("making the mail certificate: %w", err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	return config, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}

// state shows the mailbox to the stage.
type state Simulator

func (s *state) State() any { return map[string]any{"messages": (*Simulator)(s).Messages()} }

// Seed gives back messages as State showed them, for a town that goes on after a stop. New mail comes by SMTP only.
func (s *state) Seed(_ context.Context, raw []byte, _ fs.FS) error {
	var in struct {
		Messages []Message `json:"messages"`
	}
	if err := stage.Decode(raw, &in); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, in.Messages...)
	return nil
}

func (s *state) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = nil
}

func (s *state) Tables() []stage.Table {
	t := stage.Table{Title: "Messages", Columns: []string{"At", "From", "To", "Subject", "Text", "Message-ID", "Attachments"}}
	all := (*Simulator)(s).Messages()
	for i := len(all) - 1; i >= 0; i-- {
		m := all[i]
		files := ""
		for _, a := range m.Attachments {
			files += fmt.Sprintf("%s (%d bytes) ", a.Filename, a.Size)
		}
		t.Rows = append(t.Rows, []string{m.ReceivedAt.Format("2006-01-02 15:04"), m.From, fmt.Sprint(m.To), m.Subject, m.Text, m.MessageID, files})
	}
	return []stage.Table{t}
}
