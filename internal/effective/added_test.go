package effective_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// The insurance of an inserted clause stands beside that of the contract, and each changes by itself.
func TestAnInsuranceOfAnInsertedClauseStandsBesideTheFirst(t *testing.T) {
	t.Parallel()
	master, first, second, third := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2026-03-16"), paper("a2", "Amendment No. 2", "2026-06-01"), paper("a3", "Amendment No. 3", "2026-09-01")
	const name, general, cyber = "insurance_limits", "general liability USD 1,000,000", "cyber USD 5,000,000"
	family := func(more ...effective.Entry) effective.Timeline {
		return effective.New(append([]effective.Entry{
			standing(master, name, pact.Text(general), "4"),
			doing(first, pact.Operation{Kind: pact.Insert, Target: "4A"}),
			standing(first, name, pact.Text(cyber), "3.1"),
		}, more...))
	}
	more := []effective.Entry{
		doing(second, pact.Operation{Kind: pact.ChangeValue, Target: "Section 4A", New: "USD 10,000,000"}),
		standing(second, name, pact.Text("cyber USD 10,000,000"), "3.1"),
		doing(third, pact.Operation{Kind: pact.Delete, Target: "4"}),
	}
	replaced := []effective.Entry{
		doing(second, pact.Operation{Kind: pact.Replace, Target: "4"}),
		standing(second, name, pact.Text("general liability USD 3,000,000"), "3.1"),
	}
	for _, c := range []struct {
		what string
		line effective.Timeline
		on   calendar.Date
		want string
	}{
		{"before", family(more...), "2026-03-15", general},
		{"inserted", family(more...), "2026-03-16", general + "; " + cyber},
		{"the inserted clause changes", family(more...), "2026-06-01", general + "; cyber USD 10,000,000"},
		{"the first one is deleted", family(more...), "2026-09-01", "cyber USD 10,000,000"},
		{"the first one is replaced", family(replaced...), "2026-06-01", "general liability USD 3,000,000; " + cyber},
		{"without an insertion", effective.New([]effective.Entry{standing(master, name, pact.Text(general), "4"), standing(first, name, pact.Text(cyber), "3.1")}), "2026-04-01", cyber},
	} {
		if got := valueOn(t, c.line, name, c.on); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	r := family(more...).Term(name, "2026-04-01")
	for _, l := range r.Losers {
		if l.Entry.From() <= "2026-04-01" {
			t.Errorf("%s is struck through: %s", l.Entry.Term.Value, l.Why)
		}
	}
	if len(r.Winner.Term.Evidence) != 2 || !strings.Contains(r.Rule, "an insertion ends nothing") || r.Winner.Source.Title != "Amendment No. 1" {
		t.Errorf("in force by %s: %s, with %d passages", r.Winner.Source.Title, r.Rule, len(r.Winner.Term.Evidence))
	}
}

// A person took the inserted duty for the one of the contract, with other words.
func TestAnInsertedInsuranceThatIsTheSameTakesThePlaceOfTheFirst(t *testing.T) {
	t.Parallel()
	master, first := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2026-03-16")
	at := []pact.Evidence{{Passage: &pact.Passage{TextID: "txt_1", Quote: "…", Clause: "3.1", Start: 10, End: 20}}}
	term := func(s effective.Source, text string, evidence []pact.Evidence) effective.Entry {
		return effective.Entry{Source: s, Term: &pact.Term{Name: "insurance_limits", Value: pact.Text(text), Evidence: evidence}}
	}
	duty := func(s effective.Source, key string, evidence []pact.Evidence) effective.Entry {
		return effective.Entry{Source: s, Obligation: &pact.Obligation{Key: key, Kind: "certificate", Evidence: evidence}}
	}
	for key, want := range map[string]string{"certificate/insurance": "cyber", "certificate/insurance-4a": "general; cyber"} {
		line := effective.New([]effective.Entry{
			term(master, "general", in("4")), duty(master, "certificate/insurance", in("4")),
			doing(first, pact.Operation{Kind: pact.Insert, Target: "4A"}), term(first, "cyber", at), duty(first, key, at),
		})
		if got := valueOn(t, line, "insurance_limits", "2026-04-01"); got != want {
			t.Errorf("tracked as %s: %q, want %q", key, got, want)
		}
	}
}

// What a clause says of several insurances is one part of what stands, whatever divides its words.
func TestWhatAClauseSaysOfSeveralInsurancesHolds(t *testing.T) {
	t.Parallel()
	stands := pact.Text("general USD 1,000,000; motor USD 2,000,000; cyber USD 5,000,000")
	for said, want := range map[string]bool{
		"general USD 1,000,000; motor USD 2,000,000": true,
		"cyber USD 5,000,000":                        true,
		"motor USD 2,000,000; cyber USD 5,000,000":   true,
		"cyber USD 5,000":                            false,
		"general USD 1,000,000; cyber USD 5,000,000": false,
	} {
		if got := effective.Holds("insurance_limits", stands, pact.Text(said)); got != want {
			t.Errorf("%s holds: %t", said, got)
		}
	}
	if effective.Holds("products_services", pact.Text("a; b"), pact.Text("a")) {
		t.Error("a part of what is bought holds for the whole")
	}
}
