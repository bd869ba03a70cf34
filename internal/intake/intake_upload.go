package intake

import (
	"context"
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Upload is a file that a person or a machine brings.
type Upload struct {
	BusinessUnit string
	Filename     string
	Title        string          // "" = the filename
	ParentID     pact.ContractID // "" = a family of its own
	ParentNumber string          // instead of ParentID: the number of a contract of the same unit
	Relation     string          // amendment, sow, …; only with a parent
	Owner        string
	Number       string // what lists show until a reviewed version says it
	Customer     string
	Type         string
	Body         []byte
}

// Uploaded is what became of it.
type Uploaded struct {
	Contract pact.Contract
	Document pact.Document
	Repeated bool // the same file was here before, in the same business unit
}

// Upload keeps a file as a contract of its own and queues reading it. The same file again gives the contract it gave before.
// An empty file or one over the limit gives fault.Invalid, and nothing is kept.
func (d *Desk) Upload(ctx context.Context, u Upload) (Uploaded, error) {
	if len(u.Body) == 0 {
		return Uploaded{}, fault.New(fault.Invalid, "The file %q is empty (0 bytes). Nothing was kept; upload the file again.", cleanName(u.Filename))
	}
	if int64(len(u.Body)) > d.MaxFile {
		return Uploaded{}, fault.New(fault.Invalid, "The file %q is larger than %d MiB. Nothing was kept; split it or raise the limit max_file_mib.", cleanName(u.Filename), d.MaxFile>>20)
	}
	if u.BusinessUnit == "" {
		return Uploaded{}, fault.New(fault.Invalid, "A business unit is needed.")
	}
	sum := document.Hash(u.Body)
	if _, err := d.Blobs.Put(ctx, u.Body); err != nil {
		return Uploaded{}, fmt.Errorf("keeping %s: %w", u.Filename, err)
	}
	for range 3 {
		out, err := d.upload(ctx, u, sum)
		if !fault.Is(err, fault.Conflict) {
			return out, err
		}
	}
	return d.upload(ctx, u, sum)
}

func (d *Desk) upload(ctx context.Context, u Upload, sum string) (Uploaded, error) {
	var out Uploaded
	key := "sha256:" + u.BusinessUnit + ":" + sum
	act := store.Act{Name: "contract.upload", Unit: u.BusinessUnit}
	err := d.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
		known, err := tx.Contracts.One(ctx, store.Where(store.Eq("source_key", key)))
		if err == nil {
			if err := told(ctx, tx, &known, u); err != nil {
				return err
			}
			out.Contract, out.Repeated = known, true
			out.Document, err = tx.Documents.One(ctx, store.Where(store.Eq("contract_id", known.ID), store.Eq("sha256", sum)))
			return err
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		con := pact.Contract{
			ID: id, BusinessUnit: u.BusinessUnit, Title: titleOf(u), State: pact.ContractReceived, Phase: "assisted", FamilyID: id, SourceKey: key, Owner: u.Owner,
			Number: u.Number, Customer: u.Customer, ContractType: u.Type,
		}
		if u.ParentID != "" || u.ParentNumber != "" {
			parent, err := parentOf(ctx, tx, u)
			if err != nil {
				return err
			}
			if parent.BusinessUnit != con.BusinessUnit {
				return fault.New(fault.Invalid, "The parent contract belongs to the business unit %q. A family stays in one unit.", parent.BusinessUnit)
			}
			con.ParentID, con.FamilyID, con.Relation = parent.ID, parent.FamilyID, firstOf(u.Relation, "child")
		}
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		doc := newDocument(con, u.Filename, u.Body, sum, nil, tx.Now)
		if err := tx.Documents.Insert(ctx, &doc); err != nil {
			return err
		}
		out = Uploaded{Contract: con, Document: doc}
		if err := numbered(ctx, tx, con, ""); err != nil {
			return err
		}
		return tx.EnqueueWith(ctx, readJob(doc.ID))
	})
	return out, err
}

// parentOf finds the contract that an upload names as its parent.
func parentOf(ctx context.Context, tx store.Tx, u Upload) (pact.Contract, error) {
	if u.ParentID != "" {
		return tx.Contracts.Get(ctx, string(u.ParentID))
	}
	found, err := tx.Contracts.All(ctx, store.Where(store.Eq("number", u.ParentNumber), store.Eq("business_unit", u.BusinessUnit)))
	if err != nil {
		return pact.Contract{}, err
	}
	if len(found) != 1 {
		return pact.Contract{}, fault.New(fault.Invalid, "%d contracts of the business unit %q have the number %q, so the parent is not clear. Nothing was kept; upload the parent first, or name it by its id.", len(found), u.BusinessUnit, u.ParentNumber)
	}
	return found[0], nil
}

