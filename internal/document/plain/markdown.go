package plain

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	// atx is a heading as Markdown writes it: "## 3. Uptime", with or without marks behind it.
	atx = regexp.MustCompile(`^ {0,3}(#{1,6})[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*$`)
	// inline are tags that only dress up words. Others stand: in a plain file they may be words.
	inline = regexp.MustCompile(`(?i)</?(?:span|label|strong|em|b|i|u|a|sup|sub|small|mark|code|br)(?:\s[^<>\n]{0,300})?\s*/?>`)
	// bold is emphasis with two marks; one mark may be a footnote.
	bold = regexp.MustCompile(`\*\*([^*\n]{1,300})\*\*`)
)

// begins tells what a heading begins with; "# of units" is none.
func begins(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) || r == '<' || r == '*' }

// unmark takes the marks of Markdown out of lines, in place, and tells which of them are headings: what a person reads is the
// words. A file without a marked heading of the first two levels is no Markdown, and stays as it was typed.
func unmark(lines []string) []bool {
	headings := make([]bool, len(lines))
	markdown := false
	for _, l := range lines {
		m := atx.FindStringSubmatch(l)
		markdown = markdown || m != nil && len(m[1]) <= 2 && strings.IndexFunc(m[2], begins) == 0
	}
	if !markdown {
		return headings
	}
	for i, l := range lines {
		if m := atx.FindStringSubmatch(l); m != nil {
			headings[i], l = true, m[2]
		}
		if strings.ContainsAny(l, "<*") {
			l = bold.ReplaceAllString(inline.ReplaceAllString(l, ""), "$1")
		}
		lines[i] = l
	}
	return headings
}
