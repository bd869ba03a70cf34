// Package respond acts on a finding: comment, task, mail, approval of money.
//
// It owns what is planned for a finding at each of its versions, the approval of credits (four eyes), people's decisions on
// findings, and sending notifications. It does not own judging (monitor) nor writing to other systems (exchange performs the
// actions planned here). Invariants: one version of a finding causes each effect once; a credit above the limit leaves only
// after an approver who reviewed nothing of the contract; nothing escalates unless a policy names who is told, and when.
package respond

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/notify"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/outbox"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Config of a Desk. All fields but Sender and Reached are required.
type Config struct {
	Store store.Store
	// Sender is nil where no mail server is configured: notifications then wait as failed, with the reason.
	Sender notify.Sender
	// Mapping gives the objects of a connection's mapping, to know how a risk task or a comment is written there.
	Mapping func(ctx context.Context, c pact.Connection) ([]pact.ObjectMapping, error)
	// DefaultOwner gets the mail of a contract without an owner; "" = nobody.
	DefaultOwner string
	BaseURL      string
	Now          func() time.Time
	Log          *slog.Logger
	// Reached is called between the steps of a response; tests kill the process there. nil in production.
	Reached func(point string)
}

// Desk responds to findings.
type Desk struct{ Config }

// New makes a Desk.
func New(cfg Config) *Desk {
	if cfg.Reached == nil {
		cfg.Reached = func(string) {}
	}
	return &Desk{cfg}
}

func (d *Desk) limits(ctx context.Context) (pact.Limits, error) {
	row, err := d.Store.Reads().Policies.One(ctx, store.Where(store.Eq("kind", "approval"), store.Eq("active", true)).By("-version"))
	if fault.Is(err, fault.NotFound) {
		return pact.DefaultLimits(), nil
	}
	if err != nil {
		return pact.Limits{}, err
	}
	var l pact.Limits
	if err := json.Unmarshal(row.Body, &l); err != nil { // it was checked when it was set
		return l, fmt.Errorf("reading version %d of the approval policy: %w", row.Version, err)
	}
	return l, nil
}

// Respond plans what follows from a finding as it stands at a version. A later version plans its own.
func (d *Desk) Respond(ctx context.Context, args job.Respond) error {
	reads := d.Store.Reads()
	f, err := reads.Findings.Get(ctx, string(args.FindingID))
	if err != nil || f.Version != args.Version {
		return err
	}
	con, err := reads.Contracts.Get(ctx, string(f.ContractID))
	if err != nil {
		return err
	}
	limits, err := d.limits(ctx)
	if err != nil {
		return err
	}
	path, err := d.path(ctx)
	if err != nil {
		return err
	}
	actions, err := d.actions(ctx, con, f)
	if err != nil {
		return err
	}
	d.Reached("respond:composed")
	return d.Store.Change(ctx, store.Act{Name: "finding.respond", Subject: string(f.ID), Unit: f.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Findings.Lock(ctx, string(f.ID))
		if err != nil || now.Version != args.Version {
			return err
		}
		settled := now.State == pact.FindingClosed || now.State == pact.FindingWaived
		for _, a := range actions {
			if settled && a.TargetKey == "" {
				continue // people hear of what opens and of what turns out wrong, not of every clock that ended well
			}
			if err := outbox.Put(ctx, tx, a); err != nil {
				return err
			}
		}
		if !settled {
			if err := d.mail(ctx, tx, con, now); err != nil {
				return err
			}
		}
		if err := d.credit(ctx, tx, con, &now, limits); err != nil {
			return err
		}
		if err := d.watch(ctx, tx, now, path); err != nil {
			return err
		}
		return d.arm(ctx, tx, now)
	})
}

