package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document/formats"
)

var update = flag.Bool("update", false, "write the example of docs/reference/extraction.md anew; read the difference in review")

// The page of the form ends with a complete example. It is what this binary prints of the text that stands above it.
func TestTheExampleOfThePageIsWhatIsPrinted(t *testing.T) {
	t.Parallel()
	const page = "../../docs/reference/extraction.md"
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(raw), "```text\n")
	text, rest, also := strings.Cut(rest, "```\n")
	between, rest, begins := strings.Cut(rest, "```json\n")
	example, after, ends := strings.Cut(rest, "```")
	if !found || !also || !begins || !ends {
		t.Fatal("the page has no text with what is printed of it")
	}
	parser := everyReader(formats.All(formats.Config{CacheDir: filepath.Join(os.TempDir(), "pactloop-test-cache"), Engine: typist{}}))
	report, err := reading(t, parser).extract(t.Context(), "hosting.txt", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	report.Presence = report.Presence[:3] // as the page says
	var printed bytes.Buffer
	if err := printJSON(&printed, report); err != nil {
		t.Fatal(err)
	}
	got := byLine(t, printed.Bytes(), 2) + "\n"
	if got == example {
		return
	}
	if !*update {
		t.Fatalf("the example of %s is not what is printed; after a look: go test ./cmd/pactloop -run TestTheExample -update\n%s", page, got)
	}
	if err := os.WriteFile(page, []byte(before+"```text\n"+text+"```\n"+between+"```json\n"+got+"```"+after), 0o644); err != nil { //nolint:gosec // a page of the documentation is for all to read
		t.Fatal(err)
	}
}

// byLine sets an object with a member on a line, and lists in it with an element on a line, to a depth of objects.
func byLine(t *testing.T, raw []byte, depth int) string {
	t.Helper()
	indent := strings.Repeat("  ", 3-depth)
	d := json.NewDecoder(bytes.NewReader(raw))
	opening, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	var members []string
	lists := false
	for d.More() {
		name := ""
		if opening == json.Delim('{') {
			key, err := d.Token()
			if err != nil {
				t.Fatal(err)
			}
			name = `"` + key.(string) + `": `
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			t.Fatal(err)
		}
		lists = lists || value[0] == '{' || name != ""
		switch {
		case name != "" && value[0] == '{' && depth > 1:
			members = append(members, name+byLine(t, value, depth-1))
		case name != "" && value[0] == '[':
			members = append(members, name+strings.ReplaceAll(byLine(t, value, depth), "\n", "\n  "))
		default:
			members = append(members, name+spaced(t, value))
		}
	}
	left, right := "{", "}"
	if opening == json.Delim('[') {
		left, right = "[", "]"
	}
	if !lists {
		return left + strings.Join(members, ", ") + right
	}
	return left + "\n" + indent + strings.Join(members, ",\n"+indent) + "\n" + indent[2:] + right
}

// spaced is JSON on one line with a space after each colon and comma.
func spaced(t *testing.T, raw []byte) string {
	t.Helper()
	var line bytes.Buffer
	if err := json.Compact(&line, raw); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	quoted, escaped := false, false
	for _, c := range line.Bytes() {
		out.WriteByte(c)
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ':' || c == ','):
			out.WriteByte(' ')
		}
	}
	return out.String()
}
