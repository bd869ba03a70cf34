package web

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built() fs.FS {
	return fstest.MapFS{
		"index.html":               {Data: []byte(`<html><meta content="__CSP_NONCE__"><script nonce="__CSP_NONCE__"></script></html>`)},
		"assets/index-Ab12.js":     {Data: []byte("export {}")},
		"assets/pdf.worker-9f.mjs": {Data: []byte("export {}")},
		"pdfjs/wasm/openjpeg.wasm": {Data: []byte("\x00asm")},
		"robots.txt":               {Data: []byte(robots)},
		"favicon.svg":              {Data: []byte("<svg/>")},
		".gitkeep":                 {Data: nil},
	}
}

func ask(t *testing.T, files fs.FS, method, target string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	newHandler(files, func(*http.Request) string { return `n0"nce` }).ServeHTTP(w, httptest.NewRequest(method, target, nil))
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFilesAndPages(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, target string
		status       int
		kind, cache  string
	}{
		{"a hashed asset is kept for ever", "/assets/index-Ab12.js", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"the worker is a module", "/assets/pdf.worker-9f.mjs", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"the decoder of scans is WebAssembly", "/pdfjs/wasm/openjpeg.wasm", 200, "application/wasm", "public, max-age=3600"},
		{"robots.txt is a file", "/robots.txt", 200, "text/plain; charset=utf-8", "public, max-age=3600"},
		{"the front page", "/", 200, "text/html; charset=utf-8", "no-store"},
		{"the front page by name", "/index.html", 200, "text/html; charset=utf-8", "no-store"},
		{"an address of the app", "/reviews/rev_0198", 200, "text/html; charset=utf-8", "no-store"},
		{"an address with dots to climb out", "/../../etc/passwd", 200, "text/html; charset=utf-8", "no-store"},
		{"a missing asset is missing", "/assets/index-Old.js", 404, "", ""},
		{"a missing map of fonts is missing", "/pdfjs/cmaps/none", 404, "", ""},
		{"a missing file is missing", "/favicon.ico", 404, "", ""},
		{"a folder is no file", "/assets", 200, "text/html; charset=utf-8", "no-store"},
		{"hidden files stay hidden", "/.gitkeep", 404, "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := ask(t, built(), http.MethodGet, c.target)
			if r.StatusCode != c.status {
				t.Fatalf("status %d, want %d", r.StatusCode, c.status)
			}
			if c.status != http.StatusOK {
				return
			}
			if got := r.Header.Get("Content-Type"); got != c.kind {
				t.Errorf("content type %q, want %q", got, c.kind)
			}
			if got := r.Header.Get("Cache-Control"); got != c.cache {
				t.Errorf("caching %q, want %q", got, c.cache)
			}
		})
	}
}

func TestNonceOfTheRequestIsPutInEscaped(t *testing.T) {
	t.Parallel()
	got := body(t, ask(t, built(), http.MethodGet, "/contracts"))
	if strings.Contains(got, placeholder) || strings.Count(got, `n0&#34;nce`) != 2 {
		t.Errorf("nonce is not in both places, or not escaped: %s", got)
	}
}

func TestWithoutABuildThePageSaysHowToMakeOne(t *testing.T) {
	t.Parallel()
	empty := fstest.MapFS{".gitkeep": {}}
	if got := body(t, ask(t, empty, http.MethodGet, "/")); !strings.Contains(got, "make build") {
		t.Errorf("page without a build: %s", got)
	}
	if got := body(t, ask(t, empty, http.MethodGet, "/robots.txt")); got != robots {
		t.Errorf("robots.txt without a build: %s", got)
	}
	if r := ask(t, empty, http.MethodGet, "/assets/x.js"); r.StatusCode != http.StatusNotFound {
		t.Errorf("asset without a build: status %d", r.StatusCode)
	}
}

func TestOnlyReadingIsAnswered(t *testing.T) {
	t.Parallel()
	if r := ask(t, built(), http.MethodPost, "/contracts"); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d", r.StatusCode)
	}
	if r := ask(t, built(), http.MethodHead, "/"); r.StatusCode != http.StatusOK || body(t, r) != "" {
		t.Errorf("HEAD: status %d", r.StatusCode)
	}
}

func TestTheEmbeddedFilesAnswer(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	Handler(nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Pactloop") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}
