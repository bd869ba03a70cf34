package evaluate

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

func scored(l Labels, r Reading) *Score {
	s := newScore("test", "written", "text", 5)
	s.add(&LabelledDocument{Name: "a", Labels: l}, r)
	return s
}

func term(name string, v pact.Value, confidence string) pact.Candidate {
	return pact.Candidate{Subject: "term", Name: name, Value: &v, Confidence: decimal.RequireFromString(confidence)}
}

func duty(kind, bearer, deliverable, params, quote string) pact.Candidate {
	return pact.Candidate{
		Subject: "obligation", Name: kind, Obligation: &pact.Obligation{Kind: kind, Bearer: bearer, Deliverable: deliverable, Params: json.RawMessage(params)},
		Evidence: []pact.Evidence{{Passage: &pact.Passage{Quote: quote}}},
	}
}

func clause(kind, quote string) LabelledClause {
	return LabelledClause{Kind: kind, Quoted: Quoted{Quote: quote}}
}

// Two labels, three found: the first label takes the likelier of two (1.0 against 4 of 6 words), the second finds nothing like
// it. So 1 of 3 given is right, and 1 of 2 labels is found.
func TestALabelTakesOneFoundClauseAndTheLikest(t *testing.T) {
	t.Parallel()
	s := scored(Labels{
		Clauses: []LabelledClause{clause("payment_terms", "pay within thirty days"), clause("payment_terms", "late amounts bear interest")},
		Absent:  []string{"delivery"},
	}, Reading{Clauses: []FoundClause{
		{"payment_terms", "pay within thirty days after receipt"},
		{"payment_terms", "Pay within thirty days."},
		{"payment_terms", "something else"},
		{"delivery", "goods are shipped"},
		{"audit_duty", "books are kept"},
	}})
	if n := *s.Clauses["payment_terms"]; n != (Spans{Gold: 2, Given: 3, Right: 1, PresentTP: 1}) {
		t.Errorf("payment terms: %+v", n)
	}
	if n := *s.Clauses["delivery"]; n != (Spans{Given: 1, PresentFP: 1}) {
		t.Errorf("delivery is listed as absent: %+v", n)
	}
	if n := *s.Clauses["audit_duty"]; n != (Spans{Unlabelled: 1}) {
		t.Errorf("audit duty is neither labelled nor absent: %+v", n)
	}
}

func amount(v, currency string) money.Amount {
	return money.Amount{Value: decimal.RequireFromString(v), Currency: currency}
}

