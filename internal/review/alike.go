package review

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Tracked is an obligation of the register that one of a review looks like, under another key.
type Tracked struct {
	ObligationID pact.ObligationID `json:"obligation_id"`
	ContractID   pact.ContractID   `json:"contract_id"`
	Contract     string            `json:"contract" doc:"Title of the contract, or of the amendment, that states it."`
	Key          string            `json:"key"`
	Kind         string            `json:"kind"`
	Title        string            `json:"title"`
	Owner        string            `json:"owner,omitempty"`
	Why          string            `json:"why" enum:"passage,params,title,inserted" doc:"Read from the same words; the same kind with the same parameters; the same title; of an inserted clause, under the key of a clause that stays."`
}

// alikeReason holds what looks like something that is tracked.
const alikeReason = "already_tracked"

// Tracked gives what the open obligations of a review look like in the register, by candidate. A decision on one of them says whether it is
// the same (Choice.SameAs) or another one.
func (d *Desk) Tracked(ctx context.Context, rev pact.Review, candidates []pact.Candidate) (map[pact.CandidateID][]Tracked, error) {
	out := map[pact.CandidateID][]Tracked{}
	if !slices.ContainsFunc(candidates, func(c pact.Candidate) bool { return c.Subject == "obligation" && isOpen(c.State) }) {
		return out, nil
	}
	reads := d.Store.Reads()
	r, err := registerOf(ctx, reads.Contracts, reads.Obligations, rev.ContractID, candidates, d.Now())
	if err != nil {
		return nil, err
	}
	for _, c := range candidates {
		if list := r.alike(c, c.Obligation, candidates); len(list) > 0 && isOpen(c.State) {
			out[c.ID] = list
		}
	}
	return out, nil
}

// register is what is tracked of a contract with its amendments.
type register struct {
	titles map[pact.ContractID]string
	rows   []pact.Obligation
}

// registerOf reads it. A document that says it amends a contract is one with that contract before it is tied to it.
func registerOf(ctx context.Context, contracts store.Reading[pact.Contract], obligations store.Reading[pact.Obligation], id pact.ContractID, candidates []pact.Candidate, now time.Time) (register, error) {
	r := register{titles: map[pact.ContractID]string{}}
	con, err := contracts.Get(ctx, string(id))
	if err != nil {
		return r, err
	}
	families := []string{string(con.FamilyID)}
	if parent := amends(candidates); parent != "" && con.ParentID == "" {
		con.ParentID, con.Relation = parent, "amendment"
		above, err := contracts.Get(ctx, string(parent))
		if err != nil {
			return r, err
		}
		families = append(families, string(above.FamilyID))
	}
	family, err := contracts.All(ctx, store.Where(store.In("family_id", families)))
	if err != nil {
		return r, fmt.Errorf("reading the family of %s: %w", id, err)
	}
	head := effective.Amended(con, family)
	var ids []string
	for _, c := range append(effective.Amending(family, head.ID), head, con) {
		r.titles[c.ID] = c.Title
		ids = append(ids, string(c.ID))
	}
	r.rows, err = obligations.All(ctx, store.Where(store.In("contract_id", ids), store.Eq("inherited_from", "")).By("key"))
	today := calendar.DateIn(now, time.UTC)
	r.rows = slices.DeleteFunc(r.rows, func(o pact.Obligation) bool { return o.InForce.Until != "" && o.InForce.Until <= today })
	return r, err
}

// amends is the contract that a document says it amends; "" where it says none, or none of the register was found.
func amends(candidates []pact.Candidate) pact.ContractID {
	for _, c := range candidates {
		if v := decided(c); c.Subject == "reference" && c.State != pact.CandidateRejected && v != nil && v.Contract != nil && v.Contract.Relation == "amendment" {
			return v.Contract.ContractID
		}
	}
	return ""
}

// alike lists what an obligation that a candidate may become looks like. One whose own key is tracked is that one, unless it was inserted; what another
// candidate of the review says under its own key is not asked about here.
func (r register) alike(c pact.Candidate, o *pact.Obligation, all []pact.Candidate) []Tracked {
	if c.Subject != "obligation" || o == nil {
		return nil
	}
	if x := r.besideItsKey(c, o, all); x != nil {
		return []Tracked{r.looksLike(*x, alikeInserted)}
	}
	if slices.ContainsFunc(r.rows, func(x pact.Obligation) bool { return x.Key == o.Key }) {
		return nil
	}
	read := *o
	if len(c.Evidence) > 0 {
		read.Evidence = c.Evidence
	}
	var out []Tracked
	for _, x := range r.rows {
		why := obligation.Alike(read, x)
		if why == "" || claimed(x.Key, c, all) || slices.ContainsFunc(out, func(t Tracked) bool { return t.Key == x.Key }) {
			continue
		}
		out = append(out, r.looksLike(x, why))
	}
	return out
}