// actions are the comment on the ticket and the risk task in the CLM.
func (d *Desk) actions(ctx context.Context, con pact.Contract, f pact.Finding) ([]pact.Action, error) {
	var out []pact.Action
	if f.RecordRef != nil && f.RecordRef.ConnectionID != "" {
		c, err := d.Store.Reads().Connections.Get(ctx, string(f.RecordRef.ConnectionID))
		if err != nil {
			return nil, err
		}
		a, ok, err := d.compose(ctx, c, con, f, "comment")
		if err != nil {
			return nil, err
		}
		if ok {
			a.ExternalID = f.RecordRef.ExternalID
			out = append(out, a)
		}
	}
	if con.Source != nil && con.Source.ConnectionID != "" {
		c, err := d.Store.Reads().Connections.Get(ctx, string(con.Source.ConnectionID))
		if err != nil {
			return nil, err
		}
		a, ok, err := d.compose(ctx, c, con, f, "risk_task")
		if err != nil {
			return nil, err
		}
		if ok {
			a.TargetKey = string(f.ID)
			out = append(out, a)
		}
	}
	return out, nil
}

// compose writes a finding through the connection's mapping for a purpose; ok is false where the mapping has none.
func (d *Desk) compose(ctx context.Context, c pact.Connection, con pact.Contract, f pact.Finding, purpose string) (pact.Action, bool, error) {
	objects, err := d.Mapping(ctx, c)
	if err != nil {
		return pact.Action{}, false, err
	}
	i := slices.IndexFunc(objects, func(o pact.ObjectMapping) bool { return o.For == purpose })
	if i < 0 || !c.Enabled {
		return pact.Action{}, false, nil
	}
	a := pact.Action{
		BusinessUnit: f.BusinessUnit, ConnectionID: c.ID, ContractID: con.ID, FindingID: f.ID, Kind: objects[i].Action, Object: objects[i].Object,
		State: pact.ActionPending, Fields: map[string]any{}, Key: outbox.Key(string(f.ID), purpose, string(c.ID), fmt.Sprint(f.Version)),
	}
	values := findingFacts(con, f)
	for _, m := range objects[i].Fields {
		if m.Const != "" {
			a.Fields[m.Field] = m.Const
			continue
		}
		if v := values[m.Term]; v != "" {
			a.Fields[m.Field] = v
		}
	}
	return a, true, nil
}

func findingFacts(con pact.Contract, f pact.Finding) map[string]string {
	comment := f.Message
	if f.Lead != "" {
		comment = "@" + f.Lead + ": " + f.Message
	}
	source := ""
	if con.Source != nil {
		source = con.Source.ExternalID
	}
	return map[string]string{
		"finding.id": string(f.ID), "finding.title": f.Title, "finding.message": f.Message, "finding.comment": comment, "finding.severity": f.Severity,
		"finding.subject": f.Subject, "finding.lead": f.Lead, "finding.name": taskName(f), "finding.date": f.OccurredAt.UTC().Format(time.DateOnly),
		"finding.status": riskStatus(f), "contract_id": con.Number, "contract.record": source,
	}
}

// taskName is the name of the task there: what is to be done, or what there is to be afraid of.
func taskName(f pact.Finding) string {
	if f.Severity == obligation.ToDo {
		return f.Title
	}
	return "SLA Risk: " + f.Title
}

// riskStatus is the state of the risk task there: open while it matters, done when facts or a person settled it.
func riskStatus(f pact.Finding) string {
	switch f.State {
	case pact.FindingWaived, pact.FindingClosed, pact.FindingCorrected:
		return "Completed"
	}
	if nothingLeft(f) {
		return "Completed"
	}
	return "Pending"
}

// lost tells whether the sum of a finding is one that nobody owes, such as a discount that was missed.
func lost(f pact.Finding) bool { return f.Severity == "variance" && f.Assessment.Amount == nil }

// nothingLeft tells whether nothing is left of a finding. A variance is about money, and what is to be done is there until it was, however the
// occurrence ended.
func nothingLeft(f pact.Finding) bool {
	ended := f.Assessment.Status == pact.Met || f.Assessment.Status == pact.Excused
	return ended && (f.Severity != "variance" && f.Severity != obligation.ToDo || f.Amount == nil)
}

