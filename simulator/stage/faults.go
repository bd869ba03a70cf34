package stage

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"time"
)

// The kinds of fault.
const (
	FaultStatus         = "status"           // answer with a status, nothing applied
	FaultDropBefore     = "drop_before"      // close the connection, nothing applied
	FaultDropAfterApply = "drop_after_apply" // apply, then close the connection without an answer
	FaultDelay          = "delay"            // wait, then go on as usual
	FaultHangAfterApply = "hang_after_apply" // apply, then say nothing until the caller gives up
	FaultTruncate       = "truncate"         // apply, announce the whole answer, send half of it and close
)

// Fault is one rule. The first rule that matches a request and fires decides; a rule with a percentage draws from its own seeded source, so the same
// sequence of requests meets the same sequence of faults.
type Fault struct {
	ID    string `json:"id,omitempty"`
	Match struct {
		Method string `json:"method,omitempty"` // empty: any
		Path   string `json:"path,omitempty"`   // regular expression over the path and query; empty: any
	} `json:"match"`
	Kind       string `json:"kind"`
	Status     int    `json:"status,omitempty"`
	Code       string `json:"code,omitempty"` // the vendor's own error code, such as UNABLE_TO_LOCK_ROW
	RetryAfter string `json:"retry_after,omitempty"`
	Delay      string `json:"delay,omitempty"`
	Percent    *int   `json:"percent,omitempty"` // absent: always
	Count      int    `json:"count,omitempty"`   // 0: without end
	Seed       uint64 `json:"seed,omitempty"`
	Fired      int    `json:"fired"`
}

// Faults holds the rules of one simulator.
type Faults struct {
	mu    sync.Mutex
	next  int
	rules []*rule
}

type rule struct {
	Fault
	path  *regexp.Regexp
	delay time.Duration
	rand  *rand.Rand
}

// Add checks and appends rules; none is added when one is wrong.
func (f *Faults) Add(list ...Fault) error {
	compiled := make([]*rule, 0, len(list))
	for _, in := range list {
		r, err := compile(in)
		if err != nil {
			return err
		}
		compiled = append(compiled, r)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range compiled {
		f.next++
		r.ID, r.Fired = fmt.Sprintf("fault-%d", f.next), 0
		f.rules = append(f.rules, r)
	}
	return nil
}

func compile(in Fault) (*rule, error) {
	r := &rule{Fault: in, rand: rand.New(rand.NewPCG(in.Seed, 0x9e3779b97f4a7c15))}
	var err error
	if r.path, err = regexp.Compile(in.Match.Path); err != nil {
		return nil, fmt.Errorf("match.path: %w", err)
	}
	if in.Percent != nil && (*in.Percent < 0 || *in.Percent > 100) {
		return nil, errors.New("percent must be 0 to 100")
	}
	if in.Delay != "" {
		if r.delay, err = time.ParseDuration(in.Delay); err != nil {
			return nil, fmt.Errorf("delay: %w", err)
		}
	}
	switch in.Kind {
	case FaultStatus:
		if in.Status < 100 || in.Status > 599 {
			return nil, errors.New("a status fault needs status 100 to 599")
		}
	case FaultDelay:
		if r.delay <= 0 {
			return nil, errors.New("a delay fault needs delay, such as 2s")
		}
	case FaultDropBefore, FaultDropAfterApply, FaultHangAfterApply, FaultTruncate:
	default:
		return nil, fmt.Errorf("unknown kind of fault %q", in.Kind)
	}
	return r, nil
}

// List returns the rules with how often each has fired.
func (f *Faults) List() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := make([]Fault, 0, len(f.rules))
	for _, r := range f.rules {
		out = append(out, r.Fault)
	}
	return out
}

// Clear removes all rules.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = nil
}

// Pick decides what happens to one request. Delays are added up and do not stop the search, so that a slow answer can also be a failing one.
func (f *Faults) Pick(method, target string) (*Fault, time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var wait time.Duration
	for _, r := range f.rules {
		if !r.fires(method, target) {
			continue
		}
		r.Fired++
		if r.Kind == FaultDelay {
			wait += r.delay
			continue
		}
		hit := r.Fault
		return &hit, wait
	}
	return nil, wait
}

func (r *rule) fires(method, target string) bool {
	if r.Match.Method != "" && !strings.EqualFold(r.Match.Method, method) {
		return false
	}
	if r.Count > 0 && r.Fired >= r.Count {
		return false
	}
	if !r.path.MatchString(target) {
		return false
	}
	return r.Percent == nil || r.rand.IntN(100) < *r.Percent
}

// decodeFaults reads one rule or a list.
func decodeFaults(raw []byte) ([]Fault, error) {
	var list []Fault
	if err := json.Unmarshal(raw, &list); err == nil {
		return list, nil
	}
	var one Fault
	if err := json.Unmarshal(raw, &one); err != nil {
		return nil, fmt.Errorf("reading the faults: %w", err)
	}
	return []Fault{one}, nil
}
