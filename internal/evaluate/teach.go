package evaluate

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// School makes the lessons that the grammar's ranking is learned from: the contracts of CUAD with what their labels hold
// for right. Only CUAD is learned from; its licence allows that.
func School(ctx context.Context, folder string) (*grammar.School, error) {
	var lessons []grammar.Lesson
	err := lines(folder, setName(folder), func(line []byte) error {
		var c cuadContract
		if err := readJSON(line, &c); err != nil {
			return err
		}
		lessons = append(lessons, grammar.Lesson{Document: PlainDocument(c.Text), Names: len(goldParties(c.Values["Parties"])), Fold: c.Fold, Right: verdicts(c.Values)})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the contracts to learn from: %w", err)
	}
	return grammar.Teach(ctx, lessons)
}

type verdict = func(pact.Value) bool

func never(pact.Value) bool { return false }

// verdicts says what the labels of a contract hold for right. A field whose label cannot be read (redacted, or written
// freely) is left out.
func verdicts(labels map[string]string) map[string]verdict {
	out := map[string]verdict{}
	for name, label := range map[string]string{"agreement_date": "Agreement Date", "effective_date": "Effective Date"} {
		raw := labels[label]
		day, _, ok := goldDate(raw)
		switch {
		case strings.TrimSpace(raw) == "":
			out[name] = never
		case ok:
			out[name] = func(v pact.Value) bool { return v.Kind == pact.DateValue && v.Date == day }
		}
	}
	lastDay(labels, out)
	parties := goldParties(labels["Parties"])
	out["parties"] = func(v pact.Value) bool {
		key := partyKey(v.Text)
		if parties[key] {
			return true
		}
		for label := range parties {
			if sameName(label, map[string]bool{key: true}) {
				return true
			}
		}
		return false
	}
	for name, label := range map[string]string{"renewal_term": "Renewal Term", "notice_period": "Notice Period To Terminate Renewal"} {
		want, perpetual, ok := goldDuration(labels[label])
		switch {
		case strings.TrimSpace(labels[label]) == "":
			out[name] = never
		case perpetual:
			out[name] = func(v pact.Value) bool { return v.Kind == pact.EvergreenValue }
		case ok:
			out[name] = func(v pact.Value) bool { return v.Duration != nil && sameDuration(*v.Duration, want) }
		}
	}
	return out
}

// lastDay judges the last day, and the term that leads to it from the start.
func lastDay(labels map[string]string, out map[string]verdict) {
	raw := labels["Expiration Date"]
	end, perpetual, ok := goldDate(raw)
	endless := func(v pact.Value) bool { return v.Kind == pact.EvergreenValue }
	switch {
	case perpetual:
		out["expiration_date"], out["term"] = endless, endless
	case strings.TrimSpace(raw) == "":
		out["expiration_date"] = never
	case ok:
		out["expiration_date"] = func(v pact.Value) bool {
			n := v.Date.DaysUntil(end)
			return v.Kind == pact.DateValue && n >= -1 && n <= 1
		}
		var starts []calendar.Date
		for _, label := range []string{"Effective Date", "Agreement Date"} {
			if d, _, ok := goldDate(labels[label]); ok {
				starts = append(starts, d)
			}
		}
		if len(starts) == 0 {
			return
		}
		out["term"] = func(v pact.Value) bool {
			if v.Duration == nil {
				return false
			}
			for _, s := range starts {
				if e, ok := v.Duration.After(s); ok {
					if n := e.DaysUntil(end); n >= -1 && n <= 1 {
						return true
					}
				}
			}
			return false
		}
	}
}

// goldDuration reads the label of a duration: "successive 1 year", "10 1 years" (ten renewals of one year).
func goldDuration(raw string) (d calendar.Duration, perpetual, ok bool) {
	raw = strings.TrimSpace(raw)
	if strings.Contains(raw, "[]") {
		return d, false, false
	}
	if strings.Contains(strings.ToLower(raw), "perpetual") {
		return d, true, true
	}
	all := goldDurationPattern.FindAllStringSubmatch(strings.ReplaceAll(raw, ")", ""), -1)
	if len(all) == 0 {
		return d, false, false
	}
	m := all[len(all)-1]
	n, err := strconv.Atoi(m[1])
	if err != nil {
		words, _ := wording.Number(m[1])
		n = int(words)
	}
	return calendar.Duration{Value: n, Unit: calendar.Unit(strings.ToLower(m[2]))}, false, true
}

// OutOfFold gives for each fold an extractor that learned nothing from it.
func OutOfFold(school *grammar.School) func(fold int) extract.Extractor {
	learned := map[int]extract.Extractor{}
	return func(fold int) extract.Extractor {
		if learned[fold] == nil {
			learned[fold] = grammar.NewWith(school.Learn(fold))
		}
		return learned[fold]
	}
}

// LearnRanking learns the ranking of the grammar from all contracts of a set and writes it, with its card, as it is
// embedded in the program.
func LearnRanking(ctx context.Context, folder string, to io.Writer) error {
	school, err := School(ctx, folder)
	if err != nil {
		return err
	}
	rank := school.Learn()
	return rank.Encode(to, CardOf(school, rank))
}

// CardOf is the card of a ranking that was learned from CUAD.
func CardOf(school *grammar.School, rank *grammar.Ranking) grammar.Card {
	return grammar.Card{
		Data: "CUAD v1, the 408 training contracts", Licence: "CC BY 4.0",
		Attribution: "The Atticus Project; Hendrycks, Burns, Chen, Ball, CUAD, NeurIPS 2021", Contracts: school.Size(),
		Method: "softmax over the readings of each field and their absence, on hashed words around each reading and marks of the grammar; AdaGrad, 25 rounds in fixed order; confidence by a logistic curve through out-of-fold beliefs",
		Scores: rank.Scores(),
	}
}
