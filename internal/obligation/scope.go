package obligation

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// Scope says which invoices or orders a clause is about, where a contract has several clauses of a kind: "expenses are payable within 60 days".
// The rule is that of Eligible.
type Scope struct {
	Items    []string `json:"items,omitempty"`    // only what names one of these items; absent: all
	Exclude  []string `json:"exclude,omitempty"`  // not these items
	Services []string `json:"services,omitempty"` // only what is of one of these services (data.service); absent: all
}

// subject is what an invoice, or a line of an order, says of what it is about.
type subject struct {
	service string
	items   []string
}

func subjectOf(e pact.Event, items ...string) subject {
	if len(items) == 0 {
		for _, l := range e.Data.Lines {
			items = append(items, l.Item)
		}
	}
	if len(items) == 0 {
		items = []string{e.Data.Item}
	}
	return subject{e.Data.Service, items}
}

// How well a clause fits what it may be about.
const (
	fitsNot    = iota // it is about something else
	fitsAll           // it is about everything
	fitsPartly        // about a part of the items, or nothing tells what they are
	fitsWell          // about just this
)

// fit tells how well the clause fits.
func (sc *Scope) fit(x subject) int {
	if sc == nil || len(sc.Items)+len(sc.Exclude)+len(sc.Services) == 0 {
		return fitsAll
	}
	best, partly := fitsAll, false
	if len(sc.Services) > 0 {
		switch {
		case x.service == "":
			partly = true
		case has(sc.Services, x.service):
			best = fitsWell
		default:
			return fitsNot
		}
	}
	in, out, unnamed := 0, 0, 0
	for _, item := range x.items {
		switch {
		case has(sc.Exclude, item), item != "" && len(sc.Items) > 0 && !has(sc.Items, item):
			out++
		case item == "" && len(sc.Items) > 0:
			unnamed++
		default:
			in++
		}
	}
	switch {
	case in+unnamed == 0:
		return fitsNot
	case out+unnamed > 0 || partly:
		return fitsPartly
	case len(sc.Items) > 0:
		return fitsWell
	}
	return best
}

// tells says whether anything tells that the clause is about it, where it is about some items or services alone.
func (sc *Scope) tells(x subject) bool {
	if sc == nil {
		return true
	}
	return (len(sc.Items) == 0 || slices.ContainsFunc(x.items, func(i string) bool { return has(sc.Items, i) })) && (len(sc.Services) == 0 || x.service != "")
}

// scoped is a kind whose clauses say which invoices or orders they are about.
type scoped interface {
	Kind
	// scope gives that of an obligation; false where the obligation is judged by no invoices or orders at all.
	scope(o pact.Obligation) (*Scope, bool)
}

// governedBy is the code of the question which of several clauses is about an invoice or an order.
const governedBy = "eligible"

// governsIt ends what is said of a clause that fits better.
const governsIt = " is about it, and governs it"

// OfAnother tells whether a judgement says nothing but that another clause of the contract is about the matter, and judges it.
func OfAnother(a pact.Assessment) bool {
	n := len(a.Trace)
	return a.Status == pact.Excused && n > 0 && strings.HasSuffix(a.Trace[n-1].Result, governsIt)
}

// shared judges what several clauses of the contract may be about: by the one that fits best, which judges it alone; where several do, and say
// different things, it is asked which, once. done is false where the obligation itself is to judge it.
func (s *sheet) shared(k scoped, what string, e pact.Event, x subject, day calendar.Date) (a pact.Assessment, done bool, err error) {
	in := s.in
	if slices.Contains(in.decided, governedBy) {
		return a, false, nil
	}
	own, _ := k.scope(s.in.Obligation)
	mine := own.fit(x)
	say := func(rule, inputs, result string, more ...pact.EventID) {
		s.use(e)
		s.a.EventIDs = eachOnce(s.a.EventIDs, more)
		s.add(rule, inputs, result, eachOnce([]pact.EventID{idOf(e)}, more)...)
	}
	if mine == fitsNot {
		say("another clause", what+" is of "+x.words(), "this one is about "+own.words())
		return s.done(pact.Excused), true, nil
	}
	fit := func(o pact.Obligation) int {
		if sc, ok := k.scope(o); ok {
			return sc.fit(x)
		}
		return fitsNot
	}
	one, done, err := in.ruled(k, which{governedBy, what, "Several clauses may be about %s: %s. Which one governs? Say of each which items or services it is about (eligible)."}, mine, day, fit)
	switch {
	case err != nil || done:
		return one.a, true, err
	case one.result != "":
		inputs := what
		if one.better {
			inputs += " is of " + x.words()
		}
		say(one.rule, inputs, one.result, one.ids...)
		s.a.NextAt = one.next
		return s.done(one.status), true, nil
	case one.alone && !own.tells(x) && k.Name() == (InvoicePayment{}).Name():
		a, err = in.mayBeAbout(k, what, e, own)
		return a, true, err
	}
	return a, false, nil
}

// which is the question which of several clauses governs: its code, what they may be about, and how it is asked, of that and of their keys.
type which struct{ code, what, question string }

// ruling is why an obligation does not judge what several clauses may be about: how it stands there, and why. Without a result it does judge it.
type ruling struct {
	a            pact.Assessment // the judgement under each of them, where it is asked here
	status       pact.Status
	rule, result string
	better       bool           // another clause fits better
	alone        bool           // no other clause may be about it
	next         time.Time      // when what the others come to changes without an event
	ids          []pact.EventID // that it rests on, where it hangs on what the others come to
}

