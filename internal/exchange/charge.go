package exchange

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
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
// whoever says it may not approve the money that is computed from it. A charge beside one that is known of the same service and month,
// whoever it came from, is a conflict: a source delivers parts, a person says the whole, and corrects it with CorrectCharge. After a charge was taken back
// another one can be said.
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
	case !payable(c.Amount):
		return pact.Event{}, wrongField("body.amount", tooFine(c.Amount), "kept")
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
		if err := bearable(ctx, tx, c.Amount, "kept"); err != nil {
			return err
		}
		if err := namedService(ctx, tx, con, c.Service); err != nil {
			return err
		}
		if err := uncharged(ctx, tx, con, c); err != nil {
			return err
		}
		name, err := nameOf(ctx, tx, con)
		if err != nil {
			return err
		}
		e = pact.Event{
			ID: pact.NewID[pact.EventID]("evt", tx.Now), BusinessUnit: con.BusinessUnit, ContractID: con.FamilyID, Kind: "charge", Subject: c.Service,
			OccurredAt: first.AddMonths(1).AddDays(-1).Time().Add(12 * time.Hour), ReceivedAt: tx.Now,
			MatchedBy: "recorded by " + actor.Name,
			Data:      pact.EventData{Service: c.Service, Month: c.Month, Amount: &c.Amount, Contract: name, Reference: strings.TrimSpace(c.Reference), Reason: strings.TrimSpace(c.Note), ApprovedBy: actor.ID},
		}
		if e.OccurredAt.After(tx.Now) {
			e.OccurredAt = tx.Now
		}
		if e.ExternalID, err = freeCharge(ctx, tx, con, strings.Join([]string{"charge", string(con.ID), strings.ToLower(c.Service), c.Month}, "/"), c); err != nil {
			return err
		}
		return keepStated(ctx, tx, &e, said{"service", c.Service}, said{"month", c.Month}, said{"amount", c.Amount.String()}, said{"reference", e.Data.Reference}, said{"note", e.Data.Reason})
	})
	if err != nil {
		return pact.Event{}, fmt.Errorf("recording a charge: %w", err)
	}
	return e, nil
}

func wrongField(field, message, nothing string) error {
	f := fault.New(fault.Invalid, "%s Nothing was %s.", message, nothing)
	f.Details = []fault.Detail{{Field: field, Message: message}}
	return f
}

// payable tells whether an amount has no more decimals than its currency.
func payable(a money.Amount) bool { return a.Equal(a.Round()) }

func tooFine(a money.Amount) string {
	switch places := money.MinorUnits(a.Currency); places {
	case 0:
		return fmt.Sprintf("A charge in %s has no decimals.", a.Currency)
	default:
		return fmt.Sprintf("A charge in %s has no more than %d decimals.", a.Currency, places)
	}
}

// bearable refuses a charge above what the approval policy lets a person state. It is no question for a second person: the money that
// is computed from a charge has its own four eyes, and an event once kept is judged at once.
func bearable(ctx context.Context, tx store.Tx, a money.Amount, nothing string) error {
	limits := pact.DefaultLimits()
	row, err := tx.Policies.One(ctx, store.Where(store.Eq("kind", "approval"), store.Eq("active", true)).By("-version"))
	switch {
	case err == nil:
		limits = pact.Limits{}
		if err := json.Unmarshal(row.Body, &limits); err != nil {
			return fmt.Errorf("reading version %d of the approval policy: %w", row.Version, err)
		}
	case !fault.Is(err, fault.NotFound):
		return err
	}
	most := limits.Charge(a.Currency)
	if !a.Value.GreaterThan(most.Value) {
		return nil
	}
	return wrongField("body.amount", fmt.Sprintf("%s is more than a person may state as charged for a service in a month (%s). Look at the digits; administrators change the limit (approval policy, charge_limits), and a larger charge can come from the system that made it.", a, most), nothing)
}

