package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// field is a labelled line of a signature block, with its stretch of the block's text.
type field struct {
	kind     string
	from, to int // of the whole, label included
	value    string
}

// signer collects signatures. A column of a table is read by itself; two signatures side by side on one line are told apart
// by their order.
type signer struct {
	d     *Document
	lines []string
	open  map[int][]int // column -> indices in out
	last  map[int]int   // column -> block of its last field
	party map[int]int   // column -> block that may name the party
	out   []Signature
}

func signatures(d *Document, lines []string) []Signature {
	s := &signer{d: d, lines: lines, open: map[int][]int{}, last: map[int]int{}, party: map[int]int{}}
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if b.Kind == Header || b.Kind == Footer || len(s.out) >= maxSignatures || len(lines[i]) > 600 {
			continue
		}
		s.visit(i, b, lines[i])
	}
	kept := s.out[:0]
	for _, sig := range s.out {
		if sig.Name != "" || sig.Title != "" || sig.Date != "" || sig.Signed || sig.End-sig.Start > 0 && sig.Party != "" {
			kept = append(kept, sig)
		}
	}
	return kept
}

func (s *signer) visit(i int, b *Block, t string) {
	column := 0
	if b.Kind == Cell {
		column = b.Table*1000 + b.Col + 1
	}
	fields := fieldsOf(t)
	if len(fields) == 0 {
		if strings.ContainsFunc(t, unicode.IsLetter) && len(t) <= 160 {
			s.party[column] = i
		}
		return
	}
	if before, ok := s.last[column]; ok && i-before > 8 && b.Kind != Cell {
		s.open[column] = nil
	}
	counts := map[string]int{}
	for _, f := range fields {
		counts[f.kind]++
	}
	seen := map[string]int{}
	for n, f := range fields {
		nth := seen[f.kind]
		seen[f.kind]++
		if f.kind == "by" {
			s.begin(i, b, t, column, f, n == 0)
			continue
		}
		list := s.open[column]
		if counts["by"] > 0 { // "By: … Name: … By: … Name: …" in one line belong to the last that was opened
			nth, list = 0, list[max(0, len(list)-1):]
		} else if k := counts[f.kind]; k <= len(list) {
			list = list[len(list)-k:]
		}
		if nth >= len(list) {
			continue
		}
		sig := &s.out[list[nth]]
		switch {
		case f.kind == "name" && sig.Name == "":
			sig.Name = f.value
		case f.kind == "title" && sig.Title == "":
			sig.Title = f.value
		case f.kind == "date" && sig.Date == "":
			sig.Date = f.value
		}
		sig.End = max(sig.End, place(b, t, f.to))
	}
	s.last[column] = i
}

func (s *signer) begin(i int, b *Block, t string, column int, f field, first bool) {
	sig := Signature{Start: place(b, t, f.from), End: place(b, t, f.to), By: f.value, Signed: f.value != ""}
	if before, ok := s.last[column]; ok && i > before+1 || len(s.open[column]) > 0 && s.complete(column) {
		s.open[column] = nil
	}
	head := strings.Trim(t[:f.from], " :_")
	at, named := s.party[column]
	switch {
	case first && head != "":
		sig.Party, sig.Start = clean(head), b.Start
	case named && (i-at <= 3 || b.Kind == Cell && s.d.Blocks[at].Table == b.Table):
		sig.Party = clean(s.lines[at])
		if b.Kind != Cell {
			sig.Start = s.d.Blocks[at].Start
		}
		delete(s.party, column)
	}
	s.open[column] = append(s.open[column], len(s.out))
	s.out = append(s.out, sig)
}

// complete tells whether the open signatures of a column have their names, so that the next line begins another.
func (s *signer) complete(column int) bool {
	for _, i := range s.open[column] {
		if s.out[i].Name != "" || s.out[i].Title != "" || s.out[i].Date != "" {
			return true
		}
	}
	return false
}

func clean(party string) string {
	party = strings.TrimSuffix(strings.TrimSpace(party), ":")
	if strings.HasPrefix(strings.ToUpper(party), "IN WITNESS") { // the sentence before the name, in one paragraph with it
		_, party, _ = strings.Cut(party, ". ")
	}
	for _, lead := range []string{"For and on behalf of ", "for and on behalf of ", "Signed for and on behalf of ", "SIGNED for and on behalf of ", "On behalf of "} {
		party = strings.TrimPrefix(party, lead)
	}
	return party
}

// fieldsOf finds "By:", "Name:", "Title:" and "Date:" in a line.
func fieldsOf(t string) []field {
	if !strings.Contains(t, ":") && !strings.Contains(t, "/s/") {
		return nil
	}
	var out []field
	for i := 0; i < len(t); {
		kind, n := fieldAt(t, i)
		if n == 0 {
			_, width := utf8.DecodeRuneInString(t[i:])
			i += width
			continue
		}
		if len(out) > 0 {
			out[len(out)-1].to = i
		}
		out = append(out, field{kind: kind, from: i, to: len(t)})
		i += n
		out[len(out)-1].value = t[i:]
	}
	kept := out[:0]
	for _, f := range out {
		label := len(t[f.from:]) - len(f.value)
		raw := t[f.from+label : f.to]
		f.to = f.from + label + len(strings.TrimRight(raw, " "))
		f.value = strings.Trim(raw, " _.-–—\u2026")
		if signed, ok := strings.CutPrefix(f.value, "/s/"); ok {
			f.value = strings.TrimSpace(signed)
		}
		kept = append(kept, f)
	}
	// "Name:" and "Date:" head many lines; by themselves they are read only after a "By:".
	return kept
}

func fieldAt(t string, i int) (kind string, length int) {
	if i > 0 {
		if r, _ := utf8.DecodeLastRuneInString(t[:i]); unicode.IsLetter(r) || unicode.IsDigit(r) {
			return "", 0
		}
	}
	if strings.HasPrefix(t[i:], "/s/") {
		if before := strings.TrimRight(t[:i], " "); strings.HasSuffix(before, ":") {
			return "", 0 // the value of a "By:"
		}
		return "by", 3
	}
	for _, f := range []struct{ label, kind string }{
		{"by", "by"},
		{"signature", "by"},
		{"signed", "by"},
		{"signed by", "by"},
		{"authorized signature", "by"},
		{"authorised signature", "by"},
		{"name", "name"},
		{"print name", "name"},
		{"printed name", "name"},
		{"name and title", "name"},
		{"title", "title"},
		{"its", "title"},
		{"position", "title"},
		{"date", "date"},
		{"dated", "date"},
		{"date signed", "date"},
	} {
		if len(t)-i <= len(f.label) || !strings.EqualFold(t[i:i+len(f.label)], f.label) {
			continue
		}
		rest := t[i+len(f.label):]
		trimmed := strings.TrimLeft(rest, " ")
		if strings.HasPrefix(trimmed, ":") {
			return f.kind, len(f.label) + len(rest) - len(trimmed) + 1
		}
	}
	return "", 0
}
