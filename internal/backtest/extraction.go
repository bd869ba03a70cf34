package backtest

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/pactloop/pactloop/internal/pact"
)

// extraction is what `pactloop extract --json` prints of a file (docs/schema/extraction.v1.json). Its terms, obligations and operations count
// as accepted; what else it tells has no influence.
type extraction struct {
	Document    extractedFile    `json:"document"`
	Terms       []pact.Candidate `json:"terms"`
	Obligations []pact.Candidate `json:"obligations"`
	Operations  []pact.Candidate `json:"operations"`
	Enclosures  []struct {
		Document extractedFile `json:"document"`
	} `json:"enclosures"`
}

// extractedFile is what of the file of an extraction matters here.
type extractedFile struct {
	File   string             `json:"file"`
	State  pact.DocumentState `json:"state"`
	Reason string             `json:"reason"`
}

// isExtraction tells an extraction from terms: it says of which file it is.
func isExtraction(raw []byte) bool {
	var x struct {
		Document *struct {
			State string `json:"state"`
		} `json:"document"`
	}
	return json.Unmarshal(raw, &x) == nil && x.Document != nil && x.Document.State != ""
}

// accepted are the terms of an extraction.
func accepted(raw []byte) (Terms, []Problem) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return Terms{}, []Problem{{"", err.Error()}}
	}
	for _, name := range []string{"terms", "obligations", "operations"} {
		if problems := unfit("/"+name, members[name], reflect.TypeFor[[]pact.Candidate]()); len(problems) > 0 {
			return Terms{}, problems
		}
	}
	var x extraction
	if err := json.Unmarshal(raw, &x); err != nil {
		return Terms{}, []Problem{{"", err.Error()}}
	}
	switch file := x.Document; {
	case file.State != pact.DocumentRead:
		return Terms{}, []Problem{{"/document/state", fmt.Sprintf("%s was not read (%s): %s", short(file.File), file.State, file.Reason)}}
	case len(x.Enclosures) > 0:
		return Terms{}, []Problem{{"/enclosures", "this is a mail with files; give what was read of one of them"}}
	}
	var t Terms
	for _, c := range x.Terms {
		if c.Value != nil {
			t.Terms = append(t.Terms, pact.Term{Name: c.Name, Value: *c.Value, Evidence: c.Evidence})
		}
	}
	for _, c := range x.Obligations {
		if c.Obligation == nil {
			continue
		}
		o := *c.Obligation
		if o.Key == "" {
			o.Key = c.Name
		}
		if len(o.Evidence) == 0 {
			o.Evidence = c.Evidence
		}
		t.Obligations = append(t.Obligations, o)
	}
	for _, c := range x.Operations {
		if c.Value != nil && c.Value.Operation != nil {
			t.Operations = append(t.Operations, pact.ReviewedOperation{Operation: *c.Value.Operation, Evidence: c.Evidence})
		}
	}
	return t, nil
}
