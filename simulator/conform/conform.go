// Package conform checks traffic against a vendor's OpenAPI description: requests as they leave and answers as they come. It is for tests; wrap a
// client's transport with it to check a connector, or point a client at a simulator to check that.
//
// It owns: loading a description, listing where it is known to be wrong, validating both directions, counting operations.
//
// It does not own: the descriptions. They are the vendors', are not in this repository, and are read from the folder the caller names.
//
// Invariants: traffic passes unchanged, whatever is found; every adjustment to a description is listed in Report, so nothing is silenced in secret.
package conform

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// Checker validates against one description.
type Checker struct {
	doc         *openapi3.T
	router      routers.Router
	adjustments []string

	mu       sync.Mutex
	called   map[string]int
	problems []Problem
	strange  map[string]int // method and path without an operation
}

// Problem is traffic that the description does not allow.
type Problem struct {
	Operation string // such as "PATCH /records/{id}"
	Direction string // request or response
	Status    int
	Detail    string
}

// Ironclad loads the Ironclad description below the shared folder.
func Ironclad(shared string) (*Checker, error) {
	return load(filepath.Join(shared, "specs", "ironclad", "ironclad-public-api-openapi.yml"), []string{"/public/api/v1"}, func(doc *openapi3.T) []string {
		// The bytes of files are described as JSON objects.
		for _, p := range []string{"/records/{id}/attachments/{key}", "/workflows/{id}/document/{key}/download"} {
			anyContent(doc.Paths.Find(p).Get)
		}
		relax(doc)
		return []string{
			"GET of an attachment or document: any content type (described as JSON, answered as bytes)",
			"answers with 204: no content (some are described with a JSON body, which HTTP forbids)",
			"error bodies: any one of the described shapes (described as exactly one, but the shapes overlap so that every body fits several)",
		}
	})
}

// relax repairs two mistakes of the description that no answer could satisfy.
func relax(doc *openapi3.T) {
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			for status, r := range op.Responses.Map() {
				if status == "204" {
					r.Value.Content = nil
				}
				for _, content := range r.Value.Content {
					if status >= "400" && content.Schema != nil && content.Schema.Value.OneOf != nil {
						content.Schema.Value.AnyOf, content.Schema.Value.OneOf = content.Schema.Value.OneOf, nil
					}
				}
			}
		}
	}
}

// ServiceNow loads the Table API description below the shared folder. It is a secondary one; where it contradicts the vendor's own text it is adjusted.
func ServiceNow(shared string) (*Checker, error) {
	return load(filepath.Join(shared, "specs", "servicenow", "servicenow-table-records-api-openapi.yml"), []string{"/api/now", "/api/now/v1", "/api/now/v2"}, func(doc *openapi3.T) []string {
		record := doc.Components.Schemas["Record"].Value
		for _, p := range record.Properties {
			// With sysparm_display_value=all and for references a value is an object; dates are yyyy-MM-dd HH:mm:ss; every value is a string.
			p.Value = openapi3.NewSchema()
		}
		return []string{"Record columns: any value (described as ISO date-times and integers; the vendor's text has strings, yyyy-MM-dd HH:mm:ss, and objects for references)"}
	})
}

func anyContent(op *openapi3.Operation) {
	op.Responses.Value("200").Value.Content = nil
}

func load(path string, bases []string, adjust func(*openapi3.T) []string) (*Checker, error) {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the description %s: %w", filepath.Base(path), err)
	}
	doc.Servers = nil
	for _, b := range bases {
		doc.Servers = append(doc.Servers, &openapi3.Server{URL: b})
	}
	c := &Checker{doc: doc, called: map[string]int{}, strange: map[string]int{}, adjustments: adjust(doc)}
	if c.router, err = gorillamux.NewRouter(doc); err != nil {
		return nil, fmt.Errorf("routing the description %s: %w", filepath.Base(path), err)
	}
	return c, nil
}

// Transport wraps next (nil: the default one) and checks everything that passes.
func (c *Checker) Transport(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return transport{c, next}
}

