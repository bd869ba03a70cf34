package obligation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// The promise, its credits, their cap and the time to claim stand in different clauses: each step names its own.
func TestEachStepOfACreditNamesTheClauseThatStatesItsNumber(t *testing.T) {
	t.Parallel()
	quote := func(clause, text string) pact.Evidence {
		return pact.Evidence{Passage: &pact.Passage{Clause: clause, Quote: text}}
	}
	o := pact.Obligation{
		Key: "availability/portal", Kind: "availability",
		Params: []byte(`{"service":"portal","target":"99.9","zone":"UTC","tiers":[{"from":"99","below":"99.9","credit":"10"},{"below":"99","credit":"50"}],"claim_days":30,"cap_percent":"50","exclusions":["maintenance"]}`),
		Evidence: []pact.Evidence{
			quote("3.1", "The Portal is available at least 99.9% of each calendar month."),
			quote("3.3", "Downtime means the minutes in which the Portal cannot be reached, less the minutes excluded by Section 3.4."),
			quote("3.4", "Minutes are excluded to the extent that the unavailability results from: (a) maintenance that was announced at least five (5) days ahead; (b) acts of the Customer."),
			quote("4.1", "99.0% or more, but less than 99.9%\n10%\nless than 99.0%\n50%"),
			quote("4.2", "A claim must be made within thirty (30) days after the end of the month."),
			quote("4.4", "Credits of a month shall not exceed fifty percent (50%) of its fee."),
		},
	}
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC) }
	amount := money.New(decimal.NewFromInt(1000), "USD")
	a, err := obligation.Assess(obligation.Input{
		Obligation: o, Occurrence: pact.Occurrence{Key: "2026-03", Subject: "portal"}, At: at(31, 24).AddDate(0, 0, 1),
		Events: []pact.Event{
			{ID: "evt_1", Kind: "outage", Subject: "portal", OccurredAt: at(3, 8), Data: pact.EventData{Service: "portal", EndAt: at(3, 12)}},
			{ID: "evt_3", Kind: "outage", Subject: "portal", OccurredAt: at(8, 2), Data: pact.EventData{Service: "portal", EndAt: at(8, 4), Excluded: "maintenance", ApprovedBy: "M. Adeyemi"}},
			{ID: "evt_2", Kind: "charge", Subject: "portal", OccurredAt: at(31, 12), Data: pact.EventData{Service: "portal", Month: "2026-03", Amount: &amount}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"minutes of the month": "3.1", "outage": "3.1", "excluded outage": "3.4", "band of the credit table": "4.1", "credit": "4.1", "cap of the month": "4.4", "claim by": "4.2"}
	for _, s := range a.Trace {
		if clause, ok := want[s.Rule]; ok {
			delete(want, s.Rule)
			if s.Clause != clause {
				t.Errorf("the step %q names clause %q, want %s", s.Rule, s.Clause, clause)
			}
		}
	}
	if len(want) > 0 || a.Amount == nil || !strings.HasPrefix(string(a.ClaimBy), "2026-04-30") {
		t.Errorf("no step for %v; amount %v, claim by %s", want, a.Amount, a.ClaimBy)
	}
}

// A level between two rows of the credit table is a question; the days to claim run all the same.
func TestAnAmbiguousCreditHasItsDayToClaim(t *testing.T) {
	t.Parallel()
	a, err := obligation.Assess(obligation.Input{
		Obligation: pact.Obligation{
			Key: "availability/portal", Kind: "availability",
			Params: []byte(`{"service":"portal","target":"99.9","zone":"UTC","tiers":[{"from":"99","below":"99.3","credit":"10"},{"below":"99","credit":"50"}],"claim_days":30}`),
		},
		Occurrence: pact.Occurrence{Key: "2026-03", Subject: "portal"}, At: time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC),
		Events: []pact.Event{{ID: "evt_1", Kind: "outage", Subject: "portal", OccurredAt: time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC), Data: pact.EventData{Service: "portal", EndAt: time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if a.AmountState != "ambiguous" || a.Amount != nil || a.ClaimBy != "2026-04-30" {
		t.Errorf("%s, amount %v, claim by %q; want ambiguous, none, 2026-04-30", a.AmountState, a.Amount, a.ClaimBy)
	}
}

// The row that holds is one that a person decided on where the table had none: its step names the decision, beside the clause with the table.
func TestTheRowOfADecisionNamesTheDecision(t *testing.T) {
	t.Parallel()
	fee := money.New(decimal.NewFromInt(1000), "USD")
	o := pact.Obligation{
		Key: "availability/portal", Kind: "availability",
		Params:   []byte(`{"service":"portal","target":"99.9","zone":"UTC","tiers":[{"from":"99","below":"99.9","credit":"5"},{"below":"99","credit":"50"}]}`),
		Evidence: []pact.Evidence{{Passage: &pact.Passage{Clause: "4.2", Quote: "99.0% to 99.89%: 5%; below 99.0%: 50%"}}},
	}
	judged := func() pact.Assessment {
		a, err := obligation.Assess(obligation.Input{
			Obligation: o, Occurrence: pact.Occurrence{Key: "2026-03", Subject: "portal"}, At: time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC),
			Charges: []pact.Charge{{EventID: "evt_2", Service: "portal", Month: "2026-03", Amount: fee}},
			Events:  []pact.Event{{ID: "evt_1", Kind: "outage", Subject: "portal", OccurredAt: time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC), Data: pact.EventData{Service: "portal", EndAt: time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	band := func(a pact.Assessment) string {
		for _, s := range a.Trace {
			if s.Rule == "band of the credit table" {
				return s.Clause
			}
		}
		return "no step"
	}
	if got := band(judged()); got != "4.2" {
		t.Errorf("without a decision the row is of clause %q, want 4.2", got)
	}
	o.Evidence = append(o.Evidence, pact.Evidence{Statement: &pact.Statement{By: "usr_1", At: time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC), Text: "Which credit is due? Answer: 5 %.", Decides: []string{"tiers"}}})
	if got := band(judged()); got != "4.2, as decided on 2026-03-20" {
		t.Errorf("the row that was decided is of clause %q", got)
	}
}

// A level over tickets tells of each which it was, what it took of the time it had, and by which clause: that of the clock, which is another
// obligation than the level.
func TestALevelTellsOfEachTicket(t *testing.T) {
	t.Parallel()
	clause := func(number, quote string) []pact.Evidence {
		return []pact.Evidence{{Passage: &pact.Passage{Clause: number, Quote: quote}}}
	}
	clock := pact.Obligation{ID: "obl_clock", Key: "resolution_time/P1", Kind: "resolution_time", Params: []byte(`{"priority":"P1","target":{"value":6,"unit":"hour"}}`), Evidence: clause("3.2", "6 hours")}
	level := pact.Obligation{
		ID: "obl_level", Key: "level", Kind: "service_level", Evidence: clause("3.6", "EUR 480.00 for each"),
		Params: []byte(`{"measure":"within_target","target":"100","clocks":["resolution_time/P1"],"credit":{"per_step":{"of":"missed_cases","step":"1","amount":{"value":"480.00","currency":"EUR"}}}}`),
	}
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC) }
	event := func(id, kind, ticket string, at time.Time) pact.Event {
		return pact.Event{ID: pact.EventID(id), Kind: kind, Subject: ticket, OccurredAt: at, Data: pact.EventData{Priority: "1"}}
	}
	a, err := obligation.Assess(obligation.Input{
		Obligation: level, Occurrence: pact.Occurrence{Key: "2026-03"}, At: at(31, 24),
		Timeline: effective.New([]effective.Entry{{Obligation: &clock}, {Obligation: &level}}),
		Events: []pact.Event{
			event("evt_1", "ticket_opened", "INC13", at(12, 2)), event("evt_2", "ticket_resolved", "INC13", at(12, 5)),
			event("evt_3", "ticket_opened", "INC31", at(28, 1)), event("evt_4", "ticket_resolved", "INC31", at(28, 9)),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, s := range a.Trace {
		if strings.HasPrefix(s.Rule, "ticket ") {
			lines = append(lines, s.Rule+": "+s.Inputs+" -> "+s.Result+" {"+s.Clause+"; "+strings.Join(ids(s.EventIDs), " ")+"}")
		}
	}
	want := []string{
		"ticket INC31: opened Sat 2026-03-28 01:00 UTC; 8 h counted of 6 h, ended Sat 2026-03-28 09:00 UTC -> missed at Sat 2026-03-28 07:00 UTC {3.2; evt_3 evt_4}",
		"ticket INC13: opened Thu 2026-03-12 02:00 UTC; 3 h counted of 6 h, ended Thu 2026-03-12 05:00 UTC -> met {3.2; evt_1 evt_2}",
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("the tickets are told as\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if a.Amount == nil || a.Amount.String() != "480.00 EUR" || len(a.AlsoBy) != 1 || a.AlsoBy[0] != "obl_clock" || len(a.EventIDs) != 4 {
		t.Errorf("amount %v, also by %v, events %v", a.Amount, a.AlsoBy, a.EventIDs)
	}
}

func ids(list []pact.EventID) []string {
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = string(id)
	}
	return out
}
