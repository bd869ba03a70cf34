package exchange

import "github.com/pactloop/pactloop/internal/pact"

// Cut shortens a text.
func Cut(text string, length int) string { return cut(text, length) }

// ReadTable reads a table and gives what was rejected, for the fuzzer.
func ReadTable(csv string, m pact.EventMapping) ([]pact.RejectedLine, error) {
	t, err := readTable(csv, m)
	if err != nil {
		return nil, err
	}
	return t.rejected, nil
}
