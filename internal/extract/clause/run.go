package clause

// The kinds that CUAD lacks are marked as whole passages: a paragraph of three sentences, the rows of a table. Their
// candidates are sentences, runs of sentences that all seem to be of the kind, paragraphs, and what stands under one heading.

// run is units [first, last] as one candidate of a kind.
type run struct {
	category    int
	first, last int
	shape       shape
	features    [runCount]float32
}

// The features of a run.
const (
	rCategory = iota
	rShape
	rMean // of its units' scores
	rMost
	rLeast
	rBefore // scores of the units around it
	rAfter
	rBest // of the document
	rHigh // units above -1 in the document
	rUnits
	rLength // bytes, as logarithm
	rHeading
	rTable // share of its units that are cells
	rEnds  // its last unit ends as a sentence
	rOther // best other kind
	runCount
)

const (
	runSingle    shape = iota // a unit
	runStretch                // units that all seem to be of the kind
	runParagraph              // all units of a block
	runSection                // all units under a heading
)

// Limits of runs.
const (
	leastSingle  = -3.6 // a sentence without any sign of a kind stands at -4
	leastStretch = -2.2
	leastAround  = -1
	mostRun      = 40
)

// runs lists the candidates of the kinds from first on; scores are units by all n categories.
func runs(l *layout, scores []float32, n, first int) []run {
	at := func(unit, c int) float32 {
		if unit < 0 || unit >= len(l.units) {
			return noScore
		}
		return scores[unit*n+c]
	}
	var list []run
	for c := first; c < n; c++ {
		best, high := float32(noScore), float32(0)
		for i := range l.units {
			best = max(best, at(i, c))
			if at(i, c) > leastAround {
				high++
			}
		}
		seen := map[[2]int]bool{}
		add := func(from, to int, how shape) {
			if to-from >= mostRun || seen[[2]int{from, to}] {
				return
			}
			seen[[2]int{from, to}] = true
			r := run{category: c, first: from, last: to, shape: how}
			f := &r.features
			f[rCategory], f[rShape], f[rMost], f[rLeast] = float32(c-first), float32(how), noScore, -noScore
			f[rBest], f[rHigh], f[rOther], f[rHeading] = best, high, noScore, noScore
			cells := 0
			for i := from; i <= to; i++ {
				z := at(i, c)
				f[rMean] += z
				f[rMost], f[rLeast] = max(f[rMost], z), min(f[rLeast], z)
				for k := first; k < n; k++ {
					if k != c {
						f[rOther] = max(f[rOther], at(i, k))
					}
				}
				if l.units[i].flags&flagCell != 0 {
					cells++
				}
			}
			count := float32(to - from + 1)
			f[rMean] /= count
			f[rUnits], f[rTable] = count, float32(cells)/count
			f[rBefore], f[rAfter] = at(from-1, c), at(to+1, c)
			f[rLength] = logOf(l.units[to].end - l.units[from].start)
			f[rEnds] = boolean(l.units[to].flags&flagEnds != 0)
			for i := from; i >= 0 && i > from-mostRun; i-- {
				if l.units[i].title {
					f[rHeading] = at(i, c)
					break
				}
			}
			list = append(list, r)
		}
		for i := 0; i < len(l.units); i++ {
			u := &l.units[i]
			if u.title {
				continue
			}
			if at(i, c) > leastSingle {
				add(i, i, runSingle)
			}
			if at(i, c) > leastStretch && (i == 0 || l.units[i-1].title || at(i-1, c) <= leastStretch) {
				to := i
				for to+1 < len(l.units) && !l.units[to+1].title && at(to+1, c) > leastStretch {
					to++
				}
				add(i, to, runStretch)
			}
			if at(i, c) > leastAround {
				from, to := l.around(i, func(a, b *unit) bool { return a.block == b.block })
				add(from, to, runParagraph)
				from, to = l.around(i, func(a, b *unit) bool { return a.heading == b.heading })
				add(from, to, runSection)
			}
		}
	}
	return list
}

// around gives the units around i that belong together with it, headings apart.
func (l *layout) around(i int, together func(a, b *unit) bool) (from, to int) {
	from, to = i, i
	for from > 0 && i-from < mostRun && !l.units[from-1].title && together(&l.units[from-1], &l.units[i]) {
		from--
	}
	for to+1 < len(l.units) && to-i < mostRun && !l.units[to+1].title && together(&l.units[to+1], &l.units[i]) {
		to++
	}
	return from, to
}
