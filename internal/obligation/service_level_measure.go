package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// figure is a measured level. value is nil where there is nothing to measure.
type figure struct {
	value   *big.Rat
	cases   int
	failed  int // of cases, those that missed their target
	words   string
	ids     []pact.EventID
	deemed  bool
	waiting bool            // a report is still expected
	asked   *pact.Ambiguity // what decides which figure it is
	differ  []pact.Event    // the reports that contradict each other, in the order of the readings of asked
	open    time.Time       // until then a ticket may still be opened again, and the promise be missed with it
}

// measure finds the level of the period as it is known.
func (l level) measure() figure {
	if q := l.whichItem(); q != nil {
		return figure{words: q.Question, asked: q}
	}
	switch l.p.Measure {
	case "within_target":
		return l.withinTarget()
	case "first_contact":
		return l.firstContact()
	case "satisfaction", "satisfied_share":
		return l.surveys()
	case "reported":
		return l.reported()
	}
	return l.errorRate()
}

func (l level) errorRate() figure {
	total, failed := new(big.Rat), new(big.Rat)
	var f figure
	for _, e := range l.s.given("", "sample", "measurement") {
		d := e.Data
		if !l.about(e) || !l.ofPeriod(e) || d.Total == nil || d.Failed == nil || !money.Sane(*d.Total) || !money.Sane(*d.Failed) || d.Failed.IsNegative() {
			continue
		}
		total.Add(total, d.Total.Rat())
		failed.Add(failed, d.Failed.Rat())
		f.cases++
		f.ids = append(f.ids, idOf(e))
	}
	f.words = fmt.Sprintf("%s failed of %s, in %s", exactNumber(failed, 0), exactNumber(total, 0), counts(f.cases, "report"))
	if total.Sign() <= 0 || l.few(&f, total) {
		return l.expect(f)
	}
	f.value = mul(quo(failed, total), big.NewRat(100, 1))
	if l.p.Measure == "ratio" {
		f.value = minus(big.NewRat(100, 1), f.value)
	}
	return f
}

// few tells whether there are too few cases to judge.
func (l level) few(f *figure, cases *big.Rat) bool {
	if cases.Cmp(ratOf(l.p.MinimumCases)) >= 0 {
		return false
	}
	f.words += fmt.Sprintf("; fewer than %d cases are not judged", l.p.MinimumCases)
	return true
}

func (l level) surveys() figure {
	sum, n, satisfied := new(big.Rat), 0, 0
	var f figure
	for _, e := range l.s.given("", "survey") {
		if !l.about(e) || !l.ofPeriod(e) || e.Data.Value == nil || !money.Sane(*e.Data.Value) {
			continue
		}
		n++
		sum.Add(sum, e.Data.Value.Rat())
		if l.p.SatisfiedFrom != nil && e.Data.Value.GreaterThanOrEqual(*l.p.SatisfiedFrom) {
			satisfied++
		}
		f.ids = append(f.ids, idOf(e))
	}
	f.cases = n
	f.words = fmt.Sprintf("mean of %s, sum %s", counts(n, "answer"), exactNumber(sum, 0))
	if l.p.Measure == "satisfied_share" {
		f.words = fmt.Sprintf("%d of %s at least %s", satisfied, counts(n, "answer"), l.p.SatisfiedFrom)
	}
	if n == 0 || l.few(&f, ratOf(n)) {
		return l.expect(f)
	}
	f.value = quo(sum, ratOf(n))
	if l.p.Measure == "satisfied_share" {
		f.value = big.NewRat(int64(satisfied)*100, int64(n))
	}
	return f
}

