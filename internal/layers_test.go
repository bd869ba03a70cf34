// Package internal_test holds the map of the house.
//
// It owns one total order of the packages, and the test of it: a package imports only packages that stand earlier. Read the
// list from top to bottom to read the product. It does not own what a package does; each says that itself.
package internal_test

import (
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layer says which rules a package obeys besides the order.
type layer string

const (
	value   layer = "value"   // pure
	noun    layer = "noun"    // pure
	rule    layer = "rule"    // pure
	port    layer = "port"    // what the product needs of the world, without knowing whom
	work    layer = "work"    // something the product does; work packages never import one another
	adapter layer = "adapter" // one way to meet a port; only its family, the catalog and app know it
	edge    layer = "edge"
	wiring  layer = "wiring"
	support layer = "support" // for tests: never imported by what ships
)

// place is a package, where it stands, and why.
type place struct {
	name  string
	layer layer
	why   string
}

// order is the total order. A new package gets its line where its first import is already above it.
func order() []place {
	return []place{
		{"fault", value, "the few failures a caller can act on"},
		{"strict", value, "JSON that does not fit, in words"},
		{"money", value, "exact amounts with a currency"},
		{"calendar", value, "dates, business time and notice, without a clock"},

		{"pact", noun, "what the product is about"},

		{"wording/expression", rule, "regular expressions that tell fast where nothing matches"},
		{"wording", rule, "words to typed values"},
		{"matching", rule, "which company is which, explained"},
		{"effective", rule, "which terms are in force on a date"},
		{"obligation", rule, "what is owed, when, and what follows"},
		{"backtest", rule, "terms against events, from files"},
		{"audit", rule, "entries, chain, verification"},
		{"privacy", rule, "personal data, and tokens in its place"},
		{"dossier", rule, "the evidence of a finding as a PDF"},

		{"document", port, "a file as text that knows where every word stands"},
		{"document/documenttest", support, "the questions every reader answers"},
		{"extract", port, "what a document seems to say"},
		{"extract/extracttest", support, "the questions every extractor answers"},
		{"connector", port, "what a connector is"},
		{"connector/outbound", port, "the way out: HTTP with limits and a guard"},
		{"connector/sweep", port, "reading a stream by time without losing a record"},
		{"connector/board", port, "opens connections"},
		{"connector/connectortest", support, "the questions every connector answers"},
		{"secret", port, "values sealed at rest"},
		{"notify", port, "a message to a person"},
		{"job", port, "work done later"},
		{"store", port, "what is kept"},
		{"outbox", port, "effects outside, kept before they happen"},

		{"intake", work, "something arrives"},
		{"read", work, "document to candidates"},
		{"review", work, "candidates to a version of the register"},
		{"exchange", work, "runs connections"},
		{"monitor", work, "events to assessments and findings"},
		{"respond", work, "findings to messages, tasks and claims"},
		{"insight", work, "the register as seen by people"},

		{"document/layout", adapter, "words with boxes to lines, tables, paragraphs"},
		{"document/scan", adapter, "reader of pictures; what recognition needs around it"},
		{"document/pdf", adapter, "reader of PDF"},
		{"document/docx", adapter, "reader of DOCX"},
		{"document/plain", adapter, "reader of plain text, and names for what is not read"},
		{"document/usage", adapter, "what a child process has used"},
		{"document/html", adapter, "reader of web pages"},
		{"document/mail", adapter, "reader of mails, EML and MSG, and of what is attached to them"},
		{"document/office", adapter, "reader of RTF, DOC and ODT through LibreOffice"},
		{"document/formats", adapter, "the list of readers"},
		{"document/sandbox", adapter, "readers in a limited child process"},
		{"document/tesseract", adapter, "text recognition by a program of this machine"},
		{"document/cloud", adapter, "text recognition by Azure or AWS, where configured"},
		{"extract/grammar", adapter, "extractor by rules"},
		{"extract/library", adapter, "passages that resemble a text, and standard wordings"},
		{"extract/llm", adapter, "extractor that asks a language model"},
		{"extract/clause", adapter, "clauses by learned weights"},
		{"extract/learn", adapter, "makes the weights of extract/clause"},
		{"connector/ironclad", adapter, "CLM"},
		{"connector/salesforce", adapter, "CRM"},
		{"connector/servicenow", adapter, "tickets and outages"},
		{"notify/email", adapter, "SMTP"},
		{"store/blob", adapter, "documents in a folder, by hash"},
		{"store/sqlstore", adapter, "every query, once"},
		{"store/sqlite", adapter, "the embedded engine"},
		{"store/postgres", adapter, "the server engine"},
		{"store/storetest", support, "the questions every store answers; databases for tests"},

		{"connector/catalog", edge, "the list of connectors"},
		{"auth", edge, "who somebody is"},
		{"config", edge, "the settings"},
		{"api", edge, "the HTTP interface"},
		{"apitest", support, "a whole installation for tests, with nothing real outside"},

		{"app", wiring, "builds, starts and stops everything"},
		{"evaluate/paper", wiring, "makes labelled texts look like paper: text, PDF, DOCX, scan"},
		{"evaluate", wiring, "measures reading against labelled corpora"},
	}
}

const module = "github.com/pactloop/pactloop/"

// drivers may be imported by store/sqlite and store/postgres only; beside them by tests of the store, which look behind it.
func drivers() []string {
	return []string{"modernc.org/sqlite", "github.com/jackc/pgx", "github.com/riverqueue/river/riverdriver/", "github.com/uptrace/bun", "github.com/pressly/goose", "github.com/mattn/go-sqlite3"}
}

// file is a Go file of the tree with what the rules look at.
type file struct {
	path    string // from the top of the checkout
	dir     string
	imports []string
	test    bool
	demo    bool // built only for the demo or for tests with tags
	ast     *ast.File
}

func TestPackagesImportOnlyEarlierOnes(t *testing.T) {
	t.Parallel()
	at := map[string]int{}
	for i, p := range order() {
		at[p.name] = i
	}
	for _, f := range tree(t, "internal") {
		if f.test {
			continue
		}
		own, ok := at[inside(f.dir)]
		if !ok {
			continue // reported by TestEveryPackageHasAPlace
		}
		for _, imp := range f.imports {
			name, ours := strings.CutPrefix(imp, module+"internal/")
			if !ours || (f.demo && order()[own].layer == wiring) {
				continue
			}
			if other, known := at[name]; known && other >= own {
				t.Errorf("%s imports internal/%s, which stands later in the order", f.path, name)
			}
		}
	}
}

func TestEveryPackageHasAPlace(t *testing.T) {
	t.Parallel()
	refused := []string{"util", "utils", "common", "helper", "helpers", "model", "models", "types", "manager", "misc", "shared", "base", "lib"}
	found := map[string]bool{}
	for _, f := range tree(t, "internal") {
		if f.dir != "internal" {
			found[inside(f.dir)] = true
		}
	}
	var known []string
	for _, p := range order() {
		known = append(known, p.name)
		if p.why == "" {
			t.Errorf("the order does not say what internal/%s is for", p.name)
		}
		if !found[p.name] {
			t.Errorf("the order names internal/%s, which has no Go files: take the line out", p.name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if !slices.Contains(known, name) {
			t.Errorf("internal/%s has no place in the order: add its line in internal/layers_test.go, with what it is for", name)
		}
		for part := range strings.SplitSeq(name, "/") {
			if slices.Contains(refused, part) {
				t.Errorf("internal/%s: %q says nothing about what it is for; name it after the thing", name, part)
			}
		}
	}
	if len(slices.Compact(slices.Sorted(slices.Values(known)))) != len(known) {
		t.Error("a package stands twice in the order")
	}
}

func TestPureLayersTouchNothingAndReadNoClock(t *testing.T) {
	t.Parallel()
	forbidden := []string{"net/http", "database/sql", "os", "log/slog", "log", "os/exec", "net"}
	for _, f := range tree(t, "internal") {
		if l := layerOf(f.dir); f.test || (l != value && l != noun && l != rule) {
			continue
		}
		for _, imp := range f.imports {
			if slices.Contains(forbidden, imp) {
				t.Errorf("%s imports %s; values, nouns and rules do no I/O", f.path, imp)
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Now" {
				if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" {
					t.Errorf("%s calls time.Now; time is an argument", f.path)
				}
			}
			return true
		})
	}
}

func TestWorkPackagesNeverImportOneAnother(t *testing.T) {
	t.Parallel()
	for _, f := range tree(t, "internal") {
		if f.test || layerOf(f.dir) != work {
			continue
		}
		for _, imp := range f.imports {
			if name, ours := strings.CutPrefix(imp, module); ours && layerOf(name) == work {
				t.Errorf("%s imports %s; enqueue a job instead", f.path, name)
			}
		}
	}
}

// Adapters are known to those who list or wire them, and to adapters of the same family (store/sqlite uses store/sqlstore).
func TestOnlyCatalogAndWiringKnowAdapters(t *testing.T) {
	t.Parallel()
	for _, f := range tree(t, "internal") {
		l := layerOf(f.dir)
		if f.test || l == wiring || l == support || inside(f.dir) == "connector/catalog" {
			continue
		}
		for _, imp := range f.imports {
			name, ours := strings.CutPrefix(imp, module)
			if !ours || layerOf(name) != adapter {
				continue
			}
			if l == adapter && path.Dir(name) == path.Dir(f.dir) && !strings.HasPrefix(inside(f.dir), "connector/") {
				continue
			}
			t.Errorf("%s imports the adapter %s; take its port and let app decide", f.path, name)
		}
	}
}

func TestOnlyTheEnginesImportDrivers(t *testing.T) {
	t.Parallel()
	for _, f := range tree(t, "internal", "cmd", "samples", "simulator") {
		if inside(f.dir) == "store/sqlite" || inside(f.dir) == "store/postgres" || inside(f.dir) == "store/storetest" || f.test {
			continue
		}
		for _, imp := range f.imports {
			for _, d := range drivers() {
				if strings.HasPrefix(imp, d) {
					t.Errorf("%s imports the driver %s; only store/sqlite and store/postgres do", f.path, imp)
				}
			}
		}
	}
}

func TestTestSupportNeverShips(t *testing.T) {
	t.Parallel()
	for _, f := range tree(t, "internal", "cmd", "samples", "simulator", "tools") {
		if f.test || layerOf(f.dir) == support || strings.HasSuffix(f.dir, "test") {
			continue
		}
		for _, imp := range f.imports {
			if dir, ours := strings.CutPrefix(imp, module); ours && layerOf(dir) == support {
				t.Errorf("%s imports the test support %s", f.path, imp)
			}
			if imp == "testing" {
				t.Errorf("%s imports testing", f.path)
			}
		}
	}
}

// The simulators must not share our mistakes, and must not ship; neither must the demo, which starts them.
func TestSimulatorsStandApart(t *testing.T) {
	t.Parallel()
	for _, f := range tree(t, "simulator") {
		for _, imp := range f.imports {
			if strings.HasPrefix(imp, module+"internal/") && !f.demo {
				t.Errorf("%s imports %s; a simulator is written from the vendor's description alone", f.path, imp)
			}
		}
	}
	for _, f := range tree(t, "internal", "cmd", "samples", "web", "tools") {
		for _, imp := range f.imports {
			apart := strings.HasPrefix(imp, module+"simulator") || imp == module+"demo"
			if apart && !f.test && !f.demo && f.dir != "samples" && !strings.HasSuffix(f.dir, "test") {
				t.Errorf("%s imports %s; only the demo (build tag demo) and tests do", f.path, imp)
			}
		}
	}
}

// tree parses the Go files of some folders.
func tree(t *testing.T, roots ...string) []file {
	t.Helper()
	var files []file
	for _, root := range roots {
		err := filepath.WalkDir(filepath.Join("..", root), func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
				return filepath.SkipDir
			}
			if d.IsDir() || !strings.HasSuffix(name, ".go") {
				return nil
			}
			f, err := parse(name)
			files = append(files, f)
			return err
		})
		if err != nil {
			t.Fatalf("reading %s: %v", root, err)
		}
	}
	return files
}

