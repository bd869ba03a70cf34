package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/pact"
)

// OutlookFilter is the query of the renewals.
type OutlookFilter struct {
	Days        int    `query:"days" minimum:"1" maximum:"1100" default:"180" doc:"How far ahead, by the renewal date."`
	EarlyNotice bool   `query:"early_notice" doc:"Those that renew after these days instead, and whose last day to send notice falls within them."`
	Evergreen   bool   `query:"evergreen" doc:"Contracts that run until ended by notice instead; they have no date."`
	Owner       string `query:"owner" maxLength:"254" doc:"E-mail; nobody for those without an owner."`
	Search      string `query:"q" maxLength:"200" doc:"Words of the contract, its number, its customer or its owner."`
}

func (f OutlookFilter) renewals() insight.RenewalFilter {
	return insight.RenewalFilter{Days: f.Days, EarlyNotice: f.EarlyNotice, Evergreen: f.Evergreen, Owner: f.Owner, Search: f.Search}
}

func (s *Server) renewalRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/renewals", "listRenewals", "The renewals ahead, the nearest notice deadline first", "Renewals", pact.Viewer), func(ctx context.Context, in *struct {
		Paging
		OutlookFilter
	},
	) (*answer[page[insight.RenewalRow]], error) {
		p, err := s.Insight.Outlook(ctx, in.renewals(), in.Limit, in.After)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, same[insight.RenewalRow]), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/renewals.csv", "exportRenewals", "The renewals ahead as a table", "Renewals", pact.Viewer), func(ctx context.Context, in *OutlookFilter) (*fileAnswer, error) {
		rows, err := s.Insight.WholeOutlook(ctx, in.renewals())
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		cells := make([][]string, 0, len(rows))
		for _, r := range rows {
			left, auto, value, currency, sent, decided, why := "", "", "", "", "", "", ""
			if r.DaysLeft != nil {
				left = fmt.Sprint(*r.DaysLeft)
			}
			if r.AutoRenewal != nil {
				auto = fmt.Sprint(*r.AutoRenewal)
			}
			if r.TotalValue != nil {
				value, currency = r.TotalValue.Value.String(), r.TotalValue.Currency
			}
			if r.Sent != nil {
				sent = string(r.Sent.On)
			}
			if d := r.Decision; d != nil {
				decided, why = string(d.On), d.Reason
			}
			cells = append(cells, []string{string(r.SendBy), left, string(r.Notice), sent, decided, why, string(r.RenewalDate), auto, r.ContractTitle, r.ContractNumber, r.Customer, value, currency, r.Phase, r.Owner, r.BusinessUnit, string(r.ContractID)})
		}
		out, err := csvFile("renewals.csv", []string{"send notice by", "days left", "notice", "notice sent on", "decided on", "why", "renewal date", "renews by itself", "contract", "contract number", "customer", "total value", "currency", "phase", "owner", "business unit", "contract id"}, cells)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return out, nil
	})
	notice := op(http.MethodPost, "/contracts/{id}/notice", "recordNotice", "Record that notice was sent", "Renewals", pact.Reviewer)
	notice.DefaultStatus = http.StatusCreated
	records(s, notice, s.Exchange.RecordNotice)
	decide := op(http.MethodPost, "/contracts/{id}/renewal-decision", "decideRenewal", "Decide a renewal without sending notice: let it renew, let it end, negotiate", "Renewals", pact.Reviewer)
	decide.DefaultStatus = http.StatusCreated
	decide.Description = "Let it renew (renew), or leave an option (end): no reminder or escalation follows for that renewal, which comes as agreed. negotiate settles nothing. A decision takes the place of an earlier one, and of a notice in time that its author takes back with it; notice in time that is recorded later takes the place of the decision."
	records(s, decide, s.Exchange.DecideRenewal)
	undecide := op(http.MethodPost, "/contracts/{id}/renewal-decision/withdrawal", "withdrawRenewalDecision", "Take back what was decided about a renewal, by who decided", "Renewals", pact.Reviewer)
	undecide.Description = "By who decided, or an administrator. A correction replaces the decision; both stay in the log, and the renewal is to be decided again."
	records(s, undecide, s.Exchange.TakeBackDecision)
	back := op(http.MethodPost, "/contracts/{id}/notice/withdrawal", "withdrawNotice", "Take back the record of a notice, by who recorded it", "Renewals", pact.Reviewer)
	back.Description = "By who recorded it, or an administrator. A correction replaces it; both stay in the log, and the renewal is judged again."
	records(s, back, s.Exchange.TakeBackNotice)
}

// records registers an operation by which a person records something about a contract: it answers with the event.
func records[T any](s *Server, o huma.Operation, record func(context.Context, pact.ContractID, T) (pact.Event, error)) {
	huma.Register(s.api, o, func(ctx context.Context, in *struct {
		ByID
		Body T
	},
	) (*answer[pact.Event], error) {
		e, err := record(ctx, pact.ContractID(in.ID), in.Body)
		return respondWith(ctx, s, e, err)
	})
}
