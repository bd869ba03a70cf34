// Package connector is what a connector is: settings, streams, actions, webhooks, and the shared way out to other systems.
//
// It owns the description that drives form, validation, masking and reference page, the abilities a connection may have,
// the classes of failure of other systems, and the outbound HTTP stack (timeouts, retries, limits, protection against
// internal addresses). It does not own any vendor's API (connector/<system>) nor when things are read and written
// (exchange). Invariants: a secret is never in an error or a log; reading again from a cursor gives the same records; one
// action key is one effect, however often it is written.
package connector

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/pactloop/pactloop/internal/pact"
)

// Connector describes the code for one system and opens connections to it.
type Connector struct {
	Name     string // "ironclad"
	Title    string // "Ironclad"
	Category string // "CLM", "CRM", "ITSM"
	Guide    string // Markdown: how to set it up there
	Settings []Setting
	Streams  []Stream
	Actions  []ActionSpec
	Webhooks bool
	Mapping  []pact.ObjectMapping                                             // shipped default mapping
	Open     func(ctx context.Context, v Values, env Env) (Connection, error) `json:"-"`
}

// Setting is one value a connection needs.
type Setting struct {
	Name     string
	Title    string
	Help     string
	Kind     string // text, url, secret, number, flag, choice, pem
	Required bool
	Default  string
	Choices  []string
	Pattern  string // regular expression the whole value must match
	// When is "other=value": the setting counts only while the setting other has that value. Empty counts always.
	When string
}

// Stream is something that can be read again and again from a cursor.
type Stream struct {
	Name   string // "records"
	Title  string
	Every  time.Duration // default distance between polls
	Object string
}

// ActionSpec is something that can be written.
type ActionSpec struct {
	Kind   string // "update_record"
	Title  string
	Object string
	Mapped bool // the object's fields come from the mapping
}

// Values are the settings of one connection, secrets in the clear. They live in memory only.
type Values map[string]string

// Env is what a connection may use.
type Env struct {
	ConnectionID pact.ConnectionID
	HTTP         *http.Client // the shared stack; nothing else may be dialled
	Log          *slog.Logger
	Now          func() time.Time // the product's clock; tokens use the wall clock of the HTTP stack
	BaseURL      string           // address of this installation, for webhooks and links
}

// Connection is one configured use of a connector.
type Connection interface {
	Check(ctx context.Context) error
	Close() error
}

// Page is a run of records. Next is the cursor after it; More says that the stream has more right now.
type Page struct {
	Records []pact.Record
	Next    pact.Cursor
	More    bool
}

// Reader reads streams. Again from the same cursor = the same records (and later changes of them).
type Reader interface {
	Read(ctx context.Context, stream string, c pact.Cursor) (Page, error)
}

// Fetcher gets one record by reference, and the files that hang on it.
type Fetcher interface {
	Fetch(ctx context.Context, ref pact.RecordRef) (pact.Record, error)
	// File gives the bytes of a file, refusing more than limit bytes with fault.Invalid.
	File(ctx context.Context, ref pact.RecordRef, key string, limit int64) ([]byte, error)
}

// Writer writes. One effect per a.Key, however often it is called: where the other side takes no key, it finds before
// it creates. The error's class (Failure) decides what happens next.
type Writer interface {
	Write(ctx context.Context, a pact.Action) (pact.Receipt, error)
}

// NeedsReview is the field of an action that raises (true) or takes back (false) the mark "needs review" on a record. Which
// field of the other system that is, the connector knows from its settings.
const NeedsReview = "needs_review"

// Previewer shows what a Write would change, without writing: the values that stand there now.
type Previewer interface {
	Current(ctx context.Context, a pact.Action) (map[string]any, error)
}

// Listener takes webhooks: signature first. It names the delivery (the vendor's event id) so that repeats are known, and
// later reads it into references to fetch. Parse is called from a job, after the raw request was committed.
type Listener interface {
	// Verify checks the signature over the raw body and gives the vendor's event id. A forged request gives fault.Denied.
	Verify(ctx context.Context, header http.Header, body []byte) (eventKey string, err error)
	Parse(ctx context.Context, header map[string]string, body []byte) ([]pact.RecordRef, error)
}

// Registrar makes sure that the other system sends its events to our address. Calling it again changes nothing.
type Registrar interface {
	RegisterWebhook(ctx context.Context, targetURL string) error
	// WebhookState asks the other system how it stands to our address, and for the key that verifies what it sends.
	WebhookState(ctx context.Context, targetURL string) (WebhookState, error)
}

// WebhookState is what another system says of the webhook to our address.
type WebhookState struct {
	State  string    // registered, disabled, missing
	Events []string  // that it sends; with "disabled", that it would send
	Lacks  []string  // events that we read and it does not send: register again
	KeyAt  time.Time // when the key to verify with was fetched; zero where the system has none
}

// Describer shows the other system's fields, for mapping and its validation.
type Describer interface {
	Describe(ctx context.Context, object string) (Schema, error)
}

// Matcher searches the other system for candidates to link a contract to: accounts by name, what belongs to an account
// (opportunities) by the account's id.
type Matcher interface {
	Candidates(ctx context.Context, object, by string) ([]MatchCandidate, error)
}

// MatchCandidate is an object there that may be the one meant.
type MatchCandidate struct {
	Object     string
	ExternalID string
	Name       string
	Address    string
	URL        string
	ParentID   string // account of an opportunity
	Fields     map[string]string
}

// Schema is the shape of an object there.
type Schema struct {
	Object string        `json:"object"`
	Fields []SchemaField `json:"fields"`
}

// SchemaField is one field there.
type SchemaField struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Type     string   `json:"type"`
	Length   int      `json:"length,omitempty"`
	Choices  []string `json:"choices,omitempty"`
	ReadOnly bool     `json:"read_only,omitempty"`
	Required bool     `json:"required,omitempty"`
}

// Failure is the class of an error of another system; exchange turns it into the state of the action.
type Failure string

// The classes.
const (
	FailDenied      Failure = "denied"      // 401 after a fresh token, 403
	FailInvalid     Failure = "invalid"     // values refused
	FailUnmapped    Failure = "unmapped"    // target or field does not exist there
	FailConflict    Failure = "conflict"    // changed there since
	FailUnavailable Failure = "unavailable" // try again; RetryAfter says when, if the other side said so
	FailUncertain   Failure = "uncertain"   // outcome unknown and can not be looked up
)

// Error is a failure of another system, with a sentence for the operator.
type Error struct {
	Class      Failure
	Message    string
	Status     int
	RetryAfter time.Duration
	Err        error
}

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.Err }
