package respond

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// ClaimTimer is the kind of timer that fires when the last day to claim the credit of a finding is over.
const ClaimTimer = "claim"

// ClaimAct is what somebody did about a credit.
type ClaimAct struct {
	Kind      string        `json:"kind" enum:"claim,agree,refuse,settle,withdraw"`
	Amount    *money.Amount `json:"amount,omitempty" doc:"With claim, agree and settle; where it is absent, the amount that stood before, and of a settlement what is left of it."`
	On        calendar.Date `json:"on,omitempty" maxLength:"10" doc:"The day it happened outside."`
	Reference string        `json:"reference,omitempty" maxLength:"200" doc:"Letter, credit note, invoice."`
	Reason    string        `json:"reason,omitempty" maxLength:"2000" doc:"Needed with refuse and withdraw, where the amount differs from the one before, and for a claim after its deadline."`
	Revision  int64         `json:"revision" doc:"Of the finding."`
}

// moves says from which states an act leads where. Another sum can be agreed on, such as the one that was settled so far. A credit that was let expire, or that was refused, can still be claimed: the
// other side may be generous; the reason is kept.
func moves() map[string]struct {
	from []pact.CreditState
	to   pact.CreditState
} {
	return map[string]struct {
		from []pact.CreditState
		to   pact.CreditState
	}{
		"claim":    {[]pact.CreditState{pact.CreditDue, pact.CreditExpired}, pact.CreditClaimed},
		"agree":    {[]pact.CreditState{pact.CreditClaimed, pact.CreditAgreed}, pact.CreditAgreed},
		"refuse":   {[]pact.CreditState{pact.CreditClaimed, pact.CreditAgreed}, pact.CreditRefused},
		"settle":   {[]pact.CreditState{pact.CreditClaimed, pact.CreditAgreed}, pact.CreditSettled},
		"withdraw": {[]pact.CreditState{pact.CreditClaimed, pact.CreditAgreed, pact.CreditSettled, pact.CreditRefused}, pact.CreditDue},
	}
}

// Claim records what somebody did about the credit of a finding. Needs role reviewer or approver. What gives money up needs role
// approver: less than was asked for where the credit is ours to claim, more where we owe it, a refusal, and taking an act back. A sum
// beyond what the finding comes to, or above the limit of the approval policy, waits for a second person, as the credit itself
// would: the act is kept as a step that is Held, changes nothing, and counts once it is approved (Approve). Another act takes the place
// of one that waits. A refusal by our own approver (approval) is no claim and can not be taken back here.
func (d *Desk) Claim(ctx context.Context, id pact.FindingID, act ClaimAct) (pact.Finding, pact.Claim, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) && !actor.May(pact.Approver) {
		return pact.Finding{}, pact.Claim{}, fault.New(fault.Denied, "Claiming credits needs the role reviewer or approver.")
	}
	if _, ok := moves()[act.Kind]; !ok {
		return pact.Finding{}, pact.Claim{}, fault.New(fault.Invalid, "%q is nothing that can be done with a credit; use claim, agree, refuse, settle or withdraw.", act.Kind)
	}
	act.Reason, act.Reference = strings.TrimSpace(act.Reason), strings.TrimSpace(act.Reference)
	if act.On != "" {
		if _, err := calendar.ParseDate(string(act.On)); err != nil {
			return pact.Finding{}, pact.Claim{}, fault.New(fault.Invalid, "%q is no date; write it as 2026-03-31. Nothing was changed.", string(act.On))
		}
	}
	limits, err := d.limits(ctx)
	if err != nil {
		return pact.Finding{}, pact.Claim{}, err
	}
	var f pact.Finding
	var c pact.Claim
	err = d.Store.Change(ctx, store.Act{Name: "claim." + act.Kind, Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if f, err = tx.Findings.Lock(ctx, string(id)); err != nil {
			return err
		}
		if f.Revision != act.Revision {
			return fault.New(fault.Conflict, "The finding changed meanwhile (its credit is %s). Look at it again.", spoken(f.Credit))
		}
		c, err = claimOf(ctx, tx, f)
		if err != nil {
			return err
		}
		b, err := d.bounds(ctx, tx, f, limits)
		if err != nil {
			return err
		}
		step, err := stepOf(c, f, act, b.side, actor, tx.Now)
		if err != nil {
			return err
		}
		if err := d.replaceHeld(ctx, tx, &c, "another act took its place"); err != nil {
			return err
		}
		if b.second(c, step) {
			if err := d.hold(ctx, tx, f, &step, b, actor); err != nil {
				return err
			}
			c.Steps = append(c.Steps, step)
			if err := keepClaim(ctx, tx, &c); err != nil {
				return err
			}
			return tx.Findings.Update(ctx, &f) // who saw it before the act sees it again
		}
		c.Steps = append(c.Steps, step)
		return d.take(ctx, tx, &f, &c, step)
	})
	return f, c, err
}

