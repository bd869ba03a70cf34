package evaluate

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/document"
	trained "github.com/pactloop/pactloop/internal/extract/clause"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/wording"
)

// decidedContract is a line of decided/decided.jsonl: labels are values as the product writes them, null where the
// contract does not state the field. Document is the reading with its structure; without it the text is read as plain.
type decidedContract struct {
	Title    string                 `json:"title"`
	Type     string                 `json:"type"`
	Unit     string                 `json:"business_unit,omitempty"`
	Text     string                 `json:"text"`
	Document *document.Document     `json:"document,omitempty"`
	Labels   map[string]*pact.Value `json:"labels"`
	// Obligations that people decided on.
	Obligations []DutyLabel `json:"obligations,omitempty"`
}

// Samples reads the labelled contracts of a folder: decided/decided.jsonl, cuad/cuad*.jsonl by folds, and the test
// half of a set in our own form, where the folder is one.
func Samples(folder string, folds []int) ([]Sample, error) {
	var out []Sample
	decided := folder
	if filepath.Base(folder) != "decided" {
		decided = filepath.Join(folder, "decided")
	}
	err := lines(decided, "decided.jsonl", func(line []byte) error {
		var c decidedContract
		if err := readJSON(line, &c); err != nil {
			return err
		}
		for name, v := range c.Labels {
			if v == nil {
				continue
			}
			if err := v.Check(); err != nil {
				return fault.New(fault.Invalid, "%s: the label of %s is not a value: %v.", c.Title, name, err)
			}
		}
		for _, o := range c.Obligations {
			if err := o.check(); err != nil {
				return fault.New(fault.Invalid, "%s: %v.", c.Title, err)
			}
		}
		s := Sample{Title: c.Title, Type: c.Type, Unit: c.Unit, Decided: true, Document: c.Document, Labels: c.Labels, Duties: c.Obligations}
		if s.Document == nil {
			s.Document = PlainDocument(c.Text)
		}
		out = append(out, s)
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	cuad := folder
	if filepath.Base(folder) != "cuad" {
		cuad = filepath.Join(folder, "cuad")
	}
	err = lines(cuad, setName(cuad), func(line []byte) error {
		var c struct {
			cuadContract
			Spans map[string][]json.RawMessage `json:"spans"`
		}
		if err := readJSON(line, &c); err != nil {
			return err
		}
		if slices.Contains(folds, c.Fold) {
			s := Sample{Title: c.Title, Type: wording.ContractType(c.Values["Document Name"]), Document: PlainDocument(c.Text), Labels: labelsOf(c.Values), Clauses: map[string]bool{}}
			for name, marks := range c.Spans {
				if category, ok := trained.CategoryOf(name); ok {
					s.Clauses[category.Name] = len(marks) > 0
				}
			}
			out = append(out, s)
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if info, err := os.Stat(filepath.Join(folder, "test")); err == nil && info.IsDir() {
		own, err := ownSamples(os.DirFS(folder))
		if err != nil {
			return nil, err
		}
		out = append(out, own...)
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "%s holds no labelled contracts: neither decided/decided.jsonl nor cuad/cuad*.jsonl nor test/ (docs/how-to/evaluate.md tells the format).", folder)
	}
	return out, nil
}

// ownSamples takes the values of the texts of a labelled set's test half, or of the other where that has no documents. What only arithmetic gives is not asked for.
func ownSamples(set fs.FS) ([]Sample, error) {
	docs, err := LoadLabelled(set)
	if err != nil {
		return nil, err
	}
	half := "train"
	if slices.ContainsFunc(docs, func(d LabelledDocument) bool { return d.Half == "test" }) {
		half = "test"
	}
	var out []Sample
	for _, d := range docs {
		if d.Half != half {
			continue
		}
		s := Sample{Title: d.Name, Type: d.Labels.Kind, Document: PlainDocument(d.Text), Labels: map[string]*pact.Value{}, Clauses: map[string]bool{}}
		for _, c := range trained.Categories() {
			if c.CUAD == "" { // labelled everywhere in our own set
				s.Clauses[c.Name] = slices.ContainsFunc(d.Labels.Clauses, func(l LabelledClause) bool { return l.Kind == c.Name })
			}
		}
		for _, name := range d.Labels.Absent {
			if _, known := pact.TermSpecOf(name); known {
				s.Labels[name] = nil
			}
		}
		several := map[string]bool{}
		for i := range d.Labels.Values {
			v := &d.Labels.Values[i]
			if _, twice := s.Labels[v.Name]; twice || v.Derived {
				several[v.Name] = true
				continue
			}
			s.Labels[v.Name] = &v.Value
		}
		for name := range several { // two labels for one field: which of them is meant is not ours to say
			delete(s.Labels, name)
		}
		out = append(out, s)
	}
	return out, nil
}

var (
	shortDate    = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})$`)
	someDuration = regexp.MustCompile(`(?i)(\d+) (day|week|month|quarter|year)s?\b`)
	inBrackets   = regexp.MustCompile(`\([^)]*\)?|["“”][^"“”]*["“”]`)
)

// labelsOf turns the labels of CUAD into values. What can not be turned is not measured.
func labelsOf(raw map[string]string) map[string]*pact.Value {
	out := map[string]*pact.Value{}
	for field, name := range map[string]string{
		"agreement_date": "Agreement Date", "effective_date": "Effective Date", "expiration_date": "Expiration Date", "renewal_term": "Renewal Term",
		"notice_period": "Notice Period To Terminate Renewal", "governing_law": "Governing Law", "title": "Document Name",
	} {
		s := strings.TrimSpace(raw[name])
		if s == "" {
			out[field] = nil
			continue
		}
		if v, ok := labelOf(field, s); ok {
			out[field] = &v
		}
	}
	parties := pact.Value{Kind: pact.PartiesValue}
	for _, entry := range strings.Split(raw["Parties"], ";") {
		if n := strings.TrimSpace(inBrackets.ReplaceAllString(entry, "")); n != "" && !strings.Contains(n, "[") && !strings.Contains(strings.ToLower(n), "parties") {
			parties.Parties = append(parties.Parties, pact.Party{Name: n})
		}
	}
	if len(parties.Parties) > 0 {
		out["parties"] = &parties
	}
	return out
}

func labelOf(field, s string) (pact.Value, bool) {
	switch {
	case strings.Contains(s, "[]"):
		return pact.Value{}, false
	case strings.Contains(strings.ToLower(s), "perpetual"):
		return pact.Value{Kind: pact.EvergreenValue}, true
	case strings.HasSuffix(field, "_date"):
		m := shortDate.FindStringSubmatch(s)
		if m == nil {
			return pact.Value{}, false
		}
		month, _ := strconv.Atoi(m[1])
		day, _ := strconv.Atoi(m[2])
		year, _ := strconv.Atoi(m[3])
		if len(m[3]) == 2 {
			if year += 2000; year >= 2070 {
				year -= 100
			}
		}
		d := calendar.DateOf(year, time.Month(month), day)
		return pact.OnDate(d), d != ""
	case field == "renewal_term" || field == "notice_period":
		all := someDuration.FindAllStringSubmatch(s, -1)
		if len(all) == 0 {
			return pact.Value{}, false
		}
		last := all[len(all)-1]
		n, err := strconv.Atoi(last[1])
		return pact.Lasting(n, calendar.Unit(strings.ToLower(last[2]))), err == nil
	}
	return pact.Text(s), true
}

// ExportConfig of an export. All fields are required.
type ExportConfig struct {
	Store store.Store
	Blobs store.Blobs
	Out   io.Writer
	// Keeps tells of business units whose contracts no language model gets. They are left out: what is written here is what
	// versions of engines are compared on.
	Keeps func(unit string) bool
}

// Exported is what an export wrote.
type Exported struct {
	Contracts int
	Kept      int // left out, as their business unit keeps them
}

// Export writes what people decided as labelled contracts, a line for each document, from its newest finished review: the
// regression set, in the form that Samples reads: terms and obligations. Only what a person decided is a label; what the policy accepted by
// itself is none. It holds contract text as it is.
func Export(ctx context.Context, cfg ExportConfig) (Exported, error) {
	var done Exported
	reviews, err := cfg.Store.Reads().Reviews.All(ctx, store.Where(store.Eq("state", string(pact.ReviewFinished))).By("-finished_at"))
	if err != nil {
		return done, fmt.Errorf("reading the finished reviews: %w", err)
	}
	var rows []decidedContract
	seen := map[pact.DocumentID]bool{}
	for _, r := range reviews {
		if seen[r.DocumentID] {
			continue
		}
		seen[r.DocumentID] = true
		doc, err := cfg.Store.Reads().Documents.Get(ctx, string(r.DocumentID))
		if err != nil {
			return done, fmt.Errorf("reading the document of %s: %w", r.ID, err)
		}
		if cfg.Keeps(doc.BusinessUnit) {
			done.Kept++
			continue
		}
		row, ok, err := decidedIn(ctx, cfg, r, doc)
		if err != nil {
			return done, err
		}
		if ok {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b decidedContract) int { return strings.Compare(a.Title, b.Title) })
	e := json.NewEncoder(cfg.Out)
	e.SetEscapeHTML(false)
	for _, row := range rows {
		if err := e.Encode(row); err != nil {
			return done, fmt.Errorf("writing the labelled contracts: %w", err)
		}
	}
	done.Contracts = len(rows)
	return done, nil
}

func decidedIn(ctx context.Context, cfg ExportConfig, r pact.Review, doc pact.Document) (row decidedContract, ok bool, err error) {
	reading, err := cfg.Blobs.GetNamed(ctx, string(doc.TextID))
	if fault.Is(err, fault.NotFound) {
		return row, false, nil // readings may be deleted; without the text a label says nothing
	}
	if err != nil {
		return row, false, fmt.Errorf("reading the text of %s: %w", doc.ID, err)
	}
	var d document.Document
	if err := json.Unmarshal(reading, &d); err != nil {
		return row, false, fmt.Errorf("reading the text of %s: %w", doc.ID, err)
	}
	d.Lines, d.Pages = nil, nil // boxes on the page say nothing about values
	candidates, err := cfg.Store.Reads().Candidates.All(ctx, store.Where(store.Eq("review_id", string(r.ID)), store.In("subject", []string{"term", "obligation"})).By("order"))
	if err != nil {
		return row, false, fmt.Errorf("reading the decisions of %s: %w", r.ID, err)
	}
	misread, err := misreadIn(ctx, cfg, r.ID, candidates)
	if err != nil {
		return row, false, err
	}
	row = decidedContract{Title: string(doc.ID) + " " + doc.Filename, Unit: doc.BusinessUnit, Text: d.Text, Document: &d, Labels: map[string]*pact.Value{}}
	for _, c := range candidates {
		row.Type = cmp.Or(c.ContractType, row.Type) // what was added by hand has none
		if c.Subject == "obligation" {
			if l, ok := dutyLabel(c, misread[c.ID]); ok {
				row.Obligations = append(row.Obligations, l)
			}
			continue
		}
		if c.DecidedBy == "policy" || c.DecidedBy == "" || misread[c.ID] {
			continue
		}
		switch c.State {
		case pact.CandidateAccepted:
			row.Labels[c.Name] = c.Value
		case pact.CandidateCorrected:
			row.Labels[c.Name] = c.DecidedValue
		case pact.CandidateRejected:
			row.Labels[c.Name] = nil
		}
	}
	judged := slices.ContainsFunc(row.Obligations, func(l DutyLabel) bool { return !l.Unjudged })
	return row, judged || len(row.Labels) > 0, nil
}

// misreadIn tells which rejected candidates were rejected as read wrongly. What would be right nobody said, so that they are
// no label: the contract may well state it. The reasons are those that the workbench offers.
func misreadIn(ctx context.Context, cfg ExportConfig, review pact.ReviewID, candidates []pact.Candidate) (map[pact.CandidateID]bool, error) {
	decisions, err := cfg.Store.Reads().Decisions.All(ctx, store.Where(store.Eq("review_id", string(review)), store.Eq("kind", "reject")).By("at"))
	if err != nil {
		return nil, fmt.Errorf("reading the rejections of %s: %w", review, err)
	}
	reasons := map[pact.CandidateID]string{}
	for _, d := range decisions {
		reasons[d.CandidateID] = d.Reason // the newest
	}
	out := map[pact.CandidateID]bool{}
	for _, c := range candidates {
		reason := reasons[c.ID]
		out[c.ID] = c.State == pact.CandidateRejected && (reason == "Wrong passage" || reason == "Wrong value" || reason == "Duplicate of another" && c.Subject == "term")
	}
	return out, nil
}

// ExportTo writes decided/decided.jsonl below a folder; a file that is there is replaced only by a whole one. Out of the
// configuration is not needed.
func ExportTo(ctx context.Context, cfg ExportConfig, folder string) (done Exported, path string, err error) {
	dir := filepath.Join(folder, "decided")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return done, "", fault.Wrap(fault.Invalid, err, "The folder %s can not be made: %v.", dir, err)
	}
	path = filepath.Join(dir, "decided.jsonl")
	f, err := os.CreateTemp(dir, "decided-*.tmp")
	if err != nil {
		return done, "", fault.Wrap(fault.Invalid, err, "The folder %s can not be written: %v.", dir, err)
	}
	cfg.Out = f
	done, err = Export(ctx, cfg)
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return Exported{}, "", err
	}
	return done, path, os.Rename(f.Name(), path)
}

// exportedTitle begins what an export wrote.
var exportedTitle = regexp.MustCompile(`^doc_\S+ `)

// Sendable leaves out what an engine outside must not get: decided contracts of business units that any of the choices keeps,
// and those of exports that did not yet write down the unit, where anything is kept. It tells how many.
func Sendable(samples []Sample, keeps ...func(unit string) bool) (left []Sample, kept int) {
	if len(keeps) == 0 {
		return samples, 0
	}
	for _, s := range samples {
		unknown := s.Unit == "" && s.Decided && exportedTitle.MatchString(s.Title)
		if unknown || s.Unit != "" && slices.ContainsFunc(keeps, func(keep func(string) bool) bool { return keep(s.Unit) }) {
			kept++
			continue
		}
		left = append(left, s)
	}
	return left, kept
}
