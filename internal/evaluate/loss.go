package evaluate

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	trained "github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/learn"
)

// LossReport tells where the precision of clauses is lost.
type LossReport struct {
	All        Loss   `json:"all"`
	NoParties  Loss   `json:"without_parties"`
	Categories []Loss `json:"categories"`
}

// Loss is what became of the marks of a category, which wrong predictions are sure, and what the score would be if one
// cause of loss were gone.
type Loss struct {
	Name    string `json:"name"`
	Marks   int    `json:"marks"`
	Matched int    `json:"matched"` // by any prediction, however unsure
	Short   int    `json:"short"`   // not matched, but a prediction lies on it: it is cut too short
	Long    int    `json:"long"`    // too long
	Missed  int    `json:"missed"`  // no prediction lies on half of it, nor it on half of one

	Likely    int `json:"likely"`    // predictions at or above 0.5
	WrongCut  int `json:"wrong_cut"` // of these, on a mark but not matching it
	Elsewhere int `json:"elsewhere"` // beside all marks, in a contract that has some of the category
	Absent    int `json:"absent"`    // in a contract that has none

	AUPR       float64 `json:"aupr"`
	Calibrated float64 `json:"calibrated"` // chances of each category made as good as a monotone curve over the answers can
	Present    float64 `json:"present"`    // no prediction where the contract has no mark of the category
	Cut        float64 `json:"cut"`        // predictions on a mark match it
	Place      float64 `json:"place"`      // no prediction beside all marks where the contract has some
	Reach      float64 `json:"reach"`      // marks that no prediction matches are not asked for
}

// lossData is predictions matched with marks once, and what more is known of each pair.
type lossData struct {
	matches *SpanMatches
	on      [][]int // by prediction as given: the marks that it lies on
	has     []bool  // by prediction as given: the contract has marks of the category
	reached []bool  // by mark
	touched []int   // by mark: 0 nothing on it, 1 something shorter, 2 something longer
}

// LossOf tells where precision is lost, from what ScoreClauses counts.
func LossOf(samples []learn.Sample, spans [][]trained.Found, categories []string) *LossReport {
	d := newLossData(samples, spans, categories)
	r := &LossReport{
		All:       d.loss("all categories", func(string) bool { return true }),
		NoParties: d.loss("without parties", func(c string) bool { return c != "parties" }),
	}
	for _, name := range categories {
		r.Categories = append(r.Categories, d.loss(name, func(c string) bool { return c == name }))
	}
	return r
}

func newLossData(samples []learn.Sample, spans [][]trained.Found, categories []string) *lossData {
	d := &lossData{}
	var marks []Marked
	var predictions []Predicted
	for i, s := range samples {
		first := make([]int, len(categories))
		for c, name := range categories {
			first[c] = len(marks)
			for _, m := range s.Marks[name] {
				marks = append(marks, Marked{i, name, m.Text})
				d.touched = append(d.touched, 0)
			}
		}
		for _, f := range spans[i] {
			name := categories[f.Category]
			predictions = append(predictions, Predicted{i, name, s.Document.Text[f.Start:f.End], trained.Told(f.Confidence)})
			var on []int
			for k, m := range s.Marks[name] {
				both := min(f.End, m.End) - max(f.Start, m.Start)
				if m.Start < 0 || both <= 0 || 2*both < f.End-f.Start && 2*both < m.End-m.Start {
					continue
				}
				at := first[f.Category] + k
				on = append(on, at)
				if f.End-f.Start < m.End-m.Start {
					d.touched[at] = max(d.touched[at], 1)
				} else {
					d.touched[at] = 2
				}
			}
			d.on, d.has = append(d.on, on), append(d.has, len(s.Marks[name]) > 0)
		}
	}
	d.matches = MatchSpans(marks, predictions)
	d.reached = make([]bool, len(marks))
	for _, p := range d.matches.list {
		for _, h := range p.hits {
			d.reached[h] = true
		}
	}
	return d
}