// credit moves the money of a finding: to an approver above the limit, due below it, withdrawn where it fell away.
func (d *Desk) credit(ctx context.Context, tx store.Tx, con pact.Contract, f *pact.Finding, limits pact.Limits) error {
	if f.Credit != pact.CreditWaiting && f.Credit != pact.CreditNone && f.Credit != pact.CreditNeedsCharge && f.Credit != pact.CreditAmbiguous && f.Credit != pact.CreditDue && f.Credit != pact.CreditRefused {
		return nil // a person has taken it further
	}
	if f.State == pact.FindingWaived || f.State == pact.FindingClosed {
		return nil // nothing is owed for it any more
	}
	var old *pact.Approval
	if f.ApprovalID != "" {
		a, err := tx.Approvals.Lock(ctx, string(f.ApprovalID))
		if err != nil {
			return err
		}
		old = &a
	}
	if old != nil && old.State == "refused" && equal(old.Amount, f.Amount) {
		return nil // refused for this amount; another one is asked again
	}
	want := creditState(*f, limits)
	if old != nil && old.State == "waiting" && (want != pact.CreditWaiting || !equal(old.Amount, f.Amount)) {
		old.State, old.Reason = "withdrawn", "the facts changed"
		if err := tx.Approvals.Update(ctx, old); err != nil {
			return err
		}
		old = nil
	}
	if old != nil && old.State == "approved" && equal(old.Amount, f.Amount) {
		want = pact.CreditDue
	}
	asked := false
	if want == pact.CreditWaiting && (old == nil || old.State != "waiting") {
		a, err := d.ask(ctx, tx, con, *f, limits)
		if err != nil {
			return err
		}
		f.ApprovalID, asked = a.ID, true
	}
	if f.Credit == want && !asked {
		return nil
	}
	f.Credit = want
	return tx.Findings.Update(ctx, f)
}

func creditState(f pact.Finding, limits pact.Limits) pact.CreditState {
	switch {
	case f.Severity == obligation.ToDo: // what may be invoiced is no credit
		return pact.CreditNone
	case f.Assessment.AmountState == "needs_charge":
		return pact.CreditNeedsCharge
	case f.Assessment.AmountState == "ambiguous" || f.Severity == "breach" && f.Amount == nil && len(f.Assessment.Ambiguities) > 0:
		return pact.CreditAmbiguous
	case f.Amount == nil || !f.Amount.Value.IsPositive() || lost(f):
		return pact.CreditNone // what was charged too little is only shown
	}
	limit := limits.Credit(f.Amount.Currency)
	if limit == nil || f.Amount.Value.GreaterThan(limit.Value) {
		return pact.CreditWaiting
	}
	return pact.CreditDue
}

func equal(a, b *money.Amount) bool {
	return a != nil && b != nil && a.Equal(*b)
}

func (d *Desk) ask(ctx context.Context, tx store.Tx, con pact.Contract, f pact.Finding, limits pact.Limits) (pact.Approval, error) {
	reviewers, err := reviewersOf(ctx, tx, con, f)
	if err != nil {
		return pact.Approval{}, err
	}
	a := pact.Approval{
		ID: pact.NewID[pact.ApprovalID]("apr", tx.Now), BusinessUnit: f.BusinessUnit, ContractID: con.ID, FindingID: f.ID, Kind: "credit",
		Amount: f.Amount, Limit: limits.Credit(f.Amount.Currency), State: "waiting", Excluded: reviewers,
	}
	return a, tx.Approvals.Insert(ctx, &a)
}

