package exchange

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/matching"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Unmatched is a thing another system reported, such as a ticket or an outage, for which no contract was found. Its events
// are settled together: a ticket never falls under two contracts.
type Unmatched struct {
	Event  pact.Event `json:"event" doc:"The first event; decisions name it and hold for all of the same subject."`
	Events int        `json:"events" doc:"How many events of this subject there are."`
	LastAt time.Time  `json:"last_at"`
	Reason string     `json:"reason" doc:"Why no contract was found when it came; or why it was set aside."`
}

// UnmatchedList is what waits for a person, newest first.
type UnmatchedList struct {
	Items []Unmatched `json:"items"`
	More  bool        `json:"more" doc:"There is more than is listed: settle these first."`
}

// EventOptions is what a person chooses from, computed anew: contracts may have come since the event did.
type EventOptions struct {
	Reason  string           `json:"reason"`
	Options []ContractOption `json:"options"`
}

// ContractOption is a contract an event could fall under.
type ContractOption struct {
	ContractID  pact.ContractID `json:"contract_id"`
	Title       string          `json:"title"`
	Number      string          `json:"number"`
	Customer    string          `json:"customer"`
	Score       string          `json:"score,omitempty" doc:"0 to 1: how alike the customers' names are; absent where no name was compared."`
	Explanation []string        `json:"explanation"`
}

// EventDecision settles an event without a contract.
type EventDecision struct {
	Kind       string          // match, ignore, restore
	ContractID pact.ContractID // with match
	Reason     string          // needed with ignore
}

// SettledEvents tells what a decision came to.
type SettledEvents struct {
	Events     int             `json:"events"`
	ContractID pact.ContractID `json:"contract_id,omitempty"`
}

// mostUnmatched bounds what one list reads.
const mostUnmatched = 5000

// Unmatched lists subjects without a contract: those that wait, or those that were set aside.
func (o *Office) Unmatched(ctx context.Context, ignored bool) (UnmatchedList, error) {
	aside := store.Eq("ignored", "")
	if ignored {
		aside = store.Is("ignored", "!=", "")
	}
	out := UnmatchedList{Items: []Unmatched{}}
	at := map[string]int{}
	q := store.Query{Where: []store.Cond{store.Eq("contract_id", ""), aside}, Order: []string{"-occurred_at"}, Limit: 500}
	for read := 0; ; {
		page, err := o.Store.Reads().Events.List(ctx, q)
		if err != nil {
			return out, fmt.Errorf("reading events without a contract: %w", err)
		}
		for _, e := range page.Items {
			key := strings.Join([]string{e.BusinessUnit, string(e.ConnectionID), e.Matter()}, "\x00")
			i, known := at[key]
			if !known {
				i = len(out.Items)
				at[key] = i
				out.Items = append(out.Items, Unmatched{LastAt: e.OccurredAt})
			}
			u := &out.Items[i]
			u.Events++
			u.Event, u.Reason = e, e.MatchedBy // events come newest first: the last one seen is the first that happened
			if ignored {
				u.Reason = e.Ignored
			}
		}
		if read += len(page.Items); page.Next == "" {
			return out, nil
		}
		if read >= mostUnmatched {
			out.More = true
			return out, nil
		}
		q.After = page.Next
	}
}

