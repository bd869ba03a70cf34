package expression

import (
	"cmp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// Most expressions have words of which one stands in every match: "renew" or "exten" or "prolong". A text without any of them has no
// match, and that is told for many bytes at once (seek), before a table is asked or even made.

// must is what every match of an expression holds. Its zero value tells nothing.
type must struct {
	needles []needle
	of      [mustSlots]int16 // by hash of three letters: the first needle with them, from 1 on
	masks   [6][16]byte      // of the three letters, by their low and their high half: the buckets that they may belong to
}

// needle is a word in small letters, and three letters of it that few other words have.
type needle struct {
	word  string
	three uint32
	at    int   // of the three in the word
	next  int16 // the next needle with the same hash
}

const (
	mustSlots   = 256
	mostNeedles = 96
	shortNeedle = 3
	buckets     = 8
	// shortText is what is asked of the table at once.
	shortText = 34
)

// newMust finds the words; it tells nothing where a match may do without any of a few.
func newMust(tree *syntax.Regexp) (m must) {
	if !seeks() {
		return m
	}
	words := required(tree)
	words = least(words)
	if worth(words) == 0 || len(words) > mostNeedles {
		return m
	}
	for _, w := range words {
		m.needles = append(m.needles, rarest(w))
	}
	slices.SortStableFunc(m.needles, func(a, b needle) int { return cmp.Compare(a.three, b.three) })
	for i := range m.needles {
		n := &m.needles[i]
		slot := slotOf(n.three)
		n.next, m.of[slot] = m.of[slot], int16(i+1)
		bucket := byte(1) << (i * buckets / len(m.needles))
		for k := range shortNeedle {
			c := byte(n.three >> (8 * k))
			m.read(k, c, bucket)
			if c >= 'a' && c <= 'z' {
				m.read(k, c-'a'+'A', bucket)
			}
		}
	}
	return m
}

func (m *must) read(k int, c, bucket byte) {
	m.masks[2*k][c&15] |= bucket
	m.masks[2*k+1][c>>4] |= bucket
}

// absent tells that none of the words stands in a text, so that it has no match; false where that can not be told.
func (m *must) absent(s string) bool {
	if len(m.needles) == 0 || len(s) < shortText {
		return false
	}
	for at := 0; ; at++ {
		if at = seek(&m.masks, s, at); at < 0 {
			return true
		}
		if s[at] >= utf8.RuneSelf || at+shortNeedle > len(s) || m.stands(s, at) {
			return false
		}
	}
}

// stands tells whether a word has its three letters at a place.
func (m *must) stands(s string, at int) bool {
	three := uint32(small(s[at])) | uint32(small(s[at+1]))<<8 | uint32(small(s[at+2]))<<16
	for i := m.of[slotOf(three)]; i > 0; {
		n := &m.needles[i-1]
		if from := at - n.at; n.three == three && from >= 0 && from+len(n.word) <= len(s) && alike(s[from:from+len(n.word)], n.word) {
			return true
		}
		i = n.next
	}
	return false
}

// alike tells whether a text is a word, capitals of ASCII taken for small letters.
func alike(s, word string) bool {
	for i := range len(word) {
		if small(s[i]) != word[i] && s[i] < utf8.RuneSelf {
			return false
		}
	}
	return true
}

func small(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func slotOf(three uint32) uint32 { return three * 0x9e3779b1 >> 24 }

// seldom lists letters, those first that stand most often in contracts.
const seldom = " etaoinsrhlcdmupfgybv,.wkxqjz"

// rarest chooses the three letters of a word.
func rarest(word string) needle {
	n, best := needle{word: word}, -1
	for at := 0; at+shortNeedle <= len(word); at++ {
		rank := 0
		for k := range shortNeedle {
			rank += max(0, strings.IndexByte(seldom, word[at+k]))
		}
		if rank > best {
			best, n.at = rank, at
		}
	}
	for k := range shortNeedle {
		n.three |= uint32(word[n.at+k]) << (8 * k)
	}
	return n
}

// required gives words of which each match has one, each of three letters at least; none where that can not be told. Letters outside
// ASCII end a word, and a text that has some is not judged by words.
func required(tree *syntax.Regexp) []string {
	switch tree.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return required(tree.Sub[0])
	case syntax.OpRepeat:
		if tree.Min > 0 {
			return required(tree.Sub[0])
		}
	case syntax.OpAlternate:
		var all []string
		for _, sub := range tree.Sub {
			if hopeless(sub) {
				continue
			}
			words := required(sub)
			if len(words) == 0 {
				return nil
			}
			all = append(all, words...)
		}
		return all
	case syntax.OpLiteral:
		if word := longest(string(tree.Rune)); len(word) >= shortNeedle {
			return []string{word}
		}
	case syntax.OpConcat:
		return requiredOf(tree.Sub)
	}
	return nil
}

// longest is the longest stretch of ASCII, in small letters.
func longest(s string) string {
	best := ""
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) {
		if len(part) > len(best) {
			best = part
		}
	}
	return strings.ToLower(best)
}

