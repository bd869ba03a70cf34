package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
)

// RegisterFilter is the query of everything that reads the register of obligations.
type RegisterFilter struct {
	Search     string          `query:"q" maxLength:"200" doc:"Words of the obligation, its contract, its customer or what is due."`
	Kind       []string        `query:"kind" enum:"availability,certificate,conditional_duty,credit_pool,delivery_schedule,invoice_payment,milestone,minimum_commitment,price_escalator,rebate,recurring_duty,renewal_notice,resolution_time,response_time,revenue_schedule,service_level,spend_ceiling,unit_price,volume_price" doc:"Kinds, separated by commas."`
	Side       string          `query:"side" enum:"ours,theirs,unknown" doc:"Whose duty it is."`
	State      []string        `query:"state" enum:"pending,on_track,at_risk,met,breached,excused,none" doc:"States of the current occurrence, separated by commas; none where nothing has fallen due yet."`
	ContractID pact.ContractID `query:"contract_id"`
	FamilyID   pact.ContractID `query:"family_id"`
	Owner      string          `query:"owner" maxLength:"254" doc:"E-mail of who looks after it, by itself or through its contract; nobody for those without."`
	From       calendar.Date   `query:"due_from" maxLength:"10" doc:"Due on this day (UTC) or later."`
	To         calendar.Date   `query:"due_to" maxLength:"10" doc:"Due on this day (UTC) or earlier."`
	CheckIns   string          `query:"check_ins" enum:"missed,due" doc:"missed: the owner has not said in time how it stands; due: the owner is asked to say so, now or later."`
}

func (f RegisterFilter) duties() insight.DutyFilter {
	return insight.DutyFilter{Kinds: f.Kind, Side: f.Side, States: f.State, ContractID: f.ContractID, FamilyID: f.FamilyID, Owner: f.Owner, From: f.From, To: f.To, CheckIns: f.CheckIns, Search: f.Search}
}

type dueMonth struct {
	Month string           `json:"month"`
	Days  []insight.DueDay `json:"days" doc:"Those on which something is due."`
}

type ownerChange struct {
	Owner    string `json:"owner" maxLength:"254" doc:"E-mail; empty leaves it to the owner of the contract."`
	Revision int64  `json:"revision"`
}

