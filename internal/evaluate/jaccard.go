package evaluate

import "strings"

var wordStops = strings.NewReplacer(".", "", ",", "", ";", "", ":", "", "/", " ")

// words cuts a clause into words by the rule of CUAD's protocol, so that our spans are comparable with published ones:
// full stops, commas, semicolons and colons go, "/" parts words, case does not count. White space of a layout (line ends,
// tabs of a table) counts as one space: the protocol's texts have none.
func words(s string) []string {
	return strings.Fields(wordStops.Replace(strings.ToLower(s)))
}

// Jaccard is the share of common words among all words of two clauses, as sets. CUAD counts 0.5 and more as the same clause.
func Jaccard(a, b string) float64 {
	x, y := words(a), words(b)
	if len(x) == 0 && len(y) == 0 {
		return 0
	}
	return jaccard(x, y)
}

// SameClause is the limit of Jaccard from which two spans count as the same clause.
const SameClause = 0.5