// reported takes the last figure that was reported for the period. Of several at once that differ it is asked which counts. One that came
// too late counts where it is worse than what was reported in time.
func (l level) reported() figure {
	var f figure
	var inTime, late []pact.Event
	for _, e := range l.s.given("", "measurement") {
		d := e.Data
		if !l.about(e) || d.Value == nil || !money.Sane(*d.Value) || l.p.impossible(d.Value) != "" {
			continue
		}
		if l.p.ReportDays > 0 && l.s.came(e) >= l.covered.Until.AddDays(l.p.ReportDays) {
			late = append(late, e)
			continue
		}
		inTime = append(inTime, e)
	}
	during := func(e pact.Event) bool { return l.span().Contains(e.OccurredAt) }
	known := l.s.reportsOf(l.p.cycle(), l.whole, inTime, during)
	last, differ := counting(known.of, l.chosen, func(a, b pact.Event) bool { return a.Data.Value.Equal(*b.Data.Value) })
	if len(differ) > 0 && len(known.doubt) == 0 && !l.span().End.IsZero() && !l.s.a.At.Before(l.span().End) {
		q := l.s.contradiction(l.s.in.Occurrence.Key, differ, func(e pact.Event) string { return e.Data.Value.String() })
		f.words, f.asked, f.differ = q.Question, &q, differ
		for _, e := range differ {
			f.ids = append(f.ids, idOf(e))
		}
		return f
	}
	if last != nil {
		e := *last
		f.value, f.cases, f.ids = e.Data.Value.Rat(), 1, []pact.EventID{idOf(e)}
		f.words = "reported on " + string(l.s.dateOf(e))
		if n := e.Data.Month; n != "" && n != l.s.in.Occurrence.Key {
			f.words += " of " + n
		}
		for _, x := range known.of {
			if !x.Data.Value.Equal(*e.Data.Value) {
				f.words += fmt.Sprintf("; in place of %s, %s", x.Data.Value, l.s.reportedOn(x))
				f.ids = append(f.ids, idOf(x))
			}
		}
	}
	if len(known.doubt) > 0 {
		f.words = "reports of " + joined(known.doubt)
		for _, e := range known.doubtful {
			f.ids = append(f.ids, idOf(e))
		}
		f = l.expect(f)
		if !f.waiting {
			return figure{words: f.words, ids: f.ids, asked: &pact.Ambiguity{Code: "report_period", Question: known.question(l.s.in.Occurrence.Key), Outcomes: l.figures(known.doubtful)}}
		}
		return f
	}
	for _, e := range l.s.reportsOf(l.p.cycle(), l.whole, late, during).of {
		told := fmt.Sprintf("%s, after the last day %s", l.s.reportedOn(e), l.covered.Until.AddDays(l.p.ReportDays-1))
		switch {
		case f.value == nil:
			f.words = told
		case l.p.worse() == (e.Data.Value.Rat().Cmp(f.value) > 0) && e.Data.Value.Rat().Cmp(f.value) != 0:
			f.value, f.ids, f.words = e.Data.Value.Rat(), []pact.EventID{idOf(e)}, told
		}
	}
	if f.value == nil {
		if f.words == "" {
			f.words = "no report of " + l.s.in.Occurrence.Key
		}
		return l.expect(f)
	}
	return f
}

// expect decides what a missing figure means: still expected, deemed failed, or nothing to measure.
func (l level) expect(f figure) figure {
	if l.p.ReportDays == 0 || l.covered.Until == "" {
		return f
	}
	last := l.covered.Until.AddDays(l.p.ReportDays - 1)
	if !l.s.over(last) {
		f.waiting = l.s.today >= l.covered.Until
		return f
	}
	f.deemed = true
	f.words += "; nothing in time by " + string(last)
	if l.p.DeemedValue != nil {
		f.value = l.p.DeemedValue.Rat()
		f.words += ", deemed to be " + l.p.DeemedValue.String()
	}
	return f
}

// withinTarget counts clocks once, in the period of their breach or of their end, whichever comes first.
func (l level) withinTarget() figure {
	type counted struct {
		o        pact.Obligation
		response bool
	}
	var clocks []counted
	if c := l.p.Clock; c != nil && l.takes(c.Priority) {
		raw, err := marshal(c)
		if err != nil {
			return figure{words: err.Error()}
		}
		o := pact.Obligation{Key: l.s.in.Obligation.Key + "/clock", Kind: "resolution_time", Params: raw, Evidence: l.s.in.Obligation.Evidence}
		if l.p.ClockResponse {
			o.Kind = "response_time"
		}
		clocks = append(clocks, counted{o, l.p.ClockResponse})
	}
	for _, key := range l.p.Clocks {
		held, known := l.s.in.firstWithin(key, l.covered)
		if !known || held != nil && held.Kind != "response_time" && held.Kind != "resolution_time" {
			return figure{asked: l.noClock(key)}
		}
		if held != nil {
			o := *held
			var p ClockParams
			if decode(o.Params, &p) == nil && !l.takes(p.Priority) {
				continue
			}
			clocks = append(clocks, counted{o, o.Kind == "response_time"})
		}
	}
	var decided []decidedCase
	missed, span := 0, l.span()
	var f figure
	var untold []string // tickets whose priority decides and is not known
	var ofNone []string // tickets whose service decides and is not known
	rivals := l.rivals()
	for _, c := range clocks {
		events, bySubject := l.s.log.bySubject()
		open := c.o
		open.InForce = calendar.Period{}
		for _, occ := range openedClocks(open, events) {
			if on := calendar.DateIn(occ.Period.Start, l.s.zone); l.p.Clock != nil && !l.s.in.heldOn(on) {
				continue // opened before the clause held, or after
			}
			in := Input{Obligation: c.o, Occurrence: occ, Events: slices.Concat(OfTicketIn(bySubject, occ.Key), bySubject[""]), Calendars: l.s.in.Calendars, At: l.s.in.At, Compiled: l.s.in.Compiled, decided: []string{whichClock}}
			if l.p.Clock == nil {
				in.Timeline = l.s.in.Timeline
			}
			a, err := assessClock(in, c.response)
			if err != nil {
				continue
			}
			service := l.serviceOf(in.Events, occ.Key)
			if !serves(l.p.Service, service) {
				continue
			}
			if l.excluded(occ, a) {
				continue
			}
			unclear := service == "" && len(rivals) > 0 || slices.ContainsFunc(a.Trace, func(t pact.TraceStep) bool { return t.Rule == noService })
			if unclear && span.Contains(occ.Period.Start) {
				ofNone = append(ofNone, occ.Key)
			}
			if span.Contains(occ.Period.Start) && slices.ContainsFunc(a.Trace, func(t pact.TraceStep) bool { return t.Rule == noPriority }) {
				untold = append(untold, occ.Key)
			}
			at := a.EndedAt
			if a.Status == pact.Breached {
				at = a.BreachedAt
			}
			if a.Status != pact.Met && a.Status != pact.Breached || !l.contains(at) {
				continue
			}
			if unclear {
				ofNone = append(ofNone, occ.Key)
				continue
			}
			if l.p.Priority != "" {
				of, told := priorityOf(in.Events, at)
				if !told {
					untold = append(untold, occ.Key)
				}
				if !told || !l.takes(of) {
					continue
				}
			}
			if a.Status == pact.Breached {
				missed++
			}
			decided = append(decided, decidedCase{occ.Key, c.o, a})
		}
	}
	f.cases, f.failed = len(decided), missed
	f.words = fmt.Sprintf("%d met of %d decided in the period", f.cases-missed, f.cases)
	f.ids = l.tell(decided)
	l.askPriorities(&f, untold)
	l.askServices(&f, ofNone)
	if f.cases == 0 || l.few(&f, ratOf(f.cases)) {
		return l.expect(f)
	}
	f.value = big.NewRat(int64(f.cases-f.failed)*100, int64(f.cases))
	return f
}

// excluded says of a ticket that was excluded, or was said to be, what came of it; true where it is left out of the period.
func (l level) excluded(occ pact.Occurrence, a pact.Assessment) bool {
	i := slices.IndexFunc(a.Trace, func(t pact.TraceStep) bool { return t.Rule == excludedTicket })
	if i < 0 {
		return false
	}
	step, out := a.Trace[i], a.Status == pact.Excused
	at := a.BreachedAt
	if at.IsZero() {
		at = cmp.Or(a.EndedAt, occ.Period.Start)
	}
	if !l.contains(at) {
		return out
	}
	result := step.Result
	if out {
		result = "left out"
	}
	l.s.add("ticket "+occ.Key+": excluded", step.Inputs, result, step.EventIDs...)
	return out
}

