package store

import (
	"cmp"
	"context"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// NameOf gives the name of whoever an actor's id stands for. Sentences for people and texts for other systems name people,
// never ids. It reads with the rights of the product: whoever may see what somebody did may see who it was.
func NameOf(ctx context.Context, users Reading[pact.User], keys Reading[pact.APIKey], id string) (string, error) {
	ctx = pact.WithActor(ctx, pact.System("names"))
	switch {
	case strings.HasPrefix(id, "usr_"):
		u, err := users.Get(ctx, id)
		if fault.Is(err, fault.NotFound) {
			return "a former user", nil
		}
		return cmp.Or(u.Name, u.Email), err
	case strings.HasPrefix(id, "key_"):
		k, err := keys.Get(ctx, id)
		if fault.Is(err, fault.NotFound) {
			return "a former API key", nil
		}
		return "the API key " + k.Name, err
	}
	return id, nil
}

// LooksAfter tells whether somebody is the owner of an obligation, by itself or through its contract. Only a person is.
func LooksAfter(ctx context.Context, tx Tx, actor pact.Actor, o pact.Obligation) (bool, error) {
	con, err := tx.Contracts.Get(ctx, string(o.ContractID))
	if err != nil {
		return false, err
	}
	owner := cmp.Or(o.Owner, con.Owner)
	if actor.Kind != "person" || owner == "" {
		return false, nil
	}
	// People are read with the rights of the product: whose e-mail it is concerns nobody but the asker.
	u, err := tx.Users.Get(pact.WithActor(ctx, pact.System("names")), actor.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return false, err
	}
	return u.Email != "" && strings.EqualFold(u.Email, owner), nil
}
