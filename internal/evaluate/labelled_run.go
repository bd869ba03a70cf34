package evaluate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/evaluate/paper"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

// LabelledConfig says how to measure on our own set.
type LabelledConfig struct {
	Set fs.FS // the folder with train and test
	// Renderings to measure on; none = all four. A document is measured in those that its labels name, and always as text.
	Renderings []string
	// Cache is where rendered files are kept between runs; needed for every rendering but text.
	Cache string
	// Read reads a file as the product does. Where it is not set, only the text is measured, cut into paragraphs by PlainDocument.
	Read func(ctx context.Context, name string, file []byte) (*document.Document, error)
	// Clauses finds the clauses of a document. Where it is not set, the paragraphs that candidates stand in count as found clauses:
	// a floor, not a reader of clauses.
	Clauses extract.ClauseFinder
	Misses  int // how many misses of each field the report keeps
	// Note is told what takes long (a file is rendered); may be nil.
	Note func(string)
}

// LabelledReport is the result: one score for each half, origin and rendering, in this order.
type LabelledReport struct {
	ClausesFrom string   `json:"clauses_from"`
	Scores      []*Score `json:"scores"`
}

// RunLabelled measures an extractor on our own set. A file that can not be read is named in the report and not scored.
func RunLabelled(ctx context.Context, cfg LabelledConfig, x extract.Extractor) (*LabelledReport, error) {
	set, err := LoadLabelled(cfg.Set)
	if err != nil {
		return nil, fmt.Errorf("reading the labelled set: %w", err)
	}
	if len(set) == 0 {
		return nil, errors.New("the labelled set has no documents: it needs train/NAME.txt with NAME.json beside it (internal/evaluate/labelled/README.md)")
	}
	r := &LabelledReport{ClausesFrom: "a reader of clauses"}
	if cfg.Clauses == nil {
		r.ClausesFrom = "paragraphs of candidates"
	}
	renderings := cfg.Renderings
	if len(renderings) == 0 {
		renderings = []string{paper.TextKind, paper.PDFKind, paper.DOCXKind, paper.ScanKind}
	}
	for i := range set {
		d := &set[i]
		for _, kind := range renderings {
			if kind != paper.TextKind && (cfg.Read == nil || !slices.Contains(d.Labels.Renderings, kind)) {
				continue
			}
			if err := measure(ctx, cfg, x, r, d, kind); err != nil {
				return nil, err
			}
		}
	}
	r.sort(renderings)
	return r, nil
}

func measure(ctx context.Context, cfg LabelledConfig, x extract.Extractor, r *LabelledReport, d *LabelledDocument, kind string) error {
	score := r.score(d.Half, d.Labels.Origin, kind, cfg.Misses)
	read, err := open(ctx, cfg, d, kind)
	var unread *document.Error
	if errors.As(err, &unread) {
		score.Unread = append(score.Unread, d.Name+": "+unread.Error())
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s as %s: %w", d.Name, kind, err)
	}
	way := reading(x)
	way.Clauses = cfg.Clauses
	said, err := way.Read(ctx, read)
	if err != nil {
		return fmt.Errorf("%s as %s: %w", d.Name, kind, err)
	}
	given := Reading{Candidates: said.Candidates, Clauses: FoundClauses(said.Clauses)}
	if cfg.Clauses == nil {
		given.Clauses = paragraphsOf(read, said.Candidates)
	}
	score.add(d, given)
	return nil
}

func (r *LabelledReport) score(half, origin, rendering string, misses int) *Score {
	for _, s := range r.Scores {
		if s.Half == half && s.Origin == origin && s.Rendering == rendering {
			return s
		}
	}
	s := newScore(half, origin, rendering, misses)
	r.Scores = append(r.Scores, s)
	return s
}

// sort puts train before dev and test, generated before written, and renderings in the order asked for.
func (r *LabelledReport) sort(renderings []string) {
	sort.SliceStable(r.Scores, func(i, j int) bool {
		a, b := r.Scores[i], r.Scores[j]
		switch {
		case a.Half != b.Half:
			return slices.Index(halves(), a.Half) < slices.Index(halves(), b.Half)
		case a.Origin != b.Origin:
			return a.Origin < b.Origin
		}
		return slices.Index(renderings, a.Rendering) < slices.Index(renderings, b.Rendering)
	})
}

