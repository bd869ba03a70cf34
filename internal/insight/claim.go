package insight

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/dossier"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// ClaimFilter selects findings with money.
type ClaimFilter struct {
	States     []string // of the credit
	Side       string   // whose breach it is: theirs are credits to claim, ours are credits we owe
	ContractID pact.ContractID
	From, To   calendar.Date // last day to claim
	Search     string
	Order      string
}

// ClaimRow is a line of the claim desk.
type ClaimRow struct {
	Finding       pact.Finding `json:"finding" doc:"Without its trace, clause and earlier judgements."`
	ContractTitle string       `json:"contract_title"`
	Customer      string       `json:"customer"`
	Side          string       `json:"side" doc:"Whose duty was missed: theirs is a credit to claim, ours one that we owe."`
	Claim         *pact.Claim  `json:"claim,omitempty" doc:"Absent until somebody did something about it."`
	DaysLeft      *int         `json:"days_left,omitempty" doc:"To the last day to claim."`
}

// ClaimSum adds up the credits of one state, side and currency. Currencies are never added up.
type ClaimSum struct {
	State  pact.CreditState `json:"state"`
	Side   string           `json:"side"`
	Count  int              `json:"count"`
	Amount *money.Amount    `json:"amount,omitempty" doc:"What was settled, agreed or claimed, or else what the finding says; absent where no amount is known."`
}

