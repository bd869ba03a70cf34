package storetest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// tampered is what verify must say: the first bad entry, and what is wrong with it.
type tampered struct {
	sql      string
	bad      string
	problems []string
	alone    bool // found without the checkpoint
}

// meddler changes a stored trail at random. entries[i] stands at position i+1.
type meddler struct {
	*rand.Rand
	entries []audit.Record
	key     audit.Key
}

func (m meddler) pick(n int) int { return m.IntN(n) }

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// edit changes one column of one entry, the seal and the MAC among them.
func (m meddler) edit() tampered {
	i := m.pick(len(m.entries))
	e := m.entries[i]
	bad, column := e.ID, []string{"id", "actor_id", "actor_name", "act", "subject", "business_unit", "correlation_id", "changes", "notes", "contract_ids", "mac", "seal"}[m.pick(12)]
	value := "COALESCE(" + column + ", '') || 'x'"
	switch column {
	case "id":
		bad += "x"
	case "changes", "notes", "contract_ids": // white space would not change what it says, but it is not what was written
		value = []string{"' ' || COALESCE(" + column + ", '[]')", "'[\"other\"]'"}[m.pick(2)]
	case "mac", "seal":
		value = quoted(strings.Repeat("0", 64))
	}
	return tampered{fmt.Sprintf("UPDATE audit_entries SET %s = %s WHERE position = %d", column, value, i+1), bad, []string{"edited"}, true}
}

func (m meddler) remove() tampered {
	i := m.pick(len(m.entries) - 1)
	return tampered{fmt.Sprintf("DELETE FROM audit_entries WHERE position = %d", i+1), fmt.Sprint("position ", i+1), []string{"gap"}, true}
}

// closeUp removes an entry and moves the others up.
func (m meddler) closeUp() tampered {
	i := m.pick(len(m.entries) - 1)
	sql := fmt.Sprintf("DELETE FROM audit_entries WHERE position = %[1]d; UPDATE audit_entries SET position = -position WHERE position > %[1]d; UPDATE audit_entries SET position = -position - 1 WHERE position < 0", i+1)
	return tampered{sql, m.entries[i+1].ID, []string{"swapped"}, true}
}

func (m meddler) swap() tampered {
	i := m.pick(len(m.entries) - 1)
	j := i + 1 + m.pick(len(m.entries)-i-1)
	sql := fmt.Sprintf("UPDATE audit_entries SET position = -1 WHERE position = %[1]d; UPDATE audit_entries SET position = %[1]d WHERE position = %[2]d; UPDATE audit_entries SET position = %[2]d WHERE position = -1", i+1, j+1)
	if m.pick(2) == 0 { // with the seals of their new places
		sql += fmt.Sprintf("; UPDATE audit_entries SET seal = %s WHERE position = %d; UPDATE audit_entries SET seal = %s WHERE position = %d", quoted(m.entries[i].Seal), i+1, quoted(m.entries[j].Seal), j+1)
	}
	return tampered{sql, m.entries[j].ID, []string{"swapped"}, true}
}

// cut removes the end; with the head of a time when that was the end, only a checkpoint can tell.
func (m meddler) cut() tampered {
	i := 1 + m.pick(len(m.entries)-1)
	out := tampered{fmt.Sprintf("DELETE FROM audit_entries WHERE position > %d", i), fmt.Sprint("position ", i+1), []string{"truncated"}, true}
	if m.pick(2) == 0 {
		out.sql += "; DELETE FROM audit_contracts WHERE entry_id NOT IN (SELECT id FROM audit_entries); " + m.head(m.key, i, m.entries[i-1].Seal)
		out.alone = false
	}
	return out
}

func (m meddler) head(key audit.Key, position int, seal string) string {
	h := key.HeadOf(int64(position), seal, m.entries[0].At)
	return fmt.Sprintf("UPDATE audit_head SET position = %d, seal = %s, at = (SELECT MIN(at) FROM audit_entries), mac = %s", h.Position, quoted(h.Seal), quoted(h.MAC))
}

// wipe removes everything, the head too.
func (m meddler) wipe() tampered {
	return tampered{"DELETE FROM audit_contracts; DELETE FROM audit_entries; DELETE FROM audit_head", "position 1", []string{"truncated"}, true}
}

// hide takes an entry away from the contract it concerns, or shows it under another one too.
func (m meddler) hide() tampered {
	i := m.pick(len(m.entries))
	e := quoted(m.entries[i].ID)
	sql := []string{
		"DELETE FROM audit_contracts WHERE entry_id = " + e,
		"UPDATE audit_contracts SET contract_id = contract_id || 'x' WHERE entry_id = " + e,
		"INSERT INTO audit_contracts (contract_id, entry_id) VALUES ('con_other', " + e + ")",
	}[m.pick(3)]
	return tampered{sql, m.entries[i].ID, []string{"index"}, true}
}

