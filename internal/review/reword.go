package review

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Of an amendment that changes words of a clause the review proposes what the clause says with the new words: the contract is read again
// with them, and each term and obligation that is read otherwise is a candidate of the amendment, with the operation's passage. What is
// not clear is asked: nothing is taken for unchanged because nobody could tell.

// rederived is the rule of a value that was read from an amended clause with its new words.
const rederived = "the amended clause with the new words"

// reworded is what a reading of the amended contract changes in the candidates of an amendment.
type reworded struct {
	changed []pact.Candidate // by id: operations that are settled or asked about, values that were read here and there
	more    []pact.Candidate // values that only the amended clause gives
}

// rewording reads the contract that an amendment amends again, with the changes of words among its open candidates. It reads outside a
// transaction, and gives nothing where there are none, where no contract is known yet, or where nothing of that was read.
func (d *Desk) rewording(ctx context.Context, con pact.Contract, candidates []pact.Candidate) (reworded, error) {
	var at []int
	var swaps []extract.Swap
	for i, c := range candidates {
		if op, ok := changesWords(c); ok {
			at, swaps = append(at, i), append(swaps, swapOf(op))
		} else if op, ok := namesClause(c); ok {
			at, swaps = append(at, i), append(swaps, extract.Swap{Clause: numbered.FindString(op.Target)})
		}
	}
	if len(at) == 0 || d.Reword == nil {
		return reworded{}, nil
	}
	head, err := d.amendedBy(ctx, con, candidates)
	if err != nil || head.ID == "" {
		return reworded{}, err
	}
	texts, err := d.textsOf(ctx, head)
	if err != nil || len(texts) == 0 {
		return reworded{}, err
	}
	line, err := d.amendedBefore(ctx, head, con)
	if err != nil {
		return reworded{}, err
	}
	earlier, err := d.earlierSwaps(ctx, line, head, con)
	if err != nil {
		return reworded{}, err
	}
	found := make([]extract.Swapped, len(swaps))
	for _, text := range texts {
		list, err := d.Reword(ctx, text, earlier, swaps)
		if fault.Is(err, fault.NotFound) {
			continue // the reading was deleted
		}
		if err != nil {
			return reworded{}, fmt.Errorf("reading %s with the words of an amendment: %w", head.ID, err)
		}
		for i, s := range list {
			switch {
			case s.Places == 0:
			case swaps[i].New == "": // the clause stands in one of the documents
				found[i].Places, found[i].Beyond = 1, append(found[i].Beyond, s.Beyond...)
			case found[i].Places == 0:
				found[i] = s
			default: // two documents have the words
				found[i].Places += s.Places
				found[i].Clause = ""
				found[i].Changed = append(found[i].Changed, s.Changed...)
			}
		}
	}
	for i, s := range swaps {
		if s.Clause == "" || s.New == "" {
			continue
		}
		there, err := d.inAmendment(ctx, line, head, con, *candidates[at[i]].Value.Operation, s)
		if err != nil {
			return reworded{}, err
		}
		if there.Places > 0 {
			found[i] = there
		}
	}
	keys, err := keysBefore(ctx, d.Store.Reads().Candidates, head.ID)
	if err != nil {
		return reworded{}, err
	}
	out := proposal{all: slices.Clone(candidates), touched: map[int]bool{}, keys: keys, before: decidedBefore{line}}
	for i, s := range found {
		if swaps[i].New == "" {
			out.located(at[i], s, head)
			continue
		}
		out.settle(at[i], s, head)
	}
	return out.result(len(candidates)), nil
}

// changesWords gives the operation of an open candidate that changes words nobody has followed yet.
func changesWords(c pact.Candidate) (pact.Operation, bool) {
	if c.Subject != "operation" || c.Value == nil || c.Value.Operation == nil || c.State != "" && !isOpen(c.State) {
		return pact.Operation{}, false
	}
	op := *c.Value.Operation
	return op, op.Kind == pact.ChangeValue && op.New != "" && (op.Old != "" || op.Target != "") && !op.Settled
}

