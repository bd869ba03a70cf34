package pact

import (
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// Claim is what people did about the credit of a finding: claimed, agreed, settled, refused or taken back. There is one for each
// finding; Steps keeps every act, and of an act nothing ever changes but whether it is Held. The state of the credit itself is Finding.Credit.
type Claim struct {
	ID           ClaimID       `json:"id"`
	BusinessUnit string        `json:"business_unit"`
	ContractID   ContractID    `json:"contract_id"`
	FindingID    FindingID     `json:"finding_id"`
	State        CreditState   `json:"state"`
	Claimed      *money.Amount `json:"claimed,omitempty"`
	Agreed       *money.Amount `json:"agreed,omitempty"` // may differ from what was claimed
	Settled      *money.Amount `json:"settled,omitempty"`
	Reference    string        `json:"reference,omitempty"` // of the last act that had one: letter, credit note, invoice
	Steps        []ClaimStep   `json:"steps"`
	Revision     int64         `json:"revision"`
	CreatedAt    time.Time     `json:"created_at"`
	UpdatedAt    time.Time     `json:"updated_at"`
}

// ClaimStep is one act.
type ClaimStep struct {
	Kind           string        `json:"kind" enum:"claim,agree,refuse,settle,withdraw,expire"`
	At             time.Time     `json:"at"`
	By             string        `json:"by"`           // actor id; "respond" where the deadline passed
	On             calendar.Date `json:"on,omitempty"` // the day it happened outside, where that is known
	Amount         *money.Amount `json:"amount,omitempty"`
	Reference      string        `json:"reference,omitempty"`
	Reason         string        `json:"reason,omitempty"`
	FindingVersion int           `json:"finding_version"` // the judgement it was based on
	// ApprovalID is the approval that the act needed. A step that is Held does not count: it waits for a second person, who refused it, or
	// it was withdrawn before anybody decided.
	ApprovalID ApprovalID `json:"approval_id,omitempty"`
	Held       string     `json:"held,omitempty" enum:"waiting,refused,withdrawn"`
	ApprovedBy string     `json:"approved_by,omitempty"`
}