// ContractsFor gives the contracts an event could fall under, and why it is none of them by itself.
func (o *Office) ContractsFor(ctx context.Context, id pact.EventID) (EventOptions, error) {
	reads := o.Store.Reads()
	e, err := reads.Events.Get(ctx, string(id))
	if err != nil {
		return EventOptions{}, err
	}
	found, why, err := contractOf(ctx, reads, e.BusinessUnit, e.ConnectionID, e)
	if err != nil {
		return EventOptions{}, err
	}
	out := EventOptions{Reason: why, Options: []ContractOption{}}
	near, err := companies(ctx, reads, e.BusinessUnit, e)
	if err != nil {
		return out, err
	}
	for _, c := range near.candidates(e) {
		con, err := reads.Contracts.Get(ctx, c.Company.ID)
		if err != nil {
			return out, err
		}
		option := ContractOption{ContractID: con.ID, Title: con.Title, Number: con.Number, Customer: c.Company.Name, Score: c.Score, Explanation: c.Explanation}
		if con.ID == found {
			option.Explanation = append(option.Explanation, "would be found by itself now: "+why)
		}
		out.Options = append(out.Options, option)
	}
	slices.SortStableFunc(out.Options, func(a, b ContractOption) int { return strings.Compare(b.Score, a.Score) })
	if len(out.Options) > 20 {
		out.Options = out.Options[:20]
	}
	return out, nil
}

// SettleEvent takes a person's decision on an event without a contract, and on every other of its subject that has none.
// Needs role reviewer. What was matched meanwhile gives fault.Conflict.
func (o *Office) SettleEvent(ctx context.Context, id pact.EventID, d EventDecision) (SettledEvents, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return SettledEvents{}, fault.New(fault.Denied, "Deciding where an event belongs needs the role reviewer.")
	}
	d.Reason = strings.TrimSpace(d.Reason)
	if d.Kind == "ignore" && d.Reason == "" {
		return SettledEvents{}, fault.New(fault.Invalid, "Say why the event is set aside.")
	}
	var out SettledEvents
	err := o.Store.Change(ctx, store.Act{Name: "event." + d.Kind, Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		out = SettledEvents{}
		e, err := tx.Events.Lock(ctx, string(id))
		if err != nil {
			return err
		}
		if e.ContractID != "" {
			return fault.New(fault.Conflict, "The event falls under a contract already: %s.", e.MatchedBy)
		}
		change, err := settlement(ctx, tx, actor, e, d)
		if err != nil {
			return err
		}
		events := []pact.Event{e}
		if !e.Alone() {
			if events, err = tx.Events.All(ctx, store.Where(store.Eq("business_unit", e.BusinessUnit), store.Eq("connection_id", e.ConnectionID), store.Eq("subject", e.Subject), store.Eq("contract_id", ""))); err != nil {
				return err
			}
		}
		for i := range events {
			change(&events[i])
			if err := tx.Events.Update(ctx, &events[i]); err != nil {
				return err
			}
			out.ContractID = events[i].ContractID
		}
		out.Events = len(events)
		tx.Note(ctx, "subject", e.Subject)
		if d.Reason != "" {
			tx.Note(ctx, "reason", d.Reason)
		}
		switch d.Kind {
		case "match":
			return tx.EnqueueWith(ctx, job.Queued{Args: job.Assess{ContractID: out.ContractID, Subject: e.Subject}, Options: job.Options{Queue: "monitor"}})
		case "restore":
			return tx.EnqueueWith(ctx, job.Queued{Args: job.MatchEvents{BusinessUnit: e.BusinessUnit}, Options: job.Options{Queue: "monitor", Unique: true}})
		}
		return nil
	})
	return out, err
}

// settlement says what a decision makes of each event.
func settlement(ctx context.Context, tx store.Tx, actor pact.Actor, e pact.Event, d EventDecision) (func(*pact.Event), error) {
	switch d.Kind {
	case "match":
		con, err := tx.Contracts.Get(ctx, string(d.ContractID))
		if err != nil {
			return nil, err
		}
		if con.BusinessUnit != e.BusinessUnit {
			return nil, fault.New(fault.Invalid, "%s belongs to another business unit than the event.", con.Title)
		}
		if con.State != pact.ContractActive {
			return nil, fault.New(fault.Invalid, "%s is %s. An event can fall only under a contract whose version is published.", con.Title, strings.ReplaceAll(string(con.State), "_", " "))
		}
		why := "matched by " + actor.Name
		if d.Reason != "" {
			why += ": " + d.Reason
		}
		// The head of the family judges: its amendments and orders change what the head promises.
		return func(e *pact.Event) { e.ContractID, e.MatchedBy, e.Ignored = con.FamilyID, why, "" }, nil
	case "ignore":
		return func(e *pact.Event) { e.Ignored = d.Reason }, nil
	case "restore":
		if e.Ignored == "" {
			return nil, fault.New(fault.Conflict, "The event is not set aside.")
		}
		return func(e *pact.Event) { e.Ignored = "" }, nil
	}
	return nil, fault.New(fault.Invalid, "%q is no decision on an event; use match, ignore or restore.", d.Kind)
}

