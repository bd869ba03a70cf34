package read_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/docx"
	"github.com/pactloop/pactloop/internal/document/formats"
	"github.com/pactloop/pactloop/internal/document/html"
	"github.com/pactloop/pactloop/internal/document/mail"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/intake"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// mails reads in this process: what is asked here is what follows a reading.
type mails struct{}

func (mails) Read(ctx context.Context, file []byte, filename string) (*document.Document, error) {
	return formats.Read(ctx, []document.Reader{mail.New(mail.Config{}), docx.New(docx.Config{}), html.New(html.Config{}), plain.New(plain.Config{})}, file, filename)
}

func reader(h *apitest.House) *read.Reader {
	return read.New(read.Config{Store: h.Store, Blobs: h.Blobs, Parser: mails{}, Extractors: []extract.Extractor{grammar.New()}, Now: h.Clock.Now, Log: slog.New(slog.DiscardHandler)})
}

// take uploads a mail, reads it, and lets the jobs put in what it encloses.
func take(t *testing.T, h *apitest.House, u intake.Upload) intake.Uploaded {
	t.Helper()
	out, err := h.Intake.Upload(storetest.System(t), u)
	if err != nil {
		t.Fatal(err)
	}
	if err := reader(h).ReadDocument(storetest.System(t), job.ReadDocument{DocumentID: out.Document.ID}); err != nil {
		t.Fatal(err)
	}
	h.Settle(t)
	return out
}

func documents(t *testing.T, h *apitest.House, id pact.ContractID) []string {
	t.Helper()
	var out []string
	for _, d := range apitest.All(t, h.Store.Reads().Documents, store.Eq("contract_id", id)) {
		out = append(out, d.Filename)
	}
	slices.Sort(out)
	return out
}

func attached(names ...string) []documenttest.Attached {
	var out []documenttest.Attached
	for _, n := range names {
		content := documenttest.DOCX(documenttest.Paragraphs(append([]string{n}, documenttest.Contract...)...))
		if strings.HasSuffix(n, ".png") {
			content = []byte("\x89PNG\r\n\x1a\n" + n)
		}
		out = append(out, documenttest.Attached{Filename: n, Type: "application/octet-stream", Content: content})
	}
	return out
}

func TestAMailWithOneContractIsTheCoverOfIt(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		h.Work(t)
		mail := documenttest.EML("Signed", "Here it is.", attached("Supply Agreement.docx", "signature.png")...)
		out := take(t, h, intake.Upload{BusinessUnit: "north", Filename: "Fwd.eml", Body: mail})
		if got := documents(t, h, out.Contract.ID); strings.Join(got, ", ") != "Fwd.eml, Supply Agreement.docx" {
			t.Errorf("documents %q", got)
		}
		all := apitest.All(t, h.Store.Reads().Contracts)
		if len(all) != 1 || all[0].Title != "Supply Agreement" {
			t.Errorf("contracts %+v", all)
		}
		cover := apitest.One(t, h.Store.Reads().Documents, store.Eq("filename", "Fwd.eml"))
		if cover.State != pact.DocumentRead || len(apitest.All(t, h.Store.Reads().Candidates)) != 0 || len(apitest.All(t, h.Store.Reads().Reviews)) != 0 {
			t.Errorf("the cover is %s, and is no document to review", cover.State)
		}
		kept, err := h.Blobs.GetNamed(t.Context(), string(cover.TextID))
		if err != nil || strings.Contains(string(kept), `"content"`) || !strings.Contains(string(kept), "Supply Agreement.docx") {
			t.Errorf("the reading keeps names and no bytes: %.200s, %v", kept, err)
		}
		// The job again, and the mail again, change nothing.
		doc := apitest.One(t, h.Store.Reads().Documents, store.Eq("filename", "Supply Agreement.docx"))
		if err := h.Intake.TakeEnclosures(storetest.System(t), job.TakeEnclosures{DocumentID: cover.ID, Files: []job.Enclosure{{Filename: doc.Filename, SHA256: doc.SHA256}}}); err != nil {
			t.Fatal(err)
		}
		if n := len(apitest.All(t, h.Store.Reads().Documents)); n != 2 {
			t.Errorf("%d documents", n)
		}
		// The document that was enclosed is read and reviewed as any other.
		if err := reader(h).ReadDocument(storetest.System(t), job.ReadDocument{DocumentID: doc.ID}); err != nil {
			t.Fatal(err)
		}
		h.Settle(t)
		if r := apitest.All(t, h.Store.Reads().Reviews); len(r) != 1 || r[0].DocumentID != doc.ID {
			t.Errorf("reviews %+v", r)
		}
	})
}

func TestAMailWithSeveralContractsGivesOneContractForEach(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	take(t, h, intake.Upload{BusinessUnit: "north", Filename: "Fwd.eml", Body: documenttest.EML("Signed", "Here they are.", attached("NDA.docx", "Supply Agreement.docx", "Lease.docx")...)})
	var titles []string
	for _, c := range apitest.All(t, h.Store.Reads().Contracts) {
		if c.ParentID != "" || c.FamilyID != c.ID || c.BusinessUnit != "north" {
			t.Errorf("%+v is no contract of its own", c)
		}
		titles = append(titles, c.Title)
	}
	slices.Sort(titles)
	if strings.Join(titles, ", ") != "Lease, NDA, Supply Agreement" {
		t.Errorf("contracts %q", titles)
	}
}

func TestAMailForAGivenContractPutsItsFurtherFilesBelowIt(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	parent, err := h.Intake.Upload(storetest.System(t), intake.Upload{BusinessUnit: "north", Filename: "MSA.txt", Body: []byte("The master agreement.")})
	if err != nil {
		t.Fatal(err)
	}
	out := take(t, h, intake.Upload{BusinessUnit: "north", Filename: "Fwd.eml", Title: "Amendments of May", ParentID: parent.Contract.ID, Relation: "amendment", Body: documenttest.EML("Signed", "Here they are.", attached("Amendment 2.docx", "SOW 7.docx")...)})
	family := apitest.All(t, h.Store.Reads().Contracts, store.Eq("family_id", parent.Contract.ID))
	var got []string
	for _, c := range family {
		got = append(got, c.Title+" "+c.Relation)
	}
	slices.Sort(got)
	if strings.Join(got, ", ") != "Amendments of May amendment, MSA , SOW 7 sow" {
		t.Errorf("family %q", got)
	}
	if got := documents(t, h, out.Contract.ID); strings.Join(got, ", ") != "Amendment 2.docx, Fwd.eml" {
		t.Errorf("documents %q", got)
	}
}

func TestAMailWithoutFilesIsReadLikeAnyDocument(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Work(t)
	out := take(t, h, intake.Upload{BusinessUnit: "north", Filename: "agreed.eml", Body: documenttest.EML("Agreed", strings.Join(documenttest.Contract, "\r\n\r\n"))})
	if r := apitest.All(t, h.Store.Reads().Reviews); len(r) != 1 || r[0].DocumentID != out.Document.ID {
		t.Errorf("reviews %+v", r)
	}
}
