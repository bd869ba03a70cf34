package calendar

import (
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

// Calendar is compiled Hours: it measures business time between instants. It is safe for use by several goroutines; what
// it keeps between calls is only a cache of opening spans.
type Calendar struct {
	hours Hours
	zone  *time.Location
	week  [7][]opening

	mu    sync.Mutex
	table atomic.Pointer[table]
}

// opening is a window of one day in minutes after local midnight; until may pass 24 h where it runs into the next day.
type opening struct{ from, until int }

// table holds the open spans of some years in nanoseconds since 1970, with the open time before each.
type table struct {
	fromYear, untilYear int // [from, until)
	low, high           int64
	starts, ends, sums  []int64
	closed              map[Date]bool
}

// Compile checks hours and makes them computable.
func Compile(h Hours) (*Calendar, error) {
	if err := h.Check(); err != nil {
		return nil, err
	}
	zone, err := LoadZone(h.Zone)
	if err != nil {
		return nil, err
	}
	c := &Calendar{hours: h, zone: zone}
	for _, w := range h.Week {
		from, _ := minuteOfDay(w.From) // checked above
		until, _ := minuteOfDay(w.Until)
		if until < from {
			until += 24 * 60
		}
		for _, name := range w.Days {
			day, _ := weekday(name)
			c.week[day] = append(c.week[day], opening{from, until})
		}
	}
	for day := range c.week {
		slices.SortFunc(c.week[day], func(a, b opening) int { return a.from - b.from })
	}
	return c, nil
}

// Hours gives what the calendar was compiled from.
func (c *Calendar) Hours() Hours { return c.hours }

// Zone of the calendar.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Always tells whether the calendar never closes.
func (c *Calendar) Always() bool { return c.hours.Always }

// Between measures the open time in [start, end); zero where end is not later.
func (c *Calendar) Between(start, end time.Time) time.Duration {
	a, b := Clamp(start), Clamp(end)
	if !a.Before(b) {
		return 0
	}
	if c.hours.Always {
		return b.Sub(a)
	}
	t := c.covering(a.Year(), b.Year())
	return time.Duration(t.openBefore(b.UnixNano()) - t.openBefore(a.UnixNano()))
}

// Elapsed measures the open time in [start, at) that lies in no pause. Pauses may overlap, come in any order, reach
// outside, and have no end: together they count once, and only where the calendar is open.
func (c *Calendar) Elapsed(start, at time.Time, pauses []Span) time.Duration {
	if !start.Before(at) {
		return 0
	}
	elapsed := c.Between(start, at)
	for _, p := range Union(ClipAll(pauses, Span{Start: start, End: at})) {
		elapsed -= c.Between(p.Start, p.end())
	}
	return elapsed
}

// horizon in years bounds the search for a deadline: no target of a contract lasts longer.
const horizon = 60

// Add gives the least instant t with Between(start, t) >= d. ok is false where there is none within the horizon.
func (c *Calendar) Add(start time.Time, d time.Duration) (time.Time, bool) {
	a := Clamp(start)
	if d <= 0 {
		return a, true
	}
	if c.hours.Always {
		if Latest().Sub(a) < d {
			return time.Time{}, false
		}
		return a.Add(d), true
	}
	for until := a.Year() + 1; ; until += 10 {
		until = min(until, lastYear-1)
		t := c.covering(a.Year(), until)
		if at, ok := t.reach(t.openBefore(a.UnixNano()) + int64(d)); ok {
			return time.Unix(0, at).UTC(), true
		}
		if until == lastYear-1 || until > a.Year()+horizon {
			return time.Time{}, false
		}
	}
}

// DeadlineAfter gives the least instant t with Elapsed(start, t, pauses) >= target. ok is false where there is none: a
// pause without end comes first, or the calendar never has that much open time.
func (c *Calendar) DeadlineAfter(start time.Time, target time.Duration, pauses []Span) (time.Time, bool) {
	running := Subtract([]Span{{Start: Clamp(start)}}, pauses)
	if target <= 0 {
		return Clamp(start), true
	}
	for _, r := range running {
		at, ok := c.Add(r.Start, target)
		if ok && !at.After(r.end()) {
			return at, true
		}
		if r.IsOpen() {
			return time.Time{}, false
		}
		target -= c.Between(r.Start, r.End)
	}
	return time.Time{}, false
}

// OpenAt tells whether the calendar is open at the instant.
func (c *Calendar) OpenAt(at time.Time) bool {
	if c.hours.Always {
		return true
	}
	at = Clamp(at)
	t := c.covering(at.Year(), at.Year())
	n := at.UnixNano()
	i := sort.Search(len(t.starts), func(i int) bool { return t.starts[i] > n }) - 1
	return i >= 0 && n < t.ends[i]
}

// OpenSpans lists the opening spans within [start, end), at most limit of them.
func (c *Calendar) OpenSpans(start, end time.Time, limit int) []Span {
	a, b := Clamp(start), Clamp(end)
	if !a.Before(b) || limit <= 0 {
		return nil
	}
	if c.hours.Always {
		return []Span{{Start: a, End: b}}
	}
	t := c.covering(a.Year(), b.Year())
	bounds := Span{Start: a, End: b}
	var out []Span
	for i := sort.Search(len(t.ends), func(i int) bool { return t.ends[i] > a.UnixNano() }); i < len(t.starts) && len(out) < limit; i++ {
		s, ok := Span{Start: time.Unix(0, t.starts[i]).UTC(), End: time.Unix(0, t.ends[i]).UTC()}.Clip(bounds)
		if !ok {
			break
		}
		out = append(out, s)
	}
	return out
}

// openBefore is the open time of the table before an instant it covers.
func (t *table) openBefore(n int64) int64 {
	low, high := 0, len(t.starts)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if t.starts[mid] < n {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == 0 {
		return 0
	}
	i := low - 1
	return t.sums[i] + min(n, t.ends[i]) - t.starts[i]
}

// reach gives the least instant with that much open time before it.
func (t *table) reach(open int64) (int64, bool) {
	i := sort.Search(len(t.starts), func(i int) bool { return t.sums[i]+t.ends[i]-t.starts[i] >= open })
	if i == len(t.starts) {
		return 0, false
	}
	at := t.starts[i] + open - t.sums[i]
	return at, at <= t.high // beyond high the spans are not complete
}

// covering gives a table that covers the years, growing the cached one where it does not.
func (c *Calendar) covering(from, until int) *table {
	if t := c.table.Load(); t != nil && t.fromYear <= from && until < t.untilYear {
		return t
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	low, high := from, until+1
	if t := c.table.Load(); t != nil {
		if t.fromYear <= from && until < t.untilYear {
			return t
		}
		low, high = min(low, t.fromYear), max(high, t.untilYear)
	}
	t := c.build(low, high)
	c.table.Store(t)
	return t
}

// build computes the spans of [from, until) years. Three days more on each side hold windows that cross the edge in UTC.
func (c *Calendar) build(from, until int) *table {
	t := &table{
		fromYear: from, untilYear: until, closed: holidaysOf(c.hours, from-1, until+1),
		low: time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano(), high: time.Date(until, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano(),
	}
	if c.hours.Always {
		return t
	}
	var spans []Span
	day := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -3)
	last := time.Date(until, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 3)
	for ; day.Before(last); day = day.AddDate(0, 0, 1) {
		windows := c.week[day.Weekday()]
		if len(windows) == 0 || t.closed[Date(day.Format(time.DateOnly))] {
			continue
		}
		for _, w := range windows {
			spans = append(spans, Span{Start: edge(day, w.from, c.zone, false), End: edge(day, w.until, c.zone, true)})
		}
	}
	var sum int64
	for _, s := range Union(spans) {
		start, end := s.Start.UnixNano(), s.End.UnixNano()
		t.starts, t.ends, t.sums = append(t.starts, start), append(t.ends, end), append(t.sums, sum)
		sum += end - start
	}
	return t
}

// edge finds the instant of a local time of day. In a missing hour it is the next existing instant; in a repeated hour
// an opening takes the first occurrence, a closing the last.
func edge(day time.Time, minutes int, zone *time.Location, closing bool) time.Time {
	local := day.Add(time.Duration(minutes) * time.Minute) // the wall clock, as if it were UTC
	before := local.Add(-offsetAt(local.Add(-26*time.Hour), zone))
	after := local.Add(-offsetAt(local.Add(26*time.Hour), zone))
	beforeFits := offsetAt(before, zone) == local.Sub(before)
	afterFits := offsetAt(after, zone) == local.Sub(after)
	switch {
	case beforeFits && afterFits && closing:
		return later(before, after)
	case beforeFits && (!afterFits || !closing):
		if afterFits && after.Before(before) {
			return after
		}
		return before
	case afterFits:
		return after
	}
	// Missing: the change lies between the two guesses. Find its first second.
	low, high := before, after
	if high.Before(low) {
		low, high = high, low
	}
	old := offsetAt(low.Add(-time.Second), zone)
	seconds := int(high.Sub(low)/time.Second) + 1
	return low.Add(time.Duration(sort.Search(seconds, func(i int) bool {
		return offsetAt(low.Add(time.Duration(i)*time.Second), zone) != old
	})) * time.Second)
}

func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
