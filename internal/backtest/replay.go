package backtest

import (
	"cmp"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// maxArrivals bounds the instants that are replayed for one occurrence; the latest ones are kept.
const maxArrivals = 400

// replay follows what was known when: at each instant at which something became known (an event arrived late, a document was
// published), the judgement without it is compared with the judgement with it, both as of that instant. Where the first was
// decided and the second says something else, there is a correction. An event without an arrival was known when it happened. All
// occurrences are taken through one instant before the next, so that they share what was known then.
func (r *run) replay(p *planned, places []int, results []Result) {
	if len(places) == 0 {
		return
	}
	from := r.from(p.o.Key)
	published := r.published()
	byPeriod := obligation.FeedOf(p.o.Kind).By == obligation.ByPeriod
	for _, at := range r.arrivals(from.events) {
		if r.ctx.Err() != nil {
			return
		}
		var fresh []*pact.Event
		var learned []pact.EventID
		back := published[at] // it changes what was, and not only what was foreseen
		for i := range from.events {
			if e := &from.events[i]; knownAt(e).Equal(at) {
				fresh = append(fresh, e)
				if r.late(e) {
					learned = append(learned, e.ID)
					back = back || !r.again[idOf(e)]
				}
			}
		}
		slices.Sort(learned) // of two that became known together neither came first
		mine := r.touched(p, places, fresh, published[at])
		if len(mine) == 0 {
			continue
		}
		before := facts{log: from.log().Known(func(e *pact.Event) bool { return knownAt(e).Before(at) })}
		after := facts{log: from.log().Known(func(e *pact.Event) bool { return !knownAt(e).After(at) })}
		said, says := r.known(at.Add(-1)), r.known(at)
		r.each(len(mine), func(n int) {
			i := mine[n]
			if byPeriod && at.Before(p.list[i].Period.Start) {
				return // nothing was decided of a period that had not begun
			}
			was := r.assess(p.o, p.list[i], said, before, at)
			if decided(was) && (back || final(was)) {
				if c, changed := revised(at, was, r.assess(p.o, p.list[i], says, after, at), learned); changed {
					results[i].Corrections = append(results[i].Corrections, c)
				}
			}
		})
	}
}

// replayTicket is replay for the clock of one ticket, which needs only the few events of that.
func (r *run) replayTicket(o pact.Obligation, occ pact.Occurrence, events []pact.Event) []Revised {
	var out []Revised
	published := r.published()
	for _, at := range r.arrivals(events) {
		if r.ctx.Err() != nil {
			return nil // of a run that ended nothing comes out
		}
		var before, after []pact.Event
		var learned []pact.EventID
		back := published[at]
		for i := range events {
			e := &events[i]
			switch known := knownAt(e); {
			case known.Before(at):
				before, after = append(before, *e), append(after, *e)
			case known.Equal(at):
				after = append(after, *e)
				if r.late(e) {
					learned = append(learned, e.ID)
					back = back || !r.again[idOf(e)]
				}
			}
		}
		was := r.assess(o, occ, r.known(at.Add(-1)), facts{events: before}, at)
		if !decided(was) || !back && !final(was) {
			continue
		}
		for _, id := range r.endsBy(at) {
			if !slices.Contains(learned, id) {
				learned = append(learned, id)
			}
		}
		slices.Sort(learned)
		if c, changed := revised(at, was, r.assess(o, occ, r.known(at), facts{events: after}, at), learned); changed {
			out = append(out, c)
		}
	}
	return out
}

// revised is what was learned at an instant and made a judgement another; false where it did not.
func revised(at time.Time, was, is pact.Assessment, learned []pact.EventID) (Revised, bool) {
	if same(was, is) {
		return Revised{}, false
	}
	c := Revised{At: at.UTC(), Before: verdict(was), After: verdict(is), Events: learned}
	c.Reason = "events that came late or corrected others changed it"
	if len(learned) == 0 {
		c.Reason = "a document published later changes it back in time"
	}
	if is.AmountState == "" || is.Amount != nil { // a sum that waits has no difference yet
		c.Delta = Delta(was.Amount, is.Amount)
	}
	return c, true
}

// touched are the places of the occurrences that what became known may change.
func (r *run) touched(p *planned, places []int, fresh []*pact.Event, published bool) []int {
	if published {
		return places
	}
	affected := r.affected(p, fresh)
	return slices.DeleteFunc(slices.Clone(places), func(i int) bool { return !affected(i) })
}

// affected tells of which occurrences the judgement may rest on some events, as monitor goes by (obligation.Touched). Of a kind that
// follows matters those are what the calendar gives, and the matters that the events lead to; of one that judges periods those that read
// the days of the events; of the others all.
func (r *run) affected(p *planned, events []*pact.Event) func(i int) bool {
	from, feed := r.from(p.o.Key), obligation.FeedIn(r.timeline, p.o)
	switch feed.By {
	case obligation.ByMatter:
		if about, all := r.around(p.o.Key, feed, events); !all {
			return func(i int) bool { return p.given[p.list[i].Key] || obligation.Among(about, p.list[i].Key) }
		}
	case obligation.ByPeriod:
		subject := func(name string) []pact.Event { return from.bySubject()[name] }
		affected := feed.Affected(from.concerned(feed, events), subject)
		return func(i int) bool { return affected(p.list[i].Key, p.reads()[i]) }
	}
	return func(int) bool { return true }
}

// concerned are the events that a feed takes, what they replace, and what replaces them: a report that came late came with the one that
// it corrects.
func (s *source) concerned(feed obligation.Feed, events []*pact.Event) []*pact.Event {
	var out []*pact.Event
	for _, e := range events {
		if !feed.Takes(*e) {
			continue
		}
		out = append(out, e)
		seen := map[pact.EventID]bool{"": true}
		for ids := []pact.EventID{e.Replaces}; len(ids) > 0; ids = ids[1:] { // a deletion that is deleted leads to what counts again
			if seen[ids[0]] {
				continue
			}
			seen[ids[0]] = true
			for _, i := range s.byID()[ids[0]] {
				out, ids = append(out, &s.events[i]), append(ids, s.events[i].Replaces)
			}
		}
		for _, i := range s.replacing()[e.ID] {
			out = append(out, &s.events[i])
		}
	}
	return out
}

// around are the matters that events lead to; all where they may change every occurrence.
func (r *run) around(key string, feed obligation.Feed, fresh []*pact.Event) (about map[string]bool, all bool) {
	from := r.from(key)
	about = map[string]bool{}
	var next []string
	add := func(e *pact.Event) {
		for _, n := range obligation.Names(*e) {
			if !about[n] {
				about[n] = true
				next = append(next, n)
			}
		}
	}
	for _, x := range from.concerned(feed, fresh) {
		if slices.Contains(feed.Wide, x.Kind) {
			return nil, true
		}
		add(x)
	}
	// A delivery of an order leads to the invoices of the order, and an invoice to its orders.
	for range 2 {
		names := next
		next = nil
		for _, n := range names {
			for _, i := range from.matters()[n] {
				add(&from.events[i])
			}
		}
	}
	return about, false
}

// late tells whether an event says something of the past: it came later than it happened, replaces another, or gives a figure of a month
// that was given before.
func (r *run) late(e *pact.Event) bool {
	return e.ReceivedAt.After(e.OccurredAt) || e.Replaces != "" || r.again[idOf(e)]
}

// given names the figure of a month that an event gives: of an index, or of what is measured.
func given(e *pact.Event) (name [4]string, ok bool) {
	if e.Data.Month == "" || e.Kind != "index_value" && e.Kind != "measurement" {
		return name, false
	}
	return [4]string{e.Kind, obligation.PlainName(cmp.Or(e.Data.Item, e.Subject)), obligation.PlainName(e.Data.Service), e.Data.Month}, true
}

// givenAgain are the events that give a figure of a month after another gave it.
func givenAgain(events []pact.Event) map[pact.EventID]bool {
	first := map[[4]string]time.Time{}
	for i := range events {
		e := &events[i]
		if name, ok := given(e); ok {
			if at, known := first[name]; !known || knownAt(e).Before(at) {
				first[name] = knownAt(e)
			}
		}
	}
	if len(first) == 0 {
		return nil
	}
	out := map[pact.EventID]bool{}
	for i := range events {
		e := &events[i]
		if name, ok := given(e); ok && knownAt(e).After(first[name]) {
			out[idOf(e)] = true
		}
	}
	return out
}

// published are the instants at which documents became known, or late notices that may end the contract: both change back in time what
// there is to judge.
func (r *run) published() map[time.Time]bool {
	out := r.ends()
	for _, d := range r.Terms.Documents {
		if !d.PublishedAt.IsZero() {
			out[d.PublishedAt.UTC()] = true
		}
	}
	return out
}

// arrivals lists the latest instants, in order, at which something about the past became known.
func (r *run) arrivals(events []pact.Event) []time.Time {
	all := r.allArrivals(events)
	return all[max(0, len(all)-maxArrivals):]
}

func (r *run) allArrivals(events []pact.Event) []time.Time {
	var out []time.Time
	for i := range events {
		if e := &events[i]; r.late(e) && !knownAt(e).After(r.AsOf) {
			out = append(out, knownAt(e))
		}
	}
	for at := range r.published() {
		if !at.After(r.AsOf) {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

func knownAt(e *pact.Event) time.Time {
	if e.ReceivedAt.After(e.OccurredAt) {
		return e.ReceivedAt.UTC()
	}
	return e.OccurredAt.UTC()
}

// decided tells whether somebody may have acted on a judgement: it was final, or it named a sum.
func decided(a pact.Assessment) bool { return final(a) || a.Amount != nil }

// final tells whether a judgement says how something ended: also that its day passed unused, as the last day for a notice.
func final(a pact.Assessment) bool {
	return a.Status == pact.Breached || a.Status == pact.Met || a.Status == pact.Excused && !a.DueAt.IsZero() && a.EndedAt.Equal(a.DueAt) && a.Measured != ""
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
