package wording

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Duration is a counted length of time that a text names. Where words and figures contradict ("thirty (60) days"),
// Readings has both, words first, and Duration is not set.
type Duration struct {
	Span
	Duration calendar.Duration
	Readings []calendar.Duration
}

var (
	annually = expression.MustCompile(`(?i)\b(?:year[- ]to[- ]year|annual(?:ly)? (?:basis|renew\w*|periods?|terms?)|renew(?:ed|s|ing)? annually|annually (?:thereafter|renew\w*)|(?:additional|successive|further|consecutive|more) annual|yearly (?:basis|periods?)|anniversary|(?:each|every) (?:successive |subsequent )?(?:calendar )?year|one-year|for (?:a|another|an additional|one additional|one more) (?:full )?year|(?:a|one) year at a time)\b`)
	monthly  = expression.MustCompile(`(?i)\b(?:month[- ]to[- ]month|monthly basis|successive months|for (?:another|an additional|one additional|one more) (?:full )?month|(?:a|one) month at a time)\b`)
	endless  = expression.MustCompile(`(?i)\b(?:(?:shall|will)?(?: \w+){0,3} ?(?:continue|remain|remains|continues|be|is|have|has|stay)\b[^.;]{0,90}\b(?:(?:until|when) (?:it is |otherwise |sooner |so |such time as it is |its |the |this agreement is |the agreement is )?(?:terminat(?:ed|ion)|cancel)|continue\b[^.;]{0,60}\bunless and until|indefinite\w*|(?:in|for) perpetuity|perpetual\w*|unless (?:and until |earlier |sooner )?(?:it is )?terminated)|perpetual term|indefinite (?:term|period|duration)|unlimited (?:term|duration|period))`)
)

// endlessWord is what each of its alternatives holds; it is told in one pass.
var endlessWord = expression.MustCompile(`(?i)terminat|cancel|indefinit|perpetu|unless and until|unlimited`)

// Periodic finds "from year to year", "month to month", "annual renewals": a period without a number.
func Periodic(s string) (Duration, bool) {
	if m := monthly.FindStringIndex(s); m != nil {
		return Duration{Span: Span{m[0], m[1]}, Duration: calendar.Duration{Value: 1, Unit: calendar.UnitMonth}}, true
	}
	if m := annually.FindStringIndex(s); m != nil {
		return Duration{Span: Span{m[0], m[1]}, Duration: calendar.Duration{Value: 1, Unit: calendar.Year}}, true
	}
	return Duration{}, false
}

var anniversaries = expression.MustCompile(`(?i)\b(` + dayWord + `|\d{1,2}(?:st|nd|rd|th|t h)|` + unitWord + `[- ]year)(?: ?\(\d{1,2}(?: ?(?:st|nd|rd|th|t h))?\))? (?:annual )?anniversary\b`)

// Anniversaries finds "the fifth (5th) anniversary of the Effective Date": five years.
func Anniversaries(s string) []Duration {
	var found []Duration
	if !strings.Contains(s, "nniversary") && !strings.Contains(s, "NNIVERSARY") {
		return nil
	}
	var anchors []int
	const word = "anniversary"
	for i := 0; i+len(word) <= len(s); i++ {
		if s[i]|0x20 == 'a' && s[i+1]|0x20 == 'n' && strings.EqualFold(s[i:i+len(word)], word) {
			anchors = append(anchors, i)
			i += len(word) - 1
		}
	}
	for _, w := range around(s, anchors, 60, 12) {
		for _, d := range anniversariesIn(s[w.Start:w.End]) {
			d.Start, d.End = d.Start+w.Start, d.End+w.Start
			found = append(found, d)
		}
	}
	return found
}

func anniversariesIn(s string) []Duration {
	var found []Duration
	for _, m := range anniversaries.FindAllStringSubmatchIndex(s, -1) {
		said := strings.ToLower(part(s, m, 1))
		n, ok := ordinal(said)
		if !ok {
			n, ok = Number(strings.TrimSuffix(strings.TrimSuffix(said, "year"), "-"))
		}
		if !ok {
			n = int64(atoi(strings.TrimRight(said, "stndrh ")))
		}
		if n > 0 && n < 100 {
			found = append(found, Duration{Span: Span{m[0], m[1]}, Duration: calendar.Duration{Value: int(n), Unit: calendar.Year}})
		}
	}
	return found
}

// Evergreen finds the words of a term without end: "until terminated", "in perpetuity".
func Evergreen(s string) (Span, bool) {
	if !anyOf(s, "perpet", "indefinit", "until ", "unless ", "unlimited", "when ", "Perpet", "PERPET", "Indefinit", "UNTIL ") || !endlessWord.MatchString(s) {
		return Span{}, false
	}
	m := endless.FindStringIndex(s)
	if m == nil {
		return Span{}, false
	}
	return Span{m[0], m[1]}, true
}

