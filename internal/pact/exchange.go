package pact

import (
	"encoding/json"
	"time"
)

// Connection is one configured use of a connector.
type Connection struct {
	ID               ConnectionID           `json:"id"`
	BusinessUnit     string                 `json:"business_unit"`
	Connector        string                 `json:"connector"` // name in the catalog
	Name             string                 `json:"name"`
	Enabled          bool                   `json:"enabled"`
	Settings         map[string]string      `json:"settings"`          // plain settings
	Secrets          map[string]string      `json:"secrets,omitempty"` // encrypted; the API shows "set" instead
	AllowHosts       []string               `json:"allow_hosts"`       // internal addresses this connection may reach; empty by default
	Streams          map[string]StreamState `json:"streams,omitempty"`
	Health           Health                 `json:"health"`
	SettingsRevision int64                  `json:"settings_revision"` // moves only when a person changes the settings
	Revision         int64                  `json:"revision"`
	CreatedAt        time.Time              `json:"created_at"`
	UpdatedAt        time.Time              `json:"updated_at"`
}

// StreamState is how far a stream was read.
type StreamState struct {
	Cursor  Cursor    `json:"cursor"`
	ReadAt  time.Time `json:"read_at,omitzero"`
	Records int64     `json:"records"`
	Error   string    `json:"error,omitempty"`
}

// Health of a connection as last seen.
type Health struct {
	State     string    `json:"state" enum:"unknown,ok,degraded,down"`
	Reason    string    `json:"reason,omitempty"`
	CheckedAt time.Time `json:"checked_at,omitzero"`
	LastOKAt  time.Time `json:"last_ok_at,omitzero"`
	Failures  int       `json:"failures"`
}

// Cursor is an opaque position in a stream, as the connector made it.
type Cursor string

// Record is one thing a connector read: Fields is the native object, kept as it came.
type Record struct {
	Object     string          `json:"object"` // "record", "workflow", "incident", "outage" …
	ExternalID string          `json:"external_id"`
	Version    string          `json:"version,omitempty"` // sys_mod_count, lastUpdated … where there is one
	UpdatedAt  time.Time       `json:"updated_at,omitzero"`
	Deleted    bool            `json:"deleted,omitempty"`
	Fields     json.RawMessage `json:"fields,omitempty"`
	// Contract, Files and Events are the mapping of the record to our nouns, made by the connector.
	Contract *ContractFacts `json:"contract,omitempty"`
	Files    []FileRef      `json:"files,omitempty"`
	Events   []Event        `json:"events,omitempty"`
	// Refs are further records to fetch (a workflow's recordIds).
	Refs []RecordRef `json:"refs,omitempty"`
}

