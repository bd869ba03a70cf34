package extract

import (
	"context"
	"fmt"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// Pipeline is the way from a document to what it seems to say. The server, the command line and every measurement go it, so
// that what is measured is what ships: each engine reads, its quotes are checked, readings are combined, what stands on words
// that text recognition was not sure of is doubted, what an open tracked change says is asked, and clauses are found.
type Pipeline struct {
	Extractors []Extractor  // the built-in ones: their failure fails the reading
	Clauses    ClauseFinder // nil: no clauses are looked for
	// External gives the extractors that ask another system. nil: none.
	External func(ctx context.Context) ([]Accountable, error)
	// Weights is what decisions make of the confidences. nil: nothing.
	Weights func(ctx context.Context) (Weights, error)
	// Whole refuses a reading in which an external extractor did not read everything: measuring half of it would measure its
	// outage. Otherwise what the others found stands.
	Whole bool
	// Record is told what each engine said: candidates before anything here touches them, clauses after their check. nil: nobody
	// keeps it.
	Record func(ctx context.Context, said Said) error
	// Now gives the times of Said. nil: they stay zero.
	Now func() time.Time
}

// Said is what one engine said of a document.
type Said struct {
	Name     string
	Version  string
	Started  time.Time
	Finished time.Time

	Candidates []pact.Candidate // of an extractor
	Clauses    *ClauseSet       // of a finder of clauses
	Run        *Run             // of an external extractor
}

// Reading is what a document seems to say.
type Reading struct {
	Candidates []pact.Candidate // one per term or obligation; rival readings stand inside
	Clauses    ClauseSet
}

// Engines names the built-in engines, with versions.
func (p *Pipeline) Engines() []string {
	var names []string
	for _, x := range p.Extractors {
		names = append(names, x.Name()+"/"+x.Version())
	}
	if p.Clauses != nil {
		names = append(names, p.Clauses.Name()+"/"+p.Clauses.Version())
	}
	return names
}

// Read reads a document. A mail with files is their cover: what is agreed stands in them, so nothing is read from it.
func (p *Pipeline) Read(ctx context.Context, d *document.Document) (Reading, error) {
	if d == nil || len(d.Files()) > 0 {
		return Reading{Candidates: []pact.Candidate{}}, nil
	}
	w := pass{Pipeline: p, d: d, v: verifier{d: d}}
	for _, x := range p.Extractors {
		said := p.begin(x)
		var err error
		if said.Candidates, err = x.Extract(ctx, d, FullSchema()); err != nil {
			return Reading{}, fmt.Errorf("extracting with %s: %w", x.Name(), err)
		}
		if err := w.take(ctx, said); err != nil {
			return Reading{}, err
		}
	}
	clauses, err := w.clauses(ctx)
	if err != nil {
		return Reading{}, err
	}
	own := Combine(w.sets...)
	if err := w.external(ctx); err != nil {
		return Reading{}, err
	}
	weights, err := w.weights(ctx)
	if err != nil {
		return Reading{}, err
	}
	r := Reading{Candidates: weights.Combine(w.sets...), Clauses: clauses}
	Doubt(r.Candidates, d)
	was, err := p.original(ctx, d)
	if err != nil {
		return Reading{}, err
	}
	settled := map[int]bool{}
	if was != nil {
		r.Candidates, settled = was.ask(r.Candidates, own)
	}
	Tracked(r.Candidates, d, settled)
	follow(r.Candidates)
	askParams(r.Candidates)
	return r, nil
}

// pass is one document on its way.
type pass struct {
	*Pipeline
	d    *document.Document
	v    verifier
	sets [][]pact.Candidate // of each extractor
}

func (w *pass) clauses(ctx context.Context) (ClauseSet, error) {
	if w.Clauses == nil {
		return ClauseSet{}, nil
	}
	said := w.begin(w.Clauses)
	set, err := w.Clauses.Clauses(ctx, w.d)
	if err != nil {
		return ClauseSet{}, fmt.Errorf("finding clauses with %s: %w", w.Clauses.Name(), err)
	}
	w.v.clauses(set.Clauses)
	said.Clauses = &set
	return set, w.record(ctx, said)
}

// external asks the other systems.
func (w *pass) external(ctx context.Context) error {
	if w.External == nil {
		return nil
	}
	list, err := w.External(ctx)
	if err != nil {
		return fmt.Errorf("reading which engines are used: %w", err)
	}
	for _, x := range list {
		said := w.begin(x)
		run, err := x.Run(ctx, w.d, FullSchema())
		if err != nil {
			return fmt.Errorf("extracting with %s: %w", x.Name(), err)
		}
		if w.Whole && run.State != RunDone {
			return fault.New(fault.Unavailable, "%s did not read the whole document: %s", x.Name(), run.Reason)
		}
		said.Run, said.Candidates = &run, run.Candidates
		if err := w.take(ctx, said); err != nil {
			return err
		}
	}
	return nil
}

func (w *pass) weights(ctx context.Context) (Weights, error) {
	if w.Weights == nil {
		return nil, nil //nolint:nilnil // nobody decides
	}
	weights, err := w.Weights(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading what decisions tell of the engines: %w", err)
	}
	return weights, nil
}

// take keeps what an extractor said and checks its quotes. What it found wanting itself stays so: it may know more than the
// text tells, such as that a paragraph is hidden.
func (w *pass) take(ctx context.Context, said Said) error {
	if err := w.record(ctx, said); err != nil {
		return err
	}
	own := said.Candidates
	var before []pact.Verification
	for i := range own {
		before = grades(before[:0], own[i])
		w.v.verify(&own[i])
		worst(&own[i], before)
	}
	w.sets = append(w.sets, own)
	return nil
}

// grades lists how a candidate and its rivals were verified.
func grades(list []pact.Verification, c pact.Candidate) []pact.Verification {
	list = append(list, c.Verification)
	for _, r := range c.Rivals {
		list = append(list, r.Verification)
	}
	return list
}

func worst(c *pact.Candidate, before []pact.Verification) {
	c.Verification = Worse(c.Verification, before[0])
	if c.Obligation != nil {
		c.Obligation.Verification = c.Verification
	}
	for i := range c.Rivals {
		c.Rivals[i].Verification = Worse(c.Rivals[i].Verification, before[i+1])
	}
}

// engine is what every engine has.
type engine interface {
	Name() string
	Version() string
}

func (p *Pipeline) begin(e engine) Said {
	return Said{Name: e.Name(), Version: e.Version(), Started: p.now()}
}

func (p *Pipeline) record(ctx context.Context, said Said) error {
	if p.Record == nil {
		return nil
	}
	said.Finished = p.now()
	return p.Record(ctx, said)
}

func (p *Pipeline) now() time.Time {
	if p.Now == nil {
		return time.Time{}
	}
	return p.Now()
}
