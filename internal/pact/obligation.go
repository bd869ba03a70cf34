package pact

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// Obligation is a duty of one party to another. Params is the typed parameter struct of its kind, decoded strictly by
// package obligation; Key is stable across versions of the register ("resolution_time/P1"), so that an amendment
// changes an obligation and does not make another.
type Obligation struct {
	ID           ObligationID    `json:"id,omitempty"`
	BusinessUnit string          `json:"business_unit,omitempty"`
	ContractID   ContractID      `json:"contract_id,omitempty"`
	VersionID    VersionID       `json:"version_id,omitempty"`
	Key          string          `json:"key"`
	Kind         string          `json:"kind"` // response_time, resolution_time, availability, renewal_notice, …
	Title        string          `json:"title"`
	Bearer       string          `json:"bearer,omitempty"`      // role or name of who owes it
	Beneficiary  string          `json:"beneficiary,omitempty"` // role or name of who is owed
	Deliverable  string          `json:"deliverable,omitempty"`
	Trigger      string          `json:"trigger,omitempty"`
	Frequency    string          `json:"frequency,omitempty"`
	StartDate    calendar.Date   `json:"start_date,omitempty"`
	Params       json.RawMessage `json:"params,omitempty"`
	InForce      calendar.Period `json:"in_force"` // half-open; a later version or an amendment ends it
	Evidence     []Evidence      `json:"evidence,omitempty"`
	Confidence   decimal.Decimal `json:"confidence"`
	Verification Verification    `json:"verification,omitempty"`
	Ambiguities  []Ambiguity     `json:"ambiguities,omitempty"`
	DocumentID   DocumentID      `json:"document_id,omitempty"`
	DecisionID   DecisionID      `json:"decision_id,omitempty"`
	Owner        string          `json:"owner,omitempty"` // e-mail of who looks after it
	Revision     int64           `json:"revision,omitempty"`
	CreatedAt    time.Time       `json:"created_at,omitzero"`
	UpdatedAt    time.Time       `json:"updated_at,omitzero"`
}

// Status is the judgement on an occurrence.
type Status string

// The judgements.
const (
	Pending  Status = "pending"
	OnTrack  Status = "on_track"
	AtRisk   Status = "at_risk"
	Met      Status = "met"
	Breached Status = "breached"
	Excused  Status = "excused"
)

// Occurrence is one due instance of an obligation: a ticket's clock, a month of availability, a renewal.
type Occurrence struct {
	ID           OccurrenceID  `json:"id,omitempty"`
	BusinessUnit string        `json:"business_unit,omitempty"`
	ContractID   ContractID    `json:"contract_id,omitempty"`
	ObligationID ObligationID  `json:"obligation_id,omitempty"`
	Key          string        `json:"key"`     // unique per obligation: ticket number, "2026-03"
	Subject      string        `json:"subject"` // what it is about, shown to people
	Period       calendar.Span `json:"period"`
	DueAt        time.Time     `json:"due_at,omitzero"`
	Assessment   Assessment    `json:"assessment"`
	Status       Status        `json:"status"`             // copy of Assessment.Status, for lists
	EndedOn      calendar.Date `json:"ended_on,omitempty"` // copy of Assessment.EndedOn, to count by day
	NextAt       time.Time     `json:"next_at,omitzero"`
	Revision     int64         `json:"revision,omitempty"`
	CreatedAt    time.Time     `json:"created_at,omitzero"`
	UpdatedAt    time.Time     `json:"updated_at,omitzero"`
}

// Assessment judges an occurrence from parameters, events and a time; a pure function of them.
type Assessment struct {
	Status      Status        `json:"status,omitempty"`
	At          time.Time     `json:"at,omitzero"`     // as of
	DueAt       time.Time     `json:"due_at,omitzero"` // when it is or would be breached; zero while paused without end
	BreachedAt  time.Time     `json:"breached_at,omitzero"`
	EndedAt     time.Time     `json:"ended_at,omitzero"`      // when the clock stopped
	NextAt      time.Time     `json:"next_at,omitzero"`       // next instant at which the status changes if nothing happens
	Elapsed     string        `json:"elapsed,omitempty"`      // "3h36m0s", counted time
	Target      string        `json:"target,omitempty"`       // "4h0m0s"
	Percent     string        `json:"percent,omitempty"`      // exact where it ends, otherwise cut to 6 decimals; shown, never compared
	Threshold   string        `json:"threshold,omitempty"`    // highest at-risk threshold reached, such as "90"
	Measured    string        `json:"measured,omitempty"`     // aggregate kinds: the measured value
	Amount      *money.Amount `json:"amount,omitempty"`       // money that follows, rounded; nil where none or not computable
	AmountState string        `json:"amount_state,omitempty"` // "", needs_charge, ambiguous
	ClaimBy     calendar.Date `json:"claim_by,omitempty"`
	Trace       []TraceStep   `json:"trace,omitempty"`
	EventIDs    []EventID     `json:"event_ids,omitempty"`
	Ambiguities []Ambiguity   `json:"ambiguities,omitempty"`
}

