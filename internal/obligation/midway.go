package obligation

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// An amendment or a waiver may take effect within a period that is judged as a whole. Terms bind per segment of the contract's life, and
// the texts hardly ever say what becomes of the period that is cut. Here is the one place that notices it, for all kinds that judge
// periods:
//
//   - What has a day of its own is governed by the version of that day: what happens on a waived day does not count (waivable), a
//     purchase has the price of its date, a commitment pro rata has the days of each version (divisible, plainly).
//   - Everything else is judged under each reading: the terms at the start for the whole period, the amended terms for the whole period,
//     and each part by its own terms where the kind can. Where all come to the same, nothing is asked; otherwise the period waits for a
//     decision, which the parameter mid_period of the amended version is.
//
// Items that are judged one by one (a ticket's clock, an invoice, an order) are not periods: the version in force on their day governs them.

// What mid_period says of a period within which the terms change.
const (
	midStart   = "start"   // the terms at its start govern it
	midAmended = "amended" // the terms after the change govern it
	midParts   = "parts"   // each part has its own terms; of a volume, at its place in that of the whole period
	midAlone   = "alone"   // each part has its own terms, and its volume is counted by itself
)

// creditsInParts is the reading of kinds with credits that judge each part by itself.
const creditsInParts = "each part by its own terms, its credit for its share of the days"

// divisible is a kind that can judge the parts of a period each by its own terms.
type divisible interface {
	// divides names the ways in which it can (midParts, midAlone), none where these parts can not be told apart. plain: that is how
	// the clause itself works, so nothing is asked where all ways come to the same.
	divides(parts []part) (ways []string, plain bool)
}

// waivable is a kind that leaves out what happens on waived days.
type waivable interface {
	// leavesOut tells whether a version judges what has a day of its own, and no figure of the whole period.
	leavesOut(o pact.Obligation) bool
}

// partwise is a kind that judges each part of a period as if the obligation held on the days of that part alone.
type partwise interface {
	divisible
	// inParts says the reading in words.
	inParts() string
}

// alone is one part that is judged so: its share of the days of the period, and what it came to before rounding.
type alone struct {
	days     calendar.Period
	share    *big.Rat
	exact    *big.Rat // nil is nothing
	currency string
}

// part is a run of days of a period under one version of an obligation; nil where none holds.
type part struct {
	days    calendar.Period
	version *pact.Obligation
	by      string // title of the document, or why nothing holds
}

// words tells which days a part has, and why: "2026-02-05 to 2026-02-14, waived until 2026-02-15. A1: a is waived".
func (p part) words() string {
	return fmt.Sprintf("%s to %s, %s", p.days.From, p.days.Until.AddDays(-1), p.by)
}

// turn is a period within which the terms change.
type turn struct {
	period  calendar.Period
	key     string
	parts   []part
	ways    []string
	plain   bool
	apart   partwise // nil where the kind does not judge parts one by one
	reading string   // what is decided; "" is nothing
	unclear []pact.Ambiguity
}

// midway is what is known of the changes within the periods of one obligation.
type midway struct {
	of     string // key of the obligation for which it was found out
	turns  []turn
	waived []part // days of which nothing counts
	alone  *alone // the part that is judged now; nil is the whole period
}

// isWaived tells whether an obligation is waived on a day, and leaves out what happens then.
func (in Input) isWaived(on calendar.Date) bool {
	return in.midway.of == in.Obligation.Key && slices.ContainsFunc(in.midway.waived, func(p part) bool { return p.days.Contains(on) })
}

// waivedIn lists the waived days within a period.
func (in Input) waivedIn(p calendar.Period) []part {
	if in.midway.of != in.Obligation.Key {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(in.midway.waived), func(w part) bool { return !w.days.Overlaps(p) })
}

