package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func start(t *testing.T, cfg config.Config) error {
	t.Helper()
	a, err := New(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return a.Close()
}

func settings(t *testing.T, data, database string) config.Config {
	t.Helper()
	cfg, err := config.Load(nil, []string{"PACTLOOP_DATA=" + data, "PACTLOOP_DATABASE_URL=" + database})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func carry(t *testing.T, from, to string, names ...string) {
	t.Helper()
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A second node on the same database starts only with the keys of the first, and is told which files to copy.
func TestANodeWithOtherKeysDoesNotStart(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	first, second := t.TempDir(), t.TempDir()
	if err := start(t, settings(t, first, url)); err != nil {
		t.Fatal(err)
	}
	refusedFor := func(what string) {
		t.Helper()
		if err := start(t, settings(t, second, url)); !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "copy "+what) || !strings.Contains(err.Error(), second) {
			t.Errorf("want to be told to copy %s: %v", what, err)
		}
	}
	refusedFor("audit.key")
	carry(t, first, second, "audit.key")
	refusedFor("secret.key")
	carry(t, first, second, "secret.key", "secret.data.age")
	for _, data := range []string{second, first} {
		if err := start(t, settings(t, data, url)); err != nil {
			t.Error(err)
		}
	}
}

func TestTheEmbeddedDatabaseKnowsItsKeysToo(t *testing.T) {
	t.Parallel()
	data, other := t.TempDir(), t.TempDir()
	for _, dir := range []string{data, other} {
		if err := start(t, settings(t, dir, "")); err != nil {
			t.Fatal(err)
		}
	}
	own := t.TempDir()
	carry(t, data, own, "audit.key", "secret.key", "secret.data.age")
	carry(t, other, data, "audit.key")
	if err := start(t, settings(t, data, "")); !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "audit.key") {
		t.Errorf("with another audit.key: %v", err)
	}
	carry(t, own, data, "audit.key")
	carry(t, other, data, "secret.key", "secret.data.age")
	if err := start(t, settings(t, data, "")); !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "secret.key") {
		t.Errorf("with another secret.key: %v", err)
	}
	lost := settings(t, data, "") // the old one is lost for good, and somebody says so once
	lost.NewSecretKey = true
	if err := start(t, lost); err != nil {
		t.Error(err)
	}
	if err := start(t, settings(t, data, "")); err != nil {
		t.Errorf("after the new key was taken: %v", err)
	}
}

// A rotated key is still the installation's.
func TestRotationKeepsTheFingerprint(t *testing.T) {
	t.Parallel()
	a, err := New(t.Context(), settings(t, t.TempDir(), ""), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	before := a.secrets.Fingerprint()
	if err := a.secrets.Rotate(); err != nil {
		t.Fatal(err)
	}
	known, err := a.store.KnowsKey(t.Context(), "secret", a.secrets.Fingerprint(), false)
	if err != nil || !known || a.secrets.Fingerprint() != before {
		t.Errorf("after a rotation: known %t, %v", known, err)
	}
}
