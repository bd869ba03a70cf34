package review_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// lot is a number of decided readings of one confidence.
type lot struct {
	confidence   string
	right, wrong int
	reasons      []string
	extractor    string
	by           string
}

func decidedLots(t *testing.T, h *apitest.House, lots []lot) {
	t.Helper()
	err := h.Store.Change(storetest.System(t), store.Act{Name: "test.seed"}, func(ctx context.Context, tx store.Tx) error {
		for _, l := range lots {
			for i := range l.right + l.wrong {
				law := pact.Text("Ohio")
				c := pact.Candidate{
					ID: pact.NewID[pact.CandidateID]("can", tx.Now), BusinessUnit: "north", Subject: "term", Name: "governing_law", Label: "Governing law", Value: &law, Confidence: decimal.RequireFromString(l.confidence),
					Verification: pact.Verified, Extractor: l.extractor, State: pact.CandidateAccepted, DecidedBy: l.by, Reasons: l.reasons,
				}
				if i >= l.right {
					c.State = pact.CandidateRejected
				}
				if err := tx.Candidates.Insert(ctx, &c); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestThresholdsAreSuggestedFromDecisions(t *testing.T) {
	t.Parallel()
	const x, who = "grammar/9", "usr_1"
	page := []lot{{"0.95", 100, 2, nil, x, who}, {"0.91", 38, 0, nil, x, who}, {"0.8", 60, 26, nil, x, who}}
	for _, c := range []struct {
		name string
		lots []lot
		want string
	}{
		{"the example of the page", page, `0.91: 138 of 140, 0.9857, share 0.6194`},
		{"at every confidence", []lot{{"0.9", 40, 0, nil, x, who}, {"0.3", 20, 0, nil, x, who}}, `0.3: 60 of 60, 1, share 1`},
		{"too few", []lot{{"0.9", 49, 0, nil, x, who}}, `few: 0 of 0, 1, share 0`},
		{"never right enough", []lot{{"0.9", 90, 10, nil, x, who}}, `wrong: 0 of 0, 0.9, share 0`},
		{"one confidence stands or falls as a whole", []lot{{"0.9", 60, 3, nil, x, who}}, `wrong: 0 of 0, 0.9523, share 0`},
		{"sure readings do not speak for unsure ones", []lot{{"0.99", 300, 0, nil, x, who}, {"0.5", 5, 5, nil, x, who}}, `0.99: 300 of 300, 1, share 0.9677`},
		{"what another reason held says nothing", []lot{{"0.9", 60, 0, []string{"high_stakes"}, x, who}, {"0.9", 0, 60, []string{"low_confidence", "disagreement"}, x, who}}, `0.9: 60 of 60, 1, share 1`},
		{"what the policy accepted proves nothing", []lot{{"0.9", 60, 0, nil, x, "policy"}, {"0.9", 10, 0, nil, x, who}}, `few: 0 of 0, 1, share 0`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := apitest.Build(t, apitest.Options{})
			decidedLots(t, h, c.lots)
			list, err := h.Review.Suggest(storetest.System(t), review.DefaultTarget())
			if err != nil || len(list) != 1 {
				t.Fatalf("%+v, %v", list, err)
			}
			s := list[0]
			got := fmt.Sprintf("%s: %d of %d, %s, share %s", s.Threshold+s.Why, s.RightAt, s.At, s.Accuracy, s.Share)
			if got != c.want || s.Key != "governing_law" || !s.InForce.Equal(decimal.New(85, -2)) {
				t.Errorf("got %s, want %s; %+v", got, c.want, s)
			}
		})
	}
}

func TestSuggestionsAreOfOneVersionAndOneUnit(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		decidedLots(t, h, []lot{{"0.9", 60, 0, nil, "grammar/9", "usr_1"}, {"0.9", 30, 30, nil, "grammar/8", "usr_1"}})
		policy(t, h, `{"threshold":"0.85","thresholds":{"governing_law":"0.95"},"first_n":0,"value_limits":[],"named_fields":["governing_law"],"phases":{}}`)
		list, err := h.Review.Suggest(storetest.As(t, pact.Viewer, "north"), decimal.New(97, -2))
		if err != nil || len(list) != 2 || list[0].Extractor != "grammar/8" || list[0].Why != "wrong" || list[1].Threshold != "0.9" || !list[1].Named || !list[1].InForce.Equal(decimal.New(95, -2)) {
			t.Fatalf("%+v, %v", list, err)
		}
		if list, err := h.Review.Suggest(storetest.As(t, pact.Viewer, "south"), decimal.New(97, -2)); err != nil || len(list) != 0 {
			t.Errorf("another unit sees %+v, %v", list, err)
		}
		for _, target := range []string{"0.2", "1.01"} {
			if _, err := h.Review.Suggest(storetest.System(t), decimal.RequireFromString(target)); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", target, err)
			}
		}
		active := apitest.One(t, h.Store.Reads().Policies, store.Eq("kind", "review"), store.Eq("active", true))
		if active.Version != 1 {
			t.Errorf("a suggestion made version %d", active.Version)
		}
	})
}

func TestAFieldMayHaveAThresholdOfItsOwn(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	policy(t, h, `{"threshold":"0.85","thresholds":{"governing_law":"0.7","title":"0.995","obligation/resolution_time":"0.95"},"first_n":0,"value_limits":[],"named_fields":[],"phases":{}}`)
	rev := read(t, h, &pact.Contract{}, nil, append(sure(), term("governing_law", pact.Text("Ohio"), "0.7"), term("zone", pact.Text("UTC"), "0.7"), duty("resolution_time/P1", "0.9"), duty("resolution_time/P2", "0.95"))...)
	for name, want := range map[string]bool{"governing_law": false, "zone": true, "resolution_time/P1": true, "resolution_time/P2": false} {
		if c := candidate(t, h, rev, name); (len(c.Reasons) > 0) != want {
			t.Errorf("%s at %s: %v", name, c.Confidence, c.Reasons)
		}
	}
	for name, body := range map[string]string{
		"no term":           `{"threshold":"0.85","thresholds":{"shoe_size":"0.9"}}`,
		"no kind":           `{"threshold":"0.85","thresholds":{"obligation/":"0.9"}}`,
		"beyond certainty":  `{"threshold":"0.85","thresholds":{"governing_law":"1.2"}}`,
		"no share":          `{"threshold":"0.85","thresholds":{"governing_law":"high"}}`,
		"less than nothing": `{"threshold":"0.85","thresholds":{"governing_law":"-0.1"}}`,
	} {
		if _, err := review.ParsePolicy([]byte(body)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
