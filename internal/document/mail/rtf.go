package mail

import (
	"encoding/binary"
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode/utf16"

	"golang.org/x/net/html/charset"

	"github.com/pactloop/pactloop/internal/document/plain"
)

// Outlook keeps the words of many messages as RTF alone, packed in a way of its own ([MS-OXRTFCP]). It is either a web page in the
// clothes of RTF ([MS-OXRTFEX]), which is taken out as it was, or RTF that was typed, which becomes a small page: so what is hidden,
// white or tiny in it is found by the reader of pages.

// rtfBegins is known of every packed text: what it may refer to before it has said anything itself.
const rtfBegins = `{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0` + "\r\n" + `\par \pard\plain\f0\fs20\b\i\u\tab\tx`

const (
	maxGroups  = 1000 // in one another
	maxColours = 4096
	maxFonts   = 4096
)

// unpackRTF gives the RTF of a packed text; false where it is none.
func unpackRTF(b []byte) ([]byte, bool) {
	const packed, asItIs = 0x75465a4c, 0x414c454d
	if len(b) < 16 {
		return nil, false
	}
	kind, size := binary.LittleEndian.Uint32(b[8:]), int(min(binary.LittleEndian.Uint32(b[4:]), maxText))
	b = b[16:]
	if kind == asItIs {
		return b[:min(size, len(b))], true
	}
	if kind != packed {
		return nil, false
	}
	var window [4096]byte
	at := copy(window[:], rtfBegins)
	out := make([]byte, 0, min(size, 10*len(b)))
	put := func(c byte) {
		out = append(out, c)
		window[at] = c
		at = (at + 1) % len(window)
	}
	for len(b) > 0 && len(out) < size {
		flags := b[0]
		b = b[1:]
		for bit := 0; bit < 8 && len(b) > 0; bit++ {
			if flags>>bit&1 == 0 {
				put(b[0])
				b = b[1:]
				continue
			}
			if len(b) < 2 {
				return out, true
			}
			from, n := int(b[0])<<4|int(b[1])>>4, int(b[1]&15)+2
			b = b[2:]
			if from == at {
				return out, true
			}
			for range n {
				put(window[from])
				from = (from + 1) % len(window)
			}
		}
	}
	return out, true
}

// readRTF takes the words of a message from its packed RTF, where it has no page of its own.
func (m *message) readRTF(packed []byte) {
	rtf, ok := unpackRTF(packed)
	if !ok || !strings.HasPrefix(string(rtf[:min(len(rtf), 5)]), `{\rtf`) {
		m.unread = true
		return
	}
	head := string(rtf[:min(len(rtf), 400)])
	if strings.Contains(head, `\fromtext`) && strings.TrimSpace(m.text) != "" {
		return // the same words
	}
	w := rtfWriter{state: rtfState{uc: 1}, page: strings.Contains(head, `\fromhtml`), charset: "windows-1252", fonts: map[int]string{}}
	if !w.read(rtf) {
		m.unread = true
		return
	}
	m.html = w.out.String()
}

// rtfState is what a group inherits, and loses at its end.
type rtfState struct {
	destination          string // "" is the text
	star, begun          bool
	hidden, struck, bold bool
	clothes              bool // RTF around a page, which is no part of it
	inTable              bool
	uc, font, size       int
	colour, behind       int
}

type rtfWriter struct {
	out, open strings.Builder
	state     rtfState
	stack     []rtfState
	page      bool
	charset   string
	fonts     map[int]string
	colours   []string
	rgb       [3]int
	bytes     []byte   // letters in a set that is not told yet
	units     []uint16 // letters that were given by number
	skip      int      // letters that stand for those to a reader who does not know them
	cells     []string
	table     bool
}

// read walks the text once. It is false where groups lie in one another without end.
func (w *rtfWriter) read(b []byte) bool {
	for i := 0; i < len(b); {
		switch c := b[i]; c {
		case '{':
			w.flush()
			if len(w.stack) >= maxGroups {
				return false
			}
			w.stack = append(w.stack, w.state)
			w.state.begun, w.state.star = false, false
			w.skip = 0
			i++
		case '}':
			w.flush()
			if n := len(w.stack); n > 0 {
				w.state, w.stack = w.stack[n-1], w.stack[:n-1]
			}
			w.skip = 0
			i++
		case '\r', '\n':
			i++
		case '\\':
			i = w.control(b, i+1)
		default:
			w.letter(c)
			i++
		}
		if w.out.Len()+w.open.Len() > maxText {
			return false
		}
	}
	w.flush()
	if len(w.cells) > 0 {
		w.row()
	}
	if w.open.Len() > 0 {
		w.paragraph()
	}
	if w.table {
		w.out.WriteString("</table>")
	}
	return true
}

