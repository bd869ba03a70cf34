// Package demo plays the story of the samples: it starts stand-ins of the other systems and a real installation, and drives
// both over HTTP, as people and systems would.
//
// It owns the order of the story, the scripted decisions, and what is shown on the terminal. It does not own the story
// (samples), the stand-ins (simulator) nor any part of the product: it speaks to it by its API only. Invariant: what is on
// the screen afterwards was computed by the product from what came over HTTP.
package demo

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/pactloop/pactloop/samples"
	"github.com/pactloop/pactloop/simulator"
	"github.com/pactloop/pactloop/simulator/stage"
)

// People of the demo; all have the same password, since everything is on this machine.
const (
	AdminEmail    = "admin@halden.example"
	ReviewerEmail = "renata.solis@halden.example"
	ApproverEmail = "dario.venn@halden.example"
	Password      = "halden-demo-2026"
)

// Config of a demo.
type Config struct {
	Binary   string // the program to serve with; a demo build
	Data     string // folder of everything
	Address  string // where the product listens; a free port where it is taken or ends in :0
	Fixed    bool   // somebody asked for this address: it goes before the one of the last time, and no other will do
	Env      []string
	Out      io.Writer
	Database string // PostgreSQL URL; "" = SQLite
	// Quiet leaves out the notes of the story.
	Quiet bool
}

// Demo is a running town with a product in it.
type Demo struct {
	Config
	Town    *simulator.Town
	Base    string // address of the product
	Admin   *Client
	State   State
	server  *exec.Cmd
	exited  chan error
	players map[string]*Client
	closed  bool
	given   bool // the other systems hold what was kept of them
}

// State is what a demo keeps between two starts.
type State struct {
	Step        int               `json:"step"` // next step of the story
	Clock       time.Time         `json:"clock"`
	Address     string            `json:"address"`
	Ports       map[string]string `json:"ports"`
	Connections map[string]string `json:"connections"` // by connector
	EventKey    string            `json:"event_key"`
	Handles     map[string]string `json:"handles"` // story handle -> sys_id
	Done        bool              `json:"done"`
}

// New starts the town and the product; a folder that was used before goes on with its data. The town does not end with ctx:
// whoever interrupts the demo wants to go on later, and what the other systems hold has to be kept first. Close does that.
func New(ctx context.Context, cfg Config) (_ *Demo, err error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, err
	}
	d := &Demo{Config: cfg, players: map[string]*Client{}}
	if err := d.load(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = d.Close()
		}
	}()
	if err := d.startTown(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	if err := d.restoreTown(ctx); err != nil {
		return nil, err
	}
	if err := d.StartServer(ctx); err != nil {
		return nil, err
	}
	d.Admin = NewClient(d.Base, "")
	if err := d.Admin.SignIn(ctx, AdminEmail, Password); err != nil {
		return nil, fmt.Errorf("signing in: %w", err)
	}
	return d, d.save()
}

func (d *Demo) statePath() string { return filepath.Join(d.Data, "demo.json") }

func (d *Demo) load() error {
	d.State = State{Ports: map[string]string{}, Connections: map[string]string{}, Handles: map[string]string{}}
	b, err := os.ReadFile(d.statePath())
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, &d.State); err != nil {
		return fmt.Errorf("the demo's folder %s is damaged; start over with make demo-reset: %w", d.Data, err)
	}
	return nil
}

func (d *Demo) save() error {
	b, err := json.MarshalIndent(d.State, "", "  ")
	if err != nil {
		return err
	}
	return replace(d.statePath(), b)
}

// replace writes a file whole or not at all.
func replace(path string, b []byte) error {
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func (d *Demo) startTown(ctx context.Context) error {
	story, err := samples.LoadStory()
	if err != nil {
		return err
	}
	start := d.State.Clock
	if start.IsZero() {
		start = story.StartsAt
		if len(story.Steps) > 0 && story.Steps[0].At.Before(start) {
			start = story.Steps[0].At
		}
	}
	cfg := simulator.Config{Clock: stage.NewClock(start), AllowHTTP: true, Files: samples.Files, ServiceNowUsers: map[string]string{}, RetryBase: 200 * time.Millisecond}
	for name, into := range map[string]*[]byte{"ironclad": &cfg.IroncladSeed, "salesforce": &cfg.SalesforceSeed, "servicenow": &cfg.ServiceNowSeed} {
		if *into, err = samples.Seed(name); err != nil {
			return err
		}
	}
	users, err := serviceNowUsers(cfg.ServiceNowSeed)
	if err != nil {
		return err
	}
	cfg.ServiceNowUsers = users
	if cfg.IroncladKey, err = d.webhookKey(); err != nil {
		return err
	}
	p := d.State.Ports
	cfg.ClockAddr, cfg.IroncladAddr, cfg.SalesforceAddr, cfg.ServiceNowAddr, cfg.MailboxAddr, cfg.SMTPAddr = p["clock"], p["ironclad"], p["salesforce"], p["servicenow"], p["mailbox"], p["smtp"]
	if d.Town, err = simulator.Start(ctx, cfg); err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("starting the other systems: %w. Either a demo runs on %s already: use it, or stop it with Ctrl C. Or another program took the port, which the data of this demo names: stop that program, or take another folder with --dir", err, d.Data)
		}
		return fmt.Errorf("starting the other systems: %w", err)
	}
	u := d.Town.URLs
	for name, address := range map[string]string{"clock": u.Clock, "ironclad": u.Ironclad, "salesforce": u.Salesforce, "servicenow": u.ServiceNow, "mailbox": u.Mailbox} {
		p[name] = strings.TrimPrefix(address, "http://")
	}
	p["smtp"] = u.SMTP
	return nil
}

