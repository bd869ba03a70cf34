//go:build demo

package e2e

import (
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // to edit a row behind the product's back
)

// auditOnDisk verifies the trail of a stopped folder by the command line, and that one edited row is named.
func auditOnDisk(ctx context.Context, t *testing.T, data string) {
	t.Helper()
	folder := filepath.Join(data, "pactloop")
	out, err := verifyOnDisk(ctx, folder)
	if err != nil || !strings.Contains(out, "OK") {
		t.Errorf("audit verify on the stopped folder: %v\n%s", err, out)
	}
	copied := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(copied, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	id := editOneEntry(ctx, t, filepath.Join(copied, "pactloop.db"))
	out, err = verifyOnDisk(ctx, copied)
	if err == nil || !strings.Contains(out, "BAD") || !strings.Contains(out, id) {
		t.Errorf("the entry %s was edited, and audit verify says: %v\n%s", id, err, out)
	}
}

func verifyOnDisk(ctx context.Context, folder string) (string, error) {
	cmd := exec.CommandContext(ctx, binary, "audit", "verify")
	cmd.Env = append(os.Environ(), "PACTLOOP_DATA="+folder)
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// editOneEntry changes one letter of who did something, somewhere in the middle of the chain.
func editOneEntry(ctx context.Context, t *testing.T, file string) string {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var id string
	if err := db.QueryRowContext(ctx, "SELECT id FROM audit_entries WHERE position = (SELECT max(position) / 2 FROM audit_entries)").Scan(&id); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(ctx, "UPDATE audit_entries SET actor_name = 'x' || substr(actor_name, 2) WHERE id = ?", id); err != nil {
		t.Fatal(err)
	}
	return id
}
