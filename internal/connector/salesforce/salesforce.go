// Package salesforce connects to Salesforce, a CRM.
//
// It owns the description of the connection with the shipped mapping, the REST API as far as it is used (query, describe,
// update, upsert by external id), and the search for the account a contract belongs to. It does not own which candidate is
// the right one (rules of matching, and people) nor when anything is written (exchange). Invariants: only fields that
// differ are written; a field changed there by someone else is a conflict; a record of one key exists once; values reach a
// query only quoted.
package salesforce

import (
	"context"
	_ "embed" // the guide shown in the UI, and the default mapping
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
)

//go:embed README.md
var guide string

// mapping is the shipped default, with the names customers of this product expect. Only the effective date is of low risk:
// it moves no deadline. Contract_Terms__c takes HTML, which contract_terms is already. The stage is written to open
// opportunities alone: a closed one is never opened again, see update.
//
//go:embed mapping.json
var mapping []byte

// Connector describes the connector.
func Connector() connector.Connector {
	return connector.Connector{
		Name: "salesforce", Title: "Salesforce", Category: "CRM", Guide: guide,
		Settings: []connector.Setting{
			{Name: "base_url", Title: "My Domain address", Kind: connector.KindURL, Required: true, Help: "https://yourcompany.my.salesforce.com"},
			{Name: "auth", Title: "Sign-in", Kind: connector.KindChoice, Choices: []string{"client_credentials", "jwt"}, Default: "client_credentials", Required: true},
			{Name: "client_id", Title: "Client id (consumer key)", Kind: connector.KindText, Required: true},
			{Name: "client_secret", Title: "Client secret", Kind: connector.KindSecret, Required: true, When: "auth=client_credentials"},
			{Name: "username", Title: "User name", Kind: connector.KindText, Required: true, When: "auth=jwt"},
			{Name: "private_key", Title: "Private key", Kind: connector.KindPEM, Required: true, When: "auth=jwt", Help: "RSA, belonging to the certificate of the app."},
			{Name: "audience", Title: "Audience", Kind: connector.KindChoice, Choices: []string{"https://login.salesforce.com", "https://test.salesforce.com"}, Default: "https://login.salesforce.com", When: "auth=jwt"},
			{Name: "api_version", Title: "API version", Kind: connector.KindText, Default: "v62.0", Pattern: `v[0-9]{2,3}\.0`, Required: true},
			{Name: "key_field", Title: "Field for our key", Kind: connector.KindText, Default: "Pactloop_Key__c", Pattern: namePattern, Required: true, Help: "External ID, unique."},
			{Name: "number_field", Title: "Field of the contract number", Kind: connector.KindText, Pattern: namePattern, Help: "On opportunities; where it is set, the opportunity that carries the contract's number is taken. Empty where there is none."},
			{Name: "review_field", Title: "Field for needs review", Kind: connector.KindText, Default: "Pactloop_Needs_Review__c", Pattern: namePattern, Help: "A checkbox on opportunities: set while a contract is reviewed, taken back when its terms are published."},
		},
		Actions: []connector.ActionSpec{
			{Kind: "update_fields", Title: "Write fields of a record that differ", Object: "Opportunity", Mapped: true},
			{Kind: "upsert_by_key", Title: "Create or update a record of our own key", Object: "Contract_Obligation__c"},
			{Kind: "needs_review_flag", Title: "Mark a record as needing review, and take the mark back", Object: "Opportunity"},
		},
		Mapping: connector.ShippedMapping(mapping),
		Open:    open,
	}
}

const namePattern = `[A-Za-z][A-Za-z0-9_]{0,79}`

// Connection is one configured use of Salesforce.
type Connection struct {
	http        *http.Client
	oauth       *outbound.OAuth
	secrets     *outbound.Redactor
	now         func() time.Time
	base        string
	version     string
	keyField    string
	reviewField string
	numberField string

	mu  sync.Mutex
	api *outbound.API // for the instance the last sign-in named
	at  string
}

