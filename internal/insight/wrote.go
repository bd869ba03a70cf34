package insight

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// systems gives the names of the connections.
func (v *View) systems(ctx context.Context) (map[pact.ConnectionID]string, error) {
	list, err := v.Store.Reads().Connections.All(ctx, store.Query{Only: []string{"id", "name"}})
	if err != nil {
		return nil, fmt.Errorf("reading the connections: %w", err)
	}
	out := map[pact.ConnectionID]string{}
	for _, c := range list {
		out[c.ID] = c.Name
	}
	return out, nil
}

// wrote says in words what became of a write to another system, which system it is, and what was written. About is the subject of
// the finding that it follows from, such as a ticket's number.
func wrote(a pact.Action, system, about string) string {
	system = cmp.Or(system, "another system")
	state := map[pact.ActionState]string{
		pact.ActionPending: "Waits to be written to " + system, pact.ActionDone: "Written to " + system, pact.ActionDenied: "Not allowed by " + system, pact.ActionUnmapped: "No place in " + system + " is known",
		pact.ActionInvalid: "Refused by " + system, pact.ActionConflict: "Held back, because it was changed in " + system, pact.ActionUnavailable: "Given up, because " + system + " did not answer",
		pact.ActionNeedsCheck: "Not known whether it arrived in " + system, pact.ActionWithdrawn: "No longer wanted in " + system,
	}[a.State]
	return cmp.Or(state, string(a.State)+" in "+system) + ": " + written(a, about)
}

// written names what a write is about: by the name that it carries, otherwise by its kind.
func written(a pact.Action, about string) string {
	object := strings.ReplaceAll(strings.TrimSuffix(a.Object, "__c"), "_", " ")
	if flag, marks := a.Fields[connector.NeedsReview]; marks {
		if flag == true {
			return "the mark that it is under review (" + object + ")"
		}
		return "the mark of the review is taken back (" + object + ")"
	}
	for _, field := range []string{"Name", "name", "Subject"} {
		if name, ok := a.Fields[field].(string); ok && name != "" {
			return name + " (" + object + ")"
		}
	}
	switch a.Kind {
	case "update_fields", "update_record":
		return "the terms (" + object + ")"
	case "add_comment":
		return "a comment (" + strings.TrimSpace(object+" "+cmp.Or(about, a.ExternalID)) + ")"
	}
	return strings.ReplaceAll(a.Kind, "_", " ") + " (" + object + ")"
}
