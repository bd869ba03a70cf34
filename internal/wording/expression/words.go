package expression

// Words tells in one pass over a text which of several groups have a word in it, as they stand, also inside others: what
// AnyOf tells of one group. It is the automaton of Aho and Corasick, with its steps written out.
type Words struct {
	class [256]uint16 // where in a row; letters that no word has share 0
	steps []int32     // by state and class: where the row of the next state begins, and whether words end there
	has   []uint64    // by place of a row, in eights: groups of which a word ends there
	width int         // of a row
}

// eights is the least width of a row.
const eights = 8

// ended marks a step behind which words have ended, so that others need not ask; rows begin at multiples of eights.
const ended = 1

// NewWords makes the automaton of at most 64 groups.
func NewWords(groups ...[]string) *Words {
	w := &Words{width: 1}
	for _, g := range groups {
		for _, word := range g {
			for i := range len(word) {
				if c := &w.class[word[i]]; *c == 0 {
					*c = uint16(w.width)
					w.width++
				}
			}
		}
	}
	w.width = (w.width + eights - 1) / eights * eights
	w.grow()
	for n, g := range groups {
		for _, word := range g {
			at := int32(0)
			for i := range len(word) {
				next := &w.steps[int(at)+int(w.class[word[i]])]
				if *next == 0 {
					*next = int32(len(w.steps))
					at = *next
					w.grow()
					continue
				}
				at = *next
			}
			w.has[at/eights] |= 1 << n
		}
	}
	w.link()
	return w
}

// AnyCase takes capitals of ASCII for their small letters from now on, and gives the automaton; its words must be small.
func (w *Words) AnyCase() *Words {
	for c := 'A'; c <= 'Z'; c++ {
		w.class[c] = w.class[c+'a'-'A']
	}
	return w
}

func (w *Words) grow() {
	w.steps = append(w.steps, make([]int32, w.width)...)
	w.has = append(w.has, make([]uint64, w.width/eights)...)
}

// link leads each step that no word takes to where the longest end of what was read begins another word.
func (w *Words) link() {
	type way struct{ at, shorter int32 }
	open := []way{{0, 0}}
	for len(open) > 0 {
		at, shorter := int(open[0].at), int(open[0].shorter)
		open = open[1:]
		w.has[at/eights] |= w.has[shorter/eights]
		for c := range w.width {
			next, other := &w.steps[at+c], int32(0)
			if at != 0 {
				other = w.steps[shorter+c]
			}
			if *next == 0 {
				*next = other
				continue
			}
			open = append(open, way{*next, other})
		}
	}
	for i, at := range w.steps {
		if w.has[at/eights] != 0 {
			w.steps[i] |= ended
		}
	}
}

// In gives a bit for each group of which a word stands in s.
func (w *Words) In(s string) (groups uint64) {
	at := uint32(0)
	for i := range len(s) {
		at = uint32(w.steps[at&^ended+uint32(w.class[s[i]])])
		if at&ended != 0 {
			groups |= w.has[at/eights]
		}
	}
	return groups
}

// Ends tells of each place of s where words end, of which groups.
func (w *Words) Ends(s string, tell func(groups uint64, end int)) {
	at := uint32(0)
	for i := range len(s) {
		at = uint32(w.steps[at&^ended+uint32(w.class[s[i]])])
		if at&ended != 0 {
			tell(w.has[at/eights], i+1)
		}
	}
}
