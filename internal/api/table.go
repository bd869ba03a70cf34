package api

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"mime"
	"regexp"
	"strings"
)

// number is what a cell may begin with a sign for.
var number = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

// harmless keeps a spreadsheet from taking a text for a formula: what a customer is called must never run anything on the machine of
// who opens the file.
func harmless(cell string) string {
	if strings.IndexAny(cell, "=+-@\t\r\n") == 0 && !number.MatchString(cell) {
		return "'" + cell
	}
	return cell
}

// csvFile is a table as a download. It begins with the mark by which spreadsheets know UTF-8.
func csvFile(name string, head []string, rows [][]string) (*fileAnswer, error) {
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write(head); err != nil {
		return nil, fmt.Errorf("writing %s: %w", name, err)
	}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = harmless(c)
		}
		if err := w.Write(cells); err != nil {
			return nil, fmt.Errorf("writing %s: %w", name, err)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, fmt.Errorf("writing %s: %w", name, err)
	}
	return download(name, "text/csv; charset=utf-8", b.Bytes()), nil
}

func download(name, mediaType string, body []byte) *fileAnswer {
	return &fileAnswer{ContentType: mediaType, CSP: "sandbox; default-src 'none'", Body: body, ContentDisposition: mime.FormatMediaType("attachment", map[string]string{"filename": name})}
}