// ruled tells which clause of a kind judges what several may be about (specific over general): the one that fits well, alone; of
// several that say the same the first by key; of several that differ the first judges it under each and asks, where they do not come to the
// same. mine and fit are how well the obligation itself and the others fit. done is true where it is judged under each.
func (in Input) ruled(k Kind, q which, mine int, day calendar.Date, fit func(o pact.Obligation) int) (r ruling, done bool, err error) {
	rivals := []pact.Obligation{in.Obligation}
	for _, o := range in.Timeline.Obligations(day) {
		if o.Kind != k.Name() || o.Key == in.Obligation.Key {
			continue
		}
		switch f := fit(o); {
		case f == fitsWell && mine != fitsWell:
			return ruling{status: pact.Excused, rule: "another clause", result: o.Key + governsIt, better: true}, false, nil
		case f != fitsNot && (f == fitsWell) == (mine == fitsWell):
			rivals = append(rivals, o)
		}
	}
	if slices.Contains(in.decided, q.code) {
		return r, false, nil
	}
	slices.SortFunc(rivals, func(a, b pact.Obligation) int { return cmp.Compare(a.Key, b.Key) })
	first := rivals[0]
	mineFirst := first.Key == in.Obligation.Key
	switch {
	case !slices.ContainsFunc(rivals, func(o pact.Obligation) bool { return !bytes.Equal(o.Params, first.Params) }):
		r.alone = len(rivals) == 1
		if !mineFirst {
			r = ruling{status: pact.Excused, rule: "two clauses say the same", result: "judged under " + first.Key}
		}
		return r, false, nil
	case mineFirst:
		r.a, err = in.underRivals(k, q, rivals)
		return r, true, err
	}
	under := in
	under.Obligation = first
	a, err := under.underRivals(k, q, rivals)
	r = ruling{status: pact.Pending, rule: "several clauses may govern it", result: "asked under " + first.Key, ids: restsOn(a), next: a.NextAt}
	if len(a.Ambiguities) == 0 {
		r.status, r.result = pact.Excused, "they come to the same; judged under "+first.Key
	}
	return r, err != nil, err
}

// underRivals judges what several clauses may be about under each of them.
func (in Input) underRivals(k Kind, which which, rivals []pact.Obligation) (pact.Assessment, error) {
	var keys []string
	for _, o := range rivals {
		keys = append(keys, o.Key)
	}
	q := pact.Ambiguity{Code: which.code, Question: sprintf(which.question, which.what, joined(keys))}
	var list []pact.Assessment
	in.decided = append(slices.Clone(in.decided), which.code)
	for _, o := range rivals {
		one := in
		one.Obligation = o
		a, err := one.weighed(k)
		if err != nil {
			return pact.Assessment{}, err
		}
		outcome := pact.Outcome{Reading: o.Key, Amount: a.Amount}
		if a.Amount == nil {
			outcome.Result = resultOf(a)
		}
		q.Outcomes, list = append(q.Outcomes, outcome), append(list, a)
	}
	return compared("the contract leaves open", q, list), nil
}

// mayBeAbout judges what nothing says of that the one clause which may be about it is: as if it were, and as if no clause were.
func (in Input) mayBeAbout(k Kind, what string, e pact.Event, own *Scope) (pact.Assessment, error) {
	in.decided = append(slices.Clone(in.decided), governedBy)
	a, err := in.weighed(k)
	if err != nil {
		return pact.Assessment{}, err
	}
	if a.Status == pact.Met && a.Amount == nil && len(a.Amounts)+len(a.Ambiguities) == 0 {
		a.Trace = append(a.Trace, pact.TraceStep{Rule: "nothing tells what it is of", Inputs: what, Result: "it is met if it is of " + own.words() + ", and nothing follows otherwise"})
		return a, nil
	}
	not := pact.Assessment{Status: pact.Excused, At: a.At, GovernedBy: a.GovernedBy, AlsoBy: a.AlsoBy, EventIDs: []pact.EventID{idOf(e)}, Trace: slices.Clone(a.Trace[:min(1, len(a.Trace))])}
	q := pact.Ambiguity{
		Code:     governedBy,
		Question: sprintf("The clause is about %s alone, and nothing says what %s is of. Is it of that? Report it with its item or service, in place of this (replaces), or say what the clause is about (eligible).", own.words(), what),
		Outcomes: []pact.Outcome{{Reading: "it is", Amount: a.Amount}, {Reading: "it is not", Result: resultOf(not)}},
	}
	if a.Amount == nil {
		q.Outcomes[0].Result = resultOf(a)
	}
	return compared("nothing tells", q, []pact.Assessment{a, not}), nil
}

func (x subject) words() string {
	said := eachOnceWord(append(slices.Clone(x.items), x.service))
	if len(said) == 0 {
		return "nothing that is named"
	}
	return joined(said)
}

func (sc *Scope) words() string {
	said := eachOnceWord(slices.Concat(sc.Items, sc.Services))
	if len(said) == 0 {
		return "all but " + joined(sc.Exclude)
	}
	return joined(said)
}

// eachOnceWord are the words of a list that say something, each once.
func eachOnceWord(list []string) []string {
	var out []string
	for _, w := range list {
		if w != "" && !has(out, w) {
			out = append(out, w)
		}
	}
	return out[:min(len(out), shownWords)]
}
