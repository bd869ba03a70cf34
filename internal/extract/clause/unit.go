package clause

import (
	"strings"

	"github.com/pactloop/pactloop/internal/document"
)

// unit is a stretch that a lawyer would mark by itself: a sentence without its number and heading, or an item of a list.
type unit struct {
	start, end  int // bytes of the text
	block       int
	first, last int    // tokens [first, last)
	heading     int32  // index of its heading in headings, -1 for none
	parent      int32  // heading of the section above it
	lead        int32  // unit that leads in the list it stands in ("shall not:"), -1 for none
	flags       uint16 // how it begins and ends
	title       bool   // it is itself a heading
}

// How a unit begins and ends.
const (
	flagLabel     uint16 = 1 << iota // a number stands before it
	flagOpens                        // ends with a colon
	flagEnds                         // ends as a sentence does
	flagSemicolon                    // ends with a semicolon
	flagLower                        // begins with a small letter
	flagFirst                        // first of its block
	flagLast                         // last of its block
	flagCell
	flagShout // in capitals
)

// heading is the words of a heading, as tokens.
type heading struct{ first, last int }

// layout is a page cut into units.
type layout struct {
	*page
	units    []unit
	headings []heading
}

const maxHeading = 90 // bytes

// cut makes units of a page.
func cut(p *page) *layout {
	l := &layout{page: p}
	cur, above, lead := int32(-1), int32(-1), int32(-1)
	for bi := range p.blocks {
		b := &p.blocks[bi]
		if b.skip || b.first == b.last {
			continue
		}
		n := len(l.units)
		l.cutBlock(bi, &cur, &above)
		if len(l.units) == n {
			continue
		}
		l.units[n].flags |= flagFirst
		l.units[len(l.units)-1].flags |= flagLast
		for i := n; i < len(l.units); i++ {
			u := &l.units[i]
			u.lead = -1
			if u.title {
				lead = -1
				continue
			}
			if lead >= 0 && (u.flags&(flagLabel|flagLower|flagCell) != 0) && i-int(lead) <= 25 {
				u.lead = lead
			} else if u.flags&flagOpens == 0 {
				lead = -1
			}
			if u.flags&flagOpens != 0 && u.lead < 0 {
				lead = int32(i)
			}
		}
	}
	return l
}

// cutBlock cuts one block into sentences, and tells headings and numbers apart from them.
func (l *layout) cutBlock(bi int, cur, above *int32) {
	b := &l.blocks[bi]
	s := l.text
	at := b.start
	for at < b.end {
		from, labelled := skipLabel(s, at, b.end)
		end := l.sentenceEnd(from, b.end)
		if head := l.headingEnd(from, end, b, at == b.start || labelled); head > from {
			l.add(bi, from, head, labelled, true)
			*above = *cur
			u := &l.units[len(l.units)-1]
			l.headings = append(l.headings, heading{u.first, u.last})
			*cur = int32(len(l.headings) - 1)
			u.heading, u.parent = *cur, *above
			at = skipSpace(s, head, b.end)
			continue
		}
		if strings.TrimSpace(s[from:end]) != "" {
			l.add(bi, from, end, labelled, false)
			u := &l.units[len(l.units)-1]
			u.heading, u.parent = *cur, *above
		}
		at = skipSpace(s, end, b.end)
	}
}

func skipSpace(s string, at, end int) int {
	for at < end && (s[at] == ' ' || s[at] == '\n') {
		at++
	}
	return at
}

