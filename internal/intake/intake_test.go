package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/intake"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// record is a contract of the other system with one signed file.
func record(id, parent, relation string) pact.Record {
	return pact.Record{
		Object: "record", ExternalID: id, Contract: &pact.ContractFacts{Title: "Contract " + id, Number: "N-" + id, Customer: "Acme", ParentID: parent, Relation: relation},
		Files: []pact.FileRef{{Key: "file-" + id, Filename: id + ".pdf", Signed: true}, {Key: "draft-" + id, Filename: "draft.pdf"}},
	}
}

func fill(h *apitest.House, records ...pact.Record) {
	h.Fake.Set(func(f *apitest.Fake) {
		for _, r := range records {
			f.Records[r.ExternalID] = r
			f.Files["file-"+r.ExternalID] = []byte("the file of " + r.ExternalID)
		}
	})
}

func TestWebhooksRepeatedParallelAndReorderedGiveOneContractEach(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "CLM")
		fill(h, record("msa", "", ""), record("sow", "msa", "sow"), record("amd", "msa", "amendment"))
		h.Work(t)
		ctx := storetest.System(t)
		// Children come before their parent, each event ten times, all at once.
		var events []string
		for range 10 {
			events = append(events, "amd", "sow", "msa", "amd/updated")
		}
		rand.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		var wg sync.WaitGroup
		var mu sync.Mutex
		fresh := 0
		for _, e := range events {
			wg.Go(func() {
				id, _, _ := strings.Cut(e, "/")
				_, repeated, err := h.Intake.Receive(ctx, c, "event "+e, nil, fmt.Appendf(nil, `{"records":[%q]}`, id))
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				if !repeated {
					fresh++
				}
			})
		}
		wg.Wait()
		h.Settle(t)
		if fresh != 4 || len(apitest.All(t, h.Store.Reads().Deliveries)) != 4 {
			t.Errorf("%d deliveries were new", fresh)
		}
		byKey := map[string]pact.Contract{}
		for _, con := range apitest.All(t, h.Store.Reads().Contracts) {
			byKey[con.Source.ExternalID] = con
		}
		msa := byKey["msa"]
		if n := len(apitest.All(t, h.Store.Reads().Contracts)); n != 3 {
			t.Fatalf("%d contracts, want 3", n)
		}
		for _, id := range []string{"sow", "amd"} {
			if con := byKey[id]; con.ParentID != msa.ID || con.FamilyID != msa.ID {
				t.Errorf("%s: parent %s, family %s, want %s", id, con.ParentID, con.FamilyID, msa.ID)
			}
		}
		docs := apitest.All(t, h.Store.Reads().Documents)
		if len(docs) != 3 {
			t.Errorf("%d documents, want 3", len(docs))
		}
		for _, id := range h.Fake.Fetched() {
			if strings.HasPrefix(id, "draft-") {
				t.Errorf("the unsigned %s was fetched beside the signed one", id)
			}
		}
	})
}

func TestOneEventFromAHundredSendersAtOnce(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "CLM")
		ctx := storetest.System(t)
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if _, _, err := h.Intake.Receive(ctx, c, "e1", nil, []byte(`{}`)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if d := apitest.One(t, h.Store.Reads().Deliveries); d.Repeats != 99 {
			t.Errorf("%d repeats were counted", d.Repeats)
		}
	})
}

func TestAGrandchildThatCameFirstJoinsTheFamily(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CLM")
	fill(h, record("top", "", ""), record("mid", "top", "sow"), record("low", "mid", "amendment"))
	for _, id := range []string{"low", "mid", "top", "low", "mid"} {
		if err := h.Intake.FetchRecord(storetest.System(t), job.FetchRecord{Ref: pact.RecordRef{ConnectionID: c.ID, Object: "record", ExternalID: id}}); err != nil {
			t.Fatal(err)
		}
	}
	top := apitest.One(t, h.Store.Reads().Contracts, store.Eq("number", "N-top"))
	for _, con := range apitest.All(t, h.Store.Reads().Contracts) {
		if con.FamilyID != top.ID {
			t.Errorf("%s is of the family %s, want %s", con.Number, con.FamilyID, top.ID)
		}
	}
}

