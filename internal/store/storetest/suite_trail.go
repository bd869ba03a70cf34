package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

func listed(ctx context.Context, t *testing.T, s Store, q store.AuditQuery) []audit.Entry {
	t.Helper()
	page, err := s.Audit().List(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}

func entries(t *testing.T, s Store) {
	actor := pact.Actor{ID: "usr_1", Kind: "person", Name: "Ann", Role: pact.Reviewer, Units: []string{"emea"}, CorrelationID: "cor_7"}
	ctx := pact.WithActor(t.Context(), actor)
	c := pact.Contract{BusinessUnit: "emea", Title: "one"}
	d := pact.Document{BusinessUnit: "emea", Filename: "a.pdf"}
	err := s.Change(ctx, store.Act{Name: "contract.import", Subject: "rec_1"}, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Contracts.Insert(ctx, &c); err != nil {
			return err
		}
		d.ContractID = c.ID
		if err := tx.Documents.Insert(ctx, &d); err != nil {
			return err
		}
		c.Title = "two" // twice in one change is one change
		tx.Note(ctx, "policy_version", 3)
		return tx.Contracts.Update(ctx, &c)
	})
	if err != nil {
		t.Fatal(err)
	}
	all := listed(ctx, t, s, store.AuditQuery{})
	if len(all) != 1 {
		t.Fatalf("%d entries for one change", len(all))
	}
	e := all[0]
	if e.ActorID != "usr_1" || e.ActorName != "Ann" || e.Act != "contract.import" || e.Subject != "rec_1" || e.CorrelationID != "cor_7" ||
		e.BusinessUnit != "emea" || len(e.Changes) != 2 || fmt.Sprint(e.Notes["policy_version"]) != "3" || fmt.Sprint(e.ContractIDs) != fmt.Sprint([]pact.ContractID{c.ID}) {
		t.Errorf("the entry is %+v", e)
	}
	if e.Changes[0].After["title"] != "two" || e.Changes[0].Before != nil {
		t.Errorf("the contract's change is %+v", e.Changes[0])
	}
	// Writing the same again, or touching only bookkeeping, leaves nothing.
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Update(ctx, &c) })
	if n := len(listed(ctx, t, s, store.AuditQuery{})); n != 1 {
		t.Errorf("a change of nothing left %d entries", n-1)
	}
	c.Title = "three"
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Update(ctx, &c) })
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Delete(ctx, string(c.ID)) })
	all = listed(ctx, t, s, store.AuditQuery{})
	if len(all) != 3 || all[0].Changes[0].After != nil || all[0].Changes[0].Before["title"] != "three" ||
		all[1].Changes[0].Before["title"] != "two" || all[1].Changes[0].After["title"] != "three" || len(all[1].Changes[0].After) != 1 {
		t.Errorf("the entries are %+v", all)
	}
	// What comes and goes within a change was never there.
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		x := pact.Contract{BusinessUnit: "emea"}
		if err := tx.Contracts.Insert(ctx, &x); err != nil {
			return err
		}
		return tx.Contracts.Delete(ctx, string(x.ID))
	})
	if n := len(listed(ctx, t, s, store.AuditQuery{})); n != 3 {
		t.Errorf("a row that came and went left %d entries", n-3)
	}
}

func batches(t *testing.T, s Store) {
	ctx := System(t)
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		for i := range 100 {
			e := pact.Event{BusinessUnit: "emea", ExternalID: fmt.Sprint(i), Kind: "ticket_opened"}
			if err := tx.Events.Insert(ctx, &e); err != nil {
				return err
			}
		}
		return nil
	})
	all := listed(ctx, t, s, store.AuditQuery{})
	if len(all) != 1 || len(all[0].Changes) != 0 {
		t.Fatalf("the entries are %+v", all)
	}
	note, ok := all[0].Notes["events"].(map[string]any)
	if !ok || fmt.Sprint(note["count"]) != "100" || len(fmt.Sprint(note["sha256"])) != 64 {
		t.Errorf("the note is %v", all[0].Notes)
	}
}

func occurrences(t *testing.T, s Store) {
	ctx := System(t)
	o := pact.Occurrence{BusinessUnit: "emea", Key: "INC1", Status: pact.OnTrack}
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error { return tx.Occurrences.Insert(ctx, &o) })
	step := func(change func(), want int) {
		t.Helper()
		change()
		Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error { return tx.Occurrences.Update(ctx, &o) })
		if n := len(listed(ctx, t, s, store.AuditQuery{})); n != want {
			t.Errorf("%d entries, not %d", n, want)
		}
	}
	step(func() { o.Assessment.Elapsed = "1h0m0s" }, 1)
	step(func() { o.Status, o.Assessment.Percent = pact.AtRisk, "90" }, 2)
	step(func() { o.Assessment.AmountState = "needs_charge" }, 3)
}