func (l *layout) add(bi, from, end int, labelled, title bool) {
	s := l.text
	for end > from && (s[end-1] == ' ' || s[end-1] == '\n') {
		end--
	}
	b := &l.blocks[bi]
	first := b.first
	if n := len(l.units); n > 0 && l.units[n-1].block == bi {
		first = l.units[n-1].last
	}
	for first < b.last && l.tokens[first].start < from {
		first++
	}
	last := first
	shout, words := 0, 0
	for last < b.last && l.tokens[last].start < end {
		if t := l.tokens[last]; t.kind == wordToken && t.end-t.start > 1 {
			words++
			if t.shout {
				shout++
			}
		}
		last++
	}
	u := unit{start: from, end: end, block: bi, first: first, last: last, title: title}
	if labelled {
		u.flags |= flagLabel
	}
	if end > from {
		switch s[end-1] {
		case ':':
			u.flags |= flagOpens
		case '-':
			if strings.HasSuffix(s[from:end], ":-") {
				u.flags |= flagOpens
			}
		case '.', '?', '!':
			u.flags |= flagEnds
		case ';':
			u.flags |= flagSemicolon
		case '"', ')', ']':
			if end-from > 2 && s[end-2] == '.' {
				u.flags |= flagEnds
			}
		}
		if strings.HasSuffix(s[from:end], "; and") || strings.HasSuffix(s[from:end], "; or") {
			u.flags |= flagSemicolon
		}
		if c := s[from]; c >= 'a' && c <= 'z' {
			u.flags |= flagLower
		}
	}
	if b.kind == document.Cell {
		u.flags |= flagCell
	}
	if shout*4 > words*3 {
		u.flags |= flagShout
	}
	l.units = append(l.units, u)
}

// skipLabel passes numbers in front of a sentence: "14.1", "(a)", "Section 3.", "ARTICLE IV", "B.", "iii)", bullets.
func skipLabel(s string, at, end int) (int, bool) {
	found := false
	for range 4 {
		next := labelEnd(s, at, end)
		if next <= at {
			break
		}
		at, found = skipSpace(s, next, end), true
	}
	return at, found
}

func labelEnd(s string, at, end int) int {
	if at >= end {
		return at
	}
	c := s[at]
	switch {
	case c == '(' || c == '[':
		i := at + 1
		for i < end && i-at <= 6 && isWordByte(s[i]) {
			i++
		}
		if i > at+1 && i < end && (s[i] == ')' || s[i] == ']') && enumerates(s[at+1:i]) {
			return i + 1
		}
		return at
	case c >= '0' && c <= '9':
		i, dots := at, 0
		for i < end && (s[i] >= '0' && s[i] <= '9' || s[i] == '.' && i+1 < end) {
			if s[i] == '.' {
				dots++
			}
			i++
		}
		switch {
		case i-at > 12 || i >= end:
			return at
		case s[i-1] == '.':
			return i
		case s[i] == ')':
			return i + 1
		case dots > 0 && s[i] == ' ' && !followsUnit(s, i+1, end):
			return i
		case s[i] == ' ' && i-at <= 2 && i+1 < end && s[i+1] >= 'A' && s[i+1] <= 'Z':
			return i
		case dots > 0 && s[i] >= 'A' && s[i] <= 'Z':
			return i
		}
		return at
	case c == '-' || c == '*' || c == 'o' && at+1 < end && s[at+1] == ' ':
		if at+1 < end && s[at+1] == ' ' {
			return at + 1
		}
		return at
	case c >= 0x80:
		for _, mark := range []string{"•", "◦", "▪", "●", "○", "■", "§", "–", "—", "·", "\uf0b7", "□"} {
			if strings.HasPrefix(s[at:end], mark) {
				return at + len(mark)
			}
		}
		return at
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		for _, word := range []string{"Section", "SECTION", "Article", "ARTICLE", "Clause", "Paragraph"} {
			if strings.HasPrefix(s[at:end], word) && at+len(word) < end && s[at+len(word)] == ' ' {
				i := at + len(word) + 1
				for i < end && (isWordByte(s[i]) || s[i] == '.') && i-at < 24 {
					i++
				}
				if n := s[at+len(word)+1 : i]; n != "" && (n[0] >= '0' && n[0] <= '9' || enumerates(strings.TrimRight(n, "."))) {
					if s[i-1] == '.' || i < end && (s[i] == ':' || s[i] == ' ' && i+1 < end && (s[i+1] >= 'A' && s[i+1] <= 'Z' || s[i+1] == '-')) {
						if i < end && s[i] == ':' {
							i++
						}
						return i
					}
				}
				return at
			}
		}
		i := at
		for i < end && i-at < 5 && isWordByte(s[i]) {
			i++
		}
		if i < end && (s[i] == '.' || s[i] == ')') && enumerates(s[at:i]) && (i+1 >= end || s[i+1] == ' ' || s[i] == ')' || s[i+1] >= 'A' && s[i+1] <= 'Z' || s[i+1] == '"') {
			if s[i] == '.' && i+2 < end && s[i+2] == '.' { // "U.S. law"
				return at
			}
			return i + 1
		}
	}
	return at
}

