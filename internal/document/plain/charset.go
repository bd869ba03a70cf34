package plain

import (
	"bytes"
	"strings"
	unicodes "unicode"

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

// guessed finds the character set of bytes that are no UTF-8. Statistics over letters are good at telling scripts apart and
// poor at telling Western sets apart, so those are taken as Windows-1252, which holds the others but for a few signs.
func guessed(file []byte) encoding.Encoding {
	sample := file[:min(len(file), 64<<10)]
	results, err := chardet.NewTextDetector().DetectAll(sample)
	if err == nil {
		for _, r := range results {
			if r.Confidence < 30 {
				break
			}
			switch r.Charset {
			case "ISO-8859-1", "ISO-8859-2", "windows-1250", "windows-1252":
				return latin(sample)
			case "UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE": // marks and zeros were looked at before
				continue
			}
			if e, _ := charset.Lookup(strings.Replace(r.Charset, "GB-18030", "gb18030", 1)); e != nil && fits(e, sample) {
				return e
			}
		}
	}
	return latin(sample)
}

// latin tells Central European letters from Western ones: read in the wrong set, signs stand inside of words. Both sides
// have letters at most places, so Western wins where nothing speaks against it.
func latin(sample []byte) encoding.Encoding {
	var best encoding.Encoding = charmap.Windows1252
	least := signs(best, sample)
	for _, e := range []encoding.Encoding{charmap.Windows1250, charmap.ISO8859_2} {
		if n := signs(e, sample); n < least {
			best, least = e, n
		}
	}
	return best
}

// signs counts what is no letter and touches letters on its left, where neither white space nor punctuation would stand.
func signs(e encoding.Encoding, sample []byte) int {
	out, err := e.NewDecoder().Bytes(sample)
	if err != nil {
		return len(sample)
	}
	n := 0
	letter := false
	for _, r := range string(out) {
		if letter && r >= 0x80 && !unicodes.IsLetter(r) && !strings.ContainsRune("–—’”»…®™©°", r) {
			n++
		}
		letter = unicodes.IsLetter(r)
	}
	return n
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