// reviewersOf is everybody who decided anything on the contract's family, who stated a charge, an answer ("did it happen?") or what started
// the duty that the finding is computed from, and who said either about its occurrence before: whoever takes back what a colleague said has
// a part in what follows. They may not approve its money.
func reviewersOf(ctx context.Context, tx store.Tx, con pact.Contract, f pact.Finding) ([]string, error) {
	family, err := tx.Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID)))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range family {
		reviews, err := tx.Reviews.All(ctx, store.Where(store.Eq("contract_id", c.ID)))
		if err != nil {
			return nil, err
		}
		for _, r := range reviews {
			for _, who := range append(slices.Clone(r.Reviewers), r.FinishedBy) {
				if who != "" && who != "policy" && !slices.Contains(out, who) {
					out = append(out, who)
				}
			}
		}
	}
	stated, err := tx.Events.All(ctx, store.Where(store.In("id", f.EventIDs), store.In("kind", []string{"charge", "done", "decision", "trigger"})))
	if err != nil {
		return nil, err
	}
	answered, err := store.AnswersAbout(ctx, tx.Events, con.FamilyID, f.OccurrenceID)
	if err != nil {
		return nil, err
	}
	started, err := startedBy(ctx, tx, con, f)
	for _, e := range slices.Concat(stated, answered, started) {
		if who := e.Data.ApprovedBy; who != "" && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	return out, err
}

// startedBy is everything that people said of what started the duty that a finding is about.
func startedBy(ctx context.Context, tx store.Tx, con pact.Contract, f pact.Finding) ([]pact.Event, error) {
	if f.Kind != (obligation.ConditionalDuty{}).Name() {
		return nil, nil
	}
	occ, err := tx.Occurrences.Get(ctx, string(f.OccurrenceID))
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	said, err := store.StatedTriggers(ctx, tx.Events, con.FamilyID)
	return slices.DeleteFunc(said, func(e pact.Event) bool { return e.Subject != occ.Key }), err
}

// Approve decides on an approval of a credit, or of an act about one (Claim). Needs role approver, and somebody who reviewed nothing of
// the contract and did not do the act.
func (d *Desk) Approve(ctx context.Context, id pact.ApprovalID, kind, reason string, revision int64) (pact.Approval, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Approver) {
		return pact.Approval{}, fault.New(fault.Denied, "Approving money needs the role approver.")
	}
	if actor.Kind != "person" {
		return pact.Approval{}, fault.New(fault.Denied, "Four eyes: money is approved by a person who is signed in, not by an API key.")
	}
	if kind != "approve" && kind != "refuse" {
		return pact.Approval{}, fault.New(fault.Invalid, "%q is no decision; use approve or refuse.", kind)
	}
	var a pact.Approval
	err := d.Store.Change(ctx, store.Act{Name: "approval." + kind, Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if a, err = tx.Approvals.Lock(ctx, string(id)); err != nil {
			return err
		}
		if a.Kind == "answer" {
			return fault.New(fault.Invalid, "This is an answer, not money; it is decided on as an answer.")
		}
		if a.State != "waiting" {
			return fault.New(fault.Conflict, "This approval is %s already.", a.State)
		}
		if a.Revision != revision {
			return fault.New(fault.Conflict, "The approval changed meanwhile. Look at it again.")
		}
		con, err := tx.Contracts.Get(ctx, string(a.ContractID))
		if err != nil {
			return err
		}
		f, err := tx.Findings.Lock(ctx, string(a.FindingID))
		if err != nil {
			return err
		}
		reviewers, err := reviewersOf(ctx, tx, con, f)
		if err != nil {
			return err
		}
		if slices.Contains(a.Excluded, actor.ID) || slices.Contains(reviewers, actor.ID) {
			return fault.New(fault.Denied, "Four eyes: you reviewed this contract, or stated what its money is computed from, so somebody else must approve it.")
		}
		a.DecidedBy, a.DecidedAt, a.Reason = actor.ID, tx.Now, reason
		if a.Kind == claimKind {
			a.State = map[string]string{"approve": "approved", "refuse": "refused"}[kind]
			if err := d.decideHeld(ctx, tx, &f, a); err != nil {
				return err
			}
			return tx.Approvals.Update(ctx, &a)
		}
		a.State, f.Credit = "approved", pact.CreditDue
		if kind == "refuse" {
			a.State, f.Credit = "refused", pact.CreditRefused
		}
		if err := tx.Approvals.Update(ctx, &a); err != nil {
			return err
		}
		return tx.Findings.Update(ctx, &f)
	})
	return a, err
}

