// Command generate writes everything that follows from the code: JSON schemas, the OpenAPI description, and the reference
// pages of connectors, settings, parameters and events.
//
//	go run ./tools/generate            # into the tree
//	go run ./tools/generate -out DIR   # somewhere else, to compare (make verify)
//
// It owns which files are generated and how they look. It does not own a single fact in them: types, endpoints, connector
// descriptions and the settings struct do. Invariants: the same tree gives the same bytes; folders that hold only generated
// files are emptied first, so that a page of something removed does not stay.
package main

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	root := flag.String("root", ".", "the checkout to read")
	out := flag.String("out", ".", "where docs/ is written")
	flag.Parse()
	n, err := run(*root, *out)
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
	fmt.Printf("generate: %d files under %s\n", n, filepath.Join(*out, "docs"))
}

// owned are the folders that hold generated files and nothing else.
func owned() []string { return []string{"docs/schema", "docs/reference/connectors"} }

func run(root, out string) (int, error) {
	files, err := generate(root)
	if err != nil {
		return 0, err
	}
	for _, dir := range owned() {
		if err := os.RemoveAll(filepath.Join(out, dir)); err != nil {
			return 0, fmt.Errorf("emptying %s: %w", dir, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return 0, fmt.Errorf("making the folder of %s: %w", name, err)
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil {
			return 0, fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return len(files), nil
}

// generate gives every generated file by its path. Everything is made before anything is written, so that a failure leaves
// the tree as it was.
func generate(root string) (map[string][]byte, error) {
	src, err := readSource(root, "internal/pact", "internal/calendar", "internal/money", "internal/obligation", "internal/document", "internal/extract", "internal/config")
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	err = errors.Join(
		addSchemas(files, src),
		addOpenAPI(files),
		addConnectors(files),
		addConfiguration(files, src),
		addParameters(files, src),
		addEvents(files, src),
	)
	if err != nil {
		return nil, err
	}
	for name, body := range files { // text files end with one line feed
		files[name] = []byte(strings.TrimRight(string(body), "\n") + "\n")
	}
	return files, nil
}
