package postgres_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// However many occurrences are open, looking for the next timer reads one entry of an index.
func TestTheNextTimerIsReadFromTheIndex(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, err := pgx.Connect(ctx, storetest.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(ctx)
	for _, query := range []string{
		`INSERT INTO timers ("id", "kind", "ref", "due_at") SELECT 'tmr_' || n, 'occurrence', 'occ_' || n, TIMESTAMPTZ '2026-01-01' + n * INTERVAL '1 minute' FROM generate_series(1, 50000) AS n`,
		`ANALYZE timers`,
	} {
		if _, err := db.Exec(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	for _, query := range []string{sqlstore.NextTimer, `SELECT "id" FROM timers WHERE "due_at" <= '2026-01-01 01:00Z' ORDER BY "due_at" NULLS FIRST LIMIT 200 FOR UPDATE SKIP LOCKED`} {
		rows, err := db.Query(ctx, "EXPLAIN "+query)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		if text := strings.Join(plan, "\n"); !strings.Contains(text, "timers_due_at") || strings.Contains(text, "Seq Scan") || strings.Contains(text, "Sort") {
			t.Errorf("%s\nis planned as\n%s", query, text)
		}
	}
}

// However much was read, what people decided on a field is read from the index in its order.
func TestPrecedentsAreReadFromTheIndex(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, err := pgx.Connect(ctx, storetest.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(ctx)
	var index string
	if err := db.QueryRow(ctx, `SELECT indexdef FROM pg_indexes WHERE indexname = 'candidates_business_unit_subject_name_state'`).Scan(&index); err != nil {
		t.Fatal(err)
	}
	// Without sequential scans the planner says whether an index can give the rows in their order, however few they are.
	if _, err := db.Exec(ctx, `SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off`); err != nil {
		t.Fatal(err)
	}
	const asked = `EXPLAIN SELECT "id" FROM candidates WHERE "business_unit" = 'north' AND "state" = 'accepted' AND "contract_id" != 'con_1' AND "decided_by" != 'policy' AND "subject" = 'term' AND "name" = 'notice_period' ORDER BY "id" DESC LIMIT 300`
	rows, err := db.Query(ctx, asked)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(plan, "\n"); !strings.Contains(text, "candidates_business_unit_subject_name_state") || strings.Contains(text, "Sort") {
		t.Errorf("planned as\n%s", text)
	}
}

// However many occurrences an obligation has, the register reads one entry of an index for the one that is owed first.
func TestWhatIsOwedFirstIsReadFromTheIndex(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, err := pgx.Connect(ctx, storetest.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(ctx)
	// Without sequential scans the planner says whether an index can give the rows in their order, however few they are.
	if _, err := db.Exec(ctx, `SET enable_seqscan = off; SET enable_bitmapscan = off`); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(ctx, `EXPLAIN SELECT "id", "status", "due_on" FROM obligation_register WHERE "listed_until" > '2026-03-31' ORDER BY "due_order", "id" LIMIT 50`)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(plan, "\n")
	for _, index := range []string{"occurrences_open", "occurrences_last"} {
		if !strings.Contains(text, index) {
			t.Errorf("%s is not used:\n%s", index, text)
		}
	}
}
