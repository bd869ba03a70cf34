// Package tesseract recognises pictures with the tesseract program of this machine.
//
// It owns finding the program and its languages, one limited process per picture, and reading its answer. It does not own
// what is done to a picture before (document/scan), nor installing the program. Invariants: a process uses one thread, has
// no environment but what it needs, sees the picture on its input and no file; it is ended with all it started when its time
// or memory is used up or the caller goes away; nothing it prints is trusted.
package tesseract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/usage"
	"github.com/pactloop/pactloop/internal/pact"
)

// Config of the engine. Zero values take what their comment says.
type Config struct {
	Program   string        // path of the program; empty: looked for in PATH and the usual folders
	Data      string        // folder of the language files; empty: the program's own
	Languages string        // "eng+deu": which languages the documents have; "eng"
	Limit     time.Duration // processor time for one picture; 60 s
	Memory    int64         // address space of a process; 2 GiB
	Processes int           // pictures at once; the number of processors
	Answer    time.Duration // for what is asked before the first picture: version and languages; 10 s
}

// Engine runs tesseract. It is safe for use by several goroutines.
type Engine struct {
	config Config
	slots  chan struct{}

	mu    sync.Mutex
	found *document.EngineStatus // kept once everything is there; until then every picture looks again, so that installing is enough
}

var _ document.Recogniser = (*Engine)(nil)

// New makes an engine. The program need not be there yet.
func New(c Config) (*Engine, error) {
	if c.Languages == "" {
		c.Languages = "eng"
	}
	if !regexp.MustCompile(`^[a-zA-Z_]{2,20}(/[a-zA-Z_]{2,20})?(\+[a-zA-Z_]{2,20}(/[a-zA-Z_]{2,20})?){0,9}$`).MatchString(c.Languages) {
		return nil, fmt.Errorf("the languages of text recognition are written as eng+deu, not %q", c.Languages)
	}
	if c.Limit == 0 {
		c.Limit = time.Minute
	}
	if c.Memory == 0 {
		c.Memory = 2 << 30
	}
	if c.Answer == 0 {
		c.Answer = 10 * time.Second
	}
	if c.Processes == 0 {
		c.Processes = runtime.NumCPU()
	}
	return &Engine{config: c, slots: make(chan struct{}, c.Processes)}, nil
}

// usual are folders that a service's PATH often lacks.
var usual = []string{"/usr/bin/tesseract", "/usr/local/bin/tesseract", "/opt/homebrew/bin/tesseract", "/opt/local/bin/tesseract"}

func (e *Engine) program() string {
	if e.config.Program != "" {
		return e.config.Program
	}
	if p, err := exec.LookPath("tesseract"); err == nil {
		return p
	}
	for _, p := range usual {
		if s, err := os.Stat(p); err == nil && s.Mode()&0o111 != 0 {
			return p
		}
	}
	return ""
}

// Status tells what is installed. It looks each time until everything is there.
func (e *Engine) Status(ctx context.Context) document.EngineStatus {
	s, err := e.status(ctx)
	if err != nil {
		s.Missing = fmt.Sprintf("The program %s did not answer in time when it was asked for its version and languages. Scans are tried again; look again when the machine is less busy.", s.Where)
	}
	return s
}

// status fails where the program did not answer before its time, or its caller, was gone: that says nothing of what is
// installed.
func (e *Engine) status(ctx context.Context) (document.EngineStatus, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.found != nil {
		return *e.found, nil
	}
	s := document.EngineStatus{Engine: "tesseract", Where: e.program(), Chosen: strings.Split(e.config.Languages, "+")}
	if s.Where == "" {
		s.Missing = "Tesseract is not installed. Install it (Debian: apt-get install tesseract-ocr), then press Retry at the document."
		return s, nil
	}
	ctx, cancel := context.WithTimeout(ctx, e.config.Answer)
	defer cancel()
	version, err := e.run(ctx, s.Where, []string{"--version"}, nil)
	if ctx.Err() != nil {
		return s, fmt.Errorf("asking %s for its version: %w", s.Where, ctx.Err())
	}
	if err != nil {
		s.Missing = fmt.Sprintf("The program %s does not run as tesseract. Install tesseract (Debian: apt-get install tesseract-ocr), or set ocr_tesseract to where it is.", s.Where)
		return s, nil
	}
	if m := regexp.MustCompile(`tesseract v?(\d+\.\d+[.\d]*)`).FindSubmatch(version); m != nil {
		s.Version = string(m[1])
	} else {
		s.Version = "unknown"
	}
	list, err := e.run(ctx, s.Where, e.args("--list-langs"), nil)
	if ctx.Err() != nil {
		return s, fmt.Errorf("asking %s for its languages: %w", s.Where, ctx.Err())
	}
	if err == nil {
		for _, l := range strings.Split(string(list), "\n") {
			if l = strings.TrimSpace(l); l != "" && !strings.Contains(l, " ") {
				s.Languages = append(s.Languages, l)
			}
		}
	}
	slices.Sort(s.Languages)
	var missing []string
	for _, l := range s.Chosen {
		if !slices.Contains(s.Languages, l) {
			missing = append(missing, l)
		}
	}
	if len(missing) > 0 {
		s.Missing = fmt.Sprintf("Tesseract has no data for %s. Install it (Debian: apt-get install tesseract-ocr-%s), or set ocr_languages to what is there.", strings.Join(missing, ", "), strings.ReplaceAll(missing[0], "_", "-"))
		return s, nil
	}
	e.found = &s
	return s, nil
}

