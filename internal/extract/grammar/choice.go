package grammar

import (
	"slices"
	"sort"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// facts are the values that stand anywhere in the text, scanned once.
type facts struct {
	dates   []wording.Date
	lengths []wording.Duration
	scanned bool
	order   byte           // of day and month in dates of numbers; 0 where not known
	orderBy wording.Span   // what tells
	orderOf calendar.Date  // the date that tells; "" where the country does
	open    []wording.Span // words that may leave the end open
	term    *int           // how plainly the text gives the contract a duration
	choices []choice       // of dates
	called  *int           // 1 where one of them is called the effective date
	auto    map[int]renews // by sentence
	asTerm  map[int][]feature
	scores  map[int]int    // of durations as the contract's term, by place
	cues    map[int]uint64 // by sentence
}

// renews is what a sentence says of renewal by itself.
type renews struct{ auto, known bool }

func (r *reading) scan() {
	if r.facts.scanned {
		return
	}
	r.facts.scanned = true
	r.facts.dates = wording.Dates(r.s)
	r.orderOfDates()
	r.facts.dates = slices.DeleteFunc(r.facts.dates, func(d wording.Date) bool { return r.sourceLine(d.Start) })
	r.facts.lengths = append(wording.Durations(r.s), wording.Anniversaries(r.s)...)
	r.facts.open = wording.OpenEnded(r.s)
	sort.SliceStable(r.facts.lengths, func(i, j int) bool { return r.facts.lengths[i].Start < r.facts.lengths[j].Start })
}

// orderOfDates finds whether the contract writes the month or the day first: from a date of its own that can be read in one way
// only, or, where none tells, from where it is written. Where dates of both orders stand, nothing is known.
func (r *reading) orderOfDates() {
	open, dayFirst := false, false
	for i := range r.facts.dates {
		d := &r.facts.dates[i]
		order := d.Order(r.s)
		open = open || len(d.Readings) == 2
		dayFirst = dayFirst || digitByte(r.s[d.Start]) && strings.ContainsAny(r.s[d.Start:d.End], " ") && !strings.Contains(r.lower[d.Start:d.End], "day")
		switch {
		case order == 0:
		case r.facts.order == 0:
			r.facts.order, r.facts.orderBy, r.facts.orderOf = order, d.Span, d.Date
		case r.facts.order != order:
			r.facts.order = 0
			return
		}
	}
	if r.facts.order != 0 || !open || dayFirst {
		return
	}
	if at, ok := wording.AmericanAddress(r.s); ok {
		r.facts.order, r.facts.orderBy, r.facts.orderOf = 'm', at, ""
	}
}

func digitByte(c byte) bool { return c >= '0' && c <= '9' }

// settle picks the reading of a date that another date of the contract, or its country, decides, and quotes that one too.
func (r *reading) settle(c *choice) {
	if len(c.readings) != 2 {
		return
	}
	if i := r.writtenOut(c.readings); i >= 0 {
		by := r.facts.dates[i]
		c.value, c.readings = pact.OnDate(by.Date), nil
		c.at = append(c.at, by.Span)
		c.derivation = &pact.Derivation{Rule: "the day that the contract writes out", Inputs: map[string]string{"date": string(by.Date)}}
		return
	}
	if r.facts.order == 0 {
		return
	}
	c.value, c.other = c.readings[0], c.readings[1]
	if r.facts.order == 'd' {
		c.value, c.other = c.other, c.value
	}
	c.readings = nil
	c.at = append(c.at, r.facts.orderBy)
	if r.facts.orderOf == "" {
		c.derivation = &pact.Derivation{Rule: "month first, as in the United States", Inputs: map[string]string{"date": string(c.value.Date)}}
		return
	}
	c.other = pact.Value{}
	c.derivation = &pact.Derivation{Rule: "day and month as in another date", Inputs: map[string]string{"date": string(c.value.Date), "other": string(r.facts.orderOf)}}
}

// dayOf is the day that a date means, "" where that is open.
func (r *reading) dayOf(d wording.Date) calendar.Date {
	if len(d.Readings) != 2 {
		return d.Date
	}
	c := choice{readings: []pact.Value{pact.OnDate(d.Readings[0]), pact.OnDate(d.Readings[1])}}
	r.settle(&c)
	return c.value.Date
}

// writtenOut finds a date that can be read in one way only and is one of two readings, where none is the other; otherwise -1.
func (r *reading) writtenOut(readings []pact.Value) int {
	found := -1
	for i := range r.facts.dates {
		d := &r.facts.dates[i]
		switch {
		case d.Date == "" || d.Date != readings[0].Date && d.Date != readings[1].Date:
		case found < 0:
			found = i
		case r.facts.dates[found].Date != d.Date:
			return -1
		}
	}
	return found
}

// datesIn gives the dates within a stretch of the flow.
func (r *reading) datesIn(sp wording.Span) []wording.Date {
	r.scan()
	all := r.facts.dates
	i := sort.Search(len(all), func(i int) bool { return all[i].Start >= sp.Start })
	j := i
	for j < len(all) && all[j].End <= sp.End {
		j++
	}
	return all[i:j]
}

// lengthsIn gives the durations within a stretch of the flow.
func (r *reading) lengthsIn(sp wording.Span) []wording.Duration {
	r.scan()
	all := r.facts.lengths
	i := sort.Search(len(all), func(i int) bool { return all[i].Start >= sp.Start })
	j := i
	for j < len(all) && all[j].End <= sp.End {
		j++
	}
	return all[i:j]
}

const (
	maxDates   = 160
	maxLengths = 200
)
