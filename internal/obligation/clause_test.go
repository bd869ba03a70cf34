package obligation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

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
