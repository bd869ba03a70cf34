package ironclad

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/simulator/stage"
)

// reply is what an operation answers: a status and a body, or a failure.
type reply struct {
	status int
	body   any
}

type operation func(r *http.Request, body []byte) (reply, error)

func (s *Simulator) api() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("POST /oauth/token", s.issueToken)
	m.HandleFunc("GET /oauth/userinfo", s.guarded(s.userInfo))
	handle := func(pattern string, op operation) {
		method, path, _ := strings.Cut(pattern, " ")
		m.HandleFunc(method+" "+Base+path, s.guarded(op))
	}
	handle("GET /webhooks", s.listWebhooks)
	handle("POST /webhooks", s.createWebhook)
	handle("GET /webhooks/{id}", s.getWebhook)
	handle("PATCH /webhooks/{id}", s.patchWebhook)
	handle("DELETE /webhooks/{id}", s.deleteWebhook)
	m.HandleFunc("GET "+Base+"/webhooks/verification-key", s.verificationKey)

	handle("GET /workflows", s.listWorkflows)
	handle("GET /workflows/{id}", s.getWorkflow)
	handle("PATCH /workflows/{id}/attributes", s.patchAttributes)
	handle("GET /workflows/{id}/comments", s.listComments)
	handle("POST /workflows/{id}/comments", s.postComment)
	handle("GET /workflows/{id}/comments/{comment}", s.getComment)
	handle("GET /workflows/{id}/documents", s.listDocuments)
	m.HandleFunc("GET "+Base+"/workflows/{id}/document/{key}/download", s.download("key"))

	handle("GET /records", s.listRecords)
	handle("POST /records", s.createRecord)
	handle("GET /records/metadata", s.recordMetadata)
	handle("GET /records/{id}", s.getRecord)
	handle("PUT /records/{id}", s.replaceRecord)
	handle("PATCH /records/{id}", s.patchRecord)
	handle("DELETE /records/{id}", s.deleteRecord)
	handle("POST /records/{id}/actions", s.runAction)
	m.HandleFunc("GET "+Base+"/records/{id}/attachments/{key}", s.download("key"))
	handle("POST /records/{id}/attachments/{key}", s.createAttachment)
	handle("DELETE /records/{id}/attachments/{key}", s.deleteAttachment)

	handle("GET /obligations", s.listObligations)
	handle("POST /obligations", s.createObligation)
	handle("GET /obligations/{id}", s.getObligation)
	handle("PATCH /obligations/{id}", s.patchObligation)

	m.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		stage.WriteJSON(w, http.StatusNotImplemented, failure{Code: "NOT_IMPLEMENTED", Message: "this simulator does not cover " + r.Method + " " + r.URL.Path})
	})
	return m
}

func (s *Simulator) guarded(op operation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.admit(w, r) {
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			stage.WriteJSON(w, http.StatusBadRequest, failure{Code: "INVALID_PARAM", Message: "the body could not be read"})
			return
		}
		if len(body) > 0 && (r.Method == http.MethodPost || r.Method == http.MethodPatch || r.Method == http.MethodPut) {
			ct := r.Header.Get("Content-Type")
			if !strings.HasPrefix(ct, "application/json") && !strings.HasPrefix(ct, "multipart/form-data") {
				stage.WriteJSON(w, http.StatusUnsupportedMediaType, failure{Code: "INVALID_PARAM", Message: "unsupported content type " + strconv.Quote(ct)})
				return
			}
		}
		out, err := s.locked(op, r, body)
		respond(w, out, err)
	}
}

func (s *Simulator) locked(op operation, r *http.Request, body []byte) (reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return op(r, body)
}

func respond(w http.ResponseWriter, out reply, err error) {
	var f failure
	switch {
	case errors.As(err, &f):
		stage.WriteJSON(w, f.status, f)
	case err != nil:
		stage.WriteJSON(w, http.StatusBadRequest, failure{Code: "INVALID_PARAM", Message: err.Error()})
	case out.body == nil:
		w.WriteHeader(out.status)
	default:
		stage.WriteJSON(w, out.status, out.body)
	}
}

// admit checks the token, the acting user and the quota, in this order.
func (s *Simulator) admit(w http.ResponseWriter, r *http.Request) bool {
	token := stage.Bearer(r)
	legacy := token != "" && stage.Same(token, s.cfg.BearerToken)
	if _, ok, known := s.tokens.Check(token); !ok && !legacy {
		message := "invalid authentication token"
		if known {
			message = "token has expired"
		}
		stage.WriteJSON(w, http.StatusUnauthorized, failure{Code: "UNAUTHORIZED", Message: message})
		return false
	}
	if !legacy && r.Header.Get("x-as-user-email") == "" && r.Header.Get("x-as-user-id") == "" {
		stage.WriteJSON(w, http.StatusBadRequest, failure{Code: "MISSING_PARAM", Message: "x-as-user-email or x-as-user-id is required with a client credentials token", Param: "x-as-user-email"})
		return false
	}
	if l := s.limits[bucket(r)]; l != nil {
		if ok, _, reset := l.Take(); !ok {
			w.Header().Set("Retry-After", strconv.Itoa(max(1, int(time.Until(reset).Seconds()+0.999))))
			stage.WriteJSON(w, http.StatusTooManyRequests, failure{Code: "TOO_MANY_REQUESTS", Message: "Too Many Requests. Please try again later."})
			return false
		}
	}
	return true
}

