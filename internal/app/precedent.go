package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
)

// Precedents are the passages that people accepted in other contracts, for the reading of one document. They come from the
// business unit of the document alone: whoever may see its runs may see what was shown in them.
type Precedents struct {
	Review *review.Desk
	Store  store.Store
	Blobs  store.Blobs
	For    pact.Document
	// Keeps tells of business units whose contracts must not leave.
	Keeps func(unit string) bool
}

// Accepted gives what people decided on a term or a kind of obligation, what was read last first.
func (p *Precedents) Accepted(ctx context.Context, field string, duty bool) ([]pact.Candidate, error) {
	if p.Keeps(p.For.BusinessUnit) {
		return nil, nil
	}
	ctx = pact.WithActor(ctx, pact.System("read"))
	q := review.Precedent{Unit: p.For.BusinessUnit, Not: p.For.ContractID, Term: field}
	if duty {
		q.Term, q.Kind = "", field
	}
	return p.Review.Accepted(ctx, q)
}

// Whole gives the reading that a passage stands in and the names its contract is between, as people accepted them and, where
// nobody did, as the source has them. It is nil where the reading was deleted, where the passage stands in a document that may
// not be shown here, and where the parties are not known: what is not known can not be masked.
func (p *Precedents) Whole(ctx context.Context, c pact.Candidate) (*document.Document, []string, error) {
	ctx = pact.WithActor(ctx, pact.System("read"))
	// A reviewer may choose a passage of any document that they may read: which one it is taken from is what counts.
	passage := c.Evidence[0].Passage
	id := passage.DocumentID
	if id == "" {
		id = c.DocumentID
	}
	doc, err := p.Store.Reads().Documents.Get(ctx, string(id))
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return nil, nil, nil
		}
		return nil, nil, fmt.Errorf("reading the document of an example: %w", err)
	}
	// What a unit that keeps its contracts has is not even opened. Names are known of the contract of the candidate alone.
	if doc.ContractID != c.ContractID || doc.ContractID == p.For.ContractID || doc.BusinessUnit != p.For.BusinessUnit || p.Keeps(doc.BusinessUnit) || doc.SHA256 == p.For.SHA256 {
		return nil, nil, nil
	}
	names, err := p.names(ctx, c)
	if err != nil || len(names) == 0 {
		return nil, nil, err
	}
	text := doc.TextID
	if passage.TextID != "" {
		text = passage.TextID
	}
	raw, err := p.Blobs.GetNamed(ctx, string(text))
	if fault.Is(err, fault.NotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading the text of an example: %w", err)
	}
	var d document.Document
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, nil, fmt.Errorf("reading the text of an example: %w", err)
	}
	return &d, names, nil
}

// roles are aliases that tell what somebody does in a contract, and not who it is.
var roles = map[string]bool{
	"customer": true, "client": true, "supplier": true, "provider": true, "vendor": true, "company": true, "buyer": true, "purchaser": true, "seller": true, "licensor": true, "licensee": true,
	"contractor": true, "consultant": true, "distributor": true, "reseller": true, "agent": true, "landlord": true, "tenant": true, "lessor": true, "lessee": true, "manufacturer": true,
	"discloser": true, "recipient": true, "party": true, "parties": true, "owner": true, "subscriber": true, "service provider": true, "agreement": true,
}

// names are all names that a party of the contract of a candidate was ever read to have: too many hide too much, which does
// no harm. A contract is between two at least: where fewer are known there are none.
func (p *Precedents) names(ctx context.Context, c pact.Candidate) ([]string, error) {
	rows, err := p.Store.Reads().Candidates.All(ctx, store.Where(store.Eq("contract_id", c.ContractID), store.Eq("subject", "term"), store.Eq("name", "parties")))
	if err != nil {
		return nil, fmt.Errorf("reading the parties of an example: %w", err)
	}
	var names []string
	who := map[string]bool{}
	add := func(v *pact.Value) {
		if v == nil {
			return
		}
		for _, party := range v.Parties {
			if strings.TrimSpace(party.Name) == "" {
				continue
			}
			who[strings.ToLower(strings.Join(strings.Fields(party.Name), " "))] = true
			names = append(names, party.Name)
			for _, a := range party.Aliases {
				if !roles[strings.ToLower(a)] {
					names = append(names, a)
				}
			}
		}
	}
	for _, row := range rows {
		add(row.Value)
		add(row.DecidedValue)
		for _, r := range row.Rivals {
			add(r.Value)
		}
	}
	con, err := p.Store.Reads().Contracts.Get(ctx, string(c.ContractID))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, fmt.Errorf("reading the contract of an example: %w", err)
	}
	if con.Customer != "" {
		add(&pact.Value{Parties: []pact.Party{{Name: con.Customer}}})
	}
	if len(who) < 2 {
		return nil, nil
	}
	return names, nil
}