func open(_ context.Context, v connector.Values, env connector.Env) (connector.Connection, error) {
	v, err := Connector().Validate(v)
	if err != nil {
		return nil, err
	}
	c := &Connection{
		http: env.HTTP, secrets: outbound.NewRedactor(Connector().Secrets(v)...), now: env.Now,
		base: strings.TrimSuffix(v["base_url"], "/"), version: v["api_version"], keyField: v["key_field"], reviewField: v["review_field"], numberField: v["number_field"],
	}
	if c.now == nil {
		c.now = time.Now
	}
	form := outbound.ClientCredentials(v["client_id"], v["client_secret"], "")
	if v["auth"] == "jwt" {
		form = outbound.JWTBearer(v["client_id"], v["username"], v["audience"], v["private_key"])
	}
	c.oauth = outbound.NewOAuth(outbound.OAuthConfig{HTTP: env.HTTP, System: "Salesforce", TokenURL: c.base + "/services/oauth2/token", Form: form, Secrets: c.secrets})
	return c, nil
}

// rest is the API on the instance that the sign-in names; Salesforce moves organisations between instances.
func (c *Connection) rest(ctx context.Context) (*outbound.API, error) {
	instance, err := c.oauth.Extra(ctx, "instance_url")
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(instance)
	if instance == "" || err != nil || u.Host == "" {
		instance = c.base
	}
	instance = strings.TrimSuffix(instance, "/")
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.api == nil || c.at != instance {
		c.at = instance
		c.api = outbound.NewAPI(outbound.APIConfig{HTTP: c.http, System: "Salesforce", Base: instance, Auth: c.oauth, Secrets: c.secrets, Explain: explain})
	}
	return c.api, nil
}

func (c *Connection) instance() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at == "" {
		return c.base
	}
	return c.at
}

func (c *Connection) recordURL(id string) string { return c.instance() + "/" + url.PathEscape(id) }

// Check signs in and reads one account.
func (c *Connection) Check(ctx context.Context) error {
	_, err := c.query(ctx, "SELECT Id FROM Account LIMIT 1", 1)
	return err
}

// Close gives back nothing: the HTTP client belongs to its maker.
func (c *Connection) Close() error { return nil }

// explain reads [{"errorCode","message","fields"}].
func explain(status int, body []byte) (connector.Failure, string) {
	var list []struct {
		ErrorCode string   `json:"errorCode"`
		Message   string   `json:"message"`
		Fields    []string `json:"fields"`
	}
	if json.Unmarshal(body, &list) != nil || len(list) == 0 {
		return "", ""
	}
	var messages []string
	for _, e := range list {
		text := e.ErrorCode + ": " + e.Message
		if len(e.Fields) > 0 {
			text += " (" + strings.Join(e.Fields, ", ") + ")"
		}
		messages = append(messages, text)
	}
	return classOf(list[0].ErrorCode, status), strings.Join(messages, "; ")
}

// classOf maps error codes. "" leaves it to the status.
func classOf(code string, status int) connector.Failure {
	switch code {
	case "INVALID_FIELD", "INVALID_TYPE", "NOT_FOUND", "ENTITY_IS_DELETED", "INVALID_ID_FIELD", "MALFORMED_ID", "INVALID_CROSS_REFERENCE_KEY":
		return connector.FailUnmapped
	case "UNABLE_TO_LOCK_ROW", "REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT", "UNKNOWN_EXCEPTION", "REQUEST_RUNNING_TOO_LONG":
		return connector.FailUnavailable
	case "INVALID_FIELD_FOR_INSERT_UPDATE", "API_DISABLED_FOR_ORG", "INVALID_SESSION_ID", "API_CURRENTLY_DISABLED":
		return connector.FailDenied
	case "DUPLICATES_DETECTED", "DUPLICATE_VALUE", "DUPLICATE_EXTERNAL_ID", "ENTITY_IS_LOCKED":
		return connector.FailConflict
	case "MALFORMED_QUERY":
		return connector.FailInvalid
	}
	if strings.HasPrefix(code, "INSUFFICIENT_ACCESS") {
		return connector.FailDenied
	}
	if status == http.StatusBadRequest {
		return connector.FailInvalid // validation rules, required fields, lengths, picklists
	}
	return ""
}

