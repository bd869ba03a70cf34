package review

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Verdict is what a comparison of two versions on labelled contracts came to; package evaluate makes it.
type Verdict struct {
	NoWorse     bool            `json:"no_worse"`
	Regressions []string        `json:"regressions"` // sentences
	Report      json.RawMessage `json:"report"`      // the whole comparison, kept with the version
}

// Promotion makes a version of a policy the active one.
type Promotion struct {
	Kind string
	Body json.RawMessage
	Note string
	// Verdict is the comparison with the active version. nil is an override: then Reason must say why there is none.
	Verdict *Verdict
	Reason  string
}

// Promote records the decision for a new version and makes it the active one. It is refused where the comparison found a
// regression beyond its tolerance. Needs role admin for all business units.
func (d *Desk) Promote(ctx context.Context, p Promotion) (pact.Policy, error) {
	if p.Verdict == nil && len(p.Reason) < 10 {
		return pact.Policy{}, fault.New(fault.Invalid, "Without a comparison on labelled contracts a version is promoted only with a reason of at least ten characters; it is kept in the audit trail.")
	}
	if p.Verdict != nil && !p.Verdict.NoWorse {
		f := fault.New(fault.Conflict, "The new version is worse than the active one beyond the tolerance in %d places, so it was not promoted. The active version stays.", len(p.Verdict.Regressions))
		for _, r := range p.Verdict.Regressions[:min(len(p.Verdict.Regressions), 20)] {
			f.Details = append(f.Details, fault.Detail{Message: r})
		}
		return pact.Policy{}, f
	}
	var report json.RawMessage
	if p.Verdict != nil {
		report = p.Verdict.Report
	}
	return d.setPolicy(ctx, "policy.promote", pact.Policy{Kind: p.Kind, Body: p.Body, Note: p.Note, Report: report}, func(tx store.Tx) {
		if p.Verdict == nil {
			tx.Note(ctx, "override", p.Reason)
		}
	})
}

// Rollback makes the version before the active one active again, as a new version with the same body: the history is only
// added to. A version that came back stands where it stood first, so that a second rollback goes one step further back, and not to the
// version that was left. Before the first there is the shipped default, whose body the caller gives. Needs role admin.
func (d *Desk) Rollback(ctx context.Context, kind string, shipped json.RawMessage, reason string) (pact.Policy, error) {
	actor, _ := pact.ActorFrom(ctx)
	if err := overAll(actor); err != nil {
		return pact.Policy{}, err
	}
	rows, err := d.Store.Reads().Policies.All(pact.WithActor(ctx, pact.System("review")), store.Where(store.Eq("kind", kind)).By("-version"))
	if err != nil {
		return pact.Policy{}, err
	}
	rows = slices.DeleteFunc(rows, func(p pact.Policy) bool { return !wasInForce(p) })
	at := standsAt(rows)
	if at == len(rows) {
		return pact.Policy{}, fault.New(fault.Conflict, "The shipped default of %s is active; there is nothing to roll back.", kind)
	}
	body, back := shipped, 0
	if at+1 < len(rows) {
		body, back = rows[at+1].Body, rows[at+1].Version
	}
	row := pact.Policy{Kind: kind, Body: body, Note: strings.TrimSpace(fmt.Sprintf(rolledBack+" %s", rows[0].Version, back, reason))}
	return d.setPolicy(ctx, "policy.rollback", row, func(tx store.Tx) { tx.Note(ctx, "rolled_back_to", back) })
}

// rolledBack begins the note of a version that came back.
const rolledBack = "Rolled back from version %d to version %d."

// standsAt is the place in the history, the newest version first, at which the active one stands: its own, or that of the version which it
// brought back; behind the last one is the shipped default.
func standsAt(rows []pact.Policy) int {
	at := 0
	for at < len(rows) {
		var from, back int
		if n, err := fmt.Sscanf(rows[at].Note, rolledBack, &from, &back); err != nil || n != 2 || back >= rows[at].Version {
			break
		}
		if back == 0 {
			return len(rows)
		}
		older := slices.IndexFunc(rows, func(p pact.Policy) bool { return p.Version == back })
		if older < 0 || !bytes.Equal(rows[older].Body, rows[at].Body) { // a note that a person wrote
			break
		}
		at = older
	}
	return at
}

// wasInForce leaves out proposals that wait, were refused, or were replaced by another proposal.
func wasInForce(p pact.Policy) bool {
	if p.Kind == approvalKind && p.DecidedAt.IsZero() {
		return false
	}
	return p.State != pact.PolicyProposed && p.State != pact.PolicyRefused
}