// EndedOn is the day (UTC) on which it was decided: breached, or met in the end; "" while it is open or excused.
func (a Assessment) EndedOn() calendar.Date {
	at := a.At
	switch {
	case a.Status != Met && a.Status != Breached:
		return ""
	case a.Status == Breached && !a.BreachedAt.IsZero():
		at = a.BreachedAt
	case !a.EndedAt.IsZero():
		at = a.EndedAt
	}
	return calendar.DateIn(at, time.UTC)
}

// TraceStep is one line of a computation a person can follow.
type TraceStep struct {
	Rule     string    `json:"rule"` // what is done, in words
	Inputs   string    `json:"inputs,omitempty"`
	Result   string    `json:"result"`
	Clause   string    `json:"clause,omitempty"`
	EventIDs []EventID `json:"event_ids,omitempty"`
}

// Event is what another system reported, with the number it gives. Subject ties events of one thing (a ticket) together.
type Event struct {
	ID               EventID      `json:"id,omitempty"`
	BusinessUnit     string       `json:"business_unit,omitempty"`
	ConnectionID     ConnectionID `json:"connection_id,omitempty"`
	ContractID       ContractID   `json:"contract_id,omitempty"` // "" until matched
	ExternalID       string       `json:"external_id"`           // unique per source; the same again is a repeat
	Kind             string       `json:"kind" enum:"ticket_opened,ticket_responded,ticket_paused,ticket_resumed,ticket_resolved,ticket_reopened,ticket_cancelled,ticket_priority,outage,sample,charge,notice_sent,correction"`
	Subject          string       `json:"subject"`
	OccurredAt       time.Time    `json:"occurred_at"`
	ReceivedAt       time.Time    `json:"received_at,omitzero"`
	Data             EventData    `json:"data"`
	Replaces         EventID      `json:"replaces,omitempty"`          // the event this one corrects; the replaced one no longer counts
	ReplacesExternal string       `json:"replaces_external,omitempty"` // external id of the event this one corrects, as its source names it
	MatchedBy        string       `json:"matched_by,omitempty"`        // why it falls under this contract, in words; without a contract, why none was found
	Ignored          string       `json:"ignored,omitempty"`           // why a person set it aside; "" where nobody did
}

// EventData carries what the kinds of event need; members a kind does not use are absent.
type EventData struct {
	Priority   string           `json:"priority,omitempty"`
	Title      string           `json:"title,omitempty"`
	Customer   string           `json:"customer,omitempty"` // company name there
	CustomerID string           `json:"customer_id,omitempty"`
	Service    string           `json:"service,omitempty"`
	Lead       string           `json:"lead,omitempty"` // assigned lead
	LeadEmail  string           `json:"lead_email,omitempty"`
	Reason     string           `json:"reason,omitempty"`
	State      string           `json:"state,omitempty"`
	EndAt      time.Time        `json:"end_at,omitzero"`    // outage: end, zero while open
	Excluded   string           `json:"excluded,omitempty"` // outage: "maintenance", "customer", "force_majeure"; needs ApprovedBy
	ApprovedBy string           `json:"approved_by,omitempty"`
	Month      string           `json:"month,omitempty"` // charge: "2026-03"
	Amount     *money.Amount    `json:"amount,omitempty"`
	Value      *decimal.Decimal `json:"value,omitempty"`
	RecordID   string           `json:"record_id,omitempty"` // sys_id there, for write-back
	Contract   string           `json:"contract,omitempty"`  // contract number the source names, if any
	URL        string           `json:"url,omitempty"`
}

// Charge is the fee of a service in a month: the base of a credit.
type Charge struct {
	EventID EventID      `json:"event_id,omitempty"`
	Service string       `json:"service"`
	Month   string       `json:"month"`
	Amount  money.Amount `json:"amount"`
}
