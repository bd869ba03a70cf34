package exchange_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func event(id, kind, subject string, data pact.EventData) pact.Event {
	return pact.Event{ExternalID: id, Kind: kind, Subject: subject, OccurredAt: apitest.Start(), Data: data}
}

func TestWhichContractAnEventFallsUnder(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		one := contract(t, h, "north", "SA-1", "assisted")
		contract(t, h, "north", "SA-2", "assisted", func(c *pact.Contract) { c.Customer = "Globex GmbH" })
		foreign := contract(t, h, "south", "SA-3", "assisted", func(c *pact.Contract) { c.Customer = "Initech Inc" })
		ctx := storetest.As(t, pact.Connector, "north", "south")
		take := func(e pact.Event) pact.Event {
			t.Helper()
			out, err := h.Exchange.TakeEvents(ctx, "north", []pact.Event{e})
			if err != nil || len(out.Events) != 1 {
				t.Fatalf("%+v %v", out, err)
			}
			return out.Events[0]
		}
		for _, c := range []struct {
			name string
			e    pact.Event
			want pact.ContractID
			why  string
		}{
			{"by number", event("1", "ticket_opened", "T1", pact.EventData{Contract: "SA-1"}), one.ID, "SA-1"},
			{"by customer, as another system writes it", event("2", "ticket_opened", "T2", pact.EventData{Customer: "ACME Corporation"}), one.ID, "Acme Corp"},
			{"by the ticket's earlier events", event("3", "ticket_resolved", "T2", pact.EventData{}), one.ID, "Acme Corp"},
			{"a customer nobody knows", event("4", "ticket_opened", "T4", pact.EventData{Customer: "Umbrella SA"}), "", "Umbrella SA"},
			{"a number of another unit", event("5", "ticket_opened", "T5", pact.EventData{Contract: "SA-3", Customer: "Initech Inc"}), "", "Initech"},
		} {
			if got := take(c.e); got.ContractID != c.want || !strings.Contains(got.MatchedBy, c.why) {
				t.Errorf("%s: %q because %q", c.name, got.ContractID, got.MatchedBy)
			}
		}
		named := event("6", "ticket_opened", "T6", pact.EventData{})
		named.ContractID, named.ID, named.MatchedBy, named.Replaces = foreign.ID, "evt_mine", "I say so", "evt_other"
		if got := take(named); got.ContractID != "" || got.ID == "evt_mine" || got.MatchedBy == "I say so" || got.Replaces != "" {
			t.Errorf("a caller names the contract of another unit: %+v", got)
		}
		// The customer's contract comes later: what waited falls under it.
		late := contract(t, h, "north", "SA-9", "assisted", func(c *pact.Contract) { c.Customer = "Umbrella S.A." })
		if err := h.Exchange.MatchEvents(storetest.System(t), job.MatchEvents{BusinessUnit: "north"}); err != nil {
			t.Fatal(err)
		}
		if got := apitest.One(t, h.Store.Reads().Events, store.Eq("external_id", "4")); got.ContractID != late.ID {
			t.Errorf("matched later: %q because %q", got.ContractID, got.MatchedBy)
		}
		if left := apitest.All(t, h.Store.Reads().Events, store.Eq("contract_id", "")); len(left) != 2 {
			t.Errorf("%d events are still kept without a contract, want 2", len(left))
		}
	})
}

func TestTwoContractsOfOneCustomerLeaveTheEventToAPerson(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	contract(t, h, "north", "SA-1", "assisted")
	contract(t, h, "north", "SA-2", "assisted")
	out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{event("1", "ticket_opened", "T1", pact.EventData{Customer: "Acme Corp"})})
	if err != nil || out.Unmatched != 1 || out.Events[0].MatchedBy == "" {
		t.Errorf("%+v %v", out, err)
	}
}

// silent takes a contract's promises away: it stays in force.
func silent(t *testing.T, h *apitest.House, con pact.Contract) pact.Contract {
	t.Helper()
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		o, err := tx.Obligations.One(ctx, store.Where(store.Eq("contract_id", con.ID)))
		if err != nil {
			return err
		}
		return tx.Obligations.Delete(ctx, string(o.ID))
	})
	return con
}

