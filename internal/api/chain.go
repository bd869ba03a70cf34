package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/auth"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// chain puts what every request passes around the routes, outermost first: stalled readers, panics, headers, who it is, cross-origin
// writes, idempotency.
func (s *Server) chain(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	return s.stalling(s.recover(s.headers(s.Gate.Middleware(s.logged(s.crossOrigin(cross, s.idempotent(s.limitBody(next))))))))
}

func (s *Server) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if v := recover(); v != nil {
				if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(v)
				}
				s.Log.Error("a request panicked", "path", r.URL.Path, "panic", v, "stack", string(debug.Stack()))
				writeProblem(w, r, http.StatusInternalServerError, "", "Something failed on our side. Tell an administrator the request id.")
			}
		}()
		next.ServeHTTP(w, r)
	})
}

type nonceKey struct{}

// nonce gives the CSP nonce of a request; the UI's index page carries it.
func nonce(r *http.Request) string {
	n, _ := r.Context().Value(nonceKey{}).(string)
	return n
}

func (s *Server) headers(next http.Handler) http.Handler {
	secure := strings.HasPrefix(s.BaseURL, "https://")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := rand.Text()
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; script-src 'self' 'nonce-"+n+"' 'wasm-unsafe-eval'; style-src 'self' 'nonce-"+n+"'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), nonceKey{}, n)))
	})
}

// logged writes one line for a request that failed on our side or was slow; normal work is silent.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		next.ServeHTTP(w, r)
		if took := time.Since(start); took > 5*time.Second && r.URL.Path != "/api/v1/live" {
			s.Log.Warn("a request was slow", "method", r.Method, "path", r.URL.Path, "took", took, "correlation_id", auth.RequestID(r.Context()))
		}
	})
}

// crossOrigin refuses writes that another site made the browser send. Webhooks come from servers and have no session.
func (s *Server) crossOrigin(p *http.CrossOriginProtection, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/hooks/") {
			next.ServeHTTP(w, r)
			return
		}
		if err := p.Check(r); err != nil {
			writeProblem(w, r, http.StatusForbidden, string(fault.Denied), "This request came from another site.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// limitBody bounds request bodies; uploads and webhooks have limits of their own.
func (s *Server) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/hooks/"):
		case isUpload(r):
			if r.ContentLength > s.MaxFile+1<<20 {
				writeProblem(w, r, http.StatusRequestEntityTooLarge, string(fault.Invalid), tooLargeFile)
				return
			}
			counted := &boundedBody{ReadCloser: http.MaxBytesReader(w, r.Body, s.MaxFile+1<<20)}
			r.Body, w = counted, &boundedAnswer{ResponseWriter: w, request: r, body: counted}
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		}
		next.ServeHTTP(w, r)
	})
}

// maxBody bounds every request but an upload.
const maxBody = 4 << 20

// isUpload tells a document from everything else: it may be large, and stays on disk until it is read.
func isUpload(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Path == "/api/v1/contracts"
}

const tooLargeFile = "The file is larger than the limit (max_file_mib). Nothing was kept."

// boundedBody remembers that a body without a stated length went over its limit.
type boundedBody struct {
	io.ReadCloser
	over bool
}

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	var large *http.MaxBytesError
	b.over = b.over || errors.As(err, &large)
	return n, err
}

// boundedAnswer says 413 where the body went over its limit: the form that broke off there is no fault of its fields.
type boundedAnswer struct {
	http.ResponseWriter
	request  *http.Request
	body     *boundedBody
	replaced bool
}

