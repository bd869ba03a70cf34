package obligation_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestTheDaysThatAPeriodReads(t *testing.T) {
	t.Parallel()
	inForce := calendar.Period{From: "2026-01-01", Until: "2029-01-01"}
	availability := func(credit string) string {
		return `{"service":"S","target":"99.9","zone":"UTC","credit":` + credit + `}`
	}
	rebate := func(more string) string {
		return `{"mode":"graduated","currency":"USD","period":"quarter","tiers":[{"from":"0","percent":"1"}]` + more + `}`
	}
	for name, c := range map[string]struct {
		kind, key, params string
		want              calendar.Period
	}{
		"a month":                       {"availability", "2026-03", availability(`{}`), calendar.Period{From: "2026-03-01", Until: "2026-04-01"}},
		"what was credited before":      {"availability", "2026-03", availability(`{"rolling_cap":{"months":3,"amount":{"value":"9","currency":"USD"}}}`), calendar.Period{Until: "2026-04-01"}},
		"charges of the months after":   {"availability", "2026-03", availability(`{"rolling_cap":{"months":3,"percent":"10"}}`), calendar.Period{Until: "2026-06-01"}},
		"the cap of all obligations":    {"availability", "2026-03", availability(`{"liability_cap":{"per":"term"}}`), calendar.Period{}},
		"charges that it is set off":    {"availability", "2026-03", availability(`{"carry_forward":{}}`), calendar.Period{}},
		"months that earn it back":      {"availability", "2026-03", availability(`{"earn_back":{"periods":2}}`), calendar.Period{From: "2026-03-01", Until: "2026-06-01"}},
		"a quarter":                     {"rebate", "2026-Q2", rebate(""), calendar.Period{Until: "2026-10-01"}},
		"a ceiling of the whole life":   {"rebate", "2026-Q2", rebate(`,"lifetime_ceiling":"9"`), calendar.Period{Until: "2026-10-01"}},
		"invoices that were paid":       {"rebate", "2026-Q2", rebate(`,"eligible":{"paid_within_days":30}`), calendar.Period{}},
		"the currency of the first one": {"rebate", "2026-Q2", `{"mode":"graduated","period":"quarter","tiers":[{"from":"0","percent":"1"}]}`, calendar.Period{}},
		"what is carried over":          {"minimum_commitment", "2027", `{"amount":{"value":"9","currency":"USD"},"period":"year","carry_forward":"next"}`, calendar.Period{Until: "2029-01-01"}},
		"the term":                      {"spend_ceiling", "term", `{"amount":{"value":"9","currency":"USD"},"returns":"return","eligible":{"affiliates":"included"}}`, inForce},
		"companies that bought before":  {"spend_ceiling", "2027", `{"amount":{"value":"9","currency":"USD"},"period":"year","returns":"return"}`, calendar.Period{Until: "2029-01-01"}},
		"what was bought and came back": {"spend_ceiling", "term", `{"amount":{"value":"9","currency":"USD"}}`, calendar.Period{Until: inForce.Until}},
		"done in the month after":       {"recurring_duty", "2026-03", `{"day":5}`, calendar.Period{From: "2026-03-01", Until: "2026-05-01"}},
		"done in the month itself":      {"recurring_duty", "2026-03", `{"day":5,"in_period":true}`, calendar.Period{From: "2026-03-01", Until: "2026-04-01"}},
		"fees of the next period":       {"credit_pool", "2026-03", `{"levels":[{"level":"x","weight":"5"}],"next_period":true}`, calendar.Period{From: "2026-03-01", Until: "2026-05-01"}},
		"levels that earn it back":      {"credit_pool", "2026-03", `{"levels":[{"level":"x","weight":"5"}],"credit":{"earn_back":{"periods":1}}}`, calendar.Period{From: "2026-03-01"}},
		"no period of the clause":       {"availability", "2026-Q1", availability(`{}`), calendar.Period{}},
		"a matter":                      {"invoice_payment", "INV-1", `{"terms":"net 30"}`, calendar.Period{}},
	} {
		o := pact.Obligation{Key: "k", Kind: c.kind, Params: json.RawMessage(c.params), InForce: inForce}
		if got := obligation.Reads(effective.Timeline{}, o, pact.Occurrence{Key: c.key}); got != c.want {
			t.Errorf("%s: %s %s reads %v, want %v", name, c.kind, c.key, got, c.want)
		}
	}
}

