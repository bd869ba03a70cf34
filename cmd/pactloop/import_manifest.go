package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/fault"
)

const (
	manifestName = "manifest.csv"
	maxManifest  = 64 << 20
)

// importItem is a file to upload and what is said of it.
type importItem struct {
	line                                                int // of the manifest; 0 without one
	file, number, customer, unit, kind, title, relation string
	owner                                               string
	parentFile                                          string // the parent is another line
	parentNumber                                        string // the parent is in the register
}

func (i importItem) shown() string {
	if i.line > 0 {
		return fmt.Sprintf("line %d, %s", i.line, i.file)
	}
	return i.file
}

// refusal is a file or a line that is not uploaded, with the reason as a sentence.
type refusal struct {
	line   int
	file   string
	reason string
	record []string // of the manifest
}

// importPlan is what will be uploaded.
type importPlan struct {
	source  importSource
	items   []importItem
	refused []refusal
	skipped []refusal // files of a folder or archive that are no documents
	header  []string
	keep    string // where lines that are refused are kept; "" where there is no manifest
}

// planImport opens a folder, an archive or a manifest and decides what is uploaded.
func planImport(from string, maxFile int64) (*importPlan, error) {
	info, err := os.Stat(from)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s can not be read: %v.", from, err)
	}
	switch {
	case info.IsDir():
		root, err := os.OpenRoot(from)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "The folder %s can not be read: %v.", from, err)
		}
		return planned(folderSource{root, maxFile}, nil, manifestName, filepath.Join(from, "manifest.rejected.csv"))
	case strings.EqualFold(filepath.Ext(from), ".csv"):
		root, err := os.OpenRoot(filepath.Dir(from))
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "The folder of %s can not be read: %v.", from, err)
		}
		return planned(folderSource{root, maxFile}, nil, filepath.Base(from), strings.TrimSuffix(from, filepath.Ext(from))+".rejected.csv")
	case strings.EqualFold(filepath.Ext(from), ".zip"):
		source, refused, err := openZip(from, maxFile)
		if err != nil {
			return nil, err
		}
		return planned(source, refused, manifestName, strings.TrimSuffix(from, filepath.Ext(from))+".rejected.csv")
	}
	return nil, fault.New(fault.Invalid, "%s is neither a folder, nor a ZIP archive, nor a CSV manifest. A single document is uploaded in the user interface, or put into a folder.", from)
}

// planned reads the manifest where there is one; without one, every document is taken.
func planned(source importSource, refused []refusal, manifest, keep string) (*importPlan, error) {
	p := &importPlan{source: source, refused: refused}
	if !source.Has(manifest) {
		names, skipped := source.Documents()
		for _, name := range names {
			p.items = append(p.items, importItem{file: name})
		}
		p.skipped = skipped
		return p, nil
	}
	p.keep = keep
	if err := p.manifest(manifest); err != nil {
		_ = source.Close()
		return nil, err
	}
	if manifest == manifestName { // of the folder or archive itself: what it holds beside the lines is told
		p.unnamed()
	}
	return p, nil
}

