package dossier_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/document/pdf"
	"github.com/pactloop/pactloop/internal/dossier"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

func pack() dossier.Pack {
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	amount := money.New(decimal.RequireFromString("1250"), "USD")
	hash := strings.Repeat("0123456789abcdef", 4)
	return dossier.Pack{
		Finding: pact.Finding{
			ID: "fnd_1", Version: 2, Title: "Availability missed: Relay in March 2026", Message: "Measured 99.62 %, promised 99.9 %.", Subject: "Relay, 2026-03", OccurredAt: at, Amount: &amount, ClaimBy: "2026-04-30",
			Clause: []pact.Evidence{{Passage: &pact.Passage{DocumentID: "doc_1", Quote: "The Provider shall keep the Service available 99.9 % of each month.", Start: 120, End: 187, Clause: "4.2", Places: []pact.Place{{Page: 3}, {Page: 3}, {Page: 4}}, Verification: pact.Verified}}},
			Assessment: pact.Assessment{Status: pact.Breached, At: at, Measured: "99.62", Target: "99.9", Trace: []pact.TraceStep{
				{Rule: "minutes of the month", Inputs: "March 2026", Result: "44640"},
				{Rule: "minutes of the outage", Result: "169", Clause: "4.2", EventIDs: []pact.EventID{"evt_1"}},
			}},
			Corrections: []pact.Correction{{At: at, Reason: "The next threshold was reached: 90 %.", Earlier: pact.Assessment{Status: pact.AtRisk}, Delta: &amount}},
		},
		Contract:   pact.Contract{Title: "Hosting Agreement", Number: "SA-2023-789", Customer: "Müller & Söhne GmbH"},
		Obligation: &pact.Obligation{Title: "Keep the service available", Bearer: "supplier", Beneficiary: "customer"},
		Events:     []pact.Event{{ID: "evt_1", Kind: "outage", Subject: "Relay", ExternalID: "INC0012345", OccurredAt: at, Data: pact.EventData{Service: "Relay", EndAt: at.Add(169 * time.Minute)}}},
		Documents:  map[pact.DocumentID]pact.Document{"doc_1": {Filename: "hosting.pdf", SHA256: hash}},
	}
}

func write(t *testing.T, p dossier.Pack) []byte {
	t.Helper()
	b, err := dossier.Write(p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// textOf reads the file as the product reads contracts: what it finds can be selected and searched.
func textOf(t *testing.T, b []byte) string {
	t.Helper()
	r := pdf.New(pdf.Config{CacheDir: filepath.Join(os.TempDir(), "pactloop-test-cache")})
	t.Cleanup(func() { _ = r.Close() })
	d, err := r.Read(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(d.Text), " ")
}

func TestThePackHoldsTheWholeProof(t *testing.T) {
	t.Parallel()
	text := textOf(t, write(t, pack()))
	for _, want := range []string{
		"Availability missed: Relay in March 2026", "Hosting Agreement (SA-2023-789)", "Müller & Söhne GmbH", "The Provider shall keep the Service available 99.9 % of each month.", "hosting.pdf",
		"3, 4", "stands in the document word for word", "INC0012345", "minutes of the outage", "E1", "44640", "Thu 30 Apr 2026", "1,250.00 USD", "C1", "clause 4.2 (C1)", "events E1", "version 2", "The next threshold was reached", "Page 1 of 1",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the evidence does not say %q:\n%s", want, text)
		}
	}
	if hash := strings.Repeat("0123456789abcdef", 4); !strings.Contains(strings.ReplaceAll(text, " ", ""), hash) {
		t.Errorf("the hash of the document can not be read:\n%s", text)
	}
}

func TestTheSameVersionGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	p := pack()
	p.Contract.Customer = "株式会社サンプル / Ελληνική ΑΕ / ООО Ромашка"
	first := write(t, p)
	for range 5 {
		if !bytes.Equal(first, write(t, p)) {
			t.Fatal("the same pack gives other bytes")
		}
	}
	p.Finding.Version++
	if bytes.Equal(first, write(t, p)) {
		t.Error("another version gives the same bytes")
	}
}

func TestTextThatIsNotLatinCanBeRead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"株式会社サンプル商事", "北京示例有限公司", "Ελληνική Εταιρεία", "ООО «Ромашка»", "Žluťoučký kůň €", "“quoted” — – … ≥ ≤ µ"} {
		p := pack()
		p.Contract.Customer = name
		if text := textOf(t, write(t, p)); !strings.Contains(text, name) && !strings.Contains(strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(name, " ", "")) {
			t.Errorf("%s can not be read:\n%s", name, text)
		}
	}
}

