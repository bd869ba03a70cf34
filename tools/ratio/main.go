// Command ratio reads the output of `go test -bench` and prints how each benchmark compares with the plain way of doing the
// same work: its sibling named baseline, minimal or pdftotext.
//
// It owns the comparison and its wording. It does not own what is measured. Invariants: a rate (…/s, …/cpu-s) compares ours by
// theirs, a time (ns/op, …ms) theirs by ours, so that more is always better; what has no sibling is printed without a ratio.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// row is one benchmark with its figures by unit.
type row struct {
	name    string
	figures map[string]float64
	units   []string
}

func main() {
	rows, err := read(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "ratio: reading the benchmarks:", err)
		os.Exit(1)
	}
	if err := write(os.Stdout, rows); err != nil {
		fmt.Fprintln(os.Stderr, "ratio: printing:", err)
		os.Exit(1)
	}
}

func read(from io.Reader) ([]row, error) {
	line := regexp.MustCompile(`^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(.*)$`)
	var rows []row
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		m := line.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		r := row{name: m[1], figures: map[string]float64{}}
		fields := strings.Fields(m[2])
		for i := 0; i+1 < len(fields); i += 2 {
			if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
				r.figures[fields[i+1]] = v
				r.units = append(r.units, fields[i+1])
			}
		}
		rows = append(rows, r)
	}
	return rows, lines.Err()
}

func write(to io.Writer, rows []row) error {
	w := tabwriter.NewWriter(to, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "benchmark\tfigure\tunit\tratio (more is better)")
	for _, r := range rows {
		base, has := sibling(rows, r)
		for _, unit := range r.units {
			ratio := ""
			if theirs, ok := base.figures[unit]; has && ok {
				ratio = compare(r.figures[unit], theirs, unit) + " × " + last(base.name)
			}
			if ratio == "" && (unit == "B/op" || unit == "allocs/op") {
				continue
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.name, strconv.FormatFloat(r.figures[unit], 'f', -1, 64), unit, ratio)
		}
	}
	return w.Flush()
}

// sibling finds the plain way beside a benchmark; a plain way has none.
func sibling(rows []row, r row) (row, bool) {
	plain := []string{"baseline", "minimal", "pdftotext"}
	if slices.Contains(plain, last(r.name)) {
		return row{}, false
	}
	group := strings.TrimSuffix(r.name, last(r.name))
	i := slices.IndexFunc(rows, func(o row) bool {
		return strings.TrimSuffix(o.name, last(o.name)) == group && slices.Contains(plain, last(o.name))
	})
	if i < 0 || !strings.Contains(r.name, "/") {
		return row{}, false
	}
	return rows[i], true
}

func last(name string) string { return name[strings.LastIndex(name, "/")+1:] }

func compare(ours, theirs float64, unit string) string {
	if !strings.HasSuffix(unit, "/s") && !strings.HasSuffix(unit, "/cpu-s") {
		ours, theirs = theirs, ours
	}
	if theirs == 0 {
		return "?"
	}
	return strconv.FormatFloat(ours/theirs, 'f', 2, 64)
}
