// Package intake is a document or an event arriving: kept, recognised, deduplicated, tied to its family, queued.
//
// It owns webhook deliveries (committed raw before their 2xx), the step from a record of another system to a contract and
// its files, uploads, and the links between parent and child contracts that the source gives. It does not own reading a
// document (read) nor polling (exchange enqueues what it finds). Invariants: the same event, record or file, however often
// and in whatever order it arrives, gives one contract and one document; nothing is fetched for a forged request.
package intake

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Opener gives the live connection of a stored one.
type Opener interface {
	Open(ctx context.Context, c pact.Connection) (connector.Connection, error)
}

// Config of a Desk. All fields but Refused and Reached are required.
type Config struct {
	Store       store.Store
	Blobs       store.Blobs
	Connections Opener
	MaxFile     int64 // bytes
	Now         func() time.Time
	Log         *slog.Logger
	// Refused counts every request whose signature is wrong; the trail has one entry for many. nil counts nothing.
	Refused func(pact.ConnectionID)
	// Reached is called between the steps of taking in; tests kill the process there. nil in production.
	Reached func(point string)
}

// Desk takes things in.
type Desk struct {
	Config
	refusals refusals
}

// New makes a Desk.
func New(cfg Config) *Desk {
	if cfg.Refused == nil {
		cfg.Refused = func(pact.ConnectionID) {}
	}
	if cfg.Reached == nil {
		cfg.Reached = func(string) {}
	}
	return &Desk{Config: cfg, refusals: refusals{open: map[pact.ConnectionID]*refusal{}}}
}

// Receive keeps a verified webhook request. It returns after the commit; repeated tells that the event was known, and then
// nothing new is queued.
func (d *Desk) Receive(ctx context.Context, c pact.Connection, eventKey string, header map[string]string, body []byte) (del pact.Delivery, repeated bool, err error) {
	for range 3 { // two requests with one event id at the same instant: the loser sees the winner's row
		del, repeated, err = d.receive(ctx, c, eventKey, header, body)
		if !fault.Is(err, fault.Conflict) {
			return del, repeated, err
		}
	}
	return del, repeated, err
}

