package effective_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// A master agreement passes the report of the 5th on, and the contract below has the report of the 10th: which of them governs, the clause on
// precedence says that a reviewer confirmed, in either document; and the trace quotes it. Without one that names both the rules of the
// register decide.
func TestAnOrderOfPrecedenceDecides(t *testing.T) {
	t.Parallel()
	master := pact.Contract{ID: "con_m", Title: "Master Services Agreement"}
	below := pact.Contract{ID: "con_s", ParentID: "con_m", Relation: "order_form", Title: "Order 17"}
	said := func(con pact.Contract, text string) []effective.Entry {
		if text == "" {
			return nil
		}
		return []effective.Entry{{Source: effective.Source{Title: con.Title, ContractID: con.ID}, Term: &pact.Term{Name: pact.PrecedenceTerm, Value: pact.Text(text), Evidence: []pact.Evidence{
			{Passage: &pact.Passage{Clause: "14.2", Quote: "In the event of any conflict, the one prevails over the other."}},
		}}}}
	}
	for name, c := range map[string]struct {
		master, below, override string
		relation                string
		wins                    string
		quoted                  bool
	}{
		"none":                         {"", "", "", "order_form", "obl_s", false},
		"the order form":               {"Order Form > this Agreement", "", "", "order_form", "obl_s", true},
		"the agreement":                {"this Agreement > Order Form", "", "", "order_form", "obl_m", true},
		"all others":                   {"this Agreement > other documents", "", "", "child", "obl_m", true},
		"of three":                     {"Schedules > this Agreement > Statements of Work", "", "", "sow", "obl_m", true},
		"another document":             {"this Agreement > Statement of Work", "", "", "order_form", "obl_s", false},
		"the lower one says it":        {"", "Agreement > this Order Form", "", "order_form", "obl_m", true},
		"both say the same":            {"this Agreement > Order Form", "the Agreement > this Order Form", "", "order_form", "obl_m", true},
		"each says it is above":        {"this Agreement > Order Form", "this Order Form > the Agreement", "", "order_form", "obl_s", false},
		"what a person set stands":     {"Order Form > this Agreement", "", "forbidden", "order_form", "obl_m", false},
		"what a person typed is unfit": {"see clause 4", "", "", "order_form", "obl_s", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lower := below
			lower.Relation = c.relation
			duties := duty("obl_m", "5", "2026-01-01")
			duties.ContractID, duties.Cascade = master.ID, &pact.Cascade{To: []string{c.relation}, Override: c.override}
			own := append(said(lower, c.below), effective.Entry{Source: effective.Source{Title: lower.Title, ContractID: lower.ID}, Obligation: duty("obl_s", "10", "2026-06-01")})
			lines := map[pact.ContractID]effective.Timeline{
				master.ID: effective.New(append(said(master, c.master), effective.Entry{Source: effective.Source{Title: master.Title, ContractID: master.ID}, Obligation: duties})),
				lower.ID:  effective.New(own),
			}
			var entries []effective.Entry
			for _, p := range effective.Inherited([]pact.Contract{master, lower}, lower, []pact.Obligation{*duties}, lines, "2026-02-01") {
				entries = append(entries, p.Entries...)
			}
			if len(entries) == 0 {
				t.Fatal("nothing is passed on")
			}
			r := lines[lower.ID].With(entries).Obligation("report", "2026-06-15")
			if r.Winner == nil || string(r.Winner.Obligation.ID) != c.wins {
				t.Fatalf("%+v governs, want %s: %s", r.Winner, c.wins, r.Rule)
			}
			if unplaced := strings.Contains(r.Rule, "names not both of them. Master"); unplaced != (name == "another document") {
				t.Errorf("that the clause does not tell: %s", r.Rule)
			}
			if quoted := strings.Contains(r.Rule, "14.2: “In the event of any conflict") && strings.Contains(r.Trace[0].Result, "the order of precedence puts"); quoted != c.quoted {
				t.Errorf("the clause is quoted: %v, want %v: %s", quoted, c.quoted, r.Rule)
			}
		})
	}
}
