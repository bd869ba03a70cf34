package read

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/strict"
)

// Engines says who reads beside the built-in engine, which always does, and with which weights that one reads. It is a policy (kind
// "engines"): versioned, promoted on a comparison, rolled back in one step.
type Engines struct {
	// Ranking and Clauses are weights of the built-in engine in the place of those that the program carries: the SHA-256 of a file that
	// is kept beside the documents. Ranking decides terms, Clauses finds clauses. "" are the carried ones.
	Ranking string `json:"ranking,omitempty"`
	Clauses string `json:"clauses,omitempty"`

	LLM        bool   `json:"llm"`
	Model      string `json:"model,omitempty"`       // "" is the model of the settings
	Prompt     string `json:"prompt,omitempty"`      // version of a shipped prompt; "" is the newest
	PromptText string `json:"prompt_text,omitempty"` // a prompt of one's own, instead
	// Examples is how many passages of other contracts of the same business unit, that people accepted, go along for each
	// field; 0 sends none.
	Examples int `json:"examples,omitempty"`
	// KeptUnits are business units whose contracts no language model gets, neither to read nor as examples.
	KeptUnits []string `json:"kept_units,omitempty"`
}

// maxExamples bounds Examples.
const maxExamples = 5

// Keeps tells whether contracts of a business unit stay here. Case of letters and blanks around a name make no difference: a
// slip of the pen must not let a contract out.
func (e Engines) Keeps(unit string) bool {
	return slices.ContainsFunc(e.KeptUnits, func(kept string) bool { return strings.EqualFold(strings.TrimSpace(kept), strings.TrimSpace(unit)) })
}

var fileSum = regexp.MustCompile(`^[0-9a-f]{64}$`)

// DefaultEngines is the built-in engine alone.
func DefaultEngines() Engines { return Engines{} }

// ParseEngines reads a policy body; unknown members are refused.
func ParseEngines(body []byte) (Engines, error) {
	var e Engines
	if wrong := strict.Decode(body, &e); len(wrong) > 0 {
		return e, pact.RefusePolicy("choice of engines", wrong)
	}
	for name, sum := range map[string]string{"ranking": e.Ranking, "clauses": e.Clauses} {
		if sum != "" && !fileSum.MatchString(sum) {
			return e, fault.New(fault.Invalid, "%s is %.80q; weights are named by the SHA-256 of their file, which `pactloop engines promote FILE` writes here.", name, sum)
		}
	}
	if e.Prompt != "" && e.PromptText != "" {
		return e, fault.New(fault.Invalid, "prompt names a shipped prompt and prompt_text is one of your own; give one of them.")
	}
	if !e.LLM && (e.Model != "" || e.Prompt != "" || e.PromptText != "" || e.Examples != 0 || len(e.KeptUnits) > 0) {
		return e, fault.New(fault.Invalid, "model, prompt, prompt_text, examples and kept_units mean something only with \"llm\": true.")
	}
	if e.Examples < 0 || e.Examples > maxExamples {
		return e, fault.New(fault.Invalid, "examples is %d; for each field between 0 and %d passages can go along.", e.Examples, maxExamples)
	}
	if slices.ContainsFunc(e.KeptUnits, func(unit string) bool { return strings.TrimSpace(unit) == "" }) {
		return e, fault.New(fault.Invalid, "kept_units holds an empty name; name business units as contracts have them.")
	}
	return e, nil
}
