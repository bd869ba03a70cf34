// Package llm stands in for a server of language models, over the chat completions of OpenAI (also Azure's addresses) and the messages of Anthropic,
// written from the vendors' descriptions.
//
// It owns: both protocols with their errors, refusals, cut answers and usage; keys; and minds, which stand in for a model: one that reads honestly, one
// that obeys whatever a contract tells it, and any that a test writes.
//
// It does not own: intelligence. The honest mind knows a dozen phrases.
//
// Invariants: every request is kept as it came, so that a test can look for what should not have left; the same request gives the same answer; an
// answer of a mind is sent as it is, malformed or hostile, never mended.
package llm

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/pactloop/pactloop/simulator/stage"
)

// Config describes one server.
type Config struct {
	Clock *stage.Clock
	Key   string       // what requests must carry; "" takes any
	Mind  Mind         // nil is Honest
	Log   *slog.Logger // nil: silent
}

// Asked is a request as a mind sees it.
type Asked struct {
	Protocol string // openai, azure, anthropic
	Model    string
	System   string
	User     string
	Pictures []Picture
	Fields   []string // names of the fields that the schema lets a mind report
	Kinds    []string // kinds of obligation
	Max      int      // tokens of the answer
	Header   http.Header
	Body     string
}

// Picture is what a request shows beside its text.
type Picture struct {
	Type string // media type
	Data []byte
}

// Reply is what a mind says.
type Reply struct {
	Content string // the JSON of the answer, or what takes its place
	Cut     bool   // the answer reached its limit
	Refusal string
	Raw     string // the whole body instead of a protocol's
	In, Out int    // tokens; 0 is by length
	Hang    bool   // never answer
}

// Mind stands in for a model. It may be called by many at once.
type Mind func(Asked) Reply

// Simulator is one running server.
type Simulator struct {
	*stage.Server
	cfg Config

	mu   sync.Mutex
	mind Mind
	seen []Asked
	came chan struct{}
}

// New builds the simulator.
func New(cfg Config) (*Simulator, error) {
	if cfg.Mind == nil {
		cfg.Mind = Honest
	}
	s := &Simulator{cfg: cfg, mind: cfg.Mind, came: make(chan struct{}, 1024)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.chat("openai"))
	mux.HandleFunc("POST /openai/deployments/{model}/chat/completions", s.chat("azure"))
	mux.HandleFunc("POST /v1/messages", s.messages)
	var err error
	s.Server, err = stage.New(stage.Config{Name: "llm", Title: "Language model", Clock: cfg.Clock, World: (*state)(s), API: mux, Error: func(status int, _, message string) any {
		return map[string]any{"type": "error", "error": map[string]any{"type": kindOf(status), "message": message}}
	}, Log: cfg.Log})
	return s, err
}

// Close has nothing to stop; it is there so that all simulators look alike.
func (s *Simulator) Close() error { return nil }

// Think puts another mind in.
func (s *Simulator) Think(m Mind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mind = m
}

// Seen gives every request that reached a mind, oldest first.
func (s *Simulator) Seen() []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Asked(nil), s.seen...)
}

// Came receives once for each request that reached a mind, before it is answered.
func (s *Simulator) Came() <-chan struct{} { return s.came }

type state Simulator

func (s *state) State() any {
	return map[string]any{"requests": len((*Simulator)(s).Seen())}
}

func (s *state) Seed(context.Context, []byte, fs.FS) error {
	return errors.New("a language model has no state to seed")
}

func (s *state) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = nil
}

func (s *state) Tables() []stage.Table {
	var rows []stage.Object
	for _, a := range (*Simulator)(s).Seen() {
		rows = append(rows, stage.Object{"protocol": a.Protocol, "model": a.Model, "fields": strings.Join(a.Fields, ", "), "characters": len(a.User)})
	}
	return []stage.Table{stage.TableOf("Requests", rows, "protocol", "model", "fields", "characters")}
}

func kindOf(status int) string {
	switch status {
	case http.StatusTooManyRequests:
		return "rate_limit_error"
	case 529:
		return "overloaded_error"
	case http.StatusUnauthorized:
		return "authentication_error"
	}
	if status >= 500 {
		return "api_error"
	}
	return "invalid_request_error"
}

func refuse(w http.ResponseWriter, status int, message string) {
	stage.WriteJSON(w, status, map[string]any{"type": "error", "error": map[string]any{"type": kindOf(status), "message": message}})
}

