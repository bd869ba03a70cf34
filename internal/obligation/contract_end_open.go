package obligation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// endUnderEach is the end of the contract under each reading of a question of its renewal, which in.Obligation is: the end itself where all
// come to the same, and none where the question has no readings.
func (in Input) endUnderEach(q pact.Ambiguity) (end *effective.End, open *effective.OpenEnd) {
	if slices.Contains(in.decided, q.Code) || !hasReadings(q) {
		return nil, nil
	}
	open = &effective.OpenEnd{Asked: fmt.Sprintf("%q asks about it: %s", in.Obligation.Key, q.Question)}
	for _, o := range q.Outcomes {
		one, ok := in.readingOfEnd(q, o)
		if !ok {
			return nil, nil
		}
		end, inner := one.contractEnd()
		if inner == nil {
			open.Readings = append(open.Readings, effective.EndReading{Reading: o.Reading, End: end})
			continue
		}
		for _, r := range inner.Readings { // one question leads to another
			open.Readings = append(open.Readings, effective.EndReading{Reading: o.Reading + ", " + r.Reading, End: r.End})
		}
	}
	first := open.Readings[0].End
	if !slices.ContainsFunc(open.Readings, func(r effective.EndReading) bool {
		return (r.End == nil) != (first == nil) || first != nil && r.End.Last != first.Last
	}) {
		return first, nil
	}
	return nil, open
}

// readingOfEnd takes a reading of a question of the renewal: by its parameter, or of a notice that does not say what it is about.
func (in Input) readingOfEnd(q pact.Ambiguity, o pact.Outcome) (one Input, ok bool) {
	if q.Code != noticeAbout {
		_, ok = Settled(q, o.Reading)
		return in.reading(q, o), ok
	}
	in.decided = append(slices.Clone(in.decided), q.Code)
	in.unsaid = unsaidLeft
	if o.Reading == readingOfRenewal {
		in.unsaid = unsaidCounts
	}
	return in, true
}

// hangsOnEnd tells whether what a judgement comes to may fall after the end of the contract, of which it is open when it is: a sum, or a breach.
func (in Input) hangsOnEnd(a pact.Assessment) bool {
	open := in.Timeline.OpenEnd()
	if open == nil || (a.Amount == nil || a.Amount.IsZero()) && a.Status != pact.Breached {
		return false
	}
	last, until := open.First().Time(), in.Occurrence.Period.End // a day early, for any zone
	return until.IsZero() && a.DueAt.IsZero() || until.After(last) || a.DueAt.After(last)
}

// perEnd judges an occurrence under each reading of the question on which the end of the contract hangs. Where they do not come to the same
// it waits for that question (what is ambiguous stops the amount that builds on it).
func (in Input) perEnd(a pact.Assessment) (pact.Assessment, error) {
	open, today := in.Timeline.OpenEnd(), calendar.DateIn(calendar.Clamp(in.At), time.UTC)
	q := pact.Ambiguity{Code: "contract_end", Question: "It may fall after the end of the contract. " + open.Asked}
	var notices []pact.EventID
	for _, r := range open.Readings {
		if r.End != nil {
			notices = eachOnce(notices, r.End.EventIDs)
		}
	}
	var list []pact.Assessment
	for _, r := range open.Readings {
		one := in
		one.Timeline = in.Timeline.Ending(r.End, goesOn)
		b, err := Assess(one)
		if err != nil {
			return b, err
		}
		b.EventIDs = eachOnce(b.EventIDs, notices)
		o := pact.Outcome{Reading: r.Reading + ": the contract goes on", Amount: b.Amount}
		if r.End != nil {
			o.Reading = r.Reading + ": " + strings.TrimSuffix(r.End.Says(today), ", by "+r.End.By)
		}
		if b.Amount == nil {
			o.Result = resultOf(b)
		}
		q.Outcomes, list = append(q.Outcomes, o), append(list, b)
	}
	if waits := compared("the end of the contract is open", q, list); len(waits.Ambiguities) > 0 {
		return waits, nil
	}
	return in.notedEnd(gathered(a)), nil
}
