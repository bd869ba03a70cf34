package backtest_test

import (
	"cmp"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/knadh/koanf/parsers/yaml"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
)

// scenario is one file of testdata/<kind>: terms, what happened, and what must follow. The README there tells the members.
type scenario struct {
	Title     string          `json:"title"`
	ByHand    string          `json:"by_hand"`
	Kind      string          `json:"kind"`
	Params    json.RawMessage `json:"params"`
	InForce   json.RawMessage `json:"in_force"`
	Terms     json.RawMessage `json:"terms"`
	Events    []object        `json:"events"`
	From      string          `json:"from"`
	To        string          `json:"to"`
	AsOf      string          `json:"as_of"`
	Want      []wanted        `json:"want"`
	Questions []string        `json:"questions"` // codes of the questions about the clause itself
	Unused    []string        `json:"unused"`    // events that nothing used: "number why", "number why -> what was meant"
	Unlikely  []string        `json:"unlikely"`  // events that may be slips, where given: "number member"
	Totals    object          `json:"totals"`    // by obligation, where given
	Idle      []string        `json:"idle"`      // operations of amendments that change nothing, where given
	Nothing   []string        `json:"nothing"`   // obligations without an occurrence, with the period or why, where given
	Refused   string          `json:"refused"`   // part of the message with which the terms or events are refused
}

type object map[string]any

// wanted is what must be said of one occurrence; members that are absent are not compared.
type wanted struct {
	Obligation  string            `json:"obligation"`
	Key         string            `json:"key"`
	Subject     string            `json:"subject"` // what people are shown of it
	Status      string            `json:"status"`
	Amount      *string           `json:"amount"` // "" is none
	Amounts     map[string]string `json:"amounts"`
	AmountState string            `json:"amount_state"`
	Due         string            `json:"due"`
	BreachedAt  string            `json:"breached_at"`
	Ended       string            `json:"ended"`
	Next        string            `json:"next"`
	Elapsed     string            `json:"elapsed"`
	Measured    string            `json:"measured"`
	Target      string            `json:"target"`
	ClaimBy     string            `json:"claim_by"`
	Claim       string            `json:"claim"` // open, claimed, expired; "expired, late 2026-05-01"
	Ambiguities []string          `json:"ambiguities"`
	Outcomes    map[string]string `json:"outcomes"` // reading: amount, result, or "amount: result"
	Trace       []string          `json:"trace"`    // parts of steps, in this order
	Corrections []string          `json:"corrections"`
	Period      string            `json:"period"` // "2026-05-01 to 2026-05-31"
	None        bool              `json:"none"`   // there is no such occurrence
}

func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no scenarios found")
	}
	for _, file := range files {
		t.Run(strings.TrimPrefix(file, "testdata/"), func(t *testing.T) {
			t.Parallel()
			s := read(t, file)
			if s.ByHand == "" || s.Title == "" {
				t.Error("the file does not say what it shows (title) and how the figure follows (by_hand)")
			}
			s.run(t, filepath.Base(filepath.Dir(file)))
		})
	}
}

func read(t *testing.T, file string) scenario {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := yaml.Parser().Unmarshal(raw)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	asJSON, err := json.Marshal(dates("", tree))
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(asJSON)))
	d.DisallowUnknownFields()
	var s scenario
	if err := d.Decode(&s); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return s
}

// dates undoes what YAML makes of dates: 2026-03-01 stays a date, except where an instant is meant.
func dates(name string, v any) any {
	instant := slices.Contains([]string{"occurred_at", "received_at", "end_at", "announced_at", "published_at"}, name)
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = dates(k, e)
		}
		return v
	case []any:
		for i, e := range v {
			v[i] = dates(name, e)
		}
		return v
	case time.Time:
		if v.UTC().Truncate(24*time.Hour).Equal(v) && !instant {
			return v.Format(time.DateOnly)
		}
		return v.Format(time.RFC3339)
	}
	return v
}

// input reads the terms and events of the scenario as the command line does.
func (s scenario) input() (backtest.Input, error) {
	terms := []byte(s.Terms)
	if len(terms) == 0 {
		o := object{"key": s.Kind, "kind": s.Kind, "title": s.Title, "confidence": "1", "in_force": object{}, "params": s.Params}
		if len(s.InForce) > 0 {
			o["in_force"] = s.InForce
		}
		terms = must(json.Marshal(object{"obligations": []object{o}}))
	}
	var lines []string
	for _, e := range s.Events {
		lines = append(lines, string(must(json.Marshal(e))))
	}
	return input(terms, []byte(strings.Join(lines, "\n")))
}