// A pool reads what its levels read, and an amended obligation what any of its versions does.
func TestAPoolReadsWhatItsLevelsRead(t *testing.T) {
	t.Parallel()
	entry := func(key, kind, params, source string, from calendar.Date) effective.Entry {
		o := pact.Obligation{Key: key, Kind: kind, Params: json.RawMessage(params), InForce: calendar.Period{From: from}}
		return effective.Entry{Source: effective.Source{Title: source, From: from}, Obligation: &o}
	}
	pool := entry("pool", "credit_pool", `{"levels":[{"level":"up","weight":"5"}]}`, "Contract", "2026-01-01")
	line := effective.New([]effective.Entry{pool, entry("up", "availability", `{"service":"S","target":"99","zone":"UTC","credit":{"earn_back":{"periods":2}}}`, "Contract", "2026-01-01")})
	if got := obligation.Reads(line, *pool.Obligation, pact.Occurrence{Key: "2026-03"}); got != (calendar.Period{From: "2026-03-01", Until: "2026-06-01"}) {
		t.Errorf("the pool reads %v", got)
	}
}

func TestWhichPeriodsAnEventMayChange(t *testing.T) {
	t.Parallel()
	day := func(s string) time.Time { return calendar.Date(s).Time().Add(12 * time.Hour) }
	march := calendar.Period{From: "2026-03-01", Until: "2026-04-01"}
	tickets := map[string][]pact.Event{"T-1": {{Kind: "ticket_opened", Subject: "T-1", OccurredAt: day("2026-02-10")}, {Kind: "ticket_reopened", Subject: "T-1", OccurredAt: day("2026-06-10")}}}
	for name, c := range map[string]struct {
		kind string
		e    pact.Event
		want bool
	}{
		"an outage of the month":             {"availability", pact.Event{Kind: "outage", OccurredAt: day("2026-03-10"), Data: pact.EventData{EndAt: day("2026-03-11")}}, true},
		"an outage of another one":           {"availability", pact.Event{Kind: "outage", OccurredAt: day("2026-01-10"), Data: pact.EventData{EndAt: day("2026-01-11")}}, false},
		"one that lasted into it":            {"availability", pact.Event{Kind: "outage", OccurredAt: day("2026-01-10"), Data: pact.EventData{EndAt: day("2026-03-11")}}, true},
		"one that is not over":               {"availability", pact.Event{Kind: "outage", OccurredAt: day("2026-01-10")}, true},
		"a late charge of the month":         {"availability", pact.Event{Kind: "charge", OccurredAt: day("2026-07-10"), Data: pact.EventData{Month: "2026-03"}}, true},
		"a report of another sort of time":   {"service_level", pact.Event{Kind: "measurement", OccurredAt: day("2026-07-10"), Data: pact.EventData{Month: "2026-Q1"}}, true},
		"a rate, whenever it is of":          {"rebate", pact.Event{Kind: "rate", OccurredAt: day("2026-07-10")}, true},
		"a purchase of another month":        {"rebate", pact.Event{Kind: "purchase", OccurredAt: day("2026-07-10")}, false},
		"a report that names the month":      {"recurring_duty", pact.Event{Kind: "done", Subject: "2026-03", OccurredAt: day("2026-09-10")}, true},
		"a ticket that was open before":      {"service_level", tickets["T-1"][1], true},
		"a ticket of a later month":          {"service_level", pact.Event{Kind: "ticket_reopened", Subject: "T-2", OccurredAt: day("2026-06-10")}, false},
		"what is told of tickets as a whole": {"service_level", pact.Event{Kind: "ticket_state", OccurredAt: day("2026-06-10")}, true},
	} {
		affected := obligation.FeedOf(c.kind).Affected([]*pact.Event{&c.e}, func(name string) []pact.Event { return tickets[name] })
		if got := affected("2026-03", march); got != c.want {
			t.Errorf("%s: changes March is %t", name, got)
		}
	}
}

// A late event has those watched periods judged again that read its day, and no others.
func TestALateEventTouchesThePeriodsThatReadItsDay(t *testing.T) {
	t.Parallel()
	for credit, want := range map[string]int{`{}`: 1, `{"rolling_cap":{"months":3,"amount":{"value":"9","currency":"USD"}}}`: 6, `{"rolling_cap":{"months":3,"percent":"10"}}`: 7, `{"earn_back":{"periods":2}}`: 2} {
		o := pact.Obligation{
			Key: "k", Kind: "availability", InForce: calendar.Period{From: "2026-01-01"},
			Params: json.RawMessage(`{"service":"S","target":"99.9","zone":"UTC","credit":` + credit + `}`),
		}
		late := pact.Event{ID: "e", Kind: "outage", Subject: "S", OccurredAt: time.Date(2026, 2, 10, 0, 0, 0, 0, time.UTC), Data: pact.EventData{EndAt: time.Date(2026, 2, 11, 0, 0, 0, 0, time.UTC)}}
		got := obligation.Touched(effective.Timeline{}, o, obligation.Asked{Log: []pact.Event{late}, Fresh: []pact.Event{late}, Today: "2026-07-15", Known: func(string) bool { return true }})
		if len(got) != want {
			t.Errorf("with the credit %s, %d periods are judged again, want %d", credit, len(got), want)
		}
	}
}
