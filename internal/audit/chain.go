package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"iter"
	"strconv"
	"time"

	"github.com/pactloop/pactloop/internal/pact"
)

// Record is an entry as it is kept and exported: its variable parts are canonical JSON text and are never decoded to be
// verified, so that a million entries verify in seconds and nothing depends on how JSON is read back.
type Record struct {
	ID            string          `json:"id"`
	Position      int64           `json:"position"` // 0 until sealed
	At            time.Time       `json:"at"`
	ActorID       string          `json:"actor_id"`
	ActorName     string          `json:"actor_name"`
	Act           string          `json:"act"`
	Subject       string          `json:"subject"`
	BusinessUnit  string          `json:"business_unit"`
	CorrelationID string          `json:"correlation_id"`
	Changes       json.RawMessage `json:"changes"`
	Notes         json.RawMessage `json:"notes,omitempty"`
	ContractIDs   json.RawMessage `json:"contract_ids,omitempty"`
	MAC           string          `json:"mac"`
	Seal          string          `json:"seal,omitempty"`
}

// RecordOf gives the kept form of an entry, without MAC and seal. At is cut to microseconds, what databases keep.
func RecordOf(e Entry) (Record, error) {
	r := Record{
		ID: string(e.ID), At: e.At.UTC().Truncate(time.Microsecond), ActorID: e.ActorID, ActorName: e.ActorName, Act: e.Act,
		Subject: e.Subject, BusinessUnit: e.BusinessUnit, CorrelationID: e.CorrelationID,
	}
	var err error
	if r.Changes, err = Canonical(e.Changes); err != nil {
		return r, err
	}
	if len(e.Notes) > 0 {
		if r.Notes, err = Canonical(e.Notes); err != nil {
			return r, err
		}
	}
	if len(e.ContractIDs) > 0 {
		r.ContractIDs, err = Canonical(e.ContractIDs)
	}
	return r, err
}

// Entry decodes a record.
func (r Record) Entry() (Entry, error) {
	e := Entry{
		ID: pact.AuditID(r.ID), Position: r.Position, At: r.At, ActorID: r.ActorID, ActorName: r.ActorName, Act: r.Act,
		Subject: r.Subject, BusinessUnit: r.BusinessUnit, CorrelationID: r.CorrelationID, MAC: r.MAC, Seal: r.Seal,
	}
	for _, part := range []struct {
		raw  json.RawMessage
		into any
	}{{r.Changes, &e.Changes}, {r.Notes, &e.Notes}, {r.ContractIDs, &e.ContractIDs}} {
		if len(part.raw) == 0 {
			continue
		}
		if err := json.Unmarshal(part.raw, part.into); err != nil {
			return e, fmt.Errorf("reading entry %s: %w", r.ID, err)
		}
	}
	return e, nil
}

// Key is the secret of the trail. It is kept outside the database.
type Key []byte

// MAC signs the content of a record: everything but Position, MAC and Seal.
func (k Key) MAC(r Record) string { return newSigner(k).content(r) }

// Seal is the chain value of the entry at a position, from the one before it.
func (k Key) Seal(before string, position int64, mac string) string {
	return newSigner(k).seal(before, position, mac)
}

// signer computes with one keyed hash and one buffer: setting them up costs more than an entry does.
type signer struct {
	h   hash.Hash
	b   []byte
	sum [sha256.Size]byte
}

func newSigner(k Key) *signer { return &signer{h: hmac.New(sha256.New, k)} }

func (s *signer) sign() string {
	s.h.Reset()
	s.h.Write(s.b)
	return hex.EncodeToString(s.h.Sum(s.sum[:0]))
}

// content precedes each part by its length, so that no two contents give the same bytes.
func (s *signer) content(r Record) string {
	s.b = append(s.b[:0], "entry:"...)
	var at [len(time.RFC3339Nano)]byte
	s.part(r.ID)
	s.part(string(r.At.UTC().AppendFormat(at[:0], time.RFC3339Nano)))
	s.part(r.ActorID)
	s.part(r.ActorName)
	s.part(r.Act)
	s.part(r.Subject)
	s.part(r.BusinessUnit)
	s.part(r.CorrelationID)
	for _, raw := range [...]json.RawMessage{r.Changes, r.Notes, r.ContractIDs} {
		s.b = append(strconv.AppendInt(s.b, int64(len(raw)), 10), ':')
		s.b = append(s.b, raw...)
	}
	return s.sign()
}

func (s *signer) part(text string) {
	s.b = append(strconv.AppendInt(s.b, int64(len(text)), 10), ':')
	s.b = append(s.b, text...)
}

func (s *signer) seal(before string, position int64, mac string) string {
	s.b = append(append(append(s.b[:0], "seal:"...), before...), ':')
	s.b = append(append(strconv.AppendInt(s.b, position, 10), ':'), mac...)
	return s.sign()
}

// Head is the end of the chain, signed. Kept elsewhere (printed, mailed, filed) it is a checkpoint: whoever rewrites the
// chain from some entry on, even with the key, can not rewrite the copy.
type Head struct {
	Position int64     `json:"position"`
	Seal     string    `json:"seal"`
	At       time.Time `json:"at"`
	MAC      string    `json:"mac"`
}

// HeadOf signs the end of the chain.
func (k Key) HeadOf(position int64, seal string, at time.Time) Head {
	h := Head{Position: position, Seal: seal, At: at.UTC().Truncate(time.Microsecond)}
	h.MAC = k.headMAC(h)
	return h
}

