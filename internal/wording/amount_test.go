package wording_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

func TestAnAmountIsTheSameHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, words, want string }{
		{"an annual fee of ($120,000.00).", "$120,000", "$120,000.00"},
		{"an annual fee of $120000 for it", "$120,000.00", "$120000"},
		{"USD 120,000 a year", "USD 120,000.00", "USD 120,000"},
		{"at least 99.90% of each month", "99.9%", "99.90%"},
		{"at least 99.9 percent", "99.90 percent", "99.9 percent"},
		{"at least 99.95% of each month", "99.9%", ""},
		{"a fee of $1,200,000.00", "$120,000", ""},
		{"Section 3.20 applies", "3.2", ""},
		{"a fee of €120,000.00", "$120,000", ""},
	} {
		got := ""
		if at := wording.SameAmount(c.text, c.words); len(at) == 1 {
			got = c.text[at[0].Start:at[0].End]
		}
		if got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.words, c.text, got, c.want)
		}
	}
}