// decidedCase is a clock that was decided in the period.
type decidedCase struct {
	ticket string
	clock  pact.Obligation
	a      pact.Assessment
}

// tell writes a line for each case, the missed ones first: which ticket it was, how long it took of the time it had, and what that rests
// on. It names the first of many, and gives the events of those that it names.
func (l level) tell(decided []decidedCase) (ids []pact.EventID) {
	rank := func(d decidedCase) int { return map[pact.Status]int{pact.Met: 1}[d.a.Status] }
	slices.SortStableFunc(decided, func(x, y decidedCase) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(x.ticket, y.ticket))
	})
	for i, d := range decided {
		if i == shownSamples {
			l.s.add("more tickets", counts(len(decided)-i, "ticket"), "counted like those above")
			break
		}
		d.say(l.s.zone, newTracer(d.clock, l.s.zone, l.s.a))
		ids = eachOnce(ids, d.a.EventIDs)
	}
	return ids
}

// say is the line of a case.
func (d decidedCase) say(zone *time.Location, tr tracer) {
	opened, result := "", string(d.a.Status)
	for _, s := range d.a.Trace {
		if strings.HasPrefix(s.Rule, clockStarts) {
			opened = s.Result
		}
	}
	words := fmt.Sprintf("%s counted of %s", Length(d.a.Elapsed), Length(d.a.Target))
	if !d.a.EndedAt.IsZero() {
		words += ", ended " + local(d.a.EndedAt, zone)
	}
	if d.a.Status == pact.Breached {
		result = "missed at " + local(d.a.BreachedAt, zone)
	}
	tr.add("ticket "+d.ticket, strings.TrimPrefix("opened "+opened+"; ", "opened ; ")+words, result, d.a.EventIDs...)
}

// figures are what a period comes to under each of several reports.
func (l level) figures(reports []pact.Event) (out []pact.Outcome) {
	for _, e := range reports {
		v := e.Data.Value.Rat()
		judged := "kept"
		if l.missed(v) {
			judged = "missed"
		}
		out = append(out, pact.Outcome{Reading: fmt.Sprintf("%s of %s (%s)", e.Data.Value, cmp.Or(e.Data.Month, string(l.s.dateOf(e))), idOf(e)), Result: judged})
	}
	return out
}

// reopenedOn says of a ticket that was opened again so many days after its resolution whether that counts against the first contact; nothing,
// where the clause leaves it open.
func (l level) reopenedOn(day int) string {
	switch days := l.p.ReopenDays; {
	case days == nil:
		return ""
	case *days > 0 && day <= *days:
		return fmt.Sprintf(", day %d: counts against the first contact", day)
	default:
		return fmt.Sprintf(", day %d: does not count, it is not within %s", day, dayCount(*days))
	}
}

// takes tells whether the level is about tickets of a priority; "" is any.
func (l level) takes(of string) bool {
	return l.p.Priority == "" || of == "" || samePriority(of, l.p.Priority)
}

// priorityOf is the priority that a ticket had at an instant: the one told last, or first, where none was told until then.
func priorityOf(events []pact.Event, at time.Time) (of string, told bool) {
	slices.SortStableFunc(events, func(a, b pact.Event) int { return a.OccurredAt.Compare(b.OccurredAt) })
	for _, e := range events {
		if e.Data.Priority != "" && strings.HasPrefix(e.Kind, "ticket_") && (!told || !e.OccurredAt.After(at)) {
			of, told = e.Data.Priority, true
		}
	}
	return of, told
}

// askPriorities leaves tickets out whose priority nobody told, and asks for it. The figure of the others stands.
func (l level) askPriorities(f *figure, tickets []string) {
	l.leaveOut(f, tickets, "priority", "priority", "Which priority have the tickets of which no event tells it")
}

