package grammar

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestASubjectThatMeansSomebodyEndsWithAWordThatMayEndOne(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{"Kelvin", "\u212aelvin", "Kiosk", "Kio\u017fk", "acme", "Acme", "ÉCLAT", "Éclat", "the", "The", "Party", "customer", "Service", "Provider", "SELLER", "and", "Supplier", "Company", "Tel-Co", "of", "Services"})
	phrase := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(word, 1, 4).Draw(t, "words"), " ")
	})
	rapid.Check(t, func(t *rapid.T) {
		var d document.Builder
		d.Start(document.Block{Kind: document.Paragraph})
		d.Write(strings.Join(rapid.SliceOfN(word, 1, 12).Draw(t, "text"), " may ") + " may act.")
		r := newReading(d.Document([]byte("text"), "plain/test"))
		var parties []pact.Party
		for range rapid.IntRange(0, 3).Draw(t, "parties") {
			parties = append(parties, pact.Party{Name: phrase.Draw(t, "name"), Aliases: []string{phrase.Draw(t, "alias")}, Role: rapid.SampledFrom([]string{"", "customer", "franchise owner"}).Draw(t, "role")})
		}
		r.term("parties", &pact.Value{Kind: pact.PartiesValue, Parties: parties}, "0.5")
		s := phrase.Draw(t, "subject")
		if who := r.whoIs(s, strings.ToLower(s)); who != "" && !r.mayEndSubject(s[strings.LastIndexByte(s, ' ')+1:]) {
			t.Fatalf("%q means %q among %v, and is told to mean nobody", s, who, parties)
		}
	})
}
