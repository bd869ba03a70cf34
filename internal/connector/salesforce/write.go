package salesforce

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/pact"
)

// Write performs an action. Twice is the same as once.
//
// update_fields: Object and ExternalID name the record; Fields are written where they differ. Before, where given, is what
// the caller saw: a value there that is neither that nor the wanted one is a conflict. upsert_by_key: Object names the
// kind of record; its key is Fields[key field] if present, otherwise the action's own key. needs_review_flag: sets
// the checkbox of the settings to Fields["needs_review"].
func (c *Connection) Write(ctx context.Context, a pact.Action) (pact.Receipt, error) {
	a, err := c.prepare(a)
	if err != nil {
		return pact.Receipt{}, err
	}
	if a.Kind == "upsert_by_key" {
		return c.upsert(ctx, a)
	}
	return c.update(ctx, a)
}

// Current gives what stands at the target now; an empty map where there is no record of the key yet.
func (c *Connection) Current(ctx context.Context, a pact.Action) (map[string]any, error) {
	a, err := c.prepare(a)
	if err != nil {
		return nil, err
	}
	if a.Kind == "upsert_by_key" {
		have, found, err := c.byKey(ctx, a)
		if err != nil || !found {
			return map[string]any{}, err
		}
		return pick(have, a.Fields), nil
	}
	have, err := c.byID(ctx, a)
	if err != nil {
		return nil, err
	}
	return pick(have, a.Fields), nil
}

// prepare checks names before any of them gets into a query or a path.
func (c *Connection) prepare(a pact.Action) (pact.Action, error) {
	switch a.Kind {
	case "update_fields", "upsert_by_key":
	case "needs_review_flag":
		on, ok := a.Fields[connector.NeedsReview].(bool)
		if !ok {
			return a, connector.Fail(connector.FailInvalid, "The flag says neither that the record needs review nor that it does not.")
		}
		a.Fields = map[string]any{c.reviewField: on}
	default:
		return a, connector.Fail(connector.FailUnmapped, "Salesforce has no action %q.", a.Kind)
	}
	if !usableName(a.Object) {
		return a, connector.Fail(connector.FailUnmapped, "Salesforce has no object %.80q.", a.Object)
	}
	if a.Kind == "upsert_by_key" {
		fields := maps.Clone(a.Fields)
		if a.TargetKey != "" {
			a.Key = a.TargetKey
		}
		if key, ok := fields[c.keyField].(string); ok && key != "" {
			a.Key = key
		}
		// Salesforce refuses a body that holds the id or the key it is addressed by.
		delete(fields, c.keyField)
		delete(fields, "Id")
		a.Fields = fields
	}
	for name := range a.Fields {
		if !usableName(name) {
			return a, connector.Fail(connector.FailUnmapped, "%.80q can not be the name of a Salesforce field; check the mapping.", name)
		}
	}
	if len(a.Fields) == 0 {
		return a, connector.Fail(connector.FailInvalid, "There is nothing to write.")
	}
	return a, nil
}

func (c *Connection) update(ctx context.Context, a pact.Action) (pact.Receipt, error) {
	have, err := c.byID(ctx, a)
	if err != nil {
		return pact.Receipt{}, err
	}
	if closed, _ := have["IsClosed"].(bool); closed && len(a.Fields) > 1 { // a closed deal is never opened again; the rest is written
		a.Fields = maps.Clone(a.Fields)
		delete(a.Fields, "StageName")
	}
	change, err := changes(a, have)
	if err != nil {
		return pact.Receipt{}, err
	}
	if len(change) == 0 {
		return c.receipt(have, a, true), nil
	}
	if err := stageMayChange(change, have); err != nil {
		return pact.Receipt{}, err
	}
	return c.write(ctx, a, "/sobjects/"+a.Object+"/"+url.PathEscape(have.text("Id")), change, func() (row, error) { return c.byID(ctx, a) })
}

