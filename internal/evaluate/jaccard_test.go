package evaluate

import (
	"slices"
	"testing"
)

func TestWordsOfAClauseFollowTheProtocolOfCUAD(t *testing.T) {
	t.Parallel()
	got := words("Either Party; and/or its\nAffiliates, may: stop.")
	if want := []string{"either", "party", "and", "or", "its", "affiliates", "may", "stop"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestJaccardCountsCommonWordsOfTwoClauses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a, b string
		want float64
	}{
		"the same clause":                        {"net 30 days", "Net 30 days.", 1},
		"three common words of five":             {"pay in thirty days", "thirty days in advance", 0.6},
		"a word said twice is one word":          {"shall pay shall", "shall pay", 1},
		"nothing in common":                      {"governing law", "net thirty", 0},
		"two empty clauses are not the same one": {"", " ; ", 0},
	} {
		if got := Jaccard(c.a, c.b); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
