// Package documenttest asks every document reader the same questions.
//
// It owns the suite (what must hold for any document, for garbage and for files that were cut off) and the small files it is
// run with, which are made here from our own words. It does not own tests of single formats. It never ships.
package documenttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// WantState fails unless err is a named state with a sentence that says the way forward.
func WantState(t testing.TB, err error, want pact.DocumentState) {
	t.Helper()
	var e *document.Error
	if !errors.As(err, &e) {
		t.Errorf("got %v, want the state %s", err, want)
		return
	}
	if e.State.State != want {
		t.Errorf("got %s (%s), want %s", e.State.State, e.Reason, want)
	}
	checkReason(t, e)
}

func checkReason(t testing.TB, e *document.Error) {
	t.Helper()
	if len(e.Reason) < 20 || !strings.HasSuffix(e.Reason, ".") {
		t.Errorf("the reason is no sentence: %q", e.Reason)
	}
}

// Reader runs the suite: the file must be read, twice the same; parts and mutations of it must end in a document that holds,
// or in a named state.
func Reader(t *testing.T, r document.Reader, file []byte) {
	t.Helper()
	suite(t, r, file, 24, 60, 20)
}

// SlowReader is Reader with fewer parts and mutations, for readers that start a program for each file.
func SlowReader(t *testing.T, r document.Reader, file []byte) {
	t.Helper()
	suite(t, r, file, 4, 4, 1)
}

func suite(t *testing.T, r document.Reader, file []byte, cuts, mutations, garbage int) {
	t.Helper()
	t.Run("it accepts its own file by content", func(t *testing.T) {
		if !r.Accepts(file, "no name") {
			t.Error("refused")
		}
	})
	t.Run("it reads, and the document holds", func(t *testing.T) {
		d := read(t, r, file)
		Check(t, d)
		Exact(t, d)
		if d.Hash != document.Hash(file) || d.Reader != r.Name()+"/"+r.Version() {
			t.Errorf("hash %s, reader %s", d.Hash, d.Reader)
		}
	})
	t.Run("it reads the same twice", func(t *testing.T) {
		a, b := encoded(t, read(t, r, file)), encoded(t, read(t, r, file))
		if !bytes.Equal(a, b) {
			t.Error("two readings differ")
		}
	})
	t.Run("an empty file is damaged", func(t *testing.T) {
		_, err := r.Read(t.Context(), nil)
		WantState(t, err, pact.DocumentDamaged)
	})
	t.Run("a file that was cut off ends in a state or a text", func(t *testing.T) {
		for i := 1; i < cuts; i++ {
			Survives(t, r, file[:len(file)*i/cuts])
		}
	})
	t.Run("a mutated file ends in a state or a text", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		for range mutations {
			Survives(t, r, Mutated(random, file))
		}
	})
	t.Run("garbage ends in a state or a text", func(t *testing.T) {
		random := rand.New(rand.NewPCG(3, 4))
		for range garbage {
			b := make([]byte, random.IntN(3000)+1)
			for i := range b {
				b[i] = byte(random.Uint32())
			}
			Survives(t, r, b)
			Survives(t, r, append(bytes.Clone(file[:min(len(file), 16)]), b...))
		}
	})
	t.Run("an ended context ends the reading", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if d, err := r.Read(ctx, file); err == nil && len(d.Text) > 1<<20 {
			t.Error("read on")
		}
	})
}

func read(t testing.TB, r document.Reader, file []byte) *document.Document {
	t.Helper()
	d, err := r.Read(t.Context(), file)
	if err != nil {
		t.Fatalf("reading: %v", err)
	}
	return d
}

// Read reads a file that must be read, and asks what must hold of it: Check, and Exact.
func Read(t testing.TB, r document.Reader, file []byte) *document.Document {
	t.Helper()
	d := read(t, r, file)
	Check(t, d)
	Exact(t, d)
	return d
}

// Blocks gives the text of each block, in order.
func Blocks(d *document.Document) []string {
	var out []string
	for _, b := range d.Blocks {
		out = append(out, d.Slice(b.Start, b.End))
	}
	return out
}

// Lines fails unless the lines are the wanted ones, in order.
func Lines(t testing.TB, got []string, wanted ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(wanted, "\n") {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(wanted, "\n  "))
	}
}

func encoded(t testing.TB, d *document.Document) []byte {
	t.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatalf("encoding: %v", err)
	}
	return b
}

// Survives fails when the reader does anything but give a document that holds or a named state.
func Survives(t testing.TB, r document.Reader, file []byte) {
	t.Helper()
	d, err := r.Read(t.Context(), file)
	var e *document.Error
	switch {
	case err == nil:
		Check(t, d)
	case errors.As(err, &e):
		checkReason(t, e)
	default:
		t.Errorf("an error without a state: %v", err)
	}
}

