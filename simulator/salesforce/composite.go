package salesforce

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/simulator/stage"
)

const (
	maxComposite  = 25
	maxCollection = 200
)

func (s *Simulator) routeComposite(c call) answer {
	switch {
	case len(c.path) == 1 && c.method == http.MethodPost:
		return s.composite(c)
	case len(c.path) >= 2 && c.path[1] == "sobjects":
		return s.collection(c)
	case len(c.path) == 1 && c.method == http.MethodGet:
		return answer{status: 200, body: map[string]string{"sobjects": "/services/data/" + c.version + "/composite/sobjects"}}
	}
	return fail(apiError{Code: "NOT_FOUND", Message: "The requested resource does not exist"})
}

type subrequest struct {
	Method      string            `json:"method"`
	URL         string            `json:"url"`
	ReferenceID string            `json:"referenceId"`
	Body        any               `json:"body"`
	Headers     map[string]string `json:"httpHeaders"`
}

func (s *Simulator) composite(c call) answer {
	var in struct {
		AllOrNone bool         `json:"allOrNone"`
		Collate   bool         `json:"collateSubrequests"`
		Requests  []subrequest `json:"compositeRequest"`
	}
	if err := stage.Decode(c.body, &in); err != nil {
		return fail(err)
	}
	if len(in.Requests) == 0 || len(in.Requests) > maxComposite {
		return fail(apiError{Code: "INVALID_INPUT", Message: fmt.Sprintf("compositeRequest must hold 1 to %d requests", maxComposite)})
	}
	ids := map[string]bool{}
	for _, r := range in.Requests {
		if !referenceForm.MatchString(r.ReferenceID) || ids[r.ReferenceID] {
			return fail(apiError{Code: "INVALID_INPUT", Message: "referenceId must be unique and of letters, digits and underscores: " + r.ReferenceID})
		}
		ids[r.ReferenceID] = true
	}
	var before map[string][]stage.Object
	if in.AllOrNone {
		before = s.snapshot()
	}
	mark, serial := stage.Mark(c.ctx), s.serial
	results, answers, failed := map[string]any{}, []map[string]any{}, false
	for _, r := range in.Requests {
		a := s.part(c, r, results)
		if a.status >= 300 {
			failed = true
		}
		answers = append(answers, map[string]any{"body": a.body, "httpHeaders": headers(a.header), "httpStatusCode": a.status, "referenceId": r.ReferenceID})
		if failed && in.AllOrNone {
			break
		}
	}
	if failed && in.AllOrNone {
		s.rows, s.serial = before, serial
		stage.Undo(c.ctx, mark)
		answers = halted(in.Requests, answers)
	}
	return answer{status: 200, body: map[string]any{"compositeResponse": answers}}
}

func headers(h map[string]string) map[string]string {
	if h == nil {
		return map[string]string{}
	}
	return h
}

// halted keeps the failure and replaces all other answers, which did not happen.
func halted(requests []subrequest, answers []map[string]any) []map[string]any {
	out := []map[string]any{}
	for i, r := range requests {
		if i == len(answers)-1 {
			out = append(out, answers[i])
			continue
		}
		out = append(out, map[string]any{
			"httpHeaders": map[string]string{}, "httpStatusCode": 400, "referenceId": r.ReferenceID,
			"body": []apiError{{Code: "PROCESSING_HALTED", Message: "The transaction was rolled back since another operation in the same transaction failed."}},
		})
	}
	return out
}

