package dossier

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

//go:embed fonts/*.ttf.gz
var fonts embed.FS

// face is a font of the file. The fallback has the scripts that the others lack; it has no bold.
type face struct {
	name, style string
	ttf         []byte
	glyphs      *sfnt.Font
}

// faces are read once; they are never changed.
var faces = sync.OnceValues(func() (map[string]face, error) {
	out := map[string]face{}
	for _, f := range []struct{ key, name, style, file string }{
		{"plain", "text", "", "DejaVuSans"}, {"bold", "text", "B", "DejaVuSans-Bold"}, {"other", "other", "", "DroidSansFallback"},
	} {
		packed, err := fonts.ReadFile("fonts/" + f.file + ".ttf.gz")
		if err != nil {
			return nil, fmt.Errorf("reading the font %s: %w", f.file, err)
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil, fmt.Errorf("unpacking the font %s: %w", f.file, err)
		}
		ttf, err := io.ReadAll(r)
		if err != nil {
			return nil, fmt.Errorf("unpacking the font %s: %w", f.file, err)
		}
		glyphs, err := sfnt.Parse(ttf)
		if err != nil {
			return nil, fmt.Errorf("reading the font %s: %w", f.file, err)
		}
		out[f.key] = face{f.name, f.style, ttf, glyphs}
	}
	return out, nil
})

// Measures in millimetres and points.
const (
	left, top, width = 18.0, 18.0, 174.0 // of an A4 page
	bottom           = 275.0
	size, small      = 9.5, 8.0
	lineHeight       = 5.0
	smallHeight      = 4.2
)

// sheet sets text on pages.
type sheet struct {
	pdf   *fpdf.Fpdf
	faces map[string]face
	used  map[string]bool
	y     float64
	foot  string
	pages int // of the whole; 0 while they are counted
	buf   sfnt.Buffer
}

func newSheet(foot, title string, at time.Time, pages int) (*sheet, error) {
	all, err := faces()
	if err != nil {
		return nil, err
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.SetProducer("Pactloop", true)
	pdf.SetTitle(title, true)
	pdf.SetSubject(foot, true)
	pdf.SetLang("en")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(left, top, left)
	s := &sheet{pdf: pdf, faces: all, used: map[string]bool{}, foot: foot, pages: pages}
	s.page()
	return s, nil
}

func (s *sheet) page() {
	s.pdf.AddPage()
	s.y = top
	s.pdf.SetTextColor(90, 90, 90)
	s.draw(s.split(s.foot, "plain"), small, left, 286)
	s.draw(s.split(fmt.Sprintf("Page %d of %d", s.pdf.PageNo(), s.pages), "plain"), small, left+width-26, 286)
	s.pdf.SetTextColor(20, 20, 20)
}

// room starts a new page where less than this is left.
func (s *sheet) room(height float64) {
	if s.y+height > bottom {
		s.page()
	}
}

func (s *sheet) title(text string) { s.paragraph(text, "bold", 15, left, width, 7); s.y += 2 }

func (s *sheet) heading(text string) {
	s.room(34) // with the first lines under it
	s.y += 5
	s.paragraph(text, "bold", 11.5, left, width, 6)
	s.pdf.SetDrawColor(190, 190, 190)
	s.pdf.Line(left, s.y-3.6, left+width, s.y-3.6)
	s.y += 1.5
}

func (s *sheet) text(text string) {
	if text != "" {
		s.paragraph(text, "plain", size, left, width, lineHeight)
		s.y++
	}
}

// strong is a line of its own above what belongs to it.
func (s *sheet) strong(text string) {
	s.room(3 * lineHeight)
	s.paragraph(text, "bold", size, left, width, lineHeight)
}

// quote is a passage with its number before it and a rule beside it on every page, and where it stands under it.
func (s *sheet) quote(number, text, source string) {
	s.y++
	s.room(3 * lineHeight)
	s.draw(s.split(number, "bold"), size, left, s.y)
	const inset = 13
	for _, line := range s.lines(text, "plain", size, width-inset) {
		s.room(lineHeight)
		s.pdf.SetDrawColor(59, 73, 189)
		s.pdf.SetLineWidth(0.7)
		s.pdf.Line(left+inset-2.5, s.y-3.7, left+inset-2.5, s.y-3.7+lineHeight)
		s.pdf.SetLineWidth(0.2)
		s.draw(line, size, left+inset, s.y)
		s.y += lineHeight
	}
	s.faint(source, left+inset, width-inset)
	s.y++
}

// faint is a small line about what stands above it.
func (s *sheet) faint(text string, x, wide float64) {
	if text == "" {
		return
	}
	for _, line := range s.lines(text, "plain", small, wide) {
		s.room(smallHeight)
		s.pdf.SetTextColor(90, 90, 90)
		s.draw(line, small, x, s.y)
		s.pdf.SetTextColor(20, 20, 20)
		s.y += smallHeight
	}
}

// facts are names with values; what is empty is left out.
func (s *sheet) facts(rows [][2]string) {
	for _, row := range rows {
		if row[1] == "" {
			continue
		}
		s.room(lineHeight)
		s.pdf.SetTextColor(90, 90, 90)
		lines := s.lines(row[0], "plain", size, 34)
		y := s.y
		s.draw(lines[0], size, left, y)
		s.pdf.SetTextColor(20, 20, 20)
		s.paragraph(row[1], "plain", size, left+36, width-36, lineHeight)
	}
	s.y++
}

// step is a numbered entry: its head, what it says, what comes of it, and what it rests on. It is kept on one page where it fits.
func (s *sheet) step(number, head, body, result, from string) {
	const inset = 11
	wide := width - inset
	height := lineHeight * float64(len(s.lines(head, "bold", size, wide)))
	for _, text := range []string{body, result} {
		if text != "" {
			height += lineHeight * float64(len(s.lines(text, "plain", size, wide)))
		}
	}
	if from != "" {
		height += smallHeight * float64(len(s.lines(from, "plain", small, wide)))
	}
	s.room(min(height, bottom-top))
	s.draw(s.split(number, "bold"), size, left, s.y)
	s.paragraph(head, "bold", size, left+inset, wide, lineHeight)
	for _, text := range []string{body, result} {
		if text != "" {
			s.paragraph(text, "plain", size, left+inset, wide, lineHeight)
		}
	}
	s.faint(from, left+inset, wide)
	s.y += 1.5
}

func (s *sheet) paragraph(text, key string, points, x, wide, height float64) {
	for _, line := range s.lines(text, key, points, wide) {
		s.room(height)
		s.draw(line, points, x, s.y)
		s.y += height
	}
}

// piece is a run of characters of one font.
type piece struct{ key, text string }

// split cuts a text into runs that one font has each. A character that none has is written as its number.
func (s *sheet) split(text, key string) []piece {
	var out []piece
	add := func(key, t string) {
		if n := len(out); n > 0 && out[n-1].key == key {
			out[n-1].text += t
			return
		}
		out = append(out, piece{key, t})
	}
	for _, r := range text {
		switch {
		case r == '\t' || unicode.Is(unicode.Zs, r):
			add(key, " ")
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r): // joiners and marks of direction have no shape
		case r > 0xffff:
			add(key, fmt.Sprintf("[U+%04X]", r)) // the writer of the file knows the basic plane only
		case s.has(key, r):
			add(key, string(r))
		case s.has("plain", r):
			add("plain", string(r))
		case s.has("other", r):
			add("other", string(r))
		default:
			add(key, fmt.Sprintf("[U+%04X]", r))
		}
	}
	return out
}

