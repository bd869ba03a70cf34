package document

import "github.com/pactloop/pactloop/internal/pact"

// Offsets is the inverse of Places: the stretch of the text that the places show, from their first character to their last.
// It is false where they show none. For a page it takes the characters whose middle lies in the box, as a highlight does.
func (d *Document) Offsets(places []pact.Place) (start, end int, ok bool) {
	start, end = -1, -1
	take := func(from, to int) {
		if start < 0 || from < start {
			start = from
		}
		end = max(end, to)
	}
	for _, p := range places {
		switch {
		case p.Box != nil && p.Page > 0:
			d.inBox(p, take)
		case p.Page == 0 && p.Block >= 0 && p.Block < len(d.Blocks):
			b := d.Blocks[p.Block]
			from, to := max(p.Start, 0), min(p.End, b.End-b.Start)
			if from < to {
				take(b.Start+from, b.Start+to)
			}
		}
	}
	return start, end, start >= 0
}

// inBox hands over the stretches of the lines that a box covers.
func (d *Document) inBox(p pact.Place, take func(from, to int)) {
	for i := range d.Lines {
		l := &d.Lines[i]
		if l.Page != p.Page {
			continue
		}
		for _, w := range l.Words {
			if y := (w.Box.Top + w.Box.Bottom) / 2; y < p.Box.Top || y > p.Box.Bottom || w.Box.Right < p.Box.Left || w.Box.Left > p.Box.Right {
				continue
			}
			n := float64(w.End - w.Start)
			for c := w.Start; c < w.End; c++ {
				x := w.Box.Left + (w.Box.Right-w.Box.Left)*(float64(c-w.Start)+0.5)/n
				if p.Box.Left <= x && x <= p.Box.Right {
					take(c, c+1)
				}
			}
		}
	}
}
