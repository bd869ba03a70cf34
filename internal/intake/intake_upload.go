package intake

import (
	"context"
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Upload is a file that a person or a machine brings.
type Upload struct {
	BusinessUnit string
	Filename     string
	Title        string          // "" = the filename
	ParentID     pact.ContractID // "" = a family of its own
	Relation     string          // amendment, sow, …; only with ParentID
	Owner        string
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
		}
		if u.ParentID != "" {
			parent, err := tx.Contracts.Get(ctx, string(u.ParentID))
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
		return tx.EnqueueWith(ctx, readJob(doc.ID))
	})
	return out, err
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