func (v *View) claimQuery(ctx context.Context, f ClaimFilter) (store.Query, error) {
	q := store.Query{Where: []store.Cond{store.Is("credit", ">", ""), store.Is("state", "!=", string(pact.FindingWaived))}, Search: f.Search, Order: []string{cmp.Or(f.Order, "claim_by")}}
	if len(f.States) > 0 {
		q.Where = append(q.Where, store.In("credit", f.States))
	}
	if f.ContractID != "" {
		q.Where = append(q.Where, store.Eq("contract_id", f.ContractID))
	}
	for _, d := range []calendar.Date{f.From, f.To} {
		if _, err := calendar.ParseDate(string(d)); d != "" && err != nil {
			return q, fault.New(fault.Invalid, "%.20q is no date; write it as 2026-03-31.", string(d))
		}
	}
	if f.From != "" || f.To != "" {
		q.Where = append(q.Where, store.Is("claim_by", "!=", ""), store.Is("claim_by", ">=", string(f.From)))
	}
	if f.To != "" {
		q.Where = append(q.Where, store.Is("claim_by", "<=", string(f.To)))
	}
	if f.Side == "" {
		return q, nil
	}
	sides, err := v.sides(ctx, q)
	if err != nil {
		return q, err
	}
	ids := []string{}
	for id, side := range sides {
		if side == f.Side {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	q.Where = append(q.Where, store.In("obligation_id", ids))
	return q, nil
}

// sides tells whose duty the obligations behind findings are.
func (v *View) sides(ctx context.Context, q store.Query) (map[string]string, error) {
	q.Order, q.Search = nil, ""
	counts, err := v.Store.Reads().Findings.CountBy(ctx, q, "obligation_id")
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(counts))
	for id := range counts {
		ids = append(ids, id)
	}
	out := map[string]string{}
	for part := range slices.Chunk(ids, 500) {
		of := store.Where(store.In("id", part))
		of.Only = []string{"side"}
		err := v.Store.Reads().Obligations.Each(ctx, of, func(o pact.Obligation) error {
			out[string(o.ID)] = cmp.Or(o.Side, "unknown")
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Claims gives a page of the findings with money, the nearest deadline first.
func (v *View) Claims(ctx context.Context, f ClaimFilter, limit int, after string) (store.Page[ClaimRow], error) {
	q, err := v.claimQuery(ctx, f)
	if err != nil {
		return store.Page[ClaimRow]{}, err
	}
	q.Limit, q.After = limit, after
	p, err := v.Store.Reads().Findings.List(ctx, q)
	if err != nil {
		return store.Page[ClaimRow]{}, err
	}
	rows, err := v.claimRows(ctx, p.Items)
	return store.Page[ClaimRow]{Items: rows, Next: p.Next}, err
}

// WholeDesk gives every finding with money that a filter selects, for a file.
func (v *View) WholeDesk(ctx context.Context, f ClaimFilter) ([]ClaimRow, error) {
	q, err := v.claimQuery(ctx, f)
	if err != nil {
		return nil, err
	}
	q.Limit = 200 // a finding carries its whole computation
	out := []ClaimRow{}
	for {
		p, err := v.Store.Reads().Findings.List(ctx, q)
		if err != nil {
			return nil, err
		}
		rows, err := v.claimRows(ctx, p.Items)
		if err != nil {
			return nil, err
		}
		if out = append(out, rows...); p.Next == "" {
			return out, nil
		}
		if len(out) >= mostExported {
			return nil, fault.New(fault.Invalid, "More than %d rows match. Choose a narrower filter.", mostExported)
		}
		q.After = p.Next
	}
}

func (v *View) claimRows(ctx context.Context, findings []pact.Finding) ([]ClaimRow, error) {
	r := v.Store.Reads()
	var ids, contracts, obligations []string
	for _, f := range findings {
		ids, contracts, obligations = append(ids, string(f.ID)), append(contracts, string(f.ContractID)), append(obligations, string(f.ObligationID))
	}
	claims, err := byID(r.Claims.All(ctx, store.Where(store.In("finding_id", ids))))(func(c pact.Claim) string { return string(c.FindingID) })
	if err != nil {
		return nil, err
	}
	cons, err := byID(r.Contracts.All(ctx, store.Where(store.In("id", contracts))))(func(c pact.Contract) string { return string(c.ID) })
	if err != nil {
		return nil, err
	}
	duties, err := byID(r.Obligations.All(ctx, store.Where(store.In("id", obligations))))(func(o pact.Obligation) string { return string(o.ID) })
	if err != nil {
		return nil, err
	}
	today := calendar.DateIn(v.Now(), time.UTC)
	out := make([]ClaimRow, 0, len(findings))
	for _, f := range findings {
		con := cons[string(f.ContractID)]
		row := ClaimRow{Finding: f, ContractTitle: con.Title, Customer: con.Customer, Side: cmp.Or(duties[string(f.ObligationID)].Side, "unknown")}
		row.Finding.Assessment.Trace, row.Finding.Clause, row.Finding.Corrections = nil, nil, nil
		if c, ok := claims[string(f.ID)]; ok {
			row.Claim = &c
		}
		if f.ClaimBy != "" {
			left := today.DaysUntil(f.ClaimBy)
			row.DaysLeft = &left
		}
		out = append(out, row)
	}
	return out, nil
}

// ClaimSums adds up what a filter selects.
func (v *View) ClaimSums(ctx context.Context, f ClaimFilter) ([]ClaimSum, error) {
	q, err := v.claimQuery(ctx, f)
	if err != nil {
		return nil, err
	}
	sides, err := v.sides(ctx, q)
	if err != nil {
		return nil, err
	}
	claims := map[pact.FindingID]pact.Claim{}
	err = v.Store.Reads().Claims.Each(ctx, store.Query{}, func(c pact.Claim) error {
		claims[c.FindingID] = c
		return nil
	})
	if err != nil {
		return nil, err
	}
	sums := map[string]*ClaimSum{}
	q.Only = []string{"credit", "amount", "obligation_id"}
	err = v.Store.Reads().Findings.Each(ctx, q, func(f pact.Finding) error {
		c := claims[f.ID]
		amount := cmp.Or(c.Agreed, c.Claimed, f.Amount)
		if f.Credit == pact.CreditSettled { // until then a part of it may be settled
			amount = cmp.Or(c.Settled, amount)
		}
		side := cmp.Or(sides[string(f.ObligationID)], "unknown")
		key := string(f.Credit) + "\x00" + side + "\x00"
		if amount != nil {
			key += amount.Currency
		}
		s := sums[key]
		if s == nil {
			s = &ClaimSum{State: f.Credit, Side: side}
			sums[key] = s
		}
		s.Count++
		if amount == nil {
			return nil
		}
		if s.Amount == nil {
			zero := money.New(amount.Value.Sub(amount.Value), amount.Currency)
			s.Amount = &zero
		}
		s.Amount.Value = s.Amount.Value.Add(amount.Value)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]ClaimSum, 0, len(sums))
	for _, s := range sums {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b ClaimSum) int {
		return cmp.Or(cmp.Compare(a.Side, b.Side), cmp.Compare(a.State, b.State), cmp.Compare(currency(a.Amount), currency(b.Amount)))
	})
	return out, nil
}

func currency(a *money.Amount) string {
	if a == nil {
		return ""
	}
	return a.Currency
}

// Evidence collects what proves a finding: the events that its assessment rests on, with those that they correct, and the documents of the
// clauses that it names.
func (v *View) Evidence(ctx context.Context, id pact.FindingID) (dossier.Pack, error) {
	r := v.Store.Reads()
	f, err := r.Findings.Get(ctx, string(id))
	if err != nil {
		return dossier.Pack{}, err
	}
	if f.Clause, err = v.named(ctx, f.Clause); err != nil {
		return dossier.Pack{}, err
	}
	p := dossier.Pack{Finding: f, Documents: map[pact.DocumentID]pact.Document{}, Sources: map[pact.ConnectionID]string{}}
	if p.Contract, err = r.Contracts.Get(ctx, string(f.ContractID)); err != nil {
		return p, err
	}
	if o, err := r.Obligations.Get(ctx, string(f.ObligationID)); err == nil {
		p.Obligation = &o
	} else if !fault.Is(err, fault.NotFound) {
		return p, err
	}
	if o, err := r.Occurrences.Get(ctx, string(f.OccurrenceID)); err == nil {
		p.Occurrence = &o
	} else if !fault.Is(err, fault.NotFound) {
		return p, err
	}
	if p.Events, err = v.proving(ctx, f); err != nil {
		return p, err
	}
	for _, e := range p.Events {
		if e.ConnectionID == "" || p.Sources[e.ConnectionID] != "" {
			continue
		}
		c, err := r.Connections.Get(pact.WithActor(ctx, pact.System("names")), string(e.ConnectionID))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return p, err
		}
		p.Sources[e.ConnectionID] = c.Name
	}
	var docs []string
	for _, e := range f.Clause {
		if e.Passage != nil && e.Passage.DocumentID != "" {
			docs = append(docs, string(e.Passage.DocumentID))
		}
	}
	rows, err := r.Documents.All(ctx, store.Where(store.In("id", docs)))
	for _, d := range rows {
		p.Documents[d.ID] = d
	}
	return p, err
}

// proving are the events of a finding in order of time, with those that they correct.
func (v *View) proving(ctx context.Context, f pact.Finding) ([]pact.Event, error) {
	r, ids := v.Store.Reads(), slices.Clone(f.EventIDs)
	var out []pact.Event
	for range 3 { // a correction of a correction
		rows, err := r.Events.All(ctx, store.Where(store.In("id", ids)).By("occurred_at"))
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
		ids = nil
		for _, e := range rows {
			if e.Replaces != "" && !slices.ContainsFunc(out, func(x pact.Event) bool { return x.ID == e.Replaces }) {
				ids = append(ids, e.Replaces)
			}
		}
		if len(ids) == 0 {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b pact.Event) int {
		return cmp.Or(a.OccurredAt.Compare(b.OccurredAt), cmp.Compare(a.ID, b.ID))
	})
	for i := range out {
		if by := out[i].Data.ApprovedBy; out[i].ConnectionID != "" && strings.HasPrefix(by, "usr_") {
			name, err := store.NameOf(ctx, r.Users, r.Keys, by)
			if err != nil {
				return nil, err
			}
			out[i].Data.ApprovedBy = name
		}
	}
	return out, nil
}

// named puts the names of people in the place of their ids: what leaves the product speaks of people.
func (v *View) named(ctx context.Context, evidence []pact.Evidence) ([]pact.Evidence, error) {
	out := slices.Clone(evidence)
	for i, e := range out {
		if e.Statement == nil {
			continue
		}
		name, err := store.NameOf(ctx, v.Store.Reads().Users, v.Store.Reads().Keys, e.Statement.By)
		if err != nil {
			return nil, err
		}
		said := e.Statement.Public()
		said.By = name
		out[i].Statement = &said
	}
	return out, nil
}
