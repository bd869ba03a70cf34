package insight

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// RenewalFilter selects renewals.
type RenewalFilter struct {
	Days      int  // how far ahead: by the notice deadline or the renewal, whichever comes first
	Evergreen bool // contracts that run until ended by notice instead, which have no date
	Owner     string
	Search    string
}

// NoticeState says where the notice of a renewal stands.
type NoticeState string

// The states of a notice.
const (
	NoticeSent      NoticeState = "sent"       // recorded in time
	NoticeOpen      NoticeState = "open"       // can still be sent
	NoticeLate      NoticeState = "late"       // the last day passed without one
	NoticeNotNeeded NoticeState = "not_needed" // the contract ends by itself
	NoticeUnknown   NoticeState = "unknown"    // no deadline is known: nobody published a notice period
	NoticeAnyTime   NoticeState = "any_time"   // evergreen: notice can be sent on any day
)

// RenewalRow is a line of the outlook.
type RenewalRow struct {
	pact.Renewal
	Notice   NoticeState     `json:"notice" enum:"sent,open,late,not_needed,unknown,any_time"`
	Option   bool            `json:"option,omitempty" doc:"Notice is what extends the contract, not what ends it."`
	DaysLeft *int            `json:"days_left,omitempty" doc:"To the last day to send notice; negative after it."`
	EndsOn   calendar.Date   `json:"ends_on,omitempty" doc:"The last day, where notice in time ended the contract; of an evergreen one, when it would end by notice sent today."`
	Sent     *RecordedNotice `json:"sent,omitempty" doc:"The notice that counts, or else the last one that came too late."`
	Title    string          `json:"obligation_title,omitempty"`
	Clause   []pact.Evidence `json:"clause,omitempty"`
	Question string          `json:"question,omitempty" doc:"What has to be answered before the deadline can be computed."`
}

// RecordedNotice is the notice that was sent.
type RecordedNotice struct {
	EventID   pact.EventID  `json:"event_id"`
	On        calendar.Date `json:"on"`
	DaysLate  int           `json:"days_late,omitempty" doc:"After the last day to send notice: it does not count."`
	ActorID   string        `json:"actor_id,omitempty" doc:"Of the person who recorded it, and may take it back."`
	Reference string        `json:"reference,omitempty"`
	Note      string        `json:"note,omitempty"`
	By        string        `json:"by" doc:"How it became known."`
}

func (f RenewalFilter) query(today calendar.Date) store.Query {
	q := store.Query{Order: []string{"outlook_on"}, Search: f.Search}
	if f.Evergreen {
		q.Where, q.Order = []store.Cond{store.Eq("form", "evergreen")}, []string{"contract_title"}
	} else {
		q.Where = []store.Cond{store.Eq("form", "dated"), store.Is("renewal_date", ">=", string(today)), store.Is("outlook_on", "<=", string(today.AddDays(f.Days)))}
	}
	if f.Owner != "" {
		q.Where = append(q.Where, store.Eq("owner", map[bool]string{true: "", false: f.Owner}[f.Owner == Nobody]))
	}
	return q
}

// Outlook gives a page of the renewals ahead, the nearest notice deadline first.
func (v *View) Outlook(ctx context.Context, f RenewalFilter, limit int, after string) (store.Page[RenewalRow], error) {
	today := calendar.DateIn(v.Now(), time.UTC)
	q := f.query(today)
	q.Limit, q.After = limit, after
	p, err := v.Store.Reads().Renewals.List(ctx, q)
	if err != nil {
		return store.Page[RenewalRow]{}, err
	}
	rows, err := v.renewalRows(ctx, p.Items, today)
	return store.Page[RenewalRow]{Items: rows, Next: p.Next}, err
}