// numbered is a clause by its number, with the capital letter of one that was put between two others (5A): what small letters are called, not
// every document tells.
var numbered = regexp.MustCompile(`^[0-9]{1,3}(?:\.[0-9]{1,3}){0,5}(?:[A-Z]\b)?`)

// namesClause gives the operation of an open candidate that ends or waives a whole clause, which the amended contract must have.
func namesClause(c pact.Candidate) (pact.Operation, bool) {
	if c.Subject != "operation" || c.Value == nil || c.Value.Operation == nil || c.State != "" && !isOpen(c.State) {
		return pact.Operation{}, false
	}
	op := *c.Value.Operation
	return op, (op.Kind == pact.Delete || op.Kind == pact.Replace || op.Kind == pact.Waive) && numbered.MatchString(op.Target)
}

// located asks about a clause that the amended contract has not, neither by itself nor by an earlier amendment, and about what other clauses say
// of an obligation that comes anew with a replaced one: it goes on, and the amendment does not repeat it. A clause that was asked about and is
// there by now, as an amendment before this one was published, is asked about no more.
func (p *proposal) located(i int, s extract.Swapped, head pact.Contract) {
	c := p.all[i]
	op := *c.Value.Operation
	missing := func(q pact.Ambiguity) bool { return q.Code == "clause_not_found" }
	asked := slices.ContainsFunc(c.Ambiguities, missing)
	there := s.Places > 0 || slices.ContainsFunc(p.before.line.Changes(), func(o effective.Change) bool {
		return (o.Kind == pact.Insert || o.Kind == pact.Replace || o.Kind == pact.Restate) && (o.Target == "" || effective.Within(op.Target, o.Target) || effective.Within(o.Target, op.Target))
	})
	if there && asked {
		p.touched[i] = true
		p.all[i].Ambiguities = slices.DeleteFunc(slices.Clone(c.Ambiguities), missing)
	}
	if !there && !asked {
		p.touched[i] = true
		p.all[i].Ambiguities = append(slices.Clone(c.Ambiguities), pact.Ambiguity{Code: "clause_not_found", Question: fmt.Sprintf(
			"%s has no clause %s that could be found. Which one is meant? Correct the change, or reject it.", cmp.Or(head.Title, "The contract"), op.Target)})
	}
	if s.Places == 0 || op.Kind != pact.Replace {
		return
	}
	for j := range p.all {
		own := &p.all[j]
		if own.Obligation == nil || own.Subject != "obligation" || own.State != "" && !isOpen(own.State) || !slices.Contains(s.Beyond, own.Name) ||
			slices.ContainsFunc(own.Ambiguities, func(q pact.Ambiguity) bool { return q.Code == "other_clauses" }) {
			continue
		}
		r := p.before.line.Obligation(cmp.Or(p.keys[own.Name], keyOf(*own)), agreedLast)
		if r.Winner == nil || r.Winner.Obligation.Kind != own.Obligation.Kind {
			continue
		}
		lost := unsaidBy(r.Winner.Obligation.Params, own.Obligation.Params)
		if len(lost) == 0 {
			continue
		}
		q := pact.Ambiguity{Code: "other_clauses", Question: fmt.Sprintf("The contract also says in other clauses than %s: %s. The amendment does not repeat it. Does it stay? Correct the obligation: with it where it stays, without where it ends.", op.Target, strings.Join(lost, " and "))}
		o := *own.Obligation
		o.Ambiguities = append(slices.Clone(o.Ambiguities), q)
		own.Obligation, own.Ambiguities = &o, append(slices.Clone(own.Ambiguities), q)
		p.touched[j] = true
	}
}