// Mutated changes a few bytes of a file: flips, cuts, repeats.
func Mutated(random *rand.Rand, file []byte) []byte {
	b := bytes.Clone(file)
	for range 1 + random.IntN(8) {
		if len(b) < 8 {
			break
		}
		at := random.IntN(len(b))
		switch random.IntN(4) {
		case 0:
			b[at] ^= 1 << random.IntN(8)
		case 1:
			b[at] = byte(random.Uint32())
		case 2:
			n := min(random.IntN(64), len(b)-at)
			b = append(b[:at], b[at+n:]...)
		case 3:
			n := min(random.IntN(64), len(b)-at)
			b = append(b[:at+n], b[at:]...)
		}
	}
	return b
}

// Check fails unless the document holds: offsets in range, blocks and lines in order, nothing between blocks but one line
// end, sections a tree, and every place shows exactly its quote.
func Check(t testing.TB, d *document.Document) {
	t.Helper()
	if err := Fault(d); err != nil {
		t.Error(err)
	}
}

// Fault says what does not hold in a document, or nil.
func Fault(d *document.Document) error {
	if !utf8.ValidString(d.Text) {
		return errors.New("the text is no UTF-8")
	}
	text := []rune(d.Text)
	for i, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return fmt.Errorf("control character %U at %d", r, i)
		}
	}
	if d.TextID != document.MakeTextID(d.Hash, d.Reader) {
		return fmt.Errorf("text id %s", d.TextID)
	}
	for _, check := range []func(*document.Document, []rune) error{checkBlocks, checkLines, checkPages, checkSections, checkStructure, checkPlaces} {
		if err := check(d, text); err != nil {
			return err
		}
	}
	return nil
}

// Exact fails unless a highlight made from the places of any quote contains the quote and nothing else. It holds for
// documents whose letters do not lie on one another.
func Exact(t testing.TB, d *document.Document) {
	t.Helper()
	if err := places(d, []rune(d.Text), true); err != nil {
		t.Error(err)
	}
}

func checkBlocks(d *document.Document, text []rune) error {
	end := 0
	for i, b := range d.Blocks {
		want := end
		if i > 0 {
			want++
		}
		if b.Start != want || b.End <= b.Start || b.End > len(text) {
			return fmt.Errorf("block %d is [%d,%d), after %d of %d", i, b.Start, b.End, end, len(text))
		}
		if i > 0 && text[end] != '\n' {
			return fmt.Errorf("%q stands between blocks %d and %d", text[end], i-1, i)
		}
		s := string(text[b.Start:b.End])
		if strings.Contains(s, "\n") || strings.Contains(s, "  ") || strings.TrimSpace(s) != s {
			return fmt.Errorf("the white space of block %d is not as promised: %q", i, s)
		}
		at := b.Start
		for _, r := range b.Runs {
			if r.Start < at || r.End <= r.Start || r.End > b.End || r.Mark == "" {
				return fmt.Errorf("run %+v of block %d [%d,%d)", r, i, b.Start, b.End)
			}
			at = r.Start
		}
		if b.Kind == document.Cell && (b.Table < 1 || b.Row < 0 || b.Col < 0 || b.Rows == 1 || b.Cols == 1) {
			return fmt.Errorf("cell %d: %+v", i, b)
		}
		end = b.End
	}
	if end != len(text) {
		return fmt.Errorf("the blocks end at %d, the text at %d", end, len(text))
	}
	return nil
}

func checkLines(d *document.Document, text []rune) error {
	end := 0
	for i, l := range d.Lines {
		if l.Start < end || l.End <= l.Start || l.End > len(text) || l.Page < 1 || l.Page > len(d.Pages) || len(l.Words) == 0 {
			return fmt.Errorf("line %d is [%d,%d) on page %d, after %d", i, l.Start, l.End, l.Page, end)
		}
		at := l.Start
		for _, w := range l.Words {
			if w.Start < at || w.End <= w.Start || w.End > l.End || w.Box.Left > w.Box.Right || w.Box.Top > w.Box.Bottom {
				return fmt.Errorf("word %+v of line %d [%d,%d)", w, i, l.Start, l.End)
			}
			at = w.End
		}
		end = l.End
	}
	return nil
}

func checkPages(d *document.Document, text []rune) error {
	end := 0
	for i, p := range d.Pages {
		if p.Number != i+1 || p.Start < end || p.End < p.Start || p.End > len(text) || p.Width <= 0 || p.Height <= 0 {
			return fmt.Errorf("page %d: %+v", i, p)
		}
		end = p.End
	}
	return nil
}

