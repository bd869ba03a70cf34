package calendar

import (
	"encoding/json"
	"fmt"
	"sync"
)

// maxCached bounds the calendars a set keeps compiled.
const maxCached = 4096

// Set finds compiled calendars: those it was given names for, and any others by their content. The zero value works and
// compiles each time. A Set may be copied and used by several goroutines.
type Set struct{ inner *set }

type set struct {
	named map[string]Hours
	mu    sync.RWMutex
	cache map[string]*Calendar
}

// NewSet makes a set with named calendars, which parameters can refer to by {"name":"…"} alone.
func NewSet(named ...Hours) (Set, error) {
	s := Set{inner: &set{named: map[string]Hours{}, cache: map[string]*Calendar{}}}
	for _, h := range named {
		if h.Name == "" {
			return Set{}, fmt.Errorf("a calendar of a set needs a name")
		}
		if _, double := s.inner.named[h.Name]; double {
			return Set{}, fmt.Errorf("two calendars are called %q", h.Name)
		}
		if err := h.Check(); err != nil {
			return Set{}, fmt.Errorf("calendar %q: %w", h.Name, err)
		}
		s.inner.named[h.Name] = h
	}
	return s, nil
}

// Resolve gives the hours meant: those of the set where only a name is given.
func (s Set) Resolve(h Hours) Hours {
	if h.onlyName() && s.inner != nil {
		if found, ok := s.inner.named[h.Name]; ok {
			return found
		}
	}
	return h
}

// onlyName tells whether hours refer to others by their name.
func (h Hours) onlyName() bool {
	return h.Name != "" && h.Zone == "" && !h.Always && len(h.Week) == 0 && len(h.Holidays) == 0 && h.HolidayRegion == ""
}

// Get compiles hours, or finds them compiled. It fails where they are only a name that the set does not know.
func (s Set) Get(h Hours) (*Calendar, error) {
	if h = s.Resolve(h); h.onlyName() {
		return nil, fmt.Errorf("no calendar has the name %.60q", h.Name)
	}
	if s.inner == nil {
		return Compile(h)
	}
	raw, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("writing the calendar %q: %w", h.Name, err)
	}
	key := string(raw)
	s.inner.mu.RLock()
	c := s.inner.cache[key]
	s.inner.mu.RUnlock()
	if c != nil {
		return c, nil
	}
	c, err = Compile(h)
	if err != nil {
		return nil, err
	}
	s.inner.mu.Lock()
	defer s.inner.mu.Unlock()
	if found := s.inner.cache[key]; found != nil {
		return found, nil
	}
	if len(s.inner.cache) < maxCached {
		s.inner.cache[key] = c
	}
	return c, nil
}
