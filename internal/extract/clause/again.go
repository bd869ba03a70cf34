package clause

import (
	"cmp"
	"slices"
	"sort"
)

// Candidates of a category are judged a second time, now that the first scores of all others are known: the same sentence
// cut in another way, the same date on another page. What a surer candidate already says is worth little, so what is learned
// here is whether a candidate adds a clause that no surer one holds.

// The features of the second judgement.
const (
	aCategory = iota
	aShape
	aScore   // of the first judgement
	aBest    // of the category in the document
	aGap     // to the best
	aRank    // among all candidates of the category
	aFree    // surer candidates that do not overlap it
	aMass    // sum of chances of the category
	aLikely  // candidates of the category above 0
	aOver    // best that overlaps it
	aShorter // best that overlaps it and is shorter
	aLonger  // best that overlaps it and is not
	aBefore  // best of the three units before
	aAfter   // and after
	aNear    // best of the twelve units around
	aSame    // share of words that it has in common with the best that does not overlap it
	aApartBest
	aBehind // the best that does not overlap it stands before it
	aKin    // best of kindred categories in the unit
	aKinBest
	aFirstKin
	aOther // best other category in the unit
	aSum   // sum of chances in the unit
	aPresent
	aRate
	aHold
	aOwn // of stage one
	aApart
	aSize
	aPosition
	aUnits
	aHeading
	aBlock
	againCount
)

// leastSame is the score from which on words are compared: below it nothing is found any more.
const leastSame = -5

// again makes the features of the second judgement from candidates with their first scores, in the order of the candidates.
func again(l *layout, list []candidate, n int, habits []usual) [][againCount]float32 {
	rows := make([][againCount]float32, len(list))
	by := make([][]int, n)
	best := filledWith(n, noScore)
	units := filledWith(len(l.units)*n, noScore) // best score by unit and category
	for i := range list {
		c, z := int(list[i].category), list[i].score
		by[c] = append(by[c], i)
		best[c] = max(best[c], z)
		units[list[i].unit*n+c] = max(units[list[i].unit*n+c], z)
	}
	said := sayings{l: l}
	present := float32(0)
	for _, z := range best {
		if z > 0 {
			present++
		}
	}
	for c, order := range by {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(list[b].score, list[a].score) })
		mass, likely := float32(0), float32(0)
		for _, i := range order {
			mass += chance(list[i].score)
			if list[i].score > 0 {
				likely++
			}
		}
		for rank, i := range order {
			x, f := &list[i], &rows[i]
			f[aCategory], f[aShape], f[aScore] = float32(c), float32(x.shape), x.score
			f[aBest], f[aGap], f[aRank], f[aMass], f[aLikely] = best[c], best[c]-x.score, float32(rank), mass, likely
			besides(f, &said, list, order, rank)
			at := units[x.unit*n : x.unit*n+n]
			f[aKin], f[aKinBest], f[aOther] = noScore, noScore, noScore
			for _, k := range habits[c].kin {
				f[aKin], f[aKinBest] = max(f[aKin], at[k]), max(f[aKinBest], best[k])
			}
			f[aFirstKin] = at[habits[c].kin[0]]
			for k, z := range at {
				if k != c {
					f[aOther] = max(f[aOther], z)
				}
				if z > noScore {
					f[aSum] += chance(z)
				}
			}
			f[aPresent], f[aRate], f[aHold] = present, habits[c].rate, habits[c].hold
			g := &x.features
			f[aOwn], f[aApart], f[aSize], f[aPosition] = g[fOwn], g[fApart], g[fSize], g[fPosition]
			f[aUnits], f[aHeading], f[aBlock] = g[fUnits], g[fHeading], g[fBlock]
		}
	}
	return rows
}

