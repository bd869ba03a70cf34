package effective_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// sheet is a document of a family with the terms that it states, each with a passage.
type sheet struct {
	con   pact.Contract
	from  calendar.Date
	terms map[string]pact.Value
	says  string // the passage of its terms
}

func lineOf(t *testing.T, of pact.ContractID, papers ...sheet) effective.Timeline {
	t.Helper()
	var members []pact.Contract
	versions := map[pact.ContractID]pact.Version{}
	var own pact.Contract
	for _, p := range papers {
		p.con.CurrentVersion = 1
		members = append(members, p.con)
		if p.con.ID == of {
			own = p.con
		}
		v := pact.Version{ContractID: p.con.ID, ID: pact.VersionID(p.con.ID), EffectiveFrom: p.from, PublishedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		for name, value := range p.terms {
			v.Terms = append(v.Terms, pact.Term{Name: name, Value: value, Evidence: []pact.Evidence{{Passage: &pact.Passage{Clause: "14.2", Quote: p.says}}}})
		}
		versions[p.con.ID] = v
	}
	version := func(c pact.Contract) (pact.Version, error) { return versions[c.ID], nil }
	line, _, err := effective.OfContract(own, members, version)
	if err == nil {
		line, err = line.Among(own, members, version)
	}
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func netDays(n int) pact.Value {
	return pact.Value{Kind: pact.PaymentValue, Payment: &pact.PaymentTerms{NetDays: &n}}
}

var (
	masterOf = pact.Contract{ID: "con_m", Title: "Master Services Agreement"}
	orderOf  = pact.Contract{ID: "con_o", ParentID: "con_m", Relation: "order_form", Title: "Order 17"}
	slaOf    = pact.Contract{ID: "con_e", ParentID: "con_m", Relation: "exhibit", Title: "Schedule 2"}
)

// A master agreement and an order form fix a term differently: which value is in force under the order, the reviewed order of precedence says,
// with its clause. Without one that names both it is a question with the readings, and no value.
func TestAnOrderOfPrecedenceDecidesBetweenTerms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		order, orderBelow string
		want              string // the document that governs; "" is a question
	}{
		"the order form":        {"Order Form > this Agreement", "", "con_o"},
		"the agreement":         {"this Agreement > Order Form", "", "con_m"},
		"the lower one says it": {"", "the Agreement > this Order Form", "con_m"},
		"all others":            {"this Agreement > other documents", "", "con_m"},
		"none":                  {"", "", ""},
		"another document":      {"this Agreement > Statement of Work", "", ""},
		"each is above":         {"this Agreement > Order Form", "this Order Form > the Agreement", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := sheet{masterOf, "2025-01-01", map[string]pact.Value{"governing_law": pact.Text("Delaware"), "payment_terms": netDays(30), "title": pact.Text("MSA")}, "In any conflict the one prevails."}
			o := sheet{orderOf, "2026-01-01", map[string]pact.Value{"governing_law": pact.Text("New York"), "payment_terms": netDays(60), "title": pact.Text("Order")}, "What the order says."}
			if c.order != "" {
				m.terms[pact.PrecedenceTerm] = pact.Text(c.order)
			}
			if c.orderBelow != "" {
				o.terms[pact.PrecedenceTerm] = pact.Text(c.orderBelow)
			}
			line := lineOf(t, "con_o", m, o)
			for _, term := range []string{"governing_law", "payment_terms"} {
				r := line.Term(term, "2026-06-01")
				if c.want == "" {
					if r.Winner != nil || len(r.Ambiguities) != 1 || len(r.Ambiguities[0].Readings) != 2 || len(r.Undecided) != 2 {
						t.Fatalf("%s: %+v governs, want a question with both readings: %+v", term, r.Winner, r.Ambiguities)
					}
					if q := r.Ambiguities[0].Question; !strings.Contains(q, "Order 17") || !strings.Contains(q, "Master Services Agreement") {
						t.Errorf("the question names both: %s", q)
					}
					continue
				}
				if r.Winner == nil || string(r.Winner.Source.ContractID) != c.want {
					t.Fatalf("%s: %+v governs, want %s: %s", term, r.Winner, c.want, r.Rule)
				}
				if !strings.Contains(r.Rule, "14.2: “") || len(r.Order) != 1 || len(r.Losers) != 1 || !strings.Contains(r.Trace[0].Result, "the order of precedence puts") {
					t.Errorf("%s: the clause that decides: %s %+v %+v", term, r.Rule, r.Order, r.Losers)
				}
			}
			if r := line.Term("title", "2026-06-01"); r.Winner == nil || r.Winner.Term.Value.Text != "Order" {
				t.Errorf("its title is its own: %+v", r)
			}
			if r := lineOf(t, "con_m", m, o).Term("governing_law", "2026-06-01"); r.Winner == nil || r.Winner.Term.Value.Text != "Delaware" {
				t.Errorf("an order changes nothing of the master itself: %+v", r)
			}
		})
	}
}

