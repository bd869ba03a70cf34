package stage

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
)

//go:embed page.html
var pageHTML string

// Table is a part of the state for a person to read.
type Table struct {
	Title   string
	Columns []string
	Rows    [][]string
}

// TableOf lays objects out as rows. The columns in first come first and in that order; the others follow by name. Columns that are empty everywhere are
// left out: an Opportunity has forty fields and a reader wants the ones somebody wrote.
func TableOf(title string, objects []Object, first ...string) Table {
	used := map[string]bool{}
	for _, o := range objects {
		for k, v := range o {
			if Show(v) != "" {
				used[k] = true
			}
		}
	}
	t := Table{Title: title}
	for _, c := range first {
		if used[c] {
			t.Columns = append(t.Columns, c)
			delete(used, c)
		}
	}
	rest := make([]string, 0, len(used))
	for c := range used {
		rest = append(rest, c)
	}
	slices.Sort(rest)
	t.Columns = append(t.Columns, rest...)
	for _, o := range objects {
		row := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			row[i] = Show(o[c])
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Show is a value as text.
func Show(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case json.Number:
		return x.String()
	case bool, int, int64, float64:
		return fmt.Sprint(x)
	case map[string]any:
		if len(x) == 0 {
			return ""
		}
	case []any:
		if len(x) == 0 {
			return ""
		}
	}
	raw, err := encode(v)
	if err != nil {
		return "(not shown)"
	}
	return strings.TrimSpace(string(raw))
}

func (s *Server) page(w http.ResponseWriter, _ *http.Request) {
	t, err := template.New("page").Funcs(template.FuncMap{
		"brief": func(v string) bool { return len(v) <= 32 },
		"long":  func(v string) bool { return len(v) > 140 },
		"short": func(v string) string { return string([]rune(v)[:min(60, len([]rune(v)))]) },
	}).Parse(pageHTML)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	requests := s.log.log()
	slices.Reverse(requests)
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Title": s.cfg.Title, "Now": s.cfg.Clock.Now().Format("Mon 2 Jan 2006 15:04:05 UTC"), "Tables": s.cfg.World.Tables(),
		"Requests": requests[:min(30, len(requests))], "Faults": s.faults.List(),
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(b.Bytes())
}
