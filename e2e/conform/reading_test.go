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
	report, err := evaluate.Run(t.Context(), evaluate.Config{CUAD: shared(t, "data", "cuad"), Kleister: shared(t, "data", "kleister-nda"), Folds: []int{0}}, grammar.New())
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
		{"agreement date, accuracy", report.Field("agreement_date").Accuracy(), 0.70},
		{"governing law, accuracy", report.Field("governing_law").Accuracy(), 0.85},
		{"notice period, accuracy", report.Field("notice_period").Accuracy(), 0.55},
		{"parties, F1", report.PartyF1, 0.60},
		{"Kleister NDA, F1", report.KleisterF1, 0.72},
	} {
		t.Logf("%-26s %.3f, at least %.2f", target.name, target.got, target.least)
		if target.got < target.least {
			t.Errorf("%s is %.3f, below %.2f", target.name, target.got, target.least)
		}
	}
}