// leaveOut says of tickets that they do not count, because no event tells something of them, and asks for that.
func (l level) leaveOut(f *figure, tickets []string, untold, code, question string) {
	slices.Sort(tickets)
	tickets = slices.Compact(tickets) // each under several clocks
	if len(tickets) == 0 {
		return
	}
	names := strings.Join(tickets[:min(len(tickets), 5)], ", ")
	if len(tickets) > 5 {
		names += ", …"
	}
	f.words += "; left out, because no event tells the " + untold + ": " + names
	l.s.a.Ambiguities = append(l.s.a.Ambiguities, pact.Ambiguity{Code: code, Question: fmt.Sprintf("%s (%d: %s)? They do not count.", question, len(tickets), names)})
}

// noClock asks which clock is meant by a key that is none of a clock.
func (l level) noClock(key string) *pact.Ambiguity {
	var list []string
	for _, k := range l.s.in.Timeline.Keys() {
		if o, _ := l.s.in.firstWithin(k, l.covered); o != nil && (o.Kind == "response_time" || o.Kind == "resolution_time") {
			list = append(list, k)
		}
	}
	there := "it has none"
	if len(list) > 0 {
		there = "it has " + strings.Join(list[:min(len(list), 10)], ", ")
	}
	return &pact.Ambiguity{Code: "clock", Question: fmt.Sprintf("The clause counts the clock %q, and the contract has no clock of that key (%s). Which one is meant?", short(key), there)}
}

