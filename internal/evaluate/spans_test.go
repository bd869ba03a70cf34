package evaluate_test

import (
	"math"
	"testing"

	"github.com/pactloop/pactloop/internal/evaluate"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func all(string) bool { return true }

// Four marks. By confidence: right 0.95; wrong 0.90; right 0.80; right 0.60; the fourth mark is never found.
//
//	threshold  right wrong  recall  precision  made monotone
//	0.99           0     0    0        1         1
//	0.95           1     0    0.25     1         1
//	0.90           1     1    0.25     0.5       0.75
//	0.80           2     1    0.5      0.667     0.75
//	0.60 … 0       3     1    0.75     0.75      0.75
//
// The area: 0.25 x 1, then a step down at recall 0.25, then 0.5 x 0.75: 0.625.
func TestSpansAreCountedAsCUADDoes(t *testing.T) {
	t.Parallel()
	marks := []evaluate.Marked{
		{0, "insurance", "shall keep insurance of one million dollars"},
		{0, "insurance", "shall name the buyer as insured"},
		{1, "insurance", "insurance against fire is kept"},
		{1, "governing_law", "the law of Ohio governs"},
	}
	predictions := []evaluate.Predicted{
		{0, "insurance", "shall keep insurance of one million dollars;", 0.95},
		{0, "governing_law", "the law of Ohio governs", 0.90}, // right words, but nobody marked it in this contract
		{0, "insurance", "Shall name the buyer, as insured", 0.80},
		{1, "insurance", "insurance against fire", 0.60},
	}
	got := evaluate.MatchSpans(marks, predictions).Score(all)
	if got.Marks != 4 || got.Reached != 3 || !near(got.AUPR, 0.625) {
		t.Errorf("%+v, want AUPR 0.625", got)
	}
	if got.P80 != 0 || got.P90 != 0 {
		t.Errorf("a recall of 0.8 is never reached: %+v", got)
	}
	if got.Sure != 2 || got.SureRight != 1 {
		t.Errorf("at or above 0.85: %d, right %d", got.Sure, got.SureRight)
	}
	only := evaluate.MatchSpans(marks, predictions).Score(func(c string) bool { return c == "insurance" })
	if only.Marks != 3 || !near(only.AUPR, 1) || !near(only.P80, 1) || !near(only.P90, 1) {
		t.Errorf("insurance alone: %+v, want 1", only)
	}
}

func TestOnePredictionMayFindSeveralMarksAndTwoThatFindOneAreBothRight(t *testing.T) {
	t.Parallel()
	marks := []evaluate.Marked{{0, "parties", "Acme Inc."}, {0, "parties", "Beta LLC"}, {0, "parties", "Buyer"}}
	got := evaluate.MatchSpans(marks, []evaluate.Predicted{
		{0, "parties", `between Acme Inc. and Beta LLC ("Buyer")`, 0.9}, {0, "parties", "Acme Inc.", 0.8},
	}).Score(all)
	if got.Reached != 3 || !near(got.AUPR, 1) || !near(got.P90, 1) {
		t.Errorf("%+v", got)
	}
}

// Precision at the first recall of 0.8 of five marks: four right and one wrong before it.
func TestPrecisionAtARecall(t *testing.T) {
	t.Parallel()
	var marks []evaluate.Marked
	var predictions []evaluate.Predicted
	for i, text := range []string{"one", "two", "three", "four", "five"} {
		marks = append(marks, evaluate.Marked{0, "insurance", text})
		predictions = append(predictions, evaluate.Predicted{0, "insurance", text, 0.9 - float64(i)*0.1})
	}
	predictions = append(predictions, evaluate.Predicted{0, "insurance", "wrong", 0.75}, evaluate.Predicted{0, "insurance", "wrong too", 0.52})
	got := evaluate.MatchSpans(marks, predictions).Score(all)
	if !near(got.P80, 0.8) || !near(got.P90, 5.0/7) {
		t.Errorf("P@80R %v, want 0.8; P@90R %v, want 5/7", got.P80, got.P90)
	}
}

// Fold 0 is judged at the limit that is best in fold 1 (0.6: both right) and the other way round (0.7).
func TestPresenceIsJudgedAtALimitOfTheOtherFolds(t *testing.T) {
	t.Parallel()
	got := evaluate.ScorePresence([]evaluate.Judged{
		{0, 0.7, true},
		{0, 0.65, false},
		{0, 0.1, false},
		{1, 0.6, true},
		{1, 0.8, true},
		{1, 0.2, false},
	})
	// Fold 0 at 0.6: 0.7 right, 0.65 said and wrong, 0.1 right. Fold 1 at 0.7: 0.6 missed, 0.8 right, 0.2 right.
	// Said 3, right of these 2, present 3: F1 2/3; right answers 4 of 6.
	if got.Pairs != 6 || got.Present != 3 || !near(got.F1, 2.0/3) || !near(got.Accuracy, 4.0/6) {
		t.Errorf("%+v", got)
	}
}

// Two bins: ten chances of 0.85 of which nine came true, ten of 0.15 of which none did: (10*0.05 + 10*0.15) / 20.
func TestCalibrationError(t *testing.T) {
	t.Parallel()
	var b evaluate.Bins
	for i := range 10 {
		b.Add(0.85, i > 0)
		b.Add(0.15, false)
	}
	if got := b.ECE(); !near(got, 0.1) {
		t.Errorf("%v, want 0.1", got)
	}
	var none evaluate.Bins
	if none.ECE() != 0 {
		t.Error("nothing counted is no error")
	}
}
