package obligation

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// assessClock judges a ticket: which version of the clause applies, what counted, when it is due, what that means now.
func assessClock(in Input, response bool) (pact.Assessment, error) {
	a := pact.Assessment{Status: pact.Pending, At: in.At.UTC()}
	base, err := in.clock(in.Obligation, response)
	if err != nil {
		return pact.Assessment{}, err
	}
	if in.Events == nil && in.Log != nil {
		_, groups := in.Log.bySubject()
		in.Events = slices.Concat(OfTicketIn(groups, in.Occurrence.Key), groups[""])
	}
	refs := make([]*pact.Event, len(in.Events))
	for i := range in.Events {
		refs[i] = &in.Events[i]
	}
	refs = slices.DeleteFunc(refs, func(e *pact.Event) bool { return noneOfClock(e, response) })
	ticket, number := runOf(in.Occurrence.Key, refs)
	if base.tells(refs, ticket) {
		in.Occurrence.Period.Start = time.Time{}
	}
	refs, notes := sift(refs, ticket, in.At)
	var events []*pact.Event
	if runs := base.runs(refs); number <= len(runs) {
		events = runs[number-1]
	}
	opened, ok := opening(events, in.Occurrence, in.At)
	ok = ok && (number == 1 || len(events) > 0)
	if !ok {
		a.Trace = append(notes, pact.TraceStep{Rule: "the clock has not started", Result: "no opening of the ticket is known at this instant"})
		return a, nil
	}
	day := calendar.DateIn(opened, base.cal.Zone())
	version, holds, choice, unclear := in.inForce(day)
	a.Trace = append(make([]pact.TraceStep, 0, len(choice)+len(notes)+10), choice...)
	if len(unclear) > 0 {
		a.Ambiguities = unclear
		return a, nil
	}
	if !holds {
		a.Status = pact.Excused
		a.Trace = append(a.Trace, pact.TraceStep{Rule: "not in force", Inputs: "opened on " + string(day), Result: "no version of the clause holds on that day"})
		return a, nil
	}
	a.GovernedBy = version.ID
	c := base
	if !bytes.Equal(version.Params, in.Obligation.Params) {
		if c, err = in.clock(version, response); err != nil {
			return pact.Assessment{}, err
		}
	}
	left := exclusion(refs)
	told, by := serviceOf(refs)
	asks := left == nil || !approved(left)
	switch {
	case !serves(c.params.Service, told):
		a.Status = pact.Excused
		a.Trace = append(a.Trace, pact.TraceStep{Rule: "another service", Inputs: "the ticket is of " + short(told), Result: "this clock does not judge it", EventIDs: oneID(by), Clause: clause(version)})
		a.EventIDs = idsOf(events)
		return a, nil
	case asks && told == "" && in.askService(&a, version, c, ticket, day, response, openedBy(events)):
		a.EventIDs = idsOf(events)
		return a, nil
	}
	if told != "" && c.params.Service != "" {
		a.Trace = append(a.Trace, pact.TraceStep{Rule: "service of the ticket", Result: short(told), EventIDs: oneID(by), Clause: clause(version)})
	}
	t := life(events, opened, c.rule)
	if c.priority != "" && len(t.legsOf(time.Time{})) > 1 { // others matter only where the priority changed
		own := *c // the compiled one is shared
		own.siblings = in.siblings(version, c, day, response)
		c = &own
	}
	r := c.measure(&t)
	if r.unknown() && left != nil && approved(left) {
		a.EventIDs = idsOf(events)
		exclude(&a, newTracer(version, c.cal.Zone(), &a), ticket, left)
		return a, nil
	}
	if r.unknown() {
		in.askPriority(&a, version, ticket, day, t.openedBy)
		a.EventIDs = idsOf(events)
		return a, nil
	}
	if asks && r.mine >= 0 {
		one := in
		one.Obligation = version
		if done, err := one.ruledClock(&a, c, ticket, told, day, response, events); err != nil || done {
			a.EventIDs = idsOf(events)
			return a, err
		}
	}
	c.judge(&a, &r)
	if number > 1 {
		notes = append([]pact.TraceStep{{Rule: "run " + strconv.Itoa(number), Result: "the run before is complete, this one starts from zero", EventIDs: eachOnce(idsOf(slices.Concat(c.runs(refs)[:number-1]...)))}}, notes...)
	}
	c.explain(&a, version, &t, &r, notes)
	a.EventIDs = idsOf(events)
	if left != nil {
		exclude(&a, newTracer(version, c.cal.Zone(), &a), ticket, left)
	}
	return a, nil
}