// unsaidBy names the members that one obligation has and another of its kind leaves empty.
func unsaidBy(stands, now json.RawMessage) []string {
	var s, n map[string]any
	if json.Unmarshal(stands, &s) != nil || json.Unmarshal(now, &n) != nil {
		return nil
	}
	var out []string
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if key != "zone" && !empty(s[key]) && empty(n[key]) { // whose calendar counts is asked by itself
			out = append(out, strings.ReplaceAll(key, "_", " "))
		}
	}
	return out
}

func swapOf(op pact.Operation) extract.Swap {
	return extract.Swap{Clause: op.Target, Terms: op.Terms, Old: op.Old, New: op.New}
}

// unfollowed is a decided value; a change of words that was decided otherwise than it was followed is followed no more.
func unfollowed(was, now *pact.Value) *pact.Value {
	if now.Operation == nil || !now.Operation.Settled {
		return now
	}
	if was != nil && was.Operation != nil && was.Operation.Target == now.Operation.Target && was.Operation.Old == now.Operation.Old && was.Operation.New == now.Operation.New {
		return now
	}
	op := *now.Operation
	op.Settled, op.Terms = false, nil
	v := *now
	v.Operation = &op
	return &v
}

// amendedBy is the contract whose words a document changes: its parent, or the one contract that its reference means. The zero contract is
// none.
func (d *Desk) amendedBy(ctx context.Context, con pact.Contract, candidates []pact.Candidate) (pact.Contract, error) {
	return amendedIn(ctx, d.Store.Reads().Contracts, con, candidates)
}

func amendedIn(ctx context.Context, contracts store.Reading[pact.Contract], con pact.Contract, candidates []pact.Candidate) (pact.Contract, error) {
	id := con.ParentID
	if id == "" {
		id = amends(candidates)
	}
	for range 20 { // an amendment of an amendment amends its contract
		if id == "" {
			break
		}
		head, err := contracts.Get(ctx, string(id))
		if fault.Is(err, fault.NotFound) {
			break
		}
		if err != nil || head.Relation != "amendment" || head.ParentID == "" {
			return head, err
		}
		id = head.ParentID
	}
	return pact.Contract{}, nil
}

// textsOf are the readings of the documents of a contract; a file that replaced another under the same key stands instead of it.
func (d *Desk) textsOf(ctx context.Context, con pact.Contract) ([]pact.TextID, error) {
	docs, err := d.Store.Reads().Documents.All(ctx, store.Where(store.Eq("contract_id", con.ID), store.Eq("state", string(pact.DocumentRead))).By("-created_at"))
	if err != nil {
		return nil, err
	}
	var out []pact.TextID
	seen := map[string]bool{}
	for _, doc := range docs {
		if doc.TextID == "" || doc.SourceKey != "" && seen[doc.SourceKey] || slices.Contains(out, doc.TextID) {
			continue
		}
		seen[doc.SourceKey] = true
		out = append(out, doc.TextID)
	}
	return out, nil
}

// amendedBefore is the timeline of the amended contract with its other amendments.
func (d *Desk) amendedBefore(ctx context.Context, head, con pact.Contract) (effective.Timeline, error) {
	reads := d.Store.Reads()
	family, err := reads.Contracts.All(ctx, store.Where(store.Eq("family_id", head.FamilyID)).By("created_at"))
	if err != nil {
		return effective.Timeline{}, err
	}
	line, _, err := effective.OfContract(head, slices.DeleteFunc(family, func(c pact.Contract) bool { return c.ID == con.ID }), func(part pact.Contract) (pact.Version, error) {
		return reads.Versions.One(ctx, store.Where(store.Eq("contract_id", part.ID), store.Eq("number", part.CurrentVersion)))
	})
	return line, err
}

