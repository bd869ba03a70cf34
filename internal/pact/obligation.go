package pact

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// Obligation is a duty of one party to another. Params is the typed parameter struct of its kind, decoded strictly by
// package obligation; Key is stable across versions of the register ("resolution_time/P1"), so that an amendment
// changes an obligation and does not make another.
type Obligation struct {
	ID           ObligationID `json:"id,omitempty"`
	BusinessUnit string       `json:"business_unit,omitempty"`
	ContractID   ContractID   `json:"contract_id,omitempty"`
	VersionID    VersionID    `json:"version_id,omitempty"`
	Key          string       `json:"key"`
	Kind         string       `json:"kind"` // response_time, resolution_time, availability, renewal_notice, …
	Title        string       `json:"title"`
	Bearer       string       `json:"bearer,omitempty"`      // role or name of who owes it
	Beneficiary  string       `json:"beneficiary,omitempty"` // role or name of who is owed
	Side         string       `json:"side,omitempty"`        // whose duty it is, found when it is published: ours, theirs, unknown
	Deliverable  string       `json:"deliverable,omitempty"`
	Trigger      string       `json:"trigger,omitempty"`
	Frequency    string       `json:"frequency,omitempty"`
	// What a duty that was read is about (reporting, notice, delivery, …), its measure and what follows where it is not done, in the
	// words of the contract, and the regulations that the clause names.
	Duty         string          `json:"duty,omitempty"`
	Metric       string          `json:"metric,omitempty"`
	Remedy       string          `json:"remedy,omitempty"`
	Regulations  []string        `json:"regulations,omitempty"`
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
	// Cascade passes it to contracts under this one. InheritedFrom is set where it came from a contract above: the obligation there.
	Cascade       *Cascade     `json:"cascade,omitempty"`
	InheritedFrom ObligationID `json:"inherited_from,omitempty"`
	// CheckIn asks its owner to say how it stands, by CheckInDue and at an interval; CheckInState is what was said last.
	CheckIn      *CheckInPlan  `json:"check_in,omitempty"`
	CheckInDue   calendar.Date `json:"check_in_due,omitempty"` // last day (UTC) for the next one; "" where none is due
	CheckInState string        `json:"check_in_state,omitempty"`
	Revision     int64         `json:"revision,omitempty"`
	CreatedAt    time.Time     `json:"created_at,omitzero"`
	UpdatedAt    time.Time     `json:"updated_at,omitzero"`
}

// SaidAs is the kind by which the text says the obligation: of a duty that was read, what it is about. What judges it may be another.
func (o Obligation) SaidAs() string { return cmp.Or(o.Duty, o.Kind) }

// Cascade is the rule by which an obligation of a master agreement holds for each contract under it, too. Of an obligation that was
// passed on it has Owner and CheckIn alone, as the rule had them then: by that a change of the rule reaches what nobody set otherwise.
type Cascade struct {
	// To names the contracts by what they are to the master: sow, order_form, exhibit, child. An amendment is part of what it amends.
	To []string `json:"to,omitempty"`
	// Override is allowed (default): what the contract below states itself under the same key governs there; or forbidden: the master's does.
	Override string `json:"override,omitempty"`
	// Owner looks after what is passed on, by e-mail; "" leaves it to the owner of the contract below.
	Owner string `json:"owner,omitempty"`
	// CheckIn asks that owner to say how it stands.
	CheckIn *CheckInPlan `json:"check_in,omitempty"`
}

// Reaches tells whether the rule passes the obligation to a contract.
func (c *Cascade) Reaches(con Contract) bool {
	return c != nil && con.ParentID != "" && slices.Contains(c.To, con.Relation)
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
	Open         bool          `json:"open,omitempty"`     // copy of Assessment.Open, for lists
	DueOn        calendar.Date `json:"due_on,omitempty"`   // last day on which it can be done in time, in the zone of the obligation; "" where no due time is known
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
	Actual      string        `json:"actual,omitempty"`       // the same time by the clock on the wall, closed hours included, where that is another: "61h15m0s"
	Target      string        `json:"target,omitempty"`       // "4h0m0s"
	Percent     string        `json:"percent,omitempty"`      // exact where it ends, otherwise cut to 6 decimals; shown, never compared
	Threshold   string        `json:"threshold,omitempty"`    // highest at-risk threshold reached, such as "90"
	ThresholdAt time.Time     `json:"threshold_at,omitzero"`  // when it was reached, where that is known to the instant
	Measured    string        `json:"measured,omitempty"`     // aggregate kinds: the measured value
	Amount      *money.Amount `json:"amount,omitempty"`       // money that follows, rounded; nil where none or not computable
	AmountState string        `json:"amount_state,omitempty"` // "", needs_charge, ambiguous
	Amounts     []AmountLine  `json:"amounts,omitempty"`      // every sum of the computation that somebody owes, holds or books; Amount is the one that follows from the judgement
	ClaimBy     calendar.Date `json:"claim_by,omitempty"`
	LevelOnly   bool          `json:"level_only,omitempty"`  // a clock promised for a share of the tickets alone: a ticket that is late counts for the level, and by itself nothing follows
	GovernedBy  ObligationID  `json:"governed_by,omitempty"` // the obligation as the document in force states it: of an amendment, where that replaced it
	// AlsoBy are the other obligations whose clauses a step of the trace names: the clocks that a level counts, the levels of a pool, the
	// versions that govern the other parts of a period.
	AlsoBy      []ObligationID `json:"also_by,omitempty"`
	Trace       []TraceStep    `json:"trace,omitempty"`
	EventIDs    []EventID      `json:"event_ids,omitempty"` // every event that it rests on, those that its steps name among them
	Ambiguities []Ambiguity    `json:"ambiguities,omitempty"`
}

// Open tells whether something is still to come of it: it is not decided, or it is breached and still not done.
func (a Assessment) Open() bool {
	switch a.Status {
	case Pending, OnTrack, AtRisk:
		return true
	case Breached:
		return a.EndedAt.IsZero()
	}
	return false
}

// AmountLine is one sum of an assessment, rounded to the minor unit, with the exact value it was rounded from.
type AmountLine struct {
	Name   string        `json:"name"` // "late interest", "retention held", "2026-03"
	Amount money.Amount  `json:"amount"`
	Exact  string        `json:"exact,omitempty"` // before rounding, where it differs
	On     calendar.Date `json:"on,omitempty"`    // the day it is due, booked or attributed to
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
