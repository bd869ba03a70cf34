package grammar_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/pact"
)

// lessons are invented contracts in which the day of a filing stands beside the day of the agreement.
func lessons() []grammar.Lesson {
	var out []grammar.Lesson
	for i := range 40 {
		day := fmt.Sprintf("2021-03-%02d", 1+i%28)
		text := fmt.Sprintf("Filed on January %d, 2022\n\nSUPPLY AGREEMENT\n\nThis Supply Agreement is made as of March %d, 2021 by and between Acme Tools, Inc., a Delaware corporation, and Borel GmbH.\n\nThe term of this Agreement is two (2) years from the date hereof.\n", 1+i%28, 1+i%28)
		out = append(out, grammar.Lesson{Document: extracttest.Plain(text), Fold: i % 4, Names: 2, Right: map[string]func(pact.Value) bool{
			"agreement_date": func(v pact.Value) bool { return string(v.Date) == day },
			"parties":        func(v pact.Value) bool { return v.Text == "Acme Tools, Inc." || v.Text == "Borel GmbH" },
			"notice_period":  func(pact.Value) bool { return false },
		}})
	}
	return out
}

func TestTheSameLessonsGiveTheSameRankingBitForBit(t *testing.T) {
	t.Parallel()
	var files [2]bytes.Buffer
	for i := range files {
		school, err := grammar.Teach(t.Context(), lessons())
		if err != nil {
			t.Fatal(err)
		}
		rank := school.Learn()
		if err := rank.Encode(&files[i], grammar.Card{Data: "invented", Contracts: school.Size(), Scores: rank.Scores()}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		t.Error("two runs differ")
	}
}

func TestALearnedRankingDecidesWhatItWasTaught(t *testing.T) {
	t.Parallel()
	school, err := grammar.Teach(t.Context(), lessons())
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := school.Learn(0).Encode(&file, grammar.Card{}); err != nil {
		t.Fatal(err)
	}
	rank, _, err := grammar.DecodeRanking(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	d := lessons()[0].Document // of the fold that was left out
	got, err := grammar.NewWith(rank).Extract(t.Context(), d, extract.FullSchema())
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, c := range got {
		if c.Name == "agreement_date" {
			found = c.Value != nil && c.Value.Date == "2021-03-01"
		}
		if c.Name == "notice_period" {
			t.Errorf("a notice that no lesson has: %+v", c.Value)
		}
	}
	if !found {
		t.Error("the date of the agreement was not told from that of the filing")
	}
}

func TestARankingOfAnotherFormatIsRefused(t *testing.T) {
	t.Parallel()
	for _, data := range [][]byte{nil, []byte("no table"), {0x1f, 0x8b, 8, 0}} {
		if _, _, err := grammar.DecodeRanking(data); err == nil {
			t.Errorf("%q was taken for a ranking", data)
		}
	}
}

func TestTheShippedRankingNamesItsSource(t *testing.T) {
	t.Parallel()
	card, err := grammar.ShippedCard()
	if err != nil {
		t.Fatal(err)
	}
	if card.Licence == "" || card.Attribution == "" || card.Contracts == 0 || len(card.Scores) == 0 {
		t.Errorf("%+v", card)
	}
}
