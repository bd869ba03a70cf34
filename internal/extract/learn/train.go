package learn

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/pactloop/pactloop/internal/extract/clause"
)

// Config says how weights are made. Equal samples and an equal Config give equal weights, on any number of workers.
type Config struct {
	Seed    uint64
	Workers int          // trainings at the same time; 0 is 2
	Strict  bool         // stage two learns only from scores of models that saw neither its fold nor the one it is tested on
	Log     func(string) // progress; may be nil
	Linear  LinearConfig // zero: what was found best
	Net     NetConfig    // zero: what was found best
	Forest  ForestConfig // zero: what was found best
	Extra   []Sample     // contracts marked with kinds that CUAD lacks
}

// Held is what models say of contracts that they did not see.
type Held struct {
	Spans         [][]clause.Found        // by sample
	Presence      [][]float32             // by sample, by category
	Models        map[int]*clause.Weights // by the fold that was held out
	Extra         [][]clause.Found        // by sample of Config.Extra: the kinds that CUAD lacks, from models without that document
	ExtraPresence [][]float32             // by sample of Config.Extra, by kind
}

// trainer holds what all trainings share.
type trainer struct {
	cfg    Config
	corpus *corpus
	names  []string
	number map[string]int
	folds  []int         // that occur, ascending
	golds  [][]goldWords // by sheet, by category
	extra  []sheet       // documents marked with the kinds that CUAD lacks
}

type goldWords struct {
	text []string
	bags []map[string]struct{}
}

func newTrainer(samples []Sample, cfg Config) (*trainer, error) {
	if cfg.Workers <= 0 {
		cfg.Workers = 2
	}
	if cfg.Linear == (LinearConfig{}) {
		cfg.Linear = bestLinear()
	}
	if cfg.Net == (NetConfig{}) {
		cfg.Net = bestNet()
	}
	if cfg.Forest == (ForestConfig{}) {
		cfg.Forest = bestForest()
	}
	t := &trainer{cfg: cfg, number: map[string]int{}}
	for _, c := range clause.Categories() {
		if c.CUAD != "" {
			t.number[c.Name] = len(t.names)
			t.names = append(t.names, c.Name)
		}
	}
	marks := 0
	for _, s := range samples {
		if !slices.Contains(t.folds, s.Fold) {
			t.folds = append(t.folds, s.Fold)
		}
		for name, list := range s.Marks {
			if _, ok := t.number[name]; ok {
				marks += len(list)
			}
		}
	}
	slices.Sort(t.folds)
	if len(t.folds) < 3 {
		return nil, errors.New("training needs contracts in at least three folds: scores of the first stage must come from models that did not see the contract")
	}
	if marks == 0 {
		return nil, errors.New("training needs contracts with marked clauses; none of these has one")
	}
	t.say("cutting %d contracts into sentences", len(samples))
	t.corpus = build(slices.Concat(samples, cfg.Extra), t.number)
	t.corpus.sheets, t.extra = t.corpus.sheets[:len(samples)], t.corpus.sheets[len(samples):]
	if t.corpus.rows.len() == 0 || len(t.corpus.keys) == 0 {
		return nil, errors.New("training needs more text: no word stands in enough of these contracts")
	}
	for _, sh := range t.corpus.sheets {
		list := make([]goldWords, len(t.names))
		for c, name := range t.names {
			for _, m := range sh.sample.Marks[name] {
				list[c].text = append(list[c].text, m.Text)
				list[c].bags = append(list[c].bags, Words(m.Text))
			}
		}
		t.golds = append(t.golds, list)
	}
	return t, nil
}

func (t *trainer) say(format string, args ...any) {
	if t.cfg.Log != nil {
		t.cfg.Log(fmt.Sprintf(format, args...))
	}
}

// CrossValidate reads each contract with weights made without its fold.
func CrossValidate(ctx context.Context, samples []Sample, cfg Config) (*Held, error) {
	t, err := newTrainer(samples, cfg)
	if err != nil {
		return nil, err
	}
	_, held, err := t.validate(ctx)
	return held, err
}

// Train makes weights from all samples, and tells what models say of contracts that they did not see.
func Train(ctx context.Context, samples []Sample, cfg Config) (*clause.Weights, *Held, error) {
	t, err := newTrainer(samples, cfg)
	if err != nil {
		return nil, nil, err
	}
	first, held, err := t.validate(ctx)
	if err != nil {
		return nil, nil, err
	}
	t.say("training on all contracts")
	w, own, err := t.final(ctx, first)
	if err != nil {
		return nil, nil, err
	}
	if own != nil {
		held.Extra, held.ExtraPresence = own.held, own.present
	}
	return w, held, nil
}

// judged is the candidates of one sheet with features, truth and, once there, scores.
type judged struct {
	list   []clause.Proposal
	right  []bool
	scores []float32 // of the first judgement
	final  []float32 // of both
	adds   []float32 // by candidate: marks that no surer one matches; 1 for a wrong one; 0 for one that only repeats
}