// told fills what an upload says of a contract that was there before and of which nobody said it, until a version is reviewed.
func told(ctx context.Context, tx store.Tx, con *pact.Contract, u Upload) error {
	if con.CurrentVersion > 0 {
		return nil
	}
	before, number := factsOf(*con), con.Number
	con.Number, con.Customer = firstOf(con.Number, u.Number), firstOf(con.Customer, u.Customer)
	con.ContractType, con.Owner = firstOf(con.ContractType, u.Type), firstOf(con.Owner, u.Owner)
	if factsOf(*con) == before {
		return nil
	}
	if err := numbered(ctx, tx, *con, number); err != nil {
		return err
	}
	return tx.Contracts.Update(ctx, con)
}

// TakeEnclosures puts the files of a mail into the register. The first belongs to the contract of the mail, which is its
// cover. Where the mail came for a contract that was given (by another system, or below a parent), the further ones are its
// children; otherwise each is a contract of its own, as if it had been uploaded. Twice is harmless.
func (d *Desk) TakeEnclosures(ctx context.Context, args job.TakeEnclosures) error {
	mail, err := d.Store.Reads().Documents.Get(ctx, string(args.DocumentID))
	if err != nil {
		return fmt.Errorf("reading the mail %s: %w", args.DocumentID, err)
	}
	con, err := d.Store.Reads().Contracts.Get(ctx, string(mail.ContractID))
	if err != nil {
		return fmt.Errorf("reading the contract of the mail %s: %w", mail.ID, err)
	}
	given := con.Source != nil || con.ParentID != "" || mail.Source != nil
	for i, f := range args.Files {
		body, err := d.Blobs.Get(ctx, f.SHA256)
		if err != nil {
			return fmt.Errorf("reading the attachment %s of the mail %s: %w", f.Filename, mail.ID, err)
		}
		if i == 0 {
			if err := d.keep(ctx, con, f.Filename, body, mail.Source, "enclosure/"+string(mail.ID)+"/"+f.SHA256, nil); err != nil {
				return err
			}
			if con.Title != titleOf(Upload{Filename: mail.Filename}) {
				continue
			}
			if err := d.retitle(ctx, con.ID, mail.Filename, f.Filename); err != nil {
				return err
			}
			continue
		}
		u := Upload{BusinessUnit: con.BusinessUnit, Filename: f.Filename, Owner: con.Owner, Body: body}
		if given {
			u.ParentID, u.Relation = con.ID, relationOf(f.Filename)
		}
		if _, err := d.Upload(ctx, u); err != nil {
			return fmt.Errorf("taking the attachment %s of the mail %s: %w", f.Filename, mail.ID, err)
		}
	}
	return nil
}

// retitle names a contract after its document where it was named after the mail, because nobody had named it.
func (d *Desk) retitle(ctx context.Context, id pact.ContractID, mail, file string) error {
	act := store.Act{Name: "contract.retitle", Subject: string(id)}
	return d.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
		con, err := tx.Contracts.Lock(ctx, string(id))
		if err != nil || con.Title != titleOf(Upload{Filename: mail}) {
			return err
		}
		con.Title = titleOf(Upload{Filename: file})
		return tx.Contracts.Update(ctx, &con)
	})
}

// relationOf guesses what a child is by the name of its file. A reviewer sees it, and can say otherwise.
func relationOf(filename string) string {
	name := strings.ToLower(filename)
	for _, r := range [][2]string{{"amendment", "amendment"}, {"addendum", "amendment"}, {"statement of work", "sow"}, {"sow", "sow"}, {"order", "order_form"}, {"exhibit", "exhibit"}, {"schedule", "exhibit"}, {"annex", "exhibit"}, {"appendix", "exhibit"}} {
		if strings.Contains(name, r[0]) {
			return r[1]
		}
	}
	return "child"
}

func titleOf(u Upload) string {
	if t := strings.TrimSpace(u.Title); t != "" {
		return t
	}
	name := cleanName(u.Filename)
	if i := strings.LastIndex(name, "."); i > 0 {
		name = name[:i]
	}
	return name
}

// Retry queues reading a document again, from whatever state it ended in.
func (d *Desk) Retry(ctx context.Context, id pact.DocumentID) (pact.Document, error) {
	var doc pact.Document
	err := d.Store.Change(ctx, store.Act{Name: "document.retry", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if doc, err = tx.Documents.Lock(ctx, string(id)); err != nil {
			return err
		}
		if doc.State == pact.DocumentReading || doc.State == pact.DocumentReceived {
			return fault.New(fault.Conflict, "The document is being read already.")
		}
		doc.State, doc.Reason, doc.Attempts = pact.DocumentReceived, "", 0
		if err := tx.Documents.Update(ctx, &doc); err != nil {
			return err
		}
		return tx.EnqueueWith(ctx, readJob(doc.ID))
	})
	return doc, err
}
