package learn

import "strings"

// Words is the set of words of a stretch by CUAD's rule: . , ; : are dropped, / is a space, letters are lower-cased, and what
// single spaces part is a word.
func Words(s string) map[string]struct{} {
	s = strings.ToLower(wordMarks.Replace(s))
	set := make(map[string]struct{}, 32)
	for w := range strings.SplitSeq(s, " ") {
		set[w] = struct{}{}
	}
	return set
}

var wordMarks = strings.NewReplacer(".", "", ",", "", ";", "", ":", "", "/", " ")

// Jaccard is the share of the words of either that are words of both.
func Jaccard(a, b map[string]struct{}) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	both := 0
	for w := range a {
		if _, ok := b[w]; ok {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// Matches tells whether a predicted stretch counts as a marked one: half of their words are the same, or, for parties, the
// marked name stands in it.
func Matches(category, predicted, marked string, predictedWords, markedWords map[string]struct{}) bool {
	if category == "parties" && strings.Contains(predicted, marked) {
		return true
	}
	return Jaccard(predictedWords, markedWords) >= 0.5
}
