package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// compiled gives a generated schema, ready to judge.
func compiled(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	src, err := readSource("../..", "internal/pact", "internal/calendar", "internal/money", "internal/obligation", "internal/document", "internal/extract", "internal/config")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	if err := addSchemas(files, src); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(files["docs/schema/"+name+".v1.json"]))
	if err != nil {
		t.Fatalf("schema %s is no JSON: %v", name, err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("test.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("test.json")
	if err != nil {
		t.Fatalf("schema %s does not compile: %v", name, err)
	}
	return schema
}

func judge(t *testing.T, s *jsonschema.Schema, body string) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return s.Validate(v)
}

func TestWhatTheProductWritesFitsItsSchema(t *testing.T) {
	t.Parallel()
	sum := money.Amount{Value: decimal.RequireFromString("1200.50"), Currency: "EUR"}
	nines := decimal.RequireFromString("99.9")
	cases := map[string]any{
		"term":       pact.Term{Name: "notice_period", Value: pact.Lasting(90, calendar.Day), Confidence: nines, Verification: pact.Verified, Evidence: []pact.Evidence{{Passage: &pact.Passage{Quote: "ninety (90) days", Start: 1, End: 17, Verification: pact.Verified}}}},
		"obligation": pact.Obligation{Key: "response_time/P1", Kind: "response_time", Params: json.RawMessage(`{"target":{"value":1,"unit":"hour"}}`), InForce: calendar.Period{From: "2026-01-01"}},
		"event":      pact.Event{ExternalID: "x", Kind: "charge", Subject: "2026-03", Data: pact.EventData{Amount: &sum, Value: &nines}},
		"finding":    pact.Finding{Severity: "breach", State: pact.FindingOpen, Amount: &sum, Credit: pact.CreditWaiting, ClaimBy: "2026-04-30", Assessment: pact.Assessment{Status: pact.Breached}},
		"candidate":  pact.Candidate{Subject: "term", Name: "term", Rivals: []pact.Candidate{{Subject: "term", Name: "term"}}, State: pact.CandidateOpen},
		"clause":     pact.Clause{Category: "insurance", Label: "Insurance", Confidence: nines, Extractor: "clause/0", Verification: pact.Verified, Evidence: pact.Evidence{Passage: &pact.Passage{Quote: "shall keep insurance", Start: 1, End: 21, Verification: pact.Verified}}},
		"version":    pact.Version{Number: 1},
		"occurrence": pact.Occurrence{Key: "INC1", Status: pact.OnTrack},
	}
	for name, v := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if err := judge(t, compiled(t, name), string(body)); err != nil {
				t.Errorf("%s\n%v", body, err)
			}
		})
	}
}

