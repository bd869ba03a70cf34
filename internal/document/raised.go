package document

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var raisedDigits = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// price is a whole amount behind its sign, whose two raised digits are cents: $19 with a small 95.
var price = regexp.MustCompile(`[$€£][0-9]{1,4}$`)

// Raised is text as it is shown above the line, behind the words before it. A mark of a note after a figure must not become one of
// its digits: "USD 5" with a small 1 is no USD 51, and 10 with a small 6 is no 106. Other words stay as they are, and so do digits
// that are no mark of the letter or digit before them: "$1,250." with a small 50, "term is " with a small 24.
func Raised(before, text string) string {
	digits := strings.TrimRightFunc(text, unicode.IsSpace)
	if digits == "" || len(digits) > 3 || strings.Trim(digits, "0123456789") != "" {
		return text
	}
	if last, _ := utf8.DecodeLastRuneInString(before); !unicode.IsLetter(last) && !unicode.IsNumber(last) {
		return text
	}
	if len(digits) == 2 && price.MatchString(before[max(0, len(before)-8):]) {
		return "." + text
	}
	return raisedDigits.Replace(text)
}
