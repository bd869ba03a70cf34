package layout

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/pact"
)

// typed sets the words of a line from x on, in letters of 6 points width; gap is added to the space between them.
func typed(x, y, gap float64, text string) (out []Word) {
	for _, w := range strings.Fields(text) {
		wide := 6 * float64(len(w))
		out = append(out, Word{Text: w, Box: pact.Box{Left: x, Right: x + wide, Top: y, Bottom: y + 14}})
		x += wide + 4 + gap
	}
	return out
}

// Columns of a web page stand a letter's height apart: less than what parts the cells of a table.
func TestColumnsThatStandNearAreReadOneAfterTheOther(t *testing.T) {
	t.Parallel()
	page := &Page{Number: 1, Width: 595, Height: 842}
	page.Words = typed(60, 60, 0, "An agreement whose head goes over both of its columns and ends here")
	for i := range 12 { // from 64 to 288, and from 300 on
		y := 100 + 15*float64(i)
		page.Words = append(page.Words, typed(64, y, 0, fmt.Sprintf("left line %02d runs along to the very ends", i))...)
		page.Words = append(page.Words, typed(300, y, 0, fmt.Sprintf("right line %02d goes as far as it must", i))...)
	}
	for _, w := range typed(60, 310, 0, "Schedule of Prices") { // below both
		w.Bold = true
		page.Words = append(page.Words, w)
	}
	d := Assemble([]byte("x"), "test/1", []*Page{page})
	documenttest.Check(t, d)
	last := -1
	for _, part := range []string{"both of its columns", "left line 00", "left line 01", "left line 11", "right line 00", "right line 01", "right line 11", "Schedule of Prices"} {
		at := strings.Index(d.Text, part)
		if at <= last {
			t.Fatalf("%q stands at %d of %q", part, at, d.Text)
		}
		last = at
	}
	for _, b := range d.Blocks {
		if b.Kind == document.Cell {
			t.Errorf("a cell: %q", d.Slice(b.Start, b.End))
		}
	}
}

// Lines that are stretched have wide gaps, too, but not under one another.
func TestStretchedLinesAreNoColumns(t *testing.T) {
	t.Parallel()
	page := &Page{Number: 1, Width: 595, Height: 842}
	texts := []string{"Each of the parties keeps to itself what it learns", "about the other, and asks those who work for it to do", "the same for as long as this agreement is in force and", "for three years from its end, unless a law demands that"}
	for i := range 24 {
		page.Words = append(page.Words, typed(60, 100+15*float64(i), 5, texts[i%4])...)
	}
	d := Assemble([]byte("x"), "test/1", []*Page{page})
	documenttest.Check(t, d)
	if want := strings.Join(texts, " "); !strings.Contains(d.Text, want) {
		t.Errorf("%q is not in %q", want, d.Text)
	}
}

// In letters of one width, gaps stand under one another down some lines by chance.
func TestGapsOfATypewriterAreNoColumns(t *testing.T) {
	t.Parallel()
	page := &Page{Number: 1, Width: 595, Height: 842}
	var want []string
	for i := range 20 {
		left, right := fmt.Sprintf("line %02d of what the two of them have agreed", i), "and goes on until both sign"
		if i%2 == 1 {
			left, right = fmt.Sprintf("row %02d that says who pays whom how much when", i), "or nobody does so by then"
		}
		want = append(want, left+" "+right)
		at := 60 + 6*float64(45-len(left)) // the gap stands at the same place in each
		for _, w := range strings.Fields(left + " " + right) {
			page.Words = append(page.Words, Word{Text: w, Box: pact.Box{Left: at, Right: at + 6*float64(len(w)), Top: 100 + 12*float64(i), Bottom: 110 + 12*float64(i)}})
			at += 6 * float64(len(w)+1)
		}
	}
	d := Assemble([]byte("x"), "test/1", []*Page{page})
	documenttest.Check(t, d)
	for _, line := range want {
		if !strings.Contains(d.Text, line) {
			t.Fatalf("%q is not in %q", line, d.Text)
		}
	}
}
