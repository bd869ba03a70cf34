package stage

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Clock is the one time all simulators share. It stands still until somebody moves it, so a story can be played in seconds and a test can name the
// exact second of a deadline. It can be told to follow the wall instead. Tokens and rate limits do not use it: they stay on wall time, otherwise a
// jump of a month would sign everybody out.
type Clock struct {
	mu       sync.Mutex
	at       time.Time // the time when it was last moved
	anchor   time.Time // wall time of that move; zero while standing still
	revision int64
	changed  chan struct{}
}

// ErrBackwards is returned by Set when the new time lies before the present one.
var ErrBackwards = errors.New("the clock does not run backwards; send force to insist")

// NewClock stands still at t (in UTC, whole milliseconds, which is what the vendors' formats can carry).
func NewClock(t time.Time) *Clock {
	return &Clock{at: t.UTC().Truncate(time.Millisecond), changed: make(chan struct{})}
}

// NewWallClock follows the wall.
func NewWallClock() *Clock {
	c := NewClock(time.Now())
	c.FollowWall(true)
	return c
}

// Now is the simulated time, UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.anchor.IsZero() {
		return c.at
	}
	return c.at.Add(time.Since(c.anchor)).Truncate(time.Millisecond)
}

// Set moves the clock to t and wakes everyone who waits on Changed. Going back needs force; going nowhere is allowed and is a move.
func (c *Clock) Set(t time.Time, force bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	t = t.UTC().Truncate(time.Millisecond)
	if t.Before(c.now()) && !force {
		return ErrBackwards
	}
	c.move(t)
	return nil
}

// Advance moves the clock forward by d and returns the new time. A negative d is refused as in Set.
func (c *Clock) Advance(d time.Duration) (time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d < 0 {
		return c.now(), ErrBackwards
	}
	c.move(c.now().Add(d))
	return c.at, nil
}

// FollowWall makes the clock run with the wall from its present time, or stops it where it is.
func (c *Clock) FollowWall(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	c.anchor = time.Time{}
	if on {
		c.anchor = time.Now()
	}
	c.at = now
	c.wake()
}

func (c *Clock) move(t time.Time) {
	c.at = t
	if !c.anchor.IsZero() {
		c.anchor = time.Now()
	}
	c.wake()
}

func (c *Clock) wake() {
	c.revision++
	close(c.changed)
	c.changed = make(chan struct{})
}

// Changed is closed at the next move. Take it before reading Now, otherwise a move between the two is missed.
func (c *Clock) Changed() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

// Revision counts the moves.
func (c *Clock) Revision() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.revision
}

type clockState struct {
	Now       time.Time `json:"now"`
	Revision  int64     `json:"revision"`
	Following bool      `json:"following"`
}

func (c *Clock) state() (clockState, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return clockState{Now: c.now(), Revision: c.revision, Following: !c.anchor.IsZero()}, c.changed
}

const maxWait = 60 * time.Second

// Handler serves the clock over HTTP at /_sim/clock (the path is not looked at, so it can be mounted anywhere).
//
//	GET                      the time and the revision
//	GET ?after=REV&wait=25s  the same, at once when the revision differs from REV, otherwise when the clock moves or the wait is over
//	POST {"now":…} | {"advance":"15m"} | {"follow":true}, each with {"force":true} to allow going back
func (c *Clock) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			c.serveGet(w, r)
		case http.MethodPost, http.MethodPut:
			c.servePost(w, r)
		default:
			w.Header().Set("Allow", "GET, POST")
			WriteJSON(w, http.StatusMethodNotAllowed, problem("the clock answers GET and POST"))
		}
	})
}

func (c *Clock) serveGet(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	state, changed := c.state()
	if !q.Has("after") {
		WriteJSON(w, http.StatusOK, state)
		return
	}
	after, err := strconv.ParseInt(q.Get("after"), 10, 64)
	if err != nil {
		WriteJSON(w, http.StatusBadRequest, problem("after must be a revision number"))
		return
	}
	wait := maxWait
	if s := q.Get("wait"); s != "" {
		if wait, err = time.ParseDuration(s); err != nil || wait < 0 {
			WriteJSON(w, http.StatusBadRequest, problem("wait must be a duration such as 25s"))
			return
		}
	}
	if state.Revision == after {
		timer := time.NewTimer(min(wait, maxWait))
		defer timer.Stop()
		select {
		case <-changed:
		case <-timer.C:
		case <-r.Context().Done():
			return
		}
		state, _ = c.state()
	}
	WriteJSON(w, http.StatusOK, state)
}

func (c *Clock) servePost(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Now     *time.Time `json:"now"`
		Advance string     `json:"advance"`
		Follow  *bool      `json:"follow"`
		Force   bool       `json:"force"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&in); err != nil {
		WriteJSON(w, http.StatusBadRequest, problem(fmt.Sprintf("reading the body: %v", err)))
		return
	}
	if err := c.apply(in.Now, in.Advance, in.Follow, in.Force); err != nil {
		status := http.StatusBadRequest
		if errors.Is(err, ErrBackwards) {
			status = http.StatusConflict
		}
		WriteJSON(w, status, problem(err.Error()))
		return
	}
	state, _ := c.state()
	WriteJSON(w, http.StatusOK, state)
}

func (c *Clock) apply(now *time.Time, advance string, follow *bool, force bool) error {
	switch {
	case now != nil:
		if err := c.Set(*now, force); err != nil {
			return err
		}
	case advance != "":
		d, err := time.ParseDuration(advance)
		if err != nil {
			return fmt.Errorf("advance must be a duration such as 15m: %w", err)
		}
		if d < 0 && force {
			return c.Set(c.Now().Add(d), true)
		}
		if _, err := c.Advance(d); err != nil {
			return err
		}
	case follow == nil:
		return errors.New("send now, advance or follow")
	}
	if follow != nil {
		c.FollowWall(*follow)
	}
	return nil
}
