// Package read turns a document into candidates: parsed in the sandbox, extracted, grounded, combined, handed to review.
//
// It owns the step from received to read (or to a named state that says the way forward), the record of every extraction
// run, and the candidates of a reading. It does not own parsing (document), what extractors find (extract) nor who decides
// (review). Invariants: a file that can not be read ends in a named state, never in silence; a reading leaves the raw output
// of every extractor; reading the same document again replaces candidates that nobody has put in review.
package read

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Parser reads a file under limits of time and memory.
type Parser interface {
	Read(ctx context.Context, file []byte, filename string) (*document.Document, error)
}

// Config of a Reader. All fields but Extractors, Clauses, BuiltIn, External, Weights and Reached are required.
type Config struct {
	Store      store.Store
	Blobs      store.Blobs
	Parser     Parser
	Extractors []extract.Extractor  // not needed where BuiltIn is given
	Clauses    extract.ClauseFinder // nil: no clauses are looked for
	// BuiltIn gives the extractors and the finder of clauses as the active choice of engines has them. nil: Extractors and Clauses.
	BuiltIn func(ctx context.Context) ([]extract.Extractor, extract.ClauseFinder, error)
	// External gives the extractors that ask another system about a document, as the active policy says. nil: none.
	External func(ctx context.Context, doc pact.Document) ([]extract.Accountable, error)
	// Weights is what decisions make of the confidences of extractors. nil: nothing, and what an extractor gave itself is not kept.
	Weights func(ctx context.Context) (extract.Weights, error)
	Now     func() time.Time
	Log     *slog.Logger
	// Reached is called between the steps of a reading; tests kill the process there. nil in production.
	Reached func(point string)
}

// Reader reads documents.
type Reader struct{ Config }

// New makes a Reader.
func New(cfg Config) *Reader {
	if cfg.Reached == nil {
		cfg.Reached = func(string) {}
	}
	return &Reader{cfg}
}

const maxAttempts = 3

// A file that ends its reader is read once more, in case another file or the machine did it. A new reader costs as much as a
// handful of documents, so the second one is not started at once: the others go on at nearly full speed meanwhile.
const (
	readers    = 2
	afterDeath = 15 * time.Second
)

// ReadDocument does the job. A worker that died on the document leaves it in state reading with its attempts counted; the
// third time it is set aside as quarantined, and others go on.
func (r *Reader) ReadDocument(ctx context.Context, args job.ReadDocument) error {
	doc, err := r.begin(ctx, args.DocumentID)
	if err != nil || doc.State != pact.DocumentReading {
		return err
	}
	body, err := r.Blobs.Get(ctx, doc.SHA256)
	if err != nil {
		return fmt.Errorf("reading the bytes of %s: %w", doc.ID, err)
	}
	watched, stop := r.progress(ctx, doc.ID)
	parsed, err := r.Parser.Read(watched, body, doc.Filename)
	stop()
	var named *document.Error
	if errors.As(err, &named) {
		if named.Died && doc.Attempts < readers {
			return errors.Join(job.Snooze(afterDeath), r.spare(ctx, doc.ID))
		}
		return r.fail(ctx, doc, named.State)
	}
	if fault.Is(err, fault.Unavailable) {
		return errors.Join(err, r.await(ctx, doc.ID))
	}
	if err != nil {
		return fmt.Errorf("parsing %s: %w", doc.ID, err)
	}
	r.Reached("read:parsed")
	doc.MediaType = document.MediaType(parsed.Reader, body)
	files, err := r.enclosed(ctx, parsed)
	if err != nil {
		return err
	}
	runs, candidates, err := r.extract(ctx, doc, parsed)
	if err != nil {
		return err
	}
	reading, err := json.Marshal(parsed)
	if err != nil {
		return err
	}
	if err := r.Blobs.PutNamed(ctx, string(parsed.TextID), reading); err != nil {
		return fmt.Errorf("keeping the reading of %s: %w", doc.ID, err)
	}
	r.Reached("read:kept")
	return r.finish(ctx, doc, parsed, runs, candidates, files)
}

// spare says of a document whose reader died that it waits for another one.
func (r *Reader) spare(ctx context.Context, id pact.DocumentID) error {
	return r.Store.Change(ctx, store.Act{Name: "document.spare", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Documents.Lock(ctx, string(id))
		if err != nil || now.State != pact.DocumentReading {
			return err
		}
		now.Progress = "its reader died; it is read once more, in a moment"
		return tx.Documents.Update(ctx, &now)
	})
}

