package read

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// categories gives the kinds of clauses that a reading found, in the order of the alphabet; nil where nobody looked.
func (r *Reader) categories(runs []pact.Extraction) ([]string, error) {
	if r.Clauses == nil {
		return nil, nil
	}
	i := slices.IndexFunc(runs, func(run pact.Extraction) bool { return run.Extractor == r.Clauses.Name() })
	if i < 0 {
		return nil, nil
	}
	var set extract.ClauseSet
	if err := json.Unmarshal([]byte(runs[i].Output), &set); err != nil {
		return nil, fmt.Errorf("reading the clauses that were found: %w", err)
	}
	out := make([]string, 0, len(set.Clauses))
	for _, c := range set.Clauses {
		out = append(out, c.Category)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// sumClauses keeps with a contract what the documents of it say, so that contracts can be found by what they have.
func sumClauses(ctx context.Context, tx store.Tx, doc pact.Document) error {
	docs, err := tx.Documents.All(ctx, store.Where(store.Eq("contract_id", doc.ContractID)))
	if err != nil {
		return err
	}
	var all []string
	for _, d := range docs {
		if d.Clauses == nil {
			continue
		}
		all = append(all, d.Clauses...)
		if all == nil {
			all = []string{}
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	con, err := tx.Contracts.Lock(ctx, string(doc.ContractID))
	if err != nil {
		return err
	}
	if (con.Clauses == nil) == (all == nil) && slices.Equal(con.Clauses, all) {
		return nil
	}
	con.Clauses = all
	return tx.Contracts.Update(ctx, &con)
}
