package obligation_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// scenario is one file of testdata/<kind>: an obligation, what happened, and what must be said about it at some instants.
// A contract manager can read and add one; the members are the JSON of the product.
type scenario struct {
	Title      string            `json:"title"`
	Why        string            `json:"why,omitempty"`
	Obligation pact.Obligation   `json:"obligation"`
	Timeline   []effective.Entry `json:"timeline,omitempty"`
	Calendars  []calendar.Hours  `json:"calendars,omitempty"`
	Occurrence pact.Occurrence   `json:"occurrence"`
	Events     []pact.Event      `json:"events,omitempty"`
	Charges    []pact.Charge     `json:"charges,omitempty"`
	// Check lists the codes of the questions a reviewer is asked; absent = none.
	Check []string `json:"check,omitempty"`
	// Occurrences of a period, by key, where the scenario says.
	Occurrences *struct {
		Period calendar.Period `json:"period"`
		Keys   []string        `json:"keys"`
	} `json:"occurrences,omitempty"`
	Cases []struct {
		Name   string     `json:"name,omitempty"`
		Events *int       `json:"first_events,omitempty"` // only the first n events are known yet
		At     time.Time  `json:"at"`
		Want   want       `json:"want"`
		Fault  fault.Kind `json:"fault,omitempty"`
	} `json:"cases"`
}

// want names what is compared; absent members are not.
type want struct {
	Status      *pact.Status   `json:"status,omitempty"`
	DueAt       *instant       `json:"due_at,omitempty"`
	BreachedAt  *instant       `json:"breached_at,omitempty"`
	EndedAt     *instant       `json:"ended_at,omitempty"`
	NextAt      *instant       `json:"next_at,omitempty"`
	Elapsed     *string        `json:"elapsed,omitempty"`
	Target      *string        `json:"target,omitempty"`
	Percent     *string        `json:"percent,omitempty"`
	Threshold   *string        `json:"threshold,omitempty"`
	Measured    *string        `json:"measured,omitempty"`
	Amount      *string        `json:"amount,omitempty"` // "500.00 USD"; "" = none
	AmountState *string        `json:"amount_state,omitempty"`
	ClaimBy     *calendar.Date `json:"claim_by,omitempty"`
	Ambiguities *[]string      `json:"ambiguities,omitempty"`
	Rules       []string       `json:"rules,omitempty"` // rules the trace must hold, in this order
	Results     []string       `json:"results,omitempty"`
}

// instant is a time, or "" for none.
type instant string

func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("only %d scenarios found", len(files))
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			s := readScenario(t, file)
			if s.Obligation.Kind != filepath.Base(filepath.Dir(file)) {
				t.Fatalf("the folder says %s, the file %s", filepath.Base(filepath.Dir(file)), s.Obligation.Kind)
			}
			s.run(t)
		})
	}
}

func readScenario(t *testing.T, file string) scenario {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	var s scenario
	if err := d.Decode(&s); err != nil {
		t.Fatalf("reading %s: %v", file, err)
	}
	return s
}

func (s scenario) run(t *testing.T) {
	kind, err := obligation.KindOf(s.Obligation.Kind)
	if err != nil {
		t.Fatal(err)
	}
	if got := codes(kind.Check(s.Obligation)); !slices.Equal(got, s.Check) {
		t.Errorf("questions %v, want %v: %+v", got, s.Check, kind.Check(s.Obligation))
	}
	if o := s.Occurrences; o != nil {
		var keys []string
		for _, occ := range kind.Occurrences(s.Obligation, o.Period) {
			keys = append(keys, occ.Key)
		}
		if !slices.Equal(keys, o.Keys) {
			t.Errorf("occurrences %v, want %v", keys, o.Keys)
		}
	}
	set, err := calendar.NewSet(s.Calendars...)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Cases {
		name := c.Name + " at " + c.At.Format(time.RFC3339)
		events := s.Events
		if c.Events != nil {
			events = events[:*c.Events]
		}
		in := obligation.Input{
			Obligation: s.Obligation, Timeline: effective.New(s.Timeline), Occurrence: s.Occurrence,
			Events: events, Calendars: set, Charges: s.Charges, At: c.At,
		}
		a, err := kind.Assess(in)
		if c.Fault != "" {
			if !fault.Is(err, c.Fault) {
				t.Errorf("%s: fault %v, want %s", name, err, c.Fault)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c.Want.compare(t, name, a)
		again, err := kind.Assess(in)
		if err != nil || !reflect.DeepEqual(again, a) {
			t.Errorf("%s: the same input gave another answer", name)
		}
		if testing.Verbose() {
			raw, _ := json.MarshalIndent(a, "", " ")
			t.Logf("%s: %s", name, raw)
		}
	}
}

func (w want) compare(t *testing.T, name string, a pact.Assessment) {
	t.Helper()
	text := func(field string, want *string, got string) {
		if want != nil && *want != got {
			t.Errorf("%s: %s is %q, want %q", name, field, got, *want)
		}
	}
	moment := func(field string, want *instant, got time.Time) {
		if want == nil {
			return
		}
		if *want == "" {
			if !got.IsZero() {
				t.Errorf("%s: %s is %s, want none", name, field, got)
			}
			return
		}
		at, err := time.Parse(time.RFC3339Nano, string(*want))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !at.Equal(got) {
			t.Errorf("%s: %s is %s, want %s", name, field, got.Format(time.RFC3339Nano), at.UTC().Format(time.RFC3339Nano))
		}
	}
	if w.Status != nil && *w.Status != a.Status {
		t.Errorf("%s: status is %s, want %s", name, a.Status, *w.Status)
	}
	moment("due_at", w.DueAt, a.DueAt)
	moment("breached_at", w.BreachedAt, a.BreachedAt)
	moment("ended_at", w.EndedAt, a.EndedAt)
	moment("next_at", w.NextAt, a.NextAt)
	text("elapsed", w.Elapsed, a.Elapsed)
	text("target", w.Target, a.Target)
	text("percent", w.Percent, a.Percent)
	text("threshold", w.Threshold, a.Threshold)
	text("measured", w.Measured, a.Measured)
	amount := ""
	if a.Amount != nil {
		amount = a.Amount.String()
	}
	text("amount", w.Amount, amount)
	text("amount_state", w.AmountState, a.AmountState)
	text("claim_by", (*string)(w.ClaimBy), string(a.ClaimBy))
	if w.Ambiguities != nil && !slices.Equal(*w.Ambiguities, codes(a.Ambiguities)) {
		t.Errorf("%s: ambiguities %v, want %v", name, codes(a.Ambiguities), *w.Ambiguities)
	}
	w.trace(t, name, a)
	if len(a.Trace) == 0 {
		t.Errorf("%s: no trace", name)
	}
}

func (w want) trace(t *testing.T, name string, a pact.Assessment) {
	t.Helper()
	follow := func(what string, want []string, get func(pact.TraceStep) string) {
		i := 0
		for _, step := range a.Trace {
			if i < len(want) && bytes.Contains([]byte(get(step)), []byte(want[i])) {
				i++
			}
		}
		if i < len(want) {
			t.Errorf("%s: the trace lacks %s %q in: %+v", name, what, want[i], a.Trace)
		}
	}
	follow("the rule", w.Rules, func(s pact.TraceStep) string { return s.Rule })
	follow("the result", w.Results, func(s pact.TraceStep) string { return s.Result })
}

func codes(list []pact.Ambiguity) []string {
	var out []string
	for _, a := range list {
		out = append(out, a.Code)
	}
	return out
}
