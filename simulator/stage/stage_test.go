package stage

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// shelf is a small world: a list of words.
type shelf struct {
	mu    sync.Mutex
	words []string
}

func (s *shelf) State() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.words...)
}

func (s *shelf) Seed(_ context.Context, raw []byte, _ fs.FS) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Decode(raw, &s.words)
}

func (s *shelf) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.words = nil
}

func (s *shelf) Tables() []Table {
	return []Table{{Title: "Words", Columns: []string{"word"}, Rows: [][]string{s.State().([]string)}}}
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	word, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if r.Method == http.MethodPost {
		s.mu.Lock()
		s.words = append(s.words, string(word))
		s.mu.Unlock()
		Applied(r.Context(), Effect{Object: "word", ExternalID: string(word), Kind: "create"})
	}
	WriteJSON(w, http.StatusOK, map[string]string{"said": strings.Repeat(string(word), 20)})
}

func newShelf(t *testing.T, seed string) (*Server, string) {
	t.Helper()
	world := &shelf{}
	cfg := Config{Name: "shelf", Title: "Shelf", Clock: NewClock(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)), World: world, API: world}
	if seed != "" {
		cfg.Seed = []byte(seed)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return s, srv.URL
}

func do(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

func TestClockWakesAWaiterTheMomentItMoves(t *testing.T) {
	t.Parallel()
	s, url := newShelf(t, "")
	answers := make(chan string, 1)
	go func() {
		resp, err := http.Get(url + "/_sim/clock?after=0&wait=25s")
		if err != nil {
			answers <- err.Error()
			return
		}
		defer resp.Body.Close()
		raw, _ := io.ReadAll(resp.Body)
		answers <- string(raw)
	}()
	if status, body := do(t, "POST", url+"/_sim/clock", `{"advance":"15m"}`); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	select {
	case a := <-answers:
		if !strings.Contains(a, "2026-03-01T09:15:00Z") || !strings.Contains(a, `"revision":1`) {
			t.Errorf("the waiter was told %s", a)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("the waiter was not woken")
	}
	if status, _ := do(t, "POST", url+"/_sim/clock", `{"now":"2026-01-01T00:00:00Z"}`); status != http.StatusConflict {
		t.Errorf("going back without force answered %d", status)
	}
	if status, _ := do(t, "POST", url+"/_sim/clock", `{"now":"2026-01-01T00:00:00Z","force":true}`); status != http.StatusOK || s.Clock().Now().Year() != 2026 || s.Clock().Now().Month() != 1 {
		t.Errorf("going back with force answered %d, clock %s", status, s.Clock().Now())
	}
}

func TestClockStandsStillAndFollowsTheWallOnlyWhenTold(t *testing.T) {
	t.Parallel()
	c := NewClock(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	if a, b := c.Now(), c.Now(); !a.Equal(b) {
		t.Error("a standing clock moved")
	}
	c.FollowWall(true)
	deadline := time.Now().Add(5 * time.Second)
	for from := c.Now(); !c.Now().After(from); {
		if time.Now().After(deadline) {
			t.Fatal("a following clock does not move")
		}
	}
}

func TestFaultsDecideWhetherAWriteIsApplied(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, fault string
		applied     bool
		status      int // 0: no answer
	}{
		{"status before applying", `{"kind":"status","status":429,"retry_after":"2"}`, false, 429},
		{"dropped before applying", `{"kind":"drop_before"}`, false, 0},
		{"dropped after applying", `{"kind":"drop_after_apply"}`, true, 0},
		{"cut in half", `{"kind":"truncate"}`, true, 0},
		{"late", `{"kind":"delay","delay":"20ms"}`, true, 200},
		{"another method", `{"kind":"status","status":500,"match":{"method":"PATCH"}}`, true, 200},
		{"another path", `{"kind":"status","status":500,"match":{"path":"^/elsewhere"}}`, true, 200},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, url := newShelf(t, "")
			if status, body := do(t, "POST", url+"/_sim/faults", "["+c.fault+"]"); status != 200 {
				t.Fatalf("%d %s", status, body)
			}
			resp, err := http.Post(url+"/words", "text/plain", strings.NewReader("hello"))
			if err == nil {
				_, err = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			if c.status == 0 && err == nil {
				t.Error("there was a whole answer")
			}
			if c.status != 0 && (err != nil || resp.StatusCode != c.status) {
				t.Errorf("answer %v %v", resp, err)
			}
			if c.status == 429 && resp.Header.Get("Retry-After") != "2" {
				t.Error("Retry-After is missing")
			}
			if applied := len(s.Effects()) == 1; applied != c.applied {
				t.Errorf("effects %v", s.Effects())
			}
			if status, _ := do(t, "GET", url+"/_sim/state", ""); status != 200 {
				t.Errorf("a fault reached the administration: %d", status)
			}
		})
	}
}

func TestTheSameSeedMeetsTheSameFaults(t *testing.T) {
	t.Parallel()
	run := func() string {
		var f Faults
		percent := 20
		if err := f.Add(Fault{Kind: FaultDropBefore, Percent: &percent, Seed: 7}); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for range 200 {
			if hit, _ := f.Pick("GET", "/x"); hit != nil {
				b.WriteByte('x')
			} else {
				b.WriteByte('.')
			}
		}
		return b.String()
	}
	a, b := run(), run()
	if a != b {
		t.Error("two runs differ")
	}
	if n := strings.Count(a, "x"); n < 20 || n > 60 {
		t.Errorf("20 %% of 200 fired %d times", n)
	}
}

func TestACountedFaultStops(t *testing.T) {
	t.Parallel()
	_, url := newShelf(t, "")
	do(t, "POST", url+"/_sim/faults", `{"kind":"status","status":503,"count":2}`)
	var got []int
	for range 3 {
		status, _ := do(t, "GET", url+"/words", "")
		got = append(got, status)
	}
	if got[0] != 503 || got[1] != 503 || got[2] != 200 {
		t.Errorf("answers %v", got)
	}
}

func TestBadFaultsAreRefused(t *testing.T) {
	t.Parallel()
	_, url := newShelf(t, "")
	for _, bad := range []string{`{`, `{"kind":"explode"}`, `{"kind":"status"}`, `{"kind":"drop_before","match":{"path":"("}}`, `{"kind":"delay"}`, `{"kind":"drop_before","percent":101}`} {
		if status, _ := do(t, "POST", url+"/_sim/faults", bad); status != http.StatusBadRequest {
			t.Errorf("%s answered %d", bad, status)
		}
	}
}

func TestEffectsCountRepeatedWritesAndAreNotMerged(t *testing.T) {
	t.Parallel()
	s, url := newShelf(t, "")
	do(t, "POST", url+"/words", "a")
	do(t, "POST", url+"/words", "a")
	do(t, "POST", url+"/words", "b")
	got, err := json.Marshal(s.Effects())
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"object":"word","external_id":"a","kind":"create","count":2},{"object":"word","external_id":"b","kind":"create","count":1}]`
	if string(got) != want {
		t.Errorf("got %s", got)
	}
	if log := s.Requests(); len(log) != 3 || !log[0].Applied || log[0].Body != "a" {
		t.Errorf("log %v", log)
	}
	do(t, "DELETE", url+"/_sim/state", "")
	if len(s.Effects()) != 0 || len(s.Requests()) != 0 {
		t.Error("emptying kept something")
	}
}

func TestThePageEscapesWhatItShows(t *testing.T) {
	t.Parallel()
	_, url := newShelf(t, `["<script>alert(1)</script>"]`)
	status, body := do(t, "GET", url+"/", "")
	if status != 200 || strings.Contains(body, "<script>") || !strings.Contains(body, "&lt;script&gt;") {
		t.Errorf("%d %s", status, body)
	}
}

func TestTokensEndAndAreRememberedAsExpired(t *testing.T) {
	t.Parallel()
	var tokens Tokens
	id := tokens.Issue("me", time.Minute)
	if who, ok, _ := tokens.Check(id); !ok || who != "me" {
		t.Error("a fresh token is refused")
	}
	tokens.ExpireAll()
	if _, ok, known := tokens.Check(id); ok || !known {
		t.Error("an expired token is still good, or forgotten")
	}
	if _, ok, known := tokens.Check("invented"); ok || known {
		t.Error("an invented token is good")
	}
}

func TestDecodeKeepsDigitsAndRefusesATail(t *testing.T) {
	t.Parallel()
	var o Object
	if err := Decode([]byte(`{"n":12345678901234567890.10}`), &o); err != nil || Show(o["n"]) != "12345678901234567890.10" {
		t.Errorf("%v %v", o, err)
	}
	if err := Decode([]byte(`{} {}`), &o); err == nil {
		t.Error("a tail was accepted")
	}
	if !bytes.Equal([]byte(Show(Clone(o)["n"])), []byte("12345678901234567890.10")) {
		t.Error("a clone lost digits")
	}
}
