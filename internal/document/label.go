package document

import (
	"regexp"
	"strconv"
	"strings"
)

// Scheme says how a label counts.
type Scheme string

// The schemes of labels in contracts.
const (
	Decimal     Scheme = "decimal"      // 1  1.1  1.1.1
	Article     Scheme = "article"      // Article IV
	Spoken      Scheme = "spoken"       // FIRST:
	Attachment  Scheme = "attachment"   // Exhibit A, Schedule 2, Annex B
	LowerLetter Scheme = "lower_letter" // (a)  a.
	UpperLetter Scheme = "upper_letter" // (A)  A.
	LowerRoman  Scheme = "lower_roman"  // (i)
	UpperRoman  Scheme = "upper_roman"  // IV.
	Digit       Scheme = "digit"        // (1)  1)
	Bullet      Scheme = "bullet"
)

// Label is the number in front of a paragraph.
type Label struct {
	Text     string // as printed, without the dot at its end: "2.1", "(a)", "Exhibit B"
	Scheme   Scheme
	Parts    []int // the ordinals of a decimal label
	Ordinal  int   // the last one; 0 when it does not count
	Roman    int   // of a letter that may also be a roman numeral, such as (i); 0 otherwise
	Brackets bool
	Named    bool // a word or sign says what it is: "Article IV", "Section 4.2", "§ 4", "FIRST:"
	Runes    int  // how much of the text the label takes, white space after it included
}

// Go's expressions run in linear time whatever the text is, and each is anchored and looks at the head only.
var (
	attachmentLabel = regexp.MustCompile(`^(?i:(exhibit|schedule|annexure|annex|appendix|attachment|addendum))\s+(?:No\.?\s*)?["“]?([A-Z]{1,2}|[0-9]{1,2}|[IVX]{1,5})(?:-([0-9]{1,2}))?["”]?(?:\s*[.:–—-]\s*|\s+|$)`)
	articleLabel    = regexp.MustCompile(`^(?:ARTICLE|Article)\s+([0-9]{1,3}|[IVXLC]{1,7})(?:\s*[.:–—-]\s*|\s+|$)`)
	sectionLabel    = regexp.MustCompile(`^(?:SECTION|Section|Sec\.|§)\s*([0-9]{1,3}(?:\.[0-9]{1,3}){0,5})\.?(?:\s*[:–—-]\s*|\s+|$)`)
	clauseLabel     = regexp.MustCompile(`^(?:CLAUSE|Clause)\s+([0-9]{1,3}(?:\.[0-9]{1,3}){0,5})(?:\s*[.:–—-]\s*|$)`) // without a sign it is a reference
	spokenLabel     = regexp.MustCompile(`^(?:([A-Z]{5,11})(?:\.?\s?[:–—-]+|\.)|([A-Z][a-z]{4,10}):)(?:\s+|$)`)
	decimalLabel    = regexp.MustCompile(`^([0-9]{1,3}(?:\.[0-9]{1,3}){1,5})\.?\)?(?:\s*[:–—-]\s+|\s+|$)`)
	numberLabel     = regexp.MustCompile(`^([0-9]{1,3})(?:\.0)?([.)])(?:\s+|$)`)
	bareLabel       = regexp.MustCompile(`^([0-9]{1,2})\s+\p{Lu}`)
	bracketLabel    = regexp.MustCompile(`^\(([a-z]{1,2}|[ivxl]{1,6}|[A-Z]{1,2}|[IVX]{1,5}|[0-9]{1,2})\)(?:\s+|$)`)
	letterLabel     = regexp.MustCompile(`^([a-z]|[A-Z]|[ivx]{1,5}|[IVX]{1,5})([.)])(?:\s+|$)`)
	bulletLabel     = regexp.MustCompile(`^([•◦▪●○■□‣⁃·–—o*-])\s+`)
)

// spoken is the ordinals that number the clauses of deeds and of contracts drafted by notaries.
var spoken = map[string]int{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
	"eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20,
}

