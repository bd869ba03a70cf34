package read

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// Reword reads a text that was kept again with the words of an amendment, by the grammar alone: the same words give the same values. It
// fails with fault.NotFound where the text was deleted.
func (r *Reader) Reword(ctx context.Context, text pact.TextID, earlier, swaps []extract.Swap) ([]extract.Swapped, error) {
	extractors, _, err := r.builtIn(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(extractors, func(x extract.Extractor) bool { return x.Name() == "grammar" })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "No extractor reads by rules here.")
	}
	raw, err := r.Blobs.GetNamed(ctx, string(text))
	if err != nil {
		return nil, err
	}
	var d document.Document
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, fmt.Errorf("reading the text %s: %w", text, err)
	}
	out, err := extract.Reword(ctx, extractors[i], &d, earlier, swaps)
	if err != nil || r.Weights == nil {
		return out, err
	}
	weights, err := r.Weights(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading what decisions tell of the engines: %w", err)
	}
	for _, s := range out {
		for i := range s.Changed {
			s.Changed[i].After = weights.Tune(s.Changed[i].After)
		}
	}
	return out, nil
}
