package obligation

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// Availability is the share of a calendar month in which a service is up, by the ratio of minutes, with
// service credits by tier. Occurrences are months, keyed "2026-03". Events: outage. Parameters: AvailabilityParams.
type Availability struct{}

// Name is availability.
func (Availability) Name() string { return "availability" }

// Params gives empty AvailabilityParams.
func (Availability) Params() any { return AvailabilityParams{} }

// Check asks for what the month needs.
func (Availability) Check(o pact.Obligation) []pact.Ambiguity {
	var p AvailabilityParams
	if err := decode(o.Params, &p); err != nil {
		return []pact.Ambiguity{{Code: "params", Question: sentence(err)}}
	}
	return p.check()
}

// Occurrences lists the months that touch the period, cut to the time the obligation is in force.
func (Availability) Occurrences(o pact.Obligation, p calendar.Period) []pact.Occurrence {
	var params AvailabilityParams
	if err := decode(o.Params, &params); err != nil {
		return nil
	}
	hard := func(q pact.Ambiguity) bool { return !soft(q.Code) && !hasReadings(q) }
	if slices.ContainsFunc(params.check(), hard) { // a table with a gap leaves the credit open in some months, not the months
		return nil
	}
	zone, err := calendar.LoadZone(params.Zone)
	if err != nil {
		return nil
	}
	c := params.cycle()
	var out []pact.Occurrence
	for _, one := range c.within(p, o.InForce) {
		covered := subscribed(one, o.InForce)
		start, end := covered.From.In(zone).UTC(), covered.Until.In(zone).UTC()
		key := c.key(one)
		out = append(out, pact.Occurrence{
			BusinessUnit: o.BusinessUnit, ContractID: o.ContractID, ObligationID: o.ID, Key: key,
			Subject: params.Service + " " + key, Period: calendar.Span{Start: start, End: end}, DueAt: end, Status: pact.Pending,
		})
	}
	return out
}

const maxMonths = 1200

// subscribed is the part of a period in which the obligation is in force: minutes before and after are not bought.
func subscribed(p, inForce calendar.Period) calendar.Period {
	if inForce.From > p.From {
		p.From = inForce.From
	}
	if inForce.Until != "" && (p.Until == "" || inForce.Until < p.Until) {
		p.Until = inForce.Until
	}
	return p
}

// held is the time in which any version of the obligation holds, around a period. An amendment within the month does not
// end the month of the version before it; one that changes the periods themselves does.
func (in Input) held(around calendar.Period) calendar.Period {
	own, _ := periodic(in.Obligation)
	several := len(in.spells()) > 1
	return in.heldBy(around, func(o pact.Obligation) bool {
		c, ok := periodic(o)
		return !several || !ok || c == own
	})
}

// heldBy is held for some of the versions.
func (in Input) heldBy(around calendar.Period, which func(o pact.Obligation) bool) calendar.Period {
	p, found := in.Obligation.InForce, false
	for _, s := range governed(in.Timeline, in.Obligation) {
		if w := s.Resolution.Winner; w != nil && !which(*w.Obligation) {
			continue
		}
		if s.Period.From != "" && around.Until != "" && s.Period.From >= around.Until || s.Period.Until != "" && s.Period.Until <= around.From {
			continue
		}
		if !found {
			p, found = s.Period, true
			continue
		}
		p.Until = s.Period.Until
	}
	if a := in.midway.alone; a != nil && in.midway.of == in.Obligation.Key {
		return subscribed(p, a.days)
	}
	return p
}

// heldOn tells whether any version of the obligation holds on a day, also where only a part of its period is judged.
func (in Input) heldOn(day calendar.Date) bool {
	list := governed(in.Timeline, in.Obligation)
	for _, s := range list {
		if s.Period.Contains(day) {
			return true
		}
	}
	return len(list) == 0 && in.Obligation.InForce.Contains(day)
}

// sampling tells whether the availability is measured by samples; without, it counts the minutes of outages.
func (p AvailabilityParams) sampling() bool { return p.Definition != "" && p.Definition != "minutes" }

