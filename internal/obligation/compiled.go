package obligation

import (
	"sync"

	"github.com/pactloop/pactloop/internal/pact"
)

// Compiled keeps the clocks that were made of parameters, so that the many tickets of a clause share one. It goes with one
// calendar.Set: another would give the names of calendars another meaning. It may be used by several goroutines.
type Compiled struct {
	mu        sync.RWMutex
	responses map[string]*clock // by the bytes of the parameters
	others    map[string]*clock
}

// maxCompiled bounds what is kept; beyond it everything is forgotten once.
const maxCompiled = 4096

// NewCompiled makes an empty one.
func NewCompiled() *Compiled {
	return &Compiled{responses: map[string]*clock{}, others: map[string]*clock{}}
}

// clock compiles the parameters of an obligation, or finds them compiled. What it gives is shared and must not be changed.
func (in Input) clock(o pact.Obligation, response bool) (*clock, error) {
	k := in.Compiled
	if k == nil {
		return newClock(o, in.Calendars, response)
	}
	kept := k.others
	if response {
		kept = k.responses
	}
	k.mu.RLock()
	c := kept[string(o.Params)]
	k.mu.RUnlock()
	if c != nil {
		return c, nil
	}
	c, err := newClock(o, in.Calendars, response)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(kept) >= maxCompiled {
		clear(kept)
	}
	kept[string(o.Params)] = c
	return c, nil
}
