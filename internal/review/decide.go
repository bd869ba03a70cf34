package review

import (
	"context"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Choice is what a person decides on a candidate.
type Choice struct {
	Kind       string // accept, correct, reject, restore
	Revision   int64  // of the candidate, as the person saw it
	Value      *pact.Value
	Obligation *pact.Obligation
	Rival      *int // accept this rival's reading: a correction that keeps the rival's evidence
	// SameAs is the key of the tracked obligation that this one is the same as; Another says that it is another one than what it looks
	// like. One of the two where it looks like something (Desk.Tracked).
	SameAs  string
	Another bool
	// NotTracked, of a rejection: the contract says what was read, and nobody wants to follow it. It counts as read rightly.
	NotTracked bool
	Reason     string
	Evidence   []pact.Evidence
	Bulk       bool
}

// Decided is the state after a decision.
type Decided struct {
	Candidate pact.Candidate `json:"candidate"`
	Review    pact.Review    `json:"review"`
	Decision  pact.Decision  `json:"decision"`
}

// Decide records a decision. Needs role reviewer. A row that moved on gives fault.Conflict; a finished review too.
func (d *Desk) Decide(ctx context.Context, id pact.CandidateID, ch Choice) (Decided, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return Decided{}, fault.New(fault.Denied, "Deciding on candidates needs the role reviewer.")
	}
	var out Decided
	err := d.Store.Change(ctx, store.Act{Name: "review." + ch.Kind, Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		c, err := tx.Candidates.Lock(ctx, string(id))
		if err != nil {
			return err
		}
		rev, err := tx.Reviews.Lock(ctx, string(c.ReviewID))
		if err != nil {
			return err
		}
		if c.Revision != ch.Revision {
			return movedOn(ctx, tx, c)
		}
		out, err = d.decide(ctx, tx, actor, &rev, &c, ch, &bench{})
		return err
	})
	return out, err
}

// movedOn says what happened to a candidate since the person saw it.
func movedOn(ctx context.Context, tx store.Tx, c pact.Candidate) error {
	if c.DecidedBy == "" {
		return fault.New(fault.Conflict, "%s changed meanwhile (%s). Look at it, then decide again.", c.Label, c.State)
	}
	name, err := store.NameOf(ctx, tx.Users, tx.Keys, c.DecidedBy)
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "%s was decided by %s meanwhile (%s). Look at it, then decide again.", c.Label, name, c.State)
}

func (d *Desk) decide(ctx context.Context, tx store.Tx, actor pact.Actor, rev *pact.Review, c *pact.Candidate, ch Choice, seen *bench) (Decided, error) {
	if rev.State != pact.ReviewWaiting && rev.State != pact.ReviewInReview {
		return Decided{}, fault.New(fault.Conflict, "The review is %s; its decisions stand. A new reading opens a new review.", rev.State)
	}
	before, was := c.State, *c
	if err := d.choose(ctx, tx, c, &ch); err != nil {
		return Decided{}, err
	}
	same, other, err := d.merge(ctx, tx, rev, c, ch, seen)
	if err != nil {
		return Decided{}, err
	}
	if same != "" {
		tx.Note(ctx, "same_as", same)
	}
	if other != "" {
		tx.Note(ctx, "another_than", other)
	}
	if !isOpen(before) {
		if err := bringBack(ctx, tx, rev, was, *c, seen); err != nil {
			return Decided{}, err
		}
	}
	if o := c.DecidedObligation; o != nil && o.Kind != c.Obligation.Kind {
		tx.Note(ctx, "kind", c.Obligation.Kind+" → "+o.Kind)
	}
	dec := pact.Decision{
		ID: pact.NewID[pact.DecisionID]("dec", tx.Now), BusinessUnit: c.BusinessUnit, ContractID: c.ContractID, ReviewID: c.ReviewID, CandidateID: c.ID,
		Kind: ch.Kind, By: actor.ID, At: tx.Now, Reason: ch.Reason, PolicyVersion: rev.PolicyVersion, Bulk: ch.Bulk, Before: before,
		Value: c.DecidedValue, Obligation: c.DecidedObligation, Evidence: ch.Evidence,
	}
	c.DecisionID, c.DecidedBy = dec.ID, actor.ID
	if ch.Kind == "restore" {
		c.DecisionID, c.DecidedBy = "", ""
	}
	rev.Open += openDelta(before, c.State)
	rev.State = pact.ReviewInReview
	if !slices.Contains(rev.Reviewers, actor.ID) {
		rev.Reviewers = append(rev.Reviewers, actor.ID)
	}
	if err := tx.Decisions.Insert(ctx, &dec); err != nil {
		return Decided{}, err
	}
	if err := tx.Candidates.Update(ctx, c); err != nil {
		return Decided{}, err
	}
	seen.keep(*c)
	if err := tx.Reviews.Update(ctx, rev); err != nil {
		return Decided{}, err
	}
	return Decided{Candidate: *c, Review: *rev, Decision: dec}, nil
}