func parse(name string) (file, error) {
	shown := strings.TrimPrefix(filepath.ToSlash(name), "../")
	f := file{path: shown, dir: path.Dir(shown), test: strings.HasSuffix(name, "_test.go")}
	var err error
	f.ast, err = parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return f, err
	}
	for _, imp := range f.ast.Imports {
		f.imports = append(f.imports, strings.Trim(imp.Path.Value, `"`))
	}
	for _, group := range f.ast.Comments {
		for _, c := range group.List {
			if expr, err := constraint.Parse(c.Text); constraint.IsGoBuild(c.Text) && err == nil {
				f.demo = f.demo || needs(expr, "demo") || needs(expr, "conform")
			}
		}
	}
	return f, nil
}

// needs tells whether a file is built only with the tag, whatever the others are.
func needs(expr constraint.Expr, tag string) bool {
	for _, others := range []bool{true, false} {
		with := expr.Eval(func(t string) bool { return t == tag || others })
		without := expr.Eval(func(t string) bool { return t != tag && others })
		if with && !without {
			return true
		}
	}
	return false
}

// inside is a folder's name below internal/.
func inside(dir string) string { return strings.TrimPrefix(dir, "internal/") }

// layerOf is the layer of a folder below internal/; "" for any other.
func layerOf(dir string) layer {
	name, ours := strings.CutPrefix(dir, "internal/")
	i := slices.IndexFunc(order(), func(p place) bool { return p.name == name })
	if !ours || i < 0 {
		return ""
	}
	return order()[i].layer
}
