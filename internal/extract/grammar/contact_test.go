package grammar_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract"
)

func TestWhoIsToBeTurnedTo(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"1. Contacts.\n\nRole | Name | E-mail\nAccount manager (Provider) | Jane Miller | jane.miller@beta.example\nService owner (Customer) | Tom Reed | tom@alpha.example":       "Jane Miller, Account manager (Provider), jane.miller@beta.example; Tom Reed, Service owner (Customer), tom@alpha.example",
		"Schedule 3: contacts\n\nContact | Function | Phone | Mail\nAna de la Cruz | Head of Support | +34 91 496 0000 | ana@beta.example\nto be named | Escalation | ____ | ____": "Ana de la Cruz, Head of Support, +34 91 496 0000, ana@beta.example",
		"12. Contacts. Project manager of Provider: Jane Miller. Customer's contract owner: Tom Reed, Head of Procurement (tom.reed@alpha.example).":                               "Jane Miller; Tom Reed, Head of Procurement",
		"4. People. The account manager of Supplier is Jane Miller. The project lead of Customer shall be Lucy Hale.":                                                              "Jane Miller; Lucy Hale",
		"4. People. The project manager shall be responsible for the plan.":                                                                                                        "",
		"Product | Name | Price\nWidget | Blue Widget | $10":                                                                                                                       "",
	} {
		list, d := readIn(t, "made on 3 March 2026 ", words)
		extract.VerifyAll(list, d)
		var got []string
		if c := named(list, "key_contacts"); c != nil {
			got = append(got, c.Value.Text)
			if c.Verification != "verified" {
				t.Errorf("%s: %s", words, c.Verification)
			}
			for _, other := range c.Rivals {
				got = append(got, other.Value.Text)
			}
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s\n  gave %q\n  want %q", words, strings.Join(got, "; "), want)
		}
	}
}
