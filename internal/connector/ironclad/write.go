package ironclad

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/pact"
)

// Write performs an action. Twice is the same as once: properties are compared before they are written, and an
// obligation is looked up by its key before it is created.
//
// update_record: ExternalID is the record; Fields are property id to value, as the mapping converted it; nil takes a
// property off. create_obligation: Fields hold "name" and "parent_id" (or ExternalID is the parent record), may hold
// "obligation_type", and every other member is a property. upsert_obligation: the same, under the stable key TargetKey, and
// an obligation that is there gets the properties that differ. update_obligation: ExternalID is the obligation, or Fields
// hold "obligation_key", the key of the action that created it.
func (c *Connection) Write(ctx context.Context, a pact.Action) (pact.Receipt, error) {
	switch a.Kind {
	case "update_record":
		return c.updateRecord(ctx, a)
	case "create_obligation":
		return c.createObligation(ctx, a)
	case "upsert_obligation":
		return c.upsertObligation(ctx, a)
	case "update_obligation":
		return c.updateObligation(ctx, a)
	}
	return pact.Receipt{}, connector.Fail(connector.FailUnmapped, "Ironclad has no action %q.", a.Kind)
}

// Current gives what stands at the target now, in the form of a.Fields.
func (c *Connection) Current(ctx context.Context, a pact.Action) (map[string]any, error) {
	switch a.Kind {
	case "update_record":
		r, err := c.target(ctx, a)
		if err != nil {
			return nil, err
		}
		return valuesOf(r.Properties, slices.Collect(maps.Keys(a.Fields))), nil
	case "create_obligation", "upsert_obligation":
		if a.TargetKey != "" {
			a.Key = a.TargetKey
		}
		o, found, err := c.findObligation(ctx, a.Key)
		if err != nil || !found {
			return map[string]any{}, err
		}
		return o.values(properties(a.Fields)), nil
	case "update_obligation":
		o, err := c.obligationOf(ctx, a)
		if err != nil {
			return nil, err
		}
		return o.values(properties(a.Fields)), nil
	}
	return nil, connector.Fail(connector.FailUnmapped, "Ironclad has no action %q.", a.Kind)
}

func (c *Connection) target(ctx context.Context, a pact.Action) (record, error) {
	if a.ExternalID == "" {
		return record{}, connector.Fail(connector.FailUnmapped, "The contract is not tied to an Ironclad record.")
	}
	r, err := c.record(ctx, a.ExternalID)
	if notFound(err) {
		return record{}, connector.Fail(connector.FailUnmapped, "Ironclad has no record %.80s, or the connection's user may not see it.", a.ExternalID)
	}
	return r, err
}

func (c *Connection) updateRecord(ctx context.Context, a pact.Action) (pact.Receipt, error) {
	m, err := c.metadata(ctx)
	if err != nil {
		return pact.Receipt{}, err
	}
	r, err := c.target(ctx, a)
	if err != nil {
		return pact.Receipt{}, err
	}
	add, remove, err := changes(a, r.Properties, func(key string) (string, bool) {
		p, ok := m.Properties[key]
		return p.Type, ok
	})
	if err != nil {
		return pact.Receipt{}, err
	}
	fields := slices.Collect(maps.Keys(a.Fields))
	if len(add) == 0 && len(remove) == 0 {
		return c.receipt(r, fields, true), nil
	}
	if _, known := m.Properties[c.keyProperty]; known && c.keyProperty != "" {
		add[c.keyProperty] = map[string]any{"type": "string", "value": a.Key}
	}
	body := map[string]any{}
	if len(add) > 0 {
		body["addProperties"] = add
	}
	if len(remove) > 0 {
		body["removeProperties"] = remove
	}
	_, sent := c.api.Do(ctx, outbound.Call{Method: http.MethodPatch, Path: "/records/" + pathEscape(r.ID), Body: body, Bucket: "records_write"})
	if class, _ := connector.FailureOf(sent); sent != nil && class != connector.FailUnavailable {
		return pact.Receipt{}, sent
	}
	after, err := c.record(ctx, r.ID)
	if sent != nil {
		// The answer may have been lost after the change was made. Looking is better than writing again.
		if _, ok := stands(a.Fields, after.Properties); err == nil && ok {
			return c.receipt(after, fields, true), nil
		}
		return pact.Receipt{}, sent
	}
	if err != nil {
		return pact.Receipt{}, err
	}
	if key, ok := stands(a.Fields, after.Properties); !ok {
		return pact.Receipt{}, connector.Fail(connector.FailInvalid, "Ironclad took the change but does not show it at %q.", key)
	}
	return c.receipt(after, fields, false), nil
}

func (c *Connection) receipt(r record, fields []string, found bool) pact.Receipt {
	return pact.Receipt{ExternalID: r.ID, Version: r.LastUpdated, URL: c.recordURL(r.ID), At: c.now().UTC(), Found: found, Values: valuesOf(r.Properties, fields)}
}