// firstWithin is another obligation of the contract as it holds on the first day of a period on which it does; nil where it is waived or
// ended for all of it. known is false where the contract has none of that key.
func (in Input) firstWithin(key string, p calendar.Period) (o *pact.Obligation, known bool) {
	for _, day := range append([]calendar.Date{p.From}, in.Timeline.Turns(key)...) {
		r := in.Timeline.Obligation(key, day)
		known = known || r.Winner != nil || len(r.Losers) > 0
		if r.Winner != nil && p.Contains(day) {
			return r.Winner.Obligation, true
		}
	}
	return nil, known
}

// partsOf gives the parts of a period that are judged each by its own terms, and how; nil where one version governs it.
func (in Input) partsOf(p calendar.Period) (parts []part, way string) {
	if in.midway.of != in.Obligation.Key {
		return nil, ""
	}
	for _, t := range in.midway.turns {
		if t.period == p && (t.reading == midParts || t.reading == midAlone) {
			return t.parts, t.reading
		}
	}
	return nil, ""
}

// changed is the same with other versions: "what if the clause said so".
func (m midway) changed(change func(pact.Obligation) pact.Obligation) midway {
	m.turns = slices.Clone(m.turns)
	for i, t := range m.turns {
		m.turns[i].parts = slices.Clone(t.parts)
		for j, p := range t.parts {
			if p.version != nil {
				o := change(*p.version)
				m.turns[i].parts[j].version = &o
			}
		}
	}
	return m
}

// midPeriod is what a version says of a change within a period.
func midPeriod(o pact.Obligation) string {
	var p struct {
		MidPeriod string `json:"mid_period"`
	}
	if json.Unmarshal(o.Params, &p) != nil {
		return ""
	}
	return p.MidPeriod
}

// midPeriod asks about a reading that a kind does not have.
func (q *questions) midPeriod(given string, more ...string) {
	q.oneOf("mid_period", given, append([]string{"", midStart, midAmended}, more...)...)
}

// periodic is the cycle of an obligation that judges periods.
func periodic(o pact.Obligation) (cycle, bool) {
	if FeedOf(o.Kind).By != ByPeriod {
		return cycle{}, false
	}
	var p struct {
		Period string        `json:"period"`
		Anchor calendar.Date `json:"anchor"`
	}
	if json.Unmarshal(o.Params, &p) != nil {
		return cycle{}, false
	}
	if o.Kind == (SpendCeiling{}).Name() && cmp.Or(p.Period, "term") == "term" {
		return cycle{}, false // the version of the day governs a ceiling over the term
	}
	return cycle{cmp.Or(p.Period, "month"), p.Anchor}, true
}

// builtOnOthers tells whether the judgement of a period builds on other periods, before it or after it.
func builtOnOthers(o pact.Obligation) (before, after bool) {
	if o.Kind == (MinimumCommitment{}).Name() {
		var p CommitmentParams
		return decode(o.Params, &p) == nil && p.looksBack(), false
	}
	rule, _, _, ok := creditRuleOf(o)
	return ok && (rule.looksBack() || rule.EarnBack != nil), ok && rule.EarnBack != nil
}

// found finds the periods within which the terms of the obligation change: own, where it is one, and those on which it builds.
func (in Input) found(k Kind, c cycle, own calendar.Period) midway {
	m := midway{of: in.Obligation.Key}
	days := in.Timeline.Turns(in.Obligation.Key)
	before, after := builtOnOthers(in.Obligation)
	periods := []calendar.Period{}
	if own != (calendar.Period{}) && slices.ContainsFunc(days, func(d calendar.Date) bool { return d > own.From && own.Contains(d) }) {
		periods = append(periods, own)
	}
	for _, d := range days {
		if c.unit == "term" || c.unit == "rolling_year" {
			break // the period is the only one, or overlaps the others
		}
		p := in.cycleOn(c, d).containing(d, calendar.Period{})
		if p.From != "" && p.From != d && (p.From < own.From && before || p.From > own.From && after) && !slices.Contains(periods, p) {
			periods = append(periods, p)
		}
	}
	for _, p := range periods {
		of := c
		if p != own {
			of = in.cycleOn(c, cmp.Or(p.From, own.From))
		}
		t, waived := in.cut(k, of, p, days)
		m.waived = append(m.waived, waived...)
		if len(t.parts) > 1 || len(t.unclear) > 0 {
			m.turns = append(m.turns, t)
		}
	}
	return m
}