func (p AvailabilityParams) cycle() cycle { return cycle{p.Period, p.Anchor} }

// check lists what is missing or unclear.
func (p AvailabilityParams) check() []pact.Ambiguity {
	var q questions
	q.midPeriod(p.MidPeriod, midParts)
	if strings.TrimSpace(p.Service) == "" {
		q.ask("service", "Which service does the availability hold for?")
	}
	if !money.Sane(p.Target) || !p.Target.IsPositive() || p.Target.GreaterThan(decimal.NewFromInt(100)) {
		q.ask("target", "The availability must lie above 0 and not above 100 percent. Which percentage is promised?")
	}
	q.share(p.Target)
	if p.Zone == "" {
		q.ask("zone", "Whose calendar month counts? Name the time zone in which it begins and ends, such as America/New_York.")
	} else if _, err := calendar.LoadZone(p.Zone); err != nil {
		q.ask("zone", "Whose calendar month counts? (%v)", err)
	}
	q.oneOf("first_period", p.FirstPeriod, "", "alone", "full")
	if p.AveragePeriods < 0 || p.AveragePeriods > 60 {
		q.ask("average_periods", "A mean of %d periods is out of range.", p.AveragePeriods)
	}
	q.oneOf("partial_minutes", p.PartialMinutes, "", "whole", "started", "exact")
	q.oneOf("claim_anchor", p.ClaimAnchor, "", "month_end", "second_month_end")
	q.thresholds(p.Thresholds)
	q.cycle(p.Period, p.Anchor)
	p.checkDefinition(&q)
	p.checkNotice(&q)
	p.checkMaintenance(&q)
	if p.Credit != nil {
		if len(p.Tiers) > 0 || p.CapPercent != nil || p.MinimumPayable != nil || p.ClaimDays > 0 {
			q.choose("credit", "The credit is given twice: in credit, and in tiers, cap_percent, minimum_payable or claim_days. Which one governs?",
				pact.Outcome{Reading: "that in credit", Set: `"tiers": null, "cap_percent": null, "minimum_payable": null, "claim_days": null, "claim_anchor": null, "fee_base": null`},
				pact.Outcome{Reading: "that beside it", Set: `"credit": null`})
		}
		p.Credit.check(&q, p.Target, false)
		if s := p.Credit.PerStep; s != nil && s.Of == "missed_cases" {
			q.ask("per_step", "An availability has no cases. Is the credit for each minute down, or for each point short?")
		}
	}
	if p.ClaimDays < 0 || p.ClaimDays > 3660 {
		q.ask("claim_days", "%d days to claim are out of range.", p.ClaimDays)
	}
	if p.MinimumSpan < 0 || p.MinimumSpan > 44640 {
		q.ask("minimum_span_minutes", "A minimum span of %d minutes is out of range.", p.MinimumSpan)
	}
	if p.CapPercent != nil && (!money.Sane(*p.CapPercent) || p.CapPercent.IsNegative()) {
		q.ask("cap_percent", "The cap of the credit is out of range.")
	}
	if p.MinimumPayable != nil && (p.MinimumPayable.Check() != nil || !money.Sane(p.MinimumPayable.Value)) {
		q.ask("minimum_payable", "The minimum payable is no amount.")
	}
	if len(p.Tiers) > 100 {
		q.ask("tiers", "The credit table has more than 100 rows.")
		return q
	}
	for _, t := range p.Tiers {
		for _, d := range []*decimal.Decimal{t.From, t.Over, t.Below, t.UpTo, &t.Credit} {
			if d != nil && !money.Sane(*d) {
				q.ask("tiers", "The credit table has a number out of range.")
				return q
			}
		}
	}
	return append(q, CheckTiers(p.Tiers, p.Target)...)
}

