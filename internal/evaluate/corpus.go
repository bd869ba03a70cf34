package evaluate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document"
)

type cuadContract struct {
	Title  string            `json:"title"`
	File   string            `json:"file"`
	Fold   int               `json:"fold"`
	Text   string            `json:"text"`
	Values map[string]string `json:"values"`
}

type kleisterContract struct {
	PDF      string      `json:"pdf"`
	Text     string      `json:"text"`
	Expected [][2]string `json:"expected"`
}

// lines reads name.jsonl or name.jsonl.xz of a folder, line by line.
func lines(folder, name string, each func(line []byte) error) error {
	data, err := os.ReadFile(filepath.Join(folder, name))
	if errors.Is(err, fs.ErrNotExist) {
		data, err = unpack(filepath.Join(folder, name+".xz"))
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	s := bufio.NewScanner(bytes.NewReader(data))
	s.Buffer(make([]byte, 1<<20), 64<<20)
	for s.Scan() {
		if len(bytes.TrimSpace(s.Bytes())) == 0 {
			continue
		}
		if err := each(s.Bytes()); err != nil {
			return err
		}
	}
	return s.Err()
}

// unpack runs xz: the standard library has no reader for it, and a module for two files of reference data is too much.
func unpack(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	cmd := exec.Command("xz", "-dc")
	cmd.Stdin = f
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("unpacking %s with the program xz: %w", filepath.Base(path), err)
	}
	return out, nil
}

func readJSON(line []byte, into any) error {
	if err := json.Unmarshal(line, into); err != nil {
		return fmt.Errorf("reading a contract: %w", err)
	}
	return nil
}

// PlainDocument makes a document of a text without layout. Paragraphs are told by blank lines; where there are none, by
// how lines begin and end.
func PlainDocument(text string) *document.Document {
	var b document.Builder
	prev := ""
	open := false
	for _, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" {
			open = false
			continue
		}
		if !open || startsBlock(prev, trimmed) {
			b.Start(document.Block{Kind: document.Paragraph})
			open = true
		} else {
			b.Space()
		}
		b.Write(trimmed)
		prev = trimmed
	}
	d := b.Document([]byte(text), "plain/eval")
	return d
}

// startsBlock tells whether a printed line begins a paragraph: the one before was short or ended a sentence, or this
// one begins with a number, a capital line, or a mark.
func startsBlock(prev, line string) bool {
	if utf8.RuneCountInString(prev) < 55 && !strings.HasSuffix(prev, ",") {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(prev)
	first, _ := utf8.DecodeRuneInString(line)
	ended := strings.ContainsRune(".:;", last)
	switch {
	case strings.ToUpper(line) == line && strings.ToUpper(prev) != prev && strings.IndexFunc(line, unicode.IsLetter) >= 0:
		return true
	case ended && (unicode.IsDigit(first) || first == '('):
		return true
	case ended && unicode.IsUpper(first) && utf8.RuneCountInString(prev) < 90:
		return true
	}
	return false
}