// followsUnit tells whether a number belongs to what it counts ("3.5 years").
func followsUnit(s string, at, end int) bool {
	for _, w := range []string{"million", "percent", "year", "month", "day", "hour", "%", "times"} {
		if strings.HasPrefix(s[at:end], w) {
			return true
		}
	}
	return false
}

// enumerates tells whether a word counts: one letter, a roman numeral, or up to two digits.
func enumerates(w string) bool {
	if len(w) == 1 {
		return true
	}
	if len(w) == 0 || len(w) > 5 {
		return false
	}
	digits, roman, same := true, true, true
	for i := 0; i < len(w); i++ {
		c := w[i] | 0x20
		digits = digits && w[i] >= '0' && w[i] <= '9'
		roman = roman && (c == 'i' || c == 'v' || c == 'x' || c == 'l')
		same = same && w[i] == w[0]
	}
	return digits && len(w) <= 2 || roman || same && len(w) == 2 && w[0] >= 'a'
}

// sentenceEnd finds where the sentence that begins at from ends.
func (l *layout) sentenceEnd(from, end int) int {
	s := l.text
	for i := from; i < end; i++ {
		c := s[i]
		if c != '.' && c != '?' && c != '!' && c != ';' && c != ':' {
			continue
		}
		if c == ';' {
			// A list in running text: "…; (ii) …" is cut, as lists in lines are.
			j := i + 1
			if rest := s[j:min(end, j+5)]; strings.HasPrefix(rest, " and ") {
				j += 4
			} else if strings.HasPrefix(rest, " or ") {
				j += 3
			}
			if i-from > 200 && j+1 < end && s[j] == ' ' && (s[j+1] == '(' && labelEnd(s, j+1, end) > j+1) {
				return j
			}
			continue
		}
		if c == ':' {
			j := skipSpace(s, i+1, end)
			if j < end && j > i+1 && i-from > 40 && labelEnd(s, j, end) > j {
				return i + 1
			}
			continue
		}
		j := i + 1
		for j < end && (s[j] == '"' || s[j] == ')' || s[j] == ']' || s[j] == '\'' || strings.HasPrefix(s[j:], "”") || strings.HasPrefix(s[j:], "’")) {
			if s[j] >= 0x80 {
				j += 2
			}
			j++
		}
		if j >= end {
			return end
		}
		if s[j] != ' ' {
			continue
		}
		k := skipSpace(s, j, end)
		if k >= end {
			return end
		}
		if c == '.' && l.abbreviation(from, i, k, end) {
			continue
		}
		if n := s[k]; n >= 'a' && n <= 'z' {
			if labelEnd(s, k, end) == k {
				continue
			}
		}
		return j
	}
	return end
}

// abbreviation tells whether the dot at i belongs to a word, not to the end of a sentence.
func (l *layout) abbreviation(from, i, next, end int) bool {
	s := l.text
	j := i
	for j > from && (isWordByte(s[j-1]) || s[j-1] == '.') {
		j--
	}
	w := s[j:i]
	if len(w) == 0 {
		return false
	}
	if j > from && s[j-1] == '&' {
		return false
	}
	if len(w) == 1 && w[0] >= 'A' && w[0] <= 'Z' {
		return !(j >= 8 && (strings.HasSuffix(s[:j], "Exhibit ") || strings.HasSuffix(s[:j], "EXHIBIT ") || strings.HasSuffix(s[:j], "Annex ") || strings.HasSuffix(s[:j], "Schedule ")))
	}
	if strings.Contains(w, ".") && len(w) <= 6 && w[0] >= 'A' { // U.S, L.P, e.g
		if w[len(w)-1] >= 'A' && w[len(w)-1] <= 'z' && w[len(w)-2] == '.' {
			return !startsSentence(s[next:end])
		}
	}
	switch w {
	case "No", "Nos", "Mr", "Mrs", "Ms", "Dr", "vs", "St", "Sec", "Secs", "Art", "Arts", "pp", "para", "cf", "Attn", "approx", "Messrs", "Reg", "Nr", "Ste":
		return true
	case "Inc", "Corp", "Ltd", "Co", "LLC", "etc", "al", "Bros", "Intl", "Cos", "Pty", "Dept", "Ave", "Blvd", "Jan", "Feb", "Aug", "Sept", "Oct", "Nov", "Dec":
		return !startsSentence(s[next:end])
	}
	return false
}