// Decide records a person's decision on a finding: confirm, waive, close. Needs role reviewer; waiving money needs approver. What is to be done
// is closed, or waived, by a reviewer, and closed by whoever looks after it: nobody gives up money by saying that it was done.
func (d *Desk) Decide(ctx context.Context, id pact.FindingID, kind, reason string, revision int64) (pact.Finding, error) {
	actor, _ := pact.ActorFrom(ctx)
	states := map[string]pact.FindingState{"confirm": pact.FindingConfirmed, "waive": pact.FindingWaived, "close": pact.FindingClosed}
	state, ok := states[kind]
	if !ok {
		return pact.Finding{}, fault.New(fault.Invalid, "%q is no decision; use confirm, waive or close.", kind)
	}
	if kind == "waive" && reason == "" {
		return pact.Finding{}, fault.New(fault.Invalid, "Waiving a finding needs a reason.")
	}
	var f pact.Finding
	err := d.Store.Change(ctx, store.Act{Name: "finding." + kind, Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		f, err = tx.Findings.Lock(ctx, string(id))
		if fault.Is(err, fault.NotFound) && !actor.May(pact.Reviewer) && !actor.May(pact.Approver) {
			return notTheirs()
		}
		if err != nil {
			return err
		}
		if err := mayDecide(ctx, tx, actor, f, kind); err != nil {
			return err
		}
		if f.Revision != revision {
			return fault.New(fault.Conflict, "The finding changed meanwhile (it is %s). Look at it again.", f.State)
		}
		if f.State == pact.FindingWaived || f.State == pact.FindingClosed {
			return fault.New(fault.Conflict, "The finding is %s already; that decision stands.", f.State)
		}
		if kind != "confirm" && f.Severity != obligation.ToDo && f.Amount != nil && !f.Amount.IsZero() && !actor.May(pact.Approver) {
			return fault.New(fault.Denied, "Waiving or closing a finding with money needs the role approver.")
		}
		f.State = state
		if reason != "" {
			tx.Note(ctx, "reason", reason)
		}
		if kind == "confirm" {
			return tx.Findings.Update(ctx, &f)
		}
		if err := d.drop(ctx, tx, &f); err != nil {
			return err
		}
		f.Version++ // the risk task there is completed
		if err := tx.Findings.Update(ctx, &f); err != nil {
			return err
		}
		return tx.EnqueueWith(ctx, job.Queued{Args: job.Respond{FindingID: f.ID, Version: f.Version}, Options: job.Options{Queue: "exchange"}})
	})
	return f, err
}

// mayDecide refuses who neither may review nor approve, except whoever looks after what is to be done and says that it was.
func mayDecide(ctx context.Context, tx store.Tx, actor pact.Actor, f pact.Finding, kind string) error {
	if actor.May(pact.Reviewer) || actor.May(pact.Approver) {
		return nil
	}
	if f.Severity != obligation.ToDo || kind != "close" {
		return notTheirs()
	}
	o, err := tx.Obligations.Get(ctx, string(f.ObligationID))
	if err != nil {
		return err
	}
	mine, err := store.LooksAfter(ctx, tx, actor, o)
	if err == nil && !mine {
		err = notTheirs()
	}
	return err
}

func notTheirs() error {
	return fault.New(fault.Denied, "Deciding on findings needs the role reviewer or approver.")
}

// owner is who looks after the obligation of a finding, or else its contract; "" is nobody.
func owner(ctx context.Context, tx store.Tx, f pact.Finding) (string, error) {
	o, err := tx.Obligations.Get(ctx, string(f.ObligationID))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	con, err := tx.Contracts.Get(ctx, string(f.ContractID))
	return cmp.Or(o.Owner, con.Owner), err
}

