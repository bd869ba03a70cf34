package respond

import (
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/outbox"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/strict"
)

// EscalationTimer is the kind of timer that fires when nobody reacted to a finding for as long as a level allows.
const EscalationTimer = "escalation"

// Path is the escalation policy: who is told when, as long as nobody reacts to a finding. Without levels nothing escalates.
type Path struct {
	Levels []Level `json:"levels"`

	since time.Time // from when on there have been levels: what is older than any of them escalates at none
}

// Level tells one person, AfterHours after the finding was opened, where it is of one of the Severities (breach alone where none is
// named). Where they name check_in, the person is also told of check-ins that were missed so many hours ago.
type Level struct {
	AfterHours int      `json:"after_hours"`
	To         string   `json:"to"`
	Severities []string `json:"severities,omitempty"`
}

func (l Level) about(f pact.Finding) bool {
	if len(l.Severities) == 0 {
		return f.Severity == "breach"
	}
	return slices.Contains(l.Severities, f.Severity)
}

// ParsePath reads and checks an escalation policy that is to be set. What can not hold is named by its field, for a form.
func ParsePath(body []byte) (Path, error) {
	var p Path
	details := strict.Decode(body, &p)
	if len(details) > 0 {
		return p, pact.RefusePolicy("escalation policy", details)
	}
	wrong := func(field, format string, args ...any) {
		details = append(details, fault.Detail{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	if len(p.Levels) > 10 {
		wrong("levels", "At most 10 levels.")
	}
	for i, l := range p.Levels {
		if a, err := mail.ParseAddress(l.To); err != nil || a.Address != l.To || len(l.To) > 254 {
			wrong(fmt.Sprintf("levels[%d].to", i), "%.80q is no e-mail address.", l.To)
		}
		if l.AfterHours < 1 || l.AfterHours > 8760 || i > 0 && l.AfterHours <= p.Levels[i-1].AfterHours {
			wrong(fmt.Sprintf("levels[%d].after_hours", i), "%d hours are out of range (1 to 8760, each level later than the one before).", l.AfterHours)
		}
		for _, s := range l.Severities {
			if s != "breach" && s != "at_risk" && s != "variance" && s != obligation.ToDo && s != missedCheckIn {
				wrong(fmt.Sprintf("levels[%d].severities", i), "%.40q is none; use breach, at_risk, variance, info or check_in.", s)
			}
		}
	}
	return p, pact.RefusePolicy("escalation policy", details)
}

// CheckPath reads an escalation policy as ParsePath does, and holds whom it names against the people there are: a step that tells
// nobody is found when it is too late.
func (d *Desk) CheckPath(ctx context.Context, body []byte) error {
	p, err := ParsePath(body)
	if err != nil || len(p.Levels) == 0 {
		return err
	}
	// Whose e-mail it is concerns nobody but the product: it says only whether there is somebody.
	users, err := d.Store.Reads().Users.All(pact.WithActor(ctx, pact.System("names")), store.Query{Only: []string{"email", "disabled"}})
	if err != nil {
		return err
	}
	var wrong []fault.Detail
	for i, l := range p.Levels {
		at := slices.IndexFunc(users, func(u pact.User) bool { return strings.EqualFold(u.Email, l.To) })
		switch {
		case at < 0:
			wrong = append(wrong, fault.Detail{Field: fmt.Sprintf("levels[%d].to", i), Message: fmt.Sprintf("There is nobody here with the e-mail %s; add the person first (Settings, People).", l.To)})
		case users[at].Disabled:
			wrong = append(wrong, fault.Detail{Field: fmt.Sprintf("levels[%d].to", i), Message: fmt.Sprintf("%s may not sign in any more; name somebody who may.", l.To)})
		}
	}
	return pact.RefusePolicy("escalation policy", wrong)
}

// storedPath reads a version that is kept: it was checked when it was set, and whoever left since does not stop the rest.
func storedPath(row pact.Policy) (Path, error) {
	var p Path
	if err := json.Unmarshal(row.Body, &p); err != nil {
		return p, fmt.Errorf("reading version %d of the escalation policy: %w", row.Version, err)
	}
	return p, nil
}

func (d *Desk) path(ctx context.Context) (Path, error) {
	rows, err := d.Store.Reads().Policies.All(ctx, store.Where(store.Eq("kind", "escalation")).By("-version"))
	if err != nil {
		return Path{}, err
	}
	i := slices.IndexFunc(rows, func(p pact.Policy) bool { return p.Active })
	if i < 0 {
		return Path{}, nil
	}
	out, err := storedPath(rows[i])
	if err != nil || len(out.Levels) == 0 {
		return out, err
	}
	out.since = inForceFrom(rows[i])
	for _, row := range rows[i+1:] { // a version that follows another goes on with what escalates by that
		if row.State == pact.PolicyProposed || row.State == pact.PolicyRefused {
			continue
		}
		if p, err := storedPath(row); err != nil || len(p.Levels) == 0 {
			break
		}
		out.since = inForceFrom(row)
	}
	return out, nil
}

func inForceFrom(p pact.Policy) time.Time {
	if !p.DecidedAt.IsZero() {
		return p.DecidedAt
	}
	return p.CreatedAt
}

// escalates tells whether a finding nobody has reacted to goes up the path: one from before it does not, whatever becomes of it later.
func (p Path) escalates(f pact.Finding) bool { return unanswered(f) && !f.CreatedAt.Before(p.since) }

// unanswered tells whether nobody has reacted to a finding: a decision on it, or a claim, is a reaction.
func unanswered(f pact.Finding) bool {
	return f.State == pact.FindingOpen && (f.Credit == pact.CreditNone || claimable(f.Credit))
}

func escalationKey(f pact.Finding, level int) string {
	return strings.TrimPrefix(outbox.Key(string(f.ID), "escalation", fmt.Sprint(level), "1"), "pk_")
}

// watch sets the timer of the next level that has not been told, or drops it. It is called within the change of the finding.
func (d *Desk) watch(ctx context.Context, tx store.Tx, f pact.Finding, p Path) error {
	if p.escalates(f) {
		for i, l := range p.Levels {
			told, err := tx.Notifications.Count(ctx, store.Where(store.Eq("key", escalationKey(f, i))))
			if err != nil {
				return err
			}
			if told == 0 && l.about(f) {
				return tx.SetTimer(ctx, EscalationTimer, string(f.ID), f.CreatedAt.Add(time.Duration(l.AfterHours)*time.Hour))
			}
		}
	}
	return tx.DropTimer(ctx, EscalationTimer, string(f.ID))
}

// Escalate tells the next person where nobody has reacted to a finding in the time of a level. Each level is told once, however often
// the job is done.
func (d *Desk) Escalate(ctx context.Context, args job.Escalate) error {
	p, err := d.path(ctx)
	if err != nil {
		return err
	}
	f, err := d.Store.Reads().Findings.Get(ctx, string(args.FindingID))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	con, err := d.Store.Reads().Contracts.Get(ctx, string(f.ContractID))
	if err != nil {
		return err
	}
	return d.Store.Change(ctx, store.Act{Name: "finding.escalate", Subject: string(f.ID), Unit: f.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		f, err := tx.Findings.Lock(ctx, string(args.FindingID))
		if err != nil || !p.escalates(f) {
			return err
		}
		for i, l := range p.Levels {
			due := f.CreatedAt.Add(time.Duration(l.AfterHours) * time.Hour)
			if !l.about(f) || due.After(tx.Now) {
				continue
			}
			body, err := d.body(ctx, tx, con, f)
			if err != nil {
				return err
			}
			n := pact.Notification{
				BusinessUnit: f.BusinessUnit, Channel: "email", Recipient: l.To, Key: escalationKey(f, i),
				Subject: fmt.Sprintf("Escalated (level %d): %s", i+1, f.Title),
				Body:    fmt.Sprintf("Nobody has decided on this finding in %d hours.\n\n%s", l.AfterHours, body), ContractID: con.ID, FindingID: f.ID, State: "pending",
			}
			if err := d.tell(ctx, tx, n); err != nil {
				return err
			}
		}
		return d.watch(ctx, tx, f, p)
	})
}
