package store

import (
	"context"
	"slices"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// StatedTriggers are all statements in a family of what started a duty, in the order in which they were made: also those that others
// replaced or took back, and what took them back.
func StatedTriggers(ctx context.Context, events Reading[pact.Event], family pact.ContractID) ([]pact.Event, error) {
	said, err := events.All(ctx, Query{
		Where:  []Cond{Eq("contract_id", family), Eq("connection_id", ""), In("kind", []string{"trigger", "correction"})},
		Search: obligation.TriggerPrefix, // spares reading events that were brought in as files
		Order:  []string{"received_at"},
	})
	return slices.DeleteFunc(said, func(e pact.Event) bool { return !obligation.StatedTrigger(e) }), err
}
