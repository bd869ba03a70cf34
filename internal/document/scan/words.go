package scan

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/pact"
)

// Engines give boxes around ink: "a" is lower than "b", and a dash has hardly any height. The layout, and the eye, want boxes
// as high as the font. These shares of the height of a capital are those of common fonts.
const (
	above = 1.3 // from the baseline to the top of the box
	under = 0.3 // from the baseline to its bottom
	small = 1.4 // a capital is so much higher than an x
)

const descending = "gjpqyQ,;()[]{}|@$/§_"

// measured is what the words of a line say about it, in points of the picture.
type measured struct{ base, capital float64 }

func measure(words []document.SeenWord, usual float64) measured {
	var bases, capitals, lows []float64
	for _, w := range words {
		if !strings.ContainsAny(w.Text, descending) && strings.ContainsFunc(w.Text, alphanumeric) {
			bases = append(bases, w.Box.Bottom)
		}
	}
	m := measured{capital: usual}
	if len(bases) > 0 {
		m.base = middle(bases)
	} else {
		for _, w := range words {
			lows = append(lows, w.Box.Bottom)
		}
		m.base = middle(lows) - 0.25*usual
	}
	for _, w := range words {
		h := m.base - w.Box.Top
		switch {
		case h <= 0:
		case strings.ContainsFunc(w.Text, tall):
			capitals = append(capitals, h)
		case strings.ContainsFunc(w.Text, unicode.IsLetter):
			capitals = append(capitals, h*small)
		}
	}
	if len(capitals) > 0 {
		m.capital = middle(capitals)
	}
	return m
}

func middle(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

func alphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func tall(r rune) bool {
	return unicode.IsUpper(r) || unicode.IsDigit(r) || strings.ContainsRune("bdfhklt", r)
}

// usualCapital is the height of a capital on most of the page.
func usualCapital(words []document.SeenWord, dpi int) float64 {
	var v []float64
	for _, w := range words {
		if len(w.Text) > 1 && strings.ContainsFunc(w.Text, tall) && !strings.ContainsAny(w.Text, descending) {
			v = append(v, w.Box.Bottom-w.Box.Top)
		}
	}
	if len(v) == 0 {
		return 8.0 / 72 * float64(dpi)
	}
	return middle(v)
}

// pageWords makes words of the layout of what an engine saw; boxes become points of the page.
func pageWords(seen []document.SeenWord, dpi int) []layout.Word {
	scale := 72 / float64(dpi)
	usual := usualCapital(seen, dpi)
	var out []layout.Word
	for _, line := range byLine(seen) {
		m := measure(line, usual)
		for i, w := range line {
			text := smallL(capitalI(unspeckled(strings.TrimSpace(w.Text), line, i)))
			if noise(text, w.Confidence) {
				continue
			}
			lw := layout.Word{Text: text, Confidence: max(0.01, min(1, w.Confidence)), Box: layout.Rounded(pact.Box{
				Left: w.Box.Left * scale, Right: w.Box.Right * scale, Top: (m.base - above*m.capital) * scale, Bottom: (m.base + under*m.capital) * scale,
			})}
			if head, ok := strings.CutSuffix(text, "-"); ok && i == len(line)-1 && len(head) > 1 {
				if r, _ := utf8.DecodeLastRuneInString(head); unicode.IsLetter(r) {
					lw.Text, lw.Hyphen = head, true
				}
			}
			out = append(out, lw)
		}
	}
	return out
}

// byLine keeps the order of the lines.
func byLine(seen []document.SeenWord) [][]document.SeenWord {
	var out [][]document.SeenWord
	for i, w := range seen {
		if i == 0 || w.Line != seen[i-1].Line {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], w)
	}
	return out
}

// A small l and a capital I look alike in many fonts, and recognition prefers the l. No word of the languages contracts are
// written in begins with "ln", "lt", "ls" … but for a few abbreviations; "Iowa" is a word of its own.
var lookalike = regexp.MustCompile(`^([("“'\[]*)l([bcdfghkmnprstvwx][a-z]*|owa\b|daho\b|llinois\b|reland\b|srael\b)`)

// capitalI puts the capital back.
func capitalI(text string) string {
	m := lookalike.FindStringSubmatchIndex(text)
	if m == nil {
		return text
	}
	switch strings.ToLower(strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })) {
	case "lb", "lbs", "lt", "ltd", "lp", "ltda", "lc", "lf", "lm", "ln":
		if rest := text[m[4]:m[5]]; rest != "f" && rest != "n" && rest != "t" { // "If", "In", "It" are far more common
			return text
		}
	}
	return text[:m[3]] + "I" + text[m[3]+1:]
}

// withL are the words that duties hang on, by what a poor copy makes of them. None of these spellings is a word.
var withL = map[string]string{"shail": "shall", "shali": "shall", "shaii": "shall", "wiil": "will", "wili": "will", "untii": "until"}

// smallL puts a small l back that was taken for an i.
func smallL(text string) string {
	word := strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	if right, ok := withL[strings.ToLower(word)]; ok {
		return strings.Replace(text, word[1:], right[1:], 1)
	}
	return text
}

// unspeckled takes off a single opening quotation mark before a capital at the beginning of a line, or behind the number
// there, that nothing in the line closes: a speck. A sentence that seems quoted is not read as what the contract says.
func unspeckled(text string, line []document.SeenWord, i int) string {
	rest, ok := strings.CutPrefix(text, "‘")
	first, _ := utf8.DecodeRuneInString(rest)
	if !ok || !unicode.IsUpper(first) || i > 1 || i == 1 && !strings.ContainsFunc(line[0].Text, unicode.IsDigit) {
		return text
	}
	for _, w := range line[i:] {
		if strings.ContainsAny(w.Text, "’'") {
			return text
		}
	}
	return rest
}

// noise tells whether a word is what engines see in stains, stamps and lines.
func noise(text string, confidence float64) bool {
	if text == "" || !utf8.ValidString(text) || utf8.RuneCountInString(text) > 200 {
		return true
	}
	if strings.Trim(text, "|_~—-=.'`‘’\"°»«:;,*") == "" {
		return confidence < 0.6 || strings.Trim(text, "|~`_=") == "" && len(text) < 3
	}
	return !strings.ContainsFunc(text, alphanumeric) && confidence < 0.4 || confidence < 0.12
}

// quality says how well the picture was read: the mean confidence by letters, and how many letters there are.
func quality(words []document.SeenWord) (mean float64, letters int) {
	sum := 0.0
	for _, w := range words {
		n := 0
		for _, r := range w.Text {
			if alphanumeric(r) {
				n++
			}
		}
		letters += n
		sum += float64(n) * w.Confidence
	}
	if letters == 0 {
		return 0, 0
	}
	return sum / float64(letters), letters
}