// namedService refuses a charge of a service that no obligation of the family names, where each names one.
func namedService(ctx context.Context, tx store.Tx, con pact.Contract, service string) error {
	members, err := tx.Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID)))
	if err != nil {
		return err
	}
	ids := make([]string, 0, len(members))
	for _, m := range members {
		ids = append(ids, string(m.ID))
	}
	kinds := []string{obligation.Availability{}.Name(), obligation.ServiceLevel{}.Name(), obligation.CreditPool{}.Name()}
	charged, err := tx.Obligations.All(ctx, store.Where(store.In("contract_id", ids), store.In("kind", kinds)))
	if err != nil {
		return err
	}
	var named []string
	for _, o := range charged {
		name := strings.TrimSpace(serviceOf(o))
		if name == "" || strings.EqualFold(name, obligation.AnyService) || obligation.SameName(name, service) {
			return nil // one that names none counts every charge of the contract
		}
		if !slices.ContainsFunc(named, func(x string) bool { return obligation.SameName(x, name) }) {
			named = append(named, name)
		}
	}
	if len(named) == 0 {
		return nil
	}
	slices.Sort(named)
	return wrongField("body.service", fmt.Sprintf("No obligation of the contract names the service %.80q. There are: %s.", service, strings.Join(named, ", ")), "kept")
}

// uncharged refuses a charge beside one that a system delivered; what a person said is for freeCharge.
func uncharged(ctx context.Context, tx store.Tx, con pact.Contract, c StatedCharge) error {
	known, err := tx.Events.All(ctx, store.Where(store.Eq("contract_id", con.FamilyID), store.In("kind", []string{"charge", "correction"})))
	if err != nil {
		return err
	}
	gone := map[pact.EventID]bool{}
	for _, e := range known {
		gone[e.Replaces] = true
	}
	for _, e := range known {
		if e.Kind != "charge" || gone[e.ID] || e.Ignored != "" || e.Data.Month != c.Month || !obligation.SameName(e.Data.Service, c.Service) {
			continue
		}
		if e.Data.ApprovedBy != "" {
			return fault.New(fault.Conflict, "A charge for %s in %s is recorded already: %s. Correct that one, or take it back. Nothing was kept.", c.Service, c.Month, e.Data.Amount)
		}
		source, err := sourceOf(ctx, tx, e)
		if err != nil {
			return err
		}
		return fault.New(fault.Conflict, "A charge for %s in %s is known already: %s, delivered by %s as %.120q. Charges add up, so a second one would count twice; correct it there. Nothing was kept.", c.Service, c.Month, e.Data.Amount, source, e.ExternalID)
	}
	return nil
}

// sourceOf names where an event came from.
func sourceOf(ctx context.Context, tx store.Tx, e pact.Event) (string, error) {
	if e.ConnectionID == "" {
		return "a table of events or the API", nil
	}
	c, err := tx.Connections.Get(ctx, string(e.ConnectionID))
	if fault.Is(err, fault.NotFound) {
		return "a connection that is gone", nil
	}
	return "the connection " + c.Name, err
}

// freeCharge is the number under which a charge is kept: what was said before of the same service and month must have been taken back.
// The contract is locked.
func freeCharge(ctx context.Context, tx store.Tx, con pact.Contract, number string, c StatedCharge) (string, error) {
	e, err := tx.Events.One(ctx, store.Where(store.Eq("business_unit", con.BusinessUnit), store.Eq("connection_id", ""), store.Eq("external_id", number)))
	for {
		if fault.Is(err, fault.NotFound) {
			return number, nil
		}
		if err != nil {
			return "", err
		}
		next, err := tx.Events.One(ctx, store.Where(store.Eq("replaces", e.ID)))
		switch {
		case err == nil:
			e = next
			continue
		case !fault.Is(err, fault.NotFound):
			return "", err
		case e.Kind != "correction":
			return "", fault.New(fault.Conflict, "A charge for %s in %s is recorded already: %s. Correct that one, or take it back. Nothing was kept.", c.Service, c.Month, e.Data.Amount)
		}
		return freeCharge(ctx, tx, con, e.ExternalID+"/again", c)
	}
}

// CorrectedCharge is what a charge that a person said should have been.
type CorrectedCharge struct {
	EventID   pact.EventID  `json:"event_id" doc:"The charge as it stands."`
	Amount    *money.Amount `json:"amount,omitempty" doc:"What was charged instead; absent: the charge is taken back, and the amount waits for another."`
	Reference string        `json:"reference,omitempty" maxLength:"200" doc:"Where it stands: the number of the invoice."`
	Reason    string        `json:"reason" maxLength:"2000" doc:"Why; it stays beside both."`
}

