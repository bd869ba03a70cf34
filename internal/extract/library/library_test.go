package library_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/extract/library"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

func keys(found []library.Found) string {
	var out []string
	for _, f := range found {
		out = append(out, f.Key)
	}
	return strings.Join(out, " ")
}

func TestThePassageThatSharesTheRareWordsComesFirst(t *testing.T) {
	t.Parallel()
	shelf := library.New([]library.Passage{
		{Key: "law", Text: "This Agreement is governed by the laws of Delaware."},
		{Key: "notice", Text: "Either party may give notice of non-renewal at least sixty days before the end of the term."},
		{Key: "fees", Text: "Customer pays the fees within thirty days."},
		{Key: "long", Text: "Notice of renewal is given in writing. " + strings.Repeat("Widgets are painted and packed with care. ", 40)},
	})
	for text, want := range map[string]string{
		"unless a party gives a notice that it will not renew, ninety days ahead": "notice",
		"governing law of Texas":             "law",
		"PAYMENT OF FEES":                    "fees",
		"notices of renewals":                "notice",
		"the of and":                         "",
		"":                                   "",
		"zebra":                              "",
		"painted widgets":                    "long",
		"the party's fee is paid in thirty…": "fees",
	} {
		if got := keys(shelf.Like(text, 1)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := shelf.Like("notice", 0); len(got) != 0 {
		t.Errorf("none was asked for: %v", got)
	}
	if got := library.New(nil).Like("notice", 3); len(got) != 0 {
		t.Errorf("an empty shelf gave %v", got)
	}
}

func TestAsAlikeIsOrderedByKeyAndNotByPlace(t *testing.T) {
	t.Parallel()
	a, b := library.Passage{Key: "a", Text: "Notice of renewal."}, library.Passage{Key: "b", Text: "notice OF renewal"}
	for _, list := range [][]library.Passage{{a, b}, {b, a}} {
		if got := keys(library.New(list).Like("renewal notice", 5)); got != "a b" {
			t.Errorf("got %q", got)
		}
	}
	if library.Same(a.Text) != library.Same(b.Text) || library.Same(a.Text) == library.Same("Notice of renewals.") {
		t.Error("passages of the same words are one")
	}
}

func TestSearchingNeverDependsOnOrderAndNeverExceedsItsLimit(t *testing.T) {
	t.Parallel()
	words := []string{"notice", "renewal", "fee", "Delaware", "term", "party", "99.9%", "Übergabe", "\x00", "the"}
	rapid.Check(t, func(t *rapid.T) {
		sentence := func(name string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 12).Draw(t, name), " ")
		}
		var list []library.Passage
		for i := range rapid.IntRange(0, 12).Draw(t, "passages") {
			list = append(list, library.Passage{Key: fmt.Sprint(i), Text: sentence("text")})
		}
		query, limit := sentence("query"), rapid.IntRange(0, 14).Draw(t, "limit")
		found := library.New(list).Like(query, limit)
		back := slices.Clone(list)
		slices.Reverse(back)
		if again := library.New(back).Like(query, limit); keys(again) != keys(found) {
			t.Fatalf("%q and then %q", keys(found), keys(again))
		}
		if len(found) > limit {
			t.Fatalf("%d of at most %d", len(found), limit)
		}
		for i, f := range found {
			if list[f.At] != f.Passage || f.Score <= 0 || i > 0 && found[i-1].Score < f.Score {
				t.Fatalf("%d: %+v", i, f)
			}
		}
	})
}

func TestStandardWordingsSpeakOfFieldsThatAreRead(t *testing.T) {
	t.Parallel()
	standards, err := library.Standards()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for field, list := range standards {
		_, term := pact.TermSpecOf(field)
		duty := slices.ContainsFunc(obligation.Read(), func(k obligation.Kind) bool { return k.Name() == field })
		if !term && !duty {
			t.Errorf("nothing is called %s", field)
		}
		for _, p := range list {
			if p.Text == "" || p.Value == "" || len(p.Text) > 400 || seen[p.Key] {
				t.Errorf("%s: %+v", field, p)
			}
			seen[p.Key] = true
		}
	}
	if len(seen) < 30 {
		t.Errorf("%d wordings", len(seen))
	}
}
