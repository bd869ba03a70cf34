package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// line is one line of an export: an entry, or at the end the head.
type line struct {
	Record
	Head *Head `json:"head,omitempty"`
}

// maxLine bounds one exported entry; a longer line is no export of ours.
const maxLine = 64 << 20

// Export writes entries and then the head as JSON lines.
func Export(w io.Writer, entries iter.Seq2[Record, error], head func() (*Head, error)) error {
	out := bufio.NewWriter(w)
	for r, err := range entries {
		if err != nil {
			return fmt.Errorf("reading the trail: %w", err)
		}
		if err := writeLine(out, r); err != nil {
			return err
		}
	}
	h, err := head()
	if err != nil {
		return fmt.Errorf("reading the head: %w", err)
	}
	if h != nil {
		if err := writeLine(out, map[string]*Head{"head": h}); err != nil {
			return err
		}
	}
	return out.Flush()
}

func writeLine(w io.Writer, v any) error {
	b, err := encode(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// VerifyLines verifies an export.
func (k Key) VerifyLines(r io.Reader, checkpoints ...Head) (Report, error) {
	var head *Head
	entries := func(yield func(Record, error) bool) {
		in := bufio.NewScanner(r)
		in.Buffer(make([]byte, 0, 64<<10), maxLine)
		for n := 1; in.Scan(); n++ {
			if len(bytes.TrimSpace(in.Bytes())) == 0 {
				continue
			}
			l, err := readLine(in.Bytes())
			if err != nil {
				yield(Record{}, fmt.Errorf("line %d: %w", n, err))
				return
			}
			if l.Head != nil {
				head = l.Head
				continue
			}
			if !yield(l.Record, nil) {
				return
			}
		}
		if err := in.Err(); err != nil {
			yield(Record{}, err)
		}
	}
	return k.Verify(entries, func() (*Head, error) { return head, nil }, checkpoints...)
}

func readLine(b []byte) (line, error) {
	var l line
	if err := json.Unmarshal(b, &l); err != nil {
		return l, fmt.Errorf("no entry of an export: %w", err)
	}
	if l.Head == nil && l.ID == "" {
		return l, errors.New("no entry of an export")
	}
	// A tool may have put spaces between members; the content is what counts.
	for _, part := range []*json.RawMessage{&l.Changes, &l.Notes, &l.ContractIDs} {
		var b bytes.Buffer
		if len(*part) > 0 && json.Compact(&b, *part) == nil {
			*part = b.Bytes()
		}
	}
	return l, nil
}
