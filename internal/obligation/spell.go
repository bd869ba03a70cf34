package obligation

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// An amendment may change the periods themselves, from months to quarters or to another first day, or make another kind of an obligation.
// Then its life has spells, each with periods of its own, and the day between two of them may cut a period of the former. The texts hardly
// ever say what becomes of that one. The parameter mid_period of the amended version does: it runs to its end by the terms at its start
// (start), its days belong to the first period of the new terms (amended), or it ends with the amendment (parts; alone, where a volume is
// counted). Whatever it says, each day belongs to one period. Absent, each period that it touches is judged under every reading, and it is
// asked where they differ.
//
// What is left of a period at such a day is judged by the days of it, and its credits are of the charges of its own months.

// spell is a run of days on which an obligation has periods of one kind and cycle.
type spell struct {
	kind  string
	cycle cycle
	days  calendar.Period
	first pact.Obligation // the version at its beginning
}

// spellsOf lists the spells of an obligation in their order; nil where it has but one, or where one has periods that are no run of days of
// their own: a rolling year, the whole term.
func spellsOf(t effective.Timeline, key string) []spell {
	if list := everySpell(t, key); len(list) > 1 {
		return list
	}
	return nil
}

// everySpell is spellsOf also of an obligation that has but one.
func everySpell(t effective.Timeline, key string) []spell {
	if t.Once(key) {
		return nil
	}
	var out []spell
	for _, s := range t.Segments(key) {
		w := s.Resolution.Winner
		if w == nil {
			continue
		}
		c, ok := periodic(*w.Obligation)
		if !ok || c.unit == "term" || c.unit == "rolling_year" {
			return nil
		}
		if n := len(out); n > 0 && out[n-1].kind == w.Obligation.Kind && out[n-1].cycle == c {
			out[n-1].days.Until = s.Period.Until
			continue
		}
		out = append(out, spell{w.Obligation.Kind, c, s.Period, *w.Obligation})
	}
	return out
}

// has tells whether the key names a period of which the spell has a day.
func (s spell) has(key string) bool {
	p, err := s.cycle.of(key, calendar.Period{})
	return err == nil && p.Overlaps(s.days)
}

// joint is the day between two spells that touch, where it leaves something to decide.
type joint struct {
	day    calendar.Date
	cut    calendar.Period // the days of the period of the former that it cuts; none where it lies between two of them
	before spell
	after  spell
}

// jointsOf lists the joints of an obligation.
func jointsOf(t effective.Timeline, key string) []joint {
	list := spellsOf(t, key)
	var out []joint
	for i := 1; i < len(list); i++ {
		a, b := list[i-1], list[i]
		j := joint{day: b.days.From, before: a, after: b}
		if a.days.Until != j.day {
			continue // nothing holds between them
		}
		whole := a.cycle.containing(j.day, calendar.Period{})
		if whole.From == j.day {
			whole.Until = j.day
		}
		j.cut = subscribed(whole, calendar.Period{From: a.days.From, Until: b.days.Until})
		if len(j.ways()) > 0 {
			out = append(out, j)
		}
	}
	return out
}

// ways are the readings of what becomes of the period that is cut. Where none is, a commitment may hold whole or by days for the rest of
// the first period of the new terms.
func (j joint) ways() []string {
	if j.cut.From == j.cut.Until {
		var p CommitmentParams
		if j.after.kind != (MinimumCommitment{}).Name() || decode(j.after.first.Params, &p) != nil || p.prorated() || j.after.cycle.containing(j.day, calendar.Period{}).From == j.day {
			return nil
		}
		return []string{midAmended, midParts}
	}
	switch j.after.kind {
	case MinimumCommitment{}.Name(), SpendCeiling{}.Name(), Availability{}.Name(), ServiceLevel{}.Name():
		return []string{midStart, midAmended, midParts}
	case VolumePrice{}.Name(), Rebate{}.Name():
		return []string{midStart, midAmended, midAlone}
	}
	return []string{midStart, midAmended}
}

// reading is what is decided; "" where nobody did.
func (j joint) reading() string {
	if said := midPeriod(j.after.first); slices.Contains(j.ways(), said) {
		return said
	}
	return ""
}

// under gives the timeline in which what is decided holds.
func (j joint) under(t effective.Timeline, key string) effective.Timeline {
	switch reading := j.reading(); {
	case j.cut.From == j.cut.Until:
	case reading == midStart:
		return t.AsOn(key, calendar.Period{From: j.day, Until: j.cut.Until}, j.day.AddDays(-1))
	case reading == midAmended:
		return t.AsOn(key, calendar.Period{From: j.cut.From, Until: j.day}, j.day)
	}
	return t
}

