package calendar

import (
	"cmp"
	"slices"
	"time"
)

// The instants calendars compute with. What lies outside is moved to the edge: no contract runs there, and every
// difference of two instants inside fits a time.Duration and a count of nanoseconds.
const (
	firstYear = 1900
	lastYear  = 2190

	firstSecond = -2208988800 // 1900-01-01, since 1970
	lastSecond  = 6942585600  // 2190-01-01
)

// Earliest is the first instant calendars compute with.
func Earliest() time.Time { return time.Unix(firstSecond, 0).UTC() }

// Latest is the end of the instants calendars compute with.
func Latest() time.Time { return time.Unix(lastSecond, 0).UTC() }

// Clamp moves an instant into the range calendars compute with, in UTC.
func Clamp(t time.Time) time.Time {
	if s := t.Unix(); s < firstSecond {
		return Earliest()
	} else if s >= lastSecond {
		return Latest()
	}
	return t.UTC()
}

// IsOpen tells whether the span has no end.
func (s Span) IsOpen() bool { return s.End.IsZero() }

// Contains tells whether the instant lies in the span.
func (s Span) Contains(t time.Time) bool {
	return !t.Before(s.Start) && (s.End.IsZero() || t.Before(s.End))
}

// Length of the span; an open one reaches Latest, a reversed one is empty.
func (s Span) Length() time.Duration {
	return max(0, s.end().Sub(s.Start))
}

func (s Span) end() time.Time {
	if s.End.IsZero() {
		return Latest()
	}
	return s.End
}

// Clip gives the part of the span within bounds; ok is false where there is none.
func (s Span) Clip(bounds Span) (Span, bool) {
	start, end := s.Start, s.end()
	if start.Before(bounds.Start) {
		start = bounds.Start
	}
	if end.After(bounds.end()) {
		end = bounds.end()
	}
	if !start.Before(end) {
		return Span{}, false
	}
	if s.End.IsZero() && bounds.End.IsZero() {
		return Span{Start: start}, true
	}
	return Span{Start: start, End: end}, true
}

// Union orders spans and joins those that overlap or touch, so that every instant counts once. Empty spans vanish.
func Union(spans []Span) []Span {
	sorted := make([]Span, 0, len(spans))
	for _, s := range spans {
		if s.end().After(s.Start) {
			sorted = append(sorted, s)
		}
	}
	slices.SortFunc(sorted, func(a, b Span) int {
		return cmp.Or(a.Start.Compare(b.Start), a.end().Compare(b.end()))
	})
	var out []Span
	for _, s := range sorted {
		if n := len(out); n > 0 && !s.Start.After(out[n-1].end()) {
			if s.end().After(out[n-1].end()) || s.End.IsZero() {
				out[n-1].End = s.End
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// Subtract removes spans from spans; both are united first.
func Subtract(from, remove []Span) []Span {
	var out []Span
	holes := Union(remove)
	for _, s := range Union(from) {
		at := s.Start
		for _, h := range holes {
			if !h.end().After(at) {
				continue
			}
			if !h.Start.Before(s.end()) {
				break
			}
			if h.Start.After(at) {
				out = append(out, Span{Start: at, End: h.Start})
			}
			at = h.end()
		}
		if at.Before(s.end()) {
			out = append(out, Span{Start: at, End: s.End})
		}
	}
	return out
}

// ClipAll gives the parts of spans within bounds.
func ClipAll(spans []Span, bounds Span) []Span {
	var out []Span
	for _, s := range spans {
		if c, ok := s.Clip(bounds); ok {
			out = append(out, c)
		}
	}
	return out
}
