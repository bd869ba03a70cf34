package sandbox

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/usage"
	"github.com/pactloop/pactloop/internal/fault"
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
	settings := Settings{CacheDir: p.config.CacheDir, Memory: p.config.Memory, Limit: p.config.Limit, CPUSeconds: uint64((p.config.Limit*time.Duration(p.config.RecycleAfter))/time.Second)*4 + 60, Recognise: p.config.Recogniser != nil}
	b, err := json.Marshal(settings)
	if err == nil {
		err = writeFrame(w.in, frameSettings, b)
	}
	if err != nil {
		w.end()
		return nil, fmt.Errorf("starting a document worker: %w", err)
	}
	return w, nil
}

// maxPictures bounds what one file may have recognised: each page, whichever way it lies.
const maxPictures = 4 * 600

// read sends a file and waits for the answer, the time, the memory or the end of ctx, whichever comes first. The time is that
// of the processor, so that a busy machine sets no good file aside; by the clock a file has longer (usage.Wall), and the clock
// stands still while pictures of the file are being recognised, which has limits of its own.
func (w *worker) read(ctx context.Context, c Config, file []byte, filename string) (answer, error) {
	type result struct {
		a   answer
		err error
	}
	recognising, stop := context.WithCancel(ctx)
	defer stop()
	moved := make(chan int) // +1: a picture came, -1: its words went
	got := make(chan result, 1)
	gone := make(chan struct{})
	defer close(gone)
	move := func(by int) {
		select {
		case moved <- by:
		case <-gone:
		}
	}
	go func() {
		a, err := w.exchange(recognising, c, file, filename, move)
		got <- result{a, err}
	}()
	wall := usage.Wall(c.Limit)
	timer := time.NewTimer(wall)
	defer timer.Stop()
	before, _ := usage.Of(w.cmd.Process.Pid)
	long := fmt.Sprintf("Reading the file took longer than %s, so it was stopped and set aside. Send a simpler copy, such as the original printed to PDF.", c.Limit)
	watch := time.NewTicker(20 * time.Millisecond)
	defer watch.Stop()
	lost := func(d *death) (answer, error) {
		stop()
		kill(w.cmd) // ends the exchange, too
		for {
			select {
			case <-moved:
			case <-got:
				return answer{}, d
			}
		}
	}
	pictures := 0
	for {
		select {
		case r := <-got:
			if r.err != nil && ctx.Err() == nil {
				return answer{}, &death{reason: "The file made the parser stop twice, so it was set aside. Send another copy, such as the original printed to PDF, and report this file.", err: fmt.Errorf("%w; it said: %s", r.err, w.stderr.String())}
			}
			return r.a, r.err
		case by := <-moved:
			pictures += by
			timer.Reset(wall)
		case <-timer.C:
			if pictures > 0 {
				timer.Reset(wall)
				continue
			}
			return lost(&death{final: true, reason: long})
		case <-watch.C:
			now, ok := usage.Of(w.cmd.Process.Pid)
			if !ok {
				continue
			}
			if now.Processor-before.Processor > c.Limit {
				return lost(&death{final: true, reason: long})
			}
			if now.Memory > c.Memory {
				return lost(&death{final: true, reason: fmt.Sprintf("Reading the file took more than %d MB of memory, so it was stopped and set aside. Send a smaller or simpler copy.", c.Memory>>20)})
			}
		case <-ctx.Done():
			_, _ = lost(nil)
			return answer{}, fmt.Errorf("reading a document: %w", ctx.Err())
		}
	}
}

// exchange sends a file, has its pictures recognised, and gives the answer.
func (w *worker) exchange(ctx context.Context, c Config, file []byte, filename string, move func(int)) (answer, error) {
	var a answer
	var mu sync.Mutex
	send := func(kind byte, b []byte) error {
		mu.Lock()
		defer mu.Unlock()
		return writeFrame(w.in, kind, b)
	}
	if err := errors.Join(send(frameName, []byte(filename)), send(frameFile, file)); err != nil {
		return a, fmt.Errorf("sending the file: %w", err)
	}
	var going sync.WaitGroup
	defer going.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before the wait: nobody needs the words any more
	for n := 0; ; n++ {
		kind, b, err := readFrame(w.out, maxFrame)
		if err != nil {
			return a, fmt.Errorf("waiting for the result: %w", err)
		}
		if kind == framePicture {
			p, id, err := pictureOf(b)
			if err != nil || n > maxPictures || c.Recogniser == nil {
				return a, fmt.Errorf("reading a picture of the worker: %w", errors.Join(err, errPicture))
			}
			move(+1)
			going.Go(func() {
				defer move(-1)
				document.Report(ctx, document.Progress{Done: p.Done, Total: p.Total})
				if reply, err := json.Marshal(recognise(ctx, c.Recogniser, p, id)); err == nil {
					_ = send(frameWords, reply) // a worker that is gone is noticed by the loop
				}
			})
			continue
		}
		if err := json.Unmarshal(b, &a); err != nil || kind != frameAnswer {
			return a, fmt.Errorf("reading the result: %w", err)
		}
		return a, nil
	}
}

var errPicture = errors.New("it is none that was asked for")

func pictureOf(b []byte) (p document.Picture, id int, err error) {
	if len(b) < 4 {
		return p, 0, errPicture
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n)+4 > uint64(len(b)) {
		return p, 0, errPicture
	}
	var head pictureHead
	if err := json.Unmarshal(b[4:4+n], &head); err != nil {
		return p, 0, err
	}
	p = head.Picture
	p.Gray = b[4+n:]
	if p.Width < 1 || p.Height < 1 || p.Width > 1<<17 || p.Height > 1<<17 || p.Width*p.Height != len(p.Gray) {
		return p, 0, errPicture
	}
	return p, head.ID, nil
}

func recognise(ctx context.Context, engine document.Recogniser, p document.Picture, id int) words {
	seen, err := engine.Recognise(ctx, p)
	var state *document.Error
	switch {
	case errors.As(err, &state):
		return words{ID: id, State: &state.State}
	case err != nil:
		return words{ID: id, Failure: err.Error(), Away: fault.Is(err, fault.Unavailable)}
	}
	return words{ID: id, Recognised: &seen}
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