// besides fills in what the other candidates of the category say; order is theirs, the surest first.
func besides(f *[againCount]float32, said *sayings, list []candidate, order []int, rank int) {
	x := &list[order[rank]]
	for _, k := range []int{aOver, aShorter, aLonger, aBefore, aAfter, aNear, aApartBest} {
		f[k] = noScore
	}
	var top *candidate
	for k, o := range order {
		y := &list[o]
		if k == rank {
			continue
		}
		if y.start < x.end && x.start < y.end {
			f[aOver] = max(f[aOver], y.score)
			if y.end-y.start < x.end-x.start {
				f[aShorter] = max(f[aShorter], y.score)
			} else {
				f[aLonger] = max(f[aLonger], y.score)
			}
			continue
		}
		if k < rank {
			f[aFree]++
		}
		if top == nil {
			top = y
		}
		switch d := y.unit - x.unit; {
		case d >= -3 && d < 0:
			f[aBefore] = max(f[aBefore], y.score)
		case d > 0 && d <= 3:
			f[aAfter] = max(f[aAfter], y.score)
		}
		if d := y.unit - x.unit; d >= -12 && d <= 12 {
			f[aNear] = max(f[aNear], y.score)
		}
	}
	if top == nil {
		return
	}
	f[aApartBest], f[aBehind] = top.score, boolean(top.start < x.start)
	if x.score > leastSame {
		f[aSame] = said.common(x, top)
	}
}

// sayings compares the words of stretches. The surest candidate of a category is compared with all others of it, so its words
// stand in a table from one question to the next.
type sayings struct {
	l     *layout
	top   [2]int  // the stretch whose words are marked
	words int     // how many different ones it has
	known int     // words in the table
	table []heard // open addressing by hash
	round uint32  // of the stretch at hand
	mark  uint32  // the round in which top was heard
}

// heard is a word, and the rounds in which it was heard last and as a word of top.
type heard struct{ hash, round, mark uint32 }

// hear notes a word and gives its place in the table, and whether it is new in this round.
func (s *sayings) hear(hash uint32) (*heard, bool) {
	mask := uint32(len(s.table) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		h := &s.table[at]
		if h.round == 0 {
			h.hash = hash
			s.known++
		} else if h.hash != hash {
			continue
		}
		fresh := h.round != s.round
		h.round = s.round
		return h, fresh
	}
}

// room makes the table large enough for the words of so many bytes more.
func (s *sayings) room(bytes int) {
	size := max(1024, len(s.table))
	for size < 2*(s.known+bytes) {
		size *= 2
	}
	if size == len(s.table) {
		return
	}
	old := s.table
	s.table = make([]heard, size)
	for _, h := range old {
		at := h.hash & uint32(size-1)
		for h.round != 0 && s.table[at].round != 0 {
			at = (at + 1) & uint32(size-1)
		}
		if h.round != 0 {
			s.table[at] = h
		}
	}
}

// between gives the tokens of a stretch.
func (s *sayings) between(start, end int) []token {
	tokens := s.l.tokens
	from := sort.Search(len(tokens), func(i int) bool { return tokens[i].start >= start })
	to := from
	for to < len(tokens) && tokens[to].end <= end {
		to++
	}
	return tokens[from:to]
}

// common is the share of the words of either that are words of both.
func (s *sayings) common(x, top *candidate) float32 {
	s.room(x.end - x.start + top.end - top.start)
	if stretch := [2]int{top.start, top.end}; s.mark == 0 || s.top != stretch {
		s.round++
		s.top, s.mark, s.words = stretch, s.round, 0
		for _, t := range s.between(top.start, top.end) {
			h, fresh := s.hear(t.hash)
			if h.mark = s.mark; fresh {
				s.words++
			}
		}
	}
	s.round++
	own, both := 0, 0
	for _, t := range s.between(x.start, x.end) {
		if h, fresh := s.hear(t.hash); fresh {
			own++
			if h.mark == s.mark {
				both++
			}
		}
	}
	return float32(both) / float32(max(1, own+s.words-both))
}

func filledWith(n int, v float32) []float32 {
	list := make([]float32, n)
	for i := range list {
		list[i] = v
	}
	return list
}

// judgeAgain adds the second judgement to the scores.
func (m *Machine) judgeAgain(l *layout, list []candidate) {
	if len(m.w.Again.Trees) == 0 {
		return
	}
	features := again(l, list, m.w.Tree, m.habit)
	rows, sums := make([][]float32, len(list)), make([]float32, len(list))
	for i := range list {
		rows[i], sums[i] = features[i][:], list[i].score
	}
	m.again.add(rows, sums)
	for i := range list {
		list[i].score = sums[i]
	}
}
