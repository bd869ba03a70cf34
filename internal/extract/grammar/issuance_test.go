package grammar_test

import (
	"strings"
	"testing"
)

// TestTheIssueOfAPaperIsNoIncident reads no time to respond out of a certificate that is sent after its issue.
func TestTheIssueOfAPaperIsNoIncident(t *testing.T) {
	t.Parallel()
	text := "HOSTING AND SUPPORT AGREEMENT\n\nThis Agreement is entered into as of November 3, 2025 " + twoNames + "\n\n1. Services. Provider shall host the shop of Customer.\n\n" +
		"4. We answer P1 tickets within 30 minutes; P2 within two hours; P3 within one working day.\n\n5. We will hold ISO 27001 certification and Cyber Essentials Plus throughout and send you a copy of each new certificate within 14 days of its issue.\n\n" +
		"6. Provider answers each Premium issue within 2 hours, around the clock.\n"
	var got []string
	for _, c := range textIn(t, text) {
		if c.Obligation != nil && strings.HasPrefix(c.Obligation.Kind, "respon") {
			got = append(got, c.Name)
		}
	}
	if strings.Join(got, " ") != "response_time/P1 response_time/P2 response_time/P3 response_time/premium" {
		t.Errorf("read %v", got)
	}
}
