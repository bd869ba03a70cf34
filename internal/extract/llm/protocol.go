package llm

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
)

// protocol is the form in which a provider is spoken to.
type protocol interface {
	path(model string) (string, url.Values)
	headers() http.Header
	body(q question) any
	look(width, height int) int        // the most tokens that a picture may cost
	answer(body []byte) (reply, error) // the error is a *Stop; usage is given even then, where it was told
}

// reply is an answer without its protocol.
type reply struct {
	content string
	in, out int
}

// told bounds a number of tokens that the other side tells: no call has more, and sums stay far from where numbers end.
func told(n int) int { return min(max(n, 0), 100_000_000) }

// Providers lists the names.
func Providers() []string { return []string{"openai", "azure", "ollama", "vllm", "anthropic"} }

func protocolOf(c *ClientConfig) (protocol, error) {
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if u, err := url.Parse(c.BaseURL); c.BaseURL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "") {
		return nil, fault.New(fault.Invalid, "llm_base_url must be a whole address, such as https://HOST/v1, without name, password or query; a key belongs into llm_key.")
	}
	switch c.Provider {
	case "openai":
		if c.BaseURL == "" {
			c.BaseURL = "https://api.openai.com/v1"
		}
	case "anthropic":
		if c.BaseURL == "" {
			c.BaseURL = "https://api.anthropic.com"
		}
		return messages{c}, nil
	case "azure", "ollama", "vllm":
		if c.BaseURL == "" {
			return nil, fault.New(fault.Invalid, "llm_base_url is needed for the provider %s: the address of your server.", c.Provider)
		}
		if c.Provider == "azure" && c.APIVersion == "" {
			return nil, fault.New(fault.Invalid, "llm_api_version is needed for the provider azure, such as 2024-10-21.")
		}
	default:
		return nil, fault.New(fault.Invalid, "llm_provider: %q is not one of %s.", c.Provider, strings.Join(Providers(), ", "))
	}
	return chat{c}, nil
}

// answerName is the name of the schema or tool.
const answerName = "report_readings"

// chat is POST /chat/completions with a JSON schema: OpenAI, Azure OpenAI, Ollama, vLLM.
type chat struct{ *ClientConfig }

func (p chat) path(model string) (string, url.Values) {
	if p.Provider == "azure" {
		return "/openai/deployments/" + url.PathEscape(model) + "/chat/completions", url.Values{"api-version": {p.APIVersion}}
	}
	return "/chat/completions", nil
}

func (p chat) headers() http.Header {
	switch {
	case p.Key == "":
		return nil
	case p.Provider == "azure":
		return http.Header{"Api-Key": {p.Key}}
	}
	return http.Header{"Authorization": {"Bearer " + p.Key}}
}

// chatMessage has a text as content, or parts where pictures go with it.
type chatMessage struct {
	Role    string `json:"role"`
	Content any    `json:"content"`
}

// part is a piece of a message.
type part map[string]any

func textPart(s string) part { return part{"type": "text", "text": s} }

type chatBody struct {
	Model       string         `json:"model"`
	Messages    []chatMessage  `json:"messages"`
	Format      map[string]any `json:"response_format"`
	Temperature json.Number    `json:"temperature,omitempty"`
	MaxNew      int            `json:"max_completion_tokens,omitempty"`
	Max         int            `json:"max_tokens,omitempty"`
}

func (p chat) body(q question) any {
	b := chatBody{
		Model: q.model, Messages: []chatMessage{{"system", q.system}, {"user", p.user(q)}}, Temperature: json.Number(p.Temperature),
		Format: map[string]any{"type": "json_schema", "json_schema": map[string]any{"name": answerName, "strict": true, "schema": q.schema}},
	}
	if p.Provider == "openai" || p.Provider == "azure" {
		b.MaxNew = p.MaxOutput // newer models there refuse the old name; local servers know only that
	} else {
		b.Max = p.MaxOutput
	}
	return b
}

// user is what is asked: https://platform.openai.com/docs/guides/images-vision describes the pictures.
func (chat) user(q question) any {
	if len(q.images) == 0 {
		return q.user
	}
	parts := []part{textPart(q.user)}
	for _, i := range q.images {
		parts = append(parts, textPart(i.caption()), part{"type": "image_url", "image_url": map[string]any{"url": "data:image/png;base64," + i.data, "detail": "high"}})
	}
	return parts
}

