package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

const module = "github.com/pactloop/pactloop/"

// source is what reflection can not see: comments, and the constants of a named string type.
type source struct {
	comments map[string]string   // "import/path.Type" and "import/path.Type.Field"
	values   map[string][]string // "import/path.Type" → its constants, in the order of the file
	json     bool                // comments name fields as JSON does; the pages put their names in words of their own
}

func readSource(root string, dirs ...string) (source, error) {
	s := source{comments: map[string]string{}, values: map[string][]string{}}
	for _, dir := range dirs {
		set := token.NewFileSet()
		names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(dir), "*.go"))
		if err != nil || len(names) == 0 {
			return s, fmt.Errorf("no Go files in %s: run this from the top of the checkout", dir)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(set, name, nil, parser.ParseComments)
			if err != nil {
				return s, fmt.Errorf("reading the comments of %s: %w", name, err)
			}
			s.add(module+dir, f)
		}
	}
	return s, nil
}

func (s source) add(pkg string, f *ast.File) {
	for _, decl := range f.Decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				s.addType(pkg, g, spec)
			case *ast.ValueSpec:
				s.addConstant(pkg, g, spec)
			}
		}
	}
}

func (s source) addType(pkg string, g *ast.GenDecl, t *ast.TypeSpec) {
	name := pkg + "." + t.Name.Name
	s.comments[name] = text(t.Doc, t.Comment)
	if s.comments[name] == "" && len(g.Specs) == 1 {
		s.comments[name] = text(g.Doc)
	}
	st, ok := t.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range st.Fields.List {
		for _, n := range field.Names {
			s.comments[name+"."+n.Name] = text(field.Doc, field.Comment)
		}
	}
}

func (s source) addConstant(pkg string, g *ast.GenDecl, v *ast.ValueSpec) {
	typ, ok := v.Type.(*ast.Ident)
	if g.Tok != token.CONST || !ok {
		return
	}
	for _, expr := range v.Values {
		lit, ok := expr.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			continue
		}
		if value, err := strconv.Unquote(lit.Value); err == nil {
			s.values[pkg+"."+typ.Name] = append(s.values[pkg+"."+typ.Name], value)
		}
	}
}

// text joins comment groups into one line.
func text(groups ...*ast.CommentGroup) string {
	var parts []string
	for _, g := range groups {
		if g != nil {
			parts = append(parts, strings.Fields(g.Text())...)
		}
	}
	return strings.Join(parts, " ")
}
