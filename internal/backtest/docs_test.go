package backtest_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/docs"
	"github.com/pactloop/pactloop/internal/backtest"
	"github.com/pactloop/pactloop/internal/obligation"
)

var update = flag.Bool("update", false, "write the results into the pages of docs/backtest")

// Every example of the documentation is run, and what the page says it gives is what it gives.
func TestDocumentedExamples(t *testing.T) {
	t.Parallel()
	asOf := regexp.MustCompile(`--as-of (\S+)`)
	for _, k := range obligation.All() {
		t.Run(k.Name(), func(t *testing.T) {
			t.Parallel()
			e, err := docs.BacktestExample(k.Name())
			if err != nil {
				t.Fatal(err)
			}
			in, err := input([]byte(e.Terms), []byte(e.Events))
			if err != nil {
				t.Fatal(err)
			}
			m := asOf.FindStringSubmatch(e.Command)
			if m == nil {
				t.Fatal("the command has no --as-of, so that its result would change with time")
			}
			in.AsOf = moment(t, m[1])
			report, err := backtest.Run(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := report.Print(&b); err != nil {
				t.Fatal(err)
			}
			if *update && b.String() != e.Result {
				file := "../../docs/backtest/" + k.Name() + ".md"
				page, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				renewed := strings.Replace(string(page), "\n```text\n"+e.Result+"```", "\n```text\n"+b.String()+"```", 1)
				if err := os.WriteFile(file, []byte(renewed), 0o644); err != nil { //nolint:gosec // a page of the documentation
					t.Fatal(err)
				}
				return
			}
			if b.String() != e.Result {
				t.Errorf("the page says\n%s\nit gives\n%s", e.Result, b.String())
			}
			used := false
			for _, o := range report.Occurrences {
				used = used || o.Kind == k.Name()
			}
			if !used {
				t.Errorf("the example has no occurrence of %s", k.Name())
			}
		})
	}
}