func TestACharacterWithoutAShapeIsNamed(t *testing.T) {
	t.Parallel()
	p := pack()
	p.Contract.Customer = "Smile \U0001F600 \u1780 GmbH\x00\u200b"
	text := strings.ReplaceAll(textOf(t, write(t, p)), " ", "")
	for _, want := range []string{"[U+1F600]", "[U+1780]", "GmbH"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing:\n%s", want, text)
		}
	}
}

func TestALongComputationGoesOverPages(t *testing.T) {
	t.Parallel()
	p := pack()
	for range 60 {
		p.Finding.Assessment.Trace = append(p.Finding.Assessment.Trace, pact.TraceStep{Rule: "a rule of the clause", Inputs: strings.Repeat("many words ", 30), Result: "the minutes of the month"})
	}
	text := textOf(t, write(t, p))
	if !strings.Contains(text, "Page 2 of ") || !strings.Contains(text, "62") || strings.Contains(text, "{pages}") {
		t.Errorf("the pages are not numbered, or steps are missing")
	}
}

func TestAnEmptyFindingIsAPack(t *testing.T) {
	t.Parallel()
	text := textOf(t, write(t, dossier.Pack{}))
	for _, want := range []string{"No passage is recorded", "No event belongs", "No step was recorded"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
}

// What a person gave as the reason of an answer, or of an event that was stated here, stays in the house (docs/how-to/claim-credits.md); what
// was decided is told.
func TestReasonsStayInTheHouse(t *testing.T) {
	t.Parallel()
	p := pack()
	at := time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC)
	p.Finding.Clause = append(p.Finding.Clause,
		pact.Evidence{Statement: &pact.Statement{By: "Ann Lee", At: at, Text: "Which credit is due? Answer: 5 %.", Reason: "they would settle for half"}},
		pact.Evidence{Statement: &pact.Statement{By: "Ann Lee", At: at, Text: "Which day counts? Answer: the first. Why: nobody will notice."}},
	)
	p.Events = append(p.Events, pact.Event{ID: "evt_2", Kind: "done", ExternalID: "performance/occ_1/evt_2", OccurredAt: at, MatchedBy: "said by Ann Lee", Data: pact.EventData{ApprovedBy: "usr_1", Reason: "a secret between us"}})
	text := textOf(t, write(t, p))
	for _, want := range []string{"Decided on Thu 2 Apr 2026 by Ann Lee: Which credit is due? Answer: 5 %.", "Answer: the first.", "said by Ann Lee"} {
		if !strings.Contains(text, want) {
			t.Errorf("the evidence does not say %q:\n%s", want, text)
		}
	}
	for _, secret := range []string{"settle for half", "nobody will notice", "secret between us", "usr_1", "performance/", "occ_1", "Why"} {
		if strings.Contains(text, secret) {
			t.Errorf("the evidence gives away %q:\n%s", secret, text)
		}
	}
}

// The days, instants and zones are those of the contract; sums have their thousands apart; nothing ends with nothing, and nothing is named by
// an id that only this product knows.
func TestThePackSpeaksAsTheContractDoes(t *testing.T) {
	t.Parallel()
	p := pack()
	at := time.Date(2026, 3, 10, 7, 0, 0, 0, time.UTC) // the end of 9 March in Los Angeles
	ordered := time.Date(2026, 1, 26, 17, 0, 0, 0, time.UTC)
	p.Obligation.Params = []byte(`{"from_orders":true,"zone":"America/Los_Angeles"}`)
	p.Obligation.Side = "theirs"
	p.Finding.Assessment.DueAt, p.Finding.Assessment.BreachedAt = at, at
	p.Finding.Assessment.Trace = append(p.Finding.Assessment.Trace,
		pact.TraceStep{Rule: "value of the line", Inputs: "400 × 212.00 USD", Result: "84800.00 USD", EventIDs: []pact.EventID{"evt_1", "evt_gone"}},
		pact.TraceStep{Rule: "interest", Inputs: "by the day", Result: "36.542465 USD"},
	)
	p.Occurrence = &pact.Occurrence{Period: calendar.Span{Start: ordered}}
	quantity, price := decimal.NewFromInt(400), money.New(decimal.NewFromInt(212), "USD")
	p.Sources = map[pact.ConnectionID]string{"cnn_1": "Order book"}
	p.Events = append(p.Events, pact.Event{
		ID: "evt_3", ConnectionID: "cnn_1", Kind: "purchase_order", Subject: "PO-7714", ExternalID: "PO-7714", OccurredAt: ordered, Replaces: "evt_1",
		Data: pact.EventData{Lines: []pact.EventLine{{Line: "1", Item: "HG-4", Quantity: &quantity, Price: &price, Date: "2026-03-09"}}},
	})
	text := textOf(t, write(t, p))
	for _, want := range []string{
		"Due end of Mon 9 Mar 2026 (America/Los_Angeles)", "Opened Mon 26 Jan 2026 09:00 PST", "84,800.00 USD", "36.542465 USD", "supplier (Müller & Söhne GmbH)", "line 1: 400 HG-4 at 212.00 USD, for Mon 9 Mar 2026",
		"from Order book; reported as PO-7714", "Corrected by E2, and does not count.", "Corrects E1.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the evidence does not say %q:\n%s", want, text)
		}
	}
	for _, wrong := range []string{"until before", "84800", "evt_", "cnn_", "UTC; received"} {
		if strings.Contains(text, wrong) {
			t.Errorf("the evidence says %q:\n%s", wrong, text)
		}
	}
}