func TestWhatIsSaidOfAnEventWithoutAContractIsTrue(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		contract(t, h, "north", "SA-1", "assisted")
		quiet := silent(t, h, contract(t, h, "north", "HS-66", "assisted", func(c *pact.Contract) { c.Customer = "Pinecrest Health Partners, P.C." }))
		contract(t, h, "north", "SA-4", "assisted", func(c *pact.Contract) { c.Customer = "Lakeshore Clinics Group" })
		silent(t, h, contract(t, h, "north", "ND-4", "assisted", func(c *pact.Contract) { c.Customer = "Lakeshore Clinic Group" }))
		both := contract(t, h, "north", "SA-5", "assisted", func(c *pact.Contract) { c.Customer = "Globex GmbH" })
		silent(t, h, contract(t, h, "north", "ND-5", "assisted", func(c *pact.Contract) { c.Customer = "Globex GmbH" }))
		for i, c := range []struct {
			customer string
			want     pact.ContractID
			why      string
			options  string
		}{
			{"Pinecrest Health Partners", "", "fits HS-66 (Pinecrest Health Partners, P.C.), which promises no times for tickets", "HS-66"},
			{"Umbrella SA", "", "no contract in force is of a customer that resembles it", ""},
			{"Lakeshore Clinic Group", "", "fits ND-4 (Lakeshore Clinic Group), which promises no times for tickets. Next to it, \"Lakeshore Clinics Group\"", "ND-4 SA-4"},
			{"Globex", both.ID, "Globex GmbH", "SA-5 ND-5"},
		} {
			out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{event(fmt.Sprint(i), "ticket_opened", fmt.Sprint("T", i), pact.EventData{Customer: c.customer})})
			if err != nil {
				t.Fatal(err)
			}
			got := out.Events[0]
			if got.ContractID != c.want || !strings.Contains(got.MatchedBy, c.why) {
				t.Errorf("%s: %q because %s", c.customer, got.ContractID, got.MatchedBy)
			}
			options, err := h.Exchange.ContractsFor(storetest.As(t, pact.Reviewer, "*"), got.ID)
			if err != nil {
				t.Fatal(err)
			}
			var numbers []string
			for _, o := range options.Options {
				numbers = append(numbers, o.Number)
				if o.Score == "" || len(o.Explanation) == 0 {
					t.Errorf("%s: %s is offered without a score or a reason", c.customer, o.Number)
				}
				if strings.Contains(strings.Join(o.Explanation, " "), "promises no times") == strings.HasPrefix(o.Number, "SA") {
					t.Errorf("%s: %s is explained as %q", c.customer, o.Number, o.Explanation)
				}
			}
			if strings.Join(numbers, " ") != c.options {
				t.Errorf("%s: offered %q, want %q", c.customer, numbers, c.options)
			}
		}
		// Once it promises times, what waited falls under it.
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			return tx.Obligations.Insert(ctx, &pact.Obligation{ID: pact.NewID[pact.ObligationID]("obl", tx.Now), BusinessUnit: "north", ContractID: quiet.ID, Key: "response_time/P1", Kind: "response_time", Title: "Answer P1", Params: json.RawMessage(`{"priority":"1","target":{"value":1,"unit":"hour"},"hours":{"always":true,"zone":"UTC"}}`)})
		})
		if err := h.Exchange.MatchEvents(storetest.System(t), job.MatchEvents{BusinessUnit: "north"}); err != nil {
			t.Fatal(err)
		}
		if e := apitest.One(t, h.Store.Reads().Events, store.Eq("external_id", "0")); e.ContractID != quiet.ID {
			t.Errorf("later: %q because %s", e.ContractID, e.MatchedBy)
		}
	})
}