// ParseLabel reads the label at the head of a paragraph. It is generous: whether a label really counts is decided by
// Outline, which sees its neighbours.
func ParseLabel(text string) (Label, bool) {
	head := text
	if len(head) > 80 {
		head = head[:80]
	}
	// Most paragraphs carry no label, and their first letters say so: every document asks this of every paragraph.
	if !mayLabel(head) {
		return Label{}, false
	}
	if m := attachmentLabel.FindStringSubmatch(head); m != nil {
		name := strings.ToUpper(m[1][:1]) + strings.ToLower(m[1][1:]) + " " + m[2]
		if m[3] != "" {
			name += "-" + m[3]
		}
		return Label{Text: name, Scheme: Attachment, Ordinal: ordinal(m[2]), Runes: runes(m[0])}, true
	}
	if m := articleLabel.FindStringSubmatch(head); m != nil {
		return Label{Text: "Article " + m[1], Scheme: Article, Ordinal: ordinal(m[1]), Named: true, Runes: runes(m[0])}, true
	}
	for _, named := range []*regexp.Regexp{sectionLabel, clauseLabel} {
		if m := named.FindStringSubmatch(head); m != nil {
			l := decimal(m[1], m[0])
			l.Named = true
			return l, true
		}
	}
	if m := spokenLabel.FindStringSubmatch(head); m != nil && spoken[strings.ToLower(m[1]+m[2])] > 0 {
		return Label{Text: m[1] + m[2], Scheme: Spoken, Ordinal: spoken[strings.ToLower(m[1]+m[2])], Named: true, Runes: runes(m[0])}, true
	}
	if m := decimalLabel.FindStringSubmatch(head); m != nil {
		return decimal(m[1], m[0]), true
	}
	if m := numberLabel.FindStringSubmatch(head); m != nil {
		if m[2] == ")" {
			n, _ := strconv.Atoi(m[1])
			return Label{Text: m[1] + ")", Scheme: Digit, Ordinal: n, Runes: runes(m[0])}, true
		}
		return decimal(m[1], m[0]), true
	}
	if m := bareLabel.FindStringSubmatch(head); m != nil {
		return decimal(m[1], m[1]+" "), true
	}
	if m := bracketLabel.FindStringSubmatch(head); m != nil {
		l := letters(m[1])
		l.Text, l.Brackets, l.Runes = "("+m[1]+")", true, runes(m[0])
		return l, true
	}
	if m := letterLabel.FindStringSubmatch(head); m != nil {
		l := letters(m[1])
		l.Text, l.Runes = m[1]+m[2], runes(m[0])
		return l, true
	}
	if m := bulletLabel.FindStringSubmatch(head); m != nil {
		return Label{Text: m[1], Scheme: Bullet, Runes: runes(m[0])}, true
	}
	return Label{}, false
}

// mayLabel looks at the first letters only; it is true wherever one of the expressions could match.
func mayLabel(head string) bool {
	if head == "" {
		return false
	}
	c := head[0]
	switch {
	case c >= '0' && c <= '9', c == '(', c >= 0x80, c == '*', c == '-':
		return true
	case c == 'o' && strings.HasPrefix(head, "o "):
		return true
	}
	word := head
	if i := strings.IndexAny(head, " .)"); i >= 0 {
		word = head[:i]
		if head[i] != ' ' && (i == 1 || i <= 5 && strings.Trim(word, "ivxIVX") == "") { // a.  IV)
			return true
		}
	}
	lower := strings.ToLower(word)
	switch lower {
	case "exhibit", "schedule", "annexure", "annex", "appendix", "attachment", "addendum", "article", "section", "sec", "clause":
		return true
	}
	if spoken[strings.TrimRight(lower, ":–—-")] > 0 {
		return true
	}
	return len(word) > 7 && strings.EqualFold(word[:7], "section") // Section4.2
}

func decimal(number, whole string) Label {
	l := Label{Text: number, Scheme: Decimal, Runes: runes(whole)}
	for _, p := range strings.Split(number, ".") {
		n, _ := strconv.Atoi(p)
		l.Parts = append(l.Parts, n)
		l.Ordinal = n
	}
	return l
}

func letters(s string) Label {
	if n, err := strconv.Atoi(s); err == nil {
		return Label{Scheme: Digit, Ordinal: n}
	}
	lower := strings.ToLower(s)
	l := Label{Scheme: LowerLetter, Roman: roman(lower)}
	if s != lower {
		l.Scheme = UpperLetter
	}
	switch {
	case len(s) == 1:
		l.Ordinal = int(lower[0]-'a') + 1
	case len(s) == 2 && lower[0] == lower[1] && l.Roman == 0:
		l.Ordinal = 26 + int(lower[0]-'a') + 1 // (aa)
	case len(s) == 2 && s == "ii":
		l.Ordinal = 35
	}
	if l.Ordinal == 0 || len(s) > 1 && l.Roman > 0 {
		l.Ordinal = l.Roman
		if l.Scheme == LowerLetter {
			l.Scheme = LowerRoman
		} else {
			l.Scheme = UpperRoman
		}
	}
	return l
}

func ordinal(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	if n := roman(strings.ToLower(s)); n > 0 && (len(s) > 1 || s == "I" || s == "V" || s == "X") {
		return n
	}
	if len(s) == 1 {
		return int(strings.ToLower(s)[0]-'a') + 1
	}
	return 0
}

// roman gives the value of a lower-case roman numeral, or 0.
func roman(s string) int {
	value := map[byte]int{'i': 1, 'v': 5, 'x': 10, 'l': 50, 'c': 100}
	total := 0
	for i := 0; i < len(s); i++ {
		v, ok := value[s[i]]
		if !ok {
			return 0
		}
		if i+1 < len(s) && v < value[s[i+1]] {
			total -= v
		} else {
			total += v
		}
	}
	return total
}

// Roman writes a number as lists count in small Roman numerals, "xiv"; what has none, below 1 and above 3999, stays in figures.
func Roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var s strings.Builder
	for _, step := range []struct {
		value int
		text  string
	}{{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for n >= step.value {
			s.WriteString(step.text)
			n -= step.value
		}
	}
	return s.String()
}

func runes(s string) int { return len([]rune(s)) }
