package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// parameter is one of a query, as the server describes it.
type parameter struct {
	Name   string `json:"name"`
	In     string `json:"in"`
	Schema struct {
		Enum  []string `json:"enum"`
		Items struct {
			Enum []string `json:"enum"`
		} `json:"items"`
	} `json:"schema"`
}

func (p parameter) values() []string {
	return append(slices.Clone(p.Schema.Enum), p.Schema.Items.Enum...)
}

// queries gives the query of every operation that reads.
func queries(t *testing.T, h *apitest.House) map[string][]parameter {
	t.Helper()
	raw, err := h.Server.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string      `json:"operationId"`
			Parameters  []parameter `json:"parameters"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	out := map[string][]parameter{}
	for _, methods := range doc.Paths {
		o := methods["get"]
		for _, p := range o.Parameters {
			if p.In == "query" {
				out[o.OperationID] = append(out[o.OperationID], p)
			}
		}
	}
	return out
}

// TestAWrongQueryIsRefused asks every operation that reads with a parameter it has not, and every list with a cursor that is none and
// with a value that no filter has: a client that is answered with the first page, or with nothing, never learns of its mistake.
func TestAWrongQueryIsRefused(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	admin := h.Key(t, pact.Admin)
	addSpare(t, h, "north")
	all, known := calls(h, h.Seed(t, "north", "m"), 0), queries(t, h)
	cursors, filters := 0, 0
	for _, o := range operations(t, h) {
		if o.method != http.MethodGet || o.id == "live" {
			continue
		}
		path, query, _ := strings.Cut(all[o.id].path, "?")
		wrong := func(name, value string) {
			t.Helper()
			values, err := url.ParseQuery(query)
			if err != nil {
				t.Fatal(err)
			}
			values.Set(name, value)
			a := send(t, h, admin, http.MethodGet, "/api/v1"+path+"?"+values.Encode(), nil)
			if a.status != http.StatusUnprocessableEntity || a.header.Get("Content-Type") != "application/problem+json" || !strings.Contains(a.body, `"location":"query.`+name) {
				t.Errorf("GET %s?%s=%s: %d %s", path, name, value, a.status, a.body)
			}
		}
		wrong("cursor", "abc")
		for _, p := range known[o.id] {
			values := p.values()
			switch {
			case p.Name == "after":
				cursors++
				for _, c := range []string{"abc", "!!", "eyJvIjoiIn0", "ext_other@1", strings.Repeat("A", 2000)} {
					wrong(p.Name, c)
				}
			case len(values) > 0:
				filters++
				wrong(p.Name, "banana")
				if len(p.Schema.Items.Enum) > 0 {
					wrong(p.Name, values[0]+",banana")
				}
				if a := send(t, h, admin, http.MethodGet, "/api/v1"+path+"?"+p.Name+"="+strings.Join(values[:min(2, len(p.Schema.Items.Enum)+1)], ","), nil); a.status != http.StatusOK {
					t.Errorf("GET %s with the %s %v: %d %s", path, p.Name, values, a.status, a.body)
				}
			case slices.Contains([]string{"state", "kind", "severity", "credit", "side", "order"}, p.Name):
				t.Errorf("GET %s takes any %s; give the parameter its values (enum)", path, p.Name)
			}
		}
	}
	if cursors == 0 || filters == 0 {
		t.Errorf("%d cursors and %d filters were tried", cursors, filters)
	}
	t.Logf("%d cursors, %d filters", cursors, filters)
}

// TestFiltersHaveTheValuesOfTheNouns: a state that is added to a noun can be asked for.
func TestFiltersHaveTheValuesOfTheNouns(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	source := nouns(t)
	constants := func(name string) []string {
		var out []string
		for _, m := range regexp.MustCompile(`(?m)^\s*\w+ +`+name+` += "(\w+)"`).FindAllStringSubmatch(source, -1) {
			out = append(out, m[1])
		}
		return out
	}
	enumOf := func(noun, field string) []string {
		_, body, found := strings.Cut(source, "type "+noun+" struct {")
		if !found {
			t.Fatalf("no noun %s", noun)
		}
		body, _, _ = strings.Cut(body, "\n}")
		m := regexp.MustCompile(`(?m)^\s*` + field + " +string +`json:\"[a-z_,]+\" enum:\"([^\"]+)\"`").FindStringSubmatch(body)
		if m == nil {
			t.Fatalf("no enum of %s.%s", noun, field)
		}
		return strings.Split(m[1], ",")
	}
	var kinds []string
	for _, k := range obligation.All() {
		kinds = append(kinds, k.Name())
	}
	want := map[string][]string{
		"listContracts state": constants("ContractState"), "listDocuments state": constants("DocumentState"), "listReviews state": constants("ReviewState"),
		"listFindings state": constants("FindingState"), "listFindings credit": constants("CreditState"), "listFindings severity": enumOf("Finding", "Severity"), "listFindings kind": kinds,
		"listApprovals state": enumOf("Approval", "State"), "listActions state": constants("ActionState"), "listDeliveries state": enumOf("Delivery", "State"), "listLinks state": enumOf("Link", "State"),
		"listEvents kind": enumOf("Event", "Kind"), "listRegister kind": kinds, "listRegister state": append(constants("Status"), "none"), "listClaims state": constants("CreditState"),
	}
	for id, params := range queries(t, h) {
		for _, p := range params {
			w, asked := want[id+" "+p.Name]
			delete(want, id+" "+p.Name)
			got := p.Schema.Items.Enum
			slices.Sort(got)
			slices.Sort(w)
			if asked && !slices.Equal(got, w) {
				t.Errorf("%s of %s takes %v, the noun has %v", p.Name, id, got, w)
			}
		}
	}
	for left := range want {
		t.Errorf("there is no %s", left)
	}
}

// nouns is the source of package pact: what is written beside a constant is nowhere else.
func nouns(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("../pact/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(fmt.Errorf("finding the nouns: %w", err))
	}
	var b strings.Builder
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(raw)
	}
	return b.String()
}
