package pdf

import (
	"bytes"
	"compress/zlib"
	"context"
	"io"
	"slices"
	"strconv"
)

// What a file may do to its letters is asked of PDFium for each object, which takes long where there are many. So the file is looked
// through once, with all that is packed in it: what is spoken of nowhere can not occur. Wherever that can not be told for sure (a
// ciphered file, a way of packing that is not undone here, a name that is masked) everything may occur, and PDFium is asked.

// traits are what may occur in a file.
type traits struct {
	layer   bool // forms that belong to layers
	pattern bool // areas filled with patterns
	mark    bool // marks that put text into a layer, or give other words for it, which are longer than a ligature
	clear   bool // text that is transparent, mixed with what lies behind it, or behind a mask
}

const (
	maxUnpacked      = 12 << 20 // bytes that are unpacked to look for marks and transparency
	maxObjectStreams = 32 << 20 // bytes of objects that are unpacked to look for patterns
)

func (l *library) traits(ctx context.Context, doc uint64, file []byte) (traits, error) {
	t := traits{layer: layeredForms(file), pattern: patterned(file)}
	revision, err := l.call(ctx, "FPDF_GetSecurityHandlerRevision", doc)
	if int32(revision) != -1 || !t.plain(file) { // -1: it is not ciphered
		t.mark, t.clear = true, true
	}
	return t, err
}

// plain notes the marks and the transparency that a file speaks of. It is false where that is not known.
func (t *traits) plain(file []byte) bool {
	tables, ok := tables(file)
	if !ok || !t.look(file) {
		return false
	}
	left := int64(maxUnpacked)
	var unpacked bytes.Buffer
	var in io.ReadCloser
	for at := 0; !t.mark || !t.clear; {
		i := bytes.Index(file[at:], []byte("stream"))
		if i < 0 {
			return true
		}
		at += i + len("stream")
		if at > len("stream") && regular(file[at-len("stream")-1]) || at < len(file) && regular(file[at]) {
			continue // a longer word, such as endstream
		}
		body := file[at:]
		switch {
		case bytes.HasPrefix(body, []byte("\r\n")):
			body = body[2:]
		case bytes.HasPrefix(body, []byte("\n")), bytes.HasPrefix(body, []byte("\r")):
			body = body[1:]
		default:
			return false
		}
		if !deflated(body) {
			continue // it stands in the file as it is
		}
		var err error
		if again, ok := in.(zlib.Resetter); ok {
			err = again.Reset(bytes.NewReader(body), nil)
		} else {
			in, err = zlib.NewReader(bytes.NewReader(body))
		}
		if err != nil {
			return false
		}
		unpacked.Reset()
		_, err = unpacked.ReadFrom(io.LimitReader(in, left))
		b := unpacked.Bytes()
		if left -= int64(len(b)); err != nil || left <= 0 || deflated(b) || bytes.Contains(b, []byte("/Predictor")) || !t.look(b) {
			return false
		}
		for _, columns := range tables {
			if !t.look(withoutRows(b, columns)) {
				return false
			}
		}
	}
	return true
}

// deflated tells whether bytes begin as those that are packed. Others are not unpacked by PDFium either.
func deflated(b []byte) bool {
	return len(b) > 2 && b[0]&0x8f == 8 && (int(b[0])<<8|int(b[1]))%31 == 0
}

// tables gives how wide the rows are of the tables of places in a file, which are stored as differences from row to row. It is false
// where something else may be stored so.
func tables(file []byte) (columns []int, ok bool) {
	const near = 300
	for at := 0; ; {
		i := bytes.Index(file[at:], []byte("/Predictor"))
		if i < 0 {
			return columns, true
		}
		at += i + 1
		around := file[max(0, at-near):min(len(file), at+near)]
		before, after, found := bytes.Cut(around, []byte("/Columns "))
		n := 0
		for _, c := range after {
			if c < '0' || c > '9' || n > 100 {
				break
			}
			n = 10*n + int(c-'0')
		}
		if !found || n < 1 || len(columns) > 3 || bytes.Contains(before, []byte("/Columns")) || bytes.Contains(after, []byte("/Columns")) ||
			!bytes.Contains(around, []byte("/XRef")) || bytes.IndexByte(around, '%') >= 0 && !bytes.Contains(around, []byte("%%EOF")) {
			return nil, false
		}
		columns = append(columns, n)
	}
}

// withoutRows undoes such differences; nothing where bytes are no such table.
func withoutRows(b []byte, columns int) []byte {
	if len(b)%(columns+1) != 0 {
		return nil
	}
	out, above := make([]byte, 0, len(b)), make([]byte, columns)
	for ; len(b) > 0; b = b[columns+1:] {
		for i, c := range b[1 : columns+1] {
			if b[0] == 2 {
				c += above[i]
			}
			above[i] = c
		}
		out = append(out, above...)
	}
	return out
}

