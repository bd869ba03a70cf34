package expression

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAWordThatEachMatchHolds(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string][]string{
		`(?i)\b(?:renew\w*|exten(?:d|sion)s?|prolong)`: {"extend", "extension", "prolong", "renew"},
		`(?i)\bpay(?:s|able)?\b`:                       {"pay"},
		`licen[cs]e`:                                   {"licence", "license"},
		`(?i)[^.]{0,60}\binstal+ments?\b`:              {"insta"},
		`(?i)(?:first|last) day of`:                    {"first day of", "last day of"},
		`\b(?:if|when)\b`:                              nil, // two letters stand everywhere
		`(?:renew)?`:                                   nil,
		`\d+ ?%`:                                       nil,
		`€ ?\d+|euro`:                                  nil,
	} {
		var got []string
		for _, n := range mustOf(t, expr).needles {
			got = append(got, n.word)
		}
		slices.Sort(got)
		if seeks() && !slices.Equal(got, want) {
			t.Errorf("each match of %s holds one of %q, told is %q", expr, want, got)
		}
	}
}

func TestATextWithoutTheWordsHasNoMatch(t *testing.T) {
	t.Parallel()
	exprs := []string{
		`(?i)\b(?:renew\w*|exten(?:d|sion)s?|prolong)`, `(?i)\bpay(?:s|able)?\b`, `licen[cs]e`, `(?i)[^.]{0,60}\binstal+ments?\b`, `(?i)kilos|(?:k|s)hip`,
		`(?i)^ *renew|extend`, `(?i)(?:one|two|three) (?:days?|weeks?)`, `(?i)\bthe (?:rest|remainder)$`, `Term|(?:x|y)yz`,
		`^(?:pay|[^a-z]+term)`, `(?i)^k?ilos`, `^ *$|^re`, `(?i)^(?:\b|s)hip`, `^\s*[é.]`,
	}
	pieces := []string{"renew", "RENEWAL", "extend", "pay", "payable", " ", "licence", "licenSe", "instalment", "installments", "\u212ailos", "ſhip", "ship", "kilos", "one", "two ", "days", "week", "the ", "rest", "remainder", "Term", "term", "xyz", ".", "é", "the quick brown fox jumps over the lazy dog", "\n", "ex", "tend", "re", "new"}
	for _, expr := range exprs {
		e, plain := MustCompile(expr), regexp.MustCompile(expr)
		rapid.Check(t, func(t *rapid.T) {
			s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 24).Draw(t, "text"), "")
			if e.MatchString(s) != plain.MatchString(s) {
				t.Fatalf("%s in %q: %v", expr, s, plain.MatchString(s))
			}
			if got, want := e.FindAllStringIndex(s, -1), plain.FindAllStringIndex(s, -1); len(got) != len(want) {
				t.Fatalf("%s in %q stands at %v, told is %v", expr, s, want, got)
			}
		})
	}
}

func TestSeekingStopsAtEachPlace(t *testing.T) {
	t.Parallel()
	if !seeks() {
		t.Skip("this processor does not seek")
	}
	m := mustOf(t, `(?i)pay`)
	for size := shortText; size < 140; size++ {
		for at := range size {
			text := []byte(strings.Repeat("x", size))
			text[at] = 0xc3
			if m.absent(string(text)) {
				t.Fatalf("a letter that is not of ASCII at %d of %d was passed over", at, size)
			}
			if at+3 > size {
				continue
			}
			copy(text[at:], "PaY")
			if m.absent(string(text)) {
				t.Fatalf("a word at %d of %d was passed over", at, size)
			}
			for from := range size {
				if got := seek(&m.masks, string(text), from); from <= at && got != at || from > at && got >= 0 {
					t.Fatalf("a word at %d of %d is sought from %d, told is %d", at, size, from, got)
				}
			}
		}
	}
}

func mustOf(t *testing.T, expr string) must {
	t.Helper()
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	return newMust(tree)
}