// take lets a step count: the sums and the state of the claim, and the state of the credit.
func (d *Desk) take(ctx context.Context, tx store.Tx, f *pact.Finding, c *pact.Claim, step pact.ClaimStep) error {
	to := moves()[step.Kind].to
	switch step.Kind {
	case "claim":
		c.Claimed, c.Agreed, c.Settled = step.Amount, nil, nil
	case "agree":
		c.Agreed = step.Amount
		if c.Settled != nil && c.Settled.Equal(*c.Agreed) {
			to = pact.CreditSettled // what was settled so far is all
		}
	case "settle":
		total := settledWith(*c, step)
		c.Settled = &total
		if target := cmp.Or(c.Agreed, c.Claimed); target != nil && total.Value.LessThan(target.Value) {
			to = f.Credit // a part: the rest is still owed
		}
	case "withdraw":
		c.Claimed, c.Agreed, c.Settled = nil, nil, nil
		if over(f.ClaimBy, tx.Now) {
			to = pact.CreditExpired // what is taken back after the deadline is not due again
		}
	}
	if step.Reference != "" {
		c.Reference = step.Reference
	}
	c.State, f.Credit = to, to
	if err := keepClaim(ctx, tx, c); err != nil {
		return err
	}
	if err := tx.Findings.Update(ctx, f); err != nil {
		return err
	}
	return d.arm(ctx, tx, *f)
}

// settledWith is what was settled with a further settlement.
func settledWith(c pact.Claim, step pact.ClaimStep) money.Amount {
	if c.Settled == nil {
		return *step.Amount
	}
	return money.New(c.Settled.Value.Add(step.Amount.Value), step.Amount.Currency)
}

func keepClaim(ctx context.Context, tx store.Tx, c *pact.Claim) error {
	if c.Revision == 0 {
		return tx.Claims.Insert(ctx, c)
	}
	return tx.Claims.Update(ctx, c)
}

// bounds is up to which sum one person's word is enough for a credit.
type bounds struct {
	side     string        // whose duty was missed: theirs, ours, unknown
	limits   pact.Limits   // the approval policy
	computed *money.Amount // what the finding comes to
	approved bool          // an approver let the computed sum pass
}

func (d *Desk) bounds(ctx context.Context, tx store.Tx, f pact.Finding, limits pact.Limits) (bounds, error) {
	b := bounds{side: "unknown", limits: limits, computed: f.Amount}
	o, err := tx.Obligations.Get(ctx, string(f.ObligationID))
	switch {
	case err == nil:
		b.side = cmp.Or(o.Side, b.side)
	case !fault.Is(err, fault.NotFound):
		return b, err
	}
	if f.ApprovalID == "" {
		return b, nil
	}
	a, err := tx.Approvals.Get(ctx, string(f.ApprovalID))
	b.approved = err == nil && a.State == "approved" && equal(a.Amount, f.Amount)
	return b, err
}

// second tells whether an act needs a second person. What the other side asks of us commits us to nothing, so it is kept as it is
// asked: agreeing to it is what is looked at.
func (b bounds) second(c pact.Claim, step pact.ClaimStep) bool {
	if step.Amount == nil || step.Kind == "claim" && b.side == "ours" {
		return false
	}
	sum := *step.Amount
	if step.Kind == "settle" {
		sum = settledWith(c, step)
	}
	if step.Kind == "agree" && b.side != "ours" && c.Claimed != nil && sum.Value.GreaterThan(c.Claimed.Value) {
		return true // they agree to more than was claimed: probably a slip
	}
	passed := []*money.Amount{c.Agreed} // what was let pass before
	if b.side != "ours" {
		passed = append(passed, c.Claimed)
	}
	if b.approved {
		passed = append(passed, b.computed)
	}
	for _, p := range passed {
		if p != nil && !sum.Value.GreaterThan(p.Value) {
			return false
		}
	}
	limit := b.limits.Credit(step.Amount.Currency) // nil where every sum waits
	return limit == nil || sum.Value.GreaterThan(limit.Value) || b.computed != nil && sum.Value.GreaterThan(b.computed.Value)
}

