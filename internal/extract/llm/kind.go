package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/docs"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// Every kind of obligation that is judged is asked for. The parameters of one are read by rules; where the rules read none in the clause, they
// are asked for in a second request, with that clause alone and the schema that `pactloop backtest --schema KIND` prints: a new kind is asked
// for without a change here.

// unfilled is a duty that stands in the contract and that the rules read no parameters of.
type unfilled struct {
	kind    string
	at      grounded
	passage int
	duty    *pact.Obligation // of its candidate
}

// kindSchema is that schema in the form that both protocols are strict about: ref names the parameters among defs.
type kindSchema struct {
	ref  string
	defs map[string]any
}

// schemaOf reads the schema of a kind. A kind of which there is none is proposed without parameters.
func schemaOf(kind string) kindSchema {
	raw, err := docs.ParamsSchema(kind)
	if err != nil {
		return kindSchema{}
	}
	var file struct {
		Ref  string         `json:"$ref"`
		Defs map[string]any `json:"$defs"`
	}
	if json.Unmarshal(raw, &file) != nil {
		return kindSchema{}
	}
	for name, def := range file.Defs {
		def = tight(def)
		if m, ok := def.(map[string]any); ok {
			delete(m, "description") // of the noun; its members have their own
		}
		file.Defs[name] = def
	}
	return kindSchema{file.Ref, file.Defs}
}

// tight brings a schema to strict form: every member is required, one that may be absent may be null instead, nothing stands beside them.
// Patterns and formats are left out: servers differ in what they know of them, and the parameters are decoded strictly afterwards.
func tight(node any) any {
	n, ok := node.(map[string]any)
	if !ok {
		return node
	}
	out := map[string]any{}
	for key, v := range n {
		switch key {
		case "pattern", "format", "title", "required":
		case "properties":
			members, _ := v.(map[string]any)
			needed, _ := n["required"].([]any)
			all := map[string]any{}
			for name, member := range members {
				all[name] = tight(member)
				if !slices.Contains(needed, any(name)) {
					all[name] = orNull(all[name])
				}
			}
			out["properties"] = all
			out["required"] = slices.Sorted(maps.Keys(all))
		case "oneOf", "anyOf":
			list, _ := v.([]any)
			each := make([]any, len(list))
			for i := range list {
				each[i] = tight(list[i])
			}
			out["anyOf"] = each
		case "items":
			out[key] = tight(v)
		default:
			out[key] = v
		}
	}
	return out
}

func orNull(schemas ...any) map[string]any {
	return map[string]any{"anyOf": append(slices.Clone(schemas), map[string]any{"type": "null"})}
}

// paramsOf is the member params of the answer for some kinds, with what it refers to.
func paramsOf(kinds []string) (member, defs map[string]any) {
	var refs []any
	defs = map[string]any{}
	for _, k := range kinds {
		if s := schemaOf(k); s.ref != "" {
			refs = append(refs, map[string]any{"$ref": s.ref})
			maps.Copy(defs, s.defs)
		}
	}
	return orNull(refs...), defs
}

// weight is about how many tokens the schema of some kinds takes.
func weight(kinds []string) int {
	_, defs := paramsOf(kinds)
	raw, err := json.Marshal(defs)
	if err != nil {
		return 0
	}
	return tokens(len(raw))
}

// packed parts kinds so that the schemas of each part take at most room tokens, or it is one kind.
func packed(fields []field, room int) [][]field {
	var out [][]field
	var names []string
	for _, f := range fields {
		if more := append(slices.Clone(names), f.name); len(names) > 0 && weight(more) <= room {
			names = more
			out[len(out)-1] = append(out[len(out)-1], f)
			continue
		}
		names = []string{f.name}
		out = append(out, []field{f})
	}
	return out
}

// fill asks for the parameters of what is unfilled: kinds whose schemas fit together in one request, with the passages they stand in.
func (w *work) fill(ctx context.Context) error {
	if w.over || len(w.open) == 0 {
		return nil
	}
	var kinds []field
	for _, f := range fieldsOf(extract.FullSchema()) {
		if f.obligation && slices.ContainsFunc(w.open, func(o unfilled) bool { return o.kind == f.name }) {
			kinds = append(kinds, f)
		}
	}
	for _, group := range packed(kinds, w.x.Client.MaxInput/3) {
		b := batch{fields: group}
		taken, left := map[int]bool{}, w.x.Client.MaxInput
		for _, o := range w.open {
			if !slices.ContainsFunc(group, func(f field) bool { return f.name == o.kind }) {
				continue
			}
			start, end := w.s.masked.FromSource(o.at.start, o.at.end)
			i := slices.IndexFunc(w.s.passages, func(p passage) bool { return start < p.end && p.start < end })
			if i < 0 || !taken[i] && cost(w.s.passages[i]) > left {
				continue
			}
			if !taken[i] {
				taken[i] = true
				left -= cost(w.s.passages[i])
				b.passages = append(b.passages, w.s.passages[i])
			}
			o.passage = w.s.passages[i].number
			b.open = append(b.open, o)
		}
		if len(b.open) == 0 {
			continue
		}
		if err := w.ask(ctx, b, 0); err != nil || w.over {
			return err
		}
	}
	return nil
}

