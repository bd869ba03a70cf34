package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
)

type findingRow struct {
	Finding       pact.Finding `json:"finding"`
	ContractTitle string       `json:"contract_title"`
	Customer      string       `json:"customer"`
}

type findingPage struct {
	Finding       pact.Finding        `json:"finding"`
	Contract      pact.Contract       `json:"contract"`
	Obligation    *pact.Obligation    `json:"obligation,omitempty"`
	Occurrence    *pact.Occurrence    `json:"occurrence,omitempty"`
	Events        []pact.Event        `json:"events"`
	Approval      *pact.Approval      `json:"approval,omitempty" doc:"Of an act about the credit while one waits, of the credit otherwise."`
	Claim         *pact.Claim         `json:"claim,omitempty" doc:"What people did about its credit."`
	Actions       []pact.Action       `json:"actions"`
	Notifications []pact.Notification `json:"notifications"`
	Asked         *pact.Obligation    `json:"asked,omitempty" doc:"The obligation that its questions are about: as the amendment in force states it, otherwise as the contract does. An answer names its revision."`
	Charges       []pact.Event        `json:"charges" doc:"The charges that people stated and the amount is computed from, as they stand: they can be corrected."`
	Answer        *pact.Approval      `json:"answer,omitempty" doc:"An answer to its questions that waits for a second person."`
	Charge        *wantedCharge       `json:"charge,omitempty" doc:"Where the amount waits for a charge: which one."`
}

type wantedCharge struct {
	Service string   `json:"service"`
	Months  []string `json:"months" doc:"Such as 2026-03: those of which no charge is known."`
}

type answerBody struct {
	Question string          `json:"question" minLength:"1" maxLength:"4000" doc:"As the finding asks it."`
	Reading  string          `json:"reading,omitempty" maxLength:"1000" doc:"One of the readings of the question; or params."`
	Params   json.RawMessage `json:"params,omitempty" doc:"Instead of a reading: the members of the obligation's parameters that are other than registered; null takes one out (JSON merge patch)."`
	Reason   string          `json:"reason" minLength:"1" maxLength:"2000"`
	Revision int64           `json:"revision" doc:"Revision of the obligation that is asked about (asked.revision)."`
}

type approvalRow struct {
	Approval pact.Approval   `json:"approval"`
	Finding  *pact.Finding   `json:"finding,omitempty" doc:"Absent where an answer is about no finding."`
	Contract pact.Contract   `json:"contract"`
	Step     *pact.ClaimStep `json:"step,omitempty" doc:"What was done about the credit, where that is what waits."`
}

type judgement struct {
	Kind     string `json:"kind"`
	Reason   string `json:"reason,omitempty" maxLength:"2000"`
	Revision int64  `json:"revision"`
}

func storeQuery(p Paging, order string, pairs ...string) store.Query {
	return store.Query{Where: conds(pairs...), Order: []string{order}, Limit: p.Limit, After: p.After}
}