func (a *boundedAnswer) WriteHeader(status int) {
	if a.body.over && status >= http.StatusBadRequest {
		a.replaced = true
		a.Header().Del("Content-Length")
		writeProblem(a.ResponseWriter, a.request, http.StatusRequestEntityTooLarge, string(fault.Invalid), tooLargeFile)
		return
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *boundedAnswer) Write(p []byte) (int, error) {
	if a.replaced {
		return len(p), nil
	}
	return a.ResponseWriter.Write(p)
}

func (a *boundedAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// idempotent gives a repeated write (same Idempotency-Key, same actor) the answer the first one got, and no second effect.
// The same key with another request is refused. Keys are made without: their answer holds a secret and is never kept.
func (s *Server) idempotent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		actor, ok := pact.ActorFrom(r.Context())
		if key == "" || !ok || r.Method == http.MethodGet || r.Method == http.MethodHead || !strings.HasPrefix(r.URL.Path, "/api/v1/") {
			next.ServeHTTP(w, r)
			return
		}
		if len(key) > 200 {
			writeProblem(w, r, http.StatusUnprocessableEntity, string(fault.Invalid), "An Idempotency-Key has at most 200 characters.")
			return
		}
		h := sha256.New()
		_, _ = io.WriteString(h, r.Method+" "+r.URL.RequestURI()+"\n") // a hash never fails
		hold, limit, tooLarge := inMemory, int64(maxBody), "The body is larger than 4 MiB. Nothing was changed."
		if isUpload(r) {
			hold, limit, tooLarge = onDisk, s.MaxFile+1<<20, tooLargeFile
		}
		if r.ContentLength > limit {
			writeProblem(w, r, http.StatusRequestEntityTooLarge, string(fault.Invalid), tooLarge)
			return
		}
		body, size, err := hold(http.MaxBytesReader(w, r.Body, limit), r.Header.Get("Content-Type"), h)
		var large *http.MaxBytesError
		var disk *os.PathError
		switch {
		case errors.As(err, &large):
			writeProblem(w, r, http.StatusRequestEntityTooLarge, string(fault.Invalid), tooLarge)
			return
		case errors.As(err, &disk):
			s.Log.Error("keeping an upload until it is read", "error", err, "correlation_id", auth.RequestID(r.Context()))
			writeProblem(w, r, http.StatusServiceUnavailable, string(fault.Unavailable), "The file could not be kept. Try again.")
			return
		case err != nil:
			writeProblem(w, r, http.StatusBadRequest, string(fault.Invalid), "The body could not be read to its end. Nothing was changed.")
			return
		}
		defer body.Close()
		r.Body, r.ContentLength = body, size
		s.once(w, r, next, actor.ID+"/"+key, hex.EncodeToString(h.Sum(nil)))
	})
}

// inMemory reads a small body and adds it to the hash.
func inMemory(r io.Reader, _ string, h hash.Hash) (io.ReadCloser, int64, error) {
	body, err := io.ReadAll(r)
	_, _ = h.Write(body)
	return io.NopCloser(bytes.NewReader(body)), int64(len(body)), err
}

// onDisk keeps a large body in a file while its hash is made: whether the request was here before has to be known before
// anything is done with it. The file is gone with the process at the latest. Of a form its parts are hashed: a client that
// tries again puts another boundary between the same parts.
func onDisk(r io.Reader, contentType string, h hash.Hash) (_ io.ReadCloser, _ int64, err error) {
	f, err := os.CreateTemp("", "pactloop-upload-")
	if err != nil {
		return nil, 0, err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
		}
	}()
	if err := os.Remove(f.Name()); err != nil { // it lives as long as it is open
		return nil, 0, err
	}
	size, err := io.Copy(f, r)
	if err != nil {
		return nil, 0, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, 0, err
	}
	if !hashParts(f, contentType, h) {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return nil, 0, err
		}
		if _, err := io.Copy(h, f); err != nil {
			return nil, 0, err
		}
	}
	_, err = f.Seek(0, io.SeekStart)
	return f, size, err
}

// hashParts adds the parts of a form to a hash, each by its names and the hash of its content, so that no two forms give the
// same. False: it is no form that can be read to its end.
func hashParts(r io.Reader, contentType string, h hash.Hash) bool {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return false
	}
	for form := multipart.NewReader(r, params["boundary"]); ; {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			return true
		}
		if err != nil {
			return false
		}
		content := sha256.New()
		if _, err := io.Copy(content, part); err != nil {
			return false
		}
		fmt.Fprintf(h, "%q %q %q %x\n", part.FormName(), part.FileName(), part.Header.Get("Content-Type"), content.Sum(nil))
	}
}