type transport struct {
	checker *Checker
	next    http.RoundTripper
}

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := drain(r.Body)
	if err != nil {
		return nil, err
	}
	out := r.Clone(r.Context())
	out.Body = nil
	if body != nil {
		out.Body = io.NopCloser(bytes.NewReader(body))
	}
	resp, err := t.next.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	answer, err := drain(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	t.checker.check(r, body, resp, answer)
	return resp, nil
}

func drain(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	defer body.Close()
	return io.ReadAll(body)
}

// check looks at one exchange. A request that the other side refused with 4xx is expected to be wrong now and then; only its answer is checked.
func (c *Checker) check(r *http.Request, body []byte, resp *http.Response, answer []byte) {
	probe := r.Clone(context.WithoutCancel(r.Context()))
	probe.Body = io.NopCloser(bytes.NewReader(body))
	probe.URL = &url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	route, params, err := c.router.FindRoute(probe)
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.strange[r.Method+" "+r.URL.Path]++
		return
	}
	name := route.Method + " " + route.Path
	options := &openapi3filter.Options{MultiError: true, SkipSettingDefaults: true, IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	in := &openapi3filter.RequestValidationInput{Request: probe, PathParams: params, Route: route, Options: options}
	var found []Problem
	if resp.StatusCode < 400 {
		if err := openapi3filter.ValidateRequest(probe.Context(), in); err != nil {
			found = append(found, Problem{name, "request", resp.StatusCode, brief(err)})
		}
	}
	result := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: resp.StatusCode, Header: resp.Header, Body: io.NopCloser(bytes.NewReader(answer)), Options: options}
	if err := openapi3filter.ValidateResponse(probe.Context(), result); err != nil {
		found = append(found, Problem{name, "response", resp.StatusCode, brief(err)})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.called[name]++
	c.problems = append(c.problems, found...)
}

// brief is the reason without the schema, which runs over pages.
func brief(err error) string {
	var kept []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if line == "Schema:" || strings.HasPrefix(strings.TrimSpace(line), "Schema:") {
			break
		}
		kept = append(kept, strings.TrimSpace(line))
	}
	s := strings.Join(kept, " ")
	return s[:min(len(s), 600)]
}

// Problems are the violations found so far.
func (c *Checker) Problems() []Problem {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.problems)
}

// Report says which operations were covered, which were refused, which the description does not have, and which nobody called.
func (c *Checker) Report() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	bad := map[string]int{}
	for _, p := range c.problems {
		bad[p.Operation]++
	}
	var all, uncalled []string
	for path, item := range c.doc.Paths.Map() {
		for method := range item.Operations() {
			all = append(all, method+" "+path)
		}
	}
	for _, op := range all {
		if c.called[op] == 0 {
			uncalled = append(uncalled, op)
		}
	}
	slices.Sort(uncalled)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d operations described, %d covered, %d refused, %d requests not described, %d not called\n", c.doc.Info.Title, len(all), len(c.called)-len(bad), len(bad), len(c.strange), len(uncalled))
	for _, op := range slices.Sorted(maps.Keys(c.called)) {
		verdict := "covered"
		if bad[op] > 0 {
			verdict = fmt.Sprintf("REFUSED %d times", bad[op])
		}
		fmt.Fprintf(&b, "  %-60s %3d calls  %s\n", op, c.called[op], verdict)
	}
	for _, p := range c.problems {
		fmt.Fprintf(&b, "  problem: %s, %s (%d): %s\n", p.Operation, p.Direction, p.Status, p.Detail)
	}
	for _, s := range slices.Sorted(maps.Keys(c.strange)) {
		fmt.Fprintf(&b, "  not described: %s\n", s)
	}
	for _, a := range c.adjustments {
		fmt.Fprintf(&b, "  adjusted: %s\n", a)
	}
	fmt.Fprintf(&b, "  not called: %s\n", strings.Join(uncalled, "; "))
	return b.String()
}
