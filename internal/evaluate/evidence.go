package evaluate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/library"
	"github.com/pactloop/pactloop/internal/pact"
)

// EvidenceReport tells what of the evidence of ContractNLI stands in what was read. Whether a contract entails a hypothesis is
// not asked: nothing here answers that.
type EvidenceReport struct {
	Contracts  int               `json:"contracts"`
	Found      EvidenceCount     `json:"found"` // by the library: the hypothesis is the query, the spans of the contract are the passages
	Hypotheses []HypothesisCount `json:"hypotheses"`
}

// EvidenceCount is how well the evidence of pairs of contract and hypothesis was found.
type EvidenceCount struct {
	Pairs     int     `json:"pairs"`     // that have evidence
	Precision float64 `json:"precision"` // average precision, the mean over the pairs
	First     float64 `json:"first"`     // pairs whose best span is evidence
	Three     float64 `json:"three"`     // evidence among the three best, of all there is (of three at most)
}

// HypothesisCount is what of the evidence of one hypothesis stands in a clause of a kind, or in a duty, that was read.
type HypothesisCount struct {
	ID      string        `json:"id"`
	Title   string        `json:"title"`
	Kind    string        `json:"kind,omitempty"` // of clause that means the same; "" where there is none
	Stated  int           `json:"stated"`         // contracts that speak of it
	Spans   int           `json:"spans"`          // of evidence
	InKind  int           `json:"in_kind"`        // of these, at least half within a clause of that kind
	Within  int           `json:"within"`         // contracts with evidence in such a clause
	Absent  int           `json:"absent"`         // contracts that do not speak of it
	Alarm   int           `json:"alarm"`          // of these, with a clause of that kind all the same
	InDuty  int           `json:"in_duty"`        // spans at least half within a duty
	InAny   int           `json:"in_any"`         // within any clause or duty
	Library EvidenceCount `json:"library"`
}

// kindOfHypothesis is the clause of ours that says the same as a hypothesis. Most have none: our kinds are those of commercial
// contracts. Duties after the end hold what must be returned and what survives.
func kindOfHypothesis(id string) string {
	return map[string]string{"nda-18": "no_solicit_employees", "nda-16": "post_termination_services", "nda-19": "post_termination_services"}[id]
}

type nliFile struct {
	Documents []struct {
		Name  string   `json:"file_name"`
		Text  string   `json:"text"`
		Spans [][2]int `json:"spans"`
		Sets  []struct {
			Annotations map[string]struct {
				Choice string `json:"choice"`
				Spans  []int  `json:"spans"`
			} `json:"annotations"`
		} `json:"annotation_sets"`
	} `json:"documents"`
	Labels map[string]struct {
		Title      string `json:"short_description"`
		Hypothesis string `json:"hypothesis"`
	} `json:"labels"`
}

// RunEvidence measures on a folder of ContractNLI (contractnli_dev.json, or .json.xz).
func RunEvidence(ctx context.Context, folder string, x extract.Extractor, finder extract.ClauseFinder) (*EvidenceReport, error) {
	raw, err := os.ReadFile(filepath.Join(folder, "contractnli_dev.json"))
	if errors.Is(err, fs.ErrNotExist) {
		raw, err = unpack(filepath.Join(folder, "contractnli_dev.json.xz"))
	}
	if err != nil {
		return nil, fmt.Errorf("evaluating on ContractNLI: %w", err)
	}
	var set nliFile
	if err := json.Unmarshal(raw, &set); err != nil {
		return nil, fmt.Errorf("evaluating on ContractNLI: reading contractnli_dev.json: %w", err)
	}
	e := &evidence{report: &EvidenceReport{}, counts: map[string]*HypothesisCount{}, queries: map[string]string{}}
	for id, l := range set.Labels {
		e.counts[id] = &HypothesisCount{ID: id, Title: l.Title, Kind: kindOfHypothesis(id)}
		e.queries[id] = l.Hypothesis
	}
	pipeline := &extract.Pipeline{Extractors: []extract.Extractor{x}, Clauses: finder}
	for _, doc := range set.Documents {
		if len(doc.Sets) == 0 {
			continue
		}
		d, at := alignedDocument(doc.Text)
		read, err := pipeline.Read(ctx, d)
		if err != nil {
			return nil, fmt.Errorf("evaluating on ContractNLI: reading %s: %w", doc.Name, err)
		}
		e.report.Contracts++
		marks := marksOf(read)
		runes := []rune(doc.Text)
		shelf := make([]library.Passage, len(doc.Spans))
		spans := make([][2]int, len(doc.Spans))
		for i, s := range doc.Spans {
			if s[0] < 0 || s[1] > len(runes) || s[0] > s[1] {
				return nil, fmt.Errorf("evaluating on ContractNLI: %s has a span outside of its text", doc.Name)
			}
			shelf[i] = library.Passage{Key: fmt.Sprintf("%05d", i), Text: string(runes[s[0]:s[1]])}
			spans[i] = [2]int{at[s[0]], at[s[1]]}
		}
		spansOf := library.New(shelf)
		for id, a := range doc.Sets[0].Annotations {
			c := e.counts[id]
			if c == nil {
				return nil, fmt.Errorf("evaluating on ContractNLI: %s speaks of %q, which has no label", doc.Name, id)
			}
			c.add(a.Choice, a.Spans, spans, marks)
			if len(a.Spans) > 0 {
				c.Library.rank(spansOf, e.queries[id], a.Spans)
			}
		}
	}
	return e.finish(), nil
}

