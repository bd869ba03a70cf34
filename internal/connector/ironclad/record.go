package ironclad

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/connector/sweep"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// pageSize is the most Ironclad gives at once.
const pageSize = 100

// overlap is how much later than its lastUpdated a record may become visible.
const overlap = 2 * time.Minute

// record is Ironclad's record as far as it is read.
type record struct {
	ID          string                `json:"id"`
	IroncladID  string                `json:"ironcladId"`
	Type        string                `json:"type"`
	Name        string                `json:"name"`
	LastUpdated string                `json:"lastUpdated"`
	Properties  map[string]property   `json:"properties"`
	Attachments map[string]attachment `json:"attachments"`
	Links       []struct {
		RecordID string `json:"recordId"`
	} `json:"links"`
	ParentID       string `json:"parentId"`
	ParentLinkType string `json:"parentLinkType"`
	Status         struct {
		Status   string `json:"status"`
		Enhanced string `json:"enhancedStatus"`
	} `json:"contractStatus"`
	raw json.RawMessage
}

type property struct {
	Type  string          `json:"type"`
	Value json.RawMessage `json:"value"`
}

type attachment struct {
	Filename    string `json:"filename"`
	ContentType string `json:"contentType"`
}

// Read reads the records changed since the cursor. Ironclad has no event for a record created or changed, so this is
// what finds records that no webhook told of.
func (c *Connection) Read(ctx context.Context, stream string, cursor pact.Cursor) (connector.Page, error) {
	if stream != "records" {
		return connector.Page{}, fault.New(fault.NotFound, "Ironclad has no stream %q.", stream)
	}
	found := map[string]record{}
	rows, next, more, err := sweep.Next(ctx, cursor, sweep.Config{
		Overlap: overlap, Now: c.now, Size: pageSize,
		List: func(ctx context.Context, since time.Time, page int) ([]sweep.Row, error) {
			records, err := c.list(ctx, since, page)
			if err != nil {
				return nil, err
			}
			out := make([]sweep.Row, len(records))
			for i, r := range records {
				found[r.ID] = r
				out[i] = sweep.Row{ID: r.ID, At: r.updated(), Raw: r.raw}
			}
			return out, nil
		},
	})
	if err != nil {
		return connector.Page{}, err
	}
	page := connector.Page{Next: next, More: more}
	for _, row := range rows {
		page.Records = append(page.Records, c.toRecord(found[row.ID]))
	}
	return page, nil
}