func secrets(t *testing.T, s Store) {
	ctx := System(t)
	c := pact.Connection{BusinessUnit: "emea", Name: "crm", Secrets: map[string]string{"token": "canary-1"}}
	u := pact.User{Email: "a@example.com", PasswordHash: "canary-2"}
	x := pact.Extraction{BusinessUnit: "emea", Output: "long raw output"}
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error {
		for _, err := range []error{tx.Connections.Insert(ctx, &c), tx.Users.Insert(ctx, &u), tx.Extractions.Insert(ctx, &x)} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	c.Secrets = map[string]string{"token": "canary-3"}
	Must(ctx, t, s, func(ctx context.Context, tx store.Tx) error { return tx.Connections.Update(ctx, &c) })
	all := listed(ctx, t, s, store.AuditQuery{})
	b, err := json.Marshal(all)
	if err != nil || strings.Contains(string(b), "canary") || strings.Contains(string(b), "long raw") {
		t.Errorf("the trail holds a secret, or raw output: %s, %v", b, err)
	}
	if len(all) != 2 || all[0].Changes[0].Before["secrets"] != "set" || all[0].Changes[0].After["secrets"] != "changed" {
		t.Errorf("a changed secret shows as %+v", all[0].Changes)
	}
}

func trail(t *testing.T, s Store) {
	system := System(t)
	var ids []pact.ContractID
	for i, unit := range []string{"emea", "apac", "emea"} {
		c := pact.Contract{BusinessUnit: unit}
		if err := s.Change(system, store.Act{Name: fmt.Sprint("act.", i), Subject: fmt.Sprint("sub", i)}, func(ctx context.Context, tx store.Tx) error {
			return tx.Contracts.Insert(ctx, &c)
		}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.ID)
	}
	if err := s.Change(system, store.Act{Name: "user.add"}, func(ctx context.Context, tx store.Tx) error {
		return tx.Users.Insert(ctx, &pact.User{Email: "x@example.com"})
	}); err != nil {
		t.Fatal(err)
	}
	emea := As(t, pact.Viewer, "emea")
	for _, c := range []struct {
		who  context.Context
		q    store.AuditQuery
		want int
	}{
		{system, store.AuditQuery{}, 4},
		{emea, store.AuditQuery{}, 2},
		{As(t, pact.Viewer), store.AuditQuery{}, 0},
		{As(t, pact.Admin, ""), store.AuditQuery{}, 0},
		{emea, store.AuditQuery{ContractID: string(ids[1])}, 0},
		{system, store.AuditQuery{ContractID: string(ids[1])}, 1},
		{system, store.AuditQuery{Act: "act."}, 3},
		{system, store.AuditQuery{Act: "act.2"}, 1},
		{system, store.AuditQuery{Subject: "sub0"}, 1},
		{system, store.AuditQuery{ActorID: "test"}, 4},
		{system, store.AuditQuery{ActorID: "' OR ''='"}, 0},
	} {
		if got := listed(c.who, t, s, c.q); len(got) != c.want {
			t.Errorf("%+v gave %d entries, not %d", c.q, len(got), c.want)
		}
	}
	var acts []string
	q := store.AuditQuery{Limit: 1}
	for {
		page, err := s.Audit().List(system, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Items {
			acts = append(acts, e.Act)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if fmt.Sprint(acts) != "[user.add act.2 act.1 act.0]" {
		t.Errorf("pages gave %v", acts)
	}
}

func chain(t *testing.T, s Store) {
	ctx := System(t)
	verify := func(entries, unsealed int64) audit.Report {
		t.Helper()
		r, err := s.Audit().Verify(ctx)
		if err != nil || !r.OK || r.Entries != entries || r.Unsealed != unsealed {
			t.Errorf("verified %+v, %v; not %d entries and %d unsealed", r, err, entries, unsealed)
		}
		return r
	}
	verify(0, 0)
	for i := range 5 {
		add(ctx, t, s, &pact.Contract{Title: fmt.Sprint(i)})
	}
	verify(0, 5)
	if b, err := s.Backlog(ctx); err != nil || b.Unsealed != 5 {
		t.Errorf("backlog %+v, %v", b, err)
	}
	if n, err := s.Audit().Seal(ctx); n != 5 || err != nil {
		t.Errorf("sealed %d, %v", n, err)
	}
	add(ctx, t, s, &pact.Contract{Title: "later"})
	before := verify(5, 1)
	if n, err := s.Audit().Seal(ctx); n != 1 || err != nil {
		t.Errorf("sealed %d, %v", n, err)
	}
	if n, err := s.Audit().Seal(ctx); n != 0 || err != nil {
		t.Errorf("sealed %d again, %v", n, err)
	}
	if after := verify(6, 0); after.Head == before.Head {
		t.Error("the head stayed")
	}
	var out bytes.Buffer
	if err := s.Audit().Export(ctx, &out); err != nil {
		t.Fatal(err)
	}
	r, err := audit.Key(Key()).VerifyLines(&out)
	if err != nil || !r.OK || r.Entries != 6 {
		t.Errorf("the export verifies as %+v, %v", r, err)
	}
	if r, err := audit.Key(bytes.Repeat([]byte("x"), 32)).VerifyLines(bytes.NewReader(out.Bytes())); err != nil || r.OK && r.Entries > 0 {
		t.Errorf("another key verifies it as %+v, %v", r, err)
	}
}
