package paper

import (
	"fmt"
	"regexp"
	"strings"
)

// Text is one contract as written: a head of `key: value` lines, a line `---`, then blocks parted by blank lines. The marks are
// described for authors in internal/evaluate/labelled/README.md.
type Text struct {
	head   map[string]string
	body   string
	blocks []block
}

// Head gives a value of the head, or "".
func (t Text) Head(key string) string { return t.head[key] }

type blockKind int

const (
	paragraph  blockKind = iota
	title                // "# "
	heading              // "## ", with its number written out
	clause               // "1.1 " at the start
	point                // "(a) " at the start; "> " before it goes one level deeper
	table                // lines "| a | b |", the first is the head
	centered             // "@center "
	signatures           // "@sign", then one line per party: company | name | title | date
	pageBreak            // "@break"
	lines                // "@lines", then lines that stay as they are; "@mono" the same with every space kept
)

type block struct {
	kind   blockKind
	number string // "3.", "3.2", "(a)": literal in PDF, automatic in DOCX
	words  string
	mono   bool // of lines
	level  int
	rows   [][]string
}

var (
	headingNumber = regexp.MustCompile(`^(\d+\.|[A-Z]\.|Article [IVX]+\.|§ \d+)\s+`)
	anyNumber     = regexp.MustCompile(`^((?:ARTICLE|Article|Section|SECTION|Clause|Part|PART|§) ?(?:\d+|[IVX]+|[A-Z])\b[.:]?(?: –)?|\d+[.)]|[IVX]+\.|[A-Z][.)])\s+`)
	clauseNumber  = regexp.MustCompile(`^(\d+\.\d+(?:\.\d+)?)\s+`)
	pointNumber   = regexp.MustCompile(`^(\([a-z0-9]{1,4}\))\s+`)
)

// Parse reads a contract as written.
func Parse(raw string) (Text, error) {
	head, body, ok := strings.Cut(raw, "\n---\n")
	if !ok {
		return Text{}, fmt.Errorf("no line `---` after the head")
	}
	t := Text{head: map[string]string{}, body: strings.TrimLeft(body, "\n")}
	for _, line := range strings.Split(head, "\n") {
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			return Text{}, fmt.Errorf("head line %q is not `key: value`", line)
		}
		t.head[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	marked := strings.TrimSpace(body)
	if t.head["quotes"] == "curly" {
		marked = curly(marked)
	}
	for _, chunk := range regexp.MustCompile(`\n{2,}`).Split(marked, -1) {
		t.blocks = append(t.blocks, parseBlock(chunk))
	}
	return t, nil
}

var openingQuote = regexp.MustCompile(`(^|[\s(])"`)

// curly sets typographic quotes, as word processors do; plain texts keep the straight ones.
func curly(s string) string {
	s = openingQuote.ReplaceAllString(s, "${1}\u201c")
	return strings.ReplaceAll(strings.ReplaceAll(s, `"`, "\u201d"), "'", "\u2019")
}

func parseBlock(chunk string) block {
	line := strings.Join(strings.Fields(chunk), " ")
	switch {
	case strings.HasPrefix(chunk, "# "):
		return block{kind: title, words: line[2:]}
	case strings.HasPrefix(chunk, "## "):
		if headingNumber.MatchString(line[3:]) {
			return numbered(heading, line[3:], headingNumber)
		}
		return numbered(heading, line[3:], anyNumber)
	case strings.HasPrefix(chunk, "|"):
		return block{kind: table, rows: cells(chunk, true)}
	case strings.HasPrefix(chunk, "@sign"):
		_, parties, _ := strings.Cut(chunk, "\n")
		return block{kind: signatures, rows: cells(parties, false)}
	case strings.HasPrefix(chunk, "@lines\n"), strings.HasPrefix(chunk, "@mono\n"):
		_, kept, _ := strings.Cut(chunk, "\n")
		return block{kind: lines, words: kept, mono: chunk[1] == 'm'}
	case strings.HasPrefix(chunk, "@break"):
		return block{kind: pageBreak}
	case strings.HasPrefix(chunk, "@center "):
		return block{kind: centered, words: strings.TrimPrefix(line, "@center ")}
	}
	level := 0
	for strings.HasPrefix(line, "> ") {
		level, line = level+1, line[2:]
	}
	if pointNumber.MatchString(line) {
		b := numbered(point, line, pointNumber)
		b.level = level
		return b
	}
	if clauseNumber.MatchString(line) {
		return numbered(clause, line, clauseNumber)
	}
	return block{kind: paragraph, words: line, level: level}
}

func numbered(kind blockKind, line string, number *regexp.Regexp) block {
	found := number.FindString(line)
	return block{kind: kind, number: strings.TrimSpace(found), words: line[len(found):]}
}

func cells(chunk string, edged bool) [][]string {
	var rows [][]string
	for _, line := range strings.Split(chunk, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if edged {
			line = strings.Trim(line, "|")
		}
		var row []string
		for _, cell := range strings.Split(line, "|") {
			row = append(row, strings.TrimSpace(cell))
		}
		rows = append(rows, row)
	}
	return rows
}

// span is a run of words in one look. Tracked changes exist only in DOCX.
type span struct {
	words             string
	bold              bool
	inserted, deleted bool
}

var marks = regexp.MustCompile(`\*\*.+?\*\*|\{\+.+?\+\}|\{-.+?-\}`)

// spans splits words at **bold**, {+inserted+} and {-deleted-}.
func spans(words string) []span {
	var out []span
	at := 0
	for _, m := range marks.FindAllStringIndex(words, -1) {
		if m[0] > at {
			out = append(out, span{words: words[at:m[0]]})
		}
		inner := words[m[0]+2 : m[1]-2]
		switch words[m[0]] {
		case '*':
			out = append(out, span{words: inner, bold: true})
		default:
			out = append(out, span{words: inner, inserted: words[m[0]+1] == '+', deleted: words[m[0]+1] == '-'})
		}
		at = m[1]
	}
	if at < len(words) {
		out = append(out, span{words: words[at:]})
	}
	return out
}