// cut finds the parts of a period, without what lies before the obligation began and after it ended, and the waived days of which the kind
// leaves out what happens. No parts: one version governs the period, or it is no period of all of them.
func (in Input) cut(k Kind, c cycle, p calendar.Period, days []calendar.Date) (t turn, waived []part) {
	t = turn{period: p, key: c.called(p)}
	from := p.From
	for _, d := range append(slices.Clone(days), p.Until) {
		if d != p.Until && (d <= p.From || !p.Contains(d)) {
			continue
		}
		r := in.Timeline.Obligation(in.Obligation.Key, cmp.Or(from, "0001-01-01"))
		one := part{days: calendar.Period{From: from, Until: d}, by: r.Rule}
		if len(r.Ambiguities) > 0 {
			t.unclear = r.Ambiguities
		}
		if r.Winner != nil {
			one.version, one.by = r.Winner.Obligation, r.Winner.Title()
			if of, ok := periodic(*one.version); !ok || of != c || one.version.Kind != k.Name() {
				if from = d; !ok || len(spellsOf(in.Timeline, in.Obligation.Key)) == 0 {
					return turn{}, nil
				}
				continue // of other periods
			}
		} else if i := slices.IndexFunc(r.Losers, func(l effective.Loser) bool { return l.By != "" }); i >= 0 {
			one.by = r.Losers[i].Why
		}
		t.parts, from = append(t.parts, one), d
	}
	t.parts = in.bounded(k, t.parts)
	if w, ok := k.(waivable); ok {
		for i := range t.parts {
			gap := &t.parts[i]
			if gap.version != nil {
				continue
			}
			next := i - 1
			if i == 0 {
				next = 1
			}
			if t.parts[next].version != nil && w.leavesOut(*t.parts[next].version) {
				waived = append(waived, *gap)
				gap.version, gap.by = t.parts[next].version, t.parts[next].by
			}
		}
	}
	t.parts = merged(t.parts)
	if d, ok := k.(divisible); ok && len(t.parts) > 1 {
		t.ways, t.plain = d.divides(t.parts)
	}
	if one, ok := k.(partwise); ok {
		t.apart = one
	}
	for _, one := range slices.Backward(t.parts) {
		if one.version != nil && t.reading == "" {
			t.reading = midPeriod(*one.version)
		}
	}
	if (t.reading == midParts || t.reading == midAlone) && !slices.Contains(t.ways, t.reading) {
		t.reading = "" // it was said of other terms
	}
	return t, waived
}

// bounded leaves out what lies before the obligation began, and, where the kind counts only the days it held, what lies after it ended.
func (in Input) bounded(k Kind, parts []part) []part {
	segments := in.Timeline.Segments(in.Obligation.Key)
	for len(parts) > 0 && parts[0].version == nil && (len(segments) == 0 || segments[0].Period.From >= parts[0].days.Until) {
		parts = parts[1:]
	}
	last := len(parts) - 1
	if last < 0 || parts[last].version != nil || len(segments) == 0 {
		return parts
	}
	if end := segments[len(segments)-1].Period.Until; end != parts[last].days.From {
		return parts // it is waived until after the period
	}
	if whole, ok := k.(interface{ owedWhole(o pact.Obligation) bool }); ok && last > 0 && whole.owedWhole(*parts[last-1].version) && in.endedByAmendment(parts[last].days.From, *parts[last-1].version) {
		return parts
	}
	return parts[:last]
}