func (r register) looksLike(x pact.Obligation, why string) Tracked {
	return Tracked{ObligationID: x.ID, ContractID: x.ContractID, Contract: r.titles[x.ContractID], Key: x.Key, Kind: x.Kind, Title: x.Title, Owner: x.Owner, Why: why}
}

// claimed tells whether another candidate of the review that was read stands for a key.
func claimed(key string, but pact.Candidate, all []pact.Candidate) bool {
	return slices.ContainsFunc(all, func(c pact.Candidate) bool {
		return c.ID != but.ID && c.Subject == "obligation" && c.Extractor != byHand && c.State != pact.CandidateRejected && c.State != pact.CandidateSuperseded && keyOf(c) == key
	})
}

// byHand is the extractor of what a person added.
const byHand = "person"

// keyOf is the key under which the obligation of a candidate is, or would be, tracked.
func keyOf(c pact.Candidate) string {
	switch {
	case c.DecidedObligation != nil:
		return c.DecidedObligation.Key
	case c.Obligation != nil:
		return c.Obligation.Key
	}
	return c.Name
}

// merge carries out what a choice says of an obligation that looks like one that is tracked: the same one keeps that one's key, and with it
// its id, what was judged, and who looks after it. Neither is taken for granted: a choice that says nothing of it gives fault.Invalid.
// It tells the key of what it is the same as, and of what it was said to be another one.
func (d *Desk) merge(ctx context.Context, tx store.Tx, rev *pact.Review, c *pact.Candidate, ch Choice, seen *bench) (same, other string, err error) {
	if c.Subject != "obligation" || c.State != pact.CandidateAccepted && c.State != pact.CandidateCorrected {
		return "", "", nil
	}
	if err := seen.read(ctx, tx, *c); err != nil {
		return "", "", err
	}
	r, all := seen.register, seen.all
	o := c.Obligation
	if c.DecidedObligation != nil {
		o = c.DecidedObligation
	}
	list := r.alike(*c, o, all)
	i := slices.IndexFunc(list, func(t Tracked) bool { return t.Key == ch.SameAs })
	switch {
	case ch.SameAs != "" && i < 0:
		return "", "", fault.New(fault.Conflict, "%s does not look like anything that is tracked under the key %.120q. Look at it again, then decide.", c.Label, ch.SameAs)
	case ch.SameAs != "":
		out := *o
		out.Key = ch.SameAs
		c.DecidedObligation = &out
		return ch.SameAs, "", setAside(ctx, tx, rev, *c, all)
	case len(list) > 0 && !ch.Another:
		f := fault.New(fault.Invalid, "%s looks like %q, which is tracked already. Say whether it is the same one, or another.", c.Label, list[0].Title)
		for _, t := range list {
			f.Details = append(f.Details, fault.Detail{Field: "body.same_as", Message: t.Key})
		}
		return "", "", f
	case len(list) > 0:
		if list[0].Why == alikeInserted {
			out := *o
			out.Key = besideKey(*c, o.Key, all)
			c.DecidedObligation = &out
		}
		return "", list[0].Key, nil
	}
	return "", "", nil
}

// bench is what the decisions of one change are held against, read once however many they are. The zero value has read nothing.
type bench struct {
	done     bool
	register register
	all      []pact.Candidate // obligations, operations and references of the review, as they stand
}

func (b *bench) read(ctx context.Context, tx store.Tx, c pact.Candidate) error {
	if b.done {
		return nil
	}
	all, err := tx.Candidates.All(ctx, store.Where(store.Eq("review_id", c.ReviewID), store.In("subject", []string{"obligation", "operation", "reference"})))
	if err != nil {
		return err
	}
	r, err := registerOf(ctx, tx.Contracts, tx.Obligations, c.ContractID, all, tx.Now)
	if err != nil {
		return err
	}
	b.done, b.register, b.all = true, r, all
	return nil
}

// keep puts a candidate as it was decided in the place of how it was read.
func (b *bench) keep(c pact.Candidate) {
	for i := range b.all {
		if b.all[i].ID == c.ID {
			b.all[i] = c
		}
	}
}

