package obligation

import (
	"strings"
	"unicode"
)

// SameName tells whether two names of a service, an item, a state and the like are one: by their words, whatever their case, and whether spaces,
// hyphens or underscores stand between them. "Cloud Mail" and "cloud-mail" are one, "CloudMail" is another.
func SameName(a, b string) bool {
	for a != b {
		var x, y string
		if x, a = nextWord(a); x == "" {
			y, _ = nextWord(b)
			return y == ""
		}
		if y, b = nextWord(b); !strings.EqualFold(x, y) {
			return false
		}
	}
	return true
}

// sameWord is SameName of something that is said.
func sameWord(a, b string) bool {
	word, _ := nextWord(b)
	return word != "" && SameName(a, b)
}

// nextWord cuts the first word off a name.
func nextWord(s string) (word, rest string) {
	s = strings.TrimLeftFunc(s, between)
	if i := strings.IndexFunc(s, between); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// between tells whether a letter stands between the words of a name.
func between(r rune) bool {
	return r == '-' || r == '_' || unicode.IsSpace(r) || unicode.Is(unicode.Pd, r)
}

// PlainName is the form in which all ways to write a name are the same, for keys.
func PlainName(s string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(s, between), " "))
}
