package learn_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/learn"
)

// corpus makes small contracts whose law and assignment clauses are marked.
func corpus(contracts int) []learn.Sample {
	places := []string{"New York", "Delaware", "Texas", "Ohio", "England"}
	fill := []string{
		"The parties shall meet each month to discuss the work.", "All notices shall be in writing and sent to the addresses below.",
		"The supplier shall deliver the goods to the warehouse of the buyer.", "This Agreement may be signed in counterparts.",
		"The buyer shall pay each invoice within thirty days.", "Headings are for convenience only.",
	}
	var list []learn.Sample
	for i := range contracts {
		law := fmt.Sprintf("This Agreement shall be governed by and construed under the laws of %s.", places[i%len(places)])
		assign := fmt.Sprintf("Neither party may assign this Agreement without the prior written consent of the other party%s.", []string{"", ", which shall not be withheld"}[i%2])
		lines := []string{"SUPPLY AGREEMENT", fmt.Sprintf("This Agreement is made on March %d, 2026 between Aldous Ltd and Brenner GmbH.", i%27+1)}
		for k := range 14 {
			switch {
			case k == 3+i%4:
				lines = append(lines, "7. Governing Law. "+law)
			case k == 9 && i%3 > 0:
				lines = append(lines, "8. Assignment. "+assign)
			default:
				lines = append(lines, fill[(i+k)%len(fill)])
			}
		}
		d := extracttest.Plain(strings.Join(lines, "\n"))
		s := learn.Sample{Title: fmt.Sprint(i), Fold: i % 4, Document: d, Marks: map[string][]learn.Mark{}}
		mark := func(category, text string) {
			if at := strings.Index(d.Text, text); at >= 0 {
				s.Marks[category] = append(s.Marks[category], learn.Mark{Text: text, Start: at, End: at + len(text)})
			}
		}
		mark("governing_law", law)
		mark("anti_assignment", assign)
		list = append(list, s)
	}
	return list
}

// quick is settings that take a second.
func quick(workers int) learn.Config {
	return learn.Config{
		Seed: 3, Workers: workers, Strict: true,
		Linear: learn.LinearConfig{Epochs: 3, Rate: 0.5, Decay: 1e-4, Positive: 1, Damp: 0.1, Keep: 4000},
		Net:    learn.NetConfig{Nets: 2, Hidden: 5, Words: 200, Epochs: 2, Rate: 0.3, Decay: 1e-4, Damp: 0.3, Dropout: 0.3},
		Forest: learn.ForestConfig{Trees: 12, Leaves: 6, Rate: 0.2, Rows: 0.8, Columns: 0.8, Lambda: 1, Least: 0.5},
	}
}

func TestTwoTrainingsGiveTheSameBytesOnAnyNumberOfWorkers(t *testing.T) {
	t.Parallel()
	var first []byte
	for _, workers := range []int{1, 3, 2} {
		w, _, err := learn.Train(t.Context(), corpus(24), quick(workers))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := w.Encode(&b); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b.Bytes()
		}
		if !bytes.Equal(first, b.Bytes()) {
			t.Fatalf("with %d workers the weights are others", workers)
		}
	}
	cfg := quick(2)
	cfg.Seed = 4
	w, _, err := learn.Train(t.Context(), corpus(24), cfg)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := w.Encode(&b); err != nil || bytes.Equal(first, b.Bytes()) {
		t.Errorf("another seed changes nothing (%v)", err)
	}
}

func TestWhatIsLearnedFindsTheClausesOfContractsNotSeen(t *testing.T) {
	t.Parallel()
	samples := corpus(40)
	held, err := learn.CrossValidate(t.Context(), samples, quick(2))
	if err != nil {
		t.Fatal(err)
	}
	law, _ := clause.CategoryOf("governing_law")
	right := 0
	for i, s := range samples {
		for _, f := range held.Spans[i] {
			if clause.Categories()[f.Category].Name == law.Name {
				if strings.Contains(s.Document.Text[f.Start:f.End], "governed by") {
					right++
				}
				break // the surest only
			}
		}
	}
	if right < 38 {
		t.Errorf("the surest candidate is the law in %d of %d contracts", right, len(samples))
	}
}

