package evaluate

import (
	"context"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/extract"
	trained "github.com/pactloop/pactloop/internal/extract/clause" // the tests of this package have a clause of their own
	"github.com/pactloop/pactloop/internal/extract/learn"
)

// OwnKinds is the names of the kinds that CUAD lacks.
func OwnKinds() []string {
	var names []string
	for _, c := range trained.Categories() {
		if c.CUAD == "" {
			names = append(names, c.Name)
		}
	}
	return names
}

// OwnSamples reads the training half of our own set for the kinds that CUAD lacks, each document as its text file is read.
func OwnSamples(ctx context.Context, set fs.FS) ([]learn.Sample, error) {
	documents, err := LoadLabelled(set)
	if err != nil {
		return nil, fmt.Errorf("reading our own set: %w", err)
	}
	reader := plain.New(plain.Config{})
	kinds := OwnKinds()
	var list []learn.Sample
	for _, l := range documents {
		if l.Half != "train" {
			continue
		}
		d, err := reader.Read(ctx, []byte(l.Text))
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", l.Name, err)
		}
		s := learn.Sample{Title: l.Name, File: l.Name, Document: d, Marks: map[string][]learn.Mark{}}
		locate := learn.Locate(l.Text, d.Text)
		runes := []rune(l.Text)
		for _, c := range l.Labels.Clauses {
			if !slices.Contains(kinds, c.Kind) {
				continue
			}
			start, end := locate(len(string(runes[:c.Start])), c.Quote)
			s.Marks[c.Kind] = append(s.Marks[c.Kind], learn.Mark{Text: c.Quote, Start: start, End: end})
		}
		list = append(list, s)
	}
	return list, nil
}

// ScoreOwn counts what models say of documents of our own set that they did not see.
func ScoreOwn(title string, samples []learn.Sample, held *learn.Held) *ClauseReport {
	kinds := OwnKinds()
	first := len(trained.Categories()) - len(kinds)
	moved := make([][]trained.Found, len(samples))
	for i := range samples {
		samples[i].Fold = i % 5
		for _, f := range held.Extra[i] {
			f.Category -= first
			moved[i] = append(moved[i], f)
		}
	}
	return ScoreClauses(title, samples, moved, held.ExtraPresence, kinds)
}

// LabelledKind gives the kind of our own set that a category is, "" for none.
func LabelledKind(category string) string {
	switch category {
	case "renewal_term":
		return "renewal"
	case "notice_to_terminate_renewal":
		return "notice"
	case "cap_on_liability":
		return "liability_cap"
	case "expiration_date":
		return "term"
	case "termination_for_convenience":
		return "termination"
	}
	if slices.Contains(ClauseKinds(), category) {
		return category
	}
	return ""
}

// FoundClauses are clauses by the kinds of our own set; those of other kinds are left out.
func FoundClauses(set extract.ClauseSet) []FoundClause {
	var list []FoundClause
	for _, c := range set.Clauses {
		if kind := LabelledKind(c.Category); kind != "" && c.Evidence.Passage != nil {
			list = append(list, FoundClause{kind, c.Evidence.Passage.Quote})
		}
	}
	return list
}