func TestARecordThatIsItsOwnParent(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CLM")
	fill(h, record("self", "self", "sow"), record("a", "b", "sow"), record("b", "a", "sow"))
	for _, id := range []string{"self", "a", "b", "a", "b"} {
		if err := h.Intake.FetchRecord(storetest.System(t), job.FetchRecord{Ref: pact.RecordRef{ConnectionID: c.ID, Object: "record", ExternalID: id}}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(apitest.All(t, h.Store.Reads().Contracts)); n != 3 {
		t.Errorf("%d contracts", n)
	}
	a, b := apitest.One(t, h.Store.Reads().Contracts, store.Eq("number", "N-a")), apitest.One(t, h.Store.Reads().Contracts, store.Eq("number", "N-b"))
	if a.ParentID == b.ID && b.ParentID == a.ID {
		t.Error("two contracts are the parents of each other")
	}
}

func TestWhatTheSourceSaysDoesNotOverrideWhatWasReviewed(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CLM")
	fill(h, record("r", "", ""))
	fetch := func() {
		t.Helper()
		if err := h.Intake.FetchRecord(storetest.System(t), job.FetchRecord{Ref: pact.RecordRef{ConnectionID: c.ID, Object: "record", ExternalID: "r"}}); err != nil {
			t.Fatal(err)
		}
	}
	fetch()
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		con, err := tx.Contracts.One(ctx, store.Where(store.Eq("number", "N-r")))
		if err != nil {
			return err
		}
		con.CurrentVersion, con.Title = 1, "Reviewed title"
		return tx.Contracts.Update(ctx, &con)
	})
	before := apitest.One(t, h.Store.Reads().Contracts)
	fetch()
	if after := apitest.One(t, h.Store.Reads().Contracts); after.Title != "Reviewed title" || after.Revision != before.Revision {
		t.Errorf("%q, revision %d after %d: the same record again must change nothing", after.Title, after.Revision, before.Revision)
	}
}

func TestUploads(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		ctx := storetest.As(t, pact.Reviewer, "north")
		up := func(unit, name string, body []byte) (intake.Uploaded, error) {
			return h.Intake.Upload(ctx, intake.Upload{BusinessUnit: unit, Filename: name, Body: body})
		}
		first, err := up("north", `C:\secret\..\..\evil<>.pdf`, []byte("one"))
		if err != nil || first.Repeated || first.Document.Filename != "evil<>.pdf" || first.Contract.Title != "evil<>" {
			t.Fatalf("%+v %v", first, err)
		}
		again, err := up("north", "other.pdf", []byte("one"))
		if err != nil || !again.Repeated || again.Contract.ID != first.Contract.ID || again.Document.ID != first.Document.ID {
			t.Errorf("the same file again: %+v %v", again, err)
		}
		if _, err := up("south", "a.pdf", []byte("one")); !fault.Is(err, fault.Denied) {
			t.Errorf("into a unit out of scope: %v", err)
		}
		for name, body := range map[string][]byte{"empty": nil, "too large": bytes.Repeat([]byte("x"), apitest.MaxFile+1)} {
			if _, err := up("north", name, body); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "Nothing was kept") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := up("north", "limit", bytes.Repeat([]byte("x"), apitest.MaxFile)); err != nil {
			t.Errorf("exactly at the limit: %v", err)
		}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if _, err := up("north", "p.pdf", []byte("parallel")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := len(apitest.All(t, h.Store.Reads().Contracts)); n != 3 {
			t.Errorf("%d contracts, want 3", n)
		}
	})
}

func TestNamesOfFiles(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	for i, c := range []struct{ name, want string }{
		{"../../etc/passwd", "passwd"},
		{"..", "document"},
		{"", "document"},
		{"a/", "document"},
		{"con\x00tract\r\n.pdf", "contract.pdf"},
		{"Vertrag für Müller.pdf", "Vertrag für Müller.pdf"},
		{strings.Repeat("é", 500), strings.Repeat("é", 200)},
		{"bad \xff\xfe utf-8.pdf", "bad \uFFFD\uFFFD utf-8.pdf"},
		{"right\u202eto left.pdf", "rightto left.pdf"},
	} {
		out, err := h.Intake.Upload(storetest.System(t), intake.Upload{BusinessUnit: "north", Filename: c.name, Body: fmt.Append(nil, i)})
		if err != nil || out.Document.Filename != c.want {
			t.Errorf("%q becomes %q, want %q (%v)", c.name, out.Document.Filename, c.want, err)
		}
	}
}

