// Package job is work done later, again, or on a schedule.
//
// It owns the argument type of every job, so that one stage enqueues another without importing it, and the small seam
// over River that store uses to add a job in the transaction of the change. It does not own the workers: app binds an
// argument type to a function of a work package. Invariants: a job is added only inside a store change; a job may run
// more than once, so every worker is safe to repeat; every job carries the correlation id of what caused it.
package job

import (
	"time"

	"github.com/pactloop/pactloop/internal/pact"
)

// Args is what a job is given. Kind is its stable name in the queue.
type Args interface{ Kind() string }

// Options change how a job is queued.
type Options struct {
	Queue       string    // "", "read", "exchange", "monitor", "notify"
	Unique      bool      // one job of these arguments at a time (queued or waiting)
	NotBefore   time.Time // wall clock; for retries only
	MaxAttempts int       // default 25
}

// Queued is a job with its options, as store.Tx takes it.
type Queued struct {
	Args    Args
	Options Options
}

// ProcessDelivery turns a committed webhook into references to fetch.
type ProcessDelivery struct {
	DeliveryID pact.DeliveryID `json:"delivery_id"`
}

// Kind names the job.
func (ProcessDelivery) Kind() string { return "process_delivery" }

// FetchRecord gets one record of another system and takes in what it names.
type FetchRecord struct {
	Ref pact.RecordRef `json:"ref"`
}

// Kind names the job.
func (FetchRecord) Kind() string { return "fetch_record" }

// FetchFile gets one file of a record into the blob store.
type FetchFile struct {
	ContractID pact.ContractID `json:"contract_id"`
	Ref        pact.RecordRef  `json:"ref"`
	File       pact.FileRef    `json:"file"`
}

// Kind names the job.
func (FetchFile) Kind() string { return "fetch_file" }

// TakeEnclosures puts the files of a mail into the register. Their bytes are in the blob store.
type TakeEnclosures struct {
	DocumentID pact.DocumentID `json:"document_id"` // the mail
	Files      []Enclosure     `json:"files"`
}

// Enclosure is a file of a mail.
type Enclosure struct {
	Filename string `json:"filename"`
	SHA256   string `json:"sha256"`
}

// Kind names the job.
func (TakeEnclosures) Kind() string { return "take_enclosures" }

// ReadDocument parses a document, runs the extractors and opens a review.
type ReadDocument struct {
	DocumentID pact.DocumentID `json:"document_id"`
}

// Kind names the job.
func (ReadDocument) Kind() string { return "read_document" }

// OpenReview applies the policy to the candidates of a reading.
type OpenReview struct {
	DocumentID pact.DocumentID `json:"document_id"`
}

// Kind names the job.
func (OpenReview) Kind() string { return "open_review" }

// TieReferences ties what waits for a contract: documents whose reviewed reference named a contract that the register did not
// have yet, and that it may have now.
type TieReferences struct {
	ContractID pact.ContractID `json:"contract_id"`
}

// Kind names the job.
func (TieReferences) Kind() string { return "tie_references" }

// ApplyPhases brings contracts whose version is published to the phase that the active review policy gives their type.
type ApplyPhases struct {
	Version int `json:"version"` // of the policy
}

// Kind names the job.
func (ApplyPhases) Kind() string { return "apply_phases" }

// ApplyMapping plans the writes of every published contract again, by a mapping that was replaced.
type ApplyMapping struct {
	ConnectionID pact.ConnectionID `json:"connection_id"`
	Version      int               `json:"version"` // of the mapping
}

// Kind names the job.
func (ApplyMapping) Kind() string { return "apply_mapping" }

// PlanWrites turns a published version into actions for every connection that takes writes, or for the one that is named.
type PlanWrites struct {
	ContractID   pact.ContractID   `json:"contract_id"`
	Version      int               `json:"version"`
	ConnectionID pact.ConnectionID `json:"connection_id,omitempty"`
}

// Kind names the job.
func (PlanWrites) Kind() string { return "plan_writes" }

// FlagReview makes the "needs review" flag in other systems agree with the reviews of a contract.
type FlagReview struct {
	ContractID pact.ContractID `json:"contract_id"`
}

// Kind names the job.
func (FlagReview) Kind() string { return "flag_review" }

// Write performs one action of the outbox.
type Write struct {
	ActionID pact.ActionID `json:"action_id"`
}

// Kind names the job.
func (Write) Kind() string { return "write" }

// Poll reads one stream of a connection from its cursor.
type Poll struct {
	ConnectionID pact.ConnectionID `json:"connection_id"`
	Stream       string            `json:"stream"`
}

// Kind names the job.
func (Poll) Kind() string { return "poll" }

// CheckConnection asks a connection whether it works.
type CheckConnection struct {
	ConnectionID pact.ConnectionID `json:"connection_id"`
}

// Kind names the job.
func (CheckConnection) Kind() string { return "check_connection" }

// Monitor arms the obligations of a newly published version and judges again what is open.
type Monitor struct {
	ContractID pact.ContractID `json:"contract_id"`
	Version    int             `json:"version"`
}

// Kind names the job.
func (Monitor) Kind() string { return "monitor" }

// Assess judges again everything that events can touch: those of one subject, or those listed, or one occurrence. At is
// the instant to judge at: a timer's due instant, or zero for now.
type Assess struct {
	Subject      string            `json:"subject,omitempty"`
	EventIDs     []pact.EventID    `json:"event_ids,omitempty"`
	ContractID   pact.ContractID   `json:"contract_id,omitempty"`
	OccurrenceID pact.OccurrenceID `json:"occurrence_id,omitempty"`
	At           time.Time         `json:"at,omitzero"`
}

// Kind names the job.
func (Assess) Kind() string { return "assess" }

// Respond acts on a finding as it stands: comment, task, mail, approval.
type Respond struct {
	FindingID pact.FindingID `json:"finding_id"`
	Version   int            `json:"version"`
}

// Kind names the job.
func (Respond) Kind() string { return "respond" }

// ExpireClaim ends a credit whose last day to claim is over.
type ExpireClaim struct {
	FindingID pact.FindingID `json:"finding_id"`
}

// Kind names the job.
func (ExpireClaim) Kind() string { return "expire_claim" }

// Escalate tells the next person that nobody has reacted to a finding.
type Escalate struct {
	FindingID pact.FindingID `json:"finding_id"`
}

// Kind names the job.
func (Escalate) Kind() string { return "escalate" }

// CheckIn looks after the next check-in of an obligation: it waits until it is due, and tells who should know that it was missed.
type CheckIn struct {
	ObligationID pact.ObligationID `json:"obligation_id"`
}

// Kind names the job.
func (CheckIn) Kind() string { return "check_in" }

// Send sends one notification.
type Send struct {
	NotificationID pact.NotificationID `json:"notification_id"`
}

// Kind names the job.
func (Send) Kind() string { return "send" }

// MatchEvents looks again for the contract of events that had none, after a contract was published.
type MatchEvents struct {
	BusinessUnit string `json:"business_unit"`
}

// Kind names the job.
func (MatchEvents) Kind() string { return "match_events" }
