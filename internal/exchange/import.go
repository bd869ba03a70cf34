package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// EventTable is a table of events that somebody brings.
type EventTable struct {
	BusinessUnit string
	Name         string // of the file
	CSV          string
	Mapping      pact.EventMapping
	DryRun       bool // look at it only
}

// ImportedTable is what became of a table, or would.
type ImportedTable struct {
	Import  pact.EventImport `json:"import"`
	Columns []TableColumn    `json:"columns"`
	Preview []PreviewEvent   `json:"preview" doc:"The first events as they are read."`
	// Warnings are of lines that are taken.
	Warnings []EventWarning `json:"warnings" doc:"Lines that are taken and count for nothing so far, or may be slips."`
	DryRun   bool           `json:"dry_run" doc:"Nothing was kept."`
}

// PreviewEvent is an event of a table, with the contract it falls under.
type PreviewEvent struct {
	Line       int             `json:"line"`
	Event      pact.Event      `json:"event"`
	ContractID pact.ContractID `json:"contract_id,omitempty"`
	MatchedBy  string          `json:"matched_by" doc:"Why it falls under this contract; without one, why none was found."`
	Repeated   bool            `json:"repeated,omitempty" doc:"It was here before and counts once."`
}

// ImportEvents takes a table of events. Needs role connector. Lines that can not be used are kept with their reasons, and
// the rest is taken in the same change; a table that is brought again counts as repeated, event by event. An external id
// that was here with other content is refused: whoever corrects gives a new one, and names the old one.
func (o *Office) ImportEvents(ctx context.Context, in EventTable) (ImportedTable, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Connector) {
		return ImportedTable{}, fault.New(fault.Denied, "Delivering events needs the role connector.")
	}
	if !actor.Sees(in.BusinessUnit) {
		return ImportedTable{}, fault.New(fault.Denied, "The business unit %q is not yours.", short(in.BusinessUnit))
	}
	t, err := readTable(in.CSV, in.Mapping)
	if err != nil {
		return ImportedTable{}, err
	}
	if in.DryRun {
		return o.look(ctx, in, t)
	}
	var out ImportedTable
	var taken Taken
	for range 3 { // the same table twice at one instant: the loser finds the winner's events
		err = o.Store.Change(ctx, store.Act{Name: "events.import", Unit: in.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
			prudent := newPrudence(ctx, inside(tx), in.BusinessUnit, tx.Now, nil)
			rejected, events, err := o.known(ctx, prudent, t)
			if err != nil {
				return err
			}
			taken, err = o.takeEvents(ctx, tx, in.BusinessUnit, "", events)
			if err != nil {
				return err
			}
			out = report(in, t, rejected)
			row := &out.Import
			row.ID, row.By, row.CreatedAt = pact.NewID[pact.ImportID]("imp", tx.Now), actor.ID, tx.Now
			row.New, row.Repeated, row.Unmatched = taken.New, taken.Repeated, taken.Unmatched
			for _, e := range taken.Events[:min(len(taken.Events), keptPreview)] {
				out.Preview = append(out.Preview, PreviewEvent{Line: t.byID[e.ExternalID].line, Event: e, ContractID: e.ContractID, MatchedBy: e.MatchedBy})
			}
			return tx.Imports.Insert(ctx, row)
		})
		if !fault.Is(err, fault.Conflict) {
			break
		}
	}
	if err != nil {
		return out, err
	}
	out.Warnings = o.warnings(newPrudence(ctx, o.Store.Reads(), in.BusinessUnit, o.Now(), taken.Events), func(i int) int { return t.byID[taken.Events[i].ExternalID].line })
	return out, nil
}

// report counts a table that was read.
func report(in EventTable, t *table, rejected []pact.RejectedLine) ImportedTable {
	sum := sha256.Sum256([]byte(in.CSV))
	return ImportedTable{Columns: t.columns, Preview: []PreviewEvent{}, Warnings: []EventWarning{}, DryRun: in.DryRun, Import: pact.EventImport{
		BusinessUnit: in.BusinessUnit, Name: cutTo(in.Name, 200), SHA256: hex.EncodeToString(sum[:]), Mapping: in.Mapping,
		Lines: t.lines, Events: len(t.drafts), Rejected: len(rejected), Rejections: rejected,
	}}
}

