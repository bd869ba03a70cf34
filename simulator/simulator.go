// Package simulator starts the whole town: Ironclad, Salesforce, ServiceNow and a mailbox, on loopback ports, with one clock that a story can move.
// The demo and the tests use it; nothing that ships to a customer's server does.
//
// It owns: listening, the shared clock, the seeds, the order of stopping, and the credentials everybody in the story uses.
//
// It does not own: what each system does; that is in the package of its name.
//
// Invariants: it listens on loopback only, because its administration has no protection; Close returns when every port is free again.
package simulator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/pactloop/pactloop/simulator/ironclad"
	"github.com/pactloop/pactloop/simulator/mailbox"
	"github.com/pactloop/pactloop/simulator/salesforce"
	"github.com/pactloop/pactloop/simulator/servicenow"
	"github.com/pactloop/pactloop/simulator/stage"
)

// Config describes the town. Every address may be empty or end in :0 for a free port.
type Config struct {
	Clock *stage.Clock // nil: a new one that stands still at Start
	Start time.Time    // where a new clock stands; zero: the wall time of now

	ClockAddr, IroncladAddr, SalesforceAddr, ServiceNowAddr, MailboxAddr, SMTPAddr string

	AllowHTTP bool // let Ironclad's webhooks go to http addresses
	StartTLS  bool // offer STARTTLS in the mailbox
	// SMTPAuth makes the mailbox refuse mail before AUTH. Off, AUTH is possible and not needed.
	SMTPAuth bool

	// Seeds in each system's own form; nil for none. Files is what attachments in them refer to.
	IroncladSeed, SalesforceSeed, ServiceNowSeed []byte
	Files                                        fs.FS

	IroncladKey     []byte            // PEM of the webhook key; nil: a new one each start
	IroncladLimits  map[string]int    // see ironclad.Config
	RetryBase       time.Duration     // see ironclad.Config
	HourlyLimit     int               // see servicenow.Config
	ServiceNowUsers map[string]string // more people who may sign in to ServiceNow: name -> password
	PageSize        int               // see salesforce.Config
	Log             *slog.Logger      // nil: silent
}

// Credentials are what the simulators accept unless told otherwise.
type Credentials struct{ ClientID, ClientSecret, Username, Password string }

// Town is the running set.
type Town struct {
	Clock      *stage.Clock
	Ironclad   *ironclad.Simulator
	Salesforce *salesforce.Simulator
	ServiceNow *servicenow.Simulator
	Mailbox    *mailbox.Simulator
	URLs       URLs

	closers []func() error
	wg      sync.WaitGroup
	once    sync.Once
	failed  error
}

// URLs are the base addresses, without a slash at the end. SMTP is host:port.
type URLs struct {
	Clock, Ironclad, Salesforce, ServiceNow, Mailbox, SMTP string
}

// IroncladCredentials, SalesforceCredentials, ServiceNowCredentials and MailboxCredentials sign in to the default town.
func IroncladCredentials() Credentials {
	return Credentials{ClientID: "pactloop", ClientSecret: "ironclad-secret"}
}

// SalesforceCredentials are for the client credentials grant.
func SalesforceCredentials() Credentials {
	return Credentials{ClientID: "pactloop", ClientSecret: "salesforce-secret"}
}

// ServiceNowCredentials are for basic access and for OAuth.
func ServiceNowCredentials() Credentials {
	return Credentials{ClientID: "pactloop", ClientSecret: "servicenow-secret", Username: "pactloop", Password: "servicenow-secret"}
}

// MailboxCredentials are for AUTH PLAIN and LOGIN.
func MailboxCredentials() Credentials {
	return Credentials{Username: "pactloop", Password: "mail-secret"}
}

// Start builds and starts everything. The town stops when ctx ends or on Close.
func Start(ctx context.Context, cfg Config) (*Town, error) {
	if cfg.Clock == nil {
		if cfg.Start.IsZero() {
			cfg.Start = time.Now()
		}
		cfg.Clock = stage.NewClock(cfg.Start)
	}
	t := &Town{Clock: cfg.Clock}
	if err := t.build(cfg); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	if err := t.listen(ctx, cfg); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	context.AfterFunc(ctx, func() { _ = t.Close() })
	return t, nil
}