// setAside gives the reason for which the subject of an event was set aside: what comes later of it follows.
func setAside(ctx context.Context, tx store.Tx, unit string, from pact.ConnectionID, e pact.Event) (string, error) {
	if e.Alone() {
		return "", nil
	}
	before, err := tx.Events.One(ctx, store.Where(store.Eq("business_unit", unit), store.Eq("connection_id", from), store.Eq("subject", e.Subject), store.Is("ignored", "!=", "")))
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return before.Ignored, err
}

// inside gives the tables of a change for what only reads.
func inside(tx store.Tx) store.Reads {
	return store.Reads{Contracts: tx.Contracts, Versions: tx.Versions, Obligations: tx.Obligations, Occurrences: tx.Occurrences, Events: tx.Events}
}

// contractOf says which contract an event falls under, and why; without one, why not. It never guesses: two equally good
// contracts leave the event without one, to be settled by a person.
func contractOf(ctx context.Context, r store.Reads, unit string, from pact.ConnectionID, e pact.Event) (pact.ContractID, string, error) {
	ticket := obligation.OfTicket(e.Kind)
	steps := []func() (pact.ContractID, string, error){
		func() (pact.ContractID, string, error) { return contractBefore(ctx, r, unit, from, e) },
		func() (pact.ContractID, string, error) { return contractOfNumber(ctx, r, unit, e.Data.Contract) },
	}
	if !ticket { // a ticket stays where it began; anything else is what its source says now
		slices.Reverse(steps)
	}
	for _, step := range steps {
		if id, why, err := step(); err != nil || id != "" {
			return id, why, err
		}
	}
	if ofRenewal(e) {
		return "", fmt.Sprintf("no published contract, or more than one, has the number %q", e.Data.Contract), nil
	}
	return contractOfCustomer(ctx, r, unit, e)
}

// contractBefore is the contract of an earlier event of the same subject, or of the invoice or order it refers to.
func contractBefore(ctx context.Context, r store.Reads, unit string, from pact.ConnectionID, e pact.Event) (pact.ContractID, string, error) {
	if e.Alone() {
		return "", "", nil
	}
	for _, subject := range []string{e.Subject, e.Data.Reference} {
		if subject == "" {
			continue
		}
		before, err := r.Events.One(ctx, store.Where(store.Eq("business_unit", unit), store.Eq("connection_id", from), store.Eq("subject", subject), store.Is("contract_id", "!=", "")))
		if err == nil {
			why := before.MatchedBy
			if n := e.Data.Contract; n != "" && n != before.Data.Contract {
				why = fmt.Sprintf("%q is of this contract by an earlier event; the source names contract %s", subject, n)
			}
			return before.ContractID, why, nil
		}
		if !fault.Is(err, fault.NotFound) {
			return "", "", err
		}
	}
	return "", "", nil
}

func contractOfNumber(ctx context.Context, r store.Reads, unit, number string) (pact.ContractID, string, error) {
	if number == "" {
		return "", "", nil
	}
	byNumber, err := r.Contracts.All(ctx, store.Where(store.Eq("business_unit", unit), store.Eq("number", number), store.Eq("state", string(pact.ContractActive))))
	if err != nil {
		return "", "", err
	}
	if head, ok := oneFamily(byNumber); ok {
		return head, "the source names contract " + number, nil
	}
	return "", "", nil
}

