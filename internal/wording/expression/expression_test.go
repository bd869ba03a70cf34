package expression_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// forms have what the expressions of contracts have: folding, words' edges, limits, groups, anchors, letters outside ASCII.
var forms = []string{
	`(?i)\b(?:renew(?:s|ed)?|extend)\b`, `(?i)ab{0,40}c`, `^ ?a|b$`, `(?m)^a\b.*c$`, `(?i)\bk[^.;]{0,12}s\b`, `[^a]b`, `\Bab\b`, `a{2,6}b`, `(a|bc)\b(c?)`, `^a\w{5,}`,
	`(?i)é|ſ`, `\p{Lu}a`, `(?s)a.b`, `a.b`, `x*`, `\z`, `a\z`, `(?:^|\. )A`, `(?i)k`, `[\w.-]+@b`, `a??b*?c`,
	`^a|^b+c`, `(?:^a|^(?:k|(?i)s)\b)c?|^\z`, `(?:^|a)b|^c`, `(?:^a)*b`, `(?:|^a)c`,
}

func TestResultsAreThoseOfRegexp(t *testing.T) {
	t.Parallel()
	var own []*expression.Expression
	for _, f := range forms {
		own = append(own, expression.MustCompile(f))
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, len(forms)-1).Draw(t, "form")
		s := rapid.StringOfN(rapid.SampledFrom([]rune("aaabbcckKsS. ;,\nA1@eréſKÉ–\x00")), 0, 40, -1).Draw(t, "text")
		if rapid.Bool().Draw(t, "torn") && len(s) > 2 {
			s = s[1 : len(s)-1] // may cut a letter in two
		}
		if rapid.Bool().Draw(t, "worded") {
			s += rapid.SampledFrom([]string{" renews.", "extended", "abbbbbbc", "kaaaas"}).Draw(t, "word")
		}
		same(t, own[n], regexp.MustCompile(forms[n]), s)
	})
}

func TestResultsAreThoseOfRegexpInTextsLongerThanTheRoomOfASearch(t *testing.T) {
	t.Parallel()
	long := []string{`(?i)\bab{0,40}(c|d)?`, `a[^.]*c`, `(?s)a(.*)b(.*)c`, `(?:a|b)+?(c)`, `(?i)(k[^.;]{0,60}s)\b`, `a(.*?)(é|c)$`}
	var own []*expression.Expression
	for _, f := range long {
		own = append(own, expression.MustCompile(f))
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, len(long)-1).Draw(t, "form")
		var s strings.Builder
		for _, piece := range rapid.SliceOfN(rapid.SampledFrom([]string{"a", "ab", "c ", "k; s", "é", ". ", "b\n"}), 1, 6).Draw(t, "pieces") {
			s.WriteString(strings.Repeat(piece, rapid.SampledFrom([]int{1, 2, 40, 700, 2100}).Draw(t, "times")))
		}
		same(t, own[n], regexp.MustCompile(long[n]), s.String())
	})
}

func same(t interface{ Fatalf(string, ...any) }, e *expression.Expression, r *regexp.Regexp, s string) {
	for what, pair := range map[string][2]any{
		"MatchString":                {e.MatchString(s), r.MatchString(s)},
		"FindString":                 {e.FindString(s), r.FindString(s)},
		"FindStringIndex":            {e.FindStringIndex(s), r.FindStringIndex(s)},
		"FindStringSubmatch":         {e.FindStringSubmatch(s), r.FindStringSubmatch(s)},
		"FindStringSubmatchIndex":    {e.FindStringSubmatchIndex(s), r.FindStringSubmatchIndex(s)},
		"FindAllString":              {e.FindAllString(s, -1), r.FindAllString(s, -1)},
		"FindAllStringIndex":         {e.FindAllStringIndex(s, 2), r.FindAllStringIndex(s, 2)},
		"FindAllStringSubmatch":      {e.FindAllStringSubmatch(s, -1), r.FindAllStringSubmatch(s, -1)},
		"FindAllStringSubmatchIndex": {e.FindAllStringSubmatchIndex(s, -1), r.FindAllStringSubmatchIndex(s, -1)},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Fatalf("%s of %s in %q: %v, regexp says %v", what, r, s, pair[0], pair[1])
		}
	}
}

func TestAnyOfTellsWhetherOneOfTheWordsStands(t *testing.T) {
	t.Parallel()
	words := []string{"ab", "b c", "(c", "aab."}
	e := expression.AnyOf(words...)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom([]rune("aabbc (.é")), 0, 12, -1).Draw(t, "text")
		want := slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
		if got := e.MatchString(s); got != want {
			t.Fatalf("any of %q in %q: %v", words, s, got)
		}
	})
}

func TestWordsTellOfEachGroupWhetherOneOfItsWordsStands(t *testing.T) {
	t.Parallel()
	letters := rapid.SampledFrom([]rune("aabbc (.é"))
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.SliceOfN(rapid.SliceOfN(rapid.StringOfN(letters, 1, 5, -1), 0, 4), 0, 5).Draw(t, "groups")
		s := rapid.StringOfN(letters, 0, 12, -1).Draw(t, "text")
		var want uint64
		for n, g := range groups {
			if slices.ContainsFunc(g, func(w string) bool { return strings.Contains(s, w) }) {
				want |= 1 << n
			}
		}
		if got := expression.NewWords(groups...).In(s); got != want {
			t.Fatalf("groups of %q in %q: %b, want %b", groups, s, got, want)
		}
		told := 0
		expression.NewWords(groups...).Ends(s, func(found uint64, end int) {
			for n, g := range groups {
				if ends := slices.ContainsFunc(g, func(w string) bool { return strings.HasSuffix(s[:end], w) }); ends != (found>>n&1 == 1) {
					t.Fatalf("group %q ends in %q: %v", g, s[:end], !ends)
				}
			}
			told++
		})
		for end := 1; end <= len(s); end++ {
			if slices.ContainsFunc(groups, func(g []string) bool {
				return slices.ContainsFunc(g, func(w string) bool { return strings.HasSuffix(s[:end], w) })
			}) {
				told--
			}
		}
		if told != 0 {
			t.Fatalf("of %d places in %q nothing is told", -told, s)
		}
	})
}

func FuzzExpression(f *testing.F) {
	for _, form := range forms {
		f.Add(form, "aab. The Term renews")
	}
	f.Fuzz(func(t *testing.T, form, s string) {
		r, err := regexp.Compile(form)
		if err != nil || len(form) > 200 || len(s) > 2000 {
			return
		}
		e := expression.MustCompile(form)
		same(t, e, r, s)
		same(t, e, r, s[len(s)/2:])
	})
}

func TestManyReadWithOneExpressionAtOnce(t *testing.T) {
	t.Parallel()
	e := expression.MustCompile(`(?i)\b(?:no|not) [a-z]{1,8}\b`)
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for k := range 200 {
				s := string(rune('a'+(i*k)%26)) + " is not so"
				if !e.MatchString(s) || e.MatchString(s[:6]) {
					t.Errorf("a wrong answer for %q", s)
				}
			}
		})
	}
	wait.Wait()
}
