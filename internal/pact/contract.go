package pact

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// Contract is an agreement in the register. Its terms live in versions; the columns here are the current version's, for
// lists and filters.
type Contract struct {
	ID             ContractID        `json:"id"`
	BusinessUnit   string            `json:"business_unit"`
	Number         string            `json:"number"` // "SA-2023-789"; "" where none
	Title          string            `json:"title"`
	ContractType   string            `json:"contract_type"` // msa, sow, amendment, nda, sla, support, supply, order_form, …; "" until read
	Customer       string            `json:"customer"`      // the other party, as written
	State          ContractState     `json:"state"`
	Phase          string            `json:"phase" enum:"assisted,conditional,full"`
	FamilyID       ContractID        `json:"family_id"` // the head of the family; its own id where it is the head
	ParentID       ContractID        `json:"parent_id,omitempty"`
	Relation       string            `json:"relation,omitempty"`   // amendment, sow, order_form, exhibit, child
	Source         *RecordRef        `json:"source,omitempty"`     // where it came from; nil for uploads
	SourceKey      string            `json:"source_key,omitempty"` // unique: "cnn_…/record id" or "sha256:…" for uploads
	ParentKey      string            `json:"parent_key,omitempty"` // source key of the parent record, until that contract is known
	CurrentVersion int               `json:"current_version"`      // 0 until published
	EffectiveDate  calendar.Date     `json:"effective_date,omitempty"`
	ExpirationDate calendar.Date     `json:"expiration_date,omitempty"`
	RenewalDate    calendar.Date     `json:"renewal_date,omitempty"`
	SendBy         calendar.Date     `json:"send_by,omitempty"` // last safe day to send notice
	AutoRenewal    *bool             `json:"auto_renewal,omitempty"`
	TotalValue     *money.Amount     `json:"total_value,omitempty"`
	Owner          string            `json:"owner,omitempty"`   // e-mail of the contract owner
	Clauses        []string          `json:"clauses,omitempty"` // categories of the clauses its documents were found to have; nil where nobody looked
	Facts          map[string]string `json:"facts,omitempty"`   // what the source record says (counterparty, address, owner …), unreviewed
	Revision       int64             `json:"revision"`
	CreatedAt      time.Time         `json:"created_at"`
	UpdatedAt      time.Time         `json:"updated_at"`
}

// ContractState is where a contract is on its way.
type ContractState string

// The states of a contract.
const (
	ContractReceived ContractState = "received"  // known, document not read yet
	ContractInReview ContractState = "in_review" // read, waiting for decisions
	ContractActive   ContractState = "active"    // a version is published
	ContractStuck    ContractState = "stuck"     // no document could be read; the document says why
	ContractEnded    ContractState = "ended"     // expired or terminated
)

// Document is a file that belongs to a contract. Its bytes are in the blob store under their SHA-256.
type Document struct {
	ID           DocumentID    `json:"id"`
	BusinessUnit string        `json:"business_unit"`
	ContractID   ContractID    `json:"contract_id"`
	Filename     string        `json:"filename"`
	MediaType    string        `json:"media_type"` // by content, not by name
	Size         int64         `json:"size"`
	SHA256       string        `json:"sha256"`
	State        DocumentState `json:"state"`
	Reason       string        `json:"reason,omitempty"`   // for a state that is no reading: what it is and what to do
	Progress     string        `json:"progress,omitempty"` // while it is read: "page 3 of 12 is recognised"
	Warnings     []string      `json:"warnings,omitempty"` // open tracked changes, hidden text …
	TextID       TextID        `json:"text_id,omitempty"`
	Reader       string        `json:"reader,omitempty"` // "pdf/1"
	Pages        int           `json:"pages,omitempty"`
	Clauses      []string      `json:"clauses,omitempty"` // categories of the clauses that were found in it; nil where nobody looked
	Source       *RecordRef    `json:"source,omitempty"`
	SourceKey    string        `json:"source_key,omitempty"` // file of a record it came from, to fetch it once
	Attempts     int           `json:"attempts"`
	Revision     int64         `json:"revision"`
	CreatedAt    time.Time     `json:"created_at"`
	UpdatedAt    time.Time     `json:"updated_at"`
}

// DocumentState is where a document is on its way. All but received and reading are final until someone retries.
type DocumentState string

// The states of a document.
const (
	DocumentReceived    DocumentState = "received"
	DocumentReading     DocumentState = "reading"
	DocumentRead        DocumentState = "read"
	DocumentNeedsOCR    DocumentState = "needs_ocr"
	DocumentEncrypted   DocumentState = "encrypted"
	DocumentDamaged     DocumentState = "damaged"
	DocumentUnsupported DocumentState = "unsupported"
	DocumentRejected    DocumentState = "rejected"    // over a limit, dangerous, or pages without words
	DocumentQuarantined DocumentState = "quarantined" // the worker died on it repeatedly
)