// endedByAmendment tells whether an obligation ends on a day by what an amendment says, and not by its own term.
func (in Input) endedByAmendment(on calendar.Date, o pact.Obligation) bool {
	return o.InForce.Until != on && slices.ContainsFunc(in.Timeline.Obligation(in.Obligation.Key, on).Losers, func(l effective.Loser) bool { return l.By != "" })
}

// merged puts parts together that say the same.
func merged(parts []part) []part {
	var out []part
	for _, p := range parts {
		if n := len(out); n > 0 && sameTerms(out[n-1].version, p.version) {
			out[n-1].days.Until = p.days.Until
			continue
		}
		out = append(out, p)
	}
	return out
}

// sameTerms tells whether two versions say the same; what they say of changes within a period is no term.
func sameTerms(a, b *pact.Obligation) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Kind == b.Kind && bytes.Equal(without(a.Params, "mid_period"), without(b.Params, "mid_period"))
}

// without writes parameters in one way, less some members.
func without(params json.RawMessage, members ...string) []byte {
	patch := map[string]any{}
	for _, name := range members {
		patch[name] = nil
	}
	raw, err := json.Marshal(patch)
	if err != nil {
		return params
	}
	out, err := Patch(params, raw)
	if err != nil {
		return params
	}
	return out
}

// settled gives the input in which a reading governs each period: the one that was decided, or else the one given.
func (in Input) settled(m midway, open string) Input {
	key := in.Obligation.Key
	m.turns = slices.Clone(m.turns)
	for i, t := range m.turns {
		if len(t.unclear) > 0 {
			continue
		}
		m.turns[i].reading = cmp.Or(t.reading, open)
		if t.apart == nil || m.turns[i].reading != midParts {
			in.Timeline = in.Timeline.AsOn(key, t.held(), t.as(m.turns[i].reading))
		}
	}
	for _, gap := range m.waived {
		if day := in.beside(gap.days); day != "" {
			in.Timeline = in.Timeline.AsOn(key, gap.days, day)
		}
	}
	in.midway = m
	return in
}

// settledUntil is settled for the periods of another obligation that end by a day. What nobody decided there is judged by the terms at the
// start: it is asked where that obligation is judged.
func (in Input) settledUntil(day calendar.Date) Input {
	k, err := KindOf(in.Obligation.Kind)
	c, ok := periodic(in.Obligation)
	if err != nil || !ok || in.midway.of == in.Obligation.Key {
		return in
	}
	return in.settled(in.found(k, c, c.containing(day.AddDays(-1), in.held(calendar.Period{}))), midStart)
}

// beside is a day next to waived ones on which something holds, or "".
func (in Input) beside(gap calendar.Period) calendar.Date {
	for _, d := range []calendar.Date{gap.From.AddDays(-1), gap.Until} {
		if d != "" && in.Timeline.Obligation(in.Obligation.Key, d).Winner != nil {
			return d
		}
	}
	return ""
}

// held are the days of the period on which the obligation is in force, or waived.
func (t turn) held() calendar.Period {
	return calendar.Period{From: t.parts[0].days.From, Until: t.parts[len(t.parts)-1].days.Until}
}

// as is the day whose terms govern the whole period under a reading. Where each part has its own, that of the last one with terms.
func (t turn) as(reading string) calendar.Date {
	switch reading {
	case midStart:
		return cmp.Or(t.parts[0].days.From, "0001-01-01")
	case midAmended:
		return t.amended().days.From
	}
	return t.stated().days.From
}

// amended is the part whose terms the change gives: the last, or, where it gives back those of the start, the first of the others.
func (t turn) amended() part {
	last := t.parts[len(t.parts)-1]
	if sameTerms(last.version, t.parts[0].version) {
		return t.parts[1]
	}
	return last
}

// stated is the last part with terms.
func (t turn) stated() part {
	for _, p := range slices.Backward(t.parts) {
		if p.version != nil {
			return p
		}
	}
	return t.parts[0]
}

