package evaluate

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	trained "github.com/pactloop/pactloop/internal/extract/clause" // the tests of this package have a clause of their own
	"github.com/pactloop/pactloop/internal/extract/learn"
)

// ClauseReport is how well clauses are found in contracts that the weights did not see.
type ClauseReport struct {
	Title      string           `json:"title"`
	Contracts  int              `json:"contracts"`
	All        SpanScore        `json:"all"`
	NoParties  SpanScore        `json:"without_parties"`
	Presence   PresenceScore    `json:"presence"`
	Categories []CategoryReport `json:"categories"`
	Reading    time.Duration    `json:"reading,omitempty"` // of all contracts, one core
	Loss       *LossReport      `json:"loss,omitempty"`    // where it is lost, of the first report
}

// CategoryReport is one category of a report.
type CategoryReport struct {
	Name     string        `json:"name"`
	Spans    SpanScore     `json:"spans"`
	Presence PresenceScore `json:"presence"`
}

// ScoreClauses counts readings of samples against their marks. A nil reading leaves its sample out.
func ScoreClauses(title string, samples []learn.Sample, spans [][]trained.Found, presence [][]float32, categories []string) *ClauseReport {
	return scoreClauses(title, samples, spans, presence, categories, func(s string) string { return s })
}

// alike is the title of a report in which marks of print do not count.
const alike = ", quotation marks, hyphens and white space made alike"

// printed is a text without the marks that a printed contract has and a typed label has not. Names of parties are compared
// letter by letter, so that “Acme” in a PDF is never found to be the "Acme" of a label.
func printed(s string) string { return strings.Join(strings.Fields(sameMark.Replace(s)), " ") }

func scoreClauses(title string, samples []learn.Sample, spans [][]trained.Found, presence [][]float32, categories []string, form func(string) string) *ClauseReport {
	var marks []Marked
	var predictions []Predicted
	var judged []Judged
	byCategory := make([][]Judged, len(categories))
	r := &ClauseReport{Title: title}
	for i, s := range samples {
		if presence[i] == nil {
			continue
		}
		r.Contracts++
		for c, name := range categories {
			for _, m := range s.Marks[name] {
				marks = append(marks, Marked{i, name, form(m.Text)})
			}
			j := Judged{Fold: s.Fold, Chance: float64(presence[i][c]), Present: len(s.Marks[name]) > 0}
			judged, byCategory[c] = append(judged, j), append(byCategory[c], j)
		}
		for _, f := range spans[i] {
			predictions = append(predictions, Predicted{i, categories[f.Category], form(s.Document.Text[f.Start:f.End]), trained.Told(f.Confidence)})
		}
	}
	m := MatchSpans(marks, predictions)
	r.All = m.Score(func(string) bool { return true })
	r.NoParties = m.Score(func(c string) bool { return c != "parties" })
	r.Presence = ScorePresence(judged)
	for c, name := range categories {
		r.Categories = append(r.Categories, CategoryReport{name, m.Score(func(n string) bool { return n == name }), ScorePresence(byCategory[c])})
	}
	return r
}

// ClauseCategories is the names of the kinds that CUAD marks.
func ClauseCategories() []string {
	var names []string
	for _, c := range trained.Categories() {
		if c.CUAD != "" {
			names = append(names, c.Name)
		}
	}
	return names
}

// RunClauses reads each contract of CUAD with weights made without its fold, in this run, and counts.
//
// Where read is set, contracts of fold 0 are read again from their files with the same weights: the second report.
func RunClauses(ctx context.Context, folder string, read func(ctx context.Context, path string) (*document.Document, error), cfg learn.Config) ([]*ClauseReport, error) {
	samples, err := MarkedClauses(ctx, folder, nil)
	if err != nil {
		return nil, fmt.Errorf("evaluating clauses: %w", err)
	}
	held, err := learn.CrossValidate(ctx, samples, cfg)
	if err != nil {
		return nil, fmt.Errorf("evaluating clauses: %w", err)
	}
	text := ScoreClauses("CUAD, out of fold", samples, held.Spans, held.Presence, ClauseCategories())
	text.Reading = readingTime(samples, held)
	text.Loss = LossOf(samples, held.Spans, ClauseCategories())
	reports := []*ClauseReport{text}
	if read == nil {
		return reports, nil
	}
	filed, err := fromFiles(ctx, folder, read, samples, held)
	if err != nil {
		return nil, err
	}
	return append(reports, filed...), nil
}