func TestAFamilyStaysInOneUnit(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	ctx := storetest.As(t, pact.Reviewer, "north", "south")
	parent, err := h.Intake.Upload(ctx, intake.Upload{BusinessUnit: "north", Filename: "a", Body: []byte("a")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Intake.Upload(ctx, intake.Upload{BusinessUnit: "south", Filename: "b", Body: []byte("b"), ParentID: parent.Contract.ID}); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
	child, err := h.Intake.Upload(ctx, intake.Upload{BusinessUnit: "north", Filename: "b", Body: []byte("b"), ParentID: parent.Contract.ID, Relation: "sow"})
	if err != nil || child.Contract.FamilyID != parent.Contract.ID || child.Contract.Relation != "sow" {
		t.Errorf("%+v %v", child.Contract, err)
	}
}

func TestEveryFileOverTheLimitIsShown(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "CLM")
		r := record("r", "", "")
		r.Files = []pact.FileRef{{Key: "big1", Filename: "big1.pdf"}, {Key: "big2", Filename: "big2.pdf"}}
		fill(h, r)
		h.Fake.Set(func(f *apitest.Fake) {
			f.Files["big1"], f.Files["big2"] = make([]byte, apitest.MaxFile+1), make([]byte, apitest.MaxFile+1)
		})
		h.Work(t)
		ref := pact.RecordRef{ConnectionID: c.ID, Object: "record", ExternalID: "r"}
		for range 2 {
			if err := h.Intake.FetchRecord(storetest.System(t), job.FetchRecord{Ref: ref}); err != nil {
				t.Fatal(err)
			}
			h.Settle(t)
		}
		docs := apitest.All(t, h.Store.Reads().Documents)
		if len(docs) != 2 {
			t.Fatalf("%d documents, want both refused ones", len(docs))
		}
		for _, d := range docs {
			if d.State != pact.DocumentRejected || d.Reason == "" {
				t.Errorf("%+v", d)
			}
		}
	})
}

func TestADeliveryThatFailsSaysWhyAndCanBeReplayed(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "CLM")
		fill(h, record("r", "", ""))
		ctx := storetest.System(t)
		state := func(id pact.DeliveryID) pact.Delivery {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Deliveries, store.Eq("id", id))
		}
		bad, _, err := h.Intake.Receive(ctx, c, "bad", nil, []byte(`not JSON`))
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Intake.ProcessDelivery(ctx, job.ProcessDelivery{DeliveryID: bad.ID}); err != nil {
			t.Fatal(err)
		}
		if d := state(bad.ID); d.State != "failed" || d.Reason == "" {
			t.Errorf("unreadable: %+v", d)
		}
		none, _, err := h.Intake.Receive(ctx, c, "none", nil, []byte(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Intake.ProcessDelivery(ctx, job.ProcessDelivery{DeliveryID: none.ID}); err != nil {
			t.Fatal(err)
		}
		if d := state(none.ID); d.State != "ignored" {
			t.Errorf("naming nothing: %+v", d)
		}
		if _, err := h.Intake.Replay(ctx, none.ID); err != nil {
			t.Fatal(err)
		}
		if d := state(none.ID); d.State != "received" || d.Reason != "" {
			t.Errorf("replayed: %+v", d)
		}
	})
}

func TestASystemThatIsDownIsAskedAgain(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	c := h.Connection(t, "north", "CLM")
	fill(h, record("r", "", ""))
	down := &connector.Error{Class: connector.FailUnavailable, Message: "busy"}
	h.Fake.Set(func(f *apitest.Fake) { f.Down = down })
	args := job.FetchRecord{Ref: pact.RecordRef{ConnectionID: c.ID, Object: "record", ExternalID: "r"}}
	if err := h.Intake.FetchRecord(storetest.System(t), args); !errors.Is(err, down) {
		t.Errorf("the job must fail, to be tried again: %v", err)
	}
	h.Fake.Set(func(f *apitest.Fake) { f.Down = nil })
	if err := h.Intake.FetchRecord(storetest.System(t), args); err != nil {
		t.Error(err)
	}
	if n := len(apitest.All(t, h.Store.Reads().Contracts)); n != 1 {
		t.Errorf("%d contracts", n)
	}
}

func TestADocumentIsRetriedOnlyWhenItIsAtRest(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	s := h.Seed(t, "north", "m")
	ctx := storetest.As(t, pact.Reviewer, "north")
	d, err := h.Intake.Retry(ctx, s.Document.ID)
	if err != nil || d.State != pact.DocumentReceived || d.Reason != "" || d.Attempts != 0 {
		t.Errorf("%+v %v", d, err)
	}
	if _, err := h.Intake.Retry(ctx, s.Document.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("twice: %v", err)
	}
	if _, err := h.Intake.Retry(storetest.As(t, pact.Reviewer, "south"), s.Document.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("as another unit: %v", err)
	}
}

