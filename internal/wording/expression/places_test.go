package expression

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestNoPlaceIsPassedOver(t *testing.T) {
	t.Parallel()
	p := NewPlaces([3]string{"d", "a", "y"}, [3]string{"h", " .,", ""}, [3]string{"0123456789", "0123456789/", "0123456789/"}, [3]string{"_[", "", ""})
	pieces := []string{"day", "DAY", "da", "y", "h ", "H.", "h", "12/", "1", "/", "_", "[", " ", "é", "\u212a", "x", "the quick brown fox jumps over", "yard", "\n"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 24).Draw(t, "text"), "")
		from := rapid.IntRange(0, len(s)).Draw(t, "from")
		told := map[int]bool{}
		for at := p.Next(s, from); at < len(s); at = p.Next(s, at+1) {
			told[at] = true
		}
		for at := from; at < len(s); at++ {
			begins := s[at] >= utf8.RuneSelf || at+2 >= len(s) || strings.EqualFold(s[at:at+3], "day") || (s[at] == 'h' || s[at] == 'H') && strings.IndexByte(" .,", s[at+1]) >= 0 ||
				strings.IndexByte("_[", s[at]) >= 0 || digits(s[at:at+1]) && digits(strings.ReplaceAll(s[at+1:at+3], "/", "1"))
			if begins && !told[at] {
				t.Fatalf("%d of %q is passed over from %d on", at, s, from)
			}
		}
	})
}

func TestAnyLetterMayBeOutsideASCII(t *testing.T) {
	t.Parallel()
	p := NewPlaces([3]string{"h", " .,", ""})
	s := "4 h \u2013 8 h, and the quick brown fox jumps over a lazy dog"
	if at := p.Next(s, 0); at != strings.Index(s, "h ") {
		t.Fatalf("told is %d, and the hour before a dash is passed over", at)
	}
}

func TestMostPlacesAreNotTold(t *testing.T) {
	t.Parallel()
	p := NewPlaces([3]string{"d", "a", "y"}, [3]string{"h", " .,", ""})
	s := strings.Repeat("the quick brown fox jumps over a lazy dog every day, each ", 3)
	var told []string
	for at := p.Next(s, 0); at+3 < len(s); at = p.Next(s, at+1) {
		told = append(told, s[at:at+3])
	}
	if got := strings.Join(told, "|"); got != "day|h t|day|h t|day" {
		t.Fatalf("told are %s", got)
	}
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }
