package plain

import (
	"context"
	"regexp"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document"
)

// field is a line such as "Order date: March 3, 2026".
var field = regexp.MustCompile(`^\p{Lu}[\p{L} ./()-]{1,30}:(?:\s|$)`)

// Write turns typed lines into blocks. tables is how many tables stand before; it gives how many there are then.
func Write(ctx context.Context, b *document.Builder, text string, tables int) (int, error) {
	return write(ctx, b, text, tables, func(lines []string) []bool { return make([]bool, len(lines)) })
}

// write lets mark change lines in place and tell which are headings.
func write(ctx context.Context, b *document.Builder, text string, tables int, mark func([]string) []bool) (int, error) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n\n", "\v", "\n").Replace(text)
	lines := strings.Split(text, "\n")
	headings := mark(lines)
	width := wrapWidth(lines)
	for i := 0; i < len(lines); {
		if i%1000 == 0 {
			if err := ctx.Err(); err != nil {
				return tables, err
			}
		}
		if strings.TrimSpace(lines[i]) == "" {
			i++
			continue
		}
		if rows, n := tableAt(lines[i:]); n > 0 {
			tables++
			writeTable(b, rows, tables)
			i += n
			continue
		}
		from := i
		if headings[i] {
			i++
			writeBlock(b, document.Heading, lines[from:i])
			continue
		}
		for i++; i < len(lines) && width > 0 && !headings[i] && continues(lines[from:i], lines[i], width); i++ {
			if _, n := tableAt(lines[i:]); n > 0 {
				break
			}
		}
		writeBlock(b, kindOf(strings.TrimSpace(strings.Join(lines[from:i], " ")), i-from), lines[from:i])
	}
	return tables, nil
}

// wrapWidth is the width at which the lines were wrapped, or 0 where each line is a paragraph of its own.
func wrapWidth(lines []string) int {
	var lengths, all []int
	long := 0
	for i, l := range lines {
		n := utf8.RuneCountInString(strings.TrimRight(l, " \t"))
		if n == 0 {
			continue
		}
		if n > 160 {
			long++
		}
		all = append(all, n)
		if i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" { // the last line of a paragraph says nothing about the width
			lengths = append(lengths, n)
		}
	}
	if len(lengths) < 3 || long*5 > len(lengths) {
		return 0
	}
	sort.Ints(lengths)
	width := lengths[len(lengths)*9/10]
	if width < 40 || width > 160 {
		return 0
	}
	over := 0
	for _, n := range all {
		if n > width+width/4 {
			over++
		}
	}
	if over*10 > len(all) {
		return 0 // those were the lines of lists; paragraphs stand on longer ones
	}
	return width
}

// continues tells whether next goes on in the paragraph.
func continues(paragraph []string, next string, width int) bool {
	text := strings.TrimSpace(next)
	if text == "" {
		return false
	}
	last := strings.TrimSpace(paragraph[len(paragraph)-1])
	length := utf8.RuneCountInString(strings.TrimRight(paragraph[len(paragraph)-1], " \t"))
	short := length < width*7/10
	ended := strings.HasSuffix(last, ".") || strings.HasSuffix(last, ";") || strings.HasSuffix(last, ":")
	first, _ := utf8.DecodeRuneInString(text)
	label, labelled := document.ParseLabel(text)
	if labelled && label.Scheme == document.Bullet {
		if first, ok := document.ParseLabel(strings.TrimSpace(paragraph[0])); ok && first.Scheme == document.Bullet || !strings.HasPrefix(text, "-") {
			return false
		}
	}
	if labelled && (ended || short || strings.HasSuffix(last, ",") || strings.HasSuffix(last, " and") || strings.HasSuffix(last, " or")) {
		return false
	}
	if short && !unicode.IsLower(first) || field.MatchString(text) {
		return false
	}
	if deeper := indent(next) - indent(paragraph[0]); len(paragraph) > 1 && deeper >= 4 && ended {
		return false // a first line that is set in
	}
	return !strings.HasPrefix(text, "---") && !strings.HasPrefix(text, "===") && !strings.HasPrefix(text, "***")
}

func indent(s string) int {
	n := 0
	for _, r := range s {
		switch r {
		case ' ':
			n++
		case '\t':
			n += 8
		default:
			return n
		}
	}
	return n
}

func writeBlock(b *document.Builder, kind document.BlockKind, lines []string) {
	b.Start(document.Block{Kind: kind})
	for i, l := range lines {
		l = strings.TrimSpace(l)
		b.Write(l)
		// "third-" goes on without a space; "agree-" and "ment" can not be told from it here, so the hyphen stays.
		if i+1 < len(lines) && !(len(l) > 1 && strings.HasSuffix(l, "-") && unicode.IsLetter(rune(l[len(l)-2]))) {
			b.Space()
		}
	}
	b.End()
}

func kindOf(text string, lines int) document.BlockKind {
	label, labelled := document.ParseLabel(text)
	words := strings.Fields(text)
	letters, upper := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	end := strings.HasSuffix(text, ".") || strings.HasSuffix(text, ",") || strings.HasSuffix(text, ";")
	if lines <= 3 && len(words) <= 14 && letters > 3 && !end && !strings.Contains(text, "___") {
		if upper == letters {
			return document.Heading
		}
		if labelled && label.Scheme != document.Bullet && !label.Brackets && lines == 1 && len(words) <= 8 && titled(words[1:]) {
			return document.Heading
		}
	}
	if labelled {
		return document.ListItem
	}
	return document.Paragraph
}

// titled tells whether the words are written like a title.
func titled(words []string) bool {
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if len(w) > 3 && unicode.IsLower(r) {
			return false
		}
	}
	return len(words) > 0
}