// hold makes an act wait for an approver: a person other than who did it, and than who reviewed the contract.
func (d *Desk) hold(ctx context.Context, tx store.Tx, f pact.Finding, step *pact.ClaimStep, b bounds, actor pact.Actor) error {
	con, err := tx.Contracts.Get(ctx, string(f.ContractID))
	if err != nil {
		return err
	}
	excluded, err := reviewersOf(ctx, tx, con, f)
	if err != nil {
		return err
	}
	if !slices.Contains(excluded, actor.ID) {
		excluded = append(excluded, actor.ID)
	}
	a := pact.Approval{
		ID: pact.NewID[pact.ApprovalID]("apr", tx.Now), BusinessUnit: f.BusinessUnit, ContractID: con.ID, FindingID: f.ID, Kind: claimKind,
		Amount: step.Amount, Limit: b.limits.Credit(step.Amount.Currency), State: "waiting", Excluded: excluded,
	}
	step.ApprovalID, step.Held = a.ID, "waiting"
	tx.Note(ctx, "waits", step.Amount.String())
	return tx.Approvals.Insert(ctx, &a)
}

// claimKind is an approval of an act about a credit, which stands as a held step in the claim.
const claimKind = "claim"

// replaceHeld withdraws the approval that an act waits for.
func (d *Desk) replaceHeld(ctx context.Context, tx store.Tx, c *pact.Claim, why string) error {
	for i, step := range c.Steps {
		if step.Held != "waiting" {
			continue
		}
		a, err := tx.Approvals.Lock(ctx, string(step.ApprovalID))
		if err != nil {
			return err
		}
		c.Steps[i].Held = "withdrawn"
		if a.State != "waiting" {
			continue
		}
		a.State, a.Reason = "withdrawn", why
		if err := tx.Approvals.Update(ctx, &a); err != nil {
			return err
		}
	}
	return nil
}

// dropHeld does the same for a finding whose credit ends otherwise.
func (d *Desk) dropHeld(ctx context.Context, tx store.Tx, f pact.Finding, why string) error {
	held, err := tx.Approvals.Count(ctx, store.Where(store.Eq("finding_id", f.ID), store.Eq("kind", claimKind), store.Eq("state", "waiting")))
	if err != nil || held == 0 {
		return err
	}
	c, err := claimOf(ctx, tx, f)
	if err != nil {
		return err
	}
	if err := d.replaceHeld(ctx, tx, &c, why); err != nil {
		return err
	}
	return keepClaim(ctx, tx, &c)
}

// decideHeld lets a held act count, or refuses it; nothing but the act changes then.
func (d *Desk) decideHeld(ctx context.Context, tx store.Tx, f *pact.Finding, a pact.Approval) error {
	c, err := claimOf(ctx, tx, *f)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(c.Steps, func(s pact.ClaimStep) bool { return s.ApprovalID == a.ID && s.Held == "waiting" })
	if i < 0 {
		return fault.New(fault.Conflict, "What this approval is about does not wait any more.")
	}
	if a.State == "refused" {
		c.Steps[i].Held = "refused"
		if err := keepClaim(ctx, tx, &c); err != nil {
			return err
		}
		return tx.Findings.Update(ctx, f)
	}
	if !slices.Contains(moves()[c.Steps[i].Kind].from, f.Credit) {
		return fault.New(fault.Conflict, "The credit is %s by now; it can not be %s. Nothing was changed.", spoken(f.Credit), past(c.Steps[i].Kind))
	}
	c.Steps[i].Held, c.Steps[i].ApprovedBy = "", a.DecidedBy
	return d.take(ctx, tx, f, &c, c.Steps[i])
}

func claimOf(ctx context.Context, tx store.Tx, f pact.Finding) (pact.Claim, error) {
	c, err := tx.Claims.One(ctx, store.Where(store.Eq("finding_id", f.ID)))
	if fault.Is(err, fault.NotFound) {
		return pact.Claim{ID: pact.NewID[pact.ClaimID]("clm", tx.Now), BusinessUnit: f.BusinessUnit, ContractID: f.ContractID, FindingID: f.ID, State: f.Credit, Steps: []pact.ClaimStep{}}, nil
	}
	if err != nil {
		return c, err
	}
	return tx.Claims.Lock(ctx, string(c.ID))
}