// earlierSwaps are the changes of words that other amendments of the contract made, in the order in which they take effect.
func (d *Desk) earlierSwaps(ctx context.Context, line effective.Timeline, head, con pact.Contract) ([]extract.Swap, error) {
	keys, err := keysBefore(ctx, d.Store.Reads().Candidates, head.ID)
	if err != nil {
		return nil, err
	}
	var out []extract.Swap
	for _, c := range line.Changes() {
		if c.Kind == pact.ChangeValue && c.Old != "" && c.New != "" && c.Source.ContractID != con.ID {
			s := swapOf(c.Operation)
			if s.Terms = asNamed(s.Terms, keys); s.Clause != "" {
				s.Terms = nil
			}
			out = append(out, s)
		}
	}
	return out, nil
}

// inAmendment looks for the words of a change where an earlier amendment put new words in the place of a clause, or inserted it: "Section 2.2 of
// the Agreement (as amended by Amendment No. 1) is amended by replacing …". The last amendment that did so has the clause as it stands.
func (d *Desk) inAmendment(ctx context.Context, line effective.Timeline, head, con pact.Contract, op pact.Operation, s extract.Swap) (extract.Swapped, error) {
	for _, c := range slices.Backward(line.Changes()) {
		by := c.Source.ContractID
		if c.Kind != pact.Replace && c.Kind != pact.Insert || c.Target == "" || by == head.ID || by == con.ID || !effective.Within(op.Target, c.Target) {
			continue
		}
		texts, err := d.textsOf(ctx, pact.Contract{ID: by})
		if err != nil {
			return extract.Swapped{}, err
		}
		keys, err := keysBefore(ctx, d.Store.Reads().Candidates, by)
		if err != nil {
			return extract.Swapped{}, err
		}
		clauses := []string{op.Target} // the new words may have the number of the clause, or stand in that of the amendment
		for _, e := range c.Evidence {
			if e.Passage != nil && e.Passage.Clause != "" && !slices.Contains(clauses, e.Passage.Clause) {
				clauses = append(clauses, e.Passage.Clause)
			}
		}
		for _, text := range texts {
			for _, clause := range clauses {
				var earlier []extract.Swap
				for _, e := range line.Changes() { // what came after it changed its words
					if e.Kind == pact.ChangeValue && e.Old != "" && e.New != "" && e.Source.ContractID != by && effective.Within(e.Target, c.Target) {
						earlier = append(earlier, extract.Swap{Clause: clause, Old: e.Old, New: e.New})
					}
				}
				list, err := d.Reword(ctx, text, earlier, []extract.Swap{{Clause: clause, Terms: s.Terms, Old: s.Old, New: s.New}})
				if fault.Is(err, fault.NotFound) {
					continue // the reading was deleted
				}
				if err != nil {
					return extract.Swapped{}, fmt.Errorf("reading %s with the words of a later amendment: %w", by, err)
				}
				if found := list[0]; found.Places > 0 {
					found.Clause = op.Target
					for i := range found.Changed {
						change := &found.Changed[i]
						change.Before.Obligation, change.After.Obligation = keyed(change.Before.Obligation, keys[change.After.Name]), keyed(change.After.Obligation, keys[change.After.Name])
						if key := keys[change.After.Name]; key != "" && change.After.Subject == "obligation" {
							change.Before.Name, change.After.Name = key, key
						}
					}
					return found, nil
				}
			}
		}
	}
	return extract.Swapped{}, nil
}

// keyed is an obligation under a key; as it is where there is none.
func keyed(o *pact.Obligation, key string) *pact.Obligation {
	if o == nil || key == "" {
		return o
	}
	out := *o
	out.Key = key
	return &out
}

// wordsNotFound is the code of the question where the words of a change stand.
const wordsNotFound = "words_not_found"

