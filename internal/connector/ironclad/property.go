package ironclad

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/fault"
)

// metadata is the schema of records.
type metadata struct {
	Properties map[string]struct {
		DisplayName string `json:"displayName"`
		Type        string `json:"type"`
		Visible     *bool  `json:"visible"`
	} `json:"properties"`
}

func (c *Connection) metadata(ctx context.Context) (metadata, error) {
	var m metadata
	_, err := c.api.JSON(ctx, outbound.Call{Method: http.MethodGet, Path: "/records/metadata", Bucket: "records_read"}, &m)
	return m, err
}

// Describe gives the properties of records.
func (c *Connection) Describe(ctx context.Context, object string) (connector.Schema, error) {
	if object != "record" {
		return connector.Schema{}, fault.New(fault.Unsupported, "Ironclad describes the fields of records only, not of %q.", object)
	}
	m, err := c.metadata(ctx)
	if err != nil {
		return connector.Schema{}, err
	}
	s := connector.Schema{Object: object}
	for key, p := range m.Properties {
		s.Fields = append(s.Fields, connector.SchemaField{Name: key, Label: p.DisplayName, Type: p.Type, ReadOnly: !writable(p.Type)})
	}
	slices.SortFunc(s.Fields, func(a, b connector.SchemaField) int { return strings.Compare(a.Name, b.Name) })
	return s, nil
}

func writable(kind string) bool {
	switch normalKind(kind) {
	case "string", "number", "boolean", "date", "duration", "email", "monetary_amount", "address", "array":
		return true
	}
	return false
}

// normalKind: workflows and some schemas spell monetaryAmount, records monetary_amount.
func normalKind(kind string) string {
	if kind == "monetaryAmount" {
		return "monetary_amount"
	}
	return kind
}

// typedValue makes {"type","value"} of a plain value. A value that does not fit the property's kind is refused here, with
// the property's name, rather than sent and half understood.
func typedValue(key, kind string, v any) (map[string]any, error) {
	kind = normalKind(kind)
	value, ok := any(nil), false
	switch kind {
	case "string", "email":
		value, ok = textOf(v)
	case "number":
		value, ok = integerOf(v)
	case "boolean":
		value, ok = v, isBool(v)
	case "date":
		value, ok = dateOf(v)
	case "duration":
		s, isText := v.(string)
		value, ok = s, isText && strings.HasPrefix(s, "P")
	case "monetary_amount":
		value, ok = moneyOf(v)
	case "array":
		value, ok = listOf(v)
	case "address":
		value, ok = addressOf(v)
	default:
		return nil, connector.Fail(connector.FailInvalid, "The Ironclad property %q is of kind %q, which is not written.", key, kind)
	}
	if !ok {
		return nil, connector.Fail(connector.FailInvalid, "The Ironclad property %q takes a %s; the mapping gives something else.", key, kind)
	}
	return map[string]any{"type": kind, "value": value}, nil
}

func isBool(v any) bool {
	_, ok := v.(bool)
	return ok
}

func textOf(v any) (any, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool, int, int64, float64:
		return fmt.Sprint(v), true
	}
	return nil, false
}

// numberOf keeps the digits as they are.
func numberOf(v any) (json.Number, bool) {
	n := json.Number(fmt.Sprint(v))
	switch v.(type) {
	case json.Number, int, int64, float64, string:
		_, err := n.Float64()
		return n, err == nil
	}
	return "", false
}

// integerOf: Ironclad's number property takes whole numbers only.
func integerOf(v any) (any, bool) {
	n, ok := numberOf(v)
	if !ok {
		return nil, false
	}
	d, err := decimal.NewFromString(n.String())
	return json.Number(d.String()), err == nil && d.IsInteger()
}

// dateOf: a civil date becomes midnight UTC, as Ironclad stores dates.
func dateOf(v any) (any, bool) {
	s, ok := v.(string)
	if !ok {
		return nil, false
	}
	if _, err := calendar.ParseDate(s); err == nil {
		return s + "T00:00:00Z", true
	}
	_, err := time.Parse(time.RFC3339, s)
	return s, err == nil
}

func moneyOf(v any) (any, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	amount, isNumber := numberOf(m["amount"])
	currency, isText := m["currency"].(string)
	return map[string]any{"amount": amount, "currency": currency}, isNumber && isText && len(currency) == 3
}

func listOf(v any) (any, bool) {
	switch v := v.(type) {
	case string:
		return []string{v}, true
	case []any, []string:
		return v, true
	}
	return nil, false
}

func addressOf(v any) (any, bool) {
	switch v := v.(type) {
	case string:
		return map[string]any{"raw": v}, true
	case map[string]any:
		return v, true
	}
	return nil, false
}

// kindOfGo guesses the kind of an obligation's property, of which Ironclad publishes no schema.
func kindOfGo(v any) string {
	switch v := v.(type) {
	case bool:
		return "boolean"
	case json.Number, int, int64, float64:
		if _, whole := integerOf(v); whole {
			return "number"
		}
	case map[string]any:
		return "monetary_amount"
	case []any, []string:
		return "array"
	case string:
		if _, ok := dateOf(v); ok {
			return "date"
		}
	}
	return "string"
}

// plainValue is the value of a property in the form mappings use: a date without its time.
func plainValue(p property) any {
	v, err := decodeValue(p.Value)
	if err != nil {
		return nil
	}
	s, isText := v.(string)
	switch {
	case isText && p.Type == "date" && len(s) > 10 && s[10] == 'T':
		return s[:10]
	case p.Type == "address":
		if m, ok := v.(map[string]any); ok && len(m) == 1 && m["raw"] != nil {
			return m["raw"]
		}
	}
	return v
}

func valuesOf(have map[string]property, keys []string) map[string]any {
	out := map[string]any{}
	for _, key := range keys {
		out[key] = plainValue(have[key])
	}
	return out
}
