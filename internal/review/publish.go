package review

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// publish makes the next version from the decided candidates, replaces the register's obligations, and queues what follows:
// write-back and tracking. All in the transaction of the decision that finished the review.
func (d *Desk) publish(ctx context.Context, tx store.Tx, rev *pact.Review, by string) error {
	con, err := tx.Contracts.Lock(ctx, string(rev.ContractID))
	if err != nil {
		return err
	}
	candidates, err := tx.Candidates.All(ctx, store.Where(store.Eq("review_id", rev.ID)).By("order"))
	if err != nil {
		return err
	}
	v := pact.Version{
		ID: pact.NewID[pact.VersionID]("ver", tx.Now), BusinessUnit: con.BusinessUnit, ContractID: con.ID, Number: con.CurrentVersion + 1, ReviewID: rev.ID,
		PublishedBy: by, PublishedAt: tx.Now, Terms: []pact.Term{}, Obligations: []pact.Obligation{},
	}
	for _, c := range candidates {
		if isOpen(c.State) {
			return fault.New(fault.Conflict, "%s is still open.", c.Label)
		}
		if c.State == pact.CandidateAccepted || c.State == pact.CandidateCorrected {
			add(&v, c)
			if c.Subject == "reference" {
				if err := join(ctx, tx, &con, *decided(c).Contract); err != nil {
					return err
				}
			}
		}
	}
	agree(&v, candidates)
	if err := addOtherDocuments(ctx, tx, &v, *rev); err != nil {
		return err
	}
	derive(&v, calendar.DateIn(tx.Now, time.UTC))
	if by != "policy" { // which rejects nothing
		if err := withdrawn(&v, candidates); err != nil {
			return err
		}
	}
	if t, ok := v.Term("effective_date"); ok {
		v.EffectiveFrom = t.Value.Date
	} else if t, ok := v.Term("agreement_date"); ok && con.Relation == "amendment" {
		v.EffectiveFrom = t.Value.Date // see effective.Begins
	}
	parties, err := partiesFor(ctx, tx.Versions, tx.Contracts, con, v)
	if err != nil {
		return err
	}
	for i := range v.Obligations {
		v.Obligations[i].Side = sideOf(v.Obligations[i].Bearer, parties, d.Us)
	}
	if err := replaceObligations(ctx, tx, con, &v); err != nil {
		return err
	}
	if err := tx.Versions.Insert(ctx, &v); err != nil {
		return err
	}
	number := con.Number
	d.describe(&con, v)
	if err := amendedDates(ctx, tx, &con, v); err != nil {
		return err
	}
	if err := keepNumber(ctx, tx, &con, number); err != nil {
		return err
	}
	_, policy, err := activePolicy(ctx, tx.Policies)
	if err != nil {
		return err
	}
	rev.Phase = policy.Phase(con.ContractType) // of now: the policy may have changed since the review was opened
	con.Phase = rev.Phase
	if err := tx.Contracts.Update(ctx, &con); err != nil {
		return err
	}
	rev.State, rev.FinishedAt, rev.FinishedBy = pact.ReviewFinished, tx.Now, by
	if rev.Revision == 0 {
		return fault.New(fault.Invalid, "a review must be stored before it is published")
	}
	if err := tx.Reviews.Update(ctx, rev); err != nil {
		return err
	}
	tx.Note(ctx, "version", v.Number)
	if err := tx.Enqueue(ctx, job.PlanWrites{ContractID: con.ID, Version: v.Number}); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, job.FlagReview{ContractID: con.ID}); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, job.TieReferences{ContractID: con.ID}); err != nil {
		return err
	}
	if err := tx.EnqueueWith(ctx, job.Queued{Args: job.MatchEvents{BusinessUnit: con.BusinessUnit}, Options: job.Options{Queue: "monitor", Unique: true}}); err != nil {
		return err
	}
	return tx.Enqueue(ctx, job.Monitor{ContractID: con.ID, Version: v.Number})
}

// agree puts corrected terms where an obligation that was read from the same words, and accepted as it was read, says them again: payment
// terms of 45 days are not followed as 30.
func agree(v *pact.Version, candidates []pact.Candidate) {
	for _, t := range candidates {
		if t.Subject != "term" || t.State != pact.CandidateCorrected || t.DecidedValue == nil {
			continue
		}
		for _, c := range candidates {
			if c.Subject != "obligation" || c.State != pact.CandidateAccepted || c.Obligation == nil || c.Obligation.Kind != (obligation.InvoicePayment{}).Name() {
				continue
			}
			for i := range v.Obligations {
				if o, ok := obligation.WithTerm(v.Obligations[i], t.Name, *t.DecidedValue); ok && o.Key == c.Obligation.Key {
					v.Obligations[i] = o
				}
			}
		}
	}
}

// keepNumber leaves an amendment the number that its record gave it where its text only names that of the contract it amends: two
// contracts of one number can not be told apart by those who name them.
func keepNumber(ctx context.Context, tx store.Tx, con *pact.Contract, before string) error {
	if con.ParentID == "" || con.Number == before {
		return nil
	}
	parent, err := tx.Contracts.Get(ctx, string(con.ParentID))
	if err != nil {
		return err
	}
	if strings.EqualFold(strings.TrimSpace(parent.Number), strings.TrimSpace(con.Number)) {
		con.Number = before
	}
	return nil
}