// pass is what the folds gave: scores of stage one and judged candidates, each from models that did not see the fold.
type pass struct {
	stage  map[int]*stage
	scores [][]float32 // by row, of models without the row's fold
	habits []clause.Usual
	trees  map[int]clause.Forest
	judged []judged // by sheet
}

func (t *trainer) validate(ctx context.Context) (*pass, *Held, error) {
	p := &pass{stage: map[int]*stage{}, trees: map[int]clause.Forest{}, judged: make([]judged, len(t.corpus.sheets))}
	// Stage one without each fold and, where strict, without each pair of folds.
	outs := make([][2]int, 0, 15)
	for i, a := range t.folds {
		outs = append(outs, [2]int{a, a})
		for _, b := range t.folds[i+1:] {
			if t.cfg.Strict {
				outs = append(outs, [2]int{a, b})
			}
		}
	}
	t.say("stage one: %d trainings", len(outs))
	stages := make([]*stage, len(outs))
	if err := t.each(ctx, len(outs), func(i int) { stages[i] = t.stage(outs[i][0], outs[i][1]) }); err != nil {
		return nil, nil, err
	}
	without := func(a, b int) *stage {
		return stages[slices.Index(outs, [2]int{min(a, b), max(a, b)})]
	}
	p.scores = make([][]float32, t.corpus.rows.len())
	for _, f := range t.folds {
		p.stage[f] = without(f, f)
		t.scoreFold(p.stage[f], f, p.scores)
	}
	p.habits = t.usual(p.scores, -1)
	t.say("stage two: %d trainings", len(t.folds))
	forests := make([]*forest, len(t.folds))
	habits := make([][]clause.Usual, len(t.folds))
	err := t.each(ctx, len(t.folds), func(i int) {
		out := t.folds[i]
		scores := p.scores
		if t.cfg.Strict {
			scores = make([][]float32, t.corpus.rows.len())
			for _, f := range t.folds {
				if f != out {
					t.scoreFold(without(f, out), f, scores)
				}
			}
		}
		habits[i] = t.usual(scores, out)
		forests[i] = t.forest(scores, habits[i], out)
	})
	if err != nil {
		return nil, nil, err
	}
	for i, f := range t.folds {
		p.trees[f] = forests[i].shipped()
		for k, sh := range t.corpus.sheets {
			if sh.sample.Fold == f {
				p.judged[k] = t.judge(sh, k, p.scores, habits[i])
				for _, c := range p.judged[k].list {
					p.judged[k].scores = append(p.judged[k].scores, forests[i].score(c.Features[:]))
				}
			}
		}
	}
	t.say("second judgement: %d trainings", len(t.folds))
	second := make([]*forest, len(t.folds))
	for k := range p.judged {
		p.judged[k].adds = t.adds(k, &p.judged[k])
	}
	if err := t.each(ctx, len(t.folds), func(i int) { second[i] = t.again(p, habits[i], t.folds[i]) }); err != nil {
		return nil, nil, err
	}
	for i, f := range t.folds {
		for k, sh := range t.corpus.sheets {
			if sh.sample.Fold == f {
				j := &p.judged[k]
				for x, row := range sh.cut.Again(j.list, j.scores, len(t.names), habits[i]) {
					j.final = append(j.final, j.scores[x]+second[i].score(row))
				}
			}
		}
	}
	held := &Held{Spans: make([][]clause.Found, len(t.corpus.sheets)), Presence: make([][]float32, len(t.corpus.sheets)), Models: map[int]*clause.Weights{}}
	t.say("presence and calibration")
	models := make([]*clause.Weights, len(t.folds))
	err = t.each(ctx, len(t.folds), func(i int) {
		f := t.folds[i]
		models[i] = t.assemble(p.stage[f], nil, p.trees[f], second[i].shipped(), habits[i], p, f)
		m := clause.NewMachine(models[i])
		for k, sh := range t.corpus.sheets {
			if sh.sample.Fold == f {
				r := m.ReadSheet(sh.cut)
				held.Spans[k], held.Presence[k] = r.Found, r.Presence
			}
		}
	})
	for i, f := range t.folds {
		held.Models[f] = models[i]
	}
	return p, held, err
}

// final trains on everything; stage two learns from the scores of the folds.
func (t *trainer) final(ctx context.Context, p *pass) (*clause.Weights, *extra, error) {
	var first *stage
	var trees, second *forest
	err := t.each(ctx, 2, func(i int) {
		if i == 0 {
			first = t.stage(-1, -1)
			return
		}
		trees = t.forest(p.scores, p.habits, -1)
		second = t.again(p, p.habits, -1)
	})
	if err != nil {
		return nil, nil, err
	}
	var own *extra
	if len(t.extra) > 0 {
		t.say("kinds that CUAD lacks: %d documents", len(t.extra))
		if own, err = t.learnExtra(ctx); err != nil {
			return nil, nil, err
		}
	}
	w := t.assemble(first, own, trees.shipped(), second.shipped(), p.habits, p, -1)
	if own == nil {
		return w, nil, nil
	}
	return w, own, nil
}

