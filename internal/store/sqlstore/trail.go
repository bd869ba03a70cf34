package sqlstore

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

const (
	sealBatch   = 500
	verifyBatch = 2000
	recordList  = "id, position, at, actor_id, actor_name, act, subject, business_unit, correlation_id, changes, notes, contract_ids, mac, seal"
)

// auditLog is the audit log of a store.
type auditLog struct{ store *Store }

// Audit gives the trail.
func (s *Store) Audit() store.AuditLog { return auditLog{s} }

// write adds an entry to the transaction of its change.
func (s *Store) write(ctx context.Context, tx Tx, e audit.Entry) error {
	r, err := audit.RecordOf(e)
	if err != nil {
		return fmt.Errorf("writing the trail: %w", err)
	}
	at, err := instant(s.dialect, "at", r.At)
	if err != nil {
		return err
	}
	// Text of the outside world (a subject, a correlation id) may hold what a database refuses; the trail keeps the rest.
	for _, part := range []*string{&r.ActorID, &r.ActorName, &r.Act, &r.Subject, &r.BusinessUnit, &r.CorrelationID} {
		*part = strings.ReplaceAll(strings.ToValidUTF8(*part, "\uFFFD"), "\x00", "\uFFFD")
	}
	r.MAC = s.key.MAC(r)
	_, err = tx.Exec(ctx, "INSERT INTO audit_entries ("+recordList+") VALUES (?, NULL, "+placeholders(12)+")",
		r.ID, at, r.ActorID, r.ActorName, r.Act, r.Subject, r.BusinessUnit, r.CorrelationID,
		string(r.Changes), string(r.Notes), string(r.ContractIDs), r.MAC, "")
	if err != nil {
		return fmt.Errorf("writing the trail: %w", err)
	}
	for _, id := range e.ContractIDs {
		if _, err := tx.Exec(ctx, "INSERT INTO audit_contracts (contract_id, entry_id) VALUES (?, ?)", id, r.ID); err != nil {
			return fmt.Errorf("writing the trail: %w", err)
		}
	}
	return nil
}

// records reads entries.
func (s *Store) records(ctx context.Context, db querier, tail string, args ...any) ([]audit.Record, error) {
	rows, err := db.Query(ctx, "SELECT "+recordList+" FROM audit_entries"+tail, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the trail: %w", err)
	}
	defer rows.Close()
	var out []audit.Record
	for rows.Next() {
		var r audit.Record
		var position sql.NullInt64
		var at looseTime
		var changes, notes, contracts string
		if err := rows.Scan(&r.ID, &position, &at, &r.ActorID, &r.ActorName, &r.Act, &r.Subject, &r.BusinessUnit,
			&r.CorrelationID, &changes, &notes, &contracts, &r.MAC, &r.Seal); err != nil {
			return nil, fmt.Errorf("reading the trail: %w", err)
		}
		r.Position, r.At = position.Int64, at.Time
		r.Changes, r.Notes, r.ContractIDs = raw(changes), raw(notes), raw(contracts)
		out = append(out, r)
	}
	return out, rows.Err()
}

func raw(s string) json.RawMessage {
	if s == "" {
		return nil
	}
	return json.RawMessage(s)
}

// List gives entries in scope, newest first.
func (a auditLog) List(ctx context.Context, q store.AuditQuery) (store.Page[audit.Entry], error) {
	var page store.Page[audit.Entry]
	actor, ok := pact.ActorFrom(ctx)
	if !ok {
		return page, errNoActor
	}
	if a.store.inside(ctx) {
		return page, errNested
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	w, err := auditWhere(actor, q)
	if err != nil {
		return page, err
	}
	records, err := a.store.records(ctx, a.store.db, w.String()+fmt.Sprintf(" ORDER BY id DESC LIMIT %d", limit+1), w.args...)
	if err != nil {
		return page, err
	}
	if len(records) > limit {
		records = records[:limit]
		page.Next = base64.RawURLEncoding.EncodeToString([]byte(records[limit-1].ID))
	}
	for _, r := range records {
		e, err := r.Entry()
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, e)
	}
	return page, nil
}

