package effective_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/effective"
)

// The words that a change takes out are found whole: not in a longer word, and not in a longer figure.
func TestWordsAreFoundWhole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, words string
		want        bool
	}{
		{"The fee is $10 a month.", "$10", true},
		{"The fee is $10,000 a month.", "$10", false},
		{"The fee is $10,000 a month.", "$10,000", true},
		{"The rate is 0.10 % a day.", "10", false},
		{"Within 10, at most 20 days.", "10", true},
		{"Notice of “sixty (60) days”", "sixty (60) days", true},
		{"the Mainesail", "Maine", false},
		{"the laws of MAINE.", "Maine", true},
		{"The fee is $10,000.00 a month.", "$10,000", true},
	} {
		if got := effective.SaysWords(c.text, c.words); got != c.want {
			t.Errorf("%q in %q: %v", c.words, c.text, got)
		}
	}
}