// Version is a reviewed reading of a contract, published; immutable.
type Version struct {
	ID            VersionID           `json:"id"`
	BusinessUnit  string              `json:"business_unit"`
	ContractID    ContractID          `json:"contract_id"`
	Number        int                 `json:"number"` // 1, 2, …
	ReviewID      ReviewID            `json:"review_id,omitempty"`
	Terms         []Term              `json:"terms"`
	Obligations   []Obligation        `json:"obligations"`
	Operations    []ReviewedOperation `json:"operations,omitempty"` // what this document does to the contract it amends
	EffectiveFrom calendar.Date       `json:"effective_from,omitempty"`
	PublishedBy   string              `json:"published_by"`
	PublishedAt   time.Time           `json:"published_at"`
}

// ReviewedOperation is an operation that was decided on, with what supports it.
type ReviewedOperation struct {
	Operation
	Evidence   []Evidence `json:"evidence,omitempty"`
	DecidedBy  string     `json:"decided_by,omitempty"`
	DecisionID DecisionID `json:"decision_id,omitempty"`
	DocumentID DocumentID `json:"document_id,omitempty"`
}

// Term finds a term of the version by name.
func (v Version) Term(name string) (Term, bool) {
	for _, t := range v.Terms {
		if t.Name == name {
			return t, true
		}
	}
	return Term{}, false
}

// Extraction is one run of one extractor over one text: what it was given and what it said, kept whole.
type Extraction struct {
	ID           ExtractionID `json:"id"`
	BusinessUnit string       `json:"business_unit"`
	ContractID   ContractID   `json:"contract_id"`
	DocumentID   DocumentID   `json:"document_id"`
	DocumentHash string       `json:"document_hash"`
	TextID       TextID       `json:"text_id"`
	Extractor    string       `json:"extractor"`
	Version      string       `json:"version"`
	Output       string       `json:"output"` // raw, as the extractor gave it
	// What follows is set by extractors that ask another system.
	State      string        `json:"state,omitempty" enum:"done,partial,stopped,failed"`
	Reason     string        `json:"reason,omitempty"` // a sentence, where it did not end well
	Model      string        `json:"model,omitempty"`
	Prompt     string        `json:"prompt,omitempty"`    // version of the prompt
	Privacy    string        `json:"privacy,omitempty"`   // version of the privacy policy
	Request    string        `json:"request,omitempty"`   // everything that was sent, personal data already masked
	UsageIn    int           `json:"usage_in,omitempty"`  // tokens
	UsageOut   int           `json:"usage_out,omitempty"` // tokens
	Calls      int           `json:"calls,omitempty"`
	Cost       *money.Amount `json:"cost,omitempty"`
	StartedAt  time.Time     `json:"started_at"`
	FinishedAt time.Time     `json:"finished_at"`
}

// Spending is what language models used on one day (UTC): settled calls, and calls under way with the most they may use.
type Spending struct {
	ID        SpendingID      `json:"id"`
	Day       calendar.Date   `json:"day"`
	Tokens    int             `json:"tokens"`
	Cost      decimal.Decimal `json:"cost"`
	Currency  string          `json:"currency"`
	Calls     int             `json:"calls"`
	Revision  int64           `json:"revision"`
	UpdatedAt time.Time       `json:"updated_at"`
}

// PlainType tells whether a type is no more than the word for any contract, as some sources give it: what was read says more.
func PlainType(contractType string) bool {
	return contractType == "" || contractType == "contract" || contractType == "agreement"
}

