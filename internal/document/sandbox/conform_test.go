//go:build conform

package sandbox_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/sandbox"
)

// Files of other people, of many programs: every one ends in a text that holds, or in a named state.
func TestDocumentsOfOthersAreReadOrNamed(t *testing.T) {
	root := filepath.Join(os.Getenv("SHARED"), "data", "documents")
	p := pool(t, "parse-worker", func(c *sandbox.Config) { c.Limit = time.Minute })
	counts := map[string]int{}
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		switch filepath.Ext(path) {
		case ".md", ".json":
			return nil
		}
		files++
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		doc, err := p.Read(t.Context(), body, d.Name())
		var named *document.Error
		switch {
		case err == nil:
			counts["read"]++
			if err := documenttest.Fault(doc); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		case errors.As(err, &named):
			counts[string(named.State.State)]++
			t.Logf("%s: %v", path, named)
		default:
			t.Errorf("%s: an error without a state: %v", path, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files below %s", files, root)
	}
	t.Logf("documents of others: %d files, at least %d read; %v", files, counts["read"], counts)
}
