package obligation

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// A clause may leave open what the amounts hang on: whether a price is graduated, what becomes of a credit that is not used. Such a
// question has readings, each a value of a parameter. A judgement is then made under each of them: where all come to the same, that is
// the judgement; otherwise it names what each comes to, and asks.

// undecided stops a judgement at a question with readings.
type undecided struct {
	error
	q pact.Ambiguity
}

func (u undecided) Unwrap() error { return u.error }

// choose asks which of some readings is meant. Each has the parameter that decides for it, as Outcome.Set; together they are all there
// are, except of openEnded questions.
func (q *questions) choose(code, question string, readings ...pact.Outcome) {
	*q = append(*q, pact.Ambiguity{Code: code, Question: question, Outcomes: readings})
}

// stopped is the error of parameters that leave something open: what can not be used comes first, then what has readings. Soft
// questions stop nothing.
func stopped(list []pact.Ambiguity) error {
	list = slices.DeleteFunc(slices.Clone(list), func(q pact.Ambiguity) bool { return soft(q.Code) })
	if len(list) == 0 {
		return nil
	}
	if i := slices.IndexFunc(list, func(q pact.Ambiguity) bool { return !hasReadings(q) }); i >= 0 {
		return fault.New(fault.Invalid, "%s", list[i].Question)
	}
	return undecided{fault.New(fault.Invalid, "%s", list[0].Question), list[0]}
}

func hasReadings(q pact.Ambiguity) bool { return len(q.Outcomes) > 0 }

// weighed judges an occurrence, and where a question is open under each of its readings.
func (in Input) weighed(k Kind) (pact.Assessment, error) {
	a, err := k.Assess(in)
	var open undecided
	if errors.As(err, &open) && !slices.Contains(in.decided, open.q.Code) {
		return in.underEach(k, open.q)
	}
	if err == nil && len(a.Ambiguities) == 1 && allReadings(a.Ambiguities[0]) && !slices.Contains(in.decided, a.Ambiguities[0].Code) {
		return in.underEach(k, a.Ambiguities[0])
	}
	return a, err
}

// allReadings tells whether a question that a judgement asked because of the events is to be judged under each of its readings: they have
// no amounts yet.
func allReadings(q pact.Ambiguity) bool {
	if q.Code == "carry_forward" { // what is left of a commitment in another measure has one reading alone
		return len(q.Outcomes) > 1
	}
	return slices.Contains([]string{"liability_cap", "returns", "sent_back", "modification", "credit_notes", "reversed_payments", "paid_when", "cap_currency", "minimum_payable", "charge_currency", "missed_notice", "revised", "price_basis", "on_default", "affiliates", "item", "counted_by", "discount_after_credit", "prorate", "one_time_fees", "waiver", firstPeriod}, q.Code) && hasReadings(q)
}

// openEnded tells whether something else than the readings may be meant, so that a question stands even where they come to the same.
func openEnded(code string) bool {
	return slices.Contains([]string{"index_month", "constraint", "method", "unit", "business_day", "retention_rest"}, code)
}

// sameUnderEach judges an occurrence under each reading of a question; false where they do not come to the same.
func (in Input) sameUnderEach(k Kind, q pact.Ambiguity) (pact.Assessment, bool, error) {
	a, err := in.underEach(k, q)
	return a, err == nil && len(a.Ambiguities) == 0, err
}

// underEach judges an occurrence under each reading of a question.
func (in Input) underEach(k Kind, q pact.Ambiguity) (pact.Assessment, error) {
	var list []pact.Assessment
	q.Outcomes = slices.Clone(q.Outcomes)
	for i, o := range q.Outcomes {
		a, err := in.reading(q, o).weighed(k)
		if err != nil {
			return pact.Assessment{}, err
		}
		list = append(list, a)
		if q.Outcomes[i].Amount = a.Amount; a.Amount == nil && o.Result == "" {
			q.Outcomes[i].Result = resultOf(a)
		}
	}
	return compared("the clause leaves open", q, list), nil
}