// choose applies a choice to what the person sees: the candidate as it stands after the answers given at the terms it was read with.
// What was read stays in the row beside the decision.
func (d *Desk) choose(ctx context.Context, tx store.Tx, c *pact.Candidate, ch *Choice) error {
	if ch.Kind != "accept" || ch.Rival != nil || c.Subject != "obligation" || len(c.Ambiguities) == 0 {
		return d.apply(c, *ch)
	}
	all, err := tx.Candidates.All(ctx, store.Where(store.Eq("review_id", c.ReviewID), store.Eq("subject", "term")))
	if err != nil {
		return err
	}
	seen, answers := settled(*c, all)
	if err := d.apply(&seen, *ch); err != nil {
		return err
	}
	seen.DecidedObligation = seen.Obligation
	seen.Obligation, seen.Ambiguities, seen.Label = c.Obligation, c.Ambiguities, c.Label
	*c = seen
	if ch.Reason == "" {
		ch.Reason = strings.Join(answers, "; ")
	}
	return nil
}

// apply changes the candidate's state by the choice; it checks values before anything is stored.
func (d *Desk) apply(c *pact.Candidate, ch Choice) error {
	if ch.NotTracked && ch.Kind != "reject" {
		return fault.New(fault.Invalid, "Only what is rejected is not tracked.")
	}
	switch ch.Kind {
	case "accept":
		if c.Value == nil && c.Obligation == nil {
			return fault.New(fault.Invalid, "%s was not found, so there is nothing to accept. Correct it with a value, or reject it as absent.", c.Label)
		}
		if len(c.Ambiguities) > 0 && ch.Rival == nil {
			return fault.New(fault.Invalid, "%s is ambiguous: %s Choose a reading, or correct it.", c.Label, c.Ambiguities[0].Question)
		}
		if ch.Rival != nil {
			return d.takeRival(c, *ch.Rival)
		}
		asRead(c)
		c.State, c.DecidedValue, c.DecidedObligation = pact.CandidateAccepted, nil, nil
	case "correct":
		return d.correct(c, ch)
	case "reject":
		c.State, c.DecidedValue, c.DecidedObligation = pact.CandidateRejected, nil, nil
		if ch.NotTracked {
			if c.Obligation == nil {
				return fault.New(fault.Invalid, "%s is no obligation that was read: only such a one can be right and not be tracked.", c.Label)
			}
			c.DecidedObligation = c.Obligation
		}
	case "restore":
		asRead(c)
		c.State, c.DecidedValue, c.DecidedObligation = pact.CandidateOpen, nil, nil
		if notFound(*c) {
			c.State = pact.CandidateNotFound
		}
	default:
		return fault.New(fault.Invalid, "%q is no decision; use accept, correct, reject or restore.", ch.Kind)
	}
	return nil
}

// notFound: nothing was read, in no way.
func notFound(c pact.Candidate) bool {
	return c.Value == nil && c.Obligation == nil && len(c.Ambiguities) == 0 && len(c.Rivals) == 0
}

