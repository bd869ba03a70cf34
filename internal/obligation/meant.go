package obligation

import (
	"slices"
	"strings"
	"unicode"
)

// longestWord bounds, in letters, the names that are compared: a name is that long by mistake or on purpose, and never meant.
const longestWord = 100

// mostSteps bounds the pairs of letters that are compared for one report or batch. It takes part of a second; what comes after is not guessed.
const mostSteps = 100_000_000

// word is a name with its letters, in lower case.
type word struct {
	name    string
	letters []rune
}

// lettered prepares names to be compared. What is too long to be meant is left out.
func lettered(names []string) []word {
	out := make([]word, 0, len(names))
	for _, n := range names {
		if letters, ok := lettersOf(n); ok {
			out = append(out, word{n, letters})
		}
	}
	return out
}

func lettersOf(name string) ([]rune, bool) {
	if len(name) > 4*longestWord {
		return nil, false
	}
	letters := []rune(strings.ToLower(name))
	return letters, len(letters) <= longestWord
}

// guess finds names that were probably meant; nil finds none.
type guess struct {
	steps int
	rows  [3][longestWord + 1]int
}

// nearest finds the name that was probably meant: at most one letter in three is wrong, and one of two.
func (g *guess) nearest(said string, words []word) string {
	if g == nil {
		return ""
	}
	letters, ok := lettersOf(strings.TrimSpace(said))
	if !ok || len(letters) < 2 {
		return ""
	}
	best, distance := "", max(2, len(letters)/3+1)
	for _, w := range words {
		if g.steps > mostSteps || distance == 0 {
			break
		}
		if d := g.distance(letters, w.letters, distance-1); d < distance {
			best, distance = w.name, d
		}
	}
	return best
}

// sharing finds the one name that has all words of what is said, or all of whose words it has: "Commercial General Liability" for
// "general_liability"; "" where none has, or several.
func sharing(said string, names []string) string {
	parts := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	all := func(few, many []string) bool {
		return len(few) > 0 && !slices.ContainsFunc(few, func(w string) bool { return !slices.Contains(many, w) })
	}
	found, own := "", parts(said)
	for _, name := range names {
		of := parts(name)
		if !all(own, of) && !all(of, own) {
			continue
		}
		if found != "" {
			return ""
		}
		found = name
	}
	return found
}

// distance counts the letters that are wrong, missing, too many or swapped with the next (optimal string alignment). Beyond most it stops
// where that is sure, since of thousands of names nearly all are far away.
func (g *guess) distance(a, b []rune, most int) int {
	g.steps++
	if max(len(a)-len(b), len(b)-len(a)) > most {
		return most + 1
	}
	// What both begin and end with, as numbers of invoices do, is right.
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if most == 0 && len(a)+len(b) > 0 {
		return 1
	}
	before, last, row := &g.rows[0], &g.rows[1], &g.rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		g.steps += len(b)
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		// The row before is at most one less, so that a swap, which reaches over this one, does not come below either.
		if least > most {
			return most + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
