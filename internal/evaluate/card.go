package evaluate

import (
	"encoding/json"
	"fmt"

	"github.com/pactloop/pactloop/internal/extract/learn"
)

// Card says what weights are: of which data, by which command, how good, of when.
type Card struct {
	Name        string             `json:"name"`
	Made        string             `json:"made"`
	Command     string             `json:"command"`
	Seed        uint64             `json:"seed"`
	Data        []CardData         `json:"data"`
	Method      string             `json:"method"`
	Scores      map[string]float64 `json:"scores_out_of_fold"`
	Use         string             `json:"use"`
	Limits      string             `json:"limits"`
	Description string             `json:"scores_are"`
}

// CardData is one set that weights were made of.
type CardData struct {
	Name        string `json:"name"`
	Contracts   int    `json:"contracts"`
	Licence     string `json:"licence"`
	Attribution string `json:"attribution"`
}

// NewCard writes the card of weights made of these samples.
func NewCard(made string, seed uint64, samples, own []learn.Sample, reports []*ClauseReport) (string, error) {
	r := reports[0]
	c := Card{
		Name: "Pactloop clauses", Made: made, Command: "pactloop train --corpus FOLDER", Seed: seed,
		Data: []CardData{{
			Name: "CUAD v1, training part", Contracts: len(samples), Licence: "CC BY 4.0",
			Attribution: "Contract Understanding Atticus Dataset, The Atticus Project; Hendrycks, Burns, Chen, Ball, NeurIPS 2021",
		}},
		Method: "Logistic regressions over words and pairs of words of a sentence and what stands around it, then boosted trees over candidate passages, then calibration by category.",
		Scores: map[string]float64{
			"aupr": thousandths(r.All.AUPR), "precision_at_80_recall": thousandths(r.All.P80), "precision_at_90_recall": thousandths(r.All.P90),
			"aupr_without_parties": thousandths(r.NoParties.AUPR), "presence_f1": thousandths(r.Presence.F1), "presence_accuracy": thousandths(r.Presence.Accuracy),
		},
		Description: "Of contracts that the weights of their fold did not see; the weights themselves are made of all contracts.",
		Use:         "Shows where an English commercial contract says something of a kind, and how likely it says it at all.",
		Limits:      "Learned from filings with the SEC, mostly American. A clause of a rare kind is often missed; a confidence says how often such a passage is one that a person would mark.",
	}
	if len(own) > 0 && len(reports) > 1 {
		c.teach(own, reports[1])
	}
	return c.text()
}

// teach writes what our own set taught.
func (c *Card) teach(own []learn.Sample, r *ClauseReport) {
	c.Data = append(c.Data[:1], CardData{Name: "Our own labelled set, training half", Contracts: len(own), Licence: "Apache-2.0", Attribution: "the Pactloop authors"})
	c.Scores["own_kinds_aupr"], c.Scores["own_kinds_presence_f1"] = thousandths(r.All.AUPR), thousandths(r.Presence.F1)
}

func (c *Card) text() (string, error) {
	out, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("writing the card of the weights: %w", err)
	}
	return string(out), nil
}

func thousandths(v float64) float64 { return float64(int(v*1000+0.5)) / 1000 }

// cardOf reads the card of weights.
func cardOf(text string) (*Card, error) {
	c := &Card{}
	if err := json.Unmarshal([]byte(text), c); err != nil || len(c.Data) == 0 || c.Scores == nil {
		return nil, fmt.Errorf("the weights have no card that can be read (%w)", err)
	}
	return c, nil
}
