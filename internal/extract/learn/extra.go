package learn

import (
	"context"
	"slices"

	"github.com/pactloop/pactloop/internal/extract/clause"
)

// extra is what is learned for the kinds that CUAD lacks: regressions alone, from documents of our own.
type extra struct {
	names  []string
	linear *linear
	span   []clause.Platt
	found  []clause.Platt // presence
	// HeldExtra: what models say of the documents that they did not see.
	held [][]clause.Found
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
	x.calibrate(t, models)
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

// calibrate fits the curves to what models say of documents that they did not see.
func (x *extra) calibrate(t *trainer, models []*linear) {
	n := len(x.names)
	scores, right := make([][]float32, n), make([][]bool, n)
	best, there := make([][]float32, n), make([][]bool, n)
	var all, allBest []float32
	var truths, allThere []bool
	z := make([]float32, n)
	r := &t.corpus.rows
	type unit struct {
		doc, category, start, end int
		score                     float32
	}
	var units []unit
	for k, sh := range t.extra {
		top := filled(n, -9)
		text := sh.sample.Document.Text
		bags := make([][]map[string]struct{}, n)
		for c, name := range x.names {
			for _, m := range sh.sample.Marks[name] {
				bags[c] = append(bags[c], Words(m.Text))
			}
		}
		for i := sh.first; i < sh.last; i++ {
			models[k%extraFolds].scores(r.index[r.start[i]:r.start[i+1]], r.value[r.start[i]:r.start[i+1]], z)
			from, to := sh.cut.Span(int(i - sh.first))
			bag := Words(text[from:to])
			for c, s := range z {
				top[c] = max(top[c], s)
				if s < -6 {
					continue
				}
				hit := slices.ContainsFunc(bags[c], func(g map[string]struct{}) bool { return Jaccard(bag, g) >= 0.5 })
				scores[c], right[c] = append(scores[c], s), append(right[c], hit)
				all, truths = append(all, s), append(truths, hit)
				units = append(units, unit{k, c, from, to, s})
			}
		}
		for c, name := range x.names {
			is := len(sh.sample.Marks[name]) > 0
			best[c], there[c] = append(best[c], top[c]), append(there[c], is)
			allBest, allThere = append(allBest, top[c]), append(allThere, is)
		}
	}
	x.span = curves(scores, right, all, truths)
	x.found = curves(best, there, allBest, allThere)
	x.held = make([][]clause.Found, len(t.extra))
	for _, u := range units {
		x.held[u.doc] = append(x.held[u.doc], clause.Found{Category: len(t.names) + u.category, Start: u.start, End: u.end, Confidence: x.span[u.category].Chance(u.score)})
	}
}