// look is by tiles of 512 points after the picture was made to fit, at the price of the dearest model
// (https://platform.openai.com/docs/guides/images-vision, "Calculating costs": 2,833 and 5,667 for each tile).
func (chat) look(width, height int) int {
	long, short := max(width, height), min(width, height)
	if long > 2048 {
		long, short = 2048, short*2048/long
	}
	if short > 768 {
		long, short = long*768/short, 768
	}
	return 2833 + 5667*((long+511)/512)*((short+511)/512)
}

func (p chat) answer(body []byte) (reply, error) {
	var a struct {
		Choices []struct {
			Finish  string `json:"finish_reason"`
			Message struct {
				Content string `json:"content"`
				Refusal string `json:"refusal"`
			} `json:"message"`
		} `json:"choices"`
		Usage struct {
			In  int `json:"prompt_tokens"`
			Out int `json:"completion_tokens"`
		} `json:"usage"`
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return reply{}, notJSON()
	}
	r := reply{in: told(a.Usage.In), out: told(a.Usage.Out)}
	if len(a.Choices) == 0 {
		return r, &Stop{Reason: "The language model answered without a choice."}
	}
	c := a.Choices[0]
	r.content = c.Message.Content
	switch {
	case c.Message.Refusal != "":
		return r, refusal(c.Message.Refusal)
	case c.Finish == "content_filter":
		return r, refusal("a content filter")
	case c.Finish == "length":
		return r, cutShort()
	}
	return r, nil
}

// messages is POST /v1/messages with a tool that must be used: Anthropic.
type messages struct{ *ClientConfig }

func (messages) path(string) (string, url.Values) { return "/v1/messages", nil }

func (p messages) headers() http.Header {
	h := http.Header{"Anthropic-Version": {"2023-06-01"}}
	if p.Key != "" {
		h.Set("X-Api-Key", p.Key)
	}
	return h
}

func (p messages) body(q question) any {
	b := map[string]any{
		"model": q.model, "max_tokens": p.MaxOutput, "system": q.system, "messages": []chatMessage{{"user", p.user(q)}},
		"tools":       []any{map[string]any{"name": answerName, "description": "Report what the passages say.", "input_schema": q.schema}},
		"tool_choice": map[string]any{"type": "tool", "name": answerName},
	}
	if p.Temperature != "" {
		b["temperature"] = json.Number(p.Temperature)
	}
	return b
}

// user is what is asked: https://docs.anthropic.com/en/docs/build-with-claude/vision describes the pictures, which come first.
func (messages) user(q question) any {
	if len(q.images) == 0 {
		return q.user
	}
	var parts []part
	for _, i := range q.images {
		parts = append(parts, textPart(i.caption()), part{"type": "image", "source": map[string]any{"type": "base64", "media_type": "image/png", "data": i.data}})
	}
	return append(parts, textPart(q.user))
}

// look is width times height by 750.
func (messages) look(width, height int) int { return (width*height + 749) / 750 }

func (p messages) answer(body []byte) (reply, error) {
	var a struct {
		Stop    string `json:"stop_reason"`
		Content []struct {
			Type  string          `json:"type"`
			Name  string          `json:"name"`
			Text  string          `json:"text"`
			Input json.RawMessage `json:"input"`
		} `json:"content"`
		Usage struct {
			In      int `json:"input_tokens"`
			Written int `json:"cache_creation_input_tokens"`
			Read    int `json:"cache_read_input_tokens"`
			Out     int `json:"output_tokens"`
		} `json:"usage"`
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return reply{}, notJSON()
	}
	r := reply{in: told(a.Usage.In) + told(a.Usage.Written) + told(a.Usage.Read), out: told(a.Usage.Out)}
	text := ""
	for _, c := range a.Content {
		if c.Type == "tool_use" && c.Name == answerName {
			r.content = string(c.Input)
		}
		text += c.Text
	}
	switch {
	case a.Stop == "refusal":
		return r, refusal(text)
	case a.Stop == "max_tokens", a.Stop == "model_context_window_exceeded":
		return r, cutShort()
	case r.content == "":
		return r, refusal(text)
	}
	return r, nil
}

func notJSON() *Stop {
	return &Stop{Reason: "The language model's server answered with something that is not the JSON it describes. The built-in reading stands."}
}

func cutShort() *Stop {
	return &Stop{Reason: "The language model's answer was cut short. Raise llm_max_output. The built-in reading stands.", Cut: true}
}

func refusal(why string) *Stop {
	if r := []rune(strings.Join(strings.Fields(why), " ")); len(r) > 0 {
		return &Stop{Reason: "The language model refused to answer: " + string(r[:min(len(r), 200)]) + ". The built-in reading stands."}
	}
	return &Stop{Reason: "The language model did not report anything. The built-in reading stands."}
}
