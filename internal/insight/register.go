package insight

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// DutyFilter selects from the register of obligations. What is empty selects nothing out.
type DutyFilter struct {
	Kinds      []string
	Side       string // ours, theirs, unknown
	States     []string
	ContractID pact.ContractID
	FamilyID   pact.ContractID
	Owner      string // Nobody for what nobody looks after
	From, To   calendar.Date
	CheckIns   string // missed, due: those whose owner has not said, or is asked to say, how it stands
	Search     string
}

// Nobody selects what has no owner, neither of its own nor through its contract.
const Nobody = "nobody"

// NotDue is the state of an obligation of which nothing has fallen due yet.
const NotDue = "none"

// Duty is a line of the register.
type Duty struct {
	pact.RegisterEntry
	Assessment *pact.Assessment `json:"assessment,omitempty" doc:"Of the current occurrence, without its trace."`
	Open       int              `json:"open" doc:"Occurrences that are open now: not decided yet, or breached and still not done."`
	// ToDo is what its occurrences ask somebody to do though nothing is wrong, whichever of them is current.
	ToDo []Task `json:"to_do,omitempty" doc:"What is to be done: open findings of the severity info."`
	// UnknownOwner is a warning and no error: mail reaches an address outside, but nobody signs in with it to answer.
	UnknownOwner bool `json:"unknown_owner,omitempty" doc:"Nobody who may sign in here has the e-mail of the owner."`
}

// Task is something to be done: a finding of the severity info.
type Task struct {
	FindingID pact.FindingID `json:"finding_id"`
	Title     string         `json:"title" doc:"What is to be done: Invoice 25000.00 USD for Go-live."`
	Amount    *money.Amount  `json:"amount,omitempty"`
}

// DueDay counts what is due on a day.
type DueDay struct {
	Date  calendar.Date `json:"date"`
	Count int           `json:"count"`
	Late  int           `json:"late" doc:"Of them, breached."`
}

// mostExported bounds a file: more rows are for a narrower filter.
const mostExported = 50_000

func (f DutyFilter) query(today calendar.Date) (store.Query, error) {
	q := store.Query{Where: []store.Cond{store.Is("listed_until", ">", string(today))}, Order: []string{"due_order"}, Search: f.Search}
	in := func(column string, values []string) {
		if len(values) > 0 {
			q.Where = append(q.Where, store.In(column, values))
		}
	}
	eq := func(column, value string) {
		if value != "" {
			q.Where = append(q.Where, store.Eq(column, value))
		}
	}
	in("kind", f.Kinds)
	eq("side", f.Side)
	states := slices.Clone(f.States)
	for i := range states {
		if states[i] == NotDue {
			states[i] = ""
		}
	}
	in("status", states)
	eq("contract_id", string(f.ContractID))
	eq("family_id", string(f.FamilyID))
	if f.Owner == Nobody {
		q.Where = append(q.Where, store.Eq("owner", ""))
	} else {
		eq("owner", f.Owner)
	}
	if f.CheckIns != "" {
		q.Where = append(q.Where, store.Is("check_in_due", "!=", ""))
	}
	if f.CheckIns == "missed" {
		q.Where = append(q.Where, store.Is("check_in_due", "<", string(today)))
	}
	for _, d := range []calendar.Date{f.From, f.To} {
		if _, err := calendar.ParseDate(string(d)); d != "" && err != nil {
			return q, fault.New(fault.Invalid, "%.20q is no date; write it as 2026-03-31.", string(d))
		}
	}
	if f.From != "" || f.To != "" {
		q.Where = append(q.Where, store.Is("due_on", "!=", ""))
	}
	if f.From != "" {
		q.Where = append(q.Where, store.Is("due_on", ">=", string(f.From)))
	}
	if f.To != "" {
		q.Where = append(q.Where, store.Is("due_on", "<=", string(f.To)))
	}
	return q, nil
}

