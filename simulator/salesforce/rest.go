package salesforce

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/simulator/stage"
)

// call is one request, or one part of a composite request.
type call struct {
	ctx     context.Context
	method  string
	version string
	path    []string // below /services/data/vXX.0
	query   url.Values
	body    []byte
	header  http.Header
	host    string
}

// answer is a status with a JSON body, or raw bytes.
type answer struct {
	status int
	body   any
	raw    []byte
	header map[string]string
}

var versionForm = regexp.MustCompile(`^v(4[0-9]|5[0-9]|6[0-6])\.0$`)

func (s *Simulator) api() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("POST /services/oauth2/token", s.issueToken)
	m.HandleFunc("/services/oauth2/userinfo", s.guarded(s.identity))
	m.HandleFunc("/id/{org}/{user}", s.guarded(s.identity))
	m.HandleFunc("GET /services/data", s.versions)
	m.HandleFunc("GET /services/data/{$}", s.versions)
	m.HandleFunc("/services/data/{version}/", s.guarded(s.serve))
	m.HandleFunc("/services/data/{version}", s.guarded(s.serve))
	m.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		write(w, fail(apiError{Code: "NOT_FOUND", Message: "The requested resource does not exist"}))
	})
	return m
}

func (s *Simulator) versions(w http.ResponseWriter, _ *http.Request) {
	var out []map[string]string
	for v := 58; v <= 66; v++ {
		out = append(out, map[string]string{"label": fmt.Sprintf("API %d", v), "url": fmt.Sprintf("/services/data/v%d.0", v), "version": fmt.Sprintf("%d.0", v)})
	}
	stage.WriteJSON(w, http.StatusOK, out)
}

// guarded checks the session and the daily limit.
func (s *Simulator) guarded(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, ok, _ := s.tokens.Check(stage.Bearer(r)); !ok {
			write(w, answer{status: http.StatusUnauthorized, body: []apiError{{Code: "INVALID_SESSION_ID", Message: "Session expired or invalid"}}})
			return
		}
		ok, _, _ := s.usage.Take()
		w.Header().Set("Sforce-Limit-Info", fmt.Sprintf("api-usage=%d/%d", s.usage.Used(), s.cfg.DailyLimit))
		if !ok {
			write(w, answer{status: http.StatusForbidden, body: []apiError{{Code: "REQUEST_LIMIT_EXCEEDED", Message: "TotalRequests Limit exceeded."}}})
			return
		}
		next(w, r)
	}
}

func (s *Simulator) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		write(w, fail(apiError{Code: "JSON_PARSER_ERROR", Message: "the body could not be read"}))
		return
	}
	c := call{ctx: r.Context(), method: r.Method, version: r.PathValue("version"), query: r.URL.Query(), body: body, header: r.Header, host: "http://" + r.Host}
	rest := strings.TrimPrefix(r.URL.EscapedPath(), "/services/data/"+c.version)
	if !versionForm.MatchString(c.version) {
		write(w, fail(apiError{Code: "NOT_FOUND", Message: "The requested resource does not exist"}))
		return
	}
	if c.path, err = split(rest); err != nil {
		write(w, fail(apiError{Code: "NOT_FOUND", Message: "The requested resource does not exist"}))
		return
	}
	if verb := c.query.Get("_HttpMethod"); verb != "" && r.Method == http.MethodPost {
		c.method = verb // for clients that cannot send PATCH
	}
	if ct := r.Header.Get("Content-Type"); len(body) > 0 && c.method != http.MethodGet && c.method != http.MethodDelete && !strings.HasPrefix(ct, "application/json") {
		write(w, answer{status: http.StatusUnsupportedMediaType, body: []apiError{{Code: "UNSUPPORTED_MEDIA_TYPE", Message: "Content type not supported: " + ct}}})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	write(w, s.route(c))
}