// webhookKey is the key with which Ironclad signs: the same after each start, as a real one would.
func (d *Demo) webhookKey() ([]byte, error) {
	path := filepath.Join(d.Data, "ironclad.key")
	raw, err := os.ReadFile(path)
	if !os.IsNotExist(err) {
		return raw, err
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("making Ironclad's key: %w", err)
	}
	raw = pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	return raw, replace(path, raw)
}

func serviceNowUsers(seed []byte) (map[string]string, error) {
	var in struct {
		Tables map[string][]map[string]any `json:"tables"`
	}
	if err := json.Unmarshal(seed, &in); err != nil {
		return nil, err
	}
	out := map[string]string{"system": "demo"}
	for _, u := range in.Tables["sys_user"] {
		if name, ok := u["user_name"].(string); ok {
			out[name] = "demo"
		}
	}
	return out, nil
}

// StartServer starts the product as a process of its own.
func (d *Demo) StartServer(ctx context.Context) error {
	want := d.State.Address
	if want == "" || (d.Fixed && d.Base == "") {
		want = d.Address
	}
	address, err := d.address(ctx, want)
	if err != nil {
		return err
	}
	if base := "http://" + address; d.Base != base { // others may be reading it while a killed server is started again
		d.State.Address, d.Base = address, base
	}
	log, err := os.OpenFile(filepath.Join(d.Data, "server.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(d.Binary, "serve")
	cmd.Env = append(os.Environ(),
		"PACTLOOP_ADDRESS="+address, "PACTLOOP_BASE_URL="+d.Base, "PACTLOOP_DATA="+filepath.Join(d.Data, "pactloop"), "PACTLOOP_DATABASE_URL="+d.Database,
		"PACTLOOP_CLOCK_URL="+d.Town.URLs.Clock+"/_sim/clock", "PACTLOOP_ADMIN_EMAIL="+AdminEmail, "PACTLOOP_ADMIN_PASSWORD="+Password,
		"PACTLOOP_COMPANY=Halden Systems, Inc.", "PACTLOOP_DEFAULT_OWNER=contracts@halden.example",
		"PACTLOOP_SMTP_ADDRESS="+d.Town.URLs.SMTP, "PACTLOOP_SMTP_TLS=none", "PACTLOOP_SMTP_ALLOW=127.0.0.1", "PACTLOOP_SMTP_FROM=pactloop@halden.example")
	cmd.Env = append(cmd.Env, d.Env...)
	cmd.Stdout, cmd.Stderr = log, log
	// A group of its own: Ctrl C in the terminal is for the demo, which stops the product when the step under way is done.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", d.Binary, err)
	}
	d.server, d.exited = cmd, make(chan error, 1)
	go func() { d.exited <- cmd.Wait() }()
	return d.awaitReady(ctx)
}

// awaitReady asks /readyz until it says yes.
func (d *Demo) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.Base+"/readyz", nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-d.exited:
			d.exited <- err
			return fmt.Errorf("the product ended at its start (%w); see %s", errOr(err), filepath.Join(d.Data, "server.log"))
		case <-ctx.Done():
			return fmt.Errorf("the product does not answer; see %s", filepath.Join(d.Data, "server.log"))
		case <-time.After(30 * time.Millisecond):
		}
	}
}

func errOr(err error) error {
	if err == nil {
		return errors.New("without an error")
	}
	return err
}

// Kill ends the product like a power cut.
func (d *Demo) Kill() error {
	if d.server == nil {
		return nil
	}
	if err := d.server.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-d.exited //nolint:errcheck // it was killed; that is what the error says
	d.server = nil
	return nil
}

