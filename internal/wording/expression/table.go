package expression

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// answer says whether a text has a match.
type answer uint8

const (
	maybe answer = iota
	no
	yes
)

// table is the deterministic automaton of an expression, made state by state as texts need it. The language it knows may
// be larger than that of the expression, never smaller: repetitions with a limit count as without one, which keeps the
// states few, and a letter outside ASCII is taken for any that the expression can mean.
type table struct {
	expr  string
	first sync.Once // see look
	fixed bool      // matches begin with the text only,
	opens [4]uint64 // and then with one of these bytes
	must  must      // otherwise: what each match holds
	tree  *syntax.Regexp
	prog  *syntax.Prog
	once  sync.Once // see make
	exact bool      // the language is that of the expression
	apart bool      // a match needs nothing of what stands before it but whether a word ends there, and has a letter
	wide  bool      // letters outside ASCII may be taken for others
	class [256]uint8
	least []rune // by class: one of its letters; the last two are what is not ASCII, and the end
	begin place
	after [3]place                 // where reading goes on after a line end, a mark, a letter; 0 where that can not be told
	steps atomic.Pointer[[]uint32] // a row for each state: its next place by class, 0 where nobody went yet

	mutex  sync.Mutex
	states []state
	known  map[string]place
	takes  []*[4]uint64 // by instruction: which classes it reads, once it was asked
	walk   walk         // room for one
	key    []byte
	at     []uint32
}

// place is where the automaton stands: where the row of its state begins in steps, and what is to know of it. That all lies
// in one number, and all numbers of a table in one stretch of memory, so that a step is two look-ups.
type place = uint32

const (
	matched place = 1 << 31 // a match has been seen
	never   place = 1 << 30 // none can come
	fresh   place = 1 << 29 // no match is begun, and none that begins here asks for what was before
	where   place = fresh - 1
)

// state is what a row was made from.
type state struct {
	at   []uint32
	prev rune // what was read before, as far as \b and ^ ask: -1, '\n', 'a' or ' '
}

// unknown is where a match may begin of which only regexp with the whole text can tell.
const unknown = -1

// mostStates bounds a table; a text that needs more is left to regexp.
const mostStates = 3000

// mostTimes is how often a repetition may be counted.
const mostTimes = 4

func newTable(expr string) *table { return &table{expr: expr} }

// barren tells at a look that a text has no match from a place on; false where only reading it can tell.
func (t *table) barren(s string, from int) bool {
	t.first.Do(t.look)
	if t.fixed {
		return from == 0 && s != "" && t.opens[s[0]>>6]>>(s[0]&63)&1 == 0
	}
	return t.must.absent(s[from:])
}

// ask reads a text from a place on. Where there may be a match, none begins before the second result; a match does not
// look before it, so that regexp may be given the rest alone.
func (t *table) ask(s string, from int) (answer, int) {
	if t.barren(s, from) {
		return no, from
	}
	t.once.Do(t.make)
	st, sure := t.begin, t.exact
	if from > 0 {
		st = t.after[kindAt(s[from-1])]
	}
	if st == 0 {
		return maybe, from
	}
	at := from
	if from > 0 && st&fresh == 0 {
		from = unknown
	}
	steps := *t.steps.Load()
	wide := uint8(len(t.least) - 2)
	for i := at; i < len(s); i++ {
		k := t.class[s[i]]
		if k == wide {
			_, n := utf8.DecodeRuneInString(s[i:])
			i += n - 1
			sure = sure && !t.wide
		}
		next := atomic.LoadUint32(&steps[st&where+uint32(k)])
		if next == 0 {
			if next = t.step(st, k); next == 0 {
				return maybe, from
			}
			steps = *t.steps.Load()
		}
		if next&(matched|never) != 0 {
			return verdict(next, sure), from
		}
		if next == st { // most letters change nothing, and as long as none does, no step waits for the one before it
			row := steps[st&where:][:len(t.least)]
			for i+1 < len(s) {
				k := t.class[s[i+1]]
				if k == wide || atomic.LoadUint32(&row[k]) != st {
					break
				}
				i++
			}
		}
		if next&fresh != 0 {
			from = i + 1
		}
		st = next
	}
	next := atomic.LoadUint32(&steps[st&where+uint32(wide)+1])
	if next == 0 {
		if next = t.step(st, wide+1); next == 0 {
			return maybe, from
		}
	}
	if next&matched != 0 {
		return verdict(next, sure), from
	}
	return no, from
}

