package llm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

// Confidence before anybody decided on readings of a model: never above the usual limit, so that a person sees them.
// Decisions move it (extract.Weights).
var (
	sureVerified   = decimal.New(80, -2)
	sureRepaired   = decimal.New(75, -2)
	sureOneOfMany  = decimal.New(60, -2) // the quote has other values of the kind too: that this one is meant is the model's word alone
	sureUnverified = decimal.New(30, -2)
)

// Limits of what is taken of an answer.
const (
	maxItems = 200
	maxQuote = 6000 // code points
	maxValue = 600
)

type answerTerm struct {
	Name    string        `json:"name"`
	Passage int           `json:"passage"`
	Quote   string        `json:"quote"`
	Value   string        `json:"value"`
	Parties []answerParty `json:"parties"`
}

type answerParty struct {
	Name string `json:"name"`
	Role string `json:"role"`
}

type answerDuty struct {
	Kind        string `json:"kind"`
	Passage     int    `json:"passage"`
	Quote       string `json:"quote"`
	Title       string `json:"title"`
	Bearer      string `json:"bearer"`
	Beneficiary string `json:"beneficiary"`
	Deliverable string `json:"deliverable"`
	Trigger     string `json:"trigger"`
	Frequency   string `json:"frequency"`
	// Params are used where the rules read none in the quote, for a person to look at.
	Params json.RawMessage `json:"params"`
}

type answerBody struct {
	Terms       []answerTerm `json:"terms"`
	Obligations []answerDuty `json:"obligations"`
}

// read makes candidates of an answer. The error is a sentence: the answer is no answer at all. What single items lack is
// in dropped, and duties that the rules read no parameters of are in open.
func (x *Extractor) read(ctx context.Context, s *source, b batch, examples []example, content string) (found []pact.Candidate, open []unfilled, dropped []string, err error) {
	body, err := decode(b.fields, false, content)
	if err != nil {
		return nil, nil, nil, err
	}
	drop := func(name, why string) { dropped = append(dropped, name+": "+why) }
	if n := len(body.Terms) + len(body.Obligations); n > maxItems {
		drop("answer", fmt.Sprintf("%d readings; the first %d are taken", n, maxItems))
		body.Terms = body.Terms[:min(len(body.Terms), maxItems)]
		body.Obligations = body.Obligations[:min(len(body.Obligations), maxItems-len(body.Terms))]
	}
	for _, t := range body.Terms {
		g, why := s.ground(b, examples, t.Passage, t.Quote, t.Value+" "+namesOf(t.Parties))
		if why != "" {
			drop(t.Name, why)
			continue
		}
		c, why := x.term(s, g, t)
		if why != "" {
			drop(t.Name, why)
			continue
		}
		found = append(found, c)
	}
	for _, o := range body.Obligations {
		g, why := s.ground(b, examples, o.Passage, o.Quote, strings.Join([]string{o.Title, o.Bearer, o.Beneficiary, o.Deliverable, o.Trigger, o.Frequency, string(o.Params)}, " "))
		if why != "" {
			drop(o.Kind, why)
			continue
		}
		duties, more, err := x.duties(ctx, s, g, o)
		if err != nil {
			return nil, nil, nil, err
		}
		found, open = append(found, duties...), append(open, more...)
	}
	return found, open, dropped, nil
}

func namesOf(parties []answerParty) string {
	var out []string
	for _, p := range parties {
		out = append(out, p.Name, p.Role)
	}
	return strings.Join(out, " ")
}

// decode checks an answer against the very schema that was sent. A provider promises to keep to it; this is where it is
// held to that.
func decode(fields []field, params bool, content string) (answerBody, error) {
	var body answerBody
	content = strings.TrimSpace(content)
	if rest, ok := strings.CutPrefix(content, "```"); ok { // servers without structured output wrap it
		content = strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(rest, "json")), "```")
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(content))
	if err != nil {
		return body, &Stop{Reason: "The language model's answer is not JSON. The built-in reading stands."}
	}
	raw, err := json.Marshal(schema(fields, params))
	if err != nil {
		return body, fmt.Errorf("writing the schema of an answer: %w", err)
	}
	plain, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return body, fmt.Errorf("reading the schema of an answer: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("answer.json", plain); err != nil {
		return body, fmt.Errorf("reading the schema of an answer: %w", err)
	}
	compiled, err := compiler.Compile("answer.json")
	if err != nil {
		return body, fmt.Errorf("reading the schema of an answer: %w", err)
	}
	if err := compiled.Validate(value); err != nil {
		return body, &Stop{Reason: "The language model's answer does not keep to the schema it was given. The built-in reading stands."}
	}
	if err := json.Unmarshal([]byte(content), &body); err != nil {
		return body, &Stop{Reason: "The language model's answer does not keep to the schema it was given. The built-in reading stands."}
	}
	return body, nil
}

