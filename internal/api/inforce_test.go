package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// termRow is a term in force, as the API gives it, or a value of another document beside it.
type termRow struct {
	Name, Question               string
	Value                        *pact.Value
	ContractID                   pact.ContractID `json:"contract_id"`
	From                         calendar.Date
	Order, Evidence              []pact.Evidence
	Readings, Superseded, Coming []termRow
}

// inForceOf reads the terms in force of a contract on a day, by name.
func inForceOf(t *testing.T, h *apitest.House, id pact.ContractID, on string) map[string]termRow {
	t.Helper()
	var p struct{ Items []termRow }
	send(t, h, h.Key(t, pact.Viewer, "north"), http.MethodGet, "/api/v1/contracts/"+string(id)+"/in-force?on="+on, nil).into(t, &p)
	out := map[string]termRow{}
	for _, i := range p.Items {
		out[i.Name] = i
	}
	return out
}

// under puts a contract into the family of another, without a version.
func under(t *testing.T, h *apitest.House, head pact.Contract, relation, title string) pact.Contract {
	t.Helper()
	con := pact.Contract{BusinessUnit: "north", FamilyID: head.FamilyID, ParentID: head.ID, Relation: relation, Title: title, State: pact.ContractActive, SourceKey: title}
	h.Do(t, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Insert(ctx, &con) })
	return con
}

// publish gives a contract its next version.
func publish(t *testing.T, h *apitest.House, id pact.ContractID, v pact.Version) {
	t.Helper()
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		con, err := tx.Contracts.Lock(ctx, string(id))
		if err != nil {
			return err
		}
		con.CurrentVersion += 10
		if next := v.Obligations; len(next) > 0 {
			con.RenewalDate = "2099-01-01" // nothing ended it
		}
		v.BusinessUnit, v.ContractID, v.Number, v.PublishedBy, v.PublishedAt = "north", id, con.CurrentVersion, "seed", tx.Now
		if v.Obligations == nil {
			v.Obligations = []pact.Obligation{}
		}
		if err := tx.Versions.Insert(ctx, &v); err != nil {
			return err
		}
		return tx.Contracts.Update(ctx, &con)
	})
}

func text(name, value string) pact.Term { return pact.Term{Name: name, Value: pact.Text(value)} }

// A master agreement and an order form under it fix the governing law differently: the terms in force of the order ask with both readings until
// a reviewed order of precedence decides, and then show the clause that does.
func TestTheTermsInForceFollowTheOrderOfPrecedence(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	s := h.Seed(t, "north", "n")
	order := under(t, h, s.Contract, "order_form", "Order 17")
	publish(t, h, s.Contract.ID, pact.Version{EffectiveFrom: "2026-01-01", Terms: []pact.Term{text("governing_law", "Delaware")}})
	publish(t, h, order.ID, pact.Version{EffectiveFrom: "2026-01-01", Terms: []pact.Term{text("governing_law", "New York")}})
	law := func() termRow { return inForceOf(t, h, order.ID, "2026-06-01")["governing_law"] }
	if i := law(); i.Value != nil || i.Question == "" || len(i.Readings) != 2 || len(i.Superseded) != 0 {
		t.Fatalf("without a clause: %+v", i)
	}
	clause := text(pact.PrecedenceTerm, "this Agreement > Order Form")
	clause.Evidence = []pact.Evidence{{Passage: &pact.Passage{Quote: "This Agreement prevails.", Clause: "14"}}}
	publish(t, h, s.Contract.ID, pact.Version{EffectiveFrom: "2026-01-01", Terms: []pact.Term{text("governing_law", "Delaware"), clause}})
	i := law()
	if i.Value == nil || i.Value.Text != "Delaware" || i.ContractID != s.Contract.ID || i.Question != "" || len(i.Readings) != 0 {
		t.Fatalf("with one: %+v", i)
	}
	if len(i.Superseded) != 1 || i.Superseded[0].Value.Text != "New York" || len(i.Order) != 1 || i.Order[0].Passage.Quote != "This Agreement prevails." {
		t.Errorf("what it took the place of, and the clause: %+v", i)
	}
}

