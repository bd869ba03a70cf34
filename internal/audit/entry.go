// Package audit is the trail: what was changed, by whom, from what to what, and the proof that nobody touched it since.
//
// It owns entries, the rule of every field of every noun (track, ignore, secret), before and after, the keyed chain of
// sealed entries, and its verification. It does not own where entries are kept (store) nor who may read them. Invariants:
// an entry is canonical JSON; its MAC is keyed with a key outside the database; the position and the chain value are given
// by the sealer, in batches; verification names the first bad entry and tells edit, gap, truncation and fork apart.
package audit

import (
	"time"

	"github.com/pactloop/pactloop/internal/pact"
)

// Entry is one entry of the trail. MAC covers everything but Position, MAC and Seal; Seal chains entries in their order.
type Entry struct {
	ID            pact.AuditID   `json:"id"`
	Position      int64          `json:"position"` // from 1; 0 until sealed
	At            time.Time      `json:"at"`
	ActorID       string         `json:"actor_id"`
	ActorName     string         `json:"actor_name"`
	Act           string         `json:"act"` // "review.accept"
	Subject       string         `json:"subject"`
	BusinessUnit  string         `json:"business_unit"`
	CorrelationID string         `json:"correlation_id"`
	Changes       []Change       `json:"changes"`
	Notes         map[string]any `json:"notes,omitempty"`
	ContractIDs   []string       `json:"contract_ids,omitempty"` // contracts it concerns
	MAC           string         `json:"mac"`
	Seal          string         `json:"seal,omitempty"`
}

// Change is before and after of the tracked fields of one noun that changed. Before is empty for a new row.
type Change struct {
	Noun   string         `json:"noun"`
	ID     string         `json:"id"`
	Before map[string]any `json:"before,omitempty"`
	After  map[string]any `json:"after,omitempty"`
}

// Report is the result of a verification.
type Report struct {
	Entries  int64  `json:"entries"`
	Unsealed int64  `json:"unsealed"`
	Head     string `json:"head"`
	OK       bool   `json:"ok"`
	FirstBad string `json:"first_bad,omitempty"` // id (or position) of the first bad entry
	Problem  string `json:"problem,omitempty"`   // what is wrong with it: edited, gap, truncated, swapped, fork, checkpoint, index
	Detail   string `json:"detail,omitempty"`    // the same as a sentence
}
