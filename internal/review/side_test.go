package review

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/pact"
)

func TestWhoseDutyItIs(t *testing.T) {
	t.Parallel()
	us := func(name string) bool { return strings.HasPrefix(name, "Halden") }
	parties := []pact.Party{{Name: "Halden Systems Inc.", Role: "supplier", Aliases: []string{"Halden"}}, {Name: "Acme Corp", Role: "customer"}}
	three := append([]pact.Party{{Name: "Beta", Role: "supplier"}}, parties...)
	for _, c := range []struct {
		bearer  string
		parties []pact.Party
		us      func(string) bool
		want    string
	}{
		{"supplier", parties, us, "ours"},
		{"Customer", parties, us, "theirs"},
		{"Halden Systems Inc.", nil, us, "ours"},
		{"Acme Corp", parties, us, "theirs"},
		{"Vendor", parties, us, "ours"},
		{"buyer", parties, us, "theirs"},
		{"", parties, us, "unknown"},
		{"auditor", parties, us, "unknown"},
		{"supplier", parties, nil, "unknown"},
		{"supplier", parties, func(string) bool { return false }, "unknown"}, // we are not among them: whoever owes it, nothing says it is the other
		{"vendor", three, us, "unknown"},                                     // two suppliers, one of them we
	} {
		if got := sideOf(c.bearer, c.parties, c.us); got != c.want {
			t.Errorf("%q owed by %v: %s, want %s", c.bearer, c.parties, got, c.want)
		}
	}
}
