package secret_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/secret"
)

func open(t *testing.T, dir string) *secret.Box {
	t.Helper()
	b, err := secret.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func seal(t *testing.T, b *secret.Box, value, place string) string {
	t.Helper()
	s, err := b.Seal(value, place)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAValueComesBackAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sealed := seal(t, open(t, dir), "canary-4711", "connection/cnn_1/client_secret")
	if strings.Contains(sealed, "canary") || !secret.Sealed(sealed) {
		t.Fatalf("sealed form is %q", sealed)
	}
	got, err := open(t, dir).Unseal(sealed, "connection/cnn_1/client_secret")
	if err != nil || got != "canary-4711" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestAnyValueInAnyPlaceComesBackAndNowhereElse(t *testing.T) {
	t.Parallel()
	b := open(t, t.TempDir())
	rapid.Check(t, func(t *rapid.T) {
		value, place := rapid.String().Draw(t, "value"), rapid.String().Draw(t, "place")
		sealed, err := b.Seal(value, place)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := b.Unseal(sealed, place); err != nil || got != value {
			t.Fatalf("got %q, %v", got, err)
		}
		if _, err := b.Unseal(sealed, place+"x"); !fault.Is(err, fault.Denied) {
			t.Fatalf("another place opened it: %v", err)
		}
	})
}

func TestADamagedValueIsRefusedAndNamed(t *testing.T) {
	t.Parallel()
	b := open(t, t.TempDir())
	sealed := seal(t, b, "v", "p")
	for i := range sealed {
		flipped := []byte(sealed)
		flipped[i] ^= 1
		if got, err := b.Unseal(string(flipped), "p"); err == nil {
			t.Fatalf("flipping byte %d gave %q", i, got)
		}
	}
	for _, text := range []string{"", "s1", "s1..", "s1.x.y.z", "plain"} {
		if _, err := b.Unseal(text, "p"); err == nil || !strings.Contains(err.Error(), "p") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestTheKeyOfAnotherInstallationIsRefusedWithBothIDs(t *testing.T) {
	t.Parallel()
	a, b := open(t, t.TempDir()), open(t, t.TempDir())
	_, err := b.Unseal(seal(t, a, "v", "p"), "p")
	if !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), a.KeyID()) || !strings.Contains(err.Error(), b.KeyID()) {
		t.Fatalf("got %v", err)
	}
}

func TestALostOrForeignKeyFileStopsTheStart(t *testing.T) {
	t.Parallel()
	dir, other := t.TempDir(), t.TempDir()
	open(t, dir)
	open(t, other)
	foreign, err := os.ReadFile(filepath.Join(other, "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(dir, "secret.key")
	if err := os.WriteFile(key, foreign, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Open(dir); !fault.Is(err, fault.Denied) {
		t.Errorf("foreign key: %v", err)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Open(dir); !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "missing") {
		t.Errorf("lost key: %v", err)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a new key was made in place of the lost one")
	}
}

func TestAKeyFileThatOthersCanReadIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, dir)
	info, err := os.Stat(filepath.Join(dir, "secret.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(filepath.Join(dir, "secret.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Open(dir); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Fatalf("got %v", err)
	}
}

func TestRotationUnderLoadFailsNoCall(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := open(t, dir)
	old := seal(t, b, "before", "p")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 500 {
				s, err := b.Seal("v", "p")
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := b.Unseal(s, "p"); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	first := b.KeyID()
	for range 5 {
		if err := b.Rotate(); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
	if b.KeyID() == first {
		t.Error("the key did not change")
	}
	if got, err := open(t, dir).Unseal(old, "p"); err != nil || got != "before" {
		t.Errorf("a value of before the rotation: %q, %v", got, err)
	}
}

func TestTwoStartsAtOnceAgreeOnOneKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ids := make([]string, 8)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			b, err := secret.Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = b.KeyID()
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("keys differ: %v", ids)
		}
	}
}
