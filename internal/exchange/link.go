package exchange

import (
	"context"
	"fmt"
	"strings"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/matching"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// link finds, or finds again, the object of a connection that a contract belongs to. A link that a person confirmed, or
// that is matched, stands. It speaks to the other system, so it runs outside a change.
func (o *Office) link(ctx context.Context, c pact.Connection, conn connector.Connection, con pact.Contract, object string) (pact.Link, error) {
	if con.Source != nil && con.Source.ConnectionID == c.ID && con.Source.Object == object {
		return pact.Link{ContractID: con.ID, ConnectionID: c.ID, Object: object, ExternalID: con.Source.ExternalID, Name: con.Title, State: "matched", Explanation: []string{"the contract came from this record"}}, nil
	}
	have, err := o.Store.Reads().Links.One(ctx, store.Where(store.Eq("contract_id", con.ID), store.Eq("connection_id", c.ID), store.Eq("object", object)))
	if err == nil && have.ExternalID != "" {
		return have, nil
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return have, err
	}
	m, ok := conn.(connector.Matcher)
	if !ok {
		return pact.Link{State: "not_found", Object: object, Explanation: []string{"this system can not be searched"}}, nil
	}
	fresh, err := o.search(ctx, m, c, conn, con, object)
	if err != nil {
		return have, err
	}
	fresh.ID, fresh.Revision, fresh.CreatedAt = have.ID, have.Revision, have.CreatedAt
	return o.keepLink(ctx, con, c, fresh)
}

// search looks for the account by name and address, and for another object (an opportunity) below that account.
func (o *Office) search(ctx context.Context, m connector.Matcher, c pact.Connection, conn connector.Connection, con pact.Contract, object string) (pact.Link, error) {
	out := pact.Link{ContractID: con.ID, ConnectionID: c.ID, Object: object}
	account := ""
	if object != "Account" {
		above, err := o.link(ctx, c, conn, con, "Account")
		if err != nil {
			return out, err
		}
		if above.ExternalID == "" {
			out.State = "not_found"
			if above.State == "ambiguous" {
				out.State = "waiting"
			}
			out.Explanation = append([]string{"no account is settled yet"}, above.Explanation...)
			return out, nil
		}
		account = above.ExternalID
	}
	by := con.Customer // accounts are searched by name, what belongs to one by its id
	if account != "" {
		by = account
	}
	found, err := m.Candidates(ctx, object, by)
	if err != nil {
		return out, fmt.Errorf("searching %s %q: %w", object, by, err)
	}
	if account != "" {
		return chooseBelow(out, found, account, con), nil
	}
	return chooseAccount(out, found, con), nil
}

func chooseAccount(out pact.Link, found []connector.MatchCandidate, con pact.Contract) pact.Link {
	var options []matching.Company
	byID := map[string]connector.MatchCandidate{}
	for _, f := range found {
		options = append(options, matching.Company{ID: f.ExternalID, Name: f.Name, Address: f.Address})
		byID[f.ExternalID] = f
	}
	res := matching.Match(matching.Company{Name: con.Customer, Address: con.Facts["address"]}, options)
	out.State, out.Explanation = string(res.State), res.Explanation
	for _, s := range res.Options {
		out.Options = append(out.Options, pact.LinkOption{ExternalID: s.Company.ID, Name: s.Company.Name, Address: s.Company.Address, Score: s.Score, Explanation: s.Explanation})
	}
	if res.State == matching.Matched {
		f := byID[res.Best.Company.ID]
		out.ExternalID, out.Name, out.URL = f.ExternalID, f.Name, f.URL
	}
	return out
}

// chooseBelow picks the object of an account: the one that names the contract's number, or the only one.
func chooseBelow(out pact.Link, found []connector.MatchCandidate, account string, con pact.Contract) pact.Link {
	var below []connector.MatchCandidate
	for _, f := range found {
		if f.ParentID != account {
			continue
		}
		if con.Number != "" && namesNumber(f, con.Number) {
			out.State, out.ExternalID, out.Name, out.URL = "matched", f.ExternalID, f.Name, f.URL
			out.Explanation = []string{fmt.Sprintf("%s names contract %s", f.Name, con.Number)}
			return out
		}
		below = append(below, f)
		out.Options = append(out.Options, pact.LinkOption{ExternalID: f.ExternalID, Name: f.Name, Score: "0"})
	}
	switch len(below) {
	case 0:
		out.State, out.Explanation = "not_found", []string{"the account has no " + out.Object}
	case 1:
		f := below[0]
		out.State, out.ExternalID, out.Name, out.URL = "matched", f.ExternalID, f.Name, f.URL
		out.Explanation = []string{"the only " + out.Object + " of the account"}
	default:
		out.State, out.Explanation = "ambiguous", []string{fmt.Sprintf("the account has %d objects of type %s, and none names contract %q", len(below), out.Object, con.Number)}
	}
	return out
}

func namesNumber(f connector.MatchCandidate, number string) bool {
	if strings.Contains(f.Name, number) {
		return true
	}
	for _, v := range f.Fields {
		if v == number {
			return true
		}
	}
	return false
}

func (o *Office) keepLink(ctx context.Context, con pact.Contract, c pact.Connection, l pact.Link) (pact.Link, error) {
	if o.dry || (o.unreviewed && l.ExternalID != "") {
		return l, nil
	}
	err := o.Store.Change(ctx, store.Act{Name: "link.match", Subject: string(con.ID), Unit: con.BusinessUnit}, func(ctx context.Context, tx store.Tx) error {
		l.BusinessUnit = con.BusinessUnit
		if l.ID != "" {
			return tx.Links.Update(ctx, &l)
		}
		l.ID = pact.NewID[pact.LinkID]("lnk", tx.Now)
		return tx.Links.Insert(ctx, &l)
	})
	return l, err
}

// dropBelow forgets what was matched below an account that turned out to be another one.
func dropBelow(ctx context.Context, tx store.Tx, l pact.Link) error {
	if l.Object != "Account" {
		return nil
	}
	below, err := tx.Links.All(ctx, store.Where(store.Eq("contract_id", l.ContractID), store.Eq("connection_id", l.ConnectionID), store.Is("object", "!=", "Account"), store.Is("state", "!=", "confirmed")))
	if err != nil {
		return err
	}
	for _, b := range below {
		b.ExternalID, b.Name, b.URL, b.State, b.Options, b.Explanation = "", "", "", "not_found", nil, []string{"the account changed"}
		if err := tx.Links.Update(ctx, &b); err != nil {
			return err
		}
	}
	return nil
}

// ConfirmLink settles a link by a person's word and plans the contract's writes again. Needs role reviewer.
func (o *Office) ConfirmLink(ctx context.Context, id pact.LinkID, externalID string, revision int64) (pact.Link, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return pact.Link{}, fault.New(fault.Denied, "Confirming a match needs the role reviewer.")
	}
	if strings.TrimSpace(externalID) == "" {
		return pact.Link{}, fault.New(fault.Invalid, "Name the object to link to.")
	}
	var l pact.Link
	err := o.Store.Change(ctx, store.Act{Name: "link.confirm", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		var err error
		if l, err = tx.Links.Lock(ctx, string(id)); err != nil {
			return err
		}
		if l.Revision != revision {
			return fault.New(fault.Conflict, "The link changed meanwhile; it now points to %q.", l.Name)
		}
		l.ExternalID, l.State = externalID, "confirmed"
		for _, opt := range l.Options {
			if opt.ExternalID == externalID {
				l.Name = opt.Name
			}
		}
		l.Explanation = append(l.Explanation, "confirmed by "+actor.Name)
		if err := tx.Links.Update(ctx, &l); err != nil {
			return err
		}
		if err := dropBelow(ctx, tx, l); err != nil {
			return err
		}
		con, err := tx.Contracts.Get(ctx, string(l.ContractID))
		if err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, job.FlagReview{ContractID: con.ID}); err != nil || con.CurrentVersion == 0 {
			return err
		}
		return tx.Enqueue(ctx, job.PlanWrites{ContractID: con.ID, Version: con.CurrentVersion})
	})
	return l, err
}
