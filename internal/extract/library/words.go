package library

import (
	"strings"
	"unicode"
)

// Words gives the words of a text as they are compared: small letters, numbers, the ends of the usual English forms off.
// Words that every clause has are left out.
func Words(text string) []string {
	fields := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	out := fields[:0]
	for _, w := range fields {
		if w = root(w); w != "" && !plain[w] {
			out = append(out, w)
		}
	}
	return out
}

// root takes the usual endings off, so that "terminated" is found by "termination". It need not give a word.
func root(w string) string {
	for _, end := range []string{"ization", "ations", "ation", "ments", "ment", "ities", "ions", "ings", "able", "ing", "ion", "ity", "ies", "ed", "es", "al", "ly", "s", "e", "y"} {
		if rest, ok := strings.CutSuffix(w, end); ok && len(rest) >= 4 {
			return rest
		}
	}
	return w
}

// plain are words that say nothing of what a clause is about, as root gives them.
var plain = func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq("a an and any are as at be been by each for from has have if in is it its of on or such that the their there these this those to was were which will with shall may not no other under upon all so than then who whom") {
		out[w] = true
	}
	return out
}()
