package review

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/matching"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// fitting is a contract of the register that a reference in a text may mean, with why.
type fitting struct {
	contract pact.Contract
	why      string
}

// referred lists the contracts of the unit that fit what a document says it belongs to. A number decides; a date does only
// together with the same other party. It reads outside a transaction: a person confirms the tie anyway.
func (d *Desk) referred(ctx context.Context, con pact.Contract, ref pact.ContractRef, parties []pact.Party) ([]fitting, error) {
	reads := d.Store.Reads()
	others := func(conds ...store.Cond) ([]pact.Contract, error) {
		all, err := reads.Contracts.All(ctx, store.Where(append(conds, store.Eq("business_unit", con.BusinessUnit), store.Is("id", "!=", con.ID))...).By("created_at"))
		return slices.DeleteFunc(all, func(c pact.Contract) bool { return c.Relation == "amendment" || c.ParentID == con.ID }), err
	}
	if ref.Number != "" {
		same, err := others(store.Eq("number", ref.Number))
		if err != nil {
			return nil, err
		}
		out := make([]fitting, len(same))
		for i, c := range same {
			out[i] = fitting{c, "the same contract number, " + ref.Number}
		}
		if len(out) > 0 {
			return out, nil
		}
	}
	if ref.Date == "" {
		return nil, nil
	}
	active, err := others(store.Eq("state", string(pact.ContractActive)))
	if err != nil {
		return nil, err
	}
	var out []fitting
	for _, c := range active {
		if !d.names(con, parties, c.Customer) || otherNumber(ref.Number, c.Number) {
			continue
		}
		v, err := reads.Versions.One(ctx, store.Where(store.Eq("contract_id", c.ID), store.Eq("number", c.CurrentVersion)))
		if err != nil {
			return nil, err
		}
		for _, name := range []string{"agreement_date", "effective_date"} {
			if t, ok := v.Term(name); ok && t.Value.Date == ref.Date {
				out = append(out, fitting{c, "its " + t.Name + " is " + string(ref.Date) + ", with the same other party"})
				break
			}
		}
	}
	return out, nil
}

