// Package insight answers what needs attention: the overview, the timeline of a contract, its terms in force.
//
// It owns views that join several nouns for reading: also the register of obligations, the outlook of renewals, the claim desk. It does not
// own any noun and changes nothing. Invariant: every number
// counts rows the asker may see, as of one instant that is shown with it.
package insight

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Config of a View. Store and Now are required.
type Config struct {
	Store store.Store
	Now   func() time.Time
	// ReplayEvents and ReplayTime bound one replay: how many events it looks at, and how long it takes. 0: 20,000 and 30 s.
	ReplayEvents int
	ReplayTime   time.Duration
}

// View reads.
type View struct{ Config }

// New makes a View.
func New(cfg Config) *View {
	cfg.ReplayEvents, cfg.ReplayTime = cmp.Or(cfg.ReplayEvents, 20_000), cmp.Or(cfg.ReplayTime, 30*time.Second)
	return &View{cfg}
}

// Overview is what needs attention as of one instant.
type Overview struct {
	AsOf        time.Time        `json:"as_of"`
	PolicyNote  string           `json:"policy_note,omitempty"`
	Counts      Counts           `json:"counts"`
	Credits     []CreditSum      `json:"credits"`
	SLA         []Day            `json:"sla"`
	Notices     []Notice         `json:"notices"`
	Attention   []Attention      `json:"attention"`
	Connections []ConnectionCard `json:"connections"`
}

// Counts are numbers that open the list behind them.
type Counts struct {
	ReviewsWaiting   int `json:"reviews_waiting"`
	ReviewsDue       int `json:"reviews_due"` // past their due instant, or within a day of it
	FindingsOpen     int `json:"findings_open"`
	AtRisk           int `json:"at_risk"`
	Breached         int `json:"breached"`
	Contracts        int `json:"contracts"`
	DocumentsStuck   int `json:"documents_stuck"`
	ActionsFailed    int `json:"actions_failed"`
	ApprovalsWaiting int `json:"approvals_waiting"`
	LinksAmbiguous   int `json:"links_ambiguous"`
	EventsUnmatched  int `json:"events_unmatched"`

	// The last seven days, and the seven before them.
	BreachesWeek       int `json:"breaches_week" doc:"Breaches that happened in the last seven days, without what was taken back."`
	BreachesWeekBefore int `json:"breaches_week_before"`
	ReviewedWeek       int `json:"reviewed_week" doc:"Reviews finished in the last seven days."`
	ReviewedWeekBefore int `json:"reviewed_week_before"`
	ContractsWeek      int `json:"contracts_week" doc:"Contracts that came in the last seven days."`
}

// CreditSum adds up the credits of one state in one currency.
type CreditSum struct {
	State  pact.CreditState `json:"state"`
	Count  int              `json:"count"`
	Amount money.Amount     `json:"amount"`
}

// Day counts the clocks that ended on a day, and those that were at risk.
type Day struct {
	Date     calendar.Date `json:"date"`
	Met      int           `json:"met"`
	Breached int           `json:"breached"`
	AtRisk   int           `json:"at_risk"`
}

// Notice is a renewal whose last day to give notice comes.
type Notice struct {
	ContractID  pact.ContractID `json:"contract_id"`
	Title       string          `json:"title"`
	Customer    string          `json:"customer"`
	SendBy      calendar.Date   `json:"send_by"`
	RenewalDate calendar.Date   `json:"renewal_date"`
	DaysLeft    int             `json:"days_left"`
	TotalValue  *money.Amount   `json:"total_value,omitempty"`
	AutoRenewal *bool           `json:"auto_renewal,omitempty"`
	State       NoticeState     `json:"state,omitempty" enum:"sent,open,late,not_needed,unknown,any_time,will_renew,will_end,negotiating" doc:"As in the outlook; absent where no obligation watches the renewal."`
}