// An amendment that repeats what is in force takes the place of nothing; a change with a day of its own is coming until that day, whatever
// day the amendment has.
func TestOnlyAnotherValueSupersedes(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	s := h.Seed(t, "north", "n")
	amendment := under(t, h, s.Contract, "amendment", "Amendment 1")
	publish(t, h, s.Contract.ID, pact.Version{EffectiveFrom: "2025-01-01", Terms: []pact.Term{text("currency", "USD"), text("governing_law", "England")}})
	scotland := text("governing_law", "Scotland")
	scotland.Evidence = []pact.Evidence{{Passage: &pact.Passage{Quote: "“England” becomes “Scotland”.", Clause: "3"}}}
	publish(t, h, amendment.ID, pact.Version{EffectiveFrom: "2026-03-15", Terms: []pact.Term{text("currency", "USD"), scotland}, Operations: []pact.ReviewedOperation{
		{Operation: pact.Operation{Kind: pact.ChangeValue, Target: "12", From: "2026-07-01", Terms: []string{"governing_law"}, Settled: true}},
	}})
	for _, on := range []string{"2026-03-01", "2026-06-01"} {
		terms := inForceOf(t, h, s.Contract.ID, on)
		if c := terms["currency"]; c.Value == nil || c.ContractID != s.Contract.ID || c.From != "2025-01-01" || len(c.Superseded)+len(c.Coming) != 0 {
			t.Errorf("on %s nothing about the currency has changed: %+v", on, c)
		}
		if l := terms["governing_law"]; l.Value == nil || l.Value.Text != "England" || len(l.Superseded) != 0 || len(l.Coming) != 1 || l.Coming[0].From != "2026-07-01" {
			t.Errorf("on %s Scotland is coming: %+v", on, l)
		}
	}
	if l := inForceOf(t, h, s.Contract.ID, "2026-07-01")["governing_law"]; l.Value == nil || l.Value.Text != "Scotland" || l.From != "2026-07-01" || len(l.Superseded) != 1 || len(l.Evidence) != 1 || l.Evidence[0].Passage.Clause != "3" {
		t.Errorf("from its day on: %+v", l)
	}
}

// The renewal date and the day to send notice that were derived go on to the next renewal when one is over, with those that an amendment brings
// as coming before its day.
func TestDerivedDatesGoOnWithTheRenewals(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	s := h.Seed(t, "north", "n")
	amendment := under(t, h, s.Contract, "amendment", "Amendment 1")
	sixty, year, yes := calendar.Duration{Value: 60, Unit: calendar.Day}, calendar.Duration{Value: 1, Unit: calendar.Year}, true
	params, err := json.Marshal(obligation.RenewalParams{Notice: &sixty, RenewalTerm: &year, AutoRenewal: &yes, ExpirationDate: "2026-02-28"})
	if err != nil {
		t.Fatal(err)
	}
	derived := func(name string, day calendar.Date) pact.Term {
		return pact.Term{Name: name, Value: pact.OnDate(day), Derivation: &pact.Derivation{Rule: "first renewal"}}
	}
	publish(t, h, s.Contract.ID, pact.Version{EffectiveFrom: "2025-03-01", Obligations: []pact.Obligation{{Key: "renewal_notice", Kind: "renewal_notice", Params: params}}, Terms: []pact.Term{
		{Name: "expiration_date", Value: pact.OnDate("2026-02-28")}, {Name: "notice_period", Value: pact.Lasting(60, calendar.Day)}, derived("renewal_date", "2026-03-01"), derived("notice_send_by", "2025-12-30"),
	}})
	publish(t, h, amendment.ID, pact.Version{EffectiveFrom: "2027-06-01", Terms: []pact.Term{{Name: "notice_period", Value: pact.Lasting(90, calendar.Day)}}})
	for on, want := range map[string][3]calendar.Date{
		"2026-02-01": {"2026-03-01", "2025-12-30"},
		"2026-06-01": {"2027-03-01", "2026-12-30", "2026-03-01"},
		"2027-06-01": {"2028-03-01", "2027-12-01"},
	} {
		terms := inForceOf(t, h, s.Contract.ID, on)
		renewal, send := terms["renewal_date"], terms["notice_send_by"]
		if renewal.Value == nil || send.Value == nil || renewal.Value.Date != want[0] || send.Value.Date != want[1] {
			t.Errorf("on %s it renews on %+v with notice by %+v, want %s", on, renewal.Value, send.Value, want)
		}
		if want[2] != "" && (len(renewal.Superseded) != 1 || renewal.Superseded[0].Value.Date != want[2]) {
			t.Errorf("on %s the renewal that is over: %+v", on, renewal.Superseded)
		}
		if coming := on < "2027-06-01"; coming != (len(send.Coming) == 1 && send.Coming[0].Value.Date == "2027-12-01") {
			t.Errorf("on %s the day to send notice that is coming: %+v", on, send.Coming)
		}
	}
}