// setAside takes what a person added, and what was kept of an earlier review, out of the review where a candidate is the same one; also
// what is still open because the file was replaced since.
func setAside(ctx context.Context, tx store.Tx, rev *pact.Review, same pact.Candidate, all []pact.Candidate) error {
	for i := range all {
		c := &all[i]
		if c.ID == same.ID || c.Extractor != byHand || c.State != pact.CandidateCorrected && !isOpen(c.State) || keyOf(*c) != same.DecidedObligation.Key {
			continue
		}
		rev.Open += openDelta(c.State, pact.CandidateSuperseded)
		c.State = pact.CandidateSuperseded
		if err := tx.Candidates.Update(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// bringBack undoes setAside where a decision is taken back, or another one takes its place.
func bringBack(ctx context.Context, tx store.Tx, rev *pact.Review, was, is pact.Candidate, seen *bench) error {
	if was.Subject != "obligation" || was.DecidedObligation == nil || was.Obligation == nil || was.DecidedObligation.Key == was.Obligation.Key || keyOf(is) == keyOf(was) && !isOpen(is.State) && is.State != pact.CandidateRejected {
		return nil
	}
	aside, err := tx.Candidates.All(ctx, store.Where(store.Eq("review_id", was.ReviewID), store.Eq("subject", "obligation"), store.Eq("state", string(pact.CandidateSuperseded))))
	if err != nil {
		return err
	}
	for _, c := range aside {
		if keyOf(c) != was.DecidedObligation.Key {
			continue
		}
		if c.State = pact.CandidateCorrected; c.DecidedObligation == nil {
			c.State = pact.CandidateOpen
		}
		rev.Open += openDelta(pact.CandidateSuperseded, c.State)
		if err := tx.Candidates.Update(ctx, &c); err != nil {
			return err
		}
		seen.keep(c)
	}
	return nil
}

// sameAsBefore gives obligations that were read the key by which an earlier review of the contract, or of the one it amends, said that they
// are tracked.
func sameAsBefore(ctx context.Context, tx store.Tx, con pact.Contract, candidates []pact.Candidate) error {
	if !slices.ContainsFunc(candidates, func(c pact.Candidate) bool { return c.Subject == "obligation" && c.Obligation != nil }) {
		return nil
	}
	keys, err := keysBefore(ctx, tx.Candidates, con.ID)
	if err != nil {
		return err
	}
	above, err := amendedIn(ctx, tx.Contracts, con, candidates)
	if err != nil {
		return err
	}
	if above.ID != "" && (con.ParentID == "" || con.Relation == "amendment") {
		said, err := keysBefore(ctx, tx.Candidates, above.ID)
		if err != nil {
			return err
		}
		maps.Copy(said, keys)
		keys = said
	}
	for i := range candidates {
		c := &candidates[i]
		if c.Subject != "obligation" || c.Obligation == nil || keys[c.Name] == "" {
			continue
		}
		o := *c.Obligation
		o.Key = keys[c.Name]
		c.Obligation = &o
	}
	return nil
}

// keysBefore are the keys by which the reviews of a contract said that obligations are tracked, by the name as which they are read; the
// last decision stands.
func keysBefore(ctx context.Context, candidates store.Reading[pact.Candidate], id pact.ContractID) (map[string]string, error) {
	before, err := candidates.All(ctx, store.Where(store.Eq("contract_id", id), store.Eq("subject", "obligation"), store.Is("review_id", "!=", ""),
		store.In("state", []string{string(pact.CandidateAccepted), string(pact.CandidateCorrected)})).By("id"))
	if err != nil {
		return nil, fmt.Errorf("reading what is tracked of %s: %w", id, err)
	}
	out := map[string]string{}
	for _, b := range before {
		delete(out, b.Name)
		if b.DecidedObligation != nil {
			out[b.Name] = b.DecidedObligation.Key
		}
	}
	return out, nil
}

// keptByHand are the obligations that people added to the last finished review of a document, as the next one has them: what no reading
// finds is not lost because the document is read again. What the reading has under the same key takes their place. A file that replaced the
// document may no longer say them: they are open again.
func keptByHand(ctx context.Context, tx store.Tx, doc pact.Document, candidates []pact.Candidate) ([]pact.Candidate, error) {
	finished, err := tx.Reviews.All(ctx, store.Where(store.Eq("contract_id", doc.ContractID), store.Eq("state", string(pact.ReviewFinished))).By("-finished_at"))
	if err != nil {
		return nil, err
	}
	place, err := places(ctx, tx, doc.ContractID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(finished, func(r pact.Review) bool { return place[r.DocumentID] == place[doc.ID] })
	if i < 0 {
		return nil, nil
	}
	added, err := tx.Candidates.All(ctx, store.Where(store.Eq("review_id", finished[i].ID), store.Eq("subject", "obligation"), store.Eq("extractor", byHand), store.Eq("state", string(pact.CandidateCorrected))).By("order"))
	if err != nil {
		return nil, err
	}
	var out []pact.Candidate
	for _, a := range added {
		if a.DecidedObligation == nil || slices.ContainsFunc(candidates, func(c pact.Candidate) bool { return c.Subject == "obligation" && keyOf(c) == keyOf(a) }) {
			continue
		}
		c := a
		c.ID, c.Reasons = "", nil
		c.ReviewID, c.DocumentID, c.Revision, c.CreatedAt, c.UpdatedAt = "", doc.ID, 0, time.Time{}, time.Time{}
		if a.DocumentID != doc.ID {
			c.State, c.Obligation, c.DecidedObligation, c.DecidedBy, c.DecisionID, c.Reasons = pact.CandidateOpen, a.DecidedObligation, nil, "", "", []string{"added_by_hand"}
		}
		out = append(out, c)
	}
	return out, nil
}
