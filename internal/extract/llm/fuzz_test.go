package llm

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/privacy"
)

// FuzzServerAnswer reads what a server of either protocol may send.
func FuzzServerAnswer(f *testing.F) {
	f.Add([]byte(`{"choices":[{"finish_reason":"stop","message":{"content":"{}"}}],"usage":{"prompt_tokens":-1,"completion_tokens":9}}`))
	f.Add([]byte(`{"stop_reason":"tool_use","content":[{"type":"tool_use","name":"report","input":{"terms":[]}},{"type":"text","text":"x"}],"usage":{"input_tokens":3}}`))
	f.Add([]byte(`{"choices":[{"message":{"refusal":"no"}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, read := range []func([]byte) (reply, error){chat{}.answer, messages{}.answer} {
			r, err := read(body)
			var stop *Stop
			if err != nil && !errors.As(err, &stop) {
				t.Fatalf("an answer is an error of ours: %v", err)
			}
			if r.in < 0 || r.out < 0 {
				t.Fatalf("%d tokens in, %d out", r.in, r.out)
			}
		}
	})
}

// FuzzAnswer reads what a model may say about a contract: it is refused with a sentence, or ends in candidates whose quotes stand
// in the contract where they claim to.
func FuzzAnswer(f *testing.F) {
	f.Add(`{"terms":[],"obligations":[]}`)
	f.Add(`{"terms":[{"name":"governing_law","passage":1,"quote":"governed by the laws","value":"Ohio","parties":[]}],"obligations":[]}`)
	f.Add(`{"terms":[{"name":"parties","passage":-1,"quote":"between","value":"","parties":[{"name":"A","role":"customer"}]}],"obligations":[{"kind":"reporting","passage":1,"quote":"shall","title":"x","bearer":"","beneficiary":"","deliverable":"","trigger":"","frequency":""}]}`)
	x := New(Config{Model: "m", Privacy: privacy.DefaultPolicy(), PrivacyKey: privacy.Key("a key of thirty-two bytes, or so."), Derive: grammar.New()})
	d := extracttest.Plain(extracttest.Contracts()[0])
	s, err := x.open(f.Context(), d)
	if err != nil {
		f.Fatal(err)
	}
	b := batch{fields: fieldsOf(extract.FullSchema()), passages: s.passages}
	f.Add(`{"obligations":[{"kind":"spend_ceiling","passage":1,"quote":"shall","title":"x","bearer":"","beneficiary":"","deliverable":"","trigger":"","frequency":"","params":{"amount":{"value":"1e9","currency":""},"period":null,"anchor":null,"zone":null,"eligible":null,"thresholds":null}}]}`)
	f.Fuzz(func(t *testing.T, content string) {
		found, _, _, err := x.read(t.Context(), s, b, nil, content)
		var stop *Stop
		if err != nil && !errors.As(err, &stop) {
			t.Fatalf("an answer is an error of ours: %v", err)
		}
		duty := &pact.Obligation{Kind: "spend_ceiling", Params: json.RawMessage(`{}`)}
		asked := batch{fields: []field{{name: "spend_ceiling", obligation: true}}, passages: s.passages, open: []unfilled{{kind: duty.Kind, at: grounded{start: 0, end: len(s.text), quote: d.Text}, duty: duty}}}
		if _, err := s.filled(asked, content); err != nil && !errors.As(err, &stop) {
			t.Fatalf("an answer is an error of ours: %v", err)
		}
		if wrong := obligation.Unusable(*duty); len(wrong) > 0 {
			t.Fatalf("parameters that nobody can use: %s %v", duty.Params, wrong)
		}
		for _, c := range found {
			for _, e := range c.Evidence {
				if p := e.Passage; p != nil && c.Verification != pact.Unverified && d.Slice(p.Start, p.End) != p.Quote {
					t.Fatalf("%s: %s quote %q does not stand at [%d, %d)", c.Name, c.Verification, p.Quote, p.Start, p.End)
				}
			}
			if c.Value != nil && c.Value.Check() != nil {
				t.Fatalf("%s: %v", c.Name, c.Value.Check())
			}
		}
	})
}
