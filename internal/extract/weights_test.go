package extract_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
)

func title(own string) pact.Candidate {
	v := pact.Text("SUPPLY AGREEMENT")
	return pact.Candidate{Subject: "term", Name: "title", Value: &v, Extractor: "grammar/15", Confidence: decimal.RequireFromString(own), Verification: pact.Verified}
}

// What decisions make of a confidence: a few of them take none over the limit from which nobody looks.
func TestFewDecisionsTakeNoFieldOverTheLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		own            string
		decided, right int
		want           string
	}{
		{"0.82", 0, 0, "0.82"},
		{"0.82", 2, 2, "0.8363"},
		{"0.82", 4, 4, "0.84"},   // 0.85 by the sum alone
		{"0.845", 4, 4, "0.845"}, // not lowered by being right
		{"0.82", 19, 19, "0.84"}, // still too few
		{"0.82", 20, 20, "0.91"}, // as many as its own word counts
		{"0.84", 40, 37, "0.84"}, // not right often enough
		{"0.82", 40, 20, "0.6066"},
		{"0.90", 4, 4, "0.9166"}, // measured on labelled contracts
		{"0.90", 1, 0, "0.8571"},
		{"0.90", 30, 0, "0.36"},
		{"1", 30, 0, "0.396"}, // as sure as 0.99, the ceiling
	} {
		d := extract.Decisions{}
		for i := range c.decided {
			d.Add("title", "grammar/15", decimal.RequireFromString(c.own), i < c.right)
		}
		if got := d.Weights().Tune(title(c.own)).Confidence; !got.Equal(decimal.RequireFromString(c.want)) {
			t.Errorf("%s after %d of %d: %s, want %s", c.own, c.right, c.decided, got, c.want)
		}
		if now := d.Weights().Of("title", "grammar/15").Now; c.decided > 0 && !now.Equal(decimal.RequireFromString(c.want)) {
			t.Errorf("%s after %d of %d: the page says %s, want %s", c.own, c.right, c.decided, now, c.want)
		}
	}
}

// Sure readings that were right lift no unsure ones over the limit: those need their own decisions.
func TestManySureReadingsDoNotSpeakForUnsureOnes(t *testing.T) {
	t.Parallel()
	d := extract.Decisions{}
	add := func(own string, decided, right int) {
		for i := range decided {
			d.Add("title", "grammar/15", decimal.RequireFromString(own), i < right)
		}
	}
	over := func(own string) bool {
		return !d.Weights().Tune(title(own)).Confidence.LessThan(decimal.New(85, -2))
	}
	add("0.95", 200, 200)
	if over("0.8") {
		t.Error("decisions on readings over the limit took one below over it")
	}
	add("0.8", 40, 40)
	add("0.7", 10, 10)
	if !over("0.8") || !over("0.81") || over("0.79") || over("0.7") {
		t.Errorf("forty right at 0.8, ten at 0.7: %+v", d.Weights().Of("title", "grammar/15"))
	}
	add("0.7", 10, 10)
	if !over("0.75") || !over("0.7") || over("0.69") {
		t.Errorf("twenty right at 0.7: %+v", d.Weights().Of("title", "grammar/15"))
	}
	add("0.7", 20, 10)
	if !over("0.8") || over("0.75") {
		t.Errorf("thirty of forty right at 0.7: %+v", d.Weights().Of("title", "grammar/15"))
	}
}

