package main

import (
	"strings"
	"testing"
)

func TestRatiosCompareWithThePlainWay(t *testing.T) {
	t.Parallel()
	const output = `goos: linux
BenchmarkHook/minimal-2         	    1000	   500 ns/op	  2000 hooks/s
BenchmarkHook/pactloop-2        	     500	  1000 ns/op	  1000 hooks/s	  12 B/op
BenchmarkText/baseline-2         	       2	   900 ns/op	  30 pages/cpu-s
BenchmarkText/pactloop-2         	       2	   300 ns/op	  60 pages/cpu-s
BenchmarkOverview-2             	     100	 20000 ns/op	     4.5 p95-ms
PASS
`
	rows, err := read(strings.NewReader(output))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := write(&out, rows); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{"Hook/pactloop 1000 ns/op 0.50 × minimal", "Hook/pactloop 1000 hooks/s 0.50 × minimal", "Text/pactloop 60 pages/cpu-s 2.00 × baseline", "Hook/minimal 500 ns/op Hook", "Overview 4.5 p95-ms"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	if strings.Contains(text, "B/op") {
		t.Error("a figure nobody compares was printed")
	}
}
