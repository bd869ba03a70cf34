package apitest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/notify"
	"github.com/pactloop/pactloop/internal/pact"
)

// Fake is another system: it sends webhooks, has records, files and streams, and takes writes. Tests fill it and read what
// was written. It counts effects by key as a real system would by an external id.
type Fake struct {
	mu       sync.Mutex
	Records  map[string]pact.Record
	Files    map[string][]byte
	Pages    map[pact.Cursor]connector.Page
	Accounts []connector.MatchCandidate // searched by Candidates
	Fields   map[string][]string        // object -> writable fields, for Describe; nil says that the object is not described
	Lengths  map[string]int             // object.field -> characters it takes
	Answer   func(a pact.Action) (pact.Receipt, error)
	Down     error    // what every call fails with
	Verdict  error    // what verifying a webhook fails with
	Hooks    []string // addresses that were registered

	written []pact.Action
	fetched []string
	values  map[string]map[string]any // object/id -> what stands there
}

// NewFake makes an empty system that takes every write.
func NewFake() *Fake {
	return &Fake{Records: map[string]pact.Record{}, Files: map[string][]byte{}, Pages: map[pact.Cursor]connector.Page{}, values: map[string]map[string]any{}, Fields: map[string][]string{}}
}

// Connector is its description.
func (f *Fake) Connector() connector.Connector {
	return connector.Connector{
		Name: "fake", Title: "Fake", Category: "CRM", Webhooks: true,
		Settings: []connector.Setting{{Name: "endpoint", Title: "Address", Kind: connector.KindURL, Required: true}, {Name: "token", Title: "Token", Kind: connector.KindSecret}},
		Streams:  []connector.Stream{{Name: "things", Title: "Things", Every: 5 * time.Minute, Object: "thing"}},
		Actions:  []connector.ActionSpec{{Kind: "update", Title: "Update", Object: "Deal"}, {Kind: "flag", Title: "Mark", Object: "Account"}, {Kind: "upsert", Title: "Create or update"}, {Kind: "comment", Title: "Comment"}},
		Mapping: []pact.ObjectMapping{
			{Object: "Account", For: "contract", Action: "update", Fields: []pact.FieldMapping{
				{Term: "contract_terms", Field: "Summary", Convert: "text", Risk: "summary"},
				{Term: "effective_date", Field: "Effective", Convert: "date", Risk: "low", Source: "AI_Effective"},
				{Term: "notice_period", Field: "Notice", Convert: "days", Risk: "core"},
			}},
			{Object: "Account", For: "review_flag", Action: "flag", Fields: []pact.FieldMapping{}},
			{Object: "Duty", For: "obligation", Action: "upsert", Phase: "full", Fields: []pact.FieldMapping{
				{Term: "obligation.title", Field: "Title", Convert: "text", Risk: "summary"}, {Term: "link.Account", Field: "AccountId", Convert: "text", Risk: "summary"},
			}},
			{Object: "Todo", For: "renewal_task", Action: "upsert", Phase: "conditional", Fields: []pact.FieldMapping{{Term: "task.due_date", Field: "Due", Convert: "date", Risk: "summary"}}},
			{Object: "incident", For: "comment", Action: "comment", Fields: []pact.FieldMapping{{Term: "finding.comment", Field: "text", Convert: "text"}}},
			{Object: "Risk", For: "risk_task", Action: "upsert", Fields: []pact.FieldMapping{{Term: "finding.name", Field: "name", Convert: "text"}, {Term: "finding.status", Field: "status", Convert: "text"}}},
		},
		Open: func(context.Context, connector.Values, connector.Env) (connector.Connection, error) {
			return fakeConnection{f}, nil
		},
	}
}

// Set changes the fake while others use it.
func (f *Fake) Set(change func(*Fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// Written lists the writes that took effect.
func (f *Fake) Written() []pact.Action {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]pact.Action(nil), f.written...)
}

// Fetched lists the records and files that were asked for.
func (f *Fake) Fetched() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.fetched...)
}

type fakeConnection struct{ f *Fake }

// Check says whether the system is up.
func (c fakeConnection) Check(context.Context) error {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	return c.f.Down
}

// Close does nothing.
func (c fakeConnection) Close() error { return nil }

// Verify takes requests whose signature header is "good".
func (c fakeConnection) Verify(_ context.Context, h http.Header, _ []byte) (string, error) {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	if c.f.Verdict != nil {
		return "", c.f.Verdict
	}
	if h.Get("X-Fake-Signature") != "good" || h.Get("X-Fake-Event") == "" {
		return "", fault.New(fault.Denied, "The signature is wrong.")
	}
	return h.Get("X-Fake-Event"), nil
}

