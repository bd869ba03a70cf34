package wording

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is told at first sight must hide nothing: the quick way is compared with the one it saves.

func TestATextWithoutAWordOfPercentagesHasNone(t *testing.T) {
	t.Parallel()
	pieces := []string{"thirty", "(30)", "(5%)", " ", "30", "5.5", "%", " %", "percent", " per cent", "Per Centum", "pct", "PCT", "half a per cent", "half of one", "two tenths of one percent", "forty-five", "and one-half", "point five", "person", "ten", ","}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "text"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
		if got, want := len(Percents(s)), len(percentsIn(s)); got != want {
			t.Fatalf("%q has %d percentages, told are %d", s, want, got)
		}
	})
}

func TestNoNameBeginsBehindALetterThatIsInAWord(t *testing.T) {
	t.Parallel()
	for c := range 0x80 {
		for before := range 0x80 {
			if s := string(rune(before)) + string(rune(c)); inName[c] && !wordRune(s, len(s)) {
				t.Errorf("a name may begin behind %q, and is passed over", s)
			}
		}
	}
}

func TestWordsOfMoneyBeginAsTold(t *testing.T) {
	t.Parallel()
	for _, w := range strings.Fields("usd eur gbp cad aud chf jpy cny rmb inr sgd hkd nzd sek nok dkk pln czk ils nis zar brl mxn krw yen dollar dollars euro euros pound pounds franc francs yuan renminbi rupees rs cdn p pence cent cents eurocent eurocents") {
		for _, w := range []string{w, strings.ToUpper(w), strings.ToUpper(w[:1]) + w[1:]} {
			if (moneyWord(w) || coinWord(w)) && (!beginsMoney[w[0]] || len(w) > len("eurocents")) {
				t.Errorf("%q is a word of money and is passed over", w)
			}
		}
	}
}