// RunHeldOut reads contracts that no training saw with the weights of this binary, and counts. Contracts that the weights
// were made of would give figures that mean nothing.
func RunHeldOut(ctx context.Context, folder string, read func(ctx context.Context, path string) (*document.Document, error), finder *trained.Finder) ([]*ClauseReport, error) {
	samples, err := MarkedClauses(ctx, folder, nil)
	if err != nil {
		return nil, fmt.Errorf("evaluating clauses: %w", err)
	}
	names := ClauseCategories()
	report := func(title string, samples []learn.Sample) ([]*ClauseReport, error) {
		spans, presence := make([][]trained.Found, len(samples)), make([][]float32, len(samples))
		started := time.Now()
		for i, s := range samples {
			if s.Document == nil {
				continue
			}
			r, err := finder.Read(ctx, s.Document)
			if err != nil {
				return nil, err
			}
			presence[i] = r.Presence
			for _, f := range r.Found {
				if f.Category < len(names) {
					spans[i] = append(spans[i], f)
				}
			}
		}
		took := time.Since(started)
		r := ScoreClauses(title, samples, spans, presence, names)
		r.Reading = took
		return []*ClauseReport{r, scoreClauses(title+alike, samples, spans, presence, names, printed)}, nil
	}
	text, err := report("Contracts held out, read with the weights of this binary", samples)
	if err != nil || read == nil {
		return text[:min(1, len(text))], err
	}
	files := slices.Clone(samples)
	for i := range files {
		files[i].Document = nil
		if d, err := read(ctx, fileOf(folder, files[i].File)); err == nil {
			files[i].Document = d
		}
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("evaluating clauses: %w", err)
		}
	}
	filed, err := report("The same contracts, those with a file, read from it", files)
	if err != nil {
		return nil, err
	}
	return []*ClauseReport{text[0], filed[0], filed[1]}, nil
}

// readingTime reads contracts again, one after the other.
func readingTime(samples []learn.Sample, held *learn.Held) time.Duration {
	machines := map[int]*trained.Machine{}
	for f, w := range held.Models {
		machines[f] = trained.NewMachine(w)
	}
	started := time.Now()
	for _, s := range samples {
		machines[s.Fold].Read(s.Document)
	}
	return time.Since(started)
}

// Print writes the report for people.
func (r *ClauseReport) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d contracts\n\n", r.Title, r.Contracts)
	fmt.Fprintf(&b, "%-34s %6s %7s %7s %7s %7s %7s\n", "spans", "marks", "reached", "AUPR", "P@80R", "P@90R", "ECE")
	line := func(name string, s SpanScore) {
		fmt.Fprintf(&b, "%-34s %6d %7.3f %7.3f %7.3f %7.3f %7.3f\n", name, s.Marks, float64(s.Reached)/float64(max(1, s.Marks)), s.AUPR, s.P80, s.P90, s.ECE)
	}
	line("all categories", r.All)
	line("without parties", r.NoParties)
	fmt.Fprintf(&b, "of the %d candidates at or above 0.85, %d match a mark\n", r.All.Sure, r.All.SureRight)
	fmt.Fprintf(&b, "presence: F1 %.3f, accuracy %.3f, ECE %.3f (%d of %d pairs of contract and category present)\n", r.Presence.F1, r.Presence.Accuracy, r.Presence.ECE, r.Presence.Present, r.Presence.Pairs)
	if r.Reading > 0 {
		fmt.Fprintf(&b, "reading took %s: %.0f contracts a second\n", r.Reading.Round(time.Millisecond), float64(r.Contracts)/r.Reading.Seconds())
	}
	fmt.Fprintf(&b, "\n%-34s %6s %7s %7s %7s %7s   %8s %8s\n", "category", "marks", "reached", "AUPR", "P@80R", "ECE", "presence", "accuracy")
	for _, c := range r.Categories {
		s := c.Spans
		fmt.Fprintf(&b, "%-34s %6d %7.3f %7.3f %7.3f %7.3f   %8.3f %8.3f\n", c.Name, s.Marks, float64(s.Reached)/float64(max(1, s.Marks)), s.AUPR, s.P80, s.ECE, c.Presence.F1, c.Presence.Accuracy)
	}
	b.WriteByte('\n')
	if _, err := io.WriteString(w, b.String()); err != nil || r.Loss == nil {
		return err
	}
	return r.Loss.Print(w)
}