// PID is the process of the product, 0 while there is none.
func (d *Demo) PID() int {
	if d.server == nil {
		return 0
	}
	return d.server.Process.Pid
}

// Reap takes note that the product ended by itself, with what Exited told.
func (d *Demo) Reap(error) { d.server = nil }

// Exited tells that the product ended by itself.
func (d *Demo) Exited() <-chan error { return d.exited }

// stopLimit is longer than the product takes to give up what is under way.
const stopLimit = 30 * time.Second

// stopServer asks the product to stop and waits. A product that has to be killed is a failure.
func (d *Demo) stopServer() error {
	if d.server == nil {
		return nil
	}
	_ = d.server.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-d.exited:
		d.server = nil
		return err
	case <-time.After(stopLimit):
		return errors.Join(fmt.Errorf("the product did not stop within %s of being asked to, and was killed; see %s", stopLimit, filepath.Join(d.Data, "server.log")), d.Kill())
	}
}

// Keep writes down what the other systems hold now and where the clock stands, for a demo that is not asked before it ends.
func (d *Demo) Keep(ctx context.Context) error {
	d.State.Clock = d.Town.Clock.Now()
	return errors.Join(d.keepTown(ctx), d.save())
}

// Close stops everything and keeps the state. Twice is harmless.
func (d *Demo) Close() error {
	if d.closed {
		return nil
	}
	d.closed = true
	var errs []error
	errs = append(errs, d.stopServer())
	if d.Town != nil {
		d.State.Clock = d.Town.Clock.Now()
		// Whatever ended the demo must not end the keeping.
		errs = append(errs, d.keepTown(context.Background()), d.save(), d.Town.Close())
	}
	return errors.Join(errs...)
}

// address is where the product listens. At the first start another program may have taken the address of the last time; asking
// that one whether it is ready would be a mistake. While we run, those who speak to the product know its address: it is waited
// for, since a connection that somebody tried to make to the dead process may hold the port for a moment.
func (d *Demo) address(ctx context.Context, want string) (string, error) {
	if d.Base == "" {
		address, err := freeAddress(ctx, want)
		if err == nil && d.Fixed && address != want {
			return "", fmt.Errorf("the address %s is taken by another program: stop it, or name another with --address", want)
		}
		return address, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		address, err := freeAddress(ctx, want)
		if err != nil || address == want {
			return address, err
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("the address %s of the product was taken by somebody else while it was down", want)
		case <-time.After(30 * time.Millisecond):
		}
	}
}

// freeAddress gives the wanted address, or a free port of its host where it is taken.
func freeAddress(ctx context.Context, want string) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", want)
	if err != nil {
		host, _, serr := net.SplitHostPort(want)
		if serr != nil {
			return "", serr
		}
		if l, err = lc.Listen(ctx, "tcp", net.JoinHostPort(host, "0")); err != nil {
			return "", err
		}
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// The state of the stand-ins is kept as they show it, and seeded again at the next start.

// keepTown keeps what the other systems hold. All of them are asked before the first file is replaced: half a town would
// not fit the product's data.
func (d *Demo) keepTown(ctx context.Context) error {
	if !d.given {
		return nil // it never got what was kept, which stands
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	held := map[string]json.RawMessage{}
	for name, base := range d.systems() {
		var state json.RawMessage
		if err := NewClient("", "").Raw(ctx, http.MethodGet, base+"/_sim/state", nil, "", &state); err != nil {
			return fmt.Errorf("what %s holds could not be kept; the next start would go on without it, so start over with make demo-reset: %w", name, err)
		}
		held[name] = state
	}
	for name, state := range held {
		if err := replace(filepath.Join(d.Data, name+".json"), state); err != nil {
			return fmt.Errorf("keeping what %s holds: %w", name, err)
		}
	}
	return nil
}

func (d *Demo) restoreTown(ctx context.Context) error {
	for name, base := range d.systems() {
		body, err := os.ReadFile(filepath.Join(d.Data, name+".json"))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return err
		}
		c := NewClient("", "")
		if err := c.Raw(ctx, http.MethodPost, base+"/_sim/seed", strings.NewReader(string(body)), "application/json", nil); err != nil {
			return fmt.Errorf("giving %s back what it held: %w. make demo-reset starts over", name, err)
		}
	}
	d.given = true
	return nil
}

func (d *Demo) systems() map[string]string {
	u := d.Town.URLs
	return map[string]string{"ironclad": u.Ironclad, "salesforce": u.Salesforce, "servicenow": u.ServiceNow, "mailbox": u.Mailbox}
}

func query(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return "?" + v.Encode()
}
