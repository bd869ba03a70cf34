// Package pact holds what the product is about: contracts, documents, candidates, reviews, terms, obligations, events,
// findings, and what crosses between stages (records, cursors, actions, receipts).
//
// It owns the types, their JSON form (the one JSON of the product: API, files, command line and database use it), their
// states and invariants. It does no I/O, reads no clock and decides nothing: rules compute over these nouns, work packages
// move them. Names of fields are the names of columns and of JSON members, in snake case.
package pact

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync/atomic"
	"time"
)

// Identifiers carry a prefix and sort by the time they were made.
type (
	ContractID     string // con_
	DocumentID     string // doc_
	TextID         string // hash of document and reader version
	ExtractionID   string // ext_
	ReviewID       string // rev_
	CandidateID    string // can_
	DecisionID     string // dec_
	VersionID      string // ver_
	ObligationID   string // obl_
	OccurrenceID   string // occ_
	EventID        string // evt_
	FindingID      string // fnd_
	ApprovalID     string // apr_
	ConnectionID   string // cnn_
	DeliveryID     string // dlv_
	ImportID       string // imp_
	ActionID       string // act_
	LinkID         string // lnk_
	TimerID        string // tmr_
	PolicyID       string // pol_
	MappingID      string // map_
	NotificationID string // ntf_
	UserID         string // usr_
	KeyID          string // key_
	SessionID      string // ses_
	SpendingID     string // spd_
	ClaimID        string // clm_
	CheckInID      string // chk_
	AuditID        string // aud_
)

var sequence atomic.Uint32

// NewID makes an identifier such as con_0198f3c2a1b4003f9a6c…: 48 bits of milliseconds, 32 bits of a counter so that
// identifiers of one process and one instant keep their order, 64 random bits.
func NewID[T ~string](prefix string, at time.Time) T {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails since Go 1.24
	return T(fmt.Sprintf("%s_%012x%08x%s", prefix, at.UnixMilli()&0xffffffffffff, sequence.Add(1), hex.EncodeToString(random[:])))
}
