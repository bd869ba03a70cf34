package servicenow

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/simulator/stage"
)

func (s *Simulator) api() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("POST /oauth_token.do", s.issueToken)
	for _, base := range []string{"/api/now/table/{table}", "/api/now/v1/table/{table}", "/api/now/v2/table/{table}"} {
		one := base + "/{id}"
		m.HandleFunc("GET "+base, s.guarded(s.list))
		m.HandleFunc("POST "+base, s.guarded(s.create))
		m.HandleFunc("GET "+one, s.guarded(s.get))
		m.HandleFunc("PUT "+one, s.guarded(s.update))
		m.HandleFunc("PATCH "+one, s.guarded(s.update))
		m.HandleFunc("DELETE "+one, s.guarded(s.remove))
	}
	m.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		stage.WriteJSON(w, http.StatusBadRequest, failure("Requested URI does not represent any resource", r.URL.Path))
	})
	return m
}

// request is one admitted call.
type request struct {
	*http.Request
	table string
	user  string
	body  []byte
}

func (s *Simulator) guarded(op func(http.ResponseWriter, request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, ok := s.user(r)
		if !ok {
			w.Header().Set("WWW-Authenticate", `BASIC realm="Service-now"`)
			stage.WriteJSON(w, http.StatusUnauthorized, failure("User Not Authenticated", "Required to provide Auth information"))
			return
		}
		if !s.admit(w) || !formats(w, r) {
			return
		}
		name := r.PathValue("table")
		if _, ok := schema(name); !ok {
			stage.WriteJSON(w, http.StatusBadRequest, failure("Invalid table "+name, ""))
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			stage.WriteJSON(w, http.StatusBadRequest, failure("Exception while reading request", err.Error()))
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		op(w, request{r, name, user, body})
	}
}

func (s *Simulator) user(r *http.Request) (string, bool) {
	if name, password, ok := r.BasicAuth(); ok {
		want, exists := s.cfg.Users[name]
		return name, exists && stage.Same(password, want)
	}
	subject, ok, _ := s.tokens.Check(stage.Bearer(r))
	return subject, ok
}

// admit counts against the hourly rule.
func (s *Simulator) admit(w http.ResponseWriter) bool {
	if s.cfg.HourlyLimit <= 0 {
		return true
	}
	ok, _, reset := s.limit.Take()
	w.Header().Set("X-RateLimit-Limit", strconv.Itoa(s.cfg.HourlyLimit))
	w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))
	w.Header().Set("X-RateLimit-Rule", "8f3b0c2e1b223010bd2c7ca9cd4bcb11")
	if !ok {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(time.Until(reset).Seconds()))))
		stage.WriteJSON(w, http.StatusTooManyRequests, failure("Rate limit exceeded", fmt.Sprintf("Rate limit of %d requests per hour exceeded", s.cfg.HourlyLimit)))
	}
	return ok
}

// formats refuses a call without Accept, and a write without Content-Type.
func formats(w http.ResponseWriter, r *http.Request) bool {
	accept := r.Header.Get("Accept")
	switch {
	case accept == "" && r.Method != http.MethodDelete:
		stage.WriteJSON(w, http.StatusBadRequest, failure("Exception while reading request", "The Accept header is required"))
		return false
	case accept != "" && !strings.Contains(accept, "json") && !strings.Contains(accept, "*/*"):
		stage.WriteJSON(w, http.StatusNotAcceptable, failure("Requested media type is not supported", accept))
		return false
	}
	if r.Method != http.MethodPost && r.Method != http.MethodPut && r.Method != http.MethodPatch {
		return true
	}
	switch ct := r.Header.Get("Content-Type"); {
	case ct == "":
		stage.WriteJSON(w, http.StatusBadRequest, failure("Exception while reading request", "The Content-Type header is required"))
		return false
	case !strings.HasPrefix(ct, "application/json"):
		stage.WriteJSON(w, http.StatusUnsupportedMediaType, failure("Unsupported media type", ct))
		return false
	}
	return true
}

func (s *Simulator) issueToken(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, err := stage.TokenForm(r, body)
	denied := func() {
		stage.WriteJSON(w, http.StatusUnauthorized, map[string]string{"error": "server_error", "error_description": "access_denied"})
	}
	if err != nil || !stage.Same(form.Get("client_id"), s.cfg.ClientID) || !stage.Same(form.Get("client_secret"), s.cfg.ClientSecret) {
		denied()
		return
	}
	subject := form.Get("client_id")
	switch form.Get("grant_type") {
	case "client_credentials":
	case "password":
		want, ok := s.cfg.Users[form.Get("username")]
		if !ok || !stage.Same(form.Get("password"), want) {
			denied()
			return
		}
		subject = form.Get("username")
	default:
		denied()
		return
	}
	stage.WriteJSON(w, http.StatusOK, map[string]any{"access_token": s.tokens.Issue(subject, s.cfg.TokenLife), "scope": "useraccount", "token_type": "Bearer", "expires_in": int(s.cfg.TokenLife.Seconds()) - 1})
}

