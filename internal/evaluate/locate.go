package evaluate

import (
	"fmt"
	"strings"
	"unicode"
)

// token is a word of a text: its comparable form, and where it stands (code points) with and without the marks around it.
type token struct {
	word               string
	start, end         int
	coreStart, coreEnd int
}

var sameMark = strings.NewReplacer("\u2019", "'", "\u2018", "'", "\u201c", `"`, "\u201d", `"`, "\u2013", "-", "\u2014", "-", "\u00a0", " ", "\u00ad", "")

// tokensOf cuts a text at white space. Runs without a letter, a digit or a sign that means something (a table's lines) are no words.
func tokensOf(text string) []token {
	var out []token
	runes := []rune(text)
	for i := 0; i < len(runes); {
		if unicode.IsSpace(runes[i]) {
			i++
			continue
		}
		t := token{start: i}
		for i < len(runes) && !unicode.IsSpace(runes[i]) {
			i++
		}
		t.end = i
		t.coreStart, t.coreEnd = t.start, t.end
		for t.coreStart < t.coreEnd && !counts(runes[t.coreStart]) {
			t.coreStart++
		}
		for t.coreEnd > t.coreStart && !counts(runes[t.coreEnd-1]) {
			t.coreEnd--
		}
		if t.coreStart == t.coreEnd {
			continue
		}
		t.word = strings.ToLower(sameMark.Replace(string(runes[t.coreStart:t.coreEnd])))
		out = append(out, t)
	}
	return out
}

func counts(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Sc, r) || strings.ContainsRune("%<>=≥≤§", r)
}

// place finds the quote and puts its full words and its place into q.
func (q *Quoted) place(text string, in []token) error {
	start, end, found := find(in, q.Quote, max(q.Occurrence, 1))
	switch {
	case found == 0:
		return fmt.Errorf("%.90q does not stand in the text", q.Quote)
	case found > 1 && q.Occurrence == 0:
		return fmt.Errorf("%.90q stands %d times: give its occurrence", q.Quote, found)
	case found < q.Occurrence:
		return fmt.Errorf("%.90q stands %d times, not %d", q.Quote, found, q.Occurrence)
	}
	q.Start, q.End = start, end
	q.Quote = string([]rune(text)[start:end])
	return nil
}

// find gives the nth place of a quote and how many there are. Parts joined by an ellipsis: each is sought after the one before.
func find(in []token, quote string, nth int) (start, end, count int) {
	parts := strings.Split(strings.ReplaceAll(quote, " ... ", " … "), " … ")
	first := tokensOf(parts[0])
	if len(first) == 0 {
		return 0, 0, 0
	}
	marked := tokensOf(quote)
	for at := next(in, first, 0); at >= 0; at = next(in, first, at+1) {
		last := at + len(first) - 1
		for _, p := range parts[1:] {
			more := tokensOf(p)
			i := next(in, more, last+1)
			if i < 0 || len(more) == 0 {
				return start, end, count
			}
			last = i + len(more) - 1
		}
		if count++; count == nth {
			start, end = edges(in[at], in[last], marked)
		}
	}
	return start, end, count
}

// edges takes the marks around the first and last word only where the quote has them.
func edges(first, last token, quote []token) (start, end int) {
	start, end = first.coreStart, last.coreEnd
	if q := quote[0]; q.coreStart > q.start {
		start = first.start
	}
	if q := quote[len(quote)-1]; q.coreEnd < q.end {
		end = last.end
	}
	return start, end
}

func next(in, want []token, from int) int {
	for i := from; len(want) > 0 && i+len(want) <= len(in); i++ {
		if sameWords(in[i:i+len(want)], want) {
			return i
		}
	}
	return -1
}

func sameWords(a, b []token) bool {
	for i := range b {
		if a[i].word != b[i].word {
			return false
		}
	}
	return true
}

// LocateExact gives the nth place of the words of a quote, in code points.
func LocateExact(text, quote string, occurrence int) (start, end int, ok bool) {
	start, end, n := find(tokensOf(text), quote, occurrence)
	return start, end, n >= occurrence
}

// Locate finds the words of a full quote in the text of a rendering, which may have running headers or lack automatic numbers
// between them, and letters that a scan misread: at most one word in five may differ. It gives code points, and false where the
// quote is not there. Among places that are as good the first wins.
func Locate(text, quote string, occurrence int) (start, end int, ok bool) {
	in := tokensOf(text)
	if start, end, n := find(in, quote, max(occurrence, 1)); n >= max(occurrence, 1) {
		return start, end, true
	}
	want := tokensOf(quote)
	if len(want) == 0 || len(in) == 0 {
		return 0, 0, false
	}
	from, to, cost := align(in, want)
	if cost*5 > len(want) {
		return 0, 0, false
	}
	return in[from].coreStart, in[to-1].coreEnd, true
}

// align finds the stretch [from, to) of in that takes the fewest changes of words (insert, delete, replace) to become want.
func align(in, want []token) (from, to, cost int) {
	type cell struct{ cost, from int }
	prev := make([]cell, len(in)+1)
	for j := range prev {
		prev[j] = cell{0, j} // a match may begin anywhere
	}
	for i := range want {
		cur := make([]cell, len(in)+1)
		cur[0] = cell{i + 1, 0}
		for j := range in {
			best := cell{prev[j].cost, prev[j].from}
			if in[j].word != want[i].word {
				best.cost++
			}
			if c := prev[j+1].cost + 1; c < best.cost {
				best = cell{c, prev[j+1].from}
			}
			if c := cur[j].cost + 1; c < best.cost {
				best = cell{c, cur[j].from}
			}
			cur[j+1] = best
		}
		prev = cur
	}
	cost = len(want) + 1
	for j := 1; j <= len(in); j++ {
		if prev[j].cost < cost && prev[j].from < j {
			from, to, cost = prev[j].from, j, prev[j].cost
		}
	}
	return from, to, cost
}