func (s *Server) registerRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/obligations/{id}/schedule", "listSchedule", "What falls due under an obligation, by the calendar, with where it stands", "Obligations", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		From   calendar.Date `query:"from" maxLength:"10" doc:"First day; three months ago where absent."`
		Months int           `query:"months" minimum:"1" maximum:"36" default:"15" doc:"How many months from there."`
	},
	) (*answer[insight.Schedule], error) {
		out, err := s.Insight.Schedule(ctx, pact.ObligationID(in.ID), in.From, in.Months)
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/obligations", "listRegister", "The obligations in force over all active contracts, what is due first first", "Obligations", pact.Viewer), func(ctx context.Context, in *struct {
		Paging
		RegisterFilter
	},
	) (*answer[page[insight.Duty]], error) {
		p, err := s.Insight.Register(ctx, in.duties(), in.Limit, in.After)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, same[insight.Duty]), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/obligations/calendar", "dueCalendar", "How many obligations are due on each day of a month", "Obligations", pact.Viewer), func(ctx context.Context, in *struct {
		RegisterFilter
		Month string `query:"month" maxLength:"7" doc:"Such as 2026-03; this month where absent."`
	},
	) (*answer[dueMonth], error) {
		month := in.Month
		if month == "" {
			month = s.Now().UTC().Format("2006-01")
		}
		days, err := s.Insight.DueDays(ctx, in.duties(), month)
		return respondWith(ctx, s, dueMonth{Month: month, Days: days}, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/obligations.csv", "exportRegister", "The register as a table", "Obligations", pact.Viewer), func(ctx context.Context, in *RegisterFilter) (*fileAnswer, error) {
		rows, err := s.Insight.WholeRegister(ctx, in.duties())
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		cells := make([][]string, 0, len(rows))
		for _, r := range rows {
			cells = append(cells, []string{
				string(r.DueOn), stamp(r.DueAt), r.Status, r.Title, r.Subject, strings.ReplaceAll(r.Kind, "_", " "), r.Side, r.Bearer, r.Beneficiary, r.Owner, r.ContractTitle, r.ContractNumber, r.Customer, r.BusinessUnit, string(r.ID), string(r.ContractID), r.InheritedContractTitle, string(r.CheckInDue), strings.ReplaceAll(r.CheckInState, "_", " "),
			})
		}
		out, err := csvFile("obligations.csv", []string{"due on", "due at", "state", "obligation", "about", "kind", "side", "owed by", "owed to", "owner", "contract", "contract number", "customer", "business unit", "obligation id", "contract id", "passed on by", "check-in due", "last check-in"}, cells)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return out, nil
	})
	huma.Register(s.api, op(http.MethodGet, "/obligations.ics", "registerCalendar", "The days on which obligations are due, as iCalendar", "Obligations", pact.Viewer), func(ctx context.Context, in *RegisterFilter) (*fileAnswer, error) {
		rows, err := s.Insight.WholeRegister(ctx, in.duties())
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return download("obligations.ics", "text/calendar; charset=utf-8", []byte(s.dueDates(rows))), nil
	})
	huma.Register(s.api, op(http.MethodPut, "/obligations/{id}/owner", "setObligationOwner", "Say who looks after an obligation", "Obligations", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body ownerChange
	},
	) (*answer[pact.Obligation], error) {
		o, err := s.Review.SetOwner(ctx, pact.ObligationID(in.ID), in.Body.Owner, in.Body.Revision)
		return respondWith(ctx, s, o, err)
	})
	huma.Register(s.api, op(http.MethodPut, "/obligations/{id}/cascade", "setObligationCascade", "Say to which contracts under its own an obligation passes", "Obligations", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body cascadeChange
	},
	) (*answer[pact.Obligation], error) {
		o, err := s.Review.SetCascade(ctx, pact.ObligationID(in.ID), in.Body.Cascade, in.Body.Revision)
		return respondWith(ctx, s, o, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/obligations/{id}/cascade/preview", "previewCascade", "What a rule would pass on, contract by contract; nothing is kept", "Obligations", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		Body struct {
			Cascade *pact.Cascade `json:"cascade" required:"false" doc:"Absent: it passes to no other contract."`
		}
	},
	) (*answer[items[insight.Reached]], error) {
		out, err := s.Insight.PreviewCascade(ctx, pact.ObligationID(in.ID), in.Body.Cascade)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(out), nil
	})
	huma.Register(s.api, op(http.MethodPut, "/obligations/{id}/check-ins", "planCheckIns", "Say how often the owner of an obligation says how it stands", "Obligations", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body struct {
			CheckIn  *pact.CheckInPlan `json:"check_in" required:"false" doc:"Absent: nobody is asked."`
			Revision int64             `json:"revision"`
		}
	},
	) (*answer[pact.Obligation], error) {
		o, err := s.Review.PlanCheckIns(ctx, pact.ObligationID(in.ID), in.Body.CheckIn, in.Body.Revision)
		return respondWith(ctx, s, o, err)
	})
	check := op(http.MethodPost, "/obligations/{id}/check-ins", "checkIn", "Say how an obligation stands: its owner, or a reviewer", "Obligations", anyone)
	check.DefaultStatus = http.StatusCreated
	huma.Register(s.api, check, func(ctx context.Context, in *struct {
		ByID
		Body struct {
			State string `json:"state" enum:"on_track,at_risk,done" doc:"done: nothing more is asked."`
			Note  string `json:"note" maxLength:"2000" doc:"What is known, in words."`
		}
	},
	) (*answer[review.CheckedIn], error) {
		out, err := s.Review.CheckIn(ctx, pact.ObligationID(in.ID), in.Body.State, in.Body.Note)
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/obligations/{id}/check-ins", "listCheckIns", "What was said of an obligation, newest first", "Obligations", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		Paging
	},
	) (*answer[page[pact.CheckIn]], error) {
		if _, err := s.Store.Reads().Obligations.Get(ctx, in.ID); err != nil {
			return nil, s.fail(ctx, err)
		}
		p, err := s.Store.Reads().CheckIns.List(ctx, store.Query{Where: []store.Cond{store.Eq("obligation_id", in.ID)}, Order: []string{"-created_at"}, Limit: in.Limit, After: in.After})
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, same[pact.CheckIn]), nil
	})
	s.checkInMailRoutes()
	huma.Register(s.api, op(http.MethodPost, "/obligations/{id}/answer", "answerObligation", "Answer a question that stops the computation of an obligation, where no finding asks it", "Obligations", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body obligationAnswer
	},
	) (*answer[review.Answered], error) {
		b := in.Body
		out, err := s.Review.AnswerObligation(ctx, pact.ObligationID(in.ID), b.OccurrenceID, review.Answer{Question: b.Question, Reading: b.Reading, Params: b.Params, Reason: b.Reason, Revision: b.Revision})
		return respondWith(ctx, s, out, err)
	})
}