// letter takes a byte of the text.
func (w *rtfWriter) letter(c byte) {
	w.state.begun = true
	if w.skip > 0 {
		w.skip--
		return
	}
	if w.state.destination == "colortbl" && c == ';' {
		if len(w.colours) < maxColours {
			w.colours = append(w.colours, fmt.Sprintf("#%02x%02x%02x", w.rgb[0]&255, w.rgb[1]&255, w.rgb[2]&255))
		}
		w.rgb = [3]int{}
	}
	if len(w.units) > 0 {
		w.flush()
	}
	w.bytes = append(w.bytes, c)
}

// control reads what follows a backslash, and gives where it ends.
func (w *rtfWriter) control(b []byte, i int) int {
	if i >= len(b) {
		return i
	}
	if c := b[i]; c < 'a' || c > 'z' {
		switch c {
		case '\'':
			if i+3 <= len(b) {
				if n, err := strconv.ParseUint(string(b[i+1:i+3]), 16, 8); err == nil {
					w.letter(byte(n))
					return i + 3
				}
			}
		case '*':
			w.state.star = true
		case '\\', '{', '}':
			w.letter(c)
		case '~':
			w.text("\u00a0")
		case '_':
			w.text("-")
		case '\r', '\n':
			w.word("par", 0, false)
		}
		return i + 1
	}
	from := i
	for i < len(b) && b[i] >= 'a' && b[i] <= 'z' || i < len(b) && b[i] >= 'A' && b[i] <= 'Z' {
		i++
	}
	name := string(b[from:i])
	from = i
	if i < len(b) && b[i] == '-' {
		i++
	}
	for i < len(b) && i-from < 11 && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(string(b[from:i]))
	if i < len(b) && b[i] == ' ' {
		i++
	}
	if name == "bin" && err == nil && n > 0 {
		return i + min(n, len(b)-i)
	}
	w.word(name, n, err == nil)
	return i
}

// aside are the groups that are no text, beside those that begin with a star.
var aside = map[string]bool{
	"fonttbl": true, "colortbl": true, "stylesheet": true, "info": true, "pict": true, "nonshppict": true, "object": true, "objdata": true, "header": true, "footer": true, "headerl": true, "headerr": true, "footerl": true,
	"footerr": true, "fldinst": true, "listtable": true, "listoverridetable": true, "rsidtbl": true, "themedata": true, "colorschememapping": true, "datastore": true, "latentstyles": true, "annotation": true, "xe": true, "tc": true,
}

var setOfFont = map[int]uint32{128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250}

// word follows a control word.
func (w *rtfWriter) word(name string, n int, given bool) {
	s := &w.state
	if !s.begun {
		s.begun = true
		switch {
		case s.destination != "" && s.destination != "htmltag": // what is inside is no text either
		case name == "htmltag":
			w.flush()
			s.destination = name
			return
		case s.star:
			s.destination = "*" + name
			return
		case aside[name]:
			s.destination = name
			return
		}
	}
	on := !given || n != 0
	if sign, ok := rtfSigns[name]; ok {
		w.text(sign)
		return
	}
	switch name {
	case "u":
		if w.state.destination == "" || w.state.destination == "htmltag" {
			if len(w.bytes) > 0 {
				w.flush()
			}
			w.units = append(w.units, uint16(n)) //nolint:gosec // numbers beyond 32767 are written as negative ones
		}
		w.skip = s.uc
		return
	case "uc":
		s.uc = max(0, min(n, 16))
		return
	case "ansicpg":
		if label := labelOf(uint32(max(0, n))); label != "" { //nolint:gosec // not negative
			w.charset = label
		}
		return
	case "fcharset":
		if s.destination == "fonttbl" && len(w.fonts) < maxFonts {
			if page, ok := setOfFont[n]; ok {
				w.fonts[s.font] = labelOf(page)
			}
		}
		return
	case "red":
		w.rgb[0] = n
		return
	case "green":
		w.rgb[1] = n
		return
	case "blue":
		w.rgb[2] = n
		return
	}
	w.flush()
	switch name {
	case "htmlrtf":
		s.clothes = on
	case "f":
		s.font = n
	case "fs":
		s.size = n
	case "cf":
		s.colour = n
	case "highlight", "cb", "chcbpat":
		s.behind = n
	case "v":
		s.hidden = on
	case "strike", "striked":
		s.struck = on
	case "b":
		s.bold = on
	case "plain":
		s.hidden, s.struck, s.bold, s.size, s.colour, s.behind, s.font = false, false, false, 0, 0, 0, 0
	case "pard":
		s.inTable = false
	case "intbl":
		s.inTable = true
	case "par", "line", "sect", "page", "softline":
		w.lineEnd(name)
	case "cell", "nestcell":
		if w.shown() && !w.page {
			w.cells = append(w.cells, w.open.String())
			w.open.Reset()
		}
	case "row", "nestrow":
		if w.shown() && !w.page {
			w.row()
		}
	}
}