// ContractFacts is what a source system says of a contract. It is not reviewed and never overrides a reviewed term.
type ContractFacts struct {
	Title    string            `json:"title"`
	Number   string            `json:"number,omitempty"`
	Type     string            `json:"type,omitempty"`
	Customer string            `json:"customer,omitempty"`
	Address  string            `json:"address,omitempty"`
	Owner    string            `json:"owner,omitempty"`
	ParentID string            `json:"parent_id,omitempty"` // external id of the parent record
	Relation string            `json:"relation,omitempty"`  // amendment, sow, child
	Status   string            `json:"status,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
}

// FileRef names a file to fetch from where a record came from.
type FileRef struct {
	Key       string `json:"key"`
	Filename  string `json:"filename"`
	MediaType string `json:"media_type,omitempty"`
	Signed    bool   `json:"signed,omitempty"`  // the executed copy
	Version   string `json:"version,omitempty"` // hash, date or number of the file where the system tells one; otherwise the record's version counts
}

// Delivery is a raw webhook request, committed before its 2xx.
type Delivery struct {
	ID           DeliveryID        `json:"id"`
	BusinessUnit string            `json:"business_unit"`
	ConnectionID ConnectionID      `json:"connection_id"`
	EventKey     string            `json:"event_key"` // the vendor's event id; unique per connection
	Headers      map[string]string `json:"headers"`
	Body         string            `json:"body"`
	State        string            `json:"state" enum:"received,processed,ignored,failed"`
	Reason       string            `json:"reason,omitempty"`
	Repeats      int               `json:"repeats"` // how often the same event id came again
	ReceivedAt   time.Time         `json:"received_at"`
	ProcessedAt  time.Time         `json:"processed_at,omitzero"`
	Revision     int64             `json:"revision"`
}

// Action is one outside effect, kept in the outbox. Key is derived from what caused it, the target and the version: the
// same key is the same effect, however often it is tried.
type Action struct {
	ID           ActionID       `json:"id"`
	BusinessUnit string         `json:"business_unit"`
	Key          string         `json:"key"`
	ConnectionID ConnectionID   `json:"connection_id"`
	ContractID   ContractID     `json:"contract_id,omitempty"`
	FindingID    FindingID      `json:"finding_id,omitempty"`
	Kind         string         `json:"kind"`                  // one of the connector's actions: update_record, upsert_obligation, add_comment …
	Object       string         `json:"object"`                // Opportunity, Contract_Obligation__c, incident …
	ExternalID   string         `json:"external_id,omitempty"` // the object there, where known
	TargetKey    string         `json:"target_key,omitempty"`  // our stable key of an object that is found or created there (obl_…, fnd_…): the same for every version of its fields
	Fields       map[string]any `json:"fields"`
	Before       map[string]any `json:"before,omitempty"` // what stood there, seen at write time
	State        ActionState    `json:"state"`
	Reason       string         `json:"reason,omitempty"`
	Attempts     int            `json:"attempts"`
	NextAt       time.Time      `json:"next_at,omitzero"`
	Receipt      *Receipt       `json:"receipt,omitempty"`
	Revision     int64          `json:"revision"`
	CreatedAt    time.Time      `json:"created_at"`
	UpdatedAt    time.Time      `json:"updated_at"`
}

// ActionState tells what became of an action; each failure is its own state with its own way forward.
type ActionState string

// The states of an action.
const (
	ActionPending     ActionState = "pending"
	ActionDone        ActionState = "done"
	ActionDenied      ActionState = "denied"      // the other system refused our right: change permissions, then replay
	ActionUnmapped    ActionState = "unmapped"    // no target known: confirm the match or the mapping
	ActionInvalid     ActionState = "invalid"     // the other system refused the values: correct, then replay
	ActionConflict    ActionState = "conflict"    // a person changed it there: choose whose value stands
	ActionUnavailable ActionState = "unavailable" // out of retries; replay when it is back
	ActionNeedsCheck  ActionState = "needs_check" // outcome unknown and can not be looked up: a person looks
	ActionWithdrawn   ActionState = "withdrawn"   // no longer wanted
)

// Receipt is what the other system answered.
type Receipt struct {
	ExternalID string         `json:"external_id"`
	Version    string         `json:"version,omitempty"`
	URL        string         `json:"url,omitempty"`
	At         time.Time      `json:"at"`
	Found      bool           `json:"found,omitempty"`  // the effect was there already: an earlier try whose answer was lost
	Values     map[string]any `json:"values,omitempty"` // what stands there now, to know our own echo
}

// Link ties a contract to an object of another system, with why.
type Link struct {
	ID           LinkID       `json:"id"`
	BusinessUnit string       `json:"business_unit"`
	ContractID   ContractID   `json:"contract_id"`
	ConnectionID ConnectionID `json:"connection_id"`
	Object       string       `json:"object"`
	ExternalID   string       `json:"external_id"` // "" while ambiguous or not found
	Name         string       `json:"name"`
	URL          string       `json:"url,omitempty"`
	State        string       `json:"state" enum:"matched,ambiguous,not_found,confirmed"`
	Explanation  []string     `json:"explanation,omitempty"` // why, line by line
	Options      []LinkOption `json:"options,omitempty"`     // what a person can choose from
	Revision     int64        `json:"revision"`
	CreatedAt    time.Time    `json:"created_at"`
	UpdatedAt    time.Time    `json:"updated_at"`
}

// LinkOption is one object a contract could be linked to.
type LinkOption struct {
	ExternalID  string   `json:"external_id"`
	Name        string   `json:"name"`
	Address     string   `json:"address,omitempty"`
	Score       string   `json:"score"` // 0 to 1
	Explanation []string `json:"explanation,omitempty"`
}

// Timer is a moment at which something must be looked at again. Unique by kind and ref.
type Timer struct {
	ID    TimerID   `json:"id"`
	Kind  string    `json:"kind"`
	Ref   string    `json:"ref"`
	DueAt time.Time `json:"due_at"`
}

// Policy is versioned data that decides what a person must look at, or what needs approval.
type Policy struct {
	ID           PolicyID        `json:"id"`
	Kind         string          `json:"kind" enum:"review,approval,engines,privacy,escalation"`
	Version      int             `json:"version"`
	Active       bool            `json:"active"`
	Body         json.RawMessage `json:"body"`
	Note         string          `json:"note"`
	Report       json.RawMessage `json:"report,omitempty"` // the comparison with the version before, on which it was promoted
	RolledBackTo *int            `json:"rolled_back_to,omitempty" doc:"the version that this one brought back; 0 is the shipped default"`
	State        PolicyState     `json:"state"`
	CreatedBy    string          `json:"created_by"`
	CreatedAt    time.Time       `json:"created_at"`
	DecidedBy    string          `json:"decided_by,omitempty"` // who confirmed or refused a proposal; never who made it
	DecidedAt    time.Time       `json:"decided_at,omitzero"`
	Reason       string          `json:"reason,omitempty"`
	Revision     int64           `json:"revision"`
}

// PolicyState is where a version of a policy stands.
type PolicyState string

// The states of a version.
const (
	PolicyProposed PolicyState = "proposed" // waits for a second person; the active version stands
	PolicyActive   PolicyState = "active"
	PolicyReplaced PolicyState = "replaced" // by a later version, or a later proposal
	PolicyRefused  PolicyState = "refused"
)

// Mapping is versioned data: which term goes to which field of an object there.
type Mapping struct {
	ID           MappingID       `json:"id"`
	BusinessUnit string          `json:"business_unit"`
	ConnectionID ConnectionID    `json:"connection_id"`
	Version      int             `json:"version"`
	Active       bool            `json:"active"`
	Objects      []ObjectMapping `json:"objects"`
	CreatedAt    time.Time       `json:"created_at"`
	Revision     int64           `json:"revision"`
}

// ObjectMapping maps terms to the fields of one object.
type ObjectMapping struct {
	Object string         `json:"object"`                                                                    // "Opportunity", "record"
	For    string         `json:"for" enum:"contract,obligation,renewal_task,risk_task,review_flag,comment"` // what of ours it is written for
	Action string         `json:"action"`                                                                    // kind of the connector action that writes it
	Phase  string         `json:"phase,omitempty" enum:"assisted,conditional,full"`                          // lowest phase in which it is written at all; "" = assisted
	Fields []FieldMapping `json:"fields"`
}

// FieldMapping sends one term to one field. Convert names a conversion: date, days, yes_no, number, text, html, duration_months.
type FieldMapping struct {
	Term     string `json:"term"`
	Field    string `json:"field"`
	Convert  string `json:"convert"`
	Risk     string `json:"risk,omitempty" enum:"summary,low,core"` // summary may be written in every phase, low from conditional on, core (default) only in full
	Const    string `json:"const,omitempty"`                        // a fixed value instead of a term, such as the stage "Contract Executed"
	Source   string `json:"source,omitempty"`                       // sibling field that holds the AI-extracted value, such as AI_Extracted_Renewal_Date__c
	Conflict string `json:"conflict,omitempty" enum:"ours,theirs,newest,ask"`
	Length   int    `json:"length,omitempty" minimum:"0" doc:"Characters that the field takes; a longer text is cut at a word and ends in …."`
}
