package read

import (
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/strict"
)

// Engines says who reads beside the built-in engine, which always does. It is a policy (kind "engines"): versioned,
// promoted on a comparison, rolled back in one step.
type Engines struct {
	LLM        bool   `json:"llm"`
	Model      string `json:"model,omitempty"`       // "" is the model of the settings
	Prompt     string `json:"prompt,omitempty"`      // version of a shipped prompt; "" is the newest
	PromptText string `json:"prompt_text,omitempty"` // a prompt of one's own, instead
}

// DefaultEngines is the built-in engine alone.
func DefaultEngines() Engines { return Engines{} }

// ParseEngines reads a policy body; unknown members are refused.
func ParseEngines(body []byte) (Engines, error) {
	var e Engines
	if wrong := strict.Decode(body, &e); len(wrong) > 0 {
		return e, pact.RefusePolicy("choice of engines", wrong)
	}
	if e.Prompt != "" && e.PromptText != "" {
		return e, fault.New(fault.Invalid, "prompt names a shipped prompt and prompt_text is one of your own; give one of them.")
	}
	if !e.LLM && (e.Model != "" || e.Prompt != "" || e.PromptText != "") {
		return e, fault.New(fault.Invalid, "model, prompt and prompt_text mean something only with \"llm\": true.")
	}
	return e, nil
}
