package main

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/review"
)

func TestASuggestionIsASentence(t *testing.T) {
	t.Parallel()
	d := decimal.RequireFromString
	for want, s := range map[string]review.Suggestion{
		"at 0.91 or more 98.5 % of 140 were right; suggested 0.91, would have accepted 61.9 % of 226; in force 0.85":                        {Threshold: "0.91", At: 140, RightAt: 138, Accuracy: d("0.9857"), Share: d("0.6194"), Decided: 226, InForce: d("0.85")},
		"at 0.5 or more 100 % of 60 were right; suggested 0.5, would have accepted 100 % of 60; in force 0.85, and the term is always held": {Threshold: "0.5", At: 60, RightAt: 60, Accuracy: d("1"), Share: d("1"), Decided: 60, InForce: d("0.85"), Named: true},
		"40 of 41 decided were right: too few to suggest a threshold; in force 0.85":                                                        {Why: "few", Right: 40, Decided: 41, InForce: d("0.85")},
		"70 of 88 decided were right: at no confidence often enough; in force 0.9":                                                          {Why: "wrong", Right: 70, Decided: 88, InForce: d("0.9")},
	} {
		if got := suggested(s); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
