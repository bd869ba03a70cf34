package document

import (
	"slices"
	"strings"
	"unicode"
)

// Looks is what a format says about a paragraph beside its words.
type Looks struct {
	Styled   bool // it has the style of a heading
	Bold     bool // all of it
	Labelled bool // a number or bullet is put before it
}

// KindOf tells a heading from a list item and from running text. Heading styles are often put on whole clauses to get their
// numbers, so a heading must also be short.
func KindOf(text string, l Looks) BlockKind {
	words := 0
	if len(text) < 400 {
		words = len(strings.Fields(text))
	}
	end := strings.TrimRight(text, `"”’)`)
	open := strings.HasSuffix(end, ",") || strings.HasSuffix(end, ";") || strings.HasSuffix(end, ":")
	if words > 0 && words <= 16 && !open && !strings.Contains(text, "___") {
		if l.Styled && (words <= 8 || !strings.HasSuffix(end, ".")) {
			return Heading
		}
		if !strings.HasSuffix(end, ".") && (l.Bold || capitals(text)) {
			return Heading
		}
		if strings.HasSuffix(end, ".") && l.Labelled && l.Bold {
			return Heading
		}
	}
	if l.Labelled {
		return ListItem
	}
	if _, ok := ParseLabel(text); ok {
		return ListItem
	}
	return Paragraph
}

func capitals(text string) bool {
	letters := 0
	for _, r := range text {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters > 3
}

func sortByStart[T any](list []T, start func(T) int) {
	slices.SortStableFunc(list, func(a, b T) int { return start(a) - start(b) })
}
