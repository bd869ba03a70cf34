package pact

import (
	"encoding/json"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// Finding is a variance that matters, with clause, events, trace and amount. It is corrected by a delta, never edited
// silently: Corrections keeps every earlier judgement.
type Finding struct {
	ID           FindingID     `json:"id"`
	BusinessUnit string        `json:"business_unit"`
	ContractID   ContractID    `json:"contract_id"`
	ObligationID ObligationID  `json:"obligation_id"`
	OccurrenceID OccurrenceID  `json:"occurrence_id"`
	Kind         string        `json:"kind"`                                         // kind of the obligation
	Severity     string        `json:"severity" enum:"info,at_risk,variance,breach"` // variance: money differs from what was agreed, though nobody is in breach; info: nothing is wrong, and something is to be done
	State        FindingState  `json:"state"`
	Title        string        `json:"title"`
	Message      string        `json:"message"` // the alert sentence
	Subject      string        `json:"subject"` // ticket number, month and service
	OccurredAt   time.Time     `json:"occurred_at"`
	Clause       []Evidence    `json:"clause,omitempty"`
	Assessment   Assessment    `json:"assessment"`
	EventIDs     []EventID     `json:"event_ids,omitempty"`
	Amount       *money.Amount `json:"amount,omitempty"` // what it is about; what is owed because of it is the amount of the assessment
	Credit       CreditState   `json:"credit,omitempty"`
	ClaimBy      calendar.Date `json:"claim_by,omitempty"`
	Lead         string        `json:"lead,omitempty"`
	RecordRef    *RecordRef    `json:"record_ref,omitempty"` // the ticket there
	Version      int           `json:"version"`              // 1, then +1 with each correction; part of action keys
	Corrections  []Correction  `json:"corrections,omitempty"`
	ApprovalID   ApprovalID    `json:"approval_id,omitempty"`
	Revision     int64         `json:"revision"`
	CreatedAt    time.Time     `json:"created_at"`
	UpdatedAt    time.Time     `json:"updated_at"`
}

// FindingState is where a finding is.
type FindingState string

// The states of a finding. waived and closed are a person's decision; corrected means it was taken back because of later facts. A
// finding that stands with another sum or verdict is open again, with its Corrections.
const (
	FindingOpen      FindingState = "open"
	FindingConfirmed FindingState = "confirmed"
	FindingCorrected FindingState = "corrected"
	FindingWaived    FindingState = "waived"
	FindingClosed    FindingState = "closed"
)

// CreditState is where money owed because of a finding is. needs_charge: no charge of that month and service is known.
type CreditState string

// The states of a credit.
const (
	CreditNone        CreditState = ""
	CreditNeedsCharge CreditState = "needs_charge"
	CreditAmbiguous   CreditState = "ambiguous"
	CreditWaiting     CreditState = "waiting_approval"
	CreditDue         CreditState = "due"
	CreditRefused     CreditState = "refused"
	CreditClaimed     CreditState = "claimed"
	CreditAgreed      CreditState = "agreed"
	CreditSettled     CreditState = "settled"
	CreditExpired     CreditState = "expired"
)

// Correction says what changed, when it became known, and the difference in money.
type Correction struct {
	At       time.Time     `json:"at"`
	Reason   string        `json:"reason"`
	Earlier  Assessment    `json:"earlier"`
	Severity string        `json:"severity"` // before
	Delta    *money.Amount `json:"delta,omitempty"`
	EventIDs []EventID     `json:"event_ids,omitempty"`
}

// Approval is a decision that must be taken by an approver who did not review the contract.
type Approval struct {
	ID           ApprovalID    `json:"id"`
	BusinessUnit string        `json:"business_unit"`
	ContractID   ContractID    `json:"contract_id"`
	FindingID    FindingID     `json:"finding_id"`
	Kind         string        `json:"kind" enum:"credit,claim,answer"` // claim: an act about a credit, a held step of its claim
	Amount       *money.Amount `json:"amount,omitempty"`
	Limit        *money.Amount `json:"limit,omitempty"`
	State        string        `json:"state" enum:"waiting,approved,refused,withdrawn"`
	Excluded     []string      `json:"excluded,omitempty"` // actors who may not approve (four eyes)
	DecidedBy    string        `json:"decided_by,omitempty"`
	DecidedAt    time.Time     `json:"decided_at,omitzero"`
	Reason       string        `json:"reason,omitempty"`
	// Answer is what waits where it is no credit: an answer to a question that takes something back.
	Answer    *WaitingAnswer `json:"answer,omitempty"`
	Revision  int64          `json:"revision"`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
}

// WaitingAnswer is an answer to a question that waits for a second person, as it was given.
type WaitingAnswer struct {
	ObligationID ObligationID    `json:"obligation_id"`           // that is asked about
	OccurrenceID OccurrenceID    `json:"occurrence_id,omitempty"` // that asks, where no finding does
	OfFinding    bool            `json:"of_finding,omitempty"`    // the finding of the approval asks
	Obligation   string          `json:"obligation"`              // its title
	Question     string          `json:"question"`
	Reading      string          `json:"reading,omitempty"`
	Params       json.RawMessage `json:"params,omitempty"` // instead of a reading
	Reason       string          `json:"reason"`
	By           string          `json:"by"`
	Revision     int64           `json:"revision"` // of the obligation, as the person saw it
	Lowers       []Lowered       `json:"lowers"`
}

// Lowered is what an answer would take back: a breach, or a part of a credit.
type Lowered struct {
	ContractID ContractID    `json:"contract_id,omitempty"`
	FindingID  FindingID     `json:"finding_id,omitempty"`
	Title      string        `json:"title"` // of the obligation, with what the occurrence is about
	Was        Status        `json:"was,omitempty"`
	Is         Status        `json:"is,omitempty"` // absent where there is no such occurrence any more
	WasAmount  *money.Amount `json:"was_amount,omitempty"`
	IsAmount   *money.Amount `json:"is_amount,omitempty"`
	Note       string        `json:"note,omitempty"` // instead: why it can not be told what is taken back
}

// Notification is a message to a person. possibly_sent: the server's answer was lost; it is not sent again.
type Notification struct {
	ID           NotificationID `json:"id"`
	BusinessUnit string         `json:"business_unit"`
	Key          string         `json:"key"` // unique; also the Message-ID
	Channel      string         `json:"channel"`
	Recipient    string         `json:"recipient"`
	Subject      string         `json:"subject"`
	Body         string         `json:"body"`
	ContractID   ContractID     `json:"contract_id,omitempty"`
	FindingID    FindingID      `json:"finding_id,omitempty"`
	// Of a check-in that is due or was missed: the obligation, the day it was due, how far up the path the person stands (0 looks after the
	// obligation), and what became of it. dropped: nothing is asked any more, or by another day.
	ObligationID ObligationID  `json:"obligation_id,omitempty"`
	DueOn        calendar.Date `json:"due_on,omitempty"`
	Level        int           `json:"level,omitempty"`
	CheckIn      string        `json:"check_in,omitempty" enum:"due,overdue,answered,dropped"`
	State        string        `json:"state" enum:"pending,sent,possibly_sent,failed"`
	Reason       string        `json:"reason,omitempty"`
	Attempts     int           `json:"attempts"`
	Revision     int64         `json:"revision"`
	CreatedAt    time.Time     `json:"created_at"`
	UpdatedAt    time.Time     `json:"updated_at"`
}