// runs are the log in the words the clock understands, one for each run of the clock on the ticket. There is always a first.
func (c *clock) runs(events []*pact.Event) [][]*pact.Event {
	if c.params.Conditions == nil {
		return [][]*pact.Event{events}
	}
	own := make([]pact.Event, len(events))
	for i, e := range events {
		own[i] = *e
		own[i].OccurredAt = e.OccurredAt.UTC()
	}
	translated := c.params.Conditions.translate(own, func(state string) bool {
		return c.params.OnReopen == "" && has(c.params.Conditions.Reset, state)
	})
	out := make([][]*pact.Event, len(translated))
	for n, run := range translated {
		out[n] = make([]*pact.Event, len(run))
		for i := range run {
			out[n][i] = &run[i]
		}
	}
	return out
}

// laterRun stands between a ticket and the number of a run after its first, in the key of an occurrence.
const laterRun = "/run "

// RunKey is the key of a run of a clock on a ticket: "INC1", then "INC1/run 2".
func RunKey(ticket string, number int) string {
	if number == 1 {
		return ticket
	}
	return ticket + laterRun + strconv.Itoa(number)
}

// TicketOf is the ticket whose clock an occurrence is: of the key "INC1/run 2" it is INC1.
func TicketOf(key string) string {
	if i := strings.LastIndex(key, laterRun); i > 0 {
		if n, err := strconv.Atoi(key[i+len(laterRun):]); err == nil && n > 1 {
			return key[:i]
		}
	}
	return key
}

// OfTicketIn finds the events of a clock among those of all tickets: a ticket that is named like a run is itself.
func OfTicketIn(groups map[string][]pact.Event, key string) []pact.Event {
	if own := groups[key]; len(own) > 0 {
		return own
	}
	return groups[TicketOf(key)]
}

// runOf reads the key of a clock; a ticket that is named like a run of another is itself.
func runOf(key string, events []*pact.Event) (ticket string, number int) {
	ticket = TicketOf(key)
	if ticket == key || slices.ContainsFunc(events, func(e *pact.Event) bool { return e.Subject == key }) {
		return key, 1
	}
	number, _ = strconv.Atoi(key[len(ticket)+len(laterRun):]) // TicketOf read it
	return ticket, number
}

// tells tells whether the log says, or once said, when the clock of a ticket starts. Then that goes, and not what the occurrence
// kept of it: an opening that was taken back is none.
func (c *clock) tells(events []*pact.Event, ticket string) bool {
	return slices.ContainsFunc(events, func(e *pact.Event) bool {
		starts := e.Kind == "ticket_opened" || e.Kind == "ticket_state" && c.params.Conditions != nil
		return starts && (e.Subject == "" || e.Subject == ticket)
	})
}

// openedBy is the event that opened a ticket; "" where none did.
func openedBy(events []*pact.Event) pact.EventID {
	for _, e := range events {
		if e.Kind == "ticket_opened" {
			return eventID(e)
		}
	}
	return ""
}

// opening finds when the ticket was opened: by its event, or by the occurrence where the log never had one.
func opening(events []*pact.Event, o pact.Occurrence, at time.Time) (time.Time, bool) {
	for _, e := range events {
		if e.Kind == "ticket_opened" {
			return e.OccurredAt.UTC(), true
		}
	}
	start := o.Period.Start
	return start.UTC(), !start.IsZero() && !start.After(at) && start.After(calendar.Earliest())
}