var rtfSigns = map[string]string{
	"tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002", "zwj": "\u200d", "zwnj": "\u200c",
}

// text takes a sign that stands for itself.
func (w *rtfWriter) text(sign string) {
	w.flush()
	w.state.begun = true
	w.write(sign)
}

// shown tells whether what is read is text of the message.
func (w *rtfWriter) shown() bool {
	return w.state.destination == "" && !w.state.clothes || w.state.destination == "htmltag" && w.page && !w.state.clothes
}

// flush decodes the letters that were gathered.
func (w *rtfWriter) flush() {
	if len(w.units) > 0 {
		s := string(utf16.Decode(w.units))
		w.units = w.units[:0]
		w.write(s)
	}
	if len(w.bytes) == 0 {
		return
	}
	b := w.bytes
	w.bytes = w.bytes[:0]
	if !w.shown() {
		return
	}
	label := w.fonts[w.state.font]
	if label == "" {
		label = w.charset
	}
	if e, _ := charset.Lookup(label); e != nil {
		if out, err := e.NewDecoder().Bytes(b); err == nil {
			w.write(string(out))
			return
		}
	}
	if out, err := plain.Decode(append([]byte(nil), b...), ""); err == nil {
		w.write(out)
	}
}

// write puts words into the page.
func (w *rtfWriter) write(words string) {
	if !w.shown() {
		return
	}
	s := w.state
	switch {
	case s.destination == "htmltag":
		w.out.WriteString(words)
		return
	case w.page:
		w.out.WriteString(html.EscapeString(words))
		return
	}
	style := ""
	if s.hidden {
		style += "display:none;"
	}
	if s.size > 0 && s.size <= 4 {
		style += "font-size:1pt;"
	}
	if s.colour > 0 && s.colour < len(w.colours) {
		style += "color:" + w.colours[s.colour] + ";"
	}
	if s.behind > 0 && s.behind < len(w.colours) {
		style += "background:" + w.colours[s.behind] + ";"
	}
	words = html.EscapeString(words)
	if s.struck {
		words = "<s>" + words + "</s>"
	}
	if s.bold {
		words = "<b>" + words + "</b>"
	}
	if style != "" {
		words = `<span style="` + style + `">` + words + "</span>"
	}
	w.open.WriteString(words)
}

func (w *rtfWriter) lineEnd(name string) {
	switch {
	case !w.shown():
	case w.page:
		w.out.WriteString("\r\n")
	case name == "line" || w.state.inTable || len(w.cells) > 0:
		w.open.WriteString("<br>")
	default:
		w.paragraph()
	}
}

func (w *rtfWriter) paragraph() {
	if w.table {
		w.table = false
		w.out.WriteString("</table>")
	}
	w.out.WriteString("<p>" + w.open.String() + "</p>\n")
	w.open.Reset()
}

func (w *rtfWriter) row() {
	if !w.table {
		w.table = true
		w.out.WriteString("<table>")
	}
	w.out.WriteString("<tr>")
	for _, c := range w.cells {
		w.out.WriteString("<td>" + c + "</td>")
	}
	w.out.WriteString("</tr>\n")
	w.cells = nil
}