// A contract of a fixed term has no renewal ahead, whatever day its text derives: its terms, its obligations and their schedule say when it
// ends, and by what.
func TestTermsAndObligationsEndWithTheContract(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{}) // it is 2 March 2026
	s := h.Seed(t, "north", "n")
	no := false
	params, err := json.Marshal(obligation.RenewalParams{AutoRenewal: &no, ExpirationDate: "2026-05-31"})
	if err != nil {
		t.Fatal(err)
	}
	report := pact.Obligation{ID: "obl_report", BusinessUnit: "north", ContractID: s.Contract.ID, Key: "report", Kind: "recurring_duty", Title: "Report", Params: json.RawMessage(`{"item":"report","period":"month","day":5,"zone":"UTC"}`), InForce: calendar.Period{From: "2026-01-01"}}
	h.Do(t, func(ctx context.Context, tx store.Tx) error { return tx.Obligations.Insert(ctx, &report) })
	publish(t, h, s.Contract.ID, pact.Version{EffectiveFrom: "2025-06-01", Obligations: []pact.Obligation{{Key: "renewal_notice", Kind: "renewal_notice", Params: params}, report}, Terms: []pact.Term{
		{Name: "expiration_date", Value: pact.OnDate("2026-05-31")}, {Name: "renewal_date", Value: pact.OnDate("2026-06-01"), Derivation: &pact.Derivation{Rule: "the day after"}},
	}})
	key := h.Key(t, pact.Viewer, "north")
	if r := inForceOf(t, h, s.Contract.ID, "2026-03-02")["renewal_date"]; r.Value != nil || len(r.Superseded) != 1 || r.Superseded[0].Value.Date != "2026-06-01" {
		t.Errorf("the renewal that does not come: %+v", r)
	}
	var page struct{ Ends string }
	for on, want := range map[string]string{
		"2026-03-02": "the contract ends on 2026-05-31, by the end of its term, without renewal", "2026-06-01": "the contract ended on 2026-05-31, by the end of its term, without renewal",
	} {
		if send(t, h, key, http.MethodGet, "/api/v1/contracts/"+string(s.Contract.ID)+"/in-force?on="+on, nil).into(t, &page); page.Ends != want {
			t.Errorf("on %s: %q", on, page.Ends)
		}
	}
	var list struct {
		Items []struct {
			Obligation pact.Obligation
			EndsOn     calendar.Date `json:"ends_on"`
		}
	}
	send(t, h, key, http.MethodGet, "/api/v1/contracts/"+string(s.Contract.ID)+"/obligations", nil).into(t, &list)
	ends := map[string]calendar.Date{}
	for _, o := range list.Items {
		ends[o.Obligation.Key] = o.EndsOn
	}
	if ends["report"] != "2026-05-31" {
		t.Errorf("obligations end on %v", ends)
	}
	var plan struct {
		Items []struct {
			DueOn calendar.Date `json:"due_on"`
		}
		Next calendar.Date
	}
	send(t, h, key, http.MethodGet, "/api/v1/obligations/"+string(report.ID)+"/schedule", nil).into(t, &plan)
	if n := len(plan.Items); n == 0 || plan.Items[n-1].DueOn != "2026-05-05" || plan.Next != "" {
		t.Errorf("the schedule goes on: %+v", plan)
	}
}
