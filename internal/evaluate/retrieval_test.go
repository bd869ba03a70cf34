package evaluate

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	trained "github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/extract/grammar"
)

func folderWith(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

const clausesOfACORD = `{"_id":"a","text":"This Agreement is governed by the laws of Delaware."}
{"_id":"b","text":"The laws of the State of Delaware govern."}
{"_id":"c","text":"Customer pays the fees."}
{"_id":"d","text":"Delaware law governs this Agreement; nobody looked at this one."}
`

func TestPassagesAreScoredOnClausesThatHaveAGrade(t *testing.T) {
	t.Parallel()
	r, err := RunPassages(t.Context(), folderWith(t, map[string]string{
		"acord_corpus.jsonl":    clausesOfACORD,
		"acord_queries.jsonl":   `{"_id":"q1","text":"Delaware governing law"}` + "\n" + `{"_id":"q2","text":"fees"}` + "\n",
		"acord_qrels_train.tsv": "query-id\tcorpus-id\tscore\nq1\ta\t4\nq1\tb\t3\nq1\tc\t0\nq2\tc\t0\nq2\ta\t0\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Parts) != 1 || r.Parts[0].Name != "train" {
		t.Fatalf("%+v", r.Parts)
	}
	p := r.Parts[0]
	// q2 has nothing worth finding. Of q1 both are found; they stand in either order, which nDCG tells.
	best := 15 + 7/math.Log2(3)
	if p.Queries != 1 || p.Pairs != 3 || !near(p.Useful5, 0.4) || !near(p.Good5, 0.4) || !near(p.NDCG5, 1) && !near(p.NDCG5, (7+15/math.Log2(3))/best) || !near(p.NDCG5, p.NDCG10) {
		t.Errorf("%+v", p)
	}
	// The two look for one another, among two others with a grade.
	if p.Alike.Passages != 2 || !near(p.Alike.First, 1) || !near(p.Alike.Three, 1.0/3) || !near(p.Alike.Chance, 0.5) {
		t.Errorf("%+v", p.Alike)
	}
	var b strings.Builder
	if err := r.Print(&b); err != nil || !strings.Contains(b.String(), "train") {
		t.Errorf("%v\n%s", err, b.String())
	}
}

func TestGradesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string]string{"a word": "q1\ta\tgood\n", "too high": "q1\ta\t9\n", "a column too few": "q1\ta\n"} {
		_, err := RunPassages(t.Context(), folderWith(t, map[string]string{
			"acord_corpus.jsonl": clausesOfACORD, "acord_queries.jsonl": "", "acord_qrels_train.tsv": "query-id\tcorpus-id\tscore\n" + rows,
		}))
		if err == nil || !strings.Contains(err.Error(), "acord_qrels_train.tsv") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

const nli = `{"documents": [{"file_name": "x.pdf", "text": "MUTUAL NON-DISCLOSURE AGREEMENT\n\n1. Secrets.   The Receiving Party keeps all Confidential Information secret.\n\n2. No solicitation. During the term of this Agreement and for two years thereafter, neither party shall solicit for employment or hire any employee of the other party.\n",
 "spans": [[0, 31], [33, 110], [112, 266]],
 "annotation_sets": [{"annotations": {"nda-18": {"choice": "Entailment", "spans": [2]}, "nda-11": {"choice": "NotMentioned", "spans": []}, "nda-4": {"choice": "Entailment", "spans": [1]}}}]}],
 "labels": {"nda-18": {"short_description": "No solicitation", "hypothesis": "Receiving Party shall not solicit some of Disclosing Party's representatives."},
  "nda-11": {"short_description": "No reverse engineering", "hypothesis": "Receiving Party shall not reverse engineer."},
  "nda-4": {"short_description": "Limited use", "hypothesis": "Receiving Party keeps Confidential Information secret."}}}`

func TestEvidenceIsLookedForInClausesAndByTheLibrary(t *testing.T) {
	t.Parallel()
	finder, err := trained.New()
	if err != nil {
		t.Fatal(err)
	}
	r, err := RunEvidence(t.Context(), folderWith(t, map[string]string{"contractnli_dev.json": nli}), grammar.New(), finder)
	if err != nil {
		t.Fatal(err)
	}
	if r.Contracts != 1 || r.Found.Pairs != 2 || !near(r.Found.Precision, 1) || !near(r.Found.First, 1) || !near(r.Found.Three, 1) || len(r.Hypotheses) != 3 {
		t.Fatalf("%+v", r)
	}
	if h := r.Hypotheses[2]; h.ID != "nda-18" || h.Kind != "no_solicit_employees" || h.Stated != 1 || h.Spans != 1 || h.InKind != 1 || h.Within != 1 || h.InAny != 1 || h.Absent != 0 {
		t.Errorf("%+v", h)
	}
	if h := r.Hypotheses[1]; h.ID != "nda-11" || h.Kind != "" || h.Absent != 1 || h.Stated != 0 || h.Library.Pairs != 0 {
		t.Errorf("%+v", h)
	}
	for name, bad := range map[string]string{
		"a span outside of the text": strings.Replace(nli, "[112, 266]", "[112, 9999]", 1), "no JSON": "{", "a hypothesis without a label": strings.ReplaceAll(nli, `"nda-11": {"short`, `"nda-99": {"short`),
	} {
		if _, err := RunEvidence(t.Context(), folderWith(t, map[string]string{"contractnli_dev.json": bad}), grammar.New(), finder); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestOffsetsOfATextAreThoseOfItsDocument(t *testing.T) {
	t.Parallel()
	text := "MUTUAL  AGREEMENT\n\n\n1. Secrets.   The Receiving\nParty keeps “all” of it.\n"
	d, at := alignedDocument(text)
	runes, words := []rune(text), []rune(d.Text)
	for i, r := range runes {
		if !isSpace(r) && words[at[i]] != r {
			t.Errorf("%d: %q stands at %d, where %q is", i, r, at[i], words[at[i]])
		}
	}
}

func TestMarksOfPrintDoNotHideAName(t *testing.T) {
	t.Parallel()
	label, paper := "Acme  Corp (\"Acme\")", "Acme Corp (“Acme”) and O’Neill Ltd."
	for name, form := range map[string]func(string) string{"as written": func(s string) string { return s }, "as printed": printed} {
		m := MatchSpans([]Marked{{0, "parties", form(label)}}, []Predicted{{0, "parties", form(paper), 0.9}})
		if got, want := m.Score(func(string) bool { return true }).Reached, map[string]int{"as written": 0, "as printed": 1}[name]; got != want {
			t.Errorf("%s: %d reached, want %d", name, got, want)
		}
	}
}