// What the machine makes of the shipped weights is what training computed: one code cuts, scores and judges.
func TestTheMachineAgreesWithTraining(t *testing.T) {
	t.Parallel()
	samples := corpus(24)
	w, _, err := learn.Train(t.Context(), samples, quick(2))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := w.Encode(&b); err != nil {
		t.Fatal(err)
	}
	again, err := clause.Decode(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range samples {
		one, two := clause.NewMachine(w).Read(s.Document), clause.NewMachine(again).Read(s.Document)
		if fmt.Sprint(one.Found) != fmt.Sprint(two.Found) || fmt.Sprint(one.Presence) != fmt.Sprint(two.Presence) {
			t.Fatal("weights read differently after they were written and read")
		}
	}
}

// own makes documents that mark kinds which CUAD lacks.
func own(documents int) []learn.Sample {
	var list []learn.Sample
	for i := range documents {
		credit := fmt.Sprintf("If availability falls below %d%%, the Provider credits %d%% of the monthly fee.", 99-i%3, 5+i%4)
		lines := []string{"SERVICE LEVELS", "The Provider runs the service from two places.", "3. Credits. " + credit, "Notices are given in writing.", "The parties meet each month."}
		if i%4 == 0 {
			lines, credit = lines[:2], ""
		}
		d := extracttest.Plain(strings.Join(lines, "\n"))
		s := learn.Sample{Title: fmt.Sprint("own", i), Document: d, Marks: map[string][]learn.Mark{}}
		if at := strings.Index(d.Text, credit); credit != "" && at >= 0 {
			s.Marks["service_credit"] = []learn.Mark{{Text: credit, Start: at, End: at + len(credit)}}
		}
		list = append(list, s)
	}
	return list
}

func TestKindsOfOurOwnAreTaughtWithTheRestOrAlone(t *testing.T) {
	t.Parallel()
	cfg := quick(2)
	cfg.Extra = own(20)
	whole, held, err := learn.Train(t.Context(), corpus(24), cfg)
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	for i, s := range cfg.Extra {
		for _, f := range held.Extra[i] {
			if clause.Categories()[f.Category].Name == "service_credit" && f.Confidence > 0.5 && strings.Contains(s.Document.Text[f.Start:f.End], "credits") {
				right++
				break
			}
		}
	}
	if right < 12 {
		t.Errorf("the credit is found in %d of 15 documents", right)
	}
	again, _, err := learn.TrainExtra(t.Context(), corpus(24), cfg, whole)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := whole.Encode(&a); err != nil {
		t.Fatal(err)
	}
	if err := again.Encode(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("taught alone they are others")
	}
}

func TestSamplesThatTeachNothingAreRefused(t *testing.T) {
	t.Parallel()
	few := corpus(24)
	for i := range few {
		few[i].Fold = 0
	}
	bare := corpus(24)
	for i := range bare {
		bare[i].Marks = nil
	}
	for name, samples := range map[string][]learn.Sample{"none": nil, "one fold": few, "no marks": bare} {
		if _, _, err := learn.Train(t.Context(), samples, quick(1)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := learn.Train(ctx, corpus(24), quick(2)); err == nil {
		t.Error("no error when it is cancelled")
	}
}

func TestStretchesAreFoundInATextThatDiffersInWhiteSpace(t *testing.T) {
	t.Parallel()
	from := "1.  Term.\n\n   This   Agreement\nbegins on May 1.\n\nThis Agreement begins on May 1."
	to := "1. Term.\nThis Agreement begins on May 1.\nThis Agreement begins on May 1."
	locate := learn.Locate(from, to)
	start, end := locate(strings.Index(from, "This"), "This   Agreement\nbegins on May 1.")
	if start != 9 || to[start:end] != "This Agreement begins on May 1." {
		t.Errorf("[%d, %d)", start, end)
	}
	start, end = locate(strings.LastIndex(from, "This"), "This Agreement begins on May 1.")
	if start != strings.LastIndex(to, "This") || end != len(to) {
		t.Errorf("the second: [%d, %d)", start, end)
	}
	if start, _ = locate(0, "not there"); start != -1 {
		t.Errorf("what is not there is found at %d", start)
	}
}

func TestWordsAreCountedByTheRuleOfCUAD(t *testing.T) {
	t.Parallel()
	got := learn.Words("The Licensor/Licensee; shall, pay: NOW.")
	for _, w := range []string{"the", "licensor", "licensee", "shall", "pay", "now"} {
		if _, ok := got[w]; !ok {
			t.Errorf("%q is missing in %v", w, got)
		}
	}
	if len(got) != 6 {
		t.Errorf("%v", got)
	}
	if j := learn.Jaccard(learn.Words("a b c"), learn.Words("b c d")); j != 0.5 {
		t.Errorf("Jaccard %v, want 0.5", j)
	}
	if !learn.Matches("parties", `by and between Acme Inc. and Beta`, "Acme Inc.", learn.Words(`by and between Acme Inc. and Beta`), learn.Words("Acme Inc.")) {
		t.Error("a party that stands in what is predicted counts")
	}
	if learn.Matches("insurance", "a long sentence about Acme Inc. and more", "Acme Inc.", learn.Words("a long sentence about Acme Inc. and more"), learn.Words("Acme Inc.")) {
		t.Error("only parties count so")
	}
}

func TestJaccardIsAShareAndTheSameBothWays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringMatching(`[abc .;]{0,12}`).Draw(t, "a"), rapid.StringMatching(`[abc .;]{0,12}`).Draw(t, "b")
		x, y := learn.Jaccard(learn.Words(a), learn.Words(b)), learn.Jaccard(learn.Words(b), learn.Words(a))
		if x != y || x < 0 || x > 1 || learn.Jaccard(learn.Words(a), learn.Words(a)) != 1 {
			t.Fatalf("%v, %v", x, y)
		}
	})
}