// words says of a turn what holds when: "until 2026-06-30 Contract, from 2026-07-01 A1".
func (t turn) words() string {
	var out []string
	for i, p := range t.parts {
		by := p.by
		if p.version == nil {
			by = "nothing (" + strings.TrimSuffix(by, ".") + ")"
		}
		if i == 0 {
			out = append(out, "until "+string(p.days.Until.AddDays(-1))+" "+by)
			continue
		}
		out = append(out, "from "+string(p.days.From)+" "+by)
	}
	return strings.Join(out, ", ")
}

// says is a reading in words.
func (t turn) says(reading string) string {
	whole := func(p part, which string) string {
		if p.version == nil {
			return "nothing holds for the whole period, as " + which
		}
		return "the terms " + which + " (" + p.by + ") for the whole period"
	}
	switch reading {
	case midStart:
		return whole(t.parts[0], "at its start")
	case midAmended:
		return whole(t.amended(), "after the change")
	case midAlone:
		return "each part by its own terms, its volume counted by itself"
	}
	if t.apart != nil {
		return t.apart.inParts()
	}
	if slices.Contains(t.ways, midAlone) {
		return "each part by its own terms, at its place in the volume of the whole period"
	}
	return "each part by its own terms"
}

// step tells which terms govern a period, and why.
func (t turn) step(result string) pact.TraceStep {
	return pact.TraceStep{Rule: "the terms change within the period", Inputs: t.key + ": " + t.words(), Result: result}
}

// assess judges an occurrence, once it is clear of which periods it is one, and which terms govern those within which they change.
func (in Input) assess(k Kind) (pact.Assessment, error) {
	var open []joint
	in.Timeline, open = joinedSpells(in.Timeline, in.Obligation.Key)
	one, found := in.ofItsSpell()
	c, ok := periodic(one.Obligation)
	if !ok {
		in.midway = midway{of: in.Obligation.Key}
		return in.weighed(k)
	}
	if len(open) > 0 {
		own, err := c.of(in.Occurrence.Key, calendar.Period{})
		before, after := builtOnOthers(one.Obligation)
		open = slices.DeleteFunc(open, func(j joint) bool { return err == nil && !j.touches(own, before, after) })
		if len(open) > 0 {
			return in.underEachJoint(k, open)
		}
	}
	if !found {
		return in.elsewhere(), nil
	}
	return one.assessTurns(k, c)
}

// assessTurns judges an occurrence of a period, once it is clear which terms govern the periods within which they change.
func (in Input) assessTurns(k Kind, c cycle) (pact.Assessment, error) {
	own, err := c.of(in.Occurrence.Key, in.held(calendar.Period{}))
	if err != nil {
		own = calendar.Period{}
	}
	m := in.found(k, c, own)
	var mine *turn
	var open []turn
	for i, t := range m.turns {
		if t.period == own {
			mine = &m.turns[i]
		}
		if t.reading == "" && len(t.unclear) == 0 {
			open = append(open, t)
		}
	}
	switch {
	case mine != nil && len(mine.unclear) > 0:
		a := pact.Assessment{Status: pact.Pending, At: in.At.UTC(), AmountState: "ambiguous", Ambiguities: mine.unclear}
		a.Trace = []pact.TraceStep{mine.step("documents conflict; the period waits for a decision")}
		return a, nil
	case len(open) > 0:
		return in.underEachTerms(k, own, m, mine, open)
	}
	a, err := in.settled(m, "").judged(k, own)
	if err == nil && mine != nil {
		a.Trace = slices.Insert(a.Trace, 0, mine.step(mine.says(mine.reading)+", as mid_period says"))
	}
	return a, err
}