func (d *Desk) receive(ctx context.Context, c pact.Connection, eventKey string, header map[string]string, body []byte) (del pact.Delivery, repeated bool, err error) {
	act := store.Act{Name: "delivery.receive", Unit: c.BusinessUnit}
	err = d.Store.Together(ctx, act, func(ctx context.Context, tx store.Tx) error {
		known, err := tx.Deliveries.One(ctx, store.Where(store.Eq("connection_id", c.ID), store.Eq("event_key", eventKey)))
		if err == nil {
			// Locked, so that many repeats at one instant wait for one another instead of failing.
			if del, err = tx.Deliveries.Lock(ctx, string(known.ID)); err != nil {
				return err
			}
			del.Repeats++
			repeated = true
			return tx.Deliveries.Update(ctx, &del)
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		repeated = false
		del = pact.Delivery{
			ID: pact.NewID[pact.DeliveryID]("dlv", tx.Now), BusinessUnit: c.BusinessUnit, ConnectionID: c.ID, EventKey: eventKey,
			Headers: header, Body: string(body), State: "received", ReceivedAt: tx.Now,
		}
		if err := tx.Deliveries.Insert(ctx, &del); err != nil {
			return err
		}
		return tx.Enqueue(ctx, job.ProcessDelivery{DeliveryID: del.ID})
	})
	return del, repeated, err
}

// ProcessDelivery reads what a committed webhook names and queues fetching it.
func (d *Desk) ProcessDelivery(ctx context.Context, args job.ProcessDelivery) error {
	del, err := d.Store.Reads().Deliveries.Get(ctx, string(args.DeliveryID))
	if err != nil {
		return fmt.Errorf("reading delivery %s: %w", args.DeliveryID, err)
	}
	if del.State == "processed" || del.State == "ignored" {
		return nil
	}
	refs, err := d.parse(ctx, del)
	if f := fault.Of(err); err != nil && (f == nil || f.Kind == fault.Unavailable) {
		return fmt.Errorf("reading delivery %s: %w", del.ID, err) // ours, or passing: tried again
	}
	if err != nil {
		return d.finish(ctx, del, "failed", fault.Of(err).Message, nil)
	}
	if len(refs) == 0 {
		return d.finish(ctx, del, "ignored", "The event names nothing that Pactloop follows.", nil)
	}
	return d.finish(ctx, del, "processed", "", refs)
}

func (d *Desk) parse(ctx context.Context, del pact.Delivery) ([]pact.RecordRef, error) {
	conn, _, err := d.open(ctx, del.ConnectionID)
	if err != nil {
		return nil, err
	}
	listener, ok := conn.(connector.Listener)
	if !ok {
		return nil, fault.New(fault.Unsupported, "This connection takes no webhooks.")
	}
	return listener.Parse(ctx, del.Headers, []byte(del.Body))
}

func (d *Desk) finish(ctx context.Context, del pact.Delivery, state, reason string, refs []pact.RecordRef) error {
	act := store.Act{Name: "delivery." + state, Subject: string(del.ID), Unit: del.BusinessUnit}
	return d.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Deliveries.Lock(ctx, string(del.ID))
		if err != nil {
			return err
		}
		now.State, now.Reason, now.ProcessedAt = state, reason, tx.Now
		if err := tx.Deliveries.Update(ctx, &now); err != nil {
			return err
		}
		for _, ref := range refs {
			ref.ConnectionID = del.ConnectionID
			if err := tx.Enqueue(ctx, job.FetchRecord{Ref: ref}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Replay queues a failed or ignored delivery again.
func (d *Desk) Replay(ctx context.Context, id pact.DeliveryID) (pact.Delivery, error) {
	var del pact.Delivery
	err := d.Store.Change(ctx, store.Act{Name: "delivery.replay", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if del, err = tx.Deliveries.Lock(ctx, string(id)); err != nil {
			return err
		}
		del.State, del.Reason = "received", ""
		if err := tx.Deliveries.Update(ctx, &del); err != nil {
			return err
		}
		return tx.Enqueue(ctx, job.ProcessDelivery{DeliveryID: id})
	})
	return del, err
}

// FetchRecord gets one record of another system and takes in the contract and the files it names.
func (d *Desk) FetchRecord(ctx context.Context, args job.FetchRecord) error {
	conn, c, err := d.open(ctx, args.Ref.ConnectionID)
	if err != nil {
		return err
	}
	fetcher, ok := conn.(connector.Fetcher)
	if !ok {
		return fault.New(fault.Unsupported, "The connection %q can not fetch single records.", c.Name)
	}
	rec, err := fetcher.Fetch(ctx, args.Ref)
	if err != nil {
		return fmt.Errorf("fetching %s %s: %w", args.Ref.Object, args.Ref.ExternalID, err)
	}
	d.Reached("record:fetched")
	return d.take(ctx, c, rec)
}

// take keeps what a record says of a contract. Records without contract only lead to further ones.
func (d *Desk) take(ctx context.Context, c pact.Connection, rec pact.Record) error {
	act := store.Act{Name: "contract.take", Subject: rec.ExternalID, Unit: c.BusinessUnit}
	return d.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
		for _, ref := range rec.Refs {
			ref.ConnectionID = c.ID
			if err := tx.Enqueue(ctx, job.FetchRecord{Ref: ref}); err != nil {
				return err
			}
		}
		if rec.Contract == nil {
			return nil
		}
		con, err := d.upsert(ctx, tx, c, rec)
		if err != nil {
			return err
		}
		// Not only when it is new: a child taken in at the same instant did not see it, nor it the child.
		if err := adopt(ctx, tx, con); err != nil {
			return err
		}
		ref := pact.RecordRef{ConnectionID: c.ID, Object: rec.Object, ExternalID: rec.ExternalID}
		for _, f := range wanted(rec.Files) {
			ref.Version = firstOf(f.Version, rec.Version)
			seen, err := seen(ctx, tx, con, fileKey(ref, f), ref.Version)
			if err != nil {
				return err
			}
			if seen {
				continue
			}
			if err := tx.EnqueueWith(ctx, job.Queued{Args: job.FetchFile{ContractID: con.ID, Ref: ref, File: f}, Options: job.Options{Unique: true}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// wanted prefers the executed copy: where one is signed, unsigned drafts are left alone.
func wanted(files []pact.FileRef) []pact.FileRef {
	var signed []pact.FileRef
	for _, f := range files {
		if f.Signed {
			signed = append(signed, f)
		}
	}
	if len(signed) > 0 {
		return signed
	}
	return files
}

// seen tells whether a file was looked at in this version. A record that changed may hold another file under the same key
// and name, and not every system says so of the file: it is then fetched again, and known by its bytes.
func seen(ctx context.Context, tx store.Tx, con pact.Contract, key, version string) (bool, error) {
	docs, err := tx.Documents.All(ctx, store.Where(store.Eq("contract_id", con.ID), store.Eq("source_key", key)))
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(docs, func(d pact.Document) bool { return d.Source == nil || d.Source.Version == version }), nil
}

// fileKey names the place of a file in its source; the same for every version of it.
func fileKey(ref pact.RecordRef, f pact.FileRef) string {
	return string(ref.ConnectionID) + "/" + ref.ExternalID + "/" + f.Key + "/" + f.Filename
}

func sourceKey(id pact.ConnectionID, external string) string { return string(id) + "/" + external }

func (d *Desk) upsert(ctx context.Context, tx store.Tx, c pact.Connection, rec pact.Record) (pact.Contract, error) {
	key := sourceKey(c.ID, rec.ExternalID)
	con, err := tx.Contracts.One(ctx, store.Where(store.Eq("source_key", key)))
	isNew := fault.Is(err, fault.NotFound)
	if err != nil && !isNew {
		return con, err
	}
	facts := rec.Contract
	before := factsOf(con)
	if isNew {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		con = pact.Contract{
			ID: id, BusinessUnit: c.BusinessUnit, State: pact.ContractReceived, Phase: "assisted", FamilyID: id, SourceKey: key,
			Source: &pact.RecordRef{ConnectionID: c.ID, Object: rec.Object, ExternalID: rec.ExternalID},
		}
	}
	con.Facts = factsWithAddress(facts)
	number := con.Number
	if con.CurrentVersion == 0 { // until a reviewed version stands, lists show what the source says
		con.Title, con.Number, con.Customer = facts.Title, facts.Number, facts.Customer
		if con.ContractType == "" || !pact.PlainType(facts.Type) { // "contract" says less than what was read meanwhile
			con.ContractType = facts.Type
		}
	}
	con.Owner = firstOf(facts.Owner, con.Owner)
	con.Relation = firstOf(facts.Relation, con.Relation)
	if facts.ParentID != "" {
		con.ParentKey = sourceKey(c.ID, facts.ParentID)
	}
	if err := tie(ctx, tx, c, &con); err != nil {
		return con, err
	}
	if err := numbered(ctx, tx, con, number); err != nil {
		return con, err
	}
	if isNew {
		return con, tx.Contracts.Insert(ctx, &con)
	}
	if factsOf(con) == before {
		return con, nil
	}
	return con, tx.Contracts.Update(ctx, &con)
}

// numbered has references looked at again that may have waited for a contract with this number.
func numbered(ctx context.Context, tx store.Tx, con pact.Contract, before string) error {
	if con.Number == "" || con.Number == before {
		return nil
	}
	return tx.Enqueue(ctx, job.TieReferences{ContractID: con.ID})
}

// tie links a contract to its parent, where that is known; otherwise the parent is fetched, and adopt links later.
func tie(ctx context.Context, tx store.Tx, c pact.Connection, con *pact.Contract) error {
	if con.ParentKey == "" || con.ParentID != "" || con.ParentKey == con.SourceKey {
		return nil
	}
	parent, err := tx.Contracts.One(ctx, store.Where(store.Eq("source_key", con.ParentKey)))
	if fault.Is(err, fault.NotFound) {
		_, external, _ := strings.Cut(con.ParentKey, "/")
		return tx.Enqueue(ctx, job.FetchRecord{Ref: pact.RecordRef{ConnectionID: c.ID, Object: "record", ExternalID: external}})
	}
	if err != nil {
		return err
	}
	circle, err := descends(ctx, tx, parent, con.ID)
	if err != nil || circle {
		return err
	}
	con.ParentID, con.FamilyID = parent.ID, parent.FamilyID
	return nil
}

// longestLine of ancestors; a source that gives a longer one is wrong.
const longestLine = 50

// descends tells whether a contract stands, at any distance, below another. Sources can name parents in a circle.
func descends(ctx context.Context, tx store.Tx, con pact.Contract, from pact.ContractID) (bool, error) {
	for range longestLine {
		if con.ID == from {
			return true, nil
		}
		if con.ParentID == "" {
			return false, nil
		}
		above, err := tx.Contracts.Get(ctx, string(con.ParentID))
		if err != nil {
			return false, err
		}
		con = above
	}
	return true, nil
}

// adopt links children that arrived before their parent, and moves their own children into the family.
func adopt(ctx context.Context, tx store.Tx, parent pact.Contract) error {
	children, err := tx.Contracts.All(ctx, store.Where(store.Eq("parent_key", parent.SourceKey), store.Eq("parent_id", "")))
	if err != nil {
		return err
	}
	for _, child := range children {
		circle, err := descends(ctx, tx, parent, child.ID)
		if err != nil {
			return err
		}
		if circle {
			continue
		}
		old := child.FamilyID
		child.ParentID, child.FamilyID = parent.ID, parent.FamilyID
		if err := tx.Contracts.Update(ctx, &child); err != nil {
			return err
		}
		below, err := tx.Contracts.All(ctx, store.Where(store.Eq("family_id", old), store.Is("id", "!=", child.ID)))
		if err != nil {
			return err
		}
		for _, b := range below {
			b.FamilyID = parent.FamilyID
			if err := tx.Contracts.Update(ctx, &b); err != nil {
				return err
			}
		}
	}
	return nil
}

// FetchFile gets a file of a record into the blob store and queues reading it.
func (d *Desk) FetchFile(ctx context.Context, args job.FetchFile) error {
	conn, _, err := d.open(ctx, args.Ref.ConnectionID)
	if err != nil {
		return err
	}
	fetcher, ok := conn.(connector.Fetcher)
	if !ok {
		return fault.New(fault.Unsupported, "The connection can not fetch files.")
	}
	ref := args.Ref
	con, err := d.Store.Reads().Contracts.Get(ctx, string(args.ContractID))
	if err != nil {
		return err
	}
	body, err := fetcher.File(ctx, ref, args.File.Key, d.MaxFile)
	d.Reached("file:fetched")
	if fault.Is(err, fault.Invalid) { // over the limit: kept as a named state, not retried
		return d.keep(ctx, con, args.File.Filename, nil, &ref, fileKey(ref, args.File), err)
	}
	if err != nil {
		return fmt.Errorf("fetching file %s of %s: %w", args.File.Key, ref.ExternalID, err)
	}
	return d.keep(ctx, con, args.File.Filename, body, &ref, fileKey(ref, args.File), nil)
}

// keep stores a file as a document of a contract and queues reading it. refused gives the document the state rejected.
func (d *Desk) keep(ctx context.Context, con pact.Contract, filename string, body []byte, ref *pact.RecordRef, key string, refused error) error {
	sum := document.Hash([]byte("refused\x00" + key)) // without bytes, the file's place in its source tells it from others
	if refused == nil {
		var err error
		if sum, err = d.Blobs.Put(ctx, body); err != nil {
			return fmt.Errorf("keeping %s: %w", filename, err)
		}
	}
	d.Reached("file:kept")
	act := store.Act{Name: "document.receive", Subject: string(con.ID), Unit: con.BusinessUnit}
	return d.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Contracts.Lock(ctx, string(con.ID)); err != nil { // the same file can come at the same instant for two versions of its record
			return err
		}
		known, err := tx.Documents.All(ctx, store.Where(store.Eq("contract_id", con.ID), store.Eq("sha256", sum)))
		if err != nil {
			return err
		}
		if len(known) > 0 {
			return lookedAt(ctx, tx, known[0], ref, key)
		}
		doc := newDocument(con, filename, body, sum, ref, tx.Now)
		doc.SourceKey = key
		if refused != nil {
			doc.State, doc.Reason = pact.DocumentRejected, fault.Of(refused).Message
			if err := tx.Documents.Insert(ctx, &doc); err != nil {
				return err
			}
			return stuck(ctx, tx, con.ID)
		}
		if err := tx.Documents.Insert(ctx, &doc); err != nil {
			return err
		}
		return tx.EnqueueWith(ctx, readJob(doc.ID))
	})
}

// lookedAt notes that a file was fetched again and is the one that is known.
func lookedAt(ctx context.Context, tx store.Tx, doc pact.Document, ref *pact.RecordRef, key string) error {
	if ref == nil || doc.Source == nil || doc.SourceKey != key || doc.Source.Version == ref.Version {
		return nil
	}
	doc.Source = ref
	return tx.Documents.Update(ctx, &doc)
}

// stuck marks a contract that has nothing to read.
func stuck(ctx context.Context, tx store.Tx, id pact.ContractID) error {
	con, err := tx.Contracts.Lock(ctx, string(id))
	if err != nil || con.State != pact.ContractReceived {
		return err
	}
	con.State = pact.ContractStuck
	return tx.Contracts.Update(ctx, &con)
}

func newDocument(con pact.Contract, filename string, body []byte, sum string, ref *pact.RecordRef, at time.Time) pact.Document {
	return pact.Document{
		ID: pact.NewID[pact.DocumentID]("doc", at), BusinessUnit: con.BusinessUnit, ContractID: con.ID,
		Filename: cleanName(filename), Size: int64(len(body)), SHA256: sum, State: pact.DocumentReceived, Source: ref,
	}
}

func readJob(id pact.DocumentID) job.Queued {
	return job.Queued{Args: job.ReadDocument{DocumentID: id}, Options: job.Options{Queue: "read", MaxAttempts: 3}}
}

func (d *Desk) open(ctx context.Context, id pact.ConnectionID) (connector.Connection, pact.Connection, error) {
	c, err := d.Store.Reads().Connections.Get(ctx, string(id))
	if err != nil {
		return nil, c, fmt.Errorf("reading connection %s: %w", id, err)
	}
	conn, err := d.Connections.Open(ctx, c)
	return conn, c, err
}

// factsWithAddress keeps the address beside the source's own fields: matching an account by name alone is weak.
func factsWithAddress(f *pact.ContractFacts) map[string]string {
	if f.Address == "" {
		return f.Fields
	}
	out := maps.Clone(f.Fields)
	if out == nil {
		out = map[string]string{}
	}
	out["address"] = f.Address
	return out
}

// factsOf is what upsert may change, as text, to leave an unchanged contract alone.
func factsOf(c pact.Contract) string {
	return fmt.Sprint(c.Title, "\x00", c.Number, "\x00", c.Customer, "\x00", c.ContractType, "\x00", c.Owner, "\x00", c.Relation, "\x00", c.ParentKey, "\x00", c.ParentID, "\x00", c.FamilyID, "\x00", c.Facts)
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// cleanName keeps the last part of a name and drops what could hurt a file system or a page.
func cleanName(s string) string {
	s = strings.ReplaceAll(s, "\\", "/")
	if i := strings.LastIndex(s, "/"); i >= 0 {
		s = s[i+1:]
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) { // a name must read as it is written
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200])
	}
	if s == "" || s == "." || s == ".." {
		return "document"
	}
	return s
}
