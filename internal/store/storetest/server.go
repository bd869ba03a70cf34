package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store/postgres"
)

// Env names the server that all test binaries share; scripts/with-postgres sets it.
const Env = "PACTLOOP_TEST_POSTGRES"

// server is the PostgreSQL of this test binary.
type server struct {
	url      string // of its maintenance database
	template string // name of the migrated database that tests copy
	// alive is what the server's watcher reads. It is kept so that the collector does not close it before our end.
	alive io.Closer
}

// shared is started by the first test that asks. The server itself ends when this process does (see start).
var shared = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	at := os.Getenv(Env)
	var alive io.Closer
	if at == "" {
		var err error
		if at, alive, err = start(ctx); err != nil {
			return nil, err
		}
	}
	s := &server{url: at, alive: alive, template: "pactloop_template_" + strings.TrimPrefix(pact.NewID[string]("t", time.Now()), "t_")}
	return s, s.prepare(ctx)
})

// PostgresURL makes a migrated database for a test, dropped at its end.
func PostgresURL(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("PostgreSQL is needed for this test: %v\ninstall it (Debian: apt-get install postgresql), or set %s to the URL of a running server", err, Env)
	}
	name := strings.ReplaceAll(pact.NewID[string]("test", time.Now()), "-", "")
	if err := s.admin(t.Context(), fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, s.template)); err != nil {
		t.Fatalf("making a test database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := s.admin(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Logf("dropping the test database: %v", err)
		}
	})
	return s.database(name)
}

func (s *server) database(name string) string {
	u, err := url.Parse(s.url)
	if err != nil {
		return s.url
	}
	u.Path = "/" + name
	return u.String()
}

// templating guards the template: PostgreSQL copies it only while nobody is connected to it, and one copy at a time.
var templating sync.Mutex

func (s *server) admin(ctx context.Context, statement string) error {
	templating.Lock()
	defer templating.Unlock()
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return fmt.Errorf("connecting to %s: %w", s.url, err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, statement)
	return err
}

// prepare migrates the database that tests copy. Its name is this process's own: two test binaries share a server.
func (s *server) prepare(ctx context.Context) error {
	if err := s.admin(ctx, "CREATE DATABASE "+s.template); err != nil {
		return fmt.Errorf("making the template database: %w", err)
	}
	st, err := postgres.Open(ctx, postgres.Config{URL: s.database(s.template), AuditKey: Key(), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("migrating the template database: %w", err)
	}
	return st.Close()
}

// start starts a server in a folder of its own, and a small watcher that stops it and removes the folder when this
// process ends, however it ends.
func start(ctx context.Context) (string, io.Closer, error) {
	bin, err := binaries()
	if err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp("", "pactloop-pg-")
	if err != nil {
		return "", nil, err
	}
	var as *syscall.Credential
	if os.Getuid() == 0 { // initdb refuses root
		as = &syscall.Credential{Uid: 65534, Gid: 65534}
		if err := os.Chown(dir, 65534, 65534); err != nil {
			return "", nil, err
		}
	}
	data := filepath.Join(dir, "data")
	if out, err := command(ctx, as, dir, filepath.Join(bin, "initdb"), "-N", "-D", data, "-U", "pactloop", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8").CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	// exec keeps the process id; the shell waits for our end on its standard input, which the kernel closes.
	script := `"$1" -D "$2" -k "$3" -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off ` +
		`-c max_connections=300 -c shared_buffers=64MB >"$3/log" 2>&1 & server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf "$3"`
	watcher := command(context.WithoutCancel(ctx), as, dir, "/bin/sh", "-c", script, "sh", filepath.Join(bin, "postgres"), data, dir)
	watcher.SysProcAttr.Setpgid = true // an interrupt of the terminal is for us; it follows
	alive, err := watcher.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	if err := watcher.Start(); err != nil {
		return "", nil, fmt.Errorf("starting PostgreSQL: %w", err)
	}
	at := "postgres://pactloop@/postgres?host=" + url.QueryEscape(dir)
	return at, alive, ready(ctx, at, filepath.Join(dir, "log"))
}

func command(ctx context.Context, as *syscall.Credential, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // programs of PostgreSQL
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	return cmd
}

// binaries finds the programs of PostgreSQL; Debian keeps them off the path.
func binaries() (string, error) {
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	dirs = append(dirs, filepath.SplitList(os.Getenv("PATH"))...)
	for _, dir := range dirs {
		_, noInit := os.Stat(filepath.Join(dir, "initdb"))
		_, noServer := os.Stat(filepath.Join(dir, "postgres"))
		if noInit == nil && noServer == nil {
			return dir, nil
		}
	}
	return "", errors.New("initdb and postgres were not found in /usr/lib/postgresql or on the path")
}

func ready(ctx context.Context, at, log string) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for {
		conn, err := pgx.Connect(ctx, at)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-deadline:
			text, _ := os.ReadFile(log) //nolint:gosec // our own folder
			return fmt.Errorf("PostgreSQL did not start: %w\n%s", err, text)
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