// underEachTerms judges an occurrence under each reading of the changes within periods of which nobody decided.
func (in Input) underEachTerms(k Kind, own calendar.Period, m midway, mine *turn, open []turn) (pact.Assessment, error) {
	about := open[0]
	if mine != nil && mine.reading == "" {
		about = *mine
	}
	var out []pact.Outcome
	var list []pact.Assessment
	for _, reading := range append([]string{midStart, midAmended}, about.ways...) {
		a, err := in.settled(m, reading).judged(k, own)
		if err != nil {
			return pact.Assessment{}, err
		}
		list = append(list, a)
		out = append(out, pact.Outcome{Reading: about.says(reading), Set: member("mid_period", reading), Amount: a.Amount})
	}
	var due []time.Time
	for _, a := range list {
		if !a.DueAt.IsZero() && !slices.ContainsFunc(due, a.DueAt.Equal) {
			due = append(due, a.DueAt)
		}
	}
	for i, a := range list {
		if len(due) < 2 {
			a.DueAt = time.Time{} // it tells nothing
		}
		if a.Amount == nil {
			out[i].Result = resultOf(a)
		}
	}
	if ways := list[2:]; about.plain && len(ways) > 0 && allSame(ways) && len(open) == 1 {
		a := ways[0]
		a.Trace = slices.Insert(slices.Clone(a.Trace), 0, about.step(about.says(about.ways[0])))
		return a, nil
	}
	if a := list[0]; allSame(list) {
		a.NextAt = soonest(list)
		if mine != nil {
			a.Trace = slices.Insert(slices.Clone(a.Trace), 0, mine.step("whichever of them govern the period, it comes to the same"+soFar(a)))
		}
		return a, nil
	}
	question := fmt.Sprintf("The terms change within %s: %s. Which of them govern %s?", about.key, about.words(), about.key)
	if mine == nil || mine.reading != "" {
		question += fmt.Sprintf(" What follows for %s hangs on it.", in.Occurrence.Key)
	}
	a := agreed(list)
	a.AmountState, a.Ambiguities = "ambiguous", []pact.Ambiguity{{Code: "mid_period", Question: question, Outcomes: out}}
	a.GovernedBy = about.stated().version.ID // whose parameter the answer is
	a.Trace = append([]pact.TraceStep{about.step(counts(len(list), "reading") + "; it waits for a decision")}, a.Trace...)
	return a, nil
}

// judged judges an occurrence by the terms that govern its period, or each part of it by its own.
func (in Input) judged(k Kind, own calendar.Period) (pact.Assessment, error) {
	for _, t := range in.midway.turns {
		if t.period == own && t.apart != nil && t.reading == midParts {
			return in.eachAlone(k, t)
		}
	}
	return in.weighed(k)
}

// eachAlone judges the parts of a period one by one: it is breached where one of them is, and the sums are added up and rounded once.
func (in Input) eachAlone(k Kind, t turn) (pact.Assessment, error) {
	of := t.held().From.DaysUntil(t.held().Until)
	out, sum, currency := pact.Assessment{}, new(big.Rat), ""
	for i, p := range t.parts {
		one := in
		one.midway.alone = &alone{days: p.days, share: big.NewRat(int64(p.days.From.DaysUntil(p.days.Until)), int64(of))}
		a, err := one.weighed(k)
		if err != nil {
			return a, err
		}
		step := pact.TraceStep{Rule: "a part by its own terms", Inputs: p.words(), Result: strings.TrimSpace(strings.ReplaceAll(string(a.Status), "_", " ") + " " + a.Measured)}
		a.Trace = append([]pact.TraceStep{step}, a.Trace...)
		if exact := one.midway.alone.exact; exact != nil {
			sum, currency = plus(sum, exact), one.midway.alone.currency
		}
		if i == 0 {
			out = a
			continue
		}
		out = joinedTo(out, a)
	}
	out.Target, out.Measured, out.Percent = "", "", "" // each part has its own
	if out.Amount = nil; currency != "" && out.AmountState == "" {
		rounded := money.FromRatio(sum, currency)
		out.Amount = &rounded
		out.Trace = append(out.Trace, pact.TraceStep{Rule: "sum of the parts, rounded once", Inputs: exactText(sum, currency), Result: rounded.String(), Clause: clause(*t.stated().version)})
	}
	out.GovernedBy = t.stated().version.ID
	return out, nil
}

