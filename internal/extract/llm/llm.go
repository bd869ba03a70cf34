// Package llm is an extractor that asks a language model, over the protocol of OpenAI or of Anthropic.
//
// It owns which passages of a document, and which examples from elsewhere, go into a request, the prompts (versioned) and the schema of the answer, both
// protocols, the limits (time, rate, tokens and money per day), the cache of answers, and the way from an answer to
// candidates. It does not own how pictures of pages are made (document/sandbox), what counts as verified (extract), which readings lead (extract.Combine), what is personal
// (privacy) or how words become values (wording).
//
// Invariants: a document is data: nothing in it, and nothing a model answers, can do more than propose a reading; the text
// leaves only with tokens in the place of personal data, as the policy says, and pictures of pages only where it was stated that they may; a quote is looked for in what was sent before
// tokens are put back; a value must follow from its quote by package wording, otherwise the candidate is unverified; no
// figure of a model is computed with: parameters that no rule read are a proposal, whose figures and days all stand in the quote, unverified until a person
// accepted them; readings out of a paragraph that speaks to a machine are
// unverified; an example is never evidence, and leaves with nothing of whom it was between; every call is budgeted before it is made and counted after it.
package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/library"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/privacy"
)

// Config of an Extractor. All fields are required unless their comment says otherwise.
type Config struct {
	Client     *Client
	Model      string
	Prompt     Prompt
	Privacy    privacy.Policy
	PrivacyKey privacy.Key
	// Derive reads the parties before the text is masked, and the parameters of obligations out of quotes: by rules.
	Derive extract.Extractor
	// Examples shows passages of other contracts, as data beside the contract. nil: none are shown.
	Examples *Examples
	// Images makes pictures of pages of a document; they leave as they are, unmasked. nil: none are sent.
	Images func(ctx context.Context, d *document.Document, pages []int) ([]document.PageImage, error)
}

// Extractor asks one model with one prompt under one privacy policy; a change of any of them is another version.
type Extractor struct {
	Config
	version string
	privacy string // version of the policy: made of its content, so that a policy that comes back is the same again
}

// The extractor is accountable.
var _ extract.Accountable = (*Extractor)(nil)

// code is the version of everything here that is neither prompt nor policy nor model.
const code = "2"

var notInNames = regexp.MustCompile(`[^A-Za-z0-9._:-]+`)

// New makes an Extractor.
func New(cfg Config) *Extractor {
	model := notInNames.ReplaceAllString(cfg.Model, "_") // "/" and "+" part the names of extractors
	policy, looking := cfg.Privacy.Version(), ""
	if cfg.Images != nil {
		looking = ".pages"
	}
	if cfg.Examples != nil && cfg.Examples.Each > 0 {
		looking += fmt.Sprintf(".examples-%d-%s", cfg.Examples.Each, library.Version)
	}
	return &Extractor{Config: cfg, version: fmt.Sprintf("%s%s.prompt-%s.privacy-%s.%s", code, looking, cfg.Prompt.Version, policy, model), privacy: policy}
}

// Name is "llm".
func (*Extractor) Name() string { return "llm" }

// Version names prompt, privacy policy, model and whether it sees pages: a decision on a candidate counts for exactly these.
func (x *Extractor) Version() string { return x.version }

// Extract proposes candidates. What a caller can wait out or pay for comes as fault.Unavailable.
func (x *Extractor) Extract(ctx context.Context, d *document.Document, want extract.Schema) ([]pact.Candidate, error) {
	run, err := x.Run(ctx, d, want)
	if err != nil {
		return nil, err
	}
	if run.State == extract.RunStopped || run.State == extract.RunFailed {
		return nil, fault.New(fault.Unavailable, "%s", run.Reason)
	}
	return run.Candidates, nil
}

// maxText bounds the work on one document.
const maxText = 16 << 20

// sent and said are the raw record of one call.
type sent struct {
	Fields  []string        `json:"fields"`
	Request json.RawMessage `json:"request"`
	Cached  bool            `json:"cached,omitempty"`
}

type said struct {
	Answer  string   `json:"answer,omitempty"`
	Failure string   `json:"failure,omitempty"`
	Dropped []string `json:"dropped,omitempty"` // answers that are no reading, and why
}

// Run asks the model and keeps the account. An error is only a cancelled context or a fault of ours.
func (x *Extractor) Run(ctx context.Context, d *document.Document, want extract.Schema) (extract.Run, error) {
	run := extract.Run{State: extract.RunDone, Model: x.Model, Prompt: x.Prompt.Version, Privacy: x.privacy}
	if err := ctx.Err(); err != nil {
		return run, fmt.Errorf("asking a language model: %w", err)
	}
	if d == nil || strings.TrimSpace(d.Text) == "" {
		return run, nil
	}
	if len(d.Text) > maxText {
		run.State, run.Reason = extract.RunStopped, fmt.Sprintf("The text has %d MB; a language model is asked about at most %d MB.", len(d.Text)>>20, maxText>>20)
		return run, nil
	}
	s, err := x.open(ctx, d)
	if err != nil {
		return run, err
	}
	ctx, release := x.Client.within(ctx, x.Client.Patience)
	defer release()
	w := &work{x: x, s: s, run: &run, seen: map[int]picture{}, gallery: x.gallery(s)}
	for _, b := range s.batches(fieldsOf(want), x.Client.MaxInput-x.room(), x.Prompt) {
		if err := w.ask(ctx, b, 0); err != nil {
			return run, err
		}
		if w.over {
			break
		}
	}
	if err := w.fill(ctx); err != nil {
		return run, err
	}
	return w.finish()
}