func verdict(p place, sure bool) answer {
	switch {
	case p&matched == 0:
		return no
	case sure:
		return yes
	}
	return maybe
}

// look reads the expression, as far as that tells in which texts nothing can match.
func (t *table) look() {
	tree, err := syntax.Parse(t.expr, syntax.Perl)
	if err != nil {
		return // regexp took it, so this does not happen; then regexp does all the work
	}
	t.exact = true
	t.loosen(tree)
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return
	}
	t.tree, t.prog = tree, prog
	if t.fixed = fromBegin(prog, uint32(prog.Start), make([]bool, len(prog.Inst))); t.fixed {
		t.open(uint32(prog.Start), make([]bool, len(prog.Inst)))
	} else {
		t.must = newMust(tree)
	}
}

// open notes with which bytes a match may begin, taking each condition for fulfilled; any of them where it may have no letter.
func (t *table) open(pc uint32, seen []bool) {
	for !seen[pc] {
		seen[pc] = true
		in := &t.prog.Inst[pc]
		switch in.Op {
		case syntax.InstFail:
			return
		case syntax.InstMatch:
			t.opens = [4]uint64{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
			return
		case syntax.InstAlt, syntax.InstAltMatch:
			t.open(in.Arg, seen)
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			ascii := asciiOf(in)
			t.opens[0], t.opens[1] = t.opens[0]|ascii[0], t.opens[1]|ascii[1]
			if beyondASCII(in) {
				t.opens[2], t.opens[3] = ^uint64(0), ^uint64(0)
			}
			return
		}
		pc = in.Out
	}
}

// make prepares the automaton.
func (t *table) make() {
	tree, prog := t.tree, t.prog
	if prog == nil {
		return
	}
	t.apart = shortest(tree) > 0
	for i := range prog.Inst {
		if in := &prog.Inst[i]; in.Op == syntax.InstEmptyWidth && syntax.EmptyOp(in.Arg)&(syntax.EmptyBeginText|syntax.EmptyBeginLine) != 0 {
			t.apart = false
		}
	}
	t.classes()
	t.known = map[string]place{}
	t.steps.Store(&[]uint32{})
	t.begin = t.state(nil, -1)
	if t.apart {
		for i, kind := range []rune{'\n', ' ', 'a'} {
			t.after[i] = t.state(nil, kind)
		}
	}
}

// fromBegin tells whether each way from an instruction to a letter or to a match asks for the beginning of the text: so it is with
// one that begins with ^, and with a choice of such.
func fromBegin(prog *syntax.Prog, pc uint32, seen []bool) bool {
	for !seen[pc] {
		seen[pc] = true
		in := &prog.Inst[pc]
		switch in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			if !fromBegin(prog, in.Arg, seen) {
				return false
			}
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(in.Arg)&syntax.EmptyBeginText != 0 {
				return true
			}
		case syntax.InstCapture, syntax.InstNop:
		case syntax.InstFail:
			return true
		default:
			return false
		}
		pc = in.Out
	}
	return true
}

// behind gives the table of matches that do not begin with the text, for an expression of which some do; ok is false where none
// or all do, or where a match may have no letter.
func (t *table) behind() (rest *table, ok bool) {
	t.first.Do(t.look)
	t.once.Do(t.make)
	if t.prog == nil || t.apart || t.fixed {
		return nil, false
	}
	tree, err := syntax.Parse(t.expr, syntax.Perl)
	if err != nil || shortest(tree) == 0 {
		return nil, false
	}
	rest = newTable(without(tree, syntax.OpBeginText).String())
	rest.first.Do(rest.look)
	rest.once.Do(rest.make)
	return rest, rest.apart
}

// without takes a condition for one that never holds.
func without(tree *syntax.Regexp, op syntax.Op) *syntax.Regexp {
	if tree.Op == op {
		tree.Op = syntax.OpNoMatch
	}
	for _, sub := range tree.Sub {
		without(sub, op)
	}
	return tree
}