// month is one measured period; most are months.
type month struct {
	period  calendar.Period // whole, whatever is in force
	covered calendar.Span   // what is in force of it, in UTC
	total   int64           // seconds
	down    []calendar.Span // as known, an outage without end until the end of the month
	before  []earlierShare  // of the periods with which it is averaged, the latest first
	missing int             // how many of those there are not
	told    bool            // some event of the service touches the part of the month that was looked at
	// beyond are the runs that were down at its first or its last instant, with what of them lies outside: that is not counted, but a run is as long
	// as it lasts.
	beyond []calendar.Span
	edges  bool      // only such runs are looked for
	runs   []runPart // what makes them up
	// ripe is when a run that is still going on at the end of it, or of a period it is averaged with, is as long as a run must be to count; zero
	// where there is none that is not.
	ripe    time.Time
	sampled *sampled // definitions that do not count minutes
	zone    *time.Location
	ids     []pact.EventID
}

// runPart is a part of an outage that counts.
type runPart struct {
	in calendar.Span
	id pact.EventID
}

// Assess judges one month.
func (k Availability) Assess(in Input) (pact.Assessment, error) {
	in.Log = in.log()
	a := pact.Assessment{Status: pact.Pending, At: in.At.UTC()}
	m, p, version, err := k.open(in, &a)
	if err != nil || m == nil {
		return a, err
	}
	a.GovernedBy = version.ID
	tr := newTracer(version, m.zone, &a)
	word := "month"
	if c := p.cycle(); c.unit != "" && c.unit != "month" || c.anchor != "" {
		word = "period"
	}
	p.cycle().ofCalendar(in, m.period, tr)
	first, last := calendar.DateIn(m.covered.Start, m.zone), calendar.DateIn(m.covered.End.Add(-1), m.zone)
	tr.add("minutes of the "+word, fmt.Sprintf("%s to %s, %s", first, last, p.Zone), fmt.Sprintf("%s min", minutesText(m.covered.Length())))
	if a.At.Before(m.covered.Start) {
		tr.add("the "+word+" has not begun", "", string(pact.Pending))
		a.NextAt, a.DueAt = m.covered.Start, m.covered.End
		return a, nil
	}
	m.read(in, p, tr)
	m.silence(p, a.At, tr)
	if m.missing > 0 && p.FirstPeriod == "" {
		m.askFirst(&a, in, p, tr)
		return a, nil
	}
	m.reach(in, p, tr)
	p.measure(&a, m, tr)
	if !a.At.Before(m.covered.End) && m.ripe.IsZero() && a.Status == pact.Breached {
		p.credit(&a, in, m, tr)
	}
	a.EventIDs = append(a.EventIDs, m.ids...)
	return a, nil
}

// open finds the version that governs a period. m is nil where the judgement ends there.
func (Availability) open(in Input, a *pact.Assessment) (m *month, p AvailabilityParams, version pact.Obligation, err error) {
	var base AvailabilityParams
	if err := decode(in.Obligation.Params, &base); err != nil {
		return nil, p, version, err
	}
	period, err := base.cycle().of(in.Occurrence.Key, in.Obligation.InForce)
	if err != nil {
		return nil, p, version, err
	}
	held := in.held(period)
	on := period.From
	if on < held.From {
		on = held.From // it begins in this period
	}
	version, holds, choice, unclear := in.inForce(on)
	a.Trace = append(a.Trace, choice...)
	if len(unclear) > 0 {
		a.Ambiguities = unclear
		return nil, p, version, nil
	}
	if !holds {
		a.Status = pact.Excused
		a.Trace = append(a.Trace, pact.TraceStep{Rule: "not in force", Inputs: "on " + string(on), Result: "no version of the clause holds in this month"})
		return nil, p, version, nil
	}
	if err := decode(version.Params, &p); err != nil {
		return nil, p, version, err
	}
	// Gaps and overlaps of the credit table do not stop the measurement: they matter only where the month falls into one.
	if err := stopped(p.check()); err != nil {
		return nil, p, version, err
	}
	zone, err := calendar.LoadZone(p.Zone)
	if err != nil {
		return nil, p, version, fault.Wrap(fault.Invalid, err, "The zone of the obligation can not be used.")
	}
	days := subscribed(period, held)
	if days.From == "" || days.Until == "" {
		return nil, p, version, fault.New(fault.Invalid, "The availability counts over the whole term, and the term has no beginning or no end.")
	}
	m = &month{period: period, zone: zone, covered: calendar.Span{Start: days.From.In(zone).UTC(), End: days.Until.In(zone).UTC()}}
	m.total = int64(m.covered.End.Sub(m.covered.Start) / time.Second)
	return m, p, version, nil
}