// WholeOutlook gives every renewal that a filter selects, for a file.
func (v *View) WholeOutlook(ctx context.Context, f RenewalFilter) ([]RenewalRow, error) {
	today := calendar.DateIn(v.Now(), time.UTC)
	all, err := everything(ctx, v.Store.Reads().Renewals, f.query(today))
	if err != nil {
		return nil, err
	}
	out := make([]RenewalRow, 0, len(all))
	for from := 0; from < len(all); from += 500 {
		rows, err := v.renewalRows(ctx, all[from:min(from+500, len(all))], today)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

func (v *View) renewalRows(ctx context.Context, renewals []pact.Renewal, today calendar.Date) ([]RenewalRow, error) {
	r := v.Store.Reads()
	var obligations, occurrences []string
	for _, x := range renewals {
		if x.ObligationID != "" {
			obligations = append(obligations, string(x.ObligationID))
		}
		if x.OccurrenceID != "" {
			occurrences = append(occurrences, string(x.OccurrenceID))
		}
	}
	duties, err := byID(r.Obligations.All(ctx, store.Where(store.In("id", obligations))))(func(o pact.Obligation) string { return string(o.ID) })
	if err != nil {
		return nil, err
	}
	occurred, err := byID(r.Occurrences.All(ctx, store.Where(store.In("id", occurrences))))(func(o pact.Occurrence) string { return string(o.ID) })
	if err != nil {
		return nil, err
	}
	var events []string
	for _, o := range occurred {
		for _, id := range o.Assessment.EventIDs {
			events = append(events, string(id))
		}
	}
	sent, err := byID(r.Events.All(ctx, store.Where(store.In("id", events))))(func(e pact.Event) string { return string(e.ID) })
	if err != nil {
		return nil, err
	}
	out := make([]RenewalRow, 0, len(renewals))
	for _, x := range renewals {
		if a := occurred[string(x.OccurrenceID)].Assessment; a.Status == pact.Excused && a.DueAt.IsZero() {
			continue // an amendment moved it, or notice ended the contract before: there is no renewal on that day any more
		}
		row := RenewalRow{Renewal: x}
		o := duties[string(x.ObligationID)]
		var params struct {
			Option bool `json:"option"`
		}
		if len(o.Params) > 0 {
			if err := json.Unmarshal(o.Params, &params); err != nil {
				return nil, fmt.Errorf("reading the parameters of %s: %w", o.ID, err)
			}
		}
		row.Option, row.Title, row.Clause = params.Option, o.Title, o.Evidence
		a := occurred[string(x.OccurrenceID)].Assessment
		if len(a.Ambiguities) > 0 {
			row.Question = a.Ambiguities[0].Question
		}
		for _, id := range a.EventIDs {
			if e, ok := sent[string(id)]; ok {
				on := e.Data.Date
				if on == "" {
					on = calendar.DateIn(e.OccurredAt, time.UTC)
				}
				row.Sent = &RecordedNotice{EventID: e.ID, On: on, Reference: e.Data.Reference, Note: e.Data.Reason, By: e.MatchedBy, ActorID: e.Data.ApprovedBy}
				if a.Status != pact.Met && x.SendBy != "" {
					row.Sent.DaysLate = x.SendBy.DaysUntil(on)
				}
			}
		}
		row.judge(a, obligation.Prevented(o, []pact.Occurrence{occurred[string(x.OccurrenceID)]}) != "", today)
		out = append(out, row)
	}
	return out, nil
}

// judge says where the notice stands. The last day counts: late begins on the day after it. ends: notice ends the contract.
func (row *RenewalRow) judge(a pact.Assessment, ends bool, today calendar.Date) {
	if row.Form == "evergreen" {
		row.EndsOn = calendar.Date(a.Measured)
		row.Notice = NoticeAnyTime
		if a.Status == pact.Met {
			row.Notice = NoticeSent
		}
		return
	}
	if row.SendBy != "" {
		left := today.DaysUntil(row.SendBy)
		row.DaysLeft = &left
	}
	switch {
	case a.Status == pact.Met:
		row.Notice = NoticeSent
		if ends {
			row.EndsOn = row.RenewalDate.AddDays(-1)
		}
	case row.AutoRenewal != nil && !*row.AutoRenewal && !row.Option:
		row.Notice = NoticeNotNeeded
	case row.SendBy == "":
		row.Notice = NoticeUnknown
	case today > row.SendBy:
		row.Notice = NoticeLate
	default:
		row.Notice = NoticeOpen
	}
}

// byID turns rows into a map.
func byID[T any](rows []T, err error) func(func(T) string) (map[string]T, error) {
	return func(id func(T) string) (map[string]T, error) {
		out := make(map[string]T, len(rows))
		for _, r := range rows {
			out[id(r)] = r
		}
		return out, err
	}
}
