package llm_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/llm"
	"github.com/pactloop/pactloop/internal/pact"
)

// between gives an example from a contract between two companies; its passage and the rest of its text are as given.
func between(passage, rest string, parties ...string) *llm.Examples {
	text := "AGREEMENT\n" + passage + "\n" + rest
	e := accepted(elsewhere{text, "notice_period", pact.Lasting(90, "day"), passage})
	whole := e.Whole
	e.Whole = func(ctx context.Context, c pact.Candidate) (*document.Document, []string, error) {
		d, _, err := whole(ctx, c)
		return d, parties, err
	}
	return e
}

// A contract calls its parties by less than their names.
func TestWhatAPartyIsCalledForShortDoesNotLeaveInAnExample(t *testing.T) {
	t.Parallel()
	const rest = "the first notice is international in its business, and united we stand."
	for name, c := range map[string]struct {
		party, passage string
		secrets        []string
	}{
		"the first word":            {"Quillfeather Foods Ltd.", "Quillfeather shall give notice of non-renewal ninety (90) days before the end of the term.", []string{"Quillfeather"}},
		"in capitals":               {"Quillfeather Foods Ltd.", "QUILLFEATHER shall give notice of non-renewal ninety (90) days before the end of the term.", []string{"QUILLFEATHER"}},
		"of somebody":               {"Quillfeather Foods Ltd.", "Notice of non-renewal reaches Quillfeather's office ninety (90) days before the end of the term.", []string{"Quillfeather"}},
		"without the form":          {"Quillfeather Foods Ltd.", "Quillfeather Foods shall give notice of non-renewal ninety (90) days before the end of the term.", []string{"Quillfeather", "Foods"}},
		"without comma and form":    {"Zephyr Widgets, Inc.", "Zephyr Widgets gives notice of non-renewal ninety (90) days before the end of the term.", []string{"Zephyr", "Widgets"}},
		"a common word begins it":   {"First Quillfeather Bank N.A.", "First Quillfeather, or Quillfeather for short, gives notice of non-renewal ninety (90) days before the end.", []string{"Quillfeather"}},
		"an article begins it":      {"The Quillfeather Company", "Quillfeather gives notice of non-renewal ninety (90) days before the end of the term.", []string{"Quillfeather"}},
		"a form begins it":          {"AB Quillfeather", "Quillfeather gives notice of non-renewal ninety (90) days before the end of the term.", []string{"Quillfeather"}},
		"initials":                  {"International Business Quills Corporation", "IBQ gives notice of non-renewal ninety (90) days before the end of the term.", []string{"IBQ"}},
		"a name over two lines":     {"Quillfeather Foods Ltd.", "Quillfeather\nFoods Ltd. gives notice of non-renewal ninety (90) days before the end of the term.", []string{"Quillfeather"}},
		"a name with two blanks":    {"Quillfeather  Foods Ltd.", "Quillfeather Foods Ltd. gives notice of non-renewal ninety (90) days before the end of the term.", []string{"Quillfeather", "Foods"}},
		"a name of a place of work": {"Bank of Quillfeather plc", "Bank of Quillfeather gives notice of non-renewal ninety (90) days before the end of the term.", []string{"Quillfeather"}},
	} {
		r := newRig(t, "openai", nil)
		run := r.with(t, between(c.passage, rest, c.party, "Us Ltd."), contract(), "notice_period")
		sent := r.sim.Seen()[0].User
		if run.State != extract.RunDone || !strings.Contains(sent, "[[PARTY_") || !strings.Contains(sent, "notice of non-renewal") && !strings.Contains(sent, "Notice of non-renewal") {
			t.Errorf("%s: the passage was not shown: %s %s\n%s", name, run.State, run.Reason, sent)
		}
		for _, secret := range c.secrets {
			if strings.Contains(sent, secret) || strings.Contains(run.Request, secret) {
				t.Errorf("%s: %q left:\n%s", name, secret, sent)
			}
		}
	}
	// What everybody says is not masked, and of whom nothing is known nothing is shown.
	r := newRig(t, "openai", nil)
	r.with(t, between("First notice of non-renewal: ninety (90) days before the end of the term.", rest, "First Quillfeather Bank N.A.", "Us Ltd."), contract(), "notice_period")
	r.with(t, between("Quillfeather gives notice of non-renewal ninety (90) days before the end of the term.", rest), contract(), "notice_period")
	if seen := r.sim.Seen(); !strings.Contains(seen[0].User, "First notice of non-renewal") || strings.Contains(seen[1].User, "Quillfeather gives") {
		t.Errorf("sent:\n%s\n%s", seen[0].User, seen[1].User)
	}
}

