package document

import "unicode/utf8"

// AsideKind says what an aside is.
type AsideKind string

// The kinds of aside.
const (
	Comment     AsideKind = "comment"     // somebody's remark: never contract text
	Deleted     AsideKind = "deleted"     // an open deletion, or struck-through words
	Moved       AsideKind = "moved"       // the place from which words were moved away
	Hidden      AsideKind = "hidden"      // words that a person does not see on the page
	Placeholder AsideKind = "placeholder" // a form field that nobody filled in
)

// Aside is something the file holds beside its text: a reviewer has to see it, and no term may be read from it. Start and
// End are the stretch it is about; they are equal where words were left out.
type Aside struct {
	Kind   AsideKind `json:"kind"`
	Start  int       `json:"start"`
	End    int       `json:"end"`
	Text   string    `json:"text"`
	Why    string    `json:"why,omitempty"` // of hidden words: "white letters"
	Author string    `json:"author,omitempty"`
	Date   string    `json:"date,omitempty"` // as the file gives it
}

const (
	maxAsides    = 1000
	maxAsideText = 1000 // characters
)

// At is where an aside about words that were left out stands: after what was written, or before what will be the first of
// the open block.
func (b *Builder) At() int {
	if b.open != nil && !b.wrote {
		return b.Offset()
	}
	return b.offset
}

// Aside keeps an aside. Those beyond a limit are dropped: the warnings of the document say that there are some.
func (b *Builder) Aside(n Aside) {
	if len(b.asides) >= maxAsides {
		return
	}
	if utf8.RuneCountInString(n.Text) > maxAsideText {
		n.Text = string([]rune(n.Text)[:maxAsideText]) + "…"
	}
	b.asides = append(b.asides, n)
}

// sortedAsides gives the asides in the order of the text, inside it.
func (b *Builder) sortedAsides() []Aside {
	for i := range b.asides {
		n := &b.asides[i]
		n.Start = max(0, min(n.Start, b.offset))
		n.End = max(n.Start, min(n.End, b.offset))
	}
	sortByStart(b.asides, func(n Aside) int { return n.Start })
	return b.asides
}
