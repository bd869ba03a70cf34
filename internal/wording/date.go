package wording

import (
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Date is a date that a text names. Either Date is set, or Readings has the two ways to read it (day and month may be
// exchanged), or it is a Blank: a date nobody filled in.
type Date struct {
	Span
	Date     calendar.Date
	Readings []calendar.Date
	Blank    bool
}

const (
	monthName = `(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)`
	suffix    = `(?: ?(?:st|nd|rd|th|t h|s t|n d|r d))?`
	yearPart  = `((?:19|20) ?\d{2})`
	dayWord   = `((?:twenty|thirty)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)`
	blankPart = `(?:_{2,}|\[[^\]]{0,14}\]|\*{3,}|\.{4,}|\x{25cf})`
)

var (
	dayInWords = expression.MustCompile(`(?i)\b(` + dayWord + `|\d{1,2}(?:st|nd|rd|th)) (?:\(\d{1,2}(?:st|nd|rd|th)?\) )?(?:day )?of ` + monthName + `\b[.,]? ?(?:in the year )?(?:of our lord )?(?:` + yearPart + `\b|(two thousand(?:[ -](?:and[ -])?` + unitWord + `)*|nineteen hundred(?:[ -](?:and[ -])?` + unitWord + `)*)\b)`)
	lastOfIt   = expression.MustCompile(`(?i)\blast (?:calendar )?day (?:of|in) ` + monthName + `[.,]? ?(?:of )?` + yearPart + `\b`)
	shortYear  = expression.MustCompile(`(?i)\b(?:(\d{1,2})[ -]` + monthName + `[ -]'?(\d{2})|` + monthName + ` (\d{1,2})` + suffix + `, ?'(\d{2}))\b`)
	numeric    = expression.MustCompile(`\b(\d{1,2})([/.-])(\d{1,2})([/.-])((?:19|20)\d{2}|\d{2})\b`)
	iso        = expression.MustCompile(`\b((?:19|20)\d{2})[-/](\d{1,2})[-/](\d{1,2})\b`)
	cjk        = expression.MustCompile(`((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日`)
	blankDate  = expression.MustCompile(`(?i)(?:` + blankPart + `|\d{1,2}` + suffix + `),? ?(?:day )?(?:of )?(?:` + blankPart + `|` + monthName + `)[.,]? ?(?:` + blankPart + `|(?:19|20)(?:\d{2}|` + blankPart + `)?)|` + monthName + ` ?(?:` + blankPart + `),? ?(?:` + blankPart + `|(?:19|20)\d{2})|` + blankPart + ` ?[,/] ?` + blankPart + `? ?(?:/ ?)?(?:19|20)(?:\d{2}|` + blankPart + `)`)
)

// Dates finds every date in a normal form, in order, none overlapping.
func Dates(s string) []Date {
	var found []Date
	names, numbers, blanks := dateAnchors(s)
	odd := names[:0] // the months whose dates are not written in one of the usual ways
	for _, i := range names {
		end := i
		for end < len(s) && letter(s[end]) {
			end++
		}
		if d, ok := scannedDate(s, i, end); ok {
			found = append(found, d)
			continue
		}
		if oddDate(s, i, end) {
			odd = append(odd, i)
		}
	}
	names = odd
	for _, kind := range []struct {
		anchors       []int
		before, after int
		read          func(string) []Date
	}{{names, 44, 48, namedDates}, {numbers, 1, 12, numberDates}, {blanks, 30, 44, blankDates}} {
		for _, w := range around(s, kind.anchors, kind.before, kind.after) {
			for _, d := range kind.read(s[w.Start:w.End]) {
				d.Start, d.End = d.Start+w.Start, d.End+w.Start
				d.byForm(s)
				found = append(found, d)
			}
		}
	}
	if len(found) < 2 {
		return found
	}
	return disjoint(found)
}

// byForm settles a date that a form asks for in one order: "DATE (MM/DD/YYYY) 04/05/2026".
func (d *Date) byForm(s string) {
	if len(d.Readings) != 2 {
		return
	}
	switch before := strings.ToUpper(strings.TrimRight(s[max(0, d.Start-16):d.Start], ": ")); {
	case strings.HasSuffix(before, "(MM/DD/YYYY)"), strings.HasSuffix(before, "(MM/DD/YY)"):
		d.Date, d.Readings = d.Readings[0], nil
	case strings.HasSuffix(before, "(DD/MM/YYYY)"), strings.HasSuffix(before, "(DD/MM/YY)"):
		d.Date, d.Readings = d.Readings[1], nil
	}
}

// dateAnchors are the places where a date may stand: the name of a month near a number, two numbers and a separator,
// a blank near a year.
func dateAnchors(s string) (names, numbers, blanks []int) {
	places := datePlaces()
	for i := places.Next(s, 0); i < len(s); i = places.Next(s, i+1) {
		c := s[i]
		switch {
		case letters[c]:
			if (i == 0 || !letters[s[i-1]]) && i+3 <= len(s) && isMonth(key3(s, i)) && monthHere(s, i) {
				names = append(names, i)
			}
		case c >= '0' && c <= '9':
			from := i
			for i+1 < len(s) && (s[i+1] >= '0' && s[i+1] <= '9' || s[i+1] == '/' || s[i+1] == '-' || s[i+1] == '.') {
				i++
			}
			if n := s[from : i+1]; len(n) >= 6 && (strings.Count(n, "/") == 2 || strings.Count(n, "-") >= 2 || strings.Count(n, ".") >= 2) {
				numbers = append(numbers, from)
			}
		case c == 0xe5 && strings.HasPrefix(s[i:], "年"):
			numbers = append(numbers, max(0, i-4))
		case (c == '_' || c == '[' || c == '*' || c == 0xe2) && i+1 < len(s):
			near := s[i:min(len(s), i+44)]
			if strings.Contains(near, "20") || strings.Contains(near, "19") {
				blanks = append(blanks, i)
			}
			for i+1 < len(s) && s[i+1] == c {
				i++
			}
		}
	}
	return names, numbers, blanks
}

// datePlaces are where isMonth may hold, a number of three figures and marks begins, or a mark of a blank stands.
var datePlaces = sync.OnceValue(func() *expression.Places {
	const number = "0123456789/-."
	return expression.NewPlaces(
		[3]string{"j", "auAU", "nlNL"}, [3]string{"m", "a", "ryRY"}, [3]string{"a", "puPU", "rgRG"}, [3]string{"sdSD", "e", "pcPC"},
		[3]string{"ofOF", "ceCE", "tbTB"}, [3]string{"n", "o", "v"}, [3]string{"0123456789", number, number}, [3]string{"_[*", "", ""},
	)
})

// oddDate tells whether a date may stand around a month that has none in the usual form: a day in words before "of", or a
// year of two digits.
func oddDate(s string, i, end int) bool {
	if i >= 3 && (strings.EqualFold(s[i-3:i], "of ") || strings.EqualFold(s[i-3:i], "in ")) {
		return true
	}
	for _, c := range []byte(s[end:min(len(s), end+9)]) {
		if c == '\'' || c == '-' {
			return true
		}
	}
	before := s[max(0, i-1):i]
	return (before == " " || before == "-") && i >= 2 && digit(s[i-2]) && end+1 < len(s) && (s[end] == ' ' || s[end] == '-') && digit(s[end+1])
}

// monthHere tells whether a word that begins like a month may be one: it is not longer than the month, and a number or
// a number word stands near. "may" is mostly a verb.
func monthHere(s string, i int) bool {
	end := i
	for end < len(s) && letter(s[end]) {
		end++
	}
	if end-i > 9 {
		return false
	}
	for _, c := range []byte(s[max(0, i-14):min(len(s), end+14)]) {
		if c >= '0' && c <= '9' {
			return true
		}
	}
	return end-i > 3 || s[i] == 'M'
}

func isMonth(k uint32) bool {
	switch k {
	case 'j'<<16 | 'a'<<8 | 'n', 'f'<<16 | 'e'<<8 | 'b', 'm'<<16 | 'a'<<8 | 'r', 'a'<<16 | 'p'<<8 | 'r', 'm'<<16 | 'a'<<8 | 'y', 'j'<<16 | 'u'<<8 | 'n',
		'j'<<16 | 'u'<<8 | 'l', 'a'<<16 | 'u'<<8 | 'g', 's'<<16 | 'e'<<8 | 'p', 'o'<<16 | 'c'<<8 | 't', 'n'<<16 | 'o'<<8 | 'v', 'd'<<16 | 'e'<<8 | 'c':
		return true
	}
	return false
}

func namedDates(s string) []Date {
	var found []Date
	add := func(m []int, d calendar.Date) {
		if d != "" {
			found = append(found, Date{Span: Span{m[0], m[1]}, Date: d})
		}
	}
	if strings.Contains(s, " of ") {
		for _, m := range dayInWords.FindAllStringSubmatchIndex(s, -1) {
			add(m, wordsDate(s, m))
		}
	}
	for _, m := range lastOfIt.FindAllStringSubmatchIndex(s, -1) {
		if first := makeDate(part(s, m, 2), month(part(s, m, 1)), "1"); first != "" {
			next, _ := calendar.Duration{Value: 1, Unit: calendar.UnitMonth}.After(first)
			add(m, next.AddDays(-1))
		}
	}
	for _, m := range shortYear.FindAllStringSubmatchIndex(s, -1) {
		if part(s, m, 1) != "" {
			add(m, makeDate(part(s, m, 3), month(part(s, m, 2)), part(s, m, 1)))
			continue
		}
		add(m, makeDate(part(s, m, 6), month(part(s, m, 4)), part(s, m, 5)))
	}
	return found
}

// wordsDate makes the date of "seventh day of September, nineteen hundred ninety-nine".
func wordsDate(s string, m []int) calendar.Date {
	day, ok := ordinal(part(s, m, 1))
	if !ok {
		day = int64(atoi(strings.TrimRight(part(s, m, 1), "stndrhSTNDRH")))
	}
	year := part(s, m, 4)
	if words := part(s, m, 5); words != "" {
		n, ok := Number(strings.Replace(strings.ToLower(words), "nineteen hundred", "one thousand nine hundred", 1))
		if !ok {
			return ""
		}
		year = strconv.FormatInt(n, 10)
	}
	return makeDate(year, month(part(s, m, 3)), strconv.FormatInt(day, 10))
}

func numberDates(s string) []Date {
	var found []Date
	for _, pattern := range []*expression.Expression{iso, cjk} {
		for _, m := range pattern.FindAllStringSubmatchIndex(s, -1) {
			if d := makeDate(part(s, m, 1), atoi(part(s, m, 2)), part(s, m, 3)); d != "" {
				found = append(found, Date{Span: Span{m[0], m[1]}, Date: d})
			}
		}
	}
	for _, m := range numeric.FindAllStringSubmatchIndex(s, -1) {
		if d, ok := numericDate(s, m); ok {
			found = append(found, d)
		}
	}
	return found
}

func blankDates(s string) []Date {
	var found []Date
	for _, m := range blankDate.FindAllStringIndex(s, -1) {
		found = append(found, Date{Span: Span{m[0], m[1]}, Blank: true})
	}
	return found
}

// disjoint puts dates in order and keeps the longest of those that begin together.
func disjoint(found []Date) []Date {
	sort.SliceStable(found, func(i, j int) bool {
		if found[i].Start != found[j].Start {
			return found[i].Start < found[j].Start
		}
		return found[i].End > found[j].End
	})
	kept := found[:0]
	end := -1
	for _, d := range found {
		if d.Start < end {
			continue
		}
		kept, end = append(kept, d), d.End
	}
	return kept
}

// numericDate reads 03/01/2026. Dots are the European order (1.4.2011 is 1 April); with slashes and hyphens either
// order is used, so two small different numbers leave two readings.
func numericDate(s string, m []int) (Date, bool) {
	d := Date{Span: Span{m[0], m[1]}}
	if part(s, m, 2) != part(s, m, 4) || (m[0] > 0 && strings.ContainsRune("./-$", rune(s[m[0]-1]))) {
		return d, false
	}
	a, b, year := part(s, m, 1), part(s, m, 3), part(s, m, 5)
	if part(s, m, 2) == "." && len(year) == 2 {
		return d, false // a section number, not a date
	}
	monthDay, dayMonth := makeDate(year, atoi(a), b), makeDate(year, atoi(b), a)
	switch {
	case monthDay == "" && dayMonth == "":
		return d, false
	case monthDay == dayMonth || dayMonth == "":
		d.Date = monthDay
	case monthDay == "" || part(s, m, 2) == ".":
		d.Date = dayMonth
	default:
		d.Readings = []calendar.Date{monthDay, dayMonth}
	}
	return d, true
}

func makeDate(year string, month int, day string) calendar.Date {
	y := atoi(strings.ReplaceAll(year, " ", ""))
	if y < 100 && len(year) == 2 {
		y += 2000
		if y >= 2070 {
			y -= 100
		}
	}
	if y < 1900 || y > 2199 || month < 1 || month > 12 {
		return ""
	}
	return calendar.DateOf(y, time.Month(month), atoi(day))
}

func month(name string) int {
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	if len(name) < 3 {
		return 0
	}
	i := strings.Index(names, strings.ToLower(name[:3]))
	if i < 0 || i%3 != 0 {
		return 0
	}
	return i/3 + 1
}

func part(s string, m []int, i int) string {
	if 2*i+1 >= len(m) || m[2*i] < 0 {
		return ""
	}
	return s[m[2*i]:m[2*i+1]]
}

// atoi reads a short number; anything else is -1.
func atoi(s string) int {
	if len(s) > 9 {
		return -1
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// Order tells in which order the numbers of a date stand, where they tell: 'm' for the month first (5/31/2024), 'd' for the
// day (31/5/2024), 0 where either may be or the date is not written in numbers.
func (d Date) Order(s string) byte {
	if d.Date == "" || d.Start < 0 || d.End > len(s) {
		return 0
	}
	m := numeric.FindStringSubmatch(s[d.Start:d.End])
	if m == nil || m[2] == "." {
		return 0
	}
	switch a, b := atoi(m[1]), atoi(m[3]); {
	case a > 12 && b <= 12:
		return 'd'
	case b > 12 && a <= 12:
		return 'm'
	}
	return 0
}

// AmericanAddress finds a state and its postal code, as letters in the United States are addressed: "Portland, ME 04101". A contract
// between such addresses writes the month first.
func AmericanAddress(s string) (Span, bool) {
	m := americanAddress.FindStringIndex(s)
	if m == nil {
		return Span{}, false
	}
	return Span{m[0], m[1]}, true
}

var americanAddress = expression.MustCompile(`\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|Alabama|Arizona|California|Colorado|Connecticut|Delaware|Florida|Georgia|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maryland|Massachusetts|Michigan|Minnesota|Missouri|Nevada|New Hampshire|New Jersey|New York|North Carolina|Ohio|Oklahoma|Oregon|Pennsylvania|South Carolina|Tennessee|Texas|Utah|Virginia|Washington|Wisconsin),? \d{5}(?:-\d{4})?\b`)