func (t *Town) build(cfg Config) error {
	var err error
	t.Ironclad, err = ironclad.New(ironclad.Config{
		Clock: cfg.Clock, AllowHTTP: cfg.AllowHTTP, PrivateKey: cfg.IroncladKey, RetryBase: cfg.RetryBase, Limits: cfg.IroncladLimits, Seed: cfg.IroncladSeed, Files: cfg.Files, Log: cfg.Log,
	})
	if err != nil {
		return err
	}
	t.closers = append(t.closers, t.Ironclad.Close)
	if t.Salesforce, err = salesforce.New(salesforce.Config{Clock: cfg.Clock, PageSize: cfg.PageSize, Seed: cfg.SalesforceSeed, Files: cfg.Files, Log: cfg.Log}); err != nil {
		return err
	}
	if t.ServiceNow, err = servicenow.New(servicenow.Config{Clock: cfg.Clock, Users: people(cfg.ServiceNowUsers), HourlyLimit: cfg.HourlyLimit, Seed: cfg.ServiceNowSeed, Files: cfg.Files, Log: cfg.Log}); err != nil {
		return err
	}
	if t.Mailbox, err = mailbox.New(mailbox.Config{Clock: cfg.Clock, StartTLS: cfg.StartTLS, RequireAuth: cfg.SMTPAuth, Log: cfg.Log}); err != nil {
		return err
	}
	t.closers = append(t.closers, t.Mailbox.Close)
	return nil
}

// people adds the integration's own user to those of the story.
func people(more map[string]string) map[string]string {
	c := ServiceNowCredentials()
	all := map[string]string{c.Username: c.Password}
	for name, password := range more {
		all[name] = password
	}
	return all
}

func (t *Town) listen(ctx context.Context, cfg Config) error {
	clock := http.NewServeMux()
	clock.Handle("/_sim/clock", t.Clock.Handler())
	for _, s := range []struct {
		name, addr string
		handler    http.Handler
		url        *string
	}{
		{"clock", cfg.ClockAddr, clock, &t.URLs.Clock},
		{"ironclad", cfg.IroncladAddr, t.Ironclad, &t.URLs.Ironclad},
		{"salesforce", cfg.SalesforceAddr, t.Salesforce, &t.URLs.Salesforce},
		{"servicenow", cfg.ServiceNowAddr, t.ServiceNow, &t.URLs.ServiceNow},
		{"mailbox", cfg.MailboxAddr, t.Mailbox, &t.URLs.Mailbox},
	} {
		ln, err := loopback(ctx, s.name, s.addr)
		if err != nil {
			return err
		}
		*s.url = "http://" + ln.Addr().String()
		t.serveHTTP(ln, s.handler)
	}
	ln, err := loopback(ctx, "smtp", cfg.SMTPAddr)
	if err != nil {
		return err
	}
	t.URLs.SMTP = ln.Addr().String()
	t.closers = append(t.closers, func() error {
		_ = ln.Close() // the SMTP server closes only listeners it already serves, and a town may end before that
		return nil
	})
	t.wg.Add(1)
	go func() {
		defer t.wg.Done()
		_ = t.Mailbox.Serve(ln) // it ends with Close
	}()
	return nil
}

func (t *Town) serveHTTP(ln net.Listener, h http.Handler) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	t.closers = append(t.closers, srv.Close)
	t.wg.Add(1)
	go func() {
		defer t.wg.Done()
		_ = srv.Serve(ln) // it ends with Close
	}()
}

// loopback listens, and refuses any address that others could reach.
func loopback(ctx context.Context, name, addr string) (net.Listener, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("address of %s: %w", name, err)
	}
	if host == "" || host == "localhost" {
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("address of %s: %s is not a loopback address, and a simulator has no protection", name, host)
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("listening for %s: %w", name, err)
	}
	return ln, nil
}

// Close stops everything and waits. Twice is harmless.
func (t *Town) Close() error {
	t.once.Do(func() {
		var errs []error
		for i := len(t.closers) - 1; i >= 0; i-- {
			errs = append(errs, t.closers[i]())
		}
		t.wg.Wait()
		t.failed = errors.Join(errs...)
	})
	return t.failed
}