func TestAPersonSettlesAnEventWithoutAContract(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		one := contract(t, h, "north", "SA-1", "assisted")
		two := contract(t, h, "north", "SA-2", "assisted")
		foreign := contract(t, h, "south", "SA-3", "assisted")
		if _, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{
			event("1", "ticket_opened", "T1", pact.EventData{Customer: "Acme Corp", Title: "Down"}), event("2", "ticket_paused", "T1", pact.EventData{Customer: "Acme Corp"}),
			event("3", "ticket_opened", "T2", pact.EventData{Customer: "Umbrella SA"}),
		}); err != nil {
			t.Fatal(err)
		}
		mira := storetest.As(t, pact.Reviewer, "*")
		list, err := h.Exchange.Unmatched(mira, false)
		if err != nil || len(list.Items) != 2 || list.More {
			t.Fatalf("%+v %v", list, err)
		}
		i := slices.IndexFunc(list.Items, func(u exchange.Unmatched) bool { return u.Event.Subject == "T1" })
		if u := list.Items[i]; u.Events != 2 || u.Reason == "" {
			t.Errorf("%+v", u)
		}
		first := list.Items[i].Event.ID
		if south, err := h.Exchange.Unmatched(storetest.As(t, pact.Reviewer, "south"), false); err != nil || len(south.Items) != 0 {
			t.Errorf("another unit sees %+v %v", south, err)
		}
		options, err := h.Exchange.ContractsFor(mira, first)
		if err != nil || len(options.Options) != 2 || options.Options[0].Score == "" || len(options.Options[0].Explanation) == 0 || !strings.Contains(options.Reason, "Acme") {
			t.Errorf("%+v %v", options, err)
		}
		settle := func(id pact.EventID, d exchange.EventDecision) error {
			_, err := h.Exchange.SettleEvent(mira, id, d)
			return err
		}
		for what, d := range map[string]exchange.EventDecision{
			"a contract of another unit": {Kind: "match", ContractID: foreign.ID},
			"a contract there is not":    {Kind: "match", ContractID: "con_none"},
			"setting aside without why":  {Kind: "ignore", Reason: "  "},
			"another word":               {Kind: "forget"},
			"taking back nothing":        {Kind: "restore"},
		} {
			if err := settle(first, d); fault.Of(err) == nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := h.Exchange.SettleEvent(storetest.As(t, pact.Viewer, "*"), first, exchange.EventDecision{Kind: "match", ContractID: one.ID}); !fault.Is(err, fault.Denied) {
			t.Errorf("a viewer: %v", err)
		}
		if err := settle(first, exchange.EventDecision{Kind: "match", ContractID: two.ID, Reason: "the order number is theirs"}); err != nil {
			t.Fatal(err)
		}
		for _, e := range apitest.All(t, h.Store.Reads().Events, store.Eq("subject", "T1")) {
			if e.ContractID != two.ID || !strings.Contains(e.MatchedBy, "the order number is theirs") {
				t.Errorf("%+v", e)
			}
		}
		if err := settle(first, exchange.EventDecision{Kind: "match", ContractID: one.ID}); !fault.Is(err, fault.Conflict) {
			t.Errorf("matched twice: %v", err)
		}
		// What comes later of the ticket follows.
		out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{event("4", "ticket_resolved", "T1", pact.EventData{Customer: "Acme Corp"})})
		if err != nil || out.Events[0].ContractID != two.ID {
			t.Errorf("%+v %v", out, err)
		}
	})
}

func TestWhatIsSetAsideStaysAsideUntilItIsTakenBack(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		take := func(id string) exchange.Taken {
			t.Helper()
			out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{event(id, "ticket_opened", "T1", pact.EventData{Customer: "Acme Corp"})})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		first := take("1").Events[0].ID
		mira := storetest.As(t, pact.Reviewer, "north")
		settle := func(d exchange.EventDecision) {
			t.Helper()
			if _, err := h.Exchange.SettleEvent(mira, first, d); err != nil {
				t.Fatal(err)
			}
		}
		settle(exchange.EventDecision{Kind: "ignore", Reason: "a test ticket"})
		if out := take("2"); out.Unmatched != 0 || out.Events[0].Ignored != "a test ticket" {
			t.Errorf("a later event of it: %+v", out)
		}
		con := contract(t, h, "north", "SA-1", "assisted")
		match := func() {
			t.Helper()
			if err := h.Exchange.MatchEvents(storetest.System(t), job.MatchEvents{BusinessUnit: "north"}); err != nil {
				t.Fatal(err)
			}
		}
		match()
		if left := apitest.All(t, h.Store.Reads().Events, store.Eq("contract_id", "")); len(left) != 2 {
			t.Errorf("%d events are aside, want 2", len(left))
		}
		waits, err := h.Exchange.Unmatched(mira, false)
		aside, err2 := h.Exchange.Unmatched(mira, true)
		if err != nil || err2 != nil || len(waits.Items) != 0 || len(aside.Items) != 1 || aside.Items[0].Reason != "a test ticket" || aside.Items[0].Events != 2 {
			t.Errorf("%+v %+v %v %v", waits, aside, err, err2)
		}
		settle(exchange.EventDecision{Kind: "restore"})
		match()
		if found := apitest.All(t, h.Store.Reads().Events, store.Eq("contract_id", con.ID)); len(found) != 2 {
			t.Errorf("%d events found their contract, want 2", len(found))
		}
	})
}

