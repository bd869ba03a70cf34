//go:build demo

package e2e

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/demo"
	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/samples"
	"github.com/pactloop/pactloop/simulator/mailbox"
	"github.com/pactloop/pactloop/simulator/stage"
)

// The whole month on SQLite, against the results worked by hand.
func TestStory(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	data := t.TempDir()
	d := town(ctx, t, demo.Config{Data: data})
	play(ctx, t, d, 0, nil)
	w := observe(ctx, t, d)

	t.Run("every accepted webhook has one contract", w.contracts)
	t.Run("a forged webhook leaves an audit entry and nothing else", w.forged)
	t.Run("Salesforce shows the reviewed terms once", w.salesforce)
	t.Run("what is held is marked in Salesforce until it is published", w.flags)
	t.Run("Ironclad shows properties and obligations once", w.ironclad)
	t.Run("every ticket has the verdict worked by hand", w.clocks)
	t.Run("at risk and breach say so in the agreed words", w.messages)
	t.Run("every finding was told once for what happened", w.versions)
	t.Run("comments and mails leave once", w.alerts)
	t.Run("every finding quotes the clause it was judged by", w.clauses)
	t.Run("a breach that was none is corrected with the reason", w.retracted)
	t.Run("uptime and its money", w.uptime)
	t.Run("a finding of each family with the right money", w.families)
	t.Run("money needs a second pair of eyes", w.fourEyes)
	t.Run("nothing was written twice", w.writes)
	t.Run("the overview counts it", w.overview)
	t.Run("the audit trail verifies", w.audit)
	shots(ctx, t, d)
	tour(ctx, t, d)
	t.Run("it goes on after a stop", func(t *testing.T) { goesOn(ctx, t, d, data) })
}

// The days up to the first breach on PostgreSQL.
func TestStoryOnPostgreSQL(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	d := town(ctx, t, demo.Config{Database: postgres(ctx, t)})
	play(ctx, t, d, firstBreach(t), nil)
	w := observe(ctx, t, d)

	t.Run("every accepted webhook has one contract", w.contracts)
	t.Run("Salesforce shows the reviewed terms once", w.salesforce)
	t.Run("what is held is marked in Salesforce until it is published", w.flags)
	t.Run("Ironclad shows properties and obligations once", w.ironclad)
	t.Run("at risk and breach say so in the agreed words", w.messages)
	t.Run("nothing was written twice", w.writes)
	t.Run("the audit trail verifies", w.audit)
}

// firstBreach is the number of steps after which the first clock has run out.
func firstBreach(t *testing.T) int {
	t.Helper()
	story, err := samples.LoadStory()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC)
	n := slices.IndexFunc(story.Steps, func(s samples.Step) bool { return s.At.After(at) })
	if n < 0 {
		t.Fatal("the story has no step after the first breach")
	}
	return n
}

// world is what stands there after some days of the story, read once.
type world struct {
	ctx      context.Context //nolint:containedctx // subtests share the test's
	d        *demo.Demo
	steps    []samples.Step // that were played
	register []pact.Contract
	findings []pact.Finding
}

func observe(ctx context.Context, t *testing.T, d *demo.Demo) *world {
	t.Helper()
	story, err := samples.LoadStory()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{ctx: ctx, d: d, steps: story.Steps[:d.State.Step]}
	w.register = all[pact.Contract](ctx, t, d.Admin, "/contracts")
	for _, row := range all[struct {
		Finding pact.Finding `json:"finding"`
	}](ctx, t, d.Admin, "/findings") {
		w.findings = append(w.findings, row.Finding)
	}
	return w
}

func (w *world) contract(t *testing.T, number string) pact.Contract {
	t.Helper()
	c, ok := contractOf(w.register, number)
	if !ok {
		t.Fatalf("there is no contract %s", number)
	}
	return c
}

