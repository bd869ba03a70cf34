package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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
	"github.com/pactloop/pactloop/internal/strict"
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
	New        int                 `json:"new"`
	Repeated   int                 `json:"repeated"`
	Unmatched  int                 `json:"unmatched"` // kept, but no contract is known for them yet
	Rejected   int                 `json:"rejected" doc:"Events that can not be used, each told in rejections."`
	Events     []pact.Event        `json:"events"`
	Warnings   []EventWarning      `json:"warnings" doc:"Events that are kept and count for nothing so far, or may be slips."`
	Rejections []pact.RejectedLine `json:"rejections,omitempty" doc:"What was not taken and why; the line is the number of the event in the batch, from 1."`
	ImportID   pact.ImportID       `json:"import_id,omitempty" doc:"Under it the rejected events are kept (GET /event-imports/{id})."`
}

// Delivery is an event as it was delivered. Problems are why it can not be used, where that is known already.
type Delivery struct {
	Event    pact.Event
	Text     string // as it came, to be kept where it is rejected
	Problems []string
}

// TakeEvents is TakeDeliveries of events that were read.
func (o *Office) TakeEvents(ctx context.Context, unit string, events []pact.Event) (Taken, error) {
	list := make([]Delivery, len(events))
	for i, e := range events {
		list[i].Event = e
	}
	return o.TakeDeliveries(ctx, unit, list)
}

// TakeDeliveries keeps events that a machine delivers (POST /events). Needs role connector. Event by event: one that can not be used is
// rejected with its reasons and kept with them, the others are taken in the same change; an event that was here before counts as
// repeated where it says the same, and is rejected where it says something else. Where none can be used it fails with fault.Invalid, which names each.
func (o *Office) TakeDeliveries(ctx context.Context, unit string, list []Delivery) (Taken, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Connector) {
		return Taken{}, fault.New(fault.Denied, "Delivering events needs the role connector.")
	}
	list = slices.Clone(list)
	for i := range list {
		e := &list[i].Event
		// Ours to fill: a caller who could name the contract or the event replaced would reach into other units.
		e.ID, e.ContractID, e.MatchedBy, e.Ignored, e.Replaces, e.ReceivedAt = "", "", "", "", "", time.Time{}
		if err := checkEvent(*e); err != nil && len(list[i].Problems) == 0 {
			list[i].Problems = []string{err.Error()}
		}
	}
	var out Taken
	var places map[string]int
	var err error
	for range 3 { // the same batch twice at one instant: the loser finds the winner's events
		err = o.Store.Change(ctx, store.Act{Name: "events.take", Unit: unit}, func(ctx context.Context, tx store.Tx) error {
			var err error
			out, places, err = o.takeDeliveries(ctx, tx, unit, list, actor)
			return err
		})
		if !fault.Is(err, fault.Conflict) {
			break
		}
	}
	if err != nil {
		return out, err
	}
	if len(list) > 0 && out.Rejected == len(list) {
		return Taken{}, noneUsable(out.Rejections)
	}
	out.Warnings = o.warnings(newPrudence(ctx, o.Store.Reads(), unit, o.Now(), out.Events), func(i int) int { return places[out.Events[i].ExternalID] })
	return out, nil
}

// noneUsable is the answer where every event was rejected.
func noneUsable(list []pact.RejectedLine) error {
	f := fault.New(fault.Invalid, "Event %d is not usable: %s. Nothing of the batch was taken.", list[0].Line-1, strings.TrimSuffix(strings.Join(list[0].Problems, "; "), "."))
	for _, l := range list {
		for _, p := range l.Problems {
			f.Details = append(f.Details, fault.Detail{Field: fmt.Sprintf("events[%d]", l.Line-1), Message: p})
		}
	}
	return f
}

// takeDeliveries keeps what can be used of a batch; places are those of its events in it, by external id.
func (o *Office) takeDeliveries(ctx context.Context, tx store.Tx, unit string, list []Delivery, actor pact.Actor) (out Taken, places map[string]int, err error) {
	prudent := newPrudence(ctx, inside(tx), unit, tx.Now, nil)
	var fine []pact.Event
	places = map[string]int{}
	var rejected []pact.RejectedLine
	for i := range list {
		d := &list[i]
		why := d.Problems
		if len(why) == 0 {
			if why, err = o.refusal(ctx, tx, prudent, unit, d.Event, fine); err != nil {
				return Taken{}, nil, err
			}
		}
		if len(why) > 0 {
			rejected = append(rejected, pact.RejectedLine{Line: i + 1, Text: cutTo(d.text(), keptText), Problems: why})
			continue
		}
		if _, known := places[d.Event.ExternalID]; !known {
			places[d.Event.ExternalID] = i + 1
		}
		fine = append(fine, d.Event)
	}
	if out, err = o.takeEvents(ctx, tx, unit, "", fine); err != nil {
		return out, nil, err
	}
	if out.Rejected, out.Rejections = len(rejected), rejected; len(rejected) > 0 {
		out.ImportID, err = keepRejected(ctx, tx, unit, list, out, actor)
	}
	return out, places, err
}

