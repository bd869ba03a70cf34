package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

const services = `SERVICES AGREEMENT

1. DEFINITIONS

1.1 "Services" means the consulting work that is described in Exhibit A. The Services are performed under Section 2.1.

2. LAW

2.1 This Agreement shall be governed by and construed in accordance with the laws of the State of New York, without regard to its conflict of laws principles. The Services are subject to Section 9.9.

2.2 The Services end on December 31, 2027.

HALDEN SYSTEMS, INC.

By: /s/ Dana Wolff
Name: Dana Wolff
Title: Chief Executive Officer
`

type plainFiles struct{}

func (plainFiles) Read(ctx context.Context, file []byte, _ string) (*document.Document, error) {
	return plain.New(plain.Config{}).Read(ctx, file)
}

// readAs reads a text with the real reader, as a contract of its own.
func readAs(t *testing.T, h *apitest.House, unit, name, text string) pact.Document {
	t.Helper()
	ctx := storetest.System(t)
	sum, err := h.Blobs.Put(ctx, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	doc := pact.Document{BusinessUnit: unit, Filename: name, State: pact.DocumentReceived, SHA256: sum}
	storetest.Must(ctx, t, h.Store, func(ctx context.Context, tx store.Tx) error {
		con := pact.Contract{ID: pact.NewID[pact.ContractID]("con", tx.Now), BusinessUnit: unit, Title: name, State: pact.ContractReceived, Phase: "assisted"}
		con.FamilyID, con.SourceKey = con.ID, string(con.ID)
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		doc.ID, doc.ContractID = pact.NewID[pact.DocumentID]("doc", tx.Now), con.ID
		return tx.Documents.Insert(ctx, &doc)
	})
	finder, err := clause.New()
	if err != nil {
		t.Fatal(err)
	}
	r := read.New(read.Config{Store: h.Store, Blobs: h.Blobs, Parser: plainFiles{}, Extractors: []extract.Extractor{grammar.New()}, Clauses: finder, Now: h.Clock.Now, Log: slog.New(slog.DiscardHandler)})
	if err := r.ReadDocument(ctx, job.ReadDocument{DocumentID: doc.ID}); err != nil {
		t.Fatal(err)
	}
	return doc
}

type clauseAnswer struct {
	Extractor  string
	Categories []struct {
		Category, Confidence string
		Found                int
	}
	Items []struct {
		Category, Confidence, Verification string
		Passage                            pact.Passage
	}
	Next string
}

func TestClausesOfADocumentAreListedWithThoseThatAreAbsent(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	doc := readAs(t, h, "north", "services.txt", services)
	key := h.Key(t, pact.Viewer, "north")
	at := "/api/v1/documents/" + string(doc.ID)

	var got clauseAnswer
	send(t, h, key, http.MethodGet, at+"/clauses?category=governing_law", nil).into(t, &got)
	if len(got.Items) != 1 || got.Items[0].Verification != "verified" || got.Items[0].Passage.Clause != "2.1" || !strings.Contains(got.Items[0].Passage.Quote, "laws of the State of New York") {
		t.Errorf("the clauses of governing law are %+v", got.Items)
	}
	if !strings.HasPrefix(got.Extractor, "clause/") || len(got.Categories) != 2 || got.Categories[0].Found != 1 || got.Categories[1].Found != 0 || got.Categories[1].Category != "non_compete" {
		t.Errorf("read by %q, the categories are %+v", got.Extractor, got.Categories)
	}

	// Page by page it is the same list, and a cursor of another list is refused.
	var all, part clauseAnswer
	send(t, h, key, http.MethodGet, at+"/clauses", nil).into(t, &all)
	var paged []string
	for after := ""; ; after = part.Next {
		part = clauseAnswer{}
		send(t, h, key, http.MethodGet, at+"/clauses?limit=1&after="+after, nil).into(t, &part)
		for _, c := range part.Items {
			paged = append(paged, fmt.Sprint(c.Category, c.Passage.Start))
		}
		if part.Next == "" {
			break
		}
	}
	if len(all.Items) < 2 || len(paged) != len(all.Items) {
		t.Errorf("in one page %d clauses, one by one %v", len(all.Items), paged)
	}
	for _, bad := range []string{"/clauses?after=ext_other@1", "/clauses?after=1", "/clauses?category=poetry", "/definitions?after=x@0"} {
		if res := send(t, h, key, http.MethodGet, at+bad, nil); res.status != http.StatusUnprocessableEntity {
			t.Errorf("%s was answered %d: %s", bad, res.status, res.body)
		}
	}
}

func TestDefinitionsReferencesAndSignaturesOfADocument(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	doc := readAs(t, h, "north", "services.txt", services)
	key := h.Key(t, pact.Viewer, "north")
	at := "/api/v1/documents/" + string(doc.ID)

	type place struct {
		Start, End int
		Clause     string
	}
	var words struct {
		Items []struct {
			Term, Meaning string
			Used          int
			Uses          []place
		}
	}
	send(t, h, key, http.MethodGet, at+"/definitions", nil).into(t, &words)
	if len(words.Items) != 1 || words.Items[0].Term != "Services" || !strings.Contains(words.Items[0].Meaning, "consulting work") || words.Items[0].Used != 3 || words.Items[0].Uses[2].Clause != "2.2" {
		t.Errorf("the definitions are %+v, want Services with three uses, the last in 2.2", words.Items)
	}
	var refs struct {
		Items []struct {
			Text, Number, Heading string
			At                    place
			Target                *place
		}
	}
	send(t, h, key, http.MethodGet, at+"/references", nil).into(t, &refs)
	targets := map[string]string{}
	for _, r := range refs.Items {
		targets[r.Number] = "nothing"
		if r.Target != nil {
			targets[r.Number] = r.Target.Clause
		}
	}
	if targets["2.1"] != "2.1" || targets["9.9"] != "nothing" {
		t.Errorf("the references lead to %v, want 2.1 to itself and 9.9 to nothing", targets)
	}
	var signed struct {
		Items []struct {
			Name   string
			Signed bool
		}
	}
	send(t, h, key, http.MethodGet, at+"/signatures", nil).into(t, &signed)
	if len(signed.Items) != 1 || signed.Items[0].Name != "Dana Wolff" || !signed.Items[0].Signed {
		t.Errorf("the signatures are %+v", signed.Items)
	}
}

func TestContractsAreFoundByWhatTheirDocumentsHave(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	readAs(t, h, "north", "law.txt", services)
	readAs(t, h, "north", "no law.txt", "PRICE LIST\n\nOne widget costs 3 dollars.\n")
	readAs(t, h, "south", "southern.txt", services)
	h.Seed(t, "north", "never searched")
	key := h.Key(t, pact.Viewer, "north")
	for query, want := range map[string]string{"with_clause=governing_law": "law.txt", "without_clause=governing_law": "no law.txt", "with_clause=non_compete": "", "with_clause=governing_law&without_clause=non_compete": "law.txt"} {
		var got struct{ Items []pact.Contract }
		send(t, h, key, http.MethodGet, "/api/v1/contracts?"+query, nil).into(t, &got)
		var titles []string
		for _, c := range got.Items {
			titles = append(titles, c.Title)
		}
		if strings.Join(titles, ",") != want {
			t.Errorf("%s finds %v, want %q", query, titles, want)
		}
	}
	if res := send(t, h, key, http.MethodGet, "/api/v1/contracts?with_clause=poetry", nil); res.status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown category was answered %d: %s", res.status, res.body)
	}
	var counts struct {
		Items []struct {
			Category      string
			With, Without int
		}
	}
	send(t, h, key, http.MethodGet, "/api/v1/clauses", nil).into(t, &counts)
	if len(counts.Items) != 2 || counts.Items[0].With != 1 || counts.Items[0].Without != 1 || counts.Items[1].With != 0 || counts.Items[1].Without != 2 {
		t.Errorf("the counts are %+v: one contract of the north has a law, one has none, the unsearched and the southern count for neither", counts.Items)
	}
}