// A system that tells nothing of its files but a name: the record's version says when to look again, the bytes say whether
// the file is another one.
func TestAFileReplacedUnderTheSameNameIsFetchedAgain(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		c := h.Connection(t, "north", "CLM")
		h.Work(t)
		take := func(version, text string) {
			t.Helper()
			r := record("msa", "", "")
			r.Version = version
			fill(h, r)
			h.Fake.Set(func(f *apitest.Fake) { f.Files["file-msa"] = []byte(text) })
			if err := h.Intake.FetchRecord(storetest.System(t), job.FetchRecord{Ref: pact.RecordRef{ConnectionID: c.ID, Object: "record", ExternalID: "msa"}}); err != nil {
				t.Fatal(err)
			}
			h.Settle(t)
		}
		fetched := func() (n int) {
			for _, id := range h.Fake.Fetched() {
				if id == "file-msa" {
					n++
				}
			}
			return n
		}
		for _, x := range []struct {
			version, text      string
			fetched, documents int
			why                string
		}{
			{"v1", "the first text", 1, 1, "it is new"},
			{"v1", "the first text", 1, 1, "the record did not change"},
			{"v2", "the first text", 2, 1, "the record changed, the file did not"},
			{"v2", "the first text", 2, 1, "this version was looked at"},
			{"v3", "another text", 3, 2, "the file was replaced"},
			{"v3", "another text", 3, 2, "this version was looked at"},
			{"v4", "another text", 4, 2, "the record changed, the file did not"},
			{"v4", "another text", 4, 2, "this version was looked at"},
		} {
			take(x.version, x.text)
			if docs := apitest.All(t, h.Store.Reads().Documents); fetched() != x.fetched || len(docs) != x.documents {
				t.Errorf("%s: %d times fetched, %d documents; want %d and %d: %s", x.version, fetched(), len(docs), x.fetched, x.documents, x.why)
			}
		}
	})
}

// A flood of forged requests: the first is in the trail at once, the rest as a number, once a minute.
func TestAFloodOfForgedRequestsIsCountedAndNotKept(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		var raw atomic.Int64
		desk := intake.New(intake.Config{Store: h.Store, Blobs: h.Blobs, Connections: h.Board, MaxFile: 1 << 20, Now: h.Clock.Now, Log: slog.New(slog.DiscardHandler), Refused: func(pact.ConnectionID) { raw.Add(1) }})
		ctx := storetest.System(t)
		one, two := h.Connection(t, "north", "CLM"), h.Connection(t, "north", "another")
		entries := func(c pact.Connection) []audit.Entry {
			t.Helper()
			page, err := h.Store.Audit().List(ctx, store.AuditQuery{Subject: string(c.ID), Act: "delivery.refuse", Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			return page.Items // newest first
		}
		flood := func(c pact.Connection, n int) {
			t.Helper()
			var wg sync.WaitGroup
			for i := range n {
				wg.Go(func() {
					if err := desk.Refuse(ctx, c, "The signature is wrong.", fmt.Sprint("203.0.113.9:", i)); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
		flood(one, 1000)
		flood(two, 1)
		if a, b := entries(one), entries(two); len(a) != 1 || len(b) != 1 || a[0].Notes["reason"] != "The signature is wrong." {
			t.Fatalf("%d and %d entries, want the first of each", len(a), len(b))
		}
		if err := desk.CountRefusals(ctx, false); err != nil || len(entries(one)) != 1 {
			t.Errorf("within the minute: %d entries, %v", len(entries(one)), err)
		}
		h.Clock.Set(apitest.Start().Add(time.Minute))
		flood(one, 500) // the first of the next minute says how many there were
		if a := entries(one); len(a) != 2 || fmt.Sprint(a[0].Notes["more"]) != "999" {
			t.Errorf("%d entries, the last with %v", len(a), a[0].Notes)
		}
		h.Clock.Set(apitest.Start().Add(2 * time.Minute))
		for range 2 { // nobody comes any more: what was counted is written once
			if err := desk.CountRefusals(ctx, false); err != nil {
				t.Fatal(err)
			}
		}
		if a := entries(one); len(a) != 3 || fmt.Sprint(a[0].Notes["more"]) != "499" || len(entries(two)) != 1 {
			t.Errorf("%d entries, the last with %v; %d of the other", len(a), a[0].Notes, len(entries(two)))
		}
		flood(one, 3)
		if err := desk.CountRefusals(ctx, true); err != nil { // the process ends within the minute
			t.Fatal(err)
		}
		if a := entries(one); len(a) != 5 || fmt.Sprint(a[0].Notes["more"]) != "2" || raw.Load() != 1504 {
			t.Errorf("%d entries, the last with %v; %d counted raw", len(a), a[0].Notes, raw.Load())
		}
	})
}
