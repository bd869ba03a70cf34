package evaluate

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/pactloop/pactloop/internal/extract/library"
)

// PassageReport tells how well the library finds passages, on the graded pairs of ACORD.
type PassageReport struct {
	Parts []PassagePart `json:"parts"`
}

// PassagePart is one set of queries. Only clauses that a query has a grade for are ranked: those without one were not looked at,
// and many of them would be right.
type PassagePart struct {
	Name    string  `json:"name"`
	Queries int     `json:"queries"`
	Pairs   int     `json:"pairs"`
	NDCG5   float64 `json:"ndcg_5"`
	NDCG10  float64 `json:"ndcg_10"`
	Useful5 float64 `json:"useful_5"` // of the first five, graded 2 or more of 4
	Good5   float64 `json:"good_5"`   // graded 3 or 4
	Alike   Alike   `json:"alike"`
}

// Alike asks the way the product does: a passage is the query. Each passage graded 3 or 4 for a query looks for others of it.
type Alike struct {
	Passages int     `json:"passages"`
	First    float64 `json:"first"`  // the most alike is graded 2 or more for the same query
	Three    float64 `json:"three"`  // of the three most alike
	Chance   float64 `json:"chance"` // of three taken blindly
}

const (
	useful = 2
	good   = 3
)

type clauseRow struct {
	ID   string `json:"_id"`
	Text string `json:"text"`
}

