package evaluate_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document/formats"
	"github.com/pactloop/pactloop/internal/evaluate"
	"github.com/pactloop/pactloop/internal/evaluate/paper"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Each file of testdata/drafting is a paper in a drafting style of its own and, below a line "=== expected", what it promises: a
// line for each level, credit band, price band, rebate and commitment. The lines were written from the text before it was read for
// the first time. What is read must be expected; a line that begins with "?" may be missed.
func TestLevelsAndFiguresInManyDraftingStyles(t *testing.T) {
	t.Parallel()
	papers, err := filepath.Glob(filepath.Join("testdata", "drafting", "*.txt"))
	if err != nil || len(papers) == 0 {
		t.Fatalf("no papers (%v)", err)
	}
	readers := formats.All(formats.Config{CacheDir: t.TempDir()})
	for _, name := range papers {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		body, wanted, ok := strings.Cut(string(raw), "\n=== expected\n")
		if !ok {
			t.Fatalf("%s expects nothing", name)
		}
		text, err := paper.Parse(body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, kind := range []string{paper.TextKind, paper.DOCXKind} {
			if only := text.Head("only"); only != "" && only != kind {
				continue // the reader of the other format runs the lines together
			}
			t.Run(strings.TrimSuffix(filepath.Base(name), ".txt")+"/"+kind, func(t *testing.T) {
				t.Parallel()
				file, err := paper.Render(t.Context(), text, kind)
				if err != nil {
					t.Fatal(err)
				}
				d, err := formats.Read(t.Context(), readers, file, "paper."+kind)
				if err != nil {
					t.Fatal(err)
				}
				list, err := grammar.New().Extract(t.Context(), d, extract.FullSchema())
				if err != nil {
					t.Fatal(err)
				}
				extracttest.Sound(t, d, list)
				extract.VerifyAll(list, d)
				compareFigures(t, figureLines(t, list), strings.Split(strings.TrimSpace(wanted), "\n"))
			})
		}
	}
}

// compareFigures takes a line for met when the paper's line says the same; what stands after a comma is compared where it is written.
func compareFigures(t *testing.T, got, wanted []string) {
	t.Helper()
	for _, want := range wanted {
		line := strings.TrimPrefix(want, "? ")
		k := slices.IndexFunc(got, func(g string) bool { return sameLine(line, g) })
		switch {
		case k >= 0:
			got = slices.Delete(got, k, k+1)
		case line == want && want != "":
			t.Errorf("missing: %s", want)
		}
	}
	for _, g := range got {
		t.Errorf("false:   %s", g)
	}
}

// sameLine compares a line that is expected with one that was read. Levels that have no number are the same when half of their
// words are.
func sameLine(want, got string) bool {
	if want == got || strings.HasPrefix(got, want+",") {
		return true
	}
	kind, wantRest, _ := strings.Cut(want, " ")
	gotKind, gotRest, _ := strings.Cut(got, " ")
	wantGrade, wantTime, ok := strings.Cut(wantRest, ": ")
	gotGrade, gotTime, _ := strings.Cut(gotRest, ": ")
	words := strings.NewReplacer("(", " ", ")", " ", "-", " ")
	return ok && kind == gotKind && (wantTime == gotTime || strings.HasPrefix(gotTime, wantTime+",")) && len(wantGrade) > 1 && evaluate.Jaccard(words.Replace(wantGrade), words.Replace(gotGrade)) >= evaluate.SameClause
}

var gradeNumber = regexp.MustCompile(`^(?:p|s|sev|priority|severity|class|level)?[ -]?(\d)\b`)

// figureLines writes what was read as the papers expect it, in order.
func figureLines(t *testing.T, list []pact.Candidate) []string {
	t.Helper()
	var out []string
	add := func(parts ...string) {
		if line := strings.Join(parts, ""); !slices.Contains(out, line) || strings.HasPrefix(line, "price") {
			out = append(out, line)
		}
	}
	for _, c := range list {
		if c.Name == "service_credits" && c.Value != nil {
			for _, tier := range c.Value.Tiers {
				add("credit ", creditBand(tier))
			}
		}
		if c.Name == "service_credits" {
			for _, a := range c.Ambiguities {
				add("asks ", a.Code)
			}
		}
		if c.Obligation == nil {
			continue
		}
		if c.Verification != pact.Verified {
			t.Errorf("%s is %s", c.Name, c.Verification)
		}
		switch o := c.Obligation; o.Kind {
		case "response_time", "resolution_time":
			var p obligation.ClockParams
			params(t, o, &p)
			grade := strings.ToLower(p.Priority)
			if m := gradeNumber.FindStringSubmatch(grade); m != nil {
				grade = m[1]
			} else if len(grade) == 1 {
				grade = strings.ToUpper(grade)
			}
			if grade == "" {
				grade = "all"
			}
			hours := ", business"
			for _, a := range o.Ambiguities {
				if a.Code == "hours_unclear" {
					hours = ", unclear"
				}
			}
			if p.Hours.Always && hours == ", business" {
				hours = ", 24x7"
			}
			add(strings.TrimSuffix(o.Kind, "_time"), " ", grade, ": ", p.Target.String(), hours)
		case "availability":
			var p obligation.AvailabilityParams
			params(t, o, &p)
			add("availability ", p.Target.String())
			for _, tier := range p.Tiers {
				add("credit ", creditBand(tier))
			}
		case "within_target", "first_call_resolution", "error_rate", "satisfaction":
			var p obligation.ShareParams
			params(t, o, &p)
			add(o.Kind, " ", p.Target.String())
			for _, tier := range p.Tiers {
				add("credit ", creditBand(tier))
			}
		case "volume_price", "rebate":
			var p obligation.TieredParams
			params(t, o, &p)
			for _, tier := range p.Tiers {
				word, value := "rebate ", ""
				if tier.Price != nil {
					word, value = "price ", tier.Price.String()
				} else if tier.Percent != nil && !tier.Percent.IsZero() {
					value = tier.Percent.String()
				} else {
					continue
				}
				add(word, tier.From.String(), "..", bound(tier.To), ": ", value)
			}
		case "minimum_commitment":
			var p obligation.CommitmentParams
			params(t, o, &p)
			if p.Amount != nil {
				add("commitment ", p.Amount.String())
			}
			add("commitment ", bound(p.Quantity))
			out = slices.DeleteFunc(out, func(s string) bool { return s == "commitment " })
		}
	}
	sort.Strings(out)
	return out
}

func params(t *testing.T, o *pact.Obligation, into any) {
	t.Helper()
	if err := json.Unmarshal(o.Params, into); err != nil {
		t.Fatal(err)
	}
}

func bound(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func creditBand(tier pact.Tier) string {
	upper, _ := tier.Upper()
	return bound(tier.From) + ".." + bound(upper) + ": " + tier.Credit.String()
}
