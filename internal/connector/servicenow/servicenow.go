// Package servicenow connects to ServiceNow, a system for IT service management.
//
// It owns the description of the connection, the Table API as far as it is used, and how an incident with its history
// becomes events. It does not own clocks (obligation), which contract a ticket falls under (exchange), nor the text of a
// comment (respond). Invariants: the same history gives the same events under the same ids, however often it is read; a
// corrected time gives a new event that names the one it replaces; a comment of one key is posted once, and never where
// it can not be looked up.
package servicenow

import (
	"bytes"
	"context"
	_ "embed" // the guide shown in the UI, and the default mapping
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/connector/sweep"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

//go:embed README.md
var guide string

// mapping is the shipped default.
//
//go:embed mapping.json
var mapping []byte

const namePattern = `[a-z][a-z0-9_]{0,79}`

// Connector describes the connector.
func Connector() connector.Connector {
	return connector.Connector{
		Name: "servicenow", Title: "ServiceNow", Category: "ITSM", Guide: guide,
		Settings: []connector.Setting{
			{Name: "base_url", Title: "Address of the instance", Kind: connector.KindURL, Required: true, Help: "https://yourinstance.service-now.com"},
			{Name: "auth", Title: "Sign-in", Kind: connector.KindChoice, Choices: []string{"basic", "oauth"}, Default: "basic", Required: true},
			{Name: "username", Title: "User name", Kind: connector.KindText, Required: true, When: "auth=basic"},
			{Name: "password", Title: "Password", Kind: connector.KindSecret, Required: true, When: "auth=basic"},
			{Name: "client_id", Title: "Client id", Kind: connector.KindText, Required: true, When: "auth=oauth"},
			{Name: "client_secret", Title: "Client secret", Kind: connector.KindSecret, Required: true, When: "auth=oauth"},
			{Name: "incident_query", Title: "Only incidents where", Kind: connector.KindText, Pattern: `[^\n]{1,500}`, Help: "An encoded query, such as companyISNOTEMPTY."},
			{Name: "start", Title: "Read from", Kind: connector.KindText, Pattern: `\d{4}-\d{2}-\d{2}`, Help: "Date of the oldest change to read, such as 2026-01-01; empty reads everything."},
			{Name: "response_field", Title: "Field of the first response", Kind: connector.KindText, Default: "u_first_response_at", Pattern: namePattern},
			{Name: "contract_field", Title: "Field of the contract number", Kind: connector.KindText, Default: "u_contract_number", Pattern: namePattern},
		},
		Streams: []connector.Stream{
			{Name: "incidents", Title: "Incidents", Every: time.Minute, Object: "incident"},
			{Name: "outages", Title: "Outages", Every: 5 * time.Minute, Object: "outage"},
		},
		Actions: []connector.ActionSpec{{Kind: "add_comment", Title: "Add a work note or a comment to an incident", Object: "incident"}},
		Mapping: connector.ShippedMapping(mapping),
		Open:    open,
	}
}

// pageSize keeps the addresses of the queries for the history of a page short enough.
const pageSize = 50

// overlap is how much later than its sys_updated_on a row may become visible.
const overlap = 2 * time.Minute

// Connection is one configured use of ServiceNow.
type Connection struct {
	api           *outbound.API
	log           *slog.Logger
	now           func() time.Time
	base          string
	user          string // our own, whose comments are no response
	start         time.Time
	condition     string
	responseField string
	contractField string

	mu    sync.Mutex
	users map[string]user // by sys_id
	blind bool            // the history can not be read; said once
}

func open(_ context.Context, v connector.Values, env connector.Env) (connector.Connection, error) {
	v, err := Connector().Validate(v)
	if err != nil {
		return nil, err
	}
	c := &Connection{
		log: env.Log, now: env.Now, base: strings.TrimSuffix(v["base_url"], "/"), user: v["username"], condition: v["incident_query"],
		responseField: v["response_field"], contractField: v["contract_field"], users: map[string]user{},
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if v["start"] != "" {
		if c.start, err = time.Parse(time.DateOnly, v["start"]); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "The setting start is not a date such as 2026-01-01.")
		}
	}
	secrets := outbound.NewRedactor(Connector().Secrets(v)...)
	var auth outbound.Auth = outbound.Basic{User: v["username"], Password: v["password"]}
	secrets.Add(v["username"] + ":" + v["password"]) // its base64 form is the header
	if v["auth"] == "oauth" {
		auth = outbound.NewOAuth(outbound.OAuthConfig{
			HTTP: env.HTTP, System: "ServiceNow", TokenURL: c.base + "/oauth_token.do", Secrets: secrets,
			Form: outbound.ClientCredentials(v["client_id"], v["client_secret"], ""),
		})
	}
	// ServiceNow's limits are set by its administrator; 429 with Retry-After tells of them.
	c.api = outbound.NewAPI(outbound.APIConfig{HTTP: env.HTTP, System: "ServiceNow", Base: c.base + "/api/now", Auth: auth, Secrets: secrets, Explain: explain})
	return c, nil
}

