package pact

import (
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// RegisterEntry is an obligation of an active contract with its current occurrence: the open one that is due first, what is overdue and
// still owed before all, or the last one where none is open. It is read, never written: the store joins it from obligations, contracts and occurrences.
// What an amendment says of a key that the amended contract has is not a second entry.
type RegisterEntry struct {
	ID             ObligationID  `json:"id"`
	BusinessUnit   string        `json:"business_unit"`
	ContractID     ContractID    `json:"contract_id"`
	FamilyID       ContractID    `json:"family_id"`
	ContractTitle  string        `json:"contract_title"`
	ContractNumber string        `json:"contract_number"`
	Customer       string        `json:"customer"`
	Key            string        `json:"key"`
	Kind           string        `json:"kind"`
	Title          string        `json:"title"`
	Bearer         string        `json:"bearer"`
	Beneficiary    string        `json:"beneficiary"`
	Side           string        `json:"side"`
	Owner          string        `json:"owner"`     // of the obligation, or else of the contract
	OwnOwner       string        `json:"own_owner"` // of the obligation alone; "" where the contract's owner looks after it
	Deliverable    string        `json:"deliverable"`
	Frequency      string        `json:"frequency"`
	StartsOn       calendar.Date `json:"starts_on"`
	EndsOn         calendar.Date `json:"ends_on"`      // first day on which it no longer holds; 9999-12-31 where no end is known
	ListedUntil    calendar.Date `json:"listed_until"` // EndsOn, and without an end while something of it is owed or undecided
	DocumentID     DocumentID    `json:"document_id"`
	// What a master agreement passes to the contract: the obligation there, and whose it is.
	InheritedFrom          ObligationID `json:"inherited_from"`
	InheritedContractID    ContractID   `json:"inherited_contract_id"`
	InheritedContractTitle string       `json:"inherited_contract_title"`
	// What its owner is asked to say of it, and said last: see Obligation.
	CheckInDue   calendar.Date `json:"check_in_due"`
	CheckInState string        `json:"check_in_state"`
	OccurrenceID OccurrenceID  `json:"occurrence_id"`
	Subject      string        `json:"subject"`
	Status       string        `json:"status"` // of the occurrence; "" where nothing has fallen due yet
	DueAt        time.Time     `json:"due_at,omitzero"`
	DueOn        calendar.Date `json:"due_on"`    // last day on which it can be done in time, in the zone of the obligation; of a renewal, the day to send notice by
	DueOrder     string        `json:"due_order"` // DueOn, after every day where there is none, and after those where it is settled and asks for nothing
	Revision     int64         `json:"revision"`
}

// Renewal is a coming or past renewal of an active contract, or an active contract that runs until ended by notice. It is read,
// never written: the store joins it from contracts, obligations of the kind renewal_notice and their occurrences.
type Renewal struct {
	ID             string        `json:"id"` // of the occurrence; of the contract where no obligation watches its renewal
	BusinessUnit   string        `json:"business_unit"`
	ContractID     ContractID    `json:"contract_id"`
	FamilyID       ContractID    `json:"family_id"`
	ContractTitle  string        `json:"contract_title"`
	ContractNumber string        `json:"contract_number"`
	ContractType   string        `json:"contract_type"`
	Customer       string        `json:"customer"`
	Owner          string        `json:"owner"`
	Phase          string        `json:"phase"`
	AutoRenewal    *bool         `json:"auto_renewal,omitempty"`
	TotalValue     *money.Amount `json:"total_value,omitempty"`
	ExpirationDate calendar.Date `json:"expiration_date"`
	Form           string        `json:"form"` // dated, evergreen
	RenewalDate    calendar.Date `json:"renewal_date"`
	SendBy         calendar.Date `json:"send_by"`    // last day to send notice; "" where none is known
	OutlookOn      calendar.Date `json:"outlook_on"` // the earlier of the two: lists of renewals are in its order
	ObligationID   ObligationID  `json:"obligation_id"`
	OccurrenceID   OccurrenceID  `json:"occurrence_id"`
	Status         string        `json:"status"`
}