func checkSections(d *document.Document, text []rune) error {
	for i, s := range d.Sections {
		if s.Start < 0 || s.End < s.Start || s.End > len(text) || s.Parent >= i || s.Parent < -1 {
			return fmt.Errorf("section %d: %+v", i, s)
		}
		if s.Parent < 0 {
			if s.Level != 1 {
				return fmt.Errorf("section %d without a parent has level %d", i, s.Level)
			}
			continue
		}
		if p := d.Sections[s.Parent]; s.Start < p.Start || s.End > p.End || s.Level != p.Level+1 {
			return fmt.Errorf("section %d %+v is not inside %+v", i, s, p)
		}
	}
	return nil
}

func checkStructure(d *document.Document, text []rune) error {
	bad := func(start, end int) bool { return start < 0 || end < start || end > len(text) }
	for i, n := range d.Asides {
		if bad(n.Start, n.End) || n.Kind == "" || i > 0 && n.Start < d.Asides[i-1].Start {
			return fmt.Errorf("notice %d: %+v", i, n)
		}
	}
	for i, x := range d.Definitions {
		if bad(x.Start, x.End) || bad(x.MeaningStart, x.MeaningEnd) || string(text[x.Start:x.End]) != x.Term {
			return fmt.Errorf("definition %d: %+v", i, x)
		}
	}
	for i, x := range d.References {
		if bad(x.Start, x.End) || x.Start == x.End || x.Target < -1 || x.Target >= len(d.Sections) || x.Number == "" {
			return fmt.Errorf("reference %d: %+v", i, x)
		}
	}
	for i, x := range d.Signatures {
		if bad(x.Start, x.End) || x.Start == x.End {
			return fmt.Errorf("signature %d: %+v", i, x)
		}
	}
	for i, e := range d.Enclosures {
		if e.Filename == "" || strings.ContainsAny(e.Filename, "/\\\x00") || e.SHA256 != document.Hash(e.Content) || e.Size != int64(len(e.Content)) {
			return fmt.Errorf("enclosure %d: %q, %d bytes", i, e.Filename, e.Size)
		}
	}
	return nil
}

// checkPlaces cuts quotes all over the text and reads them back from their places.
func checkPlaces(d *document.Document, text []rune) error { return places(d, text, false) }

func places(d *document.Document, text []rune, exact bool) error {
	random := rand.New(rand.NewPCG(uint64(len(text)), 7))
	for range min(50, len(text)) {
		start := random.IntN(len(text))
		end := min(len(text), start+1+random.IntN(200))
		places := d.Places(start, end)
		quote := strings.TrimSpace(string(text[start:end]))
		if quote == "" {
			continue
		}
		if len(places) == 0 {
			return fmt.Errorf("[%d,%d) %q has no place", start, end, quote)
		}
		if got := shown(d, text, places, start, end, exact); got != compact(quote) {
			return fmt.Errorf("the places of [%d,%d) show %q, not %q", start, end, got, compact(quote))
		}
		if err := inverse(d, text, places, start, end, exact); err != nil {
			return err
		}
	}
	return nil
}

// inverse goes from the places back to the text. On pages it is asked only where letters do not lie on one another.
func inverse(d *document.Document, text []rune, places []pact.Place, start, end int, exact bool) error {
	if len(d.Lines) > 0 && !exact {
		return nil
	}
	from, to, ok := d.Offsets(places)
	if !ok {
		return fmt.Errorf("the places of [%d,%d) lead back to nothing", start, end)
	}
	if got, want := compact(string(text[from:to])), compact(string(text[start:end])); got != want {
		return fmt.Errorf("the places of [%d,%d) lead back to [%d,%d): %q, not %q", start, end, from, to, got, want)
	}
	return nil
}

func compact(s string) string { return strings.Join(strings.Fields(s), "") }

// shown reads what a highlight at these places contains: the characters whose middle is inside the boxes of the lines that
// the quote touches, or the stretches of blocks. When it need not be exact, only the quote's own characters are looked for.
func shown(d *document.Document, text []rune, places []pact.Place, start, end int, exact bool) string {
	var s strings.Builder
	if len(d.Lines) == 0 {
		for _, p := range places {
			b := d.Blocks[p.Block]
			s.WriteString(string(text[b.Start+p.Start : b.Start+p.End]))
		}
		return compact(s.String())
	}
	next := 0
	for _, l := range d.Lines {
		if l.End <= start || l.Start >= end || next >= len(places) {
			continue
		}
		p := places[next]
		used := false
		for _, w := range l.Words {
			for i := w.Start; i < w.End; i++ {
				x := w.Box.Left + (w.Box.Right-w.Box.Left)*(float64(i-w.Start)+0.5)/float64(w.End-w.Start)
				inside := p.Box != nil && p.Page == l.Page && p.Box.Left <= x && x <= p.Box.Right
				if inside && (exact || i >= start && i < end) {
					s.WriteRune(text[i])
					used = true
				}
			}
		}
		if used {
			next++
		}
	}
	return compact(s.String())
}
