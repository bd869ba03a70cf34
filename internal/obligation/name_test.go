package obligation

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNamesOfOneServiceAreWrittenInManyWays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Cloud Mail", "cloud-mail", true},
		{"Cloud Mail", " CLOUD  mail ", true},
		{"Cloud_Mail", "Cloud\u00a0Mail", true},
		{"Cloud–Mail", "cloud mail", true},
		{"", " - ", true},
		{"Cloud Mail", "CloudMail", false},
		{"Cloud Mail", "Cloud", false},
		{"Cloud", "Cloud Mail", false},
		{"Cloud Mail", "Mail Cloud", false},
		{"", "Cloud", false},
		{"PO-1/1", "PO-11", false},
		{"1.5", "15", false},
	} {
		if SameName(c.a, c.b) != c.same || SameName(c.b, c.a) != c.same {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, !c.same, c.same)
		}
	}
}

func TestNamesAreTheSameWhereTheirPlainFormIs(t *testing.T) {
	t.Parallel()
	name := rapid.StringMatching(`[aAbÄß1 _–-]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := name.Draw(t, "a"), name.Draw(t, "b")
		if got, want := SameName(a, b), PlainName(a) == PlainName(b); got != want {
			t.Fatalf("%q and %q: %v, in plain form %q and %q", a, b, got, PlainName(a), PlainName(b))
		}
		if !SameName(a, strings.ToUpper(a)) && !strings.Contains(a, "ß") {
			t.Fatalf("%q is not itself in capitals", a)
		}
	})
}
