// Package ironclad connects to Ironclad, a system for contract lifecycle management.
//
// It owns the description of the connection, Ironclad's public API v1 as far as it is used (workflows, records,
// attachments, obligations, webhooks), and what its records mean in our nouns. It does not own when anything is read or
// written (exchange) nor which term goes to which property (the mapping). Invariants: a webhook counts only with a valid
// signature over its raw bytes; an obligation of one key is created once; a property is written only when it differs.
package ironclad

import (
	"context"
	_ "embed" // the guide shown in the UI, and the default mapping
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
)

//go:embed README.md
var guide string

// mapping is the shipped default.
//
//go:embed mapping.json
var mapping []byte

// Connector describes the connector.
func Connector() connector.Connector {
	return connector.Connector{
		Name: "ironclad", Title: "Ironclad", Category: "CLM", Guide: guide, Webhooks: true,
		Settings: []connector.Setting{
			{Name: "base_url", Title: "Address of the API", Kind: connector.KindURL, Required: true, Default: "https://na1.ironcladapp.com/public/api/v1", Help: "Ends in /public/api/v1."},
			{Name: "auth", Title: "Sign-in", Kind: connector.KindChoice, Choices: []string{"oauth", "bearer"}, Default: "oauth", Required: true},
			{Name: "token_url", Title: "Address for tokens", Kind: connector.KindURL, When: "auth=oauth", Help: "Empty is /oauth/token on the host of the API."},
			{Name: "client_id", Title: "Client id", Kind: connector.KindText, Required: true, When: "auth=oauth"},
			{Name: "client_secret", Title: "Client secret", Kind: connector.KindSecret, Required: true, When: "auth=oauth"},
			{Name: "scope", Title: "Scopes", Kind: connector.KindText, When: "auth=oauth", Help: "Separated by spaces; empty asks for all that the application has."},
			{Name: "token", Title: "Bearer token", Kind: connector.KindSecret, Required: true, When: "auth=bearer"},
			{Name: "as_user_email", Title: "Acts as user", Kind: connector.KindText, Pattern: `[^@\s]+@[^@\s]+`, Help: "E-mail address; required by Ironclad for client credentials."},
			{Name: "record_types", Title: "Record types", Kind: connector.KindText, Pattern: `[A-Za-z0-9_-]+(,[A-Za-z0-9_-]+)*`, Help: "Read only these, separated by commas; empty reads all."},
			{Name: "key_property", Title: "Property for our key", Kind: connector.KindText, Default: "pactloopKey", Pattern: `[A-Za-z0-9_]+|none`, Help: "none keeps the key at the end of an obligation's name instead."},
			{Name: "obligation_type", Title: "Obligation type", Kind: connector.KindText, Default: "sla_risk", Help: "Key of the obligation type for new obligations."},
		},
		Streams: []connector.Stream{{Name: "records", Title: "Records", Every: 5 * time.Minute, Object: "record"}},
		Actions: []connector.ActionSpec{
			{Kind: "update_record", Title: "Write properties of a record", Object: "record", Mapped: true},
			{Kind: "create_obligation", Title: "Create an obligation of a record", Object: "obligation"},
			{Kind: "upsert_obligation", Title: "Create an obligation of our own key, or write its properties", Object: "obligation"},
			{Kind: "update_obligation", Title: "Write properties of an obligation", Object: "obligation"},
		},
		Mapping: connector.ShippedMapping(mapping),
		Open:    open,
	}
}

// Connection is one configured use of Ironclad.
type Connection struct {
	api         *outbound.API
	now         func() time.Time
	webBase     string
	types       string
	keyProperty string // "" keeps the key in the name
	obligation  string

	mu       sync.Mutex
	key      *verificationKey
	renewals []time.Time // when a delivery that did not fit made us ask for the key; wall clock
}

// Buckets of Ironclad's limits, in calls a minute (their page of 2026-08-18), a tenth left for other users of the token.
func limits() map[string]rate.Limit {
	return map[string]rate.Limit{"records_read": 540. / 60, "records_write": 90. / 60, "workflows_read": 360. / 60, "other": 120. / 60}
}

func open(_ context.Context, v connector.Values, env connector.Env) (connector.Connection, error) {
	v, err := Connector().Validate(v)
	if err != nil {
		return nil, err
	}
	secrets := outbound.NewRedactor(Connector().Secrets(v)...)
	base := strings.TrimSuffix(v["base_url"], "/")
	header := http.Header{}
	if email := v["as_user_email"]; email != "" {
		header.Set("X-As-User-Email", email)
	}
	c := &Connection{now: env.Now, webBase: webBase(base), types: v["record_types"], keyProperty: v["key_property"], obligation: v["obligation_type"]}
	if c.keyProperty == "none" {
		c.keyProperty = ""
	}
	if c.now == nil {
		c.now = time.Now
	}
	var auth outbound.Auth = outbound.Bearer(v["token"])
	if v["auth"] == "oauth" {
		token := v["token_url"]
		if token == "" {
			token = c.webBase + "/oauth/token"
		}
		auth = outbound.NewOAuth(outbound.OAuthConfig{
			HTTP: env.HTTP, System: "Ironclad", TokenURL: token, Secrets: secrets,
			Form: outbound.ClientCredentials(v["client_id"], v["client_secret"], v["scope"]),
		})
	}
	c.api = outbound.NewAPI(outbound.APIConfig{HTTP: env.HTTP, System: "Ironclad", Base: base, Auth: auth, Header: header, Secrets: secrets, Limits: limits(), Explain: explain})
	return c, nil
}

// webBase is scheme and host, for links and the default token address.
func webBase(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	return u.Scheme + "://" + u.Host
}

// Check asks for the schema of records: it needs a valid sign-in and the right to read.
func (c *Connection) Check(ctx context.Context) error {
	_, err := c.metadata(ctx)
	return err
}

// Close gives back nothing: the HTTP client belongs to its maker.
func (c *Connection) Close() error { return nil }

// explain reads {"code","message","param"}.
func explain(status int, body []byte) (connector.Failure, string) {
	var e struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Param   string `json:"param"`
	}
	if json.Unmarshal(body, &e) != nil {
		return "", ""
	}
	message := strings.TrimSpace(e.Code + " " + e.Message)
	if e.Param != "" {
		message += " (" + e.Param + ")"
	}
	// For some objects the description gives 400 only, also where they do not exist.
	if e.Code == "NOT_FOUND" {
		return connector.FailUnmapped, message
	}
	// An unknown property or type is a matter of the mapping, not of the value.
	if status == http.StatusBadRequest && strings.HasPrefix(strings.ToLower(e.Message), "unknown ") {
		return connector.FailUnmapped, message
	}
	return "", message
}

func notFound(err error) bool {
	var e *connector.Error
	return errors.As(err, &e) && e.Class == connector.FailUnmapped
}

// What a connection can do.
var (
	_ connector.Reader    = (*Connection)(nil)
	_ connector.Fetcher   = (*Connection)(nil)
	_ connector.Writer    = (*Connection)(nil)
	_ connector.Previewer = (*Connection)(nil)
	_ connector.Listener  = (*Connection)(nil)
	_ connector.Describer = (*Connection)(nil)
)