// Whatever was decided, what is surer stays surer, nothing leaves 0 to 1, being right never lowers and being wrong never lifts, and the same
// decisions in another order give the same.
func TestACurveIsMonotoneAndBounded(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 11))
	one := decimal.NewFromInt(1)
	for round := range 120 {
		type decision struct {
			own   decimal.Decimal
			right bool
		}
		var list []decision
		share := r.IntN(101)
		for range 1 + r.IntN(120) {
			list = append(list, decision{decimal.New(int64(r.IntN(10001)), -4), r.IntN(100) < share})
		}
		if round%3 == 0 { // as rules give them: few different ones
			for i := range list {
				list[i].own = []decimal.Decimal{decimal.New(7, -1), decimal.New(82, -2), decimal.New(84, -2), decimal.New(98, -2)}[r.IntN(4)]
			}
		}
		d, again := extract.Decisions{}, extract.Decisions{}
		for _, x := range list {
			d.Add("title", "grammar/15", x.own, x.right)
		}
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for _, x := range list {
			again.Add("title", "grammar/15", x.own, x.right)
		}
		curve, twin := d.Weights().Of("title", "grammar/15"), again.Weights().Of("title", "grammar/15")
		last := decimal.Decimal{}
		for i := range 1001 {
			own := decimal.New(int64(i), -3)
			now := curve.Of(own)
			if now.LessThan(last) || now.IsNegative() || now.GreaterThan(one) || !now.Equal(twin.Of(own)) {
				t.Fatalf("round %d: %s becomes %s after %s, and %s in another order; %+v", round, own, now, last, twin.Of(own), list)
			}
			step := decimal.New(1, -4) // cut to four places
			if up := curve.Now.GreaterThan(curve.Own); up && now.Add(step).LessThan(decimal.Min(own, decimal.New(99, -2))) || curve.Now.LessThan(curve.Own) && now.GreaterThan(own) {
				t.Fatalf("round %d: %s becomes %s, though the mean goes from %s to %s", round, own, now, curve.Own, curve.Now)
			}
			last = now
		}
	}
}

// Without a decision on it, a field keeps the confidence that ships, byte for byte; what the extractor gave is kept beside it.
func TestNoDecisionChangesNothing(t *testing.T) {
	t.Parallel()
	d := extract.Decisions{}
	d.Add("zone", "grammar/15", decimal.New(9, -1), false)
	d.Add("title", "grammar/12", decimal.New(9, -1), false)
	for _, w := range []extract.Weights{nil, {}, d.Weights()} {
		for i := range 1001 {
			c := title(decimal.New(int64(i), -3).String())
			c.Rivals = []pact.Candidate{title("0.3")}
			if i > 0 { // with more places than decisions would leave
				c.Confidence = c.Confidence.Sub(decimal.New(1, -7))
			}
			got := w.Combine([]pact.Candidate{c})[0]
			want := extract.Combine([]pact.Candidate{c})[0]
			if kept, ok := got.OwnConfidence["grammar/15"]; w != nil && (!ok || !kept.Equal(c.Confidence)) {
				t.Fatalf("own confidence of %s: %v", c.Confidence, got.OwnConfidence)
			}
			got.OwnConfidence = nil
			for i := range got.Rivals {
				got.Rivals[i].OwnConfidence = nil
			}
			a, errA := json.Marshal(got)
			b, errB := json.Marshal(want)
			if errA != nil || errB != nil || string(a) != string(b) {
				t.Fatalf("%s, %v\nwant %s, %v", a, errA, b, errB)
			}
		}
	}
}

func ExampleCurve() {
	d := extract.Decisions{}
	for i := range 30 {
		d.Add("governing_law", "grammar/15", decimal.RequireFromString("0.9"), i < 3)
	}
	c := d.Weights().Of("governing_law", "grammar/15")
	fmt.Println(c.Right, "of", c.Decided, "right:", c.Own, "becomes", c.Now)
	fmt.Println(c.Of(decimal.RequireFromString("0.95")), c.Of(decimal.RequireFromString("0.9")), c.Of(decimal.RequireFromString("0.5")))
	// Output:
	// 3 of 30 right: 0.9 becomes 0.42
	// 0.6045 0.42 0.0744
}

// Where readings of one confidence were often wrong, many right ones below it lift neither those nor themselves.
func TestWhatIsLessSureDoesNotSpeakForWhatWasWrong(t *testing.T) {
	t.Parallel()
	d := extract.Decisions{}
	add := func(own string, decided, right int) {
		for i := range decided {
			d.Add("title", "grammar/15", decimal.RequireFromString(own), i < right)
		}
	}
	add("0.84", 20, 15)
	add("0.75", 380, 380)
	for _, own := range []string{"0.84", "0.75"} {
		if got := d.Weights().Tune(title(own)).Confidence; !got.LessThan(decimal.New(85, -2)) {
			t.Errorf("%s became %s", own, got)
		}
	}
}
