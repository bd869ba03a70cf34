package wording

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Name is a run of words that may name a company or a person.
type Name struct {
	Span
	Text  string // as it is called: without the stop of its sentence
	Form  bool   // ends with a legal form
	Caps  bool   // in capitals throughout
	Words int
}

// Names finds runs of words that may be names, each with the shorter names it may be meant by ("Acme Corp." in "Acme
// Corp. and Sons", "Leo A/S" in "Leo A/S of Street"). Which of them are parties is for the reader to say.
func Names(s string) []Name {
	var found []Name
	add := func(i, end int) {
		text := tidyName(s[i:end])
		if text == "" || utf8.RuneCountInString(text) < 3 || len(text) > 120 {
			return
		}
		n := Name{Span: Span{i, i + len(text)}, Text: text, Form: legalTail.MatchString(text), Words: len(strings.Fields(text)), Caps: strings.ToUpper(text) == text}
		if !strings.HasPrefix(s[i:], text) {
			n.End = end
		}
		found = append(found, n)
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if i > 0 && wordRune(s, i) {
			i += size
			continue
		}
		lowerStart := unicode.IsLower(r) && mixedWord(s[i:])
		if !unicode.IsUpper(r) && !lowerStart && !(unicode.IsDigit(r) && digitName(s[i:])) {
			i += size
			continue
		}
		from := i
		if strings.HasPrefix(s[i:], "The ") || strings.HasPrefix(s[i:], "THE ") {
			from = i + 4
		}
		if m := firmList.FindStringIndex(s[from:min(len(s), from+90)]); m != nil {
			if end, ok := readName(s, from+m[1]-1); ok {
				add(from, end) // "Keefe, Bruyette & Woods, Inc."
			}
		}
		end, ok := readName(s, from)
		if !ok {
			i += len(nextWord(s, i)) + 1
			continue
		}
		text := s[from:end]
		if !genericName(text) && !nameNoise.MatchString(text) {
			add(from, end)
			if m := runTogether.FindStringSubmatchIndex(text); m != nil {
				add(from+m[2], end) // "Chief Financial Officer ACME CORPORATION": a signature block on one line
			}
			for _, cut := range shorter.FindAllStringIndex(text, -1) {
				if end, rest := from+cut[0], text[cut[1]:]; cut[0] > 2 {
					add(from, end)
					if second := from + cut[1]; len(rest) > 3 && !genericName(rest) {
						add(second, from+len(text))
					}
				}
			}
		}
		i = max(end, i+1)
	}
	return found
}

var (
	firmList    = regexp.MustCompile(`^[A-Z][A-Za-z'-]+,(?: [A-Z][A-Za-z'-]+,){0,3} [A-Z][A-Za-z'-]+,? (?:&|and) [A-Z]`)
	runTogether = regexp.MustCompile(`(?:\b(?:Officer|President|Director|Secretary|Treasurer|Manager|Title|Name|Esq\.?|Date|Counsel|Chairman|CEO|CFO|COO|Signatory|By|Dated|Party|Developer|Client|Buyer|Seller|Supplier|Company|Customer|Licensor|Licensee)|[a-z]) ((?:[A-Z][A-Z&.'-]+,? ){1,6}[A-Z][A-Z.]+\.?|\d{4} (?:[A-Z][\w&.'-]+,? ){0,6}[A-Z][\w.]+)$`)
)

var shorter = regexp.MustCompile(` (?:and|AND|of|OF|in|at|&|by|for) `)

func wordRune(s string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '.' && i > 1 && unicode.IsLetter(rune(s[i-2]))
}

// mixedWord tells a name that begins small: "eFashion", "drkoop.com".
func mixedWord(s string) bool {
	w := nextWord(s, 0)
	if len(w) < 3 {
		return false
	}
	if strings.HasPrefix(s[len(w):], ", Inc") || strings.HasPrefix(s[len(w):], ", inc") || strings.HasPrefix(s[len(w):], ", LLC") {
		return true
	}
	return hasUpper(w) || strings.HasSuffix(w, ".com") || strings.HasSuffix(w, ".org")
}

func digitName(s string) bool {
	w := nextWord(s, 0)
	if strings.IndexFunc(w, unicode.IsLetter) > 0 {
		return len(w) > 3 && !strings.HasSuffix(w, "th") && !strings.HasSuffix(w, "st") && !strings.HasSuffix(w, "nd")
	}
	if len(w) == 4 && (w[:2] == "19" || w[:2] == "20") {
		return false
	}
	rest := s[len(w):min(len(s), len(w)+3)]
	return len(w) >= 2 && len(rest) > 1 && rest[0] == ' ' && unicode.IsUpper(rune(rest[1]))
}

// Described makes a party of a name at [start, end) and of what the text says of it right after.
func Described(s string, start, end int) Party {
	until := min(len(s), end+420)
	if next := nextParty(s, end, true); next.at > end {
		until = min(until, next.at)
	}
	for until < len(s) && !utf8.RuneStart(s[until]) {
		until++
	}
	return describe(s, start, end, until)
}

// Speaks are marks of a party right after its name: an alias in quotes, a description, a place of business.
func Speaks(rest string) (alias, description, company, tradeName bool) {
	rest = rest[:min(len(rest), 160)]
	return aliasNext.MatchString(rest), descrNext.MatchString(rest), corpNext.MatchString(rest), dba.MatchString(rest)
}
