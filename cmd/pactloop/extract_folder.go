package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/formats"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// folderExtraction extracts from every document of a folder into a folder of results. A result is written when it is whole,
// so that a run that was stopped goes on where it was.
type folderExtraction struct {
	reader  fileReader
	root    string
	out     string
	workers int
}

func (f folderExtraction) run(ctx context.Context, out, progress io.Writer) error {
	if f.out == "" {
		f.out = filepath.Clean(f.root) + ".extracted"
	}
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return unreadable(f.root, err)
	}
	defer root.Close()
	source := folderSource{root, 1 << 40} // the parser has the limit, and names it in the result
	names, skipped := source.Documents()
	if within, err := filepath.Rel(f.root, f.out); err == nil && filepath.IsLocal(within) { // results of HTML are JSON, but not to be read again
		inside := filepath.ToSlash(within) + "/"
		names = slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(n, inside) })
		skipped = slices.DeleteFunc(skipped, func(r refusal) bool { return strings.HasPrefix(r.file, inside) })
	}
	if len(names) == 0 {
		printSkipped(out, skipped)
		return fault.New(fault.Invalid, "There is no document that can be read below %s.", f.root)
	}
	if err := os.MkdirAll(f.out, 0o700); err != nil {
		return fault.New(fault.Invalid, "The folder %s can not be made: %v.", f.out, err)
	}
	bar := progressbar.NewOptions(len(names), progressbar.OptionSetWriter(progress), progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetDescription("extracting"), progressbar.OptionClearOnFinish())
	began := time.Now()
	var mu sync.Mutex
	states := map[string]int{}
	var failed, unread []string
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(1, f.workers))
	for _, name := range names {
		if ctx.Err() != nil {
			break
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			state, reason, err := f.one(ctx, source, name)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case ctx.Err() != nil:
			case err != nil:
				failed = append(failed, fmt.Sprintf("%s: %v", name, err))
			default:
				states[state]++
				if reason != "" {
					unread = append(unread, fmt.Sprintf("%s: %s. %s", name, strings.ReplaceAll(state, "_", " "), reason))
				}
			}
			_ = bar.Add(1)
		})
	}
	wg.Wait()
	_ = bar.Finish()
	done := 0
	for _, n := range states {
		done += n
	}
	var parts []string
	for _, s := range slices.Sorted(maps.Keys(states)) {
		parts = append(parts, fmt.Sprintf("%d %s", states[s], strings.ReplaceAll(s, "_", " ")))
	}
	if ctx.Err() != nil {
		fmt.Fprintf(out, "Stopped: %d of %d documents are done, and their results are kept in %s. Run the same command again to go on; what is done is not read again.\n", done, len(names), f.out)
		return errSilent
	}
	fmt.Fprintf(out, "%d of %d documents in %s: %s. Results are in %s.\n", done, len(names), time.Since(began).Round(10*time.Millisecond), strings.Join(parts, ", "), f.out)
	slices.Sort(unread)
	slices.Sort(failed)
	for _, line := range append(unread, failed...) {
		fmt.Fprintln(out, "  "+line)
	}
	printSkipped(out, skipped)
	if left := f.left(names); len(left) > 0 {
		fmt.Fprintf(out, "  %d in %s of a document that is no longer there: %s.\n", len(left), f.out, strings.Join(left, ", "))
	}
	if len(failed) > 0 {
		fmt.Fprintln(out, "Run the same command again for the documents that failed; the others are done.")
	}
	if len(failed)+len(unread) > 0 { // as for one file that can not be read
		return errSilent
	}
	return nil
}

// left lists the results of documents that the folder does not hold any more: whoever reads all results reads them, too.
func (f folderExtraction) left(names []string) []string {
	var out []string
	_ = filepath.WalkDir(f.out, func(path string, entry fs.DirEntry, err error) error {
		within, relErr := filepath.Rel(f.out, path)
		name, isResult := strings.CutSuffix(filepath.ToSlash(within), ".json")
		if err == nil && relErr == nil && isResult && entry.Type().IsRegular() && !slices.Contains(names, name) {
			out = append(out, filepath.ToSlash(within))
		}
		return nil // what can not be listed is not known to be left
	})
	return out
}

// one extracts from a document, unless its result is there already. It gives the state, or "known already", and the reason of
// one that could not be read.
func (f folderExtraction) one(ctx context.Context, source importSource, name string) (state, reason string, err error) {
	body, err := source.Read(name)
	if err != nil {
		return "", "", err
	}
	path := filepath.Join(f.out, filepath.FromSlash(name)+".json")
	if f.known(path, document.Hash(body)) {
		return "known already", "", nil
	}
	x, err := f.reader.extract(ctx, name, body)
	if err != nil {
		if x, err = extract.Unread(name, body, err); err != nil {
			return "", "", err
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", "", err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".extracting-*")
	if err != nil {
		return "", "", err
	}
	defer func() { _ = os.Remove(temp.Name()) }() // is gone after a success
	if err := errors.Join(printJSON(temp, x), temp.Close()); err != nil {
		return "", "", err
	}
	return string(x.Document.State), x.Document.Reason, os.Rename(temp.Name(), path)
}

// known tells whether a result is of this file, and was made by these readers and engines with the same choice of clauses.
func (f folderExtraction) known(path, hash string) bool {
	raw, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	var x struct {
		Document    struct{ SHA256, State, Reader string } `json:"document"`
		Engines     []string                               `json:"engines"`
		ClausesFrom *decimal.Decimal                       `json:"clauses_from"`
	}
	if json.Unmarshal(raw, &x) != nil || x.Document.SHA256 != hash {
		return false
	}
	if x.Document.State != string(pact.DocumentRead) { // it may be read today: what it needs was perhaps installed
		return false
	}
	if from := f.reader.from; (x.ClausesFrom == nil) != (from == nil) || from != nil && !from.Equal(*x.ClausesFrom) {
		return false
	}
	if !slices.Equal(x.Engines, f.reader.way.Engines()) {
		return false
	}
	for _, r := range formats.All(formats.Config{}) {
		if own := r.Name() + "/" + r.Version(); x.Document.Reader == own || strings.HasPrefix(x.Document.Reader, own+"+") {
			return true
		}
	}
	return false
}
