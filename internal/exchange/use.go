package exchange

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// EventWarning is why an event that is kept counts for nothing so far, or may well be a slip. It is told when the event comes, and not
// again: what it is about may come later.
type EventWarning struct {
	Line       int    `json:"line" doc:"The line of the table; of a batch the number of the event in it, from 1."`
	ExternalID string `json:"external_id"`
	Field      string `json:"field,omitempty" doc:"The member to look at: data.service."`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion,omitempty" doc:"The name that was probably meant."`
	Waits      bool   `json:"waits,omitempty" doc:"It counts as soon as what it is about is reported: a payment may come before its invoice."`
}

// claimed is told of an event that says a credit was claimed: a backtest reads it, which knows no claim desk; here nothing does.
const claimed = "Nothing here reads that a credit was claimed. Record the claim on its finding, in the claim desk; such events count in a backtest alone."

// mostGuessed bounds the events of a batch for which the name is looked for that was probably meant.
const mostGuessed = 200

// prudence looks at events that come together: of which use they are to the obligations of their contracts.
type prudence struct {
	ctx      context.Context //nolint:containedctx // it is for one batch
	reads    store.Reads
	unit     string
	now      time.Time
	batch    []pact.Event // with the contracts they fall under
	families map[pact.ContractID]*family
}

func newPrudence(ctx context.Context, reads store.Reads, unit string, now time.Time, batch []pact.Event) *prudence {
	return &prudence{ctx: ctx, reads: reads, unit: unit, now: now, batch: batch, families: map[pact.ContractID]*family{}}
}

// warnings are those of events that were taken, in their order; line gives the place of each. They are asked for once the events are kept: what
// can not be read then is logged and costs the warnings of its contract, and no event.
func (o *Office) warnings(p *prudence, line func(i int) int) []EventWarning {
	out := []EventWarning{}
	guessed := 0
	failed := map[pact.ContractID]bool{}
	for i := range p.batch {
		e := &p.batch[i]
		for _, u := range e.Unlikely(p.now) {
			out = append(out, EventWarning{Line: line(i), ExternalID: e.ExternalID, Field: u.Path, Message: u.Message})
		}
		if failed[e.ContractID] {
			continue
		}
		if e.Data.Item == "claim" && e.Kind == "notice_sent" && e.Replaces == "" {
			out = append(out, EventWarning{Line: line(i), ExternalID: e.ExternalID, Field: "data.item", Message: claimed})
		}
		if w, odd := p.elsewhere(e); odd {
			w.Line, w.ExternalID = line(i), e.ExternalID
			out = append(out, w)
		}
		w, useless, err := p.useless(e, guessed < mostGuessed)
		if err != nil {
			failed[e.ContractID] = true
			o.Log.WarnContext(p.ctx, "events were taken without telling of which use they are", "contract", e.ContractID, "error", err)
			continue
		}
		if useless {
			guessed++
			w.Line, w.ExternalID = line(i), e.ExternalID
			out = append(out, w)
		}
	}
	return out
}

// elsewhere tells whether an event names a contract that is not the one it fell under: its invoice or order was known before.
func (p *prudence) elsewhere(e *pact.Event) (EventWarning, bool) {
	if e.ContractID == "" || e.Data.Contract == "" {
		return EventWarning{}, false
	}
	f, err := p.family(e.ContractID)
	if err != nil || f.has[e.Data.Contract] {
		return EventWarning{}, false // what can not be read is told of by useless
	}
	return EventWarning{Field: "data.contract", Message: fmt.Sprintf("No published contract of this one's family has the number %q. It was put here because what it is about was known before.", short(e.Data.Contract))}, true
}