// stepOf checks an act about a claim as it stands and writes it down.
func stepOf(c pact.Claim, f pact.Finding, act ClaimAct, side string, actor pact.Actor, at time.Time) (pact.ClaimStep, error) {
	step := pact.ClaimStep{Kind: act.Kind, At: at, By: actor.ID, On: act.On, Reference: act.Reference, Reason: act.Reason, FindingVersion: f.Version}
	if !slices.Contains(moves()[act.Kind].from, f.Credit) {
		return step, fault.New(fault.Conflict, "The credit is %s; it can not be %s. Nothing was changed.", spoken(f.Credit), past(act.Kind))
	}
	if act.On > calendar.DateIn(at.Add(14*time.Hour), time.UTC) { // the day has begun nowhere yet
		return step, fault.New(fault.Invalid, "%s lies ahead. What happened is recorded once it did. Nothing was changed.", act.On)
	}
	before := asked(c, f, act.Kind)
	if act.Kind == "claim" || act.Kind == "agree" || act.Kind == "settle" {
		amount, err := amountOf(act.Amount, before)
		if err != nil {
			return step, err
		}
		if act.Kind == "agree" && c.Settled != nil && amount.Value.LessThan(c.Settled.Value) {
			return step, fault.New(fault.Invalid, "%s was settled already; less can not be agreed on. Nothing was changed.", c.Settled)
		}
		part := act.Kind == "settle" && before != nil && amount.Value.LessThan(before.Value) // the rest stays owed
		differs := before != nil && !amount.Equal(*before) && !part
		if differs && act.Reason == "" {
			return step, fault.New(fault.Invalid, "%s is not %s. Say why; it is kept with the claim. Nothing was changed.", amount, before)
		}
		if differs && !actor.May(pact.Approver) {
			less := amount.Value.LessThan(before.Value)
			switch {
			case less && side != "ours":
				return step, fault.New(fault.Denied, "Less than %s gives money up: this needs the role approver.", before)
			case !less && side == "ours" && act.Kind != "claim":
				return step, fault.New(fault.Denied, "More than %s gives money up, as we owe it: this needs the role approver.", before)
			}
		}
		step.Amount = &amount
	} else if act.Amount != nil {
		return step, fault.New(fault.Invalid, "No amount belongs to this. Nothing was changed.")
	}
	switch act.Kind {
	case "claim":
		if f.Credit == pact.CreditExpired && act.Reason == "" {
			return step, fault.New(fault.Invalid, "The last day to claim was %s. Say why it is claimed all the same.", f.ClaimBy)
		}
	case "settle":
		if act.Reference == "" {
			return step, fault.New(fault.Invalid, "Name the credit note, payment or invoice that settles it, as the reference. Nothing was changed.")
		}
	case "refuse", "withdraw":
		if act.Reason == "" {
			return step, fault.New(fault.Invalid, "Say why; it is kept with the claim. Nothing was changed.")
		}
		if !actor.May(pact.Approver) {
			return step, fault.New(fault.Denied, "This gives money up or opens it again: it needs the role approver.")
		}
		if !slices.ContainsFunc(c.Steps, func(s pact.ClaimStep) bool { return s.Held == "" }) {
			return step, fault.New(fault.Conflict, "This credit was refused by our own approver, not claimed; that decision stands.")
		}
	}
	return step, nil
}

// asked is the amount that stood before an act: of a settlement, what is left to settle.
func asked(c pact.Claim, f pact.Finding, kind string) *money.Amount {
	switch {
	case kind == "settle" && c.Settled != nil && cmp.Or(c.Agreed, c.Claimed) != nil:
		rest := money.New(cmp.Or(c.Agreed, c.Claimed).Value.Sub(c.Settled.Value), c.Settled.Currency)
		return &rest
	case (kind == "settle" || kind == "agree") && c.Agreed != nil:
		return c.Agreed
	case kind != "claim" && c.Claimed != nil:
		return c.Claimed
	}
	return f.Amount
}

func amountOf(given, before *money.Amount) (money.Amount, error) {
	switch {
	case given == nil && before == nil:
		return money.Amount{}, fault.New(fault.Invalid, "How much is it? No amount is known.")
	case given == nil:
		return *before, nil
	}
	if err := given.Check(); err != nil {
		return money.Amount{}, fault.Wrap(fault.Invalid, err, "The amount can not be used: %v. Nothing was changed.", err)
	}
	if !given.Value.IsPositive() {
		return money.Amount{}, fault.New(fault.Invalid, "An amount of %s can not be claimed. Nothing was changed.", given)
	}
	if before != nil && given.Currency != before.Currency {
		return money.Amount{}, fault.New(fault.Invalid, "The credit is in %s, the amount in %s. Nothing was changed.", before.Currency, given.Currency)
	}
	if (before == nil || !given.Equal(*before)) && !given.Equal(given.Round()) {
		return money.Amount{}, fault.New(fault.Invalid, "%s has more decimals than the currency. Nothing was changed.", given)
	}
	return *given, nil
}

