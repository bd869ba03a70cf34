package audit_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/pact"
)

// Rounds of the tampering test: 1,000 of each kind with PACTLOOP_SOAK=1.
const (
	rounds      = 120
	shortRounds = 25
	soakRounds  = 1000
)

var base = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// chained is a sealed trail with its head.
type chained struct {
	key     audit.Key
	entries []audit.Record
	head    *audit.Head
}

func sealed(t testing.TB, n int) *chained {
	t.Helper()
	c := &chained{key: audit.Key(bytes.Repeat([]byte("k"), 32))}
	seal := ""
	for i := range n {
		r, err := audit.RecordOf(audit.Entry{
			ID: pact.AuditID(fmt.Sprintf("aud_%04d", i+1)), At: base.Add(time.Duration(i) * time.Second), ActorID: "usr_1", ActorName: "Ann",
			Act: "contract.change", Subject: fmt.Sprint("con_", i%7), BusinessUnit: "emea", CorrelationID: fmt.Sprint("cor_", i),
			Changes:     []audit.Change{{Noun: "contracts", ID: "con_1", Before: map[string]any{"title": i}, After: map[string]any{"title": i + 1}}},
			Notes:       map[string]any{"n": i},
			ContractIDs: []string{"con_1"},
		})
		if err != nil {
			t.Fatal(err)
		}
		r.MAC = c.key.MAC(r)
		r.Position = int64(i + 1)
		seal = c.key.Seal(seal, r.Position, r.MAC)
		r.Seal = seal
		c.entries = append(c.entries, r)
	}
	h := c.key.HeadOf(int64(n), seal, base)
	c.head = &h
	return c
}