// Attention is one thing a person should look at.
type Attention struct {
	Kind       string          `json:"kind" enum:"review,finding,approval,notice,document,action,link"`
	ID         string          `json:"id"`
	ContractID pact.ContractID `json:"contract_id,omitempty"`
	Title      string          `json:"title"`
	Detail     string          `json:"detail"`
	At         time.Time       `json:"at"`
	Severity   string          `json:"severity" enum:"high,medium,low"`
}

// ConnectionCard is the health of a connection.
type ConnectionCard struct {
	ID        pact.ConnectionID `json:"id"`
	Name      string            `json:"name"`
	Connector string            `json:"connector"`
	State     string            `json:"state"`
	Reason    string            `json:"reason,omitempty"`
	LastOKAt  time.Time         `json:"last_ok_at,omitzero"`
}

var (
	failedActions  = []string{"denied", "unmapped", "invalid", "conflict", "unavailable", "needs_check"}
	stuckDocuments = []string{"needs_ocr", "encrypted", "damaged", "unsupported", "rejected", "quarantined"}
	openFindings   = []string{"open", "confirmed"} // what was taken back (corrected) counts no more
	openReviews    = []string{"waiting", "in_review"}
)

// Overview reads everything the first page shows.
func (v *View) Overview(ctx context.Context) (Overview, error) {
	now := v.Now()
	out := Overview{AsOf: now.UTC(), Credits: []CreditSum{}, SLA: []Day{}, Notices: []Notice{}, Attention: []Attention{}, Connections: []ConnectionCard{}}
	for _, part := range []func(context.Context, time.Time, *Overview) error{v.counts, v.credits, v.sla, v.notices, v.attention, v.connections, v.policy} {
		if err := part(ctx, now, &out); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (v *View) counts(ctx context.Context, now time.Time, out *Overview) error {
	r := v.Store.Reads()
	c := &out.Counts
	type count struct {
		into *int
		of   func(context.Context, store.Query) (int, error)
		q    store.Query
	}
	week := now.Add(-7 * 24 * time.Hour)
	within := func(field string, from, until time.Time, also ...store.Cond) store.Query {
		return store.Where(append(also, store.Is(field, ">=", from), store.Is(field, "<", until))...)
	}
	breach, taken := store.Eq("severity", "breach"), store.Is("state", "!=", string(pact.FindingCorrected))
	finished := store.Eq("state", string(pact.ReviewFinished))
	tomorrow, before := now.Add(24*time.Hour), week.Add(-7*24*time.Hour)
	for _, n := range []count{
		{&c.BreachesWeek, r.Findings.Count, within("occurred_at", week, tomorrow, breach, taken)},
		{&c.BreachesWeekBefore, r.Findings.Count, within("occurred_at", before, week, breach, taken)},
		{&c.ReviewedWeek, r.Reviews.Count, within("finished_at", week, tomorrow, finished)},
		{&c.ReviewedWeekBefore, r.Reviews.Count, within("finished_at", before, week, finished)},
		{&c.ContractsWeek, r.Contracts.Count, within("created_at", week, tomorrow)},
		{&c.ReviewsWaiting, r.Reviews.Count, store.Where(store.In("state", openReviews))},
		{&c.ReviewsDue, r.Reviews.Count, store.Where(store.In("state", openReviews), store.Is("due_at", "<", now.Add(24*time.Hour)))},
		{&c.FindingsOpen, r.Findings.Count, store.Where(store.In("state", openFindings))},
		{&c.AtRisk, r.Occurrences.Count, store.Where(store.Eq("status", string(pact.AtRisk)))},
		{&c.Breached, r.Findings.Count, store.Where(store.In("state", openFindings), store.Eq("severity", "breach"))},
		{&c.Contracts, r.Contracts.Count, store.Query{}},
		{&c.DocumentsStuck, r.Documents.Count, store.Where(store.In("state", stuckDocuments))},
		{&c.ActionsFailed, v.failed, store.Where(store.In("state", failedActions))},
		{&c.ApprovalsWaiting, r.Approvals.Count, store.Where(store.Eq("state", "waiting"))},
		{&c.LinksAmbiguous, r.Links.Count, store.Where(store.Eq("state", "ambiguous"))},
		{&c.EventsUnmatched, v.matters, store.Where(store.Eq("contract_id", ""), store.Eq("ignored", ""))},
	} {
		var err error
		if *n.into, err = n.of(ctx, n.q); err != nil {
			return err
		}
	}
	return nil
}

// failed counts the writes that somebody has to look at. A mark that has no record to stand on, because the contract under review has
// none there yet, is information: finishing the review settles it.
func (v *View) failed(ctx context.Context, q store.Query) (int, error) {
	n, err := v.Store.Reads().Actions.Count(ctx, q)
	if err != nil {
		return 0, err
	}
	unmapped := store.Where(store.Eq("state", string(pact.ActionUnmapped)))
	unmapped.Only = []string{"fields"}
	err = v.Store.Reads().Actions.Each(ctx, unmapped, func(a pact.Action) error {
		if _, flag := a.Fields[connector.NeedsReview]; flag {
			n--
		}
		return nil
	})
	return n, err
}

// matters counts what events are about, as the list of those without a contract shows them: a ticket once, however many events it has.
func (v *View) matters(ctx context.Context, q store.Query) (int, error) {
	q.Only = []string{"id", "business_unit", "connection_id", "kind", "subject"}
	seen := map[[3]string]bool{}
	err := v.Store.Reads().Events.Each(ctx, q, func(e pact.Event) error {
		seen[[3]string{e.BusinessUnit, string(e.ConnectionID), e.Matter()}] = true
		return nil
	})
	return len(seen), err
}

func (v *View) credits(ctx context.Context, _ time.Time, out *Overview) error {
	q := store.Where(store.Is("credit", ">", ""), store.Is("state", "!=", string(pact.FindingWaived)))
	q.Only = []string{"credit", "amount"} // a finding carries its whole computation
	sums := map[string]*CreditSum{}
	err := v.Store.Reads().Findings.Each(ctx, q, func(f pact.Finding) error {
		a := money.Amount{}
		if f.Amount != nil {
			a = *f.Amount
		}
		k := string(f.Credit) + a.Currency
		if s, ok := sums[k]; ok {
			s.Count++
			s.Amount.Value = s.Amount.Value.Add(a.Value)
			return nil
		}
		sums[k] = &CreditSum{State: f.Credit, Count: 1, Amount: a}
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range sums {
		out.Credits = append(out.Credits, *s)
	}
	sort.Slice(out.Credits, func(i, j int) bool {
		a, b := out.Credits[i], out.Credits[j]
		return string(a.State)+a.Amount.Currency < string(b.State)+b.Amount.Currency
	})
	return nil
}

const slaDays = 35

// sla counts by day in the database: a year of tickets is many rows, and each carries its whole computation.
func (v *View) sla(ctx context.Context, now time.Time, out *Overview) error {
	first := calendar.DateIn(now, time.UTC).AddDays(1 - slaDays)
	days := make([]Day, slaDays)
	for i := range days {
		days[i].Date = first.AddDays(i)
	}
	occurrences := v.Store.Reads().Occurrences
	for _, n := range []struct {
		status pact.Status
		into   func(*Day) *int
	}{{pact.Met, func(d *Day) *int { return &d.Met }}, {pact.Breached, func(d *Day) *int { return &d.Breached }}} {
		counts, err := occurrences.CountBy(ctx, store.Where(store.Eq("status", string(n.status)), store.Is("ended_on", ">=", string(first))), "ended_on")
		if err != nil {
			return err
		}
		for date, count := range counts {
			if i := first.DaysUntil(calendar.Date(date)); i >= 0 && i < slaDays {
				*n.into(&days[i]) += count
			}
		}
	}
	q := store.Where(store.Eq("status", string(pact.AtRisk)), store.Is("updated_at", ">=", first.In(time.UTC)))
	q.Only = []string{"updated_at"}
	err := occurrences.Each(ctx, q, func(o pact.Occurrence) error {
		if i := first.DaysUntil(calendar.DateIn(o.UpdatedAt, time.UTC)); i >= 0 && i < slaDays {
			days[i].AtRisk++
		}
		return nil
	})
	if err != nil {
		return err
	}
	out.SLA = days
	return nil
}

func (v *View) notices(ctx context.Context, now time.Time, out *Overview) error {
	today := calendar.DateIn(now, time.UTC)
	var err error
	out.Notices, err = v.noticesOf(ctx, today, func(NoticeState) bool { return true }, store.Is("send_by", ">=", string(today.AddDays(-30))), store.Is("renewal_date", "<=", string(today.AddDays(180))))
	return err
}

// mostNotices is how many notices one list of the overview shows.
const mostNotices = 20

// noticesOf are those of active contracts that some conditions select, the first mostNotices by the day to send them of those whose state is wanted.
func (v *View) noticesOf(ctx context.Context, today calendar.Date, wanted func(NoticeState) bool, which ...store.Cond) ([]Notice, error) {
	q := store.Query{Where: append(which, store.Eq("state", string(pact.ContractActive))), Order: []string{"send_by"}, Limit: mostNotices}
	out := []Notice{}
	for {
		page, err := v.Store.Reads().Contracts.List(ctx, q)
		if err != nil {
			return nil, err
		}
		states, err := v.noticeStates(ctx, page.Items, today)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Items {
			if c.SendBy == "" || !wanted(states[c.ID]) {
				continue
			}
			out = append(out, Notice{
				State:      states[c.ID],
				ContractID: c.ID, Title: c.Title, Customer: c.Customer, SendBy: c.SendBy, RenewalDate: c.RenewalDate,
				DaysLeft: today.DaysUntil(c.SendBy), TotalValue: c.TotalValue, AutoRenewal: c.AutoRenewal,
			})
		}
		if len(out) >= mostNotices || page.Next == "" {
			return out[:min(len(out), mostNotices)], nil
		}
		q.After = page.Next
	}
}

// noticeStates says where the notice of the next renewal of each contract stands.
func (v *View) noticeStates(ctx context.Context, contracts []pact.Contract, today calendar.Date) (map[pact.ContractID]NoticeState, error) {
	next := make(map[pact.ContractID]calendar.Date, len(contracts))
	ids := make([]string, 0, len(contracts))
	for _, c := range contracts {
		next[c.ID] = c.RenewalDate
		ids = append(ids, string(c.ID))
	}
	all, err := v.Store.Reads().Renewals.All(ctx, store.Where(store.In("contract_id", ids), store.Is("occurrence_id", "!=", "")))
	if err != nil {
		return nil, err
	}
	rows, err := v.renewalRows(ctx, slices.DeleteFunc(all, func(r pact.Renewal) bool { return r.RenewalDate != next[r.ContractID] }), today)
	out := map[pact.ContractID]NoticeState{}
	for _, r := range rows {
		out[r.ContractID] = r.Notice
	}
	return out, err
}

func (v *View) attention(ctx context.Context, now time.Time, out *Overview) error {
	r := v.Store.Reads()
	add := func(a Attention) { out.Attention = append(out.Attention, a) }
	approvals, err := r.Approvals.List(ctx, store.Query{Where: []store.Cond{store.Eq("state", "waiting")}, Order: []string{"created_at"}, Limit: 5})
	if err != nil {
		return err
	}
	for _, a := range approvals.Items {
		if a.Answer != nil {
			add(Attention{Kind: "approval", ID: string(a.FindingID), ContractID: a.ContractID, Title: "Answer waits for approval", Detail: a.Answer.Obligation + ": " + a.Answer.Question, At: a.CreatedAt, Severity: "high"})
			continue
		}
		f, err := r.Findings.Get(ctx, string(a.FindingID))
		if err != nil {
			return err
		}
		add(Attention{Kind: "approval", ID: string(a.FindingID), ContractID: a.ContractID, Title: "Credit waits for approval", Detail: amountText(a.Amount) + " · " + f.Title, At: a.CreatedAt, Severity: "high"})
	}
	today := calendar.DateIn(now, time.UTC)
	undecided := func(s NoticeState) bool { return s != WillRenew && s != WillEnd }
	notices, err := v.noticesOf(ctx, today, undecided, store.Is("send_by", ">=", string(today)), store.Is("send_by", "<=", string(today.AddDays(30)))) // whenever it renews
	if err != nil {
		return err
	}
	for _, n := range notices {
		add(Attention{Kind: "notice", ID: string(n.ContractID), ContractID: n.ContractID, Title: n.Title, Detail: fmt.Sprintf("send notice by %s (%s)", n.SendBy, left(n.DaysLeft)), At: n.SendBy.Time(), Severity: "high"})
	}
	open := store.Eq("state", "open")
	for _, of := range []store.Query{
		{Where: []store.Cond{open, store.Is("severity", "!=", obligation.ToDo)}, Limit: 8},
		{Where: []store.Cond{open, store.Eq("severity", obligation.ToDo)}, Limit: 4}, // they crowd out nothing that is wrong
	} {
		of.Order = []string{"-occurred_at"}
		findings, err := r.Findings.List(ctx, of)
		if err != nil {
			return err
		}
		for _, f := range findings.Items {
			sev := map[string]string{"breach": "high", obligation.ToDo: "low"}[f.Severity]
			add(Attention{Kind: "finding", ID: string(f.ID), ContractID: f.ContractID, Title: f.Title, Detail: f.Message, At: f.OccurredAt, Severity: cmp.Or(sev, "medium")})
		}
	}
	reviews, err := r.Reviews.List(ctx, store.Query{Where: []store.Cond{store.In("state", openReviews)}, Order: []string{"due_at"}, Limit: 5})
	if err != nil {
		return err
	}
	for _, x := range reviews.Items {
		con, err := r.Contracts.Get(ctx, string(x.ContractID))
		if err != nil {
			return err
		}
		add(Attention{Kind: "review", ID: string(x.ID), ContractID: x.ContractID, Title: con.Title, Detail: fmt.Sprintf("%d of %d fields open", x.Open, x.Total), At: x.DueAt, Severity: "medium"})
	}
	docs, err := r.Documents.List(ctx, store.Query{Where: []store.Cond{store.In("state", stuckDocuments)}, Order: []string{"-created_at"}, Limit: 5})
	if err != nil {
		return err
	}
	for _, d := range docs.Items {
		add(Attention{Kind: "document", ID: string(d.ID), ContractID: d.ContractID, Title: d.Filename, Detail: d.Reason, At: d.CreatedAt, Severity: "low"})
	}
	links, err := r.Links.List(ctx, store.Query{Where: []store.Cond{store.Eq("state", "ambiguous")}, Order: []string{"-created_at"}, Limit: 5})
	if err != nil {
		return err
	}
	for _, l := range links.Items {
		detail := ""
		if len(l.Explanation) > 0 {
			detail = l.Explanation[0]
		}
		add(Attention{Kind: "link", ID: string(l.ID), ContractID: l.ContractID, Title: "Which " + l.Object + " is it?", Detail: detail, At: l.CreatedAt, Severity: "medium"})
	}
	return nil
}

func left(days int) string {
	switch days {
	case 0:
		return "today is the last day"
	case 1:
		return "1 day left"
	}
	return fmt.Sprintf("%d days left", days)
}

func amountText(a *money.Amount) string {
	if a == nil {
		return ""
	}
	return a.String()
}

func (v *View) connections(ctx context.Context, _ time.Time, out *Overview) error {
	rows, err := v.Store.Reads().Connections.All(ctx, store.Query{Order: []string{"name"}})
	if err != nil {
		return err
	}
	for _, c := range rows {
		out.Connections = append(out.Connections, ConnectionCard{ID: c.ID, Name: c.Name, Connector: c.Connector, State: c.Health.State, Reason: c.Health.Reason, LastOKAt: c.Health.LastOKAt})
	}
	return nil
}

func (v *View) policy(ctx context.Context, _ time.Time, out *Overview) error {
	rows, err := v.Store.Reads().Policies.All(pact.WithActor(ctx, pact.System("insight")), store.Where(store.Eq("kind", "review"), store.Eq("active", true)))
	if err != nil || len(rows) == 0 {
		return err
	}
	out.PolicyNote = rows[0].Note
	return nil
}

// Moment is one line of a contract's timeline.
type Moment struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	Title  string    `json:"title"`
	Detail string    `json:"detail"`
	ID     string    `json:"id"`
}

// Timeline tells what happened to a contract and what will, newest first.
func (v *View) Timeline(ctx context.Context, id pact.ContractID) ([]Moment, error) {
	r := v.Store.Reads()
	con, err := r.Contracts.Get(ctx, string(id))
	if err != nil {
		return nil, err
	}
	of := store.Where(store.Eq("contract_id", id))
	out := []Moment{{At: con.CreatedAt, Kind: "contract", Title: "Contract taken in", Detail: con.Title, ID: string(con.ID)}}
	docs, err := r.Documents.All(ctx, of)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		out = append(out, Moment{At: d.CreatedAt, Kind: "document", Title: "Document " + string(d.State), Detail: d.Filename + " " + d.Reason, ID: string(d.ID)})
	}
	versions, err := r.Versions.All(ctx, of)
	if err != nil {
		return nil, err
	}
	for _, x := range versions {
		out = append(out, Moment{At: x.PublishedAt, Kind: "version", Title: fmt.Sprintf("Version %d published", x.Number), Detail: fmt.Sprintf("%d terms, %d obligations", len(x.Terms), len(x.Obligations)), ID: string(x.ID)})
	}
	about := map[pact.FindingID]string{}
	of.Only = []string{"id", "occurred_at", "title", "message", "subject"} // a contract with tickets has many, and each carries its computation
	err = r.Findings.Each(ctx, of, func(f pact.Finding) error {
		about[f.ID] = f.Subject
		out = append(out, Moment{At: f.OccurredAt, Kind: "finding", Title: f.Title, Detail: f.Message, ID: string(f.ID)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	said, err := v.answered(ctx, con)
	if err != nil {
		return nil, err
	}
	out = append(out, said...)
	decided, err := v.renewing(ctx, con)
	if err != nil {
		return nil, err
	}
	out = append(out, decided...)
	systems, err := v.systems(ctx)
	if err != nil {
		return nil, err
	}
	of.Only = []string{"updated_at", "kind", "object", "external_id", "connection_id", "finding_id", "fields", "state", "reason"}
	err = r.Actions.Each(ctx, of, func(a pact.Action) error {
		out = append(out, Moment{At: a.UpdatedAt, Kind: "action", Title: wrote(a, systems[a.ConnectionID], about[a.FindingID]), Detail: a.Reason, ID: string(a.ID)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, d := range []struct {
		date  calendar.Date
		title string
	}{{con.EffectiveDate, "Effective date"}, {con.SendBy, "Last day to send notice"}, {con.RenewalDate, "Renewal"}, {con.ExpirationDate, "Expiration date"}} {
		if d.date != "" {
			out = append(out, Moment{At: d.date.Time(), Kind: "date", Title: d.title, Detail: string(d.date), ID: string(con.ID)})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].At.After(out[j].At) })
	return out, nil
}
