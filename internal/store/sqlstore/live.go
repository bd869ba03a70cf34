package sqlstore

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// maxPending bounds what a slow listener has waiting; beyond it, it is told once that everything may have changed.
const maxPending = 256

// everything is the topic of a touch that stands for more than a listener could be told one by one.
const everything = "*"

// live tells listeners of this process what was committed, here or on another node.
type live struct {
	mu        sync.Mutex
	listeners map[*listener]bool
	outgoing  chan message // to other nodes
	done      chan struct{}
}

// message is what one node tells the others.
type message struct {
	Touched []store.Touched `json:"touched,omitempty"`
	Timers  bool            `json:"timers,omitempty"`
}

type listener struct {
	actor   pact.Actor
	mu      sync.Mutex
	pending []store.Touched
	signal  chan struct{}
}

func newLive() *live {
	return &live{listeners: map[*listener]bool{}, outgoing: make(chan message, 1024), done: make(chan struct{})}
}

func (l *live) close() { close(l.done) }

// Live gives changes in the actor's scope as they commit.
func (s *Store) Live(ctx context.Context) (<-chan store.Touched, error) {
	actor, ok := pact.ActorFrom(ctx)
	if !ok {
		return nil, errNoActor
	}
	if s.inside(ctx) {
		return nil, errNested
	}
	one := &listener{actor: actor, signal: make(chan struct{}, 1)}
	s.live.mu.Lock()
	s.live.listeners[one] = true
	s.live.mu.Unlock()
	out := make(chan store.Touched)
	go func() {
		defer close(out)
		defer func() {
			s.live.mu.Lock()
			delete(s.live.listeners, one)
			s.live.mu.Unlock()
		}()
		one.forward(ctx, s.live.done, out)
	}()
	return out, nil
}

func (o *listener) forward(ctx context.Context, done <-chan struct{}, out chan<- store.Touched) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-done:
			return
		case <-o.signal:
		}
		o.mu.Lock()
		batch := o.pending
		o.pending = nil
		o.mu.Unlock()
		for _, t := range batch {
			select {
			case out <- t:
			case <-ctx.Done():
				return
			case <-done:
				return
			}
		}
	}
}

// offer never waits: a listener that does not read costs nothing but a bounded list.
func (o *listener) offer(touched []store.Touched) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, t := range touched {
		if !o.actor.Sees(t.Unit) && t.Topic != everything {
			continue
		}
		if len(o.pending) >= maxPending {
			o.pending = []store.Touched{{Topic: everything}}
		}
		o.pending = append(o.pending, t)
	}
	if len(o.pending) > 0 {
		select {
		case o.signal <- struct{}{}:
		default:
		}
	}
}

func (l *live) offer(touched []store.Touched) {
	if len(touched) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for one := range l.listeners {
		one.offer(touched)
	}
}

// committed tells what a change did. The trail and the jobs are committed with it; this is only news.
func (s *Store) committed(c *change) {
	if c.woke {
		s.wake()
	}
	s.live.offer(c.touches)
	if len(c.touches) == 0 && !c.woke {
		return
	}
	select {
	case s.live.outgoing <- message{Touched: c.touches, Timers: c.woke}:
	default: // other nodes look every 30 s anyway
	}
}

// tell sends news to other nodes, several changes at once where they come faster than the database takes them.
func (s *Store) tell(ctx context.Context) {
	for {
		var m message
		select {
		case <-ctx.Done():
			return
		case m = <-s.live.outgoing:
		}
		for more := true; more && len(m.Touched) < maxTouches; {
			select {
			case next := <-s.live.outgoing:
				m.Touched = append(m.Touched, next.Touched...)
				m.Timers = m.Timers || next.Timers
			default:
				more = false
			}
		}
		if len(m.Touched) > 3*maxTouches { // a notification holds 8,000 bytes
			m.Touched = []store.Touched{{Topic: everything}}
		}
		b, err := json.Marshal(m)
		if err != nil || len(b) > 7500 {
			b = []byte(`{"touched":[{"topic":"*","id":""}],"timers":true}`)
		}
		if err := s.db.Tell(ctx, string(b)); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "other nodes could not be told of a change; their pages update late", "error", err)
		}
	}
}

// hear takes news of other nodes.
func (s *Store) hear(ctx context.Context) {
	err := s.db.Hear(ctx, func(text string) {
		var m message
		if json.Unmarshal([]byte(text), &m) != nil {
			return
		}
		if m.Timers {
			s.wake()
		}
		s.live.offer(m.Touched)
	})
	if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "listening to other nodes ended; their changes show late", "error", err)
	}
}

func (s *Store) wake() {
	select {
	case s.woken <- struct{}{}:
	default:
	}
}
