package sqlite_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/store/sqlstore"
)

var update = flag.Bool("update", false, "write the first migration again from the nouns")

// Before the first release there is one migration, written from the nouns of pact: go test ./internal/store/... -run
// FirstMigration -update writes it again.
func TestFirstMigrationIsTheSchemaOfTheNouns(t *testing.T) {
	t.Parallel()
	const path = "migrations/00001_nouns.sql"
	schema, err := sqlstore.Schema(sqlstore.SQLite)
	if err != nil {
		t.Fatal(err)
	}
	want := "-- Written from the nouns of pact by the test of this folder, with -update.\n-- +goose Up\n" + schema
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(have)) != strings.TrimSpace(want) {
		t.Error("a field of pact has no column: run go test ./internal/store/... -run FirstMigration -update")
	}
}