// open are the states in which a deadline to claim still matters.
func claimable(s pact.CreditState) bool {
	switch s {
	case pact.CreditDue, pact.CreditWaiting, pact.CreditNeedsCharge, pact.CreditAmbiguous:
		return true
	}
	return false
}

// over tells whether a day is over everywhere. A deadline is a day without a zone: twelve hours after its end in UTC no place on
// earth has that day any more, so nothing expires while somebody may still claim it.
func over(day calendar.Date, now time.Time) bool {
	return day != "" && !now.Before(overAt(day))
}

func overAt(day calendar.Date) time.Time { return day.AddDays(1).Time().Add(12 * time.Hour) }

// arm sets or drops the timer of a finding's deadline, in the transaction that changed the finding.
func (d *Desk) arm(ctx context.Context, tx store.Tx, f pact.Finding) error {
	if f.ClaimBy == "" || !claimable(f.Credit) {
		return tx.DropTimer(ctx, ClaimTimer, string(f.ID))
	}
	return tx.SetTimer(ctx, ClaimTimer, string(f.ID), overAt(f.ClaimBy))
}

// ArmClaims arms the deadlines of credits that were found before deadlines had timers. It runs when the product starts; again is
// harmless.
func (d *Desk) ArmClaims(ctx context.Context) error {
	ctx = pact.WithActor(ctx, pact.System("respond"))
	q := store.Where(store.In("credit", []string{string(pact.CreditDue), string(pact.CreditWaiting), string(pact.CreditNeedsCharge), string(pact.CreditAmbiguous)}), store.Is("claim_by", "!=", ""))
	q.Only = []string{"claim_by", "credit"}
	var found []pact.Finding
	if err := d.Store.Reads().Findings.Each(ctx, q, func(f pact.Finding) error { found = append(found, f); return nil }); err != nil {
		return err
	}
	for part := range slices.Chunk(found, 500) {
		err := d.Store.Change(ctx, store.Act{Name: "claim.arm"}, func(ctx context.Context, tx store.Tx) error {
			for _, f := range part {
				if err := d.arm(ctx, tx, f); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ExpireClaim ends a credit whose last day to claim is over and that nobody claimed. An approval that waits for it is withdrawn.
func (d *Desk) ExpireClaim(ctx context.Context, args job.ExpireClaim) error {
	return d.Store.Change(ctx, store.Act{Name: "claim.expire", Subject: string(args.FindingID)}, func(ctx context.Context, tx store.Tx) error {
		f, err := tx.Findings.Lock(ctx, string(args.FindingID))
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil || !claimable(f.Credit) || f.ClaimBy == "" {
			return err
		}
		if !over(f.ClaimBy, tx.Now) {
			return d.arm(ctx, tx, f) // it was moved meanwhile
		}
		if f.ApprovalID != "" {
			a, err := tx.Approvals.Lock(ctx, string(f.ApprovalID))
			if err != nil {
				return err
			}
			if a.State == "waiting" {
				a.State, a.Reason = "withdrawn", "the last day to claim passed"
				if err := tx.Approvals.Update(ctx, &a); err != nil {
					return err
				}
			}
		}
		c, err := claimOf(ctx, tx, f)
		if err != nil {
			return err
		}
		if err := d.replaceHeld(ctx, tx, &c, "the last day to claim passed"); err != nil {
			return err
		}
		c.State, f.Credit = pact.CreditExpired, pact.CreditExpired
		c.Steps = append(c.Steps, pact.ClaimStep{Kind: "expire", At: tx.Now, By: "respond", On: f.ClaimBy, Amount: f.Amount, FindingVersion: f.Version, Reason: fmt.Sprintf("The last day to claim, %s, passed without a claim.", f.ClaimBy)})
		if err := keepClaim(ctx, tx, &c); err != nil {
			return err
		}
		return tx.Findings.Update(ctx, &f)
	})
}

func spoken(s pact.CreditState) string {
	if s == pact.CreditNone {
		return "none"
	}
	return strings.ReplaceAll(string(s), "_", " ")
}

func past(kind string) string {
	return map[string]string{"claim": "claimed", "agree": "agreed", "refuse": "refused", "settle": "settled", "withdraw": "taken back"}[kind]
}