// startsSentence tells whether a text goes on as a new sentence would.
func startsSentence(s string) bool {
	for _, w := range []string{"The ", "This ", "In ", "If ", "Any ", "All ", "Each ", "Such ", "No ", "For ", "Upon ", "Neither ", "Either ", "At ", "It ", "Notwithstanding ", "Subject ", "To ", "THE ", "NOW"} {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// headingEnd gives the end of a heading that begins at from, or from where there is none. A heading is short and
// capitalised: a line of its own, or a run before a dot, a colon or a dash that the clause follows.
func (l *layout) headingEnd(from, sentence int, b *block, early bool) int {
	s := l.text
	if from >= sentence {
		return from
	}
	whole := from // a heading may be all that the block holds
	if sentence == b.end && sentence-from <= maxHeading && l.capitalised(from, sentence) {
		whole = sentence
	}
	if whole > from && (b.kind == document.Heading || s[sentence-1] != '.' || early) {
		return whole
	}
	if sentence-from <= 60 && sentence < b.end && early && s[sentence-1] == '.' && l.capitalised(from, sentence) {
		return sentence
	}
	if !early {
		return from
	}
	limit := min(sentence, from+maxHeading)
	for i := from + 2; i < limit; i++ {
		switch {
		case s[i] == ':' && i+1 < sentence && s[i+1] == ' ' && l.capitalised(from, i):
			return i + 1
		case (s[i] == '-' || strings.HasPrefix(s[i:], "–") || strings.HasPrefix(s[i:], "—")) && s[i-1] == ' ' && l.capitalised(from, i):
			for i < sentence && s[i] != ' ' {
				i++
			}
			return i
		}
	}
	return l.shoutedHeading(from, limit, sentence)
}

// shoutedHeading finds "LIMITATION OF LIABILITY In no event": capitals, then a sentence in the usual case.
func (l *layout) shoutedHeading(from, limit, sentence int) int {
	i := from
	words, end := 0, from
	for i < limit {
		j := i
		upper, letters := 0, 0
		for j < limit && l.text[j] != ' ' {
			if c := l.text[j]; c >= 'A' && c <= 'Z' {
				upper++
				letters++
			} else if c >= 'a' && c <= 'z' {
				letters++
			}
			j++
		}
		if j >= limit {
			return from
		}
		if letters == 0 && j-i > 1 || upper != letters || letters == 1 && words > 0 && l.text[i] == 'A' {
			break
		}
		words++
		end = j
		i = skipSpace(l.text, j, limit)
	}
	if words >= 2 && end-from >= 8 && i < sentence && l.text[i] >= 'A' && l.text[i] <= 'Z' {
		return end
	}
	return from
}

// capitalised tells whether the long words of a stretch begin with capitals.
func (l *layout) capitalised(from, end int) bool {
	words, upper := 0, 0
	for i := from; i < end; {
		for i < end && !isWordByte(l.text[i]) {
			i++
		}
		j := i
		for j < end && (isWordByte(l.text[j]) || l.text[j] == '\'' || l.text[j] >= 0x80) {
			j++
		}
		if j == i {
			break
		}
		if c := l.text[i]; j-i > 3 || c >= 'A' && c <= 'Z' {
			words++
			if c >= 'A' && c <= 'Z' {
				upper++
			}
		}
		i = j
	}
	return words > 0 && upper == words && words <= 10
}