func TestRepeatedEventsAreKeptOnce(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		contract(t, h, "north", "SA-1", "assisted")
		batch := []pact.Event{event("1", "ticket_opened", "T1", pact.EventData{Contract: "SA-1"}), event("2", "ticket_resolved", "T1", pact.EventData{}), event("1", "ticket_opened", "T1", pact.EventData{Contract: "SA-1"})}
		ctx := storetest.System(t)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if _, err := h.Exchange.TakeEvents(ctx, "north", batch); err != nil && !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		out, err := h.Exchange.TakeEvents(ctx, "north", batch)
		if err != nil || out.New != 0 || out.Repeated != 3 {
			t.Errorf("%+v %v", out, err)
		}
		if n := len(apitest.All(t, h.Store.Reads().Events)); n != 2 {
			t.Errorf("%d events, want 2", n)
		}
	})
}

// Many contracts renew on the same day: unlike events of one ticket, notices for one day are not of one contract.
func TestNoticesForTheSameDayAreSettledOneByOne(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con, other := contract(t, h, "north", "SA-1", "assisted"), contract(t, h, "north", "SA-2", "assisted")
	const day = "2026-09-01"
	for i, e := range []pact.Event{
		event("1", "notice_sent", day, pact.EventData{Contract: "SA-1"}), event("2", "notice_sent", day, pact.EventData{Contract: "SA-2"}),
		event("3", "notice_sent", day, pact.EventData{Contract: "SA-3"}), event("4", "notice_sent", day, pact.EventData{Contract: "SA-4"}), event("5", "notice_sent", "evergreen", pact.EventData{Contract: "SA-1"}),
	} {
		out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{e})
		want := []pact.ContractID{con.ID, other.ID, "", "", con.ID}[i]
		if err != nil || out.Events[0].ContractID != want {
			t.Errorf("notice %d falls under %q by %q, want %q; %v", i+1, out.Events[0].ContractID, out.Events[0].MatchedBy, want, err)
		}
	}
	third := apitest.One(t, h.Store.Reads().Events, store.Eq("external_id", "3"))
	settled, err := h.Exchange.SettleEvent(storetest.As(t, pact.Reviewer, "north"), third.ID, exchange.EventDecision{Kind: "match", ContractID: con.ID})
	if err != nil || settled.Events != 1 {
		t.Errorf("%+v %v", settled, err)
	}
	if fourth := apitest.One(t, h.Store.Reads().Events, store.Eq("external_id", "4")); fourth.ContractID != "" {
		t.Error("a decision on one notice settled another")
	}
}

func TestACorrectionNamesWhatItReplaces(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	outage := event("o1", "outage", "Cloud", pact.EventData{Service: "Cloud", EndAt: apitest.Start().Add(time.Hour)})
	fixed := event("o2", "outage", "Cloud", pact.EventData{Service: "Cloud", EndAt: apitest.Start().Add(time.Minute)})
	fixed.ReplacesExternal = "o1"
	alone := event("o3", "outage", "Cloud", pact.EventData{Service: "Cloud"})
	alone.ReplacesExternal = "never came"
	out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{outage, fixed, alone})
	if err != nil || out.New != 3 || out.Events[1].Replaces != out.Events[0].ID || out.Events[2].Replaces != "" {
		t.Errorf("%+v %v", out, err)
	}
}