// as gives the timeline in which the version that the change gives says a reading.
func (j joint) as(t effective.Timeline, key, reading string) effective.Timeline {
	was := j.after.first.Params
	now, err := Patch(was, json.RawMessage(`{"mid_period":"`+reading+`"}`))
	if err != nil {
		return t
	}
	return t.Changed(func(o pact.Obligation) bool { return o.Key == key && bytes.Equal(o.Params, was) }, func(o pact.Obligation) pact.Obligation {
		o.Params = now
		return o
	})
}

// says is a reading in words.
func (j joint) says(reading string) string {
	next := j.after.cycle.called(j.after.cycle.containing(j.day, calendar.Period{}))
	if j.cut.From == j.cut.Until {
		return map[string]string{midAmended: "the whole commitment for the rest of " + next, midParts: "the commitment of " + next + " by days, for those from " + string(j.day)}[reading]
	}
	last := j.before.cycle.called(j.before.cycle.containing(j.cut.From, calendar.Period{}))
	switch reading {
	case midStart:
		return fmt.Sprintf("%s runs to its end by the terms at its start; those after the change begin on %s", last, j.cut.Until)
	case midAmended:
		return fmt.Sprintf("the terms after the change begin on %s, with the days of %s", j.cut.From, last)
	}
	return fmt.Sprintf("%s ends on %s; the terms after the change begin on %s", last, j.day.AddDays(-1), j.day)
}

// words tells what changes: "until 2026-05-14 by the month, from 2026-05-15 by the quarter".
func (j joint) words() string {
	if a, b := j.before, j.after; a.kind != b.kind {
		return fmt.Sprintf("until %s %s by the %s, from %s %s by the %s", j.day.AddDays(-1), sayKind(a.kind), a.cycle.word(), j.day, sayKind(b.kind), b.cycle.word())
	}
	return fmt.Sprintf("until %s by the %s, from %s by the %s", j.day.AddDays(-1), j.before.cycle.word(), j.day, j.after.cycle.word())
}

// touches tells whether the judgement of a period hangs on what is decided of the joint.
func (j joint) touches(own calendar.Period, before, after bool) bool {
	days := j.cut
	if days.From == days.Until {
		days = subscribed(j.after.cycle.containing(j.day, calendar.Period{}), calendar.Period{From: j.day})
	}
	return own.Overlaps(days) || days.From < own.From && before || days.From > own.From && after
}

// joinedSpells gives the timeline in which what was decided of each joint holds, and the joints of which nobody decided.
func joinedSpells(t effective.Timeline, key string) (effective.Timeline, []joint) {
	var open []joint
	for _, j := range jointsOf(t, key) {
		if j.reading() == "" {
			open = append(open, j)
		}
		t = j.under(t, key)
	}
	return t, open
}

// Segments are the runs of dates of an obligation with the version that gives the periods on them. An amendment that changes the periods
// themselves begins with the day on which those of the amended version do; where nobody decided which, with the first it may be, and that of the
// version before it with the last. A rolling year looks back over the versions before its own.
func Segments(t effective.Timeline, key string) []effective.Segment {
	t, open := joinedSpells(t, key)
	out := t.Segments(key)
	for i := 1; i < len(out); i++ {
		if out[i-1].Period.Until == out[i].Period.From && rolls(out[i-1], out[i]) {
			out[i].Period.From = out[i-1].Period.From
		}
	}
	for _, j := range open {
		for i := range out {
			switch j.day {
			case out[i].Period.From:
				out[i].Period.From = j.cut.From
			case out[i].Period.Until:
				out[i].Period.Until = j.cut.Until
			}
		}
	}
	return out
}

// rolls tells whether two runs have rolling years of one kind.
func rolls(a, b effective.Segment) bool {
	of, with := a.Resolution.Winner, b.Resolution.Winner
	if of == nil || with == nil || of.Obligation.Kind != with.Obligation.Kind {
		return false
	}
	x, _ := periodic(*of.Obligation)
	y, _ := periodic(*with.Obligation)
	return x.unit == "rolling_year" && x == y
}

// spells are those of the obligation that is judged, of its kind alone.
func (in Input) spells() []spell {
	kind := in.Obligation.Kind
	return slices.DeleteFunc(spellsOf(in.Timeline, in.Obligation.Key), func(s spell) bool { return s.kind != kind })
}