// CorrectCharge replaces a charge that a person said, or takes it back: the event stays, and another one says that it no longer counts.
// What was computed from it is computed again, with the difference. Needs role reviewer; whoever corrects may not approve the money
// that follows. fault.Conflict where it was corrected meanwhile, and for what a source delivered.
func (o *Office) CorrectCharge(ctx context.Context, id pact.ContractID, c CorrectedCharge) (pact.Event, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Event{}, fault.New(fault.Denied, "Correcting a charge needs the role reviewer.")
	}
	c.Reason = strings.TrimSpace(c.Reason)
	if err := c.check(); err != nil {
		return pact.Event{}, err
	}
	var e pact.Event
	err := o.Store.Change(ctx, store.Act{Name: "charge.correct", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		con, err := tx.Contracts.Lock(ctx, string(id))
		if err != nil {
			return err
		}
		old, err := tx.Events.Get(ctx, string(c.EventID))
		switch {
		case err != nil:
			return err
		case old.Kind != "charge" || old.ContractID != con.FamilyID || old.BusinessUnit != con.BusinessUnit:
			return fault.New(fault.NotFound, "This is no charge of the contract.")
		case old.Data.ApprovedBy == "":
			return fault.New(fault.Conflict, "This charge came from another system. Correct it there; the correction comes here as an event. Nothing was changed.")
		case c.Amount != nil && old.Data.Amount != nil && c.Amount.Equal(*old.Data.Amount):
			f := fault.New(fault.Invalid, "The charge is %s already. Nothing was changed.", old.Data.Amount)
			f.Details = []fault.Detail{{Field: "body.amount", Message: "This is what was said before."}}
			return f
		}
		if c.Amount != nil {
			if err := bearable(ctx, tx, *c.Amount, "changed"); err != nil {
				return err
			}
		}
		later, err := tx.Events.Count(ctx, store.Where(store.Eq("replaces", old.ID)))
		if err != nil {
			return err
		}
		if later > 0 {
			return fault.New(fault.Conflict, "The charge was corrected meanwhile. Look at it again. Nothing was changed.")
		}
		e = old
		e.ID, e.ReceivedAt, e.ExternalID, e.MatchedBy = pact.NewID[pact.EventID]("evt", tx.Now), tx.Now, old.ExternalID+"/corrected", "corrected by "+actor.Name
		e.Replaces, e.ReplacesExternal = old.ID, old.ExternalID
		e.Data.Amount, e.Data.Reason, e.Data.ApprovedBy = c.Amount, c.Reason, actor.ID
		if ref := strings.TrimSpace(c.Reference); ref != "" {
			e.Data.Reference = ref
		}
		if c.Amount == nil {
			e.Kind = "correction"
		}
		notes := []said{{"service", e.Data.Service}, {"month", e.Data.Month}, {"was", old.Data.Amount.String()}}
		if c.Amount != nil {
			notes = append(notes, said{"amount", c.Amount.String()})
		}
		return keepStated(ctx, tx, &e, append(notes, said{"reason", c.Reason})...)
	})
	if err != nil {
		return pact.Event{}, fmt.Errorf("correcting a charge: %w", err)
	}
	return e, nil
}

func (c CorrectedCharge) check() error {
	f := fault.New(fault.Invalid, "The charge can not be corrected like this.")
	if a := c.Amount; a != nil && (a.Check() != nil || !money.Sane(a.Value) || a.Value.IsNegative()) {
		f.Details = append(f.Details, fault.Detail{Field: "body.amount", Message: "This is no sum with a currency; write 5000.00 and USD."})
	} else if a != nil && !payable(*a) {
		f.Details = append(f.Details, fault.Detail{Field: "body.amount", Message: tooFine(*a)})
	}
	if c.Reason == "" {
		f.Details = append(f.Details, fault.Detail{Field: "body.reason", Message: "Say why: it stays beside both charges."})
	}
	if len(f.Details) == 0 {
		return nil
	}
	f.Message = f.Details[0].Message + " Nothing was changed."
	return f
}