var (
	referenceForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,99}$`)
	reference     = regexp.MustCompile(`@\{([A-Za-z][A-Za-z0-9_]*)((?:\.[A-Za-z0-9_]+|\[\d+\])*)\}`)
	step          = regexp.MustCompile(`\.([A-Za-z0-9_]+)|\[(\d+)\]`)
)

func (s *Simulator) part(c call, r subrequest, results map[string]any) answer {
	target, err := resolve(r.URL, results)
	if err != nil {
		return fail(err)
	}
	u, err := url.Parse(target)
	if err != nil || !strings.HasPrefix(u.Path, "/services/data/"+c.version+"/") {
		return fail(apiError{Code: "INVALID_INPUT", Message: "the url must begin with /services/data/" + c.version + "/"})
	}
	path, err := split(strings.TrimPrefix(u.EscapedPath(), "/services/data/"+c.version))
	if err != nil || len(path) == 0 || path[0] == "composite" && len(path) == 1 {
		return fail(apiError{Code: "INVALID_INPUT", Message: "the url is not allowed in a composite request"})
	}
	sub := call{ctx: c.ctx, method: strings.ToUpper(r.Method), version: c.version, path: path, query: u.Query(), header: c.header, host: c.host}
	if r.Body != nil {
		filled, err := resolveValue(r.Body, results)
		if err != nil {
			return fail(err)
		}
		if sub.body, err = json.Marshal(filled); err != nil {
			return fail(err)
		}
	}
	a := s.route(sub)
	if a.raw != nil {
		return fail(apiError{Code: "INVALID_INPUT", Message: "binary content is not allowed in a composite request"})
	}
	results[r.ReferenceID] = stage.Clone(a.body)
	return a
}

func resolveValue(v any, results map[string]any) (any, error) {
	switch x := v.(type) {
	case string:
		return resolve(x, results)
	case map[string]any:
		out := stage.Object{}
		for k, inner := range x {
			filled, err := resolveValue(inner, results)
			if err != nil {
				return nil, err
			}
			out[k] = filled
		}
		return out, nil
	case []any:
		out := make([]any, len(x))
		for i, inner := range x {
			filled, err := resolveValue(inner, results)
			if err != nil {
				return nil, err
			}
			out[i] = filled
		}
		return out, nil
	}
	return v, nil
}

// resolve replaces @{reference.path} by what an earlier part answered.
func resolve(src string, results map[string]any) (string, error) {
	var failure error
	out := reference.ReplaceAllStringFunc(src, func(m string) string {
		parts := reference.FindStringSubmatch(m)
		v, ok := results[parts[1]]
		for _, st := range step.FindAllStringSubmatch(parts[2], -1) {
			if !ok {
				break
			}
			if st[1] != "" {
				o, _ := v.(stage.Object)
				v, ok = o[st[1]]
				continue
			}
			i, err := strconv.Atoi(st[2])
			list, _ := v.([]any)
			if ok = err == nil && i < len(list); ok {
				v = list[i]
			}
		}
		if !ok {
			failure = apiError{Code: "PROCESSING_HALTED", Message: "Invalid reference specified. No value for " + strings.Trim(m, "@{}") + " found"}
		}
		return stage.Show(v)
	})
	return out, failure
}

// collection is composite/sobjects: up to 200 rows at once, each with its own result.
func (s *Simulator) collection(c call) answer {
	switch {
	case c.method == http.MethodPost && len(c.path) == 2, c.method == http.MethodPatch && (len(c.path) == 2 || len(c.path) == 4):
		return s.saveMany(c)
	case c.method == http.MethodDelete && len(c.path) == 2:
		return s.deleteMany(c)
	case c.method == http.MethodGet && len(c.path) == 3:
		return s.getMany(c, c.query.Get("ids"), c.query.Get("fields"))
	case c.method == http.MethodPost && len(c.path) == 3:
		var in struct{ IDs, Fields []string }
		if err := stage.Decode(c.body, &in); err != nil {
			return fail(err)
		}
		return s.getMany(c, strings.Join(in.IDs, ","), strings.Join(in.Fields, ","))
	}
	return notAllowed(c)
}

func (s *Simulator) saveMany(c call) answer {
	var in struct {
		AllOrNone bool           `json:"allOrNone"`
		Records   []stage.Object `json:"records"`
	}
	if err := stage.Decode(c.body, &in); err != nil {
		return fail(err)
	}
	if len(in.Records) > maxCollection {
		return fail(apiError{Code: "EXCEEDED_ID_LIMIT", Message: fmt.Sprintf("record limit reached. cannot submit more than %d records in this operation", maxCollection)})
	}
	return s.many(c.ctx, in.AllOrNone, len(in.Records), func(i int) (stage.Object, error) { return s.saveOne(c, in.Records[i]) })
}

// saveOne creates, updates or upserts one row of a collection.
func (s *Simulator) saveOne(c call, in stage.Object) (stage.Object, error) {
	attrs, _ := in["attributes"].(stage.Object)
	name := stage.Show(attrs["type"])
	if len(c.path) == 4 {
		name = c.path[2]
	}
	t, err := s.object(name)
	if err != nil {
		return nil, apiError{Code: "INVALID_TYPE", Message: "sObject type '" + name + "' is not supported."}
	}
	if c.method == http.MethodPost {
		row, err := s.insert(c.ctx, t, in)
		if err != nil {
			return nil, err
		}
		return saved(row), nil
	}
	body := stage.Object{}
	for k, v := range in {
		body[k] = v
	}
	if len(c.path) == 4 && !strings.EqualFold(c.path[3], "Id") {
		return s.upsertOne(c, t, body)
	}
	id := stage.Show(body["Id"])
	if id == "" {
		id = stage.Show(body["id"])
	}
	delete(body, "Id")
	delete(body, "id")
	row, err := s.row(t.name, id)
	if err != nil {
		return nil, apiError{Code: "INVALID_CROSS_REFERENCE_KEY", Message: "invalid cross reference id"}
	}
	if err := s.change(c.ctx, t, row, body); err != nil {
		return nil, err
	}
	return saved(row), nil
}

// upsertOne differs from the single upsert: here the external id stands in the row.
func (s *Simulator) upsertOne(c call, t object, body stage.Object) (stage.Object, error) {
	f, ok := t.field(c.path[3])
	if !ok || !f.external {
		return nil, apiError{Code: "NOT_FOUND", Message: "Provided external ID field does not exist or is not accessible: " + c.path[3]}
	}
	value := stage.Show(body[f.name])
	delete(body, f.name)
	if value == "" {
		return nil, apiError{Code: "MISSING_ARGUMENT", Message: f.name + " not specified", Fields: []string{f.name}}
	}
	found := s.byValue(t.name, f.name, value)
	if len(found) > 1 {
		return nil, apiError{Code: "DUPLICATE_EXTERNAL_ID", Message: f.name + ": more than one record found for external id field"}
	}
	a := s.upsert(c, t, f, value, found, body)
	if list, ok := a.body.([]apiError); ok {
		return nil, list[0]
	}
	out, _ := a.body.(stage.Object)
	return out, nil
}

// many runs n operations; with allOrNone a failure takes all of them back.
func (s *Simulator) many(ctx context.Context, allOrNone bool, n int, op func(int) (stage.Object, error)) answer {
	var before map[string][]stage.Object
	if allOrNone {
		before = s.snapshot()
	}
	mark, serial := stage.Mark(ctx), s.serial
	out, failed := []any{}, -1
	for i := range n {
		done, err := op(i)
		if err != nil {
			list, _ := fail(err).body.([]apiError)
			out = append(out, map[string]any{"success": false, "errors": []map[string]any{{"statusCode": list[0].Code, "message": list[0].Message, "fields": append([]string{}, list[0].Fields...)}}})
			failed = i
			continue
		}
		out = append(out, done)
	}
	if failed >= 0 && allOrNone {
		s.rows, s.serial = before, serial
		stage.Undo(ctx, mark)
		for i, r := range out {
			if _, ok := r.(stage.Object)["id"]; ok {
				out[i] = map[string]any{"success": false, "errors": []map[string]any{{"statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK", "message": "Record rolled back because not all records were valid and the request was using AllOrNone header", "fields": []string{}}}}
			}
		}
	}
	return answer{status: 200, body: out}
}

func (s *Simulator) deleteMany(c call) answer {
	ids := strings.Split(c.query.Get("ids"), ",")
	if len(ids) > maxCollection {
		return fail(apiError{Code: "EXCEEDED_ID_LIMIT", Message: "too many ids"})
	}
	return s.many(c.ctx, c.query.Get("allOrNone") == "true", len(ids), func(i int) (stage.Object, error) {
		for _, t := range s.schema {
			if row, err := s.row(t.name, ids[i]); err == nil {
				s.erase(c.ctx, t, row)
				return saved(row), nil
			}
		}
		return nil, apiError{Code: "INVALID_CROSS_REFERENCE_KEY", Message: "invalid cross reference id"}
	})
}

func (s *Simulator) getMany(c call, ids, fields string) answer {
	t, err := s.object(c.path[2])
	if err != nil {
		return fail(err)
	}
	out := []any{}
	for id := range strings.SplitSeq(ids, ",") {
		row, err := s.row(t.name, id)
		if err != nil {
			out = append(out, nil)
			continue
		}
		names := strings.Split(fields, ",")
		if !slices.Contains(names, "Id") {
			names = append(names, "Id")
		}
		shown, err := s.render(c.version, t.name, row, names)
		if err != nil {
			return fail(err)
		}
		out = append(out, shown)
	}
	return answer{status: 200, body: out}
}
