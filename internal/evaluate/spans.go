package evaluate

import (
	"cmp"
	"slices"

	"github.com/pactloop/pactloop/internal/extract/learn"
)

// Marked is a stretch that people marked in a contract as a clause of a category.
type Marked struct {
	Contract int
	Category string
	Text     string
}

// Predicted is a stretch that was predicted, with its confidence.
type Predicted struct {
	Contract   int
	Category   string
	Text       string
	Confidence float64
}

// SpanScore is how predictions stand against marks by CUAD's rule.
type SpanScore struct {
	Marks     int     `json:"marks"`
	Reached   int     `json:"reached"` // marks that any prediction matches
	AUPR      float64 `json:"aupr"`
	P80       float64 `json:"precision_at_80_recall"` // 0 where that recall is not reached
	P90       float64 `json:"precision_at_90_recall"`
	ECE       float64 `json:"ece"`        // of the predictions' confidence, in ten bins
	Sure      int     `json:"sure"`       // predictions at or above 0.85
	SureRight int     `json:"sure_right"` // of these, those that match
}

// matched is a prediction with the marks that it matches.
type matched struct {
	confidence float64
	category   string
	from       int // which of the predictions as they were given
	hits       []int
}

// SpanMatches is predictions matched with marks once, from which scores of any part are counted.
type SpanMatches struct {
	marks []Marked
	list  []matched // the surest first
}

// MatchSpans matches predictions with the marks of the same contract and category.
func MatchSpans(marks []Marked, predictions []Predicted) *SpanMatches {
	type place struct {
		contract int
		category string
	}
	type words = map[string]struct{}
	at := map[place][]int{}
	bags := make([]words, len(marks))
	for i, m := range marks {
		at[place{m.Contract, m.Category}] = append(at[place{m.Contract, m.Category}], i)
		bags[i] = learn.Words(m.Text)
	}
	s := &SpanMatches{marks: marks, list: make([]matched, 0, len(predictions))}
	for i, p := range predictions {
		x := matched{confidence: p.Confidence, category: p.Category, from: i}
		if near := at[place{p.Contract, p.Category}]; len(near) > 0 {
			bag := learn.Words(p.Text)
			for _, i := range near {
				if learn.Matches(p.Category, p.Text, marks[i].Text, bag, bags[i]) {
					x.hits = append(x.hits, i)
				}
			}
		}
		s.list = append(s.list, x)
	}
	slices.SortStableFunc(s.list, func(a, b matched) int { return cmp.Compare(b.confidence, a.confidence) })
	return s
}

// thresholds are the confidences at which CUAD counts.
func thresholds() []float64 {
	list := make([]float64, 0, 101)
	for i := 99; i >= 1; i-- {
		list = append(list, float64(i)/100)
	}
	return append(list, 0.001, 0)
}

// Score counts the categories that keep says.
//
// At each threshold the marks with a matching prediction are right, the predictions that match no mark are wrong. The
// precision is made monotone from the end of high recall; the curve starts at recall 0 with precision 1; its area is that of
// trapezoids.
func (s *SpanMatches) Score(keep func(category string) bool) SpanScore {
	var r SpanScore
	for _, m := range s.marks {
		if keep(m.Category) {
			r.Marks++
		}
	}
	seen := make([]bool, len(s.marks))
	var bins Bins
	found, wrong, i := 0, 0, 0
	var precision, recall []float64
	for _, t := range thresholds() {
		for ; i < len(s.list) && s.list[i].confidence >= t; i++ {
			p := s.list[i]
			if !keep(p.category) {
				continue
			}
			bins.Add(p.confidence, len(p.hits) > 0)
			if p.confidence >= 0.85 {
				r.Sure++
				if len(p.hits) > 0 {
					r.SureRight++
				}
			}
			if len(p.hits) == 0 {
				wrong++
			}
			for _, h := range p.hits {
				if !seen[h] {
					seen[h] = true
					found++
				}
			}
		}
		at := 1.0
		if found+wrong > 0 {
			at = float64(found) / float64(found+wrong)
		}
		precision = append(precision, at)
		recall = append(recall, float64(found)/float64(max(1, r.Marks)))
	}
	r.Reached, r.ECE = found, bins.ECE()
	for k := len(precision) - 2; k >= 0; k-- {
		precision[k] = max(precision[k], precision[k+1])
	}
	beforeRecall, beforePrecision := 0.0, 1.0
	for k := range precision {
		r.AUPR += (recall[k] - beforeRecall) * (precision[k] + beforePrecision) / 2
		beforeRecall, beforePrecision = recall[k], precision[k]
	}
	r.P80, r.P90 = precisionAt(precision, recall, 0.8), precisionAt(precision, recall, 0.9)
	return r
}

