package obligation

import (
	"fmt"
	"slices"

	"github.com/pactloop/pactloop/internal/pact"
)

// Whose performance what names no duty is taken for, where several duties wait on what started this one.
const (
	unnamedAsked  = ""       // it is asked
	unnamedMine   = "mine"   // it does this one
	unnamedOthers = "others" // it does another
)

// rivals are the other duties that the same event started.
func (c conditional) rivals() []pact.Obligation {
	own := c.s.in.Obligation
	return slices.DeleteFunc(c.s.in.Timeline.Obligations(c.s.dateOf(c.trigger)), func(o pact.Obligation) bool {
		var p ConditionalParams
		return o.Kind != own.Kind || o.Key == own.Key || decode(o.Params, &p) != nil || !p.startedBy(c.trigger, o.Key)
	})
}

// names tells whether a performance says that it does a duty: by the item of the duty, by its key, or by its own name.
func (p ConditionalParams) names(e pact.Event, o pact.Obligation) bool {
	return sameWord(e.Data.Item, p.Item) || e.Data.Reference != "" && e.Data.Reference == o.Key
}

// does tells whether a performance does this duty; unclear, that nothing tells which of several it does.
func (c conditional) does(e pact.Event, rivals []pact.Obligation) (mine, unclear bool) {
	if c.p.names(e, c.s.in.Obligation) {
		return true, false
	}
	item := e.Data.Item
	if sameWord(item, c.p.Trigger) || sameWord(item, c.trigger.Data.Item) {
		item = "" // what started it
	}
	if item != "" && c.p.Item != "" {
		return false, false
	}
	open := false
	for _, o := range rivals {
		var p ConditionalParams
		switch {
		case decode(o.Params, &p) != nil:
		case p.names(e, o):
			return false, false
		case item == "" || p.Item == "":
			open = open || !c.doneByName(p, o)
		}
	}
	return !open, open
}

// doneByName tells whether something says that it does another duty: then what names none is not for that one.
func (c conditional) doneByName(p ConditionalParams, o pact.Obligation) bool {
	return slices.ContainsFunc(c.s.of(c.s.in.Occurrence.Key, conditionalDone()...), func(e pact.Event) bool {
		if c.s.order(e, c.trigger) < 0 || !p.names(e, o) {
			return false
		}
		c.s.use(e)
		c.s.add("done by its name", o.Key, "what names none does not do it", idOf(e))
		return true
	})
}

// underWhich judges a duty as if what names none of several had done it, and as if it had done another.
func (k ConditionalDuty) underWhich(in Input, e pact.Event, rivals []pact.Obligation) (pact.Assessment, error) {
	keys := []string{in.Obligation.Key}
	for _, o := range rivals {
		keys = append(keys, o.Key)
	}
	slices.Sort(keys)
	q := pact.Ambiguity{Code: "done_which", Question: fmt.Sprintf("Several duties wait on %s (%s), and what was done (%s) does not say which of them it does. Does it do this one? Report it with what it does (data.item).", short(in.Occurrence.Key), joined(keys[:min(len(keys), shownWords)]), idOf(e))}
	var list []pact.Assessment
	for _, one := range []struct{ reading, whose string }{{"it does this one", unnamedMine}, {"it does another", unnamedOthers}} {
		a, _, _, err := k.assess(in, one.whose)
		if err != nil {
			return pact.Assessment{}, err
		}
		outcome := pact.Outcome{Reading: one.reading, Amount: a.Amount}
		if a.Amount == nil {
			outcome.Result = resultOf(a)
		}
		q.Outcomes, list = append(q.Outcomes, outcome), append(list, a)
	}
	return compared("what was done leaves open", q, list), nil
}
