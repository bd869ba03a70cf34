package review_test

import (
	"fmt"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// datesIn gives the dates of a contract in the register: its last day, its renewal, and the last day to send notice.
func datesIn(t *testing.T, h *apitest.House, id pact.ContractID) string {
	t.Helper()
	con := apitest.One(t, h.Store.Reads().Contracts, store.Eq("id", id))
	return fmt.Sprint(con.ExpirationDate, " ", con.RenewalDate, " ", con.SendBy)
}

// crm is a connection that takes the dates of a contract. The result tells what was written of them since it was asked last.
func crm(t *testing.T, h *apitest.House) func() []string {
	t.Helper()
	c := h.Connection(t, "north", "CRM")
	h.Fake.Set(func(f *apitest.Fake) {
		f.Accounts = []connector.MatchCandidate{{Object: "Account", ExternalID: "A1", Name: "Borealis Foods LLC"}}
		f.Fields = map[string][]string{"Account": {"Last", "Renews", "SendBy"}}
	})
	var fields []pact.FieldMapping
	for term, field := range map[string]string{"expiration_date": "Last", "renewal_date": "Renews", "notice_send_by": "SendBy"} {
		fields = append(fields, pact.FieldMapping{Term: term, Field: field, Convert: "date", Risk: "summary"})
	}
	_, _, err := h.Exchange.SetMapping(storetest.As(t, pact.Admin, "north"), c.ID, []pact.ObjectMapping{{Object: "Account", For: "contract", Action: "update", Fields: fields}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	return func() []string {
		var out []string
		for _, a := range h.Fake.Written()[told:] {
			told++
			if a.Object == "Account" && a.Kind == "update" {
				out = append(out, fmt.Sprint(a.Fields["Last"], " ", a.Fields["Renews"], " ", a.Fields["SendBy"]))
			}
		}
		return out
	}
}

// An extension moves the dates of the register and of other systems; a later version of the contract itself leaves them there, and nobody
// is told the old ones meanwhile; and they go back when the amendment no longer extends anything.
func TestTheRegisterGoesBackWhenAnExtensionIsTakenBack(t *testing.T) {
	t.Parallel()
	const own, extended = "2027-02-28 2027-03-01 2026-12-30", "2028-02-29 2028-03-01 2027-12-01"
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		told := crm(t, h)
		h.Work(t)
		var head, con pact.Contract
		step := func(what string, rev pact.Review, want string, writes ...string) {
			t.Helper()
			acceptAll(t, h, rev)
			h.Settle(t)
			if got := datesIn(t, h, head.ID); got != want {
				t.Errorf("%s: the register has %s, want %s", what, got, want)
			}
			if got := told(); fmt.Sprint(got) != fmt.Sprint(writes) {
				t.Errorf("%s: written %q, want %q", what, got, writes)
			}
		}
		step("as it was signed", written(t, h, &head, services), own, own)
		con.ParentID, con.FamilyID, con.Relation = head.ID, head.ID, "amendment"
		step("extended", written(t, h, &con, amendingServices+"\n4. Extension\nThe term of the Agreement is extended by twelve (12) months.\n"), extended, extended)
		step("the contract is read again", filed(t, h, head, services), extended, extended)
		step("the extension is gone", filed(t, h, con, amendingServices), "2027-02-28 2027-03-01 2026-11-30", "2027-02-28 2027-03-01 2026-11-30")
		step("extended again", filed(t, h, con, amendingServices+"\n4. Extension\nThe term of the Agreement is extended by twelve (12) months.\n"), extended, extended)
		step("the amendment says nothing of it", filed(t, h, con, "AMENDMENT NO. 1\n\nThis Amendment No. 1 is made on November 15, 2025 by and between Halden Systems, Inc. (\"Supplier\") and Borealis Foods LLC (\"Customer\") and amends the Master Services Agreement, Contract No. MSA-1, dated March 1, 2025.\n\n1. Law\n“Maine” becomes “New York”.\n"), own, own)
	})
}

// A date that there is no more is emptied in other systems, once, and stands there again when it exists again. What we never wrote is left
// alone.
func TestADateThatThereIsNoMoreIsEmptiedWhereItWasWritten(t *testing.T) {
	t.Parallel()
	const own = "2027-02-28 2027-03-01 2026-12-30"
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		told := crm(t, h)
		h.Work(t)
		var head pact.Contract
		acceptAll(t, h, written(t, h, &head, services))
		h.Settle(t)
		if got := told(); fmt.Sprint(got) != fmt.Sprint([]string{own}) {
			t.Fatalf("as it was signed: written %q", got)
		}
		by := storetest.As(t, pact.Reviewer, "north")
		o := apitest.One(t, h.Store.Reads().Obligations, store.Eq("contract_id", head.ID), store.Eq("kind", "renewal_notice"))
		apitest.One(t, h.Store.Reads().Occurrences, store.Eq("obligation_id", o.ID), store.Eq("key", "2027-03-01"))
		sent, err := h.Exchange.RecordNotice(by, head.ID, exchange.SentNotice{Renewal: "2027-03-01", SentOn: "2026-03-01", Reference: "RL 1"})
		if err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		if got := told(); fmt.Sprint(got) != fmt.Sprint([]string{"2027-02-28 <nil> <nil>"}) {
			t.Errorf("ended by notice: written %q", got)
		}
		last := h.Fake.Written()[len(h.Fake.Written())-1]
		for _, field := range []string{"Renews", "SendBy"} {
			if v, there := last.Fields[field]; !there || v != nil {
				t.Errorf("%s is not emptied: %v", field, last.Fields)
			}
		}
		if err := h.Exchange.PlanWrites(storetest.System(t), job.PlanWrites{ContractID: head.ID, Version: 1}); err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		if got := told(); len(got) > 0 {
			t.Errorf("planned again: written %q", got)
		}
		if _, err := h.Exchange.TakeBackNotice(by, head.ID, exchange.TakenBack{EventID: sent.ID, Reason: "a slip"}); err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		if got := told(); fmt.Sprint(got) != fmt.Sprint([]string{own}) {
			t.Errorf("taken back: written %q", got)
		}
	})
}