// Signed tells whether a head was signed with this key.
func (k Key) Signed(h Head) bool { return hmac.Equal([]byte(h.MAC), []byte(k.headMAC(h))) }

func (k Key) headMAC(h Head) string {
	m := hmac.New(sha256.New, k)
	m.Write([]byte("head:" + strconv.FormatInt(h.Position, 10) + ":" + h.Seal + ":" + h.At.UTC().Format(time.RFC3339Nano)))
	return hex.EncodeToString(m.Sum(nil))
}

// Verify walks the trail in the order of positions, unsealed entries (position 0) last, and stops at the first bad one.
// head is the one kept beside the entries, nil where it is missing, which is bad: a trail without an entry has one too. checkpoints are heads kept elsewhere, oldest first.
// The error is a failure to read; a bad trail is a Report.
func (k Key) Verify(entries iter.Seq2[Record, error], head func() (*Head, error), checkpoints ...Head) (Report, error) {
	w := walk{key: k, signer: newSigner(k), checkpoints: checkpoints}
	for r, err := range entries {
		if err != nil {
			return w.report, fmt.Errorf("reading the trail: %w", err)
		}
		if !w.step(r) {
			return w.report, nil
		}
	}
	h, err := head()
	if err != nil {
		return w.report, fmt.Errorf("reading the head: %w", err)
	}
	w.finish(h)
	return w.report, nil
}

// walk is a verification under way.
type walk struct {
	key         Key
	signer      *signer
	report      Report
	position    int64
	seal        string
	suspect     *Record // its seal is wrong; the next entry tells whether the seal or the place is
	checkpoints []Head
}

func (w *walk) bad(name, problem, detail string) bool {
	w.report.FirstBad, w.report.Problem, w.report.Detail = name, problem, detail
	return false
}

func (w *walk) step(r Record) bool {
	if r.Position == 0 {
		if w.suspect != nil {
			return true // the head tells
		}
		w.report.Unsealed++
		if !hmac.Equal([]byte(w.signer.content(r)), []byte(r.MAC)) {
			return w.bad(r.ID, "edited", "an entry that is not sealed yet does not have the content it was written with")
		}
		return true
	}
	expected := w.position + 1
	seal := w.signer.seal(w.seal, expected, r.MAC)
	if w.suspect != nil {
		return w.judge(hmac.Equal([]byte(seal), []byte(r.Seal)))
	}
	if r.Position > expected {
		return w.bad(at(expected), "gap", fmt.Sprintf("position %d is missing; the next entry there is %s at position %d", expected, r.ID, r.Position))
	}
	if r.Position < expected {
		return w.bad(r.ID, "fork", fmt.Sprintf("position %d is there twice", r.Position))
	}
	if !hmac.Equal([]byte(w.signer.content(r)), []byte(r.MAC)) {
		return w.bad(r.ID, "edited", fmt.Sprintf("the entry at position %d does not have the content it was written with", r.Position))
	}
	w.position, w.seal = expected, seal
	w.report.Entries, w.report.Head = expected, seal
	if !hmac.Equal([]byte(seal), []byte(r.Seal)) {
		w.suspect = &r
		return true
	}
	for len(w.checkpoints) > 0 && w.checkpoints[0].Position <= expected {
		if !w.checkpoint(w.checkpoints[0]) {
			return false
		}
		w.checkpoints = w.checkpoints[1:]
	}
	return true
}

// judge tells an edited seal (the chain goes on without it) from an entry that stands in another's place.
func (w *walk) judge(chainGoesOn bool) bool {
	r := w.suspect
	if chainGoesOn {
		return w.bad(r.ID, "edited", fmt.Sprintf("the seal of the entry at position %d was edited", r.Position))
	}
	return w.bad(r.ID, "swapped", fmt.Sprintf("the entry at position %d is genuine, but was sealed at another place or in another chain", r.Position))
}

func (w *walk) checkpoint(c Head) bool {
	name := at(c.Position)
	if !w.key.Signed(c) {
		return w.bad(name, "checkpoint", "the checkpoint was not signed with this key")
	}
	if c.Position == w.position && c.Seal != w.seal {
		return w.bad(name, "fork", fmt.Sprintf("the chain at position %d is not the one of the checkpoint: it was rewritten at or before it", c.Position))
	}
	return true
}

func (w *walk) finish(h *Head) {
	if w.suspect != nil {
		w.judge(h != nil && h.Seal == w.seal && w.key.Signed(*h))
		return
	}
	if len(w.checkpoints) > 0 { // those the chain reached are gone: the first that is left is beyond its end
		c := w.checkpoints[0]
		if w.checkpoint(c) {
			w.bad(at(w.position+1), "truncated", fmt.Sprintf("the chain ends at position %d, a checkpoint has seen position %d", w.position, c.Position))
		}
		return
	}
	switch {
	case h == nil: // it is there from the first start on: without it, nothing is a trail that somebody emptied
		w.bad("head", "gap", "the head of the chain is missing")
	case !w.key.Signed(*h):
		w.bad("head", "edited", "the head of the chain was edited")
	case h.Position > w.position:
		w.bad(at(w.position+1), "truncated", fmt.Sprintf("the chain ends at position %d, its head says %d", w.position, h.Position))
	case h.Position < w.position || h.Seal != w.seal:
		w.bad(at(h.Position+1), "fork", fmt.Sprintf("the chain goes on after its head at position %d", h.Position))
	default:
		w.report.OK = true
	}
}

func at(position int64) string { return "position " + strconv.FormatInt(position, 10) }
