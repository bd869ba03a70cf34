package api

import (
	"html/template"
	"net/http"
	"sort"

	"github.com/danielgtaylor/huma/v2"
)

// docsPage shows the API from its own description, without loading anything from elsewhere.
var docsPage = template.Must(template.New("docs").Parse(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pactloop API</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="/favicon.svg" type="image/svg+xml"><style nonce="{{.Nonce}}">
:root{color-scheme:light dark;--line:#8884;--dim:#666}@media(prefers-color-scheme:dark){:root{--dim:#aaa}}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.6rem}h2{margin-top:2.2rem;border-bottom:1px solid var(--line)}
details{border-bottom:1px solid var(--line);padding:.35rem 0}summary{cursor:pointer}code{font:13px ui-monospace,monospace}.m{display:inline-block;width:4.5rem;font-weight:600}
.dim{color:var(--dim)}table{border-collapse:collapse;margin:.5rem 0}td,th{text-align:left;padding:.15rem .8rem .15rem 0;vertical-align:top}</style></head><body>
<h1>Pactloop API</h1><p>{{.About}} The description itself: <a href="/api/openapi.json">OpenAPI 3.1 as JSON</a>, <a href="/api/openapi.yaml">as YAML</a>. Sign in, or send <code>Authorization: Bearer plk_…</code>.
Errors are <code>application/problem+json</code>; lists give <code>next</code>, to be sent as <code>after</code>; writes take an <code>Idempotency-Key</code>.</p>
{{range .Groups}}<h2>{{.Name}}</h2>{{range .Operations}}<details><summary><span class="m">{{.Method}}</span> <code>{{.Path}}</code> <span class="dim">{{.Summary}}</span></summary>
<p>{{.Description}}</p>{{if .Params}}<table><tr><th>Parameter</th><th>In</th><th></th></tr>{{range .Params}}<tr><td><code>{{.Name}}</code></td><td>{{.In}}</td><td>{{.Description}}</td></tr>{{end}}</table>{{end}}
{{if .Body}}<p>Body: <code>{{.Body}}</code></p>{{end}}{{if .Answer}}<p>Answer: <code>{{.Answer}}</code></p>{{end}}</details>{{end}}{{end}}</body></html>`))

type docsGroup struct {
	Name       string
	Operations []docsOperation
}

type docsOperation struct {
	Method, Path, Summary, Description, Body, Answer string
	Params                                           []*huma.Param
}

func (s *Server) docs(w http.ResponseWriter, r *http.Request) {
	groups := map[string]*docsGroup{}
	for path, item := range s.api.OpenAPI().Paths {
		for method, o := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "DELETE": item.Delete} {
			if o == nil || len(o.Tags) == 0 {
				continue
			}
			g := groups[o.Tags[0]]
			if g == nil {
				g = &docsGroup{Name: o.Tags[0]}
				groups[o.Tags[0]] = g
			}
			g.Operations = append(g.Operations, docsOperation{Method: method, Path: path, Summary: o.Summary, Description: o.Description, Params: o.Parameters, Body: bodyOf(o), Answer: answerOf(o)})
		}
	}
	var out []*docsGroup
	for _, g := range groups {
		sort.Slice(g.Operations, func(i, j int) bool {
			return g.Operations[i].Path+g.Operations[i].Method < g.Operations[j].Path+g.Operations[j].Method
		})
		out = append(out, g)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = docsPage.Execute(w, map[string]any{"Nonce": nonce(r), "Groups": out, "About": s.api.OpenAPI().Info.Description})
}

func bodyOf(o *huma.Operation) string {
	if o.RequestBody == nil {
		return ""
	}
	for _, m := range o.RequestBody.Content {
		return schemaName(m.Schema)
	}
	return ""
}

func answerOf(o *huma.Operation) string {
	for status, r := range o.Responses {
		if status[0] != '2' {
			continue
		}
		for _, m := range r.Content {
			return schemaName(m.Schema)
		}
	}
	return ""
}

func schemaName(s *huma.Schema) string {
	switch {
	case s == nil:
		return ""
	case s.Ref != "":
		return s.Ref[len("#/components/schemas/"):]
	}
	return s.Type
}
