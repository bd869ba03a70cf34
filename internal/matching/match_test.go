package matching_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/matching"
)

func account(id, name, city, country string) matching.Company {
	return matching.Company{ID: id, Name: name, City: city, Country: country}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		want    matching.Company
		options []matching.Company
		state   matching.State
		best    string
		says    string
	}{
		{"the legal form is written in another way", matching.Company{Name: "Acme Corporation"}, []matching.Company{account("1", "Acme Corp.", "", ""), account("2", "Brightwater Ltd", "", "")}, matching.Matched, "1", "same name without legal form"},
		{"capitals and dots", matching.Company{Name: "ACME CORPORATION"}, []matching.Company{account("1", "A.C.M.E. Corp", "", "")}, matching.Matched, "1", ""},
		{"umlaut against two letters, ampersand against und", matching.Company{Name: "Müller & Söhne GmbH"}, []matching.Company{account("1", "Mueller und Soehne", "", ""), account("2", "Müller Logistik GmbH", "", "")}, matching.Matched, "1", ""},
		{"umlaut against one letter", matching.Company{Name: "Müller & Söhne GmbH"}, []matching.Company{account("1", "Muller and Sohne GmbH", "", "")}, matching.Matched, "1", ""},
		{"two letters against one letter", matching.Company{Name: "Mueller Soehne GmbH"}, []matching.Company{account("1", "Müller Söhne", "", "")}, matching.Matched, "1", ""},
		{"The and punctuation", matching.Company{Name: "The Ridgeway Company, Inc."}, []matching.Company{account("1", "Ridgeway", "", "")}, matching.Matched, "1", ""},
		{"trading name", matching.Company{Name: "Harbor Holdings LLC d/b/a Blue Pelican Foods"}, []matching.Company{account("1", "Blue Pelican Foods", "", ""), account("2", "Pelikan Paper", "", "")}, matching.Matched, "1", "trading or former name"},
		{"former name in the account", matching.Company{Name: "Quillon Labs, Inc."}, []matching.Company{{ID: "1", Name: "Vantor Inc", Aliases: []string{"Quillon Labs"}}}, matching.Matched, "1", "trading or former name"},
		{"a slip of the finger", matching.Company{Name: "Brightwater Logistics LLC"}, []matching.Company{account("1", "Brightwatter Logistics LLC", "", "")}, matching.Matched, "1", "resemble"},
		{"two departments are not one company", matching.Company{Name: "Deloitte Consulting"}, []matching.Company{account("1", "Deloitte Tax", "", "")}, matching.Ambiguous, "", " %; 88 % is needed."},
		{"nothing alike", matching.Company{Name: "Acme Corporation"}, []matching.Company{account("1", "Zenith Foods", "", "")}, matching.NotFound, "", "No account resembles"},
		{"two accounts of one name", matching.Company{Name: "Larkfield Partners LLC"}, []matching.Company{account("1", "Larkfield Partners", "Austin", "US"), account("2", "Larkfield Partners LLC", "Denver", "US")}, matching.Ambiguous, "", "within"},
		{
			"two accounts of one name, and the contract says where",
			matching.Company{Name: "Larkfield Partners LLC", Address: "200 Congress Ave, Austin, TX 78701"},
			[]matching.Company{account("1", "Larkfield Partners", "Austin", "US"), account("2", "Larkfield Partners LLC", "Denver", "US")},
			matching.Matched, "1", "city is the same",
		},
		{"another country", matching.Company{Name: "Orion Freight Ltd", Country: "United Kingdom"}, []matching.Company{account("1", "Orion Freight Ltd", "Toronto", "Canada")}, matching.Ambiguous, "", "countries differ: GB here, CA there"},
		{"another legal form is another company", matching.Company{Name: "Nordlicht GmbH"}, []matching.Company{account("1", "Nordlicht AG", "", "")}, matching.Ambiguous, "", "legal forms differ"},
		{"a letter of another script", matching.Company{Name: "Acme Corporation"}, []matching.Company{account("1", "Аcme Corporation", "", "")}, matching.Ambiguous, "", "mixes letters"},
		{"a whole word of another script", matching.Company{Name: "ACME Corp"}, []matching.Company{account("1", "АСМЕ Corp", "", "")}, matching.Ambiguous, "", "letters"},
		{"an invisible character", matching.Company{Name: "Acme Corp"}, []matching.Company{account("1", "Ac\u200bme Corp", "", "")}, matching.Ambiguous, "", "invisible"},
		{
			"the same identifier wins over the name",
			matching.Company{Name: "Acme", IDs: map[string]string{"duns": "12-345-6789"}},
			[]matching.Company{account("1", "Acme", "", ""), {ID: "2", Name: "Apex Manufacturing Europe", IDs: map[string]string{"duns": "123456789"}}},
			matching.Matched, "2", "same identifier",
		},
		{
			"one identifier, two accounts",
			matching.Company{Name: "Acme", IDs: map[string]string{"tax": "DE 811"}},
			[]matching.Company{{ID: "1", Name: "Acme", IDs: map[string]string{"tax": "DE811"}}, {ID: "2", Name: "Acme", IDs: map[string]string{"tax": "de811"}}},
			matching.Ambiguous, "", "same identifier",
		},
		{"another identifier is another company", matching.Company{Name: "Acme", IDs: map[string]string{"tax": "1"}}, []matching.Company{{ID: "1", Name: "Acme", IDs: map[string]string{"tax": "2"}}}, matching.Ambiguous, "", "identifiers differ"},
		{"initials", matching.Company{Name: "International Widget Mills"}, []matching.Company{account("1", "IWM", "", "")}, matching.Ambiguous, "", ""},
		{"a name of nothing but legal form", matching.Company{Name: "Company Ltd"}, []matching.Company{account("1", "Limited", "", "")}, matching.NotFound, "", ""},
		{"no name", matching.Company{}, []matching.Company{account("1", "Acme", "", "")}, matching.NotFound, "", "names no company"},
		{"Spanish and Polish forms", matching.Company{Name: "Grupo Estrella, S.A. de C.V."}, []matching.Company{account("1", "Grupo Estrella", "", ""), account("2", "Estrella Sp. z o.o.", "", "")}, matching.Matched, "1", ""},
		{"GmbH & Co. KG", matching.Company{Name: "Weber Maschinenbau GmbH & Co. KG"}, []matching.Company{account("1", "Weber Maschinenbau", "", "")}, matching.Matched, "1", ""},
		{"accents", matching.Company{Name: "Société Générale des Eaux S.A."}, []matching.Company{account("1", "Societe Generale des Eaux", "", "")}, matching.Matched, "1", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := matching.Match(c.want, c.options)
			best := ""
			if r.Best != nil {
				best = r.Best.Company.ID
			}
			if r.State != c.state || best != c.best {
				t.Errorf("got %s %q, want %s %q: %+v", r.State, best, c.state, c.best, r)
			}
			if len(r.Explanation) == 0 {
				t.Error("no explanation")
			}
			if all := strings.Join(r.Explanation, " "); !strings.Contains(all, c.says) {
				t.Errorf("explanation %q lacks %q", all, c.says)
			}
		})
	}
}

