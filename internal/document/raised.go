package document

import "strings"

var raisedDigits = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// Raised is text as it is shown above the line. A mark of a note after a figure must not become one of its digits: "USD 5" with
// a small 1 is no USD 51, and 10 with a small 6 is no 106. Other words stay as they are.
func Raised(text string) string {
	if trimmed := strings.TrimSpace(text); trimmed == "" || len(trimmed) > 3 || strings.Trim(trimmed, "0123456789") != "" {
		return text
	}
	return raisedDigits.Replace(text)
}
