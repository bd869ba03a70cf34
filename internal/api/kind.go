package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/pactloop/pactloop/docs"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// kindView is a kind of obligation with the schema its form is made from.
type kindView struct {
	Kind   string `json:"kind"`
	Title  string `json:"title"`
	Schema any    `json:"schema" doc:"JSON Schema 2020-12 of the parameters, the same as docs/schema/params/<kind>.v1.json."`
}

// obligationCheck tells what is wrong and what is left open in an obligation as it is typed.
type obligationCheck struct {
	Problems  []checkLine `json:"problems" doc:"A correction with any of these is refused."`
	Questions []checkLine `json:"questions" doc:"Left open by the parameters: the reviewed terms may fill it, or a person is asked."`
}

type checkLine struct {
	Field   string `json:"field" doc:"Member of the parameters, such as target.unit; empty where it is about several."`
	Message string `json:"message"`
}

func (s *Server) kindRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/obligation-kinds", "listKinds", "Kinds of obligation with the schema of their parameters", "Review", pact.Viewer), func(ctx context.Context, _ *struct{}) (*answer[items[kindView]], error) {
		var out []kindView
		for _, k := range obligation.All() {
			raw, err := docs.ParamsSchema(k.Name())
			if err != nil {
				return nil, s.fail(ctx, err)
			}
			v := kindView{Kind: k.Name(), Title: title(k.Name())}
			if err := json.Unmarshal(raw, &v.Schema); err != nil {
				return nil, s.fail(ctx, fmt.Errorf("reading the schema of %s: %w", k.Name(), err))
			}
			out = append(out, v)
		}
		return list(out), nil
	})
	huma.Register(s.api, op(http.MethodPost, "/obligations/check", "checkObligation", "What is wrong or open in an obligation; nothing is kept", "Review", pact.Viewer), func(_ context.Context, in *struct {
		Body struct {
			Obligation pact.Obligation `json:"obligation"`
		}
	},
	) (*answer[obligationCheck], error) {
		return &answer[obligationCheck]{Body: check(in.Body.Obligation)}, nil
	})
}

func title(name string) string {
	words := strings.ReplaceAll(name, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

func check(o pact.Obligation) obligationCheck {
	out := obligationCheck{Problems: []checkLine{}, Questions: []checkLine{}}
	for _, d := range unfit(o) {
		out.Problems = append(out.Problems, checkLine{Field: d.Field, Message: d.Message})
	}
	if len(out.Problems) > 0 {
		return out
	}
	wrong := map[string]bool{}
	for _, d := range obligation.Unusable(o) {
		wrong[d.Message] = true
		out.Problems = append(out.Problems, checkLine{Field: d.Field, Message: d.Message})
	}
	for _, q := range obligation.Check(o) {
		if !wrong[q.Question] {
			out.Questions = append(out.Questions, checkLine{Field: obligation.Member(o, q), Message: q.Question})
		}
	}
	return out
}

// checkParams refuses parameters that do not fit the schema of their kind, with one detail for each member.
func checkParams(o *pact.Obligation) error {
	if o == nil {
		return nil
	}
	wrong := unfit(*o)
	if len(wrong) == 0 {
		return nil
	}
	f := fault.New(fault.Invalid, "The parameters of the obligation can not be used as they are. Nothing was changed.")
	for _, d := range wrong {
		f.Details = append(f.Details, fault.Detail{Field: strings.TrimSuffix("body.obligation.params."+d.Field, "."), Message: d.Message})
	}
	return f
}

// unfit lists where parameters leave the schema of their kind. A kind of another build has no schema: it is kept as it is.
func unfit(o pact.Obligation) []fault.Detail {
	schema, err := compiled(o.Kind)
	if err != nil || schema == nil {
		return nil
	}
	raw := o.Params
	if len(bytes.TrimSpace(raw)) == 0 {
		raw = json.RawMessage("{}")
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return []fault.Detail{{Message: "The parameters are no JSON."}}
	}
	var failed *jsonschema.ValidationError
	if err := schema.Validate(value); !errors.As(err, &failed) {
		return nil
	}
	return leaves(failed)
}

// leaves turns the tree of a validation into one line for each member.
func leaves(e *jsonschema.ValidationError) []fault.Detail {
	at := strings.Join(e.InstanceLocation, ".")
	below := func(names []string, message string) []fault.Detail {
		var out []fault.Detail
		for _, name := range names {
			out = append(out, fault.Detail{Field: strings.TrimPrefix(at+"."+name, "."), Message: message})
		}
		return out
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		return below(k.Missing, "This is needed.")
	case *kind.AdditionalProperties:
		return below(k.Properties, "This parameter is not known.")
	case *kind.Enum:
		return []fault.Detail{{Field: at, Message: fmt.Sprintf("Choose one of %s.", strings.Trim(fmt.Sprint(k.Want), "[]"))}}
	case *kind.Pattern:
		return []fault.Detail{{Field: at, Message: "Write an exact number, such as 99.9."}}
	case *kind.Type:
		return []fault.Detail{{Field: at, Message: fmt.Sprintf("This must be %s.", strings.Join(k.Want, " or "))}}
	case *kind.Format:
		return []fault.Detail{{Field: at, Message: fmt.Sprintf("This is no %s.", k.Want)}}
	}
	var out []fault.Detail
	for _, c := range e.Causes {
		out = append(out, leaves(c)...)
	}
	if len(out) == 0 {
		out = append(out, fault.Detail{Field: at, Message: "This does not fit."})
	}
	return out
}

// compiled gives the schema of a kind, ready to validate with; nil for a kind of another build.
func compiled(name string) (*jsonschema.Schema, error) {
	all, err := schemas()
	return all[name], err
}

var schemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	out := map[string]*jsonschema.Schema{}
	c := jsonschema.NewCompiler()
	for _, k := range obligation.All() {
		raw, err := docs.ParamsSchema(k.Name())
		if err != nil {
			return out, err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			return out, fmt.Errorf("reading the schema of %s: %w", k.Name(), err)
		}
		at := k.Name() + ".json"
		if err := c.AddResource(at, doc); err != nil {
			return out, fmt.Errorf("reading the schema of %s: %w", k.Name(), err)
		}
		if out[k.Name()], err = c.Compile(at); err != nil {
			return out, fmt.Errorf("reading the schema of %s: %w", k.Name(), err)
		}
	}
	return out, nil
})