// ofItsSpell gives the input with a version of the obligation that has the periods of which the occurrence is one; found is false where its
// days belong to periods of other versions.
func (in Input) ofItsSpell() (out Input, found bool) {
	list := everySpell(in.Timeline, in.Obligation.Key)
	own, _ := periodic(in.Obligation)
	mine := func(s spell) bool { return s.kind == in.Obligation.Kind }
	if !slices.ContainsFunc(list, func(s spell) bool { return !mine(s) || s.cycle != own }) {
		return in, true
	}
	for _, same := range []bool{true, false} {
		for _, s := range list {
			if mine(s) && (s.cycle == own) == same && s.has(in.Occurrence.Key) {
				if !same {
					in.Obligation = s.first
				}
				return in, true
			}
		}
	}
	p, err := own.of(in.Occurrence.Key, calendar.Period{})
	return in, err == nil && !slices.ContainsFunc(list, func(s spell) bool { return s.days.Overlaps(p) })
}

// cycles lists the periods of an obligation that have a day in a run of days, each with a version that has such periods. What lies before
// its first version, and after its last, has theirs.
func (in Input) cycles(c cycle, days calendar.Period) []dated {
	list := in.spells()
	if len(list) == 0 {
		list = []spell{{cycle: c, first: in.Obligation}}
	}
	var out []dated
	for i, s := range list {
		run := days
		if i > 0 {
			run.From = max(run.From, s.days.From)
		}
		if i+1 < len(list) {
			run.Until = min(cmp.Or(run.Until, list[i+1].days.From), list[i+1].days.From)
		}
		if run.From >= run.Until && run.Until != "" {
			continue
		}
		for _, one := range s.cycle.within(run, calendar.Period{}) {
			out = append(out, dated{one, s.cycle, s.first})
		}
	}
	return out
}

// dated is a period with its cycle and a version that has it.
type dated struct {
	period calendar.Period
	cycle  cycle
	of     pact.Obligation
}

// occurrence gives the input for it.
func (d dated) occurrence(in Input) Input {
	if len(in.spells()) > 0 {
		in.Obligation = d.of
	}
	in.Occurrence.Key = d.cycle.key(d.period)
	return in
}

// earlier lists the periods before one, oldest first, from a day on.
func (in Input) earlier(c cycle, whole calendar.Period, from calendar.Date) []dated {
	until := whole.From
	if s := in.stub(c, whole); s != nil {
		until = s.days.From
	}
	var out []dated
	for _, d := range in.cycles(c, calendar.Period{From: from, Until: until}) {
		if d.period.From >= until || len(out) >= mostEarlier {
			break
		}
		out = append(out, d)
	}
	return out
}

// mostEarlier bounds how many periods are looked back.
const mostEarlier = 120

// later lists the n periods after one.
func (in Input) later(c cycle, whole calendar.Period, n int) []dated {
	list := in.spells()
	if len(list) == 0 {
		var out []dated
		for _, p := range c.next(whole, n) {
			out = append(out, dated{p, c, in.Obligation})
		}
		return out
	}
	until := whole.Until
	if s := in.stub(c, whole); s != nil {
		until = s.days.Until
	}
	out := in.cycles(c, calendar.Period{From: until, Until: until.AddMonths((n + 1) * 12)})
	return out[:min(n, len(out))]
}

// stub is what is left of a period at a joint: its days, the charged months they touch, and their share of the days of those.
type stub struct {
	days   calendar.Period
	months []string
	share  *big.Rat
}

// stub tells what is left of a period; nil where no joint cuts it.
func (in Input) stub(c cycle, p calendar.Period) *stub {
	for _, s := range spellsOf(in.Timeline, in.Obligation.Key) {
		if s.kind != in.Obligation.Kind || s.cycle != c.same() || !s.days.Overlaps(p) {
			continue
		}
		days := subscribed(p, s.days)
		if days.From != p.From && !in.touched(days.From, -1) {
			days.From = p.From
		}
		if days.Until != p.Until && !in.touched(days.Until, 0) {
			days.Until = p.Until
		}
		if days == p || days.Until == "" {
			return nil
		}
		out, own, of, holds := &stub{days: days}, 0, 0, in.holding()
		for i, name := range c.charged(p) {
			month := calendar.Period{From: p.From.AddMonths(i), Until: p.From.AddMonths(i + 1)}
			if month.Overlaps(days) && holds(month) {
				part := subscribed(month, days)
				out.months, own, of = append(out.months, name), own+part.From.DaysUntil(part.Until), of+month.From.DaysUntil(month.Until)
			}
		}
		out.share = big.NewRat(int64(own), int64(max(of, 1)))
		return out
	}
	return nil
}

// touched tells whether the obligation holds in another spell on the day beside a bound.
func (in Input) touched(bound calendar.Date, beside int) bool {
	return in.Timeline.Obligation(in.Obligation.Key, bound.AddDays(beside)).Winner != nil
}