type obligationAnswer struct {
	OccurrenceID pact.OccurrenceID `json:"occurrence_id,omitempty" doc:"The occurrence that asks; absent where the parameters of the obligation ask."`
	Question     string            `json:"question" minLength:"1" maxLength:"4000" doc:"As it is asked now (asks)."`
	Reading      string            `json:"reading,omitempty" maxLength:"1000" doc:"One of the readings of the question; or params."`
	Params       json.RawMessage   `json:"params,omitempty" doc:"Instead of a reading: the members of the obligation's parameters that are other than registered; null takes one out (JSON merge patch)."`
	Reason       string            `json:"reason" minLength:"1" maxLength:"2000"`
	Revision     int64             `json:"revision" doc:"Revision of the obligation that is asked about (asked.revision)."`
}

type cascadeChange struct {
	Cascade  *pact.Cascade `json:"cascade" required:"false" doc:"Absent: it passes to no other contract."`
	Revision int64         `json:"revision"`
}

// dueDates is a calendar with a day for each obligation that has a due date. The identifier of an entry stays the same while its day
// moves, so that a calendar that reads it again moves the entry.
func (s *Server) dueDates(rows []pact.RegisterEntry) string {
	cal := ics.NewCalendarFor("Pactloop")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName("Obligations")
	for _, r := range rows {
		if r.DueOn == "" {
			continue
		}
		e := cal.AddEvent(fmt.Sprintf("%s-%s@pactloop", r.ID, r.OccurrenceID))
		e.SetDtStampTime(s.Now().UTC())
		e.SetAllDayStartAt(r.DueOn.Time())
		e.SetAllDayEndAt(r.DueOn.AddDays(1).Time())
		e.SetSummary(strings.TrimSpace(r.Title + ": " + r.Subject))
		e.SetDescription(strings.Join(filled("Contract: "+r.ContractTitle, bare("Customer: ", r.Customer), bare("Owed by: ", r.Bearer), bare("Owner: ", r.Owner), bare("State: ", strings.ReplaceAll(r.Status, "_", " "))), "\n"))
		e.SetURL(strings.TrimSuffix(s.BaseURL, "/") + "/contracts/" + string(r.ContractID) + "?tab=obligations")
		e.SetTimeTransparency(ics.TransparencyTransparent)
	}
	return cal.Serialize()
}

func bare(name, value string) string {
	if value == "" {
		return ""
	}
	return name + value
}

func filled(parts ...string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
