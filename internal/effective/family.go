package effective

import (
	"slices"

	"github.com/pactloop/pactloop/internal/pact"
)

// Amending lists the amendments of a contract among the members of its family, and the amendments of those, in the order of
// the list. A list that runs in a circle ends.
func Amending(members []pact.Contract, of pact.ContractID) []pact.Contract {
	var out []pact.Contract
	seen := map[pact.ContractID]bool{of: true}
	var walk func(pact.ContractID)
	walk = func(id pact.ContractID) {
		for _, m := range members {
			if m.ParentID == id && m.Relation == "amendment" && !seen[m.ID] {
				seen[m.ID] = true
				out = append(out, m)
				walk(m.ID)
			}
		}
	}
	walk(of)
	return out
}

// OfContract makes the timeline of a contract with its amendments. version gives the published version of a member; it is
// asked only for those that have one, the contract itself first. An amendment's own name, number and dates do not take the
// place of the contract's.
func OfContract(con pact.Contract, members []pact.Contract, version func(pact.Contract) (pact.Version, error)) (Timeline, []pact.Version, error) {
	var entries []Entry
	var versions []pact.Version
	for _, part := range append([]pact.Contract{con}, Amending(members, con.ID)...) {
		if part.CurrentVersion == 0 {
			continue
		}
		v, err := version(part)
		if err != nil {
			return Timeline{}, nil, err
		}
		versions = append(versions, v)
		own := FromVersion(v, part.Title, 0)
		if part.ID != con.ID {
			own = slices.DeleteFunc(own, func(e Entry) bool { return e.Term != nil && !Amendable(e.Term.Name) })
			for i := range own {
				own[i].Source.Amends = true
			}
		}
		entries = append(entries, own...)
	}
	return New(entries), versions, nil
}
