// Package expression runs regular expressions over long contracts in which most of them match nowhere.
//
// It owns Expression: regexp with a table in front that tells in one pass, a step for each byte, that an expression can
// match nowhere, and a search that finds the match where there is one. It does not own what a match is: the program is the one
// that regexp would run, and what takes more room than the search has is left to regexp, so results are those of regexp, always.
// Invariants: the table is made as texts are read, and never larger than a limit; an Expression may be used by many at once.
package expression

import (
	"regexp"
	"strings"
	"sync"
)

// Expression is a regular expression. Methods that are not written here are those of regexp.
type Expression struct {
	*regexp.Regexp
	table  *table
	search search

	once       sync.Once
	head, rest *Expression // see parts
}

// MustCompile makes an expression; it panics where regexp would.
func MustCompile(expr string) *Expression {
	return &Expression{Regexp: regexp.MustCompile(expr), table: newTable(expr)}
}

// parts gives two expressions for one that may begin with the text, but need not: what matches at its beginning, and what
// matches behind it. A leftmost match is one of head, or, where that has none, one of rest; and rest may be asked from any
// place on. Both are nil for other expressions.
func (e *Expression) parts() (head, rest *Expression) {
	e.once.Do(func() {
		behind, ok := e.table.behind()
		if !ok {
			return
		}
		r := &Expression{Regexp: regexp.MustCompile(behind.expr), table: behind}
		r.once.Do(func() {}) // nothing is left to part
		if r.NumSubexp() == e.NumSubexp() {
			e.head, e.rest = MustCompile(`\A(?:`+e.table.expr+`)`), r
		}
	})
	return e.head, e.rest
}

// AnyOf is an expression for any of some words as they stand, also inside others: what strings.Contains tells of each, told of
// all in one pass.
func AnyOf(words ...string) *Expression {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = regexp.QuoteMeta(w)
	}
	return MustCompile(strings.Join(quoted, "|"))
}

// MatchString tells whether s has a match.
func (e *Expression) MatchString(s string) bool {
	switch found, from := e.table.ask(s, 0); found {
	case no:
		return false
	case yes:
		return true
	default:
		return e.places(s[from:], 2) != nil
	}
}

// FindString gives the leftmost match.
func (e *Expression) FindString(s string) string {
	found, from := e.table.ask(s, 0)
	if found == no {
		return ""
	}
	m := e.places(s[from:], 2)
	if m == nil {
		return ""
	}
	return s[from+m[0] : from+m[1]]
}

// places gives the places of the leftmost match in a text that may have one: n of them, nil for none.
func (e *Expression) places(s string, n int) []int {
	e.search.once.Do(func() { e.search.make(e.table.expr) })
	marks := make([]int, n)
	for i := range marks {
		marks[i] = -1
	}
	switch found, told := e.search.find(s, marks); {
	case found:
		return marks
	case told:
		return nil
	case n == 2:
		return e.Regexp.FindStringIndex(s)
	}
	return e.Regexp.FindStringSubmatchIndex(s)
}

// groups is how many places a match with its groups has.
func (e *Expression) groups() int { return 2 * (1 + e.NumSubexp()) }

// FindStringIndex gives the place of the leftmost match, nil for none.
func (e *Expression) FindStringIndex(s string) []int {
	if e.table.barren(s, 0) {
		return nil
	}
	if head, rest := e.parts(); rest != nil {
		if m := head.FindStringIndex(s); m != nil {
			return m
		}
		return rest.FindStringIndex(s)
	}
	found, from := e.table.ask(s, 0)
	if found == no {
		return nil
	}
	return shift(e.places(s[from:], 2), from)
}

// FindStringSubmatch gives the leftmost match and its groups.
func (e *Expression) FindStringSubmatch(s string) []string {
	if e.table.barren(s, 0) {
		return nil
	}
	if head, rest := e.parts(); rest != nil {
		if m := head.FindStringSubmatch(s); m != nil {
			return m
		}
		return rest.FindStringSubmatch(s)
	}
	found, from := e.table.ask(s, 0)
	if found == no {
		return nil
	}
	return cut(s, shift(e.places(s[from:], e.groups()), from))
}

// FindStringSubmatchIndex gives the places of the leftmost match and its groups.
func (e *Expression) FindStringSubmatchIndex(s string) []int {
	if e.table.barren(s, 0) {
		return nil
	}
	if head, rest := e.parts(); rest != nil {
		if m := head.FindStringSubmatchIndex(s); m != nil {
			return m
		}
		return rest.FindStringSubmatchIndex(s)
	}
	found, from := e.table.ask(s, 0)
	if found == no {
		return nil
	}
	return shift(e.places(s[from:], e.groups()), from)
}

// shift moves places from a rest to its text.
func shift(places []int, by int) []int {
	for i := range places {
		if places[i] >= 0 {
			places[i] += by
		}
	}
	return places
}

// FindAllStringIndex gives the places of all matches, at most n where n is not negative.
func (e *Expression) FindAllStringIndex(s string, n int) [][]int {
	if e.table.barren(s, 0) {
		return nil
	}
	from, first := e, [][]int(nil)
	if head, rest := e.parts(); rest != nil && n != 0 {
		from = rest
		if m := head.FindStringIndex(s); m != nil {
			first = append(first, m)
		}
	}
	if all, ok := from.all(first, s, n, 2); ok {
		return all
	}
	return e.Regexp.FindAllStringIndex(s, n)
}

// FindAllStringSubmatchIndex gives the places of all matches and their groups.
func (e *Expression) FindAllStringSubmatchIndex(s string, n int) [][]int {
	if e.table.barren(s, 0) {
		return nil
	}
	from, first := e, [][]int(nil)
	if head, rest := e.parts(); rest != nil && n != 0 {
		from = rest
		if m := head.FindStringSubmatchIndex(s); m != nil {
			first = append(first, m)
		}
	}
	if all, ok := from.all(first, s, n, e.groups()); ok {
		return all
	}
	return e.Regexp.FindAllStringSubmatchIndex(s, n)
}

// FindAllString gives all matches.
func (e *Expression) FindAllString(s string, n int) []string {
	var out []string
	for _, m := range e.FindAllStringIndex(s, n) {
		out = append(out, s[m[0]:m[1]])
	}
	return out
}

// FindAllStringSubmatch gives all matches and their groups.
func (e *Expression) FindAllStringSubmatch(s string, n int) [][]string {
	var out [][]string
	for _, m := range e.FindAllStringSubmatchIndex(s, n) {
		out = append(out, cut(s, m))
	}
	return out
}

// cut gives the words at places, nil for none.
func cut(s string, places []int) []string {
	if places == nil {
		return nil
	}
	groups := make([]string, len(places)/2)
	for i := range groups {
		if places[2*i] >= 0 {
			groups[i] = s[places[2*i]:places[2*i+1]]
		}
	}
	return groups
}

// all looks for one match after the other, each from where it may begin, behind those that were found; ok is false where that
// can not be told.
func (e *Expression) all(found [][]int, s string, most, places int) (all [][]int, ok bool) {
	all, at := found, 0
	if len(all) > 0 {
		at = all[len(all)-1][1]
	}
	for most < 0 || len(all) < most {
		found, from := e.table.ask(s, at)
		if found == no {
			return all, true
		}
		if from == unknown || !e.table.apart {
			return nil, false
		}
		m := e.places(s[from:], places)
		if m == nil {
			return all, true
		}
		all = append(all, shift(m, from))
		at = m[1]
	}
	return all, true
}