// siblings compiles the clocks of the other priorities in force on a day, but those of other services. One that can not be used is left out: the part
// of the ticket under it is then measured on this clock's calendar, and the trace says so.
func (in Input) siblings(o pact.Obligation, own *clock, day calendar.Date, response bool) map[string]sibling {
	var out map[string]sibling
	for _, other := range in.Timeline.Obligations(day) {
		if other.Kind != o.Kind || other.Key == o.Key {
			continue
		}
		c, err := in.clock(other, response)
		if err != nil || !serves(c.params.Service, own.params.Service) {
			continue
		}
		if _, double := out[c.priority]; double {
			continue
		}
		if out == nil {
			out = map[string]sibling{}
		}
		out[c.priority] = sibling{c, other.Key}
	}
	return out
}

// noPriority is the rule in the trace of a clock that can not judge a ticket, because nobody told its priority.
const noPriority = "no event tells the priority of the ticket"

// askPriority asks which priority a ticket has. It may be under each clock of its kind and is judged under none; the first of them by key asks.
func (in Input) askPriority(a *pact.Assessment, o pact.Obligation, ticket string, day calendar.Date, opening pact.EventID) {
	var ids []pact.EventID
	if opening != "" {
		ids = oneID(opening)
	}
	step := pact.TraceStep{Rule: noPriority, Inputs: ticket, Result: "judged under none", EventIDs: ids, Clause: clause(o)}
	for _, other := range in.Timeline.Obligations(day) {
		var p ClockParams
		if other.Kind == o.Kind && other.Key < o.Key && decode(other.Params, &p) == nil && p.Priority != "" {
			step.Result += "; asked under " + other.Key
			a.Trace = append(a.Trace, step)
			return
		}
	}
	a.Trace = append(a.Trace, step)
	a.Ambiguities = []pact.Ambiguity{{Code: "priority", Question: sprintf("Which priority does %s have? No event tells it (data.priority), so no target for a priority judges it.", short(ticket))}}
}

// judge fills status, instants and numbers.
func (c *clock) judge(a *pact.Assessment, r *run) {
	if r.mine < 0 {
		a.Status = pact.Excused
		return
	}
	until := a.At
	for _, m := range []time.Time{r.ended.at, r.cancelled.at, r.left.from} {
		if !m.IsZero() {
			until = earlier(until, m)
		}
	}
	counted := elapsed(r.pieces, until)
	a.DueAt, a.EndedAt = r.deadline, r.ended.at
	a.Elapsed, a.Target = counted.String(), r.target.String()
	a.Percent = percent(counted, r.target)
	if wall := actual(r.pieces, until); wall != counted {
		a.Actual = wall.String()
	}
	for _, th := range c.thresholds {
		if part := share(r.target, th); counted >= part {
			a.Threshold = th.String()
			if at, ok := reach(r.pieces, part); ok {
				a.ThresholdAt = later(at, r.from)
			}
		}
	}
	reached := !r.deadline.IsZero()
	switch {
	case !r.left.from.IsZero():
		a.Status, a.EndedAt = pact.Excused, r.left.from
		if reached && r.deadline.Before(r.left.from) {
			a.Status, a.BreachedAt = pact.Breached, r.deadline
		}
	case !r.ended.at.IsZero():
		late := reached && (r.ended.at.After(r.deadline) || c.params.LessThan && r.ended.at.Equal(r.deadline))
		a.Status = pact.Met
		if late {
			a.Status, a.BreachedAt = pact.Breached, r.deadline
		}
	case !r.cancelled.at.IsZero():
		a.Status, a.EndedAt = pact.Excused, r.cancelled.at
		if reached && (r.deadline.Before(r.cancelled.at) || c.params.LessThan && r.deadline.Equal(r.cancelled.at)) {
			a.Status, a.BreachedAt = pact.Breached, r.deadline // what has happened by then is not undone
		}
	case reached && !r.deadline.After(a.At):
		a.Status, a.BreachedAt = pact.Breached, r.deadline
	default:
		a.Status = pact.OnTrack
		if a.Threshold != "" {
			a.Status = pact.AtRisk
		}
		a.NextAt = c.next(r, counted)
	}
}