// changes compares what is wanted with what stands there. A value that is neither what we saw before nor what we want
// was changed by someone else.
func changes(a pact.Action, have map[string]property, kindOf func(string) (string, bool)) (map[string]any, []string, error) {
	add := map[string]any{}
	var remove []string
	for _, key := range slices.Sorted(maps.Keys(a.Fields)) {
		kind, known := kindOf(key)
		if !known {
			return nil, nil, connector.Fail(connector.FailUnmapped, "Ironclad records have no property %q; check the mapping.", key)
		}
		want, current := a.Fields[key], plainValue(have[key])
		if connector.SameValue(current, want) {
			continue
		}
		if before, seen := a.Before[key]; seen && !connector.SameValue(current, before) {
			return nil, nil, connector.Fail(connector.FailConflict, "The property %q was changed in Ironclad since it was read.", key)
		}
		if want == nil {
			remove = append(remove, key)
			continue
		}
		typed, err := typedValue(key, kind, want)
		if err != nil {
			return nil, nil, err
		}
		add[key] = typed
	}
	return add, remove, nil
}

func stands(want map[string]any, have map[string]property) (string, bool) {
	for key, v := range want {
		if !connector.SameValue(plainValue(have[key]), v) {
			return key, false
		}
	}
	return "", true
}

// obligation is Ironclad's obligation as far as it is read.
type obligation struct {
	ID          string              `json:"id"`
	IroncladID  string              `json:"ironcladId"`
	Name        string              `json:"name"`
	LastUpdated string              `json:"lastUpdated"`
	Properties  map[string]property `json:"properties"`
}

func (o obligation) values(want map[string]any) map[string]any {
	out := valuesOf(o.Properties, slices.Collect(maps.Keys(want)))
	out["name"] = o.Name
	return out
}

// properties are the members of an obligation's fields that are no members of the obligation itself.
func properties(fields map[string]any) map[string]any {
	out := map[string]any{}
	for key, v := range fields {
		switch key {
		case "name", "parent_id", "obligation_type", "obligation_key":
		default:
			out[key] = v
		}
	}
	return out
}

// upsertObligation creates the obligation of a.TargetKey, or writes the properties that differ where it is there.
func (c *Connection) upsertObligation(ctx context.Context, a pact.Action) (pact.Receipt, error) {
	if a.TargetKey != "" {
		a.Key = a.TargetKey
	}
	o, found, err := c.findObligation(ctx, a.Key)
	if err != nil {
		return pact.Receipt{}, err
	}
	if !found {
		return c.createObligation(ctx, a)
	}
	a.ExternalID, a.Before = o.ID, nil
	return c.updateObligation(ctx, a)
}

func (c *Connection) createObligation(ctx context.Context, a pact.Action) (pact.Receipt, error) {
	name, _ := a.Fields["name"].(string)
	parent, _ := a.Fields["parent_id"].(string)
	if parent == "" {
		parent = a.ExternalID
	}
	if name == "" {
		return pact.Receipt{}, connector.Fail(connector.FailInvalid, "An obligation needs a name.")
	}
	if parent == "" {
		return pact.Receipt{}, connector.Fail(connector.FailUnmapped, "The contract is not tied to an Ironclad record.")
	}
	o, found, err := c.findObligation(ctx, a.Key)
	if err != nil {
		return pact.Receipt{}, err
	}
	if found {
		return c.obligationReceipt(o, a, true), nil
	}
	body, err := c.newObligation(a, name, parent)
	if err != nil {
		return pact.Receipt{}, err
	}
	_, err = c.api.JSON(ctx, outbound.Call{Method: http.MethodPost, Path: "/obligations", Body: body, Bucket: "records_write"}, &o)
	if err == nil {
		return c.obligationReceipt(o, a, false), nil
	}
	if class, _ := connector.FailureOf(err); class != connector.FailUnavailable {
		return pact.Receipt{}, err
	}
	// The answer may have been lost after the obligation was made.
	if o, found, again := c.findObligation(ctx, a.Key); again == nil && found {
		return c.obligationReceipt(o, a, true), nil
	}
	return pact.Receipt{}, err
}

func (c *Connection) newObligation(a pact.Action, name, parent string) (map[string]any, error) {
	kind, _ := a.Fields["obligation_type"].(string)
	if kind == "" {
		kind = c.obligation
	}
	props := map[string]any{}
	for key, v := range properties(a.Fields) {
		typed, err := typedValue(key, kindOfGo(v), v)
		if err != nil {
			return nil, err
		}
		props[key] = typed
	}
	if c.keyProperty == "" {
		name += " " + marker(a.Key)
	} else {
		props[c.keyProperty] = map[string]any{"type": "string", "value": a.Key}
	}
	return map[string]any{"name": name, "parentId": parent, "obligationTypeKey": []string{kind}, "properties": props}, nil
}

func marker(key string) string { return "[" + key + "]" }