// contractOfCustomer looks for the contract of the customer or the service that the event names: among those that promise
// what the event measures first, then among all others in force, so that what is said of them is true.
func contractOfCustomer(ctx context.Context, r store.Reads, unit string, e pact.Event) (pact.ContractID, string, error) {
	near, err := companies(ctx, r, unit, e)
	if err != nil {
		return "", "", err
	}
	if e.Data.Customer == "" {
		return onlyOne(near.promising, e)
	}
	res := matching.Match(matching.Company{Name: e.Data.Customer}, near.promising)
	if len(res.Options) > 0 && res.Options[0].Score == exactName {
		return customerMatched(res, e, "") // no other can fit better
	}
	fits := near.silentlyFits(e, res)
	if len(res.Options) == 0 {
		if fits == "" {
			fits = "no contract in force is of a customer that resembles it"
		}
		return "", fmt.Sprintf("customer %q: %s", e.Data.Customer, fits), nil
	}
	return customerMatched(res, e, fits)
}

// exactName is the score that nothing exceeds.
const exactName = "1.0000"

// customerMatched takes the only good match; a contract without the promise whose customer fits better leaves it to a person.
func customerMatched(res matching.Result, e pact.Event, better string) (pact.ContractID, string, error) {
	why := strings.Join(res.Explanation, "; ")
	if res.State == matching.Matched && better == "" {
		return pact.ContractID(res.Best.Company.ID), fmt.Sprintf("customer %q is %q: %s", e.Data.Customer, res.Best.Company.Name, why), nil
	}
	if better == "" {
		return "", fmt.Sprintf("customer %q: %s", e.Data.Customer, why), nil
	}
	return "", fmt.Sprintf("customer %q: it %s. Next to it, %q scores %s: a person has to choose", e.Data.Customer, better, res.Options[0].Company.Name, res.Options[0].Score), nil
}

// neighbours are the families in force, each under its customer's name and the id of its head: those that promise what an
// event measures, and those that do not.
type neighbours struct {
	promising, silent []matching.Company
	numbers           map[string]string // of the heads
	lacks             string            // what the silent ones do not promise, in words
}

// silentlyFits names the contracts without the promise whose customer fits better than every one with it.
func (n neighbours) silentlyFits(e pact.Event, res matching.Result) string {
	others := matching.Match(matching.Company{Name: e.Data.Customer}, n.silent).Options
	if len(others) == 0 || len(res.Options) > 0 && others[0].Score <= res.Options[0].Score {
		return ""
	}
	var names []string
	for _, o := range others {
		if o.Score == others[0].Score {
			names = append(names, fmt.Sprintf("%s (%s)", cmp.Or(n.numbers[o.Company.ID], o.Company.ID), o.Company.Name))
		}
	}
	verb := "fits "
	if others[0].Score != exactName {
		verb = fmt.Sprintf("resembles, with %s, ", others[0].Score)
	}
	if len(names) == 1 {
		return verb + names[0] + ", which promises " + n.lacks
	}
	return verb + strings.Join(names, " and ") + ", which promise " + n.lacks
}

// candidates are what a person chooses from, best first: the contracts whose customer is like the one named, or, where none
// is named, those that promise the service.
func (n neighbours) candidates(e pact.Event) []matching.Option {
	var out []matching.Option
	if e.Data.Customer == "" {
		for _, c := range n.promising {
			out = append(out, matching.Option{Company: c, Explanation: []string{fmt.Sprintf("promises the service %q", e.Data.Service)}})
		}
		return out
	}
	want := matching.Company{Name: e.Data.Customer}
	out = append(out, matching.Match(want, n.promising).Options...)
	for _, o := range matching.Match(want, n.silent).Options {
		o.Explanation = append(o.Explanation, "It promises "+n.lacks+": nothing would be computed.")
		out = append(out, o)
	}
	return out
}

