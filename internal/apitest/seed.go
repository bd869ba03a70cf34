package apitest

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Seeded is one row of every noun of a business unit, as the whole loop would leave them.
type Seeded struct {
	Unit, Marker string // every text of the rows holds the marker
	Connection   pact.Connection
	Contract     pact.Contract // active, version 1
	Document     pact.Document // could not be read
	Read         pact.Document // read, with its text
	Extraction   pact.Extraction
	Review       pact.Review // in review, of another contract
	Candidate    pact.Candidate
	Obligation   pact.Obligation
	Occurrence   pact.Occurrence
	Event        pact.Event
	Stray        pact.Event // without a contract
	Finding      pact.Finding
	Approval     pact.Approval
	Notification pact.Notification
	Delivery     pact.Delivery // processed
	Import       pact.EventImport
	Action       pact.Action // denied
	Link         pact.Link   // ambiguous
}

// Seed fills a business unit.
func (h *House) Seed(t testing.TB, unit, marker string) Seeded {
	t.Helper()
	s := Seeded{Unit: unit, Marker: marker, Connection: h.Connection(t, unit, "Connection "+marker)}
	text := "The text of " + marker + "."
	sum, err := h.Blobs.Put(t.Context(), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	other, err := h.Blobs.Put(t.Context(), []byte("%PDF broken "+marker))
	if err != nil {
		t.Fatal(err)
	}
	reading, err := json.Marshal(document.Document{Hash: sum, Reader: "plain/1", TextID: document.MakeTextID(sum, "plain/1"), Text: text})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Blobs.PutNamed(t.Context(), string(document.MakeTextID(sum, "plain/1")), reading); err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		con, other, err := s.contracts(ctx, tx, sum, other)
		if err != nil {
			return err
		}
		if err := s.review(ctx, tx, other); err != nil {
			return err
		}
		if err := s.track(ctx, tx, con); err != nil {
			return err
		}
		return s.exchange(ctx, tx, con)
	})
	return s
}

func (s *Seeded) contracts(ctx context.Context, tx store.Tx, sum, broken string) (con, inReview pact.Contract, err error) {
	id := pact.NewID[pact.ContractID]("con", tx.Now)
	con = pact.Contract{
		ID: id, BusinessUnit: s.Unit, FamilyID: id, Number: "N-" + s.Marker, Title: "Title " + s.Marker, ContractType: "support", Customer: "Customer " + s.Marker,
		State: pact.ContractActive, Phase: "full", CurrentVersion: 1, Owner: "owner@example.com", SourceKey: "seed:" + string(id),
	}
	if err := tx.Contracts.Insert(ctx, &con); err != nil {
		return con, con, err
	}
	s.Contract = con
	id2 := pact.NewID[pact.ContractID]("con", tx.Now)
	inReview = pact.Contract{ID: id2, BusinessUnit: s.Unit, FamilyID: id2, Title: "Waiting " + s.Marker, State: pact.ContractInReview, Phase: "assisted", SourceKey: "seed:" + string(id2)}
	if err := tx.Contracts.Insert(ctx, &inReview); err != nil {
		return con, con, err
	}
	s.Document = pact.Document{ID: pact.NewID[pact.DocumentID]("doc", tx.Now), BusinessUnit: s.Unit, ContractID: con.ID, Filename: s.Marker + ".pdf", SHA256: broken, State: pact.DocumentDamaged, Reason: "damaged " + s.Marker}
	if err := tx.Documents.Insert(ctx, &s.Document); err != nil {
		return con, con, err
	}
	s.Read = pact.Document{ID: pact.NewID[pact.DocumentID]("doc", tx.Now), BusinessUnit: s.Unit, ContractID: inReview.ID, Filename: s.Marker + ".txt", SHA256: sum, State: pact.DocumentRead, Reader: "plain/1", TextID: document.MakeTextID(sum, "plain/1"), MediaType: "text/plain; charset=utf-8"}
	if err := tx.Documents.Insert(ctx, &s.Read); err != nil {
		return con, con, err
	}
	s.Extraction = pact.Extraction{
		ID: pact.NewID[pact.ExtractionID]("ext", tx.Now), BusinessUnit: s.Unit, ContractID: id2, DocumentID: s.Read.ID, DocumentHash: sum, TextID: s.Read.TextID, Extractor: "llm", Version: "1",
		State: "done", Model: "model " + s.Marker, Request: `["asked ` + s.Marker + `"]`, Output: `["answered ` + s.Marker + `"]`, UsageIn: 10, UsageOut: 2, Calls: 1, StartedAt: tx.Now, FinishedAt: tx.Now,
	}
	return con, inReview, tx.Extractions.Insert(ctx, &s.Extraction)
}

