package learn

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/pactloop/pactloop/internal/extract/clause"
)

// extra is what is learned for the kinds that CUAD lacks: regressions, and trees over runs of sentences, from documents of our own.
type extra struct {
	names  []string
	linear *linear
	span   []clause.Platt
	found  []clause.Platt // presence
	trees  clause.Forest
	// What models say of the documents that they did not see.
	held    [][]clause.Found
	present [][]float32
}

// extraFolds is by how many parts documents of our own are held out; there are few of them.
const extraFolds = 5

// related are the categories of CUAD that may hold what a kind of our own means: their marks are no counter-examples.
func related(name string) []string {
	money := []string{"revenue_sharing", "minimum_commitment", "price_restrictions", "volume_restriction", "liquidated_damages", "most_favored_nation", "unlimited_license"}
	switch name {
	case "payment_terms", "price_and_tiers", "service_credit":
		return money
	case "audit_duty", "security_attestation", "reporting_duty":
		return []string{"audit_rights", "insurance", "revenue_sharing"}
	case "delivery", "acceptance_and_milestones", "service_level", "data_protection":
		return []string{"minimum_commitment", "post_termination_services", "warranty_duration", "liquidated_damages", "source_code_escrow"}
	}
	return nil
}

// counterEvery is how many marked sentences of CUAD stand for one that is used as a counter-example.
const counterEvery = 3

// learnExtra trains the kinds that CUAD lacks. Sentences that people marked in CUAD as of an unrelated category are
// counter-examples; unmarked ones are not, for a contract of CUAD may well hold terms of payment that nobody was asked to
// mark. What CUAD marks as audit rights is an audit duty of the other side.
func (t *trainer) learnExtra(ctx context.Context) (*extra, error) {
	x := &extra{}
	for _, c := range clause.Categories() {
		if c.CUAD == "" {
			x.names = append(x.names, c.Name)
		}
	}
	n := len(x.names)
	all := t.corpus.rows
	all.labels = make([][]uint8, t.corpus.rows.len())
	var counter []int32
	audit := slices.Index(x.names, "audit_duty")
	k := 0
	for _, sh := range t.corpus.sheets {
		for i := sh.first; i < sh.last; i++ {
			had := t.corpus.rows.labels[i]
			if len(had) == 0 {
				continue
			}
			if slices.Contains(had, uint8(t.number["audit_rights"])) {
				all.labels[i] = []uint8{uint8(audit)}
			} else if t.mayBeExtra(had, x.names) {
				continue
			}
			if k++; k%counterEvery == 0 {
				counter = append(counter, i)
			}
		}
	}
	own := map[string]int{}
	for i, name := range x.names {
		own[name] = i
	}
	for _, sh := range t.extra {
		for i, l := range labels(sh, own) {
			all.labels[int(sh.first)+i] = l
		}
	}
	cfg := t.cfg.Linear
	cfg.Keep = 0
	cfg.Epochs *= 2 // there are few rows
	fit := func(out int) *linear {
		use := slices.Clone(counter)
		for k, sh := range t.extra {
			if k%extraFolds == out {
				continue
			}
			for i := sh.first; i < sh.last; i++ {
				use = append(use, i)
			}
		}
		m := fitLinear(cfg, n, len(t.corpus.keys), t.cfg.Seed, &all, use)
		m.round(60_000)
		return m
	}
	models := make([]*linear, extraFolds+1)
	if err := t.each(ctx, len(models), func(i int) { models[i] = fit(i) }); err != nil {
		return nil, err
	}
	x.linear = models[extraFolds]
	if err := x.judge(ctx, t, models); err != nil {
		return nil, err
	}
	return x, nil
}

// mayBeExtra tells whether a marked sentence of CUAD may hold a kind of our own.
func (t *trainer) mayBeExtra(had []uint8, names []string) bool {
	for _, name := range names {
		for _, r := range related(name) {
			if slices.Contains(had, uint8(t.number[r])) {
				return true
			}
		}
	}
	return false
}