// write sends values and reads back what stands there. After a lost answer it looks instead of sending again.
func (c *Connection) write(ctx context.Context, a pact.Action, path string, change map[string]any, read func() (row, error)) (pact.Receipt, error) {
	sent := c.patch(ctx, path, change)
	if class, _ := connector.FailureOf(sent); sent != nil && class != connector.FailUnavailable {
		return pact.Receipt{}, sent
	}
	after, err := read()
	if sent != nil {
		if err != nil {
			return pact.Receipt{}, sent
		}
		receipt, err := c.settled(after, a, true)
		if err != nil {
			return pact.Receipt{}, sent // not done; the caller tries again later
		}
		receipt.Found = true
		return receipt, nil
	}
	if err != nil {
		return pact.Receipt{}, err
	}
	return c.settled(after, a, false)
}

func (c *Connection) upsert(ctx context.Context, a pact.Action) (pact.Receipt, error) {
	have, found, err := c.byKey(ctx, a)
	if err != nil {
		return pact.Receipt{}, err
	}
	change := a.Fields
	if found {
		if change, err = changes(a, have); err != nil {
			return pact.Receipt{}, err
		}
		if len(change) == 0 {
			return c.receipt(have, a, true), nil
		}
	}
	path := "/sobjects/" + a.Object + "/" + c.keyField + "/" + url.PathEscape(a.Key)
	read := func() (row, error) {
		after, found, err := c.byKey(ctx, a)
		if err == nil && !found {
			err = connector.Fail(connector.FailUnavailable, "Salesforce took the record but does not show it yet.")
		}
		return after, err
	}
	if !found {
		owner, err := c.ownerOf(ctx, a)
		if err != nil {
			return pact.Receipt{}, err
		}
		if owner != "" {
			owned := maps.Clone(change)
			owned["OwnerId"] = owner
			receipt, err := c.write(ctx, a, path, owned, read)
			switch class, _ := connector.FailureOf(err); {
			case err == nil, class != connector.FailInvalid && class != connector.FailDenied && class != connector.FailUnmapped:
				return receipt, err
			}
			// Refused, and nothing was made: a detail of another object has no owner of its own, and one who left can own
			// nothing. The record is worth more than its owner.
		}
	}
	return c.write(ctx, a, path, change, read)
}

// ownerOf gives the owner of the opportunity a new record hangs on: its task is theirs, not the integration's. "" where it
// hangs on none, names an owner itself, or the owner can not be seen. A record that is there keeps the owner it has.
func (c *Connection) ownerOf(ctx context.Context, a pact.Action) (string, error) {
	if _, named := a.Fields["OwnerId"]; named {
		return "", nil
	}
	for _, name := range slices.Sorted(maps.Keys(a.Fields)) {
		id, ok := a.Fields[name].(string)
		if !ok || !opportunityID.MatchString(id) {
			continue
		}
		rows, err := c.query(ctx, "SELECT OwnerId FROM Opportunity WHERE Id = "+quote(id)+" LIMIT 1", 1)
		if class, _ := connector.FailureOf(err); err != nil && class == connector.FailUnavailable {
			return "", err
		}
		if err == nil && len(rows) == 1 {
			return rows[0].text("OwnerId"), nil
		}
	}
	return "", nil
}

// opportunityID: in every org, ids of opportunities begin with 006.
var opportunityID = regexp.MustCompile(`^006[0-9A-Za-z]{12}([0-9A-Za-z]{3})?$`)

// patch sends values, once.
func (c *Connection) patch(ctx context.Context, path string, body map[string]any) error {
	api, err := c.rest(ctx)
	if err != nil {
		return err
	}
	answer, err := api.Do(ctx, outbound.Call{Method: http.MethodPatch, Path: "/services/data/" + c.version + path, Body: body})
	if answer.Status == http.StatusMultipleChoices {
		return connector.Fail(connector.FailConflict, "Salesforce has several records with our key; nothing was written. Make the field for our key unique and remove the surplus records.")
	}
	return err
}