func TestTheOrderOfTheOptionsHasNoInfluence(t *testing.T) {
	t.Parallel()
	options := []matching.Company{account("1", "Acme Corp", "Austin", "US"), account("2", "ACME Corporation", "Denver", "US"), account("3", "Acme Logistics", "", ""), account("4", "Akme Corp", "Berlin", "DE")}
	want := matching.Match(matching.Company{Name: "Acme Corporation", Address: "1 Main Street, Denver, CO 80014"}, options)
	random := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		random.Shuffle(len(options), func(i, j int) { options[i], options[j] = options[j], options[i] })
		if got := matching.Match(matching.Company{Name: "Acme Corporation", Address: "1 Main Street, Denver, CO 80014"}, options); !reflect.DeepEqual(got, want) {
			t.Fatalf("another order, another answer: %+v, %+v", got, want)
		}
	}
	if want.State != matching.Matched || want.Best.Company.ID != "2" {
		t.Errorf("%+v", want)
	}
}

func TestScoresHaveFourDecimalsBetweenZeroAndOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		r := matching.Match(matching.Company{Name: a, Address: b}, []matching.Company{{ID: "1", Name: b, Address: a}, {ID: "2", Name: a}})
		for _, o := range r.Options {
			if len(o.Score) != 6 || o.Score > "1.0000" {
				t.Fatalf("score %q", o.Score)
			}
		}
	})
}

func TestHostileNamesCostLittle(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Ä & d/b/a \u202e", 200_000)
	r := matching.Match(matching.Company{Name: long, Address: long}, []matching.Company{{ID: "1", Name: long, Address: long}})
	if len(r.Explanation) == 0 {
		t.Error("no explanation")
	}
}

func BenchmarkMatchAThousandAccounts(b *testing.B) {
	var options []matching.Company
	for i := range 1000 {
		options = append(options, account(string(rune('a'+i%26)), strings.Repeat(string(rune('a'+i%26)), 3)+" Holdings GmbH & Co. KG", "Austin", "US"))
	}
	for b.Loop() {
		matching.Match(matching.Company{Name: "Acme Corporation", Address: "1 Main Street, Denver, CO 80014"}, options)
	}
}

func TestTheSameName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Halden Systems, Inc.", "HALDEN  SYSTEMS", true},
		{"Halden Systems, Inc.", "The Halden Systems Inc", true},
		{"Halden Systems, Inc.", "Halden Systems LLC", false},
		{"Halden Systems", "Halden Nord", false},
		{"Halden Systems", "Halden System", false}, // it only resembles it
		{"Müller GmbH", "Mueller", true},
		{"Müller", "Muller", true},
		{"Acme Holdings LLC d/b/a Rocket Supplies", "Rocket Supplies", true},
		{"Halden Systems", "Hаlden Systems", false}, // a Cyrillic letter
		{"株式会社", "有限会社", false},
		{"", "", false},
	} {
		if got := matching.NameOf(c.a).Same(matching.NameOf(c.b)); got != c.same {
			t.Errorf("%q and %q are the same: %t", c.a, c.b, got)
		}
		if c.same && matching.Match(matching.Company{Name: c.a}, []matching.Company{{Name: c.b}}).State != matching.Matched {
			t.Errorf("%q and %q are the same, and are not matched", c.a, c.b)
		}
	}
}
