package insight

import (
	"context"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Schedule is what falls due under an obligation in a run of days.
type Schedule struct {
	From  calendar.Date `json:"from"`
	Until calendar.Date `json:"until" doc:"First day that is not looked at any more."`
	Items []Planned     `json:"items" doc:"What the calendar gives, the earliest first; what events open, such as invoices and tickets, is in no calendar."`
	Next  calendar.Date `json:"next,omitempty" doc:"From this day on there may be more; absent where the obligation ends before."`
	Ends  string        `json:"ends,omitempty" doc:"When and by what the contract ends, where that ends the obligation: nothing falls due after it."`
}

// Planned is one due date, with where it stands as far as it is watched.
type Planned struct {
	Key          string            `json:"key"`
	Subject      string            `json:"subject,omitempty"`
	DueOn        calendar.Date     `json:"due_on" doc:"Last day to do it in time, in the zone of the contract; where nothing is due, the last day of its period."`
	OccurrenceID pact.OccurrenceID `json:"occurrence_id,omitempty" doc:"Absent while it is not watched yet, or where it was over before the contract was."`
	Status       pact.Status       `json:"status,omitempty" enum:"pending,on_track,at_risk,met,breached,excused" doc:"Absent where it is not watched."`
}

// mostPlanned bounds the due dates of one answer.
const mostPlanned = 120

// Schedule lists what falls due under an obligation from a day on ("" is three months ago), for some months, by the terms in force on each day.
func (v *View) Schedule(ctx context.Context, id pact.ObligationID, from calendar.Date, months int) (Schedule, error) {
	if _, err := calendar.ParseDate(string(from)); from != "" && err != nil {
		return Schedule{}, fault.New(fault.Invalid, "%.20q is no date; write it as 2026-03-31.", string(from))
	}
	if from == "" {
		from = calendar.DateIn(v.Now(), time.UTC).AddMonths(-3)
	}
	out := Schedule{From: from, Until: from.AddMonths(months), Items: []Planned{}}
	if out.Until == "" {
		return out, fault.New(fault.Invalid, "%s lies beyond the calendar.", from)
	}
	o, err := v.Store.Reads().Obligations.Get(ctx, string(id))
	if err != nil {
		return out, err
	}
	stated := o
	if o.InheritedFrom != "" {
		if stated, err = v.Store.Reads().Obligations.Get(ctx, string(o.InheritedFrom)); err != nil {
			return out, err
		}
	}
	line, head, err := v.lineOf(ctx, stated.ContractID)
	if err != nil {
		return out, err
	}
	days := calendar.Period{From: out.From, Until: out.Until}
	out.Ends = ended(line, stated.Key, v.Now())
	if o.InheritedFrom != "" { // it holds here from the day on which the contract begins, and ends with it
		end, err := v.endOfInherited(ctx, o)
		if err != nil {
			return out, err
		}
		if end != nil {
			o.InForce.Until, out.Ends = end.Last.AddDays(1), end.Says(calendar.DateIn(v.Now(), time.UTC))
		}
		days.From = max(days.From, o.InForce.From)
		if until := o.InForce.Until; until != "" {
			days.Until = min(days.Until, until)
		}
	}
	set, err := calendar.NewSet()
	if err != nil {
		return out, err
	}
	list := obligation.Scheduled(line, stated, days, set, v.Now())
	if cut := wholeDays(list, mostPlanned); cut < len(list) {
		out.Next = list[cut].DueOn
		list = list[:cut]
	} else if end := endOf(line, stated, o); end == "" || end > out.Until {
		out.Next = out.Until
	}
	watched, err := v.watched(ctx, o, head)
	if err != nil {
		return out, err
	}
	for _, occ := range list {
		known := watched[occ.Key]
		out.Items = append(out.Items, Planned{Key: occ.Key, Subject: occ.Subject, DueOn: occ.DueOn, OccurrenceID: known.ID, Status: known.Status})
	}
	return out, nil
}

// wholeDays tells how many of a list, the earliest first, make a page of so many: a day is shown whole, the first one even where it alone has more.
func wholeDays(list []pact.Occurrence, most int) int {
	if len(list) <= most {
		return len(list)
	}
	cut := most
	for cut > 0 && list[cut-1].DueOn == list[most].DueOn {
		cut--
	}
	for first := list[0].DueOn; cut == 0 || cut < len(list) && list[cut].DueOn == first; {
		cut++
	}
	return cut
}

// endOf is the first day on which an obligation no longer holds; "" where it has no end.
func endOf(line effective.Timeline, stated, o pact.Obligation) calendar.Date {
	if o.InheritedFrom != "" {
		return o.InForce.Until
	}
	end := stated.InForce.Until
	if runs := line.Segments(stated.Key); len(runs) > 0 {
		end = runs[len(runs)-1].Period.Until
	}
	return end
}

// endOfInherited is the end of the contract to which one above passes an obligation, where that is what ends it there.
func (v *View) endOfInherited(ctx context.Context, o pact.Obligation) (*effective.End, error) {
	line, con, family, err := v.plainLineOf(ctx, o.ContractID)
	if err != nil {
		return nil, err
	}
	line, err = v.Ending(ctx, con, family, line.With([]effective.Entry{{Source: effective.Source{Inherited: true}, Obligation: &o}}))
	return line.End(o.Key), err
}

// lineOf is the timeline of a contract with its amendments, or of the one that an amendment changes, up to its end; and that contract.
func (v *View) lineOf(ctx context.Context, id pact.ContractID) (effective.Timeline, pact.Contract, error) {
	line, head, family, err := v.plainLineOf(ctx, id)
	if err == nil {
		line, err = v.Ending(ctx, head, family, line)
	}
	return line, head, err
}

// plainLineOf is the same without its end, with the contracts of the family.
func (v *View) plainLineOf(ctx context.Context, id pact.ContractID) (effective.Timeline, pact.Contract, []pact.Contract, error) {
	reads := v.Store.Reads()
	con, err := reads.Contracts.Get(ctx, string(id))
	if err != nil {
		return effective.Timeline{}, con, nil, err
	}
	family, err := reads.Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID)).By("created_at"))
	if err != nil {
		return effective.Timeline{}, con, nil, err
	}
	head := effective.Amended(con, family)
	line, _, err := v.ofContract(ctx, head, family)
	return line, head, family, err
}

// watched are the occurrences that are kept of an obligation, by key. Those of an amendment are kept with the obligation that it changes.
func (v *View) watched(ctx context.Context, o pact.Obligation, head pact.Contract) (map[string]pact.Occurrence, error) {
	reads := v.Store.Reads()
	ids := []string{string(o.ID)}
	if o.ContractID != head.ID && o.InheritedFrom == "" {
		bases, err := reads.Obligations.All(ctx, store.Where(store.Eq("contract_id", head.ID), store.Eq("key", o.Key), store.Eq("kind", o.Kind)))
		if err != nil {
			return nil, err
		}
		for _, b := range bases {
			ids = append(ids, string(b.ID))
		}
	}
	q := store.Where(store.In("obligation_id", ids))
	q.Only = []string{"id", "key", "status"}
	out := map[string]pact.Occurrence{}
	err := reads.Occurrences.Each(ctx, q, func(occ pact.Occurrence) error {
		out[occ.Key] = occ
		return nil
	})
	return out, err
}
