//go:build demo

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pactloop/pactloop/demo"
	"github.com/pactloop/pactloop/internal/pact"
)

// served is `pactloop serve` of the default build, in a folder of its own.
type served struct {
	cmd    *exec.Cmd
	ended  chan error
	base   string
	log    *logged
	answer *bufio.Scanner
}

// logged keeps what a process writes while others read it.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serve starts it with nothing but a free address, and waits until it says where it is.
func serve(ctx context.Context, t *testing.T, binary, folder string) *served {
	t.Helper()
	s := &served{cmd: exec.CommandContext(ctx, binary, "serve", "--address", "127.0.0.1:0"), ended: make(chan error, 1), log: &logged{}}
	s.cmd.Dir, s.cmd.Stderr = folder, s.log
	s.cmd.Env = []string{"HOME=" + folder, "PATH=" + os.Getenv("PATH")}
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	s.answer = bufio.NewScanner(out)
	line := s.line()
	address, ok := strings.CutPrefix(line, "Pactloop is ready at ")
	if !ok {
		t.Fatalf("it said %q\n%s", line, s.log)
	}
	s.base = address
	return s
}

func (s *served) line() string {
	s.answer.Scan()
	return s.answer.Text()
}

// stop asks it to end, which it does in time, by itself and without an error; and gives what it printed after what was read.
func (s *served) stop(t *testing.T) string {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var rest strings.Builder
	go func() {
		for s.answer.Scan() {
			rest.WriteString(s.answer.Text() + "\n")
		}
		s.ended <- s.cmd.Wait()
	}()
	select {
	case err := <-s.ended:
		if err != nil {
			t.Errorf("it stopped with %v\n%s", err, s.log)
		}
	case <-time.After(2 * time.Minute):
		t.Fatalf("it did not stop\n%s", s.log)
	}
	return rest.String()
}

func status(ctx context.Context, t *testing.T, address string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// The binary alone, with no configuration: what a newcomer has after `make build`.
func TestTheDefaultBuildServesFromAnEmptyFolder(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	folder := t.TempDir()
	binary := filepath.Join(t.TempDir(), "pactloop")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "../cmd/pactloop").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := serve(ctx, t, binary, folder)
	m := regexp.MustCompile(`^First start: sign in as (\S+) with the password (\S+) \(`).FindStringSubmatch(s.line())
	if m == nil {
		t.Fatalf("it printed no administrator: %q", s.answer.Text())
	}
	for _, path := range []string{"/healthz", "/readyz", "/"} {
		if got := status(ctx, t, s.base+path); got != http.StatusOK {
			t.Errorf("%s answers %d", path, got)
		}
	}
	c := demo.NewClient(s.base, "")
	if err := c.SignIn(ctx, m[1], "not the password"); refusal(err) != http.StatusUnauthorized {
		t.Errorf("a wrong password: %v", err)
	}
	if err := c.SignIn(ctx, m[1], m[2]); err != nil {
		t.Fatal(err)
	}
	if err := c.Do(ctx, http.MethodPost, "/keys", map[string]any{"name": "kept", "role": "viewer", "units": []string{"*"}}, nil); err != nil {
		t.Fatal(err)
	}
	if rest := s.stop(t); strings.Contains(rest, m[2]) {
		t.Error("the password was printed again")
	}

	// Another start is no first start, and has what was there.
	s = serve(ctx, t, binary, folder)
	c = demo.NewClient(s.base, "")
	if err := c.SignIn(ctx, m[1], m[2]); err != nil {
		t.Errorf("the sign-in of the first start: %v", err)
	}
	names := get[struct {
		Items []pact.APIKey `json:"items"`
	}](ctx, t, c, "/keys").Items
	if len(names) != 1 || names[0].Name != "kept" {
		t.Errorf("the keys are %+v", names)
	}
	if rest := s.stop(t); strings.Contains(rest, "First start") {
		t.Errorf("the second start says %q", rest)
	}

	// Its clock is the wall's: neither the demo's command nor its setting is there.
	cmd := exec.CommandContext(ctx, binary, "serve", "--address", "127.0.0.1:0")
	cmd.Dir, cmd.Env = folder, []string{"HOME=" + folder, "PACTLOOP_CLOCK_URL=http://127.0.0.1:1/_sim/clock"}
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "clock") {
		t.Errorf("with a movable clock it starts: %v\n%s", err, out)
	}
	if out, err := exec.CommandContext(ctx, binary, "demo", "--help").CombinedOutput(); err == nil {
		t.Errorf("the default build has the demo in it:\n%s", out)
	}
}