// think asks the mind. ok is false where nothing is left to send.
func (s *Simulator) think(w http.ResponseWriter, r *http.Request, a Asked, key string) (Reply, bool) {
	if s.cfg.Key != "" && !stage.Same(key, s.cfg.Key) {
		refuse(w, http.StatusUnauthorized, "invalid key")
		return Reply{}, false
	}
	a.Header = r.Header.Clone()
	s.mu.Lock()
	s.seen = append(s.seen, a)
	mind := s.mind
	s.mu.Unlock()
	select {
	case s.came <- struct{}{}:
	default:
	}
	reply := mind(a)
	if reply.Hang {
		<-r.Context().Done()
		return reply, false
	}
	if reply.In == 0 {
		reply.In = (len(a.System) + len(a.User) + 3) / 4
	}
	if reply.Out == 0 {
		reply.Out = (len(reply.Content) + 3) / 4
	}
	if reply.Raw != "" {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, reply.Raw)
		return reply, false
	}
	return reply, true
}

type message struct {
	Role    string  `json:"role"`
	Content content `json:"content"`
}

// content of a message: a text, or parts of text and pictures in the form of either vendor.
type content struct {
	text     string
	pictures []Picture
}

// UnmarshalJSON takes what both vendors describe and refuses what they refuse: parts without a type, and pictures that are none.
func (c *content) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, &c.text) == nil {
		return nil
	}
	var parts []struct {
		Type  string `json:"type"`
		Text  string `json:"text"`
		Image struct {
			URL string `json:"url"`
		} `json:"image_url"`
		Source struct {
			Type  string `json:"type"`
			Media string `json:"media_type"`
			Data  string `json:"data"`
		} `json:"source"`
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	for _, p := range parts {
		media, data := p.Source.Media, p.Source.Data
		switch {
		case p.Type == "text":
			c.text += p.Text
			continue
		case p.Type == "image_url":
			head, body, _ := strings.Cut(p.Image.URL, ",")
			if !strings.HasPrefix(head, "data:") || !strings.HasSuffix(head, ";base64") {
				return errors.New("image_url.url is no data URL")
			}
			media, data = strings.TrimSuffix(strings.TrimPrefix(head, "data:"), ";base64"), body
		case p.Type != "image" || p.Source.Type != "base64":
			return fmt.Errorf("a part of type %q is not known", p.Type)
		}
		b, err := base64.StdEncoding.DecodeString(data)
		if err != nil || http.DetectContentType(b) != media {
			return fmt.Errorf("the data is no %s", media)
		}
		c.pictures = append(c.pictures, Picture{media, b})
	}
	return nil
}

type jsonSchema struct {
	Properties struct {
		Terms struct {
			Items struct {
				Properties struct {
					Name struct {
						Enum []string `json:"enum"`
					} `json:"name"`
				} `json:"properties"`
			} `json:"items"`
		} `json:"terms"`
		Obligations struct {
			Items struct {
				Properties struct {
					Kind struct {
						Enum []string `json:"enum"`
					} `json:"kind"`
				} `json:"properties"`
			} `json:"items"`
		} `json:"obligations"`
	} `json:"properties"`
}

func (j jsonSchema) fields() []string { return j.Properties.Terms.Items.Properties.Name.Enum }
func (j jsonSchema) kinds() []string  { return j.Properties.Obligations.Items.Properties.Kind.Enum }

func (s *Simulator) chat(protocol string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			refuse(w, http.StatusBadRequest, err.Error())
			return
		}
		var in struct {
			Model    string    `json:"model"`
			Messages []message `json:"messages"`
			Format   struct {
				Type   string `json:"type"`
				Schema struct {
					Name   string     `json:"name"`
					Strict bool       `json:"strict"`
					Schema jsonSchema `json:"schema"`
				} `json:"json_schema"`
			} `json:"response_format"`
			Max    int `json:"max_tokens"`
			MaxNew int `json:"max_completion_tokens"`
		}
		if err := json.Unmarshal(raw, &in); err != nil || len(in.Messages) == 0 || in.Format.Type != "json_schema" || in.Format.Schema.Name == "" {
			refuse(w, http.StatusBadRequest, "messages and response_format.json_schema are required")
			return
		}
		if err := strict(raw, "response_format", "json_schema", "schema"); err != nil && in.Format.Schema.Strict {
			refuse(w, http.StatusBadRequest, "Invalid schema for response_format: "+err.Error())
			return
		}
		key := stage.Bearer(r)
		if protocol == "azure" {
			key, in.Model = r.Header.Get("Api-Key"), r.PathValue("model")
			if r.URL.Query().Get("api-version") == "" {
				refuse(w, http.StatusNotFound, "Resource not found")
				return
			}
		}
		a := Asked{Protocol: protocol, Model: in.Model, Fields: in.Format.Schema.Schema.fields(), Kinds: in.Format.Schema.Schema.kinds(), Max: max(in.Max, in.MaxNew), Body: string(raw)}
		for _, m := range in.Messages {
			if m.Role == "system" {
				a.System += m.Content.text
			} else {
				a.User += m.Content.text
				a.Pictures = append(a.Pictures, m.Content.pictures...)
			}
		}
		reply, ok := s.think(w, r, a, key)
		if !ok {
			return
		}
		finish, content := "stop", any(reply.Content)
		msg := map[string]any{"role": "assistant", "content": content, "refusal": nil}
		if reply.Refusal != "" {
			msg["content"], msg["refusal"] = nil, reply.Refusal
		}
		if reply.Cut {
			finish = "length"
		}
		stage.WriteJSON(w, http.StatusOK, map[string]any{
			"id": "chatcmpl-1", "object": "chat.completion", "model": in.Model,
			"choices": []any{map[string]any{"index": 0, "finish_reason": finish, "message": msg}},
			"usage":   map[string]any{"prompt_tokens": reply.In, "completion_tokens": reply.Out, "total_tokens": reply.In + reply.Out},
		})
	}
}

