package grammar

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

func TestASentenceThatAnExpressionMatchesShowsItsSign(t *testing.T) {
	t.Parallel()
	pieces := rapid.SampledFrom(strings.Split("within|that|this|the same|time|period|the|first|Second|last|LA\u017fT|5th|23rd|1st|12|day|WEEK|wee\u212a|month|of|each|every|by|on|before|Monday|fridays|tue\u017fday|March|may|not|to be|to|renew|nonrenew|extend|prolong|intention not|may terminate|of termination|to end this|not want this|annual|yearly|means|mean\u017f|shall mean|has the meaning|is defined as|refers to|\"|(1)|7.|aims to|aiming to|endeavours to|tries to|try to|strives to|strive\u017f to|is a goal|for guidance|indicative|summer|in|during|business|quarter", "|"))
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(pieces, 1, 9).Draw(t, "words"), " ")
		shown := sign(signWords().In(lowerASCII(s)))
		for _, asked := range []struct {
			what string
			e    *expression.Expression
			sign sign
		}{
			{"rhythms", rhythms, signRhythm},
			{"yearDay", yearDay, signMonth},
			{"monthDay", monthDay, signOrdinal},
			{"partOf", partOf, signOrdinal},
			{"weekDay", weekDay, signWeekday},
			{"inThat", inThat, signWithin},
			{"noNotice", noNotice, signNoNotice},
			{"levelSoft", levelSoft, signSoft},
			{"defines", defines, signMeans},
		} {
			if asked.e.MatchString(s) && shown&asked.sign == 0 {
				t.Fatalf("%s matches %q, and its sign is not shown", asked.what, s)
			}
		}
		if defines.MatchString(s) && shown&signDefined == 0 && !quotedFirst(s) {
			t.Fatalf("%q defines, and neither sign nor quotation mark tells", s)
		}
	})
}

func TestShortNamesAreThoseOfTheirExpression(t *testing.T) {
	t.Parallel()
	written := regexp.MustCompile(`^[^"\n]{0,110}?"((?:the )?[A-Z][^"\n]{1,40})"`)
	pieces := rapid.SampledFrom([]string{"the ", "The ", "Acme", "A", "Ünder", "\"", "\"", "\n", ", ", "(", strings.Repeat("x", 39), strings.Repeat("é", 54), "\xff", "b"})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(pieces, 0, 8).Draw(t, "text"), "")
		want, inBrackets := written.FindStringSubmatch(s), bracketed.FindStringSubmatch(s)
		if got := shortName(s); !reflect.DeepEqual(got, want) {
			t.Fatalf("the short name of %q is %q, not %q", s, got, want)
		}
		if got := bracketedName(s); !reflect.DeepEqual(got, inBrackets) {
			t.Fatalf("the name in brackets of %q is %q, not %q", s, got, inBrackets)
		}
	})
}