func auditWhere(actor pact.Actor, q store.AuditQuery) (*where, error) {
	w := &where{}
	if !actor.SeesAll() {
		// An entry without a unit concerns the whole installation.
		w.scope(&noun{shape: shape{access: scoped}}, actor)
		w.add("business_unit <> ''")
	}
	for _, c := range []struct{ clause, value string }{
		{"subject = ?", q.Subject},
		{"id IN (SELECT entry_id FROM audit_contracts WHERE contract_id = ?)", q.ContractID},
		{"actor_id = ?", q.ActorID},
	} {
		if c.value == "" {
			continue
		}
		v, err := text("filter", c.value)
		if err != nil {
			return nil, err
		}
		w.add(c.clause, v)
	}
	if q.Act != "" {
		if _, err := text("act", q.Act); err != nil {
			return nil, err
		}
		w.add("act >= ? AND act < ?", q.Act, q.Act+"\U0010FFFF")
	}
	if q.After != "" {
		id, err := base64.RawURLEncoding.DecodeString(q.After)
		if err != nil || !strings.HasPrefix(string(id), "aud_") || len(id) > 100 {
			return nil, errCursor
		}
		if _, err := text("cursor", string(id)); err != nil {
			return nil, errCursor
		}
		w.add("id < ?", string(id))
	}
	return w, nil
}

// Seal gives committed entries their place in the chain. The head is locked, so one sealer runs at a time.
func (a auditLog) Seal(ctx context.Context) (int, error) {
	if a.store.inside(ctx) {
		return 0, errNested
	}
	total := 0
	for {
		n, err := a.sealOnce(ctx)
		total += n
		if err != nil || n < sealBatch {
			return total, err
		}
	}
}

