package exchange

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Poll reads a stream of a connection from its cursor to its end. The cursor moves in the transaction that keeps what was
// read, so a crash reads the same page again, and the same events again are repeats.
func (o *Office) Poll(ctx context.Context, args job.Poll) error {
	for page := 0; page < 1000; page++ {
		c, err := o.Store.Reads().Connections.Get(ctx, string(args.ConnectionID))
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if !c.Enabled {
			return nil
		}
		more, err := o.poll(ctx, c, args.Stream)
		if err != nil {
			return o.pollFailed(ctx, c, args.Stream, err)
		}
		if !more {
			return o.rearm(ctx, c, args.Stream)
		}
	}
	return o.Snooze(time.Second)
}

func (o *Office) poll(ctx context.Context, c pact.Connection, stream string) (bool, error) {
	conn, err := o.Connections.Open(ctx, c)
	if err != nil {
		return false, err
	}
	reader, ok := conn.(connector.Reader)
	if !ok {
		return false, fault.New(fault.Unsupported, "The connection %q has no streams.", c.Name)
	}
	page, err := reader.Read(ctx, stream, c.Streams[stream].Cursor)
	if err != nil {
		return false, fmt.Errorf("reading stream %s: %w", stream, err)
	}
	o.Reached("poll:read")
	return page.More, o.keep(ctx, c, stream, page)
}

func (o *Office) keep(ctx context.Context, c pact.Connection, stream string, page connector.Page) error {
	return o.Store.Change(ctx, store.Act{Name: "stream.read", Subject: string(c.ID), Unit: c.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		row, err := tx.Connections.Lock(ctx, string(c.ID))
		if err != nil {
			return err
		}
		for _, rec := range page.Records {
			if rec.Contract != nil || len(rec.Refs) > 0 {
				ref := pact.RecordRef{ConnectionID: c.ID, Object: rec.Object, ExternalID: rec.ExternalID}
				if err := tx.EnqueueWith(ctx, job.Queued{Args: job.FetchRecord{Ref: ref}, Options: job.Options{Unique: true}}); err != nil {
					return err
				}
			}
			if len(rec.Events) > 0 {
				if _, err := o.takeEvents(ctx, tx, c.BusinessUnit, c.ID, rec.Events); err != nil {
					return err
				}
			}
		}
		if row.Streams == nil {
			row.Streams = map[string]pact.StreamState{}
		}
		s := row.Streams[stream]
		s.Cursor, s.ReadAt, s.Error = page.Next, tx.Now, ""
		s.Records += int64(len(page.Records))
		row.Streams[stream] = s
		setHealth(&row, nil, tx.Now)
		return tx.Connections.Update(ctx, &row)
	})
}

func (o *Office) pollFailed(ctx context.Context, c pact.Connection, stream string, cause error) error {
	class, message, after := classify(cause)
	err := o.Store.Change(ctx, store.Act{Name: "stream.fail", Subject: string(c.ID), Unit: c.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		row, err := tx.Connections.Lock(ctx, string(c.ID))
		if err != nil {
			return err
		}
		if row.Streams == nil {
			row.Streams = map[string]pact.StreamState{}
		}
		s := row.Streams[stream]
		s.Error = message
		row.Streams[stream] = s
		setHealth(&row, cause, tx.Now)
		return tx.Connections.Update(ctx, &row)
	})
	if err != nil {
		return err
	}
	if class == connector.FailUnavailable {
		if after <= 0 {
			after = 5 * time.Second
		}
		return o.Snooze(after)
	}
	return o.rearm(ctx, c, stream)
}

// rearm sets the timer of the next poll.
func (o *Office) rearm(ctx context.Context, c pact.Connection, stream string) error {
	spec, err := o.Connections.Connector(c.Connector)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(spec.Streams, func(s connector.Stream) bool { return s.Name == stream })
	if i < 0 {
		return fault.New(fault.Unsupported, "%s has no stream named %q.", spec.Title, stream)
	}
	return o.Store.Change(ctx, store.Act{Name: "stream.arm", Subject: string(c.ID), Unit: c.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		return tx.SetTimer(ctx, "poll", string(c.ID)+"/"+stream, tx.Now.Add(spec.Streams[i].Every))
	})
}

// PollJob reads the reference of a poll timer.
func PollJob(ref string) job.Queued {
	id, stream, _ := strings.Cut(ref, "/")
	return job.Queued{Args: job.Poll{ConnectionID: pact.ConnectionID(id), Stream: stream}, Options: job.Options{Queue: "exchange", Unique: true}}
}

// Taken counts what became of a batch of events.
type Taken struct {
	New       int          `json:"new"`
	Repeated  int          `json:"repeated"`
	Unmatched int          `json:"unmatched"` // kept, but no contract is known for them yet
	Events    []pact.Event `json:"events"`
}

