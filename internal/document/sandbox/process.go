package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// worker is one child process.
type worker struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    io.ReadCloser
	files  int
	stderr *tail
}

// death is the loss of a worker while it read a file.
type death struct {
	reason string // a sentence for the user
	final  bool   // the file did it: trying again is a waste
	err    error
}

func (d *death) Error() string { return "the document worker died: " + d.reason }
func (d *death) Unwrap() error { return d.err }

type startRequest struct {
	cmd  *exec.Cmd
	done chan error
}

// start starts the workers on one thread that lives as long as the pool: a child that is to die with its parent dies with
// the thread that made it.
func (p *Pool) start() {
	runtime.LockOSThread()
	for {
		select {
		case r := <-p.starts:
			r.done <- r.cmd.Start()
		case <-p.done:
			return
		}
	}
}

func (p *Pool) startWorker(ctx context.Context) (*worker, error) {
	cmd := exec.Command(p.config.Executable, p.config.Args...) // not bound to ctx: the worker outlives the file
	cmd.Env = []string{}
	cmd.Dir = "/"
	isolate(cmd)
	w := &worker{cmd: cmd, stderr: &tail{}}
	cmd.Stderr = w.stderr
	var err error
	if w.in, err = cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("starting a document worker: %w", err)
	}
	if w.out, err = cmd.StdoutPipe(); err != nil {
		return nil, fmt.Errorf("starting a document worker: %w", err)
	}
	request := startRequest{cmd, make(chan error, 1)}
	select {
	case p.starts <- request:
	case <-ctx.Done():
		return nil, fmt.Errorf("starting a document worker: %w", ctx.Err())
	case <-p.done:
		return nil, ErrClosed
	}
	if err := <-request.done; err != nil {
		return nil, fmt.Errorf("starting a document worker: %w", err)
	}
	settings := Settings{CacheDir: p.config.CacheDir, Memory: p.config.Memory, CPUSeconds: uint64((p.config.Limit*time.Duration(p.config.RecycleAfter))/time.Second)*4 + 60}
	b, err := json.Marshal(settings)
	if err == nil {
		err = writeFrame(w.in, b)
	}
	if err != nil {
		w.end()
		return nil, fmt.Errorf("starting a document worker: %w", err)
	}
	return w, nil
}

// read sends a file and waits for the answer, the time, the memory or the end of ctx, whichever comes first.
func (w *worker) read(ctx context.Context, c Config, file []byte, filename string) (answer, error) {
	type result struct {
		a   answer
		err error
	}
	got := make(chan result, 1)
	go func() {
		a, err := w.exchange(file, filename)
		got <- result{a, err}
	}()
	timer := time.NewTimer(c.Limit)
	defer timer.Stop()
	watch := time.NewTicker(20 * time.Millisecond)
	defer watch.Stop()
	lost := func(d *death) (answer, error) {
		kill(w.cmd) // ends the exchange, too
		<-got
		return answer{}, d
	}
	for {
		select {
		case r := <-got:
			if r.err != nil {
				return answer{}, &death{reason: "The file made the parser stop twice, so it was set aside. Send another copy, such as the original printed to PDF, and report this file.", err: fmt.Errorf("%w; it said: %s", r.err, w.stderr.String())}
			}
			return r.a, nil
		case <-timer.C:
			return lost(&death{final: true, reason: fmt.Sprintf("Reading the file took longer than %s, so it was stopped and set aside. Send a simpler copy, such as the original printed to PDF.", c.Limit)})
		case <-watch.C:
			if m := resident(w.cmd.Process.Pid); m > c.Memory {
				return lost(&death{final: true, reason: fmt.Sprintf("Reading the file took more than %d MB of memory, so it was stopped and set aside. Send a smaller or simpler copy.", c.Memory>>20)})
			}
		case <-ctx.Done():
			_, _ = lost(nil)
			return answer{}, fmt.Errorf("reading a document: %w", ctx.Err())
		}
	}
}

func (w *worker) exchange(file []byte, filename string) (answer, error) {
	var a answer
	if err := writeFrame(w.in, []byte(filename)); err != nil {
		return a, fmt.Errorf("sending the file: %w", err)
	}
	if err := writeFrame(w.in, file); err != nil {
		return a, fmt.Errorf("sending the file: %w", err)
	}
	b, err := readFrame(w.out, maxFrame)
	if err != nil {
		return a, fmt.Errorf("waiting for the result: %w", err)
	}
	if err := json.Unmarshal(b, &a); err != nil {
		return a, fmt.Errorf("reading the result: %w", err)
	}
	return a, nil
}

// end kills the process and waits for it, so that none is left behind.
func (w *worker) end() {
	_ = w.in.Close()
	kill(w.cmd)
	_ = w.cmd.Wait()
}

// tail keeps the last of what a worker wrote to its error output, for the log.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if len(t.b) > 2048 {
		t.b = t.b[len(t.b)-2048:]
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