func soFar(a pact.Assessment) string {
	if final := a.Status == pact.Met || a.Status == pact.Breached || a.Status == pact.Excused; final && a.AmountState == "" {
		return ""
	}
	return " so far"
}

// joinedTo adds the judgement of a later part to those before it.
func joinedTo(out, a pact.Assessment) pact.Assessment {
	order := []pact.Status{pact.Breached, pact.AtRisk, pact.OnTrack, pact.Pending, pact.Met, pact.Excused}
	switch {
	case out.Status == pact.Met && a.Status == pact.Pending && len(a.Ambiguities) == 0: // it has not begun
		out.Status = pact.OnTrack
	case slices.Index(order, a.Status) < slices.Index(order, out.Status):
		out.Status = a.Status
	}
	out.DueAt, out.EndedAt = a.DueAt, a.EndedAt
	out.NextAt = soonest([]pact.Assessment{out, a})
	if out.BreachedAt.IsZero() || !a.BreachedAt.IsZero() && a.BreachedAt.Before(out.BreachedAt) {
		out.BreachedAt = a.BreachedAt
	}
	out.AmountState, out.ClaimBy = cmp.Or(out.AmountState, a.AmountState), max(out.ClaimBy, a.ClaimBy)
	out.Elapsed = ""
	out.Threshold, out.ThresholdAt = a.Threshold, a.ThresholdAt
	out.Ambiguities = append(slices.Clone(out.Ambiguities), a.Ambiguities...)
	out.Amounts = append(slices.Clone(out.Amounts), a.Amounts...)
	out.Trace = append(slices.Clone(out.Trace), a.Trace...)
	out.AlsoBy = alsoBy(out, a)
	for _, id := range a.EventIDs {
		if !slices.Contains(out.EventIDs, id) {
			out.EventIDs = append(slices.Clone(out.EventIDs), id)
		}
	}
	return out
}

// parted tells whether the credit of a period can be parted by its days: it builds on no other period, and has no least sum.
func (r CreditParams) parted() bool {
	return !r.looksBack() && r.EarnBack == nil && r.MinimumPayable == nil
}

// allSame tells whether judgements come to the same verdict and the same sums. Targets and instants on the way may differ.
func allSame(list []pact.Assessment) bool {
	return !slices.ContainsFunc(list[1:], func(b pact.Assessment) bool {
		a := list[0]
		open := a.Status != pact.Met && a.Status != pact.Excused
		return a.Status != b.Status || !sameAmount(a.Amount, b.Amount) || a.AmountState != b.AmountState || a.ClaimBy != b.ClaimBy ||
			open && !a.DueAt.Equal(b.DueAt) || !slices.EqualFunc(toAct(a), toAct(b), func(x, y pact.AmountLine) bool { return x.Name == y.Name && sameAmount(&x.Amount, &y.Amount) }) ||
			!slices.EqualFunc(a.Ambiguities, b.Ambiguities, func(x, y pact.Ambiguity) bool { return x.Code == y.Code && x.Question == y.Question })
	})
}

// soonest is the first instant at which one of several judgements changes by itself.
func soonest(list []pact.Assessment) time.Time {
	var out time.Time
	for _, a := range list {
		if out.IsZero() || !a.NextAt.IsZero() && a.NextAt.Before(out) {
			out = a.NextAt
		}
	}
	return out
}

// toAct are the sums of a judgement beside its amount, without how it was booked on the way.
func toAct(a pact.Assessment) []pact.AmountLine {
	return slices.DeleteFunc(slices.Clone(a.Amounts), func(l pact.AmountLine) bool { return strings.HasPrefix(l.Name, "booked ") || l.Amount.IsZero() })
}
