package exchange_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func TestAMappingIsCheckedAgainstTheOtherSystem(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CRM")
	h.Fake.Set(func(f *apitest.Fake) {
		f.Fields = map[string][]string{"Account": {"Summary", "Effective"}, "Duty": {"Title", "AccountId"}, "Todo": {"Due"}, "incident": {"text"}, "Risk": nil}
	})
	_, check, err := h.Exchange.CheckMapping(storetest.As(t, pact.Viewer, "north"), c.ID)
	var got []string
	for _, p := range check.Problems {
		got = append(got, p.Object+"."+p.Field)
	}
	slices.Sort(got)
	if err != nil || strings.Join(got, " ") != "Account.AI_Effective Account.Notice" {
		t.Errorf("%v %v", check, err)
	}
	if strings.Join(check.Undescribed, " ") != "Risk" {
		t.Errorf("not compared: %v", check.Undescribed)
	}
}

func TestAMappingIsReplacedAsDataAndTheNextVersionIsWrittenByIt(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CRM")
	admin := storetest.As(t, pact.Admin, "north")
	h.Fake.Set(func(f *apitest.Fake) {
		f.Accounts = acme()
		f.Fields = map[string][]string{"Account": {"Start"}}
	})
	to := func(field string) []pact.ObjectMapping {
		return []pact.ObjectMapping{{Object: "Account", For: "contract", Action: "update", Fields: []pact.FieldMapping{{Term: "effective_date", Field: field, Convert: "date", Risk: "summary"}}}}
	}
	for name, objects := range map[string][]pact.ObjectMapping{"a field there is not": to("Begin"), "nothing": nil, "twice": append(to("Start"), to("Start")...)} {
		if _, _, err := h.Exchange.SetMapping(admin, c.ID, objects, 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := h.Exchange.SetMapping(storetest.As(t, pact.Reviewer, "north"), c.ID, to("Start"), 0); !fault.Is(err, fault.Denied) {
		t.Errorf("a reviewer: %v", err)
	}
	if _, _, err := h.Exchange.SetMapping(storetest.As(t, pact.Admin, "south"), c.ID, to("Start"), 0); !fault.Is(err, fault.NotFound) {
		t.Errorf("of another unit: %v", err)
	}
	m, check, err := h.Exchange.SetMapping(admin, c.ID, to("Start"), 0)
	if err != nil || m.Version != 1 || len(check.Problems) != 0 {
		t.Fatalf("%v %v %v", m, check, err)
	}
	if _, _, err := h.Exchange.SetMapping(admin, c.ID, to("Start"), 0); !fault.Is(err, fault.Conflict) {
		t.Errorf("over a version not seen: %v", err)
	}
	con := contract(t, h, "north", "SA-1", "full")
	plan(t, h, con)
	write(t, h)
	if w := h.Fake.Written(); len(w) != 1 || w[0].Fields["Start"] != "2026-01-01" || len(w[0].Fields) != 1 {
		t.Errorf("written: %+v", w)
	}
	if m, _, err = h.Exchange.SetMapping(admin, c.ID, to("Start"), 1); err != nil || m.Version != 2 {
		t.Fatalf("%v %v", m, err)
	}
	rows, err := h.Store.Reads().Mappings.All(admin, store.Where(store.Eq("connection_id", c.ID)).By("version"))
	if err != nil || len(rows) != 2 || rows[0].Active || !rows[1].Active || len(rows[0].Objects) != 1 {
		t.Errorf("%+v %v", rows, err)
	}
	trail, err := h.Store.Audit().List(admin, store.AuditQuery{Subject: string(c.ID), Act: "mapping.set", Limit: 10})
	if err != nil || len(trail.Items) != 2 || trail.Items[0].ActorID != "usr_admin" {
		t.Errorf("trail: %+v %v", trail, err)
	}
}

func everyField(f *apitest.Fake) {
	f.Fields = map[string][]string{
		"Account": {"Summary", "Effective", "AI_Effective", "Notice", "Start"}, "Duty": {"Title", "AccountId"}, "Todo": {"Due"}, "incident": {"text"}, "Risk": {"name", "status"},
	}
}

func TestPublishedContractsFollowAMappingThatIsReplaced(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "CRM")
		h.Connection(t, "north", "another CRM")
		h.Connection(t, "south", "CRM of the south")
		h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
		h.Work(t)
		var north []pact.ContractID
		for _, number := range []string{"SA-1", "SA-2", "SA-3"} {
			con := contract(t, h, "north", number, "full")
			plan(t, h, con)
			north = append(north, con.ID)
		}
		plan(t, h, contract(t, h, "south", "SA-4", "full"))
		contract(t, h, "north", "SA-5", "full", func(con *pact.Contract) { con.CurrentVersion = 0 }) // not published yet
		h.Settle(t)
		if n := len(h.Fake.Written()); n != 7*3 { // account, duty, task; three contracts at two connections and one at one
			t.Fatalf("%d writes by the shipped mapping", n)
		}

		admin := storetest.As(t, pact.Admin, "north")
		h.Fake.Set(everyField)
		shipped := h.Fake.Connector().Mapping
		changed := slices.Clone(shipped)
		changed[0].Fields = []pact.FieldMapping{{Term: "effective_date", Field: "Start", Convert: "date", Risk: "summary"}}
		seen := 7 * 3
		follows := func(objects []pact.ObjectMapping, shown int, want ...string) {
			t.Helper()
			if _, _, err := h.Exchange.SetMapping(admin, c.ID, objects, shown); err != nil {
				t.Fatal(err)
			}
			h.Settle(t)
			for range 2 { // what was done once more finds everything planned
				if err := h.Exchange.ApplyMapping(storetest.System(t), job.ApplyMapping{ConnectionID: c.ID, Version: shown + 1}); err != nil {
					t.Fatal(err)
				}
			}
			h.Settle(t)
			written := h.Fake.Written()[seen:]
			seen += len(written)
			var got []pact.ContractID
			for _, a := range written {
				got = append(got, a.ContractID)
				if a.ConnectionID != c.ID || a.Object != "Account" || !slices.Equal(slices.Sorted(maps.Keys(a.Fields)), want) {
					t.Errorf("mapping %d: written %s %v", shown+1, a.Object, a.Fields)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, north) {
				t.Errorf("mapping %d: written for %v, want once for each of %v", shown+1, got, north)
			}
		}
		slices.Sort(north)
		follows(changed, 0, "Start")
		follows(shipped, 1, "AI_Effective", "Effective", "Notice", "Summary") // the values of before are wanted again
		follows(changed, 2, "Start")

		if err := h.Exchange.ApplyMapping(storetest.System(t), job.ApplyMapping{ConnectionID: c.ID, Version: 2}); err != nil { // came late
			t.Fatal(err)
		}
		b, err := h.Store.Backlog(storetest.System(t))
		if err != nil || b.JobsAvailable != 0 {
			t.Errorf("a mapping that was replaced plans: %+v %v", b, err)
		}
		trail, err := h.Store.Audit().List(admin, store.AuditQuery{Subject: string(c.ID), Act: "mapping.apply", Limit: 20})
		if err != nil || len(trail.Items) != 9 || fmt.Sprint(trail.Items[0].Notes["contracts"]) != "3" {
			t.Errorf("the trail has %+v %v", trail.Items, err)
		}
	})
}

func TestWhatAReplacedMappingCouldNotWriteIsWithdrawn(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CRM")
	h.Fake.Set(func(f *apitest.Fake) { f.Accounts = acme() })
	con := contract(t, h, "north", "SA-1", "full")
	plan(t, h, con)
	h.Fake.Set(everyField)
	tasks := h.Fake.Connector().Mapping[3:4]
	if _, _, err := h.Exchange.SetMapping(storetest.As(t, pact.Admin, "north"), c.ID, tasks, 0); err != nil {
		t.Fatal(err)
	}
	plan(t, h, con)
	write(t, h)
	if got := fieldsOf(h.Fake.Written()); got != "Todo:Due" {
		t.Errorf("written: %s", got)
	}
	for _, a := range apitest.All(t, h.Store.Reads().Actions, store.Is("object", "!=", "Todo")) {
		if a.State != pact.ActionWithdrawn {
			t.Errorf("%s, which is mapped no longer, is %s", a.Object, a.State)
		}
	}
}