// strict checks what a strict schema must be: every object closed, and all its members required.
func strict(raw []byte, path ...string) error {
	var at any
	if err := json.Unmarshal(raw, &at); err != nil {
		return err
	}
	for _, p := range path {
		o, _ := at.(map[string]any)
		at = o[p]
	}
	return closed(at)
}

func closed(v any) error {
	o, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	if o["type"] == "object" {
		members, _ := o["properties"].(map[string]any)
		required, _ := o["required"].([]any)
		if o["additionalProperties"] != false || len(required) != len(members) {
			return errors.New("'additionalProperties' is required to be false and all properties must be required")
		}
		for _, m := range members {
			if err := closed(m); err != nil {
				return err
			}
		}
	}
	return closed(o["items"])
}

func (s *Simulator) messages(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	var in struct {
		Model    string    `json:"model"`
		Max      int       `json:"max_tokens"`
		System   string    `json:"system"`
		Messages []message `json:"messages"`
		Tools    []struct {
			Name   string     `json:"name"`
			Schema jsonSchema `json:"input_schema"`
		} `json:"tools"`
		Choice struct {
			Type string `json:"type"`
			Name string `json:"name"`
		} `json:"tool_choice"`
	}
	if err := json.Unmarshal(raw, &in); err != nil || len(in.Messages) == 0 || in.Max <= 0 || len(in.Tools) != 1 || in.Choice.Name != in.Tools[0].Name {
		refuse(w, http.StatusBadRequest, "messages, max_tokens and one tool that is chosen are required")
		return
	}
	if r.Header.Get("Anthropic-Version") == "" {
		refuse(w, http.StatusBadRequest, "anthropic-version: header is required")
		return
	}
	a := Asked{Protocol: "anthropic", Model: in.Model, System: in.System, Fields: in.Tools[0].Schema.fields(), Kinds: in.Tools[0].Schema.kinds(), Max: in.Max, Body: string(raw)}
	for _, m := range in.Messages {
		a.User += m.Content.text
		a.Pictures = append(a.Pictures, m.Content.pictures...)
	}
	reply, ok := s.think(w, r, a, r.Header.Get("X-Api-Key"))
	if !ok {
		return
	}
	stop, content := "tool_use", []any{}
	if json.Valid([]byte(reply.Content)) {
		content = append(content, map[string]any{"type": "tool_use", "id": "toolu_1", "name": in.Tools[0].Name, "input": json.RawMessage(reply.Content)})
	} else {
		stop = "end_turn"
		content = append(content, map[string]any{"type": "text", "text": reply.Content})
	}
	switch {
	case reply.Refusal != "":
		stop, content = "refusal", []any{map[string]any{"type": "text", "text": reply.Refusal}}
	case reply.Cut:
		stop = "max_tokens"
	}
	stage.WriteJSON(w, http.StatusOK, map[string]any{
		"id": "msg_1", "type": "message", "role": "assistant", "model": in.Model, "content": content, "stop_reason": stop,
		"usage": map[string]any{"input_tokens": reply.In, "output_tokens": reply.Out},
	})
}

// Says is a mind that always says the same.
func Says(r Reply) Mind { return func(Asked) Reply { return r } }

// InTurn is a mind that says one thing after the other, the last for ever.
func InTurn(replies ...Reply) Mind {
	var mu sync.Mutex
	i := 0
	return func(Asked) Reply {
		mu.Lock()
		defer mu.Unlock()
		r := replies[min(i, len(replies)-1)]
		i++
		return r
	}
}

// Text is an answer's JSON.
func Text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%v", err)
	}
	return string(b)
}