func (s *Seeded) review(ctx context.Context, tx store.Tx, con pact.Contract) error {
	s.Review = pact.Review{
		ID: pact.NewID[pact.ReviewID]("rev", tx.Now), BusinessUnit: s.Unit, ContractID: con.ID, DocumentID: s.Read.ID, State: pact.ReviewWaiting, Phase: "full",
		Open: 1, Total: 1, MinConfidence: decimal.RequireFromString("0.9"), DueAt: tx.Now.Add(time.Hour),
	}
	title := pact.Text("Contract " + s.Marker)
	s.Candidate = pact.Candidate{
		ID: pact.NewID[pact.CandidateID]("can", tx.Now), BusinessUnit: s.Unit, ContractID: con.ID, ReviewID: s.Review.ID, DocumentID: s.Read.ID, Subject: "term", Name: "title",
		Label: "Title", Value: &title, Confidence: decimal.RequireFromString("0.9"), Verification: pact.Verified, Reasons: []string{"contract_value"}, State: pact.CandidateOpen, Extractor: "grammar/1",
	}
	if err := tx.Candidates.Insert(ctx, &s.Candidate); err != nil {
		return err
	}
	return tx.Reviews.Insert(ctx, &s.Review)
}

func (s *Seeded) track(ctx context.Context, tx store.Tx, con pact.Contract) error {
	s.Obligation = pact.Obligation{
		ID: pact.NewID[pact.ObligationID]("obl", tx.Now), BusinessUnit: s.Unit, ContractID: con.ID, Key: "resolution_time/P1", Kind: "resolution_time", Title: "Resolve " + s.Marker,
		Params: json.RawMessage(`{"priority":"1","target":{"value":4,"unit":"hour"},"hours":{"always":true,"zone":"UTC"}}`), Verification: pact.Verified,
	}
	if err := tx.Obligations.Insert(ctx, &s.Obligation); err != nil {
		return err
	}
	v := pact.Version{ID: pact.NewID[pact.VersionID]("ver", tx.Now), BusinessUnit: s.Unit, ContractID: con.ID, Number: 1, PublishedBy: "seed", PublishedAt: tx.Now, Terms: []pact.Term{
		{Name: "title", Value: pact.Text("Title " + s.Marker), Confidence: decimal.NewFromInt(1), Verification: pact.Verified},
	}, Obligations: []pact.Obligation{s.Obligation}}
	if err := tx.Versions.Insert(ctx, &v); err != nil {
		return err
	}
	amount := money.New(decimal.NewFromInt(5000), "USD")
	s.Occurrence = pact.Occurrence{ID: pact.NewID[pact.OccurrenceID]("occ", tx.Now), BusinessUnit: s.Unit, ContractID: con.ID, ObligationID: s.Obligation.ID, Key: "INC" + s.Marker, Subject: "INC" + s.Marker, Status: pact.Breached}
	s.Event = pact.Event{ID: pact.NewID[pact.EventID]("evt", tx.Now), BusinessUnit: s.Unit, ConnectionID: s.Connection.ID, ContractID: con.ID, ExternalID: "ext " + s.Marker, Kind: "ticket_opened", Subject: "INC" + s.Marker, OccurredAt: tx.Now}
	s.Finding = pact.Finding{
		ID: pact.NewID[pact.FindingID]("fnd", tx.Now), BusinessUnit: s.Unit, ContractID: con.ID, ObligationID: s.Obligation.ID, OccurrenceID: s.Occurrence.ID, Kind: "resolution_time", Severity: "breach",
		State: pact.FindingOpen, Title: "Finding " + s.Marker, Message: "Message " + s.Marker, Subject: "INC" + s.Marker, OccurredAt: tx.Now, EventIDs: []pact.EventID{s.Event.ID},
		Amount: &amount, Credit: pact.CreditWaiting, Version: 1,
	}
	s.Approval = pact.Approval{ID: pact.NewID[pact.ApprovalID]("apr", tx.Now), BusinessUnit: s.Unit, ContractID: con.ID, FindingID: s.Finding.ID, Kind: "credit", Amount: &amount, State: "waiting"}
	s.Finding.ApprovalID = s.Approval.ID
	s.Notification = pact.Notification{ID: pact.NewID[pact.NotificationID]("ntf", tx.Now), BusinessUnit: s.Unit, Key: "key " + s.Marker, Channel: "email", Recipient: s.Marker + "@example.com", Subject: s.Marker, ContractID: con.ID, FindingID: s.Finding.ID, State: "sent"}
	if err := tx.Occurrences.Insert(ctx, &s.Occurrence); err != nil {
		return err
	}
	if err := tx.Events.Insert(ctx, &s.Event); err != nil {
		return err
	}
	s.Stray = pact.Event{ID: pact.NewID[pact.EventID]("evt", tx.Now), BusinessUnit: s.Unit, ConnectionID: s.Connection.ID, ExternalID: "stray " + s.Marker, Kind: "ticket_opened", Subject: "STRAY" + s.Marker, OccurredAt: tx.Now, MatchedBy: "nobody knows " + s.Marker}
	if err := tx.Events.Insert(ctx, &s.Stray); err != nil {
		return err
	}
	if err := tx.Findings.Insert(ctx, &s.Finding); err != nil {
		return err
	}
	if err := tx.Approvals.Insert(ctx, &s.Approval); err != nil {
		return err
	}
	return tx.Notifications.Insert(ctx, &s.Notification)
}

