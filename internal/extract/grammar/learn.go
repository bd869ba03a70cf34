package grammar

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// Ranking is what was learned: for each field that is decided among readings, the weights of their features.
type Ranking struct{ fields map[string]*weights }

// rankedFields in the order in which they are learned: the last day is computed from the dates before it.
func rankedFields() []string {
	return []string{"parties", "agreement_date", "effective_date", "term", "expiration_date", "renewal_term", "notice_period"}
}

// Lesson is a labelled contract. Right tells for a field which values are right; a field that is not in the map is not
// learned from, one for which nothing is right teaches that it is absent.
type Lesson struct {
	Document *document.Document
	Fold     int
	Right    map[string]func(pact.Value) bool
	Names    int // how many parties the label has
}

// studied is a lesson with the readings of all its fields.
type studied struct {
	lesson   Lesson
	examples map[string]*example
	names    []nameChoice
	gold     int // names that the label has
}

// School holds lessons whose readings were made once, so that several rankings can be learned from parts of them.
type School struct{ lessons []studied }

// Teach makes the readings of all lessons. The starts from which a last day is computed are those that a ranking learned
// from the same lessons gives, which is a little better than what a contract never seen will get.
func Teach(ctx context.Context, lessons []Lesson) (*School, error) {
	s := &School{lessons: make([]studied, len(lessons))}
	for i := range lessons {
		s.lessons[i] = studied{lesson: lessons[i], examples: map[string]*example{}}
	}
	if err := s.study(ctx, nil, []string{"parties", "agreement_date", "effective_date", "term", "renewal_term", "notice_period"}); err != nil {
		return nil, err
	}
	dates := &Ranking{fields: map[string]*weights{}}
	for _, name := range []string{"agreement_date", "effective_date"} {
		dates.fields[name] = s.learn(name, nil)
	}
	if err := s.study(ctx, dates, []string{"expiration_date"}); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *School) study(ctx context.Context, known *Ranking, names []string) error {
	work := make(chan int)
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range work {
				s.lessons[i].study(known, names)
			}
		})
	}
	for i := range s.lessons {
		if err := ctx.Err(); err != nil {
			close(work)
			group.Wait()
			return fmt.Errorf("learning the grammar's ranking: %w", err)
		}
		work <- i
	}
	close(work)
	group.Wait()
	return nil
}

func (l *studied) study(known *Ranking, names []string) {
	r := newReading(l.lesson.Document)
	r.orient()
	for _, name := range names {
		verdict, labelled := l.lesson.Right[name]
		if !labelled {
			continue
		}
		if name == "parties" {
			l.studyNames(r, verdict)
			continue
		}
		var starts []started
		if known != nil {
			starts = r.startsBy(known)
		}
		choices := r.choicesOf(name, starts)
		e := &example{doc: r.docFeatures(name, len(choices)), fold: l.lesson.Fold, list: choices, claims: r.claims}
		for i := range choices {
			c := &choices[i]
			right := c.value.Kind != "" && len(c.readings) == 0 && verdict(c.value)
			for _, v := range c.readings {
				right = right || verdict(v)
			}
			e.choices = append(e.choices, c.features)
			e.keys = append(e.keys, c.key())
			e.right = append(e.right, right)
		}
		l.examples[name] = e
	}
}

func (l *studied) studyNames(r *reading, verdict func(pact.Value) bool) {
	l.names = r.nameChoices()
	l.gold = l.lesson.Names
	e := &example{fold: l.lesson.Fold}
	for i := range l.names {
		e.choices = append(e.choices, l.names[i].features)
		e.right = append(e.right, verdict(pact.Text(l.names[i].name.Text)))
	}
	l.examples["parties"] = e
}

// learn fits one field on all folds but those left out, without calibration.
func (s *School) learn(name string, without []int) *weights {
	var examples []example
	for _, l := range s.lessons {
		if e := l.examples[name]; e != nil && !slices.Contains(without, e.fold) {
			examples = append(examples, *e)
		}
	}
	if name == "parties" {
		return fitNames(examples)
	}
	strong := float64(strongUsual)
	switch name {
	case "effective_date":
		strong = strongStart
	case "agreement_date":
		strong = strongMade
	}
	return fit(examples, strong)
}

// Learn makes a ranking from all lessons but those of the folds left out. The confidence of each belief, and how much
// belief a value needs, are found out of fold among the lessons that are not.
func (s *School) Learn(without ...int) *Ranking {
	rank := &Ranking{fields: map[string]*weights{}}
	var group sync.WaitGroup
	var lock sync.Mutex
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, name := range rankedFields() {
		group.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			w := s.learn(name, without)
			seen := s.outOfFold(name, without)
			w.bar = barOf(name)
			w.curve = calibrate(ofGiven(seen))
			w.precision = precision(seen)
			w.round()
			lock.Lock()
			rank.fields[name] = w
			lock.Unlock()
		})
	}
	group.Wait()
	return rank
}