func anyOf(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

var openEnded = expression.MustCompile(`(?i)\b(?:perpetu(?:al|ally|ity)\b|indefinite(?:ly)?\b|(?:until|unless)\b[^.;]{0,70}?\b(?:terminat(?:ed?|es|ion)|cancel\w*)\b|so long as\b|until\b[^.;]{0,30}?\b(?:either|a|any|the other|one)(?: of the)? part(?:y|ies)\b[^.;]{0,24}?\b(?:gives?|serves?|informs?|notif\w+|provides?|delivers?)\b[^.;]{0,90}?\b(?:notice|terminat\w+)|evergreen\b|no fixed term\b|(?:may (?:be )?|right to |entitled to )terminate[ds]?\b[^.;]{0,60}\b(?:at any time|without cause|for (?:any|no) reason|for convenience|upon [^.;]{0,20}(?:days|months)|by (?:giving )?[^.;]{0,24}(?:days|months)))`)

// openPlaces are where a word may begin from which OpenEnded starts.
var openPlaces = sync.OnceValue(func() *expression.Places {
	return expression.NewPlaces(
		[3]string{"p", "e", "r"}, [3]string{"i", "n", "d"}, [3]string{"u", "n", "tlTL"}, [3]string{"snSN", "o", " \x00"},
		[3]string{"e", "vnVN", "etET"}, [3]string{"m", "a", "y"}, [3]string{"r", "i", "g"},
	)
})

// OpenEnded finds every place whose words may leave the end of a contract open: "until terminated", "indefinitely", "may
// be terminated at any time". Whether they speak of the contract is for the reader to say.
func OpenEnded(s string) []Span {
	var anchors []int
	places := openPlaces()
	for i := places.Next(s, 0); i < len(s); i = places.Next(s, i+1) {
		if i > 0 && letters[s[i-1]] {
			continue
		}
		end := i
		for end < len(s) && letters[s[end]] {
			end++
		}
		switch key3(s, i) {
		case 'p'<<16 | 'e'<<8 | 'r', 'i'<<16 | 'n'<<8 | 'd', 'u'<<16 | 'n'<<8 | 't', 'u'<<16 | 'n'<<8 | 'l', 's'<<16 | 'o'<<8 | 0x20, 'e'<<16 | 'v'<<8 | 'e', 'n'<<16 | 'o'<<8 | 0x20, 'm'<<16 | 'a'<<8 | 'y', 'r'<<16 | 'i'<<8 | 'g', 'e'<<16 | 'n'<<8 | 't':
		default:
			continue
		}
		switch strings.ToLower(s[i:end]) {
		case "perpetual", "perpetually", "perpetuity", "indefinite", "indefinitely", "until", "unless", "evergreen":
			anchors = append(anchors, i)
		case "so", "no", "may", "right", "entitled":
			low := strings.ToLower(s[end:min(len(s), end+18)])
			if strings.HasPrefix(low, " long as") || strings.HasPrefix(low, " fixed term") || strings.Contains(low, "terminat") {
				anchors = append(anchors, i)
			}
		}
	}
	var found []Span
	for _, a := range anchors {
		if n := len(found); n > 0 && a < found[n-1].End {
			continue
		}
		from, to := a, min(len(s), a+160)
		for to < len(s) && s[to]&0xc0 == 0x80 {
			to++
		}
		if m := openEnded.FindStringIndex(s[from:to]); m != nil && m[0] == 0 {
			found = append(found, Span{a, a + m[1]})
		}
	}
	return found
}

// Durations finds every counted duration in a normal form, in order.
func Durations(s string) []Duration {
	var found []Duration
	for _, i := range unitAnchors(s) {
		end := i
		for end < len(s) && letter(s[end]) {
			end++
		}
		d, ok := scannedDuration(s, i, end)
		if !ok || len(found) > 0 && d.Start < found[len(found)-1].End {
			continue
		}
		found = append(found, d)
	}
	return found
}

// beginsUnit are the first letters of units of time.
var beginsUnit = setOf("dmywhqDMYWHQ")

// unitPlaces are where a unit of time may begin, "h" and "hr" among them.
var unitPlaces = sync.OnceValue(func() *expression.Places {
	noLetter, noASCII := "", ""
	for c := byte(utf8.RuneSelf); c != 0; c++ {
		noASCII += string([]byte{c}) // the dash of "4h–8h"
	}
	for c := byte(0); c < utf8.RuneSelf; c++ {
		if !letters[c] && c != '`' { // which has a row of its own: here it would bring most letters with it
			noLetter += string(rune(c))
		}
	}
	return expression.NewPlaces(
		[3]string{"d", "a", "y"}, [3]string{"m", "oiOI", "n"}, [3]string{"y", "e", "a"}, [3]string{"w", "e", "e"},
		[3]string{"h", "o", "u"}, [3]string{"q", "u", "a"}, [3]string{"hyHY", "rR`", ""}, [3]string{"h", noLetter, ""}, [3]string{"h", noASCII, ""},
	)
})

// unitAnchors are the places where a unit of time stands.
func unitAnchors(s string) []int {
	var anchors []int
	places := unitPlaces()
	for i := places.Next(s, 0); i < len(s); i = places.Next(s, i+1) {
		first := s[i]
		if !beginsUnit[first] || i > 0 && letters[s[i-1]] {
			continue
		}
		end := i + 1
		for end < len(s) && letters[s[end]] {
			end++
		}
		if end-i > 8 || end-i < 2 {
			if end-i == 1 && first == 'h' && i > 1 && (digit(s[i-1]) || s[i-1] == ' ' && digit(s[i-2])) {
				anchors = append(anchors, i)
			}
			continue
		}
		if end-i == 2 && s[i+1]|0x20 == 'r' && (first|0x20 == 'h' || first|0x20 == 'y') {
			if counted(s, i) {
				anchors = append(anchors, i) // "1 hr;"
			}
			continue
		}
		switch key3(s, i) {
		case 'd'<<16 | 'a'<<8 | 'y', 'm'<<16 | 'o'<<8 | 'n', 'y'<<16 | 'e'<<8 | 'a', 'w'<<16 | 'e'<<8 | 'e', 'h'<<16 | 'o'<<8 | 'u', 'm'<<16 | 'i'<<8 | 'n', 'q'<<16 | 'u'<<8 | 'a',
			'h'<<16 | 'r'<<8 | 's', 'y'<<16 | 'r'<<8 | 's', 'h'<<16 | 'r'<<8 | ' ', 'y'<<16 | 'r'<<8 | ' ':
			if counted(s, i) {
				anchors = append(anchors, i)
			}
		}
	}
	return anchors
}

// counted tells whether a number may stand before a unit at i: digits or a number word, with an adjective between at the
// most. It looks cheaply, so that the expression is tried where it can match only.
func counted(s string, i int) bool {
	for steps := 0; steps < 4; steps++ {
		for i > 0 && (s[i-1] == ' ' || s[i-1] == '-' || s[i-1] == '\'') {
			i--
		}
		if i == 0 {
			return false
		}
		c := s[i-1]
		if c >= '0' && c <= '9' || c == ')' || c == ']' {
			return true
		}
		if !letter(c) {
			return false
		}
		j := i
		for j > 0 && letter(s[j-1]) {
			j--
		}
		switch key3(s, j) {
		case 'o'<<16 | 'n'<<8 | 'e', 't'<<16 | 'w'<<8 | 'o', 't'<<16 | 'h'<<8 | 'r', 't'<<16 | 'h'<<8 | 'i', 't'<<16 | 'h'<<8 | 'o', 'm'<<16 | 'i'<<8 | 'l', 'f'<<16 | 'o'<<8 | 'u', 'f'<<16 | 'i'<<8 | 'v', 's'<<16 | 'i'<<8 | 'x', 's'<<16 | 'e'<<8 | 'v', 'e'<<16 | 'i'<<8 | 'g', 'n'<<16 | 'i'<<8 | 'n',
			't'<<16 | 'e'<<8 | 'n', 'e'<<16 | 'l'<<8 | 'e', 't'<<16 | 'w'<<8 | 'e', 'f'<<16 | 'i'<<8 | 'f', 'z'<<16 | 'e'<<8 | 'r', 'h'<<16 | 'u'<<8 | 'n', 'f'<<16 | 'o'<<8 | 'r':
			return true
		case 'f'<<16 | 'u'<<8 | 'l', 'c'<<16 | 'o'<<8 | 'n', 'a'<<16 | 'd'<<8 | 'd', 'c'<<16 | 'a'<<8 | 'l', 'c'<<16 | 'l'<<8 | 'e', 's'<<16 | 'u'<<8 | 'c', 'w'<<16 | 'h'<<8 | 'o', 'f'<<16 | 'u'<<8 | 'r', 'e'<<16 | 'l'<<8 | 'a', 'p'<<16 | 'r'<<8 | 'i', 'm'<<16 | 'o'<<8 | 'r',
			'b'<<16 | 'u'<<8 | 's', 'w'<<16 | 'o'<<8 | 'r', 'b'<<16 | 'a'<<8 | 'n', 's'<<16 | 'u'<<8 | 'p', 's'<<16 | 'e'<<8 | 'r', 't'<<16 | 'r'<<8 | 'a':
			i = j
			continue
		}
		return false
	}
	return false
}

func unitOf(business, unit string) calendar.Unit {
	isBusiness := business != ""
	switch unit[0] | 0x20 {
	case 'h':
		if isBusiness {
			return calendar.BusinessHour
		}
		return calendar.Hour
	case 'd':
		if isBusiness {
			return calendar.BusinessDay
		}
		return calendar.Day
	case 'w':
		return calendar.Week
	case 'q':
		return calendar.Quarter
	case 'y':
		return calendar.Year
	}
	if len(unit) > 1 && unit[1]|0x20 == 'o' {
		return calendar.UnitMonth
	}
	return calendar.Minute
}
