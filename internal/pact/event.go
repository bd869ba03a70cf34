package pact

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// Event is what another system reported, with the number it gives. Subject ties events of one thing together: a ticket, an
// invoice, a delivery line, a certificate.
type Event struct {
	ID               EventID      `json:"id,omitempty"`
	BusinessUnit     string       `json:"business_unit,omitempty"`
	ConnectionID     ConnectionID `json:"connection_id,omitempty"`
	ContractID       ContractID   `json:"contract_id,omitempty"` // "" until matched
	ExternalID       string       `json:"external_id"`           // unique per source; the same again is a repeat
	Kind             string       `json:"kind" enum:"ticket_opened,ticket_responded,ticket_paused,ticket_resumed,ticket_resolved,ticket_reopened,ticket_cancelled,ticket_priority,ticket_state,ticket_reassigned,ticket_contact,outage,sample,measurement,survey,charge,invoice,invoice_received,invoice_returned,purchase_order,purchase,usage,credit_note,payment,delivery,delay_excused,submitted,accepted,rejected,milestone,trigger,done,breach,cured,notice_sent,notice_received,renewal_decided,default,index_value,rate,certificate,certificate_cancelled,modification,progress,decision,correction"`
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
	Priority   string    `json:"priority,omitempty"`
	Title      string    `json:"title,omitempty"`
	Customer   string    `json:"customer,omitempty"` // company name there
	CustomerID string    `json:"customer_id,omitempty"`
	Service    string    `json:"service,omitempty"`
	Lead       string    `json:"lead,omitempty"` // assigned lead
	LeadEmail  string    `json:"lead_email,omitempty"`
	Reason     string    `json:"reason,omitempty"`
	State      string    `json:"state,omitempty"`
	EndAt      time.Time `json:"end_at,omitzero"`    // outage: end, zero while open
	Excluded   string    `json:"excluded,omitempty"` // outage, and what is reported of a ticket: "maintenance", "customer", "force_majeure"; needs ApprovedBy
	ApprovedBy string    `json:"approved_by,omitempty"`
	// AnnouncedAt is when planned maintenance was announced to those it concerns (outage, sample).
	AnnouncedAt time.Time `json:"announced_at,omitzero"`

	Month    string           `json:"month,omitempty"` // charge, index value, measurement: "2026-03"; a measurement may name another period: "2026-Q1"
	Amount   *money.Amount    `json:"amount,omitempty"`
	Value    *decimal.Decimal `json:"value,omitempty"`
	RecordID string           `json:"record_id,omitempty"` // sys_id there, for write-back
	Contract string           `json:"contract,omitempty"`  // contract number the source names, if any
	URL      string           `json:"url,omitempty"`

	// Date is the civil date the event stands for (invoice date, date of posting), where it is not the day of OccurredAt in the
	// zone of the contract.
	Date      calendar.Date    `json:"date,omitempty"`
	Until     calendar.Date    `json:"until,omitempty"`     // last day of what begins on Date: an excused delay, a certificate
	Item      string           `json:"item,omitempty"`      // what was bought, measured or triggered: SKU, index series, name of a milestone; what a notice is about: "renewal", "price increase", "claim"
	Line      string           `json:"line,omitempty"`      // line of an order or invoice
	Buyer     string           `json:"buyer,omitempty"`     // company that bought, where several of a group buy under the contract; "" is the party itself
	Reference string           `json:"reference,omitempty"` // the order, invoice or report it is about, where that is not the subject
	Quantity  *decimal.Decimal `json:"quantity,omitempty"`
	Unit      string           `json:"unit,omitempty"`  // unit of measure of Quantity and Price: "each", "box", "kg"
	Price     *money.Amount    `json:"price,omitempty"` // for one Unit
	Tax       *money.Amount    `json:"tax,omitempty"`   // part of Amount
	Freight   *money.Amount    `json:"freight,omitempty"`
	Total     *decimal.Decimal `json:"total,omitempty"`  // sample, measurement: requests, calls, tickets
	Failed    *decimal.Decimal `json:"failed,omitempty"` // of Total: errors, failures
	Lines     []EventLine      `json:"lines,omitempty"`  // of an order or invoice

	Certificate *Certificate `json:"certificate,omitempty"`
}

// EventLine is one line of an order or an invoice.
type EventLine struct {
	Line      string           `json:"line"`
	Item      string           `json:"item,omitempty"`
	Quantity  *decimal.Decimal `json:"quantity,omitempty"`
	Unit      string           `json:"unit,omitempty"`
	Price     *money.Amount    `json:"price,omitempty"`
	Amount    *money.Amount    `json:"amount,omitempty"`    // of the line, without tax; Quantity times Price where absent
	Date      calendar.Date    `json:"date,omitempty"`      // of the line, where it is not that of the order or invoice: promised date, date of service
	Reference string           `json:"reference,omitempty"` // order an invoice line is about, or line of it ("PO-1/2")
}

// Certificate is proof of cover or of compliance, as the certificate itself says.
type Certificate struct {
	Kind              string        `json:"kind"` // general_liability, workers_compensation, cyber, umbrella, iso_27001 …
	Holder            string        `json:"holder,omitempty"`
	Issuer            string        `json:"issuer,omitempty"`
	Rating            string        `json:"rating,omitempty"` // of the insurer: "A-"
	PerOccurrence     *money.Amount `json:"per_occurrence,omitempty"`
	Aggregate         *money.Amount `json:"aggregate,omitempty"`
	From              calendar.Date `json:"from,omitempty"`
	Expires           calendar.Date `json:"expires,omitempty"` // last day of cover
	AdditionalInsured []string      `json:"additional_insured,omitempty"`
	WaiverSubrogation bool          `json:"waiver_of_subrogation,omitempty"`
	CancelNoticeDays  int           `json:"cancellation_notice_days,omitempty"`
}

// Charge is the fee of a service in a month: the base of a credit.
type Charge struct {
	EventID EventID      `json:"event_id,omitempty"`
	Service string       `json:"service"`
	Month   string       `json:"month"`
	Amount  money.Amount `json:"amount"`
	Item    string       `json:"item,omitempty"` // what it is for, where that is not all of the service: "reserved instance upfront"
}

// Alone tells whether an event is settled by itself: it names no subject, or one that any contract may have, such as a
// date, a month or the name of a milestone.
func (e Event) Alone() bool {
	switch e.Kind {
	case "notice_sent", "notice_received", "renewal_decided", "rate", "index_value", "done", "submitted", "milestone", "default", "modification", "progress", "decision":
		return true
	}
	return e.Subject == ""
}

// Matter is what an event is settled with: its subject, or itself where it stands alone.
func (e Event) Matter() string {
	if e.Alone() {
		return "\x00" + string(e.ID)
	}
	return e.Subject
}