// look notes what a piece of the file speaks of. It is false where that is not known.
func (t *traits) look(b []byte) bool {
	const longest = len("RunLengthDecode")
	for rest := b; ; {
		i := bytes.IndexByte(rest, '/')
		if i < 0 {
			return !masked(b)
		}
		rest = rest[i+1:]
		n := 0
		for n < len(rest) && n <= longest && regular(rest[n]) {
			n++
		}
		switch string(rest[:n]) {
		case "LZWDecode", "ASCII85Decode", "ASCIIHexDecode", "RunLengthDecode", "LZW", "A85", "AHx", "RL", "Crypt":
			return false
		case "OC":
			t.mark = true
		case "ActualText":
			t.mark = t.mark || !short(value(rest[n:]))
		case "ca":
			t.clear = t.clear || other(value(rest[n:]), "1", "1.0", "1.00")
		case "BM":
			t.clear = t.clear || other(value(rest[n:]), "/Normal", "/Compatible")
		case "SMask":
			t.clear = t.clear || other(value(rest[n:]), "/None")
		}
	}
}

const blanks = " \t\r\n\f\x00"

// value is where the value of a name begins.
func value(b []byte) []byte { return bytes.TrimLeft(b[:min(len(b), 64)], blanks) }

// other tells whether a value is none of the usual ones.
func other(b []byte, usual ...string) bool {
	n := 0
	for n < len(b) && (regular(b[n]) || n == 0 && b[n] == '/') {
		n++
	}
	after := bytes.TrimLeft(b[n:], blanks)
	if len(after) == 0 || after[0] != '/' && after[0] != '>' && !bytes.HasPrefix(after, []byte("endobj")) {
		return true
	}
	return !slices.Contains(usual, string(b[:n]))
}

// masked tells whether a name hides letters of itself behind their numbers: /O#43 is /OC.
func masked(b []byte) bool {
	for from := 0; ; {
		i := bytes.IndexByte(b[from:], '#')
		if i < 0 {
			return false
		}
		at := from + i
		from = at + 1
		if at+3 > len(b) {
			return false
		}
		if c, err := strconv.ParseUint(string(b[at+1:at+3]), 16, 8); err != nil || !plainLetter(byte(c)) {
			continue
		}
		k := at - 1
		for k >= 0 && at-k < 16 && plainLetter(b[k]) {
			k--
		}
		if k >= 0 && b[k] == '/' {
			return true
		}
	}
}

func plainLetter(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// short tells whether bytes begin with a string of a few letters, as a file gives them for a ligature or a hyphen.
func short(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	n, wide := 0, false
	switch b[0] {
	case '(':
		wide = bytes.HasPrefix(b, []byte("(\xfe\xff")) || bytes.HasPrefix(b, []byte(`(\376\377`))
		for b = b[1:]; len(b) > 0 && b[0] != ')'; n++ {
			switch {
			case b[0] == '(':
				return false
			case b[0] == '\\' && len(b) > 3 && octal(b[1]) && octal(b[2]) && octal(b[3]):
				b = b[4:]
			case b[0] == '\\':
				b = b[min(2, len(b)):]
			default:
				b = b[1:]
			}
		}
	case '<':
		end := bytes.IndexByte(b, '>')
		if end < 1 {
			return false
		}
		n, wide = (end-1)/2, bytes.HasPrefix(bytes.ToUpper(b[1:end]), []byte("FEFF"))
	default:
		return false
	}
	return len(b) > 0 && (n <= longReplace || wide && n <= 2+2*longReplace)
}

func octal(c byte) bool { return c >= '0' && c <= '7' }

// regular tells whether a byte can stand in a name.
func regular(c byte) bool {
	switch c {
	case 0, '\t', '\n', '\f', '\r', ' ', '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return false
	}
	return true
}

// layeredForms tells whether forms of the file may belong to layers. PDFium does not say so; but the head of a form stands in the
// file as it is, never in a compressed one.
func layeredForms(file []byte) bool {
	for rest := file; ; {
		i := bytes.IndexByte(rest, '/')
		if i < 0 || i+3 >= len(rest) {
			return false
		}
		rest = rest[i+1:]
		name := rest[:min(len(rest), 7)]
		if name[0] != 'O' && name[0] != '#' {
			continue
		}
		for _, c := range [][2]string{{"#4F", "O"}, {"#4f", "O"}, {"#43", "C"}} {
			name = bytes.Replace(name, []byte(c[0]), []byte(c[1]), 1)
		}
		if len(name) > 2 && name[0] == 'O' && name[1] == 'C' && bytes.IndexByte([]byte(" \t\r\n\f\x00<"), name[2]) >= 0 {
			return true
		}
	}
}

// patterned tells whether areas of the file may be filled with patterns. PDFium gives those the colour white.
func patterned(file []byte) bool {
	mark := []byte("/PatternType")
	if bytes.Contains(file, mark) {
		return true
	}
	left := int64(maxObjectStreams)
	for rest := file; ; {
		i := bytes.Index(rest, []byte("/ObjStm"))
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
		at := bytes.Index(rest[:min(len(rest), 4096)], []byte("stream"))
		if at < 0 {
			continue
		}
		body := rest[at+len("stream"):]
		for range 2 {
			if len(body) > 0 && (body[0] == '\r' || body[0] == '\n') {
				body = body[1:]
			}
		}
		in, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			return true // packed or ciphered in another way
		}
		b, err := io.ReadAll(io.LimitReader(in, left))
		if left -= int64(len(b)); bytes.Contains(b, mark) || err != nil || left <= 0 {
			return true
		}
	}
}