// settled checks that what was wanted stands there. Salesforce may rewrite rich text, so after an answered write it is
// only required to be there; after a lost answer (strict) it must be what was sent.
func (c *Connection) settled(after row, a pact.Action, strict bool) (pact.Receipt, error) {
	for _, name := range slices.Sorted(maps.Keys(a.Fields)) {
		want, have := a.Fields[name], after[name]
		if s, ok := want.(string); ok && !strict && strings.HasPrefix(s, "<") && have != nil {
			continue
		}
		if !same(have, want) {
			return pact.Receipt{}, connector.Fail(connector.FailConflict, "Salesforce took the change, but %s holds another value now; a rule or a person changed it.", name)
		}
	}
	return c.receipt(after, a, false), nil
}

func (c *Connection) receipt(have row, a pact.Action, found bool) pact.Receipt {
	id := have.text("Id")
	return pact.Receipt{ExternalID: id, Version: have.text("SystemModstamp"), URL: c.recordURL(id), At: c.now().UTC(), Found: found, Values: pick(have, a.Fields)}
}

func (c *Connection) byID(ctx context.Context, a pact.Action) (row, error) {
	if a.ExternalID == "" {
		return nil, connector.Fail(connector.FailUnmapped, "The contract is not tied to a Salesforce %s; confirm the match.", a.Object)
	}
	rows, err := c.query(ctx, "SELECT "+columns(a)+" FROM "+a.Object+" WHERE Id = "+quote(a.ExternalID)+" LIMIT 1", 1)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, connector.Fail(connector.FailUnmapped, "Salesforce has no %s %.40s, or the connection's user may not see it.", a.Object, a.ExternalID)
	}
	return rows[0], nil
}

func (c *Connection) byKey(ctx context.Context, a pact.Action) (row, bool, error) {
	if a.Key == "" || len(a.Key) > 255 {
		return nil, false, connector.Fail(connector.FailInvalid, "The key of the record is empty or too long for Salesforce.")
	}
	rows, err := c.query(ctx, "SELECT "+columns(a)+" FROM "+a.Object+" WHERE "+c.keyField+" = "+quote(a.Key)+" LIMIT 2", 2)
	switch {
	case err != nil:
		return nil, false, err
	case len(rows) == 0:
		return nil, false, nil
	case len(rows) > 1:
		return nil, false, connector.Fail(connector.FailConflict, "Salesforce has several records with our key; make the field for our key unique and remove the surplus records.")
	}
	return rows[0], true, nil
}

func columns(a pact.Action) string {
	names := []string{"Id", "SystemModstamp"}
	_, stage := a.Fields["StageName"]
	if stage && a.Object == "Opportunity" {
		names = append(names, "IsClosed")
	}
	for _, name := range slices.Sorted(maps.Keys(a.Fields)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// changes gives the fields that differ, or a conflict.
func changes(a pact.Action, have row) (map[string]any, error) {
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(a.Fields)) {
		want, current := a.Fields[name], have[name]
		if same(current, want) {
			continue
		}
		if before, seen := a.Before[name]; seen && !same(current, before) {
			return nil, connector.Fail(connector.FailConflict, "%s was changed in Salesforce since it was read.", name)
		}
		out[name] = want
	}
	return out, nil
}

// same: Salesforce shows an unchecked box as false where nothing was ever set.
func same(have, want any) bool {
	if b, ok := want.(bool); ok && have == nil {
		return !b
	}
	return connector.SameValue(have, want)
}

// stageMayChange keeps a closed deal closed.
func stageMayChange(change map[string]any, have row) error {
	stage, wanted := change["StageName"]
	closed, _ := have["IsClosed"].(bool)
	if !wanted || !closed {
		return nil
	}
	return connector.Fail(connector.FailConflict, "The opportunity is closed in Salesforce (%v); its stage is not changed to %v.", have["StageName"], fmt.Sprint(stage))
}

func pick(have row, want map[string]any) map[string]any {
	out := map[string]any{}
	for name := range want {
		out[name] = have[name]
	}
	return out
}
