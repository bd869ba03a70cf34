package blob_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/store/blob"
)

func TestBlobsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	f, root := folder(t)
	for _, b := range [][]byte{nil, []byte("a"), bytes.Repeat([]byte{0, 255}, 1<<20)} {
		sum, err := f.Put(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		again, err := f.Put(t.Context(), b)
		if err != nil || again != sum {
			t.Fatalf("putting it again gave %s, %v", again, err)
		}
		got, err := f.Get(t.Context(), sum)
		if err != nil || !bytes.Equal(got, b) {
			t.Fatalf("got %d bytes of %d: %v", len(got), len(b), err)
		}
	}
	if left := files(t, root); left != 3 {
		t.Errorf("%d files lie there, not 3", left)
	}
}

func TestADamagedBlobIsNeverGiven(t *testing.T) {
	t.Parallel()
	f, root := folder(t)
	sum, err := f.Put(t.Context(), []byte("the contract"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "sha256", sum[:2], sum[2:4], sum)
	if err := os.WriteFile(path, []byte("another contract"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get(t.Context(), sum); err == nil || fault.Of(err) != nil {
		t.Errorf("a changed file gave %v", err)
	}
	// Whoever still has the bytes repairs it by putting them again.
	if _, err := f.Put(t.Context(), []byte("the contract")); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Get(t.Context(), sum); err != nil || string(got) != "the contract" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestDerivedDataIsReplacedAndDamagedIsMissing(t *testing.T) {
	t.Parallel()
	f, root := folder(t)
	for _, b := range []string{"one", "two"} {
		if err := f.PutNamed(t.Context(), "text/abc-pdf.1", []byte(b)); err != nil {
			t.Fatal(err)
		}
		if got, err := f.GetNamed(t.Context(), "text/abc-pdf.1"); err != nil || string(got) != b {
			t.Fatalf("got %q, %v", got, err)
		}
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			return os.Truncate(path, 34)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.GetNamed(t.Context(), "text/abc-pdf.1"); !fault.Is(err, fault.NotFound) {
		t.Errorf("damaged data gave %v", err)
	}
}

func TestNamesNeverLeadOutOfTheFolder(t *testing.T) {
	t.Parallel()
	f, _ := folder(t)
	for _, name := range []string{"", ".", "..", "../x", "a/../b", "a//b", "/etc/passwd", "a\x00b", "A", "a..b", strings.Repeat("a", 300), "ü"} {
		if err := f.PutNamed(t.Context(), name, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("putting %q gave %v", name, err)
		}
		if _, err := f.GetNamed(t.Context(), name); err == nil {
			t.Errorf("getting %q gave something", name)
		}
		if _, err := f.Get(t.Context(), name); !fault.Is(err, fault.NotFound) {
			t.Errorf("getting the blob %q gave %v", name, err)
		}
	}
	if _, err := f.Get(t.Context(), strings.Repeat("0", 64)); !fault.Is(err, fault.NotFound) {
		t.Errorf("a blob that is not there gave %v", err)
	}
}

func TestManyWritersOfTheSameBlob(t *testing.T) {
	t.Parallel()
	f, root := folder(t)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := f.Put(context.WithoutCancel(t.Context()), []byte("same")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := files(t, root); n != 1 {
		t.Errorf("%d files", n)
	}
}

func folder(t *testing.T) (*blob.Folder, string) {
	t.Helper()
	root := t.TempDir()
	f, err := blob.New(root)
	if err != nil {
		t.Fatal(err)
	}
	return f, root
}

func files(t *testing.T, root string) (n int) {
	t.Helper()
	err := filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
