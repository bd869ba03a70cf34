// Package review is a person's work on what was read: policies, the queue, decisions, publishing a version of the register.
//
// It owns which candidates are held and why, every decision (kept for ever; restore is one), and the step from decided
// candidates to a published version of a contract's terms and obligations. It does not own extraction (read), nor what
// happens with a version (exchange writes it, monitor follows it). Invariants: nothing is published while a candidate is
// open; a decision on a row that moved on gives a conflict that shows the row; what passes every gate is accepted by the
// actor "policy" with the policy's version.
package review

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Config of a Desk. All fields are required.
type Config struct {
	Store store.Store
	// Us tells our own company's names, so that a contract is listed under the other party. nil knows none.
	Us func(name string) bool
	// Foresee tells what would be taken back were an obligation answered with other parameters. nil foresees nothing: every answer
	// holds at once.
	Foresee func(ctx context.Context, id pact.ObligationID, params json.RawMessage) ([]pact.Lowered, error)
	// Reword reads a text of the register again with the new words of an amendment, see extract.Reword; fault.NotFound where the text is
	// gone. nil: what a change of words comes to is asked where the value is in force.
	Reword func(ctx context.Context, text pact.TextID, earlier, swaps []extract.Swap) ([]extract.Swapped, error)
	Now    func() time.Time
	Log    *slog.Logger
}

// Desk is where reviews are worked.
type Desk struct{ Config }

// New makes a Desk.
func New(cfg Config) *Desk { return &Desk{cfg} }

// ActivePolicy gives the active review policy; the default one (version 0) where none was ever stored.
func (d *Desk) ActivePolicy(ctx context.Context) (pact.Policy, Policy, error) {
	return activePolicy(pact.WithActor(ctx, pact.System("review")), d.Store.Reads().Policies)
}

func activePolicy(ctx context.Context, policies store.Reading[pact.Policy]) (pact.Policy, Policy, error) {
	row, err := policies.One(ctx, store.Where(store.Eq("kind", "review"), store.Eq("active", true)).By("-version"))
	if fault.Is(err, fault.NotFound) {
		return pact.Policy{Kind: "review", Version: 0, Active: true, State: pact.PolicyActive, Note: "shipped default"}, DefaultPolicy(), nil
	}
	if err != nil {
		return row, Policy{}, err
	}
	var p Policy
	if err := json.Unmarshal(row.Body, &p); err != nil { // it was checked when it was set
		return row, p, fmt.Errorf("reading version %d of the review policy: %w", row.Version, err)
	}
	return row, p, nil
}

// OpenReview applies the policy to the candidates of a reading: what passes is accepted by "policy", the rest is held. With
// nothing held, the version is published at once.
func (d *Desk) OpenReview(ctx context.Context, args job.OpenReview) error {
	row, policy, err := d.ActivePolicy(ctx)
	if err != nil {
		return fmt.Errorf("reading the review policy: %w", err)
	}
	proposed, more, err := d.proposals(ctx, args.DocumentID)
	if err != nil {
		return fmt.Errorf("looking for the contract that the document belongs to: %w", err)
	}
	act := store.Act{Name: "review.open", Subject: string(args.DocumentID)}
	return d.Store.Change(ctx, act, func(ctx context.Context, tx store.Tx) error {
		doc, err := tx.Documents.Get(ctx, string(args.DocumentID))
		if err != nil {
			return err
		}
		candidates, err := tx.Candidates.All(ctx, store.Where(store.Eq("document_id", doc.ID), store.Eq("review_id", "")))
		if err != nil {
			return err
		}
		done, err := tx.Reviews.Count(ctx, store.Where(store.Eq("document_id", doc.ID), store.In("state", []string{"waiting", "in_review", "finished"})))
		if err != nil || (done > 0 && len(candidates) == 0) {
			return err
		}
		con, err := tx.Contracts.Lock(ctx, string(doc.ContractID))
		if err != nil {
			return err
		}
		for i := range candidates {
			if p, ok := proposed[candidates[i].ID]; ok {
				candidates[i] = p
			}
		}
		if len(candidates) > 0 {
			candidates = append(candidates, more...)
		}
		if err := supersede(ctx, tx, doc); err != nil {
			return err
		}
		return d.open(ctx, tx, con, doc, candidates, row, policy)
	})
}

