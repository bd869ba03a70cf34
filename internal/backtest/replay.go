package backtest

import (
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// maxArrivals bounds the instants that are replayed for one occurrence; the latest ones are kept.
const maxArrivals = 400

// replay follows what was known when: at each instant at which something became known (an event arrived late, a document was
// published), the judgement without it is compared with the judgement with it, both as of that instant. Where the first was
// decided and the second says something else, there is a correction. An event without an arrival was known when it happened.
func (r *run) replay(o pact.Obligation, occ pact.Occurrence) []Revised {
	events := r.eventsOf(o, occ)
	arrivals := r.arrivals(events)
	var out []Revised
	for _, at := range arrivals {
		var before, after []pact.Event
		var learned []pact.EventID
		for _, e := range events {
			switch known := knownAt(&e); {
			case known.Before(at):
				before, after = append(before, e), append(after, e)
			case known.Equal(at):
				after = append(after, e)
				if e.ReceivedAt.After(e.OccurredAt) || e.Replaces != "" {
					learned = append(learned, e.ID)
				}
			}
		}
		was := r.assess(o, occ, r.known(at.Add(-1)), before, at)
		if !decided(was) {
			continue
		}
		is := r.assess(o, occ, r.known(at), after, at)
		if same(was, is) {
			continue
		}
		c := Revised{At: at.UTC(), Before: verdict(was), After: verdict(is), Delta: Delta(was.Amount, is.Amount), Events: learned}
		c.Reason = "events that came late or corrected others changed it"
		if len(learned) == 0 {
			c.Reason = "a document published later changes it back in time"
		}
		out = append(out, c)
	}
	return out
}

// arrivals lists the instants, in order, at which something about the past became known.
func (r *run) arrivals(events []pact.Event) []time.Time {
	var out []time.Time
	for i := range events {
		e := &events[i]
		late := e.ReceivedAt.After(e.OccurredAt) || e.Replaces != ""
		if late && !knownAt(e).After(r.AsOf) {
			out = append(out, knownAt(e))
		}
	}
	for _, d := range r.Terms.Documents {
		if !d.PublishedAt.IsZero() && !d.PublishedAt.After(r.AsOf) {
			out = append(out, d.PublishedAt.UTC())
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	out = slices.CompactFunc(out, time.Time.Equal)
	return out[max(0, len(out)-maxArrivals):]
}

func knownAt(e *pact.Event) time.Time {
	if e.ReceivedAt.After(e.OccurredAt) {
		return e.ReceivedAt.UTC()
	}
	return e.OccurredAt.UTC()
}

// decided tells whether somebody may have acted on a judgement: it was final, or it named a sum.
func decided(a pact.Assessment) bool {
	return a.Status == pact.Breached || a.Status == pact.Met || a.Amount != nil
}

// same tells whether two judgements lead to the same acts. A sum that was waiting for a charge is no other judgement.
func same(was, is pact.Assessment) bool {
	if was.Status != is.Status {
		return false
	}
	if was.Amount == nil && was.AmountState != "" {
		return true
	}
	if was.Amount == nil || is.Amount == nil {
		return was.Amount == is.Amount
	}
	return was.Amount.Equal(*is.Amount)
}

func verdict(a pact.Assessment) Verdict {
	return Verdict{Status: a.Status, Amount: a.Amount, AmountState: a.AmountState}
}

// Delta is a difference in money; nil where there is none, or where there are two currencies.
func Delta(was, is *money.Amount) *money.Amount {
	var zero money.Amount
	switch {
	case was == nil && is == nil:
		return nil
	case was == nil:
		zero.Currency = is.Currency
		was = &zero
	case is == nil:
		zero.Currency = was.Currency
		is = &zero
	}
	d, err := is.Sub(*was)
	if err != nil || d.IsZero() {
		return nil
	}
	return &d
}
