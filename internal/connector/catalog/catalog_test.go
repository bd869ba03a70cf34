package catalog_test

import (
	"os"
	"slices"
	"testing"

	"github.com/pactloop/pactloop/internal/connector/catalog"
)

func TestEveryConnectorFolderHasItsLine(t *testing.T) {
	t.Parallel()
	// Folders beside the connectors that are no connector.
	support := []string{"board", "catalog", "connectortest", "outbound", "sweep"}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() || slices.Contains(support, e.Name()) {
			continue
		}
		if c, ok := catalog.Find(e.Name()); !ok || c.Name != e.Name() {
			t.Errorf("folder connector/%s has no line in the catalog", e.Name())
		}
	}
}

func TestTheListIsInOrderAndFindsNothingElse(t *testing.T) {
	t.Parallel()
	var names []string
	for _, c := range catalog.All() {
		names = append(names, c.Name)
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("names are not sorted or not unique: %v", names)
	}
	if _, ok := catalog.Find("nothing"); ok {
		t.Error("an unknown name was found")
	}
}