func (e *Engine) args(more ...string) []string {
	if e.config.Data != "" {
		return append([]string{"--tessdata-dir", e.config.Data}, more...)
	}
	return more
}

// Recognise reads one picture.
func (e *Engine) Recognise(ctx context.Context, p document.Picture) (document.Recognised, error) {
	s, err := e.status(ctx)
	if err != nil {
		return document.Recognised{}, err
	}
	if s.Missing != "" {
		return document.Recognised{}, document.Failed(pact.DocumentNeedsOCR, "The document is a scan, and it can not be read yet. "+s.Missing)
	}
	if p.Width < 1 || p.Height < 1 || len(p.Gray) != p.Width*p.Height {
		return document.Recognised{}, errors.New("recognising a picture: its size is not that of its points")
	}
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
		return document.Recognised{}, fmt.Errorf("waiting to recognise a picture: %w", ctx.Err())
	}
	limited, cancel := context.WithTimeout(ctx, usage.Wall(e.config.Limit))
	defer cancel()
	input := append(fmt.Appendf(nil, "P5\n%d %d\n255\n", p.Width, p.Height), p.Gray...)
	out, err := e.run(limited, s.Where, e.args("stdin", "stdout", "-l", e.config.Languages, "--dpi", strconv.Itoa(p.DPI), "--psm", "3", "-c", "debug_file=/dev/null", "tsv"), input)
	switch {
	case ctx.Err() != nil:
		return document.Recognised{}, fmt.Errorf("recognising a picture: %w", ctx.Err())
	case limited.Err() != nil, errors.Is(err, errTime):
		return document.Recognised{}, document.Failed(pact.DocumentRejected, fmt.Sprintf("Recognising the picture took longer than %s, so it was stopped. Scan the page again at 300 dpi.", e.config.Limit))
	case err != nil:
		return document.Recognised{}, document.Failed(pact.DocumentRejected, "Tesseract stopped on the picture, perhaps for want of memory. Scan the page again at 300 dpi, without stains and patterns.")
	}
	words, err := parse(out)
	if err != nil {
		return document.Recognised{}, fmt.Errorf("recognising a picture: %w", err)
	}
	return document.Recognised{Engine: fmt.Sprintf("tesseract/%s(%s)", s.Version, e.config.Languages), Words: words}, nil
}

const maxOutput = 64 << 20

var errTime = errors.New("over the limit of processor time")

// run starts the program with the limits and gives what it printed. The goroutine keeps its thread until the end, because a
// child that is to die with its parent dies with the thread that made it.
func (e *Engine) run(ctx context.Context, program string, args []string, input []byte) ([]byte, error) {
	type result struct {
		out []byte
		err error
	}
	got := make(chan result, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		out, err := e.limited(ctx, program, args, input)
		got <- result{out, err}
	}()
	r := <-got
	return r.out, r.err
}

func (e *Engine) limited(ctx context.Context, program string, args []string, input []byte) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = []string{"OMP_THREAD_LIMIT=1", "LC_ALL=C"}
	if e.config.Data == "" {
		if v, ok := os.LookupEnv("TESSDATA_PREFIX"); ok {
			cmd.Env = append(cmd.Env, "TESSDATA_PREFIX="+v)
		}
	}
	cmd.Dir = "/"
	out, said := &bounded{most: maxOutput}, &bounded{most: 4096}
	cmd.Stdout, cmd.Stderr = out, said
	cmd.WaitDelay = 2 * time.Second
	cmd.Cancel = func() error { kill(cmd); return nil }
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	isolate(cmd)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", program, err)
	}
	// The program waits for its input, so the limits are there before it can use anything.
	if err := limit(cmd.Process.Pid, e.config.Memory, e.config.Limit); err != nil {
		_ = stdin.Close()
		kill(cmd)
		_ = cmd.Wait()
		return nil, fmt.Errorf("limiting %s: %w", program, err)
	}
	_, writing := stdin.Write(input)
	_ = stdin.Close()
	if err := cmd.Wait(); err != nil {
		if timedOut(cmd) {
			err = errors.Join(errTime, err)
		}
		return nil, fmt.Errorf("running %s: %w: %s", program, errors.Join(err, writing), said.b.String())
	}
	if out.over {
		return nil, fmt.Errorf("running %s: it printed more than %d MB", program, maxOutput>>20)
	}
	return out.b.Bytes(), nil
}

// bounded keeps the first bytes and forgets the rest, so that a program that prints for ever does not stop on a full pipe.
type bounded struct {
	b    bytes.Buffer
	most int
	over bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if room := b.most - b.b.Len(); room < len(p) {
		b.over = true
		b.b.Write(p[:max(0, room)])
		return len(p), nil
	}
	return b.b.Write(p)
}