// Register gives a page of the obligations in force over all active contracts, and of those that ended with something still owed or
// undecided, what is due first first and what is settled last.
func (v *View) Register(ctx context.Context, f DutyFilter, limit int, after string) (store.Page[Duty], error) {
	q, err := f.query(calendar.DateIn(v.Now(), time.UTC))
	if err != nil {
		return store.Page[Duty]{}, err
	}
	q.Limit, q.After = limit, after
	p, err := v.Store.Reads().Register.List(ctx, q)
	if err != nil {
		return store.Page[Duty]{}, err
	}
	out := store.Page[Duty]{Items: make([]Duty, 0, len(p.Items)), Next: p.Next}
	var ids, current []string
	for _, e := range p.Items {
		out.Items = append(out.Items, Duty{RegisterEntry: e})
		ids = append(ids, string(e.ID))
		if e.OccurrenceID != "" {
			current = append(current, string(e.OccurrenceID))
		}
	}
	occurrences := v.Store.Reads().Occurrences
	assessed := map[pact.OccurrenceID]*pact.Assessment{}
	rows, err := occurrences.All(ctx, store.Where(store.In("id", current)))
	if err != nil {
		return out, err
	}
	if err := v.Today(ctx, rows); err != nil {
		return out, err
	}
	for i := range rows {
		rows[i].Assessment.Trace = nil
		assessed[rows[i].ID] = &rows[i].Assessment
	}
	open, err := occurrences.CountBy(ctx, store.Where(store.In("obligation_id", ids), store.Eq("open", true)), "obligation_id")
	if err != nil {
		return out, err
	}
	here, err := v.usersHere(ctx)
	if err != nil {
		return out, err
	}
	tasks, err := v.tasks(ctx, ids)
	if err != nil {
		return out, err
	}
	for i := range out.Items {
		out.Items[i].ToDo = tasks[out.Items[i].ID]
		out.Items[i].UnknownOwner = !here(out.Items[i].Owner)
		out.Items[i].Assessment, out.Items[i].Open = assessed[out.Items[i].OccurrenceID], open[string(out.Items[i].ID)]
	}
	return out, nil
}

// tasks are what is to be done, by obligation, the oldest first.
func (v *View) tasks(ctx context.Context, obligations []string) (map[pact.ObligationID][]Task, error) {
	q := store.Where(store.In("obligation_id", obligations), store.Eq("severity", obligation.ToDo), store.In("state", openFindings)).By("occurred_at")
	q.Only = []string{"id", "obligation_id", "title", "amount"}
	out := map[pact.ObligationID][]Task{}
	err := v.Store.Reads().Findings.Each(ctx, q, func(f pact.Finding) error {
		out[f.ObligationID] = append(out[f.ObligationID], Task{f.ID, f.Title, f.Amount})
		return nil
	})
	return out, err
}

// usersHere tells whether an e-mail is that of somebody who may sign in; "" is nobody's, and nothing is missing there.
func (v *View) usersHere(ctx context.Context) (func(email string) bool, error) {
	// Whose e-mail it is concerns nobody but the product: it says only whether there is somebody.
	users, err := v.Store.Reads().Users.All(pact.WithActor(ctx, pact.System("names")), store.Query{Only: []string{"email", "disabled"}})
	if err != nil {
		return nil, err
	}
	known := map[string]bool{"": true}
	for _, u := range users {
		if !u.Disabled {
			known[strings.ToLower(u.Email)] = true
		}
	}
	return func(email string) bool { return known[strings.ToLower(email)] }, nil
}

// WholeRegister gives everything that a filter selects, for a file.
func (v *View) WholeRegister(ctx context.Context, f DutyFilter) ([]pact.RegisterEntry, error) {
	q, err := f.query(calendar.DateIn(v.Now(), time.UTC))
	if err != nil {
		return nil, err
	}
	return everything(ctx, v.Store.Reads().Register, q)
}

// everything reads all pages of a list.
func everything[T any](ctx context.Context, r store.Reading[T], q store.Query) ([]T, error) {
	q.Limit = 500
	var out []T
	for {
		p, err := r.List(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, p.Items...)
		if p.Next == "" {
			return out, nil
		}
		if len(out) >= mostExported {
			return nil, fault.New(fault.Invalid, "More than %d rows match. Choose a narrower filter.", mostExported)
		}
		q.After = p.Next
	}
}

// DueDays counts what is due on each day of a month; days on which nothing is due are left out. The numbers are those of the list
// behind the day.
func (v *View) DueDays(ctx context.Context, f DutyFilter, month string) ([]DueDay, error) {
	first, err := calendar.ParseDate(month + "-01")
	if err != nil {
		return nil, fault.New(fault.Invalid, "%.20q is no month; write it as 2026-03.", month)
	}
	f.From, f.To = first, first.AddMonths(1).AddDays(-1)
	q, err := f.query(calendar.DateIn(v.Now(), time.UTC))
	if err != nil {
		return nil, err
	}
	all, err := v.Store.Reads().Register.CountBy(ctx, q, "due_on")
	if err != nil {
		return nil, err
	}
	q.Where = append(q.Where, store.Eq("status", string(pact.Breached)))
	late, err := v.Store.Reads().Register.CountBy(ctx, q, "due_on")
	if err != nil {
		return nil, err
	}
	out := []DueDay{}
	for day := first; day <= f.To; day = day.AddDays(1) {
		if n := all[string(day)]; n > 0 {
			out = append(out, DueDay{Date: day, Count: n, Late: late[string(day)]})
		}
	}
	return out, nil
}
