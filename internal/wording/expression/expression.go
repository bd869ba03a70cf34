// Package expression runs regular expressions over long contracts in which most of them match nowhere.
//
// It owns Expression: regexp with a table in front that tells in one pass, a step for each byte, that an expression can
// match nowhere. It does not own matching: what may match is matched by regexp, so results are those of regexp, always.
// Invariants: the table is made as texts are read, and never larger than a limit; an Expression may be used by many at once.
package expression

import "regexp"

// Expression is a regular expression. Methods that are not written here are those of regexp.
type Expression struct {
	*regexp.Regexp
	table *table
}

// MustCompile makes an expression; it panics where regexp would.
func MustCompile(expr string) *Expression {
	return &Expression{Regexp: regexp.MustCompile(expr), table: newTable(expr)}
}

// MatchString tells whether s has a match.
func (e *Expression) MatchString(s string) bool {
	switch e.table.ask(s) {
	case no:
		return false
	case yes:
		return true
	}
	return e.Regexp.MatchString(s)
}

// FindString gives the leftmost match.
func (e *Expression) FindString(s string) string {
	if e.table.ask(s) == no {
		return ""
	}
	return e.Regexp.FindString(s)
}

// FindStringIndex gives the place of the leftmost match, nil for none.
func (e *Expression) FindStringIndex(s string) []int {
	if e.table.ask(s) == no {
		return nil
	}
	return e.Regexp.FindStringIndex(s)
}

// FindStringSubmatch gives the leftmost match and its groups.
func (e *Expression) FindStringSubmatch(s string) []string {
	if e.table.ask(s) == no {
		return nil
	}
	return e.Regexp.FindStringSubmatch(s)
}

// FindStringSubmatchIndex gives the places of the leftmost match and its groups.
func (e *Expression) FindStringSubmatchIndex(s string) []int {
	if e.table.ask(s) == no {
		return nil
	}
	return e.Regexp.FindStringSubmatchIndex(s)
}

// FindAllString gives all matches, at most n where n is not negative.
func (e *Expression) FindAllString(s string, n int) []string {
	if e.table.ask(s) == no {
		return nil
	}
	return e.Regexp.FindAllString(s, n)
}

// FindAllStringIndex gives the places of all matches.
func (e *Expression) FindAllStringIndex(s string, n int) [][]int {
	if e.table.ask(s) == no {
		return nil
	}
	return e.Regexp.FindAllStringIndex(s, n)
}

// FindAllStringSubmatch gives all matches and their groups.
func (e *Expression) FindAllStringSubmatch(s string, n int) [][]string {
	if e.table.ask(s) == no {
		return nil
	}
	return e.Regexp.FindAllStringSubmatch(s, n)
}

// FindAllStringSubmatchIndex gives the places of all matches and their groups.
func (e *Expression) FindAllStringSubmatchIndex(s string, n int) [][]int {
	if e.table.ask(s) == no {
		return nil
	}
	return e.Regexp.FindAllStringSubmatchIndex(s, n)
}