func (s *Seeded) exchange(ctx context.Context, tx store.Tx, con pact.Contract) error {
	s.Delivery = pact.Delivery{ID: pact.NewID[pact.DeliveryID]("dlv", tx.Now), BusinessUnit: s.Unit, ConnectionID: s.Connection.ID, EventKey: "event " + s.Marker, Body: `{"records":[]}`, State: "failed", Reason: "failed " + s.Marker, ReceivedAt: tx.Now}
	s.Action = pact.Action{ID: pact.NewID[pact.ActionID]("act", tx.Now), BusinessUnit: s.Unit, Key: "pk_" + s.Marker, ConnectionID: s.Connection.ID, ContractID: con.ID, Kind: "update", Object: "Account", State: pact.ActionDenied, Reason: "denied " + s.Marker, Fields: map[string]any{}}
	s.Link = pact.Link{ID: pact.NewID[pact.LinkID]("lnk", tx.Now), BusinessUnit: s.Unit, ContractID: con.ID, ConnectionID: s.Connection.ID, Object: "Account", State: "ambiguous", Options: []pact.LinkOption{{ExternalID: "A1", Name: "Option " + s.Marker}}}
	s.Import = pact.EventImport{ID: pact.NewID[pact.ImportID]("imp", tx.Now), BusinessUnit: s.Unit, Name: s.Marker + ".csv", Lines: 1, Rejected: 1, Rejections: []pact.RejectedLine{{Line: 2, Text: "line of " + s.Marker, Problems: []string{"no date"}}}}
	if err := tx.Imports.Insert(ctx, &s.Import); err != nil {
		return err
	}
	if err := tx.Deliveries.Insert(ctx, &s.Delivery); err != nil {
		return err
	}
	if err := tx.Actions.Insert(ctx, &s.Action); err != nil {
		return err
	}
	return tx.Links.Insert(ctx, &s.Link)
}