func (c *Connection) list(ctx context.Context, since time.Time, page int) ([]record, error) {
	q := url.Values(pageQuery(page))
	q.Set("sortField", "lastUpdated")
	q.Set("sortDirection", "ASC")
	if !since.IsZero() {
		q.Set("lastUpdated", since.UTC().Format("2006-01-02T15:04:05.000Z"))
	}
	if c.types != "" {
		q.Set("types", c.types)
	}
	var answer struct {
		List []json.RawMessage `json:"list"`
	}
	if _, err := c.api.JSON(ctx, outbound.Call{Method: http.MethodGet, Path: "/records", Query: q, Bucket: "records_read"}, &answer); err != nil {
		return nil, err
	}
	out := make([]record, 0, len(answer.List))
	for _, raw := range answer.List {
		r, err := decodeRecord(raw)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// Fetch reads a workflow (for the records it made) or a record.
func (c *Connection) Fetch(ctx context.Context, ref pact.RecordRef) (pact.Record, error) {
	switch ref.Object {
	case "workflow":
		return c.workflow(ctx, ref.ExternalID)
	case "record":
		r, err := c.record(ctx, ref.ExternalID)
		if err != nil {
			return pact.Record{}, err
		}
		return c.toRecord(r), nil
	}
	return pact.Record{}, fault.New(fault.Unsupported, "Ironclad objects of kind %q are not read.", ref.Object)
}

func (c *Connection) workflow(ctx context.Context, id string) (pact.Record, error) {
	if err := usableID(id); err != nil {
		return pact.Record{}, err
	}
	var raw json.RawMessage
	if _, err := c.api.JSON(ctx, outbound.Call{Method: http.MethodGet, Path: "/workflows/" + pathEscape(id), Bucket: "workflows_read"}, &raw); err != nil {
		return pact.Record{}, missing(err, "workflow", id)
	}
	var w struct {
		ID          string   `json:"id"`
		LastUpdated string   `json:"lastUpdated"`
		RecordIDs   []string `json:"recordIds"`
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return pact.Record{}, connector.Fail(connector.FailInvalid, "The workflow %s is not of the form that Ironclad describes.", id)
	}
	out := pact.Record{Object: "workflow", ExternalID: w.ID, Version: w.LastUpdated, UpdatedAt: parseTime(w.LastUpdated), Fields: raw}
	for _, recordID := range w.RecordIDs {
		out.Refs = append(out.Refs, pact.RecordRef{Object: "record", ExternalID: recordID})
	}
	return out, nil
}

func (c *Connection) record(ctx context.Context, id string) (record, error) {
	if err := usableID(id); err != nil {
		return record{}, err
	}
	var raw json.RawMessage
	if _, err := c.api.JSON(ctx, outbound.Call{Method: http.MethodGet, Path: "/records/" + pathEscape(id), Bucket: "records_read"}, &raw); err != nil {
		return record{}, missing(err, "record", id)
	}
	return decodeRecord(raw)
}

// File reads an attachment, at most limit bytes of it.
func (c *Connection) File(ctx context.Context, ref pact.RecordRef, key string, limit int64) ([]byte, error) {
	if ref.Object != "record" {
		return nil, fault.New(fault.Unsupported, "Only Ironclad records have files.")
	}
	if err := usableID(ref.ExternalID); err != nil {
		return nil, err
	}
	if err := usableID(key); err != nil {
		return nil, err
	}
	answer, err := c.api.Do(ctx, outbound.Call{
		Method: http.MethodGet, Path: "/records/" + pathEscape(ref.ExternalID) + "/attachments/" + pathEscape(key),
		Header: http.Header{"Accept": {"*/*"}}, Bucket: "records_read", Limit: limit,
	})
	if err != nil {
		return nil, missing(err, "attachment "+key+" of record", ref.ExternalID)
	}
	return answer.Body, nil
}

// usableID keeps a path from being led elsewhere by what a webhook or a record names.
func usableID(id string) error {
	if id == "" || len(id) > 200 || id == "." || id == ".." {
		return fault.New(fault.Invalid, "The Ironclad id is not usable.")
	}
	return nil
}

func pathEscape(s string) string { return url.PathEscape(s) }

func missing(err error, what, id string) error {
	if notFound(err) {
		return fault.Wrap(fault.NotFound, err, "Ironclad has no %s %.80s, or the connection's user may not see it.", what, id)
	}
	return err
}

func decodeRecord(raw json.RawMessage) (record, error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil || r.ID == "" {
		return r, connector.Fail(connector.FailInvalid, "A record is not of the form that Ironclad describes.")
	}
	r.raw = raw
	return r, nil
}

func (r record) updated() time.Time { return parseTime(r.LastUpdated) }

func parseTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

func (c *Connection) recordURL(id string) string {
	return c.webBase + "/dashboard/record/" + pathEscape(id)
}

// toRecord maps a record to our nouns.
func (c *Connection) toRecord(r record) pact.Record {
	facts := &pact.ContractFacts{
		Title: r.Name, Number: r.IroncladID, Type: r.Type, Status: r.Status.Enhanced,
		Customer: r.text("counterpartyName"), Address: r.text("counterpartyAddress"),
		Owner: r.firstText("ownerEmail", "internalOwnerEmail", "owner"), Fields: map[string]string{},
	}
	if facts.Status == "" {
		facts.Status = r.Status.Status
	}
	if number := r.firstText("contractNumber", "agreementNumber"); number != "" {
		facts.Number = number
	}
	for key := range r.Properties {
		if text := r.text(key); text != "" {
			facts.Fields[key] = text
		}
	}
	facts.Fields["ironclad_id"] = r.IroncladID
	facts.Fields["url"] = c.recordURL(r.ID)
	facts.ParentID, facts.Relation = r.parent()
	return pact.Record{Object: "record", ExternalID: r.ID, Version: r.LastUpdated, UpdatedAt: r.updated(), Fields: r.raw, Contract: facts, Files: r.files()}
}

// parent names the record this one belongs to. A link has no direction, so it counts only for a record whose type says
// that it belongs to another, and only where there is no choice.
func (r record) parent() (id, relation string) {
	kind := strings.ToLower(r.Type)
	relation = "child"
	switch {
	case r.ParentLinkType == "amendment" || strings.Contains(kind, "amendment") || strings.Contains(kind, "addendum"):
		relation = "amendment"
	case strings.Contains(kind, "sow") || strings.Contains(kind, "statementofwork") || strings.Contains(kind, "statement_of_work") || strings.Contains(kind, "workorder"):
		relation = "sow"
	}
	switch {
	case r.ParentID != "":
		return r.ParentID, relation
	case relation != "child" && len(r.Links) == 1 && r.Links[0].RecordID != "":
		return r.Links[0].RecordID, relation
	}
	return "", ""
}

// files puts the signed copy first.
func (r record) files() []pact.FileRef {
	var out []pact.FileRef
	for key, a := range r.Attachments {
		out = append(out, pact.FileRef{Key: key, Filename: a.Filename, MediaType: a.ContentType, Signed: key == "signedCopy"})
	}
	slices.SortFunc(out, func(a, b pact.FileRef) int {
		if a.Signed != b.Signed {
			if a.Signed {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Key, b.Key)
	})
	return out
}

func (r record) firstText(keys ...string) string {
	for _, key := range keys {
		if text := r.text(key); text != "" {
			return text
		}
	}
	return ""
}

// text shows a property's value: scalars as they are, an address on one line, a sum with its currency.
func (r record) text(key string) string {
	p, ok := r.Properties[key]
	if !ok {
		return ""
	}
	v, err := decodeValue(p.Value)
	if err != nil {
		return ""
	}
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	case map[string]any:
		return objectText(v)
	}
	return ""
}

func objectText(v map[string]any) string {
	if amount, ok := v["amount"]; ok {
		if d, err := decimal.NewFromString(fmt.Sprint(amount)); err == nil {
			amount = d.String() // 1.02e+06 is written as people write it
		}
		return strings.TrimSpace(fmt.Sprint(amount, " ", v["currency"]))
	}
	var parts []string
	if lines, ok := v["lines"].([]any); ok {
		for _, l := range lines {
			parts = append(parts, fmt.Sprint(l))
		}
	}
	for _, key := range []string{"raw", "locality", "region", "postcode", "country"} {
		if s, ok := v[key].(string); ok && s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

func decodeValue(raw json.RawMessage) (any, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}
