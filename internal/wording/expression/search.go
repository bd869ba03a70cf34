package expression

import (
	"regexp/syntax"
	"sync"
	"unicode/utf8"
)

// search finds the leftmost match as regexp does, by trying and going back: what is tried first is preferred, and what failed
// once at a place is not tried there again. regexp does the same only in short texts and with short programs, and otherwise
// walks all ways at once, which takes several times as long; here a match may be found in a text of any length, as long as no
// single try reads more than a window of it. Where one does, nothing is said, and regexp is asked.
type search struct {
	once  sync.Once
	moves []move
	start uint32
	fixed bool      // matches begin with the text only
	any   bool      // a match may have no letter
	first [256]bool // bytes with which a match may begin
	width int       // words of a row of what was tried
}

// move is an instruction of the program.
type move struct {
	kind  moveKind
	out   uint32
	other uint32       // of a fork, what is tried second; of a mark, its slot; of a condition, its flags
	bit   uint32       // of a fork, its place in a row
	ascii [2]uint64    // of a letter, which of ASCII it is
	wide  *syntax.Inst // of a letter, where it may lie beyond ASCII
}

type moveKind uint8

const (
	moveFail moveKind = iota
	moveLetter
	moveFork
	moveMark
	moveCondition
	movePass
	moveMatch
)

// window is how far behind its beginning a try may read.
const window = 2048

// bench is the room that a search works in.
type bench struct {
	tried []uint64 // by place and fork
	round []uint32 // by place: the round in which its row was emptied
	now   uint32
	open  []open
}

// open is what is still to be tried, or, where slot is not negative, a mark to be put back.
type open struct {
	move  uint32
	place int32
	slot  int32
}

// benches are used again: most searches are short, and making room would take longer than they do.
var benches = sync.Pool{New: func() any { return &bench{} }}

func (f *search) make(expr string) {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return
	}
	forks := uint32(0)
	moves := make([]move, len(prog.Inst))
	for i := range prog.Inst {
		in, m := &prog.Inst[i], &moves[i]
		m.out = in.Out
		switch in.Op {
		case syntax.InstFail:
		case syntax.InstAlt:
			m.kind, m.other, m.bit = moveFork, in.Arg, forks
			forks++
		case syntax.InstCapture:
			m.kind, m.other = moveMark, in.Arg
		case syntax.InstEmptyWidth:
			m.kind, m.other = moveCondition, in.Arg
		case syntax.InstNop:
			m.kind = movePass
		case syntax.InstMatch:
			m.kind = moveMatch
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			m.kind = moveLetter
			m.ascii = asciiOf(in)
			if beyondASCII(in) {
				m.wide = in
			}
		default:
			return // none that the compiler makes today
		}
	}
	f.start, f.fixed = uint32(prog.Start), fromBegin(prog, uint32(prog.Start), make([]bool, len(prog.Inst)))
	f.width = int(forks+63) / 64
	f.moves = moves
	f.begin(f.start, make([]bool, len(moves)))
}

// begin notes with which bytes a match may begin, taking each condition for fulfilled.
func (f *search) begin(at uint32, seen []bool) {
	for !seen[at] {
		seen[at] = true
		m := &f.moves[at]
		switch m.kind {
		case moveFail:
			return
		case moveMatch:
			f.any = true
			return
		case moveFork:
			f.begin(m.other, seen)
		case moveLetter:
			for c := range f.first {
				if c < utf8.RuneSelf && m.ascii[c>>6]>>(c&63)&1 == 1 || c >= utf8.RuneSelf && m.wide != nil {
					f.first[c] = true
				}
			}
			return
		}
		at = m.out
	}
}

// find gives the places of the leftmost match, so many of them as there is room for in marks, which is filled with -1; told is
// false where only regexp can tell.
func (f *search) find(s string, marks []int) (found, told bool) {
	if f.moves == nil {
		return false, false
	}
	b := benches.Get().(*bench)
	defer benches.Put(b)
	base := 0
	b.begin()
	for at := 0; at <= len(s); at += letterAt(s, at) {
		if at == len(s) && !f.any || at < len(s) && !f.any && !f.first[s[at]] {
			if f.fixed {
				return false, true
			}
			continue
		}
		if at-base > window/2 {
			base = at
			b.begin()
		}
		if found, told = f.try(b, s, base, at, marks); found || !told {
			if found {
				marks[0] = at
			}
			return found, told
		}
		if f.fixed {
			return false, true
		}
	}
	return false, true
}

// letterAt is how many bytes the letter at a place has; 1 at the end, too.
func letterAt(s string, at int) int {
	if at == len(s) || s[at] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(s[at:])
	return n
}

// begin forgets what was tried.
func (b *bench) begin() {
	if b.now++; b.now == 0 {
		clear(b.round)
		b.now = 1
	}
}

// row gives what was tried at a place.
func (b *bench) row(place, width int) []uint64 {
	for place >= len(b.round) {
		b.round = append(b.round, make([]uint32, 256)...)
	}
	if need := (place + 1) * width; need > len(b.tried) {
		b.tried = append(b.tried, make([]uint64, max(need-len(b.tried), len(b.tried)))...)
	}
	row := b.tried[place*width : (place+1)*width]
	if b.round[place] != b.now {
		b.round[place] = b.now
		clear(row)
	}
	return row
}

// try looks for a match that begins at a place.
func (f *search) try(b *bench, s string, base, from int, marks []int) (found, told bool) {
	b.open = append(b.open[:0], open{f.start, int32(from), -1})
	for len(b.open) > 0 {
		next := b.open[len(b.open)-1]
		b.open = b.open[:len(b.open)-1]
		if next.slot >= 0 {
			marks[next.slot] = int(next.place)
			continue
		}
		at, i := next.move, int(next.place)
	way:
		for {
			m := &f.moves[at]
			switch m.kind {
			case moveFail:
				break way
			case moveFork:
				if i-base >= window {
					return false, false
				}
				row := b.row(i-base, f.width)
				if bit := uint64(1) << (m.bit & 63); row[m.bit>>6]&bit == 0 {
					row[m.bit>>6] |= bit
				} else {
					break way
				}
				b.open = append(b.open, open{m.other, int32(i), -1})
			case moveLetter:
				if i >= len(s) {
					break way
				}
				if c := s[i]; c < utf8.RuneSelf {
					if m.ascii[c>>6]>>(c&63)&1 == 0 {
						break way
					}
					i++
				} else {
					if m.wide == nil {
						break way
					}
					r, n := utf8.DecodeRuneInString(s[i:])
					if !m.wide.MatchRune(r) {
						break way
					}
					i += n
				}
			case moveMark:
				if int(m.other) < len(marks) {
					b.open = append(b.open, open{0, int32(marks[m.other]), int32(m.other)})
					marks[m.other] = i
				}
			case moveCondition:
				if syntax.EmptyOp(m.other)&^around(s, i) != 0 {
					break way
				}
			case moveMatch:
				marks[1] = i
				return true, true
			}
			at = m.out
		}
	}
	return false, true
}

// around gives the conditions that hold at a place. Letters outside ASCII are no words to regexp, so their bytes will do.
func around(s string, i int) syntax.EmptyOp {
	before, after := rune(-1), rune(-1)
	if i > 0 {
		before = rune(s[i-1])
	}
	if i < len(s) {
		after = rune(s[i])
	}
	return syntax.EmptyOpContext(before, after)
}