// contracts: one contract per signed workflow and per record that was there before, each in its state, tied to its family.
func (w *world) contracts(t *testing.T) {
	signed := map[string]bool{}
	for _, s := range w.steps {
		if s.Do == "ironclad.complete" || s.Do == "ironclad.lose" {
			signed[s.Workflow] = true
		}
	}
	const before = 2 // the scan and the damaged file
	if got, want := len(w.register), len(signed)+before; got != want {
		t.Errorf("%d contracts, want %d: %d signed workflows and %d older records", got, want, len(signed), before)
	}
	seen := map[string]int{}
	for _, c := range w.register {
		seen[c.SourceKey]++
		if seen[c.SourceKey] > 1 {
			t.Errorf("%s has %d contracts", c.SourceKey, seen[c.SourceKey])
		}
	}
	states := map[string]pact.DocumentState{"C-2025-118": pact.DocumentDamaged, "PL-2026-0009": pact.DocumentEncrypted}
	for _, c := range w.register {
		page := get[struct {
			Documents []pact.Document `json:"documents"`
		}](w.ctx, t, w.d.Admin, "/contracts/"+string(c.ID))
		if len(page.Documents) != 1 {
			t.Errorf("%s has %d documents, want 1", c.Number, len(page.Documents))
			continue
		}
		want, named := states[c.Number]
		if !named {
			want = pact.DocumentRead
		}
		doc := page.Documents[0]
		if doc.State != want {
			t.Errorf("the document of %s is %s, want %s", c.Number, doc.State, want)
		}
		if named && (doc.Reason == "" || c.State != pact.ContractStuck) {
			t.Errorf("%s is %s with the reason %q; want stuck, and a way forward", c.Number, c.State, doc.Reason)
		}
	}
	head := w.contract(t, "SA-2023-789")
	if sow := w.contract(t, "SOW-2026-011"); sow.FamilyID != head.ID || sow.ParentID != head.ID || sow.Relation != "sow" {
		t.Errorf("the statement of work, whose webhook came first, is %q below %q in the family %q", sow.Relation, sow.ParentID, sow.FamilyID)
	}
	for _, c := range w.register {
		if c.Relation == "amendment" && (c.FamilyID != head.ID || c.ParentID != head.ID) {
			t.Errorf("%s is not tied to the master agreement", c.Title)
		}
	}
}

func (w *world) forged(t *testing.T) {
	var forged string
	for _, s := range w.steps {
		if s.Do == "ironclad.forge" {
			forged = s.Workflow
		}
	}
	refused := 0
	for range all[audit.Entry](w.ctx, t, w.d.Admin, "/audit?act=delivery.refuse") {
		refused++
	}
	if refused != 1 {
		t.Errorf("%d audit entries of a refused webhook, want 1", refused)
	}
	for _, r := range requests(w.ctx, t, w.d.Town.URLs.Ironclad) {
		if strings.Contains(r.Path, forged) && !strings.HasPrefix(r.Path, "/_sim") && r.At.Before(w.signedAt(forged)) {
			t.Errorf("%s %s was asked because of a forged webhook", r.Method, r.Path)
		}
	}
}

// signedAt is when a workflow was signed in truth.
func (w *world) signedAt(workflow string) time.Time {
	for _, s := range w.steps {
		if s.Workflow == workflow && s.Do != "ironclad.forge" {
			return s.At
		}
	}
	return w.d.Town.Clock.Now().Add(time.Hour)
}

// reviewed are the contracts that were reviewed, with what a careful person finds in them.
func (w *world) reviewed(t *testing.T) map[string]samples.Expected {
	t.Helper()
	expected, err := samples.LoadExpected()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]samples.Expected{}
	for _, s := range w.steps {
		if s.Do != "review" {
			continue
		}
		i := slices.IndexFunc(w.register, func(c pact.Contract) bool { return c.Source != nil && c.Source.ExternalID == s.Record })
		j := slices.IndexFunc(expected, func(e samples.Expected) bool {
			return strings.TrimSuffix(filepath.Base(s.Expected), ".json") == e.Source || strings.HasPrefix(e.Source, strings.TrimSuffix(filepath.Base(s.Expected), ".json"))
		})
		if i < 0 || j < 0 {
			t.Fatalf("the reviewed record %s has no contract (%d) or the expectation %s is not there (%d)", s.Record, i, s.Expected, j)
		}
		out[string(w.register[i].ID)] = expected[j]
	}
	return out
}

// writes: no stand-in took the same write twice, and every action in the outbox is done or waits for a person.
func (w *world) writes(t *testing.T) { once(w.ctx, t, w.d) }

