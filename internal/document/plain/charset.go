package plain

import (
	"bytes"
	"strings"
	unicodes "unicode"
	"unicode/utf8"

	"github.com/saintfish/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

func with(e encoding.Encoding, file []byte) (string, error) {
	out, err := e.NewDecoder().Bytes(file)
	if err != nil {
		return "", document.Failed(pact.DocumentDamaged, "The text file's letters can not be told. Save it as UTF-8 and upload that.")
	}
	return strings.ToValidUTF8(string(out), "\ufffd"), nil
}

// guessed finds the character set of bytes that are no UTF-8, and its name. Statistics over letters are good at telling scripts
// apart and poor at telling Western sets apart, so those are told by how signs and letters stand.
func guessed(file []byte) (encoding.Encoding, string) {
	sample := file[:min(len(file), 64<<10)]
	best, odd := latin(sample)
	if high(sample)*20 < len(sample) && odd == 0 { // a few letters and signs in a text of ASCII, and all stand as they should
		return best.e, best.name
	}
	results, err := chardet.NewTextDetector().DetectAll(sample)
	if err == nil {
		for _, r := range results {
			if r.Confidence < 30 {
				break
			}
			switch r.Charset {
			case "ISO-8859-1", "ISO-8859-2", "ISO-8859-9", "windows-1250", "windows-1252", "windows-1254":
				return best.e, best.name
			case "UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE": // marks and zeros were looked at before
				continue
			}
			if e, _ := charset.Lookup(strings.Replace(r.Charset, "GB-18030", "gb18030", 1)); e != nil && fits(e, sample) {
				return e, r.Charset
			}
		}
	}
	return best.e, best.name
}

// ebcdic tells whether bytes are a text as mainframes write it: in all their sets a space is the byte that is an at sign elsewhere,
// and letters and figures stand beyond ASCII.
func ebcdic(file []byte) bool {
	sample := file[:min(len(file), 64<<10)]
	spaces, letters := 0, 0
	for _, c := range sample {
		switch low := c & 0x0f; {
		case c == 0x20:
			return false // a control character there
		case c == 0x40:
			spaces++
		case c >= 0x81 && c <= 0xa9 && low >= 1 && low <= 9, c >= 0xc1 && c <= 0xe9 && low >= 1 && low <= 9, c >= 0xf0 && c <= 0xf9:
			letters++
		}
	}
	return len(sample) >= 40 && spaces*12 > len(sample) && (spaces+letters)*10 > 8*len(sample)
}

func high(sample []byte) int {
	n := 0
	for _, c := range sample {
		if c >= 0x80 {
			n++
		}
	}
	return n
}

// latinSet is a set of Latin letters.
type latinSet struct {
	e    encoding.Encoding
	name string
}

// latin picks among the sets of Latin letters. Each has letters at most places, so the usual one wins where nothing speaks
// against it, and otherwise the one in which the fewest letters and signs stand oddly; odd is how many do.
func latin(sample []byte) (best latinSet, odd int) {
	for i, s := range []latinSet{
		{charmap.Windows1252, "Windows-1252"}, {charmap.Windows1250, "Windows-1250"}, {charmap.ISO8859_2, "ISO-8859-2"}, {charmap.ISO8859_15, "ISO-8859-15"}, {charmap.Macintosh, "Mac Roman"}, {charmap.CodePage437, "code page 437"}, {charmap.CodePage850, "code page 850"},
	} {
		out, err := s.e.NewDecoder().Bytes(sample)
		if err != nil {
			continue
		}
		if n := oddities(string(out)); i == 0 || n < odd {
			best, odd = s, n
		}
	}
	return best, odd
}

// oddities counts what does not stand as it would in a text: read in the wrong set, capitals and signs stand inside of words,
// letters against figures, and signs of currencies away from them.
func oddities(text string) int {
	n := 0
	var before rune
	for i, r := range text {
		if r >= 0x80 {
			after, size := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
			if after == ' ' && unicodes.Is(unicodes.Sc, r) {
				after, _ = utf8.DecodeRuneInString(text[i+utf8.RuneLen(r)+size:])
			}
			n += oddity(before, r, after)
		}
		before = r
	}
	return n
}

func oddity(before, r, after rune) int {
	letter, digit := unicodes.IsLetter, unicodes.IsDigit
	inside := letter(before) && letter(after)
	count := func(odd bool) int {
		if odd {
			return 1
		}
		return 0
	}
	switch {
	case r == utf8.RuneError || r < 0xa0 || r == '¤':
		return 2
	case strings.ContainsRune("ªº", r):
		return count(!digit(before) && !letter(before) || letter(after))
	case letter(r) && unicodes.Is(unicodes.Latin, r):
		switch {
		case digit(before) || digit(after):
			return 1
		case !letter(before) && !letter(after):
			return count(!strings.ContainsRune("àáéèêíìóòôúyÀÁÉÈÍÓÚ", r))
		case unicodes.IsUpper(r):
			return count(unicodes.IsLower(before) || unicodes.IsUpper(before) && unicodes.IsLower(after))
		}
		return 0
	case strings.ContainsRune("“‘„‚«‹¿¡", r):
		return count(letter(before) || digit(before))
	case strings.ContainsRune("”»›", r):
		return count(inside)
	case strings.ContainsRune("’–—…®™©°·•§¶½¼¾²³±×÷†‡\u00a0\u00ad", r):
		return count(inside && !strings.ContainsRune("’–—\u00ad\u00a0", r) || letter(before) && strings.ContainsRune("½¼¾²³±×÷", r))
	case strings.ContainsRune("€£¥", r):
		return count(!digit(before) && !digit(after))
	case r == '¢':
		return count(!digit(before))
	}
	return 1 // boxes, arrows, marks without a letter
}

// fits tells whether the bytes are letters in a set: hardly any that it does not have.
func fits(e encoding.Encoding, sample []byte) bool {
	out, err := e.NewDecoder().Bytes(sample)
	return err == nil && bytes.Count(out, []byte("\ufffd"))*200 <= len(sample)
}

// escaped recognises ISO-2022-JP by the signs with which it changes alphabets.
func escaped(file []byte) bool {
	head := file[:min(len(file), 64<<10)]
	return bytes.Contains(head, []byte("\x1b$B")) || bytes.Contains(head, []byte("\x1b$@"))
}

// utf16Unmarked recognises UTF-16 without a byte order mark: Latin text has a zero in every second byte.
func utf16Unmarked(file []byte) encoding.Encoding {
	n := min(len(file), 4096) &^ 1
	if n < 8 || len(file)%2 != 0 {
		return nil
	}
	var even, odd int
	for i := 0; i < n; i += 2 {
		if file[i] == 0 {
			even++
		}
		if file[i+1] == 0 {
			odd++
		}
	}
	half := n / 2
	switch {
	case odd > half*7/10 && even < half/10:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case even > half*7/10 && odd < half/10:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// binary tells whether the bytes are no text: zero bytes, or many control characters.
func binary(file []byte) bool {
	odd := 0
	for _, c := range file {
		switch {
		case c == 0:
			return true
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b && c != 0x1a:
			odd++
		}
	}
	return odd*100 > len(file)
}
