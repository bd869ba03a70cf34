package effective_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// paper is a document of a family in these scenarios.
func paper(id, title string, from calendar.Date) effective.Source {
	return effective.Source{ContractID: pact.ContractID(id), Title: title, From: from, Amends: id != "master", PublishedAt: at("2026-01-01T00:00:00Z")}
}

func standing(s effective.Source, name string, v pact.Value, clause string) effective.Entry {
	return effective.Entry{Source: s, Term: &pact.Term{Name: name, Value: v, Evidence: in(clause)}}
}

func in(clause string) []pact.Evidence {
	return []pact.Evidence{{Passage: &pact.Passage{Quote: "…", Clause: clause}}}
}

func doing(s effective.Source, op pact.Operation) effective.Entry {
	return effective.Entry{Source: s, Change: &pact.ReviewedOperation{Operation: op, Evidence: in("3.1")}}
}

func valueOn(t *testing.T, line effective.Timeline, name string, on calendar.Date) string {
	t.Helper()
	r := line.Term(name, on)
	if r.Winner == nil {
		return ""
	}
	return r.Winner.Term.Value.String()
}

func TestADeletedClauseTakesItsTermsWithItFromTheDayOfTheChange(t *testing.T) {
	t.Parallel()
	master, amendment := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2026-03-16")
	line := effective.New([]effective.Entry{
		standing(master, "liability_cap", pact.Text("fees of 12 months"), "7.2(a)"),
		standing(master, "notice_period", pact.Lasting(60, calendar.Day), "7.21"),
		doing(amendment, pact.Operation{Kind: pact.Delete, Target: "Section 7.2"}),
	})
	if got := valueOn(t, line, "liability_cap", "2026-03-15"); got != "fees of 12 months" {
		t.Errorf("the day before: %q", got)
	}
	if got := valueOn(t, line, "liability_cap", "2026-03-16"); got != "" {
		t.Errorf("on the day: %q", got)
	}
	if got := valueOn(t, line, "notice_period", "2026-03-16"); got != "60 day" && got != "60 days" {
		t.Errorf("7.21 is no part of 7.2: %q", got)
	}
	r := line.Term("liability_cap", "2026-04-01")
	if len(r.Losers) != 1 || !strings.Contains(r.Losers[0].Why, "Amendment No. 1, 3.1: Section 7.2 is deleted") {
		t.Errorf("the trace must name the document and its clause: %+v", r.Losers)
	}
}

func TestAReplacedClauseLeavesOnlyWhatTheNewWordsSay(t *testing.T) {
	t.Parallel()
	master, amendment := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2026-03-16")
	line := effective.New([]effective.Entry{
		standing(master, "payment_terms", pact.Text("2/10 net 30"), "5.1"),
		standing(master, "currency", pact.Text("USD"), "5.4"),
		doing(amendment, pact.Operation{Kind: pact.Replace, Target: "Article 5"}),
		standing(amendment, "payment_terms", pact.Text("net 45"), "2"),
	})
	if got := valueOn(t, line, "payment_terms", "2026-03-16"); got != "net 45" {
		t.Errorf("payment terms %q", got)
	}
	if got := valueOn(t, line, "currency", "2026-03-16"); got != "" {
		t.Errorf("what the new Article 5 does not repeat is gone: %q", got)
	}
}

func TestAChangedValueLeavesTheRestOfTheClauseAlone(t *testing.T) {
	t.Parallel()
	master, amendment := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2026-03-16")
	line := effective.New([]effective.Entry{
		standing(master, "uptime_target", pact.Text("99.9"), "Exhibit B 2.2"),
		standing(master, "claim_window", pact.Lasting(30, calendar.Day), "Exhibit B 2.2"),
		doing(amendment, pact.Operation{Kind: pact.ChangeValue, Target: "Exhibit B 2.2", Old: "99.9", New: "99.95"}),
		standing(amendment, "uptime_target", pact.Text("99.95"), "3"),
	})
	if got := valueOn(t, line, "uptime_target", "2026-04-01"); got != "99.95" {
		t.Errorf("uptime %q", got)
	}
	if got := valueOn(t, line, "claim_window", "2026-04-01"); got == "" {
		t.Error("the claim window was not touched")
	}
}

