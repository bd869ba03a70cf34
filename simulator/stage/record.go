package stage

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
	"unicode/utf8"
)

// Request is one line of the request log.
type Request struct {
	Method  string    `json:"method"`
	Path    string    `json:"path"`
	Query   string    `json:"query,omitempty"`
	Status  int       `json:"status"` // what the simulator answered, or would have answered when the connection was dropped after applying
	Body    string    `json:"body,omitempty"`
	At      time.Time `json:"at"`      // stage clock
	Wall    time.Time `json:"wall_at"` // wall clock, to measure Retry-After and back-off
	Applied bool      `json:"applied"` // a write took effect
	Fault   string    `json:"fault,omitempty"`
}

// Effect is one applied write. Tests count them to prove that something happened exactly once, so the simulator reports each write as it was and
// never merges two into one.
type Effect struct {
	Object     string `json:"object"`
	RecordID   string `json:"record_id,omitempty"`
	ExternalID string `json:"external_id,omitempty"` // the caller's key where the system has one
	Kind       string `json:"kind"`                  // create, update, delete, comment, …
	Detail     string `json:"detail,omitempty"`      // for kinds without an identity of their own, such as a comment: the text
	Count      int    `json:"count"`
}

const (
	maxLoggedBody = 64 << 10
	maxLogged     = 20000
)

type recorder struct {
	mu       sync.Mutex
	requests []Request
	effects  map[Effect]int
}

func (l *recorder) add(r Request, effects []Effect) {
	if len(r.Body) > maxLoggedBody {
		r.Body = r.Body[:maxLoggedBody]
	}
	if !utf8.ValidString(r.Body) {
		r.Body = "(binary)"
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.requests) >= maxLogged {
		l.requests = slices.Delete(l.requests, 0, maxLogged/10)
	}
	l.requests = append(l.requests, r)
	l.count(effects)
}

func (l *recorder) count(effects []Effect) {
	if l.effects == nil {
		l.effects = map[Effect]int{}
	}
	for _, e := range effects {
		e.Count = 0
		l.effects[e]++
	}
}

func (l *recorder) log() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Request{}, l.requests...)
}

func (l *recorder) counted() []Effect {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Effect, 0, len(l.effects))
	for e, n := range l.effects {
		e.Count = n
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b Effect) int {
		return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(a.ExternalID, b.ExternalID), cmp.Compare(a.RecordID, b.RecordID),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Detail, b.Detail))
	})
	return out
}

func (l *recorder) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests, l.effects = nil, nil
}

type callKey struct{}

// call collects what one request did. A composite request applies several writes; each is one effect.
type call struct {
	mu      sync.Mutex
	effects []Effect
}

// Applied notes that a write took effect. Call it after the state has changed; outside a request of a Server it does nothing.
func Applied(ctx context.Context, e Effect) {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.effects = append(c.effects, e)
}

// Undo forgets the effects noted after the first n, for a request that rolls back. Mark returns n.
func Undo(ctx context.Context, n int) {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.effects = c.effects[:min(n, len(c.effects))]
}

// Mark is the number of effects noted so far.
func Mark(ctx context.Context) int {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.effects)
}
