package docx

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document"
)

// People break lines inside of a paragraph, and set values apart with tabs: order forms, addresses, signatures. A line that ends
// there is a block of its own, as every line of the text is; one that is only wrapped by hand goes on.

// line is what stands between two line ends of a paragraph.
type line struct {
	spans  []span
	breaks int // line ends before it, since the last line with words
}

func (l line) text() string { return textOf(l.spans) }

func textOf(spans []span) string {
	var t strings.Builder
	for _, s := range spans {
		switch s.sign {
		case words:
			t.WriteString(s.text)
		case tabStop:
			t.WriteByte('\t')
		case lineEnd:
			t.WriteByte(' ')
		}
	}
	return strings.TrimSpace(t.String())
}

// lines cuts a paragraph at its line ends; what hangs between two lines without words stays with the one before.
func (g *paragraph) lines() []line {
	out := []line{{}}
	breaks := 0
	for _, s := range columns(g.spans) {
		last := &out[len(out)-1]
		switch {
		case s.sign == lineEnd:
			breaks++
		case breaks > 0 && s.sign == words && strings.TrimSpace(s.text) != "":
			if len(last.spans) == 0 || last.text() == "" {
				last.spans = append(last.spans, s) // the lines before are empty
			} else {
				out = append(out, line{spans: []span{s}, breaks: breaks})
			}
			breaks = 0
		default:
			last.spans = append(last.spans, s)
		}
	}
	return out
}

var gap = regexp.MustCompile(`\S([ \x{a0}]{3,})\S`)

// columns makes a tab of three spaces or more, with which people set columns by hand.
func columns(spans []span) []span {
	out := make([]span, 0, len(spans))
	for _, s := range spans {
		for s.sign == words {
			m := gap.FindStringSubmatchIndex(s.text)
			if m == nil {
				break
			}
			out = append(out, span{text: s.text[:m[2]], mark: s.mark}, span{sign: tabStop})
			s.text = s.text[m[3]:]
		}
		out = append(out, s)
	}
	return out
}

// cells parts a line at the tabs that set something apart.
func (l line) cells() [][]span {
	last := len(l.spans) - 1 // the last words: a tab behind them sets nothing apart
	for last >= 0 && (l.spans[last].sign != words || strings.TrimSpace(l.spans[last].text) == "") {
		last--
	}
	out, from, size := [][]span(nil), 0, 0
	for k, s := range l.spans[:last+1] {
		if s.sign == tabStop && size <= 4*wide && setApart(textOf(l.spans[from:k])) {
			out = append(out, l.spans[from:k])
			from, size = k+1, 0
			continue
		}
		size += len(s.text) + 1
	}
	return append(out, l.spans[from:])
}

// rows tells how many lines from here on have as many cells, two at least: a table set with tabs.
func rows(list []line) (n, columns int) {
	for n < len(list) {
		k := len(list[n].cells())
		if n == 0 {
			columns = k
		}
		if k < 2 || k != columns {
			break
		}
		n++
	}
	return n, columns
}

var (
	field = regexp.MustCompile(`^\p{L}[\p{L}\d ./()&'’-]{1,40}:(?:\s|$)`)
	open  = regexp.MustCompile(`\b(?:and|or|of|the|by|between|with|to|in|for|a|an|this|its|as|on|at|from)$`)
)

// wide is the length from which a line without a stop at its end was likely wrapped by hand.
const wide = 60

// ends tells whether the line before is over where the next begins.
func ends(before, next string, breaks int) bool {
	stop := strings.HasSuffix(before, ".") || strings.HasSuffix(before, ";") || strings.HasSuffix(before, ":") || strings.HasSuffix(before, "!") || strings.HasSuffix(before, "?")
	if _, labelled := document.ParseLabel(next); breaks > 1 || field.MatchString(next) || labelled && stop {
		return true
	}
	first, _ := utf8.DecodeRuneInString(next)
	return stop || !unicode.IsLower(first) && utf8.RuneCountInString(before) < wide && !open.MatchString(before)
}

// setApart tells whether the words before a tab name what stands behind it: "Start date", but not "2.1" or a whole sentence.
func setApart(before string) bool {
	if before == "" || utf8.RuneCountInString(before) > wide || strings.Contains(before, "__") || strings.ContainsAny(before[len(before)-1:], ".;!?") {
		return false
	}
	if label, ok := document.ParseLabel(before); ok && label.Runes >= utf8.RuneCountInString(before) {
		return false
	}
	return strings.ContainsFunc(before, unicode.IsLetter) || strings.ContainsAny(before, " $€£%") // "10,000 - 24,999"
}