// compared makes one judgement of those under each reading of a question, in the order of its outcomes: what they have in common, with the
// question where they do not come to the same. rule says who leaves it open.
func compared(rule string, q pact.Ambiguity, list []pact.Assessment) pact.Assessment {
	asked := pact.TraceStep{Rule: rule, Inputs: q.Question}
	if a := list[0]; !openEnded(q.Code) && !slices.ContainsFunc(list, func(b pact.Assessment) bool { return !sameResult(a, b, q.Code) }) {
		common := agreed(list)
		for _, b := range list { // by then it is missed under each
			if q.Code == firstPeriod && b.BreachedAt.After(a.BreachedAt) || q.Code == whichClock && stands(b, a) {
				a = b
			}
		}
		if a.Status == pact.Met { // when it was due matters no more
			a.DueAt = common.DueAt
		}
		if a.Measured != common.Measured && q.Code == "item" && a.Amount == nil { // the steps of one reading tell the figure of one item
			a.Trace = common.Trace
		}
		a.Target, a.Measured, a.Percent, a.Threshold, a.EventIDs = common.Target, common.Measured, common.Percent, common.Threshold, common.EventIDs
		asked.Result = "all readings come to the same"
		if a.AmountState != "" || a.Status != pact.Met && a.Status != pact.Breached {
			asked.Result += " so far"
		}
		if q.Code == "item" {
			asked.Result += figures(q, list)
		}
		asked.EventIDs = besides(a)
		a.Trace = append(a.Trace, asked)
		return a
	}
	if !slices.ContainsFunc(list, func(b pact.Assessment) bool { return !sameAmount(b.Amount, list[0].Amount) }) {
		for i, a := range list { // the sums that differ stand beside the amount
			q.Outcomes[i].Result = cmp.Or(sumsOf(a), q.Outcomes[i].Result)
		}
	}
	if slices.ContainsFunc(list, func(a pact.Assessment) bool { return a.Amount != nil }) {
		for i, a := range list {
			if a.Amount == nil && a.AmountState == "" && q.Outcomes[i].Result == resultOf(a) {
				q.Outcomes[i].Result = strings.ReplaceAll(string(a.Status), "_", " ") + ", and no amount follows"
			}
		}
	}
	if q.Code == "item" {
		q.Outcomes = measuredUnder(q.Outcomes, list)
	}
	out := agreed(list)
	if len(list) == 1 { // the one reading that can be computed is not the judgement
		a := list[0]
		out = pact.Assessment{Status: pact.Pending, At: a.At, GovernedBy: a.GovernedBy, AlsoBy: a.AlsoBy, EventIDs: a.EventIDs, NextAt: a.NextAt, Trace: slices.Clone(a.Trace[:min(1, len(a.Trace))])}
	}
	out.AmountState, out.Ambiguities = "ambiguous", []pact.Ambiguity{q}
	asked.Result = counts(len(list), "reading") + "; the amount waits for a decision"
	switch q.Code {
	case whichClock: // no amount hangs on a ticket
		out.AmountState = ""
		asked.Result = counts(len(list), "reading") + "; the ticket waits for a decision"
	case "item":
		asked.Result = counts(len(list), "reading") + "; what was measured waits for a decision"
	}
	out.Trace = append(out.Trace, asked)
	return out
}

// figures names what is measured under each reading, where that differs: "; measured 85 of answer, 60 of first fix".
func figures(q pact.Ambiguity, list []pact.Assessment) string {
	var out []string
	for i, a := range list {
		out = append(out, cmp.Or(a.Measured, "nothing")+" of "+q.Outcomes[i].Reading)
	}
	return "; measured " + strings.Join(out, ", ")
}

// measuredUnder puts before what each reading comes to the figure that is measured under it: those differ, whatever follows from them.
func measuredUnder(outcomes []pact.Outcome, list []pact.Assessment) []pact.Outcome {
	for i, a := range list {
		o := &outcomes[i]
		if words := resultOf(a); o.Result == words {
			a.DueAt = time.Time{} // the same under each
			o.Result = resultOf(a)
		}
		o.Result = strings.TrimSuffix("measured "+cmp.Or(a.Measured, "nothing")+": "+o.Result, ": ")
	}
	return outcomes
}

// besides are the events of a judgement that no step of it names: those of its other readings.
func besides(a pact.Assessment) []pact.EventID {
	return slices.DeleteFunc(slices.Clone(a.EventIDs), func(id pact.EventID) bool {
		return slices.ContainsFunc(a.Trace, func(t pact.TraceStep) bool { return slices.Contains(t.EventIDs, id) })
	})
}

// reading is the judgement with the parameter that decides for a reading: in the versions of the obligation that leave the question open,
// or in all where only the events asked it.
func (in Input) reading(q pact.Ambiguity, o pact.Outcome) Input {
	open := func(o pact.Obligation) bool {
		return slices.ContainsFunc(Check(o), func(x pact.Ambiguity) bool { return x.Code == q.Code })
	}
	one := func(x pact.Obligation) bool { return x.Key == in.Obligation.Key && x.Kind == in.Obligation.Kind }
	asks := open(in.Obligation) || in.Timeline.Any(func(x pact.Obligation) bool { return one(x) && open(x) })
	decide := func(x pact.Obligation) pact.Obligation {
		if params, err := Patch(x.Params, json.RawMessage("{"+o.Set+"}")); err == nil && (!asks || open(x)) {
			x.Params = params
		}
		return x
	}
	in.Obligation = decide(in.Obligation)
	in.Timeline = in.Timeline.Changed(one, decide)
	in.midway = in.midway.changed(decide)
	in.decided = append(slices.Clone(in.decided), q.Code)
	return in
}

// firstReading takes the first reading of the question at which an obligation stopped; ok is false where it stopped at none.
func firstReading(o pact.Obligation, err error) (with pact.Obligation, ok bool) {
	var open undecided
	if !errors.As(err, &open) {
		return o, false
	}
	o.Params, err = Patch(o.Params, json.RawMessage("{"+open.q.Outcomes[0].Set+"}"))
	return o, err == nil
}

