package pact

import (
	"context"
	"slices"
)

// Role bounds what an actor may do.
type Role string

// The roles, from least to most. A connector is a machine that delivers events and documents, nothing else.
const (
	Viewer    Role = "viewer"
	Reviewer  Role = "reviewer"
	Approver  Role = "approver"
	Admin     Role = "admin"
	Connector Role = "connector"
)

// Actor is who does something: a person, an API key, or a part of the product ("policy", "monitor").
type Actor struct {
	ID    string   `json:"id"` // usr_…, key_…, or a name such as "policy"
	Kind  string   `json:"kind" enum:"person,key,system"`
	Name  string   `json:"name"`
	Role  Role     `json:"role"`
	Units []string `json:"units,omitempty"` // business units in scope; "*" is all
	// CorrelationID ties every entry, log line and job of one request or one chain of jobs together.
	CorrelationID string `json:"correlation_id,omitempty"`
}

// System is a part of the product acting by itself, in every business unit.
func System(name string) Actor {
	return Actor{ID: name, Kind: "system", Name: name, Role: Admin, Units: []string{"*"}}
}

// Sees tells whether the actor's scope holds the business unit.
func (a Actor) Sees(unit string) bool { return a.SeesAll() || slices.Contains(a.Units, unit) }

// SeesAll tells whether the actor's scope is every business unit.
func (a Actor) SeesAll() bool { return slices.Contains(a.Units, "*") }

// May tells whether the role includes another: admin ⊃ approver, reviewer ⊃ viewer. Approver does not include reviewer,
// so that four eyes stay four.
func (a Actor) May(r Role) bool {
	switch r {
	case Viewer:
		return a.Role == Viewer || a.Role == Reviewer || a.Role == Approver || a.Role == Admin
	case Reviewer, Approver, Connector:
		return a.Role == r || a.Role == Admin
	case Admin:
		return a.Role == Admin
	}
	return false
}

type actorKey struct{}

// WithActor puts the actor in the context. The store refuses work without one.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom gives the actor of the context.
func ActorFrom(ctx context.Context) (Actor, bool) {
	a, ok := ctx.Value(actorKey{}).(Actor)
	return a, ok
}
