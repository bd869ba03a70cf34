package review_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// sureBy is a candidate as extractors read it who keep what they gave it themselves.
func sureBy(c pact.Candidate, own pact.Confidences) pact.Candidate {
	c.OwnConfidence = own
	return c
}

func owned(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// Decisions come back from the database as evidence on each extractor's own confidence. What says nothing of it is left out: a reading that
// asked, one of what is tracked already, what the policy accepted, and one from before own confidences were kept, which is told.
func TestDecisionsCalibrateTheConfidenceThatAnExtractorGave(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		policy(t, h, `{"threshold":"0.85","first_n":5,"value_limits":[],"named_fields":["governing_law"],"phases":{}}`)
		law := func(own pact.Confidences, extractor string, rivals ...pact.Candidate) pact.Candidate {
			c := sureBy(by(term("governing_law", pact.Text("Ohio"), "0.7"), extractor), own)
			c.Rivals = rivals
			return c
		}
		a := pact.Confidences{"grammar/1": owned("0.9")}
		both := pact.Confidences{"grammar/1": owned("0.9"), "llm/a": owned("0.8")}
		utah := sureBy(by(term("governing_law", pact.Text("Utah"), "0.8"), "llm/a"), pact.Confidences{"llm/a": owned("0.8")})
		kansas, one := pact.Text("Kansas"), 0
		asks := law(a, "grammar/1")
		asks.Ambiguities = []pact.Ambiguity{{Code: "several", Question: "Which?", Texts: []string{"this", "that"}}}
		var decided []pact.Review
		for _, c := range []struct {
			candidate pact.Candidate
			choice    review.Choice
		}{
			{law(both, "grammar/1+llm/a"), review.Choice{Kind: "accept"}},           // both right
			{law(a, "grammar/1"), review.Choice{Kind: "correct", Value: &kansas}},   // wrong
			{law(a, "grammar/1", utah), review.Choice{Kind: "accept", Rival: &one}}, // the other one was right
			{law(a, "grammar/1"), review.Choice{Kind: "reject"}},                    // wrong
			{asks, review.Choice{Kind: "correct", Value: &kansas}},                  // no error
			{law(nil, "grammar/1"), review.Choice{Kind: "correct", Value: &kansas}}, // before it was kept
			{law(nil, "grammar/1+llm/a"), review.Choice{Kind: "accept"}},            // the same
			{law(pact.Confidences{}, "grammar/0"), review.Choice{Kind: "accept"}},   // nothing is kept of this one
		} {
			rev := read(t, h, &pact.Contract{}, nil, append(sure(), c.candidate)...)
			decide(t, h, rev, "governing_law", c.choice)
			decided = append(decided, rev)
		}
		told := func() string {
			t.Helper()
			rows, err := h.Review.Calibration(storetest.System(t))
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, r := range rows {
				if r.Subject == "term" && r.Field == "governing_law" {
					lines = append(lines, fmt.Sprintf("%s %d of %d: %s to %s, without %d", r.Extractor, r.Right, r.Decided, r.Own, r.Now, r.LeftOut))
				}
			}
			return strings.Join(lines, "; ")
		}
		want := "grammar/0 0 of 0: 0 to 0, without 1; grammar/1 1 of 4: 0.9 to 0.7916, without 2; llm/a 2 of 2: 0.8 to 0.8181, without 1"
		if got := told(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		w, err := h.Review.Weights(storetest.System(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Of("governing_law", "grammar/1").Of(owned("0.9")).String(); got != "0.7916" {
			t.Errorf("the next reading of 0.9 has %s", got)
		}
		if got := w.Of("contract_type", "grammar/1").Of(owned("0.9")).String(); got != "0.9" {
			t.Errorf("what the policy accepted moved a confidence to %s", got)
		}
		// A decision that is taken back counts no more; what was read keeps the confidence it had.
		decide(t, h, decided[3], "governing_law", review.Choice{Kind: "restore", Reason: "by mistake"})
		if got := told(); !strings.Contains(got, "grammar/1 1 of 3: 0.9 to 0.826, without 2") {
			t.Errorf("after one was taken back: %s", got)
		}
		if c := candidate(t, h, decided[0], "governing_law"); c.Confidence.String() != "0.7" || c.OwnConfidence["llm/a"].String() != "0.8" {
			t.Errorf("a decided reading has %s, of its own %v", c.Confidence, c.OwnConfidence)
		}
	})
}