// agreed is what several judgements have in common: their status where it is one, the earliest instant to look again, the steps with which
// they begin.
func agreed(list []pact.Assessment) pact.Assessment {
	out := list[0]
	out.Amount, out.Amounts, out.ClaimBy, out.AmountState, out.Ambiguities = nil, nil, "", "", nil
	steps := len(out.Trace)
	for _, a := range list[1:] {
		if a.Status != out.Status {
			out.Status = pact.Pending
		}
		for _, at := range []struct{ mine, other *time.Time }{{&out.DueAt, &a.DueAt}, {&out.BreachedAt, &a.BreachedAt}, {&out.EndedAt, &a.EndedAt}, {&out.ThresholdAt, &a.ThresholdAt}} {
			if !at.mine.Equal(*at.other) {
				*at.mine = time.Time{}
			}
		}
		for _, text := range []struct{ mine, other *string }{{&out.Elapsed, &a.Elapsed}, {&out.Actual, &a.Actual}, {&out.Target, &a.Target}, {&out.Percent, &a.Percent}, {&out.Threshold, &a.Threshold}, {&out.Measured, &a.Measured}} {
			if *text.mine != *text.other {
				*text.mine = ""
			}
		}
		if out.NextAt.IsZero() || !a.NextAt.IsZero() && a.NextAt.Before(out.NextAt) {
			out.NextAt = a.NextAt
		}
		for _, id := range a.EventIDs {
			if !slices.Contains(out.EventIDs, id) {
				out.EventIDs = append(slices.Clone(out.EventIDs), id)
			}
		}
		for i := range steps {
			if i >= len(a.Trace) || !sameStep(a.Trace[i], out.Trace[i]) {
				steps = i
				break
			}
		}
	}
	out.Trace = slices.Clone(out.Trace[:steps])
	return out
}

// sameResult tells whether two judgements come to the same, however they got there. In which period a return counts, and which of two
// reports is right, matters where something follows from it, and not for what was measured alone. So does which value of an index counts: for the
// price, and not for the percentage on the way to it.
func sameResult(a, b pact.Assessment, code string) bool {
	for _, x := range []*pact.Assessment{&a, &b} {
		x.Trace, x.EventIDs, x.GovernedBy, x.AlsoBy = nil, nil, "", nil
		if code == reportsDiffer || code == "item" {
			x.Measured = ""
		}
		if code == whichClock {
			*x = withoutCourse(*x)
		}
		if slices.Contains([]string{governedBy, "net_eom", "net_prox"}, code) && x.Status == pact.Met { // in time by either
			x.DueAt, x.Measured = time.Time{}, ""
		}
		if code == firstPeriod {
			x.BreachedAt = time.Time{}
		}
		if code == "paid_when" && x.Status == pact.Met { // in time by either report
			x.EndedAt = time.Time{}
		}
		if code == "prorate" && x.Status != pact.Breached { // reached either way, or nothing is due yet
			x.Target, x.Percent = "", ""
		}
		if code == "counted_by" { // by which report it was booked
			x.Amounts = slices.DeleteFunc(slices.Clone(x.Amounts), func(l pact.AmountLine) bool { return strings.HasPrefix(l.Name, "booked ") })
		}
		if slices.Contains([]string{"returns", "price_basis", "affiliates", "counted_by", firstPeriod, "revised"}, code) {
			x.Amounts = slices.DeleteFunc(slices.Clone(x.Amounts), func(l pact.AmountLine) bool { return l.Amount.IsZero() })
			x.Measured, x.Percent = "", ""
			if x.Status == pact.Met {
				x.Threshold = ""
			}
		}
	}
	first, err := json.Marshal(a)
	second, other := json.Marshal(b)
	return err == nil && other == nil && bytes.Equal(first, second)
}

func sameAmount(a, b *money.Amount) bool {
	return a == nil && b == nil || a != nil && b != nil && a.String() == b.String()
}

// sumsOf lists the sums of a judgement in words: "carried forward 100.00 USD".
func sumsOf(a pact.Assessment) string {
	var out []string
	for _, l := range a.Amounts {
		out = append(out, l.Name+" "+l.Amount.String())
	}
	return strings.Join(out, ", ")
}

func sameStep(a, b pact.TraceStep) bool {
	return a.Rule == b.Rule && a.Inputs == b.Inputs && a.Result == b.Result && a.Clause == b.Clause
}

// resultOf is a judgement without an amount in words.
func resultOf(a pact.Assessment) string {
	words := strings.ReplaceAll(string(a.Status), "_", " ")
	switch {
	case len(a.Ambiguities) > 0:
		return words + ", and it is asked: " + a.Ambiguities[0].Question
	case a.AmountState != "":
		return words + ", and the amount " + strings.ReplaceAll(a.AmountState, "_", " ")
	case !a.DueAt.IsZero():
		return words + ", due " + a.DueAt.UTC().Format("2006-01-02 15:04 UTC")
	}
	return words
}