// hopeless tells that a part matches nothing.
func hopeless(tree *syntax.Regexp) bool {
	switch tree.Op {
	case syntax.OpNoMatch:
		return true
	case syntax.OpCharClass:
		return len(tree.Rune) == 0
	case syntax.OpConcat:
		return slices.ContainsFunc(tree.Sub, hopeless)
	}
	return false
}

// requiredOf chooses, of the parts of a sequence, the one that tells most: the longest words, and then the fewest.
func requiredOf(parts []*syntax.Regexp) []string {
	var best []string
	take := func(words []string) {
		if worth(words) > worth(best) {
			best = words
		}
	}
	row := []string{""}
	for _, p := range parts {
		if list := spelled(p); list != nil && len(list)*len(row) <= mostNeedles {
			row = joined(row, list)
			continue
		}
		take(row)
		take(required(p))
		row = []string{""}
	}
	take(row)
	return best
}

// least leaves out what another word says already: who has "payable" has "pay".
func least(words []string) []string {
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	var kept []string
	for _, w := range words {
		if !slices.ContainsFunc(kept, func(k string) bool { return strings.Contains(w, k) }) {
			kept = append(kept, w)
		}
	}
	return kept
}

// worth is how much words tell: 0 where one of them is too short.
func worth(words []string) int {
	if len(words) == 0 {
		return 0
	}
	size := len(slices.MinFunc(words, func(a, b string) int { return cmp.Compare(len(a), len(b)) }))
	if size < shortNeedle {
		return 0
	}
	return 1000*min(size, 6) - len(words)
}

func joined(heads, tails []string) []string {
	out := make([]string, 0, len(heads)*len(tails))
	for _, h := range heads {
		for _, t := range tails {
			out = append(out, h+t)
		}
	}
	return out
}

// spelled lists all that a part can read, in small letters; nil where that is much, or not of ASCII alone.
func spelled(tree *syntax.Regexp) []string {
	switch tree.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []string{""}
	case syntax.OpLiteral:
		if word := string(tree.Rune); len(longest(word)) == len(word) {
			return []string{strings.ToLower(word)}
		}
	case syntax.OpCapture:
		return spelled(tree.Sub[0])
	case syntax.OpQuest:
		if list := spelled(tree.Sub[0]); list != nil {
			return append(slices.Clone(list), "")
		}
	case syntax.OpCharClass:
		return spelledClass(tree.Rune)
	case syntax.OpAlternate:
		var all []string
		for _, sub := range tree.Sub {
			list := spelled(sub)
			if list == nil {
				return nil
			}
			all = append(all, list...)
		}
		return all
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range tree.Sub {
			list := spelled(sub)
			if list == nil || len(list)*len(all) > mostNeedles {
				return nil
			}
			all = joined(all, list)
		}
		return all
	}
	return nil
}

// spelledClass lists the letters of a small class; those outside ASCII are left out, for a text that has some is not judged by words.
func spelledClass(ranges []rune) []string {
	var list []string
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1] && r < utf8.RuneSelf; r++ {
			if w := string(small(byte(r))); !slices.Contains(list, w) {
				list = append(list, w)
			}
		}
		if len(list) > 8 {
			return nil
		}
	}
	return list
}
