package expression

import (
	"regexp/syntax"
	"testing"
	"unicode/utf8"
)

func TestLettersThatAnInstructionReadsAreThoseThatRegexpTells(t *testing.T) {
	t.Parallel()
	for _, expr := range []string{`a`, `(?i)a`, `(?i)k`, `(?i)ſ`, `é`, `[a-cx-z]`, `(?i)[a-cs]`, `[^a]`, `[^\x00-\x{10FFFF}]`, `.`, `(?s).`, `\w`, `\W`, `\pL`, `[[:^alpha:]]`, `(?i)[^k]`, `\x00`, `\x7f`} {
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		prog, err := syntax.Compile(tree.Simplify())
		if err != nil {
			t.Fatal(err)
		}
		for i := range prog.Inst {
			in := &prog.Inst[i]
			switch in.Op {
			case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			default:
				continue
			}
			ascii := asciiOf(in)
			for c := range rune(utf8.RuneSelf) {
				if got := ascii[c>>6]>>(c&63)&1 == 1; got != in.MatchRune(c) {
					t.Errorf("%s: of %q it is said %v", expr, c, got)
				}
			}
		}
	}
}