func (d *Delivery) text() string {
	if d.Text != "" {
		return d.Text
	}
	raw, err := json.Marshal(d.Event)
	if err != nil {
		return d.Event.ExternalID
	}
	return string(raw)
}

// refusal is why an event that is sound in itself can not be taken: a notice of nobody knows what, a share of 160 %. before are those of the
// batch that were taken before it.
func (o *Office) refusal(ctx context.Context, tx store.Tx, prudent *prudence, unit string, e pact.Event, before []pact.Event) ([]string, error) {
	if slices.ContainsFunc(before, func(x pact.Event) bool { return x.ExternalID == e.ExternalID && !alike(x, e) }) {
		return []string{saidOtherwise}, nil
	}
	if here, same, err := hereBefore(ctx, tx.Events, unit, e); err != nil || same {
		return nil, err
	} else if here {
		return []string{saidOtherwise}, nil
	}
	e.BusinessUnit = unit
	why, err := noticeOf(ctx, tx.Events, e, func(subject string) bool {
		return slices.ContainsFunc(before, func(x pact.Event) bool { return x.Subject == subject && x.Kind != noticeSent })
	})
	if err == nil && why == "" {
		why = o.impossible(prudent, &e)
	}
	if err != nil || why == "" {
		return nil, err
	}
	return []string{why}, nil
}

// keepRejected keeps what was rejected of a batch, so that it can be looked at and mended. A batch that is sent again is kept once.
func keepRejected(ctx context.Context, tx store.Tx, unit string, list []Delivery, out Taken, actor pact.Actor) (pact.ImportID, error) {
	sum := sha256.New()
	for i := range list {
		_, _ = sum.Write([]byte(list[i].text() + "\n"))
	}
	digest := hex.EncodeToString(sum.Sum(nil))
	old, err := tx.Imports.One(ctx, store.Where(store.Eq("business_unit", unit), store.Eq("sha256", digest)))
	if err == nil || !fault.Is(err, fault.NotFound) {
		return old.ID, err
	}
	row := &pact.EventImport{
		ID: pact.NewID[pact.ImportID]("imp", tx.Now), BusinessUnit: unit, Name: delivered, SHA256: digest, Mapping: pact.EventMapping{Columns: []pact.MappedColumn{}},
		Lines: len(list), Events: len(list) - out.Rejected, New: out.New, Repeated: out.Repeated, Unmatched: out.Unmatched, Rejected: out.Rejected, Rejections: out.Rejections, By: actor.ID, CreatedAt: tx.Now,
	}
	return row.ID, tx.Imports.Insert(ctx, row)
}

// delivered is the name under which what was rejected of a batch is kept.
const delivered = "POST /api/v1/events"

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
		if meant := strict.Nearest(e.Kind, known); meant != "" {
			return fmt.Errorf("unknown kind %q; perhaps %s is meant", e.Kind, meant)
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
	for _, e := range events {
		e.BusinessUnit, e.ConnectionID, e.ReceivedAt = unit, from, tx.Now
		known, err := tx.Events.Count(ctx, store.Where(store.Eq("business_unit", unit), store.Eq("connection_id", from), store.Eq("external_id", e.ExternalID)))
		if err != nil {
			return out, err
		}
		if known > 0 {
			out.Repeated++
			continue
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

// noticeOf says of a notice that nobody can say what it is about: its subject is neither the date of a renewal nor anything that was
// reported before, in the same batch (beside) or earlier, and it does not say. "" is fine.
func noticeOf(ctx context.Context, events store.Reading[pact.Event], e pact.Event, beside func(subject string) bool) (string, error) {
	if e.Kind != noticeSent || e.Data.Item != "" || e.Data.Reference != "" || e.Subject == obligation.EvergreenKey || isDate(e.Subject) || beside(e.Subject) {
		return "", nil
	}
	before, err := events.Count(ctx, store.Where(store.Eq("business_unit", e.BusinessUnit), store.Eq("subject", e.Subject), store.Is("kind", "!=", noticeSent)))
	if err != nil || before > 0 {
		return "", err
	}
	return "subject: a notice that was sent needs as subject the renewal date it was sent ahead of (2026-09-01), evergreen, or what was reported before.", nil
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
