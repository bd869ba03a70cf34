package grammar_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestSuite(t *testing.T) {
	t.Parallel()
	extracttest.Suite(t, grammar.New())
}

func TestEveryCandidateFollowsFromItsQuote(t *testing.T) {
	t.Parallel()
	for _, text := range extracttest.Contracts() {
		got := checked(t, extracttest.Plain(text))
		for _, c := range got {
			if c.Verification != pact.Verified {
				t.Errorf("%s is %s, quote %q", c.Name, c.Verification, c.Evidence[0].Passage.Quote)
			}
		}
	}
}