func (a auditLog) sealOnce(ctx context.Context) (int, error) {
	waiting, err := exists(ctx, a.store.db, "SELECT 1 FROM audit_entries WHERE position IS NULL LIMIT 1")
	if err != nil || !waiting {
		return 0, err // the one writer of SQLite is not taken for nothing
	}
	tx, err := a.store.db.Begin(ctx)
	if err != nil {
		return 0, fmt.Errorf("sealing the trail: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing after a commit
	n, err := a.sealIn(ctx, tx)
	if err != nil {
		return 0, fmt.Errorf("sealing the trail: %w", err)
	}
	if err := tx.Commit(ctx); err != nil {
		return 0, fmt.Errorf("sealing the trail: %w", err)
	}
	return n, nil
}

func (a auditLog) sealIn(ctx context.Context, tx Tx) (int, error) {
	now := a.store.now()
	at, err := instant(a.store.dialect, "at", now)
	if err != nil {
		return 0, err
	}
	head, err := a.head(ctx, tx, a.store.dialect.forUpdate(false))
	if err != nil {
		return 0, err
	}
	if head == nil { // a new one would make a trail that was emptied look sound
		return 0, errors.New("the head of the chain is missing: verify the trail, and restore the database from a backup")
	}
	if !a.store.key.Signed(*head) {
		return 0, errors.New("the head of the chain was edited: verify the trail before going on")
	}
	records, err := a.store.records(ctx, tx, fmt.Sprintf(" WHERE position IS NULL ORDER BY id LIMIT %d", sealBatch))
	if err != nil || len(records) == 0 {
		return 0, err
	}
	position, seal := head.Position, head.Seal
	values := make([]any, 0, 3*len(records))
	for _, r := range records {
		position++
		seal = a.store.key.Seal(seal, position, r.MAC)
		values = append(values, r.ID, position, seal)
	}
	row := "(CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS TEXT)), "
	if _, err := tx.Exec(ctx, "UPDATE audit_entries SET position = v.column2, seal = v.column3 FROM (VALUES "+
		strings.TrimSuffix(strings.Repeat(row, len(records)), ", ")+") AS v WHERE audit_entries.id = v.column1", values...); err != nil {
		return 0, err
	}
	next := a.store.key.HeadOf(position, seal, now)
	_, err = tx.Exec(ctx, "UPDATE audit_head SET position = ?, seal = ?, at = ?, mac = ? WHERE id = 'head'", next.Position, next.Seal, at, next.MAC)
	return len(records), err
}

// begin signs the head of a new trail. An installation that was ever used gets none: its head is there, or somebody took it
// away together with the trail, which has to be seen.
func (a auditLog) begin(ctx context.Context) error {
	const used = "SELECT 1 FROM audit_head UNION ALL SELECT 1 FROM audit_entries UNION ALL SELECT 1 FROM key_checks UNION ALL SELECT 1 FROM users UNION ALL SELECT 1 FROM contracts LIMIT 1"
	if known, err := exists(ctx, a.store.db, used); err != nil || known {
		return err
	}
	now := a.store.now()
	at, err := instant(a.store.dialect, "at", now)
	if err != nil {
		return err
	}
	tx, err := a.store.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing after a commit
	// Another node that starts now too may be first.
	if _, err := tx.Exec(ctx, "INSERT INTO audit_head (id, position, seal, at, mac) VALUES ('head', 0, '', ?, ?) ON CONFLICT DO NOTHING", at, a.store.key.HeadOf(0, "", now).MAC); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (a auditLog) head(ctx context.Context, db querier, tail string) (*audit.Head, error) {
	rows, err := db.Query(ctx, "SELECT position, seal, at, mac FROM audit_head WHERE id = 'head'"+tail)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, rows.Err()
	}
	var h audit.Head
	var at timeCell
	if err := rows.Scan(&h.Position, &h.Seal, &at, &h.MAC); err != nil {
		return nil, err
	}
	h.At = at.Time
	return &h, rows.Err()
}

// Head gives the signed end of the chain, to be kept elsewhere as a checkpoint; nil where somebody took it away.
func (s *Store) Head(ctx context.Context) (*audit.Head, error) {
	return auditLog{s}.head(ctx, s.db, "")
}

// Verify checks the whole chain.
func (a auditLog) Verify(ctx context.Context) (audit.Report, error) {
	return a.store.VerifyAgainst(ctx)
}

// VerifyAgainst checks the whole chain, and that it goes through the checkpoints, oldest first.
func (s *Store) VerifyAgainst(ctx context.Context, checkpoints ...audit.Head) (audit.Report, error) {
	a := auditLog{s}
	head, entries, err := a.walk(ctx)
	if err != nil {
		return audit.Report{}, err
	}
	r, err := s.key.Verify(entries, head, checkpoints...)
	if err != nil || !r.OK {
		return r, err
	}
	return r, a.verifyIndex(ctx, &r)
}

// verifyIndex compares audit_contracts, by which the trail of a contract is found, with what the entries say themselves: the index is
// not signed, and who changes it hides an entry from a contract, or shows it under another. It stops at the first bad entry. Each of
// its two statements sees one state of the database, and an entry and its lines in the index commit together.
func (a auditLog) verifyIndex(ctx context.Context, report *audit.Report) error {
	rows, err := a.store.db.Query(ctx, "SELECT e.id, e.contract_ids, c.contract_id FROM audit_entries e LEFT JOIN audit_contracts c ON c.entry_id = e.id ORDER BY e.id")
	if err != nil {
		return fmt.Errorf("reading the index of the trail: %w", err)
	}
	defer rows.Close()
	var id, said string
	var found []string
	for rows.Next() {
		var next, contracts string
		var contract sql.NullString
		if err := rows.Scan(&next, &contracts, &contract); err != nil {
			return fmt.Errorf("reading the index of the trail: %w", err)
		}
		if next != id {
			if !indexed(report, id, said, found) {
				return nil
			}
			id, said, found = next, contracts, found[:0]
		}
		if contract.Valid {
			found = append(found, contract.String)
		}
	}
	if err := rows.Err(); err != nil || !indexed(report, id, said, found) {
		return err
	}
	rows.Close()
	stray, err := a.store.db.Query(ctx, "SELECT c.entry_id, c.contract_id FROM audit_contracts c WHERE NOT EXISTS (SELECT 1 FROM audit_entries e WHERE e.id = c.entry_id) ORDER BY c.entry_id LIMIT 1")
	if err != nil {
		return fmt.Errorf("reading the index of the trail: %w", err)
	}
	defer stray.Close()
	if stray.Next() {
		var contract string
		if err := stray.Scan(&id, &contract); err != nil {
			return fmt.Errorf("reading the index of the trail: %w", err)
		}
		report.OK, report.FirstBad, report.Problem = false, id, "index"
		report.Detail = fmt.Sprintf("the index of contracts names an entry %.80q of the contract %.80q, and the trail has no such entry", id, contract)
	}
	return stray.Err()
}

// indexed tells whether the index has an entry under the contracts that the entry names, and reports where it has not.
func indexed(report *audit.Report, id, said string, found []string) bool {
	var want []string
	if said != "" && json.Unmarshal([]byte(said), &want) != nil {
		want = nil // written meanwhile by somebody else: the next verification says that it was edited
	}
	slices.Sort(want)
	slices.Sort(found)
	if slices.Equal(want, found) {
		return true
	}
	report.OK, report.FirstBad, report.Problem = false, id, "index"
	report.Detail = fmt.Sprintf("the entry concerns the contracts %.300q, the index of contracts lists it under %.300q", want, found)
	return false
}

// Export writes the chain.
func (a auditLog) Export(ctx context.Context, w io.Writer) error {
	head, entries, err := a.walk(ctx)
	if err != nil {
		return err
	}
	return audit.Export(w, entries, head)
}

// walk reads the chain up to the head as it is now, and then what was not sealed. Entries sealed while it reads are left
// to the next time: the head it is measured by was taken first.
func (a auditLog) walk(ctx context.Context) (func() (*audit.Head, error), iter.Seq2[audit.Record, error], error) {
	if a.store.inside(ctx) {
		return nil, nil, errNested
	}
	head, err := a.head(ctx, a.store.db, "")
	if err != nil {
		return nil, nil, fmt.Errorf("reading the head: %w", err)
	}
	entries := func(yield func(audit.Record, error) bool) {
		last, end := int64(-1<<62), int64(0)
		if head != nil {
			end = head.Position
		}
		for {
			batch, err := a.store.records(ctx, a.store.db, fmt.Sprintf(" WHERE position > ? ORDER BY position LIMIT %d", verifyBatch), last)
			if err != nil {
				yield(audit.Record{}, err)
				return
			}
			for _, r := range batch {
				if r.Position > end && a.sealedSince(ctx, head, r) {
					batch = nil
					break
				}
				if !yield(r, nil) {
					return
				}
				last = r.Position
			}
			if len(batch) < verifyBatch {
				break
			}
		}
		a.unsealed(ctx, yield)
	}
	return func() (*audit.Head, error) { return head, nil }, entries, nil
}

// sealedSince tells an entry that was sealed after the head was read from one that stands beyond the head.
func (a auditLog) sealedSince(ctx context.Context, head *audit.Head, r audit.Record) bool {
	now, err := a.head(ctx, a.store.db, "")
	return err == nil && now != nil && (head == nil || now.Position > head.Position) && r.Position <= now.Position && a.store.key.Signed(*now)
}

func (a auditLog) unsealed(ctx context.Context, yield func(audit.Record, error) bool) {
	last := ""
	for {
		batch, err := a.store.records(ctx, a.store.db, fmt.Sprintf(" WHERE position IS NULL AND id > ? ORDER BY id LIMIT %d", verifyBatch), last)
		if err != nil {
			yield(audit.Record{}, err)
			return
		}
		for _, r := range batch {
			if !yield(r, nil) {
				return
			}
			last = r.ID
		}
		if len(batch) < verifyBatch {
			return
		}
	}
}

// looseTime reads a time for verification: one that was edited into something else is no failure to read, its entry just
// does not have the content it was written with.
type looseTime struct{ timeCell }

// Scan takes what a driver gives.
func (t *looseTime) Scan(src any) error {
	if t.timeCell.Scan(src) != nil {
		t.Time = time.Time{}
	}
	return nil
}
