package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pactloop/pactloop/internal/fault"
)

func TestAFileThatIsNotThereIsSaidNotToExist(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, want := range map[string]string{filepath.Join(folder, "nofile.pdf"): " does not exist.", folder: " can not be read: is a directory."} {
		_, err := os.ReadFile(name)
		if got := unreadable(name, err); !fault.Is(got, fault.Invalid) || got.Error() != name+want { // the reason is said once
			t.Errorf("%v", got)
		}
	}
	cmd := root()
	missing := filepath.Join(folder, "nofile.pdf")
	cmd.SetArgs([]string{"extract", missing})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	if err := cmd.Execute(); !fault.Is(err, fault.Invalid) || fault.Of(err).Message != missing+" does not exist." {
		t.Errorf("extract: %v", err)
	}
}
