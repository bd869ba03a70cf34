package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/dossier"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/respond"
)

// DeskFilter is the query of the claim desk.
type DeskFilter struct {
	Search     string          `query:"q" maxLength:"200" doc:"Words of the finding."`
	State      []string        `query:"state" enum:"needs_charge,ambiguous,waiting_approval,due,refused,claimed,agreed,settled,expired" doc:"States of the credit, separated by commas."`
	Side       string          `query:"side" enum:"ours,theirs,unknown" doc:"Whose breach it is: theirs are credits to claim, ours credits that we owe."`
	ContractID pact.ContractID `query:"contract_id"`
	From       calendar.Date   `query:"claim_from" maxLength:"10" doc:"The last day to claim is this day or later."`
	To         calendar.Date   `query:"claim_to" maxLength:"10" doc:"The last day to claim is this day or earlier."`
	Order      string          `query:"order" enum:"claim_by,-claim_by,-occurred_at,occurred_at" default:"claim_by"`
}

func (f DeskFilter) claims() insight.ClaimFilter {
	return insight.ClaimFilter{States: f.State, Side: f.Side, ContractID: f.ContractID, From: f.From, To: f.To, Search: f.Search, Order: f.Order}
}

type claimed struct {
	Finding pact.Finding `json:"finding"`
	Claim   pact.Claim   `json:"claim"`
}

func (s *Server) claimRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/claims", "listClaims", "Findings with money: due, claimed, agreed, settled, expired", "Claims", pact.Viewer), func(ctx context.Context, in *struct {
		Paging
		DeskFilter
	},
	) (*answer[page[insight.ClaimRow]], error) {
		p, err := s.Insight.Claims(ctx, in.claims(), in.Limit, in.After)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, same[insight.ClaimRow]), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/claims/sums", "claimSums", "The sums of a filter by state, side and currency; currencies are never added up", "Claims", pact.Viewer), func(ctx context.Context, in *DeskFilter) (*answer[items[insight.ClaimSum]], error) {
		sums, err := s.Insight.ClaimSums(ctx, in.claims())
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(sums), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/claims.csv", "exportClaims", "The claim desk as a table", "Claims", pact.Viewer), func(ctx context.Context, in *DeskFilter) (*fileAnswer, error) {
		rows, err := s.Insight.WholeDesk(ctx, in.claims())
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		cells := make([][]string, 0, len(rows))
		for _, r := range rows {
			f := r.Finding
			var c pact.Claim
			if r.Claim != nil {
				c = *r.Claim
			}
			currency := ""
			for _, a := range []*money.Amount{c.Settled, c.Agreed, c.Claimed, f.Amount} {
				if a != nil && currency == "" {
					currency = a.Currency
				}
			}
			cells = append(cells, []string{
				string(f.Credit), string(f.ClaimBy), r.Side, f.Title, f.Subject, stamp(f.OccurredAt), currency, digits(f.Amount), digits(c.Claimed), digits(c.Agreed), digits(c.Settled), c.Reference, r.ContractTitle, r.Customer, f.BusinessUnit, string(f.ID),
			})
		}
		out, err := csvFile("claims.csv", []string{"state", "claim by", "whose breach", "finding", "about", "happened", "currency", "amount", "claimed", "agreed", "settled", "reference", "contract", "customer", "business unit", "finding id"}, cells)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return out, nil
	})
	act := op(http.MethodPost, "/findings/{id}/claim", "claimCredit", "Claim a credit, or record what became of the claim", "Claims", anyone)
	act.Description = "Needs the role reviewer or approver; what gives money up needs approver."
	huma.Register(s.api, act, func(ctx context.Context, in *struct {
		ByID
		Body respond.ClaimAct
	},
	) (*answer[claimed], error) {
		f, c, err := s.Respond.Claim(ctx, pact.FindingID(in.ID), in.Body)
		return respondWith(ctx, s, claimed{Finding: f, Claim: c}, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/findings/{id}/evidence.pdf", "getEvidence", "The evidence of a finding as a PDF: clause, events, computation, document hash", "Claims", pact.Viewer), func(ctx context.Context, in *ByID) (*fileAnswer, error) {
		p, err := s.Insight.Evidence(ctx, pact.FindingID(in.ID))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		b, err := dossier.Write(p)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return download("evidence-"+in.ID+".pdf", "application/pdf", b), nil
	})
}

func digits(a *money.Amount) string {
	if a == nil {
		return ""
	}
	return a.Value.String()
}