func TestSchemasRefuseWhatTheProductWouldNotWrite(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ schema, body string }{
		"a number where a decimal string belongs": {"term", `{"name":"x","value":{"kind":"text"},"confidence":0.9,"verification":"verified"}`},
		"a state nobody knows":                    {"term", `{"name":"x","value":{"kind":"text"},"confidence":"0.9","verification":"maybe"}`},
		"a date in another form":                  {"term", `{"name":"x","value":{"kind":"date","date":"24.11.2026"},"confidence":"0.9","verification":"verified"}`},
		"a kind of event nobody knows":            {"event", `{"external_id":"x","kind":"party","subject":"s","occurred_at":"2026-03-01T00:00:00Z","data":{}}`},
		"an unknown parameter":                    {"params/response_time", `{"target":{"value":1,"unit":"hour"},"colour":"red"}`},
		"a unit nobody counts in":                 {"params/resolution_time", `{"target":{"value":1,"unit":"fortnight"}}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if judge(t, compiled(t, c.schema), c.body) == nil {
				t.Errorf("%s was accepted", c.body)
			}
		})
	}
}

// The scenarios of the kinds are the best sample of parameters there is. Those that must be refused by the kind itself may
// be refused by the schema too.
func TestParametersOfTheScenariosFitTheirSchema(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../internal/obligation/testdata/*/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	schemas := map[string]*jsonschema.Schema{}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s struct {
			Obligation pact.Obligation
			Check      []string
			Cases      []struct{ Fault string }
		}
		if err := json.Unmarshal(body, &s); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		refused := len(s.Check) > 0
		for _, c := range s.Cases {
			refused = refused || c.Fault != ""
		}
		kind := filepath.Base(filepath.Dir(file))
		if refused || s.Obligation.Kind != kind {
			continue
		}
		if schemas[kind] == nil {
			schemas[kind] = compiled(t, "params/"+kind)
		}
		if err := judge(t, schemas[kind], string(s.Obligation.Params)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// The page of parameters, to which the pages on backtests send their readers, has no other words than these.
func TestEveryParameterSaysWhatItMeans(t *testing.T) {
	t.Parallel()
	src, err := readSource("../..", "internal/pact", "internal/calendar", "internal/money", "internal/obligation", "internal/document", "internal/extract", "internal/config")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	if err := addSchemas(files, src); err != nil {
		t.Fatal(err)
	}
	kinds := 0
	for path, body := range files {
		if !strings.HasPrefix(path, "docs/schema/params/") {
			continue
		}
		kinds++
		var schema struct {
			Defs map[string]struct {
				Properties map[string]struct{ Description string }
			} `json:"$defs"`
		}
		if err := json.Unmarshal(body, &schema); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if len(schema.Defs) == 0 {
			t.Errorf("%s defines nothing", path)
		}
		for typ, def := range schema.Defs {
			for name, property := range def.Properties {
				if strings.TrimSpace(property.Description) == "" {
					t.Errorf("%s: %s of %s has no description: its field needs a comment", path, name, typ)
				}
				if word := nameInCode.FindString(property.Description); word != "" {
					t.Errorf("%s: %s of %s is described as %s, which no JSON has", path, name, typ, word)
				}
			}
		}
	}
	if want := len(obligation.All()); kinds != want {
		t.Errorf("%d schemas of parameters were looked at, there are %d kinds", kinds, want)
	}
}

// nameInCode is the name of a field of the Go code at the beginning of a description: "MinimumSpan: …".
var nameInCode = regexp.MustCompile(`^[A-Z][a-z]+[A-Z]\w*`)

// A reader of the pages of parameters and events finds each kind and each part that a member refers to, and meets no name of
// the Go code.
func TestPagesOfMembersAreForPeople(t *testing.T) {
	t.Parallel()
	src, err := readSource("../..", "internal/pact", "internal/calendar", "internal/money", "internal/obligation", "internal/document", "internal/extract", "internal/config")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	if err := errors.Join(addParameters(files, src), addEvents(files, src)); err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"docs/reference/parameters.md": nil, "docs/reference/events.md": nil}
	for _, k := range obligation.All() {
		want["docs/reference/parameters.md"] = append(want["docs/reference/parameters.md"], k.Name())
	}
	for _, k := range pact.EventKinds() {
		want["docs/reference/events.md"] = append(want["docs/reference/events.md"], k.Kind)
	}
	for file, kinds := range want {
		page := string(files[file])
		sections := map[string]bool{}
		for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(page, -1) {
			sections[strings.ReplaceAll(strings.ToLower(m[1]), " ", "-")] = true
			for name := range strings.SplitSeq(m[1], ", ") {
				sections[name] = true
			}
		}
		for _, kind := range kinds {
			if !sections[kind] {
				t.Errorf("%s: %s has no section", file, kind)
			}
		}
		for _, m := range regexp.MustCompile(`\]\(#([^)]*)\)`).FindAllStringSubmatch(page, -1) {
			if !sections[m[1]] {
				t.Errorf("%s: a link leads to %q, which is no section", file, m[1])
			}
		}
		for _, name := range regexp.MustCompile(`\b[A-Z][a-z]+[A-Z]\w*`).FindAllString(page, -1) {
			t.Errorf("%s: %s is a name of the code: say it in the comment as a reader of JSON knows it", file, name)
		}
	}
}