// TakeEvents keeps events that a machine delivers (POST /events). Needs role connector. The batch is kept whole or not at
// all; an event that was here before counts as repeated.
func (o *Office) TakeEvents(ctx context.Context, unit string, events []pact.Event) (Taken, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Connector) {
		return Taken{}, fault.New(fault.Denied, "Delivering events needs the role connector.")
	}
	events = slices.Clone(events)
	for i := range events {
		e := &events[i]
		// Ours to fill: a caller who could name the contract or the event replaced would reach into other units.
		e.ID, e.ContractID, e.MatchedBy, e.Ignored, e.Replaces, e.ReceivedAt = "", "", "", "", "", time.Time{}
		if err := checkEvent(*e); err != nil {
			return Taken{}, &fault.Fault{Kind: fault.Invalid, Message: fmt.Sprintf("Event %d is not usable: %v. Nothing of the batch was kept.", i, err), Details: []fault.Detail{{Field: fmt.Sprintf("events[%d]", i), Message: err.Error()}}}
		}
	}
	var out Taken
	var err error
	for range 3 { // the same batch twice at one instant: the loser finds the winner's events
		err = o.Store.Change(ctx, store.Act{Name: "events.take", Unit: unit}, func(ctx context.Context, tx store.Tx) error {
			var err error
			out, err = o.takeEvents(ctx, tx, unit, "", events)
			return err
		})
		if !fault.Is(err, fault.Conflict) {
			break
		}
	}
	return out, err
}

// longestOutage bounds the months that one event makes us judge.
const longestOutage = 366 * 24 * time.Hour

func checkEvent(e pact.Event) error {
	switch {
	case strings.TrimSpace(e.ExternalID) == "":
		return fmt.Errorf("external_id is needed, so that a repeat is known")
	case obligation.ReservedName(e.ExternalID):
		return fmt.Errorf("external_id must not begin with %s or %s: these are the names of what people say here", obligation.AnswerPrefix, obligation.TriggerPrefix)
	case e.OccurredAt.IsZero():
		return fmt.Errorf("occurred_at is needed")
	case e.OccurredAt.Year() < 1990 || e.OccurredAt.Year() > 2100:
		return fmt.Errorf("occurred_at lies outside the years 1990 to 2100")
	case e.Kind == "outage" && e.Data.EndAt.Sub(e.OccurredAt) > longestOutage:
		return fmt.Errorf("an outage of more than a year is reported in parts")
	case e.Kind == noticeSent && e.Data.Contract == "":
		return fmt.Errorf("a notice that was sent needs data.contract, the number of the contract")
	case e.Kind == obligation.RenewalDecided && e.Data.Contract == "":
		return fmt.Errorf("a decision about a renewal needs data.contract, the number of the contract")
	case e.Kind == obligation.RenewalDecided && !isDate(e.Subject):
		return fmt.Errorf("a decision about a renewal needs as subject the date of the renewal, such as 2026-09-01")
	}
	if _, ok := pact.EventKindOf(e.Kind); !ok {
		var known []string
		for _, k := range pact.EventKinds() {
			known = append(known, k.Kind)
		}
		return fmt.Errorf("unknown kind %q; use one of %s", e.Kind, strings.Join(known, ", "))
	}
	var wrong []string
	for _, p := range e.Problems() {
		wrong = append(wrong, p.Path+": "+p.Message)
	}
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "; "))
	}
	return nil
}

func isDate(s string) bool {
	_, err := calendar.ParseDate(s)
	return err == nil
}

// noticeSent says that the notice which ends a contract, or keeps it from renewing, went out.
const noticeSent = "notice_sent"

// ofRenewal tells whether an event is about the renewal of the contract that it names by its number.
func ofRenewal(e pact.Event) bool { return e.Kind == noticeSent || e.Kind == obligation.RenewalDecided }

// takeEvents keeps events and queues one assessment per subject that changed.
func (o *Office) takeEvents(ctx context.Context, tx store.Tx, unit string, from pact.ConnectionID, events []pact.Event) (Taken, error) {
	var out Taken
	var touched touches
	for i, e := range events {
		e.BusinessUnit, e.ConnectionID, e.ReceivedAt = unit, from, tx.Now
		known, err := tx.Events.Count(ctx, store.Where(store.Eq("business_unit", unit), store.Eq("connection_id", from), store.Eq("external_id", e.ExternalID)))
		if err != nil {
			return out, err
		}
		if known > 0 {
			out.Repeated++
			continue
		}
		if err := noticeOf(ctx, tx, e, i); err != nil {
			return out, err
		}
		if err := replaced(ctx, tx, from, &e); err != nil {
			return out, err
		}
		if e.ContractID == "" {
			if e.ContractID, e.MatchedBy, err = contractOf(ctx, inside(tx), unit, from, e); err != nil {
				return out, err
			}
		}
		if e.ContractID == "" {
			if e.Ignored, err = setAside(ctx, tx, unit, from, e); err != nil {
				return out, err
			}
		}
		e.ID = pact.NewID[pact.EventID]("evt", tx.Now)
		if err := tx.Events.Insert(ctx, &e); err != nil {
			return out, err
		}
		out.New++
		out.Events = append(out.Events, e)
		if e.ContractID == "" {
			if e.Ignored == "" {
				out.Unmatched++
			}
			continue
		}
		touched.add(e)
	}
	return out, touched.enqueue(ctx, tx)
}