// supersede ends an open review of an earlier reading of the same document, or of the file that stood in its place before;
// its decisions stay. Other documents of the contract keep their reviews.
func supersede(ctx context.Context, tx store.Tx, doc pact.Document) error {
	old, err := tx.Reviews.All(ctx, store.Where(store.Eq("contract_id", doc.ContractID), store.In("state", []string{"waiting", "in_review"})))
	if err != nil {
		return err
	}
	place, err := places(ctx, tx, doc.ContractID)
	if err != nil {
		return err
	}
	for _, r := range old {
		if place[r.DocumentID] != place[doc.ID] {
			continue
		}
		r.State = pact.ReviewSuperseded
		if err := tx.Reviews.Update(ctx, &r); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) open(ctx context.Context, tx store.Tx, con pact.Contract, doc pact.Document, candidates []pact.Candidate, row pact.Policy, policy Policy) error {
	contractType := typeOf(candidates, con)
	s := situation{value: valueOf(candidates), warnings: doc.Warnings}
	var err error
	if s.decided, err = decidedObligations(ctx, tx, contractType, candidates); err != nil {
		return err
	}
	rev := pact.Review{
		ID: pact.NewID[pact.ReviewID]("rev", tx.Now), BusinessUnit: con.BusinessUnit, ContractID: con.ID, DocumentID: doc.ID, State: pact.ReviewWaiting,
		PolicyID: row.ID, PolicyVersion: row.Version, Phase: policy.Phase(contractType), Reasons: doc.Warnings, Total: 0, MinConfidence: decimal.NewFromInt(1),
		DueAt: tx.Now.Add(48 * time.Hour),
	}
	if err := sameAsBefore(ctx, tx, con, candidates); err != nil {
		return err
	}
	kept, err := keptByHand(ctx, tx, doc, candidates)
	if err != nil {
		return err
	}
	tracked, err := registerOf(ctx, tx.Contracts, tx.Obligations, con.ID, candidates, tx.Now)
	if err != nil {
		return err
	}
	tracked.ofInserted(candidates)
	candidates = append(candidates, missing(candidates, con, doc)...)
	if c, ok := unsaid(candidates, con, doc); ok {
		candidates = append(candidates, c)
	}
	twins, err := ofSameNumber(ctx, tx.Contracts, con, candidates)
	if err != nil {
		return err
	}
	for i := range candidates {
		candidates[i].ContractType = contractType
		candidates[i].Reasons = policy.reasons(candidates[i], s)
		if len(tracked.alike(candidates[i], candidates[i].Obligation, candidates)) > 0 {
			candidates[i].Reasons = append(candidates[i].Reasons, alikeReason)
		}
		if len(twins) > 0 && candidates[i].Subject == "term" && candidates[i].Name == "contract_number" {
			candidates[i].Reasons = append(candidates[i].Reasons, sameNumberReason)
		}
	}
	candidates = append(candidates, kept...)
	sort.SliceStable(candidates, func(i, j int) bool { return weight(candidates[i]) < weight(candidates[j]) })
	for i := range candidates {
		c := &candidates[i]
		c.ReviewID, c.Order = rev.ID, i
		if c.ID == "" {
			c.ID = pact.NewID[pact.CandidateID]("can", tx.Now)
		}
		rev.Total++
		switch {
		case !isOpen(c.State):
			if err := keptByPolicy(ctx, tx, c); err != nil {
				return err
			}
		case len(c.Reasons) == 0:
			if err := acceptByPolicy(ctx, tx, c, row.Version); err != nil {
				return err
			}
		default:
			rev.Open++
			rev.MinConfidence = decimal.Min(rev.MinConfidence, c.Confidence)
		}
		if c.Revision == 0 { // it comes with the review and not with the reading
			err = tx.Candidates.Insert(ctx, c)
		} else {
			err = tx.Candidates.Update(ctx, c)
		}
		if err != nil {
			return err
		}
	}
	if err := tx.Reviews.Insert(ctx, &rev); err != nil {
		return err
	}
	if con.CurrentVersion == 0 { // what is published stays in force while another reading is reviewed
		con.State = pact.ContractInReview
	}
	if con.CurrentVersion == 0 && pact.PlainType(con.ContractType) { // lists show the type as read until one is published
		con.ContractType = contractType
	}
	if err := tx.Contracts.Update(ctx, &con); err != nil {
		return err
	}
	tx.Note(ctx, "policy_version", row.Version)
	if err := tx.Enqueue(ctx, job.TieReferences{ContractID: con.ID}); err != nil { // amendments that came first can be read against it now
		return err
	}
	if rev.Open > 0 {
		return tx.Enqueue(ctx, job.FlagReview{ContractID: con.ID})
	}
	return d.publish(ctx, tx, &rev, "policy")
}

// stillOpen refuses to finish a review, and names the first of what waits for a decision.
func stillOpen(ctx context.Context, tx store.Tx, rev *pact.Review) error {
	candidates, err := tx.Candidates.All(ctx, store.Where(store.Eq("review_id", rev.ID)).By("order"))
	if err != nil {
		return err
	}
	const named = 5
	var open []string
	for _, c := range candidates {
		switch c.State {
		case pact.CandidateOpen:
			open = append(open, c.Label)
		case pact.CandidateNotFound:
			open = append(open, c.Label+" (required and not found: add it, or mark it as absent)")
		}
	}
	if more := len(open) - named; more > 0 {
		open = append(open[:named], fmt.Sprintf("%d more", more))
	}
	waits := "values wait"
	if rev.Open == 1 {
		waits = "value waits"
	}
	return fault.New(fault.Conflict, "%d %s for a decision: %s. Decide first, then finish.", rev.Open, waits, strings.Join(open, ", "))
}

func acceptByPolicy(ctx context.Context, tx store.Tx, c *pact.Candidate, version int) error {
	dec := pact.Decision{
		ID: pact.NewID[pact.DecisionID]("dec", tx.Now), BusinessUnit: c.BusinessUnit, ContractID: c.ContractID, ReviewID: c.ReviewID, CandidateID: c.ID,
		Kind: "accept", By: "policy", At: tx.Now, PolicyVersion: version, Before: c.State, Reason: "passed every gate",
	}
	c.State, c.DecidedBy, c.DecisionID = pact.CandidateAccepted, "policy", dec.ID
	return tx.Decisions.Insert(ctx, &dec)
}

// keptByPolicy keeps what a person added to an earlier review of the document.
func keptByPolicy(ctx context.Context, tx store.Tx, c *pact.Candidate) error {
	dec := pact.Decision{
		ID: pact.NewID[pact.DecisionID]("dec", tx.Now), BusinessUnit: c.BusinessUnit, ContractID: c.ContractID, ReviewID: c.ReviewID, CandidateID: c.ID,
		Kind: "correct", By: "policy", At: tx.Now, Before: pact.CandidateOpen, Obligation: c.DecidedObligation, Reason: "added by a person in an earlier review of the document",
	}
	c.DecidedBy, c.DecisionID = "policy", dec.ID
	return tx.Decisions.Insert(ctx, &dec)
}

// missing makes rows for required terms that no passage says, so that a person confirms the absence or adds the value.
func missing(have []pact.Candidate, con pact.Contract, doc pact.Document) []pact.Candidate {
	var out []pact.Candidate
	for _, spec := range pact.TermSpecs() {
		if !spec.Required || slices.ContainsFunc(have, func(c pact.Candidate) bool { return c.Subject == "term" && c.Name == spec.Name }) {
			continue
		}
		out = append(out, pact.Candidate{
			BusinessUnit: con.BusinessUnit, ContractID: con.ID, DocumentID: doc.ID, Subject: "term", Name: spec.Name, Label: spec.Label,
			State: pact.CandidateNotFound, Verification: pact.Unverified,
		})
	}
	return out
}

// decidedObligations counts what people decided so far on obligations of this type, by extractor version.
func decidedObligations(ctx context.Context, tx store.Tx, contractType string, candidates []pact.Candidate) (map[string]int, error) {
	counts := map[string]int{}
	for _, c := range candidates {
		if _, done := counts[c.Extractor]; done || c.Subject != "obligation" {
			continue
		}
		n, err := tx.Candidates.Count(ctx, store.Where(
			store.Eq("subject", "obligation"), store.Eq("contract_type", contractType), store.Eq("extractor", c.Extractor),
			store.In("state", []string{"accepted", "corrected", "rejected"}), store.Is("decided_by", "!=", "policy")))
		if err != nil {
			return nil, err
		}
		counts[c.Extractor] = n
	}
	return counts, nil
}

func typeOf(candidates []pact.Candidate, con pact.Contract) string {
	for _, c := range candidates {
		if c.Subject == "term" && c.Name == "contract_type" && c.Value != nil {
			return c.Value.Text
		}
	}
	return con.ContractType
}

func valueOf(candidates []pact.Candidate) *money.Amount {
	for _, name := range []string{"total_contract_value", "annual_contract_value"} {
		for _, c := range candidates {
			if c.Subject == "term" && c.Name == name && c.Value != nil && c.Value.Money != nil {
				return c.Value.Money
			}
		}
	}
	return nil
}

// Assign gives a review to a person, or to nobody.
func (d *Desk) Assign(ctx context.Context, id pact.ReviewID, assignee string, revision int64) (pact.Review, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Review{}, fault.New(fault.Denied, "Assigning a review needs the role reviewer.")
	}
	var rev pact.Review
	err := d.Store.Change(ctx, store.Act{Name: "review.assign", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if rev, err = tx.Reviews.Lock(ctx, string(id)); err != nil {
			return err
		}
		if rev.Revision != revision {
			if rev.Assignee == "" {
				return fault.New(fault.Conflict, "The review changed meanwhile; it is assigned to nobody.")
			}
			name, err := store.NameOf(ctx, tx.Users, tx.Keys, rev.Assignee)
			if err != nil {
				return err
			}
			return fault.New(fault.Conflict, "The review changed meanwhile; it is assigned to %s.", name)
		}
		rev.Assignee = assignee
		return tx.Reviews.Update(ctx, &rev)
	})
	return rev, err
}

// Finish publishes a version from a review in which nothing is open. Writes start here, and undo ends here.
func (d *Desk) Finish(ctx context.Context, id pact.ReviewID, revision int64) (pact.Review, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Review{}, fault.New(fault.Denied, "Finishing a review needs the role reviewer.")
	}
	var rev pact.Review
	err := d.Store.Change(ctx, store.Act{Name: "review.finish", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if rev, err = tx.Reviews.Lock(ctx, string(id)); err != nil {
			return err
		}
		if rev.Revision != revision {
			return fault.New(fault.Conflict, "The review changed meanwhile. Look at it again, then finish.")
		}
		if rev.State == pact.ReviewFinished || rev.State == pact.ReviewSuperseded {
			return fault.New(fault.Conflict, "The review is %s already.", rev.State)
		}
		if rev.Open > 0 {
			return stillOpen(ctx, tx, &rev)
		}
		return d.publish(ctx, tx, &rev, actor.ID)
	})
	return rev, err
}