func (s *Server) findingRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/findings", "listFindings", "Findings, newest first", "Findings", pact.Viewer), func(ctx context.Context, in *struct {
		Paging
		ContractID string   `query:"contract_id"`
		State      []string `query:"state" enum:"open,confirmed,corrected,waived,closed" doc:"States, separated by commas."`
		Severity   []string `query:"severity" enum:"info,at_risk,variance,breach" doc:"Severities, separated by commas."`
		Credit     []string `query:"credit" enum:"needs_charge,ambiguous,waiting_approval,due,refused,claimed,agreed,settled,expired" doc:"States of the credit, separated by commas."`
		Kind       []string `query:"kind" enum:"availability,certificate,conditional_duty,credit_pool,delivery_schedule,invoice_payment,milestone,minimum_commitment,price_escalator,rebate,recurring_duty,renewal_notice,resolution_time,response_time,revenue_schedule,service_level,spend_ceiling,unit_price,volume_price" doc:"Kinds of obligation, separated by commas."`
		Search     string   `query:"q" maxLength:"200"`
	},
	) (*answer[page[findingRow]], error) {
		q := storeQuery(in.Paging, "-occurred_at", "contract_id", in.ContractID, "state", listed(in.State), "severity", listed(in.Severity), "credit", listed(in.Credit), "kind", listed(in.Kind))
		q.Search = in.Search
		p, err := s.Store.Reads().Findings.List(ctx, q)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		out := page[findingRow]{Items: []findingRow{}, Next: p.Next}
		for _, f := range p.Items {
			con, err := s.Store.Reads().Contracts.Get(ctx, string(f.ContractID))
			if err != nil {
				return nil, s.fail(ctx, err)
			}
			out.Items = append(out.Items, findingRow{Finding: f, ContractTitle: con.Title, Customer: con.Customer})
		}
		return &answer[page[findingRow]]{Body: out}, nil
	})
	huma.Register(s.api, op(http.MethodGet, "/findings/{id}", "getFinding", "A finding with its proof", "Findings", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[findingPage], error) {
		out, err := s.findingPage(ctx, in.ID)
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/findings/{id}/decision", "decideFinding", "Confirm, waive or close a finding", "Findings", anyone), func(ctx context.Context, in *struct {
		ByID
		Body judgement
	},
	) (*answer[pact.Finding], error) {
		f, err := s.Respond.Decide(ctx, pact.FindingID(in.ID), in.Body.Kind, in.Body.Reason, in.Body.Revision)
		return respondWith(ctx, s, f, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/findings/{id}/answer", "answerQuestion", "Answer a question that stops the amount of a finding", "Findings", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body answerBody
	},
	) (*answer[review.Answered], error) {
		b := in.Body
		out, err := s.Review.Answer(ctx, pact.FindingID(in.ID), review.Answer{Question: b.Question, Reading: b.Reading, Params: b.Params, Reason: b.Reason, Revision: b.Revision})
		return respondWith(ctx, s, out, err)
	})
	charge := op(http.MethodPost, "/contracts/{id}/charge", "recordCharge", "Record what a service was charged in a month", "Findings", pact.Reviewer)
	charge.DefaultStatus = http.StatusCreated
	records(s, charge, s.Exchange.RecordCharge)
	correct := op(http.MethodPost, "/contracts/{id}/charge/correction", "correctCharge", "Correct a charge that a person stated, or take it back", "Findings", pact.Reviewer)
	correct.DefaultStatus = http.StatusCreated
	records(s, correct, s.Exchange.CorrectCharge)
	huma.Register(s.api, op(http.MethodGet, "/approvals", "listApprovals", "Money, and answers that take some back, which wait for an approver", "Findings", pact.Viewer), func(ctx context.Context, in *struct {
		Paging
		State []string `query:"state" enum:"waiting,approved,refused,withdrawn" doc:"States, separated by commas."`
	},
	) (*answer[page[approvalRow]], error) {
		p, err := s.Store.Reads().Approvals.List(ctx, storeQuery(in.Paging, "-created_at", "state", listed(in.State)))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		out := page[approvalRow]{Items: []approvalRow{}, Next: p.Next}
		for _, a := range p.Items {
			row := approvalRow{Approval: a}
			if row.Finding, err = maybe(s.Store.Reads().Findings.Get(ctx, string(a.FindingID))); err != nil {
				return nil, s.fail(ctx, err)
			}
			if row.Contract, err = s.Store.Reads().Contracts.Get(ctx, string(a.ContractID)); err != nil {
				return nil, s.fail(ctx, err)
			}
			if row.Step, err = s.heldStep(ctx, a); err != nil {
				return nil, s.fail(ctx, err)
			}
			out.Items = append(out.Items, row)
		}
		return &answer[page[approvalRow]]{Body: out}, nil
	})
	huma.Register(s.api, op(http.MethodPost, "/approvals/{id}/decision", "decideApproval", "Approve or refuse money, or an answer that takes some back", "Findings", pact.Approver), func(ctx context.Context, in *struct {
		ByID
		Body judgement
	},
	) (*answer[pact.Approval], error) {
		a, err := s.Store.Reads().Approvals.Get(ctx, in.ID)
		switch {
		case err != nil:
		case a.Kind == "answer":
			a, err = s.Review.ApproveAnswer(ctx, a.ID, in.Body.Kind, in.Body.Reason, in.Body.Revision)
		default:
			a, err = s.Respond.Approve(ctx, a.ID, in.Body.Kind, in.Body.Reason, in.Body.Revision)
		}
		return respondWith(ctx, s, a, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/approvals/{id}/withdrawal", "withdrawAnswer", "Take back an answer of one's own that waits for a second person", "Findings", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body struct {
			Reason string `json:"reason,omitempty" maxLength:"2000"`
		}
	},
	) (*answer[pact.Approval], error) {
		a, err := s.Review.WithdrawAnswer(ctx, pact.ApprovalID(in.ID), in.Body.Reason)
		return respondWith(ctx, s, a, err)
	})
}

// waitingOf is the answer about an obligation that waits for a second person, if there is one.
func (s *Server) waitingOf(ctx context.Context, o pact.Obligation) (*pact.Approval, error) {
	waiting, err := s.waitingAnswers(ctx, string(o.ContractID))
	return waiting[o.ID], err
}

// waitingAnswers are the answers under some contracts that wait for a second person, by the obligation that they are about.
func (s *Server) waitingAnswers(ctx context.Context, contracts ...string) (map[pact.ObligationID]*pact.Approval, error) {
	waiting, err := s.Store.Reads().Approvals.All(ctx, store.Where(store.In("contract_id", contracts), store.Eq("kind", "answer"), store.Eq("state", "waiting")))
	out := map[pact.ObligationID]*pact.Approval{}
	for _, a := range slices.Backward(waiting) { // the first of several is shown
		if a.Answer != nil {
			out[a.Answer.ObligationID] = &a
		}
	}
	return out, err
}

