package grammar_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The map of the package in doc.go names every file, and no file that is gone.
func TestTheMapNamesEveryFile(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(f string) bool { return f == "doc.go" || strings.HasSuffix(f, "_test.go") })
	named := map[string]bool{}
	for _, pattern := range regexp.MustCompile(`[a-z_]+\*?\.go`).FindAllString(string(doc), -1) {
		found := false
		for _, f := range files {
			if ok, err := filepath.Match(pattern, f); err != nil {
				t.Fatal(err)
			} else if ok {
				named[f], found = true, true
			}
		}
		if !found {
			t.Errorf("%s is no file", pattern)
		}
	}
	for _, f := range files {
		if !named[f] {
			t.Errorf("%s is missing", f)
		}
	}
}