func (s *Simulator) list(w http.ResponseWriter, r request) {
	q := r.URL.Query()
	limit, offset := whole(q.Get("sysparm_limit"), 10000), whole(q.Get("sysparm_offset"), 0)
	found := s.find(r.table, q.Get("sysparm_query"))
	if len(found) == 0 && strings.HasPrefix(r.URL.Path, "/api/now/v1/") {
		stage.WriteJSON(w, http.StatusNotFound, failure("No Record found", "Record doesn't exist or ACL restricts the record retrieval"))
		return
	}
	if q.Get("sysparm_no_count") != "true" {
		w.Header().Set("X-Total-Count", strconv.Itoa(len(found)))
	}
	if q.Get("sysparm_suppress_pagination_header") != "true" {
		links(w, r.Request, limit, offset, len(found))
	}
	from := min(offset, len(found))
	result := []stage.Object{}
	for _, row := range found[from:min(len(found), from+limit)] {
		result = append(result, s.render(r, row))
	}
	stage.WriteJSON(w, http.StatusOK, map[string]any{"result": result})
}

// whole reads a number from 0; anything else is ignored, as the API does with what it does not understand.
func whole(v string, fallback int) int {
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 || n > 1_000_000 {
		return fallback
	}
	return n
}

func links(w http.ResponseWriter, r *http.Request, limit, offset, total int) {
	if limit < 1 {
		return
	}
	at := func(offset int, rel string) string {
		q, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			q = url.Values{}
		}
		q.Set("sysparm_limit", strconv.Itoa(limit))
		q.Set("sysparm_offset", strconv.Itoa(offset))
		return fmt.Sprintf(`<http://%s%s?%s>;rel="%s"`, r.Host, r.URL.Path, q.Encode(), rel)
	}
	out := []string{at(0, "first")}
	if offset > 0 {
		out = append(out, at(max(0, offset-limit), "prev"))
	}
	if offset+limit < total {
		out = append(out, at(offset+limit, "next"))
	}
	out = append(out, at(max(0, (total-1)/limit*limit), "last"))
	w.Header().Set("Link", strings.Join(out, ","))
}

func (s *Simulator) get(w http.ResponseWriter, r request) {
	row := s.byID(r.table, r.PathValue("id"))
	if row == nil {
		noRecord(w)
		return
	}
	stage.WriteJSON(w, http.StatusOK, map[string]any{"result": s.render(r, row)})
}

func noRecord(w http.ResponseWriter) {
	stage.WriteJSON(w, http.StatusNotFound, failure("No Record found", "Record doesn't exist or ACL restricts the record retrieval"))
}

// render is a row as it is answered.
func (s *Simulator) render(r request, row stage.Object) stage.Object {
	q := r.URL.Query()
	mode, noLink := q.Get("sysparm_display_value"), q.Get("sysparm_exclude_reference_link") == "true"
	fields := strings.Split(q.Get("sysparm_fields"), ",")
	if q.Get("sysparm_fields") == "" {
		fields = s.columns(r.table, row)
	}
	out := stage.Object{}
	for _, f := range fields {
		f = strings.TrimSpace(f)
		if !s.reachable(r.table, f) {
			continue // a field that does not exist is left out without a word
		}
		out[f] = s.cell(r, row, f, mode, noLink)
	}
	return out
}

func (s *Simulator) columns(name string, row stage.Object) []string {
	t, _ := schema(name)
	out := append(append([]string{}, t.fields...), systemFields()...)
	for k := range row {
		out = append(out, k)
	}
	return out
}

func (s *Simulator) cell(r request, row stage.Object, field, mode string, noLink bool) any {
	name, at, last := r.table, row, field
	for {
		first, rest, dotted := strings.Cut(last, ".")
		if !dotted {
			break
		}
		t, _ := schema(name)
		target := s.byID(t.refs[first], stage.Show(at[first]))
		if target == nil {
			return ""
		}
		name, at, last = t.refs[first], target, rest
	}
	value := stage.Show(at[last])
	shown := ""
	if mode == "true" || mode == "all" {
		shown = s.display(name, at, last, value)
	}
	if isJournal(last) && journaled(name) {
		value = "" // journal fields have no value of their own
	}
	t, _ := schema(name)
	ref, isRef := t.refs[last]
	link := fmt.Sprintf("http://%s/api/now/table/%s/%s", r.Host, ref, value)
	isRef = isRef && value != ""
	switch {
	case mode == "all" && isRef && !noLink:
		return stage.Object{"display_value": shown, "value": value, "link": link}
	case mode == "all":
		return stage.Object{"display_value": shown, "value": value}
	case mode == "true" && isRef && !noLink:
		return stage.Object{"display_value": shown, "link": link}
	case mode == "true":
		return shown
	case isRef && !noLink:
		return stage.Object{"link": link, "value": value}
	}
	return value
}

// display is what a person sees in a form: the label of a choice, the name behind a reference, a journal as text.
func (s *Simulator) display(name string, row stage.Object, field, value string) string {
	t, _ := schema(name)
	if isJournal(field) && journaled(name) {
		return s.journalText(row, field)
	}
	if label, ok := t.choices[field][value]; ok {
		return label
	}
	if ref := t.refs[field]; ref != "" {
		if target := s.byID(ref, value); target != nil {
			rt, _ := schema(ref)
			return stage.Show(target[rt.display])
		}
	}
	return value
}

func (s *Simulator) journalText(row stage.Object, field string) string {
	label := map[string]string{"comments": "Additional comments", "work_notes": "Work notes"}[field]
	var b strings.Builder
	entries := s.tables["sys_journal_field"]
	for i := len(entries) - 1; i >= 0; i-- {
		if e := entries[i]; e["element_id"] == row["sys_id"] && e["element"] == field {
			fmt.Fprintf(&b, "%s - %s (%s)\n%s\n\n", e["sys_created_on"], e["sys_created_by"], label, e["value"])
		}
	}
	return b.String()
}