// useless tells whether an event counts for nothing under its contract. What corrects another counts by taking that back, what says that a
// credit was claimed is told of by itself, and a rate is there for the day on which a sum needs it.
func (p *prudence) useless(e *pact.Event, guess bool) (EventWarning, bool, error) {
	if e.ContractID == "" || e.Kind == "correction" || e.Kind == "rate" || e.Replaces != "" || e.ReplacesExternal != "" || e.Data.Item == "claim" {
		return EventWarning{}, false, nil
	}
	f, err := p.family(e.ContractID)
	if err != nil {
		return EventWarning{}, false, err
	}
	f.uses.Meant = guess
	u, useless := f.uses.Of(e)
	if f.err != nil || !useless || f.many && u.Why == "matter" {
		return EventWarning{}, false, f.err
	}
	w := EventWarning{Field: u.Field, Message: u.Message, Suggestion: u.Meant}
	if u.Why == "matter" && len(obligation.Names(*e)) > 0 {
		w.Waits, w.Message = true, waiting(e, f.uses.Ahead(e), u.Meant)
	}
	return w, true, nil
}

// waiting says that what an event is about is not known yet: that is no mistake by itself.
func waiting(e *pact.Event, ahead []string, meant string) string {
	of := "what it is about"
	if len(ahead) > 0 {
		titles := make([]string, len(ahead))
		for i, name := range ahead {
			k, _ := pact.EventKindOf(name)
			titles[i] = strings.ToLower(k.Title)
		}
		of = strings.Join(titles, " or ")
	}
	words := fmt.Sprintf("Nothing of the name %q was reported yet (%s). It is kept, and counts as soon as that comes.", short(obligation.Names(*e)[0]), of)
	if meant != "" {
		words += fmt.Sprintf(" Perhaps %q is meant.", short(meant))
	}
	return words
}

// impossible says what an event says that can not be under its contract: a share of 160 %. "" where it may be, or where what the contract
// promises can not be read: then it is taken.
func (o *Office) impossible(p *prudence, e *pact.Event) string {
	why, err := p.impossible(e)
	if err != nil {
		o.Log.WarnContext(p.ctx, "an event was taken unchecked against its contract", "event", e.ExternalID, "error", err)
		return ""
	}
	return why
}

func (p *prudence) impossible(e *pact.Event) (string, error) {
	if e.Kind != "measurement" || e.Data.Value == nil || !e.Data.Value.IsNegative() && e.Data.Value.IntPart() < 100 {
		return "", nil
	}
	if e.ContractID == "" {
		id, _, err := contractOf(p.ctx, p.reads, p.unit, "", *e)
		if err != nil || id == "" {
			return "", err
		}
		e.ContractID = id
		defer func() { e.ContractID = "" }()
	}
	f, err := p.family(e.ContractID)
	if err != nil {
		return "", err
	}
	if u, useless := f.uses.Of(e); useless && u.Why == "impossible" {
		return strings.TrimPrefix(u.Field+": ", ": ") + u.Message, f.err
	}
	return "", f.err
}

// family is what is known of the contracts of a family: the facts beside their terms.
type family struct {
	p    *prudence
	head pact.ContractID
	uses *obligation.Uses
	line []effective.Timeline
	ids  map[string][]pact.ObligationID // by key
	has  map[string]bool                // the numbers of its contracts
	log  []pact.Event                   // of its matters, once it is needed
	read bool
	many bool  // too many to look through for a warning
	err  error // of the store; what was told then is not true
}

func (p *prudence) family(id pact.ContractID) (*family, error) {
	if f := p.families[id]; f != nil {
		return f, nil
	}
	f := &family{p: p, head: id, ids: map[string][]pact.ObligationID{}, has: map[string]bool{}}
	members, err := p.reads.Contracts.All(p.ctx, store.Where(store.Eq("family_id", id)).By("created_at"))
	if err != nil {
		return nil, err
	}
	for _, con := range members {
		f.has[con.Number] = true
		if con.Relation == "amendment" && con.ParentID != "" {
			continue
		}
		line, versions, err := obligation.OfContract(con, members, func(part pact.Contract) (pact.Version, error) {
			return p.reads.Versions.One(p.ctx, store.Where(store.Eq("contract_id", part.ID), store.Eq("number", part.CurrentVersion)))
		})
		if err != nil {
			return nil, fmt.Errorf("reading what %s promises: %w", con.ID, err)
		}
		f.line = append(f.line, line)
		for _, v := range versions {
			for _, o := range v.Obligations {
				f.ids[o.Key] = append(f.ids[o.Key], o.ID)
			}
		}
	}
	f.uses = obligation.NewUses(f, f.line...)
	p.families[id] = f
	return f, nil
}

