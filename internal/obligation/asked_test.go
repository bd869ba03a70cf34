package obligation_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// askedCodes reads from the source of this package the codes of all questions: what a question is made of, literally or by a constant.
func askedCodes(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	named := map[string]string{}
	var found []ast.Expr
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.ValueSpec:
				for i, v := range x.Values {
					if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING && i < len(x.Names) {
						named[x.Names[i].Name], _ = strconv.Unquote(lit.Value)
					}
				}
			case *ast.CallExpr:
				if sel, ok := x.Fun.(*ast.SelectorExpr); ok && len(x.Args) > 1 && slices.Contains([]string{"ask", "choose", "oneOf", "between", "decimals", "amount", "oneCurrency", "days"}, sel.Sel.Name) {
					found = append(found, x.Args[0])
				}
			case *ast.KeyValueExpr:
				if key, ok := x.Key.(*ast.Ident); ok && key.Name == "Code" {
					found = append(found, x.Value)
				}
			}
			return true
		})
	}
	var out []string
	for _, x := range found {
		code := ""
		switch x := x.(type) {
		case *ast.BasicLit:
			code, _ = strconv.Unquote(x.Value)
		case *ast.Ident:
			code = named[x.Name]
		}
		if regexp.MustCompile(`^[a-z_]+$`).MatchString(code) {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// mayAnswer tells whether it is known what a question is about, for any kind, and whether an answer to it may change any parameter.
func mayAnswer(code string) (known, may bool) {
	for _, kind := range obligation.All() {
		refused := obligation.NotAsked(pact.Obligation{Kind: kind.Name(), Params: json.RawMessage(`{}`)}, pact.Ambiguity{Code: code}, json.RawMessage(`{"no_such_member":1}`))
		if len(refused) > 0 {
			known = true
			may = may || strings.Contains(refused[0].Message, "may only set")
		}
	}
	return known, may
}

func TestEveryQuestionIsAboutSomething(t *testing.T) {
	t.Parallel()
	exceptions := []string{
		"params", // they can not be read at all: any answer may be needed
	}
	asked := askedCodes(t)
	if len(asked) < 100 {
		t.Fatalf("only %d codes were found: %v", len(asked), asked)
	}
	page, err := os.ReadFile("../../web/src/components/Answer.tsx")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?s)const elsewhere = new Set\(\[(.*?)\]\)`).FindSubmatch(page)
	if list == nil {
		t.Fatal("the page that answers questions lists none that are settled elsewhere")
	}
	for _, code := range asked {
		known, may := mayAnswer(code)
		elsewhere := strings.Contains(string(list[1]), "'"+code+"'")
		switch {
		case slices.Contains(exceptions, code):
		case !known:
			t.Errorf("nothing says what an answer to %q may set: add it to beside", code)
		case may == elsewhere:
			t.Errorf("an answer to %q may set a parameter: %v; the page offers none, as it is settled elsewhere: %v", code, may, elsewhere)
		}
	}
}
