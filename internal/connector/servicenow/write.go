package servicenow

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/pact"
)

// markable is a key that can stand in a marker and in an encoded query, where ^ separates conditions.
var markable = regexp.MustCompile(`^[A-Za-z0-9_.:/@-]{1,200}$`)

// Marker is what a comment of a key ends with.
func Marker(key string) string { return "[" + key + "]" }

// Write adds a comment once per key. Fields hold "text" and "visibility" (work_notes, seen by agents only; or comments,
// seen by the customer), or one of "work_notes" and "comments" with the text. The default is work_notes. ServiceNow takes
// no key, so the journal is searched for the marker first; where it may not be read nothing is posted.
func (c *Connection) Write(ctx context.Context, a pact.Action) (pact.Receipt, error) {
	if a.Kind != "add_comment" {
		return pact.Receipt{}, connector.Fail(connector.FailUnmapped, "ServiceNow has no action %q.", a.Kind)
	}
	element, text, err := comment(a)
	if err != nil {
		return pact.Receipt{}, err
	}
	before, err := c.incident(ctx, a.ExternalID, []string{"sys_id", "number", "sys_mod_count"})
	if err != nil {
		return pact.Receipt{}, err
	}
	found, err := c.posted(ctx, a)
	if err != nil {
		return pact.Receipt{}, err
	}
	if found {
		return c.receipt(before, element, text, true), nil
	}
	_, err = c.api.Do(ctx, outbound.Call{Method: http.MethodPatch, Path: "/table/incident/" + a.ExternalID, Body: map[string]any{element: text}})
	if err != nil {
		if class, _ := connector.FailureOf(err); class != connector.FailUnavailable {
			return pact.Receipt{}, err
		}
		// The answer may have been lost after the comment was added.
		if found, again := c.posted(ctx, a); again == nil && found {
			return c.receipt(before, element, text, true), nil
		}
		return pact.Receipt{}, err
	}
	after, err := c.incident(ctx, a.ExternalID, []string{"sys_id", "number", "sys_mod_count"})
	if err != nil {
		after = before // the comment is there; only its version is not known
	}
	return c.receipt(after, element, text, false), nil
}

// Current shows the comment of the key, if it is there.
func (c *Connection) Current(ctx context.Context, a pact.Action) (map[string]any, error) {
	element, text, err := comment(a)
	if err != nil {
		return nil, err
	}
	found, err := c.posted(ctx, a)
	if err != nil || !found {
		return map[string]any{}, err
	}
	return map[string]any{element: text}, nil
}

func comment(a pact.Action) (element, text string, err error) {
	element, text = "work_notes", fmt.Sprint(a.Fields["text"])
	if v, _ := a.Fields["visibility"].(string); v == "comments" {
		element = "comments"
	}
	for _, name := range []string{"comments", "work_notes"} {
		if s, ok := a.Fields[name].(string); ok && s != "" {
			element, text = name, s
		}
	}
	if a.Fields["text"] == nil && a.Fields[element] == nil || strings.TrimSpace(text) == "" {
		return "", "", connector.Fail(connector.FailInvalid, "The comment has no text.")
	}
	if !markable.MatchString(a.Key) {
		return "", "", connector.Fail(connector.FailInvalid, "The key of the comment can not be used as a marker.")
	}
	return element, strings.TrimRight(text, " \n") + " " + Marker(a.Key), nil
}

// posted searches the journal of the incident for the marker. Every hit is checked: an ignored condition gives other
// rows, and they must not pass for ours.
func (c *Connection) posted(ctx context.Context, a pact.Action) (bool, error) {
	rows, err := c.all(ctx, "sys_journal_field", "name=incident^element_id="+a.ExternalID+"^valueLIKE"+Marker(a.Key), []string{"sys_id", "element_id", "element", "value", "sys_created_on"})
	if err != nil {
		return false, err
	}
	for _, r := range rows {
		if r.value("element_id") == a.ExternalID && strings.HasSuffix(r.value("value"), Marker(a.Key)) {
			return true, nil
		}
	}
	return false, nil
}

func (c *Connection) receipt(r record, element, text string, found bool) pact.Receipt {
	return pact.Receipt{
		ExternalID: r.id(), Version: r.value("sys_mod_count"), URL: c.base + "/incident.do?sys_id=" + r.id(), At: c.now().UTC(), Found: found,
		Values: map[string]any{element: text},
	}
}
