package review

import (
	"context"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Sides of an obligation.
const (
	sideOurs    = "ours"
	sideTheirs  = "theirs"
	sideUnknown = "unknown"
)

// sideOf tells whose duty it is. bearer is the name of a party, or its role as the contract says it; where the role is another
// word for one that a party has (vendor, supplier), that party is meant. What can not be told is unknown, never guessed: a
// duty in the wrong list is one that nobody looks after.
func sideOf(bearer string, parties []pact.Party, us func(string) bool) string {
	bearer = strings.TrimSpace(bearer)
	if bearer == "" || us == nil {
		return sideUnknown
	}
	if us(bearer) {
		return sideOurs
	}
	known := false // among the parties stand we
	for _, p := range parties {
		known = known || us(p.Name)
	}
	if !known {
		return sideUnknown
	}
	of := func(p pact.Party) string {
		if us(p.Name) {
			return sideOurs
		}
		return sideTheirs
	}
	for _, p := range parties {
		if named(p, bearer) {
			return of(p)
		}
	}
	found := ""
	for _, p := range parties {
		if trade(p.Role) == "" || trade(p.Role) != trade(bearer) {
			continue
		}
		if found != "" && found != of(p) {
			return sideUnknown
		}
		found = of(p)
	}
	if found == "" {
		return sideUnknown
	}
	return found
}

func named(p pact.Party, bearer string) bool {
	if strings.EqualFold(p.Name, bearer) || strings.EqualFold(p.Role, bearer) {
		return true
	}
	for _, a := range p.Aliases {
		if strings.EqualFold(a, bearer) {
			return true
		}
	}
	return false
}

// trade is which end of a deal a role stands at; "" for a word that does not say.
func trade(role string) string {
	switch strings.ToLower(strings.TrimSpace(role)) {
	case "supplier", "vendor", "provider", "service provider", "seller", "contractor", "licensor", "consultant":
		return "gives"
	case "customer", "client", "buyer", "purchaser", "licensee", "subscriber":
		return "takes"
	}
	return ""
}

// partiesFor gives the parties of a version, or else those of the contract it amends.
func partiesFor(ctx context.Context, versions store.Reading[pact.Version], contracts store.Reading[pact.Contract], con pact.Contract, v pact.Version) ([]pact.Party, error) {
	if t, ok := v.Term("parties"); ok && len(t.Value.Parties) > 0 || con.ParentID == "" {
		return t.Value.Parties, nil
	}
	parent, err := contracts.Get(ctx, string(con.ParentID))
	if fault.Is(err, fault.NotFound) || err == nil && parent.CurrentVersion == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	pv, err := versions.One(ctx, store.Where(store.Eq("contract_id", parent.ID), store.Eq("number", parent.CurrentVersion)))
	if err != nil {
		return nil, err
	}
	t, _ := pv.Term("parties")
	return t.Value.Parties, nil
}

// FindSides tells whose duty the obligations are that were published before this was told. It runs when the product starts; a
// second time it finds nothing to do.
func (d *Desk) FindSides(ctx context.Context) error {
	ctx = pact.WithActor(ctx, pact.System("review"))
	r := d.Store.Reads()
	without := store.Where(store.Eq("side", ""))
	without.Only = []string{"contract_id"}
	contracts := map[pact.ContractID]bool{}
	if err := r.Obligations.Each(ctx, without, func(o pact.Obligation) error { contracts[o.ContractID] = true; return nil }); err != nil {
		return err
	}
	for id := range contracts {
		err := d.Store.Change(ctx, store.Act{Name: "obligation.side", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
			con, err := tx.Contracts.Lock(ctx, string(id))
			if err != nil || con.CurrentVersion == 0 {
				return err
			}
			v, err := tx.Versions.One(ctx, store.Where(store.Eq("contract_id", id), store.Eq("number", con.CurrentVersion)))
			if err != nil {
				return err
			}
			parties, err := partiesFor(ctx, tx.Versions, tx.Contracts, con, v)
			if err != nil {
				return err
			}
			rows, err := tx.Obligations.All(ctx, store.Where(store.Eq("contract_id", id), store.Eq("side", "")))
			if err != nil {
				return err
			}
			for i := range rows {
				rows[i].Side = sideOf(rows[i].Bearer, parties, d.Us)
				if err := tx.Obligations.Update(ctx, &rows[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
