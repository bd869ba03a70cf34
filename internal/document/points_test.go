package document_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/document"
)

func TestPointsCountAsGoCountsRunes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab é–“\n𝄞")), 0, 400, -1).Draw(t, "text") +
			strings.Repeat("plain ", rapid.IntRange(0, 120).Draw(t, "plain")) + rapid.SampledFrom([]string{"", "é", "–end"}).Draw(t, "end")
		runes, p := []rune(text), document.NewPoints(text)
		if p.Len() != len(runes) {
			t.Fatalf("%d code points, want %d", p.Len(), len(runes))
		}
		start := rapid.IntRange(0, len(runes)).Draw(t, "start")
		end := rapid.IntRange(start, len(runes)).Draw(t, "end")
		if got, want := p.Cut(start, end), string(runes[start:end]); got != want {
			t.Fatalf("cut %q, want %q", got, want)
		}
		at := len(string(runes[:start]))
		if p.Byte(start) != at || p.Before(at) != start {
			t.Fatalf("code point %d at byte %d, %d before byte %d", start, p.Byte(start), p.Before(at), at)
		}
	})
}