// silence says that nothing was reported of the service in the time that was looked at: what was not reported counts as up, and whoever reads
// a full availability has to know that it rests on no report at all.
func (m *month) silence(p AvailabilityParams, at time.Time, tr tracer) {
	until := earlier(at, m.covered.End)
	if m.told || m.sampled.nothing(until) || !m.covered.Start.Before(until) {
		return
	}
	what := "outage"
	if p.sampling() {
		what = "sample"
	}
	tr.add("no report of the service was seen", fmt.Sprintf("no %s of %s, %s to %s", what, p.Service, local(m.covered.Start, m.zone), local(until, m.zone)), "counts as up: what is not reported is not down")
}

// openMonth is open for an earlier period, where a problem only means that nothing is known of it.
func openMonth(in Input, a *pact.Assessment) (*month, AvailabilityParams, bool) {
	m, p, _, err := Availability{}.open(in, a)
	return m, p, err == nil && m != nil
}

// read unites the outages of the service, clips them to the month and takes out what is excluded with an approver.
func (m *month) read(in Input, p AvailabilityParams, tr tracer) {
	counts := in.log().at(in.At)
	*tr.steps = append(*tr.steps, counts.notes...)
	seen := calendar.Span{Start: m.covered.Start, End: earlier(in.At.UTC(), m.covered.End)}
	m.average(in, p)
	if p.sampling() {
		m.sample(in, counts, p, tr)
		return
	}
	var down []calendar.Span
	excluded := m.waived(in, tr)
	var work maintenance
	for one := range counts.each("outage") {
		e := *one
		if !sameService(e, p.Service) {
			continue
		}
		span := calendar.Span{Start: e.OccurredAt, End: e.Data.EndAt.UTC()}
		if e.Data.EndAt.IsZero() {
			span.End = time.Time{}
		}
		whole, touches := span.Clip(m.covered)
		if !touches {
			continue
		}
		m.ids = append(m.ids, idOf(e))
		m.told = m.told || !whole.Start.After(seen.End)
		for _, rest := range m.part(in, p, e, whole, &work, tr) {
			clipped, lasted := rest.Clip(seen)
			if !lasted {
				clipped = calendar.Span{Start: rest.Start, End: rest.Start} // it begins at this instant
			}
			what := local(clipped.Start, m.zone) + " to " + local(clipped.End, m.zone)
			if span.IsOpen() && rest.End.Equal(whole.End) {
				what = local(clipped.Start, m.zone) + ", not over yet"
			}
			why, out := p.leftOut(in, e, rest, m.zone)
			if out {
				if sameWord("maintenance", e.Data.Excluded) {
					work.add(idOf(e), rest)
				} else {
					excluded = append(excluded, rest)
				}
				tr.excluding(e.Data.Excluded).add("excluded outage", what, why, idOf(e))
				continue
			}
			down = append(down, rest)
			m.runs = append(m.runs, runPart{rest, idOf(e)})
			result := minutesText(clipped.Length()) + " min"
			if why != "" {
				result += "; " + why
			}
			tr.add("outage", what, result, idOf(e))
		}
	}
	left, over := m.allow(p, work, tr)
	excluded, down = append(excluded, left...), append(down, over...)
	m.down = calendar.Subtract(down, excluded)
	if len(down) > 1 || len(excluded) > 0 && len(down) > 0 {
		var sum time.Duration
		for _, s := range calendar.ClipAll(m.down, seen) {
			sum += s.Length()
		}
		tr.add("overlapping outages count once, excluded time is taken out", "", minutesText(sum)+" min")
	}
}