// addOtherDocuments keeps what the contract's other documents said in their latest finished reviews. Where two documents
// speak of the same thing, the one reviewed last stands.
func addOtherDocuments(ctx context.Context, tx store.Tx, v *pact.Version, rev pact.Review) error {
	finished, err := tx.Reviews.All(ctx, store.Where(store.Eq("contract_id", rev.ContractID), store.Eq("state", string(pact.ReviewFinished))).By("-finished_at"))
	if err != nil {
		return err
	}
	place, err := places(ctx, tx, rev.ContractID)
	if err != nil {
		return err
	}
	seen := map[string]bool{place[rev.DocumentID]: true}
	for _, other := range finished {
		if seen[place[other.DocumentID]] {
			continue
		}
		seen[place[other.DocumentID]] = true
		candidates, err := tx.Candidates.All(ctx, store.Where(store.Eq("review_id", other.ID)).By("order"))
		if err != nil {
			return err
		}
		for _, c := range candidates {
			if (c.State == pact.CandidateAccepted || c.State == pact.CandidateCorrected) && !says(*v, c) {
				add(v, c)
			}
		}
	}
	return nil
}

// places names where each document of a contract stands: its place in the source it came from, so that a file that replaced
// another under the same key speaks instead of it; otherwise the document itself.
func places(ctx context.Context, tx store.Tx, id pact.ContractID) (map[pact.DocumentID]string, error) {
	docs, err := tx.Documents.All(ctx, store.Where(store.Eq("contract_id", id)))
	if err != nil {
		return nil, err
	}
	out := map[pact.DocumentID]string{}
	for _, d := range docs {
		out[d.ID] = string(d.ID)
		if d.SourceKey != "" {
			out[d.ID] = d.SourceKey
		}
	}
	return out, nil
}

// says tells whether the version has something under the candidate's name already.
func says(v pact.Version, c pact.Candidate) bool {
	switch c.Subject {
	case "term":
		_, ok := v.Term(c.Name)
		return ok
	case "operation", "reference":
		return false // each document makes its own
	}
	key := c.Name
	if c.DecidedObligation != nil {
		key = c.DecidedObligation.Key
	} else if c.Obligation != nil {
		key = c.Obligation.Key
	}
	return slices.ContainsFunc(v.Obligations, func(o pact.Obligation) bool { return o.Key == key })
}

func add(v *pact.Version, c pact.Candidate) {
	if c.Subject == "obligation" {
		o := c.Obligation
		if c.DecidedObligation != nil {
			o = c.DecidedObligation
		}
		out := *o
		out.Evidence, out.Confidence, out.Verification, out.DecisionID, out.DocumentID = c.Evidence, c.Confidence, c.Verification, c.DecisionID, c.DocumentID
		v.Obligations = append(v.Obligations, out)
		return
	}
	value := decided(c)
	switch c.Subject {
	case "operation":
		v.Operations = append(v.Operations, pact.ReviewedOperation{Operation: *value.Operation, Evidence: c.Evidence, DecidedBy: c.DecidedBy, DecisionID: c.DecisionID, DocumentID: c.DocumentID})
		return
	case "reference":
		return // it ties the contract, and is no term of it
	}
	t := pact.Term{
		Name: c.Name, Value: *value, Evidence: c.Evidence, Derivation: c.Derivation, Confidence: c.Confidence, Verification: c.Verification,
		Extractor: c.Extractor, DecidedBy: c.DecidedBy, DecisionID: c.DecisionID, DocumentID: c.DocumentID,
	}
	if c.State == pact.CandidateCorrected {
		t.Derivation = nil
		t.Extractor = "person"
	}
	v.Terms = append(v.Terms, t)
}

// decided is the value that stands after the decision.
func decided(c pact.Candidate) *pact.Value {
	if c.DecidedValue != nil {
		return c.DecidedValue
	}
	return c.Value
}