// open gives a rendering as the product reads it.
func open(ctx context.Context, cfg LabelledConfig, d *LabelledDocument, kind string) (*document.Document, error) {
	if cfg.Read == nil {
		return PlainDocument(d.Text), nil
	}
	file, err := rendered(ctx, cfg, d, kind)
	if err != nil {
		return nil, err
	}
	return cfg.Read(ctx, d.RenderedName(kind), file)
}

// RenderedName is the name of a rendering. It changes with the text and with the look, so that no stale file is measured.
func (d *LabelledDocument) RenderedName(kind string) string {
	ending := map[string]string{paper.TextKind: ".txt", paper.PDFKind: ".pdf", paper.DOCXKind: ".docx", paper.ScanKind: ".scan.pdf"}[kind]
	sum := sha256.Sum256([]byte(paper.Version + "\x00" + kind + "\x00" + d.source))
	return d.Name + "-" + hex.EncodeToString(sum[:6]) + ending
}

// rendered takes a rendering from the set's folder rendered/ (a few are kept there, for machines without a browser), else from the
// cache, else makes it.
func rendered(ctx context.Context, cfg LabelledConfig, d *LabelledDocument, kind string) ([]byte, error) {
	name := d.RenderedName(kind)
	if file, err := fs.ReadFile(cfg.Set, "rendered/"+name); err == nil {
		return file, nil
	}
	if cfg.Cache == "" {
		return nil, errors.New("rendered files need a folder to be kept in (Cache)")
	}
	kept := filepath.Join(cfg.Cache, name)
	if file, err := os.ReadFile(kept); err == nil {
		return file, nil
	}
	if cfg.Note != nil {
		cfg.Note("rendering " + d.Name + " as " + kind)
	}
	file, err := paper.Render(ctx, d.Paper, kind)
	if err != nil {
		return nil, fmt.Errorf("rendering: %w", err)
	}
	if err := os.MkdirAll(cfg.Cache, 0o755); err != nil {
		return nil, fmt.Errorf("making the cache: %w", err)
	}
	// Beside, then renamed: a run that was stopped leaves no half file to be measured on.
	if err := os.WriteFile(kept+".part", file, 0o600); err != nil {
		return nil, fmt.Errorf("keeping the rendered file: %w", err)
	}
	if err := os.Rename(kept+".part", kept); err != nil {
		return nil, fmt.Errorf("keeping the rendered file: %w", err)
	}
	return file, nil
}

// clauseOf says in which kind of clause a term or an obligation stands.
func clauseOf(c pact.Candidate) string {
	if c.Subject == "clause" {
		return c.Name
	}
	if c.Obligation != nil {
		if slices.Contains(levelKinds(), c.Obligation.SaidAs()) {
			return "service_level"
		}
		return ""
	}
	return map[string]string{
		"payment_terms": "payment_terms", "liability_cap": "liability_cap", "governing_law": "governing_law", "renewal_term": "renewal", "auto_renewal": "renewal",
		"notice_period": "notice", "term": "term", "expiration_date": "term", "service_credits": "service_credit", "claim_window": "service_credit", "uptime_target": "service_level",
		"total_contract_value": "price_and_tiers", "annual_contract_value": "price_and_tiers",
	}[c.Name]
}