// precision is the share of right ones among the values that are given.
func precision(seen []outcome) float64 {
	given, right := 0, 0
	for _, o := range seen {
		if o.given {
			given++
			if o.right {
				right++
			}
		}
	}
	if given == 0 {
		return 0
	}
	return math.Floor(1000*float64(right)/float64(given)) / 1000
}

// barOf is the belief a value of the field needs to be given.
func barOf(name string) float64 {
	switch name {
	case "parties":
		return 0.28
	case "agreement_date":
		return 0.22
	case "effective_date":
		return 0.60 // of one that says nothing of it; see barFor
	case "notice_period":
		return 0.10
	case "renewal_term":
		return 0.12
	case "expiration_date":
		return 0.15
	}
	return 0.19
}

func (s *School) outOfFold(name string, without []int) []outcome {
	folds := s.folds(name, without)
	var order []int
	for f := range folds {
		order = append(order, f)
	}
	slices.Sort(order)
	if len(order) < 2 {
		return nil
	}
	var seen []outcome
	for _, f := range order {
		w := s.learn(name, append(slices.Clone(without), f))
		w.bar = barOf(name)
		for _, l := range s.lessons {
			if e := l.examples[name]; e != nil && e.fold == f {
				if name == "parties" {
					if o := w.partiesOutcome(&l); o.given {
						seen = append(seen, o)
					}
					continue
				}
				if o, ok := w.outcome(name, e); ok {
					seen = append(seen, o)
				}
			}
		}
	}
	return seen
}

// partiesOutcome tells whether exactly the parties were taken.
func (w *weights) partiesOutcome(l *studied) outcome {
	taken, belief := w.chooseNames(l.names)
	e := l.examples["parties"]
	right := 0
	for _, t := range taken {
		for i := range l.names {
			if t.c == &l.names[i] && e.right[i] {
				right++
			}
		}
	}
	return outcome{belief: belief, right: right == len(taken) && right == l.gold, given: len(taken) > 0, signals: nameSignals(len(taken))}
}

// outcome is the likeliest value of an example, and whether it is right.
func (w *weights) outcome(name string, e *example) (outcome, bool) {
	q := question{name: name, choices: e.list, doc: e.doc, claims: e.claims}
	picks, given := w.answer(q)
	if len(picks) == 0 {
		return outcome{}, false
	}
	right, k := false, picks[0].choice.key()
	for i := range e.keys {
		right = right || e.keys[i] == k && e.right[i]
	}
	return outcome{belief: picks[0].belief, signals: q.signals(picks[0]), right: right, given: given}, true
}

// orient finds what the readings of several fields look at: the title, the parties, the signatures.
func (r *reading) orient() {
	findTitle(r)
	findParties(r)
	findSignatures(r)
	findClaims(r)
}

func (r *reading) choicesOf(name string, starts []started) []choice {
	switch name {
	case "agreement_date":
		return r.dateChoices()
	case "effective_date":
		return r.startChoices()
	case "term":
		return r.termChoices()
	case "expiration_date":
		return r.expirationChoices(starts)
	case "renewal_term":
		return r.renewalChoices()
	case "notice_period":
		return r.noticeChoices()
	}
	return nil
}

// startsBy are the days from which the contract may run, the likeliest first.
func (r *reading) startsBy(known *Ranking) []started {
	var starts []started
	seen := map[calendar.Date]bool{}
	for _, name := range []string{"effective_date", "agreement_date"} {
		w := known.fields[name]
		if w == nil {
			continue
		}
		choices := r.choicesOf(name, nil)
		for i, p := range w.decide(choices, r.docFeatures(name, len(choices))) {
			if i > 1 || p.belief < 0.1 {
				break
			}
			if d := p.choice.value.Date; d != "" && !seen[d] {
				seen[d] = true
				starts = append(starts, started{name: name, date: d, at: p.choice.at[0]})
			}
		}
	}
	return starts
}

// Size is the number of lessons.
func (s *School) Size() int { return len(s.lessons) }

// Scores is for each field how many of the likeliest values were right out of fold, of those given; Learn finds them.
func (k *Ranking) Scores() map[string]float64 {
	scores := map[string]float64{}
	for name, w := range k.fields {
		scores[name] = w.precision
	}
	return scores
}

// folds are those that have examples of a field.
func (s *School) folds(name string, without []int) map[int]bool {
	folds := map[int]bool{}
	for _, l := range s.lessons {
		if e := l.examples[name]; e != nil && !slices.Contains(without, e.fold) {
			folds[e.fold] = true
		}
	}
	return folds
}
