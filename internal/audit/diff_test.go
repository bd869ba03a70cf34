package audit_test

import (
	"fmt"
	"testing"

	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

func image(t *testing.T, row any) audit.Image {
	t.Helper()
	i, err := audit.ImageOf(row)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestDiffKeepsWhatChanged(t *testing.T) {
	t.Parallel()
	one := image(t, pact.Contract{ID: "con_1", Title: "A", Owner: "a@example.com", Revision: 1})
	two := image(t, pact.Contract{ID: "con_1", Title: "B", Revision: 2})
	c, ok := audit.Diff("contracts", "con_1", one, two)
	if !ok || fmt.Sprintf("%s %s", c.Before, c.After) != `map[owner:"a@example.com" title:"A"] map[owner:<nil> title:"B"]` {
		t.Errorf("got %s %s", c.Before, c.After)
	}
	if c, ok := audit.Diff("contracts", "con_1", one, one); ok {
		t.Errorf("no change gave %+v", c)
	}
	revision := image(t, pact.Contract{ID: "con_1", Title: "A", Owner: "a@example.com", Revision: 9})
	if c, ok := audit.Diff("contracts", "con_1", one, revision); ok {
		t.Errorf("bookkeeping gave %+v", c)
	}
	if c, ok := audit.Diff("contracts", "con_1", nil, one); !ok || c.Before != nil || c.After["title"] == nil {
		t.Errorf("a new row gave %+v", c)
	}
	if c, ok := audit.Diff("contracts", "con_1", one, nil); !ok || c.After != nil || c.Before["title"] == nil {
		t.Errorf("a deleted row gave %+v", c)
	}
}

func TestAnAmountMakesAnAssessmentWorthAnEntry(t *testing.T) {
	t.Parallel()
	amount := money.New(money.Decimal{}, "EUR")
	at := func(a pact.Assessment) audit.Image {
		return image(t, pact.Occurrence{Status: pact.Breached, Assessment: a})
	}
	if _, ok := audit.Diff("occurrences", "occ_1", at(pact.Assessment{Elapsed: "1h"}), at(pact.Assessment{Elapsed: "2h"})); ok {
		t.Error("time passing left an entry")
	}
	if _, ok := audit.Diff("occurrences", "occ_1", at(pact.Assessment{}), at(pact.Assessment{Amount: &amount})); !ok {
		t.Error("an amount left none")
	}
}