// What is wrong with another contract must not stop the reading of this one.
func TestAFaultOfAnExampleLeavesOutThatExampleAlone(t *testing.T) {
	t.Parallel()
	bad := elsewhere{"Notice of non-renewal is due eighty-one (81) days before the end of the term.", "notice_period", pact.Lasting(81, "day"), "Notice of non-renewal is due eighty-one (81) days before the end of the term."}
	for name, spoil := range map[string]func(e *llm.Examples){
		"a text that can not be read": func(e *llm.Examples) {
			whole := e.Whole
			e.Whole = func(ctx context.Context, c pact.Candidate) (*document.Document, []string, error) {
				if c.Value.String() == "81 days" {
					return nil, nil, errors.New("invalid character")
				}
				return whole(ctx, c)
			}
		},
		"decisions that can not be read": func(e *llm.Examples) {
			e.Accepted = func(context.Context, string, bool) ([]pact.Candidate, error) { return nil, errors.New("no such table") }
		},
	} {
		r := newRig(t, "openai", nil)
		e := accepted(bad, notice90())
		e.Each = 3
		spoil(e)
		run := r.with(t, e, contract(), "notice_period")
		seen := r.sim.Seen()
		if run.State != extract.RunDone || len(seen) != 1 || find(run.Candidates, "notice_period") == nil {
			t.Fatalf("%s: %s %s", name, run.State, run.Reason)
		}
		before, _, _ := strings.Cut(seen[0].User, "The fields:")
		if strings.Contains(before, "(81)") {
			t.Errorf("%s: shown:\n%s", name, before)
		}
		if good := strings.Contains(before, "ninety (90) days before the end of the term."); good != (name == "a text that can not be read") || !strings.Contains(before, "example of notice_period") {
			t.Errorf("%s: the others:\n%s", name, before)
		}
	}
}

func TestTimeThatRunsOutOverExamplesStopsTheRunAndIsNoError(t *testing.T) {
	t.Parallel()
	r := newRig(t, "openai", nil)
	e := accepted(notice90())
	e.Whole = func(ctx context.Context, _ pact.Candidate) (*document.Document, []string, error) {
		r.fire[patience] <- time.Time{}
		<-ctx.Done()
		return nil, nil, fmt.Errorf("reading the text of an example: %w", ctx.Err())
	}
	if run := r.with(t, e, contract(), "notice_period"); run.State != extract.RunFailed || !strings.Contains(run.Reason, "llm_patience") {
		t.Errorf("%s %s", run.State, run.Reason)
	}
	// A caller who gives up is one.
	ctx, cancel := context.WithCancel(t.Context())
	gone := accepted(notice90())
	gone.Whole = func(ctx context.Context, _ pact.Candidate) (*document.Document, []string, error) {
		cancel()
		<-ctx.Done()
		return nil, nil, ctx.Err()
	}
	r = newRig(t, "openai", nil)
	if _, err := r.extractor(t, func(c *llm.Config) { c.Examples = gone }).Run(ctx, contract(), wanted("notice_period")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if n := len(r.sim.Seen()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// However many passages people accepted, the work on other contracts is bounded.
func TestWorkOnExamplesIsBounded(t *testing.T) {
	t.Parallel()
	long := "Notice of non-renewal is due sixty-one (61) days before the end of the term."
	r := newRig(t, "openai", nil)
	r.with(t, accepted(elsewhere{long + strings.Repeat(" and so on", 110_000), "notice_period", pact.Lasting(61, "day"), long}), contract(), "notice_period")
	if sent := r.sim.Seen()[0].User; strings.Contains(sent, "(61)") || !strings.Contains(sent, "example of notice_period") {
		t.Errorf("a passage of a contract of more than a megabyte was shown:\n%s", sent)
	}
	// One contract is opened once, for all fields.
	list := []elsewhere{}
	text := "Term: two (2) years. Renewal term: one (1) year. Notice of non-renewal: ninety (90) days before the end of the term."
	for term, v := range map[string]pact.Value{"term": pact.Lasting(2, "year"), "renewal_term": pact.Lasting(1, "year"), "notice_period": pact.Lasting(90, "day")} {
		list = append(list, elsewhere{text, term, v, text})
	}
	opened := 0
	count := func(e *llm.Examples) *llm.Examples {
		whole := e.Whole
		e.Whole = func(ctx context.Context, c pact.Candidate) (*document.Document, []string, error) {
			opened++
			return whole(ctx, c)
		}
		return e
	}
	r = newRig(t, "openai", nil)
	r.with(t, count(accepted(list...)), contract(), "term", "renewal_term", "notice_period")
	if opened != 1 {
		t.Errorf("one contract was opened %d times", opened)
	}
	// Of many contracts only so many are opened.
	list, opened = nil, 0
	for _, spec := range pact.TermSpecs() {
		for i := range 20 {
			q := fmt.Sprintf("Number %d of %s: notice of renewal for the term in good time.", i, spec.Label)
			list = append(list, elsewhere{q, spec.Name, pact.Lasting(i+10, "day"), q})
		}
	}
	r = newRig(t, "openai", nil)
	e := count(accepted(list...))
	e.Each = llm.MaxExamples
	if run := r.with(t, e, contract()); run.State != extract.RunDone || opened == 0 || opened > 60 {
		t.Errorf("%s, %d contracts were opened", run.State, opened)
	}
}