// drop takes the money of a finding off: a waiting approval is withdrawn, and nothing is owed that was not agreed.
func (d *Desk) drop(ctx context.Context, tx store.Tx, f *pact.Finding) error {
	if f.ApprovalID != "" {
		a, err := tx.Approvals.Lock(ctx, string(f.ApprovalID))
		if err != nil {
			return err
		}
		if a.State == "waiting" {
			a.State, a.Reason = "withdrawn", "the finding was "+string(f.State)
			if err := tx.Approvals.Update(ctx, &a); err != nil {
				return err
			}
		}
	}
	switch f.Credit {
	case pact.CreditWaiting, pact.CreditDue, pact.CreditNeedsCharge, pact.CreditAmbiguous:
		f.Credit = pact.CreditNone
	}
	return d.dropHeld(ctx, tx, *f, "the finding was "+string(f.State))
}

// Send sends one notification. An uncertain send is shown as possibly sent and not repeated.
func (d *Desk) Send(ctx context.Context, args job.Send) error {
	n, err := d.Store.Reads().Notifications.Get(ctx, string(args.NotificationID))
	if err != nil || n.State != "pending" {
		return err
	}
	if d.Sender == nil {
		return d.sent(ctx, n, "failed", "No mail server is configured (smtp_address).")
	}
	if n.Attempts > 0 && n.Reason == uncertain {
		return d.sent(ctx, n, "possibly_sent", uncertain)
	}
	if err := d.mark(ctx, n); err != nil {
		return err
	}
	err = d.Sender.Send(ctx, notify.Message{Key: n.Key, To: n.Recipient, Subject: n.Subject, Text: n.Body, HTML: htmlOf(n)})
	d.Reached("send:handed")
	switch {
	case err == nil:
		return d.sent(ctx, n, "sent", "")
	case errors.Is(err, notify.ErrPossiblySent):
		return d.sent(ctx, n, "possibly_sent", "The mail server's answer was lost after it had taken the message. It is not sent again.")
	case errors.Is(err, notify.ErrRefused):
		return d.sent(ctx, n, "failed", err.Error())
	}
	if merr := d.retry(ctx, n, err); merr != nil {
		return merr
	}
	return fmt.Errorf("sending notification %s: %w", n.ID, err)
}

// uncertain is the reason of a notification while a send is under way: found after a crash, it means "possibly sent".
const uncertain = "The process stopped while the message was being handed over. It may have been sent; it is not sent again."

// GiveUp shows that a notification will not be tried again.
func (d *Desk) GiveUp(ctx context.Context, args job.Send) error {
	n, err := d.Store.Reads().Notifications.Get(ctx, string(args.NotificationID))
	if err != nil || n.State != "pending" {
		return err
	}
	return d.sent(ctx, n, "failed", "The mail server did not take the message: "+n.Reason)
}

func (d *Desk) mark(ctx context.Context, n pact.Notification) error {
	return d.settle(ctx, n, func(now *pact.Notification) { now.Attempts++; now.Reason = uncertain })
}

func (d *Desk) retry(ctx context.Context, n pact.Notification, cause error) error {
	return d.settle(ctx, n, func(now *pact.Notification) { now.Reason = cause.Error() })
}

func (d *Desk) sent(ctx context.Context, n pact.Notification, state, reason string) error {
	return d.settle(ctx, n, func(now *pact.Notification) { now.State, now.Reason = state, reason })
}

func (d *Desk) settle(ctx context.Context, n pact.Notification, set func(*pact.Notification)) error {
	return d.Store.Change(ctx, store.Act{Name: "notification.send", Subject: string(n.ID), Unit: n.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Notifications.Lock(ctx, string(n.ID))
		if err != nil || now.State != "pending" {
			return err
		}
		set(&now)
		return tx.Notifications.Update(ctx, &now)
	})
}