// fork adds an entry behind the end, copied or unsealed.
func (m meddler) fork() tampered {
	i := m.pick(len(m.entries))
	columns := "at, actor_id, actor_name, act, subject, business_unit, correlation_id, changes, notes, contract_ids, mac"
	n := len(m.entries) + 1
	if m.pick(2) == 0 { // an entry that nobody wrote, as if it waited for the sealer
		return tampered{fmt.Sprintf("INSERT INTO audit_entries (id, position, %[1]s, seal) SELECT 'zzz_forged', NULL, %[1]s, '' FROM audit_entries WHERE position = %[2]d", columns, i+1), "zzz_forged", []string{"edited"}, true}
	}
	return tampered{fmt.Sprintf("INSERT INTO audit_entries (id, position, %[1]s, seal) SELECT id || 'x', %[3]d, %[1]s, seal FROM audit_entries WHERE position = %[2]d", columns, i+1, n), m.entries[i].ID + "x", []string{"edited"}, true}
}

// rehash rewrites an entry and chains everything from it on again; with the key of the house, only a checkpoint can tell.
func (m meddler) rehash() tampered {
	i := m.pick(len(m.entries))
	key, alone := audit.Key(bytes.Repeat([]byte("x"), 32)), true
	if m.pick(2) == 0 {
		key, alone = m.key, false
	}
	seal := ""
	if i > 0 {
		seal = m.entries[i-1].Seal
	}
	var sql []string
	for j := i; j < len(m.entries); j++ {
		e := m.entries[j]
		if j == i {
			e.ActorName = "somebody else"
		}
		e.MAC = key.MAC(e)
		seal = key.Seal(seal, int64(j+1), e.MAC)
		sql = append(sql, fmt.Sprintf("UPDATE audit_entries SET actor_name = %s, mac = %s, seal = %s WHERE position = %d", quoted(e.ActorName), quoted(e.MAC), quoted(seal), j+1))
	}
	sql = append(sql, m.head(key, len(m.entries), seal))
	out := tampered{strings.Join(sql, "; "), m.entries[i].ID, []string{"edited"}, alone}
	if !alone {
		out.bad, out.problems = fmt.Sprint("position ", len(m.entries)), []string{"fork"}
	}
	return out
}

// TestRandomTamperingIsNamed (reliability 42) changes the stored trail at random, by SQL, as somebody with the database
// would: verify names the first bad entry each time. What somebody does who has the key too, a checkpoint kept elsewhere
// finds, and only that.
func TestRandomTamperingIsNamed(t *testing.T) {
	t.Parallel()
	rounds := 80
	if os.Getenv("PACTLOOP_SOAK") == "1" {
		rounds = 1000
	}
	eachBehind(t, func(t *testing.T, b behind) {
		ctx := storetest.System(t)
		for i := range 20 {
			storetest.Must(ctx, t, b, func(ctx context.Context, tx store.Tx) error {
				tx.Note(ctx, "n", i)
				return tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "emea", Title: fmt.Sprint("title ", i)})
			})
		}
		if _, err := b.Audit().Seal(ctx); err != nil {
			t.Fatal(err)
		}
		checkpoint, err := b.Head(ctx)
		if err != nil {
			t.Fatal(err)
		}
		entries := exported(t, b)
		b.exec("CREATE TABLE kept_entries AS SELECT * FROM audit_entries; CREATE TABLE kept_head AS SELECT * FROM audit_head; CREATE TABLE kept_contracts AS SELECT * FROM audit_contracts")
		named := map[string]int{}
		for seed := range rounds {
			m := meddler{rand.New(rand.NewPCG(42, uint64(seed))), entries, storetest.Key()} //nolint:gosec // repeatable
			x := []func() tampered{m.edit, m.remove, m.closeUp, m.swap, m.cut, m.fork, m.rehash, m.wipe, m.hide}[seed%9]()
			b.exec(x.sql)
			alone, err := b.Audit().Verify(ctx)
			if err != nil {
				t.Fatalf("round %d: %v", seed, err)
			}
			r, err := b.VerifyAgainst(ctx, *checkpoint)
			if err != nil {
				t.Fatalf("round %d: %v", seed, err)
			}
			if r.OK || r.FirstBad != x.bad || !slices.Contains(x.problems, r.Problem) || alone.OK == x.alone {
				t.Errorf("round %d: want %v of %q, without the checkpoint found: %t; got %+v and %+v, after %.300s", seed, x.problems, x.bad, x.alone, r, alone, x.sql)
			}
			named[r.Problem]++
			b.exec("DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM kept_entries; DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM kept_head; DELETE FROM audit_contracts; INSERT INTO audit_contracts SELECT * FROM kept_contracts")
		}
		if r, err := b.VerifyAgainst(ctx, *checkpoint); err != nil || !r.OK {
			t.Errorf("put back, the trail is %+v, %v", r, err)
		}
		t.Logf("%d of %d named: %v", sum(named), rounds, named)
	})
}

func sum(m map[string]int) int {
	n := 0
	for v := range maps.Values(m) {
		n += v
	}
	return n
}

func exported(t *testing.T, b behind) []audit.Record {
	t.Helper()
	var out bytes.Buffer
	if err := b.Audit().Export(storetest.System(t), &out); err != nil {
		t.Fatal(err)
	}
	var entries []audit.Record
	for line := range bytes.Lines(out.Bytes()) {
		var r audit.Record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		if r.ID != "" {
			entries = append(entries, r)
		}
	}
	return entries
}
