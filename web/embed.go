// Package web is the user interface inside the binary.
//
// It owns the built files (dist) and how they are served: hashed assets for ever, the page for every address of the app,
// with the nonce of the request put in. It does not own the API, the content security policy or who may sign in. Invariants:
// a missing asset is a 404 and never the page, which a browser would try to run; a nonce is never cached; without a build
// the handler still answers, and says how to make one.
package web

import (
	"bytes"
	"embed"
	"html"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var dist embed.FS

// placeholder is where the build left room for the nonce of the request.
const placeholder = "__CSP_NONCE__"

const notBuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Pactloop</title>
<h1>The user interface is not built</h1>
<p>This binary was compiled without it. Run <code>make build</code>, then start it again. The API works: see <a href="/docs">/docs</a>.</p>
</html>
`

const robots = "User-agent: *\nDisallow: /\n"

// Handler serves the user interface. Mount it at "/", behind the API. nonce gives the nonce that the response's content
// security policy names for this request.
func Handler(nonce func(*http.Request) string) http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil { // the folder is part of the binary: fs.Sub fails on a malformed name only
		panic(err)
	}
	return newHandler(files, nonce)
}

func newHandler(files fs.FS, nonce func(*http.Request) string) http.Handler {
	page, err := fs.ReadFile(files, "index.html")
	if err != nil {
		page = []byte(notBuilt)
	}
	return &handler{files: files, page: page, nonce: nonce}
}

type handler struct {
	files fs.FS
	page  []byte
	nonce func(*http.Request) string
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name != "" && h.serveFile(w, r, name) {
		return
	}
	if name == "robots.txt" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		http.ServeContent(w, r, name, time.Time{}, strings.NewReader(robots))
		return
	}
	if isFile(name) {
		http.NotFound(w, r)
		return
	}
	h.servePage(w, r)
}

// serveFile answers with a built file, and tells whether there is one. The page itself is no file: it needs its nonce.
func (h *handler) serveFile(w http.ResponseWriter, r *http.Request, name string) bool {
	if name == "index.html" || strings.HasPrefix(path.Base(name), ".") {
		return false
	}
	file, err := h.files.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil || info.IsDir() {
		return false
	}
	content, ok := file.(io.ReadSeeker)
	if !ok {
		return false
	}
	w.Header().Set("Cache-Control", caching(name))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if kind := mediaType(name); kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	http.ServeContent(w, r, name, time.Time{}, content)
	return true
}

func (h *handler) servePage(w http.ResponseWriter, r *http.Request) {
	value := ""
	if h.nonce != nil {
		value = html.EscapeString(h.nonce(r))
	}
	body := bytes.ReplaceAll(h.page, []byte(placeholder), []byte(value))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	http.ServeContent(w, r, "index.html", time.Time{}, bytes.NewReader(body))
}

// caching: names in assets/ carry a hash of their content, so they never change; everything else is asked for again.
func caching(name string) string {
	if strings.HasPrefix(name, "assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "public, max-age=3600"
}

// isFile tells an address of a file from an address of the app, whose last part has no dot.
func isFile(name string) bool {
	if name == "" {
		return false
	}
	return strings.HasPrefix(name, "assets/") || strings.HasPrefix(name, "pdfjs/") || strings.Contains(path.Base(name), ".") && name != "index.html"
}

// mediaType names the types that a system's own table may lack or get wrong; a module or a worker with the wrong one does
// not run.
func mediaType(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".wasm":
		return "application/wasm"
	case ".bcmap", ".pfb", ".icc":
		return "application/octet-stream"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return ""
}
