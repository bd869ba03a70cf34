package obligation

import (
	"fmt"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// movedDay is the question which promised day of a line holds, where an amendment that takes effect after the old one gives it another.
const movedDay = "moved_day"

// moved finds the last amendment that gives a line of the clause another day, and takes effect only after the day of the line was over; "" where
// there is none. A line has one day at a time: one that takes effect before the old day moves it.
func (in Input) moved(l PromisedLine) (due, from calendar.Date) {
	for _, s := range in.Timeline.Segments(in.Obligation.Key) {
		if s.Resolution.Winner == nil || s.Period.From <= l.Due {
			continue
		}
		var p DeliveryParams
		if decode(s.Resolution.Winner.Obligation.Params, &p) != nil {
			continue
		}
		if i := slices.IndexFunc(p.Lines, func(x PromisedLine) bool { return x.Line == l.Line }); i >= 0 && p.Lines[i].Due != l.Due {
			due, from = p.Lines[i].Due, s.Period.From
		}
	}
	return due, from
}

// underBothDays judges a line by its old day and by the one to which an amendment moved it when the old one was over.
func (in Input) underBothDays(l PromisedLine, due, from calendar.Date) (pact.Assessment, error) {
	q := pact.Ambiguity{
		Code: movedDay,
		Question: fmt.Sprintf("The line %s was promised for %s; an amendment promises it for %s and takes effect on %s, when that day was over. Which day holds? Where the new one does, the amendment takes effect by the old day.",
			short(l.Line), l.Due, due, from),
	}
	in.decided = append(slices.Clone(in.decided), movedDay)
	var list []pact.Assessment
	for i, day := range []calendar.Date{l.Due, due} {
		a, err := in.promisedFor(l.Line, day).delivered("")
		if err != nil {
			return pact.Assessment{}, err
		}
		list = append(list, a)
		q.Outcomes = append(q.Outcomes, pact.Outcome{Reading: []string{"the old day, ", "the new day, "}[i] + string(day), Amount: a.Amount})
		if a.Amount == nil {
			q.Outcomes[i].Result = resultOf(a)
		}
	}
	return compared("the documents leave open", q, list), nil
}

// promisedFor is the judgement with one day for a line, in all versions of the clause.
func (in Input) promisedFor(line string, due calendar.Date) Input {
	one := func(x pact.Obligation) bool { return x.Key == in.Obligation.Key && x.Kind == in.Obligation.Kind }
	move := func(x pact.Obligation) pact.Obligation {
		var p DeliveryParams
		if decode(x.Params, &p) != nil {
			return x
		}
		for i := range p.Lines {
			if p.Lines[i].Line == line {
				p.Lines[i].Due = due
			}
		}
		if raw, err := marshal(p); err == nil {
			x.Params = raw
		}
		return x
	}
	in.Obligation = move(in.Obligation)
	in.Timeline = in.Timeline.Changed(one, move)
	return in
}
