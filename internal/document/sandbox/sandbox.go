// Package sandbox reads documents in limited child processes of the same binary.
//
// It owns the pool of workers: starting them, the limits on size, time and memory, replacing them, and the state of a file
// on which they die. It does not own any format (document/formats) nor the command line that runs Main. Invariants: untrusted
// bytes are parsed only in a worker; a worker has an empty environment, its own process group, and dies with its parent; a
// worker that was killed or died is never used again; every file ends in a document, a named state, or an error of ours.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// Config of the pool. Executable and Args are required; zero values of the others take what their comment says.
type Config struct {
	Executable   string              // the program whose command runs Main; usually os.Executable()
	Args         []string            // such as "parse-worker"
	CacheDir     string              // of the PDF parser, shared by the workers; empty: each compiles it anew
	Memory       int64               // resident bytes of a worker; 512 MiB
	Limit        time.Duration       // processor time for one file; 30 s, and ten times that by the clock
	MaxFile      int64               // bytes; larger files are refused before they are sent; 100 MiB
	Workers      int                 // processes; one for each processor, at most 8
	RecycleAfter int                 // files a worker reads before it is replaced; 50
	Tries        int                 // workers that a file may cost at once, where it is not clear that the file did it; 2
	Recogniser   document.Recogniser // reads pictures of text, outside the workers; nil: scans end in needs_ocr
}

// Pool reads documents. It is safe for use by several goroutines.
type Pool struct {
	config Config
	slots  chan *worker // one per worker; nil where it has to be started
	starts chan startRequest
	done   chan struct{}
	close  sync.Once
}

// ErrClosed is the answer of a pool that was closed.
var ErrClosed = errors.New("the document workers are stopped")

// New makes a pool. Workers start with the first files.
func New(c Config) (*Pool, error) {
	if c.Executable == "" {
		return nil, errors.New("making the document workers: no executable is set")
	}
	if c.Memory == 0 {
		c.Memory = 512 << 20
	}
	if c.Limit == 0 {
		c.Limit = 30 * time.Second
	}
	if c.MaxFile == 0 {
		c.MaxFile = 100 << 20
	}
	if c.Workers == 0 {
		c.Workers = min(8, runtime.NumCPU())
	}
	if c.Tries == 0 {
		c.Tries = 2
	}
	if c.RecycleAfter == 0 {
		c.RecycleAfter = 50
	}
	if c.CacheDir != "" {
		var err error
		if c.CacheDir, err = filepath.Abs(c.CacheDir); err != nil { // the workers live in another folder
			return nil, fmt.Errorf("finding the cache folder of the document workers: %w", err)
		}
		if err := os.MkdirAll(c.CacheDir, 0o700); err != nil {
			return nil, fmt.Errorf("making the cache folder of the document workers: %w", err)
		}
	}
	p := &Pool{config: c, slots: make(chan *worker, c.Workers), starts: make(chan startRequest), done: make(chan struct{})}
	for range c.Workers {
		p.slots <- nil
	}
	go p.start()
	return p, nil
}

// CheckSize refuses a file by its size, so that it need not be taken into memory.
func (p *Pool) CheckSize(size int64) error {
	if size > p.config.MaxFile {
		return document.Failed(pact.DocumentRejected, fmt.Sprintf("The file has %s and %s are the limit. Split it, or send only the contract.", megabytes(size), megabytes(p.config.MaxFile)))
	}
	return nil
}

func megabytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// Read gives the document, *document.Error with the state of a file that gives none, or an error of ours (the context
// ended, no worker could be started), after which reading again is worth while.
func (p *Pool) Read(ctx context.Context, file []byte, filename string) (*document.Document, error) {
	if err := p.CheckSize(int64(len(file))); err != nil {
		return nil, err
	}
	if len(file) == 0 {
		return nil, document.Failed(pact.DocumentDamaged, "The file is empty. Send the document again.")
	}
	if len(filename) > 1024 {
		filename = filename[len(filename)-1024:] // the end has the extension; it is only a hint
	}
	var died *death
	for range p.config.Tries { // once more after a death, which may have been another file's doing or the machine's
		d, err := p.try(ctx, p.config, file, filename)
		if err == nil || !errors.As(err, &died) {
			return d, err
		}
		if died.final {
			break
		}
	}
	failed := document.Failed(pact.DocumentQuarantined, died.reason)
	failed.Died = !died.final
	return nil, failed
}

// try reads on one worker and puts the worker back, or an empty slot where it was lost.
func (p *Pool) try(ctx context.Context, c Config, file []byte, filename string) (*document.Document, error) {
	var w *worker
	select {
	case w = <-p.slots:
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for a document worker: %w", ctx.Err())
	case <-p.done:
		return nil, ErrClosed
	}
	keep := false
	defer func() {
		if !keep && w != nil {
			w.end()
			w = nil
		}
		p.slots <- w
	}()
	if w == nil {
		var err error
		if w, err = p.startWorker(ctx); err != nil {
			return nil, err
		}
	}
	a, err := w.read(ctx, c, file, filename)
	if err != nil {
		return nil, err
	}
	w.files++
	keep = w.files < p.config.RecycleAfter
	switch {
	case a.State != nil:
		return nil, &document.Error{State: *a.State}
	case a.Document != nil:
		return a.Document, nil
	}
	if a.Away {
		return nil, fault.New(fault.Unavailable, "%s", a.Failure)
	}
	keep = false
	return nil, fmt.Errorf("reading a document in a worker: %s", a.Failure)
}

// Close ends the workers and waits for files that are being read to give their slot back.
func (p *Pool) Close() error {
	p.close.Do(func() {
		close(p.done)
		for range p.config.Workers {
			if w := <-p.slots; w != nil {
				w.end()
			}
		}
	})
	return nil
}
