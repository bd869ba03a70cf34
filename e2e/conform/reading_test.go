//go:build conform

package conform_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/evaluate"
	"github.com/pactloop/pactloop/internal/extract/grammar"
)

func TestConformReadingOfLabelledContractsReachesItsTargets(t *testing.T) {
	t.Parallel()
	// What ships has learned from these contracts; fold 0 is measured with a ranking that has not.
	school, err := evaluate.School(t.Context(), shared(t, "data", "cuad"))
	if err != nil {
		t.Fatal(err)
	}
	config := evaluate.Config{CUAD: shared(t, "data", "cuad"), Kleister: shared(t, "data", "kleister-nda"), Folds: []int{0}, ForFold: evaluate.OutOfFold(school)}
	report, err := evaluate.Run(t.Context(), config, grammar.New())
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := report.Print(&table, false); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + table.String())
	if report.Contracts == 0 || report.KleisterContracts == 0 || len(report.Unread) > 0 {
		t.Fatalf("read %d contracts of CUAD and %d of Kleister, could not read %v", report.Contracts, report.KleisterContracts, report.Unread)
	}
	for _, target := range []struct {
		name  string
		got   float64
		least float64
	}{
		{"agreement date, accuracy", report.Field("agreement_date").Accuracy(), 0.84},
		{"effective date, accuracy", report.Field("effective_date").Accuracy(), 0.72},
		{"expiration date, accuracy", report.Field("expiration_date").Accuracy(), 0.66},
		{"governing law, accuracy", report.Field("governing_law").Accuracy(), 0.90},
		{"notice period, accuracy", report.Field("notice_period").Accuracy(), 0.70},
		{"parties, F1", report.PartyF1, 0.78},
		{"Kleister NDA, F1", report.KleisterF1, 0.82},
	} {
		t.Logf("%-26s %.3f, at least %.2f", target.name, target.got, target.least)
		if target.got < target.least {
			t.Errorf("%s is %.3f, below %.2f", target.name, target.got, target.least)
		}
	}
}