// heldStep is the act that an approval is about; nil where it is about something else.
func (s *Server) heldStep(ctx context.Context, a pact.Approval) (*pact.ClaimStep, error) {
	if a.Kind != "claim" {
		return nil, nil
	}
	c, err := maybe(s.Store.Reads().Claims.One(ctx, store.Where(store.Eq("finding_id", a.FindingID))))
	if err != nil || c == nil {
		return nil, err
	}
	for _, step := range c.Steps {
		if step.ApprovalID == a.ID {
			return &step, nil
		}
	}
	return nil, nil
}

func (s *Server) findingPage(ctx context.Context, id string) (findingPage, error) {
	r := s.Store.Reads()
	f, err := r.Findings.Get(ctx, id)
	if err != nil {
		return findingPage{}, err
	}
	out := findingPage{Finding: f, Events: []pact.Event{}, Charges: []pact.Event{}}
	if out.Contract, err = r.Contracts.Get(ctx, string(f.ContractID)); err != nil {
		return out, err
	}
	if out.Obligation, err = maybe(r.Obligations.Get(ctx, string(f.ObligationID))); err != nil {
		return out, err
	}
	if out.Occurrence, err = maybe(r.Occurrences.Get(ctx, string(f.OccurrenceID))); err != nil {
		return out, err
	}
	if f.ApprovalID != "" {
		if out.Approval, err = maybe(r.Approvals.Get(ctx, string(f.ApprovalID))); err != nil {
			return out, err
		}
	}
	if out.Claim, err = maybe(r.Claims.One(ctx, store.Where(store.Eq("finding_id", f.ID)))); err != nil {
		return out, err
	}
	if out.Claim != nil {
		for _, step := range out.Claim.Steps {
			if step.Held != "waiting" {
				continue
			}
			if out.Approval, err = maybe(r.Approvals.Get(ctx, string(step.ApprovalID))); err != nil {
				return out, err
			}
		}
	}
	if len(f.EventIDs) > 0 {
		if out.Events, err = r.Events.All(ctx, store.Where(store.In("id", f.EventIDs)).By("occurred_at")); err != nil {
			return out, err
		}
	}
	for _, e := range out.Events {
		if e.Kind != "charge" || e.Data.ApprovedBy == "" {
			continue
		}
		later, err := r.Events.Count(ctx, store.Where(store.Eq("replaces", e.ID)))
		if err != nil {
			return out, err
		}
		if later == 0 {
			out.Charges = append(out.Charges, e)
		}
	}
	of := store.Where(store.Eq("finding_id", f.ID)).By("created_at")
	if out.Actions, err = r.Actions.All(ctx, of); err != nil {
		return out, err
	}
	if out.Notifications, err = r.Notifications.All(ctx, of); err != nil {
		return out, err
	}
	return out, s.questions(ctx, &out)
}

// questions adds what a person needs to answer what the amount waits for.
func (s *Server) questions(ctx context.Context, p *findingPage) error {
	r := s.Store.Reads()
	asked, err := maybe(r.Obligations.Get(ctx, string(review.Asked(p.Finding))))
	if err != nil || asked == nil {
		return err
	}
	p.Asked = asked
	if p.Answer, err = s.waitingOf(ctx, *asked); err != nil {
		return err
	}
	if p.Finding.Assessment.AmountState == "needs_charge" && p.Occurrence != nil {
		if p.Charge, err = s.missingCharge(ctx, p, *asked); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) missingCharge(ctx context.Context, p *findingPage, o pact.Obligation) (*wantedCharge, error) {
	service, months := obligation.Charged(o, *p.Occurrence)
	out := &wantedCharge{Service: service, Months: []string{}}
	known, err := s.Store.Reads().Events.All(ctx, store.Where(store.Eq("contract_id", p.Contract.FamilyID), store.In("kind", []string{"charge", "correction"})))
	gone := map[pact.EventID]bool{}
	for _, e := range known {
		gone[e.Replaces] = true
	}
	for _, m := range months {
		if !slices.ContainsFunc(known, func(e pact.Event) bool {
			return e.Kind == "charge" && !gone[e.ID] && e.Data.Month == m && (service == "" || strings.EqualFold(e.Data.Service, service))
		}) {
			out.Months = append(out.Months, m)
		}
	}
	return out, err
}

// maybe turns "not found" into an absent part.
func maybe[T any](v T, err error) (*T, error) {
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // absent is an answer here
	}
	if err != nil {
		return nil, err
	}
	return &v, nil
}