// fromFiles reads the files of fold 0 where they are there, with the weights made without that fold. Both reports are of
// the same contracts, so that they tell what is lost on the way through the file.
func fromFiles(ctx context.Context, folder string, read func(ctx context.Context, path string) (*document.Document, error), samples []learn.Sample, held *learn.Held) ([]*ClauseReport, error) {
	model, ok := held.Models[0]
	if !ok {
		return nil, nil
	}
	m := trained.NewMachine(model)
	files := make([]learn.Sample, len(samples))
	spans, presence := make([][]trained.Found, len(samples)), make([][]float32, len(samples))
	textPresence := make([][]float32, len(samples))
	for i, s := range samples {
		if s.Fold != 0 || s.File == "" {
			continue
		}
		d, err := read(ctx, fileOf(folder, s.File))
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err != nil {
			continue // no file, or one that gives no text: it is missing in both reports
		}
		files[i] = s
		files[i].Document = d
		found := m.Read(d)
		spans[i], presence[i] = found.Found, found.Presence
		textPresence[i] = held.Presence[i]
	}
	names := ClauseCategories()
	return []*ClauseReport{
		ScoreClauses("CUAD fold 0, from text, contracts with a file", samples, held.Spans, textPresence, names),
		ScoreClauses("CUAD fold 0, from the same contracts' files", files, spans, presence, names),
		scoreClauses("CUAD fold 0, from the same contracts' files"+alike, files, spans, presence, names, printed),
	}, nil
}

// TrainClauses makes weights of all contracts of CUAD and, where own is set, of the training half of our own set, with their
// card. The reports are of what weights found that did not see the contract: CUAD by folds, our own set by documents.
//
// Where read is set, contracts of fold 0 are counted from their files too.
func TrainClauses(ctx context.Context, folder string, own fs.FS, read func(ctx context.Context, path string) (*document.Document, error), made string, cfg learn.Config) (*trained.Weights, []*ClauseReport, error) {
	samples, err := MarkedClauses(ctx, folder, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("training: %w", err)
	}
	if own != nil {
		if cfg.Extra, err = OwnSamples(ctx, own); err != nil {
			return nil, nil, fmt.Errorf("training: %w", err)
		}
	}
	w, held, err := learn.Train(ctx, samples, cfg)
	if err != nil {
		return nil, nil, err
	}
	reports := []*ClauseReport{ScoreClauses("CUAD, out of fold", samples, held.Spans, held.Presence, ClauseCategories())}
	if len(cfg.Extra) > 0 {
		reports = append(reports, ScoreOwn(ownTitle, cfg.Extra, held))
	}
	if read != nil {
		filed, err := fromFiles(ctx, folder, read, samples, held)
		if err != nil {
			return nil, nil, err
		}
		reports = append(reports, filed...)
	}
	if w.Card, err = NewCard(made, cfg.Seed, samples, cfg.Extra, reports); err != nil {
		return nil, nil, err
	}
	return w, reports, nil
}

// TeachOwn teaches only the kinds that CUAD lacks anew and leaves what weights know of CUAD as it is. CUAD is still needed:
// for counter-examples, and so that the vocabulary is the same. The bytes are those that TrainClauses would give.
func TeachOwn(ctx context.Context, folder string, own fs.FS, known *trained.Weights, cfg learn.Config) (*trained.Weights, *ClauseReport, error) {
	samples, err := MarkedClauses(ctx, folder, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("training: %w", err)
	}
	if cfg.Extra, err = OwnSamples(ctx, own); err != nil {
		return nil, nil, fmt.Errorf("training: %w", err)
	}
	card, err := cardOf(known.Card)
	if err != nil {
		return nil, nil, err
	}
	w, held, err := learn.TrainExtra(ctx, samples, cfg, known)
	if err != nil {
		return nil, nil, err
	}
	r := ScoreOwn(ownTitle, cfg.Extra, held)
	card.teach(cfg.Extra, r)
	if w.Card, err = card.text(); err != nil {
		return nil, nil, err
	}
	return w, r, nil
}

const ownTitle = "Our own set, training half, each document by weights made without it"
