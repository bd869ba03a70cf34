package library

import (
	_ "embed" // the wordings are part of the binary
	"encoding/json"
	"fmt"
)

//go:embed standard.json
var shipped []byte

// Standards are the standard wordings that ship, by the field they speak of: sentences of our own, of no real contract.
func Standards() (map[string][]Passage, error) {
	var rows []struct{ Field, Text, Value string }
	if err := json.Unmarshal(shipped, &rows); err != nil {
		return nil, fmt.Errorf("reading the standard wordings: %w", err)
	}
	out := map[string][]Passage{}
	for i, r := range rows {
		out[r.Field] = append(out[r.Field], Passage{Key: fmt.Sprintf("standard/%03d", i+1), Text: r.Text, Value: r.Value})
	}
	return out, nil
}
