package plain

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

func utf16Text(file []byte, e encoding.Encoding) (string, error) {
	out, err := e.NewDecoder().Bytes(file)
	if err != nil {
		return "", document.Failed(pact.DocumentDamaged, "The text file's letters can not be told. Save it as UTF-8 and upload that.")
	}
	return strings.ToValidUTF8(string(out), "\ufffd"), nil
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
