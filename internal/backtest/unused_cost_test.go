package backtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/pact"
)

// What nothing used is told of many events beside many matters, with names of any length. The judgements are made up: judging so many
// takes long by itself.
func TestWhatNothingUsedIsToldOfManyEventsBesideManyMatters(t *testing.T) {
	t.Parallel()
	const many = 20_000
	terms, err := ReadTerms("terms.json", []byte(`{"obligations":[{"key":"pay","kind":"invoice_payment","params":{"terms":"net 30"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("INV", 400_000)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // names that are alike in nothing
	numbers := func(at, letters int) string {
		out := make([]byte, letters)
		for i := range out {
			out[i] = byte('a' + 13*at + random.IntN(13))
		}
		return string(out)
	}
	for what, name := range map[string]func(at, i int) string{
		"numbers":                    func(at, i int) string { return fmt.Sprintf("INV-%06d", at*many+i) },
		"names of a hundred letters": func(at, _ int) string { return numbers(at, 100) },
		"names without end":          func(at, i int) string { return long + fmt.Sprint(at*many+i) },
	} {
		in := Input{Terms: terms, AsOf: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
		r := run{Input: in, ctx: t.Context(), timeline: in.known(in.AsOf)}
		for i := range many {
			if what == "names without end" && i == 20 { // memory, not time
				break
			}
			r.report.Occurrences = append(r.report.Occurrences, Result{Obligation: "pay", Kind: "invoice_payment", Key: name(0, i)})
			r.Events = append(r.Events, pact.Event{ID: pact.EventID(fmt.Sprintf("p%06d", i)), Kind: "payment", Subject: name(1, i), OccurredAt: time.Date(2026, 1, 20, 0, 0, 0, 0, time.UTC)})
		}
		list := r.unused(r.Events)
		if len(list) != len(r.Events) {
			t.Errorf("%s: %d events are told", what, len(list))
		}
		for i, u := range list {
			if u.Why != "matter" || (u.Meant != "") != (what == "numbers" && i < mostMeant) {
				t.Fatalf("%s: event %d is told as %s %q", what, i, u.Why, u.Meant)
			}
		}
	}
}