// precisionAt is the precision at the first point of the curve with that recall.
func precisionAt(precision, recall []float64, least float64) float64 {
	for k, v := range recall {
		if v >= least {
			return precision[k]
		}
	}
	return 0
}

// Bins counts chances against what came true, in ten bins.
type Bins struct {
	sum   [10]float64
	right [10]int
	all   [10]int
}

// Add counts one chance.
func (b *Bins) Add(chance float64, right bool) {
	i := min(9, max(0, int(chance*10)))
	b.sum[i] += chance
	b.all[i]++
	if right {
		b.right[i]++
	}
}

// ECE is the expected calibration error: how far the chances are from what came true, weighted by how many there are.
func (b *Bins) ECE() float64 {
	total, off := 0, 0.0
	for i := range b.all {
		total += b.all[i]
		d := b.sum[i] - float64(b.right[i])
		if d < 0 {
			d = -d
		}
		off += d
	}
	if total == 0 {
		return 0
	}
	return off / float64(total)
}

// Judged is whether a contract has a clause of a category, and how likely that was held.
type Judged struct {
	Fold    int
	Chance  float64
	Present bool
}

// PresenceScore is how well presence was told.
type PresenceScore struct {
	Pairs    int     `json:"pairs"`
	Present  int     `json:"present"`
	F1       float64 `json:"f1"`
	Accuracy float64 `json:"accuracy"`
	ECE      float64 `json:"ece"`
}

// ScorePresence counts, each fold at the threshold that is best for F1 in the other folds.
func ScorePresence(list []Judged) PresenceScore {
	limits := map[int]float64{}
	for _, j := range list {
		if _, ok := limits[j.Fold]; !ok {
			limits[j.Fold] = bestLimit(list, j.Fold)
		}
	}
	var r PresenceScore
	var right, given, both int
	var bins Bins
	for _, j := range list {
		said := j.Chance >= limits[j.Fold]
		bins.Add(j.Chance, j.Present)
		r.Pairs++
		if j.Present {
			r.Present++
		}
		if said {
			given++
		}
		if said && j.Present {
			both++
		}
		if said == j.Present {
			right++
		}
	}
	r.F1, r.ECE = f1(both, given, r.Present), bins.ECE()
	r.Accuracy = float64(right) / float64(max(1, r.Pairs))
	return r
}

// bestLimit is the chance from which on "present" gives the best F1 outside a fold; where there is no other fold, 0.5.
func bestLimit(list []Judged, fold int) float64 {
	var other []Judged
	present := 0
	for _, j := range list {
		if j.Fold != fold {
			other = append(other, j)
			if j.Present {
				present++
			}
		}
	}
	if len(other) == 0 {
		return 0.5
	}
	slices.SortStableFunc(other, func(a, b Judged) int { return cmp.Compare(b.Chance, a.Chance) })
	best, limit, both := -1.0, 0.5, 0
	for i, j := range other {
		if j.Present {
			both++
		}
		if i+1 < len(other) && other[i+1].Chance == j.Chance {
			continue
		}
		if v := f1(both, i+1, present); v > best {
			best, limit = v, j.Chance
		}
	}
	return limit
}
