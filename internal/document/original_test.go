package document_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/document"
)

func TestTheTextAsItStoodBeforeTheChanges(t *testing.T) {
	t.Parallel()
	b := &document.Builder{}
	inserted := func(s string) {
		from, to := b.Write(s)
		b.Mark(from, to, "inserted")
	}
	deleted := func(s string) {
		b.Aside(document.Aside{Kind: document.Deleted, Start: b.At(), End: b.At(), Text: s})
	}
	b.Start(document.Block{Kind: document.Paragraph})
	b.Write("2.4 Halden may raise the charges")
	inserted(", capped at four per cent")
	b.Write(" at least ")
	deleted("sixty (60)")
	inserted("ninety (90)")
	b.Write(" days before")
	deleted(" in writing")
	b.Write(".")
	b.Start(document.Block{Kind: document.Paragraph})
	inserted("2.5 This paragraph is new.")
	b.Start(document.Block{Kind: document.Paragraph})
	deleted("2.6 This one was taken out as a whole.")
	b.Start(document.Block{Kind: document.Paragraph})
	b.Write("2.7 The rest.")
	b.Aside(document.Aside{Kind: document.Deleted, Start: b.At(), End: b.At(), Text: "struck", Why: "struck through"})
	d := b.Document([]byte("file"), "test/1")

	o := d.Original()
	if o == nil {
		t.Fatal("there are open changes")
	}
	want := "2.4 Halden may raise the charges at least sixty (60) days before in writing.\n2.6 This one was taken out as a whole.\n2.7 The rest."
	if o.Text != want {
		t.Errorf("the text was\n%s\nwant\n%s", o.Text, want)
	}
	if len(o.Blocks) != 3 || o.Slice(o.Blocks[2].Start, o.Blocks[2].End) != "2.7 The rest." || o.Slice(o.Blocks[1].Start, o.Blocks[1].End) != "2.6 This one was taken out as a whole." {
		t.Errorf("the blocks are %+v", o.Blocks)
	}
	if from, to := o.Now(o.Blocks[0].Start, o.Blocks[0].End); d.Slice(from, to) != d.Slice(d.Blocks[0].Start, d.Blocks[0].End) {
		t.Errorf("the first paragraph is now %q", d.Slice(from, to))
	}
	if from, to := o.Now(o.Blocks[2].Start, o.Blocks[2].End); d.Slice(from, to) != "2.7 The rest." {
		t.Errorf("the last paragraph is now %q", d.Slice(from, to))
	}
	if o.Document.Original() != nil {
		t.Error("without changes there is nothing to undo")
	}
}

func TestUndoingChangesKeepsALineForEachBlock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := &document.Builder{}
		var before []string
		for range rapid.IntRange(1, 5).Draw(t, "paragraphs") {
			b.Start(document.Block{Kind: document.Paragraph})
			for range rapid.IntRange(0, 4).Draw(t, "parts") {
				words := rapid.StringMatching(`[a-zé]{1,5}( [a-z0-9.,]{1,4})? ?`).Draw(t, "words")
				switch rapid.SampledFrom([]string{"plain", "inserted", "deleted"}).Draw(t, "part") {
				case "inserted":
					from, to := b.Write(words)
					b.Mark(from, to, "inserted")
				case "deleted":
					b.Aside(document.Aside{Kind: document.Deleted, Start: b.At(), End: b.At(), Text: words})
					before = append(before, words)
				default:
					b.Write(words)
					before = append(before, words)
				}
			}
		}
		d := b.Document([]byte("file"), "test/1")
		o := d.Original()
		if o == nil {
			return
		}
		if lines := strings.Split(o.Text, "\n"); len(o.Blocks) > 0 && len(lines) != len(o.Blocks) {
			t.Fatalf("%d lines and %d blocks of %q", len(lines), len(o.Blocks), o.Text)
		}
		letters := func(s string) int { return len(strings.Join(strings.Fields(s), "")) }
		if got, want := letters(o.Text), letters(strings.Join(before, "")); got != want {
			t.Fatalf("%d letters stood there, want %d: %q", got, want, o.Text)
		}
		end := utf8.RuneCountInString(d.Text)
		for _, x := range o.Blocks {
			if from, to := o.Now(x.Start, x.End); from < 0 || from > to || to > end {
				t.Fatalf("[%d, %d) is now [%d, %d) of %d", x.Start, x.End, from, to, end)
			}
		}
	})
}
