package document

import "unicode/utf8"

// NoticeKind says what a notice is.
type NoticeKind string

// The kinds of notice.
const (
	Comment     NoticeKind = "comment"     // somebody's remark: never contract text
	Deleted     NoticeKind = "deleted"     // an open deletion, or struck-through words
	Moved       NoticeKind = "moved"       // the place from which words were moved away
	Hidden      NoticeKind = "hidden"      // words that a person does not see on the page
	Placeholder NoticeKind = "placeholder" // a form field that nobody filled in
)

// Notice is something the file holds beside its text: a reviewer has to see it, and no term may be read from it. Start and
// End are the stretch it is about; they are equal where words were left out.
type Notice struct {
	Kind   NoticeKind `json:"kind"`
	Start  int        `json:"start"`
	End    int        `json:"end"`
	Text   string     `json:"text"`
	Why    string     `json:"why,omitempty"` // of hidden words: "white letters"
	Author string     `json:"author,omitempty"`
	Date   string     `json:"date,omitempty"` // as the file gives it
}

const (
	maxNotices    = 1000
	maxNoticeText = 1000 // characters
)

// At is where a notice about words that were left out stands: after what was written, or before what will be the first of
// the open block.
func (b *Builder) At() int {
	if b.open != nil && !b.wrote {
		return b.Offset()
	}
	return b.offset
}

// Notice keeps a notice. Notices beyond a limit are dropped: the warnings of the document say that there are some.
func (b *Builder) Notice(n Notice) {
	if len(b.notices) >= maxNotices {
		return
	}
	if utf8.RuneCountInString(n.Text) > maxNoticeText {
		n.Text = string([]rune(n.Text)[:maxNoticeText]) + "…"
	}
	b.notices = append(b.notices, n)
}

// noticed gives the notices in the order of the text, inside it.
func (b *Builder) noticed() []Notice {
	for i := range b.notices {
		n := &b.notices[i]
		n.Start = max(0, min(n.Start, b.offset))
		n.End = max(n.Start, min(n.End, b.offset))
	}
	sortByStart(b.notices, func(n Notice) int { return n.Start })
	return b.notices
}

// Seen is Text as a person sees it: hidden runs are blanks, so that every offset stays. What draws values from a document
// reads Seen.
func (d *Document) Seen() string {
	var hidden []Run
	for i := range d.Blocks {
		for _, r := range d.Blocks[i].Runs {
			if r.Mark == HiddenMark {
				hidden = append(hidden, r)
			}
		}
	}
	if len(hidden) == 0 {
		return d.Text
	}
	text := []rune(d.Text)
	for _, r := range hidden {
		for i := max(0, r.Start); i < min(r.End, len(text)); i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	return string(text)
}

// Unseen tells whether any of [start, end) is hidden from a person.
func (d *Document) Unseen(start, end int) bool {
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if b.End <= start || b.Start >= end {
			continue
		}
		for _, r := range b.Runs {
			if r.Mark == HiddenMark && r.Start < end && start < r.End {
				return true
			}
		}
	}
	return false
}
