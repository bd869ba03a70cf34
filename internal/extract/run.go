package extract

import (
	"context"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// Run is one run of an extractor that asks another system, with what the record of it keeps beside the candidates.
type Run struct {
	Candidates []pact.Candidate
	State      RunState
	Reason     string // a sentence, where State is not RunDone
	Model      string
	Prompt     string // version of the prompt
	Privacy    string // version of the privacy policy
	Request    string // everything that was sent, as JSON
	Output     string // everything that was answered, as JSON
	TokensIn   int
	TokensOut  int
	Calls      int // that went out; answers from the cache are not counted
	Cost       *money.Amount
}

// RunState says how a run ended.
type RunState string

// The states of a run.
const (
	RunDone    RunState = "done"
	RunPartial RunState = "partial" // some fields could not be asked for; Reason says why
	RunStopped RunState = "stopped" // nothing was asked: the budget of the day is used up
	RunFailed  RunState = "failed"  // nothing usable came back
)

// Accountable is an extractor whose runs cost something and can fail without fault of the document. A run that did not read
// everything says so in its state, and what the others found stands; an error is ours (the context ended, nothing could be
// kept), and fails the reading.
type Accountable interface {
	Extractor
	Run(ctx context.Context, d *document.Document, want Schema) (Run, error)
}
