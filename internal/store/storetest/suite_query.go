package storetest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// add inserts contracts.
func add(ctx context.Context, t *testing.T, s Store, rows ...*pact.Contract) {
	t.Helper()
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		for _, r := range rows {
			if r.BusinessUnit == "" {
				r.BusinessUnit = "emea"
			}
			if err := tx.Contracts.Insert(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func titles(rows []pact.Contract) string {
	var out []string
	for _, r := range rows {
		out = append(out, r.Title)
	}
	return strings.Join(out, " ")
}

func conditions(t *testing.T, s Store) {
	ctx := System(t)
	yes, value := true, money.New(decimal.RequireFromString("100.50"), "EUR")
	add(ctx, t, s,
		&pact.Contract{Title: "a", State: pact.ContractActive, CurrentVersion: 1, RenewalDate: "2026-05-01", AutoRenewal: &yes, TotalValue: &value, Clauses: []string{"anti_assignment", "governing_law"}},
		&pact.Contract{Title: "b", State: pact.ContractStuck, CurrentVersion: 2, RenewalDate: "2026-06-01", Owner: "o@example.com", Clauses: []string{}},
		&pact.Contract{Title: "c", State: pact.ContractActive, Source: &pact.RecordRef{Object: "record"}, BusinessUnit: "apac"})
	for _, c := range []struct {
		q    store.Query
		want string
	}{
		{store.Where(), "a b c"},
		{store.Where(store.Eq("state", pact.ContractActive)), "a c"},
		{store.Where(store.Eq("state", "stuck")), "b"},
		{store.Where(store.Is("state", "!=", pact.ContractActive)), "b"},
		{store.Where(store.Is("current_version", ">=", 1)), "a b"},
		{store.Where(store.Is("renewal_date", "<", "2026-06-01"), store.Is("renewal_date", "not_null", nil)), "a"},
		{store.Where(store.Is("renewal_date", "null", nil)), "c"},
		{store.Where(store.Is("owner", "not_null", nil)), "b"},
		{store.Where(store.Is("source", "not_null", nil)), "c"},
		{store.Where(store.Eq("auto_renewal", true)), "a"},
		{store.Where(store.Is("auto_renewal", "!=", true)), "b c"},
		{store.Where(store.Is("total_value", ">", decimal.RequireFromString("99"))), "a"},
		{store.Where(store.Is("total_value", "null", nil)), "b c"},
		{store.Where(store.In("state", []pact.ContractState{pact.ContractActive, pact.ContractEnded})), "a c"},
		{store.Where(store.In("current_version", []int{2, 0})), "b c"},
		{store.Where(store.In("state", []string{})), ""},
		{store.Where(store.Is("state", "not_in", []string{"stuck"})), "a c"},
		{store.Where(store.Is("state", "not_in", []string{})), "a b c"},
		{store.Where(store.Is("clauses", "has", "governing_law")), "a"},
		{store.Where(store.Is("clauses", "has", "governing")), ""},
		{store.Where(store.Is("clauses", "has_not", "governing_law")), "b"},
		{store.Where(store.Is("clauses", "has_not", "governing%law")), "a b"},
		{store.Where(store.Is("created_at", "<=", time.Now().Add(time.Hour))), "a b c"},
		{store.Where(store.Is("created_at", "null", nil)), ""},
		{store.Where(store.Eq("business_unit", "apac")), "c"},
		{store.Query{Order: []string{"-title"}}, "c b a"},
		{store.Query{Order: []string{"state", "-title"}}, "c a b"},
		{store.Query{Order: []string{"total_value", "title"}}, "b c a"},
		{store.Query{Order: []string{"-total_value", "title"}}, "a b c"},
		{store.Query{Order: []string{"title"}, Limit: 2}, "a b"},
	} {
		if c.q.Order == nil {
			c.q.Order = []string{"title"}
		}
		rows, err := s.Reads().Contracts.All(ctx, c.q)
		if err != nil || titles(rows) != c.want {
			t.Errorf("%+v gave %q, %v, not %q", c.q, titles(rows), err, c.want)
		}
		if n, err := s.Reads().Contracts.Count(ctx, c.q); c.q.Limit == 0 && (n != len(rows) || err != nil) {
			t.Errorf("%+v counts %d, %v", c.q, n, err)
		}
	}
	by, err := s.Reads().Contracts.CountBy(ctx, store.Query{}, "state")
	if err != nil || by["active"] != 2 || by["stuck"] != 1 || len(by) != 2 {
		t.Errorf("by state: %v, %v", by, err)
	}
	few, err := s.Reads().Contracts.All(ctx, store.Query{Order: []string{"title"}, Only: []string{"title", "total_value"}})
	if err != nil || len(few) != 3 || few[2].Title != "c" || few[2].ID != "" || few[2].State != "" {
		t.Errorf("two columns only: %+v, %v", few, err)
	}
	if one, err := s.Reads().Contracts.One(ctx, store.Query{Order: []string{"-title"}}); err != nil || one.Title != "c" {
		t.Errorf("the last is %q, %v", one.Title, err)
	}
	if _, err := s.Reads().Contracts.One(ctx, store.Where(store.Eq("title", "z"))); !fault.Is(err, fault.NotFound) {
		t.Errorf("no row gave %v", err)
	}
}

// everyRow: however many rows match, each is seen once, in order of ids, in scope and out of All's reach.
func everyRow(t *testing.T, s Store) {
	ctx := System(t)
	const rows = 2*1000 + 7 // pages and a rest
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		for i := range rows {
			unit := "emea"
			if i%5 == 0 {
				unit = "apac"
			}
			if err := tx.Links.Insert(ctx, &pact.Link{BusinessUnit: unit, ContractID: pact.ContractID(fmt.Sprint("con_", i)), Object: "Account", Name: fmt.Sprint(i), State: "matched"}); err != nil {
				return err
			}
		}
		return nil
	})
	for name, c := range map[string]struct {
		ctx  context.Context
		q    store.Query
		want int
	}{
		"all of them":    {ctx, store.Query{Order: []string{"-name"}, Limit: 3}, rows}, // order and limit are not for Each
		"two columns":    {ctx, store.Query{Only: []string{"name"}}, rows},
		"a condition":    {ctx, store.Where(store.Eq("business_unit", "apac")), (rows + 4) / 5},
		"in scope":       {As(t, pact.Viewer, "apac"), store.Query{}, (rows + 4) / 5},
		"none":           {ctx, store.Where(store.Eq("state", "confirmed")), 0},
		"out of scope":   {As(t, pact.Viewer, "south"), store.Query{}, 0},
		"exactly a page": {ctx, store.Where(store.In("name", names(1000))), 1000},
	} {
		seen, last := map[string]bool{}, ""
		err := s.Reads().Links.Each(c.ctx, c.q, func(l pact.Link) error {
			if l.Name == "" || seen[l.Name] || string(l.ID) <= last {
				t.Errorf("%s: %+v comes after %s", name, l, last)
			}
			seen[l.Name], last = true, string(l.ID)
			return nil
		})
		if err != nil || len(seen) != c.want {
			t.Errorf("%s: %d rows, %v; want %d", name, len(seen), err, c.want)
		}
	}
	stop := errors.New("enough")
	n := 0
	if err := s.Reads().Links.Each(ctx, store.Query{}, func(pact.Link) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
		t.Errorf("stopped after %d rows with %v", n, err)
	}
	if err := s.Reads().Links.Each(ctx, store.Where(store.Eq("nothing", 1)), func(pact.Link) error { return nil }); err == nil {
		t.Error("a column that is not there was read")
	}
}

func names(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(i)
	}
	return out
}