func (d *lossData) loss(name string, keep func(string) bool) Loss {
	l := Loss{Name: name}
	for i, m := range d.matches.marks {
		if !keep(m.Category) {
			continue
		}
		l.Marks++
		switch {
		case d.reached[i]:
			l.Matched++
		case d.touched[i] == 1:
			l.Short++
		case d.touched[i] == 2:
			l.Long++
		default:
			l.Missed++
		}
	}
	for _, p := range d.matches.list {
		if p.confidence < 0.5 || !keep(p.category) {
			continue
		}
		l.Likely++
		switch {
		case len(p.hits) > 0:
		case len(d.on[p.from]) > 0:
			l.WrongCut++
		case d.has[p.from]:
			l.Elsewhere++
		default:
			l.Absent++
		}
	}
	l.AUPR = d.matches.Score(keep).AUPR
	l.Calibrated = d.monotone().Score(keep).AUPR
	l.Present = d.only(func(p matched) bool { return d.has[p.from] }).Score(keep).AUPR
	l.Place = d.only(func(p matched) bool { return len(p.hits) > 0 || len(d.on[p.from]) > 0 || !d.has[p.from] }).Score(keep).AUPR
	l.Cut = d.cut().Score(keep).AUPR
	l.Reach = d.asked().Score(keep).AUPR
	return l
}

// only is the matches without the predictions that good does not say.
func (d *lossData) only(good func(matched) bool) *SpanMatches {
	s := &SpanMatches{marks: d.matches.marks}
	for _, p := range d.matches.list {
		if good(p) {
			s.list = append(s.list, p)
		}
	}
	return s
}

// cut counts each prediction that lies on a mark as matching it.
func (d *lossData) cut() *SpanMatches {
	s := &SpanMatches{marks: d.matches.marks}
	for _, p := range d.matches.list {
		p.hits = append(slices.Clone(p.hits), d.on[p.from]...)
		s.list = append(s.list, p)
	}
	return s
}

// asked leaves out the marks that no prediction matches.
func (d *lossData) asked() *SpanMatches {
	s := &SpanMatches{}
	at := make([]int, len(d.matches.marks))
	for i, m := range d.matches.marks {
		if d.reached[i] {
			at[i] = len(s.marks)
			s.marks = append(s.marks, m)
		}
	}
	for _, p := range d.matches.list {
		p.hits = slices.Clone(p.hits)
		for k, h := range p.hits {
			p.hits[k] = at[h]
		}
		s.list = append(s.list, p)
	}
	return s
}

// monotone replaces the chances of each category by the best monotone curve over the answers themselves: no calibration
// that keeps the order within the categories can do better.
func (d *lossData) monotone() *SpanMatches {
	type pool struct{ right, all float64 }
	byCategory := map[string][]int{}
	for i, p := range d.matches.list {
		byCategory[p.category] = append(byCategory[p.category], i)
	}
	s := &SpanMatches{marks: d.matches.marks, list: slices.Clone(d.matches.list)}
	for _, list := range byCategory {
		var pools []pool // from the surest on, falling
		for _, i := range list {
			x := pool{all: 1}
			if len(s.list[i].hits) > 0 {
				x.right = 1
			}
			for len(pools) > 0 && pools[len(pools)-1].right*x.all <= x.right*pools[len(pools)-1].all {
				x.right, x.all = x.right+pools[len(pools)-1].right, x.all+pools[len(pools)-1].all
				pools = pools[:len(pools)-1]
			}
			pools = append(pools, x)
		}
		k := 0
		for _, x := range pools {
			for range int(x.all) {
				s.list[list[k]].confidence = x.right / x.all
				k++
			}
		}
	}
	slices.SortStableFunc(s.list, func(a, b matched) int { return cmp.Compare(b.confidence, a.confidence) })
	return s
}

// Print writes the report for people.
func (r *LossReport) Print(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Where it is lost: marks by what lies on them, sure predictions that are wrong, and AUPR if one cause were gone\n\n")
	fmt.Fprintf(&b, "%-34s %6s %7s %6s %6s %6s   %6s %6s %6s %6s   %6s %6s %6s %6s %6s %6s\n", "category", "marks", "matched", "short", "long", "missed",
		">=0.5", "cut", "place", "absent", "AUPR", "curves", "absent", "place", "cut", "reach")
	for _, l := range append([]Loss{r.All, r.NoParties}, r.Categories...) {
		of := func(n, all int) float64 { return float64(n) / float64(max(1, all)) }
		fmt.Fprintf(&b, "%-34s %6d %7.3f %6.3f %6.3f %6.3f   %6d %6.3f %6.3f %6.3f   %6.3f %6.3f %6.3f %6.3f %6.3f %6.3f\n", l.Name, l.Marks,
			of(l.Matched, l.Marks), of(l.Short, l.Marks), of(l.Long, l.Marks), of(l.Missed, l.Marks),
			l.Likely, of(l.WrongCut, l.Likely), of(l.Elsewhere, l.Likely), of(l.Absent, l.Likely),
			l.AUPR, l.Calibrated, l.Present, l.Place, l.Cut, l.Reach)
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}