// findObligation looks for the obligation of a key. Each hit is checked: a filter that is ignored there gives every
// obligation, and must not make us take another one for ours.
func (c *Connection) findObligation(ctx context.Context, key string) (obligation, bool, error) {
	if key == "" || len(key) > 200 || strings.ContainsAny(key, `'"\[]`) {
		return obligation{}, false, connector.Fail(connector.FailInvalid, "The key of the action can not be searched for in Ironclad.")
	}
	filter := "Equals([" + c.keyProperty + "], '" + key + "')"
	if c.keyProperty == "" {
		filter = "Contains([name], '" + key + "')"
	}
	for page := 0; page < 1000; page++ {
		q := url.Values(pageQuery(page))
		q.Set("filter", filter)
		var answer struct {
			List []obligation `json:"list"`
		}
		if _, err := c.api.JSON(ctx, outbound.Call{Method: http.MethodGet, Path: "/obligations", Query: q, Bucket: "records_read"}, &answer); err != nil {
			return obligation{}, false, err
		}
		for _, o := range answer.List {
			if c.carries(o, key) {
				return o, true, nil
			}
		}
		if len(answer.List) < pageSize {
			return obligation{}, false, nil
		}
	}
	return obligation{}, false, connector.Fail(connector.FailUncertain, "Ironclad lists more obligations than can be searched for our key.")
}

func (c *Connection) carries(o obligation, key string) bool {
	if c.keyProperty == "" {
		return strings.HasSuffix(o.Name, marker(key))
	}
	return plainValue(o.Properties[c.keyProperty]) == key
}

func (c *Connection) obligationOf(ctx context.Context, a pact.Action) (obligation, error) {
	id := a.ExternalID
	if key, _ := a.Fields["obligation_key"].(string); id == "" && key != "" {
		o, found, err := c.findObligation(ctx, key)
		if err != nil {
			return o, err
		}
		if !found {
			return o, connector.Fail(connector.FailUnmapped, "Ironclad has no obligation with the key %.80s.", key)
		}
		return o, nil
	}
	if id == "" {
		return obligation{}, connector.Fail(connector.FailUnmapped, "It is not known which obligation in Ironclad is meant.")
	}
	var o obligation
	_, err := c.api.JSON(ctx, outbound.Call{Method: http.MethodGet, Path: "/obligations/" + pathEscape(id), Bucket: "records_read"}, &o)
	return o, err
}

func (c *Connection) updateObligation(ctx context.Context, a pact.Action) (pact.Receipt, error) {
	o, err := c.obligationOf(ctx, a)
	if err != nil {
		return pact.Receipt{}, err
	}
	wanted := a
	wanted.Fields = properties(a.Fields)
	add, remove, err := changes(wanted, o.Properties, func(key string) (string, bool) {
		if p, ok := o.Properties[key]; ok && p.Type != "" {
			return p.Type, true
		}
		return kindOfGo(a.Fields[key]), true
	})
	if err != nil {
		return pact.Receipt{}, err
	}
	body := map[string]any{}
	if len(add) > 0 {
		body["addProperties"] = add
	}
	if len(remove) > 0 {
		body["removeProperties"] = remove
	}
	if name := c.nameFor(a, o); name != "" && name != o.Name {
		body["name"] = name
	}
	if len(body) == 0 {
		return c.obligationReceipt(o, a, true), nil
	}
	_, sent := c.api.JSON(ctx, outbound.Call{Method: http.MethodPatch, Path: "/obligations/" + pathEscape(o.ID), Body: body, Bucket: "records_write"}, &o)
	if class, _ := connector.FailureOf(sent); sent != nil && class == connector.FailUnavailable {
		again, err := c.obligationOf(ctx, a)
		if _, ok := stands(wanted.Fields, again.Properties); err == nil && ok {
			return c.obligationReceipt(again, a, true), nil
		}
	}
	if sent != nil {
		return pact.Receipt{}, sent
	}
	if key, ok := stands(wanted.Fields, o.Properties); !ok {
		return pact.Receipt{}, connector.Fail(connector.FailInvalid, "Ironclad took the change but does not show it at %q.", key)
	}
	return c.obligationReceipt(o, a, false), nil
}

// nameFor is the name wanted for an obligation, with the marker it carries: where our key stands in the name, a renaming
// must not take it away, or the obligation is made again.
func (c *Connection) nameFor(a pact.Action, o obligation) string {
	name, _ := a.Fields["name"].(string)
	at := strings.LastIndex(o.Name, " [")
	if name == "" || c.keyProperty != "" || at < 0 || !strings.HasSuffix(o.Name, "]") {
		return name
	}
	return name + o.Name[at:]
}

func (c *Connection) obligationReceipt(o obligation, a pact.Action, found bool) pact.Receipt {
	return pact.Receipt{ExternalID: o.ID, Version: o.LastUpdated, URL: c.webBase + "/dashboard/obligation/" + pathEscape(o.ID), At: c.now().UTC(), Found: found, Values: o.values(properties(a.Fields))}
}
