package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// However many occurrences are open, looking for the next timer reads one entry of an index.
func TestTheNextTimerIsReadFromTheIndex(t *testing.T) {
	t.Parallel()
	db := fresh(t)
	for _, query := range []string{sqlstore.NextTimer, `SELECT "id" FROM timers WHERE "due_at" <= '2026-01-01' ORDER BY "due_at" NULLS FIRST LIMIT 200`} {
		if plan := planOf(t, db, query); !strings.Contains(plan, "timers_due_at") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s\nis planned as\n%s", query, plan)
		}
	}
}

// However much was read, what people decided on a field is read from the index in its order.
func TestPrecedentsAreReadFromTheIndex(t *testing.T) {
	t.Parallel()
	db := fresh(t)
	const asked = `SELECT "id" FROM candidates WHERE "business_unit" = 'north' AND "state" = 'accepted' AND "contract_id" != 'con_1' AND "decided_by" != 'policy' AND `
	plan := planOf(t, db, asked+`"subject" = 'term' AND "name" = 'notice_period' ORDER BY "id" DESC LIMIT 300`)
	if !strings.Contains(plan, "candidates_business_unit_subject_name_state") || strings.Contains(plan, "TEMP B-TREE") {
		t.Errorf("a term is planned as\n%s", plan)
	}
	plan = planOf(t, db, asked+`"subject" = 'obligation' AND "name" >= 'audit_right' AND "name" < 'audit_right~' ORDER BY "id" DESC LIMIT 300`)
	if !strings.Contains(plan, "candidates_business_unit_subject_name_state") {
		t.Errorf("an obligation is planned as\n%s", plan)
	}
}

// However many occurrences an obligation has, the register reads one entry of an index for the one that is owed first.
func TestWhatIsOwedFirstIsReadFromTheIndex(t *testing.T) {
	t.Parallel()
	plan := planOf(t, fresh(t), `SELECT "id", "status", "due_on" FROM obligation_register WHERE "listed_until" > '2026-03-31' ORDER BY "due_order", "id" LIMIT 50`)
	for _, index := range []string{"occurrences_open", "occurrences_last"} {
		if !strings.Contains(plan, index) {
			t.Errorf("%s is not used:\n%s", index, plan)
		}
	}
}

// fresh is a new database with the schema of this build, opened beside its store.
func fresh(t *testing.T) *sql.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pactloop.db")
	storetest.SQLiteAt(t, path, time.Now)
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func planOf(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(plan, "\n")
}
