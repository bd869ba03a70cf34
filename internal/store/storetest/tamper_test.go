package storetest_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// Someone with the database but without the key changes the trail: verify names the first bad entry.
func TestTheStoredTrailCanNotBeChangedUnseen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, sql, problem, bad string }{
		{"edit", "UPDATE audit_entries SET actor_name = 'Eve' WHERE position = 4", "edited", "@4"},
		{"edit of a change", `UPDATE audit_entries SET changes = REPLACE(changes, 'title 3', 'title x') WHERE position = 4`, "edited", "@4"},
		{"edit of the time", "UPDATE audit_entries SET at = '2020-01-01T00:00:00.000000Z' WHERE position = 2", "edited", "@2"},
		{"delete", "DELETE FROM audit_entries WHERE position = 5", "gap", "position 5"},
		{"truncate", "DELETE FROM audit_entries WHERE position > 6", "truncated", "position 7"},
		{"swap", `UPDATE audit_entries SET position = -1 WHERE position = 3; UPDATE audit_entries SET position = 3 WHERE position = 7;
			UPDATE audit_entries SET position = 7 WHERE position = -1`, "swapped", "@7"},
		{"unseal", "UPDATE audit_entries SET position = NULL, seal = '' WHERE position = 8", "gap", "position 8"},
		{"all gone", "DELETE FROM audit_entries", "truncated", "position 1"},
		{"all gone, head too", "DELETE FROM audit_entries; DELETE FROM audit_head", "truncated", "position 1"},
		{"head", "UPDATE audit_head SET position = position - 1", "edited", "head"},
		{"no head", "DELETE FROM audit_head", "gap", "head"},
		{"index without a line", "DELETE FROM audit_contracts WHERE entry_id = (SELECT id FROM audit_entries WHERE position = 6)", "index", "@6"},
		{"index without any line", "DELETE FROM audit_contracts", "index", "@1"},
		{"index of another contract", "UPDATE audit_contracts SET contract_id = 'con_other' WHERE entry_id = (SELECT id FROM audit_entries WHERE position = 3)", "index", "@3"},
		{"index of another entry", `INSERT INTO audit_contracts SELECT 'con_x', id FROM audit_entries WHERE position = 9;
			UPDATE audit_contracts SET entry_id = (SELECT id FROM audit_entries WHERE position = 2) WHERE entry_id = (SELECT id FROM audit_entries WHERE position = 7)`, "index", "@2"},
		{"index with a line of nothing", "INSERT INTO audit_contracts (contract_id, entry_id) VALUES ('con_x', 'zzz_nothing')", "index", "zzz_nothing"},
		{"all gone, and no checkpoint", "DELETE FROM audit_entries; DELETE FROM audit_head; DELETE FROM audit_contracts", "gap", "head"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			eachBehind(t, func(t *testing.T, b behind) {
				ctx := storetest.System(t)
				for i := range 10 {
					storetest.Must(ctx, t, b, func(ctx context.Context, tx store.Tx) error {
						return tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "emea", Title: fmt.Sprint("title ", i)})
					})
				}
				if _, err := b.Audit().Seal(ctx); err != nil {
					t.Fatal(err)
				}
				ids := map[string]string{}
				page, err := b.Audit().List(ctx, store.AuditQuery{})
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range page.Items {
					ids[fmt.Sprint("@", e.Position)] = string(e.ID)
				}
				checkpoint, err := b.Head(ctx)
				if err != nil {
					t.Fatal(err)
				}
				b.exec(c.sql)
				r, err := b.VerifyAgainst(ctx, *checkpoint)
				if c.name == "no head" || c.name == "head" || c.name == "all gone, and no checkpoint" {
					r, err = b.Audit().Verify(ctx)
				}
				want := c.bad
				if id, ok := ids[want]; ok {
					want = id
				}
				if err != nil || r.OK || r.Problem != c.problem || r.FirstBad != want {
					t.Errorf("want %s of %s, got %+v, %v", c.problem, want, r, err)
				}
			})
		})
	}
}

// An emptied trail is not begun again by those who write on, nor by the next start.
func TestAnEmptiedTrailStaysBad(t *testing.T) {
	t.Parallel()
	eachBehind(t, func(t *testing.T, b behind) {
		ctx := storetest.System(t)
		if r, err := b.Audit().Verify(ctx); err != nil || !r.OK {
			t.Fatalf("a new one is %+v, %v", r, err)
		}
		write := func(title string) {
			t.Helper()
			storetest.Must(ctx, t, b, func(ctx context.Context, tx store.Tx) error {
				return tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "emea", Title: title})
			})
		}
		write("before")
		if _, err := b.Audit().Seal(ctx); err != nil {
			t.Fatal(err)
		}
		b.exec("DELETE FROM audit_entries; DELETE FROM audit_head; DELETE FROM audit_contracts")
		write("after")
		if n, err := b.Audit().Seal(ctx); err == nil {
			t.Errorf("%d were sealed as if nothing had been there", n)
		}
		bad := func(when string, s store.Store) {
			t.Helper()
			if r, err := s.Audit().Verify(ctx); err != nil || r.OK || r.Problem != "gap" || r.FirstBad != "head" {
				t.Errorf("%s: %+v, %v", when, r, err)
			}
			var out bytes.Buffer
			if err := s.Audit().Export(ctx, &out); err != nil {
				t.Fatal(err)
			}
			if r, err := audit.Key(storetest.Key()).VerifyLines(&out); err != nil || r.OK {
				t.Errorf("the export, %s: %+v, %v", when, r, err)
			}
		}
		bad("while it runs", b.Store)
		bad("after the next start", b.reopen())
	})
}