// Parse reads {"records": ["id", …]}.
func (c fakeConnection) Parse(_ context.Context, _ map[string]string, body []byte) ([]pact.RecordRef, error) {
	var in struct {
		Records []string `json:"records"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The event is not readable.")
	}
	var out []pact.RecordRef
	for _, id := range in.Records {
		out = append(out, pact.RecordRef{Object: "record", ExternalID: id})
	}
	return out, nil
}

// Fetch gives a record.
func (c fakeConnection) Fetch(_ context.Context, ref pact.RecordRef) (pact.Record, error) {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	c.f.fetched = append(c.f.fetched, ref.ExternalID)
	if c.f.Down != nil {
		return pact.Record{}, c.f.Down
	}
	r, ok := c.f.Records[ref.ExternalID]
	if !ok {
		return r, fault.New(fault.NotFound, "There is no record %s.", ref.ExternalID)
	}
	return r, nil
}

// File gives a file.
func (c fakeConnection) File(_ context.Context, _ pact.RecordRef, key string, limit int64) ([]byte, error) {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	c.f.fetched = append(c.f.fetched, key)
	b := c.f.Files[key]
	if int64(len(b)) > limit {
		return nil, fault.New(fault.Invalid, "The file is larger than %d bytes.", limit)
	}
	return b, nil
}

// Read gives the page at a cursor.
func (c fakeConnection) Read(_ context.Context, _ string, cur pact.Cursor) (connector.Page, error) {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	if c.f.Down != nil {
		return connector.Page{}, c.f.Down
	}
	p, ok := c.f.Pages[cur]
	if !ok {
		return connector.Page{Next: cur}, nil
	}
	return p, nil
}

// Write keeps the action, unless Answer says otherwise.
func (c fakeConnection) Write(_ context.Context, a pact.Action) (pact.Receipt, error) {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	if c.f.Answer != nil {
		r, err := c.f.Answer(a)
		if err != nil {
			return r, err
		}
	}
	c.f.written = append(c.f.written, a)
	id := a.ExternalID
	if id == "" {
		id = fmt.Sprint("x", len(c.f.written))
	}
	c.f.values[a.Object+"/"+id] = a.Fields
	return pact.Receipt{ExternalID: id, Values: a.Fields}, nil
}

// Current gives what stands there.
func (c fakeConnection) Current(_ context.Context, a pact.Action) (map[string]any, error) {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	return c.f.values[a.Object+"/"+a.ExternalID], nil
}

// Describe gives the fields of an object.
func (c fakeConnection) Describe(_ context.Context, object string) (connector.Schema, error) {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	fields, known := c.f.Fields[object]
	if known && fields == nil {
		return connector.Schema{}, fault.New(fault.Unsupported, "The fake does not describe %s.", object)
	}
	s := connector.Schema{Object: object}
	for _, name := range fields {
		s.Fields = append(s.Fields, connector.SchemaField{Name: name, Length: c.f.Lengths[object+"."+name]})
	}
	return s, nil
}

// Candidates gives every account.
func (c fakeConnection) Candidates(context.Context, string, string) ([]connector.MatchCandidate, error) {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	if c.f.Down != nil {
		return nil, c.f.Down
	}
	return append([]connector.MatchCandidate(nil), c.f.Accounts...), nil
}

// RegisterWebhook takes every address.
func (c fakeConnection) RegisterWebhook(_ context.Context, target string) error {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	if c.f.Down != nil {
		return c.f.Down
	}
	c.f.Hooks = append(c.f.Hooks, target)
	return nil
}

// WebhookState knows what was registered.
func (c fakeConnection) WebhookState(_ context.Context, target string) (connector.WebhookState, error) {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	if c.f.Down != nil {
		return connector.WebhookState{}, c.f.Down
	}
	if !slices.Contains(c.f.Hooks, target) {
		return connector.WebhookState{State: "missing"}, nil
	}
	return connector.WebhookState{State: "registered", Events: []string{"signed"}, KeyAt: Start()}, nil
}

// Mail is a mail server that keeps what it gets.
type Mail struct {
	mu   sync.Mutex
	sent []notify.Message
	Fail error // what the next sends fail with
}

// Name of the channel.
func (m *Mail) Name() string { return "email" }

// Send keeps the message.
func (m *Mail) Send(_ context.Context, msg notify.Message) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, msg)
	return m.Fail
}

// Sent lists the messages that were handed over.
func (m *Mail) Sent() []notify.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]notify.Message(nil), m.sent...)
}
