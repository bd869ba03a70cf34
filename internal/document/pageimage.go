package document

// PageImage is a page as a picture to be looked at: a PNG in greys. It is made of a Picture, so the parse worker has decoded
// and bounded it.
type PageImage struct {
	Page   int // from 1
	Width  int // points of the picture
	Height int
	PNG    []byte
}

// RecognisedPages gives the pages, within offsets of the text, that have words which were recognised from a picture.
func (d *Document) RecognisedPages(start, end int) []int {
	var pages []int
	for _, l := range d.Lines {
		if l.End <= start || l.Start >= end || len(pages) > 0 && pages[len(pages)-1] == l.Page {
			continue
		}
		for _, w := range l.Words {
			if w.Confidence > 0 {
				pages = append(pages, l.Page)
				break
			}
		}
	}
	return pages
}