func (d *Desk) takeRival(c *pact.Candidate, i int) error {
	if i < 0 || i >= len(c.Rivals) {
		return fault.New(fault.Invalid, "There is no rival reading number %d.", i+1)
	}
	rival := c.Rivals[i]
	if rival.Value == nil && rival.Obligation == nil {
		return fault.New(fault.Invalid, "The rival reading number %d says nothing. Correct the field with a value.", i+1)
	}
	c.State, c.DecidedValue, c.DecidedObligation = pact.CandidateCorrected, rival.Value, rival.Obligation
	support(c, rival.Evidence)
	return nil
}

// support puts other evidence behind a candidate. The first reading stays beside it as a rival that was set aside, so that
// restoring brings its evidence back.
func support(c *pact.Candidate, evidence []pact.Evidence) {
	if len(evidence) == 0 {
		return
	}
	aside := slices.ContainsFunc(c.Rivals, func(r pact.Candidate) bool { return r.State == pact.CandidateSuperseded })
	if !aside && len(c.Evidence) > 0 {
		c.Rivals = append(slices.Clone(c.Rivals), pact.Candidate{
			Subject: c.Subject, Name: c.Name, Label: c.Label, Value: c.Value, Obligation: c.Obligation, Evidence: c.Evidence,
			Confidence: c.Confidence, Verification: c.Verification, Extractor: c.Extractor, State: pact.CandidateSuperseded,
		})
	}
	c.Evidence = evidence
}

// asRead gives a candidate the evidence of its first reading back. One that was not found at all had none; one that could be read in
// several ways had its own, without a value.
func asRead(c *pact.Candidate) {
	i := slices.IndexFunc(c.Rivals, func(r pact.Candidate) bool { return r.State == pact.CandidateSuperseded })
	if i >= 0 {
		c.Evidence = c.Rivals[i].Evidence
		c.Rivals = slices.Delete(slices.Clone(c.Rivals), i, i+1)
		return
	}
	if notFound(*c) {
		c.Evidence = nil
	}
}

func (d *Desk) correct(c *pact.Candidate, ch Choice) error {
	if c.Subject == "obligation" {
		if ch.Obligation == nil {
			return fault.New(fault.Invalid, "A correction of an obligation needs the obligation.")
		}
		o := *ch.Obligation
		was := c.Obligation // whose it is, where it stands and how sure it is are not the reviewer's to say
		var err error
		if o.Kind, o.Duty, err = followedAs(*was, o.Kind); err != nil {
			return err
		}
		o.Ambiguities = nil
		o.ID, o.BusinessUnit, o.ContractID, o.VersionID, o.DocumentID, o.DecisionID = was.ID, was.BusinessUnit, was.ContractID, was.VersionID, was.DocumentID, was.DecisionID
		o.Side, o.Cascade, o.InheritedFrom = was.Side, was.Cascade, was.InheritedFrom // the rule is said of what is published
		o.CheckIn, o.CheckInDue, o.CheckInState = was.CheckIn, was.CheckInDue, was.CheckInState
		o.Evidence, o.Confidence, o.Verification, o.Revision, o.CreatedAt, o.UpdatedAt = was.Evidence, was.Confidence, was.Verification, was.Revision, was.CreatedAt, was.UpdatedAt
		if o.Key == "" {
			o.Key = c.Obligation.Key
		}
		if wrong := obligation.Unusable(o); len(wrong) > 0 {
			f := fault.New(fault.Invalid, "The corrected obligation is not usable: %s", wrong[0].Message)
			for _, w := range wrong {
				f.Details = append(f.Details, fault.Detail{Field: strings.TrimSuffix("body.obligation.params."+w.Field, "."), Message: w.Message})
			}
			return f
		}
		c.State, c.DecidedObligation, c.DecidedValue = pact.CandidateCorrected, &o, nil
	} else {
		if ch.Value == nil {
			return fault.New(fault.Invalid, "A correction needs a value.")
		}
		if err := checkCorrection(*c, *ch.Value); err != nil {
			return err
		}
		c.State, c.DecidedValue, c.DecidedObligation = pact.CandidateCorrected, unfollowed(c.Value, ch.Value), nil
	}
	support(c, ch.Evidence)
	return nil
}

