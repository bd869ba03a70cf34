package obligation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// maintenance gathers what is left out as maintenance, event by event, until the allowance of each month is known.
type maintenance struct {
	spans []calendar.Span
	ids   []pact.EventID
}

func (w *maintenance) add(id pact.EventID, spans ...calendar.Span) {
	if len(spans) > 0 {
		w.spans, w.ids = append(w.spans, spans...), append(w.ids, id)
	}
}

// maxMaintenanceWindows bounds the recurring windows within one outage.
const maxMaintenanceWindows = 10_000

// maintenanceHours are the recurring windows, in the zone of the clause where they name none.
func (p AvailabilityParams) maintenanceHours() (calendar.Hours, bool) {
	h := p.MaintenanceHours
	if h.IsZero() {
		return h, false
	}
	if h.Zone == "" {
		h.Zone = p.Zone
	}
	return h, true
}

// inHours is the part of an outage that lies within the recurring windows and does not count because of them: what was reported as
// maintenance, or every outage where the clause says so.
func (p AvailabilityParams) inHours(in Input, e pact.Event, whole calendar.Span) []calendar.Span {
	h, ok := p.maintenanceHours()
	if !ok || !p.MaintenanceHoursAny && !sameWord("maintenance", e.Data.Excluded) {
		return nil
	}
	c, err := in.Calendars.Get(h)
	if err != nil {
		return nil // asked about by check
	}
	return calendar.ClipAll(c.OpenSpans(whole.Start, whole.End, maxMaintenanceWindows), whole)
}

// outsideHours tells whether a part of an outage that was announced as maintenance lies outside of the only hours in which maintenance
// is left out. Parts lie wholly inside or wholly outside.
func (p AvailabilityParams) outsideHours(in Input, e pact.Event, rest calendar.Span) bool {
	return p.MaintenanceHoursAnnounced && sameWord("maintenance", e.Data.Excluded) && len(p.inHours(in, e, rest)) == 0
}

// leftOutOf are the parts of a sample that do not count because of what it was reported as: all of it or nothing, but where the
// maintenance hours must hold, too, and one of them begins or ends within the sample.
func (p AvailabilityParams) leftOutOf(in Input, e pact.Event, whole calendar.Span, zone *time.Location) []calendar.Span {
	if _, out := p.excluded(e, zone); !out {
		return nil
	}
	if !p.MaintenanceHoursAnnounced || !sameWord("maintenance", e.Data.Excluded) {
		return []calendar.Span{whole}
	}
	return p.inHours(in, e, whole)
}

// hoursText says the windows as the clause does: "sun 02:00-06:00, Europe/Berlin".
func (p AvailabilityParams) hoursText() string {
	h, _ := p.maintenanceHours()
	var out []string
	for _, w := range h.Week {
		out = append(out, strings.Join(w.Days, " ")+" "+w.From+"-"+w.Until)
	}
	return strings.Join(append(out, h.Zone), ", ")
}

// part takes an outage apart: what lies within the maintenance hours, with a line of its own, and the rest, which counts or not by the
// other rules.
func (m *month) part(in Input, p AvailabilityParams, e pact.Event, whole calendar.Span, work *maintenance, tr tracer) []calendar.Span {
	within := p.inHours(in, e, whole)
	if len(within) == 0 {
		return []calendar.Span{whole}
	}
	if p.MaintenanceHoursAnnounced { // the hours alone excuse nothing: both parts go by the other rules
		parts := append(calendar.Subtract([]calendar.Span{whole}, within), within...)
		slices.SortFunc(parts, func(a, b calendar.Span) int { return a.Start.Compare(b.Start) })
		return parts
	}
	work.add(idOf(e), within...)
	for _, s := range within {
		tr.excluding("maintenance").add("within the maintenance hours", local(s.Start, m.zone)+" to "+local(s.End, m.zone), minutesText(s.Length())+" min do not count: "+p.hoursText(), idOf(e))
	}
	return calendar.Subtract([]calendar.Span{whole}, within)
}