func split(escaped string) ([]string, error) {
	var out []string
	for part := range strings.SplitSeq(strings.Trim(escaped, "/"), "/") {
		if part == "" {
			continue
		}
		p, err := url.PathUnescape(part)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func write(w http.ResponseWriter, a answer) {
	for k, v := range a.header {
		w.Header().Set(k, v)
	}
	switch {
	case a.raw != nil:
		w.WriteHeader(a.status)
		_, _ = w.Write(a.raw)
	case a.body == nil:
		w.WriteHeader(a.status)
	default:
		stage.WriteJSON(w, a.status, a.body)
	}
}

// fail is the answer for an error: an array of one.
func fail(err error) answer {
	var e apiError
	if !errors.As(err, &e) {
		e = apiError{Code: "JSON_PARSER_ERROR", Message: err.Error()}
	}
	status := http.StatusBadRequest
	switch e.Code {
	case "NOT_FOUND", "ENTITY_IS_DELETED":
		status = http.StatusNotFound
	case "METHOD_NOT_ALLOWED":
		status = http.StatusMethodNotAllowed
	case "NOT_IMPLEMENTED":
		status = http.StatusNotImplemented
	}
	return answer{status: status, body: []apiError{e}}
}

func notAllowed(c call) answer {
	return fail(apiError{Code: "METHOD_NOT_ALLOWED", Message: "HTTP Method '" + c.method + "' not allowed."})
}

// route finds what a path means. The caller holds s.mu.
func (s *Simulator) route(c call) answer {
	if len(c.path) == 0 {
		return s.resources(c)
	}
	switch c.path[0] {
	case "sobjects":
		return s.routeObjects(c)
	case "query", "queryAll":
		return s.routeQuery(c)
	case "composite":
		return s.routeComposite(c)
	case "limits":
		used := s.usage.Used()
		return answer{status: 200, body: map[string]any{
			"DailyApiRequests": map[string]int{"Max": s.cfg.DailyLimit, "Remaining": s.cfg.DailyLimit - used}, "DataStorageMB": map[string]int{"Max": 1024, "Remaining": 1023}, "FileStorageMB": map[string]int{"Max": 1024, "Remaining": 1023},
		}}
	}
	return fail(apiError{Code: "NOT_FOUND", Message: "The requested resource does not exist"})
}

func (s *Simulator) resources(c call) answer {
	base := "/services/data/" + c.version + "/"
	out := map[string]string{}
	for _, name := range []string{"sobjects", "query", "queryAll", "composite", "limits"} {
		out[name] = base + name
	}
	return answer{status: 200, body: out}
}

func (s *Simulator) routeObjects(c call) answer {
	if len(c.path) == 1 {
		return s.describeGlobal(c)
	}
	t, err := s.object(c.path[1])
	if err != nil {
		return fail(err)
	}
	switch len(c.path) {
	case 2:
		if c.method == http.MethodPost {
			return s.create(c, t)
		}
		if c.method == http.MethodGet {
			return answer{status: 200, body: map[string]any{"objectDescribe": s.summary(c, t), "recentItems": []any{}}}
		}
		return notAllowed(c)
	case 3:
		if c.path[2] == "describe" {
			return s.describe(c, t)
		}
		return s.one(c, t, c.path[2])
	case 4:
		if t.name == "ContentVersion" && c.path[3] == "VersionData" && c.method == http.MethodGet {
			return s.versionData(c.path[2])
		}
		return s.external(c, t, c.path[2], c.path[3])
	}
	return fail(apiError{Code: "NOT_FOUND", Message: "The requested resource does not exist"})
}

func decodeRow(body []byte) (stage.Object, error) {
	var in stage.Object
	if err := stage.Decode(body, &in); err != nil {
		return nil, apiError{Code: "JSON_PARSER_ERROR", Message: err.Error()}
	}
	if in == nil {
		return nil, apiError{Code: "JSON_PARSER_ERROR", Message: "the body must be an object"}
	}
	return in, nil
}

func (s *Simulator) create(c call, t object) answer {
	in, err := decodeRow(c.body)
	if err != nil {
		return fail(err)
	}
	row, err := s.insert(c.ctx, t, in)
	if err != nil {
		return fail(err)
	}
	return answer{status: http.StatusCreated, body: saved(row), header: map[string]string{"Location": "/services/data/" + c.version + "/sobjects/" + t.name + "/" + stage.Show(row["Id"])}}
}

func saved(row stage.Object) stage.Object {
	return stage.Object{"id": row["Id"], "success": true, "errors": []any{}}
}

// one is a row by its id.
func (s *Simulator) one(c call, t object, id string) answer {
	row, err := s.row(t.name, id)
	if err != nil {
		return fail(err)
	}
	switch c.method {
	case http.MethodGet:
		return s.show(c, t, row)
	case http.MethodPatch:
		in, err := decodeRow(c.body)
		if err != nil {
			return fail(err)
		}
		if _, ok := in["Id"]; ok {
			return fail(apiError{Code: "INVALID_FIELD", Message: "The Id field should not be specified in the sobject data."})
		}
		if err := s.change(c.ctx, t, row, in); err != nil {
			return fail(err)
		}
		return answer{status: http.StatusNoContent}
	case http.MethodDelete:
		s.erase(c.ctx, t, row)
		return answer{status: http.StatusNoContent}
	}
	return notAllowed(c)
}

func (s *Simulator) show(c call, t object, row stage.Object) answer {
	var only []string
	if f := c.query.Get("fields"); f != "" {
		only = strings.Split(f, ",")
	}
	out, err := s.render(c.version, t.name, row, only)
	if err != nil {
		return fail(err)
	}
	return answer{status: 200, body: out}
}

// external is a row by an external id: read, upsert, delete.
func (s *Simulator) external(c call, t object, fieldName, value string) answer {
	f, ok := t.field(fieldName)
	if !ok || !(f.external || f.kind == "id") {
		return fail(apiError{Code: "NOT_FOUND", Message: "Provided external ID field does not exist or is not accessible: " + fieldName})
	}
	if f.kind == "id" {
		return s.one(c, t, value)
	}
	found := s.byValue(t.name, f.name, value)
	if len(found) > 1 {
		var urls []string
		for _, r := range found {
			urls = append(urls, stage.Show(attributes(c.version, t.name, r)["url"]))
		}
		return answer{status: http.StatusMultipleChoices, body: urls}
	}
	if c.method == http.MethodPatch {
		in, err := decodeRow(c.body)
		if err != nil {
			return fail(err)
		}
		return s.upsert(c, t, f, value, found, in)
	}
	if len(found) == 0 {
		return fail(apiError{Code: "NOT_FOUND", Message: "The requested resource does not exist"})
	}
	return s.one(c, t, stage.Show(found[0]["Id"]))
}

func (s *Simulator) upsert(c call, t object, f field, value string, found []stage.Object, in stage.Object) answer {
	for name := range in {
		if strings.EqualFold(name, "Id") || strings.EqualFold(name, f.name) {
			return fail(apiError{Code: "INVALID_FIELD", Message: fmt.Sprintf("The %s field should not be specified in the sobject data.", name)})
		}
	}
	if len(found) == 1 {
		if err := s.change(c.ctx, t, found[0], in); err != nil {
			return fail(err)
		}
		out := saved(found[0])
		out["created"] = false
		return answer{status: http.StatusOK, body: out}
	}
	if c.query.Get("updateOnly") == "true" {
		return fail(apiError{Code: "NOT_FOUND", Message: "The requested resource does not exist"})
	}
	in[f.name] = value
	row, err := s.insert(c.ctx, t, in)
	if err != nil {
		return fail(err)
	}
	out := saved(row)
	out["created"] = true
	return answer{status: http.StatusCreated, body: out}
}

func (s *Simulator) versionData(id string) answer {
	row, err := s.row("ContentVersion", id)
	if err != nil {
		return fail(err)
	}
	data, err := base64.StdEncoding.DecodeString(stage.Show(row["VersionData"]))
	if err != nil {
		return fail(err)
	}
	return answer{status: 200, raw: append([]byte{}, data...), header: map[string]string{"Content-Type": "application/octet-stream", "Content-Length": strconv.Itoa(len(data))}}
}