// replaceObligations stores the version's obligations. The id of an obligation stays the same from version to version of a
// contract (its key does), so that its occurrences and findings stay tied to it. One that is judged by another kind from now on has an
// id of its own: what was judged stays with the old one, which ends, and nothing of it is judged as what it is not.
func replaceObligations(ctx context.Context, tx store.Tx, con pact.Contract, v *pact.Version) error {
	old, err := tx.Obligations.All(ctx, store.Where(store.Eq("contract_id", con.ID), store.Eq("inherited_from", "")))
	if err != nil {
		return err
	}
	var kept []string
	var going []pact.ObligationID
	for i := range v.Obligations {
		o := &v.Obligations[i]
		if slices.Contains(kept, o.Key) {
			return fault.New(fault.Conflict, "Two obligations have the key %s. Reject one of them, or give it another key.", o.Key)
		}
		o.BusinessUnit, o.ContractID, o.VersionID = con.BusinessUnit, con.ID, v.ID
		if o.InForce.From == "" {
			o.InForce.From = v.EffectiveFrom
		}
		kept = append(kept, o.Key)
		settings(o, old)
		if j := rowOf(*o, old); j >= 0 {
			o.ID, o.Revision, o.CreatedAt = old[j].ID, old[j].Revision, old[j].CreatedAt
			going = append(going, o.ID)
			if err := tx.Obligations.Update(ctx, o); err != nil {
				return err
			}
			if o.InForce != old[j].InForce {
				if err := lookAtCheckIns(ctx, tx, *o); err != nil {
					return err
				}
			}
			continue
		}
		o.ID = pact.NewID[pact.ObligationID]("obl", tx.Now)
		if err := tx.Obligations.Insert(ctx, o); err != nil {
			return err
		}
		if err := lookAtCheckIns(ctx, tx, *o); err != nil {
			return err
		}
	}
	for _, p := range old {
		if slices.Contains(going, p.ID) || p.InForce.Until != "" {
			continue
		}
		p.InForce.Until = calendar.Date(tx.Now.Format("2006-01-02")) // no longer in the register; what it judged stays
		if slices.Contains(kept, p.Key) {
			p.Cascade, p.CheckIn, p.CheckInDue = nil, nil, "" // they went on to the one that is judged by another kind
		}
		if err := tx.Obligations.Update(ctx, &p); err != nil {
			return err
		}
		if err := lookAtCheckIns(ctx, tx, p); err != nil {
			return err
		}
	}
	return nil
}

// rowOf is the row of an obligation among those of earlier versions: of its key, and of its kind where both are judged; -1 where it has none.
func rowOf(o pact.Obligation, old []pact.Obligation) int {
	judged := func(p pact.Obligation) bool { _, err := obligation.KindOf(p.Kind); return err == nil }
	if i := slices.IndexFunc(old, func(p pact.Obligation) bool { return p.Key == o.Key && p.Kind == o.Kind }); i >= 0 {
		return i
	}
	return slices.IndexFunc(old, func(p pact.Obligation) bool { return p.Key == o.Key && !judged(p) })
}

// settings gives an obligation what was set of its key in the register: the owner, the check-ins, and to whom it passes on.
func settings(o *pact.Obligation, old []pact.Obligation) {
	i := slices.IndexFunc(old, func(p pact.Obligation) bool { return p.Key == o.Key && p.InForce.Until == "" })
	if i < 0 {
		i = slices.IndexFunc(old, func(p pact.Obligation) bool { return p.Key == o.Key })
	}
	if i < 0 {
		return
	}
	was := old[i]
	o.Owner, o.CheckIn, o.CheckInDue, o.CheckInState = was.Owner, was.CheckIn, was.CheckInDue, was.CheckInState
	if o.Cascade == nil {
		o.Cascade = was.Cascade
	}
}

// lookAtCheckIns has the check-ins of an obligation looked at that ends or lasts otherwise than before: mails that ask about what is over
// are dropped, and what goes on is asked again.
func lookAtCheckIns(ctx context.Context, tx store.Tx, o pact.Obligation) error {
	if o.CheckInDue == "" {
		return nil
	}
	return tx.Enqueue(ctx, job.CheckIn{ObligationID: o.ID})
}

// describe copies the version's key terms to the contract, for lists.
func (d *Desk) describe(con *pact.Contract, v pact.Version) {
	con.State, con.CurrentVersion = pact.ContractActive, v.Number
	date := func(name string) calendar.Date {
		t, _ := v.Term(name)
		return t.Value.Date
	}
	text := func(name, old string) string {
		if t, ok := v.Term(name); ok && t.Value.Text != "" {
			return t.Value.Text
		}
		return old
	}
	con.Title, con.Number, con.ContractType = text("title", con.Title), text("contract_number", con.Number), text("contract_type", con.ContractType)
	con.EffectiveDate, con.ExpirationDate, con.RenewalDate, con.SendBy = date("effective_date"), date("expiration_date"), date("renewal_date"), date("notice_send_by")
	if t, ok := v.Term("parties"); ok {
		con.Customer = d.otherParty(t.Value.Parties, con.Customer)
	}
	con.AutoRenewal, con.TotalValue = nil, nil
	if t, ok := v.Term("auto_renewal"); ok {
		con.AutoRenewal = t.Value.Flag
	}
	if t, ok := v.Term("total_contract_value"); ok {
		con.TotalValue = t.Value.Money
	}
}

// otherParty picks the party the register lists the contract under: the one that is not us; where we are not known, the
// customer by role, the one that the source record named, or the second party.
func (d *Desk) otherParty(parties []pact.Party, named string) string {
	if d.Us != nil {
		others := slices.DeleteFunc(slices.Clone(parties), func(p pact.Party) bool { return d.Us(p.Name) })
		if len(others) == 1 && len(parties) > 1 {
			return others[0].Name
		}
	}
	for _, p := range parties {
		if p.Role == "customer" || p.Role == "client" || p.Role == "buyer" {
			return p.Name
		}
	}
	if named != "" {
		return named
	}
	if len(parties) > 1 {
		return parties[1].Name
	}
	if len(parties) == 1 {
		return parties[0].Name
	}
	return ""
}