// reach finds how far runs go beyond the month, where the clause counts no run shorter than a minimum: within the days on which the clause holds,
// as nothing is measured on others. Of whole or started minutes one is one, however the month cuts it; to the second it may be cut.
func (m *month) reach(in Input, p AvailabilityParams, tr tracer) {
	cut := func(s calendar.Span) bool { return s.Start.Equal(m.covered.Start) || s.End.Equal(m.covered.End) }
	cuts := p.MinimumSpan > 1 || p.MinimumSpan == 1 && p.PartialMinutes == "exact"
	if !cuts || m.edges || !slices.ContainsFunc(m.down, cut) {
		return
	}
	margin := time.Duration(p.MinimumSpan) * time.Minute
	var quiet pact.Assessment
	wide := *m
	wide.edges, wide.down, wide.ids = true, nil, nil
	wide.covered = calendar.Span{Start: m.covered.Start.Add(-margin), End: m.covered.End.Add(margin)}
	p.MaintenanceAllowance = nil // it is of the month, and beyond it nothing is counted
	wide.read(in, p, tracer{zone: tr.zone, steps: &quiet.Trace})
	now := in.At.UTC()
	for _, all := range wide.down {
		run, begun := all.Clip(calendar.Span{Start: wide.covered.Start, End: earlier(now, wide.covered.End)})
		if !begun {
			continue
		}
		length := " min in all"
		switch {
		case run.Start.Equal(wide.covered.Start) || run.End.Equal(wide.covered.End): // it was looked no further
			length = " min at least"
		case all.End.After(run.End):
			length = " min so far"
		}
		over := func(at time.Time) bool {
			return run.Start.Before(at) && all.End.After(at) && !run.End.Before(at) &&
				slices.ContainsFunc(m.down, func(s calendar.Span) bool { return s.Start.Equal(at) || s.End.Equal(at) })
		}
		if over(m.covered.Start) || over(m.covered.End) {
			m.beyond = append(m.beyond, run)
			tr.add("a run goes on beyond the period", local(run.Start, m.zone)+" to "+local(run.End, m.zone), minutesText(run.Length())+length+"; what lies in the period counts", wide.makeUp(run)...)
		}
		m.ripens(p, all, now)
	}
}

// makeUp are the outages that a run consists of.
func (m *month) makeUp(run calendar.Span) (ids []pact.EventID) {
	for _, l := range m.runs {
		if _, shared := l.in.Clip(run); shared && !slices.Contains(ids, l.id) {
			ids = append(ids, l.id)
		}
	}
	return ids
}

// ripens finds when a run that goes on at the end of the month will be as long as a run must be, where it is not yet: until then nobody knows
// whether what of it lies in the month counts.
func (m *month) ripens(p AvailabilityParams, run calendar.Span, now time.Time) {
	end := m.covered.End
	if now.Before(end) || !run.Start.Before(end) || !run.End.After(now) || !slices.ContainsFunc(m.down, func(s calendar.Span) bool { return s.End.Equal(end) }) {
		return
	}
	counts := func(until time.Time) bool {
		whole := func(calendar.Span) calendar.Span { return calendar.Span{Start: run.Start, End: until} }
		part := calendar.Span{Start: later(run.Start, m.covered.Start), End: end}
		return p.counted([]calendar.Span{part}, m.zone, whole) > 0
	}
	if at, ok := m.earliest(now, run.End, counts); ok && !counts(now) {
		m.ripe = at
	}
}

// whole is a run with what of it lies beyond the month.
func (m *month) whole(s calendar.Span) calendar.Span {
	for _, run := range m.beyond {
		if s.Start.Equal(m.covered.Start) && run.Start.Before(s.Start) && !run.End.Before(s.Start) {
			s.Start = run.Start
		}
		if s.End.Equal(m.covered.End) && run.End.After(s.End) && run.Start.Before(s.End) {
			s.End = run.End
		}
	}
	return s
}

// waived are the days of the month on which the obligation is waived: what happens then does not count. Where it is looked beyond the month they
// are all days on which it does not hold.
func (m *month) waived(in Input, tr tracer) []calendar.Span {
	if m.edges {
		return in.unheld(m.covered, m.zone)
	}
	var out []calendar.Span
	for _, w := range in.waivedIn(m.period) {
		tr.add("waived days do not count", w.words(), dayCount(w.days.From.DaysUntil(w.days.Until)))
		out = append(out, calendar.Span{Start: w.days.From.In(m.zone).UTC(), End: w.days.Until.In(m.zone).UTC()})
	}
	return out
}