// followedAs gives the kind by which a correction has an obligation judged, and what it is about: the kind as it was read where none is
// named, another one that this build judges, or, by the name of what it is about, none: then it is kept and not followed.
func followedAs(was pact.Obligation, kind string) (as, duty string, err error) {
	switch kind {
	case "", was.Kind:
		return was.Kind, was.Duty, nil
	case was.Duty:
		return kind, "", nil
	}
	if _, err := obligation.KindOf(kind); err != nil {
		f := fault.New(fault.Invalid, "There is no kind of obligation named %.60q.", kind)
		f.Details = []fault.Detail{{Field: "body.obligation.kind", Message: f.Message}}
		return "", "", f
	}
	if _, err := obligation.KindOf(was.Kind); err != nil {
		return kind, was.Kind, nil
	}
	return kind, was.Duty, nil
}

// checkCorrection reports a value that the candidate can not have.
func checkCorrection(c pact.Candidate, v pact.Value) error {
	kind := map[string]pact.ValueKind{"operation": pact.OperationValue, "reference": pact.ContractValue}[c.Subject]
	if kind == "" {
		return CheckTermValue(c.Name, v)
	}
	if v.Kind != kind {
		return fault.New(fault.Invalid, "%s takes a value of the kind %s, not %s.", c.Label, kind, v.Kind)
	}
	if err := v.Check(); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s: %v.", c.Label, err)
	}
	return nil
}

// CheckTermValue reports a value that a term can not have.
func CheckTermValue(name string, v pact.Value) error {
	spec, ok := pact.TermSpecOf(name)
	if !ok {
		return fault.New(fault.Invalid, "There is no term named %q.", name)
	}
	if v.Kind != spec.Kind && !slices.Contains(spec.Also, v.Kind) {
		return fault.New(fault.Invalid, "%s takes a %s, not a %s.", spec.Label, strings.ReplaceAll(string(spec.Kind), "_", " "), strings.ReplaceAll(string(v.Kind), "_", " "))
	}
	if err := v.Check(); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s: %v.", spec.Label, err)
	}
	if name == "currency" && !money.IsCurrency(strings.TrimSpace(v.Text)) {
		return fault.New(fault.Invalid, "%s: %.20q is no currency; write its three letters (ISO 4217), such as EUR.", spec.Label, v.Text)
	}
	return nil
}

// Addition is a term or an obligation that the reader missed and a person found.
type Addition struct {
	Subject    string // term or obligation
	Name       string // of the term, or key of the obligation
	Value      *pact.Value
	Obligation *pact.Obligation
	Evidence   []pact.Evidence
	SameAs     string // as of a Choice
	Another    bool
	Reason     string
}

// Add puts what a person found beside the candidates, decided: a correction of nothing. Needs role reviewer.
func (d *Desk) Add(ctx context.Context, id pact.ReviewID, a Addition) (Decided, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return Decided{}, fault.New(fault.Denied, "Adding to a review needs the role reviewer.")
	}
	var out Decided
	err := d.Store.Change(ctx, store.Act{Name: "review.add", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		rev, err := tx.Reviews.Lock(ctx, string(id))
		if err != nil {
			return err
		}
		c := pact.Candidate{
			ID: pact.NewID[pact.CandidateID]("can", tx.Now), BusinessUnit: rev.BusinessUnit, ContractID: rev.ContractID, ReviewID: rev.ID, DocumentID: rev.DocumentID,
			Subject: a.Subject, Name: a.Name, Label: a.Name, Extractor: byHand, State: pact.CandidateOpen, Order: rev.Total, Verification: pact.Unverified,
		}
		if err := fillAddition(&c, a); err != nil {
			return err
		}
		same, err := tx.Candidates.Count(ctx, store.Where(store.Eq("review_id", rev.ID), store.Eq("subject", c.Subject), store.Eq("name", c.Name), store.Is("state", "!=", string(pact.CandidateRejected))))
		if err != nil {
			return err
		}
		if same > 0 {
			return fault.New(fault.Conflict, "%s is in this review already; correct it there.", a.Name)
		}
		if err := tx.Candidates.Insert(ctx, &c); err != nil {
			return err
		}
		rev.Total++
		rev.Open++ // decide takes it off again
		out, err = d.decide(ctx, tx, actor, &rev, &c, Choice{Kind: "correct", Value: a.Value, Obligation: a.Obligation, Evidence: a.Evidence, SameAs: a.SameAs, Another: a.Another, Reason: a.Reason}, &bench{})
		return err
	})
	return out, err
}