// judge trains the trees and fits the curves, both to what models say of documents that they did not see.
func (x *extra) judge(ctx context.Context, t *trainer, models []*linear) error {
	n := len(x.names)
	r := &t.corpus.rows
	type row struct {
		doc   int
		run   clause.Run
		right bool
		score float32
	}
	var rows []row
	z := make([]float32, n)
	for k, sh := range t.extra {
		text := sh.sample.Document.Text
		bags := make([][]map[string]struct{}, n)
		for c, name := range x.names {
			for _, m := range sh.sample.Marks[name] {
				bags[c] = append(bags[c], Words(m.Text))
			}
		}
		var flat []float32
		for i := sh.first; i < sh.last; i++ {
			models[k%extraFolds].scores(r.index[r.start[i]:r.start[i+1]], r.value[r.start[i]:r.start[i+1]], z)
			flat = append(flat, z...)
		}
		for _, run := range sh.cut.Runs(flat, n) {
			bag := Words(text[run.Start:run.End])
			right := slices.ContainsFunc(bags[run.Category], func(g map[string]struct{}) bool { return Jaccard(bag, g) >= 0.5 })
			rows = append(rows, row{doc: k, run: run, right: right})
		}
	}
	forests := make([]*forest, extraFolds+1)
	err := t.each(ctx, len(forests), func(out int) {
		var f [][]float32
		var l []float32
		for _, w := range rows {
			if w.doc%extraFolds != out {
				f, l = append(f, w.run.Features), append(l, truth(w.right))
			}
		}
		forests[out] = growForest(t.cfg.Forest.forPresence(), t.cfg.Seed, f, l)
	})
	if err != nil {
		return err
	}
	x.trees = forests[extraFolds].shipped()
	scores, right := make([][]float32, n), make([][]bool, n)
	var all []float32
	var truths []bool
	top := filled(n*len(t.extra), -9)
	for i := range rows {
		w := &rows[i]
		c := w.run.Category
		w.score = forests[w.doc%extraFolds].score(w.run.Features)
		scores[c], right[c] = append(scores[c], w.score), append(right[c], w.right)
		all, truths = append(all, w.score), append(truths, w.right)
		top[w.doc*n+c] = max(top[w.doc*n+c], w.score)
	}
	x.span = curves(scores, right, all, truths)
	x.found = x.presence(t, top)
	x.held = make([][]clause.Found, len(t.extra))
	for _, w := range rows {
		x.held[w.doc] = append(x.held[w.doc], clause.Found{Category: len(t.names) + w.run.Category, Start: w.run.Start, End: w.run.End, Confidence: x.span[w.run.Category].Chance(w.score)})
	}
	x.present = make([][]float32, len(t.extra))
	for k := range t.extra {
		for c := range n {
			x.present[k] = append(x.present[k], x.found[c].Chance(top[k*n+c]))
		}
	}
	return nil
}

// presence fits curves from the best score of a kind in a document to whether the document has it.
func (x *extra) presence(t *trainer, top []float32) []clause.Platt {
	n := len(x.names)
	best, there := make([][]float32, n), make([][]bool, n)
	var all []float32
	var truths []bool
	for k, sh := range t.extra {
		for c, name := range x.names {
			is := len(sh.sample.Marks[name]) > 0
			best[c], there[c] = append(best[c], top[k*n+c]), append(there[c], is)
			all, truths = append(all, top[k*n+c]), append(truths, is)
		}
	}
	return curves(best, there, all, truths)
}

// TrainExtra teaches only the kinds that CUAD lacks anew; what weights know of CUAD stays. The same samples and settings
// give the weights that Train gives.
func TrainExtra(ctx context.Context, samples []Sample, cfg Config, known *clause.Weights) (*clause.Weights, *Held, error) {
	t, err := newTrainer(samples, cfg)
	if err != nil {
		return nil, nil, err
	}
	if len(t.extra) == 0 || known.Tree != len(t.names) {
		return nil, nil, errors.New("teaching the kinds that CUAD lacks needs documents that mark them, and weights that know CUAD")
	}
	own, err := t.learnExtra(ctx)
	if err != nil {
		return nil, nil, err
	}
	return own.join(t, known), &Held{Extra: own.held, ExtraPresence: own.present}, nil
}

// join puts the kinds into weights that know CUAD, in place of those that are there.
func (x *extra) join(t *trainer, known *clause.Weights) *clause.Weights {
	w := *known
	n := known.Tree
	type held struct {
		class []uint8
		value []float32
		row   int32
	}
	keys := map[uint32]*held{}
	for i, k := range known.Keys {
		h := &held{row: -1}
		if known.Net.Hidden > 0 {
			h.row = known.Net.Row[i]
		}
		for a := known.Start[i]; a < known.Start[i+1]; a++ {
			if int(known.Class[a]) < n {
				h.class, h.value = append(h.class, known.Class[a]), append(h.value, known.Value[a])
			}
		}
		keys[k] = h
	}
	for f, k := range t.corpus.keys {
		for c := range x.linear.classes {
			v := x.linear.weight[f*x.linear.classes+c]
			if v == 0 {
				continue
			}
			if keys[k] == nil {
				keys[k] = &held{row: -1}
			}
			keys[k].class, keys[k].value = append(keys[k].class, uint8(n+c)), append(keys[k].value, v)
		}
	}
	w.Keys, w.Start, w.Class, w.Value, w.Net.Row = nil, []uint32{0}, nil, nil, nil
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		h := keys[k]
		if len(h.class) == 0 && h.row < 0 {
			continue
		}
		w.Keys, w.Class, w.Value = append(w.Keys, k), append(w.Class, h.class...), append(w.Value, h.value...)
		w.Start = append(w.Start, uint32(len(w.Class)))
		if w.Net.Hidden > 0 {
			w.Net.Row = append(w.Net.Row, h.row)
		}
	}
	w.Categories = append(slices.Clone(known.Categories[:n]), x.names...)
	w.Span, w.Present = append(slices.Clone(known.Span[:n]), x.span...), append(slices.Clone(known.Present[:n]), x.found...)
	w.Habits = append(slices.Clone(known.Habits[:n]), make([]clause.Usual, len(x.names))...)
	w.Bias, w.Show = slices.Clone(known.Bias[:n]), slices.Clone(known.Show[:n])
	for range x.names {
		w.Bias, w.Show = append(w.Bias, bias), append(w.Show, 0.5)
	}
	w.Own = x.trees
	return &w
}
