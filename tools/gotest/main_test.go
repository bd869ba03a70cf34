package main

import (
	"strings"
	"testing"
)

func TestTheCountSaysWhatHappened(t *testing.T) {
	t.Parallel()
	const pass = `{"Action":"output","Package":"p","Test":"TestA","Output":"quiet\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestA/part"}
{"Action":"pass","Package":"p","Elapsed":0.1}
{"Action":"skip","Package":"without tests"}
`
	cases := map[string]struct {
		stream, want string
		ok           bool
	}{
		"all well":        {pass, "total: 1 tests in 1 packages, 0 packages failed, 0 tests skipped", true},
		"nothing ran":     {"", "total: 0 tests in 0 packages", false},
		"a skip fails":    {pass + `{"Action":"skip","Package":"p","Test":"TestB"}`, "SKIPPED p TestB", false},
		"a failure shows": {`{"Action":"output","Package":"p","Test":"TestA","Output":"got 1\n"}` + "\n" + `{"Action":"fail","Package":"p","Test":"TestA"}` + "\n" + `{"Action":"fail","Package":"p"}`, "got 1\n", false},
		"it is named":     {`{"Action":"fail","Package":"p","Test":"TestA/part"}` + "\n" + `{"Action":"fail","Package":"p","Test":"TestA"}` + "\n" + `{"Action":"fail","Package":"p"}`, "failed: p TestA/part\ntotal: 1 tests", false},
		"a build is too":  {`{"Action":"fail","Package":"p","FailedBuild":"p"}`, "failed: p (it could not be built", false},
		"a broken build":  {`{"Action":"build-output","ImportPath":"p","Output":"undefined: x\n"}` + "\n" + `{"Action":"build-fail","ImportPath":"p"}` + "\n" + `{"Action":"fail","Package":"p","FailedBuild":"p"}`, "undefined: x", false},
		"words of go":     {"go: no such module\n", "go: no such module", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			r := &result{out: &out, output: map[string][]string{}}
			if err := r.read(strings.NewReader(c.stream)); err != nil {
				t.Fatal(err)
			}
			if ok := r.finish(); ok != c.ok {
				t.Errorf("well = %v, want %v", ok, c.ok)
			}
			if !strings.Contains(out.String(), c.want) || strings.Contains(out.String(), "quiet") {
				t.Errorf("printed %q, want it to hold %q", out.String(), c.want)
			}
		})
	}
}