type evidence struct {
	report  *EvidenceReport
	counts  map[string]*HypothesisCount
	queries map[string]string
}

func (e *evidence) finish() *EvidenceReport {
	ids := slices.SortedFunc(maps.Keys(e.counts), func(a, b string) int { return numberOf(a) - numberOf(b) })
	for _, id := range ids {
		c := e.counts[id]
		l := &c.Library
		e.report.Found.Pairs += l.Pairs
		e.report.Found.Precision += l.Precision
		e.report.Found.First += l.First
		e.report.Found.Three += l.Three
		l.mean()
		e.report.Hypotheses = append(e.report.Hypotheses, *c)
	}
	e.report.Found.mean()
	return e.report
}

func numberOf(id string) int {
	n, _ := strconv.Atoi(id[strings.LastIndexByte(id, '-')+1:])
	return n
}

func (c *EvidenceCount) mean() {
	if n := float64(c.Pairs); n > 0 {
		c.Precision, c.First, c.Three = c.Precision/n, c.First/n, c.Three/n
	}
}

// rank looks for the evidence of a hypothesis among the spans of a contract.
func (c *EvidenceCount) rank(shelf *library.Shelf, hypothesis string, wanted []int) {
	c.Pairs++
	hits := 0
	sum := 0.0
	for i, f := range shelf.Like(hypothesis, 1<<30) {
		if !slices.Contains(wanted, f.At) {
			continue
		}
		hits++
		sum += float64(hits) / float64(i+1)
		if i == 0 {
			c.First++
		}
		if i < 3 {
			c.Three += 1 / float64(min(3, len(wanted)))
		}
	}
	c.Precision += sum / float64(len(wanted))
}

// readMarks is where what was read stands.
type readMarks struct {
	clauses map[string][][2]int
	duties  [][2]int
	any     [][2]int
}

func marksOf(r extract.Reading) readMarks {
	m := readMarks{clauses: map[string][][2]int{}}
	for _, c := range r.Clauses.Clauses {
		if p := c.Evidence.Passage; p != nil {
			at := [2]int{p.Start, p.End}
			m.clauses[c.Category] = append(m.clauses[c.Category], at)
			m.any = append(m.any, at)
		}
	}
	for _, c := range r.Candidates {
		if c.Subject != "obligation" {
			continue
		}
		for _, e := range c.Evidence {
			if e.Passage != nil && c.Verification != pact.Unverified {
				at := [2]int{e.Passage.Start, e.Passage.End}
				m.duties = append(m.duties, at)
				m.any = append(m.any, at)
			}
		}
	}
	return m
}

func (c *HypothesisCount) add(choice string, evidence []int, spans [][2]int, m readMarks) {
	kind := m.clauses[c.Kind]
	if choice == "NotMentioned" {
		c.Absent++
		if c.Kind != "" && len(kind) > 0 {
			c.Alarm++
		}
		return
	}
	c.Stated++
	within := false
	for _, i := range evidence {
		if i < 0 || i >= len(spans) {
			continue
		}
		c.Spans++
		s := spans[i]
		if c.Kind != "" && half(s, kind) {
			c.InKind++
			within = true
		}
		if half(s, m.duties) {
			c.InDuty++
		}
		if half(s, m.any) {
			c.InAny++
		}
	}
	if within {
		c.Within++
	}
}

// half tells whether at least half of a span stands within one of some passages.
func half(s [2]int, list [][2]int) bool {
	for _, p := range list {
		if both := min(s[1], p[1]) - max(s[0], p[0]); both > 0 && 2*both >= s[1]-s[0] {
			return true
		}
	}
	return false
}

// alignedDocument makes a document of a text, and tells of each code point of the text where it stands in the document.
func alignedDocument(text string) (*document.Document, []int) {
	d := PlainDocument(text)
	from, to := []rune(text), []rune(d.Text)
	at := make([]int, len(from)+1)
	j := 0
	for i, r := range from {
		// White space is what the two differ in: it is passed over on either side.
		for j < len(to) && isSpace(to[j]) && !isSpace(r) {
			j++
		}
		at[i] = j
		if j < len(to) && to[j] == r {
			j++
		}
	}
	at[len(from)] = j
	return d, at
}

func isSpace(r rune) bool {
	return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' || r == '\u00a0'
}

// Print writes the report for people.
func (r *EvidenceReport) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Evidence, on %d contracts of ContractNLI\n\n", r.Contracts)
	fmt.Fprintf(&b, "by the library, %d pairs with evidence: average precision %.3f, best span right %.3f, among the three best %.3f\n\n", r.Found.Pairs, r.Found.Precision, r.Found.First, r.Found.Three)
	fmt.Fprintf(&b, "%-7s %-50s %6s %6s %8s %7s %7s %7s %7s   %s\n", "", "hypothesis", "stated", "spans", "library", "in duty", "in any", "in kind", "alarms", "kind")
	for _, h := range r.Hypotheses {
		fmt.Fprintf(&b, "%-7s %-50s %6d %6d %8.3f %7d %7d", h.ID, h.Title, h.Stated, h.Spans, h.Library.Precision, h.InDuty, h.InAny)
		if h.Kind == "" {
			fmt.Fprintf(&b, " %7s %7s   none of ours\n", "–", "–")
			continue
		}
		fmt.Fprintf(&b, " %7d %7s   %s: evidence in %d of %d contracts\n", h.InKind, fmt.Sprintf("%d/%d", h.Alarm, h.Absent), h.Kind, h.Within, h.Stated)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