// each runs work on the workers; results land by index, so the order of running does not matter.
func (t *trainer) each(ctx context.Context, n int, work func(i int)) error {
	next := make(chan int)
	var wg sync.WaitGroup
	for range t.cfg.Workers {
		wg.Go(func() {
			for i := range next {
				if ctx.Err() == nil {
					work(i)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("training: %w", err)
	}
	return nil
}

// stage trains stage one without two folds, and rounds its weights as they are shipped.
func (t *trainer) stage(a, b int) *stage {
	var use []int32
	for _, sh := range t.corpus.sheets {
		if f := sh.sample.Fold; f == a || f == b {
			continue
		}
		for i := sh.first; i < sh.last; i++ {
			use = append(use, i)
		}
	}
	m := fitLinear(t.cfg.Linear, len(t.names), len(t.corpus.keys), t.cfg.Seed, &t.corpus.rows, use)
	m.round(t.cfg.Linear.Keep)
	s := &stage{linear: m}
	if t.cfg.Net.Hidden > 0 {
		s.net = fitNets(t.cfg.Net, len(t.names), len(t.corpus.keys), t.cfg.Seed, &t.corpus.rows, use)
		s.net.round()
	}
	return s
}

func (t *trainer) scoreFold(m *stage, fold int, scores [][]float32) {
	r := &t.corpus.rows
	for _, sh := range t.corpus.sheets {
		if sh.sample.Fold != fold {
			continue
		}
		for i := sh.first; i < sh.last; i++ {
			scores[i] = m.scores(r.index[r.start[i]:r.start[i+1]], r.value[r.start[i]:r.start[i+1]])
		}
	}
}

// judge proposes candidates of a sheet and compares them with its marks.
func (t *trainer) judge(sh sheet, k int, scores [][]float32, habits []clause.Usual) judged {
	flat, apart := t.flat(sh, scores)
	j := judged{list: sh.cut.Propose(flat, apart, len(t.names), habits)}
	text := sh.sample.Document.Text
	for _, c := range j.list {
		gold := t.golds[k][c.Category]
		right := false
		if len(gold.text) > 0 {
			s := text[c.Start:c.End]
			bag := Words(s)
			for g := range gold.text {
				if right = Matches(t.names[c.Category], s, gold.text[g], bag, gold.bags[g]); right {
					break
				}
			}
		}
		j.right = append(j.right, right)
	}
	return j
}

// flat lays the scores of a sheet's units out one after the other.
func (t *trainer) flat(sh sheet, scores [][]float32) (flat, apart []float32) {
	n := len(t.names)
	for i := sh.first; i < sh.last; i++ {
		flat, apart = append(flat, scores[i][:n]...), append(apart, scores[i][n:]...)
	}
	return flat, apart
}

// forest trains stage two on the folds but one.
func (t *trainer) forest(scores [][]float32, habits []clause.Usual, out int) *forest {
	var rows [][]float32
	var label []float32
	for k, sh := range t.corpus.sheets {
		if sh.sample.Fold == out {
			continue
		}
		j := t.judge(sh, k, scores, habits)
		for i := range j.list {
			rows = append(rows, j.list[i].Features[:])
			label = append(label, truth(j.right[i]))
		}
	}
	return growForest(t.cfg.Forest, t.cfg.Seed, rows, label)
}

func growForest(cfg ForestConfig, seed uint64, rows [][]float32, label []float32) *forest {
	if len(rows) == 0 {
		return &forest{base: bias}
	}
	use := make([]int32, len(rows))
	for i := range use {
		use[i] = int32(i)
	}
	return fitForest(cfg, seed, newTable(rows, label), use)
}

func truth(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// usual counts what is usual in each category, without a fold (-1: in all).
func (t *trainer) usual(scores [][]float32, out int) []clause.Usual {
	n := len(t.names)
	h := make([]clause.Usual, n)
	marks, length, hit, said := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	pairs, total := make([]float64, n*n), make([]float64, n)
	contracts := 0.0
	for k, sh := range t.corpus.sheets {
		if sh.sample.Fold == out {
			continue
		}
		contracts++
		for c := range n {
			for _, text := range t.golds[k][c].text {
				marks[c]++
				length[c] += math.Log(float64(max(1, len(text))))
			}
		}
		for i := sh.first; i < sh.last; i++ {
			for c, z := range scores[i][:n] {
				if z > 0 {
					said[c]++
				}
			}
			for _, a := range t.corpus.rows.labels[i] {
				total[a]++
				if scores[i][a] > 0 {
					hit[a]++
				}
				for _, b := range t.corpus.rows.labels[i] {
					if a != b {
						pairs[int(a)*n+int(b)]++
					}
				}
			}
		}
	}
	for c := range h {
		h[c] = clause.Usual{Rate: float32(marks[c] / max(1, contracts)), Hold: float32((hit[c] + 1) / (said[c] + 3)), Length: float32(length[c] / max(1, marks[c]))}
		for i := range h[c].Kin {
			best, most := 0, -1.0
			for b := range n {
				if b == c || slices.Contains(h[c].Kin[:i], uint8(b)) {
					continue
				}
				if v := pairs[c*n+b] / math.Sqrt(total[b]+10); v > most {
					best, most = b, v
				}
			}
			h[c].Kin[i] = uint8(best)
		}
	}
	return h
}
