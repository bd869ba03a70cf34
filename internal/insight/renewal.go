package insight

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// RenewalFilter selects renewals.
type RenewalFilter struct {
	Days int // how far ahead of the renewal date (the outlook counts from it, and shows the day to send notice beside it)
	// EarlyNotice selects those that renew after Days instead, and whose last day to send notice falls within them: they are in no outlook
	// yet, and must not be missed.
	EarlyNotice bool
	Evergreen   bool // contracts that run until ended by notice instead, which have no date
	Owner       string
	Search      string
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
	WillRenew       NoticeState = "will_renew" // decided: no notice is sent, and it renews
	WillEnd         NoticeState = "will_end"   // decided: no notice is sent, the option is not taken up
	Negotiating     NoticeState = "negotiating"
)

// RenewalRow is a line of the outlook.
type RenewalRow struct {
	pact.Renewal
	Notice   NoticeState     `json:"notice" enum:"sent,open,late,not_needed,unknown,any_time,will_renew,will_end,negotiating"`
	Option   bool            `json:"option,omitempty" doc:"Notice is what extends the contract, not what ends it."`
	DaysLeft *int            `json:"days_left,omitempty" doc:"To the last day to send notice; negative after it."`
	EndsOn   calendar.Date   `json:"ends_on,omitempty" doc:"The last day, where notice in time ended the contract; of an evergreen one, when it would end by notice sent today."`
	Sent     *RecordedNotice `json:"sent,omitempty" doc:"The notice that counts, or else the last one that came too late."`
	Decision *DecidedRenewal `json:"decision,omitempty" doc:"What was decided without sending notice, and stands."`
	// WithoutNotice is absent of what can not be decided: a contract that runs until ended by notice, or that no obligation watches.
	WithoutNotice string          `json:"without_notice,omitempty" enum:"renew,end" doc:"What becomes of the contract where no notice is sent, by the terms in force."`
	Title         string          `json:"obligation_title,omitempty"`
	Clause        []pact.Evidence `json:"clause,omitempty"`
	Question      string          `json:"question,omitempty" doc:"What has to be answered before the deadline can be computed."`
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

// DecidedRenewal is what was decided about a renewal without sending notice.
type DecidedRenewal struct {
	EventID  pact.EventID  `json:"event_id"`
	Decision string        `json:"decision" enum:"renew,end,negotiate"`
	On       calendar.Date `json:"on"`
	ActorID  string        `json:"actor_id,omitempty" doc:"Of the person who decided, and may take it back."`
	Reason   string        `json:"reason,omitempty"`
	Note     string        `json:"note,omitempty"`
	By       string        `json:"by" doc:"How it became known."`
}

func (f RenewalFilter) query(today calendar.Date) store.Query {
	q := store.Query{Order: []string{"outlook_on"}, Search: f.Search}
	last := string(today.AddDays(f.Days))
	switch {
	case f.Evergreen:
		q.Where, q.Order = []store.Cond{store.Eq("form", "evergreen")}, []string{"contract_title"}
	case f.EarlyNotice:
		q.Where = []store.Cond{store.Eq("form", "dated"), store.Is("renewal_date", ">", last), store.Is("send_by", "!=", ""), store.Is("send_by", "<=", last)}
	default:
		q.Where = []store.Cond{store.Eq("form", "dated"), store.Is("renewal_date", ">=", string(today)), store.Is("renewal_date", "<=", last)}
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
	judged, err := r.Occurrences.All(ctx, store.Where(store.In("id", occurrences)))
	if err != nil {
		return nil, err
	}
	occurred, err := byID(judged, v.Today(ctx, judged))(func(o pact.Occurrence) string { return string(o.ID) })
	if err != nil {
		return nil, err
	}
	duties, err := byID(r.Obligations.All(ctx, store.Where(store.In("id", obligations))))(func(o pact.Obligation) string { return string(o.ID) })
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
	amended, err := v.amendedLines(ctx, renewals)
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
		if line, ok := amended[x.ContractID]; ok { // as it is judged: with the terms that it follows
			if r := line.Obligation(o.Key, today); r.Winner != nil {
				o.Kind, o.Title, o.Params, o.Evidence = r.Winner.Obligation.Kind, r.Winner.Obligation.Title, r.Winner.Obligation.Params, r.Winner.Obligation.Evidence
			}
		}
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
		row.WithoutNotice = obligation.WithoutNotice(o)
		for _, id := range a.EventIDs {
			e, ok := sent[string(id)]
			on := cmp.Or(e.Data.Date, calendar.DateIn(e.OccurredAt, time.UTC))
			switch {
			case !ok || e.Subject != "" && e.Subject != occurred[string(x.OccurrenceID)].Key: // notice that took up the option before is not this one's
			case e.Kind == obligation.RenewalDecided:
				row.Decision = &DecidedRenewal{EventID: e.ID, Decision: strings.TrimSpace(e.Data.State), On: on, Reason: e.Data.Reason, Note: e.Data.Reference, By: e.MatchedBy, ActorID: e.Data.ApprovedBy}
			default:
				row.Sent = &RecordedNotice{EventID: e.ID, On: on, Reference: e.Data.Reference, Note: e.Data.Reason, By: e.MatchedBy, ActorID: e.Data.ApprovedBy}
				if a.Status != pact.Met && x.SendBy != "" {
					row.Sent.DaysLate = max(0, x.SendBy.DaysUntil(on)) // in time, its receipt may have to be shown
				}
			}
		}
		if row.Decision != nil && row.Decision.Decision != obligation.Negotiate && a.Status != pact.Excused {
			row.Decision = nil // notice was sent since, and takes its place
		}
		row.judge(a, obligation.Prevented(o, []pact.Occurrence{occurred[string(x.OccurrenceID)]}) != "", today)
		out = append(out, row)
	}
	return out, nil
}

// amendedLines are the timelines of those contracts of renewals that amendments change.
func (v *View) amendedLines(ctx context.Context, renewals []pact.Renewal) (map[pact.ContractID]effective.Timeline, error) {
	var families []string
	for _, x := range renewals {
		families = append(families, string(x.FamilyID))
	}
	slices.Sort(families)
	reads := v.Store.Reads()
	all, err := reads.Contracts.All(ctx, store.Where(store.In("family_id", slices.Compact(families))).By("created_at"))
	if err != nil {
		return nil, err
	}
	members := map[pact.ContractID][]pact.Contract{}
	for _, m := range all {
		members[m.FamilyID] = append(members[m.FamilyID], m)
	}
	out := map[pact.ContractID]effective.Timeline{}
	for _, x := range renewals {
		family := members[x.FamilyID]
		if _, done := out[x.ContractID]; done || len(effective.Amending(family, x.ContractID)) == 0 {
			continue
		}
		con := family[slices.IndexFunc(family, func(m pact.Contract) bool { return m.ID == x.ContractID })]
		if out[x.ContractID], _, err = v.ofContract(ctx, con, family); err != nil {
			return nil, err
		}
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
	case a.Status == pact.Excused && row.Decision != nil && row.Decision.Decision == obligation.LetRenew:
		row.Notice = WillRenew
	case a.Status == pact.Excused && row.Decision != nil && row.Decision.Decision == obligation.LetEnd:
		row.Notice = WillEnd
	case row.AutoRenewal != nil && !*row.AutoRenewal && !row.Option:
		row.Notice = NoticeNotNeeded
	case row.SendBy == "":
		row.Notice = NoticeUnknown
	case today > row.SendBy:
		row.Notice = NoticeLate
	case row.Decision != nil:
		row.Notice = Negotiating
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

// NextRenewal is the next renewal of a contract as the outlook has it, or the contract's line among those that run until ended by notice;
// nil where it has neither.
func (v *View) NextRenewal(ctx context.Context, id pact.ContractID) (*RenewalRow, error) {
	today := calendar.DateIn(v.Now(), time.UTC)
	all, err := v.Store.Reads().Renewals.All(ctx, store.Where(store.Eq("contract_id", id)).By("renewal_date"))
	if err != nil {
		return nil, err
	}
	rows, err := v.renewalRows(ctx, slices.DeleteFunc(all, func(r pact.Renewal) bool { return r.Form == "dated" && r.RenewalDate < today }), today)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// renewing lists the notices of a contract's renewals, what was decided without one, and what of it was taken back.
func (v *View) renewing(ctx context.Context, con pact.Contract) ([]Moment, error) {
	r := v.Store.Reads()
	watched, err := r.Obligations.Count(ctx, store.Where(store.Eq("contract_id", con.ID), store.Eq("kind", (obligation.RenewalNotice{}).Name())))
	if err != nil || watched == 0 {
		return nil, err
	}
	said, err := r.Events.All(ctx, store.Where(store.Eq("contract_id", con.FamilyID), store.In("kind", obligation.FeedOf((obligation.RenewalNotice{}).Name()).Events)))
	if err != nil {
		return nil, err
	}
	said = slices.DeleteFunc(said, func(e pact.Event) bool {
		return e.Data.Contract != "" && e.Data.Contract != con.Number && e.Data.Contract != string(con.ID)
	})
	about := make(map[pact.EventID]pact.Event, len(said))
	ids := make([]string, 0, len(said))
	var out []Moment
	for _, e := range said {
		about[e.ID] = e
		ids = append(ids, string(e.ID))
		on := cmp.Or(e.Data.Date, calendar.DateIn(e.OccurredAt, time.UTC))
		out = append(out, Moment{At: e.OccurredAt, Kind: "renewal", Title: renewalSaid(e, on), Detail: sentences(e.MatchedBy, e.Data.Reason, e.Data.Reference), ID: string(e.ID)})
	}
	back, err := r.Events.All(ctx, store.Where(store.In("replaces", ids)))
	if err != nil {
		return nil, err
	}
	for _, e := range back {
		was := about[e.Replaces]
		on := cmp.Or(was.Data.Date, calendar.DateIn(was.OccurredAt, time.UTC))
		out = append(out, Moment{At: e.OccurredAt, Kind: "renewal", Title: "Taken back: " + renewalSaid(was, on), Detail: sentences(e.MatchedBy, e.Data.Reason), ID: string(e.ID)})
	}
	return out, nil
}

// renewalSaid says in words what an event says of a renewal.
func renewalSaid(e pact.Event, on calendar.Date) string {
	ahead := " ahead of the renewal on " + e.Subject
	if e.Subject == "" || e.Subject == obligation.EvergreenKey {
		ahead = ""
	}
	switch {
	case e.Kind == "notice_received":
		return fmt.Sprintf("Notice received on %s%s", on, ahead)
	case e.Kind != obligation.RenewalDecided:
		return fmt.Sprintf("Notice sent on %s%s", on, ahead)
	case e.Data.State == obligation.LetRenew:
		return fmt.Sprintf("Decided to let it renew on %s", e.Subject)
	case e.Data.State == obligation.LetEnd:
		return "Decided to let it end before " + e.Subject
	}
	return fmt.Sprintf("The renewal on %s is being negotiated", e.Subject)
}

// sentences joins what is said, each with its full stop.
func sentences(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, strings.TrimSuffix(p, ".")+".")
		}
	}
	return strings.Join(out, " ")
}