// grounded is a quote that was looked for.
type grounded struct {
	start, end int    // of the original; 0, 0 where it stands nowhere
	quote      string // of the original where it was found, else as the model wrote it
	state      pact.Verification
}

// ground looks a quote up in what was sent, then maps it to the original. An item with an altered token is dropped: who
// changes a token could as well have made up the rest.
func (s *source) ground(b batch, examples []example, number int, quote, rest string) (grounded, string) {
	if altered := s.masked.Altered(quote + "\n" + rest); len(altered) > 0 {
		return grounded{}, fmt.Sprintf("it has %d altered tokens", len(altered))
	}
	quote = clip(strings.ToValidUTF8(quote, "\ufffd"), maxQuote)
	if strings.TrimSpace(quote) == "" {
		return grounded{}, "it has no quote"
	}
	near := 0
	for _, p := range b.passages {
		if p.number == number {
			near = p.start
		}
	}
	probe := pact.Candidate{Evidence: []pact.Evidence{{Passage: &pact.Passage{Quote: quote, Start: near, End: near}}}}
	extract.Verify(&probe, s.sent)
	p := probe.Evidence[0].Passage
	if probe.Verification == pact.Unverified {
		if borrowed(examples, quote) {
			return grounded{}, "its quote stands in an example and not in the contract"
		}
		return grounded{quote: quote, state: pact.Unverified}, ""
	}
	g := grounded{state: probe.Verification}
	g.start, g.end = s.masked.ToSource(p.Start, p.End)
	g.start, g.end = max(0, g.start), min(len(s.text), g.end)
	g.quote = string(s.text[g.start:g.end])
	if s.doubtful(g.start, g.end) {
		g.state = pact.Unverified
	}
	return g, ""
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// term makes the candidate of a term. why is not "" where it says nothing usable.
func (x *Extractor) term(s *source, g grounded, t answerTerm) (c pact.Candidate, why string) {
	spec, ok := pact.TermSpecOf(t.Name)
	if !ok {
		return c, "there is no such field"
	}
	// Tokens are put back only after the quote was found; a token in a value without a quote stays a token.
	if g.end > g.start {
		for _, text := range append([]*string{&t.Value}, partyNames(t.Parties)...) {
			plain, ok := s.masked.Restore(*text)
			if !ok {
				return c, "its value has a token that can not be put back"
			}
			*text = plain
		}
	}
	v, ambiguities, ok := valueOf(spec, t, g.quote)
	if !ok {
		return c, "its value can not be read as " + string(spec.Kind)
	}
	if !agrees(spec.Name, v, t.Value, g.quote) {
		g.state = pact.Unverified
	}
	c = pact.Candidate{Subject: "term", Name: spec.Name, Label: spec.Label, Value: v, Ambiguities: ambiguities, Extractor: x.Name() + "/" + x.version}
	x.settle(s, &c, g)
	return c, ""
}

func partyNames(parties []answerParty) []*string {
	var out []*string
	for i := range parties {
		out = append(out, &parties[i].Name, &parties[i].Role)
	}
	return out
}

// settle puts the evidence behind a candidate, lets the mechanical check judge it, and sets the confidence by the result.
func (x *Extractor) settle(s *source, c *pact.Candidate, g grounded) {
	if g.end > g.start {
		p := s.d.Passage("", g.start, g.end)
		c.Evidence = []pact.Evidence{{Passage: &p}}
	} else {
		c.Evidence = []pact.Evidence{{Passage: &pact.Passage{TextID: s.d.TextID, Quote: g.quote, Verification: pact.Unverified}}}
	}
	extract.Verify(c, s.d)
	c.Verification = extract.Worse(c.Verification, g.state)
	switch c.Verification {
	case pact.Verified:
		c.Confidence = sureVerified
	case pact.Repaired:
		c.Confidence = sureRepaired
	default:
		c.Confidence = sureUnverified
	}
	if c.Verification != pact.Unverified && c.Value != nil && several(c.Value.Kind, g.quote) {
		c.Confidence = sureOneOfMany
	}
	if c.Obligation != nil {
		c.Obligation.Evidence, c.Obligation.Verification, c.Obligation.Confidence = c.Evidence, c.Verification, c.Confidence
	}
}

// duties makes candidates of an obligation. Its parameters are read out of the quote by rules; the model's words fill
// only what the rules leave empty, and only with words of the quote. Where the rules read none there, the model's parameters are a
// proposal, unverified: they are asked for apart (open).
func (x *Extractor) duties(ctx context.Context, s *source, g grounded, o answerDuty) (out []pact.Candidate, open []unfilled, err error) {
	if g.end > g.start {
		derived, err := x.ruled(ctx, s, g, o.Kind)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range derived {
			c.Rivals, c.Derivation, c.Extractor = nil, nil, x.Name()+"/"+x.version
			fillDuty(c.Obligation, o, g.quote)
			x.settle(s, &c, g)
			out = append(out, c)
		}
	}
	if len(out) > 0 {
		return out, nil, nil
	}
	// The rules read nothing there: a person may. It is unverified.
	sum := sha256.Sum256([]byte(g.quote))
	title := clip(strings.TrimSpace(o.Title), 200)
	if title == "" || g.end == g.start {
		title = "Possible duty: " + strings.ReplaceAll(o.Kind, "_", " ")
	}
	duty := &pact.Obligation{Key: o.Kind + "/proposed-" + hex.EncodeToString(sum[:4]), Kind: o.Kind, Title: title, Params: json.RawMessage(`{}`)}
	if g.end > g.start {
		fillDuty(duty, o, g.quote)
	}
	c := pact.Candidate{Subject: "obligation", Name: duty.Key, Label: duty.Title, Obligation: duty, Extractor: x.Name() + "/" + x.version}
	x.settle(s, &c, grounded{g.start, g.end, g.quote, pact.Unverified})
	if g.state != pact.Unverified { // of words that are not there, or not believed, nothing more is asked
		open = append(open, unfilled{kind: o.Kind, at: g, duty: duty})
	}
	return []pact.Candidate{c}, open, nil
}

// ruled gives what the rules read of a kind in a quote: where the quote holds all that they read it from in the contract, that reading,
// which knows the rest of the contract; otherwise what they read in the quote alone.
func (x *Extractor) ruled(ctx context.Context, s *source, g grounded, kind string) ([]pact.Candidate, error) {
	var out []pact.Candidate
	take := func(d duty) {
		o := *d.Obligation
		d.Obligation = &o
		out = append(out, d.Candidate)
	}
	for _, d := range s.built {
		if d.kind == kind && d.end > d.start && g.start <= d.start && d.end <= g.end {
			take(d)
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	found, err := x.Derive.Extract(ctx, s.part(g.start, g.end), extract.Schema{})
	if err != nil {
		return nil, fmt.Errorf("reading the figures of an obligation: %w", err)
	}
	for _, d := range judged(found) {
		if d.kind == kind {
			take(d)
		}
	}
	return out, nil
}

func fillDuty(d *pact.Obligation, o answerDuty, quote string) {
	for _, f := range []struct {
		to   *string
		said string
	}{{&d.Bearer, o.Bearer}, {&d.Beneficiary, o.Beneficiary}, {&d.Deliverable, o.Deliverable}, {&d.Trigger, o.Trigger}, {&d.Frequency, o.Frequency}} {
		if *f.to == "" && stands(f.said, quote) {
			*f.to = clip(strings.TrimSpace(f.said), 200)
		}
	}
}

// part is a stretch of a document as a document, tables kept.
func (s *source) part(start, end int) *document.Document {
	var b document.Builder
	for _, block := range s.d.Blocks {
		from, to := max(start, block.Start), min(end, block.End)
		if from >= to {
			continue
		}
		b.Start(document.Block{Kind: block.Kind, Level: block.Level, Number: block.Number, Table: block.Table, Row: block.Row, Col: block.Col})
		b.Write(string(s.text[from:to]))
	}
	if len(s.d.Blocks) == 0 {
		b.Start(document.Block{Kind: document.Paragraph})
		b.Write(string(s.text[start:end]))
	}
	return b.Document([]byte(s.d.Hash), "part/1")
}