// What both say alike, what only one says, and what an order says of its own life beside the master's is no conflict.
func TestWhatDoesNotConflictIsNotAsked(t *testing.T) {
	t.Parallel()
	m := sheet{masterOf, "2025-01-01", map[string]pact.Value{"governing_law": pact.Text("New York"), "notice_period": pact.Lasting(90, calendar.Day), "liability_cap": pact.Text("none"), "expiration_date": pact.OnDate("2030-01-01")}, "This Agreement renews unless notice is given."}
	o := sheet{orderOf, "2026-01-01", map[string]pact.Value{"governing_law": pact.Text("new york"), "notice_period": pact.Lasting(30, calendar.Day), "expiration_date": pact.OnDate("2027-01-01")}, "The order renews."}
	line := lineOf(t, "con_o", m, o)
	for term, want := range map[string]string{"governing_law": "new york", "notice_period": "30 days", "expiration_date": "2027-01-01"} {
		if r := line.Term(term, "2026-06-01"); r.Winner == nil || r.Winner.Term.Value.String() != want || len(r.Ambiguities) > 0 {
			t.Errorf("%s is %+v, want %s: %s", term, r.Winner, want, r.Rule)
		}
	}
	if r := line.Term("liability_cap", "2026-06-01"); r.Winner != nil || len(r.Ambiguities) > 0 {
		t.Errorf("the order states no cap: %+v", r)
	}
	m.says = "Each Order Form renews unless notice is given."
	if r := lineOf(t, "con_o", m, o).Term("notice_period", "2026-06-01"); r.Winner != nil || len(r.Ambiguities) != 1 {
		t.Errorf("what the master says of its orders conflicts with them: %+v", r)
	}
}

// A schedule of the agreement and the agreement are weighed on either's page, and an amended order of precedence decides from its day on.
func TestAScheduleIsWeighedAgainstItsAgreement(t *testing.T) {
	t.Parallel()
	amendment := sheet{pact.Contract{ID: "con_a", ParentID: "con_m", Relation: "amendment", Title: "Amendment 1"}, "2026-07-01", map[string]pact.Value{pact.PrecedenceTerm: pact.Text("Schedules > this Agreement")}, "Section 14.2 now reads so."}
	m := sheet{masterOf, "2025-01-01", map[string]pact.Value{"governing_law": pact.Text("Delaware"), pact.PrecedenceTerm: pact.Text("this Agreement > Schedules")}, "This Agreement prevails."}
	e := sheet{slaOf, "2025-01-01", map[string]pact.Value{"governing_law": pact.Text("Ohio")}, "Ohio law."}
	for _, of := range []pact.ContractID{"con_m", "con_e"} {
		line := lineOf(t, of, m, e, amendment)
		for day, want := range map[calendar.Date]string{"2026-06-30": "Delaware", "2026-07-01": "Ohio"} {
			if r := line.Term("governing_law", day); r.Winner == nil || r.Winner.Term.Value.Text != want {
				t.Errorf("%s on %s: %+v, want %s: %s", of, day, r.Winner, want, r.Rule)
			}
		}
	}
}

// One value written in two ways is one value.
func TestTheSameValueInOtherWordsIsNoConflict(t *testing.T) {
	t.Parallel()
	million := money.New(decimal.NewFromInt(1000000), "USD")
	one, year, twelve := decimal.NewFromInt(1), calendar.Duration{Value: 1, Unit: calendar.Year}, calendar.Duration{Value: 12, Unit: calendar.UnitMonth}
	fees := func(window *calendar.Duration, basis string) pact.Value {
		return pact.Value{Kind: pact.CapValue, Cap: &pact.Cap{Multiple: &one, Window: window, Basis: basis}}
	}
	for _, c := range []struct {
		term         string
		above, below pact.Value
		asked        bool
	}{
		{"renewal_term", pact.Lasting(12, calendar.UnitMonth), pact.Lasting(1, calendar.Year), false},
		{"renewal_term", pact.Lasting(12, calendar.UnitMonth), pact.Lasting(2, calendar.Year), true},
		{"uptime_target", pact.Percent(decimal.RequireFromString("99.90")), pact.Percent(decimal.RequireFromString("99.9")), false},
		{"liability_cap", pact.Sum(million), pact.Value{Kind: pact.CapValue, Cap: &pact.Cap{Amount: &million}}, false},
		{"liability_cap", fees(&year, "fees_paid"), fees(&twelve, "fees_payable"), false},
		{"liability_cap", pact.Sum(million), fees(&year, ""), true},
	} {
		line := lineOf(t, "con_o", sheet{masterOf, "2025-01-01", map[string]pact.Value{c.term: c.above}, "For orders."}, sheet{orderOf, "2026-01-01", map[string]pact.Value{c.term: c.below}, "For this order."})
		if r := line.Term(c.term, "2026-06-01"); (len(r.Ambiguities) > 0) != c.asked {
			t.Errorf("%s and %s: %+v", c.above, c.below, r.Ambiguities)
		}
	}
}