// RunPassages measures library on a folder of ACORD.
func RunPassages(ctx context.Context, folder string) (*PassageReport, error) {
	texts := map[string]string{}
	err := lines(folder, "acord_corpus.jsonl", func(line []byte) error {
		var c clauseRow
		err := readJSON(line, &c)
		texts[c.ID] = c.Text
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("evaluating on ACORD: %w", err)
	}
	queries := map[string]string{}
	err = lines(folder, "acord_queries.jsonl", func(line []byte) error {
		var q clauseRow
		err := readJSON(line, &q)
		queries[q.ID] = q.Text
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("evaluating on ACORD: %w", err)
	}
	r := &PassageReport{}
	for _, name := range []string{"train", "valid"} {
		grades, err := gradesOf(filepath.Join(folder, "acord_qrels_"+name+".tsv"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("evaluating on ACORD: %w", err)
		}
		part, err := passagePart(ctx, name, grades, texts, queries)
		if err != nil {
			return nil, fmt.Errorf("evaluating on ACORD: %w", err)
		}
		r.Parts = append(r.Parts, part)
	}
	return r, nil
}

// gradesOf reads query, clause and grade, a pair a line after the first.
func gradesOf(path string) (map[string]map[string]int, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	c := csv.NewReader(f)
	c.Comma, c.FieldsPerRecord = '\t', 3
	out := map[string]map[string]int{}
	for first := true; ; first = false {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", filepath.Base(path), err)
		}
		if first {
			continue
		}
		grade, err := strconv.Atoi(row[2])
		if err != nil || grade < 0 || grade > 4 {
			return nil, fmt.Errorf("reading %s: %.40q is no grade from 0 to 4", filepath.Base(path), row[2])
		}
		if out[row[0]] == nil {
			out[row[0]] = map[string]int{}
		}
		out[row[0]][row[1]] = grade
	}
}

func passagePart(ctx context.Context, name string, grades map[string]map[string]int, texts, queries map[string]string) (PassagePart, error) {
	part := PassagePart{Name: name}
	ids := make([]string, 0, len(texts))
	for id := range texts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	list := make([]library.Passage, len(ids))
	for i, id := range ids {
		list[i] = library.Passage{Key: id, Text: texts[id]}
	}
	// One shelf for all: how rare a word is should not depend on who asks.
	shelf := library.New(list)
	asked := make([]string, 0, len(grades))
	for q := range grades {
		asked = append(asked, q)
	}
	slices.Sort(asked)
	for _, q := range asked {
		if err := ctx.Err(); err != nil {
			return part, err
		}
		graded := grades[q]
		ranked := ranking(shelf, cmp.Or(queries[q], q), graded, "", 10)
		ideal := make([]int, 0, len(graded))
		for _, g := range graded {
			ideal = append(ideal, g)
		}
		slices.SortFunc(ideal, func(a, b int) int { return b - a })
		if len(ideal) == 0 || ideal[0] == 0 {
			continue // nothing was worth finding
		}
		part.Queries++
		part.Pairs += len(graded)
		part.NDCG5 += gain(ranked, 5) / gain(ideal, 5)
		part.NDCG10 += gain(ranked, 10) / gain(ideal, 10)
		part.Useful5 += share(ranked, 5, useful)
		part.Good5 += share(ranked, 5, good)
		part.alike(shelf, graded, texts, ideal)
	}
	if n := float64(part.Queries); n > 0 {
		part.NDCG5, part.NDCG10, part.Useful5, part.Good5 = part.NDCG5/n, part.NDCG10/n, part.Useful5/n, part.Good5/n
	}
	if n := float64(part.Alike.Passages); n > 0 {
		part.Alike.First, part.Alike.Three, part.Alike.Chance = part.Alike.First/n, part.Alike.Three/n, part.Alike.Chance/n
	}
	return part, nil
}

func (p *PassagePart) alike(shelf *library.Shelf, graded map[string]int, texts map[string]string, ideal []int) {
	others := 0
	for _, g := range ideal {
		if g >= useful {
			others++
		}
	}
	if others < 2 {
		return // no other to be found
	}
	for _, id := range slices.Sorted(maps.Keys(graded)) {
		if graded[id] < good {
			continue
		}
		ranked := ranking(shelf, texts[id], graded, id, 3)
		p.Alike.Passages++
		p.Alike.First += share(ranked, 1, useful)
		p.Alike.Three += share(ranked, 3, useful)
		p.Alike.Chance += float64(others-1) / float64(len(graded)-1)
	}
}

// ranking gives the grades of what is found, the best first; clauses without a grade, and the one that asks, are left out.
func ranking(shelf *library.Shelf, text string, graded map[string]int, not string, limit int) []int {
	var out []int
	for _, f := range shelf.Like(text, math.MaxInt) {
		if g, ok := graded[f.Key]; ok && f.Key != not {
			if out = append(out, g); len(out) == limit {
				break
			}
		}
	}
	return out
}

// gain is the discounted gain of the first places; a grade of four is worth fifteen times one of one.
func gain(grades []int, places int) float64 {
	total := 0.0
	for i, g := range grades[:min(len(grades), places)] {
		total += (math.Pow(2, float64(g)) - 1) / math.Log2(float64(i+2))
	}
	return total
}

func share(grades []int, places, least int) float64 {
	n := 0
	for _, g := range grades[:min(len(grades), places)] {
		if g >= least {
			n++
		}
	}
	return float64(n) / float64(places)
}

// Print writes the report for people.
func (r *PassageReport) Print(w io.Writer) error {
	text := "Passages of the library, on the graded pairs of ACORD\n\n"
	text += fmt.Sprintf("%-8s %8s %8s %7s %8s %10s %8s\n", "queries", "number", "pairs", "nDCG@5", "nDCG@10", "useful@5", "good@5")
	for _, p := range r.Parts {
		text += fmt.Sprintf("%-8s %8d %8d %7.3f %8.3f %10.3f %8.3f\n", p.Name, p.Queries, p.Pairs, p.NDCG5, p.NDCG10, p.Useful5, p.Good5)
	}
	text += "\nA passage looks for others of the same query\n"
	text += fmt.Sprintf("%-8s %8s %12s %15s %10s\n", "queries", "passages", "first useful", "of three useful", "by chance")
	for _, p := range r.Parts {
		text += fmt.Sprintf("%-8s %8d %12.3f %15.3f %10.3f\n", p.Name, p.Alike.Passages, p.Alike.First, p.Alike.Three, p.Alike.Chance)
	}
	_, err := io.WriteString(w, text)
	return err
}
