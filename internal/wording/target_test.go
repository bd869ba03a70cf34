package wording

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestATextThatHasATargetShowsASignOfIt(t *testing.T) {
	t.Parallel()
	pieces := rapid.SampledFrom(strings.Split("half|HALF| |an hour|one|Half an Hour|quarter of|three quarters of| and a |2.5|4,5|h|hrs|hour|within |in |under |an |THE |hour|a |day|business |workin|g |banKing |busineſs |12|7| BH|bd|Wd|NBD|nbd|30m|4h|9H|by |the |end of |close of business on |next |same |third |5th |following |noon on |5 p.m. on ", "|"))
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(pieces, 1, 8).Draw(t, "words"), "")
		shown := targetSigns().In(s)
		if (dayEnds.MatchString(s) || nextDay.MatchString(s)) && shown&1 == 0 {
			t.Fatalf("%q has a day that must not pass, and no sign of it", s)
		}
		if partial.MatchString(s) && shown&2 == 0 {
			t.Fatalf("%q has a part of an hour, and no sign of it", s)
		}
	})
}