// unnamed lists the documents that no line of the manifest names. They are left out.
func (p *importPlan) unnamed() {
	named := map[string]bool{}
	for _, i := range p.items {
		named[i.file] = true
	}
	for _, r := range p.refused {
		named[path.Clean(strings.ReplaceAll(r.file, `\`, "/"))] = true
	}
	names, _ := p.source.Documents()
	for _, name := range names {
		if !named[name] {
			p.skipped = append(p.skipped, refusal{file: name, reason: "The manifest does not name it."})
		}
	}
}

// columns of a manifest. Only file must be there.
func columns() []string {
	return []string{"file", "contract_number", "customer", "business_unit", "parent", "relation", "type", "title", "owner"}
}

func (p *importPlan) manifest(name string) error {
	raw, err := p.source.Read(name)
	if err != nil || len(raw) > maxManifest {
		return fault.New(fault.Invalid, "The manifest %s can not be read: %v.", name, errors.Join(err))
	}
	text, err := plain.Decode(raw, "")
	if err != nil {
		return fault.New(fault.Invalid, "The manifest %s is no text. Save it as CSV in UTF-8.", name)
	}
	text = strings.TrimPrefix(text, "\ufeff")
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.Comma = -1, comma(text)
	head, err := r.Read()
	if err != nil {
		return fault.New(fault.Invalid, "The manifest %s has no first line with the names of its columns: %s.", name, strings.Join(columns(), ", "))
	}
	column := map[string]int{}
	var unknown []string
	for i, h := range head {
		h = strings.ToLower(strings.TrimSpace(h))
		if !slices.Contains(columns(), h) {
			unknown = append(unknown, h)
			continue
		}
		column[h] = i
	}
	if _, ok := column["file"]; !ok || len(unknown) > 0 {
		return fault.New(fault.Invalid, "The manifest %s must have a column file, and may have: %s. Not known: %q. Nothing was uploaded.", name, strings.Join(columns()[1:], ", "), unknown)
	}
	p.header = head
	var lines []manifestLine
	behind := 0 // lines before what is read now
	rest := text
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line := 0
		if len(record) > 0 {
			line, _ = r.FieldPos(0)
		}
		if err != nil {
			var at *csv.ParseError
			if !errors.As(err, &at) {
				return fault.Wrap(fault.Invalid, err, "The manifest %s can not be read: %v.", name, err)
			}
			// A quote that does not close takes in all lines below: what follows the line is read anew.
			broken, below := physical(rest, at.StartLine)
			told := manifestLine{line: behind + at.StartLine, record: loosely(broken, r.Comma), at: column}
			p.refused = append(p.refused, refusal{line: told.line, file: told.get("file"), reason: fmt.Sprintf("The line can not be read as CSV: %v.", at.Err), record: told.record})
			behind, rest = behind+at.StartLine, below
			next := csv.NewReader(strings.NewReader(rest))
			next.FieldsPerRecord, next.Comma = -1, r.Comma
			r = next
			continue
		}
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		lines = append(lines, manifestLine{line: behind + line, record: record, at: column})
	}
	p.lines(lines)
	return nil
}

// physical cuts a text behind its line n, counted from 1, and gives that line.
func physical(text string, n int) (line, below string) {
	below = text
	for range n {
		line, below, _ = strings.Cut(below, "\n")
	}
	return line, below
}

// loosely are the columns of a line that is no proper CSV, as far as they can be told, so that it can be corrected.
func loosely(line string, comma rune) []string {
	r := csv.NewReader(strings.NewReader(line))
	r.FieldsPerRecord, r.LazyQuotes, r.Comma = -1, true, comma
	if record, err := r.Read(); err == nil {
		return record
	}
	return []string{strings.TrimSpace(line)}
}

// comma is what separates columns: some programs write semicolons or tabs.
func comma(text string) rune {
	head, _, _ := strings.Cut(text, "\n")
	best := ','
	for _, c := range []rune{';', '\t'} {
		if strings.Count(head, string(c)) > strings.Count(head, string(best)) {
			best = c
		}
	}
	return best
}

type manifestLine struct {
	line   int
	record []string
	at     map[string]int
}

func (l manifestLine) get(column string) string {
	i, ok := l.at[column]
	if !ok || i >= len(l.record) {
		return ""
	}
	return strings.TrimSpace(l.record[i])
}

var (
	typeName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	unitName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)
)

// lines checks every line by itself, then the parents that they name.
func (p *importPlan) lines(list []manifestLine) {
	byFile, byNumber := map[string]bool{}, map[string]string{}
	var items []importItem
	records := map[int][]string{}
	refuse := func(l manifestLine, reason string) {
		p.refused = append(p.refused, refusal{line: l.line, file: l.get("file"), reason: reason, record: l.record})
	}
	for _, l := range list {
		file := path.Clean(strings.ReplaceAll(l.get("file"), `\`, "/"))
		item := importItem{
			line: l.line, file: file, number: l.get("contract_number"), customer: l.get("customer"), unit: l.get("business_unit"), kind: strings.ToLower(l.get("type")), title: l.get("title"), owner: l.get("owner"),
			relation: strings.ToLower(l.get("relation")), parentNumber: l.get("parent"),
		}
		switch {
		case len(l.record) > len(p.header):
			refuse(l, fmt.Sprintf("The line has %d columns, the first line has %d. Put text with commas into quotes.", len(l.record), len(p.header)))
		case l.get("file") == "":
			refuse(l, "The column file is empty.")
		case !fs.ValidPath(file) || strings.Contains(file, ":"):
			refuse(l, "The file is outside of the folder of the manifest. Put it inside, and write its name relative to the manifest.")
		case !p.source.Has(file):
			refuse(l, "There is no such file beside the manifest.")
		case p.source.Doubt(file) != "":
			refuse(l, p.source.Doubt(file))
		case byFile[file]:
			refuse(l, "An earlier line names the same file.")
		case item.number != "" && byNumber[item.number] != "":
			refuse(l, fmt.Sprintf("An earlier line has the same contract number (%s).", byNumber[item.number]))
		case item.kind != "" && !typeName.MatchString(item.kind):
			refuse(l, "The type must be small letters, figures and _: msa, sow, amendment, nda, sla, support, supply, order_form …")
		case item.relation != "" && !slices.Contains([]string{"amendment", "sow", "order_form", "exhibit", "child"}, item.relation):
			refuse(l, "The relation must be one of amendment, sow, order_form, exhibit, child.")
		case item.relation != "" && item.parentNumber == "":
			refuse(l, "The line has a relation and no parent.")
		case item.unit != "" && !unitName.MatchString(item.unit):
			refuse(l, "The business unit must be letters, figures, dots, hyphens or _.")
		case item.owner != "" && !strings.Contains(item.owner, "@"):
			refuse(l, "The owner must be an e-mail address.")
		case slices.ContainsFunc([]string{item.number, item.customer, item.title, item.owner, item.parentNumber}, func(s string) bool { return len(s) > 500 }):
			refuse(l, "A column has more than 500 characters.")
		default:
			byFile[file] = true
			if item.number != "" {
				byNumber[item.number] = file
			}
			records[l.line] = l.record
			items = append(items, item)
		}
	}
	p.parents(items, byFile, byNumber, records)
}

// parents finds those that are lines themselves; any other is looked for in the register when the line is uploaded.
func (p *importPlan) parents(items []importItem, byFile map[string]bool, byNumber map[string]string, records map[int][]string) {
	above := map[string]string{}
	for i := range items {
		item := &items[i]
		parent := item.parentNumber
		if parent == "" {
			continue
		}
		if file := path.Clean(strings.ReplaceAll(parent, `\`, "/")); byFile[file] {
			item.parentFile, item.parentNumber = file, ""
		} else if file := byNumber[parent]; file != "" {
			item.parentFile, item.parentNumber = file, ""
		}
		if item.parentFile != "" {
			above[item.file] = item.parentFile
		}
	}
	for _, item := range items {
		if circular(above, item.file) {
			p.refused = append(p.refused, refusal{line: item.line, file: item.file, reason: "The parents of the line lead back to it, or are more than 20 above one another.", record: records[item.line]})
			continue
		}
		p.items = append(p.items, item)
	}
}

func circular(above map[string]string, file string) bool {
	at := file
	for range 20 {
		next, ok := above[at]
		if !ok {
			return false
		}
		at = next
	}
	return true
}

// levels orders the items: those without a parent among them first, then their children.
func (p *importPlan) levels() [][]importItem {
	parent := map[string]string{}
	for _, i := range p.items {
		parent[i.file] = i.parentFile
	}
	var out [][]importItem
	for _, i := range p.items {
		n := 0
		for at := i.parentFile; at != "" && n < 30; at = parent[at] {
			n++
		}
		for len(out) <= n {
			out = append(out, nil)
		}
		out[n] = append(out[n], i)
	}
	return out
}

// report prints what was refused, and keeps the lines of a manifest with the reason as a column more.
func (p *importPlan) report(out io.Writer) error {
	for _, r := range p.refused {
		where := r.file
		if r.line > 0 {
			where = fmt.Sprintf("line %d %s", r.line, r.file)
		}
		fmt.Fprintf(out, "  refused: %s: %s\n", strings.TrimSpace(where), r.reason)
	}
	if p.keep == "" {
		return nil
	}
	if len(p.refused) == 0 { // what an earlier run kept is settled
		if err := os.Remove(p.keep); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	f, err := os.Create(p.keep)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "The refused lines could not be kept in %s: %v. They stand above.", p.keep, err)
	}
	w := csv.NewWriter(f)
	_ = w.Write(append(slices.Clone(p.header), "reason"))
	for _, r := range p.refused {
		record := slices.Clone(r.record)
		for len(record) < len(p.header) {
			record = append(record, "")
		}
		_ = w.Write(append(record[:len(p.header)], r.reason))
	}
	w.Flush()
	if err := errors.Join(w.Error(), f.Close()); err != nil {
		return fault.Wrap(fault.Invalid, err, "The refused lines could not be kept in %s: %v. They stand above.", p.keep, err)
	}
	fmt.Fprintf(out, "The refused lines are kept in %s. Correct them there, give that file another name beside the documents, and import it.\n", p.keep)
	return nil
}