// filled takes the parameters of an answer for the duties that they were asked for. What can not be taken is in dropped; the error is a
// sentence, as of read.
func (s *source) filled(b batch, content string) (dropped []string, err error) {
	body, err := decode(b.fields, true, content)
	if err != nil {
		return nil, err
	}
	for _, a := range body.Obligations[:min(len(body.Obligations), maxItems)] {
		g, why := s.ground(b, nil, a.Passage, a.Quote, string(a.Params))
		i := slices.IndexFunc(b.open, func(o unfilled) bool {
			return o.kind == a.Kind && g.start < o.at.end && o.at.start < g.end && len(o.duty.Params) <= len("{}")
		})
		if why == "" && i < 0 {
			why = "it was not asked for"
		}
		if why == "" {
			b.open[i].duty.Params, why = proposed(a.Kind, a.Params, b.open[i].at.quote)
		}
		if why != "" {
			dropped = append(dropped, a.Kind+": "+why)
		}
	}
	return dropped, nil
}

// proposed gives the parameters that a model said, for a person to look at: those of the kind, with no figure and no day that the quote does
// not have. Otherwise why says what is wrong.
func proposed(kind string, said json.RawMessage, quote string) (params json.RawMessage, why string) {
	none := json.RawMessage(`{}`)
	var v any
	d := json.NewDecoder(bytes.NewReader(said))
	d.UseNumber()
	if len(said) == 0 || d.Decode(&v) != nil {
		return none, ""
	}
	members, _ := withoutNulls(v).(map[string]any)
	if len(members) == 0 {
		return none, ""
	}
	if bytes.Contains(said, []byte("[[")) {
		return none, "its parameters have a token, which stands for personal data"
	}
	if unsaid := unsaidIn(members, quote); unsaid != "" {
		return none, fmt.Sprintf("its parameters have %.40q, which does not stand in the quote", unsaid)
	}
	raw, err := json.Marshal(members)
	if err != nil || len(raw) > maxQuote {
		return none, "its parameters are too long"
	}
	if wrong := obligation.Unusable(pact.Obligation{Kind: kind, Params: raw}); len(wrong) > 0 {
		return none, "its parameters are not those of the kind: " + wrong[0].Message
	}
	return raw, ""
}

// withoutNulls takes out what a strict schema made a model write, though the text says nothing.
func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if member = withoutNulls(member); member == nil {
				delete(v, name)
			} else {
				v[name] = member
			}
		}
	case []any:
		for i := range v {
			v[i] = withoutNulls(v[i])
		}
	}
	return v
}

var (
	wholeFigure = regexp.MustCompile(`^-?\d+(?:\.\d+)?$`)
	someWord    = regexp.MustCompile(`[A-Za-z]+(?:-[A-Za-z]+)*`)
)

// unsaidIn is the first figure or day that does not stand in a quote, in figures or in words; "" where all do. Nought, one and a hundred
// may stand unsaid: "each month", "below that", "the full fee".
func unsaidIn(v any, quote string) string {
	q := wording.Normal(quote).S
	said := map[string]bool{"0": true, "1": true, "100": true}
	for _, f := range figures.FindAllString(q, -1) {
		for _, plain := range []string{f, strings.ReplaceAll(f, ",", ""), strings.ReplaceAll(strings.ReplaceAll(f, ".", ""), ",", ".")} {
			if d, err := money.ParseDecimal(plain); err == nil {
				said[d.String()] = true
			}
		}
	}
	for _, w := range someWord.FindAllString(q, -1) {
		if n, ok := wording.Number(w); ok {
			said[fmt.Sprint(n)] = true
		}
	}
	days := map[calendar.Date]bool{}
	for _, d := range wording.Dates(q) {
		days[d.Date] = true
	}
	return unsaid(v, said, days)
}

func unsaid(v any, said map[string]bool, days map[calendar.Date]bool) string {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if found := unsaid(v[name], said, days); found != "" {
				return found
			}
		}
	case []any:
		for _, member := range v {
			if found := unsaid(member, said, days); found != "" {
				return found
			}
		}
	case json.Number:
		if !wholeFigure.MatchString(v.String()) { // 1e9 is not how a contract writes
			return v.String()
		}
		return unsaid(v.String(), said, days)
	case string:
		if day, err := calendar.ParseDate(v); err == nil {
			if !days[day] {
				return v
			}
			return ""
		}
		if !wholeFigure.MatchString(v) {
			return ""
		}
		if d, err := money.ParseDecimal(v); err != nil || !said[d.Abs().String()] {
			return v
		}
	}
	return ""
}