// A clause of the master and one of an amendment stand under their own documents, each with its hash.
func TestEachDocumentHasItsClausesAndHash(t *testing.T) {
	t.Parallel()
	p := pack()
	p.Finding.Clause = append(p.Finding.Clause, pact.Evidence{Passage: &pact.Passage{DocumentID: "doc_2", Quote: "Section 4.2 is amended: 99.5 %.", Start: 10, End: 41, Clause: "4.2", Verification: pact.Repaired}})
	p.Documents["doc_2"] = pact.Document{Filename: "amendment-1.pdf", SHA256: strings.Repeat("fedcba9876543210", 4)}
	text := textOf(t, write(t, p))
	first, second := strings.Index(text, "hosting.pdf"), strings.Index(text, "amendment-1.pdf")
	if first < 0 || second < first || !strings.Contains(text[second:], "C2 Section 4.2 is amended") || !strings.Contains(text, "clause 4.2 (C1, C2)") {
		t.Errorf("the amendment does not stand under its own name:\n%s", text)
	}
	if !strings.Contains(strings.ReplaceAll(text, " ", ""), strings.Repeat("fedcba9876543210", 4)) {
		t.Errorf("the hash of the amendment can not be read:\n%s", text)
	}
}

// What was measured stands under the name it has for its kind: "measured 400, agreed 400" of a delivery that came late said nothing.
func TestThePackSaysWhatWasMeasured(t *testing.T) {
	t.Parallel()
	price := money.New(decimal.RequireFromString("6660.00"), "USD")
	for _, c := range []struct {
		kind  string
		a     pact.Assessment
		want  []string
		wrong string
	}{
		{
			"delivery_schedule",
			pact.Assessment{Status: pact.Breached, Measured: "400", Target: "400", DueAt: time.Date(2026, 3, 10, 7, 0, 0, 0, time.UTC), EndedAt: time.Date(2026, 3, 31, 16, 0, 0, 0, time.UTC)},
			[]string{"Delivered 400 of 400", "Complete 22 days after the last day in time"},
			"Measured",
		},
		{
			"delivery_schedule",
			pact.Assessment{Status: pact.Met, Measured: "400", Target: "400", DueAt: time.Date(2026, 3, 10, 7, 0, 0, 0, time.UTC), EndedAt: time.Date(2026, 3, 6, 16, 0, 0, 0, time.UTC)},
			[]string{"Delivered 400 of 400"},
			"Complete",
		},
		{
			"unit_price",
			pact.Assessment{Status: pact.Breached, Measured: "360.00", Target: "6660.00 USD", Amounts: []pact.AmountLine{{Name: "expected", Amount: price}}},
			[]string{"Charged 7,020.00 USD", "Agreed 6,660.00 USD", "Difference 360.00 USD"},
			"Measured",
		},
	} {
		p := pack()
		p.Obligation.Kind, p.Obligation.Params = c.kind, []byte(`{"zone":"America/Los_Angeles"}`)
		p.Finding.Kind, p.Finding.Assessment, p.Finding.Message = c.kind, c.a, ""
		text := textOf(t, write(t, p))
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the evidence does not say %q:\n%s", c.kind, want, text)
			}
		}
		if strings.Contains(text, c.wrong) {
			t.Errorf("%s: the evidence says %q:\n%s", c.kind, c.wrong, text)
		}
	}
}