// charged lists the months whose charges are the fees of a period, and the share of them. A month in which the clause did not hold brings none.
func (in Input) charged(c cycle, p calendar.Period) (months []string, share *big.Rat) {
	if s := in.stub(c, p); s != nil {
		return s.months, s.share
	}
	return c.chargedWhile(in.holding(), p), big.NewRat(1, 1)
}

// holding tells of days whether any version of the obligation holds on one of them, also where only a part of its period is judged.
func (in Input) holding() func(days calendar.Period) bool {
	list := governed(in.Timeline, in.Obligation)
	return func(days calendar.Period) bool {
		if len(list) == 0 {
			return in.Obligation.InForce.Overlaps(days)
		}
		return slices.ContainsFunc(list, func(s effective.Segment) bool { return s.Period.Overlaps(days) })
	}
}

// ofItsDays is the credit for what is left of a period that a change of the periods cut within a month.
func (c creditCase) ofItsDays(in Input, exact *big.Rat, currency string, tr tracer) *big.Rat {
	_, share := in.charged(c.cycle, c.period)
	if share.Cmp(big.NewRat(1, 1)) == 0 {
		return exact
	}
	of := exact
	exact = mul(exact, share)
	tr.add("for its share of the days", fmt.Sprintf("%s × %s", exactText(of, currency), share), exactText(exact, currency))
	return exact
}

// elsewhere is the judgement of a period whose days all belong to others.
func (in Input) elsewhere() pact.Assessment {
	a := pact.Assessment{Status: pact.Excused, At: in.At.UTC(), GovernedBy: in.Obligation.ID}
	a.Trace = []pact.TraceStep{{Rule: "the periods of the clause changed", Inputs: in.Occurrence.Key, Result: elsewhereResult}}
	return a
}

const elsewhereResult = "its days belong to other periods"

// isElsewhere tells such a judgement.
func isElsewhere(a pact.Assessment) bool {
	return a.Status == pact.Excused && len(a.Trace) == 1 && a.Trace[0].Result == elsewhereResult
}

// underEachJoint judges an occurrence under each reading of changes of the periods of which nobody decided.
func (in Input) underEachJoint(k Kind, open []joint) (pact.Assessment, error) {
	about, key := open[0], in.Obligation.Key
	var out []pact.Outcome
	var list []pact.Assessment
	for _, reading := range about.ways() {
		one := in
		for _, j := range open {
			one.Timeline = j.as(one.Timeline, key, reading)
			if bytes.Equal(one.Obligation.Params, j.after.first.Params) {
				one.Obligation = *one.Timeline.Obligation(key, j.day).Winner.Obligation
			}
		}
		a, err := one.assess(k)
		if err != nil {
			return pact.Assessment{}, err
		}
		list = append(list, a)
		outcome := pact.Outcome{Reading: about.says(reading), Set: member("mid_period", reading), Amount: a.Amount}
		if isElsewhere(a) {
			outcome.Result = elsewhereResult
		} else if a.DueAt = (time.Time{}); a.Amount == nil {
			outcome.Result = resultOf(a)
		}
		out = append(out, outcome)
	}
	judged := slices.DeleteFunc(slices.Clone(list), isElsewhere)
	nothing := func(a pact.Assessment) bool {
		return (a.Status == pact.Met || a.Status == pact.Excused) && a.Amount == nil && len(toAct(a)) == 0 && len(a.Ambiguities) == 0
	}
	if len(judged) == 0 {
		return list[0], nil
	}
	if allSame(judged) && (len(judged) == len(list) || nothing(judged[0])) {
		a := judged[0]
		a.NextAt = soonest(judged)
		a.Trace = slices.Insert(slices.Clone(a.Trace), 0, pact.TraceStep{Rule: "the periods change", Inputs: about.words(), Result: "whatever becomes of the period at the change, it comes to the same" + soFar(a)})
		return a, nil
	}
	a := agreed(list)
	a.AmountState = "ambiguous"
	a.Ambiguities = []pact.Ambiguity{{Code: "mid_period", Question: fmt.Sprintf("The periods change: %s. To which of them do the days at the change belong?", about.words()), Outcomes: out}}
	a.GovernedBy = about.after.first.ID // whose parameter the answer is
	a.Trace = append([]pact.TraceStep{{Rule: "the periods change", Inputs: about.words(), Result: counts(len(list), "reading") + "; it waits for a decision"}}, a.Trace...)
	return a, nil
}

// cycleOn is the cycle of the obligation on a day, where its periods change; c otherwise.
func (in Input) cycleOn(c cycle, day calendar.Date) cycle {
	for _, s := range in.spells() {
		if s.days.Contains(day) {
			return s.cycle
		}
	}
	return c
}