func TestARestatementReplacesEverythingButWhoTheContractIs(t *testing.T) {
	t.Parallel()
	master, restated := paper("master", "Master agreement", "2020-01-01"), paper("a2", "Amended and Restated Agreement", "2026-07-01")
	line := effective.New([]effective.Entry{
		standing(master, "title", pact.Text("Master agreement"), ""),
		standing(master, "liability_cap", pact.Text("unlimited"), "9"),
		standing(master, "governing_law", pact.Text("Ohio"), "12"),
		doing(restated, pact.Operation{Kind: pact.Restate}),
		standing(restated, "governing_law", pact.Text("Delaware"), "14"),
	})
	if got := valueOn(t, line, "liability_cap", "2026-06-30"); got != "unlimited" {
		t.Errorf("rights under the old words stay for the time before: %q", got)
	}
	for name, want := range map[string]string{"liability_cap": "", "governing_law": "Delaware", "title": "Master agreement"} {
		if got := valueOn(t, line, name, "2026-07-01"); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestReferencesFollowANewTitle(t *testing.T) {
	t.Parallel()
	master, second, third := paper("master", "Services agreement", "2019-01-01"), paper("a2", "Amendment No. 2", "2021-04-29"), paper("a3", "Amendment No. 3", "2022-03-08")
	line := effective.New([]effective.Entry{
		standing(master, "uptime_target", pact.Text("99.5"), "Exhibit A 2.1"),
		doing(second, pact.Operation{Kind: pact.Retitle, Target: "Exhibit A", NewTarget: "Schedule 5"}),
		doing(third, pact.Operation{Kind: pact.Replace, Target: "Schedule 5"}),
		standing(third, "uptime_target", pact.Text("99.9"), "Schedule 5 2.1"),
	})
	for on, want := range map[calendar.Date]string{"2021-05-01": "99.5", "2022-03-07": "99.5", "2022-03-08": "99.9"} {
		if got := valueOn(t, line, "uptime_target", on); got != want {
			t.Errorf("on %s: %q, want %q", on, got, want)
		}
	}
}

func TestAWaiverHoldsForItsTimeAndThenTheDutyStandsAgain(t *testing.T) {
	t.Parallel()
	master, letter := paper("master", "Supply agreement", "2025-01-01"), paper("w1", "Waiver letter", "2026-02-20")
	report := effective.Entry{Source: master, Obligation: &pact.Obligation{Key: "report/monthly", Kind: "report", Params: json.RawMessage(`{}`), Evidence: in("6.3")}}
	line := effective.New([]effective.Entry{report, doing(letter, pact.Operation{Kind: pact.Waive, Target: "6.3", From: "2026-02-01", Until: "2026-03-01"})})
	for on, want := range map[calendar.Date]bool{"2026-01-31": true, "2026-02-01": false, "2026-02-28": false, "2026-03-01": true} {
		if r := line.Obligation("report/monthly", on); (r.Winner != nil) != want {
			t.Errorf("on %s in force %t, want %t (%s)", on, r.Winner != nil, want, r.Rule)
		}
	}
	if r := line.Obligation("report/monthly", "2026-02-10"); !strings.HasPrefix(r.Rule, "waived. Waiver letter") {
		t.Errorf("rule %q", r.Rule)
	}
	if n := len(line.Segments("report/monthly")); n != 2 {
		t.Errorf("%d segments, want one on each side of the waiver", n)
	}
}

// A term of 12 months from 31 August 2024 ends on 30 August 2025; extended by 6 months it ends 18 months after the start,
// less a day: 27 February 2026 (31 August + 18 months is 28 February). Counted from 31 August 2025 the answer is the same
// only by luck: another 6 months give 30 August 2026 from the start, and not 27 August.
func TestExtensionsCountFromTheOriginalStart(t *testing.T) {
	t.Parallel()
	master, first, second := paper("master", "Lease", "2024-08-31"), paper("a1", "Amendment No. 1", "2025-06-01"), paper("a2", "Amendment No. 2", "2026-01-15")
	six := calendar.Duration{Value: 6, Unit: calendar.UnitMonth}
	line := effective.New([]effective.Entry{
		standing(master, "effective_date", pact.OnDate("2024-08-31"), "1"),
		standing(master, "term", pact.Lasting(12, calendar.UnitMonth), "2"),
		standing(master, "expiration_date", pact.OnDate("2025-08-30"), "2"),
		doing(first, pact.Operation{Kind: pact.Extend, By: &six}),
		doing(second, pact.Operation{Kind: pact.Extend, By: &six}),
	})
	for on, want := range map[calendar.Date]string{"2025-05-31": "2025-08-30", "2025-06-01": "2026-02-27", "2026-01-15": "2026-08-30"} {
		if got := valueOn(t, line, "expiration_date", on); got != want {
			t.Errorf("on %s the last day is %s, want %s", on, got, want)
		}
	}
	r := line.Term("expiration_date", "2026-02-01")
	if r.Rule != "the last day with its extensions" || len(r.Losers) == 0 {
		t.Errorf("%+v", r)
	}
}

func TestAnExtensionToADayNamesTheDay(t *testing.T) {
	t.Parallel()
	master, first := paper("master", "Lease", "2024-01-01"), paper("a1", "Amendment No. 1", "2025-06-01")
	line := effective.New([]effective.Entry{
		standing(master, "expiration_date", pact.OnDate("2025-12-31"), "2"),
		doing(first, pact.Operation{Kind: pact.Extend, To: "2027-06-30"}),
	})
	if got := valueOn(t, line, "expiration_date", "2025-06-01"); got != "2027-06-30" {
		t.Errorf("%q", got)
	}
}

func TestAnAmendmentsOwnClauseNumbersAreNotTheContracts(t *testing.T) {
	t.Parallel()
	master, first, second := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2025-01-01"), paper("a2", "Amendment No. 2", "2026-01-01")
	capped := doing(first, pact.Operation{Kind: pact.Replace, Target: "9"})
	capped.Change.Evidence = in("3")
	entries := []effective.Entry{
		standing(master, "liability_cap", pact.Text("fees of 12 months"), "9.1"),
		standing(master, "currency", pact.Text("USD"), "3"),
		capped, standing(first, "liability_cap", pact.Text("USD 1m"), "3"), standing(first, "notice_period", pact.Lasting(30, calendar.Day), "4"),
	}
	deletes := func(target string) effective.Timeline {
		return effective.New(append(append([]effective.Entry(nil), entries...), doing(second, pact.Operation{Kind: pact.Delete, Target: target})))
	}
	line := deletes("3") // of the contract; what Amendment No. 1 says in its clause 3 stands in the contract's clause 9
	if valueOn(t, line, "currency", "2026-02-01") != "" || valueOn(t, line, "liability_cap", "2026-02-01") != "USD 1m" {
		t.Error("Section 3 of the contract goes, and clause 3 of the amendment stays")
	}
	if valueOn(t, line, "notice_period", "2026-02-01") == "" {
		t.Error("what an amendment says without naming a clause of the contract is not touched by a number")
	}
	if got := valueOn(t, deletes("9"), "liability_cap", "2026-02-01"); got != "" {
		t.Errorf("Section 9 goes with what the amendment put there: %q", got)
	}
}

func TestAChangeMayReachBackBeforeItsSignature(t *testing.T) {
	t.Parallel()
	master, amendment := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2026-03-16")
	line := effective.New([]effective.Entry{
		standing(master, "liability_cap", pact.Text("USD 1m"), "9"),
		doing(amendment, pact.Operation{Kind: pact.Delete, Target: "9", From: "2025-12-01"}),
	})
	if got := valueOn(t, line, "liability_cap", "2025-12-01"); got != "" {
		t.Errorf("%q", got)
	}
	if got := valueOn(t, line, "liability_cap", "2025-11-30"); got == "" {
		t.Error("before the retroactive date it holds")
	}
}

// Whatever the order in which documents are given, the same is in force on every day.
func TestTheOrderOfChangesDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		master := paper("master", "Master", "2024-01-01")
		entries := []effective.Entry{
			standing(master, "liability_cap", pact.Text("a"), "9.1"), standing(master, "currency", pact.Text("USD"), "Exhibit A 2"),
			standing(master, "expiration_date", pact.OnDate("2026-12-31"), "2"),
		}
		kinds := []pact.OperationKind{pact.Replace, pact.Delete, pact.Extend, pact.Restate, pact.Waive, pact.ChangeValue}
		targets := []string{"9", "9.1", "Exhibit A", "2"}
		for i := range rapid.IntRange(1, 4).Draw(t, "amendments") {
			day := calendar.Date("2025-01-01").AddDays(rapid.IntRange(0, 700).Draw(t, "day"))
			s := paper("a"+string(rune('1'+i)), "Amendment "+string(rune('1'+i)), day)
			op := pact.Operation{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Target: rapid.SampledFrom(targets).Draw(t, "target")}
			switch op.Kind {
			case pact.Extend:
				op.Target, op.By = "", &calendar.Duration{Value: rapid.IntRange(1, 24).Draw(t, "months"), Unit: calendar.UnitMonth}
			case pact.Restate:
				op.Target = ""
			case pact.Waive:
				op.Until = day.AddDays(30)
			}
			entries = append(entries, doing(s, op), standing(s, "liability_cap", pact.Text(s.Title), "1"))
		}
		on := calendar.Date("2024-06-01").AddDays(rapid.IntRange(0, 1200).Draw(t, "on"))
		ask := func(e []effective.Entry) []string {
			line := effective.New(e)
			var out []string
			for _, name := range []string{"liability_cap", "currency", "expiration_date"} {
				r := line.Term(name, on)
				v := ""
				if r.Winner != nil {
					v = r.Winner.Term.Value.String()
				}
				out = append(out, v, r.Rule)
			}
			return out
		}
		want := ask(entries)
		shuffled := append([]effective.Entry(nil), entries...)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := ask(shuffled); !reflect.DeepEqual(got, want) {
			t.Fatalf("on %s: %v, in another order %v", on, want, got)
		}
	})
}
