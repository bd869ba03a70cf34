package wording

import (
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
)

// The scanners below read the usual forms of dates and durations by hand, from the month or the unit outwards. They are
// the expressions of this package written out: contracts hold thousands of places where these could begin.

// scannedDate reads "January 5, 2026" and "5th day of January, 2026" around the month at [i, end).
func scannedDate(s string, i, end int) (Date, bool) {
	m := month(s[i:end])
	if m == 0 || !monthWord(s[i:end]) {
		return Date{}, false
	}
	if d, ok := monthThenDay(s, i, end, m); ok {
		return d, true
	}
	return dayThenMonth(s, i, end, m)
}

func monthWord(w string) bool {
	switch strings.ToLower(w) {
	case "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
		"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec":
		return true
	}
	return false
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func oneOf(s string, i int, set string) int {
	if i < len(s) && strings.IndexByte(set, s[i]) >= 0 {
		return i + 1
	}
	return i
}

// afterSuffix passes "st", "nd", "rd", "th", also torn apart.
func afterSuffix(s string, i int) int {
	j := oneOf(s, i, " ")
	if j+2 <= len(s) {
		switch strings.ToLower(s[j : j+2]) {
		case "st", "nd", "rd", "th":
			return j + 2
		}
	}
	if j+3 <= len(s) {
		switch strings.ToLower(s[j : j+3]) {
		case "t h", "s t", "n d", "r d":
			return j + 3
		}
	}
	return i
}

// yearAt reads a year of four digits, "20 26" included, that ends a word.
func yearAt(s string, i int) (year, end int) {
	if low := strings.ToLower(s[i:min(len(s), i+12)]); strings.HasPrefix(low, "in the year ") {
		i += 12
	}
	if low := strings.ToLower(s[i:min(len(s), i+3)]); low == "of " {
		i += 3
	}
	if i+4 > len(s) || s[i:i+2] != "19" && s[i:i+2] != "20" {
		return 0, i
	}
	j := oneOf(s, i+2, " ")
	if j+2 > len(s) || !digit(s[j]) || !digit(s[j+1]) || j+2 < len(s) && (digit(s[j+2]) || letter(s[j+2]) || s[j+2] == '_') {
		return 0, i
	}
	y, err := strconv.Atoi(s[i:i+2] + s[j:j+2])
	if err != nil {
		return 0, i
	}
	return y, j + 2
}

func monthThenDay(s string, i, end, m int) (Date, bool) {
	j := oneOf(s, oneOf(s, end, ".,"), " ")
	k := j
	for k < len(s) && k < j+2 && digit(s[k]) {
		k++
	}
	if k == j || k < len(s) && digit(s[k]) {
		return Date{}, false
	}
	day := s[j:k]
	k = afterSuffix(s, k)
	k = oneOf(s, k, " ")
	k = oneOf(s, oneOf(s, k, ".,"), ".,")
	k = oneOf(s, oneOf(s, oneOf(s, k, " "), ","), " ")
	year, to := yearAt(s, k)
	if year == 0 {
		return Date{}, false
	}
	d := makeDate(strconv.Itoa(year), m, day)
	return Date{Span: Span{i, to}, Date: d}, d != ""
}

// underlined gives where the line begins that a printer left under a word at i, or 0.
func underlined(s string, i int) int {
	k, marks := i, 0
	for k > 0 && (s[k-1] == '_' || s[k-1] == '-' || s[k-1] == ' ') {
		if k--; s[k] != ' ' {
			marks++
		}
	}
	if marks < 2 {
		return 0
	}
	return k
}

func dayThenMonth(s string, i, end, m int) (Date, bool) {
	k := end
	for k < len(s) && k < end+30 && s[k] == '_' {
		k++
	}
	k = oneOf(s, oneOf(s, k, ".,"), ".,")
	k = oneOf(s, oneOf(s, oneOf(s, oneOf(s, k, " "), "-"), ","), " ")
	year, to := yearAt(s, k)
	if year == 0 {
		return Date{}, false
	}
	j := i
	back := func(w string) bool {
		if j >= len(w) && strings.EqualFold(s[j-len(w):j], w) {
			j -= len(w)
			return true
		}
		return false
	}
	if k := underlined(s, j); k > 3 && strings.EqualFold(s[k-3:k], " of") {
		j = k // "this 1st day of ___November___, 2003": a blank that was filled in
	}
	back(" ")
	if back("of") {
		back(" ")
		if back("day") {
			back(" ")
		}
		back(",")
	} else if !back("-") {
		back(",")
	}
	if back("calendar") {
		back(" ")
	}
	back(".")
	for _, suffix := range []string{"st", "nd", "rd", "th", "t h", "s t", "n d", "r d"} {
		if back(suffix) {
			break
		}
	}
	back(" ")
	from := j
	for from > 0 && from > j-2 && digit(s[from-1]) {
		from--
	}
	if from == j || from > 0 && (digit(s[from-1]) || letter(s[from-1]) || s[from-1] == '_') {
		return Date{}, false
	}
	d := makeDate(strconv.Itoa(year), m, s[from:j])
	return Date{Span: Span{from, to}, Date: d}, d != ""
}

// scannedDuration reads "thirty (30) consecutive business days" back from the unit at [i, end).
func scannedDuration(s string, i, end int) (Duration, bool) {
	unitName := strings.ToLower(s[i:end])
	switch unitName {
	case "minute", "minutes", "min", "mins", "hour", "hours", "hr", "hrs", "h", "day", "days", "week", "weeks", "month", "months", "quarter", "quarters", "year", "years", "yr", "yrs":
	default:
		return Duration{}, false
	}
	p, business := backOverAdjectives(s, i)
	if unitName == "h" && (p == 0 || !digit(s[p-1])) {
		return Duration{}, false
	}
	from, words, figures, ok := backOverNumber(s, p)
	if !ok {
		return Duration{}, false
	}
	if k := countAhead(words); k > 0 {
		from, words = from+strings.LastIndex(s[from:p], words[k:]), words[k:]
	}
	d := Duration{Span: Span{from, end}}
	if end < len(s) && s[end] == '.' {
		d.End++
	}
	if d.End < len(s) && s[d.End] == '\'' {
		d.End++
	}
	if n, to := figuresAfter(s, d.End); to > 0 {
		if figures == "" {
			figures = n
		}
		d.End = to
	}
	unit := unitOf(business, unitName)
	inWords, okWords := Number(words)
	inFigures, errFigures := strconv.Atoi(figures)
	if inWords > 100_000_000 {
		return Duration{}, false
	}
	switch {
	case okWords && errFigures == nil && int(inWords) != inFigures:
		d.Readings = []calendar.Duration{{Value: int(inWords), Unit: unit}, {Value: inFigures, Unit: unit}}
	case okWords:
		d.Duration = calendar.Duration{Value: int(inWords), Unit: unit}
	case errFigures == nil:
		d.Duration = calendar.Duration{Value: inFigures, Unit: unit}
	default:
		return Duration{}, false
	}
	return d, true
}

// countAhead is where the length itself begins in words that count how many of it there are before: "one five-year period", "two three-year
// terms"; otherwise 0. Words that are one number ("twenty five") have none.
func countAhead(words string) int {
	k := strings.LastIndexByte(words, ' ') + 1
	if k == 0 {
		return 0
	}
	before := strings.Fields(words[:k])
	count, counts := smallNumbers[strings.ToLower(before[len(before)-1])]
	_, length := smallNumbers[strings.ToLower(words[k:])]
	if !counts || !length || count >= 20 {
		return 0
	}
	return k
}

func backOverAdjectives(s string, i int) (p int, business string) {
	p = i
	for {
		for p > 0 && (s[p-1] == ' ' || s[p-1] == '-') {
			p--
		}
		j := p
		for j > 0 && letter(s[j-1]) {
			j--
		}
		if p-j < 4 || p-j > 11 {
			return p, business
		}
		switch w := strings.ToLower(s[j:p]); w {
		case "business", "working", "banking", "support", "service", "trading":
			if business != "" {
				return p, business
			}
			business = w
		case "full", "consecutive", "additional", "calendar", "clear", "successive", "whole", "further", "continuous", "elapsed", "prior", "more", "contract":
		default:
			return p, business
		}
		p = j
	}
}

// backOverNumber reads the number that ends at p: figures, words, or both, one of them in parentheses.
func backOverNumber(s string, p int) (from int, words, figures string, ok bool) {
	if p == 0 {
		return 0, "", "", false
	}
	if c := s[p-1]; c == ')' || c == ']' {
		open := byte('(')
		if c == ']' {
			open = '['
		}
		o := strings.LastIndexByte(s[max(0, p-60):p], open)
		if o < 0 {
			return 0, "", "", false
		}
		o += max(0, p-60)
		inner := strings.TrimSpace(s[o+1 : p-1])
		q := o
		for q > 0 && s[q-1] == ' ' && o-q < 1 {
			q--
		}
		if f, start := backDigits(inner, len(inner)); f != "" && start == 0 && len(f) <= 5 {
			if start, words := backWords(s, q); words != "" {
				return start, words, f, true
			}
			return o + 1 + strings.Index(s[o+1:p], f), "", f, true
		}
		if start, w := backWords(inner, len(inner)); w != "" && start == 0 && c == ')' {
			if f, start := backDigits(s, q); f != "" {
				return start, w, f, clean(s, start)
			}
			return 0, "", "", false
		}
		return 0, "", "", false
	}
	if digit(s[p-1]) {
		f, start := backDigits(s, p)
		return start, "", f, f != "" && clean(s, start)
	}
	start, w := backWords(s, p)
	return start, w, "", w != ""
}

// clean tells whether a number may begin at i: not the tail of a decimal or a sum.
func clean(s string, i int) bool {
	return i == 0 || !letter(s[i-1]) && s[i-1] != '.' && s[i-1] != '$' && s[i-1] != ',' && s[i-1] != '_'
}

// backDigits reads "1,500" or "24.0" back from p.
func backDigits(s string, p int) (string, int) {
	if p >= 3 && s[p-1] == '0' && s[p-2] == '.' && digit(s[p-3]) {
		p -= 2
	}
	j := p
	for j > 0 && (digit(s[j-1]) || s[j-1] == ',' && j < p && j > 1 && digit(s[j-2]) && p-j >= 3) {
		j--
	}
	f := strings.ReplaceAll(s[j:p], ",", "")
	if f == "" || len(f) > 6 {
		return "", p
	}
	return f, j
}

// backWords reads "one hundred and twenty" back from p.
func backWords(s string, p int) (int, string) {
	start, at := -1, p
	for {
		j := at
		for j > 0 && letter(s[j-1]) {
			j--
		}
		w := strings.ToLower(s[j:at])
		_, small := smallNumbers[w]
		switch {
		case small:
			start = j
		case w == "hundred" || w == "thousand" || w == "million" || w == "billion":
		case w == "and" && at != p:
		default:
			j = -1
		}
		if j < 0 {
			break
		}
		at = j
		k := at
		for k > 0 && (s[k-1] == ' ' || s[k-1] == '-') {
			k--
		}
		if k == at || k == 0 {
			break
		}
		at = k
	}
	if start < 0 || start > 0 && (digit(s[start-1]) || s[start-1] == '_') {
		return p, ""
	}
	return start, s[start:p]
}

// figuresAfter reads the figures of "thirty days (30)" and "thirty days (30 days)".
func figuresAfter(s string, i int) (string, int) {
	j := oneOf(s, i, " ")
	if j >= len(s) || s[j] != '(' {
		return "", 0
	}
	j = oneOf(s, j+1, " ")
	k := j
	for k < len(s) && digit(s[k]) && k-j < 6 {
		k++
	}
	if k == j || k-j > 5 {
		return "", 0
	}
	n := s[j:k]
	for _, w := range []string{" days", " months", " years"} {
		if strings.HasPrefix(s[k:], w) {
			k += len(w)
			break
		}
	}
	k = oneOf(s, k, " ")
	if k >= len(s) || s[k] != ')' {
		return "", 0
	}
	return n, k + 1
}
