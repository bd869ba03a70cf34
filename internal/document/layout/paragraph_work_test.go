package layout

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/pact"
)

// A page may have a hundred thousand short lines: whether one more goes on is decided by the last two lines and what was kept
// of all others. The others are taken away here, so that whoever looks at them fails.
func TestAParagraphDoesNotLookAtAllItsLinesForOneMore(t *testing.T) {
	t.Parallel()
	m := measure{height: 10, step: 12}
	for name, c := range map[string]struct {
		first, next string
		goesOn      bool
	}{
		"no room for the next word":  {"the licence covers (a) the mark of it", "LeadersOnlineWithALongName and the address", true},
		"a wide line says there was": {"the licence covers the mark and what else there is of it all in this Agreement", "LeadersOnlineWithALongName and the address", false},
		"a list in running text":     {"the licence covers (a) the mark of it", "(b) the text of it", true},
		"a list that does not count": {"the licence covers (c) the mark of it", "(b) the text of it", false},
		"a label at the head":        {"(a) the licence covers the mark of it", "(b) the text of it", false},
	} {
		at := 0
		set := func(text string) *line {
			top := 100 + 12*float64(at)
			at++
			l := &line{left: 72, right: 540}
			l.box = pact.Box{Left: 72, Top: top, Bottom: top + 10}
			x := 72.0
			for _, w := range strings.Fields(text) {
				l.words = append(l.words, Word{Text: w, Box: pact.Box{Left: x, Right: x + 6*float64(len(w)), Top: top, Bottom: top + 10}})
				x += 6 * float64(len(w)+1)
			}
			l.box.Right = x - 6
			return l
		}
		g := newParagraph(set(c.first))
		for range 50 {
			g.add(set("and all of the text that is in there too"))
		}
		clear(g.lines[:len(g.lines)-2])
		if got := g.grow(set(c.next), m); got != c.goesOn {
			t.Errorf("%s: %v", name, got)
		}
	}
}