// allow leaves maintenance out up to the allowance of each calendar month, in order of time; over is what lies beyond it, and counts.
func (m *month) allow(p AvailabilityParams, work maintenance, tr tracer) (out, over []calendar.Span) {
	if p.MaintenanceAllowance == nil || len(work.spans) == 0 {
		return work.spans, nil
	}
	allowed := allowanceOf(*p.MaintenanceAllowance)
	left, sum := map[string]time.Duration{}, map[string]time.Duration{}
	var months []string
	for _, s := range calendar.Union(work.spans) {
		for s.Start.Before(s.End) {
			day := calendar.DateIn(s.Start, m.zone)
			name := string(day[:7])
			if _, known := left[name]; !known {
				left[name] = allowed
				months = append(months, name)
			}
			piece := s
			if next := calendar.Date(name + "-01").AddMonths(1).In(m.zone).UTC(); next.Before(piece.End) {
				piece.End = next
			}
			sum[name] += piece.Length()
			cut := piece.Start.Add(min(left[name], piece.Length()))
			if cut.After(piece.Start) {
				out = append(out, calendar.Span{Start: piece.Start, End: cut})
			}
			if cut.Before(piece.End) {
				over = append(over, calendar.Span{Start: cut, End: piece.End})
			}
			left[name] -= cut.Sub(piece.Start)
			s.Start = piece.End
		}
	}
	for _, name := range months {
		result := "all of it is left out"
		if beyond := sum[name] - allowed; beyond > 0 {
			result = minutesText(beyond) + " min beyond it count"
		}
		tr.excluding("maintenance").add("maintenance allowance of "+name, fmt.Sprintf("%s min of maintenance, %s allowed", minutesText(sum[name]), p.MaintenanceAllowance), result, work.ids...)
	}
	return out, over
}

func allowanceOf(d calendar.Duration) time.Duration {
	if d.Unit == calendar.Hour {
		return time.Duration(d.Value) * time.Hour
	}
	return time.Duration(d.Value) * time.Minute
}

// checkMaintenance asks for windows and an allowance that can be meant.
func (p AvailabilityParams) checkMaintenance(q *questions) {
	h, ok := p.maintenanceHours()
	if ok {
		if err := h.Check(); err != nil {
			q.ask("maintenance_hours", "When is maintenance? %v.", err)
		} else if h.Always {
			q.ask("maintenance_hours", "Maintenance can not be always. On which days, and between which hours?")
		}
	}
	if p.MaintenanceHoursAny && !ok {
		q.ask("maintenance_hours", "Outages within the maintenance hours do not count. Which hours are these?")
	}
	switch {
	case p.MaintenanceHoursAnnounced && (!ok || p.MaintenanceNotice == nil):
		q.ask("maintenance_hours_announced", "Maintenance is left out within its hours where it was announced. Which hours are these, and how long before must it be announced?")
	case p.MaintenanceHoursAnnounced && p.MaintenanceHoursAny:
		q.choose("maintenance_hours_announced", "Is every outage within the maintenance hours left out, or only maintenance that was announced?",
			pact.Outcome{Reading: "every outage", Set: member("maintenance_hours_announced", false)}, pact.Outcome{Reading: "announced maintenance", Set: member("maintenance_hours_any", false)})
	}
	a := p.MaintenanceAllowance
	if a == nil {
		return
	}
	if a.Check() != nil || a.Unit != calendar.Hour && a.Unit != calendar.Minute || a.Value > 44_640 {
		q.ask("maintenance_allowance", "How many hours or minutes of maintenance are left out in a month? %s can not be counted.", a)
		return
	}
	if !ok && !slices.ContainsFunc(p.Exclusions, func(x string) bool { return sameWord(x, "maintenance") }) {
		q.choose("maintenance_allowance", sprintf("%s of maintenance are allowed in a month, and maintenance is not excluded. Does it count?", a),
			pact.Outcome{Reading: "it counts", Set: `"maintenance_allowance": null`},
			pact.Outcome{Reading: "within the allowance it does not", Set: member("exclusions", append(slices.Clone(p.Exclusions), "maintenance"))})
	}
}
