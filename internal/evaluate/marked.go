package evaluate

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/plain"
	trained "github.com/pactloop/pactloop/internal/extract/clause" // the tests of this package have a clause of their own
	"github.com/pactloop/pactloop/internal/extract/learn"
)

type markedContract struct {
	Title string `json:"title"`
	File  string `json:"file"`
	Fold  int    `json:"fold"`
	Text  string `json:"text"`
	Spans map[string][]struct {
		Text  string `json:"text"`
		Start int    `json:"start"` // code points
	} `json:"spans"`
}

// MarkedClauses reads CUAD with its marked clauses. Each contract is read as a text file would be; read, where set, gives
// the document of a contract in another way and may return nil for "as text".
func MarkedClauses(ctx context.Context, folder string, read func(ctx context.Context, file string) (*document.Document, error)) ([]learn.Sample, error) {
	var list []learn.Sample
	reader := plain.New(plain.Config{})
	err := lines(folder, setName(folder), func(line []byte) error {
		var c markedContract
		if err := readJSON(line, &c); err != nil {
			return err
		}
		var d *document.Document
		var err error
		if read != nil {
			d, err = read(ctx, c.File)
		}
		if d == nil && err == nil {
			d, err = reader.Read(ctx, []byte(c.Text))
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", c.Title, err)
		}
		s := learn.Sample{Title: c.Title, File: c.File, Fold: c.Fold, Document: d, Marks: map[string][]learn.Mark{}}
		locate := learn.Locate(c.Text, d.Text)
		runes := []rune(c.Text)
		for name, spans := range c.Spans {
			cat, ok := trained.CategoryOf(name)
			if !ok {
				return fmt.Errorf("reading %s: the category %q is not known", c.Title, name)
			}
			for _, m := range spans {
				if m.Start < 0 || m.Start > len(runes) {
					return fmt.Errorf("reading %s: a mark of %s stands outside the text", c.Title, name)
				}
				start, end := locate(len(string(runes[:m.Start])), m.Text)
				s.Marks[cat.Name] = append(s.Marks[cat.Name], learn.Mark{Text: m.Text, Start: start, End: end})
			}
		}
		list = append(list, s)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("the set in %s holds no contract", folder)
	}
	return list, nil
}

// Contracts counts those of a set in the form of CUAD, and those that have marked passages.
func Contracts(folder string) (all, marked int, err error) {
	err = lines(folder, setName(folder), func(line []byte) error {
		var c markedContract
		if err := readJSON(line, &c); err != nil {
			return err
		}
		all++
		for _, marks := range c.Spans {
			if len(marks) > 0 {
				marked++
				break
			}
		}
		return nil
	})
	return all, marked, err
}

// setName is the file of a set: the training part of CUAD by its name, otherwise the only cuad*.jsonl of the folder.
func setName(folder string) string {
	const usual = "cuad_train_408.jsonl"
	for _, pattern := range []string{usual, usual + ".xz", "cuad*.jsonl", "cuad*.jsonl.xz"} {
		if found, err := filepath.Glob(filepath.Join(folder, pattern)); err == nil && len(found) == 1 {
			return strings.TrimSuffix(filepath.Base(found[0]), ".xz")
		}
	}
	return usual
}

// fileOf is where the original of a contract lies beside the set.
func fileOf(folder, file string) string {
	return filepath.Join(folder, "pdf", strings.TrimSuffix(filepath.Base(file), ".txt")+".pdf")
}