// enclosed keeps the bytes of the files in a mail, and takes them out of the reading.
func (r *Reader) enclosed(ctx context.Context, d *document.Document) ([]job.Enclosure, error) {
	var out []job.Enclosure
	for _, e := range d.Files() {
		sum, err := r.Blobs.Put(ctx, e.Content)
		if err != nil {
			return nil, fmt.Errorf("keeping an attachment of %s: %w", d.Hash, err)
		}
		out = append(out, job.Enclosure{Filename: e.Filename, SHA256: sum})
	}
	for i := range d.Enclosures {
		d.Enclosures[i].Content = nil
	}
	return out, nil
}

// begin counts the attempt before anything dangerous happens, so that a crash is counted too.
func (r *Reader) begin(ctx context.Context, id pact.DocumentID) (pact.Document, error) {
	var doc pact.Document
	err := r.Store.Change(ctx, store.Act{Name: "document.read", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if doc, err = tx.Documents.Lock(ctx, string(id)); err != nil {
			return err
		}
		if doc.State != pact.DocumentReceived && doc.State != pact.DocumentReading {
			return nil
		}
		if doc.Attempts >= maxAttempts {
			doc.State = pact.DocumentQuarantined
			doc.Reason = fmt.Sprintf("Reading this file stopped the reader %d times. It was set aside; others go on. Retry it, or upload another copy.", doc.Attempts)
			if err := tx.Documents.Update(ctx, &doc); err != nil {
				return err
			}
			return stuck(ctx, tx, doc)
		}
		doc.State, doc.Attempts = pact.DocumentReading, doc.Attempts+1
		return tx.Documents.Update(ctx, &doc)
	})
	return doc, err
}

// GiveUp sets a document aside whose reading failed for good on our side.
func (r *Reader) GiveUp(ctx context.Context, args job.ReadDocument, cause error) error {
	doc, err := r.Store.Reads().Documents.Get(ctx, string(args.DocumentID))
	if err != nil || (doc.State != pact.DocumentReading && doc.State != pact.DocumentReceived) {
		return err
	}
	r.Log.WarnContext(ctx, "a document was set aside", "document", doc.ID, "error", cause)
	return r.fail(ctx, doc, document.State{State: pact.DocumentQuarantined, Reason: fmt.Sprintf("Reading this file failed %d times. It was set aside; others go on. Retry it, or upload another copy.", doc.Attempts)})
}

func (r *Reader) fail(ctx context.Context, doc pact.Document, s document.State) error {
	act := store.Act{Name: "document." + string(s.State), Subject: string(doc.ID)}
	return r.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Documents.Lock(ctx, string(doc.ID))
		if err != nil {
			return err
		}
		now.State, now.Reason, now.Progress, now.MediaType = s.State, s.Reason, "", document.MediaType(now.Reader, nil)
		if err := tx.Documents.Update(ctx, &now); err != nil {
			return err
		}
		return stuck(ctx, tx, now)
	})
}

// stuck marks a contract none of whose documents could be read.
func stuck(ctx context.Context, tx store.Tx, doc pact.Document) error {
	con, err := tx.Contracts.Lock(ctx, string(doc.ContractID))
	if err != nil {
		return err
	}
	if con.State != pact.ContractReceived {
		return nil
	}
	con.State = pact.ContractStuck
	return tx.Contracts.Update(ctx, &con)
}

// extract goes the way of every reading and keeps what each engine said.
func (r *Reader) extract(ctx context.Context, doc pact.Document, d *document.Document) ([]pact.Extraction, []pact.Candidate, error) {
	var runs []pact.Extraction
	extractors, clauses, err := r.builtIn(ctx)
	if err != nil {
		return nil, nil, err
	}
	p := extract.Pipeline{Extractors: extractors, Clauses: clauses, Weights: r.Weights, Now: r.Now}
	if r.External != nil {
		p.External = func(ctx context.Context) ([]extract.Accountable, error) { return r.Config.External(ctx, doc) }
	}
	p.Record = func(ctx context.Context, said extract.Said) error {
		run, err := r.run(ctx, doc, d, said)
		runs = append(runs, run)
		return err
	}
	found, err := p.Read(ctx, d)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", doc.ID, err)
	}
	for i := range found.Candidates {
		stamp(&found.Candidates[i], doc)
	}
	return runs, found.Candidates, nil
}

// builtIn is what always reads.
func (r *Reader) builtIn(ctx context.Context) ([]extract.Extractor, extract.ClauseFinder, error) {
	if r.BuiltIn == nil {
		return r.Extractors, r.Clauses, nil
	}
	extractors, clauses, err := r.BuiltIn(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reading which weights are used: %w", err)
	}
	return extractors, clauses, nil
}