func TestWhatCameBeforeAndSaysSomethingElseIsRejected(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	amount := func(n int64) pact.EventData {
		a := money.New(decimal.NewFromInt(n), "USD")
		return pact.EventData{Amount: &a, Customer: "Acme Corp"}
	}
	first := event("i1", "invoice", "I-1", amount(100))
	first.OccurredAt = first.OccurredAt.Add(123456789 * time.Nanosecond) // no database keeps the last digits
	for _, c := range []struct {
		name                    string
		batch                   []pact.Event
		new, repeated, rejected int
	}{
		{"the first", []pact.Event{first}, 1, 0, 0},
		{"the same again", []pact.Event{first}, 0, 1, 0},
		{"another amount beside a new one", []pact.Event{event("i1", "invoice", "I-1", amount(200)), event("i2", "invoice", "I-2", amount(5))}, 1, 0, 1},
		{"two in one batch that differ", []pact.Event{event("i3", "invoice", "I-3", amount(1)), event("i3", "invoice", "I-3", amount(2))}, 1, 0, 1},
		{"one that can not be used, and mended in the same batch", []pact.Event{event("i5", "invoyce", "I-5", amount(1)), event("i5", "invoice", "I-5", amount(1))}, 1, 0, 1},
		{"two in one batch that say the same", []pact.Event{event("i4", "invoice", "I-4", amount(1)), event("i4", "invoice", "I-4", amount(1))}, 1, 1, 0},
	} {
		out, err := h.Exchange.TakeEvents(storetest.System(t), "north", c.batch)
		if err != nil || out.New != c.new || out.Repeated != c.repeated || out.Rejected != c.rejected {
			t.Errorf("%s: %d new, %d repeated, %d rejected, %v; want %d, %d, %d", c.name, out.New, out.Repeated, out.Rejected, err, c.new, c.repeated, c.rejected)
		}
		if c.rejected == 1 && c.batch[0].Kind == "invoice" && (len(out.Rejections) != 1 || !strings.Contains(out.Rejections[0].Problems[0], "replaces_external")) {
			t.Errorf("%s: the reason is %+v", c.name, out.Rejections)
		}
	}
	if kept := apitest.One(t, h.Store.Reads().Events, store.Eq("external_id", "i1")); !kept.Data.Amount.Equal(*amount(100).Amount) {
		t.Errorf("%s is kept of the first", kept.Data.Amount)
	}
}

func TestABatchIsTakenEventByEvent(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	good := event("ok", "sample", "S", pact.EventData{State: "up"})
	amount := money.New(decimal.NewFromInt(5), "USD")
	for name, bad := range map[string]pact.Event{
		"no id":                       event("", "sample", "S", pact.EventData{State: "up"}),
		"an unknown kind":             event("x", "earthquake", "S", pact.EventData{}),
		"no instant":                  {ExternalID: "x", Kind: "sample"},
		"an instant of another age":   {ExternalID: "x", Kind: "sample", OccurredAt: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)},
		"an outage of no service":     event("x", "outage", "", pact.EventData{}),
		"an outage of eight thousand": event("x", "outage", "S", pact.EventData{Service: "S", EndAt: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}),
		"an outage before it begins":  event("x", "outage", "S", pact.EventData{Service: "S", EndAt: apitest.Start().Add(-time.Second)}),
		"a charge without a month":    event("x", "charge", "S", pact.EventData{Service: "S", Amount: &amount}),
		"a charge without an amount":  event("x", "charge", "S", pact.EventData{Service: "S", Month: "2026-03"}),
		"a ticket of no number":       event("x", "ticket_opened", "", pact.EventData{}),
		"a sample of nothing":         event("x", "sample", "S", pact.EventData{}),
		"cases without failures":      event("x", "sample", "S", pact.EventData{Total: &amount.Value}),
		"a notice of no contract":     event("x", "notice_sent", "2026-09-01", pact.EventData{}),
		"a notice for no renewal":     event("x", "notice_sent", "soon", pact.EventData{Contract: "SA-1"}),
	} {
		out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{good, bad})
		if err != nil || out.New+out.Repeated != 1 || out.Rejected != 1 || out.Rejections[0].Line != 2 || len(out.Rejections[0].Problems) == 0 {
			t.Errorf("%s: %+v %v", name, out, err)
			continue
		}
		kept := apitest.One(t, h.Store.Reads().Imports, store.Eq("id", string(out.ImportID)))
		if kept.Rejected != 1 || !strings.Contains(kept.Rejections[0].Text, bad.Kind) || kept.Rejections[0].Problems[0] != out.Rejections[0].Problems[0] {
			t.Errorf("%s: what was rejected is kept as %+v", name, kept)
		}
		if again, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{good, bad}); err != nil || again.Repeated != 1 || again.ImportID != out.ImportID {
			t.Errorf("%s, sent again: %+v %v", name, again, err)
		}
		if _, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{bad}); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "Event 0") {
			t.Errorf("%s, alone: %v", name, err)
		}
	}
	if n := len(apitest.All(t, h.Store.Reads().Events)); n != 1 {
		t.Errorf("%d events were kept", n)
	}
	if _, err := h.Exchange.TakeEvents(storetest.As(t, pact.Reviewer, "north"), "north", []pact.Event{good}); !fault.Is(err, fault.Denied) {
		t.Errorf("a reviewer delivers: %v", err)
	}
	if _, err := h.Exchange.TakeEvents(storetest.As(t, pact.Connector, "south"), "north", []pact.Event{good}); !fault.Is(err, fault.Denied) {
		t.Errorf("into another unit: %v", err)
	}
}