// explain reads {"error":{"message","detail"}}.
func explain(status int, body []byte) (connector.Failure, string) {
	var e struct {
		Error struct {
			Message string `json:"message"`
			Detail  string `json:"detail"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &e) != nil {
		return "", ""
	}
	message := strings.TrimSpace(e.Error.Message + " " + e.Error.Detail)
	if status == http.StatusBadRequest && strings.HasPrefix(e.Error.Message, "Invalid table") {
		return connector.FailUnmapped, message
	}
	return "", message
}

// Check reads one incident.
func (c *Connection) Check(ctx context.Context) error {
	_, err := c.table(ctx, "incident", "ORDERBYsys_id", []string{"sys_id"}, 1, 0)
	return err
}

// Close gives back nothing: the HTTP client belongs to its maker.
func (c *Connection) Close() error { return nil }

// Read reads incidents or outages changed since the cursor, each with its events.
func (c *Connection) Read(ctx context.Context, stream string, cursor pact.Cursor) (connector.Page, error) {
	table, condition, fields := "", "", []string(nil)
	switch stream {
	case "incidents":
		table, condition, fields = "incident", c.condition, c.incidentFields()
	case "outages":
		table, fields = "cmdb_ci_outage", outageFields()
	default:
		return connector.Page{}, fault.New(fault.NotFound, "ServiceNow has no stream %q.", stream)
	}
	told, err := recall(cursor)
	if err != nil {
		return connector.Page{}, err
	}
	found := map[string]record{}
	rows, next, more, err := sweep.Next(ctx, told.Sweep, sweep.Config{
		Start: c.start, Overlap: overlap, Now: c.now, Size: pageSize,
		List: func(ctx context.Context, since time.Time, page int) ([]sweep.Row, error) {
			list, err := c.table(ctx, table, changedSince(condition, since), fields, pageSize, page*pageSize)
			if err != nil {
				return nil, err
			}
			out := make([]sweep.Row, len(list))
			for i, r := range list {
				found[r.id()] = r
				out[i] = sweep.Row{ID: r.id(), At: r.time("sys_updated_on"), Raw: r.raw}
			}
			return out, nil
		},
	})
	if err != nil {
		return connector.Page{}, err
	}
	fresh := make([]record, len(rows))
	for i, row := range rows {
		fresh[i] = found[row.ID]
	}
	page := connector.Page{More: more}
	if stream == "outages" {
		page.Records, err = c.outages(ctx, fresh, told)
	} else {
		page.Records, err = c.incidents(ctx, fresh, told)
	}
	if err != nil {
		return connector.Page{}, err
	}
	page.Next, err = told.cursor(next)
	return page, err
}

// changedSince asks in an order that never depends on the database: by time, then by id.
func changedSince(condition string, since time.Time) string {
	var parts []string
	if condition != "" {
		parts = append(parts, condition)
	}
	if !since.IsZero() {
		parts = append(parts, "sys_updated_on>="+since.UTC().Format(timeForm))
	}
	return strings.Join(append(parts, "ORDERBYsys_updated_on", "ORDERBYsys_id"), "^")
}

// Fetch reads one incident with its events.
func (c *Connection) Fetch(ctx context.Context, ref pact.RecordRef) (pact.Record, error) {
	if ref.Object != "incident" {
		return pact.Record{}, fault.New(fault.Unsupported, "ServiceNow objects of kind %.80q are not fetched one by one.", ref.Object)
	}
	r, err := c.incident(ctx, ref.ExternalID, c.incidentFields())
	if err != nil {
		return pact.Record{}, err
	}
	out, err := c.incidents(ctx, []record{r}, &memory{})
	if err != nil {
		return pact.Record{}, err
	}
	return out[0], nil
}

// File is not offered: no contract is read from ServiceNow.
func (c *Connection) File(context.Context, pact.RecordRef, string, int64) ([]byte, error) {
	return nil, fault.New(fault.Unsupported, "Files of ServiceNow are not read.")
}

func (c *Connection) incident(ctx context.Context, id string, fields []string) (record, error) {
	if !isSysID(id) {
		return record{}, connector.Fail(connector.FailUnmapped, "It is not known which incident in ServiceNow is meant.")
	}
	q := url.Values{"sysparm_display_value": {"all"}, "sysparm_exclude_reference_link": {"true"}, "sysparm_fields": {strings.Join(fields, ",")}}
	var answer struct {
		Result json.RawMessage `json:"result"`
	}
	if _, err := c.api.JSON(ctx, outbound.Call{Method: http.MethodGet, Path: "/table/incident/" + id, Query: q}, &answer); err != nil {
		return record{}, err
	}
	return decodeRecord(answer.Result)
}

// table reads rows. It does not trust the condition: callers check what they rely on.
func (c *Connection) table(ctx context.Context, table, query string, fields []string, limit, offset int) ([]record, error) {
	q := url.Values{
		"sysparm_query": {query}, "sysparm_limit": {strconv.Itoa(limit)}, "sysparm_offset": {strconv.Itoa(offset)},
		"sysparm_display_value": {"all"}, "sysparm_exclude_reference_link": {"true"}, "sysparm_no_count": {"true"},
		"sysparm_fields": {strings.Join(fields, ",")},
	}
	var answer struct {
		Result []json.RawMessage `json:"result"`
	}
	// Old instances answer 404 where a table has no matching row.
	reply, err := c.api.Do(ctx, outbound.Call{Method: http.MethodGet, Path: "/table/" + table, Query: q, Accept: []int{http.StatusNotFound}})
	if err != nil {
		return nil, err
	}
	if reply.Status == http.StatusNotFound {
		if bytes.Contains(reply.Body, []byte("No Record found")) {
			return nil, nil
		}
		return nil, &connector.Error{Class: connector.FailUnmapped, Status: reply.Status, Message: "ServiceNow does not know the table " + table + "."}
	}
	if err := json.Unmarshal(reply.Body, &answer); err != nil {
		return nil, connector.Fail(connector.FailUnavailable, "ServiceNow answered with something that is not the JSON it describes; a sleeping instance does that.")
	}
	out := make([]record, 0, len(answer.Result))
	for _, raw := range answer.Result {
		r, err := decodeRecord(raw)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func isSysID(s string) bool {
	return len(s) == 32 && !strings.ContainsFunc(s, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'f') })
}

// What a connection can do.
var (
	_ connector.Reader    = (*Connection)(nil)
	_ connector.Fetcher   = (*Connection)(nil)
	_ connector.Writer    = (*Connection)(nil)
	_ connector.Previewer = (*Connection)(nil)
)