func (s *Server) once(w http.ResponseWriter, r *http.Request, next http.Handler, id, hash string) {
	ctx := pact.WithActor(r.Context(), pact.System("api"))
	var known *pact.IdempotencyKey
	err := s.Store.Change(ctx, store.Act{Name: "request.once"}, func(ctx context.Context, tx store.Tx) error {
		known = nil
		row, err := tx.Idempotency.Get(ctx, id)
		if err == nil {
			known = &row
			return nil
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		return tx.Idempotency.Insert(ctx, &pact.IdempotencyKey{ID: id, RequestHash: hash, CreatedAt: time.Now().UTC()})
	})
	if err != nil && !fault.Is(err, fault.Conflict) {
		s.Log.Error("keeping an idempotency key", "error", err)
		writeProblem(w, r, http.StatusServiceUnavailable, string(fault.Unavailable), "The store does not answer. Try again.")
		return
	}
	switch {
	case err == nil && known != nil && known.RequestHash != hash:
		writeProblem(w, r, http.StatusUnprocessableEntity, string(fault.Invalid), "This Idempotency-Key was used for another request.")
		return
	case err != nil || (known != nil && known.Status == 0): // never run again: its effect may be there
		writeProblem(w, r, http.StatusConflict, string(fault.Conflict), "The same request is under way, or its outcome is unknown because the server stopped meanwhile. Look whether it took effect, then use another key.")
		return
	case known != nil:
		w.Header().Set("Content-Type", contentTypeOf(known.Status))
		if known.Status >= http.StatusBadRequest {
			w.Header().Set("Content-Type", "application/problem+json")
		}
		w.Header().Set("Idempotent-Replayed", "true")
		w.WriteHeader(known.Status)
		_, _ = io.WriteString(w, known.Body)
		return
	}
	rec := &recorder{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(rec, r)
	if r.URL.Path == "/api/v1/keys" {
		rec.body = withoutKey(rec.body.Bytes())
	}
	s.remember(ctx, id, rec)
}

// withoutKey takes a new API key out of the answer that is kept: it is shown once, and never kept in the clear.
func withoutKey(body []byte) bytes.Buffer {
	var out bytes.Buffer
	var made madeKey
	if json.Unmarshal(body, &made) != nil || made.Key == "" {
		out.Write(body)
		return out
	}
	made.Key = ""
	_ = json.NewEncoder(&out).Encode(made)
	return out
}

// remember keeps the answer, or forgets the key where the request failed on our side, so that it can be tried again.
func (s *Server) remember(ctx context.Context, id string, rec *recorder) {
	ctx = context.WithoutCancel(ctx)
	err := s.Store.Change(ctx, store.Act{Name: "request.once"}, func(ctx context.Context, tx store.Tx) error {
		if rec.status >= 500 || rec.status == http.StatusTooManyRequests {
			return tx.Idempotency.Delete(ctx, id)
		}
		row, err := tx.Idempotency.Get(ctx, id)
		if err != nil {
			return err
		}
		row.Status, row.Body = rec.status, rec.body.String()
		return tx.Idempotency.Update(ctx, &row)
	})
	if err != nil {
		s.Log.Error("keeping the answer of an idempotent request", "error", err)
	}
}

func contentTypeOf(status int) string {
	if status >= 400 {
		return "application/problem+json"
	}
	return "application/json"
}

type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) { r.status = status; r.ResponseWriter.WriteHeader(status) }

func (r *recorder) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// writeProblem answers outside of huma.
func writeProblem(w http.ResponseWriter, r *http.Request, status int, kind, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": http.StatusText(status), "status": status, "detail": detail, "kind": kind, "request_id": auth.RequestID(r.Context())})
}