// run is the record of what one engine said. Clauses are nothing to decide: no candidate comes of them, so they carry their
// document here.
func (r *Reader) run(ctx context.Context, doc pact.Document, d *document.Document, said extract.Said) (pact.Extraction, error) {
	run := pact.Extraction{
		BusinessUnit: doc.BusinessUnit, ContractID: doc.ContractID, DocumentID: doc.ID, DocumentHash: d.Hash, TextID: d.TextID,
		Extractor: said.Name, Version: said.Version, StartedAt: said.Started, FinishedAt: said.Finished,
	}
	if x := said.Run; x != nil {
		if x.State != extract.RunDone {
			r.Log.WarnContext(ctx, "an external engine did not read all of a document; the built-in reading stands", "document", doc.ID, "engine", said.Name, "state", x.State)
		}
		run.Output, run.State, run.Reason, run.Model, run.Prompt, run.Privacy, run.Request = x.Output, string(x.State), x.Reason, x.Model, x.Prompt, x.Privacy, x.Request
		run.UsageIn, run.UsageOut, run.Calls, run.Cost = x.TokensIn, x.TokensOut, x.Calls, x.Cost
		return run, nil
	}
	var output any = said.Candidates
	if said.Clauses != nil {
		for i := range said.Clauses.Clauses {
			if p := said.Clauses.Clauses[i].Evidence.Passage; p != nil {
				p.DocumentID = doc.ID
			}
		}
		output = said.Clauses
	}
	raw, err := json.Marshal(output)
	run.Output = string(raw)
	return run, err
}

func stamp(c *pact.Candidate, doc pact.Document) {
	c.DocumentID = doc.ID
	for i := range c.Rivals {
		stamp(&c.Rivals[i], doc)
	}
	for i := range c.Evidence {
		if p := c.Evidence[i].Passage; p != nil {
			p.DocumentID = doc.ID
		}
	}
	if c.Obligation != nil {
		c.Obligation.DocumentID = doc.ID
		for i := range c.Obligation.Evidence {
			if p := c.Obligation.Evidence[i].Passage; p != nil {
				p.DocumentID = doc.ID
			}
		}
	}
}

func (r *Reader) finish(ctx context.Context, doc pact.Document, d *document.Document, runs []pact.Extraction, candidates []pact.Candidate, files []job.Enclosure) error {
	act := store.Act{Name: "document.extract", Subject: string(doc.ID)}
	return r.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Documents.Lock(ctx, string(doc.ID))
		if err != nil {
			return err
		}
		if now.State == pact.DocumentRead { // a second worker on the same job was faster
			return nil
		}
		now.State, now.Reason, now.TextID, now.Reader, now.Pages = pact.DocumentRead, "", d.TextID, d.Reader, len(d.Pages)
		now.MediaType, now.Progress = doc.MediaType, ""
		if now.Clauses, err = r.categories(runs); err != nil {
			return err
		}
		now.Warnings = slices.Clone(d.Warnings)
		if err := tx.Documents.Update(ctx, &now); err != nil {
			return err
		}
		if err := sumClauses(ctx, tx, now); err != nil {
			return err
		}
		old, err := tx.Candidates.All(ctx, store.Where(store.Eq("document_id", doc.ID), store.Eq("review_id", "")))
		if err != nil {
			return err
		}
		for _, c := range old {
			if err := tx.Candidates.Delete(ctx, string(c.ID)); err != nil {
				return err
			}
		}
		for i := range runs {
			runs[i].ID = pact.NewID[pact.ExtractionID]("ext", tx.Now)
			if err := tx.Extractions.Insert(ctx, &runs[i]); err != nil {
				return err
			}
		}
		for i := range candidates {
			c := candidates[i]
			c.ID = pact.NewID[pact.CandidateID]("can", tx.Now)
			c.BusinessUnit, c.ContractID, c.State, c.Order = doc.BusinessUnit, doc.ContractID, pact.CandidateOpen, i
			if err := tx.Candidates.Insert(ctx, &c); err != nil {
				return err
			}
		}
		tx.Note(ctx, "document_hash", d.Hash)
		tx.Note(ctx, "text_id", d.TextID)
		tx.Note(ctx, "reader", d.Reader) // names the engine that recognised its pictures
		tx.Note(ctx, "candidates", len(candidates))
		if len(files) > 0 {
			tx.Note(ctx, "enclosures", len(files))
			return tx.Enqueue(ctx, job.TakeEnclosures{DocumentID: doc.ID, Files: files})
		}
		return tx.Enqueue(ctx, job.OpenReview{DocumentID: doc.ID})
	})
}