func TestValuesAreRightWrongMissingOrFalse(t *testing.T) {
	t.Parallel()
	cap500, cap600 := amount("500000", "USD"), amount("600000", "USD")
	net30, two := 30, decimal.NewFromInt(2)
	s := scored(Labels{
		Values: []LabelledValue{
			{Name: "effective_date", Value: pact.OnDate("2026-03-01")},
			{Name: "renewal_term", Value: pact.Lasting(12, calendar.UnitMonth)},
			{Name: "liability_cap", Value: pact.Value{Kind: pact.CapValue, Cap: &pact.Cap{Amount: &cap500}}},
			{Name: "payment_terms", Value: pact.Value{Kind: pact.PaymentValue, Payment: &pact.PaymentTerms{NetDays: &net30, Discounts: []pact.Discount{{Percent: two, Days: 10}}}}},
			{Name: "governing_law", Value: pact.Text("England and Wales")},
			{Name: "expiration_date", Value: pact.OnDate("2028-02-29"), Derived: true},
			{Name: "parties", Value: pact.Value{Kind: pact.PartiesValue, Parties: []pact.Party{{Name: "Tessel, Inc.", Role: "supplier"}, {Name: "Halden LLC", Role: "customer"}}}},
		},
		Absent: []string{"uptime_target", "claim_window"},
	}, Reading{Candidates: []pact.Candidate{
		term("effective_date", pact.OnDate("2026-03-01"), "0.9"),
		term("renewal_term", pact.Lasting(1, calendar.Year), "0.85"),
		term("liability_cap", pact.Value{Kind: pact.CapValue, Cap: &pact.Cap{Amount: &cap600}}, "0.8"),
		term("payment_terms", pact.Value{Kind: pact.PaymentValue, Payment: &pact.PaymentTerms{NetDays: &net30}}, "0.86"),
		term("parties", pact.Value{Kind: pact.PartiesValue, Parties: []pact.Party{{Name: "HALDEN L.L.C.", Role: "Buyer"}, {Name: "Tessel Inc", Role: "customer"}}}, "0.7"),
		term("uptime_target", pact.Percent(decimal.NewFromInt(99)), "0.5"),
	}})
	for name, want := range map[string]Count{
		"effective_date":  {Gold: 1, Right: 1},
		"renewal_term":    {Gold: 1, Right: 1}, // twelve months are a year
		"liability_cap":   {Gold: 1, Wrong: 1},
		"payment_terms":   {Gold: 1, Wrong: 1}, // the discount is left out
		"governing_law":   {Gold: 1, Missing: 1},
		"parties":         {Gold: 1, Right: 1},
		"parties (roles)": {Gold: 1, Wrong: 1}, // the first label is called customer
		"uptime_target":   {False: 1},
	} {
		got := *s.Values[name]
		got.Misses = nil
		if got.Gold != want.Gold || got.Right != want.Right || got.Wrong != want.Wrong || got.Missing != want.Missing || got.False != want.False {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if s.Values["expiration_date"] != nil && s.Values["expiration_date"].Gold != 0 {
		t.Error("a derived value that is not found is no miss")
	}
	if s.Values["claim_window"] != nil {
		t.Error("what is absent and not found is not counted")
	}
	if s.Sure.Given != 3 || s.Sure.Right != 2 {
		t.Errorf("at 0.85 and more: %+v", s.Sure)
	}
}

func TestServiceLevelsAreMatchedByPriorityAndJudgedByTarget(t *testing.T) {
	t.Parallel()
	level := func(kind, priority, target, hours string) LabelledLevel {
		l := LabelledLevel{Kind: kind, Params: LevelParams{Priority: priority, Target: json.RawMessage(target)}}
		if hours != "" {
			l.Params.Hours = json.RawMessage(hours)
		}
		return l
	}
	s := scored(Labels{ServiceLevels: []LabelledLevel{
		level("response_time", "1", `{"value":1,"unit":"hour"}`, `"24x7"`),
		level("response_time", "2", `{"value":9,"unit":"business_hour"}`, `"business"`),
		level("response_time", "bed lift", `{"value":2,"unit":"hour"}`, ""),
		level("resolution_time", "1", `{"value":4,"unit":"hour"}`, ""),
		level("availability", "", `"99.90"`, ""),
	}}, Reading{Candidates: []pact.Candidate{
		duty("response_time", "", "", `{"priority":"P1","target":{"value":60,"unit":"minute"},"hours":{"zone":"UTC","week":[{"days":["mon"],"from":"09:00","until":"17:00"}]}}`, ""),
		duty("response_time", "", "", `{"priority":"Severity 2","target":{"value":9,"unit":"hour"},"hours":{"zone":"UTC","week":[{"days":["mon"],"from":"09:00","until":"17:00"}]}}`, ""),
		duty("response_time", "", "", `{"priority":"3","target":{"value":1,"unit":"business_day"}}`, ""),
		duty("resolution_time", "", "", `{"priority":"1","target":{"value":8,"unit":"hour"}}`, ""),
		duty("availability", "", "", `{"service":"x","target":"99.9","zone":"UTC"}`, ""),
	}})
	want := map[string][5]int{ // gold, right, wrong, missing, false
		"response_time":   {3, 2, 0, 1, 1}, // the lift is missing, priority 3 is false
		"resolution_time": {1, 0, 1, 0, 0},
		"availability":    {1, 1, 0, 0, 0},
	}
	for kind, w := range want {
		n := s.Levels[kind]
		if got := [5]int{n.Gold, n.Right, n.Wrong, n.Missing, n.False}; got != w {
			t.Errorf("%s: %v, want %v", kind, got, w)
		}
	}
	if s.Hours.Gold != 2 || s.Hours.Right != 1 || s.Hours.Wrong != 1 {
		t.Errorf("hours: %+v", s.Hours)
	}
}

func TestCreditsAreCountedTierByTierAndOnce(t *testing.T) {
	t.Parallel()
	d := func(s string) *decimal.Decimal { v := decimal.RequireFromString(s); return &v }
	tiers := []pact.Tier{{From: d("99"), Below: d("99.9"), Credit: *d("5")}, {Below: d("99"), Credit: *d("10")}}
	given := []pact.Tier{{From: d("99.0"), Below: d("99.90"), Credit: *d("5.0")}, {Below: d("99"), Credit: *d("12")}}
	raw, err := json.Marshal(map[string]any{"tiers": given, "cap_percent": "30", "target": "99.9"})
	if err != nil {
		t.Fatal(err)
	}
	s := scored(Labels{Credits: []LabelledCredit{{About: "availability", Params: CreditParams{Tiers: tiers, CapPercent: d("30")}}}}, Reading{Candidates: []pact.Candidate{
		term("service_credits", pact.Value{Kind: pact.TiersValue, Tiers: given}, "0.8"), duty("availability", "", "", string(raw), ""),
	}})
	if s.Tiers != (Matched{Gold: 2, Given: 2, Right: 1}) || s.CreditCaps.Right != 1 {
		t.Errorf("tiers %+v, caps %+v", s.Tiers, s.CreditCaps)
	}
}

// Of three duties the first is found by its deliverable ("service report" of "monthly service report": 2 of 3 words), the second by its
// words in the text; the third has another bearer. The renewal notice has its own labels and does not count.
func TestObligationsAreMatchedByDeliverableAndBearer(t *testing.T) {
	t.Parallel()
	s := scored(Labels{
		Values: []LabelledValue{{Name: "parties", Value: pact.Value{Kind: pact.PartiesValue, Parties: []pact.Party{{Name: "Tessel, Inc.", Role: "supplier", Aliases: []string{"Maker"}}}}}},
		Obligations: []LabelledDuty{
			{Bearer: "supplier", Deliverable: "monthly service report", Frequency: "monthly"},
			{Bearer: "customer", Deliverable: "forecast", Frequency: "quarterly", Quoted: Quoted{Quote: "Buyer sends a forecast each quarter"}},
			{Bearer: "supplier", Deliverable: "root cause analysis", Frequency: "on_event"},
		},
	}, Reading{Candidates: []pact.Candidate{
		duty("report", "the Maker", "Service report", `{}`, ""),
		duty("other", "Purchaser", "expected needs", `{}`, "Buyer sends a forecast each quarter."),
		duty("report", "Buyer", "root cause analysis", `{}`, ""),
		duty("renewal_notice", "both", "notice", `{}`, ""),
	}})
	if s.Obligations.Gold != 3 || s.Obligations.Given != 3 || s.Obligations.Right != 2 {
		t.Errorf("%+v", s.Obligations)
	}
}

func TestAmbiguitiesAreRaisedGuessedOrTooMany(t *testing.T) {
	t.Parallel()
	asked := term("notice_period", pact.Value{}, "0.5")
	asked.Value, asked.Ambiguities = nil, []pact.Ambiguity{{Code: "words_against_figures"}}
	tooMany := term("effective_date", pact.OnDate("2026-01-01"), "0.5")
	tooMany.Ambiguities = []pact.Ambiguity{{Code: "two_dates"}}
	net := 30
	s := scored(Labels{
		Values:      []LabelledValue{{Name: "effective_date", Value: pact.OnDate("2026-01-01")}},
		Ambiguities: []LabelledQuestion{{Code: "words_against_figures", About: "notice_period"}, {Code: "net_eom", About: "payment_terms"}},
	}, Reading{Candidates: []pact.Candidate{asked, tooMany, term("payment_terms", pact.Value{Kind: pact.PaymentValue, Payment: &pact.PaymentTerms{NetDays: &net}}, "0.9")}})
	if s.Ambiguities != (Matched{Gold: 2, Given: 2, Right: 1}) || s.Guessed != 1 {
		t.Errorf("%+v, guessed %d", s.Ambiguities, s.Guessed)
	}
}

func TestChangesOfAnAmendmentAreMatchedByKindAndClause(t *testing.T) {
	t.Parallel()
	change := func(pairs ...string) LabelledFact {
		f := LabelledFact{Kind: "change", Fields: map[string]string{}}
		for i := 0; i < len(pairs); i += 2 {
			f.Fields[pairs[i]] = pairs[i+1]
		}
		return f
	}
	operation := func(o pact.Operation) pact.Candidate {
		return pact.Candidate{Subject: "operation", Value: &pact.Value{Kind: pact.OperationValue, Operation: &o}}
	}
	s := scored(Labels{Facts: []LabelledFact{
		change("operation", "replace", "target", "Section 12.1(b)"), change("operation", "extend", "to", "2028-12-31"), change("operation", "delete", "target", "Clause 9"),
		change("operation", "change_value", "target", "§ 6"),
		{Kind: "late_interest", Fields: map[string]string{"percent": "8"}},
	}}, Reading{Candidates: []pact.Candidate{
		operation(pact.Operation{Kind: pact.Replace, Target: "12.1(b)"}), operation(pact.Operation{Kind: pact.Extend, Target: "2.1", To: "2028-12-31"}),
		operation(pact.Operation{Kind: pact.Delete, Target: "8"}), operation(pact.Operation{Kind: pact.Replace, Target: "6"}),
	}})
	if s.Changes != (Matched{Gold: 4, Given: 4, Right: 2}) || s.Formless != 1 {
		t.Errorf("%+v, %d facts", s.Changes, s.Formless)
	}
}

func TestPricesAreRightWithTheirItem(t *testing.T) {
	t.Parallel()
	price := func(item, sum string) LabelledFact {
		return LabelledFact{Kind: "price", Fields: map[string]string{"item": item, "price": sum, "unit": "hour"}}
	}
	s := scored(Labels{Facts: []LabelledFact{price("engineer", "112 EUR"), price("draughtsman", "84.00 EUR"), price("tester", "70 EUR")}}, Reading{Candidates: []pact.Candidate{
		duty("unit_price", "supplier", "prices", `{"prices":[{"item":"engineers","price":{"value":"112.00","currency":"EUR"}},{"item":"draughtsmen","price":{"value":"84","currency":"EUR"}},{"item":"travel","price":{"value":"70","currency":"EUR"}}]}`, "rates"),
	}})
	if got := s.Facts["price"]; got == nil || *got != (Matched{Gold: 3, Given: 3, Right: 2}) {
		t.Errorf("%+v", got)
	}
}

// The right share of the wrong time is a wrong promise.
func TestAShareIsOfItsPeriodWhereTheLabelSaysIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		gold, got string
		right     int
	}{
		{"calendar quarter", "quarter", 1}, {"quarter", "", 0}, {"quarter", "year", 0}, {"calendar month", "", 1}, {"", "quarter", 1}, {"rolling year", "rolling_year", 1}, {"annually", "year", 1},
	} {
		s := scored(Labels{ServiceLevels: []LabelledLevel{{Kind: "availability", Params: LevelParams{Target: json.RawMessage(`"99.9"`), Period: c.gold}}}},
			Reading{Candidates: []pact.Candidate{duty("availability", "", "", `{"service":"x","target":"99.9","zone":"UTC","period":"`+c.got+`"}`, "")}})
		if n := s.Levels["availability"]; n.Right != c.right || n.Wrong != 1-c.right {
			t.Errorf("label %q, given %q: %+v", c.gold, c.got, n)
		}
	}
}
