package wording_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

func TestANameWithQuotationMarks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`Quarrel Stone Works "QSW" Holdings, Inc. ("Customer") and OOO "Severnaya Zvezda" ("Supplier").`:             `Quarrel Stone Works "QSW" Holdings, Inc. | OOO "Severnaya Zvezda"`,
		`Limited Liability Company "Volga Trade", a company registered in Samara, and Harbour Support LLC ("Buyer")`: `Limited Liability Company "Volga Trade" | Harbour Support LLC`,
		`Vereniging "De Linde" (the "Client") and Harbour Support LLC (the "Provider")`:                              `Vereniging "De Linde" | Harbour Support LLC`,
		`Alpha Robotics, Inc. "Alpha" and Beta Hosting LLC "Beta"`:                                                   `Alpha Robotics, Inc. | Beta Hosting LLC`,
		`Alpha Robotics "Customer" and Beta Hosting LLC "Supplier"`:                                                  `Alpha Robotics | Beta Hosting LLC`,
	} {
		var names []string
		for _, p := range wording.Parties(text) {
			names = append(names, p.Party.Name)
		}
		if got := strings.Join(names, " | "); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}