func wrongQuestions(t *testing.T, s Store) {
	ctx := System(t)
	for _, q := range []store.Query{
		store.Where(store.Eq("nothing", 1)),
		store.Where(store.Eq(`title" OR 1=1 --`, "x")),
		store.Where(store.Is("title", "LIKE", "x")),
		store.Where(store.Eq("title", 1)),
		store.Where(store.Eq("title", nil)),
		store.Where(store.Eq("current_version", "1")),
		store.Where(store.Eq("created_at", "2026-01-01")),
		store.Where(store.Eq("source", "x")),
		store.Where(store.In("title", "x")),
		store.Where(store.In("title", []any{"x", 1})),
		{Order: []string{"nothing"}},
		{Order: []string{"source"}},
		{Order: []string{"title; DROP TABLE contracts"}},
		{After: "nonsense"},
		{After: base64.RawURLEncoding.EncodeToString([]byte(`{"o":"x","v":[1,2]}`))},
		{After: base64.RawURLEncoding.EncodeToString([]byte(`{"o":" ORDER BY \"id\"","v":[{"a":1}]}`))},
		{After: base64.RawURLEncoding.EncodeToString([]byte(`{"o":" ORDER BY \"id\"","v":[null]}`))},
		{After: strings.Repeat("A", 100_000)},
	} {
		if _, err := s.Reads().Contracts.List(ctx, q); err == nil {
			t.Errorf("%.200v was answered", q)
		} else if q.After != "" && !fault.Is(err, fault.Invalid) {
			t.Errorf("the cursor %.100q gave %v", q.After, err)
		}
	}
	if _, err := s.Reads().Contracts.All(ctx, store.Query{Only: []string{"title", "nothing"}}); err == nil {
		t.Error("a column that is not there was read")
	}
	if _, err := s.Reads().Contracts.CountBy(ctx, store.Query{}, "facts"); err == nil {
		t.Error("counting by a structure was answered")
	}
	if _, err := s.Reads().Versions.List(ctx, store.Query{Search: "x"}); err == nil {
		t.Error("searching a noun without text was answered")
	}
}