// companies gives the families in force, told apart by whether they promise what the event measures.
func companies(ctx context.Context, r store.Reads, unit string, e pact.Event) (neighbours, error) {
	out := neighbours{numbers: map[string]string{}, lacks: "no times for tickets"}
	kinds := obligation.KindsFor(e.Kind)
	if len(kinds) == 0 {
		return out, nil
	}
	switch {
	case ofRenewal(e):
		out.lacks = "no renewal"
	case e.Kind == "outage" || e.Kind == "charge" || e.Kind == "sample":
		out.lacks = fmt.Sprintf("no availability of %q", e.Data.Service)
	case !strings.HasPrefix(e.Kind, "ticket_"):
		out.lacks = "nothing that this event measures"
	}
	ofService := e.Kind == "outage" || e.Kind == "charge" || e.Kind == "sample" || e.Data.Service != ""
	promising := map[pact.ContractID]bool{} // a unit can have any number of obligations
	q := store.Query{Where: []store.Cond{store.Eq("business_unit", unit), store.In("kind", kinds)}, Only: []string{"contract_id", "kind", "params"}}
	err := r.Obligations.Each(ctx, q, func(ob pact.Obligation) error {
		promised := serviceOf(ob)
		anyService := promised == obligation.AnyService || promised == "" && ob.Kind != "availability"
		if !ofService || anyService || obligation.SameName(promised, e.Data.Service) {
			promising[ob.ContractID] = true
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	at, silentAt := map[pact.ContractID]bool{}, map[pact.ContractID]matching.Company{}
	q = store.Query{Where: []store.Cond{store.Eq("business_unit", unit), store.Eq("state", string(pact.ContractActive))}, Only: []string{"family_id", "customer", "number"}}
	err = r.Contracts.Each(ctx, q, func(con pact.Contract) error {
		c := matching.Company{ID: string(con.FamilyID), Name: con.Customer}
		if _, known := out.numbers[c.ID]; !known || con.ID == con.FamilyID {
			out.numbers[c.ID] = con.Number
		}
		switch {
		case promising[con.ID] && !at[con.FamilyID]:
			at[con.FamilyID] = true
			out.promising = append(out.promising, c)
		case !promising[con.ID] && (silentAt[con.FamilyID].ID == "" || con.ID == con.FamilyID):
			silentAt[con.FamilyID] = c
		}
		return nil
	})
	for _, id := range slices.Sorted(maps.Keys(silentAt)) {
		if !at[id] {
			out.silent = append(out.silent, silentAt[id])
		}
	}
	return out, err
}

// onlyOne settles an event that names no customer: the service must be promised in exactly one family.
func onlyOne(options []matching.Company, e pact.Event) (pact.ContractID, string, error) {
	switch len(options) {
	case 0:
		if e.Data.Service == "" {
			return "", fmt.Sprintf("the source names neither contract nor customer, and no contract promises what is judged from events of the kind %s", e.Kind), nil
		}
		return "", fmt.Sprintf("the source names no customer, and no contract promises the service %q", e.Data.Service), nil
	case 1:
		if e.Data.Service == "" {
			return pact.ContractID(options[0].ID), fmt.Sprintf("the contract of %q is the only one that is judged from events of the kind %s", options[0].Name, e.Kind), nil
		}
		return pact.ContractID(options[0].ID), fmt.Sprintf("the contract of %q is the only one that promises %q", options[0].Name, e.Data.Service), nil
	}
	if e.Data.Service == "" {
		return "", fmt.Sprintf("the source names neither contract nor customer, and %d contracts are judged from events of the kind %s", len(options), e.Kind), nil
	}
	return "", fmt.Sprintf("the source names no customer, and %d contracts promise %q", len(options), e.Data.Service), nil
}

func serviceOf(o pact.Obligation) string {
	var p struct {
		Service string `json:"service"`
	}
	if json.Unmarshal(o.Params, &p) != nil {
		return ""
	}
	return strings.TrimSpace(p.Service)
}