// noticeOf refuses a notice of which nobody can say what it is about: its subject is neither the date of a renewal nor
// anything that was reported before, and it does not say.
func noticeOf(ctx context.Context, tx store.Tx, e pact.Event, i int) error {
	if e.Kind != noticeSent || e.ConnectionID != "" || e.Data.Item != "" || e.Data.Reference != "" || e.Subject == obligation.EvergreenKey || isDate(e.Subject) {
		return nil
	}
	before, err := tx.Events.Count(ctx, store.Where(store.Eq("business_unit", e.BusinessUnit), store.Eq("subject", e.Subject), store.Is("kind", "!=", noticeSent)))
	if err != nil || before > 0 {
		return err
	}
	return fault.New(fault.Invalid, "Event %d is not usable: a notice that was sent needs as subject the renewal date it was sent ahead of (2026-09-01), evergreen, or what was reported before. Nothing of the batch was kept.", i)
}

// touches collects what is to be judged again: each ticket by itself, and everything else of a contract together, because
// it is judged from one log.
type touches struct {
	tickets map[string]job.Assess
	others  map[pact.ContractID][]pact.EventID
}

func (t *touches) add(e pact.Event) {
	if t.tickets == nil {
		t.tickets, t.others = map[string]job.Assess{}, map[pact.ContractID][]pact.EventID{}
	}
	if obligation.OfTicket(e.Kind) {
		t.tickets[string(e.ContractID)+"\x00"+e.Subject] = job.Assess{ContractID: e.ContractID, Subject: e.Subject}
		return
	}
	t.others[e.ContractID] = append(t.others[e.ContractID], e.ID)
}

// mostTouched is how many events one job judges.
const mostTouched = 500

func (t *touches) enqueue(ctx context.Context, tx store.Tx) error {
	var jobs []job.Queued
	for _, key := range sortedKeys(t.tickets) {
		jobs = append(jobs, job.Queued{Args: t.tickets[key], Options: job.Options{Queue: "monitor"}})
	}
	for _, id := range sortedKeys(t.others) {
		for some := range slices.Chunk(t.others[id], mostTouched) {
			jobs = append(jobs, job.Queued{Args: job.Assess{ContractID: id, EventIDs: some}, Options: job.Options{Queue: "monitor"}})
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	return tx.EnqueueWith(ctx, jobs...)
}

// MatchEvents looks again for the contract of events that had none and that nobody set aside. It runs after a contract was
// published.
func (o *Office) MatchEvents(ctx context.Context, args job.MatchEvents) error {
	for after := ""; ; {
		left, err := o.Store.Reads().Events.List(ctx, store.Query{Where: []store.Cond{store.Eq("business_unit", args.BusinessUnit), store.Eq("contract_id", ""), store.Eq("ignored", "")}, Order: []string{"occurred_at"}, Limit: 500, After: after})
		if err != nil || len(left.Items) == 0 {
			return err
		}
		err = o.Store.Change(ctx, store.Act{Name: "events.match", Unit: args.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
			var touched touches
			for _, e := range left.Items {
				id, why, err := contractOf(ctx, inside(tx), args.BusinessUnit, e.ConnectionID, e)
				if err != nil {
					return err
				}
				if id == "" {
					continue
				}
				e.ContractID, e.MatchedBy = id, why
				if err := tx.Events.Update(ctx, &e); err != nil {
					return err
				}
				touched.add(e)
			}
			return touched.enqueue(ctx, tx)
		})
		if err != nil || left.Next == "" {
			return err
		}
		after = left.Next
	}
}

// replaced resolves the external id of a corrected event to ours.
func replaced(ctx context.Context, tx store.Tx, from pact.ConnectionID, e *pact.Event) error {
	if e.ReplacesExternal == "" || e.Replaces != "" {
		return nil
	}
	old, err := tx.Events.One(ctx, store.Where(store.Eq("business_unit", e.BusinessUnit), store.Eq("connection_id", from), store.Eq("external_id", e.ReplacesExternal)))
	if fault.Is(err, fault.NotFound) {
		return nil // what it corrects never came: it stands alone
	}
	if err != nil {
		return err
	}
	e.Replaces = old.ID
	return nil
}

// oneFamily gives the head of the family when all contracts are of one.
func oneFamily(cs []pact.Contract) (pact.ContractID, bool) {
	if len(cs) == 0 {
		return "", false
	}
	for _, c := range cs {
		if c.FamilyID != cs[0].FamilyID {
			return "", false
		}
	}
	return cs[0].FamilyID, true
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
