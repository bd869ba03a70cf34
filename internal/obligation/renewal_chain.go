package obligation

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// Chained gives a timeline in which each version of a renewal goes on from the term that runs when it begins: what governs at a renewal
// fixes the length of the term that begins then, and an amendment of the renewal term moves no term before it. A
// version that states other dates than those before it stands by itself.
func Chained(line effective.Timeline) effective.Timeline {
	type change struct {
		key      string
		was, now json.RawMessage
	}
	renewal := func(o pact.Obligation) bool { return o.Kind == (RenewalNotice{}).Name() }
	if !line.Any(renewal) {
		return line
	}
	var changes []change
	for _, key := range line.Keys() {
		var before *chain
		var seen []json.RawMessage
		for _, s := range line.Segments(key) {
			var p RenewalParams
			w := s.Resolution.Winner
			if w == nil || !renewal(*w.Obligation) || decode(w.Obligation.Params, &p) != nil {
				before = nil
				continue
			}
			was := w.Obligation.Params
			next, moved := before.goOn(p, s.Period.From)
			again := slices.ContainsFunc(seen, func(x json.RawMessage) bool { return bytes.Equal(x, was) })
			if moved && !again {
				if raw, err := json.Marshal(next.p); err == nil {
					changes = append(changes, change{key, was, raw})
				}
			}
			before, seen = next, append(seen, was)
		}
	}
	for _, c := range changes {
		line = line.Changed(func(o pact.Obligation) bool { return o.Key == c.key && bytes.Equal(o.Params, c.was) }, func(o pact.Obligation) pact.Obligation {
			o.Params = c.now
			return o
		})
	}
	return line
}

// chain is the renewals by one version.
type chain struct {
	p      RenewalParams
	origin calendar.Date // the first renewal as it is stated, before anything was moved
	passed int           // renewals before those of p
}

// dates lists the renewals of a version in a period, without their notices.
func (p RenewalParams) dates(period calendar.Period) []calendar.Date {
	p.Notice = nil
	list, err := p.Renewals(calendar.Set{}, period)
	if err != nil {
		return nil
	}
	var out []calendar.Date
	for _, r := range list {
		out = append(out, r.RenewalDate)
	}
	return out
}

// goOn is the chain of the next version, which begins on a day; moved tells that its renewals are others than it gives by itself.
func (c *chain) goOn(p RenewalParams, from calendar.Date) (next *chain, moved bool) {
	origin, err := p.firstRenewal()
	if err != nil {
		return nil, false
	}
	next = &chain{p: p, origin: origin}
	if c == nil || p.Evergreen || c.p.Evergreen || origin != c.origin || from == "" {
		return next, false
	}
	runs, own := c.p.dates(calendar.Period{From: from}), p.dates(calendar.Period{From: from})
	if len(runs) == 0 || len(own) > 0 && own[0] == runs[0] {
		return next, false
	}
	ends := runs[0]
	next.passed = c.passed + len(c.p.dates(calendar.Period{Until: ends}))
	q := &next.p
	if q.RenewalDate != "" {
		q.RenewalDate = ends
	}
	if q.RenewalDate == "" || q.ExpirationDate != "" {
		q.ExpirationDate = ends.AddDays(-1)
	}
	q.StartDate, q.Term = "", nil
	if q.MaxRenewals > 0 {
		q.MaxRenewals = max(1, q.MaxRenewals-next.passed)
	}
	return next, true
}