// shortest is the least number of letters that a match has, or less.
func shortest(tree *syntax.Regexp) int {
	switch tree.Op {
	case syntax.OpLiteral:
		return len(tree.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return shortest(tree.Sub[0])
	case syntax.OpRepeat:
		return tree.Min * shortest(tree.Sub[0])
	case syntax.OpConcat:
		n := 0
		for _, sub := range tree.Sub {
			n += shortest(sub)
		}
		return n
	case syntax.OpAlternate:
		n := shortest(tree.Sub[0])
		for _, sub := range tree.Sub[1:] {
			n = min(n, shortest(sub))
		}
		return n
	}
	return 0
}

// loosen takes the limits from repetitions.
func (t *table) loosen(tree *syntax.Regexp) {
	if tree.Op == syntax.OpRepeat && (tree.Max > mostTimes || tree.Min > mostTimes) {
		t.exact = false
		tree.Op = syntax.OpPlus
		if tree.Min == 0 {
			tree.Op = syntax.OpStar
		}
		tree.Min, tree.Max = 0, 0
	}
	for _, sub := range tree.Sub {
		t.loosen(sub)
	}
}

// classes puts letters together that the expression does not tell apart.
func (t *table) classes() {
	mark := func(c rune) rune {
		switch {
		case c == '\n':
			return 0
		case syntax.IsWordChar(c):
			return 1
		}
		return 2
	}
	kind := [utf8.RuneSelf]int{}
	refine := func(is func(c rune) int) {
		n, seen := 0, [utf8.RuneSelf][3]int{} // from 1 on
		for c := range kind {
			k := &seen[kind[c]][is(rune(c))]
			if *k == 0 {
				n++
				*k = n
			}
			kind[c] = *k - 1
		}
	}
	refine(func(c rune) int { return int(mark(c)) })
	done := map[[2]uint64]bool{}
	for i := range t.prog.Inst {
		in := &t.prog.Inst[i]
		switch in.Op {
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		default:
			continue
		}
		t.wide = t.wide || beyondASCII(in)
		ascii := asciiOf(in)
		if done[ascii] {
			continue
		}
		done[ascii] = true
		refine(func(c rune) int { return int(ascii[c>>6] >> (c & 63) & 1) })
	}
	for c, k := range kind {
		t.class[c] = uint8(k)
		if k == len(t.least) {
			t.least = append(t.least, rune(c))
		}
	}
	for c := utf8.RuneSelf; c < len(t.class); c++ {
		t.class[c] = uint8(len(t.least))
	}
	t.least = append(t.least, utf8.RuneError, -1)
}

// state gives the place of what was reached, 0 where the table is full; call it with the lock, or before anybody else can.
func (t *table) state(at []uint32, prev rune) place {
	if t.fixed && len(at) == 0 && prev != -1 {
		return never
	}
	t.key = t.key[:0]
	for _, pc := range at {
		t.key = binary.LittleEndian.AppendUint32(t.key, pc)
	}
	t.key = append(t.key, byte(prev))
	if p, made := t.known[string(t.key)]; made {
		return p
	}
	if len(t.states) >= mostStates {
		return 0
	}
	t.states = append(t.states, state{slices.Clone(at), prev})
	p := place(len(t.states) * len(t.least)) // the first row belongs to nobody, so that no place is 0
	if steps := *t.steps.Load(); int(p)+len(t.least) > len(steps) {
		more := make([]uint32, max(2*len(steps), 8*len(t.least)))
		copy(more, steps) // who reads the old rows finds in them all that was there
		t.steps.Store(&more)
	}
	if t.apart && len(at) == 0 && prev != 'a' {
		p |= fresh
	}
	t.known[string(t.key)] = p
	return p
}

// reads gives the classes that an instruction reads.
func (t *table) reads(pc uint32) *[4]uint64 {
	if t.takes == nil {
		t.takes = make([]*[4]uint64, len(t.prog.Inst))
	}
	if t.takes[pc] == nil {
		in, takes := &t.prog.Inst[pc], new([4]uint64)
		ascii := asciiOf(in)
		for class, c := range t.least[:len(t.least)-2] {
			takes[class>>6] |= ascii[c>>6] >> (c & 63) & 1 << (class & 63)
		}
		if wide := len(t.least) - 2; beyondASCII(in) {
			takes[wide>>6] |= 1 << (wide & 63)
		}
		t.takes[pc] = takes
	}
	return t.takes[pc]
}

// step finds where a state goes by a class, and writes it down; 0 where the table is full.
func (t *table) step(from place, class uint8) place {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	st := t.states[int(from&where)/len(t.least)-1]
	c := t.least[class]
	wide := int(class) == len(t.least)-2
	w := &t.walk
	w.begin(t.prog, syntax.EmptyOpContext(st.prev, c))
	for _, pc := range st.at {
		w.follow(pc)
	}
	if !t.fixed || st.prev == -1 {
		w.follow(uint32(t.prog.Start))
	}
	to := matched
	if !w.matched {
		t.at = t.at[:0]
		for _, pc := range w.reads {
			if c >= 0 && t.reads(pc)[class>>6]>>(class&63)&1 == 1 {
				t.at = append(t.at, t.prog.Inst[pc].Out)
			}
		}
		slices.Sort(t.at)
		t.at = slices.Compact(t.at)
		to = t.state(t.at, kindOf(c, wide))
	}
	if to != 0 {
		atomic.StoreUint32(&(*t.steps.Load())[from&where+uint32(class)], to)
	}
	return to
}

// kindAt gives the place in after of the kind of a byte, as kindOf tells it.
func kindAt(c byte) int {
	switch {
	case c == '\n':
		return 0
	case c < utf8.RuneSelf && syntax.IsWordChar(rune(c)):
		return 2
	}
	return 1
}

func kindOf(c rune, wide bool) rune {
	switch {
	case wide || c < 0:
		return ' '
	case c == '\n':
		return '\n'
	case syntax.IsWordChar(c):
		return 'a'
	}
	return ' '
}

// asciiOf gives a bit for each letter of ASCII that an instruction reads: what MatchRune tells of each.
func asciiOf(in *syntax.Inst) (ascii [2]uint64) {
	add := func(from, to rune) {
		for c := max(from, 0); c <= min(to, utf8.RuneSelf-1); c++ {
			ascii[c>>6] |= 1 << (c & 63)
		}
	}
	if len(in.Rune) == 1 { // a letter of a word, not a class
		first := in.Rune[0]
		add(first, first)
		if syntax.Flags(in.Arg)&syntax.FoldCase != 0 {
			for c := unicode.SimpleFold(first); c != first; c = unicode.SimpleFold(c) {
				add(c, c)
			}
		}
		return ascii
	}
	for i := 0; i+1 < len(in.Rune); i += 2 {
		add(in.Rune[i], in.Rune[i+1])
	}
	return ascii
}

// beyondASCII tells whether an instruction can read a letter outside ASCII; folding turns some of ASCII into such.
func beyondASCII(in *syntax.Inst) bool {
	if in.Op == syntax.InstRuneAny || in.Op == syntax.InstRuneAnyNotNL {
		return true
	}
	if syntax.Flags(in.Arg)&syntax.FoldCase != 0 {
		return true
	}
	return len(in.Rune) > 0 && slices.Max(in.Rune) >= utf8.RuneSelf
}

// walk follows what reads nothing.
type walk struct {
	prog    *syntax.Prog
	flags   syntax.EmptyOp
	seen    []uint32 // by instruction: the round in which it was followed last
	round   uint32
	reads   []uint32
	matched bool
}

func (w *walk) begin(prog *syntax.Prog, flags syntax.EmptyOp) {
	if w.round++; w.seen == nil || w.round == 0 {
		w.seen, w.round = make([]uint32, len(prog.Inst)), 1
	}
	w.prog, w.flags, w.reads, w.matched = prog, flags, w.reads[:0], false
}

func (w *walk) follow(pc uint32) {
	for w.seen[pc] != w.round {
		w.seen[pc] = w.round
		in := &w.prog.Inst[pc]
		switch in.Op {
		case syntax.InstFail:
			return
		case syntax.InstMatch:
			w.matched = true
			return
		case syntax.InstAlt, syntax.InstAltMatch:
			w.follow(in.Arg)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(in.Arg)&^w.flags != 0 {
				return
			}
		case syntax.InstCapture, syntax.InstNop:
		default:
			w.reads = append(w.reads, pc)
			return
		}
		pc = in.Out
	}
}