// firstContact counts tickets by the day they were first resolved.
func (l level) firstContact() figure {
	type ticketCase struct {
		opened, resolved   time.Time
		contacts, reassign int
		reopened           []time.Time
		out                string
		excluded           *pact.Event
		ids                []pact.EventID
		service            string // the one told last
		of                 string // priority, when it was first resolved; the first that was told, where that was later
	}
	tickets := map[string]*ticketCase{}
	var order []string
	for _, e := range l.s.counts.events {
		if !strings.HasPrefix(e.Kind, "ticket_") || e.Subject == "" {
			continue
		}
		t := tickets[e.Subject]
		if t == nil {
			t = &ticketCase{}
			tickets[e.Subject] = t
			order = append(order, e.Subject)
		}
		t.ids = append(t.ids, eventID(e))
		t.service = cmp.Or(e.Data.Service, t.service)
		if e.Data.Priority != "" && (t.of == "" || t.resolved.IsZero()) {
			t.of = e.Data.Priority
		}
		if e.Data.Excluded != "" {
			t.excluded = e
		}
		switch e.Kind {
		case "ticket_opened":
			t.opened = e.OccurredAt
		case "ticket_cancelled":
			t.out = "cancelled"
		case "ticket_resolved":
			if t.resolved.IsZero() {
				t.resolved = e.OccurredAt
			}
			if sameWord("duplicate", e.Data.State) || sameWord("duplicate", e.Data.Reason) {
				t.out = "duplicate"
			}
		case "ticket_contact":
			if !e.OccurredAt.Equal(t.opened) {
				t.contacts++ // the opening was the first
			}
		case "ticket_reassigned":
			t.reassign++
		case "ticket_reopened":
			t.reopened = append(t.reopened, e.OccurredAt)
		}
	}
	slices.Sort(order)
	var f figure
	first, second, reassigned, left := 0, 0, 0, 0
	var ofNone []string // tickets whose service decides and is not known
	rivals := l.rivals()
	var untold []string       // tickets whose priority decides and is not known
	var again []int           // days from resolution until opened again, of those that would be resolved at first contact otherwise
	var mayReopen []time.Time // until when those may be opened again of which nothing was heard
	for _, name := range order {
		t := tickets[name]
		if t.resolved.IsZero() || !l.contains(t.resolved) || !l.takes(t.of) || !serves(l.p.Service, t.service) {
			continue
		}
		if t.service == "" && len(rivals) > 0 {
			if t.out == "" {
				ofNone = append(ofNone, name)
			}
			continue
		}
		if l.p.Priority != "" && t.of == "" {
			if t.out == "" {
				untold = append(untold, name)
			}
			continue
		}
		if t.out != "" {
			left++
			continue
		}
		if e := t.excluded; e != nil {
			words, by := strings.ReplaceAll(short(e.Data.Excluded), "_", " "), strings.TrimSpace(e.Data.ApprovedBy)
			if by != "" {
				l.s.add("ticket "+name+": excluded", words+", approved by "+short(by), "left out", t.ids...)
				continue
			}
			l.s.add("ticket "+name+": excluded", words, "counts: the exclusion has no approver", eventID(e))
		}
		f.cases++
		how := "not opened again"
		switch {
		case t.reassign > 0:
			reassigned++
			how = counts(t.reassign, "reassignment")
		case t.contacts > 0:
			second++
			how = counts(t.contacts, "further contact")
		default:
			first++
			// At the very second of the resolution it is opened again, too, in whatever order the two were told.
			if i := slices.IndexFunc(t.reopened, func(at time.Time) bool { return !at.Before(t.resolved) }); i >= 0 {
				again = append(again, calendar.DateIn(t.resolved, l.s.zone).DaysUntil(calendar.DateIn(t.reopened[i], l.s.zone)))
				how = "opened again " + local(t.reopened[i], l.s.zone) + l.reopenedOn(again[len(again)-1])
			} else if days := l.p.ReopenDays; days != nil && *days > 0 {
				if last := calendar.DateIn(t.resolved, l.s.zone).AddDays(*days + 1).In(l.s.zone).Add(-time.Second).UTC(); !l.s.a.At.After(last) {
					mayReopen = append(mayReopen, last)
				}
			}
		}
		if f.cases <= shownSamples {
			l.s.add("ticket "+name, "resolved "+local(t.resolved, l.s.zone), how, t.ids...)
			f.ids = append(f.ids, t.ids...)
		}
	}
	if more := f.cases - shownSamples; more > 0 {
		l.s.add("more tickets", counts(more, "ticket"), "counted like those above")
	}
	reopened := func(days int) (n int) {
		for _, d := range again {
			if days > 0 && d <= days {
				n++
			}
		}
		return n
	}
	within, count := "at all", 0
	if days := l.p.ReopenDays; days != nil {
		within, count = "within "+dayCount(*days), reopened(*days)
	}
	f.words = fmt.Sprintf("%d of %d resolved at first contact (%d reassigned, %d contacted again, %d reopened %s; %d cancelled or duplicate do not count)", first-count, f.cases, reassigned, second, count, within, left)
	l.askPriorities(&f, untold)
	l.askServices(&f, ofNone)
	if f.cases == 0 || l.few(&f, ratOf(f.cases)) {
		return l.expect(f)
	}
	share := func(n int) *big.Rat { return big.NewRat(int64(n)*100, int64(f.cases)) }
	if l.p.ReopenDays == nil && len(again) > 0 {
		f.asked = &pact.Ambiguity{Code: "reopen_window", Question: fmt.Sprintf("%s opened again after it was resolved. Within how many days does that count against the first contact?", map[bool]string{true: "1 ticket was", false: counts(len(again), "ticket") + " were"}[len(again) == 1])}
		for _, days := range []int{0, 7, 30} {
			reading := "within " + dayCount(days)
			if days == 0 {
				reading = "it does not count"
			}
			v := share(first - reopened(days))
			result := money.RatioString(v, 12, 6, l.p.Target.Rat()) + " %, " + map[bool]string{true: "missed", false: "kept"}[l.missed(v)]
			f.asked.Outcomes = append(f.asked.Outcomes, pact.Outcome{Reading: reading, Result: result, Set: member("reopen_days", days)})
		}
		return f
	}
	f.value = share(first - count)
	slices.SortFunc(mayReopen, time.Time.Compare)
	if n := len(mayReopen); n > 0 && !l.missed(f.value) && l.missed(share(first-count-n)) {
		for n > 0 && l.missed(share(first-count-n)) { // the one after which those that are left can not miss it
			n--
			f.open = mayReopen[len(mayReopen)-1-n]
		}
	}
	return f
}