func search(t *testing.T, s Store) {
	ctx := System(t)
	add(ctx, t, s,
		&pact.Contract{Title: "a", Customer: "Müller ÄRZTE GmbH", Number: "SA-2023-789"},
		&pact.Contract{Title: "b", Customer: "Acme 100% Corp"},
		&pact.Contract{Title: "c_d", Customer: `Back\slash`})
	for search, want := range map[string]string{
		"müller": "a", "MÜLLER": "a", "ärzte sa-2023": "a", "2023": "a", "acme müller": "", "100%": "b", "0% c": "b",
		"_": "c_d", `k\s`: "c_d", "'; DROP TABLE contracts; --": "", "%": "b", "  ": "a b c_d",
	} {
		rows, err := s.Reads().Contracts.All(ctx, store.Query{Search: search, Order: []string{"title"}})
		if err != nil || titles(rows) != want {
			t.Errorf("%q found %q, %v, not %q", search, titles(rows), err, want)
		}
	}
}

func pages(t *testing.T, s Store) {
	ctx := System(t)
	var rows []*pact.Contract
	for i := range 137 {
		c := &pact.Contract{Title: fmt.Sprint("t", i%7), CurrentVersion: i % 3, BusinessUnit: "emea"}
		if i%4 != 0 {
			v := money.New(decimal.New(int64(i%5), 0), "EUR")
			c.TotalValue = &v
		}
		rows = append(rows, c)
	}
	add(ctx, t, s, rows...)
	for _, order := range [][]string{nil, {"title"}, {"-title"}, {"-total_value", "title"}, {"total_value", "-current_version"}, {"-created_at"}, {"id"}, {"-id"}, {"-updated_at", "total_value"}} {
		all, err := s.Reads().Contracts.All(ctx, store.Query{Order: order})
		if err != nil || len(all) != len(rows) {
			t.Fatalf("%v: %d rows, %v", order, len(all), err)
		}
		var paged []pact.Contract
		q := store.Query{Order: order, Limit: 10}
		for {
			page, err := s.Reads().Contracts.List(ctx, q)
			if err != nil {
				t.Fatalf("%v: %v", order, err)
			}
			paged = append(paged, page.Items...)
			if q.After = page.Next; q.After == "" {
				break
			}
		}
		if !slices.EqualFunc(all, paged, func(a, b pact.Contract) bool { return a.ID == b.ID }) {
			t.Errorf("%v: pages give other rows than the whole", order)
		}
	}
	page, err := s.Reads().Contracts.List(ctx, store.Query{Limit: 10, Order: []string{"title"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reads().Contracts.List(ctx, store.Query{Limit: 10, Order: []string{"-title"}, After: page.Next}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a cursor of another order gave %v", err)
	}
	if page, err = s.Reads().Contracts.List(ctx, store.Query{}); err != nil || len(page.Items) != 50 {
		t.Errorf("a page without limit has %d rows, %v", len(page.Items), err)
	}
}

func stablePages(t *testing.T, s Store) {
	ctx := System(t)
	for i := range 20 {
		add(ctx, t, s, &pact.Contract{Title: fmt.Sprintf("m%02d", i)})
	}
	q := store.Query{Order: []string{"title"}, Limit: 5}
	seen := map[string]int{}
	for n := 0; ; n++ {
		page, err := s.Reads().Contracts.List(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Items {
			seen[c.Title]++
		}
		if q.After = page.Next; q.After == "" {
			break
		}
		// A row before and one behind the page, and one that was seen already leaves.
		add(ctx, t, s, &pact.Contract{Title: fmt.Sprint("a", n)}, &pact.Contract{Title: fmt.Sprint("z", n)})
		Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
			return tx.Contracts.Delete(ctx, string(page.Items[0].ID))
		})
	}
	for i := range 20 {
		if title := fmt.Sprintf("m%02d", i); seen[title] != 1 {
			t.Errorf("%s was seen %d times", title, seen[title])
		}
	}
}

func decimals(t *testing.T, s Store) {
	ctx := System(t)
	want := []string{
		"-12345678901234567.123456", "-0.000000000001", "0.8499", "0.85", "9", "10", "12345678901234567.123456",
		"12345678901234567890123456789.123456789012",
	}
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		for _, i := range rand.Perm(len(want)) {
			c := pact.Candidate{BusinessUnit: "emea", Name: want[i], Confidence: decimal.RequireFromString(want[i])}
			if err := tx.Candidates.Insert(ctx, &c); err != nil {
				return err
			}
		}
		return nil
	})
	rows, err := s.Reads().Candidates.All(ctx, store.Query{Order: []string{"confidence"}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		if r.Confidence.String() != r.Name {
			t.Errorf("%s came back as %s", r.Name, r.Confidence)
		}
		got = append(got, r.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("ordered %v", got)
	}
	limit := decimal.RequireFromString("0.85")
	below, err := s.Reads().Candidates.Count(ctx, store.Where(store.Is("confidence", "<", limit)))
	equal, errEqual := s.Reads().Candidates.Count(ctx, store.Where(store.Eq("confidence", "0.850")))
	above, errAbove := s.Reads().Candidates.Count(ctx, store.Where(store.Is("confidence", ">", decimal.NewFromInt(9))))
	if below != 3 || equal != 1 || above != 3 || errors.Join(err, errEqual, errAbove) != nil {
		t.Errorf("%d below, %d equal, %d above 9: %v", below, equal, above, errors.Join(err, errEqual, errAbove))
	}
}

func times(t *testing.T, s Store) {
	ctx := System(t)
	base := time.Date(2026, 3, 29, 0, 30, 0, 123456000, time.UTC) // the night clocks change in Berlin
	zones := []*time.Location{time.UTC, time.FixedZone("UTC-5", -5*3600), time.FixedZone("UTC+14", 14*3600)}
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		for i := range 12 {
			at := base.Add(time.Duration(i) * 7 * time.Minute).In(zones[i%len(zones)])
			e := pact.Event{BusinessUnit: "emea", ExternalID: fmt.Sprintf("%02d", i), OccurredAt: at}
			if err := tx.Events.Insert(ctx, &e); err != nil {
				return err
			}
		}
		return nil
	})
	rows, err := s.Reads().Events.All(ctx, store.Query{Order: []string{"occurred_at"}})
	if err != nil || len(rows) != 12 {
		t.Fatal(len(rows), err)
	}
	for i, r := range rows {
		if want := base.Add(time.Duration(i) * 7 * time.Minute); r.ExternalID != fmt.Sprintf("%02d", i) || !r.OccurredAt.Equal(want) || r.OccurredAt.Location() != time.UTC {
			t.Errorf("place %d has %s at %s, not %s", i, r.ExternalID, r.OccurredAt, want)
		}
	}
	for i, zone := range zones {
		at := base.Add(35 * time.Minute).In(zone)
		n, err := s.Reads().Events.Count(ctx, store.Where(store.Is("occurred_at", "<", at)))
		if n != 5 || err != nil {
			t.Errorf("zone %d: %d before, %v", i, n, err)
		}
	}
	far := pact.Event{BusinessUnit: "emea", ExternalID: "far", OccurredAt: time.Date(123456, 1, 1, 0, 0, 0, 0, time.UTC)}
	err = s.Change(ctx, store.Act{Name: "test"}, func(ctx context.Context, tx store.Tx) error { return tx.Events.Insert(ctx, &far) })
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("the year 123456 gave %v", err)
	}
}