// row is a record as JSON gave it, numbers exact.
type row map[string]any

func (r row) text(name string) string {
	s, _ := r[name].(string)
	return s
}

// query runs SOQL and follows its pages, up to limit records.
func (c *Connection) query(ctx context.Context, soql string, limit int) ([]row, error) {
	api, err := c.rest(ctx)
	if err != nil {
		return nil, err
	}
	var out []row
	call := outbound.Call{Method: http.MethodGet, Path: "/services/data/" + c.version + "/query", Query: url.Values{"q": {soql}}}
	for {
		var page struct {
			Done    *bool  `json:"done"`
			Next    string `json:"nextRecordsUrl"`
			Records []row  `json:"records"`
		}
		if _, err := api.JSON(ctx, call, &page); err != nil {
			return nil, err
		}
		out = append(out, page.Records...)
		if len(out) >= limit {
			return out[:limit], nil
		}
		if page.Next == "" || page.Done == nil || *page.Done || len(page.Records) == 0 {
			return out, nil
		}
		call = outbound.Call{Method: http.MethodGet, Path: page.Next}
	}
}

// quote makes a SOQL string literal of any text.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\b", `\b`, "\f", `\f`, "\x00", "").Replace(s) + "'"
}

// contains makes a LIKE pattern for text inside a value; % and _ of the text stand for themselves.
func contains(s string) string {
	quoted := quote(s)
	quoted = strings.NewReplacer("%", `\%`, "_", `\_`).Replace(quoted[1 : len(quoted)-1])
	return "'%" + quoted + "%'"
}

// usableName tells whether a name of an object or a field can stand in a query or a path.
func usableName(s string) bool {
	if s == "" || len(s) > 80 {
		return false
	}
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return true
}

// Describe gives the fields of an object.
func (c *Connection) Describe(ctx context.Context, object string) (connector.Schema, error) {
	if !usableName(object) {
		return connector.Schema{}, connector.Fail(connector.FailUnmapped, "Salesforce has no object %.80q.", object)
	}
	api, err := c.rest(ctx)
	if err != nil {
		return connector.Schema{}, err
	}
	var answer struct {
		Fields []struct {
			Name           string `json:"name"`
			Label          string `json:"label"`
			Type           string `json:"type"`
			Length         int    `json:"length"`
			Updateable     *bool  `json:"updateable"`
			Nillable       bool   `json:"nillable"`
			Createable     bool   `json:"createable"`
			Defaulted      bool   `json:"defaultedOnCreate"`
			PicklistValues []struct {
				Active *bool  `json:"active"`
				Value  string `json:"value"`
			} `json:"picklistValues"`
		} `json:"fields"`
	}
	if _, err := api.JSON(ctx, outbound.Call{Method: http.MethodGet, Path: "/services/data/" + c.version + "/sobjects/" + object + "/describe"}, &answer); err != nil {
		return connector.Schema{}, err
	}
	s := connector.Schema{Object: object}
	for _, f := range answer.Fields {
		field := connector.SchemaField{
			Name: f.Name, Label: f.Label, Type: f.Type, Length: f.Length,
			ReadOnly: f.Updateable != nil && !*f.Updateable, Required: f.Createable && !f.Nillable && !f.Defaulted,
		}
		for _, p := range f.PicklistValues {
			if p.Active == nil || *p.Active {
				field.Choices = append(field.Choices, p.Value)
			}
		}
		s.Fields = append(s.Fields, field)
	}
	slices.SortFunc(s.Fields, func(a, b connector.SchemaField) int { return strings.Compare(a.Name, b.Name) })
	return s, nil
}

// What a connection can do.
var (
	_ connector.Writer    = (*Connection)(nil)
	_ connector.Previewer = (*Connection)(nil)
	_ connector.Describer = (*Connection)(nil)
	_ connector.Matcher   = (*Connection)(nil)
)