// Candidate is a proposed term or obligation with its evidence, and what was decided on it.
type Candidate struct {
	ID                CandidateID     `json:"id,omitempty"`
	BusinessUnit      string          `json:"business_unit,omitempty"`
	ContractID        ContractID      `json:"contract_id,omitempty"`
	ReviewID          ReviewID        `json:"review_id,omitempty"`
	ContractType      string          `json:"contract_type,omitempty"` // copy, to count what was reviewed of a type
	DocumentID        DocumentID      `json:"document_id,omitempty"`
	Subject           string          `json:"subject"` // "term", "obligation", "operation" (of an amendment) or "reference" (to another contract)
	Name              string          `json:"name"`    // name of the term, key of the obligation, or "operation/1", "amends"
	Label             string          `json:"label,omitempty"`
	Value             *Value          `json:"value,omitempty"`      // set for all but obligations
	Obligation        *Obligation     `json:"obligation,omitempty"` // set for obligations
	Evidence          []Evidence      `json:"evidence,omitempty"`
	Derivation        *Derivation     `json:"derivation,omitempty"`
	Confidence        decimal.Decimal `json:"confidence"`               // 0 to 1, exact: 0.85 passes a limit of 0.85, 0.8499 does not
	OwnConfidence     Confidences     `json:"own_confidence,omitempty"` // as each extractor gave it, before decisions and other extractors moved it; none in older readings
	Verification      Verification    `json:"verification,omitempty"`
	Extractor         string          `json:"extractor,omitempty"` // "grammar/1"
	Ambiguities       []Ambiguity     `json:"ambiguities,omitempty"`
	Rivals            []Candidate     `json:"rivals,omitempty"`  // other readings, best first
	Reasons           []string        `json:"reasons,omitempty"` // why a person must look; empty = passes every gate
	Order             int             `json:"order"`
	State             CandidateState  `json:"state,omitempty"`
	DecidedBy         string          `json:"decided_by,omitempty"`
	DecisionID        DecisionID      `json:"decision_id,omitempty"`
	DecidedValue      *Value          `json:"decided_value,omitempty"`
	DecidedObligation *Obligation     `json:"decided_obligation,omitempty"`
	Revision          int64           `json:"revision,omitempty"`
	CreatedAt         time.Time       `json:"created_at,omitzero"`
	UpdatedAt         time.Time       `json:"updated_at,omitzero"`
}

// Confidences are by extractor, with its version.
type Confidences map[string]decimal.Decimal

// CandidateState is what was decided.
type CandidateState string

// The states of a candidate.
const (
	CandidateOpen       CandidateState = "open"
	CandidateAccepted   CandidateState = "accepted"
	CandidateCorrected  CandidateState = "corrected"
	CandidateRejected   CandidateState = "rejected"
	CandidateNotFound   CandidateState = "not_found"  // required, and no passage says it; reject marks it as absent
	CandidateSuperseded CandidateState = "superseded" // a newer reading took its place
)

// Review is the work on one reading of a contract.
type Review struct {
	ID            ReviewID        `json:"id"`
	BusinessUnit  string          `json:"business_unit"`
	ContractID    ContractID      `json:"contract_id"`
	DocumentID    DocumentID      `json:"document_id"`
	State         ReviewState     `json:"state"`
	PolicyID      PolicyID        `json:"policy_id"`
	PolicyVersion int             `json:"policy_version"`
	Phase         string          `json:"phase"`
	Assignee      string          `json:"assignee,omitempty"`
	Reasons       []string        `json:"reasons,omitempty"` // reasons that hold the whole review
	Open          int             `json:"open"`              // candidates still open
	Total         int             `json:"total"`
	MinConfidence decimal.Decimal `json:"min_confidence"`
	DueAt         time.Time       `json:"due_at,omitzero"`
	FinishedAt    time.Time       `json:"finished_at,omitzero"`
	FinishedBy    string          `json:"finished_by,omitempty"`
	Reviewers     []string        `json:"reviewers,omitempty"` // everybody who decided something in it; they may not approve its money
	Revision      int64           `json:"revision"`
	CreatedAt     time.Time       `json:"created_at"`
	UpdatedAt     time.Time       `json:"updated_at"`
}

// ReviewState is where a review is.
type ReviewState string

// The states of a review.
const (
	ReviewWaiting    ReviewState = "waiting"
	ReviewInReview   ReviewState = "in_review"
	ReviewFinished   ReviewState = "finished"
	ReviewSuperseded ReviewState = "superseded"
)

// Decision is what a person, or the policy, decided on a candidate. Decisions are never changed; restore is a decision.
type Decision struct {
	ID            DecisionID     `json:"id"`
	BusinessUnit  string         `json:"business_unit"`
	ContractID    ContractID     `json:"contract_id"`
	ReviewID      ReviewID       `json:"review_id"`
	CandidateID   CandidateID    `json:"candidate_id"`
	Kind          string         `json:"kind" enum:"accept,correct,reject,restore,phase,answer"` // phase: how far write-back may go was changed by a policy; answer: a question about an amount was answered
	By            string         `json:"by"`                                                     // actor id; "policy" where every gate was passed
	At            time.Time      `json:"at"`
	Reason        string         `json:"reason,omitempty"`
	PolicyVersion int            `json:"policy_version,omitempty"`
	Bulk          bool           `json:"bulk,omitempty"`
	Before        CandidateState `json:"before"`
	Value         *Value         `json:"value,omitempty"`      // corrected value
	Obligation    *Obligation    `json:"obligation,omitempty"` // corrected obligation
	Evidence      []Evidence     `json:"evidence,omitempty"`   // evidence a person chose
}