// work is one run while it goes on.
type work struct {
	x        *Extractor
	s        *source
	run      *extract.Run
	requests []sent
	answers  []said
	answered int
	failures []string
	over     bool // no further call makes sense
	stopped  bool // by the budget
	open     []unfilled
	gallery  *gallery // nil where no examples are shown
	seen     map[int]picture
	unseen   int  // pages of which there is no picture
	blind    bool // pictures of pages could not be made
}

// deepest is how often an answer that was cut short is halved.
const deepest = 4

// ask makes one call and reads its answer. An answer that was cut short is asked for again in two halves.
func (w *work) ask(ctx context.Context, b batch, depth int) error {
	images, err := w.see(ctx, b)
	if err != nil {
		return err
	}
	examples, err := w.gallery.show(ctx, b)
	if err != nil {
		return err
	}
	q := w.x.question(w.s, b, w.gallery.hang(examples), images)
	got, err := w.x.Client.Ask(ctx, q)
	w.requests = append(w.requests, sent{Fields: b.names(), Request: got.Request, Cached: got.Cached})
	w.count(got)
	var stop *Stop
	switch {
	case err == nil:
	case errors.As(err, &stop):
		if stop.Cut && len(b.fields) > 1 && depth < deepest {
			w.answers = append(w.answers, said{Answer: got.Content, Failure: stop.Reason})
			left, right := b.halves()
			if err := w.ask(ctx, left, depth+1); err != nil || w.over {
				return err
			}
			return w.ask(ctx, right, depth+1)
		}
		w.answers = append(w.answers, said{Answer: got.Content, Failure: stop.Reason})
		w.failures = append(w.failures, stop.Reason)
		w.over, w.stopped = stop.Final || stop.Cut && depth == deepest && w.answered == 0, w.stopped || stop.Budget // nothing is short enough
		return nil
	default:
		return err
	}
	var found []pact.Candidate
	var open []unfilled
	var dropped []string
	if len(b.open) > 0 {
		dropped, err = w.s.filled(b, got.Content)
	} else {
		found, open, dropped, err = w.x.read(ctx, w.s, b, examples, got.Content)
	}
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("reading an answer: %w", ctx.Err())
		}
		w.answers = append(w.answers, said{Answer: got.Content, Failure: err.Error()})
		w.failures = append(w.failures, err.Error())
		return nil
	}
	if !got.Cached {
		w.x.Client.keep(ctx, q, got)
	}
	w.answered++
	w.answers = append(w.answers, said{Answer: got.Content, Dropped: dropped})
	w.run.Candidates = append(w.run.Candidates, found...)
	w.open = append(w.open, open...)
	return nil
}

func (w *work) count(got Answer) {
	if got.Cached {
		return
	}
	w.run.Calls += got.Calls
	w.run.TokensIn += got.TokensIn
	w.run.TokensOut += got.TokensOut
	if got.Cost.Currency == "" || got.Calls == 0 {
		return
	}
	if w.run.Cost == nil {
		w.run.Cost = &money.Amount{Currency: got.Cost.Currency}
	}
	w.run.Cost.Value = w.run.Cost.Value.Add(got.Cost.Value)
}

func (w *work) finish() (extract.Run, error) {
	run := w.run
	run.Candidates = arrange(run.Candidates)
	switch {
	case len(w.failures) == 0:
	case w.answered > 0:
		run.State, run.Reason = extract.RunPartial, w.failures[0]
	case w.stopped:
		run.State, run.Reason = extract.RunStopped, w.failures[0]
	default:
		run.State, run.Reason = extract.RunFailed, w.failures[0]
	}
	if n := len(w.s.distrust); n > 0 && run.Reason == "" {
		run.Reason = fmt.Sprintf("%d passages speak to a machine; readings out of them are unverified.", n)
		if n == 1 {
			run.Reason = "A passage speaks to a machine; readings out of it are unverified."
		}
	}
	switch {
	case run.Reason != "":
	case w.unseen > 0:
		run.Reason = fmt.Sprintf("Of %d recognised pages there was no picture to send; the model had their text alone.", w.unseen)
	case w.blind:
		run.Reason = "Pictures of the pages could not be made, so the model was asked about the recognised text alone."
	}
	request, err := json.Marshal(w.requests)
	if err != nil {
		return *run, fmt.Errorf("recording what was asked: %w", err)
	}
	answer, err := json.Marshal(w.answers)
	if err != nil {
		return *run, fmt.Errorf("recording what was answered: %w", err)
	}
	run.Request, run.Output = string(request), string(answer)
	return *run, nil
}

// arrange orders candidates as terms are shown and takes repetitions out: one reading of a value is enough.
func arrange(list []pact.Candidate) []pact.Candidate {
	var out []pact.Candidate
	for _, spec := range pact.TermSpecs() {
		for _, c := range list {
			if c.Subject == "term" && c.Name == spec.Name {
				out = addOnce(out, c)
			}
		}
	}
	for _, c := range list {
		if c.Subject != "term" {
			out = addOnce(out, c)
		}
	}
	out = extract.Combine(out)
	for i := range out {
		out[i].Order = i
	}
	return out
}

func addOnce(list []pact.Candidate, c pact.Candidate) []pact.Candidate {
	for i, o := range list {
		if o.Subject == c.Subject && o.Name == c.Name && o.Value != nil && c.Value != nil && o.Value.Equal(*c.Value) {
			if o.Verification == pact.Unverified && c.Verification != pact.Unverified {
				list[i] = c
			}
			return list
		}
	}
	return append(list, c)
}
