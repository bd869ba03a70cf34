package grammar

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWordsThatAreLookedUpTogetherStandWhereEachAloneIsFound(t *testing.T) {
	t.Parallel()
	pieces := append([]string{"date ", "lastlast", "l", "$$", "a", " ", "signature", "€", "\n"}, anywhere...)
	rapid.Check(t, func(t *rapid.T) {
		f := &flow{lower: strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "text"), "")}
		for _, w := range anywhere {
			var want []int
			for i := 0; ; {
				k := strings.Index(f.lower[i:], w)
				if k < 0 {
					break
				}
				want = append(want, i+k)
				i += k + len(w)
			}
			if got := f.hits(w, len(f.lower)+1); !slices.Equal(got, want) {
				t.Fatalf("%q stands in %q at %v, told is %v", w, f.lower, want, got)
			}
		}
	})
}

// The words of those who act are looked up with all others; counting them from each place on tells the same.
func TestWhoActsIsCountedAtEachPlace(t *testing.T) {
	t.Parallel()
	pieces := append([]string{"Supplier", "Customer", " ", " May ", "may ", "be ", "may may may", "agrees agrees", "\n", "é", "it"}, actingVerbs...)
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 14).Draw(t, "text"), "")
		want := map[string]int{}
		for at := range len(s) {
			for _, verb := range actingVerbs {
				if rest, acts := strings.CutPrefix(s[at:], verb); acts && (verb != " may " || !strings.HasPrefix(rest, "be ")) {
					from := at
					for from > 0 && wordByte(s[from-1]) {
						from--
					}
					want[s[from:at]]++
				}
			}
		}
		r := &reading{}
		r.s, r.lower = s, lowerASCII(s)
		r.indexCues()
		if got := r.acting(); !maps.Equal(got, want) {
			t.Fatalf("in %q act %v, told are %v", s, want, got)
		}
	})
}

// A word that is in neither list costs a pass over the whole text of its own, which nobody notices: the words that finders ask for
// are read from their source.
func TestNoFinderLooksForAWordInAPassOfItsOwn(t *testing.T) {
	t.Parallel()
	words := slices.Clone(creditCues)
	for i := range clauseTerms {
		words = append(words, clauseTerms[i].cues...)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			words = append(words, wordsAsked(n)...)
			return true
		})
	}
	if len(words) < 300 {
		t.Fatalf("%d words were found in calls; the names of the functions that ask for them have changed", len(words))
	}
	for _, w := range words {
		if _, cue := cueTableOf().ids[strings.TrimLeft(w, " \n")]; cue {
			continue
		}
		if _, known := anywhereIDs()[w]; !known {
			t.Errorf("%q is looked for in a pass of its own; write it down in cues or in anywhere", w)
		}
	}
}

// wordsAsked gives the words that a call looks for as they are written in it.
func wordsAsked(n ast.Node) (words []string) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains([]string{"hits", "hitsOf", "sentencesWith", "stated"}, method.Sel.Name) {
		return nil
	}
	for _, arg := range call.Args {
		if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == gotoken.STRING {
			if w, err := strconv.Unquote(lit.Value); err == nil {
				words = append(words, w)
			}
		}
	}
	return words
}
