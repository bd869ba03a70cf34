package tesseract

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

var errTSV = errors.New("tesseract answered in a form that is not known")

const (
	columns  = 12
	wordRow  = "5" // level
	maxWords = 20_000
)

// parse reads the TSV table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
func parse(out []byte) ([]document.SeenWord, error) {
	header, rest, _ := bytes.Cut(out, []byte("\n"))
	if !bytes.HasPrefix(header, []byte("level\t")) {
		return nil, errTSV
	}
	var words []document.SeenWord
	line, last := 0, ""
	for len(rest) > 0 {
		var row []byte
		row, rest, _ = bytes.Cut(rest, []byte("\n"))
		fields := strings.SplitN(strings.TrimRight(string(row), "\r"), "\t", columns)
		if len(fields) < columns || fields[0] != wordRow {
			continue
		}
		text := strings.TrimSpace(fields[11])
		if text == "" || !utf8.ValidString(text) {
			continue
		}
		var n [4]int
		for i := range n {
			v, err := strconv.Atoi(fields[6+i])
			if err != nil || v < 0 || v > 1<<20 {
				return nil, errTSV
			}
			n[i] = v
		}
		confidence, err := strconv.ParseFloat(fields[10], 64)
		if err != nil || !(confidence >= -1 && confidence <= 100.5) {
			return nil, errTSV
		}
		if at := strings.Join(fields[1:5], "."); at != last {
			line, last = line+1, at
		}
		words = append(words, document.SeenWord{
			Text: text, Confidence: max(0, min(1, confidence/100)), Line: line,
			Box: pact.Box{Left: float64(n[0]), Top: float64(n[1]), Right: float64(n[0] + n[2]), Bottom: float64(n[1] + n[3])},
		})
		if len(words) > maxWords {
			return nil, errTSV
		}
	}
	return words, nil
}
