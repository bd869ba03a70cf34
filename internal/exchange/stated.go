package exchange

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// said is a line of an audit entry about what somebody stated.
type said struct{ what, value string }

// keepStated keeps what a person stated as an event, notes it in the audit entry of the change, and has it judged: the three happen, or none.
func keepStated(ctx context.Context, tx store.Tx, e *pact.Event, notes ...said) error {
	if err := tx.Events.Insert(ctx, e); err != nil {
		return err
	}
	for _, n := range notes {
		tx.Note(ctx, n.what, n.value)
	}
	var touched touches
	touched.add(*e)
	return touched.enqueue(ctx, tx)
}

// mayState gives the obligation that somebody states something about, and locks the head of its family: statements about one duty wait for
// one another, whether the contract or an amendment is named. Whoever looks after the obligation may, and a reviewer; denied is what
// everybody else is told.
func mayState(ctx context.Context, tx store.Tx, actor pact.Actor, id pact.ObligationID, denied string) (pact.Obligation, pact.Contract, error) {
	refused := fault.New(fault.Denied, "%s", denied)
	ob, err := tx.Obligations.Get(ctx, string(id))
	if fault.Is(err, fault.NotFound) && !actor.May(pact.Reviewer) {
		return ob, pact.Contract{}, refused // who may not learns nothing of what there is
	}
	if err != nil {
		return ob, pact.Contract{}, err
	}
	if !actor.May(pact.Reviewer) {
		mine, err := store.LooksAfter(ctx, tx, actor, ob)
		if err != nil {
			return ob, pact.Contract{}, err
		}
		if !mine {
			return ob, pact.Contract{}, refused
		}
	}
	con, err := tx.Contracts.Get(ctx, string(ob.ContractID))
	if err != nil {
		return ob, con, err
	}
	if _, err := tx.Contracts.Lock(ctx, string(con.FamilyID)); err != nil {
		return ob, con, err
	}
	con, err = tx.Contracts.Get(ctx, string(con.ID)) // as it is once the lock is ours
	return ob, con, err
}

// active refuses a statement under a contract that is not in force: what is kept for active contracts alone.
func active(con pact.Contract, what string) error {
	if con.State == pact.ContractActive {
		return nil
	}
	return fault.New(fault.Conflict, "The contract is %s; %s is kept for active contracts. Nothing was kept.", con.State, what)
}

// moment is when somebody says that something was: a day, or a time instead.
type moment struct {
	on  calendar.Date
	at  time.Time
	did string // "it happened"
}

// none refuses a moment where nothing was.
func (m moment) none() error {
	if m.on == "" && m.at.IsZero() {
		return nil
	}
	return wrongField("body.on", fmt.Sprintf("A day is named only where %s.", m.did), "kept")
}

// check gives the day, in the zone in which the days of the obligation count, and the field that says it. Where a time in hours runs the day
// is not enough. What lies ahead is refused: a day once it has begun there, or with anywhere, where it has begun nowhere on earth.
func (m moment) check(how obligation.Performance, now time.Time, anywhere bool) (calendar.Date, string, error) {
	switch {
	case m.on != "" && !m.at.IsZero():
		return "", "", wrongField("body.on", fmt.Sprintf("Say either the day or the time at which %s.", m.did), "kept")
	case how.Instant && m.at.IsZero():
		return "", "", wrongField("body.at", fmt.Sprintf("The time for this is in hours: say the day and the time at which %s, as 2026-03-31T14:30:00Z.", m.did), "kept")
	case m.at.After(now):
		return "", "", wrongField("body.at", "This time lies ahead. It is said once it has happened.", "kept")
	case !m.at.IsZero():
		return calendar.DateIn(m.at, how.Zone), "body.at", nil
	}
	day, err := calendar.ParseDate(string(m.on))
	if err != nil {
		return "", "", wrongField("body.on", fmt.Sprintf("Say on which day %s; write it as 2026-03-31.", m.did), "kept")
	}
	ahead := how.Begins(day).After(now)
	if anywhere {
		ahead = day > calendar.DateIn(now.Add(14*time.Hour), time.UTC)
	}
	if ahead {
		return "", "", wrongField("body.on", "This day lies ahead. It is said once it has happened.", "kept")
	}
	return day, "body.on", nil
}

// sign completes the event that a statement becomes: whose word it is, when it was given, under which contract, and what it replaces.
func sign(ctx context.Context, tx store.Tx, e *pact.Event, con pact.Contract, actor pact.Actor, note string, replaced pact.Event, takenBack bool) error {
	name, err := nameOf(ctx, tx, con)
	if err != nil {
		return err
	}
	e.ID, e.BusinessUnit, e.ContractID = pact.NewID[pact.EventID]("evt", tx.Now), con.BusinessUnit, con.FamilyID
	e.ReceivedAt, e.OccurredAt, e.MatchedBy = tx.Now, tx.Now, "said by "+actor.Name
	e.Data.Contract, e.Data.Reason, e.Data.ApprovedBy = name, strings.TrimSpace(note), actor.ID
	e.Replaces, e.ReplacesExternal = replaced.ID, replaced.ExternalID
	if takenBack {
		e.Kind = "correction"
	}
	return nil
}

// inForceOn is an obligation as the document in force on a day states it, as it is judged: an amendment may have changed what is asked, or a term
// that a renewal follows. ok is false where it
// does not hold on that day. Its id, owner and contract stay those of the obligation that was named.
func inForceOn(ctx context.Context, tx store.Tx, con pact.Contract, ob pact.Obligation, day calendar.Date) (in pact.Obligation, ok bool, err error) {
	family, err := tx.Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID)).By("created_at"))
	if err != nil {
		return ob, false, err
	}
	line, _, err := obligation.OfContract(effective.Amended(con, family), family, func(part pact.Contract) (pact.Version, error) {
		v, err := tx.Versions.One(ctx, store.Where(store.Eq("contract_id", part.ID), store.Eq("number", part.CurrentVersion)))
		if err != nil {
			return v, fmt.Errorf("reading version %d of %s: %w", part.CurrentVersion, part.ID, err)
		}
		return v, nil
	})
	if err != nil {
		return ob, false, err
	}
	switch r := line.Obligation(ob.Key, day); {
	case r.Winner != nil:
		by := *r.Winner.Obligation
		ob.Kind, ob.Duty, ob.Title, ob.Params = by.Kind, by.Duty, by.Title, by.Params
		return ob, true, nil
	case len(r.Ambiguities) > 0: // which document governs is a question of its own; that the duty holds is none
		return ob, true, nil
	case len(r.Losers) > 0:
		return ob, false, nil
	}
	return ob, ob.InForce.Contains(day), nil // passed on from above
}
