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
	"net/http"
	"slices"
	"strings"
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

// Config of a Reader. All fields but Clauses, External, Weights and Reached are required.
type Config struct {
	Store      store.Store
	Blobs      store.Blobs
	Parser     Parser
	Extractors []extract.Extractor
	Clauses    extract.ClauseFinder // nil: no clauses are looked for
	// External gives the extractors that ask another system, as the active policy says. nil: none.
	External func(ctx context.Context) ([]extract.Accountable, error)
	// Weights is what decisions tell of the extractors; it is asked only where there are external ones. nil: nothing.
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
	doc.MediaType = mediaTypeOf(parsed.Reader, body)
	files, err := r.enclosed(ctx, parsed)
	if err != nil {
		return err
	}
	var runs []pact.Extraction
	var candidates []pact.Candidate
	if len(files) == 0 { // a mail with files is their cover: what is agreed stands in them
		if runs, candidates, err = r.extract(ctx, doc, parsed); err != nil {
			return err
		}
	}
	extract.Doubt(candidates, parsed)
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

// enclosed keeps the bytes of the files in a mail, and takes them out of the reading. Pictures are scans where nothing else
// is enclosed, and signatures of the writer where something is.
func (r *Reader) enclosed(ctx context.Context, d *document.Document) ([]job.Enclosure, error) {
	scans := !slices.ContainsFunc(d.Enclosures, func(e document.Enclosure) bool { return !e.Scan })
	var out []job.Enclosure
	for i := range d.Enclosures {
		e := &d.Enclosures[i]
		if !e.Scan || scans {
			sum, err := r.Blobs.Put(ctx, e.Content)
			if err != nil {
				return nil, fmt.Errorf("keeping an attachment of %s: %w", d.Hash, err)
			}
			out = append(out, job.Enclosure{Filename: e.Filename, SHA256: sum})
		}
		e.Content = nil
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
		now.State, now.Reason, now.Progress, now.MediaType = s.State, s.Reason, "", mediaTypeOf(now.Reader, nil)
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

func (r *Reader) extract(ctx context.Context, doc pact.Document, d *document.Document) ([]pact.Extraction, []pact.Candidate, error) {
	var runs []pact.Extraction
	var sets [][]pact.Candidate
	take := func(run pact.Extraction, found []pact.Candidate) {
		run.BusinessUnit, run.ContractID, run.DocumentID, run.DocumentHash, run.TextID = doc.BusinessUnit, doc.ContractID, doc.ID, d.Hash, d.TextID
		run.FinishedAt = r.Now()
		runs = append(runs, run)
		for i := range found {
			check(&found[i], doc, d)
		}
		sets = append(sets, found)
	}
	for _, e := range r.Extractors {
		started := r.Now()
		found, err := e.Extract(ctx, d, extract.FullSchema())
		if err != nil {
			return nil, nil, fmt.Errorf("extracting with %s from %s: %w", e.Name(), doc.ID, err)
		}
		raw, err := json.Marshal(found)
		if err != nil {
			return nil, nil, err
		}
		take(pact.Extraction{Extractor: e.Name(), Version: e.Version(), Output: string(raw), StartedAt: started}, found)
	}
	clauses, err := r.clauses(ctx, doc, d)
	if err != nil {
		return nil, nil, err
	}
	runs = append(runs, clauses...)
	if r.External == nil {
		return runs, extract.Combine(sets...), nil
	}
	external, err := r.External(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reading which engines are used: %w", err)
	}
	for _, e := range external {
		started := r.Now()
		run, err := e.Run(ctx, d, extract.FullSchema())
		if err != nil {
			return nil, nil, fmt.Errorf("extracting with %s from %s: %w", e.Name(), doc.ID, err)
		}
		if run.State != extract.RunDone {
			r.Log.WarnContext(ctx, "an external engine did not read all of a document; the built-in reading stands", "document", doc.ID, "engine", e.Name(), "state", run.State)
		}
		take(pact.Extraction{
			Extractor: e.Name(), Version: e.Version(), Output: run.Output, StartedAt: started, State: string(run.State), Reason: run.Reason, Model: run.Model, Prompt: run.Prompt,
			Privacy: run.Privacy, Request: run.Request, UsageIn: run.TokensIn, UsageOut: run.TokensOut, Calls: run.Calls, Cost: run.Cost,
		}, run.Candidates)
	}
	if len(external) == 0 || r.Weights == nil {
		return runs, extract.Combine(sets...), nil
	}
	weights, err := r.Weights(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reading what decisions tell of the engines: %w", err)
	}
	return runs, weights.Combine(sets...), nil
}

// check verifies a candidate once more. What an extractor itself found wanting stays so: it may know more than the text
// tells, such as that a paragraph is hidden.
func check(c *pact.Candidate, doc pact.Document, d *document.Document) {
	before := c.Verification
	rivals := make([]pact.Verification, len(c.Rivals))
	for i := range c.Rivals {
		rivals[i] = c.Rivals[i].Verification
	}
	stamp(c, doc)
	extract.Verify(c, d)
	c.Verification = extract.Worse(c.Verification, before)
	if c.Obligation != nil {
		c.Obligation.Verification = c.Verification
	}
	for i := range c.Rivals {
		c.Rivals[i].Verification = extract.Worse(c.Rivals[i].Verification, rivals[i])
	}
}

// clauses keeps what the finder found as a run like any other. Clauses are nothing to decide: no candidate comes of them.
func (r *Reader) clauses(ctx context.Context, doc pact.Document, d *document.Document) ([]pact.Extraction, error) {
	if r.Clauses == nil {
		return nil, nil
	}
	started := r.Now()
	set, err := r.Clauses.Clauses(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("finding clauses with %s in %s: %w", r.Clauses.Name(), doc.ID, err)
	}
	extract.VerifyClauses(set.Clauses, d)
	for i := range set.Clauses {
		if p := set.Clauses[i].Evidence.Passage; p != nil {
			p.DocumentID = doc.ID
		}
	}
	raw, err := json.Marshal(set)
	if err != nil {
		return nil, err
	}
	return []pact.Extraction{{
		BusinessUnit: doc.BusinessUnit, ContractID: doc.ContractID, DocumentID: doc.ID, DocumentHash: d.Hash, TextID: d.TextID,
		Extractor: r.Clauses.Name(), Version: r.Clauses.Version(), Output: string(raw), StartedAt: started, FinishedAt: r.Now(),
	}}, nil
}

func stamp(c *pact.Candidate, doc pact.Document) {
	c.DocumentID = doc.ID
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
		now.Warnings = slices.Clone(d.Warnings)
		if err := tx.Documents.Update(ctx, &now); err != nil {
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

// mediaTypeOf names the type by the reader that recognised the content; the filename is never believed.
func mediaTypeOf(reader string, body []byte) string {
	name, _, _ := strings.Cut(reader, "/")
	switch name {
	case "scan":
		if t := http.DetectContentType(body); strings.HasPrefix(t, "image/") {
			return t
		}
		return "image/tiff" // the one picture format the standard library does not know
	case "pdf":
		return "application/pdf"
	case "docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case "plain":
		return "text/plain; charset=utf-8"
	case "html":
		return "text/html"
	case "mail":
		return "message/rfc822"
	}
	return "application/octet-stream"
}