func TestPolling(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "ITSM")
		contract(t, h, "north", "SA-1", "assisted")
		incident := func(id string) pact.Record {
			return pact.Record{Object: "incident", ExternalID: id, Events: []pact.Event{event(id+"/opened", "ticket_opened", id, pact.EventData{Contract: "SA-1"})}}
		}
		h.Fake.Set(func(f *apitest.Fake) {
			f.Pages[""] = connector.Page{Records: []pact.Record{incident("T1")}, Next: "c1", More: true}
			f.Pages["c1"] = connector.Page{Records: []pact.Record{incident("T2"), incident("T1")}, Next: "c2"}
		})
		ctx := storetest.System(t)
		poll := func() error { return h.Exchange.Poll(ctx, job.Poll{ConnectionID: c.ID, Stream: "things"}) }
		stream := func() (pact.StreamState, pact.Health) {
			t.Helper()
			row := apitest.One(t, h.Store.Reads().Connections)
			return row.Streams["things"], row.Health
		}
		if err := poll(); err != nil {
			t.Fatal(err)
		}
		if s, health := stream(); s.Cursor != "c2" || s.Records != 3 || health.State != "ok" {
			t.Errorf("%+v %+v", s, health)
		}
		if n := len(apitest.All(t, h.Store.Reads().Events)); n != 2 {
			t.Errorf("%d events, want 2", n)
		}
		for i, state := range []string{"degraded", "degraded", "down"} {
			h.Fake.Set(func(f *apitest.Fake) { f.Down = connector.Fail(connector.FailUnavailable, "busy") })
			if err := poll(); err == nil {
				t.Error("a poll that failed must come again")
			}
			if s, health := stream(); s.Cursor != "c2" || s.Error != "busy" || health.State != state || health.Failures != i+1 {
				t.Errorf("failure %d: %+v %+v", i+1, s, health)
			}
		}
		h.Fake.Set(func(f *apitest.Fake) { f.Down = connector.Fail(connector.FailDenied, "the password is wrong") })
		if err := poll(); err != nil {
			t.Errorf("a refusal is shown, and polled again at its time: %v", err)
		}
		h.Fake.Set(func(f *apitest.Fake) { f.Down = nil })
		if err := poll(); err != nil {
			t.Fatal(err)
		}
		if s, health := stream(); s.Error != "" || health.State != "ok" || health.Failures != 0 {
			t.Errorf("recovered: %+v %+v", s, health)
		}
		timer := apitest.One(t, h.Store.Reads().Timers, store.Eq("kind", "poll"))
		if timer.Ref != string(c.ID)+"/things" || !timer.DueAt.Equal(apitest.Start().Add(5*time.Minute)) {
			t.Errorf("the next poll: %+v", timer)
		}
	})
}

// A unit may have any number of obligations: the one contract that fits is found among them.
func TestAnEventFindsItsContractAmongMoreThanTenThousandObligations(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	others := contract(t, h, "north", "SA-0", "assisted", func(c *pact.Contract) { c.Customer = "Globex GmbH" })
	for batch := range 11 {
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			for i := range 1000 {
				o := pact.Obligation{ID: pact.NewID[pact.ObligationID]("obl", tx.Now), BusinessUnit: "north", ContractID: others.ID, Key: fmt.Sprint("resolution_time/", batch, "/", i), Kind: "resolution_time", Params: json.RawMessage(`{}`)}
				if err := tx.Obligations.Insert(ctx, &o); err != nil {
					return err
				}
			}
			return nil
		})
	}
	want := contract(t, h, "north", "SA-1", "assisted")
	out, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{event("1", "ticket_opened", "T1", pact.EventData{Customer: "Acme Corp"})})
	if err != nil || len(out.Events) != 1 || out.Events[0].ContractID != want.ID {
		t.Fatalf("%+v %v", out, err)
	}
}

// Whoever delivers events can not speak for a person.
func TestNamesOfWhatPeopleStateAreNotForThoseWhoDeliverEvents(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		for _, name := range []string{"performance/occ_1/evt_1", "started/evt_1"} {
			e := event("1", "done", "report", pact.EventData{Contract: "D-1", ApprovedBy: "usr_ow"})
			e.ExternalID = name
			if _, err := h.Exchange.TakeEvents(storetest.System(t), "north", []pact.Event{e}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