// paragraphsOf takes the blocks that candidates stand in for clauses, each once.
func paragraphsOf(d *document.Document, got []pact.Candidate) []FoundClause {
	var out []FoundClause
	for _, c := range got {
		kind := clauseOf(c)
		for _, e := range c.Evidence {
			if kind == "" || e.Passage == nil {
				continue
			}
			quote := e.Passage.Quote
			if i := d.BlockAt(e.Passage.Start); i >= 0 && c.Subject != "clause" {
				quote = d.Slice(d.Blocks[i].Start, max(d.Blocks[i].End, e.Passage.End))
			}
			if f := (FoundClause{kind, quote}); !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// Print writes the report for people.
func (r *LabelledReport) Print(w io.Writer, misses bool) error {
	var b strings.Builder
	for _, s := range r.Scores {
		fmt.Fprintf(&b, "== %s, %s, %s: %d documents", s.Half, s.Origin, s.Rendering, s.Documents)
		if len(s.Unread) > 0 {
			fmt.Fprintf(&b, ", %d not read", len(s.Unread))
		}
		b.WriteString("\n")
		if s.Documents > 0 {
			s.print(&b, r.ClausesFrom)
		}
		if misses {
			s.printMisses(&b)
		}
		for _, u := range s.Unread {
			fmt.Fprintf(&b, "not read: %s\n", u)
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s *Score) print(b *strings.Builder, from string) {
	fmt.Fprintf(b, "%-26s %5s %6s %6s %10s %7s %12s   (from %s)\n", "clauses", "gold", "given", "right", "precision", "recall", "presence F1", from)
	var all Spans
	for _, kind := range ClauseKinds() {
		n := s.Clauses[kind]
		if n == nil || n.Gold+n.Given == 0 {
			continue
		}
		n.line(b, "  "+kind)
		all.Gold, all.Given, all.Right = all.Gold+n.Gold, all.Given+n.Given, all.Right+n.Right
		all.PresentTP, all.PresentFP, all.PresentFN = all.PresentTP+n.PresentTP, all.PresentFP+n.PresentFP, all.PresentFN+n.PresentFN
	}
	all.line(b, "  all")
	fmt.Fprintf(b, "%-26s %5s %6s %6s %8s %6s\n", "values", "gold", "right", "wrong", "missing", "false")
	sum := Count{}
	for _, name := range sortedKeys(s.Values) {
		n := s.Values[name]
		n.line(b, "  "+name)
		if name != "parties (roles)" {
			sum.Gold, sum.Right, sum.Wrong, sum.Missing, sum.False = sum.Gold+n.Gold, sum.Right+n.Right, sum.Wrong+n.Wrong, sum.Missing+n.Missing, sum.False+n.False
		}
	}
	sum.line(b, "  all")
	for _, name := range sortedKeys(s.Levels) {
		s.Levels[name].line(b, "  "+name)
	}
	s.Hours.line(b, "  hours (of right targets)")
	s.Maintenance.line(b, "  maintenance, by member")
	s.CreditCaps.line(b, "  credit cap")
	s.Frequencies.line(b, "  frequency (of matched)")
	s.Tiers.line(b, "credit tiers")
	s.Changes.line(b, "changes of amendments")
	s.Obligations.line(b, "obligations")
	s.Ambiguities.line(b, "ambiguities raised")
	for _, kind := range sortedKeys(s.Facts) {
		s.Facts[kind].line(b, "fact "+kind)
	}
	fmt.Fprintf(b, "%-26s %d of %d values with a confidence of 0.85 and more are right (%.3f)\n", "sure", s.Sure.Right, s.Sure.Given, ratio(s.Sure.Right, s.Sure.Given))
	fmt.Fprintf(b, "%-26s %d terms that are open were given a value without a question; %d labelled facts have no form in the product\n", "guessed", s.Guessed, s.Formless)
}

func (n *Spans) line(b *strings.Builder, name string) {
	fmt.Fprintf(b, "%-26s %5d %6d %6d %10.3f %7.3f %12.3f\n", name, n.Gold, n.Given, n.Right, ratio(n.Right, n.Given), ratio(n.Right, n.Gold), f1(n.PresentTP, n.PresentTP+n.PresentFP, n.PresentTP+n.PresentFN))
}

func (n *Count) line(b *strings.Builder, name string) {
	fmt.Fprintf(b, "%-26s %5d %6d %6d %8d %6d\n", name, n.Gold, n.Right, n.Wrong, n.Missing, n.False)
}

func (n *Matched) line(b *strings.Builder, name string) {
	fmt.Fprintf(b, "%-26s gold %d, given %d, right %d, F1 %.3f\n", name, n.Gold, n.Given, n.Right, f1(n.Right, n.Given, n.Gold))
}

func (s *Score) printMisses(b *strings.Builder) {
	show := func(name string, n *Count) {
		for _, m := range n.Misses {
			fmt.Fprintf(b, "MISS %s | %s | gold %s | got %s | %.160q\n", name, m.Contract, m.Gold, m.Got, m.Quote)
		}
	}
	for _, name := range sortedKeys(s.Values) {
		show(name, s.Values[name])
	}
	for _, name := range sortedKeys(s.Levels) {
		show(name, s.Levels[name])
	}
	show("hours", &s.Hours)
	show("frequency", &s.Frequencies)
	show("maintenance", &s.Maintenance)
	for _, m := range s.FactMisses {
		fmt.Fprintf(b, "MISS %s | gold %s | given %s | %.160q\n", m.Contract, m.Gold, m.Got, m.Quote)
	}
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