func bucket(r *http.Request) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Base+"/"), "/")
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return name + ":read"
	}
	return name + ":write"
}

// actor is who a request acts as.
func actor(r *http.Request) string {
	return or(r.Header.Get("x-as-user-email"), or(r.Header.Get("x-as-user-id"), "legacy-token@example.com"))
}

func (s *Simulator) issueToken(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	refuse := func(status int, code, text string) {
		stage.WriteJSON(w, status, map[string]string{"error": code, "error_description": text})
	}
	form, err := stage.TokenForm(r, body)
	if err != nil {
		refuse(http.StatusBadRequest, "invalid_request", err.Error())
		return
	}
	switch {
	case form.Get("grant_type") == "":
		refuse(http.StatusBadRequest, "invalid_request", "missing grant_type")
	case form.Get("grant_type") != "client_credentials":
		refuse(http.StatusForbidden, "unauthorized_client", "client not authorized to use this oauth grant type")
	case !stage.Same(form.Get("client_id"), s.cfg.ClientID) || !stage.Same(form.Get("client_secret"), s.cfg.ClientSecret):
		refuse(http.StatusUnauthorized, "invalid_client", "invalid client")
	default:
		out := map[string]any{"token_type": "Bearer", "access_token": s.tokens.Issue(form.Get("client_id"), s.cfg.TokenLife), "expires_in": int(s.cfg.TokenLife.Seconds())}
		if scope := form.Get("scope"); scope != "" {
			out["scope"] = scope
		}
		stage.WriteJSON(w, http.StatusOK, out)
	}
}

func (s *Simulator) userInfo(r *http.Request, _ []byte) (reply, error) {
	a := actor(r)
	return reply{http.StatusOK, map[string]any{
		"sub": a, "id": a, "email": a, "username": a, "firstName": "Demo", "lastName": "User", "displayName": displayName(a), "title": "",
		"companyId": s.cfg.CompanyID, "companyName": "Demo Company", "scopes": []string{},
	}}, nil
}

func (s *Simulator) verificationKey(w http.ResponseWriter, r *http.Request) {
	if !s.admit(w, r) {
		return
	}
	pemBytes, err := s.PublicKey()
	if err != nil {
		stage.WriteJSON(w, http.StatusInternalServerError, failure{Code: "INTERNAL", Message: err.Error()})
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(pemBytes)
}

// PublicKey is the PEM that verification-key answers.
func (s *Simulator) PublicKey() ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(&s.key.PublicKey)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// paging reads page and pageSize. Pages count from 0; more than 100 at once is refused.
func paging(r *http.Request) (page, size int, err error) {
	page, size = 0, 20
	q := r.URL.Query()
	if v := q.Get("page"); v != "" {
		if page, err = strconv.Atoi(v); err != nil || page < 0 {
			return 0, 0, invalid("page", "page must be a number from 0")
		}
	}
	if v := q.Get("pageSize"); v != "" {
		if size, err = strconv.Atoi(v); err != nil || size < 1 || size > 100 {
			return 0, 0, invalid("pageSize", "pageSize must be between 1 and 100")
		}
	}
	return page, size, nil
}

func pageOf(list []stage.Object, page, size int) []stage.Object {
	from := min(len(list), page*size)
	out := list[from:min(len(list), from+size)]
	if out == nil {
		return []stage.Object{}
	}
	return out
}

func since(r *http.Request) (time.Time, error) {
	v := r.URL.Query().Get("lastUpdated")
	if v == "" {
		return time.Time{}, nil
	}
	t, ok := parseTime(v)
	if !ok {
		return t, invalid("lastUpdated", "lastUpdated is not a date: %s", v)
	}
	return t, nil
}

// parseTime reads the ISO 8601 forms that the description shows.
func parseTime(v string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func displayName(email string) string {
	name, _, _ := strings.Cut(email, "@")
	parts := strings.FieldsFunc(name, func(c rune) bool { return c == '.' || c == '_' || c == '-' })
	for i, p := range parts {
		parts[i] = strings.ToUpper(p[:1]) + p[1:]
	}
	return strings.Join(parts, " ")
}