func (s scenario) run(t *testing.T, kind string) {
	t.Helper()
	if s.Kind == "" {
		s.Kind = kind
	}
	in, err := s.input()
	if s.Refused != "" {
		if err == nil || !strings.Contains(err.Error(), s.Refused) || !fault.Is(err, fault.Invalid) {
			t.Fatalf("refused with %v, want %q", err, s.Refused)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	in.AsOf = moment(t, s.AsOf)
	in.From, in.To = date(s.From), date(s.To)
	report, err := backtest.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, q := range report.Questions {
		if q.Occurrence == "" {
			asked = append(asked, q.Ambiguity.Code)
		}
	}
	if !slices.Equal(asked, s.Questions) {
		t.Errorf("questions %v, want %v: %+v", asked, s.Questions, report.Questions)
	}
	for _, w := range s.Want {
		w.compare(t, report)
	}
	unused := []string{}
	for _, u := range report.Unused {
		text := string(u.EventID) + " " + u.Why
		if u.Meant != "" {
			text += " -> " + u.Meant
		}
		unused = append(unused, text)
	}
	if s.Totals != nil {
		totals := object{}
		for _, total := range report.Totals {
			totals[total.Obligation] = total.Amount.String()
		}
		if !maps.Equal(totals, s.Totals) {
			t.Errorf("totals %v, want %v", totals, s.Totals)
		}
	}
	if s.Idle != nil {
		idle := []string{}
		for _, o := range report.Idle {
			idle = append(idle, o.Document+": "+o.Operation)
		}
		if !slices.Equal(idle, s.Idle) {
			t.Errorf("operations without effect %q, want %q", idle, s.Idle)
		}
	}
	if s.Nothing != nil {
		nothing := []string{}
		for _, n := range report.Nothing {
			nothing = append(nothing, n.Obligation+" "+cmp.Or(n.Why, "from "+string(n.From)+" to "+string(n.To)))
		}
		if !slices.Equal(nothing, s.Nothing) {
			t.Errorf("without an occurrence are %q, want %q", nothing, s.Nothing)
		}
	}
	var doubtful []string
	for _, u := range report.Unlikely {
		doubtful = append(doubtful, string(u.EventID)+" "+u.Field)
	}
	if s.Unlikely != nil && !slices.Equal(doubtful, s.Unlikely) {
		t.Errorf("unlikely events %q, want %q", doubtful, s.Unlikely)
	}
	if !slices.Equal(unused, s.Unused) && len(unused)+len(s.Unused) > 0 {
		t.Errorf("unused events %q, want %q: %+v", unused, s.Unused, report.Unused)
	}
	if len(s.Want) == 0 && len(s.Questions) == 0 {
		t.Error("the scenario wants nothing")
	}
	if t.Failed() || testing.Verbose() {
		var b strings.Builder
		_ = report.Print(&b)
		t.Log(b.String())
	}
	s.steady(t, in, report)
}

// steady runs the events backwards: the report must be the same, byte for byte.
func (s scenario) steady(t *testing.T, in backtest.Input, want backtest.Evaluation) {
	t.Helper()
	slices.Reverse(in.Events)
	again, err := backtest.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	a, b := string(must(json.Marshal(want))), string(must(json.Marshal(again)))
	if a != b {
		t.Errorf("the events in another order give another report:\n%s\n%s", a, b)
	}
}

func (w wanted) compare(t *testing.T, r backtest.Evaluation) {
	t.Helper()
	i := slices.IndexFunc(r.Occurrences, func(x backtest.Result) bool {
		return x.Key == w.Key && (w.Obligation == "" || x.Obligation == w.Obligation)
	})
	if i < 0 {
		if !w.None {
			t.Errorf("there is no occurrence %q", w.Key)
		}
		return
	}
	if w.None {
		t.Errorf("there is an occurrence %q", w.Key)
		return
	}
	res := r.Occurrences[i]
	a := res.Assessment
	text := func(what, want, got string) {
		if want != "" && want != got {
			t.Errorf("%s: %s is %q, want %q", w.Key, what, got, want)
		}
	}
	at := func(what, want string, got time.Time) {
		if want == "none" && !got.IsZero() || want != "" && want != "none" && !moment(t, want).Equal(got) {
			t.Errorf("%s: %s is %s, want %s", w.Key, what, got.Format(time.RFC3339Nano), want)
		}
	}
	text("status", w.Status, string(a.Status))
	text("amount state", w.AmountState, a.AmountState)
	text("elapsed", w.Elapsed, a.Elapsed)
	text("subject", w.Subject, res.Subject)
	text("measured", w.Measured, a.Measured)
	text("target", w.Target, a.Target)
	text("claim by", w.ClaimBy, string(a.ClaimBy))
	claim := ""
	if res.Claim != nil {
		claim = res.Claim.State
		if res.Claim.Known != "" {
			claim += ", known " + string(res.Claim.Known)
		}
		if res.Claim.Late != "" {
			claim += ", late " + string(res.Claim.Late)
		}
	}
	text("claim", w.Claim, claim)
	at("due", w.Due, a.DueAt)
	at("breached", w.BreachedAt, a.BreachedAt)
	at("ended", w.Ended, a.EndedAt)
	at("next", w.Next, a.NextAt)
	amount := ""
	if a.Amount != nil {
		amount = a.Amount.String()
	}
	if w.Amount != nil && *w.Amount != amount {
		t.Errorf("%s: the amount is %q, want %q", w.Key, amount, *w.Amount)
	}
	w.compareLists(t, res)
}

func (w wanted) compareLists(t *testing.T, res backtest.Result) {
	t.Helper()
	a := res.Assessment
	for name, want := range w.Amounts {
		got := "none"
		for _, l := range a.Amounts {
			if l.Name == name {
				got = l.Amount.String()
				if l.On != "" && strings.Contains(want, " on ") {
					got += " on " + string(l.On)
				}
			}
		}
		if got != want {
			t.Errorf("%s: %s is %s, want %s", w.Key, name, got, want)
		}
	}
	var codes []string
	outcomes := map[string]string{}
	for _, q := range a.Ambiguities {
		codes = append(codes, q.Code)
		if len(q.Outcomes) > 0 && len(q.Texts) > 0 {
			t.Errorf("%s: the readings of %s are told twice: %v", w.Key, q.Code, q.Texts)
		}
		for _, o := range q.Outcomes {
			outcomes[o.Reading] = o.Result
			if o.Amount != nil {
				outcomes[o.Reading] = strings.TrimSuffix(o.Amount.String()+": "+o.Result, ": ")
			}
		}
	}
	if !slices.Equal(codes, w.Ambiguities) {
		t.Errorf("%s: ambiguities %v, want %v", w.Key, codes, w.Ambiguities)
	}
	for reading, want := range w.Outcomes {
		if amount, _, _ := strings.Cut(outcomes[reading], ": "); outcomes[reading] != want && amount != want {
			t.Errorf("%s: under the reading %q it is %q, want %q (%v)", w.Key, reading, outcomes[reading], want, outcomes)
		}
	}
	n := 0
	for _, s := range a.Trace {
		if n < len(w.Trace) && strings.Contains(s.Rule+": "+s.Inputs+" -> "+s.Result, w.Trace[n]) {
			n++
		}
	}
	if n < len(w.Trace) {
		t.Errorf("%s: the trace lacks %q", w.Key, w.Trace[n])
	}
	if len(a.Trace) == 0 && len(a.Ambiguities) == 0 {
		t.Errorf("%s: no trace", w.Key)
	}
	if p := res.Period; w.Period != "" && w.Period != p.Start.Format(time.DateOnly)+" to "+p.End.Add(-1).Format(time.DateOnly) {
		t.Errorf("%s: the period is %s to before %s, want %s", w.Key, p.Start, p.End, w.Period)
	}
	var corrections []string
	for _, c := range res.Corrections {
		s := string(c.Before.Status) + " -> " + string(c.After.Status)
		if c.Delta != nil {
			s += " " + c.Delta.String()
		}
		corrections = append(corrections, s)
	}
	if !slices.Equal(corrections, w.Corrections) {
		t.Errorf("%s: corrections %q, want %q", w.Key, corrections, w.Corrections)
	}
}

func input(terms, events []byte) (backtest.Input, error) {
	var in backtest.Input
	var err error
	if in.Terms, err = backtest.ReadTerms("terms", terms); err != nil {
		return in, err
	}
	in.Events, err = backtest.ReadEvents("events", events)
	return in, err
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	if len(s) == len(time.DateOnly) {
		s += "T00:00:00Z"
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatalf("%q is no instant: %v", s, err)
	}
	return at
}

// Each kind has at least five scenarios; the kinds that were there first keep theirs with package obligation.
func TestEveryKindHasScenarios(t *testing.T) {
	t.Parallel()
	for _, k := range obligation.All() {
		here, _ := filepath.Glob("testdata/" + k.Name() + "/*.yaml")
		there, _ := filepath.Glob("../obligation/testdata/" + k.Name() + "/*.json")
		if n := len(here) + len(there); n < 5 {
			t.Errorf("%s has %d scenarios", k.Name(), n)
		}
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func date(s string) calendar.Date { return calendar.Date(s) }
