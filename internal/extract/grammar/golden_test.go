package grammar_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

var update = flag.Bool("update", false, "write the golden files anew; read the difference in review")

// Each case is a contract of our own and what must be read from it, a line per field. Add a folder to add a case.
func TestContracts(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob(filepath.Join("testdata", "*", "contract.txt"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases (%v)", err)
	}
	for _, path := range cases {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			list := checked(t, extracttest.Plain(string(text)))
			got := describe(list)
			golden := filepath.Join(filepath.Dir(path), "expected.txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s: %s", path, diff)
			}
		})
	}
}

func describe(list []pact.Candidate) string {
	var b strings.Builder
	for _, c := range list {
		fmt.Fprintf(&b, "%s: ", c.Name)
		switch {
		case c.Value != nil:
			b.WriteString(c.Value.String())
		case c.Obligation != nil:
			fmt.Fprintf(&b, "%s from %s", c.Obligation.Params, c.Obligation.InForce.From)
		default:
			b.WriteString("?")
		}
		for _, a := range c.Ambiguities {
			fmt.Fprintf(&b, " [asks: %s]", a.Code)
		}
		if c.Obligation != nil {
			for _, a := range obligation.Check(*c.Obligation) {
				fmt.Fprintf(&b, " [kind asks: %s]", a.Code)
			}
		}
		if c.Verification != pact.Verified {
			fmt.Fprintf(&b, " (%s)", c.Verification)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
