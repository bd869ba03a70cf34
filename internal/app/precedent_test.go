package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/app"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/privacy"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/blob"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// decided leaves a contract of a unit in which a person accepted a notice period.
func decided(t *testing.T, s store.Store, blobs store.Blobs, unit, customer string, days int) pact.Document {
	t.Helper()
	quote := fmt.Sprintf("%s may give notice of non-renewal at least %d days before the end of the term.", customer, days)
	d := extracttest.Plain("This Agreement is between Us Ltd. and " + customer + ".\n" + quote)
	at := strings.Index(d.Text, quote)
	p := d.Passage("", at, at+len(quote))
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := blobs.PutNamed(t.Context(), string(d.TextID), raw); err != nil {
		t.Fatal(err)
	}
	var doc pact.Document
	err = s.Change(storetest.System(t), store.Act{Name: "test.seed"}, func(ctx context.Context, tx store.Tx) error {
		con := pact.Contract{ID: pact.NewID[pact.ContractID]("con", tx.Now), BusinessUnit: unit, State: pact.ContractReceived, Phase: "assisted"}
		con.FamilyID, con.SourceKey = con.ID, string(con.ID)
		doc = pact.Document{ID: pact.NewID[pact.DocumentID]("doc", tx.Now), BusinessUnit: unit, ContractID: con.ID, Filename: "a.txt", State: pact.DocumentRead, SHA256: d.Hash, TextID: d.TextID}
		rev := pact.Review{ID: pact.NewID[pact.ReviewID]("rev", tx.Now), BusinessUnit: unit, ContractID: con.ID, DocumentID: doc.ID, State: pact.ReviewFinished}
		value := pact.Lasting(days, "day")
		parties := pact.Value{Kind: pact.PartiesValue, Parties: []pact.Party{{Name: "Us Ltd."}, {Name: customer, Aliases: []string{"Customer"}}}}
		row := func(name string, v *pact.Value, e ...pact.Evidence) *pact.Candidate {
			return &pact.Candidate{ID: pact.NewID[pact.CandidateID]("can", tx.Now), BusinessUnit: unit, ContractID: con.ID, ReviewID: rev.ID, DocumentID: doc.ID, Subject: "term", Name: name, Value: v, Evidence: e, State: pact.CandidateAccepted, DecidedBy: "usr_1"}
		}
		return errors.Join(tx.Contracts.Insert(ctx, &con), tx.Documents.Insert(ctx, &doc), tx.Reviews.Insert(ctx, &rev),
			tx.Candidates.Insert(ctx, row("notice_period", &value, pact.Evidence{Passage: &p})), tx.Candidates.Insert(ctx, row("parties", &parties)))
	})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestExamplesComeFromReviewsOfTheSameUnitAndNeverFromOnesThatAreKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		model, environ := server(t)
		blobs, err := blob.New(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		decided(t, s, blobs, "north", "Quillfeather Foods Ltd.", 91)
		own := decided(t, s, blobs, "north", "Zephyr Widgets Inc.", 92)
		decided(t, s, blobs, "south", "Marmalade Mills Ltd.", 93)
		desk := review.New(review.Config{Store: s, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		spec, _ := pact.TermSpecOf("notice_period")
		notice := extract.Schema{Terms: []pact.TermSpec{spec}}
		contract := extracttest.Plain(extracttest.Contracts()[0])
		ask := func(choice read.Engines, doc pact.Document) string {
			t.Helper()
			// Each question has a folder of its own: nothing is answered from what was kept.
			external, err := engines(t, settings(t, environ...)).For(choice, privacy.DefaultPolicy(), &app.Precedents{Review: desk, Store: s, Blobs: blobs, For: doc, Keeps: choice.Keeps})
			if err != nil {
				t.Fatal(err)
			}
			before := len(model.Seen())
			for _, x := range external {
				if run, err := x.Run(t.Context(), contract, notice); err != nil || run.State != extract.RunDone {
					t.Fatalf("%s %s, %v", run.State, run.Reason, err)
				}
			}
			var sent strings.Builder
			for _, a := range model.Seen()[before:] {
				sent.WriteString(a.User)
			}
			return sent.String()
		}
		for name, c := range map[string]struct {
			choice    read.Engines
			doc       pact.Document
			want, not []string
		}{
			"both of the unit":         {read.Engines{LLM: true, Examples: 5}, pact.Document{BusinessUnit: "north", ContractID: "con_new"}, []string{"91 days", "92 days"}, []string{"93 days"}},
			"not the contract itself":  {read.Engines{LLM: true, Examples: 5}, own, []string{"91 days"}, []string{"92 days", "93 days"}},
			"not a copy of it":         {read.Engines{LLM: true, Examples: 5}, pact.Document{BusinessUnit: "north", ContractID: "con_new", SHA256: own.SHA256}, []string{"91 days"}, []string{"92 days"}},
			"the other unit":           {read.Engines{LLM: true, Examples: 5}, pact.Document{BusinessUnit: "south", ContractID: "con_new"}, []string{"93 days"}, []string{"91 days", "92 days"}},
			"another unit is kept":     {read.Engines{LLM: true, Examples: 5, KeptUnits: []string{"south"}}, pact.Document{BusinessUnit: "north", ContractID: "con_new"}, []string{"91 days"}, []string{"93 days"}},
			"a unit without decisions": {read.Engines{LLM: true, Examples: 5}, pact.Document{BusinessUnit: "west", ContractID: "con_new"}, []string{"ninety (90) days"}, []string{"91 days", "92 days", "93 days"}},
			"one example for a field":  {read.Engines{LLM: true, Examples: 1}, pact.Document{BusinessUnit: "south", ContractID: "con_new"}, []string{"93 days"}, []string{"ninety (90) days"}},
			"off":                      {read.Engines{LLM: true, Model: "other"}, pact.Document{BusinessUnit: "north", ContractID: "con_new"}, []string{"The fields:"}, []string{"91 days", "92 days", "xamples"}},
		} {
			sent := ask(c.choice, c.doc)
			if sent == "" && c.doc.BusinessUnit != "south" {
				t.Errorf("%s: nothing was asked", name)
			}
			for _, w := range c.want {
				if !strings.Contains(sent, w) {
					t.Errorf("%s: %q was not sent", name, w)
				}
			}
			for _, w := range append(c.not, "Quillfeather", "Zephyr", "Marmalade") {
				if strings.Contains(sent, w) {
					t.Errorf("%s: %q was sent", name, w)
				}
			}
		}
		kept := read.Engines{LLM: true, Examples: 5, KeptUnits: []string{"north"}}
		if sent := ask(kept, pact.Document{BusinessUnit: "north", ContractID: "con_new"}); sent != "" {
			t.Errorf("a contract of a unit that keeps its contracts was sent: %s", sent)
		}
		shelf := &app.Precedents{Review: desk, Store: s, Blobs: blobs, For: pact.Document{BusinessUnit: "north"}, Keeps: kept.Keeps}
		if got, err := shelf.Accepted(t.Context(), "notice_period", false); err != nil || len(got) != 0 {
			t.Errorf("passages of a unit that keeps its contracts: %v, %v", got, err)
		}
	})
}

// A reading that was deleted, or of another unit, is no example; a document that is gone is no failure.
func TestAPassageWhoseTextIsGoneIsNoExample(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t)
	blobs, err := blob.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	doc := decided(t, s, blobs, "north", "Quillfeather Foods Ltd.", 91)
	desk := review.New(review.Config{Store: s, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	shelf := &app.Precedents{Review: desk, Store: s, Blobs: blobs, For: pact.Document{BusinessUnit: "north", ContractID: "con_new"}, Keeps: func(string) bool { return false }}
	list, err := shelf.Accepted(t.Context(), "notice_period", false)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	d, names, err := shelf.Whole(t.Context(), list[0])
	if err != nil || d == nil || d.TextID != doc.TextID || strings.Join(names, "|") != "Us Ltd.|Quillfeather Foods Ltd." {
		t.Errorf("%v %q %v", d, names, err)
	}
	whole := func(c pact.Candidate) *document.Document {
		d, _, err := shelf.Whole(t.Context(), c)
		if err != nil {
			t.Errorf("%v", err)
		}
		return d
	}
	gone, other := list[0], list[0]
	gone.DocumentID = "doc_gone"
	p := *other.Evidence[0].Passage
	p.TextID = "txt_gone"
	other.Evidence = []pact.Evidence{{Passage: &p}}
	if whole(gone) != nil || whole(other) != nil {
		t.Error("what is gone was given")
	}
	shelf.For.BusinessUnit = "south"
	if whole(list[0]) != nil {
		t.Error("the text of another unit was given")
	}
}

// A reviewer of two units may prove a term of a contract of one by a passage of the other; that passage is nobody's example.
func TestAPassageOfAnotherContractIsNoExample(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		model, environ := server(t)
		blobs, err := blob.New(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		north := decided(t, s, blobs, "north", "Quillfeather Foods Ltd.", 91)
		same := decided(t, s, blobs, "north", "Zephyr Widgets Inc.", 92)
		kept := decided(t, s, blobs, "south", "Marmalade Mills Ltd.", 93)
		desk := review.New(review.Config{Store: s, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		choice := read.Engines{LLM: true, Examples: 5, KeptUnits: []string{"south"}}
		shelf := func(doc pact.Document) *app.Precedents {
			return &app.Precedents{Review: desk, Store: s, Blobs: blobs, For: doc, Keeps: choice.Keeps}
		}
		fresh := pact.Document{BusinessUnit: "north", ContractID: "con_new"}
		list, err := shelf(pact.Document{BusinessUnit: "north", ContractID: same.ContractID}).Accepted(t.Context(), "notice_period", false)
		if err != nil || len(list) != 1 {
			t.Fatalf("%v, %v", list, err)
		}
		// moved is the first candidate, with a passage of another document as the API writes it.
		moved := func(to pact.Document) pact.Candidate {
			c := list[0]
			p := *c.Evidence[0].Passage
			p.DocumentID, p.TextID = to.ID, to.TextID
			c.Evidence = []pact.Evidence{{Passage: &p}}
			return c
		}
		for name, x := range map[string]struct {
			passage, read pact.Document
			shown         bool
		}{
			"its own document":                {north, fresh, true},
			"a document of a unit that keeps": {kept, fresh, false},
			"another contract of the unit":    {same, fresh, false},
			"the contract that is read":       {same, same, false},
		} {
			d, names, err := shelf(x.read).Whole(t.Context(), moved(x.passage))
			if err != nil || (d != nil) != x.shown || x.shown && len(names) == 0 {
				t.Errorf("%s: %v %q %v", name, d, names, err)
			}
		}
		// As a whole: the decision is corrected to a passage of the unit that keeps, and a contract of its unit is read.
		err = s.Change(storetest.System(t), store.Act{Name: "test.correct"}, func(ctx context.Context, tx store.Tx) error {
			c, err := tx.Candidates.Lock(ctx, string(list[0].ID))
			if err != nil {
				return err
			}
			text, err := blobs.GetNamed(ctx, string(kept.TextID))
			if err != nil {
				return err
			}
			var d document.Document
			if err := json.Unmarshal(text, &d); err != nil {
				return err
			}
			at := strings.Index(d.Text, "Marmalade Mills Ltd. may give")
			p := d.Passage(kept.ID, at, len(d.Text))
			value := pact.Lasting(93, "day")
			decision := pact.Decision{ID: pact.NewID[pact.DecisionID]("dec", tx.Now), CandidateID: c.ID, ReviewID: c.ReviewID, ContractID: c.ContractID, BusinessUnit: c.BusinessUnit, Evidence: []pact.Evidence{{Passage: &p}}}
			c.State, c.DecidedValue, c.DecisionID = pact.CandidateCorrected, &value, decision.ID
			return errors.Join(tx.Decisions.Insert(ctx, &decision), tx.Candidates.Update(ctx, &c))
		})
		if err != nil {
			t.Fatal(err)
		}
		external, err := engines(t, settings(t, environ...)).For(choice, privacy.DefaultPolicy(), shelf(fresh))
		if err != nil || len(external) != 1 {
			t.Fatalf("%v, %v", external, err)
		}
		spec, _ := pact.TermSpecOf("notice_period")
		if run, err := external[0].Run(t.Context(), extracttest.Plain(extracttest.Contracts()[0]), extract.Schema{Terms: []pact.TermSpec{spec}}); err != nil || run.State != extract.RunDone {
			t.Fatalf("%s %s, %v", run.State, run.Reason, err)
		}
		sent := model.Seen()
		if len(sent) == 0 || !strings.Contains(sent[0].User, "92 days") {
			t.Error("nothing was sent: the test asks nothing")
		}
		for _, a := range sent {
			if strings.Contains(a.User, "93 days") || strings.Contains(a.User, "Marmalade") {
				t.Errorf("a passage of a unit that keeps its contracts was sent: %s", a.User)
			}
		}
	})
}

// What is not known can not be masked.
func TestAContractWhosePartiesAreNotKnownGivesNoExample(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		parties  []pact.Party
		customer string
		shown    bool
	}{
		"both parties": {[]pact.Party{{Name: "Us Ltd."}, {Name: "Quillfeather Foods Ltd."}}, "", true}, "one, and the customer of the source": {[]pact.Party{{Name: "Us Ltd."}}, "Quillfeather Foods Ltd.", true},
		"none": {nil, "", false}, "names that are empty": {[]pact.Party{{Name: " "}, {Aliases: []string{"Customer"}}}, "", false},
		"one alone": {[]pact.Party{{Name: "Us Ltd."}, {Name: "US  LTD."}}, "", false}, "the customer alone": {nil, "Quillfeather Foods Ltd.", false},
	} {
		s := storetest.SQLite(t)
		blobs, err := blob.New(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		doc := decided(t, s, blobs, "north", "Quillfeather Foods Ltd.", 91)
		err = s.Change(storetest.System(t), store.Act{Name: "test.parties"}, func(ctx context.Context, tx store.Tx) error {
			row, err := tx.Candidates.One(ctx, store.Where(store.Eq("contract_id", doc.ContractID), store.Eq("name", "parties")))
			if err != nil {
				return err
			}
			con, err := tx.Contracts.Lock(ctx, string(doc.ContractID))
			if err != nil {
				return err
			}
			row.Value, con.Customer = &pact.Value{Kind: pact.PartiesValue, Parties: x.parties}, x.customer
			return errors.Join(tx.Candidates.Update(ctx, &row), tx.Contracts.Update(ctx, &con))
		})
		if err != nil {
			t.Fatal(err)
		}
		desk := review.New(review.Config{Store: s, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		shelf := &app.Precedents{Review: desk, Store: s, Blobs: blobs, For: pact.Document{BusinessUnit: "north", ContractID: "con_new"}, Keeps: func(string) bool { return false }}
		list, err := shelf.Accepted(t.Context(), "notice_period", false)
		if err != nil || len(list) != 1 {
			t.Fatalf("%s: %v, %v", name, list, err)
		}
		if d, names, err := shelf.Whole(t.Context(), list[0]); err != nil || (d != nil) != x.shown {
			t.Errorf("%s: %v %q %v", name, d, names, err)
		}
	}
}