// otherNumber tells whether two numbers are those of two contracts, however they are spaced and filled up with zeros: "CSA 4471" and "4471" are
// "CSA-4471", and "CSA-5500" is not. One may leave out how the other begins, and not how it ends. Of a contract without a number nobody knows.
func otherNumber(a, b string) bool {
	x, y := numberParts(a), numberParts(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	return len(x) > 0 && !slices.Equal(x, y[len(y)-len(x):]) && strings.Join(x, "") != strings.Join(y, "")
}

var (
	wordOrFigure = regexp.MustCompile(`\p{L}+|\p{Nd}+`)
	numberSign   = regexp.MustCompile(`^(?:NO|NR|NUM|NUMBER)$`)
)

// numberParts are the words and figures of a contract number: "CSA" and "44" of "CSA no. 0044".
func numberParts(number string) []string {
	parts := wordOrFigure.FindAllString(strings.ToUpper(number), -1)
	parts = slices.DeleteFunc(parts, numberSign.MatchString)
	for i := range parts {
		parts[i] = strings.TrimLeft(parts[i], "0")
	}
	return parts
}

// names tells whether a company is one of the parties of the document, or the other party its source record names.
func (d *Desk) names(con pact.Contract, parties []pact.Party, company string) bool {
	options := []matching.Company{{Name: con.Customer}}
	for _, p := range parties {
		if d.Us == nil || !d.Us(p.Name) {
			options = append(options, matching.Company{Name: p.Name, Aliases: p.Aliases})
		}
	}
	options = slices.DeleteFunc(options, func(c matching.Company) bool { return c.Name == "" })
	return company != "" && slices.ContainsFunc(options, func(o matching.Company) bool {
		return matching.Match(matching.Company{Name: company}, []matching.Company{o}).State == matching.Matched
	})
}

// proposals completes the candidates of a reading with what the register has, before the review is opened: the contract that a reference
// means, and what the amended contract says with the words of an amendment. changed are candidates by id, more are new ones.
func (d *Desk) proposals(ctx context.Context, id pact.DocumentID) (changed map[pact.CandidateID]pact.Candidate, more []pact.Candidate, err error) {
	reads := d.Store.Reads()
	candidates, err := reads.Candidates.All(ctx, store.Where(store.Eq("document_id", id), store.Eq("review_id", "")))
	if err != nil || !slices.ContainsFunc(candidates, func(c pact.Candidate) bool { return c.Subject == "reference" || c.Subject == "operation" }) {
		return nil, nil, err
	}
	con, err := reads.Contracts.Get(ctx, string(candidates[0].ContractID))
	if err != nil {
		return nil, nil, err
	}
	if err := d.propose(ctx, con, candidates); err != nil {
		return nil, nil, err
	}
	changed = map[pact.CandidateID]pact.Candidate{}
	for _, c := range candidates {
		if c.Subject == "reference" {
			changed[c.ID] = c
		}
	}
	reworded, err := d.rewording(ctx, con, candidates)
	for _, c := range reworded.changed {
		changed[c.ID] = c
	}
	return changed, reworded.more, err
}

// propose completes the references among candidates with what the register has: one contract that fits is proposed, several
// are readings to choose from, none is told. The tie itself is made when the review is published.
func (d *Desk) propose(ctx context.Context, con pact.Contract, candidates []pact.Candidate) error {
	var parties []pact.Party
	for _, c := range candidates {
		if c.Subject == "term" && c.Name == "parties" && c.Value != nil {
			parties = c.Value.Parties
		}
	}
	for i := range candidates {
		c := &candidates[i]
		if c.Subject != "reference" || c.Value == nil || c.Value.Contract == nil || c.Value.Contract.ContractID != "" {
			continue
		}
		ref := *c.Value.Contract
		fit, err := d.referred(ctx, con, ref, parties)
		if err != nil {
			return err
		}
		options := make([]pact.Value, len(fit))
		for j, f := range fit {
			option := ref
			option.ContractID, option.Why = f.contract.ID, registered(f.contract)+": "+f.why
			options[j] = pact.Value{Kind: pact.ContractValue, Contract: &option}
		}
		switch len(options) {
		case 0:
			ref.Why = "No contract of the register has this number, or this date and party. Correct it by choosing the contract, or accept: it is tied when such a contract comes into the register."
			c.Value = &pact.Value{Kind: pact.ContractValue, Contract: &ref}
		case 1:
			c.Value = &options[0]
		default:
			c.Ambiguities = append(c.Ambiguities, pact.Ambiguity{Code: "several_contracts", Question: "Several contracts of the register fit. To which does this document belong?", Readings: options})
		}
	}
	return nil
}

// unsaid asks to which contract a document belongs that changes another one and of which neither the register nor its text says which: its
// changes would change nothing, and nobody would see that. One that restates what is not in the register is its own contract: rejected, it
// stays so.
func unsaid(candidates []pact.Candidate, con pact.Contract, doc pact.Document) (pact.Candidate, bool) {
	says := func(subject string) bool {
		return slices.ContainsFunc(candidates, func(c pact.Candidate) bool { return c.Subject == subject })
	}
	if con.ParentID != "" || !says("operation") || says("reference") {
		return pact.Candidate{}, false
	}
	return pact.Candidate{
		BusinessUnit: con.BusinessUnit, ContractID: con.ID, DocumentID: doc.ID, Subject: "reference", Name: "belongs_to", Label: "Belongs to", State: pact.CandidateOpen, Verification: pact.Unverified,
		Value:       &pact.Value{Kind: pact.ContractValue, Contract: &pact.ContractRef{Relation: "amendment"}},
		Ambiguities: []pact.Ambiguity{{Code: "no_contract", Question: "The document changes another one, and does not say which. Which contract does it change? Correct it by choosing the contract; reject it where it is none of the register: then its changes change nothing."}},
	}, true
}

// sameNumberReason holds a contract number that another contract of the register has already.
const sameNumberReason = "same_number"

// ofSameNumber lists the active contracts of the unit, outside the family, that have the number which the candidates give to this one; none for a document that amends one, whose own number stays what it is and matches no event.
func ofSameNumber(ctx context.Context, contracts store.Reading[pact.Contract], con pact.Contract, candidates []pact.Candidate) ([]pact.Contract, error) {
	number := ""
	for _, c := range candidates {
		if c.Subject == "reference" && c.Value != nil && c.Value.Contract != nil && c.Value.Contract.Relation == "amendment" {
			return nil, nil
		}
		if c.Subject == "term" && c.Name == "contract_number" && c.Value != nil {
			number = c.Value.Text
		}
	}
	if number == "" {
		return nil, nil
	}
	same, err := contracts.All(ctx, store.Where(store.Eq("business_unit", con.BusinessUnit), store.Eq("number", number), store.Is("id", "!=", con.ID), store.Eq("state", string(pact.ContractActive))).By("created_at"))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(same, func(c pact.Contract) bool { return c.FamilyID == con.FamilyID }), nil
}

// registered names a contract as the register lists it, so that two that fit can be told apart.
func registered(c pact.Contract) string {
	name := c.Title
	if c.Number != "" {
		name += " " + c.Number
	}
	if c.Customer != "" {
		name += ", " + c.Customer
	}
	if c.EffectiveDate != "" {
		name += ", from " + string(c.EffectiveDate)
	}
	return strings.TrimSpace(name)
}

// join ties a contract to the one its document was found to belong to, with all that hangs below it. What the source system
// says of the parent stands: a reference to another contract is a conflict, which a person resolves.
func join(ctx context.Context, tx store.Tx, con *pact.Contract, ref pact.ContractRef) error {
	if ref.ContractID == "" || ref.ContractID == con.ParentID {
		return nil
	}
	if con.ParentID != "" {
		return fault.New(fault.Conflict, "This contract belongs to %s already, and the text refers to %s. Reject the reference, or correct the tie first.", con.ParentID, ref.ContractID)
	}
	parent, err := tx.Contracts.Lock(ctx, string(ref.ContractID))
	if err != nil {
		return err
	}
	if parent.BusinessUnit != con.BusinessUnit || parent.ID == con.ID {
		return fault.New(fault.Invalid, "A document can belong only to another contract of its own business unit.")
	}
	for above := parent; above.ParentID != ""; {
		if above.ParentID == con.ID {
			return fault.New(fault.Conflict, "%s hangs below this contract already; the tie would run in a circle.", parent.Title)
		}
		if above, err = tx.Contracts.Get(ctx, string(above.ParentID)); err != nil {
			return err
		}
	}
	was := con.FamilyID
	con.ParentID, con.Relation, con.FamilyID = parent.ID, ref.Relation, parent.FamilyID
	if was != con.ID {
		return nil
	}
	below, err := tx.Contracts.All(ctx, store.Where(store.Eq("family_id", was), store.Is("id", "!=", con.ID)))
	if err != nil {
		return err
	}
	for _, c := range below {
		c.FamilyID = parent.FamilyID
		if err := tx.Contracts.Update(ctx, &c); err != nil {
			return err
		}
	}
	return nil
}