func hostileText(t *testing.T, s Store) {
	ctx := System(t)
	for _, kept := range []string{"'; DROP TABLE contracts; --", "?", "$1", `\`, "\u202e\U0001F4A9\u0301", "<script>", strings.Repeat("x", 1<<20)} {
		c := pact.Contract{Title: kept, Facts: map[string]string{kept: kept + "\x00\xff"}}
		add(ctx, t, s, &c)
		got, err := s.Reads().Contracts.One(ctx, store.Where(store.Eq("title", kept)))
		if err != nil || got.Title != kept {
			t.Errorf("%.20q came back as %.20q, %v", kept, got.Title, err)
		}
	}
	err := s.Change(ctx, store.Act{Name: "test"}, func(ctx context.Context, tx store.Tx) error {
		return tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "emea", Number: strings.Repeat("x", 5000)})
	})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("a number of 5,000 letters gave %v", err)
	}
	for _, refused := range []string{"nul\x00", "\xff\xfe"} {
		err := s.Change(ctx, store.Act{Name: "test"}, func(ctx context.Context, tx store.Tx) error {
			return tx.Contracts.Insert(ctx, &pact.Contract{BusinessUnit: "emea", Title: refused})
		})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%q gave %v", refused, err)
		}
		if _, err := s.Reads().Contracts.Get(ctx, refused); !fault.Is(err, fault.NotFound) {
			t.Errorf("getting %q gave %v", refused, err)
		}
		if _, err := s.Reads().Contracts.List(ctx, store.Query{Search: refused}); !fault.Is(err, fault.Invalid) {
			t.Errorf("searching %q gave %v", refused, err)
		}
		if err := s.Change(ctx, store.Act{Name: "test", Subject: refused}, func(ctx context.Context, tx store.Tx) error {
			tx.Note(ctx, "forged", refused)
			return nil
		}); err != nil {
			t.Errorf("an entry about %q gave %v", refused, err)
		}
	}
	if _, err := s.Audit().Seal(ctx); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Audit().Verify(ctx); err != nil || !r.OK {
		t.Errorf("the trail of it does not verify: %+v, %v", r, err)
	}
}

// concurrency: many add one to the same counter, reading again where another was faster; none is lost.
func concurrency(t *testing.T, s Store) {
	ctx := System(t)
	const workers, each = 8, 15
	counter := pact.Contract{BusinessUnit: "emea"}
	add(ctx, t, s, &counter)
	var all sync.WaitGroup
	for worker := range workers {
		all.Go(func() {
			for done := 0; done < each; {
				err := s.Change(ctx, store.Act{Name: "count"}, func(ctx context.Context, tx store.Tx) error {
					get := tx.Contracts.Get
					if worker%2 == 0 {
						get = tx.Contracts.Lock
					}
					c, err := get(ctx, string(counter.ID))
					if err != nil {
						return err
					}
					c.CurrentVersion++
					return tx.Contracts.Update(ctx, &c)
				})
				switch {
				case err == nil:
					done++
				case !fault.Is(err, fault.Conflict):
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	got, err := s.Reads().Contracts.Get(ctx, string(counter.ID))
	if err != nil || got.CurrentVersion != workers*each || got.Revision != workers*each+1 {
		t.Errorf("counted %d, revision %d, %v", got.CurrentVersion, got.Revision, err)
	}
}