// once fails where any write took effect twice, or where the outbox has something left to do.
func once(ctx context.Context, t *testing.T, d *demo.Demo) {
	t.Helper()
	for name, base := range map[string]string{"Ironclad": d.Town.URLs.Ironclad, "Salesforce": d.Town.URLs.Salesforce, "ServiceNow": d.Town.URLs.ServiceNow} {
		applied := map[string]int{}
		for _, r := range requests(ctx, t, base) {
			ours := name != "ServiceNow" || strings.Contains(r.Body, "[pk_") // people of the story write to ServiceNow too
			if r.Applied && ours {
				applied[r.Method+" "+r.Path+" "+r.Body]++
			}
		}
		for write, n := range applied {
			if n > 1 {
				t.Errorf("%s applied %d times: %.300s", name, n, write)
			}
		}
		for _, e := range effects(ctx, t, base) {
			if e.Kind == "create" && e.ExternalID != "" && e.Count > 1 {
				t.Errorf("%s has %d %s of the key %s", name, e.Count, e.Object, e.ExternalID)
			}
			if e.Kind == "work_notes" && strings.Contains(e.Detail, "[pk_") && e.Count > 1 {
				t.Errorf("%s has the comment %d times: %s", name, e.Count, e.Detail)
			}
		}
	}
	created := map[string]int{}
	for _, e := range append(effects(ctx, t, d.Town.URLs.Ironclad), effects(ctx, t, d.Town.URLs.Salesforce)...) {
		if e.Kind == "create" && e.ExternalID != "" {
			created[e.Object+" "+e.ExternalID] += e.Count
		}
	}
	number, unmarked, left, wanted := map[pact.ContractID]string{}, map[string]bool{}, []string(nil), []string(nil)
	for _, c := range all[pact.Contract](ctx, t, d.Admin, "/contracts") {
		number[c.ID] = c.Number
		if c.Number == monthly && c.CurrentVersion > 0 {
			wanted = leftOut()
		}
	}
	flags, err := samples.LoadFlags()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range flags {
		unmarked[f.Contract] = f.Mark == "none"
	}
	for _, id := range d.State.Connections {
		for _, a := range all[pact.Action](ctx, t, d.Admin, "/connections/"+id+"/actions") {
			switch {
			case a.State == pact.ActionDone || a.State == pact.ActionWithdrawn:
			case a.State == pact.ActionUnmapped && unmarked[number[a.ContractID]] && (a.Kind == "needs_review_flag" || a.Kind == "update_fields"): // no deal is settled
			default:
				t.Errorf("%s of %s for %s is %s: %s", a.Kind, a.Object, number[a.ContractID], a.State, a.Reason)
			}
			if strings.HasPrefix(a.Reason, "Left out: ") {
				left = append(left, fmt.Sprintf("%s %s %s: %s", number[a.ContractID], a.Kind, a.Object, a.Reason))
			}
			if key := a.Object + " " + a.TargetKey; a.State == pact.ActionDone && strings.HasPrefix(a.Kind, "upsert") && created[key] != 1 {
				t.Errorf("the outbox says that %s is there, and it was created %d times", key, created[key])
			}
		}
	}
	slices.Sort(left)
	if !slices.Equal(left, wanted) {
		t.Errorf("left out of the writes:\n%s\nwant:\n%s", strings.Join(left, "\n"), strings.Join(wanted, "\n"))
	}
}

// monthly is the contract that counts notice in months, which fit no field of days: all else of it is written, and the one
// action says what is missing. Nothing else of the story is left out.
const monthly = "HS-SUP-2026-014"

func leftOut() []string {
	return []string{monthly + " update_fields Opportunity: Left out: notice_period does not fit the field Term_Notice_Days__c: 3 months is not a fixed number of days; map it to a field for months or text, or let a person enter the days."}
}

// mails are the messages in the mailbox, by Message-ID.
func mails(ctx context.Context, t *testing.T, d *demo.Demo) map[string][]mailbox.Message {
	t.Helper()
	out := map[string][]mailbox.Message{}
	for _, m := range sim[struct {
		Messages []mailbox.Message `json:"messages"`
	}](ctx, t, d.Town.URLs.Mailbox, "/_sim/state").Messages {
		out[m.MessageID] = append(out[m.MessageID], m)
	}
	return out
}

func (w *world) audit(t *testing.T) { verified(w.ctx, t, w.d) }

func verified(ctx context.Context, t *testing.T, d *demo.Demo) {
	t.Helper()
	r := get[audit.Report](ctx, t, d.Admin, "/audit/verify")
	if !r.OK || r.Entries == 0 {
		t.Errorf("the audit trail: %+v", r)
	}
}

func (w *world) overview(t *testing.T) {
	o := get[struct {
		Counts struct {
			Contracts        int `json:"contracts"`
			DocumentsStuck   int `json:"documents_stuck"`
			ReviewsWaiting   int `json:"reviews_waiting"`
			Breached         int `json:"breached"`
			EventsUnmatched  int `json:"events_unmatched"`
			ApprovalsWaiting int `json:"approvals_waiting"`
		} `json:"counts"`
	}](w.ctx, t, w.d.Admin, "/overview")
	if o.Counts.Contracts != 15 || o.Counts.DocumentsStuck != 2 || o.Counts.ReviewsWaiting != 5 || o.Counts.EventsUnmatched == 0 {
		t.Errorf("the overview counts %+v", o.Counts)
	}
}

// system is a stand-in's object, as its state shows it.
type system = stage.Object

func field(o system, name string) string { return strings.TrimSpace(stage.Show(o[name])) }

// do sends a request that should be refused and gives the status.
func do(ctx context.Context, c *demo.Client, method, path string, body any) int {
	if err := c.Do(ctx, method, path, body, nil); err != nil {
		return refusal(err)
	}
	return http.StatusOK
}
