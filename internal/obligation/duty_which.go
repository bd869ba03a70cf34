package obligation

import (
	"fmt"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
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

// unclear is what was done and names none of several duties that it may do.
type unclear struct {
	event  pact.Event
	rivals []pact.Obligation // the others
}

// underWhich judges a duty as if what names none of several had done it, and as if it had done another. several says what they are due for.
func (in Input) underWhich(u unclear, several string, assess func(whose string) (pact.Assessment, error)) (pact.Assessment, error) {
	keys := []string{in.Obligation.Key}
	for _, o := range u.rivals {
		keys = append(keys, o.Key)
	}
	slices.Sort(keys)
	q := pact.Ambiguity{Code: "done_which", Question: fmt.Sprintf("%s (%s), and what was done (%s) does not say which of them it does. Does it do this one? Report it with what it does (data.item).", several, joined(keys[:min(len(keys), shownWords)]), idOf(u.event))}
	var list []pact.Assessment
	for _, one := range []struct{ reading, whose string }{{"it does this one", unnamedMine}, {"it does another", unnamedOthers}} {
		a, err := assess(one.whose)
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

// names tells whether a performance says that it does a duty: by the item of the duty, or by its key or title.
func (p RecurringParams) names(e pact.Event, o pact.Obligation) bool {
	words := []string{o.Key, o.Title, p.Item}
	return has(words, e.Data.Item) || has(words, e.Subject) || e.Data.Reference == o.Key
}

// performed is the period of a duty that a performance is of; false where it does none.
func (p RecurringParams) performed(e pact.Event, o pact.Obligation) (calendar.Period, bool) {
	var list []calendar.Period
	for _, name := range []string{e.Subject, e.Data.Month, e.Data.Reference} {
		if one, err := p.cycle().of(name, o.InForce); err == nil {
			list = append(list, one)
		}
	}
	own := p.cycle().containing(dayOf(e, zoneOf(p.zoneName())), calendar.Period{})
	if !p.InPeriod {
		own = p.cycle().containing(own.From.AddDays(-1), calendar.Period{})
	}
	for _, one := range append(list, own) {
		held := one.Until > o.InForce.From && (p.Survives || o.InForce.Until == "" || one.Until <= o.InForce.Until)
		if held && p.performs(e, o.Key, p.cycle().key(one), one) {
			return one, true
		}
	}
	return calendar.Period{}, false
}

// doesRecurring tells whether what performs a period of this duty may do so, and which other duties it may do as well as this one: what names a
// duty does that one alone, and what names none does no duty that something else does by its name.
func (s *sheet) doesRecurring(p RecurringParams, e pact.Event, one calendar.Period) (mine bool, rivals []pact.Obligation) {
	own := s.in.Obligation
	if p.names(e, own) {
		return true, nil
	}
	for _, o := range s.in.Timeline.Obligations(one.Until.AddDays(-1)) {
		var other RecurringParams
		if o.Kind != own.Kind || o.Key == own.Key || decode(o.Params, &other) != nil || len(other.check()) > 0 {
			continue
		}
		of, may := other.performed(e, o)
		switch {
		case other.names(e, o):
			return false, nil
		case may && !s.performedByName(other, o, of):
			rivals = append(rivals, o)
		}
	}
	return true, rivals
}

// performedByName tells whether something says that it does a period of another duty: then what names none is not for that one.
func (s *sheet) performedByName(p RecurringParams, o pact.Obligation, of calendar.Period) bool {
	return slices.ContainsFunc(s.of("", recurringDone()...), func(e pact.Event) bool {
		if !p.names(e, o) {
			return false
		}
		one, does := p.performed(e, o)
		if does = does && one == of; does {
			s.use(e)
			s.add("done by its name", o.Key, "what names none does not do it", idOf(e))
		}
		return does
	})
}