// unheld is what of a time lies on days on which no version of the obligation holds: before it begins, after it has ended, and where it is waived.
func (in Input) unheld(all calendar.Span, zone *time.Location) []calendar.Span {
	spanOf := func(p calendar.Period) calendar.Span {
		s := all
		if p.From != "" {
			s.Start = p.From.In(zone).UTC()
		}
		if p.Until != "" {
			s.End = p.Until.In(zone).UTC()
		}
		return s
	}
	list := governed(in.Timeline, in.Obligation)
	if len(list) == 0 {
		return calendar.Subtract([]calendar.Span{all}, []calendar.Span{spanOf(in.Obligation.InForce)})
	}
	var held []calendar.Span
	for _, s := range list {
		if s.Resolution.Winner != nil || len(s.Resolution.Ambiguities) > 0 {
			held = append(held, spanOf(s.Period))
		}
	}
	return calendar.Subtract([]calendar.Span{all}, held)
}

// divides judges each part by its own promise, where no credit of it builds on other periods.
func (Availability) divides(parts []part) (ways []string, plain bool) {
	for _, one := range parts {
		var p AvailabilityParams
		if one.version == nil || one.days.From == "" || one.days.Until == "" || decode(one.version.Params, &p) != nil || p.averages() || !p.creditRule().parted() {
			return nil, false
		}
	}
	return []string{midParts}, false
}

func (Availability) inParts() string { return creditsInParts }

// leavesOut: outages and samples have a day.
func (Availability) leavesOut(pact.Obligation) bool { return true }

// leftOut is excluded for a part of an outage, which lies wholly inside or wholly outside of the maintenance hours. Every definition of
// availability asks it, so that the same clause leaves the same time out.
func (p AvailabilityParams) leftOut(in Input, e pact.Event, rest calendar.Span, zone *time.Location) (string, bool) {
	why, out := p.excluded(e, zone)
	if out && p.outsideHours(in, e, rest) {
		return "counts: outside of the maintenance hours, " + p.hoursText(), false
	}
	return why, out
}

// excluded tells whether an outage does not count, or why a claimed exclusion fails.
func (p AvailabilityParams) excluded(e pact.Event, zone *time.Location) (string, bool) {
	if e.Data.Excluded == "" {
		return "", false
	}
	if !slices.ContainsFunc(p.Exclusions, func(x string) bool { return sameWord(x, e.Data.Excluded) }) {
		return fmt.Sprintf("counts: the clause does not exclude %q", short(e.Data.Excluded)), false
	}
	if strings.TrimSpace(e.Data.ApprovedBy) == "" {
		return fmt.Sprintf("counts: the exclusion as %s has no approver", e.Data.Excluded), false
	}
	why := fmt.Sprintf("does not count: %s, approved by %s", e.Data.Excluded, short(e.Data.ApprovedBy))
	if n := p.MaintenanceNotice; n != nil && sameWord("maintenance", e.Data.Excluded) {
		last, told := p.announcedBy(e, zone)
		if e.Data.AnnouncedAt.IsZero() {
			return fmt.Sprintf("counts: maintenance must be announced %s before, by %s, and no announcement is known", n, last), false
		}
		announced := local(e.Data.AnnouncedAt, zone)
		if !told {
			return fmt.Sprintf("counts: maintenance must be announced %s before, by %s, and was announced on %s", n, last, announced), false
		}
		return fmt.Sprintf("%s, announced on %s, by %s", why, announced, last), true
	}
	if !e.Data.AnnouncedAt.IsZero() {
		why += ", announced on " + local(e.Data.AnnouncedAt, zone)
	}
	return why, true
}