// mine are the events of the batch that fall under the family.
func (f *family) mine(yield func(*pact.Event) bool) {
	for i := range f.p.batch {
		if e := &f.p.batch[i]; e.ContractID == f.head && !yield(e) {
			return
		}
	}
}

func (f *family) of(more ...store.Cond) store.Query {
	return store.Where(append([]store.Cond{store.Eq("contract_id", f.head), store.Eq("business_unit", f.p.unit)}, more...)...)
}

// Ticket tells whether the opening of a ticket was reported, before or beside the event.
func (f *family) Ticket(subject string) (judged, opened bool) {
	for e := range f.mine {
		if e.Kind == "ticket_opened" && e.Subject == subject {
			return false, true
		}
	}
	n, err := f.p.reads.Events.Count(f.p.ctx, f.of(store.Eq("subject", subject), store.Eq("kind", "ticket_opened")))
	if err != nil {
		f.err = err
	}
	return false, n > 0
}

// Judges tells whether an event opens what the obligation judges, or names an occurrence that is watched.
func (f *family) Judges(o pact.Obligation, e *pact.Event) bool {
	if k, err := obligation.KindOf(o.Kind); err == nil {
		if opener, ok := k.(obligation.Opener); ok && len(opener.Opened(o, []pact.Event{*e})) > 0 {
			return true
		}
	}
	if len(f.ids[o.Key]) == 0 {
		return false
	}
	n, err := f.p.reads.Occurrences.Count(f.p.ctx, store.Where(store.In("obligation_id", f.ids[o.Key]), store.In("key", obligation.Names(*e))))
	if err != nil {
		f.err = err
	}
	return n > 0
}

// Matters are the keys of what the calendar gives and the events open.
func (f *family) Matters(key string) []string {
	log := f.Log()
	var out []string
	for _, line := range f.line {
		for _, s := range line.Segments(key) {
			if s.Resolution.Winner == nil {
				continue
			}
			for _, occ := range obligation.Standing(line, *s.Resolution.Winner.Obligation, obligation.Asked{Log: log, Today: calendar.DateIn(f.p.now, time.UTC)}) {
				out = append(out, occ.Key)
			}
			break // all versions of a key together
		}
	}
	return out
}

// mostRead bounds the events of a family that are looked through for a warning: whoever delivers events waits for it.
const mostRead = 2000

// Log are the events under the contract that open matters, or lead from one to another, with those of the batch; none where they are too
// many.
func (f *family) Log() []pact.Event {
	if f.read {
		return f.log
	}
	f.read = true
	var kinds []string
	for _, k := range obligation.All() {
		if feed := obligation.FeedOf(k.Name()); feed.By == obligation.ByMatter {
			kinds = append(kinds, feed.Events...)
		}
	}
	slices.Sort(kinds)
	of := f.of(store.In("kind", slices.Compact(kinds)))
	n, err := f.p.reads.Events.Count(f.p.ctx, of)
	if f.err, f.many = err, n > mostRead; f.err != nil || f.many {
		return nil
	}
	f.err = f.p.reads.Events.Each(f.p.ctx, of, func(e pact.Event) error {
		f.log = append(f.log, e)
		return nil
	})
	for e := range f.mine {
		if e.ID == "" { // not kept yet
			f.log = append(f.log, *e)
		}
	}
	return f.log
}

// Leaves leaves nothing out: which contract of the family it is of is decided when it is judged.
func (f *family) Leaves(pact.Obligation, *pact.Event) string { return "" }
