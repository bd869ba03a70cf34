package backtest_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// TestAnAnswerComesToWhatItsReadingSaid takes every reading of every question that the scenarios ask about an amount: with the parameters
// that decide for it the question is gone, and the amount is the one that stood beside it.
func TestAnAnswerComesToWhatItsReadingSaid(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]int{}
	for _, file := range files {
		s := read(t, file)
		if s.Kind == "" {
			s.Kind = filepath.Base(filepath.Dir(file))
		}
		in, err := s.input()
		if err != nil || len(in.Terms.Documents) > 0 {
			continue // refused on purpose, or another document may govern
		}
		in.AsOf, in.From, in.To = moment(t, s.AsOf), date(s.From), date(s.To)
		report, err := backtest.Run(t.Context(), in)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, r := range report.Occurrences {
			for _, q := range r.Assessment.Ambiguities {
				if slices.Contains([]string{"same_number", "report_period", "reports_differ", "level_period", "order_line", "line_unit", "payment_taken_back", "notice_about", "contract_end", "credited_for", "done_which", "eligible", "delivery_line", "excluded_ticket", "no_next_period", "service"}, q.Code) {
					continue // the events tell, and are corrected
				}
				for _, o := range q.Outcomes {
					patch, ok := obligation.Settled(q, o.Reading)
					if !ok {
						t.Errorf("%s: %s: nothing decides for %q", file, q.Code, o.Reading)
						continue
					}
					taken[q.Code]++
					a := answered(t, in, r, patch)
					for _, still := range a.Ambiguities {
						if still.Code == q.Code && still.Question == q.Question {
							t.Errorf("%s: %s is still asked after the answer %q: %s", file, q.Code, o.Reading, patch)
						}
					}
					if o.Amount != nil && !comesTo(a, o) {
						t.Errorf("%s: the reading %q was to come to %s, the answer to %+v", file, o.Reading, o.Amount, a.Amount)
					}
				}
			}
		}
	}
	for _, code := range []string{"tier_gap", "tier_overlap", "points_gap", "two_prices", "tier_bounds", "net_eom", "damage_steps", "negative_index", "late_months"} {
		if taken[code] < 2 {
			t.Errorf("the scenarios ask %s with %d readings, which proves little", code, taken[code])
		}
	}
}

// comesTo tells whether a judgement holds the amount of a reading: as what is owed, or as a line where it is about a part. A reading
// without a credit leaves none.
func comesTo(a pact.Assessment, o pact.Outcome) bool {
	if a.Amount == nil && o.Amount.IsZero() {
		return true
	}
	if a.Amount != nil && a.Amount.Equal(*o.Amount) {
		return true
	}
	for _, line := range a.Amounts {
		if line.Amount.Equal(*o.Amount) {
			return true
		}
	}
	return false
}

func answered(t *testing.T, in backtest.Input, r backtest.Result, patch json.RawMessage) pact.Assessment {
	t.Helper()
	obligations := append([]pact.Obligation(nil), in.Terms.Document.Obligations...)
	for i, o := range obligations {
		if o.Key != r.Obligation {
			continue
		}
		params, err := obligation.Patch(o.Params, patch)
		if err != nil {
			t.Fatal(err)
		}
		obligations[i].Params = params
	}
	in.Terms.Document.Obligations = obligations
	report, err := backtest.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range report.Occurrences {
		if x.Obligation == r.Obligation && x.Key == r.Key {
			return x.Assessment
		}
	}
	t.Fatalf("%s has no occurrence %s after the answer %s", r.Obligation, r.Key, patch)
	return pact.Assessment{}
}

// What the clause itself leaves open stops every judgement by it, and is asked once.
func TestAQuestionOfTheClauseIsAskedOnce(t *testing.T) {
	t.Parallel()
	params := object{"tiers": []object{{"from": "0", "price": amount(dec("1"))}}}
	in := backtest.Input{Terms: one("volume_price", params, calendar.Period{From: "2026-01-01"}), AsOf: at("2026-03-03T00:00:00Z")}
	r := report(t, in)
	if len(r.Occurrences) != 3 || len(r.Questions) != 1 || r.Questions[0].Ambiguity.Code != "mode" || r.Questions[0].Occurrence != "" {
		t.Errorf("%d occurrences, asked %+v", len(r.Occurrences), r.Questions)
	}
}