// announcedBy is until when maintenance must have been announced, in words, and whether it was. What is announced within the last day
// is in time.
func (p AvailabilityParams) announcedBy(e pact.Event, zone *time.Location) (last string, told bool) {
	n, announced := *p.MaintenanceNotice, e.Data.AnnouncedAt
	unit := map[calendar.Unit]time.Duration{calendar.Minute: time.Minute, calendar.Hour: time.Hour}[n.Unit]
	if unit > 0 {
		by := e.OccurredAt.Add(-time.Duration(n.Value) * unit)
		return local(by, zone), !announced.IsZero() && !announced.After(by)
	}
	start := calendar.DateIn(e.OccurredAt, zone)
	var set calendar.Set
	notice, err := set.Notice(calendar.NoticeParams{Anchor: start, Period: n, Roll: calendar.NoRoll, Zone: p.Zone})
	if err != nil {
		return err.Error(), false
	}
	return dayText(notice.LastDay), !announced.IsZero() && calendar.DateIn(announced, zone) <= notice.LastDay
}

// checkNotice asks for a length that can be counted back.
func (p AvailabilityParams) checkNotice(q *questions) {
	n := p.MaintenanceNotice
	if n == nil {
		return
	}
	if err := n.Check(); err != nil || n.Value == 0 || n.Unit == calendar.BusinessHour || n.Value > 100_000 {
		q.ask("maintenance_notice", "Maintenance can not be announced %s before it. How many hours or days ahead must it be announced?", n)
		return
	}
	if !slices.ContainsFunc(p.Exclusions, func(x string) bool { return sameWord(x, "maintenance") }) {
		q.choose("maintenance_notice", sprintf("Maintenance must be announced %s before it, and is not excluded. Does it count?", n),
			pact.Outcome{Reading: "it counts", Set: `"maintenance_notice": null`},
			pact.Outcome{Reading: "announced in time it does not", Set: member("exclusions", append(slices.Clone(p.Exclusions), "maintenance"))})
	}
}

// AnyService as the service of an obligation means "the service" of a contract that names only one: every outage and
// every charge matched to the contract is of it.
const AnyService = "service"

func sameService(e pact.Event, service string) bool {
	if sameWord(service, AnyService) {
		return true
	}
	if e.Data.Service != "" {
		return sameWord(e.Data.Service, service)
	}
	return e.Subject == "" || sameWord(e.Subject, service)
}

// counted is the downtime of runs after the rule for partial minutes and the minimum span, in nanoseconds. Minutes are
// clock minutes of the zone: some historic zones are off UTC by seconds, so the offset counts.
//
// whole gives the run of which a span is a part: its length decides whether the span counts.
func (p AvailabilityParams) counted(down []calendar.Span, zone *time.Location, whole func(calendar.Span) calendar.Span) int64 {
	const minute = int64(time.Minute)
	// Excluded time can leave two runs that touch the same minute: a started minute still counts once.
	lastMinute := int64(-1 << 62)
	var sum int64
	for _, s := range down {
		_, offset := s.Start.In(zone).Zone()
		shift := int64(offset) * int64(time.Second)
		from, until := s.Start.UnixNano()+shift, s.End.UnixNano()+shift
		var length int64
		switch p.PartialMinutes {
		case "exact":
			length = until - from
		case "started":
			first, end := floorDiv(from, minute), -floorDiv(-until, minute)
			first = max(first, lastMinute)
			length = max(0, end-first) * minute
			lastMinute = max(lastMinute, end)
		default:
			length = max(0, floorDiv(until, minute)+floorDiv(-from, minute)) * minute
		}
		run := length
		if of := whole(s); of != s {
			run = p.counted([]calendar.Span{of}, zone, func(s calendar.Span) calendar.Span { return s })
			if run == 0 { // shorter than the minimum
				continue
			}
		}
		if run < int64(p.MinimumSpan)*minute {
			continue
		}
		sum += length
	}
	return sum
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && a < 0 {
		q--
	}
	return q
}

func minutesText(d time.Duration) string {
	return money.RatioString(money.RatioOf(int64(d), int64(time.Minute)), 6, 3)
}

// ratio is the exact availability in percent for a downtime.
func (m month) ratio(down int64) *money.Ratio {
	total := m.total * int64(time.Second)
	r := new(big.Rat).SetFrac64(total-min(down, total), total)
	return r.Mul(r, big.NewRat(100, 1))
}