func (c *chained) all() iter.Seq2[audit.Record, error] {
	return func(yield func(audit.Record, error) bool) {
		for _, r := range c.entries {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (c *chained) verify(t testing.TB, checkpoints ...audit.Head) audit.Report {
	t.Helper()
	report, err := c.key.Verify(c.all(), func() (*audit.Head, error) { return c.head, nil }, checkpoints...)
	if err != nil {
		t.Fatal(err)
	}
	// An export of the same trail is judged alike.
	var out bytes.Buffer
	if err := audit.Export(&out, c.all(), func() (*audit.Head, error) { return c.head, nil }); err != nil {
		t.Fatal(err)
	}
	fromFile, err := c.key.VerifyLines(&out, checkpoints...)
	if err != nil || fromFile != report {
		t.Fatalf("the export verifies as %+v, %v, the trail as %+v", fromFile, err, report)
	}
	return report
}

// seal chains the entries from an index on again, as someone with the key would.
func (c *chained) seal(from int) {
	seal := ""
	if from > 0 {
		seal = c.entries[from-1].Seal
	}
	for i := from; i < len(c.entries); i++ {
		r := &c.entries[i]
		r.Position = int64(i + 1)
		r.MAC = c.key.MAC(*r)
		seal = c.key.Seal(seal, r.Position, r.MAC)
		r.Seal = seal
	}
	h := c.key.HeadOf(int64(len(c.entries)), seal, base.Add(time.Hour))
	c.head = &h
}

func TestAWholeTrailVerifies(t *testing.T) {
	t.Parallel()
	c := sealed(t, 50)
	checkpoint := c.key.HeadOf(20, c.entries[19].Seal, base)
	if r := c.verify(t, checkpoint); !r.OK || r.Entries != 50 || r.Head != c.entries[49].Seal {
		t.Errorf("it verifies as %+v", r)
	}
	open := sealed(t, 3)
	unsealed := open.entries[2]
	unsealed.Position, unsealed.Seal = 0, ""
	c.entries = append(c.entries, unsealed)
	if r := c.verify(t); !r.OK || r.Unsealed != 1 {
		t.Errorf("with an open tail it verifies as %+v", r)
	}
	begun := c.key.HeadOf(0, "", base)
	if r := (&chained{key: c.key, head: &begun}).verify(t); !r.OK {
		t.Errorf("a trail that was begun verifies as %+v", r)
	}
	if r := (&chained{key: c.key}).verify(t); r.OK || r.Problem != "gap" || r.FirstBad != "head" {
		t.Errorf("a trail that is gone verifies as %+v", r)
	}
}

func TestTamperingIsNamed(t *testing.T) {
	t.Parallel()
	n := rounds
	if testing.Short() {
		n = shortRounds
	}
	if os.Getenv("PACTLOOP_SOAK") == "1" {
		n = soakRounds
	}
	const length = 40
	for _, c := range []struct {
		name   string
		tamper func(r *rand.Rand, c *chained) (firstBad string, problems []string)
	}{
		{"edited content", editContent},
		{"edited seal", func(r *rand.Rand, c *chained) (string, []string) {
			i := r.IntN(length)
			c.entries[i].Seal = flip(r, c.entries[i].Seal)
			return c.entries[i].ID, []string{"edited"}
		}},
		{"deleted", func(r *rand.Rand, c *chained) (string, []string) {
			i := r.IntN(length - 1)
			c.entries = slices.Delete(c.entries, i, i+1)
			return fmt.Sprint("position ", i+1), []string{"gap"}
		}},
		{"deleted and closed up", func(r *rand.Rand, c *chained) (string, []string) {
			i := r.IntN(length - 1)
			c.entries = slices.Delete(c.entries, i, i+1)
			for j := i; j < len(c.entries); j++ {
				c.entries[j].Position--
			}
			return c.entries[i].ID, []string{"swapped"}
		}},
		{"swapped", func(r *rand.Rand, c *chained) (string, []string) {
			i := r.IntN(length - 1)
			j := i + 1 + r.IntN(length-i-1)
			a, b := &c.entries[i], &c.entries[j]
			*a, *b = *b, *a
			a.Position, b.Position = b.Position, a.Position
			if r.IntN(2) == 0 {
				a.Seal, b.Seal = b.Seal, a.Seal
			}
			return a.ID, []string{"swapped"}
		}},
		{"repeated", func(r *rand.Rand, c *chained) (string, []string) {
			i := r.IntN(length)
			c.entries = slices.Insert(c.entries, i+1, c.entries[i])
			return c.entries[i].ID, []string{"fork"}
		}},
		{"truncated", func(r *rand.Rand, c *chained) (string, []string) {
			i := r.IntN(length)
			c.entries = c.entries[:i]
			return fmt.Sprint("position ", i+1), []string{"truncated"}
		}},
		{"truncated with an old head", func(r *rand.Rand, c *chained) (string, []string) {
			i := 1 + r.IntN(length-1)
			c.entries = c.entries[:i]
			h := c.key.HeadOf(int64(i), c.entries[i-1].Seal, base)
			c.head = &h
			return fmt.Sprint("position ", i+1), []string{"truncated"}
		}},
		{"suffix from another chain", func(r *rand.Rand, c *chained) (string, []string) {
			i := 1 + r.IntN(length-1)
			other := *c
			other.key = audit.Key(bytes.Repeat([]byte("x"), 32))
			other.entries = slices.Clone(c.entries)
			other.seal(i)
			c.entries, c.head = other.entries, other.head
			return c.entries[i].ID, []string{"edited"}
		}},
		{"suffix rewritten with the key", func(r *rand.Rand, c *chained) (string, []string) {
			i := r.IntN(length)
			c.entries[i].ActorName = "somebody else"
			c.seal(i)
			return fmt.Sprint("position ", length), []string{"fork"}
		}},
		{"head edited", func(r *rand.Rand, c *chained) (string, []string) {
			c.head.Seal = flip(r, c.head.Seal)
			return "head", []string{"edited"}
		}},
		{"head gone", func(_ *rand.Rand, c *chained) (string, []string) {
			c.head = nil
			return "head", []string{"gap"}
		}},
		{"appended behind the head", func(_ *rand.Rand, c *chained) (string, []string) {
			r := c.entries[0]
			r.ID, r.Position = "aud_new", length+1
			r.MAC = c.key.MAC(r)
			r.Seal = c.key.Seal(c.entries[length-1].Seal, r.Position, r.MAC)
			c.entries = append(c.entries, r)
			return fmt.Sprint("position ", length+1), []string{"fork"}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			whole := sealed(t, length)
			for seed := range n {
				r := rand.New(rand.NewPCG(1, uint64(seed))) //nolint:gosec // repeatable
				trail := &chained{key: whole.key, entries: slices.Clone(whole.entries)}
				head := *whole.head
				trail.head = &head
				bad, problems := c.tamper(r, trail)
				report := trail.verify(t, *whole.head)
				if c.name == "head edited" || c.name == "head gone" || c.name == "appended behind the head" {
					report = trail.verify(t)
				}
				if report.OK || report.FirstBad != bad || !slices.Contains(problems, report.Problem) || report.Detail == "" {
					t.Fatalf("seed %d: want %s of %q, got %+v", seed, problems, bad, report)
				}
			}
		})
	}
}

func editContent(r *rand.Rand, c *chained) (string, []string) {
	i := r.IntN(len(c.entries))
	e := &c.entries[i]
	name := e.ID
	switch r.IntN(12) {
	case 0:
		e.ID = flip(r, e.ID)
		name = e.ID
	case 1:
		e.At = e.At.Add(time.Microsecond << r.IntN(30))
	case 2:
		e.ActorID = flip(r, e.ActorID)
	case 3:
		e.ActorName, e.ActorID = e.ActorID, e.ActorName
	case 4:
		e.Act += "x"
	case 5:
		e.Subject = ""
	case 6:
		e.BusinessUnit, e.CorrelationID = e.BusinessUnit+e.CorrelationID, ""
	case 7:
		e.CorrelationID = flip(r, e.CorrelationID)
	case 8:
		e.Changes = json.RawMessage(strings.Replace(string(e.Changes), "title", "tItle", 1))
	case 9:
		e.Notes = nil
	case 10:
		e.ContractIDs = json.RawMessage(`["con_2"]`)
	case 11:
		e.MAC = flip(r, e.MAC)
	}
	return name, []string{"edited"}
}

// flip changes one letter.
func flip(r *rand.Rand, s string) string {
	i := r.IntN(len(s))
	with := byte('a')
	if s[i] == 'a' {
		with = 'b'
	}
	return s[:i] + string(with) + s[i+1:]
}

func TestCheckpointsNarrowARewrite(t *testing.T) {
	t.Parallel()
	c := sealed(t, 40)
	var checkpoints []audit.Head
	for _, p := range []int64{10, 20, 30} {
		checkpoints = append(checkpoints, c.key.HeadOf(p, c.entries[p-1].Seal, base))
	}
	c.entries[14].Subject = "another"
	c.seal(14)
	if r := c.verify(t); !r.OK {
		t.Errorf("whoever has the key makes a chain that verifies by itself, got %+v", r)
	}
	if r := c.verify(t, checkpoints...); r.OK || r.FirstBad != "position 20" || r.Problem != "fork" {
		t.Errorf("with checkpoints it verifies as %+v", r)
	}
	forged := checkpoints[0]
	forged.Position++
	if r := c.verify(t, forged); r.OK || r.Problem != "checkpoint" {
		t.Errorf("a forged checkpoint gave %+v", r)
	}
}

func TestNumbersKeepEveryDigit(t *testing.T) {
	t.Parallel()
	b, err := audit.Canonical(map[string]any{"z": json.RawMessage("12345678901234567890.123456789"), "a": "<&>"})
	if err != nil || string(b) != `{"a":"<&>","z":12345678901234567890.123456789}` {
		t.Errorf("got %s, %v", b, err)
	}
}

func TestNoExportCrashesTheVerifier(t *testing.T) {
	t.Parallel()
	key := audit.Key(bytes.Repeat([]byte("k"), 32))
	for _, in := range []string{
		"{", "null", "[]", `{"id":1}`, `{"position":"x"}`, "{}", `{"head":{}}`, `{"id":"a","changes":{"a":`, "\xff\xfe",
		`{"id":"a","at":"yesterday"}`, strings.Repeat(`{"id":"a","changes":`+strings.Repeat("[", 20000)+"\n", 2),
	} {
		r, err := key.VerifyLines(strings.NewReader(in))
		if err == nil && r.OK {
			t.Errorf("%.40q verifies", in)
		}
	}
}

func FuzzVerifyLines(f *testing.F) {
	var out bytes.Buffer
	c := sealed(f, 3)
	if err := audit.Export(&out, c.all(), func() (*audit.Head, error) { return c.head, nil }); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := c.key.VerifyLines(bytes.NewReader(b))
		if err == nil && r.OK && r.Entries > 3 {
			t.Errorf("%d entries verify, 3 were written", r.Entries)
		}
	})
}

// million is how many entries reliability 42 wants verified in five seconds.
const million = 1_000_000

// BenchmarkVerify verifies a million entries. The baseline is a bare chain over the same bytes: one SHA-256 of each entry with
// the hash before it, without a key, a MAC of its own, and a look at what is wrong.
func BenchmarkVerify(b *testing.B) {
	c := sealed(b, million)
	bytesOf := make([][]byte, million)
	for i, r := range c.entries {
		var e []byte
		for _, part := range []string{r.ID, r.At.Format(time.RFC3339Nano), r.ActorID, r.ActorName, r.Act, r.Subject, r.BusinessUnit, r.CorrelationID, string(r.Changes), string(r.Notes), string(r.ContractIDs)} {
			e = append(e, part...)
		}
		bytesOf[i] = e
	}
	measure := func(name string, verify func(b *testing.B)) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				verify(b)
			}
			b.ReportMetric(float64(b.N)*million/b.Elapsed().Seconds(), "entries/s")
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "1M-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
	measure("baseline", func(b *testing.B) {
		h := sha256.New()
		var last [sha256.Size]byte
		for _, e := range bytesOf {
			h.Reset()
			h.Write(last[:])
			h.Write(e)
			h.Sum(last[:0])
		}
		if last == [sha256.Size]byte{} {
			b.Fatal("no chain")
		}
	})
	measure("pactloop", func(b *testing.B) {
		r, err := c.key.Verify(c.all(), func() (*audit.Head, error) { return c.head, nil })
		if err != nil || !r.OK || r.Entries != million {
			b.Fatal(r, err)
		}
	})
}
