package grammar_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
)

func TestALineWithTheNumberOfAPaperIsNoPartOfItsTitle(t *testing.T) {
	t.Parallel()
	const rest = "\n\nThis paper is made on 1 February 2026 between Halden Systems Inc. (\"Provider\") and Brightwater Logistics Ltd (\"Customer\")."
	for text, want := range map[string]string{
		"STATEMENT OF WORK No. 1\n\nContract No. SOW-2026-78":                                                                                  "STATEMENT OF WORK No. 1",
		"AMENDMENT NO. 1 TO MASTER SUBSCRIPTION\n\nAGREEMENT No. SA-2023-789-A":                                                                "AMENDMENT NO. 1 TO MASTER SUBSCRIPTION AGREEMENT No. SA-2023-789-A",
		"DEED OF VARIATION\n\nTHIS DEED is made on 2 September 2025 between":                                                                   "DEED OF VARIATION",
		"(1) THORNBURY NHS FOUNDATION TRUST\n(2) CASTLEGATE FACILITIES MANAGEMENT LIMITED\n\nAGREEMENT FOR THE PROVISION OF CLEANING SERVICES": "AGREEMENT FOR THE PROVISION OF CLEANING SERVICES",
		"AMENDED AND RESTATED LIMITED PARTNERSHIP\n\nAGREEMENT OF HALDEN VENTURES":                                                             "AMENDED AND RESTATED LIMITED PARTNERSHIP AGREEMENT OF HALDEN VENTURES",
		"SERVICE LEVEL AGREEMENT between":                                                                                                      "SERVICE LEVEL AGREEMENT",
	} {
		found, err := (&grammar.Extractor{}).Extract(t.Context(), extracttest.Plain(text+rest), extract.FullSchema())
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, c := range found {
			if c.Name == "title" && c.Value != nil {
				got = c.Value.Text
			}
		}
		if got != want {
			t.Errorf("%q: title %q, want %q", text, got, want)
		}
	}
}
