// Package catalog is the list of connectors in this build.
//
// It owns the list and nothing else. Invariant: every folder of a connector has its line here; a test fails when one is
// missing.
package catalog

import (
	"slices"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/connector/ironclad"
	"github.com/pactloop/pactloop/internal/connector/salesforce"
	"github.com/pactloop/pactloop/internal/connector/servicenow"
)

// All gives every connector, by name.
func All() []connector.Connector {
	return []connector.Connector{
		ironclad.Connector(),
		salesforce.Connector(),
		servicenow.Connector(),
	}
}

// Find gives a connector by name.
func Find(name string) (connector.Connector, bool) {
	all := All()
	i := slices.IndexFunc(all, func(c connector.Connector) bool { return c.Name == name })
	if i < 0 {
		return connector.Connector{}, false
	}
	return all[i], true
}