// asNamed gives the names under which a document is read in the place of the keys under which a review tracks it.
func asNamed(terms []string, keys map[string]string) []string {
	out := slices.Clone(terms)
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		if slices.Contains(terms, keys[name]) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// proposal is the candidates of an amendment as the amended contract completes them.
type proposal struct {
	all     []pact.Candidate
	touched map[int]bool
	keys    map[string]string // under which the contract tracks an obligation that is read by another name
	before  decidedBefore
}

// tracked is an obligation with the key under which the contract tracks it.
func (p *proposal) tracked(o *pact.Obligation, name string) *pact.Obligation {
	return keyed(o, p.keys[name])
}

func (p *proposal) result(known int) reworded {
	var out reworded
	for i, c := range p.all {
		switch {
		case i >= known:
			out.more = append(out.more, c)
		case p.touched[i]:
			out.changed = append(out.changed, c)
		}
	}
	return out
}

// settle says of one operation what it changes, and proposes that.
func (p *proposal) settle(i int, s extract.Swapped, head pact.Contract) {
	c := p.all[i]
	op := *c.Value.Operation
	sought := func(q pact.Ambiguity) bool { return q.Code == wordsNotFound }
	if s.Places == 0 && slices.ContainsFunc(c.Ambiguities, sought) {
		return // asked before
	}
	p.touched[i] = true
	p.all[i].Ambiguities = slices.DeleteFunc(slices.Clone(c.Ambiguities), sought)
	if s.Places == 0 {
		if stated := p.stated(c, op); op.Old == "" && len(stated) > 0 {
			op.Settled, op.Terms = true, stated
			p.all[i].Value = &pact.Value{Kind: pact.OperationValue, Operation: &op}
			return
		}
		p.all[i].Ambiguities = append(slices.Clone(c.Ambiguities), pact.Ambiguity{Code: wordsNotFound, Question: unfound(op, head)})
		return
	}
	op.Old = cmp.Or(op.Old, s.Old)
	op.Settled, op.Terms = true, nil
	if op.Target == "" {
		op.Target = s.Clause
	}
	places := spread(s)
	for _, change := range s.Changed {
		name := change.After.Name
		if change.After.Subject == "obligation" {
			name = cmp.Or(p.keys[name], name)
			change.Before.Obligation, change.After.Obligation = p.tracked(change.Before.Obligation, change.After.Name), p.tracked(change.After.Obligation, change.After.Name)
		}
		if !slices.Contains(op.Terms, name) {
			op.Terms = append(op.Terms, name)
		}
		unclear := !change.Clear && len(change.After.Ambiguities) == 0
		if !unclear {
			change = p.before.carry(change)
		}
		p.add(c, op, change, places, unclear)
	}
	p.all[i].Value = &pact.Value{Kind: pact.OperationValue, Operation: &op}
}

// unfound asks where the words of a change stand that are not in the amended contract.
func unfound(op pact.Operation, head pact.Contract) string {
	where := "the contract"
	if op.Target != "" {
		where = op.Target + " of " + head.Title
	} else if head.Title != "" {
		where = head.Title
	}
	if op.Old != "" {
		return fmt.Sprintf("“%s” was not found in %s. Where does it stand, and what does it become? Correct the change, and state the new value as a term of this review.", op.Old, where)
	}
	return fmt.Sprintf("“%s” comes into %s, and it is not clear which words it takes the place of. Correct the change with the words that go, or state the new value as a term of this review.", op.New, where)
}

// stated names the terms and obligations that the amendment itself states with the new value in the sentence of a change: they are what it comes to,
// and nothing else of the clause changes.
func (p *proposal) stated(c pact.Candidate, op pact.Operation) []string {
	now := figures(op.New)
	var out []string
	for _, o := range p.all {
		if o.Derivation != nil && o.Derivation.Rule == rederived || !shares(o.Evidence, c.Evidence) {
			continue
		}
		said, name := "", o.Name
		switch {
		case o.Subject == "term" && o.Value != nil && effective.Amendable(o.Name):
			said = o.Value.String()
		case o.Subject == "obligation" && o.Obligation != nil:
			said, name = string(o.Obligation.Params), cmp.Or(p.keys[o.Name], keyOf(o))
		}
		if slices.ContainsFunc(figures(said), func(f string) bool { return slices.Contains(now, f) }) {
			out = append(out, name)
		}
	}
	return out
}

var figure = regexp.MustCompile(`[0-9](?:[0-9,.]*[0-9])?`)

// figures are the numbers in a text, however they are written: 19500 of "USD 19,500.00".
func figures(s string) []string {
	var out []string
	for _, f := range figure.FindAllString(s, -1) {
		if n, err := decimal.NewFromString(strings.ReplaceAll(f, ",", "")); err == nil {
			out = append(out, n.String())
		}
	}
	return out
}

// shares tells whether two pieces of evidence stand on the same words.
func shares(a, b []pact.Evidence) bool {
	return slices.ContainsFunc(a, func(e pact.Evidence) bool {
		return e.Passage != nil && slices.ContainsFunc(b, func(f pact.Evidence) bool {
			return f.Passage != nil && e.Passage.TextID == f.Passage.TextID && e.Passage.Start < f.Passage.End && f.Passage.Start < e.Passage.End
		})
	})
}

// spread counts the passages in which a swap changes something: of several nobody knows whether each is meant.
func spread(s extract.Swapped) int {
	if s.Places < 2 {
		return 1
	}
	var reads []string
	for _, c := range s.Changed {
		reads = append(reads, c.Reads)
	}
	slices.Sort(reads)
	return len(slices.Compact(reads))
}

// add proposes one value, beside or instead of what the amendment was read to say of it.
func (p *proposal) add(from pact.Candidate, op pact.Operation, change extract.Change, places int, unclear bool) {
	c := change.After
	if c.Label == "" {
		c.Label = change.Before.Label
	}
	c.ID, c.ReviewID, c.Order, c.State, c.Rivals, c.Reasons = "", "", 0, pact.CandidateOpen, nil, nil
	c.BusinessUnit, c.ContractID, c.DocumentID = from.BusinessUnit, from.ContractID, from.DocumentID
	c.Evidence, c.Verification = from.Evidence, from.Verification
	c.Confidence = decimal.Min(c.Confidence, from.Confidence)
	c.Derivation = &pact.Derivation{Rule: rederived, Inputs: map[string]string{"clause": op.Target, "old": op.Old, "new": op.New, "reads": change.Reads}}
	c.Ambiguities = slices.Clone(c.Ambiguities)
	if c.Obligation != nil {
		o := *c.Obligation
		o.Evidence, o.DocumentID, o.InForce.From = from.Evidence, from.DocumentID, op.From
		c.Obligation = &o // without a day of its own it begins with the amendment, by the date that the review decides
	}
	what := strings.ToLower(strings.TrimSpace(c.Label))
	if what == "" {
		what = strings.ReplaceAll(c.Name, "_", " ")
	}
	switch {
	case unclear:
		q := pact.Ambiguity{Code: "reworded", Question: fmt.Sprintf("With “%s” in the place of “%s” it is not clear what the %s is. What is it from then on?", op.New, op.Old, what)}
		for _, v := range []*pact.Value{change.Before.Value, c.Value} {
			if v != nil {
				q.Readings = append(q.Readings, *v)
			}
		}
		c.Ambiguities, c.Value, c.Obligation = append(c.Ambiguities, q), nil, nil
		if change.Before.Obligation != nil {
			o := *change.Before.Obligation
			o.Evidence, o.DocumentID, o.InForce.From = from.Evidence, from.DocumentID, op.From
			c.Obligation = &o
		}
	case places > 1:
		c.Ambiguities = append(c.Ambiguities, pact.Ambiguity{Code: "several_places", Question: fmt.Sprintf("“%s” stands in several passages. Is it the %s that changes?", op.Old, what), Readings: readings(change.Before.Value, c.Value)})
	}
	i := slices.IndexFunc(p.all, func(o pact.Candidate) bool {
		return o.Subject == c.Subject && (o.Name == c.Name || c.Subject == "obligation" && keyOf(o) == keyOf(c))
	})
	if i < 0 {
		p.all = append(p.all, c)
		return
	}
	if own := &p.all[i]; own.State == "" || isOpen(own.State) {
		p.touched[i] = true
		beside(own, c)
	}
}

func readings(values ...*pact.Value) []pact.Value {
	var out []pact.Value
	for _, v := range values {
		if v != nil {
			out = append(out, *v)
		}
	}
	return out
}

// beside puts what the amended clause says behind what was read in the amendment itself. The same value stands; an obligation is told
// better by its clause; two values of a term are a question.
func beside(own *pact.Candidate, c pact.Candidate) {
	switch {
	case len(c.Ambiguities) == 0 && own.Value != nil && c.Value != nil && own.Value.Equal(*c.Value),
		own.Obligation != nil && c.Obligation != nil && len(c.Ambiguities) == 0 && bytes.Equal(own.Obligation.Params, c.Obligation.Params):
		own.Derivation = c.Derivation
		if own.Obligation != nil { // from the day of the change, and not from that of the amendment as it was read
			o := *own.Obligation
			o.InForce.From = c.Obligation.InForce.From
			own.Obligation = &o
		}
		return
	case own.Derivation != nil && own.Derivation.Rule == rederived: // another change of the same clause
		return
	case own.Name == "insurance_limits" && len(c.Ambiguities) == 0 && own.Value != nil && c.Value != nil && slices.Equal(figures(own.Value.Text), figures(c.Value.Text)):
		own.Value, own.Derivation = c.Value, c.Derivation // the same limits, in the words of the clause
		return
	case own.Value != nil && c.Value != nil && own.Value.String() != c.Value.String():
		own.Ambiguities = append(own.Ambiguities, pact.Ambiguity{Code: "reworded", Question: fmt.Sprintf("The amendment seems to say %s, and the amended clause with its new words %s. Which one holds?", own.Value, c.Value), Readings: readings(own.Value, c.Value)})
		return
	}
	was := *own
	was.Rivals = nil
	c.ID, c.ReviewID, c.Order, c.State, c.Revision, c.CreatedAt, c.UpdatedAt = own.ID, own.ReviewID, own.Order, own.State, own.Revision, own.CreatedAt, own.UpdatedAt
	c.Reasons, c.Rivals = own.Reasons, append([]pact.Candidate{was}, own.Rivals...)
	*own = c
}

// rewordOpen follows the changes of words in amendments whose reviews were opened before the contract they amend could be read.
func (d *Desk) rewordOpen(ctx context.Context, head pact.Contract) error {
	reads := d.Store.Reads()
	family, err := reads.Contracts.All(ctx, store.Where(store.Eq("family_id", head.FamilyID)).By("created_at"))
	if err != nil {
		return err
	}
	head = effective.Amended(head, family) // a clause that one amendment inserts may be what the next one deletes
	amending := effective.Amending(family, head.ID)
	proposed, err := d.proposedBelow(ctx, head)
	if err != nil {
		return err
	}
	for _, con := range append(amending, proposed...) {
		open, err := reads.Reviews.All(ctx, store.Where(store.Eq("contract_id", con.ID), store.In("state", []string{"waiting", "in_review"})))
		if err != nil {
			return err
		}
		for _, rev := range open {
			candidates, err := reads.Candidates.All(ctx, store.Where(store.Eq("review_id", rev.ID)).By("order"))
			if err != nil {
				return err
			}
			found, err := d.findReference(ctx, con, candidates)
			if err != nil {
				return err
			}
			out, err := d.rewording(ctx, con, candidates)
			if err != nil {
				return err
			}
			out.changed = append(out.changed, found...)
			if len(out.changed)+len(out.more) == 0 {
				continue
			}
			if err := d.keepReworded(ctx, rev.ID, out); err != nil {
				return err
			}
		}
	}
	return nil
}

// proposedBelow lists the contracts whose open reviews say that they amend this one, and which no decision has tied to it yet; also those
// that no contract of the register fitted when they were read.
func (d *Desk) proposedBelow(ctx context.Context, head pact.Contract) ([]pact.Contract, error) {
	reads := d.Store.Reads()
	open, err := reads.Candidates.All(ctx, store.Where(store.Eq("business_unit", head.BusinessUnit), store.Eq("subject", "reference"), store.Is("review_id", "!=", ""),
		store.In("state", []string{"open", "accepted", "corrected"})).By("created_at"))
	if err != nil {
		return nil, err
	}
	var out []pact.Contract
	for _, c := range open {
		v := decided(c)
		if v == nil || v.Contract == nil || v.Contract.Relation != "amendment" || v.Contract.ContractID != head.ID && (v.Contract.ContractID != "" || !isOpen(c.State)) {
			continue
		}
		con, err := reads.Contracts.Get(ctx, string(c.ContractID))
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if con.ParentID == "" && con.ID != head.ID && !slices.ContainsFunc(out, func(o pact.Contract) bool { return o.ID == con.ID }) {
			out = append(out, con)
		}
	}
	return out, nil
}

// findReference completes the open references among candidates that no contract fitted before, and gives those that one fits now.
func (d *Desk) findReference(ctx context.Context, con pact.Contract, candidates []pact.Candidate) ([]pact.Candidate, error) {
	missing := func(c pact.Candidate) bool {
		return c.Subject == "reference" && isOpen(c.State) && c.Value != nil && c.Value.Contract != nil && c.Value.Contract.ContractID == ""
	}
	var at []int
	for i, c := range candidates {
		if con.ParentID == "" && missing(c) && len(c.Ambiguities) == 0 {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return nil, nil
	}
	if err := d.propose(ctx, con, candidates); err != nil {
		return nil, err
	}
	var out []pact.Candidate
	for _, i := range at {
		if !missing(candidates[i]) || len(candidates[i].Ambiguities) > 0 {
			out = append(out, candidates[i])
		}
	}
	return out, nil
}

// keepReworded stores what was found, where nobody decided meanwhile.
func (d *Desk) keepReworded(ctx context.Context, id pact.ReviewID, out reworded) error {
	return d.Store.Change(ctx, store.Act{Name: "review.reword", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		rev, err := tx.Reviews.Lock(ctx, string(id))
		if err != nil || rev.State != pact.ReviewWaiting && rev.State != pact.ReviewInReview {
			return err
		}
		now, err := tx.Candidates.All(ctx, store.Where(store.Eq("review_id", id)))
		if err != nil {
			return err
		}
		_, policy, err := activePolicy(ctx, tx.Policies)
		if err != nil {
			return err
		}
		s := situation{value: valueOf(now)}
		for _, c := range out.changed { // all of them, or none
			if !slices.ContainsFunc(now, func(o pact.Candidate) bool { return o.ID == c.ID && o.Revision == c.Revision }) {
				return nil // decided meanwhile: it is asked where the value is in force
			}
		}
		for _, c := range out.changed {
			c.Reasons = policy.reasons(c, s)
			if err := tx.Candidates.Update(ctx, &c); err != nil {
				return err
			}
		}
		for _, c := range out.more {
			if slices.ContainsFunc(now, func(o pact.Candidate) bool { return o.Subject == c.Subject && o.Name == c.Name }) {
				continue
			}
			c.ID, c.ReviewID, c.Order, c.ContractType, c.State = pact.NewID[pact.CandidateID]("can", tx.Now), id, rev.Total, typeOf(now, pact.Contract{}), pact.CandidateOpen
			c.Reasons = policy.reasons(c, s)
			if err := tx.Candidates.Insert(ctx, &c); err != nil {
				return err
			}
			rev.Total++
			rev.Open++
			rev.MinConfidence = decimal.Min(rev.MinConfidence, c.Confidence)
		}
		return tx.Reviews.Update(ctx, &rev)
	})
}