func (s *sheet) has(key string, r rune) bool {
	i, err := s.faces[key].glyphs.GlyphIndex(&s.buf, r)
	return err == nil && i != 0
}

// use selects a font, and takes it into the file when it is first needed: the fallback is large.
func (s *sheet) use(key string, points float64) {
	f := s.faces[key]
	if !s.used[key] {
		s.used[key] = true
		s.pdf.AddUTF8FontFromBytes(f.name, f.style, f.ttf)
	}
	s.pdf.SetFont(f.name, f.style, points)
}

func (s *sheet) wide(pieces []piece, points float64) float64 {
	sum := 0.0
	for _, p := range pieces {
		s.use(p.key, points)
		sum += s.pdf.GetStringWidth(p.text)
	}
	return sum
}

// lines breaks a text: between words, between characters of scripts that have no spaces, and inside what is longer than a line.
func (s *sheet) lines(text, key string, points, wide float64) [][]piece {
	var out [][]piece
	for raw := range strings.SplitSeq(norm.NFC.String(strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r", "")), "\n") {
		line, used := "", 0.0
		for _, word := range words(raw) {
			w := s.wide(s.split(word, key), points)
			if line != "" && used+s.wide(s.split(strings.TrimRight(word, " "), key), points) > wide {
				out = append(out, s.split(visual(line), key))
				line, used = "", 0
			}
			for w > wide { // a hash, or an address without a space
				cut, sum := 0, 0.0
				for i, r := range word {
					c := s.wide(s.split(string(r), key), points)
					if sum+c > wide && i > 0 {
						break
					}
					sum, cut = sum+c, i+len(string(r))
				}
				out = append(out, s.split(visual(word[:cut]), key))
				word = word[cut:]
				w = s.wide(s.split(word, key), points)
			}
			line += word
			used += w
		}
		out = append(out, s.split(visual(line), key))
	}
	return out
}

// words cuts after spaces, and around characters that are words by themselves.
func words(text string) []string {
	var out []string
	start := 0
	runes := []rune(text)
	for i, r := range runes {
		alone := unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
		if i > start && alone {
			out = append(out, string(runes[start:i]))
			start = i
		}
		if r == ' ' || alone {
			out = append(out, string(runes[start:i+1]))
			start = i + 1
		}
	}
	if start < len(runes) {
		out = append(out, string(runes[start:]))
	}
	return out
}

// visual puts a line with words that run from right to left into the order in which it is drawn.
func visual(line string) string {
	if strings.IndexFunc(line, func(r rune) bool {
		return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana)
	}) < 0 {
		return line
	}
	var p bidi.Paragraph
	if _, err := p.SetString(line); err != nil {
		return line
	}
	order, err := p.Order()
	if err != nil {
		return line
	}
	var out strings.Builder
	for i := range order.NumRuns() {
		run := order.Run(i)
		if run.Direction() == bidi.RightToLeft {
			out.WriteString(bidi.ReverseString(run.String()))
		} else {
			out.WriteString(run.String())
		}
	}
	return out.String()
}

func (s *sheet) draw(pieces []piece, points, x, y float64) {
	for _, p := range pieces {
		s.use(p.key, points)
		s.pdf.Text(x, y, p.text)
		x += s.pdf.GetStringWidth(p.text)
	}
}