// next is the next instant at which the status changes if nothing happens: a threshold, or the breach.
func (c *clock) next(r *run, counted time.Duration) time.Time {
	for _, th := range c.thresholds {
		part := share(r.target, th)
		if counted >= part {
			continue
		}
		at, ok := reach(r.pieces, part)
		if ok && (r.deadline.IsZero() || at.Before(r.deadline)) {
			return later(at, r.from)
		}
		break
	}
	return r.deadline
}

// percent is exact where it ends, otherwise rounded to six decimals, onto no threshold; shown, never compared.
func percent(counted, target time.Duration) string {
	if target <= 0 {
		return ""
	}
	if counted >= 0 && counted < math.MaxInt64/100 {
		if short, ok := shortPercent(uint64(counted)*100, uint64(target)); ok {
			return short
		}
	}
	return money.RatioString(new(big.Rat).Mul(money.RatioOf(int64(counted), int64(target)), big.NewRat(100, 1)), 12, 6)
}

// shortPercent writes a fraction as money.RatioString does, without its long numbers: it stands in every trace of a clock. ok is false
// where the rounding carries, or may come to lie on a threshold.
func shortPercent(n, of uint64) (text string, ok bool) {
	whole, rest := n/of, n%of
	digits := make([]byte, 0, 32)
	digits = append(strconv.AppendUint(digits, whole, 10), '.')
	cut := len(digits) + 6
	for places := 0; places < 12 && rest > 0; places++ {
		high, low := bits.Mul64(rest, 10)
		var digit uint64
		digit, rest = bits.Div64(high, low, of)
		digits = append(digits, byte('0'+digit))
	}
	if rest == 0 {
		return string(bytes.TrimSuffix(digits, []byte("."))), true
	}
	if digits[cut] >= '5' { // it does not end, so that it is above the half
		digits[cut-1]++
	}
	return string(digits[:cut]), digits[cut-1] <= '9' && string(digits[cut-2:cut]) != "00"
}

// clockStarts begins the step of a trace that says when a clock starts.
const clockStarts = "the clock starts"

// whyNot says why a hold has no influence.
func (c *clock) whyNot() string {
	switch p := c.params; {
	case p.Conditions != nil:
		return "the clock follows the states of the ticket"
	case !p.Pauses:
		return "the clause has no holds"
	case p.By != nil && p.ByHolds != "shift":
		return "the due time stands"
	default:
		return "only " + strings.Join(p.PauseStates, ", ") + " stop it"
	}
}

