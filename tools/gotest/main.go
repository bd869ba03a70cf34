// Command gotest runs `go test` and says briefly what came of it: the output of what failed, and a count at the end.
//
//	go run ./tools/gotest -timeout 15m ./...
//
// It owns the wording of the result and one rule: a skipped test fails the run, because a skip hides what nobody checks. It
// does not own which packages are tested, nor how.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// event is one line of go test -json, or of a build that failed.
type event struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

// result collects what the end says. Output is kept per test until it is known to be good.
type result struct {
	out                           io.Writer
	output                        map[string][]string
	tests, packages, failed, bare int
	skipped                       []string
	names                         []string // of what failed
}

func main() {
	cmd := exec.Command("go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gotest: starting go test:", err)
		os.Exit(1)
	}
	r := &result{out: os.Stdout, output: map[string][]string{}}
	readErr := r.read(pipe)
	waitErr := cmd.Wait()
	if readErr != nil {
		fmt.Fprintln(os.Stderr, "gotest: reading the results:", readErr)
	}
	if !r.finish() || waitErr != nil || readErr != nil {
		os.Exit(1)
	}
}

func (r *result) read(from io.Reader) error {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			fmt.Fprintln(r.out, lines.Text()) // not every complaint of the go command is JSON
			continue
		}
		r.take(e)
	}
	return lines.Err()
}

func (r *result) take(e event) {
	key := e.Package + e.ImportPath + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		r.output[key] = append(r.output[key], e.Output)
		return
	case "build-fail":
		fmt.Fprintf(r.out, "%s", strings.Join(r.output[key], ""))
	case "pass", "fail", "skip":
		r.end(e, key)
	default:
		return
	}
	delete(r.output, key)
}

func (r *result) end(e event, key string) {
	switch {
	case e.Test == "" && e.Action == "skip":
		r.bare++
	case e.Test == "":
		r.packages++
		if e.Action == "fail" {
			fmt.Fprintf(r.out, "%sFAIL %s (%.1f s)\n\n", strings.Join(r.output[key], ""), e.Package, e.Elapsed)
			r.failed++
			if !slices.ContainsFunc(r.names, func(n string) bool { return strings.HasPrefix(n, e.Package+" ") }) {
				r.names = append(r.names, e.Package+" (it could not be built, or ended outside of its tests)")
			}
		}
	case e.Action == "fail":
		r.fails(e, key)
		if !strings.Contains(e.Test, "/") {
			r.tests++
		}
	case e.Action == "skip":
		r.skipped = append(r.skipped, e.Package+" "+e.Test)
	case !strings.Contains(e.Test, "/"):
		r.tests++
	}
}

// fails shows what a test said. Its name is kept for the end, unless it only failed because a part of it did.
func (r *result) fails(e event, key string) {
	fmt.Fprint(r.out, strings.Join(r.output[key], ""))
	name := e.Package + " " + e.Test
	if !slices.ContainsFunc(r.names, func(n string) bool { return strings.HasPrefix(n, name+"/") }) {
		r.names = append(r.names, name)
	}
}

// finish prints the count and tells whether all is well.
func (r *result) finish() bool {
	for _, s := range r.skipped {
		fmt.Fprintln(r.out, "SKIPPED", s)
	}
	if len(r.skipped) > 0 {
		fmt.Fprintln(r.out, "A skipped test counts as failed: make what it needs part of `make setup`.")
	}
	for _, name := range r.names {
		fmt.Fprintln(r.out, "failed:", name)
	}
	fmt.Fprintf(r.out, "total: %d tests in %d packages, %d packages failed, %d tests skipped\n", r.tests, r.packages, r.failed, len(r.skipped))
	return r.failed == 0 && len(r.skipped) == 0 && r.packages > 0
}