func fillAddition(c *pact.Candidate, a Addition) error {
	switch {
	case a.Subject == "term" && a.Value != nil:
		if spec, ok := pact.TermSpecOf(a.Name); ok {
			c.Label = spec.Label
		}
		return nil
	case a.Subject == "obligation" && a.Obligation != nil && a.Name != "":
		if _, err := obligation.KindOf(a.Obligation.Kind); err != nil {
			return err
		}
		c.Label = a.Obligation.Title
		c.Obligation = &pact.Obligation{Key: a.Name, Kind: a.Obligation.Kind, Title: a.Obligation.Title}
		return nil
	}
	return fault.New(fault.Invalid, "Add a term with its value, or an obligation with its key and parameters.")
}

func isOpen(s pact.CandidateState) bool {
	return s == pact.CandidateOpen || s == pact.CandidateNotFound
}

func openDelta(before, after pact.CandidateState) int {
	switch {
	case isOpen(before) && !isOpen(after):
		return -1
	case !isOpen(before) && isOpen(after):
		return 1
	}
	return 0
}

// Confident gives the open candidates that may be accepted in bulk: at or above the threshold and with no reason but the
// high confidence itself. The first N obligations can not.
func (d *Desk) Confident(ctx context.Context, id pact.ReviewID) ([]pact.Candidate, error) {
	_, policy, err := d.ActivePolicy(ctx)
	if err != nil {
		return nil, err
	}
	rev, err := d.Store.Reads().Reviews.Get(ctx, string(id))
	if err != nil {
		return nil, err
	}
	all, err := d.Store.Reads().Candidates.All(ctx, store.Where(store.Eq("review_id", id)).By("order"))
	if err != nil {
		return nil, err
	}
	tracked, err := d.Tracked(ctx, rev, all)
	if err != nil {
		return nil, err
	}
	var out []pact.Candidate
	for _, c := range all {
		if c.State != pact.CandidateOpen || c.Confidence.LessThan(policy.ThresholdOf(c)) || c.Verification == pact.Unverified || len(tracked[c.ID]) > 0 {
			continue
		}
		if slices.ContainsFunc(c.Reasons, func(r string) bool { return r != "contract_value" }) {
			continue
		}
		out = append(out, c)
	}
	return out, nil
}

// DecideAll takes one decision on several candidates of a review in one change: bulk accept, and its undo.
func (d *Desk) DecideAll(ctx context.Context, id pact.ReviewID, kind string, ids []pact.CandidateID) (pact.Review, []pact.Candidate, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Review{}, nil, fault.New(fault.Denied, "Deciding on candidates needs the role reviewer.")
	}
	var rev pact.Review
	var out []pact.Candidate
	err := d.Store.Change(ctx, store.Act{Name: "review.bulk_" + kind, Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		out = nil
		var err error
		if rev, err = tx.Reviews.Lock(ctx, string(id)); err != nil {
			return err
		}
		seen := &bench{}
		for _, cid := range ids {
			c, err := tx.Candidates.Lock(ctx, string(cid))
			if err != nil {
				return err
			}
			if c.ReviewID != rev.ID {
				return fault.New(fault.Invalid, "The candidate %s belongs to another review.", cid)
			}
			done, err := d.decide(ctx, tx, actor, &rev, &c, Choice{Kind: kind, Bulk: true}, seen)
			if err != nil {
				return err
			}
			out = append(out, done.Candidate)
		}
		return nil
	})
	return rev, out, err
}