func inParens(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// explain writes the trace.
func (c *clock) explain(a *pact.Assessment, o pact.Obligation, t *ticket, r *run, notes []pact.TraceStep) {
	tr := newTracer(o, c.cal.Zone(), a)
	*tr.steps = append(*tr.steps, notes...)
	tr.add("target", c.described, r.target.String())
	if c.params.Conditions != nil {
		tr.add("the clock follows the states of the ticket", c.params.Conditions.String(), counts(len(t.changes)+len(t.holds)+len(t.stops), "change"))
	}
	if by := c.params.Conditions; by != nil && !by.RetroactiveStart {
		tr.add(clockStarts+" when the ticket gets into a state that starts it", t.openedIn, local(t.opened, tr.zone), t.openedBy)
	} else {
		tr.add(clockStarts+" when the ticket is opened", "", local(t.opened, tr.zone), t.openedBy)
	}
	if by := c.params.By; by != nil && by.Cutoff != "" {
		if from, after, ok := by.countedOn(c.days, t.opened); ok {
			words := "before " + by.Cutoff
			if after {
				words = "not before " + by.Cutoff
			}
			tr.add("the day that counts", local(t.opened, tr.zone)+" is "+words, "as of "+dayText(from))
		}
	}
	if r.mine < 0 {
		tr.add("another priority", "the ticket never had priority "+c.params.Priority, "this clock does not judge it")
		return
	}
	c.explainPriority(tr, r)
	for _, h := range t.holds {
		if !r.ended.at.IsZero() && !h.span.Start.Before(r.ended.at) {
			continue // after the end it has no influence
		}
		what := "held from " + local(h.span.Start, tr.zone) + inParens(h.why)
		if h.span.End.IsZero() {
			tr.add("a hold stops the clock", what, "still held", h.ids...)
			continue
		}
		tr.add("a hold stops the clock", what+" until "+local(h.span.End, tr.zone), c.cal.Between(h.span.Start, h.span.End).String()+" of the calendar", h.ids...)
	}
	for _, h := range t.ignored {
		if r.ended.at.IsZero() || h.at.Before(r.ended.at) {
			tr.add("a hold does not stop the clock", "held from "+local(h.at, tr.zone)+inParens(h.by), c.whyNot(), h.id)
		}
	}
	if c.params.Conditions == nil {
		for _, m := range t.nothing {
			tr.add(m.by, local(m.at, tr.zone), "changes nothing", m.id)
		}
	}
	for i, m := range t.reopened {
		if c.response && !r.ended.at.IsZero() && !t.closed[i].Start.Before(r.ended.at) {
			break
		}
		tr.add("opened again", "closed at "+local(t.closed[i].Start, tr.zone)+", opened again at "+local(m.at, tr.zone), reopenWords(c.params.OnReopen), t.stops[i].id, m.id)
	}
	until, when := a.At, "until now"
	var ids []pact.EventID
	switch {
	case !r.left.from.IsZero():
		until, when, ids = r.left.from, "until the change to priority "+r.left.priority+" at "+local(r.left.from, tr.zone), []pact.EventID{r.left.id}
	case !r.ended.at.IsZero():
		until, when, ids = r.ended.at, "until the "+cmp.Or(r.ended.by, c.ending())+" at "+local(r.ended.at, tr.zone), []pact.EventID{r.ended.id}
	case !r.cancelled.at.IsZero():
		until, when, ids = r.cancelled.at, "until the cancellation at "+local(r.cancelled.at, tr.zone), []pact.EventID{r.cancelled.id}
	}
	if said := r.ended.said; !said.IsZero() {
		tr.add("it ended before it was opened", "reported for "+local(said, tr.zone)+", opened at "+local(t.opened, tr.zone), "counts as at the opening; correct whichever is wrong", r.ended.id)
	}
	tr.add("time that counts", when+", on "+c.runsOn, fmt.Sprintf("%s of %s = %s %%", elapsed(r.pieces, until), r.target, a.Percent), ids...)
	if a.Actual != "" {
		tr.add("time by the clock on the wall", "closed hours included, holds left out", fmt.Sprintf("%s of %s = %s %%", a.Actual, r.target, percent(actual(r.pieces, until), r.target)))
	}
	switch {
	case r.deadline.IsZero():
		tr.add("due", "held without a known end", "no due time while it is held")
	case r.oldTarget != "":
		tr.add("due", "the stricter of both targets: that of "+r.oldTarget, local(r.deadline, tr.zone))
	default:
		tr.add("due", "first instant at which the counted time reaches the target", local(r.deadline, tr.zone))
	}
	c.verdict(tr, a, r)
	if a.LevelOnly = c.params.LevelOnly; a.LevelOnly {
		tr.add("promised for a share of the tickets, not for each", "", "counts for the level; by itself nothing follows")
	}
}

func (c *clock) explainPriority(tr tracer, r *run) {
	if first := r.legs[0]; !first.told.IsZero() {
		tr.add("the priority was told after the opening", first.priority+" at "+local(first.told, tr.zone), "holds from the opening", first.id)
	}
	for i, l := range r.legs[1:] {
		result := "another clock judges from here"
		if i+1 == r.mine {
			result = priorityWords(c.params.OnPriorityChange)
		}
		before := r.legs[i].priority
		if _, ok := c.siblingOf(r.legs[i]); !ok && i+1 == r.mine {
			result += "; no target for priority " + before + " is known, its part is measured on this calendar"
		}
		tr.add("priority changed", fmt.Sprintf("from %s to %s at %s", before, l.priority, local(l.from, tr.zone)), result, l.id)
	}
}

func (c *clock) verdict(tr tracer, a *pact.Assessment, r *run) {
	switch a.Status {
	case pact.Met:
		rule := "met: ended within the target; exactly on target is met"
		if c.params.LessThan {
			rule = "met: ended in less than the target"
		}
		tr.add(rule, local(r.ended.at, tr.zone)+" against "+dueWords(r.deadline, tr.zone), string(a.Status))
	case pact.Breached:
		rule := "breached at the instant the counted time reached the target"
		if r.left.from.IsZero() && r.ended.at.IsZero() && !r.cancelled.at.IsZero() {
			rule += "; the cancellation came after it"
		}
		tr.add(rule, local(a.BreachedAt, tr.zone), string(a.Status))
	case pact.Excused:
		rule := "excused: the ticket was cancelled"
		if !r.left.from.IsZero() {
			rule = "excused: the ticket went to another priority before it was due"
		}
		tr.add(rule, "", string(a.Status))
	case pact.AtRisk:
		tr.add("at risk from a threshold on", a.Percent+" % >= "+a.Threshold+" %", string(a.Status))
	default:
		tr.add("open, no threshold reached", a.Percent+" % < "+c.thresholds[0].String()+" %", string(a.Status))
	}
	if !a.NextAt.IsZero() {
		tr.add("next change if nothing happens", "", local(a.NextAt, tr.zone))
	}
}

func (c *clock) ending() string {
	if c.response {
		return "response"
	}
	return "resolution"
}

func (c *clock) describe() string {
	s := c.params.Target.String()
	if c.params.By != nil {
		s = c.params.By.String()
	}
	if c.params.LessThan {
		s = "less than " + s
	}
	if c.params.Priority != "" {
		s += " for priority " + c.params.Priority
	}
	if of := ownService(c.params.Service); of != "" {
		s += " of " + of
	}
	if c.params.Target.Unit == calendar.BusinessDay {
		if c.params.DayRule == "end_of_day" {
			return s + ", each until closing time"
		}
		return s + ", each as long as a working day"
	}
	return s
}

func (c *clock) calendarWords() string {
	h := c.cal.Hours()
	if c.params.Hours.IsZero() {
		return "all hours, because the clause names none"
	}
	name := h.Name
	if name == "" {
		name = "the hours of the clause"
		if h.Always {
			name = "24x7"
		}
	}
	return name + " (" + h.Zone + ")"
}

func dueWords(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "no due time"
	}
	return "due " + local(t, zone)
}

func reopenWords(policy string) string {
	switch policy {
	case "restart":
		return "the last cycle counts from zero"
	case "total":
		return "the closed time counts"
	case "first_cycle_final":
		return "the first resolution stands"
	}
	return "the clock goes on, the closed time does not count"
}

func priorityWords(policy string) string {
	switch policy {
	case "restart":
		return "the clock starts again"
	case "carry":
		return "the time since opening counts, holds before the change included"
	case "stricter":
		return "the stricter of both targets holds"
	}
	return "the time that counted so far is carried over"
}

func idsOf(events []*pact.Event) []pact.EventID {
	if len(events) == 0 {
		return nil
	}
	ids := make([]pact.EventID, len(events))
	for i, e := range events {
		ids[i] = eventID(e)
	}
	return slices.Compact(ids) // a state may say two things of a clock
}

func reasonOf(e *pact.Event) string {
	if e.Data.Reason != "" {
		return e.Data.Reason
	}
	return e.Data.State
}

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func short(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
