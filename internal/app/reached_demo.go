//go:build demo

package app

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// points kills the process at named points, as tests ask. PACTLOOP_POINTS names a folder with three files: "armed", written
// by the test, has a line "most 7" (never more deaths than this) and lines "write:answered 2" (die there until it happened
// twice); "killed" has a line for each death, and "passed" one for each point that was passed by. The last two are only
// added to, so that a start after a death goes on where it was.
type points struct {
	mu     sync.Mutex
	folder string
	passed map[string]bool
}

//nolint:gochecknoglobals // of tests; the process can die only once
var stops = points{folder: os.Getenv("PACTLOOP_POINTS"), passed: map[string]bool{}}

// reached is called between the steps of work.
func reached(point string) {
	if stops.folder != "" {
		stops.reached(point)
	}
}

func (p *points) reached(point string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.passed[point] {
		p.passed[point] = true
		p.add("passed", point)
	}
	if p.armed(point) {
		p.add("killed", point)
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // the signal arrives when it arrives; nothing passes here any more
	}
}

func (p *points) armed(point string) bool {
	armed, err := os.ReadFile(filepath.Join(p.folder, "armed"))
	if err != nil {
		return false
	}
	killed, _ := os.ReadFile(filepath.Join(p.folder, "killed")) // none yet
	all, here := 0, 0
	for lines := bufio.NewScanner(bytes.NewReader(killed)); lines.Scan(); all++ {
		if lines.Text() == point {
			here++
		}
	}
	wanted := false
	for lines := bufio.NewScanner(bytes.NewReader(armed)); lines.Scan(); {
		name, number, _ := strings.Cut(lines.Text(), " ")
		n, _ := strconv.Atoi(number)
		if name == "most" && all >= n {
			return false
		}
		wanted = wanted || name == point && here < n
	}
	return wanted
}

func (p *points) add(file, line string) {
	f, err := os.OpenFile(filepath.Join(p.folder, file), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err) // a test that can not note what it did proves nothing
	}
	defer f.Close()
	if _, err := f.WriteString(line + "\n"); err != nil {
		panic(err)
	}
}

// stepped gives the store to work on, with a point before and one after every commit. Their names are the job, or what else
// acts by itself, and the act: "send:notification.send:commit", and "…:committed". What people do is named by the act alone.
// So no step of a job can be without its points.
func stepped(s store.Store) store.Store { return steps{s} }

type steps struct{ store.Store }

// Change is that of the store.
func (s steps) Change(ctx context.Context, act store.Act, fn func(context.Context, store.Tx) error) error {
	return step(ctx, act, fn, s.Store.Change)
}

// Together is that of the store. The point before the commit is that before the group's.
func (s steps) Together(ctx context.Context, act store.Act, fn func(context.Context, store.Tx) error) error {
	return step(ctx, act, fn, s.Store.Together)
}

type change = func(context.Context, store.Act, func(context.Context, store.Tx) error) error

func step(ctx context.Context, act store.Act, fn func(context.Context, store.Tx) error, change change) error {
	name := act.Name
	if actor, ok := pact.ActorFrom(ctx); ok && actor.Kind == "system" {
		name = actor.ID + ":" + name
	}
	err := change(ctx, act, func(ctx context.Context, tx store.Tx) error {
		if err := fn(ctx, tx); err != nil {
			return err
		}
		reached(name + ":commit")
		return nil
	})
	if err == nil {
		reached(name + ":committed")
	}
	return err
}
