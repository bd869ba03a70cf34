package exchange

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// StatedCharge is what a service was charged in a month, as a person says.
type StatedCharge struct {
	Service   string       `json:"service" minLength:"1" maxLength:"200" doc:"As the obligation names it."`
	Month     string       `json:"month" maxLength:"7" doc:"Such as 2026-03."`
	Amount    money.Amount `json:"amount"`
	Reference string       `json:"reference,omitempty" maxLength:"200" doc:"Where it stands: the number of the invoice."`
	Note      string       `json:"note,omitempty" maxLength:"2000"`
}

// RecordCharge keeps what a service was charged in a month, as the event charge that a source would deliver. Needs role reviewer;
// whoever says it may not approve the money that is computed from it. A second charge of the same service and month is a
// conflict: a source delivers parts, a person says the whole.
func (o *Office) RecordCharge(ctx context.Context, id pact.ContractID, c StatedCharge) (pact.Event, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Event{}, fault.New(fault.Denied, "Recording a charge needs the role reviewer.")
	}
	c.Service = strings.TrimSpace(c.Service)
	first, err := calendar.ParseDate(c.Month + "-01")
	switch {
	case c.Service == "":
		return pact.Event{}, fault.New(fault.Invalid, "Say which service was charged. Nothing was kept.")
	case err != nil:
		return pact.Event{}, fault.New(fault.Invalid, "%.20q is no month; write 2026-03. Nothing was kept.", c.Month)
	case c.Amount.Check() != nil || !money.Sane(c.Amount.Value) || c.Amount.Value.IsNegative():
		return pact.Event{}, fault.New(fault.Invalid, "The charge is no sum with a currency; write 5000.00 and USD. Nothing was kept.")
	}
	var e pact.Event
	err = o.Store.Change(ctx, store.Act{Name: "charge.record", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		con, err := tx.Contracts.Lock(ctx, string(id))
		if err != nil {
			return err
		}
		if con.State != pact.ContractActive {
			return fault.New(fault.Conflict, "The contract is %s; charges are recorded for active contracts. Nothing was kept.", con.State)
		}
		if first.Time().After(tx.Now) {
			return fault.New(fault.Invalid, "%s lies ahead; a charge is recorded once it was made. Nothing was kept.", c.Month)
		}
		name, err := nameOf(ctx, tx, con)
		if err != nil {
			return err
		}
		e = pact.Event{
			ID: pact.NewID[pact.EventID]("evt", tx.Now), BusinessUnit: con.BusinessUnit, ContractID: con.FamilyID, Kind: "charge", Subject: c.Service,
			ExternalID: strings.Join([]string{"charge", string(con.ID), strings.ToLower(c.Service), c.Month}, "/"), OccurredAt: first.AddMonths(1).AddDays(-1).Time().Add(12 * time.Hour), ReceivedAt: tx.Now,
			MatchedBy: "recorded by " + actor.Name,
			Data:      pact.EventData{Service: c.Service, Month: c.Month, Amount: &c.Amount, Contract: name, Reference: strings.TrimSpace(c.Reference), Reason: strings.TrimSpace(c.Note), ApprovedBy: actor.ID},
		}
		if e.OccurredAt.After(tx.Now) {
			e.OccurredAt = tx.Now
		}
		if err := tx.Events.Insert(ctx, &e); err != nil {
			if fault.Is(err, fault.Conflict) {
				return fault.New(fault.Conflict, "A charge for %s in %s is recorded already. A correction is an event that names %q in replaces_external. Nothing was kept.", c.Service, c.Month, e.ExternalID)
			}
			return err
		}
		tx.Note(ctx, "service", c.Service)
		tx.Note(ctx, "month", c.Month)
		tx.Note(ctx, "amount", c.Amount.String())
		tx.Note(ctx, "reference", e.Data.Reference)
		tx.Note(ctx, "note", e.Data.Reason)
		var touched touches
		touched.add(e)
		return touched.enqueue(ctx, tx)
	})
	if err != nil {
		return pact.Event{}, fmt.Errorf("recording a charge: %w", err)
	}
	return e, nil
}