// known tells events apart that were here before with other content, and those that say what can not be under their contract: they are
// rejected. It leaves the table as it is.
func (o *Office) known(ctx context.Context, prudent *prudence, t *table) ([]pact.RejectedLine, []pact.Event, error) {
	unit := prudent.unit
	rejected := append([]pact.RejectedLine{}, t.rejected...)
	var fine []pact.Event
	reject := func(d *draft, why string) {
		for _, l := range d.texts {
			l.Problems = []string{why}
			rejected = append(rejected, l)
		}
	}
	for i, d := range t.drafts {
		here, same, err := hereBefore(ctx, prudent.reads.Events, unit, d.event)
		switch {
		case err != nil:
			return nil, nil, err
		case same:
			fine = append(fine, d.event)
			continue
		case here:
			reject(d, saidOtherwise)
			continue
		}
		e := d.event
		e.BusinessUnit = unit
		why, err := noticeOf(ctx, prudent.reads.Events, e, func(subject string) bool {
			return slices.ContainsFunc(t.drafts[:i], func(x *draft) bool { return x.event.Subject == subject && x.event.Kind != noticeSent })
		})
		if err == nil && why == "" {
			why = o.impossible(prudent, &e)
		}
		if err != nil {
			return nil, nil, err
		}
		if why != "" {
			reject(d, why)
			continue
		}
		fine = append(fine, d.event)
	}
	return rejected, fine, nil
}

// saidOtherwise is why an event is rejected whose external id was here with other content.
const saidOtherwise = "An event with this external_id was here before and says something else. To correct it, give a new external_id and name the old one in replaces_external."

// hereBefore tells whether an event with the external id of this one was delivered to a unit before, and whether it said the same.
func hereBefore(ctx context.Context, events store.Reading[pact.Event], unit string, e pact.Event) (here, same bool, err error) {
	old, err := events.One(ctx, store.Where(store.Eq("business_unit", unit), store.Eq("connection_id", ""), store.Eq("external_id", e.ExternalID)))
	if fault.Is(err, fault.NotFound) {
		return false, false, nil
	}
	return err == nil, err == nil && alike(old, e), err
}

// alike tells whether two events say the same, but for what we fill in ourselves and for less than a microsecond, which is not kept.
func alike(a, b pact.Event) bool {
	plain := func(e pact.Event) string {
		raw, err := json.Marshal(pact.Event{ExternalID: e.ExternalID, Kind: e.Kind, Subject: e.Subject, OccurredAt: e.OccurredAt.UTC().Truncate(time.Microsecond), Data: e.Data, ReplacesExternal: e.ReplacesExternal})
		if err != nil {
			return fmt.Sprint(err)
		}
		return string(raw)
	}
	return plain(a) == plain(b)
}

// look tells what would become of a table.
func (o *Office) look(ctx context.Context, in EventTable, t *table) (ImportedTable, error) {
	reads := o.Store.Reads()
	prudent := newPrudence(ctx, reads, in.BusinessUnit, o.Now(), nil)
	rejected, events, err := o.known(ctx, prudent, t)
	if err != nil {
		return ImportedTable{}, err
	}
	out := report(in, t, rejected)
	for _, e := range events {
		before, err := reads.Events.Count(ctx, store.Where(store.Eq("business_unit", in.BusinessUnit), store.Eq("connection_id", ""), store.Eq("external_id", e.ExternalID)))
		if err != nil {
			return out, err
		}
		p := PreviewEvent{Line: t.byID[e.ExternalID].line, Event: e, Repeated: before > 0}
		if p.Repeated {
			out.Import.Repeated++
		} else {
			out.Import.New++
			if p.ContractID, p.MatchedBy, err = contractOf(ctx, reads, in.BusinessUnit, "", e); err != nil {
				return out, err
			}
			if p.ContractID == "" {
				out.Import.Unmatched++
			}
		}
		if !p.Repeated {
			e.ContractID = p.ContractID
			prudent.batch = append(prudent.batch, e)
		}
		if len(out.Preview) < keptPreview {
			out.Preview = append(out.Preview, p)
		}
	}
	out.Warnings = o.warnings(prudent, func(i int) int { return t.byID[prudent.batch[i].ExternalID].line })
	return out, nil
}
