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
	said := sayings{l: l, known: map[[2]int][]uint32{}}
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
		f[aSame] = common(said.words(x.start, x.end), said.words(top.start, top.end))
	}
}

// sayings keeps the words of stretches: the same sentence is a candidate of many categories.
type sayings struct {
	l     *layout
	known map[[2]int][]uint32
}

// words is the different words of a stretch, ascending.
func (s *sayings) words(start, end int) []uint32 {
	if list, ok := s.known[[2]int{start, end}]; ok {
		return list
	}
	tokens := s.l.tokens
	at := sort.Search(len(tokens), func(i int) bool { return tokens[i].start >= start })
	var list []uint32
	for ; at < len(tokens) && tokens[at].end <= end; at++ {
		list = append(list, tokens[at].hash)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	s.known[[2]int{start, end}] = list
	return list
}

// common is the share of the words of either that are words of both.
func common(a, b []uint32) float32 {
	both, i, k := 0, 0, 0
	for i < len(a) && k < len(b) {
		switch {
		case a[i] < b[k]:
			i++
		case a[i] > b[k]:
			k++
		default:
			both, i, k = both+1, i+1, k+1
		}
	}
	return float32(both) / float32(max(1, len(a)+len(b)-both))
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
